//! What was I told, and what have I read of it?

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::asked::{self, Asked};
use super::{Owner, moment, of_ledger, wants_page};
use crate::ledger::{Marked, Notice};
use crate::notify::{say, sentence};
use crate::web::error::{Answer, WebError};
use crate::web::pages::my::{NoticeRow, NotificationsPage};
use crate::web::pages::site::Section;
use crate::web::server::{Door, language_of, parameter};
use crate::web::{VARY, showing};

/// Notices of a page.
const NOTICES_PER_PAGE: usize = 50;

pub async fn notices(door: &Door, request: &HttpRequest, owner: &Owner) -> Answer {
    let language = language_of(request);
    let ledger = door.catalogue.ledger();
    let greeted = ledger.greet(&owner.account, language).await;
    greeted.map_err(of_ledger)?;
    let unread_only = parameter(request, "unread").is_some_and(|value| value != "0");
    let before = match parameter(request, "before") {
        None => None,
        Some(text) => Some(number("before", &text)?),
    };
    let found = ledger
        .notices(&owner.account, unread_only, before, NOTICES_PER_PAGE + 1)
        .await;
    let mut found = found.map_err(of_ledger)?;
    let goes_on = found.len() > NOTICES_PER_PAGE;
    found.truncate(NOTICES_PER_PAGE);
    let older = found.last().filter(|_| goes_on).map(|last| {
        let root = door.base().path_prefix();
        let unread = if unread_only { "unread=1&" } else { "" };
        format!("{root}/my/notifications?{unread}before={}", last.id)
    });
    let newest = found.first().map(|first| first.id);
    let visible = door.notify.visible(&owner.actor, found).await?;
    let unread = ledger
        .count_unread(&owner.account)
        .await
        .map_err(of_ledger)?;
    if !wants_page(request) {
        let base = door.base().as_str();
        let listed: Vec<Value> = visible
            .iter()
            .map(|one| to_json(base, one, language))
            .collect();
        return Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(json!({ "unread": unread, "notifications": listed, "next": older })));
    }
    let root = door.base().path_prefix();
    let page = NotificationsPage {
        site: door.site_at(request, Section::Elsewhere),
        unread,
        unread_only,
        notices: visible.iter().map(|one| row(root, one, language)).collect(),
        newest,
        older,
    };
    Ok(showing::answer(StatusCode::OK, &page))
}

/// Marks one notice, or all up to one, as read (`read=no`: as not read).
pub async fn mark(door: &Door, owner: &Owner, asked: &Asked) -> Result<(), WebError> {
    let which = match (asked::value(asked, "id"), asked::value(asked, "up_to")) {
        (Some(id), _) => Marked::One(number("id", id)?),
        (None, Some(id)) => Marked::UpTo(number("up_to", id)?),
        (None, None) => {
            return Err(WebError::Parameter {
                name: "id",
                message: "name a notification by id, or all up to one by up_to".to_owned(),
            });
        }
    };
    let now = door.catalogue.clock().now();
    let read = (asked::value(asked, "read") != Some("no")).then_some(now);
    let ledger = door.catalogue.ledger();
    let marked = ledger.mark(&owner.account, which, read).await;
    let marked = marked.map_err(of_ledger)?;
    if marked == 0 && matches!(which, Marked::One(_)) {
        return Err(WebError::Parameter {
            name: "id",
            message: "you have no notification of this number".to_owned(),
        });
    }
    Ok(())
}

pub fn row(root: &str, notice: &Notice, language: &str) -> NoticeRow {
    NoticeRow {
        id: notice.id,
        what: sentence(notice, language),
        href: format!("{root}{}", notice.path),
        at: moment(notice.at),
        words: notice.words.clone(),
        why: say(&format!("topic.{}", notice.topic), language).to_owned(),
        is_read: notice.read_at.is_some(),
    }
}

pub fn to_json(base: &str, notice: &Notice, language: &str) -> Value {
    json!({
        "id": notice.id,
        "event": notice.kind.as_str(),
        "what": sentence(notice, language),
        "record": notice.iri,
        "url": format!("{base}{}", notice.path),
        "kind": notice.record_kind,
        "title": notice.title,
        "words": notice.words,
        "because": notice.topic,
        "at": notice.at.to_string(),
        "readAt": notice.read_at.map(|at| at.to_string()),
    })
}

fn number(name: &'static str, text: &str) -> Result<i64, WebError> {
    text.parse().map_err(|_| WebError::Parameter {
        name,
        message: format!("{text:?} is no number"),
    })
}
