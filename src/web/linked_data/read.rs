//! `GET` of a record: one address, every representation.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};

use super::record_path;
use crate::catalogue::{CatalogueError, Document, Lookup, Record, Tombstone, View, description};
use crate::rdf::vocabulary::{dct, prov, rdfs};
use crate::rdf::{Format, Literal, NamedNode, Quad, Triple, format};
use crate::web::error::{Answer, WebError};
use crate::web::negotiate::{self, Representation};
use crate::web::server::{Door, Finished, FinishedKey, header_text, language_of, parameter};
use crate::web::{VARY, answered, showing};

/// How many ancestors `/expanded` follows.
const ANCESTORS_MAX: usize = 16;

pub(super) async fn root(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(
        &door,
        &request,
        read(&door, &request, String::new(), None).await,
    )
}

pub(super) async fn record(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let path = record_path(&request);
    let (path, extension) = split_extension(path);
    answered(
        &door,
        &request,
        read(&door, &request, path, extension).await,
    )
}

/// An identifier has no dot, so what follows one names a format.
fn split_extension(path: String) -> (String, Option<String>) {
    match path.rsplit_once('.') {
        Some((path, extension)) => (path.to_owned(), Some(extension.to_owned())),
        None => (path, None),
    }
}

/// The representation that a request asks for: by extension, by `?format=`, by `Accept`.
pub fn wanted(request: &HttpRequest, extension: Option<&str>) -> Result<Representation, WebError> {
    let offered = || {
        let types = Representation::ALL.iter().map(|one| one.media_types()[0]);
        types.collect::<Vec<_>>().join(", ")
    };
    if let Some(extension) = extension {
        let found = Representation::from_extension(extension);
        return found.ok_or_else(|| WebError::NotFound(request.path().to_owned()));
    }
    if let Some(name) = parameter(request, "format") {
        return Representation::from_extension(&name).ok_or_else(|| WebError::NotAcceptable {
            accept: name,
            offered: offered(),
        });
    }
    let accept = header_text(request, header::ACCEPT);
    negotiate::representation(accept).ok_or_else(|| WebError::NotAcceptable {
        accept: accept.unwrap_or_default().to_owned(),
        offered: offered(),
    })
}

async fn read(
    door: &Door,
    request: &HttpRequest,
    path: String,
    extension: Option<String>,
) -> Answer {
    let representation = wanted(request, extension.as_deref())?;
    let anonymous = door.is_nobody(request);
    // Only a page depends on the language of the reader.
    let language = match representation {
        Representation::Html => language_of(request),
        Representation::Rdf(_) => "en",
    };
    let keepable =
        anonymous && (request.query_string().is_empty() || parameter(request, "lang").is_some());
    let key = FinishedKey {
        path,
        representation,
        language,
    };
    if keepable
        && let Some(finished) = door.finished.get(&key)
        && stamp(door, &key, &finished.iri) == finished.stamp
    {
        door.metrics.cache("answers", true);
        return Ok(deliver(request, &finished));
    }
    let view = door.view(request).await?;
    let record = match view.lookup(&key.path).await? {
        Lookup::Found(record) => *record,
        Lookup::Gone(tombstone) => {
            if representation == Representation::Html {
                return showing::tombstone(door, request, &tombstone);
            }
            return Ok(gone(&tombstone, representation));
        }
        Lookup::Missing => {
            let iri = door.base().iri(&key.path).into_string();
            return Err(CatalogueError::NotFound(iri).into());
        }
    };
    let finished = Arc::new(finish(door, request, &view, record, &key).await?);
    if keepable {
        door.metrics.cache("answers", false);
        door.finished.insert(key, Arc::clone(&finished));
    }
    Ok(deliver(request, &finished))
}

/// What is left of a record, in RDF: that it was here, and until when (PROV-O).
fn gone(tombstone: &Tombstone, representation: Representation) -> HttpResponse {
    let Representation::Rdf(format) = representation else {
        return HttpResponse::Gone().finish();
    };
    let iri = tombstone.iri.clone();
    let state = if tombstone.withdrawn {
        "withdrawn"
    } else {
        "deleted"
    };
    let triples = [
        Triple::new(
            iri.clone(),
            dct::IDENTIFIER,
            Literal::new_simple_literal(iri.as_str()),
        ),
        Triple::new(
            iri.clone(),
            prov::INVALIDATED_AT_TIME,
            description::instant(tombstone.at),
        ),
        Triple::new(iri, rdfs::COMMENT, Literal::new_simple_literal(state)),
    ];
    let bytes = format::write_triples(format, triples.iter().map(Triple::as_ref));
    HttpResponse::Gone()
        .insert_header((header::VARY, VARY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(representation.content_type())
        .body(bytes)
}

/// Changes whenever the answer would. The home page counts everything, so it changes with
/// everything.
fn stamp(door: &Door, key: &FinishedKey, iri: &str) -> u64 {
    if key.path.is_empty() && key.representation == Representation::Html {
        door.index.sequence()
    } else {
        door.catalogue.projection().stamp(iri)
    }
}

/// Writes an answer once; from then on it is copied.
async fn finish(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: Record,
    key: &FinishedKey,
) -> Result<Finished, WebError> {
    let iri = record.iri.as_str().to_owned();
    let stamp = stamp(door, key, &iri);
    let language = if key.representation == Representation::Html {
        key.language
    } else {
        ""
    };
    let extension = key.representation.extension();
    let etag = format!("\"v{}-{stamp}.{extension}{language}\"", record.version);
    let last_modified = http_date(record.changed);
    let links = links(door, &record);
    let body = match key.representation {
        Representation::Html if record.path.is_empty() => {
            showing::home(door, request, view, record).await?
        }
        Representation::Html => showing::record(door, request, view, record).await?,
        Representation::Rdf(format) => {
            let document = view.document(record).await?;
            Bytes::from(write(door, &document, format))
        }
    };
    let content_type = key.representation.content_type();
    Ok(Finished {
        iri,
        stamp,
        body,
        etag,
        last_modified,
        content_type,
        links,
    })
}

/// A document in a format: with named graphs, what the provider sent and what the server says
/// stand apart.
pub(super) fn write(door: &Door, document: &Document, format: Format) -> Vec<u8> {
    if format.has_named_graphs() && format != Format::JsonLd {
        let ours = description::graph_name(door.base(), &document.record.path);
        let quads = document.quads(&ours);
        return format::write_quads(format, quads.iter().map(Quad::as_ref));
    }
    let triples = document.triples();
    format::write_triples(format, triples.iter().map(Triple::as_ref))
}

/// A time as HTTP writes it (RFC 9110 §5.6.7).
fn http_date(at: jiff::Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Typed links of a record (RFC 8288): what it is for LDP, how to cite it, where its other
/// representations are.
fn links(door: &Door, record: &Record) -> String {
    let address = door.base().iri(&record.path);
    let (iri, address) = (record.iri.as_str(), address.as_str());
    let mut links = format!(
        "<http://www.w3.org/ns/ldp#RDFSource>; rel=\"type\", \
         <http://www.w3.org/ns/ldp#Resource>; rel=\"type\", <{iri}>; rel=\"cite-as\""
    );
    for format in [Format::Turtle, Format::JsonLd, Format::RdfXml] {
        let (extension, media_type) = (format.extension(), format.media_type());
        let target = if record.path.is_empty() {
            format!("{address}/?format={extension}")
        } else {
            format!("{address}.{extension}")
        };
        links.push_str(", <");
        links.push_str(&target);
        links.push_str(">; rel=\"describedby\"; type=\"");
        links.push_str(media_type);
        links.push('"');
    }
    if let Some(parent) = &record.parent {
        links.push_str(", <");
        links.push_str(parent.as_str());
        links.push_str(">; rel=\"collection\"");
    }
    links
}

fn deliver(request: &HttpRequest, finished: &Finished) -> HttpResponse {
    let unchanged = header_text(request, header::IF_NONE_MATCH).map_or_else(
        || not_modified_since(request, &finished.last_modified),
        |wanted| wanted.split(',').any(|one| same_etag(one, &finished.etag)),
    );
    let mut response = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, finished.etag.as_str()))
        .insert_header((header::LAST_MODIFIED, finished.last_modified.as_str()))
        .insert_header((header::LINK, finished.links.as_str()))
        .insert_header((header::VARY, VARY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ALLOW, super::RECORD_METHODS));
    if unchanged {
        return response.finish();
    }
    response
        .content_type(finished.content_type)
        .body(finished.body.clone())
}

/// Whether the record is no newer than the client's copy (RFC 9110 §13.1.3).
fn not_modified_since(request: &HttpRequest, last_modified: &str) -> bool {
    let since = header_text(request, header::IF_MODIFIED_SINCE)
        .and_then(|text| httpdate::parse_http_date(text).ok());
    let changed = httpdate::parse_http_date(last_modified).ok();
    since
        .zip(changed)
        .is_some_and(|(since, changed)| changed <= since)
}

/// Weak comparison (RFC 9110 §8.8.3.2), as `If-None-Match` asks for.
fn same_etag(wanted: &str, etag: &str) -> bool {
    let wanted = wanted.trim();
    wanted == "*" || wanted.trim_start_matches("W/") == etag
}

/// A record with all that stands above it.
pub(super) async fn expanded(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, expand(&door, &request).await)
}

async fn expand(door: &Door, request: &HttpRequest) -> Answer {
    let format = rdf_wanted(request)?;
    let view = door.view(request).await?;
    let mut record = Some(view.record(&record_path(request)).await?);
    let mut triples: Vec<Triple> = Vec::new();
    for _ in 0..ANCESTORS_MAX {
        let Some(found) = record.take() else { break };
        let parent = found.parent.clone();
        triples.extend(view.document(found).await?.triples());
        let Some(parent) = parent else { break };
        if let Lookup::Found(above) = view.lookup_iri(parent.as_str()).await? {
            record = Some(*above);
        }
    }
    Ok(rdf(format, &triples))
}

/// The RDF format that a request asks for, on an address without a page of its own.
pub fn rdf_wanted(request: &HttpRequest) -> Result<Format, WebError> {
    match wanted(request, None)? {
        Representation::Rdf(format) => Ok(format),
        Representation::Html => Ok(Format::Turtle),
    }
}

/// An answer of triples.
pub fn rdf(format: Format, triples: &[Triple]) -> HttpResponse {
    let bytes = format::write_triples(format, triples.iter().map(Triple::as_ref));
    HttpResponse::Ok()
        .insert_header((header::VARY, VARY))
        .content_type(Representation::Rdf(format).content_type())
        .body(bytes)
}

/// The versions of a record.
pub(super) async fn versions(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let view = door.view(&request).await?;
        let record = view.record(&record_path(&request)).await?;
        let history = view.history(&record).await?;
        let address = door.base().iri(&record.path);
        let list: Vec<serde_json::Value> = history
            .iter()
            .map(|change| {
                serde_json::json!({
                    "version": change.version,
                    "url": format!("{}/versions/{}", address.as_str(), change.version),
                    "action": change.action.as_str(),
                    "state": change.state.as_str(),
                    "at": change.at.to_string(),
                    "reason": change.reason,
                    "digest": change.digest.to_string(),
                })
            })
            .collect();
        Ok(HttpResponse::Ok().json(serde_json::json!({ "versions": list })))
    };
    answered(&door, &request, answer.await)
}

/// What the provider sent in one version, exactly.
pub(super) async fn version(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let n = request.match_info().get("n").unwrap_or_default();
        let (n, extension) = n
            .split_once('.')
            .map_or((n, None), |(n, extension)| (n, Some(extension)));
        let n = n
            .parse()
            .map_err(|_| WebError::NotFound(request.path().to_owned()))?;
        let format = match wanted(&request, extension)? {
            Representation::Rdf(format) => format,
            Representation::Html => Format::Turtle,
        };
        let view = door.view(&request).await?;
        let record = view.record(&record_path(&request)).await?;
        let triples = view.version(&record, n).await?;
        let name: NamedNode = record.iri;
        let bytes = if format.has_named_graphs() && format != Format::JsonLd {
            let quads: Vec<Quad> = triples
                .into_iter()
                .map(|triple| triple.in_graph(name.clone()))
                .collect();
            format::write_quads(format, quads.iter().map(Quad::as_ref))
        } else {
            format::write_triples(format, triples.iter().map(Triple::as_ref))
        };
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .insert_header((header::ETAG, format!("\"v{n}.{}\"", format.extension())))
            .content_type(Representation::Rdf(format).content_type())
            .body(bytes))
    };
    answered(&door, &request, answer.await)
}
