//! Which datasets may a person use, by the visas of their GA4GH Passport? A clearinghouse, for showing and no more.
//!
//! GA4GH AAI OpenID Connect Profile 1.2 and Passport 1.2: a visa is believed when its issuer is trusted for exactly the
//! address of keys (`jku`) that it names, a key there signed it, it holds now, and it speaks of the person who signed
//! in or of an identity that a trusted visa links to them. Values are compared as text and never fetched. Visas with
//! conditions are passed over: whether they hold cannot be known here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use openidconnect::core::CoreJsonWebKeySet;
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::jwt::Unverified;
use crate::ledger::{VISAS_PER_ACCOUNT_MAX, Visa};
use crate::outbound::{Limits, Outbound};

/// How long the keys of an issuer are believed; they are asked for at most that often.
const KEYS_KEPT_FOR: SignedDuration = SignedDuration::from_hours(1);

/// The longest answer with keys, in bytes.
const KEYS_BYTES_MAX: usize = 256 * 1024;

/// How long an issuer may take to answer.
const KEYS_WITHIN: Duration = Duration::from_secs(10);

/// The longest address of a dataset (Passport §`ControlledAccessGrants`).
const DATASET_BYTES_MAX: usize = 255;

/// The longest list of identities that one visa links.
const LINKS_MAX: usize = 100;

/// An issuer of visas that is trusted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisaIssuer {
    /// Letter by letter.
    pub issuer: String,
    /// Where its keys are, letter by letter as its visas name it.
    pub jku: String,
}

/// The clearinghouse.
pub(super) struct Clearinghouse {
    trusted: Vec<VisaIssuer>,
    /// How long a grant counts after it was asserted.
    counts_for: SignedDuration,
    outbound: Outbound,
    keys: tokio::sync::Mutex<HashMap<String, Kept>>,
}

#[derive(Clone)]
struct Kept {
    /// None when the issuer did not answer.
    keys: Option<Arc<CoreJsonWebKeySet>>,
    at: Timestamp,
}

/// A person at an issuer.
type Identity = (String, String);

/// A visa whose signature was verified.
struct Verified {
    who: Identity,
    expires_at: Timestamp,
    asserted_at: Timestamp,
    claim: Claim,
}

/// What a visa says (`ga4gh_visa_v1`).
#[derive(Deserialize)]
struct Claim {
    r#type: String,
    asserted: i64,
    value: String,
    source: String,
    #[serde(default)]
    by: Option<String>,
    #[serde(default)]
    conditions: Option<Value>,
}

impl Clearinghouse {
    pub(super) fn new(trusted: Vec<VisaIssuer>, days: u32, outbound: Outbound) -> Self {
        Self {
            trusted,
            counts_for: SignedDuration::from_hours(24 * i64::from(days)),
            outbound,
            keys: tokio::sync::Mutex::default(),
        }
    }

    /// Whether there is anybody whose visas are believed.
    pub(super) fn is_open(&self) -> bool {
        !self.trusted.is_empty()
    }

    /// The grants of a passport for somebody who has just signed in.
    pub(super) async fn admit(
        &self,
        passport: &[String],
        who: &Identity,
        now: Timestamp,
    ) -> Vec<Visa> {
        let mut verified = Vec::new();
        for visa in passport.iter().take(VISAS_PER_ACCOUNT_MAX) {
            verified.extend(self.verified(visa, now).await);
        }
        let known = linked(who, &verified);
        let theirs = verified
            .into_iter()
            .filter(|visa| known.contains(&visa.who));
        theirs
            .filter_map(|visa| self.grant(visa))
            .filter(|visa| visa.expires_at > now)
            .collect()
    }

    /// What a visa says, if it is to be believed; why not is nobody's business but the log's.
    async fn verified(&self, text: &str, now: Timestamp) -> Option<Verified> {
        let token = Unverified::parse(text).ok()?;
        let (issuer, jku) = (token.issuer()?, token.keys_address()?);
        // Before anything is fetched: a stranger names whatever address they like.
        let is_trusted = |one: &VisaIssuer| one.issuer == issuer && one.jku == jku;
        if !self.trusted.iter().any(is_trusted) {
            return None;
        }
        let keys = self.keys(jku, now).await?;
        let payload = match token.authentic(keys.keys(), now) {
            Ok(payload) => payload,
            Err(error) => {
                tracing::debug!(%error, "a visa is not believed");
                return None;
            }
        };
        read(&payload, now)
    }

    async fn keys(&self, jku: &str, now: Timestamp) -> Option<Arc<CoreJsonWebKeySet>> {
        let mut kept = self.keys.lock().await;
        if let Some(known) = kept.get(jku)
            && now.duration_since(known.at) < KEYS_KEPT_FOR
        {
            return known.keys.clone();
        }
        let keys = self.fetch(jku).await.map(Arc::new);
        // One that does not answer is left alone as long, so that nobody's sign-in waits for it again.
        let found = keys.clone();
        kept.insert(jku.to_owned(), Kept { keys, at: now });
        found
    }

    async fn fetch(&self, jku: &str) -> Option<CoreJsonWebKeySet> {
        let (outbound, address) = (self.outbound.clone(), jku.to_owned());
        let limits = Limits {
            bytes_max: KEYS_BYTES_MAX,
            timeout: KEYS_WITHIN,
            redirects_max: 0,
            accept: "application/json".to_owned(),
        };
        let fetched = tokio::task::spawn_blocking(move || outbound.fetch(&address, &limits)).await;
        match fetched {
            Ok(Ok(fetched)) => serde_json::from_slice(&fetched.bytes).ok(),
            Ok(Err(error)) => {
                tracing::warn!(%error, jku, "the keys of an issuer of visas cannot be had");
                None
            }
            Err(_) => None,
        }
    }

    /// The access that a visa grants, if it is one that does, without conditions.
    fn grant(&self, visa: Verified) -> Option<Visa> {
        let Verified {
            who: (issuer, _),
            expires_at,
            asserted_at,
            claim,
        } = visa;
        let has_conditions = claim
            .conditions
            .is_some_and(|conditions| conditions.as_array().is_none_or(|list| !list.is_empty()));
        if claim.r#type != "ControlledAccessGrants"
            || has_conditions
            || claim.value.is_empty()
            || claim.value.len() > DATASET_BYTES_MAX
            || claim.source.len() > DATASET_BYTES_MAX
        {
            return None;
        }
        let by = claim.by?;
        let is_known = ["self", "peer", "system", "so", "dac"].contains(&by.as_str());
        is_known.then(|| Visa {
            issuer,
            dataset: claim.value,
            source: claim.source,
            by,
            asserted_at,
            expires_at: expires_at.min(asserted_at + self.counts_for),
        })
    }
}

fn read(payload: &Map<String, Value>, now: Timestamp) -> Option<Verified> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
    let who = (text("iss")?, text("sub")?);
    let claim = payload.get("ga4gh_visa_v1")?.clone();
    let claim: Claim = serde_json::from_value(claim).ok()?;
    let asserted_at = Timestamp::from_second(claim.asserted).ok()?;
    let expires_at = payload.get("exp").and_then(Value::as_i64)?;
    // What is asserted in the future is asserted by nobody yet.
    (asserted_at <= now).then_some(Verified {
        who,
        expires_at: Timestamp::from_second(expires_at).ok()?,
        asserted_at,
        claim,
    })
}

/// The identities that are the same person, by visas that speak of one of them already.
fn linked(who: &Identity, visas: &[Verified]) -> HashSet<Identity> {
    let mut known = HashSet::from([who.clone()]);
    let links: Vec<&Verified> = visas
        .iter()
        .filter(|visa| visa.claim.r#type == "LinkedIdentities")
        .collect();
    loop {
        let before = known.len();
        for visa in links.iter().filter(|visa| visa.claim.conditions.is_none()) {
            if known.contains(&visa.who) {
                known.extend(identities(&visa.claim.value));
            }
        }
        if known.len() == before {
            return known;
        }
    }
}

/// `sub,iss;sub,iss`, each written as in a query.
fn identities(value: &str) -> impl Iterator<Item = Identity> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8();
        text.ok().map(std::borrow::Cow::into_owned)
    };
    value.split(';').take(LINKS_MAX).filter_map(move |pair| {
        let (subject, issuer) = pair.split_once(',')?;
        Some((decoded(issuer)?, decoded(subject)?))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn visa(who: (&str, &str), kind: &str, value: &str, more: &Value) -> Verified {
        let mut claim = json!({
            "type": kind, "asserted": 100, "value": value, "source": "https://dac.example", "by": "dac",
        });
        for (name, value) in more.as_object().unwrap() {
            claim[name] = value.clone();
        }
        let payload = json!({"iss": who.0, "sub": who.1, "exp": 5000, "ga4gh_visa_v1": claim});
        read(payload.as_object().unwrap(), at(200)).unwrap()
    }

    fn house(days: u32) -> Clearinghouse {
        let outbound = Outbound::new(crate::outbound::Settings::default());
        Clearinghouse::new(Vec::new(), days, outbound)
    }

    const ADA: (&str, &str) = ("https://op.example/", "ada");
    const DATASET: &str = "https://atlas.example/dataset/mri";

    #[test]
    fn a_grant_without_conditions_is_access_to_its_dataset() {
        let grant =
            |kind: &str, value: &str, more: &Value| house(1).grant(visa(ADA, kind, value, more));
        let given = grant("ControlledAccessGrants", DATASET, &json!({})).unwrap();
        assert_eq!(
            (given.dataset.as_str(), given.by.as_str()),
            (DATASET, "dac")
        );
        assert_eq!(given.expires_at, at(5000));
        let long = "x".repeat(256);
        for (kind, value, more) in [
            ("ResearcherStatus", DATASET, json!({})),
            ("ControlledAccessGrants", long.as_str(), json!({})),
            ("ControlledAccessGrants", "", json!({})),
            ("ControlledAccessGrants", DATASET, json!({"by": null})),
            ("ControlledAccessGrants", DATASET, json!({"by": "me"})),
            (
                "ControlledAccessGrants",
                DATASET,
                json!({"conditions": [[{"type": "x"}]]}),
            ),
            (
                "ControlledAccessGrants",
                DATASET,
                json!({"conditions": "x"}),
            ),
        ] {
            assert_eq!(grant(kind, value, &more), None, "{kind} {more}");
        }
    }

    #[test]
    fn a_grant_counts_no_longer_than_the_operator_says() {
        let old = json!({"asserted": 100});
        let mut verified = visa(ADA, "ControlledAccessGrants", DATASET, &old);
        verified.expires_at = at(100_000_000);
        let given = house(1).grant(verified).unwrap();
        assert_eq!(given.expires_at, at(100 + 24 * 3600));
    }

    #[test]
    fn identities_are_linked_only_by_visas_of_somebody_who_is_known() {
        let who = (ADA.0.to_owned(), ADA.1.to_owned());
        let second = ("https://two.example", "a.l@two");
        let link = |who, to: &str| visa(who, "LinkedIdentities", to, &json!({}));
        let visas = [
            link(second, "ada,https%3A%2F%2Fthree.example"),
            link(ADA, "a.l%40two,https%3A%2F%2Ftwo.example;broken"),
            link(
                ("https://evil.example", "mallory"),
                "root,https%3A%2F%2Fop.example%2F",
            ),
        ];
        let known = linked(&who, &visas);
        assert_eq!(known.len(), 3, "{known:?}");
        assert!(known.contains(&("https://three.example".to_owned(), "ada".to_owned())));
        assert!(!known.contains(&("https://op.example/".to_owned(), "root".to_owned())));
    }

    #[test]
    fn what_is_asserted_in_the_future_says_nothing() {
        let claim = json!({"type": "x", "asserted": 300, "value": "x", "source": "x"});
        let payload = json!({"iss": "i", "sub": "s", "exp": 5000, "ga4gh_visa_v1": claim});
        assert!(read(payload.as_object().unwrap(), at(200)).is_none());
        assert!(read(payload.as_object().unwrap(), at(300)).is_some());
    }
}
