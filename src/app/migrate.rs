//! How do files of an older profile become files of its successor? With a report of every step and of what is missing.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::load::files;
use super::validate::read;
use crate::catalogue::migration::Ground;
use crate::catalogue::profile::Neighbours;
use crate::catalogue::{Migration, Way};
use crate::config::Config;
use crate::ontology::Ontology;
use crate::rdf::places::Places;
use crate::rdf::{BlankNode, Format, NamedOrBlankNode, Term, Triple, format};

/// How the report is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Told {
    /// For people, at a terminal.
    Human,
    Json,
}

/// What is brought over, from where to where.
pub struct Wish {
    pub sources: Vec<PathBuf>,
    pub from: Option<String>,
    pub to: Option<String>,
    /// The folder for the new files; without one they go to standard output, one after the other.
    pub output: Option<PathBuf>,
    /// Of the sentences of the report.
    pub language: String,
    pub told: Told,
}

/// Where things are written.
pub struct Desk<'a> {
    pub out: &'a mut dyn Write,
    pub err: &'a mut dyn Write,
}

/// A file and what became of it.
struct Done {
    source: PathBuf,
    target: Option<PathBuf>,
    migration: Migration,
    places: Places,
}

/// Migrates files. The report goes to standard output, or to standard error when the records go there. Gives back
/// whether nothing is left to mend. Nothing is written before everything could be read.
pub fn run(config: &Config, wish: &Wish, desk: &mut Desk<'_>) -> Result<bool> {
    let (ontology, kinds, base) = (super::ontology(config)?, super::kinds()?, config.base()?);
    let way = Way::find(
        &super::profiles(config, &ontology)?,
        wish.from.as_deref(),
        wish.to.as_deref(),
    )?;
    let ground = Ground {
        kinds: &kinds,
        base: &base,
        neighbours: Neighbours {
            ontology: &ontology,
            snapshot: None,
        },
    };
    let mut sources = Vec::new();
    for source in &wish.sources {
        sources.extend(files(source)?);
    }
    let targets = match &wish.output {
        Some(folder) => targets(folder, &sources)?.into_iter().map(Some).collect(),
        None => vec![None; sources.len()],
    };
    let mut all = Vec::with_capacity(sources.len());
    for (source, target) in sources.into_iter().zip(targets) {
        let (triples, places) = read(&source, &format!("{base}/"))?;
        let migration = way.migrate(&triples, &ground);
        let migration = migration.with_context(|| source.display().to_string())?;
        all.push(Done {
            source,
            target,
            migration,
            places,
        });
    }
    write(&all, wish.output.as_deref(), desk.out)?;
    let report: &mut dyn Write = if wish.output.is_some() {
        desk.out
    } else {
        desk.err
    };
    match wish.told {
        Told::Human => human(&all, &ontology, &wish.language, report)?,
        Told::Json => writeln!(report, "{:#}", json(&all, &ontology, &wish.language))?,
    }
    Ok(all.iter().all(|done| done.migration.is_complete()))
}

/// A file in the folder for each source, none twice, and none over a source.
fn targets(folder: &Path, sources: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let whole = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let originals: HashSet<PathBuf> = sources.iter().map(|source| whole(source)).collect();
    let mut taken = HashSet::new();
    let mut targets = Vec::with_capacity(sources.len());
    for source in sources {
        let stem = source.file_stem().unwrap_or_default().to_string_lossy();
        let extension = Format::Turtle.extension();
        let mut target = folder.join(format!("{stem}.{extension}"));
        let mut number = 1;
        while !taken.insert(target.clone()) {
            number += 1;
            target = folder.join(format!("{stem}-{number}.{extension}"));
        }
        if originals.contains(&whole(&target)) {
            bail!(
                "{} would be written over itself; choose another folder for --output",
                source.display()
            );
        }
        targets.push(target);
    }
    Ok(targets)
}

fn write(all: &[Done], folder: Option<&Path>, out: &mut dyn Write) -> Result<()> {
    let turtle = |triples: &[Triple]| {
        format::write_triples(Format::Turtle, triples.iter().map(Triple::as_ref))
    };
    let Some(folder) = folder else {
        let documents = all.iter().enumerate();
        let triples: Vec<Triple> = documents
            .flat_map(|(number, done)| apart(&done.migration.triples, number))
            .collect();
        out.write_all(&turtle(&triples))?;
        return Ok(());
    };
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for done in all {
        if let Some(target) = &done.target {
            let bytes = turtle(&done.migration.triples);
            std::fs::write(target, bytes).with_context(|| target.display().to_string())?;
        }
    }
    Ok(())
}

/// The statements of a document, its blank nodes named so that they meet none of another document.
fn apart(triples: &[Triple], number: usize) -> Vec<Triple> {
    let named = |node: &BlankNode| BlankNode::new_unchecked(format!("f{number}-{}", node.as_str()));
    let of = |triple: &Triple| {
        let mut triple = triple.clone();
        if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
            triple.subject = named(node).into();
        }
        if let Term::BlankNode(node) = &triple.object {
            triple.object = named(node).into();
        }
        triple
    };
    triples.iter().map(of).collect()
}

fn human(all: &[Done], ontology: &Ontology, language: &str, out: &mut dyn Write) -> Result<()> {
    for done in all {
        let to = &done.migration.way.to.name;
        match &done.target {
            Some(target) => writeln!(out, "{} → {}", done.source.display(), target.display())?,
            None => writeln!(out, "{}", done.source.display())?,
        }
        for record in done.migration.records(ontology, language) {
            let checked = record.checked;
            let verdict = if checked.fits() {
                "fits"
            } else {
                "does not fit"
            };
            writeln!(out, "<{}> {verdict} {to}", checked.iri)?;
            section(out, "done", &record.steps)?;
            section(out, "left as it was", &record.left)?;
            section(out, "wanted, and not said by the record", &record.gaps)?;
            let (wrong, odd) = (checked.violations(), checked.warnings());
            let title = format!("to mend: {wrong}; to improve: {odd}; besides what is wanted");
            section(out, &title, &record.findings)?;
        }
        let told = done.migration.notes.len();
        let total = done.migration.steps + done.migration.left;
        if total > told {
            writeln!(out, "  and {} steps more", total - told)?;
        }
    }
    Ok(())
}

fn section(out: &mut dyn Write, title: &str, lines: &[String]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "  {title}:")?;
    for line in lines {
        writeln!(out, "  - {line}")?;
    }
    Ok(())
}

fn json(all: &[Done], ontology: &Ontology, language: &str) -> Value {
    let one = |done: &Done| {
        let mut body = done.migration.to_json(ontology, language, &done.places);
        body["file"] = json!(done.source);
        body["output"] = json!(done.target);
        body
    };
    Value::Array(all.iter().map(one).collect())
}
