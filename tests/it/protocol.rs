//! Does the endpoint pass W3C's tests of the SPARQL 1.1 Protocol and of the Service Description, through HTTP?

use std::path::{Path, PathBuf};

use oxrdf::{Graph, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef};
use url::form_urlencoded::byte_serialize;
use vesalius::rdf::{Format, Triple, format};

use crate::support::{Answer, demo};

const MANIFEST: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const HTTP: &str = "http://www.w3.org/2011/http#";
const CONTENT: &str = "http://www.w3.org/2011/content#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const SD: &str = "http://www.w3.org/ns/sparql-service-description#";
/// The tests speak of graphs under this address that describe themselves, as our records do.
const DATA: &str = "http://kasei.us/2009/09/sparql/data/";

/// Why tests do not apply: the endpoint is for reading, records are written by their own addresses.
const WRITING: [&str; 7] = [
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
];

const TABLE: &str = include_str!("../../docs/conformance.md");

#[test]
fn the_protocol_of_sparql_1_1() {
    let Some(suite) = suite() else {
        println!("NOT RUN: the W3C tests are not there; set VESALIUS_SUITES to their folder");
        return;
    };
    let manifest = Manifest::read(&suite.join("protocol/manifest.ttl"));
    let records = records();
    let (mut passed, mut total, mut wrong) = (0, 0, Vec::new());
    for test in manifest.entries() {
        let name = test.as_str().rsplit('#').next().unwrap().to_owned();
        let outcome = manifest.run(&Term::from(test), &records);
        if WRITING.contains(&name.as_str()) {
            assert!(outcome.is_err(), "{name} is refused");
            continue;
        }
        total += 1;
        match outcome {
            Ok(()) => passed += 1,
            Err(reason) => wrong.push(format!("{name}: {reason}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    said(&format!(
        "| SPARQL 1.1 Protocol, reading | {passed} | {total} |"
    ));
}

#[test]
fn the_service_description_of_sparql_1_1() {
    let Some(suite) = suite() else {
        println!("NOT RUN: the W3C tests are not there; set VESALIUS_SUITES to their folder");
        return;
    };
    let manifest = Manifest::read(&suite.join("service-description/manifest.ttl"));
    let answer = demo().nobody().get_as("/sparql", "text/turtle").is(200);
    let said_there = format::parse(&answer.body, Format::Turtle, Some(&demo().base));
    let graph: Graph = said_there.unwrap().into_iter().map(Triple::from).collect();
    let description = Manifest { graph };
    let endpoint = Term::from(NamedNode::new_unchecked(format!("{}/sparql", demo().base)));
    let has = |subject: &Term, property: &str| description.object(subject, property).is_some();
    let (mut passed, mut total) = (0, 0);
    for test in manifest.entries() {
        total += 1;
        let holds = match test.as_str().rsplit('#').next().unwrap() {
            "returns-rdf" => answer.media_type() == "text/turtle",
            "has-endpoint-triple" => {
                description.objects(&endpoint, &format!("{SD}endpoint")) == [endpoint.clone()]
            }
            // §3: what a service may say of itself, with the classes that go with it.
            "conforms-to-schema" => {
                let kind = description.objects(&endpoint, &format!("{RDF}type"));
                let service = Term::from(NamedNode::new_unchecked(format!("{SD}Service")));
                kind.contains(&service)
                    && has(&endpoint, &format!("{SD}supportedLanguage"))
                    && has(&endpoint, &format!("{SD}resultFormat"))
                    && description
                        .object(&endpoint, &format!("{SD}defaultDataset"))
                        .is_some_and(|dataset| has(&dataset, &format!("{SD}defaultGraph")))
            }
            other => panic!("the suite has a new test: {other}"),
        };
        passed += usize::from(holds);
    }
    assert_eq!(passed, total, "{}", answer.text());
    said(&format!(
        "| SPARQL 1.1 Service Description | {passed} | {total} |"
    ));
}

fn said(line: &str) {
    assert!(
        TABLE.contains(line),
        "docs/conformance.md does not say {line}"
    );
}

fn suite() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test finds its data by the environment"
    )]
    let folder = std::env::var("VESALIUS_SUITES").ok()?;
    let folder = PathBuf::from(folder).join("w3c-rdf-tests/sparql/sparql11");
    folder.is_dir().then_some(folder)
}

/// Some records, each the name of a graph that says what it is.
fn records() -> Vec<String> {
    let query =
        "SELECT ?d { GRAPH ?d { ?d a <http://www.w3.org/ns/dcat#Dataset> } } ORDER BY ?d LIMIT 4";
    let answer = demo().nobody().query(query, "text/csv").is(200);
    let records: Vec<String> = answer.text().lines().skip(1).map(str::to_owned).collect();
    assert_eq!(records.len(), 4, "the demonstration has records");
    records
}

struct Manifest {
    graph: Graph,
}

impl Manifest {
    fn read(file: &Path) -> Self {
        let content = std::fs::read(file).unwrap();
        let base = "http://www.w3.org/2009/sparql/tests/manifest.ttl";
        let quads = format::parse(&content, Format::Turtle, Some(base)).unwrap();
        Self {
            graph: quads.into_iter().map(Triple::from).collect(),
        }
    }

    fn objects(&self, subject: &Term, property: &str) -> Vec<Term> {
        let subject = match subject {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => node.clone().into(),
            _ => return Vec::new(),
        };
        let property = NamedNodeRef::new_unchecked(property);
        let objects = self.graph.objects_for_subject_predicate(&subject, property);
        objects.map(TermRef::into_owned).collect()
    }

    fn object(&self, subject: &Term, property: &str) -> Option<Term> {
        self.objects(subject, property).into_iter().next()
    }

    fn text(&self, subject: &Term, property: &str) -> Option<String> {
        match self.object(subject, property)? {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            Term::NamedNode(node) => Some(node.into_string()),
            _ => None,
        }
    }

    fn list(&self, subject: &Term, property: &str) -> Vec<Term> {
        let mut members = Vec::new();
        let mut rest = self.object(subject, property);
        while let Some(list) = rest {
            members.extend(self.object(&list, &format!("{RDF}first")));
            rest = self.object(&list, &format!("{RDF}rest"));
        }
        members
    }

    fn entries(&self) -> Vec<NamedNode> {
        let property = format!("{MANIFEST}entries");
        let heads = self
            .graph
            .triples_for_predicate(NamedNodeRef::new_unchecked(&property));
        let manifests: Vec<Term> = heads.map(|t| Term::from(t.subject.into_owned())).collect();
        let members = manifests.iter().flat_map(|one| self.list(one, &property));
        members
            .filter_map(|member| match member {
                Term::NamedNode(node) => Some(node),
                _ => None,
            })
            .collect()
    }

    fn run(&self, test: &Term, records: &[String]) -> Result<(), String> {
        let action = self
            .object(test, &format!("{MANIFEST}action"))
            .ok_or("no action")?;
        let requests = self.list(&action, &format!("{HTTP}requests"));
        if requests.is_empty() {
            return Err("no requests".to_owned());
        }
        for request in requests {
            let answer = self.send(&request, records)?;
            let expected = self
                .object(&request, &format!("{HTTP}resp"))
                .ok_or("no response")?;
            self.check(&expected, &answer)?;
        }
        Ok(())
    }

    fn send(&self, request: &Term, records: &[String]) -> Result<Answer, String> {
        let ours = |text: String| {
            (0..records.len()).fold(text, |text, n| {
                let theirs = format!("{DATA}data{n}.rdf");
                let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
                text.replace(&theirs, &records[n])
                    .replace(&encoded(&theirs), &encoded(&records[n]))
            })
        };
        let part = |name: &str| self.text(request, &format!("{HTTP}{name}"));
        let path = ours(part("absolutePath").ok_or("no path")?);
        let path = path.replacen("/sparql/", "/sparql", 1);
        let method = part("methodName").ok_or("no method")?;
        let nobody = demo().nobody();
        let mut sending = nobody.request(&method, &path);
        for header in self.list(request, &format!("{HTTP}headers")) {
            let part = |name: &str| self.text(&header, &format!("{HTTP}{name}"));
            let (name, value) = (part("fieldName"), part("fieldValue"));
            sending = sending.header(&name.ok_or("no name")?, &value.ok_or("no value")?);
        }
        let Some(body) = self.object(request, &format!("{HTTP}body")) else {
            return Ok(sending.send());
        };
        let text = ours(
            self.text(&body, &format!("{CONTENT}chars"))
                .ok_or("no text")?,
        );
        let encoding = self.text(&body, &format!("{CONTENT}characterEncoding"));
        let bytes = match encoding.as_deref() {
            Some("UTF-16") => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.into_bytes(),
        };
        Ok(sending.send_body(bytes))
    }

    fn check(&self, expected: &Term, answer: &Answer) -> Result<(), String> {
        let class = format!("StatusCode{}xx", answer.status / 100);
        let classes = self.objects(expected, &format!("{MANIFEST}expectedStatus"));
        let fits = |status: &Term| status.to_string().contains(&class);
        if !classes.is_empty() && !classes.iter().any(fits) {
            return Err(format!("answered with {answer}"));
        }
        if let Some(truth) = self.text(expected, &format!("{MANIFEST}expectedBoolean")) {
            let found = answer.json()["boolean"].to_string();
            if found != truth {
                return Err(format!("{found} instead of {truth}"));
            }
        }
        let found = answer.media_type();
        let formats: &[&str] = match self
            .text(expected, &format!("{MANIFEST}expectedFormat"))
            .as_deref()
        {
            None => return Ok(()),
            Some("boolean") => &[
                "application/sparql-results+json",
                "application/sparql-results+xml",
            ],
            Some("tabular") => &[
                "application/sparql-results+json",
                "application/sparql-results+xml",
                "text/csv",
                "text/tab-separated-values",
            ],
            Some(_) => &[
                "text/turtle",
                "application/rdf+xml",
                "application/n-triples",
            ],
        };
        if formats.contains(&found) {
            Ok(())
        } else {
            Err(format!("{found} is none of {formats:?}"))
        }
    }
}
