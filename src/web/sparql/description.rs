//! What can the endpoint do? Its SPARQL 1.1 service description, with counts.

use actix_web::{HttpRequest, HttpResponse};

use crate::rdf::vocabulary::{rdf, sd, void, xsd};
use crate::rdf::{BlankNode, Format, Literal, NamedNode, Triple, format};
use crate::web::VARY;
use crate::web::negotiate::{self, Representation};
use crate::web::server::{Door, header_text};

/// Answers a request without a query (SPARQL 1.1 Service Description §2).
pub(super) fn describe(door: &Door, request: &HttpRequest) -> HttpResponse {
    let accept = header_text(request, actix_web::http::header::ACCEPT);
    let format = match negotiate::representation(accept) {
        Some(Representation::Rdf(format)) => format,
        _ => Format::Turtle,
    };
    let bytes = format::write_triples(format, triples(door).iter().map(Triple::as_ref));
    HttpResponse::Ok()
        .insert_header(("Vary", VARY))
        .content_type(Representation::Rdf(format).content_type())
        .body(bytes)
}

fn triples(door: &Door) -> Vec<Triple> {
    let endpoint = door.base().iri("/sparql");
    let dataset = BlankNode::default();
    let graph = BlankNode::default();
    let statistics = door.catalogue.public().statistics();
    let count = |n: u64| Literal::new_typed_literal(n.to_string(), xsd::INTEGER);
    let default_graph = NamedNode::new_unchecked(format!("{}defaultGraph", sd::NAMESPACE));
    let graph_class = NamedNode::new_unchecked(format!("{}Graph", sd::NAMESPACE));
    let dataset_class = NamedNode::new_unchecked(format!("{}Dataset", sd::NAMESPACE));
    let mut said = vec![
        Triple::new(endpoint.clone(), rdf::TYPE, sd::SERVICE),
        Triple::new(endpoint.clone(), sd::ENDPOINT, endpoint.clone()),
        Triple::new(endpoint.clone(), sd::SUPPORTED_LANGUAGE, sd::SPARQL11_QUERY),
        Triple::new(endpoint.clone(), sd::FEATURE, sd::UNION_DEFAULT_GRAPH),
        Triple::new(endpoint.clone(), sd::DEFAULT_DATASET, dataset.clone()),
        Triple::new(dataset.clone(), rdf::TYPE, dataset_class),
        Triple::new(dataset, default_graph, graph.clone()),
        Triple::new(graph.clone(), rdf::TYPE, graph_class),
        Triple::new(graph, void::TRIPLES, count(statistics.quads)),
    ];
    for name in [
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "RDF_XML",
        "N-Triples",
        "JSON-LD",
    ] {
        let format = NamedNode::new_unchecked(format!("http://www.w3.org/ns/formats/{name}"));
        said.push(Triple::new(endpoint.clone(), sd::RESULT_FORMAT, format));
    }
    said
}
