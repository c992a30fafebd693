//! Which tokens are there, and when was each used last? Secrets are never here, only their hashes.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;
use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::account::AccountId;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::sqlite::{begin, list, time};
use super::{Ledger, ROWS_MAX};

/// Tokens that are valid which one account may have at one time.
pub const TOKENS_PER_ACCOUNT_MAX: usize = 50;

/// How old the stored time of a token's last use may be.
const USE_WRITTEN_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// The name of a token, which is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenId(pub String);

/// The SHA-256 of a token's secret.
#[derive(Clone, Copy)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// Compares in a time that does not depend on where the hashes differ.
    pub fn is(&self, other: &Self) -> bool {
        let differences = self
            .0
            .iter()
            .zip(other.0)
            .fold(0, |sum, (left, right)| sum | (left ^ right));
        std::hint::black_box(differences) == 0
    }
}

/// A token to be made.
#[derive(Clone)]
pub struct NewToken {
    pub id: TokenId,
    /// What people call it.
    pub name: String,
    pub hash: TokenHash,
    pub role: String,
    /// IRIs of catalogues, or `*` for all.
    pub catalogues: Vec<String>,
    /// The account that it acts for; none for one that was made on the command line.
    pub account: Option<AccountId>,
    /// Words for what it may be used for, or `*` for all.
    pub actions: Vec<String>,
    pub made_by: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// A token as it is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub id: TokenId,
    pub name: String,
    pub role: String,
    pub catalogues: Vec<String>,
    pub account: Option<AccountId>,
    pub actions: Vec<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl Token {
    /// Whether the token opens anything at this time.
    pub fn is_valid(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// Times of use that are not written yet.
#[derive(Default)]
pub(super) struct TokenUse {
    tokens: Mutex<HashMap<TokenId, Used>>,
    /// Held while times are written: who asks for it finds written what was noted before.
    writing: tokio::sync::Mutex<()>,
}

struct Used {
    last: Timestamp,
    /// When it was last said that it should be written.
    asked: Timestamp,
    is_written: bool,
}

impl TokenUse {
    /// Notes a use, and says whether it is time to write what was noted.
    fn note(&self, id: &TokenId, at: Timestamp) -> bool {
        let mut tokens = self.tokens.lock();
        let Some(used) = tokens.get_mut(id) else {
            let used = Used {
                last: at,
                asked: at,
                is_written: false,
            };
            tokens.insert(id.clone(), used);
            return true;
        };
        used.last = used.last.max(at);
        used.is_written = false;
        let is_due = at.duration_since(used.asked) >= USE_WRITTEN_EVERY;
        if is_due {
            used.asked = at;
        }
        is_due
    }

    /// Takes what is to be written.
    fn take(&self) -> Vec<(TokenId, Timestamp)> {
        let mut tokens = self.tokens.lock();
        let unwritten = tokens.iter_mut().filter(|(_, used)| !used.is_written);
        unwritten
            .map(|(id, used)| {
                used.is_written = true;
                (id.clone(), used.last)
            })
            .collect()
    }
}

const COLUMNS: &str = "SELECT id, name, role, catalogues, created_at, expires_at, last_used_at, revoked_at, hash, \
     account, actions FROM tokens";

impl Ledger {
    /// Remembers a new token. False when the account has as many as it may have.
    pub async fn create_token(&self, token: NewToken) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        if let Some(account) = &token.account {
            let valid: i64 = sqlx::query_scalar(
                "SELECT COUNT(*) FROM tokens WHERE account = ? AND revoked_at IS NULL \
                 AND (expires_at IS NULL OR expires_at > ?)",
            )
            .bind(&account.0)
            .bind(token.created_at.as_microsecond())
            .fetch_one(&mut *transaction)
            .await?;
            if usize::try_from(valid).unwrap_or(usize::MAX) >= TOKENS_PER_ACCOUNT_MAX {
                return Ok(false);
            }
        }
        sqlx::query(
            "INSERT INTO tokens (id, name, hash, role, catalogues, account, actions, created_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&token.id.0)
        .bind(token.name)
        .bind(token.hash.0.to_vec())
        .bind(&token.role)
        .bind(json!(token.catalogues).to_string())
        .bind(token.account.map(|account| account.0))
        .bind(json!(token.actions).to_string())
        .bind(token.created_at.as_microsecond())
        .bind(token.expires_at.map(Timestamp::as_microsecond))
        .execute(&mut *transaction)
        .await?;
        let told = NewEvent::new(
            token.created_at,
            &token.made_by,
            Deed::TokenMade,
            &token.id.0,
            json!({
                "role": token.role,
                "catalogues": token.catalogues,
                "actions": token.actions,
                "expires": token.expires_at.map(|end| end.to_string()),
            }),
        );
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The token whose secret has this hash, valid or not: see [`Token::is_valid`].
    pub async fn token_by_hash(&self, hash: &TokenHash) -> Result<Option<Token>, LedgerError> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("{COLUMNS} WHERE hash = ?")))
            .bind(hash.0.to_vec())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let stored: &[u8] = row.try_get(8)?;
        let stored = stored
            .try_into()
            .map_err(|_| LedgerError::Damaged { what: "token" })?;
        if hash.is(&TokenHash(stored)) {
            token(&row).map(Some)
        } else {
            Ok(None)
        }
    }

    /// All tokens, the newest first; at most [`ROWS_MAX`].
    pub async fn tokens(&self) -> Result<Vec<Token>, LedgerError> {
        let limit = format!("{COLUMNS} ORDER BY created_at DESC, id LIMIT {ROWS_MAX}");
        let rows = sqlx::query(sqlx::AssertSqlSafe(limit))
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(token).collect()
    }

    /// The tokens of an account, the newest first; those that are valid before the others.
    pub async fn tokens_of(&self, account: &AccountId) -> Result<Vec<Token>, LedgerError> {
        let select = format!(
            "{COLUMNS} WHERE account = ? ORDER BY revoked_at IS NOT NULL, created_at DESC, id \
             LIMIT {}",
            2 * TOKENS_PER_ACCOUNT_MAX
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(&account.0)
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(token).collect()
    }

    /// Ends a token for good. False when there is none of this name, or it was ended already.
    pub async fn revoke_token(
        &self,
        id: &TokenId,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        self.end_token(id, None, by, at).await
    }

    /// The same for a token of an account, and for no other.
    pub async fn revoke_token_of(
        &self,
        account: &AccountId,
        id: &TokenId,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        self.end_token(id, Some(account), &account.0, at).await
    }

    async fn end_token(
        &self,
        id: &TokenId,
        of: Option<&AccountId>,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query(
            "UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL \
             AND (? IS NULL OR account = ?)",
        )
        .bind(at.as_microsecond())
        .bind(&id.0)
        .bind(of.map(|account| account.0.clone()))
        .bind(of.map(|account| account.0.clone()))
        .execute(&mut *transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let told = NewEvent::new(at, by, Deed::TokenEnded, &id.0, json!({}));
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes that a token was used. It is written about once a minute, and when the ledger is closed; whoever
    /// used the token does not wait for it.
    pub fn touch_token(&self, id: &TokenId, at: Timestamp) {
        if self.token_use.note(id, at) {
            let ledger = self.clone();
            tokio::spawn(async move {
                if let Err(error) = ledger.write_token_use().await {
                    tracing::warn!(%error, "the time of a token's last use was not written");
                }
            });
        }
    }

    /// Writes the times of use that only memory knows.
    pub async fn write_token_use(&self) -> Result<(), LedgerError> {
        let _writing = self.token_use.writing.lock().await;
        for (id, at) in self.token_use.take() {
            sqlx::query("UPDATE tokens SET last_used_at = ? WHERE id = ?")
                .bind(at.as_microsecond())
                .bind(id.0)
                .execute(&self.writer)
                .await?;
        }
        Ok(())
    }
}

fn token(row: &SqliteRow) -> Result<Token, LedgerError> {
    let optional = |column: usize| -> Result<Option<Timestamp>, LedgerError> {
        row.try_get::<Option<i64>, _>(column)?.map(time).transpose()
    };
    Ok(Token {
        id: TokenId(row.try_get(0)?),
        name: row.try_get(1)?,
        role: row.try_get(2)?,
        catalogues: list(row.try_get(3)?, "token")?,
        account: row.try_get::<Option<String>, _>(9)?.map(AccountId),
        actions: list(row.try_get(10)?, "token")?,
        created_at: time(row.try_get(4)?)?,
        expires_at: optional(5)?,
        last_used_at: optional(6)?,
        revoked_at: optional(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_use_of_a_token_is_written_once_a_minute() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let (token_use, id) = (TokenUse::default(), TokenId("t".into()));
        assert!(token_use.note(&id, at(10)));
        assert!(!token_use.note(&id, at(20)));
        assert_eq!(token_use.take(), [(id.clone(), at(20))]);
        assert_eq!(token_use.take(), []);
        assert!(!token_use.note(&id, at(69)));
        assert!(token_use.note(&id, at(70)));
    }
}
