//! How does a person put a SPARQL query and read what comes back?

use std::sync::LazyLock;

use askama::Template;

use super::picture::Pictures;
use super::site::{Section, Site};
use super::text::Download;
use super::{assets, filters};

/// The page to type a query, with its result.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "sparql.html")]
pub struct SparqlPage {
    /// The frame.
    pub site: Site,
    /// The query as typed.
    pub query: String,
    /// What came back.
    pub outcome: Outcome,
    /// The same result in other formats.
    pub downloads: Vec<Download>,
    /// How long it took.
    pub milliseconds: Option<u64>,
    /// How long a query may take, for the advice below the box.
    pub seconds_max: u64,
    /// The result, drawn.
    pub pictures: Pictures,
    /// The whole address of this page with the query in it.
    pub share: Option<String>,
}

/// The bundle of the editor; it is only there when npm was when the server was built.
const EDITOR: &str = "editor.js";

impl SparqlPage {
    #[expect(clippy::unused_self, reason = "a template calls methods only")]
    fn has_editor(&self) -> bool {
        assets::get(EDITOR).is_some()
    }
}

/// What came back.
#[derive(Debug, Clone, Default)]
pub enum Outcome {
    /// Nothing was asked.
    #[default]
    Nothing,
    /// SELECT.
    Table(Table),
    /// ASK.
    Answer(bool),
    /// CONSTRUCT or DESCRIBE, as Turtle.
    Graph {
        /// The text.
        turtle: String,
        /// How many triples.
        triples: u64,
        /// Whether the text was cut.
        cut: bool,
    },
    /// It could not be done.
    Failed(Failure),
}

/// A table of solutions.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The names of the variables, without `?`.
    pub columns: Vec<String>,
    /// One cell per column; `None` when unbound.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// Whether there were more rows than shown.
    pub cut: bool,
}

/// A term in a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The label when one is known, the lexical form, or the shortened IRI.
    pub text: String,
    /// The full IRI of a named node, shown when one points at it.
    pub iri: Option<String>,
    /// Where the cell leads.
    pub href: Option<String>,
    /// The language of a literal.
    pub lang: Option<String>,
    /// Whether it is a number (and stands at the right).
    pub number: bool,
}

/// Why a query gave nothing.
#[derive(Debug, Clone, Default)]
pub struct Failure {
    /// What is wrong, in plain words.
    pub message: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The column, from 1.
    pub column: Option<u64>,
    /// What to do about it.
    pub advice: Option<Advice>,
}

/// What to do about a query that gave nothing.
#[derive(Debug, Clone)]
pub enum Advice {
    Syntax,
    /// A prefix is not declared; the line that does it, when we know it.
    Prefix(Option<String>),
    Less,
    Service,
}

impl Advice {
    fn words(&self, site: &Site) -> &'static str {
        match self {
            Self::Syntax => site.t("sparql.advice_syntax"),
            Self::Prefix(Some(_)) => site.t("sparql.advice_prefix"),
            Self::Prefix(None) => site.t("sparql.advice_prefix_unknown"),
            Self::Less => site.t("sparql.advice_less"),
            Self::Service => site.t("sparql.advice_service"),
        }
    }

    fn line(&self) -> Option<&str> {
        match self {
            Self::Prefix(line) => line.as_deref(),
            Self::Syntax | Self::Less | Self::Service => None,
        }
    }
}

/// A query that shows what can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its name in identifiers: `per_modality`.
    pub name: &'static str,
    /// What it asks.
    pub title: &'static str,
    /// What it shows.
    pub about: &'static str,
    /// The whole query, comments included.
    pub query: &'static str,
}

/// The worked examples, in the order of the page.
pub fn examples() -> &'static [Example] {
    &EXAMPLES
}

static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(name, query)| Example {
            name,
            title: comment(query, 0),
            about: comment(query, 1),
            query,
        })
        .collect()
});

fn comment(query: &'static str, line: usize) -> &'static str {
    let text = query.lines().nth(line).unwrap_or_default();
    text.trim_start_matches('#').trim()
}

const FILES: &[(&str, &str)] = &[
    ("largest", include_str!("sparql_examples/01_largest.rq")),
    (
        "per_modality",
        include_str!("sparql_examples/02_per_modality.rq"),
    ),
    (
        "mri_breast",
        include_str!("sparql_examples/03_mri_breast.rq"),
    ),
    (
        "per_country",
        include_str!("sparql_examples/04_per_country.rq"),
    ),
    (
        "below_body_structure",
        include_str!("sparql_examples/05_below_body_structure.rq"),
    ),
    (
        "body_part_below",
        include_str!("sparql_examples/06_body_part_below.rq"),
    ),
    (
        "per_publisher",
        include_str!("sparql_examples/07_per_publisher.rq"),
    ),
    ("access", include_str!("sparql_examples/08_access.rq")),
    ("segmented", include_str!("sparql_examples/09_segmented.rq")),
    (
        "women_over_50",
        include_str!("sparql_examples/10_women_over_50.rq"),
    ),
    (
        "modality_body_part",
        include_str!("sparql_examples/11_modality_body_part.rq"),
    ),
    (
        "catalogues",
        include_str!("sparql_examples/12_catalogues.rq"),
    ),
    (
        "where_to_ask",
        include_str!("sparql_examples/13_where_to_ask.rq"),
    ),
    ("newest", include_str!("sparql_examples/14_newest.rq")),
    (
        "describe_as_graph",
        include_str!("sparql_examples/15_describe_as_graph.rq"),
    ),
    ("missing", include_str!("sparql_examples/16_missing.rq")),
    ("quality", include_str!("sparql_examples/17_quality.rq")),
];

impl Failure {
    /// The line of the query in which it failed.
    fn line_of(&self, query: &str) -> Option<String> {
        let at = usize::try_from(self.line?.checked_sub(1)?).ok()?;
        query.lines().nth(at).map(str::to_owned)
    }

    /// A pointer below the column of that line.
    fn pointer(&self) -> String {
        const WIDTH_MAX: u64 = 400;
        let column = self.column.unwrap_or(1).clamp(1, WIDTH_MAX);
        let spaces = usize::try_from(column - 1).unwrap_or(0);
        format!("{}^", " ".repeat(spaces))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_a_title_says_what_it_shows_and_parses() {
        assert!(examples().len() >= 10);
        for example in examples() {
            assert!(!example.title.is_empty() && !example.about.is_empty());
            assert!(example.query.starts_with("# "), "{}", example.name);
            spargebra::SparqlParser::new()
                .parse_query(example.query)
                .unwrap_or_else(|error| panic!("{}: {error}", example.name));
        }
    }

    #[test]
    fn every_query_file_is_an_example() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/pages/sparql_examples");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), FILES.len());
    }

    #[test]
    fn a_failure_points_at_its_column() {
        let failure = Failure {
            line: Some(2),
            column: Some(4),
            ..Failure::default()
        };
        assert_eq!(failure.line_of("a\nb c\nd").as_deref(), Some("b c"));
        assert_eq!(failure.pointer(), "   ^");
    }
}
