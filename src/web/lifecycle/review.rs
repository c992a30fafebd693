//! Drafts are handed in, judged, and published, now or at a time; catalogues have rules for it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::asked::{done, member, member_of, read, wants_page};
use super::history::author_json;
use crate::catalogue::lifecycle::{Stage, Step};
use crate::catalogue::reviewing::{Reviewed, Wanted};
use crate::ledger::{ReviewRule, Schedule};
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::record_path;
use crate::web::server::{Door, parameter};
use crate::web::{answered, showing};

/// How many reviews are listed at once.
const PAGE: usize = 50;

/// `GET {record}/review`.
pub(super) async fn get(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let path = record_path(&request);
        let view = member_of(&door, &request, &path).await?;
        let reviewed = view.reviewed(&path).await?;
        if wants_page(&request) {
            let page = showing::review(&door, &request, &view, reviewed).await?;
            return Ok(private(showing::answer(StatusCode::OK, &page)));
        }
        Ok(private(HttpResponse::Ok().json(review_json(&reviewed))))
    };
    answered(&door, &request, answer.await)
}

/// What those who work on records see is kept by nobody on the way.
pub(super) fn private(mut response: HttpResponse) -> HttpResponse {
    let none = actix_web::http::header::HeaderValue::from_static("no-store");
    let headers = response.headers_mut();
    headers.insert(actix_web::http::header::CACHE_CONTROL, none);
    response
}

fn review_json(reviewed: &Reviewed) -> Value {
    let remarks: Vec<Value> = reviewed
        .remarks
        .iter()
        .map(|(remark, author)| {
            json!({
                "step": remark.step,
                "version": remark.version,
                "field": remark.field,
                "text": remark.content,
                "author": author_json(author),
                "at": remark.at.to_string(),
            })
        })
        .collect();
    json!({
        "record": reviewed.head.iri,
        "version": reviewed.head.version,
        "stage": reviewed.stage.as_str(),
        "rule": rule_json(reviewed.rule),
        "approvals": reviewed.approvals,
        "steps": reviewed.steps.iter().map(|step| step.as_str()).collect::<Vec<_>>(),
        "remarks": remarks,
        "schedule": reviewed.schedule.as_ref().map(schedule_json),
    })
}

fn rule_json(rule: ReviewRule) -> Value {
    json!({ "approvals": rule.approvals, "four_eyes": rule.four_eyes })
}

fn schedule_json(schedule: &Schedule) -> Value {
    json!({
        "version": schedule.version,
        "publish_at": schedule.publish_at.to_string(),
        "reason": schedule.reason,
        "trouble": schedule.trouble,
    })
}

/// `POST {record}/review`: one step, with words.
pub(super) async fn post(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let known: Vec<&str> = Step::ALL.iter().map(|step| step.as_str()).collect();
        let step = fields.get("step").and_then(Step::from_word);
        let step = step.ok_or_else(|| WebError::Parameter {
            name: "step",
            message: format!("say one of {}", known.join(", ")),
        })?;
        let wanted = Wanted {
            step,
            field: fields.text("field"),
            content: fields.text("text").or_else(|| fields.text("reason")),
            version: fields.number("version")?,
        };
        let path = record_path(&request);
        let stage = door.catalogue.review(view.actor(), &path, wanted).await?;
        let body = json!({ "record": door.base().iri(&path).as_str(), "stage": stage.as_str() });
        // There is no review of what is gone.
        let page = match stage {
            Stage::Deleted => path,
            _ => format!("{path}/review"),
        };
        done(&door, &request, &page, &body)
    };
    answered(&door, &request, answer.await)
}

/// `POST {record}/schedule`: when a draft is to be published; without a time, no longer.
pub(super) async fn schedule(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let at = fields
            .get("publish_at")
            .filter(|_| !fields.is_yes("forget"));
        let at = at.map(time).transpose()?;
        let reason = fields.reason(&request)?;
        let path = record_path(&request);
        door.catalogue
            .schedule(view.actor(), &path, at, reason)
            .await?;
        let body = json!({ "record": door.base().iri(&path).as_str(), "publish_at": at.map(|at| at.to_string()) });
        done(&door, &request, &format!("{path}/review"), &body)
    };
    answered(&door, &request, answer.await)
}

/// A time as RFC 3339 writes it, or as a form sends it: then it is UTC.
fn time(text: &str) -> Result<Timestamp, WebError> {
    let local = || {
        TimeZone::UTC
            .to_timestamp(text.parse::<DateTime>().ok()?)
            .ok()
    };
    let found = text.parse::<Timestamp>().ok().or_else(local);
    found.ok_or_else(|| WebError::Parameter {
        name: "publish_at",
        message: format!("{text:?} is no time: write it as 2026-01-31T08:00:00Z"),
    })
}

/// `GET {catalogue}/rules`.
pub(super) async fn rules(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let path = record_path(&request);
        let view = member_of(&door, &request, &path).await?;
        let reviewed = view.reviewed(&path).await?;
        Ok(private(HttpResponse::Ok().json(rule_json(reviewed.rule))))
    };
    answered(&door, &request, answer.await)
}

/// `POST {catalogue}/rules`.
pub(super) async fn set_rules(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let approvals = fields
            .number("approvals")?
            .ok_or_else(|| WebError::Parameter {
                name: "approvals",
                message: "say how many must agree; 0 for none".to_owned(),
            })?;
        let rule = ReviewRule {
            approvals: u32::try_from(approvals).unwrap_or(u32::MAX),
            four_eyes: fields.is_yes("four_eyes"),
        };
        let path = record_path(&request);
        door.catalogue.set_rule(view.actor(), &path, rule).await?;
        done(&door, &request, &format!("{path}/review"), &rule_json(rule))
    };
    answered(&door, &request, answer.await)
}

/// `GET /reviews?stage=in-review`: what waits for those who judge, or for those who wrote.
pub(super) async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, listed(&door, &request).await)
}

async fn listed(door: &Door, request: &HttpRequest) -> Answer {
    let view = member(door, request).await?;
    let stage = match parameter(request, "stage") {
        None => Stage::InReview,
        Some(word) => {
            let stage = Stage::from_word(&word).filter(|stage| stage.is_under_review());
            stage.ok_or_else(|| WebError::Parameter {
                name: "stage",
                message: format!("{word:?} is none of in-review, changes-requested, approved"),
            })?
        }
    };
    let after = parameter(request, "after").map_or(Ok(0), |text| {
        text.parse().map_err(|_| WebError::Parameter {
            name: "after",
            message: format!("{text:?} is no whole number"),
        })
    })?;
    let waiting = view.waiting(stage, after, PAGE).await?;
    if wants_page(request) {
        let page = showing::reviews(door, request, &view, stage, waiting).await?;
        return Ok(private(showing::answer(StatusCode::OK, &page)));
    }
    let (reviews, next) = waiting;
    let mut list = Vec::with_capacity(reviews.len());
    for (review, head) in reviews {
        let author = view.author(&review.author, true).await?;
        list.push(json!({
            "record": review.iri,
            "title": head.title,
            "version": review.version,
            "author": author_json(&author),
            "opened_at": review.opened_at.to_string(),
            "changed_at": review.changed_at.to_string(),
            "url": format!("{}/review", door.base().iri(&head.path).as_str()),
        }));
    }
    let next = next.map(|next| {
        format!(
            "{}/reviews?stage={}&after={next}",
            door.base(),
            stage.as_str()
        )
    });
    let body = json!({ "stage": stage.as_str(), "reviews": list, "next": next });
    Ok(private(HttpResponse::Ok().json(body)))
}
