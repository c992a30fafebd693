//! DASH: hints for forms.

/// The namespace.
pub const NAMESPACE: &str = "http://datashapes.org/dash#";
