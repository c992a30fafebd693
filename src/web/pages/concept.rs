//! What does a concept mean, where does it stand, and which collections use it?

use askama::Template;

use super::filters;
use super::record::{Property, Value};
use super::search::Card;
use super::site::{Section, Site};
use super::text::{EmbeddedJson, Link, Text};

/// The page of a concept of the ontology or of a code list.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "concept.html")]
pub struct ConceptPage {
    /// The frame.
    pub site: Site,
    /// The label in the best language.
    pub label: Text,
    /// The labels in all languages.
    pub labels: Vec<Text>,
    /// Other names.
    pub synonyms: Vec<Text>,
    /// What it means.
    pub definitions: Vec<Text>,
    /// The official IRI.
    pub iri: String,
    /// The code: `IMG1000038`.
    pub code: String,
    /// The scheme or module it belongs to.
    pub scheme: Option<Link>,
    /// Whether it should no longer be used, and what to use instead.
    pub deprecated: Option<Option<Link>>,
    /// Every way from a root down to the concept; the concept itself is not in them.
    pub paths: Vec<Vec<Link>>,
    /// The concepts right below.
    pub children: Vec<Narrower>,
    /// Where all of them are listed when there are more.
    pub more_children: Option<Link>,
    /// The codes in other systems.
    pub codes: Vec<SystemCode>,
    /// Concepts of ours that mean the same.
    pub equivalents: Vec<Value>,
    /// Anything else that is said.
    pub properties: Vec<Property>,
    /// The properties that may have it as a value.
    pub takes: Vec<Takes>,
    /// How many collections use it, by the property they use it in.
    pub uses: Vec<Use>,
    /// Some of these collections.
    pub cards: Vec<Card>,
    /// The search for all of them.
    pub search_href: Option<String>,
    /// The version of the ontology, as the reader sees it.
    pub version: Option<String>,
    /// schema.org/DefinedTerm.
    pub json_ld: Option<EmbeddedJson>,
}

/// A concept right below.
#[derive(Debug, Clone, Default)]
pub struct Narrower {
    /// Label and page.
    pub link: Link,
    /// The code.
    pub code: String,
    /// How many concepts stand below it.
    pub descendants: u64,
    /// How many collections use it or one below.
    pub collections: u64,
}

/// A code in another system.
#[derive(Debug, Clone, Default)]
pub struct SystemCode {
    /// The system: «SNOMED CT».
    pub system: String,
    /// The code.
    pub code: String,
    /// The page of the code in its system.
    pub href: Option<String>,
    /// How close the match is: «exact», «close».
    pub note: Option<String>,
}

/// How often a concept is used in one property.
#[derive(Debug, Clone, Default)]
pub struct Use {
    /// The property: «Image modality».
    pub property: String,
    /// Collections that name the concept itself.
    pub itself: u64,
    /// Collections that name it or a concept below.
    pub with_below: u64,
    /// The search for them.
    pub href: String,
}

/// A property that may have the concept as a value.
#[derive(Debug, Clone, Default)]
pub struct Takes {
    /// The label of the field.
    pub label: Text,
    /// The property.
    pub iri: String,
    /// The profiles that say so.
    pub profiles: Vec<String>,
}
