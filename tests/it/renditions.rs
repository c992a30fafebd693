//! Can a record be had in the profiles of others, is it valid there, and is told what was done to it?

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use vesalius::catalogue::profile::Neighbours;
use vesalius::catalogue::{Profile, Profiles};
use vesalius::crosswalk::rendition::{Ground, What};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::{Format, NamedNode, Term, Triple, format};
use vesalius::shacl::{Data, Severity, Shapes, ValidationResult};

use crate::support::rdf::{assert_isomorphic, ntriples, turtle};
use crate::support::{Answer, Person, TestServer, dataset_like, demo, repository, suites};

const DATASET: &str = "/dataset/chaimeleon-lung-ct";
const CATALOGUE: &str = "/catalog/chaimeleon";
const HEALTH: &str = "healthdcat-ap";
const DCAT_AP: &str = "dcat-ap-3.0.1";
const EUCAIM: &str = "eucaim-dcat-ap-2.0";
const BASE: &str = "https://atlas.example.org";

/// The ways that lead from a record of the federation to the profiles of others.
const WAYS: [&[&str]; 2] = [&[HEALTH], &[HEALTH, DCAT_AP]];

struct World {
    ontology: Ontology,
    profiles: Profiles,
}

impl World {
    fn new() -> Self {
        let ontology = Ontology::bundled().unwrap();
        let profiles = Profiles::load(&vesalius::app::SHAPES, None, &ontology).unwrap();
        Self { ontology, profiles }
    }

    fn neighbours(&self) -> Neighbours<'_> {
        Neighbours {
            ontology: &self.ontology,
            snapshot: None,
        }
    }

    /// A record after one step after the other, and how many statements each step left out.
    fn written(&self, iri: &NamedNode, triples: &[Triple], way: &[&str]) -> (Vec<Triple>, usize) {
        let mut triples = triples.to_vec();
        let mut left_out = 0;
        for step in way {
            let profile = self.profiles.get(step).unwrap();
            let ground = Ground {
                roots: std::slice::from_ref(iri),
                replacement: &|iri| self.ontology.replacement(iri).map(str::to_owned),
                is_profile: &|term| !self.profiles.named(std::slice::from_ref(term)).is_empty(),
            };
            let rendered = profile
                .rendition
                .as_ref()
                .unwrap()
                .render(&triples, &ground);
            triples = rendered.triples;
            left_out += rendered.notes.count(What::LeftOut);
        }
        (triples, left_out)
    }

    fn violations(&self, name: &str, iri: &NamedNode, triples: &[Triple]) -> Vec<String> {
        let profile = self.profiles.get(name).unwrap();
        let checked = profile.check(iri, triples, &self.neighbours());
        let results = checked.report.results.iter();
        let violations = results.filter(|result| result.severity == Severity::Violation);
        violations.map(told).collect()
    }
}

fn told(result: &ValidationResult) -> String {
    let path = result.path.as_ref().map(ToString::to_string);
    format!("{}: {}", path.unwrap_or_default(), result.message("en"))
}

/// Records of the federation: generated ones, and one that uses every property.
fn records() -> Vec<(NamedNode, Vec<Triple>)> {
    let generator = Generator::new(300, 11, BASE);
    let generated = generator
        .records()
        .map(|record| (record.iri, record.triples));
    let text = fs::read_to_string(repository("tests/data/valid-dataset.ttl")).unwrap();
    let iri = NamedNode::new_unchecked(format!("{BASE}/dataset/breast-mri"));
    generated.chain([(iri, turtle(&text, BASE))]).collect()
}

/// What a record of the federation may lack in HealthDCAT-AP, and why no rule can give it.
const EXCEPTIONS: [(&str, &str); 4] = [
    (
        "csvw:table",
        "the federation wants variables, not that they stand in tables",
    ),
    ("csvw:title", "the federation asks no title of a column"),
    ("dct:title", "nor of a table or a group of tables"),
    ("dct:description", "nor what a column means"),
];

fn excepted(found: &str) -> Option<&'static (&'static str, &'static str)> {
    let begins = |(path, _): &&(&str, &str)| found.starts_with(&format!("{path}:"));
    EXCEPTIONS.iter().find(begins)
}

#[test]
fn every_valid_record_is_valid_in_the_profiles_of_others() {
    let world = World::new();
    let mut lacking = BTreeSet::new();
    let all = records();
    for (iri, triples) in &all {
        assert_eq!(
            world.violations(EUCAIM, iri, triples),
            Vec::<String>::new(),
            "{iri}"
        );
        for way in WAYS {
            let name = *way.last().unwrap();
            let (written, _) = world.written(iri, triples, way);
            for found in world.violations(name, iri, &written) {
                let why = excepted(&found).filter(|_| name == HEALTH);
                let why = why.unwrap_or_else(|| panic!("{name}, {iri}: {found}"));
                lacking.insert(*why);
            }
        }
    }
    assert!(all.len() > 300);
    assert_eq!(lacking.len(), EXCEPTIONS.len(), "no longer so: {lacking:?}");
}

#[test]
fn health_dcat_ap_gets_its_own_names_and_loses_nothing() {
    let world = World::new();
    let shapes = in_names_of_release_8(&world.profiles.get(HEALTH).unwrap(), &world.ontology);
    for (iri, triples) in &records() {
        let (written, left_out) = world.written(iri, triples, &[HEALTH]);
        assert_eq!(left_out, 0, "{iri}");
        assert!(written.len() >= triples.len(), "{iri}");
        let text = ntriples(&written);
        for foreign in [
            "w3id.org/healthdcat-ap#",
            "w3id.org/dpv/pd#",
            "acceptance.data",
        ] {
            assert!(!text.contains(foreign), "{iri}: {foreign}");
        }
        let neighbours = world.neighbours();
        let data = Data::new(&*written).with_background(&neighbours);
        let report = shapes.validate(&data).unwrap();
        let violations = report.results.iter();
        let violations = violations.filter(|result| result.severity == Severity::Violation);
        let violations = violations
            .map(told)
            .filter(|found| excepted(found).is_none());
        assert_eq!(
            violations.collect::<Vec<_>>(),
            Vec::<String>::new(),
            "{iri}"
        );
    }
}

/// The shapes of the profile, which speak the names that we write, under those of the release.
fn in_names_of_release_8(profile: &Profile, ontology: &Ontology) -> Shapes {
    let text = ntriples(&profile.shapes_read(ontology));
    let text = text.replace(
        "https://w3id.org/healthdcat-ap#",
        "http://healthdataportal.eu/ns/health#",
    );
    let text = text.replace("dpv/pd#", "dpv/dpv-pd#");
    assert!(text.contains("dpv/dpv-pd#"));
    Shapes::compile(&turtle(&text, BASE)).unwrap()
}

#[test]
fn the_published_shapes_of_dcat_ap_find_nothing_wrong() {
    let Some(suites) = suites() else { return };
    let folder = suites.join("dcat-ap/releases/3.0.1");
    let files = [
        "shacl/dcat-ap-SHACL.ttl",
        "shacl/ranges.ttl",
        "html/shacl/mdr-vocabularies.shape.ttl",
    ];
    let read = |file: &str| turtle(&fs::read_to_string(folder.join(file)).unwrap(), BASE);
    let shapes = Shapes::compile(&files.iter().flat_map(|file| read(file)).collect::<Vec<_>>());
    let (shapes, world) = (shapes.unwrap(), World::new());
    let mut checked = 0;
    for (iri, triples) in records() {
        let (written, _) = world.written(&iri, &triples, &[HEALTH, DCAT_AP]);
        let neighbours = world.neighbours();
        let data = Data::new(&*written).with_background(&neighbours);
        let report = shapes.validate(&data).unwrap();
        let wrong = report.results.iter().filter(|result| {
            result.severity == Severity::Violation && !is_described_elsewhere(result, &written)
        });
        let wrong: Vec<String> = wrong.map(detailed).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{iri}");
        checked += 1;
    }
    println!("{checked} records in DCAT-AP 3.0.1 fit its published shapes");
}

/// A result, for whoever reads why a test failed.
fn detailed(result: &ValidationResult) -> String {
    let value = result
        .value
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    format!(
        "{} {} {value}",
        told(result),
        result.constraint_component.as_str()
    )
}

/// They ask the class of what is linked to; what stands elsewhere is described there. Of an algorithm 3.0.1 asks for
/// a list that begins with https, but the terms of SPDX begin with http.
fn is_described_elsewhere(result: &ValidationResult, triples: &[Triple]) -> bool {
    let constraint = result.constraint_component.as_str();
    let about_class = constraint.ends_with("ClassConstraintComponent");
    let is_algorithm = result
        .path
        .as_ref()
        .is_some_and(|path| path.to_string() == "spdx:algorithm");
    let is_here = result.value.as_ref().is_some_and(|value| {
        triples
            .iter()
            .any(|one| Term::from(one.subject.clone()) == *value)
    });
    let is_link = matches!(result.value, Some(Term::NamedNode(_)));
    (about_class && is_link && !is_here) || is_algorithm
}

#[test]
fn dcat_ap_has_no_word_of_others_and_nothing_is_written_twice() {
    let world = World::new();
    for (iri, triples) in records() {
        for way in WAYS {
            let (once, left_out) = world.written(&iri, &triples, way);
            let last = *way.last().unwrap();
            let (twice, _) = world.written(&iri, &once, &[last]);
            assert_isomorphic(&twice, &once, &format!("{iri} in {last}"));
            if last == DCAT_AP {
                let text = ntriples(&once);
                for foreign in [
                    "ontology/EUCAIM#",
                    "health#",
                    "w3id.org/dpv#",
                    "/healthcategories/",
                ] {
                    assert!(!text.contains(foreign), "{iri}: {foreign}\n{text}");
                }
                assert!(left_out > 0 || iri.as_str().contains("/catalog/"), "{iri}");
            }
        }
    }
}

fn in_profile(person: &Person, path: &str, wanted: &str) -> Answer {
    let request = person.request("GET", path).header("Accept", "text/turtle");
    request.header("Accept-Profile", wanted).send()
}

const HEALTH_IRI: &str =
    "https://healthdataeu.pages.code.europa.eu/healthdcat-ap/releases/release-8/";
const DCAT_AP_IRI: &str = "https://semiceu.github.io/DCAT-AP/releases/3.0.1/";

#[test]
fn a_profile_is_asked_for_by_header_and_by_parameter() {
    let nobody = demo().nobody();
    let asked = in_profile(&nobody, DATASET, &format!("<{HEALTH_IRI}>")).is(200);
    assert!(
        asked
            .text()
            .contains("http://healthdataportal.eu/ns/health#")
    );
    assert_eq!(
        asked.header("content-profile"),
        Some(format!("<{HEALTH_IRI}>").as_str())
    );
    assert!(asked.header("vary").unwrap().contains("Accept-Profile"));
    for path in [
        format!("{DATASET}.ttl?profile=healthdcat-ap"),
        format!("{DATASET}?format=ttl&_profile=healthdcat-ap"),
        format!("{DATASET}?format=ttl&profile={HEALTH_IRI}"),
    ] {
        let same = nobody.get(&path).is(200);
        assert_eq!(same.body, asked.body, "{path}");
        assert_eq!(same.header("etag"), asked.header("etag"), "{path}");
    }
    let best = format!("<https://nobody.example/>, <{HEALTH_IRI}>;q=0.1, <{DCAT_AP_IRI}>;q=0.7");
    let best = in_profile(&nobody, DATASET, &best).is(200);
    assert_eq!(
        best.header("content-profile"),
        Some(format!("<{DCAT_AP_IRI}>").as_str())
    );
    assert!(!best.text().contains("EUCAIM#"));
    let short = nobody
        .get(&format!("{DATASET}.ttl?profile=dcat-ap"))
        .is(200);
    assert_eq!(short.body, best.body);
}

#[test]
fn every_published_name_of_a_profile_asks_for_it() {
    let nobody = demo().nobody();
    for (profile, names) in [
        (
            DCAT_AP_IRI,
            &[
                "http://data.europa.eu/r5r/",
                "http://data.europa.eu/r5r",
                "http://data.europa.eu/r5r/3.0.1",
                "http://data.europa.eu/r5r/3.0.0/",
                "https://semiceu.github.io/DCAT-AP/releases/3.0.1",
                "https://semiceu.github.io/DCAT-AP/releases/3.0.0/",
                "https://semiceu.github.io/DCAT-AP/",
            ][..],
        ),
        (
            HEALTH_IRI,
            &[
                "http://healthdataportal.eu/ns/health#",
                "http://healthdataportal.eu/ns/health",
                "https://w3id.org/healthdcat-ap#",
                "https://healthdataeu.pages.code.europa.eu/healthdcat-ap/",
            ],
        ),
    ] {
        for name in names {
            let by_header = in_profile(&nobody, DATASET, &format!("<{name}>")).is(200);
            let told = format!("<{profile}>");
            assert_eq!(by_header.header("content-profile"), Some(&*told), "{name}");
            let name = name.replace('#', "%23");
            let by_parameter = nobody.get(&format!("{DATASET}.ttl?profile={name}")).is(200);
            assert_eq!(by_parameter.body, by_header.body, "{name}");
            nobody.get(&format!("/catalog.ttl?profile={name}")).is(200);
        }
    }
    // An older DCAT-AP is another profile, which no record of this catalogue can be had in.
    for older in [
        "http://data.europa.eu/r5r/2.1.1",
        "http://data.europa.eu/r5r/1",
    ] {
        in_profile(&nobody, DATASET, &format!("<{older}>")).is(406);
    }
}

#[test]
fn every_format_says_the_same_in_a_profile() {
    let nobody = demo().nobody();
    let read = |extension: &str| {
        let answer = nobody
            .get(&format!("{DATASET}.{extension}?profile=healthdcat-ap"))
            .is(200);
        let format = Format::from_extension(extension).unwrap();
        let quads = format::parse(&answer.body, format, None).unwrap();
        quads.into_iter().map(Triple::from).collect::<Vec<_>>()
    };
    let turtle = read("ttl");
    assert!(turtle.iter().any(|one| one.predicate.as_str()
        == "http://purl.org/dc/terms/conformsTo"
        && one.object.to_string() == format!("<{HEALTH_IRI}>")
        && one.subject.to_string().ends_with("#record>")));
    for extension in ["jsonld", "rdf", "nt", "nq", "trig", "n3"] {
        assert_isomorphic(&read(extension), &turtle, extension);
    }
}

#[test]
fn without_a_wish_the_record_is_as_it_was_sent_and_names_its_profiles() {
    let nobody = demo().nobody();
    let plain = nobody.get_as(DATASET, "text/turtle").is(200);
    let own = plain.header("content-profile").unwrap().to_owned();
    assert!(own.contains("eucaim_dcat_ap/releases/v2.0"), "{own}");
    let links = plain.header("link").unwrap();
    for (rel, profile, address) in [
        ("canonical", own.trim_matches(['<', '>']), ".ttl>"),
        ("alternate", HEALTH_IRI, ".ttl?profile=healthdcat-ap>"),
        ("alternate", DCAT_AP_IRI, ".ttl?profile=dcat-ap-3.0.1>"),
    ] {
        let link = format!(
            "{DATASET}{address}; rel=\"{rel}\"; type=\"text/turtle\"; profile=\"{profile}\""
        );
        assert!(links.contains(&link), "{link}\n{links}");
    }
    assert_eq!(in_profile(&nobody, DATASET, "*").is(200).body, plain.body);
    assert_eq!(in_profile(&nobody, DATASET, &own).is(200).body, plain.body);
}

#[test]
fn head_and_caches_tell_profiles_apart() {
    let nobody = demo().nobody();
    let path = |profile: &str| format!("{DATASET}.ttl?profile={profile}");
    let mut etags = BTreeSet::new();
    for profile in [EUCAIM, HEALTH, DCAT_AP] {
        let got = nobody.get(&path(profile)).is(200);
        let head = nobody.head(&path(profile)).is(200);
        for name in ["etag", "content-profile", "link", "vary", "last-modified"] {
            assert_eq!(head.header(name), got.header(name), "{profile}: {name}");
        }
        assert!(head.body.is_empty());
        let etag = got.header("etag").unwrap().to_owned();
        let again = nobody
            .request("GET", &path(profile))
            .header("If-None-Match", &etag);
        again.send().is(304);
        let other = nobody
            .request("GET", &path("dcat-ap-3.0.1"))
            .header("If-None-Match", &etag);
        assert_eq!(
            other.send().status,
            if profile == DCAT_AP { 304 } else { 200 }
        );
        etags.insert(etag);
    }
    assert_eq!(etags.len(), 3);
}

#[test]
fn a_profile_that_cannot_be_had_is_refused_with_those_that_can() {
    let nobody = demo().nobody();
    let by_parameter = nobody.get(&format!("{DATASET}?format=ttl&profile=dcat-us"));
    let by_header = in_profile(
        &nobody,
        DATASET,
        "<https://nobody.example/profile>, dcat-us;q=0.3",
    );
    for refused in [by_parameter, by_header] {
        let problem = refused.is(406).json();
        let tokens: Vec<&str> = listed(&problem, "token");
        assert_eq!(tokens, [EUCAIM, HEALTH, DCAT_AP], "{problem:#}");
        assert!(
            problem["profiles"][1]["url"]
                .as_str()
                .unwrap()
                .contains("profile=healthdcat-ap")
        );
    }
    let root = nobody
        .get("/?format=ttl&profile=healthdcat-ap")
        .is(406)
        .json();
    assert_eq!(listed(&root, "token"), ["fair-data-point"]);
    nobody.get(&format!("{DATASET}/profiles/dcat-us")).is(404);
    nobody
        .get("/dataset/there-is-none?profile=healthdcat-ap&format=ttl")
        .is(404);
    let long = format!("<{}>", "x".repeat(4_000));
    let refused = in_profile(&nobody, DATASET, &long).is(406);
    assert!(refused.body.len() < 4_000);
}

fn listed<'a>(body: &'a Value, member: &str) -> Vec<&'a str> {
    let profiles = body["profiles"].as_array().unwrap().iter();
    profiles.map(|one| one[member].as_str().unwrap()).collect()
}

#[test]
fn the_profiles_of_a_record_are_listed_for_programs_and_for_people() {
    let nobody = demo().nobody();
    let json = nobody.get(&format!("{DATASET}/profiles")).is(200).json();
    assert_eq!(listed(&json, "token"), [EUCAIM, HEALTH, DCAT_AP]);
    assert_eq!(json["profiles"][0]["asSent"], true);
    assert_eq!(json["profiles"][0]["conforms"], true);
    for alt in ["_profile=alt", "profile=alternates"] {
        let same = nobody
            .get_as(&format!("{DATASET}?{alt}"), "application/json")
            .is(200);
        assert_eq!(same.json(), json);
    }
    let altr = in_profile(&nobody, DATASET, "<http://www.w3.org/ns/dx/connegp/altr>").is(200);
    let said = altr.text();
    assert!(
        said.contains("hasDefaultRepresentation") && said.contains(HEALTH_IRI),
        "{said}"
    );
    for language in ["en", "de", "fr", "es", "it"] {
        let page = nobody
            .get(&format!("{DATASET}/profiles?format=html&lang={language}"))
            .is(200);
        assert!(page.text().contains("healthdcat-ap"), "{language}");
    }
    let record = nobody.get_as(DATASET, "text/html").is(200).text();
    assert!(record.contains(&format!("{DATASET}/profiles\"")));
    assert!(record.contains(&format!("{DATASET}/profiles/healthdcat-ap\"")));
    let led = nobody
        .get_as(&format!("{DATASET}?profile=healthdcat-ap"), "text/html")
        .is(303);
    assert!(
        led.header("location")
            .unwrap()
            .ends_with("/profiles/healthdcat-ap")
    );
}

#[test]
fn a_preflight_says_what_to_mend_and_what_was_done() {
    let server = TestServer::start().with_catalogue("one");
    let (steward, nobody) = (server.steward(), server.nobody());
    let text = fs::read_to_string(repository("tests/data/valid-dataset.ttl")).unwrap();
    let text = text.replace(
        "https://atlas.example.org/dataset/breast-mri",
        &server.iri("/dataset/breast"),
    );
    let above = format!(
        "a dcat:Dataset ;\n    dct:isPartOf <{}> ;",
        server.iri("/catalog/one")
    );
    let text = text.replacen("a dcat:Dataset ;", &above, 1);
    steward.write("/dataset/breast", text);
    nobody.get("/dataset/breast/profiles/healthdcat-ap").is(404);
    nobody.get("/dataset/breast/profiles").is(404);
    steward
        .get("/dataset/breast/profiles/healthdcat-ap")
        .is(200);
    steward.publish("/dataset/breast");

    let health = nobody
        .get("/dataset/breast/profiles/healthdcat-ap")
        .is(200)
        .json();
    assert_eq!(health["conforms"], false);
    assert_eq!(health["leftOut"].as_array().unwrap().len(), 0);
    let wrong = health["results"].as_array().unwrap().iter();
    let wrong = wrong.filter(|one| one["severity"] == "Violation");
    let wrong: Vec<&str> = wrong.map(|one| one["message"].as_str().unwrap()).collect();
    assert_eq!(wrong.len(), 4, "{wrong:?}");
    assert!(
        wrong.iter().all(|message| message.starts_with("Give “")),
        "{wrong:?}"
    );
    let names = health["rewritten"].as_array().unwrap();
    assert!(
        names
            .iter()
            .any(|one| one["after"] == "http://healthdataportal.eu/ns/health#")
    );

    let dcat = nobody
        .get("/dataset/breast/profiles/dcat-ap")
        .is(200)
        .json();
    assert_eq!(dcat["conforms"], true, "{dcat:#}");
    let gone = dcat["leftOut"].as_array().unwrap();
    assert!(
        gone.iter()
            .any(|one| one["property"] == "eucaim:hasCondition"),
        "{gone:#?}"
    );
    let own = nobody.get("/dataset/breast/profiles/eucaim").is(200).json();
    assert_eq!(
        (&own["asSent"], &own["conforms"]),
        (&true.into(), &true.into())
    );

    let report = nobody
        .get("/dataset/breast/profiles/healthdcat-ap?format=ttl")
        .is(200)
        .text();
    assert!(
        report.contains("sh:ValidationReport") && report.contains("sh:conforms false"),
        "{report}"
    );
    let page = nobody
        .get("/dataset/breast/profiles/healthdcat-ap?format=html&lang=de")
        .is(200)
        .text();
    assert!(
        page.contains("Anders gesagt") && page.contains("bitte ergänzen"),
        "{page}"
    );
}

#[test]
fn what_stands_inside_a_record_comes_with_it_and_changes_its_etag() {
    let server = TestServer::start().with_catalogue("one");
    let (steward, nobody) = (server.steward(), server.nobody());
    let dataset = dataset_like(1, &server.base, "x", &server.iri("/catalog/one"), "X");
    steward.write("/dataset/x", dataset);
    steward.publish("/dataset/x");
    let part = |title: &str| {
        format!(
            "<{0}> a <http://www.w3.org/ns/dcat#Distribution> ; <http://purl.org/dc/terms/isPartOf> <{1}> ; \
             <http://purl.org/dc/terms/title> \"{title}\"@en ; <http://www.w3.org/ns/dcat#accessURL> <https://a.example/> ; \
             <http://data.europa.eu/r5r/applicableLegislation> <http://data.europa.eu/eli/reg/2025/327/oj> ; \
             <http://purl.org/dc/terms/rights> <https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#DOWNLOAD> .",
            server.iri("/distribution/part"),
            server.iri("/dataset/x"),
        )
    };
    let path = "/dataset/x.ttl?profile=healthdcat-ap";
    let before = nobody.get(path).is(200);
    steward.write("/distribution/part", part("First title of the part"));
    steward.publish("/distribution/part");
    let with = nobody.get(path).is(200);
    assert!(with.text().contains("First title of the part"), "{with}");
    steward.write("/distribution/part", part("Second title of the part"));
    let changed = nobody.get(path).is(200);
    assert!(changed.text().contains("Second title of the part"));
    let etags: BTreeSet<_> = [before, with, changed]
        .iter()
        .map(|one| one.header("etag").unwrap().to_owned())
        .collect();
    assert_eq!(etags.len(), 3);
}

#[test]
fn the_catalogue_is_told_in_a_profile() {
    let nobody = demo().nobody();
    let plain = nobody.get("/catalog.ttl").is(200);
    assert!(
        plain.text().contains("EUCAIM#hasCondition")
            || plain.text().contains("eucaim:hasCondition")
    );
    let told = nobody.get("/catalog.ttl?profile=dcat-ap").is(200);
    let text = told.text();
    for foreign in ["eucaim:has", "healthdcatap:", "health#", "dpv:has"] {
        assert!(!text.contains(foreign), "{foreign}");
    }
    assert!(text.contains(DCAT_AP_IRI), "{text}");
    assert!(
        text.contains("profile=dcat-ap"),
        "its pages lead on in the profile"
    );
    assert_ne!(told.header("etag"), plain.header("etag"));
    assert!(told.header("vary").unwrap().contains("Accept-Profile"));
    nobody.get("/catalog.ttl?profile=dcat-us").is(406);
    let catalogue = nobody
        .get(&format!("{CATALOGUE}.ttl?profile=dcat-ap"))
        .is(200);
    assert!(catalogue.text().contains("dcat:dataset"));
}

#[test]
fn a_record_of_the_older_profile_goes_the_whole_way() {
    let server = TestServer::start().with_catalogue("one");
    let steward = server.steward();
    let text = dataset_like(2, &server.base, "old", &server.iri("/catalog/one"), "Old");
    let claim = format!(
        "{text}<{}> <http://purl.org/dc/terms/conformsTo> <https://eucaim.github.io/eucaim_dcat_ap/releases/v1.0/> .\n",
        server.iri("/dataset/old")
    );
    steward.write("/dataset/old", claim);
    let json = steward.get("/dataset/old/profiles").is(200).json();
    assert_eq!(
        listed(&json, "token"),
        ["eucaim-dcat-ap-1.0", EUCAIM, HEALTH, DCAT_AP]
    );
    let health = steward
        .get("/dataset/old.ttl?profile=healthdcat-ap")
        .is(200)
        .text();
    assert!(!health.contains("releases/v1.0"), "{health}");
    let newest = steward.get("/dataset/old.ttl?profile=eucaim").is(200);
    assert!(newest.header("content-profile").unwrap().contains("v2.0"));
}

#[test]
fn what_conforms_to_a_profile_by_any_of_its_addresses_says_so_of_its_description() {
    let server = TestServer::start().with_catalogue("one");
    let steward = server.steward();
    let text = dataset_like(
        2,
        &server.base,
        "other",
        &server.iri("/catalog/one"),
        "Other",
    );
    let claim = "<http://purl.org/dc/terms/conformsTo> <http://data.europa.eu/r5r/> .";
    let iri = server.iri("/dataset/other");
    steward.write("/dataset/other", format!("{text}<{iri}> {claim}\n"));
    let own = steward.get("/dataset/other.nt").is(200).text();
    assert!(own.contains(claim), "{own}");
    let path = "/dataset/other.nt?profile=healthdcat-ap";
    let health = steward.get(path).is(200).text();
    assert!(!health.contains(claim), "{health}");
}
