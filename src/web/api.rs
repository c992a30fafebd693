//! Search, checks and migrations as JSON, for programs and for the pages' own script.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::WebError;
use super::linked_data::read::rdf;
use super::results::{Export, Feed, TakeAway};
use super::server::{Door, header_text, language_of, parameter, parameters};
use super::{VARY, answered, body, compare, negotiate, results, showing, statistics};
use crate::catalogue::{Catalogue, CatalogueError, Checked, Description, Migration, Way, incoming};
use crate::rdf::places::Places;
use crate::rdf::{Format, SyntaxError, Triple, format};
use crate::search::{SearchPage, SearchQuery, Suggestion, Taken, Understood};

/// The most records that one request has checked: anybody may ask, and each may have many results.
const RECORDS_CHECKED_MAX: usize = 500;
/// The most suggestions that are given.
const SUGGESTIONS_MAX: usize = 12;
/// The most profiles that one request checks against.
const PROFILES_MAX: usize = 10;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/search", web::get().to(search))
        .route("/search/suggest", web::get().to(suggest))
        .route("/search/similar", web::get().to(similar))
        .route("/search.{extension}", web::get().to(results::file))
        .route("/compare", web::get().to(compare::compare))
        .route("/statistics", web::get().to(statistics::page))
        .route("/api/statistics", web::get().to(statistics::numbers))
        .route("/validate", web::get().to(validate_form))
        .route("/validate", web::post().to(validate))
        .route("/migrate", web::post().to(migrate))
        .route("/openapi.json", web::get().to(openapi));
}

/// What the form of the page appends to a facet for the ends of its range.
pub const RANGE_FROM: &str = "-from";
pub const RANGE_TO: &str = "-to";

/// Puts what a form can send into the words of an address: the two ends of a range are one
/// parameter, and what was left empty is left out.
fn translated(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut ranges: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut kept = Vec::new();
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        if let Some(facet) = name.strip_suffix(RANGE_FROM) {
            ranges.entry(facet.to_owned()).or_default().0 = value;
        } else if let Some(facet) = name.strip_suffix(RANGE_TO) {
            ranges.entry(facet.to_owned()).or_default().1 = value;
        } else if name == "page_size" {
            kept.push(("limit".to_owned(), value));
        } else {
            kept.push((name, value));
        }
    }
    let ranges = ranges
        .into_iter()
        .map(|(facet, (from, to))| (facet, format!("{from}..{to}")));
    kept.extend(ranges);
    kept
}

/// The query that an address stands for.
pub fn query_of(request: &HttpRequest) -> SearchQuery {
    let mut query = SearchQuery::from_pairs(&translated(parameters(request)));
    language_of(request).clone_into(&mut query.language);
    query
}

async fn search(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let query = query_of(&request);
        match wanted_answer(&request)? {
            Wanted::Page => return showing::search(&door, &request, query).await,
            Wanted::TakeAway(wanted) => return wanted.answer(&door, &request).await,
            Wanted::Hits => (),
        }
        let index = std::sync::Arc::clone(&door.index);
        let asked = query.clone();
        let page = crate::catalogue::projection::blocking(move || {
            index
                .search(&asked)
                .map_err(|error| CatalogueError::Interrupted(error.to_string()))
        });
        let page = page.await?;
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(page_json(door.base().as_str(), &query, &page)))
    };
    answered(&door, &request, answer.await)
}

/// What a search is answered with.
enum Wanted {
    /// A page for people.
    Page,
    /// A page for programs.
    Hits,
    TakeAway(TakeAway),
}

/// Forms of a whole result that `Accept` may name at the address of the search itself.
const BY_ACCEPT: [TakeAway; 5] = [
    TakeAway::Export(Export::Csv),
    TakeAway::Feed(Feed::Atom),
    TakeAway::Feed(Feed::Json),
    TakeAway::Export(Export::Rdf(Format::Turtle)),
    TakeAway::Export(Export::Rdf(Format::JsonLd)),
];

/// By `format=`, else by `Accept`.
fn wanted_answer(request: &HttpRequest) -> Result<Wanted, WebError> {
    match parameter(request, "format").as_deref() {
        None => (),
        Some("json") => return Ok(Wanted::Hits),
        Some("html") => return Ok(Wanted::Page),
        Some(other) => {
            let known = TakeAway::from_extension(other).map(Wanted::TakeAway);
            return known.ok_or_else(|| WebError::NotAcceptable {
                accept: other.to_owned(),
                offered: "json, html, csv, jsonl, ttl, jsonld, bib, ris, atom, feed.json"
                    .to_owned(),
            });
        }
    }
    let types = BY_ACCEPT.map(|one| [one.media_type()]);
    let mut offered: Vec<&[&str]> = vec![&["application/json"], &["text/html"]];
    offered.extend(types.iter().map(<[_; 1]>::as_slice));
    let accept = header_text(request, header::ACCEPT);
    Ok(match negotiate::choose(accept, &offered) {
        Some(0) => Wanted::Hits,
        Some(at) if at >= 2 => Wanted::TakeAway(BY_ACCEPT[at - 2]),
        _ => Wanted::Page,
    })
}

/// The address of the page of results that a query stands for.
pub fn search_address(root: &str, query: &SearchQuery) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.extend_pairs(query.to_pairs());
    let pairs = pairs.finish();
    if pairs.is_empty() {
        format!("{root}/search")
    } else {
        format!("{root}/search?{pairs}")
    }
}

fn page_json(base: &str, query: &SearchQuery, page: &SearchPage) -> Value {
    let beside = |cursor: &Option<crate::search::Cursor>| {
        cursor.as_ref().map(|cursor| {
            let query = SearchQuery {
                after: Some(cursor.clone()),
                ..query.clone()
            };
            search_address(base, &query)
        })
    };
    let mut body = json!(page);
    body["next"] = json!(beside(&page.next));
    body["previous"] = json!(beside(&page.previous));
    if let Some(readings) = body["understood"].as_array_mut() {
        for (reading, understood) in readings.iter_mut().zip(&page.understood) {
            reading["narrow"] = narrowings(base, query, understood);
        }
    }
    if let Some(hits) = body["hits"].as_array_mut() {
        for (hit, found) in hits.iter_mut().zip(&page.hits) {
            hit["url"] = json!(format!("{base}{}", found.path));
        }
    }
    body
}

/// The addresses at which some words mean less: only themselves, or only one concept, alone or with what is below it.
fn narrowings(base: &str, query: &SearchQuery, understood: &Understood) -> Value {
    let (words, iri) = (&understood.text, &understood.iri);
    let address = |taken| search_address(base, &query.taking(words, taken));
    json!({
        "words": address(Some(Taken::Words)),
        "itself": address(Some(Taken::Itself(iri.clone()))),
        "with_narrower": address(Some(Taken::WithNarrower(iri.clone()))),
        "everything": query.sense(words).map(|_| address(None)),
    })
}

async fn suggest(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let text = parameter(&request, "q").unwrap_or_default();
        let index = std::sync::Arc::clone(&door.index);
        let suggestions = crate::catalogue::projection::blocking(move || {
            index
                .suggest(&text, SUGGESTIONS_MAX)
                .map_err(|error| CatalogueError::Interrupted(error.to_string()))
        });
        let root = door.base().path_prefix();
        let listed: Vec<Value> = suggestions
            .await?
            .iter()
            .map(|one| suggestion(root, one))
            .collect();
        Ok(HttpResponse::Ok().json(json!({ "suggestions": listed })))
    };
    answered(&door, &request, answer.await)
}

/// How many records like another are given.
const SIMILAR_MAX: usize = 10;

/// `GET /search/similar?id=IRI`: the records that are most like one.
async fn similar(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let id = parameter(&request, "id").ok_or_else(|| WebError::Parameter {
            name: "id",
            message: "name the record by its IRI or its path".to_owned(),
        })?;
        let iri = if id.starts_with('/') {
            door.base().iri(&id).into_string()
        } else {
            id
        };
        let index = std::sync::Arc::clone(&door.index);
        let (asked, language) = (iri.clone(), language_of(&request));
        let found = crate::catalogue::projection::blocking(move || {
            index
                .similar(&asked, SIMILAR_MAX, language)
                .map_err(|error| CatalogueError::Interrupted(error.to_string()))
        });
        let found = found.await?;
        let hits = found.ok_or_else(|| CatalogueError::NotFound(iri.clone()))?;
        let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
        if negotiate::choose(header_text(&request, header::ACCEPT), &offered) == Some(1) {
            return showing::similar(&door, &request, &iri, &hits).await;
        }
        let base = door.base();
        let listed = hits.iter().map(|hit| {
            let mut body = json!(hit);
            body["url"] = json!(format!("{base}{}", hit.path));
            body["href"] = json!(format!("{}{}", base.path_prefix(), hit.path));
            body
        });
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(json!({ "id": iri, "hits": listed.collect::<Vec<_>>() })))
    };
    answered(&door, &request, answer.await)
}

/// A suggestion with the address that it leads to.
fn suggestion(root: &str, one: &Suggestion) -> Value {
    let mut body = json!(one);
    let value: String = url::form_urlencoded::byte_serialize(one.value.as_bytes()).collect();
    let href = match (&one.path, &one.facet) {
        (Some(path), _) => format!("{root}{path}"),
        (None, Some(facet)) => format!("{root}/search?{facet}={value}"),
        (None, None) => format!("{root}/search?q={value}"),
    };
    body["href"] = json!(href);
    body
}

async fn validate_form(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(
        &door,
        &request,
        showing::validate_form(&door, &request).await,
    )
}

/// `POST /validate?profile=NAME`: checks a document without storing it, against each of the
/// profiles that are named.
async fn validate(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let is_form =
            actix_web::HttpMessage::content_type(&request) == "application/x-www-form-urlencoded";
        let bytes = body::bytes(&door, &request, &mut payload).await?;
        if is_form {
            return showing::validated(&door, &request, &bytes).await;
        }
        let format = body::format(&request)?;
        let checks = check(&door, bytes, format, profiles(&request)).await?;
        Ok(checks_answer(&request, &checks))
    };
    answered(&door, &request, answer.await)
}

/// The profiles that an address names, by a parameter each or with commas between.
fn profiles(request: &HttpRequest) -> Vec<String> {
    let pairs = parameters(request).into_iter();
    let named = pairs.filter(|(name, _)| name == "profile");
    let names = named.flat_map(|(_, value)| {
        let names = value.split(',').map(|name| name.trim().to_owned());
        names.collect::<Vec<_>>()
    });
    names
        .filter(|name| !name.is_empty())
        .take(PROFILES_MAX)
        .collect()
}

/// The checks of a document, and where in it everything stands.
pub struct Checks {
    pub all: Vec<Checked>,
    pub places: Places,
}

/// Checks every record of a document against each of the named profiles; without any, against
/// those that the record itself names, else that of its kind.
pub async fn check(
    door: &Door,
    bytes: Vec<u8>,
    format: Format,
    profiles: Vec<String>,
) -> Result<Checks, WebError> {
    let catalogue = door.catalogue.clone();
    let work = move || {
        let (triples, places) = read(&catalogue, &bytes, format)?;
        let triples = incoming::distinct(triples);
        let records = incoming::split(&triples, catalogue.kinds(), catalogue.base(), None);
        if records.is_empty() {
            return Err(CatalogueError::Empty);
        }
        if records.len() > RECORDS_CHECKED_MAX {
            let (found, max) = (records.len(), RECORDS_CHECKED_MAX);
            return Err(CatalogueError::TooMany { found, max });
        }
        let mut all = Vec::new();
        for record in records {
            for profile in catalogue.profiles_for(&Description::from(&record), &profiles)? {
                all.push(catalogue.check(&profile, &record.iri, &record.triples));
            }
        }
        Ok(Checks { all, places })
    };
    Ok(crate::catalogue::projection::blocking(work).await?)
}

fn read(
    catalogue: &Catalogue,
    bytes: &[u8],
    format: Format,
) -> Result<(Vec<Triple>, Places), SyntaxError> {
    let base = format!("{}/", catalogue.base());
    Places::read(bytes, format, Some(&base))
}

fn checks_answer(request: &HttpRequest, checks: &Checks) -> HttpResponse {
    match wanted_format(request) {
        None => {
            let language = language_of(request);
            let one = |checked: &Checked| checked.to_full_json(language, &checks.places);
            let all: Vec<Value> = checks.all.iter().map(one).collect();
            let conforms = checks.all.iter().all(Checked::fits);
            HttpResponse::Ok().json(json!({ "conforms": conforms, "records": all }))
        }
        Some(format) => {
            let triples: Vec<Triple> = checks
                .all
                .iter()
                .flat_map(|checked| checked.report.to_graph())
                .collect();
            rdf(format, &triples)
        }
    }
}

/// The RDF format that a client wants instead of JSON.
fn wanted_format(request: &HttpRequest) -> Option<Format> {
    let json_types: &[&str] = &["application/json", "application/problem+json"];
    let mut offered: Vec<&[&str]> = vec![json_types];
    offered.extend(Format::ALL.iter().map(|format| format.media_types()));
    match negotiate::choose(header_text(request, header::ACCEPT), &offered) {
        Some(0) | None => None,
        Some(at) => Some(Format::ALL[at - 1]),
    }
}

/// What is answered to a wish to migrate.
enum Migrated {
    Rdf(Format, Vec<Triple>),
    Report(Value),
}

/// `POST /migrate?from=NAME&to=NAME`: brings a document over to another profile without storing it.
async fn migrate(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let bytes = body::bytes(&door, &request, &mut payload).await?;
        let format = body::format(&request)?;
        let (from, to) = (parameter(&request, "from"), parameter(&request, "to"));
        let (catalogue, wanted) = (door.catalogue.clone(), wanted_format(&request));
        let language = language_of(&request);
        let work = move || {
            let way = Way::find(catalogue.profiles(), from.as_deref(), to.as_deref())?;
            let (triples, places) = read(&catalogue, &bytes, format)?;
            let migration = catalogue.migrate(&way, &triples)?;
            Ok::<_, CatalogueError>(if let Some(format) = wanted {
                Migrated::Rdf(format, migration.triples)
            } else {
                let report = migration.to_json(catalogue.ontology(), language, &places);
                Migrated::Report(with_document(report, &migration))
            })
        };
        Ok(match crate::catalogue::projection::blocking(work).await? {
            Migrated::Rdf(format, triples) => rdf(format, &triples),
            Migrated::Report(report) => HttpResponse::Ok()
                .insert_header((header::VARY, VARY))
                .json(report),
        })
    };
    answered(&door, &request, answer.await)
}

/// Adds the new document to a report, as Turtle.
fn with_document(mut report: Value, migration: &Migration) -> Value {
    let triples = migration.triples.iter().map(Triple::as_ref);
    let turtle = format::write_triples(Format::Turtle, triples);
    report["turtle"] = json!(String::from_utf8_lossy(&turtle));
    report
}

async fn openapi(door: web::Data<Door>) -> HttpResponse {
    HttpResponse::Ok().json(super::openapi::document(
        door.base().as_str(),
        door.catalogue.kinds(),
    ))
}
