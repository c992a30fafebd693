//! Is every version of a record kept, found by its number and by its time, compared and brought back, and is nothing
//! of it told that was not public?

use std::time::{Duration, SystemTime};

use vesalius::rdf::Triple;
use vesalius::rdf::diff::Difference;

use crate::support::rdf::{self, assert_isomorphic};
use crate::support::{Answer, Chance, Person, TestServer, dataset, dataset_like, workshop};

const SEED: u64 = 0x0415_7042;
const EDITS: usize = 48;
const PATCH: &str = "application/rdf-patch";

/// A version as it was written.
struct Written {
    text: String,
    is_public: bool,
}

/// A text of another generated record under the same name.
fn wording(server: &TestServer, slug: &str, chance: &mut Chance) -> String {
    let catalogue = server.iri("/catalog/storm");
    let mut text = dataset_like(
        chance.below(64),
        &server.base,
        slug,
        &catalogue,
        &chance.word(),
    );
    for _ in 0..chance.below(4) {
        text.push_str(&format!(
            "<{}/dataset/{slug}> <http://purl.org/dc/terms/relation> [ <http://xmlns.com/foaf/0.1/name> \"{}\" ; \
             <http://purl.org/dc/terms/relation> [ <http://xmlns.com/foaf/0.1/name> \"{}\" ] ] .\n",
            server.base,
            chance.word(),
            chance.below(3),
        ));
    }
    text
}

#[test]
fn after_a_storm_of_edits_every_version_is_what_was_written() {
    let server = TestServer::start().with_catalogue("storm");
    let (steward, nobody) = (server.steward(), server.nobody());
    let mut chance = Chance::new(SEED);
    let path = "/dataset/stormy";
    let mut written: Vec<Written> = Vec::new();
    let mut restored = 0;
    for edit in 0..EDITS {
        let is_public = edit == 0 || chance.below(3) == 0;
        let state = if is_public { "published" } else { "draft" };
        if edit > 3 && chance.below(5) == 0 {
            let n = 1 + chance.below(written.len());
            let body = format!("{{\"version\": {n}, \"state\": \"{state}\"}}");
            let answer = steward.post(&format!("{path}/restore"), "application/json", body);
            let answer = answer.is(200).json();
            assert_eq!(answer["version"], written.len() + 1, "{answer}");
            written.push(Written {
                text: written[n - 1].text.clone(),
                is_public,
            });
            restored += 1;
            continue;
        }
        let text = wording(&server, "stormy", &mut chance);
        let answer = steward.write(&format!("{path}?state={state}"), text.clone());
        assert_eq!(answer.version(), written.len() as u64 + 1);
        written.push(Written { text, is_public });
    }
    assert!(restored > 0);
    let graphs: Vec<Vec<Triple>> = written
        .iter()
        .map(|one| rdf::turtle(&one.text, &server.base))
        .collect();
    for (at, one) in written.iter().enumerate() {
        let address = format!("{path}/versions/{}.nt", at + 1);
        let read = steward.get(&address).is(200).triples();
        assert_isomorphic(&read, &graphs[at], &address);
        let seen = nobody.get(&address);
        assert_eq!(seen.status, if one.is_public { 200 } else { 404 }, "{seen}");
        assert_eq!(
            seen.header("memento-datetime").is_some(),
            one.is_public,
            "{seen}"
        );
    }
    for _ in 0..EDITS {
        let (from, to) = (chance.below(EDITS), chance.below(EDITS));
        patched(&steward, path, (from, to), &graphs[to]);
    }
    public_versions_alone_are_told(&nobody, path, &written);
}

/// The patch between two versions, made to the first as it is read, gives the second.
fn patched(person: &Person, path: &str, (from, to): (usize, usize), wanted: &[Triple]) {
    let (from, to) = (from + 1, to + 1);
    let old = person
        .get(&format!("{path}/versions/{from}.nt"))
        .is(200)
        .triples();
    let address = format!("{path}/difference?from={from}&to={to}");
    let patch = person.get_as(&address, PATCH).is(200);
    assert_eq!(patch.media_type(), PATCH, "{patch}");
    let difference = Difference::from_patch(&patch.text()).unwrap();
    assert_isomorphic(&difference.apply(&old), wanted, &address);
    let told = person.get_as(&address, "application/json").is(200).json();
    assert_eq!(told["statements"]["removed"], difference.removed.len());
    assert_eq!(told["statements"]["added"], difference.added.len());
}

fn public_versions_alone_are_told(nobody: &Person, path: &str, written: &[Written]) {
    let public: Vec<u64> = (1..)
        .zip(written)
        .filter_map(|(n, one)| one.is_public.then_some(n))
        .collect();
    let numbers = |answer: &Answer, list: &str| -> Vec<u64> {
        let json = answer.json();
        let list = list.split('/').fold(&json, |at, name| &at[name]);
        let list = list.as_array().unwrap().iter();
        let mut numbers: Vec<u64> = list.map(|one| one["version"].as_u64().unwrap()).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let map = nobody.get(&format!("{path}/timemap?format=json")).is(200);
    assert_eq!(numbers(&map, "mementos/list"), public);
    let history = nobody.get(&format!("{path}/history?limit=200")).is(200);
    assert_eq!(numbers(&history, "steps"), public);
    for (at, one) in written.iter().enumerate().filter(|(_, one)| !one.is_public) {
        assert!(!one.is_public);
        for address in [
            format!("{path}/difference?from=1&to={}", at + 1),
            format!("{path}/difference?from={}&to=1", at + 1),
        ] {
            nobody.get(&address).problem(404);
            nobody.get_as(&address, PATCH).problem(404);
        }
    }
    // Page by page, the same.
    let mut pages = Vec::new();
    let mut next = Some(format!("{path}/history?limit=3"));
    while let Some(address) = next {
        let page = nobody.get(&address).is(200);
        pages.extend(numbers(&page, "steps"));
        next = page.json()["next"].as_str().map(str::to_owned);
    }
    pages.sort_unstable();
    assert_eq!(pages, public);
}

/// The time of an HTTP header.
fn time(text: &str) -> SystemTime {
    httpdate::parse_http_date(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server that is asked lives by the real clock"
)]
#[test]
fn the_past_of_a_record_is_found_by_its_time() {
    let (server, steward, nobody) = (workshop(), workshop().steward(), workshop().nobody());
    let path = "/dataset/remembered";
    let text = |title: &str| {
        dataset(
            &server.base,
            "remembered",
            &server.iri("/catalog/workshop"),
            title,
        )
    };
    for (title, state) in [
        ("One", "published"),
        ("Hidden", "draft"),
        ("Three", "published"),
    ] {
        steward.write(&format!("{path}?state={state}"), text(title));
    }
    let record = nobody.get(path).is(200);
    let links = record.header("link").unwrap();
    let address = server.iri(path);
    for (there, relation) in [
        ("", "original timegate"),
        ("/timemap", "timemap"),
        ("/history", "version-history"),
    ] {
        assert!(
            links.contains(&format!("<{address}{there}>; rel=\"{relation}\"")),
            "{links}"
        );
    }
    assert!(
        record.header("vary").unwrap().contains("Accept-Datetime"),
        "{record}"
    );

    let gate = |at: &str| {
        nobody
            .request("GET", path)
            .header("Accept-Datetime", at)
            .send()
    };
    let long_ago = gate("Thu, 01 Jan 1970 00:00:00 GMT").is(302);
    assert_eq!(
        long_ago.location(),
        format!("{address}/versions/1"),
        "the first, before there was one"
    );
    assert!(long_ago.header("vary").unwrap().contains("Accept-Datetime"));
    let far = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
    assert_eq!(
        gate(&far).is(302).location(),
        format!("{address}/versions/3")
    );
    gate("yesterday").problem(400);

    let memento = nobody.get(&long_ago.location()).is(200);
    let first = time(memento.header("memento-datetime").unwrap());
    assert!(first <= SystemTime::now());
    let links = memento.header("link").unwrap();
    for expected in [
        format!("<{address}>; rel=\"original timegate\""),
        format!("<{address}/versions/1>; rel=\"first memento\""),
        format!("<{address}/versions/3>; rel=\"last next memento successor-version\""),
    ] {
        assert!(links.contains(&expected), "{expected} in {links}");
    }
    assert!(
        !links.contains("versions/2"),
        "a draft is no memento: {links}"
    );
    let page = nobody
        .get_as(&format!("{path}/versions/1"), "text/html")
        .is(200);
    assert_eq!(page.media_type(), "text/html");
    let text = page.text();
    let heading = text.split("</h1>").next().unwrap_or_default();
    assert!(
        heading.ends_with("One</span>") || heading.ends_with(">One"),
        "{page}"
    );
    assert!(page.header("memento-datetime").is_some());

    let map = nobody.get(&format!("{path}/timemap")).is(200);
    assert_eq!(map.media_type(), "application/link-format");
    let map = map.text();
    assert_eq!(map.matches("rel=\"memento\"").count(), 2, "{map}");
    assert!(
        map.starts_with(&format!("<{address}>;rel=\"original timegate\",\n")),
        "{map}"
    );
    steward.withdraw(path);
    for below in [
        "",
        "/timemap",
        "/history",
        "/versions/1",
        "/difference?from=1&to=3",
    ] {
        nobody.get(&format!("{path}{below}")).is(410);
    }
    let at = nobody
        .request("GET", path)
        .header("Accept-Datetime", &far)
        .send();
    assert_eq!(
        at.status, 410,
        "what was taken away is told of no time: {at}"
    );
}

#[test]
fn a_difference_is_told_in_words_of_the_reader() {
    let (server, steward, nobody) = (workshop(), workshop().steward(), workshop().nobody());
    let path = "/dataset/counted";
    let text = dataset(
        &server.base,
        "counted",
        &server.iri("/catalog/workshop"),
        "Counted",
    );
    let individuals = "numberOfUniqueIndividuals> \"";
    let start = text.find(individuals).unwrap() + individuals.len();
    let end = start + text[start..].find('"').unwrap();
    let with = |n: &str| format!("{}{n}{}", &text[..start], &text[end..]);
    steward.write(&format!("{path}?state=published"), with("210"));
    let reason = "Der zweite Standort schickte Zahlen – «gezählt»";
    let answer = steward
        .request("PUT", path)
        .header("Content-Type", "text/turtle")
        .header("Change-Reason", reason)
        .send_body(with("245"));
    assert_eq!(answer.status, 200, "{answer}");
    let address = format!("{path}/difference?from=1&to=2");
    for language in ["en", "de", "fr", "es", "it"] {
        let told = nobody
            .get_as(&format!("{address}&lang={language}"), "application/json")
            .is(200)
            .json();
        let fields = told["fields"].as_array().unwrap();
        assert_eq!(fields.len(), 1, "{told}");
        let words = fields[0]["words"].as_str().unwrap();
        assert!(words.ends_with(": 210 → 245"), "{words}");
        assert_eq!(
            fields[0]["property"],
            "https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals"
        );
    }
    let page = nobody.get_as(&address, "text/html").is(200).text();
    let page: String = page.split_whitespace().collect();
    assert!(
        page.contains("<del>210</del>") && page.contains("<ins>245</ins>"),
        "{page}"
    );
    let history = nobody.get(&format!("{path}/history")).is(200).json();
    assert_eq!(history["steps"][0]["reason"], reason);
    let page = nobody
        .get_as(&format!("{path}/history"), "text/html")
        .is(200)
        .text();
    assert!(page.contains("«gezählt»"), "{page}");
    let long = "a".repeat(2_001);
    steward.write(path, with("246"));
    steward
        .request("PUT", path)
        .header("Content-Type", "text/turtle")
        .header("Change-Reason", long)
        .send_body(with("247"))
        .problem(400);
}

#[test]
fn names_stand_in_the_history_only_for_those_who_work_on_the_record() {
    let (server, steward) = (workshop(), workshop().steward());
    let path = "/dataset/authored";
    let text = dataset(
        &server.base,
        "authored",
        &server.iri("/catalog/workshop"),
        "Authored",
    );
    let provider = server.provider_of(&server.iri("/catalog/workshop"));
    provider.write(
        &format!("{path}?state=published&reason=first"),
        text.clone(),
    );
    provider.write(&format!("{path}?state=draft&reason=second"), text);
    let told = server
        .nobody()
        .get(&format!("{path}/history"))
        .is(200)
        .json();
    assert_eq!(told["steps"].as_array().unwrap().len(), 1, "{told}");
    assert_eq!(
        told["steps"][0]["author"],
        serde_json::json!({ "is": "program", "name": null })
    );
    let told = steward.get(&format!("{path}/history")).is(200);
    assert_eq!(told.header("cache-control"), Some("no-store"));
    let told = told.json();
    assert_eq!(told["steps"].as_array().unwrap().len(), 2, "{told}");
    assert!(told["steps"][0]["author"]["name"].is_string(), "{told}");
    let page = steward.get_as(path, "text/html").is(200).text();
    assert!(
        page.contains("/versions/2?format=html"),
        "the desk is led to the revision: {page}"
    );
    let page = server.nobody().get_as(path, "text/html").is(200).text();
    assert!(!page.contains("/versions/2"), "{page}");
}

#[test]
fn an_old_version_comes_back_as_a_new_one() {
    let (server, steward, nobody) = (workshop(), workshop().steward(), workshop().nobody());
    let path = "/dataset/restored";
    let text = |title: &str| {
        dataset(
            &server.base,
            "restored",
            &server.iri("/catalog/workshop"),
            title,
        )
    };
    for title in ["One", "Two"] {
        steward.write(&format!("{path}?state=published"), text(title));
    }
    let restore = |person: &Person, body: &str| {
        person.post(&format!("{path}/restore"), "application/json", body)
    };
    restore(&nobody, "{\"version\":1}").problem(403);
    restore(&server.reader(), "{\"version\":1}").problem(403);
    restore(&steward, "{\"version\":9}").problem(404);
    restore(&steward, "{}").problem(400);
    restore(&steward, "[1]").problem(400);
    let stale = steward
        .request("POST", &format!("{path}/restore"))
        .header("Content-Type", "application/json")
        .header("If-Match", "\"v1\"")
        .send_body("{\"version\":1}");
    stale.problem(412);
    let done = restore(
        &steward,
        "{\"version\":1,\"reason\":\"the second was wrong\"}",
    )
    .is(200)
    .json();
    assert_eq!(done["version"], 3);
    assert_eq!(done["state"], "published");
    let now = nobody
        .get(&format!("{path}/versions/3.nt"))
        .is(200)
        .triples();
    assert_isomorphic(&now, &rdf::turtle(&text("One"), &server.base), "restored");
    let form = steward
        .request("POST", &format!("{path}/restore"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", "text/html")
        .send_body("version=2&reason=");
    assert_eq!(form.is(303).location(), format!("{path}/history"));
    assert!(nobody.get(path).is(200).text().contains("Two"));
}

#[test]
fn what_was_deleted_comes_back_as_a_draft_by_a_steward_alone() {
    let (server, steward, nobody) = (workshop(), workshop().steward(), workshop().nobody());
    let path = "/dataset/undeleted";
    let text = dataset(
        &server.base,
        "undeleted",
        &server.iri("/catalog/workshop"),
        "Back",
    );
    steward.write(&format!("{path}?state=published"), text.clone());
    let undelete =
        |person: &Person| person.post(&format!("{path}/undelete"), "application/json", "");
    undelete(&steward).problem(400);
    steward.delete(path).is(204);
    undelete(&nobody).problem(403);
    undelete(&server.provider_of(&server.iri("/catalog/workshop"))).problem(403);
    let back = undelete(&steward).is(200).json();
    assert_eq!(back["state"], "draft");
    nobody.get(path).is(410);
    let read = steward.get(&format!("{path}.nt")).is(200);
    assert!(read.text().contains("Back"), "{read}");
    steward.publish(path);
    nobody.get(path).is(200);
    steward
        .post("/dataset/never-was/undelete", "application/json", "")
        .problem(404);
}
