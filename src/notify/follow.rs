//! How does telling follow the ledger? Step by step: what a step made is written with how far it came.

use super::Notify;
use super::audience::Audience;
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::{blocking, provider_triples};
use crate::ledger::{Announcement, EventKind, Happening, Source, Step};
use crate::rdf::NamedNode;

/// Happenings of one step.
const HAPPENINGS_PER_STEP: usize = 500;
/// By how many of the 405 points a description must fall before anybody is told.
const FALL_MIN: u16 = 10;
/// The names that the ledger keeps the followers by.
const CHANGES: &str = "notices of changes";
const EVENTS: &str = "notices of events";

impl Notify {
    /// Tells everything that has happened since the last time.
    pub async fn catch_up(&self) -> Result<(), CatalogueError> {
        let _guard = self.0.one_at_a_time.lock().await;
        let told = self.follow_changes().await? + self.follow_events().await?;
        if told > 0 {
            self.0.written.notify_one();
        }
        Ok(())
    }

    /// Waits until the ledger has something new, or for so long, in case another process wrote to it.
    pub async fn until_something_happens(&self, at_most: std::time::Duration) {
        let ledger = self.parts().catalogue.ledger();
        let mut changes = self.0.changes.lock().await;
        let something = async {
            tokio::select! {
                _ = changes.changed() => {}
                () = ledger.told() => {}
            }
        };
        let _ = tokio::time::timeout(at_most, something).await;
    }

    async fn follow_changes(&self) -> Result<usize, CatalogueError> {
        let ledger = self.parts().catalogue.ledger();
        // Nobody is told of what was there before anybody could follow it.
        let mut reached = self.begun(CHANGES, ledger.last_sequence()).await?;
        let mut told = 0;
        loop {
            let changes = ledger.changes_since(reached, HAPPENINGS_PER_STEP).await?;
            let Some(Source::Change(last)) = changes.last().map(|one| one.source) else {
                return Ok(told);
            };
            told += self.step(CHANGES, last, &changes).await?;
            reached = last;
        }
    }

    async fn follow_events(&self) -> Result<usize, CatalogueError> {
        let ledger = self.parts().catalogue.ledger();
        let mut reached = self.begun(EVENTS, 0).await?;
        let mut told = 0;
        loop {
            let events = ledger.events_since(reached, HAPPENINGS_PER_STEP).await?;
            let Some(Source::Event(last)) = events.last().map(|one| one.source) else {
                return Ok(told);
            };
            told += self.step(EVENTS, last, &events).await?;
            reached = last;
        }
    }

    async fn begun(&self, follower: &'static str, from: u64) -> Result<u64, CatalogueError> {
        let ledger = self.parts().catalogue.ledger();
        if let Some(reached) = ledger.reached(follower).await? {
            return Ok(reached);
        }
        let step = Step {
            follower,
            reached: from,
            notices: Vec::new(),
            deliveries: Vec::new(),
        };
        ledger.advance(step).await?;
        Ok(from)
    }

    async fn step(
        &self,
        follower: &'static str,
        reached: u64,
        happenings: &[Happening],
    ) -> Result<usize, CatalogueError> {
        let mut audience = Audience::of(self).await?;
        audience.search(happenings).await?;
        let mut step = Step {
            follower,
            reached,
            notices: Vec::new(),
            deliveries: Vec::new(),
        };
        for happening in happenings {
            let told = audience.told(happening).await?;
            step.notices.extend(told.notices);
            step.deliveries.extend(told.deliveries);
            if audience.may_care(happening).await? {
                self.tell_of_a_fall(happening).await?;
            }
        }
        let made = step.notices.len() + step.deliveries.len();
        self.parts().catalogue.ledger().advance(step).await?;
        Ok(made)
    }

    /// Tells when a public version is described worse than the public version before it.
    async fn tell_of_a_fall(&self, happening: &Happening) -> Result<(), CatalogueError> {
        let Source::Change(sequence) = happening.source else {
            return Ok(());
        };
        let is_successor = matches!(happening.kind, EventKind::Changed | EventKind::Published)
            && happening.is_public
            && happening.version > 1;
        if !is_successor {
            return Ok(());
        }
        let ledger = self.parts().catalogue.ledger();
        let before = ledger
            .public_graph_before(happening.record, sequence)
            .await?;
        let after = ledger.version(&happening.iri, happening.version).await?;
        let (Some(before), Some(after)) = (before, after) else {
            return Ok(());
        };
        let before = self.score(happening, before).await?;
        let after = self.score(happening, after.ntriples).await?;
        let (Some(before), Some(after)) = (before, after) else {
            return Ok(());
        };
        if before < after + FALL_MIN {
            return Ok(());
        }
        let event = Announcement {
            kind: EventKind::QualityFell,
            iri: happening.iri.clone(),
            author: happening.author.clone(),
            words: Some(format!("{before} → {after}")),
            at: happening.at,
            key: Some(format!("quality fell {sequence}")),
        };
        ledger.tell(event).await?;
        Ok(())
    }

    async fn score(
        &self,
        happening: &Happening,
        ntriples: String,
    ) -> Result<Option<u16>, CatalogueError> {
        let rules = std::sync::Arc::clone(self.parts().catalogue.quality());
        let (kind, iri) = (happening.record_kind.clone(), happening.iri.clone());
        blocking(move || {
            let triples = provider_triples(&iri, &ntriples)?;
            let evidence = rules.evidence(&kind, &NamedNode::new_unchecked(iri), &triples);
            let score = evidence.and_then(|evidence| Some(evidence.mqa()?.score()));
            Ok::<_, CatalogueError>(score)
        })
        .await
    }
}
