//! What was done to many records at once, so that it can be undone?

use jiff::Timestamp;
use sqlx::Row;

use super::Ledger;
use super::error::LedgerError;
use super::sqlite::time;

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

impl Ledger {
    /// Keeps what was done to many records, and gives back its number.
    pub async fn keep_bulk(
        &self,
        step: &str,
        author: &str,
        at: Timestamp,
        content: &str,
    ) -> Result<i64, LedgerError> {
        let number = sqlx::query_scalar(
            "INSERT INTO bulks (step, author, at, content) VALUES (?, ?, ?, ?) RETURNING bulk",
        )
        .bind(step)
        .bind(author)
        .bind(at.as_microsecond())
        .bind(content)
        .fetch_one(&self.writer)
        .await?;
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
    pub async fn mark_undone(&self, number: i64, at: Timestamp) -> Result<bool, LedgerError> {
        let done =
            sqlx::query("UPDATE bulks SET undone_at = ? WHERE bulk = ? AND undone_at IS NULL")
                .bind(at.as_microsecond())
                .bind(number)
                .execute(&self.writer)
                .await?;
        Ok(done.rows_affected() > 0)
    }
}
