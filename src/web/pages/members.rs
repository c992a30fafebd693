//! Who is a member, who is invited, and what is somebody offered who opens an invitation?

use askama::Template;

use super::account::Offer;
use super::filters;
use super::site::{Section, Site};

/// The members and invitations, for stewards.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "members.html")]
pub struct MembersPage {
    /// The frame.
    pub site: Site,
    /// Who was given a role.
    pub members: Vec<MemberRow>,
    /// Invitations that nobody has taken yet.
    pub invitations: Vec<Invited>,
    /// The roles that the steward may give.
    pub roles: Vec<Offer>,
    /// The link of an invitation that was made just now: it is shown this once.
    pub made: Option<String>,
}

/// What somebody is offered.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "join.html")]
pub struct JoinPage {
    /// The frame.
    pub site: Site,
    /// What is offered; `None` when the invitation is not open.
    pub offer: Option<Invited>,
    /// Whether they have signed in.
    pub is_present: bool,
    /// Where they do.
    pub sign_in: String,
    /// The secret of the invitation.
    pub secret: String,
}

/// A member.
#[derive(Debug, Clone, Default)]
pub struct MemberRow {
    /// The name of the account.
    pub account: String,
    /// What they are called.
    pub name: Option<String>,
    /// Where they get mail.
    pub email: Option<String>,
    /// The word for the role.
    pub role: String,
    /// Where it holds.
    pub catalogues: Vec<String>,
    /// Since when.
    pub since: String,
}

/// An open invitation.
#[derive(Debug, Clone, Default)]
pub struct Invited {
    /// Its name.
    pub id: String,
    /// What the role is.
    pub label: String,
    /// For whom it is meant.
    pub note: String,
    /// The word for the role.
    pub role: String,
    /// Where it holds.
    pub catalogues: Vec<String>,
    /// When it ends.
    pub until: String,
}
