//! How do the parts come together? Builds each from its settings, starts and stops them.

pub mod audit;
pub mod conformance;
pub mod demo;
pub mod dois;
pub mod export;
pub mod import_fdp;
pub mod load;
pub mod migrate;
mod place;
pub mod registering;
mod remote;
pub mod serve;
mod switching;
pub mod telling;
pub mod token;
pub mod user;
pub mod validate;
pub mod vocabulary;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use include_dir::{Dir, include_dir};

use crate::catalogue::{Catalogue, Kinds, Parts, Profiles};
use crate::clock::Clock;
use crate::config::Config;
use crate::ledger::{self, Ledger};
use crate::ontology::{Ontology, Versions};
use crate::search::{self, FacetDefinitions, Follower, Index};

pub use place::Place;

/// The shapes and the tables beside them, inside the binary.
pub static SHAPES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/shapes");

/// A catalogue with its index, open and up to date.
pub struct App {
    pub config: Config,
    pub catalogue: Catalogue,
    pub index: Arc<Index>,
    /// Where triples and text index stand.
    place: Place,
    /// The versions of vocabularies that it was made with.
    versions: Vec<String>,
    /// Held as long as the data folder is in use.
    lock: Arc<File>,
}

impl App {
    /// Opens everything in the data folder and catches up with the ledger.
    pub async fn open(config: Config, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<Self> {
        let data = config.data.clone();
        std::fs::create_dir_all(&data)
            .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
        let lock = lock(&data)?;
        let place = Place::in_force(&data)?;
        place.remove_others(&data)?;
        let ledger_settings = ledger::Settings {
            path: data.join("ledger.sqlite"),
            ..config.ledger.clone()
        };
        let ledger = Ledger::open(&ledger_settings)
            .await
            .context("the ledger cannot be opened")?;
        Self::assemble(config, ledger, place, Arc::new(lock), progress).await
    }

    /// The same records with the vocabularies that are in force now, made anew in a place of its own.
    pub async fn beside(&self) -> Result<Self> {
        let place = self.place.next();
        place.remove(&self.config.data)?;
        let ledger = self.catalogue.ledger().clone();
        let lock = Arc::clone(&self.lock);
        Self::assemble(self.config.clone(), ledger, place, lock, &|_| ()).await
    }

    async fn assemble(
        config: Config,
        ledger: Ledger,
        place: Place,
        lock: Arc<File>,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Self> {
        let versions = versions(&config)?;
        let ontology = Arc::new(ontology_of(&config, &versions)?);
        let parts = Parts {
            base: config.base()?,
            kinds: kinds()?,
            profiles: profiles(&config, &ontology)?,
            ontology: Arc::clone(&ontology),
            ledger,
            clock: Clock::system(),
            store_folder: place.triples(&config.data),
            store: config.store.clone(),
            precondition_required: config.precondition_required,
        };
        let catalogue = Catalogue::open(parts, progress).await?;
        catalogue.name_by(config.persistent.clone())?;
        let index = open_index(&config, place, &catalogue)?;
        let app = Self {
            config,
            catalogue,
            index,
            place,
            versions: versions.names_in_force(),
            lock,
        };
        app.follower().catch_up().await?;
        Ok(app)
    }

    /// What brings the index up to the ledger.
    pub fn follower(&self) -> Follower {
        Follower::new(self.catalogue.clone(), Arc::clone(&self.index))
    }

    /// Builds the triples and the index anew from the ledger.
    pub async fn rebuild(&self, progress: &(dyn Fn(u64) + Send + Sync)) -> Result<()> {
        self.catalogue.projection().rebuild(progress).await?;
        self.follower().rebuild(progress).await?;
        Ok(())
    }
}

/// The vocabularies of the settings. What is wrong with the operator's files is logged; what they
/// were to replace stays in force.
pub fn ontology(config: &Config) -> Result<Ontology> {
    ontology_of(config, &versions(config)?)
}

fn ontology_of(config: &Config, versions: &Versions) -> Result<Ontology> {
    let ontology = Ontology::load_versions(config.ontology.as_deref(), versions)
        .context("the vocabularies cannot be read")?;
    for problem in ontology.problems() {
        tracing::warn!(%problem, "a vocabulary of the settings is not used");
    }
    Ok(ontology)
}

/// The versions of vocabularies that are kept in the data folder.
pub fn versions(config: &Config) -> Result<Versions> {
    Ok(Versions::open(&config.data.join("ontology"))?)
}

/// The profiles of the settings, likewise.
pub fn profiles(config: &Config, ontology: &Ontology) -> Result<Profiles> {
    let profiles = Profiles::load(&SHAPES, config.shapes.as_deref(), ontology)
        .context("the profiles cannot be read")?;
    for problem in profiles.problems() {
        tracing::warn!(%problem, "a profile of the settings is not used");
    }
    Ok(profiles)
}

/// The table of kinds.
pub fn kinds() -> Result<Kinds> {
    Ok(Kinds::parse(bundled("kinds.toml")?)?)
}

fn bundled(name: &str) -> Result<&'static str> {
    let file = SHAPES
        .get_file(name)
        .and_then(include_dir::File::contents_utf8);
    file.with_context(|| format!("shapes/{name} is not part of this binary"))
}

fn open_index(config: &Config, place: Place, catalogue: &Catalogue) -> Result<Arc<Index>> {
    let folder = place.text(&config.data);
    let open = || {
        let facets = FacetDefinitions::parse(bundled("facets.toml")?)?;
        let concepts = Arc::clone(catalogue.ontology());
        let settings = search::Settings {
            concepts_version: format!("{} {}", concepts.digest(), catalogue.quality().digest()),
            ..config.search.clone()
        };
        anyhow::Ok(Index::open(&folder, &settings, concepts, facets)?)
    };
    let index = match open() {
        Ok(index) => index,
        Err(error) => {
            tracing::warn!(%error, "the text index cannot be used and is built anew");
            std::fs::remove_dir_all(&folder)?;
            open()?
        }
    };
    Ok(Arc::new(index))
}

/// One server at a time works on a data folder.
fn lock(data: &Path) -> Result<File> {
    let file = File::create(data.join("lock"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!(
            "the data folder {} is in use by another process; stop it first, or send the records \
             to the running server with POST",
            data.display()
        ),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
