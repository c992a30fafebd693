//! re3data, of older FAIR Data Points.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.re3data.org/schema/3-0#";
pub const REPOSITORY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.re3data.org/schema/3-0#Repository");
pub const DATA_CATALOG: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.re3data.org/schema/3-0#dataCatalog");
