//! How text becomes words: splitting, folding, stemming by language, and marking what was found.

use std::collections::BTreeSet;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashSet;
use tantivy::tokenizer::{
    PreTokenizedString, SimpleTokenizer, TextAnalyzer, Token, TokenStream as _,
};
use unicode_normalization::UnicodeNormalization as _;

/// Longer words are cut: nobody types them and the index would keep them all.
const WORD_BYTES_MAX: usize = 80;
/// Separates a stem from its language, so that stems of two languages never meet.
pub(super) const STEM_MARK: char = '\u{1}';
/// The language of text that does not tell its own.
pub(super) const DEFAULT_LANGUAGE: &str = "en";

/// Languages with a stemmer; others are folded only: of those of the Union, Bulgarian, Latvian,
/// Maltese, Slovak and Slovene.
const STEMMERS: &[(&str, Algorithm)] = &[
    ("ar", Algorithm::Arabic),
    ("cs", Algorithm::Czech),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("el", Algorithm::Greek),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("et", Algorithm::Estonian),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("ga", Algorithm::Irish),
    // The Serbian stemmer reads both alphabets and both ways to spell.
    ("hr", Algorithm::Serbian),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("lt", Algorithm::Lithuanian),
    ("nb", Algorithm::Norwegian),
    ("nl", Algorithm::Dutch),
    ("nn", Algorithm::Norwegian),
    ("no", Algorithm::Norwegian),
    ("pl", Algorithm::Polish),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sr", Algorithm::Serbian),
    ("sv", Algorithm::Swedish),
    ("ta", Algorithm::Tamil),
    ("tr", Algorithm::Turkish),
];

/// Words that carry no meaning of their own in a query.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "au", "aus", "aux", "avec", "by", "con", "da", "dans",
    "das", "de", "dei", "del", "della", "dem", "den", "der", "des", "di", "die", "do", "du", "e",
    "een", "ein", "eine", "el", "en", "es", "et", "for", "from", "het", "i", "il", "im", "in",
    "is", "la", "las", "le", "les", "los", "mit", "o", "of", "on", "or", "ou", "par", "para",
    "per", "por", "pour", "sur", "the", "to", "u", "un", "una", "und", "une", "van", "von", "with",
    "y", "zu", "zum", "zur",
];

/// The primary subtag of a language tag in lower case: `en-GB` is `en`.
pub(super) fn primary(tag: &str) -> String {
    let subtag = tag.split(['-', '_']).next().unwrap_or_default();
    subtag.to_ascii_lowercase()
}

/// Whether a folded word carries no meaning of its own.
pub(super) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.binary_search(&word).is_ok()
}

/// The form in which letters are stored: composed, so that offsets stay true.
pub(super) fn compose(text: &str) -> String {
    text.nfc().collect()
}

/// Lower case without accents.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        folded.push_str(text);
        folded.make_ascii_lowercase();
    } else {
        for letter in text.nfkd() {
            if !unicode_normalization::char::is_combining_mark(letter) {
                fold_letter(letter, &mut folded);
            }
        }
    }
    truncate(&mut folded, WORD_BYTES_MAX);
    folded
}

fn fold_letter(letter: char, folded: &mut String) {
    match letter {
        'ß' | 'ẞ' => folded.push_str("ss"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'ø' | 'Ø' => folded.push('o'),
        'ł' | 'Ł' => folded.push('l'),
        'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
        'þ' | 'Þ' => folded.push_str("th"),
        'ħ' | 'Ħ' => folded.push('h'),
        'ŧ' | 'Ŧ' => folded.push('t'),
        'ı' => folded.push('i'),
        // A sigma at the end of a word is the same letter.
        'ς' => folded.push('σ'),
        _ => folded.extend(letter.to_lowercase()),
    }
}

fn truncate(text: &mut String, bytes_max: usize) {
    if text.len() > bytes_max {
        text.truncate(floor(text, bytes_max));
    }
}

/// The last place up to a number of bytes where a letter begins.
fn floor(text: &str, bytes_max: usize) -> usize {
    let places = (0..=bytes_max.min(text.len())).rev();
    places
        .into_iter()
        .find(|place| text.is_char_boundary(*place))
        .unwrap_or(0)
}

/// One word of a text: where it stands and the forms under which it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) surface: String,
    /// The marked stem, when it differs from the surface.
    pub(super) stem: Option<String>,
}

/// Splits text and stems it in its language.
pub(super) fn split(text: &str, language: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut analyser = plain();
    analyser.token_stream(text).process(&mut |token| {
        words.push(Word {
            start: token.offset_from,
            end: token.offset_to,
            surface: fold(&text[token.offset_from..token.offset_to]),
            stem: None,
        });
    });
    if let Some(stemmer) = stemmer(language) {
        for word in &mut words {
            let stem = stemmed(stemmer, &text[word.start..word.end]);
            word.stem = marked_stem(&stem, language, &word.surface);
        }
    }
    words
}

fn marked_stem(stem: &str, language: &str, surface: &str) -> Option<String> {
    let stem = fold(stem);
    (stem != surface && !stem.is_empty()).then(|| format!("{stem}{STEM_MARK}{language}"))
}

fn plain() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default()).build()
}

fn stemmer(language: &str) -> Option<Stemmer> {
    let found = STEMMERS.iter().find(|(code, _)| *code == language)?;
    Some(Stemmer::new(found.1))
}

fn stemmed(stemmer: Stemmer, word: &str) -> String {
    stemmer.stem(&word.to_lowercase()).into_owned()
}

/// A text as the index takes it: surface forms, and stems at the same positions.
pub(super) fn tokens(text: &str, language: &str) -> PreTokenizedString {
    let mut tokens = Vec::new();
    for (position, word) in split(text, language).into_iter().enumerate() {
        for form in [Some(word.surface), word.stem].into_iter().flatten() {
            tokens.push(Token {
                offset_from: word.start,
                offset_to: word.end,
                position,
                text: form,
                position_length: 1,
            });
        }
    }
    PreTokenizedString {
        text: String::new(),
        tokens,
    }
}

/// The words that follow each other in a text, two and two.
pub(super) fn pairs(text: &PreTokenizedString) -> PreTokenizedString {
    // The first token of a place is the word as it stands there, a second one its stem.
    let mut words: Vec<&Token> = text.tokens.iter().collect();
    words.dedup_by_key(|token| token.position);
    let pairs = words.windows(2).map(|two| Token {
        offset_from: two[0].offset_from,
        offset_to: two[1].offset_to,
        position: two[0].position,
        text: pair(&two[0].text, &two[1].text),
        position_length: 1,
    });
    PreTokenizedString {
        text: String::new(),
        tokens: pairs.collect(),
    }
}

/// Two words that follow each other as the index knows them.
pub(super) fn pair(first: &str, second: &str) -> String {
    format!("{first} {second}")
}

/// All forms under which a word of a query can be found, in any of the languages.
pub(super) fn forms(word: &str, languages: &BTreeSet<String>) -> Vec<String> {
    let surface = fold(word);
    let mut forms = BTreeSet::from([surface]);
    for language in languages {
        let Some(stemmer) = stemmer(language) else {
            continue;
        };
        let stem = fold(&stemmed(stemmer, word));
        if !stem.is_empty() {
            forms.insert(format!("{stem}{STEM_MARK}{language}"));
            forms.insert(stem);
        }
    }
    forms.into_iter().collect()
}

/// A passage of a text as HTML, with the wanted words marked. At most `length_max` characters,
/// cut where most of the wanted words stand.
pub(super) fn passage(
    text: &str,
    language: &str,
    wanted: &FxHashSet<String>,
    length_max: usize,
) -> (String, usize) {
    if wanted.is_empty() {
        return (beginning(text, length_max), 0);
    }
    let mut words = split(text, "");
    let stemming = Stemming::of(language, wanted);
    for word in &mut words {
        stemming.stem(text, word);
    }
    let found: Vec<&Word> = words
        .iter()
        .filter(|word| is_wanted(word, wanted))
        .collect();
    let (start, end) = window(text, &words, &found, length_max);
    let mut html = String::new();
    let mut marks = 0;
    if start > 0 {
        html.push('…');
    }
    let mut at = start;
    for word in found
        .iter()
        .filter(|word| word.start >= start && word.end <= end)
    {
        escape(&text[at..word.start], &mut html);
        html.push_str("<mark>");
        escape(&text[word.start..word.end], &mut html);
        html.push_str("</mark>");
        at = word.end;
        marks += 1;
    }
    escape(&text[at..end], &mut html);
    if end < text.len() {
        html.push('…');
    }
    (html, marks)
}

/// The beginning of a text as HTML, cut at a word.
fn beginning(text: &str, length_max: usize) -> String {
    let mut html = String::new();
    if text.len() <= length_max {
        escape(text, &mut html);
        return html;
    }
    let limit = floor(text, length_max);
    let end = text[..limit].rfind(char::is_whitespace);
    escape(&text[..end.unwrap_or(limit)], &mut html);
    html.push('…');
    html
}

/// Stems those words of a passage that can be wanted by their stems: stemming all of them would cost
/// more than finding the record.
struct Stemming {
    language: String,
    stemmer: Option<Stemmer>,
    beginnings: FxHashSet<char>,
}

impl Stemming {
    fn of(language: &str, wanted: &FxHashSet<String>) -> Self {
        let letters = wanted.iter().filter_map(|form| form.chars().next());
        Self {
            language: language.to_owned(),
            stemmer: stemmer(language),
            beginnings: letters.collect(),
        }
    }

    fn stem(&self, text: &str, word: &mut Word) {
        let first = word.surface.chars().next();
        let can_be_wanted = first.is_some_and(|first| self.beginnings.contains(&first));
        if let Some(stemmer) = self.stemmer.filter(|_| can_be_wanted) {
            let stem = stemmed(stemmer, &text[word.start..word.end]);
            word.stem = marked_stem(&stem, &self.language, &word.surface);
        }
    }
}

fn is_wanted(word: &Word, wanted: &FxHashSet<String>) -> bool {
    wanted.contains(&word.surface) || word.stem.as_ref().is_some_and(|stem| wanted.contains(stem))
}

/// The part of the text, in bytes, that holds the most found words and begins at a word.
fn window(text: &str, words: &[Word], found: &[&Word], length_max: usize) -> (usize, usize) {
    if text.len() <= length_max {
        return (0, text.len());
    }
    let mut best = (0, 0);
    for (index, first) in found.iter().enumerate() {
        let inside = found[index..]
            .iter()
            .take_while(|word| word.end <= first.start + length_max);
        let count = inside.count();
        if count > best.1 {
            best = (first.start, count);
        }
    }
    let lead = best.0.saturating_sub(length_max / 4);
    let start = if best.0 < length_max {
        0
    } else {
        words
            .iter()
            .map(|word| word.start)
            .find(|&start| start >= lead)
            .unwrap_or(best.0)
    };
    let limit = start + length_max;
    let end = words
        .iter()
        .map(|word| word.end)
        .take_while(|&end| end <= limit)
        .last();
    let end = end.filter(|&end| end > start);
    (start, end.unwrap_or_else(|| floor(text, limit)))
}

fn escape(text: &str, html: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_sorted_for_the_look_up() {
        assert!(STOP_WORDS.is_sorted());
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("ÉTUDE"), "etude");
        assert_eq!(fold("Größe"), "grosse");
    }

    #[test]
    fn a_plural_shares_a_form_with_its_singular() {
        let french = BTreeSet::from(["fr".to_owned()]);
        let written = &split("une étude", "fr")[1];
        let asked = forms("études", &french);
        let stem = written.stem.clone().unwrap_or_default();
        assert!(
            asked.contains(&written.surface) || asked.contains(&stem),
            "{asked:?} {written:?}"
        );
    }

    #[test]
    fn a_passage_is_escaped_and_marked() {
        let wanted = FxHashSet::from_iter(["breast".to_owned()]);
        let (html, marks) = passage("<b>Breast & more", "en", &wanted, 200);
        assert_eq!(html, "&lt;b&gt;<mark>Breast</mark> &amp; more");
        assert_eq!(marks, 1);
    }
}
