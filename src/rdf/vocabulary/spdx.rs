//! SPDX: checksums.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://spdx.org/rdf/terms#";
pub const CHECKSUM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://spdx.org/rdf/terms#checksum");
pub const CHECKSUM_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://spdx.org/rdf/terms#Checksum");
pub const CHECKSUM_VALUE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://spdx.org/rdf/terms#checksumValue");
pub const ALGORITHM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://spdx.org/rdf/terms#algorithm");
