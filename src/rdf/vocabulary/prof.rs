//! The Profiles Vocabulary.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/dx/prof/";
pub const PROFILE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/Profile");
pub const RESOURCE_DESCRIPTOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/ResourceDescriptor");
/// As the reference FAIR Data Point writes it.
pub const RESOURCE_DESCRIPTOR_MISSPELT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/#ResourceDescriptor");
pub const ROLE_VALIDATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/role/Validation");
pub const HAS_RESOURCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/hasResource");
pub const HAS_ROLE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/hasRole");
pub const HAS_ARTIFACT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/hasArtifact");
pub const IS_PROFILE_OF: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/isProfileOf");
pub const HAS_TOKEN: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/dx/prof/hasToken");
