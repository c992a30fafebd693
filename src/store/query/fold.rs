//! How are stars counted without making their rows?
//!
//! Most counts of a catalogue are over stars: things of a class with some values, by another value.
//! The things that have the fixed values become a set of bits; the counted property is read once,
//! in the order of its values, and each run of a value is counted. What else the query asks of the
//! values is joined with these few rows, each with its weight.
#![expect(
    clippy::cast_possible_truncation,
    reason = "what is counted here is held in memory"
)]

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::dataset::View;
use super::join::{Given, Group, Index, Pattern, Rows, Side, Slot, open, passes, size};
use super::table::Counted;
use crate::store::scan::Scan;
use crate::store::scan::Wanted;
use crate::store::segment::Order;
use crate::store::snapshot::{Graphs, KeptCounts, Members};
use crate::store::terms::Id;

/// Looking a subject up costs about as much as reading so many quads on the way.
const QUADS_PER_LOOKUP: usize = 24;
/// So many subjects make a set worth keeping for the next query over the same state …
const KEPT_COUNT_MIN: u64 = 20_000;
/// … and so many sets are kept.
const KEPT_SETS_MAX: usize = 4;
/// Counts over so many quads are kept for the next query over the same state, where they differ in what is
/// shown of them: labels, order, limit …
const KEPT_QUADS_MIN: usize = if cfg!(test) { 2 } else { 10_000 };
/// … so many of them, with so many values each at most.
const KEPT_COUNTS_MAX: usize = 32;
const KEPT_VALUES_MAX: usize = 4_096;

/// The counts of the rows of a group by some of its variables, or `None` if it is no star of which
/// this can be said.
pub(super) fn count(
    view: &View,
    group: &Rc<Group>,
    keys: &[usize],
    counts: &[Counted],
) -> Option<Vec<(Vec<Id>, u64)>> {
    if let Some(whole) = whole(view, group, keys, counts) {
        return Some(whole);
    }
    let star = Star::find(view, group, keys, counts)?;
    let mut weighted = star.weigh(view, group)?;
    for (v, filter) in &group.filters {
        if let Some(place) = weighted.variables.iter().position(|held| held == v) {
            let mut known: FxHashMap<Id, bool> = FxHashMap::default();
            weighted.rows.retain(|(row, _)| {
                *known
                    .entry(row[place])
                    .or_insert_with(|| passes(view, row[place], filter))
            });
        }
    }
    if view.guard.stopped().is_some() {
        return None;
    }
    let different = counts.iter().all(|c| matches!(c, Counted::Different(_)));
    star.finish(view, group, keys, weighted, different)
}

/// Counts of one pattern alone, over everything or by property.
fn whole(
    view: &View,
    group: &Group,
    keys: &[usize],
    counts: &[Counted],
) -> Option<Vec<(Vec<Id>, u64)>> {
    let [pattern] = group.patterns[..] else {
        return None;
    };
    let alone = group.filters.is_empty() && group.givens.is_empty() && group.paths.is_empty();
    let rows = counts.iter().all(|c| matches!(c, Counted::Rows));
    let [s, p, o] = pattern;
    let same = |a: Slot, b: Slot| matches!(a, Slot::Variable(_)) && a == b;
    if group.impossible || !alone || !rows || same(s, p) || same(s, o) || same(p, o) {
        return None;
    }
    let size = |p: Slot| {
        let mut size = 0_u64;
        open(view, group, &[s, p, o], &[]).each(|_| size += 1);
        size
    };
    match (keys, p) {
        ([], _) => {
            let everything = [s, p, o]
                .iter()
                .all(|slot| matches!(slot, Slot::Variable(_)));
            let known = view.snapshot.known_triples();
            let known = known.filter(|_| everything && matches!(group.graphs, Graphs::Union));
            let count = known.unwrap_or_else(|| size(p));
            Some(vec![(Vec::new(), count)])
        }
        ([key], Slot::Variable(v)) if v == *key => {
            let each = view.snapshot.predicates().iter();
            let each = each.map(|id| (vec![*id], size(Slot::Constant(*id))));
            Some(each.filter(|(_, count)| *count > 0).collect())
        }
        _ => None,
    }
}

/// A thing with its properties.
struct Star {
    subject: usize,
    /// Property and value that it must have; without a value: any.
    members: Vec<(Id, Option<Id>)>,
    /// Property and one of several values that it must have.
    among: Vec<(Id, usize)>,
    /// Properties whose values are asked for.
    open: Vec<(Id, usize)>,
    rest: Vec<Pattern>,
}

/// Values of the open properties with how many things have them.
struct Weighted {
    variables: Vec<usize>,
    rows: Vec<([Id; 2], u64)>,
}

impl Star {
    /// The variable that stands only as the subject of the most patterns, if the counts can be told
    /// without it.
    fn find(view: &View, group: &Group, keys: &[usize], counts: &[Counted]) -> Option<Self> {
        if group.impossible || !group.paths.is_empty() || !matches!(group.graphs, Graphs::Union) {
            return None;
        }
        let candidates = (0..group.variables).filter(|v| {
            let free = !keys.contains(v)
                && group.filters.iter().all(|(filtered, _)| filtered != v)
                && group
                    .givens
                    .iter()
                    .all(|given| !given.variables.contains(v));
            let as_subject = |[s, p, o]: &Pattern| {
                let wanted = Slot::Variable(*v);
                *p != wanted && *o != wanted && (*s != wanted || matches!(p, Slot::Constant(_)))
            };
            let counted = |counted: &Counted| match counted {
                Counted::Rows => true,
                Counted::Different(other) => other == v,
            };
            free && group.patterns.iter().all(as_subject) && counts.iter().all(counted)
        });
        let reach = |v: &usize| {
            let mine = group
                .patterns
                .iter()
                .filter(|[s, ..]| *s == Slot::Variable(*v));
            mine.map(|pattern| size(view, group, pattern, &[]))
                .sum::<usize>()
        };
        let subject = candidates.max_by_key(reach).filter(|v| reach(v) > 0)?;
        let mut star = Self {
            subject,
            members: Vec::new(),
            among: Vec::new(),
            open: Vec::new(),
            rest: Vec::new(),
        };
        let different = counts.iter().all(|c| matches!(c, Counted::Different(_)));
        for pattern in &group.patterns {
            match pattern {
                [Slot::Variable(v), Slot::Constant(p), Slot::Constant(o)] if *v == subject => {
                    star.members.push((*p, Some(*o)));
                }
                [Slot::Variable(v), Slot::Constant(p), Slot::Variable(o)] if *v == subject => {
                    // When different things are counted, a value that nobody looks at only has to be.
                    let use_of = Use::of(group, keys, pattern, *o);
                    match use_of {
                        Use::Nowhere if different => star.members.push((*p, None)),
                        Use::Given(n) if different => star.among.push((*p, n)),
                        _ if star.open.iter().any(|(_, held)| held == o) => return None,
                        _ => star.open.push((*p, *o)),
                    }
                }
                other => star.rest.push(*other),
            }
        }
        if star.open.len() > 2 {
            return None;
        }
        // Different things can be told only where the values are told apart.
        let apart = star.open.iter().all(|(_, v)| keys.contains(v));
        let some_different = counts.iter().any(|c| matches!(c, Counted::Different(_)));
        let tellable = !some_different || (different && apart);
        tellable.then_some(star)
    }

    fn weigh(&self, view: &View, group: &Group) -> Option<Weighted> {
        let variables = self.open.iter().map(|(_, v)| *v).collect();
        let key = self.key();
        if let Some(rows) = key.as_ref().and_then(|key| remembered(view, key)) {
            return Some(Weighted { variables, rows });
        }
        let things = self.things(view, group)?;
        let rows = match self.open[..] {
            [] => vec![([0, 0], things.as_ref()?.count())],
            [(p, _)] => one(view, group, things.as_ref(), p)?,
            [first, second, ..] => two(view, group, things.as_ref(), first.0, second.0)?,
        };
        if let Some(key) = key {
            keep(view, group, key, &rows);
        }
        Some(Weighted { variables, rows })
    }

    /// What the values of the one open property are counted among, if that is said by values alone.
    fn key(&self) -> Option<(Vec<(Id, Id)>, Id)> {
        let [(property, _)] = self.open[..] else {
            return None;
        };
        let members = self.members.iter().map(|(p, o)| Some((*p, (*o)?)));
        let mut among = members.collect::<Option<Vec<_>>>()?;
        among.sort_unstable();
        self.among.is_empty().then_some((among, property))
    }

    /// The things that have all the fixed values; within, `None` if nothing is fixed.
    #[expect(clippy::option_option, reason = "stopped, or everything, or some")]
    fn things(&self, view: &View, group: &Group) -> Option<Option<Things>> {
        let mut conditions: Vec<(usize, Vec<Pattern>)> = Vec::new();
        let subject = Slot::Variable(self.subject);
        for (p, o) in &self.members {
            let object = o.map_or(Slot::Variable(usize::MAX), Slot::Constant);
            let pattern = [subject, Slot::Constant(*p), object];
            conditions.push((size(view, group, &pattern, &[]), vec![pattern]));
        }
        for (p, n) in &self.among {
            let mut values = group.givens[*n].rows.clone();
            values.sort_unstable();
            values.dedup();
            let patterns = values.into_iter();
            let patterns: Vec<Pattern> = patterns
                .map(|o| [subject, Slot::Constant(*p), Slot::Constant(o)])
                .collect();
            let total = patterns.iter().map(|one| size(view, group, one, &[])).sum();
            conditions.push((total, patterns));
        }
        conditions.sort_by_key(|(size, _)| *size);
        let mut things: Option<Things> = None;
        for (size, patterns) in conditions {
            let narrowed = match &things {
                Some(held) if held.count() as usize * QUADS_PER_LOOKUP < size => {
                    held.narrowed(view, &patterns)
                }
                Some(held) => {
                    let mut read = Things::read(view, group, &patterns)?;
                    read.keep(held);
                    read
                }
                None => Things::read(view, group, &patterns)?,
            };
            things = Some(narrowed);
            if view.guard.stopped().is_some() {
                return None;
            }
        }
        Some(things)
    }

    /// Joins what is left with the weighted values, and sums by the keys.
    fn finish(
        &self,
        view: &View,
        group: &Rc<Group>,
        keys: &[usize],
        weighted: Weighted,
        different: bool,
    ) -> Option<Vec<(Vec<Id>, u64)>> {
        let used: Vec<usize> = self.among.iter().map(|(_, n)| *n).collect();
        let givens = group.givens.iter().enumerate();
        let givens = givens.filter(|(n, _)| !used.contains(n));
        let mut givens: Vec<Given> = givens
            .map(|(_, given)| Given {
                variables: given.variables.clone(),
                rows: given.rows.clone(),
            })
            .collect();
        let mut sums: FxHashMap<Vec<Id>, u64> = FxHashMap::default();
        let mut add = |key: Vec<Id>, weight: u64| {
            let sum = sums.entry(key).or_default();
            // The same things stand behind every row of a key.
            *sum = if different { weight } else { *sum + weight };
        };
        if self.rest.is_empty() && givens.is_empty() {
            let place = |key: &usize| weighted.variables.iter().position(|held| held == key);
            let places: Option<Vec<usize>> = keys.iter().map(place).collect();
            let places = places?;
            for (row, weight) in weighted.rows {
                add(places.iter().map(|place| row[*place]).collect(), weight);
            }
            return Some(sums.into_iter().collect());
        }
        // One number more in each row for its weight.
        let weight = group.variables;
        let wide = weighted.variables.len();
        let flat = weighted.rows.iter();
        let flat = flat.flat_map(|(row, weight)| row[..wide].iter().copied().chain([*weight]));
        givens.push(Given {
            rows: flat.collect(),
            variables: weighted.variables.into_iter().chain([weight]).collect(),
        });
        let open: Vec<usize> = self.open.iter().map(|(_, v)| *v).collect();
        let filters = group.filters.iter();
        let filters = filters.filter(|(v, _)| !open.contains(v));
        let reduced = Rc::new(Group {
            patterns: self.rest.clone(),
            givens,
            paths: Vec::new(),
            variables: group.variables + 1,
            filters: filters.cloned().collect(),
            graphs: group.graphs.clone(),
            impossible: false,
        });
        let mut rows = Rows::new(view, &reduced, &vec![None; reduced.variables]);
        let mut key = Vec::new();
        loop {
            let chunk = rows.next_chunk();
            if chunk.is_empty() {
                break;
            }
            for row in chunk.chunks_exact(reduced.variables) {
                key.clear();
                key.extend(keys.iter().map(|v| row[*v]));
                if let Some(sum) = sums.get_mut(&key) {
                    *sum = if different {
                        row[weight]
                    } else {
                        *sum + row[weight]
                    };
                } else {
                    sums.insert(key.clone(), row[weight]);
                }
            }
        }
        Some(sums.into_iter().collect())
    }
}

/// Where else the value of a pattern is looked at.
enum Use {
    Nowhere,
    /// Only in known rows, which have nothing else.
    Given(usize),
    Elsewhere,
}

impl Use {
    fn of(group: &Group, keys: &[usize], pattern: &Pattern, v: usize) -> Self {
        let wanted = Slot::Variable(v);
        let patterns = group.patterns.iter();
        let times = patterns.flatten().filter(|slot| **slot == wanted).count();
        let once = times == 1 && pattern[2] == wanted;
        if !once || keys.contains(&v) || group.filters.iter().any(|(held, _)| *held == v) {
            return Self::Elsewhere;
        }
        let givens = group.givens.iter().enumerate();
        let mut mine = givens.filter(|(_, given)| given.variables.contains(&v));
        match (mine.next(), mine.next()) {
            (None, _) => Self::Nowhere,
            (Some((n, given)), None) if given.variables == [v] => Self::Given(n),
            _ => Self::Elsewhere,
        }
    }
}

/// What an earlier query over the same state has counted.
fn remembered(view: &View, (among, property): &(Vec<(Id, Id)>, Id)) -> Option<Vec<([Id; 2], u64)>> {
    let kept = view.snapshot.state.counts.lock();
    let is_it = |one: &&KeptCounts| one.property == *property && one.among == *among;
    let rows = kept.iter().find(is_it)?.rows.iter();
    Some(rows.map(|(o, count)| ([*o, 0], *count)).collect())
}

/// Keeps counts that took long for others.
fn keep(
    view: &View,
    group: &Group,
    (among, property): (Vec<(Id, Id)>, Id),
    rows: &[([Id; 2], u64)],
) {
    let pattern = [
        Slot::Variable(0),
        Slot::Constant(property),
        Slot::Variable(1),
    ];
    let long = size(view, group, &pattern, &[]) >= KEPT_QUADS_MIN;
    if !long || rows.len() > KEPT_VALUES_MAX || view.guard.stopped().is_some() {
        return;
    }
    let rows = rows.iter().map(|([o, _], count)| (*o, *count)).collect();
    let mut kept = view.snapshot.state.counts.lock();
    if kept.len() >= KEPT_COUNTS_MAX {
        kept.remove(0);
    }
    kept.push(KeptCounts {
        among,
        property,
        rows,
    });
}

/// How many of the things have each value of a property.
fn one(view: &View, group: &Group, things: Option<&Things>, p: Id) -> Option<Vec<([Id; 2], u64)>> {
    let pattern = [Slot::Variable(0), Slot::Constant(p), Slot::Variable(1)];
    let mut rows: Vec<([Id; 2], u64)> = Vec::new();
    if let Some(things) = things
        && (things.count() as usize) * QUADS_PER_LOOKUP < size(view, group, &pattern, &[])
    {
        let mut counts: FxHashMap<Id, u64> = FxHashMap::default();
        let mut values = Values::new(view, p);
        for s in things.iter() {
            for o in values.of(s) {
                *counts.entry(o).or_default() += 1;
            }
        }
        rows.extend(counts.into_iter().map(|(o, count)| ([o, 0], count)));
        return view.guard.stopped().is_none().then_some(rows);
    }
    let (mut current, mut count) = (None, 0);
    open(view, group, &pattern, &[]).each(|[s, _, o, _]| {
        if current != Some(o) {
            if let (Some(before), 1..) = (current, count) {
                rows.push(([before, 0], count));
            }
            (current, count) = (Some(o), 0);
        }
        count += u64::from(things.is_none_or(|things| things.contains(s)));
    });
    if let (Some(before), 1..) = (current, count) {
        rows.push(([before, 0], count));
    }
    view.guard.stopped().is_none().then_some(rows)
}

/// How many of the things have each pair of values of two properties.
fn two(
    view: &View,
    group: &Group,
    things: Option<&Things>,
    first: Id,
    second: Id,
) -> Option<Vec<([Id; 2], u64)>> {
    let pattern = |p| [Slot::Variable(0), Slot::Constant(p), Slot::Variable(1)];
    let mut counts: FxHashMap<[Id; 2], u64> = FxHashMap::default();
    let least = [first, second]
        .map(|p| size(view, group, &pattern(p), &[]))
        .into_iter()
        .min()?;
    if let Some(things) = things
        && (things.count() as usize) * QUADS_PER_LOOKUP < least
    {
        let (mut firsts, mut seconds) = (Values::new(view, first), Values::new(view, second));
        let mut others = Vec::new();
        for s in things.iter() {
            others.clear();
            others.extend(seconds.of(s));
            for o in firsts.of(s) {
                for other in &others {
                    *counts.entry([o, *other]).or_default() += 1;
                }
            }
            if !view.guard.step() {
                return None;
            }
        }
        return Some(counts.into_iter().collect());
    }
    let index = Index::read(view, group, pattern(second), Side::Subject)?;
    open(view, group, &pattern(first), &[]).each(|[s, _, o, _]| {
        if things.is_none_or(|things| things.contains(s)) {
            for other in index.get(s) {
                *counts.entry([o, *other]).or_default() += 1;
            }
        }
    });
    if !view.guard.hold(counts.len() * 48) {
        return None;
    }
    Some(counts.into_iter().collect())
}

/// The values that one subject after the other has of a property.
struct Values {
    scan: Scan,
    property: Id,
}

impl Values {
    fn new(view: &View, property: Id) -> Self {
        let wanted = Wanted {
            distinct: true,
            ..Wanted::default()
        };
        let guard = Some(Rc::clone(&view.guard));
        let scan = Scan::movable(&view.snapshot.state.layers, Order::Spog, wanted, guard);
        Self { scan, property }
    }

    fn of(&mut self, subject: Id) -> impl Iterator<Item = Id> + '_ {
        self.scan.go_to(&[subject, self.property]);
        self.scan.by_ref().map(|[_, _, o, _]| o)
    }
}

/// The property and the value, when one pattern asks for the subjects of one value in all graphs.
fn one_value(group: &Group, patterns: &[Pattern]) -> Option<(Id, Id)> {
    match (patterns, &group.graphs) {
        ([[Slot::Variable(_), Slot::Constant(p), Slot::Constant(o)]], Graphs::Union) => {
            Some((*p, *o))
        }
        _ => None,
    }
}

/// A set of subjects: a bit for each place of the dictionary.
struct Things {
    bits: Vec<u64>,
    count: u64,
}

impl Things {
    fn empty(view: &View) -> Option<Self> {
        let words = usize::try_from(view.snapshot.state.terms_end / 64 + 1).ok()?;
        if !view.guard.fits(words * size_of::<u64>()) {
            return None;
        }
        Some(Self {
            bits: vec![0; words],
            count: 0,
        })
    }

    fn read(view: &View, group: &Group, patterns: &[Pattern]) -> Option<Self> {
        let mut things = Self::empty(view)?;
        let key = one_value(group, patterns);
        if let Some(key) = key
            && things.remember(view, key)
        {
            return Some(things);
        }
        for pattern in patterns {
            open(view, group, pattern, &[]).each(|[s, ..]| things.add(s));
        }
        if let Some(key) = key
            && view.guard.stopped().is_none()
        {
            things.keep_for_others(view, key);
        }
        Some(things)
    }

    /// Takes what an earlier query over the same state has read.
    fn remember(&mut self, view: &View, (property, value): (Id, Id)) -> bool {
        let kept = view.snapshot.state.members.lock();
        let is_it = |one: &&Members| (one.property, one.value) == (property, value);
        let Some(members) = kept.iter().find(is_it) else {
            return false;
        };
        self.bits.copy_from_slice(&members.bits);
        self.count = members.count;
        true
    }

    fn keep_for_others(&self, view: &View, (property, value): (Id, Id)) {
        if self.count < KEPT_COUNT_MIN {
            return;
        }
        let mut kept = view.snapshot.state.members.lock();
        if kept.len() < KEPT_SETS_MAX {
            kept.push(Members {
                property,
                value,
                bits: self.bits.as_slice().into(),
                count: self.count,
            });
        }
    }

    fn place(subject: Id) -> (usize, u64) {
        ((subject >> 7) as usize, 1 << (subject >> 1 & 63))
    }

    fn add(&mut self, subject: Id) {
        let (word, bit) = Self::place(subject);
        if let Some(held) = self.bits.get_mut(word) {
            self.count += u64::from(*held & bit == 0);
            *held |= bit;
        }
    }

    #[inline]
    fn contains(&self, subject: Id) -> bool {
        let (word, bit) = Self::place(subject);
        self.bits.get(word).is_some_and(|held| held & bit != 0)
    }

    fn count(&self) -> u64 {
        self.count
    }

    fn keep(&mut self, others: &Self) {
        self.count = 0;
        for (word, other) in self.bits.iter_mut().zip(&others.bits) {
            *word &= other;
            self.count += u64::from(word.count_ones());
        }
    }

    /// Those that one of the patterns holds for, looked up one by one.
    fn narrowed(&self, view: &View, patterns: &[Pattern]) -> Self {
        let mut kept = Self {
            bits: vec![0; self.bits.len()],
            count: 0,
        };
        let Some([_, Slot::Constant(p), _]) = patterns.first() else {
            return kept;
        };
        let any = patterns
            .iter()
            .any(|[_, _, o]| matches!(o, Slot::Variable(_)));
        let wanted = |o: &Id| {
            any || patterns
                .iter()
                .any(|pattern| pattern[2] == Slot::Constant(*o))
        };
        let mut values = Values::new(view, *p);
        for s in self.iter() {
            if values.of(s).any(|o| wanted(&o)) {
                kept.add(s);
            }
        }
        kept
    }

    fn iter(&self) -> impl Iterator<Item = Id> + '_ {
        let words = (0_u64..).zip(&self.bits);
        words.flat_map(|(word, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = u64::from(left.trailing_zeros());
                (left != 0).then(|| {
                    left &= left - 1;
                    (word * 64 + bit) << 1
                })
            })
        })
    }
}
