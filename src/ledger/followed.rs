//! What does the ledger tell those who follow every public change: where each stands, what it holds, and everything at once?

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, Transaction};

use super::Ledger;
use super::change::PublicChange;
use super::error::LedgerError;
use super::read::{PUBLIC_CHANGE, PUBLIC_NOW, PUT, collect, public_changes, rows_max};
use super::sqlite::{number, signed, time};

/// The parent of a mark is told by its number, so that no follower has to know addresses.
const MARKS: &str = "SELECT c.sequence, c.record, c.effect, c.at, p.record, h.kind \
     FROM changes c INDEXED BY changes_public \
     JOIN heads h ON h.record = c.record LEFT JOIN heads p ON p.iri = c.parent \
     WHERE c.effect <> 0 AND c.sequence > ";

/// A change of what the public sees, without its graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicMark {
    pub sequence: u64,
    pub record: i64,
    pub kind: String,
    pub parent: Option<i64>,
    pub at: Timestamp,
    /// Whether there is a graph from now on, or none any longer.
    pub is_put: bool,
}

impl Ledger {
    /// What happened after `sequence`, in order, without the graphs.
    pub async fn public_marks_since(
        &self,
        sequence: u64,
        limit: usize,
    ) -> Result<Vec<PublicMark>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(MARKS);
        query
            .push_bind(signed(sequence))
            .push(" ORDER BY c.sequence LIMIT ")
            .push(rows_max(limit));
        collect(&query.build().fetch_all(&self.readers).await?, mark)
    }

    /// The public changes of these sequence numbers, in order.
    pub async fn public_changes_at(
        &self,
        sequences: &[u64],
    ) -> Result<Vec<PublicChange>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(PUBLIC_CHANGE);
        query.push(" WHERE c.effect <> 0 AND c.sequence");
        push_numbers(&mut query, sequences.iter().map(|one| signed(*one)));
        query.push(" ORDER BY c.sequence");
        public_changes(query.build().fetch_all(&self.readers).await?).await
    }

    /// What is public now of the records of these numbers, in order of creation.
    pub async fn public_records(&self, records: &[i64]) -> Result<Vec<PublicChange>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(PUBLIC_NOW);
        query.push(" AND h.record");
        push_numbers(&mut query, records.iter().copied());
        query.push(" ORDER BY h.record");
        public_changes(query.build().fetch_all(&self.readers).await?).await
    }

    /// Everything public as it is at this moment, however long the reading takes. It keeps one of the
    /// connections that read until it is dropped.
    pub async fn public_snapshot(&self) -> Result<PublicSnapshot, LedgerError> {
        let mut transaction = self.readers.begin().await?;
        // The first look fixes what the transaction sees.
        let last: Option<i64> =
            sqlx::query_scalar("SELECT MAX(sequence) FROM changes WHERE effect <> 0")
                .fetch_one(&mut *transaction)
                .await?;
        Ok(PublicSnapshot {
            transaction,
            sequence: number(last.unwrap_or(0))?,
            reached: 0,
        })
    }
}

/// See [`Ledger::public_snapshot`].
pub struct PublicSnapshot {
    transaction: Transaction<'static, Sqlite>,
    sequence: u64,
    /// The last record that was given.
    reached: i64,
}

impl PublicSnapshot {
    /// The newest change that is in it.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// The next records in order of creation; none at the end.
    pub async fn next(&mut self, limit: usize) -> Result<Vec<PublicChange>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(PUBLIC_NOW);
        query
            .push(" AND h.record > ")
            .push_bind(self.reached)
            .push(" ORDER BY h.record LIMIT ")
            .push_bind(rows_max(limit));
        let rows = query.build().fetch_all(&mut *self.transaction).await?;
        let changes = public_changes(rows).await?;
        self.reached = changes.last().map_or(self.reached, |last| last.record);
        Ok(changes)
    }
}

fn push_numbers(query: &mut QueryBuilder<Sqlite>, numbers: impl Iterator<Item = i64>) {
    query.push(" IN (");
    let mut list = query.separated(", ");
    for one in numbers {
        list.push_bind(one);
    }
    query.push(")");
}

fn mark(row: &SqliteRow) -> Result<PublicMark, LedgerError> {
    Ok(PublicMark {
        sequence: number(row.try_get(0)?)?,
        record: row.try_get(1)?,
        is_put: row.try_get::<i64, _>(2)? == PUT,
        at: time(row.try_get(3)?)?,
        parent: row.try_get(4)?,
        kind: row.try_get(5)?,
    })
}
