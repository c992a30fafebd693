//! Which concepts are meant? Look-up for programs: by label, synonym or code, whole, begun or mistyped.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::address;
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::ontology::{Concept, Hit, NameKind, Ontology};
use crate::web::server::{Door, header_text, language_of, parameter};
use crate::web::{VARY, answered, negotiate, showing};

/// The most hits of a look-up.
const HITS_MAX: usize = 100;
const HITS: usize = 20;

/// `GET /ontology/lookup?q=…&under=IRI&limit=`.
pub(super) async fn lookup(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
        let accept = header_text(&request, header::ACCEPT);
        if negotiate::choose(accept, &offered) == Some(1) {
            return showing::lookup(&door, &request).await;
        }
        let text = parameter(&request, "q").unwrap_or_default();
        let under = parameter(&request, "under").or_else(|| parameter(&request, "scheme"));
        let limit = parameter(&request, "limit").and_then(|text| text.parse().ok());
        let limit = limit.unwrap_or(HITS).min(HITS_MAX);
        let ontology = std::sync::Arc::clone(door.catalogue.ontology());
        let language = language_of(&request);
        let root = door.base().as_str().to_owned();
        let work = move || {
            let hits = ontology.search(&text, under.as_deref(), limit);
            let hits: Vec<Value> = hits
                .iter()
                .map(|hit| hit_json(&ontology, hit, language, &root))
                .collect();
            Ok::<_, CatalogueError>(json!({ "query": text, "under": under, "hits": hits }))
        };
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(blocking(work).await?))
    };
    answered(&door, &request, answer.await)
}

/// A hit: the concept, and what of it was meant.
fn hit_json(ontology: &Ontology, hit: &Hit<'_>, language: &str, root: &str) -> Value {
    let mut body = concept_json(ontology, hit.concept, language, root);
    body["matched"] = json!(hit.text);
    body["match"] = match hit.name {
        NameKind::Label(tag) => json!({ "in": "label", "language": tag }),
        NameKind::Synonym(tag) => json!({ "in": "synonym", "language": tag }),
        NameKind::Code(system) => json!({ "in": "code", "system": system }),
    };
    body["match"]["how"] = json!(hit.how.word());
    body["score"] = json!(hit.score);
    body
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
        "schemes": concept.schemes.iter().map(|iri| &**iri).collect::<Vec<_>>(),
        "deprecated": concept.deprecated,
    })
}
