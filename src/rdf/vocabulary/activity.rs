//! Activity Streams 2.0: what was done, to what, when.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://www.w3.org/ns/activitystreams#";
pub const CREATE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://www.w3.org/ns/activitystreams#Create");
pub const UPDATE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://www.w3.org/ns/activitystreams#Update");
pub const DELETE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://www.w3.org/ns/activitystreams#Delete");
pub const OBJECT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://www.w3.org/ns/activitystreams#object");
pub const PUBLISHED: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://www.w3.org/ns/activitystreams#published");
