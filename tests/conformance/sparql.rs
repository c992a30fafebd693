//! Does the store pass W3C's tests of SPARQL 1.1 that concern a service for reading?

#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use oxrdf::graph::CanonicalizationAlgorithm;
use oxrdf::vocab::xsd;
use oxrdf::{
    BlankNode, Graph, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Triple,
    Variable,
};
use oxsdatatypes::{Decimal, Double, Float};
use sparesults::{
    QueryResultsFormat, QueryResultsParser, QueryResultsSerializer, SliceQueryResultsParserOutput,
};
use vesalius::rdf::{Format, format};
use vesalius::store::{Batch, Columns, QueryError, QueryOptions, QueryResults, Settings, Snapshot};

/// The parts of the suite, and the folders of each.
const PARTS: [(&str, &[&str]); 4] = [
    (
        "query language",
        &[
            "aggregates",
            "bind",
            "bindings",
            "cast",
            "construct",
            "exists",
            "functions",
            "grouping",
            "negation",
            "project-expression",
            "property-path",
            "subquery",
        ],
    ),
    ("syntax of queries", &["syntax-query"]),
    ("result formats", &["csv-tsv-res", "json-res"]),
    ("syntax of federated queries", &["syntax-fed"]),
];

/// Tests that are not passed, and why. One that passes must leave the list.
const EXCEPTIONS: &[(&str, &str)] = &[];

/// The table that these tests print.
const TABLE: &str = include_str!("../../docs/conformance.md");

const RESULT_SET: &str = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#";

const MANIFEST: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const QUERY: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// Files are named by addresses under this one.
const BASE: &str = "http://www.w3.org/2009/sparql/tests/";

#[test]
fn sparql_1_1() {
    let Some(suite) = suite() else {
        println!("NOT RUN: the W3C tests are not there; set VESALIUS_SUITES to their folder");
        return;
    };
    let mut wrong = Vec::new();
    let mut unexpected = Vec::new();
    let mut lines = Vec::new();
    for (part, folders) in PARTS {
        let (mut passed, mut total) = (0, 0);
        for folder in folders {
            let tests = Manifest::read(&suite, folder);
            for name in tests.entries() {
                let short = format!("{folder}/{}", name.rsplit('#').next().unwrap_or_default());
                let excused = EXCEPTIONS.iter().any(|(excused, _)| *excused == short);
                total += 1;
                match (tests.run(&suite, &name), excused) {
                    (Ok(()), false) => passed += 1,
                    (Ok(()), true) => unexpected.push(short),
                    (Err(_), true) => (),
                    (Err(reason), false) => wrong.push(format!("{short}: {reason}")),
                }
            }
        }
        lines.push(format!("| SPARQL 1.1 {part} | {passed} | {total} |"));
    }
    println!("{}", lines.join("\n"));
    assert!(
        wrong.is_empty(),
        "{} failed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(unexpected.is_empty(), "these pass now: {unexpected:?}");
    for line in lines {
        assert!(
            TABLE.contains(&line),
            "docs/conformance.md does not say {line}"
        );
    }
}

#[test]
fn federated_queries_are_refused_and_not_half_answered() {
    let Some(suite) = suite() else {
        println!("NOT RUN: the W3C tests are not there; set VESALIUS_SUITES to their folder");
        return;
    };
    let tests = Manifest::read(&suite, "service");
    let names = tests.entries();
    assert!(!names.is_empty(), "the suite has tests of SERVICE");
    let folder = tempfile::tempdir().unwrap();
    let columns = Columns::open(folder.path(), &Settings::default()).unwrap();
    for name in names {
        let test = Term::from(NamedNode::new_unchecked(&name));
        let action = tests.object(&test, &format!("{MANIFEST}action")).unwrap();
        let query = tests.object(&action, &format!("{QUERY}query")).unwrap();
        let query = read(&suite, &text(query)).unwrap();
        let outcome = columns.snapshot().query(&query, &QueryOptions::default());
        assert!(matches!(outcome, Err(QueryError::Service)), "{name}");
    }
}

fn suite() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test finds its data by the environment"
    )]
    let folder = match std::env::var("VESALIUS_SUITES") {
        Ok(folder) => PathBuf::from(folder),
        Err(_) => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites"),
    };
    let folder = folder.join("w3c-rdf-tests/sparql/sparql11");
    folder.is_dir().then_some(folder)
}

struct Manifest {
    graph: Graph,
}

impl Manifest {
    fn read(suite: &Path, folder: &str) -> Self {
        let file = format!("{BASE}{folder}/manifest.ttl");
        Self {
            graph: read_graph(suite, &file).into_iter().collect(),
        }
    }

    fn object(&self, subject: &Term, property: &str) -> Option<Term> {
        self.objects(subject, property).into_iter().next()
    }

    fn objects(&self, subject: &Term, property: &str) -> Vec<Term> {
        let subject = match subject {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => node.clone().into(),
            _ => return Vec::new(),
        };
        let property = NamedNodeRef::new_unchecked(property);
        self.graph
            .objects_for_subject_predicate(&subject, property)
            .map(TermRef::into_owned)
            .collect()
    }

    /// The names of the tests, in their order.
    fn entries(&self) -> Vec<String> {
        let entries = format!("{MANIFEST}entries");
        let mut names = Vec::new();
        let heads = self
            .graph
            .triples_for_predicate(NamedNodeRef::new_unchecked(&entries));
        for head in heads.map(|t| t.object.into_owned()).collect::<Vec<_>>() {
            let mut rest = Some(head);
            while let Some(list) = rest {
                if let Some(Term::NamedNode(name)) = self.object(&list, &format!("{RDF}first")) {
                    names.push(name.into_string());
                }
                rest = self.object(&list, &format!("{RDF}rest"));
            }
        }
        names
    }

    fn run(&self, suite: &Path, name: &str) -> Result<(), String> {
        let test = Term::from(NamedNode::new_unchecked(name));
        let kind = self
            .object(&test, &format!("{RDF}type"))
            .map(text)
            .unwrap_or_default();
        let action = self
            .object(&test, &format!("{MANIFEST}action"))
            .ok_or("no action")?;
        match kind.rsplit('#').next().unwrap_or_default() {
            "PositiveSyntaxTest11" | "PositiveSyntaxTest" => syntax(suite, &text(action)),
            "NegativeSyntaxTest11" | "NegativeSyntaxTest" => match syntax(suite, &text(action)) {
                Ok(()) => Err("it should not be read".to_owned()),
                Err(_) => Ok(()),
            },
            "QueryEvaluationTest" | "CSVResultFormatTest" => {
                let result = self
                    .object(&test, &format!("{MANIFEST}result"))
                    .ok_or("no result")?;
                self.evaluate(suite, &action, &text(result))
            }
            other => Err(format!("unknown kind of test {other}")),
        }
    }

    fn evaluate(&self, suite: &Path, action: &Term, result: &str) -> Result<(), String> {
        let query = self
            .object(action, &format!("{QUERY}query"))
            .map(text)
            .ok_or("no query")?;
        let query_text = read(suite, &query)?;
        let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
        let settings = Settings {
            background: false,
            ..Settings::default()
        };
        let columns = Columns::open(folder.path(), &settings).map_err(|e| e.to_string())?;
        let mut put = Vec::new();
        let mut default_graphs = Vec::new();
        for data in self.objects(action, &format!("{QUERY}data")) {
            let name = text(data);
            put.push((NamedNode::new_unchecked(&name), read_graph(suite, &name)));
            default_graphs.push(NamedNode::new_unchecked(name));
        }
        let mut named = Vec::new();
        for data in self.objects(action, &format!("{QUERY}graphData")) {
            let name = text(data);
            put.push((NamedNode::new_unchecked(&name), read_graph(suite, &name)));
            named.push(NamedNode::new_unchecked(name));
        }
        columns
            .apply(&Batch {
                sequence: 1,
                put,
                remove: vec![],
            })
            .map_err(|e| e.to_string())?;
        // Without GRAPH in the query the union is the default graph, as it is for everybody.
        let words = query_text.to_uppercase();
        let chosen = (!named.is_empty() || words.contains("GRAPH")) && !words.contains("FROM");
        if !chosen {
            default_graphs.clear();
            named.clear();
        }
        for flushed in [false, true] {
            if flushed {
                columns.flush().map_err(|e| e.to_string())?;
            }
            let options = QueryOptions {
                base: Some(query.clone()),
                default_graphs: default_graphs.clone(),
                named_graphs: named.clone(),
                ..QueryOptions::default()
            };
            compare(suite, &columns.snapshot(), &query_text, &options, result)
                .map_err(|reason| format!("flushed {flushed}: {reason}"))?;
        }
        Ok(())
    }
}

fn syntax(suite: &Path, query: &str) -> Result<(), String> {
    let query_text = read(suite, query)?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let columns = Columns::open(folder.path(), &Settings::default()).map_err(|e| e.to_string())?;
    let options = QueryOptions {
        base: Some(query.to_owned()),
        ..QueryOptions::default()
    };
    match columns.snapshot().query(&query_text, &options) {
        // What cannot be evaluated has been read all the same.
        Ok(_) | Err(QueryError::Evaluation(_) | QueryError::Service) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn text(term: Term) -> String {
    match term {
        Term::NamedNode(node) => node.into_string(),
        other => other.to_string(),
    }
}

fn read(suite: &Path, address: &str) -> Result<String, String> {
    let path = suite.join(
        address
            .strip_prefix(BASE)
            .ok_or("it is no file of the tests")?,
    );
    fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
}

fn read_graph(suite: &Path, address: &str) -> Vec<Triple> {
    let content = read(suite, address).unwrap();
    let extension = address.rsplit('.').next().unwrap();
    let format = Format::from_extension(extension).unwrap();
    let quads = format::parse(content.as_bytes(), format, Some(address)).unwrap();
    quads.into_iter().map(Triple::from).collect()
}

type Row = BTreeMap<String, Term>;

fn compare(
    suite: &Path,
    snapshot: &Snapshot,
    query: &str,
    options: &QueryOptions,
    result: &str,
) -> Result<(), String> {
    let answer = snapshot.query(query, options).map_err(|e| e.to_string())?;
    let content = read(suite, result)?;
    let extension = result.rsplit('.').next().unwrap_or_default();
    match answer {
        QueryResults::Graph(triples) => {
            let mut found: Graph = triples
                .collect::<Result<_, _>>()
                .map_err(|e| e.to_string())?;
            let mut expected: Graph = read_graph(suite, result).into_iter().collect();
            found.canonicalize(CanonicalizationAlgorithm::Unstable);
            expected.canonicalize(CanonicalizationAlgorithm::Unstable);
            if found == expected {
                Ok(())
            } else {
                Err(format!("found\n{found}instead of\n{expected}"))
            }
        }
        QueryResults::Boolean(found) => match parse_results(&content, extension)? {
            Expected::Boolean(expected) if expected == found => Ok(()),
            _ => Err(format!("found {found}")),
        },
        QueryResults::Solutions(solutions) => {
            let mut found = Vec::new();
            for row in solutions {
                let row = row.map_err(|e| e.to_string())?;
                found.push(
                    row.iter()
                        .map(|(v, t)| (v.as_str().to_owned(), t.clone()))
                        .collect(),
                );
            }
            if extension == "csv" {
                return csv(&content, &found);
            }
            let expected = match extension {
                "ttl" => result_set(suite, result),
                _ => match parse_results(&content, extension)? {
                    Expected::Rows(rows) => rows,
                    Expected::Boolean(_) => return Err("found rows instead of a boolean".into()),
                },
            };
            if same_rows(&found, &expected) {
                Ok(())
            } else {
                Err(format!("found {found:?}\ninstead of {expected:?}"))
            }
        }
    }
}

enum Expected {
    Boolean(bool),
    Rows(Vec<Row>),
}

/// Rows that are written as RDF.
fn result_set(suite: &Path, address: &str) -> Vec<Row> {
    let results = Manifest {
        graph: read_graph(suite, address).into_iter().collect(),
    };
    let property = |name: &str| format!("{RESULT_SET}{name}");
    let solution = property("solution");
    let heads = results
        .graph
        .triples_for_predicate(NamedNodeRef::new_unchecked(&solution));
    heads
        .map(|head| {
            let bindings = results.objects(&head.object.into_owned(), &property("binding"));
            bindings
                .iter()
                .filter_map(|binding| {
                    let Some(Term::Literal(name)) = results.object(binding, &property("variable"))
                    else {
                        return None;
                    };
                    Some((
                        name.value().to_owned(),
                        results.object(binding, &property("value"))?,
                    ))
                })
                .collect()
        })
        .collect()
}

/// Numbers are the same when their values are: `2.0` and `2`.
fn by_value(term: &Term) -> Term {
    let Term::Literal(literal) = term else {
        return term.clone();
    };
    let value = literal.value();
    let written = match literal.datatype() {
        xsd::DECIMAL => value.parse::<Decimal>().ok().map(|n| n.to_string()),
        xsd::DOUBLE => value.parse::<Double>().ok().map(|n| n.to_string()),
        xsd::FLOAT => value.parse::<Float>().ok().map(|n| n.to_string()),
        _ => None,
    };
    match written {
        Some(written) => {
            Literal::new_typed_literal(written, literal.datatype().into_owned()).into()
        }
        None => term.clone(),
    }
}

fn parse_results(content: &str, extension: &str) -> Result<Expected, String> {
    let format = QueryResultsFormat::from_extension(extension).ok_or("unknown kind of results")?;
    let results = QueryResultsParser::from_format(format)
        .for_slice(content.as_bytes())
        .map_err(|e| e.to_string())?;
    match results {
        SliceQueryResultsParserOutput::Boolean(value) => Ok(Expected::Boolean(value)),
        SliceQueryResultsParserOutput::Solutions(solutions) => {
            let mut rows = Vec::new();
            for row in solutions {
                let row = row.map_err(|e| e.to_string())?;
                rows.push(
                    row.iter()
                        .map(|(v, t)| (v.as_str().to_owned(), t.clone()))
                        .collect(),
                );
            }
            Ok(Expected::Rows(rows))
        }
    }
}

/// Values of CSV have lost their kinds, so the lines themselves are compared, in any order and
/// without the names of blank nodes.
fn csv(content: &str, found: &[Row]) -> Result<(), String> {
    // A SELECT of everything has its columns in no given order.
    let header = content.lines().next().unwrap_or_default();
    let variables: Vec<Variable> = header.split(',').map(Variable::new_unchecked).collect();
    let mut writer = QueryResultsSerializer::from_format(QueryResultsFormat::Csv)
        .serialize_solutions_to_writer(Vec::new(), variables.clone())
        .map_err(|e| e.to_string())?;
    for row in found {
        let cells = variables.iter();
        let cells = cells.filter_map(|v| Some((v.as_ref(), row.get(v.as_str())?.as_ref())));
        writer.serialize(cells).map_err(|e| e.to_string())?;
    }
    let written = writer.finish().map_err(|e| e.to_string())?;
    let written = String::from_utf8(written).map_err(|e| e.to_string())?;
    let lines = |text: &str| {
        let cell = |cell: &str| {
            if cell.starts_with("_:") {
                "_:".to_owned()
            } else {
                cell.to_owned()
            }
        };
        let line = |line: &str| line.split(',').map(cell).collect::<Vec<_>>().join(",");
        let mut lines: Vec<String> = text.lines().map(line).collect();
        lines.sort();
        lines
    };
    let (found, expected) = (lines(&written), lines(content));
    if found == expected {
        Ok(())
    } else {
        Err(format!("found {found:?}\ninstead of {expected:?}"))
    }
}

/// Whether two sets of rows differ only in the names of their blank nodes.
fn same_rows(a: &[Row], b: &[Row]) -> bool {
    let by_value = |rows: &[Row]| -> Vec<Row> {
        let row = |row: &Row| {
            row.iter()
                .map(|(name, t)| (name.clone(), by_value(t)))
                .collect()
        };
        rows.iter().map(row).collect()
    };
    let (a, b) = (&by_value(a)[..], &by_value(b)[..]);
    if a.len() != b.len() {
        return false;
    }
    let has_blank = a
        .iter()
        .flat_map(Row::values)
        .any(|term| matches!(term, Term::BlankNode(_)));
    if !has_blank {
        let lines = |rows: &[Row]| {
            let mut lines: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
            lines.sort();
            lines
        };
        return lines(a) == lines(b);
    }
    let graph = |rows: &[Row]| {
        let mut graph = Graph::new();
        for row in rows {
            let node = BlankNode::default();
            for (name, value) in row {
                let property = NamedNode::new_unchecked(format!("urn:x:{name}"));
                graph.insert(&Triple::new(node.clone(), property, value.clone()));
            }
        }
        graph.canonicalize(CanonicalizationAlgorithm::Unstable);
        graph
    };
    graph(a) == graph(b)
}
