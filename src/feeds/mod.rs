//! How does whoever keeps a copy elsewhere stay true to it? Streams of changes, whole dumps, and messages to those who asked.
//!
//! Everything follows the ledger's public changes: a small memory of them ([`Log`]) says where each stands, the ledger
//! gives the graphs.

pub mod atom;
pub mod dump;
pub mod event;
pub mod hub;
mod log;
mod node;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;
use tokio::sync::Semaphore;

pub use dump::{Dump, Dumps, Packing, Variant};
pub use event::{Place, Tag};
pub use hub::Settings;
pub use log::{Activity, Log, Member, Standing, Stream};
pub use node::{Node, PER_PAGE};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::ledger::ROWS_MAX;
use crate::outbound::Outbound;

/// What the feeds are made from.
pub struct Parts {
    pub catalogue: Catalogue,
    /// Where the dumps are kept.
    pub folder: PathBuf,
    /// The name of the catalogue, for people.
    pub name: String,
    pub settings: Settings,
    /// The way to subscribers.
    pub outbound: Outbound,
}

/// The streams and dumps of a catalogue.
pub struct Feeds {
    catalogue: Catalogue,
    log: RwLock<Log>,
    /// What the ledger had reached when the log was last brought up to it.
    seen: AtomicU64,
    one_at_a_time: tokio::sync::Mutex<()>,
    dumps: Dumps,
    name: String,
    settings: Settings,
    outbound: Outbound,
    /// Places for subscribers that are asked whether they meant it.
    confirmations: Arc<Semaphore>,
}

impl Feeds {
    pub fn new(parts: Parts) -> Self {
        Self {
            dumps: Dumps::new(parts.catalogue.clone(), parts.folder),
            catalogue: parts.catalogue,
            name: parts.name,
            settings: parts.settings,
            outbound: parts.outbound,
            confirmations: Arc::new(Semaphore::new(hub::CONFIRMATIONS_AT_ONCE)),
            log: RwLock::default(),
            seen: AtomicU64::new(0),
            one_at_a_time: tokio::sync::Mutex::default(),
        }
    }

    /// The changes as far as they are known; call [`Feeds::catch_up`] before.
    pub fn log(&self) -> parking_lot::RwLockReadGuard<'_, Log> {
        self.log.read()
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    pub fn dumps(&self) -> &Dumps {
        &self.dumps
    }

    /// The stream of the catalogue at a path, if it ever was public.
    pub async fn place_of(&self, path: &str) -> Result<Option<Place>, CatalogueError> {
        let head = self.catalogue.ledger().head_by_path(path).await?;
        let record = head.and_then(|head| u32::try_from(head.record).ok());
        let known = record.filter(|record| self.log().has_catalogue(*record));
        Ok(known.map(|record| Place::catalogue(self.catalogue.base(), record, path)))
    }

    /// Takes in what the ledger has and the log has not. The first call reads everything.
    pub async fn catch_up(&self) -> Result<(), CatalogueError> {
        let ledger = self.catalogue.ledger();
        let newest = ledger.last_sequence();
        if self.seen.load(Ordering::Acquire) >= newest {
            return Ok(());
        }
        let _one_at_a_time = self.one_at_a_time.lock().await;
        loop {
            let since = self.log.read().sequence();
            let marks = ledger.public_marks_since(since, ROWS_MAX).await?;
            if marks.is_empty() {
                break;
            }
            let mut log = self.log.write();
            for mark in &marks {
                log.add(mark);
            }
        }
        self.seen.fetch_max(newest, Ordering::AcqRel);
        Ok(())
    }
}
