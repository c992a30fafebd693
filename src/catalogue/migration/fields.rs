//! What is a field called? Read from the shapes of a profile.

use rustc_hash::FxHashMap;

use crate::catalogue::profile::Profile;
use crate::rdf::vocabulary::sh;
use crate::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};

/// The names of fields, by where they stand and their property. A field stands at a class, or at whatever a property
/// leads to.
pub struct Fields<'a> {
    names: FxHashMap<(Option<&'a NamedNode>, &'a NamedNode), Names<'a>>,
}

/// Names with their languages.
type Names<'a> = Vec<(&'a str, &'a str)>;

impl<'a> Fields<'a> {
    pub fn of(profile: &'a Profile) -> Self {
        let mut shapes: FxHashMap<&NamedOrBlankNode, Vec<(&NamedNode, &Term)>> =
            FxHashMap::default();
        let mut order = Vec::new();
        for triple in profile.triples() {
            let entry = shapes.entry(&triple.subject).or_insert_with(|| {
                order.push(&triple.subject);
                Vec::new()
            });
            entry.push((&triple.predicate, &triple.object));
        }
        let values = |shape: &NamedOrBlankNode, property: NamedNodeRef<'_>| {
            let said = shapes.get(shape).map_or(&[][..], Vec::as_slice);
            said.iter()
                .filter(move |(predicate, _)| **predicate == property)
                .map(|(_, value)| *value)
                .collect::<Vec<&'a Term>>()
        };
        let mut places: FxHashMap<&Term, Vec<&NamedNode>> = FxHashMap::default();
        for shape in &order {
            let at = values(shape, sh::TARGET_CLASS)
                .into_iter()
                .chain(values(shape, sh::PATH));
            let at: Vec<&NamedNode> = at.filter_map(name).collect();
            for field in values(shape, sh::PROPERTY) {
                places.entry(field).or_default().extend(&at);
            }
        }
        let mut names: FxHashMap<_, Names<'a>> = FxHashMap::default();
        for shape in order {
            let said: Names<'a> = values(shape, sh::NAME)
                .into_iter()
                .filter_map(text)
                .collect();
            if said.is_empty() {
                continue;
            }
            let places = places
                .get(&Term::from(shape.clone()))
                .cloned()
                .unwrap_or_default();
            for path in values(shape, sh::PATH).into_iter().filter_map(name) {
                for place in &places {
                    names
                        .entry((Some(*place), path))
                        .or_insert_with(|| said.clone());
                }
                names.entry((None, path)).or_insert_with(|| said.clone());
            }
        }
        Self { names }
    }

    /// The name of a property at a place, in a language or in English.
    pub fn at(&self, place: &NamedNode, property: &NamedNode, language: &str) -> Option<&'a str> {
        best(self.names.get(&(Some(place), property))?, language)
    }

    /// The name of a property wherever it stands first.
    pub fn anywhere(&self, property: &NamedNode, language: &str) -> Option<&'a str> {
        best(self.names.get(&(None, property))?, language)
    }
}

fn best<'a>(names: &Names<'a>, language: &str) -> Option<&'a str> {
    let tagged = |wanted: &str| names.iter().find(|(tag, _)| *tag == wanted);
    let best = tagged(language)
        .or_else(|| tagged("en"))
        .or_else(|| names.first());
    best.map(|(_, name)| *name)
}

fn name(term: &Term) -> Option<&NamedNode> {
    match term {
        Term::NamedNode(node) => Some(node),
        Term::BlankNode(_) | Term::Literal(_) | Term::Triple(_) => None,
    }
}

fn text(term: &Term) -> Option<(&str, &str)> {
    match term {
        Term::Literal(literal) => Some((literal.language().unwrap_or("en"), literal.value())),
        Term::NamedNode(_) | Term::BlankNode(_) | Term::Triple(_) => None,
    }
}
