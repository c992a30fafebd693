//! How much memory does the process hold of its own?

use std::fs;

/// Bytes that belong to the process alone, without mapped files; `None` where the system does not say.
pub(super) fn held_bytes() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("RssAnon:"))?;
    let kilobytes: usize = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}
