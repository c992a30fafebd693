//! Does the endpoint keep to the SPARQL 1.1 Protocol?

use std::io::Read;

use crate::support::http::encode;
use crate::support::rdf::{DCAT, DCT};
use crate::support::{Answer, TestServer, demo, workshop};

const SELECT: &str = "SELECT ?d ?t { ?d a <http://www.w3.org/ns/dcat#Catalog> ; <http://purl.org/dc/terms/title> ?t } ORDER BY ?t";
const ASK: &str = "ASK { ?d a <http://www.w3.org/ns/dcat#Catalog> }";
const CONSTRUCT: &str = "CONSTRUCT { ?d <http://purl.org/dc/terms/title> ?t } { ?d a <http://www.w3.org/ns/dcat#Catalog> ; <http://purl.org/dc/terms/title> ?t }";

#[track_caller]
fn answered(query: &str, accept: &str, media_type: &str, holds: &str) {
    let nobody = demo().nobody();
    let by_get = nobody.query(query, accept).is(200);
    let direct = nobody
        .request("POST", "/sparql")
        .header("Content-Type", "application/sparql-query")
        .header("Accept", accept);
    let direct = direct.send_body(query).is(200);
    let form = nobody
        .request("POST", "/sparql")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .header("Accept", accept);
    let form = form.send_body(format!("query={}", encode(query))).is(200);
    for answer in [&by_get, &direct, &form] {
        assert_eq!(answer.media_type(), media_type, "{answer}");
        assert!(answer.text().contains(holds), "{answer}");
        assert_eq!(
            answer.body, by_get.body,
            "the three ways of the protocol give the same"
        );
    }
}

#[test]
fn solutions_come_in_every_format() {
    answered(
        SELECT,
        "*/*",
        "application/sparql-results+json",
        "\"bindings\"",
    );
    answered(
        SELECT,
        "application/sparql-results+json",
        "application/sparql-results+json",
        "\"bindings\"",
    );
    answered(
        SELECT,
        "application/json",
        "application/sparql-results+json",
        "\"bindings\"",
    );
    answered(
        SELECT,
        "application/sparql-results+xml",
        "application/sparql-results+xml",
        "<sparql",
    );
    answered(SELECT, "text/csv", "text/csv", "d,t");
    answered(
        SELECT,
        "text/tab-separated-values",
        "text/tab-separated-values",
        "?d\t?t",
    );
}

#[test]
fn truth_comes_in_json_and_xml() {
    answered(
        ASK,
        "application/sparql-results+json",
        "application/sparql-results+json",
        "true",
    );
    answered(
        ASK,
        "application/sparql-results+xml",
        "application/sparql-results+xml",
        "<boolean>true",
    );
}

#[test]
fn graphs_come_in_every_format() {
    answered(CONSTRUCT, "*/*", "text/turtle", "title");
    answered(CONSTRUCT, "text/turtle", "text/turtle", "title");
    answered(
        CONSTRUCT,
        "application/ld+json",
        "application/ld+json",
        "title",
    );
    answered(
        CONSTRUCT,
        "application/rdf+xml",
        "application/rdf+xml",
        "title",
    );
    answered(
        CONSTRUCT,
        "application/n-triples",
        "application/n-triples",
        "title",
    );
    answered(
        "DESCRIBE <http://www.w3.org/ns/dcat#Dataset>",
        "application/n-triples",
        "application/n-triples",
        "",
    );
}

#[test]
fn a_browser_gets_a_page() {
    let page = demo().nobody().query(SELECT, "text/html,*/*;q=0.5").is(200);
    assert_eq!(page.media_type(), "text/html");
    assert!(
        page.text().contains("CHAIMELEON") && page.text().contains("<table"),
        "the result is a table"
    );
    assert_eq!(
        demo()
            .nobody()
            .get_as("/sparql", "text/html")
            .is(200)
            .media_type(),
        "text/html"
    );
}

#[test]
fn without_a_query_the_service_describes_itself() {
    let triples = demo()
        .nobody()
        .get_as("/sparql", "text/turtle")
        .is(200)
        .triples();
    let text = crate::support::rdf::ntriples(&triples);
    for word in [
        "sparql-service-description#Service",
        "SPARQL11Query",
        "UnionDefaultGraph",
        "/sparql",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn a_broken_query_is_named_by_line_and_column() {
    let problem = demo()
        .nobody()
        .query("SELECT *\nWHERE {\n ?s ?p }", "*/*")
        .problem(400);
    assert_eq!(problem["line"], 3, "{problem}");
    assert!(problem["column"].is_u64(), "{problem}");
    demo()
        .nobody()
        .query("SELECT ?x { ?x nothing:known ?y }", "*/*")
        .problem(400);
}

#[test]
fn updates_are_refused() {
    let nobody = demo().nobody();
    nobody
        .post("/sparql", "application/sparql-update", "CLEAR ALL")
        .problem(403);
    nobody
        .post(
            "/sparql",
            "application/x-www-form-urlencoded",
            "update=CLEAR%20ALL",
        )
        .problem(403);
    nobody
        .query("INSERT DATA { <a:b> <c:d> <e:f> }", "*/*")
        .problem(400);
    demo()
        .steward()
        .post("/sparql", "application/sparql-update", "CLEAR ALL")
        .problem(403);
}

#[test]
fn what_cannot_be_had_is_406() {
    demo().nobody().query(SELECT, "image/png").problem(406);
}

fn with_dataset(pairs: &str, query: &str) -> Answer {
    demo()
        .nobody()
        .get(&format!("/sparql?{pairs}&query={}", encode(query)))
        .is(200)
}

#[test]
fn the_dataset_of_the_protocol_is_heard() {
    let graph = demo().iri("/catalog/chaimeleon");
    let count = |answer: &Answer| {
        answer.json()["results"]["bindings"][0]["n"]["value"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let all = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }";
    let named = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }";
    let one = count(&with_dataset(
        &format!("default-graph-uri={}", encode(&graph)),
        all,
    ));
    let direct = demo().nobody().count(&format!(
        "SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    ));
    assert!(one > 10 && one == direct, "{one} and {direct}");
    assert_eq!(
        count(&with_dataset(
            &format!("named-graph-uri={}", encode(&graph)),
            named
        )),
        direct
    );
    assert_eq!(
        count(&with_dataset(
            &format!("named-graph-uri={}", encode(&graph)),
            all
        )),
        0
    );
    assert_eq!(
        count(&with_dataset(
            "default-graph-uri=https%3A%2F%2Fnothing.example%2F",
            all
        )),
        0
    );
    // What the protocol says stands over what the query says (SPARQL 1.1 Protocol §2.1.4).
    let from = format!("SELECT (COUNT(*) AS ?n) FROM <{graph}> {{ ?s ?p ?o }}");
    assert_eq!(
        count(&with_dataset(
            "default-graph-uri=https%3A%2F%2Fnothing.example%2F",
            &from
        )),
        0
    );
    assert_eq!(demo().nobody().count(&from), direct);
}

#[test]
fn the_default_graph_is_the_union_of_all_records() {
    let nobody = demo().nobody();
    let union = nobody.count(&format!(
        "SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?d a <{DCAT}Dataset> }}"
    ));
    let graphs = nobody.count(&format!(
        "SELECT (COUNT(DISTINCT ?d) AS ?n) {{ GRAPH ?g {{ ?d a <{DCAT}Dataset> }} }}"
    ));
    assert_eq!(union, graphs);
    assert!(union >= 40, "{union} datasets");
    let twice = nobody.select("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000");
    let distinct: std::collections::HashSet<&Vec<String>> = twice
        .iter()
        .filter(|row| !row.iter().any(String::is_empty))
        .collect();
    assert!(!distinct.is_empty());
}

#[test]
fn the_vocabularies_can_be_queried() {
    let query = "ASK { ?c <http://www.w3.org/2004/02/skos/core#broader>|<http://www.w3.org/2000/01/rdf-schema#subClassOf> ?b }";
    assert!(demo().nobody().ask(query));
}

#[test]
fn every_example_of_the_page_finds_something() {
    let page = demo()
        .nobody()
        .get_as("/sparql", "text/html")
        .is(200)
        .text();
    let folder = crate::support::repository("src/web/pages/sparql_examples");
    let mut examples = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let query = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let accept = "application/sparql-results+json, text/turtle;q=0.5";
        let answer = demo().nobody().query(&query, accept).is(200);
        let found = if answer.media_type() == "text/turtle" {
            answer.triples().len()
        } else {
            answer.json()["results"]["bindings"]
                .as_array()
                .unwrap()
                .len()
        };
        // The last one looks for what is missing, and nothing is.
        assert!(
            found > 0 || query.contains("NOT EXISTS"),
            "{query}\n{answer}"
        );
        examples += 1;
    }
    assert!(
        examples >= 10 && page.contains("SELECT"),
        "{examples} examples"
    );
}

#[test]
fn an_unchanged_answer_is_304() {
    let first = demo().nobody().query(SELECT, "text/csv").is(200);
    let request = demo().nobody();
    let request = request
        .request("GET", &format!("/sparql?query={}", encode(SELECT)))
        .header("Accept", "text/csv");
    request
        .header("If-None-Match", first.header("etag").unwrap())
        .send()
        .is(304);
}

#[test]
fn a_write_is_seen_by_the_next_query() {
    let (server, steward) = (workshop(), workshop().steward());
    let catalogue = server.iri("/catalog/workshop");
    for round in 0..5 {
        let text =
            crate::support::dataset(&server.base, "seen", &catalogue, &format!("Seen {round}"));
        steward.write("/dataset/seen?state=published", text);
        let titles = server.nobody().select(&format!(
            "SELECT ?t {{ <{}> <{DCT}title> ?t }}",
            server.iri("/dataset/seen")
        ));
        assert_eq!(titles, [[format!("Seen {round}")]]);
    }
}

#[test]
fn a_long_result_is_streamed() {
    let server = TestServer::launch(true, &[]);
    let before = server.resident();
    let query = "SELECT * { ?a ?b ?c . ?d a <http://www.w3.org/ns/dcat#Dataset> } LIMIT 900000";
    let mut stream = server.nobody().connect();
    let head = format!(
        "GET /sparql?query={} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\n\r\n",
        encode(query)
    );
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    let (mut piece, mut length, mut lines, mut peak) = (vec![0; 1 << 16], 0_u64, 0, 0);
    while let Ok(n @ 1..) = stream.read(&mut piece) {
        if length == 0 {
            assert!(piece.starts_with(b"HTTP/1.1 200"));
        }
        length += u64::try_from(n).unwrap();
        lines += piece[..n].iter().filter(|byte| **byte == b'\n').count();
        if length % (1 << 22) < (1 << 16) {
            peak = peak.max(server.resident());
        }
    }
    let growth = peak.saturating_sub(before);
    assert!(lines > 300_000, "{lines} lines");
    assert!(
        growth < length / 2 + (64 << 20),
        "{growth} bytes more for {length} bytes of result"
    );
}

const VS: &str = "https://github.com/EUCAIM/vesalius/ns#";

#[test]
fn words_find_in_a_query_what_the_search_finds() {
    let nobody = demo().nobody();
    let query = format!(
        "PREFIX vs: <{VS}> SELECT ?d ?score {{ (?d ?score) vs:matches (\"breast\" 500) }} ORDER BY DESC(?score)"
    );
    let by_query = nobody
        .query(&query, "application/sparql-results+json")
        .is(200)
        .json();
    let bindings = by_query["results"]["bindings"].as_array().unwrap();
    let mut by_query: Vec<&str> = bindings
        .iter()
        .filter_map(|row| row["d"]["value"].as_str())
        .collect();
    let by_search = nobody
        .get_as("/search?q=breast&limit=200", "application/json")
        .is(200)
        .json();
    let hits = by_search["hits"].as_array().unwrap();
    let mut by_search: Vec<&str> = hits.iter().filter_map(|hit| hit["iri"].as_str()).collect();
    by_query.sort_unstable();
    by_search.sort_unstable();
    assert!(!by_query.is_empty(), "the demonstration speaks of breasts");
    assert_eq!(by_query, by_search);
    // Joined with triples, as a filter of a count.
    let count = |pattern: &str| {
        let query = format!(
            "PREFIX vs: <{VS}> PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?d a dcat:Dataset . {pattern} }}"
        );
        let answer = nobody.query(&query, "text/csv").is(200).text();
        answer.lines().nth(1).unwrap().parse::<usize>().unwrap()
    };
    let found = count("?d vs:matches \"breast\"");
    assert!(found > 0 && found < count(""), "{found}");
}

#[test]
fn a_concept_finds_what_stands_below_it() {
    let nobody = demo().nobody();
    let rows = |within: &str| {
        let query = format!(
            "PREFIX vs: <{VS}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX eucaim: <https://cancerimage.eu/ontology/EUCAIM#> \
             SELECT DISTINCT ?d ?part {{ ?d eucaim:hasImageBodyPart ?part . {within} }} ORDER BY ?d ?part"
        );
        nobody.query(&query, "text/csv").is(200).text()
    };
    let all = rows("");
    let part = all
        .lines()
        .nth(1)
        .unwrap()
        .rsplit(',')
        .next()
        .unwrap()
        .trim();
    let above = format!("SELECT ?a {{ <{part}> <{VS}within> ?a }}");
    let above = nobody.query(&above, "text/csv").is(200).text();
    assert!(above.lines().count() > 1, "{above}");
    for concept in above.lines().skip(1).map(str::trim) {
        let by_name = rows(&format!("?part vs:within <{concept}>"));
        let by_path = rows(&format!("?part rdfs:subClassOf* <{concept}>"));
        assert!(by_name.contains(part), "{concept}: {by_name}");
        for line in by_path.lines() {
            assert!(by_name.contains(line), "{concept}: {line}");
        }
    }
}

#[test]
fn a_question_that_cannot_be_asked_is_told_how() {
    let nobody = demo().nobody();
    for (pattern, said) in [
        ("?d vs:matches ?words", "needs its words"),
        ("?d vs:matches (\"a\" \"b\" \"c\")", "vs:matches takes"),
        ("?a vs:within ?b", "one of its concepts"),
        (
            "?d a ?t FILTER EXISTS { ?d vs:matches \"a\" }",
            "main pattern",
        ),
    ] {
        let answer = nobody.query(
            &format!("PREFIX vs: <{VS}> SELECT * {{ {pattern} }}"),
            "*/*",
        );
        let answer = answer.is(400);
        assert!(answer.text().contains(said), "{answer}");
    }
}

#[test]
fn void_tells_the_links_to_each_vocabulary_as_queries_count_them() {
    let server = TestServer::start().with_catalogue("linked");
    let (nobody, steward) = (server.nobody(), server.steward());
    let catalogue = server.iri("/catalog/linked");
    let linksets = || -> std::collections::BTreeMap<(String, String), u64> {
        let said = nobody
            .get_as("/.well-known/void", "text/turtle")
            .is(200)
            .triples();
        let kind = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        let sets = said.iter().filter(|triple| {
            triple.predicate.as_str() == kind
                && triple.object.to_string() == format!("<{VOID}Linkset>")
        });
        let of = |set: &vesalius::rdf::Triple, property: &str| {
            let object = said.iter().find(|triple| {
                triple.subject == set.subject
                    && triple.predicate.as_str() == format!("{VOID}{property}")
            });
            object.unwrap().object.to_string()
        };
        sets.map(|set| {
            let triples = of(set, "triples");
            let count = triples.trim_start_matches('"').split('"').next().unwrap();
            let key = (of(set, "linkPredicate"), of(set, "objectsTarget"));
            (key, count.parse().unwrap())
        })
        .collect()
    };
    for slug in ["one", "two"] {
        let path = format!("/dataset/{slug}");
        steward.write(
            &path,
            crate::support::dataset(&server.base, slug, &catalogue, "Linked"),
        );
        steward.publish(&path);
        let found = linksets();
        assert!(found.len() > 3, "{found:?}");
        for ((property, vocabulary), told) in found {
            let counted = nobody.count(&format!(
                "SELECT (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT ?s ?o {{
                   GRAPH {vocabulary} {{ ?o ?any ?thing }} ?s {property} ?o }} }}
                   MINUS {{ GRAPH {vocabulary} {{ ?s ?p ?x }} }} }}"
            ));
            assert_eq!(told, counted, "{property} to {vocabulary}");
        }
    }
}

#[test]
fn void_counts_what_queries_count() {
    let (server, steward) = (workshop(), workshop().steward());
    let catalogue = server.iri("/catalog/workshop");
    let text = crate::support::dataset(&server.base, "counted", &catalogue, "To be counted");
    steward.write("/dataset/counted?state=published", text);
    let nobody = server.nobody();
    // Other tests write meanwhile: what was counted on both sides of the look must frame it.
    let count = |query: &str| nobody.count(query);
    let triples = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }";
    let classes = "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }";
    let framed = |query: &str, property: &str| {
        for _ in 0..20 {
            let before = count(query);
            let said = nobody.get_as("/.well-known/void", "text/turtle").is(200);
            let said = crate::support::rdf::ntriples(&said.triples());
            if before == count(query) {
                let wanted =
                    format!("/.well-known/void#catalogue> <{VOID}{property}> \"{before}\"^^");
                assert!(said.contains(&wanted), "{wanted} in\n{said}");
                return;
            }
        }
        panic!("somebody writes all the time");
    };
    framed(triples, "triples");
    framed(classes, "classes");
    framed(
        "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
        "properties",
    );
    framed(
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        "distinctSubjects",
    );
    let browser = nobody.get_as("/.well-known/void", "text/html").is(303);
    assert_eq!(browser.location(), server.iri("/about"));
}

const VOID: &str = "http://rdfs.org/ns/void#";

#[test]
fn the_examples_are_linked_data_that_can_be_run() {
    let nobody = demo().nobody();
    let all = nobody
        .get_as("/sparql/examples", "text/turtle")
        .is(200)
        .triples();
    let of = |property: &str| {
        let iri = format!("http://www.w3.org/ns/shacl#{property}");
        let found = all
            .iter()
            .filter(move |triple| triple.predicate.as_str() == iri);
        found.cloned().collect::<Vec<_>>()
    };
    let (selects, constructs) = (of("select"), of("construct"));
    assert!(selects.len() >= 15 && !constructs.is_empty());
    let first = selects[0].subject.to_string();
    let path = first.trim_matches(['<', '>']).to_owned();
    let one = nobody.get_as(&path, "application/ld+json").is(200);
    assert!(one.text().contains("SPARQLSelectExecutable"), "{one}");
    let page = nobody.get_as(&path, "text/html").is(303).location();
    let page = nobody.get_as(&page, "text/html").is(200);
    assert!(
        page.text().contains("<table"),
        "the example and what it finds"
    );
    nobody.get("/sparql/examples/nothing").problem(404);
}
