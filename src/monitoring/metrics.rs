//! Which numbers does `/metrics` show?
//!
//! Labels have few values each: the pattern of a route and never its path, a kind and never a record.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

/// The media type of what [`Metrics::encode`] writes.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Upper ends of the buckets of durations: a cached record takes microseconds, a query may take its whole
/// time limit.
const BUCKETS_SECONDS: [f64; 13] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// All numbers of one server. Cheap to clone; every clone counts on the same numbers.
#[derive(Clone)]
pub struct Metrics(Arc<Numbers>);

/// One request that was answered.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The pattern of the route, such as `/{kind}/{id}`; one word for everything that is no route.
    pub route: &'a str,
    pub method: &'a str,
    pub status: u16,
    pub took: Duration,
}

/// How a SPARQL query ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryEnd {
    Answered,
    Failed,
    TimedOut,
    Cancelled,
}

struct Numbers {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_duration: Family<RouteLabels, Histogram, fn() -> Histogram>,
    records: Family<RecordLabels, Gauge>,
    changes: Family<ChangeLabels, Counter>,
    ledger_sequence: Counted,
    projection_sequence: Family<ProjectionLabels, Counted>,
    projection_lag: Family<ProjectionLabels, Counted>,
    queries_running: Gauge,
    queries_waiting: Gauge,
    queries_refused: Family<RefusedLabels, Counter>,
    queries: Family<QueryLabels, Counter>,
    query_duration: Histogram,
    cache_lookups: Family<CacheLabels, Counter>,
}

type Counted = Gauge<u64, AtomicU64>;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RecordLabels {
    kind: String,
    state: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ChangeLabels {
    kind: String,
    action: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ProjectionLabels {
    projection: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct QueryLabels {
    end: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RefusedLabels {
    why: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CacheLabels {
    cache: &'static str,
    result: &'static str,
}

impl Metrics {
    pub fn new() -> Self {
        let mut numbers = Numbers::unregistered();
        let mut registry = Registry::with_prefix("vesalius");
        numbers.register(&mut registry);
        numbers.registry = registry;
        Self(Arc::new(numbers))
    }

    pub fn request(&self, request: &Request<'_>) {
        let route = request.route.to_owned();
        let by_route = RouteLabels {
            route: route.clone(),
        };
        let labels = RequestLabels {
            route,
            method: known_method(request.method),
            status: request.status,
        };
        self.0.requests.get_or_create(&labels).inc();
        let durations = self.0.request_duration.get_or_create(&by_route);
        durations.observe(request.took.as_secs_f64());
    }

    /// How many records of a kind are in a state, as the ledger counts them.
    pub fn records(&self, kind: &str, state: &str, count: u64) {
        let labels = RecordLabels {
            kind: kind.to_owned(),
            state: state.to_owned(),
        };
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.0.records.get_or_create(&labels).set(count);
    }

    /// One change was committed.
    pub fn change(&self, kind: &str, action: &str) {
        let labels = ChangeLabels {
            kind: kind.to_owned(),
            action: action.to_owned(),
        };
        self.0.changes.get_or_create(&labels).inc();
    }

    /// The newest change of the ledger.
    pub fn ledger(&self, sequence: u64) {
        self.0.ledger_sequence.set(sequence);
    }

    /// How far a projection (`triples`, `text` …) has come.
    pub fn projection(&self, projection: &'static str, sequence: u64) {
        let labels = ProjectionLabels { projection };
        self.0
            .projection_sequence
            .get_or_create(&labels)
            .set(sequence);
        let lag = self.0.ledger_sequence.get().saturating_sub(sequence);
        self.0.projection_lag.get_or_create(&labels).set(lag);
    }

    /// A query starts; it counts as running until it is finished or dropped.
    pub fn query(&self) -> RunningQuery {
        self.0.queries_running.inc();
        RunningQuery {
            metrics: self.clone(),
            end: None,
        }
    }

    /// So many queries wait for a place.
    pub fn waiting_queries(&self, count: usize) {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.0.queries_waiting.set(count);
    }

    /// A query got no place: the server was `busy`, the client sent `too_many` or had `spent` its time.
    pub fn refused_query(&self, why: &'static str) {
        let labels = RefusedLabels { why };
        self.0.queries_refused.get_or_create(&labels).inc();
    }

    /// A cache was asked and had the answer, or had not.
    pub fn cache(&self, cache: &'static str, hit: bool) {
        let result = if hit { "hit" } else { "miss" };
        let labels = CacheLabels { cache, result };
        self.0.cache_lookups.get_or_create(&labels).inc();
    }

    /// All numbers in the text format of OpenMetrics.
    pub fn encode(&self) -> String {
        let mut text = String::new();
        encode(&mut text, &self.0.registry).expect("writing to a string does not fail");
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// A query that is being answered. Dropped without [`Self::finish`], it was cancelled.
#[derive(Debug)]
#[must_use]
pub struct RunningQuery {
    metrics: Metrics,
    end: Option<(QueryEnd, Duration)>,
}

impl RunningQuery {
    pub fn finish(mut self, end: QueryEnd, took: Duration) {
        self.end = Some((end, took));
    }
}

impl Drop for RunningQuery {
    fn drop(&mut self) {
        let numbers = &self.metrics.0;
        numbers.queries_running.dec();
        if let Some((_, took)) = self.end {
            numbers.query_duration.observe(took.as_secs_f64());
        }
        let end = self.end.map_or(QueryEnd::Cancelled, |(end, _)| end).word();
        numbers.queries.get_or_create(&QueryLabels { end }).inc();
    }
}

impl QueryEnd {
    fn word(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Failed => "failed",
            Self::TimedOut => "timed_out",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Clients may send any word as a method; only the known ones become values of a label.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];
    let found = KNOWN.into_iter().find(|known| *known == method);
    found.unwrap_or("other")
}

impl Numbers {
    fn unregistered() -> Self {
        let durations: fn() -> Histogram = || Histogram::new(BUCKETS_SECONDS);
        Self {
            registry: Registry::default(),
            requests: Family::default(),
            request_duration: Family::new_with_constructor(durations),
            records: Family::default(),
            changes: Family::default(),
            ledger_sequence: Gauge::default(),
            projection_sequence: Family::default(),
            projection_lag: Family::default(),
            queries_running: Gauge::default(),
            queries_waiting: Gauge::default(),
            queries_refused: Family::default(),
            queries: Family::default(),
            query_duration: durations(),
            cache_lookups: Family::default(),
        }
    }

    #[rustfmt::skip]
    fn register(&self, registry: &mut Registry) {
        let version = [("version", env!("CARGO_PKG_VERSION"))].to_vec();
        registry.register("build", "The version that runs", Info::new(version));
        registry.register("http_requests", "Requests answered, by route, method and status", self.requests.clone());
        registry.register_with_unit("http_request_duration", "How long requests took, by route", Unit::Seconds, self.request_duration.clone());
        registry.register("records", "Records, by kind and state", self.records.clone());
        registry.register("changes", "Changes committed since the start, by kind and action", self.changes.clone());
        registry.register("ledger_sequence", "The newest change of the ledger", self.ledger_sequence.clone());
        registry.register("projection_sequence", "The change that a projection has reached", self.projection_sequence.clone());
        registry.register("projection_lag", "Changes that a projection has still to apply", self.projection_lag.clone());
        registry.register("sparql_queries_running", "SPARQL queries being answered now", self.queries_running.clone());
        registry.register("sparql_queries_waiting", "SPARQL queries that wait for a place", self.queries_waiting.clone());
        registry.register("sparql_queries_refused", "SPARQL queries that got no place, by reason", self.queries_refused.clone());
        registry.register("sparql_queries", "SPARQL queries, by how they ended", self.queries.clone());
        registry.register_with_unit("sparql_query_duration", "How long SPARQL queries took", Unit::Seconds, self.query_duration.clone());
        registry.register("cache_lookups", "Look-ups in caches, by cache and result", self.cache_lookups.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_route_method_and_status() {
        let metrics = Metrics::new();
        for took in [1, 1, 40] {
            metrics.request(&Request {
                route: "/{kind}/{id}",
                method: "GET",
                status: 200,
                took: Duration::from_millis(took),
            });
        }
        shows(
            &metrics,
            &[
                r#"vesalius_http_requests_total{route="/{kind}/{id}",method="GET",status="200"} 3"#,
                r#"vesalius_http_request_duration_seconds_count{route="/{kind}/{id}"} 3"#,
                r#"vesalius_http_request_duration_seconds_bucket{le="0.001",route="/{kind}/{id}"} 2"#,
                r#"vesalius_http_request_duration_seconds_bucket{le="0.05",route="/{kind}/{id}"} 3"#,
            ],
        );
    }

    #[test]
    fn a_made_up_method_gets_no_label_of_its_own() {
        let metrics = Metrics::new();
        metrics.request(&Request {
            route: "none",
            method: "ABRACADABRA",
            status: 405,
            took: Duration::ZERO,
        });
        shows(
            &metrics,
            &[r#"{route="none",method="other",status="405"} 1"#],
        );
        assert!(!metrics.encode().contains("ABRACADABRA"));
    }

    #[test]
    fn a_projection_lags_by_what_it_has_not_applied() {
        let metrics = Metrics::new();
        metrics.ledger(12);
        metrics.projection("triples", 12);
        metrics.projection("text", 9);
        shows(
            &metrics,
            &[
                "vesalius_ledger_sequence 12",
                r#"vesalius_projection_sequence{projection="text"} 9"#,
                r#"vesalius_projection_lag{projection="text"} 3"#,
                r#"vesalius_projection_lag{projection="triples"} 0"#,
            ],
        );
    }

    #[test]
    fn a_query_runs_until_it_ends_and_a_dropped_one_was_cancelled() {
        let metrics = Metrics::new();
        let (first, second, third) = (metrics.query(), metrics.query(), metrics.query());
        shows(&metrics, &["vesalius_sparql_queries_running 3"]);
        first.finish(QueryEnd::Answered, Duration::from_millis(3));
        second.finish(QueryEnd::TimedOut, Duration::from_secs(10));
        drop(third);
        shows(
            &metrics,
            &[
                "vesalius_sparql_queries_running 0",
                r#"vesalius_sparql_queries_total{end="answered"} 1"#,
                r#"vesalius_sparql_queries_total{end="timed_out"} 1"#,
                r#"vesalius_sparql_queries_total{end="cancelled"} 1"#,
                "vesalius_sparql_query_duration_seconds_count 2",
            ],
        );
    }

    #[test]
    fn records_changes_and_caches_are_shown() {
        let metrics = Metrics::new();
        metrics.records("dataset", "published", 40);
        metrics.records("dataset", "published", 41);
        metrics.change("dataset", "publish");
        metrics.cache("representation", true);
        metrics.cache("representation", false);
        metrics.cache("representation", true);
        shows(
            &metrics,
            &[
                r#"vesalius_records{kind="dataset",state="published"} 41"#,
                r#"vesalius_changes_total{kind="dataset",action="publish"} 1"#,
                r#"vesalius_cache_lookups_total{cache="representation",result="hit"} 2"#,
                r#"vesalius_cache_lookups_total{cache="representation",result="miss"} 1"#,
                concat!(
                    "vesalius_build_info{version=\"",
                    env!("CARGO_PKG_VERSION"),
                    "\"} 1"
                ),
                "# EOF",
            ],
        );
    }

    #[track_caller]
    fn shows(metrics: &Metrics, lines: &[&str]) {
        let text = metrics.encode();
        for line in lines {
            assert!(text.contains(line), "no {line} in\n{text}");
        }
    }
}
