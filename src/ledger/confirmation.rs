//! Which public records has nobody looked at for long, and who found which still correct?

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;

use super::Ledger;
use super::audit::{Deed, NewEvent, append};
use super::change::Head;
use super::error::LedgerError;
use super::read::{collect, rows_max};
use super::sqlite::{HEAD, begin, head, number, signed, time};

/// Somebody found what the public sees of a record still correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    pub version: u64,
    pub author: String,
    pub note: Option<String>,
    pub at: Timestamp,
}

/// A record that should be looked at.
#[derive(Clone, Debug)]
pub struct Due {
    pub head: Head,
    /// When it was last published or found still correct.
    pub since: Timestamp,
}

impl Ledger {
    /// Keeps that somebody found a record still correct. False when the record is not known.
    pub async fn confirm(&self, iri: &str, one: &Confirmation) -> Result<bool, LedgerError> {
        let all = [(iri.to_owned(), one.clone())];
        Ok(self.confirm_all(&all).await? > 0)
    }

    /// Keeps that somebody found records still correct, all in one. Gives back how many are known.
    pub async fn confirm_all(&self, all: &[(String, Confirmation)]) -> Result<usize, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let mut told = Vec::with_capacity(all.len());
        for (iri, one) in all {
            let done = sqlx::query(
                "INSERT INTO confirmations (record, at, version, author, note) \
                 SELECT record, ?, ?, ?, ? FROM heads WHERE iri = ? ON CONFLICT (record, at) DO NOTHING",
            )
            .bind(one.at.as_microsecond())
            .bind(signed(one.version))
            .bind(&one.author)
            .bind(&one.note)
            .bind(iri)
            .execute(&mut *transaction)
            .await?;
            let detail = json!({ "version": one.version });
            let is_done = done.rows_affected() > 0;
            told.extend(
                is_done.then(|| {
                    NewEvent::new(one.at, &one.author, Deed::RecordConfirmed, iri, detail)
                }),
            );
        }
        let count = told.len();
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(count)
    }

    /// Takes back what an author found still correct at a time.
    pub async fn take_back_confirmations(
        &self,
        records: &[String],
        author: &str,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        for iri in records {
            sqlx::query(
                "DELETE FROM confirmations WHERE record = (SELECT record FROM heads WHERE iri = ?) \
                 AND author = ? AND at = ?",
            )
            .bind(iri)
            .bind(author)
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// When a record was found still correct, the newest first.
    pub async fn confirmations(
        &self,
        iri: &str,
        limit: usize,
    ) -> Result<Vec<Confirmation>, LedgerError> {
        let rows = sqlx::query(
            "SELECT c.version, c.author, c.note, c.at FROM confirmations c \
             WHERE c.record = (SELECT record FROM heads WHERE iri = ?) ORDER BY c.at DESC LIMIT ?",
        )
        .bind(iri)
        .bind(rows_max(limit))
        .fetch_all(&self.readers)
        .await?;
        collect(&rows, |row| {
            Ok(Confirmation {
                version: number(row.try_get(0)?)?,
                author: row.try_get(1)?,
                note: row.try_get(2)?,
                at: time(row.try_get(3)?)?,
            })
        })
    }

    /// Public records that were neither published nor found still correct since a time, the longest first, from
    /// after this place (time of publication and number of the record).
    pub async fn due_for_check(
        &self,
        since: Timestamp,
        after: (Timestamp, i64),
        limit: usize,
    ) -> Result<Vec<Due>, LedgerError> {
        let text = format!(
            "SELECT {HEAD}, \
             COALESCE((SELECT MAX(c.at) FROM confirmations c WHERE c.record = heads.record), 0) AS confirmed \
             FROM heads WHERE public_version IS NOT NULL AND published_at <= ? AND (published_at, record) > (?, ?) \
             AND NOT EXISTS (SELECT 1 FROM confirmations c WHERE c.record = heads.record AND c.at > ?) \
             ORDER BY published_at, record LIMIT ?"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(text))
            .bind(since.as_microsecond())
            .bind(after.0.as_microsecond())
            .bind(after.1)
            .bind(since.as_microsecond())
            .bind(rows_max(limit))
            .fetch_all(&self.readers)
            .await?;
        collect(&rows, |row| {
            let head = head(row)?;
            let confirmed: i64 = row.try_get("confirmed")?;
            let published = head
                .public
                .as_ref()
                .map_or(0, |face| face.published_at.as_microsecond());
            let since = time(published.max(confirmed))?;
            Ok(Due { head, since })
        })
    }
}
