//! Who has signed in, as whom, and where from? Accounts, identities, sessions; secrets only as hashes.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::Ledger;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::sqlite::{begin, time};
use super::token::TokenHash;

/// Sign-ins that may wait at one time; beyond this the oldest are forgotten.
pub const SIGN_INS_MAX: i64 = 10_000;

/// Sessions that one account may have at one time; beyond this the oldest end.
pub const SESSIONS_PER_ACCOUNT_MAX: i64 = 50;

/// Identities that one account may have.
pub const IDENTITIES_PER_ACCOUNT_MAX: usize = 20;

/// How old the stored time of a session's last use may be.
const USE_WRITTEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// The name of an account. It says nothing about the person, and stands as author of their changes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AccountId(pub String);

/// The name of a session, which is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SessionId(pub String);

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub name: Option<String>,
    pub email: Option<String>,
    pub created_at: Timestamp,
}

/// A subject of an issuer, and what the issuer said of it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
    pub account: AccountId,
    /// JSON.
    pub claims: String,
    pub linked_at: Timestamp,
    pub seen_at: Timestamp,
}

/// Somebody who has just proven who they are.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub issuer: String,
    pub subject: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// JSON.
    pub claims: String,
    /// The account that gets the identity, for somebody who is signed in and links another.
    pub link_to: Option<AccountId>,
    /// The name of the account if one has to be made.
    pub fresh: AccountId,
    pub at: Timestamp,
}

/// What became of an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// The account, and whether it was made now.
    At(AccountId),
    /// The identity belongs to another account than the one it was to be linked to.
    LinkedElsewhere,
    /// The account has as many identities as it may have, or is gone.
    CannotLink,
}

/// A session to be made.
#[derive(Clone)]
pub struct NewSession {
    pub id: SessionId,
    pub hash: TokenHash,
    pub account: AccountId,
    pub issuer: String,
    /// The family of the browser and of the address, in short.
    pub client: String,
    /// What the person may do now, in words for the audit.
    pub roles: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// How a session ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The person signs out.
    SignedOut,
    /// It is ended from another session, or by a new one.
    Ended,
}

/// A session as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub account: AccountId,
    pub issuer: String,
    pub client: String,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A sign-in that waits for the person to come back.
#[derive(Clone)]
pub struct WaitingSignIn {
    pub state: TokenHash,
    /// The hash of the secret in the browser's cookie.
    pub secret: TokenHash,
    pub issuer: String,
    /// Where the person wants to be in the end.
    pub return_to: String,
    /// The account that the new identity is for.
    pub link_to: Option<AccountId>,
    pub expires_at: Timestamp,
}

const SESSION: &str =
    "SELECT id, account, issuer, client, created_at, used_at, expires_at FROM sessions";
const IDENTITY: &str =
    "SELECT issuer, subject, account, claims, linked_at, seen_at FROM identities";

impl Ledger {
    /// Remembers a sign-in that begins, and forgets those that have ended.
    pub async fn await_sign_in(
        &self,
        waiting: WaitingSignIn,
        now: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        sqlx::query("DELETE FROM sign_ins WHERE expires_at <= ?")
            .bind(now.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sign_ins (state, secret, issuer, return_to, account, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(waiting.state.0.to_vec())
        .bind(waiting.secret.0.to_vec())
        .bind(waiting.issuer)
        .bind(waiting.return_to)
        .bind(waiting.link_to.map(|account| account.0))
        .bind(waiting.expires_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM sign_ins WHERE state IN \
             (SELECT state FROM sign_ins ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
        )
        .bind(SIGN_INS_MAX)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes a sign-in that waits under a state: whoever comes with the same state again finds nothing.
    pub async fn take_sign_in(
        &self,
        state: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<WaitingSignIn>, LedgerError> {
        let row = sqlx::query(
            "DELETE FROM sign_ins WHERE state = ? RETURNING secret, issuer, return_to, account, expires_at",
        )
        .bind(state.0.to_vec())
        .fetch_optional(&self.writer)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let expires_at = time(row.try_get(4)?)?;
        if expires_at <= now {
            return Ok(None);
        }
        let secret: &[u8] = row.try_get(0)?;
        let secret = secret
            .try_into()
            .map_err(|_| LedgerError::Damaged { what: "sign-in" })?;
        Ok(Some(WaitingSignIn {
            state: *state,
            secret: TokenHash(secret),
            issuer: row.try_get(1)?,
            return_to: row.try_get(2)?,
            link_to: row.try_get::<Option<String>, _>(3)?.map(AccountId),
            expires_at,
        }))
    }

    /// The account of somebody who has proven who they are: the one of their identity, the one that they link it
    /// to, or a new one. What their issuer says of them now replaces what it said before.
    pub async fn arrive(&self, arrival: Arrival) -> Result<Arrived, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let known: Option<String> =
            sqlx::query_scalar("SELECT account FROM identities WHERE issuer = ? AND subject = ?")
                .bind(&arrival.issuer)
                .bind(&arrival.subject)
                .fetch_optional(&mut *transaction)
                .await?;
        let is_known = known.is_some();
        let is_linked = !is_known && arrival.link_to.is_some();
        let account = match (known.map(AccountId), arrival.link_to) {
            (Some(known), Some(wanted)) if known != wanted => return Ok(Arrived::LinkedElsewhere),
            (Some(known), _) => known,
            (None, Some(wanted)) => {
                let identities: i64 =
                    sqlx::query_scalar("SELECT COUNT(*) FROM identities WHERE account = ?")
                        .bind(&wanted.0)
                        .fetch_one(&mut *transaction)
                        .await?;
                let identities = usize::try_from(identities).unwrap_or(usize::MAX);
                // An account without identities was forgotten in the meantime.
                if identities == 0 || identities >= IDENTITIES_PER_ACCOUNT_MAX {
                    return Ok(Arrived::CannotLink);
                }
                wanted
            }
            (None, None) => arrival.fresh,
        };
        sqlx::query(
            "INSERT INTO accounts (id, name, email, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE \
             SET name = COALESCE(excluded.name, name), email = COALESCE(excluded.email, email)",
        )
        .bind(&account.0)
        .bind(arrival.name)
        .bind(arrival.email)
        .bind(arrival.at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "INSERT INTO identities (issuer, subject, account, claims, linked_at, seen_at) \
             VALUES (?, ?, ?, ?, ?, ?) \
             ON CONFLICT (issuer, subject) DO UPDATE SET claims = excluded.claims, seen_at = excluded.seen_at",
        )
        .bind(&arrival.issuer)
        .bind(arrival.subject)
        .bind(&account.0)
        .bind(arrival.claims)
        .bind(arrival.at.as_microsecond())
        .bind(arrival.at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        let deed = if is_linked {
            Deed::IdentityLinked
        } else {
            Deed::AccountMade
        };
        let detail = json!({ "issuer": arrival.issuer });
        let told = (!is_known).then(|| of_account(&account, deed, detail, arrival.at));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(Arrived::At(account))
    }

    /// An account.
    pub async fn account(&self, id: &AccountId) -> Result<Option<Account>, LedgerError> {
        let row = sqlx::query("SELECT id, name, email, created_at FROM accounts WHERE id = ?")
            .bind(&id.0)
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Account {
            id: AccountId(row.try_get(0)?),
            name: row.try_get(1)?,
            email: row.try_get(2)?,
            created_at: time(row.try_get(3)?)?,
        }))
    }

    /// The identities of an account, the oldest first.
    pub async fn identities(&self, account: &AccountId) -> Result<Vec<Identity>, LedgerError> {
        let select = format!(
            "{IDENTITY} WHERE account = ? ORDER BY linked_at, issuer, subject \
             LIMIT {IDENTITIES_PER_ACCOUNT_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(&account.0)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(identity).collect()
    }

    /// The identity of a subject of an issuer.
    pub async fn identity(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<Identity>, LedgerError> {
        let select = format!("{IDENTITY} WHERE issuer = ? AND subject = ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(issuer)
            .bind(subject)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(identity).transpose()
    }

    /// Takes an identity from an account, with the sessions that it began, unless it is the last. False when it
    /// stays.
    pub async fn unlink(
        &self,
        account: &AccountId,
        issuer: &str,
        subject: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query(
            "DELETE FROM identities WHERE issuer = ? AND subject = ? AND account = ? \
             AND (SELECT COUNT(*) FROM identities WHERE account = ?) > 1",
        )
        .bind(issuer)
        .bind(subject)
        .bind(&account.0)
        .bind(&account.0)
        .execute(&mut *transaction)
        .await?;
        let detail = json!({ "issuer": issuer });
        let is_done = done.rows_affected() == 1;
        let told = is_done.then(|| of_account(account, Deed::IdentityUnlinked, detail, at));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// Forgets an account with its identities, sessions, tokens, memberships and visas. What it wrote stays, under a
    /// name that says nothing.
    pub async fn forget_account(
        &self,
        account: &AccountId,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query("DELETE FROM accounts WHERE id = ?")
            .bind(&account.0)
            .execute(&mut *transaction)
            .await?;
        let is_done = done.rows_affected() == 1;
        let told = is_done.then(|| of_account(account, Deed::AccountForgotten, json!({}), at));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// Begins a session, and forgets those that have ended or are too many.
    pub async fn begin_session(&self, session: NewSession) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let at = session.created_at.as_microsecond();
        sqlx::query("DELETE FROM sessions WHERE expires_at <= ?")
            .bind(at)
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO sessions (id, hash, account, issuer, client, created_at, used_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&session.id.0)
        .bind(session.hash.0.to_vec())
        .bind(&session.account.0)
        .bind(&session.issuer)
        .bind(session.client)
        .bind(at)
        .bind(at)
        .bind(session.expires_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE account = ? \
             ORDER BY created_at DESC LIMIT -1 OFFSET ?)",
        )
        .bind(&session.account.0)
        .bind(SESSIONS_PER_ACCOUNT_MAX)
        .execute(&mut *transaction)
        .await?;
        let detail = json!({
            "session": session.id.0,
            "issuer": session.issuer,
            "roles": session.roles,
        });
        let at = session.created_at;
        let told = of_account(&session.account, Deed::SignedIn, detail, at);
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The session whose secret has this hash, ended or not.
    pub async fn session_by_hash(&self, hash: &TokenHash) -> Result<Option<Session>, LedgerError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{SESSION} WHERE hash = ?")))
            .bind(hash.0.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(session).transpose()
    }

    /// The sessions of an account, the newest first.
    pub async fn sessions(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Vec<Session>, LedgerError> {
        let select = format!(
            "{SESSION} WHERE account = ? AND expires_at > ? ORDER BY created_at DESC, id \
             LIMIT {SESSIONS_PER_ACCOUNT_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(&account.0)
            .bind(now.as_microsecond())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(session).collect()
    }

    /// Ends a session of an account. False when there is none of this name.
    pub async fn end_session(
        &self,
        account: &AccountId,
        id: &SessionId,
        how: Ending,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query("DELETE FROM sessions WHERE id = ? AND account = ?")
            .bind(&id.0)
            .bind(&account.0)
            .execute(&mut *transaction)
            .await?;
        let deed = match how {
            Ending::SignedOut => Deed::SignedOut,
            Ending::Ended => Deed::SessionEnded,
        };
        let is_done = done.rows_affected() == 1;
        let detail = json!({ "session": id.0 });
        let told = is_done.then(|| of_account(account, deed, detail, at));
        append(&mut transaction, told).await?;
        transaction.commit().await?;
        Ok(is_done)
    }

    /// Notes that a session is in use; about once a minute it is written, and nobody waits for it.
    pub fn touch_session(&self, session: &Session, at: Timestamp) {
        if at.duration_since(session.used_at) < USE_WRITTEN_EVERY {
            return;
        }
        let (ledger, id) = (self.clone(), session.id.clone());
        tokio::spawn(async move {
            let written =
                sqlx::query("UPDATE sessions SET used_at = ? WHERE id = ? AND used_at < ?")
                    .bind(at.as_microsecond())
                    .bind(id.0)
                    .bind(at.as_microsecond())
                    .execute(&ledger.writer)
                    .await;
            if let Err(error) = written {
                tracing::warn!(%error, "the time of a session's last use was not written");
            }
        });
    }
}

/// Something that a person did to their own account.
fn of_account(account: &AccountId, deed: Deed, detail: Value, at: Timestamp) -> NewEvent {
    NewEvent::new(at, &account.0, deed, &account.0, detail)
}

fn identity(row: &SqliteRow) -> Result<Identity, LedgerError> {
    Ok(Identity {
        issuer: row.try_get(0)?,
        subject: row.try_get(1)?,
        account: AccountId(row.try_get(2)?),
        claims: row.try_get(3)?,
        linked_at: time(row.try_get(4)?)?,
        seen_at: time(row.try_get(5)?)?,
    })
}

fn session(row: &SqliteRow) -> Result<Session, LedgerError> {
    Ok(Session {
        id: SessionId(row.try_get(0)?),
        account: AccountId(row.try_get(1)?),
        issuer: row.try_get(2)?,
        client: row.try_get(3)?,
        created_at: time(row.try_get(4)?)?,
        used_at: time(row.try_get(5)?)?,
        expires_at: time(row.try_get(6)?)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn arrival(subject: &str, link_to: Option<&AccountId>, fresh: &str) -> Arrival {
        Arrival {
            issuer: "https://op.example".into(),
            subject: subject.into(),
            name: Some(subject.to_uppercase()),
            email: None,
            claims: "{}".into(),
            link_to: link_to.cloned(),
            fresh: AccountId(fresh.into()),
            at: at(1),
        }
    }

    #[tokio::test]
    async fn an_identity_leads_to_one_account_and_links_to_no_second() {
        let ledger = Ledger::in_memory().await.unwrap();
        let (one, two) = (AccountId("one".into()), AccountId("two".into()));
        let ada = ledger.arrive(arrival("ada", None, "one")).await.unwrap();
        assert_eq!(ada, Arrived::At(one.clone()));
        let again = ledger.arrive(arrival("ada", None, "two")).await.unwrap();
        assert_eq!(again, Arrived::At(one.clone()));
        assert_eq!(ledger.account(&two).await.unwrap(), None);
        let linked = ledger.arrive(arrival("ada@work", Some(&one), "x")).await;
        assert_eq!(linked.unwrap(), Arrived::At(one.clone()));
        let grace = ledger.arrive(arrival("grace", None, "two")).await.unwrap();
        assert_eq!(grace, Arrived::At(two.clone()));
        let stolen = ledger
            .arrive(arrival("ada", Some(&two), "x"))
            .await
            .unwrap();
        assert_eq!(stolen, Arrived::LinkedElsewhere);
        assert_eq!(ledger.identities(&one).await.unwrap().len(), 2);
        let issuer = "https://op.example";
        assert!(
            !ledger.unlink(&two, issuer, "grace", at(2)).await.unwrap(),
            "the last"
        );
        assert!(
            !ledger.unlink(&two, issuer, "ada", at(2)).await.unwrap(),
            "not theirs"
        );
        assert!(
            ledger
                .unlink(&one, issuer, "ada@work", at(2))
                .await
                .unwrap()
        );
        assert!(ledger.forget_account(&one, at(3)).await.unwrap());
        assert_eq!(ledger.identity(issuer, "ada").await.unwrap(), None);
        let gone = ledger
            .arrive(arrival("new", Some(&one), "x"))
            .await
            .unwrap();
        assert_eq!(gone, Arrived::CannotLink);
    }

    #[tokio::test]
    async fn a_state_is_taken_once_and_in_time() {
        let ledger = Ledger::in_memory().await.unwrap();
        let waiting = |state: u8| WaitingSignIn {
            state: TokenHash([state; 32]),
            secret: TokenHash([9; 32]),
            issuer: "i".into(),
            return_to: "/".into(),
            link_to: None,
            expires_at: at(100),
        };
        ledger.await_sign_in(waiting(1), at(1)).await.unwrap();
        ledger.await_sign_in(waiting(2), at(1)).await.unwrap();
        let take = |state: u8, now| {
            let ledger = ledger.clone();
            async move {
                let taken = ledger.take_sign_in(&TokenHash([state; 32]), now).await;
                taken.unwrap().is_some()
            }
        };
        assert!(take(1, at(99)).await);
        assert!(!take(1, at(99)).await, "a second time");
        assert!(!take(2, at(100)).await, "too late");
        assert!(!take(3, at(1)).await, "never begun");
    }

    #[tokio::test]
    async fn a_session_ends_with_its_account_or_by_its_owner_only() {
        let ledger = Ledger::in_memory().await.unwrap();
        let one = AccountId("one".into());
        ledger.arrive(arrival("ada", None, "one")).await.unwrap();
        let session = |name: &str, hash: u8| NewSession {
            id: SessionId(name.into()),
            hash: TokenHash([hash; 32]),
            account: one.clone(),
            issuer: "i".into(),
            client: "Firefox".into(),
            roles: vec![],
            created_at: at(10),
            expires_at: at(100),
        };
        ledger.begin_session(session("a", 1)).await.unwrap();
        ledger.begin_session(session("b", 2)).await.unwrap();
        assert_eq!(ledger.sessions(&one, at(50)).await.unwrap().len(), 2);
        assert_eq!(ledger.sessions(&one, at(100)).await.unwrap(), []);
        let (a, other) = (SessionId("a".into()), AccountId("other".into()));
        assert!(
            !ledger
                .end_session(&other, &a, Ending::Ended, at(20))
                .await
                .unwrap()
        );
        assert!(
            ledger
                .end_session(&one, &a, Ending::SignedOut, at(20))
                .await
                .unwrap()
        );
        let gone = ledger.session_by_hash(&TokenHash([1; 32])).await.unwrap();
        assert_eq!(gone, None);
        ledger.forget_account(&one, at(3)).await.unwrap();
        let gone = ledger.session_by_hash(&TokenHash([2; 32])).await.unwrap();
        assert_eq!(gone, None);
    }
}
