//! What does the page of results show?

use actix_web::{HttpRequest, HttpResponse};

use crate::search::SearchQuery;
use crate::web::error::Answer;
use crate::web::server::Door;

pub async fn search(_: &Door, _: &HttpRequest, _: SearchQuery) -> Answer {
    Ok(HttpResponse::Ok().finish())
}
