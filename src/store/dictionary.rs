//! Which number has a term, and which term has a number?
//!
//! A dictionary is a row of files, each holding the terms of a range of numbers in compressed
//! blocks with a table of hashes, and a tail in memory with the newest terms. Numbers never
//! change: merging files only joins neighbouring ranges.
#![expect(
    clippy::cast_possible_truncation,
    reason = "places inside one file and one block are below 2³²; the writer keeps to it"
)]

use std::collections::HashMap;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use parking_lot::RwLock;
use tantivy::directory::OwnedBytes;

use super::StoreError;
use super::files::{FileWriter, u32_at, u64_at};
use super::terms::{hash, read_varint, write_varint};

/// A block is closed when its terms reach this size.
const BLOCK_BYTES: usize = 4096;
const DIRECTORY_ENTRY: usize = 16;
const TRAILER: usize = 32;

/// The terms of one range of numbers.
pub(super) struct DictionaryFile {
    pub(super) name: String,
    pub(super) first: u64,
    pub(super) count: u64,
    bytes: OwnedBytes,
    blocks: usize,
    directory: usize,
}

/// The terms of one block, taken apart.
pub(super) struct Block {
    first: u64,
    ends: Vec<u32>,
    text: Vec<u8>,
    skip: usize,
}

impl Block {
    fn term(&self, place: u64) -> Option<&[u8]> {
        let index = place.checked_sub(self.first)? as usize;
        let end = *self.ends.get(index)? as usize;
        let start = match index {
            0 => 0,
            _ => self.ends[index - 1] as usize,
        };
        self.text.get(self.skip + start..self.skip + end)
    }
}

impl DictionaryFile {
    pub(super) fn open(name: String, bytes: OwnedBytes) -> Result<Self, StoreError> {
        let damaged = |name: &str| StoreError::damaged(name.as_ref(), "its parts do not fit");
        let Some(trailer) = bytes.len().checked_sub(TRAILER) else {
            return Err(damaged(&name));
        };
        let field = |n: usize| u64_at(&bytes, trailer + 8 * n);
        let (first, count, blocks, directory) =
            (field(0), field(1), field(2) as usize, field(3) as usize);
        let expected = directory
            .checked_add(blocks.saturating_mul(DIRECTORY_ENTRY))
            .and_then(|n| n.checked_add((count as usize).saturating_mul(8)));
        if expected != Some(trailer) {
            return Err(damaged(&name));
        }
        Ok(Self {
            name,
            first,
            count,
            bytes,
            blocks,
            directory,
        })
    }

    fn entry(&self, block: usize) -> (usize, u64, usize) {
        let at = self.directory + block * DIRECTORY_ENTRY;
        let offset = u64_at(&self.bytes, at) as usize;
        (
            offset,
            u64::from(u32_at(&self.bytes, at + 8)),
            u32_at(&self.bytes, at + 12) as usize,
        )
    }

    fn block_of(&self, place: u64) -> usize {
        let index = place - self.first;
        let (mut low, mut high) = (0, self.blocks);
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if self.entry(middle).1 <= index {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    fn decode(&self, block: usize) -> Option<Block> {
        let (offset, index, raw) = self.entry(block);
        let (end, next) = if block + 1 < self.blocks {
            let (offset, index, _) = self.entry(block + 1);
            (offset, index)
        } else {
            (self.directory, self.count)
        };
        let text = lz4_flex::block::decompress(self.bytes.get(offset..end)?, raw).ok()?;
        let mut rest = &text[..];
        let mut ends = Vec::with_capacity((next - index) as usize);
        let mut total = 0;
        for _ in index..next {
            total += read_varint(&mut rest)? as u32;
            ends.push(total);
        }
        let skip = text.len() - rest.len();
        Some(Block {
            first: self.first + index,
            ends,
            text,
            skip,
        })
    }

    /// Every term in the order of its number.
    fn each(
        &self,
        mut each: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        for block in 0..self.blocks {
            let damaged = || StoreError::damaged(self.name.as_ref(), "a block cannot be read");
            let block = self.decode(block).ok_or_else(damaged)?;
            for index in 0..block.ends.len() {
                each(block.term(block.first + index as u64).ok_or_else(damaged)?)?;
            }
        }
        Ok(())
    }

    /// The place of a term: hashes are spread evenly, so the guess is almost where it stands.
    fn find(&self, term: &[u8], hash: u32, cache: &mut Blocks) -> Option<u64> {
        let count = self.count as usize;
        let hashes = self.directory + self.blocks * DIRECTORY_ENTRY;
        let numbers = hashes + 4 * count;
        let at = |index: usize| u32_at(&self.bytes, hashes + 4 * index);
        let guess = ((u64::from(hash) * self.count) >> 32) as usize;
        let (mut low, mut high, mut step) = (guess, guess, 16);
        while low > 0 && at(low) >= hash {
            low = low.saturating_sub(step);
            step *= 2;
        }
        step = 16;
        while high < count && at(high) < hash {
            high = (high + step).min(count);
            step *= 2;
        }
        while low < high {
            let middle = usize::midpoint(low, high);
            if at(middle) < hash {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        while low < count && at(low) == hash {
            let place = self.first + u64::from(u32_at(&self.bytes, numbers + 4 * low));
            if cache.term(self, place)? == term {
                return Some(place);
            }
            low += 1;
        }
        None
    }
}

/// Writes a dictionary file, term by term in the order of their numbers.
pub(super) struct DictionaryWriter {
    file: FileWriter,
    first: u64,
    count: u64,
    lengths: Vec<u8>,
    text: Vec<u8>,
    pending: u64,
    directory: Vec<u8>,
    hashes: Vec<u64>,
}

impl DictionaryWriter {
    pub(super) fn create(path: PathBuf, first: u64) -> Result<Self, StoreError> {
        Ok(Self {
            file: FileWriter::create(path)?,
            first,
            count: 0,
            lengths: Vec::new(),
            text: Vec::new(),
            pending: 0,
            directory: Vec::new(),
            hashes: Vec::new(),
        })
    }

    pub(super) fn push(&mut self, term: &[u8]) -> Result<(), StoreError> {
        if self.pending > 0 && self.text.len() + term.len() > BLOCK_BYTES {
            self.end_block()?;
        }
        let place = self.count + self.pending;
        self.hashes.push((hash(term) >> 32) << 32 | place);
        write_varint(term.len() as u64, &mut self.lengths);
        self.text.extend_from_slice(term);
        self.pending += 1;
        Ok(())
    }

    fn end_block(&mut self) -> Result<(), StoreError> {
        if self.pending == 0 {
            return Ok(());
        }
        self.lengths.append(&mut self.text);
        self.directory
            .extend_from_slice(&self.file.position().to_le_bytes());
        self.directory
            .extend_from_slice(&(self.count as u32).to_le_bytes());
        self.directory
            .extend_from_slice(&(self.lengths.len() as u32).to_le_bytes());
        self.file.write(&lz4_flex::block::compress(&self.lengths))?;
        self.lengths.clear();
        self.count += self.pending;
        self.pending = 0;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<u64, StoreError> {
        self.end_block()?;
        let start = self.file.position();
        self.file.write(&self.directory)?;
        self.hashes.sort_unstable();
        for half in [32, 0] {
            for entry in &self.hashes {
                self.file.write(&((entry >> half) as u32).to_le_bytes())?;
            }
        }
        let blocks = (self.directory.len() / DIRECTORY_ENTRY) as u64;
        for field in [self.first, self.count, blocks, start] {
            self.file.write(&field.to_le_bytes())?;
        }
        self.file.finish()
    }
}

/// Joins neighbouring dictionary files into one.
pub(super) fn join(files: &[Arc<DictionaryFile>], path: PathBuf) -> Result<(), StoreError> {
    let mut writer = DictionaryWriter::create(path, files.first().map_or(0, |file| file.first))?;
    for file in files {
        file.each(|term| writer.push(term))?;
    }
    writer.finish().map(|_| ())
}

/// The newest terms, in memory.
#[derive(Default)]
pub(super) struct Tail {
    pub(super) first: u64,
    terms: Vec<Arc<[u8]>>,
    places: HashMap<Arc<[u8]>, u64>,
}

impl Tail {
    pub(super) fn starting_at(first: u64) -> Self {
        Self {
            first,
            ..Self::default()
        }
    }

    fn term(&self, place: u64) -> Option<Arc<[u8]>> {
        self.terms
            .get(place.checked_sub(self.first)? as usize)
            .cloned()
    }

    pub(super) fn add(&mut self, term: &[u8]) -> u64 {
        if let Some(place) = self.places.get(term) {
            return *place;
        }
        let place = self.end();
        let term: Arc<[u8]> = term.into();
        self.terms.push(Arc::clone(&term));
        self.places.insert(term, place);
        place
    }

    /// The number behind the last.
    pub(super) fn end(&self) -> u64 {
        self.first + self.terms.len() as u64
    }

    /// Copies of the terms of a range, in order.
    pub(super) fn range(&self, from: u64, to: u64) -> Vec<Arc<[u8]>> {
        let index = |place: u64| (place.saturating_sub(self.first) as usize).min(self.terms.len());
        self.terms[index(from)..index(to)].to_vec()
    }
}

/// All terms of a snapshot.
#[derive(Clone)]
pub(super) struct Dictionary {
    pub(super) files: Vec<Arc<DictionaryFile>>,
    pub(super) tail: Arc<RwLock<Tail>>,
}

impl Dictionary {
    /// The place of a term.
    pub(super) fn find(&self, term: &[u8], cache: &mut Blocks) -> Option<u64> {
        if let Some(place) = self.tail.read().places.get(term) {
            return Some(*place);
        }
        let hash = (hash(term) >> 32) as u32;
        self.files
            .iter()
            .find_map(|file| file.find(term, hash, cache))
    }

    /// Calls back with the bytes of the term at a place.
    pub(super) fn with<R>(
        &self,
        place: u64,
        cache: &mut Blocks,
        read: impl FnOnce(&[u8]) -> R,
    ) -> Option<R> {
        let after = self.files.partition_point(|file| file.first <= place);
        if let Some(file) = after.checked_sub(1).and_then(|index| self.files.get(index))
            && place < file.first + file.count
        {
            return cache.term(file, place).map(read);
        }
        let term = self.tail.read().term(place)?;
        Some(read(&term))
    }
}

/// Blocks that were taken apart lately. It belongs to one reader of one snapshot.
pub(super) struct Blocks {
    slots: Vec<Option<(u64, Rc<Block>)>>,
    last: Option<Rc<Block>>,
}

impl Blocks {
    pub(super) fn new(slots: usize) -> Self {
        Self {
            slots: vec![None; slots.max(1)],
            last: None,
        }
    }

    fn term(&mut self, file: &DictionaryFile, place: u64) -> Option<&[u8]> {
        let hit = self
            .last
            .as_ref()
            .is_some_and(|block| block.term(place).is_some());
        if !hit {
            let number = file.block_of(place);
            let key = file.first + file.entry(number).1;
            let slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize % self.slots.len();
            let block = match &self.slots[slot] {
                Some((held, block)) if *held == key => Rc::clone(block),
                _ => {
                    let block = Rc::new(file.decode(number)?);
                    self.slots[slot] = Some((key, Rc::clone(&block)));
                    block
                }
            };
            self.last = Some(block);
        }
        self.last.as_ref()?.term(place)
    }
}
