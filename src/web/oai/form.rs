//! In which formats can records be had (`metadataPrefix`), and how is each written?

use crate::catalogue::{Catalogue, CatalogueError};
use crate::crosswalk::datacite::{self, Rules};
use crate::crosswalk::xml::{SCHEMA_INSTANCE, embedded, push_element, push_start};
use crate::crosswalk::{Described, dublin_core};
use crate::rdf::vocabulary::rdf;
use crate::rdf::{Format, Triple, format};

/// A format of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    DublinCore,
    DataCiteInOai,
    DataCite,
    OpenAire,
    Dcat,
}

const WRAPPER: &str = "http://schema.datacite.org/oai/oai-1.1/";
const WRAPPER_SCHEMA: &str = "http://schema.datacite.org/oai/oai-1.1/oai.xsd";

impl Form {
    pub const ALL: [Self; 5] = [
        Self::DublinCore,
        Self::DataCiteInOai,
        Self::DataCite,
        Self::OpenAire,
        Self::Dcat,
    ];

    pub fn of_prefix(prefix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.prefix() == prefix)
    }

    pub fn prefix(self) -> &'static str {
        match self {
            Self::DublinCore => "oai_dc",
            Self::DataCiteInOai => "oai_datacite",
            Self::DataCite => "datacite",
            Self::OpenAire => "oai_openairedata",
            Self::Dcat => "dcat",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::DublinCore => "Dublin Core",
            Self::DataCiteInOai => "DataCite, in its envelope for OAI-PMH",
            Self::DataCite => "DataCite",
            Self::OpenAire => "DataCite, by the rules of OpenAIRE",
            Self::Dcat => "DCAT, as RDF/XML",
        }
    }

    pub fn schema(self) -> &'static str {
        match self {
            Self::DublinCore => dublin_core::SCHEMA,
            Self::DataCiteInOai => WRAPPER_SCHEMA,
            Self::DataCite | Self::OpenAire => datacite::SCHEMA,
            Self::Dcat => "http://www.openarchives.org/OAI/2.0/rdf.xsd",
        }
    }

    pub fn namespace(self) -> &'static str {
        match self {
            Self::DublinCore => dublin_core::NAMESPACE,
            Self::DataCiteInOai => WRAPPER,
            Self::DataCite | Self::OpenAire => datacite::NAMESPACE,
            Self::Dcat => rdf::NAMESPACE,
        }
    }

    /// Records of this form that one answer holds at most.
    pub fn records_max(self) -> usize {
        match self {
            Self::DublinCore => 500,
            Self::DataCiteInOai | Self::DataCite | Self::OpenAire => 250,
            Self::Dcat => 100,
        }
    }

    /// About how long a record is in it, in bytes.
    pub fn bytes_of_a_record(self) -> usize {
        match self {
            Self::DublinCore => 3_000,
            Self::DataCiteInOai | Self::DataCite | Self::OpenAire => 6_000,
            Self::Dcat => 20_000,
        }
    }

    /// Adds the record.
    pub fn push(self, out: &mut String, source: &Source<'_>) -> Result<(), CatalogueError> {
        match self {
            Self::DublinCore => dublin_core::push(out, source.record),
            Self::DataCite => datacite::push_xml(out, source.record, Rules::DataCite),
            Self::OpenAire => datacite::push_xml(out, source.record, Rules::OpenAire),
            Self::DataCiteInOai => push_wrapped(out, source),
            Self::Dcat => out.push_str(&source.rdf_xml()?),
        }
        Ok(())
    }
}

/// What a record is written from.
pub struct Source<'a> {
    pub catalogue: &'a Catalogue,
    pub record: &'a Described<'a>,
    pub path: &'a str,
    pub ntriples: &'a str,
    /// The namespace of this server's records.
    pub host: &'a str,
}

impl Source<'_> {
    fn rdf_xml(&self) -> Result<String, CatalogueError> {
        let about = &self.record.about;
        let triples = self
            .catalogue
            .statements_of(about, self.path, self.ntriples)?;
        let bytes = format::write_triples(Format::RdfXml, triples.iter().map(Triple::as_ref));
        Ok(embedded(&String::from_utf8_lossy(&bytes)))
    }
}

fn push_wrapped(out: &mut String, source: &Source<'_>) {
    let location = format!("{WRAPPER} {WRAPPER_SCHEMA}");
    let attributes = [
        ("xmlns", Some(WRAPPER)),
        ("xmlns:xsi", Some(SCHEMA_INSTANCE)),
        ("xsi:schemaLocation", Some(location.as_str())),
    ];
    push_start(out, "oai_datacite", &attributes);
    push_element(out, "schemaVersion", &[], datacite::VERSION);
    push_element(out, "datacentreSymbol", &[], source.host);
    out.push_str("<payload>");
    datacite::push_xml(out, source.record, Rules::DataCite);
    out.push_str("</payload></oai_datacite>");
}
