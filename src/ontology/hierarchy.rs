//! What stands above and below a concept?

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

/// The graph of parents, with every concept's ancestors worked out. A concept may have several
/// parents; a circle in the data does no harm, and is told.
pub(super) struct Hierarchy {
    parents: Vec<Box<[u32]>>,
    children: Vec<Box<[u32]>>,
    /// Sorted, without the concept itself.
    ancestors: Vec<Box<[u32]>>,
    circular: Vec<u32>,
}

impl Hierarchy {
    /// `parents[n]` are the parents of concept `n`.
    pub(super) fn new(mut parents: Vec<Vec<u32>>) -> Self {
        let mut children = vec![Vec::new(); parents.len()];
        for (concept, above) in (0_u32..).zip(&mut parents) {
            let mut seen = FxHashSet::default();
            above.retain(|parent| *parent != concept && seen.insert(*parent));
            for parent in above {
                children[*parent as usize].push(concept);
            }
        }
        let parents: Vec<Box<[u32]>> = parents.into_iter().map(Vec::into_boxed_slice).collect();
        let children = children.into_iter().map(Vec::into_boxed_slice).collect();
        let mut ancestors = Vec::with_capacity(parents.len());
        let mut circular = Vec::new();
        for concept in 0..u32::try_from(parents.len()).expect("concepts are numbered by u32") {
            let mut above = walk(&parents, concept);
            if above
                .iter()
                .any(|id| parents[*id as usize].contains(&concept))
            {
                circular.push(concept);
            }
            above.sort_unstable();
            ancestors.push(above.into_boxed_slice());
        }
        Self {
            parents,
            children,
            ancestors,
            circular,
        }
    }

    pub(super) fn parents(&self, concept: u32) -> &[u32] {
        &self.parents[concept as usize]
    }

    pub(super) fn children(&self, concept: u32) -> &[u32] {
        &self.children[concept as usize]
    }

    /// All ancestors, each once, nearest first.
    pub(super) fn ancestors(&self, concept: u32) -> Vec<u32> {
        walk(&self.parents, concept)
    }

    /// All descendants, each once, nearest first.
    pub(super) fn descendants(&self, concept: u32) -> Vec<u32> {
        walk(&self.children, concept)
    }

    /// Whether a concept is another or stands below it.
    pub(super) fn is_a(&self, concept: u32, ancestor: u32) -> bool {
        concept == ancestor
            || self.ancestors[concept as usize]
                .binary_search(&ancestor)
                .is_ok()
    }

    /// Concepts that are their own ancestors: a defect of the data.
    pub(super) fn circular(&self) -> &[u32] {
        &self.circular
    }
}

/// Everything reachable from a concept but the concept itself, breadth first.
fn walk(edges: &[Box<[u32]>], start: u32) -> Vec<u32> {
    let mut seen = FxHashSet::from_iter([start]);
    let mut queue = VecDeque::from([start]);
    let mut found = Vec::new();
    while let Some(concept) = queue.pop_front() {
        for next in &edges[concept as usize] {
            if seen.insert(*next) {
                found.push(*next);
                queue.push_back(*next);
            }
        }
    }
    found
}
