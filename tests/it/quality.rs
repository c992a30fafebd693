//! Is the score that is kept at writing the score of the record? What SPARQL, pages and JSON say is recomputed
//! from what the records say.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use vesalius::app;
use vesalius::catalogue::quality::{Overview, Rules};
use vesalius::catalogue::{Base, Kinds, Profiles};
use vesalius::ontology::Ontology;
use vesalius::rdf::{GraphName, NamedNode, Triple};

use crate::support::{Answer, Chance, TestServer, dataset, dataset_like, demo, workshop};

const DQV: &str = "PREFIX dqv: <http://www.w3.org/ns/dqv#> ";
const RECORDS: usize = 300;
const WRITES: usize = 400;
/// Statements that a storm tears away, some of which no record may lack.
const LOOSE: [&str; 12] = [
    "dcat#keyword>",
    "dcat#theme>",
    "dcat#landingPage>",
    "terms/temporal>",
    "terms/conformsTo>",
    "terms/format>",
    "terms/license>",
    "terms/rights>",
    "terms/issued>",
    "terms/modified>",
    "dcat#byteSize>",
    "#hasCodingSystem>",
];

static KINDS: LazyLock<Kinds> = LazyLock::new(|| app::kinds().unwrap());
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let profiles = Profiles::load(&app::SHAPES, None).unwrap();
    Rules::new(&KINDS, &profiles, Arc::new(Ontology::bundled().unwrap()))
});

/// A public record as the public reads it.
struct Public {
    iri: NamedNode,
    path: String,
    kind: String,
    sent: Vec<Triple>,
}

/// Every public record of a server.
fn public(server: &TestServer) -> Vec<Public> {
    let nobody = server.nobody();
    let rows = nobody.select(
        "PREFIX foaf: <http://xmlns.com/foaf/0.1/>
         SELECT ?card ?iri { GRAPH ?card { ?card foaf:primaryTopic ?iri } }",
    );
    let mut found = Vec::new();
    for row in rows {
        let path = row[0].strip_prefix(&server.base).unwrap();
        let path = path.strip_suffix("#record").unwrap();
        let path = path.strip_suffix('/').unwrap_or(path).to_owned();
        let iri = NamedNode::new(&row[1]).unwrap();
        let address = if path.is_empty() {
            "/?format=nq".to_owned()
        } else {
            format!("{path}.nq")
        };
        let quads = nobody.get(&address).is(200).quads().into_iter();
        let sent = quads.filter(|quad| quad.graph_name == GraphName::from(iri.clone()));
        let prefix = path.split('/').nth(1).unwrap_or_default();
        found.push(Public {
            kind: KINDS.by_prefix(prefix).unwrap().name.clone(),
            sent: sent.map(Triple::from).collect(),
            iri,
            path,
        });
    }
    found
}

/// What a batch says about records: each statement in a line.
fn recomputed(server: &TestServer, records: &[Public]) -> BTreeSet<String> {
    let base = Base::new(&server.base).unwrap();
    let of = |record: &Public| {
        let evidence = RULES.evidence(&record.kind, &record.iri, &record.sent);
        evidence
            .unwrap()
            .measurements(&base, &record.path, &record.iri)
    };
    records
        .iter()
        .flat_map(of)
        .map(|triple| triple.to_string())
        .collect()
}

/// What is kept, in the server's own graphs.
fn kept(server: &TestServer) -> BTreeSet<String> {
    let query = format!(
        "{DQV} CONSTRUCT {{ ?r dqv:hasQualityMeasurement ?m . ?m dqv:isMeasurementOf ?x ; dqv:value ?v }}
         WHERE {{ GRAPH ?g {{ ?r dqv:hasQualityMeasurement ?m . ?m dqv:isMeasurementOf ?x ; dqv:value ?v }}
                 FILTER(STRENDS(STR(?g), '#record')) }}"
    );
    let answer = server
        .nobody()
        .query(&query, "application/n-triples")
        .is(200);
    answer.triples().iter().map(ToString::to_string).collect()
}

/// Expects that what is kept is what a batch says, exactly.
#[track_caller]
fn live_is_batch(server: &TestServer) -> Vec<Public> {
    server.settle();
    let records = public(server);
    let (live, batch) = (kept(server), recomputed(server, &records));
    let stale: Vec<&String> = live.difference(&batch).collect();
    let missing: Vec<&String> = batch.difference(&live).collect();
    assert!(
        stale.is_empty() && missing.is_empty(),
        "stale {stale:#?}, missing {missing:#?}"
    );
    assert!(!live.is_empty());
    overview_is_batch(server, &records);
    records
}

/// Expects the same of catalogues and providers together.
#[track_caller]
fn overview_is_batch(server: &TestServer, records: &[Public]) {
    let mut expected = Overview::default();
    let parents: BTreeMap<String, String> = server
        .nobody()
        .select("PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT ?d ?c { ?c dcat:dataset ?d }")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    for record in records {
        let catalogue = parents.get(record.iri.as_str()).map(String::as_str);
        if let Some(one) = RULES.standing(&record.kind, &record.iri, catalogue, &record.sent) {
            expected.add(one.score, one.catalogue.as_deref(), one.provider.as_deref());
        }
    }
    let told = server.nobody().get("/quality").is(200).json();
    assert_eq!(told["all"]["records"], expected.all.records);
    assert_eq!(told["historyComplete"], true);
    for (list, key, groups) in [
        ("catalogues", "iri", &expected.catalogues),
        ("providers", "name", &expected.providers),
    ] {
        let listed = told[list].as_array().unwrap();
        assert_eq!(listed.len(), groups.len(), "{list}");
        for group in listed {
            let name = group[key].as_str().unwrap();
            let tally = groups.get(name).unwrap_or_else(|| panic!("{list} {name}"));
            let tenths = tally.mean_tenths().unwrap();
            let bands = &group["bands"];
            let bands = ["excellent", "good", "sufficient", "bad"]
                .map(|band| bands[band].as_u64().unwrap());
            assert_eq!(group["records"], tally.records, "{name}");
            assert_eq!(
                group["mean"].to_string(),
                format!("{}.{}", tenths / 10, tenths % 10),
                "{name}"
            );
            assert_eq!(bands, tally.bands, "{name}");
        }
    }
}

#[test]
fn the_scores_of_the_demonstration_are_those_of_a_batch() {
    let records = live_is_batch(demo());
    assert!(
        records
            .iter()
            .filter(|record| record.kind == "dataset")
            .count()
            >= 48
    );
}

#[test]
fn after_a_storm_of_writes_the_scores_are_those_of_a_batch() {
    let server = TestServer::start();
    server.stop();
    let file = server.data().join("generated.nq");
    let file = file.to_str().unwrap();
    let count = RECORDS.to_string();
    assert!(
        server
            .cli(&["generate", &count, "--output", file])
            .status
            .success()
    );
    let loaded = server.cli(&["load", file]);
    assert!(loaded.status.success(), "{loaded:?}");
    server.restart();
    let records = live_is_batch(&server);
    let datasets: Vec<Public> = records
        .into_iter()
        .filter(|record| record.kind == "dataset")
        .collect();
    assert_eq!(datasets.len(), RECORDS);
    storm(&server, &datasets);
    let left = live_is_batch(&server)
        .into_iter()
        .filter(|record| record.kind == "dataset");
    let left = left.count();
    assert!(left > RECORDS / 2 && left < RECORDS, "{left} are left");
    // The same again when the triples are made from nothing.
    server.stop();
    assert!(server.cli(&["reindex"]).status.success());
    server.restart();
    live_is_batch(&server);
}

/// Replaces, tears, withdraws, publishes and deletes at random.
fn storm(server: &TestServer, datasets: &[Public]) {
    let (mut chance, steward) = (Chance::new(11), server.steward());
    let (mut written, mut refused) = (0, 0);
    for _ in 0..WRITES {
        let record = &datasets[chance.below(datasets.len())];
        let slug = record.path.rsplit('/').next().unwrap();
        match chance.below(10) {
            0 => drop(steward.set_state(&record.path, "WITHDRAWN")),
            1 => drop(steward.set_state(&record.path, "PUBLISHED")),
            2 => drop(steward.delete(&record.path)),
            _ => {
                let catalogue = part_of(&record.sent);
                let like = chance.below(64);
                let text = dataset_like(like, &server.base, slug, &catalogue, "Storm");
                let torn = torn(&text, &mut chance);
                let path = format!("{}?state=published", record.path);
                let answer = steward.put(&path, "text/turtle", torn);
                assert!(matches!(answer.status, 200 | 400 | 410), "{answer}");
                if answer.status == 200 {
                    written += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(
        written > 50 && refused > 5,
        "{written} written, {refused} refused"
    );
}

fn part_of(sent: &[Triple]) -> String {
    let part = sent
        .iter()
        .find(|triple| triple.predicate.as_str().ends_with("isPartOf"));
    let part = part.unwrap().object.to_string();
    part.trim_matches(['<', '>']).to_owned()
}

/// A record without some of its statements.
fn torn(text: &str, chance: &mut Chance) -> String {
    let count = chance.below(4);
    let away: Vec<&str> = (0..count)
        .map(|_| LOOSE[chance.below(LOOSE.len())])
        .collect();
    let keeps = |line: &&str| !away.iter().any(|loose| line.contains(loose));
    text.lines()
        .filter(keeps)
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn page_json_and_sparql_say_the_same() {
    let nobody = demo().nobody();
    let rows = nobody.select(&format!(
        "{DQV} SELECT ?r ?v {{ ?m dqv:isMeasurementOf <{}> ; dqv:value ?v . ?r dqv:hasQualityMeasurement ?m }}",
        demo().iri("/quality#mqa")
    ));
    assert!(rows.len() >= 48);
    for row in rows {
        let (path, score) = (&row[0][demo().base.len()..], &row[1]);
        let told = nobody.get(&format!("{path}/quality")).is(200).json();
        assert_eq!(told["mqa"]["score"].to_string(), *score, "{path}");
        let page = nobody.get_as(path, "text/html").is(200).text();
        assert!(
            page.contains(&format!("<strong>{score}</strong> of 405 points")),
            "{path}: {score}"
        );
        let dimensions = told["mqa"]["dimensions"].as_array().unwrap();
        for dimension in dimensions {
            let (points, max) = (&dimension["score"], &dimension["max"]);
            assert!(
                page.contains(&format!("{points} of {max}")),
                "{path}: {dimension}"
            );
        }
        let sum: u64 = dimensions
            .iter()
            .map(|one| one["score"].as_u64().unwrap())
            .sum();
        assert_eq!(sum.to_string(), *score, "{path}");
        for change in told["changes"].as_array().unwrap().iter().take(3) {
            assert!(
                page.contains(change["label"].as_str().unwrap()),
                "{path}: {change}"
            );
        }
    }
}

#[test]
fn the_measurements_of_a_record_can_be_read_as_rdf() {
    let path = "/dataset/chaimeleon-lung-ct";
    let read = demo()
        .nobody()
        .get_as(&format!("{path}/quality"), "text/turtle")
        .is(200);
    let read: BTreeSet<String> = read.triples().iter().map(ToString::to_string).collect();
    assert_eq!(read.len(), 24);
    let all = kept(demo());
    assert!(read.is_subset(&all), "{read:#?}");
}

#[test]
fn what_is_measured_is_described_where_its_address_leads() {
    let told = demo().nobody().get_as("/quality", "text/turtle").is(200);
    for name in ["mqa", "findability", "completeness-recommended"] {
        let metric = demo().iri(&format!("/quality#{name}"));
        assert!(
            told.text().contains(&metric) || told.text().contains(name),
            "{name}"
        );
        assert!(demo().nobody().ask(&format!(
            "{DQV} ASK {{ <{metric}> a dqv:Metric ; dqv:inDimension ?d . ?d a dqv:Dimension }}"
        )));
    }
}

#[test]
fn the_page_of_all_shows_what_the_json_says() {
    let nobody = demo().nobody();
    let told = nobody.get("/quality?format=json").is(200).json();
    let page = nobody.get_as("/quality", "text/html").is(200);
    for list in ["catalogues", "providers"] {
        for group in told[list].as_array().unwrap() {
            let mean = group["mean"].to_string();
            assert!(
                page.text()
                    .contains(&format!("<td class=\"number\">{mean}</td>")),
                "{group}"
            );
        }
    }
    for sort in ["records", "score", "name", "nonsense"] {
        nobody
            .get_as(&format!("/quality?sort={sort}"), "text/html")
            .is(200);
    }
    nobody.get_as("/quality", "image/png").is(406);
}

#[test]
fn only_what_is_public_counts() {
    let (server, steward) = (workshop(), workshop().steward());
    let catalogue = server.iri("/catalog/counted");
    steward.write(
        "/catalog/counted",
        crate::support::catalogue(&server.base, "counted", "Counted"),
    );
    steward.publish("/catalog/counted");
    let counted = || {
        let told = server.nobody().get("/quality").is(200).json();
        let groups = told["catalogues"].as_array().unwrap().clone();
        let found = groups
            .into_iter()
            .find(|group| group["iri"] == catalogue.as_str());
        found.map(|group| group["records"].as_u64().unwrap())
    };
    let text = dataset(&server.base, "counted", &catalogue, "Counted");
    steward.write("/dataset/counted", text);
    assert_eq!(counted(), None, "a draft");
    let own = |answer: Answer| answer.is(200).json()["mqa"]["score"].as_u64().unwrap();
    own(steward.get("/dataset/counted/quality"));
    server.nobody().get("/dataset/counted/quality").is(404);
    steward.publish("/dataset/counted");
    assert_eq!(counted(), Some(1));
    own(server.nobody().get("/dataset/counted/quality"));
    steward.withdraw("/dataset/counted");
    assert_eq!(counted(), None, "withdrawn");
    server.nobody().get("/dataset/counted/quality").is(410);
}

#[test]
fn nobody_can_write_a_score_of_their_own() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = dataset(
        &server.base,
        "boast",
        &server.iri("/catalog/workshop"),
        "Boast",
    );
    let record = server.iri("/dataset/boast");
    let own = format!(
        "<{record}> <http://www.w3.org/ns/dqv#hasQualityMeasurement> <{record}#quality-mqa>, <{record}#quality-own> .
         <{record}#quality-mqa> <http://www.w3.org/ns/dqv#value> 405 .
         <{record}#quality-own> <http://www.w3.org/ns/dqv#value> 405 ."
    );
    steward.write("/dataset/boast?state=published", text + &own);
    let values = |name: &str| {
        server.nobody().count(&format!(
            "{DQV} SELECT (COUNT(*) AS ?n) {{ <{record}#quality-{name}> dqv:value ?v }}"
        ))
    };
    assert_eq!(values("mqa"), 1);
    assert_eq!(values("own"), 1, "what is no word of the server stays");
    let told = server.nobody().get("/dataset/boast/quality").is(200).json();
    assert_ne!(told["mqa"]["score"], 405);
}
