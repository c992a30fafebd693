//! Is this request the one that was answered already? `Idempotency-Key`: the same request is done once, however often it is sent.

use actix_web::body::{BoxBody, MessageBody, to_bytes_limited};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use super::body;
use super::error::WebError;
use super::server::{Door, header_text};
use crate::catalogue::CatalogueError;
use crate::ledger::answer::{Answer, BODY_BYTES_MAX, KEY_BYTES_MAX, Known, Request};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// What tells that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// What is kept of an answer besides its status and body.
const HEADERS: [&str; 5] = [
    "content-type",
    "location",
    "etag",
    "vary",
    "preference-applied",
];

/// Goes around the addresses that write. Requests without a key, and those of nobody, pass untouched.
pub async fn once(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let key = header_text(request.request(), KEY).map(str::to_owned);
    let door = request.app_data::<web::Data<Door>>().cloned();
    let (Some(key), Some(door)) = (key.filter(|_| *request.method() == Method::POST), door) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let noted = match note(&door, &mut request, key).await {
        Ok(Some(noted)) => noted,
        Ok(None) => return Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => {
            let answer = error.answer(&door, request.request());
            return Ok(request.into_response(answer));
        }
    };
    match noted {
        Noted::Answered(answer) => Ok(request.into_response(replayed(answer))),
        Noted::New(noted) => {
            let response = next.call(request).await;
            let response = match response {
                Ok(response) => response,
                Err(error) => {
                    forget(&door, &noted).await;
                    return Err(error);
                }
            };
            kept(&door, &noted, response).await
        }
    }
}

enum Noted {
    New(Request),
    Answered(Answer),
}

/// Notes a request of somebody who is known; its body is read and put back.
async fn note(
    door: &Door,
    request: &mut ServiceRequest,
    key: String,
) -> Result<Option<Noted>, WebError> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX {
        return Err(WebError::Parameter {
            name: "Idempotency-Key",
            message: format!("a key has between 1 and {KEY_BYTES_MAX} letters"),
        });
    }
    let actor = door.actor(request.request()).await?;
    if matches!(*actor, crate::auth::Actor::Anonymous) {
        return Ok(None);
    }
    let (parts, raw) = request.parts_mut();
    let mut payload = web::Payload::from_request(parts, raw)
        .await
        .map_err(|error| WebError::Body(error.to_string()))?;
    let bytes = body::bytes(door, parts, &mut payload).await?;
    let mut digest = Sha256::new();
    for part in [
        request.method().as_str(),
        request.path(),
        request.query_string(),
        header_text(request.request(), actix_web::http::header::CONTENT_TYPE).unwrap_or_default(),
    ] {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.update(&bytes);
    request.set_payload(Payload::from(web::Bytes::from(bytes)));
    let noted = Request {
        author: actor.name().to_owned(),
        key,
        digest: digest.finalize().into(),
    };
    let ledger = door.catalogue.ledger();
    let now = door.catalogue.clock().now();
    let known = ledger.begin_answer(&noted, now).await;
    match known.map_err(CatalogueError::from)? {
        Known::New => Ok(Some(Noted::New(noted))),
        Known::Answered(answer) => Ok(Some(Noted::Answered(answer))),
        Known::Running => Err(WebError::KeyRunning),
        Known::Other => Err(WebError::KeyUsed(noted.key)),
    }
}

/// Keeps an answer. What was our fault is not kept: the request may be sent again.
async fn kept(
    door: &Door,
    noted: &Request,
    response: ServiceResponse<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let status = head.status();
    let body = to_bytes_limited(body, body::ANSWER_BYTES_MAX).await;
    let Ok(Ok(body)) = body else {
        forget(door, noted).await;
        let answer = WebError::Body("the answer could not be written".to_owned());
        let answer = answer.answer(door, &request);
        return Ok(ServiceResponse::new(request, answer));
    };
    if status.is_server_error() {
        forget(door, noted).await;
    } else {
        let names = HEADERS.iter().filter_map(|name| {
            let value = head.headers().get(*name)?.to_str().ok()?;
            Some(((*name).to_owned(), value.to_owned()))
        });
        let answer = Answer {
            status: status.as_u16(),
            headers: names.collect(),
            // A long answer is told by its head alone.
            body: if body.len() > BODY_BYTES_MAX {
                Vec::new()
            } else {
                body.to_vec()
            },
        };
        let keep = door.catalogue.ledger().keep_answer(noted, &answer).await;
        if let Err(error) = keep {
            tracing::warn!(%error, "the answer to a request with a key was not kept");
        }
    }
    let response = head.set_body(body).map_into_boxed_body();
    Ok(ServiceResponse::new(request, response))
}

async fn forget(door: &Door, noted: &Request) {
    if let Err(error) = door.catalogue.ledger().forget_answer(noted).await {
        tracing::warn!(%error, "a request with a key was not forgotten");
    }
}

fn replayed(answer: Answer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers {
        response.insert_header((name, value));
    }
    response.insert_header((REPLAYED, HeaderValue::from_static("true")));
    response.body(answer.body)
}
