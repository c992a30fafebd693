//! Who may write in a catalogue? Members as the reference has them, mapped onto the catalogues of local users.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Value, json};

use super::keys::private;
use super::wire::{
    Me, OWNER, admin, administers, json_body, may_create, membership_json, nothing, of_ledger,
    segment, user_json,
};
use crate::auth::{Actor, Wish};
use crate::catalogue::{CATALOGUE_KIND, CatalogueError};
use crate::ledger::Head;
use crate::web::answered;
use crate::web::error::WebError;
use crate::web::linked_data::record_path;
use crate::web::server::Door;

/// How many parents are followed up to a catalogue.
const ANCESTORS_MAX: usize = 16;

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/memberships", web::get().to(memberships))
        .route("/{prefix}/{id}/members", web::get().to(list))
        .route("/{prefix}/{id}/members/{user}", web::put().to(add))
        .route("/{prefix}/{id}/members/{user}", web::delete().to(remove));
}

async fn memberships(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        Me::of(&door, &request).await?;
        Ok(HttpResponse::Ok().json([membership_json(&door)]))
    };
    answered(&door, &request, answer.await)
}

/// The member that an actor is of the catalogue of a record; a steward is above all and a member of none.
pub async fn member_of(
    door: &Door,
    actor: &std::sync::Arc<Actor>,
    catalogue: &str,
) -> Result<Value, WebError> {
    let writes = may_create(actor, "dataset", Some(catalogue));
    if !writes || administers(actor) {
        return Ok(json!({}));
    }
    let me = Me::from(door, actor).await?;
    let user = me.map(|me| me.json()).unwrap_or_default();
    Ok(json!({ "user": user, "membership": membership_json(door) }))
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let actor = door.actor(&request).await?;
        let head = record(&door, &request, &actor).await?;
        let catalogue = catalogue_of(&door, head).await?;
        let users = door.catalogue.ledger().local_users().await;
        let is_member = |held: &[String]| held.contains(&catalogue);
        let members: Vec<Value> = users
            .map_err(of_ledger)?
            .iter()
            .filter(|user| is_member(&user.catalogues))
            .map(|user| json!({ "user": user_json(user), "membership": membership_json(&door) }))
            .collect();
        Ok(private(HttpResponse::Ok().json(members)))
    };
    answered(&door, &request, answer.await)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wanted {
    membership_uuid: String,
}

async fn add(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (me, catalogue) = catalogue(&door, &request).await?;
        let now = door.catalogue.clock().now();
        let wanted: Wanted = json_body(&request, &mut payload).await?;
        if wanted.membership_uuid != OWNER {
            let message = format!("there is one sort of member, the owner: {OWNER}");
            let name = "membershipUuid";
            return Err(WebError::Parameter { name, message });
        }
        let ledger = door.catalogue.ledger();
        let user = ledger.local_user(segment(&request, "user")).await;
        let mut user = user.map_err(of_ledger)?.ok_or_else(|| nothing(&request))?;
        if !user.catalogues.contains(&catalogue) {
            user.catalogues.push(catalogue);
            let put = ledger.put_local_user(&user, me.actor.name(), now);
            put.await.map_err(of_ledger)?;
        }
        let member = json!({ "user": user_json(&user), "membership": membership_json(&door) });
        Ok(private(HttpResponse::Ok().json(member)))
    };
    answered(&door, &request, answer.await)
}

async fn remove(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let (me, catalogue) = catalogue(&door, &request).await?;
        let now = door.catalogue.clock().now();
        let ledger = door.catalogue.ledger();
        let user = ledger.local_user(segment(&request, "user")).await;
        let mut user = user.map_err(of_ledger)?.ok_or_else(|| nothing(&request))?;
        user.catalogues.retain(|iri| *iri != catalogue);
        let put = ledger.put_local_user(&user, me.actor.name(), now);
        put.await.map_err(of_ledger)?;
        Ok(HttpResponse::NoContent().finish())
    };
    answered(&door, &request, answer.await)
}

/// The catalogue of the address, whose members a steward may change. Rights are given for whole catalogues.
async fn catalogue(door: &Door, request: &HttpRequest) -> Result<(Me, String), WebError> {
    let me = admin(door, request).await?;
    let head = record(door, request, &me.actor).await?;
    if head.kind == CATALOGUE_KIND {
        return Ok((me, head.iri));
    }
    let catalogue = catalogue_of(door, head).await?;
    let message = format!("members are those of a catalogue: send this to {catalogue}");
    let name = "id";
    Err(WebError::Parameter { name, message })
}

/// The head of the address, for those who may read its drafts. Whoever may not know of it finds nothing.
async fn record(door: &Door, request: &HttpRequest, actor: &Actor) -> Result<Head, WebError> {
    let ledger = door.catalogue.ledger();
    let head = ledger.head_by_path(&record_path(request)).await;
    let head = head.map_err(of_ledger)?.ok_or_else(|| nothing(request))?;
    if door
        .catalogue
        .may(actor, Wish::ReadDraft, &head)
        .is_allowed()
    {
        return Ok(head);
    }
    if head.public.is_none() {
        return Err(nothing(request));
    }
    let why = "members are shown to those who work on the record".to_owned();
    Err(CatalogueError::Denied(why).into())
}

/// The IRI of the catalogue that a record stands in.
async fn catalogue_of(door: &Door, head: Head) -> Result<String, WebError> {
    let mut at = head;
    for _ in 0..ANCESTORS_MAX {
        if at.kind == CATALOGUE_KIND {
            break;
        }
        let Some(parent) = at.parent.clone() else {
            break;
        };
        match door
            .catalogue
            .ledger()
            .head(&parent)
            .await
            .map_err(of_ledger)?
        {
            Some(above) => at = above,
            None => break,
        }
    }
    Ok(at.iri)
}
