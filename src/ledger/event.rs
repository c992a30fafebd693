//! What happened that somebody may want to be told? Changes of records, and what no change of theirs tells.

use jiff::Timestamp;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::change::{Action, State};
use super::error::LedgerError;
use super::sqlite::{action, number, signed, state, time};
use super::{Ledger, ROWS_MAX, graph_text};

/// The longest words that are kept with an event, in characters.
pub const WORDS_MAX: usize = 2_000;

/// What happened to a record, as far as people are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A draft was begun.
    Created,
    /// A version was added: to a draft, or to what is public.
    Changed,
    /// It waits for a review.
    Submitted,
    /// A reviewer wants something else.
    ChangesRequested,
    /// A reviewer agrees.
    Approved,
    /// The public sees it for the first time, or again.
    Published,
    Withdrawn,
    Deleted,
    /// It is time to look whether it still holds (EHDS Art. 60).
    CheckDue,
    /// A version was published whose description is worse than the one before.
    QualityFell,
    /// The registry of DOIs does not take the description.
    DoiRefused,
}

impl EventKind {
    /// Every kind, in the order in which a record meets them.
    pub const ALL: [Self; 11] = [
        Self::Created,
        Self::Changed,
        Self::Submitted,
        Self::ChangesRequested,
        Self::Approved,
        Self::Published,
        Self::Withdrawn,
        Self::Deleted,
        Self::CheckDue,
        Self::QualityFell,
        Self::DoiRefused,
    ];

    /// The word for it, as it is stored and as programs read it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Submitted => "submitted",
            Self::ChangesRequested => "changes-requested",
            Self::Approved => "approved",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
            Self::Deleted => "deleted",
            Self::CheckDue => "check-due",
            Self::QualityFell => "quality-fell",
            Self::DoiRefused => "doi-refused",
        }
    }

    /// The kind that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether it asks somebody to do something.
    pub fn asks(self) -> bool {
        match self {
            Self::Submitted | Self::ChangesRequested | Self::CheckDue | Self::DoiRefused => true,
            Self::Created
            | Self::Changed
            | Self::Approved
            | Self::Published
            | Self::Withdrawn
            | Self::Deleted
            | Self::QualityFell => false,
        }
    }

    /// What a step of a review tells, by its word.
    pub(super) fn of_step(step: &str) -> Option<Self> {
        match step {
            "submit" => Some(Self::Submitted),
            "request-changes" => Some(Self::ChangesRequested),
            "approve" => Some(Self::Approved),
            _ => None,
        }
    }

    /// What a change of a record tells.
    fn of_change(action: Action, state: State, is_first_time: bool) -> Self {
        match (action, state) {
            (Action::Withdraw, _) => Self::Withdrawn,
            (Action::Delete, _) => Self::Deleted,
            (Action::Publish, _) => Self::Published,
            (Action::Create | Action::Replace, State::Published) if is_first_time => {
                Self::Published
            }
            (Action::Create, _) => Self::Created,
            (Action::Replace, _) => Self::Changed,
        }
    }
}

/// Something to be told that no change of a record tells.
#[derive(Clone, Debug)]
pub struct Announcement {
    pub kind: EventKind,
    /// The record.
    pub iri: String,
    /// Who did it, by the name that stands as author of their changes; the server itself is `server`.
    pub author: String,
    /// What they said: a comment, a reason.
    pub words: Option<String>,
    pub at: Timestamp,
    /// A name for this very happening. Told again under the same name, it is not told twice.
    pub key: Option<String>,
}

/// Where a happening is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A change, by its sequence number.
    Change(u64),
    /// An event, by its number.
    Event(u64),
}

impl Source {
    /// A short name that no other happening has.
    pub fn name(self) -> String {
        match self {
            Self::Change(sequence) => format!("c{sequence}"),
            Self::Event(number) => format!("e{number}"),
        }
    }
}

/// Something that happened to a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    pub source: Source,
    pub kind: EventKind,
    /// The record's number in order of creation.
    pub record: i64,
    pub iri: String,
    /// The kind of the record.
    pub record_kind: String,
    pub path: String,
    pub parent: Option<String>,
    pub title: Option<String>,
    /// The author of the record's first version.
    pub owner: String,
    pub author: String,
    pub words: Option<String>,
    pub at: Timestamp,
    pub version: u64,
    /// Whether the public may know of it.
    pub is_public: bool,
}

const CHANGES: &str = "SELECT c.sequence, c.record, h.iri, h.kind, h.path, c.parent, c.title, h.owner, c.author, \
     c.reason, c.at, c.version, c.effect, c.action, c.state, c.first_published_at FROM changes c \
     JOIN heads h ON h.record = c.record WHERE c.sequence > ";

const EVENTS: &str = "SELECT e.number, e.record, h.iri, h.kind, h.path, h.parent, h.title, h.owner, e.author, \
     e.words, e.at, h.version, 0, e.kind FROM events e JOIN heads h ON h.record = e.record WHERE e.number > ";

impl Ledger {
    /// Tells what no change of a record tells: that a review is asked for, what became of it, that a check is due.
    /// False when it was told before under the same key. The record must be known.
    pub async fn tell(&self, event: Announcement) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let is_new = insert(&mut connection, &event).await?;
        drop(connection);
        if is_new {
            self.told.notify_one();
            return Ok(true);
        }
        match self.head(&event.iri).await? {
            Some(_) => Ok(false),
            None => Err(LedgerError::Unknown { iri: event.iri }),
        }
    }

    /// Waits until something is told; what was told since the last call counts.
    pub async fn told(&self) {
        self.told.notified().await;
    }

    /// The changes after a sequence number as happenings, in order.
    pub async fn changes_since(
        &self,
        sequence: u64,
        limit: usize,
    ) -> Result<Vec<Happening>, LedgerError> {
        let rows = self
            .happenings(CHANGES, " ORDER BY c.sequence", sequence, limit)
            .await?;
        rows.iter().map(of_change).collect()
    }

    /// The events after a number as happenings, in order.
    pub async fn events_since(
        &self,
        number: u64,
        limit: usize,
    ) -> Result<Vec<Happening>, LedgerError> {
        let rows = self
            .happenings(EVENTS, " ORDER BY e.number", number, limit)
            .await?;
        rows.iter().map(of_event).collect()
    }

    async fn happenings(
        &self,
        select: &str,
        order: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<SqliteRow>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(select);
        query.push_bind(signed(after)).push(order).push(" LIMIT ");
        let limit = i64::try_from(limit.min(ROWS_MAX)).expect("the maximum is small");
        query.push_bind(limit);
        Ok(query.build().fetch_all(&self.readers).await?)
    }

    /// The number of the newest event, or 0.
    pub async fn last_event(&self) -> Result<u64, LedgerError> {
        let last: Option<i64> = sqlx::query_scalar("SELECT MAX(number) FROM events")
            .fetch_one(&self.readers)
            .await?;
        number(last.unwrap_or(0))
    }

    /// The records of which the last word is of a kind: those that wait for a review, for their author. The newest
    /// word first; a record that was published, withdrawn or deleted since does not wait.
    pub async fn last_words(
        &self,
        kind: EventKind,
        limit: usize,
    ) -> Result<Vec<Happening>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(EVENTS);
        query.push_bind(0).push(" AND e.kind = ");
        query.push_bind(kind.as_str());
        query.push(
            " AND NOT EXISTS (SELECT 1 FROM events n WHERE n.record = e.record AND n.number > e.number \
             AND n.kind IN ('submitted', 'changes-requested', 'approved')) \
             AND NOT EXISTS (SELECT 1 FROM changes c WHERE c.record = e.record AND c.at > e.at AND c.state <> 'draft') \
             AND (e.kind = 'check-due' OR NOT EXISTS (SELECT 1 FROM reviews r WHERE r.record = e.record) \
             OR EXISTS (SELECT 1 FROM reviews r WHERE r.record = e.record AND r.is_open = 1 \
             AND r.stage IN ('in-review', 'changes-requested'))) \
             AND NOT EXISTS (SELECT 1 FROM confirmations f WHERE f.record = e.record AND f.at > e.at) \
             AND h.state <> 'deleted' ORDER BY e.number DESC LIMIT ",
        );
        let limit = i64::try_from(limit.min(ROWS_MAX)).expect("the maximum is small");
        let rows = query
            .push_bind(limit)
            .build()
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(of_event).collect()
    }

    /// What the public read of a record before a change: canonical N-Triples.
    pub async fn public_graph_before(
        &self,
        record: i64,
        sequence: u64,
    ) -> Result<Option<String>, LedgerError> {
        let graph = sqlx::query_scalar::<_, Option<Vec<u8>>>(
            "SELECT g.graph FROM changes c JOIN changes g ON g.sequence = c.graph_sequence \
             WHERE c.record = ? AND c.sequence < ? AND c.effect = 1 ORDER BY c.sequence DESC LIMIT 1",
        )
        .bind(record)
        .bind(signed(sequence))
        .fetch_optional(&self.readers)
        .await?
        .flatten();
        graph.as_deref().map(graph_text::decompress).transpose()
    }
}

/// Tells within a transaction of somebody else's: false when it was told before, or of no record.
pub(super) async fn insert(
    connection: &mut SqliteConnection,
    event: &Announcement,
) -> Result<bool, LedgerError> {
    let done = sqlx::query(
        "INSERT INTO events (key, kind, record, author, words, at) \
         SELECT ?, ?, record, ?, ?, ? FROM heads WHERE iri = ? ON CONFLICT (key) DO NOTHING",
    )
    .bind(event.key.as_deref())
    .bind(event.kind.as_str())
    .bind(&event.author)
    .bind(event.words.as_deref().map(shortened))
    .bind(event.at.as_microsecond())
    .bind(&event.iri)
    .execute(connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

fn shortened(words: &str) -> String {
    words.chars().take(WORDS_MAX).collect()
}

fn of_change(row: &SqliteRow) -> Result<Happening, LedgerError> {
    let at: i64 = row.try_get(10)?;
    let is_first_time = row.try_get::<Option<i64>, _>(15)? == Some(at);
    let kind = EventKind::of_change(
        action(row.try_get(13)?)?,
        state(row.try_get(14)?)?,
        is_first_time,
    );
    let source = Source::Change(number(row.try_get(0)?)?);
    happening(row, source, kind)
}

fn of_event(row: &SqliteRow) -> Result<Happening, LedgerError> {
    let kind = EventKind::from_word(row.try_get(13)?);
    let kind = kind.ok_or(LedgerError::Damaged { what: "event" })?;
    let source = Source::Event(number(row.try_get(0)?)?);
    happening(row, source, kind)
}

fn happening(row: &SqliteRow, source: Source, kind: EventKind) -> Result<Happening, LedgerError> {
    Ok(Happening {
        source,
        kind,
        record: row.try_get(1)?,
        iri: row.try_get(2)?,
        record_kind: row.try_get(3)?,
        path: row.try_get(4)?,
        parent: row.try_get(5)?,
        title: row.try_get(6)?,
        owner: row.try_get(7)?,
        author: row.try_get(8)?,
        words: row.try_get(9)?,
        at: time(row.try_get(10)?)?,
        version: number(row.try_get(11)?)?,
        is_public: row.try_get::<i64, _>(12)? != 0,
    })
}
