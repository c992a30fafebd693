//! DCAT-AP 3 of the European Union.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://data.europa.eu/r5r/";
pub const APPLICABLE_LEGISLATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/r5r/applicableLegislation");
pub const AVAILABILITY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/r5r/availability");
pub const HVD_CATEGORY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/r5r/hvdCategory");
