//! Can anybody see a single word of what is not public? Drafts, withdrawn and deleted records full of unique words
//! are made by chance, and every public surface is searched for those words.

use std::collections::BTreeSet;

use crate::support::http::encode;
use crate::support::{Answer, Chance, Person, TestServer, catalogue, dataset_like};

const HIDDEN: usize = 36;
const SEED: u64 = 0x00D2_AF75;
const EXTENSIONS: [&str; 8] = [
    "", ".ttl", ".jsonld", ".rdf", ".nt", ".nq", ".trig", ".html",
];

/// How a record came to be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Draft,
    /// Published in another wording, then replaced by a draft.
    DraftOverPublished,
    Withdrawn,
    DeletedDraft,
    Deleted,
    /// A draft below a catalogue that is a draft, too.
    InDraftCatalogue,
}

const FATES: [Fate; 6] = [
    Fate::Draft,
    Fate::DraftOverPublished,
    Fate::Withdrawn,
    Fate::DeletedDraft,
    Fate::Deleted,
    Fate::InDraftCatalogue,
];

struct Hidden {
    fate: Fate,
    path: String,
    /// The word in the address. It is no secret when the record was public once.
    slug: String,
    /// Words that nobody may read anywhere.
    secrets: Vec<String>,
}

#[test]
fn no_word_of_what_is_hidden_stands_anywhere() {
    let server = TestServer::start().with_catalogue("open");
    let mut chance = Chance::new(SEED);
    let hidden = hide(&server, &mut chance);
    let public = publish(&server);
    server.settle();
    let secrets: Vec<&str> = hidden
        .iter()
        .flat_map(|one| one.secrets.iter().map(String::as_str))
        .collect();
    assert!(secrets.len() > HIDDEN * 4);
    prove_that_the_words_are_stored(&server, &hidden);

    let nobody = server.nobody();
    let stranger = server.provider_of(&server.iri("/catalog/of-somebody-else"));
    let mut looked_at = 0;
    for person in [&nobody, &stranger, &server.reader()] {
        for answer in surfaces(person, &public) {
            looked_at += 1;
            clean(&answer, &secrets);
        }
    }
    for one in &hidden {
        for answer in around(&nobody, one) {
            looked_at += 1;
            let own = one
                .secrets
                .iter()
                .map(String::as_str)
                .filter(|word| *word != one.slug);
            clean(&answer, &own.collect::<Vec<_>>());
        }
        for secret in &one.secrets {
            finds_nothing(&nobody, secret, &mut looked_at);
        }
        // A walk through every triple, so not for each word: the dump among the surfaces has them all.
        asks_in_vain(&nobody, &one.secrets[0]);
    }
    eprintln!(
        "{} secret words, {looked_at} answers searched",
        secrets.len()
    );
}

#[test]
fn a_draft_answers_like_an_address_that_never_was() {
    let server = TestServer::start().with_catalogue("open");
    let mut chance = Chance::new(SEED + 1);
    let people = [
        server.nobody(),
        server.reader(),
        server.provider_of(&server.iri("/catalog/other")),
    ];
    for round in 0..4 {
        let (draft, never) = (chance.word(), chance.word());
        let text = dataset_like(
            round,
            &server.base,
            &draft,
            &server.iri("/catalog/open"),
            "Secret",
        );
        server.steward().write(&format!("/dataset/{draft}"), text);
        for person in &people {
            let both = |make: &dyn Fn(&str) -> Answer| {
                same_but_for_the_address(&make(&draft), &draft, &make(&never), &never);
            };
            for extension in EXTENSIONS {
                both(&|slug| person.get(&format!("/dataset/{slug}{extension}")));
                both(&|slug| person.head(&format!("/dataset/{slug}{extension}")));
            }
            for accept in [
                "text/html",
                "application/ld+json",
                "application/json",
                "image/png",
            ] {
                both(&|slug| person.get_as(&format!("/dataset/{slug}"), accept));
            }
            for below in [
                "/versions",
                "/versions/1",
                "/history",
                "/difference?from=1&to=1",
                "/timemap",
                "/review",
                "/rules",
                "/meta",
                "/expanded",
                "/page/distribution",
                "/members",
                "/spec",
                "/x",
            ] {
                both(&|slug| person.get(&format!("/dataset/{slug}{below}")));
            }
            for method in ["OPTIONS", "DELETE", "PATCH"] {
                both(&|slug| person.request(method, &format!("/dataset/{slug}")).send());
            }
            for act in [
                "restore", "undelete", "withdraw", "confirm", "review", "schedule", "rules",
            ] {
                let body = "{\"version\":1,\"step\":\"submit\",\"approvals\":1}";
                both(&|slug| {
                    person.post(&format!("/dataset/{slug}/{act}"), "application/json", body)
                });
            }
            both(&|slug| {
                person
                    .request("GET", &format!("/dataset/{slug}"))
                    .header("Accept-Datetime", "Thu, 01 Jan 2026 00:00:00 GMT")
                    .send()
            });
            both(&|slug| person.set_state(&format!("/dataset/{slug}"), "PUBLISHED"));
            both(&|slug| {
                person
                    .request("GET", &format!("/dataset/{slug}"))
                    .header("If-None-Match", "\"v1-1.ttl\"")
                    .send()
            });
            both(&|slug| {
                person.put(
                    &format!("/dataset/{slug}"),
                    "text/turtle",
                    "<> a <http://www.w3.org/ns/dcat#Dataset> .",
                )
            });
            both(&|slug| person.search(&format!("q={slug}")).into_answer());
            let json = |path: &str, body: String| person.post(path, "application/json", body);
            both(&|slug| json("/search", format!("{{\"query\":\"{slug}\"}}")));
            both(&|slug| {
                let body = format!(
                    "{{\"rdfType\":\"http://www.w3.org/ns/dcat#Dataset\",\"query\":\"{slug}\"}}"
                );
                json("/forms/autocomplete", body)
            });
            both(&|slug| person.get(&format!("/label?iri={}/dataset/{slug}", server.base)));
            both(&|slug| {
                person.query(
                    &format!("DESCRIBE <{}/dataset/{slug}>", server.base),
                    "text/turtle",
                )
            });
        }
    }
}

/// Makes hidden records of every fate.
fn hide(server: &TestServer, chance: &mut Chance) -> Vec<Hidden> {
    let steward = server.steward();
    let secret_catalogue = chance.word();
    steward.write(
        &format!("/catalog/{secret_catalogue}"),
        catalogue(
            &server.base,
            &secret_catalogue,
            &format!("Catalogue {secret_catalogue}"),
        ),
    );
    (0..HIDDEN)
        .map(|i| {
            hide_one(
                server,
                &steward,
                FATES[i % FATES.len()],
                &secret_catalogue,
                i,
                chance,
            )
        })
        .collect()
}

fn hide_one(
    server: &TestServer,
    steward: &Person,
    fate: Fate,
    secret_catalogue: &str,
    i: usize,
    chance: &mut Chance,
) -> Hidden {
    let slug = chance.word();
    let path = format!("/dataset/{slug}");
    let catalogue = if fate == Fate::InDraftCatalogue {
        secret_catalogue
    } else {
        "open"
    };
    let catalogue = server.iri(&format!("/catalog/{catalogue}"));
    let words: Vec<String> = (0..7).map(|_| chance.word()).collect();
    let iri = server.iri(&path);
    let mut text = dataset_like(
        i,
        &server.base,
        &slug,
        &catalogue,
        &format!("About {}", words[0]),
    );
    text.push_str(&format!(
        "<{iri}> <http://www.w3.org/ns/dcat#keyword> \"{}\"@en ; <https://{}.example/p> <https://{}.example/o> .\n\
         <{iri}> <http://purl.org/dc/terms/description> \"A text with {} inside\"@de .\n\
         <{iri}> <http://purl.org/dc/terms/relation> [ <http://xmlns.com/foaf/0.1/name> \"{}\" ] .\n\
         <https://{}.example/us> a <http://xmlns.com/foaf/0.1/Agent> .\n",
        words[1], words[2], words[2], words[3], words[4], words[5]
    ));
    let reason = &words[6];
    let write = |text: &str, state: &str| {
        steward.write(&format!("{path}?state={state}&reason={reason}"), text)
    };
    let mut secrets = words.clone();
    match fate {
        Fate::Draft | Fate::InDraftCatalogue => {
            write(&text, "draft");
            secrets.push(slug.clone());
        }
        Fate::DraftOverPublished => {
            let plain = dataset_like(
                i,
                &server.base,
                &slug,
                &catalogue,
                "What everybody may read",
            );
            steward.write(&format!("{path}?state=published"), plain);
            write(&text, "draft");
        }
        Fate::Withdrawn => {
            write(&text, "published");
            let body = format!("{{\"current\":\"WITHDRAWN\",\"reason\":\"{reason}\"}}");
            steward
                .put(&format!("{path}/meta/state"), "application/json", body)
                .is(200);
        }
        Fate::DeletedDraft => {
            write(&text, "draft");
            steward.delete(&format!("{path}?reason={reason}")).is(204);
            secrets.push(slug.clone());
        }
        Fate::Deleted => {
            write(&text, "published");
            steward.delete(&format!("{path}?reason={reason}")).is(204);
        }
    }
    if fate == Fate::InDraftCatalogue && i < FATES.len() {
        secrets.push(secret_catalogue.to_owned());
    }
    Hidden {
        fate,
        path,
        slug,
        secrets,
    }
}

/// Makes the public neighbours, and gives back the paths of all public records.
fn publish(server: &TestServer) -> Vec<String> {
    let catalogue = server.iri("/catalog/open");
    let one = |i: usize| {
        let path = format!("/dataset/public-{i}");
        let text = dataset_like(
            i,
            &server.base,
            &path[9..],
            &catalogue,
            &format!("A public dataset, number {i}"),
        );
        server
            .steward()
            .write(&format!("{path}?state=published"), text);
        path
    };
    ["", "/catalog/open"]
        .into_iter()
        .map(str::to_owned)
        .chain((0..3).map(one))
        .collect()
}

/// The test would pass with a server that stores nothing.
fn prove_that_the_words_are_stored(server: &TestServer, hidden: &[Hidden]) {
    for one in hidden
        .iter()
        .filter(|one| matches!(one.fate, Fate::Draft | Fate::InDraftCatalogue))
    {
        let version = server
            .steward()
            .get(&format!("{}/versions/1.nt", one.path))
            .is(200)
            .text();
        assert!(
            version.contains(&one.secrets[0]) && version.contains(&one.secrets[4]),
            "{version}"
        );
    }
}

/// Everything that can be asked without knowing what is hidden.
#[expect(
    clippy::disallowed_methods,
    reason = "the server that is asked lives by the real clock"
)]
fn surfaces(person: &Person, public: &[String]) -> Vec<Answer> {
    let mut paths: BTreeSet<String> = [
        "/",
        "/?format=ttl",
        "/?format=nq",
        "/?format=jsonld",
        "/meta",
        "/expanded",
        "/spec",
        "/page/catalog",
        "/catalog/",
        "/dataset/",
        "/distribution/",
        "/service/",
        "/series/",
        "/tool/",
        "/catalog/?format=html",
        "/dataset/?format=html",
        "/dataset/?after=0",
        "/sitemap.xml",
        "/robots.txt",
        "/openapi.json",
        "/metrics",
        "/health",
        "/ready",
        "/about",
        "/ontology",
        "/sparql",
        "/validate",
        "/search",
        "/search?format=json",
        "/search?format=json&limit=100",
        "/search?format=json&q=dataset",
        "/search?format=json&q=About",
        "/search?format=json&q=zq*",
        "/search/suggest?q=z",
        "/search/suggest?q=zq",
        "/search/suggest?q=about",
        "/search/suggest?q=a",
        "/nothing/here",
        "/dataset/nothing",
    ]
    .map(str::to_owned)
    .into();
    for extension in [
        "csv",
        "json",
        "jsonl",
        "ttl",
        "jsonld",
        "rdf",
        "nt",
        "nq",
        "trig",
        "bib",
        "ris",
        "atom",
        "feed.json",
    ] {
        paths.insert(format!("/search.{extension}?limit=100"));
    }
    for by in ["publisher", "catalogue", "cancer,modality", "kind", "year"] {
        paths.insert(format!("/api/statistics?by={by}"));
        paths.insert(format!(
            "/api/statistics?by={by}&format=csv&kind=catalog&kind=dataset"
        ));
    }
    paths.insert("/statistics".to_owned());
    paths.insert("/statistics?measure=subjects&q=about".to_owned());
    paths.insert("/search?q=zqqaboutt".to_owned());
    for sort in [
        "relevance",
        "newest",
        "changed",
        "largest",
        "quality",
        "title",
    ] {
        paths.insert(format!("/search?format=json&sort={sort}"));
        paths.insert(format!("/search?sort={sort}&q=subjects"));
    }
    for path in public.iter().filter(|path| !path.is_empty()) {
        paths.extend(EXTENSIONS.map(|extension| format!("{path}{extension}")));
        paths.insert(format!("/compare?id={path}"));
        paths.insert(format!("/search/similar?id={path}"));
        for below in [
            "/versions",
            "/versions/1",
            "/history",
            "/difference",
            "/timemap",
            "/meta",
            "/expanded",
            "/page/dataset?page=0&size=100",
            "/page/distribution",
        ] {
            paths.insert(format!("{path}{below}"));
        }
    }
    let mut answers: Vec<Answer> = paths.iter().map(|path| person.get(path)).collect();
    answers.extend(
        paths
            .iter()
            .filter(|path| !path.contains("format="))
            .map(|path| person.get_as(path, "text/html")),
    );
    let queries = [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT DISTINCT ?g { GRAPH ?g { } }",
        "SELECT DISTINCT ?p { ?s ?p ?o }",
        "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?t (COUNT(*) AS ?n) { ?s <http://purl.org/dc/terms/title> ?t } GROUP BY ?t",
        "SELECT * { ?s <http://www.w3.org/ns/dcat#keyword> ?k } ORDER BY DESC(?k)",
        "SELECT * { ?s (<http://purl.org/dc/terms/isPartOf>|^<http://purl.org/dc/terms/isPartOf>)+ ?o }",
        "SELECT ?o { ?s ?p ?o FILTER(isBlank(?o)) }",
        "DESCRIBE ?s { ?s a <http://www.w3.org/ns/dcat#Dataset> }",
    ];
    for query in queries {
        let accept = if query.starts_with("DESC") || query.starts_with("CON") {
            "application/n-triples"
        } else {
            "text/csv"
        };
        let answer = person.query(query, accept).is(200);
        assert!(!answer.body.is_empty(), "{query}");
        answers.push(answer);
    }
    // The catalogue of an instant after everything happened, and of one before.
    for at in ["2001-01-01", &jiff::Timestamp::now().to_string()] {
        let at = encode(at);
        let query =
            encode("SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(!CONTAINS(STR(?g), 'ontology')) }");
        answers.push(
            person
                .get_as(&format!("/sparql?at={at}&query={query}"), "text/csv")
                .is(200),
        );
    }
    for path in ["/reviews", "/checks", "/reviews?stage=approved"] {
        answers.push(person.get(path));
        answers.push(person.get_as(path, "text/html"));
    }
    let mut after = person.search("limit=5");
    for _ in 0..50 {
        answers.push(after.clone().into_answer());
        let Some(next) = after["next"].as_str().map(str::to_owned) else {
            break;
        };
        after = person.get_as(&next, "application/json").is(200).json();
    }
    answers
}

/// Everything that can be asked by somebody who guesses the address.
fn around(nobody: &Person, hidden: &Hidden) -> Vec<Answer> {
    let mut answers = Vec::new();
    let iri = format!("{}{}", nobody.base, hidden.path);
    for extension in EXTENSIONS {
        answers.push(nobody.get(&format!("{}{extension}", hidden.path)));
    }
    for below in [
        "/versions",
        "/versions/1",
        "/versions/2",
        "/history",
        "/difference?from=1&to=2",
        "/difference?from=1&to=2&format=patch",
        "/timemap",
        "/review",
        "/meta",
        "/expanded",
    ] {
        answers.push(nobody.get(&format!("{}{below}", hidden.path)));
        answers.push(nobody.get_as(&format!("{}{below}", hidden.path), "text/html"));
    }
    for query in [
        format!("DESCRIBE <{iri}>"),
        format!("CONSTRUCT {{ ?s ?p ?o }} FROM <{iri}> {{ ?s ?p ?o }}"),
    ] {
        answers.push(nobody.query(&query, "text/turtle"));
    }
    answers.push(nobody.get(&format!(
        "/sparql?default-graph-uri={}&query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D",
        encode(&iri)
    )));
    if hidden.fate != Fate::DraftOverPublished {
        assert!(!nobody.ask(&format!("ASK {{ <{iri}> ?p ?o }}")), "{iri}");
        assert!(!nobody.ask(&format!("ASK {{ ?s ?p <{iri}> }}")), "{iri}");
        assert!(
            !nobody.ask(&format!("ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}")),
            "{iri}"
        );
        let status = nobody.get(&hidden.path).status;
        let gone = matches!(hidden.fate, Fate::Withdrawn | Fate::Deleted);
        assert_eq!(status, if gone { 410 } else { 404 }, "{:?}", hidden.fate);
    }
    answers
}

/// Asking for a hidden word finds as much as asking for one that was never written.
fn finds_nothing(nobody: &Person, secret: &str, looked_at: &mut usize) {
    *looked_at += 3;
    let hits = nobody.search(&format!("q={secret}&limit=100"));
    let never = nobody.search("q=zqqqqqqqqqqqqq&limit=100");
    assert_eq!(hits["total"], never["total"], "{secret} is found: {hits}");
    let suggested = nobody
        .get(&format!("/search/suggest?q={}", &secret[..5]))
        .is(200)
        .text();
    assert!(!suggested.contains(secret), "{suggested}");
}

fn asks_in_vain(nobody: &Person, secret: &str) {
    let filter = format!(
        "ASK {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), '{secret}') || CONTAINS(STR(?s), '{secret}')) }}"
    );
    // The address of a record that is still public is no secret.
    assert!(!nobody.ask(&filter), "{secret}");
    assert!(
        !nobody.ask(&format!(
            "ASK {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(CONTAINS(STR(?g), '{secret}')) }}"
        )),
        "{secret}"
    );
}

fn clean(answer: &Answer, secrets: &[&str]) {
    let mut everything = answer.text();
    for (name, value) in &answer.headers {
        everything.push_str(&format!("\n{name}: {value}"));
    }
    let everything = everything.to_ascii_lowercase();
    for secret in secrets {
        if let Some(at) = everything.find(secret) {
            let from = everything[..at]
                .char_indices()
                .rev()
                .nth(200)
                .map_or(0, |(at, _)| at);
            let around: String = everything[from..].chars().take(420).collect();
            panic!("{} says {secret}:\n…{around}…", answer.request);
        }
    }
}

#[track_caller]
fn same_but_for_the_address(draft: &Answer, slug: &str, never: &Answer, other: &str) {
    let masked = |answer: &Answer, slug: &str| {
        let headers = answer.headers.iter().filter(|(name, _)| name != "date");
        // The validator of a SPARQL answer is made from the words of the query.
        let query = answer.request.contains("/sparql");
        let headers = headers.filter(|(name, _)| !query || name != "etag");
        let mut headers: Vec<String> = headers
            .map(|(name, value)| format!("{name}: {value}").replace(slug, "MASK"))
            .collect();
        headers.sort();
        (answer.status, headers, answer.text().replace(slug, "MASK"))
    };
    assert_eq!(
        masked(draft, slug),
        masked(never, other),
        "{} can be told from {}",
        draft.request,
        never.request
    );
}

/// A JSON value that is searched like an answer.
trait IntoAnswer {
    fn into_answer(self) -> Answer;
}

impl IntoAnswer for serde_json::Value {
    fn into_answer(self) -> Answer {
        Answer {
            request: "search".to_owned(),
            status: 200,
            headers: Vec::new(),
            body: self.to_string().into_bytes(),
        }
    }
}
