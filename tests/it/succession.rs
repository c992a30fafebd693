//! Does an older version name the newer one for as long as that is public, whichever way it came and went?

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::rdf::iris;
use crate::support::{Person, TestServer, dataset};

const PREVIOUS: &str = "http://www.w3.org/ns/dcat#previousVersion";
const NEWER: &str = "http://www.w3.org/ns/dcat#hasVersion";

/// A catalogue with datasets in pairs: `{name}-1` is public, `{name}-2` names it and is a draft.
struct House {
    server: TestServer,
    steward: Person,
}

impl House {
    fn new() -> Self {
        let server = TestServer::start().with_catalogue("house");
        let steward = server.steward();
        Self { server, steward }
    }

    fn first(&self, name: &str) -> String {
        let slug = format!("{name}-1");
        dataset(&self.server.base, &slug, &self.home(), "First")
    }

    fn second(&self, name: &str) -> String {
        let (slug, base) = (format!("{name}-2"), &self.server.base);
        let text = dataset(base, &slug, &self.home(), "Second");
        format!("{text}\n<{base}/dataset/{slug}> <{PREVIOUS}> <{base}/dataset/{name}-1> .\n")
    }

    fn home(&self) -> String {
        self.server.iri("/catalog/house")
    }

    fn pair(&self, name: &str) -> [String; 2] {
        let paths = [1, 2].map(|n| format!("/dataset/{name}-{n}"));
        let first = format!("{}?state=published", paths[0]);
        self.steward.write(&first, self.first(name));
        self.steward.write(&paths[1], self.second(name));
        assert_eq!(self.newer(name), Vec::<String>::new(), "{name}: a draft");
        paths
    }

    /// What the public is told of newer versions.
    fn newer(&self, name: &str) -> Vec<String> {
        let path = format!("/dataset/{name}-1");
        let read = self.server.nobody().get_as(&path, "text/turtle").is(200);
        iris(&read.triples(), &self.server.iri(&path), NEWER)
    }

    #[track_caller]
    fn is_named(&self, name: &str) {
        let second = self.server.iri(&format!("/dataset/{name}-2"));
        assert_eq!(self.newer(name), [second], "{name}");
    }

    #[track_caller]
    fn is_not_named(&self, name: &str) {
        assert_eq!(self.newer(name), Vec::<String>::new(), "{name}");
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self
            .steward
            .post(path, "application/json", body.to_string());
        answer.is(200).json()
    }

    fn bulk(&self, step: &str, paths: &[String]) -> String {
        let done = self.post("/bulk", &json!({ "step": step, "record": paths }));
        format!("/bulk/{}/undo", done["bulk"])
    }
}

#[test]
fn an_older_version_names_the_newer_one_on_every_way_to_the_public() {
    let house = House::new();
    let [_, second] = house.pair("put");
    house
        .steward
        .write(&format!("{second}?state=published"), house.second("put"));
    house.is_named("put");

    let [_, second] = house.pair("state");
    house.steward.publish(&second);
    house.is_named("state");

    let [_, second] = house.pair("review");
    for step in ["submit", "approve"] {
        house.post(&format!("{second}/review"), &json!({ "step": step }));
        house.is_not_named("review");
    }
    house.post(&format!("{second}/review"), &json!({ "step": "publish" }));
    house.is_named("review");

    let [_, second] = house.pair("bulk");
    house.bulk("publish", &[second]);
    house.is_named("bulk");

    let [_, second] = house.pair("batch");
    let operations = json!([{ "action": "state", "path": second, "state": "published" }]);
    house.post("/batch", &json!({ "operations": operations }));
    house.is_named("batch");

    let [_, second] = house.pair("patch");
    let iri = house.server.iri(&second);
    let patch =
        format!("INSERT DATA {{ <{iri}> <http://www.w3.org/ns/dcat#keyword> \"second\"@en }}");
    house.steward.publish(&second);
    let kind = "application/sparql-update";
    let request = house.steward.request("PATCH", &second);
    request
        .header("Content-Type", kind)
        .send_body(patch)
        .is(200);
    house.is_named("patch");

    // Who changed the older one and why stands in its history.
    let history = house.steward.get("/dataset/batch-1/history").is(200).text();
    assert!(history.contains("a newer version is public"), "{history}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server that is asked lives by the real clock"
)]
#[test]
fn an_older_version_names_one_that_is_published_at_its_time() {
    let house = House::new();
    let [_, second] = house.pair("timed");
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(1);
    let body = json!({ "publish_at": soon.to_string() });
    house.post(&format!("{second}/schedule"), &body);
    let begun = Instant::now();
    while house.server.nobody().get(&second).status != 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it is never published"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    house.is_named("timed");
}

#[test]
fn an_older_version_never_names_what_is_not_public() {
    let house = House::new();
    let [_, second] = house.pair("gone");
    for _ in 0..2 {
        house.steward.publish(&second);
        house.is_named("gone");
        house.steward.withdraw(&second);
        house.is_not_named("gone");
    }
    house.steward.publish(&second);
    house.steward.delete(&second).is(204);
    house.is_not_named("gone");

    let [first, second] = house.pair("undone");
    let undo = house.bulk("publish", std::slice::from_ref(&second));
    house.is_named("undone");
    house.post(&undo, &json!({}));
    house.is_not_named("undone");

    // Both at once, and both back.
    house.steward.withdraw(&first);
    let both = [first.clone(), second.clone()];
    let undo = house.bulk("publish", &both);
    house.is_named("undone");
    house.post(&undo, &json!({}));
    house.server.nobody().get(&first).is(410);
    // What was said of the newer one meanwhile is forgotten when only the older one comes back.
    house.steward.publish(&first);
    house.is_not_named("undone");

    // A newer version that names another one before it.
    let [_, second] = house.pair("turned");
    house.steward.publish(&second);
    house.is_named("turned");
    let text = dataset(&house.server.base, "turned-2", &house.home(), "Alone");
    house.steward.write(&second, text);
    house.is_not_named("turned");
}

#[test]
fn the_link_outlives_what_others_write_into_the_older_version() {
    let house = House::new();
    let [first, second] = house.pair("written");
    house.steward.publish(&second);
    house.steward.write(&first, house.first("written"));
    house.is_named("written");
    // A revision stands above it while the newer one goes and comes: the public is told at once, and the revision stays.
    let revised = house.first("written").replace("\"First", "\"Revised");
    house
        .steward
        .write(&format!("{first}?state=draft"), revised);
    let stage = || house.steward.get(&format!("{first}/review")).is(200).json();
    house.steward.withdraw(&second);
    house.is_not_named("written");
    house.steward.publish(&second);
    house.is_named("written");
    let public = || house.server.nobody().get(&first).is(200).text();
    assert!(public().contains("First") && !public().contains("Revised"));
    assert_eq!(stage()["stage"], "draft");
    // One that is in review stays the version that is judged.
    house.post(&format!("{first}/review"), &json!({ "step": "submit" }));
    house.steward.withdraw(&second);
    assert_eq!(stage()["stage"], "in-review");
    house.steward.publish(&first);
    assert!(public().contains("Revised"));
    house.is_not_named("written");
}

#[test]
fn a_stranger_makes_no_newer_version_of_a_dataset_of_others() {
    let server = TestServer::start().with_catalogue("house");
    let house = House {
        steward: server.steward(),
        server,
    };
    house.pair("ours");
    let catalogue = house.server.iri("/catalog/theirs");
    let text = crate::support::catalogue(&house.server.base, "theirs", "Theirs");
    house.steward.write("/catalog/theirs?state=published", text);
    let stranger = house.server.provider_of(&catalogue);
    let base = &house.server.base;
    let text = dataset(base, "usurper", &catalogue, "Better");
    let claim = format!("<{base}/dataset/usurper> <{PREVIOUS}> <{base}/dataset/ours-1> .");
    stranger.write(
        "/dataset/usurper?state=published",
        format!("{text}\n{claim}\n"),
    );
    house.is_not_named("ours");
}
