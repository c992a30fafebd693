//! What does the page of results show?

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::card::card;
use super::{answer, opening};
use crate::auth::{RecordFacts, Wish};
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::search::{
    Bucket, EVERYTHING, FacetChoice, FacetKind, FacetResult, FacetValue, SearchPage as Found,
    SearchQuery, Sort, Taken,
};
use crate::web::api::{RANGE_FROM, RANGE_TO, search_address};
use crate::web::error::Answer;
use crate::web::pages::chart::{Bin, Histogram};
use crate::web::pages::search::{
    Card, Chip, Exclusion, Facet, FacetKind as Kind, FacetNode, FacetValue as Value, Narrowing,
    Range, ReadAs, SearchPage, Understood,
};
use crate::web::pages::site::{Alternate, Section, Site, Visitor};
use crate::web::pages::text::{Choice, Download, Link, Text};
use crate::web::results::TakeAway;
use crate::web::server::{Door, parameter};

/// How many hits a page may be asked to hold.
const PAGE_SIZES: [usize; 4] = [10, 20, 50, 100];
/// Facets that stand unfolded.
const OPEN: [&str; 4] = ["cancer", "modality", "body-part", "country"];

/// The page of results.
pub async fn search(door: &Door, request: &HttpRequest, query: SearchQuery) -> Answer {
    let index = Arc::clone(&door.index);
    let failed = |error: crate::search::Error| CatalogueError::Interrupted(error.to_string());
    let mut asked = query.clone();
    for (facet, values) in &*opening::opened(door).map_err(failed)? {
        asked
            .open
            .entry(facet.clone())
            .or_default()
            .extend(values.iter().cloned());
    }
    let found = blocking(move || index.search(&asked).map_err(failed)).await?;
    let mut site = door.site_at(request, Section::Search);
    site.query = query.text.clone().unwrap_or_default();
    let root = site.root.clone();
    let kept = parameter(request, "lang").map(|lang| ("lang".to_owned(), lang));
    let page_of = |after| {
        search_address(
            &root,
            &SearchQuery {
                after,
                ..query.clone()
            },
        )
    };
    let words_only = SearchQuery {
        text: query.text.clone(),
        senses: query.senses.clone(),
        language: query.language.clone(),
        ..SearchQuery::default()
    };
    let view = Shown {
        root: &root,
        path: "/search",
        query: &query,
        found: &found,
    };
    let from_start = SearchQuery {
        after: None,
        ..query.clone()
    };
    let take_away = |(one, label): (TakeAway, &str)| Download {
        label: label.to_owned(),
        href: one.address(&root, &from_start),
        media_type: one.media_type().to_owned(),
    };
    let feeds = TakeAway::OFFERED
        .into_iter()
        .filter(|(one, _)| matches!(one, TakeAway::Feed(_)));
    site.alternates = feeds
        .map(|(one, label)| Alternate {
            href: one.address(&root, &from_start),
            media_type: one.media_type().to_owned(),
            title: label.to_owned(),
        })
        .collect();
    let meant = found.did_you_mean.as_ref().map(|meant| {
        let query = SearchQuery {
            text: Some(meant.clone()),
            ..from_start.clone()
        };
        Link::new(meant.clone(), search_address(&root, &query))
    });
    let page = SearchPage {
        total: found.total,
        first: if found.hits.is_empty() {
            0
        } else {
            found.offset + 1
        },
        understood: view.understood(door),
        suggestion: meant,
        statistics_href: as_pictures(&root, &from_start),
        bulk_href: bulk_href(door, request, &site, &from_start).await,
        chips: view.chips(),
        clear_href: search_address(&root, &words_only),
        facets: found
            .facets
            .iter()
            .filter_map(|facet| view.facet(facet))
            .collect(),
        kept: kept
            .into_iter()
            .chain(view.senses())
            .chain(view.excluded())
            .collect(),
        sort: sorts(&query, &site),
        page_size: PAGE_SIZES
            .iter()
            .map(|size| page_size(*size, query.limit))
            .collect(),
        cards: found
            .hits
            .iter()
            .map(|hit| Card {
                compare: Some(hit.path.clone()),
                ..card(hit, &root, &query.language)
            })
            .collect(),
        previous_href: found.previous.clone().map(|cursor| page_of(Some(cursor))),
        next_href: found.next.clone().map(|cursor| page_of(Some(cursor))),
        downloads: TakeAway::OFFERED.into_iter().map(take_away).collect(),
        advice: Vec::new(),
        site,
    };
    Ok(answer(StatusCode::OK, &page))
}

/// The same collections to change many of them, for those who may.
async fn bulk_href(
    door: &Door,
    request: &HttpRequest,
    site: &Site,
    query: &SearchQuery,
) -> Option<String> {
    if site.visitor != Visitor::Present {
        return None;
    }
    let view = door.view(request).await.ok()?;
    let may = crate::auth::may(view.actor(), Wish::Bulk, &RecordFacts::ATLAS);
    let page = search_address("", query);
    let pairs = page.strip_prefix("/search").unwrap_or_default();
    may.is_allowed()
        .then(|| format!("{}/bulk{pairs}", site.root))
}

/// The same collections, counted and drawn.
fn as_pictures(root: &str, query: &SearchQuery) -> String {
    let page = search_address("", query);
    let pairs = page.strip_prefix("/search").unwrap_or_default();
    format!("{root}/statistics{pairs}")
}

fn page_size(size: usize, chosen: usize) -> Choice {
    Choice {
        value: size.to_string(),
        label: size.to_string(),
        chosen: size == chosen,
    }
}

fn sorts(query: &SearchQuery, site: &Site) -> Vec<Choice> {
    let label = |sort: Sort| match (sort, site.language.code()) {
        (Sort::Relevance, "de") => "Relevanz",
        (Sort::Relevance, "fr") => "Pertinence",
        (Sort::Relevance, "es") => "Relevancia",
        (Sort::Relevance, "it") => "Pertinenza",
        (Sort::Relevance, _) => "Relevance",
        (Sort::Newest, "de") => "Neueste",
        (Sort::Newest, "fr") => "Plus récents",
        (Sort::Newest, "es") => "Más recientes",
        (Sort::Newest, "it") => "Più recenti",
        (Sort::Newest, _) => "Newest",
        (Sort::Changed, "de") => "Zuletzt geändert",
        (Sort::Changed, "fr") => "Dernière modification",
        (Sort::Changed, "es") => "Últimos cambios",
        (Sort::Changed, "it") => "Ultima modifica",
        (Sort::Changed, _) => "Last changed",
        (Sort::Largest, "de") => "Größte",
        (Sort::Largest, "fr") => "Plus grands",
        (Sort::Largest, "es") => "Más grandes",
        (Sort::Largest, "it") => "Più grandi",
        (Sort::Largest, _) => "Largest",
        (Sort::Quality, "de") => "Beste Beschreibung",
        (Sort::Quality, "fr") => "Mieux décrits",
        (Sort::Quality, "es") => "Mejor descritos",
        (Sort::Quality, "it") => "Descritti meglio",
        (Sort::Quality, _) => "Best described",
        (Sort::Title, "de" | "it") => "Titel",
        (Sort::Title, "fr") => "Titre",
        (Sort::Title, "es") => "Título",
        (Sort::Title, _) => "Title",
    };
    let choice = |(sort, name): &(Sort, &str)| Choice {
        value: (*name).to_owned(),
        label: label(*sort).to_owned(),
        chosen: *sort == query.sort,
    };
    Sort::ALL.iter().map(choice).collect()
}

/// A result, with what the addresses on its page are made from.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) root: &'a str,
    /// Where the addresses lead.
    pub(super) path: &'a str,
    pub(super) query: &'a SearchQuery,
    pub(super) found: &'a Found,
}

impl Shown<'_> {
    /// The address of the search with another choice in a facet.
    fn with(&self, facet: &str, choice: FacetChoice) -> String {
        let mut query = SearchQuery {
            after: None,
            ..self.query.clone()
        };
        if choice.is_empty() {
            query.facets.remove(facet);
        } else {
            query.facets.insert(facet.to_owned(), choice);
        }
        self.address(&query)
    }

    fn address(&self, query: &SearchQuery) -> String {
        let page = search_address("", query);
        let pairs = page.strip_prefix("/search").unwrap_or_default();
        format!("{}{}{pairs}", self.root, self.path)
    }

    /// The address with a value chosen besides all that is chosen.
    pub(super) fn chosen_too(&self, facet: &str, value: &FacetValue) -> String {
        let mut choice = self.chosen(facet);
        if !choice.include.iter().any(|one| names(one, &value.value)) {
            choice.include = vec![value.value.clone()];
        }
        self.with(facet, choice)
    }

    /// The address with a value chosen in each of two facets.
    pub(super) fn both_chosen(
        &self,
        one: (&str, &FacetValue),
        other: (&str, &FacetValue),
    ) -> String {
        let mut query = SearchQuery {
            after: None,
            ..self.query.clone()
        };
        for (facet, value) in [one, other] {
            let choice = query.facets.entry(facet.to_owned()).or_default();
            choice.include = vec![value.value.clone()];
        }
        self.address(&query)
    }

    /// The address with these values of a facet and no others of it chosen.
    pub(super) fn these_chosen(&self, facet: &str, values: Vec<String>) -> String {
        let mut choice = self.chosen(facet);
        choice.include = values;
        self.with(facet, choice)
    }

    /// The pairs of the address that exclude values: no control of the form sends them.
    fn excluded(&self) -> Vec<(String, String)> {
        let facets = self.query.facets.iter();
        let pairs = facets.flat_map(|(facet, choice)| {
            let excluded = choice.exclude.iter();
            excluded.map(|value| (facet.clone(), format!("-{value}")))
        });
        pairs.collect()
    }

    /// The address that excludes a value, unless it is in force one way or the other.
    fn without(&self, facet: &str, value: &FacetValue) -> Option<Exclusion> {
        if value.chosen || value.excluded || value.count == 0 {
            return None;
        }
        let mut choice = self.chosen(facet);
        choice.exclude.push(value.value.clone());
        Some(Exclusion {
            href: self.with(facet, choice),
            label: value.label.clone(),
        })
    }

    /// The address at which a branch, or all of a list, is open.
    fn opened(&self, facet: &str, value: &str) -> String {
        let mut query = self.query.clone();
        query
            .open
            .entry(facet.to_owned())
            .or_default()
            .push(value.to_owned());
        format!("{}#facet-{facet}", self.address(&query))
    }

    fn chosen(&self, facet: &str) -> FacetChoice {
        self.query.facets.get(facet).cloned().unwrap_or_default()
    }

    /// The address with a value added, or taken away when it is chosen.
    fn toggled(&self, facet: &str, value: &FacetValue) -> String {
        let mut choice = self.chosen(facet);
        if value.chosen || value.excluded {
            choice.include.retain(|one| !names(one, &value.value));
            choice.exclude.retain(|one| !names(one, &value.value));
        } else {
            choice.include.push(value.value.clone());
        }
        self.with(facet, choice)
    }

    fn understood(&self, door: &Door) -> Vec<Understood> {
        let ontology = door.catalogue.ontology();
        let mut readings: Vec<Understood> = Vec::new();
        for one in &self.found.understood {
            let href = ontology.concept(&one.iri).map_or_else(
                || one.iri.clone(),
                |concept| crate::web::ontology::address(self.root, ontology, concept),
            );
            let read_as = ReadAs {
                concept: Link::new(one.label.clone(), href),
                taken: one.taken,
                itself: self.offer(&one.text, Taken::Itself(one.iri.clone())),
                with_narrower: one
                    .has_narrower
                    .then(|| self.offer(&one.text, Taken::WithNarrower(one.iri.clone()))),
            };
            match readings
                .iter_mut()
                .find(|reading| reading.words == one.text)
            {
                Some(reading) => reading.concepts.push(read_as),
                None => readings.push(Understood {
                    words: one.text.clone(),
                    concepts: vec![read_as],
                    words_only: self.offer(&one.text, Taken::Words),
                    everything_href: self.query.sense(&one.text).map(|_| {
                        let query = self.query.taking(&one.text, None);
                        search_address(self.root, &query)
                    }),
                }),
            }
        }
        readings
    }

    /// The same search with one meaning of some words.
    fn offer(&self, words: &str, taken: Taken) -> Narrowing {
        Narrowing {
            in_force: self.query.sense(words) == Some(&taken),
            href: search_address(self.root, &self.query.taking(words, Some(taken))),
        }
    }

    /// The pairs of the address that say what words mean: no control of the form sends them.
    fn senses(&self) -> Vec<(String, String)> {
        let senses = self.query.senses.iter();
        let pairs = senses.map(|sense| ("sense".to_owned(), sense.to_string()));
        pairs.collect()
    }

    pub(super) fn chips(&self) -> Vec<Chip> {
        let mut chips = Vec::new();
        for (id, choice) in &self.query.facets {
            let facet = self.found.facets.iter().find(|facet| facet.id == *id);
            let facet_label = facet.map_or_else(|| id.clone(), |facet| facet.label.clone());
            let mut chip = |label: String, without: FacetChoice, excluded: bool| {
                chips.push(Chip {
                    facet_id: id.clone(),
                    facet: facet_label.clone(),
                    label: Text::plain(label),
                    remove_href: self.with(id, without),
                    excluded,
                });
            };
            let label = |value: &str| {
                let known = facet.and_then(|facet| find(&facet.values, value));
                known.map_or_else(|| local(value), |value| value.label.clone())
            };
            for value in &choice.include {
                let mut without = choice.clone();
                without.include.retain(|one| one != value);
                chip(label(value), without, false);
            }
            for value in &choice.exclude {
                let mut without = choice.clone();
                without.exclude.retain(|one| one != value);
                chip(label(value), without, true);
            }
            if let Some((from, to)) = choice.range {
                let end = |end: Option<i64>| end.map_or(String::new(), |end| end.to_string());
                let without = FacetChoice {
                    range: None,
                    ..choice.clone()
                };
                chip(format!("{}–{}", end(from), end(to)), without, false);
            }
        }
        chips
    }

    fn facet(&self, facet: &FacetResult) -> Option<Facet> {
        let chosen = self.query.facets.contains_key(&facet.id);
        let kind = match facet.kind {
            FacetKind::Hierarchical => Kind::Tree {
                nodes: facet
                    .values
                    .iter()
                    .map(|value| self.node(&facet.id, value))
                    .collect(),
                chosen: self.chosen(&facet.id).include,
            },
            FacetKind::Flat => Kind::List {
                values: facet
                    .values
                    .iter()
                    .map(|value| self.listed(&facet.id, value))
                    .collect(),
                more_href: (facet.more > 0).then(|| self.opened(&facet.id, EVERYTHING)),
            },
            FacetKind::Range | FacetKind::Year => Kind::Range(self.range(facet)?),
        };
        let empty = facet.values.is_empty() && !matches!(kind, Kind::Range(_));
        (!empty || chosen).then(|| Facet {
            id: format!("facet-{}", facet.id),
            name: facet.id.clone(),
            label: facet.label.clone(),
            open: chosen || OPEN.contains(&facet.id.as_str()),
            kind,
        })
    }

    fn node(&self, facet: &str, value: &FacetValue) -> FacetNode {
        FacetNode {
            label: Text::plain(value.label.clone()),
            code: local(&value.value),
            count: value.count,
            href: self.toggled(facet, value),
            chosen: value.chosen,
            open: !value.children.is_empty(),
            without: self.without(facet, value),
            more_href: value.has_more.then(|| self.opened(facet, &value.value)),
            children: value
                .children
                .iter()
                .map(|child| self.node(facet, child))
                .collect(),
        }
    }

    fn listed(&self, facet: &str, value: &FacetValue) -> Value {
        Value {
            value: value.value.clone(),
            label: Text::plain(value.label.clone()),
            count: value.count,
            chosen: value.chosen,
            without: self.without(facet, value),
        }
    }

    /// One range of a facet.
    pub(super) fn bin(&self, facet: &FacetResult, bucket: &Bucket) -> Bin {
        let (from, to) = (bucket.from, bucket.to);
        let choice = FacetChoice {
            range: Some((Some(from), to)),
            ..FacetChoice::default()
        };
        Bin {
            label: match to {
                None => format!("{from}–"),
                Some(to) if to == from => from.to_string(),
                Some(to) => format!("{from}–{to}"),
            },
            count: bucket.count,
            href: self.with(&facet.id, choice),
            chosen: facet.range == Some((Some(from), to)),
        }
    }

    fn range(&self, facet: &FacetResult) -> Option<Range> {
        let whole = |end: i64| u64::try_from(end).unwrap_or(0);
        let (chosen_from, chosen_to) = facet.range.unwrap_or((None, None));
        let by_value = facet
            .values
            .iter()
            .filter_map(|value| value.value.parse::<i64>().ok());
        let lowest = facet.min.or_else(|| by_value.clone().min())?;
        let highest = facet.max.or_else(|| by_value.max()).unwrap_or(lowest);
        let bins = facet.histogram.iter();
        let bins: Vec<Bin> = bins.map(|bucket| self.bin(facet, bucket)).collect();
        Some(Range {
            min_name: format!("{}{RANGE_FROM}", facet.id),
            max_name: format!("{}{RANGE_TO}", facet.id),
            min: chosen_from.map(whole),
            max: chosen_to.map(whole),
            lowest: whole(lowest),
            highest: whole(highest),
            histogram: (!bins.is_empty()).then_some(Histogram { bins }),
        })
    }
}

/// Whether a choice, which may be a short code, names a value.
fn names(choice: &str, value: &str) -> bool {
    choice == value || local(value) == choice
}

fn find<'a>(values: &'a [FacetValue], wanted: &str) -> Option<&'a FacetValue> {
    values.iter().find_map(|value| {
        if names(wanted, &value.value) {
            Some(value)
        } else {
            find(&value.children, wanted)
        }
    })
}

fn local(iri: &str) -> String {
    iri.rsplit(['#', '/']).next().unwrap_or(iri).to_owned()
}
