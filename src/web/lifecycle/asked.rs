//! What does somebody ask for with a form, or a program with JSON? And how are they answered?

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use crate::catalogue::View;
use crate::web::body;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::write::signed_in;
use crate::web::negotiate;
use crate::web::server::{Door, header_text, media_type};

/// The longest form or document that is read here, in bytes.
const BYTES_MAX: usize = 256 * 1024;

/// The fields of a form or of a JSON object.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of a field, unless it was left empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(key, _)| key == name);
        named
            .next()
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// All values of a field.
    pub(super) fn all(&self, name: &str) -> Vec<String> {
        let named = self.0.iter().filter(|(key, _)| key == name);
        named
            .map(|(_, value)| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// The value of a field as a text.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(str::to_owned)
    }

    /// The value of a field that is a number.
    pub(super) fn number(&self, name: &'static str) -> Result<Option<u64>, WebError> {
        let wrong = |text: &str| WebError::Parameter {
            name,
            message: format!("{text:?} is no whole number"),
        };
        self.get(name)
            .map(|text| text.parse().map_err(|_| wrong(text)))
            .transpose()
    }

    /// Whether a field says yes.
    pub(super) fn is_yes(&self, name: &str) -> bool {
        matches!(self.get(name), Some("yes" | "true" | "1" | "on"))
    }

    /// The reason of a change: the field, else what the request says.
    pub(super) fn reason(&self, request: &HttpRequest) -> Result<Option<String>, WebError> {
        match self.text("reason") {
            Some(reason) => body::short_reason(reason).map(Some),
            None => body::reason(request),
        }
    }
}

/// Reads who asks and what for. Nobody in particular may ask for nothing here.
pub(super) async fn read(
    door: &Door,
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<(View, Fields), WebError> {
    let view = signed_in(door, request).await?;
    let bytes = body::bytes_within(BYTES_MAX, request, payload).await?;
    let found = media_type(request)?;
    let fields = match found.as_str() {
        "application/x-www-form-urlencoded" => {
            url::form_urlencoded::parse(&bytes).into_owned().collect()
        }
        "application/json" | "" => of_json(&bytes)?,
        _ => {
            let known = "application/json, application/x-www-form-urlencoded".to_owned();
            return Err(WebError::UnsupportedMediaType { found, known });
        }
    };
    Ok((view, Fields(fields)))
}

fn of_json(bytes: &[u8]) -> Result<Vec<(String, String)>, WebError> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    let value: Value =
        serde_json::from_slice(bytes).map_err(|error| WebError::Body(error.to_string()))?;
    let Value::Object(members) = value else {
        return Err(WebError::Body("send a JSON object".to_owned()));
    };
    let text = |value: Value| match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            Some(other.to_string())
        }
    };
    let mut fields = Vec::new();
    for (name, value) in members {
        match value {
            Value::Array(values) => {
                fields.extend(
                    values
                        .into_iter()
                        .filter_map(text)
                        .map(|one| (name.clone(), one)),
                );
            }
            other => fields.extend(text(other).map(|one| (name, one))),
        }
    }
    Ok(fields)
}

/// What somebody who works on records may see; nobody in particular is told to sign in.
pub(super) async fn member(door: &Door, request: &HttpRequest) -> Result<View, WebError> {
    let view = door.view(request).await?;
    if view.is_anonymous() {
        let why = "this is for those who work on records: sign in, or send a token";
        return Err(WebError::Forbidden(why.to_owned()));
    }
    Ok(view)
}

/// The same for what belongs to a record: to whoever may not see that, it is not there.
pub(super) async fn member_of(
    door: &Door,
    request: &HttpRequest,
    path: &str,
) -> Result<View, WebError> {
    let view = door.view(request).await?;
    if view.is_anonymous() {
        view.record(path).await?;
    }
    member(door, request).await
}

/// Whether a page is wanted rather than JSON.
pub(super) fn wants_page(request: &HttpRequest) -> bool {
    match crate::web::server::parameter(request, "format").as_deref() {
        Some("html") => return true,
        Some(_) => return false,
        None => (),
    }
    let offered: [&[&str]; 2] = [&["application/json"], &["text/html"]];
    let accept = header_text(request, header::ACCEPT);
    accept.is_some() && negotiate::choose(accept, &offered) == Some(1)
}

/// The answer to a wish that was granted: back to a page, or JSON.
#[expect(clippy::unnecessary_wraps, reason = "it ends handlers")]
pub(super) fn done(door: &Door, request: &HttpRequest, page: &str, json: &Value) -> Answer {
    if wants_page(request) {
        let there = format!("{}{page}", door.base().path_prefix());
        return Ok(HttpResponse::SeeOther()
            .insert_header((header::LOCATION, there))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish());
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json))
}
