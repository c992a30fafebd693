//! How does a record of an older profile become one of its successor, and what cannot be carried over?
//!
//! The rules are data (`migration.toml` beside the shapes of the older profile). Nothing is lost: what no rule
//! understands stays as it was sent. Nothing is invented: what the new profile asks for and the record does not say
//! is told as a gap.

mod fields;
mod forms;
mod graph;
mod note;
mod report;
mod rewrite;
mod rules;
mod structure;

use std::sync::Arc;

use rustc_hash::FxHashMap;

pub use note::{NOTES_MAX, Note, What};
pub use rules::{Rules, RulesError};

use super::checked::Checked;
use super::error::CatalogueError;
use super::identifier::Base;
use super::incoming::{self, Incoming};
use super::kind::Kinds;
use super::profile::{Neighbours, Profile, Profiles};
use crate::ontology::Ontology;
use crate::rdf::{NamedOrBlankNode, Triple};

/// The statements of a record under the rules of a way, and what was done.
pub fn rewritten(
    rules: &Rules,
    ontology: &Ontology,
    triples: &[Triple],
) -> (Vec<Triple>, Vec<Note>) {
    let (triples, notes) = rewrite::rewrite(rules, ontology, triples);
    (triples, notes.kept)
}

/// From a profile to its successor.
#[derive(Clone)]
pub struct Way {
    pub from: Arc<Profile>,
    pub to: Arc<Profile>,
}

/// What a document is read against.
pub struct Ground<'a> {
    pub kinds: &'a Kinds,
    pub base: &'a Base,
    pub neighbours: Neighbours<'a>,
}

/// A document on the far side of a way: its statements, what was done, and how its records fit.
pub struct Migration {
    pub way: Way,
    pub triples: Vec<Triple>,
    /// Steps and what was left, at most [`NOTES_MAX`] of both.
    pub notes: Vec<Note>,
    pub steps: usize,
    pub left: usize,
    /// Each record against the new profile.
    pub checks: Vec<Checked>,
    /// Which record a subject belongs to, as a place in `checks`.
    owners: FxHashMap<NamedOrBlankNode, usize>,
}

impl Way {
    /// The way between two profiles. Without a start it is the only one there is; without an end it is the one that
    /// the start has.
    pub fn find(
        profiles: &Profiles,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<Self, CatalogueError> {
        let ways = || {
            profiles
                .iter()
                .filter(|profile| profile.migration.is_some())
        };
        let known = || {
            let way = |profile: &Arc<Profile>| {
                let rules = profile.migration.as_ref()?;
                Some(format!("{} to {}", profile.name, rules.to))
            };
            ways().filter_map(way).collect::<Vec<_>>().join(", ")
        };
        let no_way = || CatalogueError::NoMigration {
            from: from.unwrap_or("any profile").to_owned(),
            to: to.unwrap_or("its successor").to_owned(),
            known: known(),
        };
        let from = match from {
            Some(name) => profiles.get(name).ok_or_else(no_way)?,
            None if ways().count() == 1 => ways().next().cloned().ok_or_else(no_way)?,
            None => return Err(no_way()),
        };
        let rules = from.migration.as_ref().ok_or_else(no_way)?;
        if to.is_some_and(|to| to != rules.to) {
            return Err(no_way());
        }
        let to = profiles.get(&rules.to).ok_or_else(no_way)?;
        Ok(Self { from, to })
    }

    /// Brings a document over, and checks every record against the new profile.
    pub fn migrate(
        &self,
        triples: &[Triple],
        ground: &Ground<'_>,
    ) -> Result<Migration, CatalogueError> {
        let (triples, notes) = match &self.from.migration {
            Some(rules) => rewrite::rewrite(rules, ground.neighbours.ontology, triples),
            None => (triples.to_vec(), note::Notes::default()),
        };
        let records = records(&triples, ground);
        if records.is_empty() {
            return Err(CatalogueError::Empty);
        }
        let mut checks = Vec::with_capacity(records.len());
        let mut owners = FxHashMap::default();
        for record in records {
            for triple in &record.triples {
                owners.entry(triple.subject.clone()).or_insert(checks.len());
            }
            checks.push(
                self.to
                    .check(&record.iri, &record.triples, &ground.neighbours),
            );
        }
        Ok(Migration {
            way: self.clone(),
            triples,
            notes: notes.kept,
            steps: notes.steps,
            left: notes.left,
            checks,
            owners,
        })
    }
}

/// The records of a document. One that only lives inside another is its own when it comes alone.
fn records(triples: &[Triple], ground: &Ground<'_>) -> Vec<Incoming> {
    let found = incoming::split(triples, ground.kinds, ground.base, None);
    if !found.is_empty() {
        return found;
    }
    let alone = ground
        .kinds
        .iter()
        .find_map(|kind| incoming::main_subject(triples, kind));
    match alone {
        Some(NamedOrBlankNode::NamedNode(main)) => {
            incoming::split(triples, ground.kinds, ground.base, Some(&main))
        }
        Some(NamedOrBlankNode::BlankNode(_)) | None => Vec::new(),
    }
}

impl Migration {
    /// Whether every record fits the new profile: nothing is left to mend.
    pub fn is_complete(&self) -> bool {
        self.checks.iter().all(Checked::fits)
    }
}
