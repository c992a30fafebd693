//! What search must know of an ontology, and a small table that knows it.

use std::collections::{BTreeMap, BTreeSet};

/// The concepts that records are tagged with, as search sees them.
pub trait Concepts: Send + Sync {
    /// The one IRI that stands for all aliases of a concept; an unknown IRI stands for itself.
    fn canonical<'a>(&'a self, iri: &'a str) -> &'a str;
    /// All concepts above, without the concept itself.
    fn ancestors(&self, iri: &str) -> Vec<String>;
    /// The label in a language, or in the next best one.
    fn label(&self, iri: &str, language: &str) -> Option<String>;
    /// Other names, in any language.
    fn synonyms(&self, iri: &str) -> Vec<String>;
    /// The concepts that a word, phrase or code means exactly, such as `MR`, `C50` or `breast`.
    fn understand(&self, text: &str) -> Vec<String>;
    /// The concepts directly below.
    fn children(&self, iri: &str) -> Vec<String>;
}

/// One concept of a [`ConceptTable`].
#[derive(Clone, Debug, Default)]
pub struct Concept {
    /// Labels by language.
    pub labels: BTreeMap<String, String>,
    /// Other names and codes.
    pub synonyms: Vec<String>,
    /// The concepts directly above.
    pub parents: Vec<String>,
}

/// A handful of concepts in memory, for tests and benchmarks.
#[derive(Clone, Debug, Default)]
pub struct ConceptTable {
    concepts: BTreeMap<String, Concept>,
    children: BTreeMap<String, Vec<String>>,
    named: BTreeMap<String, Vec<String>>,
}

impl ConceptTable {
    /// Adds a concept with an English label.
    pub fn add(&mut self, iri: &str, label: &str, parents: &[&str], synonyms: &[&str]) {
        for parent in parents {
            let below = self.children.entry((*parent).to_owned()).or_default();
            below.push(iri.to_owned());
        }
        for name in synonyms.iter().chain([&label]) {
            let meanings = self.named.entry(name.to_lowercase()).or_default();
            meanings.push(iri.to_owned());
        }
        let concept = Concept {
            labels: BTreeMap::from([("en".to_owned(), label.to_owned())]),
            synonyms: synonyms.iter().map(|&name| name.to_owned()).collect(),
            parents: parents.iter().map(|&parent| parent.to_owned()).collect(),
        };
        self.concepts.insert(iri.to_owned(), concept);
    }
}

impl Concepts for ConceptTable {
    fn canonical<'a>(&'a self, iri: &'a str) -> &'a str {
        iri
    }

    fn ancestors(&self, iri: &str) -> Vec<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![iri.to_owned()];
        while let Some(next) = open.pop() {
            let parents = self.concepts.get(&next).map(|concept| &concept.parents);
            for parent in parents.into_iter().flatten() {
                if parent != iri && found.insert(parent.clone()) {
                    open.push(parent.clone());
                }
            }
        }
        found.into_iter().collect()
    }

    fn label(&self, iri: &str, language: &str) -> Option<String> {
        let labels = &self.concepts.get(iri)?.labels;
        let label = labels.get(language).or_else(|| labels.get("en"));
        label.or_else(|| labels.values().next()).cloned()
    }

    fn synonyms(&self, iri: &str) -> Vec<String> {
        let concept = self.concepts.get(iri);
        concept.map_or_else(Vec::new, |concept| concept.synonyms.clone())
    }

    fn understand(&self, text: &str) -> Vec<String> {
        self.named
            .get(&text.to_lowercase())
            .cloned()
            .unwrap_or_default()
    }

    fn children(&self, iri: &str) -> Vec<String> {
        self.children.get(iri).cloned().unwrap_or_default()
    }
}
