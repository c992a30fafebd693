//! How does a message reach a webhook? Signed, through the one way out, as often as it takes, within bounds.
//!
//! Headers and signature are those of Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature).

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use ureq::http::Request;

use super::{Notify, Settings};
use crate::catalogue::CatalogueError;
use crate::ledger::{Attempted, Delivery, NewDelivery, Outcome, Webhook};
use crate::outbound::{Limits, OutboundError};

/// Messages that are sent at one time, each to another webhook.
const AT_ONCE: usize = 8;
/// How often one message is tried.
const ATTEMPTS_MAX: u64 = 12;
/// How long a receiver may take, in seconds.
const ANSWER_SECONDS_MAX: u64 = 15;
/// How much of an answer is read; nobody looks at it.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// No message waits longer than this between two attempts.
const PAUSE_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How much longer each further pause is.
const PAUSE_FACTOR: u32 = 6;
/// The longest time without a look at what is due.
const LOOK_MAX: SignedDuration = SignedDuration::from_secs(30);
const GONE: u16 = 410;

impl Notify {
    /// Sends what is due now; says how many messages that were.
    pub async fn deliver(&self) -> Result<usize, CatalogueError> {
        let parts = self.parts();
        let ledger = parts.catalogue.ledger();
        let now = parts.catalogue.clock().now();
        let due = ledger.due_deliveries(now, AT_ONCE).await?;
        let attempts = due
            .iter()
            .map(|(delivery, webhook)| self.attempt(delivery, webhook));
        let attempts = futures_util::future::join_all(attempts).await;
        for ((delivery, _), attempted) in due.iter().zip(attempts) {
            ledger.attempted(delivery, &attempted).await?;
        }
        Ok(due.len())
    }

    /// Waits until something may be due.
    pub async fn until_due(&self) -> Result<(), CatalogueError> {
        let parts = self.parts();
        let ledger = parts.catalogue.ledger();
        let now = parts.catalogue.clock().now();
        let next = ledger.next_delivery().await?;
        let pause = next.map_or(LOOK_MAX, |next| next.duration_since(now).min(LOOK_MAX));
        let pause = Duration::try_from(pause).unwrap_or_default();
        // Woken or not: what is due is looked up.
        let _ = tokio::time::timeout(pause, ledger.queued()).await;
        Ok(())
    }

    /// Queues a trial of a webhook.
    pub async fn try_webhook(&self, webhook: &Webhook) -> Result<(), CatalogueError> {
        let now = self.parts().catalogue.clock().now();
        let name = Self::trial_name(now);
        let body = json!({
            "type": "webhook.trial",
            "timestamp": now.to_string(),
            "data": { "webhook": webhook.id },
        });
        let delivery = NewDelivery {
            webhook: webhook.id.clone(),
            message: format!("msg_{name}_{}", webhook.id),
            body: body.to_string(),
            at: now,
        };
        Ok(self
            .parts()
            .catalogue
            .ledger()
            .queue_delivery(&delivery)
            .await?)
    }

    async fn attempt(&self, delivery: &Delivery, webhook: &Webhook) -> Attempted {
        let at = self.parts().catalogue.clock().now();
        let answered = self.send(delivery, webhook, at).await;
        let (status, failure) = match answered {
            Ok(status) => (Some(status), None),
            Err(why) => (None, Some(why)),
        };
        let outcome = match status {
            Some(200..=299) => Outcome::Delivered,
            Some(GONE) => Outcome::Disabled,
            Some(_) | None => after_failure(&self.parts().settings, delivery, webhook, at),
        };
        if outcome == Outcome::Disabled {
            tracing::warn!(webhook = %webhook.id, "a webhook is disabled: it failed for too long, or is gone");
        }
        Attempted {
            at,
            status,
            failure,
            outcome,
        }
    }

    /// The status that a receiver answers, or why there is none, in words that tell nothing of our network.
    async fn send(
        &self,
        delivery: &Delivery,
        webhook: &Webhook,
        at: Timestamp,
    ) -> Result<u16, String> {
        let request = self.request(delivery, webhook, at)?;
        let outbound = self.parts().outbound.clone();
        let limits = Limits {
            bytes_max: ANSWER_BYTES_MAX,
            timeout: Duration::from_secs(ANSWER_SECONDS_MAX),
            redirects_max: 0,
            accept: "*/*".to_owned(),
        };
        let sent = tokio::task::spawn_blocking(move || outbound.send(request, &limits)).await;
        match sent {
            Ok(Ok(response)) => Ok(response.status().as_u16()),
            Ok(Err(error)) => Err(in_words(&error).to_owned()),
            Err(_) => Err("interrupted".to_owned()),
        }
    }

    fn request(
        &self,
        delivery: &Delivery,
        webhook: &Webhook,
        at: Timestamp,
    ) -> Result<Request<Vec<u8>>, String> {
        let timestamp = at.as_second();
        let sign = |generation| {
            let secret = self.key().webhook(&webhook.id, generation);
            secret.sign(&delivery.message, timestamp, &delivery.body)
        };
        let mut signatures = sign(webhook.generation);
        let old = i64::from(self.parts().settings.old_secret_hours);
        let is_fresh = at < webhook.rotated_at + SignedDuration::from_hours(old);
        if webhook.generation > 1 && is_fresh {
            signatures = format!("{signatures} {}", sign(webhook.generation - 1));
        }
        Request::post(&webhook.url)
            .header("content-type", "application/json")
            .header("webhook-id", &delivery.message)
            .header("webhook-timestamp", timestamp.to_string())
            .header("webhook-signature", signatures)
            .body(delivery.body.clone().into_bytes())
            .map_err(|_| "its address is none".to_owned())
    }
}

/// What follows from a failed attempt.
fn after_failure(
    settings: &Settings,
    delivery: &Delivery,
    webhook: &Webhook,
    at: Timestamp,
) -> Outcome {
    let patience = SignedDuration::from_hours(settings.disable_after_hours.into());
    if webhook
        .failing_since
        .is_some_and(|since| at.duration_since(since) >= patience)
    {
        return Outcome::Disabled;
    }
    if delivery.attempts + 1 >= ATTEMPTS_MAX {
        return Outcome::GivenUp;
    }
    let mut random = [0];
    // Without randomness all wait equally long.
    let _ = getrandom::fill(&mut random);
    Outcome::Again(at + pause(settings.retry_seconds, delivery.attempts, random[0]))
}

/// How long to wait after the attempt of this number (from 0): six times longer each time, and up to a fifth more by
/// chance, so that not all come back together.
fn pause(first_seconds: u32, attempt: u64, random: u8) -> SignedDuration {
    let exponent = u32::try_from(attempt).unwrap_or(u32::MAX);
    let factor = i64::from(PAUSE_FACTOR).saturating_pow(exponent);
    let seconds = i64::from(first_seconds).saturating_mul(factor);
    let seconds = seconds.min(PAUSE_MAX.as_secs());
    let milliseconds = seconds * 1_000;
    SignedDuration::from_millis(milliseconds + milliseconds * i64::from(random) / 5 / 255)
}

fn in_words(error: &OutboundError) -> &'static str {
    match error {
        OutboundError::Url { .. } => "its address may not be asked",
        OutboundError::Port { .. } => "its port is not open to us",
        OutboundError::Private { .. } => "its host is not a public one",
        OutboundError::UnknownHost { .. } => "its host is not known",
        OutboundError::Timeout { .. } => "it did not answer in time",
        OutboundError::TooLong { .. } => "its answer is too long",
        OutboundError::Redirects { .. } | OutboundError::Status { .. } => "it leads elsewhere",
        OutboundError::Transport { .. } => "it could not be reached",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_day_and_no_further() {
        let seconds = |attempt, random| pause(5, attempt, random).as_secs();
        assert_eq!(seconds(0, 0), 5);
        assert_eq!(seconds(0, 255), 6);
        assert_eq!(seconds(2, 0), 180);
        assert_eq!(seconds(40, 0), 24 * 3600);
        assert_eq!(pause(0, 3, 200), SignedDuration::ZERO);
    }

    #[test]
    fn what_failed_for_too_long_is_disabled_and_nothing_is_tried_for_ever() {
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let webhook = |failing_since| Webhook {
            id: "w".into(),
            account: crate::ledger::AccountId("ada".into()),
            url: "https://example.org/".into(),
            topic: "own".into(),
            value: String::new(),
            kinds: Vec::new(),
            generation: 1,
            rotated_at: at(0),
            created_at: at(0),
            failing_since,
            disabled_at: None,
        };
        let delivery = |attempts| Delivery {
            id: 1,
            webhook: "w".into(),
            message: "msg_1".into(),
            body: "{}".into(),
            created_at: at(0),
            attempts,
            next_at: None,
            tried_at: None,
            status: None,
            failure: None,
            delivered_at: None,
        };
        let settings = Settings::default();
        let after = |attempts, since| {
            after_failure(&settings, &delivery(attempts), &webhook(since), at(200))
        };
        assert!(matches!(after(0, None), Outcome::Again(next) if next > at(200)));
        assert!(matches!(after(3, Some(at(81))), Outcome::Again(_)));
        assert_eq!(after(3, Some(at(80))), Outcome::Disabled);
        assert_eq!(after(ATTEMPTS_MAX - 1, None), Outcome::GivenUp);
    }
}
