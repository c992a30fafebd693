//! Property pair constraints (SHACL §4.5): the values of one property against those of another.

use std::cmp::Ordering;

use super::{Facts, Found, Kind, parameter};
use crate::rdf::NamedNodeRef;
use crate::rdf::vocabulary::sh;
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::graph::{Constant, Node};
use crate::shacl::validate::{Check, Run, Sink};
use crate::shacl::value::Value;

#[derive(Debug)]
pub(in crate::shacl) struct PropertyPair {
    relation: Relation,
    other: Constant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Equals,
    Disjoint,
    LessThan,
    LessThanOrEquals,
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for (predicate, relation) in [
        (sh::EQUALS, Relation::Equals),
        (sh::DISJOINT, Relation::Disjoint),
        (sh::LESS_THAN, Relation::LessThan),
        (sh::LESS_THAN_OR_EQUALS, Relation::LessThanOrEquals),
    ] {
        let ordered = matches!(relation, Relation::LessThan | Relation::LessThanOrEquals);
        if ordered && !found.property_only(reader, predicate) {
            continue;
        }
        for other in reader.iris(found.shape, predicate) {
            let parameters = parameter(predicate, reader.constants.term(other));
            found.add(
                Kind::PropertyPair(PropertyPair { relation, other }),
                parameters,
            );
        }
    }
}

impl PropertyPair {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let others = check.run.objects(check.focus, self.other)?;
        match self.relation {
            Relation::Equals => {
                let missing = check.values.iter().filter(|value| !others.contains(value));
                let added = others.iter().filter(|other| !check.values.contains(other));
                for value in missing.chain(added) {
                    check.fail(sink, Some(*value))?;
                }
            }
            Relation::Disjoint => {
                for value in check.values.iter().filter(|value| others.contains(value)) {
                    check.fail(sink, Some(*value))?;
                }
            }
            Relation::LessThan | Relation::LessThanOrEquals => {
                self.check_order(check, &others, sink)?;
            }
        }
        Ok(())
    }

    /// One result for each pair that is out of order or cannot be compared.
    fn check_order(
        &self,
        check: &Check<'_, '_>,
        others: &[Node],
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let others: Vec<_> = others
            .iter()
            .map(|other| value_of(check.run, *other))
            .collect();
        for node in check.values {
            let value = value_of(check.run, *node);
            for other in &others {
                let order = value
                    .as_ref()
                    .zip(other.as_ref())
                    .and_then(|(a, b)| a.compare(b));
                let holds = match order {
                    Some(Ordering::Less) => true,
                    Some(Ordering::Equal) => self.relation == Relation::LessThanOrEquals,
                    _ => false,
                };
                if !holds {
                    check.fail(sink, Some(*node))?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self.relation {
            Relation::Equals => sh::EQUALS_CONSTRAINT_COMPONENT,
            Relation::Disjoint => sh::DISJOINT_CONSTRAINT_COMPONENT,
            Relation::LessThan => sh::LESS_THAN_CONSTRAINT_COMPONENT,
            Relation::LessThanOrEquals => sh::LESS_THAN_OR_EQUALS_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        let (value, path, other) = (facts.value(), facts.path(), facts.wanted());
        match self.relation {
            Relation::Equals => {
                format!("{path} and {other} must have the same values, {value} is only in one")
            }
            Relation::Disjoint => {
                format!("{path} and {other} may not share a value, {value} is in both")
            }
            Relation::LessThan => format!("{value} must be less than the value of {other}"),
            Relation::LessThanOrEquals => {
                format!("{value} must not be greater than the value of {other}")
            }
        }
    }
}

fn value_of(run: &Run<'_>, node: Node) -> Option<Value> {
    run.terms.with(node, Value::of)
}
