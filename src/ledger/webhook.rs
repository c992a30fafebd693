//! Which programs are told of what, what waits for them, and what became of it? No secret is kept here.

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use super::account::AccountId;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::notice::optional_time;
use super::sqlite::{begin, number, signed, time};
use super::{Ledger, ROWS_MAX};

/// Webhooks that one account may have.
pub const WEBHOOKS_PER_ACCOUNT_MAX: i64 = 20;

/// Webhooks that are served, of all people together.
pub const WEBHOOKS_MAX: usize = 2_000;

/// Messages that wait for one webhook; beyond this the newest are not taken.
pub const WAITING_PER_WEBHOOK_MAX: i64 = 10_000;

/// Finished deliveries that the log of one webhook keeps.
pub const LOG_PER_WEBHOOK_MAX: i64 = 500;

/// An address that is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    pub id: String,
    pub account: AccountId,
    pub url: String,
    pub topic: String,
    pub value: String,
    /// The kinds of events, as words; empty for all.
    pub kinds: Vec<String>,
    /// How often its secret was changed.
    pub generation: u64,
    pub rotated_at: Timestamp,
    pub created_at: Timestamp,
    /// Since when no delivery has succeeded, if the last one failed.
    pub failing_since: Option<Timestamp>,
    pub disabled_at: Option<Timestamp>,
}

/// A message to be delivered.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    pub webhook: String,
    /// The name of the message, the same in every attempt.
    pub message: String,
    /// JSON.
    pub body: String,
    pub at: Timestamp,
}

/// A message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub id: i64,
    pub webhook: String,
    pub message: String,
    pub body: String,
    pub created_at: Timestamp,
    pub attempts: u64,
    /// When it is tried next; `None` when it is finished.
    pub next_at: Option<Timestamp>,
    pub tried_at: Option<Timestamp>,
    /// What was answered last.
    pub status: Option<u16>,
    /// Why nothing was answered.
    pub failure: Option<String>,
    pub delivered_at: Option<Timestamp>,
}

/// What became of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempted {
    pub at: Timestamp,
    pub status: Option<u16>,
    pub failure: Option<String>,
    pub outcome: Outcome,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// It is tried again.
    Again(Timestamp),
    /// It is not tried again.
    GivenUp,
    /// The webhook is not tried again at all.
    Disabled,
}

const WEBHOOK: &str = "SELECT id, account, url, topic, value, kinds, generation, rotated_at, created_at, failing_since, \
     disabled_at FROM webhooks";
const DELIVERY: &str = "SELECT d.id, d.webhook, d.message, d.body, d.created_at, d.attempts, d.next_at, d.tried_at, \
     d.status, d.failure, d.delivered_at FROM deliveries d";

impl Ledger {
    /// Adds a webhook. False when the account, or everybody together, has as many as there may be.
    pub async fn add_webhook(&self, webhook: &Webhook) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let (own, all): (i64, i64) =
            sqlx::query_as("SELECT COALESCE(SUM(account = ?), 0), COUNT(*) FROM webhooks")
                .bind(&webhook.account.0)
                .fetch_one(&mut *transaction)
                .await?;
        if own >= WEBHOOKS_PER_ACCOUNT_MAX
            || usize::try_from(all).is_ok_and(|all| all >= WEBHOOKS_MAX)
        {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO webhooks (id, account, url, topic, value, kinds, generation, rotated_at, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&webhook.id)
        .bind(&webhook.account.0)
        .bind(&webhook.url)
        .bind(&webhook.topic)
        .bind(&webhook.value)
        .bind(webhook.kinds.join(" "))
        .bind(signed(webhook.generation))
        .bind(webhook.rotated_at.as_microsecond())
        .bind(webhook.created_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        // The rest of an address may be a secret.
        let origin: Vec<&str> = webhook.url.split('/').take(3).collect();
        let origin = origin.join("/");
        let detail = json!({ "to": origin, "topic": webhook.topic, "kinds": webhook.kinds });
        let (at, by) = (webhook.created_at, &webhook.account.0);
        let told = NewEvent::new(at, by, Deed::WebhookMade, &webhook.id, detail);
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The webhooks of an account, the newest first.
    pub async fn webhooks(&self, account: &AccountId) -> Result<Vec<Webhook>, LedgerError> {
        let select = format!(
            "{WEBHOOK} WHERE account = ? ORDER BY created_at DESC, id LIMIT {WEBHOOKS_PER_ACCOUNT_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(&account.0)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(webhook).collect()
    }

    /// Every webhook that is not disabled; at most [`WEBHOOKS_MAX`].
    pub async fn all_webhooks(&self) -> Result<Vec<Webhook>, LedgerError> {
        let select = format!(
            "{WEBHOOK} WHERE disabled_at IS NULL ORDER BY created_at, id LIMIT {WEBHOOKS_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(webhook).collect()
    }

    /// A webhook by its name.
    pub async fn webhook(&self, id: &str) -> Result<Option<Webhook>, LedgerError> {
        let select = format!("{WEBHOOK} WHERE id = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(id)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(webhook).transpose()
    }

    /// Removes a webhook of an account with its log. False when there is none of this name.
    pub async fn remove_webhook(
        &self,
        account: &AccountId,
        id: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let remove = sqlx::query("DELETE FROM webhooks WHERE account = ? AND id = ?")
            .bind(&account.0)
            .bind(id);
        let told = NewEvent::new(at, &account.0, Deed::WebhookRemoved, id, json!({}));
        self.done_to_webhook(remove, told).await
    }

    /// Does something to one webhook, and tells it if there was such a one.
    async fn done_to_webhook(
        &self,
        query: sqlx::query::Query<'_, sqlx::Sqlite, sqlx::sqlite::SqliteArguments>,
        told: NewEvent,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = query.execute(&mut *transaction).await?;
        let is_done = done.rows_affected() == 1;
        append(&mut transaction, is_done.then_some(told)).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// Gives a webhook of an account its next secret.
    pub async fn rotate_webhook(
        &self,
        account: &AccountId,
        id: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let rotate = sqlx::query(
            "UPDATE webhooks SET generation = generation + 1, rotated_at = ? WHERE account = ? AND id = ?",
        )
        .bind(at.as_microsecond())
        .bind(&account.0)
        .bind(id);
        let told = NewEvent::new(at, &account.0, Deed::WebhookSecretChanged, id, json!({}));
        self.done_to_webhook(rotate, told).await
    }

    /// Serves a webhook of an account again that was disabled; what waited is tried at once.
    pub async fn enable_webhook(
        &self,
        account: &AccountId,
        id: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let enable = sqlx::query(
            "UPDATE webhooks SET disabled_at = NULL, failing_since = NULL WHERE account = ? AND id = ?",
        )
        .bind(&account.0)
        .bind(id);
        let told = NewEvent::new(at, &account.0, Deed::WebhookEnabled, id, json!({}));
        let is_done = self.done_to_webhook(enable, told).await?;
        self.queued.notify_one();
        Ok(is_done)
    }

    /// Queues a message by itself: a trial.
    pub async fn queue_delivery(&self, delivery: &NewDelivery) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        insert_delivery(&mut transaction, delivery).await?;
        transaction.commit().await?;
        self.queued.notify_one();
        Ok(())
    }

    /// Delivers a message of a webhook again, whatever became of it. False when it is not there.
    pub async fn replay_delivery(
        &self,
        account: &AccountId,
        id: i64,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let webhook: Option<String> = sqlx::query_scalar(
            "UPDATE deliveries SET next_at = ?, attempts = 0, delivered_at = NULL WHERE id = ? AND webhook IN \
             (SELECT id FROM webhooks WHERE account = ? AND disabled_at IS NULL) RETURNING webhook",
        )
        .bind(at.as_microsecond())
        .bind(id)
        .bind(&account.0)
        .fetch_optional(&mut *transaction)
        .await?;
        let told = webhook.as_ref().map(|webhook| {
            let detail = json!({ "delivery": id });
            NewEvent::new(at, &account.0, Deed::WebhookReplayed, webhook, detail)
        });
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        self.queued.notify_one();
        Ok(webhook.is_some())
    }

    /// Waits until something is queued out of turn.
    pub async fn queued(&self) {
        self.queued.notified().await;
    }

    /// The log of a webhook, the newest first.
    pub async fn deliveries(
        &self,
        webhook: &str,
        limit: usize,
    ) -> Result<Vec<Delivery>, LedgerError> {
        let select = format!("{DELIVERY} WHERE d.webhook = ? ORDER BY d.id DESC LIMIT ?");
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(webhook)
            .bind(i64::try_from(limit.min(ROWS_MAX)).expect("the maximum is small"))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(delivery).collect()
    }

    /// What is to be delivered by now: of each webhook the oldest, and of no more webhooks than `limit`.
    pub async fn due_deliveries(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<(Delivery, Webhook)>, LedgerError> {
        let select = format!(
            "{DELIVERY} JOIN (SELECT MIN(due.id) AS first FROM deliveries due \
             JOIN webhooks w ON w.id = due.webhook AND w.disabled_at IS NULL \
             WHERE due.next_at IS NOT NULL AND due.next_at <= ? GROUP BY due.webhook ORDER BY MIN(due.next_at) LIMIT ?) ON first = d.id"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(now.as_microsecond())
            .bind(i64::try_from(limit.min(ROWS_MAX)).expect("the maximum is small"))
            .fetch_all(&self.readers)
            .await?;
        let mut due = Vec::with_capacity(rows.len());
        for row in &rows {
            let delivery = delivery(row)?;
            if let Some(webhook) = self.webhook(&delivery.webhook).await? {
                due.push((delivery, webhook));
            }
        }
        Ok(due)
    }

    /// When the next delivery is due.
    pub async fn next_delivery(&self) -> Result<Option<Timestamp>, LedgerError> {
        let next: Option<i64> = sqlx::query_scalar(
            "SELECT MIN(d.next_at) FROM deliveries d JOIN webhooks w ON w.id = d.webhook \
             WHERE d.next_at IS NOT NULL AND w.disabled_at IS NULL",
        )
        .fetch_one(&self.readers)
        .await?;
        next.map(time).transpose()
    }

    /// Writes what became of an attempt.
    pub async fn attempted(
        &self,
        delivery: &Delivery,
        attempted: &Attempted,
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let at = attempted.at.as_microsecond();
        let (next, delivered) = match attempted.outcome {
            Outcome::Delivered => (None, Some(at)),
            Outcome::Again(next) => (Some(next.as_microsecond()), None),
            Outcome::GivenUp | Outcome::Disabled => (None, None),
        };
        sqlx::query(
            "UPDATE deliveries SET attempts = attempts + 1, next_at = ?, tried_at = ?, status = ?, failure = ?, \
             delivered_at = ? WHERE id = ?",
        )
        .bind(next)
        .bind(at)
        .bind(attempted.status.map(i64::from))
        .bind(attempted.failure.as_deref())
        .bind(delivered)
        .bind(delivery.id)
        .execute(&mut *transaction)
        .await?;
        let webhook = match attempted.outcome {
            Outcome::Delivered => {
                "UPDATE webhooks SET failing_since = NULL WHERE id = ?1 AND ?2 IS NOT NULL"
            }
            Outcome::Again(_) | Outcome::GivenUp => {
                "UPDATE webhooks SET failing_since = COALESCE(failing_since, ?2) WHERE id = ?1"
            }
            Outcome::Disabled => {
                "UPDATE webhooks SET failing_since = COALESCE(failing_since, ?2), disabled_at = ?2 WHERE id = ?1"
            }
        };
        sqlx::query(webhook)
            .bind(&delivery.webhook)
            .bind(at)
            .execute(&mut *transaction)
            .await?;
        if attempted.outcome == Outcome::Disabled {
            let detail = json!({ "status": attempted.status });
            let (at, hook) = (attempted.at, &delivery.webhook);
            let told = NewEvent::new(at, "server", Deed::WebhookDisabled, hook, detail);
            append(&mut transaction, [told]).await?;
        }
        sqlx::query(
            "DELETE FROM deliveries WHERE webhook = ? AND next_at IS NULL AND id <= \
             (SELECT id FROM deliveries WHERE webhook = ? AND next_at IS NULL ORDER BY id DESC LIMIT 1 OFFSET ?)",
        )
        .bind(&delivery.webhook)
        .bind(&delivery.webhook)
        .bind(LOG_PER_WEBHOOK_MAX)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// How many messages wait, and how many webhooks fail or are disabled.
    pub async fn webhook_counts(&self) -> Result<WebhookCounts, LedgerError> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM deliveries WHERE next_at IS NOT NULL), COUNT(*), \
             COUNT(failing_since), COUNT(disabled_at) FROM webhooks",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(WebhookCounts {
            waiting: number(row.try_get(0)?)?,
            webhooks: number(row.try_get(1)?)?,
            failing: number(row.try_get(2)?)?,
            disabled: number(row.try_get(3)?)?,
        })
    }
}

/// How the webhooks of everybody are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookCounts {
    /// Messages that wait.
    pub waiting: u64,
    pub webhooks: u64,
    pub failing: u64,
    pub disabled: u64,
}

/// Queues a message, unless it was queued before or too many wait.
pub(super) async fn insert_delivery(
    connection: &mut SqliteConnection,
    delivery: &NewDelivery,
) -> Result<(), LedgerError> {
    let at = delivery.at.as_microsecond();
    sqlx::query(
        "INSERT INTO deliveries (webhook, message, body, created_at, attempts, next_at) \
         SELECT id, ?, ?, ?, 0, ? FROM webhooks WHERE id = ? AND \
         (SELECT COUNT(*) FROM deliveries WHERE webhook = webhooks.id AND next_at IS NOT NULL) < ? \
         ON CONFLICT (webhook, message) DO NOTHING",
    )
    .bind(&delivery.message)
    .bind(&delivery.body)
    .bind(at)
    .bind(at)
    .bind(&delivery.webhook)
    .bind(WAITING_PER_WEBHOOK_MAX)
    .execute(connection)
    .await?;
    Ok(())
}

fn webhook(row: &SqliteRow) -> Result<Webhook, LedgerError> {
    let kinds: &str = row.try_get(5)?;
    Ok(Webhook {
        id: row.try_get(0)?,
        account: AccountId(row.try_get(1)?),
        url: row.try_get(2)?,
        topic: row.try_get(3)?,
        value: row.try_get(4)?,
        kinds: kinds.split_whitespace().map(str::to_owned).collect(),
        generation: number(row.try_get(6)?)?,
        rotated_at: time(row.try_get(7)?)?,
        created_at: time(row.try_get(8)?)?,
        failing_since: optional_time(row, 9)?,
        disabled_at: optional_time(row, 10)?,
    })
}

fn delivery(row: &SqliteRow) -> Result<Delivery, LedgerError> {
    let status = row.try_get::<Option<i64>, _>(8)?;
    Ok(Delivery {
        id: row.try_get(0)?,
        webhook: row.try_get(1)?,
        message: row.try_get(2)?,
        body: row.try_get(3)?,
        created_at: time(row.try_get(4)?)?,
        attempts: number(row.try_get(5)?)?,
        next_at: optional_time(row, 6)?,
        tried_at: optional_time(row, 7)?,
        status: status.and_then(|status| u16::try_from(status).ok()),
        failure: row.try_get(9)?,
        delivered_at: optional_time(row, 10)?,
    })
}
