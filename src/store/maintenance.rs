//! When do segments go to files, and when are they merged?

use std::collections::HashSet;
use std::fs;
use std::sync::Arc;

use parking_lot::RwLock;
use rustc_hash::FxHashSet;

use super::StoreError;
use super::columns::{Columns, newly_masked};
use super::dictionary::{self, Dictionary, DictionaryFile, DictionaryWriter, Tail};
use super::files;
use super::journal::Journal;
use super::manifest::{Manifest, SegmentEntry, journal_name};
use super::scan::{Layer, Scan, Wanted};
use super::segment::{Order, Segment, SegmentWriter};
use super::snapshot::State;
use super::terms::Id;

/// A segment joins a merge when it is at most so many times as large as all newer ones together.
const GROWTH: usize = 3;
/// A segment is rewritten when it hides more graphs than one for so many of its quads.
const QUADS_PER_MASK_MIN: usize = 200;

impl Columns {
    /// Writes recent commits to files if there are enough of them, and merges segments that are
    /// due. The background thread calls it; nothing waits for it.
    pub fn maintain(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.shared.maintenance.lock();
        let waiting: usize = {
            let frozen = self.shared.writer.lock().frozen;
            let state = self.snapshot().state;
            state
                .layers
                .iter()
                .skip(frozen)
                .map(|layer| layer.segment.quads())
                .sum()
        };
        if waiting >= self.shared.settings.memory_quads_max {
            self.write_recent()?;
        }
        while self.merge_due()? {}
        Ok(())
    }

    /// Writes all recent commits to files now, for a quick start next time.
    pub fn flush(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.shared.maintenance.lock();
        self.write_recent()?;
        while self.merge_due()? {}
        Ok(())
    }

    /// The layers in memory become one segment file, the tail of the dictionary one more file.
    fn write_recent(&self) -> Result<(), StoreError> {
        let shared = &self.shared;
        let (state, files, mut manifest, terms, first) = {
            let mut writer = shared.writer.lock();
            let state = Arc::clone(&shared.current.read());
            let files = state
                .layers
                .iter()
                .take_while(|l| l.segment.is_file())
                .count();
            if state.sequence == writer.manifest.sequence && files == state.layers.len() {
                return Ok(());
            }
            let number = writer.journal_number + 1;
            let path = shared.folder.join(journal_name(number));
            writer.journal = Journal::create(path, state.sequence)?;
            writer.journal_number = number;
            writer.frozen = state.layers.len();
            let mut manifest = writer.manifest.clone();
            manifest.journal = number;
            manifest.sequence = state.sequence;
            let tail = state.dictionary.tail.read();
            let (first, end) = (tail.first, tail.end());
            let terms = tail.range(first, end);
            drop(tail);
            (state, files, manifest, terms, first)
        };
        for (entry, layer) in manifest.segments.iter_mut().zip(&state.layers) {
            entry.masked = layer.masked.iter().copied().collect();
        }
        let recent = &state.layers[files..];
        let segment = self.write_segment(recent, &mut manifest)?;
        if let Some(segment) = &segment {
            let file = segment.file_name().unwrap_or_default().to_owned();
            manifest.segments.push(SegmentEntry {
                file,
                masked: Vec::new(),
            });
        }
        let mut dictionary_file = None;
        if !terms.is_empty() {
            let name = new_name("terms", &mut manifest);
            let mut out = DictionaryWriter::create(shared.folder.join(&name), first)?;
            for term in &terms {
                out.push(term)?;
            }
            out.finish()?;
            let bytes = files::map(&shared.directory, &name)?;
            dictionary_file = Some(Arc::new(DictionaryFile::open(name.clone(), bytes)?));
            manifest.dictionaries.push(name);
        }
        self.switch(&mut manifest, |now| {
            let before = masks(recent);
            let added = newly_masked(&now.layers[files..state.layers.len()], &before);
            let mut layers = now.layers[..files].to_vec();
            if let Some(segment) = segment {
                layers.push(Layer {
                    segment: Arc::new(segment),
                    masked: Arc::new(added),
                });
            }
            layers.extend_from_slice(&now.layers[state.layers.len()..]);
            let mut dictionary = now.dictionary.clone();
            if let Some(file) = dictionary_file {
                let from = file.first + file.count;
                dictionary.files.push(file);
                let old = dictionary.tail.read();
                let mut tail = Tail::starting_at(from);
                for term in old.range(from, old.end()) {
                    tail.add(&term);
                }
                drop(old);
                dictionary.tail = Arc::new(RwLock::new(tail));
            }
            (layers, dictionary)
        })
    }

    /// Merges the newest files that belong together; false if none do.
    fn merge_due(&self) -> Result<bool, StoreError> {
        let state = self.snapshot().state;
        let files = state
            .layers
            .iter()
            .take_while(|l| l.segment.is_file())
            .count();
        let sizes: Vec<usize> = state.layers[..files]
            .iter()
            .map(|layer| layer.segment.quads())
            .collect();
        let crowded = |layer: &Layer| {
            layer.masked.len() > 1000.max(layer.segment.quads() / QUADS_PER_MASK_MIN)
        };
        let from = tier(&sizes)
            .into_iter()
            .chain(state.layers[..files].iter().position(crowded))
            .min();
        let terms: Vec<usize> = state
            .dictionary
            .files
            .iter()
            .map(|file| usize::try_from(file.count).unwrap_or(usize::MAX))
            .collect();
        let terms_from = tier(&terms);
        if from.is_none() && terms_from.is_none() {
            return Ok(false);
        }
        if let Some(from) = from {
            self.merge_segments(from, files)?;
        }
        if let Some(from) = terms_from {
            self.merge_dictionaries(from)?;
        }
        Ok(true)
    }

    fn merge_segments(&self, from: usize, to: usize) -> Result<(), StoreError> {
        let mut manifest = self.shared.writer.lock().manifest.clone();
        let state = self.snapshot().state;
        // Only what the manifest already hides is left out: commits that are still in the journal
        // may be lost in a crash, and then the old graphs must be there.
        let durable: Vec<FxHashSet<Id>> = manifest.segments[from..to]
            .iter()
            .map(|entry| entry.masked.iter().copied().collect())
            .collect();
        let layers: Vec<Layer> = state.layers[from..to]
            .iter()
            .zip(&durable)
            .map(|(layer, masked)| Layer {
                segment: Arc::clone(&layer.segment),
                masked: Arc::new(masked.clone()),
            })
            .collect();
        let segment = self.write_segment(&layers, &mut manifest)?;
        let entry = segment.as_ref().map(|segment| SegmentEntry {
            file: segment.file_name().unwrap_or_default().to_owned(),
            masked: Vec::new(),
        });
        manifest.segments.splice(from..to, entry);
        self.switch(&mut manifest, |now| {
            let added = newly_masked(&now.layers[from..to], &durable);
            let mut layers = now.layers.clone();
            let merged = segment.map(|segment| Layer {
                segment: Arc::new(segment),
                masked: Arc::new(added),
            });
            layers.splice(from..to, merged);
            (layers, now.dictionary.clone())
        })
    }

    fn merge_dictionaries(&self, from: usize) -> Result<(), StoreError> {
        let mut manifest = self.shared.writer.lock().manifest.clone();
        let state = self.snapshot().state;
        let name = new_name("terms", &mut manifest);
        dictionary::join(
            &state.dictionary.files[from..],
            self.shared.folder.join(&name),
        )?;
        let bytes = files::map(&self.shared.directory, &name)?;
        let file = Arc::new(DictionaryFile::open(name.clone(), bytes)?);
        manifest.dictionaries.truncate(from);
        manifest.dictionaries.push(name);
        self.switch(&mut manifest, |now| {
            let mut dictionary = now.dictionary.clone();
            dictionary.files.truncate(from);
            dictionary.files.push(file);
            (now.layers.clone(), dictionary)
        })
    }

    /// Writes the visible quads of some layers to one file; `None` if there are none.
    fn write_segment(
        &self,
        layers: &[Layer],
        manifest: &mut Manifest,
    ) -> Result<Option<Segment>, StoreError> {
        let nothing = Scan::new(layers, Order::Spog, &[], Wanted::default(), None)
            .next_key()
            .is_none();
        if nothing {
            return Ok(None);
        }
        let name = new_name("quads", manifest);
        let mut out = SegmentWriter::create(self.shared.folder.join(&name))?;
        for order in Order::ALL {
            let mut scan = Scan::new(layers, order, &[], Wanted::default(), None);
            while let Some(key) = scan.next_key() {
                out.push(key)?;
            }
            out.end_order()?;
        }
        out.finish()?;
        let bytes = files::map(&self.shared.directory, &name)?;
        Segment::open(name, bytes).map(Some)
    }

    /// Makes the manifest true on disk, then shows readers the same, then removes what is not
    /// named any more. Readers of older snapshots keep their files mapped.
    fn switch(
        &self,
        manifest: &mut Manifest,
        change: impl FnOnce(&State) -> (Vec<Layer>, Dictionary),
    ) -> Result<(), StoreError> {
        let shared = &self.shared;
        files::sync_folder(&shared.folder)?;
        manifest.write(&shared.folder)?;
        let old = {
            let mut writer = shared.writer.lock();
            let now = Arc::clone(&shared.current.read());
            let (layers, dictionary) = change(&now);
            writer.frozen = layers.iter().take_while(|l| l.segment.is_file()).count();
            *shared.current.write() =
                State::new(now.sequence, layers, dictionary, now.counted.clone());
            std::mem::replace(&mut writer.manifest, manifest.clone())
        };
        let names = |manifest: &Manifest| -> HashSet<String> {
            let segments = manifest.segments.iter().map(|entry| entry.file.clone());
            let journals =
                (manifest.journal.saturating_sub(1)..=manifest.journal).map(journal_name);
            segments
                .chain(manifest.dictionaries.iter().cloned())
                .chain(journals)
                .collect()
        };
        let kept = names(manifest);
        let journals = (old.journal..manifest.journal).map(journal_name);
        let unnamed = names(&old)
            .into_iter()
            .filter(|name| !kept.contains(name) && !name.starts_with("journal-"));
        for name in unnamed.chain(journals).collect::<Vec<_>>() {
            if let Err(error) = fs::remove_file(shared.folder.join(&name))
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(%error, name, "an old file of the store could not be removed");
            }
        }
        Ok(())
    }
}

fn masks(layers: &[Layer]) -> Vec<FxHashSet<Id>> {
    layers.iter().map(|layer| (*layer.masked).clone()).collect()
}

fn new_name(kind: &str, manifest: &mut Manifest) -> String {
    manifest.next += 1;
    format!("{kind}-{:06}", manifest.next)
}

/// From which size on the newest files should become one; sizes then grow at least [`GROWTH`] fold.
fn tier(sizes: &[usize]) -> Option<usize> {
    let mut from = sizes.len().checked_sub(1)?;
    let mut total = sizes[from];
    while from > 0 && sizes[from - 1] <= GROWTH * total {
        from -= 1;
        total += sizes[from];
    }
    (sizes.len() - from >= 2).then_some(from)
}
