//! What becomes of nonsense, malice and excess? A clear answer, flat memory, and a server that stays up.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::http::encode;
use crate::support::{TestServer, dataset, workshop};

const DEPTH: usize = 10_000;
const MIB: u64 = 1 << 20;
/// What an attack may cost in memory that stays.
const GROWTH_MAX: u64 = 160 * MIB;
const QUERY_SECONDS: u64 = 2;
/// How much later than its budget a query may end on a slow machine.
const LATE_MAX: Duration = Duration::from_secs(6);

/// A server with a short budget for queries, and enough data to keep them busy.
fn hurried() -> &'static TestServer {
    static HURRIED: OnceLock<TestServer> = OnceLock::new();
    HURRIED.get_or_init(|| {
        let seconds = QUERY_SECONDS.to_string();
        TestServer::launch(
            true,
            &[
                ("WEB__QUERY_SECONDS", &seconds),
                ("WEB__QUERIES_AT_ONCE", "4"),
            ],
        )
    })
}

#[track_caller]
fn refused_with_place(media_type: &str, body: &str, line: u64) {
    let answer = workshop().steward().post("/dataset", media_type, body);
    let problem = answer.problem(400);
    assert_eq!(problem["line"], line, "{media_type}: {problem}");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains(&format!("line {line}")),
        "{problem}"
    );
    workshop().is_up();
}

#[test]
fn broken_turtle_is_named_by_line() {
    refused_with_place("text/turtle", "<> a <x:y> ;\n  <p:q> \"never closed .\n", 2);
    refused_with_place(
        "text/turtle",
        "@prefix a: <https://a.example/> .\n\nb:c a:d a:e .\n",
        3,
    );
}

#[test]
fn broken_json_ld_is_named_by_line() {
    refused_with_place(
        "application/ld+json",
        "{\n \"@id\": \"x\",\n \"@type\" \"y\"\n}",
        3,
    );
}

#[test]
fn broken_rdf_xml_is_named_by_line() {
    let head = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n";
    refused_with_place(
        "application/rdf+xml",
        &format!("{head}<rdf:Description>\n</rdf:Wrong>\n</rdf:RDF>"),
        3,
    );
}

#[test]
fn broken_lines_are_named_by_line() {
    refused_with_place(
        "application/n-triples",
        "<a:b> <c:d> <e:f> .\n<a:b> <c:d> .\n",
        2,
    );
    refused_with_place(
        "application/n-quads",
        "<a:b> <c:d> <e:f> <g:h> .\nnonsense\n",
        2,
    );
    refused_with_place(
        "application/trig",
        "<g:h> { <a:b> <c:d> <e:f> }\n<g:h> { <a:b>\n",
        3,
    );
}

#[test]
fn a_body_that_is_no_rdf_is_415() {
    for media_type in [
        "image/png",
        "application/json",
        "text/html",
        "application/octet-stream",
        "nonsense",
        "a/b/c",
    ] {
        let problem = workshop()
            .steward()
            .post("/dataset", media_type, "<> a <x:y> .")
            .problem(415);
        assert!(
            problem["detail"].as_str().unwrap().contains("text/turtle"),
            "it names what is read: {problem}"
        );
    }
    workshop()
        .steward()
        .post("/sparql", "text/turtle", "SELECT * {}")
        .problem(415);
}

#[test]
fn a_charset_other_than_utf_8_is_415() {
    for charset in ["iso-8859-1", "utf-16", "latin1", "klingon", "windows-1252"] {
        let body = b"<> <http://purl.org/dc/terms/title> \"caf\xE9\" .".to_vec();
        workshop()
            .steward()
            .post("/dataset", &format!("text/turtle; charset={charset}"), body)
            .problem(415);
    }
    for charset in ["utf-8", "UTF-8", "\"utf-8\"", "us-ascii"] {
        let answer = workshop().steward().post(
            "/dataset",
            &format!("text/turtle; charset={charset}"),
            "<> a <x:y> .",
        );
        assert!(
            matches!(answer.status, 400 | 415) && answer.text().contains("no-record")
                || charset == "us-ascii",
            "{answer}"
        );
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_400() {
    for media_type in [
        "text/turtle",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-quads",
    ] {
        workshop()
            .steward()
            .post(
                "/dataset",
                media_type,
                b"\xFF\xFE<\xE9> \"\x80\" .".to_vec(),
            )
            .problem(400);
    }
    workshop().is_up();
}

#[test]
fn a_hundred_megabytes_are_413_and_cost_no_memory() {
    let server = TestServer::start().with_catalogue("big");
    // The text index takes its memory when it writes for the first time.
    server.settle();
    let before = server.resident();
    let token = server.steward().token().to_owned();
    for declared in [true, false] {
        let length = if declared {
            format!("Content-Length: {}", 100 * MIB)
        } else {
            "Transfer-Encoding: chunked".to_owned()
        };
        for path in ["/dataset", "/validate", "/sparql"] {
            let media_type = if path == "/sparql" {
                "application/sparql-query"
            } else {
                "text/turtle"
            };
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {media_type}\r\n{length}\r\n\r\n"
            );
            let (status, body, peak) = pour(&server, &head, !declared);
            assert_eq!(status, 413, "{path}, declared: {declared}: {body}");
            assert!(
                body.contains("\"title\"") && body.contains("\"help\""),
                "{body}"
            );
            let growth = peak.saturating_sub(before) / MIB;
            eprintln!("{path}, declared: {declared}: {growth} MiB more");
            assert!(
                growth < GROWTH_MAX / MIB,
                "{path}: {growth} MiB more while the body came"
            );
        }
    }
    server.is_up();
    let growth = server.resident().saturating_sub(before) / MIB;
    assert!(growth < GROWTH_MAX / MIB, "{growth} MiB stayed");
}

/// Pours 100 MB after a head, and gives back the status, the body and the most memory that the server held.
fn pour(server: &TestServer, head: &str, chunked: bool) -> (u16, String, u64) {
    let mut stream = server.nobody().connect();
    let mut reading = stream.try_clone().unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let reader = std::thread::spawn(move || {
        let mut answer = Vec::new();
        let mut piece = [0; 4096];
        // The answer ends with its body: the problem is one JSON object.
        while let Ok(n @ 1..) = reading.read(&mut piece) {
            answer.extend_from_slice(&piece[..n]);
            if answer.ends_with(b"}") {
                break;
            }
        }
        String::from_utf8_lossy(&answer).into_owned()
    });
    let block = vec![b' '; usize::try_from(MIB).unwrap()];
    let mut peak = 0;
    for _ in 0..100 {
        let sent = if chunked {
            write!(stream, "{:x}\r\n", block.len())
                .and_then(|()| stream.write_all(&block))
                .and_then(|()| stream.write_all(b"\r\n"))
        } else {
            stream.write_all(&block)
        };
        peak = peak.max(server.resident());
        if sent.is_err() || reader.is_finished() {
            break;
        }
    }
    let answer = reader.join().unwrap();
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    (
        status.unwrap_or_else(|| panic!("no answer: {answer:?}")),
        answer,
        peak,
    )
}

#[track_caller]
fn too_deep(media_type: &str, body: String) {
    let server = workshop();
    let before = server.resident();
    server
        .steward()
        .post("/dataset", media_type, body.clone())
        .refused();
    // A check answers a report, or why it gave up; what counts is that the server stays up.
    let status = server.steward().post("/validate", media_type, body).status;
    assert!(status < 500, "{media_type}: {status}");
    server.is_up();
    assert!(
        server.resident().saturating_sub(before) < GROWTH_MAX,
        "{media_type} costs memory"
    );
}

#[test]
fn deep_turtle_is_refused() {
    let record = "<> a <http://www.w3.org/ns/dcat#Dataset> ; <p:q> ";
    too_deep(
        "text/turtle",
        format!(
            "{record}{}{}.",
            "[ <p:q> ".repeat(DEPTH),
            "] ".repeat(DEPTH)
        ),
    );
    too_deep(
        "text/turtle",
        format!("{record}{}{}.", "( ".repeat(DEPTH), ") ".repeat(DEPTH)),
    );
    too_deep(
        "text/turtle",
        format!("{record}{}", "[ <p:q> ".repeat(DEPTH)),
    );
    too_deep("text/turtle", format!("{record}{}", "<<( ".repeat(DEPTH)));
    too_deep(
        "application/trig",
        format!(
            "{{ {record}{}{}. }}",
            "( ".repeat(DEPTH),
            ") ".repeat(DEPTH)
        ),
    );
}

#[test]
fn deep_json_ld_is_refused() {
    let open = "{\"https://p.example/q\":".repeat(DEPTH);
    let record = "{\"@type\":\"http://www.w3.org/ns/dcat#Dataset\",\"https://p.example/q\":";
    too_deep(
        "application/ld+json",
        format!("{record}{open}1{}", "}".repeat(DEPTH + 1)),
    );
    too_deep(
        "application/ld+json",
        format!("{record}{}1{}}}", "[".repeat(DEPTH), "]".repeat(DEPTH)),
    );
    too_deep(
        "application/ld+json",
        format!(
            "{{\"@context\":{}{}}}",
            "[".repeat(DEPTH),
            "]".repeat(DEPTH)
        ),
    );
    too_deep(
        "application/ld+json",
        format!(
            "{record}{}1{}}}",
            "{\"@list\":[".repeat(DEPTH),
            "]}".repeat(DEPTH)
        ),
    );
}

#[test]
fn deep_rdf_xml_is_refused() {
    let head = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:p=\"p:\" xmlns:d=\"http://www.w3.org/ns/dcat#\"><d:Dataset rdf:about=\"\">";
    let (open, close) = (
        "<p:q><rdf:Description>".repeat(DEPTH),
        "</rdf:Description></p:q>".repeat(DEPTH),
    );
    too_deep(
        "application/rdf+xml",
        format!("{head}{open}{close}</d:Dataset></rdf:RDF>"),
    );
    let bombs: String = (1..12)
        .map(|i| format!("<!ENTITY a{i} \"{}\">", format!("&a{};", i - 1).repeat(10)))
        .collect();
    let bomb = format!(
        "<!DOCTYPE rdf:RDF [<!ENTITY a0 \"ha\">{bombs}]>{head}<p:q>&a11;</p:q></d:Dataset></rdf:RDF>"
    );
    too_deep("application/rdf+xml", bomb);
    let file = format!(
        "<!DOCTYPE rdf:RDF [<!ENTITY f SYSTEM \"file:///etc/hostname\">]>{head}<p:q>&f;</p:q></d:Dataset></rdf:RDF>"
    );
    too_deep("application/rdf+xml", file);
}

#[test]
fn deep_sparql_is_refused() {
    let server = workshop();
    let queries = [
        format!(
            "SELECT ({}1{} AS ?x) {{}}",
            "(".repeat(DEPTH),
            ")".repeat(DEPTH)
        ),
        format!("SELECT * {}{}", "{".repeat(DEPTH), "}".repeat(DEPTH)),
        format!(
            "SELECT * {{ ?s {}<p:q>{} ?o }}",
            "(".repeat(DEPTH),
            ")".repeat(DEPTH)
        ),
        format!(
            "SELECT * {{ ?s <p:q> {}1{} }}",
            "(".repeat(DEPTH),
            ")".repeat(DEPTH)
        ),
        format!(
            "SELECT * {{ ?s <p:q> {}{} }}",
            "[ <p:q> ".repeat(DEPTH),
            "]".repeat(DEPTH)
        ),
        format!("SELECT * {{ FILTER({}true) }}", "!".repeat(DEPTH)),
        format!("SELECT * {{ {} }}", "OPTIONAL { ".repeat(DEPTH)),
        format!(
            "SELECT * {{ ?s ?p ?o FILTER(1 = 1{}) }}",
            " + 1".repeat(DEPTH)
        ),
        format!("SELECT * {{ {{}} {} }}", "UNION {}".repeat(DEPTH)),
        format!("SELECT * {{ ?s <p:q>{} ?o }}", "/<p:q>".repeat(DEPTH)),
    ];
    for query in queries {
        let answer = server
            .steward()
            .post("/sparql", "application/sparql-query", query.clone());
        server.is_up();
        let shown: String = query.chars().take(60).collect();
        assert!(
            answer.status == 200 || (400..500).contains(&answer.status) || answer.status == 504,
            "{shown}: {answer}"
        );
        if answer.status != 200 {
            answer.clone().problem(answer.status);
        }
    }
}

#[test]
fn iris_with_spaces_are_named() {
    for (media_type, body) in [
        (
            "text/turtle",
            "<> a <http://www.w3.org/ns/dcat#Dataset> ;\n <p:q> <https://a.example/with space> .",
        ),
        (
            "application/n-triples",
            "<a:b> <c:d> <https://a.example/with space> .",
        ),
        (
            "application/rdf+xml",
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:p=\"p:\"><rdf:Description rdf:about=\"\"><p:q rdf:resource=\"https://a.example/with space\"/></rdf:Description></rdf:RDF>",
        ),
    ] {
        let problem = workshop()
            .steward()
            .post("/dataset", media_type, body)
            .problem(400);
        assert!(problem["line"].is_u64(), "{media_type}: {problem}");
    }
}

#[test]
fn a_context_at_a_private_address_is_never_fetched() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let hosts = [
        "127.0.0.1",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "127.1",
    ];
    for host in hosts {
        let context = format!("http://{host}:{port}/context.jsonld");
        let bodies = [
            format!("{{\"@context\":\"{context}\",\"@type\":\"Dataset\"}}"),
            format!(
                "{{\"@context\":[{{\"@import\":\"{context}\"}}],\"@type\":\"http://www.w3.org/ns/dcat#Dataset\"}}"
            ),
            format!(
                "{{\"@context\":{{\"p\":{{\"@id\":\"p:q\",\"@context\":\"{context}\"}}}},\"@type\":\"http://www.w3.org/ns/dcat#Dataset\",\"p\":{{\"x\":1}}}}"
            ),
        ];
        for body in bodies {
            for path in ["/dataset", "/validate"] {
                workshop()
                    .steward()
                    .post(path, "application/ld+json", body.clone())
                    .problem(400);
            }
        }
        let query = format!("SELECT * {{ SERVICE <http://{host}:{port}/sparql> {{ ?s ?p ?o }} }}");
        workshop()
            .nobody()
            .query(&query, "application/json")
            .problem(400);
        let silent =
            format!("SELECT * {{ SERVICE SILENT <http://{host}:{port}/sparql> {{ ?s ?p ?o }} }}");
        workshop()
            .nobody()
            .query(&silent, "application/json")
            .refused();
    }
    let error = listener
        .accept()
        .expect_err("the server came to a private address");
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[track_caller]
fn cut_off(query: &str) {
    let server = hurried();
    let before = server.resident();
    let started = Instant::now();
    let mut stream = server.nobody().connect();
    let target = format!("/sparql?query={}", encode(query));
    write!(
        stream,
        "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let (mut answer, mut piece, mut peak, mut length) = (Vec::new(), vec![0; 1 << 16], 0, 0);
    // A result that is streamed may break off; one that is not yet begun is a problem.
    while let Ok(n @ 1..) = stream.read(&mut piece) {
        length += n;
        if answer.len() < 4096 {
            answer.extend_from_slice(&piece[..n.min(4096)]);
        }
        peak = peak.max(server.resident());
    }
    let took = started.elapsed();
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text.split(' ').nth(1).unwrap_or_default();
    assert!(
        took < Duration::from_secs(QUERY_SECONDS) + LATE_MAX,
        "{query}: {took:?}, {length} bytes\n{text}"
    );
    assert!(
        matches!(status, "200" | "400" | "503" | "504"),
        "{query}\n{text}"
    );
    if status != "200" {
        assert!(
            text.contains("\"help\"") && text.contains("\"title\""),
            "{text}"
        );
    }
    server.is_up();
    let growth = peak.max(server.resident()).saturating_sub(before) / MIB;
    assert!(growth < 512, "{query}: {growth} MiB more");
}

#[test]
fn a_product_of_everything_is_cut_off() {
    cut_off(
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a != ?d && ?d != ?g) }",
    );
    cut_off("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }");
}

#[test]
fn sorting_and_grouping_a_product_is_cut_off() {
    cut_off("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c");
    cut_off("SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }");
    cut_off("SELECT ?a ?d (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?a ?d ?h");
    cut_off("SELECT (GROUP_CONCAT(STR(?c)) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }");
    cut_off("CONSTRUCT { ?a ?e ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }");
}

#[test]
fn endless_paths_are_cut_off() {
    cut_off("SELECT (COUNT(*) AS ?n) { ?a (!<p:q>)* ?b . ?b (!<p:q>)* ?c . ?c (!<p:q>)* ?d }");
    cut_off("SELECT (COUNT(*) AS ?n) { ?a (!<p:q>|^(!<p:q>))* ?b }");
}

#[test]
fn strings_that_double_are_cut_off() {
    let doublings: String = (1..40)
        .map(|i| format!("BIND(CONCAT(?x{0}, ?x{0}) AS ?x{i}) ", i - 1))
        .collect();
    cut_off(&format!(
        "SELECT (STRLEN(?x39) AS ?n) {{ BIND('0123456789' AS ?x0) {doublings} }}"
    ));
    let replaced: String = (1..12)
        .map(|i| format!("BIND(REPLACE(?x{}, '.', '0123456789') AS ?x{i}) ", i - 1))
        .collect();
    cut_off(&format!(
        "SELECT (STRLEN(?x11) AS ?n) {{ BIND('0123456789' AS ?x0) {replaced} }}"
    ));
}

#[test]
fn expressions_without_end_are_cut_off() {
    cut_off(
        "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(STR(?c), '(a*)*(a*)*b') && CONTAINS(STR(?f), 'never there')) }",
    );
    cut_off(
        "SELECT * { ?a ?b ?c . FILTER NOT EXISTS { ?d ?e ?f . ?g ?h ?i FILTER(?d = ?i && ?c = ?f && ?e = ?h && ?g = ?a) } }",
    );
    cut_off("SELECT * { ?a ?b ?c MINUS { ?a ?e ?f . ?g ?h ?i . ?k ?l ?m } }");
}

#[test]
fn who_goes_away_stops_their_query() {
    let server = TestServer::launch(true, &[]);
    let query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }";
    let running = || {
        let metrics = server.nobody().get("/metrics").is(200).text();
        let line = metrics
            .lines()
            .find_map(|line| line.strip_prefix("vesalius_sparql_queries_running "))
            .map(str::to_owned);
        line.unwrap_or_else(|| panic!("no such metric:\n{metrics}"))
    };
    let mut stream = server.nobody().connect();
    write!(
        stream,
        "GET /sparql?query={} HTTP/1.1\r\nHost: x\r\n\r\n",
        encode(query)
    )
    .unwrap();
    let wait_for = |wanted: &str| {
        let started = Instant::now();
        while running() != wanted {
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "{} queries run, not {wanted}",
                running()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    wait_for("1");
    drop(stream);
    wait_for("0");
    server.is_up();
}

#[test]
fn huge_headers_are_refused() {
    let server = workshop();
    for head in [
        format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\nConnection: close\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET / HTTP/1.1\r\nHost: x\r\n{}Connection: close\r\n\r\n", "X-Many: 1\r\n".repeat(5000)),
        "GET / HTTP/9.9\r\nHost: x\r\n\r\n".to_owned(),
        "nonsense\r\n\r\n".to_owned(),
        "POST /dataset HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nabcde".to_owned(),
        "POST /dataset HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\n".to_owned(),
        "POST /dataset HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n".to_owned(),
    ] {
        let answer = server.nobody().raw(head.as_bytes());
        assert!((400..500).contains(&answer.status), "{answer}");
        server.is_up();
    }
}

#[test]
fn odd_addresses_are_answered_clearly() {
    let server = workshop();
    let targets = [
        "/dataset/%zz",
        "/dataset/%",
        "/dataset/%00",
        "/dataset/%FF%FE",
        "/dataset/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/static/../../etc/passwd",
        "/static/..%2f..%2fetc%2fpasswd",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/dataset/../../etc/passwd.ttl",
        "//etc/passwd",
        "/dataset//x",
        "/dataset/x.exe",
        "/dataset/.ttl",
        "/dataset/a.b.ttl",
        "/dataset/%0d%0aX-Evil:%201",
        "/catalog/?after=%0d%0aX-Evil:%201",
        "/dataset/workshop?format=%0d%0aX-Evil:%201",
        "/dataset/x/versions/999999999999999999999999",
        "/dataset/x/versions/-1",
        "/catalog/workshop/versions/0",
        "/catalog/workshop/versions/1.exe",
        "/catalog/workshop/page/dataset?page=-1",
        "/page/catalog?size=a",
        "/catalog/workshop?format=exe",
        "/ontology/%00",
        "/ontology/..%2f..",
        "/spec/../x",
        "/nothing/spec",
        "/sparql?query=%FF",
        "/sparql?query=SELECT",
        "/sparql?query=a&query=b",
        "/sparql?query=SELECT*%7B%7D&default-graph-uri=no%20iri",
        "/sparql?query=ASK%7B%7D&default-graph-uri=relative",
    ];
    for target in targets {
        let answer = server.nobody().raw_get(target);
        assert!(answer.header("x-evil").is_none(), "{answer}");
        assert!((400..500).contains(&answer.status), "{target}: {answer}");
        answer.refused();
    }
    server.is_up();
}

#[test]
fn odd_searches_never_break_the_server() {
    let server = workshop();
    let long = format!("/search?format=json&q={}", "lung%20".repeat(8000));
    let deep = format!("/search?format=json&q={}", "(".repeat(9000));
    let many = format!("/search?format=json&{}", "cancer=x&".repeat(5000));
    for target in [
        "/search?limit=-1",
        "/search?limit=99999999999999999999",
        "/search?limit=0",
        "/search?limit=5&limit=6",
        "/search?sort=nonsense",
        "/search?sort=newest&sort=title",
        "/search?after=nonsense",
        "/search?after=%FF",
        "/search?q=%22",
        "/search?q=%22%22%22",
        "/search?q=AND%20OR%20NOT",
        "/search?q=*",
        "/search?q=~",
        "/search?q=%5B%20TO%20",
        "/search?q=title:",
        "/search?q=%00",
        "/search?q=a&q=b",
        "/search?subjects=..",
        "/search?subjects=a..b",
        "/search?subjects=9..1",
        "/search?subjects=-5..",
        "/search?subjects=99999999999999999999..",
        "/search?nothing=x",
        "/search?cancer=nonsense",
        "/search?cancer=-nonsense",
        "/search?cancer=",
        "/search?=x",
        "/search?&&&",
        "/search/suggest",
        "/search/suggest?q=%FF",
        "/search/suggest?q=%22(",
        "/ontology/lookup",
        "/ontology/lookup?q=",
        "/ontology/lookup?q=(&limit=-5",
        "/ontology/lookup?q=lung&under=nonsense",
        &long,
        &deep,
        &many,
    ] {
        for format in ["", "&format=json"] {
            let target = if target.contains("format=json") || !target.contains('?') {
                target.to_owned()
            } else {
                format!("{target}{format}")
            };
            let answer = server.nobody().raw_get(&target);
            let shown: String = target.chars().take(80).collect();
            assert!(answer.status < 500, "{shown}: {answer}");
            if answer.status >= 400 && !answer.body.is_empty() {
                answer.refused();
            }
        }
    }
    server.is_up();
}

#[test]
fn slugs_and_headers_cannot_break_out() {
    let server = workshop();
    let steward = server.steward();
    let text = |slug: &str| {
        dataset(
            &server.base,
            slug,
            &server.iri("/catalog/workshop"),
            "Odd slug",
        )
    };
    for slug in [
        "../../etc",
        "a/b",
        "..",
        ".",
        "/",
        "%0d%0aX-Evil:1",
        "caf\u{e9}",
        "a b",
        "x.ttl",
        "<script>",
        "spec",
        &"a".repeat(5000),
    ] {
        let request = steward
            .request("POST", "/dataset")
            .header("Content-Type", "text/turtle")
            .header("Slug", slug);
        let answer = request.send_body(text("odd").replace(&server.iri("/dataset/odd"), ""));
        assert!(
            answer.status == 201 || (400..500).contains(&answer.status),
            "{slug}: {answer}"
        );
        if answer.status == 201 {
            let location = answer.location();
            let last = location
                .strip_prefix(&server.iri("/dataset/"))
                .unwrap_or_else(|| panic!("{location}"));
            assert!(
                last.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
                    && last.len() <= 128,
                "{location}"
            );
            steward.get(&location).is(200);
        } else {
            answer.refused();
        }
    }
    for (name, value) in [
        ("If-Match", "nonsense"),
        ("If-Match", "\"v99999999999999999999\""),
        ("Accept", "///;q=x"),
        ("Accept", ",,,"),
        ("Accept-Language", "\u{1f600}"),
        ("If-Modified-Since", "yesterday"),
        ("If-None-Match", "W/"),
        ("Range", "bytes=5-1"),
        ("Prefer", "return="),
    ] {
        let answer = steward
            .request("GET", "/catalog/workshop")
            .header(name, value)
            .send();
        assert!(answer.status < 500, "{answer}");
        let request = steward
            .request("PUT", "/catalog/workshop-none")
            .header(name, value);
        let answer = request
            .header("Content-Type", "text/turtle")
            .send_body("<> a <x:y> .");
        answer.refused();
    }
    for token in [
        "",
        "Bearer",
        "Bearer ",
        "Bearer ves_",
        "Basic eDp5",
        "Bearer ves_' OR 1=1 --",
    ] {
        server
            .nobody()
            .request("GET", "/catalog/workshop")
            .header("Authorization", token)
            .send()
            .problem(401);
    }
}

#[test]
fn too_many_records_at_once_are_refused() {
    let server = workshop();
    let one = |i: usize| {
        format!(
            "<d{i}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/isPartOf> <{}> .\n",
            server.iri("/catalog/workshop")
        )
    };
    let body: String = (0..3000).map(one).collect();
    server
        .steward()
        .post("/dataset", "text/turtle", body)
        .problem(413);
}

/// Sends a document to the check that is open to everybody, and expects that it cost little memory.
#[track_caller]
fn check_costs_little(body: &str) -> Value {
    let server = TestServer::start();
    server.settle();
    let before = server.peak();
    let request = server.nobody();
    let request = request
        .request("POST", "/validate?profile=eucaim-dcat-ap-2.0")
        .header("Content-Type", "text/turtle")
        .header("Accept", "application/json");
    let answer = request.send_body(body);
    let growth = server.peak().saturating_sub(before) / MIB;
    assert!(growth < GROWTH_MAX / MIB, "{growth} MiB: {answer}");
    server.is_up();
    answer.json()
}

#[test]
fn a_check_of_countless_records_is_refused() {
    let one = |i: usize| format!("<u:{i}> a <http://www.w3.org/ns/dcat#Dataset> .\n");
    let body: String = (0..20_000).map(one).collect();
    assert_eq!(check_costs_little(&body)["status"], 413);
}

#[test]
fn what_all_records_of_a_document_share_is_not_copied_for_each() {
    let one = |i: usize| {
        format!(
            "<u:{i}> a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/publisher> <u:p> .\n"
        )
    };
    let records: String = (0..400).map(one).collect();
    let shared: String = (0..20_000)
        .map(|i| format!("<u:p> <u:q> {i} .\n"))
        .collect();
    let answer = check_costs_little(&(records + &shared));
    assert_eq!(answer["records"].as_array().unwrap().len(), 400);
}

#[test]
fn a_record_with_countless_faults_is_given_up() {
    let fault = |i: usize| format!("<u:r> <http://purl.org/dc/terms/issued> \"{i}\" , <u:{i}> .\n");
    let faults: String = (0..50_000).map(fault).collect();
    let answer = check_costs_little(&format!(
        "<u:r> a <http://www.w3.org/ns/dcat#Dataset> .\n{faults}"
    ));
    assert_eq!(answer["conforms"], false);
    let given_up = answer["records"][0]["givenUp"].as_str();
    assert!(
        given_up.is_some_and(|why| why.contains("results")),
        "{answer:.500}"
    );
}

#[test]
fn a_tangle_of_blank_nodes_is_refused_in_time() {
    let server = workshop();
    let edges: String = (0..12)
        .flat_map(|a| {
            (0..12)
                .filter(move |b| *b != a)
                .map(move |b| format!("_:n{a} <p:q> _:n{b} .\n"))
        })
        .collect();
    let body = format!("<> a <http://www.w3.org/ns/dcat#Catalog> ; <p:q> _:n0 .\n{edges}");
    let started = Instant::now();
    server
        .steward()
        .post("/catalog", "text/turtle", body)
        .refused();
    assert!(
        started.elapsed() < Duration::from_secs(20),
        "{:?}",
        started.elapsed()
    );
    server.is_up();
}

#[test]
fn a_body_that_never_ends_is_not_waited_for() {
    let server = workshop();
    let mut stream = server.nobody().connect();
    let token = server.steward().token().to_owned();
    write!(stream, "POST /dataset HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: text/turtle\r\nContent-Length: 1000\r\n\r\n<> a").unwrap();
    drop(stream);
    server.is_up();
}
