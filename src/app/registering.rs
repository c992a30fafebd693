//! How are DOIs registered beside the server? One task follows the ledger and tells the registry.

use std::time::Duration;

use anyhow::{Context, Result};
use tokio::task::JoinHandle;

use super::App;
use crate::doi::{Parts, Registrar};
use crate::outbound::Outbound;

/// How long a worker that failed waits.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// How long it rests between two rounds while changes stream in.
const REST: Duration = Duration::from_millis(100);

/// Who registers, if the settings say so.
pub fn registrar(app: &App, outbound: &Outbound) -> Result<Option<Registrar>> {
    let registrar = Registrar::new(Parts {
        catalogue: app.catalogue.clone(),
        outbound: outbound.clone(),
        settings: app.config.doi.clone(),
        site: app.config.web.name.clone(),
    });
    registrar.context("DOIs cannot be registered")
}

/// Begins to register.
pub fn spawn(registrar: Registrar) -> JoinHandle<()> {
    tokio::spawn(register(registrar))
}

async fn register(registrar: Registrar) {
    loop {
        match registrar.round().await {
            Ok(pause) => registrar.until_something_happens(pause).await,
            Err(error) => {
                tracing::error!(%error, "DOIs could not be registered");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
        tokio::time::sleep(REST).await;
    }
}
