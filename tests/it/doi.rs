//! Does a record get a DOI that leads to it, and does its registry hear of every change, whatever happens between?
//! The registry is a stand-in that behaves as `DataCite`'s REST API is described.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

use crate::support::stand_in::{Asked, Remembered, StandIn, Told};
use crate::support::{Person, TestServer, dataset};

/// What does not happen by then does not happen.
const WAIT_MAX: Duration = Duration::from_secs(60);
const MEDIA_TYPE: &str = "application/vnd.api+json";
const PREFIX: &str = "10.5072";
/// `ATLAS.TEST:open sesame`
const AUTHORIZATION: &str = "Basic QVRMQVMuVEVTVDpvcGVuIHNlc2FtZQ==";

/// How the registry fails, for a while.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    /// It answers so, and does nothing.
    Status(u16),
    /// It answers 429 and says when to come again.
    Limit,
    /// The same, in an hour.
    Rest,
    /// It does what it is asked, and its answer never arrives.
    Silence,
}

#[derive(Debug, Default)]
struct Held {
    dois: BTreeMap<String, Map<String, Value>>,
    asked: Vec<String>,
    trouble: VecDeque<Trouble>,
    is_silent: bool,
    /// Whether it refuses nothing by its title.
    takes_all: bool,
    /// What was wrong with a request, beyond what the registry answers.
    wrong: Vec<String>,
}

struct Registry {
    held: Remembered<Held>,
    door: StandIn,
}

impl Registry {
    fn open() -> Self {
        let (held, door) = Remembered::serve(Held::answer, |held| held.is_silent);
        Self { held, door }
    }

    fn server(&self, more: &str) -> (TestServer, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("vesalius.toml");
        let secret = folder.path().join("password");
        std::fs::write(&secret, "open sesame\n").unwrap();
        let settings = format!(
            "{more}\n[outbound]\nallow_private = [\"127.0.0.0/8\"]\n[doi]\nprefix = \"{PREFIX}\"\nnamespace = \"atlas.\"\n\
             repository = \"ATLAS.TEST\"\npassword_file = \"{}\"\napi = \"{}\"\nretry_seconds = 1\n",
            secret.display(),
            self.door.base
        );
        std::fs::write(&file, settings).unwrap();
        let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
        (server.with_catalogue("named"), folder)
    }

    fn trouble(&self, trouble: &[Trouble]) {
        self.held.with(|held| held.trouble.extend(trouble));
    }

    /// Waits until what the registry holds is as wished.
    fn wait<T>(&self, is_so: impl Fn(&Held) -> Option<T>) -> T {
        self.held.wait(is_so)
    }

    /// Waits until a record's DOI is in a state, with a title.
    fn wait_for(&self, address: &str, state: &str, title: &str) -> String {
        self.wait(|held| {
            held.dois.iter().find_map(|(doi, found)| {
                let is_it = found["url"] == address
                    && found["state"] == state
                    && found["titles"][0]["title"] == title;
                is_it.then(|| doi.clone())
            })
        })
    }

    fn is_content(&self) {
        let wrong = self.held.with(|held| held.wrong.clone());
        assert_eq!(wrong, Vec::<String>::new());
    }
}

fn errors(status: u16, source: &str, title: &str) -> Told {
    let body =
        json!({ "errors": [{ "status": status.to_string(), "source": source, "title": title }] });
    Told(status, MEDIA_TYPE, body.to_string())
}

impl Held {
    fn answer(&mut self, asked: &Asked) -> Told {
        self.asked.push(format!("{} {}", asked.method, asked.path));
        if asked.header("authorization") != AUTHORIZATION {
            return errors(401, "authorization", "Bad credentials.");
        }
        let trouble = self.trouble.pop_front();
        match trouble {
            Some(Trouble::Status(status)) => return errors(status, "", "Not now."),
            Some(Trouble::Limit) => {
                let told = "application/json\r\nRetry-After: 1";
                return Told(429, told, "{}".to_owned());
            }
            Some(Trouble::Rest) => {
                let told = "application/json\r\nRetry-After: 3600";
                return Told(429, told, "{}".to_owned());
            }
            Some(Trouble::Silence) => self.is_silent = true,
            None => {}
        }
        match (asked.method.as_str(), asked.path.strip_prefix("/dois")) {
            ("POST", Some("")) => self.written(None, asked),
            ("PUT", Some(path)) => self.written(path.strip_prefix('/'), asked),
            ("GET", Some(path)) => match self.dois.get(path.trim_start_matches('/')) {
                Some(found) => told(200, found),
                None => errors(404, "", "The resource you are looking for doesn't exist."),
            },
            _ => errors(405, "", "Method not allowed."),
        }
    }

    fn written(&mut self, named: Option<&str>, asked: &Asked) -> Told {
        if asked.header("content-type") != MEDIA_TYPE {
            return errors(415, "", "Unsupported media type.");
        }
        let Ok(body) = serde_json::from_slice::<Value>(&asked.body) else {
            return errors(
                400,
                "",
                "You need to provide a payload following the JSONAPI spec",
            );
        };
        if body["data"]["type"] != "dois" {
            return errors(400, "type", "is not dois");
        }
        let Some(attributes) = body["data"]["attributes"].as_object() else {
            return errors(400, "attributes", "are missing");
        };
        let doi = attributes["doi"].as_str().unwrap_or_default().to_owned();
        if let Some(named) = named {
            if named != doi {
                self.wrong.push(format!("{named} is not {doi}"));
            }
            if !self.dois.contains_key(named) {
                return errors(404, "", "The resource you are looking for doesn't exist.");
            }
        } else if self.dois.contains_key(&doi) {
            return errors(422, "doi", "This DOI has already been taken");
        }
        if !is_doi(&doi) {
            return errors(422, "doi", "is invalid");
        }
        let mut next = self.dois.get(&doi).cloned().unwrap_or_default();
        next.extend(attributes.clone());
        let event = next.remove("event").unwrap_or_default();
        let state = match event.as_str() {
            Some("publish") => "findable",
            Some("hide") if next.get("state") == Some(&json!("findable")) => "registered",
            Some("hide") => next["state"].as_str().unwrap_or("draft"),
            _ => return errors(422, "event", "is not one of publish, hide"),
        };
        next.insert("state".to_owned(), json!(state));
        if let Some(missing) = missing(&next) {
            return errors(422, missing, "Can't be blank");
        }
        if !self.takes_all && next["titles"].to_string().contains("Refuse me") {
            return errors(422, "titles", "This title is not wanted here");
        }
        self.dois.insert(doi, next.clone());
        told(if named.is_some() { 200 } else { 201 }, &next)
    }
}

fn told(status: u16, attributes: &Map<String, Value>) -> Told {
    let body =
        json!({ "data": { "id": attributes["doi"], "type": "dois", "attributes": attributes } });
    Told(status, MEDIA_TYPE, body.to_string())
}

/// The syntax that the registry takes: the repository's prefix, then what can stand in a URL as it is.
fn is_doi(doi: &str) -> bool {
    let suffix = doi
        .strip_prefix(PREFIX)
        .and_then(|rest| rest.strip_prefix('/'));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._;()/:".contains(&byte);
    suffix.is_some_and(|suffix| !suffix.is_empty() && suffix.bytes().all(is_plain))
}

/// What a findable DOI must have (`DataCite`, «Required metadata»), and has not.
fn missing(attributes: &Map<String, Value>) -> Option<&'static str> {
    let text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let get = |name: &str| attributes.get(name).cloned().unwrap_or_default();
    let checks = [
        (
            "url",
            text(&get("url")) && get("url").to_string().contains("http"),
        ),
        ("titles", text(&get("titles")[0]["title"])),
        ("creators", text(&get("creators")[0]["name"])),
        ("publisher", text(&get("publisher")["name"])),
        ("publicationYear", get("publicationYear").is_u64()),
        ("types", text(&get("types")["resourceTypeGeneral"])),
        (
            "schemaVersion",
            get("schemaVersion") == "http://datacite.org/schema/kernel-4",
        ),
    ];
    let wrong = checks.into_iter().find(|(_, is_there)| !is_there);
    wrong.map(|(name, _)| name)
}

/// Waits until an answer holds a text.
fn wait_until(person: &Person, path: &str, text: &str) -> String {
    let until = Instant::now() + WAIT_MAX;
    loop {
        let found = person.get(path).text();
        if found.contains(text) {
            return found;
        }
        assert!(Instant::now() < until, "no {text} in {found}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn write(server: &TestServer, slug: &str, title: &str) -> String {
    let path = format!("/dataset/{slug}");
    let catalogue = server.iri("/catalog/named");
    let text = dataset(&server.base, slug, &catalogue, title);
    server.steward().write(&path, text);
    path
}

#[test]
fn a_published_record_gets_a_doi_and_every_door_follows() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let (nobody, steward) = (server.nobody(), server.steward());
    let path = write(&server, "lung", "Lungs");
    steward.publish(&path);
    let address = server.iri(&path);
    let doi = registry.wait_for(&address, "findable", "Lungs");
    let resolver = format!("https://doi.org/{doi}");
    let turtle = wait_until(&nobody, &format!("{path}.nt"), &resolver);
    assert!(turtle.contains(&format!(
        "<{address}> <http://www.w3.org/ns/adms#identifier> <{resolver}> ."
    )));
    // The doors.
    let links = nobody.head(&path).header("link").unwrap().to_owned();
    assert!(
        links.contains(&format!("<{resolver}>; rel=\"cite-as\"")),
        "{links}"
    );
    let xml = nobody.get(&format!("{path}.datacite-xml")).is(200).text();
    assert!(
        xml.contains(&format!(
            "<identifier identifierType=\"DOI\">{doi}</identifier>"
        )),
        "{xml}"
    );
    let json = nobody.get(&format!("{path}.datacite-json")).is(200).json();
    assert_eq!(json["doi"], doi);
    for format in ["bib", "ris", "csl", "citation", "schemaorg", "rocrate"] {
        let text = nobody.get(&format!("{path}.{format}")).is(200).text();
        assert!(text.contains(&doi), "{format}: {text}");
    }
    let list = "/oai?verb=ListRecords&metadataPrefix=oai_datacite&set=type:dataset";
    assert!(wait_until(&nobody, list, &doi).contains("identifierType=\"DOI\""));
    wait_until(&nobody, "/catalog.nt", &resolver);
    // A version that is sent without it keeps it, and the registry hears of the change.
    write(&server, "lung", "Lungs, twice");
    assert!(nobody.get(&format!("{path}.nt")).text().contains(&resolver));
    assert_eq!(registry.wait_for(&address, "findable", "Lungs, twice"), doi);
    // What is taken away keeps its DOI, which is found no more.
    steward.withdraw(&path);
    registry.wait_for(&address, "registered", "Lungs, twice");
    let gone = nobody.get(&path);
    assert_eq!(gone.status, 410);
    assert!(
        gone.header("link")
            .unwrap()
            .contains(&format!("<{resolver}>; rel=\"cite-as\"")),
        "{gone}"
    );
    steward.publish(&path);
    registry.wait_for(&address, "findable", "Lungs, twice");
    steward.delete(&path).is(204);
    registry.wait_for(&address, "registered", "Lungs, twice");
    registry.is_content();
}

#[test]
fn an_etag_from_before_the_name_still_holds() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let steward = server.steward();
    let catalogue = server.iri("/catalog/named");
    let text = |slug: &str, title: &str| dataset(&server.base, slug, &catalogue, title);
    // What was read when it was published, and since then has got its name.
    let named = |slug: &str| {
        let path = format!("/dataset/{slug}");
        let published = format!("{path}?state=published");
        let sent = steward.put(&published, "text/turtle", text(slug, "As it was read"));
        let etag = sent.is(201).header("etag").unwrap().to_owned();
        let doi = registry.wait_for(&server.iri(&path), "findable", "As it was read");
        wait_until(&server.nobody(), &format!("{path}.nt"), &doi);
        (path, etag, doi)
    };
    let change = |method: &str, path: &str, etag: &str| {
        steward.request(method, path).header("If-Match", etag)
    };
    let put = |path: &str, etag: &str, body: String| {
        let request = change("PUT", path, etag).header("Content-Type", "text/turtle");
        request.send_body(body)
    };
    let (path, etag, doi) = named("replaced");
    put(&path, &etag, text("replaced", "Changed")).is(200);
    let found = server.nobody().get(&format!("{path}.nt")).text();
    assert!(found.contains(&doi) && found.contains("Changed"), "{found}");
    // From now on it is another record than the one that was read.
    put(&path, &etag, text("replaced", "Changed twice")).problem(412);
    let (path, etag, doi) = named("patched");
    let patch =
        change("PATCH", &path, &etag).header("Content-Type", "application/merge-patch+json");
    let title = r#"{"dct:title": {"@value": "Patched", "@language": "en"}}"#;
    patch.send_body(title).is(200);
    let found = server.nobody().get(&format!("{path}.nt")).text();
    assert!(found.contains(&doi) && found.contains("Patched"), "{found}");
    let (path, etag, _) = named("deleted");
    steward.withdraw(&path);
    change("DELETE", &path, &etag).send().is(204);
    // What was published with others can be taken back, though it has got its name since.
    let path = write(&server, "undone", "Undone");
    let publish = json!({ "step": "publish", "record": [path], "reason": "all of them" });
    let done = steward.post("/bulk", "application/json", publish.to_string());
    let done = done.is(200).json();
    let doi = registry.wait_for(&server.iri(&path), "findable", "Undone");
    wait_until(&server.nobody(), &format!("{path}.nt"), &doi);
    let undo = done["undo"].as_str().unwrap();
    steward.post(undo, "application/json", "").is(200);
    server.nobody().get(&path).is(410);
}

#[test]
fn only_published_records_without_a_doi_of_their_own_get_one() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let steward = server.steward();
    write(&server, "draft", "A draft");
    let catalogue = server.iri("/catalog/named");
    let text = dataset(&server.base, "other", &catalogue, "From a repository");
    let identifier = format!(
        "<{}> <http://www.w3.org/ns/adms#identifier> <https://doi.org/10.5281/zenodo.7> .\n",
        server.iri("/dataset/other")
    );
    steward.write("/dataset/other", format!("{text}{identifier}"));
    steward.publish("/dataset/other");
    // What comes last is told last.
    let path = write(&server, "last", "The last one");
    steward.publish(&path);
    registry.wait_for(&server.iri(&path), "findable", "The last one");
    registry.wait(|held| (held.dois.len() == 1).then_some(()));
    let csl = server.nobody().get("/dataset/other.csl").is(200).text();
    assert!(csl.contains("10.5281/zenodo.7"));
}

#[test]
fn a_registry_that_is_away_is_asked_until_it_is_back() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let path = write(&server, "heart", "Hearts");
    registry.trouble(&[
        Trouble::Status(503),
        Trouble::Limit,
        Trouble::Status(500),
        Trouble::Status(401),
    ]);
    server.steward().publish(&path);
    registry.wait(|held| (held.trouble.len() <= 2).then_some(()));
    // What waits survives the end of the server.
    server.kill9();
    server.restart();
    let doi = registry.wait_for(&server.iri(&path), "findable", "Hearts");
    wait_until(&server.nobody(), &format!("{path}.nt"), &doi);
    registry.wait(|held| (held.asked.len() >= 5).then_some(()));
    registry.is_content();
}

#[test]
fn nobody_is_refused_in_the_moment_in_which_a_record_gets_its_name() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let steward = server.steward();
    for i in 0..20 {
        let path = write(&server, &format!("quick{i}"), "Quick");
        steward.publish(&path);
        if i % 2 == 0 {
            std::thread::sleep(Duration::from_millis(10 * i));
        }
        steward.withdraw(&path);
        steward.delete(&path).is(204);
    }
    registry.is_content();
}

#[test]
fn stewards_see_how_dois_stand_and_have_them_told_again() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let steward = server.steward();
    let path = write(&server, "fine", "Fine");
    steward.publish(&path);
    let fine = registry.wait_for(&server.iri(&path), "findable", "Fine");
    let path = write(&server, "wrong", "Refuse me");
    steward.publish(&path);
    let failed = || steward.get("/dois?state=failed").is(200).json();
    let told = wait_until(
        &steward,
        "/dois?state=failed",
        "This title is not wanted here",
    );
    assert!(told.contains("\"next\":null"), "{told}");
    let (listed, wrong) = (steward.get("/dois").is(200).json(), failed());
    assert_eq!(listed["dois"].as_array().unwrap().len(), 2);
    assert_eq!(listed["counts"]["failed"], 1, "{listed}");
    assert_eq!(wrong["dois"][0]["record"], server.iri(&path));
    assert_eq!(wrong["dois"][0]["state"], "wanted");
    let doi = wrong["dois"][0]["doi"].as_str().unwrap();
    for language in ["en", "de", "fr", "es", "it"] {
        let page = steward
            .get_as(&format!("/dois?lang={language}"), "text/html")
            .is(200)
            .text();
        let here = [&fine, doi, "This title is not wanted here", "/dois/retry"];
        assert!(here.iter().all(|text| page.contains(*text)), "{page}");
    }
    // What the registry takes now need not wait for another version.
    registry.held.with(|held| held.takes_all = true);
    let again = |body: Value| steward.post("/dois/retry", "application/json", body.to_string());
    assert_eq!(again(json!({ "doi": doi })).is(200).json()["retried"], 1);
    assert_eq!(
        registry.wait_for(&server.iri(&path), "findable", "Refuse me"),
        doi
    );
    wait_until(&steward, "/dois?state=failed", "\"dois\":[]");
    again(json!({ "doi": doi })).problem(400);
    assert_eq!(again(json!({})).is(200).json()["retried"], 0);
    // A registry that asked for patience is told all the same when somebody wishes.
    let path = write(&server, "patient", "Patient");
    registry.trouble(&[Trouble::Rest]);
    steward.publish(&path);
    wait_until(&steward, "/dois?state=failed", "cannot be asked now");
    let form = "application/x-www-form-urlencoded";
    let answer = steward.post("/dois/retry", form, "doi=");
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, Some("/dois"))
    );
    registry.wait_for(&server.iri(&path), "findable", "Patient");
    registry.is_content();
    // Who had it told again stands in the audit; what told nothing leaves nothing.
    let output = server.cli(&["audit", "export"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let events = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    let retried = events.filter(|event| event["deed"] == "dois-retried");
    let subjects: Vec<String> = retried
        .map(|event| event["subject"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(subjects, [doi, "all"]);
}

#[test]
fn dois_are_for_those_who_look_after_all_records() {
    let server = TestServer::start().with_catalogue("named");
    let provider = server.provider_of(&server.iri("/catalog/named"));
    let operator = server.operator();
    for (person, is_allowed) in [
        (&server.nobody(), false),
        (&server.reader(), false),
        (&provider, false),
        (&server.steward(), true),
        (&operator, true),
    ] {
        let answers = [
            person.get("/dois"),
            person.get_as("/dois", "text/html"),
            person.post("/dois/retry", "application/json", "{}"),
        ];
        for answer in answers {
            assert_eq!(
                answer.status,
                if is_allowed { 200 } else { 403 },
                "{answer}"
            );
        }
    }
    server.steward().get("/dois?state=lost").problem(400);
    server.steward().get("/dois?after=x").problem(400);
}

#[test]
fn a_crash_between_the_registry_and_the_ledger_loses_and_doubles_nothing() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let path = write(&server, "liver", "Livers");
    registry.trouble(&[Trouble::Silence]);
    server.steward().publish(&path);
    registry.wait(|held| held.is_silent.then_some(()));
    server.kill9();
    registry.held.with(|held| held.is_silent = false);
    server.restart();
    let doi = registry.wait_for(&server.iri(&path), "findable", "Livers");
    wait_until(&server.nobody(), &format!("{path}.nt"), &doi);
    registry.wait(|held| {
        let puts = held.asked.iter().filter(|asked| asked.starts_with("PUT"));
        (held.dois.len() == 1 && puts.count() == 1).then_some(())
    });
    registry.is_content();
}

#[test]
fn what_the_registry_refuses_is_told_and_mended_by_the_next_version() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let path = write(&server, "brain", "Refuse me");
    server.steward().publish(&path);
    registry.wait(|held| (held.asked.len() >= 2).then_some(()));
    let until = Instant::now() + WAIT_MAX;
    let listed = || String::from_utf8(server.cli(&["dois"]).stdout).unwrap();
    while !listed().contains("This title is not wanted here") {
        assert!(Instant::now() < until, "{}", listed());
        std::thread::sleep(Duration::from_millis(50));
    }
    let address = server.iri(&path);
    let refused = format!("\twanted\t{address}\t\t");
    assert!(
        listed().contains(&refused),
        "it is not tried again: {}",
        listed()
    );
    let nobody = server.nobody();
    assert!(
        !nobody
            .get(&format!("{path}.nt"))
            .text()
            .contains("doi.org/10.5072")
    );
    write(&server, "brain", "Brains");
    let doi = registry.wait_for(&server.iri(&path), "findable", "Brains");
    wait_until(&nobody, &format!("{path}.nt"), &doi);
}

#[test]
fn a_doi_of_somebody_else_is_never_taken_over() {
    let registry = Registry::open();
    let (server, _folder) = registry.server("");
    let path = write(&server, "bone", "Bones");
    registry.trouble(&[Trouble::Silence]);
    server.steward().publish(&path);
    registry.wait(|held| held.is_silent.then_some(()));
    server.kill9();
    registry.held.with(|held| {
        for found in held.dois.values_mut() {
            found.insert("url".to_owned(), json!("https://elsewhere.example/thing"));
        }
        held.is_silent = false;
    });
    server.restart();
    let until = Instant::now() + WAIT_MAX;
    while !server.log().contains("is registered already and leads to") {
        assert!(Instant::now() < until, "{}", server.log());
        std::thread::sleep(Duration::from_millis(50));
    }
    registry.wait(|held| {
        let stays = held
            .dois
            .values()
            .all(|found| found["url"] == "https://elsewhere.example/thing");
        stays.then_some(())
    });
}

#[test]
fn a_prefix_of_the_operators_names_records_without_a_registry() {
    let server = TestServer::with(&[("PERSISTENT__PREFIX", "https://w3id.org/atlas/")]);
    let server = server.with_catalogue("named");
    let path = write(&server, "lung", "Lungs");
    server.steward().publish(&path);
    let name = "https://w3id.org/atlas/dataset/lung";
    let nobody = server.nobody();
    let links = nobody.head(&path).header("link").unwrap().to_owned();
    assert!(
        links.contains(&format!("<{name}>; rel=\"cite-as\"")),
        "{links}"
    );
    let xml = nobody.get(&format!("{path}.datacite-xml")).is(200).text();
    assert!(
        xml.contains(&format!(
            "<identifier identifierType=\"w3id\">{name}</identifier>"
        )),
        "{xml}"
    );
    let oai = nobody
        .get("/oai?verb=ListRecords&metadataPrefix=oai_dc")
        .text();
    assert!(oai.contains(name), "{oai}");
    // What is read and sent back says it once.
    let text = nobody.get(&format!("{path}.ttl")).is(200);
    let version = text.version();
    server.steward().write(&path, text.body);
    let again = nobody.get(&format!("{path}.nt")).text();
    assert_eq!(
        again.matches(&format!("adms#identifier> <{name}>")).count(),
        1
    );
    assert!(nobody.get(&format!("{path}.ttl")).version() > version);
}

#[test]
fn settings_that_cannot_work_stop_the_server_with_the_way_out() {
    let server = TestServer::start();
    server.stop();
    for (settings, word) in [
        ("[persistent]\nprefix = \"w3id.org\"", "persistent.prefix"),
        (
            "[doi]\nprefix = \"10.5072\"\nrepository = \"A.B\"",
            "VESALIUS_DOI__PASSWORD",
        ),
        (
            "[doi]\nprefix = \"10.5072\"\nrepository = \"A.B\"\npassword = \"x\"\napi = \"http://datacite.example\"",
            "https://",
        ),
    ] {
        let file = server.data().join("bad.toml");
        std::fs::write(&file, settings).unwrap();
        let output = server.cli(&["--config", file.to_str().unwrap(), "serve"]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && told.contains(word),
            "{settings}: {told}"
        );
    }
}
