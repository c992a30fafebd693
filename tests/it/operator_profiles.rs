//! May an operator bring shapes of their own? As they were published; what is broken is told by file and line and
//! leaves everything as it was.

use std::fs;
use std::path::Path;

use vesalius::app::SHAPES;
use vesalius::catalogue::profile::Neighbours;
use vesalius::catalogue::{Checked, Profile, Profiles};
use vesalius::ontology::Ontology;
use vesalius::rdf::{Format, NamedNode, Triple, format};

use crate::support::{TestServer, command, repository};

const BUNDLED: &str = "eucaim-dcat-ap-2.0";
const BROKEN: &str = "# A comment\n@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:s> a sh:NodeShape ; sh:targetClass .\n";
const UNDECLARED: &str = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n<urn:s> a sh:NodeShape ;\n  sh:targetClass dcat:Dataset .\n";
const RECURSIVE: &str =
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n<urn:s> a sh:NodeShape ; sh:node <urn:s> .\n";
/// The federation's shapes still use the names of release 5.
const OLD_NAMES: &str = "
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    @prefix dcat: <http://www.w3.org/ns/dcat#> .
    @prefix adms: <http://www.w3.org/ns/adms#> .
    @prefix health: <http://healthdataportal.eu/ns/health#> .
    health:DatasetShape sh:targetClass dcat:Dataset ; sh:property health:category , health:tier .
    health:category sh:path health:healthCategory ; sh:minCount 1 .
    health:tier sh:path adms:interoperabilityLevel ; sh:minCount 1 .
";

/// A folder of profiles: `(file, text)`.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

fn load(folder: &Path) -> Profiles {
    let ontology = Ontology::bundled().unwrap();
    Profiles::load(&SHAPES, Some(folder), &ontology).unwrap()
}

fn check(profile: &Profile, turtle: &[u8]) -> Checked {
    let quads = format::parse(turtle, Format::Turtle, None).unwrap();
    let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    let neighbours = Neighbours {
        ontology: &Ontology::bundled().unwrap(),
        snapshot: None,
    };
    profile.check(
        &NamedNode::new("urn:record").unwrap(),
        &triples,
        &neighbours,
    )
}

#[test]
fn broken_shapes_are_told_by_file_and_line_and_change_nothing() {
    let folder = folder(&[
        ("eucaim-dcat-ap-2.0/a.ttl", BROKEN),
        ("eucaim-dcat-ap-2.0/b.ttl", UNDECLARED),
        ("recursive/shapes.ttl", RECURSIVE),
        ("sound/shapes.ttl", OLD_NAMES),
    ]);
    let profiles = load(folder.path());
    let told: Vec<String> = profiles
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    let place = |name: &str| folder.path().join(BUNDLED).join(name).display().to_string();
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(
        told[0].starts_with(&place("a.ttl")) && told[0].contains("line 3"),
        "{told:#?}"
    );
    assert!(
        told[1].starts_with(&place("b.ttl")) && told[1].contains("line 4"),
        "{told:#?}"
    );
    assert!(told[1].contains("dcat:"), "{told:#?}");
    assert!(
        told[2].contains("recursive/shapes.ttl:2:2: ") && told[2].contains("urn:s"),
        "{told:#?}"
    );

    let before = Profiles::load(&SHAPES, None, &Ontology::bundled().unwrap()).unwrap();
    let names: Vec<&str> = profiles.names().filter(|name| *name != "sound").collect();
    assert_eq!(names, before.names().collect::<Vec<_>>());
    let bundled = |profiles: &Profiles| profiles.get(BUNDLED).unwrap().triples().len();
    assert_eq!(bundled(&profiles), bundled(&before));
    assert!(profiles.get("sound").is_some());
}

#[test]
fn a_server_starts_with_broken_shapes_and_checks_as_before() {
    let folder = folder(&[
        ("eucaim-dcat-ap-2.0/a.ttl", BROKEN),
        ("sound/shapes.ttl", OLD_NAMES),
    ]);
    let shapes = folder.path().display().to_string();
    let server = TestServer::with(&[("SHAPES", &shapes)]);
    let body = fs::read(repository("tests/data/dataset-without-title.ttl")).unwrap();
    let checked = |profile: &str| {
        let path = format!("/validate?profile={profile}");
        let request = server.nobody();
        let request = request.request("POST", &path);
        let request = request
            .header("Content-Type", "text/turtle")
            .header("Accept", "application/json");
        request.send_body(body.clone()).is(200).json()
    };
    let log = server.log();
    assert!(log.contains("a.ttl") && log.contains("line 3"), "{log}");
    assert_eq!(checked(BUNDLED)["conforms"], false);
    assert_eq!(checked("sound")["conforms"], true);
}

#[test]
fn the_command_line_does_not_check_against_less_than_it_was_told() {
    let folder = folder(&[("mine/shapes.ttl", UNDECLARED)]);
    let record = repository("tests/data/valid-dataset.ttl");
    let data = folder.path().join("data");
    let arguments = ["validate", &record.display().to_string()];
    let output = command(&data, "https://atlas.example.org", &arguments)
        .env("VESALIUS_SHAPES", folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("mine/shapes.ttl") && told.contains("line 4"),
        "{told}"
    );
}

#[test]
fn shapes_that_use_old_names_see_the_records_under_their_new_ones() {
    let folder = folder(&[("old/shapes.ttl", OLD_NAMES)]);
    let profile = load(folder.path()).get("old").unwrap();
    let valid = fs::read(repository("tests/data/valid-dataset.ttl")).unwrap();
    assert_eq!(check(&profile, &valid).lines("en"), Vec::<String>::new());
    let bad = b"<urn:record> a <http://www.w3.org/ns/dcat#Dataset> .";
    assert_eq!(check(&profile, bad).violations(), 2);
}
