//! Who vouches for the people of the tests? A real OpenID provider, npm's oidc-provider, started by the tests.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::{Answer, Person, TestServer, npm};

/// Redirects that one sign-in may take.
const HOPS_MAX: usize = 12;

const ATLAS_SECRET: &str = "a-secret-of-the-tests-that-is-long-enough";
const MACHINE_SECRET: &str = "another-secret-of-the-tests-long-enough";

/// A provider for one Atlas.
pub struct Provider {
    pub issuer: String,
    atlas: String,
    process: Mutex<Child>,
    /// One person signs in at a time: the provider lets in whoever was named last.
    turn: Mutex<()>,
}

/// A browser: it keeps cookies by origin, and goes where it is sent.
pub struct Browser {
    cookies: BTreeMap<(String, String), String>,
}

/// Starts an Atlas with a provider; `rules` are settings in which `{base}` and `{issuer}` are filled in. `None`, said
/// loudly, when there is no npm.
pub fn atlas_with_provider(rules: &str) -> Option<(TestServer, Provider, tempfile::TempDir)> {
    atlas_with("", rules)
}

/// The same with further settings of the way out.
pub fn atlas_with(
    outbound: &str,
    rules: &str,
) -> Option<(TestServer, Provider, tempfile::TempDir)> {
    let program = npm::installed("provider")?;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let issuer = format!("http://127.0.0.1:{port}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vesalius.toml");
    fs::write(&file, "").unwrap();
    let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
    server.stop();
    let secret = folder.path().join("secret");
    fs::write(&secret, format!("{ATLAS_SECRET}\n")).unwrap();
    let settings = format!(
        "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n{outbound}\
         [sign_in]\nkeys_seconds = 0\nattempts_per_minute = 10000\n\
         [sign_in.providers.op]\ntitle = \"The Provider\"\nissuer = \"{issuer}\"\nclient_id = \"atlas\"\n\
         client_secret_file = \"{}\"\nscopes = [\"openid\", \"profile\", \"email\", \"entitlements\"]\n{rules}",
        secret.display()
    );
    let settings = settings
        .replace("{base}", &server.base)
        .replace("{issuer}", &issuer);
    fs::write(&file, settings).unwrap();
    server.restart();
    drop(listener);
    let provider = Provider::start(&program, port, &server.base);
    Some((server, provider, folder))
}

impl Provider {
    fn start(folder: &Path, port: u16, atlas: &str) -> Self {
        let mut process = Command::new("node")
            .args(["provider.mjs", &port.to_string(), atlas])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        while !line.contains("ready") {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "no provider");
        }
        // What it says later is read by nobody, and must not stop it.
        std::thread::spawn(move || std::io::copy(&mut output, &mut std::io::sink()));
        Self {
            issuer: format!("http://127.0.0.1:{port}"),
            atlas: atlas.to_owned(),
            process: Mutex::new(process),
            turn: Mutex::default(),
        }
    }

    fn tell(&self, path: &str, what: &Value) -> Answer {
        Person::new(&self.issuer, None).post(path, "application/json", what.to_string())
    }

    /// The next to sign in; nobody else does before the guard is dropped.
    pub fn lets_in(&self, person: &Value) -> MutexGuard<'_, ()> {
        let turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.tell("/test/person", person).is(204);
        turn
    }

    /// A token: `{"by": …, "header": {…}, "payload": {…}}`.
    pub fn token(&self, wish: &Value) -> String {
        self.tell("/test/token", wish).is(200).text()
    }

    /// From now on the provider has a second key.
    pub fn rotate(&self) {
        self.tell("/test/rotate", &json!({})).is(204);
    }

    /// The token of a machine by the grant of client credentials.
    pub fn machine_token(&self) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id=machine&client_secret={MACHINE_SECRET}&scope=write&resource={}",
            super::http::encode(&self.atlas)
        );
        let person = Person::new(&self.issuer, None);
        let answer = person
            .request("POST", "/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .send_body(form);
        let token = answer.is(200).json()["access_token"].clone();
        token.as_str().unwrap().to_owned()
    }

    /// The token of a client that only the provider can read: it names no audience.
    pub fn opaque_token(&self, client: &str) -> String {
        let form = format!(
            "grant_type=client_credentials&client_id={client}&client_secret={MACHINE_SECRET}"
        );
        let person = Person::new(&self.issuer, None);
        let answer = person
            .request("POST", "/token")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .send_body(form);
        let token = answer.is(200).json()["access_token"].clone();
        token.as_str().unwrap().to_owned()
    }

    /// Signs somebody in with a fresh browser.
    pub fn sign_in(&self, person: &Value) -> Browser {
        let mut browser = Browser::new();
        let _turn = self.lets_in(person);
        let answer = browser.follow(&format!("{}/sign-in/op?return_to=/account", self.atlas));
        assert_eq!(answer.status, 200, "{answer}");
        assert!(answer.request.contains("/account"), "{answer}");
        browser
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let process = self
            .process
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let _ = process.kill();
        let _ = process.wait();
    }
}

impl Browser {
    pub fn new() -> Self {
        Self {
            cookies: BTreeMap::new(),
        }
    }

    /// One request, with the cookies of its origin and further headers.
    pub fn send(
        &mut self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let origin = origin(url);
        let person = Person::new(&origin, None);
        let accept = if method == "GET" { "text/html" } else { "*/*" };
        let mut request = person.request(method, url).header("Accept", accept);
        let of_origin = self.cookies.iter().filter(|((own, _), _)| *own == origin);
        let cookies: Vec<String> = of_origin
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header("Cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let answer = match method {
            "GET" => request.send(),
            _ => request.send_body(body),
        };
        for (name, value) in &answer.headers {
            if name == "set-cookie" {
                let pair = value.split(';').next().unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                self.cookies
                    .insert((origin.clone(), name.to_owned()), value.to_owned());
            }
        }
        answer
    }

    pub fn get(&mut self, url: &str) -> Answer {
        self.send("GET", url, &[], "")
    }

    /// Sends a form from a page of the same origin.
    pub fn post(&mut self, url: &str, form: &str) -> Answer {
        let headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Sec-Fetch-Site", "same-origin"),
        ];
        self.send("POST", url, &headers, form)
    }

    /// Follows redirects until there is an answer of another kind.
    pub fn follow(&mut self, url: &str) -> Answer {
        self.follow_until(url, "no such part").1
    }

    /// Follows redirects, and stops before an address that holds a text: the address, and the last answer.
    pub fn follow_until(&mut self, url: &str, part: &str) -> (String, Answer) {
        let mut here = url.to_owned();
        let mut answer = self.get(&here);
        for _ in 0..HOPS_MAX {
            let Some(location) = answer.header("location") else {
                return (here, answer);
            };
            here = url::Url::parse(&here)
                .unwrap()
                .join(location)
                .unwrap()
                .into();
            if here.contains(part) {
                return (here, answer);
            }
            answer = self.get(&here);
        }
        panic!("no end of redirects at {here}: {answer}")
    }

    /// Forgets the cookies of an origin.
    pub fn forget(&mut self, origin: &str) {
        self.cookies.retain(|(own, _), _| own != origin);
    }

    /// The cookie that holds the session.
    pub fn session(&self) -> String {
        let held = self
            .cookies
            .iter()
            .find(|((_, name), _)| name == "vesalius-session");
        let ((_, name), value) = held.expect("a session");
        format!("{name}={value}")
    }
}

fn origin(url: &str) -> String {
    url::Url::parse(url).unwrap().origin().ascii_serialization()
}
