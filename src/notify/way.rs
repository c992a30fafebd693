//! In which ways does somebody hear of an event?

use crate::ledger::{EventKind, Mailing};

/// A way of hearing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// In the person's area.
    Area,
    /// By a letter at once.
    AtOnce,
    /// In a letter a day.
    Daily,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Area, Self::AtOnce, Self::Daily];

    /// The word for it in forms and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Area => "area",
            Self::AtOnce => "at-once",
            Self::Daily => "daily",
        }
    }

    /// The way that a word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }

    fn bit(self) -> u8 {
        match self {
            Self::Area => 1,
            Self::AtOnce => 2,
            Self::Daily => 4,
        }
    }
}

/// The ways in which somebody hears of a kind of event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways(u8);

impl Ways {
    /// What holds for a kind of event until somebody chooses: all in the area; what asks for something, in the daily
    /// letter, too.
    pub fn usual(kind: EventKind) -> Self {
        let area = Self::default().with(Way::Area);
        if kind.asks() {
            area.with(Way::Daily)
        } else {
            area
        }
    }

    /// Reads what the ledger keeps.
    pub fn from_bits(bits: u8) -> Self {
        Way::ALL
            .into_iter()
            .filter(|way| bits & way.bit() != 0)
            .fold(Self::default(), Self::with)
    }

    /// What the ledger keeps.
    pub fn bits(self) -> u8 {
        self.0
    }

    #[must_use]
    pub fn with(self, way: Way) -> Self {
        Self(self.0 | way.bit())
    }

    pub fn has(self, way: Way) -> bool {
        self.0 & way.bit() != 0
    }

    /// Without letters.
    #[must_use]
    pub fn without_mail(self) -> Self {
        Self(self.0 & Way::Area.bit())
    }

    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// The letter that it takes: who wants one at once needs no other.
    pub fn mailing(self) -> Option<Mailing> {
        if self.has(Way::AtOnce) {
            Some(Mailing::AtOnce)
        } else if self.has(Way::Daily) {
            Some(Mailing::Daily)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_read_back_and_unknown_bits_are_none() {
        for bits in 0..8 {
            assert_eq!(Ways::from_bits(bits).bits(), bits);
        }
        assert_eq!(Ways::from_bits(0b1111_1000), Ways::default());
    }

    #[test]
    fn whoever_wants_a_letter_at_once_gets_it_once() {
        let both = Ways::from_bits(6);
        assert_eq!(both.mailing(), Some(Mailing::AtOnce));
        assert_eq!(
            Ways::usual(EventKind::CheckDue).mailing(),
            Some(Mailing::Daily)
        );
        assert_eq!(Ways::usual(EventKind::Published).mailing(), None);
        assert!(both.without_mail().is_none());
    }
}
