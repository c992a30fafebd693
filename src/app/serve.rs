//! How does the server run? Listens, follows the ledger, and stops without losing a request.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{App as Actix, HttpServer, web};
use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use super::{App, demo, registering, switching, telling};
use crate::auth::SignIn;
use crate::catalogue::Catalogue;
use crate::doi::Registrar;
use crate::feeds::{self, Feeds};
use crate::monitoring::Metrics;
use crate::notify::Notify;
use crate::outbound::Outbound;
use crate::search::Follower;
use crate::web::fair_data_point::{self, FairDataPoint};
use crate::web::server::Neighbours;
use crate::web::{Current, Door, configure, layers};

/// How long requests that are under way may take when the server stops.
const STOP_SECONDS: u64 = 20;
/// How often a follower looks for changes that nobody woke it for.
const POLL: Duration = Duration::from_secs(5);
/// How often drafts whose time has come are looked for.
const PUBLISH_EVERY: Duration = Duration::from_secs(2);
/// How long the text index rests between two commits while changes stream in: a commit costs about
/// the same for one change as for a hundred.
const REST: Duration = Duration::from_millis(200);

/// What stays whatever the vocabularies are.
pub struct House {
    metrics: Metrics,
    outbound: Outbound,
    sign_in: Arc<SignIn>,
}

/// What serves with one state of the vocabularies.
pub struct Serving {
    pub app: App,
    pub door: Arc<Door>,
    notify: Notify,
    feeds: Arc<Feeds>,
    registrar: Option<Registrar>,
    tasks: Vec<JoinHandle<()>>,
}

/// Serves until it is told to stop. `ready` is called when requests are answered.
pub async fn run(app: App, ready: impl FnOnce(&str)) -> Result<()> {
    demo::root(&app).await?;
    let house = House::new(&app)?;
    let config = app.config.clone();
    let base = app.catalogue.base().clone();
    let mut serving = Serving::new(app, &house, None)?;
    let current = web::Data::new(Current::new(Arc::clone(&serving.door)));
    let outbound = house.outbound.clone();
    let fdp = FairDataPoint::new(config.fair_data_point.clone(), outbound);
    let fdp = web::Data::new(fdp);
    let announcing = fair_data_point::announce(fdp.clone(), base.as_str().to_owned());
    let announcing = tokio::spawn(announcing);
    let workers = match config.web.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        workers => workers,
    };
    let prefix = base.path_prefix().to_owned();
    let entrance = current.clone();
    let server = HttpServer::new(move || {
        Actix::new()
            .app_data(entrance.clone())
            .app_data(fdp.clone())
            .wrap(actix_web::middleware::Compress::default())
            .wrap(actix_web::middleware::from_fn(layers::around))
            .service(web::scope(&prefix).configure(configure))
    })
    .workers(workers)
    .shutdown_timeout(STOP_SECONDS)
    // A client that closes its side has gone, and its query with it.
    .h1_allow_half_closed(false)
    .bind(config.listen)
    .with_context(|| format!("cannot listen on {}", config.listen))?
    .run();
    serving.feeds.dumps().clear_unfinished();
    serving.begin();
    let public = serving.app.catalogue.public();
    // The first count walks over everything; it is done before somebody asks.
    tokio::task::spawn_blocking(move || public.statistics());
    ready(base.as_str());
    let served = tokio::select! {
        served = server => served,
        never = switching::follow(&mut serving, &house, &current) => match never {},
    };
    announcing.abort();
    serving.rest();
    serving.app.follower().catch_up().await?;
    served.context("the server stopped with an error")
}

impl House {
    fn new(app: &App) -> Result<Self> {
        let outbound = Outbound::new(app.config.outbound.clone());
        let sign_in = SignIn::new(
            app.config.sign_in.clone(),
            app.catalogue.base().as_str(),
            &outbound,
        );
        let sign_in = Arc::new(sign_in.context("people cannot sign in")?);
        Ok(Self {
            metrics: Metrics::new(),
            outbound,
            sign_in,
        })
    }
}

impl Serving {
    /// `before` is the door that requests come in by until this one takes its place.
    pub fn new(app: App, house: &House, before: Option<&Door>) -> Result<Self> {
        let outbound = &house.outbound;
        let notify = telling::notify(&app, &app.follower(), &house.sign_in, outbound)?;
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
            house.metrics.clone(),
            app.config.web.clone(),
            Neighbours {
                sign_in: Arc::clone(&house.sign_in),
                outbound: outbound.clone(),
                notify: notify.clone(),
                feeds: Arc::clone(&feeds),
            },
        );
        let door = match before {
            Some(before) => door.after(before),
            None => door,
        };
        let registrar = registering::registrar(&app, outbound)?;
        Ok(Self {
            app,
            registrar,
            door: Arc::new(door),
            notify,
            feeds,
            tasks: Vec::new(),
        })
    }

    /// Walks over everything once, so that nobody has to wait for it.
    pub async fn warm(&self) -> Result<()> {
        self.feeds.catch_up().await?;
        let public = self.app.catalogue.public();
        tokio::task::spawn_blocking(move || public.statistics()).await?;
        Ok(())
    }

    /// Begins to follow the ledger, to tell people, to register DOIs, and to publish what is due.
    pub fn begin(&mut self) {
        self.tasks.extend([
            tokio::spawn(follow(self.app.follower())),
            tokio::spawn(publish(self.app.catalogue.clone())),
            // The first walk over all changes is done before subscribers are told.
            tokio::spawn(Arc::clone(&self.feeds).tell_subscribers()),
        ]);
        self.tasks.extend(telling::spawn(&self.notify));
        let registrar = self.registrar.take();
        self.tasks.extend(registrar.map(registering::spawn));
    }

    /// What has to be waited for; everything else goes at once.
    pub fn into_parts(mut self) -> (App, Arc<Door>) {
        self.rest();
        (self.app, self.door)
    }

    /// Ends what [`Serving::begin`] began.
    pub fn rest(&mut self) {
        for task in self.tasks.drain(..) {
            task.abort();
        }
    }
}

async fn follow(follower: Follower) {
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
}

async fn publish(catalogue: Catalogue) {
    loop {
        if let Err(error) = catalogue.publish_due().await {
            tracing::error!(%error, "drafts whose time has come could not be published");
        }
        tokio::time::sleep(PUBLISH_EVERY).await;
    }
}
