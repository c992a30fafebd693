//! How do people write a record together? Each from the version that they saw; what others did meanwhile is put
//! together with it, and no change is lost.

use super::error::CatalogueError;
use super::merge::{self, Choice, Merged, Sides};
use super::projection::{blocking, provider_triples};
use super::record::State;
use super::view::View;
use super::writing::{Precondition, Sent, Written};
use crate::auth::{Decision, Wish};
use crate::ledger::Head;
use crate::rdf::{Format, NamedNode, Triple, format};

/// How often a change is put together anew because others were faster.
const TRIES_MAX: usize = 8;

/// The newest version of a record, for somebody who may change it.
#[derive(Debug, Clone)]
pub struct Editable {
    pub head: Head,
    /// What was sent.
    pub triples: Vec<Triple>,
}

/// A change to a record.
#[derive(Debug, Clone)]
pub struct Edit {
    /// Where the record is, below the base.
    pub path: String,
    /// The version that the change was made from; 0 for a new record.
    pub base: u64,
    pub triples: Vec<Triple>,
    /// The state that is wished.
    pub state: Option<State>,
    pub reason: Option<String>,
    /// The conflicts that were decided.
    pub choices: Vec<(String, Choice)>,
}

/// What became of a change.
#[derive(Debug)]
pub enum Saved {
    /// It is on disk; so many changes of others were taken along.
    Written { written: Box<Written>, taken: usize },
    /// Others changed the same things: a person decides. Nothing was written.
    Conflicts { merged: Merged, version: u64 },
}

impl View {
    /// The newest version of the record at a path, for somebody who may change it. `None` when there is no record.
    pub async fn newest(&self, path: &str) -> Result<Option<Editable>, CatalogueError> {
        let catalogue = self.catalogue();
        let Some(head) = catalogue.ledger().head_by_path(path).await? else {
            return Ok(None);
        };
        let known = head.first_published_at.is_some()
            || catalogue
                .may(self.actor(), Wish::ReadDraft, &head)
                .is_allowed();
        if let Decision::Deny(reason) = catalogue.may(self.actor(), Wish::Replace, &head) {
            return Err(if known {
                CatalogueError::Denied(reason.to_owned())
            } else {
                CatalogueError::NotFound(head.iri)
            });
        }
        if head.state == State::Deleted {
            return Err(CatalogueError::Gone(head.iri));
        }
        let triples = self.version_to_write(&head.iri, head.version).await?;
        Ok(Some(Editable { head, triples }))
    }

    /// A version of a record that the actor may change.
    async fn version_to_write(&self, iri: &str, n: u64) -> Result<Vec<Triple>, CatalogueError> {
        let found = self.catalogue().ledger().version(iri, n).await?;
        let missing = || CatalogueError::NotFound(format!("{iri}, version {n}"));
        provider_triples(iri, &found.ok_or_else(missing)?.ntriples)
    }

    /// Writes a change, together with what others changed since the version that it was made from.
    /// `is_single` says which properties have one value.
    pub async fn save(
        &self,
        edit: &Edit,
        is_single: impl Fn(&NamedNode) -> bool + Clone + Send + 'static,
    ) -> Result<Saved, CatalogueError> {
        for _ in 0..TRIES_MAX {
            let newest = self.newest(&edit.path).await?;
            let (triples, if_match, taken) = match newest {
                None => (edit.triples.clone(), Precondition::Absent, 0),
                Some(newest) if newest.head.version == edit.base => {
                    let version = Precondition::Version(edit.base);
                    (edit.triples.clone(), version, 0)
                }
                Some(newest) => {
                    let version = newest.head.version;
                    let merged = self.merged(edit, newest, is_single.clone()).await?;
                    if !merged.conflicts.is_empty() {
                        return Ok(Saved::Conflicts { merged, version });
                    }
                    let version = Precondition::Version(version);
                    (merged.triples, version, merged.taken)
                }
            };
            let written = self.write(edit, &triples, if_match).await;
            match written {
                Err(CatalogueError::Precondition { .. }) => (),
                Err(error) => return Err(error),
                Ok(written) => {
                    let written = Box::new(written);
                    return Ok(Saved::Written { written, taken });
                }
            }
        }
        let found = "a newer one each time".to_owned();
        Err(CatalogueError::Precondition {
            iri: self.catalogue().base().iri(&edit.path).into_string(),
            expected: edit.base.to_string(),
            found,
        })
    }

    /// A change put together with the newest version. This is a dry run: nothing is written.
    pub async fn merged(
        &self,
        edit: &Edit,
        newest: Editable,
        is_single: impl Fn(&NamedNode) -> bool + Send + 'static,
    ) -> Result<Merged, CatalogueError> {
        let base = match edit.base {
            0 => Vec::new(),
            n => self.version_to_write(&newest.head.iri, n).await?,
        };
        let edit = edit.clone();
        blocking(move || {
            let sides = Sides {
                base: &base,
                theirs: &newest.triples,
                mine: &edit.triples,
            };
            Ok::<_, CatalogueError>(merge::merge(sides, &is_single, &edit.choices))
        })
        .await
    }

    async fn write(
        &self,
        edit: &Edit,
        triples: &[Triple],
        if_match: Precondition,
    ) -> Result<Written, CatalogueError> {
        let sent = Sent {
            bytes: format::write_triples(Format::NTriples, triples.iter().map(Triple::as_ref)),
            format: Format::NTriples,
            slug: None,
            state: edit.state,
            reason: edit.reason.clone(),
            if_match: Some(if_match),
            language: None,
        };
        let catalogue = self.catalogue();
        let written = catalogue.replace(self.actor(), &edit.path, sent).await?;
        written.into_iter().next().ok_or(CatalogueError::Empty)
    }
}
