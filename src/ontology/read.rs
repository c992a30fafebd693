//! What does one document say? Understands our own Turtle, SKOS lists, and the OWL file as published:
//! restrictions in blank nodes, matches as strings, codes as numbers.

use rustc_hash::FxHashMap;

use super::OntologyError;
use super::codes;
use super::source::Source;
use crate::rdf::vocabulary::{dct, eucaim, owl, rdf, rdfs, skos};
use crate::rdf::{
    BlankNode, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term, Triple, format,
};

/// Annotation properties of the hyperontology that hold codes: local name, our name of the system.
const CODE_PROPERTIES: &[(&str, &str)] = &[
    ("SNOMEDCT", "SNOMEDCT"),
    ("RadLex", "RadLex"),
    ("NCIT", "NCIT"),
    ("ICD10", "ICD10"),
    ("ICD10PCS", "ICD10PCS"),
    ("ICDO3", "ICDO3"),
    ("LOINC", "LOINC"),
    ("UMLS_CUI", "UMLS"),
    ("OMOP_Concept_ID", "OMOP"),
    ("DICOM", "DICOM"),
    ("DCM", "DICOM"),
    ("DICOM_Tag", "DICOM_Tag"),
    ("NAACCR", "NAACCR"),
    ("CancerModifier", "CancerModifier"),
    ("NebraskaLexicon", "NebraskaLexicon"),
    ("birnlex", "birnlex"),
    ("ATC", "ATC"),
    ("CPT4", "CPT4"),
    ("HemOnc", "HemOnc"),
    ("RxNorm", "RxNorm"),
    ("UCUM", "UCUM"),
    ("UK_Biobank", "UK_Biobank"),
    ("OMOPGenomic", "OMOPGenomic"),
];
/// The one code property outside the hyperontology's namespace.
const BIRNLEX: &str = "http://bioontology.org/projects/ontologies/birnlex";

/// What a document says of one IRI.
#[derive(Debug, Default)]
pub(super) struct Statement {
    pub(super) iri: String,
    /// Whether the document declares it a concept; otherwise it only adds to one of another document.
    pub(super) declared: bool,
    pub(super) notation: Option<String>,
    pub(super) labels: Vec<(String, String)>,
    pub(super) synonyms: Vec<(String, String)>,
    pub(super) definition: Option<String>,
    pub(super) codes: Vec<(&'static str, String)>,
    pub(super) schemes: Vec<String>,
    pub(super) kinds: Vec<String>,
    pub(super) parents: Vec<String>,
    pub(super) children: Vec<String>,
    pub(super) equivalents: Vec<String>,
    pub(super) matches: Vec<String>,
    pub(super) relations: Vec<(String, String)>,
    pub(super) deprecated: bool,
}

/// A code list: its IRI and title.
#[derive(Debug)]
pub(super) struct SchemeStatement {
    pub(super) iri: String,
    pub(super) title: String,
    pub(super) tops: Vec<String>,
}

/// What a document says.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The IRI of its graph.
    pub(super) graph: String,
    /// What the document is called, by language, and its version.
    pub(super) titles: Vec<(String, String)>,
    pub(super) version: Option<String>,
    pub(super) statements: Vec<Statement>,
    pub(super) schemes: Vec<SchemeStatement>,
    /// (old IRI, IRI in force); both may be namespaces.
    pub(super) replaced: Vec<(String, String)>,
    /// (namespace, system whose codes follow it).
    pub(super) coded: Vec<(String, String)>,
    /// Labels of properties: (IRI, labels).
    pub(super) properties: Vec<(String, Vec<(String, String)>)>,
}

/// The triples of a document. Its blank nodes are numbered, so that the same text always gives the
/// same triples.
pub(super) fn triples(source: &Source) -> Result<Vec<Triple>, OntologyError> {
    let mut names: FxHashMap<BlankNode, BlankNode> = FxHashMap::default();
    let mut rename = |node: BlankNode| {
        let next = names.len();
        let stem: String = source
            .stem
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        names
            .entry(node)
            .or_insert_with(|| BlankNode::new_unchecked(format!("{stem}-{next}")))
            .clone()
    };
    let mut triples = Vec::new();
    let each = |quad: Quad| {
        let subject = match quad.subject {
            NamedOrBlankNode::BlankNode(node) => rename(node).into(),
            named @ NamedOrBlankNode::NamedNode(_) => named,
        };
        let object = match quad.object {
            Term::BlankNode(node) => rename(node).into(),
            other => other,
        };
        triples.push(Triple {
            subject,
            predicate: quad.predicate,
            object,
        });
    };
    format::parse_each(&source.bytes(), source.format, None, each).map_err(|error| {
        OntologyError::Syntax {
            file: source.file.clone(),
            error,
        }
    })?;
    Ok(triples)
}

/// Reads a document. `known_as` is the graph that a file of this name had before, for documents
/// that declare no name.
pub(super) fn read(source: &Source, known_as: Option<&str>) -> Result<Document, OntologyError> {
    let triples = triples(source)?;
    let mut subjects: Vec<&NamedOrBlankNode> = Vec::new();
    let mut facts: FxHashMap<&NamedOrBlankNode, Vec<(NamedNodeRef<'_>, &Term)>> =
        FxHashMap::default();
    for triple in &triples {
        let known = facts.entry(&triple.subject).or_insert_with(|| {
            subjects.push(&triple.subject);
            Vec::new()
        });
        known.push((triple.predicate.as_ref(), &triple.object));
    }
    let mut document = Document::default();
    let mut ontology = None;
    for subject in subjects {
        let NamedOrBlankNode::NamedNode(name) = subject else {
            continue;
        };
        let facts_here = &facts[subject];
        let is = |class: NamedNodeRef<'_>| {
            facts_here
                .iter()
                .any(|(p, o)| *p == rdf::TYPE && is_node(o, class))
        };
        if is(owl::ONTOLOGY) {
            document.describe(facts_here);
            ontology.get_or_insert_with(|| graph_name(name));
        } else if is(skos::CONCEPT_SCHEME) {
            document.describe(facts_here);
            document.schemes.push(read_scheme(name, facts_here));
        } else if is_property(facts_here) {
            document
                .properties
                .push((name.as_str().to_owned(), read_labels(facts_here)));
        } else if let Some(namespaces) = read_alias(name, facts_here) {
            match namespaces {
                Alias::Replaced(by) => document.replaced.push((name.as_str().to_owned(), by)),
                Alias::Coded(system) => document.coded.push((name.as_str().to_owned(), system)),
            }
        } else {
            let restriction = |node: &BlankNode| {
                read_restriction(facts.get(&NamedOrBlankNode::BlankNode(node.clone()))?)
            };
            document
                .statements
                .extend(read_statement(name, facts_here, &restriction));
        }
    }
    document.graph = ontology
        .or_else(|| document.schemes.first().map(|scheme| scheme.iri.clone()))
        .or_else(|| known_as.map(str::to_owned))
        .ok_or_else(|| OntologyError::Nameless {
            file: source.file.clone(),
        })?;
    Ok(document)
}

impl Document {
    /// The first of its ontologies and code lists that says so names it.
    fn describe(&mut self, facts: &[Fact<'_>]) {
        if self.titles.is_empty() {
            self.titles = [dct::TITLE, skos::PREF_LABEL, rdfs::LABEL]
                .into_iter()
                .flat_map(|property| literals(facts, property).map(tagged))
                .collect();
        }
        if self.version.is_none() {
            self.version = [owl::VERSION_INFO, dct::MODIFIED]
                .into_iter()
                .find_map(|property| literals(facts, property).next())
                .map(|version| clean(version.value()));
        }
    }
}

enum Alias {
    Replaced(String),
    Coded(String),
}

type Fact<'a> = (NamedNodeRef<'a>, &'a Term);

fn is_node(term: &Term, node: NamedNodeRef<'_>) -> bool {
    matches!(term, Term::NamedNode(name) if name.as_ref() == node)
}

fn objects<'a>(
    facts: &'a [Fact<'a>],
    predicate: NamedNodeRef<'a>,
) -> impl Iterator<Item = &'a Term> {
    facts
        .iter()
        .filter(move |(p, _)| *p == predicate)
        .map(|(_, object)| *object)
}

fn nodes<'a>(
    facts: &'a [Fact<'a>],
    predicate: NamedNodeRef<'a>,
) -> impl Iterator<Item = &'a NamedNode> {
    objects(facts, predicate).filter_map(|object| match object {
        Term::NamedNode(node) => Some(node),
        _ => None,
    })
}

fn literals<'a>(
    facts: &'a [Fact<'a>],
    predicate: NamedNodeRef<'a>,
) -> impl Iterator<Item = &'a Literal> {
    objects(facts, predicate).filter_map(|object| match object {
        Term::Literal(literal) => Some(literal),
        _ => None,
    })
}

/// `…/EUCAIM#` and `…/EUCAIM` name the same ontology: the graph goes without the mark.
fn graph_name(name: &NamedNode) -> String {
    name.as_str().trim_end_matches('#').to_owned()
}

fn is_property(facts: &[Fact<'_>]) -> bool {
    nodes(facts, rdf::TYPE).any(|class| class.as_str().ends_with("Property"))
}

fn read_alias(name: &NamedNode, facts: &[Fact<'_>]) -> Option<Alias> {
    if let Some(by) = nodes(facts, dct::IS_REPLACED_BY).next()
        && nodes(facts, rdf::TYPE).next().is_none()
    {
        return Some(Alias::Replaced(by.as_str().to_owned()));
    }
    let [(predicate, Term::Literal(system))] = facts else {
        return None;
    };
    let is_namespace = name.as_str().ends_with(['#', '/', '_']);
    (*predicate == skos::NOTATION && is_namespace).then(|| Alias::Coded(system.value().to_owned()))
}

fn read_scheme(name: &NamedNode, facts: &[Fact<'_>]) -> SchemeStatement {
    let titles: Vec<(String, String)> = [dct::TITLE, skos::PREF_LABEL, rdfs::LABEL]
        .into_iter()
        .flat_map(|property| literals(facts, property).map(tagged))
        .collect();
    let title = super::concept::best(&titles, "en")
        .unwrap_or(name.as_str())
        .to_owned();
    let tops = nodes(facts, skos::HAS_TOP_CONCEPT)
        .map(|top| top.as_str().to_owned())
        .collect();
    SchemeStatement {
        iri: name.as_str().to_owned(),
        title,
        tops,
    }
}

/// (property, target) of `[ owl:onProperty p ; owl:someValuesFrom c ]`.
fn read_restriction(facts: &Vec<Fact<'_>>) -> Option<(String, String)> {
    let property = nodes(facts, owl::ON_PROPERTY).next()?;
    let target = nodes(facts, owl::SOME_VALUES_FROM).next()?;
    Some((property.as_str().to_owned(), target.as_str().to_owned()))
}

fn read_statement(
    name: &NamedNode,
    facts: &[Fact<'_>],
    restriction: &dyn Fn(&BlankNode) -> Option<(String, String)>,
) -> Option<Statement> {
    if name.as_ref() == owl::THING {
        return None;
    }
    let all = |predicate| nodes(facts, predicate).map(|node| node.as_str().to_owned());
    let mut statement = Statement {
        iri: name.as_str().to_owned(),
        ..Statement::default()
    };
    statement.kinds = all(rdf::TYPE).collect();
    statement.schemes = all(skos::IN_SCHEME)
        .chain(all(skos::TOP_CONCEPT_OF))
        .collect();
    let class = |kind: &String| {
        [owl::CLASS, rdfs::CLASS, skos::CONCEPT]
            .iter()
            .any(|known| known.as_str() == kind)
    };
    statement.declared = statement.kinds.iter().any(class) || !statement.schemes.is_empty();
    statement.labels = read_labels(facts);
    statement.synonyms = read_synonyms(facts, &statement.labels);
    statement.notation = [skos::NOTATION, dct::IDENTIFIER]
        .into_iter()
        .find_map(|property| literals(facts, property).next())
        .map(|notation| notation.value().to_owned());
    statement.definition = [skos::DEFINITION, rdfs::COMMENT]
        .into_iter()
        .find_map(|property| {
            let texts: Vec<_> = literals(facts, property).map(tagged).collect();
            super::concept::best(&texts, "en").map(str::to_owned)
        });
    statement.parents = all(rdfs::SUB_CLASS_OF)
        .chain(all(skos::BROADER))
        .filter(|parent| parent != owl::THING.as_str())
        .collect();
    statement.children = all(skos::NARROWER).collect();
    statement.equivalents = all(owl::EQUIVALENT_CLASS).collect();
    statement.matches = all(skos::EXACT_MATCH).collect();
    statement.codes = read_codes(facts);
    for predicate in [rdfs::SUB_CLASS_OF, owl::EQUIVALENT_CLASS] {
        for object in objects(facts, predicate) {
            if let Term::BlankNode(node) = object {
                statement.relations.extend(restriction(node));
            }
        }
    }
    let direct = |(predicate, object): &Fact<'_>| match object {
        Term::NamedNode(target) if predicate.as_str().starts_with(eucaim::NAMESPACE) => {
            Some((predicate.as_str().to_owned(), target.as_str().to_owned()))
        }
        _ => None,
    };
    statement.relations.extend(facts.iter().filter_map(direct));
    statement.deprecated = literals(facts, owl::DEPRECATED).any(|flag| flag.value() == "true");
    Some(statement)
}

fn tagged(literal: &Literal) -> (String, String) {
    let language = literal.language().unwrap_or("en").to_ascii_lowercase();
    (language, clean(literal.value()))
}

/// One line, without space around it.
fn clean(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One label for each language: `rdfs:label` before `skos:prefLabel` before `dct:title`.
fn read_labels(facts: &[Fact<'_>]) -> Vec<(String, String)> {
    let mut labels: Vec<(String, String)> = Vec::new();
    for property in [rdfs::LABEL, skos::PREF_LABEL, dct::TITLE] {
        for (language, text) in literals(facts, property).map(tagged) {
            if !text.is_empty() && !labels.iter().any(|(known, _)| *known == language) {
                labels.push((language, text));
            }
        }
    }
    labels
}

fn read_synonyms(facts: &[Fact<'_>], labels: &[(String, String)]) -> Vec<(String, String)> {
    let mut synonyms: Vec<(String, String)> = Vec::new();
    for property in [
        skos::PREF_LABEL,
        skos::ALT_LABEL,
        skos::HIDDEN_LABEL,
        eucaim::SYNONYM,
        eucaim::ACRONYM,
    ] {
        for literal in literals(facts, property) {
            let synonym = tagged(literal);
            let is_text = literal.datatype() != crate::rdf::vocabulary::xsd::BOOLEAN;
            let is_new = !labels.contains(&synonym) && !synonyms.contains(&synonym);
            if is_text && is_new && !synonym.1.is_empty() {
                synonyms.push(synonym);
            }
        }
    }
    synonyms
}

/// Codes of the ontology's own properties; then matches given as text (`UMLS:C0412452`); then the
/// source of the class, where nothing else gives a code of that system.
fn read_codes(facts: &[Fact<'_>]) -> Vec<(&'static str, String)> {
    let mut codes: Vec<(&'static str, String)> = Vec::new();
    for (predicate, object) in facts {
        let Term::Literal(literal) = object else {
            continue;
        };
        if let Some(system) = code_property(predicate.as_str()) {
            push_code(&mut codes, system, literal.value());
        }
    }
    for literal in literals(facts, skos::EXACT_MATCH) {
        if let Some((system, code)) = codes::prefixed(literal.value()) {
            push_code(&mut codes, system, code);
        }
    }
    for literal in literals(facts, eucaim::SOURCE) {
        if let Some((system, code)) = codes::prefixed(literal.value())
            && !codes.iter().any(|(known, _)| *known == system)
        {
            push_code(&mut codes, system, code);
        }
    }
    codes
}

fn push_code(codes: &mut Vec<(&'static str, String)>, system: &'static str, code: &str) {
    let code = code.trim();
    if !code.is_empty() && !codes.iter().any(|(s, c)| *s == system && c == code) {
        codes.push((system, code.to_owned()));
    }
}

fn code_property(property: &str) -> Option<&'static str> {
    let local = match property.strip_prefix(eucaim::NAMESPACE) {
        Some(local) => local,
        None if property == BIRNLEX => "birnlex",
        None => return None,
    };
    CODE_PROPERTIES
        .iter()
        .find(|(name, _)| *name == local)
        .map(|(_, system)| *system)
}
