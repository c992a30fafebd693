//! What search asks of the vocabularies, answered by them.

use super::concepts::Concepts;
use crate::ontology::{Concept, Ontology};

/// Words shorter than this mean a concept only as a code.
const LABEL_CHARS_MIN: usize = 3;

impl Concepts for Ontology {
    fn canonical<'a>(&'a self, iri: &'a str) -> &'a str {
        Ontology::canonical(self, iri)
    }

    fn ancestors(&self, iri: &str) -> Vec<String> {
        iris(Ontology::ancestors(self, iri))
    }

    fn label(&self, iri: &str, language: &str) -> Option<String> {
        Ontology::label(self, iri, language).map(str::to_owned)
    }

    fn synonyms(&self, iri: &str) -> Vec<String> {
        let Some(concept) = self.concept(iri) else {
            return Vec::new();
        };
        let labels = concept.labels.iter().map(|(_, text)| text.clone());
        let synonyms = concept.synonyms.iter().map(|(_, text)| text.clone());
        let codes = concept.codes.iter().map(|code| code.code.clone());
        labels.chain(synonyms).chain(codes).collect()
    }

    fn understand(&self, text: &str) -> Vec<String> {
        let mut found = if text.chars().count() >= LABEL_CHARS_MIN {
            iris(self.by_label(text))
        } else {
            Vec::new()
        };
        found.extend(iris(self.by_code(None, text)));
        let same: Vec<String> = found
            .iter()
            .flat_map(|iri| iris(Ontology::equivalents(self, iri)))
            .collect();
        found.extend(same);
        found.sort_unstable();
        found.dedup();
        found
    }

    fn children(&self, iri: &str) -> Vec<String> {
        iris(Ontology::children(self, iri))
    }
}

fn iris(concepts: Vec<&Concept>) -> Vec<String> {
    concepts
        .into_iter()
        .map(|concept| concept.iri.clone())
        .collect()
}
