//! In which profiles can a resource be had? W3C, Content Negotiation by Profile §6.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/dx/connegp/altr#";
pub const REPRESENTATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/connegp/altr#Representation");
pub const HAS_REPRESENTATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/connegp/altr#hasRepresentation");
pub const HAS_DEFAULT_REPRESENTATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/connegp/altr#hasDefaultRepresentation");
