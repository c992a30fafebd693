//! What can be asked, and the address that every search has.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::words::fold;

/// Opened in a flat facet, it lists all of its values.
pub const EVERYTHING: &str = "*";
/// No page holds more hits.
pub const LIMIT_MAX: usize = 200;
/// The number of hits of a page that does not ask for another.
const LIMIT_DEFAULT: usize = 20;
/// Longer texts are cut.
const TEXT_CHARS_MAX: usize = 500;
/// Separates, in an address, words from what they are to mean: no IRI holds it.
const SENSE_MARK: char = '|';
/// More meanings of words are not read.
const SENSES_MAX: usize = 24;
/// More pairs in an address are not read.
const PAIRS_MAX: usize = 400;

/// A search: words, facets, order, page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    /// The words, if any.
    pub text: Option<String>,
    /// What some of the words are to mean, where they could mean more.
    pub senses: Vec<Sense>,
    /// What was chosen in each facet, by the facet's id.
    pub facets: BTreeMap<String, FacetChoice>,
    /// Values of hierarchical facets whose children shall be listed though they are not chosen.
    pub open: BTreeMap<String, Vec<String>>,
    /// The order of the hits.
    pub sort: Sort,
    /// Where the page begins; the first page has none.
    pub after: Option<Cursor>,
    /// How many hits a page holds, at most [`LIMIT_MAX`]; none asks for counts only.
    pub limit: usize,
    /// The language of labels and titles.
    pub language: String,
}

impl Default for SearchQuery {
    fn default() -> Self {
        Self {
            text: None,
            senses: Vec::new(),
            facets: BTreeMap::new(),
            open: BTreeMap::new(),
            sort: Sort::default(),
            after: None,
            limit: LIMIT_DEFAULT,
            language: "en".to_owned(),
        }
    }
}

/// What some words of a query are to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sense {
    /// The words, as they were understood.
    pub words: String,
    pub taken: Taken,
}

/// One of the things that words can be taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// As they are written, and as no concept.
    Words,
    /// As this concept, and as nothing narrower.
    Itself(String),
    /// As this concept and everything below it, and as nothing else.
    WithNarrower(String),
}

impl Sense {
    /// `breast|words`, `breast|IRI` or `breast|IRI|itself`; an IRI may be its last segment.
    fn read(text: &str) -> Option<Self> {
        let (words, taken) = text.split_once(SENSE_MARK)?;
        let taken = match taken.split_once(SENSE_MARK) {
            None if taken == "words" => Taken::Words,
            None if !taken.is_empty() => Taken::WithNarrower(taken.to_owned()),
            Some((iri, "itself")) if !iri.is_empty() => Taken::Itself(iri.to_owned()),
            _ => return None,
        };
        let words = text_of(words)?;
        Some(Self { words, taken })
    }

    fn is_of(&self, words: &str) -> bool {
        fold(&self.words) == fold(words)
    }
}

impl fmt::Display for Sense {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = &self.words;
        match &self.taken {
            Taken::Words => write!(f, "{words}{SENSE_MARK}words"),
            Taken::Itself(iri) => write!(f, "{words}{SENSE_MARK}{iri}{SENSE_MARK}itself"),
            Taken::WithNarrower(iri) => write!(f, "{words}{SENSE_MARK}{iri}"),
        }
    }
}

/// What some words are to mean, if that was said.
pub(super) fn sense<'a>(senses: &'a [Sense], words: &str) -> Option<&'a Taken> {
    let said = senses.iter().find(|sense| sense.is_of(words));
    said.map(|sense| &sense.taken)
}

/// What was chosen in one facet. Values are full IRIs, or their last segments, or literals.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetChoice {
    /// A record has at least one of these (or lies in the range).
    pub include: Vec<String>,
    /// A record has none of these.
    pub exclude: Vec<String>,
    /// A record's number lies between these bounds, both included.
    pub range: Option<(Option<i64>, Option<i64>)>,
}

impl FacetChoice {
    /// Whether nothing is chosen.
    pub fn is_empty(&self) -> bool {
        self.include.is_empty() && self.exclude.is_empty() && self.range.is_none()
    }
}

/// The order of hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Best match first; without words, the newest first.
    #[default]
    Relevance,
    /// First published last comes first.
    Newest,
    /// Changed last comes first.
    Changed,
    /// The most subjects first.
    Largest,
    /// The best described first.
    Quality,
    /// By title.
    Title,
}

impl Sort {
    /// All orders with their names in addresses.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Relevance, "relevance"),
        (Self::Newest, "newest"),
        (Self::Changed, "changed"),
        (Self::Largest, "largest"),
        (Self::Quality, "quality"),
        (Self::Title, "title"),
    ];

    /// The name in addresses.
    pub fn name(self) -> &'static str {
        let named = Self::ALL.iter().find(|(sort, _)| *sort == self);
        named.map_or("relevance", |(_, name)| name)
    }
}

/// A place in an ordered list of hits, from which the next or the previous page is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub(super) backwards: bool,
    pub(super) key: Key,
    pub(super) tie: u64,
}

/// The sort key of one hit; the smaller comes first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Number(u64),
    Text(String),
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.backwards { 'b' } else { 'f' };
        let tie = self.tie;
        match &self.key {
            Key::Number(number) => write!(f, "{direction}n.{tie:x}.{number:x}"),
            Key::Text(text) => {
                let text = utf8_percent_encode(text, NON_ALPHANUMERIC);
                write!(f, "{direction}t.{tie:x}.{text}")
            }
        }
    }
}

/// The text is no cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a list of hits")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let mut parts = text.splitn(3, '.');
        let (Some(form), Some(tie), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(NotACursor);
        };
        let tie = u64::from_str_radix(tie, 16).map_err(|_| NotACursor)?;
        let key = match form.get(1..) {
            Some("n") => Key::Number(u64::from_str_radix(key, 16).map_err(|_| NotACursor)?),
            Some("t") => {
                let text = percent_decode_str(key)
                    .decode_utf8()
                    .map_err(|_| NotACursor)?;
                Key::Text(text.into_owned())
            }
            _ => return Err(NotACursor),
        };
        Ok(Self {
            backwards: form.starts_with('b'),
            key,
            tie,
        })
    }
}

impl SearchQuery {
    /// Reads a search from the pairs of an address. What is not understood is left out: a pair
    /// whose name is not reserved is a facet's choice, and unknown facets choose nothing.
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs.iter().take(PAIRS_MAX) {
            match name.as_str() {
                "q" => query.text = text_of(value),
                "sense" if query.senses.len() < SENSES_MAX => {
                    query.senses.extend(Sense::read(value));
                }
                "sense" => (),
                "sort" => query.sort = sort(value),
                "after" => query.after = value.parse().ok(),
                "limit" => query.limit = value.parse().unwrap_or(LIMIT_DEFAULT).min(LIMIT_MAX),
                "lang" => query.language.clone_from(value),
                "open" => query.add_open(value),
                _ => query.add_choice(name, value),
            }
        }
        query
    }

    /// The pairs of the address of this search.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        let mut push = |name: &str, value: String| pairs.push((name.to_owned(), value));
        if let Some(text) = &self.text {
            push("q", text.clone());
        }
        for sense in &self.senses {
            push("sense", sense.to_string());
        }
        for (id, choice) in &self.facets {
            for value in &choice.include {
                push(id, value.clone());
            }
            for value in &choice.exclude {
                push(id, format!("-{value}"));
            }
            if let Some(range) = choice.range {
                push(id, write_range(range));
            }
        }
        for (id, values) in &self.open {
            for value in values {
                push("open", format!("{id}:{value}"));
            }
        }
        if self.sort != Sort::default() {
            push("sort", self.sort.name().to_owned());
        }
        if let Some(after) = &self.after {
            push("after", after.to_string());
        }
        if self.limit != LIMIT_DEFAULT {
            push("limit", self.limit.to_string());
        }
        if self.language != "en" {
            push("lang", self.language.clone());
        }
        pairs
    }

    /// What some words are to mean, if that was said.
    pub fn sense(&self, words: &str) -> Option<&Taken> {
        sense(&self.senses, words)
    }

    /// The same search, from its first page, with another meaning of some words, or with all of theirs.
    #[must_use]
    pub fn taking(&self, words: &str, taken: Option<Taken>) -> Self {
        let mut query = Self {
            after: None,
            ..self.clone()
        };
        query.senses.retain(|sense| !sense.is_of(words));
        query.senses.extend(taken.map(|taken| Sense {
            words: words.to_owned(),
            taken,
        }));
        query
    }

    fn add_open(&mut self, value: &str) {
        if let Some((id, value)) = value.split_once(':') {
            self.open
                .entry(id.to_owned())
                .or_default()
                .push(value.to_owned());
        }
    }

    fn add_choice(&mut self, id: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() || value == "-" {
            return;
        }
        let choice = self.facets.entry(id.to_owned()).or_default();
        if let Some(range) = read_range(value) {
            choice.range = Some(range);
        } else if let Some(excluded) = value.strip_prefix('-') {
            choice.exclude.push(excluded.to_owned());
        } else {
            choice.include.push(value.to_owned());
        }
    }
}

fn text_of(value: &str) -> Option<String> {
    let text: String = value.trim().chars().take(TEXT_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

fn sort(value: &str) -> Sort {
    let named = Sort::ALL.iter().find(|(_, name)| *name == value);
    named.map_or_else(Sort::default, |(sort, _)| *sort)
}

/// `200..`, `..50` or `10..20`; anything else is a value.
fn read_range(value: &str) -> Option<(Option<i64>, Option<i64>)> {
    let (low, high) = value.split_once("..")?;
    let bound = |text: &str| match text {
        "" => Some(None),
        number => number.parse().ok().map(Some),
    };
    match (bound(low)?, bound(high)?) {
        (None, None) => None,
        range => Some(range),
    }
}

fn write_range((low, high): (Option<i64>, Option<i64>)) -> String {
    let bound = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    format!("{}..{}", bound(low), bound(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_search_has_an_address() {
        let pairs = [
            ("q", "breast \"screening trial\""),
            ("sense", "breast|BP1000136|itself"),
            ("sense", "screening trial|words"),
            ("cancer", "CLIN1000060"),
            ("cancer", "-CLIN1007989"),
            ("subjects", "200.."),
            ("open", "cancer:CLIN1"),
            ("sort", "title"),
            ("after", "ft.ff.a%20b"),
            ("limit", "50"),
            ("lang", "de"),
        ];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let query = SearchQuery::from_pairs(&pairs);
        assert_eq!(query.facets["subjects"].range, Some((Some(200), None)));
        assert_eq!(query.facets["cancer"].exclude, ["CLIN1007989"]);
        assert_eq!(
            query.sense("Breast"),
            Some(&Taken::Itself("BP1000136".to_owned()))
        );
        let mut written = query.to_pairs();
        written.sort();
        let mut expected = pairs.to_vec();
        expected.sort();
        assert_eq!(written, expected);
        assert_eq!(SearchQuery::from_pairs(&query.to_pairs()), query);
    }
}
