//! Can this be? What no single field shows: the images of a cancer are of the place where it grows.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use crate::ontology::Ontology;
use crate::rdf::vocabulary::{eucaim, sh, vs};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};
use crate::shacl::{Message, Path, Severity, ValidationResult};

/// Concepts above or below a condition that are asked for its sites when it names none itself.
const RELATED_MAX: usize = 200;
/// Words of labels that name no place.
const NOISE: [&str; 14] = [
    "structure",
    "region",
    "part",
    "left",
    "right",
    "upper",
    "lower",
    "entire",
    "gland",
    "organ",
    "system",
    "tissue",
    "wall",
    "body",
];

/// A rule of a profile: one of the body parts of a record lies where its condition is found
/// (`vs:FindingSiteRule`). Only a warning, for metastases and comparisons are imaged, too.
#[derive(Debug)]
pub struct FindingSiteRule {
    node: Term,
    body_part: NamedNode,
    condition: NamedNode,
    messages: Arc<[Message]>,
    /// Every place where some cancer is found: only these can be the wrong one. A region of the
    /// body, or a bone next to a tumour, is nobody's site and may always be imaged.
    sites: OnceLock<BTreeSet<String>>,
}

impl FindingSiteRule {
    /// The rules that stand among the shapes of a profile.
    pub fn of(triples: &[Triple]) -> Vec<Self> {
        let named = |subject: &NamedOrBlankNode, predicate| {
            triples.iter().find_map(|triple| match &triple.object {
                Term::NamedNode(object)
                    if triple.subject == *subject && triple.predicate == predicate =>
                {
                    Some(object.clone())
                }
                _ => None,
            })
        };
        let rule = |triple: &Triple| {
            let node = &triple.subject;
            let messages = triples.iter().filter_map(|other| match &other.object {
                Term::Literal(text) if other.subject == *node && other.predicate == sh::MESSAGE => {
                    Some(Message {
                        language: text.language().map(str::to_ascii_lowercase),
                        text: text.value().to_owned(),
                    })
                }
                _ => None,
            });
            Some(Self {
                body_part: named(node, vs::BODY_PART)?,
                condition: named(node, vs::CONDITION)?,
                messages: messages.collect(),
                node: node.clone().into(),
                sites: OnceLock::new(),
            })
        };
        let class = Term::from(vs::FINDING_SITE_RULE.into_owned());
        let declared = triples.iter().filter(|triple| triple.object == class);
        declared.filter_map(rule).collect()
    }

    /// A warning when none of the body parts of a record has to do with its condition. Where the
    /// ontology knows no place, there is nothing to say.
    pub fn check(
        &self,
        iri: &NamedNode,
        triples: &[Triple],
        ontology: &Ontology,
    ) -> Option<ValidationResult> {
        let itself = NamedOrBlankNode::from(iri.clone());
        let values = |property: &NamedNode| -> Vec<&str> {
            let about = triples
                .iter()
                .filter(|triple| triple.subject == itself && triple.predicate == *property);
            let values = about.filter_map(|triple| match &triple.object {
                Term::NamedNode(value) => Some(value.as_str()),
                _ => None,
            });
            values.collect()
        };
        let parts = values(&self.body_part);
        let sites = self.sites.get_or_init(|| {
            let concepts = ontology.concepts().iter();
            concepts
                .flat_map(|concept| sites_of(&concept.iri, ontology))
                .collect()
        });
        if parts.is_empty() || !parts.iter().all(|part| sites.contains(*part)) {
            return None;
        }
        let conditions = values(&self.condition);
        let places: Vec<Place> = conditions
            .iter()
            .flat_map(|condition| places_of(condition, ontology))
            .collect();
        let fits = |part: &&str| places.iter().any(|place| place.holds(part, ontology));
        if places.is_empty() || parts.iter().any(fits) {
            return None;
        }
        Some(self.result(iri, parts[0]))
    }

    fn result(&self, iri: &NamedNode, part: &str) -> ValidationResult {
        ValidationResult {
            focus_node: iri.clone().into(),
            path: Some(Path::Predicate(self.body_part.clone()).into()),
            value: Some(NamedNode::new_unchecked(part).into()),
            severity: Severity::Warning,
            messages: Arc::clone(&self.messages),
            is_generated_message: false,
            constraint_component: vs::FINDING_SITE_RULE.into_owned(),
            source_constraint: None,
            source_shape: self.node.clone(),
            parameters: Vec::new().into(),
            field: Arc::default(),
            details: Vec::new(),
        }
    }
}

/// Where a condition is found, in every way that the ontology says it.
struct Place {
    iri: Option<String>,
    /// Topography of ICD-O-3, three characters such as `C50`.
    topography: BTreeSet<String>,
    words: BTreeSet<String>,
}

impl Place {
    fn holds(&self, part: &str, ontology: &Ontology) -> bool {
        let related = self.iri.as_deref().is_some_and(|site| {
            ontology.is_a(part, site)
                || ontology.is_a(site, part)
                || ontology
                    .equivalents(part)
                    .iter()
                    .any(|same| same.iri == site)
        });
        related
            || !topography(part, ontology).is_disjoint(&self.topography)
            || !words(part, ontology).is_disjoint(&self.words)
    }
}

/// The finding sites of a condition, else those of the conditions below and above it; and the
/// topography that stands in its own code.
fn places_of(condition: &str, ontology: &Ontology) -> Vec<Place> {
    let mut sites = sites_of(condition, ontology);
    if sites.is_empty() {
        let below = ontology.descendants(condition).into_iter();
        let above = ontology.ancestors(condition).into_iter();
        let related = below.chain(above).take(RELATED_MAX);
        sites = related
            .flat_map(|concept| sites_of(&concept.iri, ontology))
            .collect();
    }
    let mut places: Vec<Place> = sites
        .into_iter()
        .map(|site| Place {
            topography: topography(&site, ontology),
            words: words(&site, ontology),
            iri: Some(site),
        })
        .collect();
    let own = topography(condition, ontology);
    if !places.is_empty() {
        places.push(Place {
            iri: None,
            topography: own,
            words: words(condition, ontology),
        });
    }
    places
}

fn sites_of(condition: &str, ontology: &Ontology) -> BTreeSet<String> {
    let relations = ontology
        .concept(condition)
        .map(|concept| concept.relations.as_slice())
        .unwrap_or_default();
    let found = relations
        .iter()
        .filter(|relation| *relation.property == *eucaim::HAS_FINDING_SITE.as_str());
    found.map(|relation| relation.target.clone()).collect()
}

/// `C50` of `C50.9` or `8000/3-C50.9`.
fn topography(iri: &str, ontology: &Ontology) -> BTreeSet<String> {
    let codes = ontology
        .concept(iri)
        .map(|concept| concept.codes.as_slice())
        .unwrap_or_default();
    let oncology = codes.iter().filter(|code| &*code.system == "ICDO3");
    let places = oncology.filter_map(|code| {
        let place = code.code.rsplit('-').next()?;
        let short = place.get(..3)?;
        short.starts_with('C').then(|| short.to_owned())
    });
    places.collect()
}

fn words(iri: &str, ontology: &Ontology) -> BTreeSet<String> {
    let Some(concept) = ontology.concept(iri) else {
        return BTreeSet::new();
    };
    let names = concept.labels.iter().chain(&concept.synonyms);
    let english = names.filter(|(language, _)| language == "en");
    let words = english.flat_map(|(_, name)| {
        let words = name.split(|letter: char| !letter.is_alphabetic());
        words.map(str::to_lowercase).collect::<Vec<_>>()
    });
    words
        .filter(|word| word.len() > 3 && !NOISE.contains(&word.as_str()))
        .collect()
}
