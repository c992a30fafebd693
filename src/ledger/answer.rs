//! How was a request with this key answered? Kept for a day, so that sending it again does not do it again.

use jiff::{SignedDuration, Timestamp};
use sqlx::Row;

use super::Ledger;
use super::error::LedgerError;
use super::sqlite::{begin, time};

/// How long an answer is kept.
pub const KEPT_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Whoever has not answered by then never will: the request may be sent again.
pub const GIVEN_UP_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// How many answers are kept of one author, and of all: the oldest go first.
const KEPT_OF_ONE_MAX: i64 = 1_000;
const KEPT_MAX: i64 = 20_000;
/// The longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 255;
/// The longest body that is kept, in bytes.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// A request that is not to be done twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub author: String,
    /// What its sender calls it.
    pub key: String,
    /// Of everything that was sent.
    pub digest: [u8; 32],
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What is known of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing: it is noted now as being answered.
    New,
    /// It is being answered by somebody else.
    Running,
    /// The key was used for something else.
    Other,
    Answered(Answer),
}

impl Ledger {
    /// Notes a request that is about to be answered, or tells how it was.
    pub async fn begin_answer(
        &self,
        request: &Request,
        now: Timestamp,
    ) -> Result<Known, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let before = |age: SignedDuration| now.checked_sub(age).unwrap_or(Timestamp::MIN);
        sqlx::query("DELETE FROM answers WHERE at < ? OR status IS NULL AND at < ?")
            .bind(before(KEPT_FOR).as_microsecond())
            .bind(before(GIVEN_UP_AFTER).as_microsecond())
            .execute(&mut *transaction)
            .await?;
        let row = sqlx::query(
            "SELECT request, status, headers, body, at FROM answers WHERE author = ? AND key = ?",
        )
        .bind(&request.author)
        .bind(&request.key)
        .fetch_optional(&mut *transaction)
        .await?;
        if let Some(row) = row {
            transaction.commit().await?;
            let digest: &[u8] = row.try_get(0)?;
            if digest != request.digest {
                return Ok(Known::Other);
            }
            time(row.try_get(4)?)?;
            let Some(status) = row.try_get::<Option<i64>, _>(1)? else {
                return Ok(Known::Running);
            };
            let damaged = || LedgerError::Damaged { what: "answer" };
            let headers: &str = row.try_get(2)?;
            return Ok(Known::Answered(Answer {
                status: u16::try_from(status).map_err(|_| damaged())?,
                headers: serde_json::from_str(headers).map_err(|_| damaged())?,
                body: row.try_get(3)?,
            }));
        }
        sqlx::query("INSERT INTO answers (author, key, request, at) VALUES (?, ?, ?, ?)")
            .bind(&request.author)
            .bind(&request.key)
            .bind(request.digest.to_vec())
            .bind(now.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "DELETE FROM answers WHERE author = ? AND key NOT IN \
             (SELECT key FROM answers WHERE author = ? ORDER BY at DESC, key LIMIT ?)",
        )
        .bind(&request.author)
        .bind(&request.author)
        .bind(KEPT_OF_ONE_MAX)
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM answers WHERE rowid IN (SELECT rowid FROM answers ORDER BY at DESC LIMIT -1 OFFSET ?)",
        )
        .bind(KEPT_MAX)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(Known::New)
    }

    /// Keeps the answer of a request.
    pub async fn keep_answer(&self, request: &Request, answer: &Answer) -> Result<(), LedgerError> {
        let headers = answer.headers.iter();
        let headers = headers.map(|(name, value)| serde_json::json!([name, value]));
        let headers: serde_json::Value = headers.collect();
        sqlx::query(
            "UPDATE answers SET status = ?, headers = ?, body = ? WHERE author = ? AND key = ?",
        )
        .bind(i64::from(answer.status))
        .bind(headers.to_string())
        .bind(&answer.body)
        .bind(&request.author)
        .bind(&request.key)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// Forgets a request that was not done, so that it may be sent again.
    pub async fn forget_answer(&self, request: &Request) -> Result<(), LedgerError> {
        sqlx::query("DELETE FROM answers WHERE author = ? AND key = ?")
            .bind(&request.author)
            .bind(&request.key)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(key: &str, digest: u8) -> Request {
        Request {
            author: "ada".into(),
            key: key.into(),
            digest: [digest; 32],
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[tokio::test]
    async fn a_request_is_done_once_and_answered_for_a_day() {
        let ledger = Ledger::in_memory().await.unwrap();
        let one = request("k", 1);
        let answer = Answer {
            status: 201,
            headers: vec![("location".into(), "/dataset/x".into())],
            body: b"done".to_vec(),
        };
        let begin =
            async |request: &Request, now| ledger.begin_answer(request, at(now)).await.unwrap();
        assert_eq!(begin(&one, 0).await, Known::New);
        assert_eq!(begin(&one, 1).await, Known::Running);
        ledger.keep_answer(&one, &answer).await.unwrap();
        assert_eq!(begin(&one, 2).await, Known::Answered(answer.clone()));
        assert_eq!(begin(&request("k", 2), 3).await, Known::Other);
        assert_eq!(begin(&one, 24 * 3600 - 1).await, Known::Answered(answer));
        assert_eq!(begin(&one, 24 * 3600 + 1).await, Known::New);
        ledger.forget_answer(&one).await.unwrap();
        assert_eq!(begin(&one, 24 * 3600 + 2).await, Known::New);
    }

    #[tokio::test]
    async fn no_author_keeps_more_answers_than_the_bound() {
        let ledger = Ledger::in_memory().await.unwrap();
        for n in 0..KEPT_OF_ONE_MAX + 5 {
            ledger
                .begin_answer(&request(&n.to_string(), 1), at(n))
                .await
                .unwrap();
        }
        let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM answers")
            .fetch_one(&ledger.readers)
            .await
            .unwrap();
        assert!(count <= KEPT_OF_ONE_MAX);
    }
}
