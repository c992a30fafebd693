//! Vesalius, a FAIR catalogue server: the table of contents, from the ground up.

pub mod rdf;
pub mod clock;
pub mod outbound;
pub mod telemetry;
pub mod shacl;
pub mod ontology;
pub mod store;
pub mod ledger;
pub mod auth;
pub mod catalogue;
pub mod search;
pub mod monitoring;
pub mod generate;
pub mod web;
pub mod config;
pub mod app;
