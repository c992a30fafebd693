//! Does a client of the Reconciliation Service API that others wrote map words to concepts? A real one, installed by the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{demo, repository};

/// Exact versions, so that the same is tested everywhere; the client wants a numpy before 2.
const PACKAGES: [&str; 3] = ["reconciler==0.2.2", "pandas==2.2.3", "numpy==1.26.4"];

/// A Python of its own with the packages, made once; `None`, said loudly, when they cannot be had.
fn python() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("reconciler");
    let python = folder.join("bin/python");
    let done = folder.join("packages.txt");
    let wanted = PACKAGES.join("\n");
    if std::fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Some(python);
    }
    let mut venv = Command::new("python3");
    let made = venv.args(["-m", "venv"]).arg(&folder).output();
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    let installed = made.and_then(|_| pip.args(PACKAGES).output());
    match installed {
        Ok(output) if output.status.success() => {
            std::fs::write(&done, wanted).unwrap();
            Some(python)
        }
        other => {
            eprintln!("\n=== SKIPPED: the package reconciler cannot be had: {other:?}\n");
            None
        }
    }
}

#[test]
fn a_client_of_others_maps_a_column_of_words() {
    let Some(python) = python() else { return };
    let output = Command::new(python)
        .arg(repository("tests/it/support/reconciling.py"))
        .arg(&demo().base)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
