//! Which values of a hierarchical facet stand below which? Made once for the values that there are.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::columns::Values;
use super::index::Index;

/// The values of one hierarchical facet as a tree; a value may stand below several others.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// How many values it was made for.
    values: usize,
    /// What stands directly below the root, and values from outside the hierarchy.
    pub(super) top: Vec<u32>,
    below: FxHashMap<u32, Vec<u32>>,
}

impl Tree {
    /// The values directly below one.
    pub(super) fn below(&self, value: u32) -> &[u32] {
        self.below.get(&value).map_or(&[], Vec::as_slice)
    }
}

impl Index {
    /// The tree of a facet. Values are only ever added, so their number tells whether it is old.
    pub(super) fn tree(&self, facet: usize, values: &Values) -> Arc<Tree> {
        let count = values.of_facet(facet).len();
        if let Some(known) = self.trees.lock().get(&facet)
            && known.values == count
        {
            return Arc::clone(known);
        }
        let tree = Arc::new(self.grow(facet, values));
        self.trees.lock().insert(facet, Arc::clone(&tree));
        tree
    }

    fn grow(&self, facet: usize, values: &Values) -> Tree {
        let definition = &self.definitions.facets[facet];
        let known = |iris: Vec<String>| {
            let found = iris
                .iter()
                .filter_map(|iri| values.exact(&definition.id, iri));
            let mut found: Vec<u32> = found.collect();
            found.sort_unstable();
            found.dedup();
            found
        };
        let all = values.of_facet(facet);
        let mut below = FxHashMap::default();
        for &value in all {
            let mut children = known(self.concepts.children(values.value_of(value)));
            children.retain(|child| *child != value);
            if !children.is_empty() {
                below.insert(value, children);
            }
        }
        let root = definition.root.as_deref();
        let directly = root.map_or_else(Vec::new, |root| known(self.concepts.children(root)));
        let directly: FxHashSet<u32> = directly.into_iter().collect();
        let is_top = |value: &u32| {
            let iri = values.value_of(*value);
            let above = self.concepts.ancestors(iri);
            directly.contains(value)
                || match root {
                    Some(root) => !above.iter().any(|one| one == root),
                    None => !above
                        .iter()
                        .any(|one| one != &**iri && values.exact(&definition.id, one).is_some()),
                }
        };
        Tree {
            values: all.len(),
            top: all.iter().copied().filter(is_top).collect(),
            below,
        }
    }
}
