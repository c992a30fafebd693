//! Records are looked at every year, and taken away with words for those who come later.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::asked::{done, member, read, wants_page};
use super::review::private;
use crate::catalogue::Leaving;
use crate::catalogue::checking::{Place, START};
use crate::ledger::Due;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::record_path;
use crate::web::server::{Door, parameter};
use crate::web::{answered, showing};

/// How many records are listed at once.
const PAGE: usize = 50;

/// `GET /checks`: the descriptions that nobody looked at for a year and that the reader may confirm.
pub(super) async fn checks(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, due(&door, &request).await)
}

async fn due(door: &Door, request: &HttpRequest) -> Answer {
    let view = member(door, request).await?;
    let after = parameter(request, "after").map_or(Ok(START), |text| place(&text))?;
    let (due, next) = view.due(after, PAGE).await?;
    let next = next.map(|(at, record)| format!("{}-{record}", at.as_microsecond()));
    if wants_page(request) {
        let page = showing::checks(door, request, &due, next);
        return Ok(private(showing::answer(StatusCode::OK, &page)));
    }
    let base = door.base();
    let one = |due: &Due| -> Value {
        let address = base.iri(&due.head.path).into_string();
        json!({
            "record": due.head.iri,
            "title": due.head.title,
            "version": due.head.public.as_ref().map(|face| face.version),
            "since": due.since.to_string(),
            "confirm": format!("{address}/confirm"),
        })
    };
    let body = json!({
        "due": due.iter().map(one).collect::<Vec<_>>(),
        "next": next.map(|next| format!("{base}/checks?after={next}")),
    });
    Ok(private(HttpResponse::Ok().json(body)))
}

fn place(text: &str) -> Result<Place, WebError> {
    let wrong = || WebError::Parameter {
        name: "after",
        message: format!("{text:?} is no place in this list"),
    };
    let (at, record) = text.rsplit_once('-').ok_or_else(wrong)?;
    let at = at
        .parse()
        .ok()
        .and_then(|at| Timestamp::from_microsecond(at).ok());
    let record = record.parse().ok();
    at.zip(record).ok_or_else(wrong)
}

/// `POST {record}/confirm`: still correct.
pub(super) async fn confirm(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let path = record_path(&request);
        let (version, note) = (fields.number("version")?, fields.text("note"));
        let kept = door
            .catalogue
            .confirm(view.actor(), &path, version, note)
            .await?;
        let body = json!({
            "record": door.base().iri(&path).as_str(),
            "version": kept.version,
            "at": kept.at.to_string(),
        });
        let page = match fields.get("back") {
            Some("checks") => "/checks".to_owned(),
            _ => format!("{path}/history"),
        };
        done(&door, &request, &page, &body)
    };
    answered(&door, &request, answer.await)
}

/// `POST {record}/withdraw`: takes it away, with a notice for everybody, and leads its address elsewhere.
pub(super) async fn withdraw(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let path = record_path(&request);
        let leaving = Leaving {
            reason: fields.reason(&request)?,
            notice: fields.text("notice"),
            replaced_by: fields.text("replaced_by"),
        };
        let state = door
            .catalogue
            .withdraw(view.actor(), &path, leaving)
            .await?;
        let body = json!({ "record": door.base().iri(&path).as_str(), "state": state.as_str() });
        done(&door, &request, &path, &body)
    };
    answered(&door, &request, answer.await)
}
