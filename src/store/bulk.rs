//! How does a new store take in many quads at once?
//!
//! Terms get a provisional number: their family (what they are and which predicate brought them)
//! and their place in it. Families lie together in the dictionary, so that the titles of all
//! records are neighbours: they compress well, and reading them all is one walk. Quads gather in a
//! file; at the end they get their real numbers and are sorted in runs and merged.
#![expect(
    clippy::cast_possible_truncation,
    reason = "sizes are those of files and buffers on a 64-bit machine"
)]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::fs::{self, File};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tantivy::directory::DirectoryLock;

use super::StoreError;
use super::columns::{lock, store_files};
use super::dictionary::DictionaryWriter;
use super::files;
use super::manifest::{Manifest, SegmentEntry};
use super::segment::{Numbers, Order, SegmentWriter};
use super::terms::{self, Id, Kind, dictionary_id, encode, read_varint, write_varint};
use crate::rdf::{NamedNode, TermRef, Triple};

/// So many quads are sorted in memory at once (32 bytes each).
const RUN_QUADS: usize = 16_000_000;
/// Terms of one family are written out in pieces of about this size.
const PIECE_BYTES: usize = 64 * 1024;
const PLACE_BITS: u32 = 40;
/// Families are few; what would need more of them shares the last.
const FAMILIES_MAX: u64 = 4096;

/// Filling a new folder. What is not finished is as if it had not begun.
pub struct Bulk {
    folder: PathBuf,
    _lock: DirectoryLock,
    hashers: [RandomState; 2],
    numbers: HashMap<(u64, u64), Id, BuildHasherDefault<FirstWord>>,
    families: HashMap<(u8, Id), u64>,
    pieces: Vec<Family>,
    texts: Spill,
    quads: Spill,
    quad_count: u64,
    bytes: Vec<u8>,
}

#[derive(Default)]
struct Family {
    count: u64,
    pending: Vec<u8>,
    written: Vec<(u64, usize)>,
}

/// The key is a hash already.
#[derive(Default)]
struct FirstWord(u64);

impl Hasher for FirstWord {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, word: u64) {
        self.0 ^= word;
    }
}

/// A temporary file, written once and read once.
struct Spill {
    path: PathBuf,
    file: BufWriter<File>,
    length: u64,
}

impl Spill {
    fn create(path: PathBuf) -> Result<Self, StoreError> {
        let mut options = File::options();
        options.create(true).truncate(true).read(true).write(true);
        let file = options.open(&path).map_err(|e| StoreError::io(&path, e))?;
        Ok(Self {
            path,
            file: BufWriter::with_capacity(1 << 20, file),
            length: 0,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<u64, StoreError> {
        let at = self.length;
        self.file
            .write_all(bytes)
            .map_err(|e| StoreError::io(&self.path, e))?;
        self.length += bytes.len() as u64;
        Ok(at)
    }

    fn reader(&mut self) -> Result<BufReader<File>, StoreError> {
        let rewound = self.file.flush().and_then(|()| {
            let mut file = self.file.get_ref().try_clone()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(BufReader::with_capacity(1 << 20, file))
        });
        rewound.map_err(|e| StoreError::io(&self.path, e))
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::debug!(%error, "a temporary file of the store stays until it opens again");
        }
    }
}

impl Bulk {
    pub(super) fn begin(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|e| StoreError::io(folder, e))?;
        let (_, lock) = lock(folder)?;
        if Manifest::read(folder)?.is_some() {
            return Err(StoreError::NotEmpty(folder.to_owned()));
        }
        for stray in store_files(folder)? {
            let path = folder.join(stray);
            fs::remove_file(&path).map_err(|e| StoreError::io(&path, e))?;
        }
        Ok(Self {
            folder: folder.to_owned(),
            _lock: lock,
            hashers: [RandomState::new(), RandomState::new()],
            numbers: HashMap::default(),
            families: HashMap::new(),
            pieces: Vec::new(),
            texts: Spill::create(folder.join("sort-terms"))?,
            quads: Spill::create(folder.join("sort-quads"))?,
            quad_count: 0,
            bytes: Vec::new(),
        })
    }

    /// Adds triples to a graph.
    pub fn add(&mut self, graph: &NamedNode, triples: &[Triple]) -> Result<(), StoreError> {
        let g = self.number(graph.as_ref().into(), 0)?;
        for triple in triples {
            let p = self.number(triple.predicate.as_ref().into(), 1)?;
            let s = self.number(triple.subject.as_ref().into(), 0)?;
            let o = self.number(triple.object.as_ref(), p)?;
            let mut record = [0; 32];
            for (place, number) in [s, p, o, g].into_iter().enumerate() {
                record[8 * place..8 * place + 8].copy_from_slice(&number.to_le_bytes());
            }
            self.quads.write(&record)?;
            self.quad_count += 1;
        }
        Ok(())
    }

    /// How many quads have been added.
    pub fn quads(&self) -> u64 {
        self.quad_count
    }

    fn number(&mut self, term: TermRef<'_>, role: Id) -> Result<Id, StoreError> {
        if let TermRef::Literal(literal) = term
            && let Some(id) = terms::inline(literal)
        {
            return Ok(id);
        }
        self.bytes.clear();
        encode(term, &mut self.bytes);
        let key = (
            self.hashers[0].hash_one(&self.bytes),
            self.hashers[1].hash_one(&self.bytes),
        );
        if let Some(id) = self.numbers.get(&key) {
            return Ok(*id);
        }
        let next = (self.families.len() as u64).min(FAMILIES_MAX);
        let number = *self.families.entry((self.bytes[0], role)).or_insert(next);
        if self.pieces.len() <= number as usize {
            self.pieces
                .resize_with(number as usize + 1, Family::default);
        }
        let family = &mut self.pieces[number as usize];
        let id = dictionary_id(number << PLACE_BITS | family.count);
        family.count += 1;
        write_varint(self.bytes.len() as u64, &mut family.pending);
        family.pending.extend_from_slice(&self.bytes);
        if family.pending.len() >= PIECE_BYTES {
            let at = self.texts.write(&family.pending)?;
            family.written.push((at, family.pending.len()));
            family.pending.clear();
        }
        self.numbers.insert(key, id);
        Ok(id)
    }

    /// Writes the files; the store has then reached this sequence number.
    pub fn finish(mut self, sequence: u64) -> Result<(), StoreError> {
        self.numbers = HashMap::default();
        let mut manifest = Manifest {
            sequence,
            next: 2,
            ..Manifest::default()
        };
        let bases = self.write_dictionary("terms-000001")?;
        manifest.dictionaries.push("terms-000001".into());
        if self.quad_count > 0 {
            self.write_quads("quads-000002", &bases)?;
            manifest.segments.push(SegmentEntry {
                file: "quads-000002".into(),
                masked: vec![],
            });
        }
        files::sync_folder(&self.folder)?;
        manifest.write(&self.folder)
    }

    /// Writes family after family, and gives the first place of each.
    fn write_dictionary(&mut self, name: &str) -> Result<Vec<u64>, StoreError> {
        let mut out = DictionaryWriter::create(self.folder.join(name), 0)?;
        let mut reader = self.texts.reader()?;
        let mut bases = Vec::new();
        let mut base = 0;
        for family in &self.pieces {
            bases.push(base);
            base += family.count;
            for (at, length) in &family.written {
                let mut piece = vec![0; *length];
                reader
                    .seek(SeekFrom::Start(*at))
                    .and_then(|_| reader.read_exact(&mut piece))
                    .map_err(|e| StoreError::io(&self.texts.path, e))?;
                push_all(&piece, &mut out)?;
            }
            push_all(&family.pending, &mut out)?;
        }
        self.pieces = Vec::new();
        out.finish()?;
        Ok(bases)
    }

    fn write_quads(&mut self, name: &str, bases: &[u64]) -> Result<(), StoreError> {
        let mut out = SegmentWriter::create(self.folder.join(name))?;
        let mut held: Option<Vec<Numbers>> = None;
        for order in Order::ALL {
            if self.quad_count as usize <= RUN_QUADS {
                let quads = if let Some(quads) = held.take() {
                    quads
                } else {
                    let mut reader = self.quads.reader()?;
                    self.read_run(&mut reader, bases)?
                };
                let mut keys: Vec<Numbers> = quads.iter().map(|quad| order.key(*quad)).collect();
                keys.sort_unstable();
                write_keys(keys.into_iter().map(Ok), &mut out)?;
                held = Some(quads);
            } else {
                let runs = self.sorted_runs(order, bases)?;
                write_keys(Merge::new(runs)?, &mut out)?;
            }
            out.end_order()?;
        }
        out.finish().map(|_| ())
    }

    /// The next quads of the gathered file, with their real numbers.
    fn read_run(&self, reader: &mut impl Read, bases: &[u64]) -> Result<Vec<Numbers>, StoreError> {
        let mut quads = Vec::with_capacity(RUN_QUADS.min(self.quad_count as usize));
        while quads.len() < RUN_QUADS
            && let Some(quad) = read_numbers(reader, &self.quads.path)?
        {
            quads.push(quad.map(|id| match terms::kind(id) {
                Kind::Dictionary(place) => {
                    let base = bases[(place >> PLACE_BITS) as usize];
                    dictionary_id(base + (place & ((1 << PLACE_BITS) - 1)))
                }
                Kind::Inline | Kind::Local(_) => id,
            }));
        }
        Ok(quads)
    }

    fn sorted_runs(&mut self, order: Order, bases: &[u64]) -> Result<Vec<Spill>, StoreError> {
        let mut reader = self.quads.reader()?;
        let mut runs = Vec::new();
        loop {
            let mut keys = self.read_run(&mut reader, bases)?;
            if keys.is_empty() {
                return Ok(runs);
            }
            for key in &mut keys {
                *key = order.key(*key);
            }
            keys.sort_unstable();
            let mut run = Spill::create(self.folder.join(format!("sort-run-{}", runs.len())))?;
            for key in &keys {
                for number in key {
                    run.write(&number.to_le_bytes())?;
                }
            }
            runs.push(run);
        }
    }
}

fn push_all(mut piece: &[u8], out: &mut DictionaryWriter) -> Result<(), StoreError> {
    while let Some(length) = read_varint(&mut piece) {
        let (term, rest) = piece.split_at(length as usize);
        out.push(term)?;
        piece = rest;
    }
    Ok(())
}

fn write_keys(
    keys: impl Iterator<Item = Result<Numbers, StoreError>>,
    out: &mut SegmentWriter,
) -> Result<(), StoreError> {
    let mut last = None;
    for key in keys {
        let key = key?;
        if last != Some(key) {
            out.push(key)?;
            last = Some(key);
        }
    }
    Ok(())
}

fn read_numbers(reader: &mut impl Read, path: &Path) -> Result<Option<Numbers>, StoreError> {
    let mut record = [0; 32];
    match reader.read_exact(&mut record) {
        Ok(()) => Ok(Some([0, 8, 16, 24].map(|at| files::u64_at(&record, at)))),
        Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(StoreError::io(path, e)),
    }
}

/// Several sorted runs as one.
struct Merge {
    runs: Vec<(Spill, BufReader<File>)>,
    heads: BinaryHeap<Reverse<(Numbers, usize)>>,
}

impl Merge {
    fn new(spills: Vec<Spill>) -> Result<Self, StoreError> {
        let mut merge = Self {
            runs: Vec::new(),
            heads: BinaryHeap::new(),
        };
        for mut spill in spills {
            let reader = spill.reader()?;
            merge.runs.push((spill, reader));
            merge.refill(merge.runs.len() - 1)?;
        }
        Ok(merge)
    }

    fn refill(&mut self, run: usize) -> Result<(), StoreError> {
        let (spill, reader) = &mut self.runs[run];
        if let Some(key) = read_numbers(reader, &spill.path)? {
            self.heads.push(Reverse((key, run)));
        }
        Ok(())
    }
}

impl Iterator for Merge {
    type Item = Result<Numbers, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let Reverse((key, run)) = self.heads.pop()?;
        Some(self.refill(run).map(|()| key))
    }
}
