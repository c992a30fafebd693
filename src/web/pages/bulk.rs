//! How does a person change many records at once: choose, look, do, undo?

use askama::Template;

use super::filters;
use super::review::{stage_word, step_words, tone};
use super::site::{Section, Site};
use super::text::{Choice, Link, Tone};
use crate::catalogue::bulk::Deed;
use crate::catalogue::lifecycle::Stage;

/// The page on which many records are chosen, and what would become of them is shown.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "bulk.html")]
pub struct BulkPage {
    /// The frame.
    pub site: Site,
    /// What was done or undone just now, or why it was not.
    pub notice: Option<BulkNotice>,
    /// The words that records are looked for by.
    pub query: String,
    /// Further choices of a search, that go with its words.
    pub facets: Vec<(String, String)>,
    /// Whose records: one's own, those of a catalogue.
    pub places: Vec<Choice>,
    /// The states.
    pub states: Vec<Choice>,
    /// The records to choose from, or those that were chosen.
    pub rows: Vec<BulkRow>,
    /// The same page with every record chosen.
    pub all_href: Option<String>,
    /// The rest.
    pub next_href: Option<String>,
    /// What can be done.
    pub steps: Vec<Deed>,
    /// The properties that can be given a value.
    pub fields: Vec<Choice>,
    /// What was chosen to be done; then the rows tell what would become of them.
    pub planned: Option<Deed>,
    /// The value that is to be given.
    pub set: Option<Set>,
    /// Why, in the words of the person.
    pub reason: String,
    /// What was done before.
    pub done: Vec<DoneBefore>,
}

/// A value for a property, as it was typed in.
#[derive(Debug, Clone, Default)]
pub struct Set {
    /// The property, for the form.
    pub field: String,
    /// Its name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The language of a text.
    pub language: String,
    /// Whether other values stay.
    pub adds: bool,
}

/// The values of a property.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Those that it has.
    pub before: Vec<String>,
    /// Those that it would have.
    pub after: Vec<String>,
}

/// What is told at the top.
#[derive(Debug, Clone)]
pub enum BulkNotice {
    /// It was done, under this number.
    Done(i64),
    /// It was undone.
    Undone(i64),
    /// Why not.
    Refused(String),
}

/// A record among many.
#[derive(Debug, Clone, Default)]
pub struct BulkRow {
    /// Its name for the form.
    pub iri: String,
    /// Its page.
    pub record: Link,
    /// Where it stands.
    pub from: Option<Stage>,
    /// Where it would go.
    pub to: Option<Stage>,
    /// What stands in the way.
    pub problem: Option<String>,
    /// Whether it is chosen.
    pub is_chosen: bool,
    /// What its description would say otherwise.
    pub values: Option<Values>,
}

/// What was done before.
#[derive(Debug, Clone)]
pub struct DoneBefore {
    /// Its number.
    pub number: i64,
    /// What it was.
    pub step: Option<Deed>,
    /// How many records.
    pub records: u64,
    /// When, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// Where it is undone, unless it was.
    pub undo_href: Option<String>,
}

/// Words in the lists to choose from.
impl BulkPage {
    /// The records of whoever looks.
    pub fn mine(site: &Site) -> &str {
        site.t("bulk.mine")
    }

    /// Whatever the state.
    pub fn any_state(site: &Site) -> &str {
        site.t("bulk.any_state")
    }

    /// Nothing was ticked.
    pub fn none_chosen(site: &Site) -> &str {
        site.t("bulk.none_chosen")
    }

    /// No value was said.
    pub fn no_value(site: &Site) -> &str {
        site.t("bulk.no_value")
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "a template passes what it loops over by reference"
)]
impl BulkPage {
    fn word(&self, stage: &Stage) -> (&str, Tone) {
        (stage_word(*stage, &self.site), tone(*stage))
    }

    fn words(&self, deed: &Deed) -> &str {
        match (deed, deed.step()) {
            (_, Some(step)) => step_words(step, &self.site),
            (Deed::Confirm, None) => self.site.t("checks.still"),
            (_, None) => self.site.t("bulk.set"),
        }
    }

    fn is_offered(&self, deed: &Deed) -> bool {
        *deed != Deed::Set || !self.fields.is_empty()
    }

    fn sets(&self) -> bool {
        self.steps.contains(&Deed::Set) && !self.fields.is_empty()
    }

    fn is_possible(&self) -> bool {
        self.rows.iter().any(|row| row.problem.is_none())
    }
}
