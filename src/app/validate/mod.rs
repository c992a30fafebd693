//! Do files fit? The check of the server, for other people's CI.

mod human;
mod junit;
mod sarif;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::load::files;
use crate::catalogue::advice::Advice;
use crate::catalogue::kind::Kinds;
use crate::catalogue::profile::{DEFAULT, Neighbours, Profiles};
use crate::catalogue::{Checked, Profile, incoming};
use crate::config::Config;
use crate::ontology::Ontology;
use crate::rdf::places::{Place, Places};
use crate::rdf::{Format, SyntaxError, Triple, format};
use crate::shacl::{Severity, ValidationResult};

/// How the result is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// For people, at a terminal.
    Human,
    Json,
    /// A `sh:ValidationReport`.
    Ttl,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// The XML of `JUnit`, for build servers.
    Junit,
}

/// What is checked, and against what.
pub struct Wish {
    pub sources: Vec<PathBuf>,
    /// Each record is checked against all of them; against that of its kind when there is none.
    pub profiles: Vec<String>,
    /// Shapes in files of their own, instead of a profile.
    pub shapes: Vec<PathBuf>,
    /// Of the messages.
    pub language: String,
    pub output: Output,
}

/// One record of a file against one profile.
pub(super) struct FileCheck {
    file: String,
    checked: Checked,
    places: Arc<Places>,
}

/// One result, and where in the file it is.
pub(super) struct Located<'a> {
    result: &'a ValidationResult,
    advice: Option<&'a Advice>,
    place: Option<Place>,
}

impl FileCheck {
    /// The results, the violations first.
    fn located(&self) -> impl Iterator<Item = Located<'_>> {
        self.checked.sorted().map(|(result, advice)| Located {
            result,
            advice,
            place: self.checked.place(result, &self.places),
        })
    }
}

/// Checks files and writes the result. Gives back whether everything fits.
pub fn run(config: &Config, wish: &Wish, out: &mut dyn Write) -> Result<bool> {
    let ontology = super::ontology(config)?;
    let kinds = super::kinds()?;
    let profiles = super::profiles(config, &ontology)?;
    if !profiles.problems().is_empty() {
        bail!("the profiles of the settings cannot be used");
    }
    let own = own_shapes(&wish.shapes, &ontology)?;
    let base = config.base()?;
    let neighbours = Neighbours {
        ontology: &ontology,
        snapshot: None,
    };
    let mut all: Vec<FileCheck> = Vec::new();
    for source in &wish.sources {
        for path in files(source)? {
            let file = path.display().to_string();
            let (triples, places) = read(&path, &format!("{base}/"))?;
            let places = Arc::new(places);
            let triples = incoming::distinct(triples);
            let records = incoming::split(&triples, &kinds, &base, None);
            if records.is_empty() {
                bail!("{file}: no record in this file");
            }
            for record in records {
                let against = match &own {
                    Some(own) => vec![Arc::clone(own)],
                    None => wanted(&profiles, &kinds, &record, &wish.profiles)?,
                };
                for profile in against {
                    all.push(FileCheck {
                        file: file.clone(),
                        checked: profile.check(&record.iri, &record.triples, &neighbours),
                        places: Arc::clone(&places),
                    });
                }
            }
        }
    }
    match wish.output {
        Output::Human => human::write(&all, &wish.language, out)?,
        Output::Json => writeln!(out, "{:#}", json(&all, &wish.language))?,
        Output::Ttl => turtle(&all, out)?,
        Output::Sarif => writeln!(out, "{:#}", sarif::log(&all, &wish.language))?,
        Output::Junit => junit::write(&all, &wish.language, out)?,
    }
    Ok(all.iter().all(|check| check.checked.fits()))
}

/// The profiles that were asked for, else those that the record names, else that of its kind.
fn wanted(
    profiles: &Profiles,
    kinds: &Kinds,
    record: &incoming::Incoming,
    asked: &[String],
) -> Result<Vec<Arc<Profile>>> {
    let named = |name: &str| {
        let known = profiles.names().collect::<Vec<_>>().join(", ");
        profiles
            .get(name)
            .with_context(|| format!("no profile {name}; there are {known}"))
    };
    if !asked.is_empty() {
        return asked.iter().map(|name| named(name)).collect();
    }
    let of_record = profiles.named_by(&record.iri, &record.triples);
    if !of_record.is_empty() {
        return Ok(of_record);
    }
    let kind = kinds.by_name(&record.kind);
    let name = kind.and_then(|kind| kind.profile.as_deref());
    Ok(vec![named(name.unwrap_or(DEFAULT))?])
}

fn own_shapes(paths: &[PathBuf], ontology: &Ontology) -> Result<Option<Arc<Profile>>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut triples = Vec::new();
    for path in paths {
        triples.extend(read(path, "urn:shapes")?.0);
    }
    let profile = Profile::from_shapes("shapes", triples, ontology)?;
    Ok(Some(Arc::new(profile)))
}

/// Reads a file in the format of its extension.
pub(super) fn read(path: &Path, base: &str) -> Result<(Vec<Triple>, Places)> {
    let name = path.display().to_string();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let format = Format::from_extension(&extension)
        .with_context(|| format!("{name}: no RDF format has this extension"))?;
    let bytes = std::fs::read(path).with_context(|| name.clone())?;
    Places::read(&bytes, format, Some(base)).map_err(|error| unreadable(&name, &error))
}

/// `FILE:LINE:COLUMN: message`, as editors understand it.
fn unreadable(name: &str, error: &SyntaxError) -> anyhow::Error {
    let mut place = name.to_owned();
    for number in [error.line, error.column].into_iter().flatten() {
        place = format!("{place}:{number}");
    }
    anyhow::anyhow!("{place}: {error}")
}

fn json(all: &[FileCheck], language: &str) -> Value {
    let one = |check: &FileCheck| {
        let mut body = check.checked.to_full_json(language, &check.places);
        body["file"] = json!(check.file);
        body
    };
    Value::Array(all.iter().map(one).collect())
}

fn turtle(all: &[FileCheck], out: &mut dyn Write) -> Result<()> {
    let triples: Vec<Triple> = all
        .iter()
        .flat_map(|check| check.checked.report.to_graph())
        .collect();
    out.write_all(&format::write_triples(
        Format::Turtle,
        triples.iter().map(Triple::as_ref),
    ))?;
    Ok(())
}

/// A severity as compilers and SARIF name it.
fn level(severity: &Severity) -> &'static str {
    match severity {
        Severity::Violation => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Custom(_) => "note",
    }
}
