//! Do harvesters get everything, and then exactly what has changed, by the letter of OAI-PMH?

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Answer, Chance, Person, TestServer, dataset_like, demo};

/// One record of a list: its name, its time, its sets, and whether it has gone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Told {
    name: String,
    at: String,
    sets: Vec<String>,
    is_gone: bool,
}

fn ask(person: &Person, query: &str) -> Answer {
    let answer = person.get(&format!("/oai?{query}")).is(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/xml; charset=utf-8")
    );
    answer
}

/// The texts of all elements of a name.
fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&start).skip(1);
    parts.map(|part| part.split(&end).next().unwrap()).collect()
}

fn codes(xml: &str) -> Vec<&str> {
    let parts = xml.split("<error code=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap()).collect()
}

fn told(xml: &str) -> Vec<Told> {
    let parts = xml.split("<header").skip(1);
    let one = |part: &str| {
        let header = part.split("</header>").next().unwrap();
        Told {
            name: elements(header, "identifier")[0].to_owned(),
            at: elements(header, "datestamp")[0].to_owned(),
            sets: elements(header, "setSpec")
                .into_iter()
                .map(str::to_owned)
                .collect(),
            is_gone: header.starts_with(" status=\"deleted\""),
        }
    };
    parts.map(one).collect()
}

fn token(xml: &str) -> Option<String> {
    let (_, rest) = xml.split_once("<resumptionToken")?;
    let (_, rest) = rest.split_once('>')?;
    let token = rest.split('<').next()?;
    (!token.is_empty()).then(|| token.to_owned())
}

/// Follows a list to its end.
fn walk(person: &Person, verb: &str, arguments: &str) -> Vec<Told> {
    let mut all = Vec::new();
    let mut query = format!("verb={verb}&{arguments}");
    loop {
        let xml = ask(person, &query).text();
        if codes(&xml) == ["noRecordsMatch"] {
            return all;
        }
        assert!(codes(&xml).is_empty(), "{xml}");
        all.extend(told(&xml));
        match token(&xml) {
            Some(token) => query = format!("verb={verb}&resumptionToken={token}"),
            None => return all,
        }
    }
}

fn filled(records: usize) -> TestServer {
    let server = TestServer::start().with_catalogue("one");
    let steward = server.steward();
    let parent = server.iri("/catalog/one");
    for i in 0..records {
        let path = format!("/dataset/d{i}");
        let text = dataset_like(
            i,
            &server.base,
            &format!("d{i}"),
            &parent,
            &format!("Dataset {i}"),
        );
        steward.write(&path, text);
        steward.publish(&path);
    }
    server
}

#[test]
fn the_repository_introduces_itself() {
    let xml = ask(&demo().nobody(), "verb=Identify").text();
    for (name, value) in [
        ("protocolVersion", "2.0"),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ("baseURL", demo().iri("/oai").as_str()),
    ] {
        assert_eq!(elements(&xml, name), [value], "{xml}");
    }
    assert!(elements(&xml, "adminEmail")[0].contains('@'));
    let prefixes = ask(&demo().nobody(), "verb=ListMetadataFormats").text();
    let prefixes = elements(&prefixes, "metadataPrefix").len();
    assert_eq!(prefixes, 5);
}

#[test]
fn the_same_is_answered_to_get_and_post_and_to_people() {
    let query = "verb=ListIdentifiers&metadataPrefix=oai_dc";
    let got = told(&ask(&demo().nobody(), query).text());
    let posted = demo()
        .nobody()
        .post("/oai", "application/x-www-form-urlencoded", query)
        .is(200);
    assert_eq!(told(&posted.text()), got);
    assert!(!got.is_empty());
    let page = demo().nobody().get_as("/oai", "text/html").is(200).text();
    assert!(page.contains("<h1>") && page.contains("/oai?verb=Identify"));
    let bare = demo().nobody().get("/oai").is(200).text();
    assert_eq!(codes(&bare), ["badVerb"]);
}

#[test]
fn every_error_of_the_protocol_has_its_code() {
    let person = demo().nobody();
    for (query, code) in [
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords&resumptionToken=x.y", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        (
            "verb=ListRecords&metadataPrefix=marc",
            "cannotDisseminateFormat",
        ),
        (
            "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:y",
            "idDoesNotExist",
        ),
        (
            "verb=ListMetadataFormats&identifier=oai:x:y",
            "idDoesNotExist",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&until=1999-01-01",
            "noRecordsMatch",
        ),
        (
            "verb=ListRecords&metadataPrefix=oai_dc&set=no:such",
            "noRecordsMatch",
        ),
    ] {
        let xml = ask(&person, query).text();
        assert_eq!(codes(&xml), [code], "{query}: {xml}");
    }
}

#[test]
fn a_walk_finds_every_public_record_once_and_no_draft() {
    let person = demo().nobody();
    let public: u64 = [
        "dataset",
        "catalog",
        "distribution",
        "service",
        "series",
        "tool",
    ]
    .iter()
    .map(|kind| {
        walk(
            &person,
            "ListIdentifiers",
            &format!("metadataPrefix=oai_dc&set=type:{kind}"),
        )
        .len() as u64
    })
    .sum();
    let all = walk(&person, "ListRecords", "metadataPrefix=oai_dc");
    let names: BTreeSet<&str> = all.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names.len(), all.len());
    let roots = all.iter().filter(|one| one.name.ends_with(":root")).count() as u64;
    assert_eq!(all.len() as u64, public + roots);
    for prefix in ["datacite", "oai_datacite", "oai_openairedata", "dcat"] {
        assert_eq!(
            walk(&person, "ListRecords", &format!("metadataPrefix={prefix}")),
            all,
            "{prefix}"
        );
    }
    assert_eq!(
        walk(&person, "ListIdentifiers", "metadataPrefix=oai_dc"),
        all
    );
}

#[test]
fn harvesters_and_search_engines_are_told_of_the_same_records() {
    let person = demo().nobody();
    let all = walk(&person, "ListIdentifiers", "metadataPrefix=oai_dc");
    let address = |one: &Told| {
        let path = one.name.splitn(3, ':').nth(2).unwrap();
        if path == "root" {
            demo().base.clone()
        } else {
            demo().iri(&format!("/{path}"))
        }
    };
    let harvested: BTreeSet<String> = all.iter().map(address).collect();
    let sitemap = person.get("/sitemap.xml").is(200).text();
    let mapped = elements(&sitemap, "loc").into_iter().map(str::to_owned);
    assert_eq!(harvested, mapped.collect());
}

#[test]
fn sets_hold_what_their_records_say() {
    let person = demo().nobody();
    let all = walk(&person, "ListIdentifiers", "metadataPrefix=oai_dc");
    let mut expected: BTreeMap<&str, Vec<&Told>> = BTreeMap::new();
    for one in &all {
        for set in &one.sets {
            expected.entry(set).or_default().push(one);
        }
    }
    let listed = ask(&person, "verb=ListSets").text();
    let listed: BTreeSet<&str> = elements(&listed, "setSpec").into_iter().collect();
    assert_eq!(listed, expected.keys().copied().collect());
    for (set, records) in expected {
        let found = walk(
            &person,
            "ListIdentifiers",
            &format!("metadataPrefix=oai_dc&set={set}"),
        );
        assert_eq!(found.iter().collect::<Vec<_>>(), records, "{set}");
    }
}

#[test]
fn what_goes_away_is_told_for_ever_and_a_draft_never() {
    let server = filled(3);
    let (steward, nobody) = (server.steward(), server.nobody());
    let parent = server.iri("/catalog/one");
    steward.write(
        "/dataset/hidden",
        dataset_like(9, &server.base, "hidden", &parent, "A secret draft"),
    );
    let before = walk(&nobody, "ListRecords", "metadataPrefix=oai_dc");
    assert!(
        before
            .iter()
            .all(|one| !one.is_gone && !one.name.contains("hidden"))
    );
    // A draft above a public version changes nothing.
    let draft = dataset_like(
        5,
        &server.base,
        "d0",
        &parent,
        "A title that nobody has seen",
    );
    steward
        .put("/dataset/d0?state=draft", "text/turtle", draft)
        .is(200);
    assert!(
        !ask(&nobody, "verb=ListRecords&metadataPrefix=oai_dc")
            .text()
            .contains("nobody has seen")
    );
    steward.withdraw("/dataset/d1");
    steward.delete("/dataset/d2").is(204);
    let after = walk(&nobody, "ListRecords", "metadataPrefix=dcat");
    assert_eq!(after.len(), before.len());
    let gone: Vec<&Told> = after.iter().filter(|one| one.is_gone).collect();
    assert_eq!(gone.len(), 2);
    assert!(
        gone.iter()
            .all(|one| one.sets.contains(&"catalog:one".to_owned()))
    );
    let name = &gone[0].name;
    let one = ask(
        &nobody,
        &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={name}"),
    )
    .text();
    assert!(
        told(&one)[0].is_gone && !one.contains("<metadata>"),
        "{one}"
    );
    let hidden = name.replace("d1", "hidden");
    let missing = ask(
        &nobody,
        &format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={hidden}"),
    )
    .text();
    assert_eq!(codes(&missing), ["idDoesNotExist"]);
    let in_set = walk(
        &nobody,
        "ListIdentifiers",
        "metadataPrefix=oai_dc&set=catalog:one",
    );
    assert_eq!(in_set.iter().filter(|one| one.is_gone).count(), 2);
}

#[test]
fn a_token_gives_the_same_answer_after_changes_and_restarts() {
    let server = filled(4);
    let (steward, nobody) = (server.steward(), server.nobody());
    // Long descriptions make answers of a megabyte, so that a few records need several.
    let parent = server.iri("/catalog/one");
    for i in 0..4 {
        let text = dataset_like(
            i,
            &server.base,
            &format!("d{i}"),
            &parent,
            &"long words ".repeat(60_000),
        );
        steward.write(&format!("/dataset/d{i}"), text);
    }
    let first = ask(&nobody, "verb=ListRecords&metadataPrefix=oai_dc").text();
    let token = token(&first).expect("more than one answer");
    let query = format!("verb=ListRecords&resumptionToken={token}");
    let body = |xml: &str| xml.split("<ListRecords>").nth(1).unwrap().to_owned();
    let second = body(&ask(&nobody, &query).text());
    steward.write(
        "/dataset/d3",
        dataset_like(3, &server.base, "d3", &parent, "Changed meanwhile"),
    );
    server.stop();
    server.restart();
    assert_eq!(body(&ask(&nobody, &query).text()), second);
    // What was taken away is not shown again, whatever the token says.
    steward.withdraw("/dataset/d3");
    let third = body(&ask(&nobody, &query).text());
    assert_eq!(told(&third).len(), told(&second).len());
    assert!(
        told(&third)
            .iter()
            .any(|one| one.is_gone && one.name.ends_with("/d3"))
    );
}

#[test]
fn a_page_that_was_written_ahead_tells_what_was_taken_away_since() {
    let server = filled(8);
    let (steward, nobody) = (server.steward(), server.nobody());
    let parent = server.iri("/catalog/one");
    for i in 0..8 {
        let (id, long) = (format!("d{i}"), "long words ".repeat(60_000));
        let text = dataset_like(i, &server.base, &id, &parent, &long);
        steward.write(&format!("/dataset/d{i}"), text);
    }
    let go_on = |xml: &str| {
        let token = token(xml).expect("more answers");
        ask(
            &nobody,
            &format!("verb=ListRecords&resumptionToken={token}"),
        )
        .text()
    };
    let first = ask(&nobody, "verb=ListRecords&metadataPrefix=oai_dc").text();
    // From the second on, the next one is written while a harvester reads.
    let second = go_on(&first);
    let third = go_on(&second);
    let last = told(&third).pop().unwrap().name;
    let path = format!("/dataset/{}", last.rsplit('/').next().unwrap());
    let second = go_on(&first);
    steward.withdraw(&path);
    let after = go_on(&second);
    // It takes little room, so that others may follow it.
    assert!(
        told(&after)
            .iter()
            .any(|one| one.name == last && one.is_gone)
    );
    assert!(!told(&third).iter().any(|one| one.is_gone));
}

#[test]
fn a_harvest_goes_on_where_the_last_began() {
    let server = filled(2);
    let (steward, nobody) = (server.steward(), server.nobody());
    let date = |xml: &str| elements(xml, "responseDate")[0].to_owned();
    let first = ask(&nobody, "verb=ListRecords&metadataPrefix=oai_dc").text();
    let since = date(&first);
    let parent = server.iri("/catalog/one");
    steward.write(
        "/dataset/new",
        dataset_like(1, &server.base, "new", &parent, "New"),
    );
    steward.publish("/dataset/new");
    let found = walk(
        &nobody,
        "ListIdentifiers",
        &format!("metadataPrefix=oai_dc&from={since}"),
    );
    assert!(found.iter().any(|one| one.name.ends_with("/new")));
    assert!(found.iter().all(|one| one.at >= since));
}

#[test]
fn no_argument_breaks_the_door() {
    let person = demo().nobody();
    let mut chance = Chance::new(42);
    let words = [
        "verb",
        "ListRecords",
        "ListSets",
        "GetRecord",
        "ListIdentifiers",
        "metadataPrefix",
        "oai_dc",
        "dcat",
        "set",
        "from",
        "until",
        "identifier",
        "resumptionToken",
        "2024-01-01",
        "0000-00-00",
        "9999-12-31",
        "-1",
        "%00",
        "%FF%FE",
        "\u{1f4a9}",
        "type:dataset",
        "oai:127.0.0.1:dataset/",
        "::",
        "<x>",
        "&amp;",
        "' OR 1=1 --",
        "+",
        "",
    ];
    let extra = "verb=ListRecords&resumptionToken=".to_owned() + &"A".repeat(3_000);
    let mut queries = vec![
        extra,
        "&".repeat(500),
        "verb=Identify&a=".to_owned() + &"b".repeat(5_000),
    ];
    for _ in 0..400 {
        let pairs = 1 + chance.below(5);
        let pair = |chance: &mut Chance| {
            let word = |chance: &mut Chance| words[chance.below(words.len())];
            let (name, value) = (word(chance), word(chance));
            let encode = |text: &str| url_encoded(text);
            format!("{}={}", encode(name), encode(value))
        };
        let query: Vec<String> = (0..pairs).map(|_| pair(&mut chance)).collect();
        let start = if chance.below(2) == 0 {
            "verb=ListRecords&metadataPrefix=oai_dc&"
        } else {
            ""
        };
        queries.push(format!("{start}{}", query.join("&")));
    }
    for query in queries {
        let answer = person.get(&format!("/oai?{query}"));
        assert_eq!(answer.status, 200, "{query}: {answer}");
    }
    demo().is_up();
    let bytes: Vec<u8> = (0..=255).collect();
    person
        .post("/oai", "application/x-www-form-urlencoded", bytes)
        .is(200);
    person
        .post(
            "/oai",
            "application/x-www-form-urlencoded",
            vec![b'a'; 100_000],
        )
        .is(413);
    person.put("/oai", "text/plain", "x").is(405);
}

fn url_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
