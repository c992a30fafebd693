//! Where does the record stand, what is it linked with, what was said before?

use super::facts::{Facts, Neighbour};
use super::words::{self, say};
use crate::catalogue::{CatalogueError, Lookup, Record, View};
use crate::rdf::vocabulary::{dcat, dct, foaf, rdf};
use crate::rdf::{GraphName, NamedNode, Term};
use crate::store::Snapshot;
use crate::web::exports::Export;
use crate::web::negotiate::Representation;
use crate::web::pages::record::{Relation, Version};
use crate::web::pages::text::{Download, Link, Text};

/// How many ancestors the path shows.
const ANCESTORS_MAX: usize = 16;
/// How many neighbours have their titles looked up.
const NEIGHBOURS_MAX: usize = 200;
/// How many links a relation shows.
const LINKS_MAX: usize = 20;
/// How many statements that name the record are looked at.
const REFERENCES_MAX: usize = 5000;

/// How many of the newest changes the page tells.
const VERSIONS_MAX: usize = 20;

/// The records with a page that a list of nodes names.
pub async fn neighbour(
    view: &View,
    facts: &Facts<'_>,
    snapshot: &Snapshot,
    iri: &NamedNode,
) -> Result<Option<(Record, Neighbour)>, CatalogueError> {
    let Lookup::Found(record) = view.lookup_iri(iri.as_str()).await? else {
        return Ok(None);
    };
    let mut titles = snapshot.objects(iri.as_ref().into(), dct::TITLE);
    if titles.is_empty() {
        titles = snapshot.objects(iri.as_ref().into(), foaf::NAME);
    }
    let title = facts.best(&titles.iter().collect::<Vec<_>>());
    let title = title.unwrap_or_else(|| Text::plain(record.name()));
    let href = if record.path.is_empty() {
        "/"
    } else {
        record.path.as_str()
    };
    let href = format!("{}{href}", facts.root);
    Ok(Some((*record, Neighbour { title, href })))
}

/// Looks up the records that the document names.
pub async fn meet(
    view: &View,
    facts: &mut Facts<'_>,
    snapshot: &Snapshot,
    triples: &[crate::rdf::Triple],
) -> Result<(), CatalogueError> {
    for triple in triples {
        let Term::NamedNode(iri) = &triple.object else {
            continue;
        };
        let known = facts.neighbours.contains_key(iri.as_str());
        let full = facts.neighbours.len() >= NEIGHBOURS_MAX;
        if known || full || triple.predicate == rdf::TYPE || !snapshot.contains_graph(iri) {
            continue;
        }
        if let Some((_, found)) = neighbour(view, facts, snapshot, iri).await? {
            facts.neighbours.insert(iri.as_str().to_owned(), found);
        }
    }
    Ok(())
}

/// The way down from the root.
pub async fn crumbs(
    view: &View,
    facts: &Facts<'_>,
    snapshot: &Snapshot,
    record: &Record,
) -> Result<Vec<Link>, CatalogueError> {
    let mut crumbs = Vec::new();
    let mut above = record.parent.clone();
    while let Some(parent) = above.take() {
        let Some((parent, found)) = neighbour(view, facts, snapshot, &parent).await? else {
            break;
        };
        crumbs.push(Link::new(found.title, found.href));
        if crumbs.len() < ANCESTORS_MAX {
            above = parent.parent;
        }
    }
    crumbs.reverse();
    Ok(crumbs)
}

/// The records that this one is linked with.
pub async fn relations(
    view: &View,
    facts: &Facts<'_>,
    snapshot: &Snapshot,
    record: &Record,
) -> Result<Vec<Relation>, CatalogueError> {
    let language = facts.language;
    let mut relations = Vec::new();
    let mut kept: Vec<String> = vec![record.iri.as_str().to_owned()];
    if let Some(parent) = &record.parent {
        kept.push(parent.as_str().to_owned());
        if let Some((_, found)) = neighbour(view, facts, snapshot, parent).await? {
            let links = vec![Link::new(found.title, found.href)];
            relations.push(Relation {
                label: say(words::PARENT, language).to_owned(),
                links,
                more: None,
            });
        }
    }
    let kinds = view.catalogue().kinds();
    for (child, _) in kinds.children_of(&record.kind) {
        let shown_elsewhere = matches!(child.name.as_str(), "dataset" | "distribution");
        if shown_elsewhere {
            continue;
        }
        let members = view.public_children(&record.iri, child).await?;
        kept.extend(members.iter().map(|member| member.as_str().to_owned()));
        let links = linked(view, facts, snapshot, &members).await?;
        if !links.is_empty() {
            relations.push(Relation {
                label: child.title(language).to_owned(),
                links,
                more: None,
            });
        }
    }
    let refers: Vec<NamedNode> = facts
        .all(&facts.iri)
        .iter()
        .filter(|(property, _)| property != dcat::DISTRIBUTION.as_str())
        .filter_map(|(_, term)| match term {
            Term::NamedNode(iri) if facts.neighbours.contains_key(iri.as_str()) => {
                Some(iri.clone())
            }
            _ => None,
        })
        .filter(|iri| !kept.contains(&iri.as_str().to_owned()))
        .collect();
    let links = linked(view, facts, snapshot, &refers).await?;
    if !links.is_empty() {
        relations.push(Relation {
            label: say(words::REFERS, language).to_owned(),
            links,
            more: None,
        });
    }
    let referring = referring(snapshot, record, &kept);
    let links = linked(view, facts, snapshot, &referring).await?;
    if !links.is_empty() {
        relations.push(Relation {
            label: say(words::REFERRED, language).to_owned(),
            links,
            more: None,
        });
    }
    Ok(relations)
}

/// The records whose documents name this one, its children aside.
fn referring(snapshot: &Snapshot, record: &Record, kept: &[String]) -> Vec<NamedNode> {
    let object = record.iri.as_ref().into();
    let mut found: Vec<NamedNode> = Vec::new();
    for quad in snapshot
        .quads(None, None, Some(object), None)
        .take(REFERENCES_MAX)
    {
        let GraphName::NamedNode(graph) = quad.graph_name else {
            continue;
        };
        let is_child = quad.predicate == dct::IS_PART_OF;
        if !is_child && !kept.contains(&graph.as_str().to_owned()) && !found.contains(&graph) {
            found.push(graph);
        }
        if found.len() > LINKS_MAX {
            break;
        }
    }
    found
}

async fn linked(
    view: &View,
    facts: &Facts<'_>,
    snapshot: &Snapshot,
    iris: &[NamedNode],
) -> Result<Vec<Link>, CatalogueError> {
    let mut links: Vec<Link> = Vec::new();
    for iri in iris.iter().take(LINKS_MAX) {
        if let Some((_, found)) = neighbour(view, facts, snapshot, iri).await? {
            let link = Link::new(found.title, found.href);
            if !links.contains(&link) {
                links.push(link);
            }
        }
    }
    Ok(links)
}

/// The record in every format.
pub fn downloads(root: &str, path: &str) -> Vec<Download> {
    let rdf = Representation::ALL.iter().filter_map(|one| match one {
        Representation::Rdf(format) if *format != crate::rdf::Format::N3 => Some(*format),
        _ => None,
    });
    let one = |format: crate::rdf::Format| Download {
        label: format.name().to_owned(),
        href: format!("{root}{path}.{}", format.extension()),
        media_type: format.media_type().to_owned(),
    };
    rdf.map(one).collect()
}

/// The record in a format of others.
pub fn export(root: &str, path: &str, export: Export) -> Download {
    let name = export.name();
    Download {
        label: export.title().to_owned(),
        href: if path.is_empty() {
            format!("{root}/?format={name}")
        } else {
            format!("{root}{path}.{name}")
        },
        media_type: export.media_type().to_owned(),
    }
}

/// What was said before, as far as the reader may know.
pub async fn versions(
    view: &View,
    facts: &Facts<'_>,
    record: &Record,
) -> Result<Vec<Version>, CatalogueError> {
    let mut versions: Vec<Version> = Vec::new();
    for step in view.steps(record, None, VERSIONS_MAX).await? {
        let change = step.change;
        let known = versions.iter().any(|one| one.current);
        versions.push(Version {
            number: change.version,
            name: None,
            date: change.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            datetime: change.at.to_string(),
            change: words::action(change.action, facts.language).to_owned(),
            note: change.reason.map(Text::plain),
            href: Some(format!(
                "{}{}/versions/{}",
                facts.root, record.path, change.version
            )),
            current: !known && change.version == record.version,
        });
    }
    Ok(versions)
}
