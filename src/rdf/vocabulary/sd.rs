//! SPARQL 1.1 Service Description.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/sparql-service-description#";
pub const SERVICE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#Service");
pub const ENDPOINT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#endpoint");
pub const SUPPORTED_LANGUAGE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(
    "http://www.w3.org/ns/sparql-service-description#supportedLanguage",
);
pub const RESULT_FORMAT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#resultFormat");
pub const FEATURE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#feature");
pub const DEFAULT_DATASET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#defaultDataset");
pub const UNION_DEFAULT_GRAPH: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(
    "http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph",
);
pub const SPARQL11_QUERY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#SPARQL11Query");
pub const DATASET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#Dataset");
pub const GRAPH: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#Graph");
pub const DEFAULT_GRAPH: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/sparql-service-description#defaultGraph");
