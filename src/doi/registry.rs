//! What does `DataCite`'s REST API want to hear, and what do its answers mean?

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use ureq::http::{Method, Request, Response};

use super::settings::Account;
use crate::ledger::DoiState;
use crate::outbound::{Limits, Outbound};

const MEDIA_TYPE: &str = "application/vnd.api+json";
/// An answer holds the DOI's whole description.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
const ANSWER_TIME: Duration = Duration::from_secs(30);
/// The longest words of the registry's that are kept, in characters.
const WORDS_MAX: usize = 500;
/// The longest that the registry may tell us to wait.
const WAIT_SECONDS_MAX: i64 = 6 * 3600;

/// Why the registry does not know what it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RegistryError {
    /// It may know it later.
    #[error("the registry cannot be asked now: {why}")]
    Away {
        why: String,
        wait: Option<SignedDuration>,
    },
    /// It does not take this.
    #[error("the registry refuses it: {why}")]
    Refused { why: String },
}

/// What is said of a DOI.
pub(super) enum Said<'a> {
    /// It leads to a public record, which is so described.
    Findable { address: &'a str, described: Value },
    /// Its record is public no longer.
    Hidden,
}

/// The registry. Its calls block.
#[derive(Clone)]
pub(super) struct Registry {
    api: String,
    authorization: String,
    outbound: Outbound,
}

impl Registry {
    pub fn new(account: &Account, outbound: Outbound) -> Self {
        let pair = format!("{}:{}", account.name, account.password);
        Self {
            api: account.api.clone(),
            authorization: format!("Basic {}", STANDARD.encode(pair)),
            outbound,
        }
    }

    /// Says it until the registry knows it. Said once more it changes nothing, so that a crash between loses nothing.
    pub fn say(&self, doi: &str, standing: DoiState, said: &Said<'_>) -> Result<(), RegistryError> {
        let body = said.body(doi);
        let is_new = standing == DoiState::Wanted;
        let (first, second) = if is_new {
            (Method::POST, Method::PUT)
        } else {
            (Method::PUT, Method::POST)
        };
        let answer = self.send(&first, doi, Some(&body))?;
        let status = answer.status().as_u16();
        let is_elsewise = match status {
            // Perhaps we have registered it, and did not live to note it.
            422 if is_new => self.is_ours(doi, said)?,
            // What nobody knows need not be hidden.
            404 if matches!(said, Said::Hidden) => return Ok(()),
            404 => !is_new,
            _ => false,
        };
        if is_elsewise {
            return meaning(&self.send(&second, doi, Some(&body))?);
        }
        meaning(&answer)
    }

    /// Whether the registry knows the DOI, and that it leads to the address that we would give it.
    fn is_ours(&self, doi: &str, said: &Said<'_>) -> Result<bool, RegistryError> {
        let Said::Findable { address, .. } = said else {
            return Ok(false);
        };
        let answer = self.send(&Method::GET, doi, None)?;
        if answer.status().as_u16() == 404 {
            return Ok(false);
        }
        meaning(&answer)?;
        let found: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
        let url = &found["data"]["attributes"]["url"];
        if url.as_str() == Some(*address) {
            return Ok(true);
        }
        Err(RegistryError::Refused {
            why: format!("{doi} is registered already and leads to {url}"),
        })
    }

    fn send(
        &self,
        method: &Method,
        doi: &str,
        body: Option<&Value>,
    ) -> Result<Response<Vec<u8>>, RegistryError> {
        let url = if *method == Method::POST {
            format!("{}/dois", self.api)
        } else {
            format!("{}/dois/{doi}", self.api)
        };
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", &self.authorization)
            .header("accept", MEDIA_TYPE)
            .header("content-type", MEDIA_TYPE)
            .body(
                body.map(|body| body.to_string().into_bytes())
                    .unwrap_or_default(),
            );
        let request = request.map_err(|error| away(error.to_string()))?;
        let limits = Limits {
            bytes_max: ANSWER_BYTES_MAX,
            timeout: ANSWER_TIME,
            redirects_max: 0,
            accept: MEDIA_TYPE.to_owned(),
        };
        let sent = self.outbound.send(request, &limits);
        sent.map_err(|error| away(error.to_string()))
    }
}

impl Said<'_> {
    /// The document of JSON:API (`DataCite`, «Create a DOI», «Update a DOI»).
    fn body(&self, doi: &str) -> Value {
        let mut attributes = match self {
            Self::Findable { described, .. } => described.as_object().cloned().unwrap_or_default(),
            Self::Hidden => Map::new(),
        };
        attributes.insert("doi".to_owned(), json!(doi));
        let event = match self {
            Self::Findable { address, .. } => {
                attributes.insert("url".to_owned(), json!(address));
                "publish"
            }
            Self::Hidden => "hide",
        };
        attributes.insert("event".to_owned(), json!(event));
        json!({ "data": { "id": doi, "type": "dois", "attributes": attributes } })
    }
}

fn away(why: String) -> RegistryError {
    RegistryError::Away { why, wait: None }
}

fn meaning(answer: &Response<Vec<u8>>) -> Result<(), RegistryError> {
    let status = answer.status().as_u16();
    let why = || format!("it answered {status}{}", words(answer.body()));
    match status {
        200..=299 => Ok(()),
        // Who we are is the operator's to mend; what the record says has nothing to do with it.
        401 | 403 | 408 | 425 | 429 | 300..=399 | 500..=599 => Err(RegistryError::Away {
            why: why(),
            wait: wait(answer),
        }),
        _ => Err(RegistryError::Refused { why: why() }),
    }
}

/// What `Retry-After` says in seconds (RFC 9110 §10.2.3); dates are not worth a clock here.
fn wait(answer: &Response<Vec<u8>>) -> Option<SignedDuration> {
    let value = answer.headers().get("retry-after")?.to_str().ok()?;
    let seconds: i64 = value.trim().parse().ok()?;
    Some(SignedDuration::from_secs(
        seconds.clamp(0, WAIT_SECONDS_MAX),
    ))
}

/// What the registry says is wrong: `{"errors": [{"source": "creators", "title": "can't be blank"}]}`.
fn words(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let errors = body["errors"].as_array().into_iter().flatten();
    let one = |error: &Value| {
        let title = error["title"].as_str().or(error["detail"].as_str())?;
        Some(match error["source"].as_str() {
            Some(source) => format!("{source}: {title}"),
            None => title.to_owned(),
        })
    };
    let said: Vec<String> = errors.filter_map(one).collect();
    if said.is_empty() {
        return String::new();
    }
    let said: String = said.join("; ").chars().take(WORDS_MAX).collect();
    format!(", «{said}»")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, retry_after: Option<&str>, body: &str) -> Response<Vec<u8>> {
        let mut answer = Response::builder().status(status);
        if let Some(seconds) = retry_after {
            answer = answer.header("Retry-After", seconds);
        }
        answer.body(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn what_may_pass_is_waited_for_and_what_may_not_is_told() {
        assert_eq!(meaning(&answer(201, None, "")), Ok(()));
        for status in [401, 403, 429, 500, 503, 302] {
            let error = meaning(&answer(status, None, "")).unwrap_err();
            assert!(
                matches!(error, RegistryError::Away { wait: None, .. }),
                "{status}"
            );
        }
        let limited = meaning(&answer(429, Some("7"), "")).unwrap_err();
        let seven = Some(SignedDuration::from_secs(7));
        assert!(matches!(limited, RegistryError::Away { wait, .. } if wait == seven));
        let text = r#"{"errors":[{"source":"creators","title":"Can't be blank"},{"title":"No"}]}"#;
        let refused = meaning(&answer(422, None, text)).unwrap_err();
        assert!(
            refused.to_string().contains("creators: Can't be blank; No"),
            "{refused}"
        );
    }

    #[test]
    fn an_endless_complaint_is_cut() {
        let title = "x".repeat(100_000);
        let text = json!({ "errors": [{ "title": title }] }).to_string();
        assert!(words(text.as_bytes()).chars().count() < WORDS_MAX + 10);
    }
}
