//! How many changes does the ledger take per second, and how many bytes does a record cost on disk?
//!
//! `cargo bench --bench ledger [-- FOLDER]`: the folder should lie on the disk that the ledger will use.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use vesalius::ledger::{Action, Expected, Ledger, NewChange, ROWS_MAX, Settings, State};
use vesalius::rdf::canonical::{CanonicalText, canonical_ntriples};
use vesalius::rdf::format::parse;
use vesalius::rdf::{Format, Triple};

const SINGLE_COMMITS: usize = 300;
const SHARED_COMMITS_PER_WRITER: usize = 50;
const WRITERS: usize = 64;
const BULK_CALLS: usize = 3;
const BULK_CHANGES: usize = 20_000;

fn main() -> anyhow::Result<()> {
    let folder = match std::env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
    {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    canonical_form();
    tokio::runtime::Runtime::new()?.block_on(async {
        one_writer(folder.path()).await?;
        many_writers(folder.path()).await?;
        bulk(folder.path()).await
    })
}

fn canonical_form() {
    let triples = triples(1);
    let started = Instant::now();
    for _ in 0..5_000 {
        std::hint::black_box(canonical_ntriples(&triples)).expect("no poison");
    }
    let each = started.elapsed() / 5_000;
    println!("canonical form of {} triples: {each:?}", triples.len());
    for size in [7, 12, 60] {
        let clique = clique(size);
        let started = Instant::now();
        canonical_ntriples(&clique).expect_err("a poison graph");
        println!(
            "a clique of {size} blank nodes is refused in {:.2?}",
            started.elapsed()
        );
    }
}

/// Nodes that cannot be told apart, each with a link to each.
fn clique(size: usize) -> Vec<Triple> {
    let mut text = String::new();
    for from in 0..size {
        for to in (0..size).filter(|to| *to != from) {
            writeln!(text, "_:n{from} <urn:p> _:n{to} .").expect("memory");
        }
    }
    let quads = parse(text.as_bytes(), Format::NTriples, None).expect("well-formed");
    quads.into_iter().map(Triple::from).collect()
}

async fn one_writer(folder: &Path) -> anyhow::Result<()> {
    let ledger = Ledger::open(&Settings::at(folder.join("one.sqlite"))).await?;
    let changes: Vec<_> = (0..SINGLE_COMMITS).map(change).collect();
    let started = Instant::now();
    for change in changes {
        ledger.commit(vec![change]).await?;
    }
    report("one writer", SINGLE_COMMITS, started.elapsed(), &ledger);
    ledger.close().await?;
    Ok(())
}

async fn many_writers(folder: &Path) -> anyhow::Result<()> {
    let ledger = Ledger::open(&Settings::at(folder.join("many.sqlite"))).await?;
    let mut work = Vec::new();
    for writer in 0..WRITERS {
        let first = writer * SHARED_COMMITS_PER_WRITER;
        work.push(
            (first..first + SHARED_COMMITS_PER_WRITER)
                .map(change)
                .collect::<Vec<_>>(),
        );
    }
    let started = Instant::now();
    let writers: Vec<_> = work
        .into_iter()
        .map(|changes| {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                for change in changes {
                    ledger.commit(vec![change]).await.expect("a new record");
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await?;
    }
    let commits = WRITERS * SHARED_COMMITS_PER_WRITER;
    report(
        &format!("{WRITERS} writers"),
        commits,
        started.elapsed(),
        &ledger,
    );
    ledger.close().await?;
    Ok(())
}

async fn bulk(folder: &Path) -> anyhow::Result<()> {
    let path = folder.join("bulk.sqlite");
    let ledger = Ledger::open(&Settings::at(&path)).await?;
    let mut taken = Duration::ZERO;
    let mut text_bytes = 0;
    for call in 0..BULK_CALLS {
        let first = call * BULK_CHANGES;
        let changes: Vec<_> = (first..first + BULK_CHANGES).map(change).collect();
        let graphs = changes.iter().filter_map(|change| change.graph.as_ref());
        text_bytes += graphs.map(|graph| graph.as_str().len()).sum::<usize>();
        let started = Instant::now();
        ledger.commit(changes).await?;
        taken += started.elapsed();
    }
    let records = BULK_CALLS * BULK_CHANGES;
    report("bulk", records, taken, &ledger);
    let started = Instant::now();
    let (mut reached, mut followed) = (0, 0);
    loop {
        let changes = ledger.public_changes_since(reached, ROWS_MAX).await?;
        let Some(last) = changes.last() else { break };
        reached = last.sequence;
        followed += changes.len();
    }
    report("followed", followed, started.elapsed(), &ledger);
    let started = Instant::now();
    for record in 0..1_000 {
        ledger.head(&iri(record * 37)).await?.expect("a record");
    }
    report("heads read one by one", 1_000, started.elapsed(), &ledger);
    ledger.close().await?;
    let disk = std::fs::metadata(&path)?.len();
    let records = records as u64;
    println!(
        "{} bytes a record on disk, {} as text",
        disk / records,
        text_bytes as u64 / records
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn report(what: &str, count: usize, taken: Duration, ledger: &Ledger) {
    let rate = count as f64 / taken.as_secs_f64();
    let transactions = ledger.transactions();
    println!("{what}: {count} in {taken:.2?}, {rate:.0} a second, {transactions} transactions");
}

fn iri(number: usize) -> String {
    format!("https://catalogue.example.org/dataset/d{number:07}")
}

fn change(number: usize) -> NewChange {
    NewChange {
        iri: iri(number),
        kind: "dataset".into(),
        path: format!("dataset/d{number:07}"),
        parent: Some(format!(
            "https://catalogue.example.org/catalog/c{}",
            number % 40
        )),
        action: Action::Create,
        state: State::Published,
        graph: Some(graph(number)),
        title: Some(format!("Collection {number}")),
        author: "loader".into(),
        reason: None,
        at: Timestamp::from_second(1_700_000_000).expect("in range"),
        report: None,
        expected: Expected::New,
    }
}

fn graph(number: usize) -> CanonicalText {
    canonical_ntriples(&triples(number)).expect("no poison")
}

/// A record of about 75 triples and 10 kB, with four blank nodes and words that differ from record to record.
fn triples(number: usize) -> Vec<Triple> {
    let mut random = (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut word = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        WORDS[usize::try_from(random % WORDS.len() as u64).expect("small")]
    };
    let mut sentence = |words: usize| (0..words).map(|_| word()).collect::<Vec<_>>().join(" ");
    let mut text = PREFIXES.to_owned();
    let record = iri(number);
    write!(
        text,
        "<{record}> a dcat:Dataset ; dct:title \"{}\"@en, \"{}\"@es ; dct:description \"{}\"@en, \"{}\"@es ; \
         dct:identifier \"{record}\" ; dct:publisher [ a foaf:Agent ; foaf:name \"{}\" ; foaf:mbox <mailto:d{number}@x.org> ] ; \
         dcat:contactPoint [ a vcard:Kind ; vcard:fn \"{}\" ; vcard:hasEmail <mailto:c{number}@x.org> ] ; \
         dct:temporal [ a dct:PeriodOfTime ; dcat:startDate \"2010-04-01\"^^xsd:date ; dcat:endDate \"2022-02-28\"^^xsd:date ] ; \
         dct:provenance [ a dct:ProvenanceStatement ; rdfs:label \"{}\"@en ] ; dcat:theme eu:data-theme\\/HEAL ; \
         dct:license eu:licence\\/CC_BY_4_0 ; dct:accessRights eu:access-right\\/NON_PUBLIC ; dct:spatial eu:country\\/ESP ; \
         dct:issued \"2017-08-16T17:14:01Z\"^^xsd:dateTime ; dct:modified \"2017-09-27T18:35:01Z\"^^xsd:dateTime ; \
         dcat:landingPage <https://node.example.org/collections/{number}> ; dcat:version \"1.2\" ",
        sentence(6), sentence(6), sentence(45), sentence(45), sentence(3), sentence(3), sentence(14),
    )
    .expect("memory");
    for keyword in 0..8 {
        write!(text, "; dcat:keyword \"{} {keyword}\"@en ", sentence(1)).expect("memory");
    }
    for property in 0..14 {
        let value = number * 31 % 9_973 + property;
        write!(text, "; ex:property{property} {value} ").expect("memory");
    }
    text.push_str(". ");
    for part in 0..3 {
        write!(
            text,
            "<{record}> dcat:distribution <{record}/distribution/{part}> . <{record}/distribution/{part}> a dcat:Distribution ; \
             dct:title \"{}\"@en ; dcat:accessURL <https://node.example.org/access/{number}/{part}> ; \
             dct:format eu:file-type\\/DICOM ; dcat:byteSize {} ; dct:license eu:licence\\/CC_BY_4_0 . ",
            sentence(4), number * 7_919 + part,
        )
        .expect("memory");
    }
    let quads = parse(text.as_bytes(), Format::Turtle, None).expect("well-formed");
    quads.into_iter().map(Triple::from).collect()
}

const PREFIXES: &str = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . \
     @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> . \
     @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . \
     @prefix eu: <http://publications.europa.eu/resource/authority/> . @prefix ex: <https://catalogue.example.org/def#> . ";

const WORDS: [&str; 48] = [
    "breast",
    "lung",
    "prostate",
    "colon",
    "liver",
    "brain",
    "kidney",
    "images",
    "patients",
    "cohort",
    "screening",
    "registry",
    "trial",
    "archive",
    "annotated",
    "retrospective",
    "multicentre",
    "contrast",
    "acquisition",
    "treatment",
    "diagnosis",
    "segmentation",
    "radiomics",
    "lesion",
    "biopsy",
    "histology",
    "staging",
    "response",
    "survival",
    "baseline",
    "chemotherapy",
    "surgery",
    "scanner",
    "protocol",
    "slice",
    "thickness",
    "hospital",
    "centre",
    "radiologist",
    "volume",
    "region",
    "nodule",
    "mass",
    "malignant",
    "benign",
    "model",
    "training",
    "validation",
];
