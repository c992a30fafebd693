//! What does a person see: each page is a struct with its template beside it.
//!
//! The structs hold plain, finished values. A field named `href` is a complete address (prefix included);
//! a `Text` knows its language; counts are numbers and are formatted by the template. Nothing in a struct
//! is trusted markup: askama escapes every value, and the few types that write markup themselves
//! ([`text::Text`], [`text::Snippet`], [`text::EmbeddedJson`], the trees) escape what they hold.

pub mod assets;
pub mod filters;
pub mod messages;
pub mod site;
pub mod text;
pub mod trust;

pub mod chart;
pub mod figure;
pub mod map;
pub mod picture;

pub mod about;
pub mod account;
pub mod audit;
pub mod bulk;
pub mod catalogues;
pub mod compare;
pub mod concept;
pub mod dois;
pub mod edit;
pub mod error;
pub mod history;
pub mod home;
pub mod members;
pub mod my;
pub mod oai;
pub mod ontology;
pub mod preview;
pub mod profiles;
pub mod quality;
pub mod record;
pub mod review;
pub mod search;
pub mod sheets;
pub mod sign_in;
pub mod similar;
pub mod sparql;
pub mod statistics;
pub mod tombstone;
pub mod validate;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
