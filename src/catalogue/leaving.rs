//! How does a record leave, what does it leave behind, and where does its address lead then?

use super::Catalogue;
use super::error::CatalogueError;
use super::record::{Lookup, State, Tombstone};
use super::view::View;
use super::writing::allowed;
use crate::auth::{Actor, Wish};
use crate::ledger::{Action, Expected, Farewell, Head, NewChange};
use crate::rdf::NamedNode;

/// The longest notice, in characters.
const NOTICE_CHARS_MAX: usize = 4_000;
/// How long a chain of records that replace each other is followed.
const REPLACEMENTS_MAX: usize = 8;

/// What somebody who takes a record away says.
#[derive(Debug, Clone, Default)]
pub struct Leaving {
    /// Why, for the history of those who work on it.
    pub reason: Option<String>,
    /// Why, for everybody to read at its address.
    pub notice: Option<String>,
    /// The IRI of the record that stands in its place: its address leads there.
    pub replaced_by: Option<String>,
}

impl Catalogue {
    /// Takes a published record away, with words for those who come to its address; of one that is away already,
    /// says other words.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        path: &str,
        leaving: Leaving,
    ) -> Result<State, CatalogueError> {
        let head = self.one_that_was(actor, path).await?;
        allowed(self.may(actor, Wish::Withdraw, &head))?;
        if leaving.replaced_by.is_some() {
            allowed(self.may(actor, Wish::Redirect, &head))?;
        }
        let length = leaving
            .notice
            .as_ref()
            .map_or(0, |notice| notice.chars().count());
        if length > NOTICE_CHARS_MAX {
            let (what, max) = ("notice", NOTICE_CHARS_MAX);
            return Err(CatalogueError::TooLong { what, max });
        }
        if let Some(there) = &leaving.replaced_by {
            self.can_stand_for(there, &head).await?;
        }
        if head.first_published_at.is_none() {
            return Err(CatalogueError::Transition {
                iri: head.iri,
                from: head.state.as_str(),
                to: State::Withdrawn.as_str(),
            });
        }
        self.say_farewell(actor, &head.iri, &leaving).await?;
        if head.public.is_none() {
            return Ok(head.state);
        }
        let change = NewChange {
            action: Action::Withdraw,
            state: State::Withdrawn,
            reason: leaving.reason,
            ..self.change_of(&head, actor, Expected::Version(head.version))
        };
        self.commit_one(change).await?;
        Ok(State::Withdrawn)
    }

    /// Keeps the words that a record leaves behind; they count once it is away.
    pub(super) async fn say_farewell(
        &self,
        actor: &Actor,
        iri: &str,
        leaving: &Leaving,
    ) -> Result<(), CatalogueError> {
        let farewell = Farewell {
            notice: leaving.notice.clone(),
            replaced_by: leaving.replaced_by.clone(),
            author: actor.name().to_owned(),
            at: self.clock().now(),
        };
        self.ledger().say_farewell(iri, &farewell).await?;
        Ok(())
    }

    /// The head at a path that the actor may know of, gone or not.
    pub(super) async fn one_that_was(
        &self,
        actor: &Actor,
        path: &str,
    ) -> Result<Head, CatalogueError> {
        let missing = || CatalogueError::NotFound(self.base().iri(path).into_string());
        let head = self
            .ledger()
            .head_by_path(path)
            .await?
            .ok_or_else(missing)?;
        if self.is_known(actor, &head) {
            Ok(head)
        } else {
            Err(missing())
        }
    }

    /// Whether a record can stand in the place of another: it is public, of the same kind, and leads not back.
    async fn can_stand_for(&self, there: &str, head: &Head) -> Result<(), CatalogueError> {
        let refuse = |why: &'static str| {
            let (iri, by) = (head.iri.clone(), there.to_owned());
            Err(CatalogueError::BadReplacement { iri, by, why })
        };
        if there == head.iri {
            return refuse("it is the record itself");
        }
        let Some(other) = self.ledger().head(there).await? else {
            return refuse("there is no such record here");
        };
        if other.public.is_none() {
            return refuse("it is not public");
        }
        if other.kind != head.kind {
            return refuse("it is of another kind");
        }
        Ok(())
    }

    /// The public record that stands in the place of one that is gone, at the end of the chain.
    async fn replacement(&self, first: &str) -> Result<Option<Head>, CatalogueError> {
        let mut iri = first.to_owned();
        for _ in 0..REPLACEMENTS_MAX {
            let Some(head) = self.ledger().head(&iri).await? else {
                return Ok(None);
            };
            if head.public.is_some() {
                return Ok(Some(head));
            }
            let farewell = self.ledger().farewell(&iri).await?;
            let Some(next) = farewell.and_then(|farewell| farewell.replaced_by) else {
                return Ok(None);
            };
            iri = next;
        }
        Ok(None)
    }
}

impl View {
    /// Adds to what is left of a record the words that it left behind.
    pub(super) async fn with_farewell(&self, found: Lookup) -> Result<Lookup, CatalogueError> {
        let Lookup::Gone(mut tombstone) = found else {
            return Ok(found);
        };
        let catalogue = self.catalogue();
        if let Some(farewell) = catalogue.ledger().farewell(tombstone.iri.as_str()).await? {
            tombstone.notice = farewell.notice;
            if let Some(first) = farewell.replaced_by {
                let there = catalogue.replacement(&first).await?;
                tombstone.replaced_by =
                    there.map(|head| (NamedNode::new_unchecked(head.iri), head.path));
            }
        }
        Ok(Lookup::Gone(tombstone))
    }

    /// Whether this reader may bring back what is gone.
    pub async fn may_undelete(&self, tombstone: &Tombstone) -> Result<bool, CatalogueError> {
        if self.is_anonymous() || tombstone.withdrawn {
            return Ok(false);
        }
        let catalogue = self.catalogue();
        let head = catalogue.ledger().head(tombstone.iri.as_str()).await?;
        Ok(head.is_some_and(|head| {
            catalogue
                .may(self.actor(), Wish::Undelete, &head)
                .is_allowed()
        }))
    }
}
