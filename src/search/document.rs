//! What of a record goes into the index: its texts, its facet values with all concepts above
//! them, its numbers, and what a hit shows.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::Offset;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::concepts::Concepts;
use super::definitions::{
    FacetDefinition, FacetDefinitions, FacetKind, Path, Source, last_segment,
};
use super::words;
use crate::rdf::{NamedOrBlankNode, Term, Triple};

/// Longer texts are cut before they are indexed.
const TEXT_CHARS_MAX: usize = 20_000;
/// What a hit keeps of a description.
const STORED_CHARS_MAX: usize = 2_000;
/// A record has at most so many values in one facet; more come from broken data.
const VALUES_MAX: usize = 2_000;
/// More creators are not named in citations.
const CREATORS_MAX: usize = 50;
/// Years outside are typing errors.
const YEARS: std::ops::RangeInclusive<i64> = 1890..=2200;

/// A public record as the index takes it.
#[derive(Clone, Debug)]
pub struct IndexedRecord {
    /// The record's IRI.
    pub iri: String,
    /// Its address on this server, for links.
    pub path: String,
    /// Its kind: `dataset`, `catalog`, `series`, `service`, `tool`.
    pub kind: String,
    /// The catalogue that holds it: IRI and title.
    pub catalogue: Option<(String, String)>,
    /// The provider's graph, together with the graphs of its distributions.
    pub triples: Vec<Triple>,
    /// When it was first published.
    pub first_published: Timestamp,
    /// When its public version last changed.
    pub changed: Timestamp,
    /// How good its description is, for kinds that are judged.
    pub quality: Option<Judged>,
    /// The names of the profiles that it is held against.
    pub profiles: Vec<String>,
}

/// How good the description of a record is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The more points, the better.
    pub points: i64,
    /// The band that the points fall in.
    pub band: String,
}

/// What a hit shows, kept beside the index.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) iri: String,
    pub(super) path: String,
    pub(super) kind: String,
    pub(super) titles: Vec<(String, String)>,
    pub(super) descriptions: Vec<(String, String)>,
    pub(super) publisher: Option<String>,
    pub(super) catalogue: Option<(String, String)>,
    pub(super) values: BTreeMap<String, Vec<String>>,
    pub(super) subjects: Option<i64>,
    pub(super) studies: Option<i64>,
    pub(super) years: Option<(i64, i64)>,
    pub(super) first_published: i64,
    pub(super) changed: i64,
    pub(super) creators: Vec<String>,
    pub(super) quality: Option<i64>,
}

/// A record taken apart.
#[derive(Debug, Default)]
pub(super) struct Extract {
    pub(super) stored: Stored,
    pub(super) titles: Vec<(String, String)>,
    pub(super) keywords: Vec<(String, String)>,
    pub(super) texts: Vec<(String, String)>,
    pub(super) identifiers: BTreeSet<String>,
    pub(super) languages: BTreeSet<String>,
    /// Facet (by position) and value, ancestors included.
    pub(super) values: BTreeSet<(usize, String)>,
    /// Every concept that the record is tagged with, and all above.
    pub(super) concepts: BTreeSet<String>,
    /// By facet position; empty for facets that are not ranges.
    pub(super) numbers: BTreeMap<usize, (i64, i64)>,
    pub(super) title_key: String,
    pub(super) tie: u64,
}

/// Takes a record apart as the definitions say.
pub(super) fn extract(
    record: &IndexedRecord,
    definitions: &FacetDefinitions,
    concepts: &dyn Concepts,
) -> Extract {
    let graph = Walk::new(record);
    let mut extract = Extract {
        tie: tie(&record.iri),
        ..Extract::default()
    };
    read_texts(&graph, definitions, &mut extract);
    read_identifiers(record, &graph, definitions, &mut extract);
    let mut direct = vec![BTreeSet::new(); definitions.facets.len()];
    for (index, facet) in definitions.facets.iter().enumerate() {
        match facet.kind {
            FacetKind::Range => read_range(&graph, facet, index, &mut extract),
            FacetKind::Year => read_years(&graph, facet, index, &mut extract),
            FacetKind::Flat | FacetKind::Hierarchical => {
                direct[index] = read_values(record, &graph, facet, concepts);
            }
        }
    }
    for (index, values) in direct.iter().enumerate() {
        tag(
            &definitions.facets[index],
            index,
            values,
            concepts,
            &mut extract,
        );
    }
    name_concepts(&direct, definitions, concepts, &mut extract);
    store(record, &direct, definitions, &mut extract);
    extract
}

/// A number that depends on nothing but the IRI: it settles the order of equal sort keys.
pub(super) fn tie(iri: &str) -> u64 {
    let digest = Sha256::digest(iri);
    digest
        .iter()
        .take(8)
        .fold(0, |number, &byte| (number << 8) | u64::from(byte))
}

fn read_texts(graph: &Walk<'_>, definitions: &FacetDefinitions, extract: &mut Extract) {
    let text = &definitions.text;
    extract.titles = graph.texts(&text.title);
    extract.keywords = graph.texts(&text.keywords);
    extract.stored.descriptions = graph.texts(&text.description);
    let publishers = graph.texts(&text.publisher);
    let creators = graph.texts(&text.creators).into_iter();
    extract.stored.creators = creators.map(|(_, name)| name).take(CREATORS_MAX).collect();
    extract.stored.publisher = best(&publishers, "en").map(|(_, name)| name.clone());
    extract.texts.clone_from(&extract.stored.descriptions);
    extract.texts.extend(publishers);
    extract.texts.extend(graph.texts(&text.further));
    let all = extract
        .titles
        .iter()
        .chain(&extract.keywords)
        .chain(&extract.texts);
    extract.languages = all.map(|(language, _)| language.clone()).collect();
    extract.languages.insert(words::DEFAULT_LANGUAGE.to_owned());
}

fn read_identifiers(
    record: &IndexedRecord,
    graph: &Walk<'_>,
    definitions: &FacetDefinitions,
    extract: &mut Extract,
) {
    let mut add = |text: &str| {
        let text = text.trim().to_lowercase();
        if !text.is_empty() && text.len() <= 1_000 {
            extract.identifiers.insert(text);
        }
    };
    add(&record.iri);
    add(last_segment(&record.iri));
    for term in graph.all(&definitions.text.identifiers) {
        match term {
            Term::NamedNode(node) => add(node.as_str()),
            Term::Literal(literal) => {
                add(literal.value());
                let code = literal.value().rsplit(": ").next();
                code.into_iter().for_each(&mut add);
            }
            _ => {}
        }
    }
}

fn read_range(graph: &Walk<'_>, facet: &FacetDefinition, index: usize, extract: &mut Extract) {
    let numbers = graph.all(&facet.paths).into_iter().filter_map(number);
    let low = match facet.unit {
        Some(unit) => numbers.reduce(i64::saturating_add).map(|sum| sum / unit),
        None => numbers.min(),
    };
    let high = graph.all(&facet.high).into_iter().filter_map(number).max();
    let (low, high) = match (low, high) {
        (None, None) => return,
        (Some(low), None) if facet.high.is_empty() => (low, low),
        (low, high) => (low.unwrap_or(0), high.unwrap_or(i64::MAX)),
    };
    if low > high {
        return;
    }
    extract.numbers.insert(index, (low, high));
    for bucket in 0..facet.buckets.len() {
        if facet
            .bucket(bucket)
            .is_some_and(|(from, to)| low <= to && from <= high)
        {
            extract.values.insert((index, bucket.to_string()));
        }
    }
}

fn read_years(graph: &Walk<'_>, facet: &FacetDefinition, index: usize, extract: &mut Extract) {
    let starts: Vec<i64> = graph
        .all(&facet.paths)
        .into_iter()
        .filter_map(year)
        .collect();
    let ends: Vec<i64> = graph
        .all(&facet.high)
        .into_iter()
        .filter_map(year)
        .collect();
    let first = starts.iter().chain(&ends).min();
    let last = ends.iter().chain(&starts).max();
    let (Some(&first), Some(&last)) = (first, last) else {
        return;
    };
    extract.stored.years = Some((first, last));
    for year in first..=last {
        extract.values.insert((index, year.to_string()));
    }
}

fn read_values(
    record: &IndexedRecord,
    graph: &Walk<'_>,
    facet: &FacetDefinition,
    concepts: &dyn Concepts,
) -> BTreeSet<String> {
    match facet.source {
        Source::Kind => BTreeSet::from([record.kind.clone()]),
        Source::Quality => record
            .quality
            .iter()
            .map(|judged| judged.band.clone())
            .collect(),
        Source::Published => {
            let date = Offset::UTC.to_datetime(record.first_published);
            BTreeSet::from([date.year().to_string()])
        }
        Source::Profile => record.profiles.iter().cloned().collect(),
        Source::Catalogue => record
            .catalogue
            .iter()
            .map(|(iri, _)| iri.clone())
            .collect(),
        Source::Presence if record.kind != "dataset" => BTreeSet::new(),
        Source::Presence => {
            let present = graph.all(&facet.paths).into_iter().any(says_something);
            BTreeSet::from([if present { "yes" } else { "no" }.to_owned()])
        }
        Source::Literal => {
            let texts = graph.texts(&facet.paths);
            let english = texts.iter().filter(|(language, _)| language == "en");
            let english: BTreeSet<String> = english.map(|(_, text)| text.clone()).collect();
            let all = || {
                texts
                    .iter()
                    .map(|(_, text)| text.clone())
                    .take(VALUES_MAX)
                    .collect()
            };
            if english.is_empty() { all() } else { english }
        }
        Source::Iri => {
            let mut values = iris(graph, &facet.paths, facet, concepts);
            if values.is_empty() {
                values = iris(graph, &facet.otherwise, facet, concepts);
            }
            values
        }
    }
}

fn iris(
    graph: &Walk<'_>,
    paths: &[Path],
    facet: &FacetDefinition,
    concepts: &dyn Concepts,
) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for term in graph.all(paths).into_iter().take(VALUES_MAX) {
        if let Term::NamedNode(node) = term
            && facet.takes(node.as_str())
        {
            values.insert(concepts.canonical(node.as_str()).to_owned());
        }
    }
    values
}

/// Counts the values for themselves and for the concepts above them.
fn tag(
    facet: &FacetDefinition,
    index: usize,
    values: &BTreeSet<String>,
    concepts: &dyn Concepts,
    extract: &mut Extract,
) {
    for value in values {
        extract.values.insert((index, value.clone()));
        if facet.source != Source::Iri {
            continue;
        }
        let above = concepts.ancestors(value);
        let counts = |concept: &&String| match &facet.root {
            Some(root) => *concept != root && concepts.ancestors(concept).contains(root),
            None => facet.kind == FacetKind::Hierarchical,
        };
        if facet.root.as_ref().is_none_or(|root| above.contains(root)) {
            let counted = above.iter().filter(counts);
            extract
                .values
                .extend(counted.map(|concept| (index, concept.clone())));
        }
        extract.concepts.insert(value.clone());
        extract.concepts.extend(above);
    }
}

/// The labels of the record's concepts, in its own languages and in English, are words too.
fn name_concepts(
    direct: &[BTreeSet<String>],
    definitions: &FacetDefinitions,
    concepts: &dyn Concepts,
    extract: &mut Extract,
) {
    let tagged = definitions.facets.iter().zip(direct);
    let tagged = tagged.filter(|(facet, _)| facet.source == Source::Iri);
    let mut names = BTreeSet::new();
    for value in tagged.flat_map(|(_, values)| values) {
        for language in &extract.languages {
            if let Some(label) = concepts.label(value, language) {
                names.insert((language.clone(), label));
            }
        }
        let synonyms = concepts.synonyms(value).into_iter();
        names.extend(synonyms.map(|name| (words::DEFAULT_LANGUAGE.to_owned(), name)));
    }
    extract.keywords.extend(names);
}

fn store(
    record: &IndexedRecord,
    direct: &[BTreeSet<String>],
    definitions: &FacetDefinitions,
    extract: &mut Extract,
) {
    let roles = &definitions.roles;
    let number = |id: &str| {
        let numbers = definitions
            .position(id)
            .and_then(|index| extract.numbers.get(&index));
        numbers.map(|&(low, _)| low)
    };
    let (subjects, studies) = (number(&roles.subjects), number(&roles.studies));
    let shown = [
        &roles.cancer,
        &roles.modality,
        &roles.body_part,
        &roles.country,
        &roles.tier,
    ];
    let mut values = BTreeMap::new();
    for role in shown.into_iter().chain([&roles.access]) {
        let found = definitions.position(role).map(|index| &direct[index]);
        if let Some(found) = found.filter(|found| !found.is_empty()) {
            values.insert(role.clone(), found.iter().cloned().collect());
        }
    }
    let stored = &mut extract.stored;
    stored.iri.clone_from(&record.iri);
    stored.path.clone_from(&record.path);
    stored.kind.clone_from(&record.kind);
    stored.catalogue.clone_from(&record.catalogue);
    stored.titles.clone_from(&extract.titles);
    for (_, text) in &mut stored.descriptions {
        *text = cut(text, STORED_CHARS_MAX);
    }
    stored.values = values;
    stored.subjects = subjects;
    stored.studies = studies;
    stored.first_published = record.first_published.as_millisecond();
    stored.changed = record.changed.as_millisecond();
    stored.quality = record.quality.as_ref().map(|judged| judged.points);
    let title = best(&extract.titles, "en").map_or(record.iri.as_str(), |(_, title)| title);
    extract.title_key = words::fold(title);
}

/// The text in a language, else in English, else any.
pub(super) fn best<'a>(
    texts: &'a [(String, String)],
    language: &str,
) -> Option<&'a (String, String)> {
    let wanted = texts.iter().find(|(tag, _)| tag == language);
    let english = || texts.iter().find(|(tag, _)| tag == "en");
    wanted.or_else(english).or_else(|| texts.first())
}

fn cut(text: &str, chars_max: usize) -> String {
    text.chars().take(chars_max).collect()
}

fn number(term: &Term) -> Option<i64> {
    let Term::Literal(literal) = term else {
        return None;
    };
    let whole = literal.value().trim().split('.').next()?;
    let number = whole.trim_start_matches('+').parse().ok()?;
    (number >= 0).then_some(number)
}

fn year(term: &Term) -> Option<i64> {
    let Term::Literal(literal) = term else {
        return None;
    };
    let year = literal.value().trim().get(..4)?.parse().ok()?;
    YEARS.contains(&year).then_some(year)
}

fn says_something(term: &Term) -> bool {
    match term {
        Term::Literal(literal) => !["", "0", "false"].contains(&literal.value().trim()),
        _ => true,
    }
}

/// Follows properties from the record.
struct Walk<'a> {
    start: NamedOrBlankNode,
    about: FxHashMap<&'a NamedOrBlankNode, Vec<(&'a str, &'a Term)>>,
}

impl<'a> Walk<'a> {
    fn new(record: &'a IndexedRecord) -> Self {
        let mut about: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for triple in &record.triples {
            let facts = about.entry(&triple.subject).or_default();
            facts.push((triple.predicate.as_str(), &triple.object));
        }
        let start = crate::rdf::NamedNode::new_unchecked(&record.iri).into();
        Self { start, about }
    }

    /// What stands at the ends of the paths.
    fn all(&self, paths: &[Path]) -> Vec<&'a Term> {
        let mut found = Vec::new();
        for path in paths {
            self.follow(&self.start, path, &mut found);
        }
        found
    }

    fn follow(&self, subject: &NamedOrBlankNode, path: &[String], found: &mut Vec<&'a Term>) {
        let Some((property, rest)) = path.split_first() else {
            return;
        };
        let facts = self.about.get(subject).into_iter().flatten();
        for (_, object) in facts.filter(|(predicate, _)| predicate == property) {
            if rest.is_empty() {
                found.push(object);
            } else if let Some(next) = node(object) {
                self.follow(&next, rest, found);
            }
        }
    }

    /// Literals with their language, without repetitions.
    fn texts(&self, paths: &[Path]) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for term in self.all(paths) {
            let Term::Literal(literal) = term else {
                continue;
            };
            let language = literal.language().map(words::primary);
            let language = language.unwrap_or_else(|| words::DEFAULT_LANGUAGE.to_owned());
            let text = words::compose(cut(literal.value(), TEXT_CHARS_MAX).trim());
            let text = (language, text);
            if !text.1.is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        texts
    }
}

fn node(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}
