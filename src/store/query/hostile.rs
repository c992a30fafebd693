//! Does a query that wants to do harm end, with an answer or with a word why not?

use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::*;
use crate::rdf::{Literal, Triple};
use crate::store::{Batch, Columns, Settings};

/// Things that all hang together, with texts that some patterns find hard.
fn tangle() -> (TempDir, Columns) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        background: false,
        ..Settings::default()
    };
    let columns = Columns::open(folder.path(), &settings).unwrap();
    let iri = |name: &str, n: usize| NamedNode::new_unchecked(format!("urn:x:{name}{n}"));
    let mut triples = Vec::new();
    for n in 0..600 {
        for step in [1, 7, 31, 101] {
            triples.push(Triple::new(
                iri("n", n),
                iri("p", step % 2),
                iri("n", (n + step) % 600),
            ));
        }
        let text = format!("{}!{n}", "a".repeat(200));
        triples.push(Triple::new(
            iri("n", n),
            iri("text", 0),
            Literal::from(text),
        ));
    }
    let put = vec![(iri("g", 0), triples)];
    let remove = vec![];
    columns
        .apply(&Batch {
            sequence: 1,
            put,
            remove,
        })
        .unwrap();
    (folder, columns)
}

/// All rows of a query, or why there are no more.
fn ask(columns: &Columns, text: &str) -> Result<usize, QueryError> {
    let options = QueryOptions {
        deadline: Some(Instant::now() + Duration::from_secs(60)),
        work_max: Some(3_000_000),
        rows_max: Some(200_000),
        memory_max: Some(48 << 20),
        ..QueryOptions::default()
    };
    match columns.snapshot().query(text, &options)? {
        QueryResults::Solutions(mut rows) => rows.try_fold(0, |sum, row| row.map(|_| sum + 1)),
        QueryResults::Graph(mut triples) => triples.try_fold(0, |sum, one| one.map(|_| sum + 1)),
        QueryResults::Boolean(_) => Ok(1),
    }
}

#[track_caller]
fn stopped(text: &str) {
    let (_folder, columns) = tangle();
    let outcome = ask(&columns, text);
    assert!(
        matches!(
            outcome,
            Err(QueryError::TooMuchMemory
                | QueryError::TooMuchWork
                | QueryError::TooManyRows(_)
                | QueryError::TooComplex)
        ),
        "{outcome:?}"
    );
    // The next one is answered as if nothing had been.
    assert_eq!(ask(&columns, "SELECT * { <urn:x:n1> ?p ?o }").unwrap(), 5);
}

#[track_caller]
fn answered(text: &str) -> usize {
    let (_folder, columns) = tangle();
    ask(&columns, text).unwrap()
}

#[test]
fn products_of_everything_are_stopped() {
    stopped("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }");
    stopped("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g");
    stopped(
        "SELECT DISTINCT * { { SELECT ?a ?b { ?a ?b ?c } } { SELECT ?d ?e { ?d ?e ?f } } { SELECT ?g { ?g ?h ?i } } }",
    );
    stopped(
        "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?f)) AS ?x) . ?g ?h ?i }",
    );
    stopped(
        "SELECT ?a ?d (COUNT(DISTINCT ?g) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?d",
    );
    stopped("SELECT (MAX(?c) AS ?m) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }");
}

#[test]
fn patterns_that_others_find_hard_are_answered() {
    assert_eq!(
        answered("SELECT * { ?a ?b ?c FILTER(REGEX(STR(?c), \"(a+)+$\")) }"),
        0
    );
    assert_eq!(
        answered("SELECT * { ?a ?b ?c FILTER(REGEX(STR(?c), \"(.*)*!.*.*.*5$\")) }"),
        60
    );
}

#[test]
fn deep_paths_end() {
    assert_eq!(
        answered("SELECT (COUNT(*) AS ?n) { <urn:x:n1> (<urn:x:p0>|<urn:x:p1>)* ?b }"),
        1
    );
    assert_eq!(
        answered("ASK { <urn:x:n1> ((<urn:x:p1>*)/(<urn:x:p1>+))*/^<urn:x:p1>? <urn:x:n9> }"),
        1
    );
    stopped(
        "SELECT * { ?a (<urn:x:p1>|!<urn:x:p1>)* ?b . ?b (^<urn:x:p1>)* ?c . ?c (<urn:x:p1>/<urn:x:p1>)* ?d }",
    );
    let p = "<urn:x:p1>";
    let long = format!("SELECT * {{ ?a {} ?b }}", vec![p; 40].join("/"));
    stopped(&long);
}

#[test]
fn strings_do_not_grow_for_ever() {
    let parts = vec!["?s"; 40].join(",");
    let bind = |n: i32| {
        let parts = parts.replace("?s", &format!("?s{}", n - 1));
        format!("BIND(CONCAT({parts}) AS ?s{n})")
    };
    let binds = (0..7).map(bind).collect::<Vec<_>>().join(" ");
    let binds = binds.replace("?s-1", "?t");
    stopped(&format!("SELECT ?s6 {{ ?a <urn:x:text0> ?t {binds} }}"));
    let replaced = (0..6).fold("?t".to_owned(), |inner, _| {
        format!("REPLACE({inner}, \".\", \"{}\")", "x".repeat(2000))
    });
    stopped(&format!(
        "SELECT (STRLEN({replaced}) AS ?n) {{ ?a <urn:x:text0> ?t }}"
    ));
    stopped(
        "SELECT (GROUP_CONCAT(CONCAT(?t, ?u)) AS ?all) { ?a <urn:x:text0> ?t . ?b <urn:x:text0> ?u }",
    );
    let bind = |n: i32| format!("BIND(TRIPLE(?a, ?b, ?t{}) AS ?t{n})", n - 1);
    let triples = (1..40).map(bind).collect::<Vec<_>>().join(" ");
    let triples = format!("BIND(TRIPLE(?a, ?b, ?c) AS ?t0) {triples}");
    stopped(&format!("SELECT ?t39 {{ ?a ?b ?c {triples} }}"));
}

#[test]
fn long_queries_are_answered_or_refused() {
    let values: Vec<String> = (0..30_000).map(|n| format!("<urn:x:n{n}>")).collect();
    let values = values.join(" ");
    assert_eq!(
        answered(&format!(
            "SELECT * {{ VALUES ?a {{ {values} }} ?a <urn:x:text0> ?t }}"
        )),
        600
    );
    let optionals = "OPTIONAL { ?a ?p ?b ".repeat(40) + &"}".repeat(40);
    let (_folder, columns) = tangle();
    let outcome = ask(
        &columns,
        &format!("SELECT * {{ ?a <urn:x:p1> ?x {optionals} }}"),
    );
    assert!(outcome.is_err() || outcome.is_ok_and(|rows| rows > 0));
    stopped(&format!("SELECT * {{ {} }}", "?a ?b ?c . ".repeat(5000)));
}
