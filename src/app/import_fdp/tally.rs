//! How many were there, how many are here, and what was not taken?

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;

use crate::catalogue::{Checked, State};
use crate::rdf::NamedNode;

/// How many notes are told.
const NOTES_MAX: usize = 50;

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    New,
    Changed,
    /// It is here and the same.
    Same,
    /// It was withdrawn or deleted here.
    Gone,
}

#[derive(Debug, Default)]
struct Counts {
    published: usize,
    drafts: usize,
    new: usize,
    changed: usize,
    same: usize,
    gone: usize,
}

/// The counts and what is to be said besides.
#[derive(Debug, Default)]
pub(super) struct Tally {
    kinds: BTreeMap<String, Counts>,
    unfit: usize,
    left_out: usize,
    notes: Vec<String>,
    notes_beyond: usize,
    schemas: usize,
    people: usize,
    members: usize,
}

impl Tally {
    pub(super) fn count(&mut self, kind: &str, state: State, fate: Fate) {
        let counts = self.kinds.entry(kind.to_owned()).or_default();
        match state {
            State::Published => counts.published += 1,
            State::Draft | State::Withdrawn | State::Deleted => counts.drafts += 1,
        }
        match fate {
            Fate::New => counts.new += 1,
            Fate::Changed => counts.changed += 1,
            Fate::Same => counts.same += 1,
            Fate::Gone => counts.gone += 1,
        }
    }

    pub(super) fn checked(&mut self, checked: &Checked) {
        self.unfit += usize::from(!checked.fits());
    }

    pub(super) fn left_out(&mut self, iri: &NamedNode, why: &str) {
        self.left_out += 1;
        self.note(format!("not taken: {iri}: {why}"));
    }

    pub(super) fn note(&mut self, note: String) {
        if self.notes.len() < NOTES_MAX {
            self.notes.push(note);
        } else {
            self.notes_beyond += 1;
        }
    }

    pub(super) fn schema(&mut self) {
        self.schemas += 1;
    }

    pub(super) fn person(&mut self, members: usize) {
        self.people += 1;
        self.members += members;
    }

    /// Whether everything that was there is here.
    pub(super) fn is_whole(&self) -> bool {
        self.left_out == 0
    }

    pub(super) fn tell(&self, out: &mut dyn Write) -> Result<()> {
        writeln!(
            out,
            "kind\tthere: published\tdrafts\there: new\tchanged\tthe same\tgone"
        )?;
        let mut there = 0;
        let mut here = 0;
        for (kind, counts) in &self.kinds {
            let Counts {
                published,
                drafts,
                new,
                changed,
                same,
                gone,
            } = counts;
            there += published + drafts;
            here += new + changed + same;
            writeln!(
                out,
                "{kind}\t{published}\t{drafts}\t{new}\t{changed}\t{same}\t{gone}"
            )?;
        }
        let left_out = self.left_out;
        writeln!(
            out,
            "{} records there, {here} here, {left_out} not taken",
            there + left_out
        )?;
        writeln!(
            out,
            "{} do not fit their profile here and are kept as they are",
            self.unfit
        )?;
        let (schemas, people, members) = (self.schemas, self.people, self.members);
        writeln!(
            out,
            "{schemas} schemas, {people} people, {members} memberships"
        )?;
        for note in &self.notes {
            writeln!(out, "  {note}")?;
        }
        if self.notes_beyond > 0 {
            writeln!(out, "  … and {} notes more", self.notes_beyond)?;
        }
        Ok(())
    }
}
