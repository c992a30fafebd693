//! What do all tests from outside share? A real server, the people who talk to it, and records to send.

pub mod chance;
pub mod http;
pub mod rdf;
pub mod records;
pub mod server;

pub use chance::Chance;
pub use http::{Answer, Person};
pub use records::{catalogue, dataset, dataset_like};
pub use server::{TestServer, command, demo, workshop};

use std::path::PathBuf;

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

/// A path inside the repository.
pub fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}
