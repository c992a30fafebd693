//! Does the endpoint pass W3C's tests of the SPARQL 1.1 Protocol and of its service description?

use std::path::{Path, PathBuf};

use vesalius::rdf::{Format, NamedOrBlankNode, Term, Triple, format};

use crate::support::{Answer, TestServer, demo};

const MANIFEST: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const HTTP: &str = "http://www.w3.org/2011/http#";
const CHARS: &str = "http://www.w3.org/2011/content#chars";
const SD: &str = "http://www.w3.org/ns/sparql-service-description#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const BASE: &str = "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/protocol/";
/// The addresses of the tests' graphs begin so.
const GRAPHS: &str = "http://kasei.us/2009/09/sparql/data/";

/// Updates, which the endpoint refuses: records are written with PUT, POST and DELETE.
const UPDATES: [&str; 7] = [
    "update_dataset_default_graph",
    "update_dataset_default_graphs",
    "update_dataset_named_graphs",
    "update_dataset_full",
    "update_post_form",
    "update_post_direct",
    "update_base_uri",
];

#[test]
fn the_protocol_tests_of_w3c_pass() {
    let Some(folder) = suite() else {
        println!("NOT RUN: the W3C tests are not there; set VESALIUS_SUITES to their folder");
        return;
    };
    let server = TestServer::start().with_catalogue("protocol");
    load(&server, &[1, 2, 3].map(|n| format!("{GRAPHS}data{n}.rdf")));
    let manifest = Manifest::read(&folder.join("protocol/manifest.ttl"));
    let mut passed = 0;
    let mut wrong = Vec::new();
    for test in manifest.entries() {
        let name = test.rsplit('#').next().unwrap().to_owned();
        let updates = UPDATES.contains(&name.as_str());
        match manifest.run(
            &server,
            &Term::NamedNode(crate::support::rdf::iri(&test)),
            updates,
        ) {
            Ok(()) if updates => (),
            Ok(()) => passed += 1,
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    println!("{passed} passed, {} updates refused", UPDATES.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(passed, 27);
}

#[test]
fn the_service_description_tests_of_w3c_pass() {
    let answer = demo().nobody().get("/sparql").is(200);
    let triples = answer.triples();
    let has = |predicate: &str, object: &str| {
        let predicate = format!("{SD}{predicate}");
        let object = Term::NamedNode(crate::support::rdf::iri(object));
        let fits = |t: &&Triple| t.predicate.as_str() == predicate && t.object == object;
        triples
            .iter()
            .find(fits)
            .map(|triple| triple.subject.clone())
    };
    // has-endpoint-triple
    let service = has("endpoint", &demo().iri("/sparql")).expect("sd:endpoint is this address");
    // conforms-to-schema: what the specification says of ranges.
    let resources = [
        "feature",
        "resultFormat",
        "supportedLanguage",
        "defaultDataset",
        "defaultGraph",
    ];
    for name in resources {
        let predicate = format!("{SD}{name}");
        let of = triples
            .iter()
            .filter(|triple| triple.predicate.as_str() == predicate);
        let objects: Vec<&Term> = of.map(|triple| &triple.object).collect();
        assert!(!objects.is_empty(), "sd:{name} is said");
        assert!(
            !objects
                .iter()
                .any(|object| matches!(object, Term::Literal(_))),
            "sd:{name}"
        );
    }
    let typed = |subject: &NamedOrBlankNode, class: &str| {
        triples.iter().any(|triple| {
            triple.subject == *subject
                && triple.predicate.as_str() == format!("{RDF}type")
                && triple.object.to_string() == format!("<{SD}{class}>")
        })
    };
    assert!(typed(&service, "Service"));
}

/// Loads records whose own addresses, and so the names of whose graphs, are those of another place.
fn load(server: &TestServer, iris: &[String]) {
    let catalogue = server.iri("/catalog/protocol");
    let one = |iri: &String| {
        let text = crate::support::dataset(&server.base, "its-place", &catalogue, "A graph");
        text.replace(&server.iri("/dataset/its-place"), iri)
    };
    let file = server.data().with_file_name("graphs.nt");
    std::fs::write(&file, iris.iter().map(one).collect::<String>()).unwrap();
    server.stop();
    let output = server.cli(&["load", &file.display().to_string()]);
    assert!(output.status.success(), "{output:?}");
    server.restart();
}

struct Manifest(Vec<Triple>);

impl Manifest {
    fn read(path: &Path) -> Self {
        let text = std::fs::read(path).unwrap();
        let base = format!("{BASE}manifest");
        let quads = format::parse(&text, Format::Turtle, Some(&base)).unwrap();
        Self(quads.into_iter().map(Triple::from).collect())
    }

    fn objects(&self, subject: &Term, predicate: &str) -> Vec<&Term> {
        let subject = match subject {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            other => panic!("{other} is no subject"),
        };
        let fits = |t: &&Triple| t.subject == subject && t.predicate.as_str() == predicate;
        self.0
            .iter()
            .filter(fits)
            .map(|triple| &triple.object)
            .collect()
    }

    fn object(&self, subject: &Term, predicate: &str) -> Option<&Term> {
        self.objects(subject, predicate).into_iter().next()
    }

    fn text(&self, subject: &Term, predicate: &str) -> Option<String> {
        match self.object(subject, predicate)? {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            other => panic!("{other} is no text"),
        }
    }

    fn list(&self, head: Option<&Term>) -> Vec<&Term> {
        let (mut items, mut at) = (Vec::new(), head);
        while let Some(cell) = at {
            items.extend(self.object(cell, &format!("{RDF}first")));
            at = match self.object(cell, &format!("{RDF}rest")) {
                Some(rest @ Term::BlankNode(_)) => Some(rest),
                _ => None,
            };
        }
        items
    }

    fn entries(&self) -> Vec<String> {
        let entries = format!("{MANIFEST}entries");
        let head = self
            .0
            .iter()
            .find(|triple| triple.predicate.as_str() == entries);
        let items = self.list(head.map(|triple| &triple.object));
        let name = |item: &&Term| item.to_string().trim_matches(['<', '>']).to_owned();
        items.iter().map(name).collect()
    }

    /// Sends the requests of a test; those of an update must be refused.
    fn run(&self, server: &TestServer, test: &Term, refused: bool) -> Result<(), String> {
        let action = self
            .object(test, &format!("{MANIFEST}action"))
            .ok_or("no action")?;
        let requests = self.list(self.object(action, &format!("{HTTP}requests")));
        assert!(!requests.is_empty(), "{test} has requests");
        for request in requests {
            let answer = self.send(server, request);
            if refused {
                let status = answer.status;
                return if status == 403 {
                    Ok(())
                } else {
                    Err(format!("{status}, not 403"))
                };
            }
            let expected = self
                .object(request, &format!("{HTTP}resp"))
                .ok_or("no answer")?;
            self.compare(&answer, expected)?;
        }
        Ok(())
    }

    fn send(&self, server: &TestServer, request: &Term) -> Answer {
        let method = self.text(request, &format!("{HTTP}methodName")).unwrap();
        let path = self.text(request, &format!("{HTTP}absolutePath")).unwrap();
        let path = path.replacen("/sparql/", "/sparql", 1);
        let nobody = server.nobody();
        let mut sent = nobody.request(&method, &path);
        let mut utf16 = false;
        for header in self.list(self.object(request, &format!("{HTTP}headers"))) {
            let name = self.text(header, &format!("{HTTP}fieldName")).unwrap();
            let value = self.text(header, &format!("{HTTP}fieldValue")).unwrap();
            utf16 |= value.contains("UTF-16");
            sent = sent.header(&name, value);
        }
        let body = self.object(request, &format!("{HTTP}body"));
        match body.and_then(|body| self.text(body, CHARS)) {
            None => sent.send(),
            Some(text) if utf16 => {
                let bytes = text.encode_utf16().flat_map(u16::to_be_bytes);
                sent.send_body(bytes.collect::<Vec<u8>>())
            }
            Some(text) => sent.send_body(text),
        }
    }

    fn compare(&self, answer: &Answer, expected: &Term) -> Result<(), String> {
        let classes = self.objects(expected, &format!("{MANIFEST}expectedStatus"));
        let fits = |class: &&Term| {
            let digit = class.to_string();
            let digit = digit
                .split("StatusCode")
                .nth(1)
                .and_then(|rest| rest.chars().next());
            digit == char::from_digit(u32::from(answer.status) / 100, 10)
        };
        if !classes.iter().any(|class| fits(class)) {
            return Err(format!("{answer}"));
        }
        let Some(format) = self.text(expected, &format!("{MANIFEST}expectedFormat")) else {
            return Ok(());
        };
        let ok = match (format.as_str(), answer.media_type()) {
            ("boolean", "application/sparql-results+json") => {
                let truth = self.text(expected, &format!("{MANIFEST}expectedBoolean"));
                let said = answer.json()["boolean"].as_bool();
                truth.is_none_or(|truth| said == Some(truth == "true")) && said.is_some()
            }
            ("tabular", "application/sparql-results+json") => {
                answer.json()["results"]["bindings"].is_array()
            }
            ("RDF", media_type) => Format::from_media_type(media_type).is_some(),
            _ => false,
        };
        if ok {
            Ok(())
        } else {
            Err(format!("not {format} as expected: {answer}"))
        }
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
