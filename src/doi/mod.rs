//! Do the records' DOIs lead to them, and does their registry know what they are now?
//!
//! A follower reads the ledger's public changes and notes which DOIs the registry must be told of, with how far it came.
//! A worker tells the registry, one DOI at a time, as often as it takes: everything that it says may be said twice. When
//! the registry knows a DOI, the record names it from then on, and every door follows.

mod registry;
mod settings;
mod suffix;

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use parking_lot::Mutex;

use crate::catalogue::projection::blocking;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::crosswalk::{About, Described, Statements, datacite};
use crate::ledger::{
    Announcement, Doi, DoiState, DoiStep, DoiWent, EventKind, PublicChange, PublicMark, What,
};
use crate::outbound::Outbound;

use registry::{Registry, RegistryError, Said};

pub use settings::{Settings, SettingsError};

/// Changes that are looked at in one step.
const CHANGES_PER_STEP: usize = 500;
/// DOIs that one round tells the registry of.
const DOIS_PER_ROUND: usize = 20;
/// The name that the ledger keeps the follower by.
const FOLLOWER: &str = "dois of records";
/// Who stands as author of what the server does by itself.
const SERVER: &str = "server";
const PAUSE_SECONDS_MAX: i64 = 3600;
/// How often the ledger is looked at when nobody woke us.
const LOOK_MAX: SignedDuration = SignedDuration::from_secs(5);

/// What registering needs of the rest of the house.
pub struct Parts {
    pub catalogue: Catalogue,
    pub outbound: Outbound,
    pub settings: Settings,
    /// What this server is called: the publisher of records that name none.
    pub site: String,
}

/// The one who registers.
pub struct Registrar {
    catalogue: Catalogue,
    registry: Registry,
    settings: Settings,
    site: String,
    prefix: String,
    away: Mutex<Away>,
}

/// How long the registry is left alone.
#[derive(Clone, Copy, Debug, Default)]
struct Away {
    until: Option<Timestamp>,
    /// How often it could not be told, one time after the other.
    failures: u64,
}

impl Registrar {
    /// `None` when the settings name no prefix.
    pub fn new(parts: Parts) -> Result<Option<Self>, SettingsError> {
        let Some(account) = parts.settings.account()? else {
            return Ok(None);
        };
        Ok(Some(Self {
            catalogue: parts.catalogue,
            registry: Registry::new(&account, parts.outbound),
            settings: parts.settings,
            site: parts.site,
            prefix: account.prefix,
            away: Mutex::default(),
        }))
    }

    /// Notes what has changed and tells the registry what is due; says how long nothing more can be done.
    pub async fn round(&self) -> Result<Duration, CatalogueError> {
        self.follow().await?;
        let ledger = self.catalogue.ledger();
        let now = self.catalogue.clock().now();
        if let Some(until) = self.away_until(now)
            && !ledger.is_doi_asked_for().await?
        {
            return Ok(pause_until(Some(until), now));
        }
        for doi in ledger.dois_due(now, DOIS_PER_ROUND).await? {
            self.tell(&doi).await?;
            // When one cannot be told because of the registry, the next cannot either.
            let now = self.catalogue.clock().now();
            if let Some(until) = self.away_until(now) {
                return Ok(pause_until(Some(until), now));
            }
        }
        let next = ledger.next_doi().await?;
        Ok(pause_until(next, self.catalogue.clock().now()))
    }

    fn away_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.away.lock().until.filter(|until| *until > now)
    }

    async fn follow(&self) -> Result<(), CatalogueError> {
        let ledger = self.catalogue.ledger();
        let mut reached = match ledger.reached(FOLLOWER).await? {
            Some(reached) => reached,
            None => self.begin().await?,
        };
        loop {
            let marks = ledger.public_marks_since(reached, CHANGES_PER_STEP).await?;
            let Some(last) = marks.last().map(|mark| mark.sequence) else {
                return Ok(());
            };
            let step = self.step(&marks, last).await?;
            ledger.advance_dois(&step).await?;
            reached = last;
        }
    }

    async fn begin(&self) -> Result<u64, CatalogueError> {
        let ledger = self.catalogue.ledger();
        let from = if self.settings.existing {
            0
        } else {
            ledger.last_sequence()
        };
        ledger.advance_dois(&self.nothing_up_to(from)).await?;
        Ok(from)
    }

    fn nothing_up_to(&self, reached: u64) -> DoiStep {
        DoiStep {
            follower: FOLLOWER,
            reached,
            minted: Vec::new(),
            changed: Vec::new(),
            at: self.catalogue.clock().now(),
        }
    }

    async fn step(&self, marks: &[PublicMark], last: u64) -> Result<DoiStep, CatalogueError> {
        let newest: HashMap<i64, &PublicMark> =
            marks.iter().map(|mark| (mark.record, mark)).collect();
        let wanted = newest
            .values()
            .filter(|mark| mark.is_put && self.is_named(&mark.kind));
        let wanted: Vec<i64> = wanted.map(|mark| mark.record).collect();
        let standing = self.catalogue.ledger().public_records(&wanted).await?;
        let catalogue = self.catalogue.clone();
        let (prefix, namespace) = (self.prefix.clone(), self.settings.namespace.clone());
        let minted = blocking(move || {
            let mine = standing
                .iter()
                .filter(|change| is_ours_to_name(&catalogue, change));
            let doi = |change: &PublicChange| suffix::doi(&prefix, &namespace, &change.iri);
            Ok::<_, CatalogueError>(mine.map(|change| (change.record, doi(change))).collect())
        });
        Ok(DoiStep {
            minted: minted.await?,
            changed: newest
                .values()
                .map(|mark| (mark.record, mark.sequence))
                .collect(),
            ..self.nothing_up_to(last)
        })
    }

    fn is_named(&self, kind: &str) -> bool {
        self.settings.kinds.iter().any(|named| named == kind)
    }

    /// Tells the registry what a record is now.
    async fn tell(&self, doi: &Doi) -> Result<(), CatalogueError> {
        let ledger = self.catalogue.ledger();
        let standing = ledger.public_records(&[doi.record]).await?;
        let Some(change) = standing.into_iter().next() else {
            return self.tell_that_it_is_gone(doi).await;
        };
        let (iri, sequence) = (change.iri.clone(), change.sequence);
        let said = self.say(doi, Some(change)).await?;
        if let Err(error) = said {
            return self.failed(doi, error, Some((iri, sequence))).await;
        }
        *self.away.lock() = Away::default();
        let now = self.catalogue.clock().now();
        let known = DoiWent::Known(DoiState::Findable);
        ledger.doi_went(doi.record, &known, now).await?;
        let restated = match self.catalogue.restate(&iri).await {
            Ok(restated) => restated,
            Err(error) => {
                tracing::warn!(doi = doi.doi, %error, "a record could not be given its DOI");
                let at = later(now, pause(self.settings.retry_seconds, doi.attempts));
                let again = DoiWent::Again(at, error.to_string());
                return Ok(ledger.doi_went(doi.record, &again, now).await?);
            }
        };
        tracing::info!(doi = doi.doi, record.iri = iri, "a DOI is registered");
        let told = DoiWent::Told(DoiState::Findable, restated.unwrap_or(sequence));
        Ok(ledger.doi_went(doi.record, &told, now).await?)
    }

    /// A DOI is never taken back: it leads to what is left of the record, and is found no more.
    async fn tell_that_it_is_gone(&self, doi: &Doi) -> Result<(), CatalogueError> {
        let ledger = self.catalogue.ledger();
        let last = ledger.last_public_change(doi.record, None).await?;
        let sequence = last.map_or(doi.told, |last| last.sequence);
        if doi.state != DoiState::Wanted
            && let Err(error) = self.say(doi, None).await?
        {
            return self.failed(doi, error, None).await;
        }
        let standing = match doi.state {
            DoiState::Wanted => DoiState::Wanted,
            DoiState::Findable | DoiState::Registered => DoiState::Registered,
        };
        let went = DoiWent::Told(standing, sequence);
        let now = self.catalogue.clock().now();
        Ok(ledger.doi_went(doi.record, &went, now).await?)
    }

    async fn say(
        &self,
        doi: &Doi,
        change: Option<PublicChange>,
    ) -> Result<Result<(), RegistryError>, CatalogueError> {
        let (registry, catalogue) = (self.registry.clone(), self.catalogue.clone());
        let (name, standing, site) = (doi.doi.clone(), doi.state, self.site.clone());
        blocking(move || {
            let Some(change) = change else {
                return Ok(registry.say(&name, standing, &Said::Hidden));
            };
            let address = catalogue.base().iri(&change.path).into_string();
            let attributes = |record: &Described<'_>| datacite::attributes(record, &name);
            let described = with(&catalogue, &change, &site, attributes).unwrap_or_default();
            let said = Said::Findable {
                address: &address,
                described,
            };
            Ok::<_, CatalogueError>(registry.say(&name, standing, &said))
        })
        .await
    }

    /// Notes that the registry was told in vain. What it refuses is told to those who can mend it.
    async fn failed(
        &self,
        doi: &Doi,
        error: RegistryError,
        tried: Option<(String, u64)>,
    ) -> Result<(), CatalogueError> {
        let ledger = self.catalogue.ledger();
        let now = self.catalogue.clock().now();
        tracing::warn!(doi = doi.doi, %error, "the registry of DOIs could not be told");
        let why = error.to_string();
        let went = match (error, tried) {
            (RegistryError::Refused { .. }, Some((iri, sequence))) => {
                self.tell_people(iri, sequence, why.clone()).await?;
                DoiWent::Refused(sequence, why)
            }
            (RegistryError::Refused { .. }, None) => {
                let at = later(now, pause(self.settings.retry_seconds, doi.attempts));
                DoiWent::Again(at, why)
            }
            (RegistryError::Away { wait, .. }, _) => {
                let until = self.leave_alone(wait);
                ledger.put_off_dois(until).await?;
                DoiWent::Again(until, why)
            }
        };
        Ok(ledger.doi_went(doi.record, &went, now).await?)
    }

    /// Leaves the registry alone: as long as it asked for, else longer each time.
    fn leave_alone(&self, asked: Option<SignedDuration>) -> Timestamp {
        let mut away = self.away.lock();
        let pause = asked.unwrap_or_else(|| pause(self.settings.retry_seconds, away.failures));
        let until = later(self.catalogue.clock().now(), pause);
        *away = Away {
            until: Some(until),
            failures: away.failures.saturating_add(1),
        };
        until
    }

    async fn tell_people(
        &self,
        iri: String,
        sequence: u64,
        words: String,
    ) -> Result<(), CatalogueError> {
        let announcement = Announcement {
            kind: EventKind::DoiRefused,
            iri,
            author: SERVER.to_owned(),
            words: Some(words),
            at: self.catalogue.clock().now(),
            key: Some(format!("doi refused {sequence}")),
        };
        self.catalogue.ledger().tell(announcement).await?;
        Ok(())
    }

    /// Waits until something has changed, or for so long.
    pub async fn until_something_happens(&self, at_most: Duration) {
        let mut changes = self.catalogue.ledger().subscribe();
        let _ = tokio::time::timeout(at_most, changes.changed()).await;
    }
}

/// Whether a record is ours to name: it stands at its own address here, and nobody has given it a DOI.
fn is_ours_to_name(catalogue: &Catalogue, change: &PublicChange) -> bool {
    let is_ours = catalogue.base().path(&change.iri) == Some(change.path.as_str());
    let has_doi = |record: &Described<'_>| record.doi.is_some();
    is_ours && with(catalogue, change, "", has_doi) == Some(false)
}

/// Shows a public record as the formats of others see it.
fn with<T>(
    catalogue: &Catalogue,
    change: &PublicChange,
    site: &str,
    work: impl FnOnce(&Described<'_>) -> T,
) -> Option<T> {
    let What::Put { ntriples, .. } = &change.what else {
        return None;
    };
    let address = catalogue.base().iri(&change.path).into_string();
    let about = About {
        iri: &change.iri,
        address: &address,
        kind: &change.kind,
        parent: change.parent.as_deref(),
        site,
        first_published: change.first_published_at,
        changed: change.at,
    };
    let statements = Statements::read(ntriples);
    Some(work(&catalogue.described(about, &statements)))
}

/// How long to wait after so many failures.
fn pause(first_seconds: u32, attempts: u64) -> SignedDuration {
    let doubled = 1_i64 << attempts.min(20);
    let seconds = i64::from(first_seconds).saturating_mul(doubled);
    SignedDuration::from_secs(seconds.min(PAUSE_SECONDS_MAX))
}

/// How long until something is due, at most until one looks again; nothing when it is due already.
fn pause_until(next: Option<Timestamp>, now: Timestamp) -> Duration {
    let pause = next.map_or(LOOK_MAX, |next| next.duration_since(now).min(LOOK_MAX));
    Duration::try_from(pause).unwrap_or_default()
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.checked_add(pause).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds = |attempts| pause(10, attempts).as_secs();
        assert_eq!([seconds(0), seconds(3), seconds(60)], [10, 80, 3600]);
        assert_eq!(pause(u32::MAX, u64::MAX).as_secs(), 3600);
    }
}
