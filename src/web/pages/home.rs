//! What does the Atlas hold, in numbers and pictures?

use askama::Template;

use super::chart::{BarChart, Matrix};
use super::figure::BodyFigure;
use super::filters;
use super::map::CountryMap;
use super::search::Card;
use super::site::{Section, Site};
use super::text::{EmbeddedJson, Link, Text};

/// The first page, which is also the page of the root record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The frame.
    pub site: Site,
    /// The operator's own title; without it the interface has one.
    pub title: Option<Text>,
    /// One or two sentences about this Atlas.
    pub description: Vec<Text>,
    /// Whether this reader may add to it.
    pub may_write: bool,
    /// What it holds.
    pub figures: Figures,
    /// Searches to begin with.
    pub examples: Vec<Link>,
    /// The plate; made from the counts of body parts.
    pub body: BodyFigure,
    /// Collections by cancer, modality, body part …
    pub charts: Vec<BarChart>,
    /// Collections by country.
    pub countries: CountryMap,
    /// Modality × body part.
    pub matrix: Option<Matrix>,
    /// The newest collections.
    pub newest: Vec<Card>,
    /// schema.org/DataCatalog.
    pub json_ld: Option<EmbeddedJson>,
}

/// The five numbers of the home page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Figures {
    pub collections: u64,
    pub subjects: u64,
    pub studies: u64,
    pub providers: u64,
    pub countries: u64,
}
