//! What does the page of spreadsheets show: templates, a form for a file, and what the file would change?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::{Choice, Link, Tone};

/// The page of spreadsheets.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sheets.html")]
pub struct SheetsPage {
    /// The frame.
    pub site: Site,
    /// The templates to take away.
    pub templates: Vec<TemplateLinks>,
    /// Whether the reader may send a file; who may not is asked to sign in.
    pub may_send: bool,
    /// Where to sign in, when that is possible.
    pub sign_in: Option<String>,
    /// The kinds to choose from for a file with one table.
    pub kinds: Vec<Choice>,
    /// Where new records go that do not say it themselves.
    pub parent: String,
    /// Why the file could not be read.
    pub unreadable: Option<String>,
    /// What was found in the file.
    pub report: Option<Report>,
}

/// The templates of a profile.
#[derive(Debug, Clone, Default)]
pub struct TemplateLinks {
    pub title: String,
    /// The workbook.
    pub book: String,
    /// One table a kind.
    pub tables: Vec<Link>,
}

/// What a file would change, or has changed.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Whether it was stored.
    pub is_stored: bool,
    /// Whether something else changed since the reader saw it.
    pub is_stale: bool,
    pub rows: u64,
    pub new: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// What must be mended before anything is stored.
    pub blocking: Vec<Mend>,
    /// What must be mended before it can be published.
    pub later: Vec<Mend>,
    /// How many more there are.
    pub more: u64,
    /// Sheets that were not read.
    pub unread: Vec<String>,
    pub records: Vec<Row>,
    /// The file is kept under this name until the reader has decided.
    pub kept: Option<String>,
}

/// Something to mend, with its place.
#[derive(Debug, Clone, Default)]
pub struct Mend {
    pub place: String,
    pub message: String,
}

/// A record of the file.
#[derive(Debug, Clone, Default)]
pub struct Row {
    pub place: String,
    pub title: String,
    /// Its address, once it has one.
    pub href: Option<String>,
    pub effect: Effect,
    pub differences: Vec<Change>,
}

/// What becomes of a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Effect {
    New,
    Changed,
    #[default]
    Unchanged,
    /// It cannot be stored as it is.
    Refused,
}

impl Effect {
    /// The word for it.
    pub fn word(self, site: &Site) -> &'static str {
        match self {
            Self::New => site.t("sheets.new"),
            Self::Changed => site.t("sheets.changed"),
            Self::Unchanged => site.t("sheets.unchanged"),
            Self::Refused => site.t("sheets.refused"),
        }
    }

    /// How it is coloured.
    pub fn tone(self) -> Tone {
        match self {
            Self::New => Tone::Good,
            Self::Changed => Tone::Care,
            Self::Unchanged => Tone::Plain,
            Self::Refused => Tone::Bad,
        }
    }
}

/// A cell that changes.
#[derive(Debug, Clone, Default)]
pub struct Change {
    pub heading: String,
    pub old: String,
    pub new: String,
}
