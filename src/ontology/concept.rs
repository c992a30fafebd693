//! What is known of one concept?

use std::sync::Arc;

/// A term of the hyperontology or of a code list.
#[derive(Clone, Debug)]
pub struct Concept {
    /// The canonical IRI.
    pub iri: String,
    /// The notation; without one, the last part of the IRI.
    pub code: String,
    /// At most one for each language: (language tag, text), English first where there is one.
    pub labels: Vec<(String, String)>,
    /// Other names: (language tag, text).
    pub synonyms: Vec<(String, String)>,
    pub definition: Option<String>,
    /// Cross-references to other terminologies.
    pub codes: Vec<Code>,
    /// IRIs of the code lists it belongs to.
    pub schemes: Vec<Arc<str>>,
    /// Its classes (`owl:Class`, `skos:Concept` …).
    pub kinds: Vec<Arc<str>>,
    /// Restrictions and other links: has-method, finding site, morphology …
    pub relations: Vec<Relation>,
    /// Exact matches outside of what is loaded.
    pub matches: Vec<String>,
    /// The graph that declares it.
    pub source: Arc<str>,
    pub deprecated: bool,
}

/// A code in a terminology such as `SNOMEDCT`, `RadLex`, `NCIT`, `ICD10`, `ICDO3`, `DICOM`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub system: Arc<str>,
    pub code: String,
}

/// A link from a concept to another that is no hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// IRI of the property.
    pub property: Arc<str>,
    /// IRI of the other concept.
    pub target: String,
}

impl Concept {
    /// The label in a language, else in English, else any.
    pub fn label(&self, language: &str) -> Option<&str> {
        best(&self.labels, language)
    }

    /// The label in English, else any, else the code: always something to show.
    pub fn name(&self) -> &str {
        self.label("en").unwrap_or(&self.code)
    }
}

/// The text in a language (`de-AT` falls back to `de`), else in English, else the first.
pub(super) fn best<'a>(texts: &'a [(String, String)], language: &str) -> Option<&'a str> {
    let primary = language.split('-').next().unwrap_or(language);
    [language, primary, "en"]
        .into_iter()
        .find_map(|wanted| {
            texts
                .iter()
                .find(|(tag, _)| tag.eq_ignore_ascii_case(wanted))
        })
        .or_else(|| texts.first())
        .map(|(_, text)| text.as_str())
}
