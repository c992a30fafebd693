//! Does the ledger keep what people are told and want to be told, once and within bounds?

use jiff::{SignedDuration, Timestamp};

use super::notice::NOTICES_PER_ACCOUNT_MAX;
use super::webhook::{LOG_PER_WEBHOOK_MAX, WAITING_PER_WEBHOOK_MAX};
use super::*;
use crate::rdf::canonical::canonical_ntriples;
use crate::rdf::{Literal, NamedNode, Triple};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

const IRI: &str = "https://example.org/dataset/a";

fn change(action: Action, state: State, text: &str, second: i64) -> NewChange {
    let has_graph = matches!(action, Action::Create | Action::Replace);
    let title = NamedNode::new_unchecked("http://purl.org/dc/terms/title");
    let triple = Triple::new(NamedNode::new_unchecked(IRI), title, Literal::from(text));
    NewChange {
        iri: IRI.into(),
        kind: "dataset".into(),
        path: "/dataset/a".into(),
        parent: None,
        action,
        state,
        graph: has_graph.then(|| canonical_ntriples(&[triple]).unwrap()),
        title: has_graph.then(|| text.into()),
        author: "ada".into(),
        reason: None,
        at: at(second),
        report: None,
        expected: Expected::Any,
    }
}

/// A ledger with the account of Ada and her record.
async fn with_ada() -> (Ledger, AccountId) {
    let ledger = Ledger::in_memory().await.unwrap();
    let ada = AccountId("ada".into());
    let arrival = Arrival {
        issuer: "https://op.example".into(),
        subject: "ada".into(),
        name: None,
        email: Some("ada@example.org".into()),
        claims: "{}".into(),
        link_to: None,
        fresh: ada.clone(),
        at: at(0),
    };
    ledger.arrive(arrival).await.unwrap();
    let draft = change(Action::Create, State::Draft, "one", 10);
    ledger.commit(vec![draft]).await.unwrap();
    (ledger, ada)
}

async fn step(ledger: &Ledger, account: &AccountId, mail: Option<Mailing>) -> Step {
    let mut happenings = ledger.changes_since(0, 10).await.unwrap();
    Step {
        follower: "test",
        reached: 1,
        notices: vec![NewNotice {
            account: account.clone(),
            happening: happenings.remove(0),
            topic: "own".into(),
            in_area: true,
            mail,
        }],
        deliveries: Vec::new(),
    }
}

fn hook(id: &str, account: &AccountId) -> Webhook {
    Webhook {
        id: id.into(),
        account: account.clone(),
        url: "https://example.org/".into(),
        topic: "own".into(),
        value: String::new(),
        kinds: vec!["published".into(), "withdrawn".into()],
        generation: 1,
        rotated_at: at(0),
        created_at: at(0),
        failing_since: None,
        disabled_at: None,
    }
}

fn message(number: usize) -> NewDelivery {
    NewDelivery {
        webhook: "w".into(),
        message: format!("msg_{number}"),
        body: "{}".into(),
        at: at(100),
    }
}

#[tokio::test]
async fn changes_tell_what_happened() {
    let (ledger, _) = with_ada().await;
    let changes = vec![
        change(Action::Replace, State::Draft, "two", 20),
        change(Action::Publish, State::Published, "two", 30),
        change(Action::Replace, State::Published, "three", 40),
        change(Action::Withdraw, State::Withdrawn, "three", 50),
        change(Action::Delete, State::Deleted, "three", 60),
    ];
    ledger.commit(changes).await.unwrap();
    let told = ledger.changes_since(0, 100).await.unwrap();
    let told: Vec<_> = told.iter().map(|one| (one.kind, one.is_public)).collect();
    let wanted = [
        (EventKind::Created, false),
        (EventKind::Changed, false),
        (EventKind::Published, true),
        (EventKind::Changed, true),
        (EventKind::Withdrawn, true),
        (EventKind::Deleted, false),
    ];
    assert_eq!(told, wanted);
    let record = ledger.changes_since(3, 1).await.unwrap()[0].record;
    let before = ledger.public_graph_before(record, 4).await.unwrap();
    assert!(before.unwrap().contains("\"two\""));
    assert_eq!(ledger.public_graph_before(record, 3).await.unwrap(), None);
}

#[tokio::test]
async fn what_is_told_under_a_key_is_told_once() {
    let (ledger, _) = with_ada().await;
    let event = |kind, key: Option<&str>, second| Announcement {
        kind,
        iri: IRI.into(),
        author: "grace".into(),
        words: Some("x".repeat(5_000)),
        at: at(second),
        key: key.map(str::to_owned),
    };
    let due = EventKind::CheckDue;
    assert!(ledger.tell(event(due, Some("2026"), 20)).await.unwrap());
    assert!(!ledger.tell(event(due, Some("2026"), 21)).await.unwrap());
    assert!(
        ledger
            .tell(event(EventKind::Submitted, None, 30))
            .await
            .unwrap()
    );
    assert!(
        ledger
            .tell(event(EventKind::Submitted, None, 31))
            .await
            .unwrap()
    );
    let events = ledger.events_since(0, 10).await.unwrap();
    assert_eq!(events.len(), 3);
    assert_eq!(events[0].words.as_ref().unwrap().len(), 2_000);
    let unknown = Announcement {
        iri: "https://example.org/nothing".into(),
        ..event(due, None, 40)
    };
    assert!(matches!(
        ledger.tell(unknown).await,
        Err(LedgerError::Unknown { .. })
    ));
    // Each record waits once, until somebody answers or it is published.
    let waits = async |kind| ledger.last_words(kind, 10).await.unwrap().len();
    assert_eq!(waits(EventKind::Submitted).await, 1);
    let answer = event(EventKind::ChangesRequested, None, 50);
    ledger.tell(answer).await.unwrap();
    assert_eq!(waits(EventKind::Submitted).await, 0);
    assert_eq!(waits(EventKind::ChangesRequested).await, 1);
    let publish = change(Action::Publish, State::Published, "", 60);
    ledger.commit(vec![publish]).await.unwrap();
    assert_eq!(waits(EventKind::ChangesRequested).await, 0);
    // Whoever handed it in is told of that, also when the telling comes late.
    let submitter = async |until| ledger.submitter(1, at(until)).await.unwrap();
    assert_eq!(submitter(60).await.as_deref(), Some("grace"));
    let next = Announcement {
        author: "hopper".into(),
        ..event(EventKind::Submitted, None, 70)
    };
    ledger.tell(next).await.unwrap();
    assert_eq!(submitter(60).await.as_deref(), Some("grace"));
    assert_eq!(submitter(80).await.as_deref(), Some("hopper"));
    let publish = change(Action::Publish, State::Published, "", 80);
    ledger.commit(vec![publish]).await.unwrap();
    assert_eq!(submitter(80).await.as_deref(), Some("hopper"));
    assert_eq!(
        submitter(90).await,
        None,
        "nobody handed in what comes next"
    );
}

#[tokio::test]
async fn a_step_that_is_taken_twice_tells_once() {
    let (ledger, ada) = with_ada().await;
    assert_eq!(ledger.reached("test").await.unwrap(), None);
    for _ in 0..2 {
        let step = step(&ledger, &ada, Some(Mailing::Daily)).await;
        ledger.advance(step).await.unwrap();
    }
    assert_eq!(ledger.reached("test").await.unwrap(), Some(1));
    let notices = ledger.notices(&ada, false, None, 10).await.unwrap();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title.as_deref(), Some("one"));
    let waiting = async |mailing| ledger.mail_waits_for(mailing, "", 10).await.unwrap();
    assert_eq!(waiting(Mailing::AtOnce).await, []);
    assert_eq!(waiting(Mailing::Daily).await, std::slice::from_ref(&ada));
    let mailed = ledger.mailed(&ada, Mailing::Daily, notices[0].id, Some(at(99)));
    mailed.await.unwrap();
    assert_eq!(waiting(Mailing::Daily).await, []);
    let addressee = ledger.addressee(&ada).await.unwrap().unwrap();
    assert_eq!(addressee.digest_at, Some(at(99)));
    // Nobody else marks it, and an account that is forgotten takes everything with it.
    let eve = AccountId("eve".into());
    let one = Marked::One(notices[0].id);
    assert_eq!(ledger.mark(&eve, one, Some(at(100))).await.unwrap(), 0);
    assert_eq!(ledger.mark(&ada, one, Some(at(100))).await.unwrap(), 1);
    assert_eq!(ledger.count_unread(&ada).await.unwrap(), 0);
    ledger.forget_account(&ada, at(100)).await.unwrap();
    assert_eq!(ledger.notices(&ada, false, None, 10).await.unwrap(), []);
    let step = step(&ledger, &ada, None).await;
    ledger.advance(step).await.unwrap();
    assert_eq!(ledger.notices(&ada, false, None, 10).await.unwrap(), []);
}

#[tokio::test]
async fn the_oldest_notices_give_way() {
    let (ledger, ada) = with_ada().await;
    let pattern = step(&ledger, &ada, None).await;
    let more = usize::try_from(NOTICES_PER_ACCOUNT_MAX).unwrap() + 10;
    let mut full = pattern.clone();
    full.notices = (0..more as u64)
        .map(|number| {
            let mut notice = pattern.notices[0].clone();
            notice.happening.source = Source::Event(number);
            notice
        })
        .collect();
    ledger.advance(full).await.unwrap();
    let kept = ledger.notices(&ada, false, None, ROWS_MAX).await.unwrap();
    assert_eq!(kept.len(), more - 10);
    assert_eq!(kept[0].id, i64::try_from(more).unwrap());
}

#[tokio::test]
async fn a_queue_is_bounded_kept_in_order_and_ends_in_a_log() {
    let (ledger, ada) = with_ada().await;
    assert!(ledger.add_webhook(&hook("w", &ada)).await.unwrap());
    let waiting = usize::try_from(WAITING_PER_WEBHOOK_MAX).unwrap();
    let mut full = step(&ledger, &ada, None).await;
    full.notices.clear();
    full.deliveries = (0..waiting + 5).map(message).collect();
    ledger.advance(full).await.unwrap();
    ledger.queue_delivery(&message(0)).await.unwrap();
    assert_eq!(
        ledger.webhook_counts().await.unwrap().waiting,
        waiting as u64
    );
    assert_eq!(ledger.due_deliveries(at(99), 8).await.unwrap(), []);
    let log = usize::try_from(LOG_PER_WEBHOOK_MAX).unwrap();
    for number in 0..log + 10 {
        let mut due = ledger.due_deliveries(at(100), 8).await.unwrap();
        assert_eq!(due.len(), 1, "one webhook, one message at a time");
        let (delivery, webhook) = due.remove(0);
        assert_eq!(delivery.message, format!("msg_{number}"));
        assert_eq!(webhook.kinds, ["published", "withdrawn"]);
        let attempted = Attempted {
            at: at(100),
            status: Some(200),
            failure: None,
            outcome: Outcome::Delivered,
        };
        ledger.attempted(&delivery, &attempted).await.unwrap();
    }
    let kept = ledger.deliveries("w", ROWS_MAX).await.unwrap();
    let finished = kept.iter().filter(|one| one.delivered_at.is_some());
    assert_eq!(finished.count(), log);
}

#[tokio::test]
async fn failures_wait_disable_and_are_forgiven() {
    let (ledger, ada) = with_ada().await;
    ledger.add_webhook(&hook("w", &ada)).await.unwrap();
    ledger.queue_delivery(&message(1)).await.unwrap();
    let attempt = async |outcome| {
        let kept = ledger.deliveries("w", 1).await.unwrap().remove(0);
        let attempted = Attempted {
            at: at(100),
            status: None,
            failure: Some("it did not answer in time".into()),
            outcome,
        };
        ledger.attempted(&kept, &attempted).await.unwrap();
        ledger.webhook("w").await.unwrap().unwrap()
    };
    let later = at(100) + SignedDuration::from_secs(5);
    let failing = attempt(Outcome::Again(later)).await;
    assert_eq!(failing.failing_since, Some(at(100)));
    assert_eq!(ledger.next_delivery().await.unwrap(), Some(later));
    assert_eq!(ledger.due_deliveries(at(104), 8).await.unwrap(), []);
    assert_eq!(ledger.due_deliveries(later, 8).await.unwrap().len(), 1);
    assert!(attempt(Outcome::Disabled).await.disabled_at.is_some());
    assert_eq!(ledger.all_webhooks().await.unwrap(), []);
    let delivery = ledger.deliveries("w", 1).await.unwrap()[0].id;
    assert!(
        !ledger
            .replay_delivery(&ada, delivery, at(200))
            .await
            .unwrap()
    );
    assert!(ledger.enable_webhook(&ada, "w", at(150)).await.unwrap());
    let eve = AccountId("eve".into());
    assert!(
        !ledger
            .replay_delivery(&eve, delivery, at(200))
            .await
            .unwrap()
    );
    assert!(
        ledger
            .replay_delivery(&ada, delivery, at(200))
            .await
            .unwrap()
    );
    assert_eq!(attempt(Outcome::Delivered).await.failing_since, None);
    assert!(!ledger.remove_webhook(&eve, "w", at(300)).await.unwrap());
    assert!(ledger.remove_webhook(&ada, "w", at(300)).await.unwrap());
    assert_eq!(ledger.deliveries("w", 1).await.unwrap(), []);
}

#[tokio::test]
async fn nobody_follows_or_serves_without_end() {
    let (ledger, ada) = with_ada().await;
    let wanted = |number: i64| Subscription {
        id: format!("s{number}"),
        account: ada.clone(),
        topic: "search".into(),
        value: format!("q={number}"),
    };
    for number in 0..SUBSCRIPTIONS_PER_ACCOUNT_MAX {
        assert!(ledger.subscribe_to(&wanted(number), at(1)).await.unwrap());
    }
    let one_more = wanted(SUBSCRIPTIONS_PER_ACCOUNT_MAX);
    assert!(!ledger.subscribe_to(&one_more, at(1)).await.unwrap());
    assert!(ledger.unsubscribe_from(&ada, "s0").await.unwrap());
    assert!(ledger.subscribe_to(&one_more, at(1)).await.unwrap());
    for number in 0..WEBHOOKS_PER_ACCOUNT_MAX {
        let hook = hook(&format!("w{number}"), &ada);
        assert!(ledger.add_webhook(&hook).await.unwrap());
    }
    assert!(!ledger.add_webhook(&hook("one more", &ada)).await.unwrap());
}
