//! Value type constraints (SHACL §4.1): class, datatype, kind of node.

use super::{Facts, Found, Kind, parameter};
use crate::rdf::vocabulary::sh;
use crate::rdf::{NamedNode, NamedNodeRef, Term, TermRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Constant;
use crate::shacl::message::short;
use crate::shacl::validate::{Check, Sink};
use crate::shacl::value;

#[derive(Debug)]
pub(in crate::shacl) enum ValueType {
    Class(Constant),
    Datatype(NamedNode),
    NodeKind(NodeKind),
}

/// Which kinds of nodes are allowed.
#[derive(Clone, Copy, Debug)]
pub(in crate::shacl) struct NodeKind {
    iri: bool,
    blank: bool,
    literal: bool,
}

impl NodeKind {
    fn of(iri: NamedNodeRef<'_>) -> Option<Self> {
        let (iri, blank, literal) = match iri {
            sh::IRI => (true, false, false),
            sh::BLANK_NODE => (false, true, false),
            sh::LITERAL => (false, false, true),
            sh::BLANK_NODE_OR_IRI => (true, true, false),
            sh::BLANK_NODE_OR_LITERAL => (false, true, true),
            sh::IRI_OR_LITERAL => (true, false, true),
            _ => return None,
        };
        Some(Self {
            iri,
            blank,
            literal,
        })
    }

    fn allows(self, term: TermRef<'_>) -> bool {
        match term {
            TermRef::NamedNode(_) => self.iri,
            TermRef::BlankNode(_) => self.blank,
            TermRef::Literal(_) => self.literal,
            TermRef::Triple(_) => false,
        }
    }

    fn words(self) -> &'static str {
        match (self.iri, self.blank, self.literal) {
            (true, false, false) => "an IRI (a web address that names something)",
            (false, true, false) => "a nested description without an IRI",
            (false, false, true) => "a text or number, not an IRI",
            (true, true, false) => "an IRI or a nested description, not a text",
            (false, true, true) => "a text, a number or a nested description",
            _ => "an IRI, a text or a number",
        }
    }
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for class in reader.iris(found.shape, sh::CLASS) {
        let parameters = parameter(sh::CLASS, reader.constants.term(class));
        found.add(Kind::ValueType(ValueType::Class(class)), parameters);
    }
    if let Some(datatype) = reader.iri(found.shape, sh::DATATYPE) {
        let parameters = parameter(sh::DATATYPE, &datatype);
        found.add(Kind::ValueType(ValueType::Datatype(datatype)), parameters);
    }
    if let Some(iri) = reader.iri(found.shape, sh::NODE_KIND) {
        match NodeKind::of(iri.as_ref()) {
            Some(kind) => {
                let parameters = parameter(sh::NODE_KIND, &iri);
                found.add(Kind::ValueType(ValueType::NodeKind(kind)), parameters);
            }
            None => reader.problem(
                found.shape,
                &format!("sh:nodeKind is {iri}, an unknown kind"),
            ),
        }
    }
}

impl ValueType {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        match self {
            Self::Class(class) => {
                for value in check.values {
                    if !check.run.is_instance(*value, *class)? {
                        check.fail(sink, Some(*value))?;
                    }
                }
                Ok(())
            }
            Self::Datatype(datatype) => check.each(sink, |term| has_datatype(term, datatype)),
            Self::NodeKind(kind) => check.each(sink, |term| kind.allows(term)),
        }
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self {
            Self::Class(_) => sh::CLASS_CONSTRAINT_COMPONENT,
            Self::Datatype(_) => sh::DATATYPE_CONSTRAINT_COMPONENT,
            Self::NodeKind(_) => sh::NODE_KIND_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        let value = facts.value();
        match self {
            Self::Class(_) => format!("{value} must be known as a {}", facts.wanted()),
            Self::Datatype(datatype) => {
                let name = short(datatype.as_ref());
                match facts.value {
                    Some(Term::Literal(literal)) if literal.datatype() == *datatype => {
                        format!("{value} is not a well-formed {name}")
                    }
                    Some(Term::Literal(literal)) => {
                        let has = short(literal.datatype());
                        format!("{value} must have the datatype {name}, has {has}")
                    }
                    _ => format!("{value} must be a literal with the datatype {name}"),
                }
            }
            Self::NodeKind(kind) => format!("{value} must be {}", kind.words()),
        }
    }
}

fn has_datatype(term: TermRef<'_>, datatype: &NamedNode) -> bool {
    match term {
        TermRef::Literal(literal) => {
            literal.datatype() == *datatype && value::is_well_formed(literal)
        }
        _ => false,
    }
}
