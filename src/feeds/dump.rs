//! How does everything public leave at once, as it was at one moment? As a file that is written once, and can be gone on
//! with when a transfer breaks off.
//!
//! A dump holds every public record, each in the graph of its name, exactly as its provider sent it. It is written in the
//! background, from one snapshot of the ledger, and kept until newer ones take its place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::{mpsc, watch};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::ledger::{Ledger, LedgerError, PublicChange, What};
use crate::rdf::SyntaxError;
use crate::rdf::lines::{Copying, Syntax};

/// Records that are read at once.
const RECORDS_AT_ONCE: usize = 500;
/// Parts that wait between the thread that reads and the thread that writes.
const PARTS_WAITING: usize = 2;
/// Dumps of a form that are kept, so that a transfer that has begun can end.
const KEPT: usize = 2;
/// How long a request waits for a newer dump before it takes an older one.
const WAIT: Duration = Duration::from_secs(5);
/// Between two dumps of a form passes this many times what the last one took, beyond what costs nobody anything.
const REST: u32 = 10;
const QUICK: Duration = Duration::from_secs(1);
const BUFFER_BYTES: usize = 256 * 1024;
/// zstd's own default is hardly smaller and slower by half.
const ZSTD_LEVEL: i32 = 1;
const NAME: &str = "catalogue";
/// The end of the name of a file that is being written.
const PART: &str = "part";

/// How a dump is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Packing {
    Plain,
    Zstd,
    Gzip,
}

/// A form of dumps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Variant {
    pub syntax: Syntax,
    pub packing: Packing,
}

impl Variant {
    /// Every form, with the end of its name.
    pub const ALL: [(Self, &'static str); 6] = [
        (Self::new(Syntax::NQuads, Packing::Plain), "nq"),
        (Self::new(Syntax::NQuads, Packing::Zstd), "nq.zst"),
        (Self::new(Syntax::NQuads, Packing::Gzip), "nq.gz"),
        (Self::new(Syntax::TriG, Packing::Plain), "trig"),
        (Self::new(Syntax::TriG, Packing::Zstd), "trig.zst"),
        (Self::new(Syntax::TriG, Packing::Gzip), "trig.gz"),
    ];

    const fn new(syntax: Syntax, packing: Packing) -> Self {
        Self { syntax, packing }
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        let named = Self::ALL.iter().find(|(_, name)| *name == extension);
        named.map(|(variant, _)| *variant)
    }

    pub fn extension(self) -> &'static str {
        let known = Self::ALL.iter().find(|(variant, _)| *variant == self);
        known.map_or("nq", |(_, name)| name)
    }
}

/// A dump that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    pub path: PathBuf,
    pub variant: Variant,
    /// The last change that is in it.
    pub sequence: u64,
    pub bytes: u64,
}

/// Why there is no dump.
#[derive(Debug, thiserror::Error)]
pub enum DumpError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Syntax(#[from] SyntaxError),
    #[error("the file cannot be written")]
    Io(#[from] io::Error),
    #[error("the writing of a dump was given up")]
    Interrupted,
}

/// The dumps of a catalogue.
#[derive(Clone)]
pub struct Dumps(Arc<Inner>);

struct Inner {
    catalogue: Catalogue,
    folder: PathBuf,
    /// Which forms are being written, and how the last of each went.
    forms: Mutex<Vec<(Variant, Form)>>,
    /// Changes whenever one was written or failed.
    done: watch::Sender<u64>,
    /// Dumps are written one after the other.
    one_at_a_time: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Form {
    is_being_written: bool,
    last: Option<(Instant, Duration)>,
}

impl Dumps {
    pub fn new(catalogue: Catalogue, folder: PathBuf) -> Self {
        Self(Arc::new(Inner {
            catalogue,
            folder,
            forms: Mutex::default(),
            done: watch::channel(0).0,
            one_at_a_time: tokio::sync::Mutex::default(),
        }))
    }

    /// Removes what a server that stopped left unfinished.
    pub fn clear_unfinished(&self) {
        clear_parts(&self.0.folder);
    }

    /// The newest dump of a form. When something changed since, a newer one is written; if that takes long,
    /// whoever asks gets the older one meanwhile, and nothing while there is none.
    pub async fn newest(&self, variant: Variant) -> Result<Option<Dump>, CatalogueError> {
        let wanted = self.0.catalogue.ledger().last_public_sequence().await?;
        let newest = self.kept(variant).into_iter().next();
        if newest.as_ref().is_some_and(|dump| dump.sequence >= wanted) {
            return Ok(newest);
        }
        let mut done = self.0.done.subscribe();
        if self.begin(variant) {
            let writing = self.clone();
            tokio::spawn(async move { writing.write(variant).await });
        }
        let finished =
            async { while self.is_being_written(variant) && done.changed().await.is_ok() {} };
        // What is not ready in time is ready for the next who asks.
        let _ = tokio::time::timeout(WAIT, finished).await;
        Ok(self.kept(variant).into_iter().next())
    }

    /// The dump of a form with this last change, as long as it is kept.
    pub fn of(&self, variant: Variant, sequence: u64) -> Option<Dump> {
        let kept = self.kept(variant);
        kept.into_iter().find(|dump| dump.sequence == sequence)
    }

    /// The dumps of a form, the newest first.
    fn kept(&self, variant: Variant) -> Vec<Dump> {
        let Ok(files) = fs::read_dir(&self.0.folder) else {
            return Vec::new();
        };
        let mut kept: Vec<Dump> = files
            .filter_map(|file| dump_of(&file.ok()?.path(), variant))
            .collect();
        kept.sort_by_key(|dump| std::cmp::Reverse(dump.sequence));
        kept
    }

    fn is_being_written(&self, variant: Variant) -> bool {
        let forms = self.0.forms.lock();
        forms
            .iter()
            .any(|(one, form)| *one == variant && form.is_being_written)
    }

    /// Whether a dump of a form shall be written now by whoever asks.
    fn begin(&self, variant: Variant) -> bool {
        let mut forms = self.0.forms.lock();
        if !forms.iter().any(|(one, _)| *one == variant) {
            forms.push((variant, Form::default()));
        }
        let Some((_, form)) = forms.iter_mut().find(|(one, _)| *one == variant) else {
            return false;
        };
        let rests = form
            .last
            .is_some_and(|(ended, took)| ended.elapsed() < took.saturating_sub(QUICK) * REST);
        let begins = !form.is_being_written && !rests;
        form.is_being_written |= begins;
        begins
    }

    async fn write(&self, variant: Variant) {
        let started = {
            let _one_at_a_time = self.0.one_at_a_time.lock().await;
            let started = Instant::now();
            match self.write_file(variant).await {
                Ok(dump) => {
                    let took = started.elapsed();
                    tracing::info!(
                        sequence = dump.sequence,
                        bytes = dump.bytes,
                        duration_ms = took.as_millis(),
                        "a dump was written: {}",
                        dump.path.display()
                    );
                }
                Err(error) => {
                    tracing::error!(error = ?error, folder = %self.0.folder.display(), "a dump could not be written");
                }
            }
            started
        };
        let form = Form {
            is_being_written: false,
            last: Some((Instant::now(), started.elapsed())),
        };
        let mut forms = self.0.forms.lock();
        if let Some((_, known)) = forms.iter_mut().find(|(one, _)| *one == variant) {
            *known = form;
        }
        drop(forms);
        self.0.done.send_modify(|times| *times += 1);
    }

    async fn write_file(&self, variant: Variant) -> Result<Dump, DumpError> {
        let folder = &self.0.folder;
        let part = folder.join(format!("{NAME}.{}.{PART}", variant.extension()));
        fs::create_dir_all(folder)?;
        let packer = Packer::new(variant.packing, File::create(&part)?)?;
        let written = write(self.0.catalogue.ledger(), variant.syntax, packer, |_| ()).await;
        let (packer, sequence) = written.inspect_err(|_| {
            // Nobody needs a part; what cannot be removed now goes at the next start.
            let _ = fs::remove_file(&part);
        })?;
        packer.finish()?.sync_all()?;
        let path = folder.join(file_name(sequence, variant));
        fs::rename(&part, &path)?;
        let bytes = fs::metadata(&path)?.len();
        for old in self.kept(variant).into_iter().skip(KEPT) {
            let _ = fs::remove_file(old.path);
        }
        Ok(Dump {
            path,
            variant,
            sequence,
            bytes,
        })
    }
}

/// Writes every public record as it is now, in order of creation. Gives back where it was written to, and the last
/// change that is in it. `progress` is told how many records are done.
pub async fn write<W: Write + Send + 'static>(
    ledger: &Ledger,
    syntax: Syntax,
    mut out: W,
    progress: impl Fn(u64),
) -> Result<(W, u64), DumpError> {
    let mut snapshot = ledger.public_snapshot().await?;
    let sequence = snapshot.sequence();
    let (send, mut receive) = mpsc::channel::<Vec<PublicChange>>(PARTS_WAITING);
    let writing = tokio::task::spawn_blocking(move || {
        let mut text = String::new();
        while let Some(changes) = receive.blocking_recv() {
            for change in &changes {
                text.clear();
                copy(change, syntax, &mut text)?;
                out.write_all(text.as_bytes())?;
            }
        }
        Ok::<W, DumpError>(out)
    });
    let mut records = 0;
    loop {
        let changes = snapshot.next(RECORDS_AT_ONCE).await?;
        if changes.is_empty() {
            break;
        }
        records += changes.len() as u64;
        // The thread that writes has failed: it will say why.
        if send.send(changes).await.is_err() {
            break;
        }
        progress(records);
    }
    drop(send);
    let out = writing.await.map_err(|_| DumpError::Interrupted)??;
    Ok((out, sequence))
}

fn copy(change: &PublicChange, syntax: Syntax, text: &mut String) -> Result<(), DumpError> {
    let What::Put { ntriples, .. } = &change.what else {
        return Ok(());
    };
    let copying = Copying {
        syntax,
        graph: &change.iri,
        record: &change.iri,
        skolem: None,
    };
    Ok(copying.write(ntriples, text)?)
}

/// A file that is packed while it is written.
enum Packer {
    Plain(BufWriter<File>),
    Zstd(Box<zstd::stream::write::Encoder<'static, BufWriter<File>>>),
    Gzip(Box<flate2::write::GzEncoder<BufWriter<File>>>),
}

impl Packer {
    fn new(packing: Packing, file: File) -> io::Result<Self> {
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(match packing {
            Packing::Plain => Self::Plain(file),
            Packing::Zstd => {
                let mut encoder = zstd::stream::write::Encoder::new(file, ZSTD_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zstd(Box::new(encoder))
            }
            Packing::Gzip => {
                let fast = flate2::Compression::fast();
                Self::Gzip(Box::new(flate2::write::GzEncoder::new(file, fast)))
            }
        })
    }

    fn finish(self) -> io::Result<File> {
        let mut file = match self {
            Self::Plain(file) => file,
            Self::Zstd(encoder) => encoder.finish()?,
            Self::Gzip(encoder) => encoder.finish()?,
        };
        file.flush()?;
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Zstd(encoder) => encoder.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Zstd(encoder) => encoder.flush(),
            Self::Gzip(encoder) => encoder.flush(),
        }
    }
}

fn file_name(sequence: u64, variant: Variant) -> String {
    format!("{NAME}-{sequence}.{}", variant.extension())
}

fn dump_of(path: &Path, variant: Variant) -> Option<Dump> {
    let name = path.file_name()?.to_str()?;
    let rest = name.strip_prefix(NAME)?.strip_prefix('-')?;
    let (sequence, extension) = rest.split_once('.')?;
    if extension != variant.extension() {
        return None;
    }
    Some(Dump {
        sequence: sequence.parse().ok()?,
        bytes: fs::metadata(path).ok()?.len(),
        path: path.to_owned(),
        variant,
    })
}

/// Takes away what an earlier process did not finish.
fn clear_parts(folder: &Path) {
    let Ok(files) = fs::read_dir(folder) else {
        return;
    };
    for file in files.flatten() {
        let path = file.path();
        if path.extension().is_some_and(|extension| extension == PART) {
            let _ = fs::remove_file(path);
        }
    }
}
