//! Does a draft reach the public only as the rules of its catalogue say, and does what is taken away leave the words that
//! were meant for everybody, and no others?

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::http::encode;
use crate::support::rdf::objects;
use crate::support::{Answer, Person, TestServer, catalogue, dataset, workshop};

/// Somebody with a name of their own: the name of their token.
fn person(server: &TestServer, name: &str, role: &str, catalogue: &str) -> Person {
    let catalogue = server.iri(catalogue);
    let made = server.cli(&[
        "token",
        "new",
        "--name",
        name,
        "--role",
        role,
        "--catalogue",
        &catalogue,
    ]);
    assert!(made.status.success(), "{made:?}");
    let secret = String::from_utf8(made.stdout).unwrap().trim().to_owned();
    Person::new(&server.base, Some(secret))
}

fn step(person: &Person, path: &str, body: &Value) -> Answer {
    person.post(
        &format!("{path}/review"),
        "application/json",
        body.to_string(),
    )
}

fn stage(person: &Person, path: &str) -> String {
    let review = person.get(&format!("{path}/review")).is(200).json();
    review["stage"].as_str().unwrap().to_owned()
}

#[test]
fn four_eyes_see_a_draft_before_the_public_does() {
    let server = TestServer::start().with_catalogue("ruled");
    let steward = server.steward();
    let ada = person(&server, "ada", "provider", "/catalog/ruled");
    let grace = person(&server, "grace", "reviewer", "/catalog/ruled");
    let nobody = server.nobody();
    let rules =
        |person: &Person, body: &str| person.post("/catalog/ruled/rules", "application/json", body);
    rules(&ada, "{\"approvals\":1}").problem(403);
    rules(&steward, "{\"approvals\":6}").problem(400);
    rules(&steward, "{\"approvals\":1,\"four_eyes\":true}").is(200);
    let path = "/dataset/judged";
    let text = |title: &str| dataset(&server.base, "judged", &server.iri("/catalog/ruled"), title);

    // No way around the review.
    ada.put(
        &format!("{path}?state=published"),
        "text/turtle",
        text("One"),
    )
    .problem(409);
    ada.write(path, text("One"));
    ada.set_state(path, "PUBLISHED").problem(409);
    steward.set_state(path, "PUBLISHED").problem(409);
    step(&ada, path, &json!({ "step": "publish" })).problem(409);
    step(&ada, path, &json!({ "step": "approve" })).problem(400);
    step(&ada, path, &json!({ "step": "dance" })).problem(400);

    assert_eq!(
        step(&ada, path, &json!({ "step": "submit" }))
            .is(200)
            .json()["stage"],
        "in-review"
    );
    step(&ada, path, &json!({ "step": "approve" })).problem(403);
    let waiting = grace.get("/reviews").is(200).json();
    assert_eq!(
        waiting["reviews"][0]["record"],
        server.iri(path),
        "{waiting}"
    );
    let field = "https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals";
    step(&grace, path, &json!({ "step": "request-changes" })).problem(400);
    let asked =
        json!({ "step": "request-changes", "field": field, "text": "With the second centre?" });
    assert_eq!(
        step(&grace, path, &asked).is(200).json()["stage"],
        "changes-requested"
    );
    let page = ada
        .get_as(&format!("{path}/review"), "text/html")
        .is(200)
        .text();
    assert!(
        page.contains("With the second centre?") && page.contains("Unique individuals"),
        "{page}"
    );
    assert!(
        !page.contains("value=\"approve\""),
        "a provider has no such button: {page}"
    );

    ada.write(path, text("Two"));
    assert_eq!(stage(&ada, path), "changes-requested");
    step(&ada, path, &json!({ "step": "submit" })).is(200);
    step(&grace, path, &json!({ "step": "approve", "version": 1 })).problem(412);
    assert_eq!(
        step(&grace, path, &json!({ "step": "approve", "version": 2 }))
            .is(200)
            .json()["stage"],
        "approved"
    );

    // What was agreed to of one version says nothing of the next.
    steward.write(path, text("Three"));
    assert_eq!(stage(&grace, path), "draft");
    steward.set_state(path, "PUBLISHED").problem(409);
    step(&steward, path, &json!({ "step": "submit" })).is(200);
    step(&steward, path, &json!({ "step": "approve" })).problem(403);
    step(&grace, path, &json!({ "step": "approve" })).is(200);
    nobody.get(path).problem(404);
    assert_eq!(
        step(&ada, path, &json!({ "step": "publish" }))
            .is(200)
            .json()["stage"],
        "published"
    );
    assert!(nobody.get(path).is(200).text().contains("Three"));

    // A revision beside what is public.
    ada.write(&format!("{path}?state=draft"), text("Four"));
    assert_eq!(stage(&ada, path), "draft");
    assert!(nobody.get(path).is(200).text().contains("Three"));
    step(&ada, path, &json!({ "step": "submit" })).is(200);
    step(&grace, path, &json!({ "step": "approve" })).is(200);
    step(&grace, path, &json!({ "step": "publish" })).is(200);
    assert!(nobody.get(path).is(200).text().contains("Four"));
    let closed = grace.get("/reviews?stage=approved").is(200).json();
    assert_eq!(closed["reviews"], json!([]));

    for secret in [
        format!("{path}/review"),
        "/reviews".to_owned(),
        "/checks".to_owned(),
    ] {
        nobody.get(&secret).problem(403);
    }
    let stranger = person(&server, "eve", "provider", "/catalog/other");
    stranger.get(&format!("{path}/review")).problem(403);
    assert_eq!(
        stranger.get("/reviews?stage=in-review").is(200).json()["reviews"],
        json!([])
    );
}

#[test]
fn two_approvals_are_those_of_two() {
    let server = TestServer::start().with_catalogue("twice");
    let rules = server.steward().post(
        "/catalog/twice/rules",
        "application/x-www-form-urlencoded",
        "approvals=2",
    );
    rules.is(200);
    let one = person(&server, "one", "reviewer", "/catalog/twice");
    let two = person(&server, "two", "reviewer", "/catalog/twice");
    let path = "/dataset/twice";
    server.steward().write(
        path,
        dataset(
            &server.base,
            "twice",
            &server.iri("/catalog/twice"),
            "Twice",
        ),
    );
    step(&server.steward(), path, &json!({ "step": "submit" })).is(200);
    for _ in 0..2 {
        let stage = step(&one, path, &json!({ "step": "approve" }))
            .is(200)
            .json();
        assert_eq!(stage["stage"], "in-review", "one person agrees once");
    }
    step(&one, path, &json!({ "step": "publish" })).problem(409);
    let stage = step(&two, path, &json!({ "step": "approve" }))
        .is(200)
        .json();
    assert_eq!(stage["stage"], "approved");
    step(
        &two,
        path,
        &json!({ "step": "request-changes", "text": "Wait." }),
    )
    .is(200);
    step(&one, path, &json!({ "step": "publish" })).problem(409);
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server that is asked lives by the real clock"
)]
#[test]
fn a_draft_is_published_at_its_time_also_after_a_restart() {
    let server = TestServer::start().with_catalogue("timed");
    let steward = server.steward();
    let write = |slug: &str| {
        let text = dataset(&server.base, slug, &server.iri("/catalog/timed"), "On time");
        steward.write(&format!("/dataset/{slug}"), text);
    };
    let schedule = |slug: &str, at: &str| {
        let body = json!({ "publish_at": at }).to_string();
        steward.post(
            &format!("/dataset/{slug}/schedule"),
            "application/json",
            body,
        )
    };
    for slug in ["due", "changed", "far", "forgotten"] {
        write(slug);
    }
    schedule("due", "tomorrow").problem(400);
    server
        .nobody()
        .post("/dataset/due/schedule", "application/json", "{}")
        .problem(403);
    // The record is changed before its time: it is not published unseen.
    schedule("far", "2999-01-01T00:00:00Z").is(200);
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(3);
    schedule("changed", &soon.to_string()).is(200);
    write("changed");
    schedule("forgotten", &soon.to_string()).is(200);
    steward
        .post("/dataset/forgotten/schedule", "application/json", "{}")
        .is(200);
    schedule("due", &soon.to_string()).is(200);
    assert!(server.stop().success());
    server.restart();
    let begun = Instant::now();
    while server.nobody().get("/dataset/due").status != 200 {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it is never published"
        );
        std::thread::sleep(Duration::from_millis(100));
    }
    let review = loop {
        let review = steward.get("/dataset/changed/review").is(200).json();
        if review["schedule"]["trouble"].is_string() {
            break review;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{review}");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(review["stage"], "draft");
    for slug in ["changed", "far", "forgotten"] {
        server
            .nobody()
            .get(&format!("/dataset/{slug}"))
            .problem(404);
    }
}

#[test]
fn what_is_taken_away_leaves_the_words_for_everybody() {
    let (server, steward, nobody) = (workshop(), workshop().steward(), workshop().nobody());
    let write = |slug: &str| {
        let text = dataset(&server.base, slug, &server.iri("/catalog/workshop"), "Twin");
        steward.write(&format!("/dataset/{slug}?state=published"), text);
    };
    for slug in ["twin-a", "twin-b", "twin-c"] {
        write(slug);
    }
    let withdraw = |person: &Person, slug: &str, body: &Value| {
        person.post(
            &format!("/dataset/{slug}/withdraw"),
            "application/json",
            body.to_string(),
        )
    };
    let into = |slug: &str| json!({ "reason": "zqsecret", "replaced_by": server.iri(&format!("/dataset/{slug}")) });
    withdraw(&nobody, "twin-a", &into("twin-b")).problem(403);
    withdraw(
        &server.provider_of(&server.iri("/catalog/workshop")),
        "twin-a",
        &into("twin-b"),
    )
    .problem(403);
    withdraw(&steward, "twin-a", &into("twin-a")).problem(400);
    withdraw(
        &steward,
        "twin-a",
        &json!({ "replaced_by": server.iri("/catalog/workshop") }),
    )
    .problem(400);
    withdraw(
        &steward,
        "twin-a",
        &json!({ "replaced_by": "https://elsewhere.example/x" }),
    )
    .problem(400);
    nobody.get("/dataset/twin-a").is(200);
    withdraw(&steward, "twin-a", &into("twin-b")).is(200);
    for suffix in ["", ".ttl", ".jsonld"] {
        let moved = nobody.get(&format!("/dataset/twin-a{suffix}")).is(301);
        assert_eq!(
            moved.location(),
            server.iri(&format!("/dataset/twin-b{suffix}"))
        );
        assert!(!moved.text().contains("zqsecret"));
    }
    let moved = nobody.get("/dataset/twin-a.nt").is(301);
    assert!(moved.text().contains("isReplacedBy"), "{moved}");
    // The chain leads to its end.
    withdraw(&steward, "twin-b", &into("twin-c")).is(200);
    assert_eq!(
        nobody.get("/dataset/twin-a").is(301).location(),
        server.iri("/dataset/twin-c")
    );
    withdraw(
        &steward,
        "twin-c",
        &json!({ "notice": "Consent ended.", "reason": "zqsecret" }),
    )
    .is(200);
    for slug in ["twin-a", "twin-b", "twin-c"] {
        let gone = nobody.get(&format!("/dataset/{slug}")).is(410);
        assert_eq!(
            gone.text().contains("Consent ended."),
            slug == "twin-c",
            "{gone}"
        );
        assert!(!gone.text().contains("zqsecret"), "{gone}");
    }
    let page = nobody.get_as("/dataset/twin-c", "text/html").is(410).text();
    assert!(page.contains("Consent ended."), "{page}");
    // It comes back, and its address is its own again; the reason of its absence stays with those who work on it.
    steward.publish("/dataset/twin-a");
    nobody.get("/dataset/twin-a").is(200);
    let told = nobody.get("/dataset/twin-a/history").is(200);
    assert!(!told.text().contains("zqsecret"), "{told}");
    assert!(
        steward
            .get("/dataset/twin-a/history")
            .is(200)
            .text()
            .contains("zqsecret")
    );
    steward.withdraw("/dataset/twin-a");
    nobody.get("/dataset/twin-a").is(410);
}

#[test]
fn still_correct_is_kept_and_the_record_stays_untouched() {
    let (server, steward, nobody) = (workshop(), workshop().steward(), workshop().nobody());
    let path = "/dataset/confirmed";
    let text = dataset(
        &server.base,
        "confirmed",
        &server.iri("/catalog/workshop"),
        "Confirmed",
    );
    steward.write(path, text);
    let confirm = |person: &Person, body: &str| {
        person.post(&format!("{path}/confirm"), "application/json", body)
    };
    confirm(&steward, "{}").problem(400);
    steward.publish(path);
    let before = nobody.get(path).is(200);
    confirm(&nobody, "{}").problem(403);
    confirm(&server.reader(), "{}").problem(403);
    confirm(&steward, "{\"version\":7}").problem(412);
    confirm(&steward, "{\"version\":1,\"note\":\"asked the centre\"}").is(200);
    let after = nobody.get(path).is(200);
    assert_eq!(before.header("etag"), after.header("etag"));
    assert_eq!(
        before.header("last-modified"),
        after.header("last-modified")
    );
    assert_eq!(before.body, after.body);
    let told = nobody.get(&format!("{path}/history")).is(200).json();
    assert_eq!(told["confirmations"][0]["version"], 1, "{told}");
    assert_eq!(told["confirmations"][0]["note"], Value::Null, "{told}");
    let provenance = nobody
        .get_as(&format!("{path}/history"), "text/turtle")
        .is(200);
    assert!(provenance.text().contains("prov"), "{provenance}");
    let told = steward.get(&format!("{path}/history")).is(200).json();
    assert_eq!(told["confirmations"][0]["note"], "asked the centre");
    let due = steward.get("/checks").is(200).json();
    assert_eq!(due["due"], json!([]), "nothing here is a year old");
    let page = steward.get_as("/checks", "text/html").is(200);
    assert_eq!(page.media_type(), "text/html");
}

#[test]
fn a_query_is_answered_over_the_catalogue_of_an_instant() {
    let server = TestServer::start().with_catalogue("then");
    let (steward, nobody) = (server.steward(), server.nobody());
    let path = "/dataset/then";
    let write = |title: &str, slug: &str, state: &str| {
        let text = dataset(&server.base, slug, &server.iri("/catalog/then"), title);
        steward.write(&format!("/dataset/{slug}?state={state}"), text);
    };
    write("Zqone", "then", "published");
    write("Zqhidden", "then", "draft");
    write("Zqthree", "then", "published");
    write("Zqgone", "gone", "published");
    let history = nobody.get(&format!("{path}/history")).is(200).json();
    let time = |at: usize| history["steps"][at]["at"].as_str().unwrap().to_owned();
    let (second, first) = (time(0), time(1));
    let gone = nobody.get("/dataset/gone/history").is(200).json()["steps"][0]["at"]
        .as_str()
        .unwrap()
        .to_owned();
    steward.withdraw("/dataset/gone");
    let query = "SELECT ?t { ?s a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> ?t }";
    let titles = |at: &str| {
        let address = format!("/sparql?at={}&query={}", encode(at), encode(query));
        nobody.get_as(&address, "text/csv").is(200).text()
    };
    for _ in 0..2 {
        let then = titles(&first);
        assert!(
            then.contains("Zqone") && !then.contains("Zqthree"),
            "{then}"
        );
        let then = titles(&second);
        assert!(
            then.contains("Zqthree") && !then.contains("Zqone"),
            "{then}"
        );
        for at in [&first, &second, &gone] {
            let then = titles(at);
            assert!(
                !then.contains("Zqhidden"),
                "a draft is in no instant: {then}"
            );
            assert!(
                !then.contains("Zqgone"),
                "what was taken away is in no instant: {then}"
            );
        }
    }
    assert!(!titles("2001-01-01").contains("Zq"));
    assert!(titles("2999-01-01").contains("Zqthree"));
    // The vocabularies are there, too.
    let concepts = "SELECT (COUNT(*) AS ?n) { ?c a <http://www.w3.org/2004/02/skos/core#Concept> }";
    let count = |prefix: &str| {
        nobody
            .get_as(
                &format!("/sparql?{prefix}query={}", encode(concepts)),
                "text/csv",
            )
            .is(200)
            .text()
    };
    assert_eq!(count(""), count(&format!("at={}&", encode(&first))));
    nobody
        .get(&format!("/sparql?at=yesterday&query={}", encode(query)))
        .problem(400);
    let page = nobody
        .get_as(
            &format!("/sparql?at={}&query={}", encode(&first), encode(query)),
            "text/html",
        )
        .is(200);
    assert!(page.text().contains("Zqone"), "{page}");
}

#[test]
fn a_catalogue_of_a_catalogue_has_no_rule_of_its_own_until_it_is_given() {
    let server = workshop();
    let steward = server.steward();
    steward.write(
        "/catalog/unruled",
        catalogue(&server.base, "unruled", "Unruled"),
    );
    let rule = steward.get("/catalog/unruled/rules").is(200).json();
    assert_eq!(rule, json!({ "approvals": 0, "four_eyes": false }));
    steward
        .post(
            "/dataset/nothing/rules",
            "application/json",
            "{\"approvals\":1}",
        )
        .problem(404);
    let text = dataset(
        &server.base,
        "ruleless",
        &server.iri("/catalog/workshop"),
        "Ruleless",
    );
    steward.write("/dataset/ruleless", text);
    steward
        .post(
            "/dataset/ruleless/rules",
            "application/json",
            "{\"approvals\":1}",
        )
        .problem(400);
    steward.publish("/catalog/unruled");
}

#[test]
fn many_records_are_changed_together_or_not_at_all_and_back() {
    let server = TestServer::start().with_catalogue("bulk");
    let (steward, nobody) = (server.steward(), server.nobody());
    let paths: Vec<String> = (0..4).map(|n| format!("/dataset/bulk-{n}")).collect();
    let write = |path: &str, title: &str, state: &str| {
        let text = dataset(
            &server.base,
            &path[9..],
            &server.iri("/catalog/bulk"),
            title,
        );
        steward.write(&format!("{path}?state={state}"), text);
    };
    for path in &paths {
        write(path, "First", "draft");
    }
    // One of them is a revision of what is public.
    write(&paths[3], "First", "published");
    write(&paths[3], "Second", "draft");
    let bulk = |person: &Person, step: &str, more: &[&str], preview: bool| {
        let records: Vec<&str> = paths
            .iter()
            .map(String::as_str)
            .chain(more.iter().copied())
            .collect();
        let body =
            json!({ "step": step, "record": records, "preview": preview, "reason": "all of them" });
        person.post("/bulk", "application/json", body.to_string())
    };
    let status = |path: &str| nobody.get(path).status;
    bulk(&nobody, "publish", &[], true).problem(403);
    bulk(&steward, "dance", &[], true).problem(400);
    bulk(&steward, "approve", &[], true).problem(400);
    let seen = bulk(&steward, "publish", &["/dataset/nothing"], true)
        .is(200)
        .json();
    assert_eq!(seen["possible"], false);
    assert!(
        seen["records"][4]["problem"].is_string() && seen["records"][0]["problem"].is_null(),
        "{seen}"
    );
    bulk(&steward, "publish", &["/dataset/nothing"], false).problem(409);
    assert_eq!(status(&paths[0]), 404, "all or none");
    let undo = |done: &Value| steward.post(done["undo"].as_str().unwrap(), "application/json", "");
    let handed_in = bulk(&steward, "submit", &[], false).is(200).json();
    assert!(
        paths
            .iter()
            .all(|path| stage(&steward, path) == "in-review")
    );
    let again = bulk(&steward, "submit", &[], true).is(200).json();
    assert_eq!(again["possible"], false, "they are handed in: {again}");
    assert_eq!(undo(&handed_in).is(200).json()["undone"], 4);
    assert!(paths.iter().all(|path| stage(&steward, path) == "draft"));
    let handed_in = bulk(&steward, "submit", &[], false).is(200).json();
    let asks = json!({ "step": "request-changes", "text": "say more" });
    step(&steward, &paths[2], &asks).is(200);
    undo(&handed_in).problem(412);
    assert_eq!(stage(&steward, &paths[0]), "in-review", "all or none");
    let done = bulk(&steward, "publish", &[], false).is(200).json();
    assert!(paths.iter().all(|path| status(path) == 200));
    assert!(nobody.get(&paths[3]).text().contains("Second"));
    assert_eq!(undo(&done).is(200).json()["undone"], 4);
    undo(&done).problem(409);
    assert_eq!(
        status(&paths[0]),
        410,
        "what the public has seen leaves a tombstone"
    );
    assert!(nobody.get(&paths[3]).is(200).text().contains("First"));

    let again = bulk(&steward, "publish", &[], true).is(200).json();
    assert_eq!(again["possible"], false, "one of them is public: {again}");
    for path in &paths[..3] {
        steward.publish(path);
    }
    let gone = bulk(&steward, "withdraw", &[], false).is(200).json();
    assert!(paths.iter().all(|path| status(path) == 410));
    undo(&gone).is(200);
    assert!(paths.iter().all(|path| status(path) == 200));
    let gone = bulk(&steward, "delete", &[], false).is(200).json();
    undo(&gone).is(200);
    assert!(paths.iter().all(|path| status(path) == 200));
    let gone = bulk(&steward, "withdraw", &[], false).is(200).json();
    steward.publish(&paths[1]);
    undo(&gone).problem(412);
    assert_eq!(
        status(&paths[0]),
        410,
        "what was changed since keeps all as they are"
    );
}

#[test]
fn many_records_are_chosen_looked_at_done_and_undone_on_a_page_without_script() {
    let server = TestServer::start().with_catalogue("paged");
    let home = server.iri("/catalog/paged");
    let ada = person(&server, "ada", "provider", "/catalog/paged");
    let write = |slug: &str, title: &str| {
        let path = format!("/dataset/{slug}");
        let text = dataset(&server.base, slug, &home, title);
        ada.put(&path, "text/turtle", text).is(201);
        path
    };
    let paths = [write("one", "First of two"), write("two", "Second of two")];
    let page = |path: &str| ada.get_as(path, "text/html").is(200).text();
    let send = |path: &str, form: &str| {
        let request = ada.request("POST", path).header("Accept", "text/html");
        let kind = "application/x-www-form-urlencoded";
        request.header("Content-Type", kind).send_body(form)
    };
    server.nobody().get_as("/bulk", "text/html").is(403);
    server.reader().get_as("/bulk", "text/html").is(403);
    let mine = page("/bulk?state=draft");
    assert!(mine.contains("First of two") && mine.contains("Second of two"));
    assert_eq!(mine.matches("name=\"record\"").count(), 2);
    assert_eq!(
        mine.matches(" checked").count(),
        1,
        "only what to do: {mine}"
    );
    let all = page("/bulk?state=draft&all=yes");
    assert_eq!(all.matches(" checked").count(), 3, "{all}");
    assert!(!page("/bulk?state=published").contains("First of two"));
    assert!(page(&format!("/bulk?in={home}")).contains("First of two"));
    // Nothing chosen: the page says so.
    let none = send("/bulk", "step=publish&preview=yes");
    assert!(none.text().contains("Choose at least one record"), "{none}");
    let iris: Vec<String> = paths.iter().map(|path| server.iri(path)).collect();
    let chosen = format!("record={}&record={}", iris[0], iris[1]);
    let look = send(
        "/bulk",
        &format!("step=publish&preview=yes&reason=both&{chosen}"),
    );
    let look = look.is(200).text();
    assert!(
        look.contains("What would happen") && look.contains("value=\"both\""),
        "{look}"
    );
    assert_eq!(server.nobody().get(&paths[0]).status, 404, "looked at only");
    let done = send("/bulk", &format!("step=publish&reason=both&{chosen}")).is(303);
    let there = done.location();
    let told = page(&there);
    assert!(told.contains("It was done to all of them"), "{told}");
    for path in &paths {
        server.nobody().get(path).is(200);
    }
    // Found by a search, and what stands in the way is told beside its record.
    server.settle();
    let found = page("/bulk?q=second");
    assert!(
        found.contains("Second of two") && !found.contains("First of two"),
        "{found}"
    );
    let again = send("/bulk", &format!("step=publish&{chosen}"));
    assert_eq!(again.status, 409, "{again}");
    assert!(again.text().contains("not possible"), "{again}");
    let undo = told.split("action=\"/bulk/").nth(1).expect("an undo");
    let undo = format!("/bulk/{}", undo.split('"').next().unwrap());
    let undone = send(&undo, "").is(303);
    assert!(page(&undone.location()).contains("It was undone"));
    for path in &paths {
        server.nobody().get(path).is(410);
    }
    let lines = ada.get("/bulk").is(200).json();
    assert_eq!(lines["bulks"][0]["records"], 2, "{lines}");
    assert!(lines["bulks"][0]["undo"].is_null(), "{lines}");
}

/// Something that is done to all of some records.
fn bulk(person: &Person, records: &[String], more: &Value) -> Answer {
    let mut body = json!({ "record": records });
    let fields = more.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    person.post("/bulk", "application/json", body.to_string())
}

#[test]
fn many_records_are_found_still_correct_at_once_and_back() {
    let server = TestServer::start().with_catalogue("checked");
    let steward = server.steward();
    let paths: Vec<String> = (0..3).map(|n| format!("/dataset/checked-{n}")).collect();
    for path in &paths {
        let text = dataset(
            &server.base,
            &path[9..],
            &server.iri("/catalog/checked"),
            "Held",
        );
        steward.write(&format!("{path}?state=published"), text);
    }
    let confirmed = |path: &str| {
        let history = steward.get(&format!("{path}/history")).is(200).json();
        history["confirmations"].as_array().map_or(0, Vec::len)
    };
    let wish = json!({ "step": "confirm", "reason": "asked the hospital" });
    bulk(&server.nobody(), &paths, &wish).problem(403);
    let mut looked = wish.clone();
    looked["preview"] = json!(true);
    let seen = bulk(&steward, &paths, &looked).is(200).json();
    assert_eq!(seen["possible"], true, "{seen}");
    assert_eq!(confirmed(&paths[0]), 0, "looked at only");
    let version = steward.get(&paths[0]).version();
    let done = bulk(&steward, &paths, &wish).is(200).json();
    assert!(paths.iter().all(|path| confirmed(path) == 1));
    assert_eq!(
        steward.get(&paths[0]).version(),
        version,
        "the record is as it was"
    );
    let undo = done["undo"].as_str().unwrap();
    steward.post(undo, "application/json", "").is(200);
    assert!(paths.iter().all(|path| confirmed(path) == 0));
    // What is not public is nothing to find correct, and then none is.
    steward.withdraw(&paths[2]);
    bulk(&steward, &paths, &wish).problem(409);
    assert_eq!(confirmed(&paths[0]), 0, "all or none");
}

#[test]
fn a_value_is_given_to_many_records_at_once_and_taken_back() {
    let server = TestServer::start().with_catalogue("valued");
    let steward = server.steward();
    let paths: Vec<String> = (0..3).map(|n| format!("/dataset/valued-{n}")).collect();
    for (n, path) in paths.iter().enumerate() {
        let home = server.iri("/catalog/valued");
        let text = dataset(&server.base, &path[9..], &home, "Valued");
        let state = if n == 2 { "draft" } else { "published" };
        steward.write(&format!("{path}?state={state}"), text);
    }
    let version = "http://www.w3.org/ns/dcat#version";
    let said = |path: &str| {
        let triples = steward.get_as(path, "text/turtle").is(200).triples();
        let found = objects(&triples, &server.iri(path), version);
        let words: Vec<String> = found.iter().map(ToString::to_string).collect();
        words.join(" ")
    };
    let before: Vec<String> = paths.iter().map(|path| said(path)).collect();
    let set = |field: &str, value: &str, preview: bool| {
        let wish = json!({ "step": "set", "field": field, "value": value, "preview": preview });
        bulk(&steward, &paths, &wish)
    };
    // The words of the form, before anything is done.
    let seen = set("dcat:version", "9.9.9", true).is(200).json();
    assert_eq!(seen["possible"], true, "{seen}");
    assert_eq!(seen["records"][0]["change"]["after"], json!(["9.9.9"]));
    assert_eq!(said(&paths[0]), before[0], "looked at only");
    // What the form says cannot be is refused, with the record and the reason.
    for (field, value) in [
        ("dcat:version", "ninth"),
        ("dct:publisher", "The hospital"),
        ("dct:identifier", "https://example.org/1"),
        ("dct:nothing", "x"),
        ("dct:issued", "the day before"),
    ] {
        let seen = set(field, value, true).is(200).json();
        let problem = &seen["records"][0]["problem"];
        assert!(problem.is_string(), "{field} {value}: {seen}");
        set(field, value, false).problem(409);
    }
    set("dcat:version", "", false).problem(400);
    set("", "9.9.9", false).problem(400);
    let done = set(version, "9.9.9", false).is(200).json();
    for path in &paths {
        assert!(said(path).contains("9.9.9"), "{path}: {}", said(path));
    }
    server.nobody().get(&paths[2]).problem(404);
    set("dcat:version", "9.9.9", false).problem(400);
    let undo = done["undo"].as_str().unwrap();
    assert_eq!(
        steward.post(undo, "application/json", "").is(200).json()["undone"],
        3
    );
    let after: Vec<String> = paths.iter().map(|path| said(path)).collect();
    assert_eq!(after, before);
    // Beside what is there; and what was changed since keeps all as they are.
    let wish = json!({ "step": "set", "field": "dcat:keyword", "value": "zebra", "language": "en", "add": true });
    let done = bulk(&steward, &paths, &wish).is(200).json();
    let keywords = steward.get_as(&paths[0], "text/turtle").is(200).text();
    assert!(keywords.contains("zebra") && keywords.matches("dcat:keyword").count() >= 1);
    steward.withdraw(&paths[0]);
    steward
        .post(done["undo"].as_str().unwrap(), "application/json", "")
        .problem(412);
}

#[test]
fn a_page_leads_from_what_is_found_to_a_value_for_all_of_it() {
    let server = TestServer::start().with_catalogue("found");
    let steward = server.steward();
    let home = server.iri("/catalog/found");
    for slug in ["found-1", "found-2"] {
        let text = dataset(&server.base, slug, &home, "Okapi images");
        steward.write(&format!("/dataset/{slug}?state=published"), text);
    }
    server.settle();
    let page = steward.get_as("/bulk?q=okapi&all=yes", "text/html").is(200);
    let page = page.text();
    assert!(page.contains("<option value=\"dcat:version\">"), "{page}");
    let iris = ["found-1", "found-2"].map(|slug| server.iri(&format!("/dataset/{slug}")));
    let send = |more: &str| {
        let form = format!(
            "step=set&field=dcat%3Aversion&value=7.0.0&language=en&record={}&record={}{more}",
            iris[0], iris[1]
        );
        let request = steward
            .request("POST", "/bulk")
            .header("Accept", "text/html");
        let kind = "application/x-www-form-urlencoded";
        request.header("Content-Type", kind).send_body(form)
    };
    let look = send("&preview=yes").is(200).text();
    assert!(
        look.contains("<li>7.0.0</li>") && look.contains("name=\"value\" value=\"7.0.0\""),
        "{look}"
    );
    let there = send("").is(303).location();
    let told = steward.get_as(&there, "text/html").is(200).text();
    assert!(told.contains("Set a value"), "{told}");
    // Nobody who cannot use it is led there.
    let found = server.nobody().get_as("/search?q=okapi", "text/html");
    assert!(!found.is(200).text().contains("/bulk?"));
}
