//! Is everything that was acknowledged still there when the server is killed in the middle of writing?

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use vesalius::rdf::{NamedOrBlankNode, Term, Triple};

use crate::support::rdf::{self, DCT, assert_isomorphic};
use crate::support::{Chance, Person, TestServer, dataset};

const ROUNDS: u64 = 8;
const WRITERS: u64 = 4;
/// A round ends after so many acknowledgements, or so long: the test is bounded in both.
const ACKNOWLEDGED_PER_ROUND: usize = 24;
const ROUND_MAX: Duration = Duration::from_secs(8);
/// So many records a writer works on, so that they get many versions.
const RECORDS_PER_WRITER: usize = 5;

/// What a change makes of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Absent,
    Draft,
    Published,
    Withdrawn,
}

#[derive(Clone, Debug)]
struct Step {
    state: State,
    /// The word in the title after the step.
    word: String,
}

/// One record as its writer knows it.
#[derive(Debug)]
struct Known {
    path: String,
    /// Acknowledged states, the newest last.
    acknowledged: Vec<Step>,
    /// The step whose answer never came.
    open: Option<Step>,
    /// Acknowledged versions of the description, with the word that each holds.
    versions: BTreeMap<u64, String>,
}

impl Known {
    fn last(&self) -> Step {
        self.acknowledged.last().cloned().unwrap_or(Step {
            state: State::Absent,
            word: String::new(),
        })
    }
}

#[test]
fn killed_under_writes_it_keeps_every_acknowledged_version() {
    let server = TestServer::start().with_catalogue("kept");
    let mut writers: Vec<Vec<Known>> = (0..WRITERS).map(|_| Vec::new()).collect();
    let mut acknowledged = 0;
    for round in 0..ROUNDS {
        acknowledged += write_until_killed(&server, &mut writers, round);
        server.restart();
        server.settle();
        for known in writers.iter_mut().flatten() {
            check(&server, known);
        }
    }
    let records = writers.iter().map(Vec::len).sum::<usize>();
    eprintln!(
        "{ROUNDS} kills, {acknowledged} acknowledged changes of {records} records: all there"
    );
    assert!(
        acknowledged > 100,
        "too few writes to mean anything: {acknowledged}"
    );
    assert!(server.stop().success(), "it stops well, too");
}

#[test]
fn stopped_gently_it_answers_what_it_has_begun() {
    let server = TestServer::start().with_catalogue("gentle");
    let steward = server.steward();
    let catalogue = server.iri("/catalog/gentle");
    let going = AtomicBool::new(true);
    let done = std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut done = Vec::new();
            while going.load(Ordering::Relaxed) && done.len() < 500 {
                let path = format!("/dataset/g{}", done.len());
                let text = dataset(&server.base, &path[9..], &catalogue, "Gentle");
                let put = steward
                    .request("PUT", &format!("{path}?state=published"))
                    .header("Content-Type", "text/turtle");
                match put.try_send(Some(text.into_bytes())) {
                    Ok(answer) if answer.status == 201 => done.push(path),
                    _ => break,
                }
            }
            done
        });
        std::thread::sleep(Duration::from_millis(400));
        assert!(server.stop().success());
        going.store(false, Ordering::Relaxed);
        writer.join().unwrap()
    });
    assert!(!done.is_empty());
    server.restart();
    for path in done {
        server.nobody().get(&path).is(200);
    }
}

/// Lets the writers write, and kills the server under them. Gives back how much was acknowledged.
fn write_until_killed(server: &TestServer, writers: &mut [Vec<Known>], round: u64) -> usize {
    let (going, count) = (AtomicBool::new(true), AtomicUsize::new(0));
    let goal = ACKNOWLEDGED_PER_ROUND + Chance::new(round).below(ACKNOWLEDGED_PER_ROUND);
    std::thread::scope(|scope| {
        for (number, known) in (0..).zip(writers.iter_mut()) {
            let (going, count) = (&going, &count);
            let mut chance = Chance::new(round * 100 + number);
            scope.spawn(move || {
                let steward = server.steward();
                while going.load(Ordering::Relaxed)
                    && change(server, &steward, known, number, &mut chance)
                {
                    count.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let started = Instant::now();
        while count.load(Ordering::Relaxed) < goal && started.elapsed() < ROUND_MAX {
            std::thread::sleep(Duration::from_millis(2));
        }
        server.kill9();
        going.store(false, Ordering::Relaxed);
    });
    count.into_inner()
}

/// One change of one record, drawn by chance. False when no answer came.
fn change(
    server: &TestServer,
    steward: &Person,
    records: &mut Vec<Known>,
    writer: u64,
    chance: &mut Chance,
) -> bool {
    let at = chance.below(RECORDS_PER_WRITER);
    if at >= records.len() {
        let path = format!("/dataset/w{writer}-{}", records.len());
        records.push(Known {
            path,
            acknowledged: Vec::new(),
            open: None,
            versions: BTreeMap::new(),
        });
    }
    let at = at.min(records.len() - 1);
    let known = &mut records[at];
    let last = known.last();
    let catalogue = server.iri("/catalog/kept");
    let word = chance.word();
    let (request, body, step) = match (last.state, chance.below(4)) {
        (State::Published, 0) => {
            let request = steward.request("PUT", &format!("{}/meta/state", known.path));
            let body = "{\"current\":\"WITHDRAWN\"}".to_owned();
            (
                request,
                body,
                Step {
                    state: State::Withdrawn,
                    ..last
                },
            )
        }
        (State::Draft | State::Withdrawn, 0) => {
            let request = steward.request("PUT", &format!("{}/meta/state", known.path));
            let body = "{\"current\":\"PUBLISHED\"}".to_owned();
            (
                request,
                body,
                Step {
                    state: State::Published,
                    ..last
                },
            )
        }
        (state, dice) => {
            let text = dataset(
                &server.base,
                &known.path[9..],
                &catalogue,
                &format!("Kept {word}"),
            );
            let publish = state == State::Published || (state == State::Absent && dice > 1);
            let wish = if publish { "?state=published" } else { "" };
            let state = if publish {
                State::Published
            } else if state == State::Absent {
                State::Draft
            } else {
                state
            };
            (
                steward.request("PUT", &format!("{}{wish}", known.path)),
                text,
                Step { state, word },
            )
        }
    };
    let is_text = body.starts_with('<') || body.starts_with('_');
    let request = request.header(
        "Content-Type",
        if is_text {
            "text/turtle"
        } else {
            "application/json"
        },
    );
    known.open = Some(step.clone());
    let Ok(answer) = request.try_send(Some(body.into_bytes())) else {
        return false;
    };
    assert!(matches!(answer.status, 200 | 201), "{answer}");
    known.open = None;
    if is_text {
        known.versions.insert(answer.version(), step.word.clone());
    }
    known.acknowledged.push(step);
    true
}

/// Compares what the server holds with what its writer knows.
fn check(server: &TestServer, known: &mut Known) {
    let steward = server.steward();
    let path = known.path.clone();
    let history = steward.get(&format!("{path}/versions"));
    let last = known.last();
    if history.status == 404 || history.status == 410 {
        let may_be_gone = last.state == State::Absent || last.state == State::Withdrawn;
        assert!(may_be_gone, "{path} is lost: {known:?}\n{history}");
        if last.state == State::Absent {
            return;
        }
    }
    let newest = match history.status {
        200 => Some(versions_are_whole(&steward, known, &history.json())),
        _ => None,
    };
    let found = state_now(server, &path);
    let possible: Vec<&Step> = [Some(&last), known.open.as_ref()]
        .into_iter()
        .flatten()
        .collect();
    // What the public sees tells the word, else the newest version of the history does.
    let word = match found.state {
        State::Published => Some(&found.word),
        State::Absent | State::Draft | State::Withdrawn => newest.as_ref(),
    };
    let found_step = possible
        .iter()
        .find(|step| step.state == found.state && word.is_none_or(|word| step.word == *word));
    let found_step = (*found_step
        .unwrap_or_else(|| panic!("{path} is {found:?}, but should be {known:?}")))
    .clone();
    if found.state == State::Published {
        published_everywhere(server, &path, &found_step.word);
    } else {
        public_nowhere(server, &path, &found_step.word);
    }
    // From here on the writer knows what became of the change whose answer never came.
    if known.open.take().is_some() || known.acknowledged.is_empty() {
        known.acknowledged.push(found_step);
    }
}

/// Versions are numbered without a gap, hold what was acknowledged, and can be read whole. Gives
/// back the word of the newest.
fn versions_are_whole(steward: &Person, known: &Known, history: &Value) -> String {
    let path = &known.path;
    let list = history["versions"].as_array().unwrap();
    let numbers: HashSet<u64> = list
        .iter()
        .map(|one| one["version"].as_u64().unwrap())
        .collect();
    let newest = numbers.iter().copied().max().unwrap();
    assert_eq!(
        numbers,
        (1..=newest).collect(),
        "{path}: versions are consecutive"
    );
    for (version, word) in known.versions.iter().rev().take(3) {
        assert!(
            numbers.contains(version),
            "{path}: version {version} was acknowledged and is lost"
        );
        let sent = steward
            .get(&format!("{path}/versions/{version}.nt"))
            .is(200);
        assert!(
            sent.text().contains(word),
            "{path}: version {version} is not what was sent:\n{sent}"
        );
        whole(&sent.triples(), path);
    }
    let newest = steward.get(&format!("{path}/versions/{newest}.nt")).is(200);
    word(&newest.text()).expect("every version has a word in its title")
}

/// The word in the title of a record.
fn word(text: &str) -> Option<String> {
    let rest = text.split("Kept ").nth(1)?;
    Some(rest.chars().take(14).collect())
}

/// A generated dataset has its parts, each once.
fn whole(triples: &[Triple], path: &str) {
    let subject = triples
        .iter()
        .map(|triple| &triple.subject)
        .find_map(|subject| match subject {
            NamedOrBlankNode::NamedNode(iri) if iri.as_str().ends_with(path) => {
                Some(iri.as_str().to_owned())
            }
            _ => None,
        });
    let subject = subject.unwrap_or_else(|| panic!("{path}: nothing is said about it"));
    assert_eq!(
        rdf::objects(triples, &subject, &format!("{DCT}title")).len(),
        1,
        "{path}: one title"
    );
    assert_eq!(
        rdf::objects(triples, &subject, &format!("{DCT}publisher")).len(),
        1,
        "{path}: one publisher"
    );
    let distribution = rdf::objects(triples, &subject, "http://www.w3.org/ns/dcat#distribution");
    let Some(Term::NamedNode(distribution)) = distribution.first() else {
        panic!("{path}: no distribution")
    };
    assert!(
        !rdf::objects(triples, distribution.as_str(), &format!("{DCT}title")).is_empty(),
        "{path}: half a record"
    );
}

/// What nobody sees of the record.
fn state_now(server: &TestServer, path: &str) -> Step {
    let public = server.nobody().get(&format!("{path}.nq"));
    match public.status {
        200 => Step {
            state: State::Published,
            word: word(&public.text()).unwrap_or_default(),
        },
        410 => Step {
            state: State::Withdrawn,
            word: String::new(),
        },
        404 => {
            let own = server.steward().get(path).status;
            Step {
                state: if own == 200 {
                    State::Draft
                } else {
                    State::Absent
                },
                word: String::new(),
            }
        }
        _ => panic!("{public}"),
    }
}

/// Ledger, triples and search say the same.
fn published_everywhere(server: &TestServer, path: &str, word: &str) {
    let (iri, nobody) = (server.iri(path), server.nobody());
    let quads = nobody.get(&format!("{path}.nq")).is(200).quads();
    let name = vesalius::rdf::GraphName::from(rdf::iri(&iri));
    let graph: Vec<Triple> = quads
        .into_iter()
        .filter(|quad| quad.graph_name == name)
        .map(Triple::from)
        .collect();
    let history = nobody.get(&format!("{path}/versions")).is(200).json();
    let newest = history["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["version"].as_u64().unwrap())
        .max();
    let sent = nobody
        .get(&format!("{path}/versions/{}.nt", newest.unwrap()))
        .is(200)
        .triples();
    assert_isomorphic(&graph, &sent, path);
    let title = format!("Kept {word}");
    let ask = format!("ASK {{ GRAPH <{iri}> {{ <{iri}> <{DCT}title> \"{title}\"@en }} }}");
    assert!(nobody.ask(&ask), "{path}: not in the triples");
    let stored = nobody.count(&format!(
        "SELECT (COUNT(*) AS ?n) {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}"
    ));
    assert_eq!(
        stored,
        u64::try_from(sent.len()).unwrap(),
        "{path}: its graph is whole, and nothing but itself"
    );
    let hits = nobody.search(&format!("q={word}"));
    let found = hits["hits"]
        .as_array()
        .unwrap()
        .iter()
        .any(|hit| hit["iri"] == iri.as_str());
    assert!(found, "{path}: not in search: {hits}");
}

fn public_nowhere(server: &TestServer, path: &str, word: &str) {
    let (iri, nobody) = (server.iri(path), server.nobody());
    assert!(
        !nobody.ask(&format!("ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")),
        "{path}: still in the triples"
    );
    let hits = nobody.search(&format!("q={word}"));
    let found = hits["hits"]
        .as_array()
        .unwrap()
        .iter()
        .any(|hit| hit["iri"] == iri.as_str());
    assert!(!found, "{path}: still in search: {hits}");
}
