//! How are a record's profiles told to programs?

use serde_json::{Value, json};

use super::{Verdict, address, iri_of};
use crate::catalogue::rendition::Offer;
use crate::catalogue::{Base, Record};
use crate::crosswalk::rendition::{Note, What};
use crate::rdf::vocabulary::{altr, dct, prof, rdf, short};
use crate::rdf::{Format, Literal, NamedNode, Triple};

/// The formats that are listed; every other that a record has works, too.
const LISTED: [Format; 3] = [Format::Turtle, Format::JsonLd, Format::RdfXml];

fn preflight_of(base: &Base, record: &Record, offer: &Offer) -> String {
    format!("{base}{}/profiles/{}", record.path, offer.profile.name)
}

fn profile(offer: &Offer, language: &str) -> Value {
    let title = offer.profile.title(language);
    json!({ "token": offer.profile.name, "uri": iri_of(offer), "title": title })
}

/// Every profile of a record.
pub fn list(base: &Base, record: &Record, verdicts: &[Verdict], language: &str) -> Value {
    let one = |verdict: &Verdict| {
        let offer = &verdict.rendition.offer;
        let formats = LISTED.map(|format| {
            let url = address(base, &record.path, offer, format);
            json!({ "mediaType": format.media_type(), "url": url })
        });
        let mut body = profile(offer, language);
        body["asSent"] = json!(offer.is_own());
        body["conforms"] = json!(verdict.checked.fits());
        body["violations"] = json!(verdict.checked.violations());
        body["warnings"] = json!(verdict.checked.warnings());
        body["formats"] = json!(formats);
        body["preflight"] = json!(preflight_of(base, record, offer));
        body
    };
    json!({
        "record": record.iri.as_str(),
        "profiles": verdicts.iter().map(one).collect::<Vec<_>>(),
    })
}

/// How a record fits one profile, and what was done to it on the way.
pub fn preflight(base: &Base, record: &Record, verdict: &Verdict, language: &str) -> Value {
    let (offer, checked) = (&verdict.rendition.offer, &verdict.checked);
    let notes = &verdict.rendition.notes;
    let done = |what: What| {
        let of = notes.all().iter().filter(|note| note.what == what);
        of.map(note).collect::<Vec<_>>()
    };
    let mut body = checked.to_json();
    body["record"] = json!(record.iri.as_str());
    body["profile"] = profile(offer, language);
    body["from"] = json!({ "token": offer.from.name, "title": offer.from.title(language) });
    body["asSent"] = json!(offer.is_own());
    body["results"] = checked.violations_json(language);
    body["rewritten"] = json!(done(What::Rewritten));
    body["added"] = json!(done(What::Added));
    body["leftOut"] = json!(done(What::LeftOut));
    body["notKept"] = json!(notes.more);
    body["url"] = json!(address(base, &record.path, offer, Format::Turtle));
    body
}

fn note(note: &Note) -> Value {
    let property = note.property.as_ref();
    let name = |iri: &NamedNode| short(iri.as_str()).unwrap_or_else(|| iri.as_str().to_owned());
    json!({
        "property": property.map(name),
        "before": note.before,
        "after": note.after,
        "statements": note.count,
        "because": note.because,
    })
}

/// The list in W3C's words: each representation with its profile, format and token.
pub fn representations(base: &Base, record: &Record, offers: &[Offer]) -> Vec<Triple> {
    let iri = &record.iri;
    let mut said = Vec::new();
    for offer in offers {
        for format in LISTED {
            let there = NamedNode::new_unchecked(address(base, &record.path, offer, format));
            said.push(Triple::new(
                iri.clone(),
                altr::HAS_REPRESENTATION,
                there.clone(),
            ));
            let is_default = offer.is_own() && format == Format::Turtle;
            if is_default {
                let default = altr::HAS_DEFAULT_REPRESENTATION;
                said.push(Triple::new(iri.clone(), default, there.clone()));
            }
            said.push(Triple::new(there.clone(), rdf::TYPE, altr::REPRESENTATION));
            let media_type = Literal::new_simple_literal(format.media_type());
            said.push(Triple::new(there.clone(), dct::FORMAT, media_type));
            if let Some(profile) = &offer.profile.iri {
                said.push(Triple::new(there, dct::CONFORMS_TO, profile.clone()));
            }
        }
        if let Some(profile) = &offer.profile.iri {
            let token = Literal::new_simple_literal(&offer.profile.name);
            said.push(Triple::new(profile.clone(), rdf::TYPE, prof::PROFILE));
            said.push(Triple::new(profile.clone(), prof::HAS_TOKEN, token));
        }
    }
    said
}
