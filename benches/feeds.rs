//! How fast does everything public leave as a dump, and what does the reading of one page of changes cost?
//!
//! `cargo bench --bench feeds [-- FOLDER]`; `VESALIUS_BENCH_DATASETS` chooses how many, 20,000 when unset.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::io;
use std::time::Instant;

use jiff::Timestamp;
use vesalius::feeds::{PER_PAGE, dump};
use vesalius::generate::Generator;
use vesalius::ledger::{Action, Expected, Ledger, NewChange, Settings, State};
use vesalius::rdf::canonical::canonical_ntriples;
use vesalius::rdf::lines::Syntax;

const DATASETS: usize = 20_000;
const CHANGES_PER_CALL: usize = 5_000;
const PAGES: usize = 200;
const BASE: &str = "https://atlas.example";

fn main() -> anyhow::Result<()> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a benchmark has no settings file"
    )]
    let wanted = std::env::var("VESALIUS_BENCH_DATASETS");
    let datasets = wanted.map_or(Ok(DATASETS), |text| text.parse())?;
    let folder = match std::env::args().skip(1).find(|one| !one.starts_with('-')) {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    tokio::runtime::Runtime::new()?.block_on(async {
        let ledger = Ledger::open(&Settings::at(folder.path().join("ledger.sqlite"))).await?;
        let quads = fill(&ledger, datasets).await?;
        println!("{datasets} datasets, {quads} quads");
        for syntax in [Syntax::NQuads, Syntax::TriG] {
            let started = Instant::now();
            dump::write(&ledger, syntax, io::sink(), |_| ()).await?;
            report(&format!("{syntax:?}, unpacked"), quads, started);
        }
        let started = Instant::now();
        let encoder = zstd::stream::write::Encoder::new(io::sink(), 1)?;
        dump::write(&ledger, Syntax::NQuads, encoder, |_| ()).await?;
        report("NQuads, zstd", quads, started);
        pages(&ledger, datasets).await
    })
}

async fn fill(ledger: &Ledger, datasets: usize) -> anyhow::Result<usize> {
    let generator = Generator::new(datasets, 42, BASE);
    let mut quads = 0;
    let mut changes = Vec::new();
    for n in 0..datasets {
        let record = generator.record(n);
        quads += record.triples.len();
        let iri = record.iri.as_str().to_owned();
        changes.push(NewChange {
            kind: "dataset".to_owned(),
            path: iri.trim_start_matches(BASE).to_owned(),
            iri,
            parent: Some(format!("{BASE}/catalog/one")),
            action: Action::Create,
            state: State::Published,
            graph: Some(canonical_ntriples(&record.triples)?),
            title: None,
            author: "benchmark".to_owned(),
            reason: None,
            at: Timestamp::UNIX_EPOCH,
            report: None,
            expected: Expected::New,
        });
        if changes.len() == CHANGES_PER_CALL || n + 1 == datasets {
            ledger.commit(std::mem::take(&mut changes)).await?;
        }
    }
    Ok(quads)
}

/// The reading of pages from the ledger; the copying of their text is measured by the dumps.
async fn pages(ledger: &Ledger, datasets: usize) -> anyhow::Result<()> {
    let started = Instant::now();
    for page in 0..PAGES {
        let first = page * PER_PAGE % datasets.saturating_sub(PER_PAGE).max(1);
        let sequences: Vec<u64> = (0..PER_PAGE).map(|at| (first + at + 1) as u64).collect();
        std::hint::black_box(ledger.public_changes_at(&sequences).await?);
    }
    let each = started.elapsed() / u32::try_from(PAGES)?;
    println!("{PER_PAGE} changes of a page read in {each:?}");
    Ok(())
}

fn report(what: &str, quads: usize, started: Instant) {
    let took = started.elapsed();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let rate = quads as f64 / took.as_secs_f64();
    println!("{what}: {rate:.0} quads/s ({took:.2?})");
}
