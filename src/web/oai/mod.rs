//! OAI-PMH 2.0: how do harvesters take everything, and then what has changed?
//!
//! A list walks the ledger's public changes up to the one that was the last when it began. Its tokens say where it is
//! and nothing else, so they are signed, kept nowhere and never end.

mod ahead;
mod answer;
mod envelope;
mod form;
mod granularity;
mod identifier;
mod list;
mod page;
mod request;
#[cfg(test)]
mod tests;
mod token;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answered;
use super::body;
use super::error::{Answer, WebError};
use super::negotiate;
use super::server::{Door, header_text};
use answer::Answering;
use request::Asked;

pub use ahead::Ahead;

/// The longest body of a request, in bytes.
const BODY_BYTES_MAX: usize = 64 * 1024;
const METHODS: &str = "GET, HEAD, POST, OPTIONS";
const CONTENT_TYPE: &str = "text/xml; charset=utf-8";

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .app_data(web::Data::new(token::Key::default()))
        .service(
            web::resource(["/oai", "/oai2d"])
                .route(web::get().to(get))
                .route(web::head().to(get))
                .route(web::post().to(post))
                .default_service(web::to(no_method)),
        );
}

async fn get(
    door: web::Data<Door>,
    key: web::Data<token::Key>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        if request.query_string().is_empty() && wants_a_page(&request) {
            return page::answer(&door, &request).await;
        }
        tell(&door, &key, request.query_string().as_bytes()).await
    };
    answered(&door, &request, answer.await)
}

async fn post(
    door: web::Data<Door>,
    key: web::Data<token::Key>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let body = body::bytes_within(BODY_BYTES_MAX, &request, &mut payload).await?;
        tell(&door, &key, &body).await
    };
    answered(&door, &request, answer.await)
}

async fn no_method(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let method = request.method().to_string();
    let allowed = METHODS;
    WebError::MethodNotAllowed { method, allowed }.answer(&door, &request)
}

/// Whether somebody looks at the bare address with a browser.
fn wants_a_page(request: &HttpRequest) -> bool {
    const OFFERED: [&[&str]; 2] = [&["text/xml", "application/xml"], &["text/html"]];
    negotiate::choose(header_text(request, header::ACCEPT), &OFFERED) == Some(1)
}

async fn tell(door: &web::Data<Door>, key: &token::Key, encoded: &[u8]) -> Answer {
    let asked = Asked::read(encoded);
    let key = key.get(door.catalogue.ledger()).await?;
    let answering = Answering::new(door, key);
    let body = answering.answer(asked).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .content_type(CONTENT_TYPE)
        .body(body))
}
