//! Our own hints in shapes.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "https://github.com/EUCAIM/vesalius/ns#";
/// The code list whose members a field takes.
pub const SCHEME: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("https://github.com/EUCAIM/vesalius/ns#scheme");
