//! How does a reader of feeds get what changed, and everything before it?

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::has;
use crate::feeds::atom::{MEDIA_TYPE, PATH, Which};
use crate::feeds::hub;
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::server::Door;

/// `GET /changes.atom`
pub(super) async fn newest(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, page(&door, &request, Which::Newest).await)
}

/// `GET /changes/{n}.atom`
pub(super) async fn archive(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let n = request.match_info().get("n").unwrap_or_default();
    let answer = match n.parse() {
        Ok(number) => page(&door, &request, Which::Archive(number)).await,
        Err(_) => Err(WebError::NotFound(request.path().to_owned())),
    };
    answered(&door, &request, answer)
}

async fn page(door: &Door, request: &HttpRequest, which: Which) -> Answer {
    door.feeds.catch_up().await?;
    let hub = format!("{}{}", door.base(), hub::PATH);
    let name = &door.settings.name;
    let found = door.feeds.atom(which, name, Some(&hub)).await?;
    let found = found.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
    let etag = format!("\"{}.atom\"", found.sequence);
    let kept = if found.is_closed {
        // The page that follows is named when there is one.
        "public, max-age=3600"
    } else {
        "public, max-age=10"
    };
    let links = format!(
        "<{hub}>; rel=\"hub\", <{}{PATH}>; rel=\"self\"",
        door.base()
    );
    let mut response = if has(request, &etag) {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, etag.clone()))
        .insert_header((header::CACHE_CONTROL, kept))
        .insert_header((header::LINK, links));
    if has(request, &etag) {
        return Ok(response.finish());
    }
    Ok(response
        .content_type(format!("{MEDIA_TYPE}; charset=utf-8"))
        .body(found.text))
}
