//! What may this reader see? The one door to everything that is read: the public projection, and
//! the drafts of those who may see them, from the ledger.

use std::any::Any;
use std::sync::Arc;

use super::description;
use super::error::CatalogueError;
use super::kind::Kind;
use super::projection::{blocking, provider_triples};
use super::record::{Lookup, Record, State, Tombstone};
use super::rendition::Offer;
use super::{CATALOGUE_KIND, Catalogue, Checked, Description, Profile, history};
use crate::auth::{self, Actor, RecordFacts, Wish};
use crate::ledger::{Change, Head, HeadFilter};
use crate::rdf::vocabulary::dct;
use crate::rdf::{NamedNode, Quad, Triple};
use crate::store::{QueryOptions, QueryResults, Snapshot, Statistics};

/// How many children a container lists.
pub const CHILDREN_MAX: usize = 200_000;
/// How many parents are followed.
const ANCESTORS_MAX: usize = 16;

/// The catalogue as one actor may see it.
#[derive(Clone)]
pub struct View {
    catalogue: Catalogue,
    actor: Arc<Actor>,
    /// The triples of an instant, and what keeps them, instead of those of now.
    pinned: Option<(Snapshot, Arc<dyn Any + Send + Sync>)>,
}

/// A record with everything that is said about it, by whom.
#[derive(Debug, Clone)]
pub struct Document {
    pub record: Record,
    /// What the provider sent.
    pub sent: Vec<Triple>,
    /// What the server says beside it.
    pub said: Vec<Triple>,
    /// Navigation: the containers of its children.
    pub containers: Vec<Triple>,
}

impl Document {
    /// All statements, each once: the provider's first.
    pub fn triples(&self) -> Vec<Triple> {
        let mut all = self.sent.clone();
        let more = self.said.iter().chain(&self.containers);
        for triple in more {
            if !self.sent.contains(triple) {
                all.push(triple.clone());
            }
        }
        all
    }

    /// All statements in their graphs: the provider's in that of the record, the server's in
    /// another.
    pub fn quads(&self, graph_of_the_server: &NamedNode) -> Vec<Quad> {
        let sent = self
            .sent
            .iter()
            .map(|triple| triple.clone().in_graph(self.record.iri.clone()));
        let more = self.said.iter().chain(&self.containers);
        let said = more.map(|triple| triple.clone().in_graph(graph_of_the_server.clone()));
        sent.chain(said).collect()
    }
}

impl View {
    pub(super) fn new(catalogue: Catalogue, actor: Arc<Actor>) -> Self {
        Self {
            catalogue,
            actor,
            pinned: None,
        }
    }

    /// The same reader, before other triples. What holds them is kept as long as the view.
    pub(super) fn pinned(&self, snapshot: Snapshot, held: Arc<dyn Any + Send + Sync>) -> Self {
        Self {
            pinned: Some((snapshot, held)),
            ..self.clone()
        }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn actor_shared(&self) -> &Arc<Actor> {
        &self.actor
    }

    /// The IRI of the catalogue that a record stands in, at any depth; that of a catalogue is its own.
    pub async fn catalogue_above(&self, record: &Record) -> Result<Option<String>, CatalogueError> {
        let mut kind = record.kind.clone();
        let mut at = (record.iri.as_str().to_owned(), record.parent.clone());
        for _ in 0..ANCESTORS_MAX {
            if kind == CATALOGUE_KIND {
                return Ok(Some(at.0));
            }
            let Some(parent) = at.1.take() else { break };
            let Some(head) = self.catalogue.ledger().head(parent.as_str()).await? else {
                break;
            };
            kind = head.kind;
            at = (head.iri, head.parent.map(NamedNode::new_unchecked));
        }
        Ok(None)
    }

    /// Whether this reader sees the drafts of a kind below a record, whoever made them.
    pub async fn reads_drafts_below(
        &self,
        record: &Record,
        kind: &str,
    ) -> Result<bool, CatalogueError> {
        if self.is_anonymous() {
            return Ok(false);
        }
        let catalogue = self.catalogue_above(record).await?;
        let facts = RecordFacts {
            kind,
            state: State::Draft,
            is_public: false,
            catalogue: catalogue.as_deref(),
            owner: "",
        };
        Ok(auth::may(&self.actor, Wish::ReadDraft, &facts).is_allowed())
    }

    /// Whether nobody in particular reads.
    pub fn is_anonymous(&self) -> bool {
        matches!(*self.actor, Actor::Anonymous)
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Finds a record by its path below the base.
    pub async fn lookup(&self, path: &str) -> Result<Lookup, CatalogueError> {
        let head = self.catalogue.ledger().head_by_path(path).await?;
        self.with_farewell(self.seen(head)).await
    }

    /// Finds a record by its IRI.
    pub async fn lookup_iri(&self, iri: &str) -> Result<Lookup, CatalogueError> {
        let head = self.catalogue.ledger().head(iri).await?;
        self.with_farewell(self.seen(head)).await
    }

    /// What this reader may know of the record of a number in the ledger.
    pub async fn lookup_number(&self, record: i64) -> Result<Lookup, CatalogueError> {
        let head = self.catalogue.ledger().head_by_number(record).await?;
        self.with_farewell(self.seen(head)).await
    }

    /// The record at a path, or why there is none.
    pub async fn record(&self, path: &str) -> Result<Record, CatalogueError> {
        match self.lookup(path).await? {
            Lookup::Found(record) => Ok(*record),
            Lookup::Gone(tombstone) => Err(CatalogueError::Gone(tombstone.iri.into_string())),
            Lookup::Missing => Err(CatalogueError::NotFound(
                self.catalogue.base().iri(path).into_string(),
            )),
        }
    }

    /// What this reader may know of a head. A draft does not exist for those who may not see it.
    fn seen(&self, head: Option<Head>) -> Lookup {
        let Some(head) = head else {
            return Lookup::Missing;
        };
        let own = self
            .catalogue
            .may(&self.actor, Wish::ReadDraft, &head)
            .is_allowed();
        let iri = NamedNode::new_unchecked(head.iri.clone());
        let stamp = self.catalogue.projection().stamp(&head.iri);
        // Everybody reads the public version, also when a newer draft stands above it.
        let (state, version, title, parent, changed) = match (head.state, head.public) {
            (_, Some(face)) => (
                State::Published,
                face.version,
                face.title,
                face.parent,
                face.published_at,
            ),
            (state @ (State::Draft | State::Withdrawn), None) if own => (
                state,
                head.version,
                head.title,
                head.parent,
                head.changed_at,
            ),
            // An address that once answered never becomes unknown again.
            (_, None) if head.first_published_at.is_some() => {
                let withdrawn = head.state != State::Deleted;
                let (path, kind, at) = (head.path, head.kind, head.changed_at);
                return Lookup::Gone(Tombstone {
                    iri,
                    path,
                    kind,
                    withdrawn,
                    at,
                    notice: None,
                    replaced_by: None,
                });
            }
            (_, None) => return Lookup::Missing,
        };
        Lookup::Found(Box::new(Record {
            iri,
            path: head.path,
            kind: head.kind,
            state,
            version,
            title,
            parent: parent.map(NamedNode::new_unchecked),
            created: head.first_published_at.unwrap_or(head.created_at),
            changed,
            published: head.first_published_at,
            stamp,
            is_past: false,
        }))
    }

    /// What the provider sent, exactly.
    pub async fn sent(&self, record: &Record) -> Result<Vec<Triple>, CatalogueError> {
        if record.state == State::Published && !record.is_past {
            let (snapshot, iri) = (self.snapshot(), record.iri.clone());
            let found = blocking(move || Ok::<_, CatalogueError>(snapshot.graph(&iri))).await?;
            if let Some(triples) = found {
                return Ok(triples);
            }
        }
        self.version(record, record.version).await
    }

    /// What the provider sent in an older version of a record that this reader sees.
    pub async fn version(&self, record: &Record, n: u64) -> Result<Vec<Triple>, CatalogueError> {
        let found = self.versioned(record, n).await?;
        provider_triples(record.iri.as_str(), &found.ntriples)
    }

    /// The newest changes of a record that this reader may know, the newest first.
    pub async fn history(&self, record: &Record) -> Result<Vec<Change>, CatalogueError> {
        let steps = self.steps(record, None, history::STEPS_MAX).await?;
        Ok(steps.into_iter().map(|step| step.change).collect())
    }

    /// Everything that is said about a record, with what stands below it.
    pub async fn document(&self, record: Record) -> Result<Document, CatalogueError> {
        let mut document = self.alone(record).await?;
        document.containers = self.containers(&document.record).await?;
        Ok(document)
    }

    /// The same without what stands below it.
    pub async fn alone(&self, record: Record) -> Result<Document, CatalogueError> {
        let sent = self.sent(&record).await?;
        let catalogue = &self.catalogue;
        let facts = description::Facts {
            iri: &record.iri,
            path: &record.path,
            kind: &record.kind,
            membership: None,
            issued: record.published.unwrap_or(record.created),
            modified: record.changed,
        };
        // The membership is shown with the parent, where a reader looks for it.
        let mut said = description::statements(catalogue.base(), catalogue.kinds(), &facts);
        if let Some(parent) = &record.parent {
            said.push(Triple::new(
                record.iri.clone(),
                dct::IS_PART_OF,
                parent.clone(),
            ));
        }
        said.extend(description::identifier(&record.iri));
        if let Some(kind) = catalogue.kinds().by_name(&record.kind) {
            let conforms = description::conformance(catalogue.base(), kind, &record.iri);
            said.extend(conforms);
        }
        if record.path.is_empty() {
            said.extend(description::of_the_root(catalogue.base()));
        }
        Ok(Document {
            record,
            sent,
            said,
            containers: Vec::new(),
        })
    }

    async fn containers(&self, record: &Record) -> Result<Vec<Triple>, CatalogueError> {
        let catalogue = &self.catalogue;
        let mut triples = Vec::new();
        for (child, relation) in catalogue.kinds().children_of(&record.kind) {
            let members = self.public_children(&record.iri, child).await?;
            if !child.embedded || !members.is_empty() {
                let base = catalogue.base();
                let child = (child, relation);
                triples.extend(description::container(base, &record.iri, child, &members));
            }
        }
        Ok(triples)
    }

    /// The published records of a kind below a record, by IRI.
    pub async fn public_children(
        &self,
        parent: &NamedNode,
        child: &Kind,
    ) -> Result<Vec<NamedNode>, CatalogueError> {
        let ledger = self.catalogue.ledger();
        let members = ledger.public_children(parent.as_str(), &child.name, CHILDREN_MAX);
        let members = members.await?.into_iter();
        Ok(members.map(NamedNode::new_unchecked).collect())
    }

    /// The published records of a kind, in the order in which they came.
    pub async fn public_of_kind(
        &self,
        kind: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Head>, CatalogueError> {
        let filter = HeadFilter {
            kind: Some(kind.to_owned()),
            state: None,
            ..HeadFilter::default()
        };
        let mut found = Vec::new();
        let mut after = after;
        // Drafts are skipped, so a page may take more than one look.
        while found.len() < limit {
            let heads = self.catalogue.ledger().heads(&filter, after, limit).await?;
            let Some(last) = heads.last() else { break };
            after = last.record;
            found.extend(heads.into_iter().filter(|head| head.public.is_some()));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// Numbers and IRIs of the published records of a kind, in the order in which they came.
    pub async fn members_of_kind(
        &self,
        kind: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, String)>, CatalogueError> {
        let ledger = self.catalogue.ledger();
        Ok(ledger.public_members(kind, after, limit).await?)
    }

    /// The triples of everything public as they are now, or as they were at the instant of this view.
    pub fn snapshot(&self) -> Snapshot {
        match &self.pinned {
            Some((snapshot, _)) => snapshot.clone(),
            None => self.catalogue.projection().snapshot(),
        }
    }

    /// How much there is of everything public. This may block: the first to ask waits for a walk.
    pub fn statistics(&self) -> Statistics {
        self.snapshot().statistics()
    }

    /// Answers a SPARQL query over everything public. This blocks: call it on a thread of its own.
    pub fn query(
        &self,
        text: &str,
        options: &QueryOptions,
    ) -> Result<QueryResults, CatalogueError> {
        Ok(self.snapshot().query(text, options)?)
    }

    /// How the record fits the profiles that hold for it, and those that are to be shown beside
    /// them, written in them where that is possible; a name that is not known is passed over.
    pub async fn check(
        &self,
        record: &Record,
        beside: Vec<String>,
    ) -> Result<Vec<Checked>, CatalogueError> {
        let sent = self.sent(record).await?;
        let description = Description {
            kind: &record.kind,
            iri: &record.iri,
            parent: record.parent.as_ref(),
            triples: &sent,
        };
        let offers = self.catalogue.offers(&description)?;
        let (own, others): (Vec<Offer>, Vec<Offer>) = offers.into_iter().partition(Offer::is_own);
        let mut plain: Vec<Arc<Profile>> = own.into_iter().map(|offer| offer.profile).collect();
        let mut written = Vec::new();
        for name in &beside {
            if let Some(offer) = others.iter().find(|offer| offer.profile.name == *name) {
                written.push(self.rendition(record.clone(), offer).await?);
            } else if plain.iter().all(|profile| profile.name != *name) {
                plain.extend(self.catalogue.profiles().get(name));
            }
        }
        let (catalogue, iri) = (self.catalogue.clone(), record.iri.clone());
        let mut checks = blocking(move || {
            let one = |profile: &Arc<Profile>| catalogue.check(profile, &iri, &sent);
            Ok::<_, CatalogueError>(plain.iter().map(one).collect::<Vec<_>>())
        })
        .await?;
        for rendition in &written {
            checks.push(rendition.check(&self.catalogue).await?);
        }
        Ok(checks)
    }
}
