//! Can a record be taken away in every format, asked for in every way, and does it show machines the way?

use crate::support::{TestServer, dataset_like, demo};

const DATASET: &str = "/dataset/chaimeleon-lung-ct";

/// The name behind the dot, what `Accept` asks for, and how the answer is typed.
const FORMATS: [(&str, &str, &str); 10] = [
    (
        "datacite-xml",
        "application/vnd.datacite.datacite+xml",
        "application/vnd.datacite.datacite+xml",
    ),
    (
        "datacite-json",
        "application/vnd.datacite.datacite+json",
        "application/vnd.datacite.datacite+json",
    ),
    (
        "schemaorg",
        "application/vnd.schemaorg.ld+json",
        "application/ld+json",
    ),
    (
        "schemaorg",
        "application/ld+json;profile=\"https://schema.org\"",
        "application/ld+json",
    ),
    (
        "rocrate",
        "application/ld+json;profile=\"https://w3id.org/ro/crate/1.2\"",
        "application/ld+json",
    ),
    ("rocrate-zip", "application/zip", "application/zip"),
    ("bib", "application/x-bibtex", "application/x-bibtex"),
    (
        "ris",
        "application/x-research-info-systems",
        "application/x-research-info-systems",
    ),
    (
        "csl",
        "application/vnd.citationstyles.csl+json",
        "application/vnd.citationstyles.csl+json",
    ),
    ("citation", "text/x-bibliography", "text/x-bibliography"),
];

#[test]
fn a_format_is_the_same_by_accept_by_parameter_and_by_extension() {
    let nobody = demo().nobody();
    for (name, accept, media_type) in FORMATS {
        let asked = nobody.get_as(DATASET, accept).is(200);
        assert_eq!(asked.media_type(), media_type, "{accept}");
        for path in [
            format!("{DATASET}.{name}"),
            format!("{DATASET}?format={name}"),
        ] {
            let same = nobody.get(&path).is(200);
            assert_eq!(same.body, asked.body, "{path}");
            let etag = same.header("etag").unwrap().to_owned();
            nobody
                .request("GET", &path)
                .header("If-None-Match", etag)
                .send()
                .is(304);
        }
    }
    // Browsers and RDF clients get what they always got.
    let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    assert_eq!(nobody.get_as(DATASET, browser).media_type(), "text/html");
    assert_eq!(
        nobody.get_as(DATASET, "application/ld+json").media_type(),
        "application/ld+json"
    );
    assert_eq!(nobody.get_as(DATASET, "*/*").media_type(), "text/turtle");
    let refused = nobody.get(&format!("{DATASET}.croissant"));
    assert!(matches!(refused.status, 200 | 406), "{refused}");
}

#[test]
fn every_public_record_has_every_format() {
    let nobody = demo().nobody();
    let found = nobody.search("limit=60");
    let hits = found["hits"]
        .as_array()
        .or_else(|| found["results"].as_array());
    let mut paths: Vec<String> = hits
        .into_iter()
        .flatten()
        .filter_map(|hit| hit["path"].as_str().map(str::to_owned))
        .collect();
    paths.extend([String::from("/"), "/catalog/chaimeleon".to_owned()]);
    for path in paths {
        for name in [
            "datacite-xml",
            "datacite-json",
            "schemaorg",
            "rocrate",
            "rocrate-zip",
            "bib",
            "ris",
            "csl",
            "citation",
            "dc-xml",
        ] {
            nobody.get(&format!("{path}?format={name}")).is(200);
        }
        let path = path.trim_end_matches('/');
        nobody.get(&format!("{path}/linkset")).is(200);
    }
}

#[test]
fn links_are_the_same_to_head_and_stay_when_the_record_goes() {
    let server = TestServer::start().with_catalogue("one");
    let (steward, nobody) = (server.steward(), server.nobody());
    let text = dataset_like(1, &server.base, "x", &server.iri("/catalog/one"), "X");
    steward.write("/dataset/x", text);
    nobody.get("/dataset/x.bib").is(404);
    nobody.get("/dataset/x/linkset").is(404);
    steward.publish("/dataset/x");
    for accept in ["text/html", "text/turtle", "application/x-bibtex"] {
        let link = |method| {
            let answer = nobody
                .request(method, "/dataset/x")
                .header("Accept", accept)
                .send()
                .is(200);
            answer.header("link").unwrap().to_owned()
        };
        assert_eq!(link("HEAD"), link("GET"), "{accept}");
        assert!(link("GET").contains("rel=\"cite-as\"") && link("GET").contains("rel=\"linkset\""));
    }
    steward.withdraw("/dataset/x");
    for accept in ["text/html", "text/turtle", "application/x-bibtex"] {
        for method in ["GET", "HEAD"] {
            let gone = nobody
                .request(method, "/dataset/x")
                .header("Accept", accept)
                .send()
                .is(410);
            let link = gone.header("link").unwrap();
            assert!(
                link.contains(&format!("<{}>; rel=\"cite-as\"", server.iri("/dataset/x"))),
                "{link}"
            );
        }
    }
    nobody.get("/dataset/x/linkset").is(410);
}
