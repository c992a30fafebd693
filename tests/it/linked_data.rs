//! Does the server speak linked data as HTTP and the FAIR Data Point want it?

use vesalius::rdf::{GraphName, Triple};

use crate::support::rdf::{self, DCAT, DCT, FDP, LDP, RDF, assert_isomorphic, iris, says};
use crate::support::{Answer, TestServer, catalogue, dataset, demo, workshop};

const CATALOGUE: &str = "/catalog/chaimeleon";
const DATASET: &str = "/dataset/chaimeleon-lung-ct";

#[track_caller]
fn accepted(accept: &str, media_type: &str) {
    for path in ["/", CATALOGUE, DATASET] {
        let answer = demo().nobody().get_as(path, accept).is(200);
        assert_eq!(answer.media_type(), media_type, "Accept: {accept}");
        if media_type != "text/html" {
            assert!(!answer.triples().is_empty());
        }
        let vary = answer.header("vary").unwrap().to_ascii_lowercase();
        assert!(
            vary.contains("accept") && vary.contains("accept-language"),
            "{answer}"
        );
    }
}

#[test]
fn accept_decides() {
    accepted("*/*", "text/turtle");
    accepted("text/turtle", "text/turtle");
    accepted("application/x-turtle", "text/turtle");
    accepted("application/ld+json", "application/ld+json");
    accepted("application/rdf+xml", "application/rdf+xml");
    accepted("application/xml", "application/rdf+xml");
    accepted("text/xml", "application/rdf+xml");
    accepted("application/n-triples", "application/n-triples");
    accepted("application/n-quads", "application/n-quads");
    accepted("application/trig", "application/trig");
    accepted("text/n3", "text/n3");
    accepted("text/html", "text/html");
    accepted(
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "text/html",
    );
    accepted(
        "text/turtle;q=0.5, application/ld+json;q=0.9",
        "application/ld+json",
    );
    accepted("image/png, text/turtle;q=0.1", "text/turtle");
    accepted(
        "text/turtle;q=0, application/ld+json;q=0.1",
        "application/ld+json",
    );
}

#[test]
fn nothing_asked_is_turtle() {
    assert_eq!(
        demo().nobody().get(DATASET).is(200).media_type(),
        "text/turtle"
    );
}

#[test]
fn what_cannot_be_had_is_406_with_a_list() {
    for accept in ["image/png", "application/json", "audio/*"] {
        let problem = demo().nobody().get_as(DATASET, accept).problem(406);
        assert!(
            problem["detail"].as_str().unwrap().contains("text/turtle"),
            "{problem}"
        );
    }
    demo()
        .nobody()
        .get(&format!("{DATASET}?format=exe"))
        .problem(406);
}

#[test]
fn extension_and_format_say_it_too() {
    let expected = demo().nobody().get(DATASET).is(200).triples();
    for extension in ["ttl", "jsonld", "rdf", "nt", "n3"] {
        for path in [
            format!("{DATASET}.{extension}"),
            format!("{DATASET}?format={extension}"),
        ] {
            let answer = demo().nobody().get_as(&path, "text/html").is(200);
            assert_isomorphic(&answer.triples(), &expected, &path);
        }
    }
    assert_eq!(
        demo()
            .nobody()
            .get(&format!("{DATASET}.html"))
            .is(200)
            .media_type(),
        "text/html"
    );
    demo().nobody().get(&format!("{DATASET}.exe")).problem(404);
}

#[test]
fn named_graphs_keep_the_providers_words_apart_from_ours() {
    let record = demo().iri(DATASET);
    let whole = demo().nobody().get(DATASET).is(200).triples();
    for extension in ["nq", "trig"] {
        let quads = demo()
            .nobody()
            .get(&format!("{DATASET}.{extension}"))
            .is(200)
            .quads();
        let names = [
            GraphName::from(rdf::iri(&record)),
            GraphName::from(rdf::iri(&format!("{record}#record"))),
        ];
        assert!(
            quads.iter().all(|quad| names.contains(&quad.graph_name)),
            "only two graphs"
        );
        let sent: Vec<Triple> = quads
            .iter()
            .filter(|quad| quad.graph_name == names[0])
            .cloned()
            .map(Triple::from)
            .collect();
        assert_isomorphic(
            &sent,
            &demo()
                .nobody()
                .get(&format!("{DATASET}/versions/1"))
                .is(200)
                .triples(),
            extension,
        );
        let all: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        assert_isomorphic(&all, &whole, extension);
    }
}

#[test]
fn an_unchanged_record_is_304() {
    for accept in ["text/turtle", "application/ld+json", "text/html"] {
        let first = demo().nobody().get_as(DATASET, accept).is(200);
        let (etag, modified) = (
            first.header("etag").unwrap(),
            first.header("last-modified").unwrap(),
        );
        let again = |name: &str, value: &str| {
            demo()
                .nobody()
                .request("GET", DATASET)
                .header("Accept", accept)
                .header(name, value)
                .send()
        };
        for value in [
            etag.to_owned(),
            format!("W/{etag}"),
            format!("\"x\", {etag}"),
            "*".to_owned(),
        ] {
            let answer = again("If-None-Match", &value).is(304);
            assert!(answer.body.is_empty());
            assert_eq!(answer.header("etag"), Some(etag));
        }
        again("If-None-Match", "\"v0-0.ttl\"").is(200);
        again("If-Modified-Since", modified).is(304);
        again("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT").is(304);
        again("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT").is(200);
    }
}

#[test]
fn each_representation_has_an_etag_of_its_own() {
    let etag = |accept: &str| {
        demo()
            .nobody()
            .get_as(DATASET, accept)
            .header("etag")
            .unwrap()
            .to_owned()
    };
    assert_ne!(etag("text/turtle"), etag("application/ld+json"));
    assert_ne!(etag("text/turtle"), etag("text/html"));
    assert_eq!(etag("text/turtle"), etag("text/turtle"));
}

#[test]
fn head_is_get_without_the_body() {
    for path in [
        "/",
        CATALOGUE,
        DATASET,
        "/catalog/",
        "/dataset/nothing",
        "/nothing/here",
    ] {
        let (head, get) = (demo().nobody().head(path), demo().nobody().get(path));
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.body.is_empty());
        for name in ["content-type", "etag", "last-modified", "link", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
}

#[test]
fn options_and_405_say_what_is_possible() {
    let allow = |answer: &Answer| {
        answer
            .header("allow")
            .unwrap_or_else(|| panic!("no Allow: {answer}"))
            .to_owned()
    };
    for (path, wrong, methods) in [
        (DATASET, "POST", ["GET", "PATCH", "DELETE"]),
        ("/dataset/", "PATCH", ["GET", "HEAD", "POST"]),
    ] {
        let options = demo().nobody().request("OPTIONS", path).send();
        assert!(matches!(options.status, 200 | 204), "{options}");
        let wrong = demo()
            .nobody()
            .request(wrong, path)
            .header("Content-Type", "text/turtle")
            .send_body("");
        for method in methods {
            assert!(
                allow(&options).contains(method) && allow(&wrong).contains(method),
                "{options}"
            );
        }
        wrong.problem(405);
    }
    demo()
        .nobody()
        .post(DATASET, "text/turtle", "")
        .problem(405);
    demo().nobody().delete("/dataset/").problem(405);
}

#[test]
fn every_answer_may_be_read_from_everywhere() {
    for path in [
        "/",
        DATASET,
        "/catalog/",
        "/search",
        "/sparql",
        "/nothing/here",
        "/openapi.json",
    ] {
        let answer = demo()
            .nobody()
            .request("GET", path)
            .header("Origin", "https://elsewhere.example")
            .send();
        assert_eq!(
            answer.header("access-control-allow-origin"),
            Some("*"),
            "{answer}"
        );
        let exposed = answer
            .header("access-control-expose-headers")
            .unwrap()
            .to_ascii_lowercase();
        assert!(
            ["location", "link", "etag"]
                .iter()
                .all(|name| exposed.contains(name)),
            "{exposed}"
        );
        assert_eq!(
            answer.header("access-control-allow-credentials"),
            None,
            "tokens never travel by themselves"
        );
    }
}

#[test]
fn a_preflight_allows_what_clients_send() {
    let request = demo().nobody();
    let request = request
        .request("OPTIONS", DATASET)
        .header("Origin", "https://elsewhere.example");
    let answer = request
        .header("Access-Control-Request-Method", "PUT")
        .header("Access-Control-Request-Headers", "authorization,if-match")
        .send();
    assert!(matches!(answer.status, 200 | 204), "{answer}");
    let list = |name: &str| answer.header(name).unwrap().to_ascii_lowercase();
    assert!(
        ["put", "delete", "post"]
            .iter()
            .all(|method| list("access-control-allow-methods").contains(method))
    );
    let headers = [
        "authorization",
        "content-type",
        "if-match",
        "slug",
        "accept",
    ];
    assert!(
        headers
            .iter()
            .all(|name| list("access-control-allow-headers").contains(name))
    );
}

#[test]
fn links_lead_to_the_other_representations() {
    let link = demo()
        .nobody()
        .get(DATASET)
        .is(200)
        .header("link")
        .unwrap()
        .to_owned();
    assert!(
        link.contains("<https://doi.org/10.5555/demo.chaimeleon.lung>; rel=\"cite-as\""),
        "{link}"
    );
    assert!(
        link.contains(&format!("<{}>; rel=\"collection\"", demo().iri(CATALOGUE))),
        "{link}"
    );
    assert!(
        link.contains("rel=\"type\"") && link.contains("ldp#"),
        "{link}"
    );
    for part in link
        .split(", ")
        .filter(|part| part.contains("rel=\"describedby\""))
    {
        let target = part.trim_start_matches('<').split('>').next().unwrap();
        demo().nobody().get(target).is(200);
    }
}

#[test]
fn the_root_is_a_fair_data_point() {
    for path in ["", "/"] {
        let triples = demo().nobody().get(path).is(200).triples();
        let root = &demo().base;
        assert!(
            says(
                &triples,
                root,
                &format!("{RDF}type"),
                &format!("{FDP}FAIRDataPoint")
            ),
            "FAIR Data Point §14.1"
        );
        let containers: Vec<&Triple> = triples
            .iter()
            .filter(|triple| triple.object == rdf::iri(&format!("{LDP}DirectContainer")).into())
            .collect();
        assert_eq!(containers.len(), 1);
        let container = demo().iri("/catalog/");
        assert!(says(
            &triples,
            &container,
            &format!("{LDP}membershipResource"),
            root
        ));
        assert!(says(
            &triples,
            &container,
            &format!("{LDP}hasMemberRelation"),
            &format!("{FDP}metadataCatalog")
        ));
        assert!(!rdf::objects(&triples, &container, &format!("{DCT}title")).is_empty());
        let contained = iris(&triples, &container, &format!("{LDP}contains"));
        assert!(contained.len() >= 9, "{contained:?}");
        assert_eq!(
            contained,
            iris(&triples, root, &format!("{FDP}metadataCatalog")),
            "both ways of navigation"
        );
        for property in ["metadataIdentifier", "metadataIssued", "metadataModified"] {
            assert_eq!(
                rdf::objects(&triples, root, &format!("{FDP}{property}")).len(),
                1,
                "{property}"
            );
        }
    }
}

#[test]
fn a_harvester_reaches_every_record_from_the_root() {
    let nobody = demo().nobody();
    let mut open = vec![demo().base.clone()];
    let mut seen = std::collections::BTreeSet::new();
    while let Some(iri) = open.pop() {
        if !seen.insert(iri.clone()) {
            continue;
        }
        let triples = nobody.get_as(&iri, "text/turtle").is(200).triples();
        assert!(
            triples
                .iter()
                .any(|triple| triple.subject == rdf::iri(&iri).into()),
            "{iri}"
        );
        let contained = triples
            .iter()
            .filter(|triple| triple.predicate.as_str() == format!("{LDP}contains"));
        open.extend(contained.filter_map(|triple| match &triple.object {
            vesalius::rdf::Term::NamedNode(child) if !child.as_str().contains('#') => {
                Some(child.as_str().to_owned())
            }
            _ => None,
        }));
    }
    let published = nobody
        .select("SELECT DISTINCT ?d { GRAPH ?d { ?d a <http://www.w3.org/ns/dcat#Dataset> } }");
    for row in &published {
        assert!(seen.contains(&row[0]), "{} cannot be reached", row[0]);
    }
    assert!(seen.len() >= 40, "{} records", seen.len());
}

#[test]
fn a_child_and_its_parent_know_each_other() {
    let triples = demo().nobody().get(CATALOGUE).is(200).triples();
    let (catalogue, container) = (demo().iri(CATALOGUE), demo().iri("/dataset/"));
    let children = iris(&triples, &catalogue, &format!("{DCAT}dataset"));
    assert!(children.contains(&demo().iri(DATASET)), "{children:?}");
    assert!(says(
        &triples,
        &container,
        &format!("{LDP}membershipResource"),
        &catalogue
    ));
    assert_eq!(
        children,
        iris(&triples, &container, &format!("{LDP}contains"))
    );
    let child = demo().nobody().get(DATASET).is(200).triples();
    assert!(says(
        &child,
        &demo().iri(DATASET),
        &format!("{DCT}isPartOf"),
        &catalogue
    ));
    let parents = iris(
        &demo().nobody().get("/").is(200).triples(),
        &demo().base,
        &format!("{FDP}metadataCatalog"),
    );
    assert!(parents.contains(&catalogue));
}

#[test]
fn the_server_invents_no_licence_and_no_rights() {
    let server = workshop();
    let iri = server.iri("/catalog/bare");
    server.steward().write(
        "/catalog/bare",
        "<> a <http://www.w3.org/ns/dcat#Catalog> ; <http://purl.org/dc/terms/title> 'Bare' .",
    );
    let triples = server.steward().get("/catalog/bare").is(200).triples();
    for property in ["license", "accessRights", "rights", "language", "publisher"] {
        assert!(
            rdf::objects(&triples, &iri, &format!("{DCT}{property}")).is_empty(),
            "{property}"
        );
    }
}

#[test]
fn containers_list_what_is_published() {
    let triples = demo().nobody().get("/catalog/").is(200).triples();
    let container = demo().iri("/catalog/");
    assert!(says(
        &triples,
        &container,
        &format!("{RDF}type"),
        &format!("{LDP}DirectContainer")
    ));
    let listed = iris(&triples, &container, &format!("{LDP}contains"));
    assert!(listed.contains(&demo().iri(CATALOGUE)));
    assert_eq!(
        iris(
            &demo().nobody().get("/catalog").is(200).triples(),
            &container,
            &format!("{LDP}contains")
        ),
        listed
    );
    demo().nobody().get("/nothing/").problem(404);
}

#[test]
fn pages_of_children_follow_each_other() {
    let nobody = demo().nobody();
    let here = demo().iri(&format!("{CATALOGUE}/page/dataset"));
    let mut found = Vec::new();
    let mut next = Some(format!("{here}?page=0&size=2"));
    let mut pages = 0;
    while let Some(address) = next {
        let answer = nobody.get(&address).is(200);
        let class = rdf::iri(&format!("{DCAT}Dataset")).into();
        let triples = answer.triples();
        let datasets = triples.iter().filter(|triple| {
            triple.object == class && triple.predicate.as_str() == format!("{RDF}type")
        });
        found.extend(datasets.map(|triple| triple.subject.to_string()));
        let link = answer.header("link").unwrap().to_owned();
        let of = |relation: &str| {
            link.split(", ")
                .find(|part| part.ends_with(&format!("rel=\"{relation}\"")))
                .map(|part| part[1..].split('>').next().unwrap().to_owned())
        };
        assert_eq!(of("first"), Some(format!("{here}?page=0&size=2")), "{link}");
        assert!(
            of("last").is_some() && of("prev").is_some() == (pages > 0),
            "{link}"
        );
        pages += 1;
        assert!(pages < 50, "the pages do not end");
        next = of("next");
    }
    let mut expected: Vec<String> = iris(
        &nobody.get(CATALOGUE).triples(),
        &demo().iri(CATALOGUE),
        &format!("{DCAT}dataset"),
    )
    .iter()
    .map(|iri| format!("<{iri}>"))
    .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "each child once");
    let past = nobody
        .get(&format!("{CATALOGUE}/page/dataset?page=999&size=2"))
        .is(200);
    assert!(past.header("link").unwrap().contains("rel=\"last\""));
}

#[test]
fn meta_shows_the_way_up() {
    let meta = demo()
        .nobody()
        .get(&format!("{DATASET}/meta"))
        .is(200)
        .json();
    let path = meta["path"].as_object().unwrap();
    assert_eq!(
        path[&demo().iri(DATASET)]["parent"],
        demo().iri(CATALOGUE).as_str()
    );
    assert_eq!(path[&demo().iri(CATALOGUE)]["parent"], demo().base.as_str());
    assert!(path[&demo().base]["title"].is_string() && path[&demo().base]["parent"].is_null());
    assert!(
        meta.get("state").is_none(),
        "FAIR Data Point §4.9: nobody sees no state"
    );
}

#[test]
fn expanded_brings_what_stands_above() {
    let triples = demo()
        .nobody()
        .get(&format!("{DATASET}/expanded"))
        .is(200)
        .triples();
    for path in [DATASET, CATALOGUE, ""] {
        assert!(
            !rdf::objects(&triples, &demo().iri(path), &format!("{DCT}title")).is_empty(),
            "{path}"
        );
    }
}

#[test]
fn spec_is_the_shapes_of_a_kind() {
    for path in [
        "/spec",
        "/catalog/spec",
        "/dataset/spec",
        "/distribution/spec",
    ] {
        let triples = demo().nobody().get(path).is(200).triples();
        let shapes = triples.iter().filter(|triple| {
            triple.object == rdf::iri("http://www.w3.org/ns/shacl#NodeShape").into()
        });
        assert!(shapes.count() > 0, "{path}");
    }
    demo().nobody().get("/nothing/spec").problem(404);
}

#[test]
fn post_makes_a_record_where_the_slug_wishes() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = dataset(
        &server.base,
        "wished",
        &server.iri("/catalog/workshop"),
        "Wished",
    )
    .replace(&server.iri("/dataset/wished"), "");
    let post = |slug: &str| {
        steward
            .request("POST", "/dataset")
            .header("Content-Type", "text/turtle")
            .header("Slug", slug)
            .send_body(text.clone())
    };
    let made = post("wished").is(201);
    assert_eq!(made.location(), server.iri("/dataset/wished"));
    assert_eq!(made.version(), 1);
    assert!(says(
        &made.triples(),
        &made.location(),
        &format!("{RDF}type"),
        &format!("{DCAT}Dataset")
    ));
    post("wished").problem(409);
    steward.get("/dataset/wished").is(200);
    server.nobody().get("/dataset/wished").problem(404);
}

#[test]
fn post_without_a_slug_gives_a_fresh_address() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = format!(
        "<> a <{DCAT}Dataset> ; <{DCT}isPartOf> <{}> .",
        server.iri("/catalog/workshop")
    );
    let made: Vec<String> = (0..2)
        .map(|_| {
            steward
                .post("/dataset", "text/turtle", text.clone())
                .is(201)
                .location()
        })
        .collect();
    assert_ne!(made[0], made[1]);
    assert!(made[0].starts_with(&server.iri("/dataset/")));
}

#[test]
fn the_old_name_is_replaced_wherever_it_stands() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = format!(
        "<https://old.example/d> a <{DCAT}Dataset> ; <{DCT}isPartOf> <{}> ; <{DCAT}distribution> <https://old.example/d#x> .\n\
         <https://old.example/d#x> a <{DCAT}Distribution> ; <{DCT}relation> <https://old.example/d> .",
        server.iri("/catalog/workshop")
    );
    let made = steward
        .post("/dataset", "text/turtle", text)
        .is(201)
        .location();
    let triples = steward.get(&made).is(200).triples();
    assert!(says(
        &triples,
        &made,
        &format!("{DCAT}distribution"),
        &format!("{made}#x")
    ));
    assert!(says(
        &triples,
        &format!("{made}#x"),
        &format!("{DCT}relation"),
        &made
    ));
    assert!(!rdf::ntriples(&triples).contains("old.example"));
}

#[test]
fn a_catalogue_with_its_datasets_is_one_request() {
    let (server, steward) = (workshop(), workshop().steward());
    let iri = |path: &str| server.iri(path);
    let mut text = catalogue(&server.base, "bundle", "A bundle");
    for i in 1..=3 {
        text.push_str(&dataset(
            &server.base,
            &format!("bundle-{i}"),
            &iri("/catalog/bundle"),
            &format!("Bundled {i}"),
        ));
    }
    let made = steward
        .post("/catalog?state=published", "text/turtle", text)
        .is(201);
    assert_eq!(made.location(), iri("/catalog/bundle"));
    let listed = iris(
        &server.nobody().get("/catalog/bundle").is(200).triples(),
        &iri("/catalog/bundle"),
        &format!("{DCAT}dataset"),
    );
    assert_eq!(
        listed,
        [
            iri("/dataset/bundle-1"),
            iri("/dataset/bundle-2"),
            iri("/dataset/bundle-3")
        ]
    );
    for path in listed {
        server.nobody().get(&path).is(200);
    }
}

#[test]
fn a_record_without_parent_or_type_is_refused() {
    let (server, steward) = (workshop(), workshop().steward());
    let lonely = format!("<> a <{DCAT}Dataset> ; <{DCT}title> 'Lonely' .");
    let problem = steward.post("/dataset", "text/turtle", lonely).problem(400);
    assert_eq!(problem["field"], "dct:isPartOf");
    let lost = format!(
        "<> a <{DCAT}Dataset> ; <{DCT}isPartOf> <{}> .",
        server.iri("/catalog/nowhere")
    );
    let problem = steward.post("/dataset", "text/turtle", lost).problem(400);
    assert_eq!(problem["value"], server.iri("/catalog/nowhere").as_str());
    let untyped = format!("<> <{DCT}title> 'Nothing' .");
    steward
        .post("/dataset", "text/turtle", untyped)
        .problem(400);
    steward.post("/dataset", "text/turtle", "").problem(400);
    let child = format!("<> a <{DCAT}Dataset> ; <{DCT}isPartOf> <{}> .", server.base);
    steward.post("/dataset", "text/turtle", child).problem(400);
    steward
        .post("/nothing", "text/turtle", "<> a <x:y> .")
        .problem(404);
}

#[test]
fn what_does_not_fit_is_answered_by_a_report() {
    let (server, steward) = (workshop(), workshop().steward());
    let poor = format!(
        "<> a <{DCAT}Dataset> ; <{DCT}isPartOf> <{}> ; <{DCT}title> 'Poor'@en .",
        server.iri("/catalog/workshop")
    );
    let send = |accept: &str| {
        steward
            .request("POST", "/dataset?state=published")
            .header("Content-Type", "text/turtle")
            .header("Accept", accept)
            .send_body(poor.clone())
    };
    for accept in ["*/*", "text/turtle", "application/ld+json"] {
        let answer = send(accept).is(400);
        let triples = answer.triples();
        let sh = |name: &str| rdf::iri(&format!("http://www.w3.org/ns/shacl#{name}"));
        assert!(
            triples
                .iter()
                .any(|triple| triple.object == sh("ValidationReport").into()),
            "FAIR Data Point §14.5: {answer}"
        );
        assert!(
            triples
                .iter()
                .any(|triple| triple.predicate == sh("conforms")
                    && triple.object.to_string().starts_with("\"false\""))
        );
    }
    let problem = send("application/json").problem(400);
    let violations = problem["violations"].as_array().unwrap();
    assert!(
        violations
            .iter()
            .any(|one| one.to_string().contains("description")),
        "{problem}"
    );
    assert_eq!(send("text/html").is(400).media_type(), "text/html");
    // As a draft it is kept, and cannot be published.
    let kept = steward
        .post("/dataset", "text/turtle", poor)
        .is(201)
        .location();
    let path = kept.strip_prefix(&server.base).unwrap();
    assert_eq!(steward.set_state(path, "PUBLISHED").status, 400);
    server.nobody().get(path).problem(404);
}

#[test]
fn a_published_record_never_becomes_wrong() {
    let (server, steward) = (workshop(), workshop().steward());
    steward.write(
        "/dataset/stays?state=published",
        dataset(
            &server.base,
            "stays",
            &server.iri("/catalog/workshop"),
            "Stays",
        ),
    );
    let poor = format!(
        "<> a <{DCAT}Dataset> ; <{DCT}isPartOf> <{}> .",
        server.iri("/catalog/workshop")
    );
    assert_eq!(
        steward.put("/dataset/stays", "text/turtle", poor).status,
        400
    );
    assert!(
        server
            .nobody()
            .get("/dataset/stays")
            .is(200)
            .text()
            .contains("Stays")
    );
}

#[test]
fn states_change_as_a_fair_data_point_wants() {
    let (server, steward) = (workshop(), workshop().steward());
    steward.write(
        "/dataset/states",
        dataset(
            &server.base,
            "states",
            &server.iri("/catalog/workshop"),
            "States",
        ),
    );
    server.nobody().get("/dataset/states").problem(404);
    assert_eq!(
        steward
            .set_state("/dataset/states", "PUBLISHED")
            .is(200)
            .json()["current"],
        "PUBLISHED"
    );
    server.nobody().get("/dataset/states").is(200);
    steward
        .set_state("/dataset/states", "PUBLISHED")
        .problem(400);
    steward.set_state("/dataset/states", "DRAFT").problem(400);
    steward
        .set_state("/dataset/states", "NONSENSE")
        .problem(400);
    steward
        .put("/dataset/states/meta/state", "application/json", "{")
        .problem(400);
    assert_eq!(
        steward.get("/dataset/states/meta").is(200).json()["state"]["current"],
        "PUBLISHED"
    );
    steward.withdraw("/dataset/states");
    server.nobody().get("/dataset/states").is(410);
    steward.publish("/dataset/states");
    server.nobody().get("/dataset/states").is(200);
    steward
        .set_state("/dataset/never-was", "PUBLISHED")
        .problem(404);
}

#[test]
fn put_replaces_when_the_etag_is_still_true() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = |title: &str| {
        dataset(
            &server.base,
            "match",
            &server.iri("/catalog/workshop"),
            title,
        )
    };
    let put = |name: &str, value: &str, title: &str| {
        steward
            .request("PUT", "/dataset/match")
            .header("Content-Type", "text/turtle")
            .header(name, value)
            .send_body(text(title))
    };
    put("If-Match", "*", "None").problem(412);
    put("If-None-Match", "*", "First").is(201);
    put("If-None-Match", "*", "Twice").problem(412);
    let etag = steward
        .get("/dataset/match")
        .is(200)
        .header("etag")
        .unwrap()
        .to_owned();
    assert_eq!(put("If-Match", &etag, "Second").is(200).version(), 2);
    put("If-Match", &etag, "Third").problem(412);
    assert!(
        steward
            .get("/dataset/match")
            .is(200)
            .text()
            .contains("Second")
    );
    put("If-Match", "*", "Fourth").is(200);
    let old = steward
        .request("DELETE", "/dataset/match")
        .header("If-Match", &etag)
        .send();
    old.problem(412);
}

#[test]
fn without_if_match_a_change_is_428_where_the_setting_wants_it() {
    let server = TestServer::with(&[("PRECONDITION_REQUIRED", "true")]);
    let steward = server.steward();
    let text = catalogue(&server.base, "strict", "Strict");
    steward
        .put("/catalog/strict", "text/turtle", text.clone())
        .is(201);
    steward
        .put("/catalog/strict", "text/turtle", text.clone())
        .problem(428);
    let etag = steward
        .get("/catalog/strict")
        .is(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let put = steward
        .request("PUT", "/catalog/strict")
        .header("Content-Type", "text/turtle")
        .header("If-Match", &etag);
    put.send_body(text).is(200);
}

#[test]
fn a_lost_update_is_refused() {
    let (server, steward) = (workshop(), workshop().steward());
    steward.write(
        "/dataset/race",
        dataset(
            &server.base,
            "race",
            &server.iri("/catalog/workshop"),
            "Race",
        ),
    );
    let etag = steward
        .get("/dataset/race")
        .is(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let put = |i: usize| {
            let (steward, etag, server) = (steward.clone(), etag.clone(), &server);
            scope.spawn(move || {
                let text = dataset(
                    &server.base,
                    "race",
                    &server.iri("/catalog/workshop"),
                    &format!("Race {i}"),
                );
                steward
                    .request("PUT", "/dataset/race")
                    .header("Content-Type", "text/turtle")
                    .header("If-Match", &etag)
                    .send_body(text)
                    .status
            })
        };
        let writers: Vec<_> = (0..6).map(put).collect();
        writers
            .into_iter()
            .map(|writer| writer.join().unwrap())
            .collect()
    });
    assert_eq!(
        answers.iter().filter(|status| **status == 200).count(),
        1,
        "{answers:?}"
    );
    assert!(
        answers.iter().all(|status| matches!(status, 200 | 412)),
        "{answers:?}"
    );
}

#[test]
fn versions_stay_readable() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = |title: &str| {
        dataset(
            &server.base,
            "aging",
            &server.iri("/catalog/workshop"),
            title,
        )
    };
    steward.write("/dataset/aging?state=published", text("Young"));
    steward.write("/dataset/aging?reason=birthday", text("Old"));
    let list = server
        .nobody()
        .get("/dataset/aging/versions")
        .is(200)
        .json();
    let list = list["versions"].as_array().unwrap();
    assert_eq!(
        list.iter()
            .map(|one| one["version"].as_u64().unwrap())
            .max(),
        Some(2),
        "{list:?}"
    );
    for (version, title) in [(1, "Young"), (2, "Old")] {
        let answer = server
            .nobody()
            .get(&format!("/dataset/aging/versions/{version}"))
            .is(200);
        assert_isomorphic(
            &answer.triples(),
            &rdf::turtle(&text(title), &server.base),
            title,
        );
    }
    server
        .nobody()
        .get("/dataset/aging/versions/3")
        .problem(404);
}

#[test]
fn a_deleted_record_leaves_a_tombstone() {
    let (server, steward) = (workshop(), workshop().steward());
    for (slug, withdraw) in [("deleted", false), ("withdrawn", true)] {
        let path = format!("/dataset/{slug}");
        steward.write(
            &format!("{path}?state=published"),
            dataset(
                &server.base,
                slug,
                &server.iri("/catalog/workshop"),
                "Ephemeral",
            ),
        );
        if withdraw {
            steward.withdraw(&path);
        } else {
            assert_eq!(steward.delete(&path).status, 204);
        }
        for suffix in ["", ".ttl", ".jsonld", ".nq"] {
            let answer = server.nobody().get(&format!("{path}{suffix}"));
            assert_eq!(answer.status, 410, "{answer}");
            assert!(!answer.text().contains("Ephemeral"), "{answer}");
        }
        let page = server.nobody().get_as(&path, "text/html").is(410);
        assert_eq!(page.media_type(), "text/html");
        assert_eq!(server.nobody().head(&path).status, 410);
        let listed = server.nobody().get("/catalog/workshop").is(200).text();
        assert!(!listed.contains(&server.iri(&path)));
    }
    let text = dataset(
        &server.base,
        "deleted",
        &server.iri("/catalog/workshop"),
        "Back",
    );
    steward
        .put("/dataset/deleted", "text/turtle", text)
        .problem(410);
    assert_eq!(steward.delete("/dataset/deleted").status, 410);
    assert_eq!(steward.delete("/dataset/never-was").status, 404);
}

#[test]
fn a_tombstone_is_rdf_for_those_who_read_rdf() {
    let (server, steward) = (workshop(), workshop().steward());
    steward.write(
        "/dataset/stone?state=published",
        dataset(
            &server.base,
            "stone",
            &server.iri("/catalog/workshop"),
            "Stone",
        ),
    );
    steward.withdraw("/dataset/stone");
    let answer = server
        .nobody()
        .get_as("/dataset/stone", "text/turtle")
        .is(410);
    assert_eq!(answer.media_type(), "text/turtle", "{answer}");
    assert!(
        answer
            .triples()
            .iter()
            .any(|triple| triple.subject == rdf::iri(&server.iri("/dataset/stone")).into())
    );
}

#[test]
fn the_root_cannot_be_deleted() {
    let answer = workshop().steward().delete("/");
    assert!(matches!(answer.status, 403 | 405), "{answer}");
    workshop().nobody().get("/").is(200);
}

#[test]
fn errors_are_pages_for_people() {
    for path in [
        "/dataset/nothing",
        "/nothing/here",
        "/catalog/chaimeleon/versions/99",
    ] {
        let answer = demo().nobody().get_as(path, "text/html").is(404);
        assert_eq!(answer.media_type(), "text/html");
        assert!(answer.text().contains("<title>"));
    }
}

#[test]
fn a_problem_says_where() {
    let problem = demo().nobody().get("/dataset/nothing").problem(404);
    assert_eq!(problem["instance"], "/dataset/nothing");
    assert!(
        problem["detail"]
            .as_str()
            .unwrap()
            .contains("/dataset/nothing")
    );
}

#[test]
fn prefer_minimal_leaves_the_body_out() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = dataset(
        &server.base,
        "minimal",
        &server.iri("/catalog/workshop"),
        "Minimal",
    );
    let put = steward
        .request("PUT", "/dataset/minimal")
        .header("Content-Type", "text/turtle")
        .header("Prefer", "return=minimal");
    let answer = put.send_body(text).is(201);
    assert!(answer.body.is_empty());
    assert_eq!(answer.version(), 1);
}

#[test]
fn every_format_may_be_sent() {
    let (server, steward) = (workshop(), workshop().steward());
    let triples = rdf::turtle(
        &dataset(
            &server.base,
            "sent",
            &server.iri("/catalog/workshop"),
            "Sent",
        ),
        &server.base,
    );
    for (i, media_type) in [
        "text/turtle",
        "application/x-turtle",
        "application/ld+json",
        "application/rdf+xml",
        "application/n-triples",
        "text/n3",
        "text/plain",
        "text/turtle; charset=utf-8",
    ]
    .iter()
    .enumerate()
    {
        let format = vesalius::rdf::Format::from_media_type(media_type.split(';').next().unwrap())
            .unwrap_or(vesalius::rdf::Format::Turtle);
        let slug = format!("sent-{i}");
        let text = rdf::ntriples(&triples).replace("/dataset/sent", &format!("/dataset/{slug}"));
        let triples = rdf::turtle(&text, &server.base);
        let bytes =
            vesalius::rdf::format::write_triples(format, triples.iter().map(Triple::as_ref));
        steward
            .put(&format!("/dataset/{slug}"), media_type, bytes)
            .is(201);
        let back = steward
            .get(&format!("/dataset/{slug}/versions/1"))
            .is(200)
            .triples();
        assert_isomorphic(&back, &triples, media_type);
    }
}

#[test]
fn a_body_without_a_type_is_turtle() {
    let (server, steward) = (workshop(), workshop().steward());
    let text = dataset(
        &server.base,
        "untyped",
        &server.iri("/catalog/workshop"),
        "Untyped",
    );
    steward
        .request("PUT", "/dataset/untyped")
        .send_body(text)
        .is(201);
}
