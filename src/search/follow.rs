//! How does the index follow the catalogue? It reads the public changes in order, many at a time.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tokio::sync::{Mutex, watch};

use super::document::{IndexedRecord, Judged};
use super::index::{Error, Index, IndexChange};
use crate::catalogue::projection::{Progress, blocking, provider_triples};
use crate::catalogue::{Catalogue, CatalogueError, Description};
use crate::ledger::{PublicChange, What};
use crate::rdf::{NamedNode, Triple};

/// How many changes one commit of the index takes.
const CHANGES_PER_COMMIT: usize = 2_000;

/// Brings the index up to the ledger.
#[derive(Clone)]
pub struct Follower {
    catalogue: Catalogue,
    index: Arc<Index>,
    one_at_a_time: Arc<Mutex<()>>,
}

impl Follower {
    pub fn new(catalogue: Catalogue, index: Arc<Index>) -> Self {
        Self {
            catalogue,
            index,
            one_at_a_time: Arc::default(),
        }
    }

    /// Wakes its holder when the triples have moved on.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.catalogue.projection().subscribe()
    }

    /// Brings the triples up to the ledger, in case another process wrote to it.
    pub async fn catch_up_triples(&self) -> Result<u64, CatalogueError> {
        self.catalogue.projection().catch_up().await
    }

    /// Applies all public changes that the index lacks.
    pub async fn catch_up(&self) -> Result<(), CatalogueError> {
        let _guard = self.one_at_a_time.lock().await;
        loop {
            let since = self.index.sequence();
            let ledger = self.catalogue.ledger();
            let changes = ledger
                .public_changes_since(since, CHANGES_PER_COMMIT)
                .await?;
            let Some(last) = changes.last() else {
                return Ok(());
            };
            let sequence = last.sequence;
            let steps = self.steps(changes).await?;
            let index = Arc::clone(&self.index);
            blocking(move || index.apply(sequence, &steps).map_err(failed)).await?;
        }
    }

    /// Builds the index anew from what is public now.
    pub async fn rebuild(&self, progress: Progress<'_>) -> Result<(), CatalogueError> {
        let _guard = self.one_at_a_time.lock().await;
        let last = self.catalogue.ledger().last_public_sequence().await?;
        self.clear().await?;
        let mut reached = 0;
        let mut done = 0;
        loop {
            let changes = self
                .catalogue
                .ledger()
                .public_now(reached, CHANGES_PER_COMMIT)
                .await?;
            let Some(end) = changes.last() else { break };
            reached = end.record;
            done += changes.len() as u64;
            let steps = self.steps(changes).await?;
            let index = Arc::clone(&self.index);
            // One commit for each batch: a rebuild that is broken off begins anew, because the
            // sequence is only set by the last.
            blocking(move || index.apply(0, &steps).map_err(failed)).await?;
            progress(done);
        }
        let index = Arc::clone(&self.index);
        blocking(move || {
            let bulk = index.begin_bulk();
            bulk.finish(last).map_err(failed)
        })
        .await
    }

    async fn clear(&self) -> Result<(), CatalogueError> {
        let index = Arc::clone(&self.index);
        blocking(move || index.clear().map_err(failed)).await
    }

    /// What each change means for the index. Records that stand inside another are not found by
    /// themselves.
    async fn steps(&self, changes: Vec<PublicChange>) -> Result<Vec<IndexChange>, CatalogueError> {
        let mut steps = Vec::with_capacity(changes.len());
        let mut titles = FxHashMap::default();
        for change in changes {
            let kind = self.catalogue.kinds().by_name(&change.kind);
            if kind.is_none_or(|kind| kind.embedded || kind.is_root()) {
                continue;
            }
            steps.push(match &change.what {
                What::Remove { .. } => IndexChange::Remove(change.iri),
                What::Put { ntriples, .. } => {
                    let triples = provider_triples(&change.iri, ntriples)?;
                    IndexChange::Put(Box::new(self.record(&change, triples, &mut titles).await?))
                }
            });
        }
        Ok(steps)
    }

    async fn record(
        &self,
        change: &PublicChange,
        triples: Vec<Triple>,
        titles: &mut FxHashMap<String, Option<String>>,
    ) -> Result<IndexedRecord, CatalogueError> {
        let catalogue = match &change.parent {
            Some(parent) => {
                if !titles.contains_key(parent) {
                    titles.insert(parent.clone(), self.title(parent).await?);
                }
                titles[parent].clone().map(|title| (parent.clone(), title))
            }
            None => None,
        };
        let (quality, profiles) = self.judged(change, &triples)?;
        Ok(IndexedRecord {
            quality,
            profiles,
            iri: change.iri.clone(),
            path: change.path.clone(),
            kind: change.kind.clone(),
            catalogue: catalogue.filter(|_| change.kind != crate::catalogue::CATALOGUE_KIND),
            triples,
            first_published: change.first_published_at,
            changed: change.at,
        })
    }

    /// How good the description is, and which profiles hold for it.
    fn judged(
        &self,
        change: &PublicChange,
        triples: &[Triple],
    ) -> Result<(Option<Judged>, Vec<String>), CatalogueError> {
        let iri = NamedNode::new_unchecked(&change.iri);
        let parent = change.parent.as_ref().map(NamedNode::new_unchecked);
        let rules = self.catalogue.quality();
        let evidence = rules.evidence(&change.kind, &iri, triples);
        let judged = evidence
            .and_then(|evidence| evidence.mqa())
            .map(|mqa| Judged {
                points: mqa.score().into(),
                band: mqa.band().as_str().to_owned(),
            });
        let description = Description {
            kind: &change.kind,
            iri: &iri,
            parent: parent.as_ref(),
            triples,
        };
        let profiles = self.catalogue.profiles_for(&description, &[])?;
        let names = profiles.iter().map(|profile| profile.name.clone());
        Ok((judged, names.collect()))
    }

    async fn title(&self, iri: &str) -> Result<Option<String>, CatalogueError> {
        let head = self.catalogue.ledger().head(iri).await?;
        Ok(head
            .and_then(|head| head.public)
            .map(|face| face.title.unwrap_or_default()))
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn failed(error: Error) -> CatalogueError {
    CatalogueError::Interrupted(format!("the text index: {error}"))
}
