//! The validator: shapes and data in, a report out (SHACL Core and SHACL-SPARQL). No I/O, no clock.
//!
//! ```
//! use vesalius::rdf::{Format, Triple, format};
//! use vesalius::shacl::{Data, Shapes};
//!
//! let triples = |text: &str| -> Vec<Triple> {
//!     let quads = format::parse(text.as_bytes(), Format::Turtle, None).expect("Turtle");
//!     quads.into_iter().map(Triple::from).collect()
//! };
//! let shapes = Shapes::compile(&triples(
//!     "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> .
//!      ex:S a sh:NodeShape ; sh:targetClass ex:Book ; sh:property ex:title .
//!      ex:title sh:path ex:title ; sh:name \"title\"@en ; sh:minCount 1 .",
//! ))?;
//! let book = triples("<http://example.org/b> a <http://example.org/Book> .");
//! let report = shapes.validate(&Data::new(&book))?;
//! assert!(report.has_violations());
//! let result = &report.results[0];
//! assert_eq!(result.field_name("de"), Some("title"));
//! assert_eq!(result.message("en"), "needs at least 1 value of <http://example.org/title>, has 0");
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```

mod compile;
mod constraint;
mod error;
mod graph;
mod limits;
mod message;
mod path;
mod report;
mod shape;
mod sparql;
mod target;
#[cfg(test)]
mod tests;
mod validate;
mod value;

pub use compile::{PropertyShape, Shapes};
pub use constraint::Parameter;
pub use error::{Problem, ShapesError, SparqlFailure, ValidationError};
pub use graph::{Background, Data};
pub use limits::Limits;
pub use message::{Message, in_language};
pub use path::Path;
pub use report::{Report, ValidationResult};
pub use shape::{Field, Severity};
