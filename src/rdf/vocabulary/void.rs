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
pub const DATASET_DESCRIPTION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#DatasetDescription");
pub const DISTINCT_SUBJECTS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#distinctSubjects");
pub const URI_SPACE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#uriSpace");
pub const ROOT_RESOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#rootResource");
pub const URI_LOOKUP_ENDPOINT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#uriLookupEndpoint");
pub const EXAMPLE_RESOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#exampleResource");
pub const FEATURE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#feature");
pub const VOCABULARY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#vocabulary");
pub const CLASS_PARTITION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#classPartition");
pub const CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#class");
pub const PROPERTY_PARTITION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#propertyPartition");
pub const PROPERTY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#property");
pub const SUBSET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#subset");
pub const LINKSET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#Linkset");
pub const LINK_PREDICATE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#linkPredicate");
pub const SUBJECTS_TARGET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#subjectsTarget");
pub const OBJECTS_TARGET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#objectsTarget");
pub const DATA_DUMP: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://rdfs.org/ns/void#dataDump");
