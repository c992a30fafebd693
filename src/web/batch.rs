//! Many records in one request, all or nothing; one record by its identifier; and changes of a part of one.

use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::linked_data::write::signed_in;
use super::server::{Door, language_of, media_type, parameter};
use super::{answered, body, idempotency};
use crate::auth::{self, Actor, Catalogues, Decision, RecordFacts, Wish};
use crate::catalogue::identifier::Slug;
use crate::catalogue::projection::blocking;
use crate::catalogue::writing::Precondition;
use crate::catalogue::writing::batch::{
    Operation, Outcome, Put, RECORDS_MAX, Receipt, Run, Target,
};
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, Kind, Kinds, State, View};
use crate::rdf::{Format, GraphName, NamedNode, Triple, format};

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    let batch = web::resource("/batch").wrap(from_fn(idempotency::once));
    service.service(batch.route(web::post().to(send)));
}

/// A batch in JSON.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    operations: Vec<SentOperation>,
}

/// One of its operations; which members it has depends on the action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentOperation {
    action: Action,
    path: Option<String>,
    kind: Option<String>,
    slug: Option<String>,
    turtle: Option<String>,
    jsonld: Option<Value>,
    state: Option<String>,
    reason: Option<String>,
    #[serde(rename = "ifMatch")]
    if_match: Option<u64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    /// Makes the record at a path, or replaces it.
    Put,
    /// Makes a record of a kind.
    Create,
    State,
    Delete,
}

/// `POST /batch`: JSON with operations, or RDF with a graph for each record.
async fn send(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    answered(&door, &request, sent(&door, &request, &mut payload).await)
}

async fn sent(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    let view = signed_in(door, request).await?;
    let found = media_type(request)?;
    let bytes = body::bytes(door, request, payload).await?;
    let operations = if found == "application/json" {
        of_json(door, &view, &bytes).await?
    } else {
        let format = Format::from_media_type(&found).filter(|format| format.has_named_graphs());
        let format = format.ok_or_else(|| WebError::UnsupportedMediaType {
            found,
            known: "application/json, application/n-quads, application/trig, application/ld+json"
                .to_owned(),
        })?;
        of_graphs(door, request, bytes, format).await?
    };
    let tries = parameter(request, "try").is_some_and(|word| word == "yes");
    let run = if tries { Run::Try } else { Run::Commit };
    let receipt = door.catalogue.apply(view.actor(), operations, run).await?;
    let report = report(door, &receipt, language_of(request));
    if receipt.failures() > 0 {
        return Err(WebError::Batch(Box::new(report)));
    }
    Ok(HttpResponse::Ok().json(report))
}

async fn of_json(door: &Door, view: &View, bytes: &[u8]) -> Result<Vec<Operation>, WebError> {
    let sent: Sent = serde_json::from_slice(bytes).map_err(|error| WebError::Parameter {
        name: "operations",
        message: error.to_string(),
    })?;
    let found = sent.operations.len();
    if found > RECORDS_MAX {
        let max = RECORDS_MAX;
        return Err(CatalogueError::TooMany { found, max }.into());
    }
    let mut operations = Vec::with_capacity(found);
    for one in sent.operations {
        match one.action {
            Action::Put => {
                let target = Target::Path(path_of(door, &one)?);
                put(door, view, target, one, &mut operations).await?;
            }
            Action::Create => {
                let target = new_of(door, &one)?;
                put(door, view, target, one, &mut operations).await?;
            }
            Action::State => operations.push(Operation::State {
                path: path_of(door, &one)?,
                state: body::state(one.state.as_deref().unwrap_or_default())?,
                reason: one.reason,
            }),
            Action::Delete => operations.push(Operation::Delete {
                path: path_of(door, &one)?,
                reason: one.reason,
                if_match: one.if_match.map(Precondition::Version),
            }),
        }
    }
    Ok(operations)
}

/// A path of ours, or the path of an address of ours.
fn path_of(door: &Door, sent: &SentOperation) -> Result<String, WebError> {
    let path = sent.path.as_deref().ok_or_else(|| WebError::Parameter {
        name: "path",
        message: "say which record, by its path or its address".to_owned(),
    })?;
    Ok(door.base().path(path).unwrap_or(path).to_owned())
}

fn new_of(door: &Door, sent: &SentOperation) -> Result<Target, WebError> {
    let kinds = door.catalogue.kinds();
    let name = sent.kind.as_deref().unwrap_or_default();
    let found = kinds.by_name(name).or_else(|| kinds.by_prefix(name));
    let kind = found.filter(|kind| !kind.is_root()).cloned();
    let kind = kind.ok_or_else(|| WebError::Parameter {
        name: "kind",
        message: format!("there is no kind of record {name:?}"),
    })?;
    let slug = match &sent.slug {
        None => None,
        Some(text) => {
            let slug = Slug::parse(text);
            Some(slug.ok_or_else(|| CatalogueError::BadSlug(text.clone()))?)
        }
    };
    Ok(Target::New { kind, slug })
}

async fn put(
    door: &Door,
    view: &View,
    target: Target,
    sent: SentOperation,
    operations: &mut Vec<Operation>,
) -> Result<(), WebError> {
    let (bytes, format) = match (sent.turtle, sent.jsonld) {
        (Some(turtle), None) => (turtle.into_bytes(), Format::Turtle),
        (None, Some(json)) => (json.to_string().into_bytes(), Format::JsonLd),
        _ => {
            return Err(WebError::Parameter {
                name: "operations",
                message: "give each description as turtle or as jsonld".to_owned(),
            });
        }
    };
    let state = sent.state.map(|text| body::state(&text)).transpose()?;
    let if_match = match (&target, sent.if_match) {
        (Target::New { .. }, _) => Some(Precondition::Absent),
        (Target::Path(_), version) => version.map(Precondition::Version),
    };
    let catalogue = &door.catalogue;
    let records = catalogue
        .document(view.actor(), target, bytes, format)
        .await?;
    let puts = records.into_iter().enumerate().map(|(at, record)| {
        Operation::Put(Put {
            record,
            state,
            reason: sent.reason.clone(),
            if_match: if_match.filter(|_| at == 0),
        })
    });
    operations.extend(puts);
    Ok(())
}

/// Each graph is a record, and its name the record's IRI.
async fn of_graphs(
    door: &Door,
    request: &HttpRequest,
    bytes: Vec<u8>,
    format: Format,
) -> Result<Vec<Operation>, WebError> {
    let state = parameter(request, "state");
    let state: Option<State> = state.map(|text| body::state(&text)).transpose()?;
    let reason = parameter(request, "reason");
    let catalogue = door.catalogue.clone();
    let work = move || {
        let base = format!("{}/", catalogue.base());
        let quads = format::parse(&bytes, format, Some(&base))?;
        let mut graphs: Vec<(NamedNode, Vec<Triple>)> = Vec::new();
        let mut places = rustc_hash::FxHashMap::default();
        for quad in quads {
            let GraphName::NamedNode(name) = quad.graph_name.clone() else {
                return Err(CatalogueError::Nameless(Triple::from(quad).to_string()));
            };
            let at = *places.entry(name.clone()).or_insert_with(|| {
                graphs.push((name, Vec::new()));
                graphs.len() - 1
            });
            graphs[at].1.push(Triple::from(quad));
        }
        let mut operations = Vec::new();
        for (iri, triples) in graphs {
            let triples = crate::catalogue::incoming::distinct(triples);
            for record in catalogue.incoming(&iri, &triples) {
                operations.push(Operation::Put(Put {
                    record,
                    state,
                    reason: reason.clone(),
                    if_match: None,
                }));
            }
        }
        Ok(operations)
    };
    Ok(blocking(work).await?)
}

/// What became of each record.
pub fn report(door: &Door, receipt: &Receipt, language: &str) -> Value {
    let one = |outcome: &Outcome| {
        let checked = outcome.checked.as_ref();
        json!({
            "operation": outcome.operation,
            "iri": outcome.iri,
            "url": format!("{}{}", door.base(), outcome.path),
            "title": outcome.title,
            "effect": outcome.effect.map(crate::catalogue::writing::batch::Effect::name),
            "state": outcome.state.map(State::as_str),
            "version": outcome.version,
            "error": outcome.error.as_ref().map(ToString::to_string),
            "violations": checked
                .filter(|checked| outcome.error.is_some() && !checked.fits())
                .map(|checked| checked.violations_json(language)),
        })
    };
    json!({
        "committed": receipt.committed,
        "failures": receipt.failures(),
        "records": receipt.outcomes.iter().map(one).collect::<Vec<_>>(),
    })
}

/// Where the record with an identifier is, or would be: `PUT /{prefix}?identifier=…`.
pub async fn path_for_identifier(
    door: &Door,
    request: &HttpRequest,
    view: &View,
) -> Result<String, WebError> {
    let prefix = request.match_info().get("prefix").unwrap_or_default();
    let kind = door.catalogue.kinds().by_prefix(prefix).cloned();
    let kind = kind.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
    may_make(view.actor(), door.catalogue.kinds(), &kind)?;
    let identifier = parameter(request, "identifier").filter(|text| !text.trim().is_empty());
    let identifier = identifier.ok_or_else(|| WebError::Parameter {
        name: "identifier",
        message:
            "say which record: PUT to its address, or here with ?identifier= and its dct:identifier"
                .to_owned(),
    })?;
    let iri = door.catalogue.address_for(&kind, identifier.trim());
    if let Some(path) = door.base().path(iri.as_str()) {
        return Ok(path.to_owned());
    }
    let head = door.catalogue.ledger().head(iri.as_str()).await;
    let head = head.map_err(CatalogueError::from)?;
    let head = head.ok_or_else(|| CatalogueError::NotFound(iri.into_string()))?;
    Ok(head.path)
}

/// Whoever may make no record of a kind anywhere is told so first, whatever else is wrong.
fn may_make(actor: &Actor, kinds: &Kinds, kind: &Kind) -> Result<(), WebError> {
    let below = kind.name != CATALOGUE_KIND && kinds.is_below(kind, CATALOGUE_KIND);
    let own = match actor.catalogues() {
        Some(Catalogues::Named(iris)) => iris.first().map(String::as_str),
        Some(Catalogues::All) | None => None,
    };
    let facts = RecordFacts {
        kind: &kind.name,
        state: State::Draft,
        is_public: false,
        catalogue: own.filter(|_| below),
        owner: actor.name(),
    };
    match auth::may(actor, Wish::Create, &facts) {
        Decision::Allow => Ok(()),
        Decision::Deny(why) => Err(WebError::Forbidden(why.to_owned())),
    }
}

/// The media types of changes of a part of a record.
pub const PATCH_TYPES: &str = "application/sparql-update, application/merge-patch+json";

/// What a request wants to change of a record.
pub async fn patch_of(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<crate::catalogue::patch::Patch, WebError> {
    use crate::catalogue::patch::Patch;
    let found = media_type(request)?;
    let bytes = body::bytes(door, request, payload).await?;
    match found.as_str() {
        "application/sparql-update" => match String::from_utf8(bytes) {
            Ok(text) => Ok(Patch::Update(text)),
            Err(_) => Err(WebError::Charset("unknown".to_owned())),
        },
        "application/merge-patch+json" => Ok(Patch::Merge(bytes)),
        _ => Err(WebError::UnsupportedMediaType {
            found,
            known: PATCH_TYPES.to_owned(),
        }),
    }
}

/// Tells clients which patches are understood (RFC 5789 §3.1).
pub fn accept_patch() -> (header::HeaderName, &'static str) {
    (header::HeaderName::from_static("accept-patch"), PATCH_TYPES)
}
