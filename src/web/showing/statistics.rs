//! What does the page of statistics show?

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::search::Shown;
use super::{answer, opening};
use crate::catalogue::projection::blocking;
use crate::search::{
    Error, FacetResult, FacetValue, Index, Measure, Period, SearchPage, SearchQuery, Tally,
    TallyQuery, TallyRow,
};
use crate::web::api::search_address;
use crate::web::error::Answer;
use crate::web::pages::chart::{Bar, BarChart, Bin, Histogram, Matrix, MatrixCell, MatrixRow};
use crate::web::pages::map::{Country, CountryMap};
use crate::web::pages::quality::Meter;
use crate::web::pages::site::{Section, Site};
use crate::web::pages::statistics::{Grown, Spread, StatisticsPage};
use crate::web::pages::text::{Download, Link, Text};
use crate::web::server::Door;
use crate::web::statistics::{Asked, failed};

/// Facets that are drawn as bars, in their order.
const BARS: [&str; 11] = [
    "cancer",
    "modality",
    "body-part",
    "tier",
    "type",
    "access",
    "condition",
    "annotated",
    "publisher",
    "manufacturer",
    "quality",
];
/// How many bars a chart has.
const BARS_MAX: usize = 10;
/// Facets that are drawn as histograms.
const SPREADS: [&str; 5] = ["subjects", "studies", "age", "year", "size"];
/// The facets of the matrix, and how many rows and columns it has.
const MATRIX: [&str; 2] = ["modality", "body-part"];
const ROWS_MAX: usize = 12;
const COLUMNS_MAX: usize = 10;
/// How many years of growth are shown.
const YEARS_MAX: usize = 20;

/// Everything that is counted for the page.
struct Counted {
    page: SearchPage,
    /// Sums by facet and value, when something else than records is counted.
    sums: HashMap<String, HashMap<String, u64>>,
    pairs: Tally,
    growth: Tally,
}

/// The page of statistics.
pub async fn statistics(door: &Door, request: &HttpRequest) -> Answer {
    let asked = Asked::read(request, door.index.definitions())?;
    let query = SearchQuery {
        limit: 0,
        ..asked.query.clone()
    };
    let (index, measure) = (Arc::clone(&door.index), asked.tally.measure);
    let work = move || count(&index, &query, measure).map_err(failed);
    let counted = blocking(work).await?;
    let site = door.site_at(request, Section::Search);
    Ok(answer(StatusCode::OK, &page(site, &asked, &counted)))
}

fn count(index: &Index, query: &SearchQuery, measure: Measure) -> Result<Counted, Error> {
    let query = &SearchQuery {
        open: opening::open(index, query)?,
        ..query.clone()
    };
    let by = |by: &[&str], over: Option<Period>| {
        let tally = TallyQuery {
            by: by.iter().map(|id| (*id).to_owned()).collect(),
            measure,
            over,
        };
        index.tally(query, &tally)
    };
    let mut sums = HashMap::new();
    if measure != Measure::Datasets {
        let drawn = BARS.iter().chain(&SPREADS).chain(&["country"]);
        for facet in drawn {
            let rows = by(&[facet], None)?.rows.into_iter();
            let sum = rows.filter_map(|row| Some((row.values.first()?.iri.clone(), row.count)));
            sums.insert((*facet).to_owned(), sum.collect());
        }
    }
    Ok(Counted {
        page: index.search(query)?,
        sums,
        pairs: by(&MATRIX, None)?,
        growth: by(&[], Some(Period::Year))?,
    })
}

fn page(site: Site, asked: &Asked, counted: &Counted) -> StatisticsPage {
    let root = site.root.clone();
    // The kind is counted, but not chosen by the reader.
    let mut query = asked.query.clone();
    query.open.clear();
    let drawing = Drawing {
        shown: Shown {
            root: &root,
            path: "/search",
            query: &query,
            found: &counted.page,
        },
        counted,
    };
    let here = Shown {
        path: "/statistics",
        ..drawing.shown
    };
    let mut chips = here.chips();
    chips.retain(|chip| chip.facet_id != "kind" || chip.excluded);
    let words = query.text.clone();
    let pairs = query.to_pairs();
    let numbers = |more: &str| address(&format!("{root}/api/statistics"), &pairs, more);
    let with_measure = |measure: &str| {
        address(
            &format!("{root}/statistics"),
            &pairs,
            &format!("measure={measure}"),
        )
    };
    let measures = [
        (Measure::Datasets, "words.collections", "datasets"),
        (Measure::Subjects, "words.subjects", "subjects"),
        (Measure::Studies, "words.studies", "studies"),
    ];
    let chosen = asked.tally.measure;
    let current = measures.iter().find(|(measure, ..)| *measure == chosen);
    let measured = current.map_or("datasets", |(_, _, name)| *name);
    let download = |label: String, more: String, media_type: &str| Download {
        label,
        href: numbers(&format!("{more}&measure={measured}")),
        media_type: media_type.to_owned(),
    };
    let pair = MATRIX.join(",");
    StatisticsPage {
        words,
        chips,
        search_href: search_address(&root, &query),
        all_href: format!("{root}/statistics"),
        measures: measures
            .iter()
            .map(|(measure, key, name)| {
                (
                    site.t(key).to_owned(),
                    with_measure(name),
                    *measure == chosen,
                )
            })
            .collect(),
        measure: current.map_or(String::new(), |(_, key, _)| site.t(key).to_owned()),
        total: counted.pairs.total,
        charts: BARS.iter().filter_map(|id| drawing.bars(id)).collect(),
        spreads: SPREADS.iter().filter_map(|id| drawing.spread(id)).collect(),
        countries: CountryMap::new(drawing.countries()),
        matrix: drawing.matrix(),
        growth: drawing.growth(),
        downloads: vec![
            download(
                format!("{pair}: JSON"),
                format!("by={pair}"),
                "application/json",
            ),
            download(
                format!("{pair}: CSV"),
                format!("by={pair}&format=csv"),
                "text/csv",
            ),
            download(
                "cancer: CSV".to_owned(),
                "by=cancer&format=csv".to_owned(),
                "text/csv",
            ),
            download(
                "month: CSV".to_owned(),
                "over=month&format=csv".to_owned(),
                "text/csv",
            ),
        ],
        more: Vec::new(),
        site,
    }
}

fn address(path: &str, pairs: &[(String, String)], more: &str) -> String {
    let mut written = url::form_urlencoded::Serializer::new(String::new());
    written.extend_pairs(pairs);
    let written = written.finish();
    let between = if written.is_empty() { "" } else { "&" };
    format!("{path}?{written}{between}{more}")
}

struct Drawing<'a> {
    shown: Shown<'a>,
    counted: &'a Counted,
}

impl Drawing<'_> {
    fn facet(&self, id: &str) -> Option<&FacetResult> {
        let facets = &self.counted.page.facets;
        facets.iter().find(|facet| facet.id == id)
    }

    /// How much there is of a value.
    fn amount(&self, facet: &str, value: &str, count: u64) -> u64 {
        match self.counted.sums.get(facet) {
            None => count,
            Some(sums) => sums.get(value).copied().unwrap_or(0),
        }
    }

    /// The lowest open values of a facet, the largest first.
    fn values(&self, id: &str) -> Vec<(&FacetValue, u64)> {
        let mut values = Vec::new();
        if let Some(facet) = self.facet(id) {
            opening::frontier(&facet.values, &mut values);
        }
        let with_amount = values.into_iter().map(|value| {
            let amount = self.amount(id, &value.value, value.count);
            (value, amount)
        });
        let mut found: Vec<_> = with_amount.filter(|(_, amount)| *amount > 0).collect();
        found.sort_by(|one, other| {
            let by_amount = other.1.cmp(&one.1);
            by_amount.then_with(|| one.0.label.cmp(&other.0.label))
        });
        found
    }

    fn bars(&self, id: &str) -> Option<BarChart> {
        let facet = self.facet(id)?;
        let values = self.values(id);
        let bars = values.iter().take(BARS_MAX).map(|(value, amount)| Bar {
            label: Text::plain(value.label.clone()),
            count: *amount,
            href: self.shown.chosen_too(id, value),
        });
        let bars: Vec<Bar> = bars.collect();
        (!bars.is_empty()).then(|| BarChart {
            id: format!("chart-{id}"),
            title: facet.label.clone(),
            bars,
            more: None,
        })
    }

    fn spread(&self, id: &str) -> Option<Spread> {
        let facet = self.facet(id)?;
        let bins = facet.histogram.iter().map(|bucket| {
            let mut bin = self.shown.bin(facet, bucket);
            let value = match bucket.to {
                Some(to) => format!("{}..{to}", bucket.from),
                None => format!("{}..", bucket.from),
            };
            bin.count = self.amount(id, &value, bucket.count);
            bin
        });
        let bins: Vec<Bin> = bins.collect();
        bins.iter().any(|bin| bin.count > 0).then(|| Spread {
            id: format!("spread-{id}"),
            title: facet.label.clone(),
            first: bins.first().map_or(String::new(), |bin| bin.label.clone()),
            last: bins.last().map_or(String::new(), |bin| bin.label.clone()),
            histogram: Histogram { bins },
        })
    }

    /// How much there was at the end of each year; each leads to what was published up to then.
    fn growth(&self) -> Vec<Grown> {
        let rows = &self.counted.growth.rows;
        let most = rows.last().and_then(|row| row.until).unwrap_or(0);
        let years: Vec<String> = rows.iter().filter_map(|row| row.period.clone()).collect();
        let skipped = rows.len().saturating_sub(YEARS_MAX);
        let row = |(at, row): (usize, &TallyRow)| Grown {
            meter: Meter {
                label: row.period.clone().unwrap_or_default(),
                value: row.until.unwrap_or(0),
                max: most,
            },
            href: self
                .shown
                .these_chosen("published", years.iter().take(at + 1).cloned().collect()),
        };
        rows.iter().enumerate().skip(skipped).map(row).collect()
    }

    fn countries(&self) -> Vec<Country> {
        let values = self.values("country").into_iter();
        values
            .map(|(value, amount)| Country {
                code: value
                    .value
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
                label: value.label.clone(),
                count: amount,
                href: self.shown.chosen_too("country", value),
            })
            .collect()
    }

    fn matrix(&self) -> Option<Matrix> {
        let [rows, columns] = MATRIX;
        let heads = self.values(columns);
        let heads: Vec<&FacetValue> = heads.iter().map(|one| one.0).take(COLUMNS_MAX).collect();
        let cells: HashMap<(&str, &str), u64> = self
            .counted
            .pairs
            .rows
            .iter()
            .filter_map(|row| match &row.values[..] {
                [one, other] => Some(((one.iri.as_str(), other.iri.as_str()), row.count)),
                _ => None,
            })
            .collect();
        let cell = |row: &FacetValue, column: &FacetValue| {
            let count = *cells.get(&(row.value.as_str(), column.value.as_str()))?;
            let href = self.shown.both_chosen((rows, row), (columns, column));
            Some(MatrixCell { count, href })
        };
        let lines = self.values(rows).into_iter().take(ROWS_MAX);
        let lines = lines.map(|(value, _)| MatrixRow {
            head: Link::new(value.label.clone(), self.shown.chosen_too(rows, value)),
            cells: heads.iter().map(|column| cell(value, column)).collect(),
        });
        let lines: Vec<MatrixRow> = lines.collect();
        let label = |id: &str| {
            self.facet(id)
                .map_or(String::new(), |facet| facet.label.clone())
        };
        (!lines.is_empty() && !heads.is_empty()).then(|| Matrix {
            id: "matrix".to_owned(),
            title: format!("{} × {}", label(rows), label(columns)),
            row_title: label(rows),
            columns: heads
                .iter()
                .map(|value| Link::new(value.label.clone(), self.shown.chosen_too(columns, value)))
                .collect(),
            rows: lines,
        })
    }
}
