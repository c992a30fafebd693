//! What can go wrong in the ledger, in words that a caller can act on.

use std::sync::Arc;

use thiserror::Error;

use super::change::{Action, State};

/// Why the ledger did not do as it was asked. Nothing of a refused call was written.
#[derive(Clone, Debug, Error)]
pub enum LedgerError {
    #[error(
        "record <{iri}> stands at version {actual}, the change was made from version {expected}"
    )]
    Conflict {
        iri: String,
        expected: u64,
        actual: u64,
    },
    #[error("record <{iri}> exists already, at version {version}")]
    Exists { iri: String, version: u64 },
    #[error("there is no record <{iri}>")]
    Unknown { iri: String },
    #[error("the path «{path}» belongs to record <{taken_by}>, so <{iri}> cannot have it")]
    PathTaken {
        iri: String,
        path: String,
        taken_by: String,
    },
    #[error("the {field} of record <{iri}> is «{was}» and cannot become «{given}»")]
    Fixed {
        iri: String,
        field: &'static str,
        was: String,
        given: String,
    },
    #[error("{action} of record <{iri}> cannot lead to state {state} {}", if *.has_graph { "with a graph" } else { "without a graph" })]
    Malformed {
        iri: String,
        action: Action,
        state: State,
        has_graph: bool,
    },
    #[error("{given} {what} in one call are more than the {max} that are taken")]
    TooMuch {
        what: &'static str,
        given: usize,
        max: usize,
    },
    #[error("the ledger is closed")]
    Closed,
    #[error("the ledger's database failed")]
    Storage(#[source] Arc<sqlx::Error>),
    #[error("the ledger's database holds a damaged {what}")]
    Damaged { what: &'static str },
    #[error(
        "the ledger was written by a newer Vesalius: its schema is {found}, this one knows {known}"
    )]
    Newer { found: i64, known: i64 },
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(Arc::new(error))
    }
}
