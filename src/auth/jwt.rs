//! Is this JSON Web Token what it says: signed by a key of its issuer, for us, and now?
//!
//! Only asymmetric algorithms are known here, so `none` is no algorithm and a public key never serves as a shared
//! secret (RFC 8725 §2.1, §3.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm as Algorithm};
use openidconnect::{JsonWebKey, JsonWebKeyUse};
use serde_json::{Map, Value};

/// The longest token that is read, in bytes.
const BYTES_MAX: usize = 16 * 1024;

/// How far the clocks of issuers may be from ours.
const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// The algorithms that may sign what we believe.
pub(super) const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// Why a token is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    #[error("it is no JSON Web Token")]
    Malformed,
    #[error(
        "its algorithm is none of those that we believe: RS, PS and ES with SHA-256 or more, EdDSA"
    )]
    Algorithm,
    #[error("no key of its issuer made its signature")]
    Signature,
    #[error("it has ended, or says no end")]
    Ended,
    #[error("it holds only later")]
    Early,
    #[error("it is for somebody else: its audience does not name us")]
    Audience,
}

/// A token that was read and is not believed yet.
pub(super) struct Unverified<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    key: Option<String>,
    /// Where the header says that the keys are; believed only where that is known already.
    keys_address: Option<String>,
    payload: Map<String, Value>,
}

impl<'a> Unverified<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, JwtError> {
        if text.len() > BYTES_MAX {
            return Err(JwtError::Malformed);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let header = object(header)?;
        // What is marked as critical and not understood makes a token invalid (RFC 7515 §4.1.11).
        if header.contains_key("crit") {
            return Err(JwtError::Malformed);
        }
        let algorithm = header.get("alg").cloned().unwrap_or_default();
        let algorithm = serde_json::from_value(algorithm).map_err(|_| JwtError::Algorithm)?;
        if !ALGORITHMS.contains(&algorithm) {
            return Err(JwtError::Algorithm);
        }
        Ok(Self {
            signed,
            signature: URL_SAFE_NO_PAD
                .decode(signature)
                .map_err(|_| JwtError::Malformed)?,
            algorithm,
            key: named(&header, "kid"),
            keys_address: named(&header, "jku"),
            payload: object(payload)?,
        })
    }

    /// Who says that they made it.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.payload.get("iss").and_then(Value::as_str)
    }

    /// Where its header says that the keys of its issuer are.
    pub(super) fn keys_address(&self) -> Option<&str> {
        self.keys_address.as_deref()
    }

    /// Whether one of the keys goes by the name that the token gives; a token without a name may be by any.
    pub(super) fn names_one_of(&self, keys: &[CoreJsonWebKey]) -> bool {
        self.key.is_none() || self.candidates(keys).next().is_some()
    }

    fn candidates<'k>(
        &'k self,
        keys: &'k [CoreJsonWebKey],
    ) -> impl Iterator<Item = &'k CoreJsonWebKey> {
        /// Signatures that one token may have us check.
        const TRIES_MAX: usize = 8;
        let named = |key: &&CoreJsonWebKey| match (&self.key, key.key_id()) {
            (Some(wanted), Some(name)) => wanted == name.as_str(),
            (Some(_), None) => false,
            (None, _) => true,
        };
        let signs =
            |key: &&CoreJsonWebKey| key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
        keys.iter().filter(named).filter(signs).take(TRIES_MAX)
    }

    /// The claims, when a key of the issuer signed them for one of these audiences, and they hold now.
    pub(super) fn verified(
        self,
        keys: &[CoreJsonWebKey],
        audiences: &[String],
        now: Timestamp,
    ) -> Result<Map<String, Value>, JwtError> {
        let payload = self.authentic(keys, now)?;
        if is_for(&payload, audiences) {
            Ok(payload)
        } else {
            Err(JwtError::Audience)
        }
    }

    /// The claims, when a key of the issuer signed them, whomever for, and they hold now.
    pub(super) fn authentic(
        self,
        keys: &[CoreJsonWebKey],
        now: Timestamp,
    ) -> Result<Map<String, Value>, JwtError> {
        let by = |key: &CoreJsonWebKey| {
            let message = self.signed.as_bytes();
            key.verify_signature(&self.algorithm, message, &self.signature)
                .is_ok()
        };
        if !self.candidates(keys).any(by) {
            return Err(JwtError::Signature);
        }
        let ends = instant(&self.payload, "exp").ok_or(JwtError::Ended)?;
        if ends + SKEW <= now {
            return Err(JwtError::Ended);
        }
        if self.payload.contains_key("nbf")
            && instant(&self.payload, "nbf").is_none_or(|begins| begins - SKEW > now)
        {
            return Err(JwtError::Early);
        }
        Ok(self.payload)
    }
}

/// Whether claims name one of these audiences.
pub(super) fn is_for(payload: &Map<String, Value>, audiences: &[String]) -> bool {
    let is_ours = |value: &Value| {
        let text = value.as_str();
        text.is_some_and(|text| audiences.iter().any(|ours| ours == text))
    };
    match payload.get("aud") {
        Some(Value::Array(list)) => list.iter().any(is_ours),
        Some(one) => is_ours(one),
        None => false,
    }
}

fn named(of: &Map<String, Value>, name: &str) -> Option<String> {
    of.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The claims of a token that somebody else has verified.
pub(super) fn payload(text: &str) -> Result<Map<String, Value>, JwtError> {
    let payload = text.split('.').nth(1).ok_or(JwtError::Malformed)?;
    object(payload)
}

fn object(segment: &str) -> Result<Map<String, Value>, JwtError> {
    let bytes = URL_SAFE_NO_PAD.decode(segment);
    let bytes = bytes.map_err(|_| JwtError::Malformed)?;
    serde_json::from_slice(&bytes).map_err(|_| JwtError::Malformed)
}

/// A time in whole seconds; fractions are cut (RFC 7519 §2 allows them). Times that no calendar holds are none, so
/// that nothing can overflow.
pub(super) fn instant(payload: &Map<String, Value>, name: &str) -> Option<Timestamp> {
    let number = payload.get(name)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and what is out of range is refused below"
    )]
    let seconds = number
        .as_i64()
        .or_else(|| number.as_f64().map(|seconds| seconds as i64))?;
    let whole_years = 0..=253_000_000_000;
    whole_years
        .contains(&seconds)
        .then(|| Timestamp::from_second(seconds).ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn token(header: &Value, payload: &Value, signature: &str) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}.{signature}", part(header), part(payload))
    }

    #[test]
    fn neither_no_algorithm_nor_a_shared_secret_is_an_algorithm() {
        for algorithm in ["none", "None", "NONE", "HS256", "HS384", "HS512", "", "RS1"] {
            let text = token(&json!({"alg": algorithm}), &json!({"iss": "x"}), "");
            assert_eq!(
                Unverified::parse(&text).err(),
                Some(JwtError::Algorithm),
                "{algorithm}"
            );
        }
        let text = token(&json!({}), &json!({}), "");
        assert_eq!(Unverified::parse(&text).err(), Some(JwtError::Algorithm));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        let critical = token(&json!({"alg": "RS256", "crit": ["x"]}), &json!({}), "");
        let long = token(&json!({"alg": "RS256"}), &json!("x".repeat(BYTES_MAX)), "");
        for text in ["", ".", "..", "a.b.c", "e30.e30", &critical, &long] {
            assert!(Unverified::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_that_no_calendar_holds_are_none() {
        let payload = json!({"a": 10, "b": 1e300, "c": -5, "d": "10", "e": i64::MAX, "f": 1.5});
        let payload = payload.as_object().unwrap();
        let seconds = |name| instant(payload, name).map(Timestamp::as_second);
        assert_eq!(seconds("a"), Some(10));
        assert_eq!(seconds("f"), Some(1));
        for name in ["b", "c", "d", "e", "missing"] {
            assert_eq!(seconds(name), None, "{name}");
        }
    }

    #[test]
    fn a_token_that_no_key_signed_is_refused() {
        let text = token(
            &json!({"alg": "RS256"}),
            &json!({"exp": 100, "aud": "us"}),
            "AAAA",
        );
        let now = Timestamp::from_second(1).unwrap();
        let read = Unverified::parse(&text).unwrap();
        let refused = read.verified(&[], &["us".to_owned()], now);
        assert_eq!(refused, Err(JwtError::Signature));
    }
}
