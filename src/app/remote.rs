//! What does another server answer? Requests through the one way out, and answers with their headers.

use std::time::Duration;

use ureq::http::{Request, Response};

use crate::config::Config;
use crate::outbound::{self, Limits, NetworkError, Outbound, OutboundError};
use crate::rdf::{Format, Triple, format};

/// The largest answer that is read.
const ANSWER_BYTES_MAX: usize = 32 << 20;
const PATIENCE: Duration = Duration::from_secs(60);
const REDIRECTS_MAX: usize = 5;

/// Asks a server.
pub(super) struct Client {
    outbound: Outbound,
    /// Sent to nobody but the server that it is for.
    token: Option<Token>,
}

struct Token {
    secret: String,
    origin: url::Origin,
}

/// What came back.
pub(super) struct Answer {
    pub address: String,
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Client {
    pub(super) fn new(outbound: Outbound) -> Self {
        Self {
            outbound,
            token: None,
        }
    }

    /// Who asks with a token, at one server.
    pub(super) fn with_token(outbound: Outbound, secret: String, server: &url::Url) -> Self {
        let origin = server.origin();
        let token = Some(Token { secret, origin });
        Self { outbound, token }
    }

    /// `GET`, along redirects.
    pub(super) fn get(&self, address: &str, accept: Option<&str>) -> Result<Answer, String> {
        let mut address = address.to_owned();
        for _ in 0..=REDIRECTS_MAX {
            let mut request = Request::get(&address);
            if let Some(accept) = accept {
                request = request.header("Accept", accept);
            }
            if let Some(secret) = self.secret_for(&address) {
                request = request.header("Authorization", format!("Bearer {secret}"));
            }
            let answer = self.send(&address, request.body(Vec::new()))?;
            let location = answer.header("location").map(str::to_owned);
            match location.filter(|_| matches!(answer.status, 301 | 302 | 303 | 307 | 308)) {
                Some(location) => address = resolved(&address, &location)?,
                None => return Ok(answer),
            }
        }
        Err(format!(
            "<{address}> redirects more than {REDIRECTS_MAX} times"
        ))
    }

    /// The JSON at an address.
    pub(super) fn json(&self, address: &str) -> Result<serde_json::Value, String> {
        let answer = self.get(address, Some("application/json"))?;
        if !answer.is_ok() {
            return Err(format!("<{address}> answers {}", answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|error| format!("<{address}>: {error}"))
    }

    /// The statements at an address.
    pub(super) fn turtle(&self, address: &str) -> Result<Vec<Triple>, String> {
        let answer = self.get(address, Some("text/turtle"))?;
        answer.triples(Format::Turtle)
    }

    /// Another request.
    pub(super) fn ask(
        &self,
        method: &str,
        address: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, String> {
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(address, request.body(body.as_bytes().to_vec()))
    }

    fn secret_for(&self, address: &str) -> Option<&str> {
        let origin = url::Url::parse(address).ok()?.origin();
        let token = self.token.as_ref()?;
        (token.origin == origin).then_some(token.secret.as_str())
    }

    fn send(
        &self,
        address: &str,
        request: Result<Request<Vec<u8>>, ureq::http::Error>,
    ) -> Result<Answer, String> {
        let request = request.map_err(|error| format!("<{address}>: {error}"))?;
        let limits = Limits {
            bytes_max: ANSWER_BYTES_MAX,
            timeout: PATIENCE,
            ..Limits::default()
        };
        let answer = self.outbound.send(request, &limits);
        answer
            .map(|answer| Answer::of(address, answer))
            .map_err(|error| told(&error))
    }
}

/// The way out for a command: the operator's, or one that leads to private addresses when the person says so.
pub(super) fn way_out(config: &Config, private: bool) -> Result<outbound::Settings, NetworkError> {
    let mut settings = config.outbound.clone();
    if private {
        settings.allow_private = vec!["0.0.0.0/0".parse()?, "::/0".parse()?];
    }
    Ok(settings)
}

fn resolved(address: &str, location: &str) -> Result<String, String> {
    let base = url::Url::parse(address).map_err(|error| error.to_string())?;
    let joined = base.join(location).map_err(|error| error.to_string())?;
    Ok(joined.into())
}

/// An error with its cause.
fn told(error: &OutboundError) -> String {
    use std::error::Error as _;
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

impl Answer {
    fn of(address: &str, answer: Response<Vec<u8>>) -> Self {
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        Self {
            address: address.to_owned(),
            status: answer.status().as_u16(),
            headers: headers.collect(),
            body: answer.into_body(),
        }
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let named = |(found, _): &&(String, String)| found.eq_ignore_ascii_case(name);
        let found = self.headers.iter().find(named);
        found.map(|(_, value)| value.as_str())
    }

    /// In lower case, without parameters.
    pub(super) fn media_type(&self) -> String {
        let declared = self.header("content-type").unwrap_or_default();
        let essence = declared.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    pub(super) fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The statements of an answer in a format.
    pub(super) fn triples(&self, format: Format) -> Result<Vec<Triple>, String> {
        if !self.is_ok() {
            return Err(format!("<{}> answers {}", self.address, self.status));
        }
        let found = Format::from_media_type(&self.media_type());
        if found != Some(format) {
            let media_type = self.media_type();
            return Err(format!(
                "<{}> answers «{media_type}», not {}",
                self.address,
                format.name()
            ));
        }
        let quads = format::parse(&self.body, format, Some(&self.address));
        let quads = quads.map_err(|error| format!("<{}>: {error}", self.address))?;
        Ok(crate::catalogue::incoming::distinct(
            quads.into_iter().map(Triple::from).collect(),
        ))
    }
}
