//! Can somebody change what was written without being found out?

use std::process::Output;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::support::{TestServer, dataset};

fn filled() -> TestServer {
    let server = TestServer::start().with_catalogue("audited");
    let provider = server.provider_of(&server.iri("/catalog/audited"));
    for slug in ["one", "two", "three"] {
        let text = dataset(
            &server.base,
            slug,
            &server.iri("/catalog/audited"),
            "Audited",
        );
        provider
            .put(&format!("/dataset/{slug}"), "text/turtle", text)
            .is(201);
    }
    provider.publish("/dataset/two");
    server
}

fn verify(server: &TestServer, more: &[&str]) -> Output {
    server.cli(&[&["audit", "verify"], more].concat())
}

fn mark(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone())
        .unwrap()
        .trim()
        .to_owned()
}

fn events(server: &TestServer) -> Vec<Value> {
    let output = server.cli(&["audit", "export"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Runs SQL behind the server's back.
fn tamper(server: &TestServer, sql: &'static str) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let options = SqliteConnectOptions::new().filename(server.data().join("ledger.sqlite"));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    });
}

#[test]
fn the_chain_is_computed_the_same_by_others() {
    let server = filled();
    let end = mark(&verify(&server, &[]));
    let events = events(&server);
    let deeds: Vec<&str> = events
        .iter()
        .map(|event| event["deed"].as_str().unwrap())
        .collect();
    for deed in ["token-made", "record-changed"] {
        assert!(deeds.contains(&deed), "{deeds:?}");
    }
    // What docs/security.md says of the hash, and nothing else.
    let mut hash = [0; 32];
    for event in &events {
        let text = |name: &str| event[name].as_str().unwrap().to_owned();
        let fields = [
            event["number"].to_string(),
            event["microseconds"].to_string(),
            text("actor"),
            text("deed"),
            text("subject"),
            event["detail"].to_string(),
        ];
        let mut hasher = Sha256::new();
        hasher.update(hash);
        for field in fields {
            hasher.update(format!("{}:{field}", field.len()));
        }
        hash = hasher.finalize().into();
        assert_eq!(event["hash"], hex::encode(hash), "{event}");
    }
    let last = events.last().unwrap();
    assert_eq!(end, format!("{}:{}", last["number"], hex::encode(hash)));
    assert!(verify(&server, &["--from", &end]).status.success());
    server.nobody().get("/audit").problem(403);
}

#[test]
fn what_was_changed_behind_the_servers_back_is_named() {
    let server = filled();
    let end = mark(&verify(&server, &[]));
    server.stop();
    let second = events(&server)
        .into_iter()
        .find(|event| event["detail"]["first"] == 2)
        .unwrap();
    let number = second["number"].as_u64().unwrap();
    let broken = |what: &str| {
        let output = verify(&server, &[]);
        assert_eq!(output.status.code(), Some(1), "{what}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    tamper(
        &server,
        "UPDATE changes SET author = author || '!' WHERE sequence = 2",
    );
    let told = broken("an author");
    assert!(
        told.contains(&format!("event {number}")),
        "{number} in {told}"
    );
    tamper(
        &server,
        "UPDATE changes SET author = rtrim(author, '!') WHERE sequence = 2",
    );
    assert!(verify(&server, &[]).status.success(), "mended");
    tamper(&server, "DELETE FROM audit WHERE number = 3");
    assert!(broken("an event").contains("event 3"));
    let later = verify(&server, &["--from", "4"]);
    assert!(later.status.success(), "{later:?}");
    tamper(&server, "DELETE FROM audit WHERE number > 4");
    let kept = verify(&server, &["--from", &end]);
    assert_eq!(
        kept.status.code(),
        Some(1),
        "a mark finds that the end is missing: {kept:?}"
    );
}

#[test]
fn pruning_leaves_a_chain_that_holds() {
    let server = filled();
    server.stop();
    let before = events(&server).len();
    assert!(
        server
            .cli(&["audit", "prune", "--days", "1"])
            .status
            .success()
    );
    assert_eq!(events(&server).len(), before, "nothing is that old");
    assert!(
        server
            .cli(&["audit", "prune", "--days", "0"])
            .status
            .success()
    );
    let left = events(&server);
    assert_eq!(left.len(), 1);
    assert_eq!(left[0]["deed"], "audit-pruned");
    assert!(verify(&server, &[]).status.success());
    server.restart();
    let text = dataset(
        &server.base,
        "later",
        &server.iri("/catalog/audited"),
        "Later",
    );
    server.steward().write("/dataset/later", text);
    assert!(verify(&server, &[]).status.success());
    assert!(events(&server).len() > 1);
}

#[test]
fn refusals_schedules_and_bulk_actions_stand_in_the_chain() {
    let server = filled();
    let (steward, nobody) = (server.steward(), server.nobody());
    // A token that has ended is told by its name, a stranger's by none that is known.
    let output = server.cli(&["token", "new", "--role", "reader", "--name", "leaving"]);
    let secret = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let list = String::from_utf8(server.cli(&["token", "list"]).stdout).unwrap();
    let line = list.lines().find(|line| line.contains("leaving")).unwrap();
    let token = line.split_whitespace().next().unwrap().to_owned();
    assert!(server.cli(&["token", "revoke", &token]).status.success());
    let with = |secret: &str| {
        let request = nobody.request("GET", "/");
        request
            .header("Authorization", format!("Bearer {secret}"))
            .send()
    };
    with(&secret).problem(401);
    with("ves_nothing").problem(401);
    let wrong = r#"{"email":"eve@example.org","password":"a guess of eve's"}"#;
    assert!(nobody.post("/tokens", "application/json", wrong).status >= 400);
    // A time to publish, kept and forgotten.
    let schedule = |body: &str| {
        steward
            .post("/dataset/one/schedule", "application/json", body)
            .is(200);
    };
    schedule(r#"{"publish_at":"2999-01-01T00:00:00Z"}"#);
    schedule("{}");
    // Many at once, and back.
    let wish = r#"{"step":"publish","record":["/dataset/one","/dataset/three"]}"#;
    let done = steward
        .post("/bulk", "application/json", wish)
        .is(200)
        .json();
    let undo = done["undo"].as_str().unwrap().to_owned();
    let undo = undo.strip_prefix(&server.base).unwrap();
    steward.post(undo, "application/json", "{}").is(200);
    let events = events(&server);
    let find = |deed: &str| -> &Value {
        let mut found = events.iter().filter(|event| event["deed"] == deed);
        found
            .next()
            .unwrap_or_else(|| panic!("no {deed} in {events:#?}"))
    };
    assert_eq!(find("token-refused")["subject"], token);
    assert_eq!(find("sign-in-refused")["subject"], "password");
    assert!(
        !format!("{events:?}").contains("eve"),
        "who guesses is nobody"
    );
    let time = find("publication-scheduled");
    assert_eq!(time["subject"], server.iri("/dataset/one"));
    assert_eq!(time["detail"]["at"], "2999-01-01T00:00:00Z");
    find("publication-unscheduled");
    assert_eq!(find("bulk-done")["detail"]["records"], 2);
    assert_eq!(find("bulk-undone")["subject"], find("bulk-done")["subject"]);
    mark(&verify(&server, &[]));
}

#[test]
fn a_flood_of_bad_tokens_is_counted_and_does_not_fill_the_audit() {
    let server = TestServer::start();
    let before = events(&server).len();
    for number in 0..200 {
        let nobody = server.nobody();
        let request = nobody.request("GET", "/");
        let token = format!("Bearer ves_{number:043}");
        request.header("Authorization", token).send().problem(401);
    }
    let after = events(&server).len();
    assert!(after - before < 100, "{before} events, then {after}");
    mark(&verify(&server, &[]));
}
