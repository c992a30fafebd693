//! `GET` of a record: one address, every representation.

use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::record_path;
use crate::catalogue::projection::blocking;
use crate::catalogue::{
    Base, CatalogueError, Document, Lookup, Record, Tombstone, View, description,
};
use crate::rdf::vocabulary::{dct, prov, rdfs};
use crate::rdf::{Format, Literal, NamedNode, Quad, Triple, format};
use crate::web::error::{Answer, WebError};
use crate::web::exports::{Export, Portrait};
use crate::web::lifecycle::memento;
use crate::web::negotiate::{self, Representation};
use crate::web::profiles::{self, Asked};
use crate::web::server::{Door, Finished, FinishedKey, header_text, language_of, parameter};
use crate::web::{VARY, answered, showing, signposting};

/// With more statements about what stands below it, a document is written on a thread of its own.
const STATEMENTS_WRITTEN_AT_ONCE: usize = 2_000;
/// How many ancestors `/expanded` follows.
const ANCESTORS_MAX: usize = 16;
/// What the answer of a record may depend on: its address is its time gate, too (RFC 7089 §2.1.2).
const VARY_IN_TIME: &str =
    "Accept, Accept-Language, Authorization, Cookie, Accept-Datetime, Accept-Profile";
/// The longest wish for a profile whose answer is kept.
const PROFILE_BYTES_MAX: usize = 200;
const CONTENT_PROFILE: &str = "content-profile";

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
    if profiles::wants_list(request) {
        return profiles::listed(door, request, &path).await;
    }
    if let Some(export) = Export::asked(request, extension.as_deref()) {
        return exported(door, request, &path, export).await;
    }
    let representation = wanted(request, extension.as_deref())?;
    let anonymous = door.is_nobody(request);
    if let Some(at) = memento::wanted_time(request)? {
        let view = door.view(request).await?;
        let record = view.record(&path).await?;
        let gate = memento::through_the_gate(door, &view, &record, extension.as_deref(), at);
        if let Some(there) = gate.await? {
            return Ok(there);
        }
    }
    // Only a page depends on the language of the reader.
    let language = match representation {
        Representation::Html => language_of(request),
        Representation::Rdf(_) => "en",
    };
    let profile = profiles::wish(request, representation);
    let keepable = anonymous
        && (request.query_string().is_empty()
            || parameter(request, "lang").is_some()
            || profile.is_some());
    let key = FinishedKey {
        path,
        representation,
        language,
        profile: profile.as_ref().map(Asked::key).unwrap_or_default(),
    };
    let keepable = keepable && key.profile.len() <= PROFILE_BYTES_MAX;
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
            if tombstone.replaced_by.is_some() {
                return Ok(moved(
                    door,
                    &tombstone,
                    representation,
                    extension.as_deref(),
                ));
            }
            let answer = if representation == Representation::Html {
                let undelete = view.may_undelete(&tombstone).await?;
                showing::tombstone(door, request, &tombstone, undelete)
            } else {
                gone(&tombstone, representation)
            };
            let cite_as = view.cited_as(&tombstone).await?;
            let links = signposting::of_tombstone(door.base(), &tombstone, cite_as);
            return signposting::with_links(Ok(answer), &links);
        }
        Lookup::Missing => {
            let iri = door.base().iri(&key.path).into_string();
            return Err(CatalogueError::NotFound(iri).into());
        }
    };
    if let (Representation::Html, Some(asked)) = (representation, &profile) {
        return profiles::to_page(door, &view, &record, asked).await;
    }
    let finished = finish(door, request, &view, record, (&key, profile.as_ref()));
    let finished = Arc::new(finished.await?);
    if keepable {
        door.metrics.cache("answers", false);
        door.finished.insert(key, Arc::clone(&finished));
    }
    Ok(deliver(request, &finished))
}

/// A record in a format of others.
async fn exported(door: &Door, request: &HttpRequest, path: &str, export: Export) -> Answer {
    let view = door.view(request).await?;
    let record = match view.lookup(path).await? {
        Lookup::Found(record) => *record,
        Lookup::Gone(tombstone) => {
            let error = CatalogueError::Gone(tombstone.iri.as_str().to_owned());
            let answer = WebError::from(error).answer(door, request);
            let cite_as = view.cited_as(&tombstone).await?;
            let links = signposting::of_tombstone(door.base(), &tombstone, cite_as);
            return signposting::with_links(Ok(answer), &links);
        }
        Lookup::Missing => {
            let iri = door.base().iri(path).into_string();
            return Err(CatalogueError::NotFound(iri).into());
        }
    };
    let portrait = Portrait::of(door, &view, &record).await?;
    let finished = Finished {
        iri: record.iri.as_str().to_owned(),
        stamp: record.stamp,
        body: export.write(&portrait)?,
        etag: format!("\"v{}-{}.{}\"", record.version, record.stamp, export.name()),
        last_modified: http_date(record.changed),
        content_type: export.content_type(),
        links: signposting::header(&portrait, door.base(), false),
        profile: String::new(),
    };
    let mut response = deliver(request, &finished);
    if export == Export::RoCrateZip {
        let name = path.rsplit('/').next().filter(|name| !name.is_empty());
        let name = name.unwrap_or("root");
        let disposition = format!("attachment; filename=\"{name}-ro-crate.zip\"");
        if let Ok(disposition) = header::HeaderValue::from_str(&disposition) {
            response
                .headers_mut()
                .insert(header::CONTENT_DISPOSITION, disposition);
        }
    }
    Ok(response)
}

/// What is left of a record, in RDF: that it was here, and until when (PROV-O).
fn gone(tombstone: &Tombstone, representation: Representation) -> HttpResponse {
    let Representation::Rdf(format) = representation else {
        return HttpResponse::Gone().finish();
    };
    let bytes = format::write_triples(format, left_of(tombstone).iter().map(Triple::as_ref));
    HttpResponse::Gone()
        .insert_header((header::VARY, VARY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(representation.content_type_of(&bytes))
        .body(bytes)
}

/// The address of a record that another stands in the place of leads there.
fn moved(
    door: &Door,
    tombstone: &Tombstone,
    representation: Representation,
    extension: Option<&str>,
) -> HttpResponse {
    let Some((iri, path)) = &tombstone.replaced_by else {
        return gone(tombstone, representation);
    };
    let mut there = door.base().iri(path).into_string();
    if let Some(extension) = extension {
        there.push('.');
        there.push_str(extension);
    }
    let mut response = HttpResponse::MovedPermanently();
    response
        .insert_header((header::LOCATION, there))
        .insert_header((
            header::LINK,
            format!("<{}>; rel=\"successor-version\"", iri.as_str()),
        ))
        .insert_header((header::VARY, VARY))
        // It may come back.
        .insert_header((header::CACHE_CONTROL, "no-cache"));
    let Representation::Rdf(format) = representation else {
        return response.finish();
    };
    let bytes = format::write_triples(format, left_of(tombstone).iter().map(Triple::as_ref));
    response
        .content_type(representation.content_type_of(&bytes))
        .body(bytes)
}

/// What is said of a record that is gone.
fn left_of(tombstone: &Tombstone) -> Vec<Triple> {
    let iri = tombstone.iri.clone();
    let state = if tombstone.withdrawn {
        "withdrawn"
    } else {
        "deleted"
    };
    let mut triples = vec![
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
        Triple::new(
            iri.clone(),
            rdfs::COMMENT,
            Literal::new_simple_literal(state),
        ),
    ];
    if let Some(notice) = &tombstone.notice {
        let notice = Literal::new_simple_literal(notice);
        triples.push(Triple::new(iri.clone(), rdfs::COMMENT, notice));
    }
    if let Some((there, _)) = &tombstone.replaced_by {
        triples.push(Triple::new(iri, dct::IS_REPLACED_BY, there.clone()));
    }
    triples
}

/// Changes whenever the answer would. The home page counts everything, so it changes with
/// everything.
fn stamp(door: &Door, key: &FinishedKey, iri: &str) -> u64 {
    if key.path.is_empty() && key.representation == Representation::Html {
        let epoch = door.catalogue.projection().epoch();
        epoch.wrapping_add(door.index.sequence())
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
    (key, asked): (&FinishedKey, Option<&Asked>),
) -> Result<Finished, WebError> {
    let iri = record.iri.as_str().to_owned();
    let stamp = stamp(door, key, &iri);
    let language = if key.representation == Representation::Html {
        key.language
    } else {
        ""
    };
    let extension = key.representation.extension();
    let mut etag = format!("\"v{}-{stamp}.{extension}{language}\"", record.version);
    let mut last_modified = http_date(record.changed);
    let mut profile = String::new();
    let portrait = Portrait::of(door, view, &record).await?;
    let is_page = key.representation == Representation::Html;
    let mut links = signposting::header(&portrait, door.base(), is_page);
    links.push_str(", ");
    links.push_str(&memento::links_of_record(door, &record));
    let body = match key.representation {
        Representation::Html if record.path.is_empty() => {
            showing::home(door, request, view, record).await?
        }
        Representation::Html => showing::record(door, request, view, record).await?,
        Representation::Rdf(format) => {
            let shown = profiles::show(door, view, record, asked, format).await?;
            let (base, document) = (door.base().clone(), shown.document);
            let body = if document.containers.len() > STATEMENTS_WRITTEN_AT_ONCE {
                let write = move || Ok::<_, CatalogueError>(write(&base, &document, format));
                blocking(write).await?
            } else {
                write(&base, &document, format)
            };
            links.push_str(", ");
            links.push_str(&shown.links);
            profile = shown.profile;
            if let Some(changed) = shown.rewritten {
                // It holds other records, too, so that its own version says too little.
                etag = format!("\"{}.{extension}\"", digest(&body));
                last_modified = http_date(changed);
            }
            Bytes::from(body)
        }
    };
    let content_type = key.representation.content_type_of(&body);
    Ok(Finished {
        iri,
        stamp,
        body,
        etag,
        last_modified,
        content_type,
        links,
        profile,
    })
}

/// What tells a body from every other.
fn digest(body: &[u8]) -> String {
    const DIGITS: usize = 32;
    let mut digest = hex::encode(Sha256::digest(body));
    digest.truncate(DIGITS);
    digest
}

/// A document in a format: with named graphs, what the provider sent and what the server says
/// stand apart.
pub(super) fn write(base: &Base, document: &Document, format: Format) -> Vec<u8> {
    if format.has_named_graphs() && format != Format::JsonLd {
        let ours = description::graph_name(base, &document.record.path);
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
        .insert_header((header::VARY, VARY_IN_TIME))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .insert_header((header::ALLOW, super::RECORD_METHODS));
    if !finished.profile.is_empty() {
        response.insert_header((CONTENT_PROFILE, finished.profile.as_str()));
    }
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

/// A record with all that stands above it, and nothing that stands below.
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
        triples.extend(view.alone(found).await?.triples());
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
        .content_type(Representation::Rdf(format).content_type_of(&bytes))
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
        let wanted = wanted(&request, extension)?;
        let view = door.view(&request).await?;
        let record = view.record(&record_path(&request)).await?;
        let Representation::Rdf(format) = wanted else {
            return page_of_version(&door, &request, &view, &record, n).await;
        };
        let triples = view.version(&record, n).await?;
        let name: NamedNode = record.iri.clone();
        let bytes = if format.has_named_graphs() && format != Format::JsonLd {
            let quads: Vec<Quad> = triples
                .into_iter()
                .map(|triple| triple.in_graph(name.clone()))
                .collect();
            format::write_quads(format, quads.iter().map(Quad::as_ref))
        } else {
            format::write_triples(format, triples.iter().map(Triple::as_ref))
        };
        let mut response = HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .insert_header((header::ETAG, format!("\"v{n}.{}\"", format.extension())))
            .content_type(Representation::Rdf(format).content_type_of(&bytes))
            .body(bytes);
        memento::mark(&door, &view, &record, n, &mut response).await?;
        Ok(response)
    };
    answered(&door, &request, answer.await)
}

/// The page of a record as it stood in one version.
async fn page_of_version(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: &Record,
    n: u64,
) -> Answer {
    let past = view.at_version(record, n).await?;
    let page = showing::record(door, request, view, past).await?;
    let mut response = HttpResponse::Ok()
        .insert_header((header::VARY, VARY))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(Representation::Html.content_type())
        .body(page);
    memento::mark(door, view, record, n, &mut response).await?;
    Ok(response)
}
