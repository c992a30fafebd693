//! How do catalogues and providers stand, now and at the end of each month? Now is read from the triples;
//! the months that have ended are made from the ledger once, and remembered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::projection::{blocking, provider_triples};
use super::quality::{Month, Overview, Provider, Replay};
use super::{Catalogue, CatalogueError, View};
use crate::ledger::{PublicChange, What};
use crate::rdf::{NamedNode, Term};
use crate::store::{QueryOptions, QueryResults, Snapshot};

/// How many changes are played again at once.
const CHANGES_PER_STEP: usize = 2_000;
/// The name that the ledger remembers the ended months by.
const REMEMBERED: &str = "quality at the end of each month";

/// Every score, with whom it is counted. The names of a publisher are those in the record's own graph.
const STANDINGS: &str = "
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX dqv: <http://www.w3.org/ns/dqv#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?record ?score ?catalogue ?publisher ?name WHERE {
  ?measurement dqv:isMeasurementOf <quality#mqa> ; dqv:value ?score .
  ?record dqv:hasQualityMeasurement ?measurement .
  OPTIONAL { ?catalogue dcat:dataset ?record }
  OPTIONAL { GRAPH ?record { ?record dct:publisher ?publisher OPTIONAL { ?publisher foaf:name ?name } } }
}";

/// What was found out and still holds.
#[derive(Default)]
pub(super) struct Kept {
    /// For a sequence of the triples.
    now: Mutex<Option<(u64, Arc<Overview>)>>,
    /// Until a month.
    past: Mutex<Option<(Month, Arc<Months>)>>,
    is_replaying: AtomicBool,
}

/// The months that have ended, the oldest first.
pub type Months = Vec<(String, Overview)>;

/// The months that have ended, as far as they are known.
#[derive(Debug, Clone)]
pub struct Past {
    pub months: Arc<Months>,
    /// Whether they are all there; else they are being made.
    pub is_complete: bool,
}

/// What the ledger remembers.
#[derive(Serialize, Deserialize)]
struct Remembered {
    /// The rules that were used.
    digest: String,
    /// The month that had not ended then.
    until: String,
    /// Each of them is remembered by itself.
    months: Vec<String>,
}

impl View {
    /// How everything public scores now.
    pub async fn standing(&self) -> Result<Arc<Overview>, CatalogueError> {
        let catalogue = self.catalogue().clone();
        blocking(move || {
            let snapshot = catalogue.projection().snapshot();
            // Whoever comes meanwhile waits here rather than doing the same work.
            let mut known = catalogue.kept().now.lock();
            if let Some((sequence, overview)) = &*known
                && *sequence >= snapshot.sequence()
            {
                return Ok(Arc::clone(overview));
            }
            let overview = Arc::new(overview(&snapshot, catalogue.base().as_str())?);
            *known = Some((snapshot.sequence(), Arc::clone(&overview)));
            Ok::<_, CatalogueError>(overview)
        })
        .await
    }

    /// How everything public scored at the end of each month that has ended. Where a month is missing,
    /// they are made in the background.
    pub async fn past(&self) -> Result<Past, CatalogueError> {
        let catalogue = self.catalogue();
        let now = Month::of(catalogue.clock().now());
        let known = catalogue.kept().past.lock().clone();
        if let Some((until, months)) = &known
            && *until == now
        {
            let months = Arc::clone(months);
            return Ok(Past {
                months,
                is_complete: true,
            });
        }
        let first = catalogue.ledger().public_changes_since(0, 1).await?;
        if first.first().is_none_or(|first| Month::of(first.at) >= now) {
            return Ok(Past {
                months: Arc::default(),
                is_complete: true,
            });
        }
        let (months, until) = catalogue.remembered().await?;
        let months = Arc::new(months);
        let is_complete = until == Some(now.to_string());
        if is_complete {
            *catalogue.kept().past.lock() = Some((now, Arc::clone(&months)));
        } else if !catalogue.kept().is_replaying.swap(true, Ordering::Relaxed) {
            let catalogue = catalogue.clone();
            tokio::spawn(async move {
                if let Err(error) = catalogue.replay(now).await {
                    tracing::error!(%error, "the quality of past months could not be made");
                }
                catalogue
                    .kept()
                    .is_replaying
                    .store(false, Ordering::Relaxed);
            });
        }
        Ok(Past {
            months,
            is_complete,
        })
    }
}

impl Catalogue {
    /// Makes the months that have ended from the whole ledger, and remembers them.
    pub async fn replay(&self, now: Month) -> Result<Months, CatalogueError> {
        let mut replay = Replay::default();
        let mut reached = 0;
        loop {
            let ledger = self.ledger();
            let changes = ledger
                .public_changes_since(reached, CHANGES_PER_STEP)
                .await?;
            let Some(last) = changes.last() else { break };
            reached = last.sequence;
            let catalogue = self.clone();
            replay = blocking(move || {
                for change in &changes {
                    catalogue.play(&mut replay, change)?;
                }
                Ok::<_, CatalogueError>(replay)
            })
            .await?;
        }
        let ended = replay.end(now).into_iter();
        let months: Months = ended
            .map(|(month, overview)| (month.to_string(), overview))
            .collect();
        for (month, overview) in &months {
            let text = serde_json::to_string(overview).map_err(unwritable)?;
            self.ledger().remember(&name_of(month), &text).await?;
        }
        let remembered = Remembered {
            digest: self.quality().digest().to_owned(),
            until: now.to_string(),
            months: months.iter().map(|(month, _)| month.clone()).collect(),
        };
        let text = serde_json::to_string(&remembered).map_err(unwritable)?;
        self.ledger().remember(REMEMBERED, &text).await?;
        Ok(months)
    }

    fn play(&self, replay: &mut Replay, change: &PublicChange) -> Result<(), CatalogueError> {
        let standing = match &change.what {
            What::Remove { .. } => None,
            What::Put { ntriples, .. } => {
                let iri = NamedNode::new_unchecked(&change.iri);
                let triples = provider_triples(&change.iri, ntriples)?;
                let catalogue = change.parent.as_deref();
                self.quality()
                    .standing(&change.kind, &iri, catalogue, &triples)
            }
        };
        replay.change(change.record, change.at, standing);
        Ok(())
    }

    /// What was made by the same rules, and until when.
    async fn remembered(&self) -> Result<(Months, Option<String>), CatalogueError> {
        let text = self.ledger().recall(REMEMBERED).await?;
        let known = text.and_then(|text| serde_json::from_str::<Remembered>(&text).ok());
        let Some(known) = known.filter(|known| known.digest == self.quality().digest()) else {
            return Ok((Months::new(), None));
        };
        let mut months = Months::new();
        for month in known.months {
            let text = self.ledger().recall(&name_of(&month)).await?;
            let overview = text.and_then(|text| serde_json::from_str(&text).ok());
            let Some(overview) = overview else {
                return Ok((Months::new(), None));
            };
            months.push((month, overview));
        }
        Ok((months, Some(known.until)))
    }
}

fn name_of(month: &str) -> String {
    format!("quality at the end of {month}")
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn unwritable(error: serde_json::Error) -> CatalogueError {
    CatalogueError::Interrupted(error.to_string())
}

/// A row of the query, until all rows of the record are there.
#[derive(Default)]
struct Row {
    score: u16,
    /// Where several hold it, the first.
    catalogue: Option<String>,
    provider: Provider,
}

fn overview(snapshot: &Snapshot, base: &str) -> Result<Overview, CatalogueError> {
    let options = QueryOptions {
        base: Some(format!("{base}/")),
        ..QueryOptions::default()
    };
    let QueryResults::Solutions(solutions) = snapshot.query(STANDINGS, &options)? else {
        return Ok(Overview::default());
    };
    let mut rows: FxHashMap<String, Row> = FxHashMap::default();
    for solution in solutions {
        let solution = solution?;
        let iri = |name: &str| match solution.get(name) {
            Some(Term::NamedNode(iri)) => Some(iri.as_str()),
            _ => None,
        };
        let (Some(record), Some(Term::Literal(score))) = (iri("record"), solution.get("score"))
        else {
            continue;
        };
        let row = rows.entry(record.to_owned()).or_default();
        row.score = score.value().parse().unwrap_or(row.score);
        if let Some(catalogue) = iri("catalogue")
            && row
                .catalogue
                .as_deref()
                .is_none_or(|known| catalogue < known)
        {
            row.catalogue = Some(catalogue.to_owned());
        }
        if let Some(publisher) = solution.get("publisher") {
            row.provider.add(publisher, solution.get("name"));
        }
    }
    let mut overview = Overview::default();
    for row in rows.into_values() {
        let provider = row.provider.name();
        overview.add(row.score, row.catalogue.as_deref(), provider.as_deref());
    }
    Ok(overview)
}
