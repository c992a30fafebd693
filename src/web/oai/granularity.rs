//! How does the protocol write times (OAI-PMH §3.3)? To the second, or to the day.

use jiff::Timestamp;

pub const SECONDS: &str = "YYYY-MM-DDThh:mm:ssZ";

/// A second or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Its beginning.
    pub at: Timestamp,
    pub is_day: bool,
}

impl Moment {
    /// The first moment after it.
    pub fn end(self) -> Timestamp {
        const DAY_SECONDS: i64 = 86_400;
        let length = if self.is_day { DAY_SECONDS } else { 1 };
        let end = self.at.as_second().saturating_add(length);
        Timestamp::from_second(end).unwrap_or(Timestamp::MAX)
    }
}

/// Reads a time in one of the two granularities.
pub fn moment(text: &str) -> Option<Moment> {
    let is_shaped = |like: &str| {
        text.len() == like.len()
            && text
                .bytes()
                .zip(like.bytes())
                .all(|(byte, like)| match like {
                    b'0' => byte.is_ascii_digit(),
                    _ => byte == like,
                })
    };
    if is_shaped("0000-00-00") {
        let at = format!("{text}T00:00:00Z").parse().ok()?;
        return Some(Moment { at, is_day: true });
    }
    if is_shaped("0000-00-00T00:00:00Z") {
        let at = text.parse().ok()?;
        return Some(Moment { at, is_day: false });
    }
    None
}

/// A time to the second.
pub fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
