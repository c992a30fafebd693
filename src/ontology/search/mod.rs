//! Which concepts do a few words mean, typed in any case, language, half or wrongly?
//!
//! Every name (label or synonym) is a list of numbers of words. What was typed is compared with
//! the words, not with the names; then the names of the rarest word are looked at, the best first,
//! and each is asked whether the other words are in it. So the work of a look-up has a bound that
//! does not grow with the number of concepts.

mod fold;
mod words;

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::concept::Concept;
use fold::fold;
use words::{Distance, Words};

/// Words of a query beyond this many are not looked at.
pub const QUERY_WORDS_MAX: usize = 8;
/// Letters of a query beyond this many are not looked at.
pub const QUERY_LETTERS_MAX: usize = 200;
/// No more names are looked at for one query.
const NAMES_MAX: usize = 6_144;
/// Of the words with a beginning, the shortest are looked at.
const BEGUN_MAX: usize = 2_048;
/// Of so many concepts the names are looked at together.
const TOGETHER_MAX: usize = 1_024;
/// In a part of the ontology that is smaller, every name is looked at.
pub(super) const SCOPE_MAX: usize = 2_048;
/// Shorter beginnings are looked for at the beginning of words only, and not mistyped.
const LETTERS_MIN: usize = 4;
/// In longer words two slips are forgiven, in others one.
const LETTERS_LONG: usize = 8;

/// Words that say little: a label with one of them counts as if it were not there.
const NOISE: &[&str] = &[
    "structure",
    "entire",
    "nos",
    "of",
    "the",
    "and",
    "or",
    "action",
];

/// A concept found, the better the higher its score.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    pub concept: &'a Concept,
    /// The label, synonym or code that fits best.
    pub text: &'a str,
    pub name: NameKind<'a>,
    pub how: How,
    pub score: f32,
}

/// What a text is to its concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind<'a> {
    /// Its label in a language.
    Label(&'a str),
    /// Another name in a language.
    Synonym(&'a str),
    /// Its code in a system.
    Code(&'a str),
}

/// How well what was typed fits a name: as well as its worst word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is the name.
    Exact,
    /// Its words are in the name.
    Words,
    /// A word was begun.
    Prefix,
    /// A word holds it: «krebs» in «Brustkrebs».
    Part,
    /// A word was mistyped.
    Typo,
    /// The words are spread over several names.
    Spread,
}

impl How {
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Words => "words",
            Self::Prefix => "prefix",
            Self::Part => "part",
            Self::Typo => "typo",
            Self::Spread => "spread",
        }
    }
}

/// Where to look.
pub(super) enum Scope<'a> {
    /// Everywhere.
    All,
    /// Among these concepts.
    Few(Vec<u32>),
    /// Among those that something holds for.
    Many(&'a dyn Fn(u32) -> bool),
}

/// Labels and synonyms by their words.
pub(super) struct SearchIndex {
    words: Words,
    /// Those that say most with least come first.
    names: Box<[Name]>,
    /// The words of all names, one after the other.
    text: Box<[u32]>,
    /// Word → names.
    with_word: Lists,
    /// Concept → names.
    of_concept: Lists,
    /// The names in the order of their words.
    by_words: Box<[u32]>,
}

#[derive(Clone, Copy)]
struct Name {
    concept: u32,
    /// Where its words begin.
    start: u32,
    count: u16,
    /// Which label of the concept; the synonyms follow the labels.
    place: u16,
    /// How many bytes it has.
    length: u16,
    /// How many words it has that say something.
    telling: u8,
    is_synonym: bool,
}

/// One found concept: its number, the place of the name among labels and synonyms, its score.
pub(super) struct Found {
    pub(super) concept: u32,
    pub(super) place: u16,
    pub(super) how: How,
    pub(super) score: f32,
}

/// One word of a query: which words it may stand for.
struct Token {
    typed: usize,
    exact: Option<u32>,
    begun: Range<u32>,
    /// Words that hold it or that it may be a slip of.
    others: FxHashMap<u32, (f32, How)>,
    /// How many names have one of these words.
    names: usize,
}

/// How well a name fits: the mean quality of the words, and how the worst of them fits.
#[derive(Clone, Copy)]
struct Fit {
    score: f32,
    how: How,
    name: u32,
}

impl SearchIndex {
    pub(super) fn new(concepts: &[Concept]) -> Self {
        let mut folded: Vec<(Name, String)> = Vec::with_capacity(concepts.len() * 3);
        for (number, concept) in (0_u32..).zip(concepts) {
            let labels = concept.labels.iter().map(|label| (label, false));
            let synonyms = concept.synonyms.iter().map(|synonym| (synonym, true));
            for (place, ((_, text), is_synonym)) in (0_u16..=u16::MAX).zip(labels.chain(synonyms)) {
                let text = fold(text);
                if !text.is_empty() {
                    folded.push((Name::new(number, place, is_synonym, &text), text));
                }
            }
        }
        folded.sort_by_key(|(name, _)| name.rank());
        let mut seen: FxHashMap<&str, u32> = FxHashMap::default();
        for (_, text) in &folded {
            for word in text.split(' ') {
                seen.entry(word).or_default();
            }
        }
        let mut sorted: Vec<&str> = seen.keys().copied().collect();
        sorted.sort_unstable();
        for (number, word) in (0_u32..).zip(&sorted) {
            seen.insert(word, number);
        }
        let words = Words::new(&sorted);
        let mut names = Vec::with_capacity(folded.len());
        let mut text = Vec::new();
        for (mut name, words) in folded.iter().map(|(name, text)| (*name, text)) {
            name.start = count(text.len());
            let of_name = words.split(' ').take(usize::from(name.count));
            text.extend(of_name.map(|word| seen[word]));
            names.push(name);
        }
        let mut index = Self {
            with_word: Lists::new(
                words.len(),
                (0_u32..).zip(&names).flat_map(|(number, name)| {
                    let words = name.words(&text);
                    let is_new = move |at: &usize| !words[..*at].contains(&words[*at]);
                    (0..words.len())
                        .filter(is_new)
                        .map(move |at| (words[at], number))
                }),
            ),
            of_concept: Lists::new(
                count(concepts.len()),
                (0_u32..)
                    .zip(&names)
                    .map(|(number, name)| (name.concept, number)),
            ),
            by_words: (0..count(names.len())).collect(),
            words,
            names: names.into_boxed_slice(),
            text: text.into_boxed_slice(),
        };
        let mut by_words = std::mem::take(&mut index.by_words);
        by_words.sort_by(|a, b| index.words_of(*a).cmp(index.words_of(*b)));
        index.by_words = by_words;
        index
    }

    /// The concepts with exactly this label or synonym, folded; each once.
    pub(super) fn with_label(&self, text: &str) -> Vec<u32> {
        let folded = fold(text);
        let words: Option<Vec<u32>> = folded
            .split(' ')
            .map(|word| self.words.number(word))
            .collect();
        let mut found = Vec::new();
        for name in words.iter().flat_map(|words| self.named(words)) {
            let concept = self.names[*name as usize].concept;
            if !found.contains(&concept) {
                found.push(concept);
            }
        }
        found.sort_unstable();
        found
    }

    /// The concepts that fit all words, the best first. `weight` says how much a concept counts.
    pub(super) fn find(
        &self,
        text: &str,
        scope: &Scope<'_>,
        limit: usize,
        weight: impl Fn(u32) -> f32,
    ) -> Vec<Found> {
        let text: String = text.chars().take(QUERY_LETTERS_MAX).collect();
        let folded = fold(&text);
        let tokens: Vec<Token> = folded
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(QUERY_WORDS_MAX)
            .map(|word| self.token(word))
            .collect();
        if tokens.is_empty() || tokens.iter().any(|token| token.names == 0) {
            return Vec::new();
        }
        let mut best: FxHashMap<u32, Fit> = FxHashMap::default();
        let mut partly: Vec<u32> = Vec::new();
        let mut look = |number: u32| {
            let name = &self.names[number as usize];
            if let Scope::Many(holds) = scope
                && !holds(name.concept)
            {
                return;
            }
            match self.fit(number, &tokens) {
                Some(fit) => {
                    let kept = best.entry(name.concept).or_insert(fit);
                    if fit.score > kept.score {
                        *kept = fit;
                    }
                }
                None if partly.len() < TOGETHER_MAX => partly.push(number),
                None => {}
            }
        };
        match scope {
            Scope::Few(concepts) => {
                let names = concepts.iter().flat_map(|one| self.of_concept.get(*one));
                names.for_each(|name| look(*name));
            }
            Scope::All | Scope::Many(_) => {
                self.named_exactly(&tokens)
                    .iter()
                    .for_each(|name| look(*name));
                self.candidates(&tokens, &mut look);
            }
        }
        if tokens.len() > 1 {
            self.spread(&tokens, &partly, &mut best);
        }
        self.ranked(best, limit, weight)
    }

    fn ranked(
        &self,
        best: FxHashMap<u32, Fit>,
        limit: usize,
        weight: impl Fn(u32) -> f32,
    ) -> Vec<Found> {
        let weighed = |(concept, fit): (u32, Fit)| {
            let length = self.names[fit.name as usize].length;
            (fit.score * weight(concept), length, concept, fit)
        };
        let mut found: Vec<(f32, u16, u32, Fit)> = best.into_iter().map(weighed).collect();
        let order = |a: &(f32, u16, u32, Fit), b: &(f32, u16, u32, Fit)| {
            let better = b.0.total_cmp(&a.0);
            better.then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2))
        };
        if found.len() > limit && limit > 0 {
            found.select_nth_unstable_by(limit - 1, order);
        }
        found.truncate(limit);
        found.sort_by(order);
        found
            .into_iter()
            .map(|(score, _, concept, fit)| Found {
                concept,
                place: self.names[fit.name as usize].place,
                how: fit.how,
                score,
            })
            .collect()
    }

    /// The words that a typed one may stand for: those that begin so and those that hold it (German
    /// compounds); if there are none, those that differ by a slip or two.
    fn token(&self, word: &str) -> Token {
        let begun = self.words.beginning(word);
        let exact = Some(begun.start)
            .filter(|first| *first < begun.end && self.words.length(*first) == word.len());
        let mut others: FxHashMap<u32, (f32, How)> = FxHashMap::default();
        let letters = word.chars().count();
        if letters >= LETTERS_MIN {
            for held in self.words.holding(word) {
                let at_end = self.words.get(held).ends_with(word);
                let quality = if at_end { 0.6 } else { 0.45 };
                if !begun.contains(&held) {
                    others.insert(held, (quality, How::Part));
                }
            }
            if begun.is_empty() && others.is_empty() {
                let slips_max = if letters < LETTERS_LONG { 1 } else { 2 };
                let slipped = self.words.slipped(word, slips_max).into_iter();
                others.extend(slipped.map(|(word, distance)| (word, (slip(distance), How::Typo))));
            }
        }
        let of_others = others.keys().map(|word| self.with_word.get(*word).len());
        let names = self.with_word.span(begun.clone()) + of_others.sum::<usize>();
        Token {
            typed: word.len(),
            exact,
            begun,
            others,
            names,
        }
    }

    /// The names of the rarest word, those of the best words first.
    fn candidates(&self, tokens: &[Token], look: &mut impl FnMut(u32)) {
        let Some(rarest) = tokens.iter().min_by_key(|token| token.names) else {
            return;
        };
        let mut left = NAMES_MAX;
        for word in self.best_words(rarest) {
            for name in self.with_word.get(word).iter().take(left) {
                look(*name);
            }
            left = left.saturating_sub(self.with_word.get(word).len());
            if left == 0 {
                return;
            }
        }
    }

    fn best_words(&self, token: &Token) -> Vec<u32> {
        let mut begun: Vec<u32> = token.begun.clone().collect();
        let length = |word: &u32| (self.words.length(*word), *word);
        if begun.len() > BEGUN_MAX {
            begun.select_nth_unstable_by_key(BEGUN_MAX, length);
            begun.truncate(BEGUN_MAX);
        }
        begun.sort_unstable_by_key(length);
        let mut others: Vec<(u32, f32)> = token
            .others
            .iter()
            .map(|(word, (quality, _))| (*word, *quality))
            .collect();
        others.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        begun.extend(others.into_iter().map(|(word, _)| word));
        begun
    }

    /// How well a name fits, when every token fits one of its words.
    fn fit(&self, number: u32, tokens: &[Token]) -> Option<Fit> {
        let words = self.words_of(number);
        let mut sum = 0.0;
        let mut how = How::Words;
        for token in tokens {
            let (quality, way) = self.best_of(token, words)?;
            sum += quality;
            how = how.max(way);
        }
        let name = &self.names[number as usize];
        let whole = how == How::Words
            && words.len() == tokens.len()
            && words
                .iter()
                .zip(tokens)
                .all(|(word, token)| token.exact == Some(*word));
        if whole {
            let (score, how) = (1.5 * name.weight(), How::Exact);
            return Some(Fit {
                score,
                how,
                name: number,
            });
        }
        let mean = sum / small(tokens.len());
        let covered = small(tokens.len()) / f32::from(name.telling.max(1));
        let coverage = 0.6 + 0.4 * covered.min(1.0);
        let begins = if begins_with(words, tokens) {
            0.02
        } else {
            0.0
        };
        Some(Fit {
            score: (mean * coverage + begins) * name.weight(),
            how,
            name: number,
        })
    }

    /// The best fit of a token among some words.
    fn best_of(&self, token: &Token, words: &[u32]) -> Option<(f32, How)> {
        let mut best: Option<(f32, How)> = None;
        for word in words {
            let fit = if token.exact == Some(*word) {
                return Some((1.0, How::Words));
            } else if token.begun.contains(word) {
                let whole = self.words.length(*word);
                (0.7 + 0.2 * small(token.typed) / small(whole), How::Prefix)
            } else if let Some(other) = token.others.get(word) {
                *other
            } else {
                continue;
            };
            if best.is_none_or(|kept| fit.0 > kept.0) {
                best = Some(fit);
            }
        }
        best
    }

    /// The words may also be spread over several names of one concept.
    fn spread(&self, tokens: &[Token], partly: &[u32], best: &mut FxHashMap<u32, Fit>) {
        for number in partly {
            let concept = self.names[*number as usize].concept;
            if best.contains_key(&concept) {
                continue;
            }
            let names = self.of_concept.get(concept);
            let quality = |token: &Token| {
                let of_names = names
                    .iter()
                    .filter_map(|name| self.best_of(token, self.words_of(*name)));
                of_names.map(|(quality, _)| quality).max_by(f32::total_cmp)
            };
            let qualities: Option<Vec<f32>> = tokens.iter().map(quality).collect();
            if let Some(qualities) = qualities {
                let score = 0.4 * qualities.iter().sum::<f32>() / small(tokens.len());
                let fit = Fit {
                    score,
                    how: How::Spread,
                    name: *number,
                };
                best.insert(concept, fit);
            }
        }
    }

    /// The names that are what was typed.
    fn named_exactly(&self, tokens: &[Token]) -> &[u32] {
        let words: Option<Vec<u32>> = tokens.iter().map(|token| token.exact).collect();
        words.map_or(&[], |words| self.named(&words))
    }

    /// The names of exactly these words.
    fn named(&self, words: &[u32]) -> &[u32] {
        let from = self
            .by_words
            .partition_point(|name| self.words_of(*name) < words);
        let same = self.by_words[from..].partition_point(|name| self.words_of(*name) == words);
        &self.by_words[from..from + same]
    }

    fn words_of(&self, name: u32) -> &[u32] {
        self.names[name as usize].words(&self.text)
    }
}

impl Name {
    fn new(concept: u32, place: u16, is_synonym: bool, text: &str) -> Self {
        let words = text.split(' ').count();
        let telling = text.split(' ').filter(|word| !NOISE.contains(word)).count();
        let telling = if telling == 0 { words } else { telling };
        Self {
            concept,
            start: 0,
            count: u16::try_from(words).unwrap_or(u16::MAX),
            place,
            length: u16::try_from(text.len()).unwrap_or(u16::MAX),
            telling: u8::try_from(telling).unwrap_or(u8::MAX),
            is_synonym,
        }
    }

    /// Few telling words first, labels before synonyms.
    fn rank(&self) -> (u8, bool, u16, u32, u16) {
        let Self {
            telling,
            is_synonym,
            ..
        } = *self;
        (telling, is_synonym, self.count, self.concept, self.place)
    }

    fn words<'a>(&self, text: &'a [u32]) -> &'a [u32] {
        &text[self.start as usize..self.start as usize + usize::from(self.count)]
    }

    /// A label counts for more than a synonym.
    fn weight(&self) -> f32 {
        if self.is_synonym { 0.93 } else { 1.0 }
    }
}

/// Whether a name begins with what was typed.
fn begins_with(words: &[u32], tokens: &[Token]) -> bool {
    let Some((last, whole)) = tokens.split_last() else {
        return false;
    };
    words.len() >= tokens.len()
        && words
            .iter()
            .zip(whole)
            .all(|(word, token)| token.exact == Some(*word))
        && last.begun.contains(&words[whole.len()])
}

/// Number → numbers, all lists in one.
struct Lists {
    starts: Box<[u32]>,
    items: Box<[u32]>,
}

impl Lists {
    /// The items of each list keep their order.
    fn new(lists: u32, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; lists as usize + 1];
        for (list, _) in pairs.clone() {
            starts[list as usize + 1] += 1;
        }
        for list in 0..lists as usize {
            starts[list + 1] += starts[list];
        }
        let mut ends = starts.clone();
        let mut items = vec![0; starts[lists as usize] as usize];
        for (list, item) in pairs {
            let end = &mut ends[list as usize];
            items[*end as usize] = item;
            *end += 1;
        }
        Self {
            starts: starts.into_boxed_slice(),
            items: items.into_boxed_slice(),
        }
    }

    fn get(&self, list: u32) -> &[u32] {
        let list = list as usize;
        &self.items[self.starts[list] as usize..self.starts[list + 1] as usize]
    }

    /// How many items some lists have together.
    fn span(&self, lists: Range<u32>) -> usize {
        (self.starts[lists.end as usize] - self.starts[lists.start as usize]) as usize
    }
}

/// How well a word fits a token that was mistyped, or began mistyped.
fn slip(distance: Distance) -> f32 {
    match distance {
        Distance::Whole(slips) => 0.65 - 0.15 * f32::from(slips),
        Distance::Beginning(slips) => 0.5 - 0.15 * f32::from(slips),
    }
}

fn small(number: usize) -> f32 {
    f32::from(u16::try_from(number).unwrap_or(u16::MAX))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).expect("names and their words are numbered by u32")
}
