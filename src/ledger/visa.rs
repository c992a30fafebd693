//! Which datasets may a person use, as verified visas said?

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Ledger;
use super::account::AccountId;
use super::error::LedgerError;
use super::sqlite::{begin, time};

/// Visas that are kept of one person.
pub const VISAS_PER_ACCOUNT_MAX: usize = 500;

/// A grant of access to a dataset (GA4GH `ControlledAccessGrants`), verified when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visa {
    /// Who signed it.
    pub issuer: String,
    /// The IRI of the dataset.
    pub dataset: String,
    /// The organisation that granted it.
    pub source: String,
    /// In which capacity: `dac`, `so`, `system`, `peer` or `self`.
    pub by: String,
    pub asserted_at: Timestamp,
    /// From then on it says nothing.
    pub expires_at: Timestamp,
}

const VISA: &str =
    "SELECT issuer, dataset, source, asserted_by, asserted_at, expires_at FROM visas";

impl Ledger {
    /// The visas that a provider brought for a person, in place of those that it brought before; at most
    /// [`VISAS_PER_ACCOUNT_MAX`].
    pub async fn put_visas(
        &self,
        account: &AccountId,
        provider: &str,
        visas: &[Visa],
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        sqlx::query("DELETE FROM visas WHERE account = ? AND provider = ?")
            .bind(&account.0)
            .bind(provider)
            .execute(&mut *transaction)
            .await?;
        for visa in visas.iter().take(VISAS_PER_ACCOUNT_MAX) {
            sqlx::query(
                "INSERT OR REPLACE INTO visas \
                 (account, provider, issuer, dataset, source, asserted_by, asserted_at, expires_at) \
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )
            .bind(&account.0)
            .bind(provider)
            .bind(&visa.issuer)
            .bind(&visa.dataset)
            .bind(&visa.source)
            .bind(&visa.by)
            .bind(visa.asserted_at.as_microsecond())
            .bind(visa.expires_at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The visas of a person that hold now.
    pub async fn visas(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<Visa>, LedgerError> {
        let select = format!(
            "{VISA} WHERE account = ? AND expires_at > ? ORDER BY dataset, expires_at DESC \
             LIMIT {VISAS_PER_ACCOUNT_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(&account.0)
            .bind(now.as_microsecond())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(visa).collect()
    }
}

fn visa(row: &SqliteRow) -> Result<Visa, LedgerError> {
    Ok(Visa {
        issuer: row.try_get(0)?,
        dataset: row.try_get(1)?,
        source: row.try_get(2)?,
        by: row.try_get(3)?,
        asserted_at: time(row.try_get(4)?)?,
        expires_at: time(row.try_get(5)?)?,
    })
}
