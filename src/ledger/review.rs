//! What waits for a review, what was said in it, and how many must agree?

use jiff::Timestamp;
use serde_json::json;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::Ledger;
use super::audit::{self, Deed, NewEvent};
use super::error::LedgerError;
use super::event::{self, Announcement, EventKind};
use super::read::{collect, rows_max};
use super::sqlite::{begin, number, signed, time};

/// How many must agree before a record of a catalogue is published.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReviewRule {
    /// So many must agree; with none, publishing needs no review.
    pub approvals: u32,
    /// Whether nobody may agree to what they wrote themselves.
    pub four_eyes: bool,
}

/// A draft that was handed in. Its stage is a word of the catalogue's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub review: i64,
    pub iri: String,
    /// The version that was handed in last.
    pub version: u64,
    pub stage: String,
    /// Who handed it in.
    pub author: String,
    pub opened_at: Timestamp,
    pub changed_at: Timestamp,
    pub is_open: bool,
}

/// Something that was said or done in a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub remark: i64,
    /// The version that it speaks of.
    pub version: u64,
    /// What was done with it.
    pub step: String,
    /// The property that it is about, by IRI.
    pub field: Option<String>,
    pub content: Option<String>,
    pub author: String,
    pub at: Timestamp,
}

/// A step of a review that is to be kept.
#[derive(Clone, Debug)]
pub struct NewRemark {
    pub iri: String,
    pub version: u64,
    pub step: &'static str,
    pub field: Option<String>,
    pub content: Option<String>,
    pub author: String,
    pub at: Timestamp,
    /// The stage that the review must be at; `None`: there is no open one, and this opens it.
    pub from: Option<&'static str>,
    /// The stage that it is at afterwards, and whether it is still open there.
    pub to: (&'static str, bool),
}

const REVIEW: &str = "SELECT r.review, h.iri, r.version, r.stage, r.author, r.opened_at, r.changed_at, r.is_open \
     FROM reviews r JOIN heads h ON h.record = r.record WHERE ";

impl Ledger {
    /// The rule of a catalogue; none is kept for one that never had any.
    pub async fn review_rule(&self, catalogue: &str) -> Result<ReviewRule, LedgerError> {
        let row: Option<(i64, i64)> =
            sqlx::query_as("SELECT approvals, four_eyes FROM review_rules WHERE catalogue = ?")
                .bind(catalogue)
                .fetch_optional(&self.readers)
                .await?;
        Ok(
            row.map_or_else(ReviewRule::default, |(approvals, four_eyes)| ReviewRule {
                approvals: u32::try_from(approvals).unwrap_or(u32::MAX),
                four_eyes: four_eyes != 0,
            }),
        )
    }

    /// Keeps the rule of a catalogue.
    pub async fn set_review_rule(
        &self,
        catalogue: &str,
        rule: ReviewRule,
        author: &str,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        sqlx::query(
            "INSERT INTO review_rules (catalogue, approvals, four_eyes, author, at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (catalogue) DO UPDATE SET approvals = excluded.approvals, \
             four_eyes = excluded.four_eyes, author = excluded.author, at = excluded.at",
        )
        .bind(catalogue)
        .bind(i64::from(rule.approvals))
        .bind(i64::from(rule.four_eyes))
        .bind(author)
        .bind(at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        let told = NewEvent::new(
            at,
            author,
            Deed::RulesSet,
            catalogue,
            json!({ "approvals": rule.approvals, "fourEyes": rule.four_eyes }),
        );
        audit::append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The newest review of a record, open or not.
    pub async fn review(&self, iri: &str) -> Result<Option<Review>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(REVIEW);
        query.push("h.iri = ").push_bind(iri);
        query.push(" ORDER BY r.review DESC LIMIT 1");
        let row = query.build().fetch_optional(&self.readers).await?;
        row.as_ref().map(review).transpose()
    }

    /// Reviews that are open at a stage, the oldest first, from after the one of this number.
    pub async fn reviews_at(
        &self,
        stage: &str,
        after: i64,
        limit: usize,
    ) -> Result<Vec<Review>, LedgerError> {
        let mut query = QueryBuilder::<Sqlite>::new(REVIEW);
        query.push("r.is_open = 1 AND r.stage = ").push_bind(stage);
        query.push(" AND r.review > ").push_bind(after);
        query
            .push(" ORDER BY r.review LIMIT ")
            .push_bind(rows_max(limit));
        collect(&query.build().fetch_all(&self.readers).await?, review)
    }

    /// What was said in a review, the oldest first.
    pub async fn remarks(&self, review: i64, limit: usize) -> Result<Vec<Remark>, LedgerError> {
        let rows = sqlx::query(
            "SELECT remark, version, step, field, content, author, at FROM review_remarks \
             WHERE review = ? ORDER BY remark LIMIT ?",
        )
        .bind(review)
        .bind(rows_max(limit))
        .fetch_all(&self.readers)
        .await?;
        collect(&rows, |row| {
            Ok(Remark {
                remark: row.try_get(0)?,
                version: number(row.try_get(1)?)?,
                step: row.try_get(2)?,
                field: row.try_get(3)?,
                content: row.try_get(4)?,
                author: row.try_get(5)?,
                at: time(row.try_get(6)?)?,
            })
        })
    }

    /// How many remarks a review has.
    pub async fn count_remarks(&self, review: i64) -> Result<u64, LedgerError> {
        let count = sqlx::query_scalar("SELECT COUNT(*) FROM review_remarks WHERE review = ?")
            .bind(review)
            .fetch_one(&self.readers)
            .await?;
        number(count)
    }

    /// Keeps a step of a review and the stage that it leads to, both or none. False when the review is not at the
    /// stage that the step was made from: somebody was faster.
    pub async fn step_review(&self, new: &NewRemark) -> Result<bool, LedgerError> {
        self.step_reviews(std::slice::from_ref(new)).await
    }

    /// The same for several records: all of the steps are taken, or none.
    pub async fn step_reviews(&self, steps: &[NewRemark]) -> Result<bool, LedgerError> {
        let mut transaction = self.writer.begin().await?;
        for new in steps {
            if !take_step(&mut transaction, new).await? {
                transaction.rollback().await?;
                return Ok(false);
            }
        }
        transaction.commit().await?;
        self.told.notify_one();
        Ok(true)
    }
}

async fn take_step(
    connection: &mut SqliteConnection,
    new: &NewRemark,
) -> Result<bool, LedgerError> {
    let at = new.at.as_microsecond();
    let review: Option<i64> = match new.from {
        None => {
            let opened = sqlx::query_scalar(
                "INSERT INTO reviews (record, version, stage, author, opened_at, changed_at, is_open) \
                     SELECT record, ?, ?, ?, ?, ?, ? FROM heads h WHERE iri = ? AND NOT EXISTS \
                     (SELECT 1 FROM reviews r WHERE r.record = h.record AND r.is_open = 1) RETURNING review",
            );
            opened
                .bind(signed(new.version))
                .bind(new.to.0)
                .bind(&new.author)
                .bind(at)
                .bind(at)
                .bind(i64::from(new.to.1))
                .bind(&new.iri)
                .fetch_optional(&mut *connection)
                .await?
        }
        Some(from) => {
            let moved = sqlx::query_scalar(
                "UPDATE reviews SET stage = ?, version = ?, changed_at = ?, is_open = ? WHERE is_open = 1 \
                     AND stage = ? AND record = (SELECT record FROM heads WHERE iri = ?) RETURNING review",
            );
            moved
                .bind(new.to.0)
                .bind(signed(new.version))
                .bind(at)
                .bind(i64::from(new.to.1))
                .bind(from)
                .bind(&new.iri)
                .fetch_optional(&mut *connection)
                .await?
        }
    };
    let Some(review) = review else {
        return Ok(false);
    };
    sqlx::query(
        "INSERT INTO review_remarks (review, version, step, field, content, author, at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(review)
    .bind(signed(new.version))
    .bind(new.step)
    .bind(&new.field)
    .bind(&new.content)
    .bind(&new.author)
    .bind(at)
    .execute(&mut *connection)
    .await?;
    // One who agrees is not told of before enough have.
    let kind = EventKind::of_step(new.step);
    let kind = kind.filter(|kind| *kind != EventKind::Approved || new.to.0 == "approved");
    if let Some(kind) = kind {
        let announcement = Announcement {
            kind,
            iri: new.iri.clone(),
            author: new.author.clone(),
            words: new.content.clone(),
            at: new.at,
            key: None,
        };
        event::insert(connection, &announcement).await?;
    }
    let told = NewEvent::new(
        new.at,
        &new.author,
        Deed::ReviewStep,
        &new.iri,
        json!({ "step": new.step, "version": new.version, "stage": new.to.0 }),
    );
    audit::append(connection, [told]).await?;
    Ok(true)
}

fn review(row: &SqliteRow) -> Result<Review, LedgerError> {
    Ok(Review {
        review: row.try_get(0)?,
        iri: row.try_get(1)?,
        version: number(row.try_get(2)?)?,
        stage: row.try_get(3)?,
        author: row.try_get(4)?,
        opened_at: time(row.try_get(5)?)?,
        changed_at: time(row.try_get(6)?)?,
        is_open: row.try_get::<i64, _>(7)? != 0,
    })
}
