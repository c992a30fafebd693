//! How fast does the store load, commit, read and answer?
//!
//! `cargo bench --bench store` measures a small made catalogue. With the path of an N-Quads file
//! and of an empty folder (`cargo bench --bench store -- FILE FOLDER [QUERY.rq …]`) it loads that
//! file and asks the queries of the comparison with other systems; a folder that is already full is
//! opened instead.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "figures are rounded, and small"
)]

use std::fs;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use oxrdf::{GraphName, Literal, NamedNode, Quad, Triple};
use oxttl::NQuadsParser;
use vesalius::store::{Batch, Columns, QueryOptions, QueryResults, Settings, Snapshot};

const ROUNDS: usize = 5;
const PREFIXES: &str = "PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX hd: <http://healthdataportal.eu/ns/health#>
PREFIX img: <https://catalogue.example.org/def/img#>
PREFIX dcm: <http://dicom.nema.org/resources/ontology/DCM/>
PREFIX sct: <http://snomed.info/id/>
PREFIX icd: <http://id.who.int/icd/release/10/>
";

const QUERIES: [(&str, &str); 12] = [
    (
        "describe",
        "DESCRIBE <https://catalogue.example.org/dataset/d0001540>",
    ),
    (
        "per modality",
        "SELECT ?m (COUNT(?d) AS ?n) WHERE { ?d a dcat:Dataset ; img:imageModality ?m } GROUP BY ?m ORDER BY DESC(?n)",
    ),
    (
        "two facets, newest 20",
        "SELECT ?d ?title ?mod WHERE { ?d a dcat:Dataset ; img:imageModality dcm:MR ; img:bodyPart sct:41216001 ; dct:modified ?mod ; dct:title ?title . FILTER(LANG(?title) = \"en\") } ORDER BY DESC(?mod) LIMIT 20",
    ),
    (
        "per publisher",
        "SELECT ?p ?name (COUNT(?d) AS ?n) WHERE { ?d a dcat:Dataset ; dct:publisher ?p . ?p foaf:name ?name } GROUP BY ?p ?name ORDER BY DESC(?n) ?p LIMIT 50",
    ),
    (
        "text filter",
        "SELECT ?d ?t WHERE { ?d a dcat:Dataset ; dct:title ?t . FILTER(CONTAINS(LCASE(STR(?t)), \"lesion\")) } ORDER BY ?d LIMIT 10",
    ),
    (
        "three hops",
        "SELECT ?d ?title ?lbl WHERE { ?d a dcat:Dataset ; dct:publisher ?p ; hd:healthTheme ?c ; dct:title ?title . ?p dct:spatial <http://publications.europa.eu/resource/authority/country/ITA> . ?c skos:broader icd:C56 ; skos:prefLabel ?lbl . FILTER(LANG(?title) = \"en\") } ORDER BY ?d ?lbl LIMIT 20",
    ),
    (
        "analytic hops",
        "SELECT ?country ?block (COUNT(?d) AS ?n) WHERE { ?d dct:publisher ?p ; hd:healthTheme ?t . ?p dct:spatial ?c . ?c skos:prefLabel ?country . ?t skos:broader ?block } GROUP BY ?country ?block ORDER BY DESC(?n) ?country ?block LIMIT 50",
    ),
    (
        "deep page",
        "SELECT ?d ?title ?mod WHERE { ?d a dcat:Dataset ; dct:title ?title ; dct:modified ?mod . FILTER(LANG(?title) = \"en\") } ORDER BY ?d LIMIT 100 OFFSET 5000",
    ),
    (
        "different things, one facet",
        "SELECT ?m (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a dcat:Dataset ; img:imageModality ?m ; img:bodyPart sct:41216001 } GROUP BY ?m ORDER BY DESC(?n)",
    ),
    (
        "under a concept",
        "SELECT ?m (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d hd:healthTheme ?t ; img:imageModality ?m . ?t skos:broader* icd:C56 } GROUP BY ?m",
    ),
    (
        "all concepts above",
        "SELECT (COUNT(*) AS ?n) WHERE { ?d hd:healthTheme ?t . ?t skos:broader+ ?block }",
    ),
    ("count all", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"),
];

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match &arguments[..] {
        [] => {
            let folder = tempfile::tempdir().expect("a temporary folder");
            made(folder.path(), 2000);
            measure(folder.path());
        }
        [file, folder, ..] => {
            let folder = PathBuf::from(folder);
            if !folder.join("manifest").exists() {
                load(Path::new(file), &folder);
            }
            measure(&folder);
        }
        [_] => println!("usage: store FILE.nq FOLDER"),
    }
}

fn load(file: &Path, folder: &Path) {
    let start = Instant::now();
    let mut bulk = Columns::bulk(folder).expect("an empty folder");
    let reader = BufReader::with_capacity(1 << 20, fs::File::open(file).expect("the file"));
    let mut graph: Option<NamedNode> = None;
    let mut triples: Vec<Triple> = Vec::new();
    for quad in NQuadsParser::new().for_reader(reader) {
        let Quad {
            subject,
            predicate,
            object,
            graph_name,
        } = quad.expect("N-Quads");
        let GraphName::NamedNode(name) = graph_name else {
            continue;
        };
        if graph.as_ref() != Some(&name) {
            if let Some(graph) = &graph {
                bulk.add(graph, &triples).expect("adding");
            }
            triples.clear();
            graph = Some(name);
        }
        triples.push(Triple::new(subject, predicate, object));
    }
    if let Some(graph) = &graph {
        bulk.add(graph, &triples).expect("adding");
    }
    let quads = bulk.quads();
    let read = start.elapsed();
    bulk.finish(1).expect("finishing");
    let all = start.elapsed();
    let size: u64 = sizes(folder).iter().map(|(_, size)| size).sum();
    println!(
        "load: {quads} quads in {:.1} s ({:.1} s of it parsing and numbering), {:.0} quads/s",
        all.as_secs_f64(),
        read.as_secs_f64(),
        ratio(quads, 1) / all.as_secs_f64()
    );
    println!(
        "disk: {size} bytes, {:.1} a quad {:?}",
        ratio(size, quads),
        sizes(folder)
    );
}

fn sizes(folder: &Path) -> Vec<(String, u64)> {
    let entries = fs::read_dir(folder).expect("the folder").flatten();
    let size = |entry: fs::DirEntry| {
        let length = entry.metadata().map(|m| m.len()).unwrap_or_default();
        (entry.file_name().to_string_lossy().into_owned(), length)
    };
    entries.map(size).collect()
}

#[expect(
    clippy::cast_precision_loss,
    reason = "figures are shown with a few digits"
)]
fn ratio(a: u64, b: u64) -> f64 {
    a as f64 / b as f64
}

fn measure(folder: &Path) {
    let settings = Settings::default();
    let start = Instant::now();
    let columns = Columns::open(folder, &settings).expect("the store opens");
    println!("open: {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    memory();
    let snapshot = columns.snapshot();
    for (name, text) in QUERIES {
        let text = format!("{PREFIXES}{text}");
        let mut best = Duration::MAX;
        let mut rows = 0;
        for _ in 0..ROUNDS {
            let start = Instant::now();
            rows = ask(&snapshot, &text);
            best = best.min(start.elapsed());
        }
        println!(
            "query {name}: {rows} rows, {:.2} ms",
            best.as_secs_f64() * 1e3
        );
    }
    memory();
    let names: Vec<NamedNode> = snapshot.graphs().take(200).collect();
    let start = Instant::now();
    let triples: usize = names
        .iter()
        .map(|name| snapshot.graph(name).map_or(0, |graph| graph.len()))
        .sum();
    let each = start.elapsed().as_secs_f64() * 1e6 / names.len() as f64;
    println!(
        "graph: {each:.0} µs each, {} triples on average",
        triples / names.len()
    );
    let start = Instant::now();
    let statistics = snapshot.statistics();
    println!(
        "statistics: {} quads, {} graphs, {:.0} ms",
        statistics.quads,
        statistics.graphs,
        start.elapsed().as_secs_f64() * 1e3
    );
    let mut times: Vec<Duration> = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let graph = snapshot.graph(name).unwrap_or_default();
        let sequence = columns.sequence() + 1;
        let batch = Batch {
            sequence,
            put: vec![(name.clone(), graph)],
            remove: vec![],
        };
        let start = Instant::now();
        columns.apply(&batch).expect("a commit");
        times.push(start.elapsed());
        assert!(number < 200, "the benchmark changes few records");
    }
    times.sort();
    let middle = times[times.len() / 2].as_secs_f64() * 1e3;
    let last = times[times.len() - 1].as_secs_f64() * 1e3;
    println!("commit of one record: {middle:.2} ms in the middle, {last:.2} ms at worst");
    memory();
}

fn ask(snapshot: &Snapshot, text: &str) -> usize {
    match snapshot
        .query(text, &QueryOptions::default())
        .expect("the query is answered")
    {
        QueryResults::Solutions(rows) => {
            rows.fold(0, |rows, row| row.map(|_| rows + 1).expect("a row"))
        }
        QueryResults::Graph(triples) => triples.fold(0, |rows, triple| {
            triple.map(|_| rows + 1).expect("a triple")
        }),
        QueryResults::Boolean(_) => 1,
    }
}

fn memory() {
    let mut status = String::new();
    let read = fs::File::open("/proc/self/status").and_then(|mut f| f.read_to_string(&mut status));
    if read.is_ok() {
        let wanted = |line: &&str| line.starts_with("VmRSS") || line.starts_with("RssAnon");
        println!(
            "memory: {}",
            status.lines().filter(wanted).collect::<Vec<_>>().join(", ")
        );
    }
}

/// A few properties of each of some records.
fn made(folder: &Path, records: u64) {
    let mut bulk = Columns::bulk(folder).expect("an empty folder");
    let iri = |text: String| NamedNode::new_unchecked(text);
    let dcat = |name: &str| iri(format!("http://www.w3.org/ns/dcat#{name}"));
    let dct = |name: &str| iri(format!("http://purl.org/dc/terms/{name}"));
    let kind = iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type".into());
    let modality = iri("https://catalogue.example.org/def/img#imageModality".into());
    for number in 0..records {
        let graph = iri(format!(
            "https://catalogue.example.org/dataset/d{number:07}"
        ));
        let of = |name: &str| {
            iri(format!(
                "http://dicom.nema.org/resources/ontology/DCM/{name}"
            ))
        };
        let title = format!("Study {number} of lesions");
        let publisher = iri(format!(
            "https://catalogue.example.org/agent/{}",
            number % 97
        ));
        let name = iri("http://xmlns.com/foaf/0.1/name".into());
        let triples = [
            Triple::new(graph.clone(), kind.clone(), dcat("Dataset")),
            Triple::new(
                graph.clone(),
                modality.clone(),
                of(["MR", "CT", "PT"][number as usize % 3]),
            ),
            Triple::new(
                graph.clone(),
                dct("title"),
                Literal::new_language_tagged_literal_unchecked(title, "en"),
            ),
            Triple::new(graph.clone(), dct("publisher"), publisher.clone()),
            Triple::new(
                publisher,
                name,
                Literal::from(format!("Institute {}", number % 97)),
            ),
        ];
        bulk.add(&graph, &triples).expect("adding");
    }
    bulk.finish(1).expect("finishing");
}
