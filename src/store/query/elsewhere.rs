//! What do other endpoints answer for a `SERVICE`, and which of them may be asked?
//!
//! Only endpoints that the operator names are asked (SPARQL 1.1 Federated Query §4 leaves that to the server). An
//! answer is fetched once for a query, however often the pattern is joined, and counts as what it holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use oxrdf::{Term, Variable};
use spareval::{DefaultServiceHandler, QueryEvaluator, QuerySolution, QuerySolutionIter};
use spargebra::Query;
use spargebra::algebra::GraphPattern;

use super::QueryError;
use crate::rdf::NamedNode;

/// So many different questions to other endpoints may stand in one query.
const QUESTIONS_MAX: usize = 8;

/// The rows of another endpoint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub variables: Vec<Variable>,
    pub rows: Vec<Vec<Option<Term>>>,
    /// About what they weigh.
    pub bytes: usize,
}

/// Asks other endpoints.
pub trait Endpoints: Send + Sync {
    /// Whether an endpoint may be asked at all.
    fn allows(&self, endpoint: &NamedNode) -> bool;
    /// The rows of a `SELECT`, before the deadline. The error is a sentence for the one who asked.
    fn select(
        &self,
        endpoint: &NamedNode,
        query: &str,
        deadline: Option<Instant>,
    ) -> Result<Rows, String>;
}

/// Lets the evaluator ask other endpoints, within the budgets of the query.
pub(super) fn services(
    evaluator: QueryEvaluator,
    endpoints: Option<&Arc<dyn Endpoints>>,
    deadline: Option<Instant>,
    memory_max: Option<usize>,
) -> QueryEvaluator {
    let Some(endpoints) = endpoints else {
        return evaluator;
    };
    evaluator.with_default_service_handler(Handler {
        endpoints: Arc::clone(endpoints),
        deadline,
        bytes_max: memory_max.unwrap_or(usize::MAX),
        answers: Mutex::default(),
    })
}

/// Refuses a query that asks an endpoint which may not be asked, before anything is done.
pub(super) fn check(
    pattern: &GraphPattern,
    endpoints: Option<&Arc<dyn Endpoints>>,
) -> Result<(), QueryError> {
    // The parser has escaped every IRI and string, so the word cannot come from one unquoted.
    let text = pattern.to_string();
    if !text.contains("SERVICE ") {
        return Ok(());
    }
    for name in names(&text) {
        let Some(endpoints) = endpoints else {
            return Err(QueryError::Service);
        };
        let iri = name
            .strip_prefix('<')
            .and_then(|name| name.strip_suffix('>'));
        let iri = iri.and_then(|iri| NamedNode::new(iri).ok());
        if !iri.is_some_and(|iri| endpoints.allows(&iri)) {
            return Err(QueryError::Endpoint(name.to_owned()));
        }
    }
    Ok(())
}

/// The words after each `SERVICE` of the text form of an algebra.
fn names(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut quoted, mut escaped) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            'S' if !quoted => {
                if let Some(rest) = text[at..].strip_prefix("SERVICE ") {
                    let rest = rest.strip_prefix("SILENT ").unwrap_or(rest);
                    found.extend(rest.split_whitespace().next());
                }
            }
            _ => (),
        }
    }
    found
}

struct Handler {
    endpoints: Arc<dyn Endpoints>,
    deadline: Option<Instant>,
    bytes_max: usize,
    answers: Mutex<Answers>,
}

#[derive(Default)]
struct Answers {
    bytes: usize,
    by_question: HashMap<(NamedNode, String), Result<Arc<Rows>, String>>,
}

/// Why there is nothing from elsewhere.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Nothing(String);

impl Handler {
    fn rows(&self, endpoint: &NamedNode, pattern: &GraphPattern) -> Result<Arc<Rows>, String> {
        let query = Query::Select {
            dataset: None,
            pattern: pattern.clone(),
            base_iri: None,
        };
        let question = (endpoint.clone(), query.to_string());
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers.by_question.get(&question) {
            return known.clone();
        }
        let answer = self.ask(&question, &mut answers);
        answers.by_question.insert(question, answer.clone());
        answer
    }

    fn ask(
        &self,
        (endpoint, query): &(NamedNode, String),
        answers: &mut Answers,
    ) -> Result<Arc<Rows>, String> {
        if !self.endpoints.allows(endpoint) {
            return Err(QueryError::Endpoint(endpoint.to_string()).to_string());
        }
        if answers.by_question.len() >= QUESTIONS_MAX {
            return Err(format!(
                "a query may ask other endpoints {QUESTIONS_MAX} questions"
            ));
        }
        let rows = self.endpoints.select(endpoint, query, self.deadline)?;
        answers.bytes = answers.bytes.saturating_add(rows.bytes);
        if answers.bytes > self.bytes_max {
            return Err(format!("{endpoint} answered more than may be held"));
        }
        Ok(Arc::new(rows))
    }
}

impl DefaultServiceHandler for Handler {
    type Error = Nothing;

    fn handle(
        &self,
        service_name: &NamedNode,
        pattern: &GraphPattern,
        _base_iri: Option<&oxiri::Iri<String>>,
    ) -> Result<QuerySolutionIter<'static>, Nothing> {
        let rows = self.rows(service_name, pattern).map_err(Nothing)?;
        let variables: Arc<[Variable]> = rows.variables.clone().into();
        let solutions = Solutions {
            rows,
            variables: Arc::clone(&variables),
            next: 0,
        };
        Ok(QuerySolutionIter::new(variables, solutions))
    }
}

struct Solutions {
    rows: Arc<Rows>,
    variables: Arc<[Variable]>,
    next: usize,
}

impl Iterator for Solutions {
    type Item = Result<QuerySolution, spareval::QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        let row = self.rows.rows.get(self.next)?;
        self.next += 1;
        Some(Ok(QuerySolution::from((
            Arc::clone(&self.variables),
            row.clone(),
        ))))
    }
}
