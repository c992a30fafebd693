//! Data Privacy Vocabulary.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://w3id.org/dpv#";
pub const HAS_LEGAL_BASIS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/dpv#hasLegalBasis");
pub const HAS_PURPOSE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/dpv#hasPurpose");
pub const HAS_PERSONAL_DATA: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/dpv#hasPersonalData");
