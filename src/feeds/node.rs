//! Which pages does a stream have, and where in it is each? A tree: year, month, group, page.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::TimeZone;

/// Members of a page: few enough to be written in some milliseconds.
pub const PER_PAGE: usize = 32;
/// Pages of a group, so that a month of a million changes is no page of ten thousand links.
pub const PAGES_PER_GROUP: usize = 100;

/// A page of a stream, or a page that leads to others. Groups and pages count from the stream's beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    Root,
    Year(i16),
    Month(i16, i8),
    Group(i16, i8, usize),
    Page(i16, i8, usize),
}

/// A node below another, and the time that it covers: from (included) until (not included).
#[derive(Clone, Copy, Debug)]
pub struct Child {
    pub node: Node,
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Node {
    /// The node of a path below its stream: empty, `/2026/11`, `/2026/11/page/3`.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        let year = |text: &str| {
            let year: i16 = text.parse().ok()?;
            (text.len() == 4 && (1..=9998).contains(&year)).then_some(year)
        };
        let month = |text: &str| {
            let month: i8 = text.parse().ok()?;
            (text.len() == 2 && (1..=12).contains(&month)).then_some(month)
        };
        let number = |text: &str| {
            let number: u32 = text.parse().ok()?;
            (number.to_string() == text).then_some(number as usize)
        };
        Some(match parts[..] {
            [] => Self::Root,
            [y] => Self::Year(year(y)?),
            [y, m] => Self::Month(year(y)?, month(m)?),
            [y, m, "group", n] => Self::Group(year(y)?, month(m)?, number(n)?),
            [y, m, "page", n] => Self::Page(year(y)?, month(m)?, number(n)?),
            _ => return None,
        })
    }

    /// The path below its stream.
    pub fn path(self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Year(year) => format!("/{year:04}"),
            Self::Month(year, month) => format!("/{year:04}/{month:02}"),
            Self::Group(year, month, n) => format!("/{year:04}/{month:02}/group/{n}"),
            Self::Page(year, month, n) => format!("/{year:04}/{month:02}/page/{n}"),
        }
    }

    /// The month that it lies in; a year or the root is its own.
    pub(super) fn month(self) -> Self {
        match self {
            Self::Root | Self::Year(_) | Self::Month(..) => self,
            Self::Group(year, month, _) | Self::Page(year, month, _) => Self::Month(year, month),
        }
    }

    /// The time that its year or month covers.
    pub(super) fn time(self) -> Option<(Timestamp, Timestamp)> {
        let (from, until) = match self.month() {
            Self::Year(year) => (civil::date(year, 1, 1), civil::date(year + 1, 1, 1)),
            Self::Month(year, 12) => (civil::date(year, 12, 1), civil::date(year + 1, 1, 1)),
            Self::Month(year, month) => {
                (civil::date(year, month, 1), civil::date(year, month + 1, 1))
            }
            Self::Root | Self::Group(..) | Self::Page(..) => return None,
        };
        let start = |date: civil::Date| {
            let start = TimeZone::UTC.to_timestamp(date.at(0, 0, 0, 0));
            start.unwrap_or(Timestamp::MAX)
        };
        Some((start(from), start(until)))
    }

    /// The places of the stream that it takes, of those in its month.
    pub(super) fn block(self) -> Option<Range<usize>> {
        let of = |size: usize, n: usize| {
            let start = n.saturating_mul(size);
            start..start.saturating_add(size)
        };
        match self {
            Self::Root | Self::Year(_) | Self::Month(..) => None,
            Self::Group(.., n) => Some(of(PER_PAGE * PAGES_PER_GROUP, n)),
            Self::Page(.., n) => Some(of(PER_PAGE, n)),
        }
    }

    /// The node below this one that holds a place of the stream.
    pub(super) fn below(self, place: usize, date: civil::Date) -> Option<Self> {
        Some(match self {
            Self::Root => Self::Year(date.year()),
            Self::Year(year) => Self::Month(year, date.month()),
            Self::Month(year, month) => {
                Self::Group(year, month, place / (PER_PAGE * PAGES_PER_GROUP))
            }
            Self::Group(year, month, _) => Self::Page(year, month, place / PER_PAGE),
            Self::Page(..) => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_node_and_only_one() {
        for path in [
            "",
            "/2026",
            "/2026/11",
            "/2026/11/group/0",
            "/2026/11/page/17",
        ] {
            assert_eq!(Node::parse(path).unwrap().path(), path);
        }
        for path in [
            "/26",
            "/2026/13",
            "/2026/1",
            "/2026/11/page/01",
            "/2026/11/page/-1",
            "/2026/11/page/99999999999",
            "/2026/11/",
            "/x",
        ] {
            assert_eq!(Node::parse(path), None, "{path}");
        }
    }
}
