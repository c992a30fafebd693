//! How does a record become a row, and a row a record? What has no column goes into one as Turtle, so that nothing is lost.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::cell::{Fault, Values, joined};
use super::table::{Column, Form, Table};
use crate::rdf::vocabulary::{PREFIXES, rdf};
use crate::rdf::{BlankNode, Format, NamedNode, NamedOrBlankNode, Term, Triple, format};

/// The most letters that a cell holds: a workbook takes 32,767, and counts some letters twice.
pub const CELL_MAX: usize = 16_000;

/// The cells of a row that are not empty.
pub type Row = BTreeMap<Column, String>;

/// What a row says.
#[derive(Debug, Default)]
pub struct Said {
    pub triples: Vec<Triple>,
    pub faults: Vec<(Column, Fault)>,
    /// The record and the things inside it that have columns, by node of the table.
    things: Vec<(Term, Option<usize>)>,
}

impl Said {
    /// The column that holds a property of something in the row.
    pub fn column(&self, table: &Table, focus: &Term, predicate: &NamedNode) -> Option<Column> {
        let (_, node) = self.things.iter().find(|(thing, _)| thing == focus)?;
        let mut fields = table.fields_of(*node);
        let (field, found) = fields.find(|(_, field)| field.predicate == *predicate)?;
        let language = (found.form == Form::Words).then(|| super::table::LANGUAGE.to_owned());
        Some(Column::Field { field, language })
    }
}

/// Where the names of nameless things are valid.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// Stands before every name of the row.
    pub prefix: &'a str,
    /// Names that all rows of a record share.
    pub shared: &'a FxHashSet<String>,
}

impl Scope<'_> {
    fn node(&self, label: &str) -> BlankNode {
        if self.shared.contains(label) {
            BlankNode::new_unchecked(label)
        } else {
            BlankNode::new_unchecked(format!("{}{label}", self.prefix))
        }
    }
}

/// Reads a row as the description of a subject.
pub fn read(
    table: &Table,
    row: &Row,
    subject: &NamedOrBlankNode,
    scope: Scope<'_>,
    values: &mut Values<'_>,
) -> Said {
    let mut reading = Reading {
        table,
        row,
        scope,
        values,
        said: Said::default(),
    };
    if let Some(class) = table.kind.classes.first() {
        let typed = Triple::new(subject.clone(), rdf::TYPE, class.clone());
        reading.said.triples.push(typed);
    }
    reading.thing(None, subject);
    reading.other(subject);
    reading.said
}

struct Reading<'a, 'v> {
    table: &'a Table,
    row: &'a Row,
    scope: Scope<'a>,
    values: &'a mut Values<'v>,
    said: Said,
}

impl Reading<'_, '_> {
    fn thing(&mut self, node: Option<usize>, subject: &NamedOrBlankNode) {
        self.said.things.push((subject.clone().into(), node));
        let table = self.table;
        for (at, field) in table.fields_of(node) {
            let mut objects = self.objects(at);
            if let Some(inner) = table.node_of(at)
                && self.is_described(inner)
            {
                let named = objects
                    .iter()
                    .position(|one| matches!(one, Term::NamedNode(_)));
                let thing: NamedOrBlankNode = match named.map(|place| objects.remove(place)) {
                    Some(Term::NamedNode(iri)) => iri.into(),
                    _ => self.scope.node(&table.nodes[inner].label).into(),
                };
                self.say(subject, &field.predicate, thing.clone().into());
                if let Some(class) = &table.nodes[inner].class {
                    self.say(&thing, &rdf::TYPE.into_owned(), class.clone().into());
                }
                self.thing(Some(inner), &thing);
            }
            for object in objects {
                self.say(subject, &field.predicate, object);
            }
        }
    }

    fn say(&mut self, subject: &NamedOrBlankNode, predicate: &NamedNode, object: Term) {
        let triple = Triple::new(subject.clone(), predicate.clone(), object);
        self.said.triples.push(triple);
    }

    /// The values of a field, in all its columns.
    fn objects(&mut self, at: usize) -> Vec<Term> {
        let row = self.row;
        let mut objects = Vec::new();
        for (column, cell) in columns_of(row, at) {
            let Column::Field { language, .. } = column else {
                continue;
            };
            let field = (at, &self.table.fields[at]);
            for value in self.values.read(field, language.as_deref(), cell) {
                match value {
                    Ok(term) => objects.push(term),
                    Err(fault) => self.said.faults.push((column.clone(), fault)),
                }
            }
        }
        objects
    }

    /// Whether any cell tells of what is inside something.
    fn is_described(&self, node: usize) -> bool {
        let mut fields = self.table.fields_of(Some(node));
        fields.any(|(at, _)| {
            let own = columns_of(self.row, at).next().is_some();
            own || self
                .table
                .node_of(at)
                .is_some_and(|inner| self.is_described(inner))
        })
    }

    fn other(&mut self, subject: &NamedOrBlankNode) {
        let Some(text) = self.row.get(&Column::Other) else {
            return;
        };
        let base = match subject {
            NamedOrBlankNode::NamedNode(iri) => Some(iri.as_str()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let mut document = String::with_capacity(text.len() + 2_000);
        for (prefix, namespace) in PREFIXES {
            document.extend(["@prefix ", prefix, ": <", namespace, "> .\n"]);
        }
        document.push_str(text);
        match format::parse(document.as_bytes(), Format::Turtle, base) {
            Ok(quads) => {
                let triples = quads.into_iter().map(|quad| self.renamed(quad.into()));
                let triples: Vec<Triple> = triples.collect();
                self.said.triples.extend(triples);
            }
            Err(error) => {
                let line = error
                    .line
                    .unwrap_or(0)
                    .saturating_sub(PREFIXES.len() as u64);
                let told = match error.column {
                    Some(column) => format!("{} ({line}:{column})", error.message),
                    None => error.message,
                };
                let fault = Fault::new("bad-turtle", told);
                self.said.faults.push((Column::Other, fault));
            }
        }
    }

    fn renamed(&self, triple: Triple) -> Triple {
        Triple {
            subject: match triple.subject {
                NamedOrBlankNode::BlankNode(node) => self.scope.node(node.as_str()).into(),
                named @ NamedOrBlankNode::NamedNode(_) => named,
            },
            predicate: triple.predicate,
            object: match triple.object {
                Term::BlankNode(node) => self.scope.node(node.as_str()).into(),
                Term::Triple(inner) => self.renamed(*inner).into(),
                other => other,
            },
        }
    }
}

fn columns_of(row: &Row, at: usize) -> impl Iterator<Item = (&Column, &String)> {
    let from = Column::Field {
        field: at,
        language: None,
    };
    let to = Column::Field {
        field: at + 1,
        language: None,
    };
    row.range(from..to)
}

/// The statements of a record, each to be written into one cell.
pub struct Statements {
    triples: Vec<Triple>,
    by_subject: FxHashMap<NamedOrBlankNode, Vec<usize>>,
    taken: Vec<bool>,
    /// How often each nameless thing is pointed to.
    mentions: FxHashMap<BlankNode, usize>,
    /// What nameless things are called in the other statements.
    labels: FxHashMap<BlankNode, String>,
}

impl Statements {
    pub fn new(triples: Vec<Triple>) -> Self {
        let mut by_subject: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        let mut mentions = FxHashMap::default();
        for (at, triple) in triples.iter().enumerate() {
            let own = by_subject.entry(triple.subject.clone());
            own.or_default().push(at);
            if let Term::BlankNode(node) = &triple.object {
                *mentions.entry(node.clone()).or_default() += 1;
            }
        }
        Self {
            taken: vec![false; triples.len()],
            triples,
            by_subject,
            mentions,
            labels: FxHashMap::default(),
        }
    }

    /// Takes a statement out of what is left. False when there is none.
    pub fn take(
        &mut self,
        subject: &NamedOrBlankNode,
        predicate: &NamedNode,
        object: &Term,
    ) -> bool {
        let found = self.about(subject).find(|at| {
            let triple = &self.triples[*at];
            triple.predicate == *predicate && triple.object == *object
        });
        if let Some(at) = found {
            self.taken[at] = true;
        }
        found.is_some()
    }

    /// What a property leads to, as far as it is left.
    pub fn objects(&self, subject: &NamedOrBlankNode, predicate: &NamedNode) -> Vec<Term> {
        let of = |at: &usize| self.triples[*at].predicate == *predicate;
        let found = self.about(subject).filter(of);
        found.map(|at| self.triples[at].object.clone()).collect()
    }

    /// Whether nothing nameless below a subject is pointed to from elsewhere: only then can it move to a row of its own.
    pub fn is_tree(&self, subject: &NamedOrBlankNode) -> bool {
        let mut open = vec![subject.clone()];
        let mut seen = FxHashSet::default();
        while let Some(next) = open.pop() {
            if let NamedOrBlankNode::BlankNode(node) = &next
                && self.mentions.get(node) != Some(&1)
            {
                return false;
            }
            if !seen.insert(next.clone()) {
                continue;
            }
            for at in self.by_subject.get(&next).into_iter().flatten() {
                if let Term::BlankNode(node) = &self.triples[*at].object {
                    open.push(node.clone().into());
                }
            }
        }
        true
    }

    /// Gives a nameless thing the name that it has in the other statements.
    pub fn name(&mut self, node: &BlankNode, label: String) {
        self.labels.insert(node.clone(), label);
    }

    fn about(&self, subject: &NamedOrBlankNode) -> impl Iterator<Item = usize> + '_ {
        let own = self.by_subject.get(subject).map_or(&[][..], Vec::as_slice);
        own.iter().copied().filter(|at| !self.taken[*at])
    }

    /// Writes what a table has columns for.
    pub fn row(
        &mut self,
        table: &Table,
        subject: &NamedOrBlankNode,
        values: &mut Values<'_>,
    ) -> Row {
        let mut row = Row::new();
        if let Some(class) = table.kind.classes.first() {
            self.take(subject, &rdf::TYPE.into_owned(), &class.clone().into());
        }
        self.thing(table, None, subject, &mut row, values);
        row
    }

    fn thing(
        &mut self,
        table: &Table,
        node: Option<usize>,
        subject: &NamedOrBlankNode,
        row: &mut Row,
        values: &mut Values<'_>,
    ) {
        for (at, field) in table.fields_of(node) {
            let mut objects = self.objects(subject, &field.predicate);
            if let Some(inner) = table.node_of(at) {
                let inside = objects.iter().position(|object| {
                    self.inside(
                        table,
                        inner,
                        (subject, &field.predicate, object),
                        row,
                        values,
                    )
                });
                match inside.map(|place| objects.remove(place)) {
                    // The column of the thing itself stays empty, and with it all others of its kind.
                    Some(Term::BlankNode(_)) => continue,
                    // It was taken with what is inside it, and is written first.
                    Some(named) => self.write(table, at, subject, &[named], row, values),
                    None => (),
                }
            }
            self.write(table, at, subject, &objects, row, values);
        }
    }

    /// Writes values of a field into its columns.
    fn write(
        &mut self,
        table: &Table,
        at: usize,
        subject: &NamedOrBlankNode,
        objects: &[Term],
        row: &mut Row,
        values: &mut Values<'_>,
    ) {
        let field = &table.fields[at];
        for object in objects {
            let language = (field.form == Form::Words).then(|| match object {
                Term::Literal(literal) => literal.language().unwrap_or_default().to_owned(),
                _ => String::new(),
            });
            let Some(text) = values.written((at, field), language.as_deref(), object) else {
                continue;
            };
            let column = Column::Field {
                field: at,
                language,
            };
            let cell = match row.get(&column) {
                Some(before) => joined(&[before.clone(), text]),
                None => text,
            };
            if cell.chars().count() <= CELL_MAX {
                row.insert(column, cell);
                self.take(subject, &field.predicate, object);
            }
        }
    }

    /// Writes what is inside something into its columns, when it is of the kind that the columns are for.
    fn inside(
        &mut self,
        table: &Table,
        node: usize,
        (subject, predicate, object): (&NamedOrBlankNode, &NamedNode, &Term),
        row: &mut Row,
        values: &mut Values<'_>,
    ) -> bool {
        let thing: NamedOrBlankNode = match object {
            Term::NamedNode(iri) => iri.clone().into(),
            // What is pointed to from elsewhere, too, needs a name of its own.
            Term::BlankNode(inner) if self.mentions.get(inner) == Some(&1) => inner.clone().into(),
            Term::BlankNode(_) | Term::Literal(_) | Term::Triple(_) => return false,
        };
        if thing == *subject {
            return false;
        }
        let (before, cells) = (self.taken.clone(), row.len());
        let shape = &table.nodes[node];
        let typed = shape
            .class
            .as_ref()
            .is_none_or(|class| self.take(&thing, &rdf::TYPE.into_owned(), &class.clone().into()));
        if typed {
            self.take(subject, predicate, object);
            self.thing(table, Some(node), &thing, row, values);
        }
        if row.len() == cells {
            self.taken = before;
            return false;
        }
        if let NamedOrBlankNode::BlankNode(inner) = &thing {
            self.labels.insert(inner.clone(), shape.label.clone());
        }
        true
    }

    /// What is left of a subject and of what hangs below it without a name.
    pub fn left_below(&mut self, subject: &NamedOrBlankNode) -> Option<String> {
        let mut open = vec![subject.clone()];
        let mut seen = FxHashSet::default();
        let mut left = Vec::new();
        while let Some(next) = open.pop() {
            if !seen.insert(next.clone()) {
                continue;
            }
            for at in self.by_subject.get(&next).cloned().unwrap_or_default() {
                if let Term::BlankNode(node) = &self.triples[at].object {
                    open.push(node.clone().into());
                }
                if !self.taken[at] {
                    self.taken[at] = true;
                    left.push(at);
                }
            }
        }
        self.turtle(&left)
    }

    /// All that is left.
    pub fn left(&mut self) -> Option<String> {
        let left: Vec<usize> = (0..self.triples.len())
            .filter(|at| !self.taken[*at])
            .collect();
        self.taken.fill(true);
        self.turtle(&left)
    }

    fn turtle(&mut self, places: &[usize]) -> Option<String> {
        if places.is_empty() {
            return None;
        }
        let mut triples: Vec<Triple> = Vec::with_capacity(places.len());
        for at in places {
            let triple = self.triples[*at].clone();
            triples.push(self.labelled(triple));
        }
        triples.sort_by_cached_key(|triple| triple.subject.to_string());
        let written = format::write_triples(Format::Turtle, triples.iter().map(Triple::as_ref));
        let text = String::from_utf8_lossy(&written).into_owned();
        // The prefixes are the same for all cells; a line of a literal never starts like this.
        let lines = text.lines().filter(|line| !line.starts_with("@prefix "));
        Some(kept_by_workbooks(&lines.collect::<Vec<_>>().join("\n")))
    }

    fn labelled(&mut self, triple: Triple) -> Triple {
        Triple {
            subject: match triple.subject {
                NamedOrBlankNode::BlankNode(node) => self.label(&node).into(),
                named @ NamedOrBlankNode::NamedNode(_) => named,
            },
            predicate: triple.predicate,
            object: match triple.object {
                Term::BlankNode(node) => self.label(&node).into(),
                Term::Triple(inner) => self.labelled(*inner).into(),
                other => other,
            },
        }
    }

    fn label(&mut self, node: &BlankNode) -> BlankNode {
        let next = self.labels.len() + 1;
        let label = self.labels.entry(node.clone());
        BlankNode::new_unchecked(label.or_insert_with(|| format!("x{next}")).as_str())
    }
}

/// Turtle in letters that every workbook gives back: no control characters, and nothing that looks like the escape of one
/// (`_x000D_`). Both only stand in strings and IRIs, where Turtle has escapes of its own.
fn kept_by_workbooks(turtle: &str) -> String {
    let is_escape = |rest: &[u8]| match rest {
        [b'_', b'x', a, b, c, d, b'_', ..] => {
            [a, b, c, d].iter().all(|one| one.is_ascii_hexdigit())
        }
        _ => false,
    };
    let mut kept = String::with_capacity(turtle.len());
    for (at, letter) in turtle.char_indices() {
        let is_odd = letter.is_control() && letter != '\n' && letter != '\t';
        if is_odd
            || is_escape(&turtle.as_bytes()[at..])
            || matches!(letter, '\u{fffe}' | '\u{ffff}')
        {
            let code = format!("\\u{:04X}", u32::from(letter));
            kept.push_str(&code);
        } else {
            kept.push(letter);
        }
    }
    kept
}
