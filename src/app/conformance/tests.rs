//! Is the table of checks sound, and does each form of report say the same?

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::report::{self, Output};
use super::table::{CHECKS, OF_CATALOGUE, OF_DATASET, OF_ROOT};
use super::{Outcome, Verdict};
use crate::rdf::{Format, format};

fn verdicts() -> Vec<Verdict> {
    let outcome = |at: usize| match at % 3 {
        0 => Outcome::Passed,
        1 => Outcome::Failed("it is <wrong> & \"odd\"".to_owned()),
        _ => Outcome::Inapplicable("there is none".to_owned()),
    };
    let checks = CHECKS.iter().enumerate();
    checks
        .map(|(at, check)| Verdict {
            check,
            outcome: outcome(at),
        })
        .collect()
}

fn told(output: Output) -> String {
    let mut out = Vec::new();
    let url = "https://fdp.example/x";
    report::write(output, url, &verdicts(), Timestamp::UNIX_EPOCH, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_check_has_a_name_of_its_own_and_a_clause() {
    let names: BTreeSet<&str> = CHECKS.iter().map(|check| check.id).collect();
    assert_eq!(names.len(), CHECKS.len());
    assert!(
        CHECKS
            .iter()
            .all(|check| !check.clause.is_empty() && check.id.contains('.'))
    );
    let rules = OF_ROOT.iter().chain(OF_CATALOGUE).chain(OF_DATASET);
    for rule in rules {
        assert!(names.contains(rule.check), "{}", rule.check);
    }
}

#[test]
fn each_report_names_every_check() {
    for output in [Output::Human, Output::Junit, Output::Earl] {
        let text = told(output);
        for check in CHECKS {
            assert!(
                text.contains(check.id),
                "{output:?}: {} in {text}",
                check.id
            );
        }
    }
}

#[test]
fn the_earl_report_is_turtle_with_an_outcome_for_each_check() {
    let quads = format::parse(told(Output::Earl).as_bytes(), Format::Turtle, None).unwrap();
    let of = |name: &str| {
        let iri = format!("http://www.w3.org/ns/earl#{name}");
        quads
            .iter()
            .filter(|quad| quad.object.to_string() == format!("<{iri}>"))
            .count()
    };
    assert_eq!(of("Assertion"), CHECKS.len());
    assert_eq!(
        of("passed") + of("failed") + of("inapplicable"),
        CHECKS.len()
    );
}

#[test]
fn the_documentation_lists_every_check() {
    let text = include_str!("../../../docs/fair-data-point.md");
    for check in CHECKS {
        assert!(
            text.contains(&format!("`{}`", check.id)),
            "{} is not in docs/fair-data-point.md",
            check.id
        );
    }
}
