//! How does the Atlas speak HTTP: one folder per protocol.

pub mod pages;
