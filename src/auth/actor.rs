//! Who is asking?

use super::role::Role;
use crate::ledger::{Token, TokenId};

/// Who is asking. People who sign in will be a variant of their own, with the name and the roles that their
/// identity provider vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Anyone.
    Anonymous,
    /// Whoever holds a valid token.
    Bearer(Bearer),
}

/// The holder of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    pub token: TokenId,
    pub name: String,
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
        }
    }

    /// The role, if there is one.
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Anonymous => None,
            Self::Bearer(bearer) => Some(bearer.role),
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
