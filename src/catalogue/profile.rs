//! Does a record fit? Profiles are folders of shapes; a check answers in the reader's language.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use include_dir::Dir;
use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::advice::{self, Advice, Wanted};
use super::checked::{self, Checked};
use super::form::{Form, for_clients, form};
use super::migration::{Rules, RulesError};
use super::plausibility::FindingSiteRule;
use crate::crosswalk::rendition;
use crate::ontology::Ontology;
use crate::rdf::places::Places;
use crate::rdf::vocabulary::{dct, prof, rdf, rdfs, sh, vs};
use crate::rdf::{
    Format, NamedNode, NamedNodeRef, NamedOrBlankNode, SyntaxError, Term, TermRef, Triple, format,
};
use crate::shacl::{
    Background, Data, Field, Limits, Message, Problem, PropertyShape, Report, Shapes, ShapesError,
    ValidationResult,
};
use crate::store::Snapshot;

/// The profile of a kind that names none.
pub const DEFAULT: &str = "dcat-ap-3.0.1";
/// The file of a profile's folder that describes it.
const DESCRIPTION: &str = "profile.ttl";
/// The file of a profile's folder that says how its records become those of its successor.
const MIGRATION: &str = "migration.toml";
/// The file of a profile's folder that says how records of others are written in it.
const RENDITION: &str = "rendition.toml";
/// For how many results of a check a way out is looked for.
const ADVISED_MAX: usize = 50;
/// With more results than this a check is given up: nobody mends so many one by one.
const RESULTS_FOUND_MAX: usize = 10_000;

/// A set of rules with a name.
pub struct Profile {
    /// The token that it is asked for by, such as `eucaim-dcat-ap-2.0`.
    pub name: String,
    pub iri: Option<NamedNode>,
    /// Other addresses that it is published under: without a release, or of one that it corrects.
    pub also: Vec<NamedNode>,
    pub titles: Vec<(String, String)>,
    /// Of its files: another digest means other rules.
    pub digest: String,
    /// The way to its successor, when it has one.
    pub migration: Option<Rules>,
    /// How records of other profiles are written in it, when they can be.
    pub rendition: Option<rendition::Rules>,
    shapes: Shapes,
    triples: Vec<Triple>,
    /// What each shape wants, for advice.
    wanted: FxHashMap<Term, Wanted>,
    /// The fields of forms: predicate, shape, labels.
    fields: Vec<(Term, String, Arc<Field>)>,
    finding_sites: Vec<FindingSiteRule>,
    /// The forms that were asked for, by class.
    forms: Mutex<FxHashMap<NamedNode, Option<Arc<Form>>>>,
}

/// All profiles, by name.
#[derive(Clone)]
pub struct Profiles {
    all: Arc<BTreeMap<String, Arc<Profile>>>,
    problems: Arc<[ProfilesError]>,
}

/// Why profiles cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProfilesError {
    #[error("{file}: {source}")]
    Syntax { file: String, source: SyntaxError },
    #[error("the profile {name}: {source}")]
    Shapes { name: String, source: ShapesError },
    /// One shape that is ill-formed, `FILE:LINE:COLUMN` before it as far as they are known.
    #[error("{place}: {problem}")]
    Shape { place: String, problem: Problem },
    #[error("{file}: {source}")]
    Migration { file: String, source: RulesError },
    #[error("{file}: {source}")]
    Rendition {
        file: String,
        source: rendition::RulesError,
    },
    #[error("{path} cannot be read: {source}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// What a record points to: vocabularies, and other records.
pub struct Neighbours<'a> {
    pub ontology: &'a Ontology,
    pub snapshot: Option<Snapshot>,
}

impl Profiles {
    /// Reads the bundled profiles, and those of a folder over them. A profile of the folder that is
    /// broken leaves the bundled one of its name in force, and is told by [`Profiles::problems`].
    pub fn load(
        bundled: &Dir<'_>,
        folder: Option<&Path>,
        ontology: &Ontology,
    ) -> Result<Self, ProfilesError> {
        let mut all = BTreeMap::new();
        let mut problems = Vec::new();
        for entry in bundled.dirs() {
            let name = entry.path().display().to_string();
            let files = entry
                .files()
                .map(|file| (file.path().display().to_string(), file.contents().to_vec()));
            let profile = read(&name, &files.collect::<Vec<_>>(), ontology).map_err(first)?;
            all.insert(profile.name.clone(), Arc::new(profile));
        }
        for path in folder.map(subfolders).transpose()?.into_iter().flatten() {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            match read(&name, &files_of(&path)?, ontology) {
                Ok(profile) => {
                    all.insert(profile.name.clone(), Arc::new(profile));
                }
                Err(found) => problems.extend(found),
            }
        }
        Ok(Self {
            all: Arc::new(all),
            problems: problems.into(),
        })
    }

    /// What was wrong with the operator's files.
    pub fn problems(&self) -> &[ProfilesError] {
        &self.problems
    }

    pub fn get(&self, name: &str) -> Option<Arc<Profile>> {
        self.all.get(name).cloned()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// The profiles that a record says it conforms to (`dct:conformsTo`), by IRI or by name.
    pub fn named_by(&self, iri: &NamedNode, triples: &[Triple]) -> Vec<Arc<Profile>> {
        let itself = NamedOrBlankNode::from(iri.clone());
        let said = triples
            .iter()
            .filter(|triple| triple.subject == itself && triple.predicate == dct::CONFORMS_TO)
            .map(|triple| triple.object.clone());
        self.named(&said.collect::<Vec<_>>())
    }

    /// The profiles among some standards.
    pub fn named(&self, standards: &[Term]) -> Vec<Arc<Profile>> {
        let is_named = |profile: &&Arc<Profile>| {
            standards.iter().any(|standard| match standard {
                Term::NamedNode(wanted) => profile.iri.as_ref() == Some(wanted),
                Term::Literal(name) => profile.name == name.value(),
                Term::BlankNode(_) | Term::Triple(_) => false,
            })
        };
        self.all.values().filter(is_named).cloned().collect()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<Profile>> {
        self.all.values()
    }
}

impl Profile {
    /// Makes a profile of shapes that stand in files of their own. Records are checked under the
    /// names that we write, so shapes that use old names are read as their new ones, too.
    pub fn from_shapes(
        name: &str,
        triples: Vec<Triple>,
        ontology: &Ontology,
    ) -> Result<Self, ProfilesError> {
        let read: Vec<Triple> = triples
            .iter()
            .map(|triple| canonical_shapes(triple, ontology))
            .collect();
        let shapes = Shapes::compile(&read).map_err(|source| ProfilesError::Shapes {
            name: name.to_owned(),
            source,
        })?;
        Ok(Self {
            name: name.to_owned(),
            iri: None,
            also: Vec::new(),
            titles: Vec::new(),
            digest: String::new(),
            migration: None,
            rendition: None,
            wanted: Wanted::of_shapes(&read),
            fields: fields(&read),
            finding_sites: FindingSiteRule::of(&read),
            forms: Mutex::default(),
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

    /// The form for the things of a class, made when it is asked for the first time.
    pub fn form(&self, class: &NamedNode, ontology: &Ontology) -> Option<Arc<Form>> {
        if let Some(known) = self.forms.lock().get(class) {
            return known.clone();
        }
        let shapes = self.triples.iter();
        let shapes: Vec<Triple> = shapes.map(|t| canonical_shapes(t, ontology)).collect();
        let made = form(&shapes, &self.wanted, ontology, class).map(Arc::new);
        // Only the classes of the table of kinds are asked for.
        self.forms.lock().insert(class.clone(), made.clone());
        made
    }

    /// The properties whose values a concept may be, each with the label of its field: those with a
    /// value set that it belongs to.
    pub fn takes(&self, iri: &str, ontology: &Ontology, language: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for shape in self.fields() {
            let wanted = self.wanted.get(shape.node);
            let takes = wanted.is_some_and(|wanted| wanted.has_member(iri, ontology));
            let Some(property) = shape.path.predicate().filter(|_| takes) else {
                continue;
            };
            if found.iter().all(|(known, _)| known != property.as_str()) {
                let label = shape.field.name(language);
                let label = label.unwrap_or(local_name(property.as_str()));
                found.push((property.as_str().to_owned(), label.to_owned()));
            }
        }
        found
    }

    /// What the properties want whose values come from value sets.
    pub fn value_sets(&self) -> BTreeMap<String, Vec<&Wanted>> {
        let mut sets: BTreeMap<String, Vec<&Wanted>> = BTreeMap::new();
        for shape in self.fields() {
            let wanted = self
                .wanted
                .get(shape.node)
                .filter(|wanted| wanted.is_value_set());
            if let Some((property, wanted)) = shape.path.predicate().zip(wanted) {
                sets.entry(property.as_str().to_owned())
                    .or_default()
                    .push(wanted);
            }
        }
        sets
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

    /// The shapes as they are read: under the names that we write.
    pub fn shapes_read(&self, ontology: &Ontology) -> Vec<Triple> {
        let shapes = self.triples.iter();
        shapes
            .map(|triple| canonical_shapes(triple, ontology))
            .collect()
    }

    /// The shapes and the description of the profile.
    pub fn triples(&self) -> &[Triple] {
        &self.triples
    }

    /// The shapes as the forms of clients of FAIR Data Points read them, about things of some classes, the narrowest
    /// first. They say the same rules in a part of SHACL; of several datatypes they allow one.
    pub fn for_clients(&self, classes: &[NamedNode]) -> Vec<Triple> {
        for_clients(&self.triples, classes)
    }

    /// Whether an address is one of its own, with or without what ends it.
    pub fn is_at(&self, address: &str) -> bool {
        let bare = |iri: &str| iri.trim_end_matches(['/', '#']).to_owned();
        let mut own = self.iri.iter().chain(&self.also);
        own.any(|iri| bare(iri.as_str()) == bare(address))
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
        let is_old = |triple: &Triple| has_old_names(triple, neighbours.ontology);
        // Most records have no old names, and need no copy.
        let read = if triples.iter().any(is_old) {
            let new = |triple| canonical(triple, neighbours.ontology, &mut aliases);
            Cow::Owned(triples.iter().map(new).collect())
        } else {
            Cow::Borrowed(triples)
        };
        aliases.sort_unstable();
        aliases.dedup();
        // What the store holds of the record is its older version: only the neighbours answer.
        let mut own: Vec<TermRef<'_>> = read
            .iter()
            .map(|triple| TermRef::from(triple.subject.as_ref()))
            .collect();
        own.push(TermRef::from(iri.as_ref()));
        let data = Data::new(&*read).with_background(neighbours).with_own(own);
        let limits = Limits {
            results_max: RESULTS_FOUND_MAX,
            ..Limits::default()
        };
        let (report, given_up) = match self.shapes.validate_within(&data, &limits) {
            Ok(mut report) => {
                let rules = self.finding_sites.iter();
                let unlikely = rules.filter_map(|rule| rule.check(iri, &read, neighbours.ontology));
                report.results.extend(unlikely);
                (self.labelled(report), None)
            }
            Err(error) => (Report::default(), Some(error.to_string())),
        };
        Checked {
            iri: iri.as_str().to_owned(),
            profile: self.name.clone(),
            advice: Arc::new(self.advice(&report, neighbours.ontology)),
            values: Arc::new(checked::names(&report, neighbours.ontology)),
            report: Arc::new(report),
            aliases,
            given_up,
        }
    }
}

impl Profile {
    /// A shape that only checks has no label of its own: what it finds is told with that of the
    /// field it checks.
    fn labelled(&self, mut report: Report) -> Report {
        for result in &mut report.results {
            if !result.field.names.is_empty() {
                continue;
            }
            let (Some(property), Term::NamedNode(shape)) =
                (result.property(), &result.source_shape)
            else {
                continue;
            };
            let property = Term::from(property.clone());
            let of_property = self.fields.iter().filter(|(path, _, _)| *path == property);
            let nearest = of_property.max_by_key(|(_, field, _)| alike(field, shape.as_str()));
            if let Some((_, _, field)) = nearest {
                result.field = Arc::clone(field);
            }
        }
        report
    }

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

/// How many bytes two texts have in common at their beginning.
fn alike(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes());
    pairs.take_while(|(one, other)| one == other).count()
}

/// The property shapes that have a label: predicate, shape, labels.
fn fields(triples: &[Triple]) -> Vec<(Term, String, Arc<Field>)> {
    let mut names: FxHashMap<&NamedOrBlankNode, Field> = FxHashMap::default();
    for triple in triples.iter().filter(|triple| triple.predicate == sh::NAME) {
        if let Term::Literal(name) = &triple.object {
            let field = names.entry(&triple.subject).or_default();
            field.shape = Some(triple.subject.clone().into());
            field.names.push(Message {
                language: name.language().map(str::to_ascii_lowercase),
                text: name.value().to_owned(),
            });
        }
    }
    let names: FxHashMap<_, Arc<Field>> = names
        .into_iter()
        .map(|(shape, field)| (shape, Arc::new(field)))
        .collect();
    let paths = triples.iter().filter(|triple| triple.predicate == sh::PATH);
    let fields = paths.filter_map(|triple| {
        let field = names.get(&triple.subject)?;
        let shape = match &triple.subject {
            NamedOrBlankNode::NamedNode(shape) => shape.as_str().to_owned(),
            NamedOrBlankNode::BlankNode(_) => String::new(),
        };
        Some((triple.object.clone(), shape, Arc::clone(field)))
    });
    fields.collect()
}

/// The last part of an IRI.
pub(super) fn local_name(iri: &str) -> &str {
    iri.rsplit(['#', '/']).next().unwrap_or(iri)
}

fn has_old_names(triple: &Triple, ontology: &Ontology) -> bool {
    let is_old = |iri: &NamedNode| ontology.canonical(iri.as_str()) != iri.as_str();
    let old_object = || matches!(&triple.object, Term::NamedNode(iri) if is_old(iri));
    is_old(&triple.predicate) || old_object()
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

/// A triple of shapes: where a shape is named by an old name, it must be found under the new one.
fn canonical_shapes(triple: &Triple, ontology: &Ontology) -> Triple {
    let mut read = canonical(triple, ontology, &mut Vec::new());
    if let NamedOrBlankNode::NamedNode(shape) = &triple.subject {
        read.subject = NamedNode::new_unchecked(ontology.canonical(shape.as_str())).into();
    }
    read
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

fn first(problems: Vec<ProfilesError>) -> ProfilesError {
    let first = problems.into_iter().next();
    first.expect("a profile that cannot be read has a problem")
}

/// Reads the files of a profile, or says what is wrong with each.
fn read(
    folder: &str,
    files: &[(String, Vec<u8>)],
    ontology: &Ontology,
) -> Result<Profile, Vec<ProfilesError>> {
    let mut triples = Vec::new();
    let mut description = Vec::new();
    let mut problems = Vec::new();
    let mut hash = Sha256::new();
    let (mut migration, mut rendition) = (None, None);
    for (file, bytes) in files {
        // Records are checked by the same rules, however they are written elsewhere.
        if file.ends_with(RENDITION) {
            match rendition::Rules::parse(&String::from_utf8_lossy(bytes)) {
                Ok(rules) => rendition = Some(rules),
                Err(source) => problems.push(ProfilesError::Rendition {
                    file: file.clone(),
                    source,
                }),
            }
            continue;
        }
        hash.update(bytes);
        if file.ends_with(MIGRATION) {
            match rules(file.clone(), bytes) {
                Ok(rules) => migration = Some(rules),
                Err(problem) => problems.push(problem),
            }
            continue;
        }
        let extension = file.rsplit('.').next().unwrap_or_default();
        let Some(format) = Format::from_extension(extension) else {
            continue;
        };
        let quads = match format::parse(bytes, format, None) {
            Ok(quads) => quads,
            Err(source) => {
                problems.push(ProfilesError::Syntax {
                    file: file.clone(),
                    source,
                });
                continue;
            }
        };
        let found = quads.into_iter().map(Triple::from);
        if file.ends_with(DESCRIPTION) {
            description.extend(found);
        } else {
            triples.extend(found);
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    triples.extend(description.iter().cloned());
    let profile = Profile::from_shapes(folder, triples, ontology);
    let mut profile = profile.map_err(|problem| {
        let placed = ill_formed(files, ontology);
        if placed.is_empty() {
            vec![problem]
        } else {
            placed
        }
    })?;
    profile.digest = hex::encode(hash.finalize());
    profile.migration = migration;
    profile.rendition = rendition;
    describe(&mut profile, &description);
    Ok(profile)
}

/// The shapes of some files that are ill-formed, each with its place: the files are read again, for
/// nobody pays for places while all is well.
pub fn ill_formed(files: &[(String, Vec<u8>)], ontology: &Ontology) -> Vec<ProfilesError> {
    let mut triples = Vec::new();
    let mut places = Vec::new();
    for (file, bytes) in files {
        let extension = file.rsplit('.').next().unwrap_or_default();
        let format = Format::from_extension(extension);
        let found = format.map(|format| Places::read(bytes, format, None));
        if let Some(Ok((found, of_file))) = found {
            triples.extend(found.iter().map(|t| canonical_shapes(t, ontology)));
            places.push((file, of_file));
        }
    }
    let Err(error) = Shapes::compile(&triples) else {
        return Vec::new();
    };
    let place = |shape: &Term| {
        let known = places.iter().find_map(|(file, places)| {
            let place = places.of(shape, None, None)?;
            Some(format!("{file}:{}:{}", place.line, place.column))
        });
        let all = || {
            let files: Vec<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
            files.join(", ")
        };
        known.unwrap_or_else(all)
    };
    let problems = error.problems.into_iter();
    let placed = problems.map(|problem| ProfilesError::Shape {
        place: place(&problem.shape),
        problem,
    });
    placed.collect()
}

fn rules(file: String, bytes: &[u8]) -> Result<Rules, ProfilesError> {
    let parsed = Rules::parse(&String::from_utf8_lossy(bytes));
    parsed.map_err(|source| ProfilesError::Migration { file, source })
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
    let also = description
        .iter()
        .filter(|triple| triple.subject == itself && triple.predicate == vs::ALSO_ASKED_AS);
    let also = also.filter_map(|triple| match &triple.object {
        Term::NamedNode(iri) => Some(iri.clone()),
        Term::BlankNode(_) | Term::Literal(_) | Term::Triple(_) => None,
    });
    profile.also = also.collect();
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
