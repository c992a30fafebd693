//! What do pages show? Turns what the heart knows into the structs of the pages.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse};

use super::error::{Answer, WebError};
use super::server::Door;
use crate::catalogue::{Kind, Record, Tombstone, View};
use crate::ontology::Concept;
use crate::search::SearchQuery;
use crate::web::sparql::Asked;

pub fn configure(_: &mut web::ServiceConfig) {}

pub async fn home(_: &Door, _: &HttpRequest, _: &View, record: Record) -> Result<Bytes, WebError> {
    Ok(Bytes::from(record.name().to_owned()))
}

pub async fn record(_: &Door, _: &HttpRequest, _: &View, record: Record) -> Result<Bytes, WebError> {
    Ok(Bytes::from(record.name().to_owned()))
}

pub fn tombstone(_: &Door, _: &HttpRequest, tombstone: &Tombstone) -> Answer {
    Ok(HttpResponse::Gone().body(tombstone.path.clone()))
}

pub async fn list(_: &Door, _: &HttpRequest, kind: &Kind) -> Answer {
    Ok(HttpResponse::Ok().body(kind.name.clone()))
}

pub async fn search(_: &Door, _: &HttpRequest, _: SearchQuery) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub async fn sparql(_: &Door, _: &HttpRequest, _: Option<Asked>) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub async fn ontology(_: &Door, _: &HttpRequest) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub async fn concept(_: &Door, _: &HttpRequest, concept: &Concept) -> Answer {
    Ok(HttpResponse::Ok().body(concept.iri.clone()))
}

pub async fn validate_form(_: &Door, _: &HttpRequest) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub async fn validated(_: &Door, _: &HttpRequest, _: &[u8]) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub fn error(
    _: &Door,
    _: &HttpRequest,
    status: StatusCode,
    title: &str,
    what: String,
    advice: String,
    violations: Vec<String>,
) -> HttpResponse {
    HttpResponse::build(status).body(format!("{title}\n{what}\n{advice}\n{}", violations.join("\n")))
}
