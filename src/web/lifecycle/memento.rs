//! Which state of a record did the public see at a time? Memento (RFC 7089), pattern 1.1: a record's own address is
//! its time gate, its versions are the mementos; and the version relations of RFC 5829.

use std::fmt::Write as _;

use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse, web};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::asked::wants_page;
use crate::catalogue::history::MEMENTOS_MAX;
use crate::catalogue::{Around, Record, View};
use crate::ledger::Memento;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::record_path;
use crate::web::server::{Door, header_text, parameter};
use crate::web::{VARY, answered};

/// The header of the time that a client asks for.
const ACCEPT_DATETIME: &str = "accept-datetime";
/// The header of the time that an answer stands for.
const MEMENTO_DATETIME: &str = "memento-datetime";
const LINK_FORMAT: &str = "application/link-format";

/// A time as HTTP writes it (RFC 9110 §5.6.7).
fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The addresses of a record here.
struct Addresses {
    record: String,
    below: String,
}

impl Addresses {
    fn of(door: &Door, record: &Record) -> Self {
        let below = door.base().iri(&record.path).into_string();
        let record = if record.path.is_empty() {
            format!("{below}/")
        } else {
            below.clone()
        };
        Self { record, below }
    }

    fn version(&self, n: u64) -> String {
        format!("{}/versions/{n}", self.below)
    }

    fn timemap(&self) -> String {
        format!("{}/timemap", self.below)
    }
}

/// What a record's own answer links to: its time map, its time gate, its history.
pub fn links_of_record(door: &Door, record: &Record) -> String {
    let addresses = Addresses::of(door, record);
    format!(
        "<{}>; rel=\"original timegate\", <{}>; rel=\"timemap\"; type=\"{LINK_FORMAT}\", \
         <{}/history>; rel=\"version-history\"",
        addresses.record,
        addresses.timemap(),
        addresses.below
    )
}

/// The time that a request asks for, if it does.
pub fn wanted_time(request: &HttpRequest) -> Result<Option<Timestamp>, WebError> {
    let Some(text) = header_text(request, HeaderName::from_static(ACCEPT_DATETIME)) else {
        return Ok(None);
    };
    let time = httpdate::parse_http_date(text).ok();
    let time = time.and_then(|time| Timestamp::try_from(time).ok());
    time.map(Some).ok_or_else(|| WebError::Parameter {
        name: "Accept-Datetime",
        message: format!("{text:?} is no time: write it as «Thu, 01 Jan 2026 00:00:00 GMT»"),
    })
}

/// The time gate: leads to the version that the public saw at a time (RFC 7089 §4.2.1).
pub async fn through_the_gate(
    door: &Door,
    view: &View,
    record: &Record,
    extension: Option<&str>,
    at: Timestamp,
) -> Result<Option<HttpResponse>, WebError> {
    // A header tells whole seconds, and a version of the same second is meant.
    let end_of_second = at
        .checked_add(jiff::SignedDuration::from_micros(999_999))
        .unwrap_or(at);
    let Some(memento) = view.memento_near(record, end_of_second).await? else {
        return Ok(None);
    };
    let addresses = Addresses::of(door, record);
    let mut there = addresses.version(memento.version);
    if let Some(extension) = extension {
        let _ = write!(there, ".{extension}");
    }
    let around = view.around(record, memento.version).await?;
    let links = around.map_or_else(String::new, |around| links(&addresses, &around));
    Ok(Some(
        HttpResponse::Found()
            .insert_header((header::LOCATION, there))
            .insert_header((header::VARY, format!("{VARY}, Accept-Datetime")))
            .insert_header((header::LINK, links))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .finish(),
    ))
}

/// Adds to the answer of a version what Memento asks for; a version that the public never saw is no memento.
pub async fn mark(
    door: &Door,
    view: &View,
    record: &Record,
    n: u64,
    response: &mut HttpResponse,
) -> Result<(), WebError> {
    let Some(around) = view.around(record, n).await? else {
        return Ok(());
    };
    let mut set = |name: HeaderName, text: &str| {
        if let Ok(value) = header::HeaderValue::from_str(text) {
            response.headers_mut().insert(name, value);
        }
    };
    set(
        HeaderName::from_static(MEMENTO_DATETIME),
        &http_date(around.this.at),
    );
    set(header::LINK, &links(&Addresses::of(door, record), &around));
    Ok(())
}

/// The links of a memento (RFC 7089 §2.2, RFC 5829 §3).
fn links(addresses: &Addresses, around: &Around) -> String {
    let mut links = format!(
        "<{}>; rel=\"original timegate\", <{}>; rel=\"timemap\"; type=\"{LINK_FORMAT}\", \
         <{}/history>; rel=\"version-history\"",
        addresses.record,
        addresses.timemap(),
        addresses.below
    );
    let mut link = |memento: Memento, relations: &str| {
        let _ = write!(
            links,
            ", <{}>; rel=\"{relations}\"; datetime=\"{}\"",
            addresses.version(memento.version),
            http_date(memento.at)
        );
    };
    let (first, last) = (around.first.version, around.last.version);
    if around.this.version != first && around.before.is_none_or(|one| one.version != first) {
        link(around.first, "first memento");
    }
    if let Some(before) = around.before {
        let first = if before.version == first {
            "first "
        } else {
            ""
        };
        link(before, &format!("{first}prev memento predecessor-version"));
    }
    let itself = match (around.this.version == first, around.this.version == last) {
        (true, true) => "first last memento latest-version",
        (true, false) => "first memento",
        (false, true) => "last memento latest-version",
        (false, false) => "memento",
    };
    link(around.this, itself);
    if let Some(after) = around.after {
        let last = if after.version == last { "last " } else { "" };
        link(after, &format!("{last}next memento successor-version"));
    }
    if around.this.version != last && around.after.is_none_or(|one| one.version != last) {
        link(around.last, "last memento latest-version");
    }
    links
}

/// `GET {record}/timemap`: every version that the public saw, as links or as JSON, page by page.
pub(super) async fn timemap(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, mapped(&door, &request).await)
}

async fn mapped(door: &Door, request: &HttpRequest) -> Answer {
    let after = parameter(request, "after").map_or(Ok(0), |text| {
        text.parse().map_err(|_| WebError::Parameter {
            name: "after",
            message: format!("{text:?} is no number of a version"),
        })
    })?;
    let view = door.view(request).await?;
    let record = view.record(&record_path(request)).await?;
    let mementos = view.mementos(&record, after).await?;
    let addresses = Addresses::of(door, &record);
    let next = mementos.last().filter(|_| mementos.len() == MEMENTOS_MAX);
    let next = next.map(|last| format!("{}?after={}", addresses.timemap(), last.version));
    if wants_json(request) {
        let body = as_json(&addresses, &mementos, next.as_deref());
        return Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(body));
    }
    Ok(HttpResponse::Ok()
        .insert_header((header::VARY, VARY))
        .content_type(LINK_FORMAT)
        .body(as_links(&addresses, &mementos, next.as_deref())))
}

fn wants_json(request: &HttpRequest) -> bool {
    if let Some(format) = parameter(request, "format") {
        return format == "json";
    }
    let accept = header_text(request, header::ACCEPT).unwrap_or_default();
    accept.contains("json") && !wants_page(request)
}

/// RFC 7089 §5, in the format of RFC 6690.
fn as_links(addresses: &Addresses, mementos: &[Memento], next: Option<&str>) -> String {
    let mut text = format!("<{}>;rel=\"original timegate\"", addresses.record);
    let _ = write!(
        text,
        ",\n<{}>;rel=\"self\";type=\"{LINK_FORMAT}\"",
        addresses.timemap()
    );
    if let (Some(first), Some(last)) = (mementos.first(), mementos.last()) {
        let (from, until) = (http_date(first.at), http_date(last.at));
        let _ = write!(text, ";from=\"{from}\";until=\"{until}\"");
    }
    if let Some(next) = next {
        let _ = write!(text, ",\n<{next}>;rel=\"timemap\";type=\"{LINK_FORMAT}\"");
    }
    for memento in mementos {
        let (there, at) = (addresses.version(memento.version), http_date(memento.at));
        let _ = write!(text, ",\n<{there}>;rel=\"memento\";datetime=\"{at}\"");
    }
    text.push('\n');
    text
}

fn as_json(addresses: &Addresses, mementos: &[Memento], next: Option<&str>) -> Value {
    let one = |memento: &Memento| {
        json!({
            "uri": addresses.version(memento.version),
            "version": memento.version,
            "datetime": memento.at.to_string(),
        })
    };
    json!({
        "original_uri": addresses.record,
        "timegate_uri": addresses.record,
        "timemap_uri": { "link_format": addresses.timemap(), "json_format": format!("{}?format=json", addresses.timemap()) },
        "mementos": { "list": mementos.iter().map(one).collect::<Vec<_>>() },
        "next": next,
    })
}
