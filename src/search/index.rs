//! The index on disk: opening it, following changes in commits, and the snapshot that readers see.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, MutexGuard, RwLock};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tantivy::indexer::NoMergePolicy;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::{
    IndexReader, IndexWriter, ReloadPolicy, Searcher, SegmentReader, TantivyDocument, TantivyError,
    Term,
};

use super::bits::{self, Bits};
use super::columns::{Columns, Values, value_term};
use super::concepts::Concepts;
use super::definitions::{FacetDefinitions, FacetKind};
use super::document::{Extract, IndexedRecord, extract};
use super::tree::Tree;
use super::words;

/// Raised when what is written changes, so that older indexes are rebuilt.
const FORMAT: u32 = 3;
/// Tantivy refuses to write with less.
const MEMORY_BYTES_MIN: usize = 16_000_000;
/// Small segments are merged when so many have gathered.
const SEGMENTS_TO_MERGE: usize = 6;
/// No more values of one facet term are indexed per record than tantivy's terms may be long.
const TERM_BYTES_MAX: usize = 60_000;

/// How the index works.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Memory for documents not yet written, all threads together.
    pub memory_bytes: usize,
    /// Threads that write.
    pub threads: usize,
    /// The version of the ontology and of the rules of quality: another one asks for a rebuild,
    /// because every record is indexed with the concepts above its own and with its points.
    #[serde(skip)]
    pub concepts_version: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            memory_bytes: 64_000_000,
            threads: 1,
            concepts_version: String::new(),
        }
    }
}

/// What can go wrong with the index.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The index was written with another schema, other facets or another ontology.
    #[error("the search index was made for other facets or another ontology and must be rebuilt")]
    NeedsRebuild,
    /// The index cannot be read.
    #[error("the search index is damaged and must be rebuilt")]
    Damaged,
    /// Another process writes to it.
    #[error("another process has the search index open")]
    Locked,
    /// Reading or writing failed.
    #[error("the search index failed")]
    Tantivy(#[source] TantivyError),
    /// Reading or writing failed.
    #[error("the search index failed")]
    Io(#[from] std::io::Error),
    /// A hit could not be written or read.
    #[error("a stored hit cannot be read")]
    Hit(#[from] serde_json::Error),
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::Locked,
            TantivyError::DataCorruption(_) => Self::Damaged,
            other => Self::Tantivy(other),
        }
    }
}

/// One step that the index follows.
#[derive(Clone, Debug)]
pub enum IndexChange {
    /// A record became public or its public version changed.
    Put(Box<IndexedRecord>),
    /// A record is public no longer.
    Remove(String),
}

/// The text index.
pub struct Index {
    pub(super) fields: Fields,
    pub(super) names: FieldNames,
    pub(super) definitions: FacetDefinitions,
    pub(super) concepts: Arc<dyn Concepts>,
    pub(super) values: RwLock<Values>,
    /// The trees of hierarchical facets, by position.
    pub(super) trees: Mutex<FxHashMap<usize, Arc<Tree>>>,
    engine: tantivy::Index,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    snapshot: RwLock<Arc<Snapshot>>,
    sequence: AtomicU64,
    fingerprint: String,
    folder: PathBuf,
}

/// What one search sees, whatever is committed meanwhile.
pub(super) struct Snapshot {
    pub(super) searcher: Searcher,
    pub(super) segments: Vec<Arc<Segment>>,
    /// How many documents have each value.
    pub(super) totals: Vec<u32>,
    pub(super) languages: BTreeSet<String>,
    pub(super) catalogue_titles: Mutex<FxHashMap<u32, String>>,
}

/// One segment with the deletions that the snapshot sees.
pub(super) struct Segment {
    key: (String, Option<u64>),
    pub(super) columns: Arc<Columns>,
    pub(super) alive: Bits,
    counts: Vec<u32>,
    languages: BTreeSet<String>,
}

/// The fields of the schema.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields {
    pub(super) iri: Field,
    pub(super) identifier: Field,
    pub(super) title: Field,
    pub(super) keywords: Field,
    pub(super) text: Field,
    /// Each two words of the text that follow each other: a phrase of common words is found by them.
    pub(super) pairs: Field,
    pub(super) concept: Field,
    pub(super) facet: Field,
    pub(super) hit: Field,
    language: Field,
    title_key: Field,
    tie: Field,
    first_published: Field,
    changed: Field,
    quality: Field,
}

/// The names of the columns.
#[derive(Clone, Debug)]
pub(super) struct FieldNames {
    pub(super) facet: &'static str,
    pub(super) title_key: &'static str,
    pub(super) tie: &'static str,
    pub(super) first_published: &'static str,
    pub(super) changed: &'static str,
    pub(super) quality: &'static str,
    /// Facet, column of the lower bound, column of the upper bound.
    pub(super) numbers: Vec<(usize, String, Option<String>)>,
}

#[derive(Serialize, Deserialize)]
struct Payload {
    sequence: u64,
    fingerprint: String,
}

impl Index {
    /// Opens the index in a folder, or makes an empty one there.
    pub fn open(
        folder: &Path,
        settings: &Settings,
        concepts: Arc<dyn Concepts>,
        definitions: FacetDefinitions,
    ) -> Result<Self, Error> {
        fs::create_dir_all(folder)?;
        let (schema, fields, names) = schema(&definitions);
        let fingerprint = fingerprint(&schema, settings, &definitions);
        let index = match tantivy::Index::open_in_dir(folder) {
            Ok(index) => index,
            Err(_) if is_empty(folder) => tantivy::Index::create_in_dir(folder, schema.clone())?,
            Err(TantivyError::LockFailure(..)) => return Err(Error::Locked),
            Err(_) => return Err(Error::Damaged),
        };
        let payload = index.load_metas()?.payload;
        let payload = payload.and_then(|text| serde_json::from_str::<Payload>(&text).ok());
        let sequence = match payload {
            Some(payload) if payload.fingerprint == fingerprint => payload.sequence,
            None if index.schema() == schema && index.load_metas()?.segments.is_empty() => 0,
            _ => return Err(Error::NeedsRebuild),
        };
        let writer = writer(&index, settings)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual);
        let reader: IndexReader = reader.try_into()?;
        let opened = Self {
            values: RwLock::new(Values::new(definitions.facets.len())),
            trees: Mutex::default(),
            snapshot: RwLock::new(Arc::new(Snapshot::empty(reader.searcher()))),
            sequence: AtomicU64::new(sequence),
            writer: Mutex::new(writer),
            folder: folder.to_owned(),
            fields,
            names,
            definitions,
            concepts,
            engine: index,
            reader,
            fingerprint,
        };
        opened.refresh()?;
        Ok(opened)
    }

    /// The sequence of the ledger that the index has reached.
    pub fn sequence(&self) -> u64 {
        self.sequence.load(Ordering::Acquire)
    }

    /// How many records can be found.
    pub fn len(&self) -> u64 {
        self.snapshot().searcher.num_docs()
    }

    /// Whether nothing can be found.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The facets that can be asked.
    pub fn definitions(&self) -> &FacetDefinitions {
        &self.definitions
    }

    /// The bytes that the index takes on disk.
    pub fn size_bytes(&self) -> u64 {
        let files = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        files
            .filter_map(|file| file.metadata().ok())
            .map(|file| file.len())
            .sum()
    }

    /// Follows some changes and commits them together with the sequence that they lead to. The
    /// next search sees them. Without changes only the sequence is remembered, in memory: the
    /// next commit writes it.
    ///
    /// A commit takes tens of milliseconds whatever its size, so give it what has gathered.
    pub fn apply(&self, sequence: u64, changes: &[IndexChange]) -> Result<(), Error> {
        if changes.is_empty() {
            self.sequence.store(sequence, Ordering::Release);
            return Ok(());
        }
        let mut writer = self.writer.lock();
        let done = self.write(&writer, changes);
        if let Err(error) = done {
            writer.rollback()?;
            return Err(error);
        }
        self.commit(&mut writer, sequence)
    }

    /// Begins to follow many changes with one commit at the end. Others wait meanwhile.
    pub fn begin_bulk(&self) -> Bulk<'_> {
        let writer = self.writer.lock();
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Bulk {
            index: self,
            writer,
            finished: false,
        }
    }

    /// Forgets every record.
    pub fn clear(&self) -> Result<(), Error> {
        let mut writer = self.writer.lock();
        writer.delete_all_documents()?;
        self.commit(&mut writer, 0)
    }

    pub(super) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.read().clone()
    }

    fn write(&self, writer: &IndexWriter, changes: &[IndexChange]) -> Result<(), Error> {
        for change in changes {
            match change {
                IndexChange::Remove(iri) => {
                    writer.delete_term(Term::from_field_text(self.fields.iri, iri));
                }
                IndexChange::Put(record) => {
                    writer.delete_term(Term::from_field_text(self.fields.iri, &record.iri));
                    let parts = extract(record, &self.definitions, self.concepts.as_ref());
                    writer.add_document(self.document(record, &parts)?)?;
                }
            }
        }
        Ok(())
    }

    fn commit(&self, writer: &mut IndexWriter, sequence: u64) -> Result<(), Error> {
        let payload = Payload {
            sequence,
            fingerprint: self.fingerprint.clone(),
        };
        let mut prepared = writer.prepare_commit()?;
        prepared.set_payload(&serde_json::to_string(&payload)?);
        prepared.commit()?;
        self.reader.reload()?;
        self.refresh()?;
        self.sequence.store(sequence, Ordering::Release);
        Ok(())
    }

    fn document(&self, record: &IndexedRecord, parts: &Extract) -> Result<TantivyDocument, Error> {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.iri, &record.iri);
        for identifier in &parts.identifiers {
            document.add_text(fields.identifier, identifier);
        }
        for (language, text) in &parts.titles {
            document.add_pre_tokenized_text(fields.title, words::tokens(text, language));
        }
        for (language, text) in &parts.keywords {
            document.add_pre_tokenized_text(fields.keywords, words::tokens(text, language));
        }
        let all = parts
            .titles
            .iter()
            .chain(&parts.keywords)
            .chain(&parts.texts);
        for (language, text) in all {
            let tokens = words::tokens(text, language);
            document.add_pre_tokenized_text(fields.pairs, words::pairs(&tokens));
            document.add_pre_tokenized_text(fields.text, tokens);
        }
        for concept in &parts.concepts {
            document.add_text(fields.concept, concept);
        }
        for (facet, value) in &parts.values {
            let term = value_term(&self.definitions.facets[*facet].id, value);
            if term.len() < TERM_BYTES_MAX {
                document.add_text(fields.facet, term);
            }
        }
        for language in &parts.languages {
            document.add_text(fields.language, language);
        }
        self.add_numbers(parts, &mut document)?;
        document.add_text(fields.title_key, &parts.title_key);
        document.add_u64(fields.tie, parts.tie);
        document.add_i64(fields.first_published, parts.stored.first_published);
        document.add_i64(fields.changed, parts.stored.changed);
        if let Some(points) = parts.stored.quality {
            document.add_i64(fields.quality, points);
        }
        document.add_text(fields.hit, serde_json::to_string(&parts.stored)?);
        Ok(document)
    }

    fn add_numbers(&self, parts: &Extract, document: &mut TantivyDocument) -> Result<(), Error> {
        let schema = self.engine.schema();
        for (facet, low, high) in &self.names.numbers {
            let Some(numbers) = parts.numbers.get(facet) else {
                continue;
            };
            document.add_i64(schema.get_field(low)?, numbers.0);
            if let Some(high) = high {
                document.add_i64(schema.get_field(high)?, numbers.1);
            }
        }
        Ok(())
    }

    /// Lets searches see the newest commit. Only segments that are new are read.
    fn refresh(&self) -> Result<(), Error> {
        let searcher = self.reader.searcher();
        let before = self.snapshot();
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            segments.push(self.segment(reader, &before)?);
        }
        let mut totals = vec![0; self.values.read().len()];
        let mut languages = BTreeSet::from([words::DEFAULT_LANGUAGE.to_owned()]);
        for segment in &segments {
            for (total, count) in totals.iter_mut().zip(&segment.counts) {
                *total += count;
            }
            languages.extend(segment.languages.iter().cloned());
        }
        let catalogue_titles = Mutex::default();
        let snapshot = Snapshot {
            searcher,
            segments,
            totals,
            languages,
            catalogue_titles,
        };
        *self.snapshot.write() = Arc::new(snapshot);
        Ok(())
    }

    fn segment(&self, reader: &SegmentReader, before: &Snapshot) -> Result<Arc<Segment>, Error> {
        let key = (reader.segment_id().uuid_string(), reader.delete_opstamp());
        let known = before
            .segments
            .iter()
            .find(|segment| segment.key.0 == key.0);
        if let Some(known) = known.filter(|known| known.key == key) {
            return Ok(Arc::clone(known));
        }
        let (columns, languages) = match known {
            Some(known) => (Arc::clone(&known.columns), known.languages.clone()),
            None => (
                Arc::new(self.read_columns(reader)?),
                self.read_languages(reader)?,
            ),
        };
        let alive = alive(reader);
        let mut counts = vec![0; self.values.read().len()];
        columns.count(&alive, &mut counts);
        Ok(Arc::new(Segment {
            key,
            columns,
            alive,
            counts,
            languages,
        }))
    }

    fn read_columns(&self, reader: &SegmentReader) -> Result<Columns, Error> {
        let facet = |id: &str| self.definitions.position(id);
        let mut seen = |values: &mut Values, number: u32| self.name_value(values, number);
        Columns::read(reader, &self.names, &self.values, &facet, &mut seen)
    }

    fn read_languages(&self, reader: &SegmentReader) -> Result<BTreeSet<String>, Error> {
        let mut languages = BTreeSet::new();
        let index = reader.inverted_index(self.fields.language)?;
        let mut stream = index.terms().stream()?;
        while stream.advance() {
            languages.insert(String::from_utf8_lossy(stream.key()).into_owned());
        }
        Ok(languages)
    }
}

/// Many changes with one commit at the end; dropping it undoes them.
pub struct Bulk<'a> {
    index: &'a Index,
    writer: MutexGuard<'a, IndexWriter>,
    finished: bool,
}

impl Bulk<'_> {
    /// Follows some more changes.
    pub fn add(&mut self, changes: &[IndexChange]) -> Result<(), Error> {
        self.index.write(&self.writer, changes)
    }

    /// Commits everything together with the sequence that it leads to.
    pub fn finish(mut self, sequence: u64) -> Result<(), Error> {
        self.writer.set_merge_policy(Box::new(merge_policy()));
        self.index.commit(&mut self.writer, sequence)?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for Bulk<'_> {
    fn drop(&mut self) {
        if !self.finished {
            self.writer.set_merge_policy(Box::new(merge_policy()));
            if let Err(error) = self.writer.rollback() {
                tracing::error!(%error, "changes of the search index could not be undone");
            }
        }
    }
}

impl Segment {
    /// Adds to `counts` how many documents of a mask have each value. Of two halves the smaller is
    /// counted: what the others have is known.
    pub(super) fn count(&self, mask: &[u64], counts: &mut [u32]) {
        if 2 * bits::count(mask) <= bits::count(&self.alive) {
            self.columns.count(mask, counts);
            return;
        }
        let mut others = self.alive.clone();
        bits::subtract(&mut others, mask);
        let mut of_others = vec![0; counts.len()];
        self.columns.count(&others, &mut of_others);
        for ((count, of_all), of_others) in counts.iter_mut().zip(&self.counts).zip(of_others) {
            *count += of_all - of_others;
        }
    }

    /// The same for the values of one facet only.
    pub(super) fn count_facet(
        &self,
        mask: &[u64],
        facet: usize,
        values: &Values,
        counts: &mut [u32],
    ) {
        if 2 * bits::count(mask) <= bits::count(&self.alive) {
            self.columns.count_facet(mask, facet, values, counts);
            return;
        }
        let mut others = self.alive.clone();
        bits::subtract(&mut others, mask);
        let mut of_others = vec![0; counts.len()];
        self.columns
            .count_facet(&others, facet, values, &mut of_others);
        for value in values.of_facet(facet) {
            let value = *value as usize;
            let of_all = self.counts.get(value).copied().unwrap_or(0);
            counts[value] += of_all - of_others[value];
        }
    }
}

impl Snapshot {
    fn empty(searcher: Searcher) -> Self {
        Self {
            searcher,
            segments: Vec::new(),
            totals: Vec::new(),
            languages: BTreeSet::new(),
            catalogue_titles: Mutex::default(),
        }
    }
}

fn alive(reader: &SegmentReader) -> Bits {
    let Some(alive) = reader.alive_bitset() else {
        return bits::full(reader.max_doc());
    };
    let mut set = bits::empty(reader.max_doc());
    for document in alive.iter_alive() {
        bits::set(&mut set, document);
    }
    set
}

fn is_empty(folder: &Path) -> bool {
    !folder.join("meta.json").exists()
}

fn writer(index: &tantivy::Index, settings: &Settings) -> Result<IndexWriter, Error> {
    let threads = settings.threads.max(1);
    let memory = settings.memory_bytes.max(MEMORY_BYTES_MIN * threads);
    let writer = index.writer_with_num_threads(threads, memory)?;
    writer.set_merge_policy(Box::new(merge_policy()));
    Ok(writer)
}

fn merge_policy() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(SEGMENTS_TO_MERGE);
    policy.set_min_layer_size(1_000);
    policy
}

fn fingerprint(schema: &Schema, settings: &Settings, definitions: &FacetDefinitions) -> String {
    let mut digest = Sha256::new();
    digest.update(FORMAT.to_le_bytes());
    digest.update(serde_json::to_string(schema).unwrap_or_default());
    digest.update(&definitions.digest);
    digest.update(&settings.concepts_version);
    hex::encode(digest.finalize())
}

fn schema(definitions: &FacetDefinitions) -> (Schema, Fields, FieldNames) {
    let words = |option| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(option);
        TextOptions::default().set_indexing_options(indexing)
    };
    let indexing = TextFieldIndexing::default().set_tokenizer("raw");
    let indexing = indexing.set_index_option(IndexRecordOption::Basic);
    let pairs = TextOptions::default().set_indexing_options(indexing.set_fieldnorms(false));
    let mut builder = Schema::builder();
    let fields = Fields {
        iri: builder.add_text_field("iri", STRING | FAST),
        identifier: builder.add_text_field("identifier", STRING),
        title: builder.add_text_field("title", words(IndexRecordOption::WithFreqs)),
        keywords: builder.add_text_field("keywords", words(IndexRecordOption::WithFreqs)),
        text: builder.add_text_field("text", words(IndexRecordOption::WithFreqsAndPositions)),
        pairs: builder.add_text_field("pairs", pairs),
        concept: builder.add_text_field("concept", STRING),
        facet: builder.add_text_field("facet", STRING | FAST),
        hit: builder.add_text_field("hit", STORED),
        language: builder.add_text_field("language", STRING),
        title_key: builder.add_text_field("title_key", FAST),
        tie: builder.add_u64_field("tie", FAST | INDEXED),
        first_published: builder.add_i64_field("first_published", FAST),
        changed: builder.add_i64_field("changed", FAST),
        quality: builder.add_i64_field("quality", FAST),
    };
    let ranges = definitions.facets.iter().enumerate();
    let ranges = ranges.filter(|(_, facet)| facet.kind == FacetKind::Range);
    let numbers = ranges.map(|(index, facet)| {
        let low = format!("low-{}", facet.id);
        builder.add_i64_field(&low, FAST);
        let high = (!facet.high.is_empty()).then(|| format!("high-{}", facet.id));
        if let Some(high) = &high {
            builder.add_i64_field(high, FAST);
        }
        (index, low, high)
    });
    let names = FieldNames {
        numbers: numbers.collect(),
        facet: "facet",
        title_key: "title_key",
        tie: "tie",
        first_published: "first_published",
        changed: "changed",
        quality: "quality",
    };
    (builder.build(), fields, names)
}
