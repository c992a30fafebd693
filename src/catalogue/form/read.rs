//! Which record does a sheet describe?

use rustc_hash::FxHashSet;

use super::entry::{Node, Row, Sheet, prefixed, term};
use super::model::{Field, Form, Input};
use super::value::{is_unchanged, meant};
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{PREFIXES, dct, rdf};
use crate::rdf::{Format, NamedNode, NamedOrBlankNode, SyntaxError, Term, Triple, format};

/// A record as a sheet has it.
#[derive(Debug, Default)]
pub struct Reading {
    pub triples: Vec<Triple>,
    /// Where each value stands in the form.
    pub placed: Vec<Placed>,
    /// Why the other statements cannot be read; they are missing then.
    pub unreadable: Option<SyntaxError>,
}

/// A value and its row.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    pub subject: Term,
    pub path: NamedNode,
    pub value: Term,
    /// The prefix of its controls.
    pub at: String,
}

struct Reader<'a> {
    ontology: &'a Ontology,
    reading: Reading,
    seen: FxHashSet<Triple>,
}

impl Form {
    /// The record that a sheet describes.
    pub fn read(&self, iri: &NamedNode, sheet: &Sheet, ontology: &Ontology) -> Reading {
        let mut reader = Reader {
            ontology,
            reading: Reading::default(),
            seen: FxHashSet::default(),
        };
        let subject = NamedOrBlankNode::from(iri.clone());
        if let Some(Ok(parent)) = sheet.parent.as_deref().map(NamedNode::new) {
            reader.put(&subject, dct::IS_PART_OF.into_owned(), parent.into());
        }
        let fields: Vec<&Field> = self.fields().collect();
        reader.node(&subject, &sheet.root, &fields, "");
        reader.others(sheet, iri);
        reader.reading
    }
}

impl Reader<'_> {
    fn put(&mut self, subject: &NamedOrBlankNode, path: NamedNode, value: Term) {
        let triple = Triple::new(subject.clone(), path, value);
        if self.seen.insert(triple.clone()) {
            self.reading.triples.push(triple);
        }
    }

    fn node(&mut self, subject: &NamedOrBlankNode, node: &Node, fields: &[&Field], prefix: &str) {
        for class in &node.types {
            self.put(subject, rdf::TYPE.into_owned(), class.clone().into());
        }
        for field in fields {
            for row in node.fields.get(&field.key).into_iter().flatten() {
                let at = format!("{}|{}", prefixed(prefix, &field.key), row.number);
                self.row(subject, field, row, &at);
            }
        }
        self.strays(subject, node, fields);
    }

    fn row(&mut self, subject: &NamedOrBlankNode, field: &Field, row: &Row, at: &str) {
        let value = match (&row.node, &field.input) {
            (Some(node), Input::Node(nested)) => {
                let Some(name) = subject_of(&node.name) else {
                    return;
                };
                if !node.is_old && is_empty(node) {
                    return;
                }
                let value = Term::from(name.clone());
                self.put(subject, field.path.clone(), value.clone());
                self.placed(subject, field, &value, at);
                let fields: Vec<&Field> = nested.fields.iter().collect();
                self.node(&name, node, &fields, at);
                return;
            }
            (Some(_), _) => return,
            (None, _) => self.value(row, &field.input),
        };
        if let Some(value) = value {
            self.put(subject, field.path.clone(), value.clone());
            self.placed(subject, field, &value, at);
        }
    }

    fn value(&self, row: &Row, input: &Input) -> Option<Term> {
        let language = row.language.as_deref();
        if let Some(kept) = &row.kept {
            let chosen = matches!(input, Input::Choice(_)) && kept.to_string() == row.text;
            if chosen || is_unchanged(kept, &row.text, language, self.ontology) {
                return Some(kept.clone());
            }
        }
        meant(&row.text, language, input, self.ontology)
    }

    fn placed(&mut self, subject: &NamedOrBlankNode, field: &Field, value: &Term, at: &str) {
        self.reading.placed.push(Placed {
            subject: subject.clone().into(),
            path: field.path.clone(),
            value: value.clone(),
            at: at.to_owned(),
        });
    }

    /// Values of fields that the form does not know, as when another profile holds now: kept as they were.
    fn strays(&mut self, subject: &NamedOrBlankNode, node: &Node, fields: &[&Field]) {
        for (key, rows) in &node.fields {
            if fields.iter().any(|field| field.key == *key) {
                continue;
            }
            let Some(path) = expanded(key) else { continue };
            for kept in rows.iter().filter_map(|row| row.kept.clone()) {
                self.put(subject, path.clone(), kept);
            }
        }
    }

    fn others(&mut self, sheet: &Sheet, iri: &NamedNode) {
        if sheet.rest.trim().is_empty() {
            return;
        }
        let text = with_prefixes(&sheet.rest);
        let parsed = format::parse(text.as_bytes(), Format::Turtle, Some(iri.as_str()));
        let quads = match parsed {
            Ok(quads) => quads,
            Err(error) => {
                let added = text.lines().count() - sheet.rest.lines().count();
                self.reading.unreadable = Some(SyntaxError {
                    line: error.line.map(|line| line.saturating_sub(added as u64)),
                    ..error
                });
                return;
            }
        };
        let names: FxHashSet<NamedOrBlankNode> =
            sheet.names().into_iter().filter_map(subject_of).collect();
        let mut others: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let is_gone = |subject: &NamedOrBlankNode, all: &[Triple], said: &[Triple]| {
            let object = Term::from(subject.clone());
            let ours =
                matches!(subject, NamedOrBlankNode::BlankNode(node) if is_of_form(node.as_str()));
            let pointed = |triples: &[Triple]| triples.iter().any(|triple| triple.object == object);
            ours && !names.contains(subject) && !pointed(all) && !pointed(said)
        };
        // What hung below a thing that was taken away goes with it, step by step.
        loop {
            let subjects: FxHashSet<NamedOrBlankNode> =
                others.iter().map(|triple| triple.subject.clone()).collect();
            let gone: FxHashSet<NamedOrBlankNode> = subjects
                .into_iter()
                .filter(|subject| is_gone(subject, &others, &self.reading.triples))
                .collect();
            if gone.is_empty() {
                break;
            }
            others.retain(|triple| !gone.contains(&triple.subject));
        }
        for triple in others {
            if self.seen.insert(triple.clone()) {
                self.reading.triples.push(triple);
            }
        }
    }
}

/// `n` and digits: what the form calls its things.
fn is_of_form(name: &str) -> bool {
    let digits = name.strip_prefix('n').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_empty(node: &Node) -> bool {
    let mut rows = node.fields.values().flatten();
    rows.all(|row| match &row.node {
        Some(inner) => !inner.is_old && is_empty(inner),
        None => row.text.trim().is_empty(),
    })
}

fn subject_of(name: &str) -> Option<NamedOrBlankNode> {
    match term(name)? {
        Term::NamedNode(iri) => Some(iri.into()),
        Term::BlankNode(node) => Some(node.into()),
        Term::Literal(_) | Term::Triple(_) => None,
    }
}

fn expanded(key: &str) -> Option<NamedNode> {
    let (prefix, local) = key.split_once(':')?;
    let known = PREFIXES.iter().find(|(name, _)| *name == prefix);
    let iri = known.map_or_else(|| key.to_owned(), |(_, space)| format!("{space}{local}"));
    NamedNode::new(iri).ok()
}

/// People need not declare the prefixes that everybody knows.
fn with_prefixes(turtle: &str) -> String {
    let declared = |name: &str| turtle.contains(&format!("prefix {name}:"));
    let missing = PREFIXES
        .iter()
        .filter(|(name, _)| !declared(name) && turtle.contains(&format!("{name}:")));
    let mut text = String::new();
    for (name, space) in missing {
        text.push_str("@prefix ");
        text.push_str(name);
        text.push_str(": <");
        text.push_str(space);
        text.push_str("> .\n");
    }
    text + turtle
}
