//! What did the client send? A body within bounds, in a format that we know.

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use futures_util::StreamExt;

use super::error::WebError;
use super::fair_data_point::FairDataPoint;
use super::server::{Door, header_text, media_type, parameter};
use crate::catalogue::writing::Precondition;
use crate::catalogue::{Sent, State};
use crate::rdf::Format;

/// The longest answer that is held whole before it is sent, in bytes.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads a whole body, at most as long as the setting allows.
pub async fn bytes(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<Vec<u8>, WebError> {
    bytes_within(door.settings.body_bytes_max, request, payload).await
}

/// Reads a whole body of at most so many bytes. One that says that it is longer is not read at all.
pub async fn bytes_within(
    max: usize,
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<Vec<u8>, WebError> {
    let declared = header_text(request, header::CONTENT_LENGTH).and_then(|text| text.parse().ok());
    if declared.is_some_and(|length: usize| length > max) {
        return Err(WebError::TooLarge { max });
    }
    // Pieces first: a vector that grows holds twice what it needs.
    let mut pieces = Vec::new();
    let mut length = 0;
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|error| WebError::Body(error.to_string()))?;
        length += piece.len();
        if length > max {
            return Err(WebError::TooLarge { max });
        }
        pieces.push(piece);
    }
    let mut body = Vec::with_capacity(length);
    for piece in pieces {
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// The RDF format of a body. None declared, or `text/plain`, is Turtle, as FAIR Data Point clients
/// send it.
pub fn format(request: &HttpRequest) -> Result<Format, WebError> {
    let found = media_type(request)?;
    if found.is_empty() {
        return Ok(Format::Turtle);
    }
    Format::from_media_type(&found).ok_or_else(|| {
        let known: Vec<&str> = Format::ALL
            .iter()
            .map(|format| format.media_type())
            .collect();
        WebError::UnsupportedMediaType {
            found,
            known: known.join(", "),
        }
    })
}

/// A document that a client wants to store.
pub async fn sent(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<Sent, WebError> {
    let format = format(request)?;
    let bytes = bytes(door, request, payload).await?;
    Ok(Sent {
        bytes,
        format,
        slug: header_text(request, header::HeaderName::from_static("slug")).map(str::to_owned),
        state: parameter(request, "state")
            .map(|text| state(&text))
            .transpose()?,
        reason: reason(request)?,
        if_match: precondition(request)?,
        language: language(request),
    })
}

/// The language of texts that name none: what the request says of itself (RFC 9110 §8.5), else what the operator says of
/// clients that cannot say it.
fn language(request: &HttpRequest) -> Option<String> {
    let said = header_text(request, header::CONTENT_LANGUAGE);
    // Whoever names several does not say which text is in which.
    let said = said.map(str::trim).filter(|said| !said.contains(','));
    let settled = || request.app_data::<web::Data<FairDataPoint>>()?.language();
    said.or_else(settled).map(str::to_owned)
}

/// The longest reason of a change, in characters.
const REASON_CHARS_MAX: usize = 2_000;

/// Why a change is made, for the history: the header `Change-Reason` (in UTF-8), else the parameter `reason`.
pub fn reason(request: &HttpRequest) -> Result<Option<String>, WebError> {
    let header = request.headers().get("change-reason");
    let header = header.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned());
    let said = header.or_else(|| parameter(request, "reason"));
    said.filter(|reason| !reason.is_empty())
        .map(short_reason)
        .transpose()
}

/// A reason that is not too long.
pub fn short_reason(reason: String) -> Result<String, WebError> {
    if reason.chars().count() <= REASON_CHARS_MAX {
        return Ok(reason);
    }
    Err(WebError::Parameter {
        name: "reason",
        message: format!("it is longer than {REASON_CHARS_MAX} characters; say it shorter"),
    })
}

/// A state by its name, in any case, as the FAIR Data Point writes them or as we do.
pub fn state(text: &str) -> Result<State, WebError> {
    State::from_word(&text.to_ascii_lowercase())
        .filter(|state| *state != State::Deleted)
        .ok_or_else(|| WebError::Parameter {
            name: "state",
            message: format!("{text:?} is none of draft, published, withdrawn"),
        })
}

/// The version that a change was made from (RFC 9110 §13.1). An `ETag` of ours starts with the
/// version of the record's description.
pub fn precondition(request: &HttpRequest) -> Result<Option<Precondition>, WebError> {
    if let Some(text) = header_text(request, header::IF_MATCH) {
        if text.trim() == "*" {
            return Ok(Some(Precondition::Exists));
        }
        let version = text.split(',').find_map(version_of_etag);
        return version
            .map(|version| Some(Precondition::Version(version)))
            .ok_or_else(|| WebError::Parameter {
                name: "If-Match",
                message: format!("{text} is no ETag of this server"),
            });
    }
    let absent = header_text(request, header::IF_NONE_MATCH).is_some_and(|text| text.trim() == "*");
    Ok(absent.then_some(Precondition::Absent))
}

/// The version in an `ETag` such as `"v3-17.ttl"`.
fn version_of_etag(etag: &str) -> Option<u64> {
    let inside = etag.trim().trim_start_matches("W/").trim_matches('"');
    let digits = inside.strip_prefix('v')?;
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    digits[..end].parse().ok()
}
