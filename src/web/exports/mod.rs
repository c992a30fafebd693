//! In which formats of others can a record be taken away, and how does one ask for them?

mod portrait;
mod zip;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Bytes;

pub use portrait::Portrait;

use super::error::WebError;
use super::negotiate::{self, Representation};
use super::server::{header_text, parameter};
use crate::crosswalk::datacite::Rules;
use crate::crosswalk::{citation, croissant, datacite, dublin_core, research_object, schema_org};

/// A format that a record can be taken away in, besides RDF and its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    DataCiteXml,
    DataCiteJson,
    SchemaOrg,
    Croissant,
    RoCrate,
    RoCrateZip,
    BibTex,
    Ris,
    Csl,
    Citation,
    DublinCore,
}

/// How an export is asked for and what it is called.
struct Entry {
    export: Export,
    /// Behind a dot of the address, or in `?format=`.
    name: &'static str,
    title: &'static str,
    /// What `Accept` asks for it with; several exports are JSON-LD, and are told apart by their profile.
    asked: &'static str,
    profile: Option<&'static str>,
    content_type: &'static str,
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const CROISSANT: &str = "http://mlcommons.org/croissant/1.1";
const SCHEMA_ORG: &str = "https://schema.org/";

const ENTRIES: [Entry; 11] = [
    entry(
        Export::DataCiteXml,
        "datacite-xml",
        "DataCite XML",
        "application/vnd.datacite.datacite+xml",
        None,
        "application/vnd.datacite.datacite+xml",
    ),
    entry(
        Export::DataCiteJson,
        "datacite-json",
        "DataCite JSON",
        "application/vnd.datacite.datacite+json",
        None,
        "application/vnd.datacite.datacite+json",
    ),
    entry(
        Export::SchemaOrg,
        "schemaorg",
        "schema.org",
        "application/vnd.schemaorg.ld+json",
        Some(SCHEMA_ORG),
        "application/ld+json;profile=\"https://schema.org/\"",
    ),
    entry(
        Export::Croissant,
        "croissant",
        "Croissant",
        "application/ld+json",
        Some(CROISSANT),
        "application/ld+json;profile=\"http://mlcommons.org/croissant/1.1\"",
    ),
    entry(
        Export::RoCrate,
        "rocrate",
        "RO-Crate",
        "application/ld+json",
        Some(research_object::PROFILE),
        "application/ld+json;profile=\"https://w3id.org/ro/crate/1.2\"",
    ),
    entry(
        Export::RoCrateZip,
        "rocrate-zip",
        "RO-Crate (zip)",
        "application/zip",
        None,
        "application/zip",
    ),
    entry(
        Export::BibTex,
        "bib",
        "BibTeX",
        "application/x-bibtex",
        None,
        "application/x-bibtex; charset=utf-8",
    ),
    entry(
        Export::Ris,
        "ris",
        "RIS",
        "application/x-research-info-systems",
        None,
        "application/x-research-info-systems; charset=utf-8",
    ),
    entry(
        Export::Csl,
        "csl",
        "CSL-JSON",
        "application/vnd.citationstyles.csl+json",
        None,
        "application/vnd.citationstyles.csl+json",
    ),
    entry(
        Export::Citation,
        "citation",
        "Citation",
        "text/x-bibliography",
        None,
        "text/x-bibliography; charset=utf-8",
    ),
    entry(
        Export::DublinCore,
        "dc-xml",
        "Dublin Core",
        "application/xml",
        Some(dublin_core::NAMESPACE),
        "application/xml; charset=utf-8",
    ),
];

const fn entry(
    export: Export,
    name: &'static str,
    title: &'static str,
    asked: &'static str,
    profile: Option<&'static str>,
    content_type: &'static str,
) -> Entry {
    Entry {
        export,
        name,
        title,
        asked,
        profile,
        content_type,
    }
}

impl Export {
    /// All that are offered, in the order in which pages list them.
    pub fn all() -> impl Iterator<Item = Self> {
        ENTRIES.iter().map(|entry| entry.export)
    }

    fn entry(self) -> &'static Entry {
        let found = ENTRIES.iter().find(|entry| entry.export == self);
        found.expect("every export has its entry")
    }

    pub fn name(self) -> &'static str {
        self.entry().name
    }

    pub fn title(self) -> &'static str {
        self.entry().title
    }

    /// The media type without its parameters.
    pub fn media_type(self) -> &'static str {
        let whole = self.entry().content_type;
        whole.split(';').next().unwrap_or(whole)
    }

    pub fn profile(self) -> Option<&'static str> {
        self.entry().profile
    }

    pub fn content_type(self) -> &'static str {
        self.entry().content_type
    }

    /// Whether it is a reference for a list of literature.
    pub fn is_citation(self) -> bool {
        matches!(self, Self::BibTex | Self::Ris | Self::Csl | Self::Citation)
    }

    fn of_name(name: &str) -> Option<Self> {
        let found = ENTRIES.iter().find(|entry| entry.name == name);
        found.map(|entry| entry.export)
    }

    /// The export that a request asks for: by extension, by `?format=`, by `Accept`. `None` when it asks for RDF or
    /// for the page.
    pub fn asked(request: &HttpRequest, extension: Option<&str>) -> Option<Self> {
        if let Some(extension) = extension {
            return Self::of_name(extension);
        }
        if let Some(name) = parameter(request, "format") {
            return Self::of_name(&name);
        }
        accepted(header_text(request, header::ACCEPT)?)
    }

    /// The record in this format.
    pub fn write(self, portrait: &Portrait) -> Result<Bytes, WebError> {
        let json = |value: serde_json::Value| format!("{value:#}\n");
        let holder = portrait.holder();
        portrait.show(|record| {
            let text = match self {
                Self::DataCiteXml => {
                    let mut out = XML.to_owned();
                    datacite::push_xml(&mut out, record, Rules::DataCite);
                    out
                }
                Self::DublinCore => {
                    let mut out = XML.to_owned();
                    dublin_core::push(&mut out, record);
                    out
                }
                Self::DataCiteJson => json(datacite::json(record)),
                Self::SchemaOrg => json(schema_org::json_ld(record, holder)),
                Self::RoCrate => json(research_object::json_ld(record)),
                Self::Csl => json(citation::csl(record)),
                Self::BibTex => citation::bibtex(record),
                Self::Ris => citation::ris(record),
                Self::Citation => format!("{}\n", citation::text(record)),
                Self::Croissant => {
                    let found = croissant::json_ld(record, holder);
                    json(found.map_err(|why| WebError::NotAcceptable {
                        accept: format!("Croissant: {why}"),
                        offered: offered(),
                    })?)
                }
                Self::RoCrateZip => {
                    let metadata = json(research_object::json_ld(record));
                    let preview = research_object::preview(record);
                    return Ok(Bytes::from(zip::stored(&[
                        (research_object::METADATA_FILE, metadata.as_bytes()),
                        (research_object::PREVIEW_FILE, preview.as_bytes()),
                    ])));
                }
            };
            Ok(Bytes::from(text))
        })
    }
}

fn offered() -> String {
    let names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
    format!("?format= with {}", names.join(", "))
}

/// The export that an `Accept` header prefers to everything else.
fn accepted(accept: &str) -> Option<Export> {
    if let Some(profiled) = profiled(accept) {
        return Some(profiled);
    }
    let mut offers: Vec<&[&str]> = Representation::ALL
        .iter()
        .map(|one| one.media_types())
        .collect();
    let by_type = ENTRIES
        .iter()
        .filter(|entry| entry.asked != "application/ld+json");
    let by_type: Vec<&Entry> = by_type
        .filter(|entry| entry.asked != "application/xml")
        .collect();
    let types: Vec<[&str; 1]> = by_type.iter().map(|entry| [entry.asked]).collect();
    offers.extend(types.iter().map(<[&str; 1]>::as_slice));
    let chosen = negotiate::choose(Some(accept), &offers)?;
    let at = chosen.checked_sub(Representation::ALL.len())?;
    // A wildcard never means one of these.
    let entry = by_type[at];
    accept.contains(entry.asked).then_some(entry.export)
}

/// JSON-LD or XML that is asked for with a profile of ours.
fn profiled(accept: &str) -> Option<Export> {
    if !accept.contains("profile=") {
        return None;
    }
    let found = ENTRIES.iter().find(|entry| {
        let profile = entry.profile.map(|profile| profile.trim_end_matches('/'));
        profile.is_some_and(|profile| accept.contains(profile))
    });
    found.map(|entry| entry.export)
}

/// What the head of a page tells reference managers and harvesters: Highwire's and Dublin Core's names.
pub fn metas(portrait: &Portrait) -> Vec<(String, String)> {
    /// More would make the head longer than the page.
    const METAS_MAX: usize = 100;
    portrait.show(|record| {
        let mut metas = Vec::new();
        let mut put = |name: &str, value: &str| metas.push((name.to_owned(), value.to_owned()));
        put("citation_title", &record.title().text);
        for author in record.authors() {
            put("citation_author", &author.name.text);
        }
        put(
            "citation_publication_date",
            &record.issued().replace('-', "/"),
        );
        put("citation_publisher", record.publisher());
        if let Some(doi) = &record.doi {
            put("citation_doi", doi);
        }
        for word in &record.keywords {
            put("citation_keywords", &word.text);
        }
        put("citation_abstract_html_url", record.about.address);
        dublin_core::each(record, |name, value, _| put(&format!("DC.{name}"), value));
        metas.truncate(METAS_MAX);
        metas
    })
}
