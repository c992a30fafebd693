//! How does a result reach the client while it is still being computed? A thread computes and
//! writes, the connection reads, and when the connection closes the work stops.

use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use futures_util::Stream;
use parking_lot::Mutex;
use sparesults::{QueryResultsFormat, QueryResultsSerializer};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

use super::asked::{Taken, offered_rows, offered_triples, rows_content_type};
use super::queue::{Place, RETRY_SECONDS};
use super::results::{ANSWER_BYTES_MAX, Flight, Kept};
use super::threads::Threads;
use crate::catalogue::{CatalogueError, View};
use crate::monitoring::{QueryEnd, RunningQuery};
use crate::rdf::{Format, format};
use crate::store::{CancellationToken, QueryError, QueryOptions, QueryResults};
use crate::web::error::WebError;
use crate::web::negotiate::Representation;

/// How much is gathered before it is sent, in bytes.
const CHUNK_BYTES: usize = 32 * 1024;
/// How many chunks wait for a slow client before the work waits too.
const CHUNKS_WAITING: usize = 4;
/// The longest answer that is gathered whole before it is sent.
pub(super) const GATHERED_BYTES_MAX: usize = 16 << 20;
/// How many rows pass between two looks at the clock.
const ROWS_BETWEEN_LOOKS: u64 = 256;
/// How long past its deadline a query waits for a client that does not read.
const GRACE: Duration = Duration::from_secs(1);

/// A query with all that it needs to run.
pub(super) struct Work {
    pub(super) view: View,
    pub(super) query: String,
    pub(super) options: QueryOptions,
    pub(super) taken: Taken,
    pub(super) manner: Manner,
    pub(super) place: Place,
    pub(super) running: RunningQuery,
    pub(super) flight: Option<Flight>,
}

/// How an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// As it is computed; if it breaks off, so does the body.
    Streamed,
    /// In one piece: HTTP/1.0 has no sign for a body that breaks off.
    Whole,
    /// In one piece, and as much of it as there is when a budget is used up.
    Partial,
}

/// Why, and after how many rows or triples, an answer was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    pub(super) why: &'static str,
    pub(super) rows: u64,
}

type Chunk = Result<Bytes, io::Error>;
type Starter = oneshot::Sender<Result<Begun, WebError>>;

/// How an answer begins.
enum Begun {
    /// It is already all there: sent in one piece, without waiting for the other side's receipt.
    Whole(&'static str, Bytes, Option<Cut>),
    /// More follows.
    Streamed(&'static str),
}

/// An answer, whole or in chunks.
pub(super) enum Body<S> {
    Whole(Bytes, Option<Cut>),
    Chunks(S),
}

/// Starts a query. Gives back when the first chunk is there, so that a query that fails at once
/// gets an error and not a broken body.
pub(super) async fn start(
    threads: &Threads,
    work: Work,
) -> Result<(&'static str, Body<impl Stream<Item = Chunk> + use<>>), WebError> {
    let (send, receive) = mpsc::channel::<Bytes>(CHUNKS_WAITING);
    let end = SharedEnd::default();
    let (started, begun) = oneshot::channel();
    let gone = Gone(work.options.cancellation.clone());
    let handle = Handle::current();
    let effort = work.place.effort();
    threads
        .run(effort, {
            let end = Arc::clone(&end);
            move || work.run(send, end, started, handle)
        })
        .map_err(|error| CatalogueError::Interrupted(error.to_string()))?;
    let ended = |_| CatalogueError::Interrupted("the query's thread ended".to_owned());
    let content_type = match begun.await.map_err(ended)?? {
        Begun::Whole(content_type, bytes, cut) => {
            return Ok((content_type, Body::Whole(bytes, cut)));
        }
        Begun::Streamed(content_type) => content_type,
    };
    let state = (receive, end, gone);
    let chunks = futures_util::stream::unfold(state, |(mut receive, end, gone)| async move {
        let chunk = match receive.recv().await {
            Some(chunk) => Ok(chunk),
            None => next_of_end(&end)?,
        };
        Some((chunk, (receive, end, gone)))
    });
    Ok((content_type, Body::Chunks(chunks)))
}

/// How a body ends once its thread sends no more. Only one that says it is whole ends properly:
/// nobody shall take a part for the whole, whatever happened to the thread.
#[derive(Default)]
enum End {
    #[default]
    Broken,
    Whole,
}

type SharedEnd = Arc<Mutex<End>>;

fn next_of_end(end: &SharedEnd) -> Option<Chunk> {
    let mut end = end.lock();
    match std::mem::take(&mut *end) {
        End::Whole => None,
        End::Broken => Some(Err(io::Error::other("the answer broke off"))),
    }
}

/// Stops the work when it is dropped: finished, or the client has gone.
pub struct Gone(pub CancellationToken);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl Work {
    fn run(self, send: mpsc::Sender<Bytes>, end: SharedEnd, started: Starter, handle: Handle) {
        let begin = Instant::now();
        let mut out = Out {
            send,
            end,
            handle,
            until: self.options.deadline.map(|deadline| deadline + GRACE),
            buffer: Vec::with_capacity(CHUNK_BYTES),
            length: Rc::default(),
            gathers: self.manner != Manner::Streamed,
            content_type: "",
            started: Some(started),
            kept: self.flight.as_ref().map(|_| Vec::new()),
        };
        let result = self.compute(&mut out);
        let end = match &result {
            Ok(None) => QueryEnd::Answered,
            Ok(Some(_)) | Err(Stopped::Query(QueryError::Timeout)) => QueryEnd::TimedOut,
            Err(Stopped::Query(QueryError::Cancelled) | Stopped::ClientGone) => QueryEnd::Cancelled,
            Err(_) => QueryEnd::Failed,
        };
        let Self {
            place,
            running,
            flight,
            ..
        } = self;
        // What is counted is so before the client can ask for the next.
        running.finish(end, begin.elapsed());
        match result {
            Ok(cut) => out.finish(place, flight, cut),
            Err(Stopped::Query(QueryError::Cancelled)) if place.made_room() => {
                Stopped::Web(WebError::MadeRoom(RETRY_SECONDS)).tell(place, out);
            }
            Err(stopped) => stopped.tell(place, out),
        }
    }

    fn compute(&self, out: &mut Out) -> Result<Option<Cut>, Stopped> {
        let failed = |error: CatalogueError| match error {
            CatalogueError::Query(error) => Stopped::Query(error),
            other => Stopped::Web(other.into()),
        };
        let results = self
            .view
            .query(&self.query, &self.options)
            .map_err(failed)?;
        let length = Rc::clone(&out.length);
        let mut count = Count {
            manner: self.manner,
            length,
            until: self.options.deadline,
            rows: 0,
        };
        match results {
            QueryResults::Boolean(value) => {
                let format = self.rows()?;
                out.content_type = rows_content_type(format);
                QueryResultsSerializer::from_format(format)
                    .serialize_boolean_to_writer(&mut *out, value)?;
                Ok(None)
            }
            QueryResults::Solutions(solutions) => {
                let format = self.rows()?;
                out.content_type = rows_content_type(format);
                let variables = solutions.variables().to_vec();
                let mut writer = QueryResultsSerializer::from_format(format)
                    .serialize_solutions_to_writer(&mut *out, variables)?;
                let mut cut = None;
                for solution in solutions {
                    match count.pass(solution)? {
                        Passed::One(solution) => writer.serialize(&solution)?,
                        Passed::Cut(here) => {
                            cut = Some(here);
                            break;
                        }
                    }
                }
                writer.finish()?;
                Ok(cut)
            }
            QueryResults::Graph(triples) => {
                let format = self.triples()?;
                out.content_type = Representation::Rdf(format).content_type();
                let mut writer = format::Writer::new(format, &mut *out);
                let mut cut = None;
                for triple in triples {
                    match count.pass(triple)? {
                        Passed::One(triple) => writer.triple(triple.as_ref())?,
                        Passed::Cut(here) => {
                            cut = Some(here);
                            break;
                        }
                    }
                }
                writer.finish()?;
                Ok(cut)
            }
        }
    }

    fn rows(&self) -> Result<QueryResultsFormat, Stopped> {
        let unacceptable = || WebError::NotAcceptable {
            accept: "rows".to_owned(),
            offered: offered_rows(),
        };
        self.taken.rows.ok_or_else(|| Stopped::Web(unacceptable()))
    }

    fn triples(&self) -> Result<Format, Stopped> {
        let unacceptable = || WebError::NotAcceptable {
            accept: "triples".to_owned(),
            offered: offered_triples(),
        };
        self.taken
            .triples
            .ok_or_else(|| Stopped::Web(unacceptable()))
    }
}

/// Counts what passes, and decides whether an answer that stops here is cut or lost.
struct Count {
    manner: Manner,
    /// How long the answer is so far.
    length: Rc<Cell<usize>>,
    until: Option<Instant>,
    rows: u64,
}

enum Passed<T> {
    One(T),
    Cut(Cut),
}

impl Count {
    fn pass<T>(&mut self, next: Result<T, QueryError>) -> Result<Passed<T>, Stopped> {
        // Many rows may come out of one step of the engine, which looks at the clock between them.
        let due = self.rows.is_multiple_of(ROWS_BETWEEN_LOOKS) && self.rows > 0;
        let late = due && self.until.is_some_and(|until| Instant::now() >= until);
        let next = if late { Err(QueryError::Timeout) } else { next };
        let full = self.length.get() >= GATHERED_BYTES_MAX;
        match (next, self.manner) {
            (Ok(_), Manner::Whole) if full => Err(Stopped::Web(WebError::NeedsChunks {
                max: GATHERED_BYTES_MAX,
            })),
            (Ok(_), Manner::Partial) if full => Ok(self.cut("size")),
            (Ok(one), _) => {
                self.rows += 1;
                Ok(Passed::One(one))
            }
            // A part without a row would say nothing: the error says more.
            (Err(error), Manner::Partial) if self.rows > 0 => match budget(&error) {
                Some(why) => Ok(self.cut(why)),
                None => Err(Stopped::Query(error)),
            },
            (Err(error), _) => Err(Stopped::Query(error)),
        }
    }

    fn cut<T>(&self, why: &'static str) -> Passed<T> {
        Passed::Cut(Cut {
            why,
            rows: self.rows,
        })
    }
}

/// The word for a budget that is used up; `None` for every other failure.
fn budget(error: &QueryError) -> Option<&'static str> {
    match error {
        QueryError::Timeout => Some("timeout"),
        QueryError::TooMuchWork => Some("work"),
        QueryError::TooManyRows(_) => Some("rows"),
        QueryError::TooMuchMemory => Some("memory"),
        QueryError::Syntax { .. }
        | QueryError::Service
        | QueryError::Endpoint(_)
        | QueryError::Elsewhere(_)
        | QueryError::Cancelled
        | QueryError::TooComplex
        | QueryError::Damaged
        | QueryError::Function(_)
        | QueryError::Evaluation(_) => None,
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
    fn tell(self, place: Place, mut out: Out) {
        let error = match self {
            Self::Query(error) => WebError::from(CatalogueError::from(error)),
            Self::Web(error) => error,
            Self::ClientGone => return,
        };
        if let Some(started) = out.started.take() {
            drop(place);
            drop(started.send(Err(error)));
            return;
        }
        tracing::debug!(%error, "an answer broke off");
    }
}

impl From<QueryError> for Stopped {
    fn from(error: QueryError) -> Self {
        Self::Query(error)
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::TimedOut => Self::Query(QueryError::Timeout),
            _ => Self::ClientGone,
        }
    }
}

/// Gathers bytes into chunks. The answer begins with the first chunk.
struct Out {
    send: mpsc::Sender<Bytes>,
    end: SharedEnd,
    handle: Handle,
    /// A client that does not read is waited for until then.
    until: Option<Instant>,
    buffer: Vec<u8>,
    length: Rc<Cell<usize>>,
    gathers: bool,
    content_type: &'static str,
    started: Option<Starter>,
    /// A copy of the whole answer, as long as it is short enough to be kept.
    kept: Option<Vec<u8>>,
}

impl Out {
    fn pass_on(&mut self) -> io::Result<()> {
        if let Some(started) = self.started.take() {
            let _ = started.send(Ok(Begun::Streamed(self.content_type)));
        }
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES));
        match &mut self.kept {
            Some(kept) if kept.len() + full.len() <= ANSWER_BYTES_MAX => {
                kept.extend_from_slice(&full);
            }
            _ => self.kept = None,
        }
        let gone = || io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone");
        let chunk = Bytes::from(full);
        let Some(until) = self.until else {
            return self.send.blocking_send(chunk).map_err(|_| gone());
        };
        let send = &self.send;
        let sent = self
            .handle
            .block_on(async { tokio::time::timeout_at(until.into(), send.send(chunk)).await });
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(gone()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// Sends what is left; the whole answer, if nothing was sent before. A whole answer is kept for
    /// those who ask the same.
    fn finish(mut self, place: Place, flight: Option<Flight>, cut: Option<Cut>) {
        let whole = match self.started.take() {
            Some(started) => {
                let whole = Bytes::from(std::mem::take(&mut self.buffer));
                self.kept = None;
                let begun = Begun::Whole(self.content_type, whole.clone(), cut);
                keep(flight, self.content_type, Some(whole), cut);
                drop(place);
                let _ = started.send(Ok(begun));
                return;
            }
            None => self.pass_on().ok().map(|()| self.kept.take()),
        };
        if whole.is_some() {
            *self.end.lock() = End::Whole;
        }
        let kept = whole.flatten();
        keep(flight, self.content_type, kept.map(Bytes::from), cut);
    }
}

fn keep(
    flight: Option<Flight>,
    content_type: &'static str,
    whole: Option<Bytes>,
    cut: Option<Cut>,
) {
    if let (Some(flight), Some(body), None) = (flight, whole, cut) {
        flight.keep(Kept { content_type, body });
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        self.length.set(self.length.get() + bytes.len());
        if self.buffer.len() >= CHUNK_BYTES && !self.gathers {
            self.pass_on()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
