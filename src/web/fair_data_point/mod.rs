//! The rest of what clients of FAIR Data Points ask for, in the shapes of the reference implementation: signing in,
//! people and members, definitions and schemas, search, words, settings, the index.
//!
//! The records themselves are in `linked_data`. Where the reference is unsafe, the shape stays and the danger does not:
//! see `docs/fair-data-point.md`.

mod definitions;
mod index;
mod keys;
mod labels;
mod members;
pub(super) mod openapi;
mod people;
mod saved;
mod schemas;
mod search;
mod settings;
mod visited;
mod webhooks;
mod wire;

use std::sync::Arc;

use actix_web::web;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::error::WebError;
use crate::outbound::Outbound;

pub use index::announce;
pub(super) use members::member_of;
pub use schemas::keep_schema;
pub(super) use wire::definition_of;

/// What an operator says about the FAIR Data Point.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether other FAIR Data Points may announce themselves here.
    pub index: bool,
    /// Whether those that do are listed before a steward has looked at them.
    pub index_auto_permit: bool,
    /// Where this FAIR Data Point announces itself; nowhere if not given.
    pub ping: Vec<String>,
    /// How often, in hours.
    pub ping_hours: u32,
    pub title: Option<String>,
    pub subtitle: Option<String>,
    /// The language of texts that come without one: forms of clients have no field for it. None is assumed if not given.
    pub language: Option<String>,
    /// Who is told of what happens in the index.
    pub webhooks: Vec<webhooks::Webhook>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            index: false,
            index_auto_permit: false,
            ping: Vec::new(),
            ping_hours: 24 * 7,
            title: None,
            subtitle: None,
            language: None,
            webhooks: Vec::new(),
        }
    }
}

/// What the handlers here share besides the door.
pub struct FairDataPoint {
    settings: Settings,
    outbound: Outbound,
    /// Places for looking at other FAIR Data Points.
    visits: Arc<Semaphore>,
    pings: index::Pings,
    teller: webhooks::Teller,
}

impl FairDataPoint {
    pub fn new(settings: Settings, outbound: Outbound) -> Self {
        let webhooks = settings.webhooks.clone();
        Self {
            teller: webhooks::Teller::new(webhooks, outbound.clone()),
            settings,
            outbound,
            visits: Arc::new(Semaphore::new(index::VISITS_AT_ONCE)),
            pings: index::pings(),
        }
    }

    /// The language of texts that come without one, if the operator names it.
    pub fn language(&self) -> Option<&str> {
        self.settings.language.as_deref()
    }
}

/// The largest JSON body that is read here.
const JSON_BYTES_MAX: usize = 256 * 1024;

/// Adds the routes. They stand before those of records, which take every address of one or two segments.
pub fn configure(service: &mut web::ServiceConfig) {
    service
        .configure(keys::configure)
        .configure(people::configure)
        .configure(members::configure)
        .configure(definitions::configure)
        .configure(schemas::configure)
        .configure(search::configure)
        .configure(saved::configure)
        .configure(labels::configure)
        .configure(settings::configure)
        .configure(index::configure);
}

/// What only the operator changes, in the settings file or the tables of kinds and profiles.
fn operators(what: &'static str, instead: &'static str) -> WebError {
    WebError::Operators {
        what,
        instead,
        allowed: "GET, HEAD",
    }
}
