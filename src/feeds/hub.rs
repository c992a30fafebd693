//! Who is told when something is new, and how is nobody else troubled? A `WebSub` hub: a subscriber confirms what it asked
//! for, gets what it lacks, signed, and is tried again when it was away.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use ureq::http::Request;
use url::Url;

use super::{Feeds, PER_PAGE, Place, atom};
use crate::catalogue::{Base, CATALOGUE_KIND, CatalogueError};
use crate::ledger::{FeedSubscription, NewFeedSubscription};
use crate::outbound::{Limits, Outbound};
use crate::rdf::Format;

/// Where subscribers ask, below the base.
pub const PATH: &str = "/hub";
/// Subscribers that are asked at once whether they meant it.
pub(super) const CONFIRMATIONS_AT_ONCE: usize = 16;
/// Subscribers that are told at once.
const DELIVERIES_AT_ONCE: usize = 4;
/// Deliveries that may fail one after the other.
const FAILURES_MAX: u64 = 12;
const WAIT_SECONDS_MAX: i64 = 6 * 3600;
/// How often it is looked for subscribers whose wait is over.
const POLL: Duration = Duration::from_secs(10);
/// How long changes gather before they are told.
const REST: Duration = Duration::from_millis(200);
/// `WebSub` §5.1 leaves these to the hub.
const LEASE_SECONDS: i64 = 10 * 86_400;
const LEASE_SECONDS_MAX: i64 = 30 * 86_400;
const CALLBACK_BYTES_MAX: usize = 2000;
/// `WebSub` §5.1: less than 200 bytes.
const SECRET_BYTES_MAX: usize = 199;
const ANSWER_BYTES_MAX: usize = 16 * 1024;
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// SHA-256 works on blocks of so many bytes.
const BLOCK_BYTES: usize = 64;

/// Settings of the feeds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether everybody may subscribe; otherwise whoever has a token or a session.
    pub hub_open: bool,
    /// The shortest time that a subscription lasts, in seconds.
    pub lease_seconds_min: u32,
    /// Half the wait after the first delivery that failed, in seconds; it doubles each time.
    pub retry_seconds: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hub_open: false,
            lease_seconds_min: 3600,
            retry_seconds: 30,
        }
    }
}

/// What a subscriber asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    callback: Url,
    topic: String,
    subscribes: bool,
    lease_seconds: i64,
    secret: Option<String>,
}

/// Why a wish is none.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct WishError {
    pub field: &'static str,
    pub message: String,
}

/// A feed that may be subscribed to.
enum Topic {
    Atom,
    Stream(Place),
}

impl Wish {
    /// Reads the form of `WebSub` §5.1.
    pub fn read(
        base: &Base,
        settings: &Settings,
        form: &[(String, String)],
    ) -> Result<Self, WishError> {
        let value = |name: &str| {
            let pair = form.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.as_str())
        };
        let wrong = |field, message: &str| WishError {
            field,
            message: message.to_owned(),
        };
        let callback = value("hub.callback").unwrap_or_default();
        let callback = Some(callback).filter(|text| text.len() <= CALLBACK_BYTES_MAX);
        let callback = callback.and_then(|text| Url::parse(text).ok());
        let callback = callback.filter(|url| matches!(url.scheme(), "http" | "https"));
        let subscribes = match value("hub.mode") {
            Some("subscribe") => true,
            Some("unsubscribe") => false,
            _ => return Err(wrong("hub.mode", "say subscribe or unsubscribe")),
        };
        let topic = value("hub.topic").unwrap_or_default();
        if topic_path(base, topic).is_none() {
            let known = format!(
                "the feeds are {base}/changes.atom, {base}/ldes, {base}/ldes/latest and {base}/ldes/catalog/…"
            );
            return Err(wrong("hub.topic", &known));
        }
        let secret = value("hub.secret").filter(|secret| !secret.is_empty());
        if secret.is_some_and(|secret| secret.len() > SECRET_BYTES_MAX) {
            return Err(wrong("hub.secret", "a secret has less than 200 bytes"));
        }
        let lease = value("hub.lease_seconds").filter(|text| !text.is_empty());
        let lease = lease.map_or(Ok(LEASE_SECONDS), str::parse);
        let lease = lease.map_err(|_| wrong("hub.lease_seconds", "this is a number of seconds"))?;
        let shortest = i64::from(settings.lease_seconds_min).min(LEASE_SECONDS_MAX);
        Ok(Self {
            callback: callback
                .ok_or_else(|| wrong("hub.callback", "this is an http or https address"))?,
            topic: topic.to_owned(),
            subscribes,
            lease_seconds: lease.clamp(shortest, LEASE_SECONDS_MAX),
            secret: secret.map(str::to_owned),
        })
    }

    /// The address at which the subscriber says whether it meant this (`WebSub` §5.3).
    fn question(&self, challenge: &str) -> Url {
        let mut question = self.callback.clone();
        let mode = if self.subscribes {
            "subscribe"
        } else {
            "unsubscribe"
        };
        let mut pairs = question.query_pairs_mut();
        pairs.append_pair("hub.mode", mode);
        pairs.append_pair("hub.topic", &self.topic);
        pairs.append_pair("hub.challenge", challenge);
        if self.subscribes {
            pairs.append_pair("hub.lease_seconds", &self.lease_seconds.to_string());
        }
        drop(pairs);
        question
    }
}

/// The path of a feed below the base, if it is one.
fn topic_path<'a>(base: &Base, topic: &'a str) -> Option<&'a str> {
    let path = base.path(topic)?;
    let catalogue = path
        .strip_prefix("/ldes/")
        .and_then(|rest| rest.strip_prefix(CATALOGUE_KIND))
        .and_then(|rest| rest.strip_prefix('/'));
    let is_catalogue = catalogue.is_some_and(|id| crate::catalogue::Slug::parse(id).is_some());
    let is_known = matches!(path, atom::PATH | "/ldes" | "/ldes/latest");
    (is_known || is_catalogue).then_some(path)
}

impl Feeds {
    /// Asks the subscriber whether it meant this, in the background, and keeps the subscription if it did. `false`
    /// when too many are being asked.
    pub fn confirm(self: &Arc<Self>, wish: Wish) -> bool {
        let place = Arc::clone(&self.confirmations).try_acquire_owned();
        let Ok(place) = place else { return false };
        let feeds = Arc::clone(self);
        tokio::spawn(async move {
            if let Err(error) = feeds.confirmed(wish).await {
                tracing::error!(error = ?error, "a subscription could not be kept");
            }
            drop(place);
        });
        true
    }

    async fn confirmed(&self, wish: Wish) -> Result<(), CatalogueError> {
        let challenge = uuid::Uuid::new_v4().simple().to_string();
        let question = Request::get(wish.question(&challenge).as_str()).body(Vec::new());
        let answer = match question {
            Ok(question) => self.send(question).await,
            Err(_) => None,
        };
        let says_yes = answer.is_some_and(|(status, body)| {
            (200..300).contains(&status) && body.trim_ascii() == challenge.as_bytes()
        });
        let ledger = self.catalogue.ledger();
        let callback = wish.callback.as_str();
        if !says_yes {
            tracing::info!(callback, "a subscriber did not confirm");
            return Ok(());
        }
        if !wish.subscribes {
            return Ok(ledger.unsubscribe_feed(callback, &wish.topic).await?);
        }
        let now = self.catalogue.clock().now();
        ledger.forget_ended_subscriptions(now).await?;
        let kept = ledger
            .subscribe_feed(&NewFeedSubscription {
                callback: callback.to_owned(),
                expires_at: later(now, wish.lease_seconds),
                topic: wish.topic,
                secret: wish.secret,
                at: now,
                delivered: ledger.last_public_sequence().await?,
            })
            .await?;
        if !kept {
            tracing::warn!("there are too many subscriptions");
        }
        Ok(())
    }

    /// Tells subscribers what is new, for ever.
    pub async fn tell_subscribers(self: Arc<Self>) {
        let mut woken = self.catalogue.projection().subscribe();
        let poll = POLL.min(Duration::from_secs(
            self.settings.retry_seconds.max(1).into(),
        ));
        loop {
            match Arc::clone(&self).tell().await {
                Ok(0) => {
                    // An error means that nothing changed for a while.
                    let _ = tokio::time::timeout(poll, woken.changed()).await;
                    tokio::time::sleep(REST).await;
                }
                Ok(_) => (),
                Err(error) => {
                    tracing::error!(error = ?error, "subscribers could not be told");
                    tokio::time::sleep(POLL).await;
                }
            }
        }
    }

    /// Tells some of those who lack something; says how many.
    async fn tell(self: Arc<Self>) -> Result<usize, CatalogueError> {
        self.catch_up().await?;
        let ledger = self.catalogue.ledger();
        let now = self.catalogue.clock().now();
        let newest = self.log().sequence();
        let due = ledger
            .subscriptions_due(newest, now, DELIVERIES_AT_ONCE)
            .await?;
        let count = due.len();
        let mut told = tokio::task::JoinSet::new();
        for subscription in due {
            let feeds = Arc::clone(&self);
            told.spawn(async move { feeds.deliver(subscription, newest, now).await });
        }
        while let Some(done) = told.join_next().await {
            done.map_err(|error| CatalogueError::Interrupted(error.to_string()))??;
        }
        Ok(count)
    }

    async fn deliver(
        &self,
        mut subscription: FeedSubscription,
        newest: u64,
        now: Timestamp,
    ) -> Result<(), CatalogueError> {
        let ledger = self.catalogue.ledger();
        let Some((media_type, body, last)) = self.news_for(&subscription).await? else {
            subscription.delivered = newest;
            return Ok(ledger.subscription_went(&subscription, now).await?);
        };
        let status = match delivery(self.catalogue.base(), &subscription, media_type, body) {
            Ok(request) => self.send(request).await.map(|(status, _)| status),
            Err(_) => None,
        };
        match status {
            Some(200..300) => {
                subscription.delivered = last;
                subscription.failures = 0;
                return Ok(ledger.subscription_went(&subscription, now).await?);
            }
            // It wants nothing more (`WebSub` §7).
            Some(410) => subscription.failures = FAILURES_MAX,
            _ => subscription.failures += 1,
        }
        let (callback, failures) = (&subscription.callback, subscription.failures);
        tracing::info!(callback, failures, status, "a subscriber could not be told");
        if failures >= FAILURES_MAX {
            let topic = &subscription.topic;
            return Ok(ledger.unsubscribe_feed(callback, topic).await?);
        }
        let first = i64::from(self.settings.retry_seconds);
        let doubled = first.saturating_mul(1_i64 << failures.min(20));
        let next_at = later(now, doubled.min(WAIT_SECONDS_MAX));
        Ok(ledger.subscription_went(&subscription, next_at).await?)
    }

    /// What a subscriber lacks, as much as a page holds.
    async fn news_for(
        &self,
        subscription: &FeedSubscription,
    ) -> Result<Option<(&'static str, Vec<u8>, u64)>, CatalogueError> {
        let since = subscription.delivered;
        match self.topic(&subscription.topic).await? {
            None => Ok(None),
            Some(Topic::Atom) => {
                let hub = format!("{}{PATH}", self.catalogue.base());
                let news = self.atom_news(since, &self.name, &hub, PER_PAGE).await?;
                Ok(news.map(|(text, last)| (atom::MEDIA_TYPE, text.into_bytes(), last)))
            }
            Some(Topic::Stream(place)) => {
                let news = self.news(&place, since, Format::TriG, PER_PAGE).await?;
                Ok(news.map(|(bytes, last)| (Format::TriG.media_type(), bytes, last)))
            }
        }
    }

    async fn topic(&self, topic: &str) -> Result<Option<Topic>, CatalogueError> {
        let base = self.catalogue.base();
        Ok(match topic_path(base, topic) {
            None => None,
            Some(atom::PATH) => Some(Topic::Atom),
            Some("/ldes") => Some(Topic::Stream(Place::all(base))),
            Some("/ldes/latest") => Some(Topic::Stream(Place::latest(base))),
            Some(path) => {
                let path = path.strip_prefix("/ldes").unwrap_or(path);
                self.place_of(path).await?.map(Topic::Stream)
            }
        })
    }

    /// Sends a request through the one way out. What went wrong there is not the server's fault.
    async fn send(&self, request: Request<Vec<u8>>) -> Option<(u16, Vec<u8>)> {
        let outbound: Outbound = self.outbound.clone();
        let limits = Limits {
            bytes_max: ANSWER_BYTES_MAX,
            timeout: ANSWER_TIME,
            ..Limits::default()
        };
        let sent = tokio::task::spawn_blocking(move || outbound.send(request, &limits)).await;
        match sent {
            Ok(Ok(answer)) => Some((answer.status().as_u16(), answer.into_body())),
            Ok(Err(error)) => {
                tracing::info!(%error, "a subscriber could not be reached");
                None
            }
            Err(_) => None,
        }
    }
}

fn delivery(
    base: &Base,
    subscription: &FeedSubscription,
    media_type: &str,
    body: Vec<u8>,
) -> Result<Request<Vec<u8>>, ureq::http::Error> {
    let links = format!(
        "<{base}{PATH}>; rel=\"hub\", <{}>; rel=\"self\"",
        subscription.topic
    );
    let mut request = Request::post(&subscription.callback)
        .header("Content-Type", media_type)
        .header("Link", links);
    if let Some(secret) = &subscription.secret {
        let signature = hex::encode(signed(secret.as_bytes(), &body));
        request = request.header("X-Hub-Signature", format!("sha256={signature}"));
    }
    request.body(body)
}

/// HMAC with SHA-256 (RFC 2104).
fn signed(secret: &[u8], body: &[u8]) -> [u8; 32] {
    let mut key = [0; BLOCK_BYTES];
    if secret.len() > BLOCK_BYTES {
        key[..32].copy_from_slice(&Sha256::digest(secret));
    } else {
        key[..secret.len()].copy_from_slice(secret);
    }
    let inner = Sha256::new()
        .chain_update(key.map(|byte| byte ^ 0x36))
        .chain_update(body)
        .finalize();
    let outer = Sha256::new()
        .chain_update(key.map(|byte| byte ^ 0x5c))
        .chain_update(inner);
    outer.finalize().into()
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    let later = now.checked_add(SignedDuration::from_secs(seconds));
    later.unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_signed_as_the_rfc_says() {
        // RFC 4231 §4.3 and §4.7.
        let short = signed(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(
            hex::encode(short),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let text: &[u8] = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(
            hex::encode(signed(&[0xaa; 131], text)),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
    }

    fn read(pairs: &[(&str, &str)]) -> Result<Wish, WishError> {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let form: Vec<_> = pairs.iter().map(own).collect();
        let base = Base::new("https://atlas.example/x").unwrap();
        Wish::read(&base, &Settings::default(), &form)
    }

    #[test]
    fn a_wish_names_a_feed_of_ours_and_a_callback() {
        let good = [
            ("hub.callback", "https://reader.example/a?b=c"),
            ("hub.mode", "subscribe"),
            ("hub.topic", "https://atlas.example/x/ldes/catalog/one"),
        ];
        let wish = read(&good).unwrap();
        assert_eq!(wish.lease_seconds, LEASE_SECONDS);
        let question = wish.question("word");
        assert!(
            question
                .as_str()
                .contains("b=c&hub.mode=subscribe&hub.topic=https")
        );
        for (at, bad) in [
            (0, ("hub.callback", "file:///etc/passwd")),
            (1, ("hub.mode", "publish")),
            (2, ("hub.topic", "https://atlas.example/x/dataset/one")),
            (2, ("hub.topic", "https://elsewhere.example/ldes")),
        ] {
            let mut pairs = good;
            pairs[at] = bad;
            assert_eq!(read(&pairs).unwrap_err().field, bad.0);
        }
    }
}
