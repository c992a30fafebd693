//! How do many writers share one transaction, and how is each told what became of its changes?

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sqlx::SqlitePool;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, timeout_at};

use super::audit;
use super::change::{Action, Committed, Head, NewChange};
use super::error::LedgerError;
use super::graph_text;
use super::head::{Effect, Place, apply};
use super::settings::Settings;
use super::sqlite;
use super::{CHANGES_PER_CALL_MAX, Counts};
use crate::rdf::canonical::{CanonicalText, Digest};

/// Above this many bytes of graphs a call is compressed on a thread that may block.
const COMPRESS_HERE_BYTES_MAX: usize = 64 << 10;

/// A change that is ready to be written.
pub(super) struct Prepared {
    pub change: NewChange,
    pub digest: Option<Digest>,
    /// The compressed graph.
    pub graph: Option<Vec<u8>>,
    /// The compressed report.
    pub report: Option<Vec<u8>>,
}

/// What waits in the committer's queue.
pub(super) enum Call {
    Commit(Commit),
    /// Nothing is taken after this; answered when all before it is written.
    Close(oneshot::Sender<()>),
}

pub(super) struct Commit {
    changes: Vec<Prepared>,
    bytes: usize,
    answer: oneshot::Sender<Answer>,
}

type Answer = Result<Vec<Committed>, LedgerError>;

/// A row of the table of changes, with the head that it leaves.
pub(super) struct Written {
    pub sequence: u64,
    pub effect: Effect,
    pub head: Head,
    /// What the row says of the record: a removal names what the public saw, not a later draft.
    pub parent: Option<String>,
    pub title: Option<String>,
    /// Which of the call's changes it is.
    pub call: usize,
    pub index: usize,
}

/// See [`super::Ledger::commit`].
pub(super) async fn commit(queue: &mpsc::Sender<Call>, changes: Vec<NewChange>) -> Answer {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    check_size("changes", changes.len(), CHANGES_PER_CALL_MAX)?;
    let text_bytes: usize = changes.iter().map(graph_bytes).sum();
    for change in &changes {
        check_size(
            "bytes of one graph",
            graph_bytes(change),
            graph_text::GRAPH_BYTES_MAX,
        )?;
    }
    let changes = if text_bytes > COMPRESS_HERE_BYTES_MAX {
        prepare_in_parallel(changes).await?
    } else {
        changes.into_iter().map(prepare).collect()
    };
    let bytes = changes
        .iter()
        .filter_map(|change| change.graph.as_ref())
        .map(Vec::len)
        .sum();
    let (answer, answered) = oneshot::channel();
    let call = Call::Commit(Commit {
        changes,
        bytes,
        answer,
    });
    queue.send(call).await.map_err(|_| LedgerError::Closed)?;
    answered.await.map_err(|_| LedgerError::Closed)?
}

/// See [`super::Ledger::close`].
pub(super) async fn close(queue: &mpsc::Sender<Call>) {
    let (answer, answered) = oneshot::channel();
    if queue.send(Call::Close(answer)).await.is_ok() {
        // An error means that the committer ended already.
        let _ = answered.await;
    }
}

fn check_size(what: &'static str, given: usize, max: usize) -> Result<(), LedgerError> {
    if given > max {
        Err(LedgerError::TooMuch { what, given, max })
    } else {
        Ok(())
    }
}

fn graph_bytes(change: &NewChange) -> usize {
    change
        .graph
        .as_ref()
        .map_or(0, |graph| graph.as_str().len())
}

async fn prepare_in_parallel(changes: Vec<NewChange>) -> Result<Vec<Prepared>, LedgerError> {
    let parts = on_all_cores(changes, 1, |part| part.into_iter().map(prepare).collect());
    let parts: Vec<Vec<Prepared>> = parts.await?;
    Ok(parts.into_iter().flatten().collect())
}

/// Works on shares of things on all cores, each of some things at least, and gives back what came of each share, in order.
pub(super) async fn on_all_cores<T: Send + 'static, R: Send + 'static>(
    mut things: Vec<T>,
    share_min: usize,
    work: fn(Vec<T>) -> R,
) -> Result<Vec<R>, LedgerError> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = things.len().div_ceil(cores).max(share_min);
    let mut parts = Vec::with_capacity(cores);
    while !things.is_empty() {
        let rest = things.split_off(share.min(things.len()));
        let part = std::mem::replace(&mut things, rest);
        parts.push(tokio::task::spawn_blocking(move || work(part)));
    }
    let mut done = Vec::with_capacity(parts.len());
    for part in parts {
        done.push(part.await.map_err(|_| LedgerError::Closed)?);
    }
    Ok(done)
}

fn prepare(mut change: NewChange) -> Prepared {
    let graph = change.graph.take();
    Prepared {
        digest: graph.as_ref().map(CanonicalText::digest),
        graph: graph.map(|graph| graph_text::compress(graph.as_str())),
        report: change.report.take().as_deref().map(graph_text::compress),
        change,
    }
}

/// The one task that writes changes.
pub(super) struct Committer {
    writer: SqlitePool,
    queue: mpsc::Receiver<Call>,
    announce: watch::Sender<u64>,
    counts: Arc<Counts>,
    gather: Duration,
    changes_max: usize,
    bytes_max: usize,
    /// Calls in the transaction before: when there were several, it pays to wait for as many.
    expected_calls: usize,
    closing: Option<oneshot::Sender<()>>,
}

impl Committer {
    pub(super) fn new(
        writer: SqlitePool,
        queue: mpsc::Receiver<Call>,
        announce: watch::Sender<u64>,
        counts: Arc<Counts>,
        settings: &Settings,
    ) -> Self {
        Self {
            writer,
            queue,
            announce,
            counts,
            gather: Duration::from_millis(settings.gather_ms),
            changes_max: settings.gather_changes_max,
            bytes_max: settings.gather_bytes_max,
            expected_calls: 1,
            closing: None,
        }
    }

    pub(super) async fn run(mut self) {
        while self.closing.is_none() {
            let Some(call) = self.queue.recv().await else {
                return;
            };
            let calls = self.gather(call).await;
            self.expected_calls = calls.len();
            if !calls.is_empty() {
                self.write_all(calls).await;
            }
        }
        self.queue.close();
        if let Some(closing) = self.closing.take() {
            // Whoever closed the ledger may have gone away.
            let _ = closing.send(());
        }
    }

    /// Takes what is waiting. It waits for more only while several writers are at work.
    async fn gather(&mut self, first: Call) -> Vec<Commit> {
        let until = Instant::now() + self.gather;
        let (mut calls, mut changes, mut bytes) = (Vec::new(), 0, 0);
        let mut next = Some(first);
        while let Some(call) = next {
            match call {
                Call::Close(answer) => {
                    self.closing = Some(answer);
                    break;
                }
                Call::Commit(commit) => {
                    changes += commit.changes.len();
                    bytes += commit.bytes;
                    calls.push(commit);
                }
            }
            if changes >= self.changes_max || bytes >= self.bytes_max {
                break;
            }
            next = match self.queue.try_recv() {
                Ok(call) => Some(call),
                Err(_) if calls.len() < self.expected_calls => {
                    timeout_at(until, self.queue.recv()).await.ok().flatten()
                }
                Err(_) => None,
            };
        }
        calls
    }

    /// One transaction for all; when it fails, one for each, so that no call fails for another's fault.
    async fn write_all(&self, calls: Vec<Commit>) {
        let result = self.write(&calls).await;
        match result {
            Err(error) if calls.len() > 1 => {
                tracing::warn!(%error, calls = calls.len(), "a shared transaction failed; each call is tried alone");
                for call in calls {
                    let alone = [call];
                    let result = self.write(&alone).await;
                    self.answer(alone.into(), result);
                }
            }
            result => self.answer(calls, result),
        }
    }

    fn answer(&self, calls: Vec<Commit>, result: Result<Vec<Answer>, LedgerError>) {
        let answers = match result {
            Ok(answers) => answers,
            Err(error) => {
                tracing::error!(%error, "the ledger could not write");
                vec![Err(error); calls.len()]
            }
        };
        let newest = answers
            .iter()
            .flatten()
            .flatten()
            .map(|committed| committed.sequence)
            .max();
        if let Some(newest) = newest {
            self.counts.transactions.fetch_add(1, Ordering::Relaxed);
            self.announce.send_replace(newest);
        }
        for (call, answer) in calls.into_iter().zip(answers) {
            if answer.is_ok() {
                self.counts.calls.fetch_add(1, Ordering::Relaxed);
            }
            // A caller that went away has its changes all the same.
            let _ = call.answer.send(answer);
        }
    }

    async fn write(&self, calls: &[Commit]) -> Result<Vec<Answer>, LedgerError> {
        let mut connection = self.writer.acquire().await?;
        let mut transaction = sqlite::begin(&mut connection).await?;
        let changes = || {
            calls
                .iter()
                .flat_map(|call| &call.changes)
                .map(|change| &change.change)
        };
        let (sequence, record) = sqlite::last_numbers(&mut transaction).await?;
        let heads = sqlite::heads_of(&mut transaction, changes()).await?;
        let paths = sqlite::owners_of_paths(&mut transaction, changes()).await?;
        let mut plan = Plan {
            sequence,
            record,
            heads,
            paths,
            rows: Vec::new(),
        };
        let answers: Vec<Answer> = calls
            .iter()
            .enumerate()
            .map(|(number, call)| plan.add(number, call))
            .collect();
        if plan.rows.is_empty() {
            transaction.rollback().await?;
            return Ok(answers);
        }
        sqlite::write_heads(&mut transaction, &plan.last_heads()).await?;
        let rows: Vec<_> = plan
            .rows
            .iter()
            .map(|row| (row, &calls[row.call].changes[row.index]))
            .collect();
        sqlite::write_changes(&mut transaction, &rows).await?;
        audit::append(&mut transaction, audit::of_changes(&rows)).await?;
        transaction.commit().await?;
        Ok(answers)
    }
}

/// What a transaction will write, made in memory: a call that fails leaves no trace in it.
struct Plan {
    sequence: u64,
    record: i64,
    heads: HashMap<String, Head>,
    /// Whose each path is.
    paths: HashMap<String, String>,
    rows: Vec<Written>,
}

impl Plan {
    fn add(&mut self, number: usize, call: &Commit) -> Answer {
        let (sequence, record, rows) = (self.sequence, self.record, self.rows.len());
        let mut undo = Vec::new();
        let mut committed = Vec::with_capacity(call.changes.len());
        for (index, prepared) in call.changes.iter().enumerate() {
            match self.add_one(prepared, number, index) {
                Ok((receipt, before)) => {
                    undo.push((prepared, before));
                    committed.push(receipt);
                }
                Err(error) => {
                    for (prepared, before) in undo.into_iter().rev() {
                        self.restore(&prepared.change, before);
                    }
                    self.rows.truncate(rows);
                    (self.sequence, self.record) = (sequence, record);
                    return Err(error);
                }
            }
        }
        Ok(committed)
    }

    fn add_one(
        &mut self,
        prepared: &Prepared,
        call: usize,
        index: usize,
    ) -> Result<(Committed, Option<Head>), LedgerError> {
        let change = &prepared.change;
        let before = self.heads.get(&change.iri);
        let place = Place {
            sequence: self.sequence + 1,
            record: self.record + 1,
        };
        let (head, effect) = apply(before, change, prepared.digest, place)?;
        if change.action == Action::Create {
            self.take_path(change)?;
        }
        self.sequence = place.sequence;
        self.record = self.record.max(head.record);
        let before = self.heads.insert(change.iri.clone(), head.clone());
        let receipt = Committed {
            sequence: place.sequence,
            iri: change.iri.clone(),
            version: head.version,
        };
        let removed = before.as_ref().and_then(|head| head.public.as_ref());
        let (parent, title) = match removed.filter(|_| effect == Effect::Remove) {
            Some(face) => (face.parent.clone(), face.title.clone()),
            None => (head.parent.clone(), head.title.clone()),
        };
        let sequence = place.sequence;
        self.rows.push(Written {
            sequence,
            effect,
            head,
            parent,
            title,
            call,
            index,
        });
        Ok((receipt, before))
    }

    fn take_path(&mut self, change: &NewChange) -> Result<(), LedgerError> {
        match self.paths.entry(change.path.clone()) {
            Entry::Vacant(free) => {
                free.insert(change.iri.clone());
                Ok(())
            }
            Entry::Occupied(taken) => Err(LedgerError::PathTaken {
                iri: change.iri.clone(),
                path: change.path.clone(),
                taken_by: taken.get().clone(),
            }),
        }
    }

    fn restore(&mut self, change: &NewChange, before: Option<Head>) {
        if let Some(head) = before {
            self.heads.insert(change.iri.clone(), head);
        } else {
            self.heads.remove(&change.iri);
            self.paths.remove(&change.path);
        }
    }

    /// The last state of every head that was touched, in order of creation.
    fn last_heads(&self) -> Vec<&Head> {
        let mut last: HashMap<i64, &Head> = HashMap::with_capacity(self.rows.len());
        for row in &self.rows {
            last.insert(row.head.record, &row.head);
        }
        let mut heads: Vec<_> = last.into_values().collect();
        heads.sort_unstable_by_key(|head| head.record);
        heads
    }
}
