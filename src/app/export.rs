//! How does everything public leave at once? As N-Quads, each record in its graph.

use std::io::Write;

use anyhow::Result;

use super::App;
use crate::rdf::{Format, NamedNode, Quad, format};

/// How many records are read at once.
const RECORDS_PER_BATCH: u32 = 1_000;

/// Writes the public version of every record, exactly as its provider sent it.
pub async fn run(app: &App, out: &mut dyn Write, progress: &dyn Fn(u64)) -> Result<u64> {
    let ledger = app.catalogue.ledger();
    let mut reached = 0;
    let mut records = 0;
    loop {
        let changes = ledger.public_heads_since(reached, RECORDS_PER_BATCH).await?;
        let Some(last) = changes.last() else { break };
        reached = last.sequence;
        for change in &changes {
            let crate::ledger::PublicWhat::Put { graph, .. } = &change.what else { continue };
            let name = NamedNode::new_unchecked(&change.iri);
            let triples = crate::catalogue::projection::provider_triples(&change.iri, graph.as_bytes())?;
            let quads: Vec<Quad> =
                triples.into_iter().map(|triple| triple.in_graph(name.clone())).collect();
            out.write_all(&format::write_quads(Format::NQuads, quads.iter().map(Quad::as_ref)))?;
            records += 1;
        }
        progress(records);
    }
    out.flush()?;
    Ok(records)
}
