//! Which documents have the words of a query, and how well do they match?
//!
//! First all documents that match are found as bits, word by word and block by block; the scores of
//! those that are left after every filter are added up afterwards. So a common word costs a walk
//! through its list, and no more.

use std::panic::resume_unwind;

use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, EnableScoring, Query};
use tantivy::schema::IndexRecordOption;
use tantivy::{SegmentReader, Term};

use super::bits::{self, Bits};
use super::index::{Error, Snapshot};

/// One document is sought in a block for what so many cost when the block is walked.
const SOUGHT_SHARE: usize = 8;
/// From so many hits on two threads add up scores: less is not worth one.
const BOTH_SCORE_MIN: u32 = if cfg!(test) { 2 } else { 20_000 };

/// The words of a query, ready to be looked up.
#[derive(Default)]
pub(super) struct Wanted {
    /// A document has all of these; any of them, when none has all.
    pub(super) clauses: Vec<Clause>,
    /// The whole text may also be an identifier.
    pub(super) identifier: Option<Exact>,
}

/// Some words that belong together, or what they mean.
#[derive(Default)]
pub(super) struct Clause {
    /// A document has all of these …
    pub(super) parts: Vec<Part>,
    /// … or one of these concepts.
    pub(super) concepts: Vec<Tag>,
}

/// A concept that a document is tagged with.
pub(super) struct Tag {
    pub(super) concept: Exact,
    /// A document that is tagged with one of these does not count.
    pub(super) without: Vec<Term>,
}

/// A part of a clause.
pub(super) enum Part {
    /// Words that follow each other.
    Phrase {
        /// Each two of them …
        pairs: Vec<Term>,
        /// … and where there are more than two, all by their places.
        whole: Option<Box<dyn Query>>,
        words: Vec<Word>,
    },
    Words {
        words: Vec<Word>,
        /// Or this identifier.
        identifier: Option<Exact>,
    },
}

/// A word in all its forms: a document has one of them.
pub(super) struct Word {
    /// Where every word stands.
    pub(super) anywhere: Vec<Weighted>,
    /// Where it counts more.
    pub(super) besides: Vec<Weighted>,
}

/// A term and what it is worth.
pub(super) struct Weighted {
    pub(super) term: Term,
    pub(super) weight: Bm25Weight,
}

/// A term that is worth the same in every document.
pub(super) struct Exact {
    pub(super) term: Term,
    pub(super) score: f32,
}

impl Wanted {
    /// The living documents of each segment that have all the words; when there are none, those
    /// that have any, and this is told.
    pub(super) fn find(&self, snapshot: &Snapshot) -> Result<(Vec<Bits>, bool), Error> {
        let mut all = Vec::with_capacity(snapshot.segments.len());
        let mut any = Vec::with_capacity(snapshot.segments.len());
        let readers = snapshot.searcher.segment_readers();
        for (segment, reader) in snapshot.segments.iter().zip(readers) {
            let documents = segment.columns.documents;
            let (mut every, mut some) = (segment.alive.clone(), bits::empty(documents));
            for clause in &self.clauses {
                let found = clause.find(reader)?;
                bits::intersect(&mut every, &found);
                bits::unite(&mut some, &found);
            }
            if let Some(identifier) = &self.identifier {
                let named = identifier.find(reader)?;
                bits::unite(&mut every, &named);
                bits::unite(&mut some, &named);
            }
            bits::intersect(&mut every, &segment.alive);
            bits::intersect(&mut some, &segment.alive);
            all.push(every);
            any.push(some);
        }
        let is_relaxed = self.clauses.len() > 1 && all.iter().all(|found| bits::count(found) == 0);
        Ok(if is_relaxed {
            (any, true)
        } else {
            (all, false)
        })
    }

    /// The scores of some documents of a segment.
    pub(super) fn score(&self, reader: &SegmentReader, among: &[u64]) -> Result<Vec<f32>, Error> {
        let worths = self.worths();
        if bits::count(among) < BOTH_SCORE_MIN || worths.len() < 2 {
            return score_of(worths.iter(), reader, among);
        }
        // A word and its stem stand beside each other and are about as common.
        let (one, other) = std::thread::scope(|scope| {
            let others = worths.iter().skip(1).step_by(2);
            let other = scope.spawn(|| score_of(others, reader, among));
            let one = score_of(worths.iter().step_by(2), reader, among);
            (
                one,
                other.join().unwrap_or_else(|panic| resume_unwind(panic)),
            )
        });
        let mut scores = one?;
        for (score, other) in scores.iter_mut().zip(other?) {
            *score += other;
        }
        Ok(scores)
    }

    /// All that a document gets points for.
    fn worths(&self) -> Vec<Worth<'_>> {
        let mut worths: Vec<Worth<'_>> = self.identifier.iter().map(Worth::Exact).collect();
        for clause in &self.clauses {
            worths.extend(clause.concepts.iter().map(|tag| Worth::Exact(&tag.concept)));
            for part in &clause.parts {
                let (Part::Phrase { words, .. } | Part::Words { words, .. }) = part;
                if let Part::Words { identifier, .. } = part {
                    worths.extend(identifier.iter().map(Worth::Exact));
                }
                for word in words {
                    let forms = word.anywhere.iter().chain(&word.besides);
                    worths.extend(forms.map(Worth::Weighted));
                }
            }
        }
        worths
    }
}

/// One thing that a document gets points for.
enum Worth<'a> {
    Exact(&'a Exact),
    Weighted(&'a Weighted),
}

fn score_of<'a>(
    worths: impl Iterator<Item = &'a Worth<'a>>,
    reader: &SegmentReader,
    among: &[u64],
) -> Result<Vec<f32>, Error> {
    let mut scores = vec![0.0; reader.max_doc() as usize];
    for worth in worths {
        match worth {
            Worth::Exact(exact) => exact.score(reader, among, &mut scores)?,
            Worth::Weighted(form) => form.score(reader, among, &mut scores)?,
        }
    }
    Ok(scores)
}

impl Clause {
    fn find(&self, reader: &SegmentReader) -> Result<Bits, Error> {
        let mut found = if self.parts.is_empty() {
            bits::empty(reader.max_doc())
        } else {
            bits::full(reader.max_doc())
        };
        for part in &self.parts {
            bits::intersect(&mut found, &part.find(reader)?);
        }
        for tag in &self.concepts {
            tag.find(reader, &mut found)?;
        }
        Ok(found)
    }
}

impl Tag {
    fn find(&self, reader: &SegmentReader, found: &mut Bits) -> Result<(), Error> {
        if self.without.is_empty() {
            return unite(reader, &self.concept.term, found);
        }
        let mut tagged = self.concept.find(reader)?;
        let mut others = bits::empty(reader.max_doc());
        for term in &self.without {
            unite(reader, term, &mut others)?;
        }
        bits::subtract(&mut tagged, &others);
        bits::unite(found, &tagged);
        Ok(())
    }
}

impl Part {
    fn find(&self, reader: &SegmentReader) -> Result<Bits, Error> {
        let mut found = bits::full(reader.max_doc());
        match self {
            Self::Phrase { pairs, whole, .. } => {
                for pair in pairs {
                    let mut follow = bits::empty(reader.max_doc());
                    unite(reader, pair, &mut follow)?;
                    bits::intersect(&mut found, &follow);
                }
                if let Some(whole) = whole {
                    bits::clear(&mut found);
                    let schema = reader.schema();
                    let weight = whole.weight(EnableScoring::disabled_from_schema(schema))?;
                    weight.for_each_no_score(reader, &mut |documents| {
                        bits::set_all(&mut found, documents);
                    })?;
                }
            }
            Self::Words { words, identifier } => {
                for word in words {
                    let mut forms = bits::empty(reader.max_doc());
                    for form in &word.anywhere {
                        unite(reader, &form.term, &mut forms)?;
                    }
                    bits::intersect(&mut found, &forms);
                }
                if let Some(exact) = identifier {
                    unite(reader, &exact.term, &mut found)?;
                }
            }
        }
        Ok(found)
    }
}

impl Weighted {
    fn score(
        &self,
        reader: &SegmentReader,
        among: &[u64],
        scores: &mut [f32],
    ) -> Result<(), Error> {
        let with_frequencies = IndexRecordOption::WithFreqs;
        let Some(mut postings) = postings(reader, &self.term, with_frequencies)? else {
            return Ok(());
        };
        let lengths = reader.get_fieldnorms_reader(self.term.field())?;
        while postings.block_len() > 0 {
            let frequencies = postings.freqs();
            each_common(postings.docs(), among, |place, document| {
                let length = lengths.fieldnorm_id(document);
                let score = self.weight.score(length, frequencies[place]);
                scores[document as usize] += score;
            });
            postings.advance();
        }
        Ok(())
    }
}

impl Exact {
    fn find(&self, reader: &SegmentReader) -> Result<Bits, Error> {
        let mut found = bits::empty(reader.max_doc());
        unite(reader, &self.term, &mut found)?;
        Ok(found)
    }

    fn score(
        &self,
        reader: &SegmentReader,
        among: &[u64],
        scores: &mut [f32],
    ) -> Result<(), Error> {
        let Some(mut postings) = postings(reader, &self.term, IndexRecordOption::Basic)? else {
            return Ok(());
        };
        while postings.block_len() > 0 {
            each_common(postings.docs(), among, |_, document| {
                scores[document as usize] += self.score;
            });
            postings.advance();
        }
        Ok(())
    }
}

/// Gives the documents of a block that are in a set, each with its place in the block. Where the set has
/// few there, these are sought in the block; else the block is walked.
fn each_common(block: &[u32], among: &[u64], mut give: impl FnMut(usize, u32)) {
    let (Some(&first), Some(&last)) = (block.first(), block.last()) else {
        return;
    };
    let (from, to) = ((first / 64) as usize, (last / 64) as usize);
    let spanned = among.get(from..=to).unwrap_or_default();
    if (bits::count(spanned) as usize) * SOUGHT_SHARE >= block.len() {
        for (place, &document) in block.iter().enumerate() {
            if bits::contains(among, document) {
                give(place, document);
            }
        }
        return;
    }
    for document in bits::documents(spanned) {
        let document = first / 64 * 64 + document;
        if let Ok(place) = block.binary_search(&document) {
            give(place, document);
        }
    }
}

/// Adds the documents that have a term.
pub(super) fn unite(reader: &SegmentReader, term: &Term, found: &mut Bits) -> Result<(), Error> {
    let Some(mut postings) = postings(reader, term, IndexRecordOption::Basic)? else {
        return Ok(());
    };
    while postings.block_len() > 0 {
        bits::set_all(found, postings.docs());
        postings.advance();
    }
    Ok(())
}

fn postings(
    reader: &SegmentReader,
    term: &Term,
    option: IndexRecordOption,
) -> Result<Option<BlockSegmentPostings>, Error> {
    let index = reader.inverted_index(term.field())?;
    Ok(index.read_block_postings(term, option)?)
}
