//! What does a person want to know about one record: a collection, a catalogue, a distribution?

use askama::Template;

use super::chart::BarChart;
use super::filters;
use super::quality::Quality;
use super::search::Card;
use super::site::{Section, Site};
use super::text::{Badge, Download, EmbeddedJson, Link, Text, Tone};

/// The page of a record of any kind; a catalogue also has its `holdings`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "record.html")]
pub struct RecordPage {
    /// The frame, with the record's alternates and typed links.
    pub site: Site,
    /// The way down from the root; the record itself is not in it.
    pub crumbs: Vec<Link>,
    /// What kind of record it is: «Dataset», «Catalogue».
    pub kind: String,
    /// The title in the best language.
    pub title: Text,
    /// The title in its other languages.
    pub other_titles: Vec<Text>,
    /// The record's IRI.
    pub iri: String,
    /// The first sentences for `<meta name="description">`.
    pub summary: String,
    /// Tier, access right, access condition, kind.
    pub badges: Vec<Badge>,
    /// How a reader who may write goes on from here.
    pub writing: Vec<Link>,
    /// Something to know first: a draft, a newer version, a harvested copy.
    pub notice: Option<Notice>,
    /// The numbers that count.
    pub figures: Vec<KeyFigure>,
    /// The description in each language, the best first.
    pub descriptions: Vec<Text>,
    /// How to get at the images.
    pub access: Option<Access>,
    /// Until when the reader may use the dataset, as a visa says.
    pub granted: Option<String>,
    /// Everything else that is said, in groups.
    pub groups: Vec<PropertyGroup>,
    /// The files and services behind the record.
    pub distributions: Vec<Distribution>,
    /// Links both ways: catalogue, series, parts, referenced by, same provider.
    pub relations: Vec<Relation>,
    /// Where collections like this one are listed. They are fetched, so that this page can be kept.
    pub similar_href: Option<String>,
    /// How to cite it.
    pub citation: Option<Citation>,
    /// The record in every format.
    pub downloads: Vec<Download>,
    /// What was said before: the newest of it.
    pub versions: Vec<Version>,
    /// Where all of it is.
    pub history_href: Option<String>,
    /// The same record in other profiles.
    pub profiles_href: Option<String>,
    /// Whether it keeps to its profiles.
    pub validation: Vec<Validation>,
    /// How good its description is.
    pub quality: Option<Quality>,
    /// What a catalogue holds.
    pub holdings: Option<Holdings>,
    /// What the head tells reference managers: names and values.
    pub metas: Vec<(String, String)>,
    /// schema.org description: `Dataset` or `DataCatalog`.
    pub json_ld: Option<EmbeddedJson>,
}

/// Something to know first.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    /// How strongly it speaks.
    pub tone: Tone,
    /// One sentence.
    pub text: String,
    /// Where to go instead.
    pub link: Option<Link>,
}

/// A number or a short value that counts.
#[derive(Debug, Clone, Default)]
pub struct KeyFigure {
    /// The value as the reader sees it.
    pub value: String,
    /// What it is.
    pub label: String,
}

/// How to get at the images.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// What is allowed and where, in a sentence.
    pub summary: Option<Text>,
    /// The button that leads to the request or the download.
    pub request: Option<Link>,
    /// Access conditions and conditions of use.
    pub conditions: Vec<Value>,
    /// Whom to ask.
    pub contacts: Vec<Contact>,
}

/// Somebody to ask.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// What they are to the record: «Publisher», «Contact point».
    pub role: String,
    /// The name.
    pub name: Text,
    /// The page of the agent here, or its own.
    pub href: Option<String>,
    /// An address without `mailto:`.
    pub email: Option<String>,
    /// A page to turn to.
    pub page: Option<Link>,
}

/// Properties that belong together.
#[derive(Debug, Clone, Default)]
pub struct PropertyGroup {
    /// A name that is unique on the page: letters, digits and hyphens.
    pub id: String,
    /// What the reader sees.
    pub label: String,
    /// The properties in the order of the profile.
    pub properties: Vec<Property>,
}

/// A property and its values.
#[derive(Debug, Clone, Default)]
pub struct Property {
    /// What the reader sees.
    pub label: Text,
    /// The IRI, shown when one points at the label.
    pub iri: String,
    /// The values.
    pub values: Vec<Value>,
}

/// A value of a property.
#[derive(Debug, Clone, Default)]
pub struct Value {
    /// The label of a concept, the words of a literal; the IRI only when nothing better is known.
    pub text: Text,
    /// The code of a concept.
    pub code: Option<String>,
    /// The page of the concept, or the address itself.
    pub href: Option<String>,
    /// Whether the address leaves this Atlas.
    pub external: bool,
    /// The name of the system that the value comes from, or anything that helps to read it.
    pub note: Option<String>,
}

/// A way to the data.
#[derive(Debug, Clone, Default)]
pub struct Distribution {
    /// The title.
    pub title: Text,
    /// The page of the distribution's own record.
    pub href: Option<String>,
    /// What it is.
    pub description: Option<Text>,
    /// Where access is asked for.
    pub access_href: Option<String>,
    /// Where the file lies.
    pub download_href: Option<String>,
    /// The format.
    pub format: Option<Value>,
    /// The size as the reader sees it.
    pub size: Option<String>,
    /// The licence.
    pub licence: Option<Value>,
    /// Rights: access condition and conditions of use.
    pub rights: Vec<Value>,
}

/// Records that this one is linked with in one way.
#[derive(Debug, Clone, Default)]
pub struct Relation {
    /// The way: «In catalogue», «Referenced by».
    pub label: String,
    /// The records.
    pub links: Vec<Link>,
    /// Where the rest is found.
    pub more: Option<Link>,
}

/// How to cite a record.
#[derive(Debug, Clone, Default)]
pub struct Citation {
    /// In words.
    pub text: String,
    /// As BibTeX.
    pub bibtex: String,
    /// Files for reference managers.
    pub downloads: Vec<Download>,
}

/// A version of a record.
#[derive(Debug, Clone, Default)]
pub struct Version {
    /// Its number in the ledger.
    pub number: u64,
    /// The version that the provider gave it.
    pub name: Option<String>,
    /// When, as the reader sees it.
    pub date: String,
    /// The same for machines (RFC 3339).
    pub datetime: String,
    /// What was done: «created», «replaced».
    pub change: String,
    /// Why.
    pub note: Option<Text>,
    /// The page of the version.
    pub href: Option<String>,
    /// Whether it is the one shown.
    pub current: bool,
}

/// Whether a record keeps to a profile.
#[derive(Debug, Clone, Default)]
pub struct Validation {
    /// The profile.
    pub profile: Link,
    /// «valid», «valid with 2 warnings», «not valid».
    pub outcome: String,
    /// How strongly it speaks.
    pub tone: Tone,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// One result of a check.
#[derive(Debug, Clone, Default)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in plain words.
    pub message: Text,
    /// The property: its label.
    pub path: Option<String>,
    /// The node in which it was found.
    pub focus: Option<String>,
    /// On which line of the document that was checked.
    pub line: Option<u64>,
    /// The value that was found.
    pub value: Option<String>,
    /// What to do about it.
    pub advice: Option<String>,
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of SHACL")]
pub enum Severity {
    #[default]
    Violation,
    Warning,
    Info,
}

impl Severity {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Violation => "bad",
            Self::Warning => "care",
            Self::Info => "plain",
        }
    }

    /// The word in the language of the page.
    pub fn word<'a>(self, site: &Site) -> &'a str {
        match self {
            Self::Violation => site.t("check.violation"),
            Self::Warning => site.t("check.warning"),
            Self::Info => site.t("check.info"),
        }
    }
}

/// What a catalogue holds.
#[derive(Debug, Clone, Default)]
pub struct Holdings {
    /// How many collections.
    pub total: u64,
    /// The counts of its collections.
    pub charts: Vec<BarChart>,
    /// One page of them.
    pub cards: Vec<Card>,
    /// The page before.
    pub previous_href: Option<String>,
    /// The page after.
    pub next_href: Option<String>,
    /// The search within this catalogue.
    pub search_href: String,
}
