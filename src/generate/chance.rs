//! Which number comes next? A small generator of pseudo-random numbers, the same on every machine, and the
//! distributions that real catalogues show.
//!
//! The algorithms are xoshiro256++ and SplitMix64 (Blackman and Vigna). They are written out because a crate
//! may change its stream between versions, and our benchmarks must not.

use std::f64::consts::TAU;

/// A stream of pseudo-random numbers.
#[derive(Clone, Debug)]
pub(super) struct Chance([u64; 4]);

impl Chance {
    /// The stream that belongs to these numbers: the seed, the subject, the index within it.
    pub(super) fn of(numbers: &[u64]) -> Self {
        let mut state = 0x5eed_u64;
        for number in numbers {
            state = split_mix(&mut (state ^ number));
        }
        Self([(); 4].map(|()| split_mix(&mut state)))
    }

    pub(super) fn next(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// A number from 0 up to and without 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub(super) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from 0 up to and without `end`.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(end);
        u64::try_from(wide >> 64).expect("the product's upper half has 64 bits")
    }

    /// True in this share of cases.
    pub(super) fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    pub(super) fn one<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[index(self.below(items.len() as u64))]
    }

    /// One of the items, the first ones more often.
    pub(super) fn early<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let skewed = self.unit().powf(1.6);
        &items[index(whole(skewed * float(items.len()))).min(items.len() - 1)]
    }

    /// One of a short list, by weight.
    pub(super) fn weighted<'a, T>(&mut self, items: &'a [T], weight: impl Fn(&T) -> f64) -> &'a T {
        let total: f64 = items.iter().map(&weight).sum();
        let mut left = self.unit() * total;
        let reached = |item: &&T| {
            left -= weight(item);
            left < 0.0
        };
        items.iter().find(reached).unwrap_or(&items[0])
    }

    /// A log-normal number, cut to its bounds.
    pub(super) fn log_normal(&mut self, mean: f64, deviation: f64, least: f64, most: f64) -> u64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (TAU * self.unit()).cos();
        whole((mean + deviation * normal).exp().clamp(least, most))
    }

    /// An exponential number of this mean.
    pub(super) fn exponential(&mut self, mean: f64) -> u64 {
        whole(-mean * (1.0 - self.unit()).ln())
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A choice among many by rank.
#[derive(Clone, Debug)]
pub(super) struct Pick<T> {
    items: Vec<T>,
    /// The sum of the weights up to and with each item.
    ends: Vec<f64>,
}

impl<T> Pick<T> {
    /// The item of rank `k`, counted from 0, has the weight `1 / (k + shift) ^ exponent`.
    pub(super) fn zipf(items: Vec<T>, shift: f64, exponent: f64) -> Self {
        let mut end = 0.0;
        let sum = |rank| {
            end += (float(rank) + shift).powf(-exponent);
            end
        };
        let ends = (0..items.len()).map(sum).collect();
        Self { items, ends }
    }

    pub(super) fn pick(&self, chance: &mut Chance) -> &T {
        let last = self.items.len() - 1;
        let at = chance.unit() * self.ends[last];
        &self.items[self.ends.partition_point(|end| *end <= at).min(last)]
    }

    pub(super) fn items(&self) -> &[T] {
        &self.items
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }
}

/// `n` to a power below 1, rounded down.
pub(super) fn power(n: usize, exponent: f64) -> usize {
    index(whole(float(n).powf(exponent)))
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn float(n: usize) -> f64 {
    n as f64
}

/// A count out of a product of a count and a factor.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub(super) fn scaled(n: u64, factor: f64) -> u64 {
    whole(n as f64 * factor)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounding down is wanted; the conversion saturates"
)]
fn whole(x: f64) -> u64 {
    x as u64
}

fn index(n: u64) -> usize {
    usize::try_from(n).expect("an index fits the machine")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_streams_are_those_of_the_published_algorithms() {
        let mut state = 1_234_567;
        let first = [(); 3].map(|()| split_mix(&mut state));
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
        ];
        assert_eq!(first, published);
        let mut chance = Chance([1, 2, 3, 4]);
        assert_eq!([chance.next(), chance.next()], [41_943_041, 58_720_359]);
    }

    #[test]
    fn a_weighted_choice_follows_its_weights() {
        let items = [("often", 3.0), ("never", 0.0), ("seldom", 1.0)];
        let mut chance = Chance::of(&[7]);
        let picked: Vec<_> = (0..4000)
            .map(|_| chance.weighted(&items, |item| item.1).0)
            .collect();
        let count = |name| picked.iter().filter(|picked| **picked == name).count();
        assert_eq!(count("never"), 0);
        assert!((2900..3100).contains(&count("often")), "{}", count("often"));
    }

    #[test]
    fn ranks_follow_zipf() {
        let pick = Pick::zipf((0..10).collect(), 1.0, 1.0);
        let mut chance = Chance::of(&[7]);
        let firsts = (0..2929).filter(|_| *pick.pick(&mut chance) == 0).count();
        assert!((900..1100).contains(&firsts), "{firsts} of about 1000");
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut chance = Chance::of(&[1]);
        for _ in 0..1000 {
            assert!(chance.below(7) < 7);
            assert!((0.0..1.0).contains(&chance.unit()));
            assert!((5..=50).contains(&chance.log_normal(3.0, 4.0, 5.0, 50.0)));
        }
    }
}
