//! Who is told of what happens in the index? Webhooks of the operator, signed, tried again a few times.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use tokio::sync::Semaphore;
use ureq::http::Request;

use crate::outbound::{Limits, Outbound};

/// Deliveries that are under way at one time; what comes beyond is not sent, and logged.
const DELIVERIES_AT_ONCE: usize = 16;
/// How long to wait before each try.
const TRIES: [Duration; 3] = [
    Duration::ZERO,
    Duration::from_secs(5),
    Duration::from_secs(60),
];
const PATIENCE: Duration = Duration::from_secs(20);
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Somebody who wants to be told.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    pub url: String,
    /// A file with the secret that signs, and nothing else.
    pub secret_file: PathBuf,
    /// `NewEntry`, `IncomingPing`, `EntryValid`, `EntryInvalid`, `EntryUnreachable`, `AdminTrigger`; all if none is named.
    #[serde(default)]
    pub events: Vec<String>,
}

impl Webhook {
    fn wants(&self, event: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|wanted| wanted == event)
    }
}

/// What is told: the members that the reference sends.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub event: String,
    pub uuid: String,
    pub client_url: String,
    pub at: Timestamp,
}

/// Tells whoever wants to know.
pub(super) struct Teller {
    webhooks: Vec<Webhook>,
    outbound: Outbound,
    places: Arc<Semaphore>,
}

impl Teller {
    pub(super) fn new(webhooks: Vec<Webhook>, outbound: Outbound) -> Self {
        Self {
            webhooks,
            outbound,
            places: Arc::new(Semaphore::new(DELIVERIES_AT_ONCE)),
        }
    }

    /// Sends an event on its way; nobody waits for it.
    pub(super) fn tell(&self, told: &Told) {
        for webhook in self.webhooks.iter().filter(|one| one.wants(&told.event)) {
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
                tracing::warn!(
                    event = told.event,
                    "too many webhooks are under way: one is left out"
                );
                return;
            };
            let (webhook, outbound, told) = (webhook.clone(), self.outbound.clone(), told.clone());
            tokio::spawn(async move {
                deliver(webhook, outbound, told).await;
                drop(place);
            });
        }
    }
}

async fn deliver(webhook: Webhook, outbound: Outbound, told: Told) {
    for wait in TRIES {
        tokio::time::sleep(wait).await;
        let (webhook, outbound, told) = (webhook.clone(), outbound.clone(), told.clone());
        let sent = tokio::task::spawn_blocking(move || send(&webhook, &outbound, &told)).await;
        match sent {
            Ok(Ok(())) => return,
            Ok(Err(why)) => tracing::warn!(why, "a webhook of the index was not taken"),
            Err(error) => tracing::error!(%error, "a webhook of the index broke off"),
        }
    }
}

fn send(webhook: &Webhook, outbound: &Outbound, told: &Told) -> Result<(), String> {
    let secret = std::fs::read_to_string(&webhook.secret_file);
    let secret = secret.map_err(|error| format!("{}: {error}", webhook.secret_file.display()))?;
    let body = json!({
        "event": told.event, "uuid": told.uuid, "clientUrl": told.client_url,
        "timestamp": told.at.to_string(), "secret": "*** HIDDEN ***",
    })
    .to_string();
    let signature = hex::encode(hmac(secret.trim().as_bytes(), body.as_bytes()));
    let request = Request::post(&webhook.url)
        .header("Content-Type", "application/json")
        .header("X-Hub-Signature-256", format!("sha256={signature}"))
        .body(body.into_bytes());
    let request = request.map_err(|error| error.to_string())?;
    let limits = Limits {
        bytes_max: ANSWER_BYTES_MAX,
        timeout: PATIENCE,
        ..Limits::default()
    };
    let answer = outbound
        .send(request, &limits)
        .map_err(|error| error.to_string())?;
    if answer.status().is_success() {
        return Ok(());
    }
    Err(format!(
        "{} answered {}",
        webhook.url,
        answer.status().as_u16()
    ))
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac: Hmac<Sha256> = Hmac::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_rfc_4231() {
        let signed = |key: &[u8], text: &[u8]| hex::encode(hmac(key, text));
        assert_eq!(
            signed(&[0x0b; 20], b"Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        assert_eq!(
            signed(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(
            signed(&[0xaa; 131], long),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }
}
