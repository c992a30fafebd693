//! How does a new version of a vocabulary come in? Beside the old one, with the difference, the records
//! that it breaks, and a switch that happens or does not.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use super::token::ledger;
use crate::catalogue::advice::Wanted;
use crate::catalogue::profile::DEFAULT;
use crate::catalogue::{Kinds, Profile, Profiles};
use crate::clock::Clock;
use crate::config::Config;
use crate::ledger::{HeadFilter, State, What};
use crate::ontology::{BUNDLED, Changed, Difference, Kept, Ontology, Versions, Vocabulary};
use crate::rdf::{Format, NamedNode, Term, Triple, format};

/// How many changes of each kind, and how many records, are told to people one by one.
const SHOWN_MAX: usize = 20;
/// How many are told to programs.
const LISTED_MAX: usize = 10_000;
/// How many records are read at once.
const BATCH: usize = 1_000;

/// How the difference is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Told {
    /// For people, at a terminal.
    Human,
    Json,
}

/// What to do with the vocabularies.
pub enum Wish {
    List,
    Import {
        file: PathBuf,
        name: Option<String>,
        /// Whether to switch even if records break, never, or only if none does.
        switch: Switch,
        told: Told,
    },
    Difference {
        vocabulary: String,
        from: Option<String>,
        to: String,
        told: Told,
    },
    Use {
        vocabulary: String,
        name: String,
    },
}

/// When an imported version is put in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    UnlessRecordsBreak,
    Always,
    Never,
}

/// Why a record does not fit the new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    Removed,
    LeftValueSet,
}

impl Why {
    fn word(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::LeftValueSet => "left its value set",
        }
    }
}

/// A record that uses a concept which the new version does not have where it is used.
struct Broken {
    record: String,
    is_draft: bool,
    property: String,
    concept: String,
    label: String,
    why: Why,
}

/// Two versions of one vocabulary, each among everything else that is in force.
struct Comparison {
    graph: String,
    from: String,
    to: String,
    old: Ontology,
    new: Ontology,
    difference: Difference,
    broken: Vec<Broken>,
    /// How many records are broken; only so many are kept.
    broken_records: usize,
}

/// Does it. Gives back whether no record breaks.
pub async fn run(config: &Config, wish: Wish, out: &mut dyn Write) -> Result<bool> {
    let mut versions = super::versions(config)?;
    match wish {
        Wish::List => {
            list(config, &versions, out)?;
            Ok(true)
        }
        Wish::Import {
            file,
            name,
            switch,
            told,
        } => {
            let now = Clock::system().now().to_string();
            let imported = versions.keep(&file, name.as_deref(), &now)?;
            let compared =
                compare(config, &versions, &imported.graph, None, &imported.name).await?;
            let fits = compared.broken_records == 0;
            let switched = switch == Switch::Always || switch == Switch::UnlessRecordsBreak && fits;
            if switched {
                versions.put_in_force(&imported.graph, &imported.name)?;
            }
            compared.tell(told, Some(switched), out)?;
            Ok(fits || switch == Switch::Always)
        }
        Wish::Difference {
            vocabulary,
            from,
            to,
            told,
        } => {
            let graph = find(config, &versions, &vocabulary)?;
            let compared = compare(config, &versions, &graph, from.as_deref(), &to).await?;
            compared.tell(told, None, out)?;
            Ok(compared.broken_records == 0)
        }
        Wish::Use { vocabulary, name } => {
            let graph = find(config, &versions, &vocabulary)?;
            // What cannot be read must not come into force.
            ontology(config, &versions.supposing(&graph, &name)?)?;
            versions.put_in_force(&graph, &name)?;
            writeln!(out, "{name} of <{graph}> is in force. {TAKEN_OVER}")?;
            Ok(true)
        }
    }
}

const TAKEN_OVER: &str = "A running server makes triples and text index anew beside the old ones, and then uses it; \
     one that does not run does so when it is started.";

/// The vocabularies with one table of versions; that a file in force cannot be used is an error here.
fn ontology(config: &Config, versions: &Versions) -> Result<Ontology> {
    let ontology = Ontology::load_versions(config.ontology.as_deref(), versions)?;
    let is_serious = |problem: &&crate::ontology::OntologyError| {
        use crate::ontology::OntologyError::{Circular, Twice};
        !matches!(problem, Circular { .. } | Twice { .. })
    };
    if let Some(problem) = ontology.problems().iter().find(is_serious) {
        bail!("{problem}");
    }
    Ok(ontology)
}

/// A vocabulary by the IRI of its graph, the last part of it, or the name of its file in the binary
/// or in the settings.
fn find(config: &Config, versions: &Versions, wanted: &str) -> Result<String> {
    let last = |iri: &str| {
        let iri = iri.trim_end_matches('/');
        iri.rsplit(['#', '/']).next().unwrap_or_default().to_owned()
    };
    let is_it = |vocabulary: &&Vocabulary<'_>| {
        let stem = Path::new(vocabulary.file).file_stem();
        vocabulary.iri == wanted
            || stem.is_some_and(|stem| stem.to_string_lossy() == wanted)
            || last(vocabulary.iri).eq_ignore_ascii_case(wanted)
    };
    let in_force = Ontology::load_versions(config.ontology.as_deref(), versions)?;
    let without = Ontology::load(config.ontology.as_deref())?;
    let named = [&in_force, &without].into_iter().find_map(|ontology| {
        let all = ontology.vocabularies();
        all.iter().find(is_it).map(|found| found.iri.to_owned())
    });
    let is_kept = |kept: &&Kept| kept.graph == wanted || last(&kept.graph) == wanted;
    let kept = || {
        versions
            .all()
            .iter()
            .find(is_kept)
            .map(|kept| kept.graph.clone())
    };
    named.or_else(kept).with_context(|| {
        format!("there is no vocabulary {wanted}; `vesalius ontology list` names them")
    })
}

fn list(config: &Config, versions: &Versions, out: &mut dyn Write) -> Result<()> {
    let ontology = super::ontology(config)?;
    for vocabulary in ontology.vocabularies() {
        let (iri, title) = (vocabulary.iri, vocabulary.title("en"));
        let version = vocabulary
            .version
            .map(|version| format!(" {version}"))
            .unwrap_or_default();
        let concepts = vocabulary.concepts;
        writeln!(out, "{title}{version}\t{concepts} concepts\t<{iri}>")?;
        let Some(kept) = versions.of(iri) else {
            continue;
        };
        for version in &kept.version {
            let in_force = kept.in_force.as_ref() == Some(&version.name);
            let mark = if in_force { "in force" } else { "kept" };
            let (name, at) = (&version.name, &version.imported_at);
            writeln!(out, "  {mark}\t{name}\timported {at}")?;
        }
        let mark = if kept.in_force.is_none() {
            "in force"
        } else {
            "there"
        };
        writeln!(out, "  {mark}\t{BUNDLED}\tof the binary or the settings")?;
    }
    Ok(())
}

async fn compare(
    config: &Config,
    versions: &Versions,
    graph: &str,
    from: Option<&str>,
    to: &str,
) -> Result<Comparison> {
    let in_force = versions.of(graph).and_then(|kept| kept.in_force.clone());
    let from = from
        .map(str::to_owned)
        .or(in_force)
        .unwrap_or_else(|| BUNDLED.to_owned());
    let old = ontology(config, &versions.supposing(graph, &from)?)?;
    let new = ontology(config, &versions.supposing(graph, to)?)?;
    let difference = Difference::between(&old, &new, graph);
    let mut compared = Comparison {
        graph: graph.to_owned(),
        from,
        to: to.to_owned(),
        old,
        new,
        difference,
        broken: Vec::new(),
        broken_records: 0,
    };
    if config.data.join("ledger.sqlite").exists() {
        compared.look_at_records(config).await?;
    }
    Ok(compared)
}

/// The value sets of a profile under both versions.
type Sets<'a> = BTreeMap<String, (Vec<&'a Wanted>, Vec<&'a Wanted>)>;

struct Rules<'a> {
    kinds: &'a Kinds,
    profiles: &'a Profiles,
    sets: FxHashMap<String, Sets<'a>>,
}

impl Comparison {
    async fn look_at_records(&mut self, config: &Config) -> Result<()> {
        let removed: FxHashSet<String> = self
            .difference
            .removed
            .iter()
            .filter(|changed| changed.after.is_empty())
            .map(|changed| changed.iri.clone())
            .collect();
        // Whatever stands below something that moved may have left a value set, too.
        let mut moved: FxHashSet<String> = FxHashSet::default();
        for changed in self.difference.moved.iter().chain(&self.difference.removed) {
            moved.insert(changed.iri.clone());
            moved.extend(
                self.old
                    .descendants(&changed.iri)
                    .into_iter()
                    .map(|one| one.iri.clone()),
            );
        }
        if removed.is_empty() && moved.is_empty() {
            return Ok(());
        }
        let kinds = super::kinds()?;
        let before = super::profiles(config, &self.old)?;
        let after = super::profiles(config, &self.new)?;
        let sets = before
            .iter()
            .map(|profile| (profile.name.clone(), sets(profile, &after)));
        let rules = Rules {
            kinds: &kinds,
            profiles: &before,
            sets: sets.collect(),
        };
        let ledger = ledger(config).await?;
        let mut reached = 0;
        loop {
            let page = ledger.public_now(reached, BATCH).await?;
            let Some(last) = page.last() else { break };
            reached = last.record;
            for change in &page {
                if let What::Put { ntriples, .. } = &change.what {
                    self.look_at(
                        &change.iri,
                        &change.kind,
                        false,
                        ntriples,
                        &removed,
                        &moved,
                        &rules,
                    )?;
                }
            }
        }
        let mut reached = 0;
        loop {
            let page = ledger.heads(&HeadFilter::default(), reached, BATCH).await?;
            let Some(last) = page.last() else { break };
            reached = last.record;
            for head in &page {
                let is_public = head
                    .public
                    .as_ref()
                    .is_some_and(|face| face.version == head.version);
                if is_public || head.state == State::Deleted {
                    continue;
                }
                if let Some(version) = ledger.version(&head.iri, head.version).await? {
                    let text = &version.ntriples;
                    self.look_at(&head.iri, &head.kind, true, text, &removed, &moved, &rules)?;
                }
            }
        }
        ledger.close().await?;
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a record, and what it is held against"
    )]
    fn look_at(
        &mut self,
        iri: &str,
        kind: &str,
        is_draft: bool,
        ntriples: &str,
        removed: &FxHashSet<String>,
        moved: &FxHashSet<String>,
        rules: &Rules<'_>,
    ) -> Result<()> {
        let quads = format::parse(ntriples.as_bytes(), Format::NTriples, None)
            .with_context(|| format!("the record <{iri}> cannot be read"))?;
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let mut found: Vec<Broken> = Vec::new();
        for triple in &triples {
            let Term::NamedNode(value) = &triple.object else {
                continue;
            };
            let concept = self.old.canonical(value.as_str());
            let why = if removed.contains(concept) {
                Some(Why::Removed)
            } else if moved.contains(concept) {
                let property = self.old.canonical(triple.predicate.as_str());
                let left = rules.left(
                    iri,
                    kind,
                    &triples,
                    property,
                    concept,
                    (&self.old, &self.new),
                );
                left.then_some(Why::LeftValueSet)
            } else {
                None
            };
            if let Some(why) = why {
                found.push(Broken {
                    record: iri.to_owned(),
                    is_draft,
                    property: triple.predicate.as_str().to_owned(),
                    concept: concept.to_owned(),
                    label: self.old.label(concept, "en").unwrap_or(concept).to_owned(),
                    why,
                });
            }
        }
        self.broken_records += usize::from(!found.is_empty());
        let room = LISTED_MAX.saturating_sub(self.broken.len());
        self.broken.extend(found.into_iter().take(room));
        Ok(())
    }

    fn tell(&self, told: Told, switched: Option<bool>, out: &mut dyn Write) -> Result<()> {
        match told {
            Told::Json => writeln!(out, "{:#}", self.to_json(switched))?,
            Told::Human => self.to_people(switched, out)?,
        }
        Ok(())
    }

    fn to_people(&self, switched: Option<bool>, out: &mut dyn Write) -> Result<()> {
        let (graph, from, to) = (&self.graph, &self.from, &self.to);
        writeln!(out, "<{graph}>: {from} → {to}")?;
        if self.difference.is_empty() {
            writeln!(out, "  no concept is different")?;
        }
        for (name, part) in self.difference.parts() {
            if part.is_empty() {
                continue;
            }
            writeln!(out, "  {name}: {}", part.len())?;
            for changed in part.iter().take(SHOWN_MAX) {
                writeln!(out, "    {}", line(changed))?;
            }
            if part.len() > SHOWN_MAX {
                writeln!(
                    out,
                    "    … and {} more (--format json lists them)",
                    part.len() - SHOWN_MAX
                )?;
            }
        }
        writeln!(out, "  records that break: {}", self.broken_records)?;
        for broken in self.broken.iter().take(SHOWN_MAX) {
            let draft = if broken.is_draft { " (draft)" } else { "" };
            let Broken {
                record,
                property,
                concept,
                label,
                ..
            } = broken;
            let why = broken.why.word();
            writeln!(
                out,
                "    <{record}>{draft}: <{property}> {label} <{concept}> {why}"
            )?;
        }
        if self.broken.len() > SHOWN_MAX {
            writeln!(out, "    … and {} more uses", self.broken.len() - SHOWN_MAX)?;
        }
        match switched {
            Some(true) => writeln!(out, "{to} is in force. {TAKEN_OVER}")?,
            Some(false) => writeln!(
                out,
                "{to} is kept, and {from} stays in force. To put it in force: vesalius ontology use {graph} {to}"
            )?,
            None => {}
        }
        Ok(())
    }

    fn to_json(&self, switched: Option<bool>) -> Value {
        let mut body = json!({ "vocabulary": self.graph, "from": self.from, "to": self.to });
        for (name, part) in self.difference.parts() {
            let listed: Vec<Value> = part
                .iter()
                .take(LISTED_MAX)
                .map(|changed| {
                    let Changed {
                        iri,
                        code,
                        label,
                        before,
                        after,
                    } = changed;
                    json!({ "iri": iri, "code": code, "label": label, "before": before, "after": after })
                })
                .collect();
            body[name] = json!({ "total": part.len(), "concepts": listed });
        }
        let broken: Vec<Value> = self
            .broken
            .iter()
            .map(|one| {
                json!({
                    "record": one.record, "draft": one.is_draft, "property": one.property,
                    "concept": one.concept, "label": one.label, "why": one.why.word(),
                })
            })
            .collect();
        body["broken"] = json!({ "records": self.broken_records, "uses": broken });
        if let Some(switched) = switched {
            body["inForce"] = json!(if switched { &self.to } else { &self.from });
        }
        body
    }
}

impl Rules<'_> {
    /// Whether a value was in a value set of its property and is no longer, by a profile of the record.
    fn left(
        &self,
        iri: &str,
        kind: &str,
        triples: &[Triple],
        property: &str,
        concept: &str,
        (old, new): (&Ontology, &Ontology),
    ) -> bool {
        let named = self
            .profiles
            .named_by(&NamedNode::new_unchecked(iri), triples);
        let mut names: BTreeSet<&str> = named.iter().map(|profile| profile.name.as_str()).collect();
        if names.is_empty() {
            let kind = self.kinds.by_name(kind);
            names.insert(
                kind.and_then(|kind| kind.profile.as_deref())
                    .unwrap_or(DEFAULT),
            );
        }
        names.into_iter().any(|name| {
            let sets = self.sets.get(name).and_then(|sets| sets.get(property));
            let Some((before, after)) = sets else {
                return false;
            };
            let is_in = |wanted: &[&Wanted], ontology| {
                wanted.iter().any(|one| one.has_member(concept, ontology))
            };
            is_in(before, old) && !is_in(after, new)
        })
    }
}

fn sets<'a>(profile: &'a Profile, after: &'a Profiles) -> Sets<'a> {
    let mut sets: Sets<'a> = BTreeMap::new();
    for (property, wanted) in profile.value_sets() {
        sets.entry(property).or_default().0 = wanted;
    }
    let same = after.iter().find(|other| other.name == profile.name);
    for (property, wanted) in same.into_iter().flat_map(|profile| profile.value_sets()) {
        sets.entry(property).or_default().1 = wanted;
    }
    sets
}

fn line(changed: &Changed) -> String {
    let Changed {
        code,
        label,
        before,
        after,
        ..
    } = changed;
    if before.is_empty() && after.is_empty() {
        return format!("{code} {label}");
    }
    let (before, after) = (before.join(", "), after.join(", "));
    format!("{code} {label}: {before} → {after}")
}
