//! Who wants to be told of what is new, and how far has each been told?

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Ledger;
use super::error::LedgerError;
use super::read::{collect, rows_max};
use super::sqlite::{number, signed, time};

/// Subscriptions that are kept at once.
pub const SUBSCRIPTIONS_MAX: u64 = 10_000;

/// A subscription whose subscriber has confirmed it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewFeedSubscription {
    pub callback: String,
    pub topic: String,
    /// Signs what is sent.
    pub secret: Option<String>,
    pub at: Timestamp,
    pub expires_at: Timestamp,
    /// The newest change that the subscriber knows.
    pub delivered: u64,
}

/// A subscription and how its deliveries went.
#[derive(Clone, PartialEq, Eq)]
pub struct FeedSubscription {
    pub callback: String,
    pub topic: String,
    pub secret: Option<String>,
    pub expires_at: Timestamp,
    pub delivered: u64,
    /// Deliveries that failed one after the other.
    pub failures: u64,
}

const COLUMNS: &str = "callback, topic, secret, expires_at, delivered, failures";

impl Ledger {
    /// Keeps a subscription; the same once more renews it and goes on where it was. `false` when there are
    /// too many.
    pub async fn subscribe_feed(&self, new: &NewFeedSubscription) -> Result<bool, LedgerError> {
        let written = sqlx::query(
            "INSERT INTO feed_subscriptions (callback, topic, secret, created_at, expires_at, delivered, next_at) \
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?4 WHERE (SELECT COUNT(*) FROM feed_subscriptions) < ?7 \
             OR EXISTS (SELECT 1 FROM feed_subscriptions WHERE callback = ?1 AND topic = ?2) \
             ON CONFLICT (callback, topic) DO UPDATE SET secret = excluded.secret, \
             expires_at = excluded.expires_at, failures = 0, next_at = excluded.next_at",
        )
        .bind(&new.callback)
        .bind(&new.topic)
        .bind(&new.secret)
        .bind(new.at.as_microsecond())
        .bind(new.expires_at.as_microsecond())
        .bind(signed(new.delivered))
        .bind(signed(SUBSCRIPTIONS_MAX))
        .execute(&self.writer)
        .await?;
        Ok(written.rows_affected() > 0)
    }

    /// Forgets a subscription.
    pub async fn unsubscribe_feed(&self, callback: &str, topic: &str) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM feed_subscriptions WHERE callback = ? AND topic = ?")
            .bind(callback)
            .bind(topic)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Forgets the subscriptions whose time is over.
    pub async fn forget_ended_subscriptions(&self, now: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM feed_subscriptions WHERE expires_at <= ?")
            .bind(now.as_microsecond())
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// Subscriptions that lack the newest change and may be tried now, the longest waiting first.
    pub async fn subscriptions_due(
        &self,
        newest: u64,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<FeedSubscription>, LedgerError> {
        let select = format!(
            "SELECT {COLUMNS} FROM feed_subscriptions WHERE delivered < ? AND next_at <= ? AND expires_at > ? \
             ORDER BY next_at LIMIT ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(signed(newest))
            .bind(now.as_microsecond())
            .bind(now.as_microsecond())
            .bind(rows_max(limit))
            .fetch_all(&self.readers)
            .await?;
        collect(&rows, subscription)
    }

    /// Remembers how far a subscriber came, and when it may be tried again.
    pub async fn subscription_went(
        &self,
        subscription: &FeedSubscription,
        next_at: Timestamp,
    ) -> Result<(), LedgerError> {
        sqlx::query(
            "UPDATE feed_subscriptions SET delivered = ?, failures = ?, next_at = ? \
             WHERE callback = ? AND topic = ?",
        )
        .bind(signed(subscription.delivered))
        .bind(signed(subscription.failures))
        .bind(next_at.as_microsecond())
        .bind(&subscription.callback)
        .bind(&subscription.topic)
        .execute(&self.writer)
        .await?;
        Ok(())
    }
}

fn subscription(row: &SqliteRow) -> Result<FeedSubscription, LedgerError> {
    Ok(FeedSubscription {
        callback: row.try_get(0)?,
        topic: row.try_get(1)?,
        secret: row.try_get(2)?,
        expires_at: time(row.try_get(3)?)?,
        delivered: number(row.try_get(4)?)?,
        failures: number(row.try_get(5)?)?,
    })
}
