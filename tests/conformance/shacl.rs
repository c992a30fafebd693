//! Runs the W3C SHACL test suite, Core and SPARQL, and compares whole reports.

#![cfg(test)]

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use vesalius::rdf::vocabulary::{rdf, sh};
use vesalius::rdf::{
    Format, Graph, NamedNodeRef, NamedOrBlankNodeRef, Term, TermRef, Triple, format,
};
use vesalius::shacl::{Data, Shapes};

const MANIFEST: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const SHACL_TEST: &str = "http://www.w3.org/ns/shacl-test#";
/// Stands for the folder of the suite in IRIs.
const BASE: &str = "https://suite.example/";

#[test]
fn core_is_complete() {
    run("core", 98);
}

#[test]
fn sparql_is_complete() {
    run("sparql", 23);
}

/// Shapes of others as they were published; the parts of a profile are loaded together.
#[test]
fn published_profiles_load_as_they_are() {
    for (folder, files) in [
        (
            "dcat-ap/releases/3.0.1/shacl",
            &["dcat-ap-SHACL.ttl", "ranges.ttl"][..],
        ),
        (
            "dcat-ap/releases/2.1.1",
            &["dcat-ap_2.1.1_shacl_shapes.ttl"],
        ),
        ("eucaim-fdp-shapes/dev/fdp/shacl-eucaim-2026-08-03", &[]),
    ] {
        let folder = suites().join(folder);
        let Ok(entries) = std::fs::read_dir(&folder) else {
            println!("published shapes NOT LOADED: no {}", folder.display());
            continue;
        };
        let mut triples = Vec::new();
        for path in entries.map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_turtle = path.extension().is_some_and(|extension| extension == "ttl");
            if is_turtle && (files.is_empty() || files.contains(&name.as_str())) {
                let bytes = std::fs::read(&path).unwrap();
                let quads = format::parse(&bytes, Format::Turtle, Some(BASE)).unwrap();
                triples.extend(quads.into_iter().map(Triple::from));
            }
        }
        let shapes =
            Shapes::compile(&triples).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        assert!(shapes.len() > 100 && shapes.target_classes().count() > 5);
    }
}

#[test]
fn a_report_that_differs_is_noticed() {
    let found = |value: &str| Found {
        messages: Vec::new(),
        properties: vec![("sh:value".to_owned(), value.to_owned())],
    };
    let report = |values: &[&str]| Report {
        conforms: "false".to_owned(),
        results: values.iter().map(|value| found(value)).collect(),
    };
    assert_eq!(compare(&report(&["1", "2"]), &report(&["2", "1"])), Ok(()));
    assert!(compare(&report(&["1"]), &report(&["2"])).is_err());
    assert!(compare(&report(&["1", "1"]), &report(&["1"])).is_err());
    assert!(compare(&report(&["1"]), &report(&["1", "1"])).is_err());
}

fn run(part: &str, expected: usize) {
    let Some(folder) = suite() else {
        println!("SHACL suite NOT RUN: no w3c-shacl-tests in VESALIUS_SUITES or ../shared/suites");
        return;
    };
    let mut suite = Suite {
        folder,
        documents: BTreeMap::new(),
    };
    let tests = suite.tests(part);
    let failures: Vec<String> = tests
        .iter()
        .filter_map(|test| {
            suite
                .check(test)
                .err()
                .map(|e| format!("{}: {e}", test.iri))
        })
        .collect();
    println!(
        "SHACL {part}: {} passed of {}",
        tests.len() - failures.len(),
        tests.len()
    );
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert_eq!(tests.len(), expected, "the suite has changed its size");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the suites lie outside the sources"
)]
fn suites() -> PathBuf {
    std::env::var("VESALIUS_SUITES").map_or_else(
        |_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites"),
        PathBuf::from,
    )
}

fn suite() -> Option<PathBuf> {
    let folder = suites().join("w3c-shacl-tests/data-shapes-test-suite/tests");
    folder.is_dir().then_some(folder)
}

struct Suite {
    folder: PathBuf,
    /// Each document is read once, so that its blank nodes keep their names.
    documents: BTreeMap<String, Vec<Triple>>,
}

struct Test {
    document: String,
    iri: String,
}

impl Suite {
    fn document(&mut self, iri: &str) -> Vec<Triple> {
        if let Some(known) = self.documents.get(iri) {
            return known.clone();
        }
        let path = self.folder.join(iri.strip_prefix(BASE).unwrap());
        let bytes = std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let quads = format::parse(&bytes, Format::Turtle, Some(iri)).unwrap();
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        self.documents.insert(iri.to_owned(), triples.clone());
        triples
    }

    fn graph(&mut self, iri: &str) -> Graph {
        self.document(iri).into_iter().collect()
    }

    /// The tests of every document of a folder. The manifests are not followed: they forget one.
    fn tests(&mut self, part: &str) -> Vec<Test> {
        let mut tests = Vec::new();
        for document in self.documents_of(part) {
            let graph = self.graph(&document);
            for entries in graph.triples_for_predicate(named(MANIFEST, "entries").as_ref()) {
                for entry in list(&graph, entries.object) {
                    let iri = iri_of(entry.as_ref()).unwrap();
                    tests.push(Test {
                        document: document.clone(),
                        iri,
                    });
                }
            }
        }
        tests
    }

    fn documents_of(&self, part: &str) -> Vec<String> {
        let (mut found, mut folders) = (Vec::new(), vec![self.folder.join(part)]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "ttl") {
                    let inside = path.strip_prefix(&self.folder).unwrap();
                    found.push(format!(
                        "{BASE}{}",
                        inside.to_string_lossy().replace('\\', "/")
                    ));
                }
            }
        }
        found.sort();
        found
    }

    fn check(&mut self, test: &Test) -> Result<(), String> {
        let graph = self.graph(&test.document);
        let node = vesalius::rdf::NamedNode::new_unchecked(&test.iri);
        let value = |subject: NamedOrBlankNodeRef<'_>, property: &str, namespace: &str| {
            let property = named(namespace, property);
            graph
                .object_for_subject_predicate(subject, property.as_ref())
                .map(TermRef::into_owned)
        };
        let action = value(node.as_ref().into(), "action", MANIFEST).unwrap();
        let action = subject(&action);
        let data = value(action, "dataGraph", SHACL_TEST).unwrap();
        let shapes = value(action, "shapesGraph", SHACL_TEST).unwrap();
        let expected = value(node.as_ref().into(), "result", MANIFEST).unwrap();
        let data = self.document(&iri_of(data.as_ref()).unwrap());
        let shapes = self.document(&iri_of(shapes.as_ref()).unwrap());
        let outcome = Shapes::compile(&shapes)
            .map_err(|error| error.to_string())
            .and_then(|shapes| {
                shapes
                    .validate(&Data::new(&data))
                    .map_err(|error| error.to_string())
            });
        let failure = Term::from(named(SHACL_TEST, "Failure"));
        match outcome {
            Err(_) if expected == failure => Ok(()),
            Err(error) => Err(error),
            Ok(_) if expected == failure => Err("a failure was expected".to_owned()),
            Ok(report) => {
                let ours: Graph = report.to_graph().into_iter().collect();
                let root = ours
                    .subject_for_predicate_object(rdf::TYPE, sh::VALIDATION_REPORT)
                    .unwrap();
                compare(
                    &Report::of(&graph, subject(&expected)),
                    &Report::of(&ours, root),
                )
            }
        }
    }
}

/// A report as comparable text. Blank nodes of data and shapes have the names of their document.
struct Report {
    conforms: String,
    results: Vec<Found>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Found {
    /// Messages count only where the suite names some.
    messages: Vec<String>,
    properties: Vec<(String, String)>,
}

impl Report {
    fn of(graph: &Graph, root: NamedOrBlankNodeRef<'_>) -> Self {
        let conforms = graph
            .object_for_subject_predicate(root, sh::CONFORMS)
            .unwrap()
            .to_string();
        let results = graph.objects_for_subject_predicate(root, sh::RESULT);
        let mut results: Vec<_> = results.map(|node| Found::of(graph, node)).collect();
        results.sort_by(|a, b| b.cmp(a));
        Self { conforms, results }
    }
}

impl Found {
    fn of(graph: &Graph, node: TermRef<'_>) -> Self {
        let node = node.into_owned();
        let (mut messages, mut properties) = (Vec::new(), Vec::new());
        for triple in graph.triples_for_subject(subject(&node)) {
            match triple.predicate {
                sh::RESULT_MESSAGE => messages.push(triple.object.to_string()),
                sh::DETAIL => (),
                sh::RESULT_PATH => {
                    properties.push((triple.predicate.to_string(), path(graph, triple.object)));
                }
                other => properties.push((other.to_string(), triple.object.to_string())),
            }
        }
        messages.sort();
        properties.sort();
        Self {
            messages,
            properties,
        }
    }
}

fn compare(expected: &Report, ours: &Report) -> Result<(), String> {
    if expected.conforms != ours.conforms {
        return Err(format!(
            "conforms is {}: {:#?}",
            ours.conforms, ours.results
        ));
    }
    // Those with messages come first in the order, so that they find their partners first.
    let mut left = ours.results.clone();
    for wanted in &expected.results {
        let fits = |found: &Found| {
            found.properties == wanted.properties
                && (wanted.messages.is_empty() || found.messages == wanted.messages)
        };
        match left.iter().position(fits) {
            Some(at) => drop(left.remove(at)),
            None => return Err(format!("missing {wanted:#?}\nleft {left:#?}")),
        }
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("too much: {left:#?}"))
    }
}

/// A path by its structure.
fn path(graph: &Graph, node: TermRef<'_>) -> String {
    let TermRef::BlankNode(blank) = node else {
        return node.to_string();
    };
    if graph
        .object_for_subject_predicate(blank, rdf::FIRST)
        .is_some()
    {
        let members: Vec<_> = list(graph, node)
            .iter()
            .map(|m| path(graph, m.as_ref()))
            .collect();
        return format!("({})", members.join(" "));
    }
    let mut parts: Vec<_> = graph
        .triples_for_subject(blank)
        .map(|triple| format!("{} {}", triple.predicate, path(graph, triple.object)))
        .collect();
    parts.sort();
    format!("[{}]", parts.join("; "))
}

fn list(graph: &Graph, start: TermRef<'_>) -> Vec<Term> {
    let (mut members, mut seen) = (Vec::new(), HashSet::new());
    let mut rest = start.into_owned();
    while rest != Term::from(rdf::NIL) && seen.insert(rest.clone()) {
        let value = |property: NamedNodeRef<'_>| {
            graph
                .object_for_subject_predicate(subject(&rest), property)
                .unwrap()
                .into_owned()
        };
        members.push(value(rdf::FIRST));
        rest = value(rdf::REST);
    }
    members
}

fn subject(term: &Term) -> NamedOrBlankNodeRef<'_> {
    match term {
        Term::NamedNode(node) => node.as_ref().into(),
        Term::BlankNode(node) => node.as_ref().into(),
        other => panic!("{other} is no subject"),
    }
}

fn iri_of(term: TermRef<'_>) -> Option<String> {
    match term {
        TermRef::NamedNode(node) => Some(node.as_str().to_owned()),
        _ => None,
    }
}

fn named(namespace: &str, name: &str) -> vesalius::rdf::NamedNode {
    vesalius::rdf::NamedNode::new_unchecked(format!("{namespace}{name}"))
}
