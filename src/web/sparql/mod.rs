//! The SPARQL endpoint: the SPARQL 1.1 Protocol over everything public, streamed, within budgets.

mod description;
mod stream;

use std::sync::Arc;
use std::time::Instant;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use sparesults::QueryResultsFormat;

use super::error::{Answer, WebError};
use super::server::{Door, header_text, media_type, parameters};
use super::{VARY, answered, body, negotiate, showing};
use crate::rdf::{Format, NamedNode};
use crate::search::Vocabularies;
use crate::store::{CancellationToken, QueryOptions, TextSearch};

/// The longest query, in bytes.
const QUERY_BYTES_MAX: usize = 1 << 20;
/// How many quads and rows a query may look at.
const WORK_MAX: u64 = 2_000_000_000;
/// How many bytes a query may hold at once, about.
const MEMORY_BYTES_MAX: usize = 1 << 30;
/// How soon a client that found every place taken may try again.
const RETRY_SECONDS: u32 = 2;

/// Adds the routes of the endpoint.
pub fn configure(service: &mut web::ServiceConfig) {
    service.service(
        web::resource("/sparql")
            .route(web::get().to(get))
            .route(web::head().to(get))
            .route(web::post().to(post)),
    );
}

/// A query as it was asked.
pub struct Asked {
    pub query: String,
    pub default_graphs: Vec<NamedNode>,
    pub named_graphs: Vec<NamedNode>,
}

async fn get(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let asked = asked(parameters(&request))?;
        // A query that came by GET is shown on the page to whoever asks for a page.
        if prefers_page(&request) {
            return showing::sparql(&door, &request, asked).await;
        }
        match asked {
            Some(asked) => answer(&door, &request, asked).await,
            None => Ok(description::describe(&door, &request)),
        }
    };
    answered(&door, &request, answer.await)
}

async fn post(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let found = media_type(&request)?;
        let bytes = body::bytes_within(QUERY_BYTES_MAX, &request, &mut payload).await?;
        let text = String::from_utf8(bytes);
        let text = text.map_err(|_| WebError::Charset("something other than UTF-8".to_owned()))?;
        let mut pairs = parameters(&request);
        match found.as_str() {
            "application/sparql-query" => pairs.push(("query".to_owned(), text)),
            "application/x-www-form-urlencoded" => {
                pairs.extend(url::form_urlencoded::parse(text.as_bytes()).into_owned());
            }
            "application/sparql-update" => {
                let why = "the endpoint is for reading; write with PUT, POST and DELETE of records";
                return Err(WebError::Forbidden(why.to_owned()));
            }
            _ => {
                let known =
                    "application/sparql-query, application/x-www-form-urlencoded".to_owned();
                return Err(WebError::UnsupportedMediaType { found, known });
            }
        }
        let missing = || WebError::Parameter {
            name: "query",
            message: "the request holds no query".to_owned(),
        };
        let asked = asked(pairs)?.ok_or_else(missing)?;
        if prefers_page(&request) {
            return showing::sparql(&door, &request, Some(asked)).await;
        }
        answer(&door, &request, asked).await
    };
    answered(&door, &request, answer.await)
}

/// Reads the parameters of the protocol (SPARQL 1.1 Protocol §2.1).
fn asked(pairs: Vec<(String, String)>) -> Result<Option<Asked>, WebError> {
    let mut queries = Vec::new();
    let mut default_graphs = Vec::new();
    let mut named_graphs = Vec::new();
    let graph = |name: &'static str, text: String| {
        NamedNode::new(&text).map_err(|_| WebError::Parameter {
            name,
            message: format!("{text:?} is no IRI"),
        })
    };
    for (name, value) in pairs {
        match name.as_str() {
            "query" => queries.push(value),
            "default-graph-uri" => default_graphs.push(graph("default-graph-uri", value)?),
            "named-graph-uri" => named_graphs.push(graph("named-graph-uri", value)?),
            "update" => {
                let why = "the endpoint is for reading; write with PUT, POST and DELETE of records";
                return Err(WebError::Forbidden(why.to_owned()));
            }
            _ => (),
        }
    }
    if queries.len() > 1 {
        let message = "there is more than one; send one query a request".to_owned();
        return Err(WebError::Parameter {
            name: "query",
            message,
        });
    }
    Ok(queries.pop().map(|query| Asked {
        query,
        default_graphs,
        named_graphs,
    }))
}

/// The budgets of a query of the public.
pub fn options(door: &Door, asked: &Asked) -> QueryOptions {
    QueryOptions {
        deadline: Some(Instant::now() + door.query_time()),
        rows_max: Some(door.settings.query_rows_max),
        work_max: Some(WORK_MAX),
        base: Some(format!("{}/", door.base())),
        default_graphs: asked.default_graphs.clone(),
        named_graphs: asked.named_graphs.clone(),
        cancellation: CancellationToken::new(),
        memory_max: Some(MEMORY_BYTES_MAX),
        text: Some(Arc::clone(&door.index) as Arc<dyn TextSearch>),
        hierarchy: Some(Arc::new(Vocabularies(Arc::clone(
            door.catalogue.ontology(),
        )))),
        ..QueryOptions::default()
    }
}

/// A place among the queries that run at once, waited for a short time.
pub async fn place(door: &Door) -> Result<tokio::sync::OwnedSemaphorePermit, WebError> {
    let queries = Arc::clone(&door.queries);
    let waited = tokio::time::timeout(door.query_time(), queries.acquire_owned()).await;
    match waited {
        Ok(Ok(place)) => Ok(place),
        Ok(Err(_)) | Err(_) => Err(WebError::Busy(RETRY_SECONDS)),
    }
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
struct Taken {
    rows: Option<QueryResultsFormat>,
    triples: Option<Format>,
}

fn taken(request: &HttpRequest) -> Taken {
    let accept = header_text(request, header::ACCEPT);
    let rows: Vec<&[&str]> = ROWS.iter().map(|(_, types, _)| *types).collect();
    let triples: Vec<&[&str]> = Format::ALL
        .iter()
        .map(|format| format.media_types())
        .collect();
    if let Some(name) = super::server::parameter(request, "format") {
        let rows = ROWS
            .iter()
            .find(|(_, types, short)| *short == name || types.contains(&name.as_str()));
        let triples = Format::from_extension(&name).or_else(|| Format::from_media_type(&name));
        return Taken {
            rows: rows.map(|row| row.0),
            triples,
        };
    }
    Taken {
        rows: negotiate::choose(accept, &rows).map(|at| ROWS[at].0),
        triples: negotiate::choose(accept, &triples).map(|at| Format::ALL[at]),
    }
}

fn prefers_page(request: &HttpRequest) -> bool {
    if super::server::parameter(request, "format").is_some() {
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

async fn answer(door: &web::Data<Door>, request: &HttpRequest, asked: Asked) -> Answer {
    let taken = taken(request);
    if taken.rows.is_none() && taken.triples.is_none() {
        let accept = header_text(request, header::ACCEPT)
            .unwrap_or_default()
            .to_owned();
        let rows = ROWS.iter().map(|(_, types, _)| types[0]);
        let triples = Format::ALL.iter().map(|format| format.media_type());
        let offered = rows.chain(triples).collect::<Vec<_>>().join(", ");
        return Err(WebError::NotAcceptable { accept, offered });
    }
    let place = place(door).await?;
    let view = door.view(request).await?;
    let sequence = view.snapshot().sequence();
    let etag = etag(sequence, &asked, &taken);
    if header_text(request, header::IF_NONE_MATCH).is_some_and(|known| known.contains(&etag)) {
        return Ok(HttpResponse::NotModified()
            .insert_header((header::ETAG, etag))
            .finish());
    }
    let options = options(door, &asked);
    let formats = stream::Formats {
        rows: taken.rows,
        triples: taken.triples,
    };
    let running = door.metrics.query();
    let (content_type, body) =
        stream::start(view, asked.query, options, formats, place, running).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::VARY, VARY))
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(content_type);
    Ok(match body {
        stream::Body::Whole(bytes) => response.body(bytes),
        stream::Body::Chunks(chunks) => response.streaming(chunks),
    })
}

/// An unchanged catalogue gives an unchanged answer.
fn etag(sequence: u64, asked: &Asked, taken: &Taken) -> String {
    use std::hash::{Hash, Hasher};
    let mut hasher = rustc_hash::FxHasher::default();
    asked.query.hash(&mut hasher);
    asked.default_graphs.hash(&mut hasher);
    asked.named_graphs.hash(&mut hasher);
    format!("{:?}{:?}", taken.rows, taken.triples).hash(&mut hasher);
    format!("W/\"s{sequence}-{:016x}\"", hasher.finish())
}
