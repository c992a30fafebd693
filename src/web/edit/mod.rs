//! How do people write records in their browser? A form made from the shapes, kept while it is written.
//!
//! `/edit/{prefix}/{id}` is the form of the record at `/{prefix}/{id}`, whether or not there is one yet. Every button
//! sends the whole form, so that nothing that was typed in is lost; the answer is the form again. What was typed in is
//! kept for its writer (`PUT /edit/…/working`) until it is stored or discarded.

mod acts;
mod begin;
mod desk;
mod show;
mod texts;
mod vocabulary;
mod ways;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use self::desk::{Desk, Writing};
use self::show::{Checking, Shown};
use super::answered;
use super::body;
use super::error::{Answer, WebError};
use super::linked_data::record_path;
use super::pages::edit::{EditStartPage, Hidden, Notice, SignedOutWritingPage, Unfinished, Words};
use super::pages::site::Section;
use super::pages::text::Choice;
use super::server::{Door, language_of, page_language, parameter};
use super::showing;
use crate::catalogue::{CatalogueError, Slug, View};
use crate::ledger::{Keeping, WORKING_BYTES_MAX};

pub use self::desk::{catalogues, may_write};

/// The longest form that is read: what is kept of it is bounded by the ledger.
const FORM_BYTES_MAX: usize = 8 << 20;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/edit", web::get().to(start))
        .route("/edit/new", web::get().to(new))
        .route("/edit/forget-template", web::post().to(forget_template))
        .route("/edit/{prefix}/{id}/working", web::get().to(stand))
        .route("/edit/{prefix}/{id}/working", web::put().to(keep))
        .route("/edit/{prefix}/{id}", web::get().to(open))
        .route("/edit/{prefix}/{id}", web::post().to(act));
}

async fn start(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, started(&door, &request).await)
}

async fn started(door: &Door, request: &HttpRequest) -> Answer {
    let view = door.view(request).await?;
    if view.is_anonymous() {
        return sign_in_first(door, request);
    }
    let owner = desk::owner(view.actor());
    let ledger = door.catalogue.ledger();
    let copies = ledger.working_copies(&owner).await.map_err(of_ledger)?;
    let templates = ledger.templates(&owner).await.map_err(of_ledger)?;
    let language = language_of(request);
    let root = door.base().path_prefix();
    let words = Words(page_language(request));
    let choice = |value: &str, label: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen: false,
    };
    let kinds = door.catalogue.kinds().iter();
    let mut kinds: Vec<Choice> = kinds
        .filter(|kind| !kind.is_root() && kind.name != "catalog")
        .map(|kind| Choice {
            chosen: kind.name == "dataset",
            ..choice(&kind.name, kind.title(language))
        })
        .collect();
    kinds.sort_by_key(|kind| !kind.chosen);
    let mut beginnings = vec![
        choice("", words.with_nothing()),
        choice("last", words.with_last()),
    ];
    let named = templates.iter();
    beginnings.extend(named.map(|one| choice(&format!("template:{}", one.name), &one.name)));
    let page = EditStartPage {
        copies: copies
            .into_iter()
            .map(|copy| Unfinished {
                title: copy.title.unwrap_or_else(|| copy.path.clone()),
                href: format!("{root}/edit{}", copy.path),
                when: copy.changed_at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            })
            .collect(),
        kinds,
        parents: catalogues(&view).await?,
        beginnings,
        templates: templates.into_iter().map(|one| one.name).collect(),
        site: door.site_at(request, Section::Elsewhere),
    };
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

/// A new record gets its address here, so that what is typed in has a place before there is a record.
async fn new(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let wanted = parameter(&request, "kind").unwrap_or_else(|| "dataset".to_owned());
        let kind = door.catalogue.kinds().by_name(&wanted);
        let kind = kind.filter(|kind| !kind.is_root());
        let kind = kind.ok_or_else(|| WebError::Parameter {
            name: "kind",
            message: format!("there is no kind {wanted:?} of records to write"),
        })?;
        let slug = parameter(&request, "slug").and_then(|wish| Slug::near(&wish));
        let slug = slug.unwrap_or_else(Slug::random);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for name in ["in", "with", "lang"] {
            if let Some(value) = parameter(&request, name).filter(|value| !value.is_empty()) {
                query.append_pair(name, &value);
            }
        }
        let root = door.base().path_prefix();
        let address = format!(
            "{root}/edit/{}/{}?{}",
            kind.prefix,
            slug.as_str(),
            query.finish()
        );
        Ok(see(address.trim_end_matches('?')))
    };
    answered(&door, &request, answer.await)
}

async fn forget_template(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let view = door.view(&request).await?;
        let pairs = pairs(&request, &mut payload).await?;
        let name = pairs.iter().find(|(name, _)| name == "name");
        if let Some((_, name)) = name.filter(|_| !view.is_anonymous()) {
            let owner = desk::owner(view.actor());
            let ledger = door.catalogue.ledger();
            let dropped = ledger.drop_template(&owner, name);
            dropped.await.map_err(of_ledger)?;
        }
        Ok(see(&format!("{}/edit", door.base().path_prefix())))
    };
    answered(&door, &request, answer.await)
}

async fn open(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, opened(&door, &request).await)
}

async fn opened(door: &Door, request: &HttpRequest) -> Answer {
    let view = door.view(request).await?;
    if view.is_anonymous() {
        return sign_in_first(door, request);
    }
    let desk = Desk::open(view, &record_path(request), language_of(request)).await?;
    let mut shown = Shown::default();
    let writing = match desk.kept().await? {
        Some(writing) => {
            shown.notices.push(Notice::Restored);
            writing
        }
        None => begin::begin(&desk, request).await?,
    };
    if parameter(request, "stored").is_some() {
        shown.notices.push(Notice::Stored);
    }
    let merged = parameter(request, "merged").and_then(|count| count.parse().ok());
    shown.notices.extend(merged.map(Notice::Merged));
    let page = show::page(door, request, &desk, &writing, shown).await?;
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

async fn act(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = acted(&door, &request, &mut payload).await;
    answered(&door, &request, answer)
}

async fn acted(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    let pairs = pairs(request, payload).await?;
    let view = door.view(request).await?;
    if view.is_anonymous() {
        return Ok(send_again(door, request, pairs));
    }
    let desk = Desk::open(view, &record_path(request), language_of(request)).await?;
    let mut writing = Writing::of_pairs(&pairs);
    match acts::act(&desk, &mut writing, &pairs).await? {
        acts::Done::Elsewhere(address) => {
            Ok(see(&format!("{}{address}", door.base().path_prefix())))
        }
        acts::Done::Here(mut shown) => {
            let kept = desk.keep(&mut writing).await?;
            match kept {
                Keeping::Kept(_) => (),
                Keeping::Overtaken(_) | Keeping::Stale(_) => shown.notices.push(Notice::Elsewhere),
                Keeping::TooMuch => shown.notices.push(Notice::TooMuch),
            }
            let status = shown.status.unwrap_or(StatusCode::OK);
            let page = show::page(door, request, &desk, &writing, *shown).await?;
            Ok(private(showing::answer(status, &page)))
        }
    }
}

/// `PUT /edit/…/working`: keeps what was typed in so far, and says what is wrong and who else writes.
async fn keep(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let pairs = pairs(&request, &mut payload).await?;
        let view = signed_in(&door, &request).await?;
        let desk = Desk::open(view, &record_path(&request), language_of(&request)).await?;
        let mut writing = Writing::of_pairs(&pairs);
        match desk.keep(&mut writing).await? {
            Keeping::Kept(_) => (),
            Keeping::Overtaken(sequence) => writing.seen = sequence,
            Keeping::TooMuch => {
                return Err(WebError::TooLarge {
                    max: WORKING_BYTES_MAX,
                });
            }
            Keeping::Stale(stands) => {
                return Err(CatalogueError::Precondition {
                    iri: desk.iri.as_str().to_owned(),
                    expected: writing.seen.to_string(),
                    found: stands.sequence.to_string(),
                }
                .into());
            }
        }
        let checking = Checking::of(&desk, &writing).await?;
        let mut answer = checking.to_json(&desk);
        answer["sequence"] = json!(writing.seen);
        answer["others"] = json!(desk.others().await?);
        answer["version"] = json!(desk.version());
        Ok(HttpResponse::Ok().json(answer))
    };
    answered(&door, &request, answer.await)
}

/// `GET /edit/…/working`: what is kept, where the record stands, and who else writes.
async fn stand(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let desk = Desk::open(view, &record_path(&request), language_of(&request)).await?;
        let kept = desk.kept().await?;
        let fields = kept.as_ref().map(Writing::content);
        Ok(HttpResponse::Ok().json(json!({
            "sequence": kept.as_ref().map_or(0, |writing| writing.seen),
            "base": kept.as_ref().map(|writing| writing.base),
            "fields": fields,
            "others": desk.others().await?,
            "version": desk.version(),
        })))
    };
    answered(&door, &request, answer.await)
}

async fn signed_in(door: &Door, request: &HttpRequest) -> Result<View, WebError> {
    let view = door.view(request).await?;
    if view.is_anonymous() {
        let why = "you are signed out: sign in again, what you wrote is not lost";
        return Err(WebError::Forbidden(why.to_owned()));
    }
    Ok(view)
}

async fn pairs(
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<Vec<(String, String)>, WebError> {
    let body = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    Ok(url::form_urlencoded::parse(&body).into_owned().collect())
}

fn sign_in_first(door: &Door, request: &HttpRequest) -> Answer {
    if door.sign_in.providers().is_empty() {
        let why = "writing needs somebody who has signed in, and this Atlas has no identity provider; programs send a token";
        return Err(WebError::Forbidden(why.to_owned()));
    }
    let here = request
        .uri()
        .path_and_query()
        .map_or("/edit", |here| here.as_str());
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", here)
        .finish();
    Ok(see(&format!(
        "{}/sign-in?{query}",
        door.base().path_prefix()
    )))
}

/// Somebody whose session has ended loses nothing: the page holds everything that was sent.
fn send_again(door: &Door, request: &HttpRequest, pairs: Vec<(String, String)>) -> HttpResponse {
    let hidden = pairs.into_iter().filter(|(name, _)| name != "do");
    let page = SignedOutWritingPage {
        site: door.site_at(request, Section::Elsewhere),
        action: request.path().to_owned(),
        hidden: hidden.map(|(name, value)| Hidden { name, value }).collect(),
    };
    let status = WebError::Forbidden(String::new()).status();
    private(showing::answer(status, &page))
}

fn of_ledger(error: crate::ledger::LedgerError) -> WebError {
    CatalogueError::from(error).into()
}

fn see(address: &str) -> HttpResponse {
    let there = HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish();
    private(there)
}

fn private(mut response: HttpResponse) -> HttpResponse {
    let none = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, none);
    response
}
