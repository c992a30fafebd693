//! How does a person come in, and how do they know that they are out?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::Link;

/// The identity providers to choose from.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub site: Site,
    /// The providers, each with the address that begins there.
    pub providers: Vec<Link>,
}

/// Somebody has signed out here.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub site: Site,
    /// Where the session at the identity provider is ended, too.
    pub there: Option<Link>,
}
