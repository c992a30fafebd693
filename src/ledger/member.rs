//! Who was given a role by a steward, and who is invited to have one? Secrets only as hashes.

use jiff::Timestamp;
use serde_json::json;
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

use super::account::AccountId;
use super::audit::{Deed, NewEvent, append};
use super::error::LedgerError;
use super::sqlite::{begin, list, time};
use super::token::TokenHash;
use super::{Ledger, ROWS_MAX};

/// Invitations that may be open at one time; beyond this the oldest end.
pub const INVITATIONS_MAX: i64 = 1000;

/// What is damaged when a list of a membership or an invitation cannot be read.
const MEMBERSHIP: &str = "membership";

/// A role that a steward gave to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub account: AccountId,
    pub role: String,
    /// IRIs of catalogues, or `*` for all.
    pub catalogues: Vec<String>,
    pub given_by: String,
    pub given_at: Timestamp,
}

/// A member, as stewards see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub name: Option<String>,
    pub email: Option<String>,
    pub membership: Membership,
}

/// An invitation to be made.
#[derive(Clone)]
pub struct NewInvitation {
    pub id: String,
    pub hash: TokenHash,
    pub role: String,
    pub catalogues: Vec<String>,
    /// For whom it is meant, in the steward's words.
    pub note: String,
    pub invited_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// An invitation that nobody has taken yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    pub role: String,
    pub catalogues: Vec<String>,
    pub note: String,
    pub invited_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

const INVITATION: &str =
    "SELECT id, role, catalogues, note, invited_by, created_at, expires_at FROM invitations";

impl Ledger {
    /// Remembers an invitation, and forgets those that have ended or are too many.
    pub async fn invite(&self, invitation: NewInvitation) -> Result<(), LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let at = invitation.created_at;
        sqlx::query("DELETE FROM invitations WHERE expires_at <= ?")
            .bind(at.as_microsecond())
            .execute(&mut *transaction)
            .await?;
        sqlx::query(
            "INSERT INTO invitations (id, hash, role, catalogues, note, invited_by, created_at, expires_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&invitation.id)
        .bind(invitation.hash.0.to_vec())
        .bind(&invitation.role)
        .bind(json!(invitation.catalogues).to_string())
        .bind(invitation.note)
        .bind(&invitation.invited_by)
        .bind(at.as_microsecond())
        .bind(invitation.expires_at.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        sqlx::query(
            "DELETE FROM invitations WHERE id IN \
             (SELECT id FROM invitations ORDER BY created_at DESC LIMIT -1 OFFSET ?)",
        )
        .bind(INVITATIONS_MAX)
        .execute(&mut *transaction)
        .await?;
        let told = NewEvent::new(
            at,
            &invitation.invited_by,
            Deed::Invited,
            &invitation.id,
            json!({ "role": invitation.role, "catalogues": invitation.catalogues }),
        );
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The invitations that are open, the newest first.
    pub async fn invitations(&self, now: Timestamp) -> Result<Vec<Invitation>, LedgerError> {
        let select = format!(
            "{INVITATION} WHERE expires_at > ? ORDER BY created_at DESC, id LIMIT {INVITATIONS_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(now.as_microsecond())
            .fetch_all(&self.readers)
            .await?;
        rows.iter().map(invitation).collect()
    }

    /// The open invitation whose secret has this hash.
    pub async fn invitation(
        &self,
        hash: &TokenHash,
        now: Timestamp,
    ) -> Result<Option<Invitation>, LedgerError> {
        let select = format!("{INVITATION} WHERE hash = ? AND expires_at > ?");
        let row = sqlx::query(sqlx::AssertSqlSafe(select))
            .bind(hash.0.to_vec())
            .bind(now.as_microsecond())
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(invitation).transpose()
    }

    /// Takes an invitation back. False when it is not open.
    pub async fn end_invitation(
        &self,
        id: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query("DELETE FROM invitations WHERE id = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let told = NewEvent::new(at, by, Deed::InvitationEnded, id, json!({}));
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Makes a member of whoever brings the secret of an invitation, once. Catalogues add up when they have the role
    /// already. `None` when the invitation is not open.
    pub async fn join(
        &self,
        hash: &TokenHash,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<Membership>, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let taken = sqlx::query(
            "DELETE FROM invitations WHERE hash = ? AND expires_at > ? \
             RETURNING id, role, catalogues, note, invited_by, created_at, expires_at",
        )
        .bind(hash.0.to_vec())
        .bind(now.as_microsecond())
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(taken) = taken.as_ref().map(invitation).transpose()? else {
            return Ok(None);
        };
        let held: Option<String> =
            sqlx::query_scalar("SELECT catalogues FROM memberships WHERE account = ? AND role = ?")
                .bind(&account.0)
                .bind(&taken.role)
                .fetch_optional(&mut *transaction)
                .await?;
        let mut catalogues = held
            .as_deref()
            .map_or(Ok(Vec::new()), |text| list(text, MEMBERSHIP))?;
        for iri in taken.catalogues {
            if !catalogues.contains(&iri) {
                catalogues.push(iri);
            }
        }
        let membership = Membership {
            account: account.clone(),
            role: taken.role,
            catalogues,
            given_by: taken.invited_by,
            given_at: now,
        };
        sqlx::query(
            "INSERT INTO memberships (account, role, catalogues, given_by, given_at) VALUES (?, ?, ?, ?, ?) \
             ON CONFLICT (account, role) DO UPDATE SET catalogues = excluded.catalogues, \
             given_by = excluded.given_by, given_at = excluded.given_at",
        )
        .bind(&account.0)
        .bind(&membership.role)
        .bind(json!(membership.catalogues).to_string())
        .bind(&membership.given_by)
        .bind(now.as_microsecond())
        .execute(&mut *transaction)
        .await?;
        let told = NewEvent::new(
            now,
            &account.0,
            Deed::MemberJoined,
            &account.0,
            json!({
                "role": membership.role,
                "catalogues": membership.catalogues,
                "invitation": taken.id,
                "invited_by": membership.given_by,
            }),
        );
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(Some(membership))
    }

    /// What a steward gave to an account.
    pub async fn memberships(&self, account: &AccountId) -> Result<Vec<Membership>, LedgerError> {
        let rows = sqlx::query(
            "SELECT account, role, catalogues, given_by, given_at FROM memberships \
             WHERE account = ? ORDER BY role",
        )
        .bind(&account.0)
        .fetch_all(&self.readers)
        .await?;
        rows.iter().map(membership).collect()
    }

    /// All members, by role and name; at most [`ROWS_MAX`].
    pub async fn members(&self) -> Result<Vec<Member>, LedgerError> {
        let select = format!(
            "SELECT m.account, m.role, m.catalogues, m.given_by, m.given_at, a.name, a.email \
             FROM memberships m JOIN accounts a ON a.id = m.account \
             ORDER BY m.role, a.name, m.account LIMIT {ROWS_MAX}"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(select))
            .fetch_all(&self.readers)
            .await?;
        let member = |row: &SqliteRow| -> Result<Member, LedgerError> {
            Ok(Member {
                name: row.try_get(5)?,
                email: row.try_get(6)?,
                membership: membership(row)?,
            })
        };
        rows.iter().map(member).collect()
    }

    /// Takes a role from a member. False when they do not have it from a steward.
    pub async fn remove_member(
        &self,
        account: &AccountId,
        role: &str,
        by: &str,
        at: Timestamp,
    ) -> Result<bool, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = begin(&mut connection).await?;
        let done = sqlx::query("DELETE FROM memberships WHERE account = ? AND role = ?")
            .bind(&account.0)
            .bind(role)
            .execute(&mut *transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let told = NewEvent::new(
            at,
            by,
            Deed::MemberRemoved,
            &account.0,
            json!({ "role": role }),
        );
        append(&mut transaction, [told]).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn membership(row: &SqliteRow) -> Result<Membership, LedgerError> {
    Ok(Membership {
        account: AccountId(row.try_get(0)?),
        role: row.try_get(1)?,
        catalogues: list(row.try_get(2)?, MEMBERSHIP)?,
        given_by: row.try_get(3)?,
        given_at: time(row.try_get(4)?)?,
    })
}

fn invitation(row: &SqliteRow) -> Result<Invitation, LedgerError> {
    Ok(Invitation {
        id: row.try_get(0)?,
        role: row.try_get(1)?,
        catalogues: list(row.try_get(2)?, MEMBERSHIP)?,
        note: row.try_get(3)?,
        invited_by: row.try_get(4)?,
        created_at: time(row.try_get(5)?)?,
        expires_at: time(row.try_get(6)?)?,
    })
}
