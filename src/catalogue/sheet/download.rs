//! How is a template, or a selection of records, laid out in sheets?

use std::collections::BTreeSet;

use super::cell::Values;
use super::row::{CELL_MAX, Row};
use super::rows::rows_of;
use super::table::{Column, Form, Level, Table};
use super::words;
use crate::catalogue::Catalogue;
use crate::generate::Generator;
use crate::ontology::Ontology;
use crate::rdf::{NamedNode, Triple};

/// How many records one download holds.
pub const RECORDS_MAX: usize = 20_000;
/// How many terms a drop-down offers.
pub const CHOICES_MAX: usize = 4_000;

/// A record that is to be written.
#[derive(Debug, Clone)]
pub struct Selected {
    pub iri: NamedNode,
    pub kind: String,
    pub parent: Option<String>,
    pub triples: Vec<Triple>,
}

/// A sheet as it is written.
#[derive(Debug, Clone, Default)]
pub struct Written {
    pub name: String,
    pub columns: Vec<Drawn>,
    /// Rows that help and are not read.
    pub help: Vec<Vec<String>>,
    pub rows: Vec<Vec<String>>,
}

/// A column as it is written.
#[derive(Debug, Clone, Default)]
pub struct Drawn {
    pub heading: String,
    pub level: Option<Level>,
    pub help: String,
    /// What may be chosen, when it is few enough.
    pub choices: Vec<String>,
    /// Whether several values may stand in a cell.
    pub is_many: bool,
    /// Whether its values are numbers where they can be.
    pub is_number: bool,
}

impl Catalogue {
    /// Empty sheets for a profile, with what helps to fill them in.
    pub fn template(
        &self,
        profile: Option<&str>,
        kind: Option<&str>,
        language: &str,
    ) -> Vec<Written> {
        let tables = self.tables(profile);
        let wanted = |table: &&Table| match (kind, profile) {
            (Some(kind), _) => table.kind.name == kind,
            // The kinds that the profile is about.
            (None, Some(profile)) => table.profile == profile,
            (None, None) => true,
        };
        let examples = self.examples(&tables);
        let sheets = tables.iter().filter(wanted).map(|table| {
            let columns = table.columns();
            let mut sheet = drawn(table, &columns, language, self.ontology());
            sheet.help.push(help_row(table, &columns, language));
            let example = examples.iter().find(|(kind, _)| *kind == table.kind.name);
            if let Some((_, example)) = example {
                sheet.help.push(example_row(&columns, example, language));
            }
            sheet
        });
        sheets.collect()
    }

    /// A row for each kind that records are generated of.
    fn examples(&self, tables: &[Table]) -> Vec<(String, Row)> {
        let generator = Generator::new(1, 7, "https://atlas.example.org");
        let mut values = Values::new(self.ontology(), self.base());
        let mut examples = Vec::new();
        let records = generator.catalogues().into_iter().take(1);
        for record in records.chain([generator.record(0)]) {
            let same = |table: &Table| table.kind.prefix == record.kind;
            let Some(at) = tables.iter().position(same) else {
                continue;
            };
            let rows = rows_of(tables, (at, &record.iri), None, record.triples, &mut values);
            examples.push((tables[at].kind.name.clone(), rows.main));
            let inside = rows.inside.into_iter().next();
            examples.extend(inside.map(|one| (tables[one.table].kind.name.clone(), one.row)));
        }
        examples
    }

    /// Records in sheets, one for each kind. With `kind`, only those of that kind, each whole in one row.
    pub fn in_sheets(
        &self,
        records: Vec<Selected>,
        (profile, kind): (Option<&str>, Option<&str>),
        language: &str,
    ) -> Vec<Written> {
        let tables = self.tables(profile);
        let mut values = Values::new(self.ontology(), self.base());
        let mut filled: Vec<Vec<Row>> = vec![Vec::new(); tables.len()];
        for record in records.into_iter().take(RECORDS_MAX) {
            let same = |table: &Table| table.kind.name == record.kind;
            let Some(at) = tables.iter().position(same) else {
                continue;
            };
            if kind.is_some_and(|kind| kind != record.kind) {
                continue;
            }
            let parent = record.parent.as_deref();
            let (all, place) = match kind {
                Some(_) => (std::slice::from_ref(&tables[at]), 0),
                None => (tables.as_slice(), at),
            };
            let rows = rows_of(
                all,
                (place, &record.iri),
                parent,
                record.triples,
                &mut values,
            );
            filled[at].push(with_fixed(rows.main, record.iri.as_str(), parent));
            for one in rows.inside {
                let row = with_fixed(one.row, &one.address, Some(record.iri.as_str()));
                filled[one.table].push(row);
            }
        }
        let pairs = tables.iter().zip(filled);
        let pairs =
            pairs.filter(|(table, rows)| !rows.is_empty() || kind == Some(&*table.kind.name));
        pairs
            .map(|(table, rows)| {
                let columns = columns_for(table, &rows);
                let mut sheet = drawn(table, &columns, language, self.ontology());
                sheet.rows = rows.iter().map(|row| cells(&columns, row)).collect();
                sheet
            })
            .collect()
    }
}

fn with_fixed(mut row: Row, record: &str, parent: Option<&str>) -> Row {
    row.insert(Column::Record, record.to_owned());
    if let Some(parent) = parent {
        row.insert(Column::Parent, parent.to_owned());
    }
    row
}

/// The columns of an empty sheet, and those that the rows need besides: further languages, further parts of a long text.
fn columns_for(table: &Table, rows: &[Row]) -> Vec<Column> {
    let mut columns: BTreeSet<Column> = table.columns().into_iter().collect();
    for row in rows {
        columns.extend(row.keys().cloned());
    }
    let mut columns: Vec<Column> = columns.into_iter().collect();
    let parts = |row: &Row| row.get(&Column::Other).map_or(0, |text| pieces(text).len());
    let most = rows.iter().map(parts).max().unwrap_or(0);
    let more = most.saturating_sub(1);
    columns.extend(std::iter::repeat_n(Column::Other, more));
    columns
}

fn cells(columns: &[Column], row: &Row) -> Vec<String> {
    let mut other = row
        .get(&Column::Other)
        .map_or_else(Vec::new, |text| pieces(text));
    other.reverse();
    let cell = |column: &Column| match column {
        Column::Other => other.pop().unwrap_or_default(),
        column => row.get(column).cloned().unwrap_or_default(),
    };
    columns.iter().map(cell).collect()
}

/// A long text in pieces that a cell can hold. None begins or ends with space, which a spreadsheet may take away.
fn pieces(text: &str) -> Vec<String> {
    let letters: Vec<char> = text.chars().collect();
    let (mut pieces, mut from) = (Vec::new(), 0);
    while from < letters.len() {
        let mut to = letters.len().min(from + CELL_MAX);
        let is_seam = |at: usize| {
            at == letters.len() || !letters[at - 1].is_whitespace() && !letters[at].is_whitespace()
        };
        while to > from + 1 && !is_seam(to) {
            to -= 1;
        }
        pieces.push(letters[from..to].iter().collect());
        from = to;
    }
    pieces
}

fn drawn(table: &Table, columns: &[Column], language: &str, ontology: &Ontology) -> Written {
    let mut others = 0;
    let one = |column: &Column| {
        let heading = table.heading(column, language);
        match column {
            Column::Field { field, .. } => {
                let field = &table.fields[*field];
                let members = field.members(ontology, CHOICES_MAX).unwrap_or_default();
                let choices = members.into_iter().map(|iri| choice(iri, table, ontology));
                let mut choices: Vec<String> = choices.collect();
                choices.sort_unstable();
                Drawn {
                    heading,
                    level: Some(field.level),
                    help: field.help(language).unwrap_or_default().to_owned(),
                    choices,
                    is_many: field.is_many,
                    is_number: field.form == Form::Value,
                }
            }
            Column::Record | Column::Parent => Drawn {
                heading,
                help: fixed_help(column, language).to_owned(),
                ..Drawn::default()
            },
            Column::Other => {
                others += 1;
                let heading = if others == 1 {
                    heading
                } else {
                    format!("{heading} {others}")
                };
                Drawn {
                    heading,
                    help: fixed_help(column, language).to_owned(),
                    ..Drawn::default()
                }
            }
        }
    };
    Written {
        name: table.kind.title(language).to_owned(),
        columns: columns.iter().map(one).collect(),
        ..Written::default()
    }
}

/// A term as it stands in a drop-down: by its name; by name and code where the name alone may mean others.
fn choice(iri: &str, table: &Table, ontology: &Ontology) -> String {
    let Some(concept) = ontology.concept(iri) else {
        return iri.to_owned();
    };
    let name = concept.name();
    let same = ontology.by_label(name);
    let own = |field: &super::table::Field| field.has_member(iri, ontology);
    let ambiguous = same.iter().filter(|other| {
        let mut fields = table.fields.iter().filter(|field| own(field));
        fields.any(|field| field.has_member(&other.iri, ontology))
    });
    if ambiguous.count() > 1 || !ontology.by_code(None, name).is_empty() {
        format!("{name} [{}]", concept.code)
    } else {
        name.to_owned()
    }
}

fn fixed_help(column: &Column, language: &str) -> &'static str {
    match column {
        Column::Record => words::sentence("help-record", language),
        Column::Parent => words::sentence("help-parent", language),
        Column::Other | Column::Field { .. } => words::sentence("help-other", language),
    }
}

fn help_row(table: &Table, columns: &[Column], language: &str) -> Vec<String> {
    let help = |column: &Column| match column {
        Column::Field { field, .. } => {
            let field = &table.fields[*field];
            let mut parts = vec![field.level.word(language)];
            if field.is_many {
                parts.push(words::sentence("many", language));
            }
            parts.extend(field.help(language));
            parts.join(" · ")
        }
        Column::Record => format!("# {}", fixed_help(column, language)),
        Column::Parent | Column::Other => fixed_help(column, language).to_owned(),
    };
    columns.iter().map(help).collect()
}

fn example_row(columns: &[Column], example: &Row, language: &str) -> Vec<String> {
    let cell = |column: &Column| match column {
        Column::Record => format!("# {}", words::sentence("example", language)),
        Column::Other => String::new(),
        column => example.get(column).cloned().unwrap_or_default(),
    };
    columns.iter().map(cell).collect()
}
