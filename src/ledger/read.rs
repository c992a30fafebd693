//! What does the ledger answer: heads, versions, histories, and what followers must do?

use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::change::{Change, Head, HeadFilter, PublicChange, Seen, State, VersionedGraph, What};
use super::committer::on_all_cores;
use super::error::LedgerError;
use super::sqlite::{HEAD, action, digest, head, number, signed, state, time};
use super::{Ledger, ROWS_MAX, graph_text};

pub(super) const CHANGE_COLUMNS: &str = "c.sequence, h.iri, h.kind, c.version, c.action, c.state, c.effect, c.parent, c.title, \
     c.digest, c.author, c.reason, c.at, c.report";

pub(super) const PUBLIC_CHANGE: &str = "SELECT c.sequence, c.record, h.iri, h.kind, h.path, c.parent, c.title, c.at, \
     c.first_published_at, c.effect, c.version, c.digest, c.state, c.reason, g.graph FROM changes c \
     JOIN heads h ON h.record = c.record LEFT JOIN changes g ON g.sequence = c.graph_sequence AND c.effect = 1";

/// The public face of a record as the change that made it.
pub(super) const PUBLIC_NOW: &str = "SELECT h.public_sequence, h.record, h.iri, h.kind, h.path, h.public_parent, \
     h.public_title, h.published_at, h.first_published_at, 1, h.public_version, h.public_digest, 'published', NULL, \
     g.graph FROM heads h JOIN changes g ON g.sequence = h.public_graph_sequence \
     WHERE h.public_version IS NOT NULL";

pub(super) const PUT: i64 = 1;

/// Rows above which graphs are decompressed on threads that may block.
const DECOMPRESS_HERE_ROWS_MAX: usize = 16;

impl Ledger {
    /// What a record is now.
    pub async fn head(&self, iri: &str) -> Result<Option<Head>, LedgerError> {
        self.one_head("iri", iri).await
    }

    /// What the record at a path is now.
    pub async fn head_by_path(&self, path: &str) -> Result<Option<Head>, LedgerError> {
        self.one_head("path", path).await
    }

    async fn one_head(&self, column: &str, value: &str) -> Result<Option<Head>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query
            .push(HEAD)
            .push(" FROM heads WHERE ")
            .push(column)
            .push(" = ");
        query.push_bind(value);
        let row = query.build().fetch_optional(&self.readers).await?;
        row.as_ref().map(head).transpose()
    }

    /// Heads in order of creation, from after the record of this number (0 for the first).
    pub async fn heads(
        &self,
        filter: &HeadFilter,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Head>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(HEAD).push(" FROM heads");
        push_filter(&mut query, filter);
        query.push(" AND record > ").push_bind(after);
        push_limit(&mut query, limit);
        collect(&query.build().fetch_all(&self.readers).await?, head)
    }

    /// Numbers and IRIs of published records of a kind, in order of creation, from after the record of this number.
    pub async fn public_members(
        &self,
        kind: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<(i64, String)>, LedgerError> {
        // All in one row: handing over a row costs many times what reading two of its columns does. No IRI holds a space.
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT group_concat(record || ' ' || iri, ' ') FROM (SELECT record, iri FROM heads \
             WHERE public_version IS NOT NULL AND kind = ",
        );
        query.push_bind(kind.to_owned());
        query.push(" AND record > ").push_bind(after);
        push_limit(&mut query, limit);
        query.push(")");
        let all = self.one_row(query).await?;
        let mut words = all.split(' ').filter(|word| !word.is_empty());
        let mut members = Vec::new();
        while let (Some(record), Some(iri)) = (words.next(), words.next()) {
            let record = record.parse();
            let record = record.map_err(|_| LedgerError::Damaged {
                what: "the number of a record",
            })?;
            members.push((record, iri.to_owned()));
        }
        Ok(members)
    }

    /// What a `group_concat` gives; nothing when there was nothing to put together.
    async fn one_row(&self, mut query: QueryBuilder<Sqlite>) -> Result<String, LedgerError> {
        let all: Option<String> = query.build_query_scalar().fetch_one(&self.readers).await?;
        Ok(all.unwrap_or_default())
    }

    /// IRIs of the published records of a kind below a parent, by IRI.
    pub async fn public_children(
        &self,
        parent: &str,
        kind: &str,
        limit: usize,
    ) -> Result<Vec<String>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT group_concat(iri, ' ') FROM (SELECT iri FROM heads",
        );
        push_children(&mut query, parent, Some(kind), Seen::Public);
        query.push(" ORDER BY iri LIMIT ").push(limit).push(")");
        let all = self.one_row(query).await?;
        let iris = all.split(' ').filter(|iri| !iri.is_empty());
        Ok(iris.map(str::to_owned).collect())
    }

    /// How many heads there are of this sort.
    pub async fn count_heads(&self, filter: &HeadFilter) -> Result<u64, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM heads");
        push_filter(&mut query, filter);
        number(query.build_query_scalar().fetch_one(&self.readers).await?)
    }

    /// The records of a kind below a parent, in order of creation, from after the record of this number.
    pub async fn children(
        &self,
        parent: &str,
        kind: Option<&str>,
        seen: Seen,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Head>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(HEAD).push(" FROM heads");
        push_children(&mut query, parent, kind, seen);
        query.push(" AND record > ").push_bind(after);
        push_limit(&mut query, limit);
        collect(&query.build().fetch_all(&self.readers).await?, head)
    }

    /// The numbers of the records of a kind below a parent, by title: that of the public version, or of the newest.
    pub async fn children_by_title(
        &self,
        parent: &str,
        kind: &str,
        seen: Seen,
    ) -> Result<Vec<i64>, LedgerError> {
        // All in one row, as for `public_members`.
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT group_concat(record, ' ') FROM (SELECT record FROM heads",
        );
        push_children(&mut query, parent, Some(kind), seen);
        query.push(match seen {
            Seen::Public => " ORDER BY COALESCE(public_title, ''), record)",
            Seen::All => " ORDER BY COALESCE(title, ''), record)",
        });
        let all = self.one_row(query).await?;
        let numbers = all.split(' ').filter(|word| !word.is_empty());
        let number = |word: &str| {
            word.parse().map_err(|_| LedgerError::Damaged {
                what: "the number of a record",
            })
        };
        numbers.map(number).collect()
    }

    /// The head of a record by its number.
    pub async fn head_by_number(&self, record: i64) -> Result<Option<Head>, LedgerError> {
        let select = format!("SELECT {HEAD} FROM heads WHERE record = ?");
        let found = sqlx::query(sqlx::AssertSqlSafe(select)).bind(record);
        let found = found.fetch_optional(&self.readers).await?;
        found.as_ref().map(head).transpose()
    }

    /// How many records of a kind there are below a parent.
    pub async fn count_children(
        &self,
        parent: &str,
        kind: Option<&str>,
        seen: Seen,
    ) -> Result<u64, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT COUNT(*) FROM heads");
        push_children(&mut query, parent, kind, seen);
        number(query.build_query_scalar().fetch_one(&self.readers).await?)
    }

    /// How many records of each kind the public sees.
    pub async fn public_counts(&self) -> Result<Vec<(String, u64)>, LedgerError> {
        let rows = sqlx::query(
            "SELECT kind, COUNT(*) FROM heads WHERE public_version IS NOT NULL GROUP BY kind ORDER BY kind",
        )
        .fetch_all(&self.readers)
        .await?;
        collect(&rows, |row| Ok((row.try_get(0)?, number(row.try_get(1)?)?)))
    }

    /// A version of a record, with its graph.
    pub async fn version(
        &self,
        iri: &str,
        version: u64,
    ) -> Result<Option<VersionedGraph>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(CHANGE_COLUMNS);
        query.push(", c.graph FROM heads h JOIN changes c ON c.record = h.record WHERE h.iri = ");
        query
            .push_bind(iri)
            .push(" AND c.version = ")
            .push_bind(signed(version));
        query.push(" AND c.graph IS NOT NULL ORDER BY c.sequence LIMIT 1");
        let Some(row) = query.build().fetch_optional(&self.readers).await? else {
            return Ok(None);
        };
        let ntriples = graph_text::decompress(row.try_get(14)?)?;
        Ok(Some(VersionedGraph {
            change: change(&row)?,
            ntriples,
        }))
    }

    /// Every change of a record, the oldest first; at most [`ROWS_MAX`].
    pub async fn history(&self, iri: &str) -> Result<Vec<Change>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(CHANGE_COLUMNS);
        query.push(" FROM heads h JOIN changes c ON c.record = h.record WHERE h.iri = ");
        query
            .push_bind(iri)
            .push(" ORDER BY c.sequence LIMIT ")
            .push_bind(rows_max(ROWS_MAX));
        collect(&query.build().fetch_all(&self.readers).await?, change)
    }

    /// One change by its sequence number.
    pub async fn change(&self, sequence: u64) -> Result<Option<Change>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(CHANGE_COLUMNS);
        query.push(" FROM changes c JOIN heads h ON c.record = h.record WHERE c.sequence = ");
        let row = query
            .push_bind(signed(sequence))
            .build()
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(change).transpose()
    }

    /// What followers that have reached `sequence` must do next, in order.
    pub async fn public_changes_since(
        &self,
        sequence: u64,
        limit: usize,
    ) -> Result<Vec<PublicChange>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(PUBLIC_CHANGE);
        query
            .push(" WHERE c.effect <> 0 AND c.sequence > ")
            .push_bind(signed(sequence));
        query
            .push(" ORDER BY c.sequence LIMIT ")
            .push_bind(rows_max(limit));
        public_changes(query.build().fetch_all(&self.readers).await?).await
    }

    /// All that is public now, in order of creation, from after the record of this number: the short way to
    /// fill an empty projection. Read [`Ledger::last_public_sequence`] before the first page; what changes
    /// meanwhile comes again from [`Ledger::public_changes_since`].
    pub async fn public_now(
        &self,
        after: i64,
        limit: usize,
    ) -> Result<Vec<PublicChange>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(PUBLIC_NOW);
        query
            .push(" AND h.record > ")
            .push_bind(after)
            .push(" ORDER BY h.record LIMIT ")
            .push_bind(rows_max(limit));
        public_changes(query.build().fetch_all(&self.readers).await?).await
    }

    /// The newest change that altered what the public sees, or 0.
    pub async fn last_public_sequence(&self) -> Result<u64, LedgerError> {
        let last: Option<i64> =
            sqlx::query_scalar("SELECT MAX(sequence) FROM changes WHERE effect <> 0")
                .fetch_one(&self.readers)
                .await?;
        number(last.unwrap_or(0))
    }

    /// Remembers a small text by name, for good.
    pub async fn remember(&self, name: &str, content: &str) -> Result<(), LedgerError> {
        sqlx::query(
            "INSERT INTO memory (name, content) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET content = excluded.content",
        )
        .bind(name)
        .bind(content)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// What was remembered by this name.
    pub async fn recall(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let content = sqlx::query_scalar("SELECT content FROM memory WHERE name = ?")
            .bind(name)
            .fetch_optional(&self.readers)
            .await?;
        Ok(content)
    }
}

fn push_filter(query: &mut QueryBuilder<Sqlite>, filter: &HeadFilter) {
    query.push(" WHERE TRUE");
    let texts = [
        ("kind", &filter.kind),
        ("parent", &filter.parent),
        ("owner", &filter.owner),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            query
                .push(" AND ")
                .push(column)
                .push(" = ")
                .push_bind(value.clone());
        }
    }
    if let Some(state) = filter.state {
        query.push(" AND state = ").push_bind(state.as_str());
    }
}

fn push_children(query: &mut QueryBuilder<Sqlite>, parent: &str, kind: Option<&str>, seen: Seen) {
    match seen {
        Seen::Public => query.push(" WHERE public_version IS NOT NULL AND public_parent = "),
        Seen::All => query.push(" WHERE state <> 'deleted' AND parent = "),
    };
    query.push_bind(parent.to_owned());
    if let Some(kind) = kind {
        query.push(" AND kind = ").push_bind(kind.to_owned());
    }
}

fn push_limit(query: &mut QueryBuilder<Sqlite>, limit: usize) {
    // Written, not bound: SQLite looks at the value to plan, and prepares the statement anew for each one that is bound.
    query.push(" ORDER BY record LIMIT ").push(rows_max(limit));
}

pub(super) fn rows_max(limit: usize) -> i64 {
    i64::try_from(limit.min(ROWS_MAX)).expect("the maximum is small")
}

pub(super) fn collect<T>(
    rows: &[SqliteRow],
    read: impl Fn(&SqliteRow) -> Result<T, LedgerError>,
) -> Result<Vec<T>, LedgerError> {
    rows.iter().map(read).collect()
}

pub(super) fn change(row: &SqliteRow) -> Result<Change, LedgerError> {
    Ok(Change {
        sequence: number(row.try_get(0)?)?,
        iri: row.try_get(1)?,
        kind: row.try_get(2)?,
        version: number(row.try_get(3)?)?,
        action: action(row.try_get(4)?)?,
        state: state(row.try_get(5)?)?,
        is_public: row.try_get::<i64, _>(6)? != 0,
        parent: row.try_get(7)?,
        title: row.try_get(8)?,
        digest: digest(row, 9)?,
        author: row.try_get(10)?,
        reason: row.try_get(11)?,
        at: time(row.try_get(12)?)?,
        report: row
            .try_get::<Option<&[u8]>, _>(13)?
            .map(graph_text::decompress)
            .transpose()?,
    })
}

pub(super) async fn public_changes(rows: Vec<SqliteRow>) -> Result<Vec<PublicChange>, LedgerError> {
    if rows.len() <= DECOMPRESS_HERE_ROWS_MAX {
        return collect(&rows, public_change);
    }
    let read = |rows: Vec<SqliteRow>| collect(&rows, public_change);
    let parts = on_all_cores(rows, DECOMPRESS_HERE_ROWS_MAX, read).await?;
    let parts: Vec<Vec<PublicChange>> = parts.into_iter().collect::<Result<_, _>>()?;
    Ok(parts.into_iter().flatten().collect())
}

pub(super) fn public_change(row: &SqliteRow) -> Result<PublicChange, LedgerError> {
    let state: State = state(row.try_get(12)?)?;
    let what = if row.try_get::<i64, _>(9)? == PUT {
        What::Put {
            version: number(row.try_get(10)?)?,
            digest: digest(row, 11)?,
            ntriples: graph_text::decompress(row.try_get(14)?)?,
        }
    } else {
        What::Remove {
            state,
            reason: row.try_get(13)?,
        }
    };
    Ok(PublicChange {
        sequence: number(row.try_get(0)?)?,
        record: row.try_get(1)?,
        iri: row.try_get(2)?,
        kind: row.try_get(3)?,
        path: row.try_get(4)?,
        parent: row.try_get(5)?,
        title: row.try_get(6)?,
        at: time(row.try_get(7)?)?,
        first_published_at: time(row.try_get(8)?)?,
        what,
    })
}
