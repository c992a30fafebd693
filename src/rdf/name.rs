//! How is an IRI written in our tables of rules? In full, or with one of our prefixes.

use serde::{Deserialize, Deserializer, de};

use super::NamedNode;
use super::vocabulary::expanded;

/// An IRI of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name(pub NamedNode);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = expanded(&text).map(Self);
        found.ok_or_else(|| {
            de::Error::custom(format!("{text:?} is no IRI, and has no prefix of ours"))
        })
    }
}
