//! What was public after a certain change: all of it, since a time, or in a set?
//!
//! Changes are never rewritten, so a list up to a change is the same whenever it is asked for; only what has been
//! taken away since is told as removed.

use jiff::Timestamp;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite, Transaction};

use super::error::LedgerError;
use super::read::{public_change, rows_max};
use super::sqlite::{self, number, signed, time};
use super::{Ledger, PublicChange, graph_text};

/// Up to where the sets are known, and by which rules: the name of what is remembered.
const REACHED: &str = "sets";

/// Each record as it was after the change `up_to`, at its last public change before. What is not public now is told
/// without its graph, whatever it was then.
/// The order of the joins is said, not guessed: pages are short, and each goes on where the last ended.
const STANDING: &str = "SELECT c.sequence, h.iri, h.kind, h.path, c.parent, c.at, c.first_published_at, \
     c.version, g.graph FROM ";
const IN_A_SET: &str = "change_sets s CROSS JOIN changes c ON c.sequence = s.sequence";
const ITS_GRAPH: &str = " CROSS JOIN heads h ON h.record = c.record LEFT JOIN changes g \
     ON g.sequence = c.graph_sequence AND c.effect = 1 AND h.public_version IS NOT NULL WHERE ";

const LAST_PUBLIC: &str = "SELECT c.sequence, c.record, h.iri, h.kind, h.path, c.parent, c.title, c.at, \
     c.first_published_at, c.effect, c.version, c.digest, c.state, c.reason, g.graph FROM changes c \
     JOIN heads h ON h.record = c.record LEFT JOIN changes g ON g.sequence = c.graph_sequence AND c.effect = 1 \
     WHERE c.record = ";

/// Which part of what was public is wanted.
#[derive(Clone, Debug, Default)]
pub struct Harvest {
    /// From after this change.
    pub after: u64,
    /// Up to and with this change.
    pub through: u64,
    /// As everything was after this change.
    pub up_to: u64,
    pub from: Option<Timestamp>,
    /// The first moment that is not wanted.
    pub before: Option<Timestamp>,
    pub set: Option<String>,
}

/// A record as it stood after a change.
#[derive(Clone, Debug)]
pub struct Standing {
    pub sequence: u64,
    pub iri: String,
    pub kind: String,
    pub path: String,
    pub parent: Option<String>,
    pub at: Timestamp,
    pub first_published_at: Timestamp,
    pub version: u64,
    /// Compressed; `None` when the record is not public.
    graph: Option<Vec<u8>>,
}

impl Standing {
    /// Whether the record is, or has become, public no longer.
    pub fn is_removed(&self) -> bool {
        self.graph.is_none()
    }

    /// Its canonical N-Triples, when it is public. This computes: call it where computing is done.
    pub fn ntriples(&self) -> Result<Option<String>, LedgerError> {
        self.graph
            .as_deref()
            .map(graph_text::decompress)
            .transpose()
    }
}

impl Ledger {
    /// Records in the order of their last public changes.
    pub async fn standing(
        &self,
        wanted: &Harvest,
        limit: usize,
    ) -> Result<Vec<Standing>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(STANDING);
        let sequence = if let Some(set) = &wanted.set {
            query.push(IN_A_SET).push(ITS_GRAPH);
            query.push("s.set_number = (SELECT number FROM sets WHERE name = ");
            query.push_bind(set.clone()).push(") AND ");
            "s.sequence"
        } else {
            query.push("changes c").push(ITS_GRAPH);
            "c.sequence"
        };
        query.push(sequence).push(" > ");
        query.push_bind(signed(wanted.after));
        query
            .push(" AND c.effect <> 0 AND ")
            .push(sequence)
            .push(" <= ");
        query.push_bind(signed(wanted.through));
        if let Some(from) = wanted.from {
            query
                .push(" AND +c.at >= ")
                .push_bind(from.as_microsecond());
        }
        if let Some(before) = wanted.before {
            query
                .push(" AND +c.at < ")
                .push_bind(before.as_microsecond());
        }
        query.push(
            " AND (h.public_sequence = c.sequence OR NOT EXISTS (SELECT 1 FROM changes n \
             WHERE n.record = c.record AND n.sequence > c.sequence AND n.effect <> 0 AND n.sequence <= ",
        );
        query.push_bind(signed(wanted.up_to)).push("))");
        // Written, not bound, as in `push_limit`.
        query.push(" ORDER BY ").push(sequence).push(" LIMIT ");
        query.push(rows_max(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        rows.iter().map(standing).collect()
    }

    /// How the record at a path last changed for the public.
    pub async fn last_public_change(
        &self,
        record: i64,
        before: Option<u64>,
    ) -> Result<Option<PublicChange>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(LAST_PUBLIC);
        query.push_bind(record);
        match before {
            // Of what was public before, the last graph.
            Some(before) => query
                .push(" AND c.effect = 1 AND c.sequence < ")
                .push_bind(signed(before)),
            None => query.push(" AND c.effect <> 0"),
        };
        query.push(" ORDER BY c.sequence DESC LIMIT 1");
        let row = query.build().fetch_optional(&self.readers).await?;
        row.as_ref().map(public_change).transpose()
    }

    /// When anything first was public.
    pub async fn first_public_time(&self) -> Result<Option<Timestamp>, LedgerError> {
        let first: Option<i64> =
            sqlx::query_scalar("SELECT MIN(at) FROM changes WHERE effect <> 0")
                .fetch_one(&self.readers)
                .await?;
        first.map(time).transpose()
    }

    /// The first and the last public change of a time; `None` when there was none.
    pub async fn public_span(
        &self,
        from: Option<Timestamp>,
        before: Option<Timestamp>,
    ) -> Result<Option<(u64, u64)>, LedgerError> {
        let from = from.map_or(i64::MIN, Timestamp::as_microsecond);
        let before = before.map_or(i64::MAX, Timestamp::as_microsecond);
        let row = sqlx::query(
            "SELECT MIN(sequence), MAX(sequence) FROM changes WHERE effect <> 0 AND at >= ? AND at < ?",
        )
        .bind(from)
        .bind(before)
        .fetch_one(&self.readers)
        .await?;
        let (first, last): (Option<i64>, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
        match first.zip(last) {
            Some((first, last)) => Ok(Some((number(first)?, number(last)?))),
            None => Ok(None),
        }
    }

    /// What is public now, in the order of creation and in parts of a size: of each part the number of its first
    /// record, and when anything in it last changed.
    pub async fn public_parts(&self, size: u32) -> Result<Vec<(i64, Timestamp)>, LedgerError> {
        let rows = sqlx::query(
            "SELECT MIN(record), MAX(published_at) FROM (SELECT record, published_at, \
             (ROW_NUMBER() OVER (ORDER BY record) - 1) / ? AS part FROM heads WHERE public_version IS NOT NULL) \
             GROUP BY part ORDER BY part",
        )
        .bind(size.max(1))
        .fetch_all(&self.readers)
        .await?;
        let part = |row: &SqliteRow| Ok((row.try_get(0)?, time(row.try_get(1)?)?));
        rows.iter().map(part).collect()
    }

    /// The change up to which the sets are known by these rules, or 0.
    pub async fn sets_reached(&self, rules: &str) -> Result<u64, LedgerError> {
        let remembered = self.recall(REACHED).await?;
        let reached = remembered.as_deref().and_then(|text| text.rsplit_once(' '));
        let reached = reached.filter(|(known, _)| *known == rules);
        Ok(reached
            .and_then(|(_, reached)| reached.parse().ok())
            .unwrap_or(0))
    }

    /// Remembers to which sets the records of some changes belong, up to and with `reached`. Those that were made by
    /// other rules are forgotten first.
    pub async fn put_sets(
        &self,
        rules: &str,
        reached: u64,
        memberships: Vec<(u64, Vec<String>)>,
    ) -> Result<(), LedgerError> {
        let before = self.sets_reached(rules).await?;
        let mut connection = self.writer.acquire().await?;
        let mut transaction = sqlite::begin(&mut connection).await?;
        if before == 0 {
            sqlx::raw_sql("DELETE FROM change_sets; DELETE FROM sets;")
                .execute(&mut *transaction)
                .await?;
        }
        let mut known = std::collections::HashMap::new();
        for (sequence, names) in memberships {
            for name in names {
                let set = if let Some(set) = known.get(&name) {
                    *set
                } else {
                    let set = number_of_set(&mut transaction, &name).await?;
                    known.insert(name, set);
                    set
                };
                sqlx::query(
                    "INSERT OR IGNORE INTO change_sets (set_number, sequence) VALUES (?, ?)",
                )
                .bind(set)
                .bind(signed(sequence))
                .execute(&mut *transaction)
                .await?;
            }
        }
        sqlx::query(
            "INSERT INTO memory (name, content) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        )
        .bind(REACHED)
        .bind(format!("{rules} {reached}"))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What is remembered by a name; what is given, when nothing was.
    pub async fn remember_once(&self, name: &str, content: &str) -> Result<String, LedgerError> {
        sqlx::query("INSERT OR IGNORE INTO memory (name, content) VALUES (?, ?)")
            .bind(name)
            .bind(content)
            .execute(&self.writer)
            .await?;
        let kept = self.recall(name).await?;
        Ok(kept.unwrap_or_else(|| content.to_owned()))
    }

    /// The names of sets in order, from after a name.
    pub async fn sets(&self, after: &str, limit: usize) -> Result<Vec<String>, LedgerError> {
        let names =
            sqlx::query_scalar("SELECT name FROM sets WHERE name > ? ORDER BY name LIMIT ?")
                .bind(after)
                .bind(rows_max(limit))
                .fetch_all(&self.readers)
                .await?;
        Ok(names)
    }
}

async fn number_of_set(
    transaction: &mut Transaction<'_, Sqlite>,
    name: &str,
) -> Result<i64, LedgerError> {
    sqlx::query("INSERT OR IGNORE INTO sets (name) VALUES (?)")
        .bind(name)
        .execute(&mut **transaction)
        .await?;
    let set = sqlx::query_scalar("SELECT number FROM sets WHERE name = ?")
        .bind(name)
        .fetch_one(&mut **transaction)
        .await?;
    Ok(set)
}

fn standing(row: &SqliteRow) -> Result<Standing, LedgerError> {
    Ok(Standing {
        sequence: number(row.try_get(0)?)?,
        iri: row.try_get(1)?,
        kind: row.try_get(2)?,
        path: row.try_get(3)?,
        parent: row.try_get(4)?,
        at: time(row.try_get(5)?)?,
        first_published_at: time(row.try_get(6)?)?,
        version: number(row.try_get(7)?)?,
        graph: row.try_get(8)?,
    })
}
