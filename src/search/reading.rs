//! How the words of a query are read: phrases, words in all languages, and concepts they mean.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use serde::Serialize;
use tantivy::query::{Bm25Weight, BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use super::index::{Error, Fields, Index, Snapshot};
use super::matching::{Clause, Exact, Part, Tag, Wanted, Weighted, Word};
use super::query::{self, Sense, Taken};
use super::words;

/// More words are not read.
const WORDS_MAX: usize = 24;
/// A concept's name has at most so many words.
const NAME_WORDS_MAX: usize = 5;
/// A word that means more concepts than this is taken as a word only.
const MEANINGS_MAX: usize = 64;
/// How much more a word in the title counts than one in the text.
const TITLE_BOOST: f32 = 3.0;
const KEYWORD_BOOST: f32 = 1.5;
/// What it is worth that a record is tagged with a concept that was asked for.
const CONCEPT_SCORE: f32 = 3.0;
/// An identifier that was asked for comes before everything.
const IDENTIFIER_SCORE: f32 = 100.0;

/// A word or phrase of the query that was also taken as a concept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Understood {
    /// As it was typed.
    pub text: String,
    /// The concept.
    pub iri: String,
    /// Its label.
    pub label: String,
    /// Whether something stands below it.
    pub has_narrower: bool,
    /// Whether the words are taken as this concept: they are, unless the search says what they mean.
    pub taken: bool,
}

/// A query read.
pub(super) struct Reading {
    /// What is looked up.
    pub(super) wanted: Wanted,
    pub(super) understood: Vec<Understood>,
    /// All forms of the words, to be marked in passages.
    pub(super) marked: FxHashSet<String>,
}

/// One part of what was typed.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Phrase(String),
    Chunk(String),
}

/// Reads what was typed; nothing that can be typed is an error. `None` when it holds no word.
pub(super) fn read(
    index: &Index,
    snapshot: &Snapshot,
    text: &str,
    language: &str,
    senses: &[Sense],
) -> Result<Option<Reading>, Error> {
    let mut languages = snapshot.languages.clone();
    languages.insert(words::primary(language));
    let mut reader = Reader {
        index,
        searcher: &snapshot.searcher,
        fields: index.fields,
        languages,
        language,
        senses,
        understood: Vec::new(),
        marked: FxHashSet::default(),
    };
    let clauses = reader.clauses(&pieces(text))?;
    if clauses.is_empty() {
        return Ok(None);
    }
    let identifier = reader.identifier(text.trim());
    Ok(Some(Reading {
        wanted: Wanted {
            clauses,
            identifier: Some(identifier),
        },
        understood: reader.understood,
        marked: reader.marked,
    }))
}

/// Whether some record has a word, in any of its forms or as a concept.
pub(super) fn is_known(
    index: &Index,
    snapshot: &Snapshot,
    word: &str,
    language: &str,
) -> Result<bool, Error> {
    let mut languages = snapshot.languages.clone();
    languages.insert(words::primary(language));
    for form in words::forms(word, &languages) {
        let term = Term::from_field_text(index.fields.text, &form);
        if snapshot.searcher.doc_freq(&term)? > 0 {
            return Ok(true);
        }
    }
    for iri in index.concepts.understand(word) {
        let iri = index.concepts.canonical(&iri);
        let term = Term::from_field_text(index.fields.concept, iri);
        if snapshot.searcher.doc_freq(&term)? > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

fn pieces(text: &str) -> Vec<Piece> {
    let text = words::compose(text);
    let mut pieces = Vec::new();
    let is_quote = |letter| ['"', '“', '”', '„', '«', '»'].contains(&letter);
    for (index, part) in text.split(is_quote).enumerate() {
        if index % 2 == 1 {
            pieces.push(Piece::Phrase(part.to_owned()));
        } else {
            let chunks = part.split_whitespace();
            pieces.extend(chunks.map(|chunk| Piece::Chunk(chunk.to_owned())));
        }
    }
    pieces.truncate(WORDS_MAX);
    pieces
}

/// What some pieces mean together.
struct Meaning {
    tags: Vec<Tag>,
    /// Whether they are also sought as they are written.
    as_words: bool,
}

struct Reader<'a> {
    index: &'a Index,
    searcher: &'a Searcher,
    fields: Fields,
    languages: BTreeSet<String>,
    language: &'a str,
    senses: &'a [Sense],
    understood: Vec<Understood>,
    marked: FxHashSet<String>,
}

impl Reader<'_> {
    fn clauses(&mut self, pieces: &[Piece]) -> Result<Vec<Clause>, Error> {
        let mut clauses = Vec::new();
        let mut stop_words = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            let (length, meaning) = self.meaning(&pieces[at..])?;
            for piece in &pieces[at..at + length] {
                self.note(piece);
            }
            let stop = length == 1 && meaning.is_none() && is_stop_word(&pieces[at]);
            let clause = self.clause(&pieces[at..at + length], meaning)?;
            let into = if stop { &mut stop_words } else { &mut clauses };
            into.extend(clause);
            at += length;
        }
        Ok(if clauses.is_empty() {
            stop_words
        } else {
            clauses
        })
    }

    /// How many pieces from the first on mean concepts together, and which.
    fn meaning(&mut self, pieces: &[Piece]) -> Result<(usize, Option<Meaning>), Error> {
        if let Piece::Phrase(phrase) = &pieces[0] {
            return Ok((1, self.of_text(phrase)?));
        }
        let chunk = |piece: &Piece| match piece {
            Piece::Chunk(chunk) => Some(chunk.clone()),
            Piece::Phrase(_) => None,
        };
        let chunks: Vec<String> = pieces
            .iter()
            .map_while(chunk)
            .take(NAME_WORDS_MAX)
            .collect();
        for length in (1..=chunks.len()).rev() {
            let meaning = self.of_text(&chunks[..length].join(" "))?;
            if meaning.is_some() {
                return Ok((length, meaning));
            }
        }
        Ok((1, None))
    }

    /// What a text means, when it means a concept: everything that it can, or what the search says.
    fn of_text(&mut self, text: &str) -> Result<Option<Meaning>, Error> {
        let text = text
            .trim()
            .trim_matches([',', ';', '.', '(', ')', '?', '!']);
        let concepts = self.concepts(text)?;
        if concepts.is_empty() {
            return Ok(None);
        }
        let senses = self.senses;
        let said = query::sense(senses, text).and_then(|taken| match taken {
            Taken::Words => Some((Vec::new(), taken)),
            // What the words do not mean any more narrows nothing.
            Taken::Itself(wanted) | Taken::WithNarrower(wanted) => {
                let iri = concepts.iter().find(|iri| is_named(iri, wanted))?;
                Some((vec![iri.clone()], taken))
            }
        });
        let tag = |iri: &String, itself: bool| self.tag(iri, itself);
        let meaning = match said {
            None => Meaning {
                tags: concepts.iter().map(|iri| tag(iri, false)).collect(),
                as_words: true,
            },
            Some((ref only, taken)) => {
                let itself = matches!(taken, Taken::Itself(_));
                Meaning {
                    tags: only.iter().map(|iri| tag(iri, itself)).collect(),
                    as_words: only.is_empty(),
                }
            }
        };
        for iri in &concepts {
            let taken = said.as_ref().is_none_or(|(only, _)| only.contains(iri));
            self.understand(text, iri, taken);
        }
        Ok(Some(meaning))
    }

    fn understand(&mut self, text: &str, iri: &str, taken: bool) {
        let concepts = &self.index.concepts;
        let label = concepts.label(iri, self.language);
        self.understood.push(Understood {
            text: text.to_owned(),
            iri: iri.to_owned(),
            label: label.unwrap_or_else(|| iri.to_owned()),
            has_narrower: !concepts.children(iri).is_empty(),
            taken,
        });
    }

    /// A concept with all below it, or alone.
    fn tag(&self, iri: &str, itself: bool) -> Tag {
        let term = |iri: &str| Term::from_field_text(self.fields.concept, iri);
        let below = itself.then(|| self.index.concepts.children(iri));
        let below = below.unwrap_or_default();
        Tag {
            concept: Exact {
                term: term(iri),
                score: CONCEPT_SCORE,
            },
            without: below.iter().map(|child| term(child)).collect(),
        }
    }

    /// The concepts that a text can mean and that some record is tagged with.
    fn concepts(&self, text: &str) -> Result<Vec<String>, Error> {
        if text.chars().count() < 2 || words::is_stop_word(&words::fold(text)) {
            return Ok(Vec::new());
        }
        let meanings = self.index.concepts.understand(text);
        if meanings.len() > MEANINGS_MAX {
            return Ok(Vec::new());
        }
        let mut concepts = Vec::new();
        for iri in meanings {
            let iri = self.index.concepts.canonical(&iri).to_owned();
            let term = Term::from_field_text(self.fields.concept, &iri);
            if concepts.contains(&iri) || self.searcher.doc_freq(&term)? == 0 {
                continue;
            }
            concepts.push(iri);
        }
        Ok(concepts)
    }

    fn note(&mut self, piece: &Piece) {
        let (Piece::Phrase(text) | Piece::Chunk(text)) = piece;
        for word in words::split(text, "") {
            if !words::is_stop_word(&word.surface) {
                let word = &text[word.start..word.end];
                self.marked.extend(words::forms(word, &self.languages));
            }
        }
    }

    /// Finds the pieces as words, or as any of the concepts.
    fn clause(&self, pieces: &[Piece], meaning: Option<Meaning>) -> Result<Option<Clause>, Error> {
        let as_words = meaning.as_ref().is_none_or(|meaning| meaning.as_words);
        let mut clause = Clause::default();
        for piece in pieces.iter().filter(|_| as_words) {
            clause.parts.extend(match piece {
                Piece::Phrase(phrase) => self.phrase(phrase)?,
                Piece::Chunk(chunk) => self.chunk(chunk)?,
            });
        }
        clause.concepts = meaning.map_or_else(Vec::new, |meaning| meaning.tags);
        let is_empty = clause.parts.is_empty() && clause.concepts.is_empty();
        Ok((!is_empty).then_some(clause))
    }

    fn phrase(&self, phrase: &str) -> Result<Option<Part>, Error> {
        let split = words::split(phrase, "").into_iter().take(WORDS_MAX);
        let split: Vec<_> = split.collect();
        let term = |word: &words::Word| Term::from_field_text(self.fields.text, &word.surface);
        if let [only] = &split[..] {
            let anywhere = self.weighted(vec![term(only)], 1.0)?;
            let besides = Vec::new();
            return Ok(Some(Part::Words {
                words: vec![Word { anywhere, besides }],
                identifier: None,
            }));
        }
        let words = split.iter();
        let words = words.map(|word| self.word(&phrase[word.start..word.end]));
        let words = words.collect::<Result<Vec<_>, Error>>()?;
        let pairs = split.windows(2);
        let pairs = pairs.map(|two| words::pair(&two[0].surface, &two[1].surface));
        let pairs: Vec<Term> = pairs
            .map(|pair| Term::from_field_text(self.fields.pairs, &pair))
            .collect();
        let whole = (split.len() > 2).then(|| whole(split.iter().map(term).collect(), &pairs));
        Ok((!words.is_empty()).then_some(Part::Phrase {
            pairs,
            whole,
            words,
        }))
    }

    fn chunk(&self, chunk: &str) -> Result<Option<Part>, Error> {
        let found = words::split(chunk, "").into_iter().take(WORDS_MAX);
        let found = found.map(|word| self.word(&chunk[word.start..word.end]));
        let words = found.collect::<Result<Vec<_>, Error>>()?;
        Ok((!words.is_empty()).then(|| Part::Words {
            words,
            identifier: Some(self.identifier(chunk)),
        }))
    }

    fn word(&self, word: &str) -> Result<Word, Error> {
        let forms = words::forms(word, &self.languages);
        let terms = |field| {
            let terms = forms.iter().map(|form| Term::from_field_text(field, form));
            terms.collect()
        };
        let mut besides = self.weighted(terms(self.fields.title), TITLE_BOOST)?;
        besides.extend(self.weighted(terms(self.fields.keywords), KEYWORD_BOOST)?);
        Ok(Word {
            anywhere: self.weighted(terms(self.fields.text), 1.0)?,
            besides,
        })
    }

    /// Leaves out forms that no record has: most languages add nothing to most words.
    fn weighted(&self, terms: Vec<Term>, boost: f32) -> Result<Vec<Weighted>, Error> {
        let mut weighted = Vec::new();
        for term in terms {
            if self.searcher.doc_freq(&term)? > 0 {
                let weight = Bm25Weight::for_terms(self.searcher, std::slice::from_ref(&term))?;
                let weight = weight.boost_by(boost);
                weighted.push(Weighted { term, weight });
            }
        }
        Ok(weighted)
    }

    fn identifier(&self, text: &str) -> Exact {
        Exact {
            term: Term::from_field_text(self.fields.identifier, &text.to_lowercase()),
            score: IDENTIFIER_SCORE,
        }
    }
}

/// Words that follow each other, sought only where each two of them do.
fn whole(words: Vec<Term>, pairs: &[Term]) -> Box<dyn Query> {
    let mut parts: Vec<Box<dyn Query>> = vec![Box::new(PhraseQuery::new(words))];
    for pair in pairs {
        let pair = TermQuery::new(pair.clone(), IndexRecordOption::Basic);
        parts.push(Box::new(pair));
    }
    Box::new(BooleanQuery::intersection(parts))
}

/// Whether an IRI is meant by itself or by its last segment.
fn is_named(iri: &str, wanted: &str) -> bool {
    iri == wanted || iri.rsplit(['#', '/']).next() == Some(wanted)
}

fn is_stop_word(piece: &Piece) -> bool {
    matches!(piece, Piece::Chunk(chunk) if words::is_stop_word(&words::fold(chunk)))
}
