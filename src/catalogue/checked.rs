//! How does a record fit a profile? The results of a check, told in the reader's language.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::advice::Advice;
use super::profile::local_name;
use crate::ontology::Ontology;
use crate::rdf::places::{Place, Places};
use crate::rdf::{NamedNode, Term};
use crate::shacl::{Message, Report, Severity, ValidationResult, in_language};

/// How many results of a check are told one by one.
const RESULTS_MAX: usize = 200;

/// How a record fits a profile.
#[derive(Debug, Clone)]
pub struct Checked {
    pub iri: String,
    pub profile: String,
    pub report: Arc<Report>,
    /// A way out for some of the results, by their place in the report.
    pub advice: Arc<BTreeMap<usize, Advice>>,
    /// What the values at fault are called, for those that the vocabularies know, by place.
    pub values: Arc<BTreeMap<usize, Vec<Message>>>,
    /// Old names that were understood as their new ones: (as sent, as understood).
    pub aliases: Vec<(String, String)>,
    /// Why the check could not be finished, when it could not.
    pub given_up: Option<String>,
}

/// One result, with what helps to understand and to mend it.
#[derive(Clone, Copy)]
pub struct Told<'a> {
    pub result: &'a ValidationResult,
    pub advice: Option<&'a Advice>,
    names: &'a [Message],
}

impl<'a> Told<'a> {
    /// What the value at fault is called, when it is a known term.
    pub fn value_label(&self, language: &str) -> Option<&'a str> {
        in_language(self.names, language)
    }

    /// The value as people read it: with its name when it has one.
    pub fn value(&self, language: &str) -> Option<String> {
        let value = shown(self.result.value.as_ref()?);
        Some(match self.value_label(language) {
            Some(name) => format!("{value} «{name}»"),
            None => value,
        })
    }
}

impl Checked {
    /// Whether the record may be published: nothing that must be is missing or wrong.
    pub fn fits(&self) -> bool {
        self.given_up.is_none() && !self.report.has_violations()
    }

    pub fn violations(&self) -> usize {
        self.report.count(&Severity::Violation)
    }

    /// How many results are less than violations.
    pub fn warnings(&self) -> usize {
        self.report.results.len() - self.violations()
    }

    /// One line for each result, the violations first: field, message, value.
    pub fn lines(&self, language: &str) -> Vec<String> {
        let given_up = self.given_up.iter().cloned();
        let line = |told: Told<'_>| {
            let label = label(told.result, language);
            let message = told.result.message(language);
            let value = told.value(language);
            let value = value.map_or_else(String::new, |value| format!(" ({value})"));
            let advice = told
                .advice
                .map(|advice| format!(" {}", advice.sentence(language)))
                .unwrap_or_default();
            format!("{label}: {message}{value}{advice}")
        };
        given_up.chain(self.sorted().map(line)).collect()
    }

    /// The results with what helps to mend them, the violations first.
    pub fn sorted(&self) -> impl Iterator<Item = Told<'_>> {
        let mut results: Vec<(usize, &ValidationResult)> =
            self.report.results.iter().enumerate().collect();
        results.sort_by_key(|(_, result)| result.severity != Severity::Violation);
        let told = |(place, result)| Told {
            result,
            advice: self.advice.get(&place),
            names: self.values.get(&place).map_or(&[], Vec::as_slice),
        };
        results.into_iter().take(RESULTS_MAX).map(told)
    }

    /// Where in its document a result is.
    pub fn place(&self, result: &ValidationResult, places: &Places) -> Option<Place> {
        let (predicate, value) = (result.property(), result.value.as_ref());
        let record = || Term::from(NamedNode::new_unchecked(&self.iri));
        places
            .of(&result.focus_node, predicate, value)
            .or_else(|| places.of(&record(), predicate, value))
    }

    /// The results as members of an RFC 9457 problem.
    pub fn violations_json(&self, language: &str) -> Value {
        let one = |told: Told<'_>| {
            let Told { result, advice, .. } = told;
            json!({
                "focusNode": shown(&result.focus_node),
                "path": result.path.as_ref().map(ToString::to_string),
                "label": label(result, language),
                "field": result.field.shape.as_ref().map(shown),
                "value": result.value.as_ref().map(shown),
                "valueLabel": told.value_label(language),
                "severity": local_name(result.severity.iri().as_str()),
                "message": result.message(language),
                "constraint": local_name(result.constraint_component.as_str()),
                "shape": shown(&result.source_shape),
                "suggestion": advice.map(|advice| advice.to_json(language)),
            })
        };
        Value::Array(self.sorted().map(one).collect())
    }

    /// The check as it is kept with a version.
    pub fn to_json(&self) -> Value {
        json!({
            "profile": self.profile,
            "conforms": self.fits(),
            "violations": self.violations(),
            "warnings": self.warnings(),
            "givenUp": self.given_up,
        })
    }

    /// The whole check for programs, with the line and column of each result in its document.
    pub fn to_full_json(&self, language: &str, places: &Places) -> Value {
        let mut body = self.to_json();
        body["record"] = json!(self.iri);
        body["results"] = self.violations_json(language);
        if let Some(results) = body["results"].as_array_mut() {
            for (json, told) in results.iter_mut().zip(self.sorted()) {
                let place = self.place(told.result, places);
                json["line"] = json!(place.map(|place| place.line));
                json["column"] = json!(place.map(|place| place.column));
            }
        }
        let aliases = self
            .aliases
            .iter()
            .map(|(sent, read)| json!({ "sent": sent, "read": read }));
        body["aliases"] = Value::Array(aliases.collect());
        body
    }
}

/// What the values at fault are called, by the place of their result.
pub(super) fn names(report: &Report, ontology: &Ontology) -> BTreeMap<usize, Vec<Message>> {
    let of = |(place, result): (usize, &ValidationResult)| {
        let Some(Term::NamedNode(value)) = &result.value else {
            return None;
        };
        let labels = &ontology.concept(value.as_str())?.labels;
        let message = |(language, text): &(String, String)| Message {
            language: Some(language.to_ascii_lowercase()),
            text: text.clone(),
        };
        Some((place, labels.iter().map(message).collect()))
    };
    let results = report.results.iter().enumerate();
    results.take(RESULTS_MAX).filter_map(of).collect()
}

/// The label of the field at fault, else its property in short.
pub fn label(result: &ValidationResult, language: &str) -> String {
    let named = result.field_name(language).map(str::to_owned);
    named.unwrap_or_else(|| match result.property() {
        Some(property) => local_name(property.as_str()).to_owned(),
        None => result
            .path
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    })
}

/// A term as people read it.
pub fn shown(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::BlankNode(node) => node.to_string(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::Triple(triple) => triple.to_string(),
    }
}
