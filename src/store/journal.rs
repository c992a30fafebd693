//! How do the newest commits survive until they are in a segment file?
//!
//! The journal holds whole commits in frames with a checksum. A frame that is torn or damaged ends
//! the reading: what comes after it is asked from the ledger again, as the sequence number says.
#![expect(
    clippy::cast_possible_truncation,
    reason = "frames are far below 2³² bytes"
)]

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::terms::{decode, encode, hash, read_varint, write_varint};
use super::{Batch, Durability, StoreError};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, TermRef, Triple};

const FRAME_HEAD: usize = 12;
const HEAD: usize = 16;

pub(super) struct Journal {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Journal {
    /// Begins a journal that goes on from a sequence number.
    pub(super) fn create(path: PathBuf, from: u64) -> Result<Self, StoreError> {
        let head = [from.to_le_bytes(), hash(&from.to_le_bytes()).to_le_bytes()].concat();
        fs::write(&path, head).map_err(|e| StoreError::io(&path, e))?;
        Self::open(path, HEAD as u64)
    }

    /// Opens a journal to add to it, cut to its good part.
    pub(super) fn open(path: PathBuf, length: u64) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        let file = options.open(&path).map_err(|e| StoreError::io(&path, e))?;
        let size = file.metadata().map_err(|e| StoreError::io(&path, e))?.len();
        if size != length {
            file.set_len(length).map_err(|e| StoreError::io(&path, e))?;
        }
        Ok(Self { path, file, length })
    }

    pub(super) fn append(
        &mut self,
        batch: &Batch,
        durability: Durability,
    ) -> Result<(), StoreError> {
        let payload = write(batch);
        let mut frame = Vec::with_capacity(payload.len() + FRAME_HEAD);
        frame.extend_from_slice(&(payload.len() as u32).to_le_bytes());
        frame.extend_from_slice(&hash(&payload).to_le_bytes());
        frame.extend_from_slice(&payload);
        let written = self.file.write_all(&frame).and_then(|()| match durability {
            Durability::EveryCommit => self.file.sync_data(),
            Durability::Deferred => Ok(()),
        });
        if let Err(error) = written {
            // Half a frame must not stand before the next one.
            let _ = self.file.set_len(self.length);
            return Err(StoreError::io(&self.path, error));
        }
        self.length += frame.len() as u64;
        Ok(())
    }
}

/// What could be read of a journal.
pub(super) struct Found {
    pub(super) batches: Vec<Batch>,
    /// Where its good part ends.
    pub(super) length: u64,
    /// Whether there is nothing behind the good part.
    pub(super) whole: bool,
}

/// Reads the commits of a journal up to its end or the first damage; `None` if it does not go on
/// from the given sequence number.
pub(super) fn read(path: &Path, from: u64) -> Result<Option<Found>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    let bytes = fs::read(path).map_err(|e| StoreError::io(path, e))?;
    let head = [from.to_le_bytes(), hash(&from.to_le_bytes()).to_le_bytes()].concat();
    if bytes.get(..HEAD) != Some(&head[..]) {
        return Ok(None);
    }
    let mut batches = Vec::new();
    let mut at = HEAD;
    while let Some((batch, length)) = frame(&bytes[at..]) {
        batches.push(batch);
        at += length;
    }
    Ok(Some(Found {
        batches,
        length: at as u64,
        whole: at == bytes.len(),
    }))
}

fn frame(bytes: &[u8]) -> Option<(Batch, usize)> {
    let (head, rest) = bytes.split_at_checked(FRAME_HEAD)?;
    let length = u32::from_le_bytes(head[..4].try_into().ok()?) as usize;
    let payload = rest.get(..length)?;
    let checksum = u64::from_le_bytes(head[4..].try_into().ok()?);
    let batch = if hash(payload) == checksum {
        parse(payload)?
    } else {
        return None;
    };
    Some((batch, FRAME_HEAD + length))
}

fn write(batch: &Batch) -> Vec<u8> {
    let mut out = Vec::with_capacity(4096);
    write_varint(batch.sequence, &mut out);
    write_varint(batch.remove.len() as u64, &mut out);
    for graph in &batch.remove {
        text(graph.as_ref().into(), &mut out);
    }
    write_varint(batch.put.len() as u64, &mut out);
    for (graph, triples) in &batch.put {
        text(graph.as_ref().into(), &mut out);
        write_varint(triples.len() as u64, &mut out);
        for triple in triples {
            text(triple.subject.as_ref().into(), &mut out);
            text(triple.predicate.as_ref().into(), &mut out);
            text(triple.object.as_ref(), &mut out);
        }
    }
    out
}

fn text(term: TermRef<'_>, out: &mut Vec<u8>) {
    let mut bytes = Vec::with_capacity(64);
    encode(term, &mut bytes);
    write_varint(bytes.len() as u64, out);
    out.extend_from_slice(&bytes);
}

fn parse(mut bytes: &[u8]) -> Option<Batch> {
    let rest = &mut bytes;
    let sequence = read_varint(rest)?;
    let mut batch = Batch {
        sequence,
        ..Batch::default()
    };
    for _ in 0..read_varint(rest)? {
        batch.remove.push(named_node(rest)?);
    }
    for _ in 0..read_varint(rest)? {
        let graph = named_node(rest)?;
        let mut triples = Vec::new();
        for _ in 0..read_varint(rest)? {
            let subject = match term(rest)? {
                Term::NamedNode(node) => NamedOrBlankNode::from(node),
                Term::BlankNode(node) => node.into(),
                Term::Literal(_) | Term::Triple(_) => return None,
            };
            triples.push(Triple::new(subject, named_node(rest)?, term(rest)?));
        }
        batch.put.push((graph, triples));
    }
    Some(batch)
}

fn term(bytes: &mut &[u8]) -> Option<Term> {
    let length = read_varint(bytes)? as usize;
    let (inner, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    decode(inner)
}

fn named_node(bytes: &mut &[u8]) -> Option<NamedNode> {
    match term(bytes)? {
        Term::NamedNode(node) => Some(node),
        _ => None,
    }
}
