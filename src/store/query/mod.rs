//! How is a SPARQL query answered, and what stops it?

mod dataset;
mod elsewhere;
mod fold;
mod found;
mod growth;
#[cfg(test)]
mod hostile;
mod join;
mod mend;
mod path;
mod rewrite;
mod sorted;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod walk;

use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use oxrdf::{GraphName, Variable};
use spareval::{
    QueryDatasetSpecification, QueryEvaluationError, QuerySolutionIter, QueryTripleIter,
};
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};

pub use elsewhere::{Endpoints, Rows};
pub use found::{Hierarchy, Match, TextSearch};
pub use spareval::{CancellationToken, QuerySolution};

use super::pace::Pace;
use super::scan::{Guard, Stop};
use super::snapshot::Snapshot;
use crate::rdf::{NamedNode, Triple};
use dataset::{View, ViewError};
use growth::Growth;

/// How a query is asked, and what it may use up.
#[derive(Clone, Default)]
pub struct QueryOptions {
    /// When the work stops, finished or not.
    pub deadline: Option<Instant>,
    /// So many solutions or triples are given; one more is an error.
    pub rows_max: Option<u64>,
    /// So many steps (quads read, rows joined) may be taken.
    pub work_max: Option<u64>,
    /// So many bytes may be held for it at once, about.
    pub memory_max: Option<usize>,
    /// Finds records by words, for `vs:matches`.
    pub text: Option<Arc<dyn TextSearch>>,
    /// Knows what stands below a concept, for `vs:within`.
    pub hierarchy: Option<Arc<dyn Hierarchy>>,
    /// Asks other endpoints, for `SERVICE`; without it there is none.
    pub endpoints: Option<Arc<dyn Endpoints>>,
    /// What relative IRIs in the text resolve against.
    pub base: Option<String>,
    /// The graphs that make up the default graph, instead of those in the text; empty: as the text
    /// says, and else the union of all.
    pub default_graphs: Vec<NamedNode>,
    /// The graphs that `GRAPH` can name, instead of those in the text.
    pub named_graphs: Vec<NamedNode>,
    /// Cancelling it stops the work: the client has gone.
    pub cancellation: CancellationToken,
    /// Slows it down while it runs.
    pub pace: Pace,
    /// Leaves everything to the evaluator: slow, and what the tests compare with.
    pub plain: bool,
}

/// Why a query has no (further) answer.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error("the query cannot be read: {message}")]
    Syntax {
        message: String,
        line: Option<u64>,
        column: Option<u64>,
    },
    #[error("SERVICE is not allowed here: ask the other endpoint directly")]
    Service,
    #[error("SERVICE {0} is not among the endpoints that are asked from here: ask it directly")]
    Endpoint(String),
    #[error("another endpoint did not answer: {0}")]
    Elsewhere(String),
    #[error("the query took longer than it may")]
    Timeout,
    #[error("the query was cancelled")]
    Cancelled,
    #[error("the query needs to look at more than it may; make it more selective")]
    TooMuchWork,
    #[error("the query needs to remember more than it may; make it more selective or add a LIMIT")]
    TooMuchMemory,
    #[error("{0}")]
    Function(String),
    #[error("the query has more than {0} results; add a LIMIT")]
    TooManyRows(u64),
    #[error("the query is nested too deeply or has too many operators")]
    TooComplex,
    /// The store's files are not what they were; see [`super::StoreError::Damaged`].
    #[error("the store is damaged: a term cannot be read")]
    Damaged,
    #[error("the query failed: {0}")]
    Evaluation(String),
}

impl From<Stop> for QueryError {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Deadline => Self::Timeout,
            Stop::Cancelled => Self::Cancelled,
            Stop::TooMuchWork => Self::TooMuchWork,
            Stop::TooMuchMemory => Self::TooMuchMemory,
        }
    }
}

impl QueryError {
    fn from_evaluation(error: &QueryEvaluationError) -> Self {
        match error {
            QueryEvaluationError::Cancelled => Self::Cancelled,
            QueryEvaluationError::Dataset(inner) => match inner.downcast_ref() {
                Some(ViewError::Stopped(stop)) => (*stop).into(),
                Some(ViewError::Damaged) => Self::Damaged,
                None => Self::Evaluation(inner.to_string()),
            },
            QueryEvaluationError::Service(source) => Self::Elsewhere(source.to_string()),
            other => Self::Evaluation(other.to_string()),
        }
    }
}

/// The answer. Rows come as they are computed; it stays on the thread that asked.
pub enum QueryResults {
    Solutions(Solutions),
    Boolean(bool),
    Graph(Triples),
}

/// Stops rows from coming when a limit is reached.
struct Tap {
    guard: Rc<Guard>,
    growth: Arc<Growth>,
    rows: u64,
    rows_max: Option<u64>,
    ended: bool,
}

impl Tap {
    fn pass<T>(
        &mut self,
        next: Option<Result<T, QueryEvaluationError>>,
    ) -> Option<Result<T, QueryError>> {
        if self.ended {
            return None;
        }
        let result = match next? {
            // A string that became too long was left out, so the row is not what was asked for.
            Ok(_) if self.growth.is_over() => Err(QueryError::TooMuchMemory),
            Ok(row) => match self.rows_max {
                Some(max) if self.rows >= max => Err(QueryError::TooManyRows(max)),
                _ => Ok(row),
            },
            Err(error) => Err(
                match (self.guard.stopped(), QueryError::from_evaluation(&error)) {
                    // The scans cancel the evaluator when time is up; say why.
                    (Some(Stop::Deadline), QueryError::Cancelled) => QueryError::Timeout,
                    (Some(Stop::TooMuchWork), QueryError::Cancelled) => QueryError::TooMuchWork,
                    (Some(Stop::TooMuchMemory), QueryError::Cancelled) => QueryError::TooMuchMemory,
                    (_, error) => error,
                },
            ),
        };
        self.rows += 1;
        self.ended = result.is_err();
        Some(result)
    }
}

/// The rows of a `SELECT`.
pub struct Solutions {
    rows: QuerySolutionIter<'static>,
    tap: Tap,
}

impl Solutions {
    pub fn variables(&self) -> &[Variable] {
        self.rows.variables()
    }
}

impl Iterator for Solutions {
    type Item = Result<QuerySolution, QueryError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.tap.pass(self.rows.next())
    }
}

/// The triples of a `CONSTRUCT` or `DESCRIBE`.
pub struct Triples {
    triples: QueryTripleIter<'static>,
    tap: Tap,
}

impl Iterator for Triples {
    type Item = Result<Triple, QueryError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.tap.pass(self.triples.next())
    }
}

impl Snapshot {
    /// Answers a SPARQL query over the union of all graphs.
    pub fn query(&self, text: &str, options: &QueryOptions) -> Result<QueryResults, QueryError> {
        let query = parse(text, options.base.as_deref(), options.endpoints.as_ref())?;
        self.run(query, options)
    }

    fn run(&self, mut query: Query, options: &QueryOptions) -> Result<QueryResults, QueryError> {
        let guard = Rc::new(Guard::new(
            options.deadline,
            (options.cancellation.clone(), options.pace.clone()),
            options.work_max.unwrap_or(u64::MAX),
            options.memory_max.unwrap_or(usize::MAX),
        ));
        let growth = Arc::new(Growth::default());
        let evaluator =
            mend::mend(&mut query, &growth)?.with_cancellation_token(options.cancellation.clone());
        let evaluator = elsewhere::services(
            evaluator,
            options.endpoints.as_ref(),
            options.deadline,
            options.memory_max,
        );
        let (default, named) = graphs(&query, options);
        let mut view = View::new(self.clone(), Rc::clone(&guard))
            .restricted(default.as_deref(), named.as_deref());
        if !options.plain {
            rewrite::rewrite(&mut query, &mut view, options)?;
        }
        if let Some(stop) = guard.stopped() {
            return Err(stop.into());
        }
        let mut prepared = evaluator.prepare(&query);
        // The view itself answers for the default graph, so that a triple in two graphs comes once,
        // and for the graphs that can be named, so that made-up ones always can.
        *prepared.dataset_mut() = QueryDatasetSpecification::new();
        prepared
            .dataset_mut()
            .set_default_graph(vec![GraphName::DefaultGraph]);
        let tap = Tap {
            guard,
            growth: Arc::clone(&growth),
            rows: 0,
            rows_max: options.rows_max,
            ended: false,
        };
        match prepared
            .execute(view)
            .map_err(|e| QueryError::from_evaluation(&e))?
        {
            spareval::QueryResults::Solutions(rows) => {
                Ok(QueryResults::Solutions(Solutions { rows, tap }))
            }
            spareval::QueryResults::Boolean(_) if growth.is_over() => {
                Err(QueryError::TooMuchMemory)
            }
            spareval::QueryResults::Boolean(value) => Ok(QueryResults::Boolean(value)),
            spareval::QueryResults::Graph(triples) => {
                Ok(QueryResults::Graph(Triples { triples, tap }))
            }
        }
    }
}

/// Reads a query and refuses what is not answered here.
pub(super) fn parse(
    text: &str,
    base: Option<&str>,
    endpoints: Option<&Arc<dyn Endpoints>>,
) -> Result<Query, QueryError> {
    let syntax = |message: String| {
        let (line, column) = place(&message);
        QueryError::Syntax {
            message,
            line,
            column,
        }
    };
    if too_complex(text) {
        return Err(QueryError::TooComplex);
    }
    let mut parser = SparqlParser::new();
    if let Some(base) = base {
        parser = parser
            .with_base_iri(base)
            .map_err(|e| syntax(e.to_string()))?;
    }
    let query = parser
        .parse_query(text)
        .map_err(|e| syntax(e.to_string()))?;
    elsewhere::check(pattern(&query), endpoints)?;
    Ok(query)
}

/// The parser and the evaluator go one call deeper for each bracket and each operator; a text that
/// would need more than the stack of a thread is refused before.
fn too_complex(text: &str) -> bool {
    const DEPTH_MAX: usize = 100;
    const OPERATORS_MAX: usize = 1000;
    let (mut depth, mut operators) = (0_usize, 0_usize);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            '!' | '^' | '+' | '-' | '*' | '|' | '&' => operators += 1,
            '/' if rest.peek() != Some(&'/') => operators += 1,
            '"' | '\'' => {
                while let Some(inner) = rest.next() {
                    if inner == '\\' {
                        rest.next();
                    } else if inner == c || inner == '\n' {
                        break;
                    }
                }
            }
            '<' => {
                let mut ahead = rest.clone();
                let inside = |c: &char| !c.is_whitespace() && !"<>\"{}|^`\\".contains(*c);
                let length = ahead.by_ref().take_while(inside).count();
                let closed = rest.clone().nth(length) == Some('>');
                if closed {
                    rest.nth(length);
                }
            }
            _ => (),
        }
        if depth > DEPTH_MAX || operators > OPERATORS_MAX {
            return true;
        }
    }
    too_many_parts(text)
}

/// Whether a query has so many parts that planning it takes longer than answering may, or that it
/// grows its strings without end. The parser and the planner of the evaluator work by recursion
/// and know no budget, so this looks at the text before them.
fn too_many_parts(text: &str) -> bool {
    /// Clauses that each nest the algebra by one.
    const CLAUSES: [&str; 9] = [
        "UNION", "BIND", "OPTIONAL", "MINUS", "FILTER", "VALUES", "EXISTS", "GRAPH", "LATERAL",
    ];
    const CLAUSES_MAX: usize = 120;
    /// Functions that make longer strings out of strings.
    const GROWING: [&str; 4] = ["CONCAT", "REPLACE", "ENCODE_FOR_URI", "GROUP_CONCAT"];
    const GROWING_MAX: usize = 8;
    /// Ends of triple patterns.
    const PATTERNS_MAX: usize = 160;
    let (mut clauses, mut growing) = (0, 0);
    for word in text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let is_one_of = |words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
        clauses += usize::from(is_one_of(&CLAUSES));
        growing += usize::from(is_one_of(&GROWING));
    }
    let ends_pattern = |pair: &[u8]| {
        let after = pair[1].is_ascii_whitespace() || matches!(pair[1], b'}' | b'?' | b'<' | b'_');
        matches!(pair[0], b'.' | b';') && after
    };
    let patterns = text
        .as_bytes()
        .windows(2)
        .filter(|pair| ends_pattern(pair))
        .count();
    clauses > CLAUSES_MAX || growing > GROWING_MAX || patterns > PATTERNS_MAX
}

/// The parser's messages begin with where: `error at 3:14: …`.
fn place(message: &str) -> (Option<u64>, Option<u64>) {
    let found = message.split_whitespace().find_map(|word| {
        let (line, column) = word.trim_end_matches([':', ',']).split_once(':')?;
        Some((line.parse().ok()?, column.parse().ok()?))
    });
    (found.map(|(line, _)| line), found.map(|(_, column)| column))
}

/// The graphs of the default graph and those that can be named; `None`: all.
fn graphs(
    query: &Query,
    options: &QueryOptions,
) -> (Option<Vec<NamedNode>>, Option<Vec<NamedNode>>) {
    if !options.default_graphs.is_empty() || !options.named_graphs.is_empty() {
        return (
            Some(options.default_graphs.clone()),
            Some(options.named_graphs.clone()),
        );
    }
    match query.dataset() {
        Some(dataset) => (
            Some(dataset.default.clone()),
            Some(dataset.named.clone().unwrap_or_default()),
        ),
        None => (None, None),
    }
}

fn pattern(query: &Query) -> &GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}
