//! How much is in the store, in total and of each property and class?

use std::collections::BTreeMap;

/// Exact counts over one snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Quads: a triple counts once in each graph that has it.
    pub quads: u64,
    /// Different triples in the union of all graphs.
    pub triples: u64,
    pub graphs: u64,
    pub subjects: u64,
    /// Different triples for each predicate, by its IRI.
    pub predicates: BTreeMap<String, u64>,
    /// Instances of each class, by its IRI.
    pub classes: BTreeMap<String, u64>,
}
