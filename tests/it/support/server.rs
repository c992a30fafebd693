//! How is a real server started, stopped, killed and started again?

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::http::Person;
use super::records;

const BINARY: &str = env!("CARGO_BIN_EXE_vesalius");
/// A server that is not ready by then never will be.
const READY_MAX: Duration = Duration::from_secs(90);
const STOP_MAX: Duration = Duration::from_secs(30);
/// Below the ports that the system gives to clients, so that a server that is started again finds its port free.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// A server of its own: a real process on a port and a data folder of its own.
pub struct TestServer {
    pub base: String,
    port: u16,
    folder: tempfile::TempDir,
    demo: bool,
    settings: Vec<(String, String)>,
    running: Mutex<Option<Running>>,
    steward: OnceLock<String>,
}

struct Running {
    child: Child,
    guard: Guard,
}

/// Kills the server when the tests themselves are gone: statics are never dropped.
struct Guard {
    process: Child,
    _pipe: ChildStdin,
}

/// The demonstration Atlas, for tests that only read.
pub fn demo() -> &'static TestServer {
    static DEMO: OnceLock<TestServer> = OnceLock::new();
    DEMO.get_or_init(|| TestServer::launch(true, &[]))
}

/// An Atlas for tests that write. It holds the catalogue `/catalog/workshop`; each test brings its own slugs.
pub fn workshop() -> &'static TestServer {
    static WORKSHOP: OnceLock<TestServer> = OnceLock::new();
    WORKSHOP.get_or_init(|| TestServer::start().with_catalogue("workshop"))
}

impl TestServer {
    pub fn start() -> Self {
        Self::launch(false, &[])
    }

    /// A server with settings: `("WEB__QUERY_SECONDS", "2")`.
    pub fn with(settings: &[(&str, &str)]) -> Self {
        Self::launch(false, settings)
    }

    pub fn launch(demo: bool, settings: &[(&str, &str)]) -> Self {
        let port = free_port();
        let settings = settings
            .iter()
            .map(|(name, value)| (format!("VESALIUS_{name}"), (*value).to_owned()));
        let server = Self {
            base: format!("http://127.0.0.1:{port}"),
            port,
            folder: tempfile::Builder::new()
                .prefix("vesalius-it-")
                .tempdir()
                .unwrap(),
            demo,
            settings: settings.collect(),
            running: Mutex::new(None),
            steward: OnceLock::new(),
        };
        server.run();
        server
    }

    /// Publishes a catalogue to put datasets into.
    pub fn with_catalogue(self, slug: &str) -> Self {
        let path = format!("/catalog/{slug}");
        self.steward().write(
            &path,
            records::catalogue(&self.base, slug, "A catalogue of the tests"),
        );
        self.steward().publish(&path);
        self
    }

    pub fn iri(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    pub fn nobody(&self) -> Person {
        Person::new(&self.base, None)
    }

    pub fn steward(&self) -> Person {
        let token = self
            .steward
            .get_or_init(|| self.token(&["--role", "steward"]));
        Person::new(&self.base, Some(token.clone()))
    }

    pub fn provider_of(&self, catalogue: &str) -> Person {
        Person::new(
            &self.base,
            Some(self.token(&["--role", "provider", "--catalogue", catalogue])),
        )
    }

    pub fn operator(&self) -> Person {
        Person::new(&self.base, Some(self.token(&["--role", "operator"])))
    }

    pub fn reader(&self) -> Person {
        Person::new(&self.base, Some(self.token(&["--role", "reader"])))
    }

    /// A token as the command line makes it.
    pub fn token(&self, wish: &[&str]) -> String {
        let output = self.cli(&[&["token", "new"], wish].concat());
        assert!(output.status.success(), "{output:?}");
        let secret = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        assert!(
            secret.starts_with("ves_"),
            "the secret alone stands on standard output: {secret:?}"
        );
        secret
    }

    /// Runs the command line on this server's data.
    pub fn cli(&self, arguments: &[&str]) -> Output {
        command(&self.data(), &self.base, arguments)
            .output()
            .unwrap()
    }

    fn run(&self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_file())
            .unwrap();
        let mut serve = command(&self.data(), &self.base, &["serve"]);
        if self.demo {
            serve.arg("--demo");
        }
        serve.env("VESALIUS_LISTEN", format!("127.0.0.1:{}", self.port));
        serve.envs(self.settings.iter().map(|(name, value)| (name, value)));
        let child = serve
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let guard = Guard::over(child.id(), self.folder.path());
        *self.lock() = Some(Running { child, guard });
        self.wait_until_ready();
    }

    fn wait_until_ready(&self) {
        let started = Instant::now();
        while !self.is_ready() {
            let ended = self
                .lock()
                .as_mut()
                .and_then(|running| running.child.try_wait().unwrap());
            assert!(
                ended.is_none(),
                "the server ended ({ended:?}):\n{}",
                self.log()
            );
            assert!(
                started.elapsed() < READY_MAX,
                "the server is not ready:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn is_ready(&self) -> bool {
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)) else {
            return false;
        };
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        let asked =
            stream.write_all(b"GET /ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let mut answer = String::new();
        asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.contains(" 200 OK")
    }

    /// Waits until every reader of the ledger has caught up with it.
    pub fn settle(&self) {
        let started = Instant::now();
        while self.nobody().get("/ready").is(200).json()["behind"] != 0 {
            assert!(
                started.elapsed() < READY_MAX,
                "the projections do not catch up"
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks the server to stop, and waits until it has.
    pub fn stop(&self) -> ExitStatus {
        let mut running = self.lock().take().expect("the server runs");
        let pid = running.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = running.child.try_wait().unwrap() {
                break status;
            }
            if asked.elapsed() > STOP_MAX {
                running.child.kill().unwrap();
                panic!("the server does not stop:\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(10));
        };
        running.guard.dismiss();
        status
    }

    /// Ends the server with no chance to do anything about it.
    pub fn kill9(&self) {
        if let Some(mut running) = self.lock().take() {
            running.child.kill().unwrap();
            running.child.wait().unwrap();
            running.guard.dismiss();
        }
    }

    /// Starts a server that was stopped or killed.
    pub fn restart(&self) {
        assert!(self.lock().is_none(), "the server still runs");
        self.run();
    }

    /// Expects the server to live and answer.
    #[track_caller]
    pub fn is_up(&self) {
        let ended = self
            .lock()
            .as_mut()
            .map(|running| running.child.try_wait().unwrap());
        assert!(
            matches!(ended, Some(None)),
            "the server ended ({ended:?}):\n{}",
            tail(&self.log())
        );
        self.nobody().get("/health").is(200);
    }

    /// The memory that the server holds now, in bytes.
    pub fn resident(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// The most bytes of memory that the server ever held.
    pub fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, which: &str) -> u64 {
        let pid = self.lock().as_ref().expect("the server runs").child.id();
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(which))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.kill9();
    }
}

impl Guard {
    fn over(pid: u32, folder: &Path) -> Self {
        let script = "read -r _; kill -9 \"$1\" 2>/dev/null; sleep 0.2; rm -rf \"$2\"";
        let mut process = Command::new("sh")
            .args(["-c", script, "sh", &pid.to_string()])
            .arg(folder)
            .stdin(Stdio::piped())
            // It outlives the tests by moments, and nobody waits for what it says.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pipe = process.stdin.take().unwrap();
        Self {
            process,
            _pipe: pipe,
        }
    }

    fn dismiss(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// The binary on a data folder, with nothing else from the environment of the tests.
pub fn command(data: &Path, base: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(arguments).env_clear();
    command
        .env("VESALIUS_DATA", data)
        .env("VESALIUS_BASE", base)
        .env("VESALIUS_LOG__FILTER", "info");
    command.current_dir(data.parent().unwrap());
    command
}

/// A port that nobody else of these tests gets.
pub fn free_port() -> u16 {
    static TAKEN: Mutex<Vec<u16>> = Mutex::new(Vec::new());
    let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
    let width = PORTS.end - PORTS.start;
    let first = u16::try_from(std::process::id() % u32::from(width)).unwrap();
    for step in 0..width {
        let port = PORTS.start + (first + step * 7) % width;
        if !taken.contains(&port) && TcpListener::bind(("127.0.0.1", port)).is_ok() {
            taken.push(port);
            return port;
        }
    }
    panic!("no port is free")
}

/// The end of a log, for messages.
fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}
