//! How do our records, people and rights read in the shapes of the reference implementation?

use std::sync::Arc;

use actix_web::{HttpRequest, web};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::JSON_BYTES_MAX;
use crate::auth::{self, Actor, RecordFacts, Wish};
use crate::catalogue::{CATALOGUE_KIND, CatalogueError, Kind, State};
use crate::ledger::{LedgerError, LocalUser};
use crate::web::body;
use crate::web::error::WebError;
use crate::web::server::Door;

/// Who asks, as a user of a FAIR Data Point.
pub(super) struct Me {
    pub actor: Arc<Actor>,
    pub id: String,
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    /// When an operator made them.
    pub local: Option<LocalUser>,
}

impl Me {
    /// The actor of a request, who must be somebody.
    pub(super) async fn of(door: &Door, request: &HttpRequest) -> Result<Self, WebError> {
        let actor = door.actor(request).await?;
        let me = Self::from(door, &actor).await?;
        me.ok_or_else(|| {
            WebError::Forbidden("You have to be login at first: this needs a token".to_owned())
        })
    }

    /// The user that an actor is; nobody is none.
    pub(super) async fn from(door: &Door, actor: &Arc<Actor>) -> Result<Option<Self>, WebError> {
        let ledger = door.catalogue.ledger();
        let mut me = Self {
            actor: Arc::clone(actor),
            id: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            email: String::new(),
            local: None,
        };
        match &**actor {
            Actor::Anonymous => return Ok(None),
            Actor::Bearer(bearer) => {
                let user = ledger.local_user_of(&bearer.token).await;
                if let Some(user) = user.map_err(of_ledger)? {
                    return Ok(Some(Self::local(actor, user)));
                }
                me.id = drawn_id("token", &bearer.token.0);
                me.email = format!("{}@token.invalid", bearer.token.0);
            }
            Actor::Person(person) => {
                me.id = drawn_id("person", &person.author);
                me.email = format!("{}@account.invalid", me.id);
            }
        }
        actor.name().clone_into(&mut me.first_name);
        // A token that a person made is that person.
        if let Some(id) = actor.account() {
            me.id = drawn_id("person", &id.0);
            if let Some(account) = ledger.account(id).await.map_err(of_ledger)? {
                me.first_name = account.name.unwrap_or(me.first_name);
                me.email = account.email.unwrap_or(me.email);
            }
        }
        Ok(Some(me))
    }

    fn local(actor: &Arc<Actor>, user: LocalUser) -> Self {
        Self {
            actor: Arc::clone(actor),
            id: user.id.clone(),
            first_name: user.first_name.clone(),
            last_name: user.last_name.clone(),
            email: user.email.clone(),
            local: Some(user),
        }
    }

    pub(super) fn is_admin(&self) -> bool {
        administers(&self.actor)
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "uuid": self.id, "firstName": self.first_name, "lastName": self.last_name,
            "email": self.email, "role": role_name(self.is_admin()),
        })
    }
}

/// The actor of a request, who must be a steward.
pub(super) async fn admin(door: &Door, request: &HttpRequest) -> Result<Me, WebError> {
    let me = Me::of(door, request).await?;
    if me.is_admin() {
        return Ok(me);
    }
    Err(WebError::Forbidden("only a steward may do this".to_owned()))
}

/// Whether an actor is what the reference calls an administrator: who may open a new catalogue.
pub(super) fn administers(actor: &Actor) -> bool {
    may_create(actor, CATALOGUE_KIND, None)
}

/// Whether an actor may make records of a kind in a catalogue.
pub(super) fn may_create(actor: &Actor, kind: &str, catalogue: Option<&str>) -> bool {
    let facts = RecordFacts {
        kind,
        state: State::Draft,
        is_public: false,
        catalogue,
        owner: actor.name(),
    };
    auth::may(actor, Wish::Create, &facts).is_allowed()
}

pub(super) fn role_name(is_admin: bool) -> &'static str {
    if is_admin { "ADMIN" } else { "USER" }
}

/// A local user as the reference writes one.
pub(super) fn user_json(user: &LocalUser) -> Value {
    json!({
        "uuid": user.id, "firstName": user.first_name, "lastName": user.last_name,
        "email": user.email, "role": role_name(is_admin(user)),
    })
}

/// Whether a local user is what the reference calls an administrator.
pub(super) fn is_admin(user: &LocalUser) -> bool {
    auth::Role::from_word(&user.role).is_some_and(|role| role.includes(auth::Role::Steward))
}

/// The one sort of member that there is: whoever may write in a catalogue.
pub(super) const OWNER: &str = "49f2bcfd-ef0a-4a3a-a1a3-0fc72a6892a8";

pub(super) fn membership_json(door: &Door) -> Value {
    let kinds = door.catalogue.kinds().iter();
    let entities: Vec<String> = kinds
        .filter(|kind| !kind.is_root())
        .map(Kind::definition_id)
        .collect();
    json!({
        "uuid": OWNER, "name": "Owner",
        "permissions": [{ "mask": 2, "code": "W" }, { "mask": 4, "code": "C" }],
        "allowedEntities": entities,
    })
}

/// What the reference knows a kind by.
pub fn definition_of(door: &Door, kind: &str) -> String {
    let found = door.catalogue.kinds().by_name(kind);
    found.map_or_else(|| kind.to_owned(), Kind::definition_id)
}

/// An identifier for something that has none in this form: always the same for the same name.
pub(super) fn drawn_id(what: &str, name: &str) -> String {
    crate::catalogue::kind::drawn_id(what, name)
}

/// A small JSON body.
pub(super) async fn json_body<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<T, WebError> {
    let bytes = body::bytes_within(JSON_BYTES_MAX, request, payload).await?;
    of_json(&bytes)
}

pub(super) fn of_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, WebError> {
    serde_json::from_slice(bytes).map_err(|error| WebError::Json(error.to_string()))
}

pub(super) fn of_ledger(error: LedgerError) -> WebError {
    CatalogueError::from(error).into()
}

/// Nothing at the address of a request.
pub(super) fn nothing(request: &HttpRequest) -> WebError {
    WebError::NotFound(request.path().to_owned())
}

/// A segment of the address.
pub(super) fn segment<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    request.match_info().get(name).unwrap_or_default()
}
