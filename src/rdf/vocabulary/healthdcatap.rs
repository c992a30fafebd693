//! HealthDCAT-AP as EUCAIM DCAT-AP 2.0 names it.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://w3id.org/healthdcat-ap#";
pub const HEALTH_CATEGORY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#healthCategory");
pub const HEALTH_THEME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#healthTheme");
pub const HDAB: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#hdab");
pub const HAS_STRUCTURED_DATA: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#hasStructuredData");
pub const HAS_VARIABLES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#hasVariables");
pub const NUMBER_OF_UNIQUE_INDIVIDUALS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals");
pub const NUMBER_OF_RECORDS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#numberOfRecords");
pub const MIN_TYPICAL_AGE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#minTypicalAge");
pub const MAX_TYPICAL_AGE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#maxTypicalAge");
pub const POPULATION_COVERAGE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#populationCoverage");
pub const HAS_CODING_SYSTEM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#hasCodingSystem");
pub const HAS_CODE_VALUES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#hasCodeValues");
pub const RETENTION_PERIOD: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#retentionPeriod");
pub const ANALYTICS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/healthdcat-ap#analytics");
