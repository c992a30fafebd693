//! What does a person see who looks at the harvesters' door?

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer::PATH;
use super::form::Form;
use crate::catalogue::CatalogueError;
use crate::web::error::Answer;
use crate::web::pages::oai::{OaiForm, OaiPage};
use crate::web::server::Door;
use crate::web::showing;

/// Sets that the page offers.
const SETS_MAX: usize = 200;

pub async fn answer(door: &Door, request: &HttpRequest) -> Answer {
    let sets = door.catalogue.ledger().sets("", SETS_MAX).await;
    let form = |form: Form| OaiForm {
        prefix: form.prefix().to_owned(),
        title: form.title().to_owned(),
        schema: form.schema().to_owned(),
    };
    let page = OaiPage {
        site: door.site(request),
        address: door.base().iri(PATH).into_string(),
        forms: Form::ALL.into_iter().map(form).collect(),
        sets: sets.map_err(CatalogueError::from)?,
    };
    Ok(showing::answer(StatusCode::OK, &page))
}
