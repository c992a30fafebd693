//! Which rows does a record take? Its own, and one for each of its parts that has a table; and back.

use rustc_hash::FxHashSet;

use super::cell::{Values, whole_address};
use super::row::{self, Row, Said, Scope, Statements};
use super::table::{Column, Table};
use crate::rdf::vocabulary::{dct, rdf};
use crate::rdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};

/// A record in rows.
#[derive(Debug, Default)]
pub struct Rows {
    pub main: Row,
    pub inside: Vec<Part>,
    /// Whether the record says itself what it is part of.
    pub names_parent: bool,
}

/// A row of a record: its own, or that of something inside it.
#[derive(Debug, Clone)]
pub struct Part {
    pub table: usize,
    /// An IRI, or `_:` and a name.
    pub address: String,
    pub row: Row,
}

/// Writes a record into rows: its own, and those of the parts that have a table.
pub fn rows_of(
    tables: &[Table],
    (table, iri): (usize, &NamedNode),
    parent: Option<&str>,
    triples: Vec<Triple>,
    values: &mut Values<'_>,
) -> Rows {
    let mut statements = Statements::new(triples);
    let subject = NamedOrBlankNode::from(iri.clone());
    let names_parent = parent.is_some_and(|parent| {
        let parent = Term::from(NamedNode::new_unchecked(parent));
        statements.take(&subject, &dct::IS_PART_OF.into_owned(), &parent)
    });
    let (mut inside, mut subjects) = (Vec::new(), Vec::new());
    let kind = &tables[table].kind.name;
    for (at, child) in tables.iter().enumerate() {
        let relation = child.kind.relation_from(kind);
        let Some(relation) = relation.filter(|_| child.kind.embedded) else {
            continue;
        };
        for object in statements.objects(&subject, relation) {
            let number = inside.len() + 1;
            let written = part_row(&mut statements, child, &object, number, values);
            let Some((thing, address, row)) = written else {
                continue;
            };
            statements.take(&subject, relation, &object);
            subjects.push(thing);
            inside.push(Part {
                table: at,
                address,
                row,
            });
        }
    }
    let mut main = statements.row(&tables[table], &subject, values);
    for (part, thing) in inside.iter_mut().zip(&subjects) {
        if let Some(left) = statements.left_below(thing) {
            part.row.insert(Column::Other, left);
        }
    }
    if let Some(left) = statements.left() {
        main.insert(Column::Other, left);
    }
    Rows {
        main,
        inside,
        names_parent,
    }
}

fn part_row(
    statements: &mut Statements,
    table: &Table,
    object: &Term,
    number: usize,
    values: &mut Values<'_>,
) -> Option<(NamedOrBlankNode, String, Row)> {
    let class = Term::from(table.kind.classes.first()?.clone());
    let (thing, address) = match object {
        Term::NamedNode(iri) => (NamedOrBlankNode::from(iri.clone()), iri.as_str().to_owned()),
        Term::BlankNode(node) => (node.clone().into(), format!("_:part{number}")),
        Term::Literal(_) | Term::Triple(_) => return None,
    };
    let types = statements.objects(&thing, &rdf::TYPE.into_owned());
    if !types.contains(&class) || !statements.is_tree(&thing) {
        return None;
    }
    if let Term::BlankNode(node) = object {
        statements.name(node, format!("part{number}"));
    }
    let row = statements.row(table, &thing, values);
    Some((thing, address, row))
}

/// The statements of a record's rows, its own row first, and what each row says.
pub fn said_by(
    tables: &[Table],
    (table, iri): (usize, &NamedNode),
    parts: &[Part],
    values: &mut Values<'_>,
) -> (Vec<Triple>, Vec<Said>) {
    let nameless = parts
        .iter()
        .filter_map(|part| part.address.strip_prefix("_:"));
    let shared: FxHashSet<String> = nameless.map(str::to_owned).collect();
    let kind = &tables[table].kind.name;
    let (mut triples, mut all) = (Vec::new(), Vec::with_capacity(parts.len()));
    for (at, part) in parts.iter().enumerate() {
        let is_main = at == 0;
        let prefix = if is_main {
            String::new()
        } else {
            format!("r{at}-")
        };
        let scope = Scope {
            prefix: &prefix,
            shared: &shared,
        };
        let own = &tables[part.table];
        let subject = subject_of(&part.address);
        let mut said = row::read(own, &part.row, &subject, scope, values);
        if let Some(relation) = own.kind.relation_from(kind).filter(|_| !is_main) {
            let link = Triple::new(iri.clone(), relation.clone(), Term::from(subject));
            triples.push(link);
        }
        triples.append(&mut said.triples);
        all.push(said);
    }
    (triples, all)
}

fn subject_of(address: &str) -> NamedOrBlankNode {
    match address.strip_prefix("_:") {
        Some(label) => BlankNode::new_unchecked(label).into(),
        None => {
            let iri = whole_address(address);
            iri.unwrap_or_else(|| NamedNode::new_unchecked(address))
                .into()
        }
    }
}
