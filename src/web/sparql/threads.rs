//! On which threads do queries run? On threads of their own, which give way to everything else the
//! longer a query takes.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// How often the running queries are looked at.
const LOOK: Duration = Duration::from_millis(25);
/// After so long a query gives way (first column: for how long it has run, second: how far).
const GIVING_WAY: [(Duration, i32); 2] = [
    (Duration::from_millis(50), 10),
    (Duration::from_millis(500), 19),
];
/// A thread without work ends after this.
const IDLE: Duration = Duration::from_secs(20);
/// The parser and the evaluator go deep.
const STACK_BYTES: usize = 8 << 20;

type Job = Box<dyn FnOnce() + Send>;

/// The threads. How many there are at once is bounded by the places of the queue.
#[derive(Clone)]
pub struct Threads(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    work: Condvar,
    /// Wakes who looks at the running queries.
    begun: Condvar,
}

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    idle: usize,
    numbers: u64,
    running: HashMap<u64, Running>,
    watched: bool,
}

struct Running {
    since: Instant,
    thread: priority::Thread,
    /// How far it gives way.
    way: i32,
}

impl Threads {
    pub fn new() -> Self {
        Self(Arc::default())
    }

    /// Runs a job; one that is heavy gives way from the start.
    pub fn run(&self, heavy: bool, job: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let shared = Arc::clone(&self.0);
        let job: Job = Box::new(move || {
            let since = Instant::now();
            let first = GIVING_WAY[0];
            let begun = if heavy {
                since.checked_sub(first.0)
            } else {
                None
            };
            let _running = shared.begin(begun.unwrap_or(since));
            job();
        });
        let mut state = self.0.state.lock();
        state.jobs.push_back(job);
        if !state.watched {
            state.watched = true;
            let shared = Arc::clone(&self.0);
            let watch = std::thread::Builder::new().name("query-watch".into());
            watch.spawn(move || shared.watch())?;
        }
        if state.idle >= state.jobs.len() {
            self.0.work.notify_one();
            return Ok(());
        }
        drop(state);
        let shared = Arc::clone(&self.0);
        let worker = std::thread::Builder::new().name("query".into());
        worker
            .stack_size(STACK_BYTES)
            .spawn(move || shared.serve())?;
        Ok(())
    }
}

impl Default for Threads {
    fn default() -> Self {
        Self::new()
    }
}

impl Shared {
    /// The life of a thread: job after job. One that gave way cannot come back, so it ends.
    fn serve(&self) {
        loop {
            let mut state = self.state.lock();
            while state.jobs.is_empty() {
                state.idle += 1;
                let waited = self.work.wait_for(&mut state, IDLE);
                state.idle -= 1;
                if waited.timed_out() && state.jobs.is_empty() {
                    return;
                }
            }
            let job = state.jobs.pop_front();
            drop(state);
            if let Some(job) = job {
                job();
            }
            if priority::gave_way() {
                return;
            }
        }
    }

    fn begin(&self, since: Instant) -> Ending<'_> {
        let mut state = self.state.lock();
        state.numbers += 1;
        let number = state.numbers;
        let mut running = Running {
            since,
            thread: priority::this_thread(),
            way: 0,
        };
        running.give_way();
        state.running.insert(number, running);
        self.begun.notify_one();
        Ending {
            shared: self,
            number,
        }
    }

    fn watch(&self) {
        let mut state = self.state.lock();
        loop {
            if state.running.is_empty() {
                self.begun.wait(&mut state);
            }
            // Under the lock a thread that is listed still lives.
            for running in state.running.values_mut() {
                running.give_way();
            }
            drop(state);
            std::thread::sleep(LOOK);
            state = self.state.lock();
        }
    }
}

impl Running {
    fn give_way(&mut self) {
        let ran = self.since.elapsed();
        let due = GIVING_WAY.iter().rev().find(|(after, _)| ran >= *after);
        if let Some((_, way)) = due
            && *way > self.way
        {
            self.way = *way;
            priority::give_way(self.thread, *way);
        }
    }
}

/// Takes a query off the list of those that run, also when it panics.
struct Ending<'a> {
    shared: &'a Shared,
    number: u64,
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.shared.state.lock().running.remove(&self.number);
    }
}

/// Linux keeps the niceness of each thread by itself (setpriority(2)).
#[cfg(target_os = "linux")]
mod priority {
    pub(super) type Thread = rustix::process::Pid;

    pub(super) fn this_thread() -> Thread {
        rustix::thread::gettid()
    }

    /// Lowers the priority of a thread. It is a kindness to others: where it fails, nothing does.
    pub(super) fn give_way(thread: Thread, way: i32) {
        if let Err(error) = rustix::process::setpriority_process(Some(thread), way) {
            tracing::debug!(%error, "a query keeps its priority");
        }
    }

    pub(super) fn gave_way() -> bool {
        let own = rustix::process::getpriority_process(Some(this_thread()));
        let whole = rustix::process::getpriority_process(Some(rustix::process::getpid()));
        own != whole
    }
}

#[cfg(not(target_os = "linux"))]
mod priority {
    pub(super) type Thread = ();

    pub(super) fn this_thread() -> Thread {}

    pub(super) fn give_way((): Thread, _: i32) {}

    pub(super) fn gave_way() -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn jobs_run_also_after_one_panicked() {
        let threads = Threads::new();
        let (send, receive) = channel();
        let quiet = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        threads
            .run(false, || std::panic::resume_unwind(Box::new("on purpose")))
            .unwrap();
        for number in 0..20 {
            let send = send.clone();
            threads
                .run(number % 2 == 0, move || send.send(number).unwrap())
                .unwrap();
        }
        let mut seen: Vec<i32> = receive.iter().take(20).collect();
        std::panic::set_hook(quiet);
        seen.sort_unstable();
        assert_eq!(seen, (0..20).collect::<Vec<_>>());
        while !threads.0.state.lock().running.is_empty() {
            std::thread::yield_now();
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_heavy_job_gives_way_and_a_small_one_does_not() {
        let threads = Threads::new();
        for heavy in [true, false] {
            let (send, receive) = channel();
            threads
                .run(heavy, move || send.send(priority::gave_way()).unwrap())
                .unwrap();
            assert_eq!(receive.recv().unwrap(), heavy);
        }
    }
}
