//! Are synthetic records complete, different from each other and always the same?

use std::collections::{HashMap, HashSet};

use super::*;
use crate::rdf::vocabulary::{cv, dcat, dcatap, dct, eucaim, foaf, healthdcatap, rdf, rdfs, vcard};
use crate::rdf::{NamedNodeRef, NamedOrBlankNode, Term};

const BASE: &str = "https://atlas.example.org";

#[test]
fn the_same_numbers_give_the_same_bytes() {
    let write = |base: &str| {
        let mut bytes = Vec::new();
        let written = Generator::new(50, 42, base)
            .write_nquads(&mut bytes, |_| ())
            .unwrap();
        (bytes, written)
    };
    assert_eq!(write(BASE), write("https://atlas.example.org/"));
    let other = Generator::new(50, 43, BASE).record(7);
    assert_ne!(
        other.triples,
        Generator::new(50, 42, BASE).record(7).triples
    );
}

#[test]
fn a_record_depends_on_its_own_number_only() {
    let first = Generator::new(1000, 5, BASE);
    let second = Generator::new(1000, 5, BASE);
    for i in (0..100).rev() {
        assert_eq!(first.record(i), second.record(i));
    }
}

/// Changing the stream changes every benchmark that was ever noted: do it knowingly.
#[test]
fn the_stream_is_the_one_of_old() {
    let mut bytes = Vec::new();
    Generator::new(20, 1, BASE)
        .write_nquads(&mut bytes, |_| ())
        .unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&bytes);
    insta::assert_snapshot!(hex::encode(digest));
}

#[test]
fn a_dataset_reads_like_this() {
    let record = Generator::new(20, 1, BASE).record(3);
    insta::assert_snapshot!(String::from_utf8(record.turtle()).unwrap());
}

#[test]
fn every_mandatory_row_of_a_dataset_is_there_in_its_number() {
    let one = [
        dct::IDENTIFIER,
        dcat::VERSION,
        eucaim::INTEROPERABILITY_LEVEL,
        dcat::THEME,
        dct::ACCESS_RIGHTS,
        dct::PUBLISHER,
        healthdcatap::HAS_STRUCTURED_DATA,
        healthdcatap::NUMBER_OF_UNIQUE_INDIVIDUALS,
        healthdcatap::NUMBER_OF_RECORDS,
        eucaim::HAS_CONDITION,
        healthdcatap::HDAB,
        dct::IS_PART_OF,
        dct::ISSUED,
        dct::MODIFIED,
        dct::ACCRUAL_PERIODICITY,
    ];
    let some = [
        dct::TITLE,
        dct::DESCRIPTION,
        dcat::DISTRIBUTION,
        dcat::CONTACT_POINT,
        healthdcatap::HEALTH_CATEGORY,
        dct::TYPE,
        dcatap::APPLICABLE_LEGISLATION,
        eucaim::HAS_BIRTH_SEX,
        eucaim::COLLECTION_METHOD,
        eucaim::HAS_IMAGE_MODALITY,
        eucaim::HAS_EQUIPMENT_MANUFACTURER,
        eucaim::HAS_IMAGE_BODY_PART,
        dcat::KEYWORD,
        dct::PROVENANCE,
    ];
    for record in datasets(300) {
        let subject = record.iri.clone().into();
        for predicate in one {
            assert_eq!(
                objects(&record, &subject, predicate).len(),
                1,
                "{predicate} of {}",
                record.iri
            );
        }
        for predicate in some {
            assert!(
                !objects(&record, &subject, predicate).is_empty(),
                "{predicate} of {}",
                record.iri
            );
        }
    }
}

#[test]
fn the_nodes_around_a_dataset_are_complete() {
    let needs: [(NamedNodeRef<'_>, &[NamedNodeRef<'_>]); 6] = [
        (
            dcat::DISTRIBUTION,
            &[
                rdf::TYPE,
                dcat::ACCESS_URL,
                dcatap::APPLICABLE_LEGISLATION,
                dct::RIGHTS,
            ],
        ),
        (
            dcat::CONTACT_POINT,
            &[rdf::TYPE, vcard::FN, vcard::HAS_EMAIL],
        ),
        (dct::PUBLISHER, &[rdf::TYPE, foaf::NAME, cv::CONTACT_POINT]),
        (
            healthdcatap::HDAB,
            &[rdf::TYPE, foaf::NAME, cv::CONTACT_POINT],
        ),
        (dct::PROVENANCE, &[rdf::TYPE, rdfs::LABEL]),
        (
            dct::TEMPORAL,
            &[rdf::TYPE, dcat::START_DATE, dcat::END_DATE],
        ),
    ];
    for record in datasets(100) {
        for (relation, predicates) in needs {
            for node in objects(&record, &record.iri.clone().into(), relation) {
                for predicate in predicates {
                    let found = objects(&record, &subject_of(&node), *predicate);
                    assert!(!found.is_empty(), "{predicate} of {node} in {}", record.iri);
                }
            }
        }
        let publisher = objects(&record, &record.iri.clone().into(), dct::PUBLISHER).remove(0);
        let contact = objects(&record, &subject_of(&publisher), cv::CONTACT_POINT).remove(0);
        assert_eq!(objects(&record, &subject_of(&contact), cv::EMAIL).len(), 1);
    }
}

#[test]
fn english_is_never_missing() {
    for record in datasets(300) {
        for predicate in [dct::TITLE, dct::DESCRIPTION] {
            let texts = objects(&record, &record.iri.clone().into(), predicate);
            let english =
                |text: &&Term| matches!(text, Term::Literal(l) if l.language() == Some("en"));
            assert_eq!(texts.iter().filter(english).count(), 1, "{}", record.iri);
        }
    }
}

#[test]
fn every_triple_stands_once_and_about_eighty_in_a_record() {
    let records = datasets(500);
    for record in &records {
        let different: HashSet<_> = record.triples.iter().collect();
        assert_eq!(different.len(), record.triples.len(), "{}", record.iri);
    }
    let mean = records
        .iter()
        .map(|record| record.triples.len())
        .sum::<usize>()
        / records.len();
    assert!((65..95).contains(&mean), "{mean} triples in the mean");
}

#[test]
fn every_iri_is_one() {
    let mut bytes = Vec::new();
    let generator = Generator::new(200, 9, BASE);
    let written = generator.write_nquads(&mut bytes, |_| ()).unwrap();
    let quads = format::parse(&bytes, Format::NQuads, None).unwrap();
    assert_eq!(quads.len(), written.triples);
    assert_eq!(written.records, 200 + generator.catalogues().len());
    let graphs: HashSet<_> = quads
        .iter()
        .map(|quad| quad.graph_name.to_string())
        .collect();
    assert_eq!(graphs.len(), written.records);
}

#[test]
fn a_dataset_lies_in_a_catalogue_that_is_made() {
    let generator = Generator::new(500, 3, BASE);
    let catalogues: HashSet<Term> = generator
        .catalogues()
        .into_iter()
        .map(|record| record.iri.into())
        .collect();
    for i in 0..500 {
        let record = generator.record(i);
        let parents = objects(&record, &record.iri.clone().into(), dct::IS_PART_OF);
        assert!(catalogues.contains(&parents[0]), "{}", parents[0]);
    }
}

#[test]
fn every_mandatory_row_of_a_catalogue_is_there() {
    for record in Generator::new(500, 3, BASE).catalogues() {
        for predicate in [
            dct::TITLE,
            dct::DESCRIPTION,
            dcatap::APPLICABLE_LEGISLATION,
            dct::PUBLISHER,
        ] {
            assert!(
                !objects(&record, &record.iri.clone().into(), predicate).is_empty(),
                "{predicate}"
            );
        }
    }
}

#[test]
fn collections_are_skewed_and_yet_of_every_kind() {
    let records = datasets(3000);
    let share = |counts: &HashMap<Term, usize>| counts.values().max().unwrap() * 100 / 3000;
    assert!((8..30).contains(&share(&counts(&records, dct::PUBLISHER))));
    assert!((10..45).contains(&share(&counts(&records, dct::IS_PART_OF))));
    assert!(counts(&records, eucaim::HAS_IMAGE_BODY_PART).len() >= 24);
    assert_eq!(counts(&records, eucaim::INTEROPERABILITY_LEVEL).len(), 9);
    assert_eq!(counts(&records, eucaim::COLLECTION_METHOD).len(), 6);
    assert_eq!(counts(&records, eucaim::HAS_BIRTH_SEX).len(), 2);
    assert_eq!(counts(&records, dct::ACCESS_RIGHTS).len(), 3);
    assert!(counts(&records, eucaim::HAS_IMAGE_MODALITY).len() >= 16);
    assert!(counts(&records, dct::SPATIAL).len() >= 10);
}

#[test]
fn turtle_files_hold_what_the_quads_hold() {
    let folder = tempfile::tempdir().unwrap();
    let generator = Generator::new(3, 1, BASE);
    let written = generator.write_turtle(folder.path(), |_| ()).unwrap();
    assert_eq!(written.records, 6);
    let bytes = fs::read(folder.path().join("dataset/d0000002.ttl")).unwrap();
    let quads = format::parse(&bytes, Format::Turtle, None).unwrap();
    assert_eq!(quads.len(), generator.record(2).triples.len());
}

fn datasets(count: usize) -> Vec<GeneratedRecord> {
    let generator = Generator::new(count, 42, BASE);
    (0..count).map(|i| generator.record(i)).collect()
}

fn objects(
    record: &GeneratedRecord,
    subject: &NamedOrBlankNode,
    predicate: NamedNodeRef<'_>,
) -> Vec<Term> {
    let wanted = record
        .triples
        .iter()
        .filter(|triple| triple.subject == *subject && triple.predicate == predicate);
    wanted.map(|triple| triple.object.clone()).collect()
}

fn subject_of(node: &Term) -> NamedOrBlankNode {
    match node {
        Term::NamedNode(node) => node.clone().into(),
        Term::BlankNode(node) => node.clone().into(),
        other => panic!("{other} is no node"),
    }
}

fn counts(records: &[GeneratedRecord], predicate: NamedNodeRef<'_>) -> HashMap<Term, usize> {
    let mut counts = HashMap::new();
    for record in records {
        for object in objects(record, &record.iri.clone().into(), predicate) {
            *counts.entry(object).or_default() += 1;
        }
    }
    counts
}
