//! By which rules is quality judged? Compiled once from the profiles, the kinds and the code lists.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::completeness::{self, Field};
use super::evidence::Evidence;
use super::property::Property;
use crate::catalogue::kind::{Kind, Kinds};
use crate::catalogue::profile::{self, Profile, Profiles};
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{authority, dcat, rdf, rdfs, sh};
use crate::rdf::{NamedNode, NamedNodeRef, Term, Triple, TripleRef};
use crate::shacl::{Data, Message, PropertyShape, Report, Shapes, ShapesError, in_language};

/// The profile of the European data portals.
const EUROPEAN: &str = "dcat-ap-3.0.1";
/// Another number means that records are judged in another way, so that what was kept is made anew.
const METHOD: &str = "1";

/// The rules, ready to use. They never change and can be shared between threads.
pub struct Rules {
    kinds: FxHashMap<String, KindRules>,
    properties: FxHashMap<String, Property>,
    names: Names,
    pub(super) lists: Lists,
    ontology: Arc<Ontology>,
    european: Option<European>,
    digest: String,
}

/// What properties are called, in several languages.
type Names = FxHashMap<String, Vec<Message>>;

/// What must be in DCAT-AP, without advice.
struct European {
    shapes: Shapes,
    /// The only properties that the shapes can ask about; `None` when they may ask about any.
    properties: Option<FxHashSet<String>>,
}

/// The rules for one kind of records.
#[derive(Debug, Default)]
pub(super) struct KindRules {
    pub(super) profile: String,
    /// Whether its records are data sets, which is what the European portal scores.
    pub(super) is_dataset: bool,
    pub(super) fields: Vec<Field>,
    class: Option<NamedNode>,
    slots: FxHashMap<String, Slot>,
    names: Names,
}

/// Where a property counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Slot {
    pub(super) property: Option<Property>,
    /// The place among the fields of the profile.
    pub(super) field: Option<usize>,
}

impl Rules {
    pub fn new(kinds: &Kinds, profiles: &Profiles, ontology: Arc<Ontology>) -> Self {
        let known = |term: &str| ontology.canonical(term).to_owned();
        let properties: FxHashMap<String, Property> = Property::ALL
            .iter()
            .map(|property| (known(property.term().as_str()), *property))
            .collect();
        let of_kind = |kind: &Kind| {
            let name = kind.profile.as_deref().unwrap_or(profile::DEFAULT);
            let profile = profiles.get(name);
            KindRules::new(kind, profile.as_deref(), &properties, &ontology)
        };
        let kinds: FxHashMap<String, KindRules> = kinds
            .iter()
            .map(|kind| (kind.name.clone(), of_kind(kind)))
            .collect();
        let european = profiles.get(EUROPEAN).and_then(|profile| {
            European::new(&profile)
                .inspect_err(|error| tracing::error!(%error, "no check against DCAT-AP is made"))
                .ok()
        });
        let mut hash = Sha256::new();
        hash.update(METHOD);
        for profile in profiles.iter() {
            hash.update(&profile.name);
            hash.update(&profile.digest);
        }
        let all = profiles.iter().flat_map(|profile| profile.fields());
        let names = names(all, &ontology);
        let lists = Lists::new(&ontology);
        Self {
            kinds,
            properties,
            names,
            lists,
            ontology,
            european,
            digest: hex::encode(hash.finalize()),
        }
    }

    /// Another digest means that the same record may be judged otherwise.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What a record of a kind says; `None` for a kind that is not known.
    pub fn evidence(
        &self,
        kind: &str,
        iri: &NamedNode,
        triples: &[Triple],
    ) -> Option<Evidence<'_>> {
        let kind = self.kinds.get(kind)?;
        Some(Evidence::gather(self, kind, iri, triples))
    }

    pub(super) fn name(&self, kind: &KindRules, property: &str, language: &str) -> String {
        let known = kind
            .names
            .get(property)
            .or_else(|| self.names.get(property));
        let known = known.and_then(|names| in_language(names, language));
        let known = known.or_else(|| self.ontology.label(property, language));
        known
            .unwrap_or_else(|| profile::local_name(property))
            .to_owned()
    }

    pub(super) fn canonical<'a>(&'a self, iri: &'a str) -> &'a str {
        self.ontology.canonical(iri)
    }

    pub(super) fn property(&self, predicate: &str) -> Option<Property> {
        if let Some(found) = self.properties.get(predicate) {
            return Some(*found);
        }
        let known = self.canonical(predicate);
        let is_other = known != predicate;
        is_other
            .then(|| self.properties.get(known).copied())
            .flatten()
    }

    /// How a record keeps the mandatory rules of DCAT-AP, by itself: what other records say about
    /// the things that it names does not count. `None` when it could not be found out.
    pub(super) fn european(&self, triples: &[Triple]) -> Option<Report> {
        let european = self.european.as_ref()?;
        let known = triples.iter().filter_map(|triple| {
            let predicate = european.property(triple.predicate.as_str(), &self.ontology)?;
            let object = match &triple.object {
                Term::NamedNode(iri) => {
                    NamedNodeRef::new_unchecked(self.canonical(iri.as_str())).into()
                }
                other => other.as_ref(),
            };
            let predicate = NamedNodeRef::new_unchecked(predicate);
            Some(TripleRef::new(triple.subject.as_ref(), predicate, object))
        });
        european.shapes.validate(&Data::new(known)).ok()
    }
}

impl European {
    fn new(profile: &Profile) -> Result<Self, ShapesError> {
        let shapes = profile.without_advice()?;
        let is_closed = |triple: &Triple| triple.predicate == sh::CLOSED;
        let asks_any = shapes.has_sparql() || profile.triples().iter().any(is_closed);
        let named = profile
            .triples()
            .iter()
            .filter_map(|triple| match &triple.object {
                Term::NamedNode(iri) => Some(iri.as_str().to_owned()),
                _ => None,
            });
        let always = [rdf::TYPE, rdfs::SUB_CLASS_OF].map(|term| term.as_str().to_owned());
        let properties = (!asks_any).then(|| named.chain(always).collect());
        Ok(Self { shapes, properties })
    }

    /// The name under which the shapes ask about a property; `None` when they do not.
    fn property<'a>(&self, predicate: &'a str, ontology: &'a Ontology) -> Option<&'a str> {
        let Some(properties) = &self.properties else {
            return Some(ontology.canonical(predicate));
        };
        if properties.contains(predicate) {
            return Some(predicate);
        }
        let known = ontology.canonical(predicate);
        properties.contains(known).then_some(known)
    }
}

impl KindRules {
    fn new(
        kind: &Kind,
        profile: Option<&Profile>,
        properties: &FxHashMap<String, Property>,
        ontology: &Ontology,
    ) -> Self {
        let class = kind.classes.first();
        let fields = match (profile, class) {
            (Some(profile), Some(class)) => completeness::fields(profile, class, ontology),
            _ => Vec::new(),
        };
        let mut slots: FxHashMap<String, Slot> = FxHashMap::default();
        for (iri, property) in properties {
            slots.entry(iri.clone()).or_default().property = Some(*property);
        }
        for (at, field) in fields.iter().enumerate() {
            slots.entry(field.property.clone()).or_default().field = Some(at);
        }
        let own = class.and_then(|class| Some(profile?.fields_of(class)));
        let others = profile.map(Profile::fields);
        let all = own.into_iter().chain(others).flatten();
        Self {
            profile: profile.map_or_else(String::new, |profile| profile.name.clone()),
            is_dataset: class.is_some_and(|class| *class == dcat::DATASET_CLASS),
            names: names(all, ontology),
            fields,
            class: class.cloned(),
            slots,
        }
    }

    pub(super) fn slot(&self, rules: &Rules, predicate: &str) -> Option<Slot> {
        if let Some(slot) = self.slots.get(predicate) {
            return Some(*slot);
        }
        let known = rules.canonical(predicate);
        let is_other = known != predicate;
        is_other.then(|| self.slots.get(known).copied()).flatten()
    }

    pub(super) fn is_class(&self, term: &Term) -> bool {
        matches!(term, Term::NamedNode(class) if self.class.as_ref() == Some(class))
    }
}

/// What fields are called; the first name of a property stays.
fn names<'a>(shapes: impl Iterator<Item = PropertyShape<'a>>, ontology: &Ontology) -> Names {
    let mut names = Names::default();
    for shape in shapes {
        let path = shape.path.predicate();
        let Some(path) = path.filter(|_| !shape.field.names.is_empty()) else {
            continue;
        };
        let known = ontology.canonical(path.as_str()).to_owned();
        let entry = names.entry(known);
        entry.or_insert_with(|| shape.field.names.clone());
    }
    names
}

/// The code lists that values are looked up in.
pub(super) struct Lists {
    licences: FxHashSet<String>,
    access_rights: FxHashSet<String>,
}

impl Lists {
    fn new(ontology: &Ontology) -> Self {
        let members = |list: &str| {
            let members = ontology.members(list).into_iter();
            members.map(|concept| concept.iri.clone()).collect()
        };
        Self {
            licences: members(authority::LICENCE.as_str()),
            access_rights: members(authority::ACCESS_RIGHT.as_str()),
        }
    }

    pub(super) fn is_licence(&self, iri: &str) -> bool {
        self.licences.contains(iri)
    }

    pub(super) fn is_access_right(&self, iri: &str) -> bool {
        self.access_rights.contains(iri)
    }
}

/// The code of a file type. Our copy of that list is a choice, so its address decides.
pub(super) fn file_type(iri: &str) -> Option<&str> {
    below(iri, authority::FILE_TYPE.as_str())
}

pub(super) fn is_media_type(iri: &str) -> bool {
    let secure = authority::MEDIA_TYPES.as_str();
    let plain = iri.strip_prefix("http://");
    let host = secure.strip_prefix("https://").unwrap_or(secure);
    below(iri, secure).is_some() || plain.is_some_and(|rest| below(rest, host).is_some())
}

/// What follows the address of a list and a slash.
fn below<'a>(iri: &'a str, list: &str) -> Option<&'a str> {
    let code = iri.strip_prefix(list)?.strip_prefix('/')?;
    (!code.is_empty()).then_some(code)
}
