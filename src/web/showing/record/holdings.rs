//! What does a catalogue hold? The first of its collections, and their counts.

use crate::search::{FacetChoice, FacetResult, Hit, Index, Labelled, SearchQuery, Sort};
use crate::web::pages::chart::{Bar, BarChart};
use crate::web::pages::record::Holdings;
use crate::web::pages::search::{Card, Fact};
use crate::web::pages::text::{Badge, Fragment, Link, Snippet, Text, Tone};

use super::words::{self, Words, say};

/// How many collections the page shows.
const CARDS: usize = 50;
/// How many bars a chart has.
const BARS: usize = 8;

/// Searches within the catalogue. This blocks: call it on a thread of its own.
pub fn holdings(index: &Index, iri: &str, root: &str, language: &str) -> Option<Holdings> {
    let choice = |value: &str| FacetChoice { include: vec![value.to_owned()], ..FacetChoice::default() };
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
    let charts = [chart("cancer", words::BY_CANCER), chart("modality", words::BY_MODALITY)];
    Some(Holdings {
        total: page.total,
        charts: charts.into_iter().flatten().collect(),
        cards: page.hits.iter().map(|hit| card(hit, root)).collect(),
        previous_href: None,
        next_href: page.next.map(|next| {
            let after: String = url::form_urlencoded::byte_serialize(next.to_string().as_bytes()).collect();
            format!("{search_href}&kind=dataset&sort=title&limit={CARDS}&after={after}")
        }),
        search_href,
    })
}

fn chart(facet: &FacetResult, title: &str, search: &str) -> Option<BarChart> {
    let bar = |value: &crate::search::FacetValue| {
        let chosen: String = url::form_urlencoded::byte_serialize(value.value.as_bytes()).collect();
        let href = format!("{search}&{}={chosen}", facet.id);
        Bar { label: Text::plain(value.label.clone()), count: value.count, href }
    };
    let bars: Vec<Bar> = facet.values.iter().take(BARS).map(bar).collect();
    (bars.len() > 1).then(|| BarChart {
        id: format!("holdings-{}", facet.id),
        title: title.to_owned(),
        bars,
        more: None,
    })
}

fn card(hit: &Hit, root: &str) -> Card {
    let texts = |values: &[Labelled]| {
        values.iter().map(|one| Text::plain(one.label.clone())).collect::<Vec<_>>()
    };
    let publisher = hit.publisher.as_ref().map(|name| {
        let value: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        Link::new(name.clone(), format!("{root}/search?publisher={value}"))
    });
    let values = [&hit.cancer, &hit.modality, &hit.body_part].into_iter().flat_map(|one| texts(one));
    let values: Vec<Text> = values.collect();
    let facts = if values.is_empty() { Vec::new() } else { vec![Fact { label: String::new(), values }] };
    let badge = |tone: Tone| move |one: &Labelled| Badge { label: Text::plain(one.label.clone()), tone, href: None };
    let tiers = hit.tier.iter().map(badge(Tone::Tier));
    Card {
        href: format!("{root}{}", hit.path),
        title: Text::plain(hit.title.clone()),
        publisher,
        countries: texts(&hit.country),
        facts,
        subjects: hit.subjects.and_then(|count| u64::try_from(count).ok()),
        studies: hit.studies.and_then(|count| u64::try_from(count).ok()),
        badges: tiers.chain(hit.access.iter().map(badge(Tone::Plain))).collect(),
        snippet: snippet(&hit.snippet_html),
        ..Card::default()
    }
}

/// The passage as words again: nothing is searched for, so nothing is marked.
fn snippet(html: &str) -> Snippet {
    let text = html.replace("<mark>", "").replace("</mark>", "");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let text = text.replace("&#39;", "'").replace("&amp;", "&");
    if text.is_empty() {
        return Snippet::default();
    }
    Snippet { fragments: vec![Fragment { text, found: false }] }
}
