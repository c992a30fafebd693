//! How fast is any past state of a record found when a million changes have been made?
//!
//! `cargo bench --bench history [-- FOLDER [CHANGES]]`: the folder should lie on the disk that the ledger will use.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use vesalius::generate::Generator;
use vesalius::ledger::{Action, Expected, Ledger, NewChange, Settings, State, Told, Which};
use vesalius::rdf::canonical::{CanonicalText, canonical_ntriples};

const CHANGES: u64 = 1_000_000;
/// A tenth of all changes are versions of one record; the others have ten versions each.
const LONG: u64 = 10;
const VERSIONS: u64 = 10;
const CHANGES_PER_CALL: usize = 20_000;
/// So many texts take turns.
const TEXTS: usize = 500;
const READS: u64 = 2_000;
/// What is promised of any past state.
const PROMISED: Duration = Duration::from_millis(50);
const START: i64 = 1_700_000_000;

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'));
    let folder = match arguments.next() {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let changes = arguments.next().map_or(Ok(CHANGES), |text| text.parse())?;
    tokio::runtime::Runtime::new()?.block_on(async {
        let settings = Settings::at(folder.path().join("ledger.sqlite"));
        let ledger = Ledger::open(&settings).await?;
        fill(&ledger, changes).await?;
        read(&ledger, changes).await?;
        ledger.close().await?;
        Ok(())
    })
}

/// Which record a change is about, and which of its versions it makes.
fn place(change: u64, changes: u64) -> (u64, u64) {
    if change.is_multiple_of(LONG) {
        return (0, change / LONG + 1);
    }
    let records = (changes - changes / LONG) / VERSIONS;
    let number = change - change / LONG - 1;
    (1 + number % records.max(1), number / records.max(1) + 1)
}

async fn fill(ledger: &Ledger, changes: u64) -> anyhow::Result<()> {
    let generator = Generator::new(TEXTS, 7, "https://catalogue.example.org");
    let texts: Vec<CanonicalText> = (0..TEXTS)
        .map(|i| canonical_ntriples(&generator.record(i).triples))
        .collect::<Result<_, _>>()?;
    let started = Instant::now();
    let mut call = Vec::with_capacity(CHANGES_PER_CALL);
    for change in 0..changes {
        let (record, version) = place(change, changes);
        let text = &texts[usize::try_from(change)? % TEXTS];
        call.push(new_change(record, version, at(change), text.clone()));
        if call.len() == CHANGES_PER_CALL {
            ledger.commit(std::mem::take(&mut call)).await?;
        }
    }
    ledger.commit(call).await?;
    println!("{changes} changes written in {:.0?}", started.elapsed());
    Ok(())
}

fn at(change: u64) -> Timestamp {
    let seconds = i64::try_from(change).unwrap_or(0);
    let start = Timestamp::from_second(START).unwrap_or_default();
    start
        .checked_add(SignedDuration::from_secs(seconds))
        .unwrap_or(start)
}

fn iri(record: u64) -> String {
    format!("https://catalogue.example.org/dataset/d{record}")
}

fn new_change(record: u64, version: u64, at: Timestamp, text: CanonicalText) -> NewChange {
    NewChange {
        iri: iri(record),
        kind: "dataset".into(),
        path: format!("/dataset/d{record}"),
        parent: Some("https://catalogue.example.org/catalog/c1".into()),
        action: if version == 1 {
            Action::Create
        } else {
            Action::Replace
        },
        // Every third version is a draft that the public never sees.
        state: if version.is_multiple_of(3) {
            State::Draft
        } else {
            State::Published
        },
        graph: Some(text),
        title: Some(format!("Collection {record}, {version}")),
        author: "loader".into(),
        reason: None,
        at,
        report: None,
        expected: Expected::Any,
    }
}

async fn read(ledger: &Ledger, changes: u64) -> anyhow::Result<()> {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut draw = |below: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % below.max(1)
    };
    let mut states = [Vec::new(), Vec::new()];
    let mut versions = [Vec::new(), Vec::new()];
    let mut pages = [Vec::new(), Vec::new()];
    let mut maps = [Vec::new(), Vec::new()];
    for i in 0..READS {
        let long = usize::from(i.is_multiple_of(2));
        let change = draw(changes);
        let (record, version) = if long == 1 {
            (0, draw(changes / LONG) + 1)
        } else {
            let (record, version) = place(change, changes);
            if record == 0 {
                (1, 1)
            } else {
                (record, version)
            }
        };
        let iri = iri(record);
        let started = Instant::now();
        let found = ledger.state_at(&iri, at(draw(changes))).await?;
        states[long].push(started.elapsed());
        std::hint::black_box(found);
        let started = Instant::now();
        anyhow::ensure!(
            ledger.version(&iri, version).await?.is_some(),
            "{iri} has no version {version}"
        );
        versions[long].push(started.elapsed());
        let started = Instant::now();
        let before = draw(changes) + 1;
        std::hint::black_box(
            ledger
                .changes_of(&iri, Told::Public, Some(before), 50)
                .await?,
        );
        pages[long].push(started.elapsed());
        let started = Instant::now();
        std::hint::black_box(ledger.mementos(&iri, version, 100).await?);
        std::hint::black_box(ledger.memento(&iri, Which::Before(version)).await?);
        maps[long].push(started.elapsed());
    }
    for (what, taken) in [
        ("state at a time", states),
        ("version by number", versions),
        ("page of the history", pages),
        ("page of the time map", maps),
    ] {
        for (taken, whose) in taken
            .into_iter()
            .zip(["ten versions", "a tenth of all versions"])
        {
            report(&format!("{what}, record with {whose}"), taken)?;
        }
    }
    Ok(())
}

fn report(what: &str, mut taken: Vec<Duration>) -> anyhow::Result<()> {
    taken.sort_unstable();
    let at = |share: usize| taken[(taken.len() - 1) * share / 100];
    println!(
        "{what}: {:.2?} at the median, {:.2?} at 99 %, {:.2?} at the most",
        at(50),
        at(99),
        at(100)
    );
    anyhow::ensure!(at(99) < PROMISED, "{what}: slower than {PROMISED:?}");
    Ok(())
}
