//! Is every concept where it says, found by whatever it is called, counted exactly, and safe to be replaced?

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};
use vesalius::rdf::{Format, Term, Triple, format};

use crate::support::http::encode;
use crate::support::{Answer, TestServer, dataset, demo, repository};
use crate::switching::until;

const EUCAIM: &str = "https://cancerimage.eu/ontology/EUCAIM#";
const SKOS: &str = "http://www.w3.org/2004/02/skos/core#";
const MRI: &str = "IMG1000038";
const MODALITY: &str = "IMG1000009";

fn eucaim(code: &str) -> String {
    format!("{EUCAIM}{code}")
}

fn lookup(pairs: &str) -> Vec<Value> {
    let answer = demo()
        .nobody()
        .get_as(&format!("/ontology/lookup?{pairs}"), "application/json");
    answer.is(200).json()["hits"].as_array().unwrap().clone()
}

fn codes(hits: &[Value]) -> Vec<&str> {
    hits.iter()
        .map(|hit| hit["code"].as_str().unwrap())
        .collect()
}

fn triples(answer: &Answer, format: Format) -> Vec<Triple> {
    let quads = format::parse(&answer.body, format, None).unwrap();
    quads.into_iter().map(Triple::from).collect()
}

fn says(triples: &[Triple], subject: &str, predicate: &str, object: &str) -> bool {
    triples.iter().any(|triple| {
        let value = match &triple.object {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            _ => return false,
        };
        triple.subject.to_string() == format!("<{subject}>")
            && triple.predicate.as_str() == predicate
            && value == object
    })
}

#[test]
fn a_concept_can_be_had_in_every_format_under_its_official_name() {
    let mri = eucaim(MRI);
    for (extension, format) in [
        ("ttl", Format::Turtle),
        ("jsonld", Format::JsonLd),
        ("rdf", Format::RdfXml),
        ("nt", Format::NTriples),
        ("nq", Format::NQuads),
        ("trig", Format::TriG),
    ] {
        let answer = demo()
            .nobody()
            .get(&format!("/ontology/{MRI}.{extension}"))
            .is(200);
        assert!(
            answer.headers.iter().any(|(name, value)| name == "link"
                && value.contains(&mri)
                && value.contains("cite-as")),
            "{answer}"
        );
        let said = triples(&answer, format);
        for (predicate, object) in [
            (
                format!("{SKOS}prefLabel"),
                "Magnetic resonance imaging".to_owned(),
            ),
            (format!("{SKOS}altLabel"), "MRI".to_owned()),
            (format!("{SKOS}notation"), MRI.to_owned()),
            (format!("{SKOS}broader"), eucaim(MODALITY)),
            (format!("{EUCAIM}SNOMEDCT"), "312250003".to_owned()),
            (
                format!("{SKOS}exactMatch"),
                "http://snomed.info/id/312250003".to_owned(),
            ),
            (
                "http://xmlns.com/foaf/0.1/page".to_owned(),
                demo().iri(&format!("/ontology/{MRI}")),
            ),
        ] {
            assert!(
                says(&said, &mri, &predicate, &object),
                "{extension}: no {predicate} {object}"
            );
        }
        assert_eq!(
            said.iter()
                .map(ToString::to_string)
                .collect::<BTreeSet<_>>()
                .len(),
            said.len(),
            "{extension}: nothing is said twice"
        );
    }
    let by_iri = demo()
        .nobody()
        .get_as(
            &format!("/ontology/concept?iri={}", encode(&mri)),
            "text/turtle",
        )
        .is(200);
    assert!(says(
        &triples(&by_iri, Format::Turtle),
        &mri,
        &format!("{SKOS}notation"),
        MRI
    ));
    demo().nobody().get("/ontology/NOTHING").is(404);
}

#[test]
fn the_page_of_a_concept_says_where_it_stands_what_takes_it_and_who_uses_it() {
    let page = demo()
        .nobody()
        .get_as(&format!("/ontology/{MRI}"), "text/html")
        .is(200)
        .text();
    for text in [
        "Magnetic resonance imaging",
        "Magnetresonanztomographie",
        "SNOMED CT",
        "312250003",
        "MRI",
        "DefinedTerm",
    ] {
        assert!(page.contains(text), "{text}");
    }
    assert!(
        page.contains(&format!("/ontology/{MODALITY}")),
        "its parent"
    );
    assert!(
        page.contains("Properties that take it")
            && page.contains(&format!("{EUCAIM}hasImageModality"))
    );
    for language in ["de", "fr", "es", "it"] {
        demo()
            .nobody()
            .get_as(&format!("/ontology/{MRI}?lang={language}"), "text/html")
            .is(200);
    }
}

/// The counts of a facet's values, as search itself counts them.
fn counted(facet: &str) -> Vec<(String, u64)> {
    let page = demo().nobody().search("limit=1&kind=dataset");
    let facets = page["facets"].as_array().unwrap().clone();
    let facet = facets.into_iter().find(|one| one["id"] == facet).unwrap();
    let values = facet["values"].as_array().unwrap();
    values
        .iter()
        .map(|one| {
            (
                one["value"].as_str().unwrap().to_owned(),
                one["count"].as_u64().unwrap(),
            )
        })
        .collect()
}

#[test]
fn counts_beside_concepts_are_what_the_search_behind_them_finds() {
    let mut looked_at = 0;
    for facet in ["modality", "cancer", "body-part", "sex"] {
        for (iri, _) in counted(facet).into_iter().take(6) {
            let page = demo()
                .nobody()
                .get_as(
                    &format!("/ontology/concept?iri={}", encode(&iri)),
                    "text/html",
                )
                .is(200)
                .text();
            let search = format!("/search?{facet}={}", url(&iri));
            let row = page
                .split(&format!("href=\"{search}\">"))
                .nth(1)
                .unwrap_or_else(|| panic!("{search} is not on the page of {iri}"));
            let told: u64 = row
                .split('<')
                .next()
                .unwrap()
                .replace([',', '\u{202f}'], "")
                .parse()
                .unwrap();
            let found = demo()
                .nobody()
                .search(search.strip_prefix("/search?").unwrap());
            assert_eq!(found["total"], told, "{iri} in {facet}");
            looked_at += 1;
        }
    }
    assert!(looked_at > 10, "{looked_at}");
    // The tree counts records once, in whatever property they say it.
    let branch = demo()
        .nobody()
        .get_as(
            &format!("/ontology?under={}&part=1", encode(&eucaim(MODALITY))),
            "text/html",
        )
        .is(200)
        .text();
    let rows = demo().nobody().select(&format!(
        "SELECT (COUNT(DISTINCT ?d) AS ?n) {{ ?d <{EUCAIM}hasImageModality> <{0}> }}",
        eucaim(MRI),
    ));
    let direct: u64 = rows[0][0].parse().unwrap();
    assert!(direct > 0);
    let node = branch
        .split(&format!(">{MRI}<"))
        .nth(1)
        .expect("MRI stands right below the modality");
    let note = node.split("</span>").next().unwrap();
    let told: u64 = note
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|n| n.parse().ok())
        .next_back()
        .unwrap_or_else(|| panic!("{note}"));
    assert!(told >= direct, "{told} of {direct}: {note}");
}

fn url(iri: &str) -> String {
    url::form_urlencoded::byte_serialize(iri.as_bytes()).collect()
}

#[test]
fn the_tree_opens_at_once_and_every_level_has_an_address() {
    let page = demo()
        .nobody()
        .get_as("/ontology", "text/html")
        .is(200)
        .text();
    assert!(page.len() < 400_000, "{} bytes", page.len());
    assert!(
        page.contains("/ontology?under="),
        "closed branches are links"
    );
    // The whole vocabulary can be walked, level by level, without a script.
    let mut from = 0;
    let mut seen = 0;
    loop {
        let part = demo()
            .nobody()
            .get_as(&format!("/ontology?part=1&from={from}"), "text/html")
            .is(200)
            .text();
        assert!(!part.contains("<html"), "a part is no page");
        seen += part.matches("class=\"node\"").count();
        from += 200;
        if !part.contains(&format!("from={from}")) {
            break;
        }
        assert!(from < 100_000, "the levels do not end");
    }
    assert!(seen > 2_000, "{seen}: what stands alone is there, too");
    let list = "http://publications.europa.eu/resource/authority/access-right";
    let page = demo()
        .nobody()
        .get_as(&format!("/ontology?scheme={}", encode(list)), "text/html")
        .is(200)
        .text();
    assert!(
        page.contains("Access rights") && page.contains("/ontology/RESTRICTED"),
        "a code list is a tree, too"
    );
    let hits = demo()
        .nobody()
        .get_as(
            &format!("/ontology/lookup?q=restricted&under={}", encode(list)),
            "text/html",
        )
        .is(200)
        .text();
    assert!(hits.contains("RESTRICTED"));
    let wrong = demo()
        .nobody()
        .get_as("/ontology?under=urn:nothing", "application/json");
    assert_eq!(wrong.status, 400);
    assert!(wrong.text().contains("urn:nothing"), "{wrong}");
}

#[test]
fn a_concept_is_found_by_whatever_it_is_called() {
    for (pairs, code, how, place) in [
        ("q=MAGNETIC%20resonance%20imaging", MRI, "exact", "label"),
        (
            "q=Magnetresonanztomographie",
            "IMG1000022",
            "exact",
            "label",
        ),
        ("q=mri", MRI, "exact", "synonym"),
        ("q=MR", MRI, "exact", "code"),
        ("q=DICOM:MR", MRI, "exact", "code"),
        ("q=snomed:312250003", MRI, "exact", "code"),
        ("q=magnetic%20resonance%20imagi", MRI, "prefix", "label"),
        ("q=magnetic%20resonnance%20imaging", MRI, "typo", "label"),
        (
            "q=cancer%20de%20prostata",
            "CLIN1000075",
            "exact",
            "synonym",
        ),
    ] {
        let hits = lookup(&format!("{pairs}&limit=10"));
        let hit = hits.iter().find(|hit| hit["code"] == code);
        let hit = hit.unwrap_or_else(|| panic!("{pairs}: {:?}", codes(&hits)));
        assert_eq!(hit["match"]["how"], how, "{pairs}: {hit}");
        if pairs != "q=cancer%20de%20prostata" {
            assert_eq!(hit["match"]["in"], place, "{pairs}: {hit}");
        }
        assert!(hit["score"].as_f64().unwrap() > 0.0 && hit["matched"].is_string());
    }
    let under = encode(&eucaim("BP1000024"));
    let hits = lookup(&format!("q=breast&under={under}&limit=8"));
    for code in ["BP1000136", "BP1000264", "BP1000270", "CLIN1063727"] {
        assert!(
            codes(&hits).contains(&code),
            "{code} is not in {:?}",
            codes(&hits)
        );
    }
    assert_eq!(lookup(&format!("q=breast&scheme={under}&limit=8")), hits);
    assert!(lookup("q=breast&under=urn:nothing").is_empty());
    let own = encode(EUCAIM.trim_end_matches('#'));
    assert_eq!(
        codes(&lookup(&format!("q=restricted&under={own}&limit=50")))
            .iter()
            .filter(|code| **code == "RESTRICTED")
            .count(),
        0
    );
    assert!(!lookup(&format!("q=breast&under={own}")).is_empty());
    assert!(lookup("q=").is_empty());
}

fn reconcile(queries: &Value) -> Value {
    let body = format!("queries={}", encode(&queries.to_string()));
    demo()
        .nobody()
        .post(
            "/ontology/reconcile",
            "application/x-www-form-urlencoded",
            body,
        )
        .is(200)
        .json()
}

#[test]
fn the_reconciliation_service_describes_itself() {
    let answer = demo().nobody().get("/ontology/reconcile").is(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let manifest = answer.json();
    assert!(
        manifest["versions"]
            .as_array()
            .unwrap()
            .contains(&json!("0.2"))
    );
    for key in ["name", "identifierSpace", "schemaSpace"] {
        assert!(manifest[key].is_string(), "{key}");
    }
    for place in [&manifest["view"]["url"], &manifest["preview"]["url"]] {
        assert!(place.as_str().unwrap().contains("{{id}}"), "{place}");
    }
    assert!(manifest["preview"]["width"].is_u64() && manifest["preview"]["height"].is_u64());
    let view = manifest["view"]["url"]
        .as_str()
        .unwrap()
        .replace("{{id}}", &encode(&eucaim(MRI)));
    assert!(
        demo()
            .nobody()
            .get_as(&view, "text/html")
            .is(200)
            .text()
            .contains("Magnetic resonance imaging")
    );
    let preview = manifest["preview"]["url"]
        .as_str()
        .unwrap()
        .replace("{{id}}", &encode(&eucaim(MRI)));
    let preview = demo().nobody().get_as(&preview, "text/html").is(200);
    assert!(
        preview
            .header("content-security-policy")
            .unwrap()
            .contains("frame-ancestors *"),
        "{preview}"
    );
    assert!(preview.text().contains("Magnetic resonance imaging"));
    for (kind, typed, wanted) in [
        ("entity", "mammogr", "IMG"),
        ("type", "access", "access-right"),
        ("property", "broad", "broader"),
    ] {
        let service = &manifest["suggest"][kind];
        let address = format!(
            "{}{}?prefix={typed}",
            service["service_url"].as_str().unwrap(),
            service["service_path"].as_str().unwrap()
        );
        let result = demo().nobody().get(&address).is(200).json()["result"].clone();
        for one in result.as_array().unwrap() {
            assert!(one["id"].is_string() && one["name"].is_string(), "{one}");
        }
        assert!(
            result
                .as_array()
                .unwrap()
                .iter()
                .any(|one| one["id"].as_str().unwrap().contains(wanted)),
            "{kind}: {result}"
        );
    }
    let all = format!(
        "{}{}",
        manifest["extend"]["propose_properties"]["service_url"]
            .as_str()
            .unwrap(),
        manifest["extend"]["propose_properties"]["service_path"]
            .as_str()
            .unwrap()
    );
    let proposed = demo()
        .nobody()
        .get(&format!("{all}?type=x&limit=3"))
        .is(200)
        .json();
    assert_eq!(proposed["properties"].as_array().unwrap().len(), 3);
    assert_eq!(proposed["type"], "x");
}

#[test]
fn terms_of_others_are_mapped_to_concepts() {
    let body = eucaim("BP1000024");
    let answers = reconcile(&json!({
        "a": { "query": "Magnetic Resonance Imaging", "type": eucaim(MODALITY) },
        "b": { "query": "breast", "type": body, "limit": 3 },
        "c": { "query": "", "properties": [{ "pid": "code:SNOMEDCT", "v": "312250003" }] },
        "d": { "query": "mamografy", "type": [eucaim(MODALITY)], "type_strict": "any" },
        "e": { "query": "zqxjzqxj" },
        "f": { "query": "breast", "properties": [{ "pid": "broader", "v": { "id": body } }] },
    }));
    for (key, answer) in answers.as_object().unwrap() {
        for candidate in answer["result"]
            .as_array()
            .unwrap_or_else(|| panic!("{key}: {answer}"))
        {
            assert!(candidate["id"].is_string() && candidate["name"].is_string());
            let score = candidate["score"].as_f64().unwrap();
            assert!((0.0..=100.0).contains(&score), "{candidate}");
            assert!(
                candidate["match"].is_boolean()
                    && candidate["features"].is_array()
                    && candidate["type"].is_array()
            );
        }
    }
    let ids = |key: &str| {
        let result = answers[key]["result"].as_array().unwrap();
        result
            .iter()
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("a")[0], eucaim(MRI));
    assert_eq!(answers["a"]["result"][0]["match"], true, "{}", answers["a"]);
    assert_eq!(ids("b").len(), 3);
    assert!(ids("b").contains(&eucaim("CLIN1063727")));
    assert_eq!(
        answers["b"]["result"][0]["match"], false,
        "there are several breasts"
    );
    assert_eq!(ids("c")[0], eucaim(MRI));
    assert!(ids("d").contains(&eucaim("IMG1004455")));
    assert!(ids("e").is_empty());
    let agreed = &answers["f"]["result"][0];
    assert!(
        agreed["features"]
            .as_array()
            .unwrap()
            .contains(&json!({ "id": "broader", "value": true })),
        "{agreed}"
    );
    // The same by GET.
    let query = encode(
        &json!({ "a": { "query": "Magnetic Resonance Imaging", "type": eucaim(MODALITY) } })
            .to_string(),
    );
    let answer = demo()
        .nobody()
        .get(&format!("/ontology/reconcile?queries={query}"))
        .is(200)
        .json();
    assert_eq!(answer["a"], answers["a"]);
}

#[test]
fn columns_of_others_are_filled_from_concepts() {
    let wish = json!({
        "ids": [eucaim(MRI), "urn:nothing"],
        "properties": [{ "id": "prefLabel", "settings": { "language": "en" } }, { "id": "broader" },
            { "id": "code:SNOMEDCT" }, { "id": "altLabel", "settings": { "limit": 1 } }],
    });
    let answer = demo().nobody().post(
        "/ontology/reconcile",
        "application/x-www-form-urlencoded",
        format!("extend={}", encode(&wish.to_string())),
    );
    let answer = answer.is(200).json();
    assert_eq!(answer["meta"].as_array().unwrap().len(), 4);
    let row = &answer["rows"][eucaim(MRI)];
    assert_eq!(
        row["prefLabel"],
        json!([{ "str": "Magnetic resonance imaging" }])
    );
    assert!(
        row["broader"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["id"] == eucaim(MODALITY))
    );
    assert_eq!(row["code:SNOMEDCT"], json!([{ "str": "312250003" }]));
    assert_eq!(row["altLabel"].as_array().unwrap().len(), 1);
    assert_eq!(answer["rows"]["urn:nothing"]["broader"], json!([]));
}

#[test]
fn a_batch_that_makes_no_sense_is_told_what_is_wrong() {
    let many: serde_json::Map<String, Value> = (0..500)
        .map(|n| (format!("q{n}"), json!({ "query": "x" })))
        .collect();
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for (form, told) in [
        ("queries=nonsense".to_owned(), "JSON"),
        ("queries=[]".to_owned(), "object"),
        (format!("queries={}", encode(r#"{"a": 1}"#)), "a must be"),
        (format!("queries={}", encode(r#"{"a": {}}"#)), "neither"),
        (
            format!("queries={}", encode(&Value::Object(many).to_string())),
            "500",
        ),
        (format!("queries={}", encode(&deep)), "JSON"),
        ("extend=%7B%7D".to_owned(), "ids"),
    ] {
        let answer = demo()
            .nobody()
            .post(
                "/ontology/reconcile",
                "application/x-www-form-urlencoded",
                form,
            )
            .is(400);
        assert_eq!(answer.media_type(), "application/problem+json");
        assert!(
            answer.json()["detail"].as_str().unwrap().contains(told),
            "{answer}"
        );
    }
    let long =
        encode(&json!({ "a": { "query": "carcinoma ".repeat(20_000), "limit": 1e9 } }).to_string());
    demo()
        .nobody()
        .post(
            "/ontology/reconcile",
            "application/x-www-form-urlencoded",
            format!("queries={long}"),
        )
        .is(200);
    demo()
        .nobody()
        .post(
            "/ontology/reconcile",
            "application/x-www-form-urlencoded",
            "x".repeat(3_000_000),
        )
        .is(413);
    demo().is_up();
}

#[test]
fn breast_finds_collections_with_any_of_its_four_codes() {
    let server = TestServer::start().with_catalogue("breast");
    let catalogue = server.iri("/catalog/breast");
    let steward = server.steward();
    let write = |slug: &str, body_part: &str| {
        let path = format!("/dataset/{slug}");
        let text = dataset(&server.base, slug, &catalogue, "A collection");
        // Nothing but the code says what it is about.
        let plain = |line: &str| {
            let Some((start, object)) = line.split_once("> \"") else {
                let (start, _) = line.rsplit_once(" <").unwrap_or((line, ""));
                return match line {
                    _ if line.contains("hasImageBodyPart") => String::new(),
                    _ if line.contains("hasCondition") => {
                        format!("{start} <{}> .\n", eucaim("CLIN1000075"))
                    }
                    _ if line.contains("hasAnnotationLabel") => {
                        format!("{start} <{}> .\n", eucaim("BP1000021"))
                    }
                    _ => format!("{line}\n"),
                };
            };
            let texts = [
                "description",
                "keyword",
                "title",
                "alternative",
                "populationCoverage",
            ];
            if texts.iter().any(|one| start.ends_with(one)) {
                let (_, end) = object.rsplit_once('"').unwrap();
                return format!("{start}> \"A collection\"{end}\n");
            }
            format!("{line}\n")
        };
        let text: String = text.lines().map(plain).collect();
        let text = text
            + &format!(
                "<{}> <{EUCAIM}hasImageBodyPart> <{}> .\n",
                server.iri(&path),
                eucaim(body_part)
            );
        steward.write(&format!("{path}?state=draft"), text);
        path
    };
    let four = ["BP1000136", "BP1000264", "BP1000270", "CLIN1063727"];
    for code in four.iter().chain(&["BP1000021"]) {
        let path = write(&code.to_lowercase(), code);
        let answer = steward.set_state(&path, "PUBLISHED");
        assert_eq!(answer.status, 200, "{answer}");
    }
    server.settle();
    // «mamma» is no name of the topography, and C50 is its code and that of what is below it.
    for (word, wanted) in [
        ("breast", &four[..]),
        ("BREAST", &four),
        ("mamma", &four[..3]),
        ("C50", &four[2..]),
    ] {
        let found = server
            .nobody()
            .search(&format!("q={word}&kind=dataset&limit=10"));
        let paths: BTreeSet<String> = found["hits"]
            .as_array()
            .unwrap()
            .iter()
            .map(|hit| hit["path"].as_str().unwrap().to_owned())
            .collect();
        for code in wanted {
            assert!(
                paths.contains(&format!("/dataset/{}", code.to_lowercase())),
                "{word} does not find {code}: {paths:?}"
            );
        }
        assert!(
            !paths.contains("/dataset/bp1000021"),
            "{word} finds the prostate"
        );
        let understood: BTreeSet<&str> = found["understood"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["iri"].as_str().unwrap())
            .collect();
        assert!(!understood.is_empty(), "{word}: {found}");
    }
    // The page tells how it was understood, and one click takes the words only.
    let page = server
        .nobody()
        .get_as("/search?q=breast", "text/html")
        .is(200)
        .text();
    assert!(page.contains("/ontology/BP1000136") && page.contains("/ontology/CLIN1063727"));
    let words_only = "sense=breast%7Cwords";
    assert!(page.contains(words_only), "the words only");
    narrowed_to_one_meaning(&server);
}

/// Follows the links that narrow a word to one of its meanings: each finds what it says, and stays an address.
fn narrowed_to_one_meaning(server: &TestServer) {
    let nobody = server.nobody();
    let asked = "/search?q=breast&kind=dataset&limit=10";
    let page = nobody.get_as(asked, "application/json").is(200).json();
    let paths = |page: &Value| -> BTreeSet<String> {
        let hits = page["hits"].as_array().unwrap().iter();
        hits.map(|hit| hit["path"].as_str().unwrap().to_owned())
            .collect()
    };
    let wide = paths(&page);
    for one in page["understood"].as_array().unwrap() {
        let iri = one["iri"].as_str().unwrap();
        let code = iri.rsplit('#').next().unwrap().to_lowercase();
        let follow = |which: &str| {
            let href = one["narrow"][which].as_str().unwrap();
            nobody.get_as(href, "application/json").is(200).json()
        };
        let (itself, below) = (follow("itself"), follow("with_narrower"));
        let own = format!("/dataset/{code}");
        assert_eq!(paths(&itself), BTreeSet::from([own.clone()]), "{code}");
        assert!(paths(&below).contains(&own), "{code} with narrower ones");
        assert!(paths(&below).is_subset(&wide), "{code} only narrows");
        let taken: Vec<&Value> = itself["understood"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["taken"] == true)
            .collect();
        assert_eq!(taken.len(), 1, "the others are told, and not sought");
        let back = taken[0]["narrow"]["everything"].as_str().unwrap();
        let back = nobody.get_as(back, "application/json").is(200).json();
        assert_eq!(paths(&back), wide, "one click takes it back");
    }
    assert!(page["understood"].as_array().unwrap().len() > 1, "{page}");
    let words = page["understood"][0]["narrow"]["words"].as_str().unwrap();
    let words = nobody.get_as(words, "application/json").is(200).json();
    assert!(
        words["understood"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["taken"] == false),
        "no concept is sought"
    );
    let text = nobody
        .get_as(
            &format!("{asked}&sense=breast%7CBP1000136%7Citself"),
            "text/html",
        )
        .is(200)
        .text();
    assert!(
        text.contains("aria-current=\"true\""),
        "the page says what is in force"
    );
    assert!(
        text.contains("name=\"sense\" value=\"breast|"),
        "other choices keep it"
    );
}

/// The block of a concept in our Turtle.
fn block<'a>(text: &'a str, code: &str) -> &'a str {
    let start = text
        .find(&format!("\neucaim:{code} a "))
        .unwrap_or_else(|| panic!("no {code}"))
        + 1;
    let end = text[start..]
        .find("\n\n")
        .map_or(text.len(), |end| start + end + 2);
    &text[start..end]
}

#[test]
fn a_new_version_stands_beside_the_old_one_and_tells_which_records_it_breaks() {
    let server = TestServer::start().with_catalogue("versions");
    let catalogue = server.iri("/catalog/versions");
    let steward = server.steward();
    steward.write(
        "/dataset/public",
        dataset(&server.base, "public", &catalogue, "A public one"),
    );
    steward.publish("/dataset/public");
    steward.write(
        "/dataset/draft",
        dataset(&server.base, "draft", &catalogue, "A draft"),
    );
    server.settle();
    let values = |property: &str| {
        let rows = server.nobody().select(&format!(
            "SELECT ?v {{ <{}> <{EUCAIM}{property}> ?v }} ORDER BY ?v",
            server.iri("/dataset/public")
        ));
        rows[0][0].strip_prefix(EUCAIM).unwrap().to_owned()
    };
    let (modality, body_part) = (values("hasImageModality"), values("hasImageBodyPart"));
    // One concept leaves its value set, one goes, one comes, one gets another name.
    let old = fs::read_to_string(repository("ontology/hyperontology.ttl")).unwrap();
    let left: String = block(&old, &modality)
        .lines()
        .filter(|line| !line.contains("rdfs:subClassOf"))
        .map(|line| format!("{line}\n"))
        .collect();
    let new = old
        .replace(block(&old, &modality), &left)
        .replace(block(&old, &body_part), "")
        .replace("rdfs:label \"Tier 2\"@en", "rdfs:label \"Second tier\"@en")
        .replace("owl:versionInfo \"2.0\"", "owl:versionInfo \"2.1\"")
        + "\neucaim:IMG9999999 a owl:Class, skos:Concept ;\n    rdfs:label \"Gravitational imaging\"@en ;\n    rdfs:subClassOf eucaim:IMG1000009 .\n";
    let file = server.data().with_file_name("new.ttl");
    fs::write(&file, &new).unwrap();
    let file = file.display().to_string();

    let told = server.cli(&["ontology", "import", &file, "--format", "json"]);
    assert_eq!(told.status.code(), Some(1), "{told:?}");
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(
        (&told["from"], &told["to"], &told["inForce"]),
        (&json!("bundled"), &json!("2.1"), &json!("bundled"))
    );
    let of = |kind: &str| {
        let concepts = told[kind]["concepts"].as_array().unwrap();
        concepts
            .iter()
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(of("added"), ["IMG9999999"]);
    assert_eq!(of("removed"), [body_part.clone()]);
    assert!(of("moved").contains(&modality), "{told}");
    assert_eq!(of("relabelled"), ["SPEC1000011"]);
    assert!(of("deprecated").is_empty());
    assert_eq!(
        told["broken"]["records"], 2,
        "the public one and the draft: {}",
        told["broken"]
    );
    let uses = told["broken"]["uses"].as_array().unwrap();
    for (concept, why) in [(&modality, "left its value set"), (&body_part, "removed")] {
        for (slug, draft) in [("public", false), ("draft", true)] {
            let is_it = |one: &&Value| {
                one["record"] == server.iri(&format!("/dataset/{slug}"))
                    && one["concept"] == eucaim(concept)
                    && one["why"] == why
            };
            let found = uses
                .iter()
                .find(is_it)
                .unwrap_or_else(|| panic!("{slug} {concept}: {uses:?}"));
            assert_eq!(found["draft"], draft);
        }
    }
    // Nothing has changed: the old version is in force until somebody says otherwise.
    let list = String::from_utf8(server.cli(&["ontology", "list"]).stdout).unwrap();
    assert!(
        list.contains("in force\tbundled")
            && list.contains("kept\t2.1")
            && list.contains("kept\tbundled-"),
        "{list}"
    );
    let known = |code: &str| {
        server
            .nobody()
            .get_as(&format!("/ontology/{code}"), "text/turtle")
            .status
            == 200
    };
    assert!(known(&body_part) && !known("IMG9999999"));

    assert!(
        server
            .cli(&["ontology", "use", "EUCAIM", "2.1"])
            .status
            .success()
    );
    until(|| known("IMG9999999"));
    server.settle();
    assert!(!known(&body_part) && known("IMG9999999"));
    let is_concept = |code: &str| {
        server
            .nobody()
            .ask(&format!("ASK {{ <{}> a <{SKOS}Concept> }}", eucaim(code)))
    };
    assert!(
        !is_concept(&body_part) && is_concept("IMG9999999"),
        "the triples follow"
    );
    server
        .nobody()
        .get_as("/dataset/public", "text/turtle")
        .is(200);
    assert_eq!(
        server.nobody().search("kind=dataset&limit=1")["total"],
        1,
        "the text index follows"
    );
    let again = dataset(&server.base, "later", &catalogue, "One of later");
    steward.write("/dataset/later", again);
    assert_eq!(
        steward.set_state("/dataset/later", "PUBLISHED").status,
        400,
        "the value sets follow"
    );

    let diff = server.cli(&["ontology", "diff", "hyperontology", "bundled"]);
    assert_eq!(
        diff.status.code(),
        Some(0),
        "back is always possible: {diff:?}"
    );
    assert!(
        String::from_utf8_lossy(&diff.stdout).contains("added: 1"),
        "{diff:?}"
    );
    assert!(
        server
            .cli(&["ontology", "use", "EUCAIM", "bundled"])
            .status
            .success()
    );
    until(|| known(&body_part));
    server.stop();
    server.restart();
    server.settle();
    assert!(known(&body_part) && !known("IMG9999999"));
}

#[test]
fn a_code_list_that_breaks_nothing_is_switched_at_once_and_wrong_files_are_refused() {
    let server = TestServer::start();
    let list = fs::read_to_string(repository("ontology/access-right.ttl")).unwrap();
    let write = |name: &str, text: &str| {
        let file = server.data().with_file_name(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let renamed = write(
        "rights.ttl",
        &list.replace("\"restricted\"@en", "\"by request\"@en"),
    );
    let told = server.cli(&["ontology", "import", &renamed, "--name", "ours"]);
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(
        told.status.success()
            && text.contains("relabelled: 1")
            && text.contains("ours is in force"),
        "{told:?}"
    );
    // The same file again is the same version; another one needs another name.
    assert!(
        server
            .cli(&["ontology", "import", &renamed])
            .status
            .success()
    );
    let other = write(
        "other.ttl",
        &list.replace("\"restricted\"@en", "\"on request\"@en"),
    );
    let taken = server.cli(&["ontology", "import", &other, "--name", "ours"]);
    assert!(
        String::from_utf8_lossy(&taken.stderr).contains("--name"),
        "{taken:?}"
    );
    let kept = server.cli(&["ontology", "import", &other, "--name", "theirs", "--keep"]);
    assert!(kept.status.success());
    for (arguments, told) in [
        (
            &[
                "ontology",
                "import",
                &write("broken.ttl", "<urn:a> <urn:b> ."),
            ][..],
            "line 1",
        ),
        (
            &[
                "ontology",
                "import",
                &write("nameless.ttl", "<urn:a> <urn:b> <urn:c> ."),
            ],
            "owl:Ontology",
        ),
        (&["ontology", "import", "nowhere.ttl"], "nowhere.ttl"),
        (
            &["ontology", "import", &other, "--name", "../../x"],
            "no name",
        ),
        (&["ontology", "use", "access-right", "9.9"], "theirs"),
        (
            &["ontology", "use", "nothing", "1"],
            "vesalius ontology list",
        ),
    ] {
        let output = server.cli(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {output:?}");
        assert!(
            String::from_utf8_lossy(&output.stderr).contains(told),
            "{arguments:?}: {output:?}"
        );
    }
    server.stop();
    server.restart();
    let label = |server: &TestServer| {
        let hits = server
            .nobody()
            .get_as("/ontology/lookup?q=RESTRICTED&limit=1", "application/json")
            .is(200)
            .json();
        hits["hits"][0]["label"].as_str().unwrap().to_owned()
    };
    assert_eq!(label(&server), "by request");
    // A file that was damaged afterwards is told and not used.
    server.stop();
    let folder = fs::read_dir(server.data().join("ontology")).unwrap();
    let folder = folder
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .unwrap();
    fs::write(
        folder.join("ours.ttl"),
        list.replace("\"restricted\"@en", "\"forged\"@en"),
    )
    .unwrap();
    server.restart();
    assert_eq!(label(&server), "restricted");
    assert!(
        server.log().contains("is not what was imported"),
        "{}",
        server.log()
    );
}
