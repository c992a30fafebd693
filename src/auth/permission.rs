//! May this actor do that? The one place that decides.

use super::actor::{Actor, Catalogues};
use super::role::Role;
use crate::ledger::State;

/// What someone wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Read the version that is public.
    ReadPublic,
    /// Read the newest version, drafts and reports included, and the history.
    ReadDraft,
    Create,
    Replace,
    Publish,
    Withdraw,
    Delete,
    /// Make, list and end tokens, change settings, load without checks.
    Administer,
}

impl Wish {
    /// Everything that someone can want.
    pub const ALL: [Self; 8] = [
        Self::ReadPublic,
        Self::ReadDraft,
        Self::Create,
        Self::Replace,
        Self::Publish,
        Self::Withdraw,
        Self::Delete,
        Self::Administer,
    ];
}

/// What the decision needs to know of the record. For a record that is to be created: its parent and its
/// maker, in state draft.
#[derive(Clone, Copy, Debug)]
pub struct RecordFacts<'a> {
    pub kind: &'a str,
    pub state: State,
    /// Whether the public sees a version of it now.
    pub is_public: bool,
    /// The catalogue that it belongs to, at any depth, or itself when it is one. `None` for the root and what
    /// stands directly below it.
    pub catalogue: Option<&'a str>,
    /// The author of its first version.
    pub owner: &'a str,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allow,
    /// Why not, in words for the person who asked.
    Deny(&'static str),
}

impl Decision {
    /// Whether it is allowed.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }
}

use Decision::{Allow, Deny};

/// Whether an actor may do something with a record.
pub fn may(actor: &Actor, wish: Wish, record: &RecordFacts<'_>) -> Decision {
    match actor.role() {
        None => anyone(wish, record),
        Some(Role::Steward) => Allow,
        Some(Role::Provider) => provider(actor, wish, record),
        Some(Role::Reader) => match anyone(wish, record) {
            Deny(NOBODY) => Deny(reader(actor)),
            decision => decision,
        },
    }
}

/// What a reader needs to do more.
fn reader(actor: &Actor) -> &'static str {
    match actor {
        Actor::Anonymous => NOBODY,
        Actor::Bearer(_) => {
            "this token is for reading; ask a steward for one with the role provider"
        }
        Actor::Person(_) => {
            "your account is for reading; ask a steward, or your identity provider, for the role provider"
        }
    }
}

const NOBODY: &str =
    "sign in, or send a token that may do this, in the header «Authorization: Bearer …»";
const NOT_PUBLIC: &str = "this record is not public";

fn anyone(wish: Wish, record: &RecordFacts<'_>) -> Decision {
    match wish {
        Wish::ReadPublic if record.is_public => Allow,
        Wish::ReadPublic => Deny(NOT_PUBLIC),
        Wish::ReadDraft
        | Wish::Create
        | Wish::Replace
        | Wish::Publish
        | Wish::Withdraw
        | Wish::Delete
        | Wish::Administer => Deny(NOBODY),
    }
}

fn provider(actor: &Actor, wish: Wish, record: &RecordFacts<'_>) -> Decision {
    let is_theirs = match record.catalogue {
        Some(catalogue) => actor.holds(catalogue),
        None => actor.catalogues() == Some(&Catalogues::All) && record.kind != ROOT,
    };
    match wish {
        Wish::ReadPublic => anyone(wish, record),
        Wish::Administer => Deny("only a steward may do this"),
        _ if !is_theirs => Deny("this record belongs to no catalogue that your role is for"),
        Wish::Create if record.kind == CATALOGUE => Deny("only a steward may open a new catalogue"),
        Wish::Replace if record.state == State::Deleted => {
            Deny("this record was deleted; only a steward may bring it back")
        }
        Wish::Delete if record.kind == CATALOGUE => Deny("only a steward may delete a catalogue"),
        Wish::Delete if record.is_public => {
            Deny("this record is public: withdraw it, or ask a steward to delete it")
        }
        Wish::Delete if record.state != State::Draft => {
            Deny("only drafts may be deleted; ask a steward")
        }
        Wish::Delete if record.owner != actor.name() => {
            Deny("this draft is someone else's; ask them or a steward to delete it")
        }
        Wish::ReadDraft
        | Wish::Create
        | Wish::Replace
        | Wish::Publish
        | Wish::Withdraw
        | Wish::Delete => Allow,
    }
}

/// The kind of record that tokens are given for.
const CATALOGUE: &str = "catalog";

/// The kind of the one record that stands above all.
const ROOT: &str = "root";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::actor::{Bearer, Person};
    use crate::ledger::{AccountId, TokenId};

    const OURS: &str = "https://example.org/catalog/ours";

    fn bearer(role: Role, catalogues: Catalogues) -> Actor {
        Actor::Bearer(Bearer {
            token: TokenId("t".into()),
            name: "ada".into(),
            role,
            catalogues,
        })
    }

    /// The same trust, in a person.
    fn person(role: Role, catalogues: Catalogues) -> Actor {
        Actor::Person(Person {
            author: "ada".into(),
            account: Some(AccountId("ada".into())),
            role,
            catalogues,
        })
    }

    fn draft() -> RecordFacts<'static> {
        RecordFacts {
            kind: "dataset",
            state: State::Draft,
            is_public: false,
            catalogue: Some(OURS),
            owner: "ada",
        }
    }

    /// One letter for each wish, in their order: capital when it is allowed.
    fn row(actor: &Actor, record: RecordFacts<'_>) -> String {
        let letter = |(wish, letter): (Wish, char)| {
            let allowed = may(actor, wish, &record).is_allowed();
            if allowed { letter } else { '-' }
        };
        Wish::ALL
            .into_iter()
            .zip("pdCRPWDA".chars())
            .map(letter)
            .collect()
    }

    #[test]
    fn the_matrix_of_permissions() {
        let ours = || Catalogues::Named(vec![OURS.into()]);
        let other = Catalogues::Named(vec!["https://example.org/catalog/other".into()]);
        let public = RecordFacts {
            state: State::Published,
            is_public: true,
            ..draft()
        };
        let above = RecordFacts {
            is_public: true,
            ..draft()
        };
        let withdrawn = RecordFacts {
            state: State::Withdrawn,
            ..draft()
        };
        let deleted = RecordFacts {
            state: State::Deleted,
            ..draft()
        };
        let colleague = RecordFacts {
            owner: "grace",
            ..draft()
        };
        let catalogue = RecordFacts {
            kind: "catalog",
            ..draft()
        };
        let root = RecordFacts {
            kind: "root",
            catalogue: None,
            ..public
        };
        let tool = RecordFacts {
            kind: "tool",
            catalogue: None,
            ..draft()
        };
        let records = [
            draft(),
            public,
            above,
            withdrawn,
            deleted,
            colleague,
            catalogue,
            root,
            tool,
        ];
        let nothing = "--------";
        let reading = "p-------";
        let all = "pdCRPWDA";
        let table: [(Actor, [&str; 9]); 6] = [
            (
                Actor::Anonymous,
                [
                    nothing, reading, reading, nothing, nothing, nothing, nothing, reading, nothing,
                ],
            ),
            (
                bearer(Role::Reader, Catalogues::All),
                [
                    nothing, reading, reading, nothing, nothing, nothing, nothing, reading, nothing,
                ],
            ),
            (
                bearer(Role::Provider, ours()),
                [
                    "-dCRPWD-", "pdCRPW--", "pdCRPW--", "-dCRPW--", "-dC-PW--", "-dCRPW--",
                    "-d-RPW--", reading, nothing,
                ],
            ),
            (
                bearer(Role::Provider, Catalogues::of_list(&["*".into()])),
                [
                    "-dCRPWD-", "pdCRPW--", "pdCRPW--", "-dCRPW--", "-dC-PW--", "-dCRPW--",
                    "-d-RPW--", reading, "-dCRPWD-",
                ],
            ),
            (
                bearer(Role::Provider, other),
                [
                    nothing, reading, reading, nothing, nothing, nothing, nothing, reading, nothing,
                ],
            ),
            (bearer(Role::Steward, ours()), [all; 9]),
        ];
        for (actor, wanted) in table {
            let same = actor.role().zip(actor.catalogues().cloned());
            let same = same.map(|(role, catalogues)| person(role, catalogues));
            for actor in std::iter::once(actor).chain(same) {
                for (record, wanted) in records.iter().zip(wanted) {
                    assert_eq!(row(&actor, *record), wanted, "{actor:?} and {record:?}");
                }
            }
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let reader = bearer(Role::Reader, Catalogues::All);
        let Deny(reason) = may(&reader, Wish::Create, &draft()) else {
            panic!("allowed")
        };
        assert!(reason.contains("provider"));
        let reader = person(Role::Reader, Catalogues::All);
        let Deny(reason) = may(&reader, Wish::Create, &draft()) else {
            panic!("allowed")
        };
        assert!(reason.contains("account") && !reason.contains("token"));
        let Deny(reason) = may(&Actor::Anonymous, Wish::Create, &draft()) else {
            panic!("allowed")
        };
        assert!(reason.contains("Authorization"));
    }
}
