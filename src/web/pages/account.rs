//! Who am I here, what may I do and why, and where am I signed in?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::Link;

/// The page of the person who looks at it.
#[derive(Debug, Clone, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The frame.
    pub site: Site,
    /// What they are called; the name of the account when nobody says.
    pub name: String,
    /// Where they get mail.
    pub email: Option<String>,
    /// The author of their changes.
    pub author: String,
    /// What they are trusted with, the highest first; nothing for a reader.
    pub grants: Vec<Trust>,
    /// Why they have the role: the rules that were met.
    pub reasons: Vec<Why>,
    /// Who vouches for them.
    pub identities: Vec<Vouching>,
    /// Providers that another identity can be linked from.
    pub links: Vec<Link>,
    /// Where they are signed in.
    pub sessions: Vec<Sitting>,
    /// The roles that a steward gave them.
    pub memberships: Vec<String>,
    /// Whether they see the members.
    pub may_manage_members: bool,
    /// Whether they see who did what.
    pub may_read_audit: bool,
    /// Whether they see the DOIs of records.
    pub may_manage_dois: bool,
    /// Datasets that they may use.
    pub access: Vec<AccessTo>,
    /// Their tokens.
    pub tokens: Vec<TokenRow>,
    /// The roles that a token of theirs can have.
    pub roles: Vec<Offer>,
    /// The actions that it can be for.
    pub actions: Vec<Offer>,
    /// A token that was made just now: it is shown this once.
    pub made: Option<Made>,
}

/// A role and where it holds.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// What the role is.
    pub label: String,
    /// `None` when it holds everywhere.
    pub catalogues: Option<Vec<Link>>,
}

/// Something to choose.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// What is sent.
    pub word: String,
    /// What a person reads.
    pub label: String,
}

/// A dataset that the person may use.
#[derive(Debug, Clone, Default)]
pub struct AccessTo {
    /// Its IRI.
    pub dataset: String,
    /// Who granted it.
    pub source: String,
    /// In which capacity.
    pub by: String,
    /// When that ends.
    pub until: String,
}

/// A token of the person.
#[derive(Debug, Clone, Default)]
pub struct TokenRow {
    /// Its name in the audit.
    pub id: String,
    /// What the person calls it.
    pub name: String,
    /// The word for the role.
    pub role: String,
    /// Where it holds.
    pub catalogues: Vec<String>,
    /// The actions that it is for; none for all.
    pub actions: Vec<String>,
    /// When it ends.
    pub until: String,
    /// When it was last used; empty for never.
    pub used: String,
    /// Whether it opens anything.
    pub is_valid: bool,
}

/// A token that was made just now.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// What the person calls it.
    pub name: String,
    /// The token itself.
    pub secret: String,
}

/// A rule that was met.
#[derive(Debug, Clone, Default)]
pub struct Why {
    /// The provider.
    pub provider: String,
    /// What the claims say.
    pub conditions: Vec<String>,
}

/// An identity of the person.
#[derive(Debug, Clone, Default)]
pub struct Vouching {
    /// The provider, for people.
    pub provider: String,
    /// The issuer.
    pub issuer: String,
    /// The provider's name for the person.
    pub subject: String,
    /// When it was last used.
    pub seen: String,
}

/// A session of the person.
#[derive(Debug, Clone, Default)]
pub struct Sitting {
    /// The name of the session.
    pub id: String,
    /// The browser.
    pub client: String,
    /// When it began.
    pub since: String,
    /// When it was last used.
    pub used: String,
    /// Whether it is the one that looks.
    pub is_this: bool,
}
