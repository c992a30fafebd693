//! How long the validation of one record takes, and of many, against a profile of usual size.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use vesalius::app::SHAPES;
use vesalius::catalogue::Profiles;
use vesalius::catalogue::profile::Neighbours;
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::{BlankNode, Format, NamedNode, NamedOrBlankNode, Term, Triple, format};
use vesalius::shacl::{Background, Data, Shapes};

const PREFIXES: &str = "
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix v: <http://www.w3.org/2006/vcard/ns#> .
@prefix ex: <http://example.org/> .
";

/// The kinds of nodes that a record describes, and how many property shapes each has.
const KINDS: [(&str, usize); 6] = [
    ("dcat:Dataset", 62),
    ("dcat:Distribution", 30),
    ("foaf:Agent", 8),
    ("v:Kind", 6),
    ("dct:PeriodOfTime", 4),
    ("ex:Checksum", 10),
];

fn triples(text: &str) -> Vec<Triple> {
    let quads = format::parse(text.as_bytes(), Format::Turtle, None).expect("well-formed Turtle");
    quads.into_iter().map(Triple::from).collect()
}

/// 120 property shapes with the constraints that application profiles use.
fn shapes() -> Vec<Triple> {
    let mut text = PREFIXES.to_owned();
    for (kind, properties) in KINDS {
        let name = kind.replace(':', "-");
        write!(text, "ex:{name} a sh:NodeShape ; sh:targetClass {kind}").expect("a string");
        for number in 0..properties {
            let constraint = match number % 8 {
                0 => "sh:nodeKind sh:Literal ; sh:minCount 1 ; sh:uniqueLang true",
                1 => "sh:nodeKind sh:IRI ; sh:pattern '^https?://'",
                2 => "sh:datatype xsd:date ; sh:maxCount 1",
                3 => "sh:datatype xsd:nonNegativeInteger ; sh:minInclusive 0 ; sh:maxCount 1",
                4 => "sh:in ( ex:red ex:green ex:blue ex:yellow ex:white )",
                5 => "sh:class skos:Concept ; sh:nodeKind sh:IRI",
                6 => "sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:dateTime ] )",
                _ => "sh:minLength 2 ; sh:maxLength 4000 ; sh:languageIn ( 'en' 'de' )",
            };
            let severity = if number % 3 == 0 {
                "sh:Violation"
            } else {
                "sh:Warning"
            };
            write!(
                text,
                " ;\n  sh:property [ sh:path ex:p{number} ; sh:name 'field'@en ; {constraint} ; \
                 sh:severity {severity} ]"
            )
            .expect("a string");
        }
        text.push_str(" .\n");
    }
    triples(&text)
}

/// 75 triples as a provider sends them: a dataset, a distribution and what they point to. Some
/// mandatory properties are missing.
fn record(number: usize) -> Vec<Triple> {
    let mut text = PREFIXES.to_owned();
    let mut write_node = |node: &str, kind: &str, properties: usize, links: &str| {
        write!(text, "{node} a {kind}").expect("a string");
        for at in 0..properties {
            let value = match at % 8 {
                0 => "'A title in English'@en".to_owned(),
                1 => format!("<https://example.org/thing/{at}>"),
                2 => "'2024-05-06'^^xsd:date".to_owned(),
                3 => format!("'{at}'^^xsd:nonNegativeInteger"),
                4 => "ex:green".to_owned(),
                5 => format!("<http://example.org/concept/{}>", at % 3),
                6 => "'2024-05-06T07:08:09Z'^^xsd:dateTime".to_owned(),
                _ => "'Some longer text in English'@en".to_owned(),
            };
            write!(text, " ; ex:p{at} {value}").expect("a string");
        }
        writeln!(text, "{links} .").expect("a string");
    };
    let dataset = format!("ex:dataset{number}");
    write_node(
        &dataset,
        "dcat:Dataset",
        28,
        " ; dcat:distribution _:d ; dct:publisher _:a",
    );
    write_node("_:d", "dcat:Distribution", 18, " ; ex:checksum _:c");
    write_node("_:a", "foaf:Agent", 5, " ; dcat:contactPoint _:k");
    write_node("_:k", "v:Kind", 4, "");
    write_node("_:t", "dct:PeriodOfTime", 3, "");
    write_node("_:c", "ex:Checksum", 7, "");
    triples(&text)
}

/// Three concepts of a vocabulary.
struct Vocabulary;

impl Background for Vocabulary {
    fn objects(&self, subject: &Term, predicate: &NamedNode) -> Vec<Term> {
        let is_concept =
            |node: &NamedNode| node.as_str().starts_with("http://example.org/concept/");
        let is_type = predicate.as_str() == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        match subject {
            Term::NamedNode(node) if is_type && is_concept(node) => {
                let concept = "http://www.w3.org/2004/02/skos/core#Concept";
                vec![NamedNode::new_unchecked(concept).into()]
            }
            _ => Vec::new(),
        }
    }
}

fn validate(criterion: &mut Criterion) {
    let shapes = Shapes::compile(&shapes()).expect("well-formed shapes");
    let one = record(0);
    let own = one[0].subject.clone();
    let background = Vocabulary;
    let data = || {
        Data::new(&one)
            .with_background(&background)
            .with_own([&own])
    };
    let report = shapes.validate(&data()).expect("within bounds");
    eprintln!(
        "{} triples, {} shapes, {} results",
        data().len(),
        shapes.len(),
        report.results.len()
    );
    criterion.bench_function("one record: index", |bencher| {
        bencher.iter(|| black_box(data()));
    });
    let indexed = data();
    criterion.bench_function("one record: validate", |bencher| {
        bencher.iter(|| black_box(shapes.validate(&indexed)));
    });
    criterion.bench_function("one record: index and validate", |bencher| {
        bencher.iter(|| black_box(shapes.validate(&data())));
    });
    let mut group = criterion.benchmark_group("many records");
    for count in [100_u64, 1_000] {
        let records: Vec<_> = (0..count)
            .map(|number| record(usize::try_from(number).unwrap_or(0)))
            .collect();
        group
            .throughput(Throughput::Elements(count))
            .sample_size(10);
        group.bench_function(format!("{count}"), |bencher| {
            bencher.iter(|| {
                for record in &records {
                    let data = Data::new(record).with_background(&background);
                    black_box(shapes.validate(&data)).expect("within bounds");
                }
            });
        });
    }
    for count in [1_000_u32, 20_000] {
        let records: Vec<Triple> = (0..count)
            .flat_map(|number| renamed(&one, number))
            .collect();
        group
            .throughput(Throughput::Elements(u64::from(count)))
            .sample_size(10);
        group.bench_function(format!("{count} in one graph"), |bencher| {
            bencher.iter(|| {
                let data = Data::new(&records).with_background(&background);
                black_box(shapes.validate(&data)).expect("within bounds")
            });
        });
    }
    group.finish();
}

/// The same record under other names.
fn renamed(record: &[Triple], number: u32) -> Vec<Triple> {
    let node = |node: &NamedOrBlankNode| match node {
        NamedOrBlankNode::NamedNode(iri) => NamedOrBlankNode::from(NamedNode::new_unchecked(
            format!("{}-{number}", iri.as_str()),
        )),
        NamedOrBlankNode::BlankNode(blank) => {
            BlankNode::new_unchecked(format!("{}x{number}", blank.as_str())).into()
        }
    };
    let subjects: Vec<Term> = record.iter().map(|t| t.subject.clone().into()).collect();
    let object = |term: &Term| match term {
        Term::NamedNode(iri) if subjects.contains(term) => node(&iri.clone().into()).into(),
        Term::BlankNode(blank) => node(&blank.clone().into()).into(),
        other => other.clone(),
    };
    record
        .iter()
        .map(|t| Triple::new(node(&t.subject), t.predicate.clone(), object(&t.object)))
        .collect()
}

fn sparql(criterion: &mut Criterion) {
    let text = "ex:S sh:targetClass dcat:Dataset ; sh:sparql [ sh:message 'late' ; sh:select '''
        SELECT $this ?value WHERE { $this <http://example.org/p2> ?value ; <http://example.org/p10> ?b .
          FILTER(?value != ?b) }''' ] .";
    let shapes = Shapes::compile(&triples(&format!("{PREFIXES}{text}"))).expect("well-formed");
    let one = record(0);
    let data = Data::new(&one);
    criterion.bench_function("one SPARQL constraint", |bencher| {
        bencher.iter(|| black_box(shapes.validate(&data)));
    });
}

fn compile(criterion: &mut Criterion) {
    let triples = shapes();
    criterion.bench_function("compile shapes", |bencher| {
        bencher.iter(|| black_box(Shapes::compile(&triples)));
    });
}

/// Generated records against the whole profile of the federation, with its vocabularies: what a write costs. As many
/// records a second for thousands as for a few, when the cost follows the record.
fn eucaim(criterion: &mut Criterion) {
    let ontology = Ontology::bundled().expect("sound vocabularies");
    let profiles = Profiles::load(&SHAPES, None, &ontology).expect("sound profiles");
    let profile = profiles.get("eucaim-dcat-ap-2.0").expect("it is bundled");
    let neighbours = Neighbours {
        ontology: &ontology,
        snapshot: None,
    };
    let mut group = criterion.benchmark_group("EUCAIM profile");
    for count in [1, 200, 2_000] {
        let generator = Generator::new(count, 42, "https://atlas.example.org");
        let records: Vec<_> = (0..count).map(|number| generator.record(number)).collect();
        group
            .throughput(Throughput::Elements(count as u64))
            .sample_size(10);
        group.bench_function(format!("{count} records"), |bencher| {
            bencher.iter(|| {
                for record in &records {
                    black_box(profile.check(&record.iri, &record.triples, &neighbours));
                }
            });
        });
    }
    group.finish();
}

criterion_group!(benches, validate, eucaim, sparql, compile);
criterion_main!(benches);
