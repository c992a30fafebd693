//! RDF as values: terms, formats, vocabularies, canonical form. No I/O.

pub mod canonical;
pub mod diff;
pub mod format;
pub mod lines;
mod name;
pub mod places;
pub mod vocabulary;

pub use format::{Format, SyntaxError};
pub use name::Name;
pub use oxrdf::{
    BlankNode, BlankNodeRef, Graph, GraphName, GraphNameRef, Literal, LiteralRef, NamedNode,
    NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, QuadRef, Term, TermRef, Triple,
    TripleRef,
};
