//! How fast is a look-up among half a million concepts? Writes a made-up vocabulary, reads it like an
//! operator's, and prints the time to start, the memory, and the times of look-ups of each sort.
//!
//! `VESALIUS_BENCH_CONCEPTS` chooses how many; 500,000 when unset.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use vesalius::ontology::{How, Ontology};

const ROUNDS: usize = 500;
/// Each look-up is asked so often and its best time counts: others share the machine.
const TIMES: usize = 3;
const LIMIT: usize = 20;
const WORDS: usize = 60_000;
const LANGUAGES: [&str; 3] = ["en", "de", "es"];
const STARTS: [&str; 20] = [
    "adeno",
    "angio",
    "arthro",
    "broncho",
    "cardio",
    "chondro",
    "cysto",
    "derma",
    "encephalo",
    "entero",
    "gastro",
    "hepato",
    "lympho",
    "myelo",
    "nephro",
    "neuro",
    "osteo",
    "pneumo",
    "terato",
    "vaso",
];
const MIDDLES: [&str; 25] = [
    "ba", "bri", "ca", "ce", "dro", "fi", "ga", "glo", "ha", "ki", "lu", "ma", "mi", "no", "pa",
    "pli", "ra", "ro", "sa", "stra", "ta", "ti", "ve", "xi", "zo",
];
const ENDS: [&str; 12] = [
    "algia", "cyte", "ectomy", "genesis", "gram", "itis", "logy", "oma", "osis", "pathy", "scopy",
    "tomy",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let before = resident();
    let bundled = timed(Ontology::bundled)?;
    say(&format!(
        "the bundled {} concepts: ready in {:.0} ms, {} MB",
        bundled.1.concepts().len(),
        bundled.0.as_secs_f64() * 1e3,
        (resident() - before) / 1_000_000,
    ));
    drop(bundled);
    let folder = tempfile::tempdir()?;
    let count = wanted();
    let made = Made::new();
    made.write(&folder.path().join("synthetic.ttl"), count)?;
    let before = resident();
    let (took, ontology) = timed(|| Ontology::load(Some(folder.path())))?;
    assert!(ontology.problems().is_empty(), "{:?}", ontology.problems());
    say(&format!(
        "{} concepts, {} names: ready in {:.1} s, {} MB",
        ontology.concepts().len(),
        ontology
            .concepts()
            .iter()
            .map(|one| one.labels.len() + one.synonyms.len())
            .sum::<usize>(),
        took.as_secs_f64(),
        (resident() - before) / 1_000_000,
    ));
    measure(&ontology, &made, count);
    Ok(())
}

fn measure(ontology: &Ontology, made: &Made, count: usize) {
    say("| look-up | p50 | p99 | slowest | found |\n|---|---|---|---|---|");
    let mut chance = Chance(7);
    let mut any = |sort: &str, ask: &dyn Fn(&mut Chance) -> (String, Option<String>)| {
        let mut times = Vec::with_capacity(ROUNDS);
        let mut found = 0;
        for _ in 0..ROUNDS {
            let (text, under) = ask(&mut chance);
            let mut best = Duration::MAX;
            let mut any = false;
            for _ in 0..TIMES {
                let begun = Instant::now();
                let hits = ontology.search(&text, under.as_deref(), LIMIT);
                best = best.min(begun.elapsed());
                any = !hits.is_empty();
            }
            times.push(best);
            found += usize::from(any);
        }
        times.sort_unstable();
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let percentile = |share: usize| ms(times[(times.len() * share / 100).min(times.len() - 1)]);
        say(&format!(
            "| {sort} | {:.2} ms | {:.2} ms | {:.2} ms | {} % |",
            percentile(50),
            percentile(99),
            ms(times[times.len() - 1]),
            100 * found / ROUNDS,
        ));
    };
    let label = |chance: &mut Chance| {
        made.label(
            chance.below(count),
            LANGUAGES[chance.below(LANGUAGES.len())],
        )
    };
    any("a label, in any of three languages", &|chance| {
        (label(chance).to_uppercase(), None)
    });
    any("one word of a label", &|chance| {
        let label = label(chance);
        let words: Vec<&str> = label.split(' ').collect();
        (words[chance.below(words.len())].to_owned(), None)
    });
    any("a label, its last word begun", &|chance| {
        let label = label(chance);
        let cut = label.len() - label.rsplit(' ').next().map_or(0, str::len) / 2;
        (label[..cut].to_owned(), None)
    });
    for letters in 1..=5 {
        any(
            &format!("the first {letters} letters of a word"),
            &|chance| (made.words[chance.below(WORDS)][..letters].to_owned(), None),
        );
    }
    any("a part inside of words", &|chance| {
        (
            format!("{}{}", MIDDLES[chance.below(25)], ENDS[chance.below(12)]),
            None,
        )
    });
    any("a word with one slip", &|chance| {
        (slip(&made.words[chance.below(WORDS)], 1, chance), None)
    });
    any("a word with two slips", &|chance| {
        (slip(&made.words[chance.below(WORDS)], 2, chance), None)
    });
    any("a label, each word with a slip", &|chance| {
        let label = label(chance);
        let words: Vec<String> = label.split(' ').map(|word| slip(word, 1, chance)).collect();
        (words.join(" "), None)
    });
    any("the two commonest words", &|chance| {
        (
            format!(
                "{} {}",
                made.words[chance.below(3)],
                made.words[chance.below(3)]
            ),
            None,
        )
    });
    any("a word within a branch", &|chance| {
        let under = Made::iri(chance.below(1_000));
        (made.words[chance.skewed(WORDS)].clone(), Some(under))
    });
    any("a code of another system", &|chance| {
        (format!("snomed:{}", 10_000_000 + chance.below(count)), None)
    });
    any("the own code", &|chance| {
        (format!("SYN{}", chance.below(count)), None)
    });
    any("nonsense", &|chance| {
        (format!("zq{:x}wv", chance.next()), None)
    });
    exact_comes_first(ontology, made, count);
}

/// A look-up that is fast and wrong would be no use.
fn exact_comes_first(ontology: &Ontology, made: &Made, count: usize) {
    let mut chance = Chance(11);
    for _ in 0..ROUNDS {
        let label = made.label(chance.below(count), "de");
        let hits = ontology.search(&label, None, LIMIT);
        assert_eq!(hits.first().map(|hit| hit.how), Some(How::Exact), "{label}");
    }
}

/// Swaps two letters, or leaves one out.
fn slip(word: &str, slips: usize, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    for _ in 0..slips {
        let at = chance.below(letters.len() - 1);
        if chance.below(2) == 0 {
            letters.swap(at, at + 1);
        } else if letters.len() > 4 {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

/// A made-up vocabulary: words that are used the less the later they come, as in every language.
struct Made {
    words: Vec<String>,
}

impl Made {
    fn new() -> Self {
        let mut chance = Chance(3);
        let mut words = Vec::with_capacity(WORDS);
        for _ in 0..WORDS {
            let mut word = STARTS[chance.below(STARTS.len())].to_owned();
            for _ in 0..=chance.below(3) {
                word.push_str(MIDDLES[chance.below(MIDDLES.len())]);
            }
            word.push_str(ENDS[chance.below(ENDS.len())]);
            words.push(word);
        }
        Self { words }
    }

    fn iri(number: usize) -> String {
        format!("https://example.org/synthetic/SYN{number}")
    }

    /// The same number and language always give the same label.
    fn label(&self, number: usize, language: &str) -> String {
        let mut chance =
            Chance(number as u64 * 31 + language.len() as u64 + u64::from(language.as_bytes()[0]));
        let mut label = String::new();
        for place in 0..2 + chance.below(3) {
            if place > 0 {
                label.push(' ');
            }
            label.push_str(&self.words[chance.skewed(WORDS)]);
        }
        label
    }

    fn write(&self, path: &Path, count: usize) -> std::io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        writeln!(
            out,
            "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\
             @prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> .\n\
             @prefix : <https://example.org/synthetic/> .\n\
             <https://example.org/synthetic> a skos:ConceptScheme ."
        )?;
        let mut chance = Chance(5);
        let mut text = String::new();
        for number in 0..count {
            text.clear();
            let code = 10_000_000 + number;
            let _ = write!(
                text,
                ":SYN{number} a skos:Concept;skos:inScheme<https://example.org/synthetic>;eucaim:SNOMEDCT\"{code}\""
            );
            for language in LANGUAGES {
                let label = self.label(number, language);
                let _ = write!(text, ";skos:prefLabel\"{label}\"@{language}");
            }
            for _ in 0..chance.below(2) {
                let synonym = &self.words[chance.below(WORDS)];
                let _ = write!(text, ";skos:altLabel\"{synonym} {number}\"@en");
            }
            for _ in 0..=chance.below(2) {
                if number > 0 {
                    let above = chance.below(number.div_ceil(8));
                    let _ = write!(text, ";skos:broader :SYN{above}");
                }
            }
            text.push_str(".\n");
            out.write_all(text.as_bytes())?;
        }
        out.flush()
    }
}

/// Random numbers that are always the same.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap_or(0)
    }

    /// Small numbers much more often than large ones.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "the numbers are small"
    )]
    fn skewed(&mut self, bound: usize) -> usize {
        let share = self.below(1_000_000) as f64 / 1e6;
        ((bound as f64).powf(share) as usize)
            .saturating_sub(1)
            .min(bound - 1)
    }
}

fn timed<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<(Duration, T), E> {
    let begun = Instant::now();
    let made = work()?;
    Ok((begun.elapsed(), made))
}

/// The memory that this process holds now, in bytes; 0 where the system does not tell.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark has no settings of its own"
)]
fn wanted() -> usize {
    let wanted = std::env::var("VESALIUS_BENCH_CONCEPTS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(500_000)
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
