//! What can somebody want to hear of?

use crate::auth::{Actor, Decision, Wish};
use crate::catalogue::Catalogue;
use crate::ledger::{EventKind, Happening, Head};

/// The longest saved search, in bytes.
pub const QUERY_BYTES_MAX: usize = 4_000;

/// What somebody wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Records that they made themselves. Everybody follows these.
    Own,
    /// Records that wait for a review which they may give. Everybody follows these, too.
    Review,
    /// Records of the catalogues that their roles are for.
    Organisation,
    /// A catalogue and what is in it, by its IRI.
    Catalogue(String),
    /// New records that a search finds: its part of the address after `?`.
    Search(String),
    /// Whatever the public may know.
    Public,
}

impl Topic {
    /// The word for it, as it is stored and as programs read it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Review => "review",
            Self::Organisation => "organisation",
            Self::Catalogue(_) => "catalogue",
            Self::Search(_) => "search",
            Self::Public => "public",
        }
    }

    /// What stands beside the word.
    pub fn value(&self) -> &str {
        match self {
            Self::Catalogue(value) | Self::Search(value) => value,
            Self::Own | Self::Review | Self::Organisation | Self::Public => "",
        }
    }

    /// The topic that words stand for; `None` for words that mean nothing, or too little or too much.
    pub fn parse(word: &str, value: &str) -> Option<Self> {
        let value = value.trim();
        let fits = !value.is_empty() && value.len() <= QUERY_BYTES_MAX;
        match word {
            "own" => Some(Self::Own),
            "review" => Some(Self::Review),
            "organisation" => Some(Self::Organisation),
            "catalogue" if fits => Some(Self::Catalogue(value.to_owned())),
            "search" if fits => Some(Self::Search(value.trim_start_matches('?').to_owned())),
            "public" => Some(Self::Public),
            _ => None,
        }
    }

    /// Whether a happening is of this topic for an actor. `is_found` tells whether a search finds the record now.
    pub(super) fn holds(
        &self,
        happening: &Happening,
        actor: &Actor,
        is_inside: bool,
        is_found: impl FnOnce(&str) -> bool,
    ) -> bool {
        match self {
            Self::Own => happening.owner == actor.name(),
            Self::Review => happening.kind == EventKind::Submitted && is_inside,
            Self::Organisation => is_inside,
            Self::Catalogue(iri) => happening.iri == *iri || happening.parent.as_ref() == Some(iri),
            Self::Search(query) => {
                happening.kind == EventKind::Published && happening.is_public && is_found(query)
            }
            Self::Public => happening.is_public,
        }
    }
}

/// Whether somebody may look at what is not public of a record.
pub(super) fn is_inside(catalogue: &Catalogue, actor: &Actor, head: &Head) -> bool {
    catalogue.may(actor, Wish::ReadDraft, head) == Decision::Allow
}

/// Whether somebody may judge what is handed in for a record.
pub(super) fn may_review(catalogue: &Catalogue, actor: &Actor, head: &Head) -> bool {
    catalogue.may(actor, Wish::Approve, head) == Decision::Allow
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_read_back() {
        for topic in [
            Topic::Own,
            Topic::Review,
            Topic::Organisation,
            Topic::Catalogue("https://example.org/catalog/a".into()),
            Topic::Search("q=kidney&modality=MR".into()),
            Topic::Public,
        ] {
            assert_eq!(Topic::parse(topic.as_str(), topic.value()), Some(topic));
        }
        assert_eq!(Topic::parse("search", " "), None);
        assert_eq!(
            Topic::parse("search", &"q".repeat(QUERY_BYTES_MAX + 1)),
            None
        );
        assert_eq!(Topic::parse("gossip", ""), None);
    }
}
