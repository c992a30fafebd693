//! How good is the description of a record? Scores and checklists, made from the record alone.
//!
//! [`Rules`] are compiled once from the profiles. [`Rules::evidence`] reads the statements of a record in
//! one pass, and everything else follows from the [`Evidence`]: what is kept when a record is written,
//! what its page shows, and what a batch computes later cannot differ. Nothing is fetched: whether an
//! address answers is not known here, and the metric that asks for it is told as not measured.

mod assessment;
mod changes;
mod completeness;
mod ehds;
mod evidence;
mod fair;
mod history;
mod measurement;
mod mqa;
mod overview;
mod property;
mod rules;
#[cfg(test)]
mod tests;
mod words;

pub use changes::Change;
pub use completeness::{Completeness, Field, Level, Share};
pub use ehds::Element;
pub use evidence::Evidence;
pub use fair::Indicator;
pub use history::{Month, Provider, Replay, Standing};
pub use measurement::{Measure, definitions, graph_of_definitions};
pub use mqa::{Band, Dimension, Metric, Mqa, POINTS_MAX};
pub use overview::{Overview, Tally};
pub use property::Property;
pub use rules::Rules;
pub use words::say;

/// How something that is asked for stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Met,
    Missed,
    /// It would take a look at something outside the record.
    NotMeasured,
    /// The record says that it does not apply.
    NotNeeded,
}

impl Outcome {
    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotMeasured => "notMeasured",
            Self::NotNeeded => "notNeeded",
        }
    }

    fn of(met: bool) -> Self {
        if met { Self::Met } else { Self::Missed }
    }
}
