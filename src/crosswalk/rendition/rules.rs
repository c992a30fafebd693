//! What must be done to a record so that it is written in another profile? A table in data, read at start.

use serde::Deserialize;

use crate::rdf::{Literal, Name, NamedNode, Term};

/// The rules of one profile. They speak of properties and values under the names that we write; `because` says of each
/// what it is based on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rules {
    /// The profiles whose records can be written so.
    pub from: Vec<String>,
    pub claims: Option<Claims>,
    #[serde(default)]
    pub identifier: Vec<Identifier>,
    #[serde(default)]
    pub text: Vec<Texts>,
    #[serde(default)]
    pub value: Vec<Replace>,
    #[serde(default)]
    pub rename: Vec<Rename>,
    #[serde(default)]
    pub attribute: Vec<Attribute>,
    #[serde(default)]
    pub typed: Vec<Typed>,
    #[serde(default)]
    pub implied: Vec<Implied>,
    #[serde(default)]
    pub leave_out: Vec<LeaveOut>,
    #[serde(default)]
    pub names: Vec<Names>,
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("it is not well-formed: {0}")]
pub struct RulesError(#[from] toml::de::Error);

/// The property by which a record claims a profile of descriptions. That is said of the description instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    pub property: Name,
    pub because: String,
}

/// A record without an identifier has its address as one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifier {
    pub class: Name,
    pub property: Name,
    pub because: String,
}

/// Properties whose links become texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Texts {
    pub properties: Vec<Name>,
    pub because: String,
}

/// One value for another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    pub property: Name,
    pub from: Name,
    pub to: Name,
    pub because: String,
}

/// A property that is called otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    pub from: Name,
    pub to: Name,
    pub because: String,
}

/// A party that is told with its role (PROV).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Attribute {
    pub from: Name,
    pub to: Name,
    pub class: Name,
    pub agent: Name,
    pub role_property: Name,
    pub role: Name,
    pub because: String,
}

/// What a property leads to is of a class, where it is described with the record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    pub properties: Vec<Name>,
    pub class: Name,
    pub because: String,
}

/// A value that follows from what the record has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implied {
    pub class: Name,
    pub property: Name,
    pub to: Name,
    pub has: Vec<Name>,
    pub because: String,
}

/// Statements for which the profile has no place, and what nothing else leads to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveOut {
    /// Of these properties.
    #[serde(default)]
    pub properties: Vec<Name>,
    /// Of all properties of these namespaces, and their classes.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// Of the properties, only values whose addresses begin so.
    #[serde(default)]
    pub values: Vec<String>,
    pub because: String,
}

/// Names that begin otherwise in the profile.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub from: String,
    pub to: String,
    pub because: String,
}

impl Rules {
    /// Reads the table.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        Ok(toml::from_str(text)?)
    }

    /// The name that the profile has for one of ours.
    pub fn name_of(&self, iri: &str) -> Option<(String, &Names)> {
        let found = self.names.iter().find_map(|names| {
            let local = iri.strip_prefix(names.from.as_str())?;
            Some((format!("{}{local}", names.to), names))
        });
        found.filter(|(name, _)| name != iri)
    }
}

impl LeaveOut {
    /// Whether a statement falls under the rule.
    pub fn means(&self, predicate: &NamedNode, object: &Term, is_type: bool) -> bool {
        let in_namespace = |iri: &NamedNode| {
            let mut namespaces = self.namespaces.iter();
            namespaces.any(|namespace| iri.as_str().starts_with(namespace.as_str()))
        };
        let of_class = matches!(object, Term::NamedNode(class) if is_type && in_namespace(class));
        let has_value = || match object {
            Term::NamedNode(value) => {
                let mut values = self.values.iter();
                values.any(|begin| value.as_str().starts_with(begin.as_str()))
            }
            Term::BlankNode(_) | Term::Literal(_) | Term::Triple(_) => false,
        };
        let is_named = self.properties.iter().any(|name| name.0 == *predicate);
        let by_name = is_named && (self.values.is_empty() || has_value());
        in_namespace(predicate) || of_class || by_name
    }
}

impl Texts {
    /// The text that a link becomes.
    pub fn text_of(&self, predicate: &NamedNode, object: &Term) -> Option<Term> {
        let Term::NamedNode(link) = object else {
            return None;
        };
        let is_named = self.properties.iter().any(|name| name.0 == *predicate);
        is_named.then(|| Literal::new_simple_literal(link.as_str()).into())
    }
}
