//! Lists of the Publications Office of the EU and of IANA, and single values of them.

use oxrdf::NamedNodeRef;

pub const FILE_TYPE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://publications.europa.eu/resource/authority/file-type");
pub const LICENCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://publications.europa.eu/resource/authority/licence");
pub const ACCESS_RIGHT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://publications.europa.eu/resource/authority/access-right");
pub const ACCESS_RIGHT_PUBLIC: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(
    "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
);
pub const MEDIA_TYPES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://www.iana.org/assignments/media-types");
/// Regulation (EU) 2025/327, the European Health Data Space.
pub const EHDS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/eli/reg/2025/327/oj");
