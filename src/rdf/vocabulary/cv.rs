//! Core Vocabularies of the European Union.

use oxrdf::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://data.europa.eu/m8g/";
pub const CONTACT_POINT: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/m8g/contactPoint");
pub const CONTACT_POINT_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/m8g/ContactPoint");
pub const CONTACT_PAGE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/m8g/contactPage");
pub const EMAIL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/m8g/email");
pub const TELEPHONE: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/m8g/telephone");
pub const OPENING_HOURS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://data.europa.eu/m8g/openingHours");
