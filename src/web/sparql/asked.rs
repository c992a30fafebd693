//! What is asked, and in which form is the answer wanted? The parameters of the protocol and ours.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sparesults::QueryResultsFormat;

use crate::rdf::{Format, NamedNode};
use crate::web::error::WebError;
use crate::web::negotiate;
use crate::web::server::{header_text, parameter};

/// A query as it was asked.
#[derive(Debug)]
pub struct Asked {
    pub query: String,
    pub default_graphs: Vec<NamedNode>,
    pub named_graphs: Vec<NamedNode>,
    /// How long the client wants to wait; never longer than the server allows.
    pub timeout: Option<Duration>,
    /// Whether the client takes what there is when a budget is used up.
    pub partial: bool,
    /// The instant that the catalogue is asked about, instead of now.
    pub at: Option<Timestamp>,
}

impl Asked {
    /// Reads the parameters (SPARQL 1.1 Protocol §2.1). `None`: there is no query among them.
    pub fn read(pairs: Vec<(String, String)>) -> Result<Option<Self>, WebError> {
        let mut queries = Vec::new();
        let mut asked = Self {
            query: String::new(),
            default_graphs: Vec::new(),
            named_graphs: Vec::new(),
            timeout: None,
            partial: false,
            at: None,
        };
        for (name, value) in pairs {
            match name.as_str() {
                "query" => queries.push(value),
                "default-graph-uri" => {
                    asked
                        .default_graphs
                        .push(graph("default-graph-uri", &value)?);
                }
                "named-graph-uri" => asked.named_graphs.push(graph("named-graph-uri", &value)?),
                "at" if !value.is_empty() => asked.at = Some(instant(&value)?),
                "timeout" => asked.timeout = Some(timeout(&value)?),
                "partial" => asked.partial = matches!(value.as_str(), "" | "1" | "true" | "yes"),
                "update" => return Err(updates()),
                _ => (),
            }
        }
        if queries.len() > 1 {
            let message = "there is more than one; send one query a request".to_owned();
            return Err(wrong("query", message));
        }
        Ok(queries.pop().map(|query| Self { query, ..asked }))
    }
}

/// Why an update is not done.
pub(super) fn updates() -> WebError {
    let why = "the endpoint is for reading; write with PUT, POST and DELETE of records";
    WebError::Forbidden(why.to_owned())
}

fn wrong(name: &'static str, message: String) -> WebError {
    WebError::Parameter { name, message }
}

fn graph(name: &'static str, text: &str) -> Result<NamedNode, WebError> {
    NamedNode::new(text).map_err(|_| wrong(name, format!("{text:?} is no IRI")))
}

/// An instant, as RFC 3339 writes it, or the end of a day (in UTC).
fn instant(text: &str) -> Result<Timestamp, WebError> {
    let end_of_day = || {
        // A local time says nothing without its zone, and is no day.
        let day: Date = text.parse().ok().filter(|_| !text.contains(['T', ' ']))?;
        TimeZone::UTC
            .to_timestamp(day.at(23, 59, 59, 999_999_999))
            .ok()
    };
    let found = text.parse::<Timestamp>().ok().or_else(end_of_day);
    let message = || format!("{text:?} is no instant: write 2026-01-31T08:00:00Z or 2026-01-31");
    found.ok_or_else(|| wrong("at", message()))
}

/// Seconds, as `5`, `2.5`, `5s` or `500ms`.
fn timeout(text: &str) -> Result<Duration, WebError> {
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 0.001),
        None => (text.strip_suffix('s').unwrap_or(text), 1.0),
    };
    let seconds = number.trim().parse().map(|number: f64| number * unit);
    let duration = seconds
        .ok()
        .and_then(|s| Duration::try_from_secs_f64(s).ok());
    let message = || format!("{text:?} is no number of seconds: write 5, 2.5 or 500ms");
    duration.ok_or_else(|| wrong("timeout", message()))
}

/// Formats of solutions, the default first.
const ROWS: [(QueryResultsFormat, &[&str], &str); 4] = [
    (
        QueryResultsFormat::Json,
        &["application/sparql-results+json", "application/json"],
        "json",
    ),
    (
        QueryResultsFormat::Xml,
        &[
            "application/sparql-results+xml",
            "application/xml",
            "text/xml",
        ],
        "xml",
    ),
    (QueryResultsFormat::Csv, &["text/csv"], "csv"),
    (
        QueryResultsFormat::Tsv,
        &["text/tab-separated-values"],
        "tsv",
    ),
];

/// The formats that a client takes, for a result with rows and for one of triples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    pub(super) rows: Option<QueryResultsFormat>,
    pub(super) triples: Option<Format>,
}

impl Taken {
    pub(super) fn of(request: &HttpRequest) -> Result<Self, WebError> {
        let accept = header_text(request, header::ACCEPT);
        let taken = match parameter(request, "format") {
            Some(name) => Self::named(&name),
            None => Self::accepted(accept),
        };
        if taken.rows.is_none() && taken.triples.is_none() {
            return Err(WebError::NotAcceptable {
                accept: accept.unwrap_or_default().to_owned(),
                offered: format!("{}, {}", offered_rows(), offered_triples()),
            });
        }
        Ok(taken)
    }

    fn named(name: &str) -> Self {
        let rows = ROWS
            .iter()
            .find(|(_, types, short)| *short == name || types.contains(&name));
        Self {
            rows: rows.map(|row| row.0),
            triples: Format::from_extension(name).or_else(|| Format::from_media_type(name)),
        }
    }

    fn accepted(accept: Option<&str>) -> Self {
        let rows: Vec<&[&str]> = ROWS.iter().map(|(_, types, _)| *types).collect();
        let triples: Vec<&[&str]> = Format::ALL.iter().map(|f| f.media_types()).collect();
        Self {
            rows: negotiate::choose(accept, &rows).map(|at| ROWS[at].0),
            triples: negotiate::choose(accept, &triples).map(|at| Format::ALL[at]),
        }
    }
}

/// Whether the client would rather have a page than data.
pub(super) fn prefers_page(request: &HttpRequest) -> bool {
    if parameter(request, "format").is_some() {
        return false;
    }
    let accept = header_text(request, header::ACCEPT);
    let offered: [&[&str]; 3] = [
        &["application/sparql-results+json", "application/json"],
        &["text/turtle"],
        &["text/html"],
    ];
    accept.is_some() && negotiate::choose(accept, &offered) == Some(2)
}

/// The media types of results with rows.
pub(super) fn offered_rows() -> String {
    let types: Vec<&str> = ROWS.iter().map(|row| row.1[0]).collect();
    types.join(", ")
}

/// The media types of results of triples.
pub(super) fn offered_triples() -> String {
    let types: Vec<&str> = Format::ALL
        .iter()
        .map(|format| format.media_type())
        .collect();
    types.join(", ")
}

pub(super) fn rows_content_type(format: QueryResultsFormat) -> &'static str {
    match format {
        QueryResultsFormat::Xml => "application/sparql-results+xml",
        QueryResultsFormat::Csv => "text/csv; charset=utf-8; header=present",
        QueryResultsFormat::Tsv => "text/tab-separated-values; charset=utf-8",
        _ => "application/sparql-results+json",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_a_time_or_a_day() {
        let end = instant("2026-01-31").unwrap();
        assert!(end > instant("2026-01-31T23:59:59Z").unwrap());
        assert!(end < instant("2026-02-01T00:00:00Z").unwrap());
        for text in ["2026", "yesterday", "2026-13-01", "2026-01-31T08:00:00"] {
            assert!(instant(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_timeout_is_written_in_seconds_or_milliseconds() {
        for (text, milliseconds) in [("5", 5000), ("2.5", 2500), ("5s", 5000), ("500ms", 500)] {
            assert_eq!(timeout(text).unwrap(), Duration::from_millis(milliseconds));
        }
        for text in ["", "-1", "soon", "NaN", "1e300"] {
            assert!(timeout(text).is_err(), "{text}");
        }
    }
}
