//! What is said about a node? The canonical N-Triples of a record, read where they lie, without a copy.

use std::borrow::Cow;

use crate::rdf::{NamedNodeRef, Triple};

/// The statements of one record.
#[derive(Debug)]
pub struct Statements<'a> {
    /// In the order of subject and predicate.
    lines: Vec<Line<'a>>,
}

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
        let mut lines: Vec<Line<'a>> = ntriples.lines().filter_map(line).collect();
        let order = |one: &Line<'a>, other: &Line<'a>| {
            (one.subject, one.predicate).cmp(&(other.subject, other.predicate))
        };
        if !lines.is_sorted_by(|one, other| order(one, other).is_le()) {
            lines.sort_by(order);
        }
        Self { lines }
    }

    /// The values of a property of a node.
    pub fn values(
        &self,
        node: Node<'_>,
        property: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = Value<'a>> + use<'_, 'a> {
        let wanted = (node, property.as_str());
        let from = self
            .lines
            .partition_point(|line| (line.subject, line.predicate) < wanted);
        let of_it = |line: &&Line<'a>| (line.subject, line.predicate) == wanted;
        let count = self.lines[from..].iter().take_while(of_it).count();
        self.lines[from..from + count]
            .iter()
            .map(|line| line.object)
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

fn line(text: &str) -> Option<Line<'_>> {
    let text = text.strip_suffix(" .")?;
    let (subject, rest) = text.split_once(' ')?;
    let (predicate, object) = rest.split_once(' ')?;
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
    let (written, after) = quoted.rsplit_once('"')?;
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
