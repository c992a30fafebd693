//! Who is a member here, and how is somebody invited to be one?

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::pages::account::Offer;
use super::pages::members::{Invited, JoinPage, MemberRow, MembersPage};
use super::pages::site::{Section, Site};
use super::server::{Door, header_text, parameter};
use super::sign_in::{
    self, FORM_BYTES_MAX, address, day, field, now, of_ledger, present, private, see,
};
use super::tokens::{CATALOGUES_MAX, Sent, bad, form_of, from_json, role_of, sent_as, words};
use super::{answered, body, negotiate, showing};
use crate::auth::membership::{self, InvitationWish};
use crate::auth::{Actor, Catalogues, Decision, Grant, RecordFacts, Role, Wish, may};
use crate::ledger::{AccountId, Invitation, Member};

/// How long an invitation stays open, in days, at most and usually.
const DAYS_MAX: u32 = 60;
const DAYS: u32 = 14;
/// The longest note of an invitation.
const NOTE_CHARS_MAX: usize = 200;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/members", web::get().to(list))
        .route("/members", web::post().to(invite))
        .route("/members/remove", web::post().to(remove_by_form))
        .route("/members/end-invitation", web::post().to(end_by_form))
        .route("/members/invitations/{id}", web::delete().to(end))
        .route("/members/{account}/{role}", web::delete().to(remove))
        .route("/join", web::get().to(offer))
        .route("/join", web::post().to(join));
}

/// An invitation that a steward wants, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    role: String,
    #[serde(default)]
    catalogues: Vec<String>,
    #[serde(default)]
    note: String,
    #[serde(default = "usual_days")]
    days: u32,
}

fn usual_days() -> u32 {
    DAYS
}

/// Whether JSON is wanted rather than a page: by `?format=json`, by `Accept`.
pub(super) fn wants_json(request: &HttpRequest) -> bool {
    if let Some(format) = parameter(request, "format") {
        return format == "json";
    }
    let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
    negotiate::choose(header_text(request, header::ACCEPT), &offered) != Some(1)
}

/// Whoever asks, if they may do something that is about no record.
pub(super) async fn allowed(
    door: &Door,
    request: &HttpRequest,
    wish: Wish,
) -> Result<std::sync::Arc<Actor>, WebError> {
    let actor = door.actor(request).await?;
    permitted(may(&actor, wish, &RecordFacts::ATLAS))?;
    Ok(actor)
}

fn permitted(decision: Decision) -> Result<(), WebError> {
    match decision {
        Decision::Allow => Ok(()),
        Decision::Deny(why) => Err(WebError::Forbidden(why.to_owned())),
    }
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, listed(&door, &request, None).await)
}

async fn listed(door: &Door, request: &HttpRequest, made: Option<String>) -> Answer {
    let actor = allowed(door, request, Wish::ManageMembers).await?;
    let ledger = door.catalogue.ledger();
    let members = ledger.members().await.map_err(of_ledger)?;
    let invitations = ledger.invitations(now(door)).await.map_err(of_ledger)?;
    if wants_json(request) && made.is_none() {
        let members: Vec<Value> = members.iter().map(member_json).collect();
        let invitations: Vec<Value> = invitations.iter().map(invitation_json).collect();
        let body = json!({ "members": members, "invitations": invitations });
        return Ok(private(HttpResponse::Ok().json(body)));
    }
    let roles = Role::ALL.into_iter().filter(|role| actor.has(*role));
    let site = door.site_at(request, Section::Elsewhere);
    let page = MembersPage {
        members: members.iter().map(row).collect(),
        invitations: invitations.iter().map(|one| invited(&site, one)).collect(),
        roles: roles
            .filter(|role| *role != Role::Reader)
            .map(|role| Offer {
                word: role.as_str().to_owned(),
                label: site.role(role),
            })
            .collect(),
        made,
        site,
    };
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

fn member_json(member: &Member) -> Value {
    let membership = &member.membership;
    json!({
        "account": membership.account.0,
        "name": member.name,
        "email": member.email,
        "role": membership.role,
        "catalogues": membership.catalogues,
        "given": membership.given_at.to_string(),
        "givenBy": membership.given_by,
    })
}

fn invitation_json(invitation: &Invitation) -> Value {
    json!({
        "id": invitation.id,
        "role": invitation.role,
        "catalogues": invitation.catalogues,
        "note": invitation.note,
        "invitedBy": invitation.invited_by,
        "expires": invitation.expires_at.to_string(),
    })
}

fn row(member: &Member) -> MemberRow {
    let membership = &member.membership;
    MemberRow {
        account: membership.account.0.clone(),
        name: member.name.clone(),
        email: member.email.clone(),
        role: membership.role.clone(),
        catalogues: membership.catalogues.clone(),
        since: day(membership.given_at),
    }
}

fn invited(site: &Site, invitation: &Invitation) -> Invited {
    Invited {
        id: invitation.id.clone(),
        label: site.role_of(&invitation.role),
        note: invitation.note.clone(),
        role: invitation.role.clone(),
        catalogues: invitation.catalogues.clone(),
        until: day(invitation.expires_at),
    }
}

async fn invite(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let made = invitation(&door, &request, &mut payload).await;
    answered(&door, &request, made)
}

async fn invitation(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    let actor = allowed(door, request, Wish::ManageMembers).await?;
    let sent = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    let sent_as = sent_as(request)?;
    let wanted = match sent_as {
        Sent::Json => from_json(&sent)?,
        Sent::Form => of_form(&form_of(&sent))?,
    };
    let wish = wish(door, &actor, &wanted)?;
    let expires_at = wish.expires_at;
    let ledger = door.catalogue.ledger();
    let secret = membership::invite(ledger, wish, now(door)).await?;
    let link = format!("{}/join?invitation={}", door.base(), secret.reveal());
    match sent_as {
        Sent::Form => listed(door, request, Some(link)).await,
        Sent::Json => {
            let body = json!({ "link": link, "expires": expires_at.to_string() });
            Ok(private(HttpResponse::Created().json(body)))
        }
    }
}

fn of_form(form: &[(String, String)]) -> Result<Wanted, WebError> {
    let days = field(form, "days");
    Ok(Wanted {
        role: field(form, "role"),
        catalogues: words(&field(form, "catalogues")),
        note: field(form, "note"),
        days: match days.trim() {
            "" => DAYS,
            text => text.parse().map_err(|_| bad("days", "is no number"))?,
        },
    })
}

fn wish(door: &Door, actor: &Actor, wanted: &Wanted) -> Result<InvitationWish, WebError> {
    let role = role_of(&wanted.role)?;
    permitted(membership::may_give(actor, role))?;
    if role.is_for_catalogues() && wanted.catalogues.is_empty() {
        let why = "name the catalogues that the role is for, or * for all";
        return Err(bad("catalogues", why));
    }
    if wanted.catalogues.len() > CATALOGUES_MAX {
        return Err(bad("catalogues", "are too many for one invitation"));
    }
    if !(1..=DAYS_MAX).contains(&wanted.days) {
        return Err(bad("days", "is not between 1 and 60"));
    }
    let catalogues = Catalogues::of_list(&wanted.catalogues);
    Ok(InvitationWish {
        grant: Grant { role, catalogues },
        note: wanted.note.trim().chars().take(NOTE_CHARS_MAX).collect(),
        invited_by: actor.name().to_owned(),
        expires_at: now(door) + SignedDuration::from_hours(24 * i64::from(wanted.days)),
    })
}

async fn remove(
    door: web::Data<Door>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let removed = async {
        let (account, role) = path.into_inner();
        let is_done = take_role(&door, &request, &AccountId(account), &role).await?;
        done(&request, is_done)
    };
    answered(&door, &request, removed.await)
}

async fn remove_by_form(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let removed = async {
        let sent = body::bytes_within(FORM_BYTES_MAX, &request, &mut payload).await?;
        let form = form_of(&sent);
        let account = AccountId(field(&form, "account"));
        take_role(&door, &request, &account, &field(&form, "role")).await?;
        Ok(see(&address(&door, "/members")))
    };
    answered(&door, &request, removed.await)
}

async fn take_role(
    door: &Door,
    request: &HttpRequest,
    account: &AccountId,
    word: &str,
) -> Result<bool, WebError> {
    let actor = allowed(door, request, Wish::ManageMembers).await?;
    permitted(membership::may_give(&actor, role_of(word)?))?;
    let ledger = door.catalogue.ledger();
    let removed = ledger.remove_member(account, word, actor.name(), now(door));
    removed.await.map_err(of_ledger)
}

async fn end(door: web::Data<Door>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let ended = async {
        let is_done = end_invitation(&door, &request, &id).await?;
        done(&request, is_done)
    };
    answered(&door, &request, ended.await)
}

async fn end_by_form(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let ended = async {
        let sent = body::bytes_within(FORM_BYTES_MAX, &request, &mut payload).await?;
        end_invitation(&door, &request, &field(&form_of(&sent), "invitation")).await?;
        Ok(see(&address(&door, "/members")))
    };
    answered(&door, &request, ended.await)
}

async fn end_invitation(door: &Door, request: &HttpRequest, id: &str) -> Result<bool, WebError> {
    let actor = allowed(door, request, Wish::ManageMembers).await?;
    let ledger = door.catalogue.ledger();
    let ended = ledger.end_invitation(id, actor.name(), now(door));
    ended.await.map_err(of_ledger)
}

fn done(request: &HttpRequest, is_done: bool) -> Answer {
    if is_done {
        Ok(private(HttpResponse::NoContent().finish()))
    } else {
        Err(WebError::NotFound(request.path().to_owned()))
    }
}

async fn offer(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, offered(&door, &request).await)
}

async fn offered(door: &Door, request: &HttpRequest) -> Answer {
    sign_in::count_attempt(door, request)?;
    let secret = parameter(request, "invitation").unwrap_or_default();
    let ledger = door.catalogue.ledger();
    let offered = membership::offered(ledger, &secret, now(door)).await;
    let offered = offered.map_err(of_ledger)?;
    let back = format!("/join?invitation={secret}");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", &address(door, &back))
        .finish();
    let site = door.site_at(request, Section::Elsewhere);
    let page = JoinPage {
        is_present: present(door, request).await?.is_some(),
        sign_in: address(door, &format!("/sign-in?{query}")),
        offer: offered.as_ref().map(|one| invited(&site, one)),
        site,
        secret,
    };
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

async fn join(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let joined = async {
        sign_in::count_attempt(&door, &request)?;
        let sent = body::bytes_within(FORM_BYTES_MAX, &request, &mut payload).await?;
        let present = present(&door, &request).await?;
        let refused = |why: &str| WebError::Forbidden(why.to_owned());
        let present =
            present.ok_or_else(|| refused("sign in first, and open the invitation again"))?;
        let secret = field(&form_of(&sent), "invitation");
        let (ledger, account) = (door.catalogue.ledger(), &present.session.account);
        let joined = membership::join(ledger, &secret, account, now(&door)).await;
        joined.map_err(of_ledger)?.ok_or_else(|| {
            refused("this invitation was taken already, or has ended; ask for a new one")
        })?;
        Ok(see(&address(&door, "/account")))
    };
    answered(&door, &request, joined.await)
}
