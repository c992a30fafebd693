//! The files that pages fetch: stylesheet, script, icons.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::web::WebError;
use crate::web::pages::assets;
use crate::web::server::{Door, header_text};

/// A name with a digest never means other bytes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const FOR_AN_HOUR: &str = "public, max-age=3600";

pub(super) async fn asset(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    serve(
        &door,
        &request,
        request.match_info().get("name").unwrap_or_default(),
    )
}

pub(super) async fn icon(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    serve(&door, &request, "favicon.svg")
}

fn serve(door: &Door, request: &HttpRequest, name: &str) -> HttpResponse {
    let Some(asset) = assets::get(name) else {
        return WebError::NotFound(request.path().to_owned()).answer(door, request);
    };
    let caching = if asset.immutable {
        FOR_EVER
    } else {
        FOR_AN_HOUR
    };
    let known = header_text(request, header::IF_NONE_MATCH);
    let unchanged = known.is_some_and(|known| known.contains(asset.etag));
    let mut response = if unchanged {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    response
        .insert_header((header::ETAG, asset.etag))
        .insert_header((header::CACHE_CONTROL, caching));
    if unchanged {
        return response.finish();
    }
    response.content_type(asset.media_type).body(asset.bytes)
}
