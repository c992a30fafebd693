//! How does a person become a member without their identity provider's word? A steward invites them.
//!
//! An invitation is a link with 256 random bits. It is shown once, taken once, and ends by itself.

use jiff::Timestamp;

use super::actor::{Actor, Catalogues, Grant};
use super::permission::{Decision, RecordFacts, Wish, may};
use super::role::Role;
use super::sign_in::{CookieSecret, SignInError, short};
use crate::ledger::{AccountId, Invitation, Ledger, LedgerError, Membership, NewInvitation};

/// An invitation that a steward wants made.
#[derive(Clone, Debug)]
pub struct InvitationWish {
    pub grant: Grant,
    /// For whom it is meant.
    pub note: String,
    /// Who invites.
    pub invited_by: String,
    pub expires_at: Timestamp,
}

/// Whether somebody may give a role, or take it: nobody gives more than they have.
pub fn may_give(actor: &Actor, role: Role) -> Decision {
    match may(actor, Wish::ManageMembers, &RecordFacts::ATLAS) {
        Decision::Allow if !actor.has(role) => {
            Decision::Deny("you cannot give or take a role that is above your own")
        }
        decision => decision,
    }
}

/// Makes an invitation; its secret is told this once.
pub async fn invite(
    ledger: &Ledger,
    wish: InvitationWish,
    now: Timestamp,
) -> Result<CookieSecret, SignInError> {
    let secret = CookieSecret::generate()?;
    let hash = secret.hash();
    let Grant { role, catalogues } = wish.grant;
    let catalogues = if role.is_for_catalogues() {
        catalogues.to_list()
    } else {
        Catalogues::All.to_list()
    };
    let invitation = NewInvitation {
        id: short(&hash.0),
        hash,
        role: role.to_string(),
        catalogues,
        note: wish.note,
        invited_by: wish.invited_by,
        created_at: now,
        expires_at: wish.expires_at,
    };
    ledger.invite(invitation).await?;
    Ok(secret)
}

/// What an invitation offers, while it is open.
pub async fn offered(
    ledger: &Ledger,
    sent: &str,
    now: Timestamp,
) -> Result<Option<Invitation>, LedgerError> {
    match CookieSecret::parse(sent) {
        Some(secret) => ledger.invitation(&secret.hash(), now).await,
        None => Ok(None),
    }
}

/// Makes a member of whoever takes an invitation, once.
pub async fn join(
    ledger: &Ledger,
    sent: &str,
    account: &AccountId,
    now: Timestamp,
) -> Result<Option<Membership>, LedgerError> {
    match CookieSecret::parse(sent) {
        Some(secret) => ledger.join(&secret.hash(), account, now).await,
        None => Ok(None),
    }
}
