//! Do the European profiles let pass what is right, catch what is wrong, and say so in words that people read?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;
use vesalius::rdf::vocabulary::{dash, rdf, sh};
use vesalius::rdf::{NamedNodeRef, NamedOrBlankNode, Term, Triple};

use crate::support::rdf::{iri, ntriples, turtle};
use crate::support::{demo, repository};

const DCAT_AP: &str = "dcat-ap-2.1.1";
const HEALTH: &str = "healthdcat-ap";
const LANGUAGES: [&str; 5] = ["de", "en", "es", "fr", "it"];

/// What a check says: path, severity, message.
type Finding = [String; 3];

#[test]
fn every_example_that_breaks_a_rule_is_caught_where_it_breaks_it() {
    let mut wrong = Vec::new();
    for (profile, least) in [(DCAT_AP, 20), (HEALTH, 35)] {
        let cases = broken(profile);
        assert!(cases.len() >= least, "{profile}: {} cases", cases.len());
        let mut before: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for (name, case) in cases {
            let text = record(profile, &case.record);
            let known = before
                .entry(case.record.clone())
                .or_insert_with(|| findings(profile, "en", &text));
            assert_eq!(text.matches(&case.written).count(), 1, "{profile}: {name}");
            let text = text.replace(&case.written, &case.instead);
            let found = findings(profile, "en", &text);
            let (new, gone) = (more(&found, known), more(known, &found));
            if new != case.expected || !gone.is_empty() {
                wrong.push((profile, name, case.expected, new, gone));
            }
        }
    }
    assert!(wrong.is_empty(), "promised, found, gone: {wrong:#?}");
}

#[test]
fn a_record_with_everything_has_nothing_to_mend_and_nothing_to_improve() {
    for (profile, name) in [
        (DCAT_AP, "valid.ttl"),
        ("dcat-ap-3.0.1", "valid.ttl"),
        (HEALTH, "non-public.ttl"),
    ] {
        let found = findings(profile, "en", &record(profile, name));
        assert_eq!(found, Vec::<Finding>::new(), "{profile}: {name}");
    }
}

#[test]
fn a_record_with_no_more_than_it_must_say_fits() {
    for (profile, name) in [
        (DCAT_AP, "mandatory.ttl"),
        (HEALTH, "public.ttl"),
        (HEALTH, "restricted.ttl"),
        (HEALTH, "others.ttl"),
    ] {
        let report = report(profile, "en", &record(profile, name));
        assert_eq!(report["conforms"], true, "{profile}, {name}: {report:#}");
    }
}

#[test]
fn the_access_rights_decide_what_is_mandatory_and_what_is_recommended() {
    let at = |level: &str| {
        let text = record(HEALTH, "public.ttl");
        let text = text.replace("access-right/PUBLIC", &format!("access-right/{level}"));
        let paths = |severity: &str| -> BTreeSet<String> {
            let found = findings(HEALTH, "en", &text);
            let of = found.into_iter().filter(|found| found[1] == severity);
            of.map(|[path, ..]| path).collect()
        };
        (paths("Violation"), paths("Warning"))
    };
    let set = |paths: &[&str]| paths.iter().map(ToString::to_string).collect();
    let none = BTreeSet::new();
    let (open, restricted, closed) = (at("PUBLIC"), at("RESTRICTED"), at("NON_PUBLIC"));
    assert_eq!((&open.0, &restricted.0), (&none, &none));
    let needed = set(&[
        "dcat:contactPoint",
        "dcat:keyword",
        "dct:provenance",
        "dct:type",
    ]);
    assert_eq!(closed.0, needed);

    let without = |all: &BTreeSet<String>, others: &BTreeSet<String>| all - others;
    assert_eq!(without(&restricted.1, &open.1), set(&["dct:conformsTo"]));
    assert_eq!(without(&open.1, &restricted.1), none);
    assert_eq!(
        without(&closed.1, &restricted.1),
        set(&[
            "dcat:landingPage",
            "dcat:temporalResolution",
            "dct:accrualPeriodicity",
            "dct:isReferencedBy",
            "dct:language",
            "dct:relation",
            "dct:source",
            "foaf:page",
        ])
    );
    let no_advice_any_more = set(&["dcat:contactPoint", "dcat:keyword", "dct:provenance"]);
    assert_eq!(without(&restricted.1, &closed.1), no_advice_any_more);
}

#[test]
fn a_record_of_the_federation_hears_exactly_what_it_lacks_for_the_ehds() {
    let text = fs::read_to_string(repository("tests/data/valid-dataset.ttl")).unwrap();
    let own = report("eucaim-dcat-ap-2.0", "en", &text);
    assert_eq!(own["conforms"], true, "{own:#}");
    let found = findings(HEALTH, "en", &text);
    let paths = |severity: &str| -> Vec<&str> {
        let of = found.iter().filter(|found| found[1] == severity);
        let mut paths: Vec<&str> = of.map(|[path, ..]| path.as_str()).collect();
        paths.sort_unstable();
        paths
    };
    // Its variables have neither titles nor meanings yet: of the group, of the table, of the column.
    assert_eq!(
        paths("Violation"),
        ["csvw:title", "dct:description", "dct:title", "dct:title"]
    );
    assert_eq!(
        paths("Warning"),
        ["dct:conformsTo", "dct:relation", "dct:source", "dct:type"]
    );

    let soon = ["custodian", "hasCodingSystem", "spatial", "temporal"];
    let mut triples = turtle(&text, "https://atlas.example.org/");
    triples.retain(|triple| {
        let local = triple.predicate.as_str().rsplit(['/', '#']).next();
        !soon.contains(&local.unwrap_or_default())
    });
    let fewer = ntriples(&triples);
    assert_eq!(report("eucaim-dcat-ap-2.0", "en", &fewer)["conforms"], true);
    let lacking = more(&findings(HEALTH, "en", &fewer), &found);
    let told = |path: &str, label: &str| {
        let message =
            format!("Add “{label}”: it will be mandatory in the European Health Data Space.");
        [path.to_owned(), "Warning".to_owned(), message]
    };
    assert_eq!(
        lacking,
        [
            told("dct:spatial", "Geographical coverage"),
            told("dct:temporal", "Time period"),
            told("geodcatap:custodian", "Custodian"),
            told("healthdcatap:hasCodingSystem", "Coding system"),
        ]
    );
}

#[test]
fn old_names_of_health_metadata_are_understood_and_told() {
    let report = report(HEALTH, "en", &record(HEALTH, "public.ttl"));
    let aliases = report["records"][0]["aliases"].to_string();
    for old in [
        "http://healthdataportal.eu/ns/health#hdab",
        "http://13.81.34.152:1101/resource/authority/healthcategories/HRAD",
    ] {
        assert!(aliases.contains(old), "{old} in {aliases}");
    }
}

#[test]
fn advice_comes_in_the_language_of_the_reader() {
    let text =
        record(HEALTH, "public.ttl").replace("access-right/PUBLIC", "access-right/NON_PUBLIC");
    for (language, words) in [
        (
            "de",
            [
                "Pflicht für nicht öffentliche Daten",
                "im Europäischen Gesundheitsdatenraum wird es Pflicht",
            ],
        ),
        (
            "fr",
            [
                "obligatoire pour des données non publiques",
                "dans l’Espace européen des données de santé",
            ],
        ),
        (
            "es",
            [
                "obligatorio para datos no públicos",
                "en el Espacio Europeo de Datos de Salud",
            ],
        ),
        (
            "it",
            [
                "obbligatorio per dati non pubblici",
                "nello spazio europeo dei dati sanitari",
            ],
        ),
    ] {
        let found = findings(HEALTH, language, &text);
        for part in words {
            let said = found.iter().any(|[.., message]| message.contains(part));
            assert!(said, "{language}: {part} in {found:#?}");
        }
    }
}

#[test]
fn a_rule_that_sees_the_record_itself_is_told_by_its_field() {
    let text = record(HEALTH, "public.ttl");
    let text = text.replace("access-right/PUBLIC", "access-right/NON_PUBLIC");
    let report = report(HEALTH, "en", &text);
    let results = report["records"][0]["results"].as_array().unwrap();
    let of_keyword = |result: &&Value| result["path"] == "dcat:keyword?";
    let result = results.iter().find(of_keyword).unwrap();
    assert_eq!(result["label"], "Keyword");
}

#[test]
fn every_field_of_every_profile_has_its_words_and_its_place() {
    let mut fields = 0;
    for folder in fs::read_dir(repository("shapes")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let triples = shapes(&folder);
        let shape = Term::from(sh::PROPERTY_SHAPE.into_owned());
        let listed = triples
            .iter()
            .filter(|triple| triple.predicate == rdf::TYPE && triple.object == shape);
        for subject in listed.map(|triple| &triple.subject) {
            let languages = |property| languages(&triples, subject, property);
            let place = format!("{}: {subject}", folder.display());
            assert_eq!(languages(sh::MESSAGE), LANGUAGES, "{place}");
            if languages(sh::NAME).is_empty() {
                continue;
            }
            fields += 1;
            assert_eq!(languages(sh::NAME), LANGUAGES, "{place}");
            assert_eq!(languages(sh::DESCRIPTION), LANGUAGES, "{place}");
            let dash = |name: &str| iri(&format!("{}{name}", dash::NAMESPACE));
            for property in [sh::ORDER.into_owned(), dash("editor"), dash("viewer")] {
                let given = objects(&triples, subject, property.as_ref()).len();
                assert_eq!(given, 1, "{place}: {property}");
            }
        }
    }
    assert!(fields > 400, "{fields}");
}

/// An example that breaks a rule: a record in which one piece of text is written another way.
struct Broken {
    record: String,
    written: String,
    instead: String,
    expected: Vec<Finding>,
}

/// The examples of a profile by name; a result that comes more than once has a line for each time.
fn broken(profile: &str) -> BTreeMap<String, Broken> {
    let table = record(profile, "broken.tsv");
    let mut cases: BTreeMap<String, Broken> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, record, written, instead, path, severity, message] = columns[..] else {
            panic!("{line}");
        };
        let case = cases.entry(name.to_owned()).or_insert_with(|| Broken {
            record: record.to_owned(),
            written: written.replace("\\n", "\n"),
            instead: instead.replace("\\n", "\n"),
            expected: Vec::new(),
        });
        case.expected
            .push([path, severity, message].map(str::to_owned));
        case.expected.sort();
    }
    cases
}

fn record(profile: &str, name: &str) -> String {
    fs::read_to_string(repository("tests/data").join(profile).join(name)).unwrap()
}

fn report(profile: &str, language: &str, turtle: &str) -> Value {
    let nobody = demo().nobody();
    let request = nobody.request("POST", &format!("/validate?profile={profile}"));
    let request = request
        .header("Content-Type", "text/turtle")
        .header("Accept", "application/json")
        .header("Accept-Language", language);
    request.send_body(turtle.to_owned()).is(200).json()
}

/// Everything that a check says, sorted. A rule that sees the record itself is told with the path of its field.
fn findings(profile: &str, language: &str, turtle: &str) -> Vec<Finding> {
    let report = report(profile, language, turtle);
    let records = report["records"].as_array().unwrap();
    let results = records
        .iter()
        .flat_map(|record| record["results"].as_array().unwrap());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut found: Vec<Finding> = results
        .map(|result| {
            let path = text(&result["path"]);
            let path = path.trim_end_matches('?').to_owned();
            [path, text(&result["severity"]), text(&result["message"])]
        })
        .collect();
    found.sort();
    found
}

/// What one check says beyond another.
fn more(found: &[Finding], known: &[Finding]) -> Vec<Finding> {
    let mut known = known.to_vec();
    let new = found.iter().filter(|one| {
        let at = known.iter().position(|other| other == *one);
        at.map(|at| known.swap_remove(at)).is_none()
    });
    new.cloned().collect()
}

fn shapes(folder: &std::path::Path) -> Vec<Triple> {
    let files = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path());
    let turtle_files = files.filter(|path| path.extension().is_some_and(|it| it == "ttl"));
    let texts = turtle_files.map(|path| fs::read_to_string(path).unwrap());
    texts
        .flat_map(|text| turtle(&text, "https://shapes.example/"))
        .collect()
}

fn objects<'a>(
    triples: &'a [Triple],
    subject: &NamedOrBlankNode,
    property: NamedNodeRef<'_>,
) -> Vec<&'a Term> {
    let about = triples
        .iter()
        .filter(|triple| triple.subject == *subject && triple.predicate == property);
    about.map(|triple| &triple.object).collect()
}

/// The languages in which a shape has words, sorted.
fn languages<'a>(
    triples: &'a [Triple],
    subject: &NamedOrBlankNode,
    property: NamedNodeRef<'_>,
) -> Vec<&'a str> {
    let words = objects(triples, subject, property).into_iter();
    let mut languages: Vec<&str> = words
        .filter_map(|term| match term {
            Term::Literal(literal) => literal.language(),
            _ => None,
        })
        .collect();
    languages.sort_unstable();
    languages
}
