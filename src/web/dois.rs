//! Which DOIs do records have, and what could their registry not be told? For stewards: a page and JSON.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::members::{allowed, wants_json};
use super::pages::dois::{DoiChoice, DoiRow, DoisPage, Next, Which};
use super::pages::site::Section;
use super::pages::text::Link;
use super::server::{Door, parameter};
use super::sign_in::{FORM_BYTES_MAX, address, field, moment, of_ledger, private, see};
use super::tokens::{Sent, bad, form_of, from_json, sent_as};
use super::{answered, body, showing};
use crate::auth::Wish;
use crate::ledger::{Doi, DoiCounts, DoiFilter, DoiOfRecord, DoiState};

/// DOIs of one answer.
const DOIS: usize = 100;
/// The word for those that could not be told.
const FAILED: &str = "failed";

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/dois", web::get().to(list))
        .route("/dois/retry", web::post().to(retry));
}

/// What is to be told again: one DOI, or all that failed.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Again {
    doi: Option<String>,
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, listed(&door, &request).await)
}

async fn listed(door: &Door, request: &HttpRequest) -> Answer {
    allowed(door, request, Wish::ManageDois).await?;
    let filter = asked(request)?;
    let ledger = door.catalogue.ledger();
    let dois = ledger.dois(&filter, DOIS).await.map_err(of_ledger)?;
    let counts = ledger.count_dois().await.map_err(of_ledger)?;
    let last = (dois.len() == DOIS).then(|| dois.last()).flatten();
    let next = last.map(|last| {
        let after = DoiFilter {
            after: last.doi.record,
            ..filter
        };
        place(door, &after)
    });
    if wants_json(request) {
        let dois: Vec<Value> = dois.iter().map(told).collect();
        let body = json!({ "dois": dois, "counts": counted(&counts), "next": next });
        return Ok(private(HttpResponse::Ok().json(body)));
    }
    let page = DoisPage {
        site: door.site_at(request, Section::Elsewhere),
        choices: choices(door, &filter, &counts),
        failed: counts.failed,
        dois: dois.iter().map(|one| row(door, one)).collect(),
        next,
    };
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

fn asked(request: &HttpRequest) -> Result<DoiFilter, WebError> {
    let text = |name: &str| parameter(request, name).filter(|text| !text.is_empty());
    let state = text("state");
    let failed = state.as_deref() == Some(FAILED);
    let word = state.filter(|_| !failed);
    let state = word.map(|word| {
        let unknown = format!("«{word}» is none of wanted, findable, registered, failed");
        DoiState::from_word(&word).ok_or_else(|| bad("state", &unknown))
    });
    let after = text("after").map(|text| text.parse().map_err(|_| bad("after", "is no number")));
    Ok(DoiFilter {
        state: state.transpose()?,
        failed,
        after: after.transpose()?.unwrap_or_default(),
    })
}

fn place(door: &Door, filter: &DoiFilter) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if filter.failed {
        query.append_pair("state", FAILED);
    } else if let Some(state) = filter.state {
        query.append_pair("state", state.as_str());
    }
    if filter.after > 0 {
        query.append_pair("after", &filter.after.to_string());
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    address(door, &format!("/dois{mark}{query}"))
}

fn choices(door: &Door, chosen: &DoiFilter, counts: &DoiCounts) -> Vec<DoiChoice> {
    let all = [
        (Which::All, counts.all()),
        (Which::Of(DoiState::Wanted), counts.wanted),
        (Which::Of(DoiState::Findable), counts.findable),
        (Which::Of(DoiState::Registered), counts.registered),
        (Which::Failed, counts.failed),
    ];
    let choice = |(which, count)| {
        let filter = DoiFilter {
            state: match which {
                Which::Of(state) => Some(state),
                Which::All | Which::Failed => None,
            },
            failed: which == Which::Failed,
            after: 0,
        };
        DoiChoice {
            which,
            count,
            href: place(door, &filter),
            is_chosen: (filter.state, filter.failed) == (chosen.state, chosen.failed),
        }
    };
    all.map(choice).to_vec()
}

fn counted(counts: &DoiCounts) -> Value {
    json!({
        "wanted": counts.wanted,
        "findable": counts.findable,
        "registered": counts.registered,
        "failed": counts.failed,
    })
}

fn told(one: &DoiOfRecord) -> Value {
    let next = match next(&one.doi) {
        Next::Never | Next::WhenChanged => None,
        Next::Now => Some("now".to_owned()),
        Next::At(_) => one.doi.next_at.map(|at| at.to_string()),
    };
    json!({
        "doi": one.doi.doi,
        "state": one.doi.state.as_str(),
        "record": one.iri,
        "title": one.title,
        "attempts": one.doi.attempts,
        "failure": one.doi.failure,
        "next": next,
    })
}

fn row(door: &Door, one: &DoiOfRecord) -> DoiRow {
    let title = one.title.as_deref().unwrap_or(&one.iri);
    DoiRow {
        doi: one.doi.doi.clone(),
        record: Link::new(title, address(door, &one.path)),
        state: one.doi.state,
        failure: one.doi.failure.clone(),
        attempts: one.doi.attempts,
        next: next(&one.doi),
    }
}

fn next(doi: &Doi) -> Next {
    match doi.next_at {
        Some(_) if doi.is_asked_for() => Next::Now,
        Some(at) => Next::At(moment(at)),
        None if doi.failure.is_some() => Next::WhenChanged,
        None => Next::Never,
    }
}

async fn retry(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    answered(&door, &request, again(&door, &request, &mut payload).await)
}

async fn again(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    let actor = allowed(door, request, Wish::ManageDois).await?;
    let sent = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    let sent_as = sent_as(request)?;
    let wanted: Again = match sent_as {
        Sent::Json => from_json(&sent)?,
        Sent::Form => Again {
            doi: Some(field(&form_of(&sent), "doi")).filter(|doi| !doi.is_empty()),
        },
    };
    let ledger = door.catalogue.ledger();
    let now = door.catalogue.clock().now();
    let retried = ledger.tell_dois_again(actor.name(), wanted.doi.as_deref(), now);
    let retried = retried.await.map_err(of_ledger)?;
    if let (0, Some(doi)) = (retried, wanted.doi) {
        return Err(bad("doi", &format!("«{doi}» is none that failed")));
    }
    Ok(match sent_as {
        Sent::Form => see(&address(door, "/dois")),
        Sent::Json => private(HttpResponse::Ok().json(json!({ "retried": retried }))),
    })
}
