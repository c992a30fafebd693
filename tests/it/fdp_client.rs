//! Does a client of FAIR Data Points that others wrote create, read, change and delete records? A real one, installed by the test.

use std::process::Command;

use crate::support::{TestServer, dataset, ends_well, python, repository};

/// Exact versions, so that the same is tested everywhere.
const PACKAGES: [&str; 3] = [
    "fairdatapoint-client==0.1.0",
    "rdflib==7.6.0",
    "requests==2.34.2",
];

#[test]
fn a_client_of_others_creates_reads_changes_and_deletes() {
    let Some(programs) = python::installed("fdp-client", &PACKAGES) else {
        return;
    };
    let server = TestServer::start().with_catalogue("clients");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dataset.nt");
    let catalogue = server.iri("/catalog/clients");
    let text = dataset(&server.base, "by-client", &catalogue, "Made by a client");
    std::fs::write(&file, text).unwrap();
    ends_well(
        Command::new(programs.join("python"))
            .arg(repository("tests/it/support/fdp_client.py"))
            .args([&server.base, server.steward().token()])
            .arg(&file),
    );
}

#[test]
fn turtle_names_its_charset_only_when_it_needs_one() {
    let server = TestServer::start().with_catalogue("clients");
    let catalogue = server.iri("/catalog/clients");
    for (slug, title, expected) in [
        ("plain", "Lungs", "text/turtle"),
        ("letters", "Größe", "text/turtle; charset=utf-8"),
    ] {
        let path = format!("/dataset/{slug}");
        let text = dataset(&server.base, slug, &catalogue, title);
        let sent = server.steward().put(&path, "text/turtle", text).is(201);
        assert_eq!(sent.body.is_ascii(), slug == "plain");
        assert_eq!(sent.header("content-type"), Some(expected), "{slug}");
        server.steward().publish(&path);
        let nobody = server.nobody();
        for answer in [
            nobody.get_as(&path, "text/turtle"),
            nobody.head(&format!("{path}.ttl")),
        ] {
            assert_eq!(
                answer.is(200).header("content-type"),
                Some(expected),
                "{slug}"
            );
        }
    }
    let root = server.nobody().get_as("/", "*/*").is(200);
    assert_eq!(root.header("content-type"), Some("text/turtle"));
}
