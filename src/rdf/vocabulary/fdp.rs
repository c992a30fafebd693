//! FAIR Data Point ontology.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://w3id.org/fdp/fdp-o#";
pub const FAIR_DATA_POINT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#FAIRDataPoint");
pub const METADATA_SERVICE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#MetadataService");
pub const METADATA_CATALOG: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#metadataCatalog");
pub const METADATA_IDENTIFIER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#metadataIdentifier");
pub const METADATA_ISSUED: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#metadataIssued");
pub const METADATA_MODIFIED: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#metadataModified");
pub const FDP_SOFTWARE_VERSION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#fdpSoftwareVersion");
pub const CONFORMS_TO_FDP_SPEC: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#conformsToFdpSpec");
pub const START_DATE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#startDate");
pub const END_DATE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/fdp/fdp-o#endDate");
