//! Who is told of what, in which way, and does it arrive? People in their area and by mail, programs by webhooks.

use std::net::TcpListener;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::provider::{Browser, Provider, atlas_with_provider};
use crate::support::receivers::{MailServer, Receiver, signature};
use crate::support::{Answer, TestServer, catalogue, dataset};

const EDITORS: &str = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu";

const RULES: &str = r#"
[[sign_in.rules]]
role = "provider"
catalogues = ["{base}/catalog/theirs"]
entitlement = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu"
[[sign_in.rules]]
role = "steward"
group = "stewards"
[[sign_in.rules]]
role = "operator"
group = "operators"
[notify]
retry_seconds = 1
[mail]
host = "127.0.0.1"
port = MAIL_PORT
tls = "none"
from = "The Atlas <atlas@example.org>"
pause_seconds = 0
digest_hour = 0
"#;

/// What does not happen by then does not happen.
const WAIT_MAX: Duration = Duration::from_secs(60);

struct Stage {
    server: TestServer,
    provider: Provider,
    mail: MailServer,
    _folder: tempfile::TempDir,
}

/// An Atlas with the catalogues `theirs` and `other`, its identity provider and its mail server.
fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    STAGE.get_or_init(new_stage).as_ref()
}

fn new_stage() -> Option<Stage> {
    let mail = MailServer::start();
    let rules = RULES.replace("MAIL_PORT", &mail.port.to_string());
    let (server, provider, folder) = atlas_with_provider(&rules)?;
    for slug in ["theirs", "other"] {
        let path = format!("/catalog/{slug}");
        let text = catalogue(&server.base, slug, "A catalogue of the tests");
        server.steward().write(&path, text);
        server.steward().publish(&path);
    }
    Some(Stage {
        server,
        provider,
        mail,
        _folder: folder,
    })
}

fn editor(name: &str) -> Value {
    json!({"sub": name, "name": name, "email": format!("{name}@example.org"), "eduperson_entitlement": [EDITORS]})
}

impl Stage {
    fn url(&self, path: &str) -> String {
        self.server.iri(path)
    }

    fn text(&self, slug: &str, catalogue: &str, title: &str) -> String {
        let catalogue = self.server.iri(&format!("/catalog/{catalogue}"));
        dataset(&self.server.base, slug, &catalogue, title)
    }

    /// Writes a draft from a page with the session of a browser.
    fn write(&self, browser: &mut Browser, slug: &str, title: &str) -> Answer {
        let headers = [
            ("Content-Type", "text/turtle"),
            ("Origin", self.server.base.as_str()),
        ];
        let url = self.url(&format!("/dataset/{slug}"));
        browser.send("PUT", &url, &headers, &self.text(slug, "theirs", title))
    }

    /// What somebody was told.
    fn told(&self, browser: &mut Browser) -> Value {
        let url = self.url("/my/notifications?format=json");
        browser.get(&url).is(200).json()
    }

    /// Waits until somebody was told of an event of a record.
    fn wait(&self, browser: &mut Browser, event: &str, slug: &str) -> Value {
        let until = Instant::now() + WAIT_MAX;
        loop {
            let told = self.told(browser);
            if let Some(found) = find(&told, event, slug) {
                return found;
            }
            assert!(Instant::now() < until, "{event} {slug} is not in {told:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until the log of somebody's only webhook is as wished.
    fn log(&self, browser: &mut Browser, is_so: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + WAIT_MAX;
        loop {
            let hooks = self.webhooks(browser);
            if is_so(&hooks[0]) {
                return hooks[0].clone();
            }
            assert!(Instant::now() < until, "{hooks:#}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn webhooks(&self, browser: &mut Browser) -> Value {
        let url = self.url("/my/webhooks?format=json");
        browser.get(&url).is(200).json()["webhooks"].clone()
    }

    /// Adds a webhook: its name and its secret.
    fn hook(&self, browser: &mut Browser, url: &str, more: &str) -> (String, String) {
        let form = format!("url={}{more}", crate::support::http::encode(url));
        let made = browser
            .post(&self.url("/my/webhooks"), &form)
            .is(201)
            .json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("secret"))
    }
}

fn find(told: &Value, event: &str, slug: &str) -> Option<Value> {
    let all = told["notifications"].as_array().unwrap();
    let is_it = |one: &&Value| {
        one["event"] == event
            && one["record"]
                .as_str()
                .unwrap()
                .ends_with(&format!("/{slug}"))
    };
    all.iter().find(is_it).cloned()
}

#[test]
fn a_person_is_told_once_what_others_do_with_their_records() {
    let Some(stage) = new_stage() else { return };
    let mut ada = stage.provider.sign_in(&editor("ada"));
    stage.write(&mut ada, "kidney", "Kidney collection").is(201);
    stage.server.steward().publish("/dataset/kidney");
    let notice = stage.wait(&mut ada, "published", "kidney");
    assert_eq!(notice["because"], "own");
    assert_eq!(notice["what"], "Published: «Kidney collection»");
    let told = stage.told(&mut ada);
    assert!(
        find(&told, "created", "kidney").is_none(),
        "what one does oneself is no news: {told}"
    );
    assert_eq!(told["unread"], 1);
    let german = stage.url("/my/notifications?lang=de");
    let page = ada.get(&german).is(200).text();
    assert!(
        page.contains("Veröffentlicht: «Kidney collection»"),
        "{page}"
    );
    let id = notice["id"].as_i64().unwrap();
    let read = stage.url("/my/notifications/read");
    ada.post(&read, &format!("id={id}")).is(204);
    assert_eq!(stage.told(&mut ada)["unread"], 0);
    ada.post(&read, &format!("id={id}&read=no")).is(204);
    assert_eq!(stage.told(&mut ada)["unread"], 1);
    ada.post(&read, "id=999999").is(400);
    // Nothing is told again after the server was killed.
    stage.server.kill9();
    stage.server.restart();
    stage.server.steward().withdraw("/dataset/kidney");
    stage.wait(&mut ada, "withdrawn", "kidney");
    let told = stage.told(&mut ada);
    assert_eq!(
        told["notifications"].as_array().unwrap().len(),
        2,
        "{told:#}"
    );
    ada.post(&read, &format!("up_to={}", told["notifications"][0]["id"]))
        .is(204);
    assert_eq!(stage.told(&mut ada)["unread"], 0);
}

#[test]
fn drafts_are_told_to_those_who_may_see_them_only() {
    let Some(stage) = stage() else { return };
    let mut grace = stage.provider.sign_in(&editor("grace"));
    let mut rita = stage
        .provider
        .sign_in(&json!({"sub": "rita", "name": "Rita"}));
    let mut head = stage
        .provider
        .sign_in(&json!({"sub": "head", "groups": ["stewards"]}));
    let follow = stage.url("/my/subscriptions");
    let theirs = crate::support::http::encode(&stage.url("/catalog/theirs"));
    for browser in [&mut grace, &mut rita, &mut head] {
        browser.post(&follow, "topic=organisation").is(204);
        browser
            .post(&follow, &format!("topic=catalogue&value={theirs}"))
            .is(204);
    }
    let mut ada = stage.provider.sign_in(&editor("ada-of-drafts"));
    stage
        .write(&mut ada, "secret-draft", "Secret draft")
        .is(201);
    assert_eq!(
        stage.wait(&mut grace, "created", "secret-draft")["because"],
        "organisation"
    );
    stage.wait(&mut head, "created", "secret-draft");
    stage.server.steward().publish("/dataset/secret-draft");
    // Whoever may not see drafts hears of the publication, and of nothing before it.
    let notice = stage.wait(&mut rita, "published", "secret-draft");
    assert_eq!(notice["because"], "catalogue");
    assert!(find(&stage.told(&mut rita), "created", "secret-draft").is_none());
    // A role that is lost takes what was told of drafts with it.
    let mut after = stage.provider.sign_in(&json!({"sub": "grace"}));
    let told = stage.told(&mut after);
    assert!(find(&told, "created", "secret-draft").is_none(), "{told:#}");
    assert!(
        find(&told, "published", "secret-draft").is_some(),
        "{told:#}"
    );
}

#[test]
fn a_saved_search_tells_of_new_records_that_it_finds() {
    let Some(stage) = stage() else { return };
    let mut rita = stage.provider.sign_in(&json!({"sub": "rita-searches"}));
    let follow = stage.url("/my/subscriptions");
    let whole = crate::support::http::encode(&stage.url("/search?q=zebrafish"));
    rita.post(&follow, &format!("topic=search&value={whole}"))
        .is(204);
    rita.post(&follow, "topic=search&value=").is(400);
    rita.post(&follow, "topic=public").is(400);
    let steward = stage.server.steward();
    for (slug, title) in [("zebra-no", "Horses"), ("zebra-yes", "Zebrafish embryos")] {
        let path = format!("/dataset/{slug}");
        steward.write(&path, stage.text(slug, "other", title));
        steward.publish(&path);
    }
    let notice = stage.wait(&mut rita, "published", "zebra-yes");
    assert_eq!(notice["because"], "search");
    assert!(find(&stage.told(&mut rita), "published", "zebra-no").is_none());
    let settings = stage.url("/my/settings?format=json");
    let settings = rita.get(&settings).is(200).json();
    assert_eq!(settings["subscriptions"][0]["value"], "q=zebrafish");
    let id = settings["subscriptions"][0]["id"].as_str().unwrap();
    let end = stage.url("/my/subscriptions/end");
    rita.post(&end, &format!("id={id}")).is(204);
    rita.post(&end, &format!("id={id}")).is(400);
}

#[test]
fn a_webhook_gets_what_its_owner_may_know_until_it_takes_it() {
    let Some(stage) = stage() else { return };
    let receiver = Receiver::answering(&[500, 200]);
    let mut ada = stage.provider.sign_in(&editor("ada-of-hooks"));
    let (id, secret) = stage.hook(&mut ada, &receiver.url, "&topic=own&kind=published");
    stage.write(&mut ada, "hooked", "Hooked").is(201);
    stage.server.steward().publish("/dataset/hooked");
    let received = receiver.wait(2, "record.published");
    let (first, second) = (&received[0], &received[1]);
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    assert_eq!(first.body, second.body);
    for one in &received {
        assert_eq!(one.header("webhook-signature"), signature(&secret, one));
        assert_eq!(one.header("content-type"), "application/json");
    }
    let data = &second.json()["data"];
    assert_eq!(data["record"], stage.url("/dataset/hooked"));
    assert_eq!(data["title"], "Hooked");
    let log = stage.log(&mut ada, |hook| hook["deliveries"][0]["status"] == 200);
    assert_eq!(log["deliveries"][0]["attempts"], 2, "{log:#}");
    assert_eq!(log["failingSince"], Value::Null);
    assert!(
        !log.to_string().contains("whsec_"),
        "a secret is shown once"
    );
    // Replayed: the same message once more, and after a rotation both secrets sign it.
    let delivery = log["deliveries"][0]["delivery"].as_i64().unwrap();
    let rotate = stage.url("/my/webhooks/rotate");
    let rotated = ada.post(&rotate, &format!("id={id}")).is(201).json();
    let new = rotated["secret"].as_str().unwrap();
    assert_ne!(new, secret);
    let replay = stage.url("/my/webhooks/replay");
    ada.post(&replay, &format!("delivery={delivery}")).is(204);
    let third = receiver.wait(3, "record.published").remove(2);
    assert_eq!(third.header("webhook-id"), first.header("webhook-id"));
    let both = format!("{} {}", signature(new, &third), signature(&secret, &third));
    assert_eq!(third.header("webhook-signature"), both);
    ada.post(&stage.url("/my/webhooks/trial"), &format!("id={id}"))
        .is(204);
    receiver.wait(1, "webhook.trial");
    // Nobody else sees it, changes it, or is told by it.
    let mut eve = stage.provider.sign_in(&editor("eve"));
    assert_eq!(stage.webhooks(&mut eve), json!([]));
    for action in ["rotate", "trial", "remove", "enable"] {
        let url = stage.url(&format!("/my/webhooks/{action}"));
        eve.post(&url, &format!("id={id}")).is(400);
    }
    eve.post(&replay, &format!("delivery={delivery}")).is(400);
    ada.post(&stage.url("/my/webhooks/remove"), &format!("id={id}"))
        .is(204);
    assert_eq!(stage.webhooks(&mut ada), json!([]));
}

#[test]
fn what_is_done_to_a_webhook_stands_in_the_audit() {
    let Some(stage) = stage() else { return };
    let receiver = Receiver::answering(&[200]);
    let mut ada = stage.provider.sign_in(&editor("ada-of-audits"));
    let whole = format!("{}/a-secret-path", receiver.url);
    let (id, secret) = stage.hook(&mut ada, &whole, "&topic=own&kind=published");
    stage.write(&mut ada, "audited-hook", "Audited").is(201);
    stage.server.steward().publish("/dataset/audited-hook");
    receiver.wait(1, "record.published");
    let log = stage.log(&mut ada, |hook| hook["deliveries"][0]["status"] == 200);
    let delivery = log["deliveries"][0]["delivery"].as_i64().unwrap();
    let replay = stage.url("/my/webhooks/replay");
    ada.post(&replay, &format!("delivery={delivery}")).is(204);
    receiver.wait(2, "record.published");
    for action in ["rotate", "enable", "remove"] {
        let url = stage.url(&format!("/my/webhooks/{action}"));
        ada.post(&url, &format!("id={id}"));
    }
    // What was not done leaves nothing.
    ada.post(&replay, &format!("delivery={delivery}")).is(400);
    let output = stage.server.cli(&["audit", "export"]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let own: Vec<Value> = events.filter(|event| event["subject"] == id).collect();
    let deeds: Vec<&str> = own
        .iter()
        .map(|event| event["deed"].as_str().unwrap())
        .collect();
    let expected = [
        "webhook-made",
        "webhook-replayed",
        "webhook-secret-changed",
        "webhook-enabled",
        "webhook-removed",
    ];
    assert_eq!(deeds, expected);
    assert_eq!(own[0]["detail"]["kinds"], json!(["published"]));
    assert_eq!(own[1]["detail"]["delivery"], delivery);
    let actors: Vec<&Value> = own.iter().map(|event| &event["actor"]).collect();
    assert!(actors.iter().all(|actor| *actor == actors[0]), "{own:#?}");
    let said = format!("{own:?}");
    assert!(
        !said.contains("a-secret-path") && !said.contains(&secret) && !said.contains("ada-of"),
        "{said}"
    );
}

#[test]
fn who_reviews_is_told_of_each_step_once() {
    let Some(stage) = stage() else { return };
    let mut ada = stage.provider.sign_in(&editor("ada-of-steps"));
    let mut head = stage
        .provider
        .sign_in(&json!({"sub": "head-of-steps", "groups": ["stewards"]}));
    // Whoever follows the catalogue besides is told no second time.
    let theirs = crate::support::http::encode(&stage.url("/catalog/theirs"));
    let follow = stage.url("/my/subscriptions");
    head.post(&follow, &format!("topic=catalogue&value={theirs}"))
        .is(204);
    stage.write(&mut ada, "stepped", "Stepped").is(201);
    let step = |browser: &mut Browser, body: &Value| {
        let headers = [
            ("Content-Type", "application/json"),
            ("Origin", stage.server.base.as_str()),
        ];
        let url = stage.url("/dataset/stepped/review");
        browser
            .send("POST", &url, &headers, &body.to_string())
            .is(200);
    };
    let count = |browser: &mut Browser, event: &str| {
        let told = stage.told(browser);
        let all = told["notifications"].as_array().unwrap();
        let is_it = |one: &&Value| {
            let record = one["record"].as_str().unwrap();
            one["event"] == event && record.ends_with("/stepped")
        };
        all.iter().filter(is_it).count()
    };
    step(&mut ada, &json!({ "step": "submit" }));
    stage.wait(&mut head, "submitted", "stepped");
    let asks = json!({ "step": "request-changes", "text": "say more" });
    step(&mut head, &asks);
    stage.wait(&mut ada, "changes-requested", "stepped");
    step(&mut ada, &json!({ "step": "submit" }));
    step(&mut head, &json!({ "step": "approve" }));
    stage.wait(&mut ada, "approved", "stepped");
    // The ledger is followed in order: what came before the last is told.
    step(&mut head, &json!({ "step": "publish" }));
    stage.wait(&mut ada, "published", "stepped");
    assert_eq!(
        count(&mut head, "submitted"),
        2,
        "handed in twice, told twice"
    );
    for event in ["changes-requested", "approved", "published"] {
        assert_eq!(count(&mut ada, event), 1, "{event}");
    }
    assert_eq!(
        count(&mut ada, "submitted"),
        0,
        "what one does oneself is no news"
    );
}

#[test]
fn what_a_webhook_misses_waits_through_a_restart() {
    let Some(stage) = new_stage() else { return };
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    drop(free);
    let mut ada = stage.provider.sign_in(&editor("ada"));
    let url = format!("http://127.0.0.1:{port}/hook");
    let (_, secret) = stage.hook(&mut ada, &url, "&topic=own");
    stage.write(&mut ada, "patient", "Patient").is(201);
    let tried = |hook: &Value| hook["deliveries"][0]["failure"] == "it could not be reached";
    let log = stage.log(&mut ada, tried);
    assert_ne!(log["failingSince"], Value::Null);
    stage.server.kill9();
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let receiver = Receiver::on(listener, &[200]);
    stage.server.restart();
    let received = receiver.wait(1, "record.created").remove(0);
    assert_eq!(
        received.header("webhook-signature"),
        signature(&secret, &received)
    );
    stage.log(&mut ada, |hook| hook["failingSince"] == Value::Null);
}

#[test]
fn a_webhook_reaches_no_private_address_and_a_reader_has_none() {
    let Some(stage) = stage() else { return };
    let mut ada = stage.provider.sign_in(&editor("ada-inside"));
    let hooks = stage.url("/my/webhooks");
    for refused in [
        "ftp://example.org/",
        "http://example.org/hook",
        "https://user:secret@example.org/",
        "nonsense",
        "",
    ] {
        let url = crate::support::http::encode(refused);
        ada.post(&hooks, &format!("url={url}&topic=own")).is(400);
    }
    ada.post(&hooks, "url=https://example.org/&kind=gossip")
        .is(400);
    let (id, _) = stage.hook(&mut ada, "https://10.1.2.3/hook", "");
    ada.post(&stage.url("/my/webhooks/trial"), &format!("id={id}"))
        .is(204);
    let refused = |hook: &Value| hook["deliveries"][0]["failure"] == "its host is not a public one";
    stage.log(&mut ada, refused);
    let mut rita = stage.provider.sign_in(&json!({"sub": "rita-reads"}));
    rita.post(&hooks, "url=https://example.org/").is(403);
}

#[test]
fn a_receiver_that_is_gone_is_not_asked_again() {
    let Some(stage) = stage() else { return };
    let receiver = Receiver::answering(&[410, 200]);
    let mut ada = stage.provider.sign_in(&editor("ada-gone"));
    let (id, _) = stage.hook(&mut ada, &receiver.url, "");
    let trial = stage.url("/my/webhooks/trial");
    ada.post(&trial, &format!("id={id}")).is(204);
    stage.log(&mut ada, |hook| hook["disabledAt"] != Value::Null);
    ada.post(&trial, &format!("id={id}")).is(204);
    ada.post(&stage.url("/my/webhooks/enable"), &format!("id={id}"))
        .is(204);
    receiver.wait(2, "webhook.trial");
    let log = stage.log(&mut ada, |hook| hook["deliveries"][0]["status"] == 200);
    assert_eq!(log["deliveries"][1]["status"], 410, "{log:#}");
}

#[test]
fn letters_come_in_the_persons_language_and_end_with_one_request() {
    let Some(stage) = stage() else { return };
    let mut ada = stage.provider.sign_in(&editor("ada-reads-mail"));
    let settings = stage.url("/my/settings");
    ada.post(
        &settings,
        "language=de&way=published:at-once&way=published:area",
    )
    .is(204);
    ada.post(&settings, "way=published:pigeon").is(400);
    stage
        .write(&mut ada, "letter", "Kidney\u{2003}letter")
        .is(201);
    stage.server.steward().publish("/dataset/letter");
    let letter = stage.mail.wait(1, "ada-reads-mail").remove(0).parts;
    let part = |name: &str| letter[name].as_str().unwrap().to_owned();
    assert!(
        part("subject").starts_with("Veröffentlicht: «Kidney letter» · "),
        "{letter:#}"
    );
    assert!(
        part("text").contains(&stage.url("/dataset/letter")),
        "{letter:#}"
    );
    assert_eq!(part("from"), "The Atlas <atlas@example.org>");
    assert_eq!(part("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    assert_eq!(part("auto-submitted"), "auto-generated");
    let link = part("list-unsubscribe");
    let link = link.trim_matches(['<', '>']);
    assert!(part("text").contains(link), "{letter:#}");
    // To look at the link changes nothing; a mail program ends letters without a session.
    let mut stranger = Browser::new();
    let page = stranger.get(link).is(200).text();
    assert!(page.contains("<form"), "{page}");
    let json = format!("{settings}?format=json");
    let ways = |browser: &mut Browser| browser.get(&json).is(200).json()["ways"].clone();
    assert_eq!(ways(&mut ada)["published"], json!(["area", "at-once"]));
    let forged = link.replace("mark=", "mark=A");
    let one_click = [("Content-Type", "application/x-www-form-urlencoded")];
    stranger
        .send("POST", &forged, &one_click, "List-Unsubscribe=One-Click")
        .is(400);
    stranger
        .send("POST", link, &one_click, "List-Unsubscribe=One-Click")
        .is(200);
    for (kind, ways) in ways(&mut ada).as_object().unwrap() {
        assert!(
            !ways.to_string().contains("at-once") && !ways.to_string().contains("daily"),
            "{kind} {ways}"
        );
    }
}

#[test]
fn a_daily_letter_gathers_and_a_refused_one_holds_nobody_up() {
    let Some(stage) = stage() else { return };
    let mut nobody = stage.provider.sign_in(&editor("refused"));
    let mut ada = stage.provider.sign_in(&editor("ada-daily"));
    let settings = stage.url("/my/settings");
    for browser in [&mut nobody, &mut ada] {
        browser
            .post(
                &settings,
                "way=published:daily&way=withdrawn:daily&way=withdrawn:area",
            )
            .is(204);
    }
    stage.write(&mut nobody, "refused-daily", "Refused").is(201);
    stage.write(&mut ada, "daily", "Daily").is(201);
    stage.server.steward().publish("/dataset/refused-daily");
    stage.server.steward().publish("/dataset/daily");
    let letter = stage.mail.wait(1, "ada-daily").remove(0).parts;
    assert!(
        letter["subject"].as_str().unwrap().contains("Daily"),
        "{letter:#}"
    );
    // The second of the same day waits for tomorrow.
    stage.server.steward().withdraw("/dataset/daily");
    stage.wait(&mut ada, "withdrawn", "daily");
    assert_eq!(stage.mail.count("ada-daily"), 1);
    assert_eq!(stage.mail.count("refused"), 0);
}

#[test]
fn the_area_shows_records_by_state_with_what_would_raise_them() {
    let Some(stage) = stage() else { return };
    let mut ada = stage.provider.sign_in(&editor("ada-at-home"));
    for slug in ["home-one", "home-two"] {
        stage.write(&mut ada, slug, slug).is(201);
    }
    stage.server.steward().publish("/dataset/home-two");
    stage.wait(&mut ada, "published", "home-two");
    let area = ada.get(&stage.url("/my?format=json")).is(200).json();
    assert_eq!(
        area["states"],
        json!({"draft": 1, "published": 1}),
        "{area:#}"
    );
    assert_eq!(area["records"].as_array().unwrap().len(), 2);
    for record in area["records"].as_array().unwrap() {
        assert!(record["points"].as_u64().unwrap() > 0, "{record:#}");
        assert!(
            !record["next"]["label"].as_str().unwrap().is_empty(),
            "{record:#}"
        );
    }
    assert_eq!(area["waiting"][0]["record"], stage.url("/dataset/home-one"));
    let drafts = ada
        .get(&stage.url("/my?format=json&state=draft"))
        .is(200)
        .json();
    assert_eq!(drafts["records"].as_array().unwrap().len(), 1, "{drafts:#}");
    let theirs = crate::support::http::encode(&stage.url("/catalog/theirs"));
    let inside = ada
        .get(&stage.url(&format!("/my?format=json&in={theirs}")))
        .is(200)
        .json();
    assert!(
        inside["records"].as_array().unwrap().len() >= 2,
        "{inside:#}"
    );
    let other = crate::support::http::encode(&stage.url("/catalog/other"));
    ada.get(&stage.url(&format!("/my?in={other}"))).is(400);
    let page = ada.get(&stage.url("/my?lang=fr")).is(200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let page = page.text();
    assert!(
        page.contains("home-one") && page.contains("Brouillon"),
        "{page}"
    );
    assert!(!page.contains("id=\"desk\"") && !page.contains("id=\"works\""));
    let mut head = stage
        .provider
        .sign_in(&json!({"sub": "head-at-home", "groups": ["stewards", "operators"]}));
    let page = head.get(&stage.url("/my")).is(200).text();
    assert!(
        page.contains("id=\"desk\"") && page.contains("id=\"works\""),
        "{page}"
    );
}

#[test]
fn an_area_is_its_persons_alone() {
    let Some(stage) = stage() else { return };
    let nobody = stage.server.nobody();
    for path in ["/my", "/my/notifications", "/my/settings", "/my/webhooks"] {
        nobody.get_as(path, "application/json").is(401);
        let away = nobody.get_as(path, "text/html").is(303);
        assert!(
            away.location().contains("/sign-in?return_to=%2Fmy"),
            "{away}"
        );
        stage
            .server
            .steward()
            .get_as(path, "application/json")
            .is(403);
    }
    let mut ada = stage.provider.sign_in(&editor("ada-alone"));
    // A page of somebody else changes nothing.
    let form = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", "https://evil.example"),
    ];
    for path in [
        "/my/settings",
        "/my/subscriptions",
        "/my/webhooks",
        "/my/notifications/read",
    ] {
        ada.send("POST", &stage.url(path), &form, "topic=organisation")
            .is(403);
    }
    let long = "a".repeat(70_000);
    ada.post(&stage.url("/my/settings"), &long).is(413);
}

#[test]
fn a_poorer_description_is_told_even_to_who_wrote_it() {
    let Some(stage) = stage() else { return };
    let mut ada = stage.provider.sign_in(&editor("ada-poorer"));
    stage.write(&mut ada, "poorer", "Poorer").is(201);
    let url = stage.url("/dataset/poorer");
    let headers = [
        ("Content-Type", "text/turtle"),
        ("Origin", stage.server.base.as_str()),
    ];
    stage.server.steward().publish("/dataset/poorer");
    let text = stage.text("poorer", "theirs", "Poorer");
    let without: String = text
        .lines()
        .filter(|line| {
            ![
                "#keyword>",
                "/theme>",
                "dcat#theme>",
                "/spatial>",
                "/temporal>",
            ]
            .iter()
            .any(|part| line.contains(part))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    assert_ne!(without.len(), text.len());
    let answer = ada.send("PUT", &format!("{url}?state=published"), &headers, &without);
    if answer.status >= 400 {
        // The profile of the tests' records asks for all of these: nothing can fall.
        answer.is(400);
        return;
    }
    let notice = stage.wait(&mut ada, "quality-fell", "poorer");
    assert!(
        notice["words"].as_str().unwrap().contains('→'),
        "{notice:#}"
    );
}
