//! How do files get to disk whole, and how do we know that they still are?
#![expect(
    clippy::cast_possible_truncation,
    reason = "lengths of files in memory maps fit a usize on the 64-bit machines this is for"
)]

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use tantivy::directory::{Directory, MmapDirectory, OwnedBytes};

use super::StoreError;
use super::terms::hash;

/// The checksum of a file is folded over pages of this size.
const PAGE_BYTES: usize = 64 * 1024;
const FOOTER_BYTES: usize = 24;
const MAGIC: [u8; 8] = *b"VESALC01";

fn fold(state: u64, page: &[u8]) -> u64 {
    (state.rotate_left(17) ^ hash(page)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Writes one file from its beginning to its checksum.
pub(super) struct FileWriter {
    path: PathBuf,
    file: BufWriter<File>,
    page: Vec<u8>,
    state: u64,
    length: u64,
}

impl FileWriter {
    pub(super) fn create(path: PathBuf) -> Result<Self, StoreError> {
        let file = File::create(&path).map_err(|e| StoreError::io(&path, e))?;
        let page = Vec::with_capacity(PAGE_BYTES);
        Ok(Self {
            path,
            file: BufWriter::with_capacity(1 << 18, file),
            page,
            state: 0,
            length: 0,
        })
    }

    /// How many bytes have been written.
    pub(super) fn position(&self) -> u64 {
        self.length
    }

    pub(super) fn write(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        self.length += bytes.len() as u64;
        while !bytes.is_empty() {
            let room = (PAGE_BYTES - self.page.len()).min(bytes.len());
            self.page.extend_from_slice(&bytes[..room]);
            bytes = &bytes[room..];
            if self.page.len() == PAGE_BYTES {
                self.end_page()?;
            }
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), StoreError> {
        self.state = fold(self.state, &self.page);
        self.file
            .write_all(&self.page)
            .map_err(|e| StoreError::io(&self.path, e))?;
        self.page.clear();
        Ok(())
    }

    /// Adds the footer and waits until the file is on disk.
    pub(super) fn finish(mut self) -> Result<u64, StoreError> {
        self.end_page()?;
        let fail = |e| StoreError::io(&self.path, e);
        self.file
            .write_all(&self.length.to_le_bytes())
            .map_err(fail)?;
        self.file
            .write_all(&self.state.to_le_bytes())
            .map_err(fail)?;
        self.file.write_all(&MAGIC).map_err(fail)?;
        let file = self
            .file
            .into_inner()
            .map_err(|e| StoreError::io(&self.path, e.into_error()))?;
        file.sync_all().map_err(|e| StoreError::io(&self.path, e))?;
        Ok(self.length + FOOTER_BYTES as u64)
    }
}

/// Reads a whole file once and compares it with its checksum.
pub(super) fn verify(path: &Path) -> Result<(), StoreError> {
    let damaged = |reason: &str| StoreError::damaged(path, reason);
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(damaged("it is missing")),
        Err(e) => return Err(StoreError::io(path, e)),
    };
    let size = file.metadata().map_err(|e| StoreError::io(path, e))?.len();
    let Some(length) = size.checked_sub(FOOTER_BYTES as u64) else {
        return Err(damaged("it is too short"));
    };
    let mut page = vec![0; PAGE_BYTES];
    let (mut state, mut left) = (0, length);
    loop {
        let take = left.min(PAGE_BYTES as u64) as usize;
        file.read_exact(&mut page[..take])
            .map_err(|e| StoreError::io(path, e))?;
        state = fold(state, &page[..take]);
        left -= take as u64;
        if take < PAGE_BYTES {
            break;
        }
    }
    let mut footer = [0; FOOTER_BYTES];
    file.read_exact(&mut footer)
        .map_err(|e| StoreError::io(path, e))?;
    let expected = [&length.to_le_bytes()[..], &state.to_le_bytes(), &MAGIC].concat();
    if footer[..] == expected[..] {
        Ok(())
    } else {
        Err(damaged("its checksum is wrong"))
    }
}

/// Maps a file into memory and gives its content without the footer.
pub(super) fn map(directory: &MmapDirectory, name: &str) -> Result<OwnedBytes, StoreError> {
    let bytes = directory
        .open_read(Path::new(name))
        .map_err(|e| StoreError::damaged(Path::new(name), &e.to_string()))?
        .read_bytes()
        .map_err(|e| StoreError::io(Path::new(name), e))?;
    let Some(length) = bytes.len().checked_sub(FOOTER_BYTES) else {
        return Err(StoreError::damaged(Path::new(name), "it is too short"));
    };
    Ok(bytes.slice(0..length))
}

/// Replaces a small file atomically: write beside it, sync, rename, sync the folder.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let beside = path.with_extension("new");
    let written = (|| {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    })();
    written.map_err(|e| StoreError::io(path, e))?;
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Makes created, renamed and removed names last.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|e| StoreError::io(folder, e))
}

/// The little-endian number at a place of a mapped file; 0 behind its end.
pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..at + 8).and_then(|b| b.try_into().ok()) {
        Some(b) => u64::from_le_bytes(b),
        None => 0,
    }
}

/// The little-endian number at a place of a mapped file; 0 behind its end.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at + 4).and_then(|b| b.try_into().ok()) {
        Some(b) => u32::from_le_bytes(b),
        None => 0,
    }
}
