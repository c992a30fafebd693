//! Can the whole result of a search be taken away, in every format, and followed as a feed?

use std::collections::BTreeSet;

use serde_json::Value;
use vesalius::rdf::{Format, format};

use crate::support::{Answer, dataset, demo, workshop};

const SEARCHES: [&str; 3] = [
    "",
    "?q=breast",
    "?kind=dataset&sort=title&modality=-IMG1000042",
];

fn total(pairs: &str) -> usize {
    let page = demo().nobody().search(pairs.trim_start_matches('?'));
    usize::try_from(page["total"].as_u64().unwrap()).unwrap()
}

fn take(path: &str, media_type: &str) -> Answer {
    let answer = demo().nobody().get(path).is(200);
    assert_eq!(answer.media_type(), media_type, "{path}");
    answer
}

/// Splits a table into its cells, as RFC 4180 has it.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                row.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\r' if !quoted => (),
            '\n' if !quoted => rows.push(vec![String::new()]),
            other => row.last_mut().unwrap().push(other),
        }
    }
    rows.pop();
    rows
}

#[test]
fn a_table_has_a_row_for_every_hit() {
    for pairs in SEARCHES {
        let answer = take(&format!("/search.csv{pairs}"), "text/csv");
        assert!(
            answer
                .header("content-disposition")
                .unwrap()
                .contains("search.csv")
        );
        let rows = cells(&answer.text());
        assert_eq!(rows.len(), total(pairs) + 1, "{pairs}");
        assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{pairs}");
        let iris: BTreeSet<&String> = rows[1..].iter().map(|row| &row[0]).collect();
        assert_eq!(iris.len(), rows.len() - 1, "each once");
        assert_eq!(rows[0][..4], ["iri", "url", "kind", "title"]);
    }
}

#[test]
fn json_has_every_hit_in_the_order_of_the_search() {
    for pairs in SEARCHES {
        let whole = take(&format!("/search.json{pairs}"), "application/json").json();
        let whole = whole.as_array().unwrap().clone();
        assert_eq!(whole.len(), total(pairs), "{pairs}");
        let lines = take(&format!("/search.jsonl{pairs}"), "application/x-ndjson").text();
        let lines: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines, whole, "{pairs}");
        let limit = format!("{}&limit=200", pairs.trim_start_matches('?'));
        let page = demo().nobody().search(limit.trim_start_matches('&'));
        let order = |hits: &[Value]| -> Vec<String> {
            let iris = hits.iter().map(|hit| hit["iri"].as_str().unwrap());
            iris.map(str::to_owned).collect()
        };
        assert_eq!(
            order(&whole),
            order(page["hits"].as_array().unwrap()),
            "{pairs}"
        );
    }
    let nothing = take("/search.json?q=zqxjzqxj", "application/json").json();
    assert_eq!(nothing, serde_json::json!([]));
}

#[test]
fn rdf_says_what_is_said_of_every_record_found() {
    let rows = take("/search.csv?q=breast", "text/csv").text();
    let iris: Vec<String> = cells(&rows)[1..].iter().map(|row| row[0].clone()).collect();
    for format in Format::ALL {
        let path = format!("/search.{}?q=breast", format.extension());
        let answer = take(&path, format.media_type());
        let quads = format::parse(&answer.body, format, None)
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        for iri in &iris {
            let subject = format!("<{iri}>");
            let about = quads
                .iter()
                .filter(|quad| quad.subject.to_string() == subject);
            assert!(about.count() > 5, "{path}: {iri}");
        }
    }
    let own = demo()
        .nobody()
        .get_as("/search?q=breast", "text/turtle")
        .is(200);
    assert_eq!(own.media_type(), "text/turtle");
}

#[test]
fn references_have_an_entry_for_every_hit() {
    let bibtex = take("/search.bib?kind=dataset", "application/x-bibtex").text();
    let datasets = total("?kind=dataset");
    assert_eq!(bibtex.matches("@misc{").count(), datasets);
    let keys: BTreeSet<&str> = bibtex
        .lines()
        .filter(|line| line.starts_with('@'))
        .collect();
    assert_eq!(keys.len(), datasets, "keys are unique");
    let open = bibtex.matches('{').count() - bibtex.matches("\\{").count();
    let closed = bibtex.matches('}').count() - bibtex.matches("\\}").count();
    assert_eq!(open, closed);
    let ris = take(
        "/search.ris?kind=dataset",
        "application/x-research-info-systems",
    )
    .text();
    assert_eq!(ris.matches("TY  - DATA\r\n").count(), datasets);
    assert_eq!(ris.matches("ER  - \r\n").count(), datasets);
}

#[test]
fn feeds_lead_to_the_very_end() {
    for (path, media_type) in [
        ("/search.atom?limit=7", "application/atom+xml"),
        ("/search.feed.json?limit=7", "application/feed+json"),
    ] {
        let mut seen = BTreeSet::new();
        let mut next = Some(path.to_owned());
        let mut pages = 0;
        while let Some(address) = next.take() {
            let answer = take(&address, media_type);
            pages += 1;
            let (ids, after) = if media_type.ends_with("json") {
                json_feed(&answer.json())
            } else {
                atom(&answer.text())
            };
            for id in ids {
                assert!(seen.insert(id.clone()), "{id} comes twice in {path}");
            }
            next = after;
        }
        assert_eq!(seen.len(), total(""), "{path}");
        assert!(pages > 2);
    }
}

fn json_feed(feed: &Value) -> (Vec<String>, Option<String>) {
    assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
    let items = feed["items"].as_array().unwrap();
    for item in items {
        for member in ["id", "url", "title", "date_modified"] {
            assert!(!item[member].as_str().unwrap().is_empty(), "{item}");
        }
        assert!(item["content_text"].is_string());
    }
    let ids = items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned());
    (ids.collect(), feed["next_url"].as_str().map(str::to_owned))
}

fn atom(text: &str) -> (Vec<String>, Option<String>) {
    let between = |part: &str, start: &str, end: &str| {
        let (_, rest) = part.split_once(start)?;
        rest.split_once(end).map(|(inside, _)| inside.to_owned())
    };
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns="));
    let entries: Vec<&str> = text.split("<entry>").skip(1).collect();
    for entry in &entries {
        for element in ["title", "updated", "published", "summary", "author"] {
            assert!(
                entry.contains(&format!("<{element}>")),
                "{element}: {entry}"
            );
        }
    }
    let ids = entries
        .iter()
        .map(|entry| between(entry, "<id>", "</id>").unwrap());
    let next = between(
        text,
        "<link rel=\"next\" type=\"application/atom+xml\" href=\"",
        "\"",
    );
    (ids.collect(), next.map(|next| next.replace("&amp;", "&")))
}

#[test]
fn a_feed_that_did_not_change_is_not_sent_again() {
    let server = workshop();
    let first = server.nobody().get("/search.atom").is(200);
    let etag = first.header("etag").unwrap().to_owned();
    let again = server
        .nobody()
        .request("GET", "/search.atom")
        .header("If-None-Match", &etag)
        .send();
    // Other tests write to this server: what did not change says so, what did has another tag.
    if again.status == 304 {
        assert!(again.body.is_empty());
    } else {
        assert_ne!(again.header("etag").unwrap(), etag);
    }
}

#[test]
fn the_page_links_all_of_it() {
    let page = demo()
        .nobody()
        .get_as("/search?q=breast", "text/html")
        .is(200);
    for extension in [
        "csv",
        "json",
        "jsonl",
        "ttl",
        "jsonld",
        "bib",
        "ris",
        "atom",
        "feed.json",
    ] {
        let address = format!("/search.{extension}?q=breast");
        assert!(
            page.text().contains(&format!("href=\"{address}\"")),
            "{address}"
        );
        demo().nobody().get(&address).is(200);
    }
    assert!(
        page.text()
            .contains("<link rel=\"alternate\" type=\"application/atom+xml\"")
    );
    demo().nobody().get("/search.zip").problem(404);
    demo().nobody().get("/search?format=zip").problem(406);
}

#[test]
fn hostile_words_break_no_format() {
    let server = workshop();
    let title = "=HYPERLINK(1), {\\\"brace\\\"} <b>&amp;] TY  - \\n\\u0001 quux";
    let text = dataset(
        &server.base,
        "hostile-words",
        &server.iri("/catalog/workshop"),
        title,
    );
    server
        .steward()
        .write("/dataset/hostile-words?state=published", text);
    server.settle();
    let nobody = server.nobody();
    let rows = cells(&nobody.get("/search.csv?q=quux").is(200).text());
    assert_eq!(rows.len(), 2);
    assert!(rows[1][3].starts_with("'=HYPERLINK"), "{}", rows[1][3]);
    let whole = nobody.get("/search.json?q=quux").is(200).json();
    assert_eq!(whole.as_array().unwrap().len(), 1);
    let feed = nobody.get("/search.atom?q=quux").is(200).text();
    assert!(feed.contains("&lt;b&gt;"), "{feed}");
    assert!(!feed.contains('\u{1}'));
    let ris = nobody.get("/search.ris?q=quux").is(200).text();
    assert_eq!(ris.lines().filter(|line| line.starts_with("TY")).count(), 1);
}

#[test]
fn misspelt_words_are_offered_mended() {
    let json = demo().nobody().search("q=mamography");
    assert_eq!(json["did_you_mean"], "mammography", "{json}");
    let page = demo()
        .nobody()
        .get_as("/search?q=mamography", "text/html")
        .is(200);
    assert!(page.text().contains("href=\"/search?q=mammography\""));
}

#[test]
fn a_value_can_be_excluded_by_a_link_and_stays_so_when_the_form_is_sent() {
    let page = demo()
        .nobody()
        .get_as("/search", "text/html")
        .is(200)
        .text();
    let links = page.matches("class=\"without\"").count();
    assert!(links > 20, "{links}");
    let page = demo()
        .nobody()
        .get_as("/search?access=-PUBLIC", "text/html")
        .is(200);
    let kept = "<input type=\"hidden\" name=\"access\" value=\"-PUBLIC\">";
    assert!(page.text().contains(kept));
}

#[test]
fn no_parameter_breaks_any_of_it() {
    let odd = [
        "after=%FF",
        "after=fn.1.2",
        "q=%00%01%22",
        "limit=-1",
        "sort=nonsense",
        "year=..",
        "subjects=9999999999999999999..",
        "open=sex:*",
        "open=*:*",
        "id=%00",
        "id=/../../etc",
        "id=https://example.org/none",
        "by=cancer&by=",
        "by=%FF",
        "measure=%00",
        "over=year&by=subjects&q=%22",
        "lang=xx",
    ];
    for path in [
        "/search.csv",
        "/search.jsonl",
        "/search.atom",
        "/search.feed.json",
        "/search.ris",
        "/search/similar",
        "/compare",
        "/statistics",
        "/api/statistics",
    ] {
        for pairs in odd {
            let answer = demo().nobody().get(&format!("{path}?{pairs}"));
            assert!(answer.status < 500, "{answer}");
        }
    }
    let many = format!("/compare?{}", "id=/dataset/x&".repeat(3000));
    assert!(demo().nobody().get(&many).status < 500);
}
