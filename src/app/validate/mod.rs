//! Do files fit? The check of the server, for other people's CI.

mod human;
mod junit;
mod sarif;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::json;

use super::load::files;
use crate::catalogue::kind::Kinds;
use crate::catalogue::profile::{self, DEFAULT, Neighbours, Profiles};
use crate::catalogue::{Base, Checked, Profile, Told, incoming};
use crate::config::Config;
use crate::ontology::Ontology;
use crate::rdf::places::{Place, Places};
use crate::rdf::{Format, SyntaxError, Triple, format};
use crate::shacl::Severity;

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
    told: Told<'a>,
    place: Option<Place>,
}

impl FileCheck {
    /// The results, the violations first.
    fn located(&self) -> impl Iterator<Item = Located<'_>> {
        self.checked.sorted().map(|told| Located {
            told,
            place: self.checked.place(told.result, &self.places),
        })
    }
}

/// Writes checks as they come, so that none is held longer than needed.
trait Teller {
    fn tell(&mut self, check: &FileCheck, out: &mut dyn Write) -> Result<()>;

    /// Ends the document, also when a later file could not be read.
    fn end(&mut self, out: &mut dyn Write) -> Result<()>;
}

/// Checks files and writes the result. Gives back whether everything fits.
pub fn run(config: &Config, wish: &Wish, out: &mut dyn Write) -> Result<bool> {
    let checker = Checker::new(config, wish)?;
    let language = wish.language.clone();
    let mut teller: Box<dyn Teller> = match wish.output {
        Output::Human => Box::new(human::Lines::new(&language)),
        Output::Json => Box::new(Json {
            language,
            begun: false,
        }),
        Output::Ttl => Box::new(Turtle),
        Output::Sarif => Box::new(sarif::Log::new(language)),
        Output::Junit => Box::new(junit::Suites::new(language)),
    };
    let mut fits = true;
    let mut each = || {
        for source in &wish.sources {
            for path in files(source)? {
                checker.file(&path, &mut |check| {
                    fits &= check.checked.fits();
                    teller.tell(&check, out)
                })?;
            }
        }
        Ok(())
    };
    let all_read = each();
    teller.end(out)?;
    all_read.map(|()| fits)
}

/// What files are checked with.
struct Checker<'a> {
    wish: &'a Wish,
    ontology: Ontology,
    kinds: Kinds,
    profiles: Profiles,
    own: Option<Arc<Profile>>,
    base: Base,
}

impl<'a> Checker<'a> {
    fn new(config: &Config, wish: &'a Wish) -> Result<Self> {
        let ontology = super::ontology(config)?;
        let profiles = super::profiles(config, &ontology)?;
        if !profiles.problems().is_empty() {
            bail!("the profiles of the settings cannot be used");
        }
        Ok(Self {
            wish,
            kinds: super::kinds()?,
            profiles,
            own: own_shapes(&wish.shapes, &ontology)?,
            base: config.base()?,
            ontology,
        })
    }

    /// Checks each record of a file against each of its profiles.
    fn file(&self, path: &Path, tell: &mut dyn FnMut(FileCheck) -> Result<()>) -> Result<()> {
        let file = path.display().to_string();
        let (triples, places) = read(path, &format!("{}/", self.base))?;
        let places = Arc::new(places);
        let triples = incoming::distinct(triples);
        let records = incoming::split(&triples, &self.kinds, &self.base, None);
        if records.is_empty() {
            bail!("{file}: no record in this file");
        }
        let neighbours = Neighbours {
            ontology: &self.ontology,
            snapshot: None,
        };
        for record in records {
            let against = match &self.own {
                Some(own) => vec![Arc::clone(own)],
                None => wanted(&self.profiles, &self.kinds, &record, &self.wish.profiles)?,
            };
            for profile in against {
                tell(FileCheck {
                    file: file.clone(),
                    checked: profile.check(&record.iri, &record.triples, &neighbours),
                    places: Arc::clone(&places),
                })?;
            }
        }
        Ok(())
    }
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
    match Profile::from_shapes("shapes", triples, ontology) {
        Ok(profile) => Ok(Some(Arc::new(profile))),
        Err(error) => Err(placed(paths, ontology)?.unwrap_or_else(|| error.into())),
    }
}

/// What is wrong with files of shapes, a line for each place.
fn placed(paths: &[PathBuf], ontology: &Ontology) -> Result<Option<anyhow::Error>> {
    let mut files = Vec::new();
    for path in paths {
        files.push((path.display().to_string(), std::fs::read(path)?));
    }
    let problems = profile::ill_formed(&files, ontology);
    let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Ok((!lines.is_empty()).then(|| anyhow::anyhow!(lines.join("\n"))))
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

/// One array, a member for each record and profile.
struct Json {
    language: String,
    begun: bool,
}

impl Teller for Json {
    fn tell(&mut self, check: &FileCheck, out: &mut dyn Write) -> Result<()> {
        let mut body = check.checked.to_full_json(&self.language, &check.places);
        body["file"] = json!(check.file);
        let before = if self.begun { "," } else { "[" };
        write!(out, "{before}\n{body:#}")?;
        self.begun = true;
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        let end = if self.begun { "\n]" } else { "[]" };
        writeln!(out, "{end}")?;
        Ok(())
    }
}

/// A `sh:ValidationReport` for each record and profile.
struct Turtle;

impl Teller for Turtle {
    fn tell(&mut self, check: &FileCheck, out: &mut dyn Write) -> Result<()> {
        let triples = check.checked.report.to_graph();
        let triples = triples.iter().map(Triple::as_ref);
        out.write_all(&format::write_triples(Format::Turtle, triples))?;
        Ok(())
    }

    fn end(&mut self, _: &mut dyn Write) -> Result<()> {
        Ok(())
    }
}

/// A severity as compilers and SARIF name it.
fn level(severity: &Severity) -> &'static str {
    match severity {
        Severity::Violation => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Custom(_) => "note",
    }
}
