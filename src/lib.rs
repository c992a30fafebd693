//! Vesalius, a FAIR catalogue server: the table of contents, from the ground up.

pub mod app;
pub mod auth;
pub mod catalogue;
pub mod clock;
pub mod config;
pub mod crosswalk;
pub mod doi;
pub mod feeds;
pub mod generate;
pub mod ledger;
pub mod mail;
pub mod monitoring;
pub mod notify;
pub mod ontology;
pub mod outbound;
pub mod rdf;
pub mod search;
pub mod shacl;
pub mod store;
pub mod telemetry;
pub mod web;
