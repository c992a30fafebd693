//! What do tokens open that only their provider can read, and what do visas show?

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::support::provider::{Provider, atlas_with_provider};
use crate::support::{Answer, Person, TestServer, catalogue, dataset};

/// The first lines go on in the table of the provider.
const RULES: &str = r#"
introspect = true
audiences = ["machine"]
[[sign_in.visas]]
issuer = "{issuer}"
jku = "{issuer}/jwks"
[[sign_in.rules]]
role = "provider"
catalogues = ["{base}/catalog/theirs"]
providers = ["op"]
subject = "machine"
"#;

struct Stage {
    server: TestServer,
    provider: Provider,
    _folder: tempfile::TempDir,
}

fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let start = || {
        let (server, provider, folder) = atlas_with_provider(RULES)?;
        let text = catalogue(&server.base, "theirs", "A catalogue of the tests");
        server.steward().write("/catalog/theirs", text);
        server.steward().publish("/catalog/theirs");
        for slug in ["granted", "closed"] {
            let theirs = server.iri("/catalog/theirs");
            let text = dataset(&server.base, slug, &theirs, "Behind a committee");
            let path = format!("/dataset/{slug}");
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
    fn put(&self, token: &str, slug: &str) -> Answer {
        let person = Person::new(&self.server.base, Some(token.to_owned()));
        let theirs = self.server.iri("/catalog/theirs");
        let text = dataset(&self.server.base, slug, &theirs, "By an opaque token");
        person.put(&format!("/dataset/{slug}"), "text/turtle", text)
    }

    /// A visa for a dataset; `more` changes the wish for the token.
    fn visa(&self, dataset: &str, more: impl Fn(&mut Value)) -> String {
        let mut wish = json!({
            "header": {"typ": "vnd.ga4gh.visa+jwt", "jku": format!("{}/jwks", self.provider.issuer)},
            "payload": {
                "sub": "holder",
                "aud": null,
                "ga4gh_visa_v1": {
                    "type": "ControlledAccessGrants",
                    "asserted": 1_700_000_000,
                    "value": self.server.iri(dataset),
                    "source": "https://committee.example",
                    "by": "dac",
                },
            },
        });
        // Asserted now, as far as the test can tell: the provider's own clock says when.
        let probe = self.provider.token(&json!({}));
        let payload = probe.split('.').nth(1).unwrap();
        let payload =
            base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload);
        let payload: Value = serde_json::from_slice(&payload.unwrap()).unwrap();
        wish["payload"]["ga4gh_visa_v1"]["asserted"] = payload["iat"].clone();
        more(&mut wish);
        self.provider.token(&wish)
    }
}

#[test]
fn an_opaque_token_opens_what_its_provider_says() {
    let Some(stage) = stage() else { return };
    let token = stage.provider.opaque_token("machine");
    assert!(!token.contains('.'), "only its provider can read it");
    stage.put(&token, "by-opaque").is(201);
    stage.put(&token, "by-opaque-again").is(201);
    let denied = Person::new(&stage.server.base, Some(token)).delete("/catalog/theirs");
    assert_eq!(denied.status, 403, "{denied}");
}

#[test]
fn an_opaque_token_that_nobody_knows_or_that_is_for_others_opens_nothing() {
    let Some(stage) = stage() else { return };
    let others = stage.provider.opaque_token("stranger");
    let refused = stage.put(&others, "by-stranger").problem(401);
    let why = refused["detail"].as_str().unwrap();
    assert!(why.contains("somebody else"), "{refused}");
    for token in ["nonsense", "x", &"y".repeat(9000)] {
        stage.put(token, "by-nobody").problem(401);
    }
}

#[test]
fn a_visa_shows_access_to_its_dataset_and_gives_no_right_to_change_it() {
    let Some(stage) = stage() else { return };
    let closed = "/dataset/closed";
    let passport = [
        stage.visa("/dataset/granted", |_| ()),
        stage.visa(closed, |wish| wish["by"] = json!("stranger")),
        stage.visa(closed, |wish| wish["by"] = json!("nobody")),
        stage.visa(closed, |wish| {
            wish["header"]["jku"] = json!("https://evil.example/jwks");
        }),
        stage.visa(closed, |wish| {
            wish["payload"]["iss"] = json!("https://evil.example");
        }),
        stage.visa(closed, |wish| {
            wish["payload"]["sub"] = json!("somebody-else");
        }),
        stage.visa(closed, |wish| wish["payload"]["exp"] = json!(1_000_000_000)),
        stage.visa(closed, |wish| {
            wish["payload"]["ga4gh_visa_v1"]["conditions"] =
                json!([[{"type": "AffiliationAndRole"}]]);
        }),
        stage.visa(closed, |wish| {
            wish["payload"]["ga4gh_visa_v1"]["asserted"] = json!(4_000_000_000_u64);
        }),
        "no visa at all".to_owned(),
    ];
    let person = json!({"sub": "holder", "name": "Doctor Holder", "ga4gh_passport_v1": passport});
    let mut browser = stage.provider.sign_in(&person);
    let page = browser.get(&stage.server.iri("/account")).is(200).text();
    assert!(
        page.contains("/dataset/granted") && page.contains("committee.example"),
        "{page}"
    );
    assert!(!page.contains(closed), "{page}");
    let told = "as a visa of your GA4GH Passport says";
    let record = |path: &str| stage.server.iri(path);
    assert!(
        browser
            .get(&record("/dataset/granted"))
            .is(200)
            .text()
            .contains(told)
    );
    assert!(!browser.get(&record(closed)).is(200).text().contains(told));
    let nobody = stage
        .server
        .nobody()
        .get_as("/dataset/granted", "text/html");
    assert!(!nobody.text().contains(told));
    let kept = browser.get(&record("/account/export")).is(200).json();
    assert_eq!(kept["datasetAccess"].as_array().unwrap().len(), 1, "{kept}");
    let headers = [("Origin", stage.server.base.as_str())];
    let deleted = browser.send("DELETE", &record("/dataset/granted"), &headers, "");
    assert_eq!(deleted.status, 403, "{deleted}");
    // Whoever comes back without a passport has no access any more.
    let person = json!({"sub": "holder", "name": "Doctor Holder"});
    let mut browser = stage.provider.sign_in(&person);
    let page = browser.get(&stage.server.iri("/account")).is(200).text();
    assert!(!page.contains("committee.example"), "{page}");
}
