//! How far do hierarchical facets stand open before anybody clicks? As far as there is something to
//! choose: the top of an ontology is often one word that says nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::search::{Error, FacetKind, FacetValue, Index, SearchQuery};
use crate::web::server::Door;

/// A facet that shows at least so many values is open enough.
const VALUES_MIN: usize = 8;
/// How many levels are opened at the most.
const LEVELS_MAX: usize = 4;

/// The values that stand open, by facet.
pub type Opened = BTreeMap<String, Vec<String>>;

/// What stands open while the index holds what it holds now.
pub(super) fn opened(door: &Door) -> Result<Arc<Opened>, Error> {
    let sequence = door.index.sequence();
    if let Some((known, opened)) = &*door.opened.lock()
        && *known == sequence
    {
        return Ok(Arc::clone(opened));
    }
    let opened = Arc::new(open(&door.index, &SearchQuery::default())?);
    *door.opened.lock() = Some((sequence, Arc::clone(&opened)));
    Ok(opened)
}

/// What stands open among the records that a search finds.
pub(super) fn open(index: &Index, among: &SearchQuery) -> Result<Opened, Error> {
    let mut opened = Opened::new();
    for _ in 0..LEVELS_MAX {
        let query = SearchQuery {
            limit: 0,
            open: opened.clone(),
            ..among.clone()
        };
        let page = index.search(&query)?;
        let mut more = false;
        for facet in page
            .facets
            .iter()
            .filter(|facet| facet.kind == FacetKind::Hierarchical)
        {
            let mut leaves = Vec::new();
            frontier(&facet.values, &mut leaves);
            if leaves.len() >= VALUES_MIN {
                continue;
            }
            for value in leaves.into_iter().filter(|value| value.has_more) {
                opened
                    .entry(facet.id.clone())
                    .or_default()
                    .push(value.value.clone());
                more = true;
            }
        }
        if !more {
            break;
        }
    }
    Ok(opened)
}

/// The lowest values that are listed.
pub(super) fn frontier<'a>(values: &'a [FacetValue], found: &mut Vec<&'a FacetValue>) {
    for value in values {
        if value.children.is_empty() {
            found.push(value);
        } else {
            frontier(&value.children, found);
        }
    }
}
