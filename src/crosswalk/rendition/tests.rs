//! Do the rules do what they say, once and no more?

use super::*;
use crate::rdf::{Format, format};

const RULES: &str = r#"
from = ["a"]
[claims]
property = "dct:conformsTo"
because = "c"
[[identifier]]
class = "dcat:Dataset"
property = "dct:identifier"
because = "i"
[[text]]
properties = ["dcat:version"]
because = "t"
[[value]]
property = "rdf:type"
from = "https://x.example/Old"
to = "foaf:Agent"
because = "v"
[[rename]]
from = "csvw:titles"
to = "csvw:title"
because = "r"
[[attribute]]
from = "geodcatap:custodian"
to = "prov:qualifiedAttribution"
class = "prov:Attribution"
agent = "prov:agent"
role-property = "dcat:hadRole"
role = "https://x.example/custodian"
because = "a"
[[typed]]
properties = ["dct:publisher", "dct:creator"]
class = "foaf:Agent"
because = "k"
[[implied]]
class = "dcat:Dataset"
property = "dcat:theme"
to = "https://x.example/theme"
has = ["dct:title"]
because = "m"
[[leave-out]]
namespaces = ["https://cancerimage.eu/ontology/EUCAIM#"]
because = "l"
[[leave-out]]
properties = ["dct:type"]
values = ["https://x.example/type/"]
because = "l"
[[names]]
from = "https://w3id.org/healthdcat-ap#"
to = "http://healthdataportal.eu/ns/health#"
because = "n"
"#;

const RECORD: &str = r#"
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eucaim: <https://cancerimage.eu/ontology/EUCAIM#> .
@prefix x: <https://x.example/> .
x:d a dcat:Dataset ;
    dct:title "A" ;
    dct:conformsTo x:profile , x:standard ;
    dcat:version x:one ;
    dct:publisher x:them , x:nowhere ; dct:creator x:them ;
    dct:type <https://x.example/type/t> , x:kept ;
    <http://data.europa.eu/930/custodian> x:us ;
    eucaim:hasCondition [ dct:title "only here" ; dct:relation x:us ] ;
    <http://www.w3.org/ns/csvw#titles> "T" ;
    <https://w3id.org/healthdcat-ap#healthCategory> x:c ;
    <https://x.example/old#healthTheme> x:t .
x:us a x:Old ; dct:title "Us" .
x:them dct:title "Them" .
x:elsewhere dct:title "Nothing ever led here" .
"#;

fn rendered(triples: &[Triple]) -> Rendered {
    let rules = Rules::parse(RULES).unwrap();
    let ground = Ground {
        roots: &[NamedNode::new_unchecked("https://x.example/d")],
        replacement: &|iri| {
            for old in [
                "https://x.example/old#",
                "http://healthdataportal.eu/ns/health#",
            ] {
                if let Some(local) = iri.strip_prefix(old) {
                    return Some(format!("https://w3id.org/healthdcat-ap#{local}"));
                }
            }
            None
        },
        is_profile: &|term| term.to_string() == "<https://x.example/profile>",
    };
    rules.render(triples, &ground)
}

fn record() -> Vec<Triple> {
    let quads = format::parse(RECORD.as_bytes(), Format::Turtle, None).unwrap();
    quads.into_iter().map(Triple::from).collect()
}

fn written(triples: &[Triple]) -> Vec<String> {
    let mut lines: Vec<String> = triples.iter().map(ToString::to_string).collect();
    lines.sort_unstable();
    lines
}

#[test]
fn every_rule_is_followed_and_told() {
    let done = rendered(&record());
    let text = written(&done.triples).join("\n");
    for part in [
        "<https://x.example/d> <http://purl.org/dc/terms/identifier> \"https://x.example/d\"",
        "<http://purl.org/dc/terms/conformsTo> <https://x.example/standard>",
        "<http://www.w3.org/ns/dcat#version> \"https://x.example/one\"",
        "<http://purl.org/dc/terms/type> <https://x.example/kept>",
        "_:written1 <http://www.w3.org/ns/prov#agent> <https://x.example/us>",
        "_:written1 <http://www.w3.org/ns/dcat#hadRole> <https://x.example/custodian>",
        "<https://x.example/us> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Agent>",
        "<https://x.example/them> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Agent>",
        "<http://www.w3.org/ns/csvw#title> \"T\"",
        "<http://healthdataportal.eu/ns/health#healthCategory>",
        "<http://healthdataportal.eu/ns/health#healthTheme>",
        "<http://www.w3.org/ns/dcat#theme> <https://x.example/theme>",
        "Nothing ever led here",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for part in [
        "EUCAIM#",
        "only here",
        "example/profile",
        "example/type/",
        "healthdcat-ap#",
    ] {
        assert!(!text.contains(part), "{part}\n{text}");
    }
    let notes = &done.notes;
    assert_eq!(notes.count(What::LeftOut), 3, "{notes:#?}");
    assert_eq!(notes.count(What::Added), 3, "{notes:#?}");
    assert_eq!(notes.count(What::Rewritten), 6, "{notes:#?}");
}

#[test]
fn what_was_written_is_written_the_same_again() {
    let once = rendered(&record());
    let twice = rendered(&once.triples);
    assert_eq!(written(&once.triples), written(&twice.triples));
    assert!(twice.notes.is_empty(), "{:#?}", twice.notes);
}

#[test]
fn what_a_table_cannot_mean_is_refused() {
    assert!(Rules::parse("from = [\"a\"]\nwrong = 1").is_err());
    let unknown = "from = []\n[[rename]]\nfrom = \"nobody:x\"\nto = \"dct:title\"\nbecause = \"\"";
    assert!(Rules::parse(unknown).is_err());
}
