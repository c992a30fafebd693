//! What did the whole catalogue hold at an instant? A store of its own is made from the ledger, within bounds, and kept
//! for those who ask again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use parking_lot::Mutex;

use super::Catalogue;
use super::error::CatalogueError;
use super::projection::{Source, all_graphs, blocking};
use super::view::View;
use crate::store::{self, Bulk, Columns};

/// How many records are put together at the most.
pub const RECORDS_MAX: u64 = 20_000;
/// How many statements of theirs.
pub const QUADS_MAX: usize = 3_000_000;
/// How long it may take.
pub const TIME_MAX: Duration = Duration::from_secs(60);
/// How many instants are kept.
const KEPT_MAX: usize = 2;
/// How many records are read at once.
const RECORDS_PER_STEP: usize = 1_000;

/// What was put together and may be asked again.
#[derive(Default)]
pub(super) struct Instants {
    kept: Mutex<Vec<Arc<Held>>>,
    /// One is made at a time.
    making: tokio::sync::Mutex<()>,
}

/// What an instant is told by: the change that was the last until then, and the last of all, since what was taken away
/// later is told of no time.
type Key = (u64, u64);

/// The triples of an instant, in a folder that goes with them.
struct Held {
    key: Key,
    columns: Columns,
    folder: PathBuf,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "a folder could not be removed");
        }
    }
}

impl View {
    /// The catalogue as the public saw it at an instant, but for what was taken away since.
    pub async fn at_instant(&self, at: Timestamp) -> Result<Self, CatalogueError> {
        let held = self.catalogue().instant(at).await?;
        Ok(self.pinned(held.columns.snapshot(), held))
    }
}

impl Catalogue {
    /// Forgets what an earlier process left behind.
    pub(super) fn forget_instants(&self) {
        let folder = folder_of(self.projection().source());
        match std::fs::remove_dir_all(&folder) {
            Ok(()) => (),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => (),
            Err(error) => tracing::warn!(%error, "old instants could not be removed"),
        }
    }

    async fn instant(&self, at: Timestamp) -> Result<Arc<Held>, CatalogueError> {
        let ledger = self.ledger();
        let key = (
            ledger.public_sequence_at(at).await?,
            ledger.last_public_sequence().await?,
        );
        let _one_at_a_time = self.instants().making.lock().await;
        if let Some(held) = self.instants().find(key) {
            return Ok(held);
        }
        let found = ledger.count_public_before(at).await?;
        if found > RECORDS_MAX {
            return Err(CatalogueError::InstantTooLarge {
                what: "records",
                max: RECORDS_MAX,
            });
        }
        let held = Arc::new(self.make(at, key).await?);
        self.instants().keep(Arc::clone(&held));
        Ok(held)
    }

    async fn make(&self, at: Timestamp, key: Key) -> Result<Held, CatalogueError> {
        let begun = Instant::now();
        // An instant that nobody keeps any more may still be read in the folder that it had.
        let name = uuid::Uuid::new_v4().to_string();
        let folder = folder_of(self.projection().source()).join(name);
        let mut gathering = Gathering::begin(self, &folder).await?;
        let mut reached = 0;
        loop {
            let changes = self
                .ledger()
                .public_at(at, reached, RECORDS_PER_STEP)
                .await?;
            let Some(last) = changes.last() else { break };
            reached = last.record;
            let making = self.projection().source().making.clone();
            gathering = blocking(move || {
                for (name, triples) in all_graphs(&making, &changes)? {
                    gathering.add(&name, &triples)?;
                }
                Ok::<_, CatalogueError>(gathering)
            })
            .await?;
            if begun.elapsed() > TIME_MAX {
                return Err(CatalogueError::InstantTooLarge {
                    what: "seconds of work",
                    max: TIME_MAX.as_secs(),
                });
            }
        }
        let columns = blocking(move || gathering.finish()).await?;
        tracing::info!(%at, duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX), "an instant was put together");
        Ok(Held {
            key,
            columns,
            folder,
        })
    }
}

impl Instants {
    fn find(&self, key: Key) -> Option<Arc<Held>> {
        let mut kept = self.kept.lock();
        let at = kept.iter().position(|held| held.key == key)?;
        // What was asked last is forgotten last.
        let held = kept.remove(at);
        kept.push(Arc::clone(&held));
        Some(held)
    }

    fn keep(&self, held: Arc<Held>) {
        let mut kept = self.kept.lock();
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push(held);
    }
}

/// A store that is being filled. When it is given up, its folder goes.
struct Gathering {
    bulk: Option<Bulk>,
    quads: usize,
    folder: PathBuf,
    sequence: u64,
}

impl Gathering {
    async fn begin(catalogue: &Catalogue, folder: &Path) -> Result<Self, CatalogueError> {
        let (catalogue, folder) = (catalogue.clone(), folder.to_owned());
        blocking(move || {
            let source = catalogue.projection().source();
            let mut bulk = Columns::bulk(&folder)?;
            for (name, triples) in source.fixed() {
                bulk.add(&name, &triples)?;
            }
            Ok::<_, CatalogueError>(Self {
                bulk: Some(bulk),
                quads: 0,
                folder,
                sequence: 0,
            })
        })
        .await
    }

    fn add(
        &mut self,
        name: &crate::rdf::NamedNode,
        triples: &[crate::rdf::Triple],
    ) -> Result<(), CatalogueError> {
        self.quads += triples.len();
        if self.quads > QUADS_MAX {
            return Err(CatalogueError::InstantTooLarge {
                what: "statements",
                max: QUADS_MAX as u64,
            });
        }
        if let Some(bulk) = &mut self.bulk {
            bulk.add(name, triples)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Columns, CatalogueError> {
        if let Some(bulk) = self.bulk.take() {
            bulk.finish(self.sequence)?;
        }
        let settings = store::Settings {
            background: false,
            verify: false,
            ..store::Settings::default()
        };
        Ok(Columns::open(&self.folder, &settings)?)
    }
}

impl Drop for Gathering {
    fn drop(&mut self) {
        if self.bulk.take().is_some() {
            // It was given up half way; the next attempt begins anew.
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

fn folder_of(source: &Source) -> PathBuf {
    // Triples that are made beside others have instants of their own.
    let name = source.folder.file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    let number = name.strip_prefix("triples").unwrap_or_default();
    source.folder.with_file_name(format!("instants{number}"))
}
