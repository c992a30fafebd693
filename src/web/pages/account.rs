//! Who am I here, what may I do and why, and where am I signed in?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::Link;
use crate::auth::Role;

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
    /// What they are trusted with.
    pub role: Role,
    /// The catalogues of a provider; `None` for all.
    pub catalogues: Option<Vec<Link>>,
    /// Why they have the role: the rules that were met.
    pub reasons: Vec<Why>,
    /// Who vouches for them.
    pub identities: Vec<Vouching>,
    /// Providers that another identity can be linked from.
    pub links: Vec<Link>,
    /// Where they are signed in.
    pub sessions: Vec<Sitting>,
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
