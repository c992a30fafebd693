//! Finding records by words and by facets: what the text index holds and how it is asked.
//!
//! The index is a projection of the ledger's public changes. [`Index::apply`] follows them,
//! [`Index::search`] answers one page with exact counts for every facet.

mod asked;
mod bits;
mod columns;
mod concepts;
mod definitions;
mod document;
mod facets;
mod find;
mod follow;
mod index;
mod matching;
mod ontology;
mod query;
mod reading;
mod similar;
mod spelling;
mod statistics;
mod suggest;
mod tally;
mod tree;
mod usage;
mod words;

#[cfg(test)]
mod tests;

pub use asked::Vocabularies;
pub use concepts::{Concept, ConceptTable, Concepts};
pub use definitions::{DefinitionError, FacetDefinition, FacetDefinitions, FacetKind};
pub use document::{IndexedRecord, Judged};
pub use facets::{Bucket, FacetResult, FacetValue};
pub use find::{Hit, Labelled, SearchPage};
pub use follow::Follower;
pub use index::{Bulk, Error, Index, IndexChange, Settings};
pub use query::{Cursor, EVERYTHING, FacetChoice, LIMIT_MAX, SearchQuery, Sense, Sort, Taken};
pub use reading::Understood;
pub use statistics::{Count, Statistics};
pub use suggest::{Suggestion, SuggestionKind};
pub use tally::{Measure, Period, Tally, TallyQuery, TallyRow};
pub use usage::Usage;
