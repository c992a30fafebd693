//! Is the server well? For operators and their machines.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::answered;
use super::error::Answer;
use super::server::Door;
use crate::catalogue::CatalogueError;
use crate::monitoring;

/// A text index that is behind by more changes than this is not ready.
const LAG_MAX: u64 = 10_000;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/health", web::get().to(health))
        .route("/ready", web::get().to(ready))
        .route("/metrics", web::get().to(metrics));
}

async fn health() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "up", "version": env!("CARGO_PKG_VERSION") }))
}

async fn ready(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, readiness(&door).await)
}

async fn readiness(door: &Door) -> Answer {
    let last = door.catalogue.ledger().last_public_sequence().await;
    let last = last.map_err(CatalogueError::from)?;
    let triples = door.catalogue.projection().sequence();
    let text = door.index.sequence();
    let behind = last.saturating_sub(triples.min(text));
    let body = json!({ "ledger": last, "triples": triples, "text": text, "behind": behind });
    let mut answer = if behind <= LAG_MAX {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    Ok(answer.json(body))
}

async fn metrics(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let ledger = door.catalogue.ledger();
        let last = ledger
            .last_public_sequence()
            .await
            .map_err(CatalogueError::from)?;
        door.metrics.ledger(last);
        door.metrics
            .projection("triples", door.catalogue.projection().sequence());
        door.metrics.projection("text", door.index.sequence());
        door.metrics.waiting_queries(door.queries.waiting());
        // How many drafts there are is nobody's business but the stewards'.
        for (kind, count) in ledger.public_counts().await.map_err(CatalogueError::from)? {
            door.metrics.records(&kind, "published", count);
        }
        Ok(HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, monitoring::MEDIA_TYPE))
            .body(door.metrics.encode()))
    };
    answered(&door, &request, answer.await)
}
