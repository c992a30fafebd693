//! `POST`, `PUT` and `DELETE` of records.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::read::{rdf_wanted, write};
use super::record_path;
use crate::catalogue::{CatalogueError, Lookup, View, Written};
use crate::web::error::{Answer, WebError};
use crate::web::negotiate::Representation;
use crate::web::server::{Door, parameter};
use crate::web::{answered, batch, body};

/// `POST /{prefix}`: one record, or a record with all that hangs below it.
pub(super) async fn create(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let prefix = request.match_info().get("prefix").unwrap_or_default();
        let kind = door.catalogue.kinds().by_prefix(prefix).cloned();
        let kind = kind.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
        let sent = body::sent(&door, &request, &mut payload).await?;
        let written = door.catalogue.create(view.actor(), &kind, sent).await?;
        stored(&door, &request, &view, &written, StatusCode::CREATED).await
    };
    answered(&door, &request, answer.await)
}

/// `PUT /{prefix}/{id}`: replaces the record, or makes it.
pub(super) async fn replace(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = replaced(&door, &request, &mut payload, record_path(&request)).await;
    answered(&door, &request, answer)
}

/// `PUT /`: replaces the root record.
pub(super) async fn replace_root(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = replaced(&door, &request, &mut payload, String::new()).await;
    answered(&door, &request, answer)
}

/// `PUT /{prefix}?identifier=…`: replaces the record that has the identifier, or makes it.
pub(super) async fn upsert(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let path = batch::path_for_identifier(&door, &request, &view).await?;
        replaced(&door, &request, &mut payload, path).await
    };
    answered(&door, &request, answer.await)
}

/// `PATCH /{prefix}/{id}`: changes a part of the record.
pub(super) async fn patch(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let patch = batch::patch_of(&door, &request, &mut payload).await?;
        let state = parameter(&request, "state");
        let state = state.map(|text| body::state(&text)).transpose()?;
        let wished = (
            state,
            parameter(&request, "reason"),
            body::precondition(&request)?,
        );
        let path = record_path(&request);
        let written = door
            .catalogue
            .patch(view.actor(), &path, patch, wished)
            .await?;
        stored(&door, &request, &view, &[written], StatusCode::OK).await
    };
    answered(&door, &request, answer.await)
}

async fn replaced(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
    path: String,
) -> Answer {
    let view = signed_in(door, request).await?;
    let sent = body::sent(door, request, payload).await?;
    let written = door.catalogue.replace(view.actor(), &path, sent).await?;
    let created = written.first().is_some_and(|written| written.created);
    let status = if created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    stored(door, request, &view, &written, status).await
}

/// `DELETE /{prefix}/{id}`: the record and all below it; its address answers 410 from now on.
pub(super) async fn delete(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let precondition = body::precondition(&request)?;
        let reason = body::reason(&request)?;
        let path = record_path(&request);
        door.catalogue
            .delete(view.actor(), &path, reason, precondition)
            .await?;
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}

/// Who writes must say who they are.
pub async fn signed_in(door: &Door, request: &HttpRequest) -> Result<View, WebError> {
    let view = door.view(request).await?;
    if view.is_anonymous() {
        let why = "You have to be login at first: writing needs a token";
        return Err(WebError::Forbidden(why.to_owned()));
    }
    Ok(view)
}

/// The record as it is stored now. `Prefer: return=minimal` (RFC 7240) leaves the body out.
async fn stored(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    written: &[Written],
    status: StatusCode,
) -> Answer {
    let Some(main) = written.first() else {
        return Err(CatalogueError::Empty.into());
    };
    let mut response = HttpResponse::build(status);
    response.insert_header((header::LOCATION, door.base().iri(&main.path).as_str()));
    let prefer = request
        .headers()
        .get("prefer")
        .and_then(|value| value.to_str().ok());
    if prefer.is_some_and(|text| text.contains("return=minimal")) {
        response.insert_header((header::ETAG, format!("\"v{}\"", main.version)));
        response.insert_header(("Preference-Applied", "return=minimal"));
        return Ok(response.finish());
    }
    let format = rdf_wanted(request)?;
    let Lookup::Found(mut record) = view.lookup(&main.path).await? else {
        return Err(CatalogueError::NotFound(main.iri.as_str().to_owned()).into());
    };
    // The sender gets what was stored, also when the public still reads an older version.
    record.version = main.version;
    record.state = main.state;
    let etag = format!(
        "\"v{}-{}.{}\"",
        record.version,
        record.stamp,
        format.extension()
    );
    let document = view.document(*record).await?;
    let bytes = write(door.base(), &document, format);
    response.insert_header((header::ETAG, etag));
    Ok(response
        .content_type(Representation::Rdf(format).content_type_of(&bytes))
        .body(bytes))
}
