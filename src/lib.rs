//! Vesalius, a FAIR catalogue server: the table of contents, from the ground up.

pub mod auth;
pub mod clock;
pub mod ledger;
pub mod rdf;
pub mod outbound;
pub mod telemetry;
pub mod shacl;
pub mod ontology;
pub mod monitoring;
pub mod generate;
pub mod web;
pub mod store;
