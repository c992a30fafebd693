//! Logical constraints (SHACL §4.6): not, and, or, exactly one.

use super::{Facts, Found, Kind, Parameter, parameter};
use crate::rdf::NamedNodeRef;
use crate::rdf::vocabulary::sh;
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Node;
use crate::shacl::message::counted;
use crate::shacl::shape::ShapeId;
use crate::shacl::validate::{Check, Failure, Sink};

#[derive(Debug)]
pub(in crate::shacl) struct Logical {
    operator: Operator,
    shapes: Vec<ShapeId>,
}

#[derive(Clone, Copy, Debug)]
enum Operator {
    Not,
    And,
    Or,
    Xone,
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for node in reader.all(found.shape, sh::NOT) {
        if let Some(id) = reader.member_shape(found.shape, node, sh::NOT) {
            let parameters = parameter(sh::NOT, reader.term(node));
            let constraint = Logical {
                operator: Operator::Not,
                shapes: vec![id],
            };
            found.add(Kind::Logical(constraint), parameters);
        }
    }
    for (predicate, operator) in [
        (sh::AND, Operator::And),
        (sh::OR, Operator::Or),
        (sh::XONE, Operator::Xone),
    ] {
        for list in reader.all(found.shape, predicate) {
            read_list(reader, found, predicate, operator, list);
        }
    }
}

fn read_list(
    reader: &mut Reader<'_>,
    found: &mut Found,
    predicate: NamedNodeRef<'_>,
    operator: Operator,
    list: Node,
) {
    let members = reader.members(found.shape, list, predicate);
    let values = members
        .iter()
        .map(|member| reader.term(*member).into_owned())
        .collect();
    let shapes = members
        .iter()
        .filter_map(|m| reader.member_shape(found.shape, *m, predicate))
        .collect();
    let parameters = vec![Parameter {
        predicate: predicate.into_owned(),
        values,
    }];
    found.add(Kind::Logical(Logical { operator, shapes }), parameters);
}

impl Logical {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        for value in check.values {
            self.check_value(check, *value, sink)?;
            if sink.is_decided() {
                break;
            }
        }
        Ok(())
    }

    fn check_value(
        &self,
        check: &Check<'_, '_>,
        value: Node,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let run = check.run;
        let mut failure = Failure {
            value: Some(value),
            ..Failure::default()
        };
        let holds = match self.operator {
            Operator::Not => !run.conforms(self.shapes[0], value)?,
            Operator::And => {
                let mut inner = sink.like();
                for shape in &self.shapes {
                    run.check(*shape, value, &mut inner)?;
                    if inner.is_decided() {
                        break;
                    }
                }
                let holds = inner.is_clean();
                failure.details = inner.into_findings();
                holds
            }
            Operator::Or => self.any(check, value, sink, &mut failure)?,
            Operator::Xone => {
                let mut conforming = 0;
                for shape in &self.shapes {
                    conforming += usize::from(run.conforms(*shape, value)?);
                }
                failure.count = Some(conforming);
                conforming == 1
            }
        };
        if holds {
            Ok(())
        } else {
            check.fail_with(sink, failure)
        }
    }

    /// Whether one shape holds; if none does, what each of them found. Most values conform, so the
    /// question is asked first and the reasons only when they are needed.
    fn any(
        &self,
        check: &Check<'_, '_>,
        value: Node,
        sink: &Sink,
        failure: &mut Failure,
    ) -> Result<bool, ValidationError> {
        for shape in &self.shapes {
            if check.run.conforms(*shape, value)? {
                return Ok(true);
            }
        }
        let mut inner = sink.like();
        if matches!(inner, Sink::Collect { .. }) {
            for shape in &self.shapes {
                check.run.check(*shape, value, &mut inner)?;
            }
        }
        failure.details = inner.into_findings();
        Ok(false)
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self.operator {
            Operator::Not => sh::NOT_CONSTRAINT_COMPONENT,
            Operator::And => sh::AND_CONSTRAINT_COMPONENT,
            Operator::Or => sh::OR_CONSTRAINT_COMPONENT,
            Operator::Xone => sh::XONE_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        let value = facts.value();
        let several = counted(self.shapes.len() as u64, "alternative");
        match self.operator {
            Operator::Not => format!("{value} is of a form that is not allowed"),
            Operator::And => format!("{value} does not meet all of the conditions set for it"),
            Operator::Or => format!("{value} meets none of the {several} allowed"),
            Operator::Xone => {
                format!(
                    "{value} must meet exactly one of {several}, meets {}",
                    facts.count
                )
            }
        }
    }

    pub(super) fn is_conjunction(&self) -> bool {
        matches!(self.operator, Operator::And)
    }

    pub(super) fn shapes(&self) -> &[ShapeId] {
        &self.shapes
    }
}
