//! Are requests read by the letter, and do names and tokens lead back to what they were made from?

use super::form::Form;
use super::granularity::moment;
use super::identifier::Names;
use super::request::{Asked, Code, Verb, Wish};
use super::token::{Position, after_set, read_after_set};
use crate::catalogue::Base;

fn refused(query: &str) -> Vec<Code> {
    let refusals = Asked::read(query.as_bytes()).wish().unwrap_err();
    refusals.into_iter().map(|refusal| refusal.code).collect()
}

fn wish(query: &str) -> Wish {
    Asked::read(query.as_bytes()).wish().unwrap()
}

#[test]
fn what_is_asked_wrongly_is_named() {
    for query in ["", "verb=", "verb=Nonsense", "verb=Identify&verb=Identify"] {
        assert_eq!(refused(query), [Code::BadVerb], "{query}");
    }
    for query in [
        "verb=Identify&x=1",
        "verb=ListRecords",
        "verb=GetRecord&identifier=oai:a:b",
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-02-30",
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01T00:00:00.000Z",
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-01-01T00:00:00Z",
        "verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-02&until=2024-01-01",
        "verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x",
        "verb=ListRecords&metadataPrefix=oai_dc&set=a%20b",
        "verb=GetRecord&metadataPrefix=oai_dc&identifier=%3Cx%3E",
    ] {
        assert_eq!(refused(query), [Code::BadArgument], "{query}");
    }
    let other = "verb=ListRecords&metadataPrefix=marc21";
    assert_eq!(refused(other), [Code::CannotDisseminateFormat]);
    let two = "verb=Identify&x=1&y=2";
    assert_eq!(refused(two), [Code::BadArgument, Code::BadArgument]);
}

#[test]
fn what_is_asked_rightly_is_understood() {
    assert_eq!(wish("verb=Identify"), Wish::Identify);
    let token = wish("verb=ListIdentifiers&resumptionToken=abc");
    assert_eq!(token, Wish::GoOn(Verb::Identifiers, "abc".to_owned()));
    let Wish::List(Verb::Records, selection) =
        wish("verb=ListRecords&metadataPrefix=dcat&from=2024-01-01&set=type:dataset")
    else {
        panic!("this is a list of records");
    };
    assert_eq!(selection.form, Form::Dcat);
    assert_eq!(selection.set.as_deref(), Some("type:dataset"));
    assert!(selection.from.unwrap().is_day);
}

#[test]
fn a_day_ends_where_the_next_begins() {
    let day = moment("2024-02-29").unwrap();
    assert_eq!(day.end(), moment("2024-03-01").unwrap().at);
    assert_eq!(moment("2023-02-29"), None);
    assert_eq!(moment("2024-1-1"), None);
    assert_eq!(moment("２０24-01-01"), None);
}

#[test]
fn names_lead_back_to_paths() {
    for (base, name) in [
        (
            "https://atlas.example.org",
            "oai:atlas.example.org:dataset/x",
        ),
        ("https://w3id.org/atlas", "oai:w3id.org:atlas/dataset/x"),
        ("http://127.0.0.1:8080", "oai:127.0.0.1:dataset/x"),
        ("http://[::1]:8080", "oai:--1:dataset/x"),
    ] {
        let names = Names::new(&Base::new(base).unwrap());
        assert_eq!(names.of_path("/dataset/x"), name);
        assert_eq!(names.path(name).as_deref(), Some("/dataset/x"));
        assert_eq!(names.path(&names.of_path("")).as_deref(), Some(""));
        assert_eq!(names.path("oai:elsewhere.example.org:dataset/x"), None);
    }
    assert!(Names::new(&Base::new("https://w3id.org/atlas").unwrap()).is_domain());
    assert!(!Names::new(&Base::new("http://127.0.0.1").unwrap()).is_domain());
}

#[test]
fn a_token_says_where_a_list_goes_on_and_cannot_be_made_up() {
    let key = [7; 32];
    let position = Position {
        verb: Verb::Records,
        form: Form::OpenAire,
        after: 12,
        through: 90,
        up_to: 99,
        from: Some(moment("2024-01-01").unwrap().at),
        before: None,
        told: 500,
        set: Some("theme:HEAL".to_owned()),
    };
    let token = position.token(&key);
    assert_eq!(Position::read(&token, Verb::Records, &key), Some(position));
    assert_eq!(Position::read(&token, Verb::Identifiers, &key), None);
    assert_eq!(Position::read(&token, Verb::Records, &[8; 32]), None);
    for at in 0..token.len() {
        let mut other = token.clone().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        // The last character of base64 has bits that mean nothing; what is read is what was signed.
        if let Some(read) = Position::read(&other, Verb::Records, &key) {
            assert_eq!(read.token(&key), token);
        }
    }
    let sets = after_set("catalog:a", &key);
    assert_eq!(read_after_set(&sets, &key).as_deref(), Some("catalog:a"));
    assert_eq!(read_after_set(&token, &key), None);
}
