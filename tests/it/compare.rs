//! Can records be compared, and are those that are alike found?

use serde_json::Value;

use crate::support::http::encode;
use crate::support::{dataset, demo, workshop};

fn paths(count: usize) -> Vec<String> {
    let page = demo()
        .nobody()
        .search(&format!("kind=dataset&sort=title&limit={count}"));
    let hits = page["hits"].as_array().unwrap().clone();
    hits.iter()
        .map(|hit| hit["path"].as_str().unwrap().to_owned())
        .collect()
}

fn address(ids: &[String]) -> String {
    let pairs: Vec<String> = ids.iter().map(|id| format!("id={}", encode(id))).collect();
    format!("/compare?{}", pairs.join("&"))
}

#[test]
fn six_records_stand_side_by_side_and_differences_are_marked() {
    let ids = paths(6);
    let json = demo()
        .nobody()
        .get_as(&address(&ids), "application/json")
        .is(200)
        .json();
    assert_eq!(json["records"].as_array().unwrap().len(), 6);
    let rows = json["properties"].as_array().unwrap();
    assert!(rows.len() > 10, "{}", rows.len());
    for row in rows {
        let cells = row["values"].as_array().unwrap();
        assert_eq!(cells.len(), 6, "{row}");
        let texts = |cell: &Value| {
            let values = cell.as_array().unwrap().iter();
            let mut texts: Vec<String> = values
                .map(|value| format!("{}{}", value["text"], value["code"]))
                .collect();
            texts.sort();
            texts
        };
        let differs = cells
            .windows(2)
            .any(|pair| texts(&pair[0]) != texts(&pair[1]));
        assert_eq!(row["differs"].as_bool().unwrap(), differs, "{row}");
    }
    let page = demo()
        .nobody()
        .get_as(&address(&ids), "text/html")
        .is(200)
        .text();
    assert_eq!(page.matches("<th scope=\"col\">").count(), 6);
    let only = format!("{}&only=differences", address(&ids));
    let less = demo().nobody().get_as(&only, "text/html").is(200).text();
    assert!(less.len() < page.len());
}

#[test]
fn a_record_compared_with_itself_stands_alone_and_does_not_differ() {
    let id = paths(1).remove(0);
    let json = demo()
        .nobody()
        .get_as(&address(&[id.clone(), id]), "application/json")
        .is(200)
        .json();
    assert_eq!(json["records"].as_array().unwrap().len(), 1);
    let rows = json["properties"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["differs"] == false));
}

#[test]
fn what_cannot_be_compared_is_named() {
    let nobody = demo().nobody();
    nobody.get_as("/compare", "text/html").is(200);
    let many: Vec<String> = (0..7).map(|n| format!("/dataset/{n}")).collect();
    let problem = nobody
        .get_as(&address(&many), "application/json")
        .problem(400);
    assert_eq!(problem["field"], "id");
    let none = nobody
        .get_as("/compare?id=/dataset/none-such", "application/json")
        .problem(404);
    assert!(none["detail"].as_str().unwrap().contains("none-such"));
}

#[test]
fn a_draft_is_compared_by_nobody_but_those_who_may_see_it() {
    let server = workshop();
    let text = dataset(
        &server.base,
        "hidden-pair",
        &server.iri("/catalog/workshop"),
        "Hidden",
    );
    server
        .steward()
        .write("/dataset/hidden-pair?state=draft", text);
    let path = "/compare?id=/dataset/hidden-pair";
    server
        .nobody()
        .get_as(path, "application/json")
        .problem(404);
    server.steward().get_as(path, "application/json").is(200);
    let similar = format!(
        "/search/similar?id={}",
        encode(&server.iri("/dataset/hidden-pair"))
    );
    server.nobody().get(&similar).problem(404);
}

#[test]
fn alike_records_are_listed_for_people_and_programs() {
    let id = paths(1).remove(0);
    let path = format!("/search/similar?id={}", encode(&id));
    let json = demo()
        .nobody()
        .get_as(&path, "application/json")
        .is(200)
        .json();
    let hits = json["hits"].as_array().unwrap();
    assert!(hits.len() > 2, "{json}");
    for hit in hits {
        assert_eq!(hit["kind"], "dataset");
        assert_ne!(hit["path"], id.as_str());
        demo().nobody().get(hit["path"].as_str().unwrap()).is(200);
    }
    let page = demo().nobody().get_as(&path, "text/html").is(200).text();
    assert!(page.contains(&format!("href=\"{}\"", hits[0]["path"].as_str().unwrap())));
    let record = demo().nobody().get_as(&id, "text/html").is(200).text();
    assert!(
        record.contains("/search/similar?id="),
        "the record leads there"
    );
    demo().nobody().get("/search/similar").problem(400);
}

#[test]
fn the_page_of_results_lets_people_pick_without_script() {
    let page = demo()
        .nobody()
        .get_as("/search?kind=dataset", "text/html")
        .is(200)
        .text();
    assert!(page.contains("<form id=\"compare\" action=\"/compare\" method=\"get\">"));
    assert!(page.contains("type=\"checkbox\" name=\"id\""));
    assert!(page.contains("form=\"compare\""));
}
