//! How is a stream of changes read over HTTP? Pages that never change are kept by everybody, the last ones are asked for
//! again (LDES, DCAT-AP Feeds).

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use moka::sync::Cache;

use super::{has, set};
use crate::feeds::hub::PATH;
use crate::feeds::{Node, Place, Tag};
use crate::rdf::Format;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::record_path;
use crate::web::negotiate;
use crate::web::server::{Door, header_text, parameter};
use crate::web::{VARY, answered};

/// The memory for pages that are written already, in bytes.
const PAGES_BYTES_MAX: u64 = 64 * 1024 * 1024;
const CLOSED: &str = "public, max-age=604800, immutable";
const OPEN: &str = "public, max-age=10";
/// What pages are written in, the preferred first. Payloads are graphs with names, which Turtle does not have: it is for
/// the pages that only lead on.
const FORMATS: [Format; 4] = [Format::TriG, Format::JsonLd, Format::NQuads, Format::Turtle];

/// Pages that are written already.
pub struct Pages(Cache<(String, Format, u64), Bytes>);

impl Default for Pages {
    fn default() -> Self {
        let weight = |key: &(String, Format, u64), page: &Bytes| {
            u32::try_from(page.len() + key.0.len() + 128).unwrap_or(u32::MAX)
        };
        let cache = Cache::builder()
            .max_capacity(PAGES_BYTES_MAX)
            .weigher(weight)
            .build();
        Self(cache)
    }
}

/// `GET /ldes…`: every change.
pub(super) async fn all(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let place = Place::all(door.base());
    answered(&door, &request, page(&door, &request, place).await)
}

/// `GET /ldes/latest…`: of each record the last change.
pub(super) async fn latest(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let place = Place::latest(door.base());
    answered(&door, &request, page(&door, &request, place).await)
}

/// `GET /ldes/catalog/{id}…`: the changes of a catalogue and of what stands below it.
pub(super) async fn of_catalogue(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let place = catalogue(&door, &record_path(&request)).await?;
        let place = place.ok_or_else(|| WebError::NotFound(request.path().to_owned()))?;
        page(&door, &request, place).await
    };
    answered(&door, &request, answer.await)
}

/// The stream of the catalogue at a path, if it ever was public.
async fn catalogue(door: &Door, path: &str) -> Result<Option<Place>, WebError> {
    door.feeds.catch_up().await?;
    Ok(door.feeds.place_of(path).await?)
}

/// One activity by its own address.
pub(super) async fn activity(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let missing = || WebError::NotFound(request.path().to_owned());
        let n = request.match_info().get("n").unwrap_or_default();
        let sequence = n.parse().map_err(|_| missing())?;
        let format = wanted(&request, FORMATS.as_slice())?;
        door.feeds.catch_up().await?;
        let path = record_path(&request);
        let written = door.feeds.activity(&path, sequence, format).await?;
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .insert_header((header::CACHE_CONTROL, OPEN))
            .content_type(format.media_type())
            .body(written.ok_or_else(missing)?))
    };
    answered(&door, &request, answer.await)
}

async fn page(door: &Door, request: &HttpRequest, place: Place) -> Answer {
    let missing = || WebError::NotFound(request.path().to_owned());
    let path = request.match_info().get("node").unwrap_or_default();
    let node = Node::parse(path).ok_or_else(missing)?;
    // A graph cannot be told in Turtle.
    let formats = match node {
        Node::Page(..) => &FORMATS[..3],
        Node::Root | Node::Year(_) | Node::Month(..) | Node::Group(..) => &FORMATS[..],
    };
    let format = wanted(request, formats)?;
    door.feeds.catch_up().await?;
    let tag = door.feeds.tag(&place, node).ok_or_else(missing)?;
    let etag = format!("\"{:x}.{}\"", tag.digest, format.extension());
    let hub = format!("<{}{PATH}>; rel=\"hub\"", door.base());
    if has(request, &etag) {
        let mut response = HttpResponse::NotModified().finish();
        describe(&mut response, &hub, &etag, tag);
        return Ok(response);
    }
    let bytes = written(door, &place, node, (format, tag)).await?;
    let mut response = HttpResponse::Ok()
        .content_type(format.media_type())
        .body(bytes.ok_or_else(missing)?);
    describe(&mut response, &hub, &etag, tag);
    Ok(response)
}

/// A page, from memory when it was written before.
async fn written(
    door: &Door,
    place: &Place,
    node: Node,
    (format, tag): (Format, Tag),
) -> Result<Option<Bytes>, WebError> {
    let key = (place.address(node).into_string(), format, tag.digest);
    if let Some(kept) = door.feed_pages.0.get(&key) {
        return Ok(Some(kept));
    }
    let written = door.feeds.write(place, node, format).await?;
    let Some(bytes) = written.map(Bytes::from) else {
        return Ok(None);
    };
    door.feed_pages.0.insert(key, bytes.clone());
    Ok(Some(bytes))
}

fn describe(response: &mut HttpResponse, hub: &str, etag: &str, tag: Tag) {
    let kept = if tag.is_closed { CLOSED } else { OPEN };
    let headers = response.headers_mut();
    set(headers, header::ETAG, etag);
    set(headers, header::CACHE_CONTROL, kept);
    set(headers, header::VARY, "Accept");
    set(headers, header::LINK, hub);
}

/// The format that a client wants, of those that there are.
fn wanted(request: &HttpRequest, offered: &[Format]) -> Result<Format, WebError> {
    let refused = |accept: &str| {
        let types: Vec<&str> = offered.iter().map(|one| one.media_type()).collect();
        WebError::NotAcceptable {
            accept: accept.to_owned(),
            offered: types.join(", "),
        }
    };
    if let Some(name) = parameter(request, "format") {
        let named = Format::from_extension(&name).filter(|format| offered.contains(format));
        return named.ok_or_else(|| refused(&name));
    }
    let types: Vec<&[&str]> = offered.iter().map(|one| one.media_types()).collect();
    let accept = header_text(request, header::ACCEPT);
    let chosen = negotiate::choose(accept, &types).map(|at| offered[at]);
    // A browser takes what there is.
    let is_browser = accept.is_some_and(|accept| accept.contains("text/html"));
    chosen
        .or_else(|| is_browser.then_some(offered[0]))
        .ok_or_else(|| refused(accept.unwrap_or_default()))
}
