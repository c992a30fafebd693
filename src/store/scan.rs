//! How are the segments of a snapshot read as one sorted row of quads?

use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;
use spareval::CancellationToken;

use super::memory;
use super::pace::Pace;
use super::segment::{Cursor, Numbers, Order, Segment};
use super::terms::Id;

/// A segment as a snapshot sees it: without the graphs that were replaced since.
#[derive(Clone)]
pub(super) struct Layer {
    pub(super) segment: Arc<Segment>,
    pub(super) masked: Arc<FxHashSet<Id>>,
}

/// Why a query was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Deadline,
    Cancelled,
    TooMuchWork,
    TooMuchMemory,
}

/// How often a query looks at what the process holds.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// What a query may use up. Every scan and every join of the query asks it as it goes.
pub(super) struct Guard {
    pub(super) deadline: Option<Instant>,
    pub(super) cancellation: CancellationToken,
    pace: Pace,
    rested: Cell<Instant>,
    pub(super) work_max: u64,
    /// So many bytes may be held for a query at once.
    pub(super) memory_max: usize,
    held: Cell<usize>,
    /// What the process held when the query began, and when that was looked at last. What the
    /// evaluator holds (joins by hash, `DISTINCT`, sorts) can be seen in no other way.
    before: Option<usize>,
    looked: Cell<Instant>,
    used: Cell<u64>,
    steps: Cell<u32>,
    stop: Cell<Option<Stop>>,
}

impl Guard {
    /// So many steps pass between two looks at the clock.
    pub(super) const STRIDE: u32 = 1024;

    pub(super) fn new(
        deadline: Option<Instant>,
        (cancellation, pace): (CancellationToken, Pace),
        work_max: u64,
        memory_max: usize,
    ) -> Self {
        let now = Instant::now();
        Self {
            deadline,
            cancellation,
            pace,
            rested: Cell::new(now),
            work_max,
            memory_max,
            held: Cell::new(0),
            before: (memory_max < usize::MAX).then(memory::held_bytes).flatten(),
            looked: Cell::new(now),
            used: Cell::new(0),
            steps: Cell::new(0),
            stop: Cell::new(None),
        }
    }

    /// Counts one step and looks at the clock now and then; false if the query has to stop.
    #[inline]
    pub(super) fn step(&self) -> bool {
        let steps = self.steps.get() + 1;
        if steps >= Self::STRIDE {
            self.steps.set(0);
            return self.spend(u64::from(steps));
        }
        self.steps.set(steps);
        self.stop.get().is_none()
    }

    /// Counts steps of work; false if the query has to stop.
    pub(super) fn spend(&self, steps: u64) -> bool {
        if self.stop.get().is_some() {
            return false;
        }
        self.used.set(self.used.get() + steps);
        let now = Instant::now();
        self.rested.set(self.pace.rest(self.rested.get(), now));
        let stop = if self.cancellation.is_cancelled() {
            Some(Stop::Cancelled)
        } else if self.deadline.is_some_and(|deadline| now >= deadline) {
            Some(Stop::Deadline)
        } else if self.used.get() > self.work_max {
            Some(Stop::TooMuchWork)
        } else if self.has_grown(now) {
            Some(Stop::TooMuchMemory)
        } else {
            None
        };
        self.stop.set(stop);
        stop.is_none()
    }

    /// Whether the process has grown far beyond what one query may take: others may run beside it.
    fn has_grown(&self, now: Instant) -> bool {
        let Some(before) = self.before else {
            return false;
        };
        if now.duration_since(self.looked.get()) < LOOK_EVERY {
            return false;
        }
        self.looked.set(now);
        let held = memory::held_bytes().unwrap_or(before);
        held.saturating_sub(before) / 2 > self.memory_max
    }

    /// Counts bytes that stay until the query ends; false if the query has to stop.
    pub(super) fn hold(&self, bytes: usize) -> bool {
        self.held.set(self.held.get().saturating_add(bytes));
        self.fits(0)
    }

    /// Whether there is room for so many bytes beside those that stay; if not, the query stops.
    pub(super) fn fits(&self, bytes: usize) -> bool {
        if self.held.get().saturating_add(bytes) > self.memory_max && self.stop.get().is_none() {
            self.stop.set(Some(Stop::TooMuchMemory));
        }
        self.stop.get().is_none()
    }

    pub(super) fn stopped(&self) -> Option<Stop> {
        self.stop.get()
    }
}

/// Which quads of the scanned range are wanted beyond their prefix.
#[derive(Clone, Default)]
pub(super) struct Wanted {
    pub(super) predicate: Option<Id>,
    pub(super) object: Option<Id>,
    /// `None`: any graph.
    pub(super) graphs: Option<Rc<[Id]>>,
    /// Leave out a triple that another graph has already given.
    pub(super) distinct: bool,
}

/// After so many graphs with the same triple the next one is sought.
const REPEATS_MAX: u32 = 16;

/// A walk over the quads with one of some prefixes, in order.
pub(super) struct Scan {
    order: Order,
    layers: Vec<(Cursor, Arc<FxHashSet<Id>>)>,
    prefix: Numbers,
    length: usize,
    further: VecDeque<Numbers>,
    wanted: Wanted,
    filtered: bool,
    last: Option<Numbers>,
    /// How often the last triple came again.
    repeats: u32,
    /// The layer that has the smallest keys for now, and where another one takes over.
    lead: Option<(usize, Option<Numbers>)>,
    guard: Option<Rc<Guard>>,
}

impl Scan {
    pub(super) fn new(
        layers: &[Layer],
        order: Order,
        prefix: &[Id],
        wanted: Wanted,
        guard: Option<Rc<Guard>>,
    ) -> Self {
        let length = prefix.len();
        let mut key = [0; 4];
        key[..length].copy_from_slice(prefix);
        let open = |layer: &Layer| {
            let cursor = Cursor::new(Arc::clone(&layer.segment), order, &key);
            let inside = cursor
                .current()
                .is_some_and(|held| held[..length] == key[..length]);
            inside.then(|| (cursor, Arc::clone(&layer.masked)))
        };
        let filtered =
            wanted.predicate.is_some() || wanted.object.is_some() || wanted.graphs.is_some();
        Self {
            order,
            layers: layers.iter().filter_map(open).collect(),
            prefix: key,
            length,
            further: VecDeque::new(),
            wanted,
            filtered,
            last: None,
            repeats: 0,
            lead: None,
            guard,
        }
    }

    /// A walk over several prefixes of the same length, one after the other.
    pub(super) fn over(
        layers: &[Layer],
        order: Order,
        prefixes: impl IntoIterator<Item = Numbers>,
        length: usize,
        wanted: Wanted,
        guard: Option<Rc<Guard>>,
    ) -> Self {
        let mut further: VecDeque<Numbers> = prefixes.into_iter().collect();
        let first = further.pop_front();
        let mut scan = Self::new(layers, order, &[], wanted, guard);
        scan.length = length;
        scan.further = further;
        match first {
            Some(first) => scan.prefix = first,
            None => scan.layers.clear(),
        }
        scan.seek(scan.prefix);
        scan
    }

    /// A walk that can be sent from prefix to prefix.
    pub(super) fn movable(
        layers: &[Layer],
        order: Order,
        wanted: Wanted,
        guard: Option<Rc<Guard>>,
    ) -> Self {
        Self::over(layers, order, None, 0, wanted, guard).reopened(layers)
    }

    fn reopened(mut self, layers: &[Layer]) -> Self {
        let open = |layer: &Layer| {
            let cursor = Cursor::new(Arc::clone(&layer.segment), self.order, &[0; 4]);
            (cursor, Arc::clone(&layer.masked))
        };
        self.layers = layers.iter().map(open).collect();
        self
    }

    /// Goes to a prefix, forward or backward.
    pub(super) fn go_to(&mut self, prefix: &[Id]) {
        self.length = prefix.len();
        self.prefix = [0; 4];
        self.prefix[..prefix.len()].copy_from_slice(prefix);
        self.last = None;
        self.lead = None;
        for (cursor, _) in &mut self.layers {
            cursor.go_to(&self.prefix);
        }
    }

    /// Moves every layer forward to a key, and keeps those that have more.
    fn seek(&mut self, key: Numbers) {
        self.lead = None;
        for (cursor, _) in &mut self.layers {
            cursor.seek(&key);
        }
    }

    /// Moves forward to the first quad of the prefix that is not below a key.
    pub(super) fn skip_to(&mut self, key: &Numbers) {
        self.seek(*key);
    }

    /// The next key, in the order of the scan.
    pub(super) fn next_key(&mut self) -> Option<Numbers> {
        loop {
            // A query has many scans open at once: none may go on after the end.
            if self.guard.as_ref().is_some_and(|guard| !guard.step()) {
                return None;
            }
            let Some(key) = self.take_smallest() else {
                self.prefix = self.further.pop_front()?;
                self.seek(self.prefix);
                continue;
            };
            if self.filtered && !self.is_wanted(&key) {
                continue;
            }
            if self.wanted.distinct {
                if self.last.is_some_and(|last| last[..3] == key[..3]) {
                    // What thousands of graphs say alike is jumped over, not walked through.
                    self.repeats += 1;
                    if self.repeats >= REPEATS_MAX {
                        let [a, b, c, _] = key;
                        self.repeats = 0;
                        self.seek([a, b, c.saturating_add(1), 0]);
                    }
                    continue;
                }
                self.repeats = 0;
                self.last = Some(key);
            }
            return Some(key);
        }
    }

    #[inline]
    fn take_smallest(&mut self) -> Option<Numbers> {
        if let [(cursor, masked)] = &mut self.layers[..] {
            loop {
                let key = *cursor.current()?;
                if key[..self.length] != self.prefix[..self.length] {
                    return None;
                }
                let hidden =
                    !masked.is_empty() && cursor.graph().is_some_and(|g| masked.contains(&g));
                cursor.advance();
                if !hidden {
                    return Some(key);
                }
            }
        }
        if let Some(key) = self.take_from_lead() {
            return Some(key);
        }
        let mut smallest: Option<(Numbers, usize)> = None;
        let mut second: Option<Numbers> = None;
        for (place, (cursor, masked)) in self.layers.iter_mut().enumerate() {
            while let Some(key) = cursor.current() {
                if key[..self.length] != self.prefix[..self.length] {
                    break;
                }
                let hidden =
                    !masked.is_empty() && cursor.graph().is_some_and(|g| masked.contains(&g));
                if hidden {
                    cursor.advance();
                    continue;
                }
                match smallest {
                    Some((least, _)) if *key >= least => {
                        second = Some(second.map_or(*key, |other| other.min(*key)));
                    }
                    _ => {
                        second = smallest.map(|(least, _)| least).or(second);
                        smallest = Some((*key, place));
                    }
                }
                break;
            }
        }
        let (key, place) = smallest?;
        self.lead = Some((place, second));
        self.layers[place].0.advance();
        Some(key)
    }

    /// The next key of the layer that leads, as long as no other has a smaller one.
    #[inline]
    fn take_from_lead(&mut self) -> Option<Numbers> {
        let (place, bound) = self.lead?;
        let (cursor, masked) = &mut self.layers[place];
        while let Some(key) = cursor.current().copied() {
            let inside = key[..self.length] == self.prefix[..self.length];
            if !inside || bound.is_some_and(|bound| key >= bound) {
                break;
            }
            let hidden = !masked.is_empty() && cursor.graph().is_some_and(|g| masked.contains(&g));
            cursor.advance();
            if !hidden {
                return Some(key);
            }
        }
        self.lead = None;
        None
    }

    /// Gives all quads that are left. Whoever reads many gets them faster so than one by one: what
    /// lies in one layer is read a block at a time.
    pub(super) fn each(mut self, mut visit: impl FnMut(Numbers)) {
        let order = self.order;
        while let Some(key) = self.next_key() {
            visit(order.quad(key));
            let read = self.each_of_block(&mut |key| visit(order.quad(key)));
            if self.guard.as_ref().is_some_and(|guard| !guard.spend(read)) {
                return;
            }
        }
    }

    /// Gives what the layer that leads has before another takes over, to the end of its block at
    /// most. Tells how many keys were read.
    fn each_of_block(&mut self, visit: &mut impl FnMut(Numbers)) -> u64 {
        if self.filtered {
            return 0;
        }
        let (place, bound) = match (&self.layers[..], self.lead) {
            ([_], _) => (0, None),
            (_, Some(lead)) => lead,
            _ => return 0,
        };
        let end = after(&self.prefix, self.length);
        let end = bound.map_or(end, |bound| bound.min(end));
        let (cursor, masked) = &mut self.layers[place];
        let (order, distinct) = (self.order, self.wanted.distinct);
        let mut last = self.last;
        let mut repeats = 0;
        let read = cursor.each_of_block(&end, |key| {
            if !masked.is_empty() && masked.contains(&order.graph(key)) {
                return true;
            }
            if distinct && last.is_some_and(|last| last[..3] == key[..3]) {
                repeats += 1;
                return repeats < REPEATS_MAX;
            }
            repeats = 0;
            last = Some(*key);
            visit(*key);
            true
        });
        self.last = last;
        self.repeats = repeats;
        read
    }

    fn is_wanted(&self, key: &Numbers) -> bool {
        let [_, p, o, g] = self.order.quad(*key);
        let wanted = &self.wanted;
        wanted.predicate.is_none_or(|predicate| predicate == p)
            && wanted.object.is_none_or(|object| object == o)
            && wanted
                .graphs
                .as_ref()
                .is_none_or(|graphs| graphs.binary_search(&g).is_ok())
    }
}

/// The first key behind all that start with a prefix.
fn after(prefix: &Numbers, length: usize) -> Numbers {
    let mut end = [Id::MAX; 4];
    if let Some(last) = length.checked_sub(1) {
        end = [0; 4];
        end[..length].copy_from_slice(&prefix[..length]);
        end[last] = end[last].saturating_add(1);
    }
    end
}

/// Quads, not keys.
impl Iterator for Scan {
    type Item = Numbers;

    fn next(&mut self) -> Option<Numbers> {
        self.next_key().map(|key| self.order.quad(key))
    }
}

/// About how many quads start with a prefix; masked ones are counted too.
pub(super) fn estimate(layers: &[Layer], order: Order, prefix: &[Id]) -> usize {
    if prefix.is_empty() {
        return layers.iter().map(|layer| layer.segment.quads()).sum();
    }
    let mut from = [0; 4];
    from[..prefix.len()].copy_from_slice(prefix);
    let to = after(&from, prefix.len());
    layers
        .iter()
        .map(|layer| {
            let rank = |key| Cursor::new(Arc::clone(&layer.segment), order, key).rank();
            rank(&to).saturating_sub(rank(&from))
        })
        .sum()
}
