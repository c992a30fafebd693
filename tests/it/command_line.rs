//! Does the command line do what it says, and tell scripts how it went?

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use vesalius::rdf::{Format, GraphName, Quad, canonical, format};

use crate::support::{TestServer, command, dataset, repository};

const BASE: &str = "https://atlas.test";

/// A data folder of its own, and the command line on it.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        Self(
            tempfile::Builder::new()
                .prefix("vesalius-it-")
                .tempdir()
                .unwrap(),
        )
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), text).unwrap();
        self.path(name).display().to_string()
    }

    fn run(&self, arguments: &[&str]) -> Output {
        command(&self.path("data"), BASE, arguments)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn ends_with(&self, code: i32, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {}",
            told(&output)
        );
        told(&output)
    }

    fn export(&self) -> Vec<Quad> {
        self.ends_with(0, &["export", &self.path("all.nq").display().to_string()]);
        format::parse(
            &fs::read(self.path("all.nq")).unwrap(),
            Format::NQuads,
            None,
        )
        .unwrap()
    }
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

fn digest(quads: &[Quad]) -> String {
    canonical::canonical_nquads(quads).unwrap().into_text()
}

fn names(quads: &[Quad]) -> BTreeSet<String> {
    let name = |quad: &Quad| match &quad.graph_name {
        GraphName::NamedNode(name) => Some(name.as_str().to_owned()),
        _ => None,
    };
    quads.iter().filter_map(name).collect()
}

#[test]
fn help_reads_well() {
    let desk = Desk::new();
    let help = desk.ends_with(0, &["--help"]);
    for command in [
        "serve",
        "load",
        "validate",
        "migrate",
        "export",
        "reindex",
        "ontology",
        "token",
        "generate",
        "user",
        "conformance",
        "import-fdp",
    ] {
        assert!(help.contains(command), "{help}");
        assert!(desk.ends_with(0, &[command, "--help"]).contains("Usage"));
    }
    assert!(
        desk.ends_with(0, &["--version"])
            .contains(env!("CARGO_PKG_VERSION"))
    );
    desk.ends_with(2, &["nonsense"]);
    assert!(!desk.path("data").exists(), "asking for help makes no data");
}

#[test]
fn a_wrong_setting_is_named() {
    let desk = Desk::new();
    let mut wrong = command(&desk.path("data"), BASE, &["export"]);
    let told = told(&wrong.env("VESALIUS_LISTNE", "x").output().unwrap());
    assert!(told.contains("listne"), "{told}");
    let told = desk.ends_with(2, &["--config", "nowhere.toml", "export"]);
    assert!(told.contains("nowhere.toml"), "{told}");
}

#[test]
fn what_is_loaded_is_exported_and_loads_again() {
    let (one, other) = (Desk::new(), Desk::new());
    let told = one.ends_with(0, &["load", &repository("demo").display().to_string()]);
    assert!(
        told.contains("published") && told.contains("0 kept as drafts"),
        "{told}"
    );
    let first = one.export();
    assert!(names(&first).len() >= 48, "{} graphs", names(&first).len());
    other.ends_with(0, &["load", &one.path("all.nq").display().to_string()]);
    let second = other.export();
    assert_eq!(names(&first), names(&second));
    assert_eq!(
        digest(&first),
        digest(&second),
        "the round trip changes nothing"
    );
}

#[test]
fn loading_twice_changes_nothing() {
    let desk = Desk::new();
    let folder = repository("demo").display().to_string();
    desk.ends_with(0, &["load", &folder]);
    let first = desk.export();
    desk.ends_with(0, &["load", &folder]);
    assert_eq!(digest(&first), digest(&desk.export()));
}

#[test]
fn what_does_not_fit_is_kept_as_a_draft_and_said() {
    let desk = Desk::new();
    let catalogue = crate::support::catalogue(BASE, "c", "A catalogue");
    let poor = format!(
        "<{BASE}/dataset/poor> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{BASE}/catalog/c> ."
    );
    let told = desk.ends_with(
        1,
        &[
            "load",
            &desk.write("c.ttl", catalogue),
            &desk.write("poor.ttl", poor),
        ],
    );
    assert!(
        told.contains("1 kept as drafts") && told.contains("dataset/poor"),
        "{told}"
    );
    assert!(!names(&desk.export()).contains(&format!("{BASE}/dataset/poor")));
}

#[test]
fn drafts_are_not_exported() {
    let desk = Desk::new();
    desk.ends_with(
        0,
        &[
            "load",
            "--draft",
            &repository("demo/chaimeleon.ttl").display().to_string(),
        ],
    );
    let names = names(&desk.export());
    assert!(
        names.iter().all(|name| name == BASE || name.contains('#')),
        "{names:?}"
    );
}

#[test]
fn into_gives_a_catalogue_to_those_that_name_none() {
    let desk = Desk::new();
    desk.ends_with(
        0,
        &[
            "load",
            &desk.write("c.ttl", crate::support::catalogue(BASE, "c", "A catalogue")),
        ],
    );
    let text: String = dataset(
        "https://elsewhere.example",
        "d",
        "https://x.example/c",
        "Foreign",
    )
    .lines()
    .filter(|line| !line.contains("isPartOf"))
    .map(|line| format!("{line}\n"))
    .collect();
    let file = desk.write("d.ttl", text);
    desk.ends_with(0, &["load", "--into", &format!("{BASE}/catalog/c"), &file]);
    assert!(
        names(&desk.export()).contains("https://elsewhere.example/dataset/d"),
        "harvested records keep their own IRI"
    );
}

#[test]
fn every_format_is_loaded_by_its_extension() {
    let text = format!(
        "{}{}",
        crate::support::catalogue(BASE, "c", "C"),
        dataset(BASE, "d", &format!("{BASE}/catalog/c"), "D")
    );
    let triples = crate::support::rdf::turtle(&text, BASE);
    let mut digests = BTreeSet::new();
    for format in [
        Format::Turtle,
        Format::JsonLd,
        Format::RdfXml,
        Format::NTriples,
        Format::TriG,
    ] {
        let desk = Desk::new();
        let bytes =
            format::write_triples(format, triples.iter().map(vesalius::rdf::Triple::as_ref));
        let file = desk.write(&format!("x.{}", format.extension()), bytes);
        desk.ends_with(0, &["load", &file]);
        let sent: Vec<Quad> = desk
            .export()
            .into_iter()
            .filter(|quad| !quad.graph_name.to_string().contains('#'))
            .filter(|quad| quad.graph_name.to_string() != format!("<{BASE}>"))
            .collect();
        digests.insert(digest(&sent));
    }
    assert_eq!(digests.len(), 1);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let desk = Desk::new();
    let broken = desk.write("broken.ttl", "<a> <b> .\n");
    let told = desk.ends_with(2, &["load", &broken]);
    assert!(
        told.contains("broken.ttl") && told.contains("line 1"),
        "{told}"
    );
    assert!(
        desk.ends_with(2, &["load", "nowhere.ttl"])
            .contains("nowhere.ttl")
    );
    let odd = desk.write("odd.docx", "x");
    assert!(desk.ends_with(2, &["load", &odd]).contains("odd.docx"));
    let empty = desk.write("empty.ttl", "");
    assert_ne!(
        desk.run(&["load", &empty]).status.code(),
        Some(0),
        "nothing was loaded, and scripts must know"
    );
}

#[test]
fn load_refuses_private_addresses() {
    let desk = Desk::new();
    let told = desk.ends_with(2, &["load", "http://127.0.0.1:9/x.ttl"]);
    assert!(told.contains("127.0.0.1"), "{told}");
}

#[test]
fn validate_says_what_is_wrong_and_where() {
    let desk = Desk::new();
    let good = desk.write(
        "good.ttl",
        dataset(BASE, "good", &format!("{BASE}/catalog/c"), "Good"),
    );
    let poor = desk.write("poor.ttl", format!("<{BASE}/dataset/poor> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{BASE}/catalog/c> ."));
    desk.ends_with(0, &["validate", &good]);
    let told = desk.ends_with(1, &["validate", &good, &poor]);
    assert!(told.contains("poor") && told.contains("title"), "{told}");
    let json = desk.run(&["validate", &poor, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", told_of(&json)));
    assert!(json.to_string().contains("title"), "{json}");
    let turtle = desk.run(&["validate", &poor, "--format", "ttl"]);
    let report = format::parse(&turtle.stdout, Format::Turtle, None).unwrap();
    assert!(
        report
            .iter()
            .any(|quad| quad.object.to_string().contains("ValidationReport"))
    );
    desk.ends_with(2, &["validate", "nowhere.ttl"]);
    let told = desk.ends_with(2, &["validate", &good, "--profile", "nonsense"]);
    assert!(
        told.contains("eucaim-dcat-ap-2.0"),
        "it names the profiles that there are: {told}"
    );
    desk.ends_with(2, &["validate", &desk.write("broken.ttl", "<a> <b> .")]);
    assert!(!desk.path("data").exists(), "checking makes no data");
}

const WRONG: &str = "\
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX eucaim: <https://cancerimage.eu/ontology/EUCAIM#>
<https://atlas.test/dataset/wrong> a dcat:Dataset ;
    dct:title \"A collection\"@en ;
    eucaim:hasImageModality eucaim:IMG1000022 ;
    dct:accessRights \"restricted\" .
";

#[test]
fn validate_points_at_line_and_column_and_says_the_way_out() {
    let desk = Desk::new();
    let file = desk.write("wrong.ttl", WRONG);
    let told = desk.ends_with(1, &["validate", &file]);
    let at = |place: &str, words: &str| {
        let line = format!("{file}:{place}");
        assert!(told.contains(&line), "{line}\n{told}");
        assert!(told.contains(words), "{words}\n{told}");
    };
    at("6:", "IMG1000038> (");
    at("7:", "access-right/RESTRICTED>");
    let german = desk.ends_with(1, &["validate", &file, "--language", "de"]);
    assert!(german.contains("Das ist das Verfahren"), "{german}");
    assert!(
        german.contains("> passt nicht: eucaim-dcat-ap-2.0"),
        "{german}"
    );
}

#[test]
fn validate_speaks_sarif() {
    let desk = Desk::new();
    let file = desk.write("wrong.ttl", WRONG);
    let told = told_of(&desk.run(&["validate", &file, "--format", "sarif"]));
    let log: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 5 && results.iter().any(|result| result["level"] == "error"));
    for result in results {
        assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], file.as_str());
        assert!(
            place["region"]["startLine"]
                .as_u64()
                .is_some_and(|line| (4..=7).contains(&line))
        );
    }
    let mended = results.iter().any(|result| {
        result["properties"]["suggestion"]
            .as_str()
            .is_some_and(|iri| iri.ends_with("IMG1000038"))
    });
    assert!(mended, "{told}");
}

#[test]
fn validate_speaks_junit() {
    let desk = Desk::new();
    let good = repository("tests/data/dataset-with-mandatory-fields-only.ttl");
    let (good, wrong) = (good.display().to_string(), desk.write("wrong.ttl", WRONG));
    let told = told_of(&desk.run(&["validate", &good, &wrong, "--format", "junit"]));
    for count in ["tests=\"2\"", "failures=\"1\"", "errors=\"0\""] {
        assert!(told.contains(count), "{count}: {told}");
    }
    assert!(told.contains("<testsuite name="), "{told}");
}

#[test]
fn a_record_is_checked_against_every_profile_that_is_wanted() {
    let desk = Desk::new();
    let good = repository("tests/data/dataset-with-mandatory-fields-only.ttl");
    let good = good.display().to_string();
    let both = [
        "--profile",
        "eucaim-dcat-ap-2.0",
        "--profile",
        "fair-data-point",
    ];
    let told = desk.ends_with(1, &[&["validate", good.as_str()], &both[..]].concat());
    assert!(told.contains("> fits: eucaim-dcat-ap-2.0"), "{told}");
    assert!(told.contains("> does not fit: fair-data-point"), "{told}");
    // A record may say itself what it follows.
    let text = format!(
        "{WRONG}<https://atlas.test/dataset/wrong> dct:description \"Few words\"@en ; dct:conformsTo <{}> .",
        profile_iri("dcat-ap-3.0.1")
    );
    let text = text.replace(
        "    dct:accessRights \"restricted\" .",
        "    dct:language <http://publications.europa.eu/resource/authority/language/ENG> .",
    );
    let told = desk.ends_with(0, &["validate", &desk.write("own.ttl", text)]);
    assert!(told.contains("fits: dcat-ap-3.0.1"), "{told}");
}

#[test]
fn a_file_that_cannot_be_read_does_not_spoil_what_was_told_before() {
    let desk = Desk::new();
    let good = repository("tests/data/dataset-with-mandatory-fields-only.ttl");
    let good = good.display().to_string();
    let broken = desk.write("broken.ttl", "<a> <b> .");
    for format in ["json", "sarif"] {
        let arguments = ["validate", &good, &broken, "--format", format];
        let output = desk.run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{format}");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(told.to_string().contains("mandatory-fields-only"), "{told}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains("broken.ttl:1:"), "{error}");
    }
    let none = desk.run(&["validate", &broken, "--format", "json"]).stdout;
    assert_eq!(String::from_utf8_lossy(&none), "[]\n");
}

#[test]
fn shapes_that_are_ill_formed_are_told_with_their_place() {
    let desk = Desk::new();
    let good = repository("tests/data/dataset-with-mandatory-fields-only.ttl");
    let shapes = desk.write(
        "mine.ttl",
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n\n<urn:s> a sh:PropertyShape ;\n  sh:path <urn:p> ; sh:minCount \"many\" .\n",
    );
    let good = good.display().to_string();
    let told = desk.ends_with(2, &["validate", &good, "--shapes", &shapes]);
    assert!(
        told.contains(&format!("{shapes}:3:2: shape <urn:s>")),
        "{told}"
    );
}

/// The IRI of a bundled profile, from its description.
fn profile_iri(name: &str) -> String {
    let path = repository(&format!("shapes/{name}/profile.ttl"));
    let quads = format::parse(&fs::read(path).unwrap(), Format::Turtle, None).unwrap();
    let profile = quads
        .iter()
        .find(|quad| quad.object.to_string() == "<http://www.w3.org/ns/dx/prof/Profile>");
    let subject = profile.unwrap().subject.to_string();
    subject.trim_matches(['<', '>']).to_owned()
}

fn told_of(output: &Output) -> String {
    told(output)
}

#[test]
fn generate_is_the_same_for_the_same_seed() {
    let desk = Desk::new();
    let make = |seed: &str| desk.run(&["generate", "20", "--seed", seed]).stdout;
    assert_eq!(make("1"), make("1"));
    assert_ne!(make("1"), make("2"));
    let file = desk.path("twenty.nq").display().to_string();
    desk.ends_with(0, &["generate", "20", "--seed", "1", "-o", &file]);
    assert_eq!(fs::read(&file).unwrap(), make("1"));
    let told = desk.ends_with(0, &["load", &file]);
    assert!(told.contains("0 kept as drafts"), "{told}");
    let datasets = names(&desk.export())
        .iter()
        .filter(|name| name.contains("/dataset/") && !name.contains('#'))
        .count();
    assert_eq!(datasets, 20);
}

#[test]
fn reindex_builds_everything_anew() {
    let desk = Desk::new();
    desk.ends_with(0, &["load", &repository("demo").display().to_string()]);
    let before = digest(&desk.export());
    desk.ends_with(0, &["reindex"]);
    assert_eq!(digest(&desk.export()), before);
}

/// The folders of the data folder that can be built anew.
fn projections(data: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(data)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir());
    folders.filter(|path| !path.ends_with("ledger")).collect()
}

#[test]
fn deleted_projections_are_built_anew() {
    let server = TestServer::launch(true, &[]);
    let seen = what_is_seen(&server);
    assert!(server.stop().success());
    let folders = projections(&server.data());
    assert!(folders.len() >= 2, "triples and text: {folders:?}");
    for folder in folders {
        fs::remove_dir_all(&folder).unwrap();
        server.restart();
        server.settle();
        assert_eq!(what_is_seen(&server), seen, "without {}", folder.display());
        assert!(server.stop().success());
    }
}

#[test]
fn damaged_projections_are_noticed_and_built_anew() {
    let server = TestServer::launch(true, &[]);
    let seen = what_is_seen(&server);
    assert!(server.stop().success());
    for folder in projections(&server.data()) {
        let mut damaged = 0;
        for file in files(&folder) {
            let mut bytes = fs::read(&file).unwrap();
            let middle = bytes.len() / 2;
            if bytes.len() > 64 {
                bytes[middle..middle + 16].fill(0xA5);
                fs::write(&file, bytes).unwrap();
                damaged += 1;
            }
        }
        assert!(damaged > 0, "nothing to damage in {}", folder.display());
        server.restart();
        server.settle();
        assert_eq!(
            what_is_seen(&server),
            seen,
            "with {} damaged",
            folder.display()
        );
        assert!(server.stop().success());
        if let Some(largest) = files(&folder)
            .into_iter()
            .max_by_key(|file| fs::metadata(file).unwrap().len())
        {
            let length = fs::metadata(&largest).unwrap().len();
            fs::File::options()
                .write(true)
                .open(&largest)
                .unwrap()
                .set_len(length / 2)
                .unwrap();
        }
        server.restart();
        server.settle();
        assert_eq!(
            what_is_seen(&server),
            seen,
            "with {} cut off",
            folder.display()
        );
        assert!(server.stop().success());
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Counts and words from the triples and from search.
fn what_is_seen(server: &TestServer) -> Vec<String> {
    let nobody = server.nobody();
    let quads = nobody.count("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }");
    let titles = nobody.query("SELECT ?t { ?d a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> ?t } ORDER BY ?t", "text/csv").is(200).text();
    let search = nobody
        .search("q=lung&limit=100&sort=title")
        .to_string()
        .replace(&server.base, "");
    vec![quads.to_string(), titles, search]
}

#[test]
fn a_folder_in_use_is_said_so() {
    let server = TestServer::start();
    for arguments in [
        &["serve"][..],
        &["load", "x.ttl"],
        &["export"],
        &["reindex"],
    ] {
        let mut second = command(&server.data(), &server.base, arguments);
        let output = second
            .env("VESALIUS_LISTEN", "127.0.0.1:0")
            .output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            told(&output)
        );
        let told = told(&output);
        assert!(
            told.contains(&server.data().display().to_string()),
            "{arguments:?} names the folder: {told}"
        );
    }
    server.is_up();
}

#[test]
fn an_address_in_use_is_said_so() {
    let server = TestServer::start();
    let desk = Desk::new();
    let listen = server.base.strip_prefix("http://").unwrap();
    let output = command(&desk.path("data"), BASE, &["serve"])
        .env("VESALIUS_LISTEN", listen)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(told(&output).contains(listen), "{}", told(&output));
}

#[test]
fn a_reader_of_the_output_may_go_away() {
    let desk = Desk::new();
    let script = format!(
        "'{}' generate 2000 --seed 1 | head -n 1",
        env!("CARGO_BIN_EXE_vesalius")
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(desk.0.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn the_demonstration_is_loaded_once() {
    let server = TestServer::launch(true, &[]);
    let count = || server.nobody().search("limit=1")["total"].clone();
    let first = count();
    assert!(first.as_u64().unwrap() >= 40);
    assert!(server.stop().success());
    server.restart();
    assert_eq!(count(), first);
    let versions = server
        .nobody()
        .get("/dataset/chaimeleon-lung-ct/versions")
        .is(200)
        .json();
    assert_eq!(versions["versions"].as_array().unwrap().len(), 1);
}

#[test]
fn an_empty_server_offers_no_way_to_write() {
    let server = TestServer::start();
    server
        .nobody()
        .put(
            "/catalog/x",
            "text/turtle",
            crate::support::catalogue(&server.base, "x", "X"),
        )
        .problem(403);
    assert!(
        server
            .log()
            .contains(&format!("Vesalius answers at {}", server.base)),
        "{}",
        server.log()
    );
}
