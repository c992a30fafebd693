//! What does the home page show?

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::web::Bytes;
use askama::Template;
use serde_json::json;

use super::card::card;
use super::opening::{self, Opened};
use crate::catalogue::projection::blocking;
use crate::catalogue::{CatalogueError, Record, View};
use crate::rdf::vocabulary::dct;
use crate::rdf::{NamedNodeRef, Term, Triple};
use crate::search::{Count, FacetValue, Hit, Index, SearchPage, SearchQuery, Sort, Statistics};
use crate::web::error::WebError;
use crate::web::pages::chart::{Bar, BarChart};
use crate::web::pages::figure::BodyFigure;
use crate::web::pages::home::{Figures, HomePage};
use crate::web::pages::map::{Country, CountryMap};
use crate::web::pages::site::Section;
use crate::web::pages::text::{EmbeddedJson, Link, Text};
use crate::web::server::{Door, language_of};

const BARS: usize = 10;
const NEWEST: usize = 6;

/// What the index tells about everything.
struct Numbers {
    statistics: Statistics,
    cancer: Vec<Count>,
    modality: Vec<Count>,
    body_part: Vec<Count>,
    /// Body parts in English, as the plate knows them.
    plate: Vec<Count>,
    newest: Vec<Hit>,
}

/// The page of the root.
pub async fn home(
    door: &Door,
    request: &HttpRequest,
    view: &View,
    record: Record,
) -> Result<Bytes, WebError> {
    let language = language_of(request);
    let sent = view.sent(&record).await?;
    let index = Arc::clone(&door.index);
    let opened = opening::opened(door);
    let opened = opened.map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
    let numbers = blocking(move || numbers(&index, &opened, language)).await?;
    let site = door.site_at(request, Section::Home);
    let root = site.root.clone();
    let statistics = &numbers.statistics;
    let title = in_language(&sent, dct::TITLE, language);
    let description = in_language(&sent, dct::DESCRIPTION, language);
    let titles = chart_titles(language);
    let charts = [
        ("cancer", titles[0], &numbers.cancer),
        ("modality", titles[1], &numbers.modality),
        ("body-part", titles[2], &numbers.body_part),
    ];
    let body: Vec<Bar> = numbers
        .plate
        .iter()
        .map(|one| bar(&root, "body-part", one))
        .collect();
    let json_ld = json!({
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": record.iri.as_str(),
        "url": record.iri.as_str(),
        "name": title.as_ref().map(|title| title.value.clone()),
        "description": description.as_ref().map(|text| text.value.clone()),
    });
    let page = HomePage {
        title,
        description: description.into_iter().collect(),
        may_write: crate::web::edit::may_write(view.actor()),
        figures: Figures {
            collections: statistics.datasets,
            subjects: statistics.subjects,
            studies: statistics.studies,
            providers: statistics.providers,
            countries: statistics.countries,
        },
        examples: examples(&root),
        body: BodyFigure::new(&body),
        charts: charts
            .into_iter()
            .filter(|(_, _, counts)| !counts.is_empty())
            .map(|(facet, title, counts)| chart(&root, facet, title, counts))
            .collect(),
        countries: CountryMap::new(
            statistics
                .by_country
                .iter()
                .map(|one| country(&root, one))
                .collect(),
        ),
        matrix: None,
        newest: numbers
            .newest
            .iter()
            .map(|hit| card(hit, &root, language))
            .collect(),
        json_ld: Some(EmbeddedJson::new(&json_ld.to_string())),
        site,
    };
    let html = page
        .render()
        .map_err(|e| CatalogueError::Interrupted(e.to_string()))?;
    Ok(Bytes::from(html))
}

fn numbers(index: &Index, opened: &Opened, language: &str) -> Result<Numbers, CatalogueError> {
    let failed = |error: crate::search::Error| CatalogueError::Interrupted(error.to_string());
    let query = SearchQuery {
        sort: Sort::Newest,
        limit: NEWEST,
        language: language.to_owned(),
        facets: [("kind".to_owned(), super::one_of("dataset"))].into(),
        ..SearchQuery::default()
    };
    let all = |language: &str| SearchQuery {
        limit: 0,
        open: opened.clone(),
        language: language.to_owned(),
        ..SearchQuery::default()
    };
    let counted = index.search(&all(language)).map_err(failed)?;
    let plate = if language == "en" {
        counts(&counted, "body-part")
    } else {
        counts(&index.search(&all("en")).map_err(failed)?, "body-part")
    };
    Ok(Numbers {
        statistics: index.statistics(language),
        cancer: counts(&counted, "cancer"),
        modality: counts(&counted, "modality"),
        body_part: counts(&counted, "body-part"),
        plate,
        newest: index.search(&query).map_err(failed)?.hits,
    })
}

/// The counts of the lowest open values of a facet, the largest first.
fn counts(page: &SearchPage, facet: &str) -> Vec<Count> {
    let mut values = Vec::new();
    if let Some(facet) = page.facets.iter().find(|one| one.id == facet) {
        opening::frontier(&facet.values, &mut values);
    }
    let count = |value: &FacetValue| Count {
        value: value.value.clone(),
        label: value.label.clone(),
        count: value.count,
    };
    let mut counts: Vec<Count> = values.into_iter().map(count).collect();
    counts.sort_by(|one, other| {
        other
            .count
            .cmp(&one.count)
            .then(one.label.cmp(&other.label))
    });
    counts
}

fn address(root: &str, facet: &str, value: &str) -> String {
    let value: String = url::form_urlencoded::byte_serialize(value.as_bytes()).collect();
    format!("{root}/search?{facet}={value}")
}

fn bar(root: &str, facet: &str, one: &Count) -> Bar {
    Bar {
        label: Text::plain(one.label.clone()),
        count: one.count,
        href: address(root, facet, &one.value),
    }
}

fn chart(root: &str, facet: &str, title: &str, counts: &[Count]) -> BarChart {
    BarChart {
        id: format!("chart-{facet}"),
        title: title.to_owned(),
        bars: counts
            .iter()
            .take(BARS)
            .map(|one| bar(root, facet, one))
            .collect(),
        more: None,
    }
}

fn country(root: &str, one: &Count) -> Country {
    Country {
        code: one.value.rsplit('/').next().unwrap_or_default().to_owned(),
        label: one.label.clone(),
        count: one.count,
        href: address(root, "country", &one.value),
    }
}

/// Searches to begin with.
fn examples(root: &str) -> Vec<Link> {
    let one = |label: &str, query: &str| Link::new(label, format!("{root}/search?{query}"));
    vec![
        one("breast MRI", "q=breast+MRI"),
        one("lung CT", "q=lung+CT"),
        one("prostate", "q=prostate"),
        one("> 1,000 subjects", "subjects=1000.."),
        one("C50", "q=C50"),
    ]
}

fn chart_titles(language: &str) -> [&'static str; 3] {
    match language {
        "de" => [
            "Sammlungen nach Krebs",
            "Sammlungen nach Modalität",
            "Sammlungen nach Körperteil",
        ],
        "fr" => [
            "Collections par cancer",
            "Collections par modalité",
            "Collections par partie du corps",
        ],
        "es" => [
            "Colecciones por cáncer",
            "Colecciones por modalidad",
            "Colecciones por parte del cuerpo",
        ],
        "it" => [
            "Raccolte per tumore",
            "Raccolte per modalità",
            "Raccolte per parte del corpo",
        ],
        _ => [
            "Collections by cancer",
            "Collections by modality",
            "Collections by body part",
        ],
    }
}

/// The literal in a language, else the English one, else the first.
fn in_language(triples: &[Triple], property: NamedNodeRef<'_>, language: &str) -> Option<Text> {
    let terms: Vec<Term> = triples
        .iter()
        .filter(|triple| triple.predicate == property)
        .map(|triple| triple.object.clone())
        .collect();
    super::best(&terms, language)
}
