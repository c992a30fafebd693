//! What does the page of a concept show?

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer;
use super::card::card;
use super::ontology::failed;
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::ontology::{Concept, Ontology};
use crate::rdf::Format;
use crate::search::{Hit as Found, Index, SearchQuery, Usage};
use crate::web::error::Answer;
use crate::web::ontology::{address, encoded};
use crate::web::pages::concept::{ConceptPage, Narrower, SystemCode, Takes, Use};
use crate::web::pages::record::{Property, Value};
use crate::web::pages::site::{Alternate, Section, Site, TypedLink};
use crate::web::pages::text::{EmbeddedJson, Link, Text};
use crate::web::server::{Door, language_of};

/// The most ways up that are shown.
const PATHS_MAX: usize = 8;
/// The longest way up.
const STEPS_MAX: usize = 24;
/// The most children on one page.
const CHILDREN_MAX: usize = 200;
const CARDS_MAX: usize = 12;
/// The terminologies that have pages of their own: our name, their name, the address of a code.
const SYSTEMS: [(&str, &str, &str); 12] = [
    (
        "SNOMEDCT",
        "SNOMED CT",
        "https://browser.ihtsdotools.org/?perspective=full&conceptId1=",
    ),
    ("RadLex", "RadLex", "http://radlex.org/RID/"),
    (
        "NCIT",
        "NCI Thesaurus",
        "https://evsexplore.semantics.cancer.gov/evsexplore/concept/ncit/",
    ),
    ("ICD10", "ICD-10", "https://icd.who.int/browse10/2019/en#/"),
    ("ICD10PCS", "ICD-10-PCS", ""),
    ("ICDO3", "ICD-O-3", ""),
    ("LOINC", "LOINC", "https://loinc.org/"),
    ("UMLS", "UMLS", "https://uts.nlm.nih.gov/uts/umls/concept/"),
    (
        "OMOP",
        "OMOP",
        "https://athena.ohdsi.org/search-terms/terms/",
    ),
    ("ATC", "ATC", "https://atcddd.fhi.no/atc_ddd_index/?code="),
    (
        "RxNorm",
        "RxNorm",
        "https://mor.nlm.nih.gov/RxNav/search?searchBy=RXCUI&searchTerm=",
    ),
    ("DICOM_Tag", "DICOM tag", ""),
];

/// What collections use a concept, as the index knows.
struct Used {
    uses: Vec<(Usage, String)>,
    cards: Vec<Found>,
    /// Of each concept right below.
    below: Vec<u64>,
}

/// The page of a concept.
pub async fn concept(door: &Door, request: &HttpRequest, concept: &Concept) -> Answer {
    let ontology = Arc::clone(door.catalogue.ontology());
    let site = door.site_at(request, Section::Ontology);
    let root = site.root.clone();
    let language = language_of(request);
    let index = Arc::clone(&door.index);
    let iri = concept.iri.clone();
    let below: Vec<&Concept> = ontology.children(&concept.iri);
    let more = (below.len() > CHILDREN_MAX).then(|| below.len() - CHILDREN_MAX);
    let shown = &below[..below.len().min(CHILDREN_MAX)];
    let iris: Vec<String> = shown.iter().map(|child| child.iri.clone()).collect();
    let used = blocking(move || used(&index, &iri, &iris, language)).await?;
    let texts = |pairs: &[(String, String)]| {
        pairs
            .iter()
            .map(|(tag, text)| Text::in_language(text, tag))
            .collect::<Vec<_>>()
    };
    let narrower = |(child, collections): (&&Concept, &u64)| Narrower {
        link: link(&root, &ontology, child, language),
        code: child.code.clone(),
        descendants: ontology.count_below(&child.iri),
        collections: *collections,
    };
    let tree = |iri: &str| format!("{root}/ontology?under={}", encoded(iri));
    let list = concept.schemes.first();
    let list = list.and_then(|iri| Some(Link::new(ontology.scheme_title(iri)?, tree(iri))));
    let vocabularies = ontology.vocabularies();
    let vocabulary = vocabularies.iter().find(|one| one.iri == &*concept.source);
    let here = address(door.base().as_str(), &ontology, concept);
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
        scheme: list
            .or_else(|| vocabulary.map(|one| Link::new(one.title(language), tree(one.iri)))),
        deprecated: concept.deprecated.then_some(None),
        paths: paths(&root, &ontology, concept, language),
        children: shown.iter().zip(&used.below).map(narrower).collect(),
        more_children: more.map(|more| {
            let href = format!("{}&from={CHILDREN_MAX}", tree(&concept.iri));
            Link::new(site.counted("concepts", more as u64), href)
        }),
        codes: concept.codes.iter().map(system_code).collect(),
        equivalents: values(
            &root,
            &ontology,
            &ontology.equivalents(&concept.iri),
            language,
        ),
        properties: relations(&root, &ontology, concept, language),
        takes: takes(door, concept, language),
        uses: used
            .uses
            .iter()
            .map(|(usage, label)| Use {
                property: label.clone(),
                itself: usage.itself,
                with_below: usage.with_below,
                href: search_for(&root, &usage.facet, &concept.iri),
            })
            .collect(),
        cards: used
            .cards
            .iter()
            .map(|hit| card(hit, &root, language))
            .collect(),
        search_href: used
            .uses
            .first()
            .map(|(usage, _)| search_for(&root, &usage.facet, &concept.iri)),
        version: vocabulary.map(|one| {
            let version = one.version.map(|version| format!(" {version}"));
            format!("{}{}", one.title(language), version.unwrap_or_default())
        }),
        json_ld: Some(defined_term(concept, &here, language)),
        site: Site {
            canonical: Some(here.clone()),
            alternates: alternates(&here),
            typed_links: vec![TypedLink {
                rel: "cite-as".to_owned(),
                href: concept.iri.clone(),
                media_type: None,
            }],
            ..site
        },
    };
    Ok(answer(StatusCode::OK, &page))
}

/// The same concept in other formats.
fn alternates(here: &str) -> Vec<Alternate> {
    let format = |(format, title): (Format, &str)| {
        let extension = format.extension();
        let href = match here.split_once('?') {
            Some(_) => format!("{here}&format={extension}"),
            None => format!("{here}.{extension}"),
        };
        Alternate {
            href,
            media_type: format.media_type().to_owned(),
            title: title.to_owned(),
        }
    };
    [
        (Format::Turtle, "Turtle"),
        (Format::JsonLd, "JSON-LD"),
        (Format::RdfXml, "RDF/XML"),
    ]
    .map(format)
    .to_vec()
}

/// schema.org/DefinedTerm.
fn defined_term(concept: &Concept, here: &str, language: &str) -> EmbeddedJson {
    let names: Vec<&String> = concept.synonyms.iter().map(|(_, text)| text).collect();
    let term = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "DefinedTerm",
        "@id": concept.iri,
        "url": here,
        "name": concept.label(language).unwrap_or(&concept.code),
        "alternateName": names,
        "termCode": concept.code,
        "description": concept.definition,
        "inDefinedTermSet": *concept.source,
    });
    EmbeddedJson::new(&term.to_string())
}

fn system_code(code: &crate::ontology::Code) -> SystemCode {
    let known = SYSTEMS
        .iter()
        .find(|(system, _, _)| *system == &*code.system);
    SystemCode {
        system: known.map_or_else(
            || code.system.to_string(),
            |(_, name, _)| (*name).to_owned(),
        ),
        code: code.code.clone(),
        href: known
            .filter(|(_, _, page)| !page.is_empty())
            .map(|(_, _, page)| format!("{page}{}", encoded(&code.code))),
        note: None,
    }
}

fn values(root: &str, ontology: &Ontology, concepts: &[&Concept], language: &str) -> Vec<Value> {
    let value = |one: &&Concept| Value {
        text: Text::plain(one.label(language).unwrap_or(&one.code)),
        code: Some(one.code.clone()),
        href: Some(address(root, ontology, one)),
        ..Value::default()
    };
    concepts.iter().map(value).collect()
}

/// Method, finding site, morphology and whatever else the vocabulary says.
fn relations(root: &str, ontology: &Ontology, concept: &Concept, language: &str) -> Vec<Property> {
    let mut properties: Vec<Property> = Vec::new();
    for relation in &concept.relations {
        let Some(target) = ontology.concept(&relation.target) else {
            continue;
        };
        let value = values(root, ontology, &[target], language);
        let mut known = properties.iter_mut();
        if let Some(known) = known.find(|known| known.iri == *relation.property) {
            known.values.extend(value);
            continue;
        }
        let label = ontology.label(&relation.property, language);
        let last = relation.property.rsplit(['#', '/']).next();
        properties.push(Property {
            label: Text::plain(label.or(last).unwrap_or(&relation.property)),
            iri: relation.property.to_string(),
            values: value,
        });
    }
    properties
}

/// The properties of the profiles that may have the concept as a value.
fn takes(door: &Door, concept: &Concept, language: &str) -> Vec<Takes> {
    let mut found: Vec<Takes> = Vec::new();
    for profile in door.catalogue.profiles().iter() {
        for (iri, label) in profile.takes(&concept.iri, door.catalogue.ontology(), language) {
            let title = profile.title(language).to_owned();
            match found.iter_mut().find(|known| known.iri == iri) {
                Some(known) if !known.profiles.contains(&title) => known.profiles.push(title),
                Some(_) => {}
                None => found.push(Takes {
                    label: Text::plain(label),
                    iri,
                    profiles: vec![title],
                }),
            }
        }
    }
    found
}

fn search_for(root: &str, facet: &str, iri: &str) -> String {
    format!("{root}/search?{facet}={}", encoded(iri))
}

pub(super) fn link(root: &str, ontology: &Ontology, concept: &Concept, language: &str) -> Link {
    let label = concept.label(language).unwrap_or(&concept.code).to_owned();
    Link::new(label, address(root, ontology, concept))
}

/// Every way from a root down to a concept, as far as they are shown.
pub(super) fn paths(
    root: &str,
    ontology: &Ontology,
    concept: &Concept,
    language: &str,
) -> Vec<Vec<Link>> {
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

/// How many collections have the concept, in which facet, and some of them.
fn used(
    index: &Index,
    iri: &str,
    below: &[String],
    language: &str,
) -> Result<Used, CatalogueError> {
    let usage = index.usage(iri).map_err(failed)?;
    let label = |usage: &Usage| {
        let mut facets = index.definitions().facets.iter();
        let facet = facets.find(|facet| facet.id == usage.facet);
        facet.map_or_else(String::new, |facet| facet.label(language).to_owned())
    };
    let mut cards = Vec::new();
    if let Some(first) = usage.first() {
        let query = SearchQuery {
            limit: CARDS_MAX,
            language: language.to_owned(),
            facets: [(first.facet.clone(), super::one_of(iri))].into(),
            ..SearchQuery::default()
        };
        cards = index.search(&query).map_err(failed)?.hits;
    }
    Ok(Used {
        uses: usage
            .into_iter()
            .map(|one| (one.clone(), label(&one)))
            .collect(),
        cards,
        below: index.count_using(below).map_err(failed)?,
    })
}
