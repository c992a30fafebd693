//! What does a person do with their account: tokens for programs, memberships, what is kept of them?

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::support::provider::{Browser, Provider, atlas_with_provider};
use crate::support::{Answer, Person, TestServer, catalogue, dataset};

const RULES: &str = r#"
[[sign_in.rules]]
role = "provider"
catalogues = ["{base}/catalog/theirs"]
group = "providers"
[[sign_in.rules]]
role = "steward"
group = "stewards"
[[sign_in.rules]]
role = "operator"
group = "operators"
"#;

struct Stage {
    server: TestServer,
    provider: Provider,
    _folder: tempfile::TempDir,
}

/// An Atlas with the catalogues `theirs` and `other`, and its provider.
fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let start = || {
        let (server, provider, folder) = atlas_with_provider(RULES)?;
        for slug in ["theirs", "other"] {
            let path = format!("/catalog/{slug}");
            let text = catalogue(&server.base, slug, "A catalogue of the tests");
            server.steward().write(&path, text);
            server.steward().publish(&path);
        }
        Some(Stage {
            server,
            provider,
            _folder: folder,
        })
    };
    STAGE.get_or_init(start).as_ref()
}

impl Stage {
    fn url(&self, path: &str) -> String {
        self.server.iri(path)
    }

    fn sign_in(&self, name: &str, group: &str) -> Browser {
        let person = json!({"sub": name, "name": format!("Doctor {name}"), "groups": [group]});
        self.provider.sign_in(&person)
    }

    fn json(&self, browser: &mut Browser, method: &str, path: &str, body: &Value) -> Answer {
        let headers = [
            ("Content-Type", "application/json"),
            ("Origin", self.server.base.as_str()),
        ];
        browser.send(method, &self.url(path), &headers, &body.to_string())
    }

    fn get(&self, browser: &mut Browser, path: &str) -> Value {
        let mark = if path.contains('?') { '&' } else { '?' };
        let url = self.url(&format!("{path}{mark}format=json"));
        browser.get(&url).is(200).json()
    }

    /// A token that a person makes; its secret.
    fn token(&self, browser: &mut Browser, wish: &Value) -> String {
        let made = self
            .json(browser, "POST", "/account/tokens", wish)
            .is(201)
            .json();
        made["secret"].as_str().unwrap().to_owned()
    }

    fn bearer(&self, secret: &str) -> Person {
        Person::new(&self.server.base, Some(secret.to_owned()))
    }

    fn put(&self, person: &Person, slug: &str, catalogue: &str) -> Answer {
        let catalogue = self.url(&format!("/catalog/{catalogue}"));
        let text = dataset(&self.server.base, slug, &catalogue, "By a token");
        person.put(&format!("/dataset/{slug}"), "text/turtle", text)
    }
}

#[test]
fn a_token_acts_in_the_name_of_its_maker_for_its_actions_only() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.sign_in("tove", "providers");
    let wish = json!({"name": "upload", "role": "provider", "actions": ["create", "read-drafts"]});
    let person = stage.bearer(&stage.token(&mut browser, &wish));
    stage.put(&person, "by-token", "theirs").is(201);
    let denied = stage.put(&person, "by-token", "theirs").problem(403);
    assert!(
        denied["detail"].as_str().unwrap().contains("other actions"),
        "{denied}"
    );
    person
        .set_state("/dataset/by-token", "PUBLISHED")
        .problem(403);
    stage
        .put(&person, "by-token-elsewhere", "other")
        .problem(403);
    let list = stage.get(&mut browser, "/account/tokens");
    let token = &list["tokens"][0];
    assert_eq!(token["name"], "upload");
    assert!(!list.to_string().contains("ves_"), "a secret is told once");
    let subject = stage.url("/dataset/by-token");
    let told = stage.server.operator();
    let told = told
        .get(&format!("/audit?subject={subject}"))
        .is(200)
        .json();
    let author = told["events"][0]["actor"].as_str().unwrap();
    assert!(author.starts_with("person-"), "{told}");
    let id = token["id"].as_str().unwrap();
    let path = format!("/account/tokens/{id}");
    let mut stranger = stage.sign_in("thief", "providers");
    stage
        .json(&mut stranger, "DELETE", &path, &json!({}))
        .is(404);
    person.get("/dataset/by-token").is(200);
    stage
        .json(&mut browser, "DELETE", &path, &json!({}))
        .is(204);
    person.get("/dataset/by-token").problem(401);
}

#[test]
fn nobody_makes_a_token_that_may_more_than_they_may() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.sign_in("modest", "providers");
    let other = stage.url("/catalog/other");
    for wish in [
        json!({"name": "x", "role": "steward"}),
        json!({"name": "x", "role": "operator"}),
        json!({"name": "x", "role": "reviewer"}),
        json!({"name": "x", "role": "provider", "catalogues": [other]}),
        json!({"name": "x", "role": "provider", "catalogues": ["*"]}),
    ] {
        stage
            .json(&mut browser, "POST", "/account/tokens", &wish)
            .problem(403);
    }
    for wish in [
        json!({"name": "", "role": "reader"}),
        json!({"name": "x", "role": "emperor"}),
        json!({"name": "x", "role": "reader", "days": 0}),
        json!({"name": "x", "role": "reader", "days": 4000}),
        json!({"name": "x", "role": "reader", "actions": ["fly"]}),
        json!({"name": "x", "role": "reader", "more": 1}),
        json!([]),
    ] {
        stage
            .json(&mut browser, "POST", "/account/tokens", &wish)
            .problem(400);
    }
    let secret = stage.token(&mut browser, &json!({"name": "x", "role": "provider"}));
    let person = stage.bearer(&secret);
    let wish = json!({"name": "child", "role": "provider"}).to_string();
    person
        .post("/account/tokens", "application/json", wish)
        .problem(403);
    person.get("/account/tokens").problem(403);
    person.get("/account/export").problem(403);
    stage.server.nobody().get("/account/tokens").problem(403);
}

#[test]
fn a_token_loses_what_its_maker_loses() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.sign_in("fallen", "stewards");
    let wish = json!({"name": "all", "role": "steward"});
    let person = stage.bearer(&stage.token(&mut browser, &wish));
    stage.put(&person, "while-steward", "other").is(201);
    // At the next sign-in the provider says less.
    drop(stage.sign_in("fallen", "providers"));
    stage.put(&person, "as-provider", "theirs").is(201);
    stage.put(&person, "as-steward", "other").problem(403);
    drop(stage.sign_in("fallen", "nothing"));
    stage.put(&person, "as-reader", "theirs").problem(403);
}

#[test]
fn a_token_is_made_and_ended_by_forms() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.sign_in("formal", "providers");
    let page = browser.get(&stage.url("/account")).is(200).text();
    assert!(
        page.contains("name=\"role\"") && page.contains("value=\"create\""),
        "{page}"
    );
    let form = "name=by+hand&role=provider&catalogues=&days=7&action=create";
    let page = browser
        .post(&stage.url("/account/tokens"), form)
        .is(200)
        .text();
    let secret = page
        .split("ves_")
        .nth(1)
        .expect("the secret")
        .split('<')
        .next()
        .unwrap();
    let person = stage.bearer(&format!("ves_{secret}"));
    stage.put(&person, "by-form", "theirs").is(201);
    let page = browser.get(&stage.url("/account")).is(200).text();
    assert!(page.contains("by hand") && !page.contains("ves_"), "{page}");
    let id = page
        .split("name=\"token\" value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    browser
        .post(&stage.url("/account/end-token"), &format!("token={id}"))
        .is(303);
    person.get("/").problem(401);
    // A page of somebody else sends no form with this session.
    let headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Origin", "https://elsewhere.example"),
    ];
    browser
        .send("POST", &stage.url("/account/tokens"), &headers, form)
        .problem(403);
}

#[test]
fn a_steward_invites_and_whoever_has_the_link_is_a_member_once() {
    let Some(stage) = stage() else { return };
    let (mut steward, mut guest) = (
        stage.sign_in("host", "stewards"),
        stage.sign_in("guest", ""),
    );
    let theirs = stage.url("/catalog/theirs");
    let wish = json!({"role": "provider", "catalogues": [theirs], "note": "for the guest"});
    let made = stage
        .json(&mut steward, "POST", "/members", &wish)
        .is(201)
        .json();
    let link = made["link"].as_str().unwrap().to_owned();
    stage
        .json(&mut guest, "POST", "/members", &wish)
        .problem(403);
    let page = guest.get(&link).is(200).text();
    assert!(page.contains(&theirs), "{page}");
    let strangers = Browser::new().get(&link).is(200).text();
    assert!(strangers.contains("/sign-in?return_to="), "{strangers}");
    let secret = link.split("invitation=").nth(1).unwrap();
    let form = format!("invitation={secret}");
    guest.post(&stage.url("/join"), &form).is(303);
    let account = guest.get(&stage.url("/account")).is(200).text();
    assert!(account.contains("/catalog/theirs"), "{account}");
    let again = stage.sign_in("late", "").post(&stage.url("/join"), &form);
    assert_eq!(again.status, 403, "{again}");
    let token = json!({"name": "x", "role": "provider"});
    let person = stage.bearer(&stage.token(&mut guest, &token));
    stage.put(&person, "by-member", "theirs").is(201);
    let members = stage.get(&mut steward, "/members");
    let member = members["members"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "Doctor guest");
    let account = member.unwrap_or_else(|| panic!("{members}"))["account"]
        .as_str()
        .unwrap();
    let path = format!("/members/{account}/provider");
    stage
        .json(&mut guest, "DELETE", &path, &json!({}))
        .problem(403);
    stage
        .json(&mut steward, "DELETE", &path, &json!({}))
        .is(204);
    stage
        .put(&person, "by-former-member", "theirs")
        .problem(403);
}

#[test]
fn a_steward_makes_no_operator_and_an_invitation_can_be_taken_back() {
    let Some(stage) = stage() else { return };
    let mut steward = stage.sign_in("careful", "stewards");
    let wish = json!({"role": "operator"});
    stage
        .json(&mut steward, "POST", "/members", &wish)
        .problem(403);
    let wish = json!({"role": "provider"});
    stage
        .json(&mut steward, "POST", "/members", &wish)
        .problem(400);
    let wish = json!({"role": "reviewer", "catalogues": ["*"], "note": "taken back"});
    let made = stage
        .json(&mut steward, "POST", "/members", &wish)
        .is(201)
        .json();
    let open = stage.get(&mut steward, "/members");
    let one = open["invitations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["note"] == "taken back");
    let id = one.unwrap()["id"].as_str().unwrap();
    let path = format!("/members/invitations/{id}");
    stage
        .json(&mut steward, "DELETE", &path, &json!({}))
        .is(204);
    let secret = made["link"]
        .as_str()
        .unwrap()
        .split("invitation=")
        .nth(1)
        .unwrap();
    let form = format!("invitation={secret}");
    let refused = stage
        .sign_in("too-late", "")
        .post(&stage.url("/join"), &form);
    assert_eq!(refused.status, 403, "{refused}");
    let mut operator = stage.sign_in("root", "operators");
    let wish = json!({"role": "operator"});
    stage.json(&mut operator, "POST", "/members", &wish).is(201);
}

#[test]
fn a_person_takes_away_what_is_kept_and_has_it_forgotten() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.sign_in("leaver", "providers");
    let secret = stage.token(&mut browser, &json!({"name": "bye", "role": "provider"}));
    let person = stage.bearer(&secret);
    stage.put(&person, "left-behind", "theirs").is(201);
    let kept = browser.get(&stage.url("/account/export")).is(200);
    assert_eq!(kept.header("cache-control"), Some("no-store"));
    let kept = kept.json();
    assert_eq!(kept["account"]["name"], "Doctor leaver");
    assert_eq!(kept["identities"][0]["subject"], "leaver");
    assert_eq!(kept["identities"][0]["claims"]["groups"][0], "providers");
    assert_eq!(kept["tokens"][0]["name"], "bye");
    assert!(
        kept["records"][0]["iri"]
            .as_str()
            .unwrap()
            .ends_with("left-behind")
    );
    let deeds: Vec<&str> = kept["audit"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["deed"].as_str().unwrap())
        .collect();
    for deed in ["account-made", "signed-in", "token-made", "record-changed"] {
        assert!(deeds.contains(&deed), "{deed} in {deeds:?}");
    }
    assert!(!kept.to_string().contains("ves_"));
    browser
        .post(&stage.url("/account/forget"), "sure=yes")
        .is(303);
    person.get("/").problem(401);
    browser.get(&stage.url("/account")).is(303);
    let mut operator = stage.sign_in("keeper", "operators");
    let account = kept["account"]["id"].as_str().unwrap();
    let events = stage.get(&mut operator, &format!("/audit?actor={account}&limit=1000"));
    assert_eq!(events["events"][0]["deed"], "account-forgotten");
    assert_eq!(events["events"][0]["name"], Value::Null);
    assert!(!events.to_string().contains("leaver"), "{events}");
}

#[test]
fn operators_see_who_did_what_and_nobody_else_does() {
    let Some(stage) = stage() else { return };
    let mut operator = stage.sign_in("watcher", "operators");
    let mut seen = stage.sign_in("seen", "providers");
    let _ = stage.token(&mut seen, &json!({"name": "watched", "role": "reader"}));
    seen.post(&stage.url("/sign-out"), "").is(200);
    let events = stage.get(&mut operator, "/audit?deed=token-made");
    let first = &events["events"][0];
    assert_eq!(first["name"], "Doctor seen", "{events}");
    assert_eq!(first["detail"]["role"], "reader");
    let actor = first["actor"].as_str().unwrap();
    let all = stage.get(&mut operator, &format!("/audit?actor={actor}"));
    let deeds: Vec<&str> = all["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["deed"].as_str().unwrap())
        .collect();
    assert_eq!(
        deeds,
        ["signed-out", "token-made", "signed-in", "account-made"]
    );
    let page = operator
        .get(&stage.url(&format!("/audit?actor={actor}&limit=2")))
        .is(200)
        .text();
    assert!(
        page.contains("Doctor seen") && page.contains("before="),
        "{page}"
    );
    let nonsense = operator.get(&stage.url("/audit?before=x"));
    assert_eq!(nonsense.status, 400, "{nonsense}");
    for group in ["stewards", "providers", ""] {
        let answer = stage.sign_in("curious", group).get(&stage.url("/audit"));
        assert_eq!(answer.status, 403, "{answer}");
    }
    stage.server.nobody().get("/audit").problem(403);
    stage.server.steward().get("/audit").problem(403);
    stage.server.operator().get("/audit").is(200);
}
