//! Which descriptions has nobody looked at for a year (EHDS Art. 60), and who found which still correct?

use std::time::Duration;

use jiff::Timestamp;

use super::Catalogue;
use super::error::CatalogueError;
use super::view::View;
use super::writing::allowed;
use crate::auth::{Actor, Wish};
use crate::ledger::{Confirmation, Due};

/// A description is looked at at least so often.
pub const CHECK_EVERY: Duration = Duration::from_secs(365 * 24 * 3600);
/// The longest note, in characters.
const NOTE_CHARS_MAX: usize = 2_000;
/// How many records are looked through for one page of those that are due.
const LOOKED_AT_MAX: usize = 5_000;

/// Where the next page begins: the time of publication and the number of the record.
pub type Place = (Timestamp, i64);

/// The place before all others.
pub const START: Place = (Timestamp::MIN, 0);

impl Catalogue {
    /// Since when a record must have been looked at.
    pub fn checked_since(&self) -> Timestamp {
        let now = self.clock().now();
        now.checked_sub(CHECK_EVERY).unwrap_or(Timestamp::MIN)
    }

    /// Public records that nobody looked at for a year, those first that wait longest, from after a place.
    pub async fn due_for_check(
        &self,
        after: Place,
        limit: usize,
    ) -> Result<Vec<Due>, CatalogueError> {
        let since = self.checked_since();
        Ok(self.ledger().due_for_check(since, after, limit).await?)
    }

    /// Keeps that what the public sees of a record is still correct. The record itself does not change.
    pub async fn confirm(
        &self,
        actor: &Actor,
        path: &str,
        version: Option<u64>,
        note: Option<String>,
    ) -> Result<Confirmation, CatalogueError> {
        let head = self.head_at(actor, path).await?;
        allowed(self.may(actor, Wish::Confirm, &head))?;
        if note
            .as_ref()
            .is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX)
        {
            let (what, max) = ("note", NOTE_CHARS_MAX);
            return Err(CatalogueError::TooLong { what, max });
        }
        let Some(face) = &head.public else {
            return Err(CatalogueError::Transition {
                iri: head.iri,
                from: head.state.as_str(),
                to: "confirmed",
            });
        };
        if let Some(expected) = version
            && self.meant(expected, &head).await? != face.version
        {
            return Err(CatalogueError::Precondition {
                iri: head.iri.clone(),
                expected: expected.to_string(),
                found: face.version.to_string(),
            });
        }
        let confirmation = Confirmation {
            version: face.version,
            author: actor.name().to_owned(),
            note,
            at: self.clock().now(),
        };
        self.ledger().confirm(&head.iri, &confirmation).await?;
        Ok(confirmation)
    }
}

impl View {
    /// The records that are due and that this reader may confirm; and where to go on when there may be more.
    pub async fn due(
        &self,
        after: Place,
        limit: usize,
    ) -> Result<(Vec<Due>, Option<Place>), CatalogueError> {
        let catalogue = self.catalogue();
        let (mut found, mut reached, mut looked_at) = (Vec::new(), after, 0);
        while looked_at < LOOKED_AT_MAX {
            let page = catalogue.due_for_check(reached, limit).await?;
            let is_last = page.len() < limit;
            for due in page {
                looked_at += 1;
                let published = due.head.public.as_ref().map(|face| face.published_at);
                reached = (published.unwrap_or(Timestamp::MIN), due.head.record);
                if catalogue
                    .may(self.actor(), Wish::Confirm, &due.head)
                    .is_allowed()
                {
                    found.push(due);
                }
                if found.len() == limit {
                    return Ok((found, Some(reached)));
                }
            }
            if is_last {
                return Ok((found, None));
            }
        }
        Ok((found, Some(reached)))
    }
}
