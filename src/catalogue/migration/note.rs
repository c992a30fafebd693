//! What was done to a record, and what was left as it was?

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::rdf::{NamedNode, NamedOrBlankNode, Term};

/// How many notes are kept one by one; the others are only counted.
pub const NOTES_MAX: usize = 2_000;

/// A kind of step, or of thing that was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A property is called otherwise.
    Renamed,
    /// A property stands elsewhere.
    Moved,
    /// A property was filled from another, which stays.
    Copied,
    /// A vocabulary has a new host.
    Host,
    /// A namespace was replaced.
    Namespace,
    /// A code of another system became a term of ours.
    Code,
    /// A label became the term.
    Word,
    /// A procedure became its method.
    Method,
    /// A value was replaced by another.
    Value,
    /// A value is written otherwise.
    Form,
    /// A text became a description of its own.
    Node,
    /// A contact point was built.
    Contact,
    /// A checksum was built.
    Checksum,
    /// A concept became a text.
    Concept,
    /// A term was added for what a statement words.
    Condition,
    /// A value was added that follows from others.
    Implied,
    /// Left: the value cannot be read.
    Unread,
    /// Left: an old name without a new one.
    Stranded,
    /// Left: its new place is taken.
    Occupied,
    /// Left: the new profile no longer has it.
    Superseded,
}

/// One step, or one thing that was left.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Note {
    pub what: What,
    /// Whose statement it is.
    pub focus: NamedOrBlankNode,
    /// The field it is about, by the name that the new profile gives it.
    pub property: NamedNode,
    pub before: Term,
    pub after: Option<Term>,
    /// What the rule is based on.
    pub because: String,
}

/// Notes in the order in which they came, each once.
#[derive(Debug, Default)]
pub struct Notes {
    pub kept: Vec<Note>,
    /// How many there were, those that are not kept too.
    pub steps: usize,
    pub left: usize,
    seen: FxHashSet<Note>,
}

impl What {
    pub const ALL: [Self; 20] = [
        Self::Renamed,
        Self::Moved,
        Self::Copied,
        Self::Host,
        Self::Namespace,
        Self::Code,
        Self::Word,
        Self::Method,
        Self::Value,
        Self::Form,
        Self::Node,
        Self::Contact,
        Self::Checksum,
        Self::Concept,
        Self::Condition,
        Self::Implied,
        Self::Unread,
        Self::Stranded,
        Self::Occupied,
        Self::Superseded,
    ];

    /// Whether something was changed; else it was left as it was.
    pub fn is_step(self) -> bool {
        !matches!(
            self,
            Self::Unread | Self::Stranded | Self::Occupied | Self::Superseded
        )
    }

    /// The name that programs know it by.
    pub fn name(self) -> String {
        let name = serde_json::to_value(self).ok();
        name.as_ref()
            .and_then(|name| name.as_str())
            .unwrap_or_default()
            .to_owned()
    }
}

impl Notes {
    pub fn add(&mut self, note: Note) {
        // What is only counted may be counted twice: nothing is remembered without end.
        if self.kept.len() < NOTES_MAX {
            if !self.seen.insert(note.clone()) {
                return;
            }
            self.count(note.what);
            self.kept.push(note);
        } else if !self.seen.contains(&note) {
            self.count(note.what);
        }
    }

    fn count(&mut self, what: What) {
        if what.is_step() {
            self.steps += 1;
        } else {
            self.left += 1;
        }
    }
}
