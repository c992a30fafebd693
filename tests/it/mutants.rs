//! Is every rule of the federation's profile real? Each is broken in a valid record, and must say so, in five
//! languages; what it says stands in docs/rules.md.

use std::fmt;
use std::fs;
use std::sync::Arc;

use vesalius::catalogue::profile::Neighbours;
use vesalius::catalogue::{Checked, Profile};
use vesalius::ontology::Ontology;
use vesalius::rdf::{Format, NamedNode, Term, Triple, format};
use vesalius::shacl::{Severity, ValidationResult};

use crate::support::mutation::{Mutant, mutants, rules};
use crate::support::{keep, profile, repository};

const PROFILE: &str = "eucaim-dcat-ap-2.0";
/// Valid records in which every field that the profile knows has a value.
const RECORDS: [&str; 2] = ["full-dataset.ttl", "full-catalogue.ttl"];
const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "it"];
/// Rules that no record can break alone, and why.
const UNBREAKABLE: [(&str, &str); 0] = [];

struct Bench {
    profile: Arc<Profile>,
    ontology: Ontology,
}

impl Bench {
    fn new() -> Self {
        let ontology = Ontology::bundled().unwrap();
        Self {
            profile: profile(PROFILE, &ontology),
            ontology,
        }
    }

    fn check(&self, triples: &[Triple]) -> Checked {
        let neighbours = Neighbours {
            ontology: &self.ontology,
            snapshot: None,
        };
        let record = NamedNode::new("https://atlas.example.org/").unwrap();
        self.profile.check(&record, triples, &neighbours)
    }

    fn mutants(&self) -> Vec<Mutant> {
        let of_record = |name| mutants(self.profile.triples(), &self.ontology, &record(name));
        RECORDS.into_iter().flat_map(of_record).collect()
    }
}

fn record(name: &str) -> Vec<Triple> {
    let bytes = fs::read(repository("tests/data").join(name)).unwrap();
    let quads = format::parse(&bytes, Format::Turtle, None).unwrap();
    quads.into_iter().map(Triple::from).collect()
}

#[test]
fn the_full_records_leave_nothing_to_say() {
    let bench = Bench::new();
    for name in RECORDS {
        let checked = bench.check(&record(name));
        assert!(checked.given_up.is_none(), "{checked:?}");
        assert_eq!(checked.lines("en"), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_rule_catches_what_breaks_it_in_five_languages() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for mutant in bench.mutants() {
        if let Err(error) = caught(&mutant, &bench.check(&mutant.triples)) {
            let Mutant { place, how, .. } = &mutant;
            let rule = local(&mutant.shape);
            wrong.push(format!(
                "{rule} at {place}, {how} ({}): {error}",
                mutant.example
            ));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_rule_is_left_unbroken() {
    let bench = Bench::new();
    let broken: Vec<NamedNode> = bench
        .mutants()
        .into_iter()
        .map(|mutant| mutant.shape)
        .collect();
    let rules = rules(bench.profile.triples());
    assert!(rules.len() > 150, "{} rules", rules.len());
    for rule in rules {
        let excused = UNBREAKABLE.iter().any(|(name, _)| *name == local(&rule));
        assert_ne!(broken.contains(&rule), excused, "{rule}");
    }
}

#[test]
fn the_table_of_rules_is_up_to_date() {
    keep("docs/rules.md", &table(&Bench::new()));
}

/// Whether the rule speaks, about the right field, in all languages.
fn caught(mutant: &Mutant, checked: &Checked) -> Result<(), String> {
    let result = result(mutant, checked).ok_or_else(|| {
        let found = checked.report.results.iter();
        let found: Vec<String> = found.map(described).collect();
        format!("not caught; found {found:#?}")
    })?;
    for language in LANGUAGES {
        let messages = result.messages.iter();
        let of_language: Vec<&str> = messages
            .filter(|message| message.language.as_deref() == Some(language))
            .map(|message| message.text.trim())
            .collect();
        if of_language.len() != 1 || of_language[0].is_empty() {
            return Err(format!("{} messages in {language}", of_language.len()));
        }
    }
    if result.severity == Severity::Violation && checked.fits() {
        return Err("a violation, and yet the record fits".to_owned());
    }
    Ok(())
}

fn result<'a>(mutant: &Mutant, checked: &'a Checked) -> Option<&'a ValidationResult> {
    let shape = Term::from(mutant.shape.clone());
    checked.report.results.iter().find(|result| {
        result.source_shape == shape
            && result.constraint_component.as_str() == mutant.component
            && result.focus_node == mutant.focus
            && result.path.as_deref() == Some(&mutant.path)
    })
}

fn described(result: &ValidationResult) -> String {
    let path = result.path.as_ref().map(ToString::to_string);
    let component = local(&result.constraint_component);
    format!(
        "{} {} {component} of {}",
        result.focus_node,
        path.unwrap_or_default(),
        result.source_shape
    )
}

fn local(iri: &NamedNode) -> &str {
    iri.as_str().rsplit('#').next().unwrap()
}

/// One line for each way to break a rule.
struct Line {
    rule: NamedNode,
    place: String,
    /// How many other places have the same rule.
    elsewhere: usize,
    how: &'static str,
    example: String,
    level: &'static str,
    message: String,
    /// Other rules that the same mistake breaks.
    also: Vec<String>,
}

fn table(bench: &Bench) -> String {
    let mut lines: Vec<Line> = Vec::new();
    for mutant in bench.mutants() {
        let known = |line: &&mut Line| line.rule == mutant.shape && line.how == mutant.how;
        match lines.iter_mut().find(known) {
            Some(line) => line.elsewhere += 1,
            None => lines.push(line(&mutant, &bench.check(&mutant.triples))),
        }
    }
    let mut text = String::from(INTRODUCTION);
    for rule in rules(bench.profile.triples()) {
        for line in lines.iter().filter(|line| line.rule == rule) {
            text.push_str(&line.to_string());
        }
    }
    text
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = local(&self.rule);
        let place = match self.elsewhere {
            0 => self.place.clone(),
            n => format!("{} and {n} more", self.place),
        };
        let (level, how, message) = (self.level, self.how, &self.message);
        let example = self.example.replace('|', "\\|");
        let also = self.also.join(", ");
        writeln!(
            f,
            "| {rule} | {level} | {place} | {how} | `{example}` | {message} | {also} |"
        )
    }
}

const INTRODUCTION: &str = "\
# The rules of EUCAIM DCAT-AP 2.0, each broken once

Made by `tests/it/mutants.rs`: do not edit. It takes a valid record, does to it what the fourth and fifth columns say, and
checks it. The rule of the first column answers with the message, here in English, at the field of the third column; the last
column names rules that the same mistake breaks too. A violation must be mended before publishing, a warning is advice.

| Rule | Level | Field | Broken by | Example | Message | Also |
|---|---|---|---|---|---|---|
";

fn line(mutant: &Mutant, checked: &Checked) -> Line {
    let result = result(mutant, checked);
    let shape = Term::from(mutant.shape.clone());
    let others = checked.report.results.iter();
    let mut also: Vec<String> = others
        .filter(|other| other.source_shape != shape)
        .filter_map(|other| match &other.source_shape {
            Term::NamedNode(name) => Some(local(name).to_owned()),
            _ => None,
        })
        .collect();
    also.sort();
    also.dedup();
    Line {
        rule: mutant.shape.clone(),
        place: mutant.place.clone(),
        elsewhere: 0,
        how: mutant.how,
        example: mutant.example.clone(),
        level: match result.map(|result| &result.severity) {
            Some(Severity::Violation) => "violation",
            Some(_) => "warning",
            None => "not caught",
        },
        message: result
            .map(|result| result.message("en").to_owned())
            .unwrap_or_default(),
        also,
    }
}
