//! Whose query runs next? A bounded queue that is fair between clients, and their budgets of time.
//!
//! A free place goes to the client with the fewest queries running, and among those to the one that
//! has used the least time lately. All who have used much share half of the places: if they hold
//! more while somebody else waits, a query of theirs is stopped and waits again.

use std::cmp::Ordering;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering as Memory};
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::client::Client;
use super::threads::Effort;
use crate::store::{CancellationToken, Pace};

/// Who has used so much time lately is served behind the others; after so long half of it counts.
const HEAVY_SECONDS: f64 = 2.0;
const HALF_LIFE_SECONDS: f64 = 10.0;
/// How often a query that waits looks whether those that run have become heavy.
const LOOK: Duration = Duration::from_millis(100);
/// So many clients are remembered; past that, those that ask nothing now are forgotten.
const CLIENTS_MAX: usize = 10_000;
/// When to try again, where nothing better is known.
pub(super) const RETRY_SECONDS: u32 = 2;

/// The bounds of the queue.
#[derive(Clone, Debug)]
pub struct Bounds {
    pub at_once: usize,
    pub at_once_per_client: usize,
    pub waiting: usize,
    pub waiting_per_client: usize,
    /// How long a query waits.
    pub patience: Duration,
    /// So much time may the queries of a client take in a minute, all together.
    pub seconds_per_minute: u64,
}

/// Why a query gets no place, and after how many seconds it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// All places are taken, or the queue is full.
    Busy(u32),
    /// The client has too many queries here already.
    TooMany(u32),
    /// The client has used up its time.
    Spent(u32),
}

/// The queue. Clones share it.
#[derive(Clone)]
pub struct Queue(Arc<Shared>);

struct Shared {
    bounds: Bounds,
    line: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    running: usize,
    waiting: usize,
    tickets: u64,
    clients: HashMap<Client, Account>,
}

/// What a client does here.
struct Account {
    running: Vec<Running>,
    waiting: VecDeque<(u64, oneshot::Sender<Place>)>,
    /// Seconds used, less what was given back since.
    spent: f64,
    /// Seconds used lately.
    recent: f64,
    reckoned: Instant,
}

/// A query that has a place.
struct Running {
    ticket: u64,
    since: Instant,
    stop: Stop,
}

/// How a query is stopped, and whether it was to make room.
#[derive(Clone, Default)]
struct Stop {
    token: CancellationToken,
    for_others: Arc<AtomicBool>,
}

/// A place among the queries that run at once; dropped, it goes to the next.
#[must_use]
pub struct Place {
    queue: Queue,
    client: Client,
    ticket: u64,
    stop: Stop,
    effort: Effort,
}

impl Place {
    /// How hard its query may work.
    pub fn effort(&self) -> Effort {
        self.effort.clone()
    }

    /// What stops the query that has this place.
    pub fn cancellation(&self) -> CancellationToken {
        self.stop.token.clone()
    }

    /// Whether the query was stopped to make room for those of others.
    pub fn made_room(&self) -> bool {
        self.stop.for_others.load(Memory::Relaxed)
    }
}

impl Queue {
    pub fn new(bounds: Bounds) -> Self {
        let line = Mutex::default();
        Self(Arc::new(Shared { bounds, line }))
    }

    /// How many queries wait now.
    pub fn waiting(&self) -> usize {
        self.0.line.lock().waiting
    }

    /// Waits for a place. Who stops waiting (a client that has gone) leaves the queue.
    pub async fn place(&self, client: &Client) -> Result<Place, Refused> {
        let (ticket, mut given) = self.enter(client)?;
        let _leaving = Leaving {
            queue: self,
            client,
            ticket,
        };
        let began = Instant::now();
        while began.elapsed() < self.0.bounds.patience {
            self.call_next();
            match tokio::time::timeout(LOOK, &mut given).await {
                Ok(Ok(place)) => return Ok(place),
                Ok(Err(_)) => break,
                Err(_) => (),
            }
        }
        Err(Refused::Busy(RETRY_SECONDS))
    }

    fn enter(&self, client: &Client) -> Result<(u64, oneshot::Receiver<Place>), Refused> {
        let bounds = &self.0.bounds;
        let mut line = self.0.line.lock();
        if line.clients.len() >= CLIENTS_MAX {
            line.forget(bounds);
        }
        if line.waiting >= bounds.waiting {
            return Err(Refused::Busy(RETRY_SECONDS));
        }
        line.tickets += 1;
        let ticket = line.tickets;
        let account = line
            .clients
            .entry(client.clone())
            .or_insert_with(Account::new);
        account.reckon(bounds);
        let over = account.spent - bounds.budget();
        if over > 0.0 {
            let seconds = (over / bounds.given_back()).ceil();
            return Err(Refused::Spent(whole_seconds(seconds)));
        }
        if account.waiting.len() >= bounds.waiting_per_client {
            return Err(Refused::TooMany(RETRY_SECONDS));
        }
        let (give, given) = oneshot::channel();
        account.waiting.push_back((ticket, give));
        line.waiting += 1;
        Ok((ticket, given))
    }

    /// Gives free places away; where there is none for somebody who has used little, makes room.
    fn call_next(&self) {
        loop {
            let mut line = self.0.line.lock();
            let bounds = &self.0.bounds;
            if line.waiting == 0 {
                return;
            }
            let heavy = line.reckon(bounds);
            let Some(client) = line.next(bounds, heavy) else {
                return;
            };
            if line.running >= bounds.at_once {
                line.make_room(bounds, &client, heavy);
                return;
            }
            let Some((give, place)) = line.take(self, client) else {
                return;
            };
            drop(line);
            // If nobody takes it any more the place is dropped, and with that given to the next.
            let _ = give.send(place);
        }
    }
}

impl Bounds {
    fn budget(&self) -> f64 {
        Duration::from_secs(self.seconds_per_minute).as_secs_f64()
    }

    /// Seconds of the budget that come back in a second.
    fn given_back(&self) -> f64 {
        (self.budget() / 60.0).max(f64::EPSILON)
    }

    fn heavy_max(&self) -> usize {
        (self.at_once / 2).max(1)
    }
}

impl Line {
    /// Brings all accounts up to date. Gives back how many queries of heavy clients run.
    fn reckon(&mut self, bounds: &Bounds) -> usize {
        let mut heavy = 0;
        for account in self.clients.values_mut() {
            account.reckon(bounds);
            heavy += if account.is_heavy() {
                account.running.len()
            } else {
                0
            };
        }
        heavy
    }

    /// The client whose query should run now.
    fn next(&self, bounds: &Bounds, heavy: usize) -> Option<Client> {
        let room_for_heavy = heavy < bounds.heavy_max();
        let candidates = self.clients.iter().filter(|(_, account)| {
            !account.waiting.is_empty()
                && account.running.len() < bounds.at_once_per_client
                && (room_for_heavy || !account.is_heavy())
        });
        let first = candidates.min_by(|(_, one), (_, other)| one.before(other));
        first.map(|(client, _)| client.clone())
    }

    fn take(&mut self, queue: &Queue, client: Client) -> Option<(oneshot::Sender<Place>, Place)> {
        let account = self.clients.get_mut(&client)?;
        let (ticket, give) = account.waiting.pop_front()?;
        let stop = Stop::default();
        account.running.push(Running {
            ticket,
            since: Instant::now(),
            stop: stop.clone(),
        });
        let effort = Effort {
            heavy: account.is_heavy(),
            pace: Pace::default(),
        };
        self.running += 1;
        self.waiting -= 1;
        let place = Place {
            queue: queue.clone(),
            client,
            ticket,
            stop,
            effort,
        };
        Some((give, place))
    }

    /// Stops the query of heavy clients that began last, if they hold more than their part.
    fn make_room(&self, bounds: &Bounds, wanting: &Client, heavy: usize) {
        let wants = self.clients.get(wanting);
        let all = self.clients.values();
        let held = all
            .filter(|account| account.is_heavy())
            .flat_map(|account| &account.running);
        let (ending, going_on): (Vec<_>, Vec<_>) = held.partition(|one| one.stop.is_set());
        let enough = ending.len() >= self.waiting || heavy - ending.len() <= bounds.heavy_max();
        if enough || wants.is_none_or(Account::is_heavy) {
            return;
        }
        if let Some(last) = going_on.into_iter().max_by_key(|one| one.ticket) {
            last.stop.for_others.store(true, Memory::Relaxed);
            last.stop.token.cancel();
        }
    }

    fn forget(&mut self, bounds: &Bounds) {
        let idle = |account: &Account| account.running.is_empty() && account.waiting.is_empty();
        self.clients.retain(|_, account| {
            account.reckon(bounds);
            !idle(account) || account.spent > 0.0
        });
        if self.clients.len() >= CLIENTS_MAX {
            self.clients.retain(|_, account| !idle(account));
        }
    }
}

impl Stop {
    fn is_set(&self) -> bool {
        self.for_others.load(Memory::Relaxed)
    }
}

impl Account {
    fn new() -> Self {
        Self {
            running: Vec::new(),
            waiting: VecDeque::new(),
            spent: 0.0,
            recent: 0.0,
            reckoned: Instant::now(),
        }
    }

    /// Counts what the running queries used, and gives back what time has earned.
    fn reckon(&mut self, bounds: &Bounds) {
        let now = Instant::now();
        let passed = (now - self.reckoned).as_secs_f64();
        self.recent *= (-passed / HALF_LIFE_SECONDS).exp2();
        for one in &mut self.running {
            let used = one.use_up_to(now);
            self.spent += used;
            self.recent += used;
        }
        let earned = passed * bounds.given_back();
        self.spent = (self.spent - earned).max(0.0);
        self.reckoned = now;
    }

    fn is_heavy(&self) -> bool {
        self.recent > HEAVY_SECONDS
    }

    fn before(&self, other: &Self) -> Ordering {
        let first = |account: &Self| account.waiting.front().map(|(ticket, _)| *ticket);
        let running = self.running.len().cmp(&other.running.len());
        let heavy = self.is_heavy().cmp(&other.is_heavy());
        let spent = self.recent.total_cmp(&other.recent);
        let waited = first(self).cmp(&first(other));
        heavy.then(running).then(spent).then(waited)
    }
}

impl Running {
    /// The seconds since the last look.
    fn use_up_to(&mut self, now: Instant) -> f64 {
        let used = now - self.since;
        self.since = now;
        used.as_secs_f64()
    }
}

/// Takes a query out of the queue when nobody waits for it any more.
struct Leaving<'a> {
    queue: &'a Queue,
    client: &'a Client,
    ticket: u64,
}

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        let mut line = self.queue.0.line.lock();
        let Some(account) = line.clients.get_mut(self.client) else {
            return;
        };
        let before = account.waiting.len();
        account.waiting.retain(|(ticket, _)| *ticket != self.ticket);
        let left = before - account.waiting.len();
        line.waiting -= left;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut line = self.queue.0.line.lock();
        line.running -= 1;
        if let Some(account) = line.clients.get_mut(&self.client) {
            let own = account
                .running
                .iter()
                .position(|one| one.ticket == self.ticket);
            if let Some(mut one) = own.map(|at| account.running.swap_remove(at)) {
                let used = one.use_up_to(Instant::now());
                account.spent += used;
                account.recent += used;
            }
        }
        drop(line);
        self.queue.call_next();
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few minutes at most, and never below zero"
)]
fn whole_seconds(seconds: f64) -> u32 {
    seconds.clamp(1.0, 3600.0) as u32
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use futures_util::FutureExt;

    use super::*;

    fn queue() -> Queue {
        Queue::new(Bounds {
            at_once: 2,
            at_once_per_client: 2,
            waiting: 8,
            waiting_per_client: 4,
            patience: Duration::from_secs(60),
            seconds_per_minute: 120,
        })
    }

    fn client(n: u8) -> Client {
        Client::Address(IpAddr::V4(Ipv4Addr::new(192, 0, 2, n)))
    }

    #[tokio::test]
    async fn the_query_of_another_client_does_not_wait_behind_those_of_one() {
        let queue = queue();
        let first = queue.place(&client(1)).await.unwrap();
        let second = queue.place(&client(1)).await.unwrap();
        let many = client(1);
        let mut third = Box::pin(queue.place(&many));
        assert!((&mut third).now_or_never().is_none());
        let one = client(2);
        let mut other = Box::pin(queue.place(&one));
        assert!((&mut other).now_or_never().is_none());
        drop(first);
        assert!(
            (&mut third).now_or_never().is_none(),
            "client 1 still runs one and client 2 none"
        );
        let other = (&mut other).now_or_never().unwrap().unwrap();
        drop((second, other));
        assert!((&mut third).now_or_never().unwrap().is_ok());
    }

    #[tokio::test]
    async fn who_stops_waiting_leaves_the_queue() {
        let queue = queue();
        let places = [queue.place(&client(1)).await, queue.place(&client(2)).await];
        let gone = client(3);
        let mut waiting = Box::pin(queue.place(&gone));
        assert!((&mut waiting).now_or_never().is_none());
        assert_eq!(queue.waiting(), 1);
        drop(waiting);
        assert_eq!(queue.waiting(), 0);
        drop(places);
        assert!(queue.place(&client(4)).now_or_never().unwrap().is_ok());
    }

    #[tokio::test]
    async fn a_client_waits_with_so_many_and_all_with_so_many() {
        let queue = queue();
        let (all, one) = ([client(1), client(2)], client(9));
        let _running = [queue.place(&one).await, queue.place(&one).await];
        let mut waiting = Vec::new();
        for client in &all {
            for _ in 0..4 {
                let mut place = Box::pin(queue.place(client));
                assert!((&mut place).now_or_never().is_none());
                waiting.push(place);
            }
            if *client == all[0] {
                let refused = queue.place(client).await.err();
                assert_eq!(refused, Some(Refused::TooMany(RETRY_SECONDS)));
            }
        }
        let refused = queue.place(&one).await.err();
        assert_eq!(refused, Some(Refused::Busy(RETRY_SECONDS)));
    }

    #[tokio::test]
    async fn who_used_much_leaves_half_of_the_places_and_then_waits_a_while() {
        let queue = queue();
        let much = client(1);
        let used = |seconds: f64| {
            let mut line = queue.0.line.lock();
            let account = line
                .clients
                .entry(much.clone())
                .or_insert_with(Account::new);
            account.spent = seconds;
            account.recent = seconds;
            account.reckoned = Instant::now();
        };
        used(60.0);
        let first = queue.place(&much).await.unwrap();
        assert!(first.effort().heavy);
        let mut second = Box::pin(queue.place(&much));
        assert!((&mut second).now_or_never().is_none());
        let other = queue.place(&client(2)).now_or_never();
        assert!(!other.unwrap().unwrap().effort().heavy);
        drop(second);
        used(140.0);
        let refused = queue.place(&much).await.err();
        // Two seconds come back in one; what the other query uses meanwhile is added.
        assert!(
            matches!(refused, Some(Refused::Spent(10..=60))),
            "{refused:?}"
        );
    }

    #[tokio::test]
    async fn a_query_of_who_used_much_makes_room_for_somebody_else() {
        let queue = queue();
        let much = client(1);
        let places = [
            queue.place(&much).await.unwrap(),
            queue.place(&much).await.unwrap(),
        ];
        let other = client(2);
        let mut waiting = Box::pin(queue.place(&other));
        assert!((&mut waiting).now_or_never().is_none());
        assert!(
            !places.iter().any(Place::made_room),
            "nobody has used much yet"
        );
        let mut line = queue.0.line.lock();
        line.clients.get_mut(&much).unwrap().recent = 60.0;
        drop(line);
        queue.call_next();
        queue.call_next();
        let stopped: Vec<bool> = places.iter().map(Place::made_room).collect();
        assert_eq!(stopped, [false, true], "the last one, and only one");
        assert!(places[1].cancellation().is_cancelled());
        drop(places);
        assert!((&mut waiting).now_or_never().unwrap().is_ok());
    }
}
