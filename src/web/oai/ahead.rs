//! What is written before it is asked for? The page after the one that a harvester was given last: it takes the pages of
//! a list one after the other, and reads the one while the next is written.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use actix_web::web;
use parking_lot::Mutex;
use tokio::task::JoinHandle;

use super::answer::Answering;
use super::list::Listed;
use super::token::Position;
use crate::catalogue::CatalogueError;
use crate::web::error::WebError;
use crate::web::server::Door;

/// Pages that are there, or are being written, at once.
const PAGES_MAX: usize = 4;
/// Whoever has not come after this does not come.
const KEPT: Duration = Duration::from_secs(60);

type Outcome = Result<Listed, WebError>;

/// The pages that nobody has asked for yet.
#[derive(Default)]
pub struct Ahead(Mutex<VecDeque<Page>>);

struct Page {
    position: Position,
    /// The last public change when it was begun: a page is given as it would be written now, or not at all.
    newest: u64,
    since: Instant,
    written: JoinHandle<Outcome>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.written.abort();
    }
}

impl Ahead {
    fn take(&self, position: &Position, newest: u64) -> Option<Page> {
        let mut pages = self.0.lock();
        let at = pages.iter().position(|page| page.position == *position)?;
        pages.remove(at).filter(|page| page.newest == newest)
    }

    /// Whether there is room for one more, after what nobody came for has gone.
    fn has_room(&self) -> bool {
        let mut pages = self.0.lock();
        pages.retain(|page| page.since.elapsed() < KEPT);
        pages.len() < PAGES_MAX
    }

    fn put(&self, page: Page) {
        self.0.lock().push_back(page);
    }
}

impl Answering<'_> {
    /// The page of a list that goes on.
    pub async fn go_on(&self, position: Position) -> Outcome {
        let newest = self.newest().await?;
        let ahead = &self.door.pages_ahead;
        let listed = match ahead.take(&position, newest) {
            Some(mut page) => match (&mut page.written).await {
                Ok(outcome) => outcome?,
                Err(_) => self.list(position).await?,
            },
            None => self.list(position).await?,
        };
        if let Ok((_, Some(next))) = &listed
            && ahead.has_room()
        {
            ahead.put(Page {
                position: next.clone(),
                newest,
                since: Instant::now(),
                written: tokio::spawn(write(self.door.clone(), self.key, next.clone())),
            });
        }
        Ok(listed)
    }

    async fn newest(&self) -> Result<u64, WebError> {
        let newest = self.door.catalogue.ledger().last_public_sequence().await;
        Ok(newest.map_err(CatalogueError::from)?)
    }
}

async fn write(door: web::Data<Door>, key: [u8; 32], position: Position) -> Outcome {
    Answering::new(&door, key).list(position).await
}
