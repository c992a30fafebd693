//! What is this Atlas, what may be done with it, and which doors does it have?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::{Link, Text};

/// The page about the Atlas and the software.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "about.html")]
pub struct AboutPage {
    /// The frame.
    pub site: Site,
    /// What the operator says about this Atlas.
    pub description: Vec<Text>,
    /// The operator.
    pub operator: Option<Link>,
    /// Where to write to.
    pub contact: Option<Link>,
    /// The profiles that records are checked against.
    pub profiles: Vec<Link>,
    /// The ontologies and code lists, each with its source.
    pub vocabularies: Vec<Vocabulary>,
    /// The absolute address of the Atlas, for the examples.
    pub base: String,
}

/// An ontology or code list that the Atlas uses.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Its name and source.
    pub title: Link,
    /// Its version.
    pub version: Option<String>,
    /// Its licence, in words.
    pub licence: Option<String>,
    /// How many concepts it has.
    pub concepts: u64,
}
