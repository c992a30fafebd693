//! Do spreadsheets lose nothing, tell every error with its place, and change all or nothing?

use std::io::Write;

use proptest::prelude::*;
use vesalius::catalogue::sheet::cell::Values;
use vesalius::catalogue::sheet::row::Row;
use vesalius::catalogue::sheet::rows::{Part, rows_of, said_by};
use vesalius::catalogue::sheet::table::{Column, Table};
use vesalius::catalogue::sheet::{csv, xlsx};
use vesalius::catalogue::{Base, Kinds, Profiles};
use vesalius::generate::Generator;
use vesalius::ontology::Ontology;
use vesalius::rdf::{
    BlankNode, Format, Literal, NamedNode, NamedOrBlankNode, Term, Triple, canonical, format,
};

use crate::support::http::encode;
use crate::support::{Answer, Person, TestServer, catalogue, repository};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const ELSEWHERE: &str = "https://atlas.example.org";

/// What tables are made of.
struct Ground {
    ontology: Ontology,
    base: Base,
    tables: Vec<Table>,
}

fn ground() -> &'static Ground {
    static GROUND: std::sync::OnceLock<Ground> = std::sync::OnceLock::new();
    GROUND.get_or_init(|| {
        let ontology = Ontology::bundled().unwrap();
        let kinds = std::fs::read_to_string(repository("shapes/kinds.toml")).unwrap();
        let kinds = Kinds::parse(&kinds).unwrap();
        let profiles = Profiles::load(&vesalius::app::SHAPES, None, &ontology).unwrap();
        let of_kind = |kind: &vesalius::catalogue::Kind| {
            let profile = profiles.get(kind.profile.as_deref()?)?;
            Table::new(&profile, kind, &ontology)
        };
        let tables = kinds.iter().filter(|kind| !kind.is_root());
        Ground {
            tables: tables.filter_map(of_kind).collect(),
            base: Base::new(ELSEWHERE).unwrap(),
            ontology,
        }
    })
}

/// Record → rows → record. Every cell passes through a workbook's and a table's text on its way.
fn there_and_back(iri: &NamedNode, kind: &str, triples: &[Triple]) -> Vec<Triple> {
    let ground = ground();
    let at = ground
        .tables
        .iter()
        .position(|table| table.kind.prefix == kind)
        .unwrap();
    let mut values = Values::new(&ground.ontology, &ground.base);
    let rows = rows_of(
        &ground.tables,
        (at, iri),
        None,
        triples.to_vec(),
        &mut values,
    );
    let main = Part {
        table: at,
        address: iri.as_str().to_owned(),
        row: rows.main,
    };
    let mut parts: Vec<Part> = std::iter::once(main).chain(rows.inside).collect();
    for part in &mut parts {
        part.row = through_text(&part.row);
    }
    let (triples, said) = said_by(&ground.tables, (at, iri), &parts, &mut values);
    let faults: Vec<_> = said.iter().flat_map(|said| &said.faults).collect();
    assert!(faults.is_empty(), "{faults:#?}");
    triples
}

fn through_text(row: &Row) -> Row {
    let columns: Vec<&Column> = row.keys().collect();
    let cells: Vec<String> = row.values().cloned().collect();
    let text = csv::write([cells].into_iter());
    let book = csv::read("x", text.as_bytes()).unwrap();
    let line = book.sheets.into_iter().flat_map(|sheet| sheet.lines).next();
    let cells = line.map_or_else(Vec::new, |line| line.cells);
    cells
        .into_iter()
        .map(|(at, text)| (columns[at as usize].clone(), text))
        .collect()
}

/// Words that spreadsheets and formats find hard.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z ]{1,12}",
        "\\PC{1,12}",
        "[|;\\\\\"'=+@<>_x\n\r\t -]{1,8}",
        Just("a | b; c\\ \n d".to_owned()),
        Just("_x000D_".to_owned()),
        Just("<urn:x>".to_owned()),
        Just("\"x\"@en".to_owned()),
        Just("=1+1".to_owned()),
        Just("# no comment".to_owned()),
        Just("MR".to_owned()),
        Just(" space ".to_owned()),
        Just(String::new()),
    ]
}

/// A statement more about something of a record.
#[derive(Debug, Clone)]
struct More {
    about: usize,
    property: usize,
    words: String,
    form: u8,
}

fn more() -> impl Strategy<Value = More> {
    (any::<usize>(), any::<usize>(), words(), 0..8_u8).prop_map(|(about, property, words, form)| {
        More {
            about,
            property,
            words,
            form,
        }
    })
}

fn add(triples: &mut Vec<Triple>, more: &More) {
    let subjects: Vec<NamedOrBlankNode> = triples
        .iter()
        .map(|triple| triple.subject.clone())
        .collect();
    let mut properties: Vec<NamedNode> = triples
        .iter()
        .map(|triple| triple.predicate.clone())
        .collect();
    properties.push(NamedNode::new_unchecked("https://elsewhere.example/odd"));
    let subject = subjects[more.about % subjects.len()].clone();
    let property = properties[more.property % properties.len()].clone();
    let words = more.words.as_str();
    let object: Term = match more.form {
        0 => Literal::new_simple_literal(words).into(),
        1 => Literal::new_language_tagged_literal(words, "en")
            .unwrap()
            .into(),
        2 => Literal::new_language_tagged_literal(words, "de")
            .unwrap()
            .into(),
        3 => Literal::new_typed_literal("007", vesalius::rdf::vocabulary::xsd::INTEGER).into(),
        4 => Literal::new_typed_literal(words, NamedNode::new_unchecked("urn:type")).into(),
        5 => {
            NamedNode::new_unchecked(format!("https://elsewhere.example/{}", more.about % 9)).into()
        }
        6 => Term::from(subjects[more.property % subjects.len()].clone()),
        _ => {
            let node = BlankNode::default();
            triples.push(Triple::new(
                node.clone(),
                NamedNode::new_unchecked("http://xmlns.com/foaf/0.1/name"),
                Literal::new_simple_literal(words),
            ));
            node.into()
        }
    };
    triples.push(Triple::new(subject, property, object));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(160))]

    #[test]
    fn a_record_in_rows_loses_nothing(
        i in 0..64_usize,
        is_catalogue in prop::bool::weighted(0.1),
        more in prop::collection::vec(more(), 0..8),
    ) {
        let generator = Generator::new(64, 7, ELSEWHERE);
        let record = if is_catalogue {
            generator.catalogues().remove(0)
        } else {
            generator.record(i)
        };
        let mut triples = record.triples.clone();
        for more in &more {
            add(&mut triples, more);
        }
        let mut seen = std::collections::HashSet::new();
        triples.retain(|triple| seen.insert(triple.clone()));
        let back = there_and_back(&record.iri, record.kind, &triples);
        let same = canonical::isomorphic(&back, &triples).unwrap();
        prop_assert!(same, "{}", difference(&triples, &back));
    }
}

fn difference(before: &[Triple], after: &[Triple]) -> String {
    let lines = |triples: &[Triple]| -> std::collections::BTreeSet<String> {
        let text = canonical::canonical_ntriples(triples).unwrap().into_text();
        text.lines().map(str::to_owned).collect()
    };
    let (before, after) = (lines(before), lines(after));
    let lost: Vec<_> = before.difference(&after).cloned().collect();
    let made: Vec<_> = after.difference(&before).cloned().collect();
    format!("lost:\n{}\nmade:\n{}", lost.join("\n"), made.join("\n"))
}

#[test]
fn most_of_a_record_stands_in_columns() {
    let ground = ground();
    let at = ground
        .tables
        .iter()
        .position(|table| table.kind.name == "dataset")
        .unwrap();
    let record = Generator::new(64, 7, ELSEWHERE).record(3);
    let mut values = Values::new(&ground.ontology, &ground.base);
    let rows = rows_of(
        &ground.tables,
        (at, &record.iri),
        None,
        record.triples,
        &mut values,
    );
    let table = &ground.tables[at];
    let cell = |heading: &str| {
        let column = table.column(heading).unwrap();
        rows.main.get(&column).cloned().unwrap_or_default()
    };
    assert!(!cell("Title (en)").is_empty());
    assert!(
        !cell("Titel").is_empty(),
        "headings are understood in every language"
    );
    assert!(!cell("dct:publisher/foaf:name").is_empty());
    assert!(!cell("Publisher › Name (en)").is_empty());
    assert!(
        !cell("Number of Unique Individuals").is_empty(),
        "published template"
    );
    assert!(
        !cell("Image modality").contains("://"),
        "{}",
        cell("Image modality")
    );
    assert_eq!(rows.inside.len(), 1);
    let other = rows.main.get(&Column::Other).cloned().unwrap_or_default();
    assert!(other.lines().count() <= 6, "{other}");
}

/// A server with a catalogue, and rows that can be filled in.
struct Desk {
    server: TestServer,
    steward: Person,
}

impl Desk {
    fn new() -> Self {
        let server = TestServer::start().with_catalogue("desk");
        let steward = server.steward();
        Self { server, steward }
    }

    fn send(&self, query: &str, csv: &str) -> Answer {
        self.steward
            .post(&format!("/sheets?{query}"), "text/csv; charset=utf-8", csv)
    }
}

const HEAD: [(&str, &str); 32] = [
    ("Address", ""),
    ("Part of", "desk"),
    ("dct:identifier", "https://hospital.example/collections/1"),
    ("Title (en)", "Lungs of the north"),
    (
        "Description (en)",
        "Chest CT of 120 people; \"quoted\", with commas.",
    ),
    ("Version", "1.0.0"),
    ("Interoperability tier", "SPEC1000009"),
    ("dcat:contactPoint/vcard:hasEmail", "data@hospital.example"),
    ("Theme", "HEAL"),
    ("Health category", "EHRS"),
    ("Type", "SPEC1000020"),
    ("Access rights", "RESTRICTED"),
    (
        "Applicable legislation",
        "http://data.europa.eu/eli/reg/2025/327/oj",
    ),
    ("Publisher › Name (en)", "Hospital of the North"),
    (
        "dct:publisher/cv:contactPoint/cv:email",
        "office@hospital.example",
    ),
    ("Structured data", "no"),
    ("Number of Unique Individuals", "120"),
    ("Number of Imaging Studies", "150"),
    ("Birth sex", "COM1001366 | COM1001370"),
    ("Cancer condition", "CLIN1000065"),
    ("Collection method", "SPEC1000004"),
    ("Image modality", "CT"),
    ("Image Equipment Manufacturer", "IMG1000044"),
    ("Image Body Part / Structure", "BP1000113"),
    ("Keyword (en)", "lung; chest"),
    ("Provenance", "Collected under protocol 7."),
    ("Health theme", "CANCER_DISEASE"),
    ("Health Data Access Body Name", "Access Body of the North"),
    ("Health Data Access Body Email", "access@north.example"),
    ("Language", "ENG"),
    ("healthdcatap:retentionPeriod/dcat:startDate", "2021-01-01"),
    (
        "Other statements",
        "<> dcat:distribution <#files> . <#files> a dcat:Distribution ; dcat:accessURL <https://hospital.example/ask> ; dcatap:applicableLegislation <http://data.europa.eu/eli/reg/2025/327/oj> ; dct:rights <https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING> ; dct:title \"Files\"@en .",
    ),
];

/// A table with one row, some cells changed.
fn table(changes: &[(&str, &str)]) -> String {
    let cell = |(heading, value): &(&str, &str)| {
        let changed = changes.iter().find(|(name, _)| name == heading);
        changed.map_or(*value, |(_, value)| *value).to_owned()
    };
    let heads = HEAD.iter().map(|(heading, _)| (*heading).to_owned());
    let rows = [heads.collect(), HEAD.iter().map(cell).collect()];
    csv::write(rows.into_iter())
}

#[test]
fn three_errors_are_told_with_their_places_mended_published_and_found() {
    let desk = Desk::new();
    let wrong = table(&[
        ("Image modality", "CTX"),
        ("Number of Unique Individuals", "about a hundred"),
        ("Version", "first"),
    ]);
    let report = desk
        .send("kind=dataset&state=published&commit=yes", &wrong)
        .problem(400);
    assert_eq!(report["committed"], false);
    let problems = report["problems"].as_array().unwrap();
    let places: Vec<String> = problems
        .iter()
        .filter(|problem| problem["blocking"] == true)
        .map(|problem| {
            format!(
                "{} {}",
                problem["row"],
                problem["heading"].as_str().unwrap_or("?")
            )
        })
        .collect();
    for heading in ["Image modality", "Number of Unique Individuals", "Version"] {
        assert!(
            places.contains(&format!("2 {heading}")),
            "{heading}: {report:#}"
        );
    }
    assert!(
        desk.steward.search("q=north")["hits"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    // Only looked at, nothing is stored.
    let tried = desk
        .send("kind=dataset&state=published", &table(&[]))
        .is(200)
        .json();
    assert_eq!(
        (&tried["committed"], &tried["new"]),
        (&false.into(), &1.into()),
        "{tried:#}"
    );
    let stored = desk
        .send("kind=dataset&state=published&commit=yes", &table(&[]))
        .is(200)
        .json();
    assert_eq!(stored["committed"], true, "{stored:#}");
    desk.server.settle();
    let found = desk.server.nobody().search("q=lungs+of+the+north");
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found:#}");
    // The same file again changes nothing, for its identifier says which record it is.
    let again = desk
        .send("kind=dataset&commit=yes", &table(&[]))
        .is(200)
        .json();
    assert_eq!(
        (&again["unchanged"], &again["new"]),
        (&1.into(), &0.into()),
        "{again:#}"
    );
    let changed = table(&[("Number of Unique Individuals", "130")]);
    let changed = desk
        .send("kind=dataset&commit=yes", &changed)
        .is(200)
        .json();
    let mut differences = changed["records"][0]["differences"]
        .as_array()
        .unwrap()
        .iter();
    let told = differences.find(|one| one["old"] == "120").unwrap();
    assert_eq!(told["new"], "130", "{changed:#}");
}

#[test]
fn a_row_is_handed_in_sent_back_mended_in_the_sheet_published_and_found() {
    let server = TestServer::start().with_catalogue("desk");
    let token = |role: &str| {
        let home = server.iri("/catalog/desk");
        let wish = ["--role", role, "--name", role, "--catalogue", &home];
        Person::new(&server.base, Some(server.token(&wish)))
    };
    let (provider, reviewer) = (token("provider"), token("reviewer"));
    let send = |csv: &str| {
        let query = "/sheets?kind=dataset&commit=yes";
        let answer = provider.post(query, "text/csv; charset=utf-8", csv);
        answer.is(200).json()["records"][0].clone()
    };
    let bulk = |person: &Person, step: &str, path: &str| {
        let body = format!("{{\"step\":\"{step}\",\"record\":[\"{path}\"]}}");
        person.post("/bulk", "application/json", body)
    };
    // A draft may have errors; nobody is bothered with it before they are mended.
    let three = [
        ("Image modality", ""),
        ("Number of Unique Individuals", ""),
        ("Version", ""),
    ];
    let stored = send(&table(&three));
    let path = stored["url"].as_str().unwrap();
    let path = path.strip_prefix(&server.base).unwrap().to_owned();
    bulk(&provider, "submit", &path).problem(409);
    send(&table(&[]));
    bulk(&provider, "submit", &path).is(200);
    let asks = r#"{"step":"request-changes","text":"How many are there now?"}"#;
    reviewer
        .post(&format!("{path}/review"), "application/json", asks)
        .is(200);
    let review = provider.get(&format!("{path}/review")).is(200).json();
    assert_eq!(review["stage"], "changes-requested");
    send(&table(&[("Number of Unique Individuals", "130")]));
    bulk(&provider, "submit", &path).is(200);
    server.nobody().get(&path).is(404);
    bulk(&reviewer, "publish", &path).is(200);
    server.settle();
    let found = server.nobody().search("q=lungs+of+the+north");
    assert_eq!(found["hits"].as_array().unwrap().len(), 1, "{found:#}");
    let text = server.nobody().get(&path).is(200).text();
    assert!(text.contains("130"), "{text}");
}

#[test]
fn a_row_that_is_wrong_keeps_all_others_out() {
    let desk = Desk::new();
    let mut text = table(&[]);
    let wrong = table(&[
        ("dct:identifier", "https://hospital.example/collections/2"),
        ("Cancer condition", "no such cancer"),
    ]);
    text.push_str(wrong.lines().nth(1).unwrap());
    desk.send("kind=dataset&commit=yes", &text).problem(400);
    let drafts = desk
        .steward
        .get("/sheets.csv?in=/catalog/desk&kind=dataset")
        .is(200)
        .text();
    assert_eq!(drafts.lines().count(), 1, "{drafts}");
}

#[test]
fn what_is_taken_away_comes_back_unchanged_and_fills_another_server() {
    let desk = Desk::new();
    let base = &desk.server.base;
    let home = desk.server.iri("/catalog/desk");
    for i in 0..6 {
        let slug = format!("d{i}");
        let mut text = crate::support::dataset_like(i * 5, base, &slug, &home, "T \"1\"; x | y");
        let iri = desk.server.iri(&format!("/dataset/{slug}"));
        text.push_str(&format!(
            "<{iri}> <http://www.w3.org/2004/02/skos/core#note> \" odd \\r\\n \\u0007 _x000D_ =1\" , \"\"@de ; \
             <urn:more> [ <urn:more> [ <urn:more> 1 ] ] .\n"
        ));
        desk.steward.write(&format!("/dataset/{slug}"), text);
    }
    desk.steward.publish("/dataset/d0");
    for (form, media_type) in [("xlsx", XLSX), ("csv", "text/csv")] {
        let kind = if form == "csv" { "&kind=dataset" } else { "" };
        let file = desk
            .steward
            .get(&format!("/sheets.{form}?in=/catalog/desk{kind}"))
            .is(200);
        assert_eq!(file.media_type(), media_type);
        let address = "/sheets?kind=dataset&commit=yes".to_owned();
        let report = desk
            .steward
            .post(&address, media_type, file.body.clone())
            .is(200)
            .json();
        let count = if form == "csv" { 6 } else { 7 };
        assert_eq!(report["unchanged"], count, "{form}: {report:#}");
        // The addresses of the file are those of another server.
        let other = TestServer::start().with_catalogue("desk");
        let there = other.iri("/catalog/desk");
        let moved = match form {
            "csv" => file.text().replace(&home, &there).into_bytes(),
            _ => continue,
        };
        let report = other
            .steward()
            .post(&address, media_type, moved)
            .is(200)
            .json();
        assert_eq!(report["new"], 6, "{report:#}");
        for i in 0..6 {
            let path = format!("/dataset/d{i}");
            let before = sent(&desk.steward, &path);
            let iri = desk.server.iri(&path);
            let paths = other.steward().get("/sheets.csv?in=/catalog/desk").is(200);
            assert!(
                paths.text().contains(&iri),
                "foreign records keep their names"
            );
            let mut told = report["records"].as_array().unwrap().iter();
            let told = told.find(|told| told["iri"] == iri.as_str()).unwrap();
            let address = told["url"].as_str().unwrap().to_owned();
            let after = sent(&other.steward(), &address);
            let before: Vec<Triple> = before
                .iter()
                .map(|triple| triple.to_string().replace(&home, &there))
                .flat_map(|line| {
                    let line = format!("{line} .");
                    format::parse(line.as_bytes(), Format::NTriples, None).unwrap()
                })
                .map(Triple::from)
                .collect();
            assert!(
                canonical::isomorphic(&before, &after).unwrap(),
                "{}",
                difference(&before, &after)
            );
        }
    }
}

/// What a provider sent, as the history keeps it.
fn sent(person: &Person, path: &str) -> Vec<Triple> {
    let path = if path.contains("/versions/") {
        path.to_owned()
    } else {
        format!("{path}/versions/1")
    };
    person
        .get_as(&path, "application/n-triples")
        .is(200)
        .triples()
}

#[test]
fn templates_open_in_every_language_and_their_help_is_not_read() {
    let desk = Desk::new();
    for language in ["en", "de", "fr", "es", "it"] {
        let address = format!("/templates/eucaim-dcat-ap-2.0.xlsx?lang={language}");
        let template = desk.server.nobody().get(&address).is(200);
        let book = xlsx::read(&template.body).unwrap();
        assert!(book.sheets.len() >= 4, "{language}");
        let report = desk
            .steward
            .post("/sheets", XLSX, template.body)
            .is(200)
            .json();
        assert_eq!(report["rows"], 0, "{language}: {report:#}");
        let problems = report["problems"].as_array().unwrap();
        assert!(
            problems.iter().all(|one| one["heading"].is_null()),
            "{language}: {report:#}"
        );
    }
    let csv = desk
        .server
        .nobody()
        .get("/templates/eucaim-dcat-ap-2.0.csv?kind=distribution")
        .is(200);
    assert!(csv.text().contains("Access URL"));
    desk.server
        .nobody()
        .get("/templates/none.xlsx")
        .problem(404);
}

#[test]
fn a_filled_in_template_becomes_records_with_their_distributions() {
    let desk = Desk::new();
    let template = desk
        .server
        .nobody()
        .get("/templates/eucaim-dcat-ap-2.0.csv?kind=dataset")
        .is(200)
        .text();
    assert!(template.lines().count() >= 3);
    let rows = [
        vec![
            "Address",
            "Part of",
            "Title (en)",
            "Access URL",
            "Applicable legislation",
        ],
        vec![
            "",
            "/dataset/one",
            "Files",
            "https://h.example/f",
            "http://data.europa.eu/eli/reg/2025/327/oj",
        ],
        vec![
            "",
            "one",
            "More files",
            "https://h.example/g",
            "http://data.europa.eu/eli/reg/2025/327/oj",
        ],
    ];
    let rows = rows.map(|row| row.into_iter().map(str::to_owned).collect::<Vec<_>>());
    let report = desk
        .send("kind=dataset&commit=yes", &table(&[("Address", "one")]))
        .is(200)
        .json();
    assert_eq!(report["new"], 1, "{report:#}");
    let text = csv::write(rows.into_iter());
    let report = desk
        .send("kind=distribution&commit=yes", &text)
        .is(200)
        .json();
    assert_eq!(report["changed"], 1, "{report:#}");
    let turtle = desk
        .steward
        .get_as("/dataset/one", "text/turtle")
        .is(200)
        .text();
    assert!(
        turtle.contains("More files") && turtle.contains("https://h.example/f"),
        "{turtle}"
    );
    let again = desk
        .send("kind=distribution&commit=yes", &text)
        .is(200)
        .json();
    assert_eq!(again["unchanged"], 1, "{again:#}");
}

#[test]
fn hostile_files_are_refused_with_a_word_why() {
    let desk = Desk::new();
    let refused = |media_type: &str, body: Vec<u8>, status: u16, word: &str| {
        let problem = desk
            .steward
            .post("/sheets", media_type, body)
            .problem(status);
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(word), "{detail}");
    };
    refused(XLSX, b"PK\x03\x04nonsense".to_vec(), 400, "no workbook");
    refused(
        XLSX,
        book(&[(
            "xl/worksheets/sheet1.xml",
            &cells("<c r=\"B2\"><f>1+1</f><v>2</v></c>"),
        )]),
        400,
        "B2",
    );
    refused(
        XLSX,
        book(&[
            ("xl/vbaProject.bin", "x"),
            ("xl/worksheets/sheet1.xml", &cells("")),
        ]),
        400,
        "macros",
    );
    let bomb = " ".repeat(210 << 20);
    refused(
        XLSX,
        book(&[("xl/worksheets/sheet1.xml", &bomb)]),
        413,
        "unpacks",
    );
    let styles = " ".repeat(5 << 20);
    refused(
        XLSX,
        book(&[
            ("xl/styles.xml", &styles),
            ("xl/worksheets/sheet1.xml", &cells("")),
        ]),
        413,
        "unpacks",
    );
    let far = cells("<c r=\"XFD1048576\" t=\"inlineStr\"><is><t>x</t></is></c>");
    refused(
        XLSX,
        book(&[("xl/worksheets/sheet1.xml", &far)]),
        413,
        "columns",
    );
    refused("text/csv", b"a,b\n\"never".to_vec(), 400, "never ends");
    refused("text/csv", vec![0xff, 0xfe, 0x00], 400, "UTF-8");
    let rows = "x\n".repeat(20_002);
    refused("text/csv", rows.into_bytes(), 413, "rows");
    let wide = ",".repeat(2_000) + "x";
    refused("text/csv", wide.into_bytes(), 413, "columns");
    desk.server.is_up();
    desk.server
        .nobody()
        .post("/sheets", "text/csv", "a")
        .problem(403);
}

fn cells(inside: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">\
         <sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>Title</t></is></c></row><row r=\"2\">{inside}</row></sheetData></worksheet>"
    )
}

/// A small workbook of given parts.
fn book(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let fixed = [
        (
            "[Content_Types].xml",
            "<?xml version=\"1.0\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        (
            "_rels/.rels",
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<?xml version=\"1.0\"?><workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"Datasets\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<?xml version=\"1.0\"?><Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
        ),
    ];
    for (name, text) in fixed.iter().chain(parts) {
        zip.start_file(*name, options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_page_shows_what_would_change_and_stores_it_without_script() {
    let desk = Desk::new();
    let page = |fields: &[(&str, Option<&str>, &str)]| {
        let mut body = String::new();
        for (name, file, value) in fields {
            let file = file.map_or_else(String::new, |file| format!("; filename=\"{file}\""));
            body.push_str(&format!(
                "--zz\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str("--zz--\r\n");
        let request = desk.steward.request("POST", "/sheets");
        let request = request.header("Content-Type", "multipart/form-data; boundary=zz");
        request
            .header("Accept", "text/html")
            .send_body(body)
            .is(200)
            .text()
    };
    let csv = table(&[]);
    let seen = page(&[
        ("file", Some("my.csv"), &csv),
        ("kind", None, "dataset"),
        ("state", None, "published"),
    ]);
    assert!(seen.contains("Lungs of the north"), "{seen}");
    let kept = seen.split("name=\"kept\" value=\"").nth(1).unwrap();
    let kept = kept.split('"').next().unwrap();
    let stored = page(&[("kept", None, kept)]);
    assert!(stored.contains("Everything was stored"), "{stored}");
    desk.server.settle();
    assert_eq!(
        desk.server.nobody().search("q=north")["hits"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let unreadable = page(&[("file", Some("my.xlsx"), "nonsense")]);
    assert!(unreadable.contains("no workbook"), "{unreadable}");
    let german = desk.server.nobody().get("/sheets?lang=de").is(200).text();
    assert!(german.contains("Vorlagen") && german.contains("Arbeitsmappe"));
}

#[test]
fn a_provider_fills_only_their_own_catalogue() {
    let desk = Desk::new();
    let base = &desk.server.base;
    desk.steward
        .write("/catalog/foreign", catalogue(base, "foreign", "Foreign"));
    let provider = desk.server.provider_of(&desk.server.iri("/catalog/desk"));
    let own = provider.post("/sheets?kind=dataset&commit=yes", "text/csv", table(&[]));
    own.is(200);
    let theirs = table(&[
        ("Part of", "foreign"),
        ("dct:identifier", "https://hospital.example/9"),
    ]);
    provider
        .post("/sheets?kind=dataset&commit=yes", "text/csv", theirs)
        .problem(400);
    let reader = desk.server.reader();
    reader
        .post(
            "/sheets?kind=dataset&commit=yes",
            "text/csv",
            table(&[("Address", "x")]),
        )
        .problem(400);
    let hidden = desk
        .server
        .nobody()
        .get(&format!("/sheets.csv?in={}", encode("/catalog/desk")))
        .is(200);
    assert!(
        !hidden.text().contains("Lungs of the north"),
        "drafts are seen by those who may"
    );
}
