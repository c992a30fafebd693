//! How is a part of a record changed, and all else left alone? By SPARQL Update on its graph, or by a JSON merge patch.

pub mod merge;
pub mod update;

use super::projection::{blocking, provider_triples};
use super::writing::Precondition;
use super::writing::batch::{Effect, Operation, Outcome, Put, Run};
use super::{Catalogue, CatalogueError, State, Written};
use crate::auth::{Actor, Wish};
use crate::rdf::{NamedNode, NamedOrBlankNode, SyntaxError, Triple};

/// What somebody wants to change.
#[derive(Debug, Clone)]
pub enum Patch {
    /// `application/sparql-update`
    Update(String),
    /// `application/merge-patch+json` (RFC 7396), on the form that [`merge::tree`] gives.
    Merge(Vec<u8>),
}

/// Why a patch is not taken.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    #[error("the update cannot be read: {0}")]
    Update(String),
    #[error("the patch cannot be read: {0}")]
    Json(String),
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    #[error("an update of a record may only insert and delete statements, not {0}")]
    Operation(&'static str),
    #[error("an update of the record {record} may not touch the graph {graph}")]
    Graph { record: String, graph: String },
    #[error("an update of the record {record} may not speak about the record {other}")]
    Other { record: String, other: String },
    #[error("the update has more than {max} {what}")]
    TooMuch { what: &'static str, max: usize },
    #[error("the update failed: {0}")]
    Failed(String),
    #[error(
        "the key {0:?} has no prefix, so it means no property: write for example \"dct:title\""
    )]
    Key(String),
}

impl Catalogue {
    /// Changes a part of a record. What comes out is checked and stored like a whole new description.
    pub async fn patch(
        &self,
        actor: &Actor,
        path: &str,
        patch: Patch,
        wished: (Option<State>, Option<String>, Option<Precondition>),
    ) -> Result<Written, CatalogueError> {
        let (state, reason, if_match) = wished;
        let missing = || CatalogueError::NotFound(self.base().iri(path).into_string());
        let head = self.ledger().head_by_path(path).await?;
        let head = head.ok_or_else(missing)?;
        if !self.may(actor, Wish::ReadDraft, &head).is_allowed() {
            // Whoever may not see the newest version cannot change a part of it.
            let public = head.public.is_some() || head.first_published_at.is_some();
            return Err(if public {
                CatalogueError::Denied("only who may write a record can change it".to_owned())
            } else {
                missing()
            });
        }
        if head.state == State::Deleted {
            return Err(CatalogueError::Gone(head.iri));
        }
        let iri = NamedNode::new_unchecked(head.iri.clone());
        let version = self.ledger().version(&head.iri, head.version).await?;
        let version = version.ok_or_else(missing)?;
        let catalogue = self.clone();
        let record = iri.clone();
        let triples = blocking(move || {
            let triples = provider_triples(record.as_str(), &version.ntriples)?;
            let changed = match &patch {
                Patch::Update(text) => update::apply(triples, &record, text)?,
                Patch::Merge(json) => merge::apply(&triples, &record, json)?,
            };
            catalogue.only_about(&record, &changed)?;
            Ok::<_, CatalogueError>(changed)
        })
        .await?;
        let operations = self.incoming(&iri, &triples).into_iter().enumerate();
        let operations = operations.map(|(at, record)| {
            // Who names no version means the one that the patch was made of here.
            let own = if_match.unwrap_or(Precondition::Version(head.version));
            Operation::Put(Put {
                record,
                state,
                reason: reason.clone(),
                if_match: (at == 0).then_some(own),
            })
        });
        let receipt = self.apply(actor, operations.collect(), Run::Commit).await?;
        let mut outcomes = receipt.outcomes;
        if let Some(at) = outcomes.iter().position(|outcome| outcome.error.is_some())
            && let Some(error) = outcomes.swap_remove(at).error
        {
            return Err(error);
        }
        let main = outcomes.into_iter().next().ok_or_else(missing)?;
        Ok(written(main, iri))
    }

    /// A record's graph speaks of the record and of what is its own, not of other records here.
    fn only_about(&self, record: &NamedNode, triples: &[Triple]) -> Result<(), PatchError> {
        let is_record = |iri: &NamedNode| {
            let path = self.base().path(iri.as_str());
            let split = path.and_then(super::identifier::split_path);
            split.is_some_and(|(prefix, _)| self.kinds().by_prefix(prefix).is_some())
        };
        for triple in triples {
            if let NamedOrBlankNode::NamedNode(subject) = &triple.subject
                && subject != record
                && is_record(subject)
            {
                return Err(PatchError::Other {
                    record: record.as_str().to_owned(),
                    other: subject.as_str().to_owned(),
                });
            }
        }
        Ok(())
    }
}

fn written(outcome: Outcome, iri: NamedNode) -> Written {
    Written {
        iri,
        path: outcome.path,
        version: outcome.version,
        state: outcome.state.unwrap_or(State::Draft),
        created: outcome.effect == Some(Effect::New),
        checked: outcome.checked,
    }
}
