//! In which profiles can a record be had, how does it look in each, and is it valid there?
//!
//! A record of a profile is written in another by the rules that lie beside the shapes of the other, also in several
//! steps; a record of an older profile is brought to its successor first.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::error::CatalogueError;
use super::migration;
use super::projection::blocking;
use super::record::{Lookup, Record};
use super::view::{Document, View};
use super::{Catalogue, Checked, Description, Profile, description};
use crate::crosswalk::rendition::{Ground, Note, Notes, Rendered, Rules, What};
use crate::rdf::vocabulary::{dct, fdp, rdf};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};

/// How many records that stand inside a record are written with it.
const INSIDE_MAX: usize = 200;
/// How many steps may lead to a profile.
const STEPS_MAX: usize = 8;

/// A profile that a record can be had in.
#[derive(Clone)]
pub struct Offer {
    pub profile: Arc<Profile>,
    /// The profile of the record itself.
    pub from: Arc<Profile>,
    steps: Vec<Step>,
}

/// One step on the way to a profile.
#[derive(Clone)]
enum Step {
    /// To the successor of this profile.
    Migrate(Arc<Profile>),
    /// Written in this profile.
    Write(Arc<Profile>),
}

/// A record in a profile.
pub struct Rendition {
    pub offer: Offer,
    pub document: Document,
    pub notes: Notes,
    /// When any of the records in it changed last.
    pub changed: Timestamp,
}

impl Offer {
    /// Whether the record is in this profile as it was sent.
    pub fn is_own(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether somebody who asks for a profile means this one: by its address, its name, or the beginning of its name.
    pub fn is_meant_by(&self, asked: &str) -> bool {
        let rest = self.profile.name.strip_prefix(asked);
        self.profile.is_at(asked)
            || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }

    /// The rules that gave the record its last names.
    fn last_rules(&self) -> Option<&Rules> {
        self.steps.iter().rev().find_map(|step| match step {
            Step::Write(profile) => profile.rendition.as_ref(),
            Step::Migrate(_) => None,
        })
    }

    /// A statement about the record in this profile, under the names of the profile.
    pub fn named(&self, triple: &Triple) -> Triple {
        let rules = self.last_rules();
        rules.map_or_else(|| triple.clone(), |rules| rules.named(triple))
    }
}

impl Catalogue {
    /// The profiles that a record can be had in: its own, then those that lead on from them, the nearest first.
    pub fn offers(&self, description: &Description<'_>) -> Result<Vec<Offer>, CatalogueError> {
        let own = self.profiles_for(description, &[])?;
        let own = own.into_iter().map(|profile| Offer {
            from: Arc::clone(&profile),
            profile,
            steps: Vec::new(),
        });
        let mut waiting: VecDeque<Offer> = own.collect();
        let mut offers: Vec<Offer> = Vec::new();
        while let Some(offer) = waiting.pop_front() {
            if offers
                .iter()
                .any(|known| known.profile.name == offer.profile.name)
            {
                continue;
            }
            if offer.steps.len() < STEPS_MAX {
                waiting.extend(self.further(&offer));
            }
            offers.push(offer);
        }
        Ok(offers)
    }

    /// The profiles that one step leads to.
    fn further(&self, offer: &Offer) -> Vec<Offer> {
        let here = &offer.profile;
        let to = |profile: &Arc<Profile>, step: Step| Offer {
            profile: Arc::clone(profile),
            from: Arc::clone(&offer.from),
            steps: offer.steps.iter().cloned().chain([step]).collect(),
        };
        let successor = here.migration.as_ref().map(|rules| rules.to.as_str());
        let successor = successor.and_then(|name| self.profiles().get(name));
        let successor = successor.map(|profile| to(&profile, Step::Migrate(Arc::clone(here))));
        let written = self.profiles().iter().filter(|profile| {
            let rules = profile.rendition.as_ref();
            rules.is_some_and(|rules| rules.from.contains(&here.name))
        });
        let written = written.map(|profile| to(profile, Step::Write(Arc::clone(profile))));
        successor.into_iter().chain(written).collect()
    }

    /// Whether any record can be had in a profile that somebody asks for, and in which.
    pub fn offered(&self, asked: &str) -> Option<Arc<Profile>> {
        let means = |profile: &&Arc<Profile>| {
            let offer = Offer {
                profile: Arc::clone(profile),
                from: Arc::clone(profile),
                steps: Vec::new(),
            };
            offer.is_meant_by(asked)
        };
        // Of several versions the newest is meant.
        self.profiles().iter().filter(means).last().cloned()
    }

    /// Writes the statements of a record, and of those inside it, in a profile. This computes for a while.
    pub fn render(&self, offer: &Offer, roots: &[NamedNode], triples: Vec<Triple>) -> Rendered {
        let mut rendered = Rendered {
            triples,
            notes: Notes::default(),
        };
        for step in &offer.steps {
            let next = match step {
                Step::Migrate(profile) => self.migrated(profile, &rendered.triples),
                Step::Write(profile) => self.written(profile, roots, &rendered.triples),
            };
            let Some(next) = next else { continue };
            rendered.triples = next.triples;
            rendered.notes.extend(next.notes);
        }
        rendered
    }

    fn migrated(&self, profile: &Profile, triples: &[Triple]) -> Option<Rendered> {
        let rules = profile.migration.as_ref()?;
        let (triples, told) = migration::rewritten(rules, self.ontology(), triples);
        let mut notes = Notes::default();
        for note in told.into_iter().filter(|note| note.what.is_step()) {
            let is_added = note.what == migration::What::Implied;
            notes.add(Note {
                what: if is_added {
                    What::Added
                } else {
                    What::Rewritten
                },
                property: Some(note.property),
                before: Some(note.before.to_string()).filter(|_| !is_added),
                after: note.after.map(|after| after.to_string()),
                count: 1,
                because: note.because,
            });
        }
        Some(Rendered { triples, notes })
    }

    fn written(
        &self,
        profile: &Profile,
        roots: &[NamedNode],
        triples: &[Triple],
    ) -> Option<Rendered> {
        let rules = profile.rendition.as_ref()?;
        let ours = self.base().iri("/profile/");
        let is_profile = |term: &Term| {
            let is_address = match term {
                Term::NamedNode(node) => {
                    let mut profiles = self.profiles().iter();
                    let address = node.as_str();
                    address.starts_with(ours.as_str()) || profiles.any(|one| one.is_at(address))
                }
                Term::BlankNode(_) | Term::Literal(_) | Term::Triple(_) => false,
            };
            is_address || !self.profiles().named(std::slice::from_ref(term)).is_empty()
        };
        let ground = Ground {
            roots,
            replacement: &|iri| self.ontology().replacement(iri).map(str::to_owned),
            is_profile: &is_profile,
        };
        Some(rules.render(triples, &ground))
    }

    /// What the server says about a description that stands in a profile: whose it is, since when, and which profile.
    pub fn said_in(&self, offer: &Offer, path: &str, said: Vec<Triple>) -> Vec<Triple> {
        let record = description::graph_name(self.base(), path);
        let is_of_others = |triple: &Triple| triple.predicate.as_str().starts_with(fdp::NAMESPACE);
        let mut said: Vec<Triple> = said.into_iter().filter(|one| !is_of_others(one)).collect();
        if let Some(profile) = &offer.profile.iri {
            said.push(Triple::new(record, dct::CONFORMS_TO, profile.clone()));
        }
        said
    }
}

impl View {
    /// The profiles that a record can be had in, its own first.
    pub async fn offers(&self, record: &Record) -> Result<Vec<Offer>, CatalogueError> {
        let sent = self.sent(record).await?;
        self.catalogue().offers(&Description {
            kind: &record.kind,
            iri: &record.iri,
            parent: record.parent.as_ref(),
            triples: &sent,
        })
    }

    /// A record in one of its profiles. In its own it is as it was sent; in another it comes with what stands inside it.
    pub async fn rendition(
        &self,
        record: Record,
        offer: &Offer,
    ) -> Result<Rendition, CatalogueError> {
        let mut changed = record.changed;
        let mut document = self.document(record).await?;
        let mut notes = Notes::default();
        if !offer.is_own() {
            let mut roots = vec![document.record.iri.clone()];
            let mut triples = document.sent;
            triples.extend(links_down(&document.record.iri, &document.containers));
            for child in self.inside(&document.record).await? {
                triples.extend(self.sent(&child).await?);
                changed = changed.max(child.changed);
                roots.push(child.iri);
            }
            let (catalogue, wanted) = (self.catalogue().clone(), offer.clone());
            let work = move || Ok::<_, CatalogueError>(catalogue.render(&wanted, &roots, triples));
            let rendered = blocking(work).await?;
            let (catalogue, path) = (self.catalogue(), &document.record.path);
            let node = description::graph_name(catalogue.base(), path);
            let said = of_the_record(&node, &document.record.iri, document.said);
            document.said = catalogue.said_in(offer, path, said);
            document.sent = rendered.triples;
            document.containers = Vec::new();
            notes = rendered.notes;
        }
        Ok(Rendition {
            offer: offer.clone(),
            document,
            notes,
            changed,
        })
    }

    /// The public records that are told with a record, as a dataset's distributions are.
    async fn inside(&self, record: &Record) -> Result<Vec<Record>, CatalogueError> {
        let catalogue = self.catalogue().clone();
        let mut members = Vec::new();
        for (kind, _) in catalogue.kinds().children_of(&record.kind) {
            if kind.embedded {
                members.extend(self.public_children(&record.iri, kind).await?);
            }
        }
        members.truncate(INSIDE_MAX);
        let mut inside = Vec::with_capacity(members.len());
        for member in members {
            if let Lookup::Found(child) = self.lookup_iri(member.as_str()).await? {
                inside.push(*child);
            }
        }
        Ok(inside)
    }
}

impl Rendition {
    /// How the record fits the profile as it is written in it.
    pub async fn check(&self, catalogue: &Catalogue) -> Result<Checked, CatalogueError> {
        let (catalogue, profile) = (catalogue.clone(), Arc::clone(&self.offer.profile));
        let (iri, triples) = (self.document.record.iri.clone(), self.document.sent.clone());
        blocking(move || Ok::<_, CatalogueError>(catalogue.check(&profile, &iri, &triples))).await
    }
}

/// The statements that lead from a record to those below it.
fn links_down<'a>(iri: &'a NamedNode, containers: &'a [Triple]) -> impl Iterator<Item = Triple> {
    let itself = NamedOrBlankNode::from(iri.clone());
    let leads = containers.iter().filter(move |one| one.subject == itself);
    leads.cloned()
}

/// Of what the server says: what the record is, and its catalogue record.
fn of_the_record(node: &NamedNode, iri: &NamedNode, said: Vec<Triple>) -> Vec<Triple> {
    let (node, iri) = (NamedOrBlankNode::from(node.clone()), iri.clone().into());
    let is_kept =
        |one: &Triple| one.subject == node || (one.subject == iri && one.predicate == rdf::TYPE);
    said.into_iter().filter(is_kept).collect()
}
