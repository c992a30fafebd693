//! SHACL.

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/shacl#";
