//! Does the index know what stands in the FAIR Data Points that announce themselves? Looked at with a real one.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::stand_in::{StandIn, Told};
use crate::support::{Person, TestServer, demo, http};

/// What does not happen by then does not happen.
const WAIT_MAX: Duration = Duration::from_secs(90);

fn index() -> (TestServer, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vesalius.toml");
    let settings = "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n\
         [fair_data_point]\nindex = true\nindex_auto_permit = true\n";
    std::fs::write(&file, settings).unwrap();
    let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
    (server, folder)
}

fn ping(server: &TestServer, url: &str) {
    let body = json!({ "clientUrl": url }).to_string();
    server.nobody().post("/", "application/json", body).is(204);
}

/// Waits until an address was looked at, and gives back its entry.
fn entry(person: &Person, url: &str) -> Value {
    let until = Instant::now() + WAIT_MAX;
    loop {
        let all = person.get("/index/entries/all").is(200).json();
        let known = all.as_array().unwrap().iter();
        let mut named = known.filter(|entry| entry["clientUrl"] == url);
        if let Some(found) = named.find(|entry| entry["state"] != "UNKNOWN") {
            let uuid = found["uuid"].as_str().unwrap();
            return person.get(&format!("/index/entries/{uuid}")).is(200).json();
        }
        assert!(Instant::now() < until, "{all:#}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_entry_shows_the_records_of_the_fair_data_point_that_announced_itself() {
    let (server, _folder) = index();
    let other = demo();
    ping(&server, &other.base);
    let nobody = server.nobody();
    let entry = entry(&nobody, &other.base);
    assert_eq!(entry["state"], "ACTIVE");
    assert_eq!(entry["records"]["isComplete"], true, "{entry:#}");
    let visit = nobody
        .get(entry["records"]["url"].as_str().unwrap())
        .is(200)
        .json();
    let records = visit["records"].as_array().unwrap();
    for (kind, class) in [("catalog", "Catalog"), ("dataset", "Dataset")] {
        let query = format!(
            "SELECT (COUNT(DISTINCT ?r) AS ?n) {{ ?r a <http://www.w3.org/ns/dcat#{class}> FILTER(STRSTARTS(STR(?r), '{}/{kind}/')) }}",
            other.base
        );
        let of_kind = records.iter().filter(|record| record["type"] == kind);
        assert_eq!(
            of_kind.count() as u64,
            other.nobody().count(&query),
            "{kind}"
        );
    }
    let lung = records
        .iter()
        .find(|record| record["iri"] == other.iri("/dataset/chaimeleon-lung-ct"));
    let lung = lung.unwrap();
    assert_eq!(lung["parent"], other.iri("/catalog/chaimeleon"));
    assert!(lung["title"].as_str().unwrap().contains("lung"), "{lung}");
}

#[test]
fn a_fair_data_point_without_end_is_left_at_a_bound() {
    let (server, _folder) = index();
    // Every catalogue leads to a hundred others.
    let endless = StandIn::start(|base, asked| {
        let here = format!("{base}{}", asked.path.trim_end_matches('/'));
        let class = if asked.path == "/" {
            "https://w3id.org/fdp/fdp-o#FAIRDataPoint"
        } else {
            "http://www.w3.org/ns/dcat#Catalog"
        };
        let links = (0..100)
            .map(|at| format!("<{here}/{at}>"))
            .collect::<Vec<_>>();
        let text = format!(
            "<{here}> a <{class}> ; <http://www.w3.org/ns/dcat#dataset> {} .",
            links.join(", ")
        );
        Told(200, "text/turtle", text)
    });
    ping(&server, &endless.base);
    let nobody = server.nobody();
    let entry = entry(&nobody, &endless.base);
    assert_eq!(entry["records"]["isComplete"], false);
    assert_eq!(entry["records"]["count"], 1_000);
    // What is listed is listed for those who may see the entry.
    let uuid = entry["uuid"].as_str().unwrap();
    let steward = server.steward();
    let rejected = json!({ "permit": "REJECTED" }).to_string();
    let path = format!("/index/entries/{}", http::encode(uuid));
    steward.put(&path, "application/json", rejected).is(200);
    nobody.get(&format!("{path}/records")).problem(404);
    steward.get(&format!("{path}/records")).is(200);
    assert_eq!(steward.delete(&path).status, 204);
    steward.get(&format!("{path}/records")).problem(404);
}
