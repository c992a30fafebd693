//! How does one find a concept: by browsing from the roots or by looking it up?

use askama::Template;
use askama::filters::HtmlSafe;

use super::filters;
use super::messages::Language;
use super::site::{Section, Site};
use super::text::{Link, Text};

/// The page of the ontology (`/ontology`); with a query it shows what was found (`/ontology/lookup`).
#[derive(Debug, Clone, Default, Template)]
#[template(path = "ontology.html")]
pub struct OntologyPage {
    /// The frame.
    pub site: Site,
    /// The name of the ontology.
    pub title: String,
    /// Version, date.
    pub version: String,
    /// Its licence.
    pub licence: Option<Link>,
    /// How many concepts it has.
    pub concepts: u64,
    /// What was looked up.
    pub query: String,
    /// What was found; `None` when nothing was asked.
    pub hits: Option<Vec<Hit>>,
    /// The part of the vocabularies that is chosen, by IRI.
    pub under: Option<String>,
    /// Every way down to the concept that is chosen.
    pub paths: Vec<Vec<Link>>,
    /// The concept that is chosen, and its page.
    pub concept: Option<Link>,
    /// The tree.
    pub branch: Branch,
    /// The vocabularies and code lists.
    pub value_sets: Vec<Link>,
}

/// A concept that a look-up found.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    /// Label and page.
    pub link: Link,
    /// The code.
    pub code: String,
    /// What matched, when it was not the label: a synonym, «SNOMED CT 113091000».
    pub matched: Option<Text>,
    /// The concept above, which tells homonyms apart.
    pub parent: Option<Text>,
    /// How many collections use it or one below.
    pub collections: u64,
}

/// A level of the tree.
#[derive(Debug, Clone, Default, Template)]
#[template(
    ext = "html",
    source = r#"{% for node in nodes %}{{ node }}{% endfor %}{% if let Some(more) = more %}<li class="more"><a href="{{ more.href|address }}">{{ more.label }}</a></li>{% endif %}"#
)]
pub struct Branch {
    /// The concepts, each with what is sent of those below.
    pub nodes: Vec<TreeNode>,
    /// Where the rest of the level is.
    pub more: Option<Link>,
}

impl HtmlSafe for Branch {}

/// A concept in the tree.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "tree_node.html")]
pub struct TreeNode {
    /// The label.
    pub label: Text,
    /// The official IRI.
    pub iri: String,
    /// The code.
    pub code: String,
    /// The page of the concept.
    pub href: String,
    /// How many collections use it or one below.
    pub collections: u64,
    /// How many concepts stand below it.
    pub descendants: u64,
    /// The language of the page.
    pub language: Language,
    /// Whether it is unfolded at first.
    pub open: bool,
    /// The concepts right below, as far as they are sent with the page.
    pub children: Vec<TreeNode>,
    /// Where the rest of the concepts below is listed.
    pub more: Option<Link>,
}

impl HtmlSafe for TreeNode {}

impl TreeNode {
    /// «52 concepts · 12 collections», without what is zero.
    fn words(&self) -> String {
        let site = Site {
            language: self.language,
            ..Site::default()
        };
        let mut words = Vec::new();
        if self.descendants > 0 {
            words.push(site.counted("concepts", self.descendants));
        }
        if self.collections > 0 {
            words.push(site.counted("collections", self.collections));
        }
        words.join(" · ")
    }
}
