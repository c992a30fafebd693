//! How is a workbook read without trusting it, and how is one written?

use std::io::{Cursor, Read};

use calamine::{Data, DataRef, Reader, Xlsx};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Formula, Workbook,
    Worksheet, XlsxError,
};

use super::book::{Book, BookError, Count, Line, SHEETS_MAX, Sheet, letters};
use super::download::Written;
use super::layout::LISTS;
use super::table::Level;
use super::words;

/// How many bytes a workbook may unpack to, all parts together.
pub const UNPACKED_BYTES_MAX: u64 = 192 * 1024 * 1024;
/// How many bytes the parts that are read whole may unpack to, each.
const SMALL_PART_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// How many parts a workbook may have.
const PARTS_MAX: usize = 1_000;
/// How many different texts a workbook may have.
const TEXTS_MAX: usize = 2_000_000;
/// Rows below the headings in which a drop-down is offered.
const CHOICE_ROWS: u32 = 2_000;
/// The longest message that a workbook shows beside a cell.
const MESSAGE_MAX: usize = 250;
/// The longest title of such a message, and of a sheet.
const TITLE_MAX: usize = 31;

/// Reads a workbook, after its parts were measured.
pub fn read(bytes: &[u8]) -> Result<Book, BookError> {
    let has_formulas = measure(bytes)?;
    let broken = |error: calamine::XlsxError| BookError::NotABook(error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let names = workbook.sheet_names();
    if names.len() > SHEETS_MAX {
        let (what, max) = ("sheets", SHEETS_MAX);
        return Err(BookError::TooMany { what, max });
    }
    let (mut book, mut count) = (Book::default(), Count::default());
    for name in names {
        if has_formulas {
            refuse_formulas(&mut workbook, &name)?;
        }
        // A sheet that is a chart has no cells.
        let Ok(mut cells) = workbook.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut sheet = Sheet {
            name: name.clone(),
            lines: Vec::new(),
        };
        while let Some(cell) = cells.next_cell().map_err(broken)? {
            let (row, column) = cell.get_position();
            let Some(text) = text_of(cell.get_value()) else {
                continue;
            };
            let number = row.saturating_add(1);
            count.cell(number, column, text.len())?;
            if sheet.lines.last().is_none_or(|line| line.number != number) {
                count.row()?;
                sheet.lines.push(Line {
                    number,
                    cells: Vec::new(),
                });
            }
            if let Some(line) = sheet.lines.last_mut() {
                line.cells.push((column, text));
            }
        }
        for line in &mut sheet.lines {
            line.cells.sort_by_key(|(column, _)| *column);
        }
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// Unpacks every part without keeping it: what a workbook says of its sizes need not be true. Tells whether any sheet
/// has formulas.
fn measure(bytes: &[u8]) -> Result<bool, BookError> {
    let broken = |error: zip::result::ZipError| BookError::NotABook(error.to_string());
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > PARTS_MAX {
        let (what, max) = ("parts", PARTS_MAX);
        return Err(BookError::TooMany { what, max });
    }
    let (mut left, mut has_formulas, mut texts) = (UNPACKED_BYTES_MAX, false, 0);
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(broken)?;
        let name = part.name().map_err(broken)?.to_ascii_lowercase();
        if name.contains("vbaproject") {
            return Err(BookError::Macros);
        }
        let is_sheet = name.contains("worksheets/");
        let is_texts = name.contains("sharedstrings");
        let max = if is_sheet || is_texts {
            left
        } else {
            SMALL_PART_BYTES_MAX.min(left)
        };
        let mut sought = Sought::default();
        let read = sought.read(part.take(max + 1), &name)?;
        if read > max {
            return Err(BookError::Unpacked { part: name, max });
        }
        left -= read;
        has_formulas |= is_sheet && sought.formulas > 0;
        texts += if is_texts { sought.texts } else { 0 };
    }
    if texts > TEXTS_MAX {
        let (what, max) = ("different texts", TEXTS_MAX);
        return Err(BookError::TooMany { what, max });
    }
    Ok(has_formulas)
}

/// What is looked for while a part is unpacked.
#[derive(Default)]
struct Sought {
    formulas: usize,
    texts: usize,
    /// The last letters of the piece before.
    tail: Vec<u8>,
}

/// The letters that an element's name has at most, with its bracket and prefix.
const TAIL: usize = 8;

impl Sought {
    fn read(&mut self, mut part: impl Read, name: &str) -> Result<u64, BookError> {
        let mut buffer = vec![0; 64 * 1024];
        let mut total = 0;
        loop {
            let read = part
                .read(&mut buffer)
                .map_err(|error| BookError::NotABook(format!("{name}: {error}")))?;
            if read == 0 {
                return Ok(total);
            }
            total += read as u64;
            self.look(&buffer[..read]);
        }
    }

    /// Counts the beginnings of `<f>` and `<si>`, with or without a prefix, each once.
    fn look(&mut self, piece: &[u8]) {
        let before = self.tail.len();
        self.tail.extend_from_slice(piece);
        let text = std::mem::take(&mut self.tail);
        let ends = |at: usize, name: &[u8]| {
            let after = text.get(at + name.len());
            let begins = text[at..].starts_with(name);
            begins && after.is_some_and(|c| matches!(c, b'>' | b' ' | b'/' | b'\n' | b'\r' | b'\t'))
        };
        for (at, _) in text
            .iter()
            .enumerate()
            .filter(|(_, c)| matches!(c, b'<' | b':'))
        {
            // What lies whole in the piece before was counted with it.
            let is_new = |length: usize| at + length + 1 >= before;
            if ends(at + 1, b"f") && is_new(1) {
                self.formulas += 1;
            }
            if ends(at + 1, b"si") && is_new(2) {
                self.texts += 1;
            }
        }
        self.tail = text[text.len().saturating_sub(TAIL)..].to_vec();
    }
}

/// A formula says one thing here and another there: its sheet must be pasted as values.
fn refuse_formulas(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<(), BookError> {
    let broken = |error: calamine::XlsxError| BookError::NotABook(error.to_string());
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else {
        return Ok(());
    };
    while let Some(cell) = cells.next_formula().map_err(broken)? {
        let (row, column) = cell.get_position();
        if !cell.get_value().is_empty() {
            return Err(BookError::Formula {
                sheet: name.to_owned(),
                cell: format!("{}{}", letters(column), row.saturating_add(1)),
            });
        }
    }
    Ok(())
}

/// A cell as text; `None` for an empty one. Dates are written as the standards want them.
fn text_of(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::DateTime(when) if when.is_datetime() => date(when.as_f64()),
        other => match Data::from(other.clone()) {
            Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
            Data::Int(number) => number.to_string(),
            Data::Float(number) => number.to_string(),
            Data::Bool(truth) => truth.to_string(),
            Data::DateTime(when) => when.as_f64().to_string(),
            Data::Error(error) => error.to_string(),
            Data::Empty => return None,
        },
    };
    (!text.is_empty()).then_some(text)
}

/// Days since the end of 1899, as workbooks count them, as date or as date and time.
fn date(days: f64) -> String {
    let whole = days.floor();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "days and seconds are small"
    )]
    let (day, second) = (whole as i64, ((days - whole) * 86_400.0).round() as i64);
    let start = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let span = jiff::Span::new().try_days(day);
    let at = span
        .and_then(|span| span.try_seconds(second))
        .and_then(|span| start.checked_add(span));
    match at {
        Ok(at) if second == 0 => at.date().to_string(),
        Ok(at) => format!("{at}Z"),
        Err(_) => days.to_string(),
    }
}

/// Writes sheets as a workbook, with drop-downs where a field has few enough values.
pub fn write(sheets: &[Written], language: &str) -> Result<Vec<u8>, BookError> {
    let failed = |error: XlsxError| BookError::Writing(error.to_string());
    book_of(sheets, language)
        .and_then(|mut book| book.save_to_buffer())
        .map_err(failed)
}

fn book_of(sheets: &[Written], language: &str) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    let mut lists = Lists::default();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(title(&sheet.name))?;
        fill(page, sheet, &mut lists, language)?;
    }
    let page = book.add_worksheet();
    page.set_name(words::sentence("how-to-sheet", language))?;
    page.set_column_width(0, 110)?;
    let bold = Format::new().set_bold();
    page.write_string_with_format(0, 0, words::sentence("how-to-title", language), &bold)?;
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    page.write_string_with_format(2, 0, words::sentence("how-to", language), &wrapped)?;
    if !lists.all.is_empty() {
        let page = book.add_worksheet();
        page.set_name(LISTS)?;
        page.set_hidden(true);
        for (column, list) in (0_u16..).zip(&lists.all) {
            for (row, text) in (0_u32..).zip(list) {
                page.write_string(row, column, text)?;
            }
        }
    }
    Ok(book)
}

/// The terms of the drop-downs, each list once.
#[derive(Default)]
struct Lists {
    all: Vec<Vec<String>>,
}

impl Lists {
    /// The range of a list in the workbook.
    fn range(&mut self, choices: &[String]) -> String {
        let known = self.all.iter().position(|list| list == choices);
        let at = known.unwrap_or_else(|| {
            self.all.push(choices.to_vec());
            self.all.len() - 1
        });
        let column = letters(u32::try_from(at).unwrap_or(u32::MAX - 1));
        format!("={LISTS}!${column}$1:${column}${}", choices.len())
    }
}

fn fill(
    page: &mut Worksheet,
    sheet: &Written,
    lists: &mut Lists,
    language: &str,
) -> Result<(), XlsxError> {
    let below = u32::try_from(sheet.help.len()).unwrap_or(0) + 1;
    for (at, column) in (0_u16..).zip(&sheet.columns) {
        page.write_string_with_format(0, at, &column.heading, &head(column.level))?;
        page.set_column_width(at, width(&column.heading))?;
        let mut choosing = DataValidation::new();
        choosing = if column.choices.is_empty() {
            choosing.allow_any_value()
        } else {
            let range = lists.range(&column.choices);
            choosing
                .allow_list_formula(Formula::new(range))
                // Codes, addresses and several values are as good as a choice.
                .set_error_style(DataValidationErrorStyle::Information)
                .show_error_message(false)
        };
        let level = column.level.map(|level| level.word(language));
        let parts = level.into_iter().chain(Some(column.help.as_str()));
        let help: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        choosing = choosing
            .set_input_title(cut(&column.heading, TITLE_MAX))?
            .set_input_message(cut(&help.join(" · "), MESSAGE_MAX))?;
        page.add_data_validation(below, at, below + CHOICE_ROWS, at, &choosing)?;
    }
    let helping = Format::new()
        .set_italic()
        .set_font_color(Color::RGB(0x59_59_59))
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    for (row, cells) in (1_u32..).zip(&sheet.help) {
        for (column, text) in (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            page.write_string_with_format(row, column, text, &helping)?;
        }
    }
    for (row, cells) in (below..).zip(&sheet.rows) {
        let cells = (0_u16..).zip(cells).filter(|(_, text)| !text.is_empty());
        for (column, text) in cells {
            let is_number = sheet.columns[usize::from(column)].is_number;
            match text
                .parse::<f64>()
                .ok()
                .filter(|number| is_number && number.to_string() == *text)
            {
                Some(number) => page.write_number(row, column, number)?,
                None => page.write_string(row, column, text)?,
            };
        }
    }
    page.set_freeze_panes(1, 1)?;
    Ok(())
}

/// Must, should and may are told by words in the row below, and shown by the strength of the heading.
fn head(level: Option<Level>) -> Format {
    let (paper, ink) = match level {
        Some(Level::Must) => (0x1F_4E_79, 0xFF_FF_FF),
        Some(Level::Should) => (0xBD_D7_EE, 0x00_00_00),
        Some(Level::May) | None => (0xED_ED_ED, 0x00_00_00),
    };
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_background_color(Color::RGB(paper))
        .set_font_color(Color::RGB(ink))
}

fn width(heading: &str) -> f64 {
    let letters = u32::try_from(heading.chars().count()).unwrap_or(40);
    f64::from(letters.clamp(14, 32))
}

fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(max - 1).collect();
    format!("{kept}…")
}

/// A name that a sheet may have.
fn title(name: &str) -> String {
    let allowed = name.chars().filter(|c| !"[]:*?/\\".contains(*c));
    allowed.take(TITLE_MAX).collect()
}
