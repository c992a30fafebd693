//! Which other endpoints does a query ask, and what is said when one does not answer?

use crate::support::{TestServer, dataset, demo};

const COUNT: &str =
    "SELECT (COUNT(DISTINCT ?d) AS ?n) { ?d a <http://www.w3.org/ns/dcat#Dataset> }";

/// A server that asks the demonstration and one that is never there.
fn federated(folder: &tempfile::TempDir) -> TestServer {
    let file = folder.path().join("vesalius.toml");
    let text = format!(
        "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n[web]\nquery_services = [\"{}/sparql\", \"http://127.0.0.1:9/sparql\"]\n",
        demo().base
    );
    std::fs::write(&file, text).unwrap();
    TestServer::with(&[("CONFIG", &file.display().to_string())]).with_catalogue("here")
}

#[test]
fn an_endpoint_that_the_operator_names_is_asked_and_joined() {
    let folder = tempfile::tempdir().unwrap();
    let server = federated(&folder);
    let nobody = server.nobody();
    let there = format!("{}/sparql", demo().base);
    let counted = nobody.count(&format!("SELECT ?n {{ SERVICE <{there}> {{ {COUNT} }} }}"));
    assert_eq!(counted, demo().nobody().count(COUNT));
    assert!(counted > 0);
    // A record here that says the same modality as records there.
    server.steward().write(
        "/dataset/here",
        dataset(&server.base, "here", &server.iri("/catalog/here"), "Here"),
    );
    server.steward().publish("/dataset/here");
    server.settle();
    let property = "<https://cancerimage.eu/ontology/EUCAIM#hasImageModality>";
    let modality = &nobody.select(&format!(
        "SELECT ?m {{ <{}> {property} ?m }}",
        server.iri("/dataset/here")
    ))[0][0];
    let joined = nobody.count(&format!(
        "SELECT (COUNT(DISTINCT ?d) AS ?n) {{ <{}> {property} ?m . SERVICE <{there}> {{ ?d {property} ?m }} }}",
        server.iri("/dataset/here")
    ));
    let wanted = demo().nobody().count(&format!(
        "SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?d {property} <{modality}> }}"
    ));
    assert_eq!(joined, wanted);
    // What others answer is not ours to keep.
    let query = format!("ASK {{ SERVICE <{there}> {{ ?s ?p ?o }} }}");
    let answer = nobody
        .query(&query, "application/sparql-results+json")
        .is(200);
    assert_eq!(answer.header("etag"), None);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[test]
fn no_other_endpoint_is_asked_and_one_that_is_away_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = federated(&folder);
    let nobody = server.nobody();
    let json = "application/sparql-results+json";
    for name in [
        "<http://127.0.0.1:1/sparql>",
        "<http://127.0.0.1:9/sparql?x>",
        "?anywhere",
        "SILENT ?anywhere",
        "SILENT <http://169.254.169.254/latest>",
    ] {
        let query = format!(
            "SELECT * {{ VALUES ?anywhere {{ <http://127.0.0.1:9/sparql> }} FILTER EXISTS {{ SERVICE {name} {{ ?s ?p ?o }} }} }}"
        );
        let problem = nobody.query(&query, json).problem(400);
        assert!(
            problem["type"].as_str().unwrap().ends_with("query-service"),
            "{name}: {problem}"
        );
    }
    let away = "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }";
    let problem = nobody.query(away, json).problem(502);
    assert!(problem.to_string().contains("127.0.0.1:9"), "{problem}");
    let silent = away.replace("SERVICE", "SERVICE SILENT");
    let rows = nobody.query(&silent, json).is(200).json();
    assert_eq!(rows["results"]["bindings"].as_array().unwrap().len(), 1);
}
