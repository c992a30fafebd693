//! How does everything public leave at once? As N-Quads, each record in its graph.

use std::io::Write;

use anyhow::Result;

use super::App;
use crate::catalogue::projection::provider_triples;
use crate::ledger::What;
use crate::rdf::{Format, NamedNode, Quad, format};

/// How many records are read at once.
const RECORDS_PER_BATCH: usize = 1_000;

/// Writes the public version of every record, exactly as its provider sent it.
pub async fn run(app: &App, out: &mut dyn Write, progress: &dyn Fn(u64)) -> Result<u64> {
    let ledger = app.catalogue.ledger();
    let mut reached = 0;
    let mut records = 0;
    loop {
        let changes = ledger.public_now(reached, RECORDS_PER_BATCH).await?;
        let Some(last) = changes.last() else { break };
        reached = last.record;
        for change in &changes {
            let What::Put { ntriples, .. } = &change.what else {
                continue;
            };
            let name = NamedNode::new_unchecked(&change.iri);
            let triples = provider_triples(&change.iri, ntriples)?;
            let quads: Vec<Quad> = triples
                .into_iter()
                .map(|triple| triple.in_graph(name.clone()))
                .collect();
            out.write_all(&format::write_quads(
                Format::NQuads,
                quads.iter().map(Quad::as_ref),
            ))?;
            records += 1;
        }
        progress(records);
    }
    out.flush()?;
    Ok(records)
}
