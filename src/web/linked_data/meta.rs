//! What is known about a record besides its description: state, path, permission (FAIR Data Point
//! `/meta`), and the shapes it is checked against (`/spec`).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::read::{rdf, rdf_wanted};
use super::record_path;
use super::write::signed_in;
use crate::catalogue::{Lookup, Record, State, View};
use crate::ledger::Seen;
use crate::web::answered;
use crate::web::body;
use crate::web::error::{Answer, WebError};
use crate::web::fair_data_point::{self, definition_of};
use crate::web::server::{Door, parameter};

/// How many ancestors a path names.
const ANCESTORS_MAX: usize = 16;
/// How many children's states are told.
const CHILDREN_MAX: usize = 1_000;
/// The largest body of a change of state.
const STATE_BYTES_MAX: usize = 4096;

pub(super) async fn meta(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, describe(&door, &request).await)
}

async fn describe(door: &Door, request: &HttpRequest) -> Answer {
    let view = door.view(request).await?;
    let record = view.record(&record_path(request)).await?;
    let mut body = Map::new();
    let catalogue = view.catalogue_above(&record).await?.unwrap_or_default();
    let member = fair_data_point::member_of(door, view.actor_shared(), &catalogue).await?;
    body.insert("member".to_owned(), member);
    if !view.is_anonymous() {
        let children = children(&view, &record).await?;
        let state = json!({ "current": state_name(record.state), "children": children });
        body.insert("state".to_owned(), state);
    }
    body.insert(
        "path".to_owned(),
        Value::Object(path(door, &view, record).await?),
    );
    Ok(HttpResponse::Ok().json(body))
}

/// The states of the children that this reader may see.
async fn children(view: &View, record: &Record) -> Result<Map<String, Value>, WebError> {
    let ledger = view.catalogue().ledger();
    let heads = ledger
        .children(record.iri.as_str(), None, Seen::All, 0, CHILDREN_MAX)
        .await;
    let mut children = Map::new();
    for head in heads.map_err(crate::catalogue::CatalogueError::from)? {
        if let Lookup::Found(child) = view.lookup_iri(&head.iri).await? {
            children.insert(child.iri.into_string(), json!(state_name(child.state)));
        }
    }
    Ok(children)
}

async fn path(door: &Door, view: &View, record: Record) -> Result<Map<String, Value>, WebError> {
    let mut path = Map::new();
    let mut at = Some(record);
    for _ in 0..ANCESTORS_MAX {
        let Some(record) = at.take() else { break };
        let mut entry = json!({
            "resourceDefinitionUuid": definition_of(door, &record.kind), "title": record.name(),
        });
        if let Some(parent) = &record.parent {
            entry["parent"] = json!(parent.as_str());
            if let Lookup::Found(above) = view.lookup_iri(parent.as_str()).await? {
                at = Some(*above);
            }
        }
        path.insert(record.iri.into_string(), entry);
    }
    Ok(path)
}

/// States as a FAIR Data Point writes them.
fn state_name(state: State) -> String {
    state.as_str().to_ascii_uppercase()
}

/// `PUT …/meta/state {"current": "PUBLISHED"}`.
pub(super) async fn set_state(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let view = signed_in(&door, &request).await?;
        let bytes = body::bytes_within(STATE_BYTES_MAX, &request, &mut payload).await?;
        let wrong = |message: String| {
            WebError::Body(format!(
                "{message}; send {{\"current\": \"PUBLISHED\"}} or {{\"current\": \"WITHDRAWN\"}}"
            ))
        };
        let wish: Value =
            serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
        let current = wish.get("current").and_then(Value::as_str);
        let state = body::state(current.ok_or_else(|| wrong("no member \"current\"".to_owned()))?)?;
        let reason = wish
            .get("reason")
            .and_then(Value::as_str)
            .map(str::to_owned);
        let reason = match reason {
            Some(reason) => Some(body::short_reason(reason)?),
            None => body::reason(&request)?,
        };
        let path = record_path(&request);
        let written = door
            .catalogue
            .set_state(view.actor(), &path, state, reason)
            .await?;
        Ok(HttpResponse::Ok().json(json!({ "current": state_name(written.state) })))
    };
    answered(&door, &request, answer.await)
}

/// The shapes of a kind, as forms of clients read them.
pub(super) async fn spec(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let prefix = request.match_info().get("prefix").unwrap_or_default();
        let kind = door.catalogue.kinds().by_prefix(prefix);
        let kind = kind.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
        let profile = parameter(&request, "profile");
        let profile = door.catalogue.profile_of(&kind.name, profile.as_deref())?;
        Ok(rdf(
            rdf_wanted(&request)?,
            &profile.for_clients(&kind.classes),
        ))
    };
    answered(&door, &request, answer.await)
}
