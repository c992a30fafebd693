//! Which terminologies are there, how do people write their codes, and which concept has a code?

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// The terminologies whose names we understand: our name, and how else they are written (folded:
/// letters and digits in lower case).
const SYSTEMS: &[(&str, &[&str])] = &[
    (
        "SNOMEDCT",
        &[
            "snomed",
            "snomedct",
            "sct",
            "httpsnomedinfosct",
            "httpsnomedinfoid",
        ],
    ),
    ("RadLex", &["radlex", "rid"]),
    ("NCIT", &["ncit", "nci", "ncithesaurus"]),
    ("ICD10", &["icd10", "icd10cm", "httphl7orgfhirsidicd10"]),
    ("ICD10PCS", &["icd10pcs"]),
    ("ICDO3", &["icdo3", "icdo"]),
    ("LOINC", &["loinc", "httploincorg"]),
    ("UMLS", &["umls", "umlscui", "cui"]),
    ("OMOP", &["omop", "omopconceptid"]),
    ("DICOM", &["dicom", "dicommodality", "dcm"]),
    ("DICOM_Tag", &["dicomtag"]),
    ("NAACCR", &["naaccr"]),
    ("CancerModifier", &["cancermodifier"]),
    ("NebraskaLexicon", &["nebraskalexicon"]),
    ("birnlex", &["birnlex"]),
    ("ATC", &["atc"]),
    ("CPT4", &["cpt4"]),
    ("HemOnc", &["hemonc"]),
    ("RxNorm", &["rxnorm"]),
    ("UCUM", &["ucum"]),
    ("UK_Biobank", &["ukbiobank"]),
    ("OMOPGenomic", &["omopgenomic"]),
    ("EUCAIM", &["eucaim", "hyperontology"]),
];

/// Our name of a terminology, however it is written.
pub(super) fn system(name: &str) -> Option<&'static str> {
    let folded: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    SYSTEMS
        .iter()
        .find(|(_, names)| names.contains(&folded.as_str()))
        .map(|(system, _)| *system)
}

/// Splits `snomed:113091000` into our name of the system and the code. `None` when there is no
/// prefix that we know.
pub(super) fn prefixed(text: &str) -> Option<(&'static str, &str)> {
    let (name, code) = text.split_once(':')?;
    Some((system(name)?, code.trim()))
}

/// Codes are compared in upper case and without surrounding space.
fn normal(code: &str) -> String {
    code.trim().to_ascii_uppercase()
}

/// Code → concepts, in the order in which they were added.
#[derive(Default)]
pub(super) struct CodeIndex {
    entries: FxHashMap<String, Vec<(Arc<str>, u32)>>,
}

impl CodeIndex {
    pub(super) fn add(&mut self, system: &Arc<str>, code: &str, concept: u32) {
        let entries = self.entries.entry(normal(code)).or_default();
        if !entries
            .iter()
            .any(|(known, id)| *id == concept && known == system)
        {
            entries.push((Arc::clone(system), concept));
        }
    }

    /// The concepts with a code, each once. A prefix in the code counts when no system is given.
    pub(super) fn find(&self, wanted: Option<&str>, code: &str) -> Vec<u32> {
        let mut found = Vec::new();
        for (_, concept) in self.entries(wanted, code) {
            if !found.contains(&concept) {
                found.push(concept);
            }
        }
        found
    }

    /// The concepts with a code in any system, or in that of its prefix, each with the system.
    pub(super) fn find_with_systems(&self, code: &str) -> Vec<(&str, u32)> {
        self.entries(None, code)
    }

    fn entries<'a>(&'a self, wanted: Option<&str>, code: &str) -> Vec<(&'a str, u32)> {
        let (wanted, code) = match (wanted, prefixed(code)) {
            (Some(name), Some((prefix, rest))) if system(name) == Some(prefix) => {
                (Some(prefix), rest)
            }
            (Some(name), _) => (Some(system(name).unwrap_or(name)), code),
            (None, Some((prefix, rest))) => (Some(prefix), rest),
            (None, None) => (None, code),
        };
        let entries = self.entries.get(&normal(code)).into_iter().flatten();
        let fits = |system: &str| wanted.is_none_or(|wanted| system.eq_ignore_ascii_case(wanted));
        entries
            .filter(|(system, _)| fits(system))
            .map(|(system, concept)| (&**system, *concept))
            .collect()
    }
}
