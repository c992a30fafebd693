//! Data Quality Vocabulary.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/dqv#";
pub const HAS_QUALITY_ANNOTATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#hasQualityAnnotation");
pub const HAS_QUALITY_MEASUREMENT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#hasQualityMeasurement");
pub const QUALITY_MEASUREMENT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#QualityMeasurement");
pub const IS_MEASUREMENT_OF: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#isMeasurementOf");
pub const VALUE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#value");
pub const METRIC: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#Metric");
pub const DIMENSION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#Dimension");
pub const IN_DIMENSION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#inDimension");
pub const EXPECTED_DATA_TYPE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dqv#expectedDataType");
