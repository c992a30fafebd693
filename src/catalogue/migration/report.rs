//! How is a migration told? Every step in words of the reader's language, for people and for programs.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use super::Migration;
use super::fields::Fields;
use super::note::Note;
use crate::catalogue::checked::{Checked, label, shown};
use crate::ontology::Ontology;
use crate::rdf::places::Places;
use crate::rdf::vocabulary::{rdf, sh, short, xsd};
use crate::rdf::{NamedNode, Term};
use crate::shacl::{Severity, ValidationResult};

/// Longer texts are cut in sentences.
const TEXT_LENGTH_MAX: usize = 120;
/// How many classes of a node, and properties that lead to it, are looked at for its name.
const PLACES_MAX: usize = 16;

/// The part of a migration that is about one record.
pub struct RecordReport<'a> {
    pub checked: &'a Checked,
    /// What was done, each in a sentence.
    pub steps: Vec<String>,
    /// What was left as it was, and why.
    pub left: Vec<String>,
    /// What the new profile wants and the record does not say: label and what to do.
    pub gaps: Vec<String>,
    /// What else the check found, what must be mended first.
    pub findings: Vec<String>,
}

/// What sentences are made with.
struct Telling<'a> {
    migration: &'a Migration,
    ontology: &'a Ontology,
    fields: [Fields<'a>; 2],
    /// The classes of what is told of.
    classes: FxHashMap<Term, Vec<&'a NamedNode>>,
    /// The properties that lead to it.
    ways: FxHashMap<Term, Vec<&'a NamedNode>>,
    language: &'a str,
}

impl Migration {
    /// The report, record by record.
    pub fn records<'a>(
        &'a self,
        ontology: &'a Ontology,
        language: &'a str,
    ) -> Vec<RecordReport<'a>> {
        let telling = Telling::new(self, ontology, language);
        let mut reports: Vec<RecordReport<'a>> = self
            .checks
            .iter()
            .map(|checked| telling.record(checked))
            .collect();
        for note in &self.notes {
            let report = &mut reports[self.owner(note)];
            let sentence = telling.sentence(note);
            if note.what.is_step() {
                report.steps.push(sentence);
            } else {
                report.left.push(sentence);
            }
        }
        reports
    }

    /// The report for programs.
    /// `places` are those of the document as it was sent.
    pub fn to_json(&self, ontology: &Ontology, language: &str, places: &Places) -> Value {
        let telling = Telling::new(self, ontology, language);
        let notes = |is_step: bool| -> Vec<Value> {
            let wanted = self
                .notes
                .iter()
                .filter(|note| note.what.is_step() == is_step);
            wanted.map(|note| telling.json(note)).collect()
        };
        let gaps = self.checks.iter().flat_map(|checked| {
            let gaps = checked
                .report
                .results
                .iter()
                .filter(|result| is_gap(result));
            gaps.map(move |gap| (checked, gap))
        });
        let gaps: Vec<Value> = gaps
            .map(|(checked, gap)| telling.gap_json(checked, gap))
            .collect();
        let checks: Vec<Value> = self
            .checks
            .iter()
            .map(|checked| checked.to_full_json(language, places))
            .collect();
        json!({
            "from": self.way.from.name,
            "to": self.way.to.name,
            "complete": self.is_complete(),
            "stepsTotal": self.steps,
            "leftTotal": self.left,
            "steps": notes(true),
            "left": notes(false),
            "gaps": gaps,
            "records": checks,
        })
    }

    /// Which record a note is about; what nothing leads to is told with the first.
    fn owner(&self, note: &Note) -> usize {
        self.owners.get(&note.focus).copied().unwrap_or_default()
    }
}

/// Whether the new profile wants something that nobody said: a violation of how often a value is needed.
fn is_gap(result: &ValidationResult) -> bool {
    let counts = [
        sh::MIN_COUNT_CONSTRAINT_COMPONENT,
        sh::QUALIFIED_MIN_COUNT_CONSTRAINT_COMPONENT,
    ];
    let is_count = counts.contains(&result.constraint_component.as_ref());
    result.severity == Severity::Violation && is_count
}

impl<'a> Telling<'a> {
    fn new(migration: &'a Migration, ontology: &'a Ontology, language: &'a str) -> Self {
        let noted = migration
            .notes
            .iter()
            .map(|note| Term::from(note.focus.clone()));
        let checked = migration
            .checks
            .iter()
            .flat_map(|checked| &checked.report.results);
        let found = checked.map(|result| result.focus_node.clone());
        let told: FxHashSet<Term> = noted.chain(found).collect();
        let mut classes: FxHashMap<Term, Vec<&NamedNode>> = FxHashMap::default();
        let mut ways: FxHashMap<Term, Vec<&NamedNode>> = FxHashMap::default();
        for triple in &migration.triples {
            if let (true, Term::NamedNode(class)) = (triple.predicate == rdf::TYPE, &triple.object)
            {
                let subject = Term::from(triple.subject.clone());
                if told.contains(&subject) {
                    note_place(classes.entry(subject).or_default(), class);
                }
            } else if told.contains(&triple.object) {
                let ways = ways.entry(triple.object.clone()).or_default();
                note_place(ways, &triple.predicate);
            }
        }
        let way = &migration.way;
        Self {
            fields: [Fields::of(&way.to), Fields::of(&way.from)],
            migration,
            ontology,
            classes,
            ways,
            language,
        }
    }

    fn record(&self, checked: &'a Checked) -> RecordReport<'a> {
        let mut report = RecordReport {
            checked,
            steps: Vec::new(),
            left: Vec::new(),
            gaps: Vec::new(),
            findings: checked.given_up.iter().cloned().collect(),
        };
        for told in checked.sorted() {
            let result = told.result;
            let field = self.field_of(result);
            let message = result.message(self.language);
            if is_gap(result) {
                report.gaps.push(format!("{field}: {message}"));
                continue;
            }
            let value = match &result.value {
                // The label of a blank node tells nobody anything.
                Some(Term::BlankNode(_)) | None => String::new(),
                Some(value) => format!(" ({})", shown(value)),
            };
            let advice = told.advice.map_or_else(String::new, |advice| {
                format!(" {}", advice.sentence(self.language))
            });
            report
                .findings
                .push(format!("{field}: {message}{value}{advice}"));
        }
        report
    }

    fn json(&self, note: &Note) -> Value {
        let record = &self.migration.checks[self.migration.owner(note)].iri;
        json!({
            "kind": note.what.name(),
            "record": record,
            "focusNode": shown(&note.focus.clone().into()),
            "property": note.property.as_str(),
            "field": self.field(&note.focus.clone().into(), &note.property),
            "before": shown(&note.before),
            "after": note.after.as_ref().map(shown),
            "message": self.sentence(note),
            "basis": note.because,
        })
    }

    fn gap_json(&self, checked: &Checked, gap: &ValidationResult) -> Value {
        json!({
            "record": checked.iri,
            "focusNode": shown(&gap.focus_node),
            "path": gap.path.as_ref().map(ToString::to_string),
            "label": self.field_of(gap),
            "message": gap.message(self.language),
        })
    }

    /// The name of the field that a result is about.
    fn field_of(&self, result: &ValidationResult) -> String {
        match result.property() {
            Some(property) => self.field(&result.focus_node, property),
            None => label(result, self.language),
        }
    }

    /// The name of a property at a node: as its class has it, or after what leads to the node («Publisher › Name»).
    fn field(&self, focus: &Term, property: &NamedNode) -> String {
        let at = |place: &NamedNode| {
            self.fields
                .iter()
                .find_map(|fields| fields.at(place, property, self.language))
        };
        let classes = self.classes.get(focus).map_or(&[][..], Vec::as_slice);
        if let Some(name) = classes.iter().find_map(|class| at(class)) {
            return name.to_owned();
        }
        let ways = self.ways.get(focus).map_or(&[][..], Vec::as_slice);
        if let Some((way, name)) = ways.iter().find_map(|way| Some((way, at(way)?))) {
            return format!("{} › {name}", self.name(way));
        }
        self.name(property)
    }

    /// The name of a property wherever it stands.
    fn name(&self, property: &NamedNode) -> String {
        let named = self
            .fields
            .iter()
            .find_map(|fields| fields.anywhere(property, self.language));
        let named = named.or_else(|| self.ontology.label(property.as_str(), self.language));
        named.map_or_else(|| self.term(&property.clone().into()), str::to_owned)
    }

    fn sentence(&self, note: &Note) -> String {
        let Some(rules) = &self.migration.way.from.migration else {
            return String::new();
        };
        let field = self.field(&note.focus.clone().into(), &note.property);
        let after = note.after.as_ref().map(|term| self.term(term));
        fill(
            rules.sentence(note.what, self.language),
            &[
                ("{field}", &field),
                ("{from}", &self.term(&note.before)),
                ("{to}", after.as_deref().unwrap_or_default()),
            ],
        )
    }

    /// A term as people read it: a concept by its label, a property by its short name, a value with its datatype.
    fn term(&self, term: &Term) -> String {
        match term {
            Term::NamedNode(iri) => {
                let iri = iri.as_str();
                let name = short(iri).unwrap_or_else(|| format!("<{iri}>"));
                // What stands for a concept has the concept's label, and is told by its own name.
                let own = self
                    .ontology
                    .concept(iri)
                    .filter(|concept| concept.iri == iri);
                match own.and_then(|concept| concept.label(self.language)) {
                    Some(label) => format!("{} ({name})", quoted(label, self.language)),
                    None => name,
                }
            }
            Term::Literal(literal) => {
                let text = quoted(literal.value(), self.language);
                let datatype = literal.datatype();
                let is_text = datatype == xsd::STRING || literal.language().is_some();
                match short(datatype.as_str()).filter(|_| !is_text) {
                    Some(datatype) => format!("{text} ({datatype})"),
                    None => text,
                }
            }
            Term::BlankNode(_) => "[…]".to_owned(),
            Term::Triple(triple) => triple.to_string(),
        }
    }
}

fn note_place<'a>(places: &mut Vec<&'a NamedNode>, place: &'a NamedNode) {
    if places.len() < PLACES_MAX && !places.contains(&place) {
        places.push(place);
    }
}

/// Puts values into the gaps of a sentence, in one pass: what a value holds is not filled again.
fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len() + 64);
    let mut rest = sentence;
    while let Some(at) = rest.find('{') {
        filled.push_str(&rest[..at]);
        rest = &rest[at..];
        let known = values.iter().find(|(gap, _)| rest.starts_with(gap));
        let (gap, value) = known.copied().unwrap_or(("{", "{"));
        filled.push_str(value);
        rest = &rest[gap.len()..];
    }
    filled.push_str(rest);
    filled
}

/// A text in the quotation marks of a language.
fn quoted(text: &str, language: &str) -> String {
    let text = match text.char_indices().nth(TEXT_LENGTH_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    };
    match language {
        "de" => format!("„{text}“"),
        "fr" => format!("« {text} »"),
        "es" | "it" => format!("«{text}»"),
        _ => format!("“{text}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_holds_is_not_filled_again() {
        let values = [("{field}", "a {to} b"), ("{to}", "x")];
        assert_eq!(
            fill("{field} → {to}, {other}", &values),
            "a {to} b → x, {other}"
        );
    }
}
