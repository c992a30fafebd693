//! Promises of search.
mod placeholder {}
