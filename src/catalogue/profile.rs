//! Does a record fit? Profiles are folders of shapes; a check answers in the reader's language.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::Dir;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::advice::{self, Advice, Wanted};
use crate::ontology::Ontology;
use crate::rdf::places::{Place, Places};
use crate::rdf::vocabulary::{dct, prof, rdf, rdfs, sh};
use crate::rdf::{
    Format, NamedNode, NamedNodeRef, NamedOrBlankNode, SyntaxError, Term, TermRef, Triple, format,
};
use crate::shacl::{
    Background, Data, PropertyShape, Report, Severity, Shapes, ShapesError, ValidationResult,
};
use crate::store::Snapshot;

/// The profile of a kind that names none.
pub const DEFAULT: &str = "dcat-ap-3.0.1";
/// The file of a profile's folder that describes it.
const DESCRIPTION: &str = "profile.ttl";
/// How many results of a check are told one by one.
const RESULTS_MAX: usize = 200;
/// For how many results of a check a way out is looked for.
const ADVISED_MAX: usize = 50;

/// A set of rules with a name.
pub struct Profile {
    /// The token that it is asked for by, such as `eucaim-dcat-ap-2.0`.
    pub name: String,
    pub iri: Option<NamedNode>,
    pub titles: Vec<(String, String)>,
    /// Of its files: another digest means other rules.
    pub digest: String,
    shapes: Shapes,
    triples: Vec<Triple>,
    /// What each shape wants, for advice.
    wanted: FxHashMap<Term, Wanted>,
}

/// All profiles, by name.
#[derive(Clone)]
pub struct Profiles(Arc<BTreeMap<String, Arc<Profile>>>);

/// Why profiles cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfilesError {
    #[error("{file}: {source}")]
    Syntax { file: String, source: SyntaxError },
    #[error("the profile {name}: {source}")]
    Shapes { name: String, source: ShapesError },
    #[error("{path} cannot be read: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// How a record fits a profile.
#[derive(Debug, Clone)]
pub struct Checked {
    pub iri: String,
    pub profile: String,
    pub report: Arc<Report>,
    /// A way out for some of the results, by their place in the report.
    pub advice: Arc<BTreeMap<usize, Advice>>,
    /// Old names that were understood as their new ones: (as sent, as understood).
    pub aliases: Vec<(String, String)>,
    /// Why the check could not be finished, when it could not.
    pub given_up: Option<String>,
}

/// What a record points to: vocabularies, and other records.
pub struct Neighbours<'a> {
    pub ontology: &'a Ontology,
    pub snapshot: Option<Snapshot>,
}

impl Profiles {
    /// Reads the bundled profiles, and those of a folder over them.
    pub fn load(bundled: &Dir<'_>, folder: Option<&Path>) -> Result<Self, ProfilesError> {
        let mut all = BTreeMap::new();
        for entry in bundled.dirs() {
            let name = entry.path().display().to_string();
            let files = entry
                .files()
                .map(|file| (file.path().display().to_string(), file.contents().to_vec()));
            let profile = read(&name, files.collect())?;
            all.insert(profile.name.clone(), Arc::new(profile));
        }
        for path in folder.map(subfolders).transpose()?.into_iter().flatten() {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let profile = read(&name, files_of(&path)?)?;
            all.insert(profile.name.clone(), Arc::new(profile));
        }
        Ok(Self(Arc::new(all)))
    }

    pub fn get(&self, name: &str) -> Option<Arc<Profile>> {
        self.0.get(name).cloned()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The profiles that a record says it conforms to (`dct:conformsTo`), by IRI or by name.
    pub fn named_by(&self, iri: &NamedNode, triples: &[Triple]) -> Vec<Arc<Profile>> {
        let itself = NamedOrBlankNode::from(iri.clone());
        let named = triples
            .iter()
            .filter(|triple| triple.subject == itself && triple.predicate == dct::CONFORMS_TO);
        let known = named.filter_map(|triple| {
            let is_named = |profile: &&Arc<Profile>| match &triple.object {
                Term::NamedNode(wanted) => profile.iri.as_ref() == Some(wanted),
                Term::Literal(name) => profile.name == name.value(),
                Term::BlankNode(_) | Term::Triple(_) => false,
            };
            self.0.values().find(is_named).cloned()
        });
        let mut known: Vec<Arc<Profile>> = known.collect();
        known.sort_by(|one, other| one.name.cmp(&other.name));
        known.dedup_by(|one, other| one.name == other.name);
        known
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.0.values()
    }
}

impl Profile {
    /// Makes a profile of shapes that stand in files of their own.
    pub fn from_shapes(name: &str, triples: Vec<Triple>) -> Result<Self, ProfilesError> {
        let shapes = Shapes::compile(&triples).map_err(|source| ProfilesError::Shapes {
            name: name.to_owned(),
            source,
        })?;
        Ok(Self {
            name: name.to_owned(),
            iri: None,
            titles: Vec::new(),
            digest: String::new(),
            wanted: Wanted::of_shapes(&triples),
            shapes,
            triples,
        })
    }

    /// The property shapes that hold for a class, as a form would show them.
    pub fn fields_of(&self, class: &NamedNode) -> Vec<PropertyShape<'_>> {
        self.shapes.properties_of(class)
    }

    /// The property shapes of all classes.
    pub fn fields(&self) -> Vec<PropertyShape<'_>> {
        let classes = self.shapes.target_classes();
        classes
            .flat_map(|class| self.shapes.properties_of(class))
            .collect()
    }

    /// What must be, without what is only recommended.
    pub fn without_advice(&self) -> Result<Shapes, ShapesError> {
        let is_advice = |triple: &&Triple| {
            triple.predicate == sh::SEVERITY && triple.object != Term::from(sh::VIOLATION)
        };
        let advice: FxHashSet<&NamedOrBlankNode> = self
            .triples
            .iter()
            .filter(is_advice)
            .map(|triple| &triple.subject)
            .collect();
        let leads_to_advice = |object: &Term| match object {
            Term::NamedNode(node) => advice.contains(&NamedOrBlankNode::from(node.clone())),
            Term::BlankNode(node) => advice.contains(&NamedOrBlankNode::from(node.clone())),
            Term::Literal(_) | Term::Triple(_) => false,
        };
        let stays = |triple: &&Triple| {
            let leads = triple.predicate == sh::PROPERTY && leads_to_advice(&triple.object);
            !leads && !advice.contains(&triple.subject)
        };
        let kept: Vec<Triple> = self.triples.iter().filter(stays).cloned().collect();
        Shapes::compile(&kept)
    }

    /// The shapes and the description of the profile.
    pub fn triples(&self) -> &[Triple] {
        &self.triples
    }

    /// The title in a language, else in English, else the name.
    pub fn title(&self, language: &str) -> &str {
        let of = |wanted: &str| self.titles.iter().find(|(tag, _)| tag == wanted);
        of(language)
            .or_else(|| of("en"))
            .map_or(self.name.as_str(), |(_, title)| title)
    }

    /// Checks a description. Old names (`ontology/aliases.ttl`) are read as their new ones; what
    /// was sent stays as it was sent.
    pub fn check(
        &self,
        iri: &NamedNode,
        triples: &[Triple],
        neighbours: &Neighbours<'_>,
    ) -> Checked {
        let mut aliases = Vec::new();
        let read: Vec<Triple> = triples
            .iter()
            .map(|triple| canonical(triple, neighbours.ontology, &mut aliases))
            .collect();
        aliases.sort_unstable();
        aliases.dedup();
        // What the store holds of the record is its older version: only the neighbours answer.
        let mut own: Vec<TermRef<'_>> = read
            .iter()
            .map(|triple| TermRef::from(triple.subject.as_ref()))
            .collect();
        own.push(TermRef::from(iri.as_ref()));
        let data = Data::new(&read).with_background(neighbours).with_own(own);
        let (report, given_up) = match self.shapes.validate(&data) {
            Ok(report) => (report, None),
            Err(error) => (Report::default(), Some(error.to_string())),
        };
        Checked {
            iri: iri.as_str().to_owned(),
            profile: self.name.clone(),
            advice: Arc::new(self.advice(&report, neighbours.ontology)),
            report: Arc::new(report),
            aliases,
            given_up,
        }
    }
}

impl Profile {
    fn advice(&self, report: &Report, ontology: &Ontology) -> BTreeMap<usize, Advice> {
        let of = |(place, result): (usize, &ValidationResult)| {
            let wanted = self.wanted.get(&result.source_shape)?;
            Some((place, advice::of(result, wanted, ontology)?))
        };
        let results = report.results.iter().enumerate();
        let with_value = results.filter(|(_, result)| result.value.is_some());
        with_value.take(ADVISED_MAX).filter_map(of).collect()
    }
}

impl Checked {
    /// Whether the record may be published: nothing that must be is missing or wrong.
    pub fn fits(&self) -> bool {
        self.given_up.is_none() && !self.report.has_violations()
    }

    pub fn violations(&self) -> usize {
        self.report.count(&Severity::Violation)
    }

    /// How many results are less than violations.
    pub fn warnings(&self) -> usize {
        self.report.results.len() - self.violations()
    }

    /// One line for each result, the violations first: field, message, value.
    pub fn lines(&self, language: &str) -> Vec<String> {
        let given_up = self.given_up.iter().cloned();
        let line = |(result, advice): (&ValidationResult, Option<&Advice>)| {
            let label = label(result, language);
            let message = result.message(language);
            let value = match &result.value {
                Some(value) => format!(" ({})", shown(value)),
                None => String::new(),
            };
            let advice = advice
                .map(|advice| format!(" {}", advice.sentence(language)))
                .unwrap_or_default();
            format!("{label}: {message}{value}{advice}")
        };
        given_up.chain(self.sorted().map(line)).collect()
    }

    /// The results with what would mend them, the violations first.
    pub fn sorted(&self) -> impl Iterator<Item = (&ValidationResult, Option<&Advice>)> {
        let mut results: Vec<(usize, &ValidationResult)> =
            self.report.results.iter().enumerate().collect();
        results.sort_by_key(|(_, result)| result.severity != Severity::Violation);
        let with_advice = |(place, result)| (result, self.advice.get(&place));
        results.into_iter().take(RESULTS_MAX).map(with_advice)
    }

    /// Where in its document a result is.
    pub fn place(&self, result: &ValidationResult, places: &Places) -> Option<Place> {
        let (predicate, value) = (result.property(), result.value.as_ref());
        let record = || Term::from(NamedNode::new_unchecked(&self.iri));
        places
            .of(&result.focus_node, predicate, value)
            .or_else(|| places.of(&record(), predicate, value))
    }

    /// The results as members of an RFC 9457 problem.
    pub fn violations_json(&self, language: &str) -> Value {
        let one = |(result, advice): (&ValidationResult, Option<&Advice>)| {
            json!({
                "focusNode": shown(&result.focus_node),
                "path": result.path.as_ref().map(ToString::to_string),
                "label": label(result, language),
                "value": result.value.as_ref().map(shown),
                "severity": local_name(result.severity.iri().as_str()),
                "message": result.message(language),
                "constraint": local_name(result.constraint_component.as_str()),
                "shape": shown(&result.source_shape),
                "suggestion": advice.map(|advice| advice.to_json(language)),
            })
        };
        Value::Array(self.sorted().map(one).collect())
    }

    /// The check as it is kept with a version.
    pub fn to_json(&self) -> Value {
        json!({
            "profile": self.profile,
            "conforms": self.fits(),
            "violations": self.violations(),
            "warnings": self.warnings(),
            "givenUp": self.given_up,
        })
    }

    /// The whole check for programs, with the line and column of each result in its document.
    pub fn to_full_json(&self, language: &str, places: &Places) -> Value {
        let mut body = self.to_json();
        body["record"] = json!(self.iri);
        body["results"] = self.violations_json(language);
        if let Some(results) = body["results"].as_array_mut() {
            for (json, (result, _)) in results.iter_mut().zip(self.sorted()) {
                let place = self.place(result, places);
                json["line"] = json!(place.map(|place| place.line));
                json["column"] = json!(place.map(|place| place.column));
            }
        }
        let aliases = self
            .aliases
            .iter()
            .map(|(sent, read)| json!({ "sent": sent, "read": read }));
        body["aliases"] = Value::Array(aliases.collect());
        body
    }
}

/// The label of the field at fault, else its property in short.
pub fn label(result: &ValidationResult, language: &str) -> String {
    let named = result.field_name(language).map(str::to_owned);
    named.unwrap_or_else(|| match result.property() {
        Some(property) => local_name(property.as_str()).to_owned(),
        None => result
            .path
            .as_ref()
            .map_or_else(String::new, ToString::to_string),
    })
}

/// A term as people read it.
pub fn shown(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => node.as_str().to_owned(),
        Term::BlankNode(node) => node.to_string(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::Triple(triple) => triple.to_string(),
    }
}

/// The last part of an IRI.
pub(super) fn local_name(iri: &str) -> &str {
    iri.rsplit(['#', '/']).next().unwrap_or(iri)
}

fn canonical(triple: &Triple, ontology: &Ontology, aliases: &mut Vec<(String, String)>) -> Triple {
    let mut read = |iri: &NamedNode| {
        let known = ontology.canonical(iri.as_str());
        (known != iri.as_str()).then(|| {
            aliases.push((iri.as_str().to_owned(), known.to_owned()));
            NamedNode::new_unchecked(known)
        })
    };
    let predicate = read(&triple.predicate).unwrap_or_else(|| triple.predicate.clone());
    let object = match &triple.object {
        Term::NamedNode(iri) => read(iri).map_or_else(|| triple.object.clone(), Term::from),
        other => other.clone(),
    };
    Triple {
        subject: triple.subject.clone(),
        predicate,
        object,
    }
}

impl Background for Neighbours<'_> {
    fn objects(&self, subject: &Term, predicate: &NamedNode) -> Vec<Term> {
        let known = self.ontology.objects(subject, predicate.as_ref());
        match (subject, &self.snapshot) {
            // What a term of the vocabularies is, they alone say.
            (Term::NamedNode(node), Some(snapshot))
                if known.is_empty() && self.ontology.concept(node.as_str()).is_none() =>
            {
                snapshot.objects(node.as_ref().into(), predicate.as_ref())
            }
            // The blank nodes of a record are its own.
            _ => known,
        }
    }

    fn ancestors(&self, term: &Term, predicate: &NamedNode) -> Option<Vec<Term>> {
        let Term::NamedNode(node) = term else {
            return None;
        };
        if *predicate != rdfs::SUB_CLASS_OF || self.ontology.concept(node.as_str()).is_none() {
            return None;
        }
        let above = self.ontology.ancestors(node.as_str());
        Some(
            above
                .into_iter()
                .map(|concept| NamedNode::new_unchecked(&concept.iri).into())
                .collect(),
        )
    }
}

fn read(folder: &str, files: Vec<(String, Vec<u8>)>) -> Result<Profile, ProfilesError> {
    let mut triples = Vec::new();
    let mut description = Vec::new();
    let mut hash = Sha256::new();
    for (file, bytes) in files {
        hash.update(&bytes);
        let extension = file.rsplit('.').next().unwrap_or_default();
        let Some(format) = Format::from_extension(extension) else {
            continue;
        };
        let quads =
            format::parse(&bytes, format, None).map_err(|source| ProfilesError::Syntax {
                file: file.clone(),
                source,
            })?;
        let found = quads.into_iter().map(Triple::from);
        if file.ends_with(DESCRIPTION) {
            description.extend(found);
        } else {
            triples.extend(found);
        }
    }
    triples.extend(description.iter().cloned());
    let mut profile = Profile::from_shapes(folder, triples)?;
    profile.digest = hex::encode(hash.finalize());
    describe(&mut profile, &description);
    Ok(profile)
}

/// Takes name, IRI and titles from the description.
fn describe(profile: &mut Profile, description: &[Triple]) {
    let class = Term::from(prof::PROFILE.into_owned());
    let itself = description
        .iter()
        .find(|triple| triple.predicate == rdf::TYPE && triple.object == class)
        .map(|triple| triple.subject.clone());
    let Some(itself) = itself else { return };
    let literals = |predicate: NamedNodeRef<'_>| {
        let of = description
            .iter()
            .filter(|triple| triple.subject == itself && triple.predicate == predicate);
        let literal = of.filter_map(|triple| match &triple.object {
            Term::Literal(literal) => Some((
                literal.language().unwrap_or("en").to_owned(),
                literal.value().to_owned(),
            )),
            _ => None,
        });
        literal.collect::<Vec<_>>()
    };
    if let Some((_, token)) = literals(prof::HAS_TOKEN).into_iter().next() {
        profile.name = token;
    }
    profile.titles = literals(dct::TITLE);
    if let NamedOrBlankNode::NamedNode(iri) = itself {
        profile.iri = Some(iri);
    }
}

fn subfolders(folder: &Path) -> Result<Vec<PathBuf>, ProfilesError> {
    let error = |source| ProfilesError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_dir() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

fn files_of(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, ProfilesError> {
    let error = |source| ProfilesError::Read {
        path: folder.to_owned(),
        source,
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(error)? {
        let path = entry.map_err(error)?.path();
        if path.is_file() {
            let bytes = std::fs::read(&path).map_err(error)?;
            files.push((path.display().to_string(), bytes));
        }
    }
    files.sort();
    Ok(files)
}
