//! The one door to triples: an embedded store of sorted columns that follows the ledger.
//!
//! A commit replaces whole graphs. Its triples go to a journal and to a small sorted segment in
//! memory; in the background segments are written to files and merged. A reader holds a
//! [`Snapshot`] and never waits. The folder can be deleted at any time: the ledger fills it again.

mod bulk;
mod columns;
mod dictionary;
mod files;
mod journal;
mod maintenance;
mod manifest;
mod memory;
mod pace;
mod query;
mod scan;
mod segment;
mod snapshot;
mod statistics;
mod terms;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::rdf::{NamedNode, Triple};

pub use bulk::Bulk;
pub use columns::Columns;
pub use pace::Pace;
pub use query::{
    CancellationToken, Endpoints, Hierarchy, Match, QueryError, QueryOptions, QueryResults,
    QuerySolution, Rows, Solutions, TextSearch, Triples,
};
pub use snapshot::Snapshot;
pub use statistics::Statistics;

/// How the store uses its disk and memory.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether a commit waits for the disk. The ledger is the truth and fills in what a crash took,
    /// so it need not.
    pub durability: Durability,
    /// So many quads of recent commits stay in memory before they are written to a segment file.
    pub memory_quads_max: usize,
    /// Whether a thread of its own writes and merges segments; otherwise [`Columns::maintain`] does.
    pub background: bool,
    /// Whether opening reads every file once to compare it with its checksum.
    pub verify: bool,
    /// The graphs of the vocabularies: links to their terms are counted.
    #[serde(skip)]
    pub vocabularies: Vec<NamedNode>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            durability: Durability::Deferred,
            memory_quads_max: 200_000,
            background: true,
            verify: true,
            vocabularies: Vec::new(),
        }
    }
}

/// When a commit is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Durability {
    /// Some time after it; a crash may lose it, and then [`Columns::sequence`] says so.
    Deferred,
    /// Before `apply` returns.
    EveryCommit,
}

/// The changes of one commit of the ledger. What is removed is removed first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The ledger's sequence number after this commit.
    pub sequence: u64,
    /// Graphs with their new triples; what they held before is gone.
    pub put: Vec<(NamedNode, Vec<Triple>)>,
    pub remove: Vec<NamedNode>,
}

/// What can go wrong with the store's files.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder must be deleted and filled again from the ledger.
    #[error("{path} is damaged: {reason}")]
    Damaged { path: PathBuf, reason: String },
    #[error("{0} is in use by another process")]
    Locked(PathBuf),
    #[error("{0} already holds a store")]
    NotEmpty(PathBuf),
    #[error("{path}: {source}")]
    Io { path: PathBuf, source: io::Error },
}

impl StoreError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    fn damaged(path: &Path, reason: &str) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.to_owned(),
        }
    }

    /// Whether deleting the folder and rebuilding it from the ledger is the way out.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }
}
