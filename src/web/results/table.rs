//! How does a hit look as a row of a table (RFC 4180)?

use super::instant;
use crate::search::{Hit, Labelled};

const COLUMNS: [&str; 27] = [
    "iri",
    "url",
    "kind",
    "title",
    "description",
    "publisher",
    "creators",
    "catalogue",
    "catalogue_iri",
    "country",
    "country_iri",
    "cancer",
    "cancer_iri",
    "modality",
    "modality_iri",
    "body_part",
    "body_part_iri",
    "tier",
    "access",
    "access_iri",
    "subjects",
    "studies",
    "first_year",
    "last_year",
    "quality",
    "first_published",
    "changed",
];

/// The names of the columns.
pub(super) fn head() -> String {
    format!("{}\r\n", COLUMNS.join(","))
}

/// Several values stand in one cell: labels with semicolons between, IRIs with spaces.
pub(super) fn row(hit: &Hit, base: &str) -> String {
    let labels = |values: &[Labelled]| joined(values, "; ", |one| &one.label);
    let iris = |values: &[Labelled]| joined(values, " ", |one| &one.iri);
    let catalogue = hit.catalogue.as_slice();
    let number = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    let cells = [
        hit.iri.clone(),
        format!("{base}{}", hit.path),
        hit.kind.clone(),
        hit.title.clone(),
        hit.description.clone(),
        hit.publisher.clone().unwrap_or_default(),
        hit.creators.join("; "),
        labels(catalogue),
        iris(catalogue),
        labels(&hit.country),
        iris(&hit.country),
        labels(&hit.cancer),
        iris(&hit.cancer),
        labels(&hit.modality),
        iris(&hit.modality),
        labels(&hit.body_part),
        iris(&hit.body_part),
        labels(&hit.tier),
        labels(&hit.access),
        iris(&hit.access),
        number(hit.subjects),
        number(hit.studies),
        number(hit.years.map(|(first, _)| first)),
        number(hit.years.map(|(_, last)| last)),
        number(hit.quality),
        instant(hit.first_published),
        instant(hit.changed),
    ];
    debug_assert_eq!(cells.len(), COLUMNS.len());
    line(&cells)
}

fn joined(values: &[Labelled], between: &str, part: impl Fn(&Labelled) -> &str) -> String {
    let parts: Vec<&str> = values.iter().map(part).collect();
    parts.join(between)
}

/// One line of cells.
pub fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A spreadsheet would take text that begins like a formula for one: an apostrophe keeps it text.
fn cell(text: &str) -> String {
    let is_number = text.parse::<f64>().is_ok();
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number {
        "'"
    } else {
        ""
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_quoted_when_it_must_be_and_never_runs() {
        assert_eq!(cell("plain"), "plain");
        assert_eq!(cell("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("-5"), "-5");
        assert_eq!(cell("@x,y"), "\"'@x,y\"");
    }
}
