//! What is said about a node? The canonical N-Triples of a record, read where they lie, without a copy.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memrchr;
use rustc_hash::FxHashMap;

use crate::rdf::lines::{at_space, lines};
use crate::rdf::{NamedNodeRef, Triple};

/// The statements of one record.
#[derive(Debug)]
pub struct Statements<'a> {
    /// Those of the same subject and predicate together.
    lines: Vec<Line<'a>>,
    places: Places<'a>,
}

/// Where the lines of a subject and a predicate stand.
type Places<'a> = FxHashMap<(&'a str, &'a str), Range<usize>>;

#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    subject: &'a str,
    predicate: &'a str,
    object: Value<'a>,
}

/// A subject: an IRI, or the label of a blank node with `_:` before it, which no IRI begins with.
pub type Node<'a> = &'a str;

/// What a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    Node(Node<'a>),
    Literal {
        /// As it is written between the quotes.
        written: &'a str,
        language: Option<&'a str>,
        datatype: Option<&'a str>,
    },
}

impl<'a> Value<'a> {
    /// The IRI, when it is one.
    pub fn iri(self) -> Option<&'a str> {
        match self {
            Self::Node(node) => Some(node).filter(|node| is_iri(node)),
            Self::Literal { .. } => None,
        }
    }

    /// The words of a literal.
    pub fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Node(_) => None,
            Self::Literal { written, .. } => Some(unescaped(written)),
        }
    }
}

/// Whether a node has a name that others can use.
pub fn is_iri(node: Node<'_>) -> bool {
    !node.starts_with("_:")
}

impl<'a> Statements<'a> {
    /// Reads canonical N-Triples. A line that is none, or that speaks of a statement, is passed over.
    pub fn read(ntriples: &'a str) -> Self {
        let mut lines: Vec<Line<'a>> = lines(ntriples).filter_map(line).collect();
        let places = places(&lines).unwrap_or_else(|| {
            lines.sort_by_key(Line::key);
            places(&lines).unwrap_or_default()
        });
        Self { lines, places }
    }

    /// The values of a property of a node.
    pub fn values(
        &self,
        node: Node<'_>,
        property: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = Value<'a>> + use<'_, 'a> {
        let place = place(&self.places, (node, property.as_str()));
        let lines = &self.lines[place];
        lines.iter().map(|line| line.object)
    }

    /// The first IRI that a property of a node leads to.
    pub fn iri(&self, node: Node<'_>, property: NamedNodeRef<'_>) -> Option<&'a str> {
        self.values(node, property).find_map(Value::iri)
    }

    /// The first words that a property of a node gives.
    pub fn text(&self, node: Node<'_>, property: NamedNodeRef<'_>) -> Option<Cow<'a, str>> {
        self.values(node, property).find_map(Value::text)
    }

    /// The nodes that a property of a node leads to.
    pub fn nodes(
        &self,
        node: Node<'_>,
        property: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = Node<'a>> + use<'_, 'a> {
        self.values(node, property).filter_map(|value| match value {
            Value::Node(node) => Some(node),
            Value::Literal { .. } => None,
        })
    }

    /// Whether a node is said to be of a class.
    pub fn is_a(&self, node: Node<'_>, class: NamedNodeRef<'_>) -> bool {
        let mut types = self.values(node, crate::rdf::vocabulary::rdf::TYPE);
        types.any(|found| found == Value::Node(class.as_str()))
    }
}

/// The text that [`Statements::read`] takes, of statements that are values already.
pub fn written(triples: &[Triple]) -> String {
    let mut lines: Vec<String> = triples
        .iter()
        .map(|triple| format!("{triple} .\n"))
        .collect();
    lines.sort_unstable();
    lines.dedup();
    lines.concat()
}

impl<'a> Line<'a> {
    fn key(&self) -> (&'a str, &'a str) {
        (self.subject, self.predicate)
    }
}

/// Where the lines of each subject and predicate stand; `None` when some of the same stand apart.
fn places<'a>(lines: &[Line<'a>]) -> Option<Places<'a>> {
    let mut places = Places::default();
    places.reserve(lines.len());
    let mut start = 0;
    for group in lines.chunk_by(|one, next| one.key() == next.key()) {
        let place = start..start + group.len();
        start = place.end;
        if places.insert(group[0].key(), place).is_some() {
            return None;
        }
    }
    Some(places)
}

/// Where the lines of a subject and a predicate stand, if there are any.
fn place(places: &FxHashMap<(&str, &str), Range<usize>>, key: (&str, &str)) -> Range<usize> {
    places.get(&key).cloned().unwrap_or_default()
}

fn line(text: &str) -> Option<Line<'_>> {
    let text = text.strip_suffix(" .")?;
    let (subject, rest) = at_space(text)?;
    let (predicate, object) = at_space(rest)?;
    Some(Line {
        subject: node(subject)?,
        predicate: node(predicate)?,
        object: value(object)?,
    })
}

fn node(text: &str) -> Option<Node<'_>> {
    if text.starts_with("_:") {
        return Some(text);
    }
    text.strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'))
}

fn value(text: &str) -> Option<Value<'_>> {
    let Some(quoted) = text.strip_prefix('"') else {
        let is_statement = text.starts_with("<<");
        return node(text).filter(|_| !is_statement).map(Value::Node);
    };
    // Neither a language tag nor a datatype can hold a quote.
    let end = memrchr(b'"', quoted.as_bytes())?;
    let (written, after) = (&quoted[..end], &quoted[end + 1..]);
    let tag = after.strip_prefix('@');
    // The direction of a text (RDF 1.2) stands behind its language.
    let language = tag.map(|tag| tag.split_once("--").map_or(tag, |(language, _)| language));
    let datatype = after.strip_prefix("^^").and_then(node);
    Some(Value::Literal {
        written,
        language,
        datatype,
    })
}

/// The words behind the escapes of N-Triples (§2.4).
fn unescaped(written: &str) -> Cow<'_, str> {
    if !written.contains('\\') {
        return Cow::Borrowed(written);
    }
    let mut text = String::with_capacity(written.len());
    let mut characters = written.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => text.push('\t'),
            Some('b') => text.push('\u{8}'),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('f') => text.push('\u{c}'),
            Some('u') => text.extend(numbered(&mut characters, 4)),
            Some('U') => text.extend(numbered(&mut characters, 8)),
            Some(other) => text.push(other),
            None => break,
        }
    }
    Cow::Owned(text)
}

fn numbered(characters: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut number = 0;
    for _ in 0..digits {
        number = number * 16 + characters.next()?.to_digit(16)?;
    }
    char::from_u32(number)
}
