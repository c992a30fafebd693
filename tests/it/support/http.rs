//! How does a person of the tests talk to the server? A small client, and answers that check themselves.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;
use ureq::http;
use vesalius::rdf::{Format, Quad, Triple, format};

/// No answer of a test takes longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The largest answer that is read.
const ANSWER_BYTES_MAX: u64 = 256 << 20;

/// Somebody who talks to a server, with a token or without.
#[derive(Clone)]
pub struct Person {
    agent: ureq::Agent,
    pub base: String,
    token: Option<String>,
}

/// What the server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub request: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// A request that is being written.
pub struct Request<'a> {
    person: &'a Person,
    builder: http::request::Builder,
    what: String,
}

impl Person {
    pub fn new(base: &str, token: Option<String>) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .timeout_global(Some(PATIENCE))
            .max_idle_connections(0)
            .build();
        Self {
            agent: config.new_agent(),
            base: base.to_owned(),
            token,
        }
    }

    pub fn token(&self) -> &str {
        self.token.as_deref().expect("this person has a token")
    }

    /// A request to a path below the base, or to a whole address.
    pub fn request(&self, method: &str, path: &str) -> Request<'_> {
        let address = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}{path}", self.base)
        };
        let mut builder = http::Request::builder().method(method).uri(&address);
        if let Some(token) = &self.token {
            builder = builder.header("Authorization", format!("Bearer {token}"));
        }
        Request {
            person: self,
            builder,
            what: format!("{method} {path}"),
        }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    pub fn get_as(&self, path: &str, accept: &str) -> Answer {
        self.request("GET", path).header("Accept", accept).send()
    }

    pub fn head(&self, path: &str) -> Answer {
        self.request("HEAD", path).send()
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }

    pub fn post(&self, path: &str, media_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.request("POST", path)
            .header("Content-Type", media_type)
            .send_body(body)
    }

    pub fn put(&self, path: &str, media_type: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.request("PUT", path)
            .header("Content-Type", media_type)
            .send_body(body)
    }

    /// Puts a description in Turtle, and expects it to be taken.
    pub fn write(&self, path: &str, turtle: impl Into<Vec<u8>>) -> Answer {
        let answer = self.put(path, "text/turtle", turtle);
        assert!(matches!(answer.status, 200 | 201), "{answer}");
        answer
    }

    pub fn set_state(&self, path: &str, state: &str) -> Answer {
        self.put(
            &format!("{path}/meta/state"),
            "application/json",
            format!("{{\"current\":\"{state}\"}}"),
        )
    }

    pub fn publish(&self, path: &str) {
        self.set_state(path, "PUBLISHED").is(200);
    }

    pub fn withdraw(&self, path: &str) {
        self.set_state(path, "WITHDRAWN").is(200);
    }

    /// Asks a query by GET.
    pub fn query(&self, query: &str, accept: &str) -> Answer {
        self.get_as(&format!("/sparql?query={}", encode(query)), accept)
    }

    pub fn ask(&self, query: &str) -> bool {
        let answer = self.query(query, "application/sparql-results+json").is(200);
        answer.json()["boolean"].as_bool().unwrap()
    }

    /// The rows of a query, each the lexical values of its variables in order.
    pub fn select(&self, query: &str) -> Vec<Vec<String>> {
        let answer = self
            .query(query, "application/sparql-results+json")
            .is(200)
            .json();
        let variables = answer["head"]["vars"].as_array().unwrap();
        let row = |row: &Value| {
            let value = |name: &Value| {
                row[name.as_str().unwrap()]["value"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned()
            };
            variables.iter().map(value).collect()
        };
        answer["results"]["bindings"]
            .as_array()
            .unwrap()
            .iter()
            .map(row)
            .collect()
    }

    pub fn count(&self, query: &str) -> u64 {
        self.select(query)[0][0].parse().unwrap()
    }

    /// A search, as JSON: `search("q=lung&limit=5")`.
    pub fn search(&self, pairs: &str) -> Value {
        self.get_as(&format!("/search?{pairs}"), "application/json")
            .is(200)
            .json()
    }

    /// Sends bytes as they are over a connection of their own, and reads what comes until the end.
    pub fn raw(&self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // A server may close before it has read everything: what it said counts.
        let written = stream.write_all(bytes);
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer);
        let what = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
        assert!(
            !answer.is_empty(),
            "no answer to {what:?}: {written:?}, {read:?}"
        );
        Answer::parse(what, &answer)
    }

    /// A raw request line with the least headers.
    pub fn raw_get(&self, target: &str) -> Answer {
        self.raw(
            format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes(),
        )
    }

    pub fn connect(&self) -> TcpStream {
        let address = self.base.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }
}

impl Request<'_> {
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        write!(
            self.what,
            " ({name}: {})",
            String::from_utf8_lossy(value.as_ref())
        )
        .unwrap();
        self
    }

    pub fn send(self) -> Answer {
        self.try_send(None).unwrap()
    }

    pub fn send_body(self, body: impl Into<Vec<u8>>) -> Answer {
        self.try_send(Some(body.into())).unwrap()
    }

    /// Sends, and says when the connection broke.
    pub fn try_send(self, body: Option<Vec<u8>>) -> Result<Answer, ureq::Error> {
        let Self {
            person,
            builder,
            what,
        } = self;
        let mut answer = match body {
            None => person.agent.run(builder.body(()).unwrap())?,
            Some(body) => person.agent.run(builder.body(body).unwrap())?,
        };
        let text =
            |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect();
        let body = answer
            .body_mut()
            .with_config()
            .limit(ANSWER_BYTES_MAX)
            .read_to_vec()?;
        Ok(Answer {
            request: what,
            status: answer.status().as_u16(),
            headers,
            body,
        })
    }
}

impl Answer {
    fn parse(request: String, bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1))
            .and_then(|code| code.parse().ok());
        let header = |line: &str| {
            line.split_once(": ")
                .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        };
        let headers = lines.filter_map(header).collect();
        let body = bytes.get(end + 4..).unwrap_or_default().to_vec();
        Self {
            request,
            status: status.expect("a status line"),
            headers,
            body,
        }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let named = |(found, _): &&(String, String)| found.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(named)
            .map(|(_, value)| value.as_str())
    }

    pub fn media_type(&self) -> &str {
        self.header("content-type")
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// Expects a status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// The path of the record that was made.
    #[track_caller]
    pub fn location(&self) -> String {
        self.header("location")
            .unwrap_or_else(|| panic!("no Location: {self}"))
            .to_owned()
    }

    /// The version that an `ETag` of ours names.
    #[track_caller]
    pub fn version(&self) -> u64 {
        let etag = self
            .header("etag")
            .unwrap_or_else(|| panic!("no ETag: {self}"));
        let digits = etag.trim_start_matches("W/").trim_start_matches("\"v");
        digits
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap()
            .parse()
            .unwrap()
    }

    #[track_caller]
    pub fn quads(&self) -> Vec<Quad> {
        let format = Format::from_media_type(self.media_type());
        let format = format.unwrap_or_else(|| panic!("no RDF: {self}"));
        format::parse(&self.body, format, None).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    #[track_caller]
    pub fn triples(&self) -> Vec<Triple> {
        self.quads().into_iter().map(Triple::from).collect()
    }

    /// Expects a problem of RFC 9457 that says what is wrong and what to do.
    #[track_caller]
    pub fn problem(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self}");
        assert_eq!(self.media_type(), "application/problem+json", "{self}");
        let problem = self.json();
        assert_eq!(problem["status"], status, "{self}");
        for member in ["type", "title", "detail", "help"] {
            let text = problem[member].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "no {member}: {self}");
        }
        assert!(
            problem["type"].as_str().unwrap().starts_with("http"),
            "{self}"
        );
        problem
    }

    /// Expects that the client is told it was wrong, in a problem.
    #[track_caller]
    pub fn refused(self) -> Value {
        let status = self.status;
        assert!((400..500).contains(&status), "{self}");
        self.problem(status)
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: usize = 1500;
        let body = self.text();
        let shown: String = body.chars().take(SHOWN).collect();
        writeln!(f, "{} → {}", self.request, self.status)?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        write!(f, "\n{shown}")
    }
}

/// Percent-encodes a value for a query string.
pub fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
