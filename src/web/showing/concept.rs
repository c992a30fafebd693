//! What do the pages of the vocabularies show?

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::answer;
use super::card::card;
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::ontology::{Concept, Ontology};
use crate::search::{FacetValue, Hit as Found, Index, SearchQuery};
use crate::web::error::Answer;
use crate::web::ontology::address;
use crate::web::pages::concept::{ConceptPage, Narrower, SystemCode, Use};
use crate::web::pages::ontology::{Hit, OntologyPage, TreeNode};
use crate::web::pages::record::Value;
use crate::web::pages::site::Section;
use crate::web::pages::text::{Link, Text};
use crate::web::server::{Door, language_of, page_language, parameter};

/// The most ways up that are shown.
const PATHS_MAX: usize = 8;
/// The longest way up.
const STEPS_MAX: usize = 24;
/// The most children on one page.
const CHILDREN_MAX: usize = 200;
const HITS_MAX: usize = 50;
const CARDS_MAX: usize = 12;
/// How many levels of the tree are there without a click.
const TREE_DEPTH: usize = 2;

/// The roots of the hyperontology and the lists of values, to browse.
pub async fn ontology(door: &Door, request: &HttpRequest) -> Answer {
    Ok(browse(door, request, parameter(request, "q")))
}

/// The hits of a look-up.
pub async fn lookup(door: &Door, request: &HttpRequest) -> Answer {
    let text = parameter(request, "q").unwrap_or_default();
    Ok(browse(door, request, Some(text)))
}

fn browse(door: &Door, request: &HttpRequest, query: Option<String>) -> HttpResponse {
    let ontology = door.catalogue.ontology();
    let site = door.site_at(request, Section::Ontology);
    let root = site.root.clone();
    let language = language_of(request);
    let hit = |found: crate::ontology::Hit<'_>| Hit {
        link: link(&root, ontology, found.concept, language),
        code: found.concept.code.clone(),
        matched: Some(Text::plain(found.text)),
        parent: ontology
            .parents(&found.concept.iri)
            .first()
            .and_then(|parent| parent.label(language))
            .map(Text::plain),
        collections: 0,
    };
    let hits = query.as_ref().map(|text| {
        ontology
            .search(text, None, HITS_MAX)
            .into_iter()
            .map(hit)
            .collect::<Vec<_>>()
    });
    let mut roots: Vec<&Concept> = ontology
        .roots()
        .into_iter()
        .filter(|one| one.iri.contains("EUCAIM#"))
        .collect();
    roots.retain(|one| !ontology.children(&one.iri).is_empty());
    let interface = page_language(request);
    let lists = ontology.schemes();
    let page = OntologyPage {
        title: "EUCAIM hyperontology".to_owned(),
        version: "2.0".to_owned(),
        licence: Some(Link::new(
            "CC BY 4.0",
            "https://creativecommons.org/licenses/by/4.0/",
        )),
        concepts: ontology.concepts().len() as u64,
        query: query.unwrap_or_default(),
        hits,
        roots: roots
            .into_iter()
            .map(|one| node(&root, ontology, one, language, interface, TREE_DEPTH))
            .collect(),
        value_sets: lists
            .iter()
            .map(|list| Link::new(list.title, list.iri))
            .collect(),
        site,
    };
    answer(StatusCode::OK, &page)
}

fn node(
    root: &str,
    ontology: &Ontology,
    concept: &Concept,
    language: &str,
    interface: crate::web::pages::messages::Language,
    depth: usize,
) -> TreeNode {
    let below = ontology.children(&concept.iri);
    let link = link(root, ontology, concept, language);
    let (shown, more) = if depth == 0 || below.len() > CHILDREN_MAX {
        (
            Vec::new(),
            (!below.is_empty()).then(|| Link::new("…", link.href.clone())),
        )
    } else {
        (below, None)
    };
    TreeNode {
        label: link.label,
        code: concept.code.clone(),
        href: link.href,
        collections: 0,
        descendants: ontology.descendants(&concept.iri).len() as u64,
        language: interface,
        open: false,
        children: shown
            .into_iter()
            .map(|child| node(root, ontology, child, language, interface, depth - 1))
            .collect(),
        more,
    }
}

/// What collections use a concept, as the index knows.
struct Usage {
    uses: Vec<(String, String, u64)>,
    cards: Vec<Found>,
}

/// The page of a concept.
pub async fn concept(door: &Door, request: &HttpRequest, concept: &Concept) -> Answer {
    let ontology = Arc::clone(door.catalogue.ontology());
    let site = door.site_at(request, Section::Ontology);
    let root = site.root.clone();
    let language = language_of(request);
    let index = Arc::clone(&door.index);
    let iri = concept.iri.clone();
    let usage = blocking(move || usage(&index, &iri, language)).await?;
    let texts = |pairs: &[(String, String)]| {
        pairs
            .iter()
            .map(|(tag, text)| Text::in_language(text, tag))
            .collect::<Vec<_>>()
    };
    let narrower = |child: &&Concept| Narrower {
        link: link(&root, &ontology, child, language),
        code: child.code.clone(),
        descendants: ontology.descendants(&child.iri).len() as u64,
        collections: 0,
    };
    let below = ontology.children(&concept.iri);
    let equivalent = |one: &&Concept| Value {
        text: Text::plain(one.label(language).unwrap_or(&one.code)),
        code: Some(one.code.clone()),
        href: Some(address(&root, &ontology, one)),
        ..Value::default()
    };
    let list = concept.schemes.first().and_then(|iri| ontology.scheme(iri));
    let page = ConceptPage {
        label: Text::plain(concept.label(language).unwrap_or(&concept.code)),
        labels: texts(&concept.labels),
        synonyms: texts(&concept.synonyms),
        definitions: concept
            .definition
            .iter()
            .map(|text| Text::plain(text.clone()))
            .collect(),
        iri: concept.iri.clone(),
        code: concept.code.clone(),
        scheme: list.map(|list| Link::new(list.title, list.iri)),
        deprecated: concept.deprecated.then_some(None),
        paths: paths(&root, &ontology, concept, language),
        children: below.iter().take(CHILDREN_MAX).map(narrower).collect(),
        codes: concept
            .codes
            .iter()
            .map(|code| SystemCode {
                system: code.system.to_string(),
                code: code.code.clone(),
                ..SystemCode::default()
            })
            .collect(),
        equivalents: ontology
            .equivalents(&concept.iri)
            .iter()
            .map(equivalent)
            .collect(),
        uses: usage
            .uses
            .iter()
            .map(|(id, label, count)| Use {
                property: label.clone(),
                itself: *count,
                with_below: *count,
                href: search_for(&root, id, &concept.iri),
            })
            .collect(),
        cards: usage
            .cards
            .iter()
            .map(|hit| card(hit, &root, language))
            .collect(),
        search_href: usage
            .uses
            .first()
            .map(|(id, _, _)| search_for(&root, id, &concept.iri)),
        site,
        ..ConceptPage::default()
    };
    Ok(answer(StatusCode::OK, &page))
}

fn search_for(root: &str, facet: &str, iri: &str) -> String {
    let value: String = url::form_urlencoded::byte_serialize(iri.as_bytes()).collect();
    format!("{root}/search?{facet}={value}")
}

fn link(root: &str, ontology: &Ontology, concept: &Concept, language: &str) -> Link {
    let label = concept.label(language).unwrap_or(&concept.code).to_owned();
    Link::new(label, address(root, ontology, concept))
}

/// Every way from a root down to a concept, as far as they are shown.
fn paths(root: &str, ontology: &Ontology, concept: &Concept, language: &str) -> Vec<Vec<Link>> {
    let mut done: Vec<Vec<Link>> = Vec::new();
    let mut open: Vec<(String, Vec<Link>)> = vec![(concept.iri.clone(), Vec::new())];
    while let Some((iri, below)) = open.pop() {
        let above = ontology.parents(&iri);
        if above.is_empty() || below.len() >= STEPS_MAX {
            if !below.is_empty() {
                done.push(below.into_iter().rev().collect());
            }
            if done.len() == PATHS_MAX {
                break;
            }
            continue;
        }
        for parent in above {
            let mut way = below.clone();
            way.push(link(root, ontology, parent, language));
            open.push((parent.iri.clone(), way));
        }
    }
    done.sort_by_key(Vec::len);
    done
}

/// Asks each facet for the collections that have the concept or one below it.
fn usage(index: &Index, iri: &str, language: &str) -> Result<Usage, CatalogueError> {
    let failed = |error: crate::search::Error| CatalogueError::Interrupted(error.to_string());
    let facets: Vec<(String, String)> = index
        .definitions()
        .facets
        .iter()
        .map(|facet| (facet.id.clone(), facet.label(language).to_owned()))
        .collect();
    let open = facets
        .iter()
        .map(|(id, _)| (id.clone(), vec![iri.to_owned()]))
        .collect();
    let all = SearchQuery {
        limit: 0,
        open,
        language: language.to_owned(),
        ..SearchQuery::default()
    };
    let counted = index.search(&all).map_err(failed)?;
    let mut uses = Vec::new();
    let mut cards = Vec::new();
    for (id, label) in facets {
        let facet = counted.facets.iter().find(|facet| facet.id == id);
        let hierarchical =
            facet.is_some_and(|facet| facet.kind == crate::search::FacetKind::Hierarchical);
        let listed = facet.is_some_and(|facet| contains(&facet.values, iri));
        if !listed && !hierarchical {
            continue;
        }
        let query = SearchQuery {
            limit: CARDS_MAX,
            language: language.to_owned(),
            facets: [(id.clone(), super::one_of(iri))].into(),
            ..SearchQuery::default()
        };
        let page = index.search(&query).map_err(failed)?;
        if page.total > 0 {
            uses.push((id, label, page.total));
            if cards.is_empty() {
                cards = page.hits;
            }
        }
    }
    Ok(Usage { uses, cards })
}

fn contains(values: &[FacetValue], iri: &str) -> bool {
    values
        .iter()
        .any(|value| value.value == iri || contains(&value.children, iri))
}
