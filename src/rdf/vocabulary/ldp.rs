//! Linked Data Platform.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/ldp#";
pub const DIRECT_CONTAINER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#DirectContainer");
pub const RESOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#Resource");
pub const RDF_SOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#RDFSource");
pub const CONTAINS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#contains");
pub const MEMBERSHIP_RESOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#membershipResource");
pub const HAS_MEMBER_RELATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#hasMemberRelation");
pub const CONSTRAINED_BY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/ldp#constrainedBy");
