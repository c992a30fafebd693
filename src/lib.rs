//! Vesalius, a FAIR catalogue server: the table of contents, from the ground up.

pub mod generate;
pub mod monitoring;
pub mod outbound;
pub mod rdf;
pub mod telemetry;
