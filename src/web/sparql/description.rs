//! What can the endpoint do? Its SPARQL 1.1 service description, with counts.

use actix_web::HttpRequest;

use super::void;
use crate::catalogue::CatalogueError;
use crate::rdf::vocabulary::{rdf, rdfs, sd, void as terms, xsd};
use crate::rdf::{BlankNode, Format, Literal, NamedNode, Triple};
use crate::store::Statistics;
use crate::web::error::Answer;
use crate::web::linked_data::read;
use crate::web::negotiate::{self, Representation};
use crate::web::server::{Door, header_text, parameter};

/// The names of result formats (<https://www.w3.org/ns/formats/>).
const FORMATS: [&str; 11] = [
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "RDF_XML",
    "N-Triples",
    "N-Quads",
    "TriG",
    "N3",
    "JSON-LD",
];

/// Answers a request without a query (SPARQL 1.1 Service Description §2).
pub(super) async fn describe(door: &Door, request: &HttpRequest) -> Answer {
    let accept = header_text(request, actix_web::http::header::ACCEPT);
    let named = parameter(request, "format").and_then(|name| Format::from_extension(&name));
    let format = match (named, negotiate::representation(accept)) {
        (Some(format), _) | (None, Some(Representation::Rdf(format))) => format,
        (None, _) => Format::Turtle,
    };
    let statistics = statistics(door).await?;
    Ok(read::rdf(format, &triples(door, &statistics)))
}

/// How much there is. The very first answer waits for a count, so nobody is held up by it.
pub(super) async fn statistics(door: &Door) -> Result<Statistics, CatalogueError> {
    let view = door.catalogue.public();
    let counted = tokio::task::spawn_blocking(move || view.statistics());
    counted
        .await
        .map_err(|error| CatalogueError::Interrupted(error.to_string()))
}

fn triples(door: &Door, statistics: &Statistics) -> Vec<Triple> {
    let endpoint = door.base().iri("/sparql");
    let (dataset, graph) = (BlankNode::default(), BlankNode::default());
    let count = |n: u64| Literal::new_typed_literal(n.to_string(), xsd::INTEGER);
    let mut said = vec![
        Triple::new(endpoint.clone(), rdf::TYPE, sd::SERVICE),
        Triple::new(endpoint.clone(), sd::ENDPOINT, endpoint.clone()),
        Triple::new(endpoint.clone(), sd::SUPPORTED_LANGUAGE, sd::SPARQL11_QUERY),
        Triple::new(endpoint.clone(), sd::FEATURE, sd::UNION_DEFAULT_GRAPH),
        Triple::new(endpoint.clone(), sd::DEFAULT_DATASET, dataset.clone()),
        Triple::new(
            endpoint.clone(),
            rdfs::SEE_ALSO,
            door.base().iri("/sparql/examples"),
        ),
        Triple::new(dataset.clone(), rdf::TYPE, sd::DATASET),
        Triple::new(dataset.clone(), rdfs::SEE_ALSO, void::dataset(door)),
        Triple::new(dataset, sd::DEFAULT_GRAPH, graph.clone()),
        Triple::new(graph.clone(), rdf::TYPE, sd::GRAPH),
        Triple::new(graph.clone(), rdf::TYPE, terms::DATASET),
        Triple::new(graph, terms::TRIPLES, count(statistics.triples)),
    ];
    for name in FORMATS {
        let format = NamedNode::new_unchecked(format!("http://www.w3.org/ns/formats/{name}"));
        said.push(Triple::new(endpoint.clone(), sd::RESULT_FORMAT, format));
    }
    said
}
