//! How does a client of a FAIR Data Point sign in, and which keys does its user hold? `/tokens` and `/api-keys`.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::json;

use super::wire::{Me, json_body, nothing, of_ledger, segment};
use crate::auth::api_token::TokenError;
use crate::auth::local::{self, LocalError};
use crate::catalogue::CatalogueError;
use crate::ledger::{Purpose, TokenId};
use crate::web::error::{Answer, WebError};
use crate::web::server::Door;
use crate::web::{answered, refusals, sign_in};

/// What stands where a secret was: it is shown once, when it is made.
const HIDDEN: &str = "ves_••••";

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/tokens", web::post().to(enter))
        .route("/api-keys", web::get().to(list))
        .route("/api-keys", web::post().to(make))
        .route("/api-keys/{uuid}", web::delete().to(revoke));
}

#[derive(Deserialize)]
struct Login {
    #[serde(default)]
    email: String,
    password: String,
}

async fn enter(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        sign_in::count_attempt(&door, &request)?;
        let login: Login = json_body(&request, &mut payload).await?;
        let ledger = door.catalogue.ledger();
        let now = door.catalogue.clock().now();
        let entered = local::enter(ledger, &login.email, &login.password, now).await;
        let token = entered.map_err(of_local)?;
        Ok(private(HttpResponse::Ok().json(json!({ "token": token }))))
    };
    let answer = answer.await;
    if let Err(error) = &answer {
        refusals::sign_in(&door, &request, error).await;
    }
    answered(&door, &request, answer)
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, listed(&door, &request).await)
}

async fn listed(door: &Door, request: &HttpRequest) -> Answer {
    let me = Me::of(door, request).await?;
    let keys = match &me.local {
        Some(user) => {
            let now = door.catalogue.clock().now();
            let keys = door.catalogue.ledger().local_keys(&user.id, now).await;
            keys.map_err(of_ledger)?
        }
        None => Vec::new(),
    };
    let keys: Vec<_> = keys
        .iter()
        .map(|key| json!({ "uuid": key.0, "token": HIDDEN }))
        .collect();
    Ok(private(HttpResponse::Ok().json(keys)))
}

async fn make(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, made(&door, &request).await)
}

async fn made(door: &Door, request: &HttpRequest) -> Answer {
    let me = Me::of(door, request).await?;
    // A token must not give birth to one that lives longer than itself.
    let Some(user) = &me.local else {
        let why = "keys are for local users; people of an identity provider make tokens at /account, stewards with `vesalius token new`";
        return Err(WebError::Forbidden(why.to_owned()));
    };
    let ledger = door.catalogue.ledger();
    let now = door.catalogue.clock().now();
    let given = local::give(ledger, user, Purpose::Key, now).await;
    let (id, secret) = given.map_err(of_local)?;
    let key = json!({ "uuid": id.0, "token": secret.reveal() });
    Ok(private(HttpResponse::Created().json(key)))
}

async fn revoke(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, revoked(&door, &request).await)
}

async fn revoked(door: &Door, request: &HttpRequest) -> Answer {
    let me = Me::of(door, request).await?;
    let id = TokenId(segment(request, "uuid").to_owned());
    let ledger = door.catalogue.ledger();
    let now = door.catalogue.clock().now();
    let holder = ledger.local_user_of(&id).await.map_err(of_ledger)?;
    let is_mine = holder.is_some_and(|holder| holder.id == me.id);
    let is_ended = is_mine
        && ledger
            .revoke_token(&id, me.actor.name(), now)
            .await
            .map_err(of_ledger)?;
    if is_ended {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(nothing(request))
}

/// What holds a secret or a person is kept by nobody on the way.
pub(super) fn private(mut response: HttpResponse) -> HttpResponse {
    use actix_web::http::header;
    let no_store = header::HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, no_store);
    response
}

/// The failure of a local user as clients see it.
pub(super) fn of_local(error: LocalError) -> WebError {
    let wrong = |name: &'static str, error: &LocalError| WebError::Parameter {
        name,
        message: error.to_string(),
    };
    match error {
        LocalError::Refused => WebError::Unauthorized(error.to_string()),
        LocalError::Password => wrong("password", &error),
        LocalError::Taken(_) | LocalError::Email(_) => wrong("email", &error),
        LocalError::Ledger(error) | LocalError::Token(TokenError::Ledger(error)) => {
            of_ledger(error)
        }
        LocalError::Hash(_) | LocalError::Token(_) => {
            CatalogueError::Interrupted(error.to_string()).into()
        }
    }
}
