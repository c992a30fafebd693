//! How does a dump reach a client, also when the line breaks? Whole, or the part that is asked for (RFC 9110 §14).

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, LazyLock};

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use tokio::sync::Semaphore;

use super::set;
use crate::feeds::{Dump, Packing, Variant};
use crate::rdf::Format;
use crate::rdf::lines::Syntax;
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::server::{Door, header_text};
use crate::web::stream::{Out, streamed};

/// Transfers that run at once.
const TRANSFERS_AT_ONCE: usize = 16;
/// What a client waits for a dump that is being written, or for a place, in seconds.
const BUSY_SECONDS: u32 = 15;
const BLOCK_BYTES: usize = 64 * 1024;
const NAME: &str = "catalogue";

static TRANSFERS: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(TRANSFERS_AT_ONCE)));

/// The addresses of the dumps below the base.
pub fn paths() -> impl Iterator<Item = String> {
    let extensions = Variant::ALL.iter().map(|(_, extension)| extension);
    extensions.map(|extension| format!("/dump/{NAME}.{extension}"))
}

/// `GET /dump/catalogue.nq.zst`, or with the number of its last change, `catalogue-42.nq.zst`.
pub(super) async fn file(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, answer(&door, &request).await)
}

async fn answer(door: &Door, request: &HttpRequest) -> Answer {
    let missing = || WebError::NotFound(request.path().to_owned());
    let name = request.match_info().get("file").unwrap_or_default();
    let (variant, sequence) = asked(name).ok_or_else(missing)?;
    let dumps = door.feeds.dumps();
    let found = match sequence.or_else(|| begun(request, variant)) {
        Some(sequence) => dumps.of(variant, sequence),
        None => None,
    };
    let dump = match found {
        Some(dump) => dump,
        None if sequence.is_some() => return Err(missing()),
        None => {
            let newest = dumps.newest(variant).await?;
            newest.ok_or(WebError::Busy(BUSY_SECONDS))?
        }
    };
    send(door, request, &dump)
}

/// The form that a name asks for, and the last change, when it names one.
fn asked(name: &str) -> Option<(Variant, Option<u64>)> {
    let (name, extension) = name.split_once('.')?;
    let variant = Variant::from_extension(extension)?;
    let rest = name.strip_prefix(NAME)?;
    let sequence = match rest.strip_prefix('-') {
        Some(sequence) => Some(sequence.parse().ok()?),
        None => rest.is_empty().then_some(None)?,
    };
    Some((variant, sequence))
}

/// The dump whose transfer has begun before: it is gone on with as long as it is kept, also when there is a newer one.
fn begun(request: &HttpRequest, variant: Variant) -> Option<u64> {
    let tag = header_text(request, header::IF_RANGE)?;
    let sequence = tag.strip_prefix('"')?.strip_suffix('"')?;
    let sequence = sequence.strip_suffix(variant.extension())?;
    sequence.strip_suffix('.')?.parse().ok()
}

fn send(door: &Door, request: &HttpRequest, dump: &Dump) -> Answer {
    let etag = format!("\"{}.{}\"", dump.sequence, dump.variant.extension());
    if super::has(request, &etag) {
        let mut response = HttpResponse::NotModified().finish();
        describe(&mut response, door, dump, &etag);
        return Ok(response);
    }
    let part = match wanted(request, &etag, dump.bytes) {
        Wanted::Whole => None,
        Wanted::Part(from, until) => Some((from, until)),
        Wanted::Nothing => return Err(WebError::Range { length: dump.bytes }),
    };
    let (from, until) = part.unwrap_or((0, dump.bytes));
    let mut response = if part.is_some() {
        HttpResponse::PartialContent()
    } else {
        HttpResponse::Ok()
    };
    if part.is_some() {
        let last = until.saturating_sub(1);
        let range = format!("bytes {from}-{last}/{}", dump.bytes);
        response.insert_header((header::CONTENT_RANGE, range));
    }
    response.no_chunking(until - from);
    let mut response = if request.method() == Method::HEAD {
        response.body(actix_web::body::SizedStream::new(
            until - from,
            futures_util::stream::empty::<Result<web::Bytes, io::Error>>(),
        ))
    } else {
        let permit = Arc::clone(&TRANSFERS).try_acquire_owned();
        let permit = permit.map_err(|_| WebError::Busy(BUSY_SECONDS))?;
        let path = dump.path.clone();
        let file = File::open(&path);
        // It was there a moment ago: a newer one has taken its place.
        let file = file.map_err(|_| WebError::Busy(1))?;
        streamed(response, permit, move |out| copy(file, from, until, out))
    };
    describe(&mut response, door, dump, &etag);
    Ok(response)
}

fn copy(mut file: File, from: u64, until: u64, out: &mut Out) -> io::Result<()> {
    file.seek(SeekFrom::Start(from))?;
    let mut left = file.take(until - from);
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let read = left.read(&mut block)?;
        if read == 0 {
            return Ok(());
        }
        out.write_all(&block[..read])?;
    }
}

fn describe(response: &mut HttpResponse, door: &Door, dump: &Dump, etag: &str) {
    let extension = dump.variant.extension();
    let here = format!(
        "{}/dump/{NAME}-{}.{extension}",
        door.base().path_prefix(),
        dump.sequence
    );
    // Whoever has it goes on with the stream of changes.
    let stream = format!("<{}/ldes>; rel=\"related\"", door.base());
    let headers = response.headers_mut();
    set(headers, header::CONTENT_TYPE, media_type(dump.variant));
    // It is packed already, or is to be gone on with at any byte.
    set(headers, header::CONTENT_ENCODING, "identity");
    set(headers, header::ACCEPT_RANGES, "bytes");
    set(headers, header::ETAG, etag);
    set(headers, header::CACHE_CONTROL, "public, no-cache");
    set(headers, header::CONTENT_LOCATION, &here);
    set(headers, header::LINK, &stream);
}

fn media_type(variant: Variant) -> &'static str {
    match (variant.packing, variant.syntax) {
        (Packing::Zstd, _) => "application/zstd",
        (Packing::Gzip, _) => "application/gzip",
        (Packing::Plain, Syntax::NQuads) => Format::NQuads.media_type(),
        (Packing::Plain, Syntax::TriG) => Format::TriG.media_type(),
    }
}

/// Which bytes a client wants.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    /// From this byte, until before that.
    Part(u64, u64),
    /// Bytes that there are not.
    Nothing,
}

fn wanted(request: &HttpRequest, etag: &str, length: u64) -> Wanted {
    let Some(range) = header_text(request, header::RANGE) else {
        return Wanted::Whole;
    };
    // A range of another dump means the whole of this one (RFC 9110 §13.1.5).
    let condition = header_text(request, header::IF_RANGE);
    if condition.is_some_and(|condition| condition.trim() != etag) {
        return Wanted::Whole;
    }
    part(range, length)
}

/// One range of bytes; several at once, and other units, are answered by the whole.
fn part(range: &str, length: u64) -> Wanted {
    let Some((first, last)) = range
        .trim()
        .strip_prefix("bytes=")
        .and_then(|range| range.split_once('-'))
    else {
        return Wanted::Whole;
    };
    let (from, until) = match (first.trim().parse::<u64>(), last.trim().parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last.saturating_add(1).min(length)),
        (Ok(first), Err(_)) if last.trim().is_empty() => (first, length),
        (Err(_), Ok(last)) if first.trim().is_empty() => (length.saturating_sub(last), length),
        _ => return Wanted::Whole,
    };
    if from >= until {
        return Wanted::Nothing;
    }
    Wanted::Part(from, until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_understood_or_the_whole_is_sent() {
        for (range, expected) in [
            ("bytes=0-9", Wanted::Part(0, 10)),
            ("bytes=90-", Wanted::Part(90, 100)),
            ("bytes=90-1000", Wanted::Part(90, 100)),
            ("bytes=-10", Wanted::Part(90, 100)),
            ("bytes=-1000", Wanted::Part(0, 100)),
            ("bytes=100-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=9-0", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("lines=0-9", Wanted::Whole),
            ("bytes=x-", Wanted::Whole),
        ] {
            assert_eq!(part(range, 100), expected, "{range}");
        }
    }

    #[test]
    fn a_name_tells_the_form() {
        let (variant, sequence) = asked("catalogue-42.nq.zst").unwrap();
        assert_eq!((variant.extension(), sequence), ("nq.zst", Some(42)));
        assert_eq!(asked("catalogue.trig").unwrap().1, None);
        for name in [
            "catalogue",
            "catalogue.ttl",
            "catalogue-x.nq",
            "../catalogue.nq",
            "cataloguex.nq",
        ] {
            assert!(asked(name).is_none(), "{name}");
        }
    }
}
