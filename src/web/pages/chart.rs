//! How are counts drawn so that every mark is a link and has words beside it?

use super::text::{Link, Text};

/// A list of bars, longest first: label, bar, number; each row a link.
#[derive(Debug, Clone, Default)]
pub struct BarChart {
    /// A name that is unique on its page (for `id` and `aria-labelledby`).
    pub id: String,
    /// What is counted.
    pub title: String,
    /// The rows.
    pub bars: Vec<Bar>,
    /// Where the rest is found when there are more rows than shown.
    pub more: Option<Link>,
}

/// One row of a chart.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// What the row stands for.
    pub label: Text,
    /// How many.
    pub count: u64,
    /// The search that this row filters to.
    pub href: String,
}

impl BarChart {
    /// The length of a bar out of 1000; nothing that exists is invisible.
    pub fn length(&self, bar: &Bar) -> u64 {
        let longest = self.bars.iter().map(|bar| bar.count).max().unwrap_or(0);
        share(bar.count, longest, 1000)
    }
}

/// Counts over ranges that follow each other.
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    /// The ranges from the lowest to the highest.
    pub bins: Vec<Bin>,
}

/// One range of a histogram.
#[derive(Debug, Clone, Default)]
pub struct Bin {
    /// The range in words: «100–199».
    pub label: String,
    /// How many.
    pub count: u64,
    /// The search that this range filters to.
    pub href: String,
    /// Whether it lies within the chosen range.
    pub chosen: bool,
}

/// A bin and the place where it is drawn, in units of the picture.
pub(super) struct DrawnBin<'a> {
    pub(super) bin: &'a Bin,
    pub(super) x: usize,
    pub(super) y: u64,
    pub(super) height: u64,
}

impl Histogram {
    pub(super) const BIN_WIDTH: usize = 12;
    pub(super) const HEIGHT: u64 = 48;

    pub(super) fn width(&self) -> usize {
        self.bins.len() * Self::BIN_WIDTH
    }

    pub(super) fn drawn(&self) -> Vec<DrawnBin<'_>> {
        let highest = self.bins.iter().map(|bin| bin.count).max().unwrap_or(0);
        let bins = self.bins.iter().enumerate();
        bins.map(|(at, bin)| {
            let height = share(bin.count, highest, Self::HEIGHT);
            DrawnBin {
                bin,
                x: at * Self::BIN_WIDTH,
                y: Self::HEIGHT - height,
                height,
            }
        })
        .collect()
    }
}

/// A table of counts over two properties; each cell that holds something is a link.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    /// A name that is unique on its page.
    pub id: String,
    /// What is counted.
    pub title: String,
    /// The corner: what the rows are.
    pub row_title: String,
    /// The heads of the columns.
    pub columns: Vec<Link>,
    /// The rows; each has one cell per column.
    pub rows: Vec<MatrixRow>,
}

/// A row of a matrix.
#[derive(Debug, Clone, Default)]
pub struct MatrixRow {
    /// What the row stands for.
    pub head: Link,
    /// One cell per column; `None` when nothing is there.
    pub cells: Vec<Option<MatrixCell>>,
}

/// A cell of a matrix.
#[derive(Debug, Clone, Default)]
pub struct MatrixCell {
    /// How many.
    pub count: u64,
    /// The search for both properties.
    pub href: String,
}

impl Matrix {
    /// The shade of a cell, from 1 (few) to 5 (most).
    pub fn shade(&self, cell: &MatrixCell) -> u64 {
        let cells = self.rows.iter().flat_map(|row| &row.cells).flatten();
        let highest = cells.map(|cell| cell.count).max().unwrap_or(0);
        share(cell.count, highest, 5)
    }
}

/// `count` of `highest` in `steps` steps; at least one step when there is anything.
pub(super) fn share(count: u64, highest: u64, steps: u64) -> u64 {
    if count == 0 || highest == 0 {
        return 0;
    }
    let exact = u128::from(count) * u128::from(steps) / u128::from(highest);
    u64::try_from(exact).unwrap_or(steps).clamp(1, steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_exists_is_invisible() {
        assert_eq!(share(0, 10, 1000), 0);
        assert_eq!(share(1, 1_000_000, 1000), 1);
        assert_eq!(share(u64::MAX, u64::MAX, 1000), 1000);
    }
}
