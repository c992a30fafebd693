//! How does somebody map a table of own terms to our concepts? The Reconciliation Service API 0.2 of
//! W3C's community group, as OpenRefine speaks it.
//!
//! An entity is a concept, known by its official IRI. A type is where a concept may stand: a code
//! list, or a concept that has others below it.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};
use std::sync::Arc;

use super::address;
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::ontology::{Concept, Hit, How, NameKind, Ontology};
use crate::web::answered;
use crate::web::body;
use crate::web::error::{Answer, WebError};
use crate::web::pages::preview::PreviewPage;
use crate::web::pages::text::Text;
use crate::web::server::{Door, language_of, page_language, parameter};
use crate::web::showing;

/// No more queries are answered at once.
const QUERIES_MAX: usize = 200;
/// No more rows are extended at once.
const ROWS_MAX: usize = 1_000;
const PROPERTIES_MAX: usize = 50;
const TYPES_MAX: usize = 20;
/// No more values are given for a property of a row.
const VALUES_MAX: usize = 200;
const CANDIDATES: usize = 10;
const CANDIDATES_MAX: usize = 100;
const SUGGESTIONS: usize = 20;
/// The largest batch that is read.
const BODY_BYTES_MAX: usize = 1024 * 1024;
/// The score of a candidate that is named exactly so.
const SCORE_MAX: f64 = 100.0;
/// What a property that agrees adds, and one that does not takes away.
const PROPERTY_SCORE: f64 = 15.0;
/// A label that is what was typed scores so much (see [`Ontology::search`]).
const LABEL_SCORE: f64 = 1.5;
const SCHEMA_SPACE: &str = "http://www.w3.org/2004/02/skos/core#";
/// The part of a property's identifier before the system of a code.
const CODE_PREFIX: &str = "code:";
/// A preview stands in the frame of another page and loads nothing.
const PREVIEW_SECURITY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
     form-action 'none'; frame-ancestors *";

/// The properties of a concept: identifier and name.
const PROPERTIES: [(&str, &str); 9] = [
    ("prefLabel", "label"),
    ("altLabel", "synonym"),
    ("definition", "definition"),
    ("notation", "code"),
    ("broader", "broader concept"),
    ("narrower", "narrower concept"),
    ("exactMatch", "equivalent concept"),
    ("inScheme", "code list"),
    ("deprecated", "out of use"),
];
/// Terminologies whose codes may be fetched and compared.
const SYSTEMS: [&str; 12] = [
    "SNOMEDCT", "RadLex", "NCIT", "ICD10", "ICD10PCS", "ICDO3", "LOINC", "UMLS", "OMOP", "DICOM",
    "ATC", "RxNorm",
];

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/ontology/reconcile", web::get().to(by_address))
        .route("/ontology/reconcile", web::post().to(by_form))
        .route("/ontology/reconcile/preview", web::get().to(preview))
        .route(
            "/ontology/reconcile/suggest/entity",
            web::get().to(suggest_entity),
        )
        .route(
            "/ontology/reconcile/suggest/type",
            web::get().to(suggest_type),
        )
        .route(
            "/ontology/reconcile/suggest/property",
            web::get().to(suggest_property),
        )
        .route("/ontology/reconcile/properties", web::get().to(propose));
}

/// §3: without a parameter, what this service is; with one, as a form would be.
async fn by_address(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let wish = Wish::of(request.query_string().as_bytes());
    answered(&door, &request, answer(&door, &request, wish).await)
}

async fn by_form(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let done = async {
        let bytes = body::bytes_within(BODY_BYTES_MAX, &request, &mut payload).await?;
        answer(&door, &request, Wish::of(&bytes)).await
    };
    answered(&door, &request, done.await)
}

/// What a form asks for.
enum Wish {
    Manifest,
    Queries(String),
    Extend(String),
}

impl Wish {
    fn of(form: &[u8]) -> Self {
        for (name, value) in url::form_urlencoded::parse(form) {
            match &*name {
                "queries" => return Self::Queries(value.into_owned()),
                "extend" => return Self::Extend(value.into_owned()),
                _ => {}
            }
        }
        Self::Manifest
    }
}

async fn answer(door: &Door, request: &HttpRequest, wish: Wish) -> Answer {
    let ontology = Arc::clone(door.catalogue.ontology());
    let language = language_of(request);
    let body = match wish {
        Wish::Manifest => manifest(door),
        Wish::Queries(text) => {
            let queries = queries(&text)?;
            let work = move || Ok::<_, CatalogueError>(reconcile(&ontology, &queries, language));
            blocking(work).await?
        }
        Wish::Extend(text) => {
            let extension = Extension::read(&text)?;
            let work = move || Ok::<_, CatalogueError>(extension.answer(&ontology, language));
            blocking(work).await?
        }
    };
    Ok(HttpResponse::Ok().json(body))
}

/// §3.1.
fn manifest(door: &Door) -> Value {
    let service = format!("{}/ontology/reconcile", door.base());
    let at = |path: &str| json!({ "service_url": service, "service_path": path });
    let default_types: Vec<Value> = door
        .catalogue
        .ontology()
        .vocabularies()
        .iter()
        .take(1)
        .map(|vocabulary| json!({ "id": vocabulary.iri, "name": vocabulary.title("en") }))
        .collect();
    json!({
        "versions": ["0.2"],
        "name": format!("{}: concepts", door.settings.name),
        "identifierSpace": format!("{}/ontology/concept?iri=", door.base()),
        "schemaSpace": SCHEMA_SPACE,
        "documentation": format!("{}/openapi.json", door.base()),
        "serviceVersion": env!("CARGO_PKG_VERSION"),
        "defaultTypes": default_types,
        "view": { "url": format!("{}/ontology/concept?iri={{{{id}}}}", door.base()) },
        "preview": { "url": format!("{service}/preview?id={{{{id}}}}"), "width": 430, "height": 300 },
        "suggest": { "entity": at("/suggest/entity"), "type": at("/suggest/type"), "property": at("/suggest/property") },
        "extend": {
            "propose_properties": at("/properties"),
            "property_settings": [
                { "name": "limit", "label": "Values at most", "type": "number", "default": VALUES_MAX,
                  "help_text": "No more values of this property are fetched for a concept." },
                { "name": "language", "label": "Language", "type": "text", "default": "",
                  "help_text": "Only labels and synonyms in this language, such as de." },
            ],
        },
    })
}

/// One query of a batch (§4.2).
struct Query {
    key: String,
    text: String,
    types: Vec<String>,
    every_type: bool,
    limit: usize,
    properties: Vec<(String, Vec<String>)>,
}

fn wrong(name: &'static str, message: impl Into<String>) -> WebError {
    let message = message.into();
    WebError::Parameter { name, message }
}

fn object(name: &'static str, text: &str) -> Result<Map<String, Value>, WebError> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(wrong(name, "must be a JSON object")),
        Err(error) => Err(wrong(name, format!("is no JSON: {error}"))),
    }
}

fn queries(text: &str) -> Result<Vec<Query>, WebError> {
    let batch = object("queries", text)?;
    if batch.len() > QUERIES_MAX {
        let found = batch.len();
        return Err(wrong(
            "queries",
            format!("holds {found} queries; send at most {QUERIES_MAX} at once"),
        ));
    }
    batch
        .into_iter()
        .map(|(key, query)| Query::read(key, &query))
        .collect()
}

impl Query {
    fn read(key: String, query: &Value) -> Result<Self, WebError> {
        if !query.is_object() {
            return Err(wrong("queries", format!("{key} must be a JSON object")));
        }
        let limit = query["limit"]
            .as_u64()
            .and_then(|limit| usize::try_from(limit).ok());
        let property = |property: &Value| {
            let pid = property["pid"].as_str()?.to_owned();
            Some((pid, values(&property["v"])))
        };
        let given = query["properties"].as_array().into_iter().flatten();
        let properties: Vec<_> = given.take(PROPERTIES_MAX).filter_map(property).collect();
        let text = query["query"].as_str().unwrap_or_default().to_owned();
        if text.trim().is_empty() && properties.is_empty() {
            return Err(wrong(
                "queries",
                format!("{key} has neither a query nor properties"),
            ));
        }
        Ok(Self {
            key,
            text,
            types: values(&query["type"]).into_iter().take(TYPES_MAX).collect(),
            every_type: query["type_strict"] == "all",
            limit: limit.unwrap_or(CANDIDATES).clamp(1, CANDIDATES_MAX),
            properties,
        })
    }

    /// The candidates, the best first. Codes that are given as properties find concepts, too.
    fn candidates<'a>(&self, ontology: &'a Ontology) -> Vec<Candidate<'a>> {
        let wanted = |concept: &Concept| {
            let is_in = |kind: &String| is_of(ontology, concept, kind);
            if self.every_type {
                self.types.iter().all(is_in)
            } else {
                self.types.is_empty() || self.types.iter().any(is_in)
            }
        };
        let mut found: Vec<Hit<'a>> = match self.types.as_slice() {
            [one] => ontology.search(&self.text, Some(one), self.limit),
            [] => ontology.search(&self.text, None, self.limit),
            _ => ontology.search(&self.text, None, CANDIDATES_MAX),
        };
        for (pid, values) in &self.properties {
            let Some(system) = pid.strip_prefix(CODE_PREFIX) else {
                continue;
            };
            for code in values {
                for concept in ontology.by_code(Some(system), code) {
                    if !found.iter().any(|hit| std::ptr::eq(hit.concept, concept)) {
                        found.push(Hit {
                            concept,
                            text: concept.name(),
                            name: NameKind::Code("code"),
                            how: How::Exact,
                            score: 0.9,
                        });
                    }
                }
            }
        }
        let judged = found.into_iter().filter(|hit| wanted(hit.concept));
        let mut candidates: Vec<Candidate<'a>> =
            judged.map(|hit| self.judge(ontology, &hit)).collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        candidates.truncate(self.limit);
        candidates
    }

    fn judge<'a>(&self, ontology: &Ontology, hit: &Hit<'a>) -> Candidate<'a> {
        let by_name = (f64::from(hit.score) / LABEL_SCORE * SCORE_MAX).min(SCORE_MAX);
        let mut score = by_name;
        let mut features = vec![
            json!({ "id": "name", "value": rounded(by_name) }),
            json!({ "id": format!("name_{}", hit.how.word()), "value": true }),
        ];
        for (pid, values) in &self.properties {
            let agrees = agrees(ontology, hit.concept, pid, values);
            score += if agrees {
                PROPERTY_SCORE
            } else {
                -PROPERTY_SCORE
            };
            features.push(json!({ "id": pid, "value": agrees }));
        }
        Candidate {
            concept: hit.concept,
            exact: hit.how == How::Exact,
            score: score.clamp(0.0, SCORE_MAX),
            features,
        }
    }
}

struct Candidate<'a> {
    concept: &'a Concept,
    exact: bool,
    score: f64,
    features: Vec<Value>,
}

/// §4.4. A candidate is certain when it alone is named exactly so, or far ahead of the next.
fn reconcile(ontology: &Ontology, queries: &[Query], language: &str) -> Value {
    let mut answers = Map::new();
    for query in queries {
        let candidates = query.candidates(ontology);
        let best = candidates.first().map_or(0.0, |best| best.score);
        let rivals = candidates
            .iter()
            .filter(|one| one.exact && one.score > best - PROPERTY_SCORE)
            .count();
        let result: Vec<Value> = candidates
            .iter()
            .enumerate()
            .map(|(place, one)| {
                json!({
                    "id": one.concept.iri,
                    "name": one.concept.label(language).unwrap_or(&one.concept.code),
                    "description": description(ontology, one.concept, language),
                    "type": types_of(ontology, one.concept, language),
                    "score": rounded(one.score),
                    "features": one.features,
                    "match": place == 0 && one.exact && rivals == 1,
                })
            })
            .collect();
        answers.insert(query.key.clone(), json!({ "result": result }));
    }
    Value::Object(answers)
}

fn rounded(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}

/// The texts of a value or of several.
fn values(value: &Value) -> Vec<String> {
    match value {
        Value::Array(several) => several.iter().flat_map(values).take(VALUES_MAX).collect(),
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(flag) => vec![flag.to_string()],
        Value::Object(object) => object.get("id").map(values).unwrap_or_default(),
        Value::Null => Vec::new(),
    }
}

fn is_of(ontology: &Ontology, concept: &Concept, kind: &str) -> bool {
    *concept.source == *kind || ontology.is_member(&concept.iri, kind)
}

/// Its code, and what stands above: enough to tell namesakes apart.
fn description(ontology: &Ontology, concept: &Concept, language: &str) -> String {
    let above = ontology.parents(&concept.iri);
    match above.first() {
        Some(parent) => {
            let parent = parent.label(language).unwrap_or(&parent.code);
            format!("{} · {parent}", concept.code)
        }
        None => concept.code.clone(),
    }
}

/// The code lists that a concept belongs to, and what stands right above it.
fn types_of(ontology: &Ontology, concept: &Concept, language: &str) -> Vec<Value> {
    let lists = concept.schemes.iter().filter_map(|scheme| {
        let list = ontology.scheme_title(scheme)?;
        Some(json!({ "id": **scheme, "name": list }))
    });
    let above = ontology.parents(&concept.iri).into_iter().map(|parent| {
        json!({ "id": parent.iri, "name": parent.label(language).unwrap_or(&parent.code) })
    });
    lists.chain(above).collect()
}

/// One value of a property of a concept.
enum Found<'a> {
    Text(&'a str, &'a str),
    Plain(String),
    Concept(&'a Concept),
}

fn property_values<'a>(ontology: &'a Ontology, concept: &'a Concept, pid: &str) -> Vec<Found<'a>> {
    let texts = |pairs: &'a [(String, String)]| {
        let texts = pairs
            .iter()
            .map(|(language, text)| Found::Text(language, text));
        texts.collect::<Vec<_>>()
    };
    let concepts = |concepts: Vec<&'a Concept>| concepts.into_iter().map(Found::Concept).collect();
    if let Some(system) = pid.strip_prefix(CODE_PREFIX) {
        let of_system = concept.codes.iter().filter(|code| *code.system == *system);
        return of_system
            .map(|code| Found::Plain(code.code.clone()))
            .collect();
    }
    match pid {
        "prefLabel" => texts(&concept.labels),
        "altLabel" => texts(&concept.synonyms),
        "definition" => concept
            .definition
            .iter()
            .cloned()
            .map(Found::Plain)
            .collect(),
        "notation" => vec![Found::Plain(concept.code.clone())],
        "broader" => concepts(ontology.parents(&concept.iri)),
        "narrower" => concepts(ontology.children(&concept.iri)),
        "exactMatch" => concepts(ontology.equivalents(&concept.iri)),
        "inScheme" => concept
            .schemes
            .iter()
            .map(|iri| Found::Plain(iri.to_string()))
            .collect(),
        "deprecated" => vec![Found::Plain(concept.deprecated.to_string())],
        _ => Vec::new(),
    }
}

/// Whether a concept has one of some values. Concepts are given by IRI, code or label; everything
/// above counts as broader.
fn agrees(ontology: &Ontology, concept: &Concept, pid: &str, values: &[String]) -> bool {
    if pid == "broader" {
        let is_above = |value: &String| {
            let by_label = ontology.by_label(value).into_iter();
            let named = by_label.chain(ontology.by_code(None, value));
            named
                .chain(ontology.concept(value))
                .any(|one| one.iri != concept.iri && ontology.is_a(&concept.iri, &one.iri))
        };
        return values.iter().any(is_above);
    }
    let found = property_values(ontology, concept, pid);
    found.iter().any(|one| {
        values.iter().any(|value| match one {
            Found::Text(_, text) => text.eq_ignore_ascii_case(value),
            Found::Plain(text) => text.eq_ignore_ascii_case(value),
            Found::Concept(other) => {
                other.iri == *value
                    || other.code == *value
                    || other.name().eq_ignore_ascii_case(value)
            }
        })
    })
}

/// A wish for properties of concepts (§6.2).
struct Extension {
    ids: Vec<String>,
    properties: Vec<Wanted>,
}

struct Wanted {
    id: String,
    limit: usize,
    language: Option<String>,
}

impl Extension {
    fn read(text: &str) -> Result<Self, WebError> {
        let wish = object("extend", text)?;
        let list = |name: &str| wish.get(name).and_then(Value::as_array);
        let ids = list("ids").ok_or_else(|| wrong("extend", "needs a list of ids"))?;
        let wanted =
            list("properties").ok_or_else(|| wrong("extend", "needs a list of properties"))?;
        if ids.len() > ROWS_MAX || wanted.len() > PROPERTIES_MAX {
            let message =
                format!("take at most {ROWS_MAX} ids and {PROPERTIES_MAX} properties at once");
            return Err(wrong("extend", message));
        }
        let property = |property: &Value| {
            let limit = property["settings"]["limit"].as_u64();
            let limit = limit
                .and_then(|limit| usize::try_from(limit).ok())
                .filter(|limit| *limit > 0);
            let language = property["settings"]["language"]
                .as_str()
                .filter(|tag| !tag.is_empty());
            Some(Wanted {
                id: property["id"].as_str()?.to_owned(),
                limit: limit.unwrap_or(VALUES_MAX).min(VALUES_MAX),
                language: language.map(str::to_owned),
            })
        };
        Ok(Self {
            ids: ids
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            properties: wanted.iter().filter_map(property).collect(),
        })
    }

    fn answer(&self, ontology: &Ontology, language: &str) -> Value {
        let meta = |wanted: &Wanted| {
            let mut meta = json!({ "id": wanted.id, "name": property_name(&wanted.id) });
            if matches!(wanted.id.as_str(), "broader" | "narrower" | "exactMatch") {
                meta["type"] = json!({ "id": format!("{SCHEMA_SPACE}Concept"), "name": "Concept" });
            }
            meta
        };
        let mut rows = Map::new();
        for id in &self.ids {
            let mut row = Map::new();
            for wanted in &self.properties {
                let values = ontology
                    .concept(id)
                    .map(|concept| wanted.values(ontology, concept, language));
                row.insert(wanted.id.clone(), Value::Array(values.unwrap_or_default()));
            }
            rows.insert(id.clone(), Value::Object(row));
        }
        json!({ "meta": self.properties.iter().map(meta).collect::<Vec<_>>(), "rows": rows })
    }
}

impl Wanted {
    fn values(&self, ontology: &Ontology, concept: &Concept, language: &str) -> Vec<Value> {
        let in_language = |found: &Found<'_>| match (found, &self.language) {
            (Found::Text(tag, _), Some(wanted)) => tag.eq_ignore_ascii_case(wanted),
            _ => true,
        };
        property_values(ontology, concept, &self.id)
            .into_iter()
            .filter(in_language)
            .take(self.limit)
            .map(|found| match found {
                Found::Text(_, text) => json!({ "str": text }),
                Found::Plain(text) => json!({ "str": text }),
                Found::Concept(other) => {
                    json!({ "id": other.iri, "name": other.label(language).unwrap_or(&other.code) })
                }
            })
            .collect()
    }
}

fn property_name(id: &str) -> String {
    let known = PROPERTIES.iter().find(|(known, _)| *known == id);
    match (known, id.strip_prefix(CODE_PREFIX)) {
        (Some((_, name)), _) => (*name).to_owned(),
        (None, Some(system)) => format!("{system} code"),
        (None, None) => id.to_owned(),
    }
}

fn properties() -> impl Iterator<Item = (String, String)> {
    let fixed = PROPERTIES
        .iter()
        .map(|(id, name)| ((*id).to_owned(), (*name).to_owned()));
    let codes = SYSTEMS.iter().map(|system| {
        let id = format!("{CODE_PREFIX}{system}");
        let name = property_name(&id);
        (id, name)
    });
    fixed.chain(codes)
}

/// §6.1: the properties that may be fetched are the same for every type.
async fn propose(request: HttpRequest) -> HttpResponse {
    let limit = parameter(&request, "limit").and_then(|text| text.parse().ok());
    let all = properties().take(limit.unwrap_or(PROPERTIES_MAX));
    let listed: Vec<Value> = all
        .map(|(id, name)| json!({ "id": id, "name": name }))
        .collect();
    let mut body = json!({ "properties": listed });
    if let Some(kind) = parameter(&request, "type") {
        body["type"] = json!(kind);
    }
    if let Some(limit) = limit {
        body["limit"] = json!(limit);
    }
    HttpResponse::Ok().json(body)
}

/// What was typed, and how many suggestions come before those that are wanted (§5).
fn typed(request: &HttpRequest) -> (String, usize) {
    let cursor = parameter(request, "cursor").and_then(|text| text.parse().ok());
    let prefix = parameter(request, "prefix").unwrap_or_default();
    (prefix, cursor.unwrap_or(0).min(CANDIDATES_MAX))
}

async fn suggest_entity(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let (text, cursor) = typed(&request);
        let ontology = Arc::clone(door.catalogue.ontology());
        let language = language_of(&request);
        let work = move || {
            let hits = ontology.search(&text, None, cursor + SUGGESTIONS);
            let suggestion = |hit: &Hit<'_>| {
                json!({
                    "id": hit.concept.iri,
                    "name": hit.concept.label(language).unwrap_or(&hit.concept.code),
                    "description": description(&ontology, hit.concept, language),
                    "notable": types_of(&ontology, hit.concept, language),
                })
            };
            let listed: Vec<Value> = hits.iter().skip(cursor).map(suggestion).collect();
            Ok::<_, CatalogueError>(json!({ "result": listed }))
        };
        Ok(HttpResponse::Ok().json(blocking(work).await?))
    };
    answered(&door, &request, answer.await)
}

async fn suggest_type(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let (text, cursor) = typed(&request);
        let ontology = Arc::clone(door.catalogue.ontology());
        let language = language_of(&request);
        let work = move || {
            let folded = text.to_lowercase();
            let vocabularies = ontology.vocabularies();
            let vocabularies = vocabularies
                .iter()
                .map(|one| (one.iri.to_owned(), one.title(language).to_owned()));
            let lists = ontology
                .schemes()
                .into_iter()
                .map(|list| (list.iri.to_owned(), list.title.to_owned()));
            let mut found: Vec<(String, String)> = vocabularies
                .chain(lists)
                .filter(|(_, name)| name.to_lowercase().contains(&folded))
                .collect();
            let hits = ontology.search(&text, None, CANDIDATES_MAX).into_iter();
            found.extend(
                hits.filter(|hit| ontology.count_below(&hit.concept.iri) > 0)
                    .map(|hit| {
                        let name = hit.concept.label(language).unwrap_or(&hit.concept.code);
                        (hit.concept.iri.clone(), name.to_owned())
                    }),
            );
            let mut seen = std::collections::BTreeSet::new();
            found.retain(|(iri, _)| seen.insert(iri.clone()));
            let listed: Vec<Value> = found
                .into_iter()
                .skip(cursor)
                .take(SUGGESTIONS)
                .map(|(id, name)| json!({ "id": id, "name": name }))
                .collect();
            Ok::<_, CatalogueError>(json!({ "result": listed }))
        };
        Ok(HttpResponse::Ok().json(blocking(work).await?))
    };
    answered(&door, &request, answer.await)
}

async fn suggest_property(request: HttpRequest) -> HttpResponse {
    let (text, cursor) = typed(&request);
    let folded = text.to_lowercase();
    let fits = |(id, name): &(String, String)| {
        id.to_lowercase().contains(&folded) || name.to_lowercase().contains(&folded)
    };
    let listed: Vec<Value> = properties()
        .filter(fits)
        .skip(cursor)
        .take(SUGGESTIONS)
        .map(|(id, name)| json!({ "id": id, "name": name }))
        .collect();
    HttpResponse::Ok().json(json!({ "result": listed }))
}

/// §7: a little page about a concept, for a frame.
async fn preview(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let iri = parameter(&request, "id").unwrap_or_default();
        let ontology = door.catalogue.ontology();
        let concept = ontology.concept(&iri).ok_or(WebError::NotFound(iri))?;
        let language = language_of(&request);
        let label = |one: &Concept| one.label(language).unwrap_or(&one.code).to_owned();
        let root = door.base().as_str();
        let page = PreviewPage {
            language: page_language(&request),
            label: Text::plain(label(concept)),
            code: concept.code.clone(),
            iri: concept.iri.clone(),
            href: address(root, ontology, concept),
            synonyms: concept
                .synonyms
                .iter()
                .take(8)
                .map(|(tag, text)| Text::in_language(text, tag))
                .collect(),
            definition: concept.definition.clone(),
            parents: ontology
                .parents(&concept.iri)
                .into_iter()
                .map(|parent| Text::plain(label(parent)))
                .collect(),
            codes: concept
                .codes
                .iter()
                .map(|code| format!("{} {}", code.system, code.code))
                .collect(),
        };
        let mut response = showing::answer(actix_web::http::StatusCode::OK, &page);
        let security = header::HeaderValue::from_static(PREVIEW_SECURITY);
        response
            .headers_mut()
            .insert(header::CONTENT_SECURITY_POLICY, security);
        Ok(response)
    };
    answered(&door, &request, answer.await)
}
