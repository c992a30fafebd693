//! What were people told, what do they want to be told, and how far is the telling?

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::account::AccountId;
use super::error::LedgerError;
use super::event::{EventKind, Happening};
use super::sqlite::{begin, number, signed, time};
use super::webhook::NewDelivery;
use super::{Ledger, ROWS_MAX};

/// Notices that are kept for one account; beyond this the oldest are forgotten.
pub const NOTICES_PER_ACCOUNT_MAX: i64 = 2_000;

/// Subscriptions that one account may have.
pub const SUBSCRIPTIONS_PER_ACCOUNT_MAX: i64 = 100;

/// Subscriptions that are followed, of all people together.
pub const SUBSCRIPTIONS_MAX: usize = 10_000;

/// How a notice reaches somebody by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mailing {
    AtOnce,
    Daily,
}

impl Mailing {
    /// The word for it, as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
        }
    }
}

/// A happening that somebody is to be told.
#[derive(Clone, Debug)]
pub struct NewNotice {
    pub account: AccountId,
    pub happening: Happening,
    /// Why they are told: the topic that they follow.
    pub topic: String,
    pub in_area: bool,
    pub mail: Option<Mailing>,
}

/// What somebody was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: i64,
    pub kind: EventKind,
    pub iri: String,
    pub record_kind: String,
    pub path: String,
    pub title: Option<String>,
    pub author: String,
    pub words: Option<String>,
    pub topic: String,
    /// Whether everybody may know of it.
    pub is_public: bool,
    pub at: Timestamp,
    pub read_at: Option<Timestamp>,
}

/// What a follower has made of some happenings; written together with how far it has come.
#[derive(Clone, Debug)]
pub struct Step {
    pub follower: &'static str,
    pub reached: u64,
    pub notices: Vec<NewNotice>,
    pub deliveries: Vec<NewDelivery>,
}

/// What somebody wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub id: String,
    pub account: AccountId,
    pub topic: String,
    pub value: String,
}

/// How somebody is spoken to, and when they got mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    pub language: String,
    pub mailed_at: Option<Timestamp>,
    pub digest_at: Option<Timestamp>,
}

const NOTICE: &str = "SELECT n.id, n.kind, h.iri, h.kind, h.path, n.title, n.author, n.words, n.topic, n.is_public, \
     n.at, n.read_at FROM notices n JOIN heads h ON h.record = n.record WHERE n.account = ";

impl Ledger {
    /// How far a follower has come; `None` for one that has not begun.
    pub async fn reached(&self, follower: &str) -> Result<Option<u64>, LedgerError> {
        let reached: Option<i64> =
            sqlx::query_scalar("SELECT reached FROM followers WHERE name = ?")
                .bind(follower)
                .fetch_optional(&self.readers)
                .await?;
        reached.map(number).transpose()
    }

    /// Writes what a follower has made, and how far it has come, together or not at all. What was told or queued
    /// before is not told again.
    pub async fn advance(&self, step: Step) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        for notice in &step.notices {
            insert_notice(&mut transaction, notice).await?;
        }
        for delivery in &step.deliveries {
            super::webhook::insert_delivery(&mut transaction, delivery).await?;
        }
        let mut accounts: Vec<&str> = step
            .notices
            .iter()
            .map(|notice| notice.account.0.as_str())
            .collect();
        accounts.sort_unstable();
        accounts.dedup();
        for account in accounts {
            sqlx::query(
                "DELETE FROM notices WHERE account = ? AND id <= \
                 (SELECT id FROM notices WHERE account = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
            )
            .bind(account)
            .bind(account)
            .bind(NOTICES_PER_ACCOUNT_MAX)
            .execute(&mut *transaction)
            .await?;
        }
        sqlx::query(
            "INSERT INTO followers (name, reached) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET reached = MAX(reached, excluded.reached)",
        )
        .bind(step.follower)
        .bind(signed(step.reached))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        if !step.deliveries.is_empty() {
            self.queued.notify_one();
        }
        Ok(())
    }

    /// The notices in the area of an account, the newest first, from before the one of this number.
    pub async fn notices(
        &self,
        account: &AccountId,
        unread_only: bool,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Notice>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(NOTICE);
        query
            .push_bind(account.0.clone())
            .push(" AND n.in_area = 1");
        if unread_only {
            query.push(" AND n.read_at IS NULL");
        }
        if let Some(before) = before {
            query.push(" AND n.id < ").push_bind(before);
        }
        query
            .push(" ORDER BY n.id DESC LIMIT ")
            .push_bind(rows(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(notice).collect()
    }

    /// How many notices in the area of an account are not read.
    pub async fn count_unread(&self, account: &AccountId) -> Result<u64, LedgerError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM notices WHERE account = ? AND in_area = 1 AND read_at IS NULL",
        )
        .bind(&account.0)
        .fetch_one(&self.readers)
        .await?;
        number(count)
    }

    /// Marks a notice of an account, or all up to one, as read or as not read.
    pub async fn mark(
        &self,
        account: &AccountId,
        which: Marked,
        read_at: Option<Timestamp>,
    ) -> Result<u64, LedgerError> {
        let (id, sql) = match which {
            Marked::One(id) => (
                id,
                "UPDATE notices SET read_at = ? WHERE account = ? AND id = ?",
            ),
            Marked::UpTo(id) => (
                id,
                "UPDATE notices SET read_at = COALESCE(read_at, ?) WHERE account = ? AND id <= ? AND in_area = 1",
            ),
        };
        let done = sqlx::query(sql)
            .bind(read_at.map(Timestamp::as_microsecond))
            .bind(&account.0)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected())
    }

    /// What an account has chosen: bits of ways for each kind that is not left as it is usual.
    pub async fn choices(&self, account: &AccountId) -> Result<Vec<(EventKind, u8)>, LedgerError> {
        let rows = sqlx::query("SELECT kind, ways FROM choices WHERE account = ?")
            .bind(&account.0)
            .fetch_all(&self.readers)
            .await?;
        let known = |row: &SqliteRow| -> Result<Option<(EventKind, u8)>, LedgerError> {
            let kind = EventKind::from_word(row.try_get(0)?);
            let ways = u8::try_from(row.try_get::<i64, _>(1)?).unwrap_or_default();
            Ok(kind.map(|kind| (kind, ways)))
        };
        let read: Result<Vec<_>, _> = rows.iter().map(known).collect();
        Ok(read?.into_iter().flatten().collect())
    }

    /// Replaces what an account has chosen for these kinds, and in which language it is spoken to.
    pub async fn choose(
        &self,
        account: &AccountId,
        language: Option<&str>,
        choices: &[(EventKind, u8)],
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        for (kind, ways) in choices {
            sqlx::query(
                "INSERT INTO choices (account, kind, ways) VALUES (?, ?, ?) \
                 ON CONFLICT (account, kind) DO UPDATE SET ways = excluded.ways",
            )
            .bind(&account.0)
            .bind(kind.as_str())
            .bind(i64::from(*ways))
            .execute(&mut *transaction)
            .await?;
        }
        if let Some(language) = language {
            sqlx::query(
                "INSERT INTO addressees (account, language) VALUES (?, ?) \
                 ON CONFLICT (account) DO UPDATE SET language = excluded.language",
            )
            .bind(&account.0)
            .bind(language)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Remembers the language of somebody whose language is not known yet.
    pub async fn greet(&self, account: &AccountId, language: &str) -> Result<(), LedgerError> {
        if self.addressee(account).await?.is_some() {
            return Ok(());
        }
        sqlx::query(
            "INSERT INTO addressees (account, language) SELECT id, ? FROM accounts WHERE id = ? \
             ON CONFLICT (account) DO NOTHING",
        )
        .bind(language)
        .bind(&account.0)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// How an account is spoken to.
    pub async fn addressee(&self, account: &AccountId) -> Result<Option<Addressee>, LedgerError> {
        let row =
            sqlx::query("SELECT language, mailed_at, digest_at FROM addressees WHERE account = ?")
                .bind(&account.0)
                .fetch_optional(&self.readers)
                .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Addressee {
            language: row.try_get(0)?,
            mailed_at: optional_time(&row, 1)?,
            digest_at: optional_time(&row, 2)?,
        }))
    }

    /// What an account follows, the oldest first.
    pub async fn subscriptions(
        &self,
        account: &AccountId,
    ) -> Result<Vec<Subscription>, LedgerError> {
        let rows = sqlx::query(
            "SELECT id, account, topic, value FROM subscriptions WHERE account = ? ORDER BY created_at, id LIMIT ?",
        )
        .bind(&account.0)
        .bind(SUBSCRIPTIONS_PER_ACCOUNT_MAX)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(subscription).collect()
    }

    /// What everybody follows; at most [`SUBSCRIPTIONS_MAX`], the oldest first.
    pub async fn all_subscriptions(&self) -> Result<Vec<Subscription>, LedgerError> {
        let rows = sqlx::query(
            "SELECT id, account, topic, value FROM subscriptions ORDER BY created_at, id LIMIT ?",
        )
        .bind(rows(SUBSCRIPTIONS_MAX))
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(subscription).collect()
    }

    /// Adds what an account follows. False when it has as many as it may have; twice the same is once.
    pub async fn subscribe_to(
        &self,
        wanted: &Subscription,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM subscriptions WHERE account = ?")
            .bind(&wanted.account.0)
            .fetch_one(&mut *transaction)
            .await?;
        if count >= SUBSCRIPTIONS_PER_ACCOUNT_MAX {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO subscriptions (id, account, topic, value, created_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (account, topic, value) DO NOTHING",
        )
        .bind(&wanted.id)
        .bind(&wanted.account.0)
        .bind(&wanted.topic)
        .bind(&wanted.value)
        .bind(at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Ends what an account follows. False when there is none of this name.
    pub async fn unsubscribe_from(
        &self,
        account: &AccountId,
        id: &str,
    ) -> Result<bool, LedgerError> {
        let done = sqlx::query("DELETE FROM subscriptions WHERE account = ? AND id = ?")
            .bind(&account.0)
            .bind(id)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Every account, in the order of their names, from after one.
    pub async fn account_ids(
        &self,
        after: &str,
        limit: usize,
    ) -> Result<Vec<AccountId>, LedgerError> {
        let ids: Vec<String> =
            sqlx::query_scalar("SELECT id FROM accounts WHERE id > ? ORDER BY id LIMIT ?")
                .bind(after)
                .bind(rows(limit))
                .fetch_all(&self.readers)
                .await?;
        Ok(ids.into_iter().map(AccountId).collect())
    }

    /// Accounts for which mail of a sort waits, from after one.
    pub async fn mail_waits_for(
        &self,
        mailing: Mailing,
        after: &str,
        limit: usize,
    ) -> Result<Vec<AccountId>, LedgerError> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT account FROM notices WHERE mail = ? AND account > ? ORDER BY account LIMIT ?",
        )
        .bind(mailing.as_str())
        .bind(after)
        .bind(rows(limit))
        .fetch_all(&self.readers)
        .await?;
        Ok(ids.into_iter().map(AccountId).collect())
    }

    /// The notices that wait to be mailed to an account, the oldest first.
    pub async fn to_mail(
        &self,
        account: &AccountId,
        mailing: Mailing,
        limit: usize,
    ) -> Result<Vec<Notice>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(NOTICE);
        query.push_bind(account.0.clone());
        query.push(" AND n.mail = ").push_bind(mailing.as_str());
        query.push(" ORDER BY n.id LIMIT ").push_bind(rows(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(notice).collect()
    }

    /// Takes the mail of a sort up to a notice as done, and notes when that was if a letter was sent.
    pub async fn mailed(
        &self,
        account: &AccountId,
        mailing: Mailing,
        up_to: i64,
        sent_at: Option<Timestamp>,
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        sqlx::query("UPDATE notices SET mail = NULL WHERE account = ? AND mail = ? AND id <= ?")
            .bind(&account.0)
            .bind(mailing.as_str())
            .bind(up_to)
            .execute(&mut *transaction)
            .await?;
        if let Some(at) = sent_at {
            let digest = (mailing == Mailing::Daily).then(|| at.as_microsecond());
            sqlx::query(
                "INSERT INTO addressees (account, language, mailed_at, digest_at) VALUES (?, 'en', ?, ?) \
                 ON CONFLICT (account) DO UPDATE SET mailed_at = excluded.mailed_at, \
                 digest_at = COALESCE(excluded.digest_at, digest_at)",
            )
            .bind(&account.0)
            .bind(at.as_microsecond())
            .bind(digest)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// How many notices wait to be mailed, to everybody.
    pub async fn count_to_mail(&self) -> Result<u64, LedgerError> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM notices WHERE mail IS NOT NULL")
            .fetch_one(&self.readers)
            .await?;
        number(count)
    }

    /// Who had asked for the review of a record at a time, since the public saw it last. What is told late is told to
    /// the same person.
    pub async fn submitter(
        &self,
        record: i64,
        until: Timestamp,
    ) -> Result<Option<String>, LedgerError> {
        let author = sqlx::query_scalar(
            "SELECT e.author FROM events e WHERE e.record = ?1 AND e.kind = 'submitted' AND e.at <= ?2 \
             AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.record = ?1 AND c.effect = 1 AND c.at > e.at AND c.at < ?2) \
             ORDER BY e.number DESC LIMIT 1",
        )
        .bind(record)
        .bind(until.as_microsecond())
        .fetch_optional(&self.readers)
        .await?;
        Ok(author)
    }
}

/// Which notices are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marked {
    One(i64),
    /// All that were there when somebody looked.
    UpTo(i64),
}

async fn insert_notice(
    connection: &mut SqliteConnection,
    notice: &NewNotice,
) -> Result<(), LedgerError> {
    let happening = &notice.happening;
    sqlx::query(
        "INSERT INTO notices (account, source, kind, record, title, author, words, topic, is_public, at, in_area, mail) \
         SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM accounts WHERE id = ? \
         ON CONFLICT (account, source) DO NOTHING",
    )
    .bind(happening.source.name())
    .bind(happening.kind.as_str())
    .bind(happening.record)
    .bind(happening.title.as_deref())
    .bind(&happening.author)
    .bind(happening.words.as_deref())
    .bind(&notice.topic)
    .bind(i64::from(happening.is_public))
    .bind(happening.at.as_microsecond())
    .bind(i64::from(notice.in_area))
    .bind(notice.mail.map(Mailing::as_str))
    .bind(&notice.account.0)
    .execute(connection)
    .await?;
    Ok(())
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit.min(ROWS_MAX)).expect("the maximum is small")
}

pub(super) fn optional_time(
    row: &SqliteRow,
    column: usize,
) -> Result<Option<Timestamp>, LedgerError> {
    row.try_get::<Option<i64>, _>(column)?.map(time).transpose()
}

fn notice(row: &SqliteRow) -> Result<Notice, LedgerError> {
    let kind = EventKind::from_word(row.try_get(1)?);
    Ok(Notice {
        id: row.try_get(0)?,
        kind: kind.ok_or(LedgerError::Damaged { what: "notice" })?,
        iri: row.try_get(2)?,
        record_kind: row.try_get(3)?,
        path: row.try_get(4)?,
        title: row.try_get(5)?,
        author: row.try_get(6)?,
        words: row.try_get(7)?,
        topic: row.try_get(8)?,
        is_public: row.try_get::<i64, _>(9)? != 0,
        at: time(row.try_get(10)?)?,
        read_at: optional_time(row, 11)?,
    })
}

fn subscription(row: &SqliteRow) -> Result<Subscription, LedgerError> {
    Ok(Subscription {
        id: row.try_get(0)?,
        account: AccountId(row.try_get(1)?),
        topic: row.try_get(2)?,
        value: row.try_get(3)?,
    })
}
