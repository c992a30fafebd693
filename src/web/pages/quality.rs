//! How good are descriptions: one record's, and those of catalogues and providers?

use askama::Template;

use super::chart::share;
use super::filters;
use super::site::{Section, Site};
use super::text::{Link, Tone};

/// What is told about the quality of one record.
#[derive(Debug, Clone, Default)]
pub struct Quality {
    /// The points of a data set.
    pub score: Option<Score>,
    /// What the record is complete under.
    pub profile: String,
    /// Mandatory, recommended, optional: how many fields are filled.
    pub shares: Vec<Meter>,
    /// What would raise it most.
    pub steps: Vec<Step>,
    /// The European Health Data Space.
    pub ehds: Option<Checklist>,
    /// The FAIR principles.
    pub fair: Option<Checklist>,
    /// The same for programs.
    pub json_href: String,
}

/// The points of a data set.
#[derive(Debug, Clone, Default)]
pub struct Score {
    /// So many …
    pub points: u64,
    /// … of so many.
    pub max: u64,
    /// The band, in words.
    pub band: String,
    /// How strongly it speaks.
    pub tone: Tone,
    /// The parts.
    pub dimensions: Vec<Meter>,
    /// Metric by metric.
    pub metrics: Option<Checklist>,
    /// What nobody asked for.
    pub not_measured: Vec<String>,
}

/// So much of so much, with a bar.
#[derive(Debug, Clone, Default)]
pub struct Meter {
    /// Of what.
    pub label: String,
    /// So much …
    pub value: u64,
    /// … of so much.
    pub max: u64,
}

impl Meter {
    /// The length of the bar out of 1000.
    pub fn length(&self) -> u64 {
        share(self.value, self.max, 1000)
    }
}

/// A change that would raise the record.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// The property to add or mend.
    pub label: String,
    /// The points it gives.
    pub points: u64,
    /// Who wants it when it gives no points: «Recommended».
    pub wanted: Option<String>,
    /// What is to be seen to.
    pub details: Vec<String>,
}

/// Things that are asked for, and how each stands.
#[derive(Debug, Clone, Default)]
pub struct Checklist {
    /// So many are met …
    pub met: u64,
    /// … of so many.
    pub of: u64,
    /// Each of them.
    pub items: Vec<Item>,
}

impl Checklist {
    /// How strongly it speaks.
    pub fn tone(&self) -> Tone {
        if self.met == self.of {
            Tone::Good
        } else {
            Tone::Care
        }
    }
}

/// One thing that is asked for.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// What.
    pub label: String,
    /// Its code.
    pub code: Option<String>,
    /// How it stands.
    pub standing: Standing,
    /// Why.
    pub note: Option<String>,
}

/// How something that is asked for stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Standing {
    Met,
    #[default]
    Missed,
    NotMeasured,
    NotNeeded,
}

impl Standing {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Met => "good",
            Self::Missed => "care",
            Self::NotMeasured | Self::NotNeeded => "plain",
        }
    }

    /// A sign for those who see.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Met => "✓",
            Self::Missed => "✗",
            Self::NotMeasured | Self::NotNeeded => "–",
        }
    }

    /// The word in the language of the page.
    pub fn word<'a>(self, site: &Site) -> &'a str {
        match self {
            Self::Met => site.t("quality.met"),
            Self::Missed => site.t("quality.missed"),
            Self::NotMeasured => site.t("quality.not_measured"),
            Self::NotNeeded => site.t("quality.not_needed"),
        }
    }
}

/// How catalogues and providers stand.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "quality.html")]
pub struct QualityPage {
    /// The frame.
    pub site: Site,
    /// Everything public.
    pub all: Option<Row>,
    /// The most points.
    pub max: u64,
    /// The bands, the best first.
    pub bands: Vec<BandHead>,
    /// By catalogue.
    pub catalogues: Vec<Row>,
    /// By provider.
    pub providers: Vec<Row>,
    /// The orders that the tables can have.
    pub orders: Vec<Order>,
    /// The last months and now.
    pub months: Vec<Month>,
    /// Whether earlier months are still being made.
    pub is_counting: bool,
    /// Whether there are more groups than the page shows.
    pub is_cut: bool,
}

/// A band of scores.
#[derive(Debug, Clone, Default)]
pub struct BandHead {
    /// Its name.
    pub label: String,
    /// The least score in it.
    pub from: u64,
    /// How many of all are in it.
    pub count: u64,
}

/// An order of the tables.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// How it is called: `records`, `score`, `name`.
    pub name: &'static str,
    /// The page in this order.
    pub href: String,
    /// Whether it is in force.
    pub chosen: bool,
}

impl Order {
    /// The words in the language of the page.
    pub fn words<'a>(&self, site: &Site) -> &'a str {
        match self.name {
            "score" => site.t("quality.by_score"),
            "name" => site.t("quality.by_name"),
            _ => site.t("quality.by_records"),
        }
    }
}

/// The data sets of a catalogue or provider.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its name, and where it leads.
    pub head: Link,
    /// How many.
    pub records: u64,
    /// The mean score with one decimal.
    pub mean: String,
    /// The mean score, for the bar.
    pub meter: Meter,
    /// How many are in each band.
    pub bands: Vec<u64>,
    /// The end of the last months.
    pub months: Vec<Month>,
}

/// The end of a month.
#[derive(Debug, Clone, Default)]
pub struct Month {
    /// `2026-10`; `None` is now.
    pub month: Option<String>,
    /// How many data sets.
    pub records: u64,
    /// The mean score with one decimal.
    pub mean: String,
    /// The mean score, for the bar.
    pub meter: Meter,
}

impl Row {
    /// The line through the months, from the left to the right, in a picture of 100 by 20.
    pub fn line(&self) -> String {
        let last = self.months.len().saturating_sub(1).max(1);
        let point = |(at, month): (usize, &Month)| {
            let height = share(month.meter.value, month.meter.max, 18);
            format!("{},{}", at * 100 / last, 19 - height)
        };
        let points: Vec<String> = self.months.iter().enumerate().map(point).collect();
        points.join(" ")
    }
}
