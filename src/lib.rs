//! Vesalius, a FAIR catalogue server: the table of contents, from the ground up.

pub mod auth;
pub mod clock;
pub mod ledger;
pub mod rdf;
