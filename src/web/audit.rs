//! Who did what here? For operators: a page and JSON. Everybody else never learns who is behind a name.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::Answer;
use super::members::{allowed, wants_json};
use super::pages::audit::{AuditPage, DeedChoice, Told};
use super::pages::site::Section;
use super::server::{Door, parameter};
use super::sign_in::{address, moment, of_ledger, private};
use super::tokens::bad;
use super::{answered, showing};
use crate::auth::Wish;
use crate::ledger::{AccountId, AuditFilter, Deed, Event, LedgerError};

/// Events of one answer, at most and usually.
const EVENTS_MAX: usize = 1000;
const EVENTS: usize = 100;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service.route("/audit", web::get().to(audit));
}

async fn audit(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, shown(&door, &request).await)
}

async fn shown(door: &Door, request: &HttpRequest) -> Answer {
    allowed(door, request, Wish::ReadAudit).await?;
    let text = |name: &str| parameter(request, name).filter(|text| !text.is_empty());
    let number = |name: &'static str| match text(name).map(|text| text.parse::<u64>()) {
        Some(Ok(number)) => Ok(Some(number)),
        Some(Err(_)) => Err(bad(name, "is no number")),
        None => Ok(None),
    };
    let deed = text("deed").map(|word| {
        let unknown = format!("«{word}» is nothing that is kept here");
        Deed::from_word(&word).ok_or_else(|| bad("deed", &unknown))
    });
    let filter = AuditFilter {
        actor: text("actor"),
        subject: text("subject"),
        deed: deed.transpose()?,
        before: number("before")?,
    };
    let limit = number("limit")?.map_or(EVENTS, |limit| {
        usize::try_from(limit)
            .unwrap_or(EVENTS_MAX)
            .clamp(1, EVENTS_MAX)
    });
    let events = door.catalogue.ledger().audit(&filter, limit).await;
    let events = events.map_err(of_ledger)?;
    let names = names(door, &events).await.map_err(of_ledger)?;
    let next = (events.len() == limit).then(|| events.last()).flatten();
    let next = next.map(|event| following(door, &filter, event.number, limit));
    if wants_json(request) {
        let events: Vec<Value> = events.iter().map(|event| told(event, &names)).collect();
        let body = json!({ "events": events, "next": next });
        return Ok(private(HttpResponse::Ok().json(body)));
    }
    let page = AuditPage {
        site: door.site_at(request, Section::Elsewhere),
        events: events.iter().map(|event| row(event, &names)).collect(),
        actor: filter.actor.unwrap_or_default(),
        subject: filter.subject.unwrap_or_default(),
        deeds: Deed::ALL
            .iter()
            .map(|deed| DeedChoice {
                word: deed.as_str(),
                is_chosen: filter.deed == Some(*deed),
            })
            .collect(),
        next,
    };
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

/// Who is behind the actors, as far as there still is an account.
async fn names(door: &Door, events: &[Event]) -> Result<HashMap<String, String>, LedgerError> {
    let mut names = HashMap::new();
    for event in events {
        if names.contains_key(&event.actor) {
            continue;
        }
        let account = AccountId(event.actor.clone());
        let account = door.catalogue.ledger().account(&account).await?;
        let name = account.and_then(|account| account.name.or(account.email));
        names.insert(event.actor.clone(), name.unwrap_or_default());
    }
    Ok(names)
}

fn told(event: &Event, names: &HashMap<String, String>) -> Value {
    let mut told = event.to_json();
    let name = names.get(&event.actor).filter(|name| !name.is_empty());
    told["name"] = json!(name);
    told
}

fn row(event: &Event, names: &HashMap<String, String>) -> Told {
    Told {
        number: event.number,
        at: moment(event.at),
        actor: event.actor.clone(),
        name: names.get(&event.actor).cloned().unwrap_or_default(),
        deed: event.deed.as_str().to_owned(),
        subject: event.subject.clone(),
        detail: event.detail.clone(),
    }
}

/// The address of what was before.
fn following(door: &Door, filter: &AuditFilter, before: u64, limit: usize) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("before", &before.to_string());
    query.append_pair("limit", &limit.to_string());
    let deed = filter.deed.map(|deed| deed.as_str().to_owned());
    let given = [
        ("actor", filter.actor.as_ref()),
        ("subject", filter.subject.as_ref()),
        ("deed", deed.as_ref()),
    ];
    for (name, value) in given {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    address(door, &format!("/audit?{}", query.finish()))
}
