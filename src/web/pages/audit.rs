//! What does an operator see of who did what?

use askama::Template;

use super::filters;
use super::site::{Section, Site};

/// Events, the newest first.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "audit.html")]
pub struct AuditPage {
    /// The frame.
    pub site: Site,
    /// The events.
    pub events: Vec<Told>,
    /// Whose events are wanted; empty for everybody's.
    pub actor: String,
    /// About what.
    pub subject: String,
    /// Every deed that is kept, to choose from.
    pub deeds: Vec<DeedChoice>,
    /// Where the events before these are.
    pub next: Option<String>,
}

/// A deed to choose.
#[derive(Debug, Clone, Default)]
pub struct DeedChoice {
    /// The word for it.
    pub word: &'static str,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

/// One event.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// Its place in the chain.
    pub number: u64,
    /// When.
    pub at: String,
    /// The name of the account or token.
    pub actor: String,
    /// Who that is, when it is known; else empty.
    pub name: String,
    /// What was done.
    pub deed: String,
    /// To what.
    pub subject: String,
    /// More of it, as JSON.
    pub detail: String,
}
