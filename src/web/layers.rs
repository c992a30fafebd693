//! What goes around every request? Cross-origin rules, safety headers, a log line, a measure.

use std::time::Instant;

use actix_web::Error;
use actix_web::HttpResponse;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;

use super::{current, sign_in};
use crate::monitoring::Request;

const ALLOW_METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
const ALLOW_HEADERS: &str = "Origin, Authorization, Accept, Content-Type, If-Match, If-None-Match, \
     Prefer, Accept-Datetime, Accept-Profile, Slug, Idempotency-Key";
const EXPOSE_HEADERS: &str = "Location, Link, ETag, Last-Modified, Allow, Content-Location, \
     Content-Profile, Memento-Datetime, Retry-After, Vesalius-Partial";
/// Pages use their own stylesheet, script and pictures, and nothing else.
const CONTENT_SECURITY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Answers preflights and adds what every answer carries.
pub async fn around<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let started = Instant::now();
    let door = current::enter(&mut request);
    if request.method() == Method::HEAD {
        // An answer without a body is the same for every encoding.
        request.headers_mut().remove(header::ACCEPT_ENCODING);
    }
    let mine = door
        .as_ref()
        .is_some_and(|door| sign_in::brings_session(door, request.request()));
    let preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if preflight {
        request
            .into_response(HttpResponse::NoContent().finish())
            .map_into_right_body()
    } else {
        next.call(request).await?.map_into_left_body()
    };
    let status = response.status();
    let method = response.request().method().clone();
    let pattern = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "other".to_owned());
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    set(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSE_HEADERS);
    if preflight {
        set(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOW_METHODS);
        set(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOW_HEADERS);
        set(header::ACCESS_CONTROL_MAX_AGE, "86400");
    }
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "strict-origin-when-cross-origin");
    // What a person sees who is signed in is kept by nobody; assets are the same for all.
    let is_asset = pattern.ends_with("/static/{name}");
    if mine && !is_asset {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    let html = headers.get(header::CONTENT_TYPE);
    // A page that stands in the frames of others has stricter rules of its own.
    let is_html = html.is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    if is_html && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY),
        );
    }
    if let Some(door) = door {
        let elapsed = started.elapsed();
        door.metrics.request(&Request {
            route: &pattern,
            method: method.as_str(),
            status: status.as_u16(),
            took: elapsed,
        });
        log(&method, response.request().path(), status, elapsed);
    }
    Ok(response)
}

fn log(method: &Method, path: &str, status: StatusCode, elapsed: std::time::Duration) {
    let duration_ms = elapsed.as_secs_f64() * 1000.0;
    tracing::debug!(%method, path, status = status.as_u16(), duration_ms, "answered");
}
