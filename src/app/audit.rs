//! Is what the audit tells still what was written? Verified, exported and pruned from the command line.

use std::io::Write;

use anyhow::Result;
use jiff::SignedDuration;

use super::token::{COMMAND_LINE, ledger};
use crate::clock::Clock;
use crate::config::Config;
use crate::ledger::{Start, Verdict};

/// Events that are read at one time.
const PAGE: usize = 1000;

/// Computes the chain again, from its beginning or from an event that is trusted.
pub async fn verify(config: &Config, from: Option<Start>) -> Result<Verdict> {
    Ok(ledger(config).await?.verify_audit(from).await?)
}

/// Writes every event that is kept as a line of JSON; how many.
pub async fn export(config: &Config, after: u64, out: &mut dyn Write) -> Result<u64> {
    let ledger = ledger(config).await?;
    let (mut last, mut written) = (after, 0);
    loop {
        let events = ledger.audit_after(last, PAGE).await?;
        let Some(newest) = events.last() else {
            out.flush()?;
            return Ok(written);
        };
        last = newest.number;
        for event in &events {
            writeln!(out, "{}", event.to_json())?;
            written += 1;
        }
    }
}

/// Forgets events that are older than so many days; how many.
pub async fn prune(config: &Config, days: u32) -> Result<u64> {
    let now = Clock::system().now();
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    let ledger = ledger(config).await?;
    Ok(ledger.prune_audit(before, COMMAND_LINE, now).await?)
}
