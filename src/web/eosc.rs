//! What can this server do, in the words of an EOSC node's endpoint (EOSC Node Endpoint API 1.1)?

use actix_web::{HttpResponse, web};
use serde_json::json;

use super::server::Door;

/// What is offered: the type of capability, its address, its version and where it is described.
const CAPABILITIES: [(&str, &str, &str, &str); 4] = [
    (
        "Resource Catalogue",
        "/search",
        env!("CARGO_PKG_VERSION"),
        "/openapi.json",
    ),
    (
        "Metadata Harvesting",
        "/oai",
        "2.0",
        "http://www.openarchives.org/OAI/openarchivesprotocol.html",
    ),
    (
        "Linked Data",
        "/",
        "1.0",
        "https://specs.fairdatapoint.org/",
    ),
    (
        "SPARQL",
        "/sparql",
        "1.1",
        "https://www.w3.org/TR/sparql11-protocol/",
    ),
];

/// Adds the route.
pub fn configure(service: &mut web::ServiceConfig) {
    service.route("/api/endpoint", web::get().to(endpoint));
}

async fn endpoint(door: web::Data<Door>) -> HttpResponse {
    let base = door.base();
    let whole = |address: &str| {
        if address.starts_with('/') {
            format!("{base}{address}")
        } else {
            address.to_owned()
        }
    };
    let capabilities = CAPABILITIES.map(|(capability, path, version, described)| {
        json!({
            "capability_type": capability,
            "endpoint": whole(path),
            "version": version,
            "api_spec": whole(described),
            "protocol": "REST",
            "status": "OPERATIONAL",
        })
    });
    HttpResponse::Ok().json(json!({
        "node_endpoint": whole("/api/endpoint"),
        "capabilities": capabilities,
        "node_details": { "name": door.settings.name },
    }))
}
