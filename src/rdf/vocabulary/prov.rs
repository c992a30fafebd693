//! PROV-O: where things come from.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://www.w3.org/ns/prov#";
pub const WAS_GENERATED_BY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#wasGeneratedBy");
pub const QUALIFIED_ATTRIBUTION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#qualifiedAttribution");
pub const AGENT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#agent");
pub const ACTIVITY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#Activity");
pub const WAS_ATTRIBUTED_TO: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#wasAttributedTo");
pub const INVALIDATED_AT_TIME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#invalidatedAtTime");
pub const WAS_DERIVED_FROM: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#wasDerivedFrom");
pub const ENTITY: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#Entity");
pub const ENDED_AT_TIME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#endedAtTime");
pub const USED: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#used");
pub const WAS_REVISION_OF: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/ns/prov#wasRevisionOf");
