//! How is a table read from text and written as text (RFC 4180)? Commas, semicolons or tabs; no cell is taken for a formula.

use super::book::{Book, BookError, Count, Line, Sheet};

/// What may stand between cells.
const SEPARATORS: [char; 3] = [',', ';', '\t'];
/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Reads a table. Which separator it has is told by its first line.
pub fn read(name: &str, bytes: &[u8]) -> Result<Book, BookError> {
    let text = std::str::from_utf8(bytes).map_err(|_| BookError::Charset)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reading = Reading {
        separator: separator_of(text),
        count: Count::default(),
        lines: Vec::new(),
    };
    reading.all(text)?;
    let sheet = Sheet {
        name: name.to_owned(),
        lines: reading.lines,
    };
    Ok(Book {
        sheets: vec![sheet],
    })
}

/// Writes rows of cells.
pub fn write(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from('\u{feff}');
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

struct Reading {
    separator: char,
    count: Count,
    lines: Vec<Line>,
}

impl Reading {
    fn all(&mut self, text: &str) -> Result<(), BookError> {
        let (mut number, mut column) = (1, 0);
        let mut line = Line {
            number,
            cells: Vec::new(),
        };
        let mut letters = text.chars().peekable();
        let (mut cell, mut is_quoted, mut began) = (String::new(), false, 1);
        while let Some(letter) = letters.next() {
            match letter {
                '"' if is_quoted && letters.peek() == Some(&'"') => {
                    letters.next();
                    cell.push('"');
                }
                '"' if is_quoted => is_quoted = false,
                _ if is_quoted => cell.push(letter),
                '"' if cell.is_empty() => {
                    is_quoted = true;
                    began = number;
                }
                '\r' if letters.peek() == Some(&'\n') => (),
                '\n' | '\r' => {
                    self.cell(&mut line, column, &mut cell)?;
                    number += 1;
                    self.line(&mut line, number)?;
                    column = 0;
                }
                _ if letter == self.separator => {
                    self.cell(&mut line, column, &mut cell)?;
                    column += 1;
                }
                _ => cell.push(letter),
            }
        }
        if is_quoted {
            return Err(BookError::OpenQuote { row: began });
        }
        self.cell(&mut line, column, &mut cell)?;
        self.line(&mut line, number)
    }

    fn cell(&mut self, line: &mut Line, column: u32, cell: &mut String) -> Result<(), BookError> {
        let text = std::mem::take(cell);
        if text.is_empty() {
            return Ok(());
        }
        self.count.cell(line.number, column, text.len())?;
        line.cells.push((column, unguarded(text)));
        Ok(())
    }

    fn line(&mut self, line: &mut Line, next: u32) -> Result<(), BookError> {
        let done = std::mem::take(line);
        line.number = next;
        if !done.cells.is_empty() {
            self.count.row()?;
            self.lines.push(done);
        }
        Ok(())
    }
}

/// The separator that stands most often in the first line.
fn separator_of(text: &str) -> char {
    let first = text.lines().next().unwrap_or_default();
    let mut is_quoted = false;
    let mut counts = [0_usize; SEPARATORS.len()];
    for letter in first.chars() {
        if letter == '"' {
            is_quoted = !is_quoted;
        }
        let at = SEPARATORS.iter().position(|one| *one == letter);
        if let Some(at) = at.filter(|_| !is_quoted) {
            counts[at] += 1;
        }
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let at = counts.iter().position(|count| *count == most).unwrap_or(0);
    SEPARATORS[at]
}

/// An apostrophe keeps a text from running in a spreadsheet; it is no part of the text.
fn is_guarded(text: &str) -> bool {
    let is_number = text.parse::<f64>().is_ok();
    let first = text.trim_start_matches('\'');
    (text.starts_with(FORMULA) || text.starts_with('\'') && first.starts_with(FORMULA))
        && !is_number
}

fn unguarded(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if is_guarded(rest) => rest.to_owned(),
        _ => text,
    }
}

fn quoted(text: &str) -> String {
    let guard = if is_guarded(text) { "'" } else { "" };
    if text.contains(['"', '\n', '\r']) || text.contains(SEPARATORS) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<(u32, String)>> {
        let book = read("x", text.as_bytes()).unwrap();
        let lines = book.sheets.into_iter().flat_map(|sheet| sheet.lines);
        lines.map(|line| line.cells).collect()
    }

    #[test]
    fn what_is_written_is_read_back() {
        let odd = [
            "=1+1",
            "'=x",
            "''=x",
            "'quoted'",
            "-5",
            "@a",
            "a,b;c\td",
            "say \"so\"",
            "two\nlines",
            "é ü",
            "+49 1",
            "",
        ];
        let row: Vec<String> = odd.iter().map(|text| (*text).to_owned()).collect();
        let text = write([row.clone()].into_iter());
        let expected = row.into_iter().zip(0..).map(|(text, at)| (at, text));
        let expected: Vec<_> = expected.filter(|(_, text)| !text.is_empty()).collect();
        assert_eq!(cells(&text), vec![expected]);
    }

    #[test]
    fn semicolons_and_old_line_ends_are_understood() {
        let read = cells("a;b\r1;\"2;3\"\r\n;4");
        assert_eq!(read[1], vec![(0, "1".to_owned()), (1, "2;3".to_owned())]);
        assert_eq!(read[2], vec![(1, "4".to_owned())]);
    }

    #[test]
    fn a_quotation_that_never_ends_is_told_with_its_row() {
        let error = read("x", b"a\n\"b").unwrap_err();
        assert_eq!(error, BookError::OpenQuote { row: 2 });
    }
}
