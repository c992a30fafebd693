//! Which small documents does the server keep beside its records? JSON on shelves, by name; in no projection.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Ledger;
use super::error::LedgerError;
use super::sqlite::{begin, time};

/// The longest document.
pub const PAPER_BYTES_MAX: usize = 4 << 20;

/// What is kept on one shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    SavedQueries,
    MetadataSchemas,
    IndexEntries,
    /// The root records of the entries.
    IndexRoots,
    /// What stands below them.
    IndexRecords,
}

impl Shelf {
    fn name(self) -> &'static str {
        match self {
            Self::SavedQueries => "saved query",
            Self::MetadataSchemas => "metadata schema",
            Self::IndexEntries => "index entry",
            Self::IndexRoots => "index root",
            Self::IndexRecords => "index records",
        }
    }

    /// How many documents a shelf holds.
    fn papers_max(self) -> usize {
        match self {
            Self::SavedQueries => 5_000,
            Self::MetadataSchemas => 500,
            Self::IndexEntries | Self::IndexRoots | Self::IndexRecords => 2_000,
        }
    }
}

/// A document on a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub id: String,
    /// JSON.
    pub content: String,
    pub changed_at: Timestamp,
}

impl Ledger {
    /// Puts a document on a shelf, over the one of the same name.
    pub async fn put_paper(
        &self,
        shelf: Shelf,
        id: &str,
        content: &str,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        too_much("bytes of one document", content.len(), PAPER_BYTES_MAX)?;
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let others: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM papers WHERE shelf = ? AND id <> ?")
                .bind(shelf.name())
                .bind(id)
                .fetch_one(&mut *transaction)
                .await?;
        let given = usize::try_from(others)
            .unwrap_or(usize::MAX)
            .saturating_add(1);
        too_much(shelf.name(), given, shelf.papers_max())?;
        sqlx::query(
            "INSERT INTO papers (shelf, id, content, changed_at) VALUES (?, ?, ?, ?) \
             ON CONFLICT (shelf, id) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at",
        )
        .bind(shelf.name())
        .bind(id)
        .bind(content)
        .bind(at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// A document by its name.
    pub async fn paper(&self, shelf: Shelf, id: &str) -> Result<Option<Paper>, LedgerError> {
        let row =
            sqlx::query("SELECT id, content, changed_at FROM papers WHERE shelf = ? AND id = ?")
                .bind(shelf.name())
                .bind(id)
                .fetch_optional(&self.readers)
                .await?;
        row.as_ref().map(paper).transpose()
    }

    /// All documents of a shelf, by name.
    pub async fn papers(&self, shelf: Shelf) -> Result<Vec<Paper>, LedgerError> {
        let rows = sqlx::query(
            "SELECT id, content, changed_at FROM papers WHERE shelf = ? ORDER BY id LIMIT ?",
        )
        .bind(shelf.name())
        .bind(i64::try_from(shelf.papers_max()).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(paper).collect()
    }

    /// Takes a document away. False when there is none.
    pub async fn remove_paper(&self, shelf: Shelf, id: &str) -> Result<bool, LedgerError> {
        let done = sqlx::query("DELETE FROM papers WHERE shelf = ? AND id = ?")
            .bind(shelf.name())
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}

fn too_much(what: &'static str, given: usize, max: usize) -> Result<(), LedgerError> {
    if given > max {
        Err(LedgerError::TooMuch { what, given, max })
    } else {
        Ok(())
    }
}

fn paper(row: &SqliteRow) -> Result<Paper, LedgerError> {
    Ok(Paper {
        id: row.try_get(0)?,
        content: row.try_get(1)?,
        changed_at: time(row.try_get(2)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_paper_is_kept_under_its_name_and_taken_away() {
        let ledger = Ledger::in_memory().await.unwrap();
        let at = Timestamp::from_second(7).unwrap();
        let put = |id: &'static str, content: &'static str| {
            let ledger = ledger.clone();
            async move { ledger.put_paper(Shelf::SavedQueries, id, content, at).await }
        };
        put("b", "1").await.unwrap();
        put("a", "2").await.unwrap();
        put("b", "3").await.unwrap();
        let all = ledger.papers(Shelf::SavedQueries).await.unwrap();
        let read: Vec<_> = all
            .iter()
            .map(|p| (p.id.as_str(), p.content.as_str()))
            .collect();
        assert_eq!(read, [("a", "2"), ("b", "3")]);
        assert_eq!(ledger.papers(Shelf::IndexEntries).await.unwrap(), []);
        assert!(ledger.remove_paper(Shelf::SavedQueries, "a").await.unwrap());
        assert!(!ledger.remove_paper(Shelf::SavedQueries, "a").await.unwrap());
        let long = "x".repeat(PAPER_BYTES_MAX + 1);
        let refused = ledger.put_paper(Shelf::SavedQueries, "c", &long, at).await;
        assert!(matches!(refused, Err(LedgerError::TooMuch { .. })));
    }
}
