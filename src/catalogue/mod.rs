//! The heart: records, their lifecycle and versions, and what may be seen of them.
//!
//! All reading goes through a [`View`], all writing through the [`Catalogue`].

pub mod advice;
mod below;
pub mod bulk;
pub mod checked;
pub mod checking;
pub mod crosswalk;
pub mod description;
pub mod editing;
pub mod error;
pub mod form;
pub mod harvest;
pub mod history;
pub mod identifier;
pub mod incoming;
pub mod instant;
pub mod kind;
mod language;
pub mod leaving;
pub mod lifecycle;
pub mod merge;
pub mod migration;
pub mod patch;
pub mod persistent;
pub mod plausibility;
pub mod profile;
pub mod projection;
pub mod quality;
pub mod record;
pub mod rendition;
pub mod restoring;
pub mod reviewing;
pub mod setting;
pub mod sheet;
pub mod standing;
mod succession;
#[cfg(test)]
mod tests;
pub mod view;
pub mod writing;

use std::path::PathBuf;
use std::sync::Arc;

use crate::auth::{Actor, Decision, RecordFacts, Wish};
use crate::clock::Clock;
use crate::ledger::{Head, Ledger};
use crate::ontology::Ontology;
use crate::rdf::vocabulary::dct;
use crate::rdf::{NamedNode, Triple};
use crate::store;

pub use checked::{Checked, Told};
pub use editing::{Edit, Editable, Saved};
pub use error::CatalogueError;
pub use history::{Around, Author, Step};
pub use identifier::{Base, Slug};
pub use kind::{Kind, Kinds};
pub use leaving::Leaving;
pub use migration::{Migration, Way};
pub use profile::{Profile, Profiles};
pub use projection::Projection;
pub use record::{Lookup, Record, State, Tombstone};
pub use restoring::Restoring;
pub use view::{Document, View};
pub use writing::{Adopted, Destination, Sent, Written};

/// The kind that permissions are given for.
pub const CATALOGUE_KIND: &str = "catalog";

/// What the catalogue is made from.
pub struct Parts {
    pub base: Base,
    pub kinds: Kinds,
    pub profiles: Profiles,
    pub ontology: Arc<Ontology>,
    pub ledger: Ledger,
    pub clock: Clock,
    /// Where the triples are kept.
    pub store_folder: PathBuf,
    pub store: store::Settings,
    /// Whether a change must say which version it was made from.
    pub precondition_required: bool,
}

/// The catalogue. Clones share everything.
#[derive(Clone)]
pub struct Catalogue(Arc<Inner>);

struct Inner {
    base: Base,
    kinds: Kinds,
    profiles: Profiles,
    ontology: Arc<Ontology>,
    ledger: Ledger,
    clock: Clock,
    projection: Arc<Projection>,
    quality: Arc<quality::Rules>,
    kept: standing::Kept,
    instants: instant::Instants,
    tables: sheet::Kept,
    precondition_required: bool,
    finding_sets: tokio::sync::Mutex<()>,
    /// How records are named for good; unset where they are not.
    naming: std::sync::OnceLock<persistent::Settings>,
}

/// A record as it is checked: perhaps not stored, or not yet.
pub struct Description<'a> {
    pub kind: &'a str,
    pub iri: &'a NamedNode,
    pub parent: Option<&'a NamedNode>,
    pub triples: &'a [Triple],
}

impl<'a> From<&'a incoming::Incoming> for Description<'a> {
    fn from(incoming: &'a incoming::Incoming) -> Self {
        Self {
            kind: &incoming.kind,
            iri: &incoming.iri,
            parent: incoming.parent.as_ref(),
            triples: &incoming.triples,
        }
    }
}

impl Catalogue {
    /// Opens the catalogue and brings its triples up to the ledger. `progress` is told how many
    /// changes of a rebuild are applied.
    pub async fn open(
        parts: Parts,
        progress: projection::Progress<'_>,
    ) -> Result<Self, CatalogueError> {
        let ontology = Arc::clone(&parts.ontology);
        let quality = quality::Rules::new(&parts.kinds, &parts.profiles, ontology);
        let quality = Arc::new(quality);
        let source = projection::Source {
            ledger: parts.ledger.clone(),
            folder: parts.store_folder,
            settings: store::Settings {
                vocabularies: parts.ontology.graph_names().cloned().collect(),
                ..parts.store
            },
            making: projection::Making {
                base: parts.base.clone(),
                kinds: parts.kinds.clone(),
                quality: Arc::clone(&quality),
            },
            ontology: Arc::clone(&parts.ontology),
        };
        let projection = Arc::new(Projection::open(source, progress).await?);
        let catalogue = Self(Arc::new(Inner {
            base: parts.base,
            kinds: parts.kinds,
            profiles: parts.profiles,
            ontology: parts.ontology,
            ledger: parts.ledger,
            clock: parts.clock,
            precondition_required: parts.precondition_required,
            projection,
            quality,
            kept: standing::Kept::default(),
            tables: sheet::Kept::default(),
            instants: instant::Instants::default(),
            finding_sets: tokio::sync::Mutex::default(),
            naming: std::sync::OnceLock::new(),
        }));
        catalogue.forget_instants();
        Ok(catalogue)
    }

    /// What an actor may see.
    pub fn view(&self, actor: Arc<Actor>) -> View {
        View::new(self.clone(), actor)
    }

    /// What everybody may see.
    pub fn public(&self) -> View {
        self.view(Arc::new(Actor::Anonymous))
    }

    pub fn base(&self) -> &Base {
        &self.0.base
    }

    pub fn kinds(&self) -> &Kinds {
        &self.0.kinds
    }

    pub fn profiles(&self) -> &Profiles {
        &self.0.profiles
    }

    pub fn ontology(&self) -> &Arc<Ontology> {
        &self.0.ontology
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The triples as they follow the ledger.
    pub fn projection(&self) -> &Projection {
        &self.0.projection
    }

    /// Another catalogue of the same ledger takes the place of this one: whoever writes here is answered when both have it.
    pub fn hand_over_to(&self, next: &Self) {
        self.0
            .projection
            .hand_over_to(Arc::clone(&next.0.projection));
    }

    /// The rules by which the quality of records is judged.
    pub fn quality(&self) -> &Arc<quality::Rules> {
        &self.0.quality
    }

    fn kept_tables(&self) -> &sheet::Kept {
        &self.0.tables
    }

    fn instants(&self) -> &instant::Instants {
        &self.0.instants
    }

    fn kept(&self) -> &standing::Kept {
        &self.0.kept
    }

    /// The ledger, for what is remembered but never published.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }

    /// Whether an actor may do something with a record.
    pub fn may(&self, actor: &Actor, wish: Wish, head: &Head) -> Decision {
        let itself = (head.kind == CATALOGUE_KIND).then_some(head.iri.as_str());
        let facts = RecordFacts {
            kind: &head.kind,
            state: head.state,
            is_public: head.public.is_some(),
            // A parent that is not here yet is taken for the catalogue that it was said to be.
            catalogue: itself
                .or(head.catalogue.as_deref())
                .or(head.parent.as_deref()),
            owner: &head.owner,
        };
        crate::auth::may(actor, wish, &facts)
    }

    /// The profile that a record of a kind is checked against: the one asked for, else that of its
    /// kind.
    pub fn profile_of(
        &self,
        kind: &str,
        wanted: Option<&str>,
    ) -> Result<Arc<Profile>, CatalogueError> {
        let of_kind = || {
            self.kinds()
                .by_name(kind)
                .and_then(|kind| kind.profile.as_deref())
        };
        let name = wanted.or_else(of_kind).unwrap_or(profile::DEFAULT);
        let found = self.profiles().get(name);
        found.ok_or_else(|| CatalogueError::NoProfile {
            name: name.to_owned(),
            known: self.profiles().names().collect::<Vec<_>>().join(", "),
        })
    }

    /// The profiles that a record is checked against: those asked for, else those that it names
    /// itself (`dct:conformsTo`), else those that its parent names, else that of its kind.
    pub fn profiles_for(
        &self,
        description: &Description<'_>,
        wanted: &[String],
    ) -> Result<Vec<Arc<Profile>>, CatalogueError> {
        let kind = description.kind;
        if !wanted.is_empty() {
            let of = |name: &String| self.profile_of(kind, Some(name));
            return wanted.iter().map(of).collect();
        }
        let profiles = self.profiles();
        let mut named = profiles.named_by(description.iri, description.triples);
        if let Some(parent) = description.parent.filter(|_| named.is_empty()) {
            let snapshot = self.projection().snapshot();
            let said = snapshot.objects(parent.as_ref().into(), dct::CONFORMS_TO);
            named = profiles.named(&said);
        }
        if named.is_empty() {
            named.push(self.profile_of(kind, None)?);
        }
        Ok(named)
    }

    /// Checks a record as it must fit to be published: against every profile that it or its parent
    /// names, else that of its kind. The first check that fails speaks for all.
    pub fn check_own(&self, description: &Description<'_>) -> Result<Checked, CatalogueError> {
        let profiles = self.profiles_for(description, &[])?;
        let mut checks = profiles
            .iter()
            .map(|profile| self.check(profile, description.iri, description.triples));
        let first = checks.next().ok_or(CatalogueError::Empty)?;
        if !first.fits() {
            return Ok(first);
        }
        Ok(checks.find(|checked| !checked.fits()).unwrap_or(first))
    }

    /// Checks a description against a profile. The neighbours it points to, the public records below it and the
    /// vocabularies are seen. This computes for a while: call it on a thread of its own.
    pub fn check(&self, profile: &Profile, iri: &NamedNode, triples: &[Triple]) -> Checked {
        let snapshot = self.projection().snapshot();
        let below = self.public_leads(iri, &snapshot);
        let neighbours = profile::Neighbours {
            ontology: self.ontology(),
            snapshot: Some(snapshot),
        };
        if below.is_empty() {
            return profile.check(iri, triples, &neighbours);
        }
        profile.check(iri, &[triples, &below].concat(), &neighbours)
    }

    /// Brings a document from a profile over to its successor and checks its records there. This
    /// computes for a while: call it on a thread of its own.
    pub fn migrate(&self, way: &Way, triples: &[Triple]) -> Result<Migration, CatalogueError> {
        let ground = migration::Ground {
            kinds: self.kinds(),
            base: self.base(),
            neighbours: profile::Neighbours {
                ontology: self.ontology(),
                snapshot: Some(self.projection().snapshot()),
            },
        };
        way.migrate(triples, &ground)
    }
}
