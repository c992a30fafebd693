//! What is mine here, over HTTP: my area, what I was told and want to be told, my webhooks; pages and JSON.

mod area;
mod asked;
mod notices;
mod settings;
mod unsubscribe;
mod webhooks;

use std::sync::Arc;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::server::{Door, header_text, parameter};
use super::{answered, negotiate};
use crate::auth::Actor;
use crate::catalogue::CatalogueError;
use crate::ledger::{AccountId, Ledger, LedgerError};
use crate::notify::Ways;

/// Notices that an export holds; no more are kept.
const EXPORTED_MAX: usize = 2_000;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/my", web::get().to(show_area))
        .route("/my/notifications", web::get().to(show_notices))
        .route("/my/notifications/read", web::post().to(mark))
        .route("/my/settings", web::get().to(show_settings))
        .route("/my/settings", web::post().to(save_settings))
        .route("/my/subscriptions", web::post().to(follow))
        .route("/my/subscriptions/end", web::post().to(end_following))
        .route("/my/webhooks", web::get().to(show_webhooks))
        .route("/my/webhooks", web::post().to(add_webhook))
        .route("/my/webhooks/{action}", web::post().to(change_webhook))
        .route("/unsubscribe", web::get().to(ask_to_unsubscribe))
        .route("/unsubscribe", web::post().to(unsubscribe));
}

/// Whoever has an area here.
struct Owner {
    actor: Arc<Actor>,
    account: AccountId,
}

/// Who asks, if it is somebody with an account.
async fn owner(door: &Door, request: &HttpRequest) -> Result<Owner, WebError> {
    let actor = door.actor(request).await?;
    match (&*actor, actor.account().cloned()) {
        (_, Some(account)) => Ok(Owner { actor, account }),
        (Actor::Anonymous, None) => Err(WebError::Unauthorized(
            "an area belongs to a person: sign in".to_owned(),
        )),
        (_, None) => Err(WebError::Forbidden(
            "this token belongs to no account, so it has no area; sign in, or send a token that a person made"
                .to_owned(),
        )),
    }
}

/// Whoever asks, if it is the person themselves: what a token was made for says nothing about these things.
fn in_person(owner: Owner) -> Result<Owner, WebError> {
    match *owner.actor {
        Actor::Person(_) => Ok(owner),
        Actor::Anonymous | Actor::Bearer(_) => Err(WebError::Forbidden(
            "only the person themselves may change this, not a token".to_owned(),
        )),
    }
}

/// Whether a page is wanted, rather than JSON.
fn wants_page(request: &HttpRequest) -> bool {
    match parameter(request, "format").as_deref() {
        Some("json") => return false,
        Some("html") => return true,
        Some(_) | None => {}
    }
    let offered: [&[&str]; 2] = [
        &["application/json"],
        &["text/html", "application/xhtml+xml"],
    ];
    negotiate::choose(header_text(request, header::ACCEPT), &offered) == Some(1)
}

/// Answers to a person who changes something in a form or in JSON.
async fn to_person(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
    answer: impl AsyncFnOnce(Owner, asked::Asked) -> Answer,
) -> HttpResponse {
    to_owner(door, request, async |owner| {
        let owner = in_person(owner)?;
        let asked = asked::pairs(request, payload).await?;
        answer(owner, asked).await
    })
    .await
}

/// Answers to a person; a browser without a session goes to sign in and comes back.
async fn to_owner(
    door: &Door,
    request: &HttpRequest,
    answer: impl AsyncFnOnce(Owner) -> Answer,
) -> HttpResponse {
    let result = match owner(door, request).await {
        Ok(owner) => answer(owner).await,
        Err(error) => Err(error),
    };
    match result {
        Err(WebError::Unauthorized(_)) if is_browser(request) => {
            let root = door.base().path_prefix();
            let back = match (request.method(), request.uri().path_and_query()) {
                (&Method::GET, Some(here)) => here.as_str().to_owned(),
                _ => format!("{root}/my"),
            };
            let back: String = url::form_urlencoded::byte_serialize(back.as_bytes()).collect();
            see(&format!("{root}/sign-in?return_to={back}"))
        }
        result => private(answered(door, request, result)),
    }
}

fn is_browser(request: &HttpRequest) -> bool {
    wants_page(request) && !request.headers().contains_key(header::AUTHORIZATION)
}

/// After a change: a browser goes back to a page, a program hears that it is done.
fn done(door: &Door, request: &HttpRequest, back: &str) -> HttpResponse {
    if wants_page(request) {
        let root = door.base().path_prefix();
        see(&format!("{root}{back}"))
    } else {
        private(HttpResponse::NoContent().finish())
    }
}

fn see(address: &str) -> HttpResponse {
    let there = HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish();
    private(there)
}

/// What belongs to one person is kept by nobody else.
fn private(mut response: HttpResponse) -> HttpResponse {
    let none = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, none);
    response
}

fn of_ledger(error: LedgerError) -> WebError {
    CatalogueError::from(error).into()
}

/// What is kept about what a person is told (GDPR articles 15 and 20).
pub(super) async fn kept_of(ledger: &Ledger, account: &AccountId) -> Result<Value, LedgerError> {
    let notices = ledger.notices(account, false, None, EXPORTED_MAX).await?;
    let choices = ledger.choices(account).await?;
    let followed = ledger.subscriptions(account).await?;
    let webhooks = ledger.webhooks(account).await?;
    let addressee = ledger.addressee(account).await?;
    Ok(json!({
        "language": addressee.map(|one| one.language),
        "choices": choices.iter().map(|(kind, ways)| json!({
            "event": kind.as_str(),
            "ways": settings::words_of(Ways::from_bits(*ways)),
        })).collect::<Vec<_>>(),
        "subscriptions": followed.iter().map(|one| json!({
            "topic": one.topic,
            "value": one.value,
        })).collect::<Vec<_>>(),
        "webhooks": webhooks.iter().map(|one| json!({
            "url": one.url,
            "topic": one.topic,
            "value": one.value,
        })).collect::<Vec<_>>(),
        "notifications": notices.iter().map(|one| json!({
            "event": one.kind.as_str(),
            "record": one.iri,
            "at": one.at.to_string(),
            "readAt": one.read_at.map(|at| at.to_string()),
        })).collect::<Vec<_>>(),
    }))
}

fn moment(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

async fn show_area(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    to_owner(&door, &request, async |owner| {
        area::area(&door, &request, &owner).await
    })
    .await
}

async fn show_notices(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    to_owner(&door, &request, async |owner| {
        notices::notices(&door, &request, &owner).await
    })
    .await
}

async fn mark(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    to_owner(&door, &request, async |owner| {
        let asked = asked::pairs(&request, &mut payload).await?;
        notices::mark(&door, &owner, &asked).await?;
        Ok(done(&door, &request, "/my/notifications"))
    })
    .await
}

async fn show_settings(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    to_owner(&door, &request, async |owner| {
        settings::settings(&door, &request, &owner).await
    })
    .await
}

async fn save_settings(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    to_person(&door, &request, &mut payload, async |owner, asked| {
        settings::save(&door, &owner, &asked).await?;
        Ok(done(&door, &request, "/my/settings?saved=1"))
    })
    .await
}

async fn follow(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    to_person(&door, &request, &mut payload, async |owner, asked| {
        settings::follow(&door, &owner, &asked).await?;
        Ok(done(&door, &request, "/my/settings?saved=1"))
    })
    .await
}

async fn end_following(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    to_person(&door, &request, &mut payload, async |owner, asked| {
        let id = asked::needed(&asked, "id")?;
        let ledger = door.catalogue.ledger();
        let ended = ledger.unsubscribe_from(&owner.account, id).await;
        if !ended.map_err(of_ledger)? {
            return Err(WebError::Parameter {
                name: "id",
                message: format!("you follow nothing by the name {id}"),
            });
        }
        Ok(done(&door, &request, "/my/settings?saved=1"))
    })
    .await
}

async fn show_webhooks(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    to_owner(&door, &request, async |owner| {
        webhooks::webhooks(&door, &request, &owner, None).await
    })
    .await
}

async fn add_webhook(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    to_person(&door, &request, &mut payload, async |owner, asked| {
        webhooks::add(&door, &request, &owner, &asked).await
    })
    .await
}

async fn change_webhook(
    door: web::Data<Door>,
    request: HttpRequest,
    action: web::Path<String>,
    mut payload: web::Payload,
) -> HttpResponse {
    to_person(&door, &request, &mut payload, async |owner, asked| {
        webhooks::change(&door, &request, &owner, &action, &asked).await
    })
    .await
}

async fn ask_to_unsubscribe(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = unsubscribe::ask(&door, &request);
    private(answered(&door, &request, answer))
}

async fn unsubscribe(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let asked = asked::pairs(&request, &mut payload).await?;
        unsubscribe::unsubscribe(&door, &request, &asked).await
    };
    private(answered(&door, &request, answer.await))
}
