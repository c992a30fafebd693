//! The HTTP floor: one folder a protocol, pages for people, and what all of them share.

pub mod api;
pub mod audit;
pub mod batch;
pub mod body;
pub mod compare;
pub mod crosswalk;
mod current;
pub mod dois;
pub mod edit;
pub mod eosc;
pub mod error;
pub mod exports;
pub mod fair_data_point;
pub mod feeds;
pub mod idempotency;
pub mod layers;
pub mod lifecycle;
pub mod linked_data;
pub mod members;
pub mod multipart;
pub mod my;
pub mod negotiate;
pub mod oai;
pub mod ontology;
pub mod openapi;
pub mod pages;
pub mod profiles;
pub mod quality;
pub mod refusals;
pub mod results;
pub mod server;
pub mod sheets;
pub mod showing;
pub mod sign_in;
pub mod signposting;
pub mod sparql;
pub mod statistics;
pub mod status;
pub mod stream;
pub mod tokens;

use actix_web::{HttpRequest, HttpResponse, web};

pub use current::Current;
pub use error::{Answer, WebError};
pub use server::{Door, Settings};

/// What an answer of ours may depend on.
pub const VARY: &str = "Accept, Accept-Language, Authorization, Cookie";

/// Adds every route. The addresses of records come last: they take what nobody else took.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .configure(status::configure)
        .configure(sparql::configure)
        .configure(sheets::configure)
        .configure(batch::configure)
        .configure(crosswalk::configure)
        .configure(api::configure)
        .configure(feeds::configure)
        .configure(ontology::configure)
        .configure(quality::configure)
        .configure(oai::configure)
        .configure(signposting::configure)
        .configure(eosc::configure)
        .configure(showing::configure)
        .configure(sign_in::configure)
        .configure(tokens::configure)
        .configure(members::configure)
        .configure(audit::configure)
        .configure(dois::configure)
        .configure(my::configure)
        .configure(lifecycle::configure)
        .configure(profiles::configure)
        .configure(fair_data_point::configure)
        .configure(edit::configure)
        .configure(linked_data::configure)
        .default_service(web::to(nothing_here));
}

/// Turns the result of a handler into its answer.
pub fn answered(door: &Door, request: &HttpRequest, answer: Answer) -> HttpResponse {
    answer.unwrap_or_else(|error| error.answer(door, request))
}

async fn nothing_here(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    WebError::NotFound(request.path().to_owned()).answer(&door, &request)
}
