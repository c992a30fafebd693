//! Who is asking?

use super::permission::Wish;
use super::role::Role;
use crate::ledger::{AccountId, TokenId};

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Anyone.
    Anonymous,
    /// Whoever holds a valid token of ours.
    Bearer(Bearer),
    /// Somebody whom an identity provider vouches for: a person with a session, or the bearer of its token.
    Person(Person),
}

/// The holder of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub token: TokenId,
    /// The author of their changes: the account that made the token, or the token's own name.
    pub name: String,
    /// The account that made the token, unless an operator did on the command line.
    pub account: Option<AccountId>,
    pub grants: Vec<Grant>,
    pub actions: Actions,
}

/// Somebody whom an identity provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The author of their changes: the name of the account, or one that is drawn from issuer and subject. No
    /// provider and no person chooses it.
    pub author: String,
    /// The account, if they ever signed in.
    pub account: Option<AccountId>,
    pub grants: Vec<Grant>,
}

/// A role, and where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub role: Role,
    pub catalogues: Catalogues,
}

/// The catalogues that a role is given for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Catalogues {
    All,
    /// By IRI.
    Named(Vec<String>),
}

/// What a token may be used for, within what its role allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actions {
    All,
    Named(Vec<Wish>),
}

impl Actor {
    /// The name that stands as author of the actor's changes.
    pub fn name(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Bearer(bearer) => &bearer.name,
            Self::Person(person) => &person.author,
        }
    }

    /// The account that the actor acts for, if there is one.
    pub fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Anonymous => None,
            Self::Bearer(bearer) => bearer.account.as_ref(),
            Self::Person(person) => person.account.as_ref(),
        }
    }

    /// What the actor is trusted with, role by role. Whoever is known reads, even without any.
    pub fn grants(&self) -> &[Grant] {
        match self {
            Self::Anonymous => &[],
            Self::Bearer(bearer) => &bearer.grants,
            Self::Person(person) => &person.grants,
        }
    }

    /// The highest role, if there is one.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Anonymous => None,
            Self::Bearer(_) | Self::Person(_) => {
                let roles = self.grants().iter().map(|grant| grant.role);
                Some(roles.min().unwrap_or(Role::Reader))
            }
        }
    }

    /// The catalogues that the highest role is for.
    pub fn catalogues(&self) -> Option<&Catalogues> {
        let highest = self.grants().iter().min_by_key(|grant| grant.role);
        highest.map(|grant| &grant.catalogues)
    }

    /// Whether the actor has a role, by itself or by a higher one, wherever it holds.
    pub fn has(&self, role: Role) -> bool {
        let mut grants = self.grants().iter();
        (self.role().is_some() && role == Role::Reader)
            || grants.any(|grant| grant.role.includes(role))
    }

    /// Whether what the actor sends may be used for this.
    pub fn is_scoped_for(&self, wish: Wish) -> bool {
        match self {
            Self::Anonymous | Self::Person(_) => true,
            Self::Bearer(bearer) => bearer.actions.hold(wish),
        }
    }
}

impl Grant {
    /// A role for the whole Atlas.
    pub fn everywhere(role: Role) -> Self {
        let catalogues = Catalogues::All;
        Self { role, catalogues }
    }

    /// What is left of a role when a token asks for no more than this: nobody gives what they do not have, and a
    /// token never has more than it was made for.
    #[must_use]
    pub fn narrowed_to(&self, wanted: &Self) -> Self {
        let role = match (
            self.role.includes(wanted.role),
            wanted.role.includes(self.role),
        ) {
            (true, _) => wanted.role,
            (false, true) => self.role,
            (false, false) => Role::Reader,
        };
        Self {
            role,
            catalogues: self.reach().both(&wanted.reach()),
        }
    }

    /// Where the role holds: those of the whole Atlas hold everywhere.
    fn reach(&self) -> Catalogues {
        if self.role.is_for_catalogues() {
            self.catalogues.clone()
        } else {
            Catalogues::All
        }
    }
}

impl Catalogues {
    /// Reads a token's list, in which `*` means all.
    pub fn of_list(list: &[String]) -> Self {
        if list.iter().any(|iri| iri == "*") {
            Self::All
        } else {
            Self::Named(list.to_vec())
        }
    }

    /// The list that [`Catalogues::of_list`] reads.
    pub fn to_list(&self) -> Vec<String> {
        match self {
            Self::All => vec!["*".to_owned()],
            Self::Named(iris) => iris.clone(),
        }
    }

    /// Whether a catalogue is among them.
    pub fn hold(&self, catalogue: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(iris) => iris.iter().any(|iri| iri == catalogue),
        }
    }

    /// Those that are in both.
    fn both(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, some) | (some, Self::All) => some.clone(),
            (Self::Named(iris), Self::Named(_)) => {
                let held = iris.iter().filter(|iri| other.hold(iri));
                Self::Named(held.cloned().collect())
            }
        }
    }
}

impl Actions {
    /// Reads a token's list of words, in which `*` means all; words that are not known give nothing.
    pub fn of_list(list: &[String]) -> Self {
        if list.iter().any(|word| word == "*") {
            return Self::All;
        }
        Self::Named(
            list.iter()
                .filter_map(|word| Wish::from_word(word))
                .collect(),
        )
    }

    /// The list that [`Actions::of_list`] reads.
    pub fn to_list(&self) -> Vec<String> {
        match self {
            Self::All => vec!["*".to_owned()],
            Self::Named(wishes) => wishes.iter().map(|wish| wish.as_str().to_owned()).collect(),
        }
    }

    /// Whether an action is among them. What is public is read by everybody, and whoever may work on records reads
    /// them while they are drafts.
    pub fn hold(&self, wish: Wish) -> bool {
        match self {
            Self::All => true,
            Self::Named(wishes) => match wish {
                Wish::ReadPublic => true,
                Wish::ReadDraft => wishes.iter().any(|held| held.is_about_records()),
                wish => wishes.contains(&wish),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, list: &[&str]) -> Grant {
        let list: Vec<String> = list.iter().map(|iri| (*iri).to_owned()).collect();
        let catalogues = Catalogues::of_list(&list);
        Grant { role, catalogues }
    }

    #[test]
    fn a_token_has_what_its_maker_has_and_what_it_was_made_for() {
        let steward = grant(Role::Steward, &[]);
        let ours = grant(Role::Provider, &["a", "b"]);
        let wanted = grant(Role::Provider, &["b", "c"]);
        assert_eq!(steward.narrowed_to(&wanted), wanted);
        assert_eq!(
            ours.narrowed_to(&wanted),
            grant(Role::Provider, &["b"]),
            "only what both name"
        );
        let higher = ours.narrowed_to(&steward);
        assert_eq!(higher, ours, "a maker who was a steward once");
        let beside = ours.narrowed_to(&grant(Role::Reviewer, &["a"]));
        assert_eq!(beside.role, Role::Reader);
    }

    #[test]
    fn lists_are_read_back() {
        for list in [vec!["*".to_owned()], vec!["a".to_owned()], vec![]] {
            assert_eq!(Catalogues::of_list(&list).to_list(), list);
        }
        let words = ["create".to_owned(), "no such action".to_owned()];
        let actions = Actions::of_list(&words);
        assert!(actions.hold(Wish::Create) && actions.hold(Wish::ReadPublic));
        assert!(actions.hold(Wish::ReadDraft), "of what it creates");
        assert!(!Actions::Named(vec![Wish::ManageMembers]).hold(Wish::ReadDraft));
        assert!(!actions.hold(Wish::Publish));
        assert_eq!(actions.to_list(), ["create"]);
    }
}
