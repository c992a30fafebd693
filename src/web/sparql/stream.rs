//! How does a result reach the client while it is still being computed? A thread computes and
//! writes, the connection reads, and when the connection closes the work stops.

use std::io::{self, Write};
use std::time::Instant;

use actix_web::web::Bytes;
use futures_util::Stream;
use sparesults::{QueryResultsFormat, QueryResultsSerializer};
use tokio::sync::{OwnedSemaphorePermit, mpsc, oneshot};

use crate::catalogue::{CatalogueError, View};
use crate::monitoring::{QueryEnd, RunningQuery};
use crate::rdf::{Format, format};
use crate::store::{CancellationToken, QueryError, QueryOptions, QueryResults};
use crate::web::error::WebError;

/// How much is gathered before it is sent, in bytes.
const CHUNK_BYTES: usize = 32 * 1024;
/// How many chunks wait for a slow client before the work waits too.
const CHUNKS_WAITING: usize = 4;

/// What the client takes.
pub(super) struct Formats {
    pub(super) rows: Option<QueryResultsFormat>,
    pub(super) triples: Option<Format>,
}

type Chunk = Result<Bytes, io::Error>;

/// How an answer begins.
pub(super) enum Begun {
    /// It is already all there: sent in one piece, without waiting for the other side's receipt.
    Whole(&'static str, Bytes),
    /// More follows.
    Streamed(&'static str),
}

/// An answer, whole or in chunks.
pub(super) enum Body<S> {
    Whole(Bytes),
    Chunks(S),
}

/// Starts a query. Gives back when the first chunk is there, so that a query that fails at once
/// gets an error and not a broken body.
pub(super) async fn start(
    view: View,
    query: String,
    options: QueryOptions,
    formats: Formats,
    place: OwnedSemaphorePermit,
    running: RunningQuery,
) -> Result<(&'static str, Body<impl Stream<Item = Chunk> + use<>>), WebError> {
    let (send, receive) = mpsc::channel::<Chunk>(CHUNKS_WAITING);
    let (started, begun) = oneshot::channel::<Result<Begun, WebError>>();
    let gone = Gone(options.cancellation.clone());
    tokio::task::spawn_blocking(move || {
        let begin = Instant::now();
        let mut started = Some(started);
        let mut out = Out {
            send,
            buffer: Vec::with_capacity(CHUNK_BYTES),
            started: None,
        };
        let result = compute(&view, &query, &options, &formats, &mut out, &mut started);
        let end = match &result {
            Ok(()) => QueryEnd::Answered,
            Err(Stopped::Query(QueryError::Timeout)) => QueryEnd::TimedOut,
            Err(Stopped::Query(QueryError::Cancelled) | Stopped::ClientGone) => QueryEnd::Cancelled,
            Err(_) => QueryEnd::Failed,
        };
        running.finish(end, begin.elapsed());
        if let Err(stopped) = result {
            stopped.tell(started, out);
        }
        drop(place);
    });
    let ended = |_| CatalogueError::Interrupted("the query's thread ended".to_owned());
    let content_type = match begun.await.map_err(ended)?? {
        Begun::Whole(content_type, bytes) => return Ok((content_type, Body::Whole(bytes))),
        Begun::Streamed(content_type) => content_type,
    };
    let chunks = futures_util::stream::unfold((receive, gone), |(mut receive, gone)| async move {
        receive.recv().await.map(|chunk| (chunk, (receive, gone)))
    });
    Ok((content_type, Body::Chunks(chunks)))
}

/// Stops the work when the stream is dropped: finished, or the client has gone.
struct Gone(CancellationToken);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

enum Stopped {
    Query(QueryError),
    Web(WebError),
    ClientGone,
}

impl Stopped {
    /// Tells why: as an answer if nothing was sent yet; else by ending the body before its end, so
    /// that nobody takes a part for the whole.
    fn tell(self, started: Option<oneshot::Sender<Result<Begun, WebError>>>, out: Out) {
        let error = match self {
            Self::Query(error) => WebError::from(CatalogueError::from(error)),
            Self::Web(error) => error,
            Self::ClientGone => return,
        };
        match started.or(out.started.map(|(started, _)| started)) {
            Some(started) => drop(started.send(Err(error))),
            None => drop(
                out.send
                    .blocking_send(Err(io::Error::other(error.to_string()))),
            ),
        }
    }
}

impl From<QueryError> for Stopped {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<io::Error> for Stopped {
    fn from(_: io::Error) -> Self {
        Self::ClientGone
    }
}

type Starter = oneshot::Sender<Result<Begun, WebError>>;

/// Gathers bytes into chunks. The answer begins with the first chunk.
struct Out {
    send: mpsc::Sender<Chunk>,
    buffer: Vec<u8>,
    started: Option<(Starter, &'static str)>,
}

impl Out {
    fn pass_on(&mut self) -> io::Result<()> {
        if let Some((started, content_type)) = self.started.take() {
            let _ = started.send(Ok(Begun::Streamed(content_type)));
        }
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES));
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone");
        self.send.blocking_send(Ok(Bytes::from(full))).map_err(gone)
    }
}

impl Out {
    /// Sends what is left; the whole answer, if nothing was sent before.
    fn finish(&mut self) -> io::Result<()> {
        let Some((started, content_type)) = self.started.take() else {
            return self.pass_on();
        };
        let whole = Bytes::from(std::mem::take(&mut self.buffer));
        let _ = started.send(Ok(Begun::Whole(content_type, whole)));
        Ok(())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= CHUNK_BYTES {
            self.pass_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn compute(
    view: &View,
    query: &str,
    options: &QueryOptions,
    formats: &Formats,
    out: &mut Out,
    started: &mut Option<Starter>,
) -> Result<(), Stopped> {
    let failed = |error: CatalogueError| match error {
        CatalogueError::Query(error) => Stopped::Query(error),
        other => Stopped::Web(other.into()),
    };
    let unacceptable = |what: &str| {
        Stopped::Web(WebError::NotAcceptable {
            accept: what.to_owned(),
            offered: offered(what),
        })
    };
    let results = view.query(query, options).map_err(failed)?;
    let mut begin = |out: &mut Out, content_type| {
        out.started = started.take().map(|started| (started, content_type));
    };
    match results {
        QueryResults::Boolean(value) => {
            let format = formats.rows.ok_or_else(|| unacceptable("rows"))?;
            begin(out, content_type(format));
            QueryResultsSerializer::from_format(format)
                .serialize_boolean_to_writer(&mut *out, value)?;
        }
        QueryResults::Solutions(solutions) => {
            let format = formats.rows.ok_or_else(|| unacceptable("rows"))?;
            begin(out, content_type(format));
            let variables = solutions.variables().to_vec();
            let mut writer = QueryResultsSerializer::from_format(format)
                .serialize_solutions_to_writer(&mut *out, variables)?;
            for solution in solutions {
                writer.serialize(&solution?)?;
            }
            writer.finish()?;
        }
        QueryResults::Graph(triples) => {
            let format = formats.triples.ok_or_else(|| unacceptable("triples"))?;
            begin(
                out,
                crate::web::negotiate::Representation::Rdf(format).content_type(),
            );
            let mut writer = format::Writer::new(format, &mut *out);
            for triple in triples {
                writer.triple(triple?.as_ref())?;
            }
            writer.finish()?;
        }
    }
    out.finish()?;
    Ok(())
}

fn offered(what: &str) -> String {
    match what {
        "rows" => super::ROWS
            .iter()
            .map(|row| row.1[0])
            .collect::<Vec<_>>()
            .join(", "),
        _ => Format::ALL
            .iter()
            .map(|format| format.media_type())
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn content_type(format: QueryResultsFormat) -> &'static str {
    match format {
        QueryResultsFormat::Xml => "application/sparql-results+xml",
        QueryResultsFormat::Csv => "text/csv; charset=utf-8; header=present",
        QueryResultsFormat::Tsv => "text/tab-separated-values; charset=utf-8",
        _ => "application/sparql-results+json",
    }
}
