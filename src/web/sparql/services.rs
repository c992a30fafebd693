//! How is another SPARQL endpoint asked for a `SERVICE`? By the one way out, and only those that the operator names.

use std::time::{Duration, Instant};

use actix_web::http::header;
use sparesults::{QueryResultsFormat, QueryResultsParser, ReaderQueryResultsParserOutput};
use ureq::http::Request;

use crate::outbound::{Limits, Outbound};
use crate::rdf::{NamedNode, Term};
use crate::store::{Endpoints, Rows};

/// The longest answer of another endpoint, in bytes.
const ANSWER_BYTES_MAX: usize = 32 << 20;
/// How long another endpoint may take, if the query has time for that.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
/// What a row and a term weigh besides their text.
const OVERHEAD_BYTES: usize = 32;

/// The endpoints that queries may ask.
pub struct Services {
    allowed: Vec<String>,
    outbound: Outbound,
}

impl Services {
    pub fn new(allowed: &[String], outbound: Outbound) -> Self {
        Self {
            allowed: allowed.to_vec(),
            outbound,
        }
    }

    /// Asks by POST (SPARQL 1.1 Protocol §2.1.3): a pattern can be longer than an address.
    fn send(
        &self,
        endpoint: &NamedNode,
        query: &str,
        timeout: Duration,
    ) -> Result<Vec<u8>, String> {
        let request = Request::post(endpoint.as_str())
            .header(header::CONTENT_TYPE.as_str(), "application/sparql-query")
            .header(
                header::ACCEPT.as_str(),
                QueryResultsFormat::Json.media_type(),
            )
            .body(query.as_bytes().to_vec())
            .map_err(|error| error.to_string())?;
        let limits = Limits {
            bytes_max: ANSWER_BYTES_MAX,
            timeout,
            redirects_max: 0,
            ..Limits::default()
        };
        let answer = self.outbound.send(request, &limits);
        let answer = answer.map_err(|error| error.to_string())?;
        if answer.status().is_success() {
            return Ok(answer.into_body());
        }
        Err(format!("{endpoint} answered {}", answer.status().as_u16()))
    }
}

impl Endpoints for Services {
    fn allows(&self, endpoint: &NamedNode) -> bool {
        self.allowed
            .iter()
            .any(|allowed| allowed == endpoint.as_str())
    }

    fn select(
        &self,
        endpoint: &NamedNode,
        query: &str,
        deadline: Option<Instant>,
    ) -> Result<Rows, String> {
        let left = deadline.map(|end| end.saturating_duration_since(Instant::now()));
        let timeout = left.map_or(ANSWER_WITHIN, |left| left.min(ANSWER_WITHIN));
        if timeout.is_zero() {
            return Err(format!("there was no time left to ask {endpoint}"));
        }
        let bytes = self.send(endpoint, query, timeout)?;
        read(&bytes).map_err(|error| format!("{endpoint} answered no SPARQL results: {error}"))
    }
}

/// Reads results in JSON.
fn read(bytes: &[u8]) -> Result<Rows, String> {
    let parser = QueryResultsParser::from_format(QueryResultsFormat::Json);
    let parsed = parser.for_reader(bytes);
    match parsed.map_err(|error| error.to_string())? {
        ReaderQueryResultsParserOutput::Boolean(_) => Err("it is a yes or no".to_owned()),
        ReaderQueryResultsParserOutput::Solutions(solutions) => {
            let mut rows = Rows {
                variables: solutions.variables().to_vec(),
                ..Rows::default()
            };
            for solution in solutions {
                let solution = solution.map_err(|error| error.to_string())?;
                let row: Vec<Option<Term>> = solution.values().to_vec();
                rows.bytes += OVERHEAD_BYTES + row.iter().flatten().map(weight).sum::<usize>();
                rows.rows.push(row);
            }
            Ok(rows)
        }
    }
}

fn weight(term: &Term) -> usize {
    let text = match term {
        Term::NamedNode(node) => node.as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Literal(literal) => literal.value().len(),
        Term::Triple(triple) => triple.to_string().len(),
    };
    OVERHEAD_BYTES + text
}
