//! What does a catalogue hold? The first of its collections, and their counts.

use crate::search::{FacetChoice, FacetResult, Index, SearchQuery, Sort};
use crate::web::pages::chart::{Bar, BarChart};
use crate::web::pages::record::Holdings;
use crate::web::pages::text::Text;

use super::super::card::card;
use super::words::{self, Words, say};

/// How many collections the page shows.
const CARDS: usize = 50;
/// How many bars a chart has.
const BARS: usize = 8;

/// Searches within the catalogue. This blocks: call it on a thread of its own.
pub fn holdings(index: &Index, iri: &str, root: &str, language: &str) -> Option<Holdings> {
    let choice = |value: &str| FacetChoice {
        include: vec![value.to_owned()],
        ..FacetChoice::default()
    };
    let mut query = SearchQuery {
        sort: Sort::Title,
        limit: CARDS,
        language: language.to_owned(),
        ..SearchQuery::default()
    };
    query.facets.insert("catalogue".to_owned(), choice(iri));
    query.facets.insert("kind".to_owned(), choice("dataset"));
    let page = match index.search(&query) {
        Ok(page) => page,
        Err(error) => {
            tracing::error!(%error, catalogue = iri, "the holdings cannot be searched");
            return None;
        }
    };
    let catalogue: String = url::form_urlencoded::byte_serialize(iri.as_bytes()).collect();
    let search_href = format!("{root}/search?catalogue={catalogue}");
    let chart = |id: &str, title: Words| {
        let facet = page.facets.iter().find(|facet| facet.id == id)?;
        chart(facet, say(title, language), &search_href)
    };
    let charts = [
        chart("cancer", words::BY_CANCER),
        chart("modality", words::BY_MODALITY),
    ];
    Some(Holdings {
        total: page.total,
        charts: charts.into_iter().flatten().collect(),
        cards: page
            .hits
            .iter()
            .map(|hit| card(hit, root, language))
            .collect(),
        previous_href: None,
        next_href: page.next.map(|next| {
            let after: String =
                url::form_urlencoded::byte_serialize(next.to_string().as_bytes()).collect();
            format!("{search_href}&kind=dataset&sort=title&limit={CARDS}&after={after}")
        }),
        search_href,
    })
}

fn chart(facet: &FacetResult, title: &str, search: &str) -> Option<BarChart> {
    let bar = |value: &crate::search::FacetValue| {
        let chosen: String = url::form_urlencoded::byte_serialize(value.value.as_bytes()).collect();
        let href = format!("{search}&{}={chosen}", facet.id);
        Bar {
            label: Text::plain(value.label.clone()),
            count: value.count,
            href,
        }
    };
    let bars: Vec<Bar> = facet.values.iter().take(BARS).map(bar).collect();
    (bars.len() > 1).then(|| BarChart {
        id: format!("holdings-{}", facet.id),
        title: title.to_owned(),
        bars,
        more: None,
    })
}
