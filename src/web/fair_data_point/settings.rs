//! What does a client learn before anything else, and what does somebody see of their own records? Bootstrap, settings,
//! dashboard, information about the software.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::keys::private;
use super::members::member_of;
use super::wire::{Me, admin, of_ledger};
use super::{FairDataPoint, definitions, operators};
use crate::auth::Wish;
use crate::catalogue::{CATALOGUE_KIND, State};
use crate::ledger::{Head, HeadFilter, ROWS_MAX, Seen};
use crate::web::error::{Answer, WebError};
use crate::web::server::Door;
use crate::web::{answered, openapi};

const WHAT: &str = "the settings";
const INSTEAD: &str =
    "The operator changes them in the settings file: [web] and [fair_data_point].";
/// How many records a dashboard shows.
const RECORDS_MAX: usize = 2_000;
/// How many levels below a catalogue it shows.
const DEPTH_MAX: usize = 4;

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/configs/bootstrap", web::get().to(bootstrap))
        .route("/settings", web::get().to(settings))
        .route("/settings", web::put().to(fixed))
        .route("/settings", web::delete().to(fixed))
        .route("/reset", web::post().to(fixed))
        .route("/dashboard", web::get().to(dashboard))
        .route("/v3/api-docs", web::get().to(description))
        .route("/actuator/info", web::get().to(info))
        .route("/actuator/health", web::get().to(health));
}

async fn bootstrap(door: web::Data<Door>, fdp: web::Data<FairDataPoint>) -> HttpResponse {
    HttpResponse::Ok().json(json!({
        "persistentUrl": door.base().as_str(),
        "resourceDefinitions": definitions::all(&door),
        "index": fdp.settings.index,
        "appTitle": title(&door, &fdp),
        "appSubtitle": fdp.settings.subtitle,
    }))
}

fn title<'a>(door: &'a Door, fdp: &'a FairDataPoint) -> &'a str {
    let own = fdp.settings.title.as_deref();
    own.unwrap_or(&door.settings.name)
}

async fn settings(
    door: web::Data<Door>,
    fdp: web::Data<FairDataPoint>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let base = door.base().as_str();
        let days = fdp.settings.ping_hours / 24;
        // Where the triples are kept, and by which password, is nobody's business.
        Ok(private(HttpResponse::Ok().json(json!({
            "clientUrl": base, "persistentUrl": base,
            "appTitle": title(&door, &fdp), "appSubtitle": fdp.settings.subtitle,
            "appTitleFromConfig": true, "appSubtitleFromConfig": true,
            "metadataMetrics": [],
            "ping": {
                "enabled": !fdp.settings.ping.is_empty(), "endpoints": fdp.settings.ping,
                "endpointsFromConfig": fdp.settings.ping, "interval": format!("P{days}D"),
            },
            "repository": { "type": "NATIVE" },
            "search": { "filters": [] },
            "forms": { "autocomplete": { "searchNamespace": true, "sources": [] } },
        }))))
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

async fn info() -> HttpResponse {
    let version = env!("CARGO_PKG_VERSION");
    HttpResponse::Ok().json(json!({
        "name": "Vesalius", "version": format!("{version}~vesalius"), "builtAt": Value::Null,
        "app": { "name": "Vesalius", "version": version },
    }))
}

/// The same document as `/openapi.json`, where clients of the reference look for it.
async fn description(door: web::Data<Door>) -> HttpResponse {
    let kinds = door.catalogue.kinds();
    HttpResponse::Ok().json(openapi::document(door.base().as_str(), kinds))
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "UP" }))
}

async fn dashboard(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, own_records(&door, &request).await)
}

/// The catalogues that somebody writes in, with what stands below: drafts too, a bounded number.
async fn own_records(door: &Door, request: &HttpRequest) -> Answer {
    let me = Me::of(door, request).await?;
    let filter = HeadFilter {
        kind: Some(CATALOGUE_KIND.to_owned()),
        ..HeadFilter::default()
    };
    let heads = door.catalogue.ledger().heads(&filter, 0, ROWS_MAX).await;
    let mut left = RECORDS_MAX;
    let mut trees = Vec::new();
    for head in heads.map_err(of_ledger)? {
        let writes = door
            .catalogue
            .may(&me.actor, Wish::Replace, &head)
            .is_allowed();
        if writes && head.state != State::Deleted && left > 0 {
            trees.push(tree(door, &me, head, &mut left).await?);
        }
    }
    Ok(private(HttpResponse::Ok().json(trees)))
}

/// A record with all below it. The levels are walked one after the other, so that no depth costs a stack.
async fn tree(door: &Door, me: &Me, top: Head, left: &mut usize) -> Result<Value, WebError> {
    let member = member_of(door, &me.actor, &top.iri).await?;
    let membership = member["membership"].clone();
    let mut levels: Vec<Vec<Head>> = vec![vec![top]];
    for _ in 0..DEPTH_MAX {
        let Some(above) = levels.last() else { break };
        let mut below = Vec::new();
        for head in above {
            let children = door
                .catalogue
                .ledger()
                .children(&head.iri, None, Seen::All, 0, *left);
            let children = children.await.map_err(of_ledger)?;
            *left = left.saturating_sub(children.len());
            below.extend(children);
            if *left == 0 {
                break;
            }
        }
        if below.is_empty() {
            break;
        }
        levels.push(below);
    }
    let mut children: Vec<(Option<String>, Value)> = Vec::new();
    while let Some(level) = levels.pop() {
        let of = |head: Head| {
            let mine = children
                .iter()
                .filter(|(parent, _)| parent.as_deref() == Some(&*head.iri));
            let mine: Vec<Value> = mine.map(|(_, child)| child.clone()).collect();
            (head.parent.clone(), entry(&head, &mine, &membership))
        };
        let entries = level.into_iter().map(of).collect();
        children = entries;
    }
    Ok(children
        .into_iter()
        .next()
        .map(|(_, top)| top)
        .unwrap_or_default())
}

fn entry(head: &Head, children: &[Value], membership: &Value) -> Value {
    let mut entry = json!({
        "uri": head.iri,
        "title": head.title.as_deref().unwrap_or(&head.path),
        "children": children,
        "state": head.state.as_str().to_ascii_uppercase(),
    });
    if !membership.is_null() {
        entry["membership"] = membership.clone();
    }
    entry
}
