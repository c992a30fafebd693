//! How is the result of a query drawn: as bars, on the map, as a net of things that point at each other?

use std::collections::BTreeMap;

use super::map::{Country, CountryMap};
use super::sparql::{Cell, Table};

/// The most bars, and the most things of a net; more would not be read.
const BARS_MAX: usize = 60;
const NODES_MAX: usize = 32;
/// The length of a whole bar.
const BAR_UNITS: f64 = 1000.0;
/// The picture of a net: its size, and how far out the inner and the outer ring lie.
const NET_WIDTH: f64 = 900.0;
const NET_HEIGHT: f64 = 620.0;
const RINGS: [f64; 2] = [0.52, 0.92];
/// So many things stand on the inner ring.
const INNER_MAX: usize = 10;
const LABEL_CHARS_MAX: usize = 26;
/// Where the codes of countries stand (EU authority tables).
const COUNTRY: &str = "/authority/country/";

/// What can be drawn of a result.
#[derive(Debug, Clone, Default)]
pub struct Pictures {
    pub bars: Option<Bars>,
    pub map: Option<CountryMap>,
    pub net: Option<Net>,
}

/// Numbers with what they belong to.
#[derive(Debug, Clone, Default)]
pub struct Bars {
    /// What the numbers are: the name of their column.
    pub title: String,
    pub rows: Vec<BarRow>,
}

/// One bar.
#[derive(Debug, Clone, Default)]
pub struct BarRow {
    pub label: String,
    /// The number as it was given.
    pub value: String,
    /// Out of 1000.
    pub length: f64,
    pub href: Option<String>,
}

/// Things that point at each other.
#[derive(Debug, Clone, Default)]
pub struct Net {
    pub nodes: Vec<Node>,
    pub lines: Vec<Line>,
    /// How many things are not drawn.
    pub left_out: u64,
}

/// A thing of a net.
#[derive(Debug, Clone, Default)]
pub struct Node {
    pub label: String,
    pub href: Option<String>,
    pub x: f64,
    pub y: f64,
}

/// A line between two things.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub label: String,
    pub from: (f64, f64),
    pub to: (f64, f64),
}

/// A statement of a net: a thing, what it says, and another thing.
pub type Statement = (Cell, String, Cell);

impl Pictures {
    pub fn of_table(table: &Table) -> Self {
        Self {
            bars: Bars::of(table),
            map: map(table),
            net: None,
        }
    }

    pub fn of_graph(statements: &[Statement]) -> Self {
        Self {
            net: Net::of(statements),
            ..Self::default()
        }
    }
}

impl Bars {
    /// Draws the first column of numbers beside the first other column.
    fn of(table: &Table) -> Option<Self> {
        let number = column(table, |cell| cell.number)?;
        let label = (0..table.columns.len()).find(|at| *at != number)?;
        let rows = table.rows.iter().take(BARS_MAX);
        let pairs = rows.filter_map(|row| Some((cell(row, label)?, cell(row, number)?)));
        let pairs: Vec<(&Cell, &Cell)> = pairs.collect();
        let values: Option<Vec<f64>> = pairs.iter().map(|(_, number)| value(number)).collect();
        let values = values?;
        let highest = values.iter().copied().fold(0.0, f64::max);
        if pairs.len() < 2 || highest <= 0.0 {
            return None;
        }
        let row = |((label, number), value): (&(&Cell, &Cell), &f64)| BarRow {
            label: label.text.clone(),
            value: number.text.clone(),
            length: (value / highest * BAR_UNITS).round().max(1.0),
            href: label.href.clone(),
        };
        Some(Self {
            title: table.columns[number].clone(),
            rows: pairs.iter().zip(&values).map(row).collect(),
        })
    }
}

/// The map, when a column names countries: with the first column of numbers, else with rows.
fn map(table: &Table) -> Option<CountryMap> {
    let country = column(table, |cell| code(cell).is_some())?;
    let number = column(table, |cell| cell.number);
    let mut found: BTreeMap<&str, Country> = BTreeMap::new();
    for row in &table.rows {
        let Some((cell, code)) = cell(row, country).and_then(|c| Some((c, code(c)?))) else {
            continue;
        };
        let one = found.entry(code).or_insert_with(|| Country {
            code: code.to_owned(),
            label: cell.text.clone(),
            count: 0,
            href: cell.href.clone().unwrap_or_default(),
        });
        one.count += match number {
            Some(at) => self::cell(row, at).map_or(0, count),
            None => 1,
        };
    }
    let map = CountryMap::new(found.into_values().collect());
    (!map.countries.is_empty()).then_some(map)
}

fn code(cell: &Cell) -> Option<&str> {
    let (_, code) = cell.iri.as_deref()?.rsplit_once(COUNTRY)?;
    let letters = code.chars().all(|c| c.is_ascii_uppercase());
    (code.len() == 3 && letters).then_some(code)
}

fn column(table: &Table, fits: impl Fn(&Cell) -> bool) -> Option<usize> {
    let columns = 0..table.columns.len();
    let first = |at: &usize| table.rows.iter().find_map(|row| cell(row, *at));
    columns.into_iter().find(|at| first(at).is_some_and(&fits))
}

fn cell(row: &[Option<Cell>], at: usize) -> Option<&Cell> {
    row.get(at)?.as_ref()
}

fn value(cell: &Cell) -> Option<f64> {
    let value: f64 = cell.text.parse().ok()?;
    (value.is_finite() && value >= 0.0).then_some(value)
}

/// The whole part of a number.
fn count(cell: &Cell) -> u64 {
    let whole = cell.text.split('.').next().unwrap_or_default();
    whole.parse().unwrap_or(0)
}

impl Net {
    fn of(statements: &[Statement]) -> Option<Self> {
        let mut degrees: BTreeMap<&str, (usize, &Cell)> = BTreeMap::new();
        for (subject, _, object) in statements {
            for cell in [subject, object] {
                degrees.entry(name(cell)).or_insert((0, cell)).0 += 1;
            }
        }
        let mut busiest: Vec<(usize, &Cell)> = degrees.into_values().collect();
        busiest.sort_by_key(|(degree, _)| std::cmp::Reverse(*degree));
        if busiest.len() < 2 {
            return None;
        }
        let left_out = busiest.len().saturating_sub(NODES_MAX) as u64;
        busiest.truncate(NODES_MAX);
        let places = places(busiest.len());
        let drawn = busiest.iter().zip(&places);
        let at: BTreeMap<&str, (f64, f64)> = drawn
            .map(|((_, cell), place)| (name(cell), *place))
            .collect();
        let nodes = busiest.iter().zip(&places).map(|((_, cell), (x, y))| Node {
            label: short(&cell.text),
            href: cell.href.clone(),
            x: *x,
            y: *y,
        });
        let lines = statements.iter().filter_map(|(subject, label, object)| {
            Some(Line {
                label: label.clone(),
                from: *at.get(name(subject))?,
                to: *at.get(name(object))?,
            })
        });
        Some(Self {
            nodes: nodes.collect(),
            lines: lines.collect(),
            left_out,
        })
    }

    #[expect(clippy::unused_self, reason = "a template calls methods only")]
    pub(super) fn width(&self) -> f64 {
        NET_WIDTH
    }

    #[expect(clippy::unused_self, reason = "a template calls methods only")]
    pub(super) fn height(&self) -> f64 {
        NET_HEIGHT
    }
}

fn name(cell: &Cell) -> &str {
    cell.iri.as_deref().unwrap_or(&cell.text)
}

/// The first in the middle, the next on the inner ring, the rest on the outer one.
fn places(count: usize) -> Vec<(f64, f64)> {
    let (middle_x, middle_y) = (NET_WIDTH / 2.0, NET_HEIGHT / 2.0);
    let mut places = vec![(middle_x, middle_y)];
    let around = count.saturating_sub(1);
    let inner = if around > INNER_MAX { INNER_MAX } else { 0 };
    for (ring, members) in [(RINGS[0], inner), (RINGS[1], around - inner)] {
        for at in 0..members {
            let turn = std::f64::consts::TAU * share(at, members);
            let x = middle_x + turn.sin() * ring * (middle_x - 90.0);
            let y = middle_y - turn.cos() * ring * (middle_y - 20.0);
            places.push((x.round(), y.round()));
        }
    }
    places
}

fn share(at: usize, of: usize) -> f64 {
    let small = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    small(at) / small(of).max(1.0)
}

/// A label that fits; of an address its last part.
fn short(text: &str) -> String {
    let end = text.trim_end_matches('/');
    let last = match end.rfind(['/', '#']) {
        Some(at) if end.contains("://") => &end[at + 1..],
        _ => text,
    };
    if last.chars().count() <= LABEL_CHARS_MAX {
        return last.to_owned();
    }
    let cut: String = last.chars().take(LABEL_CHARS_MAX - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "cells of a row may be missing")]
    fn text(text: &str) -> Option<Cell> {
        Some(Cell {
            text: text.to_owned(),
            ..Cell::default()
        })
    }

    #[expect(clippy::unnecessary_wraps, reason = "cells of a row may be missing")]
    fn number(number: &str) -> Option<Cell> {
        Some(Cell {
            text: number.to_owned(),
            number: true,
            ..Cell::default()
        })
    }

    fn node(iri: &str) -> Cell {
        Cell {
            text: iri.to_owned(),
            iri: Some(iri.to_owned()),
            href: Some(iri.to_owned()),
            ..Cell::default()
        }
    }

    fn table(columns: &[&str], rows: Vec<Vec<Option<Cell>>>) -> Table {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Table {
            columns,
            rows,
            cut: false,
        }
    }

    #[test]
    fn the_first_numbers_become_bars_beside_the_first_words() {
        let rows = vec![
            vec![number("4"), text("MR")],
            vec![number("8.5"), text("CT")],
            vec![None, text("US")],
        ];
        let bars = Pictures::of_table(&table(&["n", "modality"], rows))
            .bars
            .unwrap();
        assert_eq!(bars.title, "n");
        let drawn: Vec<(&str, f64)> = bars.rows.iter().map(|r| (&*r.label, r.length)).collect();
        assert_eq!(drawn, [("MR", 471.0), ("CT", 1000.0)]);
    }

    #[test]
    fn words_alone_and_numbers_below_zero_are_not_drawn() {
        let words = table(&["a", "b"], vec![vec![text("x"), text("y")]]);
        assert!(Pictures::of_table(&words).bars.is_none());
        let below = vec![vec![text("x"), number("-1")], vec![text("y"), number("2")]];
        assert!(
            Pictures::of_table(&table(&["a", "n"], below))
                .bars
                .is_none()
        );
    }

    #[test]
    fn countries_with_their_numbers_become_a_map() {
        let spain = "http://publications.europa.eu/resource/authority/country/ESP";
        let rows = vec![
            vec![Some(node(spain)), number("3")],
            vec![Some(node(spain)), number("4")],
        ];
        let map = Pictures::of_table(&table(&["country", "n"], rows))
            .map
            .unwrap();
        assert_eq!(
            (map.countries[0].code.as_str(), map.countries[0].count),
            ("ESP", 7)
        );
    }

    #[test]
    fn a_net_has_its_busiest_thing_in_the_middle_and_an_end() {
        let spokes = (0..60).map(|n| {
            (
                node("urn:hub"),
                "says".to_owned(),
                node(&format!("urn:{n}")),
            )
        });
        let statements: Vec<Statement> = spokes.collect();
        let net = Pictures::of_graph(&statements).net.unwrap();
        assert_eq!(net.nodes.len(), NODES_MAX);
        assert_eq!(net.left_out, 61 - NODES_MAX as u64);
        assert_eq!(
            (net.nodes[0].x, net.nodes[0].y),
            (NET_WIDTH / 2.0, NET_HEIGHT / 2.0)
        );
        assert_eq!(net.lines.len(), NODES_MAX - 1);
        let inside =
            |node: &Node| node.x > 0.0 && node.x < NET_WIDTH && node.y > 0.0 && node.y < NET_HEIGHT;
        assert!(net.nodes.iter().all(inside));
    }

    #[test]
    fn the_label_of_an_address_is_its_last_part() {
        assert_eq!(short("https://atlas.example/dataset/breast-1/"), "breast-1");
        assert_eq!(
            short("Magnetic resonance imaging of the breast"),
            "Magnetic resonance imagin…"
        );
    }
}
