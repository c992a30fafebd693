//! Which other FAIR Data Points are there? The index: they announce themselves, are looked at, and are listed; and this
//! one announces itself to others.
//!
//! An address that is announced comes from anybody, so it is fetched by `outbound` alone: no private address, a few at
//! one time, with bounds. A visit that fails loses nothing that was known before.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::guard::{Guard, GuardContext};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::visited::{self, Visit};
use super::webhooks::Told;
use super::wire::{admin, administers, drawn_id, json_body, nothing, of_json, of_ledger, segment};
use super::{FairDataPoint, operators};
use crate::auth::Actor;
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::ledger::Shelf;
use crate::outbound::{Limits, Outbound, OutboundError};
use crate::rdf::vocabulary::{dcat, dct, fdp, foaf, r3d, rdf};
use crate::rdf::{Format, NamedNodeRef, NamedOrBlankNode, Term, Triple, format};
use crate::web::answered;
use crate::web::error::WebError;
use crate::web::linked_data::read::{rdf as rdf_answer, rdf_wanted};
use crate::web::server::{Door, parameter};
use crate::web::sparql::Client;

/// Other FAIR Data Points that are looked at at one time.
pub const VISITS_AT_ONCE: usize = 2;
/// Announcements of one client in six hours.
const PINGS_PER_CLIENT: u32 = 10;
const PINGS_REMEMBERED: Duration = Duration::from_secs(6 * 3600);
const CLIENTS_MAX: u64 = 100_000;
/// The longest address.
const ADDRESS_BYTES_MAX: usize = 2_000;
/// The largest root record that is read, and the largest that is kept.
const ROOT_BYTES_MAX: usize = 1 << 20;
const VISIT: Duration = Duration::from_secs(60);
/// One FAIR Data Point is not looked at again before this.
const BETWEEN_VISITS: SignedDuration = SignedDuration::from_mins(10);
/// What was seen longer ago says nothing of today.
const VALID: SignedDuration = SignedDuration::from_hours(7 * 24);
const EVENTS_MAX: usize = 20;
/// The longest text that is taken from a root record.
const TEXT_CHARS_MAX: usize = 1_000;
const PAGE_SIZE: usize = 50;
const PAGE_SIZE_MAX: usize = 200;
/// How long this FAIR Data Point waits before it announces itself.
const BEFORE_FIRST_PING: Duration = Duration::from_secs(10);

const WHAT: &str = "the settings of the index";
const INSTEAD: &str = "The operator changes them in the settings file: [fair_data_point].";

/// How often each client announced something.
pub(super) type Pings = Cache<Client, Arc<AtomicU32>>;

pub(super) fn pings() -> Pings {
    let counts = Cache::builder().max_capacity(CLIENTS_MAX);
    counts.time_to_live(PINGS_REMEMBERED).build()
}

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("", web::post().guard(Json).to(ping))
        .route("/", web::post().guard(Json).to(ping))
        .route("/index/ping", web::post().to(ping))
        .route("/index/entries", web::get().to(page))
        .route("/index/entries/all", web::get().to(all))
        .route("/index/entries/info", web::get().to(counts))
        .route("/index/entries/{uuid}", web::get().to(one))
        .route("/index/entries/{uuid}", web::put().to(permit))
        .route("/index/entries/{uuid}", web::delete().to(remove))
        .route("/index/entries/{uuid}/data", web::get().to(data))
        .route("/index/entries/{uuid}/records", web::get().to(records))
        .route("/index/settings", web::get().to(settings))
        .route("/index/settings", web::put().to(fixed))
        .route("/index/settings", web::delete().to(fixed))
        .route("/index/admin/trigger", web::post().to(trigger))
        .route("/index/admin/trigger-all", web::post().to(trigger_all));
}

/// A body of JSON is an announcement; all else sent to the root is for `linked_data`.
struct Json;

impl Guard for Json {
    fn check(&self, context: &GuardContext<'_>) -> bool {
        let declared = context.head().headers().get(header::CONTENT_TYPE);
        let declared = declared.and_then(|value| value.to_str().ok());
        declared.is_some_and(|text| text.trim_start().starts_with("application/json"))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Permit {
    Accepted,
    Pending,
    Rejected,
}

/// What a visit found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Seen {
    Active,
    Invalid,
    Unreachable,
    Unknown,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    uuid: String,
    client_url: String,
    permit: Permit,
    seen: Seen,
    registration_time: Timestamp,
    modification_time: Timestamp,
    last_retrieval_time: Option<Timestamp>,
    repository_uri: Option<String>,
    metadata: BTreeMap<String, String>,
    events: Vec<Event>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Event {
    uuid: String,
    #[serde(rename = "type")]
    sort: String,
    created: Timestamp,
    finished: Timestamp,
}

impl Entry {
    fn new(client_url: String, permit: Permit, now: Timestamp) -> Self {
        Self {
            uuid: drawn_id("index entry", &client_url),
            client_url,
            permit,
            seen: Seen::Unknown,
            registration_time: now,
            modification_time: now,
            last_retrieval_time: None,
            repository_uri: None,
            metadata: BTreeMap::new(),
            events: Vec::new(),
        }
    }

    fn note(&mut self, sort: &str, now: Timestamp) {
        self.modification_time = now;
        self.events.insert(
            0,
            Event {
                uuid: uuid::Uuid::new_v4().to_string(),
                sort: sort.to_owned(),
                created: now,
                finished: now,
            },
        );
        self.events.truncate(EVENTS_MAX);
    }

    /// An event of the entry, for webhooks.
    fn told(&self, event: &str, at: Timestamp) -> Told {
        Told {
            event: event.to_owned(),
            uuid: self.uuid.clone(),
            client_url: self.client_url.clone(),
            at,
        }
    }

    fn state(&self, now: Timestamp) -> &'static str {
        let is_old = |at: Timestamp| now.duration_since(at) > VALID;
        match self.seen {
            Seen::Active if self.last_retrieval_time.is_none_or(is_old) => "INACTIVE",
            Seen::Active => "ACTIVE",
            Seen::Invalid => "INVALID",
            Seen::Unreachable => "UNREACHABLE",
            Seen::Unknown => "UNKNOWN",
        }
    }

    fn json(&self, now: Timestamp) -> Value {
        json!({
            "uuid": self.uuid, "clientUrl": self.client_url, "state": self.state(now), "permit": self.permit,
            "registrationTime": self.registration_time.to_string(),
            "modificationTime": self.modification_time.to_string(),
        })
    }

    fn detail(&self, now: Timestamp) -> Value {
        let mut body = self.json(now);
        body["currentMetadata"] = json!({
            "metadataVersion": 1, "repositoryUri": self.repository_uri, "metadata": self.metadata,
        });
        body["events"] = json!(self.events);
        body["lastRetrievalTime"] = json!(self.last_retrieval_time.map(|at| at.to_string()));
        body
    }

    fn is_listed(&self, is_admin: bool) -> bool {
        is_admin || self.permit == Permit::Accepted
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Announced {
    client_url: String,
}

async fn ping(
    door: web::Data<Door>,
    fdp: web::Data<FairDataPoint>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        if !fdp.settings.index {
            return Err(WebError::Parameter {
                name: "clientUrl",
                message: "this FAIR Data Point keeps no index".to_owned(),
            });
        }
        count_ping(&door, &fdp, &request)?;
        let announced: Announced = json_body(&request, &mut payload).await?;
        let address = address(&fdp.outbound, &announced.client_url)?;
        let permit = if fdp.settings.index_auto_permit {
            Permit::Accepted
        } else {
            Permit::Pending
        };
        note(&door, &fdp, address, permit, "IncomingPing").await?;
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}

fn count_ping(door: &Door, fdp: &FairDataPoint, request: &HttpRequest) -> Result<(), WebError> {
    let client = Client::of(request, &Actor::Anonymous, &door.settings.proxies);
    let count = fdp.pings.get_with(client, Arc::default);
    if count.fetch_add(1, Ordering::Relaxed) >= PINGS_PER_CLIENT {
        return Err(WebError::Throttled {
            seconds: 3600,
            why: "too many announcements",
        });
    }
    Ok(())
}

/// An address that may be announced. One that leads inside is refused at once when it says so, else when it is visited.
fn address(outbound: &Outbound, text: &str) -> Result<String, WebError> {
    let wrong = |message: &str| WebError::Parameter {
        name: "clientUrl",
        message: message.to_owned(),
    };
    let url = url::Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if text.len() > ADDRESS_BYTES_MAX || !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(
            "send an address that begins with http:// or https://",
        ));
    }
    let is_inside = match url.host() {
        Some(url::Host::Domain(name)) if name == "localhost" || name.ends_with(".localhost") => {
            !outbound.admits(Ipv4Addr::LOCALHOST.into())
        }
        Some(url::Host::Domain(_)) => false,
        Some(url::Host::Ipv4(ip)) => !outbound.admits(ip.into()),
        Some(url::Host::Ipv6(ip)) => !outbound.admits(ip.into()),
        None => true,
    };
    if is_inside {
        return Err(WebError::Forbidden(format!("{text} is no public address")));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Notes an event of an entry, makes the entry when there is none, and looks at the FAIR Data Point when it is time.
async fn note(
    door: &web::Data<Door>,
    fdp: &web::Data<FairDataPoint>,
    address: String,
    permit: Permit,
    event: &str,
) -> Result<(), WebError> {
    let now = door.catalogue.clock().now();
    let known = entry(door, &drawn_id("index entry", &address)).await?;
    let is_new = known.is_none();
    let mut entry = known.unwrap_or_else(|| Entry::new(address, permit, now));
    entry.note(event, now);
    let is_due = |at: Timestamp| now.duration_since(at) >= BETWEEN_VISITS;
    let is_due = entry.last_retrieval_time.is_none_or(is_due);
    keep(door, &entry).await?;
    if is_new {
        fdp.teller.tell(&entry.told("NewEntry", now));
    }
    fdp.teller.tell(&entry.told(event, now));
    if is_due {
        visit_later(door.clone(), fdp.clone(), entry.uuid);
    }
    Ok(())
}

/// Looks at a FAIR Data Point in the background, if there is a place; else it waits for its next announcement.
fn visit_later(door: web::Data<Door>, fdp: web::Data<FairDataPoint>, uuid: String) {
    let Ok(place) = Arc::clone(&fdp.visits).try_acquire_owned() else {
        return;
    };
    tokio::spawn(async move {
        if let Err(error) = visit(&door, &fdp, &uuid).await {
            tracing::warn!(%error, "an entry of the index could not be looked at");
        }
        drop(place);
    });
}

async fn visit(door: &Door, fdp: &FairDataPoint, uuid: &str) -> Result<(), WebError> {
    let Some(before) = entry(door, uuid).await? else {
        return Ok(());
    };
    let (outbound, address) = (fdp.outbound.clone(), before.client_url.clone());
    let work = move || {
        let limits = Limits {
            bytes_max: ROOT_BYTES_MAX,
            timeout: VISIT,
            accept: "text/turtle".to_owned(),
            ..Limits::default()
        };
        let fetched = outbound.fetch(&address, &limits);
        let looked = fetched.map(|fetched| look(&fetched.bytes, &address));
        Ok::<_, CatalogueError>(looked.map(|looked| looked.map(|looked| looked.below(&outbound))))
    };
    let found: Result<Option<Looked>, OutboundError> = blocking(work).await?;
    let now = door.catalogue.clock().now();
    // Meanwhile a steward may have decided, or taken the entry away.
    let Some(mut entry) = entry(door, uuid).await? else {
        return Ok(());
    };
    entry.last_retrieval_time = Some(now);
    let event = match found {
        Ok(Some(looked)) => {
            entry.seen = Seen::Active;
            entry.repository_uri = Some(looked.uri);
            entry.metadata = looked.metadata;
            let ledger = door.catalogue.ledger();
            let kept = ledger.put_paper(Shelf::IndexRoots, uuid, &looked.ntriples, now);
            kept.await.map_err(of_ledger)?;
            keep_records(door, uuid, &looked.visit, now).await?;
            "EntryValid"
        }
        Ok(None) => {
            entry.seen = Seen::Invalid;
            "EntryInvalid"
        }
        Err(_) => {
            entry.seen = Seen::Unreachable;
            "EntryUnreachable"
        }
    };
    entry.note(event, now);
    keep(door, &entry).await?;
    fdp.teller.tell(&entry.told(event, now));
    Ok(())
}

fn text(term: Term) -> String {
    let text = match term {
        Term::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    };
    text.chars().take(TEXT_CHARS_MAX).collect()
}

/// What a root record says.
struct Looked {
    uri: String,
    metadata: BTreeMap<String, String>,
    triples: Vec<Triple>,
    ntriples: String,
    visit: Visit,
}

impl Looked {
    /// Looks at what stands below, too.
    fn below(self, outbound: &Outbound) -> Self {
        Self {
            visit: visited::walk(outbound, &self.uri, &self.triples),
            ..self
        }
    }
}

/// Keeps what a visit found. One that broke off early takes nothing away from what was found before.
async fn keep_records(
    door: &Door,
    uuid: &str,
    visit: &Visit,
    now: Timestamp,
) -> Result<(), WebError> {
    let before = known_records(door, uuid).await?;
    let is_less = |before: &Visit| before.records.len() > visit.records.len();
    if !visit.is_complete && before.as_ref().is_some_and(is_less) {
        return Ok(());
    }
    let ledger = door.catalogue.ledger();
    let content = json!(visit).to_string();
    let kept = ledger.put_paper(Shelf::IndexRecords, uuid, &content, now);
    kept.await.map_err(of_ledger)
}

async fn known_records(door: &Door, uuid: &str) -> Result<Option<Visit>, WebError> {
    let ledger = door.catalogue.ledger();
    let paper = ledger.paper(Shelf::IndexRecords, uuid).await;
    let paper = paper.map_err(of_ledger)?;
    paper
        .map(|paper| of_json(paper.content.as_bytes()))
        .transpose()
}

/// Reads a root record; nothing when it is none.
fn look(bytes: &[u8], address: &str) -> Option<Looked> {
    let quads = format::parse(bytes, Format::Turtle, Some(address)).ok()?;
    let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    let classes = [fdp::FAIR_DATA_POINT, fdp::METADATA_SERVICE, r3d::REPOSITORY];
    let is_root = |triple: &&Triple| {
        let class = |class: &NamedNodeRef<'_>| matches!(&triple.object, Term::NamedNode(node) if node.as_ref() == *class);
        triple.predicate == rdf::TYPE && classes.iter().any(class)
    };
    let root = triples
        .iter()
        .find(is_root)
        .map(|triple| triple.subject.clone())?;
    let NamedOrBlankNode::NamedNode(uri) = &root else {
        return None;
    };
    let object = |subject: &NamedOrBlankNode, property: NamedNodeRef<'_>| {
        let mut about = triples.iter().filter(|triple| triple.subject == *subject);
        let found = about.find(|triple| triple.predicate == property);
        found.map(|triple| triple.object.clone())
    };
    let mut metadata: BTreeMap<String, String> = BTreeMap::new();
    let wanted = [
        ("title", dct::TITLE),
        ("description", dct::DESCRIPTION),
        ("version", dcat::VERSION),
        ("publisher", dct::PUBLISHER),
        ("license", dct::LICENSE),
    ];
    for (name, property) in wanted {
        let found = object(&root, property).map(text);
        metadata.extend(found.map(|found| (name.to_owned(), found)));
    }
    let publisher = match object(&root, dct::PUBLISHER) {
        Some(Term::NamedNode(node)) => Some(NamedOrBlankNode::from(node)),
        Some(Term::BlankNode(node)) => Some(NamedOrBlankNode::from(node)),
        _ => None,
    };
    let name = publisher
        .and_then(|publisher| object(&publisher, foaf::NAME))
        .map(text);
    metadata.extend(name.map(|name| ("publisherName".to_owned(), name)));
    let ntriples = format::write_triples(Format::NTriples, triples.iter().map(Triple::as_ref));
    Some(Looked {
        uri: uri.as_str().to_owned(),
        metadata,
        ntriples: String::from_utf8_lossy(&ntriples).into_owned(),
        visit: Visit::default(),
        triples,
    })
}

async fn entry(door: &Door, uuid: &str) -> Result<Option<Entry>, WebError> {
    let paper = door
        .catalogue
        .ledger()
        .paper(Shelf::IndexEntries, uuid)
        .await;
    let paper = paper.map_err(of_ledger)?;
    paper
        .map(|paper| of_json(paper.content.as_bytes()))
        .transpose()
}

async fn keep(door: &Door, entry: &Entry) -> Result<(), WebError> {
    let now = door.catalogue.clock().now();
    let content = json!(entry).to_string();
    let ledger = door.catalogue.ledger();
    let put = ledger.put_paper(Shelf::IndexEntries, &entry.uuid, &content, now);
    put.await.map_err(of_ledger)
}

/// The entries that somebody may see, by address.
async fn entries(door: &Door, request: &HttpRequest) -> Result<Vec<Entry>, WebError> {
    let actor = door.actor(request).await?;
    let is_admin = administers(&actor);
    let papers = door.catalogue.ledger().papers(Shelf::IndexEntries).await;
    let papers = papers.map_err(of_ledger)?;
    let read = papers.iter().map(|paper| of_json(paper.content.as_bytes()));
    let mut entries: Vec<Entry> = read.collect::<Result<_, _>>()?;
    let wanted = parameter(request, "permit").filter(|_| is_admin);
    entries.retain(|entry| match wanted.as_deref() {
        None => entry.is_listed(false),
        Some("all") => true,
        Some(list) => list
            .split(',')
            .any(|one| json!(entry.permit) == one.trim().to_uppercase()),
    });
    entries.sort_by(|one, other| one.client_url.cmp(&other.client_url));
    Ok(entries)
}

async fn page(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let now = door.catalogue.clock().now();
        let mut entries = entries(&door, &request).await?;
        if let Some(state) =
            parameter(&request, "state").filter(|state| !state.is_empty() && state != "all")
        {
            entries.retain(|entry| entry.state(now).eq_ignore_ascii_case(&state));
        }
        sorted(&mut entries, parameter(&request, "sort").as_deref());
        let number = |name: &str| parameter(&request, name).and_then(|text| text.parse().ok());
        let size = number("size").unwrap_or(PAGE_SIZE).clamp(1, PAGE_SIZE_MAX);
        let page: usize = number("page").unwrap_or(0);
        let total = entries.len();
        let pages = total.div_ceil(size);
        let content: Vec<Value> = entries
            .iter()
            .skip(page.saturating_mul(size))
            .take(size)
            .map(|entry| entry.json(now))
            .collect();
        Ok(HttpResponse::Ok().json(json!({
            "numberOfElements": content.len(), "empty": content.is_empty(), "content": content,
            "totalElements": total, "totalPages": pages, "number": page, "size": size,
            "first": page == 0, "last": page + 1 >= pages,
        })))
    };
    answered(&door, &request, answer.await)
}

/// Brings entries in order: `modificationTime,desc`.
fn sorted(entries: &mut [Entry], sort: Option<&str>) {
    let (property, direction) = sort
        .and_then(|sort| sort.split_once(','))
        .unwrap_or(("clientUrl", "asc"));
    match property {
        "modificationTime" => entries.sort_by_key(|entry| entry.modification_time),
        "registrationTime" => entries.sort_by_key(|entry| entry.registration_time),
        _ => (),
    }
    if direction == "desc" {
        entries.reverse();
    }
}

async fn all(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let now = door.catalogue.clock().now();
        let entries = entries(&door, &request).await?;
        let all: Vec<Value> = entries.iter().map(|entry| entry.json(now)).collect();
        Ok(HttpResponse::Ok().json(all))
    };
    answered(&door, &request, answer.await)
}

async fn counts(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let now = door.catalogue.clock().now();
        let entries = entries(&door, &request).await?;
        let states = ["ACTIVE", "INACTIVE", "UNREACHABLE", "INVALID", "UNKNOWN"];
        let mut counts = serde_json::Map::new();
        counts.insert("ALL".to_owned(), json!(entries.len()));
        for state in states {
            let of_state = entries.iter().filter(|entry| entry.state(now) == state);
            counts.insert(state.to_owned(), json!(of_state.count()));
        }
        Ok(HttpResponse::Ok().json(json!({ "entriesCount": counts })))
    };
    answered(&door, &request, answer.await)
}

/// The entry of the address, for those who may see it.
async fn seen(door: &Door, request: &HttpRequest) -> Result<Entry, WebError> {
    let actor = door.actor(request).await?;
    let is_admin = administers(&actor);
    let found = entry(door, segment(request, "uuid")).await?;
    found
        .filter(|entry| entry.is_listed(is_admin))
        .ok_or_else(|| nothing(request))
}

async fn one(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let entry = seen(&door, &request).await?;
        let mut detail = entry.detail(door.catalogue.clock().now());
        if let Some(visit) = known_records(&door, &entry.uuid).await? {
            let address = format!("{}/index/entries/{}/records", door.base(), entry.uuid);
            detail["records"] = json!({
                "count": visit.records.len(), "isComplete": visit.is_complete, "url": address,
            });
        }
        Ok(HttpResponse::Ok().json(detail))
    };
    answered(&door, &request, answer.await)
}

/// The catalogues and datasets that a visit found.
async fn records(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let entry = seen(&door, &request).await?;
        let visit = known_records(&door, &entry.uuid).await?;
        Ok(HttpResponse::Ok().json(visit.ok_or_else(|| nothing(&request))?))
    };
    answered(&door, &request, answer.await)
}

async fn data(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let entry = seen(&door, &request).await?;
        let paper = door
            .catalogue
            .ledger()
            .paper(Shelf::IndexRoots, &entry.uuid)
            .await;
        let paper = paper.map_err(of_ledger)?.ok_or_else(|| nothing(&request))?;
        let quads = format::parse(paper.content.as_bytes(), Format::NTriples, None);
        let triples: Vec<Triple> = quads
            .unwrap_or_default()
            .into_iter()
            .map(Triple::from)
            .collect();
        Ok(rdf_answer(rdf_wanted(&request)?, &triples))
    };
    answered(&door, &request, answer.await)
}

#[derive(Deserialize)]
struct Decided {
    permit: Permit,
}

async fn permit(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let decided: Decided = json_body(&request, &mut payload).await?;
        let mut entry = seen(&door, &request).await?;
        let now = door.catalogue.clock().now();
        entry.permit = decided.permit;
        entry.modification_time = now;
        keep(&door, &entry).await?;
        Ok(HttpResponse::Ok().json(entry.detail(now)))
    };
    answered(&door, &request, answer.await)
}

async fn remove(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let entry = seen(&door, &request).await?;
        let ledger = door.catalogue.ledger();
        for shelf in [Shelf::IndexRecords, Shelf::IndexRoots, Shelf::IndexEntries] {
            ledger
                .remove_paper(shelf, &entry.uuid)
                .await
                .map_err(of_ledger)?;
        }
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}

async fn settings(
    door: web::Data<Door>,
    fdp: web::Data<FairDataPoint>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        Ok(HttpResponse::Ok().json(json!({
            "retrieval": { "rateLimitWait": "PT10M", "timeout": "PT1M" },
            "ping": {
                "validDuration": "P7D", "rateLimitDuration": "PT6H", "rateLimitHits": PINGS_PER_CLIENT,
                "denyList": ["every address that is not public"],
            },
            "autoPermit": fdp.settings.index_auto_permit,
            "isDefault": true,
        })))
    };
    answered(&door, &request, answer.await)
}

async fn fixed(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        Err(operators(WHAT, INSTEAD))
    };
    answered(&door, &request, answer.await)
}

async fn trigger(
    door: web::Data<Door>,
    fdp: web::Data<FairDataPoint>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let announced: Announced = json_body(&request, &mut payload).await?;
        let address = address(&fdp.outbound, &announced.client_url)?;
        note(&door, &fdp, address, Permit::Accepted, "AdminTrigger").await?;
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}

async fn trigger_all(
    door: web::Data<Door>,
    fdp: web::Data<FairDataPoint>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let entries = entries(&door, &request).await?;
        let (door, fdp) = (door.clone(), fdp.clone());
        // One after the other, in one place.
        if let Ok(place) = Arc::clone(&fdp.visits).try_acquire_owned() {
            tokio::spawn(async move {
                for entry in entries {
                    if let Err(error) = visit(&door, &fdp, &entry.uuid).await {
                        tracing::warn!(%error, "an entry of the index could not be looked at");
                    }
                }
                drop(place);
            });
        }
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}

/// Announces this FAIR Data Point where the settings say, again and again. What fails is tried the next time.
pub async fn announce(fdp: web::Data<FairDataPoint>, base: String) {
    let hours = u64::from(fdp.settings.ping_hours.max(1));
    tokio::time::sleep(BEFORE_FIRST_PING).await;
    while !fdp.settings.ping.is_empty() {
        for endpoint in &fdp.settings.ping {
            let (outbound, endpoint, base) = (fdp.outbound.clone(), endpoint.clone(), base.clone());
            let work = move || send(&outbound, &endpoint, &base);
            match tokio::task::spawn_blocking(work).await {
                Ok(Ok(())) => (),
                Ok(Err(error)) => tracing::warn!(%error, "an index did not take the announcement"),
                Err(error) => tracing::error!(%error, "an announcement broke off"),
            }
        }
        tokio::time::sleep(Duration::from_secs(hours * 3600)).await;
    }
}

fn send(outbound: &Outbound, endpoint: &str, base: &str) -> Result<(), OutboundError> {
    let limits = Limits {
        bytes_max: ROOT_BYTES_MAX,
        timeout: VISIT,
        ..Limits::default()
    };
    let body = json!({ "clientUrl": base }).to_string();
    outbound.post_json(endpoint, body, &limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_leads_inside_is_refused() {
        let outbound = Outbound::new(crate::outbound::Settings::default());
        let check = |text: &str| address(&outbound, text);
        for inside in [
            "http://localhost:8080",
            "http://a.localhost/",
            "http://127.0.0.1/",
            "http://10.0.0.1/fdp",
            "http://[::1]/",
            "http://169.254.169.254/latest",
        ] {
            assert!(
                matches!(check(inside), Err(WebError::Forbidden(_))),
                "{inside}"
            );
        }
        for odd in ["ftp://fdp.example", "fdp.example", "javascript:alert(1)"] {
            assert!(
                matches!(check(odd), Err(WebError::Parameter { .. })),
                "{odd}"
            );
        }
        assert_eq!(
            check("https://fdp.example/x/").unwrap(),
            "https://fdp.example/x"
        );
    }

    #[test]
    fn a_root_record_is_looked_at_and_others_are_not() {
        let root = "@prefix dct: <http://purl.org/dc/terms/> . <> a <https://w3id.org/fdp/fdp-o#FAIRDataPoint> ; \
                    dct:title 'One' ; dct:publisher [ <http://xmlns.com/foaf/0.1/name> 'Somebody' ] .";
        let looked = look(root.as_bytes(), "https://fdp.example").unwrap();
        assert_eq!(looked.uri, "https://fdp.example");
        assert_eq!(looked.metadata["title"], "One");
        assert_eq!(looked.metadata["publisherName"], "Somebody");
        assert!(look(b"<a> <b> <c> .", "https://fdp.example").is_none());
        assert!(look(b"no turtle", "https://fdp.example").is_none());
    }
}
