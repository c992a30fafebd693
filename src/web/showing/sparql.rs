//! What does the page of the SPARQL endpoint show?

use std::time::Instant;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use tokio::sync::oneshot;

use super::answer;
use crate::catalogue::{CatalogueError, View};
use crate::monitoring::QueryEnd;
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{self, rdf};
use crate::rdf::{Format, Literal, Term, Triple, format};
use crate::store::{QueryError, QueryOptions, QueryResults};
use crate::web::error::{Answer, WebError};
use crate::web::pages::picture::{Pictures, Statement};
use crate::web::pages::site::Section;
use crate::web::pages::sparql::{Advice, Cell, Failure, Outcome, SparqlPage, Table};
use crate::web::pages::text::Download;
use crate::web::server::{Door, language_of};
use crate::web::sparql::{Asked, Gone, options, view_of};

/// How many rows or triples are shown; all of them can be taken away.
const ROWS_MAX: usize = 1_000;
/// The formats that a result can be taken away in.
const DOWNLOADS: [(&str, &str, &str); 9] = [
    ("CSV", "csv", "text/csv"),
    ("TSV", "tsv", "text/tab-separated-values"),
    ("JSON", "json", "application/sparql-results+json"),
    ("XML", "xml", "application/sparql-results+xml"),
    ("Turtle", "ttl", "text/turtle"),
    ("JSON-LD", "jsonld", "application/ld+json"),
    ("RDF/XML", "rdf", "application/rdf+xml"),
    ("N-Triples", "nt", "application/n-triples"),
    ("TriG", "trig", "application/trig"),
];

/// The form, and what the query in it gave.
pub async fn sparql(door: &Door, request: &HttpRequest, asked: Option<Asked>) -> Answer {
    let mut page = SparqlPage {
        site: door.site_at(request, Section::Sparql),
        seconds_max: door.settings.query_seconds,
        ..SparqlPage::default()
    };
    let Some(asked) = asked else {
        return Ok(answer(StatusCode::OK, &page));
    };
    let view = view_of(door, request, &asked).await?;
    let place = door.queries.place(door, request, view.actor()).await?;
    let options = options(door, &asked, &place);
    let _gone = Gone(options.cancellation.clone());
    let reading = Reading {
        root: door.base().path_prefix().to_owned(),
        language: language_of(request),
        ontology: std::sync::Arc::clone(door.catalogue.ontology()),
    };
    let query = asked.query.clone();
    let begin = Instant::now();
    let (ended, outcome) = oneshot::channel();
    let running = door.metrics.query();
    let effort = place.effort();
    let job = move || {
        let outcome = reading.run(&view, &query, &options);
        running.finish(end_of(&outcome), begin.elapsed());
        drop(place);
        let _ = ended.send(outcome);
    };
    let interrupted =
        |error: &dyn std::error::Error| CatalogueError::Interrupted(error.to_string());
    let run = door.queries.run(effort, job);
    run.map_err(|error| interrupted(&error))?;
    let outcome = outcome.await.map_err(|error| interrupted(&error))?;
    page.milliseconds = u64::try_from(begin.elapsed().as_millis()).ok();
    let mut status = StatusCode::OK;
    let (outcome, pictures) = match outcome {
        Ok((outcome, pictures)) => (Ok(outcome), pictures),
        Err(error) => (Err(error), Pictures::default()),
    };
    page.downloads = downloads(&page.site.root, &asked.query, &outcome);
    page.pictures = pictures;
    page.share = Some(share(door, &asked.query));
    page.outcome = outcome.unwrap_or_else(|error| {
        let failure = failure(&error, &asked.query);
        status = WebError::from(CatalogueError::from(error)).status();
        Outcome::Failed(failure)
    });
    page.query = asked.query;
    Ok(answer(status, &page))
}

fn end_of<T>(outcome: &Result<T, QueryError>) -> QueryEnd {
    match outcome {
        Ok(_) => QueryEnd::Answered,
        Err(QueryError::Timeout) => QueryEnd::TimedOut,
        Err(QueryError::Cancelled) => QueryEnd::Cancelled,
        Err(_) => QueryEnd::Failed,
    }
}

fn downloads(root: &str, query: &str, outcome: &Result<Outcome, QueryError>) -> Vec<Download> {
    let graph = matches!(outcome, Ok(Outcome::Graph { .. }));
    let fits = |media_type: &str| Format::from_media_type(media_type).is_some() == graph;
    let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let download = |(label, extension, media_type): &(&str, &str, &str)| Download {
        label: (*label).to_owned(),
        href: format!("{root}/sparql?query={encoded}&format={extension}"),
        media_type: (*media_type).to_owned(),
    };
    match outcome {
        Ok(_) => DOWNLOADS
            .iter()
            .filter(|one| fits(one.2))
            .map(download)
            .collect(),
        Err(_) => Vec::new(),
    }
}

/// The address that shows the query and its result again.
fn share(door: &Door, query: &str) -> String {
    let encoded: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    format!("{}/sparql?query={encoded}", door.base())
}

fn advice(error: &QueryError, query: &str) -> Option<Advice> {
    match error {
        QueryError::Syntax { message, .. } if message.contains("refix not found") => {
            Some(Advice::Prefix(missing_prefix(query)))
        }
        QueryError::Syntax { .. } => Some(Advice::Syntax),
        QueryError::Service | QueryError::Endpoint(_) => Some(Advice::Service),
        QueryError::Timeout
        | QueryError::TooMuchWork
        | QueryError::TooMuchMemory
        | QueryError::TooManyRows(_)
        | QueryError::TooComplex => Some(Advice::Less),
        QueryError::Cancelled
        | QueryError::Damaged
        | QueryError::Function(_)
        | QueryError::Elsewhere(_)
        | QueryError::Evaluation(_) => None,
    }
}

fn failure(error: &QueryError, query: &str) -> Failure {
    let (line, column) = match error {
        QueryError::Syntax { line, column, .. } => (*line, *column),
        _ => (None, None),
    };
    Failure {
        message: error.to_string(),
        line,
        column,
        advice: advice(error, query),
    }
}

/// Who reads the result.
struct Reading {
    root: String,
    language: &'static str,
    ontology: std::sync::Arc<Ontology>,
}

impl Reading {
    fn run(
        &self,
        view: &View,
        query: &str,
        options: &QueryOptions,
    ) -> Result<(Outcome, Pictures), QueryError> {
        match view.snapshot().query(query, options)? {
            QueryResults::Boolean(value) => Ok((Outcome::Answer(value), Pictures::default())),
            QueryResults::Solutions(solutions) => {
                let variables = solutions.variables().to_vec();
                let columns = variables
                    .iter()
                    .map(|name| name.as_str().to_owned())
                    .collect();
                let mut table = Table {
                    columns,
                    ..Table::default()
                };
                for solution in solutions {
                    let solution = solution?;
                    if table.rows.len() == ROWS_MAX {
                        table.cut = true;
                        break;
                    }
                    let row = variables
                        .iter()
                        .map(|name| solution.get(name).map(|t| self.cell(t)));
                    table.rows.push(row.collect());
                }
                let pictures = Pictures::of_table(&table);
                Ok((Outcome::Table(table), pictures))
            }
            QueryResults::Graph(found) => {
                let mut triples: Vec<Triple> = Vec::new();
                let mut cut = false;
                for triple in found {
                    let triple = triple?;
                    if triples.len() == ROWS_MAX {
                        cut = true;
                        break;
                    }
                    triples.push(triple);
                }
                let count = triples.len() as u64;
                let bytes =
                    format::write_triples(Format::Turtle, triples.iter().map(Triple::as_ref));
                let turtle = String::from_utf8_lossy(&bytes).into_owned();
                let outcome = Outcome::Graph {
                    turtle,
                    triples: count,
                    cut,
                };
                Ok((outcome, Pictures::of_graph(&self.statements(&triples))))
            }
        }
    }

    /// What things say of each other; texts and numbers are left to the Turtle.
    fn statements(&self, triples: &[Triple]) -> Vec<Statement> {
        let between = triples.iter().filter(|triple| {
            !matches!(triple.object, Term::Literal(_)) && triple.predicate != rdf::TYPE
        });
        let one = |triple: &Triple| {
            let predicate = triple.predicate.as_str();
            let label = vocabulary::short(predicate).unwrap_or_else(|| predicate.to_owned());
            let subject = self.cell(&Term::from(triple.subject.clone()));
            (subject, label, self.cell(&triple.object))
        };
        between.map(one).collect()
    }

    fn cell(&self, term: &Term) -> Cell {
        match term {
            Term::NamedNode(node) => {
                let iri = node.as_str();
                let concept = self.ontology.concept(iri);
                let label = self.ontology.label(iri, self.language).map(str::to_owned);
                let href = match concept {
                    Some(concept) => {
                        crate::web::ontology::address(&self.root, &self.ontology, concept)
                    }
                    None => iri.to_owned(),
                };
                Cell {
                    text: label.unwrap_or_else(|| iri.to_owned()),
                    iri: Some(iri.to_owned()),
                    href: Some(href),
                    ..Cell::default()
                }
            }
            Term::Literal(literal) => Cell {
                text: literal.value().to_owned(),
                lang: literal.language().map(str::to_owned),
                number: is_number(literal),
                ..Cell::default()
            },
            Term::BlankNode(_) | Term::Triple(_) => Cell {
                text: term.to_string(),
                ..Cell::default()
            },
        }
    }
}

/// The line that declares the first prefix that a query uses and does not declare, when we know it.
fn missing_prefix(query: &str) -> Option<String> {
    let parts: Vec<&str> = query.split(':').collect();
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let declared = |prefix: &str| {
        let before = parts.iter().filter_map(|part| part.strip_suffix(prefix));
        before
            .map(str::trim_end)
            .any(|start| start.to_ascii_uppercase().ends_with("PREFIX"))
    };
    parts.iter().find_map(|part| {
        let start = part.rfind(|c| !is_part(c)).map_or(0, |at| at + 1);
        let used = part.get(start..).unwrap_or_default();
        let known = vocabulary::PREFIXES
            .iter()
            .find(|(prefix, _)| *prefix == used);
        let (prefix, namespace) = known.filter(|(prefix, _)| !declared(prefix))?;
        Some(format!("PREFIX {prefix}: <{namespace}>"))
    })
}

fn is_number(literal: &Literal) -> bool {
    let numeric = [
        "integer",
        "decimal",
        "double",
        "float",
        "nonNegativeInteger",
        "int",
        "long",
    ];
    let datatype = literal.datatype().as_str();
    let local = datatype.strip_prefix(vocabulary::xsd::NAMESPACE);
    local.is_some_and(|local| numeric.contains(&local))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_that_is_missing_is_named_when_we_know_it() {
        let query = "PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT * { ?d a dcat:Dataset ; dct:title ?t }";
        let line = "PREFIX dct: <http://purl.org/dc/terms/>";
        assert_eq!(missing_prefix(query).as_deref(), Some(line));
        assert_eq!(missing_prefix("SELECT * { ?d nothing:known ?t }"), None);
        assert_eq!(
            missing_prefix("prefix dct:<http://x/> SELECT * { ?d dct:a ?t }"),
            None
        );
    }
}
