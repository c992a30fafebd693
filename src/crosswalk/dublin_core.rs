//! How does a record look in Dublin Core, as OAI-PMH carries it (`oai_dc`)?

use super::described::Described;
use super::words::{self, last_part};
use super::xml::{SCHEMA_INSTANCE, push_element, push_end, push_start};

pub const NAMESPACE: &str = "http://www.openarchives.org/OAI/2.0/oai_dc/";
pub const SCHEMA: &str = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd";
const ELEMENTS: &str = "http://purl.org/dc/elements/1.1/";

/// Adds `oai_dc:dc`.
pub fn push(out: &mut String, record: &Described<'_>) {
    let location = format!("{NAMESPACE} {SCHEMA}");
    push_start(
        out,
        "oai_dc:dc",
        &[
            ("xmlns:oai_dc", Some(NAMESPACE)),
            ("xmlns:dc", Some(ELEMENTS)),
            ("xmlns:xsi", Some(SCHEMA_INSTANCE)),
            ("xsi:schemaLocation", Some(&location)),
        ],
    );
    each(record, |name, value, language| {
        push_element(out, &format!("dc:{name}"), &[("xml:lang", language)], value);
    });
    push_end(out, "oai_dc:dc");
}

/// Every element with its value and language, in the order of the list of elements. Pages carry the same as `meta`.
pub fn each(record: &Described<'_>, mut put: impl FnMut(&str, &str, Option<&str>)) {
    let about = &record.about;
    for title in record.titles.iter().chain(&record.alternatives) {
        put("title", &title.text, title.language);
    }
    for party in record.authors() {
        put("creator", &party.name.text, party.name.language);
    }
    for keyword in &record.keywords {
        put("subject", &keyword.text, keyword.language);
    }
    for subject in record.themes.iter().chain(&record.subjects) {
        put("subject", subject.label, Some("en"));
    }
    for description in &record.descriptions {
        put("description", &description.text, description.language);
    }
    for party in &record.publishers {
        put("publisher", &party.name.text, party.name.language);
    }
    if record.publishers.is_empty() {
        put("publisher", about.site, None);
    }
    for (_, party) in &record.contributors {
        put("contributor", &party.name.text, party.name.language);
    }
    for funder in &record.funders {
        put("contributor", &funder.name.text, funder.name.language);
    }
    put("date", &record.issued(), None);
    put("type", record.sort.dcmi, None);
    for file in &record.files {
        if let Some(format) = file.media_type {
            put("format", format, None);
        }
    }
    let cite_as = record.cite_as();
    put("identifier", &cite_as, None);
    if about.iri != cite_as {
        put("identifier", about.iri, None);
    }
    if about.address != about.iri {
        put("identifier", about.address, None);
    }
    for other in &record.identifiers {
        put("identifier", other, None);
    }
    for page in &record.landing_pages {
        put("identifier", page, None);
    }
    for related in &record.related {
        let name = match related.relation {
            "IsDerivedFrom" => "source",
            _ => "relation",
        };
        put(name, related.iri, None);
    }
    for (code, _) in record
        .languages
        .iter()
        .filter_map(|iri| words::language(iri))
    {
        put("language", &code, None);
    }
    for place in &record.places {
        put("coverage", place.label, None);
    }
    for [from, to] in &record.periods {
        let [from, to] = [from, to].map(|end| end.as_deref().unwrap_or_default());
        put("coverage", &format!("{from}/{to}"), None);
    }
    if let Some(access) = record.access {
        put("rights", access.coar().0, None);
        put(
            "rights",
            &format!("info:eu-repo/semantics/{}", open_aire(record)),
            None,
        );
    }
    if let Some(licence) = record.licence() {
        put("rights", licence, None);
    }
}

/// OpenAIRE's older word for an access right.
fn open_aire(record: &Described<'_>) -> &'static str {
    match record
        .access
        .map(words::Access::coar)
        .map(|(iri, _)| last_part(iri))
    {
        Some("c_abf2") => "openAccess",
        Some("c_16ec") => "restrictedAccess",
        _ => "closedAccess",
    }
}
