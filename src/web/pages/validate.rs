//! Does a description keep to a profile: paste it and see?

use askama::Template;

use super::filters;
use super::record::Validation;
use super::site::{Section, Site};
use super::text::{Choice, Download};

/// The page to check a record without storing it.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "validate.html")]
pub struct ValidatePage {
    /// The frame.
    pub site: Site,
    /// The text as pasted.
    pub text: String,
    /// The profiles to choose from.
    pub profiles: Vec<Choice>,
    /// The formats to choose from, by media type; the first may be «recognise it».
    pub formats: Vec<Choice>,
    /// Why the text could not be read, with its place.
    pub unreadable: Option<Unreadable>,
    /// What the check found, one per profile.
    pub reports: Vec<Validation>,
    /// The report to take away.
    pub downloads: Vec<Download>,
}

/// Why a text could not be read.
#[derive(Debug, Clone, Default)]
pub struct Unreadable {
    /// What is wrong, in plain words.
    pub message: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u64>,
}
