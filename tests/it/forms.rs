//! Can somebody who knows no RDF write a record, alone or with others, and is nothing ever lost?

use std::fs;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use serde_json::Value;
use vesalius::catalogue::form::{Form, Sheet};
use vesalius::catalogue::quality::Level;
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::{BlankNode, Format, Literal, NamedNode, NamedOrBlankNode, Term, Triple};

use crate::support::form::{Filled, open};
use crate::support::rdf::{assert_isomorphic, iri, objects, parse};
use crate::support::{
    Chance, Person, TestServer, catalogue, dataset, profile, repository, workshop,
};

const DCAT: &str = "http://www.w3.org/ns/dcat#";
const DCT: &str = "http://purl.org/dc/terms/";
const BASE: &str = "https://generated.example";

struct Ground {
    ontology: Arc<Ontology>,
    form: Arc<Form>,
}

fn ground() -> &'static Ground {
    static GROUND: OnceLock<Ground> = OnceLock::new();
    GROUND.get_or_init(|| {
        let ontology = Arc::new(Ontology::bundled().unwrap());
        let profile = profile("eucaim-dcat-ap-2.0", &ontology);
        let form = profile.form(&iri(&format!("{DCAT}Dataset")), &ontology);
        Ground {
            form: form.unwrap(),
            ontology,
        }
    })
}

/// From the record to the form, over the wire, and back.
fn there_and_back(subject: &NamedNode, triples: &[Triple]) -> Vec<Triple> {
    let Ground { ontology, form } = ground();
    let sheet = form.fill(subject, triples, ontology, "en");
    let pairs = sheet.to_pairs();
    let refs = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let sent = Sheet::of_pairs(refs);
    let reading = form.read(subject, &sent, ontology);
    assert!(reading.unreadable.is_none(), "{:?}", reading.unreadable);
    reading.triples
}

#[test]
fn the_form_of_a_dataset_has_what_the_profile_asks_for() {
    let form = &ground().form;
    let field = |at: &str| form.field_at(at).unwrap_or_else(|| panic!("no field {at}"));
    assert_eq!(field("dct:title").level, Level::Mandatory);
    assert_eq!(field("foaf:page").level, Level::Recommended);
    assert_eq!(field("dcat:inSeries").level, Level::Optional);
    assert_eq!(field("dct:publisher").max, Some(1));
    let hours = "dct:publisher|0|cv:contactPoint|0|cv:openingHours|0|dct:description";
    assert_eq!(field(hours).name("de"), "Zeiten in Worten");
    assert_eq!(
        field("dcat:distribution|0|dcat:byteSize").name("en"),
        "Size in bytes"
    );
    let groups: Vec<&str> = form
        .groups
        .iter()
        .filter_map(|group| group.label("en"))
        .collect();
    assert_eq!(
        groups[..4],
        ["Identification", "Classification", "Access", "Publisher"]
    );
    assert!(form.field_at("dct:publisher|0").is_none());
}

#[test]
fn every_record_of_the_profile_comes_back_from_the_form_as_it_was() {
    let mut files = 0;
    for entry in fs::read_dir(repository("tests/data")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "ttl") {
            continue;
        }
        files += 1;
        let triples = parse(&fs::read(&path).unwrap(), Format::Turtle, BASE);
        let class = Term::from(iri(&format!("{DCAT}Dataset")));
        let subject = triples.iter().find(|triple| triple.object == class);
        let subject = match subject.map(|triple| &triple.subject) {
            Some(NamedOrBlankNode::NamedNode(subject)) => subject.clone(),
            _ => iri(BASE),
        };
        let found = there_and_back(&subject, &triples);
        assert_isomorphic(&found, &triples, &path.display().to_string());
    }
    assert!(files > 60, "{files} files");
}

/// A graph that no profile foresees: things that point to each other, that nothing points to, odd texts.
fn odd_graph(seed: u64) -> (NamedNode, Vec<Triple>) {
    let chance = &mut Chance::new(seed);
    let subject = iri("https://x.example/dataset/a");
    let form = &ground().form;
    let mut paths: Vec<NamedNode> = form.fields().map(|field| field.path.clone()).collect();
    paths.push(iri("https://x.example/unknown"));
    paths.push(iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"));
    for path in ["foaf/0.1/name", "foaf/0.1/mbox"] {
        paths.push(iri(&format!("http://xmlns.com/{path}")));
    }
    let nodes: Vec<NamedOrBlankNode> = (0..6)
        .map(|n| BlankNode::new(format!("b{n}")).unwrap().into())
        .chain([
            subject.clone().into(),
            iri("https://x.example/thing").into(),
        ])
        .collect();
    let texts = [
        "",
        " ",
        "a\r\nb",
        "a\nb",
        "\n",
        "x|y",
        "\u{1}",
        "<&\"'>",
        "MRI",
        "2024-06",
        "12 GB",
        "_:n1",
        "https://x.example/",
        "Ünïcode \u{202f}",
    ];
    let xsd = "http://www.w3.org/2001/XMLSchema#";
    let mut triples = Vec::new();
    for _ in 0..chance.below(40) {
        let of = nodes[chance.below(nodes.len())].clone();
        let path = paths[chance.below(paths.len())].clone();
        let text = texts[chance.below(texts.len())];
        let value: Term = match chance.below(6) {
            0 => Literal::new_simple_literal(text).into(),
            1 => Literal::new_language_tagged_literal(text, "de-ch")
                .unwrap()
                .into(),
            2 => {
                let kinds = [
                    "date",
                    "gYear",
                    "integer",
                    "boolean",
                    "duration",
                    "anyURI",
                    "hexBinary",
                ];
                let kind = kinds[chance.below(kinds.len())];
                Literal::new_typed_literal(text, iri(&format!("{xsd}{kind}"))).into()
            }
            3 => iri("https://cancerimage.eu/ontology/EUCAIM#IMG1000038").into(),
            _ => Term::from(nodes[chance.below(nodes.len())].clone()),
        };
        triples.push(Triple::new(of, path, value));
    }
    let mut seen = std::collections::HashSet::new();
    triples.retain(|triple| seen.insert(triple.clone()));
    (subject, triples)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_random_record_comes_back_from_the_form_as_it_was(seed in any::<u64>(), i in 0usize..64) {
        let record = Generator::new(64, seed, BASE).record(i);
        let found = there_and_back(&record.iri, &record.triples);
        assert_isomorphic(&found, &record.triples, &format!("seed {seed}, record {i}"));
    }

    #[test]
    fn any_graph_at_all_comes_back_from_the_form_as_it_was(seed in any::<u64>()) {
        let (subject, triples) = odd_graph(seed);
        let found = there_and_back(&subject, &triples);
        assert_isomorphic(&found, &triples, &format!("seed {seed}"));
    }
}

/// What the catalogue keeps of a record.
fn stored(person: &Person, path: &str) -> Vec<Triple> {
    let answer = person.get_as(path, "application/n-triples").is(200);
    answer.triples()
}

#[test]
fn a_form_that_is_sent_untouched_changes_nothing() {
    let server = workshop();
    let steward = server.steward();
    let home = server.iri("/catalog/workshop");
    for i in 0..6 {
        let path = format!("/dataset/untouched-{i}");
        let text = crate::support::dataset_like(
            i,
            &server.base,
            &format!("untouched-{i}"),
            &home,
            "Untouched",
        );
        steward.write(&path, text.as_str());
        let before = steward.get_as(&format!("{path}/versions/1"), "application/n-triples");
        let form = open(&steward, &format!("/edit{path}"));
        form.press(&steward, "draft").is(303);
        let after = steward.get_as(&format!("{path}/versions/2"), "application/n-triples");
        assert_isomorphic(&after.is(200).triples(), &before.is(200).triples(), &path);
    }
}

/// What a person who knows no RDF types in.
fn type_in(form: &mut Filled, person: &Person, title: &str) {
    let add = |form: &mut Filled, texts: &[(&str, &str)]| {
        for (name, text) in texts {
            form.set(name, text);
        }
    };
    add(
        form,
        &[
            ("dct:title|0|v", title),
            ("dct:title|0|l", "en"),
            (
                "dct:description|0|v",
                "Women before surgery.\nTwo hospitals.",
            ),
            ("dct:description|0|l", "en"),
            ("dcat:version|0|v", "1.0.0"),
            (
                "dcat:contactPoint|0|vcard:hasEmail|0|v",
                "data@hospital.example.org",
            ),
            (
                "dcat:distribution|0|dcat:accessURL|0|v",
                "www.hospital.example.org/images",
            ),
            (
                "dcat:distribution|0|dcatap:applicableLegislation|0|v",
                "http://data.europa.eu/eli/reg/2025/327/oj",
            ),
            (
                "dcatap:applicableLegislation|0|v",
                "http://data.europa.eu/eli/reg/2025/327/oj",
            ),
            ("dct:publisher|0|foaf:name|0|v", "Example hospital"),
            (
                "dct:publisher|0|cv:contactPoint|0|cv:email|0|v",
                "office@hospital.example.org",
            ),
            ("healthdcatap:hasStructuredData|0|v", "false"),
            ("healthdcatap:numberOfUniqueIndividuals|0|v", "1 200"),
            ("healthdcatap:numberOfRecords|0|v", "1500"),
            ("eucaim:hasCondition|0|v", "Malignant neoplasm of breast"),
            ("eucaim:hasImageModality|0|v", "MR"),
            ("eucaim:hasImageBodyPart|0|v", "Breast"),
            ("dcat:keyword|0|v", "breast"),
            ("dct:provenance|0|rdfs:label|0|v", "From the archive."),
            (
                "dcat:distribution|0|dct:rights|0|v",
                "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING",
            ),
        ],
    );
    for key in [
        "eucaim:interoperabilityLevel",
        "dcat:theme",
        "healthdcatap:healthCategory",
        "dct:accessRights",
        "eucaim:hasBirthSex",
        "eucaim:collectionMethod",
        "eucaim:hasEquipmentManufacturer",
    ] {
        let name = format!("{key}|0|v");
        let option = first_option(&form.page, &name);
        if let Some(option) = option {
            form.set(&name, &option);
        } else {
            look_up(form, person, key);
        }
    }
    look_up(form, person, "dct:type");
}

/// The first value of a list that is not empty.
fn first_option(page: &str, name: &str) -> Option<String> {
    let select = page
        .split("<select ")
        .find(|part| part.contains(&format!("name=\"{name}\"")))?;
    let select = select.split("</select>").next()?;
    let mut options = select.split("<option value=\"").skip(2);
    let option = options.next()?;
    let value = option.split('"').next()?;
    Some(
        value
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&"),
    )
}

/// Browses the terms of a field and takes the first one.
fn look_up(form: &mut Filled, person: &Person, key: &str) {
    form.set(&format!("{key}|0|v"), "");
    let found = form.goes_on(person, &format!("find|{key}|0"));
    let mark = format!("value=\"pick|{key}|0|");
    let at = found
        .page
        .find(&mark)
        .unwrap_or_else(|| panic!("no term for {key}"));
    let button = found.page[at + 7..].split('"').next().unwrap().to_owned();
    *form = found.goes_on(person, &button);
}

#[test]
fn a_person_writes_a_dataset_without_script_mends_errors_and_publishes_it() {
    let server = TestServer::start().with_catalogue("workshop");
    let person = server.provider_of(&server.iri("/catalog/workshop"));
    let home = server.iri("/catalog/workshop");
    let mut form = open(
        &person,
        &format!("/edit/new?kind=dataset&in={home}&slug=by-hand"),
    );
    assert_eq!(form.action, "/edit/dataset/by-hand");
    type_in(&mut form, &person, "Breast MRI by hand");
    // Three mistakes.
    form.set("dct:title|0|v", "");
    form.set("dcat:version|0|v", "first");
    form.set("healthdcatap:numberOfRecords|0|v", "many");
    let answer = form.press(&person, "publish").is(400);
    let mut wrong = Filled::of(&answer);
    let summary = wrong
        .page
        .split("id=\"errors\"")
        .nth(1)
        .expect("a summary of what is wrong");
    let summary = summary.split("</section>").next().unwrap();
    for link in [
        "#dct:title|0|v",
        "#dcat:version|0|v",
        "#healthdcatap:numberOfRecords|0|v",
    ] {
        assert!(
            summary.contains(&format!("href=\"{link}\"")),
            "{link} in {summary}"
        );
        assert!(
            wrong.page.contains(&format!("id=\"{}\"", &link[1..])),
            "{link}"
        );
    }
    let beside = wrong
        .page
        .split("id=\"dcat:version|0|troubles\"")
        .nth(1)
        .unwrap();
    assert!(
        beside.split("</ul>").next().unwrap().contains("1.0.0"),
        "{beside}"
    );
    server.steward().get("/dataset/by-hand").is(404);
    // What was typed in is all there, also in a new window.
    let again = open(&person, "/edit/dataset/by-hand");
    assert_eq!(again.value("healthdcatap:numberOfRecords|0|v"), "many");
    assert!(
        again.page.contains("here again"),
        "it is not told that it was kept"
    );
    wrong.set("dct:title|0|v", "Breast MRI by hand");
    wrong.set("dcat:version|0|v", "1.0.0");
    wrong.set("healthdcatap:numberOfRecords|0|v", "1500");
    let answer = wrong.press(&person, "publish");
    if answer.status != 303 {
        let left = answer.text();
        let left = left.split("id=\"errors\"").nth(1).unwrap_or(&left);
        panic!(
            "{}: {}",
            answer.status,
            left.split("</section>").next().unwrap()
        );
    }
    assert_eq!(answer.location(), "/dataset/by-hand");
    server.settle();
    let hits = server.nobody().search("q=%22by+hand%22");
    assert!(
        hits["hits"].to_string().contains("/dataset/by-hand"),
        "{hits}"
    );
    let triples = stored(&server.nobody(), "/dataset/by-hand");
    let this = server.iri("/dataset/by-hand");
    assert!(!objects(&triples, &this, &format!("{DCT}identifier")).is_empty());
    let count = "https://w3id.org/healthdcat-ap#numberOfUniqueIndividuals";
    assert!(
        objects(&triples, &this, count)[0]
            .to_string()
            .contains("\"1200\"")
    );
    // It is finished: no working copy is left.
    assert!(
        !person
            .get_as("/edit", "text/html")
            .is(200)
            .text()
            .contains("by-hand\"")
    );
    copies_and_versions(&server.base, &person);
}

fn copies_and_versions(base: &str, person: &Person) {
    let copy = open(
        person,
        "/edit/new?kind=dataset&slug=a-copy&with=copy:/dataset/by-hand",
    );
    assert_eq!(copy.value("dct:title|0|v"), "Breast MRI by hand");
    assert_eq!(
        copy.value("dct:identifier|0|v"),
        format!("{base}/dataset/a-copy")
    );
    copy.press(person, "draft").is(303);
    let next = open(
        person,
        "/edit/new?kind=dataset&slug=version-2&with=version:/dataset/by-hand",
    );
    assert_eq!(next.value("dcat:version|0|v"), "1.1.0");
    let mut next = next;
    next.set("adms:versionNotes|0|v", "Thirty more women.");
    next.press(person, "publish").is(303);
    let new = stored(person, "/dataset/version-2");
    let (old, this) = (
        format!("{base}/dataset/by-hand"),
        format!("{base}/dataset/version-2"),
    );
    let previous = objects(&new, &this, &format!("{DCAT}previousVersion"));
    assert_eq!(previous, [Term::from(iri(&old))]);
    let newer = objects(
        &stored(person, "/dataset/by-hand"),
        &old,
        &format!("{DCAT}hasVersion"),
    );
    assert_eq!(newer, [Term::from(iri(&this))]);
    // Usual values come back in a new record, and in a template.
    let mut last = open(person, "/edit/new?kind=dataset&slug=usual&with=last");
    assert_eq!(
        last.value("dct:publisher|0|foaf:name|0|v"),
        "Example hospital"
    );
    assert_eq!(last.value("dct:title|0|v"), "");
    last.set("_template", "Ours");
    last.goes_on(person, "template");
    let begun = open(
        person,
        "/edit/new?kind=dataset&slug=of-template&with=template:Ours",
    );
    assert_eq!(
        begun.value("dct:publisher|0|foaf:name|0|v"),
        "Example hospital"
    );
    let identifier = begun.value("dct:identifier|0|v");
    assert_eq!(identifier, format!("{base}/dataset/of-template"));
}

#[test]
fn rows_come_and_go_and_other_statements_stay() {
    let server = workshop();
    let steward = server.steward();
    let text = dataset(
        &server.base,
        "rows",
        &server.iri("/catalog/workshop"),
        "Rows",
    );
    let text = format!(
        "{text}\n<{}> <https://x.example/unknown> \"kept\" .",
        server.iri("/dataset/rows")
    );
    steward.write("/dataset/rows", text);
    let form = open(&steward, "/edit/dataset/rows");
    assert!(form.value("_rest").contains("\"kept\""));
    let count = |form: &Filled| {
        let keywords = form
            .pairs
            .iter()
            .filter(|(name, _)| name.starts_with("dcat:keyword|") && name.ends_with("|v"));
        keywords.count()
    };
    let more = form.goes_on(&steward, "add|dcat:keyword");
    assert_eq!(count(&more), count(&form) + 1);
    let last = more
        .pairs
        .iter()
        .rfind(|(name, _)| name.starts_with("dcat:keyword|") && name.ends_with("|v"));
    let last = last.unwrap().0.trim_end_matches("|v").to_owned();
    let fewer = more.goes_on(&steward, &format!("remove|{last}"));
    assert_eq!(count(&fewer), count(&form));
    let inside = fewer.goes_on(&steward, "node|dct:creator");
    let name = inside
        .pairs
        .iter()
        .rfind(|(name, _)| name.starts_with("dct:creator|") && name.ends_with("|foaf:name|0|v"));
    let name = name.expect("the fields of a creator").0.clone();
    let mut inside = inside.clone();
    inside.set(&name, "Department of radiology");
    // As a text of either format, and back.
    let raw = inside.goes_on(&steward, "raw");
    assert!(raw.value("_raw").contains("Department of radiology"));
    let raw = raw.goes_on(&steward, "raw|jsonld");
    let json: Value = serde_json::from_str(raw.value("_raw")).unwrap();
    assert!(
        json.to_string().contains("Department of radiology"),
        "{json}"
    );
    let mut broken = raw.clone();
    broken.set("_raw", "this is no Turtle");
    let told = broken.goes_on(&steward, "form");
    assert!(told.page.contains("id=\"raw-error\""), "{}", told.page);
    let back = raw.goes_on(&steward, "form");
    back.press(&steward, "draft").is(303);
    let kept = steward
        .get_as("/dataset/rows/versions/2", "application/n-triples")
        .is(200)
        .text();
    assert!(
        kept.contains("Department of radiology") && kept.contains("\"kept\""),
        "{kept}"
    );
}

#[test]
fn a_record_goes_from_turtle_to_json_ld_and_back_without_loss() {
    let server = workshop();
    let steward = server.steward();
    let home = server.iri("/catalog/workshop");
    for i in 0..4 {
        let (slug, path) = (format!("texts-{i}"), format!("/dataset/texts-{i}"));
        let text = crate::support::dataset_like(i, &server.base, &slug, &home, "Texts");
        steward.write(&path, text.as_str());
        let version = |n: u64| {
            let path = format!("{path}/versions/{n}");
            let answer = steward.get_as(&path, "application/n-triples");
            answer.is(200).triples()
        };
        let form = open(&steward, &format!("/edit{path}"));
        let turtle = form.goes_on(&steward, "raw|ttl");
        let mut json = turtle.goes_on(&steward, "raw|jsonld");
        let read: Value = serde_json::from_str(json.value("_raw")).unwrap();
        assert!(read.is_object() || read.is_array());
        // Kept like everything else that is typed in.
        json.keep(&steward).is(200);
        let again = open(&steward, &format!("/edit{path}"));
        assert_eq!(again.value("_raw"), json.value("_raw"));
        let mut turtle = json.goes_on(&steward, "raw|ttl");
        assert!(serde_json::from_str::<Value>(turtle.value("_raw")).is_err());
        // JSON-LD that is pasted over Turtle is read as what it is.
        turtle.set("_raw", json.value("_raw"));
        let back = turtle.goes_on(&steward, "form");
        back.press(&steward, "draft").is(303);
        assert_isomorphic(&version(2), &version(1), &path);
    }
}

#[test]
fn two_people_see_each_other_and_what_both_wrote_comes_together() {
    let server = TestServer::start().with_catalogue("shared");
    let home = server.iri("/catalog/shared");
    let (ada, grace) = (server.provider_of(&home), server.provider_of(&home));
    ada.write("/dataset/x", dataset(&server.base, "x", &home, "Shared"));
    let mut hers = open(&ada, "/edit/dataset/x");
    let mut theirs = open(&grace, "/edit/dataset/x");
    hers.set("dct:title|0|v", "Shared, said Ada");
    let answer = hers.keep(&ada).is(200).json();
    assert_eq!(answer["others"], Value::Array(Vec::new()));
    theirs.set("dcat:version|0|v", "2.0.0");
    let answer = theirs.keep(&grace).is(200).json();
    assert_eq!(answer["others"].as_array().unwrap().len(), 1, "{answer}");
    assert!(
        open(&ada, "/edit/dataset/x")
            .page
            .contains("Also writing this record")
    );
    hers.press(&ada, "draft").is(303);
    let merged = theirs.press(&grace, "draft").is(303);
    assert!(merged.location().contains("merged=1"), "{merged}");
    let form = open(&ada, "/edit/dataset/x");
    assert_eq!(form.value("dct:title|0|v"), "Shared, said Ada");
    assert_eq!(form.value("dcat:version|0|v"), "2.0.0");
    // The same thing in two ways is a conflict, shown side by side.
    let (mut hers, mut theirs) = (form, open(&grace, "/edit/dataset/x"));
    hers.set("dcat:version|0|v", "3.0.0");
    theirs.set("dcat:version|0|v", "4.0.0");
    hers.press(&ada, "draft").is(303);
    let mut both = Filled::of(&theirs.press(&grace, "draft").is(409));
    assert!(both.page.contains("<q>3.0.0</q>") && both.page.contains("<q>4.0.0</q>"));
    let choice = both
        .pairs
        .iter()
        .find(|(name, _)| name.starts_with("_choice|"));
    let choice = choice.expect("a choice").0.clone();
    both.set(&choice, "theirs");
    let decided = both.goes_on(&grace, "merge");
    assert_eq!(decided.value("dcat:version|0|v"), "3.0.0");
    decided.press(&grace, "draft").is(303);
}

#[test]
fn nobody_else_sees_what_somebody_is_writing() {
    let server = workshop();
    let home = server.iri("/catalog/workshop");
    let person = server.provider_of(&home);
    let mut form = open(
        &person,
        &format!("/edit/new?kind=dataset&in={home}&slug=secret-plan"),
    );
    form.set("dct:title|0|v", "A secret plan");
    form.keep(&person).is(200);
    for other in [server.nobody(), server.reader()] {
        for path in [
            "/edit",
            "/edit/dataset/secret-plan",
            "/edit/dataset/secret-plan/working",
        ] {
            let answer = other.get_as(path, "text/html");
            assert!(!answer.text().contains("secret plan"), "{answer}");
        }
        other.get("/edit/dataset/secret-plan/working").is(403);
    }
    let steward = open(&server.steward(), "/edit/dataset/secret-plan");
    assert!(!steward.page.contains("A secret plan"));
    server.nobody().get("/dataset/secret-plan").is(404);
    // Whose session has ended sends again: the page holds it all.
    let out = form.press(&server.nobody(), "draft").is(403).text();
    assert!(out.contains("value=\"A secret plan\""), "{out}");
}

#[test]
fn a_form_is_read_within_bounds() {
    let server = workshop();
    let person = server.steward();
    let form = open(&person, "/edit/new?kind=dataset&slug=bounds");
    let long = "x".repeat(2 << 20);
    let mut large = form.clone();
    large.set("dct:title|0|v", &long);
    large.keep(&person).problem(413);
    let deep = format!(
        "_seen=0&_client=a&_turn=1&{}v=x",
        "dct:publisher|0|".repeat(5000)
    );
    let many: String = (0..30_000)
        .map(|n| format!("dcat:keyword|{n}|v=x{n}&"))
        .collect();
    for body in [deep, many, "|||=&||=|&a|b|c=1&_base=-1&_turn=x".to_owned()] {
        let answer = person
            .request("PUT", "/edit/dataset/bounds/working")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .send_body(body);
        assert!(matches!(answer.status, 200 | 412 | 413), "{answer}");
    }
    server.is_up();
    person.get("/edit/nothing/x").problem(404);
    person.get("/edit/new?kind=root").problem(400);
}

/// One writer of the long test: what the server has acknowledged must be found again.
struct Author {
    person: Person,
    form: Filled,
    name: &'static str,
    field: &'static str,
    /// The last text that was acknowledged, and what was typed since.
    acknowledged: Option<String>,
    typed: String,
}

#[test]
fn no_update_and_no_acknowledged_keystroke_is_lost() {
    let server = TestServer::start().with_catalogue("storm");
    let home = server.iri("/catalog/storm");
    let steward = server.steward();
    steward.write("/dataset/s", dataset(&server.base, "s", &home, "Storm"));
    let author = |name: &'static str, field: &'static str| {
        let person = server.provider_of(&home);
        Author {
            form: open(&person, "/edit/dataset/s"),
            person,
            name,
            field,
            acknowledged: None,
            typed: String::new(),
        }
    };
    let mut authors = [
        author("ada", "dct:title|0|v"),
        author("grace", "dct:description|0|v"),
    ];
    let chance = &mut Chance::new(41);
    // What each has stored, in order: the last one must stand in the end.
    let mut stored_last: [Option<String>; 2] = [None, None];
    let (mut kept, mut stores, mut breaks, mut restarts) = (0, 0, 0, 0);
    for step in 0..160 {
        let at = chance.below(2);
        let author = &mut authors[at];
        match chance.below(12) {
            0..=5 => {
                author.typed = format!("{} wrote {} in step {step}", author.name, chance.word());
                let typed = author.typed.clone();
                author.form.set(author.field, &typed);
                let answer = author.form.keep(&author.person);
                if answer.status == 412 {
                    // What was sent by a window that is closed came late: the person decides for this one.
                    author.form = author.form.goes_on(&author.person, "mine");
                } else {
                    answer.is(200);
                }
                author.acknowledged = Some(typed);
                kept += 1;
            }
            6 | 7 => {
                // The connection breaks after the request was sent: nobody knows whether it came.
                author.typed = format!("{} lost {} in step {step}", author.name, chance.word());
                let typed = author.typed.clone();
                author.form.set(author.field, &typed);
                let body = author.form.body(None);
                let turn: u64 = author.form.value("_turn").parse().unwrap();
                author.form.set("_turn", &(turn + 1).to_string());
                let request = format!(
                    "PUT /edit/dataset/s/working HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\
                     Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                    author.person.token(),
                    body.len()
                );
                let cut = if chance.below(2) == 0 {
                    request.len()
                } else {
                    request.len() / 2
                };
                let mut stream = author.person.connect();
                stream.write_all(&request.as_bytes()[..cut]).unwrap();
                drop(stream);
                breaks += 1;
            }
            8 => {
                server.kill9();
                server.restart();
                restarts += 1;
            }
            9 => {
                // The window is closed; another one shows at least what was acknowledged.
                author.form = open(&author.person, "/edit/dataset/s");
                let found = author.form.value(author.field).to_owned();
                if let Some(acknowledged) = &author.acknowledged {
                    assert!(
                        found == *acknowledged || found == author.typed,
                        "step {step}: {found:?} is neither {acknowledged:?} nor {:?}",
                        author.typed
                    );
                }
                author.typed.clone_from(&found);
                author.acknowledged = author.acknowledged.take().map(|_| found);
            }
            _ => {
                let mut answer = author.form.press(&author.person, "draft");
                if answer.status == 409 {
                    // Only with oneself: a request that came late was stored before.
                    let decided = Filled::of(&answer).goes_on(&author.person, "merge");
                    answer = decided.press(&author.person, "draft");
                }
                assert_eq!(answer.status, 303, "step {step}: {answer}");
                let stands = author.form.value(author.field).to_owned();
                stored_last[at] = Some(stands);
                author.acknowledged = None;
                author.form = open(&author.person, "/edit/dataset/s");
                stores += 1;
            }
        }
    }
    let last = open(&steward, "/edit/dataset/s");
    for (author, stored) in authors.iter().zip(&stored_last) {
        if let Some(stored) = stored {
            assert_eq!(last.value(author.field), stored, "{}", author.name);
        }
        if let Some(acknowledged) = &author.acknowledged {
            let found = open(&author.person, "/edit/dataset/s");
            let found = found.value(author.field);
            assert!(found == acknowledged || found == author.typed, "{found:?}");
        }
    }
    eprintln!(
        "{kept} keystrokes kept, {stores} stores, {breaks} broken connections, {restarts} restarts: nothing lost"
    );
    assert!(kept > 40 && stores > 10 && breaks > 10 && restarts > 3);
}

#[test]
fn another_window_of_the_same_person_overwrites_nothing_unseen() {
    let server = workshop();
    let home = server.iri("/catalog/workshop");
    let person = server.provider_of(&home);
    let address = format!("/edit/new?kind=dataset&in={home}&slug=two-windows");
    let mut first = open(&person, &address);
    let mut second = open(&person, &address);
    first.set("dct:title|0|v", "In the first window");
    first.keep(&person).is(200);
    second.set("dct:title|0|v", "In the second window");
    second.keep(&person).problem(412);
    let told = second.goes_on(&person, "keep");
    assert!(told.page.contains("another window"), "{}", told.page);
    assert_eq!(told.value("dct:title|0|v"), "In the second window");
    assert_eq!(
        open(&person, &address).value("dct:title|0|v"),
        "In the first window"
    );
    told.goes_on(&person, "mine");
    assert_eq!(
        open(&person, &address).value("dct:title|0|v"),
        "In the second window"
    );
}

#[test]
fn a_catalogue_has_a_form_too() {
    let server = workshop();
    let steward = server.steward();
    let text = catalogue(&server.base, "with-a-form", "With a form");
    steward.write("/catalog/with-a-form", text);
    let mut form = open(&steward, "/edit/catalog/with-a-form");
    form.set("dct:title|0|v", "With a better form");
    form.press(&steward, "publish").is(303);
    let triples = stored(&server.nobody(), "/catalog/with-a-form");
    let title = objects(
        &triples,
        &server.iri("/catalog/with-a-form"),
        &format!("{DCT}title"),
    );
    assert!(format!("{title:?}").contains("better"), "{title:?}");
}

const RULES: &str = r#"
[[sign_in.rules]]
role = "provider"
catalogues = ["{base}/catalog/theirs"]
entitlement = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu"
"#;

#[test]
fn a_person_who_knows_no_rdf_writes_a_dataset_in_a_browser() {
    let Some(folder) = crate::support::browser::installed() else {
        return;
    };
    let Some((server, provider, _folder)) = crate::support::provider::atlas_with_provider(RULES)
    else {
        return;
    };
    let home = server.iri("/catalog/theirs");
    let text = catalogue(&server.base, "theirs", "A catalogue of the tests");
    server.steward().write("/catalog/theirs", text);
    server.steward().publish("/catalog/theirs");
    let editor = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu";
    let person = serde_json::json!({
        "sub": "ada", "name": "Doctor Ada", "eduperson_entitlement": [editor],
    });
    let turn = provider.lets_in(&person);
    let said = crate::support::browser::write(&folder, &server.base, &home);
    drop(turn);
    let path = said.trim().strip_prefix("published ").expect("a path");
    server.settle();
    let hits = server.nobody().search("q=%22in+a+browser%22");
    assert!(hits["hits"].to_string().contains(path), "{hits}");
}

/// An author, a reviewer and a machine with one browser: what must be shown, from the empty form to the search.
#[test]
fn a_dataset_is_handed_in_sent_back_changed_published_and_found_with_and_without_script() {
    let Some(folder) = crate::support::browser::installed() else {
        return;
    };
    let rules = format!(
        "{RULES}[[sign_in.rules]]\nrole = \"reviewer\"\ncatalogues = [\"{{base}}/catalog/theirs\"]\ngroup = \"judges\"\n"
    );
    let Some((server, provider, _folder)) = crate::support::provider::atlas_with_provider(&rules)
    else {
        return;
    };
    let home = server.iri("/catalog/theirs");
    let text = catalogue(&server.base, "theirs", "A catalogue of the tests");
    let steward = server.steward();
    steward.write("/catalog/theirs", text);
    steward.publish("/catalog/theirs");
    let rule = r#"{"approvals":0,"four_eyes":true}"#;
    steward
        .post("/catalog/theirs/rules", "application/json", rule)
        .is(200);
    let editor = "urn:geant:x.eu:group:EUCAIM:role=editor#aai.x.eu";
    let author = serde_json::json!({
        "sub": "ada", "name": "Doctor Ada", "eduperson_entitlement": [editor],
    });
    let judge = serde_json::json!({ "sub": "grace", "name": "Grace", "groups": ["judges"] });
    let play = |person: &Value, part: &str, arguments: &[&str]| {
        let turn = provider.lets_in(person);
        let path = crate::support::browser::story(&folder, part, arguments);
        drop(turn);
        path
    };
    for scripted in ["with", "without"] {
        let title = format!("Breast MRI {scripted} script");
        let base = server.base.as_str();
        let path = play(&author, "write", &[base, &home, &title, scripted]);
        server.nobody().get(&path).is(404);
        let more = [base, path.as_str(), title.as_str(), scripted];
        play(&judge, "ask", &more);
        play(&author, "change", &more);
        server.nobody().get(&path).is(404);
        play(&judge, "publish", &more);
        server.settle();
        let hits = server
            .nobody()
            .search(&format!("q=%22{scripted}+script%22"));
        assert!(hits["hits"].to_string().contains(&path), "{hits}");
        let text = server.nobody().get(&path).is(200).text();
        assert!(text.contains("40 of them"), "{text}");
    }
}

#[test]
fn a_draft_is_handed_in_from_its_form_where_others_must_agree() {
    let server = TestServer::start().with_catalogue("ruled");
    let (home, steward) = (server.iri("/catalog/ruled"), server.steward());
    let rule = r#"{"approvals":1,"four_eyes":false}"#;
    let rules = steward.post("/catalog/ruled/rules", "application/json", rule);
    rules.is(200);
    let person = server.provider_of(&home);
    let address = format!("/edit/new?kind=dataset&in={home}&slug=judged");
    let mut form = open(&person, &address);
    assert!(form.page.contains("value=\"submit\""));
    assert!(
        !form.page.contains("value=\"publish\""),
        "others must agree"
    );
    // What can be seen to be wrong is not handed in, and stands beside its field.
    form.set("dcat:version|0|v", "first");
    let wrong = Filled::of(&form.press(&person, "submit").is(400));
    assert!(
        wrong.page.contains("It was not handed in"),
        "{}",
        wrong.page
    );
    assert!(wrong.page.contains("href=\"#dcat:version|0|v\""));
    person.get("/dataset/judged").is(404);
    assert_eq!(wrong.value("dcat:version|0|v"), "first", "and it is kept");
    // A record that fits is stored and handed in.
    steward.write(
        "/dataset/fits",
        dataset(&server.base, "fits", &home, "Fits"),
    );
    let mut form = open(&person, "/edit/dataset/fits");
    form.set("dcat:version|0|v", "2.0.0");
    let done = form.press(&person, "submit").is(303);
    assert_eq!(done.location(), "/dataset/fits/review");
    let review = person.get("/dataset/fits/review").is(200).json();
    assert_eq!(
        (review["stage"].as_str(), review["version"].as_u64()),
        (Some("in-review"), Some(2))
    );
    let asks = r#"{"step":"request-changes","text":"Which scanner?","field":"http://purl.org/dc/terms/title"}"#;
    steward
        .post("/dataset/fits/review", "application/json", asks)
        .is(200);
    let form = open(&person, "/edit/dataset/fits");
    let asked = form.page.split("id=\"requests\"").nth(1).expect("requests");
    let asked = asked.split("</section>").next().unwrap();
    assert!(
        asked.contains("Which scanner?") && asked.contains("href=\"#dct:title|0|v\""),
        "{asked}"
    );
    let mut form = form;
    form.set("dct:title|0|v", "Fits, with its scanner");
    form.press(&person, "submit").is(303);
    let agrees = r#"{"step":"approve"}"#;
    let agreed = steward.post("/dataset/fits/review", "application/json", agrees);
    assert_eq!(agreed.is(200).json()["stage"], "approved");
    steward.publish("/dataset/fits");
    let told = server.nobody().get("/dataset/fits").is(200).text();
    assert!(told.contains("with its scanner"), "{told}");
}
