//! XML Schema datatypes.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema#";
pub const STRING: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#string");
pub const BOOLEAN: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#boolean");
pub const INTEGER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#integer");
pub const DECIMAL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#decimal");
pub const DOUBLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#double");
pub const FLOAT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#float");
pub const DATE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#date");
pub const DATE_TIME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#dateTime");
pub const G_YEAR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#gYear");
pub const G_YEAR_MONTH: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#gYearMonth");
pub const NON_NEGATIVE_INTEGER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#nonNegativeInteger");
pub const HEX_BINARY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#hexBinary");
pub const DURATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#duration");
pub const ANY_URI: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#anyURI");
/// The datatypes of whole numbers that may be 0 or more.
pub const INTEGERS: [NamedNodeRef<'static>; 11] = [
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#integer"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#nonNegativeInteger"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#positiveInteger"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#long"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#int"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#short"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#byte"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#unsignedLong"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#unsignedInt"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#unsignedShort"),
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#unsignedByte"),
];
