//! How do the data sets of a catalogue or a provider score together?

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::mqa::Band;

/// The scores of several data sets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u64; 6]", into = "[u64; 6]")]
pub struct Tally {
    pub records: u64,
    /// The sum of their scores.
    pub points: u64,
    /// How many there are in each band, the best first.
    pub bands: [u64; 4],
}

impl Tally {
    pub fn add(&mut self, score: u16) {
        let band = Band::of(score);
        let at = Band::ALL.iter().position(|one| *one == band).unwrap_or(3);
        self.records += 1;
        self.points += u64::from(score);
        self.bands[at] += 1;
    }

    /// The mean score in tenths, rounded; `None` of nothing.
    pub fn mean_tenths(&self) -> Option<u64> {
        (self.points * 10 + self.records / 2).checked_div(self.records)
    }
}

impl From<[u64; 6]> for Tally {
    fn from([records, points, excellent, good, sufficient, bad]: [u64; 6]) -> Self {
        Self {
            records,
            points,
            bands: [excellent, good, sufficient, bad],
        }
    }
}

impl From<Tally> for [u64; 6] {
    fn from(tally: Tally) -> Self {
        let [excellent, good, sufficient, bad] = tally.bands;
        [
            tally.records,
            tally.points,
            excellent,
            good,
            sufficient,
            bad,
        ]
    }
}

/// All data sets, and those of each catalogue (by IRI) and provider (by name).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub all: Tally,
    pub catalogues: BTreeMap<String, Tally>,
    pub providers: BTreeMap<String, Tally>,
}

impl Overview {
    pub fn add(&mut self, score: u16, catalogue: Option<&str>, provider: Option<&str>) {
        self.all.add(score);
        let groups = [
            (&mut self.catalogues, catalogue),
            (&mut self.providers, provider),
        ];
        for (group, name) in groups {
            if let Some(name) = name {
                match group.get_mut(name) {
                    Some(tally) => tally.add(score),
                    None => group.entry(name.to_owned()).or_default().add(score),
                }
            }
        }
    }
}
