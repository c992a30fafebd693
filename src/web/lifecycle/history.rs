//! Every version of a record, the difference of any two, and an old one made the newest again.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::{done, read, wants_page};
use crate::catalogue::{Author, Record, Restoring, Step, View, description};
use crate::ledger::Confirmation;
use crate::rdf::diff::Difference;
use crate::rdf::vocabulary::{self, dct, prov};
use crate::rdf::{Format, NamedNode, Triple};
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::read::rdf;
use crate::web::linked_data::record_path;
use crate::web::pages::history::DifferencePage;
use crate::web::pages::record::Value as Shown;
use crate::web::server::{Door, header_text, parameter};
use crate::web::{VARY, answered, body, negotiate, showing};

/// How many steps of a history are told when nobody says.
const STEPS: usize = 50;
const PATCH: &str = "application/rdf-patch";

/// `GET {record}/history`.
pub(super) async fn history(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, told(&door, &request).await)
}

async fn told(door: &Door, request: &HttpRequest) -> Answer {
    let before = number(request, "before")?;
    let limit = number(request, "limit")?.map_or(STEPS, |n| usize::try_from(n).unwrap_or(STEPS));
    let view = door.view(request).await?;
    let record = view.record(&record_path(request)).await?;
    let limit = limit.clamp(1, crate::catalogue::history::STEPS_MAX);
    let steps = view.steps(&record, before, limit).await?;
    let confirmations = view.confirmations(&record).await?;
    let next = steps
        .last()
        .filter(|_| steps.len() == limit)
        .map(|step| step.change.sequence);
    if wants_page(request) {
        let told = showing::Told {
            steps,
            confirmations,
            next,
            is_older: before.is_some(),
        };
        let page = showing::history(door, request, &view, &record, told).await?;
        return Ok(private(showing::answer(StatusCode::OK, &page), &view));
    }
    if let Some(format) = wanted_rdf(request) {
        let triples = provenance(door, &record, &steps, &confirmations);
        return Ok(private(rdf(format, &triples), &view));
    }
    let address = door.base().iri(&record.path).into_string();
    let versions: Vec<Value> = steps.iter().map(|step| step_json(&address, step)).collect();
    let confirmations: Vec<Value> = confirmations.iter().map(confirmation_json).collect();
    let mut body =
        json!({ "record": record.iri.as_str(), "steps": versions, "confirmations": confirmations });
    body["next"] = json!(next.map(|next| format!("{address}/history?before={next}&limit={limit}")));
    let answer = HttpResponse::Ok()
        .insert_header((header::VARY, VARY))
        .json(body);
    Ok(private(answer, &view))
}

/// The RDF format that a client wants instead of JSON.
fn wanted_rdf(request: &HttpRequest) -> Option<Format> {
    if let Some(name) = parameter(request, "format") {
        return Format::from_extension(&name);
    }
    let json: &[&str] = &["application/json"];
    let mut offered: Vec<&[&str]> = vec![json];
    offered.extend(Format::ALL.iter().map(|format| format.media_types()));
    let found = negotiate::choose(header_text(request, header::ACCEPT), &offered)?;
    found.checked_sub(1).map(|at| Format::ALL[at])
}

/// The history in PROV-O: versions that are revisions of others, and activities that made or confirmed them. Who stands
/// behind them is told in JSON, to those who may know.
fn provenance(
    door: &Door,
    record: &Record,
    steps: &[Step],
    confirmations: &[(Confirmation, Author)],
) -> Vec<Triple> {
    let address = door.base().iri(&record.path).into_string();
    let version = |n: u64| NamedNode::new_unchecked(format!("{address}/versions/{n}"));
    let mut triples = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let change = &step.change;
        let activity =
            NamedNode::new_unchecked(format!("{address}/history#change-{}", change.sequence));
        let entity = version(change.version);
        triples.push(Triple::new(
            entity.clone(),
            vocabulary::rdf::TYPE,
            prov::ENTITY,
        ));
        triples.push(Triple::new(
            entity.clone(),
            dct::IS_VERSION_OF,
            record.iri.clone(),
        ));
        triples.push(Triple::new(
            entity.clone(),
            prov::WAS_GENERATED_BY,
            activity.clone(),
        ));
        triples.push(Triple::new(
            activity.clone(),
            vocabulary::rdf::TYPE,
            prov::ACTIVITY,
        ));
        triples.push(Triple::new(
            activity,
            prov::ENDED_AT_TIME,
            description::instant(change.at),
        ));
        let mut older = steps[at..].iter().map(|step| step.change.version);
        if let Some(before) = older.find(|before| *before < change.version) {
            triples.push(Triple::new(entity, prov::WAS_REVISION_OF, version(before)));
        }
    }
    for (one, _) in confirmations {
        let name = format!("{address}/history#confirmed-{}", one.at.as_microsecond());
        let activity = NamedNode::new_unchecked(name);
        triples.push(Triple::new(
            activity.clone(),
            vocabulary::rdf::TYPE,
            prov::ACTIVITY,
        ));
        triples.push(Triple::new(
            activity.clone(),
            prov::USED,
            version(one.version),
        ));
        triples.push(Triple::new(
            activity,
            prov::ENDED_AT_TIME,
            description::instant(one.at),
        ));
    }
    triples
}

/// What somebody in particular sees is kept by nobody on the way.
fn private(mut response: HttpResponse, view: &View) -> HttpResponse {
    let rule = if view.is_anonymous() {
        "no-cache"
    } else {
        "no-store"
    };
    let rule = header::HeaderValue::from_static(rule);
    response.headers_mut().insert(header::CACHE_CONTROL, rule);
    response
}

fn step_json(address: &str, step: &Step) -> Value {
    let change = &step.change;
    json!({
        "version": change.version,
        "url": format!("{address}/versions/{}", change.version),
        "sequence": change.sequence,
        "action": change.action.as_str(),
        "state": change.state.as_str(),
        "public": change.is_public,
        "title": change.title,
        "author": author_json(&step.author),
        "at": change.at.to_string(),
        "reason": change.reason,
        "digest": change.digest.to_string(),
    })
}

fn confirmation_json((one, author): &(Confirmation, Author)) -> Value {
    json!({
        "version": one.version,
        "author": author_json(author),
        "at": one.at.to_string(),
        "note": one.note,
    })
}

pub(super) fn author_json(author: &Author) -> Value {
    match author {
        Author::Person(name) => json!({ "is": "person", "name": name }),
        Author::Program(name) => json!({ "is": "program", "name": name }),
    }
}

/// `GET {record}/difference?from=1&to=2`: in words, as JSON, or as RDF Patch.
pub(super) async fn difference(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, compared(&door, &request).await)
}

/// What a difference is told in.
enum Wanted {
    Json,
    Page,
    Patch,
}

async fn compared(door: &Door, request: &HttpRequest) -> Answer {
    let view = door.view(request).await?;
    let record = view.record(&record_path(request)).await?;
    let (from, to) = ends(request, &view, &record).await?;
    let difference = view.difference(&record, from, to).await?;
    let answer = match wanted(request)? {
        Wanted::Patch => HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .content_type(PATCH)
            .body(patch(door, &record, (from, to), &difference)),
        Wanted::Json => {
            let page =
                showing::difference(door, request, &view, &record, (from, to), &difference).await?;
            HttpResponse::Ok()
                .insert_header((header::VARY, VARY))
                .json(difference_json(&page, &difference))
        }
        Wanted::Page => {
            let page =
                showing::difference(door, request, &view, &record, (from, to), &difference).await?;
            showing::answer(StatusCode::OK, &page)
        }
    };
    Ok(private(answer, &view))
}

/// The two versions that are meant: by number, else the newest that the reader sees and the one before it.
async fn ends(request: &HttpRequest, view: &View, record: &Record) -> Result<(u64, u64), WebError> {
    let to = match number(request, "to")? {
        Some(to) => to,
        None => record.version,
    };
    if let Some(from) = number(request, "from")? {
        return Ok((from, to));
    }
    let steps = view
        .steps(record, None, crate::catalogue::history::STEPS_MAX)
        .await?;
    let before = steps
        .iter()
        .map(|step| step.change.version)
        .find(|version| *version < to);
    Ok((before.unwrap_or(to), to))
}

fn wanted(request: &HttpRequest) -> Result<Wanted, WebError> {
    match parameter(request, "format").as_deref() {
        Some("patch" | "rdfp") => return Ok(Wanted::Patch),
        Some("json") => return Ok(Wanted::Json),
        Some("html") => return Ok(Wanted::Page),
        Some(other) => {
            return Err(WebError::NotAcceptable {
                accept: other.to_owned(),
                offered: "json, patch, html".to_owned(),
            });
        }
        None => (),
    }
    let offered: [&[&str]; 3] = [&["application/json"], &["text/html"], &[PATCH]];
    Ok(
        match negotiate::choose(header_text(request, header::ACCEPT), &offered) {
            Some(1) => Wanted::Page,
            Some(2) => Wanted::Patch,
            Some(_) | None => Wanted::Json,
        },
    )
}

fn patch(door: &Door, record: &Record, (from, to): (u64, u64), difference: &Difference) -> String {
    let version = |n: u64| format!("{}/versions/{n}", door.base().iri(&record.path).as_str());
    difference.to_patch(&[("id", &version(to)), ("prev", &version(from))])
}

fn difference_json(page: &DifferencePage, difference: &Difference) -> Value {
    let value = |value: &Shown| json!({ "text": value.text.value, "lang": value.text.lang, "href": value.href, "code": value.code, "note": value.note });
    let values = |values: &[Shown]| values.iter().map(value).collect::<Vec<_>>();
    let fields: Vec<Value> = page
        .groups
        .iter()
        .flat_map(|group| group.fields.iter().map(move |field| (group, field)))
        .map(|(group, field)| {
            json!({
                "group": group.label,
                "property": field.iri,
                "label": field.label.value,
                "words": field.words,
                "removed": values(&field.removed),
                "added": values(&field.added),
            })
        })
        .collect();
    json!({
        "from": page.from,
        "to": page.to,
        "fields": fields,
        "statements": { "removed": difference.removed.len(), "added": difference.added.len() },
    })
}

/// `POST {record}/restore`: makes an old version the newest.
pub(super) async fn restore(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let missing = || WebError::Parameter {
            name: "version",
            message: "say which version is wanted back".to_owned(),
        };
        let wanted = Restoring {
            version: fields.number("version")?.ok_or_else(missing)?,
            state: fields.get("state").map(body::state).transpose()?,
            reason: fields.reason(&request)?,
            if_match: body::precondition(&request)?,
        };
        let path = record_path(&request);
        let written = door.catalogue.restore(view.actor(), &path, wanted).await?;
        let page = format!("{path}/history");
        done(&door, &request, &page, &written_json(&door, &written))
    };
    answered(&door, &request, answer.await)
}

/// `POST {record}/undelete`: brings a deleted record back as a draft.
pub(super) async fn undelete(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let path = record_path(&request);
        let reason = fields.reason(&request)?;
        let written = door.catalogue.undelete(view.actor(), &path, reason).await?;
        done(&door, &request, &path, &written_json(&door, &written))
    };
    answered(&door, &request, answer.await)
}

/// What became of a record.
fn written_json(door: &Door, written: &crate::catalogue::Written) -> Value {
    json!({
        "record": written.iri.as_str(),
        "version": written.version,
        "state": written.state.as_str(),
        "url": format!("{}/versions/{}", door.base().iri(&written.path).as_str(), written.version),
    })
}

fn number(request: &HttpRequest, name: &'static str) -> Result<Option<u64>, WebError> {
    let wrong = |text: &str| WebError::Parameter {
        name,
        message: format!("{text:?} is no whole number"),
    };
    let text = parameter(request, name).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| wrong(&text)))
        .transpose()
}
