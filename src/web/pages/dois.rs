//! What does a steward see of the DOIs of records?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::{Link, Tone};
use crate::ledger::DoiState;

/// The DOIs, in order of their records' creation.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "dois.html")]
pub struct DoisPage {
    /// The frame.
    pub site: Site,
    /// Which of them can be looked at.
    pub choices: Vec<DoiChoice>,
    /// How many could not be told.
    pub failed: u64,
    /// The DOIs.
    pub dois: Vec<DoiRow>,
    /// Where the next ones are.
    pub next: Option<String>,
}

/// Some of the DOIs, to look at.
#[derive(Debug, Clone)]
pub struct DoiChoice {
    /// Which ones.
    pub which: Which,
    /// How many they are.
    pub count: u64,
    /// The finished address.
    pub href: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// Which DOIs are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    Of(DoiState),
    /// Those that could not be told.
    Failed,
}

impl Which {
    fn label(self, site: &Site) -> &str {
        match self {
            Self::All => site.t("dois.all"),
            Self::Of(state) => site.doi_state(state),
            Self::Failed => site.t("dois.failed"),
        }
    }
}

impl Site {
    fn doi_state(&self, state: DoiState) -> &str {
        match state {
            DoiState::Wanted => self.t("dois.wanted"),
            DoiState::Findable => self.t("dois.findable"),
            DoiState::Registered => self.t("dois.registered"),
        }
    }
}

/// One DOI.
#[derive(Debug, Clone)]
pub struct DoiRow {
    /// Its name.
    pub doi: String,
    /// Its record.
    pub record: Link,
    /// What the registry knows.
    pub state: DoiState,
    /// What went wrong last.
    pub failure: Option<String>,
    /// How often, since the last change.
    pub attempts: u64,
    /// When it is told next.
    pub next: Next,
}

/// When a registry is told.
#[derive(Debug, Clone)]
pub enum Next {
    /// It knows everything.
    Never,
    Now,
    At(String),
    /// It took the record in vain.
    WhenChanged,
}

impl DoiRow {
    fn state_in_words<'a>(&self, site: &'a Site) -> &'a str {
        site.doi_state(self.state)
    }

    fn tone(&self) -> Tone {
        match self.state {
            DoiState::Wanted => Tone::Care,
            DoiState::Findable => Tone::Good,
            DoiState::Registered => Tone::Plain,
        }
    }

    fn next_in_words(&self, site: &Site) -> String {
        match &self.next {
            Next::Never => "–".to_owned(),
            Next::Now => site.t("dois.now").to_owned(),
            Next::At(moment) => moment.clone(),
            Next::WhenChanged => site.t("dois.when_changed").to_owned(),
        }
    }
}
