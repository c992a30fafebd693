//! Was the very same query answered a moment ago? A bounded cache of whole answers, and one run for
//! all who ask the same at once.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Bytes;
use jiff::Timestamp;
use moka::sync::Cache;
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::rdf::NamedNode;

/// A longer query is not kept.
const QUERY_BYTES_MAX: usize = 16 * 1024;
/// A longer answer is not kept.
pub const ANSWER_BYTES_MAX: usize = 1 << 20;
/// What the bookkeeping of an entry weighs.
const OVERHEAD_BYTES: usize = 256;
/// Functions whose value is another one each time, and what others answer.
const FLEETING: [&str; 6] = ["NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"];

/// What an answer depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The ledger's sequence number that the triples have reached.
    pub sequence: u64,
    /// That which the text index has reached: `vs:matches` asks it.
    pub found: u64,
    /// Which vocabularies and rules the triples were made with.
    pub epoch: u64,
    pub query: String,
    pub default_graphs: Vec<NamedNode>,
    pub named_graphs: Vec<NamedNode>,
    /// The formats that the client takes.
    pub formats: String,
    /// The instant that is asked about, instead of now.
    pub at: Option<Timestamp>,
}

impl Key {
    /// An unchanged catalogue gives an unchanged answer, unless it depends on the moment.
    pub fn etag(&self) -> Option<String> {
        if is_fleeting(&self.query) {
            return None;
        }
        let mut hasher = rustc_hash::FxHasher::default();
        self.hash(&mut hasher);
        Some(format!("W/\"s{}-{:016x}\"", self.sequence, hasher.finish()))
    }
}

/// A whole answer.
pub struct Kept {
    pub content_type: &'static str,
    pub body: Bytes,
}

/// The cache. Clones share it.
#[derive(Clone)]
pub struct Results(Arc<Shared>);

struct Shared {
    /// With no memory to keep anything, each runs for itself.
    keeps: bool,
    answers: Cache<Arc<Key>, Arc<Kept>>,
    /// Queries that run now; the sender is dropped when one ends.
    flights: Mutex<HashMap<Arc<Key>, watch::Receiver<()>>>,
}

/// How a query is to be answered.
pub enum Turn {
    /// With what is there.
    Kept(Arc<Kept>),
    /// By running it; what comes out may be kept for those who wait.
    Run(Option<Flight>),
}

/// A query that runs for all who ask it.
pub struct Flight {
    results: Results,
    key: Arc<Key>,
    _over: watch::Sender<()>,
}

impl Results {
    pub fn new(bytes_max: u64) -> Self {
        let weight = |key: &Arc<Key>, kept: &Arc<Kept>| {
            let bytes = key.query.len() + kept.body.len() + OVERHEAD_BYTES;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let answers = Cache::builder().max_capacity(bytes_max).weigher(weight);
        Self(Arc::new(Shared {
            keeps: bytes_max > 0,
            answers: answers.build(),
            flights: Mutex::default(),
        }))
    }

    /// Looks for the answer; if the same query runs now, waits for what it gives.
    pub async fn turn(&self, key: Key, patience: Duration) -> Turn {
        if !self.0.keeps || key.query.len() > QUERY_BYTES_MAX || is_fleeting(&key.query) {
            return Turn::Run(None);
        }
        let key = Arc::new(key);
        if let Some(kept) = self.0.answers.get(&key) {
            return Turn::Kept(kept);
        }
        let mut running = match self.join(&key) {
            Ok(running) => running,
            Err(flight) => return Turn::Run(Some(flight)),
        };
        let _ = tokio::time::timeout(patience, running.changed()).await;
        match self.0.answers.get(&key) {
            Some(kept) => Turn::Kept(kept),
            None => Turn::Run(None),
        }
    }

    /// The flight of a key that is under way, or a new one.
    fn join(&self, key: &Arc<Key>) -> Result<watch::Receiver<()>, Flight> {
        let mut flights = self.0.flights.lock();
        if let Some(running) = flights.get(key) {
            return Ok(running.clone());
        }
        let (over, running) = watch::channel(());
        flights.insert(Arc::clone(key), running);
        Err(Flight {
            results: self.clone(),
            key: Arc::clone(key),
            _over: over,
        })
    }
}

impl Flight {
    /// Keeps the whole answer.
    pub fn keep(&self, kept: Kept) {
        if kept.body.len() <= ANSWER_BYTES_MAX {
            let (key, kept) = (Arc::clone(&self.key), Arc::new(kept));
            self.results.0.answers.insert(key, kept);
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.results.0.flights.lock().remove(&self.key);
    }
}

/// Whether the answer may be another one the next moment, with nothing changed.
fn is_fleeting(query: &str) -> bool {
    let mut words = query.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    words.any(|word| FLEETING.iter().any(|one| one.eq_ignore_ascii_case(word)))
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    fn key(query: &str, sequence: u64) -> Key {
        Key {
            sequence,
            found: sequence,
            epoch: 0,
            query: query.to_owned(),
            default_graphs: Vec::new(),
            named_graphs: Vec::new(),
            formats: "json".to_owned(),
            at: None,
        }
    }

    fn kept(length: usize) -> Kept {
        Kept {
            content_type: "text/csv",
            body: Bytes::from(vec![b'x'; length]),
        }
    }

    #[tokio::test]
    async fn who_asks_the_same_waits_for_the_one_run() {
        let results = Results::new(1 << 20);
        let Turn::Run(Some(flight)) = results.turn(key("ASK {}", 1), PATIENCE).await else {
            panic!("the first runs it");
        };
        let mut second = Box::pin(results.turn(key("ASK {}", 1), PATIENCE));
        assert!((&mut second).now_or_never().is_none());
        let other = results.turn(key("ASK {}", 2), PATIENCE).await;
        assert!(
            matches!(other, Turn::Run(Some(_))),
            "after a change it is another"
        );
        flight.keep(kept(5));
        drop(flight);
        assert!(matches!(second.await, Turn::Kept(kept) if kept.body.len() == 5));
        let third = results.turn(key("ASK {}", 1), PATIENCE).await;
        assert!(matches!(third, Turn::Kept(_)));
    }

    #[tokio::test]
    async fn a_run_that_failed_or_gave_too_much_leaves_nothing() {
        let results = Results::new(1 << 30);
        let Turn::Run(Some(flight)) = results.turn(key("ASK {}", 1), PATIENCE).await else {
            panic!("the first runs it");
        };
        let mut second = Box::pin(results.turn(key("ASK {}", 1), PATIENCE));
        assert!((&mut second).now_or_never().is_none());
        flight.keep(kept(ANSWER_BYTES_MAX + 1));
        drop(flight);
        assert!(matches!(second.await, Turn::Run(None)));
    }

    #[test]
    fn what_depends_on_the_moment_is_known() {
        assert!(is_fleeting("SELECT (now() AS ?t) {}"));
        assert!(is_fleeting("SELECT (STRUUID() AS ?u) {}"));
        assert!(!is_fleeting("SELECT ?known { ?s ?p ?known }"));
    }
}
