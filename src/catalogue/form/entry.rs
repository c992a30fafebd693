//! What stands in a form right now? Its rows, as a browser sends them and as they are kept.
//!
//! The name of a control says where it is: `dct:publisher|0|foaf:name|1|v` is the text of the second name of the first
//! publisher. A bar cannot stand in an IRI, so the parts are never mistaken for each other.

use std::collections::BTreeMap;

use super::model::NODE_DEPTH_MAX;
use crate::rdf::{Format, NamedNode, Term, Triple, format};

/// The most controls that a sheet may have.
pub const PAIRS_MAX: usize = 20_000;
/// Rows are numbered up to here.
const ROW_MAX: u32 = 9_999;

/// A form that somebody is filling in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    pub root: Node,
    /// Other statements, as Turtle.
    pub rest: String,
    /// The record that this one belongs to, where the sheet says it.
    pub parent: Option<String>,
}

/// A thing with its fields: the record, or what is described inside of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Its name among the statements: an IRI in angle brackets, or `_:n1`.
    pub name: String,
    /// Whether it was there before the form was opened: then it stays, even without any value.
    pub is_old: bool,
    pub types: Vec<NamedNode>,
    /// By the key of the field; a field without rows has none.
    pub fields: BTreeMap<String, Vec<Row>>,
}

/// One value of a field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    pub number: u32,
    /// The term that the text was made from.
    pub kept: Option<Term>,
    /// What is typed in.
    pub text: String,
    /// The chosen language, where one can be chosen; empty for none.
    pub language: Option<String>,
    /// The value when it is described in place.
    pub node: Option<Node>,
}

impl Sheet {
    /// Reads what a browser sent. Pairs whose names are none of a form are passed over.
    pub fn of_pairs<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let mut sheet = Self::default();
        for (name, value) in pairs.into_iter().take(PAIRS_MAX) {
            match name {
                "_rest" => sheet.rest = normal(value),
                "_in" => sheet.parent = Some(value.trim().to_owned()).filter(|iri| !iri.is_empty()),
                "_types" => sheet.root.types = iris(value),
                _ => {
                    let parts: Vec<&str> = name.split('|').collect();
                    let is_whole = parts.len() >= 3 && !parts.len().is_multiple_of(2);
                    if is_whole && parts.len() / 2 <= NODE_DEPTH_MAX {
                        sheet.root.set(&parts, value);
                    }
                }
            }
        }
        sheet
    }

    /// The pairs that a browser would send.
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let mut pairs = vec![
            ("_rest".to_owned(), self.rest.clone()),
            ("_types".to_owned(), listed(&self.root.types)),
        ];
        if let Some(parent) = &self.parent {
            pairs.push(("_in".to_owned(), parent.clone()));
        }
        self.root.write("", &mut pairs);
        pairs
    }

    /// The row that a prefix such as `dct:publisher|0` names.
    pub fn row_mut(&mut self, prefix: &str) -> Option<&mut Row> {
        let (field, number) = prefix.rsplit_once('|')?;
        let number: u32 = number.parse().ok()?;
        let rows = self.rows_mut(field)?;
        rows.iter_mut().find(|row| row.number == number)
    }

    /// The rows of the field that a prefix such as `dct:publisher|0|foaf:name` names; made when there are none.
    pub fn rows_mut(&mut self, prefix: &str) -> Option<&mut Vec<Row>> {
        let parts: Vec<&str> = prefix.split('|').collect();
        if parts.len().is_multiple_of(2) || parts.len() / 2 >= NODE_DEPTH_MAX {
            return None;
        }
        let mut node = &mut self.root;
        for pair in parts[..parts.len() - 1].chunks(2) {
            let number: u32 = pair[1].parse().ok()?;
            let rows = node.fields.get_mut(pair[0])?;
            let row = rows.iter_mut().find(|row| row.number == number)?;
            node = row.node.as_mut()?;
        }
        Some(
            node.fields
                .entry(parts[parts.len() - 1].to_owned())
                .or_default(),
        )
    }

    /// Adds a row to a field, and says what it is called.
    pub fn add(&mut self, prefix: &str, row: Row) -> Option<String> {
        let rows = self.rows_mut(prefix)?;
        let last = rows.iter().map(|row| row.number).max();
        let number = last.map_or(0, |last| last + 1);
        if number > ROW_MAX {
            return None;
        }
        rows.push(Row { number, ..row });
        Some(format!("{prefix}|{number}"))
    }

    /// Takes a row away.
    pub fn remove(&mut self, prefix: &str) {
        if let Some((field, number)) = prefix.rsplit_once('|')
            && let Ok(number) = number.parse::<u32>()
            && let Some(rows) = self.rows_mut(field)
        {
            rows.retain(|row| row.number != number);
        }
    }

    /// A name that no thing of the sheet has: `_:n1`, `_:n2` …
    pub fn free_name(&self) -> String {
        let mut names = Vec::new();
        self.root.names(&mut names);
        let taken =
            |name: &String| names.contains(&name.as_str()) || self.rest.contains(name.as_str());
        let mut numbers = (1..).map(|number: u32| format!("_:n{number}"));
        numbers.find(|name| !taken(name)).unwrap_or_default()
    }

    /// The names of all things that are described in place.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.root.names(&mut names);
        names
    }
}

impl Node {
    fn set(&mut self, parts: &[&str], value: &str) {
        let (Some(field), Some(Ok(number))) =
            (parts.first(), parts.get(1).map(|n| n.parse::<u32>()))
        else {
            return;
        };
        if number > ROW_MAX || field.is_empty() {
            return;
        }
        let rows = self.fields.entry((*field).to_owned()).or_default();
        let at = rows.iter().rposition(|row| row.number == number);
        let at = at.unwrap_or_else(|| {
            rows.push(Row {
                number,
                ..Row::default()
            });
            rows.len() - 1
        });
        let row = &mut rows[at];
        match parts[2..] {
            ["v"] => row.text = normal(value),
            ["l"] => row.language = Some(value.trim().to_ascii_lowercase()),
            ["k"] => row.kept = term(value),
            ["n"] => row.node.get_or_insert_default().name = name(value),
            ["o"] => row.node.get_or_insert_default().is_old = true,
            ["a"] => row.node.get_or_insert_default().types = iris(value),
            [_] => (),
            _ => row.node.get_or_insert_default().set(&parts[2..], value),
        }
    }

    fn write(&self, prefix: &str, pairs: &mut Vec<(String, String)>) {
        for (field, rows) in &self.fields {
            for row in rows {
                let at = format!("{prefix}{field}|{}|", row.number);
                let mut put =
                    |what: &str, value: String| pairs.push((format!("{at}{what}"), value));
                if let Some(node) = &row.node {
                    put("n", node.name.clone());
                    put("a", listed(&node.types));
                    if node.is_old {
                        put("o", "1".to_owned());
                    }
                    node.write(&at, pairs);
                    continue;
                }
                put("v", row.text.clone());
                if let Some(language) = &row.language {
                    put("l", language.clone());
                }
                if let Some(kept) = &row.kept {
                    put("k", kept.to_string());
                }
            }
        }
    }

    fn names<'n>(&'n self, found: &mut Vec<&'n str>) {
        for row in self.fields.values().flatten() {
            if let Some(node) = &row.node {
                found.push(&node.name);
                node.names(found);
            }
        }
    }
}

/// The term that is written as in N-Triples.
pub(super) fn term(text: &str) -> Option<Term> {
    let line = format!("<urn:s> <urn:p> {text} .\n");
    let quads = format::parse(line.as_bytes(), Format::NTriples, None).ok()?;
    let mut triples = quads.into_iter().map(Triple::from);
    match (triples.next(), triples.next()) {
        (Some(triple), None) => Some(triple.object),
        _ => None,
    }
}

/// A name that may stand as a subject; anything else is none.
fn name(text: &str) -> String {
    match term(text) {
        Some(Term::NamedNode(_) | Term::BlankNode(_)) => text.to_owned(),
        _ => String::new(),
    }
}

fn iris(text: &str) -> Vec<NamedNode> {
    let iris = text.split_whitespace().take(PAIRS_MAX);
    iris.filter_map(|iri| NamedNode::new(iri).ok()).collect()
}

fn listed(types: &[NamedNode]) -> String {
    let types: Vec<&str> = types.iter().map(NamedNode::as_str).collect();
    types.join(" ")
}

/// Browsers send every end of a line as two characters.
pub(super) fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// A name inside of another: nothing comes before the fields of the record itself.
pub fn prefixed(prefix: &str, key: &str) -> String {
    if prefix.is_empty() {
        key.to_owned()
    } else {
        format!("{prefix}|{key}")
    }
}
