//! What is a change, what does it leave behind, and how may it be asked for?

use jiff::Timestamp;

use crate::rdf::canonical::{CanonicalText, Digest};

/// What was done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Create,
    Replace,
    Publish,
    Withdraw,
    Delete,
}

/// Where a record stands after a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    Draft,
    Published,
    Withdrawn,
    Deleted,
}

macro_rules! words {
    ($of:ident: $($case:ident = $word:literal),+) => {
        impl $of {
            /// Every case, in order.
            pub const ALL: &'static [Self] = &[$(Self::$case),+];

            /// The word for it, as it is stored.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$case => $word),+ }
            }

            /// The case that a word stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$case),)+ _ => None }
            }
        }

        impl std::fmt::Display for $of {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words!(Action: Create = "create", Replace = "replace", Publish = "publish", Withdraw = "withdraw", Delete = "delete");
words!(State: Draft = "draft", Published = "published", Withdrawn = "withdrawn", Deleted = "deleted");

/// The head that a change was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// There must be no record of this IRI yet.
    New,
    /// The record must stand at this version.
    Version(u64),
    /// Whatever stands there.
    Any,
}

/// A change that someone wants.
#[derive(Clone, Debug)]
pub struct NewChange {
    pub iri: String,
    pub kind: String,
    /// The record's path below the base, unique in this catalogue. It never changes.
    pub path: String,
    pub parent: Option<String>,
    pub action: Action,
    /// Create and Replace lead to Draft or Published; the other actions to their own state.
    pub state: State,
    /// Needed by Create and Replace. Publish may carry one, which is then a new version; without it
    /// the current version becomes public.
    pub graph: Option<CanonicalText>,
    pub title: Option<String>,
    pub author: String,
    pub reason: Option<String>,
    pub at: Timestamp,
    /// The validation report as JSON.
    pub report: Option<String>,
    pub expected: Expected,
}

/// The receipt of a change that is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub sequence: u64,
    pub iri: String,
    pub version: u64,
}

/// What a record is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// In order of creation; the cursor of lists.
    pub record: i64,
    pub iri: String,
    pub kind: String,
    pub path: String,
    pub parent: Option<String>,
    /// The catalogue that holds it, at any depth, as its parents stand when it is read.
    pub catalogue: Option<String>,
    pub state: State,
    /// The newest version, which may be a draft above a public one.
    pub version: u64,
    pub digest: Digest,
    pub title: Option<String>,
    /// The author of the first version.
    pub owner: String,
    pub created_at: Timestamp,
    pub changed_at: Timestamp,
    /// What the public sees; `None` when it sees nothing.
    pub public: Option<PublicFace>,
    /// Stays when the record is taken away.
    pub first_published_at: Option<Timestamp>,
    /// The change that last altered what the public sees; `None` if it never saw anything.
    pub public_sequence: Option<u64>,
    pub(super) graph_sequence: u64,
}

/// The public version of a record, which a later draft leaves untouched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicFace {
    pub version: u64,
    pub digest: Digest,
    pub parent: Option<String>,
    pub title: Option<String>,
    pub published_at: Timestamp,
    pub(super) graph_sequence: u64,
}

/// A change as the history shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub sequence: u64,
    pub iri: String,
    pub kind: String,
    pub version: u64,
    pub action: Action,
    pub state: State,
    /// Whether this change altered what the public sees.
    pub is_public: bool,
    pub parent: Option<String>,
    pub title: Option<String>,
    pub digest: Digest,
    pub author: String,
    pub reason: Option<String>,
    pub at: Timestamp,
    pub report: Option<String>,
}

/// A version of a record with its graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionedGraph {
    /// The change that brought this version.
    pub change: Change,
    /// Canonical N-Triples.
    pub ntriples: String,
}

/// A change of what the public sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicChange {
    pub sequence: u64,
    pub record: i64,
    pub iri: String,
    pub kind: String,
    pub path: String,
    pub parent: Option<String>,
    pub title: Option<String>,
    pub at: Timestamp,
    pub first_published_at: Timestamp,
    pub what: What,
}

/// What a follower has to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// This graph is the public one from now on.
    Put {
        version: u64,
        digest: Digest,
        ntriples: String,
    },
    /// The record is public no longer.
    Remove {
        state: State,
        reason: Option<String>,
    },
}

/// Which heads are wanted; what is `None` does not matter.
#[derive(Clone, Debug, Default)]
pub struct HeadFilter {
    pub kind: Option<String>,
    pub state: Option<State>,
    pub parent: Option<String>,
    pub owner: Option<String>,
}

/// Whose children are wanted: those that the public sees, or all that are not deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    Public,
    All,
}
