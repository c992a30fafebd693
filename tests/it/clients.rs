//! Do clients of the npm world follow and query what is here? The reference client of LDES, and Comunica, as the lock
//! file names them; one dependency of Comunica is held at the last version that the Node of Debian runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use vesalius::rdf::{Format, GraphName, Quad, format};

use crate::support::{TestServer, dataset_like, demo, npm};

const ACTIVITIES: &str = "https://www.w3.org/ns/activitystreams#";
const SEQUENCE: &str = "https://github.com/EUCAIM/vesalius/ns#sequence";
/// More than stand on one page of the stream.
const RECORDS: usize = 112;

/// The folder with the clients. `None`, said loudly, when they cannot be had.
fn installed() -> Option<PathBuf> {
    npm::installed("clients")
}

fn run(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("timeout")
        .args(["180", "node"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What a reader of the stream has: the statements of each record, without those about nodes that have no name.
type Copy = BTreeMap<String, BTreeSet<String>>;

/// Lets the client follow the stream from where its state says, and takes what it tells into the copy. How many
/// members there were.
fn follow(folder: &Path, server: &TestServer, root: &str, state: &Path, copy: &mut Copy) -> usize {
    let url = server.iri(root);
    let told = run(
        folder,
        &["ldes.mjs", &url, state.to_str().unwrap(), "ascending"],
    );
    let members = told.lines().map(|line| serde_json::from_str(line).unwrap());
    let mut members: Vec<Member> = members.map(|line: Value| Member::read(&line)).collect();
    // The client orders by milliseconds; the stream says more.
    members.sort_by_key(|member| member.sequence);
    for member in &members {
        match &member.statements {
            Some(statements) => copy.insert(member.record.clone(), statements.clone()),
            None => copy.remove(&member.record),
        };
    }
    members.len()
}

struct Member {
    sequence: u64,
    record: String,
    /// Absent when the record has gone.
    statements: Option<BTreeSet<String>>,
}

impl Member {
    fn read(line: &Value) -> Self {
        let id = line["id"].as_str().unwrap();
        let text = line["quads"].as_str().unwrap();
        let quads = format::parse(text.as_bytes(), Format::NQuads, None).unwrap();
        let one = |predicate: &str| {
            let found = quads.iter().find(|quad| {
                quad.subject.to_string() == format!("<{id}>")
                    && quad.predicate.as_str() == predicate
            });
            let object = &found
                .unwrap_or_else(|| panic!("no {predicate} in {text}"))
                .object;
            object.to_string().trim_matches(['<', '>']).to_owned()
        };
        let is_gone = one("http://www.w3.org/1999/02/22-rdf-syntax-ns#type").ends_with("Delete");
        let sequence = one(SEQUENCE);
        let sequence = sequence.trim_start_matches('"').split('"').next().unwrap();
        Self {
            sequence: sequence.parse().unwrap(),
            record: one(&format!("{ACTIVITIES}object")),
            statements: (!is_gone).then(|| named(&quads, |graph| graph == id)),
        }
    }
}

/// The statements of some graphs that speak of no node without a name; the stream names such nodes itself.
fn named(quads: &[Quad], is_meant: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let is_in = |quad: &&Quad| matches!(&quad.graph_name, GraphName::NamedNode(graph) if is_meant(graph.as_str()));
    let lines = quads.iter().filter(is_in);
    let lines = lines.map(|quad| format!("{} {} {}", quad.subject, quad.predicate, quad.object));
    lines
        .filter(|line| !line.contains("_:") && !line.contains("/.well-known/genid/"))
        .collect()
}

/// What is published, as SPARQL tells it.
fn published(server: &TestServer) -> Copy {
    let rows = server.nobody().select(&format!(
        "SELECT DISTINCT ?r {{ GRAPH ?r {{ ?r a ?class }} FILTER(STRSTARTS(STR(?r), '{}')) }}",
        server.base
    ));
    let records = rows.into_iter().map(|row| row[0].clone());
    let one = |iri: String| {
        let query = format!("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}");
        let answer = server
            .nobody()
            .query(&query, "application/n-triples")
            .is(200);
        let triples = format::parse(&answer.body, Format::NTriples, None).unwrap();
        let lines = triples
            .iter()
            .map(|one| format!("{} {} {}", one.subject, one.predicate, one.object));
        (iri, lines.filter(|line| !line.contains("_:")).collect())
    };
    records.filter(|iri| !iri.contains('#')).map(one).collect()
}

fn assert_same(found: &Copy, server: &TestServer) {
    let expected = published(server);
    assert_eq!(
        found.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>()
    );
    for (iri, statements) in &expected {
        let lost: Vec<_> = statements.difference(&found[iri]).collect();
        assert!(lost.is_empty(), "{iri}: {lost:#?}");
        // The stream says beside it where the record stands.
        let mut more = found[iri].difference(statements);
        let leads_here = |line: &String| line.ends_with(&format!(" <{iri}>"));
        assert!(more.all(leads_here), "{iri}: {:#?}", found[iri]);
    }
}

fn put(server: &TestServer, i: usize, title: &str) {
    let slug = format!("d{i}");
    let text = dataset_like(
        i,
        &server.base,
        &slug,
        &server.iri("/catalog/followed"),
        title,
    );
    let path = format!("/dataset/{slug}?state=published");
    server.steward().write(&path, text);
}

#[test]
fn the_reference_client_of_ldes_has_exactly_what_is_published() {
    let Some(folder) = installed() else {
        return;
    };
    let server = TestServer::start().with_catalogue("followed");
    for i in 0..RECORDS {
        put(&server, i, &format!("Dataset {i}"));
    }
    server.settle();
    let state = tempfile::tempdir().unwrap();
    let mut roots: Vec<(&str, PathBuf, Copy)> = ["/ldes", "/ldes/latest"]
        .map(|root| (root, state.path().join(root.replace('/', "-")), Copy::new()))
        .to_vec();
    for (root, state, copy) in &mut roots {
        let members = follow(&folder, &server, root, state, copy);
        assert!(members > RECORDS, "{root}: {members}");
        assert_same(copy, &server);
    }
    // Nothing new is told twice.
    let (root, state, copy) = &mut roots[0];
    assert_eq!(follow(&folder, &server, root, state, copy), 0);
    // A day later.
    let steward = server.steward();
    for i in 0..9 {
        put(&server, i, &format!("Dataset {i}, again"));
    }
    put(&server, RECORDS, "A new one");
    steward.withdraw("/dataset/d20");
    steward.delete("/dataset/d21").is(204);
    steward.withdraw("/dataset/d3");
    server.settle();
    for (root, state, copy) in &mut roots {
        let members = follow(&folder, &server, root, state, copy);
        assert!((12..=13).contains(&members), "{root}: {members}");
        assert_same(copy, &server);
    }
}

fn comunica(folder: &Path, engine: &str, query: &str, sources: &[&str]) -> Vec<Value> {
    let told = run(
        folder,
        &[&["comunica.mjs", engine, query], sources].concat(),
    );
    let rows: Value = serde_json::from_str(&told).unwrap();
    rows.as_array().unwrap().clone()
}

const TITLES: &str = "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> \
     SELECT ?d ?t { ?d a dcat:Dataset ; dct:title ?t }";

fn sorted(rows: impl IntoIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut rows: Vec<_> = rows.into_iter().collect();
    rows.sort();
    rows
}

fn pair(row: &Value) -> (String, String) {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    (text("d"), text("t"))
}

#[test]
fn comunica_asks_the_endpoint_as_it_is_and_by_its_description() {
    let Some(folder) = installed() else {
        return;
    };
    let server = demo();
    let own = sorted(
        server
            .nobody()
            .select(TITLES)
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone())),
    );
    assert!(own.len() > 50);
    let endpoint = server.iri("/sparql");
    for source in [format!("sparql@{endpoint}"), endpoint] {
        let rows = comunica(&folder, "query", TITLES, &[&source]);
        assert_eq!(sorted(rows.iter().map(pair)), own, "{source}");
    }
    // What it joins itself: values from here, patterns bound by those from there.
    let query = "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> \
         SELECT ?d ?t { ?d dct:publisher ?p ; dct:title ?t OPTIONAL { ?d dcat:version ?v } \
         FILTER(LANG(?t) = 'en' && CONTAINS(LCASE(STR(?t)), 'lung')) }";
    let own = server.nobody().select(query);
    let both = [
        &format!("sparql@{}", server.iri("/sparql")),
        &*server.iri("/dataset/chaimeleon-lung-ct.ttl"),
    ];
    let rows = comunica(&folder, "query", query, &both);
    let found: BTreeSet<_> = rows.iter().map(pair).collect();
    let expected: BTreeSet<_> = own
        .iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
}

#[test]
fn comunica_reads_records_and_follows_their_links() {
    let Some(folder) = installed() else {
        return;
    };
    let server = demo();
    let title = |iri: &str| {
        format!("SELECT ?d ?t {{ ?d <http://purl.org/dc/terms/title> ?t FILTER(?d = <{iri}>) }}")
    };
    let iri = server.iri("/dataset/chaimeleon-lung-ct");
    let own = sorted(
        server
            .nobody()
            .select(&title(&iri))
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone())),
    );
    assert!(!own.is_empty());
    for source in ["", ".ttl", ".jsonld", ".rdf", ".nt", ".n3"] {
        let rows = comunica(&folder, "query", &title(&iri), &[&format!("{iri}{source}")]);
        assert_eq!(sorted(rows.iter().map(pair)), own, "«{source}»");
    }
    // From a catalogue to what stands in it, by the links alone.
    let catalogue = server.iri("/catalog/chaimeleon");
    let query = format!(
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dct: <http://purl.org/dc/terms/> \
         SELECT DISTINCT ?d ?t {{ <{catalogue}> dcat:dataset ?d . ?d dct:title ?t }}"
    );
    let own = sorted(
        server
            .nobody()
            .select(&query)
            .into_iter()
            .map(|row| (row[0].clone(), row[1].clone())),
    );
    let rows = comunica(&folder, "traverse", &query, &[&catalogue]);
    assert!(!own.is_empty());
    assert_eq!(sorted(rows.iter().map(pair)), own);
}
