//! What does the Atlas hold, in numbers and pictures that lead to the collections behind them?

use askama::Template;

use super::chart::{BarChart, Histogram, Matrix};
use super::filters;
use super::map::CountryMap;
use super::quality::Meter;
use super::search::Chip;
use super::site::{Section, Site};
use super::text::{Download, Link};

/// The page of statistics: of everything, or of a search.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "statistics.html")]
pub struct StatisticsPage {
    /// The frame.
    pub site: Site,
    /// The words that the collections were found by.
    pub words: Option<String>,
    /// The choices in force.
    pub chips: Vec<Chip>,
    /// The collections themselves.
    pub search_href: String,
    /// Everything, without words and choices.
    pub all_href: String,
    /// What can be counted: label, address, whether it is counted now.
    pub measures: Vec<(String, String, bool)>,
    /// What is counted now.
    pub measure: String,
    /// The sum.
    pub total: u64,
    /// Counts by value.
    pub charts: Vec<BarChart>,
    /// Counts by range.
    pub spreads: Vec<Spread>,
    /// Where the collections come from.
    pub countries: CountryMap,
    /// Counts by two properties.
    pub matrix: Option<Matrix>,
    /// How it has grown: the sum up to the end of each year.
    pub growth: Vec<Grown>,
    /// The same numbers for programs.
    pub downloads: Vec<Download>,
    /// Ways to more numbers.
    pub more: Vec<Link>,
}

/// How much there was at the end of a year.
#[derive(Debug, Clone, Default)]
pub struct Grown {
    pub meter: Meter,
    /// What was published up to then.
    pub href: String,
}

/// How collections are spread over a range of numbers.
#[derive(Debug, Clone, Default)]
pub struct Spread {
    /// A name that is unique on the page.
    pub id: String,
    /// Which numbers.
    pub title: String,
    /// The picture.
    pub histogram: Histogram,
    /// The label of the first range.
    pub first: String,
    /// The label of the last range.
    pub last: String,
}
