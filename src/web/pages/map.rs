//! Which countries do the collections come from: a map in which every country is a tile of the same size.

use super::chart::share;

/// The map of tiles.
#[derive(Debug, Clone, Default)]
pub struct CountryMap {
    /// Every tile of Europe, and one for each other country that has something.
    pub tiles: Vec<Tile>,
    /// The countries that have something, most first: the same as a list.
    pub countries: Vec<Country>,
}

/// A country and what it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 code of two or three letters (`GR`, `GRC`).
    pub code: String,
    /// The name.
    pub label: String,
    /// How many collections.
    pub count: u64,
    /// The search for them.
    pub href: String,
}

/// A tile of the map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tile {
    /// What is written on it: two letters.
    pub code: String,
    /// Left edge in units of the picture.
    pub x: usize,
    /// Upper edge.
    pub y: usize,
    /// From 0 (nothing) to 4 (most).
    pub shade: u64,
    /// The country, when it has something.
    pub country: Option<Country>,
}

impl Tile {
    /// Where the tile's words stand: in its middle.
    pub fn middle(&self) -> usize {
        self.x + SIZE / 2
    }
}

const SIZE: usize = 44;
const STEP: usize = SIZE + 4;
const COLUMNS: usize = 9;
const ROWS: usize = 7;
const ROOM: usize = 3;

/// Two letters, three letters, column, row.
const EUROPE: &[(&str, &str, usize, usize)] = &[
    ("IS", "ISL", 0, 0),
    ("NO", "NOR", 4, 0),
    ("SE", "SWE", 5, 0),
    ("FI", "FIN", 6, 0),
    ("EE", "EST", 7, 0),
    ("IE", "IRL", 0, 1),
    ("GB", "GBR", 1, 1),
    ("DK", "DNK", 4, 1),
    ("LT", "LTU", 6, 1),
    ("LV", "LVA", 7, 1),
    ("BE", "BEL", 2, 2),
    ("NL", "NLD", 3, 2),
    ("DE", "DEU", 4, 2),
    ("PL", "POL", 5, 2),
    ("UA", "UKR", 6, 2),
    ("FR", "FRA", 2, 3),
    ("LU", "LUX", 3, 3),
    ("CZ", "CZE", 4, 3),
    ("SK", "SVK", 5, 3),
    ("RO", "ROU", 6, 3),
    ("MD", "MDA", 7, 3),
    ("PT", "PRT", 0, 4),
    ("ES", "ESP", 1, 4),
    ("CH", "CHE", 3, 4),
    ("AT", "AUT", 4, 4),
    ("HU", "HUN", 5, 4),
    ("RS", "SRB", 6, 4),
    ("BG", "BGR", 7, 4),
    ("IT", "ITA", 3, 5),
    ("SI", "SVN", 4, 5),
    ("HR", "HRV", 5, 5),
    ("BA", "BIH", 6, 5),
    ("MK", "MKD", 7, 5),
    ("TR", "TUR", 8, 5),
    ("MT", "MLT", 3, 6),
    ("ME", "MNE", 5, 6),
    ("AL", "ALB", 6, 6),
    ("GR", "GRC", 7, 6),
    ("CY", "CYP", 8, 6),
];

impl CountryMap {
    /// Places the countries; those outside Europe stand in rows below it.
    pub fn new(mut countries: Vec<Country>) -> Self {
        countries.retain(|country| country.count > 0);
        countries.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
        let highest = countries.first().map_or(0, |country| country.count);
        let mut tiles: Vec<Tile> = EUROPE
            .iter()
            .map(|(two, three, column, row)| {
                let here =
                    |country: &&Country| same(&country.code, two) || same(&country.code, three);
                tile(two, *column, *row, countries.iter().find(here), highest)
            })
            .collect();
        let outside = countries.iter().filter(|country| !in_europe(&country.code));
        for (at, country) in outside.enumerate() {
            let code: String = country.code.chars().take(2).collect();
            let (column, row) = place_outside(at);
            tiles.push(tile(&code, column, row, Some(country), highest));
        }
        Self { tiles, countries }
    }

    /// The width of the picture.
    pub fn width(&self) -> usize {
        COLUMNS * STEP
    }

    /// The height of the picture.
    pub fn height(&self) -> usize {
        self.tiles
            .iter()
            .map(|tile| tile.y + STEP)
            .max()
            .unwrap_or(0)
    }
}

/// Below Portugal and Spain there is room for a few; the others follow in rows below the map.
fn place_outside(at: usize) -> (usize, usize) {
    match at.checked_sub(ROOM) {
        None => (at, ROWS - 1),
        Some(further) => (further % COLUMNS, ROWS + further / COLUMNS),
    }
}

fn tile(code: &str, column: usize, row: usize, country: Option<&Country>, highest: u64) -> Tile {
    Tile {
        code: code.to_owned(),
        x: column * STEP,
        y: row * STEP,
        shade: share(country.map_or(0, |country| country.count), highest, 4),
        country: country.cloned(),
    }
}

fn in_europe(code: &str) -> bool {
    EUROPE
        .iter()
        .any(|(two, three, ..)| same(code, two) || same(code, three))
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_countries_share_a_tile_or_a_code() {
        let places: HashSet<_> = EUROPE
            .iter()
            .map(|(.., column, row)| (column, row))
            .collect();
        let codes: HashSet<_> = EUROPE.iter().map(|(two, ..)| two).collect();
        assert_eq!(places.len(), EUROPE.len());
        assert_eq!(codes.len(), EUROPE.len());
    }

    #[test]
    fn codes_of_two_and_three_letters_and_countries_far_away_find_a_tile() {
        let country = |code: &str| Country {
            code: code.to_owned(),
            label: code.to_owned(),
            count: 2,
            href: String::new(),
        };
        let map = CountryMap::new(vec![country("GRC"), country("es"), country("USA")]);
        let filled: Vec<&str> = map
            .tiles
            .iter()
            .filter(|tile| tile.country.is_some())
            .map(|tile| tile.code.as_str())
            .collect();
        assert_eq!(filled, ["ES", "GR", "US"]);
    }
}
