//! What was a record before, who changed it and why, and in what do two of its versions differ?

use jiff::Timestamp;

use super::error::CatalogueError;
use super::record::{Record, State};
use super::view::View;
use crate::auth::Wish;
use crate::ledger::{AccountId, Change, Confirmation, Memento, Told, VersionedGraph, Which};
use crate::rdf::NamedNode;
use crate::rdf::diff::Difference;

/// The most steps of a history that are told at once.
pub const STEPS_MAX: usize = 200;
/// The most mementos that are listed at once.
pub const MEMENTOS_MAX: usize = 1_000;
/// The most confirmations that are told.
const CONFIRMATIONS_MAX: usize = 50;

/// A change of a record, as one reader may know it.
#[derive(Debug, Clone)]
pub struct Step {
    pub change: Change,
    pub author: Author,
}

/// Who made a change. Names are for those who work on the record; to all others a person is a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    Person(Option<String>),
    Program(Option<String>),
}

/// How the authors of accounts and of subjects without one begin; all others are the names of tokens.
const PEOPLE: [&str; 2] = ["person-", "subject-"];

impl Author {
    fn is_person(author: &str) -> bool {
        PEOPLE.iter().any(|beginning| author.starts_with(beginning))
    }
}

/// The versions beside one that the public saw.
#[derive(Debug, Clone, Copy)]
pub struct Around {
    pub first: Memento,
    pub before: Option<Memento>,
    pub this: Memento,
    pub after: Option<Memento>,
    pub last: Memento,
}

impl View {
    /// Whether this reader works on the record: reads its drafts, knows who wrote them.
    pub async fn works_on(&self, record: &Record) -> Result<bool, CatalogueError> {
        self.may_on(record, Wish::ReadDraft).await
    }

    /// Whether this reader may do something with a record.
    pub async fn may_on(&self, record: &Record, wish: Wish) -> Result<bool, CatalogueError> {
        let head = self.catalogue().ledger().head(record.iri.as_str()).await?;
        Ok(head.is_some_and(|head| {
            let decision = self.catalogue().may(self.actor(), wish, &head);
            decision.is_allowed()
        }))
    }

    /// The version of a revision that stands above what the public reads, for those who work on the record.
    pub async fn revision_of(&self, record: &Record) -> Result<Option<u64>, CatalogueError> {
        if self.is_anonymous() || record.state != State::Published || record.is_past {
            return Ok(None);
        }
        let head = self.catalogue().ledger().head(record.iri.as_str()).await?;
        let head = head.filter(|head| {
            let works = self.catalogue().may(self.actor(), Wish::ReadDraft, head);
            works.is_allowed() && head.version > record.version
        });
        Ok(head.map(|head| head.version))
    }

    /// The history of a record as far as this reader may know it, the newest first, from before the change of this
    /// sequence number.
    pub async fn steps(
        &self,
        record: &Record,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Step>, CatalogueError> {
        let works = self.works_on(record).await?;
        let told = if works { Told::All } else { Told::Public };
        let limit = limit.min(STEPS_MAX);
        let ledger = self.catalogue().ledger();
        let changes = ledger
            .changes_of(record.iri.as_str(), told, before, limit)
            .await?;
        let mut steps: Vec<Step> = Vec::with_capacity(changes.len());
        for mut change in changes {
            // Why something was taken away is told where it is said in public, or not at all.
            if !works && change.state != State::Published {
                change.reason = None;
            }
            let known = steps
                .iter()
                .find(|step| step.change.author == change.author);
            let author = match known.map(|step| step.author.clone()) {
                Some(author) => author,
                None => self.author(&change.author, works).await?,
            };
            steps.push(Step { change, author });
        }
        Ok(steps)
    }

    /// Who stands behind the author of a change.
    pub async fn author(&self, author: &str, named: bool) -> Result<Author, CatalogueError> {
        let is_person = Author::is_person(author);
        if !named {
            return Ok(if is_person {
                Author::Person(None)
            } else {
                Author::Program(None)
            });
        }
        if !is_person {
            return Ok(Author::Program(Some(author.to_owned())));
        }
        let account = AccountId(author.to_owned());
        let account = self.catalogue().ledger().account(&account).await?;
        let name = account.and_then(|account| account.name);
        Ok(Author::Person(Some(
            name.unwrap_or_else(|| author.to_owned()),
        )))
    }

    /// A record as it stood in one of its versions.
    pub async fn at_version(&self, record: &Record, n: u64) -> Result<Record, CatalogueError> {
        let found = self.versioned(record, n).await?;
        let iri = record.iri.as_str();
        let seen = self.catalogue().ledger().memento(iri, Which::Of(n)).await?;
        Ok(Record {
            version: n,
            state: if seen.is_some() {
                State::Published
            } else {
                State::Draft
            },
            title: found.change.title,
            parent: found.change.parent.map(NamedNode::new_unchecked),
            changed: seen.map_or(found.change.at, |memento| memento.at),
            is_past: true,
            ..record.clone()
        })
    }

    /// A version with its graph, when this reader may know of it.
    pub(super) async fn versioned(
        &self,
        record: &Record,
        n: u64,
    ) -> Result<VersionedGraph, CatalogueError> {
        let iri = record.iri.as_str();
        let ledger = self.catalogue().ledger();
        let found = ledger.version(iri, n).await?;
        let may_draft = record.state != State::Published || self.works_on(record).await?;
        let public = may_draft || ledger.was_public(iri, n).await?;
        let found = found.filter(|_| public);
        found.ok_or_else(|| CatalogueError::NotFound(format!("{iri}, version {n}")))
    }

    /// What must be done to one version so that it becomes another.
    pub async fn difference(
        &self,
        record: &Record,
        from: u64,
        to: u64,
    ) -> Result<Difference, CatalogueError> {
        let old = self.version(record, from).await?;
        let new = self.version(record, to).await?;
        super::projection::blocking(move || Ok::<_, CatalogueError>(Difference::of(&old, &new)))
            .await
    }

    /// The version that stands for a time (RFC 7089 §4.5.3): the one that the public saw last then, else the first.
    pub async fn memento_near(
        &self,
        record: &Record,
        at: Timestamp,
    ) -> Result<Option<Memento>, CatalogueError> {
        let (ledger, iri) = (self.catalogue().ledger(), record.iri.as_str());
        let which = ledger
            .seen_at(iri, at)
            .await?
            .map_or(Which::First, Which::Of);
        Ok(ledger.memento(iri, which).await?)
    }

    /// The versions that the public saw, the oldest first.
    pub async fn mementos(
        &self,
        record: &Record,
        after: u64,
    ) -> Result<Vec<Memento>, CatalogueError> {
        let ledger = self.catalogue().ledger();
        Ok(ledger
            .mementos(record.iri.as_str(), after, MEMENTOS_MAX)
            .await?)
    }

    /// What stands beside a version that the public saw; `None` for one that it never saw.
    pub async fn around(&self, record: &Record, n: u64) -> Result<Option<Around>, CatalogueError> {
        let (ledger, iri) = (self.catalogue().ledger(), record.iri.as_str());
        let Some(this) = ledger.memento(iri, Which::Of(n)).await? else {
            return Ok(None);
        };
        Ok(Some(Around {
            first: ledger.memento(iri, Which::First).await?.unwrap_or(this),
            before: ledger.memento(iri, Which::Before(n)).await?,
            this,
            after: ledger.memento(iri, Which::After(n)).await?,
            last: ledger.memento(iri, Which::Last).await?.unwrap_or(this),
        }))
    }

    /// When the record was found still correct, the newest first.
    pub async fn confirmations(
        &self,
        record: &Record,
    ) -> Result<Vec<(Confirmation, Author)>, CatalogueError> {
        let works = self.works_on(record).await?;
        let ledger = self.catalogue().ledger();
        let found = ledger
            .confirmations(record.iri.as_str(), CONFIRMATIONS_MAX)
            .await?;
        let mut told = Vec::with_capacity(found.len());
        for mut confirmation in found {
            let author = self.author(&confirmation.author, works).await?;
            if !works {
                confirmation.note = None;
            }
            told.push((confirmation, author));
        }
        Ok(told)
    }
}
