//! The whole result of a search to take away, from the first hit to the last, and as feeds.

mod citations;
mod feeds;
mod table;

use std::io::{self, Write};
use std::sync::Arc;

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::error::{Answer, WebError};
use super::server::Door;
use super::stream::{Out, streamed};
use super::{VARY, answered, api};
use crate::catalogue::description;
use crate::rdf::{Format, NamedNode, Triple, format};
use crate::search::{Error, Hit, Labelled, SearchQuery};

pub use feeds::Feed;
pub use table::line as csv_line;

/// How many exports are written at once.
pub const EXPORTS_AT_ONCE: usize = 4;
/// What a client that came too late waits, in seconds.
const BUSY_SECONDS: u32 = 10;

/// A format of a whole result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    Csv,
    /// One array.
    Json,
    /// One object a line.
    JsonLines,
    BibTex,
    Ris,
    Rdf(Format),
}

/// Something to take away: an export or a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TakeAway {
    Export(Export),
    Feed(Feed),
}

impl TakeAway {
    /// Those that the page of results offers, with their names for people.
    pub const OFFERED: [(Self, &'static str); 9] = [
        (Self::Export(Export::Csv), "CSV"),
        (Self::Export(Export::Json), "JSON"),
        (Self::Export(Export::JsonLines), "JSON Lines"),
        (Self::Export(Export::Rdf(Format::Turtle)), "Turtle"),
        (Self::Export(Export::Rdf(Format::JsonLd)), "JSON-LD"),
        (Self::Export(Export::BibTex), "BibTeX"),
        (Self::Export(Export::Ris), "RIS"),
        (Self::Feed(Feed::Atom), "Atom"),
        (Self::Feed(Feed::Json), "JSON Feed"),
    ];

    /// What follows the dot of an address, or stands in `format=`.
    pub fn from_extension(extension: &str) -> Option<Self> {
        Some(match extension {
            "csv" => Self::Export(Export::Csv),
            "json" => Self::Export(Export::Json),
            "jsonl" | "ndjson" => Self::Export(Export::JsonLines),
            "bib" => Self::Export(Export::BibTex),
            "ris" => Self::Export(Export::Ris),
            "atom" => Self::Feed(Feed::Atom),
            "feed.json" => Self::Feed(Feed::Json),
            other => Self::Export(Export::Rdf(Format::from_extension(other)?)),
        })
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Export(Export::Csv) => "csv",
            Self::Export(Export::Json) => "json",
            Self::Export(Export::JsonLines) => "jsonl",
            Self::Export(Export::BibTex) => "bib",
            Self::Export(Export::Ris) => "ris",
            Self::Export(Export::Rdf(format)) => format.extension(),
            Self::Feed(Feed::Atom) => "atom",
            Self::Feed(Feed::Json) => "feed.json",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Export(Export::Csv) => "text/csv",
            Self::Export(Export::Json) => "application/json",
            Self::Export(Export::JsonLines) => "application/x-ndjson",
            Self::Export(Export::BibTex) => "application/x-bibtex",
            Self::Export(Export::Ris) => "application/x-research-info-systems",
            Self::Export(Export::Rdf(format)) => format.media_type(),
            Self::Feed(Feed::Atom) => "application/atom+xml",
            Self::Feed(Feed::Json) => "application/feed+json",
        }
    }

    /// The address of a search in this form.
    pub fn address(self, root: &str, query: &SearchQuery) -> String {
        let page = api::search_address("", query);
        let pairs = page.strip_prefix("/search").unwrap_or_default();
        format!("{root}/search.{}{pairs}", self.extension())
    }

    pub async fn answer(self, door: &web::Data<Door>, request: &HttpRequest) -> Answer {
        let query = api::query_of(request);
        match self {
            Self::Export(export) => export.answer(door, query),
            Self::Feed(feed) => feed.answer(door, request, query).await,
        }
    }
}

/// `/search.{extension}`
pub async fn file(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let extension = request.match_info().get("extension").unwrap_or_default();
    let answer = match TakeAway::from_extension(extension) {
        Some(wanted) => wanted.answer(&door, &request).await,
        None => Err(WebError::NotFound(request.path().to_owned())),
    };
    answered(&door, &request, answer)
}

/// Why an export ended before its end.
#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Search(#[from] Error),
    #[error(transparent)]
    Io(#[from] io::Error),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Export {
    fn answer(self, door: &web::Data<Door>, query: SearchQuery) -> Answer {
        let permit = Arc::clone(&door.exports).try_acquire_owned();
        let permit = permit.map_err(|_| WebError::Busy(BUSY_SECONDS))?;
        let media_type = TakeAway::Export(self).media_type();
        let extension = TakeAway::Export(self).extension();
        let mut response = HttpResponse::Ok();
        response.insert_header((header::VARY, VARY));
        let charset = if media_type.starts_with("text/") {
            "; charset=utf-8"
        } else {
            ""
        };
        response.content_type(format!("{media_type}{charset}"));
        if matches!(self, Self::Csv | Self::BibTex | Self::Ris) {
            let name = format!("attachment; filename=\"search.{extension}\"");
            if let Ok(name) = HeaderValue::from_str(&name) {
                response.insert_header((header::CONTENT_DISPOSITION, name));
            }
        }
        let query = SearchQuery {
            after: None,
            ..query
        };
        let writing = Writing {
            door: door.clone(),
            query,
        };
        Ok(streamed(response, permit, move |out| match self {
            Self::Csv => writing.csv(out),
            Self::Json => writing.json(out, true),
            Self::JsonLines => writing.json(out, false),
            Self::BibTex => writing.each(|hit, base| {
                out.write_all(citations::bibtex(hit, base).as_bytes())?;
                Ok(())
            }),
            Self::Ris => writing.each(|hit, base| {
                out.write_all(citations::ris(hit, base).as_bytes())?;
                Ok(())
            }),
            Self::Rdf(format) => writing.rdf(out, format),
        }))
    }
}

/// What the writing of a whole result needs.
struct Writing {
    door: web::Data<Door>,
    query: SearchQuery,
}

impl Writing {
    fn each(&self, mut write: impl FnMut(&Hit, &str) -> Result<(), Broken>) -> Result<(), Broken> {
        let base = self.door.base().as_str();
        let all = self.door.index.each(&self.query, |hit| write(&hit, base));
        all.map(drop)
    }

    fn csv(&self, out: &mut Out) -> Result<(), Broken> {
        out.write_all(table::head().as_bytes())?;
        self.each(|hit, base| Ok(out.write_all(table::row(hit, base).as_bytes())?))
    }

    fn json(&self, out: &mut Out, is_array: bool) -> Result<(), Broken> {
        let mut before: &[u8] = if is_array { b"[\n" } else { b"" };
        self.each(|hit, base| {
            out.write_all(before)?;
            before = if is_array { b",\n" } else { b"\n" };
            serde_json::to_writer(&mut *out, &object(hit, base))?;
            Ok(())
        })?;
        let is_empty = before == b"[\n";
        match (is_array, is_empty) {
            (true, true) => out.write_all(b"[]\n")?,
            (true, false) => out.write_all(b"\n]\n")?,
            (false, _) => out.write_all(before)?,
        }
        Ok(())
    }

    /// What is said about each record that is found: by its provider, and by this server.
    fn rdf(&self, out: &mut Out, format: Format) -> Result<(), Broken> {
        let snapshot = self.door.catalogue.public().snapshot();
        let base = self.door.base();
        let mut writer = format::Writer::new(format, out);
        self.door.index.each(&self.query, |hit| {
            let iri = NamedNode::new_unchecked(hit.iri);
            // A record that was withdrawn a moment ago may still be found, but has no graph.
            let Some(sent) = snapshot.graph(&iri) else {
                return Ok(());
            };
            let said = snapshot.graph(&description::graph_name(base, &hit.path));
            for triple in sent.iter().chain(said.iter().flatten()) {
                writer.triple(Triple::as_ref(triple))?;
            }
            Ok::<(), Broken>(())
        })?;
        writer.finish()?;
        Ok(())
    }
}

/// A hit for programs.
fn object(hit: &Hit, base: &str) -> Value {
    let mut body = json!(hit);
    if let Some(body) = body.as_object_mut() {
        body.insert("url".to_owned(), json!(format!("{base}{}", hit.path)));
        body.insert("description".to_owned(), json!(hit.description));
        body.shift_remove("snippet_html");
        body.shift_remove("score");
    }
    body
}

/// The concepts that a hit is about.
fn tags(hit: &Hit) -> impl Iterator<Item = &Labelled> {
    let all = hit.cancer.iter().chain(&hit.modality);
    all.chain(&hit.body_part)
}

/// A time of the index, in the form of RFC 3339.
fn instant(milliseconds: i64) -> String {
    let at = jiff::Timestamp::from_millisecond(milliseconds).unwrap_or_default();
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
