//! What does every page share: the name of the Atlas, where it lives, its language, what may be reached.

use std::borrow::Borrow;

use super::assets;
use super::filters::grouped;
use super::messages::{Language, message};
use super::text::Link;

/// What the frame around every page needs to know.
#[derive(Debug, Clone, Default)]
pub struct Site {
    /// The path before every address of ours: empty, or like `/atlas` (no slash at the end).
    pub root: String,
    /// The name of this Atlas.
    pub name: String,
    /// The language of the interface.
    pub language: Language,
    /// Path and query of the page itself, prefix included.
    pub here: String,
    /// The part of the navigation that the page belongs to.
    pub section: Section,
    /// What stands in the search box of the header.
    pub query: String,
    /// Whether the data is a demonstration.
    pub demo: bool,
    /// Whether people can sign in here, and whether this one has.
    pub visitor: Visitor,
    /// The version of the software.
    pub version: String,
    /// The licence of the metadata.
    pub licence: Option<Link>,
    /// The absolute address of the page, when it has one that lasts.
    pub canonical: Option<String>,
    /// The same content in other formats, as `<link rel="alternate">`.
    pub alternates: Vec<Alternate>,
    /// Further typed links of the page (`describedby`, `license`, `cite-as`, `item`…).
    pub typed_links: Vec<TypedLink>,
}

/// Who looks at a page, as far as its frame tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody can sign in here.
    #[default]
    Reader,
    /// Somebody who could sign in.
    Stranger,
    /// Somebody with a session.
    Present,
}

/// The parts of the navigation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Section {
    #[default]
    Elsewhere,
    Home,
    Search,
    Catalogues,
    Ontology,
    Sparql,
    Validate,
    Quality,
    About,
}

/// The page's content in another format.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alternate {
    /// The finished address.
    pub href: String,
    /// The media type.
    pub media_type: String,
    /// The name of the format.
    pub title: String,
}

/// A typed link of the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedLink {
    /// The relation, as registered with IANA or used by Signposting.
    pub rel: String,
    /// The finished address.
    pub href: String,
    /// The media type of the target.
    pub media_type: Option<String>,
}

impl Site {
    /// The message of that key in the language of the page.
    pub fn t<'a>(&self, key: &'a str) -> &'a str {
        message(self.language, key)
    }

    /// The message of that key with its place holder filled.
    pub fn with(&self, key: &str, value: &impl ToString) -> String {
        message(self.language, key).replacen("{}", &value.to_string(), 1)
    }

    /// A number with its noun: «1 collection», «12 collections».
    pub fn counted(&self, noun: &str, number: impl Borrow<u64>) -> String {
        let number = *number.borrow();
        let form = if number == 1 { "one" } else { "many" };
        let key = format!("{noun}.{form}");
        message(self.language, &key).replacen("{}", &grouped(number), 1)
    }

    /// The address of an asset, with the digest of its content in its name.
    pub fn asset(&self, name: &str) -> String {
        format!("{}/static/{}", self.root, assets::stamped_name(name))
    }

    /// This page in another language of the interface.
    pub fn in_language(&self, language: impl Borrow<Language>) -> String {
        let (path, query) = self.here.split_once('?').unwrap_or((&self.here, ""));
        let mut address = format!("{path}?");
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            if pair != "lang" && !pair.starts_with("lang=") {
                address.push_str(pair);
                address.push('&');
            }
        }
        address.push_str("lang=");
        address.push_str(language.borrow().code());
        address
    }

    /// All languages of the interface.
    pub fn languages(&self) -> [Language; 5] {
        Language::ALL
    }

    /// Whether somebody could sign in.
    pub fn offers_sign_in(&self) -> bool {
        self.visitor == Visitor::Stranger
    }

    /// Whether somebody has a session.
    pub fn has_session(&self) -> bool {
        self.visitor == Visitor::Present
    }

    /// Whether the page belongs to that part of the navigation.
    pub fn is_at(&self, section: Section) -> bool {
        self.section == section
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_switch_keeps_the_search() {
        let site = Site {
            here: "/atlas/search?q=breast&lang=en&page_size=50".to_owned(),
            ..Site::default()
        };
        assert_eq!(
            site.in_language(Language::De),
            "/atlas/search?q=breast&page_size=50&lang=de"
        );
    }

    #[test]
    fn one_collection_is_not_many() {
        let site = Site::default();
        assert_eq!(site.counted("collections", 1), "1 collection");
        assert_eq!(site.counted("collections", 0), "0 collections");
    }
}
