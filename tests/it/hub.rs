//! Does a subscriber hear of every change (`WebSub`)? A real one, that is asked whether it meant it, fails, ends and renews.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use vesalius::rdf::Format;

use crate::support::receivers::hub_signature;
use crate::support::stand_in::{Asked, Remembered, StandIn, Told};
use crate::support::{Answer, TestServer, dataset, http, rdf};

/// What does not happen by then does not happen.
const WAIT_MAX: Duration = Duration::from_secs(60);
/// Changes that are made at most until one of them is not told any more.
const PROBES_MAX: usize = 60;
const SECRET: &str = "between the two of us";

#[derive(Clone, Debug)]
struct Delivery {
    media_type: String,
    link: String,
    signature: String,
    body: String,
}

#[derive(Debug, Default)]
struct Held {
    /// The questions of the hub, as their pairs.
    questions: Vec<Vec<(String, String)>>,
    deliveries: Vec<Delivery>,
    /// What is answered to deliveries, then 204 for ever.
    statuses: VecDeque<u16>,
    refuses: bool,
}

/// Somebody who wants to be told.
struct Subscriber {
    held: Remembered<Held>,
    door: StandIn,
}

impl Subscriber {
    fn new() -> Self {
        let (held, door) = Remembered::serve(Held::answer, |_| false);
        Self { held, door }
    }

    fn wish(&self, server: &TestServer, mode: &str, topic: &str, lease: u32) -> Answer {
        let form = [
            ("hub.mode", mode),
            ("hub.callback", &format!("{}/told?me=1", self.door.base)),
            ("hub.topic", &server.iri(topic)),
            ("hub.lease_seconds", &lease.to_string()),
            ("hub.secret", SECRET),
        ];
        let pairs = form.map(|(name, value)| format!("{name}={}", http::encode(value)));
        let nobody = server.nobody();
        nobody.post("/hub", "application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// Waits until so many deliveries have come that tell of a title.
    fn wait_for(&self, title: &str, number: usize) -> Vec<Delivery> {
        self.held.wait(|held| {
            let told = held.telling(title);
            (told.len() >= number).then_some(told)
        })
    }

    /// Waits until the hub has asked so often.
    fn wait_for_question(&self, number: usize) -> Vec<(String, String)> {
        self.held
            .wait(|held| held.questions.get(number - 1).cloned())
    }

    fn hears(&self, title: &str) -> bool {
        self.with(|held| !held.telling(title).is_empty())
    }

    fn with<T>(&self, work: impl FnOnce(&mut Held) -> T) -> T {
        self.held.with(work)
    }
}

impl Held {
    fn answer(&mut self, asked: &Asked) -> Told {
        if asked.method == "POST" {
            self.deliveries.push(Delivery {
                media_type: asked.header("content-type").to_owned(),
                link: asked.header("link").to_owned(),
                signature: asked.header("x-hub-signature").to_owned(),
                body: String::from_utf8(asked.body.clone()).unwrap(),
            });
            let status = self.statuses.pop_front().unwrap_or(204);
            return Told(status, "text/plain", String::new());
        }
        let query = asked.path.split_once('?').unwrap().1;
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned();
        let pairs: Vec<(String, String)> = pairs.collect();
        let challenge = value(&pairs, "hub.challenge").to_owned();
        self.questions.push(pairs);
        if self.refuses {
            return Told(404, "text/plain", challenge);
        }
        Told(200, "text/plain", challenge)
    }

    fn telling(&self, title: &str) -> Vec<Delivery> {
        let tells = |one: &&Delivery| one.body.contains(title);
        self.deliveries.iter().filter(tells).cloned().collect()
    }
}

fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    let found = pairs.iter().find(|(own, _)| own == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// A server with a hub that everybody may ask, and whose times are short.
fn server() -> (TestServer, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vesalius.toml");
    let settings = "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n\
         [feeds]\nhub_open = true\nlease_seconds_min = 1\nretry_seconds = 1\n";
    std::fs::write(&file, settings).unwrap();
    let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
    (server.with_catalogue("told"), folder)
}

/// Publishes a dataset with a title.
fn publish(server: &TestServer, slug: &str, title: &str) {
    let path = format!("/dataset/{slug}?state=published");
    let text = dataset(&server.base, slug, &server.iri("/catalog/told"), title);
    server.steward().write(&path, text);
}

/// Publishes until a subscriber hears of it: from then on its subscription stands.
fn publish_until_heard(server: &TestServer, subscriber: &Subscriber, word: &str) {
    for probe in 0..PROBES_MAX {
        publish(server, "probe", &format!("{word} {probe}"));
        let until = Instant::now() + Duration::from_millis(500);
        while Instant::now() < until {
            if subscriber.hears(word) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    panic!("the subscriber hears of nothing");
}

/// Publishes until a witness hears of a change and of the next, and the other has not heard of the first.
fn publish_until_unheard(
    server: &TestServer,
    other: &Subscriber,
    witness: &Subscriber,
    word: &str,
) {
    for probe in 0..PROBES_MAX {
        let title = |which: &str| format!("{word} {probe} {which}.");
        for which in ["first", "second"] {
            publish(server, "probe", &title(which));
            witness.wait_for(&title(which), 1);
        }
        if !other.hears(&title("first")) {
            return;
        }
    }
    panic!("the subscriber still hears of everything");
}

#[test]
fn a_subscriber_that_meant_it_is_told_of_every_change() {
    let (server, _folder) = server();
    let (reader, stranger) = (Subscriber::new(), Subscriber::new());
    stranger.with(|held| held.refuses = true);
    for one in [&stranger, &reader] {
        one.wish(&server, "subscribe", "/ldes", 600).is(202);
    }
    let question = reader.wait_for_question(1);
    assert_eq!(value(&question, "hub.mode"), "subscribe");
    assert_eq!(value(&question, "hub.topic"), server.iri("/ldes"));
    assert_eq!(value(&question, "hub.lease_seconds"), "600");
    assert_eq!(
        value(&question, "me"),
        "1",
        "the callback's own query stays"
    );
    assert!(value(&question, "hub.challenge").len() >= 32);
    publish_until_heard(&server, &reader, "Begin");
    // What fails is sent again, as it was.
    reader.with(|held| held.statuses = [500, 503].into());
    publish(&server, "lungs", "Lungs of the test");
    let told = reader.wait_for("Lungs of the test", 3);
    for delivery in &told {
        assert!(
            delivery.media_type.starts_with("application/trig"),
            "{delivery:?}"
        );
        let links = [
            format!("<{}>; rel=\"hub\"", server.iri("/hub")),
            format!("<{}>; rel=\"self\"", server.iri("/ldes")),
        ];
        assert!(
            links.iter().all(|link| delivery.link.contains(link)),
            "{}",
            delivery.link
        );
        assert_eq!(delivery.signature, hub_signature(SECRET, &delivery.body));
        let triples = rdf::parse(delivery.body.as_bytes(), Format::TriG, &server.base);
        assert!(!triples.is_empty());
    }
    assert_eq!(told[0].body, told[2].body);
    // Nothing is skipped while a subscriber is away.
    reader.with(|held| held.statuses = [500, 500].into());
    for at in 0..5 {
        publish(&server, &format!("many{at}"), &format!("One of many {at}."));
    }
    for at in 0..5 {
        reader.wait_for(&format!("One of many {at}."), 1);
    }
    assert!(!stranger.hears(""), "who did not confirm is told nothing");
    assert_eq!(stranger.with(|held| held.questions.len()), 1);
}

#[test]
fn a_subscription_ends_when_its_time_is_over_and_when_it_is_given_up() {
    let (server, _folder) = server();
    let (witness, other) = (Subscriber::new(), Subscriber::new());
    for one in [&witness, &other] {
        one.wish(&server, "subscribe", "/changes.atom", 600).is(202);
        publish_until_heard(&server, one, "Begin");
    }
    let atom = witness.wait_for("Begin", 1);
    assert!(atom[0].media_type.starts_with("application/atom+xml"));
    // Whoever is asked and does not confirm stays subscribed.
    other.with(|held| held.refuses = true);
    other
        .wish(&server, "unsubscribe", "/changes.atom", 600)
        .is(202);
    let question = other.wait_for_question(2);
    assert_eq!(value(&question, "hub.mode"), "unsubscribe");
    assert_eq!(value(&question, "hub.lease_seconds"), "");
    publish(&server, "still", "Still here.");
    other.wait_for("Still here.", 1);
    other.with(|held| held.refuses = false);
    other
        .wish(&server, "unsubscribe", "/changes.atom", 600)
        .is(202);
    publish_until_unheard(&server, &other, &witness, "Given up");
    // A short one ends by itself, and can be renewed.
    other.wish(&server, "subscribe", "/changes.atom", 1).is(202);
    other.wait_for_question(4);
    publish_until_unheard(&server, &other, &witness, "Over");
    other
        .wish(&server, "subscribe", "/changes.atom", 600)
        .is(202);
    publish_until_heard(&server, &other, "Again");
    // Who says that it has gone is troubled no more.
    other.with(|held| held.statuses = [410].into());
    publish(&server, "gone", "For nobody.");
    other.wait_for("For nobody.", 1);
    publish_until_unheard(&server, &other, &witness, "Gone");
    // A subscription outlives the server.
    server.kill9();
    server.restart();
    publish(&server, "after", "After the end.");
    witness.wait_for("After the end.", 1);
}

#[test]
fn a_callback_inside_the_network_is_never_asked() {
    let server = TestServer::with(&[("FEEDS__HUB_OPEN", "true")]).with_catalogue("told");
    let inside = Subscriber::new();
    inside.wish(&server, "subscribe", "/ldes", 600).is(202);
    let until = Instant::now() + WAIT_MAX;
    while !server.log().contains("is not a public address") {
        assert!(Instant::now() < until, "{}", server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(inside.with(|held| held.questions.len()), 0);
    let closed = TestServer::start();
    inside.wish(&closed, "subscribe", "/ldes", 600).problem(401);
}
