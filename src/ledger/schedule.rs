//! Which drafts are to be published by themselves, and when?

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;

use super::Ledger;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::read::{collect, rows_max};
use super::sqlite::{begin, number, signed, time};

/// A draft that is to be published at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub iri: String,
    /// The version that is meant; a later one is not published unseen.
    pub version: u64,
    pub publish_at: Timestamp,
    pub author: String,
    pub reason: Option<String>,
    /// Why it was not published when its time came.
    pub trouble: Option<String>,
}

const SCHEDULE: &str = "SELECT h.iri, s.version, s.publish_at, s.author, s.reason, s.trouble FROM schedules s \
     JOIN heads h ON h.record = s.record WHERE ";

impl Ledger {
    /// Keeps when a draft is to be published, or why it was not, in place of what was kept before. False when it is
    /// not known.
    pub async fn schedule(&self, one: &Schedule, at: Timestamp) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query(
            "INSERT INTO schedules (record, version, publish_at, author, reason, trouble) \
             SELECT record, ?, ?, ?, ?, ? FROM heads WHERE iri = ? \
             ON CONFLICT (record) DO UPDATE SET version = excluded.version, publish_at = excluded.publish_at, \
             author = excluded.author, reason = excluded.reason, trouble = excluded.trouble",
        )
        .bind(signed(one.version))
        .bind(one.publish_at.as_microsecond())
        .bind(&one.author)
        .bind(&one.reason)
        .bind(&one.trouble)
        .bind(&one.iri)
        .execute(&mut *transaction)
        .await?;
        let is_done = done.rows_affected() > 0;
        let (deed, why) = match &one.trouble {
            None => (Deed::PublicationScheduled, json!(null)),
            Some(trouble) => (Deed::PublicationFailed, json!(trouble)),
        };
        let detail =
            json!({ "version": one.version, "at": one.publish_at.to_string(), "why": why });
        let told = is_done.then(|| NewEvent::new(at, &one.author, deed, &one.iri, detail));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// Forgets when a draft is to be published. Whether there was such a time.
    pub async fn unschedule(
        &self,
        iri: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query(
            "DELETE FROM schedules WHERE record = (SELECT record FROM heads WHERE iri = ?)",
        )
        .bind(iri)
        .execute(&mut *transaction)
        .await?;
        let is_done = done.rows_affected() > 0;
        let deed = Deed::PublicationUnscheduled;
        let told = is_done.then(|| NewEvent::new(at, by, deed, iri, json!({})));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// When a draft is to be published.
    pub async fn schedule_of(&self, iri: &str) -> Result<Option<Schedule>, LedgerError> {
        let text = format!("{SCHEDULE} h.iri = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(iri)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(schedule).transpose()
    }

    /// The drafts whose time has come, the earliest first.
    pub async fn scheduled_until(
        &self,
        at: Timestamp,
        limit: usize,
    ) -> Result<Vec<Schedule>, LedgerError> {
        let text = format!(
            "{SCHEDULE} s.trouble IS NULL AND s.publish_at <= ? ORDER BY s.publish_at LIMIT ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(at.as_microsecond())
            .bind(rows_max(limit))
            .fetch_all(&self.readers)
            .await?;
        collect(&rows, schedule)
    }
}

fn schedule(row: &sqlx::sqlite::SqliteRow) -> Result<Schedule, LedgerError> {
    Ok(Schedule {
        iri: row.try_get(0)?,
        version: number(row.try_get(1)?)?,
        publish_at: time(row.try_get(2)?)?,
        author: row.try_get(3)?,
        reason: row.try_get(4)?,
        trouble: row.try_get(5)?,
    })
}
