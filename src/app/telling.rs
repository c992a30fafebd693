//! How does telling run beside the server? One task follows the ledger, one delivers, one writes letters, one reminds.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use super::App;
use crate::auth::SignIn;
use crate::mail::Mail;
use crate::notify::{Key, Notify, Parts};
use crate::outbound::Outbound;
use crate::search::Follower;

/// How often the ledger is looked at when nobody woke the one who tells.
const POLL: Duration = Duration::from_secs(5);
/// How long it rests between two steps while changes stream in.
const REST: Duration = Duration::from_millis(200);
/// How often records are looked through for their yearly check.
const REMIND_EVERY: Duration = Duration::from_secs(3600);
/// How long a worker that failed waits.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

/// The one who tells, from the settings.
pub fn notify(
    app: &App,
    follower: &Follower,
    sign_in: &Arc<SignIn>,
    outbound: &Outbound,
) -> Result<Notify> {
    let settings = app.config.notify.clone();
    let key = Key::open(settings.key_file.as_deref(), &app.config.data)
        .context("webhooks and letters cannot be signed")?;
    Ok(Notify::new(Parts {
        catalogue: app.catalogue.clone(),
        index: Arc::clone(&app.index),
        follower: follower.clone(),
        sign_in: Arc::clone(sign_in),
        outbound: outbound.clone(),
        mail: Mail::new(&app.config.mail)?,
        mail_settings: app.config.mail.clone(),
        key,
        settings,
        name: app.config.web.name.clone(),
    }))
}

/// Begins to follow, to deliver and to write letters.
pub fn spawn(notify: &Notify) -> [JoinHandle<()>; 4] {
    [
        tokio::spawn(follow(notify.clone())),
        tokio::spawn(deliver(notify.clone())),
        tokio::spawn(write_letters(notify.clone())),
        tokio::spawn(remind(notify.clone())),
    ]
}

async fn follow(notify: Notify) {
    loop {
        if let Err(error) = notify.catch_up().await {
            tracing::error!(%error, "people could not be told what happened");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        tokio::time::sleep(REST).await;
        notify.until_something_happens(POLL).await;
    }
}

async fn deliver(notify: Notify) {
    loop {
        let delivered = match notify.deliver().await {
            Ok(0) => notify.until_due().await,
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = delivered {
            tracing::error!(%error, "webhooks could not be served");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
    }
}

async fn remind(notify: Notify) {
    loop {
        if let Err(error) = notify.remind().await {
            tracing::error!(%error, "nobody could be reminded of yearly checks");
        }
        tokio::time::sleep(REMIND_EVERY).await;
    }
}

async fn write_letters(notify: Notify) {
    loop {
        if let Err(error) = notify.post().await {
            tracing::error!(%error, "letters could not be written");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        notify.until_written().await;
    }
}
