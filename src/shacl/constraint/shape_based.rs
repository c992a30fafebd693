//! Shape-based constraints (SHACL §4.7): nested shapes, property shapes, qualified shapes.

use super::{Facts, Found, Kind, parameter};
use crate::rdf::vocabulary::sh;
use crate::rdf::{Literal, NamedNodeRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Node;
use crate::shacl::message::counted;
use crate::shacl::shape::ShapeId;
use crate::shacl::validate::{Check, Failure, Sink};

#[derive(Debug)]
pub(in crate::shacl) enum ShapeBased {
    Node([ShapeId; 1]),
    Property([ShapeId; 1]),
    Qualified(Qualified),
}

/// How many values conform to a shape and to none of its siblings.
#[derive(Debug)]
pub(in crate::shacl) struct Qualified {
    /// The shape, then the siblings whose values do not count.
    shapes: Vec<ShapeId>,
    side: Side,
    bound: u64,
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Min,
    Max,
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for node in reader.all(found.shape, sh::NODE) {
        if let Some(id) = reader.member_shape(found.shape, node, sh::NODE) {
            let parameters = parameter(sh::NODE, reader.term(node));
            found.add(Kind::ShapeBased(ShapeBased::Node([id])), parameters);
        }
    }
    for node in reader.all(found.shape, sh::PROPERTY) {
        read_property(reader, found, node);
    }
    if reader.has(found.shape, sh::QUALIFIED_VALUE_SHAPE)
        && found.property_only(reader, sh::QUALIFIED_VALUE_SHAPE)
    {
        read_qualified(reader, found);
    }
}

/// A property shape without a path is ill-formed. One that nothing describes is left out with a
/// warning: published profiles have been cut into files carelessly.
fn read_property(reader: &mut Reader<'_>, found: &mut Found, node: Node) {
    let name = reader.term(node);
    if reader.has(node, sh::PATH) {
        if let Some(id) = reader.member_shape(found.shape, node, sh::PROPERTY) {
            let property = ShapeBased::Property([id]);
            found.add(Kind::ShapeBased(property), parameter(sh::PROPERTY, name));
        }
    } else if reader.graph.description(node).next().is_none() && !name.is_literal() {
        let message = format!("sh:property refers to {name}, which is not described");
        reader.warning(found.shape, message);
    } else {
        let message = format!("sh:property refers to {name}, which has no sh:path");
        reader.problem(found.shape, &message);
    }
}

fn read_qualified(reader: &mut Reader<'_>, found: &mut Found) {
    let shape = found.shape;
    let bounds = [
        (
            Side::Min,
            sh::QUALIFIED_MIN_COUNT,
            reader.count(shape, sh::QUALIFIED_MIN_COUNT),
        ),
        (
            Side::Max,
            sh::QUALIFIED_MAX_COUNT,
            reader.count(shape, sh::QUALIFIED_MAX_COUNT),
        ),
    ];
    let disjoint = reader.boolean(shape, sh::QUALIFIED_VALUE_SHAPES_DISJOINT) == Some(true);
    for node in reader.all(shape, sh::QUALIFIED_VALUE_SHAPE) {
        let Some(id) = reader.member_shape(shape, node, sh::QUALIFIED_VALUE_SHAPE) else {
            continue;
        };
        let mut shapes = vec![id];
        if disjoint {
            shapes.extend(siblings(reader, shape, node));
        }
        for (side, predicate, bound) in bounds {
            let Some(bound) = bound else { continue };
            let mut parameters = parameter(predicate, &Literal::from(bound));
            parameters.extend(parameter(sh::QUALIFIED_VALUE_SHAPE, reader.term(node)));
            let qualified = Qualified {
                shapes: shapes.clone(),
                side,
                bound,
            };
            found.add(
                Kind::ShapeBased(ShapeBased::Qualified(qualified)),
                parameters,
            );
        }
    }
}

/// The qualified shapes that stand beside this one in any shape that has it (SHACL §4.7.3).
fn siblings(reader: &mut Reader<'_>, shape: Node, own: Node) -> Vec<ShapeId> {
    let Some(property) = reader.graph.predicate(sh::PROPERTY) else {
        return Vec::new();
    };
    let mut nodes = Vec::new();
    for parent in reader.graph.subjects(property, shape) {
        for beside in reader.graph.objects(*parent, property) {
            nodes.extend(reader.all(*beside, sh::QUALIFIED_VALUE_SHAPE));
        }
    }
    nodes.retain(|node| *node != own);
    nodes.sort_unstable();
    nodes.dedup();
    let mut ids = Vec::new();
    for node in nodes {
        ids.extend(reader.member_shape(shape, node, sh::QUALIFIED_VALUE_SHAPE));
    }
    ids
}

impl ShapeBased {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        match self {
            Self::Node([shape]) => {
                for value in check.values {
                    let mut inner = sink.like();
                    check.run.check(*shape, *value, &mut inner)?;
                    if !inner.is_clean() {
                        let details = inner.into_findings();
                        let failure = Failure {
                            value: Some(*value),
                            details,
                            ..Failure::default()
                        };
                        check.fail_with(sink, failure)?;
                    }
                }
                Ok(())
            }
            Self::Property([shape]) => {
                for value in check.values {
                    check.run.check(*shape, *value, sink)?;
                    if sink.is_decided() {
                        break;
                    }
                }
                Ok(())
            }
            Self::Qualified(qualified) => qualified.check(check, sink),
        }
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self {
            Self::Node(_) => sh::NODE_CONSTRAINT_COMPONENT,
            Self::Property(_) => sh::PROPERTY_CONSTRAINT_COMPONENT,
            Self::Qualified(Qualified {
                side: Side::Min, ..
            }) => sh::QUALIFIED_MIN_COUNT_CONSTRAINT_COMPONENT,
            Self::Qualified(Qualified {
                side: Side::Max, ..
            }) => sh::QUALIFIED_MAX_COUNT_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        match self {
            Self::Node(_) => format!("{} is incomplete or wrong in itself", facts.value()),
            Self::Property(_) => format!("{} has a wrong property", facts.value()),
            Self::Qualified(Qualified { side, bound, .. }) => {
                let (path, has) = (facts.path(), facts.count);
                let bound = counted(*bound, "value");
                match side {
                    Side::Min => {
                        format!("needs at least {bound} of the right form in {path}, has {has}")
                    }
                    Side::Max => {
                        format!("may have at most {bound} of that form in {path}, has {has}")
                    }
                }
            }
        }
    }

    pub(super) fn shapes(&self) -> &[ShapeId] {
        match self {
            Self::Node(shape) | Self::Property(shape) => shape,
            Self::Qualified(qualified) => &qualified.shapes,
        }
    }
}

impl Qualified {
    fn check(&self, check: &Check<'_, '_>, sink: &mut Sink) -> Result<(), ValidationError> {
        let mut count = 0;
        for value in check.values {
            count += u64::from(self.counts(check, *value)?);
        }
        let holds = match self.side {
            Side::Min => count >= self.bound,
            Side::Max => count <= self.bound,
        };
        if holds {
            return Ok(());
        }
        let count = usize::try_from(count).ok();
        check.fail_with(
            sink,
            Failure {
                count,
                ..Failure::default()
            },
        )
    }

    fn counts(&self, check: &Check<'_, '_>, value: Node) -> Result<bool, ValidationError> {
        let Some((shape, siblings)) = self.shapes.split_first() else {
            return Ok(false);
        };
        if !check.run.conforms(*shape, value)? {
            return Ok(false);
        }
        for sibling in siblings {
            if check.run.conforms(*sibling, value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
