//! How do many records come in at once? Files, folders and addresses, read in parallel, checked,
//! and committed in large batches.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use anyhow::{Context, Result, bail};

use super::App;
use crate::catalogue::{Catalogue, Checked, Destination};
use crate::ledger::NewChange;
use crate::outbound::{Limits, Outbound};
use crate::rdf::format::ReadError;
use crate::rdf::{Format, GraphName, Quad, format};

/// Changes that one transaction of the ledger holds.
const CHANGES_PER_COMMIT: usize = 4_000;
/// Documents that a worker takes at once.
const DOCUMENTS_PER_BATCH: usize = 64;
/// Batches that wait between two stages.
const BATCHES_WAITING: usize = 8;
/// From this many records on, the projections are built in bulk rather than step by step.
const BULK_FROM: usize = 5_000;
/// The largest document that is fetched from an address.
const FETCH_BYTES_MAX: usize = 1 << 30;
const FETCH_SECONDS_MAX: u64 = 600;

/// What a load brought.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub published: usize,
    pub drafts: usize,
    pub warnings: usize,
    /// Of the drafts: which record, and what is wrong, for the first few.
    pub complaints: Vec<String>,
}

/// How many complaints are kept.
const COMPLAINTS_MAX: usize = 20;

/// Takes documents into a catalogue.
pub struct Loader<'a> {
    app: &'a App,
    pub destination: Destination,
    pub author: String,
    /// Is told how many records are stored.
    pub progress: Box<dyn Fn(u64) + Send + Sync + 'a>,
}

type Batch = Vec<(String, Vec<Quad>)>;
type Prepared = Vec<(NewChange, Checked)>;

impl<'a> Loader<'a> {
    pub fn new(app: &'a App) -> Self {
        let destination = Destination {
            state: crate::catalogue::State::Published,
            catalogue: None,
        };
        Self {
            app,
            destination,
            author: "operator".to_owned(),
            progress: Box::new(|_| ()),
        }
    }

    /// Loads documents that are in memory.
    pub async fn documents(&self, documents: &[(String, &[u8], Format)]) -> Result<Tally> {
        let base = format!("{}/", self.app.catalogue.base());
        self.run(|send| {
            for (name, bytes, format) in documents {
                read(name, *bytes, *format, &base, send)?;
            }
            Ok(())
        })
        .await
    }

    /// Loads files, all files of folders, and what addresses answer.
    pub async fn sources(&self, sources: &[String]) -> Result<Tally> {
        let base = format!("{}/", self.app.catalogue.base());
        self.run(|send| {
            for source in sources {
                if source.starts_with("http://") || source.starts_with("https://") {
                    let (bytes, format) = fetch(source)?;
                    read(source, bytes.as_slice(), format, source, send)?;
                    continue;
                }
                for path in files(Path::new(source))? {
                    let name = path.display().to_string();
                    let extension = path.extension().unwrap_or_default().to_string_lossy();
                    let format = Format::from_extension(&extension)
                        .with_context(|| format!("{name}: no RDF format has this extension"))?;
                    let file = std::fs::File::open(&path).with_context(|| name.clone())?;
                    let source = std::io::BufReader::with_capacity(1 << 20, file);
                    read(&name, source, format, &base, send)?;
                }
            }
            Ok(())
        })
        .await
    }

    /// Reads in one thread, prepares in all, commits in the order in which work is finished.
    async fn run(
        &self,
        produce: impl FnOnce(&SyncSender<Batch>) -> Result<()> + Send,
    ) -> Result<Tally> {
        let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let (send_batch, batches) = sync_channel::<Batch>(BATCHES_WAITING);
        let (send_prepared, prepared) = sync_channel::<Result<Prepared>>(BATCHES_WAITING);
        let batches = Mutex::new(batches);
        let runtime = tokio::runtime::Handle::current();
        let tally = tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                let producer = scope.spawn(move || produce(&send_batch));
                for _ in 0..workers {
                    let send = send_prepared.clone();
                    let batches = &batches;
                    scope.spawn(move || self.work(batches, &send));
                }
                drop(send_prepared);
                let tally = self.store(&runtime, &prepared);
                // Readers and workers stop when nobody takes their work any more.
                drop(prepared);
                drop(batches.lock().map(|mut batches| {
                    let (_, closed) = sync_channel(0);
                    *batches = closed;
                }));
                let produced = producer.join();
                let tally = tally?;
                match produced {
                    Ok(result) => result.map(|()| tally),
                    Err(_) => bail!("the reader of the documents panicked"),
                }
            })
        })?;
        let total = tally.published + tally.drafts;
        if total >= BULK_FROM {
            self.app.rebuild(&*self.progress).await?;
        } else {
            self.app.catalogue.projection().catch_up().await?;
            self.app.follower().catch_up().await?;
        }
        Ok(tally)
    }

    fn work(&self, batches: &Mutex<Receiver<Batch>>, send: &SyncSender<Result<Prepared>>) {
        loop {
            let batch = match batches.lock() {
                Ok(batches) => batches.recv(),
                Err(_) => return,
            };
            let Ok(batch) = batch else { return };
            let prepared = prepare(&self.app.catalogue, &self.destination, &self.author, batch);
            let failed = prepared.is_err();
            if send.send(prepared).is_err() || failed {
                return;
            }
        }
    }

    fn store(
        &self,
        runtime: &tokio::runtime::Handle,
        prepared: &Receiver<Result<Prepared>>,
    ) -> Result<Tally> {
        let mut tally = Tally::default();
        let mut waiting: Vec<NewChange> = Vec::with_capacity(CHANGES_PER_COMMIT);
        let mut stored = 0;
        let mut commit = |waiting: &mut Vec<NewChange>| -> Result<()> {
            stored += waiting.len() as u64;
            runtime.block_on(self.app.catalogue.ledger().commit(std::mem::take(waiting)))?;
            (self.progress)(stored);
            Ok(())
        };
        for batch in prepared {
            for (change, checked) in batch? {
                tally.add(&change, &checked);
                waiting.push(change);
            }
            if waiting.len() >= CHANGES_PER_COMMIT {
                commit(&mut waiting)?;
            }
        }
        if !waiting.is_empty() {
            commit(&mut waiting)?;
        }
        Ok(tally)
    }
}

impl Tally {
    fn add(&mut self, change: &NewChange, checked: &Checked) {
        self.warnings += usize::from(checked.warnings() > 0);
        if change.state == crate::catalogue::State::Published {
            self.published += 1;
            return;
        }
        self.drafts += 1;
        if self.complaints.len() < COMPLAINTS_MAX {
            let first = checked.lines("en").into_iter().next().unwrap_or_default();
            self.complaints.push(format!("{}: {first}", change.iri));
        }
    }
}

fn prepare(
    catalogue: &Catalogue,
    destination: &Destination,
    author: &str,
    batch: Batch,
) -> Result<Prepared> {
    let at = catalogue.clock().now();
    let mut all = Vec::new();
    for (name, quads) in batch {
        let found = catalogue.prepare(quads, destination, author, at);
        all.extend(found.with_context(|| name)?);
    }
    Ok(all)
}

/// Reads a source and sends its documents on, some at a time.
fn read(
    name: &str,
    source: impl std::io::Read,
    format: Format,
    base: &str,
    send: &SyncSender<Batch>,
) -> Result<()> {
    let mut batch: Batch = Vec::new();
    let mut closed = false;
    let mut pass_on = |batch: &mut Batch| {
        if !closed && send.send(std::mem::take(batch)).is_err() {
            closed = true;
        }
    };
    let documents = each_document(source, format, base, |quads| {
        batch.push((name.to_owned(), quads));
        if batch.len() >= DOCUMENTS_PER_BATCH {
            pass_on(&mut batch);
        }
    })
    .with_context(|| name.to_owned())?;
    if documents == 0 {
        bail!("{name}: there is nothing in it");
    }
    if !batch.is_empty() {
        pass_on(&mut batch);
    }
    Ok(())
}

/// Reads a source document by document and says how many there were. Where the quads name their
/// graphs, each graph is a document of its own, so that a file of any size passes through little
/// memory; what stands in no graph comes last.
pub fn each_document(
    source: impl std::io::Read,
    format: Format,
    base: &str,
    mut each: impl FnMut(Vec<Quad>),
) -> Result<usize, ReadError> {
    let mut default: Vec<Quad> = Vec::new();
    let mut current: Vec<Quad> = Vec::new();
    let mut documents = 0;
    format::read_each(source, format, Some(base), |quad| {
        if quad.graph_name == GraphName::DefaultGraph {
            default.push(quad);
            return;
        }
        let same = current
            .last()
            .is_none_or(|last| last.graph_name == quad.graph_name);
        if !same {
            documents += 1;
            each(std::mem::take(&mut current));
        }
        current.push(quad);
    })?;
    for last in [current, default] {
        if !last.is_empty() {
            documents += 1;
            each(last);
        }
    }
    Ok(documents)
}

/// A file, or the RDF files of a folder and of the folders in it, in the order of their names.
pub fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found = Vec::new();
    let mut open = vec![path.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let extension = path
                .extension()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_dir() {
                open.push(path);
            } else if Format::from_extension(&extension).is_some() {
                found.push(path);
            }
        }
    }
    found.sort();
    if found.is_empty() {
        bail!("{}: no RDF file in this folder", path.display());
    }
    Ok(found)
}

fn fetch(address: &str) -> Result<(Vec<u8>, Format)> {
    let accept = "text/turtle, application/ld+json;q=0.9, application/rdf+xml;q=0.8, \
                  application/n-quads;q=0.7, application/trig;q=0.7, application/n-triples;q=0.6";
    let limits = Limits {
        bytes_max: FETCH_BYTES_MAX,
        timeout: std::time::Duration::from_secs(FETCH_SECONDS_MAX),
        accept: accept.to_owned(),
        ..Limits::default()
    };
    let fetched = Outbound::new(crate::outbound::Settings::default()).fetch(address, &limits)?;
    let media_type = fetched.media_type.as_deref().unwrap_or_default();
    let by_type = Format::from_media_type(media_type.split(';').next().unwrap_or_default());
    let by_name = || Format::from_extension(address.rsplit('.').next().unwrap_or_default());
    let format = by_type.or_else(by_name);
    let format =
        format.with_context(|| format!("{address} answers {media_type}, which is no RDF"))?;
    Ok((fetched.bytes, format))
}
