//! DataCite ontology (SPAR).

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://purl.org/spar/datacite/";
pub const IDENTIFIER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://purl.org/spar/datacite/Identifier");
