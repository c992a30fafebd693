//! Are the sums of the statistics the sums of what the searches behind them find?

use serde_json::Value;

use crate::support::demo;
use crate::support::rdf::{DCAT, DCT};

fn numbers(pairs: &str) -> Value {
    demo()
        .nobody()
        .get_as(&format!("/api/statistics?{pairs}"), "application/json")
        .is(200)
        .json()
}

fn rows(body: &Value) -> Vec<Value> {
    body["rows"].as_array().unwrap().clone()
}

#[test]
fn every_row_is_the_search_that_it_links() {
    let mut looked_at = 0;
    for by in [
        "modality",
        "country,access",
        "subjects",
        "year",
        "quality,profile",
        "catalogue",
    ] {
        for row in rows(&numbers(&format!("by={by}"))).iter().take(12) {
            let search = row["search"].as_str().unwrap();
            let found = demo()
                .nobody()
                .get_as(search, "application/json")
                .is(200)
                .json();
            assert_eq!(found["total"], row["count"], "{by}: {search}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 30, "{looked_at}");
}

#[test]
fn subjects_are_added_up_like_sparql_does() {
    let property = "<https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals>";
    let sum = demo().nobody().count(&format!(
        "SELECT (SUM(?n) AS ?s) {{ ?d a <{DCAT}Dataset> ; {property} ?n }}"
    ));
    assert_eq!(numbers("measure=subjects")["total"], sum);
    let by_access = demo().nobody().select(&format!(
        "SELECT ?a (SUM(?n) AS ?s) {{ ?d a <{DCAT}Dataset> ; {property} ?n ; <{DCT}accessRights> ?a }} GROUP BY ?a"
    ));
    let told = rows(&numbers("measure=subjects&by=access"));
    assert_eq!(told.len(), by_access.len());
    for row in by_access {
        let same = told
            .iter()
            .find(|one| one["values"][0]["value"] == row[0].as_str());
        assert_eq!(same.unwrap()["count"].to_string(), row[1], "{}", row[0]);
    }
}

#[test]
fn what_has_grown_reaches_the_total() {
    for over in ["year", "month"] {
        let body = numbers(&format!("over={over}"));
        let all = rows(&body);
        assert_eq!(all.last().unwrap()["until"], body["total"], "{over}");
        let periods: Vec<&str> = all
            .iter()
            .map(|row| row["period"].as_str().unwrap())
            .collect();
        assert!(periods.is_sorted(), "{periods:?}");
    }
}

#[test]
fn filters_hold_and_the_table_says_the_same() {
    let body = numbers("by=modality&q=breast");
    let total = demo().nobody().search("q=breast&kind=dataset&limit=0")["total"].clone();
    assert_eq!(body["total"], total);
    let table = demo()
        .nobody()
        .get("/api/statistics?by=modality&q=breast&format=csv")
        .is(200);
    assert_eq!(table.media_type(), "text/csv");
    let text = table.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "modality,modality_label,count");
    assert_eq!(lines.len(), rows(&body).len() + 1);
}

#[test]
fn what_cannot_be_counted_is_named() {
    let refused = |pairs: &str, field: &str| {
        let problem = demo()
            .nobody()
            .get(&format!("/api/statistics?{pairs}"))
            .problem(400);
        assert_eq!(problem["field"], field, "{pairs}");
    };
    refused("by=nonsense", "by");
    refused("by=cancer,sex,age", "by");
    refused("measure=bytes", "measure");
    refused("over=week", "over");
}

#[test]
fn every_mark_of_the_page_is_a_search_that_finds_so_much() {
    let page = demo()
        .nobody()
        .get_as("/statistics?q=breast", "text/html")
        .is(200)
        .text();
    let mut followed = 0;
    for part in page.split("<li><a href=\"/search?").skip(1).take(12) {
        let (pairs, rest) = part.split_once('"').unwrap();
        let Some((_, count)) = rest.split_once("<span class=\"bar-count\">") else {
            continue;
        };
        let count = count.split('<').next().unwrap().replace('\u{202f}', "");
        let found = demo()
            .nobody()
            .search(&pairs.replace("&amp;", "&").replace("&#38;", "&"));
        assert_eq!(found["total"].to_string(), count, "{pairs}");
        followed += 1;
    }
    assert!(followed > 5, "{followed}");
    for more in [
        "",
        "?measure=subjects",
        "?measure=studies&country=ESP",
        "?q=zqxjzqxj",
    ] {
        demo()
            .nobody()
            .get_as(&format!("/statistics{more}"), "text/html")
            .is(200);
    }
}
