//! The vocabularies over HTTP: a concept as page and as RDF, and look-up by any name or code.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::linked_data::read::{rdf, wanted};
use super::negotiate::Representation;
use super::server::{Door, header_text, language_of, parameter};
use super::{answered, negotiate, showing};
use crate::ontology::{Concept, Ontology};
use crate::rdf::{NamedNode, Triple};

/// The most hits of a look-up.
const HITS_MAX: usize = 100;
const HITS: usize = 20;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/ontology", web::get().to(browse))
        .route("/ontology/", web::get().to(browse))
        .route("/ontology/lookup", web::get().to(lookup))
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
    if found.is_some_and(|found| found.iri == concept.iri) {
        return format!("{root}/ontology/{}", concept.code);
    }
    let iri: String = url::form_urlencoded::byte_serialize(concept.iri.as_bytes()).collect();
    format!("{root}/ontology/concept?iri={iri}")
}

/// The concept that a last segment of an address names.
fn find<'a>(ontology: &'a Ontology, code: &str) -> Option<&'a Concept> {
    let eucaim = format!("{}{code}", crate::rdf::vocabulary::eucaim::NAMESPACE);
    ontology.concept(&eucaim).or_else(|| {
        let mut with_code = ontology
            .concepts()
            .iter()
            .filter(|concept| concept.code == code);
        let first = with_code.next()?;
        with_code.next().is_none().then_some(first)
    })
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
    match wanted(request, extension)? {
        Representation::Html => showing::concept(door, request, found).await,
        Representation::Rdf(format) => {
            let view = door.view(request).await?;
            let subject = NamedNode::new_unchecked(&found.iri);
            let snapshot = view.snapshot();
            let about = snapshot.quads(Some(subject.as_ref().into()), None, None, None);
            let mut triples: Vec<Triple> = about.map(Triple::from).collect();
            triples.dedup();
            Ok(rdf(format, &triples))
        }
    }
}

/// `GET /ontology/lookup?q=…&under=IRI&limit=`: by label in any case, synonym, or code.
async fn lookup(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
        let accept = header_text(&request, header::ACCEPT);
        if negotiate::choose(accept, &offered) == Some(1) {
            return showing::lookup(&door, &request).await;
        }
        let text = parameter(&request, "q").unwrap_or_default();
        let under = parameter(&request, "under");
        let limit = parameter(&request, "limit").and_then(|text| text.parse().ok());
        let limit = limit.unwrap_or(HITS).min(HITS_MAX);
        let ontology = door.catalogue.ontology();
        let language = language_of(&request);
        let root = door.base().as_str();
        let hits: Vec<Value> = ontology
            .search(&text, under.as_deref(), limit)
            .into_iter()
            .map(|hit| {
                let mut body = concept_json(ontology, hit.concept, language, root);
                body["matched"] = json!(hit.text);
                body["score"] = json!(hit.score);
                body
            })
            .collect();
        Ok(HttpResponse::Ok().json(json!({ "query": text, "hits": hits })))
    };
    answered(&door, &request, answer.await)
}

fn concept_json(ontology: &Ontology, concept: &Concept, language: &str, root: &str) -> Value {
    let codes: Vec<Value> = concept
        .codes
        .iter()
        .map(|code| json!({ "system": *code.system, "code": code.code }))
        .collect();
    let parents: Vec<Value> = ontology
        .parents(&concept.iri)
        .into_iter()
        .map(|parent| json!({ "iri": parent.iri, "label": parent.label(language) }))
        .collect();
    json!({
        "iri": concept.iri,
        "url": address(root, ontology, concept),
        "code": concept.code,
        "label": concept.label(language),
        "synonyms": concept.synonyms.iter().map(|(_, text)| text).collect::<Vec<_>>(),
        "codes": codes,
        "parents": parents,
    })
}
