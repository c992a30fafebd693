//! In what do a few collections differ?

use askama::Template;

use super::filters;
use super::record::Value;
use super::site::{Section, Site};
use super::text::Text;

/// The page that sets collections side by side.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "compare.html")]
pub struct ComparePage {
    /// The frame.
    pub site: Site,
    /// The columns.
    pub records: Vec<Compared>,
    /// The rows in groups.
    pub groups: Vec<Group>,
    /// How many rows differ.
    pub differing: u64,
    /// Only the rows that differ, when all are shown.
    pub only_href: Option<String>,
    /// All rows, when only those that differ are shown.
    pub all_href: Option<String>,
}

/// A collection that is compared.
#[derive(Debug, Clone, Default)]
pub struct Compared {
    /// The record's IRI.
    pub iri: String,
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: Text,
    /// What kind of record it is.
    pub kind: String,
    /// The page without this column.
    pub without_href: String,
}

/// Rows that belong together.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// What they are about.
    pub label: String,
    /// One row a property.
    pub rows: Vec<Row>,
}

/// A property of all collections.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The property's IRI.
    pub iri: String,
    /// Its name.
    pub label: Text,
    /// One cell a column.
    pub cells: Vec<Cell>,
    /// Whether not all cells say the same.
    pub differs: bool,
}

/// What one collection says.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// Its values; none when it says nothing.
    pub values: Vec<Value>,
}
