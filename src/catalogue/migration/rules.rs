//! What is known of the way from a profile to its successor? A table in data (`migration.toml`), read at start.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::forms::Form;
use super::note::What;
use crate::rdf::{Literal, Name, Term};

/// The rules of one way. `because` says of each what it is based on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The profile that the way leads to.
    pub to: String,
    pub names: Names,
    pub parties: Parties,
    #[serde(default)]
    pub rename: Vec<Rename>,
    #[serde(default)]
    pub node: Vec<Wrap>,
    #[serde(default)]
    pub value: Vec<Replace>,
    #[serde(default)]
    pub term: Vec<TermOf>,
    #[serde(default)]
    pub form: Vec<FormOf>,
    pub contact: Option<Contact>,
    pub checksum: Option<Gather>,
    pub codes: Option<Codes>,
    pub conditions: Option<Conditions>,
    #[serde(default)]
    pub implied: Vec<Implied>,
    #[serde(default)]
    pub superseded: Vec<Superseded>,
    /// The sentences of the report, by language.
    pub say: BTreeMap<What, BTreeMap<String, String>>,
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    #[error("it is not well-formed: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error("it has no English sentence for {0:?}")]
    Silent(What),
}

/// Old names, which the ontology knows.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    pub because: String,
}

/// By which properties one is led to an organisation or person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parties {
    /// Those that have a contact point.
    pub reachable: Vec<Name>,
    /// Those that have page and e-mail of their own.
    pub author: Vec<Name>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    Reachable,
    Author,
}

/// A property that is called otherwise, or stands elsewhere.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    pub from: Name,
    pub to: Name,
    pub class: Option<Name>,
    pub party: Option<Party>,
    /// Only of values of this kind.
    pub when: Option<When>,
    /// Not where the new property is given already.
    #[serde(default)]
    pub single: bool,
    pub because: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum When {
    Duration,
    MediaType,
}

/// A text that becomes a description of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrap {
    pub property: Name,
    pub class: Name,
    pub text: Name,
    pub because: String,
}

/// One value for others.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    pub property: Name,
    pub class: Option<Name>,
    #[serde(default)]
    pub iris: Vec<Name>,
    #[serde(default)]
    pub words: Vec<String>,
    pub to: Name,
    pub because: String,
}

/// A field whose values are terms of a code list, or stand below a concept.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermOf {
    pub property: Name,
    pub under: Name,
    /// A procedure becomes its method.
    #[serde(default)]
    pub method: bool,
}

/// How the values of properties are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormOf {
    pub form: Form,
    pub class: Option<Name>,
    pub properties: Vec<Name>,
    pub because: String,
}

/// The contact point of organisations.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Contact {
    pub from: Name,
    pub to: Name,
    pub class: Name,
    pub old_classes: Vec<Name>,
    pub address: Name,
    pub name: Name,
    pub part: Vec<Part>,
    pub because: String,
    pub because_own: String,
    pub because_name: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Where it stands in the old contact point.
    pub from: Vec<Name>,
    /// Where it stands at the organisation itself.
    pub own: Vec<Name>,
    /// Whether it stays at the organisation.
    #[serde(default)]
    pub keep: bool,
    /// Whether one can be reached by this alone.
    #[serde(default)]
    pub enough: bool,
    pub to: Name,
    pub form: Form,
}

/// Properties that are gathered in a description of their own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gather {
    pub class: Name,
    pub parts: Vec<Name>,
    pub to: Name,
    pub node: Name,
    pub because: String,
}

/// Concepts that become texts of system and code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Codes {
    pub property: Name,
    /// Under which property the concept itself is kept.
    pub keep: Name,
    #[serde(default)]
    pub system: Vec<System>,
    pub because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct System {
    pub name: String,
    pub iris: Vec<String>,
    pub namespaces: Vec<String>,
}

/// Statements whose words mean a term that is added to them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conditions {
    pub class: Name,
    pub property: Name,
    pub texts: Vec<Name>,
    pub condition: Vec<Condition>,
    pub because: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub to: Name,
    pub words: Vec<String>,
}

/// A value that follows from what the record has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implied {
    pub class: Name,
    pub property: Name,
    pub to: Value,
    pub has: Vec<Name>,
    pub because: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum Value {
    Truth(bool),
    Name(Name),
}

/// A property that the new profile no longer has.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Superseded {
    pub property: Name,
    pub because: String,
}

impl Rules {
    /// Reads the table.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text)?;
        let silent = |what: &&What| {
            let sentences = rules.say.get(*what);
            sentences.is_none_or(|sentences| !sentences.contains_key("en"))
        };
        match What::ALL.iter().find(silent) {
            Some(what) => Err(RulesError::Silent(*what)),
            None => Ok(rules),
        }
    }

    /// The sentence for a note, in a language or in English. Its gaps are not filled.
    pub fn sentence(&self, what: What, language: &str) -> &str {
        let sentences = &self.say[&what];
        sentences.get(language).unwrap_or(&sentences["en"])
    }
}

impl Value {
    pub fn term(&self) -> Term {
        match self {
            Self::Truth(truth) => Literal::from(*truth).into(),
            Self::Name(name) => name.0.clone().into(),
        }
    }
}
