//! What does the page of a record show?

use actix_web::HttpRequest;
use actix_web::web::Bytes;

use crate::catalogue::{Record, View};
use crate::web::error::WebError;
use crate::web::server::Door;

pub async fn record(
    _: &Door,
    _: &HttpRequest,
    _: &View,
    record: Record,
) -> Result<Bytes, WebError> {
    Ok(Bytes::from(record.name().to_owned()))
}
