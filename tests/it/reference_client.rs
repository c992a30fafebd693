//! Does the web client of the reference FAIR Data Point work with the server, unmodified? It is built from a repository of
//! its own and is no part of this one: `VESALIUS_FDP_CLIENT` names the folder that its build (`npm run build`) made.

use std::path::PathBuf;

use serde_json::json;

use crate::support::{TestServer, browser, free_port};

const EMAIL: &str = "ada@hospital.example.org";
const PASSWORD: &str = "a long enough password";

/// The client as its build made it; `None`, said loudly, when it is not there.
fn client() -> Option<PathBuf> {
    let folder = std::env::var_os("VESALIUS_FDP_CLIENT").map(PathBuf::from);
    let folder = folder.filter(|folder| folder.join("index.html").exists());
    if folder.is_none() {
        eprintln!(
            "\n=== SKIPPED: the web client of FAIR Data Points is not here; VESALIUS_FDP_CLIENT names its built folder\n"
        );
    }
    folder
}

#[test]
fn the_reference_client_creates_edits_publishes_and_searches() {
    let (Some(client), Some(folder)) = (client(), browser::installed()) else {
        return;
    };
    let port = free_port();
    let front = format!("http://127.0.0.1:{port}");
    let settings = [
        ("BASE", front.as_str()),
        ("FAIR_DATA_POINT__LANGUAGE", "en"),
    ];
    let server = TestServer::with(&settings);
    let user = json!({
        "firstName": "Ada", "lastName": "L", "email": EMAIL, "password": PASSWORD, "role": "ADMIN",
    });
    let steward = server.steward();
    let made = steward.post("/users", "application/json", user.to_string());
    made.is(200);
    let site = client.to_str().unwrap();
    let said = browser::point(&folder, site, port, &server.base, [EMAIL, PASSWORD]);
    let dataset = said.trim().strip_prefix("published ").unwrap();
    let iri = format!("{front}{dataset}");
    let nobody = server.nobody();
    let title = nobody.select(&format!(
        "SELECT ?title ?images {{ <{iri}> <http://purl.org/dc/terms/title> ?title ; \
         <http://www.w3.org/ns/dcat#distribution> ?distribution . \
         ?distribution <http://www.w3.org/ns/dcat#accessURL> ?images FILTER(LANG(?title) = 'en') }}"
    ));
    let expected = [
        "Breast scans before surgery",
        "https://hospital.example.org/images",
    ];
    assert_eq!(title, [expected.map(str::to_owned)]);
}
