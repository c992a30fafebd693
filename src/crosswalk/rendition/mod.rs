//! How is a record written in another profile? By rules in data (`rendition.toml` beside the shapes of the profile that is
//! written), followed statement by statement; what is rewritten, left out or added is told.

mod note;
mod rules;
mod writing;

pub use note::{Note, Notes, What};
pub use rules::{Rules, RulesError};

use crate::rdf::{NamedNode, Term, Triple};

/// What the rules cannot know by themselves.
pub struct Ground<'a> {
    /// The record, and those that are written with it.
    pub roots: &'a [NamedNode],
    /// The name that we write for an older one.
    pub replacement: &'a dyn Fn(&str) -> Option<String>,
    /// Whether something that a record conforms to is a profile of descriptions.
    pub is_profile: &'a dyn Fn(&Term) -> bool,
}

/// A record as it is written in another profile.
pub struct Rendered {
    pub triples: Vec<Triple>,
    pub notes: Notes,
}

impl Rules {
    /// Writes the statements of a record in the profile. What is in it already comes back as it was.
    pub fn render(&self, triples: &[Triple], ground: &Ground<'_>) -> Rendered {
        writing::write(self, triples, ground)
    }

    /// The statement under the names of the profile.
    pub fn named(&self, triple: &Triple) -> Triple {
        writing::named(self, triple)
    }
}

#[cfg(test)]
mod tests;
