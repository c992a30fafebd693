//! Does a server keep the promises of a FAIR Data Point? A suite that anyone can point at any server: each check with
//! its clause of the specification. It only reads, and tries to write as nobody, which must fail.

mod graph;
mod report;
mod suite;
mod table;
#[cfg(test)]
mod tests;

use std::io::Write;

use anyhow::{Context, Result, bail};

use super::remote;
use crate::clock::Clock;
use crate::config::Config;
use crate::outbound::Outbound;

pub use report::Output;
use suite::Suite;
use table::Level;

/// What is looked at, and how the result is told.
pub struct Wish {
    pub url: String,
    /// Whether the server may stand at an address that is not public.
    pub private: bool,
    /// How many records of each kind are looked at.
    pub records_max: usize,
    /// Whether what is only recommended counts, too.
    pub strict: bool,
    pub output: Output,
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed(String),
    /// There was nothing to check, and why.
    Inapplicable(String),
}

/// A check with its outcome.
struct Verdict {
    check: &'static table::Check,
    outcome: Outcome,
}

/// Runs the suite and tells the result. Gives back whether everything that must be is.
pub fn run(config: &Config, wish: &Wish, out: &mut dyn Write) -> Result<bool> {
    let url = url::Url::parse(&wish.url).with_context(|| format!("{} is no address", wish.url))?;
    let outbound = Outbound::new(remote::way_out(config, wish.private)?);
    let root = url.as_str().trim_end_matches('/').to_owned();
    let suite = Suite::new(outbound, root.clone(), wish.records_max);
    let (verdicts, unreachable) = suite.run();
    let fails = |verdict: &Verdict| {
        let counts = verdict.check.level == Level::Must || wish.strict;
        counts && matches!(verdict.outcome, Outcome::Failed(_))
    };
    let at = Clock::system().now();
    report::write(wish.output, &root, &verdicts, at, out)?;
    if let Some(why) = unreachable {
        bail!(why);
    }
    Ok(!verdicts.iter().any(fails))
}
