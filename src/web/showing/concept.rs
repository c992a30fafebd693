//! What do the pages of the vocabularies show?

use actix_web::{HttpRequest, HttpResponse};

use crate::ontology::Concept;
use crate::web::error::Answer;
use crate::web::server::Door;

pub async fn ontology(_: &Door, _: &HttpRequest) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub async fn lookup(_: &Door, _: &HttpRequest) -> Answer {
    Ok(HttpResponse::Ok().finish())
}

pub async fn concept(_: &Door, _: &HttpRequest, concept: &Concept) -> Answer {
    Ok(HttpResponse::Ok().body(concept.iri.clone()))
}
