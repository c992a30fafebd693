//! The ontology knows every concept: its names, its codes, what stands above and below it, and which
//! other IRIs mean the same.
//!
//! It is read once, at start, from the files in the binary and from an operator's folder over them,
//! and never changes afterwards. Membership of a value set is by hierarchy, never by code prefix.

mod build;
mod codes;
mod concept;
mod difference;
mod hierarchy;
mod read;
mod search;
mod source;
#[cfg(test)]
mod tests;
mod versions;

use std::io;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::rdf::vocabulary::{owl, rdf, rdfs, skos};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, SyntaxError, Term, Triple};

pub use concept::{Code, Concept, Relation};
pub use difference::{Changed, Difference};
pub use search::{Hit, How, NameKind, QUERY_LETTERS_MAX, QUERY_WORDS_MAX};
pub use source::FILE_BYTES_MAX;
pub use versions::{BUNDLED, Imported, Kept, Version, Versions, VersionsError};

use codes::CodeIndex;
use hierarchy::Hierarchy;
use search::{SCOPE_MAX, Scope, SearchIndex};
use source::Source;

/// Why an ontology file could not be used.
#[derive(Debug, Error)]
pub enum OntologyError {
    #[error("cannot read the ontology folder {folder}")]
    Folder {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot read the ontology file {file}")]
    File {
        file: String,
        #[source]
        source: io::Error,
    },
    #[error("the ontology file {file} has {size_bytes} bytes; at most {FILE_BYTES_MAX} are read")]
    TooLarge { file: String, size_bytes: u64 },
    #[error("the ontology file {file} is {error}")]
    Syntax {
        file: String,
        #[source]
        error: SyntaxError,
    },
    #[error(
        "the ontology file {file} declares neither an owl:Ontology nor a skos:ConceptScheme, \
         so there is no telling which graph it replaces"
    )]
    Nameless { file: String },
    #[error("the ontology files {file} and {other} both hold {graph}; the second is used")]
    Twice {
        file: String,
        other: String,
        graph: String,
    },
    #[error("the version {name} of <{graph}> is in force and is not kept")]
    Missing { name: String, graph: String },
    #[error("the ontology file {file} is not what was imported, and is not used")]
    Altered { file: String },
    #[error("the hierarchy is circular at {iri}")]
    Circular { iri: String },
}

/// All concepts in memory, with their indexes.
pub struct Ontology {
    concepts: Vec<Concept>,
    numbers: FxHashMap<Box<str>, u32>,
    hierarchy: Hierarchy,
    equivalents: Equivalents,
    codes: CodeIndex,
    names: SearchIndex,
    /// The concepts in the order of their codes.
    by_code: Vec<u32>,
    lists: Vec<List>,
    /// Other IRI → IRI in force.
    aliases: Aliases,
    /// Other namespace → namespace in force, the longest first.
    namespaces: Namespaces,
    /// Namespace → system whose codes follow it, the longest first.
    coded: Namespaces,
    properties: FxHashMap<Box<str>, Vec<(String, String)>>,
    graphs: Vec<Graph>,
    problems: Vec<OntologyError>,
}

/// A code says exactly what is meant: it comes before every name.
const CODE_SCORE: f32 = 2.0;

type Equivalents = FxHashMap<u32, Vec<u32>>;
type Aliases = FxHashMap<Box<str>, Box<str>>;
type Namespaces = Vec<(Box<str>, Box<str>)>;

struct List {
    iri: String,
    title: String,
    members: Vec<u32>,
    /// The members by number.
    sorted: Vec<u32>,
}

struct Graph {
    name: NamedNode,
    titles: Vec<(String, String)>,
    version: Option<String>,
    source: Source,
    /// How many concepts it declares.
    concepts: u64,
}

/// A vocabulary: one document, of the binary or an operator's.
#[derive(Clone, Debug)]
pub struct Vocabulary<'a> {
    /// The name of its graph.
    pub iri: &'a str,
    /// What it is called, by language.
    pub titles: &'a [(String, String)],
    /// The version that it gives itself.
    pub version: Option<&'a str>,
    /// The file that it comes from.
    pub file: &'a str,
    /// How many concepts it declares.
    pub concepts: u64,
}

impl Vocabulary<'_> {
    /// What it is called in a language, else the file's name.
    pub fn title(&self, language: &str) -> &str {
        concept::best(self.titles, language).unwrap_or(self.file)
    }
}

/// A code list (`skos:ConceptScheme`) and its members.
#[derive(Clone, Debug)]
pub struct CodeList<'a> {
    pub iri: &'a str,
    pub title: &'a str,
    pub members: Vec<&'a Concept>,
}

impl Ontology {
    /// What is in the binary.
    pub fn bundled() -> Result<Self, OntologyError> {
        Self::load(None)
    }

    /// What is in the binary, with the files of a folder in place of the graphs that they name. A
    /// broken file leaves the bundled graph in force and is told by [`Ontology::problems`].
    pub fn load(overlay: Option<&Path>) -> Result<Self, OntologyError> {
        build::load(overlay, None)
    }

    /// [`Ontology::load`] with the versions in force over everything.
    pub fn load_versions(
        overlay: Option<&Path>,
        versions: &Versions,
    ) -> Result<Self, OntologyError> {
        build::load(overlay, Some(versions))
    }

    /// What was wrong with the operator's files and with the hierarchy.
    pub fn problems(&self) -> &[OntologyError] {
        &self.problems
    }

    /// All concepts; those of the hyperontology first.
    pub fn concepts(&self) -> &[Concept] {
        &self.concepts
    }

    /// The concept of a canonical IRI or of an alias.
    pub fn concept(&self, iri: &str) -> Option<&Concept> {
        Some(self.at(self.number(iri)?))
    }

    /// The IRI that we write for this one, be it a value, a property or a code list. An IRI that we do
    /// not know is its own.
    pub fn canonical<'a>(&'a self, iri: &'a str) -> &'a str {
        if self.numbers.contains_key(iri) {
            return iri;
        }
        if let Some(replacement) = self.aliases.get(iri) {
            return replacement;
        }
        self.renamed(iri).map_or(iri, |number| &self.at(number).iri)
    }

    /// The IRI that took the place of one that is out of use, be it a value, a property, a class or
    /// a code list. Codes and matches of other terminologies are in use, and have none.
    pub fn replacement<'a>(&'a self, iri: &str) -> Option<&'a str> {
        if self.numbers.contains_key(iri) {
            return None;
        }
        if let Some(new) = self.aliases.get(iri) {
            let of_other = |concept: &Concept| concept.matches.iter().any(|other| other == iri);
            let is_match = self.concept(new).is_some_and(of_other);
            return (!is_match).then_some(&**new);
        }
        self.moved(iri).map(|number| self.at(number).iri.as_str())
    }

    /// Whether an IRI stands in a namespace that is out of use, and nothing took its place.
    pub fn is_stranded(&self, iri: &str) -> bool {
        let known = self.numbers.contains_key(iri) || self.replacement(iri).is_some();
        !known
            && self
                .namespaces
                .iter()
                .any(|(old, _)| iri.starts_with(&**old))
    }

    /// Every concept above, each once, nearest first, without the concept itself.
    pub fn ancestors(&self, iri: &str) -> Vec<&Concept> {
        self.around(iri, |number| self.hierarchy.ancestors(number))
    }

    /// Every concept below, each once, nearest first, without the concept itself.
    pub fn descendants(&self, iri: &str) -> Vec<&Concept> {
        self.around(iri, |number| self.hierarchy.descendants(number))
    }

    /// The concepts directly above.
    pub fn parents(&self, iri: &str) -> Vec<&Concept> {
        self.around(iri, |number| self.hierarchy.parents(number).to_vec())
    }

    /// The concepts directly below.
    pub fn children(&self, iri: &str) -> Vec<&Concept> {
        self.around(iri, |number| self.hierarchy.children(number).to_vec())
    }

    /// The concepts that have something below and nothing above them.
    pub fn roots(&self) -> Vec<&Concept> {
        let is_root = |number: &u32| {
            self.hierarchy.parents(*number).is_empty()
                && !self.hierarchy.children(*number).is_empty()
        };
        self.all_numbers()
            .filter(is_root)
            .map(|number| self.at(number))
            .collect()
    }

    /// The vocabularies in force, the hyperontology first.
    pub fn vocabularies(&self) -> Vec<Vocabulary<'_>> {
        let graphs = self.graphs.iter();
        graphs
            .map(|graph| Vocabulary {
                iri: graph.name.as_str(),
                titles: &graph.titles,
                version: graph.version.as_deref(),
                file: &graph.source.file,
                concepts: graph.concepts,
            })
            .collect()
    }

    /// What stands uppermost in a code list or a vocabulary, or right below a concept; `None` for
    /// anything else.
    pub fn tops(&self, iri: &str) -> Option<Vec<&Concept>> {
        if let Some(list) = self.list(iri) {
            let is_member = |number: &u32| list.sorted.binary_search(number).is_ok();
            let above = |number: &u32| self.hierarchy.parents(*number).iter().any(is_member);
            let tops = list.members.iter().filter(|number| !above(number));
            return Some(tops.map(|number| self.at(*number)).collect());
        }
        if let Some(number) = self.number(iri) {
            let below = self.hierarchy.children(number).iter();
            return Some(below.map(|number| self.at(*number)).collect());
        }
        let graph = self
            .graphs
            .iter()
            .find(|graph| graph.name.as_str() == iri)?;
        let mut tops: Vec<u32> = self
            .all_numbers()
            .filter(|number| *self.at(*number).source == *graph.name.as_str())
            .filter(|number| self.hierarchy.parents(*number).is_empty())
            .collect();
        // What stands alone comes last.
        tops.sort_by_key(|number| std::cmp::Reverse(self.hierarchy.below(*number)));
        Some(tops.into_iter().map(|number| self.at(number)).collect())
    }

    /// The IRIs that a concept's codes have in their systems, where the system has IRIs; `true` when
    /// no other concept has the code.
    pub fn code_iris(&self, concept: &Concept) -> Vec<(String, bool)> {
        let iris = self.coded.iter().flat_map(|(namespace, system)| {
            let codes = concept.codes.iter().filter(|code| *code.system == **system);
            codes.map(move |code| format!("{namespace}{}", code.code))
        });
        iris.map(|iri| {
            let alone = self.canonical(&iri) == concept.iri;
            (iri, alone)
        })
        .collect()
    }

    /// Whether a concept is another or stands below it.
    pub fn is_a(&self, iri: &str, ancestor: &str) -> bool {
        match (self.number(iri), self.number(ancestor)) {
            (Some(concept), Some(ancestor)) => self.hierarchy.is_a(concept, ancestor),
            _ => false,
        }
    }

    /// The concepts with a code. The system may be written in any usual way, or stand before the code
    /// (`snomed:113091000`), or be left out.
    pub fn by_code(&self, system: Option<&str>, code: &str) -> Vec<&Concept> {
        self.codes
            .find(system, code)
            .into_iter()
            .map(|number| self.at(number))
            .collect()
    }

    /// The concepts with this label or synonym in any language, case and accents apart.
    pub fn by_label(&self, text: &str) -> Vec<&Concept> {
        self.names
            .with_label(text)
            .into_iter()
            .map(|number| self.at(number))
            .collect()
    }

    /// The concept whose own code this is, when it is of one concept only.
    pub fn by_own_code(&self, code: &str) -> Option<&Concept> {
        let own = |number: &u32| self.at(*number).code.as_str();
        let from = self.by_code.partition_point(|number| own(number) < code);
        let mut same = self.by_code[from..]
            .iter()
            .filter(|number| own(number) == code);
        match (self.by_code.get(from), self.by_code.get(from + 1)) {
            (Some(_), Some(next)) if own(next) == code => None,
            _ => same.next().map(|number| self.at(*number)),
        }
    }

    /// The concepts that a few words, whole, begun or mistyped, or a code may mean; the best first.
    /// `under` restricts to a concept and what is below it, to a code list or to a vocabulary.
    pub fn search(&self, text: &str, under: Option<&str>, limit: usize) -> Vec<Hit<'_>> {
        let holds = under.map(|iri| self.part(iri));
        let coded = self.codes.find_with_systems(text.trim());
        let mut hits: Vec<Hit<'_>> = Vec::new();
        for (system, number) in coded {
            let known = |hit: &Hit<'_>| std::ptr::eq(hit.concept, self.at(number));
            if holds.as_ref().is_none_or(|holds| holds(number)) && !hits.iter().any(known) {
                let concept = self.at(number);
                hits.push(Hit {
                    concept,
                    text: concept.name(),
                    name: NameKind::Code(system),
                    how: How::Exact,
                    score: CODE_SCORE,
                });
            }
        }
        // A code with its system is no name.
        if !hits.is_empty() && codes::prefixed(text.trim()).is_some() {
            hits.truncate(limit);
            return hits;
        }
        let scope = match (&holds, under) {
            (Some(holds), Some(iri)) => self.scope(iri, holds),
            _ => Scope::All,
        };
        let wanted = limit.saturating_add(hits.len());
        for found in self
            .names
            .find(text, &scope, wanted, |number| self.weight(number))
        {
            let concept = self.at(found.concept);
            if hits.iter().any(|hit| std::ptr::eq(hit.concept, concept)) {
                continue;
            }
            let (name, text) = named(concept, found.place);
            hits.push(Hit {
                concept,
                text,
                name,
                how: found.how,
                score: found.score,
            });
        }
        hits.truncate(limit);
        hits
    }

    /// How many concepts stand below one.
    pub fn count_below(&self, iri: &str) -> u64 {
        self.number(iri)
            .map_or(0, |number| u64::from(self.hierarchy.below(number)))
    }

    /// The label of a concept, property or code list in a language, else in English, else any.
    pub fn label<'a>(&'a self, iri: &str, language: &str) -> Option<&'a str> {
        if let Some(concept) = self.concept(iri) {
            return concept.label(language);
        }
        if let Some(list) = self.list(iri) {
            return Some(&list.title);
        }
        concept::best(self.properties.get(self.canonical(iri))?, language)
    }

    /// The code lists, by title.
    pub fn schemes(&self) -> Vec<CodeList<'_>> {
        self.lists.iter().map(|list| self.code_list(list)).collect()
    }

    /// What a code list is called.
    pub fn scheme_title(&self, iri: &str) -> Option<&str> {
        self.list(iri).map(|list| list.title.as_str())
    }

    /// One code list, by its IRI or an alias of it.
    pub fn scheme(&self, iri: &str) -> Option<CodeList<'_>> {
        Some(self.code_list(self.list(iri)?))
    }

    /// A value set: the members of a code list, or everything below a concept.
    pub fn members(&self, scheme_or_root: &str) -> Vec<&Concept> {
        match self.list(scheme_or_root) {
            Some(list) => list.members.iter().map(|number| self.at(*number)).collect(),
            None => self.descendants(scheme_or_root),
        }
    }

    /// Whether a value belongs to a value set: a code list, or a concept (itself counts).
    pub fn is_member(&self, iri: &str, scheme_or_root: &str) -> bool {
        self.number(iri)
            .is_some_and(|number| self.within(scheme_or_root)(number))
    }

    /// The concepts that mean the same, by `owl:equivalentClass` or `skos:exactMatch`, either way.
    pub fn equivalents(&self, iri: &str) -> Vec<&Concept> {
        let same = |number| self.equivalents.get(&number).cloned().unwrap_or_default();
        self.around(iri, same)
    }

    /// The action of an imaging procedure: «did you mean the modality?»
    pub fn method_of(&self, iri: &str) -> Option<&Concept> {
        let relations = &self.concept(iri)?.relations;
        let method = relations
            .iter()
            .find(|relation| self.is_method(&relation.property))?;
        self.concept(&method.target)
    }

    /// Says which texts are in force; another digest means other concepts.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for graph in &self.graphs {
            hash.update(graph.name.as_str());
            hash.update(graph.source.bytes());
        }
        hex::encode(hash.finalize())
    }

    /// The named graphs for the triple store, read again from their text.
    pub fn graphs(&self) -> impl Iterator<Item = (NamedNode, Vec<Triple>)> + '_ {
        self.graphs.iter().map(|graph| {
            let triples = read::triples(&graph.source);
            (
                graph.name.clone(),
                triples.expect("it was well-formed when it was loaded"),
            )
        })
    }

    /// The names of the graphs.
    pub fn graph_names(&self) -> impl Iterator<Item = &NamedNode> + '_ {
        self.graphs.iter().map(|graph| &graph.name)
    }

    /// Background facts for the checking of shapes: `rdf:type`, `rdfs:subClassOf`, `skos:broader`,
    /// `skos:inScheme`, `skos:topConceptOf`, `skos:notation`, `skos:prefLabel`, `rdfs:label` and
    /// `owl:sameAs`-like matches of a concept or code list. For other predicates there is nothing.
    pub fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Vec<Term> {
        let Term::NamedNode(subject) = subject else {
            return Vec::new();
        };
        if let Some(number) = self.number(subject.as_str()) {
            return self.concept_objects(number, predicate);
        }
        let is_list = predicate == rdf::TYPE && self.list(subject.as_str()).is_some();
        is_list
            .then(|| skos::CONCEPT_SCHEME.into_owned().into())
            .into_iter()
            .collect()
    }
}

impl Ontology {
    fn at(&self, number: u32) -> &Concept {
        &self.concepts[number as usize]
    }

    fn all_numbers(&self) -> impl Iterator<Item = u32> {
        0..u32::try_from(self.concepts.len()).expect("concepts are numbered by u32")
    }

    fn number(&self, iri: &str) -> Option<u32> {
        if let Some(number) = self.numbers.get(iri) {
            return Some(*number);
        }
        match self.aliases.get(iri) {
            Some(replacement) => self.numbers.get(replacement).copied(),
            None => self.renamed(iri),
        }
    }

    /// The concept of an IRI in another namespace, or made of a code.
    fn renamed(&self, iri: &str) -> Option<u32> {
        if let Some(number) = self.moved(iri) {
            return Some(number);
        }
        for (namespace, system) in &self.coded {
            if let Some(code) = iri.strip_prefix(&**namespace) {
                return self.the_one(&self.codes.find(Some(system), code));
            }
        }
        None
    }

    /// The concept of an IRI in another namespace.
    fn moved(&self, iri: &str) -> Option<u32> {
        self.namespaces.iter().find_map(|(old, new)| {
            let rest = iri.strip_prefix(&**old)?;
            self.numbers.get(format!("{new}{rest}").as_str()).copied()
        })
    }

    /// The only concept of several, or the one that stands above all others.
    fn the_one(&self, numbers: &[u32]) -> Option<u32> {
        let above_all = |number: &&u32| {
            numbers
                .iter()
                .all(|other| self.hierarchy.is_a(*other, **number))
        };
        numbers.iter().find(above_all).copied()
    }

    fn around(&self, iri: &str, numbers: impl FnOnce(u32) -> Vec<u32>) -> Vec<&Concept> {
        let found = self.number(iri).map(numbers).unwrap_or_default();
        found.into_iter().map(|number| self.at(number)).collect()
    }

    /// How much a concept counts when words fit it: less when it is out of use or stands alone.
    fn weight(&self, number: u32) -> f32 {
        let above = self.hierarchy.parents(number);
        let below = self.hierarchy.children(number);
        let concept = self.at(number);
        let stands_alone = above.is_empty() && below.is_empty() && concept.schemes.is_empty();
        match (concept.deprecated, stands_alone) {
            (true, _) => 0.8,
            (false, true) => 0.95,
            (false, false) => 1.0,
        }
    }

    fn list(&self, iri: &str) -> Option<&List> {
        let iri = self.canonical(iri);
        self.lists.iter().find(|list| list.iri == iri)
    }

    fn code_list<'a>(&'a self, list: &'a List) -> CodeList<'a> {
        let members = list.members.iter().map(|number| self.at(*number)).collect();
        CodeList {
            iri: &list.iri,
            title: &list.title,
            members,
        }
    }

    /// Tells whether a concept belongs to a code list or stands under a concept.
    fn within<'a>(&'a self, iri: &'a str) -> Box<dyn Fn(u32) -> bool + 'a> {
        if let Some(list) = self.list(iri) {
            return Box::new(|number| list.sorted.binary_search(&number).is_ok());
        }
        match self.number(iri) {
            Some(root) => Box::new(move |number| self.hierarchy.is_a(number, root)),
            None => Box::new(|_| false),
        }
    }

    /// The same, or whether a vocabulary declares it.
    fn part<'a>(&'a self, iri: &'a str) -> Box<dyn Fn(u32) -> bool + 'a> {
        let is_graph = self.graph_names().any(|graph| graph.as_str() == iri);
        if is_graph && self.list(iri).is_none() {
            return Box::new(move |number| *self.at(number).source == *iri);
        }
        self.within(iri)
    }

    /// Where to look for the names of a value set: small ones are looked through.
    fn scope<'a>(&'a self, iri: &str, holds: &'a dyn Fn(u32) -> bool) -> Scope<'a> {
        if let Some(list) = self.list(iri) {
            if list.members.len() <= SCOPE_MAX {
                return Scope::Few(list.members.clone());
            }
        } else if let Some(root) = self.number(iri)
            && self.hierarchy.below(root) as usize <= SCOPE_MAX
        {
            let mut numbers = self.hierarchy.descendants(root);
            numbers.push(root);
            return Scope::Few(numbers);
        }
        Scope::Many(holds)
    }

    /// Whether a property is «has method», under whatever name the ontology's version gives it.
    fn is_method(&self, property: &str) -> bool {
        let local = property.rsplit(['#', '/']).next().unwrap_or(property);
        let plain = |text: &str| {
            text.replace([' ', '_', '-'], "")
                .eq_ignore_ascii_case("hasmethod")
        };
        plain(local) || self.label(property, "en").is_some_and(plain)
    }

    fn concept_objects(&self, number: u32, predicate: NamedNodeRef<'_>) -> Vec<Term> {
        let concept = self.at(number);
        let node = |iri: &str| Term::from(NamedNode::new_unchecked(iri));
        let text = |(language, text): &(String, String)| {
            Term::from(Literal::new_language_tagged_literal_unchecked(
                text, language,
            ))
        };
        if predicate == rdf::TYPE {
            concept.kinds.iter().map(|kind| node(kind)).collect()
        } else if predicate == rdfs::SUB_CLASS_OF || predicate == skos::BROADER {
            let above = self.hierarchy.parents(number).iter();
            above.map(|parent| node(&self.at(*parent).iri)).collect()
        } else if predicate == skos::IN_SCHEME {
            concept.schemes.iter().map(|scheme| node(scheme)).collect()
        } else if predicate == skos::TOP_CONCEPT_OF && self.hierarchy.parents(number).is_empty() {
            concept.schemes.iter().map(|scheme| node(scheme)).collect()
        } else if predicate == skos::NOTATION {
            vec![Literal::new_simple_literal(&concept.code).into()]
        } else if predicate == skos::PREF_LABEL || predicate == rdfs::LABEL {
            concept.labels.iter().map(text).collect()
        } else if predicate == skos::ALT_LABEL {
            concept.synonyms.iter().map(text).collect()
        } else if predicate == skos::EXACT_MATCH || predicate == owl::EQUIVALENT_CLASS {
            let same = self.equivalents.get(&number).into_iter().flatten();
            let known = same.map(|other| node(&self.at(*other).iri));
            known
                .chain(concept.matches.iter().map(|other| node(other)))
                .collect()
        } else {
            Vec::new()
        }
    }
}

/// A name by its place: the synonyms follow the labels.
fn named(concept: &Concept, place: u16) -> (NameKind<'_>, &str) {
    let place = usize::from(place);
    match concept.labels.get(place) {
        Some((language, text)) => (NameKind::Label(language), text),
        None => match concept.synonyms.get(place - concept.labels.len()) {
            Some((language, text)) => (NameKind::Synonym(language), text),
            None => (NameKind::Label("en"), concept.name()),
        },
    }
}
