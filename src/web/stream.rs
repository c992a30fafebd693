//! How does a long answer reach the client while it is still being written? A thread writes, the
//! connection reads, and little stands between them.

use std::io::{self, Write};
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Bytes;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

/// How much is gathered before it is sent, in bytes.
const CHUNK_BYTES: usize = 32 * 1024;
/// How many chunks wait for a slow client before the writing waits, too.
const CHUNKS_WAITING: usize = 4;
/// A client that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes what is written, and hands it on in chunks.
pub struct Out {
    send: mpsc::Sender<io::Result<Bytes>>,
    runtime: Handle,
    buffer: Vec<u8>,
}

/// An answer whose body is written by `work` on a thread of its own. When that fails, the body is
/// broken off, so that nobody takes a part for the whole. The permit is held until the end.
pub fn streamed<E: std::error::Error + 'static>(
    mut response: actix_web::HttpResponseBuilder,
    permit: OwnedSemaphorePermit,
    work: impl FnOnce(&mut Out) -> Result<(), E> + Send + 'static,
) -> HttpResponse {
    let (send, receive) = mpsc::channel(CHUNKS_WAITING);
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || {
        let mut out = Out {
            send,
            runtime,
            buffer: Vec::with_capacity(CHUNK_BYTES),
        };
        match work(&mut out) {
            Ok(()) => drop(out.pass_on()),
            Err(error) if out.send.is_closed() => tracing::debug!(%error, "the client has gone"),
            Err(error) => {
                tracing::warn!(%error, "an answer was broken off");
                let broken = io::Error::other("broken off");
                drop(out.send.try_send(Err(broken)));
            }
        }
        drop(permit);
    });
    let chunks = futures_util::stream::unfold(receive, |mut receive| async move {
        receive.recv().await.map(|chunk| (chunk, receive))
    });
    response.streaming(chunks)
}

impl Out {
    fn pass_on(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK_BYTES));
        let sent = self.send.send(Ok(Bytes::from(full)));
        let waited = self
            .runtime
            .block_on(async { tokio::time::timeout(PATIENCE, sent).await });
        match waited {
            Ok(Ok(())) => Ok(()),
            _ => Err(io::Error::new(io::ErrorKind::BrokenPipe, "nobody reads")),
        }
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
