//! SPARQL-based constraints (SHACL §5): a SELECT query whose every solution is a result.

use spareval::QuerySolution;

use super::prebinding::Bindings;
use super::query::{Failed, Form, Template, shapes_graph, value};
use crate::rdf::vocabulary::sh;
use crate::rdf::{Literal, Term};
use crate::shacl::compile::Reader;
use crate::shacl::constraint::{Found, Kind};
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Node;
use crate::shacl::message::{Message, fill};
use crate::shacl::path;
use crate::shacl::validate::{Check, Failure, Sink};

#[derive(Debug)]
pub(in crate::shacl) struct SparqlConstraint {
    pub(in crate::shacl) node: Term,
    pub(in crate::shacl) messages: Vec<Message>,
    template: Template,
}

pub(in crate::shacl) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for node in reader.all(found.shape, sh::SPARQL) {
        if reader.boolean(node, sh::DEACTIVATED) == Some(true) {
            continue;
        }
        let Some(text) = reader.text(node, sh::SELECT) else {
            reader.problem(found.shape, "sh:sparql needs one sh:select");
            continue;
        };
        match Template::read(reader, node, &text, Form::Select, &["this"]) {
            Ok(template) => {
                let constraint = SparqlConstraint {
                    template: at_path(reader, found.shape, template),
                    messages: reader.messages(node, sh::MESSAGE),
                    node: reader.term(node).into_owned(),
                };
                found.add(Kind::Sparql(Box::new(constraint)), Vec::new());
            }
            Err(message) => {
                reader.problem(
                    found.shape,
                    &format!("its SPARQL query cannot be used: {message}"),
                );
            }
        }
    }
}

/// The query for this shape: `$PATH` is its path, if it has one.
pub(super) fn at_path(reader: &Reader<'_>, shape: Node, template: Template) -> Template {
    let path = reader
        .first(shape, sh::PATH)
        .and_then(|node| path::read(reader, node).ok());
    match path {
        Some(path) => template.with_path(&path),
        None => template,
    }
}

impl SparqlConstraint {
    pub(in crate::shacl) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let bindings = bindings(check);
        let solutions = self.template.select(check.run, &bindings);
        let solutions = solutions.map_err(|failed| failed.at(&check.shape.node, &self.node))?;
        report(
            check,
            sink,
            &solutions,
            &bindings,
            &self.messages,
            &self.node,
        )
    }
}

/// What every query knows: the focus node, the shapes graph and the shape (SHACL §5.3.1).
pub(super) fn bindings(check: &Check<'_, '_>) -> Bindings {
    let mut bindings = Bindings::default();
    bindings.add("this", check.run.terms.owned(check.focus), check.focus);
    bindings.add_plain("shapesGraph", shapes_graph().into());
    let shape = check.shape.node.clone();
    bindings.add("currentShape", shape.clone(), check.run.terms.intern(shape));
    bindings
}

/// Makes each solution a result (SHACL §5.3.2).
pub(super) fn report(
    check: &Check<'_, '_>,
    sink: &mut Sink,
    solutions: &[QuerySolution],
    bindings: &Bindings,
    messages: &[Message],
    constraint: &Term,
) -> Result<(), ValidationError> {
    let truth: Term = Literal::from(true).into();
    for solution in solutions {
        if value(solution, "failure") == Some(&truth) {
            return Err(Failed::Query("the query reports a failure".to_owned())
                .at(&check.shape.node, constraint));
        }
        check.fail_with(sink, failure(check, solution, bindings, messages))?;
    }
    Ok(())
}

fn failure(
    check: &Check<'_, '_>,
    solution: &QuerySolution,
    bindings: &Bindings,
    messages: &[Message],
) -> Failure {
    let terms = &check.run.terms;
    let path = value(solution, "path").filter(|path| path.is_named_node());
    let focus = check.shape.path.is_none().then_some(check.focus);
    let words = match value(solution, "message") {
        Some(Term::Literal(literal)) => vec![Message::of(literal.as_ref())],
        _ if messages.is_empty() => check.shape.messages.to_vec(),
        _ => messages.to_vec(),
    };
    let value_of = |name: &str| {
        value(solution, name)
            .or_else(|| bindings.get(name))
            .cloned()
    };
    let filled = words.into_iter().map(|message| Message {
        text: fill(&message.text, &value_of),
        language: message.language,
    });
    Failure {
        value: value(solution, "value")
            .map(|value| terms.intern(value.clone()))
            .or(focus),
        path: path.map(|path| terms.intern(path.clone())),
        messages: filled.collect(),
        ..Failure::default()
    }
}
