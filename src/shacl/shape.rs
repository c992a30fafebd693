//! What a shape is once it has been compiled (SHACL §2).

use std::sync::Arc;

use super::constraint::Constraint;
use super::graph::{Constant, Constants};
use super::message::{Message, in_language};
use super::path::{Path, Walk};
use super::target::Target;
use crate::rdf::vocabulary::sh;
use crate::rdf::{NamedNode, NamedNodeRef, Term};

/// How grave a result is (SHACL §2.1.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    Violation,
    Warning,
    Info,
    /// Any other IRI.
    Custom(NamedNode),
}

impl Severity {
    pub(super) fn of(iri: NamedNodeRef<'_>) -> Self {
        match iri {
            sh::VIOLATION => Self::Violation,
            sh::WARNING => Self::Warning,
            sh::INFO => Self::Info,
            other => Self::Custom(other.into_owned()),
        }
    }

    /// Its IRI.
    pub fn iri(&self) -> NamedNodeRef<'_> {
        match self {
            Self::Violation => sh::VIOLATION,
            Self::Warning => sh::WARNING,
            Self::Info => sh::INFO,
            Self::Custom(iri) => iri.as_ref(),
        }
    }
}

/// What pages show of a property shape (SHACL §2.3.2): its label, help text and place in a form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    /// The property shape that says so: the field's name in a form.
    pub shape: Option<Term>,
    /// `sh:name`, by language.
    pub names: Vec<Message>,
    /// `sh:description`, by language.
    pub descriptions: Vec<Message>,
    /// `sh:order`.
    pub order: Option<f64>,
    /// `sh:group`.
    pub group: Option<Term>,
}

impl Field {
    /// The label in the wanted language, or in the nearest there is.
    pub fn name(&self, language: &str) -> Option<&str> {
        in_language(&self.names, language)
    }

    /// The help text in the wanted language, or in the nearest there is.
    pub fn description(&self, language: &str) -> Option<&str> {
        in_language(&self.descriptions, language)
    }
}

/// A place in the table of shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ShapeId(pub u32);

#[derive(Debug)]
pub(super) struct Shape {
    pub node: Term,
    pub path: Option<Way>,
    pub targets: Vec<Target>,
    pub constraints: Vec<Constraint>,
    pub severity: Severity,
    pub messages: Arc<[Message]>,
    pub deactivated: bool,
    pub field: Arc<Field>,
}

/// The path of a property shape, to be shown and to be walked.
#[derive(Debug)]
pub(super) struct Way {
    pub path: Arc<Path>,
    pub walk: Walk,
}

/// Constants that every validation needs.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub rdf_type: Constant,
    pub sub_class_of: Constant,
}

impl Vocabulary {
    pub(super) fn new(constants: &mut Constants) -> Self {
        use crate::rdf::vocabulary::{rdf, rdfs};
        Self {
            rdf_type: constants.intern(rdf::TYPE.into()),
            sub_class_of: constants.intern(rdfs::SUB_CLASS_OF.into()),
        }
    }
}
