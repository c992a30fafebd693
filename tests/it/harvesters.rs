//! Do the harvesters, validators and readers that others wrote get what they expect? Real ones, installed by the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{demo, repository, suites};

/// Exact versions, so that the same is tested everywhere.
const PACKAGES: [&str; 6] = [
    "sickle==0.7.0",
    "oaipmh-scythe==0.16.0",
    "signposting==0.9.9",
    "extruct==0.18.0",
    "rdflib==7.6.0",
    "lxml==6.1.3",
];

/// A Python of its own with the packages, made once; `None`, said loudly, when they cannot be had.
pub fn python() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("harvesters");
    let python = folder.join("bin/python");
    let done = folder.join("packages.txt");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Some(python);
    }
    let venv = Command::new("python3")
        .args(["-m", "venv"])
        .arg(&folder)
        .output();
    let made = venv.is_ok_and(|output| output.status.success());
    let pip = made.then(|| {
        let mut pip = Command::new(&python);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        pip.args(PACKAGES).output()
    });
    match pip {
        Some(Ok(output)) if output.status.success() => {
            std::fs::write(&done, wanted).unwrap();
            Some(python)
        }
        other => {
            eprintln!(
                "\n=== SKIPPED: the Python packages of other harvesters cannot be had: {other:?}\n"
            );
            None
        }
    }
}

#[test]
fn others_harvest_validate_and_read_what_is_here() {
    let (Some(python), Some(suites)) = (python(), suites()) else {
        return;
    };
    let output = Command::new(python)
        .arg(repository("tests/it/support/harvesters.py"))
        .args([demo().base.as_str(), "/dataset/chaimeleon-lung-ct"])
        .arg(&suites)
        .env("XML_CATALOG_FILES", suites.join("oai-pmh-xsd/catalog.xml"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
