//! How does a test get the packages of npm that its scripts need?

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::repository;

/// The file that says for which lock file the packages were installed.
const DONE: &str = "installed.lock";

/// A folder with the files of a folder beside this one and the packages that its lock file names, made once. `None`, said
/// loudly, when they cannot be had.
pub fn installed(name: &str) -> Option<PathBuf> {
    // One test installs, the others wait for it; and no script is copied over while another test reads it.
    static FOLDERS: Mutex<BTreeMap<String, Option<PathBuf>>> = Mutex::new(BTreeMap::new());
    let mut folders = FOLDERS.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = folders.entry(name.to_owned());
    folder.or_insert_with(|| install(name)).clone()
}

fn install(name: &str) -> Option<PathBuf> {
    let from = repository("tests/it/support").join(name);
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&to).unwrap();
    for file in fs::read_dir(&from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    let lock = fs::read(from.join("package-lock.json")).unwrap();
    if fs::read(to.join(DONE)).is_ok_and(|old| old == lock) {
        return Some(to);
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&to)
        .output();
    match npm {
        Ok(output) if output.status.success() => {
            fs::write(to.join(DONE), lock).unwrap();
            Some(to)
        }
        failed => {
            eprintln!("\n=== SKIPPED: the packages of {name} cannot be had; npm ci: {failed:?}\n");
            None
        }
    }
}
