//! Which facets there are, where their values stand in a record, and which texts are searched.

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::rdf::vocabulary::PREFIXES;

/// The definitions that come with the server.
const BUILT_IN: &str = include_str!("../../shapes/facets.toml");
/// These names mean something else in an address.
const RESERVED: &[&str] = &[
    "q",
    "sort",
    "after",
    "limit",
    "lang",
    "open",
    "format",
    "id",
    "by",
    "measure",
    "over",
    "page_size",
];
/// No facet has more ranges in its histogram.
const BUCKETS_MAX: usize = 200;

/// All facets and texts, read from data.
#[derive(Clone, Debug)]
pub struct FacetDefinitions {
    /// The facets, in the order in which they are shown.
    pub facets: Vec<FacetDefinition>,
    pub(super) text: TextPaths,
    pub(super) roles: Roles,
    pub(super) digest: String,
}

/// One facet.
#[derive(Clone, Debug)]
pub struct FacetDefinition {
    /// Its name in addresses.
    pub id: String,
    /// How its values hang together.
    pub kind: FacetKind,
    /// Its label by language.
    pub labels: BTreeMap<String, String>,
    pub(super) paths: Vec<Path>,
    pub(super) otherwise: Vec<Path>,
    pub(super) high: Vec<Path>,
    pub(super) source: Source,
    pub(super) root: Option<String>,
    pub(super) within: Vec<String>,
    pub(super) members: Vec<String>,
    pub(super) except: Vec<String>,
    pub(super) values: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) buckets: Vec<i64>,
    /// What a number is divided by; all numbers of a record are added first.
    pub(super) unit: Option<i64>,
    pub(super) suggest: bool,
}

/// How a facet's values hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FacetKind {
    /// Concepts below a root, or all when none is named; a record counts for all concepts above
    /// its own.
    Hierarchical,
    /// Values side by side.
    Flat,
    /// One number, or one interval, per record.
    Range,
    /// Every year of a period.
    Year,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Source {
    /// IRIs at the paths.
    #[default]
    Iri,
    /// Literals at the paths.
    Literal,
    /// `yes` when a path leads to something other than zero or false, `no` otherwise.
    Presence,
    /// The record's kind.
    Kind,
    /// The record's catalogue.
    Catalogue,
    /// The band that the record's quality falls in.
    Quality,
    /// The profiles that the record is held against.
    Profile,
    /// The year in which the record was first published.
    Published,
}

/// A walk from the record along properties.
pub(super) type Path = Vec<String>;

/// Where the searched texts stand.
#[derive(Clone, Debug, Default)]
pub(super) struct TextPaths {
    pub(super) title: Vec<Path>,
    pub(super) keywords: Vec<Path>,
    pub(super) description: Vec<Path>,
    pub(super) publisher: Vec<Path>,
    pub(super) further: Vec<Path>,
    pub(super) identifiers: Vec<Path>,
    pub(super) creators: Vec<Path>,
}

/// Which facet plays which part in hits and statistics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Roles {
    pub(super) cancer: String,
    pub(super) modality: String,
    pub(super) body_part: String,
    pub(super) country: String,
    pub(super) publisher: String,
    pub(super) catalogue: String,
    pub(super) tier: String,
    pub(super) access: String,
    pub(super) kind: String,
    pub(super) year: String,
    pub(super) subjects: String,
    pub(super) studies: String,
}

/// Why definitions cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// Not the expected TOML.
    #[error("the facet definitions cannot be read")]
    Syntax(#[from] toml::de::Error),
    /// A name without a known prefix.
    #[error("no prefix is known for `{0}`")]
    UnknownPrefix(String),
    /// Something that a facet needs or must not have.
    #[error("facet `{id}`: {reason}")]
    Facet {
        /// The facet.
        id: String,
        /// What is wrong.
        reason: &'static str,
    },
}

impl FacetDefinitions {
    /// The definitions that come with the server.
    pub fn built_in() -> Self {
        Self::parse(BUILT_IN).expect("the built-in definitions are read in a test")
    }

    /// Reads definitions from TOML.
    pub fn parse(text: &str) -> Result<Self, DefinitionError> {
        let file: File = toml::from_str(text)?;
        let prefixes = Prefixes(&file.prefixes);
        let facets = file.facet.iter().map(|facet| facet.resolve(&prefixes));
        let facets = facets.collect::<Result<Vec<_>, _>>()?;
        check_unique(&facets)?;
        Ok(Self {
            facets,
            text: file.text.resolve(&prefixes)?,
            roles: file.roles,
            digest: hex::encode(Sha256::digest(text)),
        })
    }

    pub(super) fn position(&self, id: &str) -> Option<usize> {
        self.facets.iter().position(|facet| facet.id == id)
    }
}

impl FacetDefinition {
    /// The label in a language, else in English, else the id.
    pub fn label(&self, language: &str) -> &str {
        best_label(&self.labels, language).unwrap_or(&self.id)
    }

    pub(super) fn value_label(&self, value: &str, language: &str) -> Option<&str> {
        best_label(self.values.get(value)?, language)
    }

    /// The ranges of the histogram: from each bound up to just before the next.
    pub(super) fn bucket(&self, index: usize) -> Option<(i64, i64)> {
        let from = *self.buckets.get(index)?;
        let to = self
            .buckets
            .get(index + 1)
            .map_or(i64::MAX, |next| next - 1);
        Some((from, to))
    }

    pub(super) fn takes(&self, iri: &str) -> bool {
        let within =
            self.within.is_empty() || self.within.iter().any(|start| iri.starts_with(start));
        let name = last_segment(iri);
        let member = self.members.is_empty() || self.members.iter().any(|member| member == name);
        within && member && !self.except.iter().any(|member| member == name)
    }
}

/// What stands after the last `#`, `/` or `:` of an IRI.
pub(super) fn last_segment(iri: &str) -> &str {
    let trimmed = iri.trim_end_matches(['/', '#']);
    trimmed.rsplit(['#', '/', ':']).next().unwrap_or(trimmed)
}

fn best_label<'a>(labels: &'a BTreeMap<String, String>, language: &str) -> Option<&'a str> {
    let label = labels.get(language).or_else(|| labels.get("en"));
    label.or_else(|| labels.values().next()).map(String::as_str)
}

fn check_unique(facets: &[FacetDefinition]) -> Result<(), DefinitionError> {
    for (index, facet) in facets.iter().enumerate() {
        if facets[..index].iter().any(|other| other.id == facet.id) {
            return Err(wrong(&facet.id, "defined twice"));
        }
        if RESERVED.contains(&facet.id.as_str()) {
            return Err(wrong(
                &facet.id,
                "this name means something else in an address",
            ));
        }
    }
    Ok(())
}

fn wrong(id: &str, reason: &'static str) -> DefinitionError {
    DefinitionError::Facet {
        id: id.to_owned(),
        reason,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    prefixes: BTreeMap<String, String>,
    text: FileText,
    #[serde(default)]
    roles: Roles,
    facet: Vec<FileFacet>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct FileText {
    title: Vec<String>,
    keywords: Vec<String>,
    description: Vec<String>,
    publisher: Vec<String>,
    further: Vec<String>,
    identifiers: Vec<String>,
    creators: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileFacet {
    id: String,
    kind: FacetKind,
    labels: BTreeMap<String, String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    otherwise: Vec<String>,
    #[serde(default)]
    high: Vec<String>,
    #[serde(default)]
    source: Source,
    root: Option<String>,
    #[serde(default)]
    within: Vec<String>,
    #[serde(default)]
    members: Vec<String>,
    #[serde(default)]
    except: Vec<String>,
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    buckets: Vec<i64>,
    unit: Option<i64>,
    #[serde(default)]
    suggest: bool,
}

struct Prefixes<'a>(&'a BTreeMap<String, String>);

impl Prefixes<'_> {
    fn iri(&self, name: &str) -> Result<String, DefinitionError> {
        let unknown = || DefinitionError::UnknownPrefix(name.to_owned());
        let (prefix, local) = name.split_once(':').ok_or_else(unknown)?;
        let known = PREFIXES.iter().find(|(known, _)| *known == prefix);
        let own = self.0.get(prefix).map(String::as_str);
        let namespace = own
            .or(known.map(|(_, namespace)| *namespace))
            .ok_or_else(unknown)?;
        Ok(format!("{namespace}{local}"))
    }

    fn paths(&self, paths: &[String]) -> Result<Vec<Path>, DefinitionError> {
        let path = |path: &String| path.split('/').map(|name| self.iri(name)).collect();
        paths.iter().map(path).collect()
    }
}

impl FileText {
    fn resolve(&self, prefixes: &Prefixes<'_>) -> Result<TextPaths, DefinitionError> {
        Ok(TextPaths {
            title: prefixes.paths(&self.title)?,
            keywords: prefixes.paths(&self.keywords)?,
            description: prefixes.paths(&self.description)?,
            publisher: prefixes.paths(&self.publisher)?,
            further: prefixes.paths(&self.further)?,
            identifiers: prefixes.paths(&self.identifiers)?,
            creators: prefixes.paths(&self.creators)?,
        })
    }
}

impl FileFacet {
    fn resolve(&self, prefixes: &Prefixes<'_>) -> Result<FacetDefinition, DefinitionError> {
        if self.kind == FacetKind::Range && self.buckets.is_empty() {
            return Err(wrong(&self.id, "a range needs buckets"));
        }
        if self.buckets.len() > BUCKETS_MAX || !self.buckets.is_sorted() {
            return Err(wrong(&self.id, "buckets must ascend and be few"));
        }
        let root = self
            .root
            .as_ref()
            .map(|root| prefixes.iri(root))
            .transpose()?;
        if self.unit.is_some_and(|unit| unit < 1) {
            return Err(wrong(&self.id, "a unit must be at least 1"));
        }
        Ok(FacetDefinition {
            id: self.id.clone(),
            kind: self.kind,
            labels: self.labels.clone(),
            paths: prefixes.paths(&self.paths)?,
            otherwise: prefixes.paths(&self.otherwise)?,
            high: prefixes.paths(&self.high)?,
            source: self.source,
            root,
            within: self.within.clone(),
            members: self.members.clone(),
            except: self.except.clone(),
            values: self.values.clone(),
            buckets: self.buckets.clone(),
            unit: self.unit,
            suggest: self.suggest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_definitions_can_be_read() {
        let definitions = FacetDefinitions::parse(BUILT_IN).unwrap();
        for facet in &definitions.facets {
            for language in ["en", "de", "fr", "es", "it"] {
                assert!(
                    facet.labels.contains_key(language),
                    "{}: {language}",
                    facet.id
                );
            }
        }
        let roles = &definitions.roles;
        for role in [
            &roles.cancer,
            &roles.modality,
            &roles.subjects,
            &roles.kind,
            &roles.year,
        ] {
            assert!(definitions.position(role).is_some(), "{role}");
        }
    }

    #[test]
    fn an_unknown_prefix_is_named() {
        let text = "[text]\ntitle = [\"nowhere:title\"]\n[[facet]]\nid = \"a\"\nkind = \"flat\"\nlabels = {}";
        let error = FacetDefinitions::parse(text).unwrap_err();
        assert_eq!(error.to_string(), "no prefix is known for `nowhere:title`");
    }
}
