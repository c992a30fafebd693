//! Our own hints in shapes, and properties that only queries know.

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
/// Another address that a profile is asked for by.
pub const ALSO_ASKED_AS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#alsoAskedAs");
/// In a query: a record that a search for words finds.
pub const MATCHES: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#matches");
/// In a query: a concept that is another or stands below it in the vocabularies.
pub const WITHIN: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#within");
/// Where a change stands in the order of all changes.
pub const SEQUENCE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#sequence");
