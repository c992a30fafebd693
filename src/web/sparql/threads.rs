//! On which threads do queries run? On threads of their own, which give way to everything else the
//! longer a query takes.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::store::Pace;

/// How often the running queries are looked at.
const LOOK: Duration = Duration::from_millis(5);
/// After so long a query gives way.
const GIVING_WAY: Duration = Duration::from_millis(30);
/// A thread without work ends after this.
const IDLE: Duration = Duration::from_secs(20);
/// The parser and the evaluator go deep.
const STACK_BYTES: usize = 8 << 20;

/// How hard a query may work.
#[derive(Clone, Debug, Default)]
pub struct Effort {
    /// Gives way from the start.
    pub heavy: bool,
    /// Slows it down once it gives way.
    pub pace: Pace,
}

/// Says whether its thread gave way.
type Job = Box<dyn FnOnce() -> bool + Send>;

/// The threads. How many there are at once is bounded by the places of the queue.
#[derive(Clone)]
pub struct Threads(Arc<Shared>);

struct Shared {
    /// Whether queries that take long run only where nothing else wants to.
    give_way: bool,
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
    pace: Pace,
    gave_way: bool,
}

impl Threads {
    pub fn new(give_way: bool) -> Self {
        Self(Arc::new(Shared {
            give_way,
            state: Mutex::default(),
            work: Condvar::new(),
            begun: Condvar::new(),
        }))
    }

    /// Runs a job.
    pub fn run(&self, effort: Effort, job: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let shared = Arc::clone(&self.0);
        let job: Job = Box::new(move || {
            let running = shared.begin(effort);
            job();
            running.end()
        });
        let mut state = self.0.state.lock();
        state.jobs.push_back(job);
        if self.0.give_way && !state.watched {
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
            if job.is_some_and(|job| job()) {
                return;
            }
        }
    }

    fn begin(&self, effort: Effort) -> Ending<'_> {
        let mut state = self.state.lock();
        state.numbers += 1;
        let number = state.numbers;
        let mut running = Running {
            since: Instant::now(),
            thread: priority::this_thread(),
            pace: effort.pace,
            gave_way: false,
        };
        if effort.heavy && self.give_way {
            running.give_way();
        }
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
            if state.running.values().all(|running| running.gave_way) {
                self.begun.wait(&mut state);
            }
            // Under the lock a thread that is listed still lives.
            for running in state.running.values_mut() {
                if !running.gave_way && running.since.elapsed() >= GIVING_WAY {
                    running.give_way();
                }
            }
            drop(state);
            std::thread::sleep(LOOK);
            state = self.state.lock();
        }
    }
}

impl Running {
    fn give_way(&mut self) {
        self.gave_way = true;
        self.pace.slow_down();
        priority::give_way(self.thread);
    }
}

/// Takes a query off the list of those that run, also when it panics.
struct Ending<'a> {
    shared: &'a Shared,
    number: u64,
}

impl Ending<'_> {
    fn end(self) -> bool {
        let running = self.shared.state.lock().running.remove(&self.number);
        running.is_some_and(|running| running.gave_way)
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.shared.state.lock().running.remove(&self.number);
    }
}

/// The class of threads that Linux runs only where no other thread wants to (sched(7)): those of
/// other classes never wait for one of them to end its turn, as they would with mere niceness.
#[cfg(target_os = "linux")]
mod priority {
    use thread_priority::unix::{
        NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };
    use thread_priority::{ThreadPriority, unix};

    pub(super) type Thread = unix::ThreadId;

    pub(super) fn this_thread() -> Thread {
        thread_native_id()
    }

    /// Puts a thread behind all others. It is a kindness to them: where it fails, nothing does.
    pub(super) fn give_way(thread: Thread) {
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        if let Err(error) = set_thread_priority_and_policy(thread, ThreadPriority::Min, idle) {
            tracing::debug!(?error, "a query keeps its priority");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod priority {
    pub(super) type Thread = ();

    pub(super) fn this_thread() -> Thread {}

    pub(super) fn give_way((): Thread) {}
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    fn effort(heavy: bool) -> Effort {
        Effort {
            heavy,
            ..Effort::default()
        }
    }

    #[test]
    fn jobs_run_also_after_one_panicked() {
        let threads = Threads::new(true);
        let (send, receive) = channel();
        let quiet = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| ()));
        threads
            .run(Effort::default(), || {
                std::panic::resume_unwind(Box::new("on purpose"))
            })
            .unwrap();
        for number in 0..20 {
            let send = send.clone();
            threads
                .run(effort(number % 2 == 0), move || send.send(number).unwrap())
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
        use thread_priority::unix::{
            NormalThreadSchedulePolicy, ThreadSchedulePolicy, thread_schedule_policy,
        };
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        let threads = Threads::new(true);
        let gives_way = |heavy| {
            let (send, receive) = channel();
            let job = move || send.send(thread_schedule_policy().unwrap()).unwrap();
            threads.run(effort(heavy), job).unwrap();
            receive.recv().unwrap() == idle
        };
        assert!((0..20).all(|_| gives_way(true)));
        // On a busy machine a small one may be kept waiting until it counts as long.
        assert!((0..20).any(|_| !gives_way(false)));
    }
}
