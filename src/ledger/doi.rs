//! Which DOIs do records have, and what must their registry still be told?

use jiff::Timestamp;
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use super::Ledger;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::read::{collect, rows_max};
use super::sqlite::{begin, number, signed, time};

/// When something is told that somebody asked for: before everything else.
const ASKED_FOR: i64 = 0;
/// Names that one statement asks for.
const NAMES_PER_STATEMENT: usize = 500;

/// What the registry knows of a DOI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DoiState {
    /// Nothing yet.
    Wanted,
    /// That it leads to a public record.
    Findable,
    /// That its record is public no longer.
    Registered,
}

impl DoiState {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wanted => "wanted",
            Self::Findable => "findable",
            Self::Registered => "registered",
        }
    }

    /// The state that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Wanted, Self::Findable, Self::Registered];
        all.into_iter().find(|standing| standing.as_str() == word)
    }
}

impl std::fmt::Display for DoiState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The DOI of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doi {
    /// The record's number in order of creation.
    pub record: i64,
    pub doi: String,
    pub state: DoiState,
    /// The newest public change of the record that the registry knows.
    pub told: u64,
    /// How often it was told in vain since the last change.
    pub attempts: u64,
    /// When it is told next, if it must be.
    pub next_at: Option<Timestamp>,
    pub failure: Option<String>,
}

impl Doi {
    /// Whether somebody asked that it be told now.
    pub fn is_asked_for(&self) -> bool {
        let at = self.next_at.map(Timestamp::as_microsecond);
        at == Some(ASKED_FOR)
    }
}

/// A DOI and the record that it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoiOfRecord {
    pub doi: Doi,
    pub iri: String,
    pub path: String,
    /// Of the newest version.
    pub title: Option<String>,
}

/// Which DOIs a list holds.
#[derive(Clone, Copy, Debug, Default)]
pub struct DoiFilter {
    pub state: Option<DoiState>,
    /// Only those that the registry could not be told last.
    pub failed: bool,
    /// Only those of records that were made after this one.
    pub after: i64,
}

/// How many DOIs there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoiCounts {
    pub wanted: u64,
    pub findable: u64,
    pub registered: u64,
    /// Of all of these: what the registry could not be told last.
    pub failed: u64,
}

impl DoiCounts {
    /// Of every state.
    pub fn all(&self) -> u64 {
        self.wanted + self.findable + self.registered
    }
}

/// What follows from a stretch of public changes.
#[derive(Clone, Debug)]
pub struct DoiStep {
    pub follower: &'static str,
    pub reached: u64,
    /// Records that get a DOI, unless they have one.
    pub minted: Vec<(i64, String)>,
    /// Records with their newest change.
    pub changed: Vec<(i64, u64)>,
    pub at: Timestamp,
}

/// How it went to tell the registry.
#[derive(Clone, Debug)]
pub enum DoiWent {
    /// It knows the DOI, and the record does not name it yet.
    Known(DoiState),
    /// It knows everything up to a change.
    Told(DoiState, u64),
    /// It is told again later.
    Again(Timestamp, String),
    /// It will not take what the record is since a change.
    Refused(u64, String),
}

const COLUMNS: &str = "record, doi, standing, told, attempts, next_at, failure";

impl Ledger {
    /// Writes which DOIs are wanted and which the registry must be told of, with how far the follower came.
    pub async fn advance_dois(&self, step: &DoiStep) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        for (record, doi) in &step.minted {
            sqlx::query(
                "INSERT INTO dois (record, doi, standing, told, attempts, next_at) VALUES (?, ?, 'wanted', 0, 0, ?) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(record)
            .bind(doi)
            .bind(step.at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        }
        for (record, sequence) in &step.changed {
            sqlx::query("UPDATE dois SET next_at = ?, attempts = 0 WHERE record = ? AND told < ?")
                .bind(step.at.as_microsecond())
                .bind(record)
                .bind(signed(*sequence))
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query(
            "INSERT INTO followers (name, reached) VALUES (?, ?) \
             ON CONFLICT (name) DO UPDATE SET reached = excluded.reached",
        )
        .bind(step.follower)
        .bind(signed(step.reached))
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// DOIs that the registry must be told of now, the longest waiting first.
    pub async fn dois_due(&self, now: Timestamp, limit: usize) -> Result<Vec<Doi>, LedgerError> {
        let select =
            format!("SELECT {COLUMNS} FROM dois WHERE next_at <= ? ORDER BY next_at LIMIT ?");
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(now.as_microsecond())
            .bind(rows_max(limit))
            .fetch_all(&self.readers)
            .await?;
        collect(&rows, doi)
    }

    /// When the registry is to be told next.
    pub async fn next_doi(&self) -> Result<Option<Timestamp>, LedgerError> {
        let next: Option<i64> = sqlx::query_scalar("SELECT MIN(next_at) FROM dois")
            .fetch_one(&self.readers)
            .await?;
        next.map(time).transpose()
    }

    /// DOIs with their records, in order of creation.
    pub async fn dois(
        &self,
        filter: &DoiFilter,
        limit: usize,
    ) -> Result<Vec<DoiOfRecord>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(
            "SELECT d.record, d.doi, d.standing, d.told, d.attempts, d.next_at, d.failure, h.iri, h.path, h.title \
             FROM dois d JOIN heads h ON h.record = d.record WHERE d.record > ",
        );
        query.push_bind(filter.after);
        if let Some(state) = filter.state {
            query.push(" AND d.standing = ").push_bind(state.as_str());
        }
        if filter.failed {
            query.push(" AND d.failure IS NOT NULL");
        }
        query
            .push(" ORDER BY d.record LIMIT ")
            .push_bind(rows_max(limit));
        let rows = query.build().fetch_all(&self.readers).await?;
        collect(&rows, |row| {
            Ok(DoiOfRecord {
                doi: doi(row)?,
                iri: row.try_get(7)?,
                path: row.try_get(8)?,
                title: row.try_get(9)?,
            })
        })
    }

    /// How many DOIs there are.
    pub async fn count_dois(&self) -> Result<DoiCounts, LedgerError> {
        let select = "SELECT standing, COUNT(*), COUNT(failure) FROM dois GROUP BY standing";
        let mut counts = DoiCounts::default();
        for row in sqlx::query(select).fetch_all(&self.readers).await? {
            let count = number(row.try_get(1)?)?;
            match DoiState::from_word(row.try_get(0)?) {
                Some(DoiState::Wanted) => counts.wanted = count,
                Some(DoiState::Findable) => counts.findable = count,
                Some(DoiState::Registered) => counts.registered = count,
                None => return Err(LedgerError::Damaged { what: "DOI" }),
            }
            counts.failed += number(row.try_get(2)?)?;
        }
        Ok(counts)
    }

    /// Has the registry told now what it could not be told: of one DOI, or of all. Of how many.
    pub async fn tell_dois_again(
        &self,
        by: &str,
        one: Option<&str>,
        at: Timestamp,
    ) -> Result<u64, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let mut query = QueryBuilder::<Sqlite>::new("UPDATE dois SET attempts = 0, next_at = ");
        query.push_bind(ASKED_FOR);
        query.push(" WHERE failure IS NOT NULL");
        if let Some(one) = one {
            query.push(" AND doi = ").push_bind(one);
        }
        let done = query.build().execute(&mut *transaction).await?;
        let retried = done.rows_affected();
        let told = (retried > 0).then(|| {
            let detail = json!({ "dois": retried });
            NewEvent::new(at, by, Deed::DoisRetried, one.unwrap_or("all"), detail)
        });
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(retried)
    }

    /// Whether somebody asked that the registry be told of a DOI now.
    pub async fn is_doi_asked_for(&self) -> Result<bool, LedgerError> {
        let select = "SELECT EXISTS (SELECT 1 FROM dois WHERE next_at <= ?)";
        let found = sqlx::query_scalar(select).bind(ASKED_FOR);
        Ok(found.fetch_one(&self.readers).await?)
    }

    /// Puts off what somebody asked for: the registry cannot be told.
    pub async fn put_off_dois(&self, until: Timestamp) -> Result<(), LedgerError> {
        sqlx::query("UPDATE dois SET next_at = ? WHERE next_at <= ?")
            .bind(until.as_microsecond())
            .bind(ASKED_FOR)
            .execute(&self.writer)
            .await?;
        Ok(())
    }

    /// The DOIs that the registry knows, of these records, by IRI.
    pub async fn known_dois(&self, iris: &[&str]) -> Result<Vec<(String, String)>, LedgerError> {
        let mut found = Vec::new();
        for iris in iris.chunks(NAMES_PER_STATEMENT) {
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT h.iri, d.doi FROM heads h JOIN dois d ON d.record = h.record \
                 WHERE d.standing <> 'wanted' AND h.iri IN (",
            );
            let mut list = query.separated(", ");
            for iri in iris {
                list.push_bind(*iri);
            }
            query.push(")");
            let persistent = iris.len() == 1;
            let rows = query.build().persistent(persistent);
            for row in rows.fetch_all(&self.readers).await? {
                found.push((row.try_get(0)?, row.try_get(1)?));
            }
        }
        Ok(found)
    }

    /// Remembers how it went to tell the registry. What changed meanwhile is still to be told.
    pub async fn doi_went(
        &self,
        record: i64,
        went: &DoiWent,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        /// Whether the record has changed since: then it is due at once.
        const SINCE: &str = "(SELECT CASE WHEN h.public_sequence > ? THEN ? END FROM heads h \
             WHERE h.record = dois.record)";
        let now = now.as_microsecond();
        let query = match went {
            DoiWent::Known(standing) => {
                let update = "UPDATE dois SET standing = ? WHERE record = ?";
                sqlx::query(update).bind(standing.as_str()).bind(record)
            }
            DoiWent::Told(standing, told) => {
                let update = format!(
                    "UPDATE dois SET standing = ?, told = ?, attempts = 0, failure = NULL, next_at = {SINCE} \
                     WHERE record = ?"
                );
                let query = sqlx::query(sqlx::AssertSqlSafe(update)).bind(standing.as_str());
                let told = signed(*told);
                query.bind(told).bind(told).bind(now).bind(record)
            }
            DoiWent::Again(at, failure) => {
                let update = "UPDATE dois SET next_at = ?, attempts = attempts + 1, failure = ? WHERE record = ?";
                let query = sqlx::query(update).bind(at.as_microsecond());
                query.bind(failure).bind(record)
            }
            DoiWent::Refused(tried, failure) => {
                let update = format!(
                    "UPDATE dois SET attempts = attempts + 1, failure = ?, next_at = {SINCE} WHERE record = ?"
                );
                let query = sqlx::query(sqlx::AssertSqlSafe(update)).bind(failure);
                query.bind(signed(*tried)).bind(now).bind(record)
            }
        };
        query.execute(&self.writer).await?;
        Ok(())
    }
}

fn doi(row: &SqliteRow) -> Result<Doi, LedgerError> {
    let standing = DoiState::from_word(row.try_get(2)?);
    Ok(Doi {
        record: row.try_get(0)?,
        doi: row.try_get(1)?,
        state: standing.ok_or(LedgerError::Damaged { what: "DOI" })?,
        told: number(row.try_get(3)?)?,
        attempts: number(row.try_get(4)?)?,
        next_at: row.try_get::<Option<i64>, _>(5)?.map(time).transpose()?,
        failure: row.try_get(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Action, Expected, NewChange, State};
    use crate::rdf::canonical::canonical_ntriples;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    /// Publishes a version of the one record.
    async fn publish(ledger: &Ledger, second: i64) -> u64 {
        let change = NewChange {
            iri: "https://a.example/dataset/x".into(),
            kind: "dataset".into(),
            path: "/dataset/x".into(),
            parent: None,
            action: Action::Replace,
            state: State::Published,
            graph: Some(canonical_ntriples(&[]).unwrap()),
            title: None,
            author: "ada".into(),
            reason: None,
            at: at(second),
            report: None,
            expected: Expected::Any,
        };
        ledger.commit(vec![change]).await.unwrap()[0].sequence
    }

    async fn follow(ledger: &Ledger, sequence: u64, second: i64) {
        let step = DoiStep {
            follower: "dois",
            reached: sequence,
            minted: vec![(1, "10.5072/x".into())],
            changed: vec![(1, sequence)],
            at: at(second),
        };
        ledger.advance_dois(&step).await.unwrap();
    }

    async fn due(ledger: &Ledger, second: i64) -> usize {
        ledger.dois_due(at(second), 10).await.unwrap().len()
    }

    #[tokio::test]
    async fn what_changed_while_the_registry_was_told_is_told_again() {
        let ledger = Ledger::in_memory().await.unwrap();
        let first = publish(&ledger, 10).await;
        follow(&ledger, first, 10).await;
        assert_eq!((due(&ledger, 9).await, due(&ledger, 10).await), (0, 1));
        let second = publish(&ledger, 20).await;
        let told = |sequence| DoiWent::Told(DoiState::Findable, sequence);
        ledger.doi_went(1, &told(first), at(20)).await.unwrap();
        assert_eq!(due(&ledger, 20).await, 1, "the second version");
        ledger.doi_went(1, &told(second), at(21)).await.unwrap();
        assert_eq!(due(&ledger, 99).await, 0);
        // The follower comes late and finds nothing new.
        follow(&ledger, second, 30).await;
        assert_eq!(due(&ledger, 99).await, 0);
        assert_eq!(ledger.reached("dois").await.unwrap(), Some(second));
    }

    #[tokio::test]
    async fn a_refusal_waits_for_the_next_version_and_a_failure_for_its_time() {
        let ledger = Ledger::in_memory().await.unwrap();
        let first = publish(&ledger, 10).await;
        follow(&ledger, first, 10).await;
        let again = DoiWent::Again(at(40), "away".into());
        ledger.doi_went(1, &again, at(10)).await.unwrap();
        assert_eq!((due(&ledger, 39).await, due(&ledger, 40).await), (0, 1));
        let refused = DoiWent::Refused(first, "no".into());
        ledger.doi_went(1, &refused, at(40)).await.unwrap();
        assert_eq!(due(&ledger, 99).await, 0);
        assert_eq!(
            ledger
                .known_dois(&["https://a.example/dataset/x"])
                .await
                .unwrap(),
            []
        );
        let second = publish(&ledger, 50).await;
        follow(&ledger, second, 50).await;
        let dois = ledger.dois(&DoiFilter::default(), 10).await.unwrap();
        let doi = &dois[0].doi;
        assert_eq!(doi.next_at, Some(at(50)));
        assert_eq!((doi.attempts, doi.failure.as_deref()), (0, Some("no")));
        let known = DoiWent::Known(DoiState::Findable);
        ledger.doi_went(1, &known, at(50)).await.unwrap();
        let iris = ["https://a.example/dataset/x", "https://a.example/none"];
        let found = ledger.known_dois(&iris).await.unwrap();
        assert_eq!(found, [(iris[0].to_owned(), "10.5072/x".to_owned())]);
    }

    #[tokio::test]
    async fn what_somebody_asks_for_comes_first_until_it_is_put_off() {
        let ledger = Ledger::in_memory().await.unwrap();
        let first = publish(&ledger, 10).await;
        follow(&ledger, first, 10).await;
        assert_eq!(
            ledger.tell_dois_again("ada", None, at(50)).await.unwrap(),
            0
        );
        let again = DoiWent::Again(at(40), "away".into());
        ledger.doi_went(1, &again, at(10)).await.unwrap();
        let counts = ledger.count_dois().await.unwrap();
        assert_eq!((counts.wanted, counts.failed, counts.all()), (1, 1, 1));
        let other = ledger
            .tell_dois_again("ada", Some("10.5072/y"), at(50))
            .await
            .unwrap();
        assert_eq!((other, due(&ledger, 11).await), (0, 0));
        let one = ledger
            .tell_dois_again("ada", Some("10.5072/x"), at(50))
            .await
            .unwrap();
        assert_eq!((one, due(&ledger, 11).await), (1, 1));
        assert!(ledger.is_doi_asked_for().await.unwrap());
        assert!(ledger.dois_due(at(11), 1).await.unwrap()[0].is_asked_for());
        ledger.put_off_dois(at(60)).await.unwrap();
        assert!(!ledger.is_doi_asked_for().await.unwrap());
        assert_eq!((due(&ledger, 59).await, due(&ledger, 60).await), (0, 1));
        let failed = |state| DoiFilter {
            state,
            failed: true,
            after: 0,
        };
        let wanted = failed(Some(DoiState::Wanted));
        assert_eq!(ledger.dois(&wanted, 10).await.unwrap().len(), 1);
        let findable = failed(Some(DoiState::Findable));
        assert_eq!(ledger.dois(&findable, 10).await.unwrap(), []);
    }
}
