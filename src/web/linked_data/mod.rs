//! Records over HTTP: read, create, replace, delete, publish. The wire shape of a FAIR Data Point.

pub mod containers;
pub mod meta;
pub mod read;
pub mod write;

use actix_web::{HttpRequest, HttpResponse, web};

use super::error::WebError;
use super::quality;
use super::server::Door;
use super::{batch, idempotency};

/// What the address of a record may be followed by.
pub(super) const RECORD_METHODS: &str = "GET, HEAD, PUT, PATCH, DELETE, OPTIONS";
pub(super) const CONTAINER_METHODS: &str = "GET, HEAD, POST, PUT, OPTIONS";

/// Adds the routes of records. They take every address of one or two segments, so they come last.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .service(
            web::resource(["", "/"])
                .route(web::get().to(read::root))
                .route(web::head().to(read::root))
                .route(web::put().to(write::replace_root))
                .route(web::patch().to(write::patch))
                .route(web::method(actix_web::http::Method::OPTIONS).to(options_of_record))
                .default_service(web::to(no_method_of_record)),
        )
        .service(meta_routes("/meta"))
        .service(web::resource("/meta/state").route(web::put().to(meta::set_state)))
        .service(web::resource("/expanded").route(web::get().to(read::expanded)))
        .service(web::resource("/spec").route(web::get().to(meta::spec)))
        .service(web::resource("/page/{child}").route(web::get().to(containers::page)))
        .service(web::resource("/versions").route(web::get().to(read::versions)))
        .service(web::resource("/versions/{n}").route(web::get().to(read::version)))
        .service(web::resource("/{prefix}/{id}/versions").route(web::get().to(read::versions)))
        .service(web::resource("/{prefix}/{id}/versions/{n}").route(web::get().to(read::version)))
        .service(meta_routes("/{prefix}/{id}/meta"))
        .service(web::resource("/{prefix}/{id}/meta/state").route(web::put().to(meta::set_state)))
        .service(web::resource("/{prefix}/{id}/quality").route(web::get().to(quality::of_record)))
        .service(web::resource("/{prefix}/{id}/expanded").route(web::get().to(read::expanded)))
        .service(
            web::resource("/{prefix}/{id}/page/{child}").route(web::get().to(containers::page)),
        )
        .service(web::resource("/{prefix}/spec").route(web::get().to(meta::spec)))
        .service(
            web::resource(["/{prefix}", "/{prefix}/"])
                .wrap(actix_web::middleware::from_fn(idempotency::once))
                .route(web::get().to(containers::list))
                .route(web::head().to(containers::list))
                .route(web::post().to(write::create))
                .route(web::put().to(write::upsert))
                .route(web::method(actix_web::http::Method::OPTIONS).to(options_of_container))
                .default_service(web::to(no_method_of_container)),
        )
        .service(
            web::resource("/{prefix}/{id}")
                .route(web::get().to(read::record))
                .route(web::head().to(read::record))
                .route(web::put().to(write::replace))
                .route(web::patch().to(write::patch))
                .route(web::delete().to(write::delete))
                .route(web::method(actix_web::http::Method::OPTIONS).to(options_of_record))
                .default_service(web::to(no_method_of_record)),
        );
}

fn meta_routes(path: &str) -> actix_web::Resource {
    web::resource(path.to_owned()).route(web::get().to(meta::meta))
}

/// The path of a record in a request, without what follows it.
pub(super) fn record_path(request: &HttpRequest) -> String {
    let part = |name: &str| request.match_info().get(name).map(str::to_owned);
    match (part("prefix"), part("id")) {
        (Some(prefix), Some(id)) => format!("/{prefix}/{id}"),
        _ => String::new(),
    }
}

async fn options_of_record() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("Allow", RECORD_METHODS))
        .insert_header(batch::accept_patch())
        .insert_header((
            "Accept-Post",
            "text/turtle, application/ld+json, application/rdf+xml",
        ))
        .finish()
}

async fn options_of_container() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("Allow", CONTAINER_METHODS))
        .insert_header((
            "Accept-Post",
            "text/turtle, application/ld+json, application/rdf+xml",
        ))
        .finish()
}

async fn no_method_of_record(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    not_allowed(&door, &request, RECORD_METHODS)
}

async fn no_method_of_container(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    not_allowed(&door, &request, CONTAINER_METHODS)
}

fn not_allowed(door: &Door, request: &HttpRequest, allowed: &'static str) -> HttpResponse {
    let method = request.method().to_string();
    WebError::MethodNotAllowed { method, allowed }.answer(door, request)
}
