//! How are changes and heads written to SQLite, and how is its schema kept up to date?

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Connection, QueryBuilder, Row, Sqlite, SqlitePool, Transaction};

use super::change::{Action, Head, NewChange, PublicFace, State};
use super::committer::{Prepared, Written};
use super::error::LedgerError;
use super::head::Effect;
use super::settings::Settings;
use crate::rdf::canonical::Digest;

/// In order; a file that was released is never edited.
const MIGRATIONS: [&str; 14] = [
    include_str!("migrations/0001_changes.sql"),
    include_str!("migrations/0002_tokens.sql"),
    include_str!("migrations/0003_accounts.sql"),
    include_str!("migrations/0004_people.sql"),
    include_str!("migrations/0005_audit.sql"),
    include_str!("migrations/0006_working.sql"),
    include_str!("migrations/0007_answers.sql"),
    include_str!("migrations/0008_lifecycle.sql"),
    include_str!("migrations/0009_notices.sql"),
    include_str!("migrations/0010_harvest.sql"),
    include_str!("migrations/0011_fair_data_point.sql"),
    include_str!("migrations/0012_feeds.sql"),
    include_str!("migrations/0013_dois.sql"),
    include_str!("migrations/0014_members.sql"),
];

/// Rows in one INSERT: few enough for SQLite's bound on parameters, and always the same number, so that
/// the statement is prepared once.
const ROWS_PER_STATEMENT: usize = 64;

/// Names in one `IN (…)`.
const NAMES_PER_STATEMENT: usize = 256;

/// How long something small waits for its turn behind a large transaction.
const WRITER_WAIT_MAX: Duration = Duration::from_secs(600);

/// The write-ahead log is cut to this size after a transaction that made it longer.
const LOG_BYTES_KEPT: &str = "67108864";

/// Pages of write-ahead log before it is copied into the database (4 KiB each).
const CHECKPOINT_PAGES: &str = "4000";

pub(super) async fn open(settings: &Settings) -> Result<(SqlitePool, SqlitePool), LedgerError> {
    if let Some(folder) = settings.path.parent() {
        std::fs::create_dir_all(folder).map_err(sqlx::Error::Io)?;
    }
    let options = SqliteConnectOptions::new()
        .filename(&settings.path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_millis(settings.busy_ms));
    let write = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("journal_size_limit", LOG_BYTES_KEPT)
        .pragma("cache_size", "-65536");
    let writer = one_connection().connect_with(write).await?;
    migrate(&writer).await?;
    let readers = SqlitePoolOptions::new()
        .max_connections(settings.readers_max.max(1))
        .test_before_acquire(false)
        .connect_with(options.read_only(true).pragma("cache_size", "-16384"))
        .await?;
    Ok((writer, readers))
}

pub(super) async fn open_in_memory() -> Result<SqlitePool, LedgerError> {
    let options = SqliteConnectOptions::new()
        .filename(":memory:")
        .foreign_keys(true);
    let pool = one_connection().connect_with(options).await?;
    migrate(&pool).await?;
    Ok(pool)
}

/// The connection lives as long as the pool: a database in memory dies with its connection.
fn one_connection() -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(1)
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(WRITER_WAIT_MAX)
        .test_before_acquire(false)
}

async fn migrate(pool: &SqlitePool) -> Result<(), LedgerError> {
    let mut connection = pool.acquire().await?;
    let mut transaction = begin(&mut connection).await?;
    sqlx::raw_sql("CREATE TABLE IF NOT EXISTS migrations (number BIGINT NOT NULL PRIMARY KEY)")
        .execute(&mut *transaction)
        .await?;
    let found: Option<i64> = sqlx::query_scalar("SELECT MAX(number) FROM migrations")
        .fetch_one(&mut *transaction)
        .await?;
    let found = found.unwrap_or(0);
    let known = MIGRATIONS.len();
    if usize::try_from(found).is_ok_and(|found| found > known) {
        let known = i64::try_from(known).expect("few migrations");
        return Err(LedgerError::Newer { found, known });
    }
    for (number, migration) in (1_i64..).zip(MIGRATIONS) {
        if number > found {
            sqlx::raw_sql(migration).execute(&mut *transaction).await?;
            sqlx::query("INSERT INTO migrations (number) VALUES (?)")
                .bind(number)
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}

/// Begins to write: no other process can come between what is read in it and what is written.
pub(super) async fn begin(
    connection: &mut PoolConnection<Sqlite>,
) -> Result<Transaction<'_, Sqlite>, LedgerError> {
    Ok(connection.begin_with("BEGIN IMMEDIATE").await?)
}

pub(super) async fn last_sequence(pool: &SqlitePool) -> Result<u64, LedgerError> {
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(sequence) FROM changes")
        .fetch_one(pool)
        .await?;
    number(last.unwrap_or(0))
}

/// The last sequence number and the last record number that were given.
pub(super) async fn last_numbers(
    connection: &mut SqliteConnection,
) -> Result<(u64, i64), LedgerError> {
    let row =
        sqlx::query("SELECT (SELECT MAX(sequence) FROM changes), (SELECT MAX(record) FROM heads)")
            .fetch_one(connection)
            .await?;
    let sequence = number(row.try_get::<Option<i64>, _>(0)?.unwrap_or(0))?;
    Ok((sequence, row.try_get::<Option<i64>, _>(1)?.unwrap_or(0)))
}

/// The heads of the records that the changes are about.
pub(super) async fn heads_of<'a>(
    connection: &mut SqliteConnection,
    changes: impl Iterator<Item = &'a NewChange>,
) -> Result<HashMap<String, Head>, LedgerError> {
    let names = distinct(changes.map(|change| change.iri.as_str()));
    let mut heads = HashMap::with_capacity(names.len());
    for names in names.chunks(NAMES_PER_STATEMENT) {
        let select = format!("SELECT {HEAD} FROM heads WHERE iri");
        for row in select_in(connection, &select, names).await? {
            let head = head(&row)?;
            heads.insert(head.iri.clone(), head);
        }
    }
    Ok(heads)
}

/// Who has the paths that the changes would take.
pub(super) async fn owners_of_paths<'a>(
    connection: &mut SqliteConnection,
    changes: impl Iterator<Item = &'a NewChange>,
) -> Result<HashMap<String, String>, LedgerError> {
    let creations = changes.filter(|change| change.action == Action::Create);
    let names = distinct(creations.map(|change| change.path.as_str()));
    let mut owners = HashMap::new();
    for names in names.chunks(NAMES_PER_STATEMENT) {
        for row in select_in(connection, "SELECT path, iri FROM heads WHERE path", names).await? {
            owners.insert(row.try_get(0)?, row.try_get(1)?);
        }
    }
    Ok(owners)
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}

async fn select_in(
    connection: &mut SqliteConnection,
    select: &str,
    names: &[&str],
) -> Result<Vec<SqliteRow>, LedgerError> {
    let mut query = QueryBuilder::<Sqlite>::new(select);
    query.push(" IN (");
    let mut list = query.separated(", ");
    for name in names {
        list.push_bind(*name);
    }
    query.push(")");
    let persistent = names.len() == 1 || names.len() == NAMES_PER_STATEMENT;
    Ok(query
        .build()
        .persistent(persistent)
        .fetch_all(connection)
        .await?)
}

/// The columns of a head in its table.
const HEAD_COLUMNS: &str = "record, iri, kind, path, parent, state, version, digest, title, owner, created_at, \
     changed_at, graph_sequence, public_version, public_digest, public_parent, public_title, published_at, \
     public_graph_sequence, first_published_at, public_sequence";

/// What [`head`] reads, in its order: the columns, and the first catalogue on the way up from the parent.
pub(super) const HEAD: &str = "record, iri, kind, path, parent, state, version, digest, title, owner, created_at, \
     changed_at, graph_sequence, public_version, public_digest, public_parent, public_title, published_at, \
     public_graph_sequence, first_published_at, public_sequence, \
     (WITH RECURSIVE above (iri, kind, parent, depth) AS (\
     SELECT p.iri, p.kind, p.parent, 1 FROM heads AS p WHERE p.iri = heads.parent UNION ALL \
     SELECT p.iri, p.kind, p.parent, above.depth + 1 FROM above JOIN heads AS p ON p.iri = above.parent \
     WHERE above.kind <> 'catalog' AND above.depth < 16) \
     SELECT iri FROM above WHERE kind = 'catalog') AS catalogue";

pub(super) fn head(row: &SqliteRow) -> Result<Head, LedgerError> {
    let public = match row.try_get::<Option<i64>, _>(13)? {
        Some(version) => Some(PublicFace {
            version: number(version)?,
            digest: digest(row, 14)?,
            parent: row.try_get(15)?,
            title: row.try_get(16)?,
            published_at: time(row.try_get(17)?)?,
            graph_sequence: number(row.try_get(18)?)?,
        }),
        None => None,
    };
    Ok(Head {
        record: row.try_get(0)?,
        iri: row.try_get(1)?,
        kind: row.try_get(2)?,
        path: row.try_get(3)?,
        parent: row.try_get(4)?,
        catalogue: row.try_get(21)?,
        state: state(row.try_get(5)?)?,
        version: number(row.try_get(6)?)?,
        digest: digest(row, 7)?,
        title: row.try_get(8)?,
        owner: row.try_get(9)?,
        created_at: time(row.try_get(10)?)?,
        changed_at: time(row.try_get(11)?)?,
        graph_sequence: number(row.try_get(12)?)?,
        public,
        first_published_at: row.try_get::<Option<i64>, _>(19)?.map(time).transpose()?,
        public_sequence: row.try_get::<Option<i64>, _>(20)?.map(number).transpose()?,
    })
}

pub(super) async fn write_heads(
    connection: &mut SqliteConnection,
    heads: &[&Head],
) -> Result<(), LedgerError> {
    for heads in statements(heads) {
        let mut query = QueryBuilder::<Sqlite>::new(format!("INSERT INTO heads ({HEAD_COLUMNS}) "));
        query.push_values(heads, |mut row, head| {
            let public = head.public.as_ref();
            row.push_bind(head.record)
                .push_bind(head.iri.clone())
                .push_bind(head.kind.clone())
                .push_bind(head.path.clone())
                .push_bind(head.parent.clone())
                .push_bind(head.state.as_str())
                .push_bind(signed(head.version))
                .push_bind(head.digest.0.to_vec())
                .push_bind(head.title.clone())
                .push_bind(head.owner.clone())
                .push_bind(head.created_at.as_microsecond())
                .push_bind(head.changed_at.as_microsecond())
                .push_bind(signed(head.graph_sequence))
                .push_bind(public.map(|face| signed(face.version)))
                .push_bind(public.map(|face| face.digest.0.to_vec()))
                .push_bind(public.and_then(|face| face.parent.clone()))
                .push_bind(public.and_then(|face| face.title.clone()))
                .push_bind(public.map(|face| face.published_at.as_microsecond()))
                .push_bind(public.map(|face| signed(face.graph_sequence)))
                .push_bind(head.first_published_at.map(Timestamp::as_microsecond))
                .push_bind(head.public_sequence.map(signed));
        });
        query.push(
            " ON CONFLICT (record) DO UPDATE SET parent = excluded.parent, state = excluded.state, \
             version = excluded.version, digest = excluded.digest, title = excluded.title, \
             changed_at = excluded.changed_at, graph_sequence = excluded.graph_sequence, \
             public_version = excluded.public_version, public_digest = excluded.public_digest, \
             public_parent = excluded.public_parent, public_title = excluded.public_title, \
             published_at = excluded.published_at, public_graph_sequence = excluded.public_graph_sequence, \
             first_published_at = excluded.first_published_at, public_sequence = excluded.public_sequence",
        );
        query
            .build()
            .persistent(is_prepared_once(heads))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn write_changes(
    connection: &mut SqliteConnection,
    rows: &[(&Written, &Prepared)],
) -> Result<(), LedgerError> {
    for rows in statements(rows) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO changes (sequence, record, version, action, state, effect, parent, title, digest, \
             author, reason, at, first_published_at, graph_sequence, report, graph) ",
        );
        query.push_values(rows, |mut row, (written, prepared)| {
            let (head, change) = (&written.head, &prepared.change);
            let first_published_at = head
                .first_published_at
                .filter(|_| written.effect != Effect::None);
            row.push_bind(signed(written.sequence))
                .push_bind(head.record)
                .push_bind(signed(head.version))
                .push_bind(change.action.as_str())
                .push_bind(change.state.as_str())
                .push_bind(written.effect as i64)
                .push_bind(written.parent.clone())
                .push_bind(written.title.clone())
                .push_bind(head.digest.0.to_vec())
                .push_bind(change.author.clone())
                .push_bind(change.reason.clone())
                .push_bind(change.at.as_microsecond())
                .push_bind(first_published_at.map(Timestamp::as_microsecond))
                .push_bind(signed(head.graph_sequence))
                .push_bind(prepared.report.clone())
                .push_bind(prepared.graph.clone());
        });
        query
            .build()
            .persistent(is_prepared_once(rows))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

fn statements<T>(rows: &[T]) -> impl Iterator<Item = &[T]> {
    let whole = rows.len() - rows.len() % ROWS_PER_STATEMENT;
    // A few left over go one by one, through the statement that single changes use all the time.
    let rest = &rows[whole..];
    let step = if rest.len() <= 4 {
        1
    } else {
        ROWS_PER_STATEMENT
    };
    rows[..whole]
        .chunks(ROWS_PER_STATEMENT)
        .chain(rest.chunks(step))
}

fn is_prepared_once<T>(rows: &[T]) -> bool {
    rows.len() == 1 || rows.len() == ROWS_PER_STATEMENT
}

/// Sequence and version numbers count from one in steps of one, so they fit.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(super) fn number(stored: i64) -> Result<u64, LedgerError> {
    u64::try_from(stored).map_err(|_| LedgerError::Damaged { what: "number" })
}

/// A list that is kept as JSON.
pub(super) fn list(text: &str, what: &'static str) -> Result<Vec<String>, LedgerError> {
    serde_json::from_str(text).map_err(|_| LedgerError::Damaged { what })
}

pub(super) fn time(stored: i64) -> Result<Timestamp, LedgerError> {
    Timestamp::from_microsecond(stored).map_err(|_| LedgerError::Damaged { what: "time" })
}

pub(super) fn state(word: &str) -> Result<State, LedgerError> {
    State::from_word(word).ok_or(LedgerError::Damaged { what: "state" })
}

pub(super) fn action(word: &str) -> Result<Action, LedgerError> {
    Action::from_word(word).ok_or(LedgerError::Damaged { what: "action" })
}

pub(super) fn digest(row: &SqliteRow, column: usize) -> Result<Digest, LedgerError> {
    let bytes: &[u8] = row.try_get(column)?;
    let bytes = bytes
        .try_into()
        .map_err(|_| LedgerError::Damaged { what: "digest" })?;
    Ok(Digest(bytes))
}
