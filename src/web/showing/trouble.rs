//! What does a person see when something is not there, or not allowed, or broken?

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use crate::catalogue::Tombstone;
use crate::web::pages::error::{ErrorPage, Trouble};
use crate::web::pages::text::{Link, Text};
use crate::web::pages::tombstone::TombstonePage;
use crate::web::server::Door;

/// The page of a failure, in the reader's language, with what exactly was wrong.
pub fn error(
    door: &Door,
    request: &HttpRequest,
    status: StatusCode,
    what: String,
    advice: String,
    violations: Vec<String>,
) -> HttpResponse {
    let mut page = ErrorPage::new(door.site(request), trouble(status), status.as_u16());
    page.detail = Some(Text::plain(what));
    page.advice.push(advice);
    page.advice.extend(violations);
    let root = &page.site.root;
    page.links = vec![
        Link::new(door.settings.name.clone(), format!("{root}/")),
        Link::new("Search", format!("{root}/search")),
    ];
    answer(status, &page)
}

fn trouble(status: StatusCode) -> Trouble {
    match status.as_u16() {
        401 => Trouble::SignInNeeded,
        403 => Trouble::Forbidden,
        404 => Trouble::NotFound,
        406 => Trouble::NotAcceptable,
        410 => Trouble::Gone,
        409 | 412 | 428 => Trouble::Changed,
        413 => Trouble::TooLarge,
        429 | 503 | 504 => Trouble::Busy,
        500..=599 => Trouble::Internal,
        _ => Trouble::BadRequest,
    }
}

/// The page of a record that was there once.
pub fn tombstone(
    door: &Door,
    request: &HttpRequest,
    tombstone: &Tombstone,
    may_undelete: bool,
) -> HttpResponse {
    let undelete = format!("{}{}/undelete", door.base().path_prefix(), tombstone.path);
    let page = TombstonePage {
        site: door.site(request),
        title: None,
        kind: tombstone.kind.clone(),
        iri: tombstone.iri.as_str().to_owned(),
        withdrawn: tombstone.withdrawn,
        date: tombstone.at.strftime("%-d %B %Y").to_string(),
        datetime: tombstone.at.to_string(),
        reason: tombstone.notice.clone().map(Text::plain),
        undelete_href: may_undelete.then_some(undelete),
        ..TombstonePage::default()
    };
    answer(StatusCode::GONE, &page)
}
