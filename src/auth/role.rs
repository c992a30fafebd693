//! What is someone trusted with?

use std::fmt;

use serde::Deserialize;

/// What someone is trusted with, from the most to the least. A provider and a reviewer stand side by side: one
/// writes, the other judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Keeps the server: everything, and besides the audit, everybody's tokens and the settings.
    Operator,
    /// Keeps the whole catalogue, and says who its members are.
    Steward,
    /// Judges what is submitted in the catalogues that are named to them.
    Reviewer,
    /// Describes the collections of the catalogues that are named to them.
    Provider,
    /// Reads what is public, as somebody whose name is known.
    Reader,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Operator,
        Self::Steward,
        Self::Reviewer,
        Self::Provider,
        Self::Reader,
    ];

    /// The word for it on the command line and in the ledger.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Steward => "steward",
            Self::Reviewer => "reviewer",
            Self::Provider => "provider",
            Self::Reader => "reader",
        }
    }

    /// The role that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether whoever has this role has the other, too.
    pub fn includes(self, other: Self) -> bool {
        match self {
            Self::Operator => true,
            Self::Steward => other != Self::Operator,
            Self::Reviewer | Self::Provider => other == self || other == Self::Reader,
            Self::Reader => other == Self::Reader,
        }
    }

    /// Whether the role is for named catalogues, not for the whole Atlas.
    pub fn is_for_catalogues(self) -> bool {
        matches!(self, Self::Reviewer | Self::Provider)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_by_its_word_and_includes_itself() {
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.as_str()), Some(role));
            assert!(role.includes(role) && role.includes(Role::Reader));
            assert!(Role::Operator.includes(role));
        }
        assert!(!Role::Reviewer.includes(Role::Provider));
        assert!(!Role::Provider.includes(Role::Reviewer));
        assert!(!Role::Steward.includes(Role::Operator));
    }
}
