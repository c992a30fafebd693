//! Do many changes become one, parts of a record change alone, and repeated requests act once?

use serde_json::{Value, json};

use crate::support::{Answer, Person, TestServer, dataset_like};

const UPDATE: &str = "application/sparql-update";
const MERGE: &str = "application/merge-patch+json";

struct Desk {
    server: TestServer,
    steward: Person,
}

impl Desk {
    fn new() -> Self {
        let server = TestServer::start().with_catalogue("desk");
        let steward = server.steward();
        Self { server, steward }
    }

    fn dataset(&self, i: usize, slug: &str, title: &str) -> String {
        let home = self.server.iri("/catalog/desk");
        dataset_like(i, &self.server.base, slug, &home, title)
    }

    fn batch(&self, operations: &Value) -> Answer {
        let body = json!({ "operations": operations }).to_string();
        self.steward.post("/batch", "application/json", body)
    }

    fn titles(&self, path: &str) -> String {
        self.steward.get_as(path, "text/turtle").is(200).text()
    }
}

#[test]
fn a_batch_changes_all_or_nothing() {
    let desk = Desk::new();
    desk.steward
        .write("/dataset/old", desk.dataset(1, "old", "Old"));
    let put = |slug: &str, i: usize, state: &str| json!({ "action": "put", "path": format!("/dataset/{slug}"), "turtle": desk.dataset(i, slug, slug), "state": state });
    let broken = json!({ "action": "put", "path": "/dataset/c", "state": "published",
        "turtle": format!("<> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{}> .", desk.server.iri("/catalog/desk")) });
    let problem = desk
        .batch(&json!([
            put("a", 2, "published"),
            broken,
            put("b", 3, "draft")
        ]))
        .problem(400);
    assert_eq!(problem["failures"], 1, "{problem:#}");
    assert_eq!(
        problem["records"][1]["violations"]
            .as_array()
            .map(Vec::is_empty),
        Some(false)
    );
    desk.steward.get("/dataset/a").problem(404);
    let done = desk
        .batch(&json!([
            put("a", 2, "published"),
            put("b", 3, "draft"),
            { "action": "state", "path": "/dataset/old", "state": "published" },
            { "action": "create", "kind": "dataset", "slug": "c", "turtle": desk.dataset(4, "x", "Created") },
        ]))
        .is(200)
        .json();
    let effects: Vec<&str> = done["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["effect"].as_str().unwrap())
        .collect();
    assert_eq!(effects, ["new", "new", "state", "new"], "{done:#}");
    desk.server.nobody().get("/dataset/a").is(200);
    desk.server.nobody().get("/dataset/b").problem(404);
    desk.server.nobody().get("/dataset/old").is(200);
    let next = desk
        .batch(&json!([
            put("a", 2, "published"),
            { "action": "delete", "path": "/dataset/b" },
            { "action": "state", "path": "/dataset/old", "state": "withdrawn", "reason": "over" },
        ]))
        .is(200)
        .json();
    assert_eq!(next["records"][0]["effect"], "unchanged", "{next:#}");
    desk.server.nobody().get("/dataset/old").is(410);
    let twice = desk
        .batch(&json!([put("a", 5, "draft"), put("a", 6, "draft")]))
        .problem(400);
    assert_eq!(twice["failures"], 1);
    let stale = json!([{ "action": "put", "path": "/dataset/a", "turtle": desk.dataset(7, "a", "x"), "ifMatch": 99 }]);
    desk.batch(&stale).problem(400);
    desk.server
        .nobody()
        .post("/batch", "application/json", "{\"operations\":[]}")
        .problem(403);
}

#[test]
fn a_batch_of_graphs_brings_parents_with_their_children() {
    let desk = Desk::new();
    let catalogue = crate::support::catalogue(&desk.server.base, "young", "Young");
    let home = desk.server.iri("/catalog/young");
    let dataset = dataset_like(8, &desk.server.base, "d", &home, "In the young one");
    let quads = |text: &str, graph: &str| -> String {
        text.lines()
            .map(|line| {
                format!(
                    "{} <{graph}> .\n",
                    line.trim_end().trim_end_matches('.').trim_end()
                )
            })
            .collect()
    };
    let body = quads(&dataset, &desk.server.iri("/dataset/d")) + &quads(&catalogue, &home);
    let tried = desk
        .steward
        .post(
            "/batch?state=published&try=yes",
            "application/n-quads",
            body.clone(),
        )
        .is(200)
        .json();
    assert_eq!(tried["committed"], false);
    desk.steward
        .post(
            "/batch?state=published",
            "application/n-quads",
            body.clone(),
        )
        .is(200);
    desk.server.nobody().get("/dataset/d").is(200);
    let nameless = dataset.lines().next().unwrap().to_owned();
    desk.steward
        .post("/batch", "application/n-quads", nameless)
        .problem(400);
}

#[test]
fn the_same_request_is_done_once() {
    let desk = Desk::new();
    let send = |key: &str, i: usize| {
        let text = desk
            .dataset(i, &format!("twin{i}"), "Twin")
            .replace(&desk.server.iri(&format!("/dataset/twin{i}")), "urn:new");
        let request = desk
            .steward
            .request("POST", "/dataset")
            .header("Idempotency-Key", key);
        request
            .header("Content-Type", "text/turtle")
            .send_body(text)
    };
    let first = send("one", 1).is(201);
    let again = send("one", 1).is(201);
    assert_eq!(first.location(), again.location());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.body, again.body);
    send("one", 2).problem(422);
    let other = send("two", 1).is(201);
    assert_ne!(first.location(), other.location());
    desk.server.stop();
    desk.server.restart();
    let after = send("one", 1).is(201);
    assert_eq!(first.location(), after.location());
}

#[test]
fn a_record_is_found_by_its_identifier() {
    let desk = Desk::new();
    let identifier = "https://hospital.example/collections/77";
    let text = |title: &str| {
        let text = desk.dataset(9, "zz", title);
        text.replace(
            &format!("\"{}\"", desk.server.iri("/dataset/zz")),
            &format!("\"{identifier}\""),
        )
        .replace(&desk.server.iri("/dataset/zz"), "urn:new")
    };
    let address = format!(
        "/dataset?identifier={}",
        crate::support::http::encode(identifier)
    );
    let made = desk
        .steward
        .put(&address, "text/turtle", text("First"))
        .is(201);
    let again = desk
        .steward
        .put(&address, "text/turtle", text("Second"))
        .is(200);
    assert_eq!(made.location(), again.location());
    desk.steward
        .put("/dataset", "text/turtle", text("Third"))
        .problem(400);
}

#[test]
fn a_part_of_a_record_is_changed_and_nothing_else() {
    let desk = Desk::new();
    desk.steward
        .write("/dataset/p", desk.dataset(10, "p", "Before"));
    let patch = |media_type: &str, body: &str| {
        desk.steward
            .request("PATCH", "/dataset/p")
            .header("Content-Type", media_type)
            .send_body(body)
    };
    let iri = desk.server.iri("/dataset/p");
    let answer = patch(
        UPDATE,
        "PREFIX dct: <http://purl.org/dc/terms/> DELETE { <> dct:title ?t } INSERT { <> dct:title \"After\"@en } WHERE { <> dct:title ?t }",
    )
    .is(200);
    assert_eq!(answer.version(), 2);
    let text = desk.titles("/dataset/p");
    assert!(text.contains("After") && !text.contains("Before"));
    patch(MERGE, "{ \"dct:title\": { \"@value\": \"Merged\", \"@language\": \"en\" }, \"dcat:keyword\": null }").is(200);
    let text = desk.titles("/dataset/p");
    assert!(text.contains("Merged") && !text.contains("dcat:keyword"));
    for (media_type, body) in [
        (UPDATE, "CLEAR ALL".to_owned()),
        (
            UPDATE,
            format!(
                "INSERT DATA {{ <{}> <urn:p> 1 }}",
                desk.server.iri("/catalog/desk")
            ),
        ),
        (
            UPDATE,
            format!(
                "INSERT DATA {{ GRAPH <{}> {{ <{iri}> <urn:p> 1 }} }}",
                desk.server.iri("/catalog/desk")
            ),
        ),
        (MERGE, "{ \"title\": \"x\" }".to_owned()),
        (MERGE, "nonsense".to_owned()),
    ] {
        patch(media_type, &body).problem(400);
    }
    patch("text/plain", "x").problem(415);
    let stale = desk
        .steward
        .request("PATCH", "/dataset/p")
        .header("Content-Type", MERGE);
    stale
        .header("If-Match", "\"v1\"")
        .send_body("{}")
        .problem(412);
    patch(
        MERGE,
        "{ \"dcat:keyword\": { \"@value\": \"lung\", \"@language\": \"en\" } }",
    )
    .is(200);
    desk.steward.publish("/dataset/p");
    let unfit = patch(MERGE, "{ \"dct:title\": null }");
    assert_eq!(unfit.status, 400, "a public record keeps to its profile");
    let reader = desk.server.reader();
    let other = reader
        .request("PATCH", "/dataset/p")
        .header("Content-Type", MERGE);
    other.send_body("{}").problem(403);
}

#[test]
fn the_json_of_the_node_software_becomes_records() {
    let desk = Desk::new();
    let sent = json!([{
        "id": "0b8a1c2e-1111-4222-8333-444455556666",
        "name": "Prostate MR of the node", "description": "From the node.", "version": "1.0.0",
        "type": ["original", "annotated"], "collectionMethod": ["patient-based", "cohort"],
        "tags": ["prostate", "mri"], "creationDate": "2024-05-06T07:08:09Z",
        "studiesCount": 12, "subjectsCount": 10, "ageLow": 40, "ageHigh": 80, "ageUnit": "years",
        "sex": ["M"], "sexCount": [10], "modality": ["MR"], "diagnosis": ["CLIN1000075"],
        "bodyPart": ["no such part"], "flags": { "invalidated": false },
        "pids": { "urls": { "zenodoDoi": "https://doi.org/10.5281/zenodo.1" } },
    }]);
    let address = "/crosswalk/dataset-service?parent=/catalog/desk&commit=yes";
    let report = desk
        .steward
        .post(address, "application/json", sent.to_string())
        .is(200)
        .json();
    assert_eq!(
        (&report["committed"], &report["new"]),
        (&true.into(), &1.into()),
        "{report:#}"
    );
    let left: Vec<&str> = report["left"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap())
        .collect();
    assert_eq!(left, ["bodyPart", "sexCount", "flags"], "{report:#}");
    let text = desk.titles("/dataset/0b8a1c2e-1111-4222-8333-444455556666");
    for part in [
        "Prostate MR of the node",
        "IMG1000038",
        "COM1001366",
        "no such part",
        "10.5281/zenodo.1",
        "invalidated",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let again = desk
        .steward
        .post(address, "application/json", sent.to_string())
        .is(200)
        .json();
    assert_eq!(again["unchanged"], 1, "{again:#}");
    desk.steward
        .post(address, "application/json", "[1]")
        .problem(400);
}
