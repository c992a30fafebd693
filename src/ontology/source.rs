//! Which files are in force: those in the binary, and an operator's folder over them?

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

use super::OntologyError;
use crate::rdf::Format;

static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/ontology");

/// A file larger than this is refused: the hyperontology in RDF/XML has 5 MB.
pub const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// One document, kept as text so that its triples need not stay in memory.
pub(super) struct Source {
    /// The file's name, for messages.
    pub(super) file: String,
    /// The file's name without extension.
    pub(super) stem: String,
    pub(super) format: Format,
    /// The graph that it was imported for.
    pub(super) graph: Option<String>,
    text: Text,
}

enum Text {
    Bundled(&'static [u8]),
    /// An operator's file, compressed: it may be large and is seldom looked at.
    Own(Vec<u8>),
}

impl Source {
    pub(super) fn bytes(&self) -> Cow<'static, [u8]> {
        match &self.text {
            Text::Bundled(bytes) => Cow::Borrowed(bytes),
            Text::Own(compressed) => {
                let bytes = zstd::decode_all(compressed.as_slice());
                Cow::Owned(bytes.expect("we compressed it ourselves"))
            }
        }
    }

    /// The same, for a graph that the document itself may not name.
    pub(super) fn of_graph(self, graph: &str) -> Self {
        Self {
            graph: Some(graph.to_owned()),
            ..self
        }
    }

    /// Whether it is an operator's.
    pub(super) fn is_own(&self) -> bool {
        matches!(self.text, Text::Own(_))
    }

    #[cfg(test)]
    pub(super) fn from_text(file: &str, text: &'static str) -> Self {
        let path = Path::new(file);
        Self {
            file: file.to_owned(),
            stem: stem(path),
            format: format_of(path).unwrap(),
            graph: None,
            text: Text::Bundled(text.as_bytes()),
        }
    }
}

/// The files in the binary: the hyperontology first, then the others by name.
pub(super) fn bundled() -> Vec<Source> {
    let mut sources: Vec<Source> = BUNDLED
        .files()
        .filter_map(|file| {
            Some(Source {
                file: file.path().display().to_string(),
                stem: stem(file.path()),
                format: format_of(file.path())?,
                graph: None,
                text: Text::Bundled(file.contents()),
            })
        })
        .collect();
    sources.sort_by(|a, b| {
        let rank = |source: &Source| source.stem != "hyperontology";
        rank(a).cmp(&rank(b)).then_with(|| a.stem.cmp(&b.stem))
    });
    sources
}

/// The files of an operator's folder, by name; files in formats that we do not know are passed
/// over. A file that cannot be read is a problem, not the end.
pub(super) fn folder(
    folder: &Path,
    problems: &mut Vec<OntologyError>,
) -> Result<Vec<Source>, OntologyError> {
    let failed = |source| OntologyError::Folder {
        folder: folder.to_owned(),
        source,
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_file() && format_of(&path).is_some() {
            paths.push(path);
        }
    }
    paths.sort();
    let mut sources = Vec::new();
    for path in paths {
        match read(&path) {
            Ok(source) => sources.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    Ok(sources)
}

/// One file of an operator's.
pub(super) fn read(path: &Path) -> Result<Source, OntologyError> {
    let file = path.display().to_string();
    let failed = |source| OntologyError::File {
        file: file.clone(),
        source,
    };
    let size_bytes = fs::metadata(path).map_err(failed)?.len();
    if size_bytes > FILE_BYTES_MAX {
        return Err(OntologyError::TooLarge { file, size_bytes });
    }
    let bytes = fs::read(path).map_err(failed)?;
    let compressed = zstd::encode_all(bytes.as_slice(), 3).map_err(failed)?;
    let format = format_of(path).unwrap_or(Format::Turtle);
    Ok(Source {
        stem: stem(path),
        format,
        graph: None,
        text: Text::Own(compressed),
        file,
    })
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn format_of(path: &Path) -> Option<Format> {
    Format::from_extension(path.extension()?.to_str()?)
}
