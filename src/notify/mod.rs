//! Who is told of what happens to records, in which way, and does it arrive? People in their area and by mail,
//! programs by webhooks.
//!
//! A follower reads the ledger's changes and events in order, asks the permissions who may know of each, and writes
//! notices and messages together with how far it has come. What is written is sent by two workers, as often as it
//! takes; nothing is told twice in the area, and at least once elsewhere.

mod audience;
mod checks;
mod deliver;
mod follow;
mod key;
mod postman;
mod settings;
#[cfg(test)]
mod tests;
mod topic;
mod way;
mod words;

use std::sync::Arc;

use crate::auth::{Actor, SignIn, Wish};
use crate::catalogue::{Catalogue, CatalogueError, checking};
use crate::ledger::{AccountId, EventKind, Notice, Source};
use crate::mail::Mail;
use crate::outbound::Outbound;
use crate::search::{Follower, Index};

pub use key::{Key, KeyError, WebhookSecret};
pub use postman::sentence;
pub use settings::Settings;
pub use topic::{QUERY_BYTES_MAX, Topic};
pub use way::{Way, Ways};
pub use words::say;

/// What telling needs of the rest of the house.
pub struct Parts {
    pub catalogue: Catalogue,
    pub index: Arc<Index>,
    /// What brings the index up to the ledger, before saved searches are asked again.
    pub follower: Follower,
    pub sign_in: Arc<SignIn>,
    pub outbound: Outbound,
    pub mail: Option<Mail>,
    pub mail_settings: crate::mail::Settings,
    pub key: Key,
    pub settings: Settings,
    /// The name of the Atlas, for the subjects of letters.
    pub name: String,
}

/// The one who tells. Clones share everything.
#[derive(Clone)]
pub struct Notify(Arc<Inner>);

struct Inner {
    parts: Parts,
    one_at_a_time: tokio::sync::Mutex<()>,
    /// Wakes the one who follows. It is held across waiting, and by nobody else.
    changes: tokio::sync::Mutex<tokio::sync::watch::Receiver<u64>>,
    /// Wakes the postman.
    written: tokio::sync::Notify,
    rate: parking_lot::Mutex<postman::Rate>,
    /// Up to where records were looked through for their yearly check.
    looked_through: parking_lot::Mutex<checking::Place>,
}

impl Notify {
    pub fn new(parts: Parts) -> Self {
        let changes = parts.catalogue.ledger().subscribe();
        Self(Arc::new(Inner {
            changes: tokio::sync::Mutex::new(changes),
            parts,
            one_at_a_time: tokio::sync::Mutex::default(),
            written: tokio::sync::Notify::new(),
            rate: parking_lot::Mutex::default(),
            looked_through: parking_lot::Mutex::new(checking::START),
        }))
    }

    fn parts(&self) -> &Parts {
        &self.0.parts
    }

    /// Whether letters are sent at all.
    pub fn sends_mail(&self) -> bool {
        self.parts().mail.is_some()
    }

    /// The key that secrets and the marks of links are drawn from.
    pub fn key(&self) -> &Key {
        &self.parts().key
    }

    /// The ways in which an account hears of each kind of event.
    pub async fn ways(
        &self,
        account: &AccountId,
    ) -> Result<Vec<(EventKind, Ways)>, CatalogueError> {
        let chosen = self.parts().catalogue.ledger().choices(account).await?;
        let of = |kind: EventKind| {
            let found = chosen.iter().find(|(own, _)| *own == kind);
            let ways = found.map_or_else(|| Ways::usual(kind), |(_, bits)| Ways::from_bits(*bits));
            (kind, ways)
        };
        Ok(EventKind::ALL.map(of).to_vec())
    }

    /// The notices that an actor may still see: who has left an organisation hears no more of its drafts.
    pub async fn visible(
        &self,
        actor: &Actor,
        notices: Vec<Notice>,
    ) -> Result<Vec<Notice>, CatalogueError> {
        let catalogue = &self.parts().catalogue;
        let mut visible = Vec::with_capacity(notices.len());
        for notice in notices {
            let may = notice.is_public || {
                let head = catalogue.ledger().head(&notice.iri).await?;
                head.is_some_and(|head| catalogue.may(actor, Wish::ReadDraft, &head).is_allowed())
            };
            if may {
                visible.push(notice);
            }
        }
        Ok(visible)
    }

    /// What somebody may do who comes with the link of a letter: the link is marked for the account that got it.
    pub fn is_from_a_letter(&self, account: &str, mark: &str) -> bool {
        self.key().has_marked(postman::UNSUBSCRIBE, account, mark)
    }

    /// A word for a trial of a webhook that no other has.
    pub(crate) fn trial_name(at: jiff::Timestamp) -> String {
        format!("trial{}", at.as_microsecond())
    }
}

/// The name of a message to a webhook: the same in every attempt, and in a replay.
fn message_name(source: Source, webhook: &str) -> String {
    format!("msg_{}_{webhook}", source.name())
}
