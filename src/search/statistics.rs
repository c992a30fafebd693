//! What the whole index holds, in numbers: for the home page and the dashboard.

use serde::Serialize;

use super::bits;
use super::columns::Values;
use super::facets::value_label;
use super::index::{Index, Snapshot};
use super::words;

/// How many values of a kind are named.
const COUNTS_MAX: usize = 60;

/// Totals over all public records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// All records.
    pub records: u64,
    /// Datasets.
    pub datasets: u64,
    /// Catalogues.
    pub catalogues: u64,
    /// The sum of the subjects.
    pub subjects: u64,
    /// The sum of the imaging studies.
    pub studies: u64,
    /// How many providers there are.
    pub providers: u64,
    /// How many countries there are.
    pub countries: u64,
    /// Records by cancer, the top of the hierarchy only.
    pub by_cancer: Vec<Count>,
    /// Records by modality, the top of the hierarchy only.
    pub by_modality: Vec<Count>,
    /// Records by body part, the top of the hierarchy only.
    pub by_body_part: Vec<Count>,
    /// Records by country.
    pub by_country: Vec<Count>,
}

/// A value and how many records have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value, as a facet takes it.
    pub value: String,
    /// Its label.
    pub label: String,
    /// How many records have it.
    pub count: u64,
}

impl Index {
    /// Totals over all public records.
    pub fn statistics(&self, language: &str) -> Statistics {
        let snapshot = self.snapshot();
        let values = self.values.read();
        let language = words::primary(language);
        let counter = Counter {
            index: self,
            snapshot: &snapshot,
            values: &values,
            language,
        };
        let roles = &self.definitions.roles;
        Statistics {
            records: snapshot.searcher.num_docs(),
            datasets: counter.total(&roles.kind, "dataset"),
            catalogues: counter.total(&roles.kind, "catalog"),
            subjects: counter.sum(&roles.subjects),
            studies: counter.sum(&roles.studies),
            providers: counter.distinct(&roles.publisher),
            countries: counter.distinct(&roles.country),
            by_cancer: counter.top(&roles.cancer),
            by_modality: counter.top(&roles.modality),
            by_body_part: counter.top(&roles.body_part),
            by_country: counter.top(&roles.country),
        }
    }
}

struct Counter<'a> {
    index: &'a Index,
    snapshot: &'a Snapshot,
    values: &'a Values,
    language: String,
}

impl Counter<'_> {
    fn of(&self, value: u32) -> u64 {
        u64::from(
            self.snapshot
                .totals
                .get(value as usize)
                .copied()
                .unwrap_or(0),
        )
    }

    fn total(&self, facet: &str, value: &str) -> u64 {
        self.values
            .exact(facet, value)
            .map_or(0, |value| self.of(value))
    }

    fn distinct(&self, facet: &str) -> u64 {
        let Some(position) = self.index.definitions.position(facet) else {
            return 0;
        };
        let values = self.values.of_facet(position).iter();
        values.filter(|value| self.of(**value) > 0).count() as u64
    }

    fn sum(&self, facet: &str) -> u64 {
        let Some(position) = self.index.definitions.position(facet) else {
            return 0;
        };
        let mut sum = 0u64;
        for segment in &self.snapshot.segments {
            let Some(numbers) = segment.columns.numbers_of(position) else {
                continue;
            };
            for document in bits::documents(&segment.alive) {
                let number = numbers.of(document).map_or(0, |(low, _)| low);
                sum = sum.saturating_add(u64::try_from(number).unwrap_or(0));
            }
        }
        sum
    }

    /// The values directly below a hierarchy's root, or all values of a flat facet.
    fn top(&self, id: &str) -> Vec<Count> {
        let Some(position) = self.index.definitions.position(id) else {
            return Vec::new();
        };
        let facet = &self.index.definitions.facets[position];
        let values: Vec<u32> = match &facet.root {
            Some(root) => {
                let children = self.index.concepts.children(root).into_iter();
                children
                    .filter_map(|child| self.values.exact(id, &child))
                    .collect()
            }
            None => self.values.of_facet(position).to_vec(),
        };
        let mut counts: Vec<Count> = values
            .into_iter()
            .filter(|value| self.of(*value) > 0)
            .map(|value| Count {
                value: self.values.value_of(value).to_string(),
                label: value_label(
                    self.index,
                    facet,
                    self.values.value_of(value),
                    &self.language,
                ),
                count: self.of(value),
            })
            .collect();
        counts.sort_by(|one, other| {
            other
                .count
                .cmp(&one.count)
                .then_with(|| one.label.cmp(&other.label))
        });
        counts.dedup();
        counts.truncate(COUNTS_MAX);
        counts
    }
}
