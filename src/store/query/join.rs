//! How are the patterns of a group joined, the smallest first?
//!
//! The evaluator above has no statistics and walks one row at a time. Here a group of triple
//! patterns is joined in chunks of rows: the pattern with the fewest quads drives, and each further
//! pattern is first looked up row by row and, once that has cost as much, read as a whole into an
//! index by the variable that joins it.
#![expect(
    clippy::cast_possible_truncation,
    reason = "rows are counted in memory"
)]

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::dataset::View;
use super::text::TextFilter;
use crate::store::scan::{Guard, Scan, Wanted};
use crate::store::segment::Order;
use crate::store::snapshot::{Bound, Graphs};
use crate::store::terms::{Id, Kind, kind};

/// Looking one row up costs about as much as reading so many quads on the way.
const QUADS_PER_LOOKUP: usize = 24;
const CHUNK_ROWS_MIN: usize = 64;
const CHUNK_ROWS_MAX: usize = 8192;

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Constant(Id),
    Variable(usize),
}

/// Subject, predicate, object.
pub(super) type Pattern = [Slot; 3];

/// Patterns that share variables, and what their texts must fulfil.
pub(super) struct Group {
    pub(super) patterns: Vec<Pattern>,
    pub(super) variables: usize,
    pub(super) filters: Vec<(usize, TextFilter)>,
    pub(super) graphs: Graphs,
    /// It names a term that the store does not have.
    pub(super) impossible: bool,
}

/// The rows of a group, each a number for every variable.
pub(super) struct Rows {
    view: View,
    group: Rc<Group>,
    driver: Driver,
    steps: Vec<Step>,
    chunk: usize,
    width: usize,
}

enum Driver {
    /// One row with what was bound from outside.
    Once(Option<Vec<Id>>),
    Scan {
        pattern: Pattern,
        scan: Box<Scan>,
        start: Vec<Id>,
        known: Vec<bool>,
    },
    Done,
}

/// A pattern to join with the rows so far.
struct Step {
    pattern: Pattern,
    /// Which variables have a value before this step.
    known: Vec<bool>,
    /// Rows that came from the step before, and how many of them are joined.
    waiting: Vec<Id>,
    done: usize,
    lookups: usize,
    /// About how many quads the pattern has without the rows.
    size: usize,
    lookup: Option<Scan>,
    index: Option<Index>,
}

impl Step {
    fn is_waiting(&self) -> bool {
        self.done < self.waiting.len() / self.known.len().max(1)
    }
}

impl Rows {
    /// Plans the join with some variables already bound.
    pub(super) fn new(view: &View, group: &Rc<Group>, bound: &[Option<Id>]) -> Self {
        let mut known: Vec<bool> = bound.iter().map(Option::is_some).collect();
        let start: Vec<Id> = bound.iter().map(|id| id.unwrap_or_default()).collect();
        let mut left: Vec<(Pattern, usize)> = group
            .patterns
            .iter()
            .map(|pattern| (*pattern, size(view, group, pattern, bound)))
            .collect();
        let mut steps = Vec::new();
        let mut driver = Driver::Once(Some(start.clone()));
        if group.impossible {
            left.clear();
            driver = Driver::Done;
        }
        // What is small now drives; a value from outside makes its patterns small.
        if let Some(first) = (0..left.len()).min_by_key(|at| left[*at].1) {
            let (pattern, _) = left.remove(first);
            let scan = Box::new(open(view, group, &pattern, bound));
            driver = Driver::Scan {
                pattern,
                scan,
                start,
                known: known.clone(),
            };
            learn(&pattern, &mut known);
        }
        while !left.is_empty() {
            let rank = |at: &usize| {
                let (pattern, size) = &left[*at];
                let unknown = |slot: &&Slot| matches!(slot, Slot::Variable(v) if !known[*v]);
                let open = pattern.iter().filter(unknown).count();
                let joined = pattern
                    .iter()
                    .any(|s| matches!(s, Slot::Variable(v) if known[*v]));
                (!joined && open > 0, open, *size)
            };
            let Some(next) = (0..left.len()).min_by_key(rank) else {
                break;
            };
            let (pattern, _) = left.remove(next);
            let alone = size(view, group, &pattern, &[]);
            steps.push(Step {
                pattern,
                known: known.clone(),
                waiting: Vec::new(),
                done: 0,
                lookups: 0,
                size: alone,
                lookup: None,
                index: None,
            });
            learn(&pattern, &mut known);
        }
        Self {
            view: view.clone(),
            group: Rc::clone(group),
            driver,
            steps,
            chunk: CHUNK_ROWS_MIN,
            width: group.variables,
        }
    }

    /// The next rows, one after the other in one vector; empty at the end.
    ///
    /// The last step that still has rows to join goes first, so that what is held between the
    /// steps stays small however many rows one row leads to.
    pub(super) fn next_chunk(&mut self) -> Vec<Id> {
        loop {
            let waiting = (0..self.steps.len())
                .rev()
                .find(|at| self.steps[*at].is_waiting());
            let (mut at, mut rows) = match waiting {
                Some(at) => (at + 1, self.join(at)),
                None => match self.drive() {
                    Some(rows) => (0, rows),
                    None => return Vec::new(),
                },
            };
            self.chunk = (self.chunk * 2).min(CHUNK_ROWS_MAX);
            while at < self.steps.len() && !rows.is_empty() {
                self.steps[at].waiting = rows;
                self.steps[at].done = 0;
                rows = self.join(at);
                at += 1;
            }
            if self.view.guard.stopped().is_some() {
                return Vec::new();
            }
            if !rows.is_empty() {
                return rows;
            }
        }
    }

    fn drive(&mut self) -> Option<Vec<Id>> {
        let mut out = Vec::with_capacity(self.width * self.chunk);
        match &mut self.driver {
            Driver::Done => None,
            Driver::Once(row) => {
                let row = row.take();
                self.driver = Driver::Done;
                row
            }
            Driver::Scan {
                pattern,
                scan,
                start,
                known,
            } => {
                let (chunk, width) = (self.chunk, self.width);
                let filters = Filters::new(&self.group, pattern, known);
                let mut read = 0;
                while out.len() < chunk * width {
                    let Some([s, p, o, _]) = scan.next() else {
                        self.driver = Driver::Done;
                        return (!out.is_empty()).then_some(out);
                    };
                    read += 1;
                    extend(
                        start,
                        [s, p, o],
                        pattern,
                        known,
                        &filters,
                        &self.view,
                        &mut out,
                    );
                    // A filter that lets little through must not hold up the look at the clock.
                    if read >= CHUNK_ROWS_MAX && !out.is_empty() {
                        break;
                    }
                }
                Some(out)
            }
        }
    }

    /// Joins some of the rows that wait before a step.
    fn join(&mut self, at: usize) -> Vec<Id> {
        let (view, group, width) = (&self.view, &self.group, self.width);
        let step = &mut self.steps[at];
        let [s, p, o] = step.pattern;
        let known = &step.known;
        let value = |slot: Slot, row: &[Id]| match slot {
            Slot::Constant(id) => Some(id),
            Slot::Variable(v) => known[v].then(|| row[v]),
        };
        let key = match (s, o) {
            (Slot::Variable(v), _) if known[v] => Some((v, Side::Subject)),
            (_, Slot::Variable(v)) if known[v] => Some((v, Side::Object)),
            _ => None,
        };
        if step.index.is_none()
            && let (Some((_, side)), Slot::Constant(p)) = (key, p)
            && step.lookups.saturating_mul(QUADS_PER_LOOKUP) > step.size
            && let Some(index) = Index::read(view, group, [s, Slot::Constant(p), o], side)
        {
            step.index = Some(index);
            step.lookup = None;
        }
        let filters = Filters::new(group, &step.pattern, known);
        let rows = &step.waiting[step.done * width..];
        let mut out = Vec::with_capacity(rows.len());
        let mut done = 0;
        for row in rows.chunks_exact(width) {
            if out.len() >= 2 * CHUNK_ROWS_MAX * width || view.guard.stopped().is_some() {
                break;
            }
            done += 1;
            let mut add = |found: [Id; 3]| {
                extend(row, found, &step.pattern, known, &filters, view, &mut out);
            };
            if let (Some(index), Some((v, side)), Slot::Constant(p)) = (&step.index, key, p) {
                for other in index.get(row[v]) {
                    add(match side {
                        Side::Subject => [row[v], p, *other],
                        Side::Object => [*other, p, row[v]],
                    });
                }
                continue;
            }
            step.lookups += 1;
            // Looking up in the same order each time lets one walk go from row to row.
            let by_subject = value(s, row).is_some();
            let plain = matches!(group.graphs, Graphs::Union | Graphs::Each);
            if plain && (by_subject || value(p, row).is_some()) {
                let scan = step
                    .lookup
                    .get_or_insert_with(|| movable(view, group, by_subject));
                let parts = if by_subject { [s, p, o] } else { [p, o, s] };
                let mut prefix = [0; 3];
                let mut length = 0;
                for id in parts.iter().map_while(|slot| value(*slot, row)) {
                    prefix[length] = id;
                    length += 1;
                }
                scan.go_to(&prefix[..length]);
                for [s, p, o, _] in scan.by_ref() {
                    add([s, p, o]);
                }
                continue;
            }
            let bound = Bound {
                s: value(s, row),
                p: value(p, row),
                o: value(o, row),
            };
            for [s, p, o, _] in
                view.snapshot
                    .pattern(bound, &group.graphs, Some(Rc::clone(&view.guard)))
            {
                add([s, p, o]);
            }
        }
        step.done += done;
        view.guard.spend((done + out.len() / width) as u64);
        out
    }
}

/// A walk for looking up row after row.
fn movable(view: &View, group: &Group, by_subject: bool) -> Scan {
    let order = if by_subject { Order::Spog } else { Order::Posg };
    let distinct = matches!(group.graphs, Graphs::Union);
    let wanted = Wanted {
        distinct,
        ..Wanted::default()
    };
    Scan::movable(
        &view.snapshot.state.layers,
        order,
        wanted,
        Some(Rc::clone(&view.guard)),
    )
}

fn learn(pattern: &Pattern, known: &mut [bool]) {
    for slot in pattern {
        if let Slot::Variable(v) = slot {
            known[*v] = true;
        }
    }
}

fn bound_parts([s, p, o]: &Pattern, bound: &[Option<Id>]) -> Bound {
    let value = |slot: &Slot| match slot {
        Slot::Constant(id) => Some(*id),
        Slot::Variable(v) => bound.get(*v).copied().flatten(),
    };
    Bound {
        s: value(s),
        p: value(p),
        o: value(o),
    }
}

fn size(view: &View, group: &Group, pattern: &Pattern, bound: &[Option<Id>]) -> usize {
    let parts = bound_parts(pattern, bound);
    let anywhere = view.snapshot.estimate(parts);
    match group.graphs {
        Graphs::One(graph) => anywhere.min(view.snapshot.graph_size(graph)),
        Graphs::Each | Graphs::Union | Graphs::UnionOf(_) => anywhere,
    }
}

fn open(view: &View, group: &Group, pattern: &Pattern, bound: &[Option<Id>]) -> Scan {
    let parts = bound_parts(pattern, bound);
    view.snapshot
        .pattern(parts, &group.graphs, Some(Rc::clone(&view.guard)))
}

/// The filters on variables that a pattern binds for the first time.
struct Filters<'a>(Vec<(usize, &'a TextFilter)>);

impl<'a> Filters<'a> {
    fn new(group: &'a Group, pattern: &Pattern, known: &[bool]) -> Self {
        let new = |v: usize| !known[v] && pattern.contains(&Slot::Variable(v));
        let mine = group
            .filters
            .iter()
            .filter(|(v, _)| new(*v))
            .map(|(v, f)| (*v, f));
        Self(mine.collect())
    }
}

/// Adds the row that a found triple makes of a row, if they agree.
#[inline]
fn extend(
    row: &[Id],
    found: [Id; 3],
    pattern: &Pattern,
    known: &[bool],
    filters: &Filters<'_>,
    view: &View,
    out: &mut Vec<Id>,
) {
    let from = out.len();
    out.extend_from_slice(row);
    for (place, slot) in pattern.iter().enumerate() {
        match slot {
            Slot::Constant(id) if *id != found[place] => {
                out.truncate(from);
                return;
            }
            Slot::Constant(_) => (),
            Slot::Variable(v) => {
                let earlier = pattern[..place].contains(slot);
                if (known[*v] || earlier) && out[from + v] != found[place] {
                    out.truncate(from);
                    return;
                }
                out[from + v] = found[place];
            }
        }
    }
    for (v, filter) in &filters.0 {
        if !passes(view, out[from + v], filter) {
            out.truncate(from);
            return;
        }
    }
}

fn passes(view: &View, id: Id, filter: &TextFilter) -> bool {
    match kind(id) {
        Kind::Dictionary(place) => view
            .with_bytes(place, |bytes| filter.accepts(bytes))
            .unwrap_or(false),
        Kind::Inline | Kind::Local(_) => match view.term(id) {
            Ok(term) => {
                let mut bytes = Vec::new();
                crate::store::terms::encode(term.as_ref(), &mut bytes);
                filter.accepts(&bytes)
            }
            Err(_) => false,
        },
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Subject,
    Object,
}

/// The quads of a pattern by one of its sides: for each value of it, those of the other.
enum Index {
    /// Numbers that lie close together: an array from number to where its values begin.
    Dense {
        least: Id,
        starts: Vec<u32>,
        others: Vec<Id>,
    },
    Sparse {
        places: FxHashMap<Id, (u32, u32)>,
        others: Vec<Id>,
    },
}

impl Index {
    fn read(view: &View, group: &Group, pattern: Pattern, side: Side) -> Option<Self> {
        let scan = open(view, group, &pattern, &[]);
        let mut pairs: Vec<(Id, Id)> = scan
            .map(|[s, _, o, _]| match side {
                Side::Subject => (s, o),
                Side::Object => (o, s),
            })
            .collect();
        if view.guard.stopped().is_some() || u32::try_from(pairs.len()).is_err() {
            return None;
        }
        let least = pairs.iter().map(|(key, _)| *key).min().unwrap_or_default();
        let most = pairs.iter().map(|(key, _)| *key).max().unwrap_or_default();
        // Numbers of the dictionary are even.
        let range = ((most - least) / 2) as usize;
        let even = pairs.iter().all(|(key, _)| key & 1 == 0);
        if even && range <= 8 * pairs.len() + Guard::STRIDE as usize {
            let mut starts = vec![0_u32; range + 2];
            for (key, _) in &pairs {
                starts[((key - least) / 2) as usize + 1] += 1;
            }
            for at in 1..starts.len() {
                starts[at] += starts[at - 1];
            }
            let mut next = starts.clone();
            let mut others = vec![0; pairs.len()];
            for (key, other) in pairs {
                let place = &mut next[((key - least) / 2) as usize];
                others[*place as usize] = other;
                *place += 1;
            }
            return Some(Self::Dense {
                least,
                starts,
                others,
            });
        }
        pairs.sort_unstable();
        let mut places: FxHashMap<Id, (u32, u32)> = FxHashMap::default();
        for (at, (key, _)) in pairs.iter().enumerate() {
            places.entry(*key).or_insert((at as u32, at as u32)).1 = at as u32 + 1;
        }
        let others = pairs.into_iter().map(|(_, other)| other).collect();
        Some(Self::Sparse { places, others })
    }

    #[inline]
    fn get(&self, key: Id) -> &[Id] {
        let (range, others) = match self {
            Self::Dense {
                least,
                starts,
                others,
            } => {
                let at = (key.wrapping_sub(*least) / 2) as usize;
                if key < *least || key & 1 == 1 || at + 1 >= starts.len() {
                    return &[];
                }
                (starts[at] as usize..starts[at + 1] as usize, others)
            }
            Self::Sparse { places, others } => match places.get(&key) {
                Some((from, to)) => (*from as usize..*to as usize, others),
                None => return &[],
            },
        };
        &others[range]
    }
}
