//! What do all doors share? The catalogue, the index, the settings, the cache of answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use moka::sync::Cache;
use serde::Deserialize;

use super::error::WebError;
use super::feeds::Pages;
use super::linked_data::containers::Orders;
use super::negotiate::{self, Representation};
use super::oai::Ahead;
use super::pages::messages::Language;
use super::pages::site::{Section, Site, Visitor};
use super::refusals::{self, Refusals};
use super::results::EXPORTS_AT_ONCE;
use super::sheets;
use super::showing::{Opened, Table};
use super::sign_in;
use super::sparql::{Client, Proxies, Queries};
use crate::auth::api_token::{self, TokenError};
use crate::auth::{Actor, SignIn};
use crate::catalogue::{Base, Catalogue, CatalogueError, View};
use crate::feeds::Feeds;
use crate::monitoring::Metrics;
use crate::notify::Notify;
use crate::outbound::Outbound;
use crate::search::Index;

/// Settings of the web floor.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The name of this Atlas, for people.
    pub name: String,
    /// Whom harvesters write to: an e-mail address.
    pub contact: String,
    /// Whether the data is a demonstration.
    pub demo: bool,
    /// The largest body that is read, in bytes.
    pub body_bytes_max: usize,
    /// How long a query of the public may run, in seconds.
    pub query_seconds: u64,
    /// How many queries may run at once.
    pub queries_at_once: usize,
    /// How many queries of one client may run at once.
    pub queries_per_client: usize,
    /// How many queries may wait for a place, of all clients and of one.
    pub queries_waiting: usize,
    pub queries_waiting_per_client: usize,
    /// How long the queries of one client may run in a minute, all together, in seconds.
    pub query_seconds_per_minute: u64,
    /// Whether a query that takes long runs only where nothing else wants to.
    pub queries_give_way: bool,
    /// The SPARQL endpoints that `SERVICE` may name; empty: none.
    pub query_services: Vec<String>,
    /// The memory for answers to queries, in bytes.
    pub query_cache_bytes: u64,
    /// The networks of the proxies in front: their `X-Forwarded-For` says who a client is.
    pub proxies: Proxies,
    /// The most rows that a query may give.
    pub query_rows_max: u64,
    /// The memory for finished answers, in bytes.
    pub cache_bytes: u64,
    /// Threads that read requests; 0 for one a core.
    pub workers: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Vesalius Atlas".to_owned(),
            contact: String::new(),
            demo: false,
            body_bytes_max: 32 * 1024 * 1024,
            query_seconds: 30,
            queries_at_once: 8,
            queries_per_client: 4,
            queries_waiting: 256,
            queries_waiting_per_client: 32,
            query_seconds_per_minute: 120,
            queries_give_way: true,
            query_services: Vec::new(),
            query_cache_bytes: 64 * 1024 * 1024,
            proxies: Proxies::default(),
            query_rows_max: 500_000,
            cache_bytes: 384 * 1024 * 1024,
            workers: 0,
        }
    }
}

/// A finished answer to a reader who is nobody in particular.
pub struct Finished {
    pub iri: String,
    pub stamp: u64,
    pub body: Bytes,
    pub etag: String,
    pub last_modified: String,
    pub content_type: &'static str,
    pub links: String,
    /// The profile it is in, for `Content-Profile`; empty for what has none.
    pub profile: String,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FinishedKey {
    pub path: String,
    pub representation: Representation,
    pub language: &'static str,
    /// The profile that was asked for, as it was; empty without a wish.
    pub profile: String,
}

/// The state that every handler gets.
pub struct Door {
    pub catalogue: Catalogue,
    pub index: Arc<Index>,
    pub metrics: Metrics,
    pub settings: Settings,
    /// Who people are.
    pub sign_in: Arc<SignIn>,
    /// Who is told of what.
    pub notify: Notify,
    /// Sign-ins of each client in the last minute.
    pub attempts: Cache<Client, Arc<AtomicU32>>,
    /// Those who were not let in of late.
    pub refusals: Refusals,
    pub finished: Cache<FinishedKey, Arc<Finished>>,
    pub queries: Arc<Queries>,
    /// Spreadsheets that wait for the decision of their senders.
    pub kept_files: sheets::KeptFiles,
    /// Places for whole results that are being written.
    pub exports: Arc<tokio::sync::Semaphore>,
    /// Streams of changes and dumps, and the pages of theirs that are written already.
    pub feeds: Arc<Feeds>,
    pub feed_pages: Pages,
    pub pages_ahead: Ahead,
    /// The children of records, by title.
    pub orders: Orders,
    /// Which branches of facets stand open, for a sequence of the index.
    pub opened: parking_lot::Mutex<Option<(u64, Arc<Opened>)>>,
    /// What the fields of each kind are called; profiles do not change behind one door.
    pub tables: parking_lot::Mutex<HashMap<String, Arc<Table>>>,
}

/// What stands beside the catalogue and is asked from here.
pub struct Neighbours {
    pub sign_in: Arc<SignIn>,
    pub outbound: Outbound,
    pub notify: Notify,
    pub feeds: Arc<Feeds>,
}

impl Door {
    pub fn new(
        catalogue: Catalogue,
        index: Arc<Index>,
        metrics: Metrics,
        settings: Settings,
        neighbours: Neighbours,
    ) -> Self {
        /// What a key and the bookkeeping of an entry weigh besides the body.
        const OVERHEAD_BYTES: usize = 512;
        let weight = |_: &FinishedKey, finished: &Arc<Finished>| {
            u32::try_from(finished.body.len() + OVERHEAD_BYTES).unwrap_or(u32::MAX)
        };
        let finished = Cache::builder()
            .max_capacity(settings.cache_bytes)
            .weigher(weight)
            .build();
        let exports = Arc::new(tokio::sync::Semaphore::new(EXPORTS_AT_ONCE));
        let Neighbours {
            sign_in,
            outbound,
            notify,
            feeds,
        } = neighbours;
        let queries = Arc::new(Queries::new(&settings, &outbound));
        Self {
            catalogue,
            index,
            metrics,
            settings,
            sign_in,
            notify,
            attempts: sign_in::attempts(),
            refusals: Refusals::default(),
            finished,
            queries,
            kept_files: sheets::kept_files(),
            exports,
            feeds,
            feed_pages: Pages::default(),
            pages_ahead: Ahead::default(),
            orders: Orders::default(),
            opened: parking_lot::Mutex::default(),
            tables: parking_lot::Mutex::default(),
        }
    }

    /// What clients have begun and may go on with by another door, and what bounds them.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self {
            attempts: before.attempts.clone(),
            queries: Arc::clone(&before.queries),
            kept_files: before.kept_files.clone(),
            exports: Arc::clone(&before.exports),
            ..self
        }
    }

    pub fn base(&self) -> &Base {
        self.catalogue.base()
    }

    /// How long a query of the public may run.
    pub fn query_time(&self) -> Duration {
        Duration::from_secs(self.settings.query_seconds)
    }

    /// The frame of a page.
    pub fn site(&self, request: &HttpRequest) -> Site {
        Site {
            root: self.base().path_prefix().to_owned(),
            name: self.settings.name.clone(),
            language: page_language(request),
            here: request
                .uri()
                .path_and_query()
                .map_or("/", |here| here.as_str())
                .to_owned(),
            demo: self.settings.demo,
            visitor: self.visitor(request),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..Site::default()
        }
    }

    /// The frame of a page in a part of the navigation.
    pub fn site_at(&self, request: &HttpRequest, section: Section) -> Site {
        Site {
            section,
            ..self.site(request)
        }
    }

    /// What the frame of a page tells of its reader: whether there is a session is seen when it matters.
    fn visitor(&self, request: &HttpRequest) -> Visitor {
        match self.sign_in.providers() {
            [] => Visitor::Reader,
            _ if sign_in::brings_session(self, request) => Visitor::Present,
            _ => Visitor::Stranger,
        }
    }

    /// Whether the answer may be the one that everybody gets.
    pub fn is_nobody(&self, request: &HttpRequest) -> bool {
        !request.headers().contains_key(header::AUTHORIZATION)
            && !sign_in::brings_session(self, request)
    }

    /// Who asks: by a token, else by a session. A token that is not known, has expired or was revoked is refused:
    /// it is never taken for nobody. A session that has ended is.
    pub async fn actor(&self, request: &HttpRequest) -> Result<Arc<Actor>, WebError> {
        let Some(header) = request.headers().get(header::AUTHORIZATION) else {
            let present = sign_in::present(self, request).await?;
            return Ok(Arc::new(
                present.map_or(Actor::Anonymous, |present| present.actor),
            ));
        };
        let refused = |why: &str| WebError::Unauthorized(why.to_owned());
        let text = header
            .to_str()
            .map_err(|_| refused("the Authorization header is no text"))?;
        let secret = text
            .strip_prefix("Bearer ")
            .or_else(|| text.strip_prefix("bearer "));
        let secret =
            secret.ok_or_else(|| refused("the Authorization header must start with Bearer"))?;
        let bearer = self.bearer(request, secret).await;
        if let Err(error) = &bearer {
            refusals::token(self, secret, error).await;
        }
        bearer
    }

    /// Who sends a token.
    async fn bearer(&self, request: &HttpRequest, secret: &str) -> Result<Arc<Actor>, WebError> {
        let now = self.catalogue.clock().now();
        if SignIn::is_foreign(secret) {
            let ledger = self.catalogue.ledger();
            return Ok(Arc::new(self.sign_in.bearer(ledger, secret, now).await?));
        }
        let ledger = self.catalogue.ledger();
        if self.sign_in.is_opaque(secret) {
            // Whoever sends tokens of their own making must not have us ask all the time.
            if !self.sign_in.remembers(secret, now) {
                sign_in::count_attempt(self, request)?;
            }
            return Ok(Arc::new(self.sign_in.opaque(ledger, secret, now).await?));
        }
        match api_token::actor(ledger, &self.sign_in, secret, now).await {
            Ok(actor) => Ok(Arc::new(actor)),
            Err(TokenError::Ledger(error)) => Err(CatalogueError::from(error).into()),
            Err(why) => Err(WebError::Unauthorized(why.to_string())),
        }
    }

    /// What whoever asks may see.
    pub async fn view(&self, request: &HttpRequest) -> Result<View, WebError> {
        Ok(self.catalogue.view(self.actor(request).await?))
    }
}

/// The interface language of a request.
pub fn language_of(request: &HttpRequest) -> &'static str {
    let asked = parameter(request, "lang");
    let accept = header_text(request, header::ACCEPT_LANGUAGE);
    negotiate::language(asked.as_deref(), accept)
}

/// The interface language of a request, for pages.
pub fn page_language(request: &HttpRequest) -> Language {
    Language::from_code(language_of(request)).unwrap_or_default()
}

/// The text of a header, when it has one.
pub fn header_text(request: &HttpRequest, name: header::HeaderName) -> Option<&str> {
    request
        .headers()
        .get(name)
        .and_then(|value| value.to_str().ok())
}

/// The pairs of a query string, decoded.
pub fn parameters(request: &HttpRequest) -> Vec<(String, String)> {
    url::form_urlencoded::parse(request.query_string().as_bytes())
        .into_owned()
        .collect()
}

/// The first value of a parameter of the query string.
pub fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    if request.query_string().is_empty() {
        return None;
    }
    let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// The media type of a body and whether its charset is one we read.
pub fn media_type(request: &HttpRequest) -> Result<String, WebError> {
    let declared = header_text(request, header::CONTENT_TYPE).unwrap_or_default();
    if !declared.to_ascii_lowercase().contains("charset") {
        // A media type that cannot even be parsed is told as unknown, not as a charset.
        let plain = declared.split(';').next().unwrap_or_default().trim();
        return Ok(plain.to_ascii_lowercase());
    }
    let charset = request.encoding().map_err(|_| {
        let found = header_text(request, header::CONTENT_TYPE).unwrap_or("unknown");
        WebError::Charset(found.to_owned())
    })?;
    if charset.name() != "UTF-8" && charset.name() != "windows-1252" {
        return Err(WebError::Charset(charset.name().to_owned()));
    }
    let latin = declared.to_ascii_lowercase().contains("charset=") && charset.name() != "UTF-8";
    if latin {
        return Err(WebError::Charset(charset.name().to_owned()));
    }
    Ok(request.content_type().to_owned())
}
