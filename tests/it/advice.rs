//! Does a report say how to mend what is wrong?

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::support::{demo, repository};

/// The reports of all broken examples, as a table: what was sent, why another value is proposed, which.
#[test]
fn broken_values_come_with_a_way_out() {
    let nobody = demo().nobody();
    let mut files: Vec<_> = fs::read_dir(repository("tests/data"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ttl"))
        .collect();
    files.sort();
    let mut table = String::new();
    for path in files {
        let text = fs::read(&path).unwrap();
        let request = nobody
            .request("POST", "/validate")
            .header("Content-Type", "text/turtle")
            .header("Accept", "application/json");
        let report = request.send_body(text).is(200).json();
        for result in results(&report) {
            let suggestion = &result["suggestion"];
            if suggestion.is_null() {
                continue;
            }
            writeln!(
                table,
                "{}: {}: {} ({}) {}",
                path.file_stem().unwrap().display(),
                result["label"].as_str().unwrap_or_default(),
                result["value"],
                suggestion["reason"].as_str().unwrap(),
                suggestion["text"].as_str().unwrap(),
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}

/// Programs get what a page shows: what the value is called, and which field of a form it is.
#[test]
fn a_result_names_the_value_and_the_field() {
    let text = "
        PREFIX dcat: <http://www.w3.org/ns/dcat#>
        PREFIX eucaim: <https://cancerimage.eu/ontology/EUCAIM#>
        <https://atlas.example.org/dataset/x> a dcat:Dataset ; eucaim:hasImageModality eucaim:IMG1000022 .";
    let report = demo()
        .nobody()
        .request("POST", "/validate?lang=de")
        .header("Content-Type", "text/turtle")
        .header("Accept", "application/json")
        .send_body(text)
        .is(200)
        .json();
    let wrong = results(&report)
        .into_iter()
        .find(|result| !result["valueLabel"].is_null())
        .unwrap_or_else(|| panic!("{report:#}"));
    assert!(wrong["value"].as_str().unwrap().ends_with("IMG1000022"));
    assert_eq!(wrong["label"], "Bildgebungsverfahren");
    assert!(
        wrong["field"]
            .as_str()
            .unwrap()
            .contains("Dataset-modality")
    );
    assert!(!wrong["valueLabel"].as_str().unwrap().starts_with("http"));
}

/// A value that is proposed is right: with it, the complaint is gone.
#[test]
fn what_is_proposed_fits() {
    let nobody = demo().nobody();
    let valid = fs::read_to_string(repository(
        "tests/data/dataset-with-mandatory-fields-only.ttl",
    ));
    let valid = valid.unwrap();
    let eucaim = "https://cancerimage.eu/ontology/EUCAIM#";
    let broken = [
        (
            "hasImageModality",
            "\"Magnetic resonance imaging\"".to_owned(),
        ),
        ("hasImageModality", "\"MR\"".to_owned()),
        ("hasImageModality", format!("<{eucaim}IMG1000022>")),
        ("hasImageModality", "\"RID10312\"".to_owned()),
        ("hasCondition", "\"Brustkrebs\"".to_owned()),
        ("hasBirthSex", "\"female\"".to_owned()),
        ("hasEquipmentManufacturer", "\"Simens\"".to_owned()),
        ("hasImageBodyPart", "\"prostate\"".to_owned()),
        ("interoperabilityLevel", format!("<{eucaim}SPEC100011>")),
    ];
    for (property, value) in broken {
        let iri = format!("{eucaim}{property}");
        let with = |value: &str| replaced(&valid, &iri, value);
        let report = |text: String| {
            nobody
                .request("POST", "/validate")
                .header("Content-Type", "text/turtle")
                .header("Accept", "application/json")
                .send_body(text.into_bytes())
                .is(200)
                .json()
        };
        let found = report(with(&value));
        let result = results(&found)
            .into_iter()
            .find(|result| {
                result["path"]
                    .as_str()
                    .unwrap_or_default()
                    .contains(property)
            })
            .unwrap_or_else(|| panic!("{property} {value} was let pass"));
        let proposed = result["suggestion"]["value"]["value"].as_str();
        let proposed = proposed.unwrap_or_else(|| panic!("no way out: {result:#}"));
        let mended = report(with(&format!("<{proposed}>")));
        let still = results(&mended).iter().any(|result| {
            result["severity"] == "Violation"
                && result["path"]
                    .as_str()
                    .unwrap_or_default()
                    .contains(property)
        });
        assert!(!still, "{value} → {proposed}: {mended:#}");
    }
}

fn results(report: &Value) -> Vec<Value> {
    let records = report["records"].as_array().unwrap();
    records
        .iter()
        .flat_map(|record| record["results"].as_array().unwrap().clone())
        .collect()
}

/// The text of a dataset with another value for one of its properties.
fn replaced(text: &str, property: &str, value: &str) -> String {
    use vesalius::rdf::{Format, format};
    let quads = format::parse(text.as_bytes(), Format::Turtle, Some("http://localhost/")).unwrap();
    let mut lines = String::new();
    let mut done = false;
    for quad in quads {
        let is_property = quad.predicate.as_str() == property;
        if is_property && done {
            continue;
        }
        let object = if is_property {
            value.to_owned()
        } else {
            quad.object.to_string()
        };
        done |= is_property;
        writeln!(lines, "{} {} {object} .", quad.subject, quad.predicate).unwrap();
    }
    assert!(done, "the example has no {property}");
    lines
}
