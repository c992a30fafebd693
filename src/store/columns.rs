//! How does the store open, and how does a commit get into it?

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Weak};
use std::thread;

use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashSet;
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, Lock, MmapDirectory};

use super::bulk::Bulk;
use super::dictionary::{Blocks, Dictionary, DictionaryFile, Tail};
use super::files;
use super::journal::{self, Journal};
use super::manifest::{self, Manifest, journal_name};
use super::scan::Layer;
use super::segment::{Cursor, Numbers, Order, Segment};
use super::snapshot::{Snapshot, State, find};
use super::statistics::{Counted, Touched};
use super::terms::{Id, dictionary_id, encode};
use super::{Batch, Settings, StoreError};
use crate::rdf::vocabulary::rdf;
use crate::rdf::{NamedNode, TermRef};

/// The embedded store. Clones share it; the last one closes it.
#[derive(Clone)]
pub struct Columns {
    pub(super) shared: Arc<Shared>,
}

pub(super) struct Shared {
    pub(super) folder: PathBuf,
    pub(super) directory: MmapDirectory,
    pub(super) settings: Settings,
    pub(super) current: RwLock<Arc<State>>,
    pub(super) writer: Mutex<Writer>,
    /// Held while segments are written or merged, so that one thread at a time does it.
    pub(super) maintenance: Mutex<()>,
    wake: SyncSender<()>,
    _lock: DirectoryLock,
}

pub(super) struct Writer {
    pub(super) journal: Journal,
    pub(super) journal_number: u64,
    pub(super) manifest: Manifest,
    /// The first so many layers are in files or being written: commits do not merge them.
    pub(super) frozen: usize,
}

impl Columns {
    /// Opens the store in a folder, or makes a new one there.
    pub fn open(folder: &Path, settings: &Settings) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(|e| StoreError::io(folder, e))?;
        let (directory, lock) = lock(folder)?;
        let mut manifest = match Manifest::read(folder)? {
            Some(manifest) => manifest,
            None => begin(folder)?,
        };
        remove_strays(folder, &manifest)?;
        let (layers, dictionary) = open_files(folder, &directory, &manifest, settings)?;
        let frozen = layers.len();
        let counted = Counted::new(&settings.vocabularies);
        let mut state = State::new(manifest.sequence, layers, dictionary, counted);
        let mut number = manifest.journal;
        let mut open: Option<Journal> = None;
        loop {
            let path = folder.join(journal_name(number));
            let Some(found) = journal::read(&path, state.sequence)? else {
                break;
            };
            for batch in &found.batches {
                state = commit(&state, batch, frozen);
            }
            open = Some(Journal::open(path, found.length)?);
            number += 1;
            if !found.whole {
                break;
            }
        }
        let (journal, journal_number) = if let Some(journal) = open {
            (journal, number - 1)
        } else {
            let path = folder.join(journal_name(number));
            (Journal::create(path, state.sequence)?, number)
        };
        // Journals behind a damaged one do not follow from what could be read.
        for stray in journal_number + 1.. {
            if fs::remove_file(folder.join(journal_name(stray))).is_err() {
                break;
            }
        }
        manifest.next = manifest.next.max(journal_number + 1);
        let (wake, woken) = sync_channel(1);
        let columns = Self {
            shared: Arc::new(Shared {
                folder: folder.to_owned(),
                directory,
                settings: settings.clone(),
                current: RwLock::new(state),
                writer: Mutex::new(Writer {
                    journal,
                    journal_number,
                    manifest,
                    frozen,
                }),
                maintenance: Mutex::new(()),
                wake,
                _lock: lock,
            }),
        };
        if settings.background {
            let shared = Arc::downgrade(&columns.shared);
            let work = move || {
                while woken.recv().is_ok() {
                    maintain(&shared);
                }
            };
            thread::Builder::new()
                .name("store-maintenance".into())
                .spawn(work)
                .map_err(|e| StoreError::io(folder, e))?;
        }
        Ok(columns)
    }

    /// Fills a new folder with many quads at once.
    pub fn bulk(folder: &Path) -> Result<Bulk, StoreError> {
        Bulk::begin(folder)
    }

    /// The ledger's sequence number that has been reached; 0 for a new store.
    pub fn sequence(&self) -> u64 {
        self.shared.current.read().sequence
    }

    /// The triples as they are now.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            state: Arc::clone(&self.shared.current.read()),
        }
    }

    /// Applies one commit of the ledger. Readers see all of it or nothing.
    pub fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut writer = self.shared.writer.lock();
        writer
            .journal
            .append(batch, self.shared.settings.durability)?;
        let state = Arc::clone(&self.shared.current.read());
        let state = commit(&state, batch, writer.frozen);
        let waiting: usize = state.layers[writer.frozen..]
            .iter()
            .map(|layer| layer.segment.quads())
            .sum();
        *self.shared.current.write() = state;
        drop(writer);
        let due = waiting >= self.shared.settings.memory_quads_max;
        if due && let Err(TrySendError::Disconnected(())) = self.shared.wake.try_send(()) {
            tracing::debug!("no thread maintains the store; its owner does");
        }
        Ok(())
    }
}

fn maintain(shared: &Weak<Shared>) {
    if let Some(shared) = shared.upgrade() {
        let columns = Columns { shared };
        if let Err(error) = columns.maintain() {
            tracing::error!(%error, "the store could not write or merge its segments");
        }
    }
}

pub(super) fn lock(folder: &Path) -> Result<(MmapDirectory, DirectoryLock), StoreError> {
    let failed =
        |e: &dyn std::error::Error| StoreError::io(folder, std::io::Error::other(e.to_string()));
    let directory = MmapDirectory::open(folder).map_err(|e| failed(&e))?;
    let lock = Lock {
        filepath: "lock".into(),
        is_blocking: false,
    };
    let lock = directory.acquire_lock(&lock).map_err(|e| match e {
        LockError::LockBusy => StoreError::Locked(folder.to_owned()),
        LockError::IoError(e) => failed(&e),
    })?;
    Ok((directory, lock))
}

/// Writes the manifest of an empty store, unless there are files of one that has lost its own.
fn begin(folder: &Path) -> Result<Manifest, StoreError> {
    if store_files(folder)?.next().is_some() {
        return Err(StoreError::damaged(
            &manifest::path(folder),
            "it is missing",
        ));
    }
    let mut manifest = Manifest::default();
    manifest.write(folder)?;
    Ok(manifest)
}

/// The names of segments, dictionaries and journals in a folder.
pub(super) fn store_files(folder: &Path) -> Result<impl Iterator<Item = String>, StoreError> {
    let entries = fs::read_dir(folder).map_err(|e| StoreError::io(folder, e))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let ours = |name: &String| {
        ["quads-", "terms-", "journal-", "sort-"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
    };
    Ok(names.filter(ours))
}

/// Removes files that a crash left behind before or after the manifest was switched.
fn remove_strays(folder: &Path, manifest: &Manifest) -> Result<(), StoreError> {
    for name in store_files(folder)? {
        let named = manifest.segments.iter().any(|segment| segment.file == name)
            || manifest.dictionaries.contains(&name)
            || (name.starts_with("journal-") && name >= journal_name(manifest.journal));
        if !named {
            let path = folder.join(name);
            fs::remove_file(&path).map_err(|e| StoreError::io(&path, e))?;
        }
    }
    Ok(())
}

fn open_files(
    folder: &Path,
    directory: &MmapDirectory,
    manifest: &Manifest,
    settings: &Settings,
) -> Result<(Vec<Layer>, Dictionary), StoreError> {
    let mut layers = Vec::new();
    for entry in &manifest.segments {
        if settings.verify {
            files::verify(&folder.join(&entry.file))?;
        }
        let bytes = files::map(directory, &entry.file)?;
        layers.push(Layer {
            segment: Arc::new(Segment::open(entry.file.clone(), bytes)?),
            masked: Arc::new(entry.masked.iter().copied().collect()),
        });
    }
    let mut dictionary = Vec::new();
    let mut next = 0;
    for name in &manifest.dictionaries {
        if settings.verify {
            files::verify(&folder.join(name))?;
        }
        let file = DictionaryFile::open(name.clone(), files::map(directory, name)?)?;
        if file.first != next {
            return Err(StoreError::damaged(
                &folder.join(name),
                "its terms do not follow",
            ));
        }
        next += file.count;
        dictionary.push(Arc::new(file));
    }
    let tail = Arc::new(RwLock::new(Tail::starting_at(next)));
    Ok((
        layers,
        Dictionary {
            files: dictionary,
            tail,
        },
    ))
}

/// The state after a commit. Layers from `frozen` on may be merged with what it adds.
fn commit(state: &State, batch: &Batch, frozen: usize) -> Arc<State> {
    let mut numbers = Numberer {
        dictionary: &state.dictionary,
        blocks: Blocks::new(64),
        known: HashMap::new(),
        bytes: Vec::new(),
    };
    let mut layers = state.layers.clone();
    let mut graphs = Vec::new();
    for graph in &batch.remove {
        if let Some(id) = numbers.find(graph.as_ref().into()) {
            mask(&mut layers, id);
            graphs.push(id);
        }
    }
    let mut latest: HashMap<Id, usize> = HashMap::new();
    for (place, (graph, _)) in batch.put.iter().enumerate() {
        let id = numbers.id(graph.as_ref().into());
        mask(&mut layers, id);
        graphs.push(id);
        latest.insert(id, place);
    }
    let mut quads: Vec<Numbers> = Vec::new();
    for (graph, place) in latest {
        for triple in &batch.put[place].1 {
            let s = numbers.id(triple.subject.as_ref().into());
            let p = numbers.id(triple.predicate.as_ref().into());
            let o = numbers.id(triple.object.as_ref());
            quads.push([s, p, o, graph]);
        }
    }
    if !quads.is_empty() {
        let segment = Arc::new(Segment::in_memory(&quads));
        layers.push(Layer {
            segment,
            masked: Arc::default(),
        });
    }
    merge_in_memory(&mut layers, frozen);
    let put = batch.put.iter().map(|(graph, _)| graph);
    let is_vocabulary = |graph: &NamedNode| state.counted.has_vocabulary(graph);
    let touched = Touched {
        before: state,
        after: &layers,
        graphs: &graphs,
        quads: &quads,
        kind: numbers.find(rdf::TYPE.into()),
        is_vocabulary: put.chain(&batch.remove).any(is_vocabulary),
    };
    let counted = state.counted.after(&touched);
    State::new(batch.sequence, layers, state.dictionary.clone(), counted)
}

struct Numberer<'a> {
    dictionary: &'a Dictionary,
    blocks: Blocks,
    known: HashMap<Box<[u8]>, Id>,
    bytes: Vec<u8>,
}

impl Numberer<'_> {
    fn find(&mut self, term: TermRef<'_>) -> Option<Id> {
        find(self.dictionary, term, &mut self.bytes, &mut self.blocks)
    }

    fn id(&mut self, term: TermRef<'_>) -> Id {
        if let TermRef::Literal(literal) = term
            && let Some(id) = super::terms::inline(literal)
        {
            return id;
        }
        self.bytes.clear();
        encode(term, &mut self.bytes);
        if let Some(id) = self.known.get(&self.bytes[..]) {
            return *id;
        }
        let place = match self.dictionary.find(&self.bytes, &mut self.blocks) {
            Some(place) => place,
            None => self.dictionary.tail.write().add(&self.bytes),
        };
        let id = dictionary_id(place);
        self.known.insert(self.bytes.clone().into_boxed_slice(), id);
        id
    }
}

/// Hides a graph in the one layer where it lives.
fn mask(layers: &mut [Layer], graph: Id) {
    for layer in layers.iter_mut().rev() {
        if !layer.masked.contains(&graph) && holds(&layer.segment, graph) {
            Arc::make_mut(&mut layer.masked).insert(graph);
            return;
        }
    }
}

fn holds(segment: &Arc<Segment>, graph: Id) -> bool {
    let cursor = Cursor::new(Arc::clone(segment), Order::Gspo, &[graph, 0, 0, 0]);
    cursor.graph() == Some(graph)
}

/// Keeps the layers in memory few: each is at least twice as large as the next.
fn merge_in_memory(layers: &mut Vec<Layer>, frozen: usize) {
    while layers.len() >= frozen + 2 {
        let [.., older, newer] = &layers[..] else {
            return;
        };
        if 2 * newer.segment.quads() < older.segment.quads() {
            return;
        }
        let merged = join_in_memory(&[older.clone(), newer.clone()]);
        layers.truncate(layers.len() - 2);
        layers.push(Layer {
            segment: Arc::new(merged),
            masked: Arc::default(),
        });
    }
}

/// One segment with the visible quads of some layers in memory.
pub(super) fn join_in_memory(layers: &[Layer]) -> Segment {
    Segment::Memory(Order::ALL.map(|order| {
        let mut keys: Vec<Numbers> = Vec::new();
        for Layer { segment, masked } in layers {
            if let Segment::Memory(runs) = &**segment {
                let visible = |key: &&Numbers| !masked.contains(&order.quad(**key)[3]);
                keys.extend(runs[order as usize].iter().filter(visible));
            }
        }
        #[expect(
            clippy::stable_sort_primitive,
            reason = "the stable sort finds the sorted runs and merges them"
        )]
        keys.sort();
        keys
    }))
}

/// What has been masked in some layers since an earlier look at them.
pub(super) fn newly_masked(now: &[Layer], before: &[FxHashSet<Id>]) -> FxHashSet<Id> {
    let pairs = now.iter().zip(before);
    pairs
        .flat_map(|(layer, before)| layer.masked.difference(before).copied())
        .collect()
}
