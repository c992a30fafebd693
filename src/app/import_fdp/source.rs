//! What sort of FAIR Data Point is it? Its address, its definitions, and the kinds of ours that they mean.

use anyhow::{Result, anyhow};
use serde::Deserialize;

use crate::app::remote::Client;
use crate::catalogue::Kinds;
use crate::rdf::NamedNode;

/// The FAIR Data Point that is taken over.
pub(super) struct Source {
    pub client: Client,
    /// Where it answers.
    pub address: String,
    /// What its IRIs begin with.
    pub base: NamedNode,
    pub definitions: Vec<Definition>,
    /// The place of the definition of the root.
    pub root: usize,
}

/// A kind of record there.
#[derive(Debug)]
pub(super) struct Definition {
    pub name: String,
    pub prefix: String,
    /// The kind of ours, if there is one.
    pub kind: Option<String>,
    pub children: Vec<Child>,
}

#[derive(Debug)]
pub(super) struct Child {
    pub relation: NamedNode,
    pub definition: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    uuid: String,
    name: String,
    url_prefix: String,
    #[serde(default)]
    target_class_uris: Vec<String>,
    #[serde(default)]
    children: Vec<ToldChild>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ToldChild {
    resource_definition_uuid: String,
    relation_uri: String,
}

impl Source {
    /// Reads what must be known before the first record.
    pub(super) fn read(client: Client, address: &str, kinds: &Kinds) -> Result<Self> {
        let told = client.json(&format!("{address}/configs/bootstrap"));
        let base = told
            .as_ref()
            .ok()
            .and_then(|told| told["persistentUrl"].as_str());
        let base = base.unwrap_or(address).trim_end_matches('/').to_owned();
        let definitions = client
            .json(&format!("{address}/resource-definitions"))
            .map_err(|why| anyhow!("the definitions cannot be read: {why}"))?;
        let told: Vec<Told> = serde_json::from_value(definitions)?;
        let root = told.iter().position(|one| one.url_prefix.is_empty());
        let root = root.ok_or_else(|| {
            anyhow!("no definition there has an empty prefix, so there is no root")
        })?;
        Ok(Self {
            client,
            address: address.to_owned(),
            base: NamedNode::new(base)?,
            definitions: told
                .iter()
                .map(|one| definition(one, &told, kinds))
                .collect(),
            root,
        })
    }

    /// Where a record answers: a server that moves may be reached elsewhere than its IRIs say.
    pub(super) fn address_of(&self, iri: &NamedNode) -> String {
        match iri.as_str().strip_prefix(self.base.as_str()) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                format!("{}{rest}", self.address)
            }
            _ => iri.as_str().to_owned(),
        }
    }

    /// The definition that an IRI below the base belongs to.
    pub(super) fn definition_of(&self, iri: &str) -> Option<usize> {
        let rest = iri.strip_prefix(self.base.as_str())?.strip_prefix('/')?;
        let (prefix, _) = rest.split_once('/')?;
        self.definitions.iter().position(|one| one.prefix == prefix)
    }
}

fn definition(told: &Told, all: &[Told], kinds: &Kinds) -> Definition {
    let by_id = kinds.iter().find(|kind| kind.definition_id() == told.uuid);
    let classes: Vec<&str> = told.target_class_uris.iter().map(String::as_str).collect();
    let kind = by_id.or_else(|| kinds.of_types(&classes));
    // A root is a root, and nothing else is one.
    let kind = kind.filter(|kind| kind.is_root() == told.url_prefix.is_empty());
    let child = |child: &ToldChild| {
        let mut places = all.iter();
        Some(Child {
            relation: NamedNode::new(&child.relation_uri).ok()?,
            definition: places.position(|one| one.uuid == child.resource_definition_uuid)?,
        })
    };
    Definition {
        name: told.name.clone(),
        prefix: told.url_prefix.clone(),
        kind: kind.map(|kind| kind.name.clone()),
        children: told.children.iter().filter_map(child).collect(),
    }
}
