//! Facet values, numbers and sort keys of each segment, laid out in memory for counting.
//!
//! A value that many documents have is a set of bits, counted 64 documents at a time; the rest
//! stand in one list per document. Values have one number in all segments, so that counts of
//! segments are added without looking at strings.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use tantivy::SegmentReader;
use tantivy::columnar::StrColumn;

use super::bits::{self, Bits};
use super::definitions::last_segment;
use super::index::{Error, FieldNames};

/// In smaller segments lists are fast enough. Tests see both layouts in small segments.
const DENSE_DOCUMENTS_MIN: u32 = if cfg!(test) { 8 } else { 1024 };
/// A value is dense when at least one document in so many has it.
const DENSE_SHARE: u32 = if cfg!(test) { 4 } else { 64 };
/// A mask with words in fewer than one place of so many is walked by these words.
const FILLED_SHARE: usize = 4;
/// So many words are counted by two threads: about two milliseconds of one.
const BOTH_HALVES_MIN: usize = if cfg!(test) { 64 } else { 2_000_000 };
/// Separates a facet's position from the value in an indexed term.
const VALUE_MARK: char = '\u{1f}';

/// The term under which a facet's value is indexed.
pub(super) fn value_term(facet_id: &str, value: &str) -> String {
    format!("{facet_id}{VALUE_MARK}{value}")
}

/// The values of all facets that the index has seen since it was opened, each with its number.
#[derive(Debug, Default)]
pub(super) struct Values {
    numbers: FxHashMap<String, u32>,
    entries: Vec<ValueEntry>,
    /// The facet of each value again, close together.
    facets: Vec<u16>,
    by_facet: Vec<Vec<u32>>,
    short: FxHashMap<(usize, String), Vec<u32>>,
    /// Folded names of values that are suggested while typing, each word's beginning once.
    pub(super) names: BTreeMap<(String, u32), String>,
}

#[derive(Debug)]
struct ValueEntry {
    facet: usize,
    value: Arc<str>,
}

impl Values {
    pub(super) fn new(facets: usize) -> Self {
        Self {
            by_facet: vec![Vec::new(); facets],
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of an indexed term; a new one is given when it was never seen. Tells whether
    /// it is new.
    fn intern(&mut self, term: &str, facet: impl Fn(&str) -> Option<usize>) -> Option<(u32, bool)> {
        if let Some(&number) = self.numbers.get(term) {
            return Some((number, false));
        }
        let (id, value) = term.split_once(VALUE_MARK)?;
        let facet = facet(id)?;
        let number = u32::try_from(self.entries.len()).ok()?;
        self.numbers.insert(term.to_owned(), number);
        self.entries.push(ValueEntry {
            facet,
            value: value.into(),
        });
        self.facets.push(u16::try_from(facet).unwrap_or(u16::MAX));
        self.by_facet[facet].push(number);
        let short = (facet, last_segment(value).to_lowercase());
        self.short.entry(short).or_default().push(number);
        Some((number, true))
    }

    pub(super) fn facet_of(&self, number: u32) -> usize {
        self.entries[number as usize].facet
    }

    pub(super) fn value_of(&self, number: u32) -> &Arc<str> {
        &self.entries[number as usize].value
    }

    pub(super) fn of_facet(&self, facet: usize) -> &[u32] {
        &self.by_facet[facet]
    }

    pub(super) fn exact(&self, facet_id: &str, value: &str) -> Option<u32> {
        self.numbers.get(&value_term(facet_id, value)).copied()
    }

    /// Values whose last segment is the given text, in any case.
    pub(super) fn by_short(&self, facet: usize, text: &str) -> &[u32] {
        let short = self.short.get(&(facet, text.to_lowercase()));
        short.map_or(&[], Vec::as_slice)
    }
}

/// One number, or interval, per document; absent ones are empty intervals.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) facet: usize,
    low: Box<[i64]>,
    high: Option<Box<[i64]>>,
    /// The documents that have a number, by the lower and by the upper end.
    by_low: Box<[u32]>,
    by_high: Box<[u32]>,
}

impl Numbers {
    fn new(facet: usize, low: Box<[i64]>, high: Option<Box<[i64]>>) -> Self {
        let mut numbers = Self {
            facet,
            low,
            high,
            by_low: Box::default(),
            by_high: Box::default(),
        };
        let documents = u32::try_from(numbers.low.len()).unwrap_or(u32::MAX);
        let has = |document: &u32| numbers.of(*document).is_some();
        let mut by_low: Vec<u32> = (0..documents).filter(has).collect();
        by_low.sort_unstable_by_key(|document| numbers.low[*document as usize]);
        let mut by_high = by_low.clone();
        if numbers.high.is_some() {
            by_high.sort_by_key(|document| numbers.greatest(*document));
        }
        numbers.by_low = by_low.into();
        numbers.by_high = by_high.into();
        numbers
    }

    /// The least and the greatest number of some documents: the first and the last in order that
    /// are among them, or those of each where there are few.
    pub(super) fn ends_among(&self, mask: &[u64]) -> Option<(i64, i64)> {
        let count = bits::count(mask) as usize;
        // The first of few among many comes late.
        if count.saturating_mul(count) < self.low.len() {
            let among = bits::documents(mask).filter(|document| self.of(*document).is_some());
            let ends = among.map(|document| (self.low[document as usize], self.greatest(document)));
            return ends.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        }
        let is_among = |document: &&u32| bits::contains(mask, **document);
        let first = self.by_low.iter().find(is_among)?;
        let last = self.by_high.iter().rev().find(is_among)?;
        Some((self.low[*first as usize], self.greatest(*last)))
    }

    /// The upper end; of an interval without one, the lower.
    fn greatest(&self, document: u32) -> i64 {
        match self.of(document) {
            Some((low, i64::MAX)) => low,
            Some((_, high)) => high,
            None => i64::MIN,
        }
    }

    pub(super) fn of(&self, document: u32) -> Option<(i64, i64)> {
        let low = self.low[document as usize];
        if low == i64::MIN {
            return None;
        }
        let high = self
            .high
            .as_ref()
            .map_or(low, |high| high[document as usize]);
        Some((low, high))
    }
}

/// Everything of one segment that is needed for counting and sorting.
pub(super) struct Columns {
    pub(super) documents: u32,
    dense: Vec<(u32, Bits)>,
    dense_places: FxHashMap<u32, usize>,
    starts: Box<[u32]>,
    sparse: Box<[u32]>,
    /// Which facets have values in the lists.
    sparse_facets: Vec<bool>,
    pub(super) numbers: Vec<Numbers>,
    pub(super) first_published: Box<[i64]>,
    pub(super) changed: Box<[i64]>,
    pub(super) quality: Box<[i64]>,
    pub(super) ties: Box<[u64]>,
    pub(super) titles: Option<StrColumn>,
    pub(super) title_ranks: Box<[u32]>,
}

impl Columns {
    /// Reads a segment; values that were never seen before are given to `seen`.
    pub(super) fn read(
        reader: &SegmentReader,
        names: &FieldNames,
        values: &RwLock<Values>,
        facet: &dyn Fn(&str) -> Option<usize>,
        seen: &mut dyn FnMut(&mut Values, u32),
    ) -> Result<Self, Error> {
        let documents = reader.max_doc();
        let fast = reader.fast_fields();
        let mut lists = Lists::default();
        if let Some(column) = fast.str(names.facet)? {
            let numbers = intern_all(&column, &mut values.write(), facet, seen)?;
            lists = Lists::read(&column, &numbers, documents);
        }
        let numbers = names.numbers.iter().map(|(facet, low, high)| {
            let low = read_i64(reader, low, i64::MIN)?;
            let high = high
                .as_ref()
                .map(|high| read_i64(reader, high, i64::MIN))
                .transpose()?;
            Ok(Numbers::new(*facet, low, high))
        });
        let numbers = numbers.collect::<Result<_, Error>>()?;
        let ties = fast.u64(names.tie)?;
        let titles = fast.str(names.title_key)?;
        let rank = |document| {
            let rank = titles
                .as_ref()
                .and_then(|column| column.term_ords(document).next());
            rank.and_then(|rank| u32::try_from(rank).ok())
                .unwrap_or(u32::MAX)
        };
        let title_ranks = (0..documents).map(rank).collect();
        let dense_places = lists.dense.iter().enumerate();
        let dense_places = dense_places
            .map(|(place, (value, _))| (*value, place))
            .collect();
        Ok(Self {
            documents,
            dense: lists.dense,
            dense_places,
            starts: lists.starts.into(),
            sparse_facets: sparse_facets(&lists.sparse, &values.read()),
            sparse: lists.sparse.into(),
            numbers,
            first_published: read_i64(reader, names.first_published, 0)?,
            changed: read_i64(reader, names.changed, 0)?,
            quality: read_i64(reader, names.quality, i64::MIN)?,
            ties: (0..documents)
                .map(|document| ties.first(document).unwrap_or(0))
                .collect(),
            titles,
            title_ranks,
        })
    }

    /// Adds to `counts` how many documents of `mask` have each value.
    pub(super) fn count(&self, mask: &[u64], counts: &mut [u32]) {
        self.count_dense(mask, &|_| true, counts);
        for document in bits::documents(mask) {
            for value in self.sparse_of(document) {
                counts[*value as usize] += 1;
            }
        }
    }

    /// Counts values that many documents have. Of a mask with few documents only the words that have any are
    /// compared with theirs.
    fn count_dense(&self, mask: &[u64], wanted: &dyn Fn(u32) -> bool, counts: &mut [u32]) {
        let wanted = self.dense.iter().filter(|(value, _)| wanted(*value));
        let filled = bits::filled(mask);
        if filled.len() * FILLED_SHARE < mask.len() {
            for (value, documents) in wanted {
                counts[*value as usize] += bits::count_common_among(&filled, documents);
            }
            return;
        }
        let wanted: Vec<&(u32, Bits)> = wanted.collect();
        let count = |some: &[&(u32, Bits)]| -> Vec<(u32, u32)> {
            let some = some.iter();
            some.map(|(value, documents)| (*value, bits::count_common(mask, documents)))
                .collect()
        };
        let halves = wanted.split_at(wanted.len() / 2);
        let counted = if wanted.len() * mask.len() < BOTH_HALVES_MIN {
            (count(halves.0), count(halves.1))
        } else {
            std::thread::scope(|scope| {
                let other = scope.spawn(|| count(halves.1));
                let one = count(halves.0);
                (
                    one,
                    other.join().unwrap_or_else(|panic| resume_unwind(panic)),
                )
            })
        };
        for (value, count) in counted.0.into_iter().chain(counted.1) {
            counts[value as usize] += count;
        }
    }

    /// The same for the values of one facet only.
    pub(super) fn count_facet(
        &self,
        mask: &[u64],
        facet: usize,
        values: &Values,
        counts: &mut [u32],
    ) {
        self.count_dense(mask, &|value| values.facet_of(value) == facet, counts);
        if !self.sparse_facets.get(facet).is_some_and(|has| *has) {
            return;
        }
        let facet = u16::try_from(facet).unwrap_or(u16::MAX);
        for document in bits::documents(mask) {
            for value in self.sparse_of(document) {
                if values.facets[*value as usize] == facet {
                    counts[*value as usize] += 1;
                }
            }
        }
    }

    /// The documents that have a value, when many do.
    pub(super) fn dense(&self, value: u32) -> Option<&[u64]> {
        let place = self.dense_places.get(&value)?;
        Some(&self.dense[*place].1)
    }

    pub(super) fn numbers_of(&self, facet: usize) -> Option<&Numbers> {
        self.numbers.iter().find(|numbers| numbers.facet == facet)
    }

    /// Of some values, those that many documents have, with these documents.
    pub(super) fn dense_among(&self, wanted: impl Fn(u32) -> bool) -> Vec<(u32, &[u64])> {
        let dense = self.dense.iter().filter(|(value, _)| wanted(*value));
        dense
            .map(|(value, documents)| (*value, documents.as_slice()))
            .collect()
    }

    pub(super) fn sparse_of(&self, document: u32) -> &[u32] {
        let Some(&end) = self.starts.get(document as usize + 1) else {
            return &[];
        };
        &self.sparse[self.starts[document as usize] as usize..end as usize]
    }
}

fn intern_all(
    column: &StrColumn,
    values: &mut Values,
    facet: &dyn Fn(&str) -> Option<usize>,
    seen: &mut dyn FnMut(&mut Values, u32),
) -> Result<Vec<u32>, Error> {
    let mut numbers = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        let term = std::str::from_utf8(stream.key()).map_err(|_| Error::Damaged)?;
        let (number, new) = values.intern(term, facet).ok_or(Error::NeedsRebuild)?;
        if new {
            seen(values, number);
        }
        numbers.push(number);
    }
    Ok(numbers)
}

fn sparse_facets(sparse: &[u32], values: &Values) -> Vec<bool> {
    let mut has = vec![false; values.by_facet.len()];
    for value in sparse {
        has[values.facet_of(*value)] = true;
    }
    has
}

fn read_i64(reader: &SegmentReader, field: &str, absent: i64) -> Result<Box<[i64]>, Error> {
    let column = reader.fast_fields().column_opt::<i64>(field)?;
    let value = |document| column.as_ref().and_then(|column| column.first(document));
    Ok((0..reader.max_doc())
        .map(|document| value(document).unwrap_or(absent))
        .collect())
}

/// The two layouts of facet values.
#[derive(Default)]
struct Lists {
    dense: Vec<(u32, Bits)>,
    starts: Vec<u32>,
    sparse: Vec<u32>,
}

impl Lists {
    fn read(column: &StrColumn, numbers: &[u32], documents: u32) -> Self {
        let mut frequencies = vec![0u32; numbers.len()];
        for document in 0..documents {
            for rank in ranks(column, document) {
                frequencies[rank] += 1;
            }
        }
        let is_dense = |frequency: u32| {
            documents >= DENSE_DOCUMENTS_MIN && frequency >= documents / DENSE_SHARE
        };
        let mut dense = Vec::new();
        let mut places = vec![None; numbers.len()];
        for (rank, frequency) in frequencies.iter().enumerate() {
            if is_dense(*frequency) {
                places[rank] = Some(dense.len());
                dense.push((numbers[rank], bits::empty(documents)));
            }
        }
        let mut starts = vec![0];
        let mut sparse = Vec::new();
        for document in 0..documents {
            for rank in ranks(column, document) {
                match places[rank] {
                    Some(place) => bits::set(&mut dense[place].1, document),
                    None => sparse.push(numbers[rank]),
                }
            }
            starts.push(u32::try_from(sparse.len()).unwrap_or(u32::MAX));
        }
        Self {
            dense,
            starts,
            sparse,
        }
    }
}

fn ranks(column: &StrColumn, document: u32) -> impl Iterator<Item = usize> + '_ {
    column
        .term_ords(document)
        .filter_map(|rank| usize::try_from(rank).ok())
}
