//! How does a test draw at random and yet draw the same again? SplitMix64 from a seed.

pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap();
        usize::try_from(self.next() % n).unwrap()
    }

    /// A word that stands nowhere else: fourteen letters, seldom ones in front.
    pub fn word(&mut self) -> String {
        let letters = b"bcdfghjklmnpqrstvwxz";
        let tail = (0..12).map(|_| char::from(letters[self.below(letters.len())]));
        "zq".chars().chain(tail).collect()
    }
}
