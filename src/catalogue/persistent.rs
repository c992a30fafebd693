//! Which name does a record keep for good, beside its address? A DOI that a registry knows, or a prefix of the operator's.
//!
//! The name is a statement of the record (`adms:identifier`), so that every door, export and feed follows it without
//! knowing of it. A version that is sent without its names gets them back.

use serde::Deserialize;

use super::error::CatalogueError;
use super::incoming::Incoming;
use super::projection::{blocking, provider_triples};
use super::{Catalogue, State, Tombstone, View};
use crate::ledger::{Action, Expected, Head, NewChange};
use crate::rdf::canonical::{CanonicalText, canonical_ntriples};
use crate::rdf::vocabulary::{adms, rdf, skos, xsd};
use crate::rdf::{Literal, NamedNode, Triple};

/// Where DOIs lead from.
pub const DOI_RESOLVER: &str = "https://doi.org/";
/// Who stands as author of what the server itself writes.
const SERVER: &str = "server";
/// What the history says of a version that adds nothing but a name.
const REASON: &str = "a persistent identifier was registered";

/// What an operator may say about names that are made without a registry.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What stands before a record's path: `https://w3id.org/atlas/`, `https://hdl.handle.net/21.T12345/`. Without it no
    /// record gets such a name.
    pub prefix: Option<String>,
    /// The kinds of records that get one.
    pub kinds: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prefix: None,
            kinds: ["catalog", "dataset"].map(str::to_owned).to_vec(),
        }
    }
}

/// A prefix that names cannot be made from.
#[derive(Debug, thiserror::Error)]
#[error("persistent.prefix is «{0}»: it begins with https:// or http:// and ends with a slash")]
pub struct PrefixError(String);

impl Settings {
    /// Whether names can be made from it.
    pub fn check(&self) -> Result<(), PrefixError> {
        let Some(prefix) = &self.prefix else {
            return Ok(());
        };
        let url = url::Url::parse(prefix).ok();
        let fits = url.is_some_and(|url| {
            let is_web = matches!(url.scheme(), "http" | "https");
            is_web && url.as_str() == prefix && url.query().is_none() && url.fragment().is_none()
        });
        if fits && prefix.ends_with('/') {
            Ok(())
        } else {
            Err(PrefixError(prefix.clone()))
        }
    }

    /// The name of a record of ours.
    fn name(&self, kind: &str, path: &str) -> Option<String> {
        let prefix = self.prefix.as_ref()?;
        let is_named = !path.is_empty() && self.kinds.iter().any(|named| named == kind);
        is_named.then(|| format!("{prefix}{}", path.trim_start_matches('/')))
    }
}

impl Catalogue {
    /// Gives records names by a prefix from now on. Said once, at the start.
    pub fn name_by(&self, settings: Settings) -> Result<(), PrefixError> {
        settings.check()?;
        let _ = self.0.naming.set(settings);
        Ok(())
    }

    /// What stands before the paths of records in their names, if anything does.
    pub(super) fn naming_prefix(&self) -> Option<&str> {
        self.0.naming.get()?.prefix.as_deref()
    }

    /// Gives a record that is about to be written its name by the prefix.
    pub(super) fn give_name(&self, incoming: &mut Incoming) {
        for name in self.names(incoming.iri.as_str(), &incoming.kind, None) {
            for triple in statement(&incoming.iri, &name) {
                if !incoming.triples.contains(&triple) {
                    incoming.triples.push(triple);
                }
            }
        }
    }

    /// Changes whose graphs name the records for good.
    pub(super) async fn with_names(
        &self,
        changes: Vec<NewChange>,
    ) -> Result<Vec<NewChange>, CatalogueError> {
        let has_graph = |change: &&NewChange| change.graph.is_some();
        let written = changes.iter().filter(has_graph);
        let iris: Vec<&str> = written.map(|change| change.iri.as_str()).collect();
        if iris.is_empty() {
            return Ok(changes);
        }
        let dois = self.ledger().known_dois(&iris).await?;
        if dois.is_empty() && self.naming_prefix().is_none() {
            return Ok(changes);
        }
        let catalogue = self.clone();
        blocking(move || {
            let mut changes = changes;
            for change in &mut changes {
                let doi = dois.iter().find(|(iri, _)| *iri == change.iri);
                let names = catalogue.names(&change.iri, &change.kind, doi.map(|(_, doi)| doi));
                if let Some(graph) = &change.graph {
                    change.graph = Some(named(&change.iri, graph, &names)?);
                }
            }
            Ok::<_, CatalogueError>(changes)
        })
        .await
    }

    fn names(&self, iri: &str, kind: &str, doi: Option<&String>) -> Vec<String> {
        let path = self.base().path(iri).unwrap_or_default();
        let naming = self.0.naming.get();
        let by_prefix = naming.and_then(|settings| settings.name(kind, path));
        let by_registry = doi.map(|doi| format!("{DOI_RESOLVER}{doi}"));
        by_registry.into_iter().chain(by_prefix).collect()
    }

    /// The version that is meant by somebody who has read this one: the newest, when the server itself has added nothing since
    /// but a name. What was read still holds then; the name comes to whatever is written.
    pub(super) async fn meant(&self, read: u64, head: &Head) -> Result<u64, CatalogueError> {
        if read.saturating_add(1) != head.version {
            return Ok(read);
        }
        let newest = self.ledger().version(&head.iri, head.version).await?;
        let is_only_named = newest.is_some_and(|newest| {
            newest.change.author == SERVER && newest.change.reason.as_deref() == Some(REASON)
        });
        Ok(if is_only_named { head.version } else { read })
    }

    /// Writes what the public reads of a record once more, so that it bears its names, and gives back the number of the
    /// change. `None` when it bears them already, is not public, or a draft stands above: that will bear them.
    pub async fn restate(&self, iri: &str) -> Result<Option<u64>, CatalogueError> {
        let Some(head) = self.ledger().head(iri).await? else {
            return Ok(None);
        };
        let is_newest = |version| version == head.version;
        if !head
            .public
            .as_ref()
            .is_some_and(|face| is_newest(face.version))
        {
            return Ok(None);
        }
        let Some(found) = self.ledger().version(iri, head.version).await? else {
            return Ok(None);
        };
        let (catalogue, name, text) = (self.clone(), iri.to_owned(), found.ntriples.clone());
        let graph = blocking(move || canonical(&name, &text)).await?;
        let change = NewChange {
            iri: head.iri,
            kind: head.kind,
            path: head.path,
            parent: head.parent,
            action: Action::Replace,
            state: State::Published,
            graph: Some(graph),
            title: head.title,
            author: SERVER.to_owned(),
            reason: Some(REASON.to_owned()),
            at: self.clock().now(),
            report: found.change.report,
            expected: Expected::Version(head.version),
        };
        let changes = catalogue.with_names(vec![change]).await?;
        let is_new = |change: &NewChange| {
            let graph = change.graph.as_ref();
            graph.is_some_and(|graph| graph.as_str() != found.ntriples)
        };
        if !changes.iter().any(is_new) {
            return Ok(None);
        }
        let committed = self.commit_as_it_is(changes).await?;
        Ok(committed.first().map(|committed| committed.sequence))
    }
}

impl View {
    /// The name by which what is left of a record is cited: a DOI outlives its record.
    pub async fn cited_as(&self, tombstone: &Tombstone) -> Result<String, CatalogueError> {
        let (catalogue, iri) = (self.catalogue(), tombstone.iri.as_str());
        let dois = catalogue.ledger().known_dois(&[iri]).await?;
        let doi = dois.first().map(|(_, doi)| doi);
        let mut names = catalogue.names(iri, &tombstone.kind, doi).into_iter();
        Ok(names.next().unwrap_or_else(|| iri.to_owned()))
    }
}

fn canonical(iri: &str, ntriples: &str) -> Result<CanonicalText, CatalogueError> {
    canonical_of(iri, &provider_triples(iri, ntriples)?)
}

fn canonical_of(iri: &str, triples: &[Triple]) -> Result<CanonicalText, CatalogueError> {
    canonical_ntriples(triples).map_err(|source| CatalogueError::Poison {
        iri: iri.to_owned(),
        source,
    })
}

/// The graph with the names in it.
fn named(
    iri: &str,
    graph: &CanonicalText,
    names: &[String],
) -> Result<CanonicalText, CatalogueError> {
    let record = NamedNode::new_unchecked(iri);
    let mut triples = provider_triples(iri, graph.as_str())?;
    let before = triples.len();
    for name in names {
        for triple in statement(&record, name) {
            if !triples.contains(&triple) {
                triples.push(triple);
            }
        }
    }
    if triples.len() == before {
        return Ok(graph.clone());
    }
    canonical_of(iri, &triples)
}

/// DCAT-AP 3, «other identifier»: a node of its own, with the identifier as its notation.
fn statement(record: &NamedNode, name: &str) -> [Triple; 3] {
    let node = NamedNode::new_unchecked(name);
    let notation = Literal::new_typed_literal(name, xsd::ANY_URI);
    [
        Triple::new(record.clone(), adms::IDENTIFIER, node.clone()),
        Triple::new(node.clone(), rdf::TYPE, adms::IDENTIFIER_CLASS),
        Triple::new(node, skos::NOTATION, notation),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(prefix: &str) -> Settings {
        Settings {
            prefix: Some(prefix.to_owned()),
            ..Settings::default()
        }
    }

    #[test]
    fn a_prefix_is_an_address_that_paths_can_follow() {
        for good in [
            "https://w3id.org/atlas/",
            "https://hdl.handle.net/21.T12345/",
        ] {
            assert!(settings(good).check().is_ok(), "{good}");
        }
        for bad in [
            "https://w3id.org/atlas",
            "urn:x/",
            "w3id.org/",
            "https://w3id.org/a b/",
            "https://x.org/?q=/",
        ] {
            assert!(settings(bad).check().is_err(), "{bad}");
        }
        assert!(Settings::default().check().is_ok());
    }

    #[test]
    fn records_of_the_named_kinds_get_names() {
        let settings = settings("https://w3id.org/atlas/");
        let name = settings.name("dataset", "/dataset/lung-ct");
        assert_eq!(
            name.as_deref(),
            Some("https://w3id.org/atlas/dataset/lung-ct")
        );
        assert_eq!(settings.name("distribution", "/distribution/x"), None);
        assert_eq!(settings.name("dataset", ""), None);
    }

    #[test]
    fn a_graph_that_bears_its_names_stays_as_it_is() {
        let iri = "https://a.example/dataset/x";
        let text = "<https://a.example/dataset/x> <http://purl.org/dc/terms/creator> _:b .\n\
             _:b <http://xmlns.com/foaf/0.1/name> \"Ada\" .\n";
        let graph = canonical(iri, text).unwrap();
        let names = ["https://doi.org/10.5072/x".to_owned()];
        let once = named(iri, &graph, &names).unwrap();
        assert_eq!(once.as_str().lines().count(), 5);
        assert_eq!(named(iri, &once, &names).unwrap(), once);
        assert_eq!(named(iri, &graph, &[]).unwrap(), graph);
    }
}
