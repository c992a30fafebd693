//! The JSON of other software over HTTP: understood as far as it goes, told what was left, stored when wanted.

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use super::error::{Answer, WebError};
use super::linked_data::write::signed_in;
use super::server::{Door, language_of, media_type, parameter};
use super::sheets::report_json;
use super::{answered, body, idempotency};
use crate::catalogue::crosswalk::{DATASET_SERVICE, Left};
use crate::catalogue::sheet::Wanted;
use crate::catalogue::writing::batch::Run;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    let address = format!("/crosswalk/{DATASET_SERVICE}");
    let crosswalk = web::resource(address).wrap(from_fn(idempotency::once));
    service.service(crosswalk.route(web::post().to(send)));
}

/// `POST /crosswalk/dataset-service`: one dataset or a list of them; with `commit=yes` also stored.
async fn send(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    answered(&door, &request, sent(&door, &request, &mut payload).await)
}

async fn sent(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    let view = signed_in(door, request).await?;
    let found = media_type(request)?;
    if found != "application/json" {
        let known = "application/json".to_owned();
        return Err(WebError::UnsupportedMediaType { found, known });
    }
    let bytes = body::bytes(door, request, payload).await?;
    let state = parameter(request, "state");
    let wanted = Wanted {
        language: language_of(request).to_owned(),
        parent: parameter(request, "parent"),
        state: state.map(|text| body::state(&text)).transpose()?,
        reason: parameter(request, "reason"),
        ..Wanted::default()
    };
    let commit = parameter(request, "commit").is_some_and(|word| word == "yes");
    let run = if commit { Run::Commit } else { Run::Try };
    let catalogue = &door.catalogue;
    let crossed = catalogue
        .cross_dataset_service(view.actor(), &bytes, &wanted, run)
        .await?;
    let language = language_of(request);
    let mut report = report_json(&crossed.checkup, door.base().as_str(), language);
    let left = |left: &Left| json!({ "record": left.record, "field": left.field, "value": left.value, "why": left.why });
    report["left"] = json!(crossed.left.iter().map(left).collect::<Vec<_>>());
    if commit && !crossed.checkup.committed {
        return Err(WebError::Sheet(Box::new(report)));
    }
    Ok(HttpResponse::Ok().json(report))
}
