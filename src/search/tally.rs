//! How many records, subjects or studies have each value of a facet, or of each pair of two facets, and
//! how has that grown?

use std::cmp::Reverse;

use jiff::Timestamp;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::bits::{self, Bits};
use super::columns::{Columns, Values};
use super::definitions::{FacetKind, Source};
use super::facets::{catalogue_title, value_label};
use super::find::Labelled;
use super::index::{Error, Index, Snapshot};
use super::query::SearchQuery;
use super::{reading, words};

/// Of each facet, no more values are told apart: the most frequent.
const VALUES_MAX: usize = 1_000;
/// No more rows are given: the largest.
const ROWS_MAX: usize = 20_000;
/// No more combinations are counted.
const CELLS_MAX: usize = 2_000_000;

/// What is to be counted.
#[derive(Clone, Debug, Default)]
pub struct TallyQuery {
    /// One facet or two, by their ids; none counts everything together.
    pub by: Vec<String>,
    /// What is added up.
    pub measure: Measure,
    /// Whether to tell periods apart.
    pub over: Option<Period>,
}

/// What is added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// The records themselves.
    #[default]
    Datasets,
    /// The people they are about.
    Subjects,
    /// Their imaging studies.
    Studies,
}

/// The length of the periods in which records were first published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Period {
    Year,
    Month,
}

/// Sums by value.
#[derive(Clone, Debug, Serialize)]
pub struct Tally {
    /// The facets: their ids and labels.
    pub by: Vec<Labelled>,
    /// The sum over all records that match, each once.
    pub total: u64,
    /// The rows: the largest first, or in the order of time.
    pub rows: Vec<TallyRow>,
    /// Whether there are more values or rows than are told.
    pub truncated: bool,
}

/// The sum of the records that have one value in each of the facets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TallyRow {
    /// One value of each facet, as an address takes it, with its label.
    pub values: Vec<Labelled>,
    /// When the records were first published.
    pub period: Option<String>,
    /// The sum.
    pub count: u64,
    /// The sum up to the end of the period.
    pub until: Option<u64>,
}

/// The values of a facet that are told apart.
struct Kept {
    values: Vec<u32>,
    /// The place of each value of the index among them, or `NONE`.
    slots: Vec<u32>,
}

/// What tells rows apart: two values or their places, and a period.
type Key = (u32, u32, i32);
const NONE: u32 = u32::MAX;

impl Index {
    /// Counts what a search matches.
    pub fn tally(&self, query: &SearchQuery, wanted: &TallyQuery) -> Result<Tally, Error> {
        let snapshot = self.snapshot();
        let text = query.text.as_deref();
        let reading =
            text.map(|text| reading::read(self, &snapshot, text, &query.language, &query.senses));
        let reading = reading.transpose()?.flatten();
        let choices = self.choices(query, &self.values.read());
        let (matches, _) = self.matches(&snapshot, reading.as_ref(), &choices)?;
        let masks: Vec<Bits> = matches.into_iter().map(|one| one.all).collect();
        let facets = wanted
            .by
            .iter()
            .filter_map(|id| self.definitions.position(id));
        let facets: Vec<usize> = facets.take(2).collect();
        let values = self.values.read();
        let mut adding = Adding {
            index: self,
            measure: wanted.measure,
            over: wanted.over,
            periods: FxHashMap::default(),
            table: Vec::new(),
            columns: 1,
            cells: FxHashMap::default(),
            total: 0,
            truncated: false,
        };
        let mut kept = Vec::with_capacity(facets.len());
        for facet in &facets {
            let (values, is_cut) = most_frequent(&snapshot, &masks, *facet, &values);
            adding.truncated |= is_cut;
            kept.push(values);
        }
        adding.room(&kept);
        for (segment, mask) in snapshot.segments.iter().zip(&masks) {
            adding.add(&segment.columns, mask, &kept);
        }
        let language = words::primary(&query.language);
        let by = facets.iter().map(|facet| {
            let facet = &self.definitions.facets[*facet];
            Labelled {
                iri: facet.id.clone(),
                label: facet.label(&language).to_owned(),
            }
        });
        let by = by.collect();
        let mut tally = Tally {
            by,
            total: adding.total,
            rows: Vec::new(),
            truncated: adding.truncated,
        };
        let rows = adding.ordered(&kept, &mut tally.truncated);
        for ((one, other, period), count, until) in rows {
            let mut named = Vec::with_capacity(2);
            for value in [one, other].into_iter().filter(|value| *value != NONE) {
                named.push(self.named(&snapshot, &values, value, &language)?);
            }
            tally.rows.push(TallyRow {
                values: named,
                period: wanted.over.map(|over| name_of(period, over)),
                count,
                until,
            });
        }
        Ok(tally)
    }

    /// A value as an address takes it, with its label.
    fn named(
        &self,
        snapshot: &Snapshot,
        values: &Values,
        value: u32,
        language: &str,
    ) -> Result<Labelled, Error> {
        let facet = &self.definitions.facets[values.facet_of(value)];
        let text = values.value_of(value).to_string();
        if facet.kind == FacetKind::Range {
            let bucket = text.parse().ok().and_then(|bucket| facet.bucket(bucket));
            let (from, to) = bucket.unwrap_or((0, i64::MAX));
            return Ok(if to == i64::MAX {
                Labelled {
                    iri: format!("{from}.."),
                    label: format!("{from}–"),
                }
            } else {
                Labelled {
                    iri: format!("{from}..{to}"),
                    label: format!("{from}–{to}"),
                }
            });
        }
        let label = if facet.source == Source::Catalogue {
            catalogue_title(self, snapshot, values, value)?
        } else {
            value_label(self, facet, &text, language)
        };
        // Years are chosen by ranges.
        let iri = if facet.kind == FacetKind::Year {
            format!("{text}..{text}")
        } else {
            text
        };
        Ok(Labelled { iri, label })
    }
}

struct Adding<'a> {
    index: &'a Index,
    measure: Measure,
    over: Option<Period>,
    /// The periods by day, so that each day is looked at once.
    periods: FxHashMap<i64, i32>,
    /// Sums by row and column, when periods are not told apart.
    table: Vec<u64>,
    columns: usize,
    cells: FxHashMap<Key, u64>,
    total: u64,
    truncated: bool,
}

/// The values of a facet that are told apart, and whether there are more.
fn most_frequent(
    snapshot: &Snapshot,
    masks: &[Bits],
    facet: usize,
    values: &Values,
) -> (Kept, bool) {
    let mut counts = vec![0; values.len()];
    for (segment, mask) in snapshot.segments.iter().zip(masks) {
        segment.count_facet(mask, facet, values, &mut counts);
    }
    let found = values.of_facet(facet).iter().copied();
    let mut found: Vec<u32> = found.filter(|value| counts[*value as usize] > 0).collect();
    let is_cut = found.len() > VALUES_MAX;
    if is_cut {
        found.select_nth_unstable_by_key(VALUES_MAX, |value| Reverse(counts[*value as usize]));
        found.truncate(VALUES_MAX);
    }
    let mut slots = vec![NONE; values.len()];
    for (slot, value) in (0..).zip(&found) {
        slots[*value as usize] = slot;
    }
    let kept = Kept {
        values: found,
        slots,
    };
    (kept, is_cut)
}

impl Adding<'_> {
    /// Makes room for all combinations.
    fn room(&mut self, kept: &[Kept]) {
        if self.over.is_none() {
            self.columns = kept.get(1).map_or(1, |kept| kept.values.len());
            let rows = kept.first().map_or(1, |kept| kept.values.len());
            self.table = vec![0; rows * self.columns];
        }
    }

    fn add(&mut self, columns: &Columns, mask: &[u64], kept: &[Kept]) {
        let lists = kept
            .iter()
            .map(|kept| Lists::of(columns, mask, &kept.slots));
        let lists: Vec<Lists> = lists.collect();
        let roles = &self.index.definitions.roles;
        let role = match self.measure {
            Measure::Datasets => None,
            Measure::Subjects => Some(&roles.subjects),
            Measure::Studies => Some(&roles.studies),
        };
        let position = role.and_then(|role| self.index.definitions.position(role));
        let numbers = position.and_then(|facet| columns.numbers_of(facet));
        for document in bits::documents(mask) {
            let weight = match self.measure {
                Measure::Datasets => 1,
                Measure::Subjects | Measure::Studies => numbers
                    .and_then(|numbers| numbers.of(document))
                    .and_then(|(number, _)| u64::try_from(number).ok())
                    .unwrap_or(0),
            };
            if weight == 0 {
                continue;
            }
            self.total = self.total.saturating_add(weight);
            let period = self.over.map_or(0, |over| {
                self.period(columns.first_published[document as usize], over)
            });
            match &lists[..] {
                [] => self.put((0, 0, period), weight),
                [one] => {
                    for row in one.at(document) {
                        self.put((*row, 0, period), weight);
                    }
                }
                [one, other, ..] => {
                    for row in one.at(document) {
                        for column in other.at(document) {
                            self.put((*row, *column, period), weight);
                        }
                    }
                }
            }
        }
    }

    fn put(&mut self, key: Key, weight: u64) {
        if self.over.is_none() {
            let at = key.0 as usize * self.columns + key.1 as usize;
            self.table[at] = self.table[at].saturating_add(weight);
        } else if let Some(sum) = self.cells.get_mut(&key) {
            *sum = sum.saturating_add(weight);
        } else if self.cells.len() < CELLS_MAX {
            self.cells.insert(key, weight);
        } else {
            self.truncated = true;
        }
    }

    /// The number of a period: the year, or the month counted from the year 0.
    fn period(&mut self, milliseconds: i64, over: Period) -> i32 {
        const DAY_MILLISECONDS: i64 = 86_400_000;
        let day = milliseconds.div_euclid(DAY_MILLISECONDS);
        *self.periods.entry(day).or_insert_with(|| {
            let at = Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::UNIX_EPOCH);
            let date = jiff::tz::Offset::UTC.to_datetime(at);
            let (year, month) = (i32::from(date.year()), i32::from(date.month()));
            match over {
                Period::Year => year,
                Period::Month => year * 12 + month - 1,
            }
        })
    }

    /// The rows in order, with what has gathered up to each.
    fn ordered(self, kept: &[Kept], truncated: &mut bool) -> Vec<(Key, u64, Option<u64>)> {
        let in_table = self.table.iter().enumerate().filter(|(_, sum)| **sum > 0);
        let in_table = in_table.map(|(at, sum)| {
            let place = |at: usize| u32::try_from(at).unwrap_or(NONE);
            (
                (place(at / self.columns), place(at % self.columns), 0),
                *sum,
            )
        });
        let value = |facet: usize, slot: u32| {
            let values = kept.get(facet).map(|kept| &kept.values);
            values.map_or(NONE, |values| values[slot as usize])
        };
        let all = in_table.chain(self.cells);
        let mut rows: Vec<(Key, u64)> = all
            .map(|((row, column, period), sum)| ((value(0, row), value(1, column), period), sum))
            .collect();
        rows.sort_unstable_by_key(|(key, count)| (Reverse(*count), *key));
        if rows.len() > ROWS_MAX {
            rows.truncate(ROWS_MAX);
            *truncated = true;
        }
        if self.over.is_none() {
            return rows
                .into_iter()
                .map(|(key, count)| (key, count, None))
                .collect();
        }
        rows.sort_by_key(|((_, _, period), _)| *period);
        let mut sums: FxHashMap<(u32, u32), u64> = FxHashMap::default();
        let grown = rows.into_iter().map(|(key, count)| {
            let sum = sums.entry((key.0, key.1)).or_default();
            *sum = sum.saturating_add(count);
            (key, count, Some(*sum))
        });
        grown.collect()
    }
}

fn name_of(period: i32, over: Period) -> String {
    match over {
        Period::Year => format!("{period:04}"),
        Period::Month => format!("{:04}-{:02}", period / 12, period % 12 + 1),
    }
}

/// The places of the values of one facet for each document of a mask.
struct Lists {
    starts: Vec<u32>,
    slots: Vec<u32>,
}

impl Lists {
    fn of(columns: &Columns, mask: &[u64], kept: &[u32]) -> Self {
        let dense = columns.dense_among(|value| slot(kept, value).is_some());
        let mut starts = vec![0; columns.documents as usize + 1];
        let common = |documents: &[u64]| -> Bits {
            let words = documents.iter().zip(mask);
            words.map(|(word, mask)| word & mask).collect()
        };
        for (_, documents) in &dense {
            for document in bits::documents(&common(documents)) {
                starts[document as usize + 1] += 1;
            }
        }
        let sparse = |document: u32| {
            let values = columns.sparse_of(document).iter();
            values.filter_map(|value| slot(kept, *value))
        };
        for document in bits::documents(mask) {
            let more = u32::try_from(sparse(document).count()).unwrap_or(0);
            starts[document as usize + 1] += more;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut slots = vec![0; starts.last().map_or(0, |end| *end as usize)];
        let mut next = starts.clone();
        let mut put = |document: u32, slot: u32| {
            let at = &mut next[document as usize];
            slots[*at as usize] = slot;
            *at += 1;
        };
        for (value, documents) in &dense {
            if let Some(slot) = slot(kept, *value) {
                bits::documents(&common(documents)).for_each(|document| put(document, slot));
            }
        }
        for document in bits::documents(mask) {
            sparse(document).for_each(|slot| put(document, slot));
        }
        Self { starts, slots }
    }

    fn at(&self, document: u32) -> &[u32] {
        let at = document as usize;
        &self.slots[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// The place of a value among those that are told apart.
fn slot(kept: &[u32], value: u32) -> Option<u32> {
    kept.get(value as usize)
        .copied()
        .filter(|slot| *slot != NONE)
}
