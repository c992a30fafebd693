//! How does a page of an ordered result come about without ordering everything there is to show?
//!
//! The rows are joined only as far as the order needs them, sorted by keys that are read once, and
//! the rest is joined in that order until the page is full.

use std::cmp::Ordering;
use std::rc::Rc;

use super::dataset::View;
use super::join::{Group, Part, Rows, parts};
use crate::store::terms::{self, Id, Kind};

/// Which of the ordered rows are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Window {
    pub(super) start: usize,
    pub(super) length: Option<usize>,
}

impl Window {
    fn end(self) -> usize {
        let length = self.length.unwrap_or(usize::MAX);
        self.start.saturating_add(length)
    }
}

/// A number of a row, and whether the largest comes first.
pub(super) type Key = (usize, bool);

/// The rows of a group in an order; `None` if their keys are not all of one kind.
pub(super) fn join(
    view: &View,
    group: &Rc<Group>,
    order: &[Key],
    window: Window,
) -> Option<Vec<Id>> {
    let nothing = vec![None; group.variables];
    let all = parts(view, group, &nothing);
    let (core, late) = split(group, all, order);
    let before: Vec<Part> = core.iter().map(|(part, _)| *part).collect();
    let rows = Rows::of(view, group, &nothing, core).all()?;
    let width = group.variables.max(1);
    if late.is_empty() {
        return sort(view, &rows, width, order, window);
    }
    let everything = Window {
        start: 0,
        length: None,
    };
    let rows = sort(view, &rows, width, order, everything)?;
    let mut rows = Rows::resume(view, group, rows, &before, late);
    let mut page = Vec::new();
    let mut passed = 0;
    while passed < window.end() {
        let chunk = rows.next_chunk();
        if chunk.is_empty() {
            break;
        }
        let found = chunk.len() / width;
        let from = window.start.saturating_sub(passed).min(found);
        let to = window.end().saturating_sub(passed).min(found);
        page.extend_from_slice(&chunk[from * width..to * width]);
        passed += found;
        if !view.guard.fits(size_of_val(&page[..])) {
            return None;
        }
    }
    Some(page)
}

/// Parts that the order needs, and those that only add to a row what is shown.
#[expect(clippy::type_complexity, reason = "a list cut in two")]
fn split(
    group: &Group,
    mut core: Vec<(Part, usize)>,
    order: &[Key],
) -> (Vec<(Part, usize)>, Vec<(Part, usize)>) {
    let mut late = Vec::new();
    loop {
        let smallest = (0..core.len()).min_by_key(|at| core[*at].1);
        let is_leaf = |at: &usize| {
            let (part, _) = core[*at];
            let mine = part.variables(group);
            let others = core.iter().enumerate().filter(|(other, _)| other != at);
            let others: Vec<usize> = others
                .flat_map(|(_, (part, _))| part.variables(group))
                .collect();
            let needed = mine
                .iter()
                .any(|v| order.iter().any(|(key, _)| key == v) && !others.contains(v));
            let shared = mine.iter().any(|v| others.contains(v));
            let own = mine.iter().any(|v| !others.contains(v));
            matches!(part, Part::Quads(_)) && Some(*at) != smallest && own && shared && !needed
        };
        let Some(leaf) = (0..core.len()).find(is_leaf) else {
            break;
        };
        late.push(core.remove(leaf));
    }
    late.reverse();
    (core, late)
}

/// Sorts rows and cuts out a window; `None` if their keys are not all of one kind.
pub(super) fn sort(
    view: &View,
    rows: &[Id],
    width: usize,
    order: &[Key],
    window: Window,
) -> Option<Vec<Id>> {
    let count = rows.len() / width;
    let columns: Vec<(Keys, bool)> = order
        .iter()
        .map(|(place, down)| {
            let ids = rows.chunks_exact(width).map(|row| row[*place]);
            Some((Keys::read(view, ids)?, *down))
        })
        .collect::<Option<_>>()?;
    let compare = |a: &usize, b: &usize| {
        let each = columns.iter().map(|(keys, down)| {
            let ordering = keys.compare(*a, *b);
            if *down { ordering.reverse() } else { ordering }
        });
        // Rows that are equal keep their order, so that the pages of one result do not overlap.
        each.fold(Ordering::Equal, Ordering::then).then(a.cmp(b))
    };
    let mut numbers: Vec<usize> = (0..count).collect();
    let end = window.end().min(count);
    if end < count && end > 0 {
        numbers.select_nth_unstable_by(end - 1, compare);
    }
    numbers.truncate(end);
    numbers.sort_unstable_by(compare);
    let wanted = numbers.iter().skip(window.start);
    let sorted: Vec<Id> = wanted
        .flat_map(|n| rows[n * width..(n + 1) * width].iter().copied())
        .collect();
    view.guard.step().then_some(sorted)
}

/// What is sorted with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TextKind {
    Iri,
    Literal,
}

/// Adds the text by which a term is sorted: an IRI by itself; a literal by its value, then by its
/// datatype (`rdf:langString` stands before `xsd:string`), then by its language, as the evaluator
/// does. Others are left to it.
fn text_key(bytes: &[u8], keys: &mut Vec<u8>) -> Option<TextKind> {
    /// Between value and language, and greater than any language.
    const END: u8 = 0;
    const NO_LANGUAGE: u8 = 0xff;
    let (tag, rest) = bytes.split_first()?;
    let (value, language) = match tag {
        b'I' => {
            keys.extend_from_slice(rest);
            return Some(TextKind::Iri);
        }
        b'S' => (rest, [NO_LANGUAGE].as_slice()),
        b'L' => {
            let at = rest.iter().position(|byte| *byte == END)?;
            (&rest[at + 1..], &rest[..at])
        }
        _ => return None,
    };
    if value.contains(&END) {
        return None;
    }
    keys.extend_from_slice(value);
    keys.push(END);
    keys.extend_from_slice(language);
    Some(TextKind::Literal)
}

/// The keys of a column.
enum Keys {
    Numbers(Vec<u64>),
    /// Ends of the texts in one string.
    Texts(Vec<usize>, Vec<u8>),
}

impl Keys {
    /// Values of one kind, for which the order of the evaluator is plain to see.
    fn read(view: &View, ids: impl Iterator<Item = Id> + Clone) -> Option<Self> {
        if !matches!(terms::kind(ids.clone().next()?), Kind::Dictionary(_)) {
            let first = terms::sort_kind(ids.clone().next()?)?;
            let key = |id| (terms::sort_kind(id) == Some(first)).then(|| terms::sort_key(id));
            return Some(Self::Numbers(ids.map(key).collect::<Option<_>>()?));
        }
        let (mut ends, mut texts) = (Vec::new(), Vec::new());
        let mut first = None;
        for id in ids {
            let Kind::Dictionary(place) = terms::kind(id) else {
                return None;
            };
            let kind = view.with_bytes(place, |bytes| text_key(bytes, &mut texts))??;
            if *first.get_or_insert(kind) != kind {
                return None;
            }
            ends.push(texts.len());
            if ends.len() % 1024 == 0 && !(view.guard.spend(1024) && view.guard.fits(texts.len())) {
                return None;
            }
        }
        Some(Self::Texts(ends, texts))
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        match self {
            Self::Numbers(keys) => keys[a].cmp(&keys[b]),
            Self::Texts(ends, texts) => {
                let text = |n: usize| {
                    let from = n.checked_sub(1).map_or(0, |before| ends[before]);
                    &texts[from..ends[n]]
                };
                text(a).cmp(text(b))
            }
        }
    }
}
