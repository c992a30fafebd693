//! Who publishes the synthetic collections?

use super::chance::{Chance, Pick, power};
use super::codes::{COUNTRIES, Country, PUBLISHER_TYPES};
use super::words;

/// An institution. Its name says what it is, its place is made up.
#[derive(Clone, Debug)]
pub(super) struct Agent {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) publisher_type: &'static str,
    pub(super) country: &'static Country,
}

impl Agent {
    pub(super) fn iri(&self) -> String {
        format!("https://{}/about#us", self.host())
    }

    pub(super) fn host(&self) -> String {
        format!("centre{}.example.org", self.number)
    }

    pub(super) fn email(&self) -> String {
        format!("data@{}", self.host())
    }
}

/// All institutions, the busiest first.
#[derive(Clone, Debug)]
pub(super) struct Agents(Pick<Agent>);

const INSTITUTIONS: [&str; 6] = [
    "University Hospital",
    "Cancer Institute",
    "Research Centre",
    "Medical University",
    "Oncology Foundation",
    "Imaging Biobank",
];

impl Agents {
    /// The number of institutions grows with the square root of the number of datasets.
    pub(super) fn new(datasets: usize, seed: u64) -> Self {
        let mut chance = Chance::of(&[seed, u64::from_be_bytes(*b"agents\0\0"), datasets as u64]);
        let count = (power(datasets, 0.5) * 3 / 2).max(12);
        let agent = |number| Agent {
            number,
            name: name(&mut chance),
            publisher_type: chance.one::<&'static str>(&PUBLISHER_TYPES),
            country: chance.weighted(&COUNTRIES, |country| country.weight),
        };
        Self(Pick::zipf((0..count).map(agent).collect(), 1.0, 0.9))
    }

    pub(super) fn pick(&self, chance: &mut Chance) -> &Agent {
        self.0.pick(chance)
    }

    /// An institution for each catalogue, the same one for the same number.
    pub(super) fn of_catalogue(&self, number: usize) -> &Agent {
        let agents = self.0.items();
        &agents[number % agents.len()]
    }
}

fn name(chance: &mut Chance) -> String {
    let institution = chance.one(&INSTITUTIONS);
    let place = words::capitalised(&words::invented(chance));
    format!("{institution} {place}")
}

/// The health data access body of a country.
pub(super) struct AccessBody(pub(super) &'static Country);

impl AccessBody {
    pub(super) fn iri(&self) -> String {
        format!("https://{}/about#us", self.host())
    }

    pub(super) fn name(&self) -> String {
        format!("Health Data Access Body of {}", self.0.name)
    }

    pub(super) fn email(&self) -> String {
        format!("access@{}", self.host())
    }

    fn host(&self) -> String {
        format!("hdab-{}.example.org", self.0.code.to_lowercase())
    }
}
