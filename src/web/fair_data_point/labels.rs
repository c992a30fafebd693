//! What is a term called, and which terms could be meant? `/label` and `/forms/autocomplete`, from what is here:
//! nothing is fetched from elsewhere.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::search::solutions;
use super::wire::{json_body, nothing};
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::rdf::vocabulary::{dct, foaf, rdfs, skos};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, Term};
use crate::store::Snapshot;
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::server::{Door, language_of, parameter};

/// The most terms that are proposed.
const PROPOSALS_MAX: usize = 20;
/// The longest text that is looked for, in characters.
const TEXT_CHARS_MAX: usize = 200;

/// What names a thing, the best first.
const NAMES: [NamedNodeRef<'static>; 4] = [skos::PREF_LABEL, rdfs::LABEL, dct::TITLE, foaf::NAME];

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/label", web::get().to(label))
        .route("/forms/autocomplete", web::post().to(propose));
}

async fn label(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, named(&door, &request))
}

fn named(door: &Door, request: &HttpRequest) -> Answer {
    let iri = parameter(request, "iri").ok_or_else(|| wrong("iri", "name a term by its IRI"))?;
    let language = parameter(request, "lang").unwrap_or_else(|| "en".to_owned());
    let ontology = door.catalogue.ontology();
    let concept = ontology.concept(ontology.canonical(&iri));
    let known = concept.and_then(|concept| {
        let label = concept.label(&language)?;
        let tag = concept.labels.iter().find(|(_, text)| text == label);
        Some((
            label.to_owned(),
            tag.map_or(String::new(), |(tag, _)| tag.clone()),
        ))
    });
    let here = || {
        let node = NamedNode::new(&iri).ok()?;
        label_in(&door.catalogue.public().snapshot(), &node, &language)
    };
    let (label, tag) = known.or_else(here).ok_or_else(|| nothing(request))?;
    Ok(HttpResponse::Ok().json(json!({ "label": label, "lang": tag })))
}

/// What the public records call something: in a language, else in any.
fn label_in(snapshot: &Snapshot, node: &NamedNode, language: &str) -> Option<(String, String)> {
    NAMES.into_iter().find_map(|property| {
        let names = snapshot.objects(node.as_ref().into(), property);
        let names: Vec<&Literal> = names
            .iter()
            .filter_map(|name| match name {
                Term::Literal(name) => Some(name),
                _ => None,
            })
            .collect();
        let wanted = names.iter().find(|name| name.language() == Some(language));
        let name = wanted.or_else(|| names.first())?;
        let tag = name.language().unwrap_or_default().to_owned();
        Some((name.value().to_owned(), tag))
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Typed {
    /// Absent when the field names no class: any concept may be meant.
    rdf_type: Option<String>,
    #[serde(default)]
    query: String,
}

async fn propose(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let typed: Typed = json_body(&request, &mut payload).await?;
        proposed(&door, &request, typed).await
    };
    answered(&door, &request, answer.await)
}

async fn proposed(door: &Door, request: &HttpRequest, typed: Typed) -> Answer {
    let class = typed.rdf_type.as_deref().unwrap_or(skos::CONCEPT.as_str());
    let class = NamedNode::new(class).map_err(|_| wrong("rdfType", "this is no IRI"))?;
    let text: String = typed.query.chars().take(TEXT_CHARS_MAX).collect();
    let mut found = concepts(door, request, &class, &text).await?;
    // The text is a literal of the query, never a part of it.
    let literal = Literal::new_simple_literal(text.to_lowercase());
    let (title, name) = (dct::TITLE, foaf::NAME);
    let query = format!(
        "SELECT ?uri (SAMPLE(?name) AS ?label) WHERE {{ ?uri a {class} ; {title}|{name}|{label} ?name \
         FILTER(isIRI(?uri) && CONTAINS(LCASE(STR(?name)), {literal})) }} GROUP BY ?uri LIMIT {PROPOSALS_MAX}",
        label = rdfs::LABEL,
    );
    for row in solutions(door, request, query, PROPOSALS_MAX).await? {
        if let [Some(Term::NamedNode(uri)), Some(Term::Literal(label))] = &row[..] {
            found.push(json!({ "uri": uri.as_str(), "label": label.value() }));
        }
    }
    found.truncate(PROPOSALS_MAX);
    Ok(HttpResponse::Ok().json(found))
}

/// Concepts of a code list, or below a concept, that the text could mean.
async fn concepts(
    door: &Door,
    request: &HttpRequest,
    class: &NamedNode,
    text: &str,
) -> Result<Vec<Value>, WebError> {
    let ontology = Arc::clone(door.catalogue.ontology());
    let language = language_of(request);
    let (under, text) = (class.as_str().to_owned(), text.to_owned());
    let any = class.as_ref() == skos::CONCEPT;
    let kinds = door.catalogue.kinds().iter();
    let names = kinds.filter_map(|kind| door.catalogue.profiles().get(kind.profile.as_deref()?));
    let profiles: Vec<_> = names.filter(|_| any).collect();
    let work = move || {
        let under = Some(under.as_str()).filter(|_| !any);
        let hits = ontology.search(&text, under, PROPOSALS_MAX);
        let proposal = |hit: &crate::ontology::Hit<'_>| {
            let label = hit.concept.label(language).unwrap_or(hit.concept.name());
            // Who does not say for which field is told for which it would do, and gets those first that do for any.
            let mut takes = profiles
                .iter()
                .flat_map(|profile| profile.takes(&hit.concept.iri, &ontology, language));
            let field = takes.next().map(|(_, field)| field);
            let label = match &field {
                Some(field) => format!("{label} ({field})"),
                None => label.to_owned(),
            };
            let proposal = json!({ "uri": hit.concept.iri, "label": label });
            (any && field.is_none(), proposal)
        };
        let mut proposals: Vec<(bool, Value)> = hits.iter().map(proposal).collect();
        proposals.sort_by_key(|(is_later, _)| *is_later);
        let proposals = proposals.into_iter().map(|(_, proposal)| proposal);
        Ok::<_, CatalogueError>(proposals.collect())
    };
    Ok(blocking(work).await?)
}

fn wrong(name: &'static str, message: &str) -> WebError {
    let message = message.to_owned();
    WebError::Parameter { name, message }
}
