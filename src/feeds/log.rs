//! What happened to which record, in which order, and where in the streams does it stand? A small memory of every public
//! change, without its graph.

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;

use super::node::{Child, Node, PER_PAGE};
use crate::catalogue::CATALOGUE_KIND;
use crate::ledger::PublicMark;

/// How many parents stand between a record and its catalogue at most.
const ANCESTORS_MAX: usize = 8;
/// One step of the clock of streams, in microseconds.
const TICK: i64 = 1;

/// What a change is for those who follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Activity {
    Create,
    Update,
    Delete,
}

/// A public change.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    pub sequence: u64,
    /// In microseconds. No two changes have the same, and a later one never has an earlier: a machine's clock
    /// may go back, a stream's does not.
    published: i64,
    pub record: u32,
    pub activity: Activity,
}

impl Entry {
    pub fn published(&self) -> Timestamp {
        instant(self.published)
    }
}

/// A member of a stream.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    pub entry: Entry,
    /// Whether the record left this stream for another: here that is its end.
    pub leaves: bool,
    /// Whether the record is public now. What was taken away is not shown again, in no version.
    pub stands: bool,
}

impl Member {
    pub fn activity(&self) -> Activity {
        if self.leaves {
            Activity::Delete
        } else {
            self.entry.activity
        }
    }
}

/// Which changes a reader follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stream {
    All,
    /// Of each record only the last.
    Latest,
    /// Those of a catalogue and of what stands below it, by the catalogue's number.
    Catalogue(u32),
}

/// What a record is now.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The place of its last entry, from one; 0 when it was never public.
    latest: u32,
    /// The number of the record above it; 0 for none.
    parent: u32,
    kind: u8,
    is_public: bool,
}

/// A place in the stream of a catalogue.
#[derive(Clone, Copy, Debug)]
struct Seat {
    entry: u32,
    leaves: bool,
}

/// Every public change in order.
#[derive(Debug, Default)]
pub struct Log {
    entries: Vec<Entry>,
    /// By their numbers.
    records: Vec<Known>,
    catalogues: FxHashMap<u32, Vec<Seat>>,
    kinds: Vec<String>,
}

/// A public record in the order of last changes.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub record: i64,
    pub sequence: u64,
}

impl Log {
    /// The last change that is in it.
    pub fn sequence(&self) -> u64 {
        self.entries.last().map_or(0, |last| last.sequence)
    }

    /// Takes the next change.
    pub fn add(&mut self, mark: &PublicMark) {
        let (Ok(record), Ok(place)) = (
            u32::try_from(mark.record),
            u32::try_from(self.entries.len() + 1),
        ) else {
            return;
        };
        let kind = self.kind(&mark.kind);
        let index = record as usize;
        if self.records.len() <= index {
            self.records.resize(index + 1, Known::default());
        }
        let was_public = self.records[index].is_public;
        let before = self.catalogue_of(record).filter(|_| was_public);
        let known = &mut self.records[index];
        let parent = mark.parent.and_then(|parent| u32::try_from(parent).ok());
        known.parent = parent.unwrap_or(0);
        known.kind = kind;
        known.is_public = mark.is_put;
        known.latest = place;
        let activity = match (mark.is_put, was_public) {
            (true, false) => Activity::Create,
            (true, true) => Activity::Update,
            (false, _) => Activity::Delete,
        };
        let after_last = self.entries.last().map(|last| last.published + TICK);
        let at = mark.at.as_microsecond();
        self.entries.push(Entry {
            sequence: mark.sequence,
            published: after_last.map_or(at, |earliest| earliest.max(at)),
            record,
            activity,
        });
        self.seat(place - 1, before, self.catalogue_of(record));
    }

    fn seat(&mut self, entry: u32, before: Option<u32>, now: Option<u32>) {
        if let Some(before) = before.filter(|before| Some(*before) != now) {
            let leaves = true;
            let seats = self.catalogues.entry(before).or_default();
            seats.push(Seat { entry, leaves });
        }
        if let Some(now) = now {
            let leaves = false;
            let seats = self.catalogues.entry(now).or_default();
            seats.push(Seat { entry, leaves });
        }
    }

    fn kind(&mut self, name: &str) -> u8 {
        let known = self.kinds.iter().position(|kind| kind == name);
        let at = known.unwrap_or_else(|| {
            self.kinds.push(name.to_owned());
            self.kinds.len() - 1
        });
        u8::try_from(at).unwrap_or(u8::MAX)
    }

    fn kind_of(&self, known: &Known) -> &str {
        let name = self.kinds.get(usize::from(known.kind));
        name.map_or("", String::as_str)
    }

    /// The catalogue that a record is, or belongs to.
    fn catalogue_of(&self, record: u32) -> Option<u32> {
        let mut at = record;
        for _ in 0..ANCESTORS_MAX {
            let known = self.records.get(at as usize).filter(|_| at != 0)?;
            if known.latest != 0 && self.kind_of(known) == CATALOGUE_KIND {
                return Some(at);
            }
            at = known.parent;
        }
        None
    }

    /// Whether a catalogue ever had something public.
    pub fn has_catalogue(&self, record: u32) -> bool {
        self.catalogues.contains_key(&record)
    }

    /// How many places a stream has.
    pub fn len(&self, stream: Stream) -> usize {
        match stream {
            Stream::All | Stream::Latest => self.entries.len(),
            Stream::Catalogue(record) => self.catalogues.get(&record).map_or(0, Vec::len),
        }
    }

    /// What stands at a place of a stream; `None` when it was replaced by something later.
    fn member(&self, stream: Stream, at: usize) -> Option<Member> {
        let (place, leaves) = match stream {
            Stream::All | Stream::Latest => (at, false),
            Stream::Catalogue(record) => {
                let seat = self.catalogues[&record][at];
                (seat.entry as usize, seat.leaves)
            }
        };
        let entry = self.entries[place];
        let known = self.records[entry.record as usize];
        let is_last = known.latest as usize == place + 1;
        (stream != Stream::Latest || is_last).then_some(Member {
            entry,
            leaves,
            stands: known.is_public,
        })
    }

    fn published(&self, stream: Stream, at: usize) -> i64 {
        match stream {
            Stream::All | Stream::Latest => self.entries[at].published,
            Stream::Catalogue(record) => {
                let seat = self.catalogues[&record][at];
                self.entries[seat.entry as usize].published
            }
        }
    }

    /// The first place that is not before an instant.
    fn first_since(&self, stream: Stream, instant: i64) -> usize {
        first_not(self.len(stream), |at| self.published(stream, at) < instant)
    }

    /// The places of a node.
    fn places(&self, stream: Stream, node: Node) -> std::ops::Range<usize> {
        let (from, until) = match node.time() {
            None => (0, self.len(stream)),
            Some((from, until)) => (
                self.first_since(stream, from.as_microsecond()),
                self.first_since(stream, until.as_microsecond()),
            ),
        };
        match node.block() {
            None => from..until,
            Some(block) => from.max(block.start)..until.min(block.end).max(from.max(block.start)),
        }
    }

    /// Whether there is such a node.
    pub fn has(&self, stream: Stream, node: Node) -> bool {
        matches!(node, Node::Root) || !self.places(stream, node).is_empty()
    }

    /// Whether nothing will ever be added to a node or change in it.
    pub fn is_closed(&self, stream: Stream, node: Node) -> bool {
        let places = self.places(stream, node);
        let is_followed = places.end < self.len(stream);
        let is_full = node.block().is_some_and(|block| places.end == block.end);
        stream != Stream::Latest && !matches!(node, Node::Root) && (is_followed || is_full)
    }

    /// The members of a page, in order.
    pub fn members(&self, stream: Stream, node: Node) -> Vec<Member> {
        let Node::Page(..) = node else {
            return Vec::new();
        };
        let places = self.places(stream, node);
        places.filter_map(|at| self.member(stream, at)).collect()
    }

    /// The first members after a change, at most so many.
    pub fn members_since(&self, stream: Stream, sequence: u64, limit: usize) -> Vec<Member> {
        let length = self.len(stream);
        let first = first_not(length, |at| self.sequence_at(stream, at) <= sequence);
        let after = (first..length).filter_map(|at| self.member(stream, at));
        after.take(limit).collect()
    }

    fn sequence_at(&self, stream: Stream, at: usize) -> u64 {
        match stream {
            Stream::All | Stream::Latest => self.entries[at].sequence,
            Stream::Catalogue(record) => {
                let seat = self.catalogues[&record][at];
                self.entries[seat.entry as usize].sequence
            }
        }
    }

    /// When a stream begins.
    pub fn begins(&self, stream: Stream) -> Option<Timestamp> {
        (self.len(stream) > 0).then(|| instant(self.published(stream, 0)))
    }

    /// The nodes below a node that hold something, in order, each with the time that it covers.
    pub fn children(&self, stream: Stream, node: Node) -> Vec<Child> {
        let places = self.places(stream, node);
        let mut children: Vec<Child> = Vec::new();
        let mut at = places.start;
        while at < places.end && !matches!(node, Node::Page(..)) {
            let Some(below) = node.below(at, civil_of(self.published(stream, at))) else {
                break;
            };
            let inside = self.places(stream, below);
            let (from, until) = self.covered(stream, node, below, &inside);
            at = inside.end.max(at + 1);
            let mut members = inside.map(|place| self.member(stream, place));
            if members.any(|member| member.is_some()) {
                children.push(Child {
                    node: below,
                    from,
                    until,
                });
            }
        }
        children
    }

    /// The time that a node covers: its year or month, or from its first change to the next node's.
    fn covered(
        &self,
        stream: Stream,
        above: Node,
        node: Node,
        inside: &std::ops::Range<usize>,
    ) -> (Timestamp, Timestamp) {
        let whole = node.time().unwrap_or((Timestamp::MIN, Timestamp::MAX));
        if node.block().is_none() {
            return whole;
        }
        let is_last = inside.end >= self.places(stream, above.month()).end;
        let until = if is_last {
            whole.1
        } else {
            instant(self.published(stream, inside.end))
        };
        (instant(self.published(stream, inside.start)), until)
    }

    /// The public records of the kinds that are wanted, in the order in which they last changed, from after a
    /// change and not before a time.
    pub fn standing<'a>(
        &'a self,
        after: u64,
        since: Option<Timestamp>,
        is_wanted: impl Fn(&str) -> bool + 'a,
    ) -> impl Iterator<Item = Standing> + 'a {
        let wanted: Vec<bool> = self.kinds.iter().map(|kind| is_wanted(kind)).collect();
        let by_time = since.map_or(0, |since| {
            self.first_since(Stream::All, since.as_microsecond())
        });
        let by_sequence = self
            .entries
            .partition_point(|entry| entry.sequence <= after);
        let first = by_time.max(by_sequence);
        let entries = self.entries[first..].iter().enumerate();
        entries.filter_map(move |(offset, entry)| {
            let known = self.records[entry.record as usize];
            let is_last = known.latest as usize == first + offset + 1;
            let is_wanted = wanted.get(usize::from(known.kind)).copied();
            let stands = is_last && known.is_public && is_wanted.unwrap_or(false);
            stands.then(|| Standing {
                record: i64::from(entry.record),
                sequence: entry.sequence,
            })
        })
    }

    /// A block of the log, the oldest first, and whether it is full.
    pub fn archive(&self, number: usize) -> (Vec<Member>, bool) {
        let start = number.saturating_mul(PER_PAGE).min(self.entries.len());
        let end = (start + PER_PAGE).min(self.entries.len());
        let members = (start..end).filter_map(|at| self.member(Stream::All, at));
        (members.collect(), end - start == PER_PAGE)
    }

    /// The number of the newest block that holds something.
    pub fn newest_archive(&self) -> usize {
        self.entries.len().saturating_sub(1) / PER_PAGE
    }

    /// The memory that it takes, in bytes.
    pub fn bytes(&self) -> usize {
        let seats: usize = self.catalogues.values().map(Vec::len).sum();
        self.entries.len() * size_of::<Entry>()
            + self.records.len() * size_of::<Known>()
            + seats * size_of::<Seat>()
    }
}

/// The first place for which something does not hold that holds for all before.
fn first_not(length: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low.midpoint(high);
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MAX)
}

fn civil_of(microseconds: i64) -> civil::Date {
    TimeZone::UTC.to_datetime(instant(microseconds)).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(sequence: u64, record: i64, at: &str) -> PublicMark {
        PublicMark {
            sequence,
            record,
            kind: if record == 1 { "catalog" } else { "dataset" }.to_owned(),
            parent: (record != 1).then_some(1),
            at: at.parse().unwrap(),
            is_put: true,
        }
    }

    fn leaves(log: &Log, stream: Stream, node: Node, found: &mut Vec<u64>) {
        found.extend(log.members(stream, node).iter().map(|m| m.entry.sequence));
        let mut before = None;
        for child in log.children(stream, node) {
            assert!(child.from < child.until, "{child:?}");
            assert!(before.is_none_or(|before| before <= child.from));
            before = Some(child.until);
            let first = found.len();
            leaves(log, stream, child.node, found);
            for sequence in &found[first..] {
                let entry = log.entries.iter().find(|e| e.sequence == *sequence);
                let at = entry.unwrap().published();
                assert!(child.from <= at && at < child.until, "{child:?} {at}");
            }
        }
    }

    #[test]
    fn the_tree_holds_every_change_once_and_in_order() {
        let mut log = Log::default();
        let times = [
            "2025-12-31T23:59:59.9Z",
            "2026-01-31T23:59:59Z",
            "2026-02-01T00:00:00Z",
        ];
        let mut sequence = 0;
        for time in times {
            for record in 0..130 {
                sequence += 2;
                log.add(&mark(sequence, 1 + record % 7, time));
            }
        }
        for stream in [Stream::All, Stream::Catalogue(1)] {
            let mut found = Vec::new();
            leaves(&log, stream, Node::Root, &mut found);
            let expected: Vec<u64> = log.entries.iter().map(|e| e.sequence).collect();
            assert_eq!(found, expected);
        }
        let mut found = Vec::new();
        leaves(&log, Stream::Latest, Node::Root, &mut found);
        assert_eq!(found.len(), 7, "of each record the last");
        let (some, last) = (200 / PER_PAGE, 389 / PER_PAGE);
        let closed = Node::Page(2026, 1, some);
        assert!(log.is_closed(Stream::All, closed) && !log.is_closed(Stream::Latest, closed));
        let open = Node::Page(2026, 2, last);
        assert!(log.has(Stream::All, open) && !log.is_closed(Stream::All, open));
        assert!(!log.has(Stream::All, Node::Page(2026, 3, last)));
    }

    #[test]
    fn a_clock_that_goes_back_does_not_take_the_stream_with_it() {
        let mut log = Log::default();
        log.add(&mark(1, 1, "2026-01-01T00:00:10Z"));
        log.add(&mark(2, 2, "2026-01-01T00:00:05Z"));
        log.add(&mark(3, 2, "2026-01-01T00:00:10Z"));
        let times: Vec<String> = log
            .entries
            .iter()
            .map(|e| e.published().to_string())
            .collect();
        assert_eq!(
            times[1..],
            ["2026-01-01T00:00:10.000001Z", "2026-01-01T00:00:10.000002Z"]
        );
    }

    #[test]
    fn who_moves_leaves_the_old_catalogue() {
        let mut log = Log::default();
        log.add(&mark(1, 1, "2026-01-01T00:00:00Z"));
        let second = PublicMark {
            kind: "catalog".to_owned(),
            parent: None,
            ..mark(2, 2, "2026-01-01T00:00:01Z")
        };
        log.add(&second);
        log.add(&mark(3, 3, "2026-01-01T00:00:02Z"));
        let moved = PublicMark {
            parent: Some(2),
            ..mark(4, 3, "2026-01-01T00:00:03Z")
        };
        log.add(&moved);
        let last = log.members_since(Stream::Catalogue(1), 3, 10);
        assert_eq!(last.len(), 1);
        assert_eq!(last[0].activity(), Activity::Delete);
        let there = log.members_since(Stream::Catalogue(2), 3, 10);
        assert_eq!(there[0].activity(), Activity::Update);
    }
}
