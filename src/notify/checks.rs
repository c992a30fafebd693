//! Who is reminded that a description is due for its yearly check (EHDS Art. 60)? Once in each period.

use jiff::Timestamp;

use super::Notify;
use crate::catalogue::{CatalogueError, checking};
use crate::ledger::{Announcement, Due, EventKind};

/// Records that are looked through at once.
const RECORDS_PER_STEP: usize = 500;
/// Steps of one round.
const STEPS_MAX: usize = 20;
/// Records that one round reminds of; the next goes on there.
const REMINDERS_MAX: usize = 500;
/// Who reminds.
const SERVER: &str = "server";

impl Notify {
    /// Tells of records that are due, each once in a period, and says how many were told. A round goes on where the
    /// last one stopped, and begins anew when all were looked through.
    pub async fn remind(&self) -> Result<usize, CatalogueError> {
        let mut place = *self.0.looked_through.lock();
        let mut told = 0;
        for _ in 0..STEPS_MAX {
            let page = self
                .parts()
                .catalogue
                .due_for_check(place, RECORDS_PER_STEP)
                .await?;
            for due in &page {
                told += usize::from(self.remind_of(due).await?);
            }
            place = match page.last() {
                Some(last) if page.len() == RECORDS_PER_STEP => place_of(last),
                Some(_) | None => checking::START,
            };
            if place == checking::START || told >= REMINDERS_MAX {
                break;
            }
        }
        *self.0.looked_through.lock() = place;
        Ok(told)
    }

    async fn remind_of(&self, due: &Due) -> Result<bool, CatalogueError> {
        let catalogue = &self.parts().catalogue;
        let kind = catalogue.kinds().by_name(&due.head.kind);
        // What stands inside another record is checked with it.
        if kind.is_none_or(|kind| kind.embedded || kind.is_root()) {
            return Ok(false);
        }
        let announcement = Announcement {
            kind: EventKind::CheckDue,
            iri: due.head.iri.clone(),
            author: SERVER.to_owned(),
            words: None,
            at: catalogue.clock().now(),
            key: Some(format!(
                "check due since {} of {}",
                due.since.as_second(),
                due.head.iri
            )),
        };
        Ok(catalogue.ledger().tell(announcement).await?)
    }
}

fn place_of(due: &Due) -> checking::Place {
    let published = due.head.public.as_ref().map(|face| face.published_at);
    (published.unwrap_or(Timestamp::MIN), due.head.record)
}
