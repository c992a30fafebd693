//! What does a record say that its quality is judged by? Read in one pass over its statements.

use rustc_hash::FxHashSet;

use super::Rules;
use super::mqa::{OPEN_FORMATS, READABLE_FORMATS};
use super::property::{Property, Seen};
use super::rules::{KindRules, file_type, is_media_type};
use crate::catalogue::checked;
use crate::rdf::vocabulary::authority;
use crate::rdf::{NamedNode, Term, TermRef, Triple};
use crate::shacl::Report;

/// What a value says beyond being there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    /// The file format or media type is one of the common lists.
    FormatListed,
    /// The file format belongs to nobody.
    FormatOpen,
    /// The file format is made for machines.
    FormatReadable,
    LicenceListed,
    AccessRightsListed,
    /// The data are there for everybody.
    AccessPublic,
    /// An access address is one of the web.
    AccessAddress,
    /// A download address is one of the web.
    DownloadAddress,
    /// The European Health Data Space is named as legislation.
    HealthDataSpace,
    /// The data have no tables.
    Unstructured,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Traits(u16);

impl Traits {
    fn insert(&mut self, one: Trait) {
        self.0 |= 1 << one as u16;
    }

    fn has(self, one: Trait) -> bool {
        self.0 & (1 << one as u16) != 0
    }
}

/// What a record says, as far as its quality depends on it. The same statements give the same
/// evidence, whatever their order.
#[derive(Clone)]
pub struct Evidence<'r> {
    pub(super) rules: &'r Rules,
    pub(super) kind: &'r KindRules,
    /// The properties of the record itself.
    record: Seen,
    /// The properties of its distributions, as far as they are described in the record.
    parts: Seen,
    traits: Traits,
    /// For each field of the profile, whether it is filled.
    pub(super) filled: Vec<bool>,
    /// How it keeps the mandatory rules of DCAT-AP; `None` when it was not looked at.
    european: Option<Report>,
}

impl<'r> Evidence<'r> {
    pub(super) fn gather(
        rules: &'r Rules,
        kind: &'r KindRules,
        iri: &NamedNode,
        triples: &[Triple],
    ) -> Self {
        let mut evidence = Self {
            rules,
            kind,
            record: Seen::default(),
            parts: Seen::default(),
            traits: Traits::default(),
            filled: vec![false; kind.fields.len()],
            european: None,
        };
        let itself = TermRef::from(iri.as_ref());
        let mut parts: FxHashSet<TermRef<'_>> = FxHashSet::default();
        for triple in triples {
            let is_own = TermRef::from(triple.subject.as_ref()) == itself;
            if is_own
                && evidence.of_record(triple.predicate.as_str(), &triple.object)
                    == Some(Property::Distribution)
            {
                parts.insert(triple.object.as_ref());
            }
        }
        if !parts.is_empty() {
            for triple in triples {
                if parts.contains(&TermRef::from(triple.subject.as_ref())) {
                    evidence.of_part(triple.predicate.as_str(), &triple.object);
                }
            }
        }
        if kind.is_dataset && evidence.has(Property::Type) {
            evidence.european = rules.european(triples);
        }
        evidence
    }

    /// Whether the record itself has the property.
    pub(super) fn has(&self, property: Property) -> bool {
        self.record.has(property)
    }

    /// Whether the record or one of its distributions has the property.
    pub(super) fn has_anywhere(&self, property: Property) -> bool {
        self.record.or(self.parts).has(property)
    }

    /// Whether the mandatory rules of DCAT-AP are kept.
    pub(super) fn is_european(&self) -> bool {
        self.european.as_ref().is_some_and(Report::conforms)
    }

    /// The fields in which the mandatory rules of DCAT-AP are broken, each once.
    pub fn breaches(&self, language: &str) -> Vec<String> {
        let results = self.european.iter().flat_map(|report| &report.results);
        let mut fields: Vec<String> = Vec::new();
        for result in results {
            let field = checked::label(result, language);
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        fields
    }

    pub(super) fn is(&self, one: Trait) -> bool {
        self.traits.has(one)
    }

    /// What a property is called: in the profile of the record, else in any, else in its vocabulary.
    pub fn name(&self, property: &str, language: &str) -> String {
        self.rules.name(self.kind, property, language)
    }

    fn of_record(&mut self, predicate: &str, object: &Term) -> Option<Property> {
        let slot = self.kind.slot(self.rules, predicate)?;
        if !says_something(object) {
            return None;
        }
        if let Some(field) = slot.field {
            self.filled[field] = true;
        }
        let property = slot.property?;
        if property == Property::Type && !self.kind.is_class(object) {
            return None;
        }
        self.record.insert(property);
        self.look_at(property, object);
        Some(property)
    }

    fn of_part(&mut self, predicate: &str, object: &Term) {
        if let Some(property) = self.rules.property(predicate)
            && says_something(object)
        {
            self.parts.insert(property);
            self.look_at(property, object);
        }
    }

    fn look_at(&mut self, property: Property, object: &Term) {
        let lists = &self.rules.lists;
        match (property, object) {
            (Property::Format, Term::NamedNode(iri)) => {
                if let Some(code) = file_type(iri.as_str()) {
                    self.traits.insert(Trait::FormatListed);
                    if OPEN_FORMATS.contains(&code) {
                        self.traits.insert(Trait::FormatOpen);
                    }
                    if READABLE_FORMATS.contains(&code) {
                        self.traits.insert(Trait::FormatReadable);
                    }
                }
            }
            (Property::MediaType, Term::NamedNode(iri)) if is_media_type(iri.as_str()) => {
                self.traits.insert(Trait::FormatListed);
            }
            (Property::License, Term::NamedNode(iri))
                if lists.is_licence(self.rules.canonical(iri.as_str())) =>
            {
                self.traits.insert(Trait::LicenceListed);
            }
            (Property::AccessRights, Term::NamedNode(iri)) => {
                let iri = self.rules.canonical(iri.as_str());
                if lists.is_access_right(iri) {
                    self.traits.insert(Trait::AccessRightsListed);
                }
                if iri == authority::ACCESS_RIGHT_PUBLIC.as_str() {
                    self.traits.insert(Trait::AccessPublic);
                }
            }
            (Property::AccessUrl, _) if is_web(object) => {
                self.traits.insert(Trait::AccessAddress);
            }
            (Property::DownloadUrl, _) if is_web(object) => {
                self.traits.insert(Trait::DownloadAddress);
            }
            (Property::Legislation, Term::NamedNode(iri))
                if self.rules.canonical(iri.as_str()) == authority::EHDS.as_str() =>
            {
                self.traits.insert(Trait::HealthDataSpace);
            }
            (Property::StructuredData, Term::Literal(literal))
                if matches!(literal.value(), "false" | "0") =>
            {
                self.traits.insert(Trait::Unstructured);
            }
            _ => (),
        }
    }
}

/// Blank texts are no values.
fn says_something(object: &Term) -> bool {
    match object {
        Term::Literal(literal) => !literal.value().trim().is_empty(),
        Term::NamedNode(_) | Term::BlankNode(_) | Term::Triple(_) => true,
    }
}

fn is_web(object: &Term) -> bool {
    let text = match object {
        Term::NamedNode(iri) => iri.as_str(),
        Term::Literal(literal) => literal.value(),
        Term::BlankNode(_) | Term::Triple(_) => return false,
    };
    text.starts_with("https://") || text.starts_with("http://")
}
