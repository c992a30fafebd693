//! What may an operator say about telling?

use std::path::PathBuf;

use serde::Deserialize;

/// Settings of notifications and webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A file with at least 32 random bytes, from which the secrets of webhooks and the marks in letters are drawn.
    /// Without it `notify.key` in the data folder is made and used.
    pub key_file: Option<PathBuf>,
    /// How long after a failed delivery it is tried again, in seconds; each further time it takes six times as long.
    pub retry_seconds: u32,
    /// How long a webhook may fail before it is disabled, in hours.
    pub disable_after_hours: u32,
    /// How long the old secret of a webhook signs beside the new one, in hours.
    pub old_secret_hours: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key_file: None,
            retry_seconds: 5,
            disable_after_hours: 120,
            old_secret_hours: 24,
        }
    }
}
