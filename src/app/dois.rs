//! Which DOIs do the records have, and what does their registry not know yet? A list for the operator.

use std::io::Write;

use anyhow::Result;

use super::token::ledger;
use crate::config::Config;

/// DOIs that are read at once.
const ROWS: usize = 1_000;

/// Writes a line for each: the DOI, what the registry knows of it, the record, when it is told next, and what went wrong.
pub async fn list(config: &Config, out: &mut impl Write) -> Result<()> {
    let ledger = ledger(config).await?;
    let mut after = 0;
    loop {
        let dois = ledger.dois(after, ROWS).await?;
        let Some((_, last)) = dois.last() else {
            return Ok(());
        };
        after = last.record;
        for (iri, doi) in &dois {
            let next = doi.next_at.map(|at| at.to_string()).unwrap_or_default();
            let failure = doi.failure.as_deref().unwrap_or_default();
            let failure = failure.replace(['\t', '\n', '\r'], " ");
            writeln!(out, "{}\t{}\t{iri}\t{next}\t{failure}", doi.doi, doi.state)?;
        }
    }
}
