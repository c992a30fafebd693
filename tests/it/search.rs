//! Does search find what there is, count it exactly, and end where it ends?

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::http::encode;
use crate::support::rdf::{DCAT, DCT};
use crate::support::{dataset, demo, workshop};

const EVERYTHING: usize = 1000;

fn facet<'a>(page: &'a Value, id: &str) -> &'a Value {
    let facets = page["facets"].as_array().unwrap();
    facets
        .iter()
        .find(|facet| facet["id"] == id)
        .unwrap_or_else(|| panic!("no facet {id}"))
}

/// All values of a facet, with those below others.
fn values(facet: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = facet["values"].as_array().unwrap().iter().collect();
    while let Some(value) = open.pop() {
        found.push(value);
        open.extend(value["children"].as_array().into_iter().flatten());
    }
    found
}

fn total(pairs: &str) -> u64 {
    demo().nobody().search(pairs)["total"].as_u64().unwrap()
}

fn iris(page: &Value) -> Vec<String> {
    page["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["iri"].as_str().unwrap().to_owned())
        .collect()
}

/// The IRIs of all hits, by following `next` to the end.
fn walk(pairs: &str) -> Vec<String> {
    let nobody = demo().nobody();
    let mut page = nobody.search(pairs);
    let mut found = Vec::new();
    for _ in 0..EVERYTHING {
        found.extend(iris(&page));
        let Some(next) = page["next"].as_str().map(str::to_owned) else {
            return found;
        };
        page = nobody.get_as(&next, "application/json").is(200).json();
    }
    panic!("the pages do not end");
}

#[test]
fn every_published_dataset_is_found() {
    let rows = demo()
        .nobody()
        .select(&format!("SELECT DISTINCT ?d {{ ?d a <{DCAT}Dataset> }}"));
    let found: BTreeSet<String> = walk("limit=100").into_iter().collect();
    for row in &rows {
        assert!(found.contains(&row[0]), "{} is not found", row[0]);
    }
    let hits = demo().nobody().search("limit=1");
    assert_eq!(
        hits["total"].as_u64().unwrap(),
        u64::try_from(found.len()).unwrap()
    );
}

#[test]
fn paging_visits_everything_once_in_every_order() {
    let expected: BTreeSet<String> = walk("limit=100").into_iter().collect();
    for sort in [
        "relevance",
        "newest",
        "changed",
        "largest",
        "quality",
        "title",
    ] {
        for limit in [1, 7, 20] {
            let found = walk(&format!("sort={sort}&limit={limit}"));
            let distinct: BTreeSet<String> = found.iter().cloned().collect();
            assert_eq!(
                found.len(),
                distinct.len(),
                "{sort}, {limit}: one comes twice"
            );
            assert_eq!(distinct, expected, "{sort}, {limit}");
        }
    }
}

#[test]
fn sorting_sorts() {
    let titles: Vec<String> = {
        let page = demo().nobody().search("sort=title&limit=100");
        page["hits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["title"].as_str().unwrap().to_lowercase())
            .collect()
    };
    let mut sorted = titles.clone();
    sorted.sort();
    let wrong = titles
        .iter()
        .zip(&sorted)
        .filter(|(one, other)| one.chars().next() != other.chars().next())
        .count();
    assert_eq!(wrong, 0, "{titles:?}");
    let subjects = |iri: &String| {
        let rows = demo().nobody().select(&format!(
            "SELECT ?n {{ <{iri}> <https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals> ?n }}"
        ));
        rows.first().map_or(0, |row| row[0].parse::<u64>().unwrap())
    };
    let largest: Vec<u64> = iris(
        &demo()
            .nobody()
            .search("sort=largest&limit=100&kind=dataset"),
    )
    .iter()
    .map(subjects)
    .collect();
    assert!(
        largest.windows(2).all(|pair| pair[0] >= pair[1]),
        "{largest:?}"
    );
    assert!(largest[0] > 0);
}

#[test]
fn the_count_of_every_value_is_what_choosing_it_finds() {
    let page = demo().nobody().search("limit=1");
    let mut looked_at = 0;
    for facet in page["facets"].as_array().unwrap() {
        let id = facet["id"].as_str().unwrap();
        for value in values(facet) {
            let name = value["value"].as_str().unwrap();
            let found = total(&format!("{id}={}", encode(name)));
            assert_eq!(found, value["count"].as_u64().unwrap(), "{id}={name}");
            assert!(
                found > 0 && !value["label"].as_str().unwrap().is_empty(),
                "{value}"
            );
            looked_at += 1;
        }
    }
    assert!(
        looked_at > 50,
        "the demonstration fills the facets: {looked_at} values"
    );
}

#[test]
fn excluding_a_value_finds_the_rest() {
    let all = total("limit=1");
    let page = demo().nobody().search("limit=1");
    for id in ["country", "access", "modality"] {
        let value = values(facet(&page, id))[0];
        let name = encode(value["value"].as_str().unwrap());
        assert_eq!(
            total(&format!("{id}=-{name}")),
            all - value["count"].as_u64().unwrap(),
            "{id}=-{name}"
        );
    }
}

#[track_caller]
fn counted_like_sparql(id: &str, path: &str) {
    let page = demo().nobody().search("limit=1&kind=dataset");
    let rows = demo().nobody().select(&format!(
        "SELECT ?v (COUNT(DISTINCT ?d) AS ?n) {{ ?d a <{DCAT}Dataset> ; {path} ?v . FILTER(isIRI(?v)) }} GROUP BY ?v"
    ));
    let mut compared = 0;
    for value in values(facet(&page, id)) {
        // Counts of concepts above others hold those below as well: another test.
        if !value["children"].as_array().unwrap().is_empty() {
            continue;
        }
        let name = value["value"].as_str().unwrap();
        let tail = |iri: &str| iri.rsplit(['/', '#']).next().unwrap().to_owned();
        if let Some(row) = rows
            .iter()
            .find(|row| row[0] == name || tail(&row[0]) == tail(name))
        {
            assert_eq!(row[1], value["count"].to_string(), "{id}: {name}");
            compared += 1;
        }
    }
    assert!(compared > 1, "{id}: {compared} values compared");
}

#[test]
fn facets_count_like_sparql() {
    counted_like_sparql("country", &format!("<{DCT}spatial>"));
    counted_like_sparql("access", &format!("<{DCT}accessRights>"));
    counted_like_sparql("catalogue", &format!("<{DCT}isPartOf>"));
}

#[test]
fn a_concept_counts_for_all_above_it() {
    let page = demo().nobody().search("limit=1");
    let mut families = 0;
    for facet in page["facets"].as_array().unwrap() {
        let id = facet["id"].as_str().unwrap();
        for value in values(facet) {
            let above = value["count"].as_u64().unwrap();
            let name = encode(value["value"].as_str().unwrap());
            for child in value["children"].as_array().into_iter().flatten() {
                families += 1;
                let below = child["count"].as_u64().unwrap();
                assert!(below <= above, "{id}: {child} in {value}");
                let both = format!("{id}={}", encode(child["value"].as_str().unwrap()));
                let inside: BTreeSet<String> = walk(&format!("limit=100&{id}={name}"))
                    .into_iter()
                    .collect();
                assert!(
                    walk(&format!("limit=100&{both}"))
                        .iter()
                        .all(|iri| inside.contains(iri)),
                    "{id}: {child}"
                );
            }
        }
    }
    if families == 0 {
        // Values below appear when the one above is opened or chosen.
        let value = values(facet(&page, "body-part"))[0]["value"]
            .as_str()
            .unwrap()
            .to_owned();
        let opened = demo()
            .nobody()
            .search(&format!("limit=1&open=body-part:{}", encode(&value)));
        let children = values(facet(&opened, "body-part"))
            .iter()
            .filter_map(|one| one["children"].as_array())
            .flatten()
            .count();
        assert!(children > 0, "no facet has values below others");
    }
}

#[test]
fn several_values_of_one_facet_are_either_or() {
    let page = demo().nobody().search("limit=1");
    let countries: Vec<String> = values(facet(&page, "country"))
        .iter()
        .take(2)
        .map(|value| encode(value["value"].as_str().unwrap()))
        .collect();
    let set = |pairs: &str| {
        walk(&format!("limit=100&{pairs}"))
            .into_iter()
            .collect::<BTreeSet<String>>()
    };
    let one = set(&format!("country={}", countries[0]));
    let other = set(&format!("country={}", countries[1]));
    let both = set(&format!(
        "country={}&country={}",
        countries[0], countries[1]
    ));
    assert_eq!(both, one.union(&other).cloned().collect());
}

#[test]
fn several_facets_are_all_at_once() {
    let page = demo().nobody().search("limit=1");
    let name = |id: &str| {
        format!(
            "{id}={}",
            encode(values(facet(&page, id))[0]["value"].as_str().unwrap())
        )
    };
    let set = |pairs: &str| {
        walk(&format!("limit=100&{pairs}"))
            .into_iter()
            .collect::<BTreeSet<String>>()
    };
    let (one, other) = (set(&name("country")), set(&name("access")));
    assert_eq!(
        set(&format!("{}&{}", name("country"), name("access"))),
        one.intersection(&other).cloned().collect()
    );
}

#[test]
fn a_range_of_subjects_is_counted_like_sparql() {
    let property = "<https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals>";
    for (range, filter) in [
        ("200..", "?n >= 200"),
        ("..500", "?n <= 500"),
        ("200..2000", "?n >= 200 && ?n <= 2000"),
    ] {
        let expected = demo().nobody().count(&format!(
            "SELECT (COUNT(DISTINCT ?d) AS ?c) {{ ?d {property} ?n FILTER({filter}) }}"
        ));
        assert_eq!(
            total(&format!("subjects={range}")),
            expected,
            "subjects={range}"
        );
        assert!(expected > 0);
    }
    assert_eq!(total("subjects=999999999.."), 0);
}

#[test]
fn words_are_found_in_any_form() {
    let found = total("q=lung");
    assert!(found > 0);
    assert_eq!(total("q=LUNG"), found);
    assert!(total("q=lungs") > 0, "stems");
    assert!(total("q=%22lung%20cancer%22") > 0, "phrases");
    let page = demo().nobody().search("q=chaimeleon%20lung");
    let first: Vec<String> = iris(&page).into_iter().take(2).collect();
    assert!(first.iter().any(|iri| iri.contains("lung")), "{first:?}");
}

#[test]
fn a_word_that_names_a_concept_is_understood() {
    let page = demo().nobody().search("q=mammography");
    assert!(page["total"].as_u64().unwrap() > 0, "{page}");
    assert!(page["understood"].is_array());
}

#[test]
fn suggestions_come_while_typing() {
    let text = demo().nobody().get("/search/suggest?q=lun").is(200).json();
    let list = text["suggestions"].as_array().unwrap();
    assert!(
        list.iter()
            .any(|one| one.to_string().to_lowercase().contains("lung")),
        "{text}"
    );
    assert!(list.len() <= 20);
    assert!(demo().nobody().get("/search/suggest?q=").is(200).json()["suggestions"].is_array());
}

#[test]
fn page_and_json_are_the_same_search() {
    let json = demo().nobody().search("q=breast&limit=5");
    let page = demo()
        .nobody()
        .get_as("/search?q=breast&limit=5", "text/html")
        .is(200);
    assert_eq!(page.media_type(), "text/html");
    for hit in json["hits"].as_array().unwrap() {
        let path = hit["path"].as_str().unwrap();
        assert!(
            page.text().contains(&format!("href=\"{path}\"")),
            "{path} is not on the page"
        );
        demo().nobody().get(path).is(200);
    }
    let forced = demo()
        .nobody()
        .get_as("/search?q=breast&limit=5&format=json", "text/html")
        .is(200)
        .json();
    assert_eq!(forced["total"], json["total"]);
}

#[test]
fn nothing_found_is_said_kindly() {
    let page = demo()
        .nobody()
        .get_as("/search?q=zqxjzqxj", "text/html")
        .is(200);
    assert!(page.text().contains("zqxjzqxj"));
    assert_eq!(
        demo().nobody().search("q=zqxjzqxj")["hits"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn a_write_is_found_within_two_seconds() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = |title: &str| {
        dataset(
            &server.base,
            "found",
            &server.iri("/catalog/workshop"),
            title,
        )
    };
    let hits = |word: &str| iris(&server.nobody().search(&format!("q={word}")));
    let soon = |word: &str, wanted: &[String]| {
        let found = || hits(word) == wanted;
        (0..40).any(|_| {
            found() || {
                std::thread::sleep(std::time::Duration::from_millis(50));
                false
            }
        })
    };
    let iri = server.iri("/dataset/found");
    steward.write("/dataset/found?state=published", text("Quokkaflux one"));
    assert!(soon("quokkaflux", &[iri.clone()]), "quokkaflux");
    steward.write("/dataset/found", text("Wombatflux two"));
    assert!(soon("quokkaflux", &[]), "no quokkaflux");
    assert!(soon("wombatflux", &[iri.clone()]), "wombatflux");
    steward.withdraw("/dataset/found");
    assert!(soon("wombatflux", &[]), "no wombatflux");
    steward.publish("/dataset/found");
    assert!(soon("wombatflux", &[iri.clone()]), "wombatflux");
    assert_eq!(steward.delete("/dataset/found").status, 204);
    assert!(soon("wombatflux", &[]), "no wombatflux");
}
