//! How are many records handed in, published, withdrawn, deleted, found still correct or given a value at once, seen before
//! it is done, and undone?

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::error::CatalogueError;
use super::leaving::Leaving;
use super::lifecycle::{Stage, Step, transition};
use super::record::State;
use super::setting::{Change, Set, Setting};
use super::writing::allowed;
use super::{Catalogue, reviewing};
use crate::auth::{self, Actor, Decision, RecordFacts, Wish};
use crate::ledger::{Action, BulkLine, Confirmation, Expected, Head, NewChange, NewRemark, Seen};
use crate::rdf::{Format, Triple, canonical, format};

/// How many records one wish may be about.
pub const RECORDS_MAX: usize = 500;
/// How many of the last actions are listed.
const LISTED_MAX: usize = 10;

/// What can be done to many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Submit,
    Publish,
    Withdraw,
    Delete,
    /// Find them still correct.
    Confirm,
    /// Give one property a value.
    Set,
}

impl Deed {
    pub const ALL: [Self; 6] = [
        Self::Submit,
        Self::Publish,
        Self::Withdraw,
        Self::Delete,
        Self::Confirm,
        Self::Set,
    ];

    /// The word for it, as it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submit => Step::Submit.as_str(),
            Self::Publish => Step::Publish.as_str(),
            Self::Withdraw => Step::Withdraw.as_str(),
            Self::Delete => Step::Delete.as_str(),
            Self::Confirm => "confirm",
            Self::Set => "set",
        }
    }

    /// The deed that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.as_str() == word)
    }

    /// The step of the lifecycle that it is, if it is one.
    pub fn step(self) -> Option<Step> {
        match self {
            Self::Submit => Some(Step::Submit),
            Self::Publish => Some(Step::Publish),
            Self::Withdraw => Some(Step::Withdraw),
            Self::Delete => Some(Step::Delete),
            Self::Confirm | Self::Set => None,
        }
    }
}

/// What is to be done to many records.
#[derive(Debug, Clone)]
pub struct BulkWish {
    pub deed: Deed,
    /// By IRI or path.
    pub records: Vec<String>,
    pub reason: Option<String>,
    /// The value to be given.
    pub setting: Option<Setting>,
    /// The language in which changes are told.
    pub language: &'static str,
}

/// What would become of one record.
#[derive(Debug, Clone)]
pub struct Planned {
    /// As it was named in the wish, else its IRI.
    pub iri: String,
    pub title: Option<String>,
    pub from: Option<Stage>,
    pub to: Option<Stage>,
    /// What stands in the way.
    pub problem: Option<String>,
    head: Option<Head>,
    set: Option<Box<Set>>,
}

impl Planned {
    /// What its description would say otherwise.
    pub fn change(&self) -> Option<&Change> {
        self.set.as_ref().map(|set| &set.change)
    }
}

/// What was done to one record, as the ledger keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Done {
    iri: String,
    /// The version that it has.
    version: u64,
    /// Its state after it.
    state: String,
    /// Its state before it.
    was: String,
    /// The version that the public saw before it.
    was_public: Option<u64>,
    /// The version before it, where it made another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    /// When it was found still correct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<Timestamp>,
}

impl Done {
    /// What was done to a record that keeps its state.
    fn to(head: &Head) -> Self {
        Self {
            iri: head.iri.clone(),
            version: head.version,
            state: head.state.as_str().to_owned(),
            was: head.state.as_str().to_owned(),
            was_public: head.public.as_ref().map(|face| face.version),
            from: None,
            confirmed_at: None,
        }
    }
}

impl Catalogue {
    /// Looks what would become of many records, and changes nothing.
    pub async fn plan(
        &self,
        actor: &Actor,
        wish: &BulkWish,
    ) -> Result<Vec<Planned>, CatalogueError> {
        allowed(auth::may(actor, Wish::Bulk, &RecordFacts::ATLAS))?;
        if wish.records.is_empty() {
            return Err(CatalogueError::NothingSaid);
        }
        if wish.deed == Deed::Set {
            let nothing = || CatalogueError::NothingSaid;
            wish.setting.as_ref().ok_or_else(nothing)?.check()?;
        }
        if wish.records.len() > RECORDS_MAX {
            let (found, max) = (wish.records.len(), RECORDS_MAX);
            return Err(CatalogueError::TooMany { found, max });
        }
        let mut seen = FxHashSet::default();
        let mut planned = Vec::with_capacity(wish.records.len());
        for name in &wish.records {
            let one = self.planned(actor, wish.deed, name).await?;
            if seen.insert(one.iri.clone()) {
                planned.push(one);
            }
        }
        let among: FxHashSet<String> = planned.iter().map(|one| one.iri.clone()).collect();
        for one in &mut planned {
            if one.problem.is_some() {
                continue;
            }
            if let (Some(setting), Deed::Set) = (&wish.setting, wish.deed) {
                self.plan_value(one, setting, wish.language).await?;
            } else if let Some(step) = wish.deed.step() {
                one.problem = self.obstacle(step, one, &among).await?;
            }
        }
        Ok(planned)
    }

    async fn planned(
        &self,
        actor: &Actor,
        deed: Deed,
        name: &str,
    ) -> Result<Planned, CatalogueError> {
        let head = if name.starts_with('/') {
            self.ledger().head_by_path(name).await?
        } else {
            self.ledger().head(name).await?
        };
        let Some(head) = head.filter(|head| self.is_known(actor, head)) else {
            return Ok(Planned {
                iri: name.to_owned(),
                title: None,
                from: None,
                to: None,
                problem: Some(CatalogueError::NotFound(name.to_owned()).to_string()),
                head: None,
                set: None,
            });
        };
        let review = self.ledger().review(&head.iri).await?;
        let stage = Stage::of(&head, review.as_ref());
        let (to, problem) = match reach(deed, stage, &head) {
            Err(error) => (None, Some(error.to_string())),
            Ok((to, wish)) => match self.may(actor, wish, &head) {
                Decision::Allow => (Some(to), None),
                Decision::Deny(why) => (Some(to), Some(why.to_owned())),
            },
        };
        Ok(Planned {
            iri: head.iri.clone(),
            title: head.title.clone(),
            from: Some(stage),
            to,
            problem,
            head: Some(head),
            set: None,
        })
    }

    /// Looks what a value would change, or why it cannot be.
    async fn plan_value(
        &self,
        one: &mut Planned,
        setting: &Setting,
        language: &str,
    ) -> Result<(), CatalogueError> {
        let Some(head) = &one.head else { return Ok(()) };
        match self.set(head, setting, language).await {
            Ok(set) => one.set = Some(Box::new(set)),
            Err(error @ (CatalogueError::Ledger(_) | CatalogueError::Store(_))) => {
                return Err(error);
            }
            Err(error) => one.problem = Some(told(&error, language)),
        }
        Ok(())
    }

    /// What else stands in the way of a step.
    async fn obstacle(
        &self,
        step: Step,
        one: &Planned,
        among: &FxHashSet<String>,
    ) -> Result<Option<String>, CatalogueError> {
        let Some(head) = &one.head else {
            return Ok(None);
        };
        match step {
            Step::Publish => {
                let with_parent = head
                    .parent
                    .as_ref()
                    .is_some_and(|parent| among.contains(parent));
                match self.publishable(head).await {
                    Ok(_) => Ok(None),
                    // The parent is published with it.
                    Err(CatalogueError::ParentNotPublic { .. }) if with_parent => Ok(self
                        .publishable_below(head)
                        .await
                        .err()
                        .map(|error| error.to_string())),
                    Err(error @ (CatalogueError::Ledger(_) | CatalogueError::Store(_))) => {
                        Err(error)
                    }
                    Err(error) => Ok(Some(error.to_string())),
                }
            }
            Step::Delete => {
                let below = self
                    .ledger()
                    .children(&head.iri, None, Seen::All, 0, RECORDS_MAX)
                    .await?;
                let left = below.iter().find(|child| !among.contains(&child.iri));
                Ok(left
                    .map(|child| format!("{} stands below it and would be left alone", child.iri)))
            }
            // Nobody is to judge what can be seen to be wrong.
            Step::Submit => match self.publication(head).await {
                Ok(_) => Ok(None),
                Err(error @ CatalogueError::Invalid(_)) => Ok(Some(error.to_string())),
                Err(error) => Err(error),
            },
            _ => Ok(None),
        }
    }

    /// Does it, to all or none, and gives back the number by which it is undone.
    pub async fn do_bulk(
        &self,
        actor: &Actor,
        wish: &BulkWish,
    ) -> Result<(i64, Vec<Planned>), CatalogueError> {
        let planned = self.plan(actor, wish).await?;
        if let Some(one) = planned.iter().find(|one| one.problem.is_some()) {
            let why = one.problem.clone().unwrap_or_default();
            let (iri, count) = (
                one.iri.clone(),
                planned.iter().filter(|one| one.problem.is_some()).count(),
            );
            return Err(CatalogueError::BulkRefused { iri, why, count });
        }
        let (action, state) = match wish.deed {
            Deed::Submit => return self.submit_all(actor, wish, planned).await,
            Deed::Confirm => return self.confirm_all(actor, wish, planned).await,
            Deed::Set => return self.set_all(actor, wish, planned).await,
            Deed::Publish => (Action::Publish, State::Published),
            Deed::Withdraw => (Action::Withdraw, State::Withdrawn),
            Deed::Delete => (Action::Delete, State::Deleted),
        };
        let heads: Vec<&Head> = planned.iter().filter_map(|one| one.head.as_ref()).collect();
        let mut changes = Vec::with_capacity(heads.len());
        let mut done = Vec::with_capacity(heads.len());
        for head in &heads {
            if action != Action::Publish {
                self.say_farewell(actor, &head.iri, &Leaving::default())
                    .await?;
            }
            changes.push(NewChange {
                action,
                state,
                reason: wish.reason.clone(),
                ..self.change_of(head, actor, Expected::Version(head.version))
            });
            done.push(Done {
                state: state.as_str().to_owned(),
                ..Done::to(head)
            });
        }
        // A link to a newer version may have made another version of it.
        for (one, committed) in done.iter_mut().zip(self.commit(changes).await?) {
            one.version = committed.version;
        }
        if action == Action::Publish {
            for head in &heads {
                self.close_review(&head.iri, head.version, actor.name())
                    .await?;
            }
        }
        let number = self.keep(actor, wish.deed, &done).await?;
        Ok((number, planned))
    }

    /// Keeps what was done, so that it can be undone.
    async fn keep(&self, actor: &Actor, deed: Deed, done: &[Done]) -> Result<i64, CatalogueError> {
        let content = serde_json::to_string(done)
            .map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
        let (name, now) = (actor.name(), self.clock().now());
        let kept = self
            .ledger()
            .keep_bulk(deed.as_str(), name, now, &content, done.len());
        Ok(kept.await?)
    }

    /// Hands in many drafts, all or none.
    async fn submit_all(
        &self,
        actor: &Actor,
        wish: &BulkWish,
        planned: Vec<Planned>,
    ) -> Result<(i64, Vec<Planned>), CatalogueError> {
        let (mut steps, mut done) = (Vec::new(), Vec::new());
        for head in planned.iter().filter_map(|one| one.head.as_ref()) {
            let to = (Stage::InReview.as_str(), true);
            let words = wish.reason.clone();
            steps.push(self.remark(actor, head, Step::Submit, words, to).await?);
            done.push(Done::to(head));
        }
        self.take_all(&steps, &planned).await?;
        let number = self.keep(actor, wish.deed, &done).await?;
        Ok((number, planned))
    }

    /// Finds many records still correct, all or none.
    async fn confirm_all(
        &self,
        actor: &Actor,
        wish: &BulkWish,
        planned: Vec<Planned>,
    ) -> Result<(i64, Vec<Planned>), CatalogueError> {
        let at = self.clock().now();
        let (mut found, mut done) = (Vec::new(), Vec::new());
        for head in planned.iter().filter_map(|one| one.head.as_ref()) {
            let version = head.public.as_ref().map_or(0, |face| face.version);
            let confirmation = Confirmation {
                version,
                author: actor.name().to_owned(),
                note: wish.reason.clone(),
                at,
            };
            found.push((head.iri.clone(), confirmation));
            done.push(Done {
                confirmed_at: Some(at),
                ..Done::to(head)
            });
        }
        self.ledger().confirm_all(&found).await?;
        let number = self.keep(actor, wish.deed, &done).await?;
        Ok((number, planned))
    }

    /// Takes back that somebody found many records still correct.
    async fn unconfirm_all(
        &self,
        actor: &Actor,
        author: &str,
        done: &[Done],
    ) -> Result<usize, CatalogueError> {
        for one in done {
            let head = self.ledger().head(&one.iri).await?;
            let missing = || CatalogueError::NotFound(one.iri.clone());
            allowed(self.may(actor, Wish::Confirm, &head.ok_or_else(missing)?))?;
        }
        let records: Vec<String> = done.iter().map(|one| one.iri.clone()).collect();
        if let Some(at) = done.iter().find_map(|one| one.confirmed_at) {
            let ledger = self.ledger();
            ledger.take_back_confirmations(&records, author, at).await?;
        }
        Ok(records.len())
    }

    /// Gives many records a value, all or none. Those that have it stay as they are.
    async fn set_all(
        &self,
        actor: &Actor,
        wish: &BulkWish,
        planned: Vec<Planned>,
    ) -> Result<(i64, Vec<Planned>), CatalogueError> {
        let (mut changes, mut done) = (Vec::new(), Vec::new());
        for one in &planned {
            let (Some(head), Some(set)) = (&one.head, &one.set) else {
                continue;
            };
            let Some(graph) = &set.graph else { continue };
            changes.push(NewChange {
                graph: Some(graph.clone()),
                title: set.title.clone(),
                report: Some(set.report.clone()),
                reason: wish.reason.clone(),
                ..self.change_of(head, actor, Expected::Version(head.version))
            });
            done.push(Done {
                from: Some(head.version),
                ..Done::to(head)
            });
        }
        if changes.is_empty() {
            return Err(CatalogueError::NothingToSet);
        }
        for (one, committed) in done.iter_mut().zip(self.commit(changes).await?) {
            one.version = committed.version;
        }
        let number = self.keep(actor, wish.deed, &done).await?;
        Ok((number, planned))
    }

    /// Takes back what was handed in, all or none.
    async fn recall_all(&self, actor: &Actor, done: &[Done]) -> Result<usize, CatalogueError> {
        let mut steps = Vec::with_capacity(done.len());
        for one in done {
            let head = self.ledger().head(&one.iri).await?;
            let missing = || CatalogueError::NotFound(one.iri.clone());
            let head = head.ok_or_else(missing)?;
            allowed(self.may(actor, Wish::Submit, &head))?;
            let review = self.ledger().review(&head.iri).await?;
            let stage = Stage::of(&head, review.as_ref());
            if stage != Stage::InReview || head.version != one.version {
                return Err(reviewing::overtaken(&head));
            }
            let to = (Stage::Draft.as_str(), false);
            steps.push(self.remark(actor, &head, Step::Recall, None, to).await?);
        }
        self.take_all(&steps, &[]).await?;
        Ok(steps.len())
    }

    async fn take_all(
        &self,
        steps: &[NewRemark],
        planned: &[Planned],
    ) -> Result<(), CatalogueError> {
        if self.ledger().step_reviews(steps).await? {
            return Ok(());
        }
        let first = planned.iter().find_map(|one| one.head.as_ref());
        let iri = first.map_or_else(|| "one of them".to_owned(), |head| head.iri.clone());
        Err(CatalogueError::Precondition {
            iri,
            expected: "the reviews as you read them".to_owned(),
            found: "another stage of one of them".to_owned(),
        })
    }

    /// A step in the review of one of many records.
    async fn remark(
        &self,
        actor: &Actor,
        head: &Head,
        step: Step,
        content: Option<String>,
        to: (&'static str, bool),
    ) -> Result<NewRemark, CatalogueError> {
        let review = self.ledger().review(&head.iri).await?;
        let open = review.filter(|review| review.is_open);
        Ok(NewRemark {
            iri: head.iri.clone(),
            version: head.version,
            step: step.as_str(),
            field: None,
            content,
            author: actor.name().to_owned(),
            at: self.clock().now(),
            from: open.map(|open| reviewing::word_of(&open.stage)),
            to,
        })
    }

    /// What somebody did last to many records, the newest first.
    pub async fn bulks_of(&self, actor: &Actor) -> Result<Vec<BulkLine>, CatalogueError> {
        allowed(auth::may(actor, Wish::Bulk, &RecordFacts::ATLAS))?;
        Ok(self.ledger().bulks_of(actor.name(), LISTED_MAX).await?)
    }

    /// Undoes what was done to many records, of all or none. What was changed since is left alone, and then nothing is
    /// undone. Gives back how many records it was.
    pub async fn undo_bulk(&self, actor: &Actor, number: i64) -> Result<usize, CatalogueError> {
        allowed(auth::may(actor, Wish::Bulk, &RecordFacts::ATLAS))?;
        let missing = || CatalogueError::NoBulk(number);
        let bulk = self.ledger().bulk(number).await?.ok_or_else(missing)?;
        let theirs = bulk.author == actor.name();
        if !theirs && !auth::may(actor, Wish::SetRules, &RecordFacts::ATLAS).is_allowed() {
            return Err(missing());
        }
        if bulk.undone_at.is_some() {
            return Err(CatalogueError::UndoneBefore(number));
        }
        let done: Vec<Done> = serde_json::from_str(&bulk.content)
            .map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
        let deed = Deed::from_word(&bulk.step);
        if let Some(Deed::Submit | Deed::Confirm) = deed {
            let count = match deed {
                Some(Deed::Confirm) => self.unconfirm_all(actor, &bulk.author, &done).await?,
                _ => self.recall_all(actor, &done).await?,
            };
            self.ledger()
                .mark_undone(number, actor.name(), self.clock().now())
                .await?;
            return Ok(count);
        }
        let mut changes = Vec::with_capacity(done.len());
        for one in &done {
            let head = self.ledger().head(&one.iri).await?.ok_or_else(missing)?;
            let meant = self.meant(one.version, &head).await?;
            if meant != head.version || head.state.as_str() != one.state {
                return Err(CatalogueError::Precondition {
                    iri: head.iri,
                    expected: format!("{} {}", one.version, one.state),
                    found: format!("{} {}", head.version, head.state),
                });
            }
            changes.push(self.undoing(actor, &head, one, number).await?);
        }
        let count = changes.len();
        self.commit(changes).await?;
        self.ledger()
            .mark_undone(number, actor.name(), self.clock().now())
            .await?;
        Ok(count)
    }

    /// The change that takes a record back to where it was. What the public has once seen leaves a tombstone, not
    /// nothing: a draft that was published is withdrawn.
    async fn undoing(
        &self,
        actor: &Actor,
        head: &Head,
        one: &Done,
        number: i64,
    ) -> Result<NewChange, CatalogueError> {
        let change = NewChange {
            reason: Some(format!("bulk action {number} undone")),
            ..self.change_of(head, actor, Expected::Version(head.version))
        };
        let was = State::from_word(&one.was).unwrap_or(State::Draft);
        if let Some(before) = one.from {
            allowed(self.may(actor, Wish::Replace, head))?;
            return self.back_to(head, before, change).await;
        }
        let is_draft_above =
            was == State::Draft && one.was_public.is_some_and(|seen| seen != one.version);
        let (wish, action, state) = match (head.state, was) {
            (State::Published, _) if is_draft_above => {
                (Wish::Restore, Action::Replace, State::Published)
            }
            (State::Published, _) => (Wish::Withdraw, Action::Withdraw, State::Withdrawn),
            (State::Deleted, State::Published) => {
                (Wish::Undelete, Action::Publish, State::Published)
            }
            (State::Deleted, _) => (Wish::Undelete, Action::Replace, State::Draft),
            (State::Withdrawn | State::Draft, _) => {
                (Wish::Publish, Action::Publish, State::Published)
            }
        };
        allowed(self.may(actor, wish, head))?;
        if action != Action::Replace {
            return Ok(NewChange {
                action,
                state,
                ..change
            });
        }
        let version = if is_draft_above {
            one.was_public.unwrap_or(one.version)
        } else {
            one.version
        };
        let change = NewChange {
            action,
            state,
            ..change
        };
        self.back_to(head, version, change).await
    }

    /// A change that says what a version said.
    async fn back_to(
        &self,
        head: &Head,
        version: u64,
        change: NewChange,
    ) -> Result<NewChange, CatalogueError> {
        let missing = || CatalogueError::NotFound(format!("{}, version {version}", head.iri));
        let old = self
            .ledger()
            .version(&head.iri, version)
            .await?
            .ok_or_else(missing)?;
        let quads = format::parse(old.ntriples.as_bytes(), Format::NTriples, None)?;
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let graph =
            canonical::canonical_ntriples(&triples).map_err(|source| CatalogueError::Poison {
                iri: head.iri.clone(),
                source,
            })?;
        Ok(NewChange {
            graph: Some(graph),
            title: old.change.title,
            parent: old.change.parent,
            report: old.change.report,
            ..change
        })
    }
}

/// Where a deed takes a record, and what whoever does it must be allowed to do.
fn reach(deed: Deed, stage: Stage, head: &Head) -> Result<(Stage, Wish), CatalogueError> {
    let refused = |to| CatalogueError::Transition {
        iri: head.iri.clone(),
        from: stage.as_str(),
        to,
    };
    match (deed, deed.step()) {
        (_, Some(step)) => {
            let row = transition(stage, step).ok_or_else(|| refused(step.as_str()))?;
            Ok((row.to, row.wish))
        }
        (Deed::Confirm, None) if head.public.is_some() => Ok((stage, Wish::Confirm)),
        (Deed::Confirm, None) => Err(refused("confirmed")),
        (_, None) => match head.state {
            // Another version is no longer the one that was handed in.
            State::Draft if stage.is_under_review() => Ok((Stage::Draft, Wish::Replace)),
            State::Draft | State::Published => Ok((stage, Wish::Replace)),
            State::Withdrawn | State::Deleted => Err(refused("changed")),
        },
    }
}

/// Why a value cannot be, for whoever looks at many records.
fn told(error: &CatalogueError, language: &str) -> String {
    match error {
        CatalogueError::Invalid(checked) => {
            let first = checked.lines(language).into_iter().next();
            first.unwrap_or_else(|| error.to_string())
        }
        other => other.to_string(),
    }
}
