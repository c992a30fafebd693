//! How do quads lie in a segment, and how does one walk through them?
//!
//! A segment holds the same quads in three orders. In a file each order is a row of blocks: the
//! first quad of a block stands in the index, each following one as its differences from the one
//! before. There is no order by object: a pattern with only its object bound asks each predicate
//! (a catalogue has some dozens), which costs a search each and saves a quarter of the space.
#![expect(
    clippy::cast_possible_truncation,
    reason = "offsets lie inside a mapped file; deltas are cast after their length is chosen"
)]

use std::path::PathBuf;
use std::sync::Arc;

use tantivy::directory::OwnedBytes;

use super::StoreError;
use super::files::{FileWriter, u64_at};
use super::terms::{Id, write_varint};

/// Subject, predicate, object, graph.
pub(super) type Numbers = [Id; 4];

const BLOCK_QUADS: usize = 128;
const INDEX_ENTRY: usize = 40;
const TRAILER: usize = 3 * 24;

/// In which order quads are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Spog,
    Posg,
    Gspo,
}

impl Order {
    pub(super) const ALL: [Self; 3] = [Self::Spog, Self::Posg, Self::Gspo];

    /// The quad as this order compares it.
    pub(super) fn key(self, [s, p, o, g]: Numbers) -> Numbers {
        match self {
            Self::Spog => [s, p, o, g],
            Self::Posg => [p, o, s, g],
            Self::Gspo => [g, s, p, o],
        }
    }

    /// The quad of a key.
    pub(super) fn quad(self, [a, b, c, d]: Numbers) -> Numbers {
        match self {
            Self::Spog => [a, b, c, d],
            Self::Posg => [c, a, b, d],
            Self::Gspo => [b, c, d, a],
        }
    }

    pub(super) fn graph(self, key: &Numbers) -> Id {
        match self {
            Self::Gspo => key[0],
            Self::Spog | Self::Posg => key[3],
        }
    }
}

/// Quads that never change, in every order.
pub(super) enum Segment {
    Memory([Vec<Numbers>; 3]),
    File(SegmentFile),
}

/// A segment in a mapped file.
pub(super) struct SegmentFile {
    pub(super) name: String,
    bytes: OwnedBytes,
    runs: [Run; 3],
}

#[derive(Clone, Copy, Default)]
struct Run {
    index: usize,
    blocks: usize,
    quads: usize,
}

impl Segment {
    /// Sorts the quads of a commit.
    pub(super) fn in_memory(quads: &[Numbers]) -> Self {
        Self::Memory(Order::ALL.map(|order| {
            let mut keys: Vec<Numbers> = quads.iter().map(|quad| order.key(*quad)).collect();
            keys.sort_unstable();
            keys.dedup();
            keys
        }))
    }

    pub(super) fn open(name: String, bytes: OwnedBytes) -> Result<Self, StoreError> {
        let damaged = |name: &str| StoreError::damaged(name.as_ref(), "its parts do not fit");
        let Some(trailer) = bytes.len().checked_sub(TRAILER) else {
            return Err(damaged(&name));
        };
        let mut runs = [Run::default(); 3];
        for (n, run) in runs.iter_mut().enumerate() {
            let field = |f: usize| u64_at(&bytes, trailer + 24 * n + 8 * f) as usize;
            *run = Run {
                index: field(0),
                blocks: field(1),
                quads: field(2),
            };
            let end = run
                .blocks
                .checked_mul(INDEX_ENTRY)
                .and_then(|n| n.checked_add(run.index));
            if end.is_none_or(|end| end > trailer) || run.quads.div_ceil(BLOCK_QUADS) != run.blocks
            {
                return Err(damaged(&name));
            }
        }
        Ok(Self::File(SegmentFile { name, bytes, runs }))
    }

    pub(super) fn quads(&self) -> usize {
        match self {
            Self::Memory(runs) => runs[0].len(),
            Self::File(file) => file.runs[0].quads,
        }
    }

    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File(_))
    }

    pub(super) fn file_name(&self) -> Option<&str> {
        match self {
            Self::Memory(_) => None,
            Self::File(file) => Some(&file.name),
        }
    }
}

impl SegmentFile {
    fn first_key(&self, run: Run, block: usize) -> Numbers {
        let at = run.index + block * INDEX_ENTRY;
        match self.bytes.get(at..at + 32) {
            Some(entry) => [0, 8, 16, 24].map(|n| u64_at(entry, n)),
            None => [Id::MAX; 4],
        }
    }

    /// The first key of the block after this one.
    fn next_block(&self, run: Run, block: usize) -> Option<Numbers> {
        (block + 1 < run.blocks).then(|| self.first_key(run, block + 1))
    }

    fn offset(&self, run: Run, block: usize) -> usize {
        u64_at(&self.bytes, run.index + block * INDEX_ENTRY + 32) as usize
    }

    /// The last block whose first key is not above the wanted one, looking from a block on.
    fn block_for(&self, run: Run, key: &Numbers, from: usize) -> usize {
        let (mut low, mut high, mut step) = (from, from + 1, 1);
        while high < run.blocks && self.first_key(run, high) <= *key {
            low = high;
            high = (high + step).min(run.blocks);
            step *= 2;
        }
        let mut high = high.min(run.blocks);
        while high > low + 1 {
            let middle = usize::midpoint(low, high);
            if self.first_key(run, middle) <= *key {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// Writes one segment file: all quads of one order, then of the next.
pub(super) struct SegmentWriter {
    file: FileWriter,
    index: Vec<u8>,
    block: Vec<Numbers>,
    quads: u64,
    trailer: Vec<u8>,
}

impl SegmentWriter {
    pub(super) fn create(path: PathBuf) -> Result<Self, StoreError> {
        Ok(Self {
            file: FileWriter::create(path)?,
            index: Vec::new(),
            block: Vec::with_capacity(BLOCK_QUADS),
            quads: 0,
            trailer: Vec::new(),
        })
    }

    /// Adds the next key of the order being written.
    pub(super) fn push(&mut self, key: Numbers) -> Result<(), StoreError> {
        self.block.push(key);
        self.quads += 1;
        if self.block.len() == BLOCK_QUADS {
            self.end_block()
        } else {
            Ok(())
        }
    }

    fn end_block(&mut self) -> Result<(), StoreError> {
        let Some(first) = self.block.first() else {
            return Ok(());
        };
        for number in first {
            self.index.extend_from_slice(&number.to_le_bytes());
        }
        self.index
            .extend_from_slice(&self.file.position().to_le_bytes());
        let mut bytes = Vec::with_capacity(8 * BLOCK_QUADS);
        for pair in self.block.windows(2) {
            write_difference(&pair[0], &pair[1], &mut bytes);
        }
        self.file.write(&bytes)?;
        self.block.clear();
        Ok(())
    }

    /// Ends one order; the next key belongs to the following one.
    pub(super) fn end_order(&mut self) -> Result<(), StoreError> {
        self.end_block()?;
        let blocks = (self.index.len() / INDEX_ENTRY) as u64;
        for field in [self.file.position(), blocks, self.quads] {
            self.trailer.extend_from_slice(&field.to_le_bytes());
        }
        self.file.write(&self.index)?;
        self.index.clear();
        self.quads = 0;
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<u64, StoreError> {
        self.file.write(&self.trailer)?;
        self.file.finish()
    }
}

/// One byte says for each of the four numbers whether it stays or how long its difference is.
fn write_difference(before: &Numbers, after: &Numbers, out: &mut Vec<u8>) {
    let head = out.len();
    out.push(0);
    for place in 0..4 {
        let difference = after[place].wrapping_sub(before[place]).cast_signed();
        let folded = (difference << 1 ^ difference >> 63).cast_unsigned();
        let length = match folded {
            0 => 0,
            1..0x100 => {
                out.push(folded as u8);
                1
            }
            0x100..0x1_0000 => {
                out.extend_from_slice(&(folded as u16).to_le_bytes());
                2
            }
            _ => {
                write_varint(folded, out);
                3
            }
        };
        out[head] |= length << (2 * place);
    }
}

fn read_difference(key: &mut Numbers, bytes: &[u8], at: &mut usize) -> Option<()> {
    let mut here = *at;
    let mut head = *bytes.get(here)?;
    here += 1;
    for number in key.iter_mut() {
        let folded = match head & 3 {
            0 => {
                head >>= 2;
                continue;
            }
            1 => {
                here += 1;
                u64::from(*bytes.get(here - 1)?)
            }
            2 => {
                here += 2;
                u64::from(u16::from_le_bytes(
                    bytes.get(here - 2..here)?.try_into().ok()?,
                ))
            }
            _ => {
                let mut value = 0;
                let mut shift = 0;
                loop {
                    let byte = *bytes.get(here)?;
                    here += 1;
                    value |= u64::from(byte & 0x7f) << shift;
                    shift += 7;
                    if byte & 0x80 == 0 || shift > 63 {
                        break value;
                    }
                }
            }
        };
        let difference = (folded >> 1) ^ (folded & 1).wrapping_neg();
        *number = number.wrapping_add(difference);
        head >>= 2;
    }
    *at = here;
    Some(())
}

/// A place in one order of one segment.
pub(super) struct Cursor {
    segment: Arc<Segment>,
    order: Order,
    block: usize,
    /// In memory: the index of the current key. In a file: keys left in the block behind it.
    left: usize,
    at: usize,
    current: Option<Numbers>,
}

impl Cursor {
    /// Stands at the first key that is not below the wanted one.
    pub(super) fn new(segment: Arc<Segment>, order: Order, key: &Numbers) -> Self {
        let mut cursor = Self {
            segment,
            order,
            block: 0,
            left: 0,
            at: 0,
            current: None,
        };
        match &*cursor.segment {
            Segment::Memory(runs) => {
                let run = &runs[order as usize];
                cursor.left = run.partition_point(|held| held < key);
                cursor.current = run.get(cursor.left).copied();
            }
            Segment::File(file) => {
                let run = file.runs[order as usize];
                if run.blocks > 0 {
                    let block = file.block_for_anywhere(run, key);
                    cursor.enter(block);
                    cursor.forward_to(key);
                }
            }
        }
        cursor
    }

    #[inline]
    pub(super) fn current(&self) -> Option<&Numbers> {
        self.current.as_ref()
    }

    #[inline]
    pub(super) fn graph(&self) -> Option<Id> {
        self.current.as_ref().map(|key| self.order.graph(key))
    }

    /// Moves to the next key.
    #[inline]
    pub(super) fn advance(&mut self) {
        match &*self.segment {
            Segment::Memory(runs) => {
                self.left += 1;
                self.current = runs[self.order as usize].get(self.left).copied();
            }
            Segment::File(file) => {
                if self.left > 0 {
                    self.left -= 1;
                    if let Some(key) = &mut self.current
                        && read_difference(key, &file.bytes, &mut self.at).is_none()
                    {
                        self.current = None;
                    }
                } else {
                    self.enter(self.block + 1);
                }
            }
        }
    }

    /// Gives the keys below `end` up to the end of the block, or until one is not wanted, and
    /// stands at the first that it did not give. Tells how many it gave.
    pub(super) fn each_of_block(
        &mut self,
        end: &Numbers,
        mut visit: impl FnMut(&Numbers) -> bool,
    ) -> u64 {
        let mut given = 0;
        match &*self.segment {
            Segment::Memory(runs) => {
                let rest = runs[self.order as usize].get(self.left..);
                for key in rest.unwrap_or_default().iter().take(BLOCK_QUADS) {
                    if key >= end {
                        break;
                    }
                    given += 1;
                    if !visit(key) {
                        break;
                    }
                }
                self.left += given;
                self.current = runs[self.order as usize].get(self.left).copied();
            }
            Segment::File(file) => {
                let Some(mut key) = self.current else {
                    return 0;
                };
                let next = file.next_block(file.runs[self.order as usize], self.block);
                // Only in the block in which the end lies each key is compared with it.
                let whole = next.is_some_and(|next| next <= *end);
                let (mut left, mut at) = (self.left, self.at);
                loop {
                    if !whole && key >= *end {
                        break;
                    }
                    given += 1;
                    let goes_on = visit(&key);
                    if left == 0 {
                        self.enter(self.block + 1);
                        return given as u64;
                    }
                    left -= 1;
                    if read_difference(&mut key, &file.bytes, &mut at).is_none() {
                        self.current = None;
                        return given as u64;
                    }
                    if !goes_on {
                        break;
                    }
                }
                (self.left, self.at, self.current) = (left, at, Some(key));
            }
        }
        given as u64
    }

    fn enter(&mut self, block: usize) {
        let Segment::File(file) = &*self.segment else {
            return;
        };
        let run = file.runs[self.order as usize];
        self.block = block;
        if block >= run.blocks {
            self.current = None;
            return;
        }
        self.left = (run.quads - block * BLOCK_QUADS).min(BLOCK_QUADS) - 1;
        self.at = file.offset(run, block);
        self.current = Some(file.first_key(run, block));
    }

    fn forward_to(&mut self, key: &Numbers) {
        while self.current.as_ref().is_some_and(|held| held < key) {
            self.advance();
        }
    }

    /// Moves forward to the first key that is not below the wanted one.
    pub(super) fn seek(&mut self, key: &Numbers) {
        if self.current.as_ref().is_none_or(|held| held >= key) {
            return;
        }
        match &*self.segment {
            Segment::Memory(runs) => {
                let run = &runs[self.order as usize][self.left..];
                self.left += run.partition_point(|held| held < key);
                self.current = runs[self.order as usize].get(self.left).copied();
            }
            Segment::File(file) => {
                let run = file.runs[self.order as usize];
                let block = file.block_for(run, key, self.block);
                if block != self.block {
                    self.enter(block);
                }
                self.forward_to(key);
            }
        }
    }

    /// Moves to the first key that is not below the wanted one, in either direction.
    pub(super) fn go_to(&mut self, key: &Numbers) {
        if self.current.as_ref().is_some_and(|held| held < key) {
            self.seek(key);
            return;
        }
        match &*self.segment {
            Segment::Memory(runs) => {
                let run = &runs[self.order as usize];
                self.left = run.partition_point(|held| held < key);
                self.current = run.get(self.left).copied();
            }
            Segment::File(file) => {
                let run = file.runs[self.order as usize];
                if run.blocks > 0 {
                    let block = file.block_for_anywhere(run, key);
                    self.enter(block);
                    self.forward_to(key);
                }
            }
        }
    }

    /// How many keys of the order stand before the current one.
    pub(super) fn rank(&self) -> usize {
        match &*self.segment {
            Segment::Memory(_) => self.left,
            Segment::File(file) => {
                let run = file.runs[self.order as usize];
                if self.current.is_none() {
                    run.quads
                } else {
                    let size = (run.quads - self.block * BLOCK_QUADS).min(BLOCK_QUADS);
                    self.block * BLOCK_QUADS + size - 1 - self.left
                }
            }
        }
    }
}

impl SegmentFile {
    fn block_for_anywhere(&self, run: Run, key: &Numbers) -> usize {
        let (mut low, mut high) = (0, run.blocks);
        while high > low + 1 {
            let middle = usize::midpoint(low, high);
            if self.first_key(run, middle) <= *key {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_come_back() {
        let keys: [Numbers; 5] = [
            [0, 0, 0, 0],
            [0, 1, 70_000, u64::MAX],
            [0, 2, 0, 5],
            [1, 1, 1, 1],
            [u64::MAX, 300, u64::MAX / 2, 0],
        ];
        let mut bytes = Vec::new();
        for pair in keys.windows(2) {
            write_difference(&pair[0], &pair[1], &mut bytes);
        }
        let (mut key, mut at) = (keys[0], 0);
        for expected in &keys[1..] {
            read_difference(&mut key, &bytes, &mut at).unwrap();
            assert_eq!(key, *expected);
        }
        assert_eq!(at, bytes.len());
    }
}
