//! Does the same record say the same in the formats of others?

use jiff::Timestamp;

use super::datacite::{self, Rules};
use super::statements::{Statements, Value, written};
use super::words::{self, Access};
use super::xml::push_text;
use super::{
    About, Described, citation, croissant, described, dublin_core, research_object, schema_org,
};
use crate::rdf::format::{Format, parse};
use crate::rdf::vocabulary::dct;
use crate::rdf::{NamedNodeRef, Triple};

const IRI: &str = "https://atlas.example.org/dataset/breast-mri";

fn full() -> String {
    let text = include_bytes!("../../tests/data/full-dataset.ttl");
    let quads = parse(text, Format::Turtle, None).unwrap();
    let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    written(&triples)
}

fn show<T>(text: &str, look: impl FnOnce(&Described<'_>) -> T) -> T {
    let about = About {
        iri: IRI,
        address: IRI,
        kind: "dataset",
        parent: Some("https://atlas.example.org/catalog/one"),
        site: "Atlas",
        first_published: Timestamp::UNIX_EPOCH,
        changed: Timestamp::UNIX_EPOCH,
    };
    let labels = |iri: &str| iri.ends_with("/FIN").then_some("Finland");
    look(&described(about, &Statements::read(text), &labels))
}

#[test]
fn statements_are_found_by_node_and_property() {
    let text = "<urn:a> <urn:p> \"x\\n\\u00e9\"@en .\n<urn:a> <urn:p> <urn:b> .\n<urn:a> <urn:q> \"1\"^^<urn:t> .\n\
                <urn:a#b> <urn:p> _:c14n0 .\n_:c14n0 <urn:p> \"say \\\"so\\\"\" .\n";
    let statements = Statements::read(text);
    let p = NamedNodeRef::new_unchecked("urn:p");
    let found: Vec<Value<'_>> = statements.values("urn:a", p).collect();
    assert_eq!(found[0].text().unwrap(), "x\né");
    assert_eq!(found[1].iri(), Some("urn:b"));
    assert_eq!(found.len(), 2);
    let node = statements.nodes("urn:a#b", p).next().unwrap();
    assert_eq!(statements.text(node, p).unwrap(), "say \"so\"");
    assert_eq!(statements.values("urn:a", dct::TITLE).count(), 0);
}

#[test]
fn a_whole_record_is_gathered() {
    show(&full(), |record| {
        assert_eq!(record.title().text, "Breast MRI before surgery");
        assert_eq!(record.access, Some(Access::Closed));
        assert_eq!(record.publisher(), "Example hospital");
        assert_eq!(record.authors()[0].name.text, "Department of radiology");
        assert_eq!(record.funders[0].name.text, "Funding agency");
        assert_eq!(record.places[0].label, "Finland");
        assert_eq!(record.year(), "2024");
        assert_eq!(record.identifiers, ["BMRI-1"]);
        assert_eq!(record.files[0].bytes.as_deref(), Some("4096"));
        assert_eq!(record.files[0].media_type, Some("application/dicom"));
        assert!(record.files[0].sha256.is_some());
    });
}

#[test]
fn every_format_has_the_title_and_the_makers() {
    show(&full(), |record| {
        let mut texts = vec![
            citation::text(record),
            citation::bibtex(record),
            citation::ris(record),
        ];
        texts.push(citation::csl(record).to_string());
        texts.push(datacite::json(record).to_string());
        texts.push(schema_org::json_ld(record, None).to_string());
        texts.push(research_object::json_ld(record).to_string());
        texts.push(croissant::json_ld(record, None).unwrap().to_string());
        for rules in [Rules::DataCite, Rules::OpenAire] {
            let mut out = String::new();
            datacite::push_xml(&mut out, record, rules);
            texts.push(out);
        }
        let mut out = String::new();
        dublin_core::push(&mut out, record);
        texts.push(out);
        for text in texts {
            assert!(text.contains("Breast MRI before surgery"), "{text}");
            assert!(text.contains("Department of radiology"), "{text}");
        }
    });
}

#[test]
fn a_record_that_says_nothing_is_still_whole() {
    show("", |record| {
        assert_eq!(record.title().text, "breast-mri");
        let mut out = String::new();
        datacite::push_xml(&mut out, record, Rules::OpenAire);
        assert!(out.contains("<creatorName>:unav</creatorName>"), "{out}");
        assert!(out.contains("c_14cb"), "{out}");
        assert!(croissant::json_ld(record, None).is_err());
        let page = schema_org::json_ld(record, None);
        assert!(
            page["description"].as_str().unwrap().chars().count() >= 50,
            "{page}"
        );
    });
}

#[test]
fn xml_holds_what_xml_can_hold() {
    let mut out = String::new();
    push_text(&mut out, "a<b>&\"c\u{0}\u{1}\u{fffe}é\r");
    assert_eq!(out, "a&lt;b&gt;&amp;&quot;cé&#13;");
}

#[test]
fn dois_and_languages_are_known_by_their_forms() {
    assert_eq!(
        words::doi("https://doi.org/10.5281/zenodo.1"),
        Some("10.5281/zenodo.1")
    );
    assert_eq!(words::doi("doi:10.5281/x"), Some("10.5281/x"));
    assert_eq!(words::doi("https://example.org/10.5281/x"), None);
    assert_eq!(words::doi("10.x/y"), None);
    let english = Some(("eng".to_owned(), "en".to_owned()));
    assert_eq!(
        words::language("http://publications.europa.eu/resource/authority/language/ENG"),
        english
    );
    assert_eq!(words::language("en"), english);
    assert_eq!(
        words::spdx("https://creativecommons.org/licenses/by/4.0/"),
        Some("CC-BY-4.0")
    );
    assert_eq!(words::spdx("https://spdx.org/licenses/MIT"), Some("MIT"));
}
