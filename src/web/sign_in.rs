//! How do people come in and go out by their browser, and what do they see of their account?
//!
//! A session is a cookie that scripts cannot read and other sites cannot send along (`HttpOnly`, `SameSite=Lax`); the
//! server knows it only by its hash. Whatever changes something with a session must come from a page of ours.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::{SignedDuration, Timestamp};
use moka::sync::Cache;

use super::answered;
use super::body;
use super::error::{Answer, WebError};
use super::pages::account::{
    AccessTo, AccountPage, Made, Offer, Sitting, TokenRow, Trust, Vouching, Why,
};
use super::pages::sign_in::{SignInPage, SignedOutPage};
use super::pages::site::{Section, Site, Visitor};
use super::pages::text::{Link, Text};
use super::refusals;
use super::server::{Door, header_text, parameter};
use super::showing;
use super::sparql::Client;
use crate::auth::sign_in::{CookieSecret, Present, Returned, SIGN_IN_WITHIN, Wanted};
use crate::auth::{Actor, Catalogues, Grant, RecordFacts, Role, Wish, may};
use crate::catalogue::CatalogueError;
use crate::ledger::{Ending, Identity, LedgerError, Session, SessionId, Token, Visa};

/// Clients whose attempts are counted at one time.
const CLIENTS_MAX: u64 = 100_000;
/// The longest form that is read here, in bytes.
pub(super) const FORM_BYTES_MAX: usize = 16 * 1024;
/// The longest address that a person is sent back to.
const RETURN_BYTES_MAX: usize = 2000;
const MINUTE: Duration = Duration::from_secs(60);

/// Adds the routes.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/sign-in", web::get().to(choose))
        .route("/sign-in/{provider}", web::get().to(begin))
        .route("/sign-in/{provider}/callback", web::get().to(finish))
        .route("/sign-out", web::post().to(leave))
        .route("/account", web::get().to(account))
        .route("/account/end-session", web::post().to(end_session))
        .route("/account/unlink", web::post().to(unlink))
        .route("/account/forget", web::post().to(forget));
}

/// Attempts of clients, forgotten after a minute.
pub(super) fn attempts() -> Cache<Client, Arc<AtomicU32>> {
    let counts = Cache::builder().max_capacity(CLIENTS_MAX);
    counts.time_to_live(MINUTE).build()
}

/// Whether a request comes with the cookie of a session, ended or not.
pub(super) fn brings_session(door: &Door, request: &HttpRequest) -> bool {
    !door.sign_in.providers().is_empty() && cookie(request, session_cookie(door)).is_some()
}

/// Who has the session of a request. What would change something must come from a page of ours: another site cannot
/// send the cookie along, but a neighbour under the same domain could (RFC 6265bis §8.8).
pub(super) async fn present(
    door: &Door,
    request: &HttpRequest,
) -> Result<Option<Present>, WebError> {
    let secret = cookie(request, session_cookie(door)).and_then(CookieSecret::parse);
    let Some(secret) = secret.filter(|_| !door.sign_in.providers().is_empty()) else {
        return Ok(None);
    };
    let ledger = door.catalogue.ledger();
    let present = door.sign_in.present(ledger, &secret, now(door)).await;
    let present = present.map_err(of_ledger)?;
    if present.is_some() && !is_reading(request) && !is_from_here(door, request) {
        let why = "this request does not come from a page of this Atlas; programs send a token instead of a session";
        return Err(WebError::Forbidden(why.to_owned()));
    }
    Ok(present)
}

fn is_reading(request: &HttpRequest) -> bool {
    matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    )
}

fn is_from_here(door: &Door, request: &HttpRequest) -> bool {
    if let Some(site) = header_text(request, HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    // A browser that is too old for that header says at least where the page came from.
    let ours = url::Url::parse(door.base().as_str()).map(|base| base.origin());
    let origin = header_text(request, header::ORIGIN);
    let origin = origin.and_then(|text| url::Url::parse(text).ok());
    origin.is_some_and(|origin| ours.is_ok_and(|ours| ours == origin.origin()))
}

async fn choose(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let return_to = return_to(&door, &request);
    let mut site = door.site_at(&request, Section::Elsewhere);
    site.visitor = Visitor::Reader;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("return_to", &return_to)
        .finish();
    let providers = door.sign_in.providers().iter().map(|one| {
        let href = format!("{}/sign-in/{}?{query}", site.root, one.name);
        Link::new(Text::plain(one.title.clone()), href)
    });
    let page = SignInPage {
        providers: providers.collect(),
        site,
    };
    private(showing::answer(StatusCode::OK, &page))
}

async fn begin(
    door: web::Data<Door>,
    request: HttpRequest,
    provider: web::Path<String>,
) -> HttpResponse {
    answered(&door, &request, begun(&door, &request, &provider).await)
}

async fn begun(door: &Door, request: &HttpRequest, provider: &str) -> Answer {
    count_attempt(door, request)?;
    let mut wanted = Wanted {
        return_to: return_to(door, request),
        link_to: None,
    };
    if let Some(sent) = parameter(request, "link") {
        // Only a page that is shown to this very session knows the word.
        let present = present(door, request).await?;
        let word = cookie(request, session_cookie(door))
            .and_then(CookieSecret::parse)
            .map(|secret| secret.derive("link"));
        match present.filter(|_| word == Some(sent)) {
            Some(present) => wanted.link_to = Some(present.session.account),
            None => return Ok(see(&address(door, "/account"))),
        }
    }
    let ledger = door.catalogue.ledger();
    let begun = door
        .sign_in
        .begin(ledger, provider, wanted, now(door))
        .await?;
    let kept = set_cookie(
        door,
        attempt_cookie(door),
        &begun.secret.reveal(),
        SIGN_IN_WITHIN,
    );
    let mut response = see(&begun.address);
    add_cookie(&mut response, &kept);
    Ok(response)
}

async fn finish(
    door: web::Data<Door>,
    request: HttpRequest,
    provider: web::Path<String>,
) -> HttpResponse {
    let answer = finished(&door, &request, &provider).await;
    if let Err(error) = &answer {
        refusals::sign_in(&door, &request, error).await;
    }
    answered(&door, &request, answer)
}

async fn finished(door: &Door, request: &HttpRequest, provider: &str) -> Answer {
    count_attempt(door, request)?;
    let returned = Returned {
        secret: cookie(request, attempt_cookie(door)).and_then(CookieSecret::parse),
        client: client(request),
        code: parameter(request, "code"),
        state: parameter(request, "state"),
        issuer: parameter(request, "iss"),
        error: parameter(request, "error"),
        description: parameter(request, "error_description"),
    };
    let before = present(door, request).await?;
    let account = before.as_ref().map(|present| &present.session.account);
    let ledger = door.catalogue.ledger();
    let now = now(door);
    let entered = door
        .sign_in
        .finish(ledger, provider, returned, account, now)
        .await?;
    // Whoever signs in anew has a new session, and the old one ends.
    if let Some(before) = &before {
        let session = &before.session;
        let ended = ledger.end_session(&session.account, &session.id, Ending::Ended, now);
        ended.await.map_err(of_ledger)?;
    }
    let mut response = see(&entered.return_to);
    let session = entered.secret.reveal();
    let session = set_cookie(door, session_cookie(door), &session, entered.lasts);
    add_cookie(&mut response, &session);
    add_cookie(&mut response, &forgotten(door, attempt_cookie(door)));
    Ok(response)
}

async fn leave(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, left(&door, &request).await)
}

async fn left(door: &Door, request: &HttpRequest) -> Answer {
    let mut site = door.site_at(request, Section::Elsewhere);
    site.visitor = Visitor::Stranger;
    site.here = address(door, "/sign-in");
    let mut page = SignedOutPage { site, there: None };
    if let Some(present) = present(door, request).await? {
        let session = &present.session;
        let ended = door.catalogue.ledger().end_session(
            &session.account,
            &session.id,
            Ending::SignedOut,
            now(door),
        );
        ended.await.map_err(of_ledger)?;
        let there = door.sign_in.end_session(&session.issuer, now(door)).await;
        let title = Text::plain(door.sign_in.title(&session.issuer).to_owned());
        page.there = there.map(|there| Link::new(title, there));
    }
    let mut response = private(showing::answer(StatusCode::OK, &page));
    add_cookie(&mut response, &forgotten(door, session_cookie(door)));
    Ok(response)
}

async fn account(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, shown(&door, &request, None).await)
}

/// The account of whoever has the session; `made` is a token that is shown this once.
pub(super) async fn shown(door: &Door, request: &HttpRequest, made: Option<Made>) -> Answer {
    let Some(present) = present(door, request).await? else {
        let there = address(door, "/sign-in?return_to=");
        return Ok(see(&format!("{there}{}", address(door, "/account"))));
    };
    let (ledger, now) = (door.catalogue.ledger(), now(door));
    let id = &present.session.account;
    let known = ledger.account(id).await.map_err(of_ledger)?;
    let (name, email) = known.map_or((None, None), |known| (known.name, known.email));
    let sessions = ledger.sessions(id, now).await.map_err(of_ledger)?;
    let word = cookie(request, session_cookie(door)).and_then(CookieSecret::parse);
    let word = word.map_or_else(String::new, |secret| secret.derive("link"));
    let tokens = ledger.tokens_of(id).await.map_err(of_ledger)?;
    let visas = ledger.visas(id, now).await.map_err(of_ledger)?;
    let actor = &present.actor;
    let can = |wish: Wish| may(actor, wish, &RecordFacts::ATLAS).is_allowed();
    let standing = &present.standing;
    let site = door.site_at(request, Section::Elsewhere);
    let page = AccountPage {
        name: name.unwrap_or_else(|| id.0.clone()),
        email,
        author: present.actor.name().to_owned(),
        grants: standing
            .grants
            .iter()
            .map(|grant| trust(&site, grant))
            .collect(),
        reasons: standing
            .reasons
            .iter()
            .map(|reason| Why {
                provider: reason.provider.clone(),
                conditions: reason.conditions.clone(),
            })
            .collect(),
        identities: (present.identities.iter())
            .map(|identity| vouching(door, identity))
            .collect(),
        links: links(door, &word),
        sessions: sessions
            .into_iter()
            .map(|session| sitting(session, &present.session.id))
            .collect(),
        memberships: (standing.memberships.iter())
            .map(|grant| grant.role.to_string())
            .collect(),
        may_manage_members: can(Wish::ManageMembers),
        may_read_audit: can(Wish::ReadAudit),
        may_manage_dois: can(Wish::ManageDois),
        access: visas.iter().map(access).collect(),
        tokens: tokens.iter().map(|token| row(&site, token, now)).collect(),
        roles: (Role::ALL.iter().rev())
            .filter(|role| actor.has(**role))
            .map(|role| Offer {
                word: role.as_str().to_owned(),
                label: site.role(*role),
            })
            .collect(),
        actions: offered(&site, actor),
        made,
        site,
    };
    Ok(private(showing::answer(StatusCode::OK, &page)))
}

fn vouching(door: &Door, identity: &Identity) -> Vouching {
    Vouching {
        provider: door.sign_in.title(&identity.issuer).to_owned(),
        issuer: identity.issuer.clone(),
        subject: identity.subject.clone(),
        seen: day(identity.seen_at),
    }
}

/// Where another identity is linked from, with the word that only a page of this session knows.
fn links(door: &Door, word: &str) -> Vec<Link> {
    let back = address(door, "/account");
    let providers = door.sign_in.providers().iter();
    let links = providers.map(|one| {
        let href = format!("/sign-in/{}?link={word}&return_to={back}", one.name);
        Link::new(Text::plain(one.title.clone()), address(door, &href))
    });
    links.collect()
}

fn sitting(session: Session, this: &SessionId) -> Sitting {
    Sitting {
        is_this: session.id == *this,
        id: session.id.0,
        client: session.client,
        since: moment(session.created_at),
        used: moment(session.used_at),
    }
}

fn trust(site: &Site, grant: &Grant) -> Trust {
    let links = |iris: &[String]| {
        let links = iris.iter().map(|iri| Link::new(iri.clone(), iri.clone()));
        links.collect()
    };
    Trust {
        label: site.role(grant.role),
        catalogues: match &grant.catalogues {
            Catalogues::Named(iris) => Some(links(iris)),
            Catalogues::All => None,
        },
    }
}

fn access(visa: &Visa) -> AccessTo {
    AccessTo {
        dataset: visa.dataset.clone(),
        source: visa.source.clone(),
        by: visa.by.clone(),
        until: day(visa.expires_at),
    }
}

fn row(site: &Site, token: &Token, now: Timestamp) -> TokenRow {
    let actions = token.actions.iter().filter(|word| *word != "*");
    TokenRow {
        id: token.id.0.clone(),
        name: token.name.clone(),
        role: token.role.clone(),
        catalogues: token.catalogues.clone(),
        actions: actions.map(|word| site.wish_of(word)).collect(),
        until: token.expires_at.map_or_else(String::new, day),
        used: token.last_used_at.map_or_else(String::new, moment),
        is_valid: token.is_valid(now),
    }
}

/// The actions that a token of somebody can be for: those that one of their roles ever allows.
fn offered(site: &Site, actor: &Actor) -> Vec<Offer> {
    let reviews = actor.has(Role::Reviewer);
    let writes = actor.has(Role::Provider);
    let is_theirs = |wish: &Wish| match wish {
        Wish::ReadPublic => false,
        Wish::ReadDraft | Wish::Publish | Wish::Comment | Wish::Bulk => reviews || writes,
        Wish::RequestChanges | Wish::Approve => reviews,
        Wish::Create
        | Wish::Replace
        | Wish::Withdraw
        | Wish::Delete
        | Wish::Submit
        | Wish::Restore
        | Wish::Confirm => writes,
        Wish::Undelete
        | Wish::Redirect
        | Wish::SetRules
        | Wish::ManageMembers
        | Wish::ManageDois => actor.has(Role::Steward),
        Wish::ManageTokens | Wish::ReadAudit | Wish::Administer => actor.has(Role::Operator),
    };
    let wishes = Wish::ALL.iter().filter(|wish| is_theirs(wish));
    wishes
        .map(|wish| Offer {
            word: wish.as_str().to_owned(),
            label: site.wish(*wish),
        })
        .collect()
}

async fn end_session(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let changed = changed(&door, &request, &mut payload, async |present, form| {
        let session = SessionId(field(&form, "session"));
        let ledger = door.catalogue.ledger();
        ledger
            .end_session(
                &present.session.account,
                &session,
                Ending::Ended,
                now(&door),
            )
            .await?;
        Ok(())
    });
    answered(&door, &request, changed.await)
}

async fn unlink(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let changed = changed(&door, &request, &mut payload, async |present, form| {
        let (issuer, subject) = (field(&form, "issuer"), field(&form, "subject"));
        let ledger = door.catalogue.ledger();
        let account = &present.session.account;
        ledger
            .unlink(account, &issuer, &subject, now(&door))
            .await?;
        Ok(())
    });
    answered(&door, &request, changed.await)
}

async fn forget(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let changed = changed(&door, &request, &mut payload, async |present, form| {
        if field(&form, "sure") == "yes" {
            let ledger = door.catalogue.ledger();
            let account = &present.session.account;
            ledger.forget_account(account, now(&door)).await?;
        }
        Ok(())
    });
    answered(&door, &request, changed.await)
}

/// A change that a person makes to their own account, and then their account again.
async fn changed(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
    change: impl AsyncFnOnce(Present, Vec<(String, String)>) -> Result<(), LedgerError>,
) -> Answer {
    let form = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    let form = url::form_urlencoded::parse(&form).into_owned().collect();
    if let Some(present) = present(door, request).await? {
        change(present, form).await.map_err(of_ledger)?;
    }
    Ok(see(&address(door, "/account")))
}

pub(super) fn field(form: &[(String, String)], name: &str) -> String {
    let mut named = form.iter().filter(|(key, _)| key == name);
    named
        .next()
        .map_or_else(String::new, |(_, value)| value.clone())
}

pub(super) fn of_ledger(error: LedgerError) -> WebError {
    CatalogueError::from(error).into()
}

pub(super) fn now(door: &Door) -> Timestamp {
    door.catalogue.clock().now()
}

/// A path of ours with the prefix.
pub(super) fn address(door: &Door, path: &str) -> String {
    format!("{}{path}", door.base().path_prefix())
}

/// Where a person wants to be: a path of this Atlas, or its home. Whatever leads elsewhere does not.
fn return_to(door: &Door, request: &HttpRequest) -> String {
    let home = || address(door, "/");
    let Some(wanted) = parameter(request, "return_to") else {
        return home();
    };
    let Ok(base) = url::Url::parse(door.base().as_str()) else {
        return home();
    };
    match base.join(&wanted) {
        Ok(url)
            if url.origin() == base.origin()
                && wanted.starts_with('/')
                && wanted.len() <= RETURN_BYTES_MAX =>
        {
            let query = url
                .query()
                .map_or_else(String::new, |query| format!("?{query}"));
            let path = format!("{}{query}", url.path());
            // Two slashes would begin the name of another host.
            if path.starts_with("//") { home() } else { path }
        }
        _ => home(),
    }
}

/// Counts an attempt of a client to sign in, and refuses what is too often.
pub(super) fn count_attempt(door: &Door, request: &HttpRequest) -> Result<(), WebError> {
    let client = Client::of(request, &Actor::Anonymous, &door.settings.proxies);
    let count = door.attempts.get_with(client, Arc::default);
    if count.fetch_add(1, Ordering::Relaxed) >= door.sign_in.settings().attempts_per_minute {
        return Err(WebError::TooManyAttempts(60));
    }
    Ok(())
}

/// The family of the browser, and of its address: enough to know one's own, and no more.
fn client(request: &HttpRequest) -> String {
    let agent = header_text(request, header::USER_AGENT).unwrap_or_default();
    let families = [
        ("Edg", "Edge"),
        ("Firefox", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari", "Safari"),
    ];
    let family = families.iter().find(|(mark, _)| agent.contains(mark));
    let family = family.map_or("?", |(_, name)| name);
    match request.peer_addr() {
        Some(peer) if peer.is_ipv6() => format!("{family}, IPv6"),
        Some(_) => format!("{family}, IPv4"),
        None => family.to_owned(),
    }
}

fn is_secure(door: &Door) -> bool {
    door.base().as_str().starts_with("https:")
}

/// Browsers take a name with this prefix only over TLS, for the whole host and from no other.
fn session_cookie(door: &Door) -> &'static str {
    if is_secure(door) {
        "__Host-vesalius-session"
    } else {
        "vesalius-session"
    }
}

fn attempt_cookie(door: &Door) -> &'static str {
    if is_secure(door) {
        "__Host-vesalius-sign-in"
    } else {
        "vesalius-sign-in"
    }
}

/// The value of a cookie.
fn cookie<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let headers = request.headers().get_all(header::COOKIE);
    let pairs = headers
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'));
    let mut named = pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name);
    named.next().map(|(_, value)| value)
}

fn set_cookie(door: &Door, name: &str, value: &str, lasts: SignedDuration) -> String {
    let secure = if is_secure(door) { "; Secure" } else { "" };
    format!(
        "{name}={value}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{secure}",
        lasts.as_secs()
    )
}

fn forgotten(door: &Door, name: &str) -> String {
    set_cookie(door, name, "", SignedDuration::ZERO)
}

fn add_cookie(response: &mut HttpResponse, cookie: &str) {
    if let Ok(value) = header::HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Goes elsewhere, by GET, and nobody keeps the answer.
pub(super) fn see(address: &str) -> HttpResponse {
    let there = HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish();
    private(there)
}

pub(super) fn private(mut response: HttpResponse) -> HttpResponse {
    let none = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, none);
    response
}

pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

pub(super) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}
