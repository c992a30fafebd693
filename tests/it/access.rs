//! Who gets in where? Every operation of openapi.json, asked by everybody.
//!
//! What an operation says in its `security` is what is tested: nothing, then it is for all; roles, then for those and
//! nobody else; only `session`, then for no token of ours; a token without roles, then it depends on the record, and
//! a table here says how. An operation that writes and says nothing fails.

use serde_json::Value;

use crate::support::{Person, TestServer, catalogue, dataset};

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// Operations that are sent a body by everybody, since they keep nothing of it; the last two let somebody in by a
/// password, and take down an address that only a steward accepts.
const FOR_ALL: [&str; 11] = [
    "/sparql",
    "/validate",
    "/migrate",
    "/ontology/reconcile",
    "/oai",
    "/search",
    "/search/query",
    "/forms/autocomplete",
    "/metadata-schemas/preview",
    "/tokens",
    "/index/ping",
];

/// Operations for which even an operator must be somebody else besides: a local user.
const FOR_LOCAL_USERS: [&str; 1] = ["/api-keys"];

const ROLES: [&str; 6] = [
    "anonymous",
    "reader",
    "provider",
    "reviewer",
    "steward",
    "operator",
];

/// What an operation declares.
#[derive(Debug)]
enum Access {
    Everybody,
    Roles(Vec<String>),
    /// Whoever has signed in; a token of ours is not enough.
    Sessions,
    /// It depends on the record.
    Record,
}

fn declared(operation: &Value) -> Access {
    let Some(ways) = operation["security"].as_array() else {
        return Access::Everybody;
    };
    let Some(roles) = ways.iter().find_map(|way| way["token"].as_array()) else {
        return Access::Sessions;
    };
    let roles = roles.iter().map(|role| role.as_str().unwrap().to_owned());
    match roles.collect::<Vec<_>>() {
        none if none.is_empty() => Access::Record,
        roles => Access::Roles(roles),
    }
}

struct Stage {
    server: TestServer,
    people: [(&'static str, Person); 6],
}

impl Stage {
    /// The provider and the reviewer have the catalogue `theirs`.
    fn new() -> Self {
        let server = TestServer::start().with_catalogue("theirs");
        let theirs = server.iri("/catalog/theirs");
        let of_role = |role: &'static str| {
            let wish = ["--role", role, "--name", role, "--catalogue", &theirs];
            let token = (role != "anonymous").then(|| server.token(&wish));
            (role, Person::new(&server.base, token))
        };
        let people = ROLES.map(of_role);
        Self { server, people }
    }

    /// The text of a record of a kind in the catalogue `theirs`.
    fn text(&self, kind: &str, slug: &str) -> Option<String> {
        let theirs = self.server.iri("/catalog/theirs");
        let class = match kind {
            "catalog" => return Some(catalogue(&self.server.base, slug, "Another")),
            "dataset" => return Some(dataset(&self.server.base, slug, &theirs, "Asked for")),
            "service" => "http://www.w3.org/ns/dcat#DataService",
            "series" => "http://www.w3.org/ns/dcat#DatasetSeries",
            "tool" => "https://schema.org/SoftwareApplication",
            "distribution" => "http://www.w3.org/ns/dcat#Distribution",
            _ => return None,
        };
        let parent = if kind == "distribution" {
            self.dataset_of(slug)
        } else {
            theirs
        };
        Some(format!(
            "<> a <{class}> ; <http://purl.org/dc/terms/isPartOf> <{parent}> ; \
             <http://purl.org/dc/terms/title> 'Asked for'@en ."
        ))
    }

    fn dataset_of(&self, slug: &str) -> String {
        let path = format!("/dataset/of-{slug}");
        let text = self.text("dataset", &format!("of-{slug}")).unwrap();
        self.server.steward().write(&path, text);
        self.server.iri(&path)
    }
}

/// Who may do what to a draft of a steward's in their catalogue; `None` for what is no record.
fn may(kind: &str, path: &str, method: &str) -> Option<&'static [&'static str]> {
    let kinds = [
        "",
        "catalog",
        "dataset",
        "series",
        "service",
        "tool",
        "distribution",
    ];
    if !kinds.contains(&kind) {
        return None;
    }
    let is_state = path.ends_with("/meta/state");
    Some(match (kind, method) {
        // The draft that would be deleted is somebody else's.
        ("", "put") | ("catalog", _) | (_, "delete") => &["steward", "operator"],
        (_, "put") if is_state => &["provider", "reviewer", "steward", "operator"],
        (_, "put" | "post") => &["provider", "steward", "operator"],
        _ => return None,
    })
}

#[test]
fn everybody_gets_what_an_operation_declares_and_no_more() {
    let stage = Stage::new();
    let api = stage.server.nobody().get("/openapi.json").is(200).json();
    let (mut asked, mut number) = (0, 0);
    for (path, item) in api["paths"].as_object().unwrap() {
        for method in METHODS.iter().filter(|method| item.get(**method).is_some()) {
            let operation = &item[*method];
            let access = declared(operation);
            let reads = *method == "get" || FOR_ALL.contains(&path.as_str());
            assert!(
                reads || !matches!(access, Access::Everybody),
                "{method} {path} writes, and does not say for whom it is"
            );
            for (role, person) in &stage.people {
                number += 1;
                let status = ask(&stage, person, path, method, operation, number);
                let told = format!("{method} {path} answers {status} to {role}: {access:?}");
                // A server that catches up says so.
                assert!(status < 500 || path == "/ready", "{told}");
                let (refused, may_hide) = (matches!(status, 401 | 403), status == 404);
                match expected(&access, path, method, role) {
                    Expected::LetIn => assert!(!refused, "{told}"),
                    Expected::Refused => {
                        assert!(refused || may_hide || status == 303, "{told}");
                    }
                    Expected::NothingDone => assert!(status >= 300, "{told}"),
                    Expected::Anything => (),
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked} questions");
    stage.server.is_up();
}

enum Expected {
    LetIn,
    Refused,
    /// Whatever the answer is, nothing was done.
    NothingDone,
    Anything,
}

fn expected(access: &Access, path: &str, method: &str, role: &str) -> Expected {
    let if_one_of = |is_one: bool| {
        if is_one {
            Expected::LetIn
        } else {
            Expected::Refused
        }
    };
    match access {
        Access::Everybody => Expected::LetIn,
        Access::Roles(roles) => if_one_of(roles.iter().any(|one| one == role)),
        Access::Sessions => Expected::Refused,
        Access::Record => {
            let kind = path.split('/').nth(1).unwrap();
            let is_of_record = path == "/"
                || path.ends_with("/{id}")
                || path.ends_with("/{id}/meta/state")
                || path.matches('/').count() == 1;
            match may(kind, path, method).filter(|_| is_of_record) {
                Some(roles) => if_one_of(roles.contains(&role)),
                None if FOR_LOCAL_USERS.contains(&path) => Expected::Anything,
                None if role == "operator" => Expected::LetIn,
                None if role == "anonymous" => Expected::NothingDone,
                // That is the business of the tests of the operation.
                None => Expected::Anything,
            }
        }
    }
}

/// Asks for an operation, on a record of its own when it is about one.
fn ask(
    stage: &Stage,
    person: &Person,
    path: &str,
    method: &str,
    operation: &Value,
    number: usize,
) -> u16 {
    let kind = path.split('/').nth(1).unwrap();
    let slug = format!("asked-{number}");
    let mut body = b"{}".to_vec();
    let mut media_type = first_media_type(operation);
    let is_record = path.contains("{id}");
    if let Some(text) = (method != "get" || is_record)
        .then(|| stage.text(kind, &slug))
        .flatten()
    {
        if is_record {
            stage
                .server
                .steward()
                .write(&format!("/{kind}/{slug}"), text.clone());
        }
        if path.ends_with("/meta/state") {
            body = br#"{"current":"PUBLISHED"}"#.to_vec();
        } else if media_type == "text/turtle" {
            body = text.into_bytes();
        }
    }
    if path == "/" {
        "text/turtle".clone_into(&mut media_type);
        body = b"<> a <https://example.org/Nothing> .".to_vec();
    }
    let filled = filled(&path.replace("{id}", &slug));
    let request = person.request(&method.to_uppercase(), &filled);
    match method {
        "get" => request.send().status,
        _ => {
            request
                .header("Content-Type", media_type)
                .send_body(body)
                .status
        }
    }
}

/// The media type that the body of an operation has: Turtle where that is taken.
fn first_media_type(operation: &Value) -> String {
    let content = operation["requestBody"]["content"].as_object();
    let names = content.map(|content| content.keys().cloned().collect::<Vec<_>>());
    let names = names.unwrap_or_default();
    let turtle = names.iter().find(|name| *name == "text/turtle");
    let name = turtle.or(names.first()).cloned();
    name.unwrap_or_else(|| "application/json".to_owned())
}

/// A path with something in every place that is left.
fn filled(path: &str) -> String {
    let mut filled = String::new();
    for (at, part) in path.split('{').enumerate() {
        match part.split_once('}') {
            Some((_, rest)) if at > 0 => {
                filled.push('1');
                filled.push_str(rest);
            }
            _ => filled.push_str(part),
        }
    }
    filled
}

#[test]
fn a_draft_is_read_by_those_who_may_and_unknown_to_the_rest() {
    let stage = Stage::new();
    let api = stage.server.nobody().get("/openapi.json").is(200).json();
    let text = stage.text("dataset", "hidden").unwrap();
    stage.server.steward().write("/dataset/hidden", text);
    for (path, item) in api["paths"].as_object().unwrap() {
        if !path.starts_with("/dataset/{id}") || item.get("get").is_none() {
            continue;
        }
        let here = path.replace("{id}", "hidden").replace("{n}", "1");
        let here = here.replace("{token}", "dcat-ap");
        for (role, person) in &stage.people {
            let status = person.get(&here).status;
            let may = !matches!(*role, "anonymous" | "reader");
            let told = format!("{path} answers {status} to {role}");
            assert!(if may { status < 400 } else { status == 404 }, "{told}");
        }
    }
}

#[test]
fn a_reviewer_publishes_what_a_provider_wrote_and_changes_nothing() {
    let stage = Stage::new();
    let (reviewer, provider) = (&stage.people[3].1, &stage.people[2].1);
    let text = stage.text("dataset", "judged").unwrap();
    provider
        .put("/dataset/judged", "text/turtle", text.clone())
        .is(201);
    reviewer
        .put("/dataset/judged", "text/turtle", text)
        .problem(403);
    reviewer.publish("/dataset/judged");
    assert_eq!(reviewer.delete("/dataset/judged").status, 403);
    let text = stage.text("dataset", "new").unwrap();
    reviewer.post("/dataset", "text/turtle", text).problem(403);
}
