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
    /// How many stand below each.
    below: Box<[u32]>,
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
        let children: Vec<Box<[u32]>> = children.into_iter().map(Vec::into_boxed_slice).collect();
        let ancestors = ancestors(&parents, &children);
        let mut below = vec![0; parents.len()];
        for above in &ancestors {
            for ancestor in above {
                below[*ancestor as usize] += 1;
            }
        }
        let numbers = 0..u32::try_from(parents.len()).expect("concepts are numbered by u32");
        let is_circular = |concept: &u32| {
            let leads_back = |id: &u32| parents[*id as usize].contains(concept);
            ancestors[*concept as usize].iter().any(leads_back)
        };
        let circular = numbers.filter(is_circular).collect();
        Self {
            parents,
            children,
            ancestors,
            below: below.into_boxed_slice(),
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

    /// How many descendants a concept has.
    pub(super) fn below(&self, concept: u32) -> u32 {
        self.below[concept as usize]
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

/// The ancestors of every concept, sorted. Parents come before their children, so that each is
/// made of those of its parents; what hangs in or below a circle is walked.
fn ancestors(parents: &[Box<[u32]>], children: &[Box<[u32]>]) -> Vec<Box<[u32]>> {
    let mut waits: Vec<usize> = parents.iter().map(|parents| parents.len()).collect();
    let numbers = 0..u32::try_from(parents.len()).expect("concepts are numbered by u32");
    let mut ready: Vec<u32> = numbers
        .clone()
        .filter(|concept| waits[*concept as usize] == 0)
        .collect();
    let mut ancestors: Vec<Option<Box<[u32]>>> = vec![None; parents.len()];
    while let Some(concept) = ready.pop() {
        let mut above: Vec<u32> = parents[concept as usize].to_vec();
        for parent in &parents[concept as usize] {
            above.extend(ancestors[*parent as usize].iter().flatten());
        }
        above.sort_unstable();
        above.dedup();
        ancestors[concept as usize] = Some(above.into_boxed_slice());
        for child in &children[concept as usize] {
            waits[*child as usize] -= 1;
            if waits[*child as usize] == 0 {
                ready.push(*child);
            }
        }
    }
    let walked = |concept| {
        let mut above = walk(parents, concept);
        above.sort_unstable();
        above.into_boxed_slice()
    };
    let known = numbers.zip(ancestors);
    known
        .map(|(concept, above)| above.unwrap_or_else(|| walked(concept)))
        .collect()
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
