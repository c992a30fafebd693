//! How does a test play another server? A real socket that answers as a function says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What does not happen by then does not happen.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// A server of the test on 127.0.0.1.
pub struct StandIn {
    pub base: String,
    address: std::net::SocketAddr,
    ends: Arc<AtomicBool>,
}

/// What was asked.
pub struct Asked {
    pub method: String,
    pub path: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// What is answered: status, media type, body.
pub struct Told(pub u16, pub &'static str, pub String);

/// What a stand-in remembers. Whoever waits for something in it is woken by each request.
pub struct Remembered<T>(Arc<(Mutex<T>, Condvar)>);

impl<T: Default + std::fmt::Debug + Send + 'static> Remembered<T> {
    /// A server that remembers; `answer` looks, and may wait on what it is given.
    pub fn serve(
        answer: impl Fn(&mut T, &Asked) -> Told + Send + Sync + 'static,
        is_silent: impl Fn(&T) -> bool + Send + Sync + 'static,
    ) -> (Self, StandIn) {
        let remembered = Arc::new((Mutex::new(T::default()), Condvar::new()));
        let own = Arc::clone(&remembered);
        let door = StandIn::start(move |_, asked| {
            let (held, bell) = &*own;
            let mut held = held.lock().unwrap();
            let told = answer(&mut held, asked);
            bell.notify_all();
            // Until the one who asked has gone.
            while is_silent(&held) {
                held = bell.wait(held).unwrap();
            }
            told
        });
        (Self(remembered), door)
    }

    /// Looks at it, or changes it.
    pub fn with<R>(&self, work: impl FnOnce(&mut T) -> R) -> R {
        let (held, bell) = &*self.0;
        let result = work(&mut held.lock().unwrap());
        bell.notify_all();
        result
    }

    /// Waits until it is as wished.
    pub fn wait<R>(&self, is_so: impl Fn(&T) -> Option<R>) -> R {
        let (held, bell) = &*self.0;
        let until = Instant::now() + WAIT_MAX;
        let mut held = held.lock().unwrap();
        loop {
            if let Some(found) = is_so(&held) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{held:#?}");
            held = bell.wait_timeout(held, left).unwrap().0;
        }
    }
}

impl Asked {
    pub fn header(&self, name: &str) -> &str {
        let named = |(found, _): &&(String, String)| found.eq_ignore_ascii_case(name);
        self.headers
            .iter()
            .find(named)
            .map_or("", |(_, value)| value.as_str())
    }
}

impl StandIn {
    /// Starts to answer; the function is given the base and the request.
    pub fn start(answer: impl Fn(&str, &Asked) -> Told + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let base = format!("http://{address}");
        let ends = Arc::new(AtomicBool::new(false));
        let (answer, stop, own) = (Arc::new(answer), Arc::clone(&ends), base.clone());
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                let (answer, own) = (Arc::clone(&answer), own.clone());
                thread::spawn(move || serve(stream, &own, &*answer));
            }
        });
        Self {
            base,
            address,
            ends,
        }
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // Wakes the listener, which then ends.
        drop(TcpStream::connect(self.address));
    }
}

/// Answers one request, and closes.
fn serve(stream: TcpStream, base: &str, answer: &dyn Fn(&str, &Asked) -> Told) {
    let patience = Some(Duration::from_secs(30));
    stream.set_read_timeout(patience).unwrap();
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).unwrap_or(0) == 0 {
        return;
    }
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, path) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    let mut asked = Asked {
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length: u64 = asked.header("content-length").parse().unwrap_or(0);
    let _ = reader.by_ref().take(length).read_to_end(&mut asked.body);
    let Told(status, media_type, text) = answer(base, &asked);
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        text.len()
    );
    let stream = reader.get_mut();
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(text.as_bytes());
}
