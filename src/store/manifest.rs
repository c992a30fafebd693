//! Which files make up the store, and how far along the ledger are they?

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::StoreError;
use super::files;
use super::terms::{Id, hash};

const FORMAT: u32 = 1;

/// The list of files. It is replaced atomically, after the files it names are on disk.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    /// The ledger's sequence number that the files have reached; the journal goes on from there.
    pub(super) sequence: u64,
    /// The next free number for a file.
    pub(super) next: u64,
    /// The oldest first.
    pub(super) segments: Vec<SegmentEntry>,
    pub(super) dictionaries: Vec<String>,
    /// Journals from this number on are read again.
    pub(super) journal: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct SegmentEntry {
    pub(super) file: String,
    /// Graphs of it that were replaced or removed by later segments.
    pub(super) masked: Vec<Id>,
}

pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join("manifest")
}

pub(super) fn journal_name(number: u64) -> String {
    format!("journal-{number:06}")
}

impl Manifest {
    /// Reads the manifest; `None` if the store is new.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = path(folder);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(StoreError::io(&path, e)),
        };
        let damaged = || StoreError::damaged(&path, "its checksum is wrong");
        let (text, checksum) = bytes
            .iter()
            .rposition(|c| *c == b'\n')
            .map(|at| (&bytes[..at], &bytes[at + 1..]))
            .ok_or_else(damaged)?;
        if checksum != hex::encode(hash(text).to_le_bytes()).as_bytes() {
            return Err(damaged());
        }
        let manifest: Self = serde_json::from_slice(text).map_err(|_| damaged())?;
        if manifest.format != FORMAT {
            return Err(StoreError::damaged(&path, "it is of another version"));
        }
        Ok(Some(manifest))
    }

    /// Makes this the manifest.
    pub(super) fn write(&mut self, folder: &Path) -> Result<(), StoreError> {
        self.format = FORMAT;
        let path = path(folder);
        let mut text =
            serde_json::to_vec(self).map_err(|e| StoreError::io(&path, io::Error::other(e)))?;
        let checksum = hex::encode(hash(&text).to_le_bytes());
        text.push(b'\n');
        text.extend_from_slice(checksum.as_bytes());
        files::replace(&path, &text)
    }
}
