//! What does the JSON of other software say, in the words of our profile? A table of fields as data; what is not understood
//! is told, and kept as a note.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::sheet::cell::{Values, escaped, joined};
use super::sheet::layout::{Entry, Known, Layout};
use super::sheet::row::Row;
use super::sheet::table::{Column, Table};
use super::sheet::upload::{Checkup, Wanted};
use super::writing::batch::Run;
use super::{Catalogue, CatalogueError, Slug};
use crate::auth::Actor;
use crate::rdf::Literal;
use crate::rdf::vocabulary::rdf;

/// How many records one request may bring.
pub const RECORDS_MAX: usize = 1_000;
/// The kind that the node software describes.
const KIND: &str = "dataset";
/// The name that the software goes by.
pub const DATASET_SERVICE: &str = "dataset-service";
/// Of a word that is not understood, so many letters are told.
const TOLD_MAX: usize = 200;

static FIELDS: LazyLock<Fields> = LazyLock::new(|| {
    toml::from_str(include_str!("dataset_service.toml")).expect("it is part of the program")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    field: Vec<Line>,
}

/// A line of the table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    from: String,
    to: String,
    #[serde(default)]
    values: std::collections::BTreeMap<String, String>,
    only: Option<Condition>,
}

/// Holds only where another field has one of some values.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    field: String,
    values: Vec<String>,
}

/// What was not understood of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The place of the record in what was sent.
    pub record: usize,
    pub field: String,
    pub value: String,
    /// Why, when it is a field that we know.
    pub why: Option<String>,
}

/// What became of what was sent.
#[derive(Debug)]
pub struct Crossed {
    pub checkup: Checkup,
    pub left: Vec<Left>,
}

/// Why what was sent cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum CrosswalkError {
    #[error("this is no JSON: {0}")]
    Json(String),
    #[error("send an object, or a list of objects, each a dataset")]
    Shape,
    #[error("the profile of datasets has no columns that the crosswalk could fill")]
    NoTable,
}

impl Catalogue {
    /// Takes datasets as the node software describes them.
    pub async fn cross_dataset_service(
        &self,
        actor: &Actor,
        bytes: &[u8],
        wanted: &Wanted,
        run: Run,
    ) -> Result<Crossed, CatalogueError> {
        let records = records(bytes)?;
        if records.len() > RECORDS_MAX {
            let (found, max) = (records.len(), RECORDS_MAX);
            return Err(CatalogueError::TooMany { found, max });
        }
        let tables = self.tables(wanted.profile.as_deref());
        let table = tables.iter().position(|table| table.kind.name == KIND);
        let table = table.ok_or(CrosswalkError::NoTable)?;
        let mut crossing = Crossing {
            table: &tables[table],
            values: Values::new(self.ontology(), self.base()),
            columns: FxHashMap::default(),
            left: Vec::new(),
            language: &wanted.language,
        };
        let mut layout = Layout::default();
        for (at, record) in records.into_iter().enumerate() {
            let mut entry = crossing.record(at, record);
            entry.table = table;
            layout.entries.push(entry);
        }
        layout.sheets.push(Known {
            name: DATASET_SERVICE.to_owned(),
            table,
            columns: std::mem::take(&mut crossing.columns),
        });
        let left = std::mem::take(&mut crossing.left);
        drop(crossing);
        let checkup = self.store_layout(actor, layout, wanted, run).await?;
        Ok(Crossed { checkup, left })
    }
}

fn records(bytes: &[u8]) -> Result<Vec<Map<String, Value>>, CrosswalkError> {
    let sent: Value =
        serde_json::from_slice(bytes).map_err(|error| CrosswalkError::Json(error.to_string()))?;
    let all = match sent {
        Value::Array(all) => all,
        one => vec![one],
    };
    let objects = all.into_iter().map(|one| match one {
        Value::Object(object) => Ok(object),
        _ => Err(CrosswalkError::Shape),
    });
    objects.collect()
}

struct Crossing<'a> {
    table: &'a Table,
    values: Values<'a>,
    columns: FxHashMap<Column, (u32, String)>,
    left: Vec<Left>,
    language: &'a str,
}

impl Crossing<'_> {
    fn record(&mut self, at: usize, mut record: Map<String, Value>) -> Entry {
        let mut cells: FxHashMap<Column, Vec<String>> = FxHashMap::default();
        for line in &FIELDS.field {
            let Some(column) = self.table.column(&line.to) else {
                continue;
            };
            let holds = line.only.as_ref().is_none_or(|only| {
                let found = words(look(&record, &only.field));
                found.iter().any(|word| only.values.contains(word))
            });
            if !holds {
                continue;
            }
            let sent = words(look(&record, &line.from));
            if sent.is_empty() {
                continue;
            }
            let number = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
            let place = (number, line.from.clone());
            self.columns.entry(column.clone()).or_insert(place);
            let mut kept = Vec::new();
            for word in sent {
                match self.cell(&column, line, &word) {
                    Ok(cell) => cells.entry(column.clone()).or_default().push(cell),
                    Err(why) => {
                        self.tell(at, &line.from, &word, Some(why));
                        kept.push(Value::String(word));
                    }
                }
            }
            replace(&mut record, &line.from, kept);
        }
        let id = look(&record, "id")
            .and_then(Value::as_str)
            .map(str::to_owned);
        for (field, value) in &record {
            let known = FIELDS.field.iter().any(|line| {
                let asked = line.only.as_ref().map(|only| &only.field);
                line.from == *field || asked == Some(field)
            });
            if field != "id" && !known {
                self.tell(at, field, &value.to_string(), None);
            }
        }
        let row: Row = cells
            .into_iter()
            .map(|(column, mut cells)| {
                cells.dedup();
                (column, joined(&cells))
            })
            .collect();
        let note = json!({ DATASET_SERVICE: record }).to_string();
        Entry {
            table: 0,
            sheet: 0,
            number: u32::try_from(at + 1).unwrap_or(u32::MAX),
            // The same dataset sent again is the same record.
            address: id.map(|id| match Slug::parse(&id) {
                Some(slug) => slug.as_str().to_owned(),
                None => Slug::of_foreign(&id).as_str().to_owned(),
            }),
            parent: None,
            row,
            note: Some(Literal::new_typed_literal(note, rdf::JSON)),
        }
    }

    /// A word of theirs as a cell of ours, when it can be read.
    fn cell(&mut self, column: &Column, line: &Line, word: &str) -> Result<String, String> {
        let Column::Field { field, language } = column else {
            return Ok(word.to_owned());
        };
        let ours = line.values.get(word).map_or(word, String::as_str);
        let known = &self.table.fields[*field];
        let mut tries = vec![ours.to_owned()];
        // Times are kept to the second, and days where only a day is wanted.
        tries.extend(ours.split_once('T').map(|(day, _)| day.to_owned()));
        let mut why = String::new();
        for text in tries {
            let cell = escaped(&text, known);
            let read = self
                .values
                .read((*field, known), language.as_deref(), &cell);
            match read.as_slice() {
                [Ok(_)] => return Ok(cell),
                [Err(fault)] if why.is_empty() => why = fault.sentence(self.language),
                _ => (),
            }
        }
        Err(why)
    }

    fn tell(&mut self, record: usize, field: &str, value: &str, why: Option<String>) {
        self.left.push(Left {
            record,
            field: field.to_owned(),
            value: value.chars().take(TOLD_MAX).collect(),
            why,
        });
    }
}

/// The value of a field, with dots into objects.
fn look<'a>(record: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut steps = path.split('.');
    let first = record.get(steps.next()?)?;
    steps.try_fold(first, |value, step| value.get(step))
}

/// Leaves of a field what was not understood; takes away what was.
fn replace(record: &mut Map<String, Value>, path: &str, kept: Vec<Value>) {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    if rest.is_empty() {
        match kept.len() {
            0 => drop(record.shift_remove(first)),
            _ => drop(record.insert(first.to_owned(), Value::Array(kept))),
        }
        return;
    }
    let inner = record.get_mut(first).and_then(Value::as_object_mut);
    let is_empty = inner.is_some_and(|inner| {
        replace(inner, rest, kept);
        inner.is_empty()
    });
    if is_empty {
        record.shift_remove(first);
    }
}

/// The words of a value: of a list every member, of nothing none.
fn words(value: Option<&Value>) -> Vec<String> {
    match value {
        None | Some(Value::Null | Value::Object(_)) => Vec::new(),
        Some(Value::String(text)) if text.trim().is_empty() => Vec::new(),
        Some(Value::String(text)) => vec![text.trim().to_owned()],
        Some(Value::Array(all)) => all.iter().flat_map(|one| words(Some(one))).collect(),
        Some(other) => vec![other.to_string()],
    }
}
