//! What was done to the statements of a record, taken together?

use std::collections::HashMap;

use crate::rdf::NamedNode;

/// How many different notes are kept; what comes after is only counted.
const NOTES_MAX: usize = 500;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// The same is said in other words.
    Rewritten,
    /// It follows from what is there.
    Added,
    /// The profile has no place for it.
    LeftOut,
}

impl What {
    /// The name that programs know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rewritten => "rewritten",
            Self::Added => "added",
            Self::LeftOut => "left-out",
        }
    }
}

/// The same done so many times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub what: What,
    /// The property it was done to; `None` for a name that was replaced wherever it stood.
    pub property: Option<NamedNode>,
    /// A value, a name or a namespace as it was; `None` for whatever the property said.
    pub before: Option<String>,
    pub after: Option<String>,
    pub count: usize,
    /// What the rule is based on.
    pub because: String,
}

/// All notes, each once.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    kept: Vec<Note>,
    places: HashMap<Key, usize>,
    /// How many statements were touched whose notes are not kept.
    pub more: usize,
}

type Key = (What, Option<NamedNode>, Option<String>, Option<String>);

impl Notes {
    pub fn all(&self) -> &[Note] {
        &self.kept
    }

    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// How many statements something was done to.
    pub fn count(&self, what: What) -> usize {
        let of = self.kept.iter().filter(|note| note.what == what);
        of.map(|note| note.count).sum()
    }

    /// Adds a note, or counts one that is there.
    pub fn add(&mut self, note: Note) {
        let key = (
            note.what,
            note.property.clone(),
            note.before.clone(),
            note.after.clone(),
        );
        if let Some(place) = self.places.get(&key) {
            self.kept[*place].count += note.count;
        } else if self.kept.len() < NOTES_MAX {
            self.places.insert(key, self.kept.len());
            self.kept.push(note);
        } else {
            self.more += note.count;
        }
    }

    /// Adds the notes of a further step.
    pub fn extend(&mut self, others: Self) {
        self.more += others.more;
        for note in others.kept {
            self.add(note);
        }
    }
}
