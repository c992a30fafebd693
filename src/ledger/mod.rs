//! What was said about every record, by whom and when? The truth that everything public is drawn from.
//!
//! Writers hand their changes to [`Ledger::commit`]; one committer writes all that have gathered in one
//! transaction and answers when they are on disk. Readers use connections of their own and never wait.

mod account;
pub mod answer;
mod audit;
mod bulk;
mod change;
mod committer;
mod confirmation;
mod doi;
mod error;
mod event;
mod farewell;
mod feed_subscription;
mod followed;
mod graph_text;
mod harvest;
mod head;
mod history;
mod local_user;
mod member;
mod notice;
mod paper;
mod read;
mod review;
mod schedule;
mod settings;
mod sqlite;
#[cfg(test)]
mod telling_tests;
#[cfg(test)]
mod tests;
mod token;
mod visa;
mod webhook;
mod working;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::SqlitePool;
use tokio::sync::{mpsc, watch};

pub use account::{
    Account, AccountId, Arrival, Arrived, Ending, Identity, NewSession, Session, SessionId,
    WaitingSignIn,
};
pub use audit::{AuditFilter, Deed, Event, Flaw, Mark, NewEvent, Start, Verdict};
pub use bulk::{Bulk, BulkLine};
pub use change::{
    Action, Change, Committed, Expected, Head, HeadFilter, NewChange, PublicChange, PublicFace,
    Seen, State, VersionedGraph, What,
};
pub use confirmation::{Confirmation, Due};
pub use doi::{Doi, DoiCounts, DoiFilter, DoiOfRecord, DoiState, DoiStep, DoiWent};
pub use error::LedgerError;
pub use event::{Announcement, EventKind, Happening, Source};
pub use farewell::Farewell;
pub use feed_subscription::{FeedSubscription, NewFeedSubscription, SUBSCRIPTIONS_MAX};
pub use followed::{PublicMark, PublicSnapshot};
pub use graph_text::GRAPH_BYTES_MAX;
pub use harvest::{Harvest, Standing};
pub use history::{Memento, Told, Which};
pub use local_user::{LocalUser, Purpose};
pub use member::{Invitation, Member, Membership, NewInvitation};
pub use notice::{
    Addressee, Mailing, Marked, NewNotice, Notice, SUBSCRIPTIONS_PER_ACCOUNT_MAX, Step,
    Subscription,
};
pub use paper::{Paper, Shelf};
pub use review::{NewRemark, Remark, Review, ReviewRule};
pub use schedule::Schedule;
pub use settings::Settings;
pub use token::{NewToken, TOKENS_PER_ACCOUNT_MAX, Token, TokenHash, TokenId};
pub use visa::{VISAS_PER_ACCOUNT_MAX, Visa};
pub use webhook::{
    Attempted, Delivery, NewDelivery, Outcome, WEBHOOKS_PER_ACCOUNT_MAX, Webhook, WebhookCounts,
};
pub use working::{Keeping, NewWorkingCopy, Template, WORKING_BYTES_MAX, WorkingCopy, Writer};

use committer::Call;

/// Changes that one call may bring.
pub const CHANGES_PER_CALL_MAX: usize = 100_000;

/// Rows that one reading call may ask for.
pub const ROWS_MAX: usize = 10_000;

/// The door to the ledger. Clones share it.
#[derive(Clone)]
pub struct Ledger {
    calls: mpsc::Sender<Call>,
    /// One connection: everything that writes goes through it.
    writer: SqlitePool,
    readers: SqlitePool,
    sequence: watch::Receiver<u64>,
    counts: Arc<Counts>,
    token_use: Arc<token::TokenUse>,
    told: Arc<tokio::sync::Notify>,
    queued: Arc<tokio::sync::Notify>,
}

/// What the committer has done since the ledger was opened.
#[derive(Debug, Default)]
struct Counts {
    transactions: AtomicU64,
    calls: AtomicU64,
}

impl Ledger {
    /// Opens the ledger, makes it where there is none, and brings its schema up to date.
    pub async fn open(settings: &Settings) -> Result<Self, LedgerError> {
        let (writer, readers) = sqlite::open(settings).await?;
        Self::start(writer, readers, settings).await
    }

    /// A ledger that is forgotten when it is dropped.
    pub async fn in_memory() -> Result<Self, LedgerError> {
        let pool = sqlite::open_in_memory().await?;
        Self::start(pool.clone(), pool, &Settings::default()).await
    }

    async fn start(
        writer: SqlitePool,
        readers: SqlitePool,
        settings: &Settings,
    ) -> Result<Self, LedgerError> {
        let counts = Arc::new(Counts::default());
        let reached = sqlite::last_sequence(&writer).await?;
        let (announce, sequence) = watch::channel(reached);
        let (calls, queue) = mpsc::channel(settings.queue_max.max(1));
        let committer = committer::Committer::new(
            writer.clone(),
            queue,
            announce,
            Arc::clone(&counts),
            settings,
        );
        tokio::spawn(committer.run());
        let token_use = Arc::default();
        Ok(Self {
            calls,
            writer,
            readers,
            sequence,
            counts,
            token_use,
            told: Arc::default(),
            queued: Arc::default(),
        })
    }

    /// Writes changes, all or none of them, in their order. When this answers they are on disk.
    pub async fn commit(&self, changes: Vec<NewChange>) -> Result<Vec<Committed>, LedgerError> {
        committer::commit(&self.calls, changes).await
    }

    /// The sequence number of the newest change that this process has written or found.
    pub fn last_sequence(&self) -> u64 {
        *self.sequence.borrow()
    }

    /// Wakes its holder after every transaction, with the sequence number that was reached.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.sequence.clone()
    }

    /// Transactions that were committed since the ledger was opened.
    pub fn transactions(&self) -> u64 {
        self.counts.transactions.load(Ordering::Relaxed)
    }

    /// Calls of [`Ledger::commit`] that were answered with success since the ledger was opened.
    pub fn commits(&self) -> u64 {
        self.counts.calls.load(Ordering::Relaxed)
    }

    /// Writes what is still waiting and lets go of the files. Later calls answer [`LedgerError::Closed`].
    pub async fn close(&self) -> Result<(), LedgerError> {
        committer::close(&self.calls).await;
        self.write_token_use().await?;
        self.readers.close().await;
        self.writer.close().await;
        Ok(())
    }
}
