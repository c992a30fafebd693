//! DASH: hints for forms.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://datashapes.org/dash#";
pub const ROOT_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#rootClass");
