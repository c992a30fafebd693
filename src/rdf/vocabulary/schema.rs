//! schema.org.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://schema.org/";
pub const DATASET: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://schema.org/Dataset");
pub const TARGET: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://schema.org/target");
pub const RANGE_INCLUDES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://schema.org/rangeIncludes");
