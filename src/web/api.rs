//! Search and checks as JSON, for programs and for the pages' own script.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::WebError;
use super::linked_data::read::rdf;
use super::server::{Door, header_text, language_of, parameter, parameters};
use super::{VARY, answered, body, negotiate, showing};
use crate::catalogue::{CatalogueError, Checked, incoming};
use crate::rdf::places::Places;
use crate::rdf::{Format, Triple};
use crate::search::{SearchPage, SearchQuery, Suggestion};

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
        .route("/validate", web::get().to(validate_form))
        .route("/validate", web::post().to(validate))
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
        let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
        let accept = header_text(&request, header::ACCEPT);
        let wants_json = parameter(&request, "format").is_some_and(|format| format == "json")
            || negotiate::choose(accept, &offered) == Some(0);
        let query = query_of(&request);
        if !wants_json {
            return showing::search(&door, &request, query).await;
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
    if let Some(hits) = body["hits"].as_array_mut() {
        for (hit, found) in hits.iter_mut().zip(&page.hits) {
            hit["url"] = json!(format!("{base}{}", found.path));
        }
    }
    body
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
        let base = format!("{}/", catalogue.base());
        let (triples, places) = Places::read(&bytes, format, Some(&base))?;
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
            for profile in
                catalogue.profiles_for((&record.kind, &record.iri, &record.triples), &profiles)?
            {
                all.push(catalogue.check(&profile, &record.iri, &record.triples));
            }
        }
        Ok(Checks { all, places })
    };
    Ok(crate::catalogue::projection::blocking(work).await?)
}

fn checks_answer(request: &HttpRequest, checks: &Checks) -> HttpResponse {
    let json_types: &[&str] = &["application/json", "application/problem+json"];
    let mut offered: Vec<&[&str]> = vec![json_types];
    offered.extend(Format::ALL.iter().map(|format| format.media_types()));
    match negotiate::choose(header_text(request, header::ACCEPT), &offered) {
        Some(0) | None => {
            let language = language_of(request);
            let one = |checked: &Checked| checked.to_full_json(language, &checks.places);
            let all: Vec<Value> = checks.all.iter().map(one).collect();
            let conforms = checks.all.iter().all(Checked::fits);
            HttpResponse::Ok().json(json!({ "conforms": conforms, "records": all }))
        }
        Some(at) => {
            let triples: Vec<Triple> = checks
                .all
                .iter()
                .flat_map(|checked| checked.report.to_graph())
                .collect();
            rdf(Format::ALL[at - 1], &triples)
        }
    }
}

async fn openapi(door: web::Data<Door>) -> HttpResponse {
    HttpResponse::Ok().json(super::openapi::document(
        door.base().as_str(),
        door.catalogue.kinds(),
    ))
}
