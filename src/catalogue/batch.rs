//! How do many changes become one? All are checked, then all are committed at once, or none is.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Heads, Precondition, Prepared, allowed, below, incoming, ledger, new_change, read, settle,
    transition,
};
use crate::auth::Actor;
use crate::catalogue::identifier::{Slug, path_of, split_path};
use crate::catalogue::incoming::Incoming;
use crate::catalogue::leaving::Leaving;
use crate::catalogue::projection::{blocking, on_all_cores};
use crate::catalogue::record::State;
use crate::catalogue::{Catalogue, CatalogueError, Checked, Kind, reviewing};
use crate::ledger::{Expected, Head, NewChange};
use crate::rdf::{Format, NamedNode, Triple};

/// How many records one batch may change.
pub const RECORDS_MAX: usize = 20_000;

/// One wish of a batch.
#[derive(Debug, Clone)]
pub enum Operation {
    /// Make the record, or replace its description.
    Put(Put),
    /// Publish or withdraw.
    State {
        path: String,
        state: State,
        reason: Option<String>,
    },
    /// Delete the record and all below it.
    Delete {
        path: String,
        reason: Option<String>,
        if_match: Option<Precondition>,
    },
}

/// A description that a record is to have.
#[derive(Debug, Clone)]
pub struct Put {
    pub record: Incoming,
    /// The state that is wished; a new record is a draft, an old one stays what it is.
    pub state: Option<State>,
    pub reason: Option<String>,
    pub if_match: Option<Precondition>,
}

/// Which record a document is about.
#[derive(Debug, Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "there are few of them, and not for long"
)]
pub enum Target {
    /// The one at a path, whether or not it is there.
    Path(String),
    /// A new one of a kind.
    New { kind: Kind, slug: Option<Slug> },
}

/// Whether a batch is only tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    Try,
    Commit,
}

/// What a batch does to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    New,
    Changed,
    Unchanged,
    /// Only its state changes.
    State,
    Deleted,
}

impl Effect {
    /// The name that programs know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::State => "state",
            Self::Deleted => "deleted",
        }
    }
}

/// What a batch does, or would do, to one record.
#[derive(Debug)]
pub struct Outcome {
    /// The place of the operation in the batch.
    pub operation: usize,
    pub iri: String,
    pub path: String,
    pub title: Option<String>,
    /// What was asked for; `None` when it cannot be done.
    pub effect: Option<Effect>,
    pub state: Option<State>,
    /// The version that the record has now, or had before when nothing was committed; 0 for none.
    pub version: u64,
    pub checked: Option<Checked>,
    pub error: Option<CatalogueError>,
}

/// The outcomes of a batch.
#[derive(Debug)]
pub struct Receipt {
    pub outcomes: Vec<Outcome>,
    /// Whether it stands in the ledger.
    pub committed: bool,
}

impl Receipt {
    /// How many records cannot be changed as was asked.
    pub fn failures(&self) -> usize {
        let failed = |outcome: &&Outcome| outcome.error.is_some();
        self.outcomes.iter().filter(failed).count()
    }

    pub fn count(&self, effect: Effect) -> usize {
        let same = |outcome: &&Outcome| outcome.effect == Some(effect);
        self.outcomes.iter().filter(same).count()
    }
}

/// A description on its way: what was asked, and where the record stands.
struct Wished {
    operation: usize,
    state: Option<State>,
    reason: Option<String>,
    if_match: Option<Precondition>,
    head: Option<Head>,
    error: Option<CatalogueError>,
}

/// What was decided for one operation.
struct Decided {
    outcome: Outcome,
    changes: Vec<NewChange>,
}

impl Catalogue {
    /// Does what a batch asks for in one commit. When a single record fails, nothing is changed,
    /// and the receipt tells of every failure.
    pub async fn apply(
        &self,
        actor: &Actor,
        operations: Vec<Operation>,
        run: Run,
    ) -> Result<Receipt, CatalogueError> {
        let found = operations.len();
        if found > RECORDS_MAX {
            let max = RECORDS_MAX;
            return Err(CatalogueError::TooMany { found, max });
        }
        let mut near = Heads::of(self.ledger());
        let (mut records, mut wishes, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for (operation, asked) in operations.into_iter().enumerate() {
            match asked {
                Operation::Put(put) => {
                    wishes.push(Wished {
                        operation,
                        state: put.state,
                        reason: put.reason,
                        if_match: put.if_match,
                        head: None,
                        error: None,
                    });
                    records.push(put.record);
                }
                other => others.push((operation, other)),
            }
        }
        self.look_up(actor, &mut records, &mut wishes, &mut near)
            .await?;
        let mut published = to_be_published(&records, &wishes);
        for (_, other) in &others {
            if let Operation::State { path, state, .. } = other
                && *state == State::Published
                && let Some(head) = self.ledger().head_by_path(path).await?
            {
                published.insert(head.iri);
            }
        }
        let prepared = self.prepared_all(records).await?;
        let mut decided = Vec::with_capacity(found);
        for (prepared, wished) in prepared.into_iter().zip(wishes) {
            decided.push(
                self.decide_put(actor, prepared, wished, &published, &mut near)
                    .await?,
            );
        }
        for (operation, other) in others {
            decided.push(
                self.decide_other(actor, operation, other, &published, &mut near)
                    .await?,
            );
        }
        refuse_twice(&mut decided);
        self.finish(actor, decided, run).await
    }

    /// The records of a document, under the names that they will have.
    pub async fn document(
        &self,
        actor: &Actor,
        target: Target,
        bytes: Vec<u8>,
        format: Format,
    ) -> Result<Vec<Incoming>, CatalogueError> {
        let (iri, kind) = match target {
            Target::New { kind, slug } => {
                let slug = slug.unwrap_or_else(Slug::random);
                (self.base().iri(&path_of(&kind, &slug)), kind)
            }
            Target::Path(path) => {
                let missing = || CatalogueError::NotFound(self.base().iri(&path).into_string());
                let head = self.ledger().head_by_path(&path).await?;
                match head.filter(|head| self.is_known(actor, head)) {
                    Some(head) => {
                        let kind = self.kind(&head.kind)?;
                        (NamedNode::new_unchecked(head.iri), kind)
                    }
                    None => {
                        let (prefix, _) = split_path(&path).ok_or_else(missing)?;
                        let kind = self.kinds().by_prefix(prefix).ok_or_else(missing)?;
                        (self.base().iri(&path), kind.clone())
                    }
                }
            }
        };
        let catalogue = self.clone();
        blocking(move || {
            let mut triples = read(&bytes, format, iri.as_str())?;
            settle(&mut triples, &kind, &iri)?;
            Ok::<_, CatalogueError>(catalogue.incoming(&iri, &triples))
        })
        .await
    }

    /// The records of some triples about a record, without what the server itself says.
    pub fn incoming(&self, iri: &NamedNode, triples: &[Triple]) -> Vec<Incoming> {
        let mut records = incoming::split(triples, self.kinds(), self.base(), Some(iri));
        self.forget_our_words(&mut records);
        records
    }

    /// Finds where each record stands, and what forbids to write it.
    async fn look_up(
        &self,
        actor: &Actor,
        records: &mut [Incoming],
        wishes: &mut [Wished],
        near: &mut Heads<'_>,
    ) -> Result<(), CatalogueError> {
        for (record, wished) in records.iter_mut().zip(wishes.iter_mut()) {
            let head = near.get(record.iri.as_str()).await?.cloned();
            if record.parent.is_none() {
                let known = head.as_ref().filter(|head| self.is_known(actor, head));
                let old = known.and_then(|head| head.parent.clone());
                record.parent = old.map(NamedNode::new_unchecked);
            }
            if record.parent.is_none() {
                let kind = self.kind(&record.kind)?;
                record.parent = self.default_parent(&kind, None);
            }
            wished.head = head;
        }
        for (at, wished) in wishes.iter_mut().enumerate() {
            let allowed = self.may_put(actor, records, at, wished, near).await;
            wished.error = personal(allowed)?.err();
        }
        Ok(())
    }

    async fn may_put(
        &self,
        actor: &Actor,
        records: &[Incoming],
        at: usize,
        wished: &Wished,
        near: &mut Heads<'_>,
    ) -> Result<(), CatalogueError> {
        let head = wished.head.as_ref();
        let known = head.filter(|head| self.is_known(actor, head)).cloned();
        self.parent_fits(records, at, near).await?;
        self.may_write(actor, records, at, head, near).await?;
        self.expect(&records[at].iri, known, wished.if_match)
            .await?;
        Ok(())
    }

    /// Prepares all records on all cores, in their order.
    async fn prepared_all(
        &self,
        records: Vec<Incoming>,
    ) -> Result<Vec<(NamedNode, Result<Prepared, CatalogueError>)>, CatalogueError> {
        let catalogue = self.clone();
        blocking(move || {
            let leads = below::leads(&records, catalogue.kinds());
            let prepared = on_all_cores(&records, 1, |_, part| {
                let one = |record: &Incoming| {
                    let prepared = catalogue.prepared(record.clone(), &leads);
                    (record.iri.clone(), prepared)
                };
                part.iter().map(one).collect::<Vec<_>>()
            });
            let prepared = prepared.ok_or_else(|| {
                CatalogueError::Interrupted("a check ended before its end".to_owned())
            })?;
            Ok::<_, CatalogueError>(prepared.into_iter().flatten().collect())
        })
        .await
    }

    async fn decide_put(
        &self,
        actor: &Actor,
        (iri, prepared): (NamedNode, Result<Prepared, CatalogueError>),
        mut wished: Wished,
        published: &FxHashSet<String>,
        near: &mut Heads<'_>,
    ) -> Result<Decided, CatalogueError> {
        let mut outcome = Outcome {
            operation: wished.operation,
            iri: iri.into_string(),
            path: String::new(),
            title: None,
            effect: None,
            state: None,
            version: wished.head.as_ref().map_or(0, |head| head.version),
            checked: None,
            error: wished.error.take(),
        };
        let record = match personal(prepared)? {
            Ok(record) => record,
            Err(error) => {
                outcome.error.get_or_insert(error);
                return Ok(Decided::none(outcome));
            }
        };
        outcome.path.clone_from(&record.path);
        outcome.title.clone_from(&record.title);
        outcome.checked = Some(record.checked.clone());
        let old = wished.head.as_ref().map(|head| head.state);
        // What was withdrawn and is written again is a draft until it is published.
        let state = match wished.state.or(old) {
            Some(State::Published) => State::Published,
            _ => State::Draft,
        };
        outcome.state = Some(state);
        let head = wished.head.as_ref();
        let effect = effect_of(&record, head, state);
        let appears = state == State::Published && effect != Effect::Unchanged;
        if outcome.error.is_none() && appears {
            let ready = self.may_be_public(&record, head, published, near).await;
            outcome.error = personal(ready)?.err();
        }
        if outcome.error.is_some() {
            // Also the version of a draft is told only to those who may know of it.
            outcome.version = 0;
            return Ok(Decided::none(outcome));
        }
        outcome.effect = Some(effect);
        if effect == Effect::Unchanged {
            return Ok(Decided::none(outcome));
        }
        let expected = wished
            .head
            .as_ref()
            .map_or(Expected::New, |head| Expected::Version(head.version));
        let (author, at) = (actor.name(), self.clock().now());
        let change = new_change(record, author, at, state, wished.reason, expected);
        Ok(Decided {
            outcome,
            changes: vec![change],
        })
    }

    /// A record that is to be public fits its profile and stands below something public, and nobody asks for its
    /// review.
    async fn may_be_public(
        &self,
        record: &Prepared,
        head: Option<&Head>,
        published: &FxHashSet<String>,
        near: &mut Heads<'_>,
    ) -> Result<(), CatalogueError> {
        if !record.checked.fits() {
            return Err(CatalogueError::Invalid(Box::new(record.checked.clone())));
        }
        let parent = record.incoming.parent.as_ref().map(NamedNode::as_str);
        let parent = parent.filter(|parent| !published.contains(*parent));
        let iri = &record.incoming.iri;
        self.parent_is_public(iri.as_str(), parent, near).await?;
        if let Some(head) = head {
            reviewing::unagreed(iri, self.rule_of(head).await?)?;
        }
        let above = record.incoming.parent.clone().map(NamedNode::into_string);
        reviewing::unagreed(iri, self.rule_above(above).await?)
    }

    async fn decide_other(
        &self,
        actor: &Actor,
        operation: usize,
        asked: Operation,
        published: &FxHashSet<String>,
        near: &mut Heads<'_>,
    ) -> Result<Decided, CatalogueError> {
        let path = match &asked {
            Operation::State { path, .. } | Operation::Delete { path, .. } => path.clone(),
            Operation::Put(put) => put.record.iri.as_str().to_owned(),
        };
        let mut outcome = Outcome {
            operation,
            iri: self.base().iri(&path).into_string(),
            path: path.clone(),
            title: None,
            effect: None,
            state: None,
            version: 0,
            checked: None,
            error: None,
        };
        let found = personal(self.head_at(actor, &path).await)?;
        let changes = match found {
            Err(error) => Err(error),
            Ok(head) => {
                outcome.iri.clone_from(&head.iri);
                outcome.title.clone_from(&head.title);
                outcome.version = head.version;
                let made = self.changes_of(actor, head, asked, published, near).await;
                personal(made)?
            }
        };
        match changes {
            Err(error) => {
                outcome.error = Some(error);
                Ok(Decided::none(outcome))
            }
            Ok(changes) => {
                let own = changes.iter().find(|change| change.iri == outcome.iri);
                outcome.state = own.map(|change| change.state);
                outcome.effect = Some(match outcome.state {
                    Some(State::Deleted) => Effect::Deleted,
                    _ => Effect::State,
                });
                Ok(Decided { outcome, changes })
            }
        }
    }

    async fn changes_of(
        &self,
        actor: &Actor,
        head: Head,
        asked: Operation,
        published: &FxHashSet<String>,
        near: &mut Heads<'_>,
    ) -> Result<Vec<NewChange>, CatalogueError> {
        match asked {
            Operation::Put(_) => Ok(Vec::new()),
            Operation::Delete {
                reason, if_match, ..
            } => {
                let iri = NamedNode::new_unchecked(head.iri.clone());
                let missing = || CatalogueError::NotFound(iri.as_str().to_owned());
                let head = self.expect(&iri, Some(head), if_match).await?;
                let head = head.ok_or_else(missing)?;
                self.deletions(actor, head, reason.as_deref()).await
            }
            Operation::State { state, reason, .. } => {
                let (action, wish) = transition(&head, state)?;
                allowed(self.may(actor, wish, &head))?;
                let mut along = Vec::new();
                if action == ledger::Action::Publish {
                    let parent = head.parent.as_deref();
                    let parent = parent.filter(|parent| !published.contains(*parent));
                    self.parent_is_public(&head.iri, parent, near).await?;
                    let mut drafts = self.publishable_below(&head).await?.along;
                    // The others are published by operations of their own.
                    drafts.retain(|draft| !published.contains(&draft.iri));
                    along = self.along(actor, &drafts, reason.as_ref())?;
                }
                let change = self.change_of(&head, actor, Expected::Version(head.version));
                let change = NewChange {
                    action,
                    state,
                    reason,
                    ..change
                };
                along.insert(0, change);
                Ok(along)
            }
        }
    }

    async fn finish(
        &self,
        actor: &Actor,
        decided: Vec<Decided>,
        run: Run,
    ) -> Result<Receipt, CatalogueError> {
        let (mut outcomes, mut changes) = (Vec::with_capacity(decided.len()), Vec::new());
        for one in decided {
            outcomes.push(one.outcome);
            changes.extend(one.changes);
        }
        let failed = outcomes.iter().any(|outcome| outcome.error.is_some());
        let committed = run == Run::Commit && !failed;
        if committed && !changes.is_empty() {
            let leaves = |outcome: &&Outcome| {
                matches!(outcome.state, Some(State::Withdrawn | State::Deleted))
            };
            for outcome in outcomes.iter().filter(leaves) {
                let leaving = Leaving::default();
                self.say_farewell(actor, &outcome.iri, &leaving).await?;
            }
            let done = self.commit(changes).await?;
            let versions: FxHashMap<&str, u64> =
                done.iter().map(|one| (&*one.iri, one.version)).collect();
            for outcome in &mut outcomes {
                if let Some(version) = versions.get(&*outcome.iri) {
                    outcome.version = *version;
                }
            }
            let appeared = |outcome: &&Outcome| {
                let changed = matches!(outcome.effect, Some(Effect::Changed | Effect::State));
                changed && outcome.state == Some(State::Published)
            };
            for outcome in outcomes.iter().filter(appeared) {
                self.close_review(&outcome.iri, outcome.version, actor.name())
                    .await?;
            }
        }
        outcomes.sort_by_key(|outcome| outcome.operation);
        Ok(Receipt {
            outcomes,
            committed,
        })
    }
}

impl Decided {
    fn none(outcome: Outcome) -> Self {
        Self {
            outcome,
            changes: Vec::new(),
        }
    }
}

/// What was asked for is told with its record; what went wrong with us ends the whole.
fn personal<T>(
    result: Result<T, CatalogueError>,
) -> Result<Result<T, CatalogueError>, CatalogueError> {
    match result {
        Err(
            error @ (CatalogueError::Ledger(_)
            | CatalogueError::Store(_)
            | CatalogueError::Interrupted(_)),
        ) => Err(error),
        other => Ok(other),
    }
}

/// The records that are public when the batch is done.
fn to_be_published(records: &[Incoming], wishes: &[Wished]) -> FxHashSet<String> {
    let pairs = records.iter().zip(wishes);
    let public = pairs.filter(|(_, wished)| {
        let old = wished.head.as_ref().map(|head| head.state);
        wished.state.or(old) == Some(State::Published)
    });
    public
        .map(|(record, _)| record.iri.as_str().to_owned())
        .collect()
}

fn effect_of(record: &Prepared, head: Option<&Head>, state: State) -> Effect {
    let Some(head) = head else {
        return Effect::New;
    };
    let stays = head.parent.as_deref() == record.incoming.parent.as_ref().map(NamedNode::as_str);
    let same = stays && head.digest == record.canonical.digest();
    match (same, head.state == state) {
        (true, true) => Effect::Unchanged,
        (true, false) => Effect::State,
        (false, _) => Effect::Changed,
    }
}

/// A record may be changed once in a batch, also by the deletion of what is above it.
fn refuse_twice(decided: &mut [Decided]) {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    for one in decided {
        let mut iris: Vec<&str> = one.changes.iter().map(|change| &*change.iri).collect();
        if iris.is_empty() {
            iris.push(&one.outcome.iri);
        }
        let twice = iris.iter().find(|iri| seen.contains(**iri));
        if let Some(twice) = twice {
            let twice = CatalogueError::Twice((*twice).to_owned());
            one.outcome.error.get_or_insert(twice);
        }
        seen.extend(iris.into_iter().map(str::to_owned));
    }
}
