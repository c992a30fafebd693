//! Which concepts do a few words mean, typed in any case, language, half or wrongly?

use std::cmp::Ordering;

use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::concept::Concept;

/// Words of a query beyond this many are not looked at.
pub const QUERY_WORDS_MAX: usize = 8;
/// Letters of a query beyond this many are not looked at.
pub const QUERY_LETTERS_MAX: usize = 200;

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
    pub score: f32,
}

/// Labels and synonyms by their folded text and by their words.
pub(super) struct SearchIndex {
    /// Sorted by text.
    entries: Vec<Entry>,
    /// Sorted by word; the numbers are places in `entries`.
    words: Vec<(Box<str>, Box<[u32]>)>,
}

struct Entry {
    text: Box<str>,
    concept: u32,
    /// Which label, or which synonym, of the concept.
    place: Place,
    /// How many words it has that say something.
    telling: u8,
}

#[derive(Clone, Copy)]
enum Place {
    Label(u16),
    Synonym(u16),
}

/// One found concept: its number, the label's place, its score.
pub(super) struct Found<'a> {
    pub(super) concept: u32,
    pub(super) text: &'a str,
    pub(super) score: f32,
}

/// Lower case, without accents, words apart by one space.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        match letter {
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' => folded.push('d'),
            letter if letter.is_alphanumeric() => folded.push(letter),
            // "+" tells the tiers 1 and 1A+ apart.
            '+' => folded.push('+'),
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

impl SearchIndex {
    pub(super) fn new(concepts: &[Concept]) -> Self {
        let mut entries = Vec::with_capacity(concepts.len() * 3);
        for (number, concept) in (0_u32..).zip(concepts) {
            let labels = (0_u16..)
                .zip(&concept.labels)
                .map(|(n, l)| (Place::Label(n), l));
            let synonyms = (0_u16..)
                .zip(&concept.synonyms)
                .map(|(n, s)| (Place::Synonym(n), s));
            for (place, (_, text)) in labels.chain(synonyms) {
                let text = fold(text).into_boxed_str();
                if !text.is_empty() {
                    let telling = telling_words(&text);
                    entries.push(Entry {
                        text,
                        concept: number,
                        place,
                        telling,
                    });
                }
            }
        }
        entries.sort_by(|a, b| a.text.cmp(&b.text).then(a.concept.cmp(&b.concept)));
        let mut words: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (number, entry) in (0_u32..).zip(&entries) {
            for word in entry.text.split(' ') {
                let places = words.entry(word).or_default();
                if places.last() != Some(&number) {
                    places.push(number);
                }
            }
        }
        let mut words: Vec<(Box<str>, Box<[u32]>)> = words
            .into_iter()
            .map(|(word, places)| (Box::from(word), places.into_boxed_slice()))
            .collect();
        words.sort();
        Self { entries, words }
    }

    /// The concepts with exactly this label or synonym, folded; each once.
    pub(super) fn with_label(&self, text: &str) -> Vec<u32> {
        let folded = fold(text);
        let start = self.entries.partition_point(|entry| *entry.text < *folded);
        let mut found = Vec::new();
        for entry in self.entries[start..]
            .iter()
            .take_while(|entry| *entry.text == *folded)
        {
            if !found.contains(&entry.concept) {
                found.push(entry.concept);
            }
        }
        found
    }

    /// The concepts that fit all words, the best first. `weight` says how much a concept counts; one
    /// without weight is not wanted.
    pub(super) fn find<'a>(
        &self,
        text: &str,
        concepts: &'a [Concept],
        weight: impl Fn(u32) -> f32,
    ) -> Vec<Found<'a>> {
        let text: String = text.chars().take(QUERY_LETTERS_MAX).collect();
        let folded = fold(&text);
        let tokens: Vec<&str> = folded
            .split(' ')
            .filter(|t| !t.is_empty())
            .take(QUERY_WORDS_MAX)
            .collect();
        if tokens.is_empty() {
            return Vec::new();
        }
        let fits = self.fits(&tokens);
        let mut best: FxHashMap<u32, (f32, u32)> = FxHashMap::default();
        let mut together: FxHashMap<u32, ([f32; QUERY_WORDS_MAX], u32)> = FxHashMap::default();
        for (number, qualities) in &fits {
            let entry = &self.entries[*number as usize];
            if weight(entry.concept) <= 0.0 {
                continue;
            }
            let all = together
                .entry(entry.concept)
                .or_insert(([0.0; QUERY_WORDS_MAX], *number));
            for (sum, quality) in all.0.iter_mut().zip(qualities) {
                *sum = sum.max(*quality);
            }
            if qualities[..tokens.len()].contains(&0.0) {
                continue;
            }
            let score = entry.score(&folded, &qualities[..tokens.len()]);
            let kept = best.entry(entry.concept).or_insert((score, *number));
            if score > kept.0 || (score - kept.0).abs() < f32::EPSILON && *number < kept.1 {
                *kept = (score, *number);
            }
        }
        // The words may also be spread over several names of one concept.
        for (concept, (qualities, number)) in together {
            let qualities = &qualities[..tokens.len()];
            if !qualities.contains(&0.0) {
                best.entry(concept)
                    .or_insert((0.4 * mean(qualities), number));
            }
        }
        let mut found: Vec<Found<'a>> = best
            .into_iter()
            .map(|(concept, (score, number))| {
                let known = &concepts[concept as usize];
                let score = score * weight(concept);
                Found {
                    concept,
                    text: self.entries[number as usize].words_of(known),
                    score,
                }
            })
            .collect();
        found.sort_by(|a, b| {
            b.score
                .partial_cmp(&a.score)
                .unwrap_or(Ordering::Equal)
                .then_with(|| a.text.len().cmp(&b.text.len()))
                .then_with(|| a.concept.cmp(&b.concept))
        });
        found
    }

    /// Entry → how well each token fits one of its words (0: not at all).
    fn fits(&self, tokens: &[&str]) -> FxHashMap<u32, [f32; QUERY_WORDS_MAX]> {
        let mut fits: FxHashMap<u32, [f32; QUERY_WORDS_MAX]> = FxHashMap::default();
        for (place, token) in tokens.iter().enumerate() {
            for (word, quality) in self.words_like(token) {
                for entry in &self.words[word].1 {
                    let kept = &mut fits.entry(*entry).or_insert([0.0; QUERY_WORDS_MAX])[place];
                    *kept = kept.max(quality);
                }
            }
        }
        fits
    }

    /// The words that begin with a token, then those that hold it (German compounds); if there are
    /// none, those that differ by a slip or two.
    fn words_like(&self, token: &str) -> Vec<(usize, f32)> {
        let start = self.words.partition_point(|(word, _)| **word < *token);
        let mut found = Vec::new();
        for (number, (word, _)) in self.words.iter().enumerate().skip(start) {
            if !word.starts_with(token) {
                break;
            }
            found.push((number, begins(token.len(), word.len())));
        }
        let letters: Vec<char> = token.chars().collect();
        if letters.len() < 4 {
            return found;
        }
        for (number, (word, _)) in self.words.iter().enumerate() {
            if word.find(token).is_some_and(|place| place > 0) {
                found.push((number, if word.ends_with(token) { 0.6 } else { 0.45 }));
            }
        }
        if !found.is_empty() {
            return found;
        }
        let slips_max = if letters.len() < 8 { 1 } else { 2 };
        for (number, (word, _)) in self.words.iter().enumerate() {
            if let Some(quality) = near(&letters, word, slips_max) {
                found.push((number, quality));
            }
        }
        found
    }
}

impl Entry {
    fn score(&self, query: &str, qualities: &[f32]) -> f32 {
        if *self.text == *query {
            return 1.5 * self.place.weight();
        }
        let covered = f32::from(u8::try_from(qualities.len()).unwrap_or(u8::MAX))
            / f32::from(self.telling.max(1));
        let coverage = 0.6 + 0.4 * covered.min(1.0);
        let begins = if self.text.starts_with(query) {
            0.02
        } else {
            0.0
        };
        (mean(qualities) * coverage + begins) * self.place.weight()
    }

    fn words_of<'a>(&self, concept: &'a Concept) -> &'a str {
        let text = match self.place {
            Place::Label(n) => concept.labels.get(usize::from(n)),
            Place::Synonym(n) => concept.synonyms.get(usize::from(n)),
        };
        text.map_or("", |(_, text)| text)
    }
}

impl Place {
    /// A label counts for more than a synonym.
    fn weight(self) -> f32 {
        match self {
            Self::Label(_) => 1.0,
            Self::Synonym(_) => 0.93,
        }
    }
}

fn telling_words(text: &str) -> u8 {
    let all = text.split(' ').count();
    let telling = text.split(' ').filter(|word| !NOISE.contains(word)).count();
    let count = if telling == 0 { all } else { telling };
    u8::try_from(count).unwrap_or(u8::MAX)
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / f32::from(u8::try_from(values.len().max(1)).unwrap_or(u8::MAX))
}

/// How well a word fits whose beginning was typed.
fn begins(typed: usize, whole: usize) -> f32 {
    if typed == whole {
        return 1.0;
    }
    let part = |n: usize| f32::from(u16::try_from(n).unwrap_or(u16::MAX));
    0.7 + 0.2 * part(typed) / part(whole)
}

/// How well a word fits a token that was mistyped, or began mistyped: none if there are more slips
/// (wrong, missing, added or swapped letters) than allowed.
fn near(token: &[char], word: &str, slips_max: usize) -> Option<f32> {
    let mut before: Vec<usize>;
    let mut last: Vec<usize> = Vec::new();
    let letters: Vec<char> = word.chars().take(token.len() + slips_max + 1).collect();
    if letters.len() + slips_max < token.len() {
        return None;
    }
    let mut row: Vec<usize> = (0..=letters.len()).collect();
    for (i, typed) in token.iter().enumerate() {
        before = std::mem::replace(&mut last, std::mem::take(&mut row));
        row = vec![i + 1; letters.len() + 1];
        for (j, letter) in letters.iter().enumerate() {
            let substituted = last[j] + usize::from(typed != letter);
            let mut slips = substituted.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && token[i - 1] == *letter && letters[j - 1] == *typed {
                slips = slips.min(before[j - 1] + 1);
            }
            row[j + 1] = slips;
        }
        if row.iter().min().is_none_or(|least| *least > slips_max) {
            return None;
        }
    }
    let slip_cost = |slips: usize| 0.15 * f32::from(u8::try_from(slips).unwrap_or(u8::MAX));
    let whole = row[letters.len()];
    if whole <= slips_max && word.chars().count() == letters.len() {
        return Some(0.65 - slip_cost(whole));
    }
    let beginning = *row.iter().min()?;
    (beginning <= slips_max && token.len() >= 5).then(|| 0.5 - slip_cost(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_punctuation() {
        assert_eq!(fold("  Œsophage,  Straße "), "oesophage strasse");
        assert_eq!(fold("Tumor/Próstata (NOS)"), "tumor prostata nos");
        assert_eq!(fold("Tier 1A+"), "tier 1a+");
        assert_eq!(fold("…"), "");
    }

    #[test]
    fn slips_are_forgiven_within_bounds() {
        let token = |text: &str| text.chars().collect::<Vec<_>>();
        assert!(near(&token("prostat"), "prostate", 1).is_some());
        assert!(near(&token("mamography"), "mammography", 2).is_some());
        assert!(near(&token("braest"), "breast", 1).is_some());
        assert!(near(&token("kidney"), "breast", 1).is_none());
    }
}
