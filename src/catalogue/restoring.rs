//! How does an old version become the newest, and how does a deleted record come back?

use super::error::CatalogueError;
use super::record::State;
use super::writing::{Precondition, Written, allowed};
use super::{Catalogue, Sent};
use crate::auth::{Actor, Wish};
use crate::ledger::{self, Expected, NewChange};
use crate::rdf::{Format, NamedNode, Triple, canonical, format};

/// Which version is wanted back.
#[derive(Debug, Clone)]
pub struct Restoring {
    pub version: u64,
    /// The state that is wished; else the record stays what it is.
    pub state: Option<State>,
    pub reason: Option<String>,
    pub if_match: Option<Precondition>,
}

impl Catalogue {
    /// Makes an old version the newest: a new version that says the same.
    pub async fn restore(
        &self,
        actor: &Actor,
        path: &str,
        wanted: Restoring,
    ) -> Result<Written, CatalogueError> {
        let head = self.head_at(actor, path).await?;
        allowed(self.may(actor, Wish::Restore, &head))?;
        let n = wanted.version;
        let missing = || CatalogueError::NotFound(format!("{}, version {n}", head.iri));
        let old = self
            .ledger()
            .version(&head.iri, n)
            .await?
            .ok_or_else(missing)?;
        let sent = Sent {
            bytes: old.ntriples.into_bytes(),
            format: Format::NTriples,
            slug: None,
            state: wanted.state,
            reason: wanted
                .reason
                .or_else(|| Some(format!("version {n} restored"))),
            if_match: wanted
                .if_match
                .or(Some(Precondition::Version(head.version))),
            language: None,
        };
        let written = self.replace(actor, path, sent).await?;
        written.into_iter().next().ok_or(CatalogueError::Empty)
    }

    /// Brings a deleted record back, as a draft that says what it said last.
    pub async fn undelete(
        &self,
        actor: &Actor,
        path: &str,
        reason: Option<String>,
    ) -> Result<Written, CatalogueError> {
        let missing = || CatalogueError::NotFound(self.base().iri(path).into_string());
        let head = self
            .ledger()
            .head_by_path(path)
            .await?
            .ok_or_else(missing)?;
        if !self.is_known(actor, &head) {
            return Err(missing());
        }
        allowed(self.may(actor, Wish::Undelete, &head))?;
        if head.state != State::Deleted {
            return Err(CatalogueError::Transition {
                iri: head.iri,
                from: head.state.as_str(),
                to: State::Draft.as_str(),
            });
        }
        let old = self
            .ledger()
            .version(&head.iri, head.version)
            .await?
            .ok_or_else(missing)?;
        let quads = format::parse(old.ntriples.as_bytes(), Format::NTriples, None)?;
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let graph = canonical::canonical_ntriples(&triples);
        let graph = graph.map_err(|source| CatalogueError::Poison {
            iri: head.iri.clone(),
            source,
        })?;
        let change = NewChange {
            action: ledger::Action::Replace,
            state: State::Draft,
            graph: Some(graph),
            reason: reason.or_else(|| Some("undeleted".to_owned())),
            ..self.change_of(&head, actor, Expected::Version(head.version))
        };
        let version = self.commit_one(change).await?;
        Ok(Written {
            iri: NamedNode::new_unchecked(head.iri),
            path: head.path,
            version,
            state: State::Draft,
            created: false,
            checked: None,
        })
    }
}
