//! How do documents become one ontology?

use std::path::Path;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::codes::CodeIndex;
use super::concept::{Code, Concept, Relation};
use super::hierarchy::Hierarchy;
use super::read::{self, Document, SchemeStatement, Statement};
use super::search::SearchIndex;
use super::source::{self, Source};
use super::versions::Versions;
use super::{Aliases, Equivalents, Graph, List, Namespaces, Ontology, OntologyError};
use crate::rdf::NamedNode;
use crate::rdf::vocabulary::eucaim;

/// An alias may lead to another; more steps than this are a circle.
const ALIAS_STEPS_MAX: usize = 4;

pub(super) fn load(
    overlay: Option<&Path>,
    versions: Option<&Versions>,
) -> Result<Ontology, OntologyError> {
    let mut problems = Vec::new();
    let own = overlay
        .map(|folder| source::folder(folder, &mut problems))
        .transpose()?;
    let mut own = own.unwrap_or_default();
    if let Some(versions) = versions {
        own.extend(versions.in_force(&mut problems));
    }
    assemble(source::bundled(), own, problems)
}

/// The document of a graph among the bundled ones, and the version that it gives itself.
pub(super) fn bundled_graph<'a>(
    bundled: &'a [Source],
    graph: &str,
) -> Result<Option<(&'a Source, Option<String>)>, OntologyError> {
    for source in bundled {
        let document = read::read(source, None)?;
        if document.graph == graph {
            return Ok(Some((source, document.version)));
        }
    }
    Ok(None)
}

/// Puts the operator's documents over the bundled ones. A bundled document that cannot be read is an
/// error, an operator's only a problem.
pub(super) fn assemble(
    bundled: Vec<Source>,
    own: Vec<Source>,
    mut problems: Vec<OntologyError>,
) -> Result<Ontology, OntologyError> {
    let mut documents: Vec<(Document, Source)> = Vec::new();
    for source in bundled {
        documents.push((read::read(&source, None)?, source));
    }
    let count = documents.len();
    for source in own {
        let namesake = documents[..count]
            .iter()
            .find(|(_, known)| known.stem == source.stem);
        let known_as = namesake.map(|(document, _)| document.graph.clone());
        let known_as = source.graph.clone().or(known_as);
        match read::read(&source, known_as.as_deref()) {
            Ok(document) => overlay(&mut documents, document, source, &mut problems),
            Err(problem) => problems.push(problem),
        }
    }
    let mut draft = Draft::default();
    let mut graphs = Vec::new();
    let mut rest = Vec::new();
    for (document, source) in documents {
        graphs.push(Graph {
            name: NamedNode::new_unchecked(&document.graph),
            titles: document.titles.clone(),
            version: document.version.clone(),
            source,
            concepts: 0,
        });
        rest.extend(draft.add(document));
    }
    for statement in rest {
        draft.annotate(statement);
    }
    Ok(draft.finish(graphs, problems))
}

fn overlay(
    documents: &mut Vec<(Document, Source)>,
    document: Document,
    source: Source,
    problems: &mut Vec<OntologyError>,
) {
    match documents
        .iter()
        .position(|(known, _)| known.graph == document.graph)
    {
        Some(place) => {
            let twice = documents[place].1.is_own();
            if twice {
                problems.push(OntologyError::Twice {
                    file: documents[place].1.file.clone(),
                    other: source.file.clone(),
                    graph: document.graph.clone(),
                });
            }
            documents[place] = (document, source);
        }
        None => documents.push((document, source)),
    }
}

/// A match outside of what is loaded: its IRI, and the concept that names it.
type Match = (String, u32);

/// The ontology in the making.
#[derive(Default)]
struct Draft {
    concepts: Vec<Concept>,
    numbers: FxHashMap<Box<str>, u32>,
    /// For each concept: IRIs above it, below it, equivalent to it.
    links: Vec<Links>,
    schemes: Vec<SchemeStatement>,
    replaced: Vec<(String, String)>,
    coded: Vec<(String, String)>,
    properties: FxHashMap<Box<str>, Vec<(String, String)>>,
    shared: FxHashSet<Arc<str>>,
}

#[derive(Default)]
struct Links {
    parents: Vec<String>,
    children: Vec<String>,
    same: Vec<String>,
}

impl Draft {
    /// Takes the concepts that a document declares; gives back what it says of others.
    fn add(&mut self, document: Document) -> Vec<Statement> {
        let graph = self.share(&document.graph);
        let mut others = Vec::new();
        for statement in document.statements {
            if statement.declared {
                self.declare(&graph, statement);
            } else {
                others.push(statement);
            }
        }
        self.schemes.extend(document.schemes);
        self.replaced.extend(document.replaced);
        self.coded.extend(document.coded);
        for (iri, labels) in document.properties {
            self.properties
                .entry(iri.into_boxed_str())
                .or_default()
                .extend(labels);
        }
        others
    }

    fn declare(&mut self, graph: &Arc<str>, statement: Statement) {
        if !self.numbers.contains_key(statement.iri.as_str()) {
            let number = u32::try_from(self.concepts.len()).expect("fewer concepts than u32 holds");
            self.numbers.insert(statement.iri.as_str().into(), number);
            self.concepts.push(Concept {
                iri: statement.iri.clone(),
                code: String::new(),
                labels: Vec::new(),
                synonyms: Vec::new(),
                definition: None,
                codes: Vec::new(),
                schemes: Vec::new(),
                kinds: Vec::new(),
                relations: Vec::new(),
                matches: Vec::new(),
                source: Arc::clone(graph),
                deprecated: false,
            });
            self.links.push(Links::default());
        }
        self.annotate(statement);
    }

    /// Adds to a concept; what is said of unknown ones is dropped.
    fn annotate(&mut self, statement: Statement) {
        let Some(number) = self.numbers.get(statement.iri.as_str()) else {
            return;
        };
        let number = *number as usize;
        let schemes: Vec<_> = statement
            .schemes
            .iter()
            .map(|iri| self.share(iri))
            .collect();
        let kinds: Vec<_> = statement.kinds.iter().map(|iri| self.share(iri)).collect();
        let codes: Vec<_> = statement
            .codes
            .into_iter()
            .map(|(system, code)| Code {
                system: self.share(system),
                code,
            })
            .collect();
        let relations: Vec<_> = statement
            .relations
            .into_iter()
            .map(|(property, target)| Relation {
                property: self.share(&property),
                target,
            })
            .collect();
        let concept = &mut self.concepts[number];
        for (language, text) in statement.labels {
            let known = concept.labels.iter().find(|(tag, _)| *tag == language);
            match known {
                None => concept.labels.push((language, text)),
                Some((_, label)) if *label != text => {
                    add(&mut concept.synonyms, [(language, text)]);
                }
                Some(_) => {}
            }
        }
        add(&mut concept.synonyms, statement.synonyms);
        if let Some(notation) = statement.notation
            && concept.code.is_empty()
        {
            concept.code = notation;
        }
        concept.definition = concept.definition.take().or(statement.definition);
        add(&mut concept.codes, codes);
        add(&mut concept.schemes, schemes);
        add(&mut concept.kinds, kinds);
        add(&mut concept.relations, relations);
        concept.deprecated |= statement.deprecated;
        let links = &mut self.links[number];
        links.parents.extend(statement.parents);
        links.children.extend(statement.children);
        links.same.extend(statement.equivalents);
        links.same.extend(statement.matches);
    }

    /// One copy of each IRI that many concepts name.
    fn share(&mut self, iri: &str) -> Arc<str> {
        if let Some(shared) = self.shared.get(iri) {
            return Arc::clone(shared);
        }
        let shared: Arc<str> = iri.into();
        self.shared.insert(Arc::clone(&shared));
        shared
    }

    fn finish(mut self, mut graphs: Vec<Graph>, mut problems: Vec<OntologyError>) -> Ontology {
        for concept in &mut self.concepts {
            if concept.code.is_empty() {
                concept.code = local_name(&concept.iri).to_owned();
            }
            // English leads; the other languages keep the order of the documents.
            concept.labels.sort_by_key(|(language, _)| language != "en");
        }
        let mut declared: FxHashMap<&str, u64> = FxHashMap::default();
        for concept in &self.concepts {
            *declared.entry(&concept.source).or_default() += 1;
        }
        for graph in &mut graphs {
            graph.concepts = declared.get(graph.name.as_str()).copied().unwrap_or(0);
        }
        let hierarchy = Hierarchy::new(self.parents());
        for number in hierarchy.circular() {
            let iri = self.concepts[*number as usize].iri.clone();
            problems.push(OntologyError::Circular { iri });
        }
        let (equivalents, foreign) = self.equivalents();
        let lists = self.lists();
        let codes = self.code_index();
        let (aliases, namespaces) = self.aliases(&foreign);
        let mut by_code: Vec<u32> = (0_u32..).zip(&self.concepts).map(|(n, _)| n).collect();
        by_code.sort_by_key(|number| self.concepts[*number as usize].code.as_str());
        Ontology {
            names: SearchIndex::new(&self.concepts),
            by_code,
            coded: longest_first(self.coded),
            concepts: self.concepts,
            numbers: self.numbers,
            hierarchy,
            equivalents,
            codes,
            lists,
            aliases,
            namespaces,
            properties: self.properties,
            graphs,
            problems,
        }
    }

    fn parents(&self) -> Vec<Vec<u32>> {
        let number = |iri: &String| self.numbers.get(iri.as_str()).copied();
        let mut parents: Vec<Vec<u32>> = self
            .links
            .iter()
            .map(|links| links.parents.iter().filter_map(number).collect())
            .collect();
        for (parent, links) in (0_u32..).zip(&self.links) {
            for child in links.children.iter().filter_map(number) {
                parents[child as usize].push(parent);
            }
        }
        parents
    }

    /// What is the same among the concepts, both ways; and matches outside, by IRI.
    fn equivalents(&mut self) -> (Equivalents, Vec<Match>) {
        let mut same: Equivalents = FxHashMap::default();
        let mut foreign = Vec::new();
        for (number, links) in (0_u32..).zip(&mut self.links) {
            for iri in std::mem::take(&mut links.same) {
                match self.numbers.get(iri.as_str()) {
                    Some(other) if *other != number => {
                        add(same.entry(number).or_default(), [*other]);
                        add(same.entry(*other).or_default(), [number]);
                    }
                    Some(_) => {}
                    None => {
                        add(&mut self.concepts[number as usize].matches, [iri.clone()]);
                        foreign.push((iri, number));
                    }
                }
            }
        }
        (same, foreign)
    }

    fn lists(&self) -> Vec<List> {
        let mut members: FxHashMap<&str, Vec<u32>> = FxHashMap::default();
        for (number, concept) in (0_u32..).zip(&self.concepts) {
            for scheme in &concept.schemes {
                members.entry(scheme).or_default().push(number);
            }
        }
        let mut lists: Vec<List> = Vec::new();
        for scheme in &self.schemes {
            let mut found = members
                .get(scheme.iri.as_str())
                .cloned()
                .unwrap_or_default();
            let tops = scheme
                .tops
                .iter()
                .filter_map(|iri| self.numbers.get(iri.as_str()));
            add(&mut found, tops.copied());
            let (iri, title) = (scheme.iri.clone(), scheme.title.clone());
            let mut sorted = found.clone();
            sorted.sort_unstable();
            lists.push(List {
                iri,
                title,
                members: found,
                sorted,
            });
        }
        lists.sort_by(|a, b| a.title.cmp(&b.title).then_with(|| a.iri.cmp(&b.iri)));
        lists
    }

    fn code_index(&mut self) -> CodeIndex {
        let mut index = CodeIndex::default();
        let own = self.share("EUCAIM");
        let list_names: FxHashMap<Arc<str>, Arc<str>> = {
            let shared: FxHashSet<Arc<str>> = self
                .concepts
                .iter()
                .flat_map(|concept| concept.schemes.iter().cloned())
                .collect();
            shared
                .into_iter()
                .map(|iri| (Arc::clone(&iri), self.share(local_name(&iri))))
                .collect()
        };
        for (number, concept) in (0_u32..).zip(&self.concepts) {
            for code in &concept.codes {
                index.add(&code.system, &code.code, number);
            }
            let is_own = concept.iri.starts_with(eucaim::NAMESPACE);
            let systems = concept
                .schemes
                .iter()
                .filter_map(|scheme| list_names.get(scheme));
            for system in systems.chain(is_own.then_some(&own)) {
                index.add(system, &concept.code, number);
                index.add(system, local_name(&concept.iri), number);
            }
        }
        index
    }

    fn aliases(&self, foreign: &[Match]) -> (Aliases, Namespaces) {
        let mut aliases: Aliases = FxHashMap::default();
        // A match outside names its concept when no other concept claims it.
        let mut claims: FxHashMap<&str, u32> = FxHashMap::default();
        for (iri, _) in foreign {
            *claims.entry(iri).or_default() += 1;
        }
        for (iri, number) in foreign {
            if claims[iri.as_str()] == 1 {
                let canonical = self.concepts[*number as usize].iri.as_str();
                aliases.insert(iri.as_str().into(), canonical.into());
            }
        }
        let replaced: FxHashMap<&str, &str> = self
            .replaced
            .iter()
            .map(|(old, new)| (old.as_str(), new.as_str()))
            .collect();
        let mut namespaces = Vec::new();
        for (old, new) in &self.replaced {
            let mut last = new.as_str();
            for _ in 0..ALIAS_STEPS_MAX {
                match replaced.get(last) {
                    Some(next) if *next != old => last = next,
                    _ => break,
                }
            }
            if old.ends_with(['#', '/']) {
                namespaces.push((old.clone(), last.to_owned()));
            }
            aliases.insert(old.as_str().into(), last.into());
        }
        (aliases, longest_first(namespaces))
    }
}

fn add<T: PartialEq>(known: &mut Vec<T>, new: impl IntoIterator<Item = T>) {
    for item in new {
        if !known.contains(&item) {
            known.push(item);
        }
    }
}

fn longest_first(pairs: Vec<(String, String)>) -> Namespaces {
    let mut pairs: Namespaces = pairs
        .into_iter()
        .map(|(from, to)| (from.into_boxed_str(), to.into_boxed_str()))
        .collect();
    pairs.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
    pairs
}

/// The last part of an IRI.
fn local_name(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['#', '/']);
    trimmed.rsplit(['#', '/']).next().unwrap_or(trimmed)
}
