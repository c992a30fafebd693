//! Which DOIs do the records have, and what does their registry not know yet? A list for the operator.

use std::io::Write;

use anyhow::Result;

use super::token::ledger;
use crate::config::Config;
use crate::ledger::{DoiFilter, DoiOfRecord};

/// DOIs that are read at once.
const ROWS: usize = 1_000;

/// Writes a line for each: the DOI, what the registry knows of it, the record, when it is told next, and what went wrong.
pub async fn list(config: &Config, out: &mut impl Write) -> Result<()> {
    let ledger = ledger(config).await?;
    let mut filter = DoiFilter::default();
    loop {
        let dois = ledger.dois(&filter, ROWS).await?;
        let Some(last) = dois.last() else {
            return Ok(());
        };
        filter.after = last.doi.record;
        for DoiOfRecord { doi, iri, .. } in &dois {
            let next = match doi.next_at {
                Some(_) if doi.is_asked_for() => "now".to_owned(),
                Some(at) => at.to_string(),
                None => String::new(),
            };
            let failure = doi.failure.as_deref().unwrap_or_default();
            let failure = failure.replace(['\t', '\n', '\r'], " ");
            writeln!(out, "{}\t{}\t{iri}\t{next}\t{failure}", doi.doi, doi.state)?;
        }
    }
}
