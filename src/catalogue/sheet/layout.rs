//! Which kind of record does a sheet hold, and what stands in which of its columns?

use rustc_hash::FxHashMap;

use super::book::{Line, Sheet, letters};
use super::cell::Fault;
use super::row::Row;
use super::table::{Column, Table, folded};
use super::words;
use crate::rdf::Literal;

/// A row that is to become a record, or a part of one.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The table of its kind, by place.
    pub table: usize,
    /// The sheet, by place.
    pub sheet: usize,
    /// The row in the file, from 1.
    pub number: u32,
    pub address: Option<String>,
    pub parent: Option<String>,
    pub row: Row,
    /// What stands in no cell and is kept as a note (`skos:note`) in place of the last.
    pub note: Option<Literal>,
}

/// A sheet whose headings were understood.
#[derive(Debug)]
pub struct Known {
    pub name: String,
    pub table: usize,
    /// Where each column stands, and what its heading says.
    pub columns: FxHashMap<Column, (u32, String)>,
}

/// Where something stands in a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    pub sheet: String,
    /// From 1.
    pub row: Option<u32>,
    /// The letters of the column.
    pub column: Option<String>,
    /// What stands above the column.
    pub heading: Option<String>,
}

/// A sheet, read as far as its headings allow.
#[derive(Debug, Default)]
pub struct Layout {
    pub sheets: Vec<Known>,
    pub entries: Vec<Entry>,
    pub faults: Vec<(Place, Fault)>,
    /// Sheets that hold no records.
    pub unread: Vec<String>,
}

/// Of so many headings, one half must be known for a sheet to be read.
const KNOWN_SHARE: usize = 2;

impl Layout {
    /// Takes a sheet apart. `wanted` is the kind that it holds, when that is known.
    pub fn add(&mut self, sheet: &Sheet, tables: &[Table], wanted: Option<&str>, language: &str) {
        let Some(head) = sheet.lines.iter().find(|line| !is_comment(line)) else {
            return;
        };
        let Some(table) = table_of(sheet, head, tables, wanted) else {
            self.unread.push(sheet.name.clone());
            return;
        };
        let mut columns: FxHashMap<u32, Column> = FxHashMap::default();
        let mut places: FxHashMap<Column, (u32, String)> = FxHashMap::default();
        for (at, heading) in &head.cells {
            let place = Place {
                sheet: sheet.name.clone(),
                row: Some(head.number),
                column: Some(letters(*at)),
                heading: Some(heading.clone()),
            };
            match tables[table].column(heading) {
                None if heading.trim().is_empty() => (),
                None => {
                    let nearest = tables[table].nearest(heading, language);
                    let fault = Fault {
                        fixes: nearest.into_iter().collect(),
                        ..Fault::new("unknown-heading", heading.trim())
                    };
                    self.faults.push((place, fault));
                }
                Some(column) => {
                    if column != Column::Other && places.contains_key(&column) {
                        let fault = Fault::new("heading-twice", heading.trim());
                        self.faults.push((place, fault));
                    }
                    places.insert(column.clone(), (*at, heading.trim().to_owned()));
                    columns.insert(*at, column);
                }
            }
        }
        let at = self.sheets.len();
        let headings: Vec<u32> = head.cells.iter().map(|(at, _)| *at).collect();
        let below = sheet.lines.iter().filter(|line| line.number > head.number);
        for line in below.filter(|line| !is_comment(line)) {
            self.line(at, table, &sheet.name, line, &columns, &headings);
        }
        self.sheets.push(Known {
            name: sheet.name.clone(),
            table,
            columns: places,
        });
    }

    fn line(
        &mut self,
        sheet: usize,
        table: usize,
        name: &str,
        line: &Line,
        columns: &FxHashMap<u32, Column>,
        headings: &[u32],
    ) {
        let mut entry = Entry {
            table,
            sheet,
            number: line.number,
            address: None,
            parent: None,
            row: Row::new(),
            note: None,
        };
        let mut is_empty = true;
        for (at, cell) in &line.cells {
            let text = cell.trim();
            if text.is_empty() {
                continue;
            }
            is_empty = false;
            match columns.get(at) {
                Some(Column::Record) => entry.address = Some(text.to_owned()),
                Some(Column::Parent) => entry.parent = Some(text.to_owned()),
                // A long text goes on in the next column of its kind.
                Some(Column::Other) => entry.row.entry(Column::Other).or_default().push_str(cell),
                Some(column) => {
                    entry.row.insert(column.clone(), cell.clone());
                }
                None if headings.contains(at) => (),
                None => {
                    let place = Place {
                        sheet: name.to_owned(),
                        row: Some(line.number),
                        column: Some(letters(*at)),
                        heading: None,
                    };
                    self.faults.push((place, Fault::new("no-heading", text)));
                }
            }
        }
        if !is_empty {
            self.entries.push(entry);
        }
    }

    /// Where a column of an entry stands.
    pub fn place(&self, entry: &Entry, column: Option<&Column>, heading: &str) -> Place {
        let sheet = &self.sheets[entry.sheet];
        let found = column.and_then(|column| {
            let exact = sheet.columns.get(column);
            exact.or_else(|| sheet.other_language(column))
        });
        let named = Some(heading.to_owned()).filter(|heading| !heading.is_empty());
        Place {
            sheet: sheet.name.clone(),
            row: Some(entry.number),
            column: found.map(|(at, _)| letters(*at)),
            heading: found.map(|(_, heading)| heading.clone()).or(named),
        }
    }
}

impl Known {
    /// The column of the same field in another language.
    fn other_language(&self, wanted: &Column) -> Option<&(u32, String)> {
        let Column::Field { field: wanted, .. } = wanted else {
            return None;
        };
        let mut all = self.columns.iter();
        let same =
            |column: &Column| matches!(column, Column::Field { field, .. } if field == wanted);
        let found = all.find(|(column, _)| same(column));
        found.map(|(_, place)| place)
    }
}

/// Rows that begin with `#` help, and are not read.
fn is_comment(line: &Line) -> bool {
    let first = line.cells.first();
    first.is_some_and(|(_, text)| text.trim_start().starts_with('#'))
}

/// The table whose kind the sheet is named after, else the one that knows most of its headings.
fn table_of(sheet: &Sheet, head: &Line, tables: &[Table], wanted: Option<&str>) -> Option<usize> {
    let named = |name: &str| {
        let name = folded(name);
        tables.iter().position(|table| {
            let kind = &table.kind;
            let titles = kind.title.values().map(|title| folded(title));
            let names = [folded(&kind.name), folded(&kind.prefix)].into_iter();
            names
                .chain(titles)
                .any(|known| !known.is_empty() && known == name)
        })
    };
    let by_name = named(&sheet.name).or_else(|| wanted.and_then(named));
    let score = |table: &Table| {
        let known = |(_, heading): &&(u32, String)| table.column(heading).is_some();
        head.cells.iter().filter(known).count()
    };
    let known = |at: &usize| score(&tables[*at]) > 0;
    by_name.filter(known).or_else(|| {
        let scores = tables.iter().map(score).enumerate();
        let best = scores.max_by_key(|(at, score)| (*score, std::cmp::Reverse(*at)))?;
        (best.1 >= 2 && best.1 * KNOWN_SHARE >= head.cells.len()).then_some(best.0)
    })
}

impl Place {
    /// The place in words: `Datasets, row 4, column F «Image modality»`.
    pub fn words(&self, row: &str, column: &str) -> String {
        let mut text = self.sheet.clone();
        if let Some(number) = self.row {
            text.extend([", ", row, " ", &number.to_string()]);
        }
        if let Some(letters) = &self.column {
            text.extend([", ", column, " ", letters]);
        }
        if let Some(heading) = &self.heading {
            text.extend([" «", heading, "»"]);
        }
        text
    }
}

/// The sheets that help people who fill in a workbook, and hold no records.
pub fn is_help(name: &str) -> bool {
    let titles =
        ["en", "de", "fr", "es", "it"].map(|language| words::sentence("how-to-sheet", language));
    titles.contains(&name) || name == LISTS
}

/// The sheet with the terms of the drop-downs.
pub const LISTS: &str = "Lists";
