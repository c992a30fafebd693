//! Who may do what? Every role against every action, over HTTP.

use std::sync::OnceLock;

use crate::support::{Answer, Person, TestServer, catalogue, dataset};

/// A server with the catalogues `theirs` (of the provider) and `other`.
fn server() -> &'static TestServer {
    static SERVER: OnceLock<TestServer> = OnceLock::new();
    SERVER.get_or_init(|| {
        TestServer::start()
            .with_catalogue("theirs")
            .with_catalogue("other")
    })
}

fn provider() -> &'static Person {
    static PROVIDER: OnceLock<Person> = OnceLock::new();
    PROVIDER.get_or_init(|| server().provider_of(&server().iri("/catalog/theirs")))
}

/// A fresh record of a steward's in a state; its path.
fn record(slug: &str, catalogue: &str, state: &str) -> String {
    let path = format!("/dataset/{slug}");
    server()
        .steward()
        .write(&format!("{path}?state={state}"), text(slug, catalogue));
    path
}

fn text(slug: &str, catalogue: &str) -> String {
    dataset(
        &server().base,
        slug,
        &server().iri(&format!("/catalog/{catalogue}")),
        "A matter of permission",
    )
}

type Action = fn(&Person, &str) -> Answer;

const WRITES: [(&str, Action); 5] = [
    ("replace", |person, path| {
        person.put(path, "text/turtle", text(&path[9..], "theirs"))
    }),
    ("create", |person, path| {
        person.put(
            &format!("{path}-new"),
            "text/turtle",
            text(&format!("{}-new", &path[9..]), "theirs"),
        )
    }),
    ("publish", |person, path| {
        person.set_state(path, "PUBLISHED")
    }),
    ("withdraw", |person, path| {
        person.set_state(path, "WITHDRAWN")
    }),
    ("delete", |person, path| person.delete(path)),
];

#[test]
fn nobody_writes_nothing() {
    let path = record("nobody", "theirs", "published");
    for (name, write) in WRITES {
        write(&server().nobody(), &path).problem(403);
        assert_eq!(server().nobody().get(&path).status, 200, "{name}");
    }
    server()
        .nobody()
        .post("/dataset", "text/turtle", text("x", "theirs"))
        .problem(403);
    server()
        .nobody()
        .put("/", "text/turtle", "<> a <x:y> .")
        .problem(403);
}

#[test]
fn a_reader_only_reads() {
    let (reader, path) = (server().reader(), record("reader", "theirs", "published"));
    reader.get(&path).is(200);
    for (_, write) in WRITES {
        write(&reader, &path).problem(403);
    }
    let draft = record("reader-draft", "theirs", "draft");
    reader.get(&draft).problem(404);
}

#[test]
fn a_provider_keeps_the_records_of_their_catalogue() {
    let person = provider();
    person
        .put("/dataset/kept", "text/turtle", text("kept", "theirs"))
        .is(201);
    person.get("/dataset/kept").is(200);
    person
        .put("/dataset/kept", "text/turtle", text("kept", "theirs"))
        .is(200);
    person.publish("/dataset/kept");
    assert_eq!(
        person.delete("/dataset/kept").status,
        403,
        "what is public is withdrawn first"
    );
    person.withdraw("/dataset/kept");
    person
        .put(
            "/dataset/kept-draft",
            "text/turtle",
            text("kept-draft", "theirs"),
        )
        .is(201);
    assert_eq!(person.delete("/dataset/kept-draft").status, 204);
    person
        .post("/dataset", "text/turtle", text("posted", "theirs"))
        .is(201);
}

#[test]
fn a_provider_touches_no_other_catalogue() {
    let person = provider();
    let path = record("others", "other", "published");
    person
        .put(&path, "text/turtle", text("others", "other"))
        .problem(403);
    person.set_state(&path, "WITHDRAWN").problem(403);
    person.delete(&path).problem(403);
    person
        .post("/dataset", "text/turtle", text("posted-there", "other"))
        .problem(403);
    server().nobody().get(&path).is(200);
}

/// The dataset of a distribution stands between it and the catalogue of the role.
#[test]
fn a_provider_keeps_the_distributions_of_their_catalogue() {
    let text = |dataset: &str| {
        format!(
            "<> a <http://www.w3.org/ns/dcat#Distribution> ; <http://purl.org/dc/terms/isPartOf> <{}> ; \
             <http://purl.org/dc/terms/title> 'Images'@en .",
            server().iri(dataset)
        )
    };
    let person = provider();
    let mine = record("with-distribution", "theirs", "draft");
    let put = |path: &str, dataset: &str| person.put(path, "text/turtle", text(dataset));
    put("/distribution/mine", &mine).is(201);
    person.get("/distribution/mine").is(200);
    put("/distribution/mine", &mine).is(200);
    put("/distribution?identifier=images-1", &mine).is(201);
    put("/distribution?identifier=images-1", &mine).is(200);
    let other = record("with-another", "other", "draft");
    put("/distribution/not-mine", &other).problem(403);
    put("/distribution?identifier=images-2", &other).problem(403);
    put("/distribution/mine", &other).problem(403);
    server()
        .steward()
        .write("/distribution/others", text(&other));
    person.get("/distribution/others").problem(404);
    // When the dataset moves, its distributions move with it.
    server()
        .steward()
        .put(
            &mine,
            "text/turtle",
            self::text("with-distribution", "other"),
        )
        .is(200);
    person.get("/distribution/mine").problem(404);
    put("/distribution/mine", &mine).problem(403);
    assert_eq!(person.delete("/distribution/mine").status, 404);
}

#[test]
fn a_provider_cannot_move_a_record_across() {
    let theirs = record("move-out", "theirs", "draft");
    provider()
        .put(&theirs, "text/turtle", text("move-out", "other"))
        .problem(403);
    let others = record("move-in", "other", "draft");
    let answer = provider().put(&others, "text/turtle", text("move-in", "theirs"));
    // The address is taken; by what is not told.
    assert!(matches!(answer.status, 403 | 404 | 409), "{answer}");
    let history = server()
        .steward()
        .get(&format!("{others}/versions"))
        .is(200)
        .json();
    assert_eq!(
        history["versions"].as_array().unwrap().len(),
        1,
        "{history}"
    );
}

#[test]
fn a_provider_cannot_smuggle_records_in_a_document() {
    let both = format!("{}{}", text("honest", "theirs"), text("smuggled", "other"));
    provider().post("/dataset", "text/turtle", both).refused();
    server().steward().get("/dataset/smuggled").problem(404);
    server().steward().get("/dataset/honest").problem(404);
}

#[test]
fn a_provider_sees_the_drafts_of_their_own_catalogue_only() {
    provider()
        .get(&record("draft-here", "theirs", "draft"))
        .is(200);
    provider()
        .get(&record("draft-there", "other", "draft"))
        .problem(404);
}

#[test]
fn only_a_steward_opens_a_catalogue_or_touches_the_root() {
    let text = catalogue(&server().base, "opened", "Opened");
    provider()
        .put("/catalog/opened", "text/turtle", text.clone())
        .problem(403);
    assert_eq!(provider().delete("/catalog/theirs").status, 403);
    let root = server().steward().get("/versions/1");
    provider().put("/", "text/turtle", root.body).problem(403);
    server()
        .steward()
        .put("/catalog/opened", "text/turtle", text)
        .is(201);
}

#[test]
fn a_steward_does_everything() {
    let (steward, path) = (server().steward(), record("steward", "other", "draft"));
    steward.publish(&path);
    steward
        .put(&path, "text/turtle", text("steward", "other"))
        .is(200);
    steward.withdraw(&path);
    steward.get(&path).is(200);
    assert_eq!(steward.delete(&path).status, 204);
}

#[test]
fn a_bad_token_is_401_even_where_all_may_read() {
    let nobody = server().nobody();
    for token in ["ves_nothing", "nonsense", &"ves_".repeat(2000)] {
        for path in ["/", "/catalog/theirs", "/search", "/sparql?query=ASK%7B%7D"] {
            let answer = nobody
                .request("GET", path)
                .header("Authorization", format!("Bearer {token}"))
                .send();
            if path == "/search" && answer.status == 200 {
                continue;
            }
            assert!(
                answer
                    .header("www-authenticate")
                    .is_some_and(|value| value.starts_with("Bearer")),
                "{answer}"
            );
            answer.problem(401);
        }
    }
}

#[test]
fn a_revoked_token_ends_at_once() {
    let output = server().cli(&["token", "new", "--role", "steward", "--name", "leaving"]);
    let secret = String::from_utf8(output.stdout).unwrap().trim().to_owned();
    let person = Person::new(&server().base, Some(secret));
    let path = record("leaving", "other", "draft");
    person.get(&path).is(200);
    let list = String::from_utf8(server().cli(&["token", "list"]).stdout).unwrap();
    let line = list
        .lines()
        .find(|line| line.contains("leaving"))
        .unwrap_or_else(|| panic!("{list}"));
    assert!(!list.contains("ves_"), "secrets are shown once: {list}");
    let id = line.split_whitespace().next().unwrap();
    assert!(server().cli(&["token", "revoke", id]).status.success());
    person.get(&path).problem(401);
}

#[test]
fn a_token_never_stands_in_a_log() {
    let steward = server().steward();
    steward.get("/").is(200);
    assert!(!server().log().contains(steward.token()));
    assert!(!server().log().contains(&steward.token()[8..]));
}
