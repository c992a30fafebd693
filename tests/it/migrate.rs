//! Do records of EUCAIM DCAT-AP 1.0 become records of 2.0, with nothing lost, nothing invented, and every step told?

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::OnceLock;

use proptest::prelude::*;
use serde_json::Value;
use vesalius::app::SHAPES;
use vesalius::catalogue::migration::{Ground, NOTES_MAX, What};
use vesalius::catalogue::profile::Neighbours;
use vesalius::catalogue::{Base, Checked, Kinds, Migration, Profiles, Way};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::places::Places;
use vesalius::rdf::{
    Format, Literal, NamedNode, NamedOrBlankNode, Term, Triple, canonical, format,
};

use crate::support::rdf::{assert_isomorphic, iri, turtle};
use crate::support::{command, demo, repository, workshop};

const OLD: &str = "eucaim-dcat-ap-1.0";
const NEW: &str = "eucaim-dcat-ap-2.0";
const BASE: &str = "https://atlas.test";
const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "it"];
/// The records of the older profile, and the paths of what 2.0 wants of them and they do not say.
const RECORDS: [(&str, &[&str]); 7] = [
    (
        "dataset-as-in-the-examples",
        &["healthdcatap:hasStructuredData"],
    ),
    (
        "dataset-of-a-fair-data-point",
        &[
            "dcat:distribution",
            "dct:description",
            "dct:title",
            "healthdcatap:hasStructuredData",
        ],
    ),
    (
        "dataset-with-vcard-contacts",
        &["healthdcatap:hasStructuredData"],
    ),
    ("distribution", &[]),
    ("catalogue", &[]),
    ("dataset-that-has-all", &[]),
    (
        "dataset-that-nobody-can-read",
        &[
            "cv:contactPoint",
            "dcat:accessURL",
            "dcat:keyword",
            "dcatap:applicableLegislation",
            "dcatap:applicableLegislation",
            "dct:accessRights",
            "dct:description",
            "dct:description",
            "dct:provenance",
            "dct:rights",
            "dct:title",
            "dct:type",
            "dct:type",
            "eucaim:collectionMethod",
            "eucaim:hasCondition",
            "eucaim:hasEquipmentManufacturer",
            "eucaim:hasImageBodyPart",
            "eucaim:interoperabilityLevel",
            "foaf:name",
            "healthdcatap:hasStructuredData",
            "healthdcatap:numberOfRecords",
            "spdx:algorithm",
        ],
    ),
];

/// The parts that a migration needs, without a server.
struct House {
    ontology: Ontology,
    kinds: Kinds,
    profiles: Profiles,
    base: Base,
}

fn house() -> &'static House {
    static HOUSE: OnceLock<House> = OnceLock::new();
    HOUSE.get_or_init(|| {
        let ontology = Ontology::bundled().unwrap();
        let kinds = fs::read_to_string(repository("shapes/kinds.toml")).unwrap();
        House {
            kinds: Kinds::parse(&kinds).unwrap(),
            profiles: Profiles::load(&SHAPES, None, &ontology).unwrap(),
            ontology,
            base: Base::new(BASE).unwrap(),
        }
    })
}

impl House {
    fn neighbours(&self) -> Neighbours<'_> {
        Neighbours {
            ontology: &self.ontology,
            snapshot: None,
        }
    }

    fn migrate(&self, triples: &[Triple]) -> Migration {
        let way = Way::find(&self.profiles, Some(OLD), Some(NEW)).unwrap();
        let ground = Ground {
            kinds: &self.kinds,
            base: &self.base,
            neighbours: self.neighbours(),
        };
        way.migrate(triples, &ground).unwrap()
    }

    /// The violations of a profile, as path and constraint.
    fn violations(&self, profile: &str, record: &str, triples: &[Triple]) -> Vec<String> {
        let profile = self.profiles.get(profile).unwrap();
        let checked = profile.check(&iri(record), triples, &self.neighbours());
        let results = checked.violations_json("en");
        let results = results.as_array().unwrap().iter();
        results
            .filter(|result| result["severity"] == "Violation")
            .map(|result| {
                format!(
                    "{} {}",
                    short(&result["path"]),
                    result["constraint"].as_str().unwrap()
                )
            })
            .collect()
    }
}

fn short(path: &Value) -> String {
    let path = path.as_str().unwrap().trim_matches(['<', '>']);
    vesalius::rdf::vocabulary::short(path).unwrap_or_else(|| path.to_owned())
}

fn file(name: &str) -> PathBuf {
    repository("tests/data/v1").join(format!("{name}.ttl"))
}

fn read(path: &Path) -> Vec<Triple> {
    turtle(&fs::read_to_string(path).unwrap(), &format!("{BASE}/"))
}

/// The subject of the first statement of a file: its record.
fn record_of(triples: &[Triple]) -> String {
    match &triples[0].subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNode::BlankNode(_) => panic!("a record has a name"),
    }
}

fn gaps(migration: &Migration) -> Vec<String> {
    let (_, nowhere) = Places::read(b"", Format::Turtle, None).unwrap();
    let report = migration.to_json(&house().ontology, "en", &nowhere);
    let gaps = report["gaps"].as_array().unwrap();
    let mut paths: Vec<String> = gaps.iter().map(|gap| short(&gap["path"])).collect();
    paths.sort();
    paths
}

#[test]
fn the_hand_written_records_fit_the_older_profile() {
    for (name, _) in RECORDS {
        let triples = read(&file(name));
        let found = house().violations(OLD, &record_of(&triples), &triples);
        let expected: &[&str] = match name {
            // The examples of 1.0 have the publisher's name in its address, and name the procedure where the profile
            // wants the modality.
            "dataset-as-in-the-examples" => &[
                "foaf:name MinCountConstraintComponent",
                "dcat:contactPoint|foaf:mbox|foaf:homepage MinCountConstraintComponent",
                "eucaim:hasImageModality NodeConstraintComponent",
            ],
            "dataset-that-has-all" => &[
                "dcat:theme MinCountConstraintComponent",
                "eucaim:hasImageModality NodeConstraintComponent",
            ],
            "distribution" => &["spdx:checksumValue PatternConstraintComponent"],
            "dataset-that-nobody-can-read"
            | "dataset-with-vcard-contacts"
            | "dataset-of-a-fair-data-point" => continue,
            _ => &[],
        };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn every_mandatory_row_of_the_older_profile_is_asked_for() {
    let whole = house()
        .migrate(&read(&file("dataset-as-in-the-examples")))
        .triples;
    let record = record_of(&whole);
    // Written back into the older profile: its modality is right now, and its contact is at the publisher.
    let mut whole: Vec<Triple> = whole
        .into_iter()
        .filter(|triple| {
            triple.predicate.as_str() != "https://w3id.org/healthdcat-ap#hasCodeValues"
        })
        .collect();
    for triple in &mut whole {
        if triple.predicate.as_str() == "http://data.europa.eu/m8g/contactPoint" {
            triple.predicate = iri("http://www.w3.org/ns/dcat#contactPoint");
        }
        for (old, new) in [("email", "hasEmail"), ("contactPage", "hasURL")] {
            if triple.predicate.as_str() == format!("http://data.europa.eu/m8g/{old}") {
                triple.predicate = iri(&format!("http://www.w3.org/2006/vcard/ns#{new}"));
                if let Term::Literal(text) = &triple.object {
                    triple.object = iri(&format!("mailto:{}", text.value())).into();
                }
            }
        }
    }
    assert_eq!(
        house().violations(OLD, &record, &whole),
        Vec::<String>::new()
    );
    let mandatory = [
        "dct:identifier",
        "dct:title",
        "dct:description",
        "dcat:version",
        "eucaim:interoperabilityLevel",
        "dcat:distribution",
        "dcat:contactPoint",
        "dcat:theme",
        "healthdcatap:healthCategory",
        "dct:type",
        "dct:accessRights",
        "dcatap:applicableLegislation",
        "dct:publisher",
        "healthdcatap:numberOfUniqueIndividuals",
        "healthdcatap:numberOfRecords",
        "eucaim:hasBirthSex",
        "eucaim:hasCondition",
        "eucaim:collectionMethod",
        "eucaim:hasImageModality",
        "eucaim:hasEquipmentManufacturer",
        "eucaim:hasImageBodyPart",
        "dcat:keyword",
        "dct:provenance",
    ];
    for property in mandatory {
        let subject = NamedOrBlankNode::from(iri(&record));
        let without: Vec<Triple> = whole
            .iter()
            .filter(|triple| {
                let name = vesalius::rdf::vocabulary::short(triple.predicate.as_str());
                triple.subject != subject || name.as_deref() != Some(property)
            })
            .cloned()
            .collect();
        assert!(without.len() < whole.len(), "{property} is not there");
        let found = house().violations(OLD, &record, &without);
        let wanted = format!("{property} MinCountConstraintComponent");
        assert!(found.contains(&wanted), "without {property}: {found:?}");
    }
}

#[test]
fn what_is_left_are_the_named_gaps() {
    for (name, expected) in RECORDS {
        let migration = house().migrate(&read(&file(name)));
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(gaps(&migration), expected, "{name}");
        let others: usize = migration.checks.iter().map(Checked::violations).sum();
        let is_readable =
            name != "dataset-that-nobody-can-read" && name != "dataset-of-a-fair-data-point";
        assert!(
            !is_readable || others == expected.len(),
            "{name}: {:#?}",
            report(&migration, "en")
        );
        assert_eq!(migration.is_complete(), others == 0);
    }
}

/// The report as people read it, and the new document with the blank nodes named in order.
fn report(migration: &Migration, language: &str) -> String {
    let mut text = String::new();
    for record in migration.records(&house().ontology, language) {
        text.push_str(&format!(
            "<{}> fits: {}\n",
            record.checked.iri,
            record.checked.fits()
        ));
        let sections = [
            ("done", &record.steps),
            ("left", &record.left),
            ("gaps", &record.gaps),
        ];
        for (title, lines) in sections {
            text.push_str(&format!("{title}:\n"));
            text.extend(lines.iter().map(|line| format!("- {line}\n")));
        }
        let wrong = record.checked.violations() - record.gaps.len();
        text.push_str("wrong:\n");
        text.extend(
            record
                .findings
                .iter()
                .take(wrong)
                .map(|line| format!("- {line}\n")),
        );
    }
    text
}

#[test]
fn every_step_is_told() {
    for (name, _) in RECORDS {
        let migration = house().migrate(&read(&file(name)));
        insta::assert_snapshot!(format!("report_of_{name}"), report(&migration, "en"));
        let document = canonical::canonical_ntriples(&migration.triples)
            .unwrap()
            .into_text();
        insta::assert_snapshot!(format!("result_of_{name}"), document);
    }
}

#[test]
fn the_report_speaks_five_languages() {
    let migration = house().migrate(&read(&file("dataset-with-vcard-contacts")));
    let mut told = BTreeSet::new();
    for language in LANGUAGES {
        let report = report(&migration, language);
        assert!(!report.contains(['{', '}']), "{language}: {report}");
        told.insert(report);
    }
    assert_eq!(told.len(), LANGUAGES.len());
    insta::assert_snapshot!("a_report_in_german", report(&migration, "de"));
    let rules = house().profiles.get(OLD).unwrap();
    let rules = rules.migration.as_ref().unwrap();
    for what in What::ALL {
        let sentences: BTreeSet<&str> = LANGUAGES
            .iter()
            .map(|language| rules.sentence(what, language))
            .collect();
        assert_eq!(sentences.len(), LANGUAGES.len(), "{what:?}: {sentences:#?}");
        assert!(
            sentences
                .iter()
                .all(|sentence| sentence.contains("{field}"))
        );
    }
}

/// Whatever is gone from a document, a step tells of it.
fn nothing_is_lost(before: &[Triple], migration: &Migration) {
    let after: BTreeSet<String> = migration.triples.iter().map(ToString::to_string).collect();
    let told: BTreeSet<String> = migration
        .notes
        .iter()
        .filter(|note| note.what.is_step())
        .map(|note| note.before.to_string())
        .collect();
    let objects: BTreeSet<String> = migration
        .triples
        .iter()
        .map(|triple| triple.object.to_string())
        .collect();
    for triple in before {
        if after.contains(&triple.to_string()) {
            continue;
        }
        let (property, object) = (triple.predicate.to_string(), triple.object.to_string());
        let is_type = triple.predicate.as_str().ends_with("#type");
        // A contact point changes its class, and the step tells of the contact point.
        let is_told = told.contains(&property)
            || told.contains(&object)
            || is_type
            || objects.contains(&object);
        assert!(is_told, "{triple} is gone and nobody told");
    }
    let words = |triples: &[Triple]| -> BTreeSet<String> {
        let literals = triples.iter().filter_map(|triple| match &triple.object {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            _ => None,
        });
        literals.collect()
    };
    let kept = words(&migration.triples);
    for word in words(before).difference(&kept) {
        let is_told = told.iter().any(|told| told.contains(word.as_str()));
        assert!(is_told, "{word:?} is gone and nobody told");
    }
}

#[test]
fn nothing_is_lost_on_the_way() {
    for (name, _) in RECORDS {
        let before = read(&file(name));
        let migration = house().migrate(&before);
        nothing_is_lost(&before, &migration);
        assert!(migration.triples.len() + 4 >= before.len(), "{name}");
    }
}

#[test]
fn what_is_not_understood_stays_as_it_was() {
    let before = read(&file("dataset-that-nobody-can-read"));
    let migration = house().migrate(&before);
    let after: BTreeSet<String> = migration.triples.iter().map(ToString::to_string).collect();
    for triple in &before {
        let is_told = migration.notes.iter().any(|note| {
            let property = Term::from(triple.predicate.clone());
            note.what.is_step() && (note.before == property || note.before == triple.object)
        });
        assert!(is_told || after.contains(&triple.to_string()), "{triple}");
    }
    let left: BTreeSet<What> = migration
        .notes
        .iter()
        .map(|note| note.what)
        .filter(|what| !what.is_step())
        .collect();
    assert_eq!(
        left,
        BTreeSet::from([
            What::Unread,
            What::Stranded,
            What::Occupied,
            What::Superseded
        ])
    );
    assert!(!migration.is_complete());
}

#[test]
fn a_second_migration_changes_nothing() {
    let folders = ["tests/data", "tests/data/v1", "demo"];
    let files = folders
        .iter()
        .flat_map(|folder| fs::read_dir(repository(folder)).unwrap());
    let mut seen = 0;
    for path in files.map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|extension| extension != "ttl") {
            continue;
        }
        let before = read(&path);
        let first = house().migrate(&before);
        nothing_is_lost(&before, &first);
        let second = house().migrate(&first.triples);
        assert_eq!(second.steps, 0, "{}: {:#?}", path.display(), second.notes);
        assert_isomorphic(&second.triples, &first.triples, &path.display().to_string());
        seen += 1;
    }
    assert!(seen > 60, "{seen} files");
}

#[test]
fn a_record_of_the_new_profile_comes_back_as_it_was() {
    for path in [
        repository("tests/data/valid-dataset.ttl"),
        repository("tests/data/valid-catalogue.ttl"),
    ] {
        let before = read(&path);
        let migration = house().migrate(&before);
        assert_eq!(migration.steps, 0, "{:#?}", migration.notes);
        assert_eq!(migration.triples, before);
        assert!(migration.is_complete());
    }
}

/// The IRIs that stand for one of ours, for a document in the words of others.
fn old_name(iri: &NamedNode) -> Option<NamedNode> {
    let pairs = [
        (
            "https://w3id.org/healthdcat-ap#",
            "http://healthdataportal.eu/ns/health#",
        ),
        (
            "https://hdeu-dcat.data.health.europa.eu/resource/authority/",
            "http://13.81.34.152:1101/resource/authority/",
        ),
        (
            "https://cancerimage.eu/ontology/EUCAIM#",
            "https://hyperontology.eucaim.cancerimage.eu/#",
        ),
        ("https://w3id.org/dpv/pd#", "https://w3id.org/dpv/dpv-pd#"),
        (
            "http://publications.europa.eu/resource/authority/",
            "https://publications.europa.eu/resource/authority/",
        ),
    ];
    let old = pairs
        .iter()
        .find_map(|(new, old)| Some(format!("{old}{}", iri.as_str().strip_prefix(new)?)))?;
    // Not every name of ours has an old one.
    (house().ontology.canonical(&old) == iri.as_str()).then(|| NamedNode::new_unchecked(old))
}

/// The statements with some names written as they were.
fn written_as_of_old(triples: &[Triple], choice: &[bool]) -> Vec<Triple> {
    let mut turn = choice.iter().cycle();
    let mut rename = |iri: &NamedNode| match old_name(iri) {
        Some(old) if *turn.next().unwrap() => old,
        _ => iri.clone(),
    };
    let one = |triple: &Triple| Triple {
        subject: triple.subject.clone(),
        predicate: rename(&triple.predicate),
        object: match &triple.object {
            Term::NamedNode(object) => rename(object).into(),
            other => other.clone(),
        },
    };
    triples.iter().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_records_come_back_as_they_were(seed in 0_u64..1000, i in 0_usize..200) {
        let record = Generator::new(200, seed, BASE).record(i);
        let migration = house().migrate(&record.triples);
        prop_assert_eq!(migration.steps, 0, "{:#?}", migration.notes);
        prop_assert_eq!(&migration.triples, &record.triples);
        prop_assert!(migration.is_complete());
    }

    #[test]
    fn old_names_become_new_ones(seed in 0_u64..1000, i in 0_usize..200, choice in prop::collection::vec(any::<bool>(), 1..40)) {
        let record = Generator::new(200, seed, BASE).record(i);
        let old = written_as_of_old(&record.triples, &choice);
        let migration = house().migrate(&old);
        prop_assert_eq!(migration.steps > 0, old != record.triples);
        let sorted = |triples: &[Triple]| triples.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        prop_assert_eq!(sorted(&migration.triples), sorted(&record.triples));
    }

    #[test]
    fn no_document_is_too_odd(chosen in prop::collection::vec((0_usize..400, 0_usize..400, 0_usize..400, "\\PC{0,12}"), 1..60)) {
        // Statements of all our records, shuffled, with values where none belong.
        let all: Vec<Triple> = RECORDS.iter().flat_map(|(name, _)| read(&file(name))).collect();
        let pick = |at: usize| &all[at % all.len()];
        let mut odd: Vec<Triple> = all.iter().take(60).cloned().collect();
        odd.extend(chosen.iter().map(|(subject, predicate, object, text)| Triple {
            subject: pick(*subject).subject.clone(),
            predicate: pick(*predicate).predicate.clone(),
            object: if text.len() % 2 == 0 { pick(*object).object.clone() } else { Literal::from(text.as_str()).into() },
        }));
        let first = house().migrate(&odd);
        nothing_is_lost(&odd, &first);
        let second = house().migrate(&first.triples);
        prop_assert_eq!(second.steps, 0, "{:#?}", second.notes);
    }
}

#[test]
fn a_document_without_end_is_told_in_part() {
    let mut text = String::from(
        "@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .\n",
    );
    let many = NOTES_MAX / 2;
    for i in 0..many {
        text.push_str(&format!(
            "<d{i}> a <http://www.w3.org/ns/dcat#Dataset> ; dct:issued '2022' ; dct:publisher <p> , [ foaf:mbox <mailto:a@b.example> ] .\n"
        ));
    }
    text.push_str("<p> <http://www.w3.org/ns/dcat#contactPoint> <c> . <c> <http://www.w3.org/2006/vcard/ns#hasEmail> 'x@y.example' .\n");
    let started = std::time::Instant::now();
    let migration = house().migrate(&turtle(&text, &format!("{BASE}/")));
    assert_eq!(migration.notes.len(), NOTES_MAX);
    assert!(migration.steps >= many * 3, "{}", migration.steps);
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn a_tangle_of_many_to_many_costs_no_more_than_its_length() {
    // Everybody shares one address and one contact point, each with many values; one thing has many types and names.
    let many = 12_000;
    let mut text = String::from(
        "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
         @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
         @prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix h: <http://healthdataportal.eu/ns/health#> .
         <hub> a dcat:Dataset .\n",
    );
    for i in 0..many {
        text.push_str(&format!(
            "<p{i}> <http://www.w3.org/ns/locn#address> <address> ; dcat:contactPoint <contact> .
             <x> dct:publisher <p{i}> . <address> foaf:homepage <https://x.example/{i}> ; foaf:name '{i}' .
             <contact> vcard:hasEmail 'x{i}@x.example' ; <https://x.example/property{i}> <contact> .
             <hub> a <https://x.example/class{i}> ; dct:identifier <https://x.example/i{i}> ; dcat:version '{i}.0' ;
                 h:hasCodeValues <concept> . <concept> skos:notation '{i}' .\n"
        ));
    }
    let triples = turtle(&text, &format!("{BASE}/"));
    let started = std::time::Instant::now();
    let migration = house().migrate(&triples);
    let took = started.elapsed();
    assert!(took.as_secs() < 60, "{took:?}");
    assert!(
        migration.triples.len() < triples.len() * 2,
        "{}",
        migration.triples.len()
    );
    let started = std::time::Instant::now();
    assert!(!report(&migration, "en").is_empty());
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
    eprintln!("{} statements in {took:?}", triples.len());
}

/// A folder of its own, and the command line in it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(
            tempfile::Builder::new()
                .prefix("vesalius-it-")
                .tempdir()
                .unwrap(),
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        command(
            &self.path("data"),
            BASE,
            &[&["migrate"], arguments].concat(),
        )
        .output()
        .unwrap()
    }

    #[track_caller]
    fn ends_with(&self, code: i32, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        output
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn given(name: &str) -> String {
    file(name).display().to_string()
}

#[test]
fn the_command_line_says_how_it_went() {
    let desk = Desk::new();
    let output = desk.ends_with(0, &[&given("dataset-that-has-all")]);
    let found = turtle(&text(&output.stdout), &format!("{BASE}/"));
    let expected = house()
        .migrate(&read(&file("dataset-that-has-all")))
        .triples;
    assert_isomorphic(&found, &expected, "standard output");
    let told = text(&output.stderr);
    assert!(
        told.contains("fits eucaim-dcat-ap-2.0") && told.contains("“Theme”"),
        "{told}"
    );

    let told = text(
        &desk
            .ends_with(1, &[&given("dataset-as-in-the-examples")])
            .stderr,
    );
    let gap = told
        .split("wanted, and not said by the record")
        .nth(1)
        .unwrap();
    assert!(gap.contains("Structured data"), "{told}");

    let nowhere = text(&desk.ends_with(2, &["nowhere.ttl"]).stderr);
    assert!(nowhere.contains("nowhere.ttl"), "{nowhere}");
    let no_way = text(
        &desk
            .ends_with(2, &[&given("catalogue"), "--from", NEW])
            .stderr,
    );
    assert!(
        no_way.contains(OLD),
        "it names the ways that there are: {no_way}"
    );
    desk.ends_with(2, &[&given("catalogue"), "--to", "dcat-ap-3.0.1"]);
    fs::write(desk.path("broken.ttl"), "<a> <b> .\n").unwrap();
    let broken = text(&desk.ends_with(2, &["broken.ttl"]).stderr);
    assert!(
        broken.contains("broken.ttl") && broken.contains("line 1"),
        "{broken}"
    );
    fs::write(desk.path("empty.ttl"), "").unwrap();
    desk.ends_with(2, &["empty.ttl"]);
    desk.ends_with(2, &[]);
    assert!(!desk.path("data").exists(), "a migration makes no data");
}

#[test]
fn files_go_to_a_folder_and_never_over_themselves() {
    let desk = Desk::new();
    let folder = repository("tests/data/v1").display().to_string();
    let out = desk.path("new");
    let output = desk.ends_with(
        1,
        &[
            &folder,
            &given("catalogue"),
            "--output",
            out.to_str().unwrap(),
            "--format",
            "json",
        ],
    );
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report.as_array().unwrap().len(), RECORDS.len() + 1);
    for entry in report.as_array().unwrap() {
        let target = entry["output"].as_str().unwrap();
        assert!(Path::new(target).starts_with(&out));
        assert_eq!(entry["from"], OLD);
        let migrated = house().migrate(&read(Path::new(entry["file"].as_str().unwrap())));
        assert_eq!(entry["complete"], migrated.is_complete());
        assert_isomorphic(&read(Path::new(target)), &migrated.triples, target);
    }
    assert!(
        out.join("catalogue-2.ttl").exists(),
        "two files of one name do not meet"
    );

    let copy = desk.path("mine.ttl");
    fs::copy(file("catalogue"), &copy).unwrap();
    let here = desk.0.path().display().to_string();
    let told = text(&desk.ends_with(2, &["mine.ttl", "--output", &here]).stderr);
    assert!(told.contains("over itself"), "{told}");
    assert_eq!(
        fs::read(&copy).unwrap(),
        fs::read(file("catalogue")).unwrap()
    );

    // Nothing is written when a file of several cannot be read.
    fs::write(desk.path("broken.ttl"), "<a> <b> .\n").unwrap();
    let other = desk.path("other");
    desk.ends_with(
        2,
        &[
            &given("catalogue"),
            "broken.ttl",
            "--output",
            other.to_str().unwrap(),
        ],
    );
    assert!(!other.exists());
}

#[test]
fn blank_nodes_of_two_files_do_not_meet() {
    let desk = Desk::new();
    for name in ["one", "two"] {
        let text = format!(
            "<https://x.example/{name}> a <http://www.w3.org/ns/dcat#Catalog> ; <http://purl.org/dc/terms/publisher> _:same . \
             _:same <http://xmlns.com/foaf/0.1/name> '{name}' ; <http://xmlns.com/foaf/0.1/mbox> <mailto:{name}@x.example> ."
        );
        fs::write(desk.path(&format!("{name}.ttl")), text).unwrap();
    }
    let output = desk.ends_with(1, &["one.ttl", "two.ttl"]);
    let triples = turtle(&text(&output.stdout), BASE);
    let names = triples
        .iter()
        .filter(|triple| triple.predicate.as_str() == "http://xmlns.com/foaf/0.1/name");
    let subjects: BTreeSet<String> = names.map(|triple| triple.subject.to_string()).collect();
    assert_eq!(subjects.len(), 2);
}

#[test]
fn the_server_migrates_what_is_sent() {
    let nobody = demo().nobody();
    let before = read(&file("dataset-with-vcard-contacts"));
    let expected = house().migrate(&before);
    let address = format!("/migrate?from={OLD}&to={NEW}");
    for format in [
        Format::Turtle,
        Format::JsonLd,
        Format::RdfXml,
        Format::NTriples,
    ] {
        let body = format::write_triples(format, before.iter().map(Triple::as_ref));
        let request = nobody
            .request("POST", &address)
            .header("Content-Type", format.media_type());
        let answer = request
            .header("Accept", format.media_type())
            .send_body(body)
            .is(200);
        assert_eq!(answer.media_type(), format.media_type());
        assert_isomorphic(&answer.triples(), &expected.triples, format.name());
    }
    let request = nobody
        .request("POST", "/migrate")
        .header("Content-Type", "text/turtle");
    let request = request
        .header("Accept", "application/json")
        .header("Accept-Language", "fr");
    let report = request
        .send_body(fs::read(file("dataset-with-vcard-contacts")).unwrap())
        .is(200)
        .json();
    assert_eq!(
        (&report["from"], &report["to"]),
        (&Value::from(OLD), &Value::from(NEW))
    );
    assert_eq!(report["complete"], false);
    assert_eq!(report["gaps"][0]["label"], "Données structurées");
    assert_eq!(
        report["stepsTotal"].as_u64(),
        u64::try_from(expected.steps).ok()
    );
    assert_isomorphic(
        &turtle(report["turtle"].as_str().unwrap(), BASE),
        &expected.triples,
        "turtle",
    );
    let step = &report["steps"][0];
    for member in [
        "kind", "record", "field", "property", "before", "after", "message", "basis",
    ] {
        assert!(step[member].is_string(), "{member}: {step:#}");
    }
}

#[test]
fn migrating_stores_nothing() {
    let server = workshop();
    let text = format!(
        "<{}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{}> .",
        server.iri("/dataset/only-migrated"),
        server.iri("/catalog/workshop")
    );
    server
        .steward()
        .post("/migrate", "text/turtle", text)
        .is(200);
    server.steward().get("/dataset/only-migrated").problem(404);
}

#[test]
fn an_unknown_way_is_refused_by_name() {
    let body = "<a:b> a <http://www.w3.org/ns/dcat#Dataset> .";
    for query in [
        "from=nonsense",
        "from=eucaim-dcat-ap-2.0",
        "to=nonsense",
        "from=eucaim-dcat-ap-1.0&to=dcat-ap-3.0.1",
    ] {
        let problem = demo()
            .nobody()
            .post(&format!("/migrate?{query}"), "text/turtle", body)
            .problem(400);
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("eucaim-dcat-ap-1.0 to eucaim-dcat-ap-2.0"),
            "{query}: {detail}"
        );
    }
}

#[test]
fn hostile_documents_are_refused_as_by_validate() {
    let nobody = demo().nobody();
    for path in ["/migrate", "/validate"] {
        let broken = nobody
            .post(
                path,
                "text/turtle",
                "<> a <x:y> ;\n  <p:q> \"never closed .\n",
            )
            .problem(400);
        assert_eq!(broken["line"], 2, "{path}");
        nobody.post(path, "image/png", "x").problem(415);
        nobody
            .post(path, "text/turtle; charset=utf-16", "<> a <x:y> .")
            .problem(415);
        nobody.post(path, "text/turtle", "").problem(400);
        nobody
            .post(path, "text/turtle", "<a:b> <c:d> <e:f> .")
            .problem(400);
    }
    demo().is_up();
}
