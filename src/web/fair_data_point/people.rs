//! Who may sign in here? `/users`: local users, seen and changed by stewards, and everybody by themselves.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::Value;

use super::keys::{of_local, private};
use super::wire::{Me, admin, is_admin, json_body, nothing, of_ledger, segment, user_json};
use crate::auth::Role;
use crate::auth::local::{self, LocalError, NewUser};
use crate::ledger::LocalUser;
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::server::Door;

/// The longest name.
const NAME_CHARS_MAX: usize = 200;

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/users", web::get().to(list))
        .route("/users", web::post().to(make))
        .route("/users/current", web::get().to(current))
        .route("/users/current", web::put().to(change_current))
        .route(
            "/users/current/password",
            web::put().to(password_of_current),
        )
        .route("/users/{uuid}", web::get().to(one))
        .route("/users/{uuid}", web::put().to(change))
        .route("/users/{uuid}", web::delete().to(forget))
        .route("/users/{uuid}/password", web::put().to(password));
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    first_name: String,
    last_name: String,
    email: String,
    password: Option<String>,
    role: Option<String>,
}

#[derive(Deserialize)]
struct Password {
    password: String,
}

impl Sent {
    fn checked(self) -> Result<Self, WebError> {
        for (name, text) in [
            ("firstName", &self.first_name),
            ("lastName", &self.last_name),
        ] {
            if text.chars().count() > NAME_CHARS_MAX {
                let message = format!("it is longer than {NAME_CHARS_MAX} characters");
                return Err(WebError::Parameter { name, message });
            }
        }
        Ok(self)
    }

    /// The role that a word of the reference stands for. Who is no administrator writes where they are a member.
    fn role(&self) -> Result<Option<Role>, WebError> {
        match self.role.as_deref() {
            None => Ok(None),
            Some("ADMIN") => Ok(Some(Role::Steward)),
            Some("USER") => Ok(Some(Role::Provider)),
            Some(other) => Err(WebError::Parameter {
                name: "role",
                message: format!("{other:?} is neither ADMIN nor USER"),
            }),
        }
    }
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        // The reference shows everybody's e-mail to everybody who has signed in.
        let me = Me::of(&door, &request).await?;
        if !me.is_admin() {
            return Ok(private(HttpResponse::Ok().json([me.json()])));
        }
        let users = door.catalogue.ledger().local_users().await;
        let users = users.map_err(of_ledger)?;
        let mut all: Vec<Value> = users.iter().map(user_json).collect();
        if me.local.is_none() {
            all.push(me.json());
        }
        Ok(private(HttpResponse::Ok().json(all)))
    };
    answered(&door, &request, answer.await)
}

async fn current(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = Me::of(&door, &request).await?;
        Ok(private(HttpResponse::Ok().json(me.json())))
    };
    answered(&door, &request, answer.await)
}

async fn one(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = Me::of(&door, &request).await?;
        if segment(&request, "uuid") == me.id {
            return Ok(private(HttpResponse::Ok().json(me.json())));
        }
        admin(&door, &request).await?;
        let user = named(&door, &request).await?;
        Ok(private(HttpResponse::Ok().json(user_json(&user))))
    };
    answered(&door, &request, answer.await)
}

async fn make(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let me = admin(&door, &request).await?;
        let sent = json_body::<Sent>(&request, &mut payload).await?.checked()?;
        let new = NewUser {
            id: None,
            role: sent.role()?.unwrap_or(Role::Provider),
            email: sent.email,
            first_name: sent.first_name,
            last_name: sent.last_name,
            catalogues: Vec::new(),
            password: sent.password,
        };
        let now = door.catalogue.clock().now();
        let user = local::make(door.catalogue.ledger(), new, me.actor.name(), now).await;
        let user = user.map_err(of_local)?;
        Ok(private(HttpResponse::Ok().json(user_json(&user))))
    };
    answered(&door, &request, answer.await)
}

async fn change(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let me = admin(&door, &request).await?;
        let user = below(&door, &request, &me).await?;
        let sent = json_body::<Sent>(&request, &mut payload).await?.checked()?;
        // The reference knows two roles only: whoever has a finer one keeps it.
        let role = sent.role()?;
        let is_same = |role: &Role| is_admin(&user) == (*role == Role::Steward);
        let role = role.filter(|role| !is_same(role));
        changed(&door, &me, user, sent, role).await
    };
    answered(&door, &request, answer.await)
}

async fn change_current(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (me, user) = myself(&door, &request).await?;
        let sent = json_body::<Sent>(&request, &mut payload).await?.checked()?;
        // Nobody gives themselves a role.
        changed(&door, &me, user, sent, None).await
    };
    answered(&door, &request, answer.await)
}

async fn changed(door: &Door, me: &Me, user: LocalUser, sent: Sent, role: Option<Role>) -> Answer {
    let user = LocalUser {
        email: local::email(&sent.email).map_err(of_local)?,
        first_name: sent.first_name,
        last_name: sent.last_name,
        role: role.map_or(user.role, |role| role.to_string()),
        ..user
    };
    let (ledger, now) = (door.catalogue.ledger(), door.catalogue.clock().now());
    let kept = ledger.put_local_user(&user, me.actor.name(), now).await;
    if !kept.map_err(of_ledger)? {
        return Err(of_local(LocalError::Taken(user.email)));
    }
    Ok(private(HttpResponse::Ok().json(user_json(&user))))
}

async fn password(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let me = admin(&door, &request).await?;
        let user = below(&door, &request, &me).await?;
        let sent: Password = json_body(&request, &mut payload).await?;
        with_password(&door, &me, user, sent).await
    };
    answered(&door, &request, answer.await)
}

async fn password_of_current(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let (me, user) = myself(&door, &request).await?;
        let sent: Password = json_body(&request, &mut payload).await?;
        with_password(&door, &me, user, sent).await
    };
    answered(&door, &request, answer.await)
}

async fn with_password(door: &Door, me: &Me, user: LocalUser, sent: Password) -> Answer {
    let now = door.catalogue.clock().now();
    let ledger = door.catalogue.ledger();
    let set = local::set_password(ledger, &user.id, sent.password, me.actor.name(), now).await;
    set.map_err(of_local)?;
    Ok(private(HttpResponse::Ok().json(user_json(&user))))
}

async fn forget(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let me = admin(&door, &request).await?;
        let user = below(&door, &request, &me).await?;
        let now = door.catalogue.clock().now();
        let ledger = door.catalogue.ledger();
        let gone = ledger
            .forget_local_user(&user.id, me.actor.name(), now)
            .await;
        if gone.map_err(of_ledger)? {
            return Ok(HttpResponse::NoContent().finish());
        }
        Err(nothing(&request))
    };
    answered(&door, &request, answer.await)
}

/// The local user of the address.
async fn named(door: &Door, request: &HttpRequest) -> Result<LocalUser, WebError> {
    let ledger = door.catalogue.ledger();
    let user = ledger.local_user(segment(request, "uuid")).await;
    user.map_err(of_ledger)?.ok_or_else(|| nothing(request))
}

/// The same, for whoever has that role, too: a steward does not become an operator by giving one another password.
async fn below(door: &Door, request: &HttpRequest, me: &Me) -> Result<LocalUser, WebError> {
    let user = named(door, request).await?;
    let theirs = Role::from_word(&user.role).unwrap_or(Role::Reader);
    if me.actor.role().is_some_and(|mine| mine.includes(theirs)) {
        return Ok(user);
    }
    let why = format!("only a {theirs} may change a {theirs}");
    Err(WebError::Forbidden(why))
}

/// The local user who asks.
async fn myself(door: &Door, request: &HttpRequest) -> Result<(Me, LocalUser), WebError> {
    let me = Me::of(door, request).await?;
    let why = "you are no local user: your identity provider, or whoever made your token, keeps what is known of you";
    let user = me.local.clone();
    let user = user.ok_or_else(|| WebError::Forbidden(why.to_owned()))?;
    Ok((me, user))
}
