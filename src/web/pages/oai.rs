//! How does a person try the harvesters' door, and what is behind it?

use askama::Template;

use super::filters;
use super::site::{Section, Site};

/// The page of the OAI-PMH address.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "oai.html")]
pub struct OaiPage {
    /// The frame.
    pub site: Site,
    /// The address that harvesters are given.
    pub address: String,
    /// The formats of records.
    pub forms: Vec<OaiForm>,
    /// The names of sets.
    pub sets: Vec<String>,
}

/// A format of records.
#[derive(Debug, Clone, Default)]
pub struct OaiForm {
    /// Its name in requests.
    pub prefix: String,
    /// Its name for people.
    pub title: String,
    /// Where its schema is.
    pub schema: String,
}
