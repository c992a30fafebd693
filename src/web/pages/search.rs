//! Which collections answer a question, and how can it be narrowed?

use askama::Template;
use askama::filters::HtmlSafe;

use super::chart::Histogram;
use super::filters;
use super::site::{Section, Site};
use super::text::{Badge, Choice, Download, Link, Snippet, Text};

/// The search page.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "search.html")]
pub struct SearchPage {
    /// The frame; `site.query` is what was asked.
    pub site: Site,
    /// How many collections were found in all.
    pub total: u64,
    /// The number of the first card of this page, from 1.
    pub first: u64,
    /// How the words were understood: «breast → Breast structure, 4 codes».
    pub understood: Vec<Understood>,
    /// «Did you mean …».
    pub suggestion: Option<Link>,
    /// The choices in force.
    pub chips: Vec<Chip>,
    /// The same words without any choice.
    pub clear_href: String,
    /// What can be chosen.
    pub facets: Vec<Facet>,
    /// Parameters of the address that no control of the form shows, to be kept when it is sent.
    pub kept: Vec<(String, String)>,
    /// The parameter for excluded or chosen values aside, how to sort.
    pub sort: Vec<Choice>,
    /// How many cards a page has.
    pub page_size: Vec<Choice>,
    /// The collections of this page.
    pub cards: Vec<Card>,
    /// The page before.
    pub previous_href: Option<String>,
    /// The page after.
    pub next_href: Option<String>,
    /// The whole result to take away.
    pub downloads: Vec<Download>,
    /// The same collections, counted and drawn.
    pub statistics_href: String,
    /// The same collections to change many at once, for those who may.
    pub bulk_href: Option<String>,
    /// Searches that would find something, for an empty result.
    pub advice: Vec<Link>,
}

/// A word of the query and the concepts it was taken for.
#[derive(Debug, Clone, Default)]
pub struct Understood {
    /// The words as typed.
    pub words: String,
    /// The concepts that they can mean.
    pub concepts: Vec<ReadAs>,
    /// The words as they are written, and no concept.
    pub words_only: Narrowing,
    /// The same search with all meanings, when it is narrowed to one.
    pub everything_href: Option<String>,
}

/// A concept that words were taken for, and how to take them for it alone.
#[derive(Debug, Clone, Default)]
pub struct ReadAs {
    /// Its label and page.
    pub concept: Link,
    /// Whether the search looks for it.
    pub taken: bool,
    /// Only this concept, without its narrower ones.
    pub itself: Narrowing,
    /// This concept with its narrower ones, when it has any.
    pub with_narrower: Option<Narrowing>,
}

/// A way to narrow a search.
#[derive(Debug, Clone, Default)]
pub struct Narrowing {
    pub href: String,
    pub in_force: bool,
}

/// A choice in force.
#[derive(Debug, Clone, Default)]
pub struct Chip {
    /// The parameter of the address.
    pub facet_id: String,
    /// The facet.
    pub facet: String,
    /// The chosen value.
    pub label: Text,
    /// The search without it.
    pub remove_href: String,
    /// Whether the value is excluded rather than asked for.
    pub excluded: bool,
}

/// A property that the result can be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Facet {
    /// A name that is unique on the page: letters, digits and hyphens.
    pub id: String,
    /// The parameter of the address.
    pub name: String,
    /// What the reader sees.
    pub label: String,
    /// Whether it is unfolded at first.
    pub open: bool,
    /// How one chooses.
    pub kind: FacetKind,
}

/// How one chooses from a facet.
#[derive(Debug, Clone)]
pub enum FacetKind {
    /// From a list, several at once.
    List {
        /// The values with their counts.
        values: Vec<FacetValue>,
        /// Where all values are shown when there are more.
        more_href: Option<String>,
    },
    /// From a hierarchy, one click at a time.
    Tree {
        /// The uppermost values.
        nodes: Vec<FacetNode>,
        /// The values in force, as the address has them.
        chosen: Vec<String>,
    },
    /// A range of numbers.
    Range(Range),
}

impl Default for FacetKind {
    fn default() -> Self {
        Self::List {
            values: Vec::new(),
            more_href: None,
        }
    }
}

/// A value of a facet.
#[derive(Debug, Clone, Default)]
pub struct FacetValue {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: Text,
    /// How many collections it would leave.
    pub count: u64,
    /// Whether it is in force.
    pub chosen: bool,
    /// How to exclude it.
    pub without: Option<Exclusion>,
}

/// The search without the collections that have a value.
#[derive(Debug, Clone, Default, Template)]
#[template(
    ext = "html",
    source = r#"<a class="without" href="{{ href|address }}" rel="nofollow" title="≠ {{ label }}" aria-label="≠ {{ label }}">≠</a>"#
)]
pub struct Exclusion {
    /// The finished address.
    pub href: String,
    /// The value.
    pub label: String,
}

impl HtmlSafe for Exclusion {}

/// A value of a hierarchical facet.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "facet_node.html")]
pub struct FacetNode {
    /// What the reader sees.
    pub label: Text,
    /// The code of the concept.
    pub code: String,
    /// How many collections it would leave, those below included.
    pub count: u64,
    /// The search with this value added, or taken away when it is chosen.
    pub href: String,
    /// Whether it is in force.
    pub chosen: bool,
    /// Whether the values below are unfolded at first.
    pub open: bool,
    /// How to exclude it.
    pub without: Option<Exclusion>,
    /// The search with the values below it unfolded, when they are not yet.
    pub more_href: Option<String>,
    /// The values below.
    pub children: Vec<FacetNode>,
}

impl HtmlSafe for FacetNode {}

/// A range of numbers that can be chosen.
#[derive(Debug, Clone, Default)]
pub struct Range {
    /// The parameter of the lower end.
    pub min_name: String,
    /// The parameter of the upper end.
    pub max_name: String,
    /// The chosen lower end.
    pub min: Option<u64>,
    /// The chosen upper end.
    pub max: Option<u64>,
    /// The lowest value that occurs.
    pub lowest: u64,
    /// The highest value that occurs.
    pub highest: u64,
    /// How the collections are spread over it.
    pub histogram: Option<Histogram>,
}

/// A collection in a list of results.
#[derive(Debug, Clone, Default)]
pub struct Card {
    /// The page of the record.
    pub href: String,
    /// The title.
    pub title: Text,
    /// What kind of record it is, when not a dataset.
    pub kind: Option<String>,
    /// Who publishes it.
    pub publisher: Option<Link>,
    /// The catalogue it stands in.
    pub catalogue: Option<Link>,
    /// Country names.
    pub countries: Vec<Text>,
    /// Cancer, modality, body part: a label and its values.
    pub facts: Vec<Fact>,
    /// The number of subjects.
    pub subjects: Option<u64>,
    /// The number of studies.
    pub studies: Option<u64>,
    /// Tier, access rights, access condition.
    pub badges: Vec<Badge>,
    /// The passage found, or the beginning of the description.
    pub snippet: Snippet,
    /// The language of the passage.
    pub snippet_lang: Option<String>,
    /// When it was last changed, as the reader sees it.
    pub modified: Option<String>,
    /// What the comparison takes it by, where collections can be picked for it.
    pub compare: Option<String>,
}

/// A property of a collection in a list of results.
#[derive(Debug, Clone, Default)]
pub struct Fact {
    /// The property.
    pub label: String,
    /// Its values.
    pub values: Vec<Text>,
}

impl SearchPage {
    /// The number of the last card of this page.
    pub fn last(&self) -> u64 {
        let cards = u64::try_from(self.cards.len()).unwrap_or(u64::MAX);
        (self.first + cards).saturating_sub(1)
    }
}
