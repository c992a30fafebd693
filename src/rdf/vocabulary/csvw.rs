//! CSV on the Web.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/csvw#";
pub const TABLE_GROUP: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/csvw#TableGroup");
pub const TABLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/csvw#table");
pub const COLUMN: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/csvw#column");
pub const NAME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/csvw#name");
pub const TITLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/csvw#title");
pub const DATATYPE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/csvw#datatype");
