//! Does any door break when it is asked nonsense? Arguments of OAI-PMH from a generator of our own, and every operation of
//! `openapi.json` by schemathesis.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::harvesters;
use crate::support::{
    Answer, Person, TestServer, demo, ends_well, http, python, repository, suites,
};

/// Requests of one run of the generator.
const REQUESTS: u32 = 600;
/// The newest that speaks of `OpenAPI` 3.1 as ours does.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// One argument, as it is sent.
type Argument = (String, String);

const VERBS: [&str; 6] = [
    "Identify",
    "ListMetadataFormats",
    "ListSets",
    "ListIdentifiers",
    "ListRecords",
    "GetRecord",
];
const PREFIXES: [&str; 5] = [
    "oai_dc",
    "oai_datacite",
    "datacite",
    "oai_openairedata",
    "dcat",
];
const NAMES: [&str; 7] = [
    "verb",
    "metadataPrefix",
    "identifier",
    "from",
    "until",
    "set",
    "resumptionToken",
];

/// What is known to be good, from the server itself.
struct Known {
    identifiers: Vec<String>,
    sets: Vec<String>,
    tokens: Vec<String>,
}

fn elements(xml: &str, name: &str) -> Vec<String> {
    let start = format!("<{name}");
    let parts = xml.split(&start).skip(1);
    let one = |part: &str| Some(part.split_once('>')?.1.split('<').next()?.to_owned());
    parts
        .filter_map(one)
        .filter(|text| !text.is_empty())
        .collect()
}

fn known(person: &Person) -> Known {
    let get = |query: &str| person.get(&format!("/oai?{query}")).is(200).text();
    let list = get("verb=ListIdentifiers&metadataPrefix=oai_dc");
    let heavy = get("verb=ListRecords&metadataPrefix=dcat");
    Known {
        identifiers: elements(&list, "identifier"),
        sets: elements(&get("verb=ListSets"), "setSpec"),
        tokens: elements(&heavy, "resumptionToken"),
    }
}

fn of(list: &[&str]) -> BoxedStrategy<String> {
    let owned: Vec<String> = list.iter().map(|one| (*one).to_owned()).collect();
    prop::sample::select(owned).boxed()
}

fn among(list: &[String]) -> BoxedStrategy<String> {
    if list.is_empty() {
        return Just("nothing".to_owned()).boxed();
    }
    prop::sample::select(list.to_vec()).boxed()
}

/// Values that no harvester should send.
fn odd() -> BoxedStrategy<String> {
    prop_oneof![
        Just(String::new()),
        Just(" ".to_owned()),
        Just("\u{0}".to_owned()),
        Just("<>&\"'".to_owned()),
        Just("]]>".to_owned()),
        Just("\u{fffe}\u{b}".to_owned()),
        Just("../../etc/passwd".to_owned()),
        Just("1'; DROP TABLE changes --".to_owned()),
        Just("x".repeat(5_000)),
        "\\PC{0,40}",
        ".{0,20}",
        "[a-zA-Z0-9:._-]{1,60}",
    ]
    .boxed()
}

fn time() -> BoxedStrategy<String> {
    let day = (0u16..=9999, 0u8..=14, 0u8..=33)
        .prop_map(|(year, month, day)| format!("{year:04}-{month:02}-{day:02}"));
    let second = (1990u16..=2040, 1u8..=12, 1u8..=28, 0u8..=25, 0u8..=61).prop_map(
        |(year, month, day, hour, minute)| {
            format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z")
        },
    );
    prop_oneof![
        3 => day,
        3 => second,
        1 => of(&["2026-02-30", "2026-01-01T00:00:00", "2026-01-01T00:00:00+01:00", "2026", "+12026-01-01", "2026-1-1"]),
        1 => odd(),
    ]
    .boxed()
}

/// A token that was given, changed in one place.
fn bent(tokens: &[String]) -> BoxedStrategy<String> {
    (
        among(tokens),
        any::<prop::sample::Index>(),
        "[A-Za-z0-9._-]",
    )
        .prop_map(|(token, at, letter)| {
            let mut letters: Vec<char> = token.chars().collect();
            let at = at.index(letters.len());
            letters[at] = letter.chars().next().unwrap();
            letters.into_iter().collect()
        })
        .boxed()
}

fn value(name: &str, known: &Known) -> BoxedStrategy<String> {
    match name {
        "verb" => prop_oneof![8 => of(&VERBS), 1 => of(&["identify", "Listrecords"]), 1 => odd()].boxed(),
        "metadataPrefix" => {
            prop_oneof![6 => of(&PREFIXES), 1 => of(&["OAI_DC", "marc21"]), 1 => odd()].boxed()
        }
        "identifier" => prop_oneof![
            4 => among(&known.identifiers),
            1 => "oai:[a-z0-9.]{1,12}:[a-z/]{1,12}",
            1 => odd(),
        ]
        .boxed(),
        "from" | "until" => time(),
        "set" => prop_oneof![4 => among(&known.sets), 1 => of(&["type:none", "a:b:c:d", ":", "type:"]), 1 => odd()].boxed(),
        _ => prop_oneof![2 => among(&known.tokens), 2 => bent(&known.tokens), 1 => odd()].boxed(),
    }
}

/// A request: mostly a verb and what may stand beside it, sometimes anything.
fn arguments(known: &Known) -> BoxedStrategy<Vec<Argument>> {
    let pair = |name: &'static str, known: &Known| {
        value(name, known)
            .prop_map(move |value| (name.to_owned(), value))
            .boxed()
    };
    let verb = pair("verb", known);
    let usual: Vec<BoxedStrategy<Argument>> =
        NAMES[1..].iter().map(|name| pair(name, known)).collect();
    let prefix = pair("metadataPrefix", known);
    let others = prop::sample::subsequence(usual, 0..4).prop_flat_map(|chosen| chosen);
    let sensible = (verb.clone(), prefix, others.clone()).prop_map(|(verb, prefix, others)| {
        let mut all = vec![verb];
        if !others
            .iter()
            .any(|(name, _)| name == "metadataPrefix" || name == "resumptionToken")
        {
            all.push(prefix);
        }
        all.extend(others);
        all
    });
    let going_on = (of(&VERBS), value("resumptionToken", known)).prop_map(|(verb, token)| {
        vec![
            ("verb".to_owned(), verb),
            ("resumptionToken".to_owned(), token),
        ]
    });
    let wild = prop::collection::vec((prop_oneof![4 => of(&NAMES), 1 => odd()], odd()), 0..40);
    let doubled = (verb, others).prop_map(|(verb, others)| {
        let mut all = vec![verb.clone(), verb];
        all.extend(others.iter().cloned());
        all.extend(others);
        all
    });
    // The order of arguments means nothing, so it may be any.
    prop_oneof![8 => sensible, 3 => going_on, 1 => wild, 1 => doubled]
        .prop_shuffle()
        .boxed()
}

/// What must stand beside a verb, what may, and whether its lists go on.
fn rule(verb: &str) -> Option<(&'static [&'static str], &'static [&'static str], bool)> {
    const SELECTION: &[&str] = &["from", "until", "set"];
    Some(match verb {
        "Identify" => (&[], &[], false),
        "ListMetadataFormats" => (&[], &["identifier"], false),
        "ListSets" => (&[], &[], true),
        "ListIdentifiers" | "ListRecords" => (&["metadataPrefix"], SELECTION, true),
        "GetRecord" => (&["identifier", "metadataPrefix"], &[], false),
        _ => return None,
    })
}

/// The codes that the protocol allows for a request (§3.6), `""` for an answer. Written from the text of the protocol.
fn allowed(arguments: &[Argument]) -> Vec<&'static str> {
    let all = |name: &str| -> Vec<&String> {
        let named = arguments.iter().filter(|(own, _)| own == name);
        named.map(|(_, value)| value).collect()
    };
    let verbs = all("verb");
    let Some((required, optional, resumes)) = verbs.first().and_then(|verb| rule(verb)) else {
        return vec!["badVerb"];
    };
    if verbs.len() > 1 {
        return vec!["badVerb"];
    }
    let is_known = |name: &str| {
        name == "verb"
            || required.contains(&name)
            || optional.contains(&name)
            || (resumes && name == "resumptionToken")
    };
    let is_bad = |(name, _): &Argument| !is_known(name) || all(name).len() > 1;
    if arguments.iter().any(is_bad) {
        return vec!["badArgument"];
    }
    let tokens = all("resumptionToken");
    if !tokens.is_empty() {
        if arguments.len() > 2 {
            return vec!["badArgument"];
        }
        return vec!["", "badResumptionToken", "badArgument", "noRecordsMatch"];
    }
    if required.iter().any(|name| all(name).is_empty()) {
        return vec!["badArgument"];
    }
    let mut codes = vec!["", "badArgument"];
    let prefix = all("metadataPrefix");
    if prefix
        .first()
        .is_some_and(|prefix| !PREFIXES.contains(&prefix.as_str()))
    {
        codes = vec!["cannotDisseminateFormat", "badArgument"];
    }
    match verbs[0].as_str() {
        "Identify" => vec![""],
        "ListSets" => vec!["", "noSetHierarchy"],
        "ListMetadataFormats" => vec!["", "idDoesNotExist", "noMetadataFormats", "badArgument"],
        "GetRecord" => [codes, vec!["idDoesNotExist"]].concat(),
        _ => [codes, vec!["noRecordsMatch", "noSetHierarchy"]].concat(),
    }
}

fn codes(xml: &str) -> Vec<String> {
    let parts = xml.split("<error code=\"").skip(1);
    parts
        .map(|part| part.split('"').next().unwrap().to_owned())
        .collect()
}

fn ask(person: &Person, arguments: &[Argument], by_post: bool) -> Answer {
    let pairs = arguments
        .iter()
        .map(|(name, value)| format!("{}={}", http::encode(name), http::encode(value)));
    let query = pairs.collect::<Vec<_>>().join("&");
    if by_post {
        person.post("/oai", "application/x-www-form-urlencoded", query)
    } else {
        person.get(&format!("/oai?{query}"))
    }
}

fn check(arguments: &[Argument], answer: &Answer) -> Result<(), TestCaseError> {
    prop_assert_eq!(answer.status, 200, "{}", answer);
    prop_assert_eq!(answer.media_type(), "text/xml");
    let xml = answer.text();
    let found = codes(&xml);
    let allowed = allowed(arguments);
    let verb = arguments.iter().find(|(name, _)| name == "verb");
    let verb = verb.map_or("", |(_, verb)| verb.as_str());
    if found.is_empty() {
        prop_assert!(
            allowed.contains(&""),
            "{arguments:?} is answered, not {allowed:?}"
        );
        prop_assert!(xml.contains(&format!("<{verb}>")), "{}", xml);
    }
    for code in &found {
        prop_assert!(
            allowed.contains(&code.as_str()),
            "{arguments:?}: {code}, not {allowed:?}"
        );
        let is_bad = matches!(code.as_str(), "badVerb" | "badArgument");
        // §3.2: then the request is named without its arguments.
        prop_assert!(!is_bad || xml.contains("<request>"), "{}", xml);
    }
    Ok(())
}

#[test]
fn whatever_a_harvester_asks_is_answered_by_the_letter_of_the_protocol() {
    let server = demo();
    let nobody = server.nobody();
    let known = known(&nobody);
    assert!(
        known.identifiers.len() > 20 && known.sets.len() > 5,
        "{:?}",
        known.sets
    );
    let folder = tempfile::tempdir().unwrap();
    let config = Config {
        cases: REQUESTS,
        failure_persistence: None,
        ..Config::default()
    };
    let strategy = (arguments(&known), any::<bool>());
    let count = Cell::new(0);
    let chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let asked = TestRunner::new_with_rng(config, chance).run(&strategy, |(arguments, by_post)| {
        let answer = ask(&nobody, &arguments, by_post);
        let number = count.get();
        count.set(number + 1);
        let file = folder.path().join(format!("{number:04}.xml"));
        fs::write(&file, &answer.body).unwrap();
        fs::write(file.with_extension("txt"), format!("{arguments:?}")).unwrap();
        check(&arguments, &answer)
    });
    asked.unwrap();
    server.is_up();
    assert!(count.get() >= REQUESTS);
    validate(folder.path());
}

/// Every answer against the schemas, by a validator that is not ours.
fn validate(folder: &Path) {
    let (Some(python), Some(suites)) = (harvesters::python(), suites()) else {
        return;
    };
    ends_well(
        Command::new(python)
            .arg(repository("tests/it/support/oai_schema.py"))
            .args(["http://nowhere.invalid", "/", suites.to_str().unwrap()])
            .arg(folder)
            .env("XML_CATALOG_FILES", suites.join("oai-pmh-xsd/catalog.xml")),
    );
}

/// The program, where it can be had.
fn schemathesis() -> Option<PathBuf> {
    let programs = python::installed("schemathesis", &[SCHEMATHESIS])?;
    Some(programs.join("st"))
}

/// Records that are there, so that not everything is answered by 404.
const PARAMETERS: &str = r#"
[[operations]]
include-path-regex = "^/dataset/"
parameters = { "path.id" = "chaimeleon-lung-ct", "path.n" = 1 }
[[operations]]
include-path-regex = "^/catalog/"
parameters = { "path.id" = "chaimeleon", "path.n" = 1 }
[[operations]]
include-path-regex = "^/tool/"
parameters = { "path.id" = "image-quality-check", "path.n" = 1 }
"#;

fn fuzz(program: &Path, server: &TestServer, token: Option<&str>, arguments: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("schemathesis.toml");
    fs::write(&config, PARAMETERS).unwrap();
    let mut run = Command::new("timeout");
    run.arg("500")
        .arg(program)
        .arg("--config-file")
        .arg(&config);
    run.args([
        "run",
        &server.iri("/openapi.json"),
        "--checks",
        "not_a_server_error",
    ]);
    run.args([
        "--max-examples",
        "3",
        "--generation-deterministic",
        "--no-color",
    ]);
    run.args(["--request-timeout", "60", "--workers", "2"])
        .args(arguments);
    if let Some(token) = token {
        run.args(["--header", &format!("Authorization: Bearer {token}")]);
    }
    let said = ends_well(run.current_dir(folder.path()));
    assert!(said.contains(" passed"), "{said}");
    server.is_up();
    let log = server.log();
    let panics: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("panicked"))
        .collect();
    assert!(panics.is_empty(), "{panics:#?}");
}

#[test]
fn no_operation_breaks_whoever_reads_nonsense_from_it() {
    let Some(program) = schemathesis() else {
        return;
    };
    let server = TestServer::launch(true, &[]);
    let reading = ["--include-method", "GET", "--phases", "coverage,fuzzing"];
    fuzz(&program, &server, None, &reading);
    fuzz(&program, &server, Some(server.operator().token()), &reading);
}

#[test]
fn no_operation_breaks_whoever_writes_nonsense_to_it() {
    let Some(program) = schemathesis() else {
        return;
    };
    let server = TestServer::launch(true, &[]);
    let writing = ["--exclude-method", "GET", "--phases", "coverage,fuzzing"];
    fuzz(&program, &server, Some(server.steward().token()), &writing);
    fuzz(&program, &server, Some(server.operator().token()), &writing);
    fuzz(
        &program,
        &server,
        None,
        &["--exclude-method", "GET", "--phases", "fuzzing"],
    );
}
