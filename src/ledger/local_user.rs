//! Whom does the operator let in by e-mail and password, and which tokens do they hold?

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::sqlite::{begin, list, time};
use super::token::TokenId;
use super::{Ledger, ROWS_MAX};

/// Tokens from signing in that one local user may hold at one time; beyond this the oldest end.
pub const SIGN_INS_PER_USER_MAX: i64 = 20;
/// Keys that one local user may hold at one time.
pub const KEYS_PER_USER_MAX: i64 = 50;

/// Somebody who signs in by e-mail and password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalUser {
    /// A UUID; the author of their changes.
    pub id: String,
    /// In lower case.
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: String,
    /// IRIs of catalogues, or `*` for all.
    pub catalogues: Vec<String>,
    pub created_at: Timestamp,
}

/// What a token of a local user is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    SignIn,
    Key,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Key => "key",
        }
    }

    fn tokens_max(self) -> i64 {
        match self {
            Self::SignIn => SIGN_INS_PER_USER_MAX,
            Self::Key => KEYS_PER_USER_MAX,
        }
    }
}

const COLUMNS: &str =
    "SELECT id, email, first_name, last_name, role, catalogues, created_at FROM local_users";
/// The tokens of a user.
const THEIRS: &str = "id IN (SELECT token FROM local_user_tokens WHERE local_user = ?)";

impl Ledger {
    /// Remembers a local user, or what is new about one. Their tokens follow the role and the catalogues. False when
    /// somebody else has the e-mail.
    pub async fn put_local_user(
        &self,
        user: &LocalUser,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let catalogues = json!(user.catalogues).to_string();
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let taken: Option<String> =
            sqlx::query_scalar("SELECT id FROM local_users WHERE email = ? AND id <> ?")
                .bind(&user.email)
                .bind(&user.id)
                .fetch_optional(&mut *transaction)
                .await?;
        if taken.is_some() {
            return Ok(false);
        }
        let before: Option<(String, String)> =
            sqlx::query_as("SELECT role, catalogues FROM local_users WHERE id = ?")
                .bind(&user.id)
                .fetch_optional(&mut *transaction)
                .await?;
        sqlx::query(
            "INSERT INTO local_users (id, email, first_name, last_name, role, catalogues, created_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET email = excluded.email, \
             first_name = excluded.first_name, last_name = excluded.last_name, role = excluded.role, \
             catalogues = excluded.catalogues",
        )
        .bind(&user.id)
        .bind(&user.email)
        .bind(&user.first_name)
        .bind(&user.last_name)
        .bind(&user.role)
        .bind(&catalogues)
        .bind(user.created_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        let update = format!("UPDATE tokens SET role = ?, catalogues = ? WHERE {THEIRS}");
        sqlx::query(sqlx::AssertSqlSafe(update))
            .bind(&user.role)
            .bind(&catalogues)
            .bind(&user.id)
            .execute(&mut *transaction)
            .await?;
        let now = (user.role.clone(), catalogues);
        if before.as_ref() != Some(&now) {
            let deed = match before {
                None => Deed::AccountMade,
                Some(_) => Deed::MemberJoined,
            };
            let detail = json!({ "role": user.role, "catalogues": user.catalogues });
            let told = NewEvent::new(at, by, deed, &user.id, detail);
            append(&mut transaction, [told]).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Sets the hash of a user's password and ends the tokens from signing in with the old one. False when there is no
    /// such user.
    pub async fn set_local_password(
        &self,
        id: &str,
        hash: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query("UPDATE local_users SET password = ? WHERE id = ?")
            .bind(hash)
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        let end = format!(
            "UPDATE tokens SET revoked_at = ? WHERE revoked_at IS NULL AND {THEIRS} AND id IN \
             (SELECT token FROM local_user_tokens WHERE purpose = 'sign-in')"
        );
        sqlx::query(sqlx::AssertSqlSafe(end))
            .bind(at.as_microsecond())
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let told = NewEvent::new(at, by, Deed::PasswordSet, id, json!({}));
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Forgets a local user and ends all their tokens. False when there is none of this id.
    pub async fn forget_local_user(
        &self,
        id: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let end = format!("UPDATE tokens SET revoked_at = ? WHERE revoked_at IS NULL AND {THEIRS}");
        sqlx::query(sqlx::AssertSqlSafe(end))
            .bind(at.as_microsecond())
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        sqlx::query("DELETE FROM local_user_tokens WHERE local_user = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        let done = sqlx::query("DELETE FROM local_users WHERE id = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let told = NewEvent::new(at, by, Deed::AccountForgotten, id, json!({}));
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// All local users, by e-mail; at most [`ROWS_MAX`].
    pub async fn local_users(&self) -> Result<Vec<LocalUser>, LedgerError> {
        let all = format!("{COLUMNS} ORDER BY email LIMIT {ROWS_MAX}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(all))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(user).collect()
    }

    /// A local user by id.
    pub async fn local_user(&self, id: &str) -> Result<Option<LocalUser>, LedgerError> {
        self.one_local_user("id = ?", id).await
    }

    /// The local user who holds a token.
    pub async fn local_user_of(&self, token: &TokenId) -> Result<Option<LocalUser>, LedgerError> {
        let holder = "id = (SELECT local_user FROM local_user_tokens WHERE token = ?)";
        self.one_local_user(holder, &token.0).await
    }

    async fn one_local_user(
        &self,
        condition: &str,
        value: &str,
    ) -> Result<Option<LocalUser>, LedgerError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE {condition}")))
            .bind(value)
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(user).transpose()
    }

    /// The user of an e-mail and the hash of their password, if one was set.
    pub async fn local_password(
        &self,
        email: &str,
    ) -> Result<Option<(LocalUser, Option<String>)>, LedgerError> {
        let query = COLUMNS.replace("created_at", "created_at, password");
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{query} WHERE email = ?")))
            .bind(email.to_lowercase())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((user(&row)?, row.try_get(7)?)))
    }

    /// Notes that a local user holds a token. Beyond the bound of its purpose the oldest ends.
    pub async fn give_local_token(
        &self,
        id: &str,
        token: &TokenId,
        purpose: Purpose,
        at: Timestamp,
    ) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        sqlx::query(
            "INSERT INTO local_user_tokens (token, local_user, purpose, created_at) VALUES (?, ?, ?, ?)",
        )
        .bind(&token.0)
        .bind(id)
        .bind(purpose.word())
        .bind(at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        let old: Vec<String> = sqlx::query_scalar(
            "SELECT token FROM local_user_tokens WHERE local_user = ? AND purpose = ? \
             ORDER BY created_at DESC, token LIMIT -1 OFFSET ?",
        )
        .bind(id)
        .bind(purpose.word())
        .bind(purpose.tokens_max())
        .fetch_all(&mut *transaction)
        .await?;
        for old in old {
            sqlx::query("DELETE FROM local_user_tokens WHERE token = ?")
                .bind(&old)
                .execute(&mut *transaction)
                .await?;
            sqlx::query("UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL")
                .bind(at.as_microsecond())
                .bind(&old)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// The keys of a local user that still open, the newest first.
    pub async fn local_keys(&self, id: &str, now: Timestamp) -> Result<Vec<TokenId>, LedgerError> {
        let keys: Vec<String> = sqlx::query_scalar(
            "SELECT t.id FROM local_user_tokens l JOIN tokens t ON t.id = l.token \
             WHERE l.local_user = ? AND l.purpose = 'key' AND t.revoked_at IS NULL \
             AND (t.expires_at IS NULL OR t.expires_at > ?) ORDER BY l.created_at DESC, t.id",
        )
        .bind(id)
        .bind(now.as_microsecond())
        .fetch_all(&self.readers)
        .await?;
        Ok(keys.into_iter().map(TokenId).collect())
    }
}

fn user(row: &SqliteRow) -> Result<LocalUser, LedgerError> {
    Ok(LocalUser {
        id: row.try_get(0)?,
        email: row.try_get(1)?,
        first_name: row.try_get(2)?,
        last_name: row.try_get(3)?,
        role: row.try_get(4)?,
        catalogues: list(row.try_get(5)?, "local user")?,
        created_at: time(row.try_get(6)?)?,
    })
}
