//! Who judges a draft before the public sees it, what do they say, and when have enough agreed?

use jiff::Timestamp;

use super::Catalogue;
use super::error::CatalogueError;
use super::history::Author;
use super::lifecycle::{Stage, Step, TRANSITIONS, Transition, transition};
use super::record::State;
use super::view::View;
use super::writing::allowed;
use crate::auth::{Actor, Wish};
use crate::ledger::{
    Action, Head, NewChange, NewRemark, Remark, Review, ReviewRule, Schedule, Told,
};
use crate::rdf::NamedNode;

/// How many steps and remarks a review may have.
pub const REMARKS_MAX: usize = 500;
/// The longest remark, in characters.
const CONTENT_CHARS_MAX: usize = 10_000;
/// The longest name of a field, in characters.
const FIELD_CHARS_MAX: usize = 500;
/// How many approvals a rule may ask for.
const APPROVALS_MAX: u32 = 5;
/// How many versions are looked at for those who wrote them.
const VERSIONS_MAX: usize = 200;
/// How deep a chain of parents is followed.
const ANCESTORS_MAX: usize = 16;
/// How many drafts are published by themselves in one go.
const DUE_MAX: usize = 100;
/// What is done by nobody in particular.
const SERVER: &str = "server";
/// How many reviews are looked through for one page of those that wait.
const WAITING_LOOKED_AT_MAX: usize = 2_000;

/// What somebody wants to do in a review.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub step: Step,
    /// The property that it is about, by IRI.
    pub field: Option<String>,
    pub content: Option<String>,
    /// The version that they have read; a step on another is refused.
    pub version: Option<u64>,
}

/// The review of a record as one reader may see it.
#[derive(Debug, Clone)]
pub struct Reviewed {
    pub head: Head,
    pub stage: Stage,
    pub rule: ReviewRule,
    /// How many have agreed to the newest version.
    pub approvals: u32,
    pub review: Option<Review>,
    pub remarks: Vec<(Remark, Author)>,
    /// What this reader may do now.
    pub steps: Vec<Step>,
    pub schedule: Option<Schedule>,
}

impl Catalogue {
    /// Takes a step in the review of a record.
    pub async fn review(
        &self,
        actor: &Actor,
        path: &str,
        wanted: Wanted,
    ) -> Result<Stage, CatalogueError> {
        check_length("field", wanted.field.as_deref(), FIELD_CHARS_MAX)?;
        check_length("text", wanted.content.as_deref(), CONTENT_CHARS_MAX)?;
        let head = self.head_at(actor, path).await?;
        let review = self.ledger().review(&head.iri).await?;
        let stage = Stage::of(&head, review.as_ref());
        let row = transition(stage, wanted.step).ok_or_else(|| CatalogueError::Transition {
            iri: head.iri.clone(),
            from: stage.as_str(),
            to: wanted.step.as_str(),
        })?;
        allowed(self.may(actor, row.wish, &head))?;
        if let Some(expected) = wanted.version
            && self.meant(expected, &head).await? != head.version
        {
            return Err(CatalogueError::Precondition {
                iri: head.iri,
                expected: expected.to_string(),
                found: head.version.to_string(),
            });
        }
        match wanted.step {
            Step::Publish => {
                let reason = wanted.content;
                self.set_state(actor, path, State::Published, reason)
                    .await?;
                return Ok(Stage::Published);
            }
            Step::Withdraw => {
                self.set_state(actor, path, State::Withdrawn, wanted.content)
                    .await?;
                return Ok(Stage::Withdrawn);
            }
            Step::Delete => {
                self.delete(actor, path, wanted.content, None).await?;
                return Ok(Stage::Deleted);
            }
            Step::Undelete => {
                self.undelete(actor, path, wanted.content).await?;
                return Ok(Stage::Draft);
            }
            Step::Submit | Step::Recall | Step::Comment | Step::RequestChanges | Step::Approve => {}
        }
        if matches!(wanted.step, Step::Comment | Step::RequestChanges) && wanted.content.is_none() {
            return Err(CatalogueError::NothingSaid);
        }
        self.step(actor, &head, review, row, wanted).await
    }

    async fn step(
        &self,
        actor: &Actor,
        head: &Head,
        review: Option<Review>,
        row: &Transition,
        wanted: Wanted,
    ) -> Result<Stage, CatalogueError> {
        let open = review.filter(|review| review.is_open);
        if let Some(open) = &open {
            let remarks = self.ledger().count_remarks(open.review).await?;
            if remarks >= REMARKS_MAX as u64 {
                return Err(CatalogueError::TooManyRemarks { max: REMARKS_MAX });
            }
        }
        let rule = self.rule_of(head).await?;
        let to = match row.step {
            Step::Approve => {
                let mut agreed = self.agreed_by(head, open.as_ref(), rule).await?;
                let name = actor.name().to_owned();
                if rule.four_eyes && self.writers(head, open.as_ref()).await?.contains(&name) {
                    let why = "whoever wrote a version may not agree to it: another person must";
                    return Err(CatalogueError::Denied(why.to_owned()));
                }
                if !agreed.contains(&name) {
                    agreed.push(name);
                }
                let is_enough = agreed.len() as u64 >= u64::from(rule.approvals);
                if is_enough {
                    Stage::Approved
                } else {
                    Stage::InReview
                }
            }
            _ => row.to,
        };
        let from = match &open {
            Some(open) => Some(word_of(&open.stage)),
            None if matches!(row.step, Step::Submit | Step::Comment) => None,
            None => return Err(overtaken(head)),
        };
        // A remark on a draft that nobody handed in opens no review that waits.
        let to = if row.step == Step::Comment {
            row.from
        } else {
            to
        };
        let new = NewRemark {
            iri: head.iri.clone(),
            version: head.version,
            step: row.step.as_str(),
            field: wanted.field,
            content: wanted.content,
            author: actor.name().to_owned(),
            at: self.clock().now(),
            from,
            to: (to.as_str(), row.step != Step::Recall),
        };
        if !self.ledger().step_review(&new).await? {
            return Err(overtaken(head));
        }
        Ok(to)
    }

    /// The rule of the catalogue that a record belongs to.
    pub async fn rule_of(&self, head: &Head) -> Result<ReviewRule, CatalogueError> {
        let itself = (head.kind == super::CATALOGUE_KIND).then(|| head.iri.clone());
        match itself {
            Some(iri) => Ok(self.ledger().review_rule(&iri).await?),
            None => self.rule_above(head.parent.clone()).await,
        }
    }

    /// The rule of the catalogue that is found on the way up from a parent.
    pub(super) async fn rule_above(
        &self,
        parent: Option<String>,
    ) -> Result<ReviewRule, CatalogueError> {
        let mut above = parent;
        for _ in 0..ANCESTORS_MAX {
            let Some(iri) = above else { break };
            let Some(head) = self.ledger().head(&iri).await? else {
                break;
            };
            if head.kind == super::CATALOGUE_KIND {
                return Ok(self.ledger().review_rule(&head.iri).await?);
            }
            above = head.parent;
        }
        Ok(ReviewRule::default())
    }

    /// Says how the records of a catalogue are reviewed.
    pub async fn set_rule(
        &self,
        actor: &Actor,
        path: &str,
        rule: ReviewRule,
    ) -> Result<(), CatalogueError> {
        let head = self.head_at(actor, path).await?;
        allowed(self.may(actor, Wish::SetRules, &head))?;
        if head.kind != super::CATALOGUE_KIND {
            return Err(CatalogueError::NoRules(head.iri));
        }
        if rule.approvals > APPROVALS_MAX {
            return Err(CatalogueError::TooManyApprovals { max: APPROVALS_MAX });
        }
        let (name, now) = (actor.name(), self.clock().now());
        Ok(self
            .ledger()
            .set_review_rule(&head.iri, rule, name, now)
            .await?)
    }

    /// Whether the rule of its catalogue lets the newest version of a record be published.
    pub(super) async fn is_agreed(&self, head: &Head) -> Result<(), CatalogueError> {
        let rule = self.rule_of(head).await?;
        if rule.approvals == 0 {
            return Ok(());
        }
        let review = self.ledger().review(&head.iri).await?;
        let found = self.agreed_by(head, review.as_ref(), rule).await?.len();
        if found as u64 >= u64::from(rule.approvals) {
            return Ok(());
        }
        let (iri, wanted) = (head.iri.clone(), rule.approvals);
        Err(CatalogueError::NotAgreed { iri, wanted, found })
    }

    /// Who agreed to the newest version, each once. A request for changes takes back what was agreed to before.
    async fn agreed_by(
        &self,
        head: &Head,
        review: Option<&Review>,
        rule: ReviewRule,
    ) -> Result<Vec<String>, CatalogueError> {
        let Some(review) = review.filter(|review| review.version == head.version) else {
            return Ok(Vec::new());
        };
        let writers = if rule.four_eyes {
            self.writers(head, Some(review)).await?
        } else {
            Vec::new()
        };
        let mut agreed: Vec<String> = Vec::new();
        for remark in self.ledger().remarks(review.review, REMARKS_MAX).await? {
            match Step::from_word(&remark.step) {
                Some(Step::RequestChanges) => agreed.clear(),
                Some(Step::Approve)
                    if remark.version == head.version
                        && !agreed.contains(&remark.author)
                        && !writers.contains(&remark.author) =>
                {
                    agreed.push(remark.author);
                }
                _ => (),
            }
        }
        Ok(agreed)
    }

    /// Who wrote what the public does not see yet, and who handed it in.
    async fn writers(
        &self,
        head: &Head,
        review: Option<&Review>,
    ) -> Result<Vec<String>, CatalogueError> {
        let seen = head.public.as_ref().map_or(0, |face| face.version);
        let changes = self
            .ledger()
            .changes_of(&head.iri, Told::All, None, VERSIONS_MAX)
            .await?;
        let unseen = changes.into_iter().filter(|change| {
            change.version > seen && matches!(change.action, Action::Create | Action::Replace)
        });
        let mut writers: Vec<String> = unseen.map(|change| change.author).collect();
        writers.extend(review.map(|review| review.author.clone()));
        Ok(writers)
    }

    /// Ends the review of a record that was published, if one is open.
    pub(super) async fn close_review(
        &self,
        iri: &str,
        version: u64,
        author: &str,
    ) -> Result<(), CatalogueError> {
        let Some(open) = self
            .ledger()
            .review(iri)
            .await?
            .filter(|review| review.is_open)
        else {
            return Ok(());
        };
        let closing = NewRemark {
            iri: iri.to_owned(),
            version,
            step: Step::Publish.as_str(),
            field: None,
            content: None,
            author: author.to_owned(),
            at: self.clock().now(),
            from: Some(word_of(&open.stage)),
            to: (Stage::Published.as_str(), false),
        };
        self.ledger().step_review(&closing).await?;
        Ok(())
    }

    /// Keeps when a draft is to be published; without a time, forgets it.
    pub async fn schedule(
        &self,
        actor: &Actor,
        path: &str,
        at: Option<Timestamp>,
        reason: Option<String>,
    ) -> Result<(), CatalogueError> {
        let head = self.head_at(actor, path).await?;
        allowed(self.may(actor, Wish::Publish, &head))?;
        let Some(publish_at) = at else {
            let (name, now) = (actor.name(), self.clock().now());
            self.ledger().unschedule(&head.iri, name, now).await?;
            return Ok(());
        };
        if head.state != State::Draft {
            return Err(CatalogueError::Transition {
                iri: head.iri,
                from: head.state.as_str(),
                to: "scheduled",
            });
        }
        let schedule = Schedule {
            iri: head.iri,
            version: head.version,
            publish_at,
            author: actor.name().to_owned(),
            reason,
            trouble: None,
        };
        self.ledger()
            .schedule(&schedule, self.clock().now())
            .await?;
        Ok(())
    }

    /// Publishes the drafts whose time has come. What cannot be published says why, and is not tried again. Gives
    /// back how many were published.
    pub async fn publish_due(&self) -> Result<usize, CatalogueError> {
        let due = self
            .ledger()
            .scheduled_until(self.clock().now(), DUE_MAX)
            .await?;
        let mut published = 0;
        for schedule in due {
            match self.publish_scheduled(&schedule).await {
                Ok(()) => {
                    let now = self.clock().now();
                    self.ledger().unschedule(&schedule.iri, SERVER, now).await?;
                    published += 1;
                }
                // What is our fault is tried again; the time stays kept.
                Err(error @ (CatalogueError::Ledger(_) | CatalogueError::Store(_))) => {
                    return Err(error);
                }
                Err(error) => {
                    let trouble = Some(error.to_string());
                    let troubled = Schedule {
                        trouble,
                        ..schedule
                    };
                    let now = self.clock().now();
                    self.ledger().schedule(&troubled, now).await?;
                }
            }
        }
        Ok(published)
    }

    async fn publish_scheduled(&self, schedule: &Schedule) -> Result<(), CatalogueError> {
        let missing = || CatalogueError::NotFound(schedule.iri.clone());
        let head = self
            .ledger()
            .head(&schedule.iri)
            .await?
            .ok_or_else(missing)?;
        if head.state == State::Published && head.version == schedule.version {
            return Ok(());
        }
        if head.state != State::Draft || head.version != schedule.version {
            return Err(CatalogueError::Precondition {
                iri: head.iri,
                expected: schedule.version.to_string(),
                found: head.version.to_string(),
            });
        }
        let along = self.publishable(&head).await?.along;
        let publish = |draft: &Head| NewChange {
            author: schedule.author.clone(),
            ..self.published_draft(&Actor::Anonymous, draft, schedule.reason.clone())
        };
        let changes = [head].iter().chain(&along).map(publish).collect();
        for one in self.commit(changes).await? {
            self.close_review(&one.iri, one.version, &schedule.author)
                .await?;
        }
        Ok(())
    }
}

impl View {
    /// The review of a record, for those who work on it.
    pub async fn reviewed(&self, path: &str) -> Result<Reviewed, CatalogueError> {
        let catalogue = self.catalogue();
        let head = catalogue.head_at(self.actor(), path).await?;
        allowed(catalogue.may(self.actor(), Wish::ReadDraft, &head))?;
        let ledger = catalogue.ledger();
        let review = ledger.review(&head.iri).await?;
        let stage = Stage::of(&head, review.as_ref());
        let rule = catalogue.rule_of(&head).await?;
        let agreed = catalogue.agreed_by(&head, review.as_ref(), rule).await?;
        let mut remarks = Vec::new();
        if let Some(review) = &review {
            for remark in ledger.remarks(review.review, REMARKS_MAX).await? {
                let author = self.author(&remark.author, true).await?;
                remarks.push((remark, author));
            }
        }
        let may = |row: &&Transition| catalogue.may(self.actor(), row.wish, &head).is_allowed();
        let rows = TRANSITIONS.iter().filter(|row| row.from == stage);
        let steps = rows.filter(may).map(|row| row.step).collect();
        let schedule = ledger.schedule_of(&head.iri).await?;
        Ok(Reviewed {
            approvals: u32::try_from(agreed.len()).unwrap_or(u32::MAX),
            stage,
            rule,
            review,
            remarks,
            steps,
            schedule,
            head,
        })
    }

    /// Reviews at a stage that this reader may see, the oldest first, from after the one of this number; and where
    /// to go on when there may be more.
    pub async fn waiting(
        &self,
        stage: Stage,
        after: i64,
        limit: usize,
    ) -> Result<(Vec<(Review, Head)>, Option<i64>), CatalogueError> {
        let ledger = self.catalogue().ledger();
        let (mut found, mut reached, mut looked_at) = (Vec::new(), after, 0);
        while looked_at < WAITING_LOOKED_AT_MAX {
            let reviews = ledger.reviews_at(stage.as_str(), reached, limit).await?;
            let is_last = reviews.len() < limit;
            for review in reviews {
                looked_at += 1;
                reached = review.review;
                let Some(head) = ledger.head(&review.iri).await? else {
                    continue;
                };
                let may = self.catalogue().may(self.actor(), Wish::ReadDraft, &head);
                if may.is_allowed() && Stage::of(&head, Some(&review)) == stage {
                    found.push((review, head));
                }
                if found.len() == limit {
                    return Ok((found, Some(reached)));
                }
            }
            if is_last {
                return Ok((found, None));
            }
        }
        Ok((found, Some(reached)))
    }
}

pub(super) fn overtaken(head: &Head) -> CatalogueError {
    CatalogueError::Precondition {
        iri: head.iri.clone(),
        expected: "the review as you read it".to_owned(),
        found: "another stage of it".to_owned(),
    }
}

/// The word of the table for a stage that the ledger remembers.
pub(super) fn word_of(stage: &str) -> &'static str {
    Stage::from_word(stage).unwrap_or(Stage::InReview).as_str()
}

fn check_length(what: &'static str, text: Option<&str>, max: usize) -> Result<(), CatalogueError> {
    if text.is_some_and(|text| text.chars().count() > max) {
        return Err(CatalogueError::TooLong { what, max });
    }
    Ok(())
}

/// Whether a record that is written as published may be, when its catalogue asks for approvals.
pub(super) fn unagreed(written: &NamedNode, rule: ReviewRule) -> Result<(), CatalogueError> {
    if rule.approvals == 0 {
        return Ok(());
    }
    let (iri, wanted) = (written.as_str().to_owned(), rule.approvals);
    Err(CatalogueError::NotAgreed {
        iri,
        wanted,
        found: 0,
    })
}
