//! What do the text index and the vocabularies tell a SPARQL query?

use std::sync::Arc;

use super::index::{Error, Index};
use crate::ontology::{Concept, Ontology};
use crate::rdf::NamedNode;
use crate::store::{Hierarchy, Match, TextSearch};

impl TextSearch for Index {
    fn find(&self, words: &str, limit: usize) -> Result<Vec<Match>, String> {
        let found = named(self, words, limit);
        found.map_err(|error| error.to_string())
    }
}

fn named(index: &Index, words: &str, limit: usize) -> Result<Vec<Match>, Error> {
    let (snapshot, ranked) = index.ranked(words, limit)?;
    let mut names: Vec<Option<NamedNode>> = vec![None; ranked.len()];
    for (segment, reader) in (0_u32..).zip(snapshot.searcher.segment_readers()) {
        let Some(column) = reader.fast_fields().str("iri")? else {
            continue;
        };
        let mut ordinals: Vec<(u64, usize)> = ranked
            .iter()
            .enumerate()
            .filter(|(_, row)| row.segment == segment)
            .filter_map(|(place, row)| Some((column.ords().first(row.document)?, place)))
            .collect();
        ordinals.sort_unstable();
        let (wanted, places): (Vec<u64>, Vec<usize>) = ordinals.into_iter().unzip();
        let mut places = places.into_iter();
        column
            .dictionary()
            .sorted_ords_to_term_cb(&wanted, |name| {
                if let (Some(place), Ok(name)) = (places.next(), std::str::from_utf8(name)) {
                    names[place] = Some(NamedNode::new_unchecked(name));
                }
            })?;
    }
    let rows = ranked.into_iter().zip(names);
    let found = rows.filter_map(|(row, iri)| {
        Some(Match {
            iri: iri?,
            score: row.score.into(),
        })
    });
    Ok(found.collect())
}

/// The vocabularies as a query sees them.
pub struct Vocabularies(pub Arc<Ontology>);

impl Hierarchy for Vocabularies {
    fn below(&self, concept: &NamedNode) -> Vec<NamedNode> {
        with_itself(concept, self.0.descendants(concept.as_str()))
    }

    fn above(&self, concept: &NamedNode) -> Vec<NamedNode> {
        with_itself(concept, self.0.ancestors(concept.as_str()))
    }
}

fn with_itself(concept: &NamedNode, others: Vec<&Concept>) -> Vec<NamedNode> {
    let others = others.into_iter();
    let others = others.map(|other| NamedNode::new_unchecked(&other.iri));
    std::iter::once(concept.clone()).chain(others).collect()
}
