//! DASH: hints for forms.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://datashapes.org/dash#";
pub const ROOT_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#rootClass");
pub const BLANK_NODE_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#BlankNodeEditor");
pub const DETAILS_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#DetailsEditor");
pub const EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#editor");
pub const TEXT_AREA_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#TextAreaEditor");
pub const TEXT_AREA_WITH_LANG_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#TextAreaWithLangEditor");
pub const TEXT_FIELD_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#TextFieldEditor");
pub const URI_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#URIEditor");
pub const DATE_TIME_PICKER_EDITOR: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#DateTimePickerEditor");
pub const VIEWER: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://datashapes.org/dash#viewer");
