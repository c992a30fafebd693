//! Do clients, pushers and indexes of FAIR Data Points find what they expect, and nothing that is unsafe?

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::stand_in::{StandIn, Told};
use crate::support::{Answer, Person, TestServer, catalogue, command, dataset, rdf, workshop};

const PASSWORD: &str = "a long enough password";
const OWNER: &str = "49f2bcfd-ef0a-4a3a-a1a3-0fc72a6892a8";

fn send(person: &Person, method: &str, path: &str, body: &Value) -> Answer {
    let request = person
        .request(method, path)
        .header("Content-Type", "application/json");
    request
        .header("Accept", "application/json")
        .send_body(body.to_string())
}

fn post(person: &Person, path: &str, body: &Value) -> Answer {
    send(person, "POST", path, body)
}

/// Signs in as the web client does.
fn sign_in(server: &TestServer, email: &str, password: &str) -> Answer {
    post(
        &server.nobody(),
        "/tokens",
        &json!({ "email": email, "password": password }),
    )
}

fn signed_in(server: &TestServer, email: &str) -> Person {
    let token = sign_in(server, email, PASSWORD).is(200).json();
    Person::new(
        &server.base,
        Some(token["token"].as_str().unwrap().to_owned()),
    )
}

fn make_user(server: &TestServer, email: &str, role: &str) -> String {
    let user = json!({ "firstName": "Nikola", "lastName": "T", "email": email, "password": PASSWORD, "role": role });
    let user = post(&server.steward(), "/users", &user).is(200).json();
    assert_eq!(user["role"], role);
    assert!(user.get("password").is_none());
    user["uuid"].as_str().unwrap().to_owned()
}

/// The text of a record as a client sends it, without an address of its own.
fn nameless(text: &str, iri: &str) -> String {
    text.replace(&format!("<{iri}>"), "<>")
}

#[test]
fn the_web_client_signs_in_creates_edits_publishes_and_searches() {
    let server = TestServer::start();
    let (base, nobody) = (server.base.clone(), server.nobody());
    make_user(&server, "albert@example.org", "ADMIN");
    let bootstrap = nobody
        .get_as("/configs/bootstrap", "application/json")
        .is(200)
        .json();
    assert_eq!(bootstrap["persistentUrl"], base.as_str());
    assert_eq!(bootstrap["index"], false);
    let definitions = bootstrap["resourceDefinitions"].as_array().unwrap();
    let dataset_definition = definitions
        .iter()
        .find(|one| one["urlPrefix"] == "dataset")
        .unwrap();
    assert_eq!(
        dataset_definition["uuid"],
        "2f08228e-1789-40f8-84cd-28e3288c3604"
    );
    sign_in(&server, "albert@example.org", "wrong").problem(401);
    let client = signed_in(&server, "Albert@example.org");
    let me = client
        .get_as("/users/current", "application/json")
        .is(200)
        .json();
    assert_eq!(
        (me["email"].as_str(), me["role"].as_str()),
        (Some("albert@example.org"), Some("ADMIN"))
    );
    // The page of the repository: the record, its state, its children.
    client.get_as("/", "text/turtle").is(200);
    assert_eq!(
        client.get_as("/meta", "application/json").is(200).json()["state"]["current"],
        "PUBLISHED"
    );
    client
        .get_as("/page/catalog?page=0&size=10", "text/turtle")
        .is(200);
    // The form of a catalogue, and what it sends.
    assert!(
        client
            .get_as("/catalog/spec", "text/turtle")
            .is(200)
            .text()
            .contains("NodeShape")
    );
    let text = nameless(
        &catalogue(&base, "x", "Made by a client"),
        &format!("{base}/catalog/x"),
    );
    let made = client
        .request("POST", "/catalog")
        .header("Accept", "text/turtle")
        .header("Content-Type", "text/turtle")
        .send_body(text)
        .is(201);
    let catalogue_path = made.location().strip_prefix(&base).unwrap().to_owned();
    let meta = client.get(&format!("{catalogue_path}/meta")).is(200).json();
    assert_eq!(meta["state"]["current"], "DRAFT");
    assert_eq!(
        meta["path"][base.as_str()]["resourceDefinitionUuid"],
        "77aaad6a-0136-4c6e-88b9-07ffccd0ee4c"
    );
    nobody.get(&catalogue_path).problem(404);
    client.publish(&catalogue_path);
    let in_catalogue = format!("{base}{catalogue_path}");
    let own = format!("{base}/dataset/x");
    let text = |title: &str| nameless(&dataset(&base, "x", &in_catalogue, title), &own);
    let made = client
        .post("/dataset", "text/turtle", text("Lungs of the client"))
        .is(201);
    let path = made.location().strip_prefix(&base).unwrap().to_owned();
    client
        .put(&path, "text/turtle", text("Lungs, edited by the client"))
        .is(200);
    let tree = client.get("/dashboard").is(200).json();
    assert_eq!(tree[0]["children"][0]["state"], "DRAFT", "{tree}");
    assert_eq!(
        send(
            &client,
            "PUT",
            &format!("{path}/meta/state"),
            &json!({ "current": "PUBLISHED" })
        )
        .is(200)
        .json()["current"],
        "PUBLISHED"
    );
    server.settle();
    let page = nobody
        .get_as(
            &format!("{catalogue_path}/page/dataset?page=0&size=10"),
            "text/turtle",
        )
        .is(200);
    assert!(page.text().contains("edited by the client"));
    // The page of a search: the template, the filters, the saved queries, then the search itself.
    let template = client.get("/search/query").is(200).json();
    for part in ["{{prefixes}}\n", "{{graphPattern}}\n", "{{ordering}}\n"] {
        assert!(
            template["template"].as_str().unwrap().contains(part),
            "{template}"
        );
    }
    let filters = client.get("/search/filters").is(200).json();
    let types = filters[0]["values"].as_array().unwrap();
    assert!(
        types
            .iter()
            .any(|one| one["value"] == "http://www.w3.org/ns/dcat#Dataset"),
        "{filters}"
    );
    assert_eq!(client.get("/search/query/saved").is(200).json(), json!([]));
    let found = post(&client, "/search", &json!({ "query": "lungs edited" }))
        .is(200)
        .json();
    assert_eq!(found[0]["uri"], format!("{base}{path}"), "{found}");
    assert!(
        found[0]["types"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one == "http://www.w3.org/ns/dcat#Dataset")
    );
    let pattern = json!({
        "prefixes": "", "ordering": "ASC(?title)",
        "graphPattern": "?entity ?relationPredicate ?relationObject .\nFILTER isLiteral(?relationObject)\nFILTER CONTAINS(LCASE(str(?relationObject)), LCASE(\"edited by\"))",
    });
    let found = post(&nobody, "/search/query", &pattern).is(200).json();
    assert_eq!(found[0]["uri"], format!("{base}{path}"), "{found}");
    assert_eq!(client.delete(&path).status, 204);
}

#[test]
fn a_pusher_sends_a_token_for_a_password_and_publishes() {
    let (server, steward) = (workshop(), workshop().steward());
    let provider = server.provider_of(&server.iri("/catalog/workshop"));
    let login = json!({ "email": "script@example.org", "password": provider.token() });
    let token = post(&server.nobody(), "/tokens", &login).is(200).json();
    assert_eq!(token["token"], provider.token());
    let own = server.iri("/dataset/pushed");
    let text = dataset(
        &server.base,
        "pushed",
        &server.iri("/catalog/workshop"),
        "Pushed",
    );
    let made = provider
        .post("/dataset", "text/turtle", nameless(&text, &own))
        .is(201);
    let path = made
        .location()
        .strip_prefix(&server.base)
        .unwrap()
        .to_owned();
    server.nobody().get(&path).problem(404);
    provider.publish(&path);
    let record = server.nobody().get(&path).is(200).triples();
    assert!(rdf::says(
        &record,
        &format!("{}{path}", server.base),
        "http://purl.org/dc/terms/conformsTo",
        &server.iri("/profile/2f08228e-1789-40f8-84cd-28e3288c3604")
    ));
    // Read and sent back, it is the same.
    let text = server.nobody().get(&path).is(200).body;
    let before = steward.get(&format!("{path}/versions/1")).is(200).triples();
    provider.put(&path, "text/turtle", text).is(200);
    let after = steward.get(&format!("{path}/versions/2")).is(200).triples();
    rdf::assert_isomorphic(&after, &before, "nothing of the server's is kept");
    for wrong in ["ves_wrong", "", "nothing"] {
        sign_in(server, "script@example.org", wrong).problem(401);
    }
    post(&server.nobody(), "/tokens", &json!({ "email": "x" })).problem(400);
}

#[test]
fn people_see_themselves_and_stewards_see_all() {
    let server = TestServer::start();
    let ada = make_user(&server, "ada@example.org", "USER");
    let grace = make_user(&server, "grace@example.org", "USER");
    let (steward, person) = (server.steward(), signed_in(&server, "ada@example.org"));
    for path in [
        "/users",
        "/users/current",
        "/api-keys",
        "/memberships",
        "/dashboard",
        "/settings",
    ] {
        server.nobody().get(path).problem(403);
    }
    assert_eq!(
        person
            .get("/users")
            .is(200)
            .json()
            .as_array()
            .unwrap()
            .len(),
        1,
        "nobody's e-mail but one's own"
    );
    person.get(&format!("/users/{grace}")).problem(403);
    person.get(&format!("/users/{ada}")).is(200);
    person.get("/settings").problem(403);
    assert!(
        steward
            .get("/users")
            .is(200)
            .text()
            .contains("grace@example.org")
    );
    let sent = json!({ "firstName": "Ada", "lastName": "Lovelace", "email": "ada@example.org", "role": "ADMIN" });
    assert_eq!(
        send(&person, "PUT", "/users/current", &sent).is(200).json()["role"],
        "USER",
        "nobody gives themselves a role"
    );
    send(&person, "PUT", &format!("/users/{ada}"), &sent).problem(403);
    post(&person, "/users", &sent).problem(403);
    let taken =
        json!({ "firstName": "A", "lastName": "B", "email": "grace@example.org", "role": "USER" });
    post(&steward, "/users", &taken).problem(400);
    assert_eq!(
        send(
            &steward,
            "PUT",
            &format!("/users/{ada}/password"),
            &json!({ "password": "short" })
        )
        .problem(400)["field"],
        "password"
    );
    let other = json!({ "password": "another long password" });
    send(&person, "PUT", "/users/current/password", &other).is(200);
    person.get("/users/current").problem(401);
    assert_eq!(steward.delete(&format!("/users/{grace}")).status, 204);
    sign_in(&server, "grace@example.org", PASSWORD).problem(401);
}

#[test]
fn keys_are_shown_once_and_end() {
    let server = TestServer::start();
    let ada = make_user(&server, "ada@example.org", "USER");
    let person = signed_in(&server, "ada@example.org");
    let key = post(&person, "/api-keys", &json!({})).is(201).json();
    let secret = key["token"].as_str().unwrap().to_owned();
    let with_key = Person::new(&server.base, Some(secret.clone()));
    assert_eq!(
        with_key.get("/users/current").is(200).json()["uuid"],
        ada.as_str()
    );
    let list = person.get("/api-keys").is(200);
    assert!(
        !list.text().contains(&secret) && list.json()[0]["uuid"] == key["uuid"],
        "{list}"
    );
    let path = format!("/api-keys/{}", key["uuid"].as_str().unwrap());
    assert_eq!(
        server.steward().delete(&path).status,
        404,
        "it is not theirs"
    );
    assert_eq!(person.delete(&path).status, 204);
    with_key.get("/users/current").problem(401);
    server
        .steward()
        .post("/api-keys", "application/json", "{}")
        .problem(403);
}

#[test]
fn a_member_of_a_catalogue_writes_in_it_as_long_as_they_are_one() {
    let server = TestServer::start().with_catalogue("theirs");
    let ada = make_user(&server, "ada@example.org", "USER");
    let (steward, person) = (server.steward(), signed_in(&server, "ada@example.org"));
    let catalogue = server.iri("/catalog/theirs");
    let write = |slug: &str| {
        let text = dataset(&server.base, slug, &catalogue, "A member's");
        person
            .put(&format!("/dataset/{slug}"), "text/turtle", text)
            .status
    };
    assert_eq!(write("before"), 403);
    let members = format!("/catalog/theirs/members/{ada}");
    let owner = json!({ "membershipUuid": OWNER });
    send(&person, "PUT", &members, &owner).problem(403);
    send(
        &steward,
        "PUT",
        &members,
        &json!({ "membershipUuid": "other" }),
    )
    .problem(400);
    let member = send(&steward, "PUT", &members, &owner).is(200).json();
    assert_eq!(member["membership"]["permissions"][0]["code"], "W");
    assert_eq!(write("within"), 201);
    let meta = person.get("/dataset/within/meta").is(200).json();
    assert_eq!(meta["member"]["user"]["uuid"], ada.as_str(), "{meta}");
    assert_eq!(
        person.get("/dataset/within/members").is(200).json()[0]["user"]["email"],
        "ada@example.org"
    );
    let refused = send(
        &steward,
        "PUT",
        &format!("/dataset/within/members/{ada}"),
        &owner,
    )
    .problem(400);
    assert!(
        refused["detail"].as_str().unwrap().contains(&catalogue),
        "{refused}"
    );
    server.nobody().get("/catalog/theirs/members").problem(403);
    server.nobody().get("/dataset/within/members").problem(404);
    assert_eq!(steward.delete(&members).status, 204);
    assert_eq!(write("after"), 403);
}

#[test]
fn definitions_lead_to_profiles_and_those_to_shapes() {
    let (server, nobody) = (workshop(), workshop().nobody());
    for definition in nobody
        .get("/resource-definitions")
        .is(200)
        .json()
        .as_array()
        .unwrap()
    {
        let uuid = definition["uuid"].as_str().unwrap();
        let one = nobody
            .get(&format!("/resource-definitions/{uuid}"))
            .is(200)
            .json();
        assert_eq!(one, *definition);
        let profile = nobody
            .get_as(&format!("/profile/{uuid}"), "text/turtle")
            .is(200)
            .triples();
        let artifact = profile
            .iter()
            .find(|triple| triple.predicate.as_str().ends_with("hasArtifact"))
            .unwrap();
        let schema = definition["metadataSchemaUuids"][0].as_str().unwrap();
        let address = server.iri(&format!("/metadata-schemas/{schema}"));
        assert_eq!(artifact.object.to_string(), format!("<{address}>"));
        let shapes = nobody.get_as(&address, "text/turtle").is(200).text();
        assert!(shapes.contains("sh:NodeShape"), "{uuid}");
        let told = nobody.get_as(&address, "application/json").is(200).json();
        assert_eq!(told["latest"]["type"], "INTERNAL");
        assert!(
            !told["latest"]["targetClasses"]
                .as_array()
                .unwrap()
                .is_empty()
        );
    }
    nobody.get("/profile/none").problem(404);
    nobody.get("/resource-definitions/none").problem(404);
    post(&nobody, "/resource-definitions", &json!({})).problem(403);
    let refused = post(&server.steward(), "/resource-definitions", &json!({}));
    assert_eq!(refused.header("allow"), Some("GET, HEAD"));
    refused.problem(405);
    post(&server.steward(), "/reset", &json!({ "metadata": true })).problem(405);
}

const SHAPES: &str = "@prefix sh: <http://www.w3.org/ns/shacl#> . <urn:s> a sh:NodeShape ; sh:targetClass <urn:Study> .";

#[test]
fn a_schema_is_drafted_released_and_imported() {
    let server = TestServer::start();
    let (steward, nobody) = (server.steward(), server.nobody());
    let draft = |definition: &str| json!({ "name": "Study", "description": "", "abstractSchema": false, "definition": definition, "extendsSchemaUuids": [] });
    post(&nobody, "/metadata-schemas", &draft(SHAPES)).problem(403);
    post(&steward, "/metadata-schemas", &draft("no turtle")).problem(400);
    let made = post(&steward, "/metadata-schemas", &draft(SHAPES))
        .is(200)
        .json();
    let path = format!("/metadata-schemas/{}", made["uuid"].as_str().unwrap());
    nobody.get(&path).problem(403);
    nobody.get("/metadata-schemas?drafts=true").problem(403);
    let release =
        |version: &str| json!({ "version": version, "description": "One", "published": true });
    let versions = format!("{path}/versions");
    post(&steward, &versions, &release("one")).problem(400);
    post(&steward, &versions, &release("1.0.0")).is(200);
    post(&steward, &versions, &release("1.1.0")).problem(400);
    assert!(
        nobody
            .get_as(&path, "text/turtle")
            .is(200)
            .text()
            .contains("urn:Study")
    );
    assert!(
        nobody
            .get(&format!("{versions}/latest"))
            .is(200)
            .text()
            .contains("1.0.0")
    );
    let mut changed = draft(SHAPES);
    changed["name"] = json!("Study, changed");
    send(&steward, "PUT", &format!("{path}/draft"), &changed).is(200);
    post(&steward, &versions, &release("1.0.0")).problem(400);
    post(&steward, &versions, &release("1.1.0")).is(200);
    let list = nobody.get("/metadata-schemas").is(200).json();
    let study = list
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["uuid"] == made["uuid"])
        .unwrap();
    assert_eq!(
        (study["versions"].clone(), study["latest"]["name"].as_str()),
        (json!(["1.0.0", "1.1.0"]), Some("Study, changed"))
    );
    let preview = json!({ "metadataSchemaUuids": [made["uuid"]] });
    assert!(post(&nobody, "/metadata-schemas/preview", &preview).status < 500);
    // Another one takes it over. A private address is not fetched.
    let other = TestServer::start();
    let public = nobody.get("/metadata-schemas/public").is(200).json();
    let theirs: Vec<&Value> = public
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["uuid"] == made["uuid"])
        .collect();
    post(&other.nobody(), "/metadata-schemas/import", &json!(theirs)).problem(403);
    let taken = post(&other.steward(), "/metadata-schemas/import", &json!(theirs))
        .is(200)
        .json();
    assert_eq!(taken[0]["type"], "REFERENCE");
    assert!(
        other
            .nobody()
            .get_as(&path, "text/turtle")
            .is(200)
            .text()
            .contains("urn:Study")
    );
    let again = post(&other.steward(), "/metadata-schemas/import", &json!(theirs))
        .is(200)
        .json();
    assert_eq!(again, json!([]));
    let from = format!(
        "/metadata-schemas/import?from={}",
        crate::support::http::encode(&server.base)
    );
    let refused = other.steward().get(&from).problem(400);
    assert!(
        refused["detail"]
            .as_str()
            .unwrap()
            .contains("not a public address"),
        "{refused}"
    );
    let profile = format!(
        "/metadata-schemas/{}",
        "866d7fb8-5982-4215-9c7c-18d0ed1bd5f3"
    );
    assert_eq!(steward.delete(&profile).status, 405);
    assert_eq!(steward.delete(&path).status, 204);
    nobody.get(&path).problem(404);
}

#[test]
fn saved_queries_are_seen_by_those_they_are_for() {
    let server = TestServer::start();
    make_user(&server, "ada@example.org", "USER");
    make_user(&server, "grace@example.org", "USER");
    let (ada, grace, nobody) = (
        signed_in(&server, "ada@example.org"),
        signed_in(&server, "grace@example.org"),
        server.nobody(),
    );
    let wish = |audience: &str| {
        json!({ "name": audience, "description": "", "type": audience,
        "variables": { "prefixes": "", "graphPattern": "?entity a dcat:Catalog .", "ordering": "ASC(?title)" } })
    };
    post(&nobody, "/search/query/saved", &wish("PUBLIC")).problem(403);
    let saved: Vec<String> = ["PUBLIC", "INTERNAL", "PRIVATE"]
        .iter()
        .map(|audience| {
            post(&ada, "/search/query/saved", &wish(audience))
                .is(201)
                .json()["uuid"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect();
    let seen = |person: &Person| {
        person
            .get("/search/query/saved")
            .is(200)
            .json()
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((seen(&nobody), seen(&grace), seen(&ada)), (1, 2, 3));
    assert!(
        !nobody.get("/search/query/saved").text().contains("Nikola"),
        "people are named to those who signed in"
    );
    nobody
        .get(&format!("/search/query/saved/{}", saved[2]))
        .problem(404);
    grace
        .get(&format!("/search/query/saved/{}", saved[2]))
        .problem(404);
    send(
        &grace,
        "PUT",
        &format!("/search/query/saved/{}", saved[0]),
        &wish("PRIVATE"),
    )
    .problem(403);
    post(
        &nobody,
        &format!("/search/query/saved/{}", saved[0]),
        &json!({}),
    )
    .is(200);
    assert_eq!(
        ada.delete(&format!("/search/query/saved/{}", saved[0]))
            .status,
        204
    );
    let bad = json!({ "prefixes": "", "graphPattern": "nonsense {", "ordering": "" });
    post(&nobody, "/search/query", &bad).problem(400);
    let elsewhere = json!({ "prefixes": "", "graphPattern": "SERVICE <http://127.0.0.1:1/> { ?s ?p ?o }", "ordering": "" });
    post(&nobody, "/search/query", &elsewhere).problem(400);
}

#[test]
fn labels_and_terms_come_from_here() {
    let (server, nobody) = (workshop(), workshop().nobody());
    let theme = "http://publications.europa.eu/resource/authority/data-theme/HEAL";
    let label = |iri: &str, lang: &str| {
        nobody.get(&format!(
            "/label?iri={}&lang={lang}",
            crate::support::http::encode(iri)
        ))
    };
    let health = label(theme, "en").is(200).json();
    assert_eq!(
        (health["label"].as_str(), health["lang"].as_str()),
        (Some("Health"), Some("en"))
    );
    let own = label(&server.iri("/catalog/workshop"), "en").is(200).json();
    assert_eq!(own["label"], "A catalogue of the tests");
    label("http://127.0.0.1:9/secret", "en").problem(404);
    nobody.get("/label").problem(400);
    let class = json!({ "rdfType": "http://www.w3.org/ns/dcat#Catalog", "query": "catalogue of" });
    let found = post(&nobody, "/forms/autocomplete", &class).is(200).json();
    assert!(
        found
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["uri"] == server.iri("/catalog/workshop").as_str()),
        "{found}"
    );
    let scheme = json!({ "rdfType": "http://publications.europa.eu/resource/authority/data-theme", "query": "heal" });
    let found = post(&nobody, "/forms/autocomplete", &scheme).is(200).json();
    assert!(
        found
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["uri"] == theme),
        "{found}"
    );
    let injected =
        json!({ "rdfType": "http://x.example/C", "query": "\") } DELETE WHERE { ?s ?p ?o } #" });
    assert_eq!(
        post(&nobody, "/forms/autocomplete", &injected)
            .is(200)
            .json(),
        json!([])
    );
}

#[test]
fn failures_carry_what_clients_of_the_reference_read() {
    let problem = workshop().nobody().get("/dataset/none").problem(404);
    assert_eq!(
        (problem["error"].as_str(), problem["path"].as_str()),
        (Some("Not Found"), Some("/dataset/none"))
    );
    assert_eq!(problem["message"], problem["detail"]);
    let info = workshop().nobody().get("/actuator/info").is(200).json();
    assert_eq!(info["name"], "Vesalius");
    assert_eq!(
        workshop().nobody().get("/actuator/health").is(200).json()["status"],
        "UP"
    );
}

#[test]
fn an_index_takes_announcements_and_visits_only_public_addresses() {
    let ping =
        |server: &TestServer, url: &str| post(&server.nobody(), "/", &json!({ "clientUrl": url }));
    ping(workshop(), "https://fdp.example").problem(400);
    let strict = TestServer::with(&[("FAIR_DATA_POINT__INDEX", "true")]);
    for inside in [
        "http://localhost:8080",
        "http://127.0.0.1:1/x",
        "http://192.168.1.1/",
    ] {
        ping(&strict, inside).problem(403);
    }
    assert_eq!(
        strict.nobody().get("/index/entries").is(200).json()["totalElements"],
        0
    );
    for _ in 0..7 {
        ping(&strict, "nonsense").problem(400);
    }
    ping(&strict, "nonsense").problem(429);
    // A server whose operator lets it look at this machine.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vesalius.toml");
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "a secret of the tests\n").unwrap();
    let (sender, heard) = std::sync::mpsc::channel();
    let sender = std::sync::Mutex::new(sender);
    let hook = StandIn::start(move |_, asked| {
        let signature = asked.header("x-hub-signature-256").to_owned();
        sender
            .lock()
            .unwrap()
            .send((signature, asked.body.clone()))
            .unwrap();
        Told(204, "text/plain", String::new())
    });
    let settings = format!(
        "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n[fair_data_point]\nindex = true\n\
         [[fair_data_point.webhooks]]\nurl = \"{}\"\nsecret_file = \"{}\"\nevents = [\"EntryValid\"]\n",
        hook.base,
        secret.display()
    );
    std::fs::write(&file, settings).unwrap();
    let server = TestServer::with(&[("CONFIG", file.to_str().unwrap())]);
    let good = StandIn::start(|base, _| {
        Told(
            200,
            "text/turtle",
            format!(
                "<{base}> a <https://w3id.org/fdp/fdp-o#FAIRDataPoint> ; <http://purl.org/dc/terms/title> 'A good one' ."
            ),
        )
    });
    let odd = StandIn::start(|_, _| Told(200, "text/html", "<p>".to_owned()));
    for address in [&good.base, &odd.base] {
        assert_eq!(ping(&server, address).status, 204);
    }
    let (steward, nobody) = (server.steward(), server.nobody());
    let list = |state: &str| {
        steward
            .get(&format!("/index/entries?permit=all&state={state}"))
            .is(200)
            .json()
    };
    let mut patience = 500;
    while list("unknown")["totalElements"] != 0 && patience > 0 {
        patience -= 1;
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert_eq!(
        list("active")["content"][0]["clientUrl"],
        good.base.as_str()
    );
    assert_eq!(
        list("invalid")["content"][0]["clientUrl"],
        odd.base.as_str()
    );
    assert_eq!(
        nobody.get("/index/entries").is(200).json()["totalElements"],
        0,
        "nobody has permitted them"
    );
    let patience = std::time::Duration::from_secs(30);
    let (signature, body) = heard.recv_timeout(patience).unwrap();
    let told: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(
        (told["event"].as_str(), told["clientUrl"].as_str()),
        (Some("EntryValid"), Some(good.base.as_str()))
    );
    assert!(!told.to_string().contains("a secret of the tests"));
    signed_as_python_does(&signature, &body);
    let uuid = list("active")["content"][0]["uuid"]
        .as_str()
        .unwrap()
        .to_owned();
    let entry = format!("/index/entries/{uuid}");
    nobody.get(&entry).problem(404);
    send(&nobody, "PUT", &entry, &json!({ "permit": "ACCEPTED" })).problem(403);
    send(&steward, "PUT", &entry, &json!({ "permit": "ACCEPTED" })).is(200);
    let detail = nobody.get(&entry).is(200).json();
    assert_eq!(detail["currentMetadata"]["metadata"]["title"], "A good one");
    assert!(
        nobody
            .get(&format!("{entry}/data"))
            .is(200)
            .text()
            .contains("A good one")
    );
    assert_eq!(
        nobody.get("/index/entries/info").is(200).json()["entriesCount"]["ALL"],
        1
    );
    assert_eq!(steward.delete(&entry).status, 204);
    nobody.get(&entry).problem(404);
}

#[test]
fn an_operator_makes_local_users_at_the_command_line() {
    let server = TestServer::start();
    let user = |arguments: &[&str], input: &str| {
        let mut child = command(
            &server.data(),
            &server.base,
            &[&["user"], arguments].concat(),
        )
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(input.as_bytes())
            .unwrap();
        let output = child.wait_with_output().unwrap();
        (
            output.status.success(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let add = ["add", "--email", "op@example.org", "--role", "steward"];
    assert!(!user(&add, "short\n").0);
    assert!(!user(&add, "").0);
    assert!(user(&add, &format!("{PASSWORD}\n")).0);
    assert!(user(&["list"], "").1.contains("op@example.org"));
    assert_eq!(
        signed_in(&server, "op@example.org")
            .get("/users/current")
            .is(200)
            .json()["role"],
        "ADMIN"
    );
    assert!(user(&["password", "op@example.org"], "another long password\n").0);
    sign_in(&server, "op@example.org", PASSWORD).problem(401);
    assert!(user(&["remove", "op@example.org"], "").0);
    assert!(!user(&["remove", "op@example.org"], "").0);
}

/// Somebody else's HMAC comes to the same signature.
fn signed_as_python_does(signature: &str, body: &[u8]) {
    let script = "import hmac,sys; print('sha256='+hmac.new(b'a secret of the tests', sys.stdin.buffer.read(), 'sha256').hexdigest())";
    let python = std::process::Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut python) = python else {
        eprintln!("\n=== SKIPPED: there is no python3 to compare signatures with\n");
        return;
    };
    python.stdin.take().unwrap().write_all(body).unwrap();
    let output = python.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), signature);
}

const DISTRIBUTION: &str = "http://www.w3.org/ns/dcat#distribution";

/// A dataset that says nothing of distributions; what belonged to its own stands on.
fn without_distributions(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.contains(DISTRIBUTION));
    lines.map(|line| format!("{line}\n")).collect()
}

fn distribution_of(dataset: &str) -> String {
    format!(
        "<> a <http://www.w3.org/ns/dcat#Distribution> ; <http://purl.org/dc/terms/isPartOf> <{dataset}> ; \
         <http://purl.org/dc/terms/title> \"Images\"@en ; \
         <http://www.w3.org/ns/dcat#accessURL> <https://hospital.example.org/images> ; \
         <http://data.europa.eu/r5r/applicableLegislation> <http://data.europa.eu/eli/reg/2025/327/oj> ; \
         <http://purl.org/dc/terms/rights> <https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING> ."
    )
}

fn publish(person: &Person, path: &str) -> Answer {
    let state = json!({ "current": "PUBLISHED" });
    send(person, "PUT", &format!("{path}/meta/state"), &state)
}

#[test]
fn a_dataset_has_the_distributions_with_records_of_their_own() {
    let server = TestServer::start().with_catalogue("pushed");
    let (steward, catalogue) = (server.steward(), server.iri("/catalog/pushed"));
    let text = without_distributions(&dataset(&server.base, "pushed", &catalogue, "Pushed"));
    let path = "/dataset/pushed";
    steward.put(path, "text/turtle", text.clone()).is(201);
    let alone = publish(&steward, path).problem(400);
    let told = alone["violations"].to_string();
    assert!(told.contains("dcat:distribution"), "{told}");
    // One below it: it goes along when the dataset is published, and not before.
    let text_below = distribution_of(&server.iri(path));
    let below = steward
        .post("/distribution", "text/turtle", text_below)
        .is(201);
    let below = below.location();
    let below = below
        .strip_prefix(&server.base)
        .unwrap_or(&below)
        .to_owned();
    publish(&steward, &below).problem(409);
    publish(&steward, path).is(200);
    let nobody = server.nobody();
    nobody.get_as(&below, "text/turtle").is(200);
    let query = format!(
        "ASK {{ <{}> <{DISTRIBUTION}> <{}> }}",
        server.iri(path),
        server.iri(&below)
    );
    assert!(nobody.ask(&query));
    // Another one is a draft of its own until it is published.
    let another = steward.post(
        "/distribution",
        "text/turtle",
        distribution_of(&server.iri(path)),
    );
    let another = another.is(201).location();
    let another = another
        .strip_prefix(&server.base)
        .unwrap_or(&another)
        .to_owned();
    // Written again without a word of them, it stays public.
    steward
        .put(path, "text/turtle", text.replace("Pushed", "Pushed again"))
        .is(200);
    assert!(nobody.ask(&query));
    nobody.get(&another).is(404);
    // Without the last public one it would not fit.
    steward.withdraw(path);
    steward.delete(&below).is(204);
    steward.delete(&another).is(204);
    publish(&steward, path).problem(400);
}

#[test]
fn a_dataset_and_its_distribution_come_in_one_document() {
    let server = TestServer::start().with_catalogue("pushed");
    let catalogue = server.iri("/catalog/pushed");
    let text = without_distributions(&dataset(&server.base, "both", &catalogue, "Both"));
    let images = server.iri("/distribution/both-images");
    let below =
        distribution_of(&server.iri("/dataset/both")).replace("<> a", &format!("<{images}> a"));
    let (steward, path) = (server.steward(), "/dataset/both?state=published");
    steward.put(path, "text/turtle", text + &below).is(201);
    server
        .nobody()
        .get_as("/distribution/both-images", "text/turtle")
        .is(200);
}

#[test]
fn texts_without_a_language_are_in_the_one_that_is_said() {
    let server = TestServer::start().with_catalogue("spoken");
    let catalogue = server.iri("/catalog/spoken");
    let text =
        dataset(&server.base, "spoken", &catalogue, "Lungs").replace("\"Lungs\"@en", "\"Lungs\"");
    let steward = server.steward();
    let title = |text: &str| {
        let after = text.split("\"Lungs\"").nth(1).expect("the title is there");
        after.split([' ', ';', '\n']).next().unwrap().to_owned()
    };
    let put = |language: Option<&str>| {
        let request = steward
            .request("PUT", "/dataset/spoken")
            .header("Content-Type", "text/turtle");
        let request = match language {
            Some(language) => request.header("Content-Language", language),
            None => request,
        };
        request.send_body(text.clone()).text()
    };
    assert_eq!(title(&put(None)), "", "nothing is assumed");
    assert_eq!(title(&put(Some("de"))), "@de");
    assert_eq!(title(&put(Some("en, de"))), "", "who knows which");
    let server = TestServer::with(&[("FAIR_DATA_POINT__LANGUAGE", "en")]).with_catalogue("spoken");
    let catalogue = server.iri("/catalog/spoken");
    let text =
        dataset(&server.base, "spoken", &catalogue, "Lungs").replace("\"Lungs\"@en", "\"Lungs\"");
    let told = server
        .steward()
        .put("/dataset/spoken?state=published", "text/turtle", text)
        .is(201)
        .text();
    assert_eq!(title(&told), "@en");
}

#[test]
fn a_field_without_a_class_is_offered_what_fits_any_field() {
    let nobody = workshop().nobody();
    let typed = json!({ "query": "magnetic resonance" });
    let offered = post(&nobody, "/forms/autocomplete", &typed).is(200).json();
    let labels: Vec<&str> = offered
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["label"].as_str().unwrap())
        .collect();
    assert!(labels[0].ends_with("(Image modality)"), "{labels:?}");
}

#[test]
fn a_page_of_children_shows_drafts_to_those_who_write_them() {
    let server = TestServer::start().with_catalogue("paged");
    let catalogue = server.iri("/catalog/paged");
    let steward = server.steward();
    for (slug, title) in [("c", "Third"), ("a", "First"), ("b", "Second")] {
        let text = dataset(&server.base, slug, &catalogue, title);
        let path = format!("/dataset/{slug}");
        steward.put(&path, "text/turtle", text).is(201);
        if slug != "b" {
            steward.publish(&path);
        }
    }
    let provider = server.provider_of(&catalogue);
    let elsewhere = server.provider_of(&server.iri("/catalog/another"));
    let first_of = |person: &Person, page: usize| {
        let path = format!("/catalog/paged/page/dataset?page={page}&size=1");
        let answer = person.get_as(&path, "text/turtle").is(200);
        let triples = answer.triples();
        let titles = ["First", "Second", "Third"].into_iter().filter(|title| {
            let title = format!("\"{title}\"@en");
            triples
                .iter()
                .any(|triple| triple.object.to_string() == title)
        });
        titles.collect::<Vec<_>>().concat()
    };
    // By title, one on a page.
    for person in [&server.nobody(), &server.reader(), &elsewhere] {
        assert_eq!(
            [0, 1, 2].map(|page| first_of(person, page)),
            ["First", "Third", ""]
        );
    }
    for person in [&steward, &provider] {
        assert_eq!(
            [0, 1, 2].map(|page| first_of(person, page)),
            ["First", "Second", "Third"]
        );
    }
    // What is published is there for everybody at once.
    steward.publish("/dataset/b");
    assert_eq!(first_of(&server.nobody(), 1), "Second");
    // A page of catalogues is no page of all that they hold.
    let catalogues = server
        .nobody()
        .get_as("/page/catalog", "text/turtle")
        .is(200)
        .text();
    let is_short = !catalogues.contains("/dataset/a");
    assert!(
        catalogues.contains("/catalog/paged") && is_short,
        "{catalogues}"
    );
    // Who asks for one with what stands above it gets nothing of what else stands there.
    let expanded = server
        .nobody()
        .get_as("/dataset/a/expanded", "text/turtle")
        .is(200)
        .text();
    assert!(
        expanded.contains("/catalog/paged") && !expanded.contains("/dataset/c"),
        "{expanded}"
    );
}

#[test]
fn a_form_has_each_field_of_the_root_once() {
    let nobody = workshop().nobody();
    let definitions = nobody.get("/configs/bootstrap").is(200).json();
    let root = &definitions["resourceDefinitions"][0];
    let shapes = nobody.get_as("/spec", "text/turtle").is(200).triples();
    let objects = |subject: &str, predicate: &str| rdf::objects(&shapes, subject, predicate);
    let sh = |name: &str| format!("http://www.w3.org/ns/shacl#{name}");
    let mut paths = Vec::new();
    for class in root["targetClassUris"].as_array().unwrap() {
        let class = rdf::iri(class.as_str().unwrap()).into();
        let aimed = shapes.iter().filter(|triple| {
            triple.predicate.as_str() == sh("targetClass") && triple.object == class
        });
        for shape in aimed {
            let shape = shape.subject.to_string();
            for property in objects(shape.trim_matches(['<', '>']), &sh("property")) {
                let property = property.to_string();
                let property = property.trim_matches(['<', '>']);
                if !objects(property, "http://datashapes.org/dash#editor").is_empty() {
                    paths.extend(
                        objects(property, &sh("path"))
                            .iter()
                            .map(ToString::to_string),
                    );
                }
            }
        }
    }
    let mut once = paths.clone();
    once.sort();
    once.dedup();
    assert!(paths.len() > 5, "{paths:?}");
    assert_eq!(paths.len(), once.len(), "{paths:?}");
    // The rules as they are stand elsewhere.
    let schema = root["metadataSchemaUuids"][0].as_str().unwrap();
    let exact = nobody
        .get_as(&format!("/metadata-schemas/{schema}"), "text/turtle")
        .is(200);
    assert!(exact.triples().len() > 100 && exact.text() != nobody.get("/spec").text());
}
