//! What can go wrong with shapes, and with a validation.

use std::fmt;

use crate::rdf::Term;

/// One thing that is wrong with the shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The shape (or path, or constraint) that is ill-formed.
    pub shape: Term,
    /// Why, in words.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shape {}: {}", self.shape, self.message)
    }
}

/// The shapes cannot be used. Every problem that was found is listed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct ShapesError {
    /// At least one.
    pub problems: Vec<Problem>,
}

/// The validation could not be finished, so that there is no report.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValidationError {
    /// A bound of [`Limits`](super::Limits) was reached.
    #[error("validation stopped: more than {limit} {what}")]
    LimitExceeded { what: &'static str, limit: u64 },
    /// A query in the shapes failed.
    #[error(transparent)]
    Sparql(Box<SparqlFailure>),
}

/// A query in the shapes that gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the SPARQL constraint {constraint} of shape {shape} failed: {message}")]
pub struct SparqlFailure {
    /// The shape that has the constraint.
    pub shape: Term,
    /// The constraint or the constraint component.
    pub constraint: Term,
    /// Why.
    pub message: String,
}
