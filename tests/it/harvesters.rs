//! Do the harvesters, validators and readers that others wrote get what they expect? Real ones, installed by the test.

use std::path::PathBuf;
use std::process::Command;

use crate::support::{demo, ends_well, python, repository, suites};

/// Exact versions, so that the same is tested everywhere.
const PACKAGES: [&str; 6] = [
    "sickle==0.7.0",
    "oaipmh-scythe==0.16.0",
    "signposting==0.9.9",
    "extruct==0.18.0",
    "rdflib==7.6.0",
    "lxml==6.1.3",
];

/// A Python with the packages; `None`, said loudly, when they cannot be had.
pub fn python() -> Option<PathBuf> {
    python::installed("harvesters", &PACKAGES).map(|programs| programs.join("python"))
}

#[test]
fn others_harvest_validate_and_read_what_is_here() {
    let (Some(python), Some(suites)) = (python(), suites()) else {
        return;
    };
    ends_well(
        Command::new(python)
            .arg(repository("tests/it/support/harvesters.py"))
            .args([demo().base.as_str(), "/dataset/chaimeleon-lung-ct"])
            .arg(&suites)
            .env("XML_CATALOG_FILES", suites.join("oai-pmh-xsd/catalog.xml")),
    );
}
