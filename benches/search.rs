//! How fast is search over many datasets? Builds an index of made-up datasets and prints the time
//! to build it, its size, and the times of facet pages, words with all facets, and suggestions.
//!
//! `VESALIUS_BENCH_DATASETS` chooses how many, 100,000 when unset. `VESALIUS_BENCH_FOLDER` is where the index
//! is built and kept; one that is there already is measured as it is.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use vesalius::rdf::{BlankNode, Literal, NamedNode, Term, Triple};
use vesalius::search::{
    ConceptTable, FacetDefinitions, Index, IndexChange, IndexedRecord, Judged, Measure,
    SearchQuery, Settings, TallyQuery,
};

const EUCAIM: &str = "https://cancerimage.eu/ontology/EUCAIM#";
const DCT: &str = "http://purl.org/dc/terms/";
const DCAT: &str = "http://www.w3.org/ns/dcat#";
const HEALTH: &str = "https://w3id.org/healthdcat-ap#";
const EUROPE: &str = "http://publications.europa.eu/resource/authority";
const BATCH: usize = 1_000;
const PUBLISHERS: usize = 500;
const ROUNDS: usize = 300;
const CLOSURE: usize = 10_000;

const WORDS: &[&str] = &[
    "annotated",
    "arterial",
    "baseline",
    "benign",
    "biopsy",
    "cohort",
    "contrast",
    "diagnosis",
    "diffusion",
    "dynamic",
    "enhanced",
    "follow-up",
    "hospital",
    "imaging",
    "invasive",
    "lesions",
    "longitudinal",
    "malignant",
    "metastases",
    "multicentre",
    "node",
    "oncology",
    "outcome",
    "pathology",
    "patients",
    "perfusion",
    "phase",
    "prospective",
    "radiology",
    "recurrence",
    "registry",
    "response",
    "retrospective",
    "screening",
    "segmentation",
    "sequence",
    "staging",
    "surgery",
    "survival",
    "therapy",
    "tumour",
    "treatment",
    "trial",
    "volume",
    "weighted",
];

/// The server's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let datasets = setting("VESALIUS_BENCH_DATASETS").and_then(|text| text.parse().ok());
    let datasets = datasets.unwrap_or(100_000);
    let made = tempfile::tempdir()?;
    let kept = setting("VESALIUS_BENCH_FOLDER").map(PathBuf::from);
    let folder = kept.unwrap_or_else(|| made.path().to_owned());
    let (_, leaves) = concepts();
    let index = open(&folder)?;
    if index.is_empty() {
        build(&index, datasets, &leaves)?;
    }
    drop(index);
    let begun = Instant::now();
    let index = open(&folder)?;
    say(&format!(
        "{} datasets in {} kB, opened in {:.0} ms",
        index.len(),
        index.size_bytes() / 1_000,
        begun.elapsed().as_secs_f64() * 1e3
    ));
    measure_searches(&index)?;
    measure_suggestions(&index)?;
    measure_others(&index)?;
    measure_commits(&index, datasets, &leaves)
}

fn open(folder: &Path) -> Result<Index, vesalius::search::Error> {
    let settings = Settings {
        memory_bytes: 256_000_000,
        ..Settings::default()
    };
    let definitions = FacetDefinitions::built_in();
    Index::open(folder, &settings, Arc::new(concepts().0), definitions)
}

fn build(index: &Index, datasets: usize, leaves: &Leaves) -> Result<(), vesalius::search::Error> {
    let (begun, before) = (Instant::now(), processor());
    let mut bulk = index.begin_bulk();
    for start in (0..datasets).step_by(BATCH) {
        let end = (start + BATCH).min(datasets);
        let batch: Vec<IndexChange> = (start..end).map(|n| dataset(n, leaves)).collect();
        bulk.add(&batch)?;
    }
    bulk.finish(1)?;
    say(&format!(
        "{datasets} datasets indexed in {:.1} s ({:.1} s of them making and taking apart records)",
        begun.elapsed().as_secs_f64(),
        processor().saturating_sub(before).as_secs_f64(),
    ));
    Ok(())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no settings of its own"
)]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn measure_searches(index: &Index) -> Result<(), Box<dyn std::error::Error>> {
    let pages: &[(&str, &[(&str, &str)])] = &[
        ("everything, all facets, newest 20", &[]),
        ("one branch of cancers", &[("cancer", "CLIN1-2")]),
        (
            "two facets",
            &[("cancer", "CLIN1-2"), ("modality", "IMG1-3")],
        ),
        (
            "four facets with a range and an exclusion",
            &[
                ("cancer", "CLIN1-2"),
                ("modality", "IMG1-3"),
                ("subjects", "200.."),
                ("sex", "-SEX1"),
            ],
        ),
        ("a rare word", &[("q", "hospital-17 screening")]),
        ("one common word", &[("q", "tumours")]),
        (
            "three common words",
            &[("q", "retrospective treatment outcomes")],
        ),
        ("a concept and a word", &[("q", "CLIN1-2 therapy")]),
        (
            "a common word and two facets",
            &[("q", "tumours"), ("cancer", "CLIN1-2"), ("tier", "TIER1")],
        ),
        ("by title", &[("sort", "title")]),
        ("a phrase", &[("q", "\"contrast enhanced\"")]),
        ("a closure of 10,000 concepts", &[("cancer", "CLIN1-0")]),
        ("by quality", &[("sort", "quality")]),
        ("a slip of the pen", &[("q", "retrospectiv tumuor")]),
    ];
    for (name, pairs) in pages {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
            .collect();
        let query = SearchQuery::from_pairs(&pairs);
        let total = index.search(&query)?.total;
        report(&format!("{name} ({total})"), ROUNDS, || {
            index.search(&query).map(drop)
        })?;
    }
    let mut query = SearchQuery::from_pairs(&[("sort".to_owned(), "title".to_owned())]);
    for _ in 0..20 {
        query.after = index.search(&query)?.next;
    }
    report("page 21 by title", ROUNDS, || {
        index.search(&query).map(drop)
    })?;
    Ok(())
}

fn measure_others(index: &Index) -> Result<(), Box<dyn std::error::Error>> {
    let mut number = 0;
    report("records like one", ROUNDS, || {
        number += 7;
        let iri = format!("https://example.org/dataset/{number}");
        index.similar(&iri, 10, "en").map(drop)
    })?;
    let tally = TallyQuery {
        by: vec!["modality".to_owned(), "body-part".to_owned()],
        measure: Measure::Subjects,
        over: None,
    };
    report("subjects by modality and body part", 20, || {
        index.tally(&SearchQuery::default(), &tally).map(drop)
    })?;
    let begun = Instant::now();
    let all = index.each(&SearchQuery::default(), |_| {
        Ok::<(), vesalius::search::Error>(())
    })?;
    say(&format!(
        "all {all} hits in order: {:.1} s",
        begun.elapsed().as_secs_f64()
    ));
    Ok(())
}

fn measure_suggestions(index: &Index) -> Result<(), Box<dyn std::error::Error>> {
    for typed in ["b", "pro", "hospital-4", "tumour st"] {
        report(&format!("suggest «{typed}»"), ROUNDS, || {
            index.suggest(typed, 10).map(drop)
        })?;
    }
    Ok(())
}

fn measure_commits(
    index: &Index,
    datasets: usize,
    leaves: &Leaves,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut next = datasets;
    report("commit of one record, visible", 40, || {
        next += 1;
        index.apply(next as u64, &[dataset(next, leaves)])
    })?;
    report("commit of 100 records, visible", 10, || {
        let batch: Vec<_> = (next..next + 100)
            .map(|number| dataset(number, leaves))
            .collect();
        next += 100;
        index.apply(next as u64, &batch)
    })?;
    let query = SearchQuery::default();
    report("everything, after these commits", ROUNDS, || {
        index.search(&query).map(drop)
    })?;
    Ok(())
}

fn report<E: std::error::Error + 'static>(
    name: &str,
    rounds: usize,
    mut work: impl FnMut() -> Result<(), E>,
) -> Result<(), E> {
    let mut times = Vec::with_capacity(rounds);
    let before = processor();
    for _ in 0..rounds {
        let begun = Instant::now();
        work()?;
        times.push(begun.elapsed());
    }
    let worked = processor().saturating_sub(before) / u32::try_from(rounds).unwrap_or(1);
    times.sort_unstable();
    let at = |share: usize| milliseconds(times[(rounds * share / 100).min(rounds - 1)]);
    say(&format!(
        "{name:50} p50 {:8.3} ms   p99 {:8.3} ms   processor {:8.3} ms",
        at(50),
        at(99),
        milliseconds(worked)
    ));
    Ok(())
}

/// The time that this thread has worked, where the system tells it: what other programs take of the
/// machine is not in it.
fn processor() -> Duration {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.unwrap_or(0))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

type Leaves = BTreeMap<&'static str, Vec<String>>;

/// Hierarchies of three levels, about as many concepts as the hyperontology uses.
fn concepts() -> (ConceptTable, Leaves) {
    let mut table = ConceptTable::default();
    let mut leaves = Leaves::new();
    for (name, root, wide) in [
        ("CLIN", "CLIN1007977", 12),
        ("IMG", "IMG1000009", 6),
        ("BP", "BP1000024", 12),
    ] {
        let root = format!("{EUCAIM}{root}");
        table.add(&root, name, &[], &[]);
        for first in 0..wide {
            let top = format!("{EUCAIM}{name}1-{first}");
            let code = format!("{name}1-{first}");
            table.add(&top, &format!("{name} branch {first}"), &[&root], &[&code]);
            // Below the first cancer hangs a closure of ten thousand.
            let deep = if name == "CLIN" && first == 0 {
                CLOSURE
            } else {
                wide
            };
            for second in 0..deep {
                let leaf = format!("{EUCAIM}{name}2-{first}-{second}");
                let other = format!("{EUCAIM}{name}1-{}", (first + 1) % wide);
                let parents = if second == 0 {
                    vec![top.as_str(), &other]
                } else {
                    vec![top.as_str()]
                };
                table.add(
                    &leaf,
                    &format!("{name} structure {first} {second}"),
                    &parents,
                    &[],
                );
                leaves.entry(name).or_default().push(leaf);
            }
        }
    }
    let tiers = format!("{EUCAIM}SPEC1000008");
    table.add(&tiers, "Tier", &[], &[]);
    for tier in 0..3 {
        table.add(
            &format!("{EUCAIM}TIER{tier}"),
            &format!("Tier {tier}"),
            &[&tiers],
            &[],
        );
    }
    (table, leaves)
}

/// Small numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % sides as u64).unwrap_or(0)
    }

    /// Small numbers more often than large ones.
    fn skewed(&mut self, sides: usize) -> usize {
        let once = self.roll(sides);
        once * (self.roll(sides) + 1) / sides
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<_> = (0..count)
            .map(|_| WORDS[self.skewed(WORDS.len())])
            .collect();
        words.join(" ")
    }
}

fn dataset(number: usize, leaves: &Leaves) -> IndexChange {
    let mut dice = Dice(number as u64 * 7_919);
    let iri = NamedNode::new_unchecked(format!("https://example.org/dataset/{number}"));
    let mut triples = Vec::new();
    let mut add = |subject: &NamedNode, property: String, object: Term| {
        triples.push(Triple::new(
            subject.clone(),
            NamedNode::new_unchecked(property),
            object,
        ));
    };
    let node = |iri: String| Term::from(NamedNode::new_unchecked(iri));
    let english =
        |text: &str| Term::from(Literal::new_language_tagged_literal_unchecked(text, "en"));
    add(
        &iri,
        format!("{DCT}title"),
        english(&format!("{} {number}", dice.words(6))),
    );
    add(&iri, format!("{DCT}description"), english(&dice.words(80)));
    for _ in 0..4 {
        add(&iri, format!("{DCAT}keyword"), english(&dice.words(1)));
    }
    for (name, property, most) in [
        ("CLIN", "hasCondition", 1),
        ("IMG", "hasImageModality", 3),
        ("BP", "hasImageBodyPart", 2),
    ] {
        for _ in 0..=dice.roll(most) {
            let leaf = &leaves[name][dice.skewed(leaves[name].len())];
            add(&iri, format!("{EUCAIM}{property}"), node(leaf.clone()));
        }
    }
    for (property, name, sides) in [
        ("hasBirthSex", "SEX", 3),
        ("collectionMethod", "METHOD", 5),
        ("hasEquipmentManufacturer", "MAKER", 20),
        ("interoperabilityLevel", "TIER", 3),
        ("hasAnnotationLabel", "LABEL", 200),
    ] {
        add(
            &iri,
            format!("{EUCAIM}{property}"),
            node(format!("{EUCAIM}{name}{}", dice.skewed(sides))),
        );
    }
    let access = ["PUBLIC", "RESTRICTED", "NON_PUBLIC"][dice.roll(3)];
    add(
        &iri,
        format!("{DCT}accessRights"),
        node(format!("{EUROPE}/access-right/{access}")),
    );
    add(
        &iri,
        format!("{DCT}spatial"),
        node(format!("{EUROPE}/country/C{}", dice.skewed(30))),
    );
    add(
        &iri,
        format!("{DCT}language"),
        node(format!("{EUROPE}/language/L{}", dice.skewed(24))),
    );
    add(
        &iri,
        format!("{DCT}type"),
        node(format!("{EUCAIM}TYPE{}", dice.roll(3))),
    );
    add(
        &iri,
        format!("{DCAT}theme"),
        node(format!("{EUROPE}/data-theme/HEAL")),
    );
    for (property, most) in [
        ("numberOfUniqueIndividuals", 20_000),
        ("numberOfRecords", 60_000),
    ] {
        let number = i64::try_from(dice.skewed(most)).unwrap_or(0);
        add(
            &iri,
            format!("{HEALTH}{property}"),
            Literal::from(number).into(),
        );
    }
    let youngest = dice.roll(40);
    for (property, age) in [
        ("minTypicalAge", youngest),
        ("maxTypicalAge", youngest + 40),
    ] {
        let age = i64::try_from(age).unwrap_or(0);
        add(
            &iri,
            format!("{HEALTH}{property}"),
            Literal::from(age).into(),
        );
    }
    let period = NamedNode::new_unchecked(format!("{}#period", iri.as_str()));
    let first = 2000 + dice.roll(20);
    add(&iri, format!("{DCT}temporal"), period.clone().into());
    add(
        &period,
        format!("{DCAT}startDate"),
        Literal::from(format!("{first}-01-01")).into(),
    );
    add(
        &period,
        format!("{DCAT}endDate"),
        Literal::from(format!("{}-12-31", first + dice.roll(5))).into(),
    );
    let distribution = NamedNode::new_unchecked(format!("{}#distribution", iri.as_str()));
    let rights = ["DOWNLOAD", "IN_SITU_PROCESSING", "REMOTE_PROCESSING"][dice.roll(3)];
    add(
        &iri,
        format!("{DCAT}distribution"),
        distribution.clone().into(),
    );
    add(
        &distribution,
        format!("{DCT}rights"),
        node(format!("https://example.org/access/#{rights}")),
    );
    add(
        &distribution,
        format!("{DCT}license"),
        node(format!("{EUROPE}/licence/L{}", dice.skewed(8))),
    );
    let publisher = BlankNode::new_unchecked("publisher");
    add(&iri, format!("{DCT}publisher"), publisher.clone().into());
    let name = format!("Hospital-{}", dice.skewed(PUBLISHERS));
    let foaf = NamedNode::new_unchecked("http://xmlns.com/foaf/0.1/name");
    triples.push(Triple::new(publisher, foaf, Literal::from(name)));
    let second = i64::try_from(1_600_000_000 + number).unwrap_or(0);
    let time = Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH);
    let catalogue = dice.skewed(40);
    IndexChange::Put(Box::new(IndexedRecord {
        iri: iri.into_string(),
        path: format!("/dataset/{number}"),
        kind: "dataset".to_owned(),
        catalogue: Some((
            format!("https://example.org/catalog/{catalogue}"),
            format!("Catalogue {catalogue}"),
        )),
        triples,
        first_published: time,
        changed: time,
        quality: Some(Judged {
            points: i64::try_from(dice.roll(405)).unwrap_or(0),
            band: ["excellent", "good", "sufficient", "bad"][dice.skewed(4)].to_owned(),
        }),
        profiles: vec!["eucaim-dcat-ap-2.0".to_owned()],
    }))
}
