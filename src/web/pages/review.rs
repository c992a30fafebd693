//! What is judged before the public sees it, by whom, and what is due for a look?

use askama::Template;

use super::filters;
use super::history::Who;
use super::site::{Section, Site};
use super::text::{Choice, Link, Tone};
use crate::catalogue::lifecycle::{Stage, Step};

/// The page on which a draft is judged.
#[derive(Debug, Clone, Template)]
#[template(path = "review.html")]
pub struct ReviewPage {
    /// The frame.
    pub site: Site,
    /// The record.
    pub record: Link,
    /// The newest version.
    pub version: u64,
    /// Its page.
    pub version_href: String,
    /// Where it stands.
    pub stage: Stage,
    /// How many must agree.
    pub approvals_needed: u32,
    /// How many have.
    pub approvals: u32,
    /// Whether nobody may agree to what they wrote.
    pub four_eyes: bool,
    /// In what it differs from what the public reads.
    pub difference_href: Option<String>,
    /// What was said, the oldest first.
    pub remarks: Vec<Said>,
    /// The fields that a remark can be about.
    pub fields: Vec<Choice>,
    /// What the reader may do.
    pub steps: Vec<Step>,
    /// Where they do it.
    pub action: String,
    /// The time at which it will be published.
    pub scheduled: Option<String>,
    /// Why it was not, when the time had come.
    pub trouble: Option<String>,
    /// Where the time is kept; only for those who may.
    pub schedule_href: Option<String>,
    /// Where the rules are kept; only for those who may.
    pub rules_href: Option<String>,
}

/// Something that was said in a review.
#[derive(Debug, Clone)]
pub struct Said {
    /// Who said it.
    pub author: Who,
    /// When, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// What was done with it.
    pub step: Option<Step>,
    /// The version that it speaks of.
    pub version: u64,
    /// The field that it is about.
    pub field: Option<String>,
    /// The words.
    pub text: Option<String>,
}

/// The page of what waits for a judgement.
#[derive(Debug, Clone, Template)]
#[template(path = "reviews.html")]
pub struct ReviewsPage {
    /// The frame.
    pub site: Site,
    /// The stages, each with its list.
    pub stages: Vec<(Stage, String)>,
    /// The stage that is shown.
    pub stage: Stage,
    /// What stands there.
    pub waiting: Vec<Waiting>,
    /// The rest.
    pub next_href: Option<String>,
}

/// A draft that waits.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// Its review.
    pub review: Link,
    /// Its version.
    pub version: u64,
    /// Who handed it in.
    pub author: Who,
    /// Since when, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
}

/// The page of what nobody looked at for a year.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "checks.html")]
pub struct ChecksPage {
    /// The frame.
    pub site: Site,
    /// The records, those first that wait longest.
    pub due: Vec<DueRow>,
    /// The rest.
    pub next_href: Option<String>,
}

/// A record that is due.
#[derive(Debug, Clone, Default)]
pub struct DueRow {
    /// The record.
    pub record: Link,
    /// The version that the public reads.
    pub version: u64,
    /// Since when nobody looked at it, as the reader sees it.
    pub since: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// Where it is said that it is still correct.
    pub confirm_href: String,
}

/// The word for a stage.
pub fn stage_word<'a>(stage: Stage, site: &Site) -> &'a str {
    match stage {
        Stage::Draft => site.t("review.draft"),
        Stage::InReview => site.t("review.in_review"),
        Stage::ChangesRequested => site.t("review.changes_requested"),
        Stage::Approved => site.t("review.approved"),
        Stage::Published => site.t("review.published"),
        Stage::Withdrawn => site.t("review.withdrawn"),
        Stage::Deleted => site.t("review.deleted"),
    }
}

/// The words on the button of a step.
pub fn step_words<'a>(step: Step, site: &Site) -> &'a str {
    match step {
        Step::Submit => site.t("review.do_submit"),
        Step::Recall => site.t("review.do_recall"),
        Step::Comment => site.t("review.do_comment"),
        Step::RequestChanges => site.t("review.do_request_changes"),
        Step::Approve => site.t("review.do_approve"),
        Step::Publish => site.t("review.do_publish"),
        Step::Withdraw => site.t("review.do_withdraw"),
        Step::Delete => site.t("review.do_delete"),
        Step::Undelete => site.t("review.do_undelete"),
    }
}

/// How strongly a stage speaks.
pub fn tone(stage: Stage) -> Tone {
    match stage {
        Stage::Draft | Stage::InReview => Tone::Plain,
        Stage::ChangesRequested => Tone::Care,
        Stage::Approved | Stage::Published => Tone::Good,
        Stage::Withdrawn | Stage::Deleted => Tone::Bad,
    }
}

impl ReviewPage {
    fn stage_word(&self) -> &str {
        stage_word(self.stage, &self.site)
    }

    fn tone(&self) -> Tone {
        tone(self.stage)
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "a template passes what it loops over by reference"
    )]
    fn words(&self, step: &Step) -> &str {
        step_words(*step, &self.site)
    }
}

impl ReviewsPage {
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "a template passes what it loops over by reference"
    )]
    fn word(&self, stage: &Stage) -> &str {
        stage_word(*stage, &self.site)
    }
}
