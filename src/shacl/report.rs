//! What a validation found (SHACL §3.6): for machines as triples, for people as words.

use std::sync::Arc;

use super::constraint::{Facts, Parameter};
use super::graph::Node;
use super::message::{Message, fill, in_language};
use super::path::Path;
use super::shape::{Field, Severity};
use super::validate::{Finding, Run};
use crate::rdf::vocabulary::{rdf, sh};
use crate::rdf::{BlankNode, Literal, NamedNode, Term, Triple};

/// The outcome of a validation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// In the order of the shapes, then of the record.
    pub results: Vec<ValidationResult>,
}

/// One thing that is not as a shape wants it.
#[derive(Clone, Debug, PartialEq)]
pub struct ValidationResult {
    /// The node that was checked.
    pub focus_node: Term,
    /// Which of its properties is at fault; `None` if it is the node itself.
    pub path: Option<Arc<Path>>,
    /// The value at fault; `None` if it is their number or their absence.
    pub value: Option<Term>,
    pub severity: Severity,
    /// At least one; in plain English if the shapes have no words of their own.
    pub messages: Arc<[Message]>,
    /// Whether the words are ours and not those of the shapes.
    pub is_generated_message: bool,
    /// For example `sh:MinCountConstraintComponent`.
    pub constraint_component: NamedNode,
    /// The SPARQL constraint that found it.
    pub source_constraint: Option<Term>,
    pub source_shape: Term,
    /// What was demanded: for example `sh:datatype` with `xsd:date`.
    pub parameters: Arc<[Parameter]>,
    /// The label, help text and place in the form of the property shape.
    pub field: Arc<Field>,
    /// Why a nested shape was not met.
    pub details: Vec<ValidationResult>,
}

impl Report {
    /// Whether there is no result at all (SHACL §3.6.1.1): warnings count too.
    pub fn conforms(&self) -> bool {
        self.results.is_empty()
    }

    /// Whether any result is a violation, and not only a warning or a remark.
    pub fn has_violations(&self) -> bool {
        self.count(&Severity::Violation) > 0
    }

    /// How many results have a severity.
    pub fn count(&self, severity: &Severity) -> usize {
        self.results
            .iter()
            .filter(|result| result.severity == *severity)
            .count()
    }

    /// The standard report as triples.
    pub fn to_graph(&self) -> Vec<Triple> {
        let mut triples = Vec::new();
        let report = BlankNode::default();
        triples.push(Triple::new(
            report.clone(),
            rdf::TYPE,
            sh::VALIDATION_REPORT,
        ));
        let conforms = Literal::from(self.conforms());
        triples.push(Triple::new(report.clone(), sh::CONFORMS, conforms));
        for result in &self.results {
            let node = result.to_graph(&mut triples);
            triples.push(Triple::new(report.clone(), sh::RESULT, node));
        }
        triples
    }
}

impl ValidationResult {
    /// The message in the wanted language, or in the nearest there is.
    pub fn message(&self, language: &str) -> &str {
        in_language(&self.messages, language).unwrap_or_default()
    }

    /// The label of the field in the wanted language, or in the nearest there is.
    pub fn field_name(&self, language: &str) -> Option<&str> {
        self.field.name(language)
    }

    /// The property, if the path is nothing more. A path of zero or one step, by which a rule sees the node itself
    /// beside the values of a property, is about that property too.
    pub fn property(&self) -> Option<&NamedNode> {
        match self.path.as_deref()? {
            Path::ZeroOrOne(step) => step.predicate(),
            path => path.predicate(),
        }
    }

    /// The values of a parameter of the constraint, for example of `sh:class`.
    pub fn parameter(&self, predicate: crate::rdf::NamedNodeRef<'_>) -> &[Term] {
        let found = self
            .parameters
            .iter()
            .find(|parameter| parameter.predicate == predicate);
        found.map_or(&[], |parameter| &parameter.values)
    }

    fn to_graph(&self, triples: &mut Vec<Triple>) -> BlankNode {
        let node = BlankNode::default();
        let mut add = |predicate, object: Term| {
            triples.push(Triple::new(node.clone(), predicate, object));
        };
        add(rdf::TYPE, sh::VALIDATION_RESULT.into());
        add(sh::FOCUS_NODE, self.focus_node.clone());
        add(sh::RESULT_SEVERITY, self.severity.iri().into());
        add(
            sh::SOURCE_CONSTRAINT_COMPONENT,
            self.constraint_component.clone().into(),
        );
        add(sh::SOURCE_SHAPE, self.source_shape.clone());
        if let Some(value) = &self.value {
            add(sh::VALUE, value.clone());
        }
        if let Some(constraint) = &self.source_constraint {
            add(sh::SOURCE_CONSTRAINT, constraint.clone());
        }
        for message in self.messages.iter() {
            add(sh::RESULT_MESSAGE, literal(message).into());
        }
        if let Some(path) = &self.path {
            let path = path.to_graph(triples);
            triples.push(Triple::new(node.clone(), sh::RESULT_PATH, path));
        }
        for detail in &self.details {
            let detail = detail.to_graph(triples);
            triples.push(Triple::new(node.clone(), sh::DETAIL, detail));
        }
        node
    }
}

fn literal(message: &Message) -> Literal {
    match &message.language {
        Some(language) => {
            Literal::new_language_tagged_literal_unchecked(&message.text, language.clone())
        }
        None => Literal::new_simple_literal(&message.text),
    }
}

/// Puts what was found into words and terms of its own.
pub(super) fn of(run: &Run<'_>, findings: &[Finding]) -> Report {
    Report {
        results: findings
            .iter()
            .map(|finding| result(run, finding))
            .collect(),
    }
}

fn result(run: &Run<'_>, finding: &Finding) -> ValidationResult {
    let shape = run.shape(finding.shape);
    let constraint = &shape.constraints[finding.constraint];
    let path = match finding.failure.path {
        Some(node) => predicate_path(run, node),
        None => shape.path.as_ref().map(|way| Arc::clone(&way.path)),
    };
    let focus_node = run.terms.owned(finding.focus);
    let value = finding.failure.value.map(|value| run.terms.owned(value));
    let facts = Facts {
        path: path.as_deref(),
        value: value.as_ref(),
        count: finding.failure.count.unwrap_or(finding.count),
        parameters: &constraint.parameters,
    };
    let own = [&finding.failure.messages[..], constraint.messages()];
    let special = own.into_iter().find(|messages| !messages.is_empty());
    let given = special.unwrap_or(&shape.messages);
    let messages: Arc<[Message]> = if given.is_empty() {
        Arc::new([Message {
            language: Some("en".to_owned()),
            text: constraint.words(&facts),
        }])
    } else if special.is_none() && !given.iter().any(Message::is_template) {
        // Nearly all: their words are the shape's, however many results it has.
        Arc::clone(&shape.messages)
    } else {
        let value_of = |name: &str| variable(name, &focus_node, &facts);
        given
            .iter()
            .map(|message| filled(message, &value_of))
            .collect()
    };
    ValidationResult {
        is_generated_message: given.is_empty(),
        messages,
        severity: shape.severity.clone(),
        constraint_component: constraint.component().into_owned(),
        source_constraint: constraint.source().cloned(),
        source_shape: shape.node.clone(),
        parameters: Arc::clone(&constraint.parameters),
        field: Arc::clone(&shape.field),
        details: finding
            .failure
            .details
            .iter()
            .map(|detail| result(run, detail))
            .collect(),
        focus_node,
        path,
        value,
    }
}

fn predicate_path(run: &Run<'_>, node: Node) -> Option<Arc<Path>> {
    match run.terms.owned(node) {
        Term::NamedNode(predicate) => Some(Arc::new(Path::Predicate(predicate))),
        _ => None,
    }
}

fn filled(message: &Message, value_of: &dyn Fn(&str) -> Option<Term>) -> Message {
    Message {
        language: message.language.clone(),
        text: fill(&message.text, value_of),
    }
}

/// What a template's variable stands for: the focus node, the value, the path, a parameter by its
/// local name.
fn variable(name: &str, focus: &Term, facts: &Facts<'_>) -> Option<Term> {
    match name {
        "this" => Some(focus.clone()),
        "value" => facts.value.cloned(),
        "path" | "PATH" => facts
            .path
            .map(|path| Literal::from(path.to_string()).into()),
        "count" => Some(Literal::from(facts.count.to_string()).into()),
        _ => facts
            .parameters
            .iter()
            .find(|parameter| local_name(&parameter.predicate) == name)
            .and_then(|parameter| parameter.values.first().cloned()),
    }
}

/// What follows the last slash or hash (SHACL §6.2.1).
pub(super) fn local_name(iri: &NamedNode) -> &str {
    let text = iri.as_str();
    text.rfind(['/', '#']).map_or(text, |at| &text[at + 1..])
}
