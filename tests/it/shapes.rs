//! Do the shapes let pass what is right and catch what is wrong?

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use vesalius::rdf::vocabulary::PREFIXES;
use vesalius::rdf::{BlankNode, NamedOrBlankNode};

use crate::support::{Person, TestServer, dataset_like, demo, repository};

const GENERATED: usize = 40;
const SH: &str = "http://www.w3.org/ns/shacl#";

fn check(person: &Person, media_type: &str, body: Vec<u8>, profile: &str) -> Value {
    let request = person.request("POST", &format!("/validate{profile}"));
    let request = request
        .header("Content-Type", media_type)
        .header("Accept", "application/json");
    request.send_body(body).is(200).json()
}

#[test]
fn every_record_of_the_demonstration_fits() {
    let nobody = demo().nobody();
    for entry in fs::read_dir(repository("demo")).unwrap() {
        let path = entry.unwrap().path();
        let report = check(&nobody, "text/turtle", fs::read(&path).unwrap(), "");
        assert_eq!(report["conforms"], true, "{}: {report:#}", path.display());
        assert!(!report["records"].as_array().unwrap().is_empty());
        assert!(
            !report.to_string().contains("body-part-fits-cancer"),
            "{report:#}"
        );
    }
}

#[test]
fn every_generated_record_fits() {
    let nobody = demo().nobody();
    for i in 0..GENERATED {
        let text = dataset_like(
            i,
            &nobody.base,
            "generated",
            &demo().iri("/catalog/chaimeleon"),
            "A generated dataset",
        );
        let report = check(&nobody, "text/turtle", text.into_bytes(), "");
        assert_eq!(report["conforms"], true, "{i}: {report:#}");
    }
    let catalogue = crate::support::catalogue(&nobody.base, "generated", "A generated catalogue");
    assert_eq!(
        check(&nobody, "text/turtle", catalogue.into_bytes(), "")["conforms"],
        true
    );
}

#[test]
fn a_report_is_rdf_for_those_who_want_it() {
    let body = format!(
        "<> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{}> .",
        demo().iri("/catalog/chaimeleon")
    );
    for accept in ["text/turtle", "application/ld+json"] {
        let request = demo().nobody();
        let request = request
            .request("POST", "/validate")
            .header("Content-Type", "text/turtle")
            .header("Accept", accept);
        let triples = request.send_body(body.clone()).is(200).triples();
        let conforms = triples
            .iter()
            .find(|triple| triple.predicate.as_str() == "http://www.w3.org/ns/shacl#conforms")
            .unwrap();
        assert!(conforms.object.to_string().starts_with("\"false\""));
    }
}

#[test]
fn an_unknown_profile_is_refused_by_name() {
    let request = demo().nobody();
    let answer = request.post(
        "/validate?profile=nonsense",
        "text/turtle",
        "<a:b> a <http://www.w3.org/ns/dcat#Dataset> .",
    );
    let problem = answer.problem(400);
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("eucaim-dcat-ap-2.0"),
        "{problem}"
    );
}

/// A record of another community is published by the rules that it names, and by those only.
#[test]
fn a_record_is_published_by_the_profile_that_it_names() {
    let server = TestServer::start().with_catalogue("plain");
    let steward = server.steward();
    let catalogue = server.iri("/catalog/plain");
    let plain = format!(
        "<> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{catalogue}> ;
            <http://purl.org/dc/terms/title> \"Plain\"@en ; <http://purl.org/dc/terms/description> \"Few words\"@en"
    );
    let publish = |slug: &str, text: String| {
        let request = steward
            .request("POST", "/dataset?state=published")
            .header("Content-Type", "text/turtle")
            .header("Slug", slug);
        request.send_body(text.into_bytes())
    };
    publish("plain-eucaim", format!("{plain} .")).is(400);
    let profile = repository("shapes/dcat-ap-3.0.1/profile.ttl");
    let profile = fs::read_to_string(profile).unwrap();
    let (before, _) = profile.split_once("a prof:Profile").unwrap();
    let iri = before.split_whitespace().last().unwrap();
    let named = format!("{plain} ; <http://purl.org/dc/terms/conformsTo> {iri} .");
    publish("plain-dcat-ap", named).is(201);
}

/// Warned of where no body part has to do with the cancer, and silent where one has or nothing is known.
#[test]
fn images_of_another_place_than_the_cancer_are_told() {
    const EUCAIM: &str = "https://cancerimage.eu/ontology/EUCAIM#";
    let nobody = demo().nobody();
    let text = fs::read_to_string(repository(
        "tests/data/dataset-with-mandatory-fields-only.ttl",
    ));
    let text = text.unwrap();
    let told = |condition: &str, part: &str| {
        let triples = vesalius::rdf::format::parse(
            text.as_bytes(),
            vesalius::rdf::Format::Turtle,
            Some("http://localhost/"),
        )
        .unwrap();
        let with = |quad: vesalius::rdf::Quad| {
            let object = match quad.predicate.as_str().strip_prefix(EUCAIM) {
                Some("hasCondition") => format!("<{EUCAIM}{condition}>"),
                Some("hasImageBodyPart") => format!("<{EUCAIM}{part}>"),
                _ => quad.object.to_string(),
            };
            format!("{} {} {object} .\n", quad.subject, quad.predicate)
        };
        let body: String = triples.into_iter().map(with).collect();
        let report = check(&nobody, "text/turtle", body.into_bytes(), "");
        assert_eq!(report["conforms"], true, "{report:#}");
        let results = report["records"][0]["results"].as_array().unwrap().clone();
        let of_place = |result: &&Value| {
            let shape = result["shape"].as_str().unwrap();
            shape.ends_with("Dataset-body-part-fits-cancer")
        };
        results.iter().find(of_place).map(|result| {
            assert_eq!(result["severity"], "Warning");
            assert_eq!(result["label"], "Body part");
            result["message"].as_str().unwrap().to_owned()
        })
    };
    // Breast cancer: the structure of the breast, the breast, the prostate, the brain.
    assert_eq!(told("CLIN1000060", "BP1000136"), None);
    assert_eq!(told("CLIN1000060", "CLIN1063727"), None);
    assert!(told("CLIN1000060", "BP1000021").is_some_and(|text| text.contains("check both")));
    assert!(told("CLIN1000060", "BP1000051").is_some());
    // Prostate cancer.
    assert_eq!(told("CLIN1000075", "BP1000021"), None);
    assert_eq!(told("CLIN1000075", "BP1000039"), None);
    // Of any cancer, no place is known for sure.
    assert_eq!(told("CLIN1007989", "BP1000021"), None);
}

#[test]
fn checking_stores_nothing() {
    let body = format!(
        "<{}> a <http://www.w3.org/ns/dcat#Dataset> .",
        demo().iri("/dataset/only-checked")
    );
    check(&demo().nobody(), "text/turtle", body.into_bytes(), "");
    demo().steward().get("/dataset/only-checked").problem(404);
}

/// A result that `expected.tsv` promises.
struct Expected {
    path: String,
    severity: String,
}

#[test]
fn every_broken_record_is_caught_where_it_is_broken() {
    let folder = repository("tests/data");
    let table = fs::read_to_string(folder.join("expected.tsv")).unwrap();
    let mut files: BTreeMap<&str, Vec<Expected>> = BTreeMap::new();
    for line in table.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let columns: Vec<&str> = line.split('\t').collect();
        let expected = Expected {
            path: whole(columns[1]),
            severity: format!("{SH}{}", columns[2]),
        };
        files.entry(columns[0]).or_default().push(expected);
    }
    assert!(files.len() > 50, "{} files", files.len());
    for (name, expected) in files {
        let found = results(&fs::read(folder.join(name)).unwrap());
        for one in &expected {
            let wanted =
                |other: &&Expected| other.path == one.path && other.severity == one.severity;
            let (there, promised) = (
                results_like(&found, one),
                expected.iter().filter(wanted).count(),
            );
            assert!(
                there >= promised,
                "{name}: {promised} × {} {} promised, found {found:#?}",
                one.path,
                one.severity
            );
        }
        let wrong = expected
            .iter()
            .any(|one| one.severity.ends_with("Violation"));
        let report = check(
            &demo().nobody(),
            "text/turtle",
            fs::read(folder.join(name)).unwrap(),
            "",
        );
        assert_eq!(report["conforms"], !wrong, "{name}: {report:#}");
    }
}

#[test]
fn every_valid_record_of_the_data_fits() {
    for name in ["valid-dataset.ttl", "valid-catalogue.ttl"] {
        let report = check(
            &demo().nobody(),
            "text/turtle",
            fs::read(repository("tests/data").join(name)).unwrap(),
            "",
        );
        assert_eq!(report["conforms"], true, "{name}: {report:#}");
    }
}

/// The path and severity of each result of a report.
fn results(body: &[u8]) -> Vec<(String, String)> {
    let request = demo().nobody();
    let request = request
        .request("POST", "/validate")
        .header("Content-Type", "text/turtle")
        .header("Accept", "application/n-triples");
    let triples = request.send_body(body).is(200).triples();
    let value = |of: &NamedOrBlankNode, name: &str| {
        let found = triples.iter().find(|triple| {
            triple.subject == *of && triple.predicate.as_str() == format!("{SH}{name}")
        });
        found
            .map(|triple| {
                triple
                    .object
                    .to_string()
                    .trim_matches(['<', '>'])
                    .to_owned()
            })
            .unwrap_or_default()
    };
    let results = triples
        .iter()
        .filter(|triple| triple.predicate.as_str() == format!("{SH}resultSeverity"));
    results
        .map(|triple| {
            // `[ sh:zeroOrOnePath X ]` is shown as X.
            let path = value(&triple.subject, "resultPath");
            let inner = path.strip_prefix("_:").map(|label| {
                let node = NamedOrBlankNode::from(BlankNode::new_unchecked(label));
                value(&node, "zeroOrOnePath")
            });
            (
                inner.unwrap_or(path),
                value(&triple.subject, "resultSeverity"),
            )
        })
        .collect()
}

fn results_like(found: &[(String, String)], expected: &Expected) -> usize {
    found
        .iter()
        .filter(|(path, severity)| *path == expected.path && *severity == expected.severity)
        .count()
}

/// The IRI of a prefixed name.
fn whole(name: &str) -> String {
    let (prefix, local) = name
        .split_once(':')
        .unwrap_or_else(|| panic!("{name} has no prefix"));
    let namespace = PREFIXES.iter().find(|(known, _)| *known == prefix);
    format!(
        "{}{local}",
        namespace.unwrap_or_else(|| panic!("no prefix {prefix}")).1
    )
}
