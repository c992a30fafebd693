//! GeoDCAT-AP.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://data.europa.eu/930/";
pub const CUSTODIAN: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/930/custodian");
