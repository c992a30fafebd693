//! Which newer version does a public record name? The public one that names it as the version before.
//!
//! `dcat:hasVersion` between two records here is the server's to say. It is put into the older record in the very commit that
//! makes the newer one public and taken out in the one that takes that away, so that it holds on every way to the public and
//! leads to nothing that is not public. A revision above the older record is put back above it. One that is in review, or has
//! its time, stays as it was agreed to, and what the public reads below it, too: it bears the link when it is published.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use super::error::CatalogueError;
use super::projection::{blocking, provider_triples};
use super::{Catalogue, State};
use crate::auth::Actor;
use crate::ledger::{Action, Committed, Expected, Head, NewChange};
use crate::rdf::canonical::{CanonicalText, canonical_ntriples};
use crate::rdf::vocabulary::dcat;
use crate::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use crate::store::Snapshot;

/// How often a commit is tried anew because an older version was changed meanwhile.
const TRIES_MAX: usize = 8;
/// How many versions before or after it are looked at for one record.
const LINKS_MAX: usize = 50;
/// How many older versions one commit changes beside what it was asked for.
const BESIDE_MAX: usize = 20_000;
/// Who stands as author of what the server itself writes.
const SERVER: &str = "server";

/// A newer version is to be named by an older one, or no longer.
#[derive(Debug, Clone)]
struct Link {
    older: NamedNode,
    newer: NamedNode,
    comes: bool,
}

/// What a commit was asked for, found by record.
struct Asked<'a> {
    changes: &'a [NewChange],
    places: FxHashMap<&'a str, usize>,
}

impl<'a> Asked<'a> {
    fn of(changes: &'a [NewChange]) -> Self {
        let places = changes.iter().enumerate();
        let places = places.map(|(at, change)| (&*change.iri, at)).collect();
        Self { changes, places }
    }

    fn get(&self, iri: &NamedNode) -> Option<&'a NewChange> {
        self.places.get(iri.as_str()).map(|at| &self.changes[*at])
    }
}

/// A description with other links.
struct Amended {
    graph: CanonicalText,
    report: Option<String>,
}

/// What a commit changes besides what it was asked for.
#[derive(Default)]
struct Following {
    /// Other descriptions for records that it changes anyway, by their places.
    within: Vec<(usize, Amended)>,
    /// Changes of other records.
    beside: Vec<NewChange>,
}

impl Following {
    fn is_empty(&self) -> bool {
        self.within.is_empty() && self.beside.is_empty()
    }

    /// The changes with those that follow, the latter at the end.
    fn joined(self, asked: &[NewChange]) -> Vec<NewChange> {
        let mut changes = asked.to_vec();
        for (at, amended) in self.within {
            let report = changes[at].report.take();
            changes[at].report = report.or(amended.report);
            changes[at].graph = Some(amended.graph);
        }
        changes.extend(self.beside);
        changes
    }
}

impl Catalogue {
    /// Puts changes on disk together with those of older versions that follow from them, and tells of the former.
    pub(super) async fn commit_with_links(
        &self,
        changes: Vec<NewChange>,
    ) -> Result<Vec<Committed>, CatalogueError> {
        let asked = changes.len();
        for _ in 0..TRIES_MAX {
            let following = self.following(&changes).await?;
            if following.is_empty() {
                break;
            }
            let beside = following.beside.iter().map(|change| change.iri.clone());
            let beside: Vec<String> = beside.collect();
            match self.commit_as_it_is(following.joined(&changes)).await {
                // Somebody changed an older version meanwhile; that is nothing to whoever asked.
                Err(CatalogueError::Precondition { iri, .. }) if beside.contains(&iri) => (),
                Err(error) => return Err(error),
                Ok(mut committed) => {
                    committed.truncate(asked);
                    return Ok(committed);
                }
            }
        }
        self.commit_as_it_is(changes).await
    }

    async fn following(&self, changes: &[NewChange]) -> Result<Following, CatalogueError> {
        let texts = self.texts_to_come(changes).await?;
        let snapshot = self.projection().snapshot();
        let is_known = snapshot
            .quads(None, Some(dcat::PREVIOUS_VERSION), None, None)
            .next()
            .is_some();
        let texts: Vec<Option<&str>> = texts.iter().map(Option::as_deref).collect();
        let names_one = |text: &&str| {
            let links = [dcat::PREVIOUS_VERSION, dcat::HAS_VERSION];
            links.iter().any(|link| text.contains(link.as_str()))
        };
        if !is_known && !texts.iter().flatten().any(names_one) {
            return Ok(Following::default());
        }
        let asked = Asked::of(changes);
        let mut links = Vec::new();
        for (change, text) in changes.iter().zip(&texts) {
            links.extend(links_to_older(&snapshot, change, *text)?);
        }
        for (change, text) in changes.iter().zip(&texts) {
            if let Some(text) = text {
                links.extend(links_to_newer(&snapshot, change, &asked));
                links.extend(self.stale(&snapshot, change, text, &asked).await?);
            }
        }
        let mut of_each: FxHashMap<NamedNode, Vec<Link>> = FxHashMap::default();
        for link in links {
            of_each.entry(link.older.clone()).or_default().push(link);
        }
        let mut following = Following::default();
        for (older, links) in of_each {
            match asked.places.get(older.as_str()) {
                Some(at) => {
                    if let Some(text) = texts[*at] {
                        let links = self
                            .akin(links, changes[*at].parent.as_deref(), &asked)
                            .await?;
                        let amended = amended(&older, text, links).await?;
                        let report = self.report_of(&changes[*at]).await?;
                        following.within.extend(amended.map(|graph| {
                            let amended = Amended { graph, report };
                            (*at, amended)
                        }));
                    }
                }
                None if following.beside.len() < BESIDE_MAX => {
                    let change = self.beside(&older, links, &asked).await?;
                    following.beside.extend(change);
                }
                None => break,
            }
        }
        Ok(following)
    }

    /// What each change shows to the public, where it shows anything.
    async fn texts_to_come<'a>(
        &self,
        changes: &'a [NewChange],
    ) -> Result<Vec<Option<Cow<'a, str>>>, CatalogueError> {
        let mut texts = Vec::with_capacity(changes.len());
        for change in changes {
            if change.state != State::Published {
                texts.push(None);
                continue;
            }
            texts.push(match (&change.graph, change.expected) {
                (Some(graph), _) => Some(Cow::Borrowed(graph.as_str())),
                (None, Expected::Version(version)) => {
                    let found = self.ledger().version(&change.iri, version).await?;
                    found.map(|found| Cow::Owned(found.ntriples))
                }
                (None, Expected::New | Expected::Any) => None,
            });
        }
        Ok(texts)
    }

    /// What was found when the version that a change publishes as it stands was written.
    async fn report_of(&self, change: &NewChange) -> Result<Option<String>, CatalogueError> {
        let Expected::Version(version) = change.expected else {
            return Ok(None);
        };
        let found = self.ledger().version(&change.iri, version).await?;
        Ok(found.and_then(|found| found.change.report))
    }

    /// The newer versions that a record names although they went while it was away.
    async fn stale(
        &self,
        snapshot: &Snapshot,
        change: &NewChange,
        text: &str,
        asked: &Asked<'_>,
    ) -> Result<Vec<Link>, CatalogueError> {
        let older = NamedNode::new_unchecked(&change.iri);
        let mut links = Vec::new();
        for newer in named(&older, text, dcat::HAS_VERSION)? {
            let other = asked.get(&newer);
            let comes = other.is_some_and(|other| other.state == State::Published);
            if comes || snapshot.contains_graph(&newer) {
                continue;
            }
            let Some(head) = self.ledger().head(newer.as_str()).await? else {
                continue;
            };
            let found = self.ledger().version(&head.iri, head.version).await?;
            let Some(found) = found else { continue };
            if named(&newer, &found.ntriples, dcat::PREVIOUS_VERSION)?.contains(&older) {
                links.push(Link {
                    older: older.clone(),
                    newer,
                    comes: false,
                });
            }
        }
        Ok(links)
    }

    /// The links that are no stranger's to make: those within one catalogue.
    async fn akin(
        &self,
        links: Vec<Link>,
        parent: Option<&str>,
        asked: &Asked<'_>,
    ) -> Result<Vec<Link>, CatalogueError> {
        let mut akin = Vec::with_capacity(links.len());
        for link in links {
            let above = match asked.get(&link.newer) {
                Some(change) => change.parent.clone(),
                None => {
                    let head = self.ledger().head(link.newer.as_str()).await?;
                    head.and_then(|head| head.parent)
                }
            };
            if !link.comes || (above.is_some() && above.as_deref() == parent) {
                akin.push(link);
            }
        }
        Ok(akin)
    }

    /// The changes of an older version that others than it bring about; none when nothing is to be changed.
    async fn beside(
        &self,
        older: &NamedNode,
        links: Vec<Link>,
        asked: &Asked<'_>,
    ) -> Result<Vec<NewChange>, CatalogueError> {
        let Some(head) = self.ledger().head(older.as_str()).await? else {
            return Ok(Vec::new());
        };
        let Some(face) = &head.public else {
            return Ok(Vec::new());
        };
        let has_revision = face.version != head.version;
        if has_revision && self.is_awaited(&head).await? {
            return Ok(Vec::new());
        }
        let Some(found) = self.ledger().version(&head.iri, face.version).await? else {
            return Ok(Vec::new());
        };
        let links = self.akin(links, face.parent.as_deref(), asked).await?;
        let reason = links.first().map(reason);
        let amended = amended(older, &found.ntriples, links.clone()).await?;
        let Some(graph) = amended else {
            return Ok(Vec::new());
        };
        let mut following = vec![NewChange {
            action: Action::Replace,
            state: State::Published,
            graph: Some(graph),
            title: found.change.title,
            parent: found.change.parent,
            author: SERVER.to_owned(),
            reason,
            report: found.change.report,
            ..self.change_of(&head, &Actor::Anonymous, Expected::Version(head.version))
        }];
        if has_revision {
            following.extend(self.revision_again(&head, older, links).await?);
        }
        Ok(following)
    }

    /// Whether a revision is in review or has its time: then it is left as it is.
    async fn is_awaited(&self, head: &Head) -> Result<bool, CatalogueError> {
        let review = self.ledger().review(&head.iri).await?;
        let is_reviewed = review.is_some_and(|review| review.is_open);
        Ok(is_reviewed || self.ledger().schedule_of(&head.iri).await?.is_some())
    }

    /// The revision of a record once more, as its author's, above the version that changes below it.
    async fn revision_again(
        &self,
        head: &Head,
        older: &NamedNode,
        links: Vec<Link>,
    ) -> Result<Option<NewChange>, CatalogueError> {
        let Some(found) = self.ledger().version(&head.iri, head.version).await? else {
            return Ok(None);
        };
        let (graph, _) = relinked(older.clone(), found.ntriples, links).await?;
        let above = Expected::Version(head.version + 1);
        Ok(Some(NewChange {
            graph: Some(graph),
            author: found.change.author,
            reason: found.change.reason,
            report: found.change.report,
            ..self.change_of(head, &Actor::Anonymous, above)
        }))
    }
}

/// A description with other links; `None` when it has them as they are to be.
async fn amended(
    older: &NamedNode,
    text: &str,
    links: Vec<Link>,
) -> Result<Option<CanonicalText>, CatalogueError> {
    let (graph, is_other) = relinked(older.clone(), text.to_owned(), links).await?;
    Ok(is_other.then_some(graph))
}

/// A description with the links as they are to be, and whether they were otherwise.
async fn relinked(
    older: NamedNode,
    text: String,
    links: Vec<Link>,
) -> Result<(CanonicalText, bool), CatalogueError> {
    blocking(move || {
        let before = provider_triples(older.as_str(), &text)?;
        let mut triples = before.clone();
        for link in links {
            let names = Triple::new(older.clone(), dcat::HAS_VERSION, link.newer);
            triples.retain(|triple| *triple != names);
            if link.comes {
                triples.push(names);
            }
        }
        let is_same =
            triples.len() == before.len() && triples.iter().all(|triple| before.contains(triple));
        let graph = canonical_ntriples(&triples);
        let iri = older.into_string();
        let graph = graph.map_err(|source| CatalogueError::Poison { iri, source })?;
        Ok::<_, CatalogueError>((graph, !is_same))
    })
    .await
}

/// What the history of an older version says of its change.
fn reason(link: &Link) -> String {
    let newer = link.newer.as_str();
    if link.comes {
        format!("a newer version is public: {newer}")
    } else {
        format!("a newer version is no longer public: {newer}")
    }
}

/// The links that come and go because a newer version does.
fn links_to_older(
    snapshot: &Snapshot,
    change: &NewChange,
    text: Option<&str>,
) -> Result<Vec<Link>, CatalogueError> {
    if change.state == State::Draft {
        return Ok(Vec::new());
    }
    let newer = NamedNode::new_unchecked(&change.iri);
    let after = match text {
        Some(text) => named(&newer, text, dcat::PREVIOUS_VERSION)?,
        None => Vec::new(),
    };
    let before = snapshot.objects(newer.as_ref().into(), dcat::PREVIOUS_VERSION);
    let mut links = Vec::new();
    for older in before.into_iter().filter_map(node).take(LINKS_MAX) {
        if !after.contains(&older) {
            links.push((older, false));
        }
    }
    links.extend(after.into_iter().map(|older| (older, true)));
    let link = |(older, comes)| Link {
        older,
        newer: newer.clone(),
        comes,
    };
    Ok(links.into_iter().map(link).collect())
}

/// The links that a record that is published has to public newer versions, save those that the commit itself decides.
fn links_to_newer(snapshot: &Snapshot, change: &NewChange, asked: &Asked<'_>) -> Vec<Link> {
    let older = NamedNode::new_unchecked(&change.iri);
    let object = Term::from(older.clone());
    let said = snapshot.quads(
        None,
        Some(dcat::PREVIOUS_VERSION),
        Some(object.as_ref()),
        None,
    );
    let newer = said.filter_map(|quad| match quad.subject {
        NamedOrBlankNode::NamedNode(iri) => Some(iri),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    let decided = |iri: &NamedNode| {
        let other = asked.get(iri);
        other.is_some_and(|other| other.state != State::Draft)
    };
    let newer = newer.filter(|iri| !decided(iri) && snapshot.contains_graph(iri));
    let link = |newer| Link {
        older: older.clone(),
        newer,
        comes: true,
    };
    newer.take(LINKS_MAX).map(link).collect()
}

/// The records that a description names by a property.
fn named(
    iri: &NamedNode,
    text: &str,
    property: NamedNodeRef<'_>,
) -> Result<Vec<NamedNode>, CatalogueError> {
    if !text.contains(property.as_str()) {
        return Ok(Vec::new());
    }
    let itself = NamedOrBlankNode::from(iri.clone());
    let triples = provider_triples(iri.as_str(), text)?.into_iter();
    let said = triples.filter(|triple| triple.subject == itself && triple.predicate == property);
    let named = said.filter_map(|triple| node(triple.object));
    Ok(named.filter(|other| other != iri).take(LINKS_MAX).collect())
}

fn node(term: Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(iri) => Some(iri),
        Term::Literal(_) | Term::BlankNode(_) | Term::Triple(_) => None,
    }
}
