//! What was said of a record before, and what did the public see at a time?

use jiff::Timestamp;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::change::{Change, PublicChange};
use super::error::LedgerError;
use super::read::{CHANGE_COLUMNS, change, collect, public_changes, rows_max};
use super::sqlite::{number, signed, time};
use super::{Ledger, VersionedGraph};

/// Whose history is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// The changes that altered what the public sees.
    Public,
    All,
}

/// A version that the public saw, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memento {
    pub version: u64,
    /// When the public saw it first.
    pub at: Timestamp,
}

/// Which of a record's mementos is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    First,
    Last,
    Of(u64),
    Before(u64),
    After(u64),
}

/// A column of a change that is not read here.
const NO_REPORT: &str = "NULL";

impl Ledger {
    /// The changes of a record, the newest first, from before the change of this sequence number. Their reports
    /// are left out.
    pub async fn changes_of(
        &self,
        iri: &str,
        told: Told,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<Change>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT ");
        query.push(CHANGE_COLUMNS.replace("c.report", NO_REPORT));
        query.push(" FROM heads h JOIN changes c ON c.record = h.record WHERE h.iri = ");
        query.push_bind(iri);
        if told == Told::Public {
            query.push(" AND c.effect <> 0");
        }
        if let Some(before) = before {
            query.push(
                " AND (c.version, c.sequence) < ((SELECT version FROM changes WHERE sequence = ",
            );
            query.push_bind(signed(before)).push("), ");
            query.push_bind(signed(before)).push(")");
        }
        query.push(" ORDER BY c.version DESC, c.sequence DESC LIMIT ");
        query.push_bind(rows_max(limit));
        collect(&query.build().fetch_all(&self.readers).await?, change)
    }

    /// The versions that the public saw, the oldest first, from after this one (0 for the first).
    pub async fn mementos(
        &self,
        iri: &str,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Memento>, LedgerError> {
        let rows = sqlx::query(
            "SELECT c.version, MIN(c.at) FROM heads h JOIN changes c ON c.record = h.record \
             WHERE h.iri = ? AND c.effect = 1 AND c.version > ? GROUP BY c.version ORDER BY c.version LIMIT ?",
        )
        .bind(iri)
        .bind(signed(after))
        .bind(rows_max(limit))
        .fetch_all(&self.readers)
        .await?;
        collect(&rows, |row| {
            Ok(Memento {
                version: number(row.try_get(0)?)?,
                at: time(row.try_get(1)?)?,
            })
        })
    }

    /// One version that the public saw, when there is such a one.
    pub async fn memento(&self, iri: &str, which: Which) -> Result<Option<Memento>, LedgerError> {
        let (condition, order, version) = match which {
            Which::First => (" AND c.version > ", "ASC", 0),
            Which::Last => (" AND c.version > ", "DESC", 0),
            Which::Of(version) => (" AND c.version = ", "ASC", version),
            Which::Before(version) => (" AND c.version < ", "DESC", version),
            Which::After(version) => (" AND c.version > ", "ASC", version),
        };
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT c.version FROM heads h JOIN changes c ON c.record = h.record WHERE c.effect = 1 AND h.iri = ",
        );
        query
            .push_bind(iri)
            .push(condition)
            .push_bind(signed(version));
        query
            .push(" ORDER BY c.version ")
            .push(order)
            .push(" LIMIT 1");
        let found: Option<i64> = query
            .build_query_scalar()
            .fetch_optional(&self.readers)
            .await?;
        let Some(version) = found.map(number).transpose()? else {
            return Ok(None);
        };
        let since: i64 = sqlx::query_scalar(
            "SELECT MIN(c.at) FROM heads h JOIN changes c ON c.record = h.record \
             WHERE h.iri = ? AND c.version = ? AND c.effect = 1",
        )
        .bind(iri)
        .bind(signed(version))
        .fetch_one(&self.readers)
        .await?;
        let at = time(since)?;
        Ok(Some(Memento { version, at }))
    }

    /// The version that the public saw last at a time: the newest that was published until then.
    pub async fn seen_at(&self, iri: &str, at: Timestamp) -> Result<Option<u64>, LedgerError> {
        // The index holds what `effect <> 0` says; the rest is looked at in the row.
        let found: Option<i64> = sqlx::query_scalar(
            "SELECT c.version FROM changes c WHERE c.record = (SELECT record FROM heads WHERE iri = ?) \
             AND c.effect <> 0 AND c.effect = 1 AND c.at <= ? ORDER BY c.at DESC, c.sequence DESC LIMIT 1",
        )
        .bind(iri)
        .bind(at.as_microsecond())
        .fetch_optional(&self.readers)
        .await?;
        found.map(number).transpose()
    }

    /// What the public saw of a record at a time, with its graph.
    pub async fn state_at(
        &self,
        iri: &str,
        at: Timestamp,
    ) -> Result<Option<VersionedGraph>, LedgerError> {
        match self.seen_at(iri, at).await? {
            Some(version) => self.version(iri, version).await,
            None => Ok(None),
        }
    }

    /// Whether the public ever saw a version.
    pub async fn was_public(&self, iri: &str, version: u64) -> Result<bool, LedgerError> {
        Ok(self.memento(iri, Which::Of(version)).await?.is_some())
    }

    /// How many records that are public now were public before a time, at the most.
    pub async fn count_public_before(&self, at: Timestamp) -> Result<u64, LedgerError> {
        let count = sqlx::query_scalar(
            "SELECT COUNT(*) FROM heads WHERE public_version IS NOT NULL AND first_published_at <= ?",
        )
        .bind(at.as_microsecond())
        .fetch_one(&self.readers)
        .await?;
        number(count)
    }

    /// The newest change until a time that altered what the public sees, or 0.
    pub async fn public_sequence_at(&self, at: Timestamp) -> Result<u64, LedgerError> {
        // Times follow the order of the sequence but for a clock that was set back; the bisection is exact
        // without one, and near enough with it to name what is kept.
        let (mut low, mut high) = (0, self.last_public_sequence().await?);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            let found: Option<(i64, i64)> = sqlx::query_as(
                "SELECT sequence, at FROM changes WHERE effect <> 0 AND sequence >= ? ORDER BY sequence LIMIT 1",
            )
            .bind(signed(middle))
            .fetch_optional(&self.readers)
            .await?;
            match found {
                Some((sequence, when)) if when <= at.as_microsecond() => low = number(sequence)?,
                Some(_) | None => high = middle - 1,
            }
        }
        Ok(low)
    }

    /// What the public saw at a time, in order of creation, from after the record of this number. Only records
    /// that are public now: what was taken away since is told of no time.
    pub async fn public_at(
        &self,
        at: Timestamp,
        after: i64,
        limit: usize,
    ) -> Result<Vec<PublicChange>, LedgerError> {
        let rows = sqlx::query(
            "SELECT c.sequence, h.record, h.iri, h.kind, h.path, c.parent, c.title, c.at, c.first_published_at, \
             c.effect, c.version, c.digest, c.state, NULL, g.graph FROM heads h \
             JOIN changes c ON c.sequence = (SELECT p.sequence FROM changes p WHERE p.record = h.record \
             AND p.effect <> 0 AND p.at <= ? ORDER BY p.at DESC, p.sequence DESC LIMIT 1) \
             JOIN changes g ON g.sequence = c.graph_sequence \
             WHERE h.public_version IS NOT NULL AND c.effect = 1 AND h.record > ? ORDER BY h.record LIMIT ?",
        )
        .bind(at.as_microsecond())
        .bind(after)
        .bind(rows_max(limit))
        .fetch_all(&self.readers)
        .await?;
        public_changes(rows).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Action, Expected, NewChange, State, What};
    use crate::rdf::canonical::canonical_ntriples;
    use crate::rdf::{Literal, NamedNode, Triple};

    const IRI: &str = "https://example.org/dataset/a";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn change(action: Action, state: State, second: i64, text: &str) -> NewChange {
        let subject = NamedNode::new(IRI).unwrap();
        let title = NamedNode::new("http://purl.org/dc/terms/title").unwrap();
        let says = [Triple::new(subject, title, Literal::from(text))];
        let has_graph = matches!(action, Action::Create | Action::Replace);
        NewChange {
            iri: IRI.into(),
            kind: "dataset".into(),
            path: "/dataset/a".into(),
            parent: None,
            action,
            state,
            graph: has_graph.then(|| canonical_ntriples(&says).unwrap()),
            title: None,
            author: "ada".into(),
            reason: None,
            at: at(second),
            report: None,
            expected: Expected::Any,
        }
    }

    /// What a change did to the public face, as a simple model keeps it.
    struct Seen {
        sequence: u64,
        second: i64,
        version: u64,
        is_put: bool,
    }

    /// Draws changes that the lifecycle allows; several share a second.
    async fn fill(ledger: &Ledger) -> (Vec<Seen>, u64) {
        let (mut random, mut second, mut seen) = (0x5EED_u64, 100, Vec::new());
        let (mut version, mut is_public) = (0, false);
        for n in 0..120 {
            random = random
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let drawn = random >> 33;
            second += i64::try_from(drawn % 3).unwrap();
            let (action, state) = match drawn / 3 % 5 {
                _ if n == 0 => (Action::Create, State::Published),
                0 | 1 => (Action::Replace, State::Published),
                2 if is_public => (Action::Withdraw, State::Withdrawn),
                2 => (Action::Publish, State::Published),
                _ => (Action::Replace, State::Draft),
            };
            let text = format!("text {n}");
            let done = ledger
                .commit(vec![change(action, state, second, &text)])
                .await
                .unwrap();
            version = done[0].version;
            let is_put = state == State::Published;
            if is_put || state == State::Withdrawn {
                is_public = is_put;
                let sequence = done[0].sequence;
                seen.push(Seen {
                    sequence,
                    second,
                    version,
                    is_put,
                });
            }
        }
        // It must be public in the end: what was taken away is told of no time.
        second += 1;
        let last = change(Action::Replace, State::Published, second, "the end");
        let done = ledger.commit(vec![last]).await.unwrap();
        version += 1;
        let sequence = done[0].sequence;
        seen.push(Seen {
            sequence,
            second,
            version,
            is_put: true,
        });
        (seen, version)
    }

    #[tokio::test]
    async fn any_version_and_any_time_is_what_was_said() {
        let ledger = Ledger::in_memory().await.unwrap();
        let (seen, versions) = fill(&ledger).await;
        let end = seen.last().unwrap().second;
        for second in 90..=end + 1 {
            let until = || seen.iter().rev().filter(|one| one.second <= second);
            let put = until().find(|one| one.is_put).map(|one| one.version);
            assert_eq!(
                ledger.seen_at(IRI, at(second)).await.unwrap(),
                put,
                "at {second}"
            );
            let state = ledger.state_at(IRI, at(second)).await.unwrap();
            assert_eq!(state.map(|state| state.change.version), put);
            let last = until().next();
            let reached = ledger.public_sequence_at(at(second)).await.unwrap();
            assert_eq!(reached, last.map_or(0, |one| one.sequence), "at {second}");
            let all = ledger.public_at(at(second), 0, 10).await.unwrap();
            let shown = all.first().map(|change| match change.what {
                What::Put { version, .. } => version,
                What::Remove { .. } => 0,
            });
            assert_eq!(
                shown,
                last.filter(|one| one.is_put).map(|one| one.version),
                "at {second}"
            );
        }
        let mut mementos: Vec<(u64, i64)> = Vec::new();
        for one in seen.iter().filter(|one| one.is_put) {
            if !mementos.iter().any(|(version, _)| *version == one.version) {
                mementos.push((one.version, one.second));
            }
        }
        let mut told = Vec::new();
        loop {
            let after = told.last().map_or(0, |(version, _)| *version);
            let page = ledger.mementos(IRI, after, 7).await.unwrap();
            if page.is_empty() {
                break;
            }
            told.extend(page.iter().map(|one| (one.version, one.at.as_second())));
        }
        assert_eq!(told, mementos);
        for version in 0..=versions + 1 {
            let is_memento = |wanted: u64| mementos.iter().any(|(version, _)| *version == wanted);
            assert_eq!(
                ledger.was_public(IRI, version).await.unwrap(),
                is_memento(version)
            );
            let beside = ledger.memento(IRI, Which::Before(version)).await.unwrap();
            let wanted = mementos.iter().rev().find(|(one, _)| *one < version);
            assert_eq!(beside.map(|one| one.version), wanted.map(|(one, _)| *one));
        }
    }

    #[tokio::test]
    async fn a_history_is_told_page_by_page() {
        let ledger = Ledger::in_memory().await.unwrap();
        fill(&ledger).await;
        for told in [Told::All, Told::Public] {
            let mut whole = ledger.history(IRI).await.unwrap();
            whole.retain(|change| told == Told::All || change.is_public);
            whole.reverse();
            let mut pages: Vec<Change> = Vec::new();
            loop {
                let before = pages.last().map(|change| change.sequence);
                let page = ledger.changes_of(IRI, told, before, 9).await.unwrap();
                if page.is_empty() {
                    break;
                }
                pages.extend(page);
            }
            assert_eq!(pages, whole);
        }
    }
}
