//! What went wrong, and what can a person do about it?

use askama::Template;

use super::filters;
use super::site::{Section, Site};
use super::text::{Link, Text};

/// A page for an answer that is not what was asked for.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The frame.
    pub site: Site,
    /// The status of the answer, for show.
    pub status: u16,
    /// In a few words.
    pub title: String,
    /// What happened, in a sentence or two.
    pub happened: String,
    /// What to do now.
    pub advice: Vec<String>,
    /// What exactly was wrong: field and value, the parser's words.
    pub detail: Option<Text>,
    /// Where to go: near misses, formats that there are.
    pub links: Vec<Link>,
    /// What to quote when asking for help.
    pub reference: Option<String>,
}

/// The troubles that have words of their own in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The request does not make sense.
    BadRequest,
    /// Nobody is signed in.
    SignInNeeded,
    /// The actor may not do this.
    Forbidden,
    /// There is nothing here.
    NotFound,
    /// Not in that format.
    NotAcceptable,
    /// It was here once.
    Gone,
    /// Somebody else changed it first.
    Changed,
    /// Too much at once.
    TooLarge,
    /// Too many requests, or a query that took too long.
    Busy,
    /// Our own fault.
    Internal,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::BadRequest,
        Self::SignInNeeded,
        Self::Forbidden,
        Self::NotFound,
        Self::NotAcceptable,
        Self::Gone,
        Self::Changed,
        Self::TooLarge,
        Self::Busy,
        Self::Internal,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::BadRequest => "error.bad_request",
            Self::SignInNeeded => "error.sign_in",
            Self::Forbidden => "error.forbidden",
            Self::NotFound => "error.not_found",
            Self::NotAcceptable => "error.not_acceptable",
            Self::Gone => "error.gone",
            Self::Changed => "error.changed",
            Self::TooLarge => "error.too_large",
            Self::Busy => "error.busy",
            Self::Internal => "error.internal",
        }
    }
}

impl ErrorPage {
    /// The page for a trouble, in the language of the site; `status` is what the answer carries.
    pub fn new(site: Site, trouble: Trouble, status: u16) -> Self {
        let key = trouble.key();
        let say = |part: &str| {
            super::messages::message(site.language, &format!("{key}_{part}")).to_owned()
        };
        Self {
            status,
            title: say("title"),
            happened: say("happened"),
            advice: vec![say("advice")],
            site,
            ..Self::default()
        }
    }
}
