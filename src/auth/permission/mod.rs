//! May this actor do that? The one place that decides.

use super::actor::{Actor, Catalogues, Grant};
use super::role::Role;
use crate::ledger::State;

macro_rules! wishes {
    ($($(#[$about:meta])* $case:ident = $word:literal,)+) => {
        /// What someone wants to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Wish {
            $($(#[$about])* $case,)+
        }

        impl Wish {
            /// Everything that someone can want.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// The word for it in tokens, in the audit and on pages.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$case => $word),+ }
            }

            /// The wish that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)+ _ => None }
            }
        }
    };
}

wishes! {
    /// Read the version that is public.
    ReadPublic = "read",
    /// Read the newest version, drafts and reports included, and the history.
    ReadDraft = "read-drafts",
    Create = "create",
    Replace = "replace",
    Publish = "publish",
    Withdraw = "withdraw",
    Delete = "delete",
    /// Hand a draft or a revision over to review, or take it back.
    Submit = "submit",
    /// Say something about a record or a field of it, in review.
    Comment = "comment",
    /// Send a submitted record back to its author.
    RequestChanges = "request-changes",
    /// Agree to a submitted record. Whether one may agree to one's own is a rule of the catalogue.
    Approve = "approve",
    /// Make an old version the newest.
    Restore = "restore",
    /// Say that a record still holds (the yearly check).
    Confirm = "confirm",
    /// Change many records at once; each of them is asked for besides.
    Bulk = "bulk",
    /// Bring back what was deleted.
    Undelete = "undelete",
    /// Let the address of a record lead to another, after merging.
    Redirect = "redirect",
    /// Say how the records of a catalogue are reviewed.
    SetRules = "set-rules",
    /// Invite people, give roles and take them.
    ManageMembers = "manage-members",
    /// See how the DOIs of records stand, and have their registry told again.
    ManageDois = "manage-dois",
    /// Make, list and end the tokens of others.
    ManageTokens = "manage-tokens",
    /// Read who did what.
    ReadAudit = "read-audit",
    /// Change settings, load without checks.
    Administer = "administer",
}

impl Wish {
    /// Whether it is done to a record, and not to people or to the server.
    pub fn is_about_records(self) -> bool {
        match self {
            Self::ReadPublic
            | Self::SetRules
            | Self::ManageMembers
            | Self::ManageDois
            | Self::ManageTokens
            | Self::ReadAudit
            | Self::Administer => false,
            Self::ReadDraft
            | Self::Create
            | Self::Replace
            | Self::Publish
            | Self::Withdraw
            | Self::Delete
            | Self::Submit
            | Self::Comment
            | Self::RequestChanges
            | Self::Approve
            | Self::Restore
            | Self::Confirm
            | Self::Bulk
            | Self::Undelete
            | Self::Redirect => true,
        }
    }
}

/// What the decision needs to know of the record. For a record that is to be created: its parent and its
/// maker, in state draft.
#[derive(Clone, Copy, Debug)]
pub struct RecordFacts<'a> {
    pub kind: &'a str,
    pub state: State,
    /// Whether the public sees a version of it now.
    pub is_public: bool,
    /// The catalogue that it belongs to, at any depth, or itself when it is one. `None` for the root and what
    /// stands directly below it.
    pub catalogue: Option<&'a str>,
    /// The author of its first version.
    pub owner: &'a str,
}

impl RecordFacts<'static> {
    /// For wishes that are about no record: the Atlas as a whole.
    pub const ATLAS: Self = Self {
        kind: ROOT,
        state: State::Published,
        is_public: true,
        catalogue: None,
        owner: "",
    };
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allow,
    /// Why not, in words for the person who asked.
    Deny(&'static str),
}

impl Decision {
    /// Whether it is allowed.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }
}

use Decision::{Allow, Deny};

/// Whether an actor may do something with a record: if one of their roles allows it, and the token that they hold
/// is for it.
pub fn may(actor: &Actor, wish: Wish, record: &RecordFacts<'_>) -> Decision {
    let anybody = anyone(wish, record);
    if anybody.is_allowed() || actor.role().is_none() {
        return anybody;
    }
    if !actor.is_scoped_for(wish) {
        return Deny("this token was made for other actions; make one for this on /account");
    }
    let mut refusal = match anybody {
        Deny(NOBODY) => Deny(reader(actor)),
        decision => decision,
    };
    // The highest role is asked last: its refusal says most.
    let mut grants: Vec<&Grant> = actor.grants().iter().collect();
    grants.sort_by_key(|grant| std::cmp::Reverse(grant.role));
    for grant in grants {
        match by(grant, actor, wish, record) {
            Some(Allow) => return Allow,
            Some(denied) => refusal = denied,
            None => (),
        }
    }
    refusal
}

/// What one role says; a reader's says nothing more than everybody's.
fn by(grant: &Grant, actor: &Actor, wish: Wish, record: &RecordFacts<'_>) -> Option<Decision> {
    match grant.role {
        Role::Operator => Some(Allow),
        Role::Steward => Some(steward(wish)),
        Role::Reviewer => Some(reviewer(&grant.catalogues, wish, record)),
        Role::Provider => Some(provider(&grant.catalogues, actor, wish, record)),
        Role::Reader => None,
    }
}

/// What a reader needs to do more.
fn reader(actor: &Actor) -> &'static str {
    match actor {
        Actor::Anonymous => NOBODY,
        Actor::Bearer(_) => {
            "this token is for reading; ask a steward for one with the role provider"
        }
        Actor::Person(_) => {
            "your account is for reading; ask a steward, or your identity provider, for the role provider"
        }
    }
}

const NOBODY: &str =
    "sign in, or send a token that may do this, in the header «Authorization: Bearer …»";
const NOT_PUBLIC: &str = "this record is not public";
const OPERATOR: &str = "only an operator may do this";
const STEWARD: &str = "only a steward may do this";
const ELSEWHERE: &str = "this record belongs to no catalogue that your role is for";

fn anyone(wish: Wish, record: &RecordFacts<'_>) -> Decision {
    match wish {
        Wish::ReadPublic if record.is_public => Allow,
        Wish::ReadPublic => Deny(NOT_PUBLIC),
        Wish::ReadDraft
        | Wish::Create
        | Wish::Replace
        | Wish::Publish
        | Wish::Withdraw
        | Wish::Delete
        | Wish::Submit
        | Wish::Comment
        | Wish::RequestChanges
        | Wish::Approve
        | Wish::Restore
        | Wish::Confirm
        | Wish::Bulk
        | Wish::Undelete
        | Wish::Redirect
        | Wish::SetRules
        | Wish::ManageMembers
        | Wish::ManageDois
        | Wish::ManageTokens
        | Wish::ReadAudit
        | Wish::Administer => Deny(NOBODY),
    }
}

fn steward(wish: Wish) -> Decision {
    match wish {
        Wish::ManageTokens | Wish::ReadAudit | Wish::Administer => Deny(OPERATOR),
        Wish::ReadPublic
        | Wish::ReadDraft
        | Wish::Create
        | Wish::Replace
        | Wish::Publish
        | Wish::Withdraw
        | Wish::Delete
        | Wish::Submit
        | Wish::Comment
        | Wish::RequestChanges
        | Wish::Approve
        | Wish::Restore
        | Wish::Confirm
        | Wish::Bulk
        | Wish::Undelete
        | Wish::Redirect
        | Wish::SetRules
        | Wish::ManageMembers
        | Wish::ManageDois => Allow,
    }
}

/// Whether a record is in the catalogues of a role.
fn is_theirs(catalogues: &Catalogues, record: &RecordFacts<'_>) -> bool {
    match record.catalogue {
        Some(catalogue) => catalogues.hold(catalogue),
        None => *catalogues == Catalogues::All && record.kind != ROOT,
    }
}

fn reviewer(catalogues: &Catalogues, wish: Wish, record: &RecordFacts<'_>) -> Decision {
    let is_deleted = record.state == State::Deleted;
    match wish {
        Wish::ManageTokens | Wish::ReadAudit | Wish::Administer => Deny(OPERATOR),
        Wish::Undelete
        | Wish::Redirect
        | Wish::SetRules
        | Wish::ManageMembers
        | Wish::ManageDois => Deny(STEWARD),
        Wish::Bulk => Allow,
        Wish::Create
        | Wish::Replace
        | Wish::Withdraw
        | Wish::Delete
        | Wish::Submit
        | Wish::Restore
        | Wish::Confirm => {
            Deny("a reviewer judges records; ask for the role provider to change them")
        }
        Wish::ReadPublic
        | Wish::ReadDraft
        | Wish::Comment
        | Wish::RequestChanges
        | Wish::Approve
        | Wish::Publish
            if !is_theirs(catalogues, record) =>
        {
            Deny(ELSEWHERE)
        }
        Wish::Comment | Wish::RequestChanges | Wish::Approve | Wish::Publish if is_deleted => {
            Deny("this record was deleted; only a steward may bring it back")
        }
        Wish::ReadPublic => anyone(wish, record),
        Wish::ReadDraft | Wish::Comment | Wish::RequestChanges | Wish::Approve | Wish::Publish => {
            Allow
        }
    }
}

fn provider(
    catalogues: &Catalogues,
    actor: &Actor,
    wish: Wish,
    record: &RecordFacts<'_>,
) -> Decision {
    let is_deleted = record.state == State::Deleted;
    match wish {
        Wish::ReadPublic => anyone(wish, record),
        Wish::ManageTokens | Wish::ReadAudit | Wish::Administer => Deny(OPERATOR),
        Wish::Undelete
        | Wish::Redirect
        | Wish::SetRules
        | Wish::ManageMembers
        | Wish::ManageDois => Deny(STEWARD),
        Wish::Bulk => Allow,
        _ if !is_theirs(catalogues, record) => Deny(ELSEWHERE),
        Wish::RequestChanges | Wish::Approve => {
            Deny("a provider submits records; a reviewer or a steward judges them")
        }
        Wish::Create if record.kind == CATALOGUE => Deny("only a steward may open a new catalogue"),
        Wish::Replace | Wish::Restore | Wish::Submit | Wish::Confirm | Wish::Comment
            if is_deleted =>
        {
            Deny("this record was deleted; only a steward may bring it back")
        }
        Wish::Delete if record.kind == CATALOGUE => Deny("only a steward may delete a catalogue"),
        Wish::Delete if record.is_public => {
            Deny("this record is public: withdraw it, or ask a steward to delete it")
        }
        Wish::Delete if record.state != State::Draft => {
            Deny("only drafts may be deleted; ask a steward")
        }
        Wish::Delete if record.owner != actor.name() => {
            Deny("this draft is someone else's; ask them or a steward to delete it")
        }
        Wish::ReadDraft
        | Wish::Create
        | Wish::Replace
        | Wish::Publish
        | Wish::Withdraw
        | Wish::Delete
        | Wish::Submit
        | Wish::Comment
        | Wish::Restore
        | Wish::Confirm => Allow,
    }
}

/// The kind of record that tokens are given for.
const CATALOGUE: &str = "catalog";

/// The kind of the one record that stands above all.
const ROOT: &str = "root";

#[cfg(test)]
mod tests;
