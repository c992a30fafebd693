//! How does a test get packages of npm? As a lock file of the project names them, installed once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::repository;

/// A copy of `tests/it/support/{name}` with the packages that its lock file names; `None`, said loudly, when they cannot be had.
pub fn installed(name: &str) -> Option<PathBuf> {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let from = repository(&format!("tests/it/support/{name}"));
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&to).unwrap();
    for file in fs::read_dir(&from).unwrap() {
        let file = file.unwrap().path();
        let (own, text) = (to.join(file.file_name().unwrap()), fs::read(&file).unwrap());
        // Another test may be reading it just now.
        if fs::read(&own).ok().as_ref() != Some(&text) {
            fs::write(&own, text).unwrap();
        }
    }
    let lock = fs::read(from.join("package-lock.json")).unwrap();
    let done = to.join("installed.json");
    if fs::read(&done).is_ok_and(|old| old == lock) {
        return Some(to);
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&to)
        .output();
    match npm {
        Ok(output) if output.status.success() => {
            fs::write(&done, lock).unwrap();
            Some(to)
        }
        failed => {
            eprintln!("\n=== SKIPPED: the packages of {name} cannot be had; npm ci: {failed:?}\n");
            None
        }
    }
}
