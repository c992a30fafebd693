//! How does a record look in the formats of others? Pure tables over its statements: the same input, the same output.
//!
//! [`Statements`] reads the canonical text of a record where it lies, [`Described`] gathers what the formats share,
//! and each format is one file. [`rendition`] writes a record in another profile.

pub mod citation;
pub mod croissant;
pub mod datacite;
pub mod described;
pub mod dublin_core;
pub mod rendition;
pub mod research_object;
pub mod schema_org;
pub mod statements;
#[cfg(test)]
mod tests;
pub mod words;
pub mod xml;

pub use described::{About, Described, Labels, described};
pub use statements::Statements;
