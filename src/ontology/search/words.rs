//! Which words are there that begin with some letters, hold them, or differ from them by a slip?
//!
//! The words stand sorted in one text, so that their beginnings are ranges and the list can be
//! walked like a tree: a branch that cannot fit any more is left at once. Letters in the middle of
//! words are found by groups of three.

use std::ops::Range;

/// Letters that stand together, for finding a word by what is inside.
const GROUP: usize = 3;
/// No more words that hold some letters are looked at.
const HELD_MAX: usize = 20_000;
/// No more words with slips are taken.
const SLIPS_TAKEN_MAX: usize = 4_096;
/// In longer words no slips are looked for.
const SLIP_LETTERS_MAX: usize = 48;
/// Shorter words must fit as a whole when they are mistyped.
const BEGUN_LETTERS_MIN: usize = 5;

/// All words, sorted, each with its number.
pub(super) struct Words {
    text: Box<str>,
    /// Where each word begins, and where the last one ends.
    starts: Box<[u32]>,
    groups: Groups,
}

/// Three letters → the words that hold them.
struct Groups {
    keys: Box<[u64]>,
    starts: Box<[u32]>,
    words: Box<[u32]>,
}

/// How far a word is from what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Distance {
    /// The whole word differs by so many slips.
    Whole(u8),
    /// A beginning of the word does.
    Beginning(u8),
}

impl Words {
    /// Takes words that are sorted and distinct.
    pub(super) fn new(sorted: &[&str]) -> Self {
        let mut text = String::with_capacity(sorted.iter().map(|word| word.len()).sum());
        let mut starts = Vec::with_capacity(sorted.len() + 1);
        for word in sorted {
            starts.push(offset(text.len()));
            text.push_str(word);
        }
        starts.push(offset(text.len()));
        Self {
            text: text.into_boxed_str(),
            starts: starts.into_boxed_slice(),
            groups: Groups::new(sorted),
        }
    }

    pub(super) fn len(&self) -> u32 {
        offset(self.starts.len() - 1)
    }

    pub(super) fn get(&self, number: u32) -> &str {
        let number = number as usize;
        &self.text[self.starts[number] as usize..self.starts[number + 1] as usize]
    }

    /// How many bytes a word has.
    pub(super) fn length(&self, number: u32) -> usize {
        let number = number as usize;
        (self.starts[number + 1] - self.starts[number]) as usize
    }

    /// The number of a word.
    pub(super) fn number(&self, word: &str) -> Option<u32> {
        let place = self.first_not(0..self.len(), |known| known < word);
        (place < self.len() && self.get(place) == word).then_some(place)
    }

    /// The words that begin so.
    pub(super) fn beginning(&self, letters: &str) -> Range<u32> {
        let from = self.first_not(0..self.len(), |word| word < letters);
        from..self.after(from, letters)
    }

    /// The words that hold these letters further in, by number.
    pub(super) fn holding(&self, letters: &str) -> Vec<u32> {
        let Some(held) = self.groups.rarest(letters) else {
            return Vec::new();
        };
        let further_in = |word: &&u32| {
            let found = self.get(**word).find(letters);
            found.is_some_and(|place| place > 0)
        };
        held.iter()
            .take(HELD_MAX)
            .filter(further_in)
            .copied()
            .collect()
    }

    /// The words that differ by at most so many slips: a wrong, missing, added or swapped letter.
    pub(super) fn slipped(&self, letters: &str, slips_max: u8) -> Vec<(u32, Distance)> {
        let letters: Vec<char> = letters.chars().collect();
        if letters.len() > SLIP_LETTERS_MAX {
            return Vec::new();
        }
        let mut walk = Walk::new(&letters, slips_max);
        let mut found = Vec::new();
        let mut number = 0;
        while number < self.len() && found.len() < SLIPS_TAKEN_MAX {
            match walk.step(self.get(number)) {
                Step::Fits(distance) => found.push((number, distance)),
                Step::Passes => {}
                Step::Dead(bytes) => {
                    number = self.after(number, &self.get(number)[..bytes]);
                    continue;
                }
            }
            number += 1;
        }
        found
    }

    /// The first word at or after `from` that does not begin so. Most branches are short: it is
    /// looked for in growing steps.
    fn after(&self, from: u32, letters: &str) -> u32 {
        let mut low = from;
        let mut step = 1;
        while low < self.len() {
            let next = (low + step).min(self.len());
            if !self.get(next - 1).starts_with(letters) {
                return self.first_not(low..next - 1, |word| word.starts_with(letters));
            }
            low = next;
            step = step.saturating_mul(2);
        }
        low
    }

    /// The first word of a range that something does not hold for, when it holds for all before.
    fn first_not(&self, range: Range<u32>, holds: impl Fn(&str) -> bool) -> u32 {
        let (mut low, mut high) = (range.start, range.end);
        while low < high {
            let middle = low + (high - low) / 2;
            if holds(self.get(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl Groups {
    fn new(words: &[&str]) -> Self {
        let mut pairs: Vec<(u64, u32)> = Vec::new();
        for (number, word) in (0_u32..).zip(words) {
            pairs.extend(keys(word).map(|key| (key, number)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut keys = Vec::new();
        let mut starts = Vec::new();
        for (place, (key, _)) in pairs.iter().enumerate() {
            if keys.last() != Some(key) {
                keys.push(*key);
                starts.push(offset(place));
            }
        }
        starts.push(offset(pairs.len()));
        Self {
            keys: keys.into_boxed_slice(),
            starts: starts.into_boxed_slice(),
            words: pairs.into_iter().map(|(_, word)| word).collect(),
        }
    }

    /// The shortest list of words of all groups in some letters; `None` when a group is in no word.
    fn rarest(&self, letters: &str) -> Option<&[u32]> {
        let list = |key| {
            let place = self.keys.binary_search(&key).ok()?;
            Some(&self.words[self.starts[place] as usize..self.starts[place + 1] as usize])
        };
        let lists: Option<Vec<&[u32]>> = keys(letters).map(list).collect();
        lists?.into_iter().min_by_key(|list| list.len())
    }
}

/// The groups of letters of a word.
fn keys(word: &str) -> impl Iterator<Item = u64> + '_ {
    let letters: Vec<char> = word.chars().collect();
    let count = (letters.len() + 1).saturating_sub(GROUP);
    (0..count).map(move |at| {
        let group = &letters[at..at + GROUP];
        group
            .iter()
            .fold(0, |key, letter| key << 21 | u64::from(u32::from(*letter)))
    })
}

/// What a word is to the walk.
enum Step {
    Fits(Distance),
    Passes,
    /// No word with this beginning, of so many bytes, can fit.
    Dead(usize),
}

/// A walk through the sorted words. For each letter of the present word there is a row that says
/// how far the word up to there is from each beginning of what was typed (optimal string
/// alignment); words share the rows of their common beginning.
struct Walk<'a> {
    typed: &'a [char],
    slips_max: u8,
    path: Vec<char>,
    rows: Vec<u8>,
    /// For each depth: the least distance of any beginning up to there from all that was typed.
    least: Vec<u8>,
}

impl<'a> Walk<'a> {
    fn new(typed: &'a [char], slips_max: u8) -> Self {
        let first = (0..=typed.len()).map(|n| u8::try_from(n).unwrap_or(u8::MAX));
        let mut walk = Self {
            typed,
            slips_max,
            path: Vec::new(),
            rows: first.collect(),
            least: vec![u8::MAX],
        };
        walk.least[0] = walk.end(0);
        walk
    }

    fn step(&mut self, word: &str) -> Step {
        let begun = self.typed.len() >= BEGUN_LETTERS_MIN;
        let depth_max = self.typed.len() + usize::from(self.slips_max);
        let mut letters = word.char_indices().peekable();
        let mut depth = 0;
        while let Some((_, letter)) = letters.peek()
            && self.path.get(depth) == Some(letter)
        {
            letters.next();
            depth += 1;
        }
        self.path.truncate(depth);
        let mut whole = true;
        for (at, letter) in letters {
            if self.path.len() == depth_max {
                whole = false;
                break;
            }
            let nearest = self.push(letter);
            let fits_begun = begun && self.least[self.path.len()] <= self.slips_max;
            if nearest > self.slips_max && !fits_begun {
                return Step::Dead(at + letter.len_utf8());
            }
        }
        let depth = self.path.len();
        let end = self.end(depth);
        if whole && end <= self.slips_max {
            return Step::Fits(Distance::Whole(end));
        }
        let least = self.least[depth];
        if begun && least <= self.slips_max {
            return Step::Fits(Distance::Beginning(least));
        }
        Step::Passes
    }

    /// Adds the row of a letter; tells its least distance.
    fn push(&mut self, letter: char) -> u8 {
        let width = self.typed.len() + 1;
        let depth = self.path.len();
        self.rows.resize((depth + 2) * width, 0);
        self.least.truncate(depth + 1);
        let (known, row) = self.rows.split_at_mut((depth + 1) * width);
        let above = &known[depth * width..];
        let swapped = self.path.last().zip(depth.checked_sub(1));
        row[0] = above[0].saturating_add(1);
        let mut nearest = row[0];
        for (j, typed) in self.typed.iter().enumerate() {
            let substituted = above[j].saturating_add(u8::from(*typed != letter));
            let mut slips = substituted.min(above[j + 1].min(row[j]).saturating_add(1));
            if let Some((last, two_above)) = swapped
                && j > 0
                && *last == *typed
                && self.typed[j - 1] == letter
            {
                slips = slips.min(known[two_above * width + j - 1].saturating_add(1));
            }
            row[j + 1] = slips;
            nearest = nearest.min(slips);
        }
        self.path.push(letter);
        self.least.push(self.least[depth].min(self.end(depth + 1)));
        nearest
    }

    /// The distance of the path, up to a depth, from all that was typed.
    fn end(&self, depth: usize) -> u8 {
        self.rows[depth * (self.typed.len() + 1) + self.typed.len()]
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).expect("the words of all names have less than 4 GB")
}

#[cfg(test)]
mod tests {
    use super::*;

    const SORTED: [&str; 12] = [
        "",
        "blood",
        "brain",
        "breast",
        "brustkrebs",
        "krebs",
        "mammography",
        "prostata",
        "prostate",
        "prostatectomy",
        "œdema",
        "рак",
    ];

    fn words(numbers: impl IntoIterator<Item = u32>) -> Vec<&'static str> {
        let word = |number| SORTED[usize::try_from(number).unwrap()];
        numbers.into_iter().map(word).collect()
    }

    #[test]
    fn words_are_found_by_their_beginning_and_by_what_they_hold() {
        let all = Words::new(&SORTED);
        assert_eq!(
            words(all.beginning("br")),
            ["brain", "breast", "brustkrebs"]
        );
        assert_eq!(words(all.beginning("z")), [""; 0]);
        assert_eq!(words(all.beginning("рак")), ["рак"]);
        assert_eq!(words(all.holding("krebs")), ["brustkrebs"]);
        assert_eq!(all.number("prostate"), Some(8));
        assert_eq!(all.number("prostat"), None);
        assert_eq!(words(all.holding("state")), ["prostate", "prostatectomy"]);
    }

    #[test]
    fn slips_are_forgiven_within_bounds() {
        let all = Words::new(&SORTED);
        let slipped = |text: &str, most| {
            let found = all.slipped(text, most);
            words(found.iter().map(|(word, _)| *word))
        };
        assert_eq!(slipped("braest", 1), ["breast"]);
        assert_eq!(slipped("mamography", 2), ["mammography"]);
        assert_eq!(slipped("krabs", 1), ["krebs"]);
        assert_eq!(slipped("kidney", 1), [""; 0]);
        assert_eq!(slipped("prosttate", 1), ["prostate", "prostatectomy"]);
        assert_eq!(
            slipped("porstat", 1),
            ["prostata", "prostate", "prostatectomy"]
        );
        assert_eq!(slipped("pрак", 1), ["рак"]);
    }

    /// The distance as the textbook computes it, without sharing anything.
    fn textbook(word: &[char], typed: &[char]) -> usize {
        let mut d = vec![vec![0; typed.len() + 1]; word.len() + 1];
        for i in 0..=word.len() {
            for j in 0..=typed.len() {
                if i == 0 || j == 0 {
                    d[i][j] = i + j;
                    continue;
                }
                let change = d[i - 1][j - 1] + usize::from(word[i - 1] != typed[j - 1]);
                d[i][j] = change.min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                let swapped = i > 1 && j > 1 && word[i - 1] == typed[j - 2];
                if swapped && word[i - 2] == typed[j - 1] {
                    d[i][j] = d[i][j].min(d[i - 2][j - 2] + 1);
                }
            }
        }
        d[word.len()][typed.len()]
    }

    proptest::proptest! {
        #[test]
        fn the_walk_finds_what_the_textbook_finds(
            known in proptest::collection::btree_set("[abcé]{1,7}", 1..60),
            typed in "[abcé]{4,7}",
            most in 1_u8..=2,
        ) {
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            let letters: Vec<char> = typed.chars().collect();
            let expected: Vec<u32> = (0_u32..).zip(&known).filter(|(_, word)| {
                let word: Vec<char> = word.chars().collect();
                let begun = letters.len() >= BEGUN_LETTERS_MIN;
                let from = if begun { 0 } else { word.len() };
                (from..=word.len()).any(|end| textbook(&word[..end], &letters) <= usize::from(most))
            }).map(|(number, _)| number).collect();
            let found = Words::new(&known).slipped(&typed, most);
            let found: Vec<u32> = found.iter().map(|(word, _)| *word).collect();
            proptest::prop_assert_eq!(found, expected);
        }
    }
}
