//! Which catalogues make up the Atlas?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::{Badge, Link, Text};

/// The list of catalogues.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "catalogues.html")]
pub struct CataloguesPage {
    /// The frame.
    pub site: Site,
    /// The catalogues.
    pub catalogues: Vec<CatalogueEntry>,
}

/// A catalogue in the list.
#[derive(Debug, Clone, Default)]
pub struct CatalogueEntry {
    /// Title and page.
    pub title: Link,
    /// Who publishes it.
    pub publisher: Option<Link>,
    /// What it is about, shortened.
    pub description: Option<Text>,
    /// Countries, kind.
    pub badges: Vec<Badge>,
    /// How many collections it holds.
    pub collections: u64,
    /// How many subjects these have together.
    pub subjects: u64,
    /// How many studies.
    pub studies: u64,
}
