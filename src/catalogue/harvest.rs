//! What do harvesters get? Everybody's view, change by change, and the sets that records belong to.

use super::error::CatalogueError;
use super::identifier::{Base, Slug};
use super::projection::{blocking, provider_triples};
use super::{CATALOGUE_KIND, Catalogue, Lookup, View, description};
use crate::crosswalk::{About, Described, Statements, described, words};
use crate::ledger::{Harvest, PublicChange, Standing, What};
use crate::rdf::vocabulary::dct;
use crate::rdf::{NamedNode, Term, Triple};

/// Changes whose sets are found and remembered at once.
const CHANGES_AT_ONCE: usize = 1_000;
/// Themes of a record that make sets.
const THEMES_MAX: usize = 12;
/// Says by which rules the sets were found: other rules, other sets.
const RULES: &str = "1";

impl View {
    /// Records as the public saw them, in the order of their last public changes.
    pub async fn harvest(
        &self,
        wanted: &Harvest,
        limit: usize,
    ) -> Result<Vec<Standing>, CatalogueError> {
        Ok(self.catalogue().ledger().standing(wanted, limit).await?)
    }

    /// How the record at a path last changed for the public; `None` when nobody ever saw it.
    pub async fn last_public_change(
        &self,
        path: &str,
    ) -> Result<Option<PublicChange>, CatalogueError> {
        let ledger = self.catalogue().ledger();
        let Some(head) = ledger.head_by_path(path).await? else {
            return Ok(None);
        };
        Ok(ledger.last_public_change(head.record, None).await?)
    }

    /// The name of the record or concept of a set, for people.
    pub async fn set_title(&self, group: &str, name: &str) -> Result<String, CatalogueError> {
        if group != CATALOGUE_KIND {
            return Ok(name.to_owned());
        }
        let found = self.lookup(&format!("/{CATALOGUE_KIND}/{name}")).await?;
        Ok(match found {
            Lookup::Found(record) => record.name().to_owned(),
            Lookup::Gone(_) | Lookup::Missing => name.to_owned(),
        })
    }
}

impl Catalogue {
    /// A record as the formats of others see it, its concepts by their English names.
    pub fn described<'a>(&'a self, about: About<'a>, statements: &Statements<'a>) -> Described<'a> {
        let ontology = self.ontology();
        let labels = move |iri: &str| ontology.label(iri, "en");
        let mut described = described(about, statements, &labels);
        if let Some(prefix) = self.naming_prefix() {
            described.prefer(prefix);
        }
        described
    }

    /// The sets of a record.
    pub fn sets_of(&self, record: &Described<'_>) -> Vec<String> {
        let about = &record.about;
        let mut sets = sets_of_place(self.base(), about.kind, about.parent);
        if about.iri != about.address
            && let Some(host) = host(about.iri)
        {
            sets.push(set("source", host));
        }
        let themes = record.themes.iter().take(THEMES_MAX);
        sets.extend(themes.map(|theme| set("theme", words::last_part(theme.iri))));
        if let Some(access) = record.access {
            sets.push(set("access", access.word()));
            if matches!(about.kind, "dataset" | "series") {
                sets.push("openaire_data".to_owned());
            }
        }
        sets.extend(
            self.profiles_of(record)
                .iter()
                .map(|name| set("profile", name)),
        );
        sets.sort_unstable();
        sets.dedup();
        sets
    }

    /// The profiles that a record names, else that of its kind.
    fn profiles_of(&self, record: &Described<'_>) -> Vec<String> {
        let standards = record.standards.iter();
        let standards: Vec<Term> = standards
            .map(|iri| NamedNode::new_unchecked(*iri).into())
            .collect();
        let named = self.profiles().named(&standards);
        if !named.is_empty() {
            return named.iter().map(|profile| profile.name.clone()).collect();
        }
        let kind = self.kinds().by_name(record.about.kind);
        kind.and_then(|kind| kind.profile.clone())
            .into_iter()
            .collect()
    }

    /// Everything that is said about a record of a change, by its provider and by this server.
    pub fn statements_of(
        &self,
        about: &About<'_>,
        path: &str,
        ntriples: &str,
    ) -> Result<Vec<Triple>, CatalogueError> {
        let iri = NamedNode::new_unchecked(about.iri);
        let mut triples = provider_triples(about.iri, ntriples)?;
        let facts = description::Facts {
            iri: &iri,
            path,
            kind: about.kind,
            membership: None,
            issued: about.first_published,
            modified: about.changed,
        };
        let mut said = description::statements(self.base(), self.kinds(), &facts);
        let parent = about.parent.map(NamedNode::new_unchecked);
        said.extend(parent.map(|parent| Triple::new(iri.clone(), dct::IS_PART_OF, parent)));
        said.retain(|triple| !triples.contains(triple));
        triples.extend(said);
        Ok(triples)
    }

    /// The change up to which the sets of records are known.
    pub async fn sets_reached(&self) -> Result<u64, CatalogueError> {
        Ok(self.ledger().sets_reached(RULES).await?)
    }

    /// Finds the sets of what has changed since they were last asked for.
    pub async fn catch_up_sets(&self) -> Result<(), CatalogueError> {
        let _one_at_a_time = self.0.finding_sets.lock().await;
        loop {
            let reached = self.ledger().sets_reached(RULES).await?;
            let changes = self
                .ledger()
                .public_changes_since(reached, CHANGES_AT_ONCE)
                .await?;
            let Some(last) = changes.last().map(|change| change.sequence) else {
                return Ok(());
            };
            let memberships = self.memberships(changes).await?;
            self.ledger().put_sets(RULES, last, memberships).await?;
        }
    }

    async fn memberships(
        &self,
        mut changes: Vec<PublicChange>,
    ) -> Result<Vec<(u64, Vec<String>)>, CatalogueError> {
        for change in &mut changes {
            if matches!(change.what, What::Put { .. }) {
                continue;
            }
            // What goes away goes away from where it was.
            let (record, sequence) = (change.record, change.sequence);
            let before = self.ledger().last_public_change(record, Some(sequence));
            if let Some(before) = before.await? {
                *change = PublicChange { sequence, ..before };
            }
        }
        let catalogue = self.clone();
        blocking(move || {
            let one = |change: &PublicChange| (change.sequence, catalogue.sets_of_change(change));
            Ok::<_, CatalogueError>(changes.iter().map(one).collect())
        })
        .await
    }

    fn sets_of_change(&self, change: &PublicChange) -> Vec<String> {
        let parent = change.parent.as_deref();
        let What::Put { ntriples, .. } = &change.what else {
            return sets_of_place(self.base(), &change.kind, parent);
        };
        let address = self.base().iri(&change.path).into_string();
        let about = About {
            iri: &change.iri,
            address: &address,
            kind: &change.kind,
            parent,
            site: "",
            first_published: change.first_published_at,
            changed: change.at,
        };
        let statements = Statements::read(ntriples);
        self.sets_of(&self.described(about, &statements))
    }
}

/// The sets that follow from a record's place in the tree.
pub fn sets_of_place(base: &Base, kind: &str, parent: Option<&str>) -> Vec<String> {
    let mut sets = vec![set("type", kind)];
    if let Some(parent) = parent {
        let prefix = format!("/{CATALOGUE_KIND}/");
        match base.path(parent) {
            Some(path) => sets.extend(
                path.strip_prefix(prefix.as_str())
                    .map(|slug| set(CATALOGUE_KIND, slug)),
            ),
            None if matches!(kind, "distribution") => {}
            None => sets.push(set(CATALOGUE_KIND, Slug::of_foreign(parent).as_str())),
        }
    }
    sets
}

/// A set of a group. What cannot stand in its name (OAI-PMH §2.6) becomes a hyphen.
fn set(group: &str, name: &str) -> String {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.!~*'()".contains(c);
    let name: String = name
        .chars()
        .map(|c| if is_allowed(c) { c } else { '-' })
        .collect();
    format!("{group}:{name}")
}

fn host(iri: &str) -> Option<&str> {
    let (_, rest) = iri.split_once("://")?;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    (!host.is_empty()).then_some(host)
}
