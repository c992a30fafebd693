//! How does a query let others onto its processor at once? By short rests.
//!
//! A thread of the lowest class can keep one that has just woken up waiting for a whole turn of the scheduler, several
//! milliseconds. While it sleeps it cannot.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Between two rests.
const WORK: Duration = Duration::from_millis(1);
/// The shortest that a system knows is longer; what is lost is a tenth.
const REST: Duration = Duration::from_micros(50);

/// Whether a query rests now and then; it can be told to while it runs.
#[derive(Clone, Debug, Default)]
pub struct Pace(Arc<AtomicBool>);

impl Pace {
    /// From now on it rests.
    pub fn slow_down(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Rests if it is time for it. Gives back when it rested last.
    pub(super) fn rest(&self, last: Instant, now: Instant) -> Instant {
        if now.duration_since(last) < WORK || !self.0.load(Ordering::Relaxed) {
            return last;
        }
        std::thread::sleep(REST);
        Instant::now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_rests_when_told_to_and_when_it_has_worked() {
        let pace = Pace::default();
        let last = Instant::now();
        let later = last + WORK;
        assert_eq!(pace.rest(last, later), last, "nobody told it to");
        pace.slow_down();
        assert_eq!(pace.rest(last, last), last, "it has not worked");
        assert_ne!(pace.rest(last, later), last);
    }
}
