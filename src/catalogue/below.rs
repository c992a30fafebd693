//! What leads from a record to the records below it? The server keeps those statements, not the provider; a profile that
//! asks a dataset for a distribution means the distributions with records of their own, too.

use rustc_hash::FxHashMap;

use super::Catalogue;
use super::checked::Checked;
use super::description;
use super::error::CatalogueError;
use super::incoming::Incoming;
use super::kind::{Kind, Kinds};
use super::record::State;
use crate::auth::{Actor, Wish};
use crate::ledger::{Action, Expected, Head, NewChange, Seen};
use crate::rdf::{NamedNode, Term, Triple};
use crate::store::Snapshot;

/// How many of each kind are looked at: more than any profile asks for.
const LOOKED_AT_MAX: usize = 32;

/// That a record may be published, and what has to be published with it.
pub(super) struct Publication {
    pub checked: Checked,
    /// Drafts below it that its profile asks for.
    pub along: Vec<Head>,
}

/// The statements that lead from records to those below them.
pub(super) type Leads = FxHashMap<NamedNode, Vec<Triple>>;

/// The kinds below a kind, where a profile may ask for one. A catalogue fits without its datasets.
fn asked_for<'a>(kinds: &'a Kinds, parent: &str) -> Vec<(&'a Kind, &'a NamedNode)> {
    let is_list = parent == super::CATALOGUE_KIND || kinds.root().name == parent;
    let below = kinds.children_of(parent).filter(|_| !is_list);
    below.collect()
}

/// The statements that lead from each record of a document to those below it in the same document.
pub(super) fn leads(records: &[Incoming], kinds: &Kinds) -> Leads {
    let kind_of: FxHashMap<&NamedNode, &str> = records
        .iter()
        .map(|record| (&record.iri, &*record.kind))
        .collect();
    let mut leads = Leads::default();
    for record in records {
        let Some(parent) = &record.parent else {
            continue;
        };
        let Some(above) = kind_of.get(parent) else {
            continue;
        };
        let below = asked_for(kinds, above);
        let found = below.iter().find(|(kind, _)| kind.name == record.kind);
        if let Some((_, relation)) = found {
            let lead = Triple::new(parent.clone(), (*relation).clone(), record.iri.clone());
            leads.entry(parent.clone()).or_default().push(lead);
        }
    }
    leads
}

impl Catalogue {
    /// The statements that lead from a record to the public records below it.
    pub(super) fn public_leads(&self, iri: &NamedNode, snapshot: &Snapshot) -> Vec<Triple> {
        let parents = self.kinds().iter();
        let mut relations: Vec<&NamedNode> = parents
            .flat_map(|parent| asked_for(self.kinds(), &parent.name))
            .map(|(_, relation)| relation)
            .collect();
        relations.dedup();
        let mut leads = Vec::new();
        for relation in relations {
            let objects = snapshot.objects(iri.as_ref().into(), relation.as_ref());
            for object in objects.into_iter().take(LOOKED_AT_MAX) {
                let Term::NamedNode(child) = object else {
                    continue;
                };
                let lead = Triple::new(iri.clone(), relation.clone(), child.clone());
                // The provider may have said it as well; what counts is that there is such a record.
                let path = self.base().path(child.as_str());
                let graph = path.map(|path| description::graph_name(self.base(), path));
                let told = graph.and_then(|graph| snapshot.graph(&graph));
                if told.is_some_and(|told| told.contains(&lead)) {
                    leads.push(lead);
                }
            }
        }
        leads
    }

    /// The drafts below a record that were never published, where its profile may ask for such.
    pub(super) async fn drafts_below(&self, head: &Head) -> Result<Vec<Head>, CatalogueError> {
        let mut drafts = Vec::new();
        for (kind, _) in asked_for(self.kinds(), &head.kind) {
            let ledger = self.ledger();
            let found = ledger
                .children(&head.iri, Some(&kind.name), Seen::All, 0, LOOKED_AT_MAX)
                .await?;
            let is_draft = |child: &Head| child.state == State::Draft && child.public.is_none();
            drafts.extend(found.into_iter().filter(is_draft));
        }
        Ok(drafts)
    }

    /// The statements that lead from a record to some of those below it.
    pub(super) fn leads_to(&self, head: &Head, below: &[Head]) -> Vec<Triple> {
        let asked = asked_for(self.kinds(), &head.kind);
        let one = |child: &Head| {
            let (_, relation) = asked.iter().find(|(kind, _)| kind.name == child.kind)?;
            let (parent, child) = (head.iri.clone(), child.iri.clone());
            let [parent, child] = [parent, child].map(NamedNode::new_unchecked);
            Some(Triple::new(parent, (*relation).clone(), child))
        };
        below.iter().filter_map(one).collect()
    }

    /// Whether a record fits, by itself or with the drafts below it; these have to be fit to be published, too.
    pub(super) async fn publication(&self, head: &Head) -> Result<Publication, CatalogueError> {
        let misfit = match self.check_head(head, &[]).await {
            Err(CatalogueError::Invalid(checked)) => checked,
            checked => {
                let (checked, along) = (checked?, Vec::new());
                return Ok(Publication { checked, along });
            }
        };
        let along = self.drafts_below(head).await?;
        if along.is_empty() {
            return Err(CatalogueError::Invalid(misfit));
        }
        let checked = self.check_head(head, &along).await?;
        for draft in &along {
            self.is_agreed(draft).await?;
            self.check_head(draft, &[]).await?;
        }
        Ok(Publication { checked, along })
    }

    /// The changes that publish what goes along with a record.
    pub(super) fn along(
        &self,
        actor: &Actor,
        along: &[Head],
        reason: Option<&String>,
    ) -> Result<Vec<NewChange>, CatalogueError> {
        let publish = |draft: &Head| {
            super::writing::allowed(self.may(actor, Wish::Publish, draft))?;
            Ok(self.published_draft(actor, draft, reason.cloned()))
        };
        along.iter().map(publish).collect()
    }

    /// The change that publishes a draft.
    pub(super) fn published_draft(
        &self,
        actor: &Actor,
        draft: &Head,
        reason: Option<String>,
    ) -> NewChange {
        NewChange {
            action: Action::Publish,
            state: State::Published,
            reason,
            ..self.change_of(draft, actor, Expected::Version(draft.version))
        }
    }
}
