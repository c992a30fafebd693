//! Which records are like this one? Those that share its concepts, its country and the words of its
//! title, the rarer the better.

use std::collections::BTreeSet;

use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, BoostQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;

use super::facets;
use super::find::Hit;
use super::index::{Error, Index};
use super::words;

/// No more alike records are given.
const LIMIT_MAX: usize = 50;
/// The most frequent first words of a title that are compared.
const WORDS_MAX: usize = 16;
/// Concepts of a record, those above included, that are compared.
const CONCEPTS_MAX: usize = 200;
/// Records of other kinds are passed over, so some more are fetched.
const SURPLUS: usize = 4;
/// A concept or word of more than one record in so many is not compared …
const COMMON_SHARE: u64 = 4;
/// … unless there are only so many.
const COMMON_MIN: u64 = 1_000;
/// How much a word counts beside a concept.
const WORD_BOOST: f32 = 0.5;

impl Index {
    /// The records most like one, which is given by its IRI; `None` when there is no such record.
    pub fn similar(
        &self,
        iri: &str,
        limit: usize,
        language: &str,
    ) -> Result<Option<Vec<Hit>>, Error> {
        let limit = limit.min(LIMIT_MAX);
        let snapshot = self.snapshot();
        let itself = Term::from_field_text(self.fields.iri, iri);
        let Some(at) = facets::first(&snapshot, &itself)? else {
            return Ok(None);
        };
        let stored = self.stored(&snapshot, at)?;
        let mut terms: Vec<Box<dyn Query>> = Vec::new();
        let mut concepts = BTreeSet::new();
        for value in stored.values.values().flatten() {
            concepts.extend(self.concepts.ancestors(value));
            concepts.insert(value.clone());
        }
        let common = snapshot.searcher.num_docs() / COMMON_SHARE;
        for concept in concepts.iter().take(CONCEPTS_MAX) {
            let term = Term::from_field_text(self.fields.concept, concept);
            // What so many records have tells nothing, and takes long to look at.
            if snapshot.searcher.doc_freq(&term)? <= common.max(COMMON_MIN) {
                terms.push(scored(term));
            }
        }
        let title = stored.titles.first();
        let split = title.map(|(language, title)| words::split(title, language));
        for word in split.unwrap_or_default().into_iter().take(WORDS_MAX) {
            if !words::is_stop_word(&word.surface) {
                let form = word.stem.unwrap_or(word.surface);
                let term = Term::from_field_text(self.fields.text, &form);
                if snapshot.searcher.doc_freq(&term)? <= common.max(COMMON_MIN) {
                    terms.push(Box::new(BoostQuery::new(scored(term), WORD_BOOST)));
                }
            }
        }
        if terms.is_empty() || limit == 0 {
            return Ok(Some(Vec::new()));
        }
        let query = BooleanQuery::union(terms);
        let fetched = TopDocs::with_limit(limit * SURPLUS + 1).order_by_score();
        let mut hits = Vec::new();
        for (score, address) in snapshot.searcher.search(&query, &fetched)? {
            if address == at || hits.len() == limit {
                continue;
            }
            let alike = self.stored(&snapshot, address)?;
            if alike.kind == stored.kind {
                hits.push(self.hit_of(alike, score, language, None));
            }
        }
        Ok(Some(hits))
    }
}

fn scored(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}
