//! Do people and machines of a provider that is unlike the first come in, and out again?

use std::sync::OnceLock;

use crate::support::glewlwyd::{Glewlwyd, atlas_with_glewlwyd};
use crate::support::provider::Browser;
use crate::support::{Answer, Person, TestServer, catalogue, dataset};

struct Stage {
    server: TestServer,
    provider: Glewlwyd,
    _folder: tempfile::TempDir,
}

fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let start = || {
        let (server, provider, folder) = atlas_with_glewlwyd()?;
        let text = catalogue(&server.base, "theirs", "A catalogue of the tests");
        server.steward().write("/catalog/theirs", text);
        server.steward().publish("/catalog/theirs");
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
        let text = dataset(&self.server.base, slug, &theirs, "By the other provider");
        person.put(&format!("/dataset/{slug}"), "text/turtle", text)
    }
}

#[test]
fn a_person_of_the_second_provider_signs_in_and_out() {
    let Some(stage) = stage() else { return };
    let (mut browser, callback) = stage.provider.sign_in();
    let page = browser.get(&stage.server.iri("/account")).is(200).text();
    for part in ["Doctor Ada", "The Other", "/catalog/theirs"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    // What came back once is used up, for this browser and for every other.
    browser.get(&callback).is(400);
    Browser::new().get(&callback).is(400);
    let (mut again, _) = stage.provider.sign_in();
    let same = again.get(&stage.server.iri("/account")).is(200).text();
    let account = |page: &str| page.split("person-").nth(1).unwrap()[..12].to_owned();
    assert_eq!(account(&page), account(&same), "one person, one account");
    let out = browser
        .post(&stage.server.iri("/sign-out"), "")
        .is(200)
        .text();
    assert!(out.contains("/api/oidc/end_session"), "{out}");
    browser.get(&stage.server.iri("/account")).is(303);
}

#[test]
fn machines_and_programs_of_the_second_provider_write() {
    let Some(stage) = stage() else { return };
    stage
        .put(&stage.provider.machine_token("write"), "by-machine")
        .is(201);
    let (first, second) = stage.provider.refreshed_token();
    assert_ne!(first, second);
    stage.put(&first, "by-program").is(201);
    stage.put(&second, "by-program-again").is(201);
}

#[test]
fn what_the_second_provider_made_for_others_is_refused() {
    let Some(stage) = stage() else { return };
    let elsewhere = stage.provider.machine_token("elsewhere");
    let refused = stage.put(&elsewhere, "for-others").problem(401);
    assert!(
        refused["detail"].as_str().unwrap().contains("audience"),
        "{refused}"
    );
    let token = stage.provider.machine_token("write");
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let (header, payload) = signed.split_once('.').unwrap();
    let turned: String = signature.chars().rev().collect();
    for bad in [
        format!("{signed}.{turned}"),
        format!("{signed}."),
        format!("eyJhbGciOiJub25lIn0.{payload}."),
        format!("eyJhbGciOiJIUzI1NiJ9.{payload}.{signature}"),
        format!("{header}.e30.{signature}"),
    ] {
        stage.put(&bad, "forged").problem(401);
    }
}
