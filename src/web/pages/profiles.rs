//! In which profiles can a record be had, how does it fit each, and what is rewritten on the way?

use askama::Template;

use super::filters;
use super::record::Validation;
use super::site::{Section, Site};
use super::text::{Download, Link, Tone};

/// The page of all profiles of a record.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "profiles.html")]
pub struct ProfilesPage {
    /// The frame.
    pub site: Site,
    /// The record.
    pub record: Link,
    /// Its profiles, its own first.
    pub profiles: Vec<ProfileRow>,
}

/// A profile of a record.
#[derive(Debug, Clone, Default)]
pub struct ProfileRow {
    /// The title of the profile, and the page of what there is to say about the record in it.
    pub preflight: Link,
    /// What programs ask for it by.
    pub token: String,
    /// Whether the record is in it as it was sent.
    pub as_sent: bool,
    /// Whether the record fits.
    pub outcome: String,
    /// How strongly it speaks.
    pub tone: Tone,
    /// The record in this profile.
    pub downloads: Vec<Download>,
}

/// The page of a record in one profile.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "preflight.html")]
pub struct PreflightPage {
    /// The frame.
    pub site: Site,
    /// The record.
    pub record: Link,
    /// The page of all its profiles.
    pub profiles_href: String,
    /// The profile, and what is to be mended.
    pub validation: Validation,
    /// Whether the record is in it as it was sent.
    pub as_sent: bool,
    /// What was done to the record.
    pub tables: Vec<NoteTable>,
    /// How many statements were touched that no table names.
    pub more: usize,
    /// The record in this profile.
    pub downloads: Vec<Download>,
    /// The report in other forms.
    pub reports: Vec<Download>,
}

/// What was done in one way.
#[derive(Debug, Clone, Default)]
pub struct NoteTable {
    /// In which.
    pub done: Done,
    /// What was done.
    pub rows: Vec<NoteRow>,
}

/// What can be done to a record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Done {
    /// The same is said in other words.
    #[default]
    Rewritten,
    /// It follows from what is there.
    Added,
    /// The profile has no place for it.
    LeftOut,
}

impl Done {
    /// What its table is called.
    pub fn title(self, site: &Site) -> &'static str {
        match self {
            Self::Rewritten => site.t("profiles.rewritten"),
            Self::Added => site.t("profiles.added"),
            Self::LeftOut => site.t("profiles.left_out"),
        }
    }
}

/// The same done to some statements.
#[derive(Debug, Clone, Default)]
pub struct NoteRow {
    /// The label of the field; none for a name that was replaced wherever it stood.
    pub property: Option<String>,
    /// What was said.
    pub before: Option<String>,
    /// What is said instead.
    pub after: Option<String>,
    /// How many statements.
    pub count: u64,
    /// What the rule is based on.
    pub because: String,
}
