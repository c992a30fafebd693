//! How does everything public leave at once? As N-Quads, each record in its graph.

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;

use super::App;
use crate::feeds::dump;
use crate::rdf::lines::Syntax;

/// Writes the public version of every record, exactly as its provider sent it.
pub async fn run(
    app: &App,
    out: impl Write + Send + 'static,
    progress: &dyn Fn(u64),
) -> Result<u64> {
    let records = AtomicU64::new(0);
    let told = |done| {
        records.store(done, Ordering::Relaxed);
        progress(done);
    };
    let ledger = app.catalogue.ledger();
    let (mut out, _) = dump::write(ledger, Syntax::NQuads, out, told).await?;
    out.flush()?;
    Ok(records.into_inner())
}
