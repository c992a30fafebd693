//! What stands in a file of sheets, whoever wrote it? Names, rows and cells as text, within bounds.

/// How many rows a file may have, all sheets together.
pub const ROWS_MAX: usize = 20_000;
/// How many columns a sheet may have.
pub const COLUMNS_MAX: u32 = 1_000;
/// How many cells with something in them a file may have.
pub const CELLS_MAX: usize = 3_000_000;
/// How many bytes a cell may hold.
pub const CELL_BYTES_MAX: usize = 256 * 1024;
/// How many sheets a file may have.
pub const SHEETS_MAX: usize = 50;

/// A file of sheets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Book {
    pub sheets: Vec<Sheet>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    pub name: String,
    /// The rows with something in them, in order.
    pub lines: Vec<Line>,
}

/// A row as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// From 1, as people count.
    pub number: u32,
    /// The cells with something in them, by column from 0.
    pub cells: Vec<(u32, String)>,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BookError {
    #[error("the file is no workbook (.xlsx): {0}")]
    NotABook(String),
    #[error("the file unpacks to more than {max} bytes ({part}): split it")]
    Unpacked { part: String, max: u64 },
    #[error("the file has more than {max} {what}: split it")]
    TooMany { what: &'static str, max: usize },
    #[error(
        "the cell {cell} of the sheet «{sheet}» holds a formula: copy the sheet and paste it as values only"
    )]
    Formula { sheet: String, cell: String },
    #[error("the file holds macros: save it as a workbook without them (.xlsx)")]
    Macros,
    #[error("the cell in row {row}, column {column} is longer than {CELL_BYTES_MAX} bytes")]
    LongCell { row: u32, column: String },
    #[error("the table is not in UTF-8: save it as «CSV UTF-8»")]
    Charset,
    #[error("the quotation mark that begins in row {row} never ends")]
    OpenQuote { row: u32 },
    #[error("the workbook cannot be written: {0}")]
    Writing(String),
}

/// Counts what is read, and stops it at the bounds.
#[derive(Debug, Default)]
pub(super) struct Count {
    rows: usize,
    cells: usize,
}

impl Count {
    pub(super) fn row(&mut self) -> Result<(), BookError> {
        self.rows += 1;
        let (what, max) = ("rows", ROWS_MAX);
        if self.rows > max {
            return Err(BookError::TooMany { what, max });
        }
        Ok(())
    }

    pub(super) fn cell(&mut self, row: u32, column: u32, bytes: usize) -> Result<(), BookError> {
        self.cells += 1;
        if self.cells > CELLS_MAX {
            let (what, max) = ("cells", CELLS_MAX);
            return Err(BookError::TooMany { what, max });
        }
        if column >= COLUMNS_MAX {
            let (what, max) = ("columns", COLUMNS_MAX as usize);
            return Err(BookError::TooMany { what, max });
        }
        if bytes > CELL_BYTES_MAX {
            let column = letters(column);
            return Err(BookError::LongCell { row, column });
        }
        Ok(())
    }
}

/// The letters of a column: A, B, …, Z, AA.
pub fn letters(column: u32) -> String {
    let (mut left, mut name) = (column + 1, Vec::new());
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).expect("a remainder of 26 is small");
        name.push(b'A' + digit);
        left = (left - 1) / 26;
    }
    name.reverse();
    String::from_utf8(name).expect("letters are UTF-8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_in_a_workbook() {
        let named = [0, 25, 26, 51, 701, 702].map(letters);
        assert_eq!(named, ["A", "Z", "AA", "AZ", "ZZ", "AAA"]);
    }
}
