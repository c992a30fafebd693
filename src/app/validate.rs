//! Do files fit? The check of the server, for other people's CI.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::load::files;
use crate::catalogue::profile::Neighbours;
use crate::catalogue::{Checked, Profile, incoming};
use crate::config::Config;
use crate::rdf::{Format, Quad, Triple, format};

/// How the result is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Output {
    /// For people, at a terminal.
    Human,
    Json,
    /// A `sh:ValidationReport`.
    Ttl,
}

/// What is checked, and against what.
pub struct Wish {
    pub sources: Vec<PathBuf>,
    pub profile: Option<String>,
    /// Shapes in files of their own, instead of a profile.
    pub shapes: Vec<PathBuf>,
    pub output: Output,
}

/// Checks files and writes the result. Gives back whether everything fits.
pub fn run(config: &Config, wish: &Wish, out: &mut dyn std::io::Write) -> Result<bool> {
    let ontology = super::ontology(config)?;
    let kinds = super::kinds()?;
    let profiles = super::profiles(config)?;
    let own = own_shapes(&wish.shapes)?;
    let base = config.base()?;
    let neighbours = Neighbours {
        ontology: &ontology,
        snapshot: None,
    };
    let mut all: Vec<(String, Checked)> = Vec::new();
    for source in &wish.sources {
        for path in files(source)? {
            let triples = read(&path, &format!("{base}/"))?;
            let records = incoming::split(&triples, &kinds, &base, None);
            if records.is_empty() {
                bail!("{}: no record in this file", path.display());
            }
            for record in records {
                let of_kind = kinds
                    .by_name(&record.kind)
                    .and_then(|kind| kind.profile.clone());
                let name = wish.profile.clone().or(of_kind);
                let named = || {
                    let name = name
                        .as_deref()
                        .unwrap_or(crate::catalogue::profile::DEFAULT);
                    let known = profiles.names().collect::<Vec<_>>().join(", ");
                    profiles
                        .get(name)
                        .with_context(|| format!("no profile {name}; there are {known}"))
                };
                let profile = own.clone().map_or_else(named, Ok)?;
                let checked = profile.check(&record.iri, &record.triples, &neighbours);
                all.push((path.display().to_string(), checked));
            }
        }
    }
    match wish.output {
        Output::Human => human(&all, out)?,
        Output::Json => writeln!(out, "{:#}", json(&all))?,
        Output::Ttl => turtle(&all, out)?,
    }
    Ok(all.iter().all(|(_, checked)| checked.fits()))
}

fn own_shapes(paths: &[PathBuf]) -> Result<Option<Arc<Profile>>> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut triples = Vec::new();
    for path in paths {
        triples.extend(read(path, "urn:shapes")?);
    }
    Ok(Some(Arc::new(Profile::from_shapes("shapes", triples)?)))
}

fn read(path: &Path, base: &str) -> Result<Vec<Triple>> {
    let name = || path.display().to_string();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let format = Format::from_extension(&extension)
        .with_context(|| format!("{}: no RDF format has this extension", name()))?;
    let bytes = std::fs::read(path).with_context(name)?;
    let quads: Vec<Quad> = format::parse(&bytes, format, Some(base)).with_context(name)?;
    Ok(quads.into_iter().map(Triple::from).collect())
}

fn human(all: &[(String, Checked)], out: &mut dyn std::io::Write) -> Result<()> {
    for (file, checked) in all {
        let verdict = if checked.fits() {
            "fits"
        } else {
            "does not fit"
        };
        let (wrong, odd) = (checked.violations(), checked.warnings());
        writeln!(
            out,
            "{file}: <{}> {verdict} {}",
            checked.iri, checked.profile
        )?;
        writeln!(out, "  to mend: {wrong}; to improve: {odd}")?;
        for line in checked.lines("en") {
            writeln!(out, "  - {line}")?;
        }
    }
    Ok(())
}

fn json(all: &[(String, Checked)]) -> Value {
    let one = |(file, checked): &(String, Checked)| {
        let mut body = checked.to_full_json("en");
        body["file"] = json!(file);
        body
    };
    Value::Array(all.iter().map(one).collect())
}

fn turtle(all: &[(String, Checked)], out: &mut dyn std::io::Write) -> Result<()> {
    let triples: Vec<Triple> = all
        .iter()
        .flat_map(|(_, checked)| checked.report.to_graph())
        .collect();
    out.write_all(&format::write_triples(
        Format::Turtle,
        triples.iter().map(Triple::as_ref),
    ))?;
    Ok(())
}
