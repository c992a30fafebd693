//! Sets of documents as words of 64 bits.

/// A set of the documents of one segment.
pub(super) type Bits = Vec<u64>;

pub(super) fn empty(documents: u32) -> Bits {
    vec![0; documents.div_ceil(64) as usize]
}

pub(super) fn full(documents: u32) -> Bits {
    let mut bits = vec![u64::MAX; documents.div_ceil(64) as usize];
    if let (Some(last), true) = (bits.last_mut(), !documents.is_multiple_of(64)) {
        *last = (1 << (documents % 64)) - 1;
    }
    bits
}

pub(super) fn set(bits: &mut [u64], document: u32) {
    bits[(document / 64) as usize] |= 1 << (document % 64);
}

/// Adds documents that come in ascending order: each word is written once.
pub(super) fn set_all(bits: &mut [u64], documents: &[u32]) {
    let Some(&first) = documents.first() else {
        return;
    };
    let (mut place, mut word) = (first / 64, 0);
    for &document in documents {
        if document / 64 != place {
            bits[place as usize] |= word;
            (place, word) = (document / 64, 0);
        }
        word |= 1 << (document % 64);
    }
    bits[place as usize] |= word;
}

pub(super) fn clear(bits: &mut [u64]) {
    bits.fill(0);
}

pub(super) fn contains(bits: &[u64], document: u32) -> bool {
    bits[(document / 64) as usize] & (1 << (document % 64)) != 0
}

pub(super) fn intersect(bits: &mut [u64], other: &[u64]) {
    for (word, other) in bits.iter_mut().zip(other) {
        *word &= other;
    }
}

pub(super) fn unite(bits: &mut [u64], other: &[u64]) {
    for (word, other) in bits.iter_mut().zip(other) {
        *word |= other;
    }
}

pub(super) fn subtract(bits: &mut [u64], other: &[u64]) {
    for (word, other) in bits.iter_mut().zip(other) {
        *word &= !other;
    }
}

pub(super) fn count(bits: &[u64]) -> u32 {
    bits.iter().map(|word| word.count_ones()).sum()
}

/// How many documents are in both sets. Three bits in different words are added into two before
/// bits are counted, so that only every fourth word has to be (Harley and Seal).
pub(super) fn count_common(bits: &[u64], other: &[u64]) -> u32 {
    let mut blocks = bits.chunks_exact(8).zip(other.chunks_exact(8));
    let (mut ones, mut twos, mut fours, mut eights) = (0, 0, 0, 0);
    for (one, other) in &mut blocks {
        let word = |at: usize| one[at] & other[at];
        let (two_a, two_b, two_c, two_d, four_a, four_b, eight);
        (ones, two_a) = add(ones, word(0), word(1));
        (ones, two_b) = add(ones, word(2), word(3));
        (twos, four_a) = add(twos, two_a, two_b);
        (ones, two_c) = add(ones, word(4), word(5));
        (ones, two_d) = add(ones, word(6), word(7));
        (twos, four_b) = add(twos, two_c, two_d);
        (fours, eight) = add(fours, four_a, four_b);
        eights += u64::count_ones(eight);
    }
    let counted = u64::count_ones(ones) + 2 * u64::count_ones(twos) + 4 * u64::count_ones(fours);
    let done = bits.len().min(other.len()) / 8 * 8;
    let rest = bits[done..].iter().zip(&other[done..]);
    let rest: u32 = rest.map(|(word, other)| (word & other).count_ones()).sum();
    8 * eights + counted + rest
}

/// The words of a set that are not empty, with their places.
pub(super) fn filled(bits: &[u64]) -> Vec<(u32, u64)> {
    let filled = (0..).zip(bits).filter(|(_, word)| **word != 0);
    filled.map(|(place, word)| (place, *word)).collect()
}

/// How many documents are in both sets, of which one is given by its words that are not empty.
pub(super) fn count_common_among(filled: &[(u32, u64)], other: &[u64]) -> u32 {
    let common = filled
        .iter()
        .map(|(place, word)| word & other[*place as usize]);
    common.map(u64::count_ones).sum()
}

/// Adds three bits at each place: the sum and what is carried.
fn add(a: u64, b: u64, c: u64) -> (u64, u64) {
    let half = a ^ b;
    (half ^ c, (a & b) | (half & c))
}

/// The documents of a set in ascending order.
pub(super) fn documents(bits: &[u64]) -> impl Iterator<Item = u32> + '_ {
    bits.iter().zip(0u32..).flat_map(|(&word, index)| Members {
        word,
        base: index * 64,
    })
}

/// The documents of a set in descending order.
pub(super) fn documents_backwards(bits: &[u64]) -> impl Iterator<Item = u32> + '_ {
    let mut base = u32::try_from(bits.len()).map_or(u32::MAX, |words| words.saturating_mul(64));
    bits.iter().rev().flat_map(move |&word| {
        base -= 64;
        Backwards(Members { word, base })
    })
}

/// The same members, the last first.
struct Backwards(Members);

impl Iterator for Backwards {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let Members { word, base } = &mut self.0;
        let highest = word.checked_ilog2()?;
        *word ^= 1 << highest;
        Some(*base + highest)
    }
}

struct Members {
    word: u64,
    base: u32,
}

impl Iterator for Members {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.word == 0 {
            return None;
        }
        let lowest = self.word.trailing_zeros();
        self.word &= self.word - 1;
        Some(self.base + lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backwards_is_the_same_from_the_end() {
        let bits = vec![0b1011, 0, u64::MAX, 1 << 63, 0];
        let mut forwards: Vec<u32> = documents(&bits).collect();
        forwards.reverse();
        assert_eq!(documents_backwards(&bits).collect::<Vec<_>>(), forwards);
        assert_eq!(forwards.len(), 3 + 64 + 1);
    }

    #[test]
    fn many_are_set_as_one_by_one() {
        let ascending = [0, 1, 63, 64, 130, 131, 191, 300];
        for length in 0..=ascending.len() {
            let (mut at_once, mut one_by_one) = (vec![4; 5], vec![4; 5]);
            set_all(&mut at_once, &ascending[..length]);
            for document in &ascending[..length] {
                set(&mut one_by_one, *document);
            }
            assert_eq!(at_once, one_by_one);
        }
    }

    #[test]
    fn common_documents_are_counted_like_one_by_one() {
        let mut seed = 1_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            seed ^ (seed >> 29)
        };
        for length in 0..70 {
            let one: Bits = (0..length).map(|_| next()).collect();
            let other: Bits = (0..length).map(|_| next() | next()).collect();
            let by_hand = one.iter().zip(&other).map(|(a, b)| (a & b).count_ones());
            let by_hand: u32 = by_hand.sum();
            assert_eq!(count_common(&one, &other), by_hand, "{length}");
            assert_eq!(count_common_among(&filled(&one), &other), by_hand);
        }
    }
}
