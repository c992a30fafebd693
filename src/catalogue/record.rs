//! What is known about a record besides its description?

use jiff::Timestamp;

use crate::rdf::NamedNode;

pub use crate::ledger::State;

/// A record as one reader may see it.
#[derive(Debug, Clone)]
pub struct Record {
    pub iri: NamedNode,
    /// Below the base; empty for the root.
    pub path: String,
    pub kind: String,
    pub state: State,
    /// Counts from 1; the version that this reader sees.
    pub version: u64,
    pub title: Option<String>,
    pub parent: Option<NamedNode>,
    pub created: Timestamp,
    pub changed: Timestamp,
    pub published: Option<Timestamp>,
    /// Changes whenever anything that the server says about the record changes, such as the list
    /// of its children.
    pub stamp: u64,
    /// Whether this is how the record stood in one of its versions, rather than how it stands.
    pub is_past: bool,
}

impl Record {
    /// The title, or the last part of its address.
    pub fn name(&self) -> &str {
        let last = || self.path.rsplit('/').next().filter(|part| !part.is_empty());
        let title = self.title.as_deref().filter(|title| !title.is_empty());
        title.or_else(last).unwrap_or(self.iri.as_str())
    }
}

/// What is left of a record that was withdrawn or deleted.
#[derive(Debug, Clone)]
pub struct Tombstone {
    pub iri: NamedNode,
    pub path: String,
    pub kind: String,
    pub withdrawn: bool,
    pub at: Timestamp,
    /// Why, when it was said in public.
    pub notice: Option<String>,
    /// The IRI and the path of the public record that stands in its place.
    pub replaced_by: Option<(NamedNode, String)>,
}

/// What a look-up finds.
#[derive(Debug, Clone)]
pub enum Lookup {
    Found(Box<Record>),
    Gone(Tombstone),
    Missing,
}
