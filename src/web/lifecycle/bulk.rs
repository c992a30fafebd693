//! Many records at once: looked at first, done to all or none, and undone.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::asked::{done, read};
use crate::catalogue::bulk::{BulkWish, Planned};
use crate::catalogue::lifecycle::{Stage, Step};
use crate::web::answered;
use crate::web::error::WebError;
use crate::web::server::Door;

/// `POST /bulk {"step": "publish", "record": ["…"], "preview": true}`.
pub(super) async fn post(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (view, fields) = read(&door, &request, &mut payload).await?;
        let step = fields.get("step").and_then(Step::from_word);
        let step = step.ok_or_else(|| WebError::Parameter {
            name: "step",
            message: "say one of publish, withdraw, delete".to_owned(),
        })?;
        let wish = BulkWish {
            step,
            records: fields.all("record"),
            reason: fields.reason(&request)?,
        };
        if fields.is_yes("preview") {
            let planned = door.catalogue.plan(view.actor(), &wish).await?;
            return done(&door, &request, "/", &planned_json(&planned));
        }
        let (number, planned) = door.catalogue.do_bulk(view.actor(), &wish).await?;
        let mut body = planned_json(&planned);
        body["bulk"] = json!(number);
        body["undo"] = json!(format!("{}/bulk/{number}/undo", door.base()));
        done(&door, &request, "/", &body)
    };
    answered(&door, &request, answer.await)
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
            "/",
            &json!({ "bulk": number, "undone": records }),
        )
    };
    answered(&door, &request, answer.await)
}
