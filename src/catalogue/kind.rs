//! What kinds of records are there? A table in data (`shapes/kinds.toml`), read at start.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::rdf::NamedNode;

/// One kind of record: its address, its classes and its place below other kinds.
#[derive(Debug, Clone)]
pub struct Kind {
    pub name: String,
    /// First segment of the address of its records; empty for the root.
    pub prefix: String,
    /// The types of its records. The first one names the kind, and is added when it is missing.
    pub classes: Vec<NamedNode>,
    /// What may stand above its records; empty for the root.
    pub parents: Vec<Parent>,
    /// Whether a thing of this kind that is sent inside its parent stays there, unless its IRI is
    /// the address of a record.
    pub embedded: bool,
    /// The profile that holds when neither record nor catalogue names one.
    pub profile: Option<String>,
    /// Profiles whose verdict is shown beside it.
    pub also: Vec<String>,
    /// Plural title by language.
    pub title: BTreeMap<String, String>,
    /// What clients of FAIR Data Points know the kind and its schema by, when it is agreed on.
    pub definition: Option<String>,
    pub schema: Option<String>,
    /// The property whose values are shown beside its records in lists.
    pub tags: Option<String>,
}

impl Kind {
    /// The plural title in a language, else in English.
    pub fn title(&self, language: &str) -> &str {
        let title = self.title.get(language).or_else(|| self.title.get("en"));
        title.map_or(self.name.as_str(), String::as_str)
    }

    /// The property that leads to it from a parent of a kind.
    pub fn relation_from(&self, parent: &str) -> Option<&NamedNode> {
        self.parents
            .iter()
            .find(|above| above.kind == parent)
            .map(|above| &above.relation)
    }

    /// The names of the kinds that may stand above it.
    pub fn parent_names(&self) -> String {
        let names: Vec<&str> = self
            .parents
            .iter()
            .map(|parent| parent.kind.as_str())
            .collect();
        names.join(" or ")
    }

    /// What clients of FAIR Data Points know it by: the identifier that is agreed on, else one drawn from its name.
    pub fn definition_id(&self) -> String {
        let agreed = self.definition.clone();
        agreed.unwrap_or_else(|| drawn_id("definition", &self.name))
    }

    /// What they know its shapes by, likewise.
    pub fn schema_id(&self) -> String {
        let agreed = self.schema.clone();
        agreed.unwrap_or_else(|| drawn_id("schema", &self.name))
    }

    /// Whether records of this kind stand at the top of the tree.
    pub fn is_root(&self) -> bool {
        self.prefix.is_empty()
    }
}

/// A kind that may stand above another, and the property that leads down.
#[derive(Debug, Clone)]
pub struct Parent {
    pub kind: String,
    pub relation: NamedNode,
}

/// All kinds, in the order of the file.
#[derive(Debug, Clone)]
pub struct Kinds(Arc<Vec<Kind>>);

/// Why a table of kinds cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KindsError {
    #[error("the table of kinds is not well-formed: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error("kind {kind}: {iri} is no IRI")]
    Iri { kind: String, iri: String },
    #[error("kind {kind} names the unknown parent {parent}")]
    Parent { kind: String, parent: String },
    #[error("there must be exactly one kind with an empty prefix, the root")]
    Root,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    prefix: String,
    classes: Vec<String>,
    parents: Vec<ParentEntry>,
    #[serde(default, rename = "hash")]
    embedded: bool,
    profile: Option<String>,
    #[serde(default)]
    also: Vec<String>,
    title: BTreeMap<String, String>,
    definition: Option<String>,
    schema: Option<String>,
    #[serde(default, rename = "child_of")]
    _child_of: Option<String>,
    tags: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ParentEntry {
    kind: String,
    relation: String,
}

impl Kinds {
    /// Whether records of a kind may stand below those of another, at any depth.
    pub fn is_below(&self, kind: &Kind, above: &str) -> bool {
        let (mut open, mut seen) = (vec![kind], Vec::new());
        while let Some(kind) = open.pop() {
            if kind.relation_from(above).is_some() {
                return true;
            }
            if !seen.contains(&kind.name.as_str()) {
                seen.push(&kind.name);
                let parents = kind.parents.iter();
                open.extend(parents.filter_map(|parent| self.by_name(&parent.kind)));
            }
        }
        false
    }

    /// Reads the table.
    pub fn parse(text: &str) -> Result<Self, KindsError> {
        let file: File = toml::from_str(text)?;
        let kinds = file
            .kind
            .into_iter()
            .map(kind)
            .collect::<Result<Vec<_>, _>>()?;
        if kinds.iter().filter(|kind| kind.is_root()).count() != 1 {
            return Err(KindsError::Root);
        }
        for kind in &kinds {
            for parent in &kind.parents {
                if !kinds.iter().any(|other| other.name == parent.kind) {
                    let (kind, parent) = (kind.name.clone(), parent.kind.clone());
                    return Err(KindsError::Parent { kind, parent });
                }
            }
        }
        Ok(Self(Arc::new(kinds)))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.0.iter()
    }

    pub fn by_name(&self, name: &str) -> Option<&Kind> {
        self.iter().find(|kind| kind.name == name)
    }

    pub fn by_prefix(&self, prefix: &str) -> Option<&Kind> {
        self.iter().find(|kind| kind.prefix == prefix)
    }

    /// The kind at the top of the tree.
    pub fn root(&self) -> &Kind {
        self.iter()
            .find(|kind| kind.is_root())
            .expect("checked when read")
    }

    /// The kind of a thing with these types.
    pub fn of_types(&self, types: &[&str]) -> Option<&Kind> {
        let fits = |kind: &&Kind| {
            let class = kind.classes.first().map(NamedNode::as_str);
            types.iter().any(|found| Some(*found) == class)
        };
        self.iter().find(fits)
    }

    /// The kinds that may stand below a kind, with the property that leads to them.
    pub fn children_of(&self, parent: &str) -> impl Iterator<Item = (&Kind, &NamedNode)> {
        self.iter()
            .filter_map(move |kind| Some((kind, kind.relation_from(parent)?)))
    }
}

/// A UUID (RFC 9562 §5.8) that is always the same for the same name.
pub fn drawn_id(what: &str, name: &str) -> String {
    let digest = Sha256::digest(format!("vesalius {what} {name}").as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    let builder = uuid::Builder::from_custom_bytes(bytes);
    builder.into_uuid().to_string()
}

fn kind(entry: Entry) -> Result<Kind, KindsError> {
    let iri = |text: String| {
        let kind = entry.name.clone();
        NamedNode::new(text.clone()).map_err(|_| KindsError::Iri { kind, iri: text })
    };
    let classes = entry
        .classes
        .into_iter()
        .map(&iri)
        .collect::<Result<_, _>>()?;
    let parent = |parent: ParentEntry| {
        Ok(Parent {
            kind: parent.kind,
            relation: iri(parent.relation)?,
        })
    };
    let parents = entry
        .parents
        .into_iter()
        .map(parent)
        .collect::<Result<_, KindsError>>()?;
    Ok(Kind {
        classes,
        parents,
        name: entry.name,
        prefix: entry.prefix,
        embedded: entry.embedded,
        profile: entry.profile,
        also: entry.also,
        title: entry.title,
        definition: entry.definition,
        schema: entry.schema,
        tags: entry.tags,
    })
}
