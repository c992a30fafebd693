//! What is different between two versions of a vocabulary?

use std::collections::BTreeSet;

use super::{Concept, Ontology};

/// The difference, concept by concept, in the order of the vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub added: Vec<Changed>,
    pub removed: Vec<Changed>,
    /// Out of use since the new version.
    pub deprecated: Vec<Changed>,
    /// Another label in some language.
    pub relabelled: Vec<Changed>,
    /// Other concepts right above, or other code lists.
    pub moved: Vec<Changed>,
}

/// A concept, and what was and is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub iri: String,
    pub code: String,
    pub label: String,
    /// What it was: labels, or what stood above.
    pub before: Vec<String>,
    /// What it is: labels, what stands above, or what took its place.
    pub after: Vec<String>,
}

impl Difference {
    /// Compares what two ontologies have of the vocabulary of a graph.
    pub fn between(old: &Ontology, new: &Ontology, graph: &str) -> Self {
        let mut difference = Self::default();
        for concept in of(new, graph) {
            match known(old, concept) {
                None => difference
                    .added
                    .push(changed(concept, Vec::new(), Vec::new())),
                Some(before) => difference.compare(old, before, new, concept),
            }
        }
        for concept in of(old, graph) {
            if known(new, concept).is_none() {
                let instead = new.concept(&concept.iri).map(|one| one.iri.clone());
                let instead = instead.into_iter().collect();
                difference
                    .removed
                    .push(changed(concept, Vec::new(), instead));
            }
        }
        difference
    }

    fn compare(&mut self, old: &Ontology, before: &Concept, new: &Ontology, after: &Concept) {
        if after.deprecated && !before.deprecated {
            self.deprecated.push(changed(after, Vec::new(), Vec::new()));
        }
        let labels = |one: &Concept, other: &Concept| {
            let missing = one
                .labels
                .iter()
                .filter(|label| !other.labels.contains(label));
            missing
                .map(|(language, text)| format!("{text}@{language}"))
                .collect::<Vec<_>>()
        };
        let (gone, come) = (labels(before, after), labels(after, before));
        if !gone.is_empty() || !come.is_empty() {
            self.relabelled.push(changed(after, gone, come));
        }
        let (was, is) = (above(old, before), above(new, after));
        if was != is {
            let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
                one.difference(other).cloned().collect::<Vec<_>>()
            };
            self.moved
                .push(changed(after, only(&was, &is), only(&is, &was)));
        }
    }

    pub fn is_empty(&self) -> bool {
        self.parts().iter().all(|(_, part)| part.is_empty())
    }

    /// The kinds of difference by name.
    pub fn parts(&self) -> [(&'static str, &[Changed]); 5] {
        [
            ("added", &self.added),
            ("removed", &self.removed),
            ("deprecated", &self.deprecated),
            ("relabelled", &self.relabelled),
            ("moved", &self.moved),
        ]
    }
}

fn of<'a>(ontology: &'a Ontology, graph: &'a str) -> impl Iterator<Item = &'a Concept> {
    let concepts = ontology.concepts().iter();
    concepts.filter(move |concept| *concept.source == *graph)
}

/// The concept itself, not one that took its place.
fn known<'a>(ontology: &'a Ontology, concept: &Concept) -> Option<&'a Concept> {
    let found = ontology.concept(&concept.iri)?;
    (found.iri == concept.iri).then_some(found)
}

fn above(ontology: &Ontology, concept: &Concept) -> BTreeSet<String> {
    let parents = ontology.parents(&concept.iri).into_iter();
    let lists = concept.schemes.iter().map(ToString::to_string);
    parents
        .map(|parent| parent.iri.clone())
        .chain(lists)
        .collect()
}

fn changed(concept: &Concept, before: Vec<String>, after: Vec<String>) -> Changed {
    Changed {
        iri: concept.iri.clone(),
        code: concept.code.clone(),
        label: concept.name().to_owned(),
        before,
        after,
    }
}
