//! How does a person make tokens for their programs, and take away what is kept about them?

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::pages::account::Made;
use super::server::{Door, media_type};
use super::sign_in::{self, FORM_BYTES_MAX, address, field, now, of_ledger, private, see};
use super::{answered, body};
use crate::auth::api_token::{self, TokenError, TokenWish};
use crate::auth::{Actions, Actor, Catalogues, Person, Role, Wish};
use crate::ledger::{AccountId, AuditFilter, Deed, HeadFilter, NewEvent, Token, TokenId};

/// The longest life of a token that a person makes, in days.
pub(super) const DAYS_MAX: u32 = 366;
/// How long it lives when they say nothing.
pub(super) const DAYS: u32 = 90;
/// The longest name of a token.
const NAME_CHARS_MAX: usize = 100;
/// Catalogues that one token names.
pub(super) const CATALOGUES_MAX: usize = 100;
/// Rows of one kind that an export holds.
const EXPORTED_MAX: usize = 10_000;

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/account/tokens", web::get().to(list))
        .route("/account/tokens", web::post().to(make))
        .route("/account/tokens/{id}", web::delete().to(end))
        .route("/account/end-token", web::post().to(end_by_form))
        .route("/account/export", web::get().to(export));
}

/// A token that somebody wants, as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    role: String,
    #[serde(default)]
    catalogues: Vec<String>,
    #[serde(default = "all")]
    actions: Vec<String>,
    #[serde(default = "usual_days")]
    days: u32,
}

fn all() -> Vec<String> {
    vec!["*".to_owned()]
}

fn usual_days() -> u32 {
    DAYS
}

impl Wanted {
    fn of_form(form: &[(String, String)]) -> Result<Self, WebError> {
        let days = field(form, "days");
        let days = match days.trim() {
            "" => DAYS,
            text => text.parse().map_err(|_| bad("days", "is no number"))?,
        };
        let actions: Vec<String> = form
            .iter()
            .filter(|(name, _)| name == "action")
            .map(|(_, value)| value.clone())
            .collect();
        Ok(Self {
            name: field(form, "name"),
            role: field(form, "role"),
            catalogues: words(&field(form, "catalogues")),
            actions: if actions.is_empty() { all() } else { actions },
            days,
        })
    }

    /// What the ledger shall remember, if whoever asks has that much to give.
    fn wish(
        self,
        actor: &Actor,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<TokenWish, WebError> {
        let name = self.name.trim().to_owned();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX {
            return Err(bad("name", "say in a few words what the token is for"));
        }
        if !(1..=DAYS_MAX).contains(&self.days) {
            return Err(bad("days", "is not between 1 and 366"));
        }
        let role = role_of(&self.role)?;
        if !actor.has(role) {
            let why = format!("you do not have the role {role} yourself");
            return Err(WebError::Forbidden(why));
        }
        for word in self.actions.iter().filter(|word| *word != "*") {
            if Wish::from_word(word).is_none() {
                let why = format!("«{word}» is no action that we know");
                return Err(bad("actions", &why));
            }
        }
        Ok(TokenWish {
            name,
            role,
            catalogues: within(actor, role, self.catalogues)?,
            actions: Actions::of_list(&self.actions),
            account: Some(account.clone()),
            made_by: account.0.clone(),
            expires_at: Some(now + SignedDuration::from_hours(24 * i64::from(self.days))),
        })
    }
}

/// The words of a field, one a line or with spaces or commas between.
pub(super) fn words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| letter.is_whitespace() || letter == ',');
    let words = parts.filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

pub(super) fn role_of(word: &str) -> Result<Role, WebError> {
    let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
    let why = format!("«{word}» is no role; there are {}", known.join(", "));
    Role::from_word(word).ok_or_else(|| bad("role", &why))
}

pub(super) fn bad(name: &'static str, message: &str) -> WebError {
    let message = message.to_owned();
    WebError::Parameter { name, message }
}

/// The catalogues of a token: those that are named, if they are its maker's; all of its maker's when none is.
fn within(actor: &Actor, role: Role, named: Vec<String>) -> Result<Vec<String>, WebError> {
    if !role.is_for_catalogues() {
        return Ok(Catalogues::All.to_list());
    }
    if named.len() > CATALOGUES_MAX {
        return Err(bad("catalogues", "are too many for one token"));
    }
    let includes = |held: &Role| held.includes(role);
    let grants = actor.grants().iter().filter(|grant| includes(&grant.role));
    let held: Vec<Catalogues> = grants
        .map(|grant| {
            if grant.role.is_for_catalogues() {
                grant.catalogues.clone()
            } else {
                Catalogues::All
            }
        })
        .collect();
    if named.is_empty() {
        return Ok(held.iter().flat_map(Catalogues::to_list).collect());
    }
    let is_theirs = |iri: &&String| {
        held.iter().any(|held| match iri.as_str() {
            "*" => *held == Catalogues::All,
            iri => held.hold(iri),
        })
    };
    match named.iter().find(|iri| !is_theirs(iri)) {
        Some(iri) => Err(WebError::Forbidden(format!(
            "the catalogue <{iri}> is none that you are a {role} of"
        ))),
        None => Ok(named),
    }
}

/// The account that asks, by a session or by a token of its identity provider. A token of ours makes no other:
/// whoever found one could keep the door open for ever.
async fn owner(door: &Door, request: &HttpRequest) -> Result<(Actor, AccountId), WebError> {
    let actor = door.actor(request).await?;
    let refused = |why: &str| Err(WebError::Forbidden(why.to_owned()));
    match &*actor {
        Actor::Person(Person {
            account: Some(account),
            ..
        }) => Ok(((*actor).clone(), account.clone())),
        Actor::Person(_) => refused("you have no account here; sign in once with your browser"),
        Actor::Bearer(_) => {
            refused("a token cannot look after the tokens of a person; sign in for that")
        }
        Actor::Anonymous => refused("sign in first"),
    }
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, listed(&door, &request).await)
}

async fn listed(door: &Door, request: &HttpRequest) -> Answer {
    let (_, account) = owner(door, request).await?;
    let ledger = door.catalogue.ledger();
    let tokens = ledger.tokens_of(&account).await.map_err(of_ledger)?;
    let tokens: Vec<Value> = tokens.iter().map(told).collect();
    Ok(private(
        HttpResponse::Ok().json(json!({ "tokens": tokens })),
    ))
}

/// A token without its secret, which nobody knows.
fn told(token: &Token) -> Value {
    let moment = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({
        "id": token.id.0,
        "name": token.name,
        "role": token.role,
        "catalogues": token.catalogues,
        "actions": token.actions,
        "created": token.created_at.to_string(),
        "expires": moment(token.expires_at),
        "lastUsed": moment(token.last_used_at),
        "ended": moment(token.revoked_at),
    })
}

async fn make(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    answered(&door, &request, made(&door, &request, &mut payload).await)
}

async fn made(door: &Door, request: &HttpRequest, payload: &mut web::Payload) -> Answer {
    sign_in::count_attempt(door, request)?;
    let (actor, account) = owner(door, request).await?;
    let sent = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    let (wanted, by_form) = match sent_as(request)? {
        Sent::Form => (Wanted::of_form(&form_of(&sent))?, true),
        Sent::Json => (from_json(&sent)?, false),
    };
    let now = now(door);
    let wish = wanted.wish(&actor, &account, now)?;
    let (name, role, expires_at) = (wish.name.clone(), wish.role, wish.expires_at);
    let issued = api_token::issue(door.catalogue.ledger(), wish, now).await;
    let (id, secret) = issued.map_err(of_token)?;
    if by_form {
        let secret = secret.reveal().to_owned();
        return sign_in::shown(door, request, Some(Made { name, secret })).await;
    }
    Ok(private(HttpResponse::Created().json(json!({
        "id": id.0,
        "name": name,
        "role": role.as_str(),
        "secret": secret.reveal(),
        "expires": expires_at.map(|end| end.to_string()),
    }))))
}

/// How a small body was sent.
pub(super) enum Sent {
    Form,
    Json,
}

pub(super) fn sent_as(request: &HttpRequest) -> Result<Sent, WebError> {
    let found = media_type(request)?;
    match found.as_str() {
        "application/x-www-form-urlencoded" => Ok(Sent::Form),
        "application/json" => Ok(Sent::Json),
        _ => Err(WebError::UnsupportedMediaType {
            found,
            known: "application/json, application/x-www-form-urlencoded".to_owned(),
        }),
    }
}

pub(super) fn form_of(sent: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(sent).into_owned().collect()
}

pub(super) fn from_json<'a, T: Deserialize<'a>>(sent: &'a [u8]) -> Result<T, WebError> {
    serde_json::from_slice(sent).map_err(|error| WebError::Body(error.to_string()))
}

fn of_token(error: TokenError) -> WebError {
    match error {
        TokenError::Ledger(error) => of_ledger(error),
        error => WebError::Forbidden(error.to_string()),
    }
}

async fn end(door: web::Data<Door>, request: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let ended = async {
        let (_, account) = owner(&door, &request).await?;
        let (ledger, id) = (door.catalogue.ledger(), TokenId(id.into_inner()));
        let ended = ledger.revoke_token_of(&account, &id, now(&door)).await;
        if ended.map_err(of_ledger)? {
            Ok(private(HttpResponse::NoContent().finish()))
        } else {
            Err(WebError::NotFound(request.path().to_owned()))
        }
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
        let (_, account) = owner(&door, &request).await?;
        let id = TokenId(field(&form_of(&sent), "token"));
        let ledger = door.catalogue.ledger();
        let ended = ledger.revoke_token_of(&account, &id, now(&door)).await;
        ended.map_err(of_ledger)?;
        Ok(see(&address(&door, "/account")))
    };
    answered(&door, &request, ended.await)
}

async fn export(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, exported(&door, &request).await)
}

/// Everything that is kept about a person (GDPR articles 15 and 20).
async fn exported(door: &Door, request: &HttpRequest) -> Answer {
    let (_, id) = owner(door, request).await?;
    let whole = kept_of(door, &id).await.map_err(of_ledger)?;
    let told = NewEvent::new(now(door), &id.0, Deed::AccountExported, &id.0, json!({}));
    door.catalogue
        .ledger()
        .note(told)
        .await
        .map_err(of_ledger)?;
    let name = format!("attachment; filename=\"{}.json\"", id.0);
    let text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    Ok(private(
        HttpResponse::Ok()
            .content_type("application/json")
            .insert_header((header::CONTENT_DISPOSITION, name))
            .body(text),
    ))
}

async fn kept_of(door: &Door, id: &AccountId) -> Result<Value, crate::ledger::LedgerError> {
    let (ledger, now) = (door.catalogue.ledger(), now(door));
    let account = ledger.account(id).await?;
    let identities = ledger.identities(id).await?;
    let sessions = ledger.sessions(id, now).await?;
    let memberships = ledger.memberships(id).await?;
    let visas = ledger.visas(id, now).await?;
    let by = AuditFilter {
        actor: Some(id.0.clone()),
        ..AuditFilter::default()
    };
    let events = ledger.audit(&by, EXPORTED_MAX).await?;
    let tokens = ledger.tokens_of(id).await?;
    let owned = HeadFilter {
        owner: Some(id.0.clone()),
        ..HeadFilter::default()
    };
    let records = ledger.heads(&owned, 0, EXPORTED_MAX).await?;
    Ok(json!({
        "account": account.map(|account| json!({
            "id": account.id.0,
            "name": account.name,
            "email": account.email,
            "created": account.created_at.to_string(),
        })),
        "identities": identities.iter().map(|identity| json!({
            "issuer": identity.issuer,
            "subject": identity.subject,
            "claims": serde_json::from_str::<Value>(&identity.claims).unwrap_or_default(),
            "linked": identity.linked_at.to_string(),
            "lastUsed": identity.seen_at.to_string(),
        })).collect::<Vec<_>>(),
        "sessions": sessions.iter().map(|session| json!({
            "id": session.id.0,
            "client": session.client,
            "since": session.created_at.to_string(),
            "lastUsed": session.used_at.to_string(),
            "expires": session.expires_at.to_string(),
        })).collect::<Vec<_>>(),
        "tokens": tokens.iter().map(told).collect::<Vec<_>>(),
        "memberships": memberships.iter().map(|membership| json!({
            "role": membership.role,
            "catalogues": membership.catalogues,
            "given": membership.given_at.to_string(),
        })).collect::<Vec<_>>(),
        "datasetAccess": visas.iter().map(|visa| json!({
            "dataset": visa.dataset,
            "source": visa.source,
            "by": visa.by,
            "issuer": visa.issuer,
            "asserted": visa.asserted_at.to_string(),
            "expires": visa.expires_at.to_string(),
        })).collect::<Vec<_>>(),
        "records": records.iter().map(|head| json!({
            "iri": head.iri,
            "title": head.title,
            "state": head.state.as_str(),
        })).collect::<Vec<_>>(),
        "recordsComplete": records.len() < EXPORTED_MAX,
        "audit": events.iter().map(crate::ledger::Event::to_json).collect::<Vec<_>>(),
        "auditComplete": events.len() < EXPORTED_MAX,
        "told": super::my::kept_of(ledger, id).await?,
    }))
}
