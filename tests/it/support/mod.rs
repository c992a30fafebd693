//! What do all tests from outside share? A real server, the people who talk to it, and records to send.

pub mod browser;
pub mod chance;
pub mod form;
pub mod glewlwyd;
pub mod http;
pub mod mutation;
pub mod npm;
pub mod provider;
pub mod python;
pub mod rdf;
pub mod receivers;
pub mod records;
pub mod server;
pub mod stand_in;
pub mod tls;

pub use chance::Chance;
pub use http::{Answer, Person};
pub use records::{catalogue, dataset, dataset_like};
pub use server::{TestServer, command, demo, free_port, workshop};

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use vesalius::catalogue::{Profile, Profiles};
use vesalius::ontology::Ontology;

/// Where the standards' suites lie: `VESALIUS_SUITES`, else beside the repository. `None`, said loudly, when absent.
pub fn suites() -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the place of the suites is no setting of the server"
    )]
    let named = std::env::var("VESALIUS_SUITES").map(PathBuf::from);
    let folder = named.unwrap_or_else(|_| repository("../shared/suites"));
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "\n=== SKIPPED: the standards' suites are not at {}; set VESALIUS_SUITES\n",
        folder.display()
    );
    None
}

/// Runs a program that has to end well, and gives back what it said.
#[track_caller]
pub fn ends_well(program: &mut Command) -> String {
    let output = program.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    said
}

/// A path inside the repository.
pub fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A profile that is in the binary.
pub fn profile(name: &str, ontology: &Ontology) -> Arc<Profile> {
    let profiles = Profiles::load(&vesalius::app::SHAPES, None, ontology).unwrap();
    profiles.get(name).unwrap()
}

/// Expects that a file of the repository says what the code does. When it does not, it is written anew and the test
/// fails, so that the change is seen and kept.
#[track_caller]
pub fn keep(path: &str, text: &str) {
    let file = repository(path);
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    if old != text {
        std::fs::write(&file, text).unwrap();
        panic!(
            "{path} was out of date and has been written anew: look at the difference and commit it"
        );
    }
}
