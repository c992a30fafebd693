//! Is every synthetic record valid against the federation's profile, with its value sets from the hyperontology?

#![cfg(test)]

use std::fs;
use std::path::Path;

use vesalius::generate::{GeneratedRecord, Generator};
use vesalius::ontology::Ontology;
use vesalius::rdf::{Format, NamedNode, Term, Triple, format};
use vesalius::shacl::{Background, Data, Severity, Shapes};

#[test]
fn every_generated_record_is_valid() {
    let shapes = profile("eucaim-dcat-ap-2.0");
    let known = Known(Ontology::bundled().unwrap());
    let generator = Generator::new(300, 42, "https://atlas.example.org");
    let mut checked = 0;
    for record in generator.records() {
        assert_eq!(
            mistakes(&shapes, &known, &record),
            Vec::<String>::new(),
            "{}",
            record.iri
        );
        checked += 1;
    }
    assert_eq!(checked, 300 + generator.catalogues().len());
}

/// The same check finds what is wrong, so that its silence above means something.
#[test]
fn a_generated_record_that_was_damaged_is_not_valid() {
    let shapes = profile("eucaim-dcat-ap-2.0");
    let known = Known(Ontology::bundled().unwrap());
    let mut record = Generator::new(10, 42, "https://atlas.example.org").record(0);
    let condition = vesalius::rdf::vocabulary::eucaim::HAS_CONDITION;
    record
        .triples
        .retain(|triple| triple.predicate != condition);
    assert!(!mistakes(&shapes, &known, &record).is_empty());
}

fn mistakes(shapes: &Shapes, known: &Known, record: &GeneratedRecord) -> Vec<String> {
    let data = Data::new(record.triples.iter().map(Triple::as_ref)).with_background(known);
    let report = shapes.validate(&data).unwrap();
    let violations = report
        .results
        .iter()
        .filter(|result| result.severity == Severity::Violation);
    violations
        .map(|result| result.message("en").to_owned())
        .collect()
}

struct Known(Ontology);

impl Background for Known {
    fn objects(&self, subject: &Term, predicate: &NamedNode) -> Vec<Term> {
        self.0.objects(subject, predicate.as_ref())
    }
}

fn profile(name: &str) -> Shapes {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("shapes")
        .join(name);
    let mut triples: Vec<Triple> = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        let quads = format::parse(&bytes, Format::Turtle, None).unwrap();
        triples.extend(quads.into_iter().map(Triple::from));
    }
    Shapes::compile(&triples).unwrap()
}
