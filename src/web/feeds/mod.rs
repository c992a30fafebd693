//! What may be followed and taken as a whole? Streams (LDES), the feed of all changes (Atom), dumps, and pages of the
//! catalogue for harvesters.

mod atom;
mod catalogue;
mod dump;
mod hub;
mod ldes;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{FromRequest, Handler, HttpRequest, Resource, Responder, web};

pub use dump::paths as dumps;
pub use ldes::Pages;

use super::server::header_text;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .service(read("/catalog.{extension}", catalogue::page))
        .service(read("/dump/{file}", dump::file))
        .service(read("/changes.atom", atom::newest))
        .service(read("/changes/{n}.atom", atom::archive))
        .route("/hub", web::post().to(hub::ask))
        .service(read("/ldes", ldes::all))
        .service(read("/ldes/latest", ldes::latest))
        .service(read("/ldes/latest{node:/.*}", ldes::latest))
        .service(read("/ldes/{prefix:catalog}/{id}", ldes::of_catalogue))
        .service(read(
            "/ldes/{prefix:catalog}/{id}{node:/.*}",
            ldes::of_catalogue,
        ))
        .service(read("/ldes{node:/.*}", ldes::all))
        .service(read("/events/{n}", ldes::activity))
        .service(read("/{prefix}/{id}/events/{n}", ldes::activity));
}

/// A resource that is only read.
fn read<F, Args>(path: &str, handler: F) -> Resource
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    web::resource(path.to_owned())
        .route(web::get().to(handler.clone()))
        .route(web::head().to(handler))
}

/// Whether the client has the answer of this tag already (RFC 9110 §13.1.2).
fn has(request: &HttpRequest, etag: &str) -> bool {
    let known = header_text(request, header::IF_NONE_MATCH);
    known.is_some_and(|known| {
        known.split(',').any(|one| {
            let one = one.trim();
            one == "*" || one.trim_start_matches("W/") == etag.trim_start_matches("W/")
        })
    })
}

/// Sets a header whose value was made here.
fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
