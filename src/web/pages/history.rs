//! What was a record before, and in what do two of its versions differ?

use askama::Template;

use super::filters;
use super::record::Value;
use super::site::{Section, Site};
use super::text::{Link, Text};

/// The page of all that was done to a record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "history.html")]
pub struct HistoryPage {
    /// The frame.
    pub site: Site,
    /// The record.
    pub record: Link,
    /// What was done, the newest first.
    pub steps: Vec<HistoryStep>,
    /// The versions that can be compared and brought back, the newest first.
    pub versions: Vec<u64>,
    /// Where two versions are compared.
    pub difference_href: String,
    /// Where an old version is made the newest; only for those who may.
    pub restore_href: Option<String>,
    /// When it was found still correct, the newest first.
    pub confirmations: Vec<Confirmed>,
    /// The versions for machines.
    pub timemap_href: String,
    /// The newest, when this page is not it.
    pub previous_href: Option<String>,
    /// What was done before.
    pub next_href: Option<String>,
}

/// Something that was done to a record.
#[derive(Debug, Clone, Default)]
pub struct HistoryStep {
    /// The number of the version.
    pub number: u64,
    /// The page of the version.
    pub href: String,
    /// When, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// What was done.
    pub change: String,
    /// Whether the public saw a difference.
    pub is_public: bool,
    /// Whether it is what the public sees now.
    pub is_current: bool,
    /// Who did it.
    pub author: Who,
    /// Why.
    pub reason: Option<String>,
    /// In what it differs from the version before.
    pub difference_href: Option<String>,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person, and their name for those who may know it.
    Person(Option<String>),
    /// A program, likewise.
    Program(Option<String>),
}

impl Default for Who {
    fn default() -> Self {
        Self::Person(None)
    }
}

impl Who {
    /// The words for it.
    pub fn words(&self, site: &Site) -> String {
        match self {
            Self::Person(Some(name)) | Self::Program(Some(name)) => name.clone(),
            Self::Person(None) => site.t("history.person").to_owned(),
            Self::Program(None) => site.t("history.program").to_owned(),
        }
    }
}

/// Somebody found the record still correct.
#[derive(Debug, Clone, Default)]
pub struct Confirmed {
    /// When, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// The version.
    pub number: u64,
    /// Who.
    pub author: Who,
    /// What they said.
    pub note: Option<String>,
}

/// The page of the difference of two versions.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "difference.html")]
pub struct DifferencePage {
    /// The frame.
    pub site: Site,
    /// The record.
    pub record: Link,
    /// The older version.
    pub from: u64,
    /// Its page.
    pub from_href: String,
    /// The newer version.
    pub to: u64,
    /// Its page.
    pub to_href: String,
    /// The fields that differ, in groups.
    pub groups: Vec<ChangedGroup>,
    /// Statements that went.
    pub removed: u64,
    /// Statements that came.
    pub added: u64,
    /// The difference for machines.
    pub patch_href: String,
    /// The history of the record.
    pub history_href: String,
}

/// Fields that belong together.
#[derive(Debug, Clone, Default)]
pub struct ChangedGroup {
    /// What they are about.
    pub label: String,
    /// The fields.
    pub fields: Vec<ChangedField>,
}

/// A field that differs.
#[derive(Debug, Clone, Default)]
pub struct ChangedField {
    /// The property.
    pub iri: String,
    /// Its name.
    pub label: Text,
    /// What it no longer says.
    pub removed: Vec<Value>,
    /// What it says now.
    pub added: Vec<Value>,
    /// The difference in a sentence.
    pub words: String,
}

impl ChangedField {
    /// Puts the difference into a sentence: «Number of subjects: 210 → 245».
    pub fn say(&mut self, site: &Site) {
        let (old, new) = (listed(&self.removed), listed(&self.added));
        let change = match (old.is_empty(), new.is_empty()) {
            (false, false) => format!("{old} → {new}"),
            (true, _) => site.with("difference.added", &new),
            (_, true) => site.with("difference.removed", &old),
        };
        self.words = format!("{}: {change}", self.label.value);
    }
}

fn listed(values: &[Value]) -> String {
    let one = |value: &Value| {
        let mut text = value.text.value.clone();
        if let Some(lang) = &value.text.lang {
            text = format!("{text} ({lang})");
        }
        match value.note.as_deref().filter(|note| !note.is_empty()) {
            Some(note) => format!("{text} [{note}]"),
            None => text,
        }
    };
    values.iter().map(one).collect::<Vec<_>>().join("; ")
}
