//! Vesalius, a FAIR catalogue server: the table of contents, from the ground up.

pub mod rdf;
pub mod search;
