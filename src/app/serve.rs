//! How does the server run? Listens, follows the ledger, and stops without losing a request.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{App as Actix, HttpServer, web};
use anyhow::{Context, Result};

use super::{App, demo, registering, telling};
use crate::auth::SignIn;
use crate::feeds::{self, Feeds};
use crate::monitoring::Metrics;
use crate::outbound::Outbound;
use crate::web::fair_data_point::{self, FairDataPoint};
use crate::web::server::Neighbours;
use crate::web::{Door, configure, layers};

/// How long requests that are under way may take when the server stops.
const STOP_SECONDS: u64 = 20;
/// How often a follower looks for changes that nobody woke it for.
const POLL: Duration = Duration::from_secs(5);
/// How often drafts whose time has come are looked for.
const PUBLISH_EVERY: Duration = Duration::from_secs(2);
/// How long the text index rests between two commits while changes stream in: a commit costs about
/// the same for one change as for a hundred.
const REST: Duration = Duration::from_millis(200);

/// Serves until it is told to stop. `ready` is called when requests are answered.
pub async fn run(app: App, ready: impl FnOnce(&str)) -> Result<()> {
    demo::root(&app).await?;
    let metrics = Metrics::new();
    let outbound = Outbound::new(app.config.outbound.clone());
    let sign_in = SignIn::new(
        app.config.sign_in.clone(),
        app.catalogue.base().as_str(),
        &outbound,
    );
    let sign_in = Arc::new(sign_in.context("people cannot sign in")?);
    let follower = app.follower();
    let notify = telling::notify(&app, &follower, &sign_in, &outbound)?;
    let feeds = Arc::new(Feeds::new(feeds::Parts {
        catalogue: app.catalogue.clone(),
        folder: app.config.data.join("dumps"),
        name: app.config.web.name.clone(),
        settings: app.config.feeds.clone(),
        outbound: outbound.clone(),
    }));
    let door = Door::new(
        app.catalogue.clone(),
        Arc::clone(&app.index),
        metrics,
        app.config.web.clone(),
        Neighbours {
            sign_in,
            outbound: outbound.clone(),
            notify: notify.clone(),
            feeds: Arc::clone(&feeds),
        },
    );
    let door = web::Data::new(door);
    let settings = app.config.fair_data_point.clone();
    let way_out = outbound.clone();
    let fdp = web::Data::new(FairDataPoint::new(settings, outbound));
    let base = app.catalogue.base().as_str().to_owned();
    let announcing = tokio::spawn(fair_data_point::announce(fdp.clone(), base));
    let workers = match app.config.web.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        workers => workers,
    };
    let prefix = app.catalogue.base().path_prefix().to_owned();
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(door.clone())
            .app_data(fdp.clone())
            .wrap(actix_web::middleware::Compress::default())
            .wrap(actix_web::middleware::from_fn(layers::around))
            .service(web::scope(&prefix).configure(configure))
    })
    .workers(workers)
    .shutdown_timeout(STOP_SECONDS)
    // A client that closes its side has gone, and its query with it.
    .h1_allow_half_closed(false)
    .bind(app.config.listen)
    .with_context(|| format!("cannot listen on {}", app.config.listen))?
    .run();
    let following = tokio::spawn(async move {
        let mut woken = follower.subscribe();
        loop {
            if let Err(error) = follower.catch_up().await {
                tracing::error!(%error, "the text index could not follow the ledger");
                tokio::time::sleep(POLL).await;
            }
            tokio::time::sleep(REST).await;
            // A poll, too, in case another process wrote to the ledger.
            let _ = tokio::time::timeout(POLL, woken.changed()).await;
            if let Err(error) = follower.catch_up_triples().await {
                tracing::error!(%error, "the triples could not follow the ledger");
            }
        }
    });
    let telling = telling::spawn(&notify);
    let registering = registering::spawn(&app, &way_out)?;
    let catalogue = app.catalogue.clone();
    let publishing = tokio::spawn(async move {
        loop {
            if let Err(error) = catalogue.publish_due().await {
                tracing::error!(%error, "drafts whose time has come could not be published");
            }
            tokio::time::sleep(PUBLISH_EVERY).await;
        }
    });
    let public = app.catalogue.public();
    // The first count walks over everything; it is done before somebody asks.
    tokio::task::spawn_blocking(move || public.statistics());
    // So is the first walk over all changes, before subscribers are told.
    let pushing = tokio::spawn(Arc::clone(&feeds).tell_subscribers());
    ready(app.catalogue.base().as_str());
    let served = server.await;
    following.abort();
    telling.iter().for_each(tokio::task::JoinHandle::abort);
    registering.iter().for_each(tokio::task::JoinHandle::abort);
    publishing.abort();
    announcing.abort();
    pushing.abort();
    app.follower().catch_up().await?;
    served.context("the server stopped with an error")
}
