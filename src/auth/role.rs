//! What is someone trusted with?

use std::fmt;

use serde::Deserialize;

/// What a bearer is trusted with, from the most to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Keeps the whole catalogue.
    Steward,
    /// Describes the collections of the catalogues that are named to them.
    Provider,
    /// Reads what is public, as somebody whose name is known.
    Reader,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Steward, Self::Provider, Self::Reader];

    /// The word for it on the command line and in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Steward => "steward",
            Self::Provider => "provider",
            Self::Reader => "reader",
        }
    }

    /// The role that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
