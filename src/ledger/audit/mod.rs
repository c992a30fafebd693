//! Who did what, and in which order? Events in a chain, so that none is altered, left out or slipped in unseen.
//!
//! The hash of an event is the SHA-256 of the hash before it and of its fields, each as `length:text`. Nothing in an
//! event says who a person is: actors are names of accounts and tokens. Changes of records are written in the
//! transaction of the changes themselves, one event for what one call brought, with a digest over their rows.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::committer::{Prepared, Written};
use super::error::LedgerError;
use super::sqlite::{begin, number, signed, time};
use super::{Ledger, ROWS_MAX};

/// Where the ledger remembers the beginning of the chain.
const ANCHOR: &str = "audit anchor";

/// Events, or rows of changes, that are read at one time.
const PAGE: usize = 1000;

macro_rules! deeds {
    ($($case:ident = $word:literal),+ $(,)?) => {
        /// What was done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Deed {
            $($case),+
        }

        impl Deed {
            /// Every deed.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// The word for it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$case => $word),+ }
            }

            /// The deed that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)+ _ => None }
            }
        }
    };
}

deeds! {
    AccountMade = "account-made",
    PasswordSet = "password-set",
    AccountForgotten = "account-forgotten",
    AccountExported = "account-exported",
    SignedIn = "signed-in",
    SignInRefused = "sign-in-refused",
    SignedOut = "signed-out",
    SessionEnded = "session-ended",
    IdentityLinked = "identity-linked",
    IdentityUnlinked = "identity-unlinked",
    TokenMade = "token-made",
    TokenEnded = "token-ended",
    TokenRefused = "token-refused",
    Invited = "invited",
    InvitationEnded = "invitation-ended",
    MemberJoined = "member-joined",
    MemberRemoved = "member-removed",
    RecordChanged = "record-changed",
    RecordsChanged = "records-changed",
    RecordConfirmed = "record-confirmed",
    ReviewStep = "review-step",
    RulesSet = "rules-set",
    PublicationScheduled = "publication-scheduled",
    PublicationUnscheduled = "publication-unscheduled",
    PublicationFailed = "publication-failed",
    BulkDone = "bulk-done",
    BulkUndone = "bulk-undone",
    WebhookMade = "webhook-made",
    WebhookRemoved = "webhook-removed",
    WebhookSecretChanged = "webhook-secret-changed",
    WebhookEnabled = "webhook-enabled",
    WebhookDisabled = "webhook-disabled",
    WebhookReplayed = "webhook-replayed",
    DoisRetried = "dois-retried",
    AuditPruned = "audit-pruned",
}

/// Something that was done.
#[derive(Clone, Debug)]
pub struct NewEvent {
    pub at: Timestamp,
    /// Who did it: the name of an account, of a token, or of a command.
    pub actor: String,
    pub deed: Deed,
    /// What it was done to: a record, an account, a token.
    pub subject: String,
    pub detail: Value,
}

impl NewEvent {
    /// Something that somebody did.
    pub fn new(at: Timestamp, by: &str, deed: Deed, subject: &str, detail: Value) -> Self {
        Self {
            at,
            actor: by.to_owned(),
            deed,
            subject: subject.to_owned(),
            detail,
        }
    }
}

/// An event as it stands in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub number: u64,
    pub at: Timestamp,
    pub actor: String,
    pub deed: Deed,
    pub subject: String,
    /// JSON, letter by letter as it was hashed.
    pub detail: String,
    pub hash: [u8; 32],
}

/// A place in the chain. Whoever keeps one elsewhere can prove later that everything up to it is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub number: u64,
    pub hash: [u8; 32],
}

/// Which events are wanted; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    pub actor: Option<String>,
    pub subject: Option<String>,
    pub deed: Option<Deed>,
    /// Only those before this one.
    pub before: Option<u64>,
}

/// Where to begin to verify: an event that is trusted, by its hash if that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    pub number: u64,
    pub hash: Option<[u8; 32]>,
}

/// What became of verifying the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Whole {
        /// How many events were verified.
        events: u64,
        /// The last of them.
        head: Mark,
    },
    Broken {
        /// The first event that is not as it was.
        number: u64,
        flaw: Flaw,
    },
}

/// What is wrong with an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("it is missing")]
    Missing,
    #[error("it, or one before it, is not what was written")]
    Altered,
    #[error("it is not the event with the hash that was given")]
    OtherThanGiven,
    #[error("the changes {first} to {last} are not what it says of them")]
    Changes { first: u64, last: u64 },
    #[error("change {0} of a record stands in no event before it")]
    Uncovered(u64),
}

impl Mark {
    fn follow(self, event: &NewEvent, detail: &str) -> Self {
        let number = self.number + 1;
        let mut hasher = Sha256::new();
        hasher.update(self.hash);
        let at = event.at.as_microsecond().to_string();
        let fields = [
            number.to_string().as_str(),
            &at,
            &event.actor,
            event.deed.as_str(),
            &event.subject,
            detail,
        ]
        .map(netstring);
        for field in fields {
            hasher.update(field);
        }
        let hash = hasher.finalize().into();
        Self { number, hash }
    }
}

fn netstring(text: &str) -> String {
    format!("{}:{text}", text.len())
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, hex::encode(self.hash))
    }
}

impl FromStr for Start {
    type Err = String;

    /// Reads `1234`, or a whole mark, `1234:hash`.
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, hash) = match text.split_once(':') {
            Some((number, hash)) => (number, Some(hash)),
            None => (text, None),
        };
        let number = number
            .parse()
            .map_err(|_| format!("«{number}» is no number of an event"))?;
        let hash = hash.map(hash_of).transpose()?;
        Ok(Self { number, hash })
    }
}

fn hash_of(text: &str) -> Result<[u8; 32], String> {
    let mut hash = [0; 32];
    hex::decode_to_slice(text, &mut hash)
        .map_err(|error| format!("«{text}» is no hash: {error}"))?;
    Ok(hash)
}

impl Event {
    /// As it is exported: everything that its hash is made from, and the hash.
    pub fn to_json(&self) -> Value {
        let detail: Value = serde_json::from_str(&self.detail).unwrap_or_default();
        json!({
            "number": self.number,
            "at": self.at.to_string(),
            "microseconds": self.at.as_microsecond(),
            "actor": self.actor,
            "deed": self.deed.as_str(),
            "subject": self.subject,
            "detail": detail,
            "hash": hex::encode(self.hash),
        })
    }

    fn as_new(&self) -> NewEvent {
        NewEvent {
            at: self.at,
            actor: self.actor.clone(),
            deed: self.deed,
            subject: self.subject.clone(),
            detail: Value::Null,
        }
    }
}

/// The beginning of the chain that is kept.
struct Anchor {
    mark: Mark,
    /// The last change that events before it speak of.
    sequence: u64,
}

impl Anchor {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let number = parts.next()?.parse().ok()?;
        let hash = hash_of(parts.next()?).ok()?;
        let sequence = parts.next()?.parse().ok()?;
        let mark = Mark { number, hash };
        Some(Self { mark, sequence })
    }

    fn to_text(&self) -> String {
        let Mark { number, hash } = self.mark;
        format!("{number} {} {}", hex::encode(hash), self.sequence)
    }

    async fn read(connection: &mut SqliteConnection) -> Result<Self, LedgerError> {
        let text: Option<String> = sqlx::query_scalar("SELECT content FROM memory WHERE name = ?")
            .bind(ANCHOR)
            .fetch_optional(connection)
            .await?;
        let anchor = text.as_deref().and_then(Self::parse);
        anchor.ok_or(LedgerError::Damaged {
            what: "audit anchor",
        })
    }
}

/// Adds events to the chain, in the transaction of what they tell.
pub(super) async fn append(
    connection: &mut SqliteConnection,
    events: impl IntoIterator<Item = NewEvent>,
) -> Result<(), LedgerError> {
    let mut last: Option<Mark> = None;
    for event in events {
        let before = match last {
            Some(mark) => mark,
            None => last_mark(connection).await?,
        };
        let detail = event.detail.to_string();
        let mark = before.follow(&event, &detail);
        sqlx::query(
            "INSERT INTO audit (number, at, actor, deed, subject, detail, hash) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(signed(mark.number))
        .bind(event.at.as_microsecond())
        .bind(event.actor)
        .bind(event.deed.as_str())
        .bind(event.subject)
        .bind(detail)
        .bind(mark.hash.to_vec())
        .execute(&mut *connection)
        .await?;
        last = Some(mark);
    }
    Ok(())
}

async fn last_mark(connection: &mut SqliteConnection) -> Result<Mark, LedgerError> {
    let row = sqlx::query("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    match row {
        Some(row) => Ok(Mark {
            number: number(row.try_get(0)?)?,
            hash: hash_at(&row, 1)?,
        }),
        None => Ok(Anchor::read(connection).await?.mark),
    }
}

/// The events of changes that are about to be written: one for what one author changed in one call.
pub(super) fn of_changes(rows: &[(&Written, &Prepared)]) -> Vec<NewEvent> {
    let is_one = |left: &(&Written, &Prepared), right: &(&Written, &Prepared)| {
        left.0.call == right.0.call && left.1.change.author == right.1.change.author
    };
    rows.chunk_by(is_one).filter_map(of_run).collect()
}

fn of_run(rows: &[(&Written, &Prepared)]) -> Option<NewEvent> {
    let (first, last) = (rows.first()?, rows.last()?);
    let mut lines = Lines::default();
    for (written, prepared) in rows {
        let (head, change) = (&written.head, &prepared.change);
        lines.add(&Line {
            sequence: written.sequence,
            iri: &head.iri,
            version: head.version,
            action: change.action.as_str(),
            state: change.state.as_str(),
            digest: &head.digest.0,
            author: &change.author,
            reason: change.reason.as_deref(),
            at: change.at.as_microsecond(),
        });
    }
    let mut detail = json!({
        "first": first.0.sequence,
        "last": last.0.sequence,
        "digest": lines.digest(),
    });
    let change = &first.1.change;
    let (deed, subject) = if rows.len() == 1 {
        detail["action"] = json!(change.action.as_str());
        detail["version"] = json!(first.0.head.version);
        (Deed::RecordChanged, change.iri.clone())
    } else {
        (Deed::RecordsChanged, String::new())
    };
    Some(NewEvent {
        at: last.1.change.at,
        actor: change.author.clone(),
        deed,
        subject,
        detail,
    })
}

/// A change, as an event covers it.
struct Line<'a> {
    sequence: u64,
    iri: &'a str,
    version: u64,
    action: &'a str,
    state: &'a str,
    digest: &'a [u8],
    author: &'a str,
    reason: Option<&'a str>,
    at: i64,
}

/// A digest over changes in their order.
#[derive(Default)]
struct Lines(Sha256);

impl Lines {
    fn add(&mut self, line: &Line<'_>) {
        let Line {
            sequence,
            iri,
            version,
            action,
            state,
            digest,
            author,
            reason,
            at,
        } = line;
        let digest = hex::encode(digest);
        let numbers = format!("{sequence} {version} {at}");
        for text in [
            numbers.as_str(),
            iri,
            action,
            state,
            digest.as_str(),
            author,
        ] {
            self.0.update(netstring(text));
        }
        // No reason is another thing than an empty one.
        self.0.update(reason.map_or("-".to_owned(), netstring));
    }

    fn digest(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// The changes that an event speaks of.
struct Covered {
    first: u64,
    last: u64,
    digest: String,
}

impl Covered {
    /// `None` for an event that is not about changes.
    fn by(event: &Event) -> Option<Self> {
        if !matches!(event.deed, Deed::RecordChanged | Deed::RecordsChanged) {
            return None;
        }
        let detail: Value = serde_json::from_str(&event.detail).ok()?;
        Some(Self {
            first: detail["first"].as_u64()?,
            last: detail["last"].as_u64()?,
            digest: detail["digest"].as_str()?.to_owned(),
        })
    }
}

impl Ledger {
    /// Adds an event that stands for itself.
    pub async fn note(&self, event: NewEvent) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        append(&mut transaction, [event]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Events, the newest first; at most [`ROWS_MAX`].
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        limit: usize,
    ) -> Result<Vec<Event>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(format!("{EVENT} WHERE 1 = 1"));
        if let Some(actor) = &filter.actor {
            query.push(" AND actor = ").push_bind(actor.clone());
        }
        if let Some(subject) = &filter.subject {
            query.push(" AND subject = ").push_bind(subject.clone());
        }
        if let Some(deed) = filter.deed {
            query.push(" AND deed = ").push_bind(deed.as_str());
        }
        if let Some(before) = filter.before {
            query.push(" AND number < ").push_bind(signed(before));
        }
        query.push(format!(
            " ORDER BY number DESC LIMIT {}",
            limit.min(ROWS_MAX)
        ));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(event).collect()
    }

    /// Events after the one of this number, the oldest first; at most [`ROWS_MAX`].
    pub async fn audit_after(&self, after: u64, limit: usize) -> Result<Vec<Event>, LedgerError> {
        let select = format!(
            "{EVENT} WHERE number > ? ORDER BY number LIMIT {}",
            limit.min(ROWS_MAX)
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(signed(after))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(event).collect()
    }

    /// Computes the chain again, from its beginning or from an event that is trusted, and compares.
    pub async fn verify_audit(&self, start: Option<Start>) -> Result<Verdict, LedgerError> {
        // Changes that come while this runs are no flaw.
        let changes = self.last_written_sequence().await?;
        let (mut mark, mut sequence) = match start {
            None => {
                let mut connection = self.readers.acquire().await?;
                let anchor = Anchor::read(&mut connection).await?;
                (anchor.mark, Some(anchor.sequence))
            }
            Some(start) => match self.trusted(start).await? {
                Ok(mark) => (mark, None),
                Err(flaw) => {
                    let number = start.number;
                    return Ok(Verdict::Broken { number, flaw });
                }
            },
        };
        let begun = mark.number;
        loop {
            let page = self.audit_after(mark.number, PAGE).await?;
            for event in &page {
                if let Some(flaw) = self.flaw(mark, &mut sequence, event).await? {
                    let number = match flaw {
                        Flaw::Missing => mark.number + 1,
                        _ => event.number,
                    };
                    return Ok(Verdict::Broken { number, flaw });
                }
                mark = Mark {
                    number: event.number,
                    hash: event.hash,
                };
            }
            if page.is_empty() {
                break;
            }
        }
        match sequence.filter(|last| *last < changes) {
            Some(last) => Ok(Verdict::Broken {
                number: mark.number + 1,
                flaw: Flaw::Uncovered(last + 1),
            }),
            None => Ok(Verdict::Whole {
                events: mark.number - begun,
                head: mark,
            }),
        }
    }

    async fn trusted(&self, start: Start) -> Result<Result<Mark, Flaw>, LedgerError> {
        let found = self.audit_after(start.number.saturating_sub(1), 1).await?;
        let Some(event) = found.first().filter(|event| event.number == start.number) else {
            return Ok(Err(Flaw::Missing));
        };
        if start.hash.is_some_and(|hash| hash != event.hash) {
            return Ok(Err(Flaw::OtherThanGiven));
        }
        Ok(Ok(Mark {
            number: event.number,
            hash: event.hash,
        }))
    }

    /// What is wrong with an event that follows a mark.
    async fn flaw(
        &self,
        before: Mark,
        sequence: &mut Option<u64>,
        event: &Event,
    ) -> Result<Option<Flaw>, LedgerError> {
        if event.number != before.number + 1 {
            return Ok(Some(Flaw::Missing));
        }
        if before.follow(&event.as_new(), &event.detail).hash != event.hash {
            return Ok(Some(Flaw::Altered));
        }
        let Some(covered) = Covered::by(event) else {
            return Ok(None);
        };
        let Covered { first, last, .. } = covered;
        if let Some(before) = sequence.filter(|before| before + 1 != first) {
            return Ok(Some(Flaw::Uncovered(before + 1)));
        }
        *sequence = Some(last);
        let digest = self.digest_of_changes(first, last).await?;
        Ok((digest != covered.digest).then_some(Flaw::Changes { first, last }))
    }

    async fn digest_of_changes(&self, first: u64, last: u64) -> Result<String, LedgerError> {
        let mut lines = Lines::default();
        let mut next = first;
        while next <= last {
            let rows = sqlx::query(
                "SELECT c.sequence, h.iri, c.version, c.action, c.state, c.digest, c.author, c.reason, c.at \
                 FROM changes c JOIN heads h ON h.record = c.record \
                 WHERE c.sequence BETWEEN ? AND ? ORDER BY c.sequence LIMIT ?",
            )
            .bind(signed(next))
            .bind(signed(last))
            .bind(signed(PAGE as u64))
            .fetch_all(&self.readers)
            .await?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                next = add_row(&mut lines, row)? + 1;
            }
        }
        Ok(lines.digest())
    }

    async fn last_written_sequence(&self) -> Result<u64, LedgerError> {
        super::sqlite::last_sequence(&self.readers).await
    }

    /// Forgets the events before a time. What follows can still be verified; that something was forgotten is an event.
    /// Says how many were.
    pub async fn prune_audit(
        &self,
        before: Timestamp,
        by: &str,
        now: Timestamp,
    ) -> Result<u64, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let old = Anchor::read(&mut transaction).await?;
        let select = format!("{EVENT} WHERE at < ? ORDER BY number DESC LIMIT 1");
        let row = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(before.as_microsecond())
            .fetch_optional(&mut *transaction)
            .await?;
        let Some(last) = row.as_ref().map(event).transpose()? else {
            return Ok(0);
        };
        let select =
            format!("{EVENT} WHERE number <= ? AND deed IN (?, ?) ORDER BY number DESC LIMIT 1");
        let row = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(signed(last.number))
            .bind(Deed::RecordChanged.as_str())
            .bind(Deed::RecordsChanged.as_str())
            .fetch_optional(&mut *transaction)
            .await?;
        let covered = row.as_ref().map(event).transpose()?;
        let covered = covered.as_ref().and_then(Covered::by);
        let anchor = Anchor {
            mark: Mark {
                number: last.number,
                hash: last.hash,
            },
            sequence: covered.map_or(old.sequence, |covered| covered.last),
        };
        // Before anything goes, so that the chain never stands without an event.
        let told = NewEvent {
            at: now,
            actor: by.to_owned(),
            deed: Deed::AuditPruned,
            subject: String::new(),
            detail: json!({ "last": last.number }),
        };
        append(&mut transaction, [told]).await?;
        sqlx::query("UPDATE memory SET content = ? WHERE name = ?")
            .bind(anchor.to_text())
            .bind(ANCHOR)
            .execute(&mut *transaction)
            .await?;
        let done = sqlx::query("DELETE FROM audit WHERE number <= ?")
            .bind(signed(last.number))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(done.rows_affected())
    }
}

const EVENT: &str = "SELECT number, at, actor, deed, subject, detail, hash FROM audit";

fn event(row: &SqliteRow) -> Result<Event, LedgerError> {
    let deed = Deed::from_word(row.try_get(3)?);
    Ok(Event {
        number: number(row.try_get(0)?)?,
        at: time(row.try_get(1)?)?,
        actor: row.try_get(2)?,
        deed: deed.ok_or(LedgerError::Damaged {
            what: "audit event",
        })?,
        subject: row.try_get(4)?,
        detail: row.try_get(5)?,
        hash: hash_at(row, 6)?,
    })
}

fn hash_at(row: &SqliteRow, column: usize) -> Result<[u8; 32], LedgerError> {
    let bytes: &[u8] = row.try_get(column)?;
    let damaged = |_| LedgerError::Damaged {
        what: "audit event",
    };
    bytes.try_into().map_err(damaged)
}

/// Adds the row of a change; its sequence number.
fn add_row(lines: &mut Lines, row: &SqliteRow) -> Result<u64, LedgerError> {
    let sequence = number(row.try_get(0)?)?;
    lines.add(&Line {
        sequence,
        iri: row.try_get(1)?,
        version: number(row.try_get(2)?)?,
        action: row.try_get(3)?,
        state: row.try_get(4)?,
        digest: row.try_get(5)?,
        author: row.try_get(6)?,
        reason: row.try_get(7)?,
        at: row.try_get(8)?,
    });
    Ok(sequence)
}

#[cfg(test)]
mod tests;
