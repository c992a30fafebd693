//! What could be meant while someone types: concepts, providers and titles that begin so.

use std::collections::BTreeSet;

use serde::Serialize;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, SegmentReader, Term};

use super::bits::{self, Bits};
use super::columns::Values;
use super::definitions::Source;
use super::document::best;
use super::index::{Error, Index, Segment, Snapshot};
use super::words;

/// No more suggestions are made.
const LIMIT_MAX: usize = 50;
/// Names that are looked at before the best are chosen.
const NAMES_MAX: usize = 2_000;
/// Words with the typed beginning that are looked at in each segment.
const ENDINGS_MAX: usize = 50;
/// Documents that are looked at in each segment.
const DOCUMENTS_MAX: usize = 100_000;
/// From each segment, at least so many titles are looked at.
const SHARE_MIN: usize = 3;
/// Titles are taken from so many times the documents that are shown, the best of them first.
const SURPLUS: usize = 4;
/// A name can be found by the beginning of each of its first words.
const NAME_WORDS_MAX: usize = 6;
/// Languages in which values are named.
const LANGUAGES: &[&str] = &["en", "de", "fr", "es", "it"];

/// Something that could be meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What it is.
    pub kind: SuggestionKind,
    /// What to show.
    pub label: String,
    /// The facet to choose it in, when it is a value.
    pub facet: Option<String>,
    /// The value to choose, or the record's IRI.
    pub value: String,
    /// The record's address on this server, when it is a record.
    pub path: Option<String>,
    /// How many records it leads to.
    pub count: u64,
}

/// What is suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SuggestionKind {
    /// A concept that records are tagged with.
    Concept,
    /// Somebody who publishes records.
    Provider,
    /// A record.
    Record,
}

impl Index {
    /// Suggests up to `limit` concepts, providers and records for the beginning of a text. Only
    /// what leads to public records is suggested.
    pub fn suggest(&self, text: &str, limit: usize) -> Result<Vec<Suggestion>, Error> {
        let limit = limit.min(LIMIT_MAX);
        let typed = words::fold(words::compose(text).trim());
        if typed.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        let snapshot = self.snapshot();
        let mut suggestions = self.suggest_values(&snapshot, &typed, limit.div_ceil(2));
        let titles = self.suggest_titles(&snapshot, &typed, limit - suggestions.len())?;
        suggestions.extend(titles);
        Ok(suggestions)
    }

    /// Enters the names of a value that was never seen before.
    pub(super) fn name_value(&self, values: &mut Values, number: u32) {
        let facet = &self.definitions.facets[values.facet_of(number)];
        if !facet.suggest {
            return;
        }
        let value = values.value_of(number).to_string();
        let mut names = BTreeSet::new();
        if facet.source == Source::Iri {
            let labels = LANGUAGES
                .iter()
                .filter_map(|tag| self.concepts.label(&value, tag));
            names.extend(labels);
            names.extend(self.concepts.synonyms(&value));
        } else {
            names.insert(value);
        }
        for name in names {
            for beginning in beginnings(&name) {
                values
                    .names
                    .entry((beginning, number))
                    .or_insert_with(|| name.clone());
            }
        }
    }

    fn suggest_values(&self, snapshot: &Snapshot, typed: &str, limit: usize) -> Vec<Suggestion> {
        let values = self.values.read();
        let from = (typed.to_owned(), 0);
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for ((beginning, number), name) in values.names.range(from..).take(NAMES_MAX) {
            if !beginning.starts_with(typed) {
                break;
            }
            let count = snapshot.totals.get(*number as usize).copied().unwrap_or(0);
            if count > 0 && seen.insert(*number) {
                let whole = words::fold(name).starts_with(typed);
                found.push((!whole, u32::MAX - count, *number, name));
            }
        }
        found.sort_unstable();
        let found = found
            .into_iter()
            .take(limit)
            .map(|(_, rest, number, name)| {
                let facet = &self.definitions.facets[values.facet_of(number)];
                let provider = facet.id == self.definitions.roles.publisher;
                Suggestion {
                    kind: if provider {
                        SuggestionKind::Provider
                    } else {
                        SuggestionKind::Concept
                    },
                    label: name.clone(),
                    facet: Some(facet.id.clone()),
                    value: values.value_of(number).to_string(),
                    path: None,
                    count: u64::from(u32::MAX - rest),
                }
            });
        found.collect()
    }

    fn suggest_titles(
        &self,
        snapshot: &Snapshot,
        typed: &str,
        limit: usize,
    ) -> Result<Vec<Suggestion>, Error> {
        let typed_words = words::split(typed, "");
        let Some((last, whole)) = typed_words.split_last() else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        let readers = snapshot.searcher.segment_readers();
        // Looking at a title costs more than finding it, so all segments share what is looked at.
        let share = (limit * SURPLUS)
            .div_ceil(readers.len().max(1))
            .max(SHARE_MIN);
        for ((segment, reader), ordinal) in snapshot.segments.iter().zip(readers).zip(0..) {
            let mut documents = segment.alive.clone();
            for word in whole {
                bits::intersect(
                    &mut documents,
                    &self.title_word(segment, reader, &word.surface)?,
                );
            }
            bits::intersect(
                &mut documents,
                &self.title_beginning(segment, reader, &last.surface)?,
            );
            for document in bits::documents(&documents).take(share) {
                let stored = self.stored(snapshot, DocAddress::new(ordinal, document))?;
                let Some((_, title)) = best(&stored.titles, words::DEFAULT_LANGUAGE) else {
                    continue;
                };
                let begins = words::fold(title).starts_with(typed);
                found.push((!begins, title.clone(), stored.iri, stored.path));
            }
        }
        found.sort_unstable();
        let found = found
            .into_iter()
            .take(limit)
            .map(|(_, label, value, path)| Suggestion {
                kind: SuggestionKind::Record,
                label,
                facet: None,
                value,
                path: Some(path),
                count: 1,
            });
        Ok(found.collect())
    }

    fn title_word(
        &self,
        segment: &Segment,
        reader: &SegmentReader,
        word: &str,
    ) -> Result<Bits, Error> {
        let mut documents = bits::empty(segment.columns.documents);
        unite_term(&mut documents, reader, self.fields.title, word, usize::MAX)?;
        Ok(documents)
    }

    fn title_beginning(
        &self,
        segment: &Segment,
        reader: &SegmentReader,
        beginning: &str,
    ) -> Result<Bits, Error> {
        let mut documents = bits::empty(segment.columns.documents);
        let index = reader.inverted_index(self.fields.title)?;
        let mut endings = index
            .terms()
            .range()
            .ge(beginning.as_bytes())
            .into_stream()?;
        let mut left = DOCUMENTS_MAX;
        for _ in 0..ENDINGS_MAX {
            if !endings.advance() || !endings.key().starts_with(beginning.as_bytes()) || left == 0 {
                break;
            }
            if let Ok(word) = std::str::from_utf8(endings.key()) {
                let read = unite_term(&mut documents, reader, self.fields.title, word, left)?;
                left = left.saturating_sub(read);
            }
        }
        Ok(documents)
    }
}

/// Adds the documents that have a term, at most so many; tells how many.
fn unite_term(
    documents: &mut Bits,
    reader: &SegmentReader,
    field: Field,
    word: &str,
    most: usize,
) -> Result<usize, Error> {
    let term = Term::from_field_text(field, word);
    let index = reader.inverted_index(field)?;
    let Some(mut postings) = index.read_block_postings(&term, IndexRecordOption::Basic)? else {
        return Ok(0);
    };
    let mut read = 0;
    while postings.block_len() > 0 && read < most {
        for &document in postings.docs() {
            bits::set(documents, document);
        }
        read += postings.block_len();
        postings.advance();
    }
    Ok(read)
}

/// A name from each of its words on.
fn beginnings(name: &str) -> Vec<String> {
    let starts = words::split(name, "").into_iter().take(NAME_WORDS_MAX);
    starts
        .map(|word| words::fold(&name[word.start..]))
        .collect()
}
