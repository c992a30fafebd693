//! What are people writing right now? Working copies of records, kept keystroke by keystroke, and their templates.

use jiff::Timestamp;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Ledger;
use super::account::AccountId;
use super::error::LedgerError;
use super::sqlite::{begin, number, signed, time};

/// Working copies that one person may have at one time.
pub const WORKING_COPIES_MAX: i64 = 200;
/// The largest working copy, in bytes before it is compressed.
pub const WORKING_BYTES_MAX: usize = 1 << 20;
/// Templates that one person may have.
pub const TEMPLATES_MAX: i64 = 50;
/// People who are told to write the same record.
const WRITERS_MAX: i64 = 20;
const COMPRESSION: i32 = 3;

/// A working copy as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingCopy {
    pub owner: String,
    pub path: String,
    pub kind: String,
    pub title: Option<String>,
    pub base: u64,
    pub sequence: u64,
    pub client: String,
    pub turn: u64,
    /// Empty in lists.
    pub content: String,
    pub changed_at: Timestamp,
}

/// What a window wants kept.
#[derive(Clone, Debug)]
pub struct NewWorkingCopy {
    pub owner: String,
    pub account: Option<AccountId>,
    pub path: String,
    pub kind: String,
    pub title: Option<String>,
    pub base: u64,
    /// The last number that the window has seen; 0 when it has seen none.
    pub seen: u64,
    pub client: String,
    /// Counts up with each try of the window.
    pub turn: u64,
    pub content: String,
    pub at: Timestamp,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// It is on disk, under this number.
    Kept(u64),
    /// The same window had sent something newer before this came: that stays.
    Overtaken(u64),
    /// Another window has written since: this is what stands.
    Stale(Box<WorkingCopy>),
    /// There are as many copies, or as large a one, as there may be.
    TooMuch,
}

/// Somebody who has a working copy of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Writer {
    pub owner: String,
    pub account: Option<AccountId>,
    pub changed_at: Timestamp,
}

/// Usual values under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pub name: String,
    pub kind: String,
    pub content: String,
}

const COPY: &str = "SELECT owner, path, kind, title, base, sequence, client, turn, changed_at";

impl Ledger {
    /// Keeps what a window has, unless another window wrote since it looked. When this answers it is on disk.
    pub async fn keep_working_copy(&self, new: NewWorkingCopy) -> Result<Keeping, LedgerError> {
        if new.content.len() > WORKING_BYTES_MAX {
            return Ok(Keeping::TooMuch);
        }
        let packed = packed(&new.content)?;
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{COPY}, content FROM working_copies WHERE owner = ? AND path = ?"
        )))
        .bind(&new.owner)
        .bind(&new.path)
        .fetch_optional(&mut *transaction)
        .await?;
        let stands = row.as_ref().map(copy).transpose()?;
        let next = match &stands {
            Some(copy) if copy.client == new.client && new.turn <= copy.turn => {
                return Ok(Keeping::Overtaken(copy.sequence));
            }
            Some(copy) if copy.client == new.client || copy.sequence == new.seen => {
                copy.sequence + 1
            }
            Some(copy) => return Ok(Keeping::Stale(Box::new(copy.clone()))),
            None => new.seen + 1,
        };
        if stands.is_none() {
            let count: i64 =
                sqlx::query_scalar("SELECT COUNT(*) FROM working_copies WHERE owner = ?")
                    .bind(&new.owner)
                    .fetch_one(&mut *transaction)
                    .await?;
            if count >= WORKING_COPIES_MAX {
                return Ok(Keeping::TooMuch);
            }
        }
        sqlx::query(
            "INSERT INTO working_copies (owner, path, account, kind, title, base, sequence, client, turn, content, \
             changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (owner, path) DO UPDATE SET \
             kind = excluded.kind, title = excluded.title, base = excluded.base, sequence = excluded.sequence, \
             client = excluded.client, turn = excluded.turn, content = excluded.content, \
             changed_at = excluded.changed_at",
        )
        .bind(new.owner)
        .bind(new.path)
        .bind(new.account.map(|account| account.0))
        .bind(new.kind)
        .bind(new.title)
        .bind(signed(new.base))
        .bind(signed(next))
        .bind(new.client)
        .bind(signed(new.turn))
        .bind(packed)
        .bind(new.at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Keeping::Kept(next))
    }

    /// Somebody's working copy of the record at a path.
    pub async fn working_copy(
        &self,
        owner: &str,
        path: &str,
    ) -> Result<Option<WorkingCopy>, LedgerError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{COPY}, content FROM working_copies WHERE owner = ? AND path = ?"
        )))
        .bind(owner)
        .bind(path)
        .fetch_optional(&self.readers)
        .await?;
        row.as_ref().map(copy).transpose()
    }

    /// Somebody's working copies, the newest first, without what is in them.
    pub async fn working_copies(&self, owner: &str) -> Result<Vec<WorkingCopy>, LedgerError> {
        let select = format!(
            "{COPY}, NULL FROM working_copies WHERE owner = ? ORDER BY changed_at DESC LIMIT {WORKING_COPIES_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(owner)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(copy).collect()
    }

    /// Who else has written the record at a path since a time.
    pub async fn writers_of(
        &self,
        path: &str,
        since: Timestamp,
        except: &str,
    ) -> Result<Vec<Writer>, LedgerError> {
        let rows = sqlx::query(
            "SELECT owner, account, changed_at FROM working_copies WHERE path = ? AND changed_at >= ? AND owner <> ? \
             ORDER BY changed_at DESC LIMIT ?",
        )
        .bind(path)
        .bind(since.as_microsecond())
        .bind(except)
        .bind(WRITERS_MAX)
        .fetch_all(&self.readers)
        .await?;
        let writer = |row: &SqliteRow| {
            Ok(Writer {
                owner: row.try_get(0)?,
                account: row.try_get::<Option<String>, _>(1)?.map(AccountId),
                changed_at: time(row.try_get(2)?)?,
            })
        };
        rows.iter().map(writer).collect()
    }

    /// Forgets a working copy as far as a window has seen it or written it itself; what another window wrote since
    /// stays. False when it stays.
    pub async fn drop_working_copy(
        &self,
        owner: &str,
        path: &str,
        sequence: u64,
        client: &str,
    ) -> Result<bool, LedgerError> {
        let done = sqlx::query(
            "DELETE FROM working_copies WHERE owner = ? AND path = ? AND (sequence <= ? OR client = ?)",
        )
        .bind(owner)
        .bind(path)
        .bind(signed(sequence))
        .bind(client)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Keeps usual values under a name. False when there are as many as there may be.
    pub async fn keep_template(
        &self,
        owner: &str,
        account: Option<AccountId>,
        template: &Template,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        if template.content.len() > WORKING_BYTES_MAX {
            return Ok(false);
        }
        let done = sqlx::query(
            "INSERT INTO form_templates (owner, name, account, kind, content, changed_at) SELECT ?, ?, ?, ?, ?, ? \
             WHERE (SELECT COUNT(*) FROM form_templates WHERE owner = ? AND name <> ?) < ? \
             ON CONFLICT (owner, name) DO UPDATE SET kind = excluded.kind, content = excluded.content, \
             changed_at = excluded.changed_at",
        )
        .bind(owner)
        .bind(&template.name)
        .bind(account.map(|account| account.0))
        .bind(&template.kind)
        .bind(packed(&template.content)?)
        .bind(at.as_microsecond())
        .bind(owner)
        .bind(&template.name)
        .bind(TEMPLATES_MAX)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Somebody's templates, by name.
    pub async fn templates(&self, owner: &str) -> Result<Vec<Template>, LedgerError> {
        let rows = sqlx::query(
            "SELECT name, kind, content FROM form_templates WHERE owner = ? ORDER BY name LIMIT ?",
        )
        .bind(owner)
        .bind(TEMPLATES_MAX)
        .fetch_all(&self.readers)
        .await?;
        let template = |row: &SqliteRow| {
            Ok(Template {
                name: row.try_get(0)?,
                kind: row.try_get(1)?,
                content: unpacked(row.try_get(2)?)?,
            })
        };
        rows.iter().map(template).collect()
    }

    /// Forgets a template.
    pub async fn drop_template(&self, owner: &str, name: &str) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM form_templates WHERE owner = ? AND name = ?")
            .bind(owner)
            .bind(name)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

fn copy(row: &SqliteRow) -> Result<WorkingCopy, LedgerError> {
    let content: Option<&[u8]> = row.try_get(9)?;
    Ok(WorkingCopy {
        owner: row.try_get(0)?,
        path: row.try_get(1)?,
        kind: row.try_get(2)?,
        title: row.try_get(3)?,
        base: number(row.try_get(4)?)?,
        sequence: number(row.try_get(5)?)?,
        client: row.try_get(6)?,
        turn: number(row.try_get(7)?)?,
        changed_at: time(row.try_get(8)?)?,
        content: content.map(unpacked).transpose()?.unwrap_or_default(),
    })
}

const DAMAGED: LedgerError = LedgerError::Damaged {
    what: "working copy",
};

fn packed(text: &str) -> Result<Vec<u8>, LedgerError> {
    zstd::bulk::compress(text.as_bytes(), COMPRESSION).map_err(|_| DAMAGED)
}

fn unpacked(bytes: &[u8]) -> Result<String, LedgerError> {
    let text = zstd::bulk::decompress(bytes, WORKING_BYTES_MAX).map_err(|_| DAMAGED)?;
    String::from_utf8(text).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copy_of(client: &str, turn: u64, seen: u64, content: &str) -> NewWorkingCopy {
        NewWorkingCopy {
            owner: "ada".into(),
            account: None,
            path: "/dataset/a".into(),
            kind: "dataset".into(),
            title: None,
            base: 0,
            seen,
            client: client.into(),
            turn,
            content: content.into(),
            at: Timestamp::from_second(1).unwrap(),
        }
    }

    #[tokio::test]
    async fn a_window_that_has_not_seen_the_last_keystroke_overwrites_nothing() {
        let ledger = Ledger::in_memory().await.unwrap();
        let keep = |copy| ledger.keep_working_copy(copy);
        assert_eq!(
            keep(copy_of("one", 1, 0, "a")).await.unwrap(),
            Keeping::Kept(1)
        );
        assert_eq!(
            keep(copy_of("one", 2, 1, "ab")).await.unwrap(),
            Keeping::Kept(2)
        );
        // The answer was lost: the window tries again with more.
        assert_eq!(
            keep(copy_of("one", 3, 1, "abc")).await.unwrap(),
            Keeping::Kept(3)
        );
        // What was sent before and came late.
        assert_eq!(
            keep(copy_of("one", 2, 1, "ab")).await.unwrap(),
            Keeping::Overtaken(3)
        );
        let Keeping::Stale(stands) = keep(copy_of("two", 1, 2, "x")).await.unwrap() else {
            panic!("overwritten")
        };
        assert_eq!(stands.content, "abc");
        assert_eq!(
            keep(copy_of("two", 2, 3, "y")).await.unwrap(),
            Keeping::Kept(4)
        );
        let Keeping::Stale(stands) = keep(copy_of("one", 4, 3, "abcd")).await.unwrap() else {
            panic!("overwritten")
        };
        assert_eq!(stands.content, "y");
        assert!(
            !ledger
                .drop_working_copy("ada", "/dataset/a", 3, "one")
                .await
                .unwrap()
        );
        assert!(
            ledger
                .drop_working_copy("ada", "/dataset/a", 4, "one")
                .await
                .unwrap()
        );
        assert_eq!(
            ledger.working_copy("ada", "/dataset/a").await.unwrap(),
            None
        );
    }

    #[tokio::test]
    async fn copies_and_templates_have_bounds() {
        let ledger = Ledger::in_memory().await.unwrap();
        let long = "x".repeat(WORKING_BYTES_MAX + 1);
        let kept = ledger.keep_working_copy(copy_of("one", 1, 0, &long)).await;
        assert_eq!(kept.unwrap(), Keeping::TooMuch);
        for n in 0..=WORKING_COPIES_MAX {
            let copy = NewWorkingCopy {
                path: format!("/dataset/{n}"),
                ..copy_of("one", 1, 0, "a")
            };
            let kept = ledger.keep_working_copy(copy).await.unwrap();
            assert_eq!(kept == Keeping::TooMuch, n == WORKING_COPIES_MAX);
        }
        let template = |name: String| Template {
            name,
            kind: "dataset".into(),
            content: "a".into(),
        };
        let at = Timestamp::from_second(1).unwrap();
        for n in 0..=TEMPLATES_MAX {
            let kept = ledger
                .keep_template("ada", None, &template(n.to_string()), at)
                .await;
            assert_eq!(kept.unwrap(), n < TEMPLATES_MAX);
        }
        assert!(
            ledger
                .keep_template("ada", None, &template("3".into()), at)
                .await
                .unwrap()
        );
    }
}
