//! Who receives what the server sends? A web server that answers as it is told, and a mail server that keeps letters.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What does not come by then does not come.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// What has come so far; whoever waits is woken.
struct Inbox<T> {
    come: Mutex<Vec<T>>,
    bell: Condvar,
}

impl<T: Clone> Inbox<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            come: Mutex::new(Vec::new()),
            bell: Condvar::new(),
        })
    }

    fn put(&self, one: T) {
        self.come.lock().unwrap().push(one);
        self.bell.notify_all();
    }

    /// Waits until so many have come that are meant.
    fn wait(&self, number: usize, is_meant: impl Fn(&T) -> bool) -> Vec<T> {
        let until = Instant::now() + WAIT_MAX;
        let mut come = self.come.lock().unwrap();
        loop {
            let meant: Vec<T> = come.iter().filter(|one| is_meant(one)).cloned().collect();
            if meant.len() >= number {
                return meant;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{} of {number} came", meant.len());
            come = self.bell.wait_timeout(come, left).unwrap().0;
        }
    }
}

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("no {name} in {self:?}")).1
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A web server that keeps requests and answers with the statuses it is given, then with the last one for ever.
pub struct Receiver {
    pub url: String,
    inbox: Arc<Inbox<Received>>,
}

impl Receiver {
    pub fn answering(statuses: &[u16]) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").unwrap(), statuses)
    }

    pub fn on(listener: TcpListener, statuses: &[u16]) -> Self {
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let inbox = Inbox::new();
        let (kept, statuses) = (Arc::clone(&inbox), statuses.to_vec());
        std::thread::spawn(move || {
            let mut statuses = statuses.into_iter();
            let mut status = statuses.next().unwrap_or(200);
            for stream in listener.incoming().map_while(Result::ok) {
                if let Some(received) = request(&stream) {
                    let answer = format!(
                        "HTTP/1.1 {status} Told\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                    );
                    let _ = (&stream).write_all(answer.as_bytes());
                    kept.put(received);
                    status = statuses.next().unwrap_or(status);
                }
            }
        });
        Self { url, inbox }
    }

    /// Waits until so many requests have come whose body holds a text.
    pub fn wait(&self, number: usize, text: &str) -> Vec<Received> {
        self.inbox.wait(number, |one| one.body.contains(text))
    }
}

fn request(stream: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        headers,
        body: String::from_utf8(body).unwrap(),
    })
}

/// A letter as Python's mail parser, which is not ours, reads it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    /// Headers in lower case, and `text`.
    pub parts: Value,
}

/// A mail server that takes every letter, except those to addresses that begin with «refused».
pub struct MailServer {
    pub port: u16,
    inbox: Arc<Inbox<Letter>>,
}

impl MailServer {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let inbox = Inbox::new();
        let kept = Arc::clone(&inbox);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || talk(&stream, &kept));
            }
        });
        Self { port, inbox }
    }

    /// Waits until so many letters have come to somebody.
    pub fn wait(&self, number: usize, to: &str) -> Vec<Letter> {
        self.inbox.wait(number, |letter| letter.to.contains(to))
    }

    /// How many letters have come to somebody.
    pub fn count(&self, to: &str) -> usize {
        let come = self.inbox.come.lock().unwrap();
        come.iter().filter(|letter| letter.to.contains(to)).count()
    }
}

/// The server's side of RFC 5321, as far as it is needed.
fn talk(stream: &TcpStream, inbox: &Inbox<Letter>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let say = |line: &str| {
        let mut stream = stream;
        stream.write_all(format!("{line}\r\n").as_bytes()).ok()
    };
    say("220 sink")?;
    let mut to = String::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let command = line.trim_end().to_owned();
        match command
            .get(..4)
            .unwrap_or_default()
            .to_ascii_uppercase()
            .as_str()
        {
            "EHLO" => say("250-sink\r\n250 8BITMIME")?,
            "RCPT" if command.contains("<refused") => say("550 no such person")?,
            "RCPT" => {
                to.clone_from(&command);
                say("250 yes")?;
            }
            "DATA" => {
                say("354 go on")?;
                let mut text = String::new();
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
                    if line == ".\r\n" {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                }
                say("250 taken")?;
                inbox.put(Letter {
                    to: to.clone(),
                    parts: parsed(&text),
                });
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 yes")?,
        }
    }
}

fn parsed(letter: &str) -> Value {
    const PARSE: &str = "import email, email.policy, json, sys\n\
        m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)\n\
        d = {k.lower(): str(v) for k, v in m.items()}\n\
        d['text'] = m.get_content()\n\
        print(json.dumps(d))";
    serde_json::from_str(&python(PARSE, &[], letter)).unwrap()
}

/// The signature of a message as Python's HMAC, which is not ours, makes it.
pub fn signature(secret: &str, received: &Received) -> String {
    let text = format!(
        "{}.{}.{}",
        received.header("webhook-id"),
        received.header("webhook-timestamp"),
        received.body
    );
    signed(secret, &text)
}

/// The same of the text that is signed.
pub fn signed(secret: &str, text: &str) -> String {
    const SIGN: &str = "import base64, hashlib, hmac, sys\n\
        secret = base64.b64decode(sys.argv[1].removeprefix('whsec_'))\n\
        made = hmac.new(secret, sys.stdin.buffer.read(), hashlib.sha256).digest()\n\
        print('v1,' + base64.b64encode(made).decode())";
    python(SIGN, &[secret], text).trim().to_owned()
}

/// The signature of a body as a hub of `WebSub` makes it, by Python's HMAC.
pub fn hub_signature(secret: &str, body: &str) -> String {
    const SIGN: &str = "import hashlib, hmac, sys\n\
        made = hmac.new(sys.argv[1].encode(), sys.stdin.buffer.read(), hashlib.sha256)\n\
        print('sha256=' + made.hexdigest())";
    python(SIGN, &[secret], body).trim().to_owned()
}

fn python(program: &str, arguments: &[&str], input: &str) -> String {
    let mut process = Command::new("python3")
        .args(["-c", program])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
