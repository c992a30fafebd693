//! Our own hints in shapes.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://github.com/EUCAIM/vesalius/ns#";
/// A rule: a body part of a record lies where its condition is found.
pub const FINDING_SITE_RULE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#FindingSiteRule");
/// The property that names the body parts.
pub const BODY_PART: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#bodyPart");
/// The property that names the condition.
pub const CONDITION: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#condition");
/// The code list whose members a field takes.
pub const SCHEME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#scheme");
