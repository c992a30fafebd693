//! The vocabularies over HTTP: a concept as page and as RDF, look-up by any name or code, and
//! reconciliation for those who map terms of their own.

mod graph;
mod lookup;
mod reconcile;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::error::{Answer, WebError};
use super::linked_data::read::{rdf, wanted};
use super::negotiate::Representation;
use super::server::{Door, parameter};
use super::{answered, showing};
use crate::ontology::{Concept, Ontology};

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/ontology", web::get().to(browse))
        .route("/ontology/", web::get().to(browse))
        .route("/ontology/lookup", web::get().to(lookup::lookup))
        .configure(reconcile::configure)
        .route("/ontology/{code}", web::get().to(concept))
        .route("/ontology/{code}", web::head().to(concept));
}

/// The address of a concept here: its code when the code names it alone, else its IRI.
pub fn address(root: &str, ontology: &Ontology, concept: &Concept) -> String {
    let plain = concept
        .code
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let found = if plain && !concept.code.is_empty() {
        find(ontology, &concept.code)
    } else {
        None
    };
    if found.is_some_and(|found| found.iri == concept.iri) && !TAKEN.contains(&&*concept.code) {
        return format!("{root}/ontology/{}", concept.code);
    }
    format!("{root}/ontology/concept?iri={}", encoded(&concept.iri))
}

/// Last segments that mean something else.
const TAKEN: &[&str] = &["lookup", "reconcile", "concept"];

/// A text as a value in an address.
pub fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// The concept that a last segment of an address names.
fn find<'a>(ontology: &'a Ontology, code: &str) -> Option<&'a Concept> {
    let eucaim = format!("{}{code}", crate::rdf::vocabulary::eucaim::NAMESPACE);
    ontology
        .concept(&eucaim)
        .or_else(|| ontology.by_own_code(code))
}

async fn browse(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, showing::ontology(&door, &request).await)
}

async fn concept(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, concept_answer(&door, &request).await)
}

async fn concept_answer(door: &Door, request: &HttpRequest) -> Answer {
    let name = request.match_info().get("code").unwrap_or_default();
    let (code, extension) = name
        .rsplit_once('.')
        .map_or((name, None), |(c, e)| (c, Some(e)));
    let ontology = door.catalogue.ontology();
    let named = parameter(request, "iri").filter(|_| code == "concept");
    let found = match &named {
        Some(iri) => ontology.concept(iri),
        None => find(ontology, code),
    };
    let found = found.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
    let mut response = match wanted(request, extension)? {
        Representation::Html => showing::concept(door, request, found).await?,
        Representation::Rdf(format) => {
            let view = door.view(request).await?;
            let address = address(door.base().as_str(), ontology, found);
            rdf(
                format,
                &graph::of(ontology, found, &address, &view.snapshot()),
            )
        }
    };
    let official = format!("<{}>; rel=\"cite-as\"", found.iri);
    if let Ok(link) = header::HeaderValue::from_str(&official) {
        response.headers_mut().append(header::LINK, link);
    }
    Ok(response)
}
