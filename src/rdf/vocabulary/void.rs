//! VoID: datasets of linked data.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://rdfs.org/ns/void#";
pub const DATASET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#Dataset");
pub const TRIPLES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#triples");
pub const ENTITIES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#entities");
pub const CLASSES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#classes");
pub const PROPERTIES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#properties");
pub const SPARQL_ENDPOINT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#sparqlEndpoint");
