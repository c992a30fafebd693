//! Does the canonical form pass the W3C's suite of RDFC-1.0?

#![cfg(test)]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use vesalius::rdf::Format;
use vesalius::rdf::canonical::{
    HashFunction, canonical_labels, canonical_nquads, canonical_nquads_with,
};
use vesalius::rdf::format::parse;

/// The suite's tests without exception: `(all, of which must be refused)`.
const TESTS: (usize, usize) = (86, 1);

#[test]
fn the_suite_of_rdf_canonicalization_passes() {
    let folder = suites().join("w3c-rdf-canon/tests");
    let Ok(manifest) = fs::read_to_string(folder.join("manifest.jsonld")) else {
        // Written past the test harness, which would keep it for itself.
        let message = format!(
            "\nNOT RUN: no RDF canonicalization suite in {}\n",
            folder.display()
        );
        std::io::stderr().write_all(message.as_bytes()).unwrap();
        return;
    };
    let manifest: Value = serde_json::from_str(&manifest).unwrap();
    let entries = manifest["entries"].as_array().unwrap();
    let mut refused = 0;
    let mut wrong = Vec::new();
    for entry in entries {
        let kind = entry["type"].as_str().unwrap();
        refused += usize::from(kind == "rdfc:RDFC10NegativeEvalTest");
        if let Err(reason) = run(&folder, kind, entry) {
            wrong.push(format!("{}: {reason}", entry["id"]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!((entries.len(), refused), TESTS, "the suite has changed");
}

fn run(folder: &Path, kind: &str, entry: &Value) -> Result<(), String> {
    let read = |key: &str| fs::read_to_string(folder.join(entry[key].as_str().unwrap())).unwrap();
    let quads =
        parse(read("action").as_bytes(), Format::NQuads, None).map_err(|e| e.to_string())?;
    let hash = match entry["hashAlgorithm"].as_str() {
        None => HashFunction::Sha256,
        Some("SHA384") => HashFunction::Sha384,
        Some(other) => return Err(format!("unknown hash {other}")),
    };
    match kind {
        "rdfc:RDFC10EvalTest" => {
            let text = canonical_nquads_with(&quads, hash).map_err(|e| e.to_string())?;
            if hash == HashFunction::Sha256 {
                assert_eq!(canonical_nquads(&quads).unwrap().as_str(), text);
            }
            same(&text, &read("result"))
        }
        "rdfc:RDFC10MapTest" => {
            let labels = canonical_labels(&quads, hash).map_err(|e| e.to_string())?;
            let wanted: BTreeMap<String, String> = serde_json::from_str(&read("result")).unwrap();
            same(&labels, &wanted)
        }
        "rdfc:RDFC10NegativeEvalTest" => {
            canonical_nquads_with(&quads, hash).map_or(Ok(()), |_| Err("was not refused".into()))
        }
        other => Err(format!("unknown kind of test {other}")),
    }
}

fn same<T: PartialEq + std::fmt::Debug + ?Sized>(got: &T, wanted: &T) -> Result<(), String> {
    if got == wanted {
        Ok(())
    } else {
        Err(format!("got {got:#?}\nwanted {wanted:#?}"))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by the environment where the suites are"
)]
fn suites() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/suites");
    env::var("VESALIUS_SUITES").map_or_else(|_| beside(), PathBuf::from)
}
