//! Does the conformance suite tell a FAIR Data Point that keeps its promises from one that does not?

use std::process::Output;

use vesalius::rdf::{Format, format};

use crate::support::stand_in::{StandIn, Told};
use crate::support::{TestServer, command, dataset};

/// A whole root record: the licence is the operator's to choose.
fn with_root(server: &TestServer) {
    let base = &server.base;
    let text = format!(
        "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
         @prefix fdp: <https://w3id.org/fdp/fdp-o#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
         <{base}> a fdp:FAIRDataPoint, fdp:MetadataService, dcat:DataService, dcat:Resource ;
           dct:title 'A whole one'@en ; dcat:version '1.0' ; dct:publisher <{base}#publisher> ;
           dct:license <http://publications.europa.eu/resource/authority/licence/CC_BY_4_0> .
         <{base}#publisher> a foaf:Agent ; foaf:name 'The tests' ."
    );
    server.steward().put("/", "text/turtle", text).is(200);
}

fn suite(url: &str, more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [&["conformance", "fdp", url], more].concat();
    command(
        &folder.path().join("data"),
        "https://atlas.test",
        &arguments,
    )
    .output()
    .unwrap()
}

fn told(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn our_own_server_keeps_every_promise() {
    let server = TestServer::start().with_catalogue("kept");
    with_root(&server);
    let steward = server.steward();
    let catalogue = server.iri("/catalog/kept");
    for slug in ["one", "two"] {
        let text = dataset(&server.base, slug, &catalogue, "Kept");
        steward.write(&format!("/dataset/{slug}?state=published"), text);
    }
    let draft = dataset(&server.base, "draft", &catalogue, "Draft");
    steward.write("/dataset/draft", draft);
    let output = suite(&server.base, &["--allow-private", "--strict"]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(
        told.contains(" 0 broken, 0 recommended and not there"),
        "{told}"
    );
    assert!(
        !told.contains("\n  -    "),
        "nothing is passed over: {told}"
    );
    let junit = suite(&server.base, &["--allow-private", "--format", "junit"]);
    let junit = String::from_utf8(junit.stdout).unwrap();
    assert!(
        junit.contains("failures=\"0\"") && junit.contains("navigation.reachable"),
        "{junit}"
    );
    let earl = suite(&server.base, &["--allow-private", "--format", "earl"]);
    let quads = format::parse(&earl.stdout, Format::Turtle, None).unwrap();
    let of = |outcome: &str| {
        let iri = format!("<http://www.w3.org/ns/earl#{outcome}>");
        quads
            .iter()
            .filter(|quad| quad.object.to_string() == iri)
            .count()
    };
    assert_eq!((of("failed"), of("inapplicable")), (0, 0));
    assert!(of("passed") > 50, "{}", of("passed"));
}

/// A FAIR Data Point that does much of what the reference did wrong.
fn broken() -> StandIn {
    StandIn::start(|base, asked| {
        let path = asked.path.split('?').next().unwrap_or_default();
        let turtle = |text: String| Told(200, "text/turtle", text);
        match (asked.method.as_str(), path) {
            ("GET", "" | "/") if asked.header("accept").contains("turtle") => turtle(format!(
                "@prefix dct: <http://purl.org/dc/terms/> . @prefix ldp: <http://www.w3.org/ns/ldp#> .
                 <{base}> a <https://w3id.org/fdp/fdp-o#FAIRDataPoint> ; dct:title 'Broken' ; dct:publisher 'a text' ;
                   <https://w3id.org/fdp/fdp-o#metadataIssued> '2024' ;
                   <https://w3id.org/fdp/fdp-o#metadataCatalog> <{base}/catalog/open> .
                 <{base}/catalog/> a ldp:DirectContainer ; ldp:membershipResource <{base}> ;
                   ldp:hasMemberRelation <https://w3id.org/fdp/fdp-o#metadataCatalog> ;
                   ldp:contains <{base}/catalog/open>, <{base}/catalog/draft> ."
            )),
            ("GET", "" | "/") => Told(200, "text/html", "<p>hello".to_owned()),
            ("GET", "/catalog/open") => turtle(format!(
                "<{base}/catalog/open> a <http://www.w3.org/ns/dcat#Catalog> ; <http://purl.org/dc/terms/title> 'Open' ."
            )),
            ("GET", "/catalog/draft") => Told(403, "text/plain", "a draft".to_owned()),
            ("GET", "/users") => Told(200, "application/json", "[{\"email\":\"a@b\"}]".to_owned()),
            ("GET", "/meta") => Told(200, "application/json", "{\"path\":{},\"state\":\"DRAFT\"}".to_owned()),
            ("POST", "/catalog") => Told(201, "text/turtle", String::new()),
            _ => Told(404, "text/plain", "nothing".to_owned()),
        }
    })
}

#[test]
fn a_broken_server_fails_by_name_and_with_the_clause() {
    let server = broken();
    let output = suite(&server.base, &["--allow-private"]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    let fails = |check: &str| told.contains(&format!("FAIL  MUST {check}:"));
    for check in [
        "root.json-ld",
        "root.turtle-by-default",
        "root.publisher",
        "root.license",
        "root.issued",
        "root.modified",
        "navigation.root",
        "navigation.members",
        "navigation.reachable",
        "navigation.back",
        "catalogue.license",
        "catalogue.parts",
        "safety.create",
        "safety.token",
        "safety.people",
        "safety.drafts",
    ] {
        assert!(fails(check), "{check} fails: {told}");
    }
    for check in [
        "root.answers",
        "root.turtle",
        "root.type",
        "root.title",
        "catalogue.exists",
        "catalogue.type",
        "api.not-found",
    ] {
        assert!(
            told.contains(&format!("ok    MUST {check}:")),
            "{check} passes: {told}"
        );
    }
    assert!(
        told.contains("Navigation information"),
        "the clause is told: {told}"
    );
    let junit = suite(&server.base, &["--allow-private", "--format", "junit"]);
    let junit = String::from_utf8(junit.stdout).unwrap();
    assert!(
        junit.contains("<failure") && junit.contains("safety.people"),
        "{junit}"
    );
}

#[test]
fn a_private_address_is_looked_at_only_when_one_says_so() {
    let server = broken();
    let output = suite(&server.base, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(
        told(&output).contains("not a public address"),
        "{}",
        told(&output)
    );
    let nowhere = suite("no address", &["--allow-private"]);
    assert_eq!(nowhere.status.code(), Some(2));
}
