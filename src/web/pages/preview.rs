//! What is a concept, in the few words that fit a frame beside a table?

use askama::Template;

use super::filters;
use super::messages::{Language, message};
use super::text::Text;

/// A small page about a concept, shown inside of other pages (Reconciliation Service API §7).
#[derive(Debug, Clone, Default, Template)]
#[template(path = "preview.html")]
pub struct PreviewPage {
    /// The language of the page.
    pub language: Language,
    /// The label in the best language.
    pub label: Text,
    /// The code.
    pub code: String,
    /// The official IRI.
    pub iri: String,
    /// The page of the concept, absolute.
    pub href: String,
    /// Some other names.
    pub synonyms: Vec<Text>,
    /// What it means.
    pub definition: Option<String>,
    /// The concepts right above.
    pub parents: Vec<Text>,
    /// The codes in other systems: «SNOMEDCT 113091000».
    pub codes: Vec<String>,
}

impl PreviewPage {
    fn t<'a>(&self, key: &'a str) -> &'a str {
        message(self.language, key)
    }
}
