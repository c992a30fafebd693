//! Who comes in, as whom, and who does not? People and machines of a real identity provider.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::support::provider::{Browser, Provider, atlas_with_provider};
use crate::support::{Answer, Person, TestServer, catalogue, dataset};

const EDITORS: &str = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu";

const RULES: &str = r#"
[sign_in.providers.slash]
issuer = "{issuer}/"
client_id = "atlas"
[[sign_in.rules]]
role = "provider"
catalogues = ["{base}/catalog/theirs"]
entitlement = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu"
[[sign_in.rules]]
role = "provider"
catalogues = ["{base}/catalog/theirs"]
providers = ["op"]
subject = "machine"
[[sign_in.rules]]
role = "steward"
group = "stewards"
assurance = "https://refeds.org/assurance/IAP/medium"
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

fn editor(name: &str) -> Value {
    json!({"sub": name, "name": format!("Doctor {name}"), "eduperson_entitlement": [EDITORS]})
}

impl Stage {
    fn url(&self, path: &str) -> String {
        self.server.iri(path)
    }

    fn text(&self, slug: &str, catalogue: &str) -> String {
        let catalogue = self.server.iri(&format!("/catalog/{catalogue}"));
        dataset(&self.server.base, slug, &catalogue, "Signed in")
    }

    /// Writes a dataset from a page with the session of a browser.
    fn write(&self, browser: &mut Browser, slug: &str, catalogue: &str) -> Answer {
        let headers = [
            ("Content-Type", "text/turtle"),
            ("Origin", self.server.base.as_str()),
        ];
        let text = self.text(slug, catalogue);
        browser.send(
            "PUT",
            &self.url(&format!("/dataset/{slug}")),
            &headers,
            &text,
        )
    }

    fn write_with_token(&self, token: &str, slug: &str) -> Answer {
        let person = Person::new(&self.server.base, Some(token.to_owned()));
        let text = self.text(slug, "theirs");
        person.put(&format!("/dataset/{slug}"), "text/turtle", text)
    }
}

#[test]
fn a_person_signs_in_sees_their_account_and_signs_out() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.provider.sign_in(&editor("ada"));
    let account = browser.get(&stage.url("/account")).is(200);
    assert_eq!(account.header("cache-control"), Some("no-store"));
    let page = account.text();
    for part in ["Doctor ada", "aai.x.eu", "/catalog/theirs", "The Provider"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let out = browser.send(
        "POST",
        &stage.url("/sign-out"),
        &[("Origin", &stage.server.base)],
        "",
    );
    let page = out.is(200).text();
    let there = page
        .split("href=\"")
        .find(|part| part.contains("/session/end"));
    let there = there
        .unwrap_or_else(|| panic!("{page}"))
        .split('"')
        .next()
        .unwrap();
    let there = there.replace("&#38;", "&").replace("&amp;", "&");
    browser.follow(&there).is(200);
    let gone = browser.get(&stage.url("/account")).is(303);
    assert!(gone.location().contains("/sign-in"), "{gone}");
}

#[test]
fn the_cookie_of_a_session_is_for_this_server_alone() {
    let Some(stage) = stage() else { return };
    let mut browser = Browser::new();
    let _turn = stage.provider.lets_in(&editor("flags"));
    let (callback, begun) = browser.follow_until(&stage.url("/sign-in/op"), "/callback");
    drop(begun);
    let answer = browser.get(&callback).is(303);
    let cookies = answer
        .headers
        .iter()
        .filter(|(name, _)| name == "set-cookie");
    let cookies: Vec<&String> = cookies.map(|(_, value)| value).collect();
    assert_eq!(cookies.len(), 2, "{answer}");
    for cookie in cookies {
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
    }
    assert!(!stage.server.log().contains(&browser.session()[17..]));
}

#[test]
fn entitlements_and_groups_make_roles() {
    let Some(stage) = stage() else { return };
    let mut editor = stage.provider.sign_in(&editor("grace"));
    stage.write(&mut editor, "by-grace", "theirs").is(201);
    stage.write(&mut editor, "by-grace-there", "other").is(403);
    // A draft is its author's to delete, and nobody takes another's name.
    let mut colleague = stage
        .provider
        .sign_in(&json!({"sub": "other", "name": "Doctor grace", "entitlements": EDITORS}));
    let draft = stage.url("/dataset/by-grace");
    let from_here = [("Origin", stage.server.base.as_str())];
    colleague.send("DELETE", &draft, &from_here, "").is(403);
    editor.send("DELETE", &draft, &from_here, "").is(204);
    let sure = "https://refeds.org/assurance/IAP/high";
    let steward = json!({"sub": "head", "groups": ["stewards"], "eduperson_assurance": [sure]});
    let mut steward = stage.provider.sign_in(&steward);
    stage.write(&mut steward, "by-head", "other").is(201);
    for reader in [
        json!({"sub": "r1", "entitlements": "urn:geant:x.eu:group:EUCAIM"}),
        json!({"sub": "r2", "entitlements": ["urn:geant:x.eu:group:EUCAIM:role=editors"]}),
        json!({"sub": "r3", "entitlements": ["urn:geant:x.eu:group:EUCAIM:role=editor#evil"]}),
        json!({"sub": "r4", "groups": "stewards"}),
    ] {
        let mut reader = stage.provider.sign_in(&reader);
        stage.write(&mut reader, "by-a-reader", "theirs").is(403);
    }
}

#[test]
fn what_a_provider_says_now_replaces_what_it_said() {
    let Some(stage) = stage() else { return };
    let mut before = stage.provider.sign_in(&editor("leaver"));
    stage.write(&mut before, "by-leaver", "theirs").is(201);
    let mut after = stage.provider.sign_in(&json!({"sub": "leaver"}));
    stage.write(&mut after, "by-leaver", "theirs").is(403);
    stage.write(&mut before, "by-leaver", "theirs").is(403);
}

#[test]
fn a_sign_in_ends_once_and_in_the_browser_that_began_it() {
    let Some(stage) = stage() else { return };
    let (mut browser, mut thief) = (Browser::new(), Browser::new());
    let turn = stage.provider.lets_in(&editor("once"));
    let (callback, _) = browser.follow_until(&stage.url("/sign-in/op"), "/callback");
    thief.get(&callback).is(400);
    browser.get(&callback).is(303);
    browser.get(&callback).is(400);
    // The old code with a new state: the provider knows that it was used, and for which verifier.
    let (fresh, _) = browser.follow_until(&stage.url("/sign-in/op"), "/callback");
    let part = |url: &str, name: &str| {
        let url = url::Url::parse(url).unwrap();
        let found = url.query_pairs().find(|(key, _)| key == name);
        found.unwrap().1.into_owned()
    };
    let replayed = fresh.replace(&part(&fresh, "code"), &part(&callback, "code"));
    browser.get(&replayed).is(403);
    // A state of somebody else's sign-in does not fit the cookie, and is used up.
    let (theirs, _) = browser.follow_until(&stage.url("/sign-in/op"), "/callback");
    let (_, _) = thief.follow_until(&stage.url("/sign-in/op"), "/callback");
    thief.get(&theirs).is(400);
    browser.get(&theirs).is(400);
    // An answer that names another issuer is no answer (RFC 9207).
    let (mixed, _) = browser.follow_until(&stage.url("/sign-in/op"), "/callback");
    assert!(mixed.contains("iss="), "{mixed}");
    browser.get(&format!("{mixed}x")).is(403);
    drop(turn);
    let nonsense = "/sign-in/op/callback?state=x&code=y";
    browser.get(&stage.url(nonsense)).is(400);
    browser.get(&stage.url("/sign-in/nobody")).is(404);
}

#[test]
fn a_person_who_says_no_is_told_so() {
    let Some(stage) = stage() else { return };
    let _turn = stage
        .provider
        .lets_in(&json!({"sub": "shy", "refuses": true}));
    let answer = Browser::new().follow(&stage.url("/sign-in/op"));
    assert!(answer.is(403).text().contains("the person said no"));
}

#[test]
fn an_issuer_that_differs_by_a_slash_is_another() {
    let Some(stage) = stage() else { return };
    let answer = Browser::new().get(&stage.url("/sign-in/slash")).is(502);
    assert!(answer.text().contains("issuer"), "{answer}");
}

#[test]
fn nobody_is_sent_to_another_site_after_signing_in() {
    let Some(stage) = stage() else { return };
    for elsewhere in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/..//evil.example",
    ] {
        let mut browser = Browser::new();
        let _turn = stage.provider.lets_in(&editor("sent"));
        let begin = format!(
            "/sign-in/op?return_to={}",
            crate::support::http::encode(elsewhere)
        );
        let (callback, _) = browser.follow_until(&stage.url(&begin), "/callback");
        assert_eq!(
            browser.get(&callback).is(303).location(),
            "/",
            "{elsewhere}"
        );
    }
}

#[test]
fn a_page_of_another_site_changes_nothing() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.provider.sign_in(&editor("target"));
    let text = stage.text("forged", "theirs");
    for headers in [
        vec![],
        vec![("Origin", "https://evil.example")],
        vec![("Origin", "null")],
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", stage.server.base.as_str()),
        ],
    ] {
        let sent = [headers, vec![("Content-Type", "text/turtle")]].concat();
        browser
            .send("PUT", &stage.url("/dataset/forged"), &sent, &text)
            .is(403);
        browser
            .send("POST", &stage.url("/sign-out"), &sent, "")
            .is(403);
        browser
            .send("POST", &stage.url("/account/forget"), &sent, "sure=yes")
            .is(403);
    }
    browser.get(&stage.url("/account")).is(200);
    stage.server.steward().get("/dataset/forged").is(404);
}

#[test]
fn what_a_person_sees_is_kept_for_nobody_else() {
    let Some(stage) = stage() else { return };
    let mut browser = stage.provider.sign_in(&editor("cache"));
    stage.write(&mut browser, "cached", "theirs").is(201);
    let nobody = || Browser::new().get(&stage.url("/dataset/cached"));
    nobody().is(404);
    let draft = browser.get(&stage.url("/dataset/cached")).is(200);
    assert_eq!(draft.header("cache-control"), Some("no-store"));
    assert!(draft.header("vary").unwrap().contains("Cookie"), "{draft}");
    nobody().is(404);
    for _ in 0..2 {
        let mine = browser.get(&stage.url("/catalog/theirs")).is(200).text();
        assert!(
            mine.contains("/account\"") && !mine.contains("/sign-in\""),
            "{mine}"
        );
        let theirs = Browser::new()
            .get(&stage.url("/catalog/theirs"))
            .is(200)
            .text();
        assert!(theirs.contains("/sign-in\"") && !theirs.contains("/account\""));
    }
}

#[test]
fn a_person_links_identities_and_ends_sessions() {
    let Some(stage) = stage() else { return };
    let mut browser = stage
        .provider
        .sign_in(&json!({"sub": "twice", "name": "Twice"}));
    let mut phone = stage
        .provider
        .sign_in(&json!({"sub": "twice", "name": "Twice"}));
    let page = browser.get(&stage.url("/account")).text();
    let link = page
        .split("href=\"")
        .find(|part| part.starts_with("/sign-in/op?link="));
    let link = link.unwrap().split('"').next().unwrap();
    let link = link.replace("&#38;", "&").replace("&amp;", "&");
    // Another browser's word links nothing.
    let stolen = phone.get(&stage.url(&link)).is(303);
    assert_eq!(stolen.location(), "/account");
    {
        let _turn = stage.provider.lets_in(&editor("twice-at-work"));
        // The provider's own session would answer at once with the first identity.
        browser.forget(&stage.provider.issuer);
        let linked = browser.follow(&stage.url(&link)).is(200).text();
        assert!(linked.contains("twice-at-work"), "{linked}");
    }
    stage.write(&mut browser, "by-twice", "theirs").is(201);
    stage.write(&mut phone, "by-twice", "theirs").is(200);
    let page = browser.get(&stage.url("/account")).text();
    let sessions: Vec<&str> = page
        .split("name=\"session\" value=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap())
        .collect();
    assert_eq!(sessions.len(), 2, "{page}");
    for session in &sessions {
        let mut stranger = stage.provider.sign_in(&json!({"sub": "stranger"}));
        stranger
            .post(
                &stage.url("/account/end-session"),
                &format!("session={session}"),
            )
            .is(303);
    }
    phone.get(&stage.url("/account")).is(200);
    for session in sessions {
        browser.post(
            &stage.url("/account/end-session"),
            &format!("session={session}"),
        );
    }
    // The newest stands first: the browser's own ended before it could end the other.
    browser.get(&stage.url("/account")).is(303);
    phone
        .post(&stage.url("/account/forget"), "sure=yes")
        .is(303);
    phone.get(&stage.url("/account")).is(303);
}

#[test]
fn a_machine_writes_with_a_token_of_the_provider() {
    let Some(stage) = stage() else { return };
    let token = stage.provider.machine_token();
    stage.write_with_token(&token, "by-a-machine").is(201);
    let person = Person::new(&stage.server.base, Some(token));
    person
        .put(
            "/dataset/by-a-machine-there",
            "text/turtle",
            stage.text("by-a-machine-there", "other"),
        )
        .problem(403);
    let entitled = stage
        .provider
        .token(&json!({"payload": {"sub": "m2", "entitlements": [EDITORS]}}));
    stage.write_with_token(&entitled, "by-m2").is(201);
    let plain = stage.provider.token(&json!({"payload": {"sub": "m3"}}));
    stage.write_with_token(&plain, "by-m3").problem(403);
    let list = json!({"payload": {"aud": ["https://else.example", stage.server.base]}});
    stage
        .write_with_token(&stage.provider.token(&list), "by-list")
        .is(201);
}

#[test]
fn a_token_that_is_not_what_it_says_is_refused() {
    let Some(stage) = stage() else { return };
    let past = 1_600_000_000;
    for bad in [
        json!({"by": "stranger"}),
        json!({"by": "nobody"}),
        json!({"by": "nobody", "header": {"alg": "none"}}),
        json!({"by": "nobody", "header": {"alg": "None"}}),
        json!({"by": "public", "header": {"alg": "HS256"}}),
        json!({"by": "issuer", "header": {"alg": "HS256"}}),
        json!({"by": "issuer", "header": {"alg": "PS256"}}),
        json!({"by": "issuer", "header": {"alg": "ES256"}}),
        json!({"by": "issuer", "header": {"kid": "unknown"}}),
        json!({"by": "issuer", "header": {"crit": ["x"]}}),
        json!({"payload": {"exp": past}}),
        json!({"payload": {"exp": null}}),
        json!({"payload": {"exp": "tomorrow"}}),
        json!({"payload": {"nbf": 4_000_000_000_u64}}),
        json!({"payload": {"aud": "https://else.example"}}),
        json!({"payload": {"aud": "atlas"}}),
        json!({"payload": {"aud": []}}),
        json!({"payload": {"iss": "https://evil.example"}}),
        json!({"payload": {"iss": format!("{}/", stage.provider.issuer)}}),
        json!({"payload": {"iss": null}}),
        json!({"payload": {"sub": null}}),
    ] {
        let token = stage.provider.token(&bad);
        let answer = stage.write_with_token(&token, "by-a-forger");
        // The issuer with a slash is in the settings, and its own words give it away.
        let slash = bad["payload"]["iss"]
            .as_str()
            .is_some_and(|issuer| issuer.ends_with('/') && issuer.contains("127.0.0.1"));
        if slash {
            answer.problem(502);
        } else {
            assert!(
                answer.header("www-authenticate").is_some(),
                "{bad}: {answer}"
            );
            answer.problem(401);
        }
        let person = Person::new(&stage.server.base, Some(token.clone()));
        assert_ne!(
            person.get("/catalog/theirs").status,
            200,
            "never taken for nobody: {bad}"
        );
        assert!(!stage.server.log().contains(&token));
    }
    let whole = stage
        .provider
        .token(&json!({"payload": {"entitlements": [EDITORS]}}));
    let parts: Vec<&str> = whole.split('.').collect();
    for changed in [
        format!("{}.{}.", parts[0], parts[1]),
        format!("{}.{}.{}", parts[0], parts[1], &parts[2][..40]),
        format!("{}.{}x.{}", parts[0], parts[1], parts[2]),
        format!("{}..{}", parts[0], parts[2]),
    ] {
        stage.write_with_token(&changed, "by-a-forger").problem(401);
    }
    stage
        .server
        .steward()
        .get("/dataset/by-a-forger")
        .problem(404);
    stage.write_with_token(&whole, "by-no-forger").is(201);
}

#[test]
fn a_new_key_of_the_provider_is_found() {
    let Some(stage) = stage() else { return };
    let wish = json!({"by": "next", "header": {"kid": "two"}});
    stage
        .write_with_token(&stage.provider.token(&wish), "rotated")
        .problem(401);
    stage.provider.rotate();
    stage
        .write_with_token(&stage.provider.token(&wish), "rotated")
        .is(201);
    stage
        .write_with_token(&stage.provider.token(&json!({})), "rotated")
        .is(200);
}

#[test]
fn attempts_to_sign_in_have_a_bound() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vesalius.toml");
    let settings = "[sign_in]\nattempts_per_minute = 3\n[sign_in.providers.op]\nissuer = \"http://127.0.0.1:9\"\nclient_id = \"x\"\n";
    std::fs::write(&file, settings).unwrap();
    let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
    for _ in 0..3 {
        server.nobody().get("/sign-in/op").problem(503);
    }
    let answer = server.nobody().get("/sign-in/op");
    assert!(answer.header("retry-after").is_some(), "{answer}");
    answer.problem(429);
    server.nobody().get_as("/sign-in", "text/html").is(200);
}

#[test]
fn without_a_provider_nobody_is_offered_to_sign_in() {
    let demo = crate::support::demo();
    let home = demo.nobody().get_as("/", "text/html").is(200).text();
    assert!(!home.contains("/sign-in"));
    demo.nobody().get("/sign-in/op").problem(404);
    let with_cookie = demo.nobody();
    let answer = with_cookie
        .request("GET", "/")
        .header("Cookie", "vesalius-session=x")
        .send();
    assert_ne!(answer.header("cache-control"), Some("no-store"));
}
