//! How does a test get a Python of its own with packages of others?

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The `bin` folder of a Python with the packages, made once; `None`, said loudly, when they cannot be had.
pub fn installed(name: &str, packages: &[&str]) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let (programs, done) = (folder.join("bin"), folder.join("packages.txt"));
    let wanted = packages.join("\n");
    if fs::read_to_string(&done).is_ok_and(|found| found == wanted) {
        return Some(programs);
    }
    let mut venv = Command::new("python3");
    let venv = venv.args(["-m", "venv"]).arg(&folder).output();
    let made = venv.is_ok_and(|output| output.status.success());
    let pip = made.then(|| {
        let mut pip = Command::new(programs.join("python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]);
        pip.args(packages).output()
    });
    match pip {
        Some(Ok(output)) if output.status.success() => {
            fs::write(&done, wanted).unwrap();
            Some(programs)
        }
        other => {
            eprintln!("\n=== SKIPPED: {packages:?} cannot be had: {other:?}\n");
            None
        }
    }
}
