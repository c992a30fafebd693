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
use super::path::{Paths, Walk};
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

/// Rows that are known before the join: of `VALUES`, of a search, of a hierarchy.
pub(super) struct Given {
    /// Which variable each number of a row is for.
    pub(super) variables: Vec<usize>,
    /// One row after the other.
    pub(super) rows: Vec<Id>,
}

/// A property path between two places.
pub(super) struct PathPattern {
    pub(super) subject: Slot,
    pub(super) path: Walk,
    pub(super) object: Slot,
}

/// Patterns that share variables, and what their texts must fulfil.
#[derive(Default)]
pub(super) struct Group {
    pub(super) patterns: Vec<Pattern>,
    pub(super) givens: Vec<Given>,
    pub(super) paths: Vec<PathPattern>,
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

/// What a step joins with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Quads(Pattern),
    Given(usize),
    Path(usize),
}

impl Part {
    /// The variables that are bound after it.
    pub(super) fn variables(self, group: &Group) -> Vec<usize> {
        let of = |slots: &[Slot]| {
            let variable = |slot: &Slot| match slot {
                Slot::Variable(v) => Some(*v),
                Slot::Constant(_) => None,
            };
            slots.iter().filter_map(variable).collect()
        };
        match self {
            Self::Quads(pattern) => of(&pattern),
            Self::Given(n) => group.givens[n].variables.clone(),
            Self::Path(n) => of(&[group.paths[n].subject, group.paths[n].object]),
        }
    }
}

enum Driver {
    /// One row with what was bound from outside.
    Once(Option<Vec<Id>>),
    /// Rows that were joined before.
    Held {
        rows: Vec<Id>,
        at: usize,
    },
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
    part: Part,
    /// Which variables have a value before this step.
    known: Vec<bool>,
    /// Rows that came from the step before, and how many of them are joined.
    waiting: Vec<Id>,
    done: usize,
    lookups: usize,
    /// About how many quads the pattern has without the rows.
    size: usize,
    lookup: Option<Scan>,
    found: Found,
    index: Option<Index>,
    /// Of known rows: the values of the variable that joins them, with the numbers of their rows.
    places: Option<(usize, Vec<(Id, u32)>)>,
    paths: Paths,
}

/// What was looked up before: many rows lead to the same few things, such as the publisher of all
/// datasets of a catalogue.
#[derive(Default)]
struct Found {
    ranges: FxHashMap<[Id; 3], (usize, usize)>,
    triples: Vec<[Id; 3]>,
}

impl Found {
    const KEYS_MAX: usize = 1024;
    const TRIPLES_MAX: usize = 32 * 1024;

    fn get(&self, key: &[Id; 3]) -> Option<&[[Id; 3]]> {
        let (from, to) = *self.ranges.get(key)?;
        self.triples.get(from..to)
    }

    /// Takes a triple of the look-up that runs, if there is room.
    fn push(&mut self, triple: [Id; 3]) -> bool {
        let room = self.ranges.len() < Self::KEYS_MAX && self.triples.len() < Self::TRIPLES_MAX;
        if room {
            self.triples.push(triple);
        }
        room
    }

    /// Ends a look-up: it is kept when all of it was taken.
    fn end(&mut self, key: [Id; 3], from: usize, is_whole: bool) {
        if is_whole && self.ranges.len() < Self::KEYS_MAX {
            self.ranges.insert(key, (from, self.triples.len()));
        } else {
            self.triples.truncate(from);
        }
    }
}

impl Step {
    fn new(part: Part, known: &[bool], size: usize) -> Self {
        Self {
            part,
            known: known.to_vec(),
            waiting: Vec::new(),
            done: 0,
            lookups: 0,
            size,
            lookup: None,
            found: Found::default(),
            index: None,
            places: None,
            paths: Paths::default(),
        }
    }

    fn is_waiting(&self) -> bool {
        self.done < self.waiting.len() / self.known.len().max(1)
    }
}

impl Rows {
    /// Plans the join with some variables already bound.
    pub(super) fn new(view: &View, group: &Rc<Group>, bound: &[Option<Id>]) -> Self {
        Self::of(view, group, bound, parts(view, group, bound))
    }

    /// Plans the join of some of the parts.
    pub(super) fn of(
        view: &View,
        group: &Rc<Group>,
        bound: &[Option<Id>],
        mut left: Vec<(Part, usize)>,
    ) -> Self {
        let mut known: Vec<bool> = bound.iter().map(Option::is_some).collect();
        let start: Vec<Id> = bound.iter().map(|id| id.unwrap_or_default()).collect();
        let mut driver = Driver::Once(Some(start.clone()));
        if group.impossible {
            left.clear();
            driver = Driver::Done;
        }
        // What is small now drives; a value from outside makes its patterns small.
        if let Some(first) = (0..left.len()).min_by_key(|at| left[*at].1)
            && let (Part::Quads(pattern), _) = left[first]
        {
            left.remove(first);
            let scan = Box::new(open(view, group, &pattern, bound));
            driver = Driver::Scan {
                pattern,
                scan,
                start,
                known: known.clone(),
            };
            learn(Part::Quads(pattern), group, &mut known);
        }
        Self::planned(view, group, driver, known, left)
    }

    /// Goes on with rows that have some variables, in their order.
    pub(super) fn resume(
        view: &View,
        group: &Rc<Group>,
        rows: Vec<Id>,
        before: &[Part],
        left: Vec<(Part, usize)>,
    ) -> Self {
        let mut known = vec![false; group.variables];
        for part in before {
            learn(*part, group, &mut known);
        }
        let driver = Driver::Held { rows, at: 0 };
        Self::planned(view, group, driver, known, left)
    }

    fn planned(
        view: &View,
        group: &Rc<Group>,
        driver: Driver,
        mut known: Vec<bool>,
        mut left: Vec<(Part, usize)>,
    ) -> Self {
        let mut steps = Vec::new();
        while !left.is_empty() {
            let rank = |at: &usize| {
                let (part, size) = &left[*at];
                let variables = part.variables(group);
                let open = variables.iter().filter(|v| !known[**v]).count();
                let joined = open < variables.len();
                // A path from anywhere to anywhere waits until one of its ends is known.
                let lost = matches!(part, Part::Path(_)) && open == 2;
                (lost, !joined && open > 0, open, *size)
            };
            let Some(next) = (0..left.len()).min_by_key(rank) else {
                break;
            };
            let (part, _) = left.remove(next);
            let alone = match part {
                Part::Quads(pattern) => size(view, group, &pattern, &[]),
                Part::Given(_) | Part::Path(_) => 0,
            };
            steps.push(Step::new(part, &known, alone));
            learn(part, group, &mut known);
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

    /// All rows; `None` if they are too many to be held.
    pub(super) fn all(mut self) -> Option<Vec<Id>> {
        let mut rows = Vec::new();
        loop {
            let chunk = self.next_chunk();
            if chunk.is_empty() {
                return self.view.guard.stopped().is_none().then_some(rows);
            }
            rows.extend_from_slice(&chunk);
            if !self.view.guard.fits(size_of_val(&rows[..])) {
                return None;
            }
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
            Driver::Held { rows, at } => {
                let end = (*at + self.chunk * self.width).min(rows.len());
                out.extend_from_slice(&rows[*at..end]);
                *at = end;
                (!out.is_empty()).then_some(out)
            }
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
        match step.part {
            Part::Quads(pattern) => join_quads(view, group, width, step, pattern),
            Part::Given(n) => join_given(view, group, width, step, &group.givens[n]),
            Part::Path(n) => join_path(view, group, width, step, &group.paths[n]),
        }
    }
}

fn join_quads(
    view: &View,
    group: &Group,
    width: usize,
    step: &mut Step,
    pattern: Pattern,
) -> Vec<Id> {
    let [s, p, o] = pattern;
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
    let filters = Filters::new(group, &pattern, known);
    let rows = &step.waiting[step.done * width..];
    let mut out = Vec::with_capacity(rows.len());
    let mut done = 0;
    for row in rows.chunks_exact(width) {
        if out.len() >= 2 * CHUNK_ROWS_MAX * width || view.guard.stopped().is_some() {
            break;
        }
        done += 1;
        let mut add = |found: [Id; 3]| {
            extend(row, found, &pattern, known, &filters, view, &mut out);
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
        // Looking up in the same order each time lets one walk go from row to row.
        let by_subject = value(s, row).is_some();
        let plain = matches!(group.graphs, Graphs::Union);
        if plain && (by_subject || value(p, row).is_some()) {
            let scan = step.lookup.get_or_insert_with(|| movable(view, by_subject));
            let parts = if by_subject { [s, p, o] } else { [p, o, s] };
            let mut prefix = [0; 3];
            let mut length = 0;
            for id in parts.iter().map_while(|slot| value(*slot, row)) {
                prefix[length] = id;
                length += 1;
            }
            if let Some(found) = step.found.get(&prefix) {
                for triple in found {
                    add(*triple);
                }
                continue;
            }
            step.lookups += 1;
            scan.go_to(&prefix[..length]);
            let (from, mut is_whole) = (step.found.triples.len(), true);
            for [s, p, o, _] in scan.by_ref() {
                add([s, p, o]);
                is_whole = is_whole && step.found.push([s, p, o]);
            }
            step.found.end(prefix, from, is_whole);
            continue;
        }
        step.lookups += 1;
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

/// Joins with rows that are known, by the first of their variables that has a value.
fn join_given(view: &View, group: &Group, width: usize, step: &mut Step, given: &Given) -> Vec<Id> {
    let wide = given.variables.len();
    let known = &step.known;
    let key = given.variables.iter().position(|v| known[*v]);
    let places = key.map(|place| {
        &*step.places.get_or_insert_with(|| {
            let rows = given.rows.chunks_exact(wide);
            let mut places: Vec<(Id, u32)> =
                rows.zip(0..).map(|(row, n)| (row[place], n)).collect();
            places.sort_unstable();
            (given.variables[place], places)
        })
    });
    let filters: Vec<(usize, &TextFilter)> = group
        .filters
        .iter()
        .filter(|(v, _)| !known[*v] && given.variables.contains(v))
        .map(|(v, filter)| (*v, filter))
        .collect();
    let mut out = Vec::new();
    let mut done = 0;
    let mut add = |row: &[Id], number: usize| {
        let from = out.len();
        out.extend_from_slice(row);
        let values = &given.rows[number * wide..(number + 1) * wide];
        for (place, (v, value)) in given.variables.iter().zip(values).enumerate() {
            let earlier = known[*v] || given.variables[..place].contains(v);
            if earlier && out[from + v] != *value {
                out.truncate(from);
                return;
            }
            out[from + v] = *value;
        }
        if !filters
            .iter()
            .all(|(v, filter)| passes(view, out[from + v], filter))
        {
            out.truncate(from);
        }
    };
    let mut made = 0;
    for row in step.waiting[step.done * width..].chunks_exact(width) {
        if made >= 2 * CHUNK_ROWS_MAX || view.guard.stopped().is_some() {
            break;
        }
        done += 1;
        match places {
            Some((v, places)) => {
                let key = row[*v];
                let from = places.partition_point(|(held, _)| *held < key);
                for (_, number) in places[from..].iter().take_while(|(held, _)| *held == key) {
                    made += 1;
                    add(row, *number as usize);
                }
            }
            None => {
                for number in 0..given.rows.len() / wide {
                    made += 1;
                    add(row, number);
                }
            }
        }
    }
    step.done += done;
    view.guard.spend((done + made) as u64);
    out
}

/// Walks a path from the end that is known.
fn join_path(
    view: &View,
    group: &Group,
    width: usize,
    step: &mut Step,
    pattern: &PathPattern,
) -> Vec<Id> {
    let PathPattern {
        subject,
        path,
        object,
    } = pattern;
    let known = &step.known;
    let quads = [*subject, Slot::Constant(0), *object];
    let filters = Filters::new(group, &quads, known);
    let mut out = Vec::new();
    let mut done = 0;
    for row in step.waiting[step.done * width..].chunks_exact(width) {
        if out.len() >= 2 * CHUNK_ROWS_MAX * width || view.guard.stopped().is_some() {
            break;
        }
        done += 1;
        let value = |slot: &Slot| match slot {
            Slot::Constant(id) => Some(*id),
            Slot::Variable(v) => known[*v].then(|| row[*v]),
        };
        let mut add = |s, o| extend(row, [s, 0, o], &quads, known, &filters, view, &mut out);
        match (value(subject), value(object)) {
            // A path of no length between variables stays among the nodes of the graph (§18.4).
            (Some(s), _)
                if matches!(subject, Slot::Variable(_))
                    && path.may_be_empty()
                    && !step.paths.has_node(view, &group.graphs, s) => {}
            (None, Some(o))
                if path.may_be_empty() && !step.paths.has_node(view, &group.graphs, o) => {}
            (Some(s), _) => {
                for o in &*step.paths.from(view, &group.graphs, path, s) {
                    add(s, *o);
                }
            }
            (None, Some(o)) => {
                for s in &*step.paths.to(view, &group.graphs, path, o) {
                    add(*s, o);
                }
            }
            (None, None) => {
                for s in &*step.paths.starts(view, &group.graphs, path) {
                    for o in &*step.paths.from(view, &group.graphs, path, *s) {
                        add(*s, *o);
                    }
                    if view.guard.stopped().is_some() {
                        break;
                    }
                }
            }
        }
    }
    step.done += done;
    view.guard.spend((done + out.len() / width) as u64);
    out
}

/// The parts of a group with about how many rows each has.
pub(super) fn parts(view: &View, group: &Group, bound: &[Option<Id>]) -> Vec<(Part, usize)> {
    let quads = group.patterns.iter();
    let quads = quads.map(|pattern| (Part::Quads(*pattern), size(view, group, pattern, bound)));
    let given = |(n, given): (usize, &Given)| {
        let wide = given.variables.len().max(1);
        (Part::Given(n), given.rows.len() / wide)
    };
    let givens = group.givens.iter().enumerate().map(given);
    let paths = (0..group.paths.len()).map(|n| (Part::Path(n), usize::MAX));
    quads.chain(givens).chain(paths).collect()
}

/// A walk for looking up row after row.
fn movable(view: &View, by_subject: bool) -> Scan {
    let order = if by_subject { Order::Spog } else { Order::Posg };
    let wanted = Wanted {
        distinct: true,
        ..Wanted::default()
    };
    Scan::movable(
        &view.snapshot.state.layers,
        order,
        wanted,
        Some(Rc::clone(&view.guard)),
    )
}

fn learn(part: Part, group: &Group, known: &mut [bool]) {
    for v in part.variables(group) {
        known[v] = true;
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

pub(super) fn size(view: &View, group: &Group, pattern: &Pattern, bound: &[Option<Id>]) -> usize {
    let parts = bound_parts(pattern, bound);
    let anywhere = view.snapshot.estimate(parts);
    match group.graphs {
        Graphs::One(graph) => anywhere.min(view.snapshot.graph_size(graph)),
        Graphs::Each(_) | Graphs::Union | Graphs::UnionOf(_) => anywhere,
    }
}

pub(super) fn open(view: &View, group: &Group, pattern: &Pattern, bound: &[Option<Id>]) -> Scan {
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

pub(super) fn passes(view: &View, id: Id, filter: &TextFilter) -> bool {
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
pub(super) enum Side {
    Subject,
    Object,
}

/// The quads of a pattern by one of its sides: for each value of it, those of the other.
pub(super) enum Index {
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
    pub(super) fn read(view: &View, group: &Group, pattern: Pattern, side: Side) -> Option<Self> {
        let mut pairs: Vec<(Id, Id)> = Vec::new();
        open(view, group, &pattern, &[]).each(|[s, _, o, _]| {
            pairs.push(match side {
                Side::Subject => (s, o),
                Side::Object => (o, s),
            });
        });
        let bytes = 4 * pairs.len() * size_of::<Id>();
        if !view.guard.hold(bytes) || u32::try_from(pairs.len()).is_err() {
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
    pub(super) fn get(&self, key: Id) -> &[Id] {
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
