//! What may be followed and taken as a whole? Streams (LDES), the feed of all changes (Atom), dumps, and pages of the
//! catalogue for harvesters.

mod atom;
mod catalogue;
mod dump;
mod hub;
mod ldes;

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::{HttpRequest, web};

pub use dump::paths as dumps;
pub use ldes::Pages;

use super::server::header_text;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .service(get("/catalog.{extension}", web::get().to(catalogue::page)))
        .service(
            web::resource("/dump/{file}")
                .route(web::get().to(dump::file))
                .route(web::head().to(dump::file)),
        )
        .service(get("/changes.atom", web::get().to(atom::newest)))
        .service(get("/changes/{n}.atom", web::get().to(atom::archive)))
        .route("/hub", web::post().to(hub::ask))
        .service(get("/ldes", web::get().to(ldes::all)))
        .service(get("/ldes/latest", web::get().to(ldes::latest)))
        .service(get("/ldes/latest{node:/.*}", web::get().to(ldes::latest)))
        .service(get(
            "/ldes/{prefix:catalog}/{id}",
            web::get().to(ldes::of_catalogue),
        ))
        .service(get(
            "/ldes/{prefix:catalog}/{id}{node:/.*}",
            web::get().to(ldes::of_catalogue),
        ))
        .service(get("/ldes{node:/.*}", web::get().to(ldes::all)))
        .service(get("/events/{n}", web::get().to(ldes::activity)))
        .service(get(
            "/{prefix}/{id}/events/{n}",
            web::get().to(ldes::activity),
        ));
}

/// A resource that is only read.
fn get(path: &str, route: actix_web::Route) -> actix_web::Resource {
    web::resource(path.to_owned()).route(route)
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
