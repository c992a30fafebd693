//! Is every page whole, in its language, and free of strangers?

use std::collections::BTreeSet;

use regex::Regex;

use crate::support::{Answer, demo, workshop};

const FIXED: [&str; 19] = [
    "/",
    "/search",
    "/search?q=lung",
    "/search?q=nothingatallzq",
    "/search?q=mamography&access=-PUBLIC",
    "/compare",
    "/statistics",
    "/statistics?q=breast&measure=subjects",
    "/catalog/",
    "/dataset/",
    "/about",
    "/ontology",
    "/sparql",
    "/validate",
    "/quality",
    "/tool/",
    "/series/",
    "/service/",
    "/search?country=x",
];
const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "it"];

fn page(path: &str) -> Answer {
    demo().nobody().get_as(path, "text/html")
}

/// What every page promises, also an error.
#[track_caller]
fn sound(page: &Answer) {
    let text = page.text();
    assert_eq!(page.media_type(), "text/html", "{page}");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    let title = Regex::new("<title>([^<]+)</title>")
        .unwrap()
        .captures(&text)
        .map(|found| found[1].trim().to_owned());
    assert!(
        title.is_some_and(|title| title.len() > 3),
        "no title: {page}"
    );
    assert_eq!(
        Regex::new("<h1[ >]").unwrap().find_iter(&text).count(),
        1,
        "one h1: {}",
        page.request
    );
    assert!(
        text.contains("<html lang=\"")
            && text.contains("<main")
            && text.contains("name=\"viewport\""),
        "{page}"
    );
    let csp = page.header("content-security-policy").unwrap_or_default();
    assert!(
        csp.contains("default-src 'self'")
            && !csp.contains("unsafe-inline")
            && !csp.contains("http"),
        "{csp}"
    );
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    no_strangers(&text, &page.request);
}

/// Nothing is fetched from elsewhere, and nothing runs that stands in the page.
#[track_caller]
fn no_strangers(text: &str, what: &str) {
    let fetched = Regex::new("<(?:script|img|iframe|source|video|audio|embed|link|image|use|object)\\b[^>]*?\\b(?:src|href|srcset|data)=\"([^\"]*)\"").unwrap();
    for found in fetched.captures_iter(text) {
        let (tag, address) = (&found[0], &found[1]);
        let navigates = tag.starts_with("<link")
            && (tag.contains("rel=\"alternate\"")
                || tag.contains("rel=\"canonical\"")
                || tag.contains("rel=\"describedby\"")
                || tag.contains("rel=\"cite-as\"")
                || tag.contains("rel=\"license\"")
                || tag.contains("rel=\"author\"")
                || tag.contains("rel=\"item\""));
        let local = address.starts_with('/')
            || address.starts_with('#')
            || address.starts_with(&demo().base)
            || address.starts_with("data:image/");
        assert!(
            (local && !address.starts_with("//")) || navigates,
            "{what} fetches {address}"
        );
    }
    assert!(
        !Regex::new("<[^>]+\\son[a-z]+=\"").unwrap().is_match(text),
        "{what} has a handler in an attribute"
    );
    assert!(
        !Regex::new("<[^>]+\\sstyle=\"").unwrap().is_match(text),
        "{what} has a style in an attribute, which the policy forbids"
    );
    assert!(
        !text.contains("{{ ") && !text.contains("{% "),
        "{what} shows its template"
    );
}

/// Every record's path.
fn records() -> Vec<String> {
    let rows = demo()
        .nobody()
        .select("SELECT DISTINCT ?g { GRAPH ?g { ?g a ?t } }");
    let ours = rows
        .into_iter()
        .map(|row| row[0].clone())
        .filter(|iri| iri.starts_with(&demo().base) && !iri.contains('#'));
    ours.map(|iri| iri[demo().base.len()..].to_owned())
        .filter(|path| !path.is_empty())
        .collect()
}

#[test]
fn every_page_is_sound() {
    for path in FIXED {
        sound(&page(path).is(200));
    }
}

#[test]
fn every_record_has_a_page() {
    let records = records();
    assert!(records.len() >= 48, "{} records", records.len());
    for path in &records {
        let page = page(path).is(200);
        sound(&page);
        assert!(
            page.text().contains(&demo().iri(path)),
            "{path}: its address, to cite it"
        );
        for extension in [".ttl", ".jsonld", ".rdf"] {
            assert!(
                page.text().contains(&format!("{path}{extension}")),
                "{path}: download as {extension}"
            );
        }
    }
}

#[test]
fn every_error_is_a_page() {
    for path in [
        "/dataset/nothing",
        "/nothing",
        "/nothing/at/all",
        "/dataset/x/versions/7",
        "/ontology/nothing",
    ] {
        sound(&page(path).is(404));
    }
    sound(&page("/sparql?query=nonsense"));
}

#[test]
fn a_tombstone_is_a_page() {
    let (server, steward) = (workshop(), workshop().steward());
    steward.write(
        "/dataset/buried?state=published",
        crate::support::dataset(
            &server.base,
            "buried",
            &server.iri("/catalog/workshop"),
            "Buried",
        ),
    );
    steward.withdraw("/dataset/buried");
    let page = server
        .nobody()
        .get_as("/dataset/buried", "text/html")
        .is(410);
    assert!(page.text().contains("<title>") && !page.text().contains("Buried"));
}

#[test]
fn every_page_speaks_every_language() {
    for language in LANGUAGES {
        for path in [
            "/",
            "/search",
            "/about",
            "/dataset/chaimeleon-lung-ct",
            "/dataset/nothing",
            "/sparql",
            "/catalog/",
        ] {
            let by_header = demo()
                .nobody()
                .request("GET", path)
                .header("Accept", "text/html")
                .header("Accept-Language", format!("{language}-XX, xx;q=0.5"))
                .send();
            let by_parameter = page(&format!("{path}?lang={language}"));
            for page in [by_header, by_parameter] {
                assert!(
                    page.text().contains(&format!("<html lang=\"{language}\"")),
                    "{path} in {language}: {page}"
                );
            }
        }
    }
    let (german, english) = (
        page("/search?lang=de").text(),
        page("/search?lang=en").text(),
    );
    assert_ne!(german, english);
}

#[test]
fn no_link_of_ours_leads_nowhere() {
    let link = Regex::new("(?:href|src|action)=\"([^\"#]*)").unwrap();
    let mut seen = BTreeSet::new();
    let from: Vec<String> = FIXED
        .map(str::to_owned)
        .into_iter()
        .chain(records().into_iter().take(12))
        .collect();
    for start in &from {
        for found in link.captures_iter(&page(start).text()) {
            let address = found[1].replace("&amp;", "&").replace(&demo().base, "");
            // One address of each shape is enough where only the values differ.
            let shape = address.split('?').next().unwrap().to_owned();
            if address.starts_with('/')
                && !address.starts_with("//")
                && seen.insert(shape)
                && seen.len() < 400
            {
                let answer = page(&address);
                assert!(
                    matches!(answer.status, 200 | 302 | 303),
                    "{start} links to {address}: {answer}"
                );
            }
        }
    }
    assert!(seen.len() > 40, "{} links", seen.len());
}

#[test]
fn assets_may_be_kept() {
    let asset = Regex::new("(?:href|src)=\"(/static/[^\"]+)\"").unwrap();
    let text = page("/").text();
    let assets: BTreeSet<String> = asset
        .captures_iter(&text)
        .map(|found| found[1].to_owned())
        .collect();
    assert!(!assets.is_empty());
    for path in assets {
        let answer = demo().nobody().get(&path).is(200);
        assert!(
            answer
                .header("cache-control")
                .is_some_and(|value| value.contains("max-age")),
            "{answer}"
        );
        assert!(!answer.body.is_empty());
        let words = answer.text();
        assert!(
            !words.contains("@import") && !words.contains("url(http"),
            "{path} fetches from elsewhere"
        );
    }
}

#[test]
fn a_record_shows_labels_rather_than_codes() {
    let text = page("/dataset/chaimeleon-lung-ct").text();
    for label in ["CHAIMELEON lung cancer", "CHAIMELEON repository", "Spain"] {
        assert!(text.contains(label), "{label}");
    }
}

#[test]
fn what_providers_write_is_never_markup() {
    let (server, steward) = (workshop(), workshop().steward());
    let evil = "<script>alert(1)</script><img src=x onerror=alert(2)>\\\"'--><b>";
    let text = crate::support::dataset(
        &server.base,
        "evil",
        &server.iri("/catalog/workshop"),
        "EVIL",
    )
    .replace("\"EVIL\"", &format!("\"{evil}\""));
    let text = format!(
        "{text}<{0}> <http://www.w3.org/ns/dcat#landingPage> <javascript:alert(3)> ; <http://www.w3.org/ns/dcat#keyword> \"<i>k</i>\" .",
        server.iri("/dataset/evil")
    );
    steward.write("/dataset/evil", text.clone());
    steward.set_state("/dataset/evil", "PUBLISHED");
    for person in [&steward, &server.nobody()] {
        for path in [
            "/dataset/evil",
            "/search?q=EVIL%3Cscript%3E",
            "/search?q=script",
            "/catalog/workshop",
            "/dataset/nothing%3Cscript%3Ealert(1)",
            "/sparql?query=%3Cscript%3Ealert(1)",
        ] {
            let page = person.get_as(path, "text/html").text();
            assert!(
                !page.contains("<script>alert")
                    && !page.contains("<img src=x")
                    && !page.contains("<i>k</i>"),
                "{path}"
            );
            assert!(!page.contains("href=\"javascript:"), "{path}");
        }
    }
}

#[test]
fn the_demonstration_says_that_it_is_one() {
    assert!(page("/").text().to_lowercase().contains("demonstration"));
}

#[test]
fn robots_and_sitemap_lead_to_the_records() {
    let robots = demo().nobody().get("/robots.txt").is(200).text();
    assert!(robots.contains(&demo().iri("/sitemap.xml")), "{robots}");
    let sitemap = demo().nobody().get("/sitemap.xml").is(200);
    assert!(sitemap.media_type().ends_with("/xml"));
    for path in records()
        .iter()
        .filter(|path| !path.starts_with("/ontology"))
    {
        assert!(
            sitemap
                .text()
                .contains(&format!("<loc>{}</loc>", demo().iri(path))),
            "{path}"
        );
    }
}

#[test]
fn the_ontology_can_be_browsed_and_looked_up() {
    let found = demo()
        .nobody()
        .get("/ontology/lookup?q=lung")
        .is(200)
        .json()
        .to_string()
        .to_lowercase();
    assert!(found.contains("lung"));
    sound(&page("/ontology/IMG1000042").is(200));
    let triples = demo()
        .nobody()
        .get_as("/ontology/IMG1000042", "text/turtle")
        .is(200)
        .triples();
    assert!(!triples.is_empty());
}
