//! Who sits at a real browser? A script with Debian's chromium, driven by npm's playwright-core.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{ends_well, npm};

const CHROMIUM: &str = "/usr/bin/chromium";

/// The folder with the scripts and what they need. `None`, said loudly, when there is no browser or no npm.
pub fn installed() -> Option<PathBuf> {
    if !Path::new(CHROMIUM).exists() {
        eprintln!("\n=== SKIPPED: no browser for the tests at {CHROMIUM}\n");
        return None;
    }
    npm::installed("browser")
}

/// Lets the person of the script do their work, and gives back what they say at the end.
pub fn write(folder: &Path, atlas: &str, catalogue: &str) -> String {
    play(folder, &["write.mjs", atlas, catalogue])
}

/// Lets somebody play a part of a story, and gives back the path that they come to.
pub fn story(folder: &Path, part: &str, arguments: &[&str]) -> String {
    let said = play(folder, &[&["story.mjs", part], arguments].concat());
    let path = said.trim().strip_prefix(part).expect("the part is told");
    path.trim().to_owned()
}

/// Lets a data manager work with the web client of others that stands in front of the server, and gives back what they say
/// at the end.
pub fn point(
    folder: &Path,
    client: &str,
    port: u16,
    server: &str,
    [email, password]: [&str; 2],
) -> String {
    let port = port.to_string();
    play(
        folder,
        &["point.mjs", client, &port, server, email, password],
    )
}

fn play(folder: &Path, arguments: &[&str]) -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "where pictures go is no setting of the server"
    )]
    let pictures = std::env::var("VESALIUS_PAGES").unwrap_or_default();
    ends_well(
        Command::new("timeout")
            .args(["300", "node"])
            .args(arguments)
            .arg(&pictures)
            .current_dir(folder),
    )
}
