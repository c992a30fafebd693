//! What do the pages of those who judge and keep records show?

use actix_web::HttpRequest;
use jiff::Timestamp;

use super::{fields_of, itself, who};
use crate::auth::Wish;
use crate::catalogue::lifecycle::{Stage, Step};
use crate::catalogue::reviewing::Reviewed;
use crate::catalogue::{CATALOGUE_KIND, Lookup, View};
use crate::ledger::{Due, Head, Review};
use crate::web::error::WebError;
use crate::web::pages::review::{ChecksPage, DueRow, ReviewPage, ReviewsPage, Said, Waiting};
use crate::web::pages::site::Section;
use crate::web::pages::text::{Choice, Link, Text};
use crate::web::server::Door;

/// The stages that have a list of their own.
const LISTED: [Stage; 3] = [Stage::InReview, Stage::ChangesRequested, Stage::Approved];

/// The page on which a draft is judged.
pub async fn review(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    reviewed: Reviewed,
) -> Result<ReviewPage, WebError> {
    let site = door.site_at(request, Section::Elsewhere);
    let head = &reviewed.head;
    let here = format!("{}{}", site.root, head.path);
    let found = view.lookup(&head.path).await?;
    let (record, fields) = match &found {
        Lookup::Found(record) => {
            let fields = fields_of(door, request, view, record, head.version).await?;
            (itself(&site.root, record), fields)
        }
        Lookup::Gone(_) | Lookup::Missing => (named(&site.root, head, ""), Vec::new()),
    };
    let name = |iri: &String| {
        let known = fields.iter().find(|field: &&Choice| field.value == *iri);
        known.map_or_else(|| iri.clone(), |field| field.label.clone())
    };
    let remarks = reviewed.remarks.iter().map(|(remark, author)| Said {
        author: who(author),
        date: moment(remark.at),
        datetime: remark.at.to_string(),
        step: Step::from_word(&remark.step),
        version: remark.version,
        field: remark.field.as_ref().map(name),
        text: remark.content.clone(),
    });
    let may = |wish| door.catalogue.may(view.actor(), wish, head).is_allowed();
    let public = head.public.as_ref().map(|face| face.version);
    let seen = public.filter(|version| *version != head.version);
    let is_draft = head.state == crate::ledger::State::Draft;
    let schedule = reviewed.schedule.as_ref();
    Ok(ReviewPage {
        remarks: remarks.collect(),
        record,
        version: head.version,
        version_href: format!("{here}/versions/{}?format=html", head.version),
        stage: reviewed.stage,
        approvals_needed: reviewed.rule.approvals,
        approvals: reviewed.approvals,
        four_eyes: reviewed.rule.four_eyes,
        difference_href: seen
            .map(|seen| format!("{here}/difference?from={seen}&to={}", head.version)),
        steps: reviewed.steps,
        action: format!("{here}/review"),
        scheduled: schedule.map(|one| moment(one.publish_at)),
        trouble: schedule.and_then(|one| one.trouble.clone()),
        schedule_href: (is_draft && may(Wish::Publish)).then(|| format!("{here}/schedule")),
        rules_href: (head.kind == CATALOGUE_KIND && may(Wish::SetRules))
            .then(|| format!("{here}/rules")),
        fields,
        site,
    })
}

/// The page of what waits for a judgement.
pub async fn reviews(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    stage: Stage,
    (waiting, next): (Vec<(Review, Head)>, Option<i64>),
) -> Result<ReviewsPage, WebError> {
    let site = door.site_at(request, Section::Elsewhere);
    let list = |stage: Stage| format!("{}/reviews?stage={}", site.root, stage.as_str());
    let mut rows = Vec::with_capacity(waiting.len());
    for (review, head) in waiting {
        let author = view.author(&review.author, true).await?;
        rows.push(Waiting {
            review: named(&site.root, &head, "/review"),
            version: review.version,
            author: who(&author),
            date: moment(review.changed_at),
            datetime: review.changed_at.to_string(),
        });
    }
    Ok(ReviewsPage {
        stages: LISTED.map(|stage| (stage, list(stage))).to_vec(),
        stage,
        waiting: rows,
        next_href: next.map(|next| format!("{}&after={next}", list(stage))),
        site,
    })
}

/// The page of what nobody looked at for a year.
pub fn checks(door: &Door, request: &HttpRequest, due: &[Due], next: Option<String>) -> ChecksPage {
    let site = door.site_at(request, Section::Elsewhere);
    let row = |due: &Due| DueRow {
        record: named(&site.root, &due.head, ""),
        version: due.head.public.as_ref().map_or(0, |face| face.version),
        since: due.since.strftime("%Y-%m-%d").to_string(),
        datetime: due.since.to_string(),
        confirm_href: format!("{}{}/confirm", site.root, due.head.path),
    };
    ChecksPage {
        due: due.iter().map(row).collect(),
        next_href: next.map(|next| format!("{}/checks?after={next}", site.root)),
        site,
    }
}

/// A record by its title, else by its path.
fn named(root: &str, head: &Head, below: &str) -> Link {
    let title = head.title.clone().filter(|title| !title.is_empty());
    let label = title.unwrap_or_else(|| head.path.clone());
    Link::new(Text::plain(label), format!("{root}{}{below}", head.path))
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
