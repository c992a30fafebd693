//! Where do synthetic collections come from? Valid records of Cancer Image Europe's profile, as many as wanted.
//!
//! They are for benchmarks and trials, never for people: titles and descriptions are skewed noise. Publishers,
//! catalogues, sites and words follow Zipf's law, counts are log-normal, the modality depends on the site.
//! Record `i` depends on the number of records, the seed and `i` only, so that any slice can be made alone.

mod agents;
mod chance;
mod codes;
mod records;
#[cfg(test)]
mod tests;
mod words;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::rdf::{Format, GraphNameRef, NamedNode, QuadRef, Triple, format};

use agents::Agents;
use chance::Pick;
use words::Words;

/// One record with all its triples. Its graph is named by its IRI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedRecord {
    pub iri: NamedNode,
    /// The prefix of its kind: `catalog` or `dataset`.
    pub kind: &'static str,
    /// The last part of its IRI.
    pub id: String,
    pub triples: Vec<Triple>,
}

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub records: usize,
    pub triples: usize,
}

/// Makes records: `datasets` of them, and the catalogues that hold them.
#[derive(Clone, Debug)]
pub struct Generator {
    datasets: usize,
    seed: u64,
    base: String,
    words: Words,
    agents: Agents,
    /// By rank, the number of each catalogue.
    catalogues: Pick<usize>,
}

impl Generator {
    /// `base` is the IRI of the root, with or without a slash at its end.
    pub fn new(datasets: usize, seed: u64, base: &str) -> Self {
        let catalogues = chance::power(datasets, 0.4).max(3);
        Self {
            datasets,
            seed,
            base: base.trim_end_matches('/').to_owned(),
            words: Words::new(seed),
            agents: Agents::new(datasets, seed),
            catalogues: Pick::zipf((0..catalogues).collect(), 1.0, 0.8),
        }
    }

    /// How many datasets there are.
    pub fn datasets(&self) -> usize {
        self.datasets
    }

    /// The catalogues, which must exist before their datasets.
    pub fn catalogues(&self) -> Vec<GeneratedRecord> {
        let numbers = 0..self.catalogues.len();
        numbers
            .map(|number| records::catalogue(self, number))
            .collect()
    }

    /// Dataset `i`.
    pub fn record(&self, i: usize) -> GeneratedRecord {
        records::dataset(self, i)
    }

    /// Every record: the catalogues, then the datasets.
    pub fn records(&self) -> impl Iterator<Item = GeneratedRecord> {
        let datasets = (0..self.datasets).map(|i| self.record(i));
        self.catalogues().into_iter().chain(datasets)
    }

    /// Writes every record as N-Quads. `progress` hears the number of records after each.
    pub fn write_nquads(
        &self,
        out: &mut impl Write,
        mut progress: impl FnMut(usize),
    ) -> io::Result<Written> {
        let mut written = Written::default();
        for record in self.records() {
            out.write_all(&record.nquads())?;
            written.count(&record);
            progress(written.records);
        }
        out.flush()?;
        Ok(written)
    }

    /// Writes every record as a Turtle document, `catalog/{id}.ttl` and `dataset/{id}.ttl` in a folder.
    pub fn write_turtle(
        &self,
        folder: &Path,
        mut progress: impl FnMut(usize),
    ) -> io::Result<Written> {
        let mut written = Written::default();
        for kind in [records::CATALOG, records::DATASET] {
            fs::create_dir_all(folder.join(kind))?;
        }
        for record in self.records() {
            let name = format!("{}.ttl", record.id);
            fs::write(folder.join(record.kind).join(name), record.turtle())?;
            written.count(&record);
            progress(written.records);
        }
        Ok(written)
    }
}

impl GeneratedRecord {
    pub fn nquads(&self) -> Vec<u8> {
        let graph = GraphNameRef::NamedNode(self.iri.as_ref());
        let quads = self.triples.iter().map(|triple| {
            let (subject, object) = (triple.subject.as_ref(), triple.object.as_ref());
            QuadRef::new(subject, triple.predicate.as_ref(), object, graph)
        });
        format::write_quads(Format::NQuads, quads)
    }

    pub fn turtle(&self) -> Vec<u8> {
        format::write_triples(Format::Turtle, self.triples.iter().map(Triple::as_ref))
    }
}

impl Written {
    fn count(&mut self, record: &GeneratedRecord) {
        self.records += 1;
        self.triples += record.triples.len();
    }
}
