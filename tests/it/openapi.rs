//! Is openapi.json true? Every address and method that it lists is there.

use serde_json::Value;

use crate::support::{TestServer, dataset};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

#[test]
fn every_listed_address_answers() {
    let server = TestServer::start().with_catalogue("listed");
    let steward = server.steward();
    let api = server.nobody().get("/openapi.json").is(200).json();
    assert!(api["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(api["servers"][0]["url"], server.base.as_str());
    let mut operations = 0;
    for (path, item) in api["paths"].as_object().unwrap() {
        for method in METHODS.iter().filter(|method| item.get(**method).is_some()) {
            let id = id_for(&server, path, operations);
            let id = if id.is_empty() { "none" } else { &id };
            let mut filled = path
                .replace("{id}", id)
                .replace("{n}", "1")
                .replace("{code}", "IMG1000042")
                .replace("{name}", "largest")
                .replace("{account}", "nobody")
                .replace("{role}", "provider")
                .replace("{token}", token_for(path))
                .replace("{uuid}", uuid_for(path));
            assert!(
                !filled.contains('{'),
                "{path} has a parameter that the test does not know"
            );
            if path == "/search/similar" {
                server.settle();
                filled.push_str("?id=/catalog/listed");
            }
            let request = steward.request(&method.to_uppercase(), &filled);
            let answer = if *method == "get" {
                request.send()
            } else {
                request
                    .header("Content-Type", "application/json")
                    .send_body("{}")
            };
            let declared = &item[*method]["responses"];
            let known = declared.get(answer.status.to_string()).is_some();
            // What belongs to people or announced itself has no example here.
            let may_be_absent = path.contains("/members/")
                || path.contains("/account/")
                || path.contains("/index/entries/");
            assert!(
                !matches!(answer.status, 404 | 405) && answer.status < 500
                    || may_be_absent && answer.status == 404,
                "{answer}"
            );
            assert!(
                known,
                "{method} {path} answers {}, which is not declared: {answer}",
                answer.status
            );
            let is_for_sessions = item[*method]["security"]
                .as_array()
                .is_some_and(|ways| ways.iter().all(|way| way.get("token").is_none()));
            // A steward's token reads what there is for roles, an operator's the audit.
            if *method == "get" && !is_for_sessions && path != "/audit" && answer.status != 404 {
                assert_eq!(answer.status, 200, "{answer}");
                let content = declared["200"]["content"].as_object().unwrap();
                assert!(
                    content.contains_key(answer.media_type()),
                    "{path} is {}: {content:?}",
                    answer.media_type()
                );
            }
            operations += 1;
        }
        parameters_are_declared(path, item);
    }
    assert!(operations > 40, "{operations} operations");
}

/// The identifier that the definition, or the schema, of datasets has with every FAIR Data Point.
fn uuid_for(path: &str) -> &'static str {
    if path.starts_with("/metadata-schemas") {
        "866d7fb8-5982-4215-9c7c-18d0ed1bd5f3"
    } else {
        "2f08228e-1789-40f8-84cd-28e3288c3604"
    }
}

/// A profile that records of a kind can be had in.
fn token_for(path: &str) -> &'static str {
    if path.starts_with("/tool/") {
        "fair-data-point"
    } else {
        "dcat-ap"
    }
}

/// An identifier of a kind of its own, since one of the operations deletes it.
fn id_for(server: &TestServer, path: &str, operation: usize) -> String {
    let path = path.trim_start_matches("/edit");
    let kind = path.split('/').nth(1).unwrap_or_default();
    let classes = [
        ("catalog", "http://www.w3.org/ns/dcat#Catalog"),
        ("dataset", "http://www.w3.org/ns/dcat#Dataset"),
        ("distribution", "http://www.w3.org/ns/dcat#Distribution"),
        ("service", "http://www.w3.org/ns/dcat#DataService"),
        ("series", "http://www.w3.org/ns/dcat#DatasetSeries"),
        ("tool", "https://schema.org/SoftwareApplication"),
    ];
    let Some((_, class)) = classes
        .iter()
        .find(|(name, _)| *name == kind && path.contains("{id}"))
    else {
        return String::new();
    };
    let id = format!("listed-{operation}");
    let parent = match kind {
        "catalog" => server.base.clone(),
        "distribution" => {
            let text = dataset(
                &server.base,
                &format!("of-{id}"),
                &server.iri("/catalog/listed"),
                "Listed",
            );
            server.steward().write(&format!("/dataset/of-{id}"), text);
            server.iri(&format!("/dataset/of-{id}"))
        }
        _ => server.iri("/catalog/listed"),
    };
    let text = format!(
        "<> a <{class}> ; <http://purl.org/dc/terms/isPartOf> <{parent}> ; <http://purl.org/dc/terms/title> 'Listed'@en ."
    );
    server.steward().write(&format!("/{kind}/{id}"), text);
    id
}

fn parameters_are_declared(path: &str, item: &Value) {
    for name in path
        .split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap())
    {
        let lists = METHODS
            .iter()
            .map(|method| &item[*method]["parameters"])
            .chain([&item["parameters"]]);
        let declared = lists
            .filter_map(Value::as_array)
            .flatten()
            .any(|one| one["name"] == name && one["in"] == "path");
        assert!(declared, "{path} does not declare {name}");
    }
}
