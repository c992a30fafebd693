//! What is a property called, and in which group does it stand? Read from the shapes of a profile.

use std::collections::HashMap;

use crate::catalogue::Profile;
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{rdfs, sh};
use crate::rdf::{NamedNodeRef, NamedOrBlankNode, Term, Triple};

/// A text in several languages: (tag, text).
type Names = Vec<(String, String)>;

/// Where a property stands.
#[derive(Debug, Clone)]
pub struct Place {
    pub order: f64,
    /// The IRI of the group, empty when there is none.
    pub group: String,
}

/// The fields of a class, and the names of all properties that any profile knows.
#[derive(Debug, Default)]
pub struct Table {
    places: HashMap<String, Place>,
    names: HashMap<String, Names>,
    groups: HashMap<String, (f64, Names)>,
}

type Shapes<'a> = HashMap<&'a NamedOrBlankNode, Vec<(&'a str, &'a Term)>>;

impl Table {
    /// Reads the fields of the classes from the first profile; all profiles give names.
    pub fn new<'a>(
        profile: &'a Profile,
        others: impl Iterator<Item = &'a Profile>,
        classes: &[String],
        ontology: &Ontology,
    ) -> Self {
        let mut table = Self::default();
        let own = shapes(profile.triples());
        for shape in own.keys() {
            let targets = of(&own, shape, sh::TARGET_CLASS);
            let is_own = targets.iter().any(|class| match class {
                Term::NamedNode(class) => classes.iter().any(|one| one == class.as_str()),
                _ => false,
            });
            if is_own {
                for property in of(&own, shape, sh::PROPERTY) {
                    table.field(&own, property, ontology, true);
                }
            }
        }
        table.all(&own, ontology);
        for other in others {
            table.all(&shapes(other.triples()), ontology);
        }
        table
    }

    /// Takes the names and groups of all property shapes.
    fn all(&mut self, shapes: &Shapes<'_>, ontology: &Ontology) {
        let mut subjects: Vec<_> = shapes.keys().copied().collect();
        subjects.sort_by_key(ToString::to_string);
        for subject in subjects {
            self.field(shapes, &Term::from(subject.clone()), ontology, false);
        }
    }

    fn field(&mut self, shapes: &Shapes<'_>, shape: &Term, ontology: &Ontology, place: bool) {
        let Some(shape) = node(shape) else { return };
        let path = of(shapes, &shape, sh::PATH)
            .into_iter()
            .find_map(|path| match path {
                Term::NamedNode(path) => Some(ontology.canonical(path.as_str()).to_owned()),
                _ => None,
            });
        let names = texts(&of(shapes, &shape, sh::NAME));
        let Some(path) = path.filter(|_| !names.is_empty()) else {
            return;
        };
        let group = of(shapes, &shape, sh::GROUP)
            .into_iter()
            .find_map(|group| match group {
                Term::NamedNode(group) => Some(group.clone()),
                _ => None,
            });
        let order = number(&of(shapes, &shape, sh::ORDER));
        if place {
            let group = group
                .clone()
                .map_or_else(String::new, |group| group.as_str().to_owned());
            let better = self
                .places
                .get(&path)
                .is_none_or(|known| known.order > order);
            if better {
                self.places.insert(path.clone(), Place { order, group });
                self.names.insert(path.clone(), names.clone());
            }
        }
        self.names.entry(path).or_insert(names);
        if let Some(group) = group {
            let iri = group.as_str().to_owned();
            let group = NamedOrBlankNode::from(group);
            self.groups.entry(iri).or_insert_with(|| {
                let order = number(&of(shapes, &group, sh::ORDER));
                (order, texts(&of(shapes, &group, rdfs::LABEL)))
            });
        }
    }

    /// Where a property of the record stands; `None` when the profile does not list it.
    pub fn place(&self, property: &str) -> Option<&Place> {
        self.places.get(property)
    }

    /// The place of a group among the groups, and its label.
    pub fn group(&self, iri: &str, language: &str) -> (f64, Option<&str>) {
        self.groups
            .get(iri)
            .map_or((f64::MAX, None), |(order, names)| {
                (*order, best(names, language))
            })
    }

    /// The name of a property.
    pub fn name(&self, property: &str, language: &str, ontology: &Ontology) -> String {
        let known = self
            .names
            .get(property)
            .and_then(|names| best(names, language));
        let known = known.or_else(|| ontology.label(property, language));
        known.map_or_else(|| spaced(local_name(property)), str::to_owned)
    }
}

/// The last part of an IRI.
pub fn local_name(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['/', '#']);
    let name = trimmed.rsplit(['#', '/', ':']).next().unwrap_or(trimmed);
    if name.is_empty() { iri } else { name }
}

/// `hasPolicy` as people write it: «Has policy».
fn spaced(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for (at, c) in name.chars().enumerate() {
        if at == 0 {
            text.extend(c.to_uppercase());
        } else if c.is_uppercase() && text.ends_with(|before: char| before.is_lowercase()) {
            text.push(' ');
            text.extend(c.to_lowercase());
        } else {
            text.push(c);
        }
    }
    text
}

fn shapes(triples: &[Triple]) -> Shapes<'_> {
    let mut shapes: Shapes<'_> = HashMap::new();
    for triple in triples {
        shapes
            .entry(&triple.subject)
            .or_default()
            .push((triple.predicate.as_str(), &triple.object));
    }
    shapes
}

fn of<'a>(
    shapes: &Shapes<'a>,
    subject: &NamedOrBlankNode,
    property: NamedNodeRef<'_>,
) -> Vec<&'a Term> {
    let all = shapes.get(subject).into_iter().flatten();
    all.filter(|(found, _)| *found == property.as_str())
        .map(|(_, object)| *object)
        .collect()
}

fn number(terms: &[&Term]) -> f64 {
    let first = terms.iter().find_map(|term| match term {
        Term::Literal(literal) => literal.value().parse().ok(),
        _ => None,
    });
    first.unwrap_or(f64::MAX)
}

fn texts(terms: &[&Term]) -> Names {
    let text = |term: &&Term| match term {
        Term::Literal(literal) => Some((
            literal.language().unwrap_or("en").to_owned(),
            literal.value().to_owned(),
        )),
        _ => None,
    };
    terms.iter().filter_map(text).collect()
}

fn best<'a>(names: &'a Names, language: &str) -> Option<&'a str> {
    let of = |wanted: &str| names.iter().find(|(tag, _)| tag == wanted);
    let found = of(language).or_else(|| of("en")).or_else(|| names.first());
    found.map(|(_, text)| text.as_str())
}

/// The node that a term is.
pub fn node(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}
