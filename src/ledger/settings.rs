//! Where does the ledger live, and how long does it let changes gather?

use std::path::PathBuf;

use serde::Deserialize;

/// The ledger's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The database file. Its folder is made when it is missing.
    pub path: PathBuf,
    /// Connections that read beside the one that writes.
    pub readers_max: u32,
    /// How long a statement waits for another process that holds the file.
    pub busy_ms: u64,
    /// How long changes may gather while several writers are at work. One writer alone never waits.
    pub gather_ms: u64,
    /// Changes that one transaction takes at most, beyond those of its first call.
    pub gather_changes_max: usize,
    /// Bytes that one transaction takes at most, beyond those of its first call.
    pub gather_bytes_max: usize,
    /// Calls that may wait for the committer; more wait at the door.
    pub queue_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            path: PathBuf::from("data/ledger.sqlite"),
            readers_max: 4,
            busy_ms: 10_000,
            gather_ms: 2,
            gather_changes_max: 5_000,
            gather_bytes_max: 64 << 20,
            queue_max: 1_024,
        }
    }
}

impl Settings {
    /// The usual settings with the database at this path.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            ..Self::default()
        }
    }
}
