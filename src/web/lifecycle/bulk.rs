//! Many records at once: looked at first, done to all or none, and undone.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::{Fields, done, member, read, wants_page};
use super::review::private;
use crate::catalogue::bulk::{BulkWish, Deed, Planned};
use crate::catalogue::lifecycle::Stage;
use crate::catalogue::setting::Setting;
use crate::catalogue::{CatalogueError, View};
use crate::ledger::BulkLine;
use crate::web::error::{Answer, WebError};
use crate::web::pages::bulk::{BulkNotice, BulkPage};
use crate::web::server::{Door, page_language, parameter};
use crate::web::{answered, showing};

/// `GET /bulk`: for a browser, records to choose from; for a program, what it did last.
pub(super) async fn get(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let view = member(&door, &request).await?;
        let lines = door.catalogue.bulks_of(view.actor()).await?;
        if !wants_page(&request) {
            let base = door.base().as_str();
            let lines: Vec<Value> = lines.iter().map(|line| line_json(base, line)).collect();
            return Ok(private(HttpResponse::Ok().json(json!({ "bulks": lines }))));
        }
        let number = |name| parameter(&request, name).and_then(|text| text.parse().ok());
        let notice = number("done").map(BulkNotice::Done);
        let notice = notice.or_else(|| number("undone").map(BulkNotice::Undone));
        let page = showing::bulk(&door, &request, &view, notice).await?;
        Ok(private(showing::answer(StatusCode::OK, &page)))
    };
    answered(&door, &request, answer.await)
}

fn line_json(base: &str, line: &BulkLine) -> Value {
    let undo = format!("{base}/bulk/{}/undo", line.number);
    json!({
        "bulk": line.number,
        "step": line.step,
        "records": line.records,
        "at": line.at.to_string(),
        "undo": (!line.is_undone).then_some(undo),
    })
}

/// `POST /bulk {"step": "publish", "record": ["…"], "preview": true}`; with `set` also `field`, `value`, `language`, `add`.
pub(super) async fn post(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let wish = wish(&request, &fields)?;
        if fields.is_yes("preview") {
            let planned = door.catalogue.plan(view.actor(), &wish).await;
            return previewed(&door, &request, &view, &wish, planned).await;
        }
        let (number, planned) = match door.catalogue.do_bulk(view.actor(), &wish).await {
            Ok(done) => done,
            Err(error) => return refused(&door, &request, &view, &wish, error).await,
        };
        let mut body = planned_json(&planned);
        body["bulk"] = json!(number);
        body["undo"] = json!(format!("{}/bulk/{number}/undo", door.base()));
        done(&door, &request, &format!("/bulk?done={number}"), &body)
    };
    answered(&door, &request, answer.await)
}

fn wish(request: &HttpRequest, fields: &Fields) -> Result<BulkWish, WebError> {
    let deed = fields.get("step").and_then(Deed::from_word);
    let deed = deed.ok_or_else(|| WebError::Parameter {
        name: "step",
        message: format!("say one of {}", Deed::ALL.map(Deed::as_str).join(", ")),
    })?;
    Ok(BulkWish {
        deed,
        records: fields.all("record"),
        reason: fields.reason(request)?,
        setting: (deed == Deed::Set).then(|| Setting {
            field: fields.text("field").unwrap_or_default(),
            value: fields.text("value").unwrap_or_default(),
            language: fields.text("language"),
            adds: fields.is_yes("add"),
        }),
        language: page_language(request).code(),
    })
}

async fn previewed(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    wish: &BulkWish,
    planned: Result<Vec<Planned>, CatalogueError>,
) -> Answer {
    let planned = match planned {
        Ok(planned) => planned,
        Err(error) => return refused(door, request, view, wish, error).await,
    };
    if !wants_page(request) {
        return done(door, request, "/bulk", &planned_json(&planned));
    }
    let page = showing::bulk_plan(door, request, view, (wish, &planned), None).await?;
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

/// Why it was not done. A person sees it above what they have chosen, and goes on from there.
async fn refused(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    wish: &BulkWish,
    error: CatalogueError,
) -> Answer {
    let goes_on = matches!(
        error,
        CatalogueError::BulkRefused { .. }
            | CatalogueError::NothingSaid
            | CatalogueError::NothingToSet
            | CatalogueError::TooMany { .. }
            | CatalogueError::Precondition { .. }
    );
    if !goes_on || !wants_page(request) {
        return Err(error.into());
    }
    let notice = Some(match &error {
        CatalogueError::NothingSaid => {
            let site = door.site(request);
            let nothing = if wish.records.is_empty() {
                BulkPage::none_chosen(&site)
            } else {
                BulkPage::no_value(&site)
            };
            BulkNotice::Refused(nothing.to_owned())
        }
        error => BulkNotice::Refused(error.to_string()),
    });
    let status = WebError::from(error).status();
    let page = match door.catalogue.plan(view.actor(), wish).await {
        Ok(planned) => showing::bulk_plan(door, request, view, (wish, &planned), notice).await?,
        Err(_) => showing::bulk(door, request, view, notice).await?,
    };
    Ok(private(showing::answer(status, &page)))
}

fn planned_json(planned: &[Planned]) -> Value {
    let word = |stage: Option<Stage>| stage.map(Stage::as_str);
    let one = |one: &Planned| {
        json!({
            "record": one.iri,
            "title": one.title,
            "from": word(one.from),
            "to": word(one.to),
            "problem": one.problem,
            "change": one.change().map(|change| {
                json!({ "property": change.property, "before": change.before, "after": change.after })
            }),
        })
    };
    let possible = planned.iter().all(|one| one.problem.is_none());
    json!({ "possible": possible, "records": planned.iter().map(one).collect::<Vec<_>>() })
}

/// `POST /bulk/{n}/undo`.
pub(super) async fn undo(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, _) = read(&door, &request, &mut payload).await?;
        let number = request
            .match_info()
            .get("n")
            .and_then(|text| text.parse().ok());
        let number = number.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
        let records = door.catalogue.undo_bulk(view.actor(), number).await?;
        done(
            &door,
            &request,
            &format!("/bulk?undone={number}"),
            &json!({ "bulk": number, "undone": records }),
        )
    };
    answered(&door, &request, answer.await)
}
