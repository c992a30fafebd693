//! Which versions of a vocabulary are kept side by side, and which of them is in force?
//!
//! Each version is a file of its own in the data folder. One small table names them all and says
//! which are in force; it is replaced as a whole, so that a switch happens or does not.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::read;
use super::source::{self, Source};
use super::{OntologyError, build};

/// The vocabulary of the binary, or of the folder of the settings.
pub const BUNDLED: &str = "bundled";
/// The table of versions.
const TABLE: &str = "versions.toml";
/// No more versions of one vocabulary are kept.
const VERSIONS_MAX: usize = 1_000;
const NAME_LETTERS_MAX: usize = 64;
/// Of a digest in a name.
const DIGITS: usize = 8;

/// Why a version could not be kept or put in force.
#[derive(Debug, Error)]
pub enum VersionsError {
    #[error(transparent)]
    Ontology(#[from] OntologyError),
    #[error("{file} cannot be read or written")]
    Io {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("{file} is no table of versions: {error}")]
    Table {
        file: PathBuf,
        error: Box<toml::de::Error>,
    },
    #[error(
        "{0:?} is no name of a version: use up to 64 letters, digits, dots, dashes and underscores"
    )]
    Name(String),
    #[error(
        "there is another version {name} of <{graph}> already; choose another name with --name"
    )]
    Taken { name: String, graph: String },
    #[error("no version {name} of <{graph}> is kept; there are {known}")]
    Unknown {
        name: String,
        graph: String,
        known: String,
    },
    #[error("{0} versions of <{1}> are kept; that is all that is possible")]
    TooMany(usize, String),
}

/// The versions of all vocabularies that were ever imported.
#[derive(Debug)]
pub struct Versions {
    folder: PathBuf,
    table: Table,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    #[serde(default)]
    vocabulary: Vec<Kept>,
}

/// The versions of one vocabulary.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The IRI of its graph.
    pub graph: String,
    /// The version in force; none when it is the one of the binary.
    pub in_force: Option<String>,
    #[serde(default)]
    pub version: Vec<Version>,
}

/// One version: a file, exactly as it was imported.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Version {
    pub name: String,
    /// The file's path in the folder of versions.
    pub file: String,
    /// SHA-256 of the file.
    pub digest: String,
    /// What the vocabulary calls its version itself.
    pub declares: Option<String>,
    pub imported_at: String,
}

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    pub graph: String,
    pub name: String,
    /// Whether it was kept before already.
    pub known: bool,
}

impl Versions {
    /// Opens the table in a folder; without one nothing is kept yet.
    pub fn open(folder: &Path) -> Result<Self, VersionsError> {
        let file = folder.join(TABLE);
        let table = match fs::read_to_string(&file) {
            Ok(text) => toml::from_str(&text).map_err(|error| VersionsError::Table {
                file,
                error: Box::new(error),
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Table::default(),
            Err(source) => return Err(VersionsError::Io { file, source }),
        };
        Ok(Self {
            folder: folder.to_owned(),
            table,
        })
    }

    pub fn all(&self) -> &[Kept] {
        &self.table.vocabulary
    }

    /// The versions of a vocabulary, by the IRI of its graph.
    pub fn of(&self, graph: &str) -> Option<&Kept> {
        self.table
            .vocabulary
            .iter()
            .find(|kept| kept.graph == graph)
    }

    /// The files in force. What cannot be read, or is not what was imported, is a problem.
    /// Which version of each vocabulary is in force, where it is not the one of the binary or of the settings.
    pub fn names_in_force(&self) -> Vec<String> {
        let kept = self.all().iter();
        let named = kept.filter_map(|kept| {
            let name = kept.in_force.as_ref()?;
            let version = kept.version.iter().find(|version| version.name == *name);
            let digest = version.map_or("", |version| &version.digest);
            Some(format!("{} {name} {digest}", kept.graph))
        });
        let mut named: Vec<String> = named.collect();
        named.sort_unstable();
        named
    }

    pub(super) fn in_force(&self, problems: &mut Vec<OntologyError>) -> Vec<Source> {
        let named = self.all().iter().filter_map(|kept| {
            let name = kept.in_force.as_deref()?;
            Some((kept, name))
        });
        let mut sources = Vec::new();
        for (kept, name) in named {
            match self.source(kept, name) {
                Ok(source) => sources.push(source),
                Err(problem) => problems.push(problem),
            }
        }
        sources
    }

    fn source(&self, kept: &Kept, name: &str) -> Result<Source, OntologyError> {
        let version = kept.version.iter().find(|version| version.name == name);
        let version = version.ok_or_else(|| OntologyError::Missing {
            name: name.to_owned(),
            graph: kept.graph.clone(),
        })?;
        let source = source::read(&self.folder.join(&version.file))?;
        if digest(&source.bytes()) != version.digest {
            let file = source.file;
            return Err(OntologyError::Altered { file });
        }
        Ok(source.of_graph(&kept.graph))
    }

    /// The table with another version of a vocabulary in force, for looking at it before it is.
    pub fn supposing(&self, graph: &str, name: &str) -> Result<Self, VersionsError> {
        let mut table = self.table.clone();
        let kept = table.vocabulary.iter_mut().find(|kept| kept.graph == graph);
        let has = |kept: &&mut Kept| kept.version.iter().any(|version| version.name == name);
        match kept {
            Some(kept) if name == BUNDLED => kept.in_force = None,
            None if name == BUNDLED => {}
            kept => {
                let known = self.names(graph);
                let kept = kept.filter(has).ok_or_else(|| VersionsError::Unknown {
                    name: name.to_owned(),
                    graph: graph.to_owned(),
                    known,
                })?;
                kept.in_force = Some(name.to_owned());
            }
        }
        Ok(Self {
            folder: self.folder.clone(),
            table,
        })
    }

    fn names(&self, graph: &str) -> String {
        let kept = self.of(graph).into_iter().flat_map(|kept| &kept.version);
        let names = kept.map(|version| version.name.as_str());
        names.chain([BUNDLED]).collect::<Vec<_>>().join(", ")
    }

    /// Puts a version in force, for whoever reads the table from now on.
    pub fn put_in_force(&mut self, graph: &str, name: &str) -> Result<(), VersionsError> {
        let supposed = self.supposing(graph, name)?;
        supposed.write()?;
        *self = supposed;
        Ok(())
    }

    /// Keeps a file as a version of the vocabulary that it declares. The text that the binary has
    /// of it is kept, too: another binary may have another.
    pub fn keep(
        &mut self,
        file: &Path,
        name: Option<&str>,
        imported_at: &str,
    ) -> Result<Imported, VersionsError> {
        let source = source::read(file)?;
        let bundled = source::bundled();
        let namesake = bundled.iter().find(|known| known.stem == source.stem);
        let known_as = namesake.map(|known| read::read(known, None)).transpose()?;
        let document = read::read(&source, known_as.as_ref().map(|known| known.graph.as_str()))?;
        let graph = document.graph;
        if self.of(&graph).is_none()
            && let Some((original, declares)) = build::bundled_graph(&bundled, &graph)?
        {
            let name = format!("{BUNDLED}-{}", &digest(&original.bytes())[..DIGITS]);
            self.add(&graph, original, &name, declares, imported_at)?;
        }
        let digest = digest(&source.bytes());
        let fallback = || {
            sanitised(document.version.as_deref()).unwrap_or_else(|| digest[..DIGITS].to_owned())
        };
        let name = name.map_or_else(fallback, str::to_owned);
        if !is_name(&name) || name == BUNDLED {
            return Err(VersionsError::Name(name));
        }
        let same = self.of(&graph).into_iter().flat_map(|kept| &kept.version);
        let same = same
            .clone()
            .find(|version| version.digest == digest)
            .or_else(|| {
                let mut same = same.clone();
                same.find(|version| version.name == name)
            });
        if let Some(version) = same {
            if version.digest != digest {
                return Err(VersionsError::Taken { name, graph });
            }
            return Ok(Imported {
                name: version.name.clone(),
                graph,
                known: true,
            });
        }
        self.add(&graph, &source, &name, document.version, imported_at)?;
        Ok(Imported {
            graph,
            name,
            known: false,
        })
    }

    fn add(
        &mut self,
        graph: &str,
        source: &Source,
        name: &str,
        declares: Option<String>,
        imported_at: &str,
    ) -> Result<(), VersionsError> {
        let count = self.of(graph).map_or(0, |kept| kept.version.len());
        if count >= VERSIONS_MAX {
            return Err(VersionsError::TooMany(count, graph.to_owned()));
        }
        let bytes = source.bytes();
        let folder = format!(
            "{}-{}",
            readable(graph),
            &digest(graph.as_bytes())[..DIGITS]
        );
        let file = format!("{folder}/{name}.{}", source.format.extension());
        write_whole(&self.folder.join(&file), &bytes)?;
        let version = Version {
            name: name.to_owned(),
            file,
            digest: digest(&bytes),
            declares,
            imported_at: imported_at.to_owned(),
        };
        let mut table = self.table.clone();
        match table.vocabulary.iter_mut().find(|kept| kept.graph == graph) {
            Some(kept) => kept.version.push(version),
            None => table.vocabulary.push(Kept {
                graph: graph.to_owned(),
                in_force: None,
                version: vec![version],
            }),
        }
        let next = Self {
            folder: self.folder.clone(),
            table,
        };
        next.write()?;
        *self = next;
        Ok(())
    }

    fn write(&self) -> Result<(), VersionsError> {
        let text = toml::to_string(&self.table).expect("a table of texts can be written");
        let text = format!("# Versions of vocabularies; changed by `vesalius ontology`.\n\n{text}");
        write_whole(&self.folder.join(TABLE), text.as_bytes())
    }
}

/// Writes a file beside its place, and puts it there when it is safe on the disk.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), VersionsError> {
    let failed = |source| VersionsError::Io {
        file: path.to_owned(),
        source,
    };
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let mut file = File::create(&beside).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.sync_all().map_err(failed)?;
    fs::rename(&beside, path).map_err(failed)?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn is_name(name: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    !name.is_empty()
        && name.len() <= NAME_LETTERS_MAX
        && name.chars().all(plain)
        && !name.starts_with('.')
}

/// A version as it calls itself, as far as it can be a name.
fn sanitised(version: Option<&str>) -> Option<String> {
    let version = version?.trim().replace([' ', ':', '/', ','], "-");
    is_name(&version).then_some(version)
}

/// The last part of an IRI, as far as it can be part of a file's name.
fn readable(iri: &str) -> String {
    let last = iri
        .trim_end_matches(['#', '/'])
        .rsplit(['#', '/'])
        .next()
        .unwrap_or_default();
    let plain = last
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-');
    let name: String = plain.take(NAME_LETTERS_MAX / 2).collect();
    if name.is_empty() {
        "vocabulary".to_owned()
    } else {
        name
    }
}
