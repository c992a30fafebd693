//! What stands in another FAIR Data Point? Its catalogues and datasets, found as its root leads to them.
//!
//! A visit stays on the host that was announced, goes down as far as datasets, asks for one thing after the other, and has
//! bounds of time, addresses and bytes: an announcement cannot make us a burden to anybody.

use std::collections::{HashSet, VecDeque};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use url::Url;

use crate::outbound::{Limits, Outbound};
use crate::rdf::vocabulary::{dcat, dct, fdp, ldp, r3d, rdf};
use crate::rdf::{Format, NamedNodeRef, NamedOrBlankNode, Term, Triple, format};

/// Records of one FAIR Data Point that are kept.
const RECORDS_MAX: usize = 1_000;
/// The root is at depth 0, its catalogues at 1, their datasets at 2.
const DEPTH_MAX: usize = 2;
const BYTES_MAX: usize = 1 << 20;
/// For everything below the root.
const VISIT: Duration = Duration::from_secs(300);
const ANSWER: Duration = Duration::from_secs(30);
/// Answers that may fail one after the other before the visit ends.
const FAILURES_MAX: usize = 5;
const TITLE_CHARS_MAX: usize = 300;

/// Properties that lead down.
const DOWN: [NamedNodeRef<'static>; 6] = [
    ldp::CONTAINS,
    fdp::METADATA_CATALOG,
    r3d::DATA_CATALOG,
    dcat::CATALOG,
    dcat::DATASET,
    dct::HAS_PART,
];
/// What is kept, the most special class first.
const CLASSES: [(NamedNodeRef<'static>, &str); 5] = [
    (dcat::CATALOG_CLASS, "catalog"),
    (dcat::DATASET_SERIES, "series"),
    (dcat::DATASET_CLASS, "dataset"),
    (dcat::DATA_SERVICE, "service"),
    (dcat::RESOURCE, "resource"),
];

/// A record of another FAIR Data Point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Visited {
    pub iri: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub title: Option<String>,
    /// The record that led to it.
    pub parent: String,
}

/// Everything that a visit found.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Visit {
    /// Whether nothing was left out: no bound was met, and everything answered.
    pub is_complete: bool,
    pub records: Vec<Visited>,
}

/// An address that is still to be asked.
struct Open {
    iri: String,
    parent: String,
    depth: usize,
}

/// Walks down from a root record. Blocks.
pub(super) fn walk(outbound: &Outbound, root: &str, triples: &[Triple]) -> Visit {
    let mut walk = Walk {
        outbound,
        home: Url::parse(root).ok(),
        open: VecDeque::new(),
        seen: HashSet::from([root.to_owned()]),
        visit: Visit {
            is_complete: true,
            records: Vec::new(),
        },
        until: Instant::now() + VISIT,
        failures: 0,
    };
    walk.lead_on(root, triples, 1);
    while let Some(next) = walk.open.pop_front() {
        if !walk.may_go_on() {
            walk.visit.is_complete = false;
            break;
        }
        walk.step(&next);
    }
    walk.visit
}

struct Walk<'a> {
    outbound: &'a Outbound,
    home: Option<Url>,
    open: VecDeque<Open>,
    seen: HashSet<String>,
    visit: Visit,
    until: Instant,
    failures: usize,
}

impl Walk<'_> {
    fn may_go_on(&self) -> bool {
        self.visit.records.len() < RECORDS_MAX
            && self.failures < FAILURES_MAX
            && Instant::now() < self.until
    }

    fn step(&mut self, next: &Open) {
        let Some(triples) = self.fetch(&next.iri) else {
            self.failures += 1;
            self.visit.is_complete = false;
            return;
        };
        self.failures = 0;
        let Some(kind) = kind(&next.iri, &triples) else {
            return;
        };
        self.visit.records.push(Visited {
            iri: next.iri.clone(),
            kind: kind.to_owned(),
            title: title(&next.iri, &triples),
            parent: next.parent.clone(),
        });
        if next.depth < DEPTH_MAX {
            self.lead_on(&next.iri, &triples, next.depth + 1);
        }
    }

    /// Notes where a record leads to.
    fn lead_on(&mut self, record: &str, triples: &[Triple], depth: usize) {
        let down = triples.iter().filter(|triple| {
            let is_down = DOWN.iter().any(|property| triple.predicate == *property);
            is_down && leads_from(record, triple)
        });
        for triple in down {
            let Term::NamedNode(iri) = &triple.object else {
                continue;
            };
            let iri = iri.as_str();
            if !self.is_at_home(iri) || self.seen.contains(iri) {
                continue;
            }
            // What is known is bounded, so that a list without end costs nothing.
            if self.seen.len() > RECORDS_MAX {
                self.visit.is_complete = false;
                return;
            }
            self.seen.insert(iri.to_owned());
            self.open.push_back(Open {
                iri: iri.to_owned(),
                parent: record.to_owned(),
                depth,
            });
        }
    }

    fn is_at_home(&self, iri: &str) -> bool {
        let origin = Url::parse(iri).ok().map(|url| url.origin());
        origin.is_some() && origin == self.home.as_ref().map(Url::origin)
    }

    fn fetch(&self, iri: &str) -> Option<Vec<Triple>> {
        let limits = Limits {
            bytes_max: BYTES_MAX,
            timeout: ANSWER,
            accept: "text/turtle".to_owned(),
            ..Limits::default()
        };
        let fetched = self.outbound.fetch(iri, &limits).ok()?;
        let quads = format::parse(&fetched.bytes, Format::Turtle, Some(iri)).ok()?;
        Some(quads.into_iter().map(Triple::from).collect())
    }
}

/// Whether a statement leads down from a record: its own, or that of a container of its.
fn leads_from(record: &str, triple: &Triple) -> bool {
    match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => {
            subject.as_str() == record || triple.predicate == ldp::CONTAINS
        }
        NamedOrBlankNode::BlankNode(_) => triple.predicate == ldp::CONTAINS,
    }
}

fn about<'a>(record: &'a str, triples: &'a [Triple]) -> impl Iterator<Item = &'a Triple> {
    triples.iter().filter(move |triple| match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => subject.as_str() == record,
        NamedOrBlankNode::BlankNode(_) => false,
    })
}

fn kind(record: &str, triples: &[Triple]) -> Option<&'static str> {
    let is_a = |class: NamedNodeRef<'_>| {
        let class = Term::from(class.into_owned());
        about(record, triples).any(|triple| triple.predicate == rdf::TYPE && triple.object == class)
    };
    let found = CLASSES.into_iter().find(|(class, _)| is_a(*class));
    found.map(|(_, kind)| kind)
}

/// The English title, else the first.
fn title(record: &str, triples: &[Triple]) -> Option<String> {
    let titles = about(record, triples).filter(|triple| triple.predicate == dct::TITLE);
    let literals = titles.filter_map(|triple| match &triple.object {
        Term::Literal(literal) => Some(literal),
        _ => None,
    });
    let is_english = |tag: Option<&str>| tag.is_some_and(|tag| tag.starts_with("en"));
    let best = literals.min_by_key(|literal| !is_english(literal.language()));
    best.map(|title| title.value().chars().take(TITLE_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turtle(text: &str) -> Vec<Triple> {
        let quads =
            format::parse(text.as_bytes(), Format::Turtle, Some("https://a.example/")).unwrap();
        quads.into_iter().map(Triple::from).collect()
    }

    #[test]
    fn a_visit_stays_at_home_and_asks_nothing_twice() {
        let outbound = Outbound::new(crate::outbound::Settings::default());
        let root = "https://a.example/";
        let triples = turtle(
            "@prefix ldp: <http://www.w3.org/ns/ldp#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
             <> <https://w3id.org/fdp/fdp-o#metadataCatalog> <catalog/1> , <https://elsewhere.example/2> .
             <catalog/> ldp:contains <catalog/1> , <catalog/3> . <other> dcat:dataset <dataset/4> .",
        );
        let mut walk = Walk {
            outbound: &outbound,
            home: Url::parse(root).ok(),
            open: VecDeque::new(),
            seen: HashSet::from([root.to_owned()]),
            visit: Visit::default(),
            until: Instant::now(),
            failures: 0,
        };
        walk.lead_on(root, &triples, 1);
        walk.lead_on(root, &triples, 1);
        let open: Vec<&str> = walk.open.iter().map(|one| one.iri.as_str()).collect();
        assert_eq!(
            open,
            ["https://a.example/catalog/1", "https://a.example/catalog/3"]
        );
    }

    #[test]
    fn a_record_is_known_by_its_class_and_title() {
        let triples = turtle(
            "<d> a <http://www.w3.org/ns/dcat#Dataset>, <http://www.w3.org/ns/dcat#Resource> ;
             <http://purl.org/dc/terms/title> 'Lunge'@de, 'Lung'@en .",
        );
        let iri = "https://a.example/d";
        assert_eq!(kind(iri, &triples), Some("dataset"));
        assert_eq!(title(iri, &triples).as_deref(), Some("Lung"));
        assert_eq!(kind("https://a.example/e", &triples), None);
    }
}
