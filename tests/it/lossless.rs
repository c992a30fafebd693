//! Is what comes back what went in? Every file of the standards' suites that holds a record, and every file of the
//! demonstration, goes in over HTTP and comes back as the same graph.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use vesalius::catalogue::identifier::{Slug, path_of};
use vesalius::catalogue::kind::{Kind, Kinds};
use vesalius::rdf::{Format, GraphName, NamedOrBlankNode, Term, Triple, format};

use crate::support::rdf::{self, RDF, assert_isomorphic};
use crate::support::{TestServer, dataset, demo, repository, suites, workshop};

/// The suites that hold descriptions of catalogues, and the W3C's, of which a few files do.
const SUITES: [&str; 9] = [
    "dcat-ap",
    "fdp-shapes-fixtures",
    "eucaim-fdp-shapes",
    "eucaim-dcat-ap",
    "eu-vocabularies",
    "w3c-json-ld-api",
    "w3c-rdf-canon",
    "w3c-rdf-tests",
    "w3c-shacl-tests",
];
/// Files of which a suite holds at least so many with a record: the walk finds them.
const WITH_RECORD_MIN: usize = 30;

#[derive(Default)]
struct Tally {
    files: usize,
    without_record: usize,
    unreadable: usize,
    records: usize,
    kept: usize,
}

#[test]
fn every_record_of_the_suites_comes_back_as_it_went_in() {
    let Some(suites) = suites() else { return };
    let server = workshop();
    let kinds =
        Kinds::parse(&fs::read_to_string(repository("shapes/kinds.toml")).unwrap()).unwrap();
    let mut tally = Tally::default();
    let holder = dataset(
        &server.base,
        "holder",
        &server.iri("/catalog/workshop"),
        "Holder",
    );
    server.steward().write("/dataset/holder", holder);
    for path in SUITES.iter().flat_map(|suite| files(&suites.join(suite))) {
        tally.files += 1;
        round_trip(server, &kinds, &path, &mut tally);
    }
    eprintln!(
        "{} files: {} hold a record and came back whole ({} records), {} hold none, {} cannot be read as RDF without \
         the network or are broken on purpose",
        tally.files, tally.kept, tally.records, tally.without_record, tally.unreadable
    );
    assert!(
        tally.kept >= WITH_RECORD_MIN,
        "only {} files hold a record",
        tally.kept
    );
    server.is_up();
}

#[test]
fn every_record_of_the_demonstration_comes_back_as_it_was_written() {
    let server = demo();
    let nobody = server.nobody();
    let mut expected = Vec::new();
    for path in files(&repository("demo")) {
        expected.extend(rdf::parse(
            &fs::read(path).unwrap(),
            Format::Turtle,
            &format!("{}/", server.base),
        ));
    }
    let root = format!("{}/", server.base);
    for triple in &mut expected {
        let rename = |iri: &str| {
            if iri == root {
                server.base.clone()
            } else {
                iri.to_owned()
            }
        };
        if let NamedOrBlankNode::NamedNode(iri) = &triple.subject {
            triple.subject = rdf::iri(&rename(iri.as_str())).into();
        }
        if let Term::NamedNode(iri) = &triple.object {
            triple.object = rdf::iri(&rename(iri.as_str())).into();
        }
    }
    let graphs = nobody
        .select("SELECT DISTINCT ?g { GRAPH ?g { ?g a ?t } FILTER(!CONTAINS(STR(?g), '#')) }");
    let records = graphs
        .iter()
        .map(|row| row[0].clone())
        .filter(|iri| iri.starts_with(&server.base));
    let mut found = Vec::new();
    let mut count = 0;
    for iri in records {
        let path = iri.strip_prefix(&server.base).unwrap();
        let answer = if path.is_empty() {
            nobody.get("/?format=nq")
        } else {
            nobody.get(&format!("{path}.nq"))
        };
        if answer.status == 404 {
            continue;
        }
        let name = GraphName::from(rdf::iri(&iri));
        let quads = answer.is(200).quads();
        found.extend(
            quads
                .into_iter()
                .filter(|quad| {
                    quad.graph_name == name || leads_down(&Triple::from((*quad).clone()))
                })
                .map(Triple::from),
        );
        count += 1;
    }
    found.sort_by_key(ToString::to_string);
    found.dedup();
    let found: Vec<Triple> = found
        .into_iter()
        .filter(|triple| !leads_down(triple) || expected.contains(triple))
        .collect();
    assert!(count > 48, "{count} records");
    assert_isomorphic(&found, &expected, "the demonstration");
}

/// Which records stand below a record is the server's to say; it stands in its own graph.
fn leads_down(triple: &Triple) -> bool {
    let relations = ["catalog", "dataset", "service", "resource"];
    let local = triple
        .predicate
        .as_str()
        .strip_prefix("http://www.w3.org/ns/dcat#");
    local.is_some_and(|local| relations.contains(&local))
}

#[test]
fn every_format_gives_the_same_graph() {
    let server = workshop();
    let text = "<> a <http://www.w3.org/ns/dcat#Catalog> ; <http://purl.org/dc/terms/title> \"Ünïcode \\\" \\n 🫁\"@en-GB, 'مرحبا'@ar ; \
        <http://purl.org/dc/terms/issued> \"2020-02-30\"^^<http://www.w3.org/2001/XMLSchema#date> ; \
        <http://www.w3.org/ns/dcat#keyword> \"01\"^^<http://www.w3.org/2001/XMLSchema#integer>, 1, 1.0, 1e0, true, '' ; \
        <https://x.example/odd%20name?q=1#f> [ <https://x.example/list> (1 \"2\" [] ()) ] ; \
        <https://x.example/self> <> ; <https://x.example/hash> <#part> . <#part> <https://x.example/of> <> .";
    let steward = server.steward();
    steward.write("/catalog/odd", text);
    let expected = rdf::turtle(text, &server.iri("/catalog/odd"));
    for extension in ["ttl", "jsonld", "rdf", "nt", "nq", "trig", "n3"] {
        let answer = steward
            .get(&format!("/catalog/odd/versions/1.{extension}"))
            .is(200);
        assert_isomorphic(&answer.triples(), &expected, extension);
    }
}

#[test]
fn what_comes_back_can_be_sent_again_and_changes_nothing() {
    let (server, steward) = (workshop(), workshop().steward());
    let catalogue = server.iri("/catalog/workshop");
    let text = dataset(&server.base, "again", &catalogue, "Again");
    steward.write("/dataset/again?state=published", text);
    for (extension, media_type) in [
        ("ttl", "text/turtle"),
        ("jsonld", "application/ld+json"),
        ("rdf", "application/rdf+xml"),
    ] {
        let first = steward
            .get("/dataset/again/versions/1.nt")
            .is(200)
            .triples();
        let whole = steward.get(&format!("/dataset/again.{extension}")).is(200);
        let version = steward
            .put("/dataset/again", media_type, whole.body)
            .is(200)
            .version();
        let now = steward
            .get(&format!("/dataset/again/versions/{version}.nt"))
            .is(200)
            .triples();
        assert_isomorphic(&now, &first, extension);
    }
}

/// Sends one file, and compares.
fn round_trip(server: &TestServer, kinds: &Kinds, path: &Path, tally: &mut Tally) {
    let name = path.display().to_string();
    let bytes = fs::read(path).unwrap();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let format = Format::from_extension(&extension).unwrap();
    let slug = format!("file-{}", tally.files);
    let catalogue = server.iri("/catalog/workshop");
    // The file's own base must not be the record's: relative names stay apart from it.
    let Ok(quads) = format::parse(&bytes, format, Some(&server.iri("/dataset/none"))) else {
        tally.unreadable += 1;
        return;
    };
    if quads
        .iter()
        .any(|quad| quad.graph_name != GraphName::DefaultGraph)
    {
        tally.without_record += 1;
        return;
    }
    let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    let Some((kind, main)) = main_record(&triples, kinds) else {
        tally.without_record += 1;
        return;
    };
    let target = format!("/{}/{slug}", kind.prefix);
    let record = server.iri(&target);
    let mut bytes = bytes;
    let has_parent = triples
        .iter()
        .any(|triple| triple.predicate.as_str() == format!("{}isPartOf", rdf::DCT));
    if kind.name != "catalog" && !has_parent {
        let dataset = server.iri("/dataset/holder");
        let parent = if kind.name == "distribution" {
            &dataset
        } else {
            &catalogue
        };
        bytes = with_parent(&bytes, format, &main, parent);
    }
    let expected = rdf::parse(&bytes, format, &record);
    let reason = format!("file-{}", tally.files);
    let answer = server.steward().put(
        &format!("{target}?reason={reason}"),
        format.media_type(),
        bytes,
    );
    assert_eq!(answer.status, 201, "{name}: {answer}");
    let expected = renamed(&expected, &main, &record);
    let (found, records) = stored(server, kinds, &expected, &target, &reason);
    let expected: Vec<Triple> = expected
        .into_iter()
        .filter(|triple| !is_membership(triple, kinds, &records))
        .collect();
    assert_isomorphic(&found, &expected, &name);
    tally.kept += 1;
    tally.records += records.len();
}

/// The record that a file is about: of the highest kind, the first that no other thing of the file mentions.
fn main_record<'a>(triples: &[Triple], kinds: &'a Kinds) -> Option<(&'a Kind, NamedOrBlankNode)> {
    let order = [
        "catalog",
        "dataset",
        "series",
        "service",
        "distribution",
        "tool",
    ];
    order.iter().find_map(|name| {
        let kind = kinds.by_name(name)?;
        vesalius::catalogue::incoming::main_subject(triples, kind).map(|subject| (kind, subject))
    })
}

/// Adds, in the file's own format, the catalogue that a dataset must name.
fn with_parent(
    bytes: &[u8],
    format: Format,
    subject: &NamedOrBlankNode,
    catalogue: &str,
) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let property = format!("{}isPartOf", rdf::DCT);
    let NamedOrBlankNode::NamedNode(subject) = subject else {
        panic!("a main record without IRI and parent")
    };
    let subject = subject.as_str();
    let text = match format {
        Format::JsonLd => {
            let document: Value = serde_json::from_str(&text).unwrap();
            json!([document, { "@id": subject, property: { "@id": catalogue } }]).to_string()
        }
        Format::RdfXml => {
            let end = text.rfind("</rdf:RDF>").expect("an RDF/XML document");
            let line = format!(
                "<rdf:Description rdf:about=\"{subject}\"><dct:isPartOf xmlns:dct=\"{}\" rdf:resource=\"{catalogue}\"/></rdf:Description>",
                rdf::DCT
            );
            format!("{}{line}{}", &text[..end], &text[end..])
        }
        _ => format!("{text}\n<{subject}> <{property}> <{catalogue}> .\n"),
    };
    text.into_bytes()
}

/// The graph after the record got its address, as the server promises it: wherever its old IRI stands.
fn renamed(triples: &[Triple], main: &NamedOrBlankNode, record: &str) -> Vec<Triple> {
    let mut triples = triples.to_vec();
    vesalius::catalogue::incoming::rename(&mut triples, main, &rdf::iri(record));
    triples
}

/// What the server stored of a file: the record, and others that came along under their own IRIs.
fn stored(
    server: &TestServer,
    kinds: &Kinds,
    sent: &[Triple],
    target: &str,
    reason: &str,
) -> (Vec<Triple>, BTreeSet<String>) {
    let steward = server.steward();
    let mut paths = BTreeSet::from([(target.to_owned(), server.iri(target))]);
    for triple in sent
        .iter()
        .filter(|triple| triple.predicate.as_str() == format!("{RDF}type"))
    {
        let (NamedOrBlankNode::NamedNode(iri), Term::NamedNode(class)) =
            (&triple.subject, &triple.object)
        else {
            continue;
        };
        if let Some(kind) = kinds.of_types(&[class.as_str()]) {
            paths.insert((
                path_of(kind, &Slug::of_foreign(iri.as_str())),
                iri.as_str().to_owned(),
            ));
        }
    }
    let mut found = Vec::new();
    let mut records = BTreeSet::new();
    for (path, iri) in paths {
        let history = steward.get(&format!("{path}/versions"));
        if history.status == 404 {
            continue;
        }
        let history = history.is(200).json();
        let newest = history["versions"]
            .as_array()
            .unwrap()
            .iter()
            .max_by_key(|one| one["version"].as_u64())
            .unwrap();
        if newest["reason"] != reason {
            continue;
        }
        let version = newest["version"].as_u64().unwrap();
        found.extend(
            steward
                .get(&format!("{path}/versions/{version}.nt"))
                .is(200)
                .triples(),
        );
        records.insert(iri);
    }
    (found, records)
}

/// That a record stands below another is the server's to say: it answers it from the child's own statement.
fn is_membership(triple: &Triple, kinds: &Kinds, records: &BTreeSet<String>) -> bool {
    let (NamedOrBlankNode::NamedNode(parent), Term::NamedNode(child)) =
        (&triple.subject, &triple.object)
    else {
        return false;
    };
    let relation = kinds
        .iter()
        .flat_map(|kind| &kind.parents)
        .any(|above| above.relation == triple.predicate);
    relation && records.contains(parent.as_str()) && records.contains(child.as_str())
}

/// The Turtle, JSON-LD and RDF/XML files below a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path
                .extension()
                .is_some_and(|end| ["ttl", "jsonld", "rdf"].map(Some).contains(&end.to_str()))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}
