//! What a shape demands: one file for each section of SHACL §4, in its order.

pub(super) mod cardinality;
pub(super) mod logical;
pub(super) mod other;
pub(super) mod property_pair;
pub(super) mod shape_based;
pub(super) mod string_based;
pub(super) mod value_range;
pub(super) mod value_type;

use std::sync::Arc;

use self::cardinality::Cardinality;
use self::logical::Logical;
use self::other::Other;
use self::property_pair::PropertyPair;
use self::shape_based::ShapeBased;
use self::string_based::StringBased;
use self::value_range::ValueRange;
use self::value_type::ValueType;
use super::compile::Reader;
use super::error::ValidationError;
use super::graph::Node;
use super::message::{Message, short, show};
use super::path::Path;
use super::shape::ShapeId;
use super::sparql::component::ComponentUse;
use super::sparql::constraint::SparqlConstraint;
use super::validate::{Check, Sink};
use crate::rdf::{NamedNode, NamedNodeRef, Term, TermRef};

/// A parameter of a constraint with its values: what was demanded, for whoever explains a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// For example `sh:datatype`.
    pub predicate: NamedNode,
    /// One value, or the members of a list.
    pub values: Vec<Term>,
}

#[derive(Debug)]
pub(super) struct Constraint {
    pub kind: Kind,
    pub parameters: Arc<[Parameter]>,
}

#[derive(Debug)]
pub(super) enum Kind {
    ValueType(ValueType),
    Cardinality(Cardinality),
    ValueRange(ValueRange),
    StringBased(StringBased),
    PropertyPair(PropertyPair),
    Logical(Logical),
    ShapeBased(ShapeBased),
    Other(Other),
    Sparql(Box<SparqlConstraint>),
    Component(Box<ComponentUse>),
}

/// Reads the constraints of a shape, in the order of the specification.
pub(super) fn read(reader: &mut Reader<'_>, shape: Node, is_property: bool) -> Vec<Constraint> {
    let mut found = Found {
        constraints: Vec::new(),
        shape,
        is_property,
    };
    value_type::read(reader, &mut found);
    cardinality::read(reader, &mut found);
    value_range::read(reader, &mut found);
    string_based::read(reader, &mut found);
    property_pair::read(reader, &mut found);
    logical::read(reader, &mut found);
    shape_based::read(reader, &mut found);
    other::read(reader, &mut found);
    super::sparql::constraint::read(reader, &mut found);
    super::sparql::component::read(reader, &mut found);
    found.constraints
}

/// The constraints of a shape while they are read.
pub(super) struct Found {
    pub constraints: Vec<Constraint>,
    pub shape: Node,
    pub is_property: bool,
}

impl Found {
    pub(super) fn add(&mut self, kind: Kind, parameters: Vec<Parameter>) {
        self.constraints.push(Constraint {
            kind,
            parameters: parameters.into(),
        });
    }

    /// Whether the shape may have a parameter that only property shapes have; a node shape with
    /// it is ill-formed.
    pub(super) fn property_only(
        &self,
        reader: &mut Reader<'_>,
        parameter: NamedNodeRef<'_>,
    ) -> bool {
        if !self.is_property && reader.has(self.shape, parameter) {
            let message = format!(
                "{} stands on a shape without a well-formed sh:path",
                short(parameter)
            );
            reader.problem(self.shape, &message);
        }
        self.is_property
    }
}

/// A parameter with one value.
pub(super) fn parameter<'t>(
    predicate: NamedNodeRef<'_>,
    value: impl Into<TermRef<'t>>,
) -> Vec<Parameter> {
    let values = vec![value.into().into_owned()];
    vec![Parameter {
        predicate: predicate.into_owned(),
        values,
    }]
}

/// What the words of a message are made of.
pub(super) struct Facts<'f> {
    pub path: Option<&'f Path>,
    pub value: Option<&'f Term>,
    pub count: usize,
    pub parameters: &'f [Parameter],
}

impl Facts<'_> {
    /// The offending value, for people.
    pub(super) fn value(&self) -> String {
        self.value
            .map_or_else(|| "this".to_owned(), |value| show(value.as_ref()))
    }

    /// The path, for people.
    pub(super) fn path(&self) -> String {
        self.path
            .map_or_else(|| "this".to_owned(), ToString::to_string)
    }

    /// The first parameter's value, for people.
    pub(super) fn wanted(&self) -> String {
        let first = self
            .parameters
            .first()
            .and_then(|parameter| parameter.values.first());
        first.map_or_else(String::new, |value| show(value.as_ref()))
    }
}

impl Constraint {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        match &self.kind {
            Kind::ValueType(constraint) => constraint.check(check, sink),
            Kind::Cardinality(constraint) => constraint.check(check, sink),
            Kind::ValueRange(constraint) => constraint.check(check, sink),
            Kind::StringBased(constraint) => constraint.check(check, sink),
            Kind::PropertyPair(constraint) => constraint.check(check, sink),
            Kind::Logical(constraint) => constraint.check(check, sink),
            Kind::ShapeBased(constraint) => constraint.check(check, sink),
            Kind::Other(constraint) => constraint.check(check, sink),
            Kind::Sparql(constraint) => constraint.check(check, sink),
            Kind::Component(constraint) => constraint.check(check, sink),
        }
    }

    /// The IRI of its constraint component.
    pub(super) fn component(&self) -> NamedNodeRef<'_> {
        match &self.kind {
            Kind::ValueType(constraint) => constraint.component(),
            Kind::Cardinality(constraint) => constraint.component(),
            Kind::ValueRange(constraint) => constraint.component(),
            Kind::StringBased(constraint) => constraint.component(),
            Kind::PropertyPair(constraint) => constraint.component(),
            Kind::Logical(constraint) => constraint.component(),
            Kind::ShapeBased(constraint) => constraint.component(),
            Kind::Other(constraint) => constraint.component(),
            Kind::Sparql(_) => crate::rdf::vocabulary::sh::SPARQL_CONSTRAINT_COMPONENT,
            Kind::Component(constraint) => constraint.component(),
        }
    }

    /// What to say when the shapes say nothing.
    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        match &self.kind {
            Kind::ValueType(constraint) => constraint.words(facts),
            Kind::Cardinality(constraint) => constraint.words(facts),
            Kind::ValueRange(constraint) => constraint.words(facts),
            Kind::StringBased(constraint) => constraint.words(facts),
            Kind::PropertyPair(constraint) => constraint.words(facts),
            Kind::Logical(constraint) => constraint.words(facts),
            Kind::ShapeBased(constraint) => constraint.words(facts),
            Kind::Other(constraint) => constraint.words(facts),
            Kind::Sparql(_) => format!("{} breaks a rule written in SPARQL", facts.value()),
            Kind::Component(constraint) => constraint.words(facts),
        }
    }

    /// Whether its shapes hold for the very node whose shape it belongs to, so that their
    /// properties are those of the node.
    pub(super) fn is_part(&self) -> bool {
        match &self.kind {
            Kind::Logical(constraint) => constraint.is_conjunction(),
            Kind::ShapeBased(constraint) => !matches!(constraint, ShapeBased::Qualified(_)),
            _ => false,
        }
    }

    pub(super) fn is_sparql(&self) -> bool {
        matches!(self.kind, Kind::Sparql(_) | Kind::Component(_))
    }

    /// The shapes that it refers to.
    pub(super) fn shapes(&self) -> &[ShapeId] {
        match &self.kind {
            Kind::Logical(constraint) => constraint.shapes(),
            Kind::ShapeBased(constraint) => constraint.shapes(),
            _ => &[],
        }
    }

    /// The node in the shapes graph that a result names as `sh:sourceConstraint`.
    pub(super) fn source(&self) -> Option<&Term> {
        match &self.kind {
            Kind::Sparql(constraint) => Some(&constraint.node),
            _ => None,
        }
    }

    /// Messages of the constraint itself, which go before those of its shape.
    pub(super) fn messages(&self) -> &[Message] {
        match &self.kind {
            Kind::Sparql(constraint) => &constraint.messages,
            Kind::Component(constraint) => constraint.messages(),
            _ => &[],
        }
    }
}
