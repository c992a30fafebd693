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

pub(super) fn count_common(bits: &[u64], other: &[u64]) -> u32 {
    let common = bits.iter().zip(other).map(|(word, other)| word & other);
    common.map(u64::count_ones).sum()
}

/// The documents of a set in ascending order.
pub(super) fn documents(bits: &[u64]) -> impl Iterator<Item = u32> + '_ {
    bits.iter().zip(0u32..).flat_map(|(&word, index)| Members {
        word,
        base: index * 64,
    })
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
