//! What was done to many records at once, so that it can be undone?

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;

use super::Ledger;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::read::{collect, rows_max};
use super::sqlite::{begin, number, time};

/// Something that was done to many records at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bulk {
    pub step: String,
    pub author: String,
    pub at: Timestamp,
    /// What was done to which record, as JSON.
    pub content: String,
    pub undone_at: Option<Timestamp>,
}

/// The same in short, for a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BulkLine {
    pub number: i64,
    pub step: String,
    pub at: Timestamp,
    pub records: u64,
    pub is_undone: bool,
}

impl Ledger {
    /// Keeps what was done to many records, and gives back its number.
    pub async fn keep_bulk(
        &self,
        step: &str,
        author: &str,
        at: Timestamp,
        content: &str,
        count: usize,
    ) -> Result<i64, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let number: i64 = sqlx::query_scalar(
            "INSERT INTO bulks (step, author, at, content) VALUES (?, ?, ?, ?) RETURNING bulk",
        )
        .bind(step)
        .bind(author)
        .bind(at.as_microsecond())
        .bind(content)
        .fetch_one(&mut *transaction)
        .await?;
        let detail = json!({ "step": step, "records": count });
        let told = NewEvent::new(at, author, Deed::BulkDone, &number.to_string(), detail);
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(number)
    }

    /// What was done under a number.
    pub async fn bulk(&self, number: i64) -> Result<Option<Bulk>, LedgerError> {
        let row =
            sqlx::query("SELECT step, author, at, content, undone_at FROM bulks WHERE bulk = ?")
                .bind(number)
                .fetch_optional(&self.readers)
                .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Bulk {
            step: row.try_get(0)?,
            author: row.try_get(1)?,
            at: time(row.try_get(2)?)?,
            content: row.try_get(3)?,
            undone_at: row.try_get::<Option<i64>, _>(4)?.map(time).transpose()?,
        }))
    }

    /// Keeps that it was undone. False when it was before.
    pub async fn mark_undone(
        &self,
        number: i64,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done =
            sqlx::query("UPDATE bulks SET undone_at = ? WHERE bulk = ? AND undone_at IS NULL")
                .bind(at.as_microsecond())
                .bind(number)
                .execute(&mut *transaction)
                .await?;
        let is_done = done.rows_affected() > 0;
        let (deed, subject) = (Deed::BulkUndone, number.to_string());
        let told = is_done.then(|| NewEvent::new(at, by, deed, &subject, json!({})));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// What somebody did last to many records at once, the newest first.
    pub async fn bulks_of(&self, author: &str, limit: usize) -> Result<Vec<BulkLine>, LedgerError> {
        let rows = sqlx::query(
            "SELECT bulk, step, at, json_array_length(content), undone_at FROM bulks WHERE author = ? \
             ORDER BY bulk DESC LIMIT ?",
        )
        .bind(author)
        .bind(rows_max(limit))
        .fetch_all(&self.readers)
        .await?;
        collect(&rows, |row| {
            Ok(BulkLine {
                number: row.try_get(0)?,
                step: row.try_get(1)?,
                at: time(row.try_get(2)?)?,
                records: number(row.try_get(3)?)?,
                is_undone: row.try_get::<Option<i64>, _>(4)?.is_some(),
            })
        })
    }
}
