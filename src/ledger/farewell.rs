//! What may be said in public of a record that was taken away, and what stands in its place?

use jiff::Timestamp;
use sqlx::Row;

use super::Ledger;
use super::error::LedgerError;
use super::sqlite::time;

/// The words that a record leaves behind. They count only while it is withdrawn or deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// Why it was taken away, for everybody to read.
    pub notice: Option<String>,
    /// The IRI of the record that stands in its place.
    pub replaced_by: Option<String>,
    pub author: String,
    pub at: Timestamp,
}

impl Ledger {
    /// Keeps the words that a record leaves behind, in place of those of before. False when it is not known.
    pub async fn say_farewell(&self, iri: &str, farewell: &Farewell) -> Result<bool, LedgerError> {
        let done = sqlx::query(
            "INSERT INTO farewells (record, notice, replaced_by, author, at) \
             SELECT record, ?, ?, ?, ? FROM heads WHERE iri = ? \
             ON CONFLICT (record) DO UPDATE SET notice = excluded.notice, replaced_by = excluded.replaced_by, \
             author = excluded.author, at = excluded.at",
        )
        .bind(&farewell.notice)
        .bind(&farewell.replaced_by)
        .bind(&farewell.author)
        .bind(farewell.at.as_microsecond())
        .bind(iri)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() > 0)
    }

    /// The words that a record left behind when it was last taken away.
    pub async fn farewell(&self, iri: &str) -> Result<Option<Farewell>, LedgerError> {
        let row = sqlx::query(
            "SELECT notice, replaced_by, author, at FROM farewells \
             WHERE record = (SELECT record FROM heads WHERE iri = ?)",
        )
        .bind(iri)
        .fetch_optional(&self.readers)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Farewell {
            notice: row.try_get(0)?,
            replaced_by: row.try_get(1)?,
            author: row.try_get(2)?,
            at: time(row.try_get(3)?)?,
        }))
    }
}
