//! TREE: collections in pages that say what is where.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://w3id.org/tree#";
pub const NODE_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/tree#Node");
pub const NODE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://w3id.org/tree#node");
pub const VIEW: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://w3id.org/tree#view");
pub const MEMBER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/tree#member");
pub const SHAPE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://w3id.org/tree#shape");
pub const RELATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/tree#relation");
pub const PATH: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://w3id.org/tree#path");
pub const VALUE: NamedNodeRef<'static> = NamedNodeRef::new_unchecked("https://w3id.org/tree#value");
pub const REMAINING_ITEMS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/tree#remainingItems");
pub const GREATER_THAN_OR_EQUAL_TO_RELATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/tree#GreaterThanOrEqualToRelation");
pub const LESS_THAN_RELATION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://w3id.org/tree#LessThanRelation");
