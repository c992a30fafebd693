//! Does one client's work leave room for the others', and is an answer that was cut ever taken for a whole one?

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use crate::support::http::encode;
use crate::support::{Answer, Person, TestServer, demo};

/// Far more than can be answered in the time there is.
const ENDLESS: &str = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
/// Rows that come at once and never end.
const STREAM: &str = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
const SMALL: &str = "ASK { ?d a <http://www.w3.org/ns/dcat#Catalog> }";
/// Nothing that is waited for takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server with few places and little time, behind a proxy that says who asks.
fn narrow() -> &'static TestServer {
    static NARROW: OnceLock<TestServer> = OnceLock::new();
    NARROW.get_or_init(|| {
        TestServer::launch(
            true,
            &[
                ("WEB__PROXIES", "127.0.0.1"),
                ("WEB__QUERY_SECONDS", "3"),
                ("WEB__QUERIES_AT_ONCE", "2"),
                // Tests run beside others, and would wait for those.
                ("WEB__QUERIES_GIVE_WAY", "false"),
                ("WEB__QUERIES_PER_CLIENT", "2"),
                ("WEB__QUERIES_WAITING", "6"),
                ("WEB__QUERIES_WAITING_PER_CLIENT", "3"),
            ],
        )
    })
}

/// The tests of the narrow server would take each other's places.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ask(person: &Person, from: &str, query: &str, more: &str) -> Answer {
    let path = format!("/sparql?query={}{more}", encode(query));
    let request = person.request("GET", &path);
    request.header("X-Forwarded-For", from).send()
}

/// Sends a query and leaves its answer unread.
fn leave(server: &TestServer, from: &str, query: &str, more: &str) -> TcpStream {
    let mut stream = server.nobody().connect();
    let target = format!("/sparql?query={}{more}", encode(query));
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {from}\r\nAccept: text/csv\r\n\r\n"
    )
    .unwrap();
    stream
}

fn metric(server: &TestServer, name: &str) -> u64 {
    let text = server.nobody().get("/metrics").is(200).text();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    line.map_or(0, |value| value.trim().parse().unwrap())
}

#[track_caller]
fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Queries that differ, so that none waits for the answer of another.
fn endless(number: usize) -> String {
    format!("{ENDLESS} # {number}")
}

#[test]
fn places_are_shared_and_the_queue_is_bounded() {
    let _alone = alone();
    let server = narrow();
    let nobody = server.nobody();
    let waiting = || metric(server, "vesalius_sparql_queries_waiting ");
    let running = || metric(server, "vesalius_sparql_queries_running ");
    // One client takes both places and fills its part of the queue.
    let mut greedy = Vec::new();
    for number in 0..2 {
        greedy.push(leave(server, "192.0.2.1", &endless(number), ""));
        wait_until("it runs", || {
            running() == u64::try_from(number + 1).unwrap()
        });
    }
    for number in 2..5 {
        greedy.push(leave(server, "192.0.2.1", &endless(number), ""));
        wait_until("it waits", || {
            waiting() == u64::try_from(number - 1).unwrap()
        });
    }
    let refused = ask(&nobody, "192.0.2.1", &endless(5), "");
    assert!(refused.header("retry-after").is_some(), "{refused}");
    refused.problem(429);
    // Who goes away while waiting leaves the queue at once.
    drop(greedy.pop());
    wait_until("the queue is shorter by one", || waiting() == 2);
    // Somebody else's query runs before those that wait.
    let answer = ask(&nobody, "192.0.2.2", SMALL, "&format=json");
    assert_eq!(answer.is(200).json()["boolean"], true);
    drop(greedy);
    wait_until("nothing waits or runs", || waiting() == 0 && running() == 0);
    // The whole queue has an end, too.
    let mut many = Vec::new();
    for number in 0..8 {
        let from = format!("192.0.2.{}", 10 + number);
        many.push(leave(server, &from, &endless(number), ""));
        let all = u64::try_from(number + 1).unwrap();
        wait_until("it is taken in", || waiting() + running() == all);
    }
    let refused = ask(&nobody, "192.0.2.99", &endless(9), "");
    assert!(refused.header("retry-after").is_some(), "{refused}");
    refused.problem(503);
    // What stands in the header counts only from a proxy, and its last word.
    drop(many);
    wait_until("nothing waits or runs", || waiting() == 0 && running() == 0);
    server.is_up();
}

#[test]
fn who_used_up_the_time_is_told_when_to_come_back() {
    let server = TestServer::launch(
        true,
        &[
            ("WEB__PROXIES", "127.0.0.1"),
            // Time for small queries on a busy machine, and so much more than the budget that minutes pass before
            // anything is given again.
            ("WEB__QUERY_SECONDS", "5"),
            ("WEB__QUERY_SECONDS_PER_MINUTE", "1"),
            ("WEB__QUERIES_GIVE_WAY", "false"),
        ],
    );
    let nobody = server.nobody();
    ask(&nobody, "192.0.2.1", &endless(1), "").problem(504);
    let refused = ask(&nobody, "192.0.2.1", SMALL, "&format=json");
    let seconds: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    // How much more it is depends on how soon a busy machine stops a query.
    assert!(seconds >= 1, "{refused}");
    refused.problem(429);
    ask(&nobody, "192.0.2.2", SMALL, "&format=json").is(200);
    // A token has a budget of its own.
    ask(
        &server.reader(),
        "192.0.2.1",
        &format!("{SMALL} #"),
        "&format=json",
    )
    .is(200);
}

#[test]
fn a_client_that_does_not_read_loses_its_place() {
    let server = TestServer::launch(true, &[("WEB__QUERY_SECONDS", "2")]);
    let running = || metric(&server, "vesalius_sparql_queries_running ");
    let unread = leave(&server, "192.0.2.1", STREAM, "");
    wait_until("it runs", || running() == 1);
    wait_until("it is given up", || running() == 0);
    drop(unread);
    server.is_up();
}

/// What a server sent until it closed, and whether the body had its proper end.
fn read_raw(mut stream: TcpStream) -> (String, bool) {
    let (mut text, mut piece) = (Vec::new(), vec![0; 1 << 16]);
    loop {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => {
                text.extend_from_slice(&piece[..n]);
                if text.ends_with(b"\r\n0\r\n\r\n") {
                    return (String::from_utf8_lossy(&text).into_owned(), true);
                }
                // The beginning and the end are of interest.
                if text.len() > 1 << 20 {
                    text.drain(1 << 16..text.len() - (1 << 16));
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(_) => break,
        }
    }
    (String::from_utf8_lossy(&text).into_owned(), false)
}

#[test]
fn an_answer_that_breaks_off_has_no_proper_end() {
    let _alone = alone();
    for (accept, extra) in [
        ("text/csv", ""),
        ("application/sparql-results+json", ""),
        ("application/sparql-results+xml", ""),
        ("text/csv", "Accept-Encoding: gzip\r\n"),
        ("application/sparql-results+json", "Accept-Encoding: br\r\n"),
    ] {
        let mut stream = narrow().nobody().connect();
        write!(
            stream,
            "GET /sparql?query={}&timeout=1 HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.50\r\nAccept: {accept}\r\n{extra}\r\n",
            encode(STREAM)
        )
        .unwrap();
        let (text, ended) = read_raw(stream);
        assert!(text.starts_with("HTTP/1.1 200"), "{accept}: {text:.200}");
        assert!(
            text.contains("transfer-encoding: chunked"),
            "{accept}: {text:.500}"
        );
        assert!(
            !ended,
            "{accept} {extra}: the body ends as if it were whole"
        );
        assert!(!text.contains("</sparql>"), "{accept}");
    }
}

#[test]
fn a_client_of_http_1_0_gets_the_whole_or_a_problem() {
    let _alone = alone();
    let old = |query: &str| {
        let request = format!(
            "GET /sparql?query={} HTTP/1.0\r\nHost: x\r\nX-Forwarded-For: 192.0.2.51\r\nAccept: text/csv\r\n\r\n",
            encode(query)
        );
        narrow().nobody().raw(request.as_bytes())
    };
    let whole = old("SELECT * { ?s ?p ?o } LIMIT 5000").is(200);
    let length: usize = whole.header("content-length").unwrap().parse().unwrap();
    assert_eq!(length, whole.body.len());
    assert_eq!(whole.text().lines().count(), 5001);
    let cut = old(STREAM);
    assert!(matches!(cut.status, 426 | 504), "{:.300}", cut.text());
    assert!(cut.text().contains("\"help\""), "{:.300}", cut.text());
}

#[test]
fn who_wants_a_part_gets_one_that_says_so() {
    let _alone = alone();
    let nobody = narrow().nobody();
    for (format, end) in [
        ("json", "}"),
        ("xml", "</sparql>"),
        ("csv", "\n"),
        ("tsv", "\n"),
    ] {
        let more = format!("&format={format}&partial=true&timeout=1");
        let answer = ask(&nobody, "192.0.2.60", STREAM, &more).is(200);
        let said = answer.header("vesalius-partial").unwrap().to_owned();
        let (why, rows) = said.split_once("; rows=").unwrap();
        assert!(["timeout", "rows", "size"].contains(&why), "{said}");
        assert!(rows.parse::<u64>().unwrap() > 0, "{said}");
        assert!(
            answer.header("etag").is_none(),
            "a part is never kept: {said}"
        );
        assert!(answer.text().ends_with(end), "{format} is well-formed");
        if format == "csv" {
            let lines = answer.text().lines().count();
            assert_eq!(rows.parse::<usize>().unwrap() + 1, lines, "{said}");
        }
    }
    let triples = "CONSTRUCT { ?a ?b ?c . ?d ?e ?f } { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
    let answer = ask(
        &nobody,
        "192.0.2.60",
        triples,
        "&format=nt&partial=1&timeout=1",
    )
    .is(200);
    assert!(answer.header("vesalius-partial").is_some() && !answer.triples().is_empty());
    // What fits is whole, and says nothing.
    let whole = ask(
        &nobody,
        "192.0.2.61",
        "SELECT * { ?s ?p ?o } LIMIT 10",
        "&partial=true",
    );
    assert!(whole.is(200).header("vesalius-partial").is_none());
    // A part without a row would say nothing.
    ask(
        &nobody,
        "192.0.2.62",
        &endless(7),
        "&partial=true&timeout=500ms",
    )
    .problem(504);
}

#[test]
fn a_client_may_want_less_time_and_never_gets_more() {
    let _alone = alone();
    let nobody = narrow().nobody();
    ask(&nobody, "192.0.2.70", &endless(8), "&timeout=100ms").problem(504);
    ask(&nobody, "192.0.2.70", &endless(8), "&timeout=1000000").problem(504);
    let problem = ask(&nobody, "192.0.2.70", SMALL, "&timeout=soon").problem(400);
    assert_eq!(problem["field"], "timeout");
}

#[test]
fn the_same_question_is_computed_once() {
    let server = TestServer::start().with_catalogue("kept");
    let (nobody, steward) = (server.nobody(), server.steward());
    let hits = || {
        metric(
            &server,
            r#"vesalius_cache_lookups_total{cache="sparql",result="hit"} "#,
        )
    };
    let query = "SELECT ?t { ?d a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> ?t }";
    let first = nobody.query(query, "text/csv").is(200);
    assert_eq!(hits(), 0);
    let second = nobody.query(query, "text/csv").is(200);
    assert_eq!((hits(), &second.body), (1, &first.body));
    assert_eq!(second.header("etag"), first.header("etag"));
    nobody
        .query(query, "application/sparql-results+json")
        .is(200);
    assert_eq!(hits(), 1, "another format is another answer");
    let catalogue = server.iri("/catalog/kept");
    let text = crate::support::dataset(&server.base, "new", &catalogue, "Came later");
    steward.write("/dataset/new?state=published", text);
    let third = nobody.query(query, "text/csv").is(200);
    assert!(third.text().contains("Came later"), "{third}");
    assert_eq!(hits(), 1);
    for _ in 0..2 {
        let now = nobody.query("SELECT (UUID() AS ?u) {}", "text/csv").is(200);
        assert!(now.header("etag").is_none());
    }
    assert_eq!(hits(), 1, "what is another one each time is not kept");
}

#[test]
fn a_crowd_with_one_question_gets_one_run() {
    let server = TestServer::launch(true, &[]);
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d a <http://www.w3.org/ns/dcat#Dataset> }";
    let answers: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let one = || server.nobody().query(query, "text/csv").is(200).body;
        let crowd: Vec<_> = (0..12).map(|_| scope.spawn(one)).collect();
        crowd
            .into_iter()
            .map(|person| person.join().unwrap())
            .collect()
    });
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    let runs = metric(&server, r#"vesalius_sparql_queries_total{end="answered"} "#);
    assert_eq!(runs, 1);
}

#[test]
fn the_endpoint_says_what_can_be_done_there() {
    let nobody = demo().nobody();
    let options = nobody.request("OPTIONS", "/sparql").send().is(204);
    assert_eq!(options.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    let preflight = nobody
        .request("OPTIONS", "/sparql")
        .header("Origin", "https://app.example")
        .header("Access-Control-Request-Method", "POST")
        .send()
        .is(204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    let refused = nobody.request("PUT", "/sparql").send_body("ASK {}");
    assert!(refused.header("allow").is_some(), "{refused}");
    refused.problem(405);
    let path = format!("/sparql?query={}", encode(SMALL));
    let (head, get) = (nobody.head(&path).is(200), nobody.get(&path).is(200));
    assert_eq!(head.header("content-type"), get.header("content-type"));
    assert_eq!(head.header("etag"), get.header("etag"));
    assert!(head.body.is_empty());
    let exposed = get.header("access-control-expose-headers").unwrap();
    assert!(exposed.contains("Vesalius-Partial") && exposed.contains("ETag"));
}
