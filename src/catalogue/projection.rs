//! How do the ledger's public changes reach the triples? In order, exactly once, and again from
//! the beginning when the store's folder is gone.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, watch};

use super::description::{self, Facts};
use super::error::CatalogueError;
use super::identifier::Base;
use super::kind::Kinds;
use super::quality::{self, Rules};
use crate::ledger::{Ledger, PublicChange, What};
use crate::ontology::Ontology;
use crate::rdf::canonical::read_scoped;
use crate::rdf::vocabulary::owl;
use crate::rdf::{Literal, NamedNode, Triple};
use crate::store::{self, Batch, Columns, StoreError};

/// How many changes are applied to the triples in one commit of theirs.
const CHANGES_PER_COMMIT: usize = 2_000;
/// From this many changes on, an empty store is built in bulk.
const BULK_FROM: u64 = 5_000;

/// What the triples are made from.
pub struct Source {
    pub ledger: Ledger,
    pub folder: PathBuf,
    pub settings: store::Settings,
    pub making: Making,
    pub ontology: Arc<Ontology>,
}

/// What the server's own words about a record are made from.
#[derive(Clone)]
pub struct Making {
    pub base: Base,
    pub kinds: Kinds,
    pub quality: Arc<Rules>,
}

/// Is told how many records of a rebuild are done.
pub type Progress<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// The triples as a projection of the ledger.
pub struct Projection {
    source: Source,
    columns: RwLock<Columns>,
    reached: watch::Sender<u64>,
    /// When the server's words about a record last changed, for what changed since the start.
    touched: RwLock<FxHashMap<String, u64>>,
    applying: Mutex<()>,
    /// What takes the place of these triples.
    next: RwLock<Option<Arc<Self>>>,
    epoch: u64,
}

impl Projection {
    /// Opens the store, builds it anew when it is damaged or was made for another base, other
    /// vocabularies or other rules, and catches up with the ledger.
    pub async fn open(source: Source, progress: Progress<'_>) -> Result<Self, CatalogueError> {
        let print = source.fingerprint();
        let last = source.ledger.last_public_sequence().await?;
        let opened = Columns::open(&source.folder, &source.settings);
        if let Err(error) = &opened {
            tracing::warn!(%error, "the triples cannot be used and are built anew");
        }
        let usable = opened.ok().filter(|columns| {
            let marked = columns.snapshot().graph(&source.mark());
            marked.is_some_and(|triples| triples.contains(&print)) && columns.sequence() <= last
        });
        let columns = match usable {
            Some(columns) => columns,
            None => source.build(progress).await?,
        };
        let (reached, _) = watch::channel(columns.sequence());
        let projection = Self {
            source,
            columns: RwLock::new(columns),
            reached,
            touched: RwLock::default(),
            applying: Mutex::new(()),
            next: RwLock::default(),
            epoch: epoch_of(&print),
        };
        projection.catch_up().await?;
        Ok(projection)
    }

    /// Builds the triples anew from the ledger. Whoever reads meanwhile reads the old ones.
    pub async fn rebuild(&self, progress: Progress<'_>) -> Result<(), CatalogueError> {
        let _one_at_a_time = self.applying.lock().await;
        let columns = self.source.build(progress).await?;
        let sequence = columns.sequence();
        *self.columns.write() = columns;
        self.reached.send_replace(sequence);
        Ok(())
    }

    /// The triples as they are now.
    pub fn snapshot(&self) -> store::Snapshot {
        self.columns.read().snapshot()
    }

    /// What the triples are made from.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// The sequence of the last change that the triples hold.
    pub fn sequence(&self) -> u64 {
        *self.reached.borrow()
    }

    /// Wakes whoever follows the triples.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.reached.subscribe()
    }

    /// The graphs of a change, the provider's and the server's; `None` when the record goes away.
    pub fn graphs(&self, change: &PublicChange) -> Result<Option<[NamedGraph; 2]>, CatalogueError> {
        graphs(&self.source.making, change)
    }

    /// Another number for other vocabularies, rules or base: what is kept elsewhere was then made from something else.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Changes whenever the server's words about a record change.
    pub fn stamp(&self, iri: &str) -> u64 {
        let touched = self.touched.read().get(iri).copied().unwrap_or(0);
        self.epoch.wrapping_add(touched)
    }

    /// Whoever waits for these triples waits for those that take their place, too.
    pub(super) fn hand_over_to(&self, next: Arc<Self>) {
        *self.next.write() = Some(next);
    }

    /// Lets readers see the change of this sequence number. Of writers that wait together one does
    /// the work for all.
    pub async fn catch_up_to(&self, sequence: u64) -> Result<(), CatalogueError> {
        if self.sequence() < sequence {
            self.catch_up_from(sequence).await?;
        }
        let next = self.next.read().clone();
        if let Some(next) = next {
            Box::pin(next.catch_up_to(sequence)).await?;
        }
        Ok(())
    }

    /// Applies all public changes that the triples lack.
    pub async fn catch_up(&self) -> Result<u64, CatalogueError> {
        self.catch_up_from(u64::MAX).await
    }

    async fn catch_up_from(&self, wanted: u64) -> Result<u64, CatalogueError> {
        let _one_at_a_time = self.applying.lock().await;
        loop {
            let reached = self.sequence();
            if reached >= wanted {
                return Ok(reached);
            }
            let columns = self.columns.read().clone();
            let ledger = &self.source.ledger;
            let changes = ledger
                .public_changes_since(columns.sequence(), CHANGES_PER_COMMIT)
                .await?;
            let Some(last) = changes.last() else {
                return Ok(columns.sequence());
            };
            let sequence = last.sequence;
            let making = self.source.making.clone();
            let changes = Arc::new(changes);
            let handed = Arc::clone(&changes);
            blocking(move || {
                let batch = batch(&making, &handed, sequence)?;
                columns.apply(&batch).map_err(CatalogueError::from)
            })
            .await?;
            self.touch(&changes);
            self.reached.send_replace(sequence);
        }
    }

    fn touch(&self, changes: &[PublicChange]) {
        let mut touched = self.touched.write();
        for change in changes {
            touched.insert(change.iri.clone(), change.sequence);
            if let Some(parent) = &change.parent {
                touched.insert(parent.clone(), change.sequence);
            }
        }
    }
}

/// A number that stands for a fingerprint; short enough for a tag that people may see.
fn epoch_of(print: &Triple) -> u64 {
    let digest = Sha256::digest(print.object.to_string());
    let bytes = digest.iter().take(4);
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Runs work that would hold up the server on a thread of its own.
pub async fn blocking<T, E>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, CatalogueError>
where
    T: Send + 'static,
    E: Send + 'static,
    CatalogueError: From<E>,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(CatalogueError::from),
        Err(error) => Err(CatalogueError::Interrupted(error.to_string())),
    }
}

/// The provider's graph of a change, its blank nodes named so that they meet no others.
pub fn provider_triples(iri: &str, ntriples: &str) -> Result<Vec<Triple>, CatalogueError> {
    Ok(read_scoped(ntriples, iri)?)
}

/// A graph with its name.
pub type NamedGraph = (NamedNode, Vec<Triple>);

fn batch(
    making: &Making,
    changes: &[PublicChange],
    sequence: u64,
) -> Result<Batch, CatalogueError> {
    // Of several changes of one record, only the last matters.
    let mut last: FxHashMap<&str, &PublicChange> = FxHashMap::default();
    for change in changes {
        last.insert(&change.iri, change);
    }
    let mut batch = Batch {
        sequence,
        put: Vec::new(),
        remove: Vec::new(),
    };
    let mut of_each: Vec<&PublicChange> = last.into_values().collect();
    of_each.sort_by_key(|change| change.sequence);
    for change in of_each {
        if let Some(graphs) = graphs(making, change)? {
            batch.put.extend(graphs);
        } else {
            batch
                .remove
                .push(NamedNode::new_unchecked(change.iri.clone()));
            batch
                .remove
                .push(description::graph_name(&making.base, &change.path));
        }
    }
    Ok(batch)
}

/// The graphs of many changes in their order, made on all cores.
pub(super) fn all_graphs(
    making: &Making,
    changes: &[PublicChange],
) -> Result<Vec<NamedGraph>, CatalogueError> {
    let made = on_all_cores(changes, 1, |_, changes| {
        let made = changes.iter().map(|change| graphs(making, change));
        made.collect::<Result<Vec<_>, CatalogueError>>()
    });
    let made = made.ok_or_else(|| {
        CatalogueError::Interrupted("a thread that made triples panicked".to_owned())
    })?;
    let mut all = Vec::with_capacity(2 * changes.len());
    for part in made {
        all.extend(part?.into_iter().flatten().flatten());
    }
    Ok(all)
}

/// Works on shares of things on all cores, each of some things at least, and gives back what came of each share, in order.
/// The work is told how many things stand before its share. `None` when a thread panicked.
pub fn on_all_cores<T: Sync, R: Send>(
    things: &[T],
    share_min: usize,
    work: impl Fn(usize, &[T]) -> R + Sync,
) -> Option<Vec<R>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = things.len().div_ceil(cores).max(share_min);
    let work = &work;
    std::thread::scope(|scope| {
        let shares = things.chunks(share).enumerate();
        let running: Vec<_> = shares
            .map(|(at, part)| scope.spawn(move || work(at * share, part)))
            .collect();
        let done = running.into_iter().map(std::thread::ScopedJoinHandle::join);
        done.collect::<Result<_, _>>().ok()
    })
}

/// The graphs of a change: the provider's and the server's; `None` when the record goes away.
pub(super) fn graphs(
    making: &Making,
    change: &PublicChange,
) -> Result<Option<[NamedGraph; 2]>, CatalogueError> {
    let (base, kinds) = (&making.base, &making.kinds);
    let What::Put { ntriples, .. } = &change.what else {
        return Ok(None);
    };
    let iri = NamedNode::new_unchecked(change.iri.clone());
    let membership = membership(base, kinds, change);
    let facts = Facts {
        iri: &iri,
        path: &change.path,
        kind: &change.kind,
        membership: membership
            .as_ref()
            .map(|(parent, relation)| (parent, *relation)),
        issued: change.first_published_at,
        modified: change.at,
    };
    let mut said = description::statements(base, kinds, &facts);
    let sent = provider_triples(&change.iri, ntriples)?;
    if let Some(evidence) = making.quality.evidence(&change.kind, &iri, &sent) {
        said.extend(evidence.measurements(base, &change.path, &iri));
    }
    Ok(Some([
        (iri.clone(), sent),
        (description::graph_name(base, &change.path), said),
    ]))
}

/// What stands above a record, and the property that leads down from it.
pub fn membership<'a>(
    base: &Base,
    kinds: &'a Kinds,
    change: &PublicChange,
) -> Option<(NamedNode, &'a NamedNode)> {
    let parent = NamedNode::new_unchecked(change.parent.clone()?);
    let kind = kinds.by_name(&change.kind)?;
    // A parent of another kind was refused when the record was written, except when the
    // record was loaded; then the commonest relation serves.
    let prefix = base
        .path(parent.as_str())
        .map(|path| path.split('/').nth(1).unwrap_or(""));
    let above = prefix.and_then(|prefix| kinds.by_prefix(prefix));
    let relation = above.and_then(|above| kind.relation_from(&above.name));
    let relation = relation.or_else(|| kind.parents.last().map(|above| &above.relation));
    Some((parent, relation?))
}

impl Source {
    /// The graph that says what the triples were made for.
    fn mark(&self) -> NamedNode {
        self.making.base.iri("/.well-known/vesalius#projection")
    }

    /// Says for which base, ontology, rules and layout the triples were made.
    fn fingerprint(&self) -> Triple {
        let mut hash = Sha256::new();
        hash.update(self.ontology.digest());
        hash.update(self.making.quality.digest());
        let text = format!("2 {} {}", self.making.base, hex::encode(hash.finalize()));
        Triple::new(
            self.mark(),
            owl::VERSION_INFO,
            Literal::new_simple_literal(text),
        )
    }

    /// The graphs that no change of a record alters.
    pub(super) fn fixed(&self) -> Vec<NamedGraph> {
        let mut fixed: Vec<NamedGraph> = self.ontology.graphs().collect();
        fixed.push((self.mark(), vec![self.fingerprint()]));
        let base = &self.making.base;
        let definitions = quality::graph_of_definitions(base);
        fixed.push((definitions, quality::definitions(base)));
        fixed
    }

    fn clear(&self) -> Result<(), CatalogueError> {
        match std::fs::remove_dir_all(&self.folder) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(StoreError::Io {
                path: self.folder.clone(),
                source,
            }
            .into()),
        }
    }

    async fn build(&self, progress: Progress<'_>) -> Result<Columns, CatalogueError> {
        tracing::info!(folder = %self.folder.display(), "building the triples from the ledger");
        self.clear()?;
        let fixed = self.fixed();
        let last = self.ledger.last_public_sequence().await?;
        if last < BULK_FROM {
            let columns = Columns::open(&self.folder, &self.settings)?;
            columns.apply(&Batch {
                sequence: 0,
                put: fixed,
                remove: Vec::new(),
            })?;
            return Ok(columns);
        }
        let mut bulk = Columns::bulk(&self.folder)?;
        for (name, triples) in fixed {
            bulk.add(&name, &triples)?;
        }
        // The bulk builder takes each graph once: of each record, its last public version.
        let mut reached = 0;
        let mut done = 0;
        loop {
            let changes = self.ledger.public_now(reached, CHANGES_PER_COMMIT).await?;
            let Some(end) = changes.last() else { break };
            reached = end.record;
            done += changes.len() as u64;
            let making = self.making.clone();
            let graphs = blocking(move || all_graphs(&making, &changes)).await?;
            for (name, triples) in graphs {
                bulk.add(&name, &triples)?;
            }
            progress(done);
        }
        bulk.finish(last)?;
        Ok(Columns::open(&self.folder, &self.settings)?)
    }
}
