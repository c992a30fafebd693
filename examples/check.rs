//! What does checking cost when records only pass through? Reads N-Quads from standard input graph by graph, checks each
//! against a profile, and says how many records there were, how long they took and how much memory it was.
//!
//! ```text
//! vesalius generate 1000000 | check eucaim-dcat-ap-2.0
//! ```

#![expect(clippy::print_stdout, reason = "a measurement on the command line")]

use std::io::{BufReader, stdin};
use std::time::Instant;

use anyhow::{Context, Result};
use vesalius::app::{SHAPES, load};
use vesalius::catalogue::Profiles;
use vesalius::catalogue::profile::Neighbours;
use vesalius::ontology::Ontology;
use vesalius::rdf::{Format, GraphName, Triple};

/// Longer checks are counted as this long.
const MICROSECONDS_MAX: usize = 100_000;

fn main() -> Result<()> {
    let name = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "eucaim-dcat-ap-2.0".to_owned());
    let ontology = Ontology::bundled()?;
    let profiles = Profiles::load(&SHAPES, None, &ontology)?;
    let profile = profiles
        .get(&name)
        .with_context(|| format!("no profile {name}"))?;
    let neighbours = Neighbours {
        ontology: &ontology,
        snapshot: None,
    };
    let started = Instant::now();
    let (mut results, mut checking) = (0, 0.0);
    let mut histogram = vec![0_u64; MICROSECONDS_MAX + 1];
    let input = BufReader::with_capacity(1 << 20, stdin().lock());
    let records = load::each_document(input, Format::NQuads, "urn:none", |quads| {
        let GraphName::NamedNode(iri) = quads[0].graph_name.clone() else {
            return;
        };
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let began = Instant::now();
        let checked = profile.check(&iri, &triples, &neighbours);
        let took = began.elapsed();
        checking += took.as_secs_f64();
        let bin = usize::try_from(took.as_micros()).unwrap_or(usize::MAX);
        histogram[bin.min(MICROSECONDS_MAX)] += 1;
        results += checked.report.results.len();
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = status.lines().find(|line| line.starts_with("VmHWM:"));
    println!(
        "{{\"records\": {records}, \"results\": {results}, \"seconds\": {seconds:.3}, \"checking\": {checking:.3}, \"median_us\": {}, \"memory\": {:?}}}",
        median(&histogram),
        memory
            .unwrap_or_default()
            .trim_start_matches("VmHWM:")
            .trim()
    );
    Ok(())
}

/// The microseconds within which half of the records were checked.
fn median(histogram: &[u64]) -> usize {
    let half = histogram.iter().sum::<u64>().div_ceil(2);
    let mut seen = 0;
    let upto = histogram.iter().position(|count| {
        seen += count;
        seen >= half
    });
    upto.unwrap_or(0)
}
