//! What does the page show about the quality of catalogues and providers?

use std::cmp::Reverse;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer;
use crate::catalogue::quality::{Band, POINTS_MAX, Tally, say};
use crate::web::error::Answer;
use crate::web::pages::quality::{BandHead, Meter, Month, Order, QualityPage, Row};
use crate::web::pages::site::Section;
use crate::web::pages::text::Link;
use crate::web::quality::{Group, Groups};
use crate::web::server::{Door, language_of, parameter};

/// How many groups of a sort the page shows.
const GROUPS_MAX: usize = 300;
/// How many months.
const MONTHS_MAX: usize = 12;
/// The orders of the tables, the first when none is asked for.
const ORDERS: [&str; 3] = ["records", "score", "name"];

pub async fn quality(door: &Door, request: &HttpRequest) -> Answer {
    let language = language_of(request);
    let mut groups = Groups::gather(door, language, GROUPS_MAX).await?;
    let asked = parameter(request, "sort").unwrap_or_default();
    let order = ORDERS.into_iter().find(|order| *order == asked);
    let order = order.unwrap_or(ORDERS[0]);
    sort(&mut groups.catalogues, order);
    sort(&mut groups.providers, order);
    let site = door.site_at(request, Section::Quality);
    let root = site.root.clone();
    let rows = |groups: &[Group]| groups.iter().map(|group| row(&root, group)).collect();
    let months = &groups.past.months;
    let shown = months.len().saturating_sub(MONTHS_MAX);
    let past = months[shown..]
        .iter()
        .map(|(name, overview)| month(Some(name.clone()), &overview.all));
    let is_cut = [&groups.catalogues, &groups.providers]
        .iter()
        .any(|groups| groups.len() == GROUPS_MAX);
    let all = Row {
        records: groups.all.records,
        mean: mean(&groups.all),
        ..Row::default()
    };
    let page = QualityPage {
        all: (groups.all.records > 0).then_some(all),
        max: POINTS_MAX.into(),
        bands: Band::ALL
            .into_iter()
            .zip(groups.all.bands)
            .map(|(band, count)| BandHead {
                label: say(&format!("band.{}", band.as_str()), language).to_owned(),
                from: band.from().into(),
                count,
            })
            .collect(),
        catalogues: rows(&groups.catalogues),
        providers: rows(&groups.providers),
        orders: ORDERS
            .into_iter()
            .map(|name| Order {
                name,
                href: format!("{root}/quality?sort={name}"),
                chosen: name == order,
            })
            .collect(),
        months: past.chain([month(None, &groups.all)]).collect(),
        is_counting: !groups.past.is_complete,
        is_cut,
        site,
    };
    Ok(answer(StatusCode::OK, &page))
}

fn sort(groups: &mut [Group], order: &str) {
    match order {
        "score" => groups.sort_by_key(|group| Reverse(group.tally.mean_tenths())),
        "name" => groups.sort_by_key(|group| group.title.to_lowercase()),
        // As they were gathered.
        _ => (),
    }
}

fn row(root: &str, group: &Group) -> Row {
    let shown = group.months.len().saturating_sub(MONTHS_MAX);
    let past = group.months[shown..]
        .iter()
        .map(|(name, tally)| month(Some(name.clone()), tally));
    Row {
        head: Link::new(group.title.clone(), format!("{root}{}", group.address)),
        records: group.tally.records,
        mean: mean(&group.tally),
        meter: meter(&group.tally),
        bands: group.tally.bands.to_vec(),
        months: past.chain([month(None, &group.tally)]).collect(),
    }
}

fn month(name: Option<String>, tally: &Tally) -> Month {
    Month {
        month: name,
        records: tally.records,
        mean: mean(tally),
        meter: meter(tally),
    }
}

fn meter(tally: &Tally) -> Meter {
    Meter {
        label: String::new(),
        value: tally.mean_tenths().unwrap_or(0),
        max: u64::from(POINTS_MAX) * 10,
    }
}

/// The mean score as the reader sees it.
fn mean(tally: &Tally) -> String {
    match tally.mean_tenths() {
        Some(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        None => "–".to_owned(),
    }
}
