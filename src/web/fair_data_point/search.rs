//! How is the catalogue searched by clients of FAIR Data Points: by words, by a pattern of SPARQL, by filters?

use std::sync::Arc;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::wire::{admin, json_body};
use crate::catalogue::projection::blocking;
use crate::catalogue::{CatalogueError, View};
use crate::rdf::vocabulary::{dcat, dct, rdf};
use crate::rdf::{NamedNode, NamedNodeRef, Term};
use crate::search::{Hit, SearchQuery};
use crate::store::{QueryError, QueryOptions, QueryResults, Snapshot};
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::server::{Door, language_of};
use crate::web::sparql::{Asked, Gone, options};

/// The most hits of one search, as at the reference.
const HITS_MAX: usize = 50;
/// The most values of one filter.
const VALUES_MAX: usize = 100;
/// The longest pattern, in bytes.
const PATTERN_BYTES_MAX: usize = 64 * 1024;

/// What the reference calls its template: the client puts the parts in and takes them out again.
const TEMPLATE: &str = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
{{prefixes}}
SELECT DISTINCT ?entity ?rdfType ?title ?description
WHERE {
  GRAPH ?entity {
    ?entity rdf:type ?rdfType ; dct:title ?title .
    OPTIONAL { ?entity dct:description ?description . }
  }
  {{graphPattern}}
}
ORDER BY {{ordering}}
LIMIT 50
";

/// The properties that records are filtered by.
const FILTERS: [(&str, NamedNodeRef<'static>); 5] = [
    ("Type", rdf::TYPE),
    ("Language", dct::LANGUAGE),
    ("License", dct::LICENSE),
    ("Theme", dcat::THEME),
    ("Access rights", dct::ACCESS_RIGHTS),
];

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/search", web::post().to(words))
        .route("/search/query", web::get().to(template))
        .route("/search/query", web::post().to(pattern))
        .route("/search/sparql", web::get().to(endpoint))
        .route("/search/sparql", web::post().to(endpoint))
        .route("/search/filters", web::get().to(filters))
        .route("/search/filters", web::delete().to(filters_again));
}

#[derive(Deserialize)]
struct Words {
    /// Older clients say `q`.
    #[serde(alias = "q", default)]
    query: String,
}

async fn words(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let words: Words = json_body(&request, &mut payload).await?;
        let query = SearchQuery {
            text: Some(words.query).filter(|text| !text.trim().is_empty()),
            limit: HITS_MAX,
            language: language_of(&request).to_owned(),
            ..SearchQuery::default()
        };
        let (index, snapshot) = (Arc::clone(&door.index), door.catalogue.public().snapshot());
        let work = move || {
            let page = index.search(&query);
            let page = page.map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
            let hits: Vec<Value> = page
                .hits
                .iter()
                .map(|hit| hit_json(&snapshot, hit))
                .collect();
            Ok::<_, CatalogueError>(hits)
        };
        Ok(HttpResponse::Ok().json(blocking(work).await?))
    };
    answered(&door, &request, answer.await)
}

fn hit_json(snapshot: &Snapshot, hit: &Hit) -> Value {
    let record = NamedNode::new_unchecked(hit.iri.clone());
    let types = iris(&snapshot.objects(record.as_ref().into(), rdf::TYPE));
    let parents = iris(&snapshot.objects(record.as_ref().into(), dct::IS_PART_OF));
    let relations: Vec<Value> = parents
        .iter()
        .map(|parent| json!({ "predicate": dct::IS_PART_OF.as_str(), "object": parent }))
        .collect();
    json!({
        "uri": hit.iri, "types": types, "title": hit.title, "description": hit.description,
        "relations": relations,
    })
}

fn iris(terms: &[Term]) -> Vec<String> {
    let iri = |term: &Term| match term {
        Term::NamedNode(node) => Some(node.as_str().to_owned()),
        _ => None,
    };
    terms.iter().filter_map(iri).collect()
}

/// The SPARQL endpoint stands elsewhere; method, query and body go along (RFC 9110 §15.4.8).
async fn endpoint(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let mut address = format!("{}/sparql", door.base());
    if !request.query_string().is_empty() {
        address.push('?');
        address.push_str(request.query_string());
    }
    HttpResponse::TemporaryRedirect()
        .insert_header((header::LOCATION, address))
        .finish()
}

async fn template() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "template": TEMPLATE }))
}

/// The parts of a query that a person writes.
#[derive(Clone, Debug, Default, Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
pub(super) struct Pattern {
    prefixes: String,
    graph_pattern: String,
    ordering: String,
}

impl Pattern {
    /// The whole query. It is read only and over what is public, so the parts may be anything that parses.
    fn query(&self) -> String {
        let ordering = match self.ordering.trim() {
            "" => "ASC(?title)",
            ordering => ordering,
        };
        TEMPLATE
            .replace("{{prefixes}}", &self.prefixes)
            .replace("{{graphPattern}}", &self.graph_pattern)
            .replace("{{ordering}}", ordering)
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.prefixes.len() + self.graph_pattern.len() + self.ordering.len() > PATTERN_BYTES_MAX
    }
}

async fn pattern(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let pattern: Pattern = json_body(&request, &mut payload).await?;
        found(&door, &request, &pattern).await
    };
    answered(&door, &request, answer.await)
}

/// The entities that a pattern finds.
pub(super) async fn found(door: &Door, request: &HttpRequest, pattern: &Pattern) -> Answer {
    if pattern.is_too_long() {
        return Err(WebError::TooLarge {
            max: PATTERN_BYTES_MAX,
        });
    }
    let rows = solutions(door, request, pattern.query(), HITS_MAX * 4).await?;
    let mut hits: Vec<Value> = Vec::new();
    for row in rows {
        let [Some(Term::NamedNode(entity)), class, title, description] = &row[..] else {
            continue;
        };
        let class = class.as_ref().map(text);
        let known = hits.iter_mut().find(|hit| hit["uri"] == entity.as_str());
        if let Some(known) = known {
            if let Some(types) = known["types"].as_array_mut() {
                types.extend(class.map(Value::from));
            }
            continue;
        }
        hits.push(json!({
            "uri": entity.as_str(), "types": class.into_iter().collect::<Vec<_>>(),
            "title": title.as_ref().map(text), "description": description.as_ref().map(text),
            "relations": [],
        }));
    }
    for hit in &mut hits {
        if let Some(types) = hit["types"].as_array_mut() {
            types.dedup();
        }
    }
    Ok(HttpResponse::Ok().json(hits))
}

fn text(term: &Term) -> String {
    match term {
        Term::Literal(literal) => literal.value().to_owned(),
        Term::NamedNode(node) => node.as_str().to_owned(),
        other => other.to_string(),
    }
}

/// The rows of a SELECT query within the budgets of the SPARQL endpoint, and no more than wanted.
pub(super) async fn solutions(
    door: &Door,
    request: &HttpRequest,
    query: String,
    rows_max: usize,
) -> Result<Vec<Vec<Option<Term>>>, WebError> {
    let view = door.view(request).await?;
    let place = door.queries.place(door, request, view.actor()).await?;
    let asked = Asked::read(vec![("query".to_owned(), query)])?;
    let asked = asked.ok_or_else(|| WebError::Json("there is no query".to_owned()))?;
    let options = options(door, &asked, &place);
    let _gone = Gone(options.cancellation.clone());
    let (ended, outcome) = oneshot::channel();
    let effort = place.effort();
    let job = move || {
        let rows = rows(&view, &asked.query, &options, rows_max);
        drop(place);
        let _ = ended.send(rows);
    };
    let interrupted =
        |error: &dyn std::error::Error| CatalogueError::Interrupted(error.to_string());
    door.queries
        .run(effort, job)
        .map_err(|error| interrupted(&error))?;
    let outcome = outcome.await.map_err(|error| interrupted(&error))?;
    Ok(outcome?)
}

fn rows(
    view: &View,
    query: &str,
    options: &QueryOptions,
    rows_max: usize,
) -> Result<Vec<Vec<Option<Term>>>, CatalogueError> {
    let QueryResults::Solutions(solutions) = view.query(query, options)? else {
        let message = "the parts must make a SELECT query".to_owned();
        return Err(QueryError::Evaluation(message).into());
    };
    let mut rows = Vec::new();
    for solution in solutions.take(rows_max) {
        let solution = solution?;
        rows.push(solution.values().to_vec());
    }
    Ok(rows)
}

async fn filters(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, all_filters(&door, &request).await)
}

/// Nothing is kept that could be stale: the answer is the same as that of a `GET`.
async fn filters_again(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        all_filters(&door, &request).await
    };
    answered(&door, &request, answer.await)
}

async fn all_filters(door: &Door, request: &HttpRequest) -> Answer {
    let mut filters = Vec::new();
    for (label, property) in FILTERS {
        let query = format!(
            "SELECT ?value (COUNT(*) AS ?count) WHERE {{ ?s {property} ?value }} \
             GROUP BY ?value ORDER BY DESC(?count) LIMIT {VALUES_MAX}"
        );
        let rows = solutions(door, request, query, VALUES_MAX).await?;
        let values: Vec<Value> = rows
            .iter()
            .filter_map(|row| row.first()?.as_ref())
            .filter(|value| matches!(value, Term::NamedNode(_)))
            .map(|value| filter_value(door, value, language_of(request)))
            .collect();
        filters.push(json!({
            "type": "IRI", "label": label, "predicate": property.as_str(),
            "values": values, "queryFromRecords": true,
        }));
    }
    Ok(HttpResponse::Ok().json(filters))
}

fn filter_value(door: &Door, value: &Term, language: &str) -> Value {
    let iri = text(value);
    let label = door.catalogue.ontology().label(&iri, language);
    json!({ "value": iri, "label": label, "preset": false })
}
