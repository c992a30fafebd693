//! What is left of a record that was withdrawn or deleted?

use askama::Template;

use super::filters;
use super::record::Version;
use super::site::{Section, Site};
use super::text::{EmbeddedJson, Link, Text};

/// The page that answers 410.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "tombstone.html")]
pub struct TombstonePage {
    /// The frame.
    pub site: Site,
    /// The last title, when it may still be shown.
    pub title: Option<Text>,
    /// What kind of record it was.
    pub kind: String,
    /// The record's IRI.
    pub iri: String,
    /// Whether it was withdrawn (it may come back) rather than deleted.
    pub withdrawn: bool,
    /// When, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// Why, when it was said in public.
    pub reason: Option<Text>,
    /// Where it is brought back; only for those who may.
    pub undelete_href: Option<String>,
    /// What stands in its place.
    pub replaced_by: Option<Link>,
    /// Where to look for others.
    pub catalogue: Option<Link>,
    /// The dates of its versions.
    pub versions: Vec<Version>,
    /// schema.org description of the absence.
    pub json_ld: Option<EmbeddedJson>,
}
