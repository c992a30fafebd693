//! What did a form, or a program in JSON, ask for? Pairs of names and values within bounds.

use actix_web::http::header;
use actix_web::{HttpRequest, web};
use serde_json::Value;

use crate::web::body;
use crate::web::error::WebError;
use crate::web::server::header_text;

/// The longest form that is read here, in bytes.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// The most pairs of one form.
const PAIRS_MAX: usize = 400;

/// What was asked for.
pub type Asked = Vec<(String, String)>;

/// Reads a form, or an object of texts and lists of texts in JSON.
pub async fn pairs(request: &HttpRequest, payload: &mut web::Payload) -> Result<Asked, WebError> {
    let bytes = body::bytes_within(FORM_BYTES_MAX, request, payload).await?;
    let kind = header_text(request, header::CONTENT_TYPE).unwrap_or_default();
    let is_json = kind.trim_start().starts_with("application/json");
    let mut pairs = if is_json {
        of_json(&bytes)?
    } else {
        url::form_urlencoded::parse(&bytes).into_owned().collect()
    };
    pairs.truncate(PAIRS_MAX);
    Ok(pairs)
}

fn of_json(bytes: &[u8]) -> Result<Asked, WebError> {
    let object: serde_json::Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|error| WebError::Body(error.to_string()))?;
    let mut pairs = Vec::new();
    for (name, value) in object {
        let values = match value {
            Value::Array(values) => values,
            value => vec![value],
        };
        pairs.extend(values.into_iter().map(|value| (name.clone(), text(value))));
    }
    Ok(pairs)
}

fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

/// The first value of a name that is not empty.
pub fn value<'a>(asked: &'a Asked, name: &str) -> Option<&'a str> {
    let mut named = asked
        .iter()
        .filter(|(own, value)| own == name && !value.trim().is_empty());
    named.next().map(|(_, value)| value.trim())
}

/// Every value of a name.
pub fn values<'a>(asked: &'a Asked, name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = asked.iter().filter(move |(own, _)| own == name);
    named.map(|(_, value)| value.trim())
}

/// The value of a name that must be there.
pub fn needed<'a>(asked: &'a Asked, name: &'static str) -> Result<&'a str, WebError> {
    value(asked, name).ok_or_else(|| WebError::Parameter {
        name,
        message: "it is missing".to_owned(),
    })
}
