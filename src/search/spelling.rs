//! What was probably meant by a word that stands nowhere? A word of the index that is written nearly
//! the same; the names of all concepts that records are tagged with are words of the index.

use std::cell::Cell;

use tantivy::Term;
use tantivy_fst::Automaton;

use super::index::{Error, Index, Snapshot};
use super::reading;
use super::words::{self, STEM_MARK};

/// Shorter words are codes as often as not.
const LETTERS_MIN: usize = 4;
/// From so many letters on, two slips are forgiven instead of one.
const LETTERS_FOR_TWO: usize = 6;
/// No more words of a query are mended.
const WORDS_MAX: usize = 6;
/// The letters that one look into the dictionaries may compare.
const STEPS_MAX: usize = 400_000;
/// The words that are looked at more closely.
const CANDIDATES_MAX: usize = 2_000;

/// The text with the words that stand nowhere replaced; nothing when there is nothing to mend.
pub(super) fn mended(
    index: &Index,
    snapshot: &Snapshot,
    text: &str,
    language: &str,
) -> Result<Option<String>, Error> {
    let text = words::compose(text);
    let mut mended = String::new();
    let (mut at, mut tried, mut found) = (0, 0, false);
    for word in words::split(&text, "") {
        let typed = &text[word.start..word.end];
        let is_short = word.surface.chars().count() < LETTERS_MIN;
        if is_short || tried == WORDS_MAX || reading::is_known(index, snapshot, typed, language)? {
            continue;
        }
        tried += 1;
        if let Some(better) = nearest(index, snapshot, &word.surface)? {
            mended.push_str(&text[at..word.start]);
            mended.push_str(&better);
            at = word.end;
            found = true;
        }
    }
    mended.push_str(&text[at..]);
    Ok(found.then_some(mended))
}

/// The word of the index that is written most like this one; of several, the most frequent.
fn nearest(index: &Index, snapshot: &Snapshot, word: &str) -> Result<Option<String>, Error> {
    let slips = if word.chars().count() < LETTERS_FOR_TWO {
        1
    } else {
        2
    };
    let steps = Cell::new(0);
    let mut best: Option<(usize, std::cmp::Reverse<u64>, String)> = None;
    for reader in snapshot.searcher.segment_readers() {
        let inverted = reader.inverted_index(index.fields.text)?;
        let near = Near {
            word: word.as_bytes(),
            // Two letters changed places are one slip and two changes; a letter may be two bytes.
            changes_max: (slips + 1) * if word.is_ascii() { 1 } else { 2 },
            steps: &steps,
        };
        let mut terms = inverted.terms().search(near).into_stream()?;
        let mut looked_at = 0;
        while terms.advance() && looked_at < CANDIDATES_MAX {
            looked_at += 1;
            let Ok(term) = std::str::from_utf8(terms.key()) else {
                continue;
            };
            let distance = strsim::osa_distance(word, term);
            if term.contains(STEM_MARK) || distance > slips {
                continue;
            }
            let known = best.as_ref().is_some_and(|(_, _, best)| best == term);
            if known || best.as_ref().is_some_and(|(least, ..)| distance > *least) {
                continue;
            }
            let term_in_index = Term::from_field_text(index.fields.text, term);
            let frequency = snapshot.searcher.doc_freq(&term_in_index)?;
            let candidate = (distance, std::cmp::Reverse(frequency), term.to_owned());
            if best.as_ref().is_none_or(|best| candidate < *best) {
                best = Some(candidate);
            }
        }
    }
    Ok(best.map(|(_, _, word)| word))
}

/// Accepts what is a few changed bytes away from a word: a row of Levenshtein's table is a state.
struct Near<'a> {
    word: &'a [u8],
    changes_max: usize,
    steps: &'a Cell<usize>,
}

impl Automaton for Near<'_> {
    type State = Vec<usize>;

    fn start(&self) -> Vec<usize> {
        (0..=self.word.len()).collect()
    }

    fn is_match(&self, row: &Vec<usize>) -> bool {
        row.last()
            .is_some_and(|changes| *changes <= self.changes_max)
    }

    fn can_match(&self, row: &Vec<usize>) -> bool {
        let near = row.iter().any(|changes| *changes <= self.changes_max);
        near && self.steps.get() < STEPS_MAX
    }

    fn accept(&self, row: &Vec<usize>, byte: u8) -> Vec<usize> {
        self.steps.set(self.steps.get() + 1);
        let mut next = Vec::with_capacity(row.len());
        next.push(row[0] + 1);
        for (at, letter) in self.word.iter().enumerate() {
            let changed = row[at] + usize::from(*letter != byte);
            next.push(changed.min(row[at + 1] + 1).min(next[at] + 1));
        }
        next
    }
}
