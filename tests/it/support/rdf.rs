//! How do tests compare graphs? As RDF does: blank nodes have no names.

use vesalius::rdf::{Format, NamedNode, Term, Triple, canonical, format};

pub const DCAT: &str = "http://www.w3.org/ns/dcat#";
pub const DCT: &str = "http://purl.org/dc/terms/";
pub const LDP: &str = "http://www.w3.org/ns/ldp#";
pub const FDP: &str = "https://w3id.org/fdp/fdp-o#";
pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

pub fn iri(text: &str) -> NamedNode {
    NamedNode::new(text).unwrap()
}

/// Reads Turtle (or N-Triples).
pub fn turtle(text: &str, base: &str) -> Vec<Triple> {
    parse(text.as_bytes(), Format::Turtle, base)
}

pub fn parse(bytes: &[u8], format: Format, base: &str) -> Vec<Triple> {
    let quads = format::parse(bytes, format, Some(base)).unwrap_or_else(|error| panic!("{error}"));
    let mut triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    let mut seen = std::collections::HashSet::new();
    triples.retain(|triple| seen.insert(triple.clone()));
    triples
}

pub fn ntriples(triples: &[Triple]) -> String {
    let bytes = format::write_triples(Format::NTriples, triples.iter().map(Triple::as_ref));
    String::from_utf8(bytes).unwrap()
}

/// Expects the same graph, and shows the lines that differ.
#[track_caller]
pub fn assert_isomorphic(found: &[Triple], expected: &[Triple], what: &str) {
    if canonical::isomorphic(found, expected).unwrap() {
        return;
    }
    let lines = |triples: &[Triple]| -> Vec<String> {
        let text = canonical::canonical_ntriples(triples).unwrap().into_text();
        text.lines().map(str::to_owned).collect()
    };
    let (found, expected) = (lines(found), lines(expected));
    let missing: Vec<&String> = expected
        .iter()
        .filter(|line| !found.contains(line))
        .collect();
    let foreign: Vec<&String> = found
        .iter()
        .filter(|line| !expected.contains(line))
        .collect();
    panic!("{what}: not the same graph\nmissing: {missing:#?}\nnot expected: {foreign:#?}");
}

/// Whether a graph says `subject predicate object`, with the object an IRI.
pub fn says(triples: &[Triple], subject: &str, predicate: &str, object: &str) -> bool {
    objects(triples, subject, predicate)
        .iter()
        .any(|found| *found == Term::from(iri(object)))
}

/// What stands behind a property of a subject.
pub fn objects(triples: &[Triple], subject: &str, predicate: &str) -> Vec<Term> {
    let subject = iri(subject).into();
    let about =
        |triple: &&Triple| triple.subject == subject && triple.predicate.as_str() == predicate;
    triples
        .iter()
        .filter(about)
        .map(|triple| triple.object.clone())
        .collect()
}

/// The IRIs that stand behind a property of a subject, sorted.
pub fn iris(triples: &[Triple], subject: &str, predicate: &str) -> Vec<String> {
    let name = |term: Term| match term {
        Term::NamedNode(iri) => Some(iri.into_string()),
        _ => None,
    };
    let mut found: Vec<String> = objects(triples, subject, predicate)
        .into_iter()
        .filter_map(name)
        .collect();
    found.sort();
    found
}
