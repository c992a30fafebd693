//! How do the rows of a join, or the counts over them, look like quads to the evaluator?
#![expect(
    clippy::cast_possible_truncation,
    reason = "rows are counted in memory"
)]

use std::cell::RefCell;
use std::iter;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::dataset::View;
use super::fold;
use super::join::{Group, Rows};
use crate::rdf::{Literal, Term};
use crate::store::scan::Guard;
use crate::store::segment::Numbers;
use crate::store::snapshot::Bound;
use crate::store::terms::{Id, Kind, inline_integer, kind, local_id};

/// Numbers of rows begin here, far above those of a query's own terms.
const FIRST_ROW: u64 = 1 << 50;
/// So many numbers of rows are held for the evaluator to come back to (1 GB).
const HELD_MAX: usize = 1 << 27;

/// About what a group of counts and a member of a set of different values weigh in memory.
const TALLY_BYTES: usize = 80;
const MEMBER_BYTES: usize = 16;

/// A variable that the evaluator sees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    /// Which number of a row it is.
    pub(super) place: usize,
    /// Whether it can only be an IRI or a blank node.
    pub(super) node: bool,
}

pub(super) enum Content {
    Join,
    /// Rows that are there already, one after the other.
    Rows(Rc<Vec<Id>>),
    Counts {
        keys: Vec<usize>,
        counts: Vec<Counted>,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Counted {
    Rows,
    Different(usize),
}

/// A join, and which of its numbers go into which part of which made-up graph.
pub(super) struct Table {
    pub(super) group: Rc<Group>,
    pub(super) content: Content,
    pub(super) node: Option<usize>,
    pub(super) other: Option<usize>,
    /// One graph more for each.
    pub(super) rest: Vec<usize>,
}

/// A table with the rows that the evaluator may come back to.
pub(super) struct Held {
    table: Table,
    rows: RefCell<Vec<Id>>,
    counted: RefCell<Option<Rc<Vec<Vec<Id>>>>>,
}

impl From<Table> for Held {
    fn from(table: Table) -> Self {
        Self {
            table,
            rows: RefCell::default(),
            counted: RefCell::default(),
        }
    }
}

impl Held {
    fn width(&self) -> usize {
        match &self.table.content {
            Content::Join | Content::Rows(_) => self.table.group.variables,
            Content::Counts { keys, counts } => keys.len() + counts.len(),
        }
    }

    /// Remembers a row; `None` if there are too many.
    fn hold(&self, row: &[Id], guard: &Guard) -> Option<Id> {
        let rows = &mut *self.rows.borrow_mut();
        if rows.len() + row.len() > HELD_MAX || !guard.hold(size_of_val(row)) {
            return None;
        }
        let number = rows.len() / self.width().max(1);
        rows.extend_from_slice(row);
        Some(local_id(FIRST_ROW + number as u64))
    }

    fn held(&self, id: Id, place: usize) -> Option<Id> {
        let Kind::Local(number) = kind(id) else {
            return None;
        };
        let at = number.checked_sub(FIRST_ROW)? as usize * self.width() + place;
        self.rows.borrow().get(at).copied()
    }

    /// The quads of one of its made-up graphs.
    pub(super) fn quads(
        self: &Rc<Self>,
        view: &View,
        part: usize,
        bound: Bound,
    ) -> Box<dyn Iterator<Item = Numbers>> {
        let table = &self.table;
        let several = !table.rest.is_empty();
        let (subject, object, row) = if part == 0 {
            (table.node, table.other, bound.p.filter(|_| several))
        } else {
            (None, table.rest.get(part - 1).copied(), bound.s)
        };
        if let Some(row) = row {
            let value = |place: Option<usize>, given: Option<Id>| match place {
                Some(place) => self.held(row, place),
                None => given,
            };
            let given = if part == 0 { bound.s } else { Some(row) };
            let predicate = if part == 0 { Some(row) } else { bound.p };
            let quad = (|| {
                let s = value(subject, given)?;
                let o = value(object, bound.o)?;
                let agrees = bound.s.is_none_or(|id| id == s) && bound.o.is_none_or(|id| id == o);
                agrees.then_some([s, predicate?, o, 0])
            })();
            return Box::new(quad.into_iter());
        }
        let mut wanted = vec![None; self.width()];
        if let (Some(place), 0) = (subject, part) {
            wanted[place] = bound.s;
        }
        if let Some(place) = object {
            wanted[place] = bound.o;
        }
        let (held, guard) = (Rc::clone(self), Rc::clone(&view.guard));
        let (s_given, p_given, o_given) = (bound.s, bound.p, bound.o);
        let mut source = self.source(view, &wanted);
        Box::new(iter::from_fn(move || {
            let row = source()?;
            let number = if several {
                let Some(number) = held.hold(&row, &guard) else {
                    guard.spend(u64::MAX / 2);
                    return None;
                };
                Some(number)
            } else {
                None
            };
            let at = |place: Option<usize>, given: Option<Id>| match place {
                Some(place) => row.get(place).copied(),
                None => given,
            };
            let object = at(object, o_given)?;
            if part == 0 {
                Some([at(subject, s_given)?, number.or(p_given)?, object, 0])
            } else {
                Some([number?, p_given?, object, 0])
            }
        }))
    }

    /// Gives row after row that has the wanted values.
    fn source(&self, view: &View, wanted: &[Option<Id>]) -> Box<dyn FnMut() -> Option<Vec<Id>>> {
        match &self.table.content {
            Content::Join => {
                let mut rows = Rows::new(view, &self.table.group, wanted);
                let width = self.width();
                let mut chunk = Vec::new();
                let mut at = 0;
                Box::new(move || {
                    if at >= chunk.len() {
                        chunk = rows.next_chunk();
                        at = 0;
                        if chunk.is_empty() {
                            return None;
                        }
                    }
                    at += width;
                    chunk.get(at - width..at).map(<[Id]>::to_vec)
                })
            }
            Content::Rows(rows) => {
                let (rows, width) = (Rc::clone(rows), self.width().max(1));
                let wanted = wanted.to_vec();
                let mut at = 0;
                Box::new(move || {
                    loop {
                        let row = rows.get(at..at + width)?;
                        at += width;
                        if agrees(row, &wanted) {
                            return Some(row.to_vec());
                        }
                    }
                })
            }
            Content::Counts { keys, counts } => {
                let rows =
                    Rc::clone(self.counted.borrow_mut().get_or_insert_with(|| {
                        Rc::new(count(view, &self.table.group, keys, counts))
                    }));
                let wanted = wanted.to_vec();
                let mut at = 0;
                Box::new(move || {
                    loop {
                        let row = rows.get(at)?;
                        at += 1;
                        if agrees(row, &wanted) {
                            return Some(row.clone());
                        }
                    }
                })
            }
        }
    }
}

fn agrees(row: &[Id], wanted: &[Option<Id>]) -> bool {
    let mut pairs = row.iter().zip(wanted);
    pairs.all(|(held, wanted)| wanted.is_none_or(|id| id == *held))
}

/// Counts the rows of a group by some of its variables.
pub(super) fn count(
    view: &View,
    group: &Rc<Group>,
    keys: &[usize],
    counts: &[Counted],
) -> Vec<Vec<Id>> {
    let number = |count: u64| {
        inline_integer(count).unwrap_or_else(|| view.id(Term::from(Literal::from(count))))
    };
    if let Some(mut folded) = fold::count(view, group, keys, counts) {
        if keys.is_empty() && folded.is_empty() {
            folded.push((Vec::new(), 0));
        }
        let row = |(mut row, count): (Vec<Id>, u64)| {
            row.extend(counts.iter().map(|_| number(count)));
            row
        };
        return folded.into_iter().map(row).collect();
    }
    let different: Vec<usize> = counts
        .iter()
        .filter_map(|counted| match counted {
            Counted::Rows => None,
            Counted::Different(v) => Some(*v),
        })
        .collect();
    let mut tallies = Tallies {
        single: FxHashMap::default(),
        several: FxHashMap::default(),
    };
    let mut all = Tally::new(different.len());
    let mut rows = Rows::new(view, group, &vec![None; group.variables]);
    let width = group.variables;
    let new = || Tally::new(different.len());
    let mut key = Vec::new();
    loop {
        let chunk = rows.next_chunk();
        if chunk.is_empty() {
            break;
        }
        let mut grown = 0;
        for row in chunk.chunks_exact(width) {
            let tally = match keys {
                [] => &mut all,
                [key] => tallies.single.entry(row[*key]).or_insert_with(|| {
                    grown += TALLY_BYTES;
                    new()
                }),
                keys => {
                    key.clear();
                    key.extend(keys.iter().map(|v| row[*v]));
                    if !tallies.several.contains_key(&key[..]) {
                        grown += TALLY_BYTES + size_of_val(&key[..]);
                        tallies.several.insert(key.clone().into(), new());
                    }
                    match tallies.several.get_mut(&key[..]) {
                        Some(tally) => tally,
                        None => &mut all,
                    }
                }
            };
            tally.rows += 1;
            for (set, v) in tally.different.iter_mut().zip(&different) {
                if set.insert(row[*v]) {
                    grown += MEMBER_BYTES;
                }
            }
        }
        view.guard.hold(grown);
    }
    let finish = |key: &[Id], tally: &Tally| -> Vec<Id> {
        let mut sets = tally.different.iter();
        let counted = counts.iter().map(|counted| match counted {
            Counted::Rows => number(tally.rows),
            Counted::Different(_) => number(sets.next().map_or(0, |set| set.len() as u64)),
        });
        key.iter().copied().chain(counted).collect()
    };
    if keys.is_empty() {
        return vec![finish(&[], &all)];
    }
    let single = tallies
        .single
        .iter()
        .map(|(key, tally)| finish(&[*key], tally));
    let several = tallies
        .several
        .iter()
        .map(|(key, tally)| finish(key, tally));
    single.chain(several).collect()
}

struct Tallies {
    single: FxHashMap<Id, Tally>,
    several: FxHashMap<Box<[Id]>, Tally>,
}

struct Tally {
    rows: u64,
    different: Vec<FxHashSet<Id>>,
}

impl Tally {
    fn new(sets: usize) -> Self {
        Self {
            rows: 0,
            different: vec![FxHashSet::default(); sets],
        }
    }
}
