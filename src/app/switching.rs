//! How does a running server take other vocabularies? Everything that depends on them is made a second time beside what
//! serves; then new requests get the new one, all at once, and the old one goes when its last request is answered.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use super::serve::{House, Serving};
use super::versions;
use crate::web::Current;

/// How often it is looked which versions are in force.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long a switch that failed is left alone.
const AFTER_FAILURE: Duration = Duration::from_secs(30);
/// How often it is looked whether the last request of what was before is answered.
const LEAVE_EVERY: Duration = Duration::from_millis(200);
/// How long the next switch waits for what was before the last one to go.
const LEAVE_WITHIN: Duration = Duration::from_secs(120);

/// Follows the table of versions for as long as the server runs.
pub async fn follow(serving: &mut Serving, house: &House, current: &Current) -> Infallible {
    let mut leaving = None;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let known = serving.app.versions.clone();
        match in_force(serving) {
            Ok(wanted) if wanted == known => continue,
            Ok(_) => (),
            Err(error) => {
                tracing::error!(%error, "the table of versions cannot be read");
                tokio::time::sleep(AFTER_FAILURE).await;
                continue;
            }
        }
        if let Some(leaving) = leaving.take() {
            // Two at once are enough for the memory.
            let _ = tokio::time::timeout(LEAVE_WITHIN, leaving).await;
        }
        match switch(serving, house, current).await {
            Ok(old) => leaving = Some(tokio::spawn(leave(old))),
            Err(error) => {
                tracing::error!(
                    error = format!("{error:#}"),
                    "the vocabularies were not switched"
                );
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

fn in_force(serving: &Serving) -> Result<Vec<String>> {
    Ok(versions(&serving.app.config)?.names_in_force())
}

/// Makes what the versions in force ask for and hands over to it; gives back what served before.
async fn switch(serving: &mut Serving, house: &House, current: &Current) -> Result<Serving> {
    tracing::info!(
        "other vocabularies are in force: triples and text index are made beside the old ones"
    );
    let app = serving.app.beside().await?;
    let mut next = Serving::new(app, house, Some(&serving.door))?;
    next.warm().await?;
    // From here on, whoever writes by the old door waits until the new one has it, too.
    serving.app.catalogue.hand_over_to(&next.app.catalogue);
    next.app.catalogue.projection().catch_up().await?;
    next.app.follower().catch_up().await?;
    next.app
        .place
        .put_in_force(&next.app.config.data)
        .context("the place of the new triples cannot be remembered")?;
    current.replace(Arc::clone(&next.door));
    serving.rest();
    next.begin();
    tracing::info!("the vocabularies were switched");
    Ok(std::mem::replace(serving, next))
}

/// Lets what served before go, when nobody needs it any more, and its files with it.
async fn leave(old: Serving) {
    let (app, door) = old.into_parts();
    until_last(&door).await;
    drop(door);
    let super::App {
        config,
        catalogue,
        index,
        place,
        ..
    } = app;
    until_last(&index).await;
    drop((catalogue, index));
    if let Err(error) = place.remove(&config.data) {
        tracing::warn!(%error, "the triples and the text index of before could not be removed");
    }
    tracing::info!("the vocabularies of before are gone");
}

async fn until_last<T>(shared: &Arc<T>) {
    while Arc::strong_count(shared) > 1 {
        tokio::time::sleep(LEAVE_EVERY).await;
    }
}

#[cfg(test)]
mod tests {
    use super::super::Place;

    #[test]
    fn only_the_place_in_force_is_left_after_a_start() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path();
        let first = Place::in_force(data).unwrap();
        let second = first.next();
        for place in [&first, &second] {
            std::fs::create_dir_all(place.triples(data)).unwrap();
            std::fs::create_dir_all(place.text(data)).unwrap();
        }
        second.put_in_force(data).unwrap();
        let found = Place::in_force(data).unwrap();
        found.remove_others(data).unwrap();
        assert_eq!(found, second);
        assert!(second.triples(data).exists() && second.text(data).exists());
        assert!(!first.triples(data).exists() && !first.text(data).exists());
    }
}
