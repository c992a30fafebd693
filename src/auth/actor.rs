//! Who is asking?

use super::role::Role;
use crate::ledger::{AccountId, Token, TokenId};

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Anyone.
    Anonymous,
    /// Whoever holds a valid token.
    Bearer(Bearer),
    /// Somebody whom an identity provider vouches for: a person with a session, or the bearer of its token.
    Person(Person),
}

/// The holder of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub token: TokenId,
    pub name: String,
    pub role: Role,
    pub catalogues: Catalogues,
}

/// Somebody whom an identity provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The author of their changes: the name of the account, or one that is drawn from issuer and subject. No
    /// provider and no person chooses it.
    pub author: String,
    /// The account, if they ever signed in.
    pub account: Option<AccountId>,
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

impl Actor {
    /// The name that stands as author of the actor's changes.
    pub fn name(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Bearer(bearer) => &bearer.name,
            Self::Person(person) => &person.author,
        }
    }

    /// The role, if there is one.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Anonymous => None,
            Self::Bearer(bearer) => Some(bearer.role),
            Self::Person(person) => Some(person.role),
        }
    }

    /// The catalogues that the role is for; none for nobody.
    pub fn holds(&self, catalogue: &str) -> bool {
        self.catalogues().is_some_and(|those| those.hold(catalogue))
    }

    /// The catalogues that the role is for.
    pub fn catalogues(&self) -> Option<&Catalogues> {
        match self {
            Self::Anonymous => None,
            Self::Bearer(bearer) => Some(&bearer.catalogues),
            Self::Person(person) => Some(&person.catalogues),
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

    /// Whether a catalogue is among them.
    pub fn hold(&self, catalogue: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(iris) => iris.iter().any(|iri| iri == catalogue),
        }
    }
}

impl Bearer {
    /// The holder of a token, unless the token names a role that does not exist.
    pub fn of(token: Token) -> Option<Self> {
        Some(Self {
            role: Role::from_word(&token.role)?,
            catalogues: Catalogues::of_list(&token.catalogues),
            token: token.id,
            name: token.name,
        })
    }
}
