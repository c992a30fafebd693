//! Does the ledger keep its promises, in memory and on disk?

use std::collections::BTreeMap;

use jiff::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::rdf::canonical::{CanonicalText, canonical_ntriples};
use crate::rdf::{Literal, NamedNode, Triple};

const PARENT: &str = "https://example.org/catalog/a";

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn iri(name: &str) -> String {
    format!("https://example.org/dataset/{name}")
}

fn graph(name: &str, text: &str) -> CanonicalText {
    let title = NamedNode::new("http://purl.org/dc/terms/title").unwrap();
    let subject = NamedNode::new(iri(name)).unwrap();
    canonical_ntriples(&[Triple::new(subject, title, Literal::from(text))]).unwrap()
}

/// A change of a dataset; what it does not say is as usual.
fn change(name: &str, action: Action, state: State) -> NewChange {
    let has_graph = matches!(action, Action::Create | Action::Replace);
    NewChange {
        iri: iri(name),
        kind: "dataset".into(),
        path: format!("dataset/{name}"),
        parent: Some(PARENT.into()),
        action,
        state,
        graph: has_graph.then(|| graph(name, "text")),
        title: has_graph.then(|| format!("Title of {name}")),
        author: "ada".into(),
        reason: None,
        at: at(1_000),
        report: None,
        expected: Expected::Any,
    }
}

fn create(name: &str, state: State) -> NewChange {
    NewChange {
        expected: Expected::New,
        ..change(name, Action::Create, state)
    }
}

fn replace(name: &str, state: State, text: &str) -> NewChange {
    NewChange {
        graph: Some(graph(name, text)),
        title: Some(text.into()),
        ..change(name, Action::Replace, state)
    }
}

fn publish(name: &str) -> NewChange {
    change(name, Action::Publish, State::Published)
}

fn withdraw(name: &str) -> NewChange {
    let reason = Some("consent ended".into());
    NewChange {
        reason,
        ..change(name, Action::Withdraw, State::Withdrawn)
    }
}

fn delete(name: &str) -> NewChange {
    change(name, Action::Delete, State::Deleted)
}

async fn one(ledger: &Ledger, change: NewChange) -> Result<Committed, LedgerError> {
    ledger
        .commit(vec![change])
        .await
        .map(|mut receipts| receipts.remove(0))
}

async fn seen(ledger: &Ledger) -> Vec<PublicChange> {
    ledger.public_changes_since(0, ROWS_MAX).await.unwrap()
}

/// Runs a promise against a ledger in memory and against one in a file.
fn on_both<F: Future<Output = ()>>(promise: impl Fn(Ledger) -> F) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async { promise(Ledger::in_memory().await.unwrap()).await });
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::at(folder.path().join("new/ledger.sqlite"));
    runtime.block_on(async { promise(Ledger::open(&settings).await.unwrap()).await });
}

#[test]
fn a_record_is_found_by_iri_and_path_with_all_that_was_said() {
    on_both(async |ledger| {
        let wanted = NewChange {
            report: Some("{\"conforms\":true}".into()),
            reason: Some("first".into()),
            ..create("a", State::Draft)
        };
        let receipt = one(&ledger, wanted.clone()).await.unwrap();
        assert_eq!(
            receipt,
            Committed {
                sequence: 1,
                iri: iri("a"),
                version: 1
            }
        );
        let head = ledger.head(&iri("a")).await.unwrap().unwrap();
        assert_eq!(
            ledger.head_by_path("dataset/a").await.unwrap().as_ref(),
            Some(&head)
        );
        assert_eq!(
            (head.state, head.version, head.owner.as_str()),
            (State::Draft, 1, "ada")
        );
        assert_eq!(head.public, None);
        let version = ledger.version(&iri("a"), 1).await.unwrap().unwrap();
        let given = wanted.graph.unwrap();
        assert_eq!(version.ntriples, given.as_str());
        assert_eq!(version.change.digest, given.digest());
        assert_eq!(version.change.report, wanted.report);
        assert_eq!(version.change.reason, wanted.reason);
        assert_eq!(version.change.at, wanted.at);
        let history = ledger.history(&iri("a")).await.unwrap();
        assert_eq!(history, std::slice::from_ref(&version.change));
        assert_eq!(ledger.change(1).await.unwrap(), Some(version.change));
        assert_eq!(ledger.version(&iri("a"), 2).await.unwrap(), None);
        assert_eq!(ledger.head(&iri("b")).await.unwrap(), None);
    });
}

#[test]
fn a_draft_that_never_was_public_never_appears() {
    on_both(async |ledger| {
        one(&ledger, create("a", State::Draft)).await.unwrap();
        one(&ledger, replace("a", State::Draft, "secret"))
            .await
            .unwrap();
        one(&ledger, withdraw("a")).await.unwrap();
        one(&ledger, delete("a")).await.unwrap();
        assert_eq!(seen(&ledger).await, []);
        assert_eq!(ledger.public_now(0, 10).await.unwrap(), []);
        assert_eq!(ledger.last_public_sequence().await.unwrap(), 0);
        assert_eq!(ledger.public_counts().await.unwrap(), []);
        assert_eq!(
            ledger
                .count_children(PARENT, None, Seen::Public)
                .await
                .unwrap(),
            0
        );
        assert_eq!(
            ledger
                .head(&iri("a"))
                .await
                .unwrap()
                .unwrap()
                .public_sequence,
            None
        );
        assert_eq!(ledger.last_sequence(), 4);
    });
}

#[test]
fn a_draft_above_a_public_version_leaves_the_public_one() {
    on_both(async |ledger| {
        one(&ledger, create("a", State::Published)).await.unwrap();
        let moved = NewChange {
            parent: Some("https://x/".into()),
            ..replace("a", State::Draft, "secret")
        };
        one(&ledger, moved).await.unwrap();
        let head = ledger.head(&iri("a")).await.unwrap().unwrap();
        let public = head.public.unwrap();
        assert_eq!(
            (head.version, head.state, public.version),
            (2, State::Draft, 1)
        );
        assert_eq!(public.title.as_deref(), Some("Title of a"));
        let now = ledger.public_now(0, 10).await.unwrap();
        assert_eq!(now, seen(&ledger).await);
        assert_eq!(now.len(), 1);
        let kind = Some("dataset");
        assert_eq!(
            ledger
                .children(PARENT, kind, Seen::Public, 0, 10)
                .await
                .unwrap()
                .len(),
            1
        );
        assert_eq!(
            ledger
                .children(PARENT, kind, Seen::All, 0, 10)
                .await
                .unwrap(),
            []
        );
        assert_eq!(
            ledger
                .count_children("https://x/", kind, Seen::All)
                .await
                .unwrap(),
            1
        );

        one(&ledger, withdraw("a")).await.unwrap();
        let removal = seen(&ledger).await.pop().unwrap();
        assert_eq!(
            removal.title.as_deref(),
            Some("Title of a"),
            "not the draft's title"
        );
        assert_eq!(removal.parent.as_deref(), Some(PARENT));
        let reason = Some("consent ended".into());
        assert_eq!(
            removal.what,
            What::Remove {
                state: State::Withdrawn,
                reason
            }
        );
        let head = ledger.head(&iri("a")).await.unwrap().unwrap();
        assert_eq!((head.public, head.public_sequence), (None, Some(3)));
        assert_eq!(head.first_published_at, Some(at(1_000)));
    });
}

#[test]
fn publishing_makes_the_version_that_was_checked_public() {
    on_both(async |ledger| {
        one(&ledger, create("a", State::Draft)).await.unwrap();
        one(&ledger, replace("a", State::Draft, "second"))
            .await
            .unwrap();
        let stale = NewChange {
            expected: Expected::Version(1),
            ..publish("a")
        };
        assert!(matches!(
            one(&ledger, stale).await,
            Err(LedgerError::Conflict {
                expected: 1,
                actual: 2,
                ..
            })
        ));
        let checked = NewChange {
            expected: Expected::Version(2),
            at: at(2_000),
            ..publish("a")
        };
        assert_eq!(one(&ledger, checked).await.unwrap().version, 2);
        let put = seen(&ledger).await.remove(0);
        let second = graph("a", "second");
        let ntriples = second.as_str().to_owned();
        assert_eq!(
            put.what,
            What::Put {
                version: 2,
                digest: second.digest(),
                ntriples
            }
        );
        assert_eq!((put.sequence, put.first_published_at), (3, at(2_000)));

        let with_graph = NewChange {
            graph: Some(graph("a", "third")),
            ..publish("a")
        };
        assert_eq!(one(&ledger, with_graph).await.unwrap().version, 3);
        let put = ledger.public_changes_since(3, 1).await.unwrap().remove(0);
        assert!(matches!(put.what, What::Put { version: 3, .. }));
        assert_eq!(put.first_published_at, at(2_000));
    });
}

#[test]
fn what_cannot_be_is_refused_and_named() {
    on_both(async |ledger| {
        one(&ledger, create("a", State::Draft)).await.unwrap();
        let again = one(&ledger, create("a", State::Draft)).await;
        assert!(matches!(again, Err(LedgerError::Exists { version: 1, .. })));
        let unknown = one(&ledger, publish("b")).await;
        assert!(matches!(unknown, Err(LedgerError::Unknown { .. })));
        let path = NewChange {
            path: "dataset/a".into(),
            ..create("b", State::Draft)
        };
        assert!(
            matches!(one(&ledger, path).await, Err(LedgerError::PathTaken { taken_by, .. }) if taken_by == iri("a"))
        );
        let kind = NewChange {
            kind: "tool".into(),
            ..replace("a", State::Draft, "x")
        };
        assert!(matches!(
            one(&ledger, kind).await,
            Err(LedgerError::Fixed { field: "kind", .. })
        ));
        let bare = NewChange {
            graph: None,
            ..replace("a", State::Draft, "x")
        };
        let error = one(&ledger, bare).await.unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("replace of record <https://example.org/dataset/a> cannot")
        );
        assert_eq!(ledger.last_sequence(), 1);
        assert_eq!(ledger.commit(Vec::new()).await.unwrap(), []);
    });
}

#[test]
fn a_call_is_written_whole_or_not_at_all() {
    on_both(async |ledger| {
        let call = vec![
            create("a", State::Published),
            create("b", State::Draft),
            publish("c"),
        ];
        assert!(matches!(
            ledger.commit(call).await,
            Err(LedgerError::Unknown { .. })
        ));
        assert_eq!(ledger.head(&iri("a")).await.unwrap(), None);
        let call = vec![
            create("a", State::Draft),
            publish("a"),
            create("b", State::Published),
        ];
        let receipts = ledger.commit(call).await.unwrap();
        assert_eq!(
            receipts
                .iter()
                .map(|receipt| receipt.sequence)
                .collect::<Vec<_>>(),
            [1, 2, 3]
        );
        assert_eq!(ledger.history(&iri("a")).await.unwrap().len(), 2);
        assert_eq!(
            ledger.public_counts().await.unwrap(),
            [("dataset".to_owned(), 2)]
        );
    });
}

#[test]
fn a_call_that_fails_leaves_its_neighbours_in_the_transaction_alone() {
    on_both(async |ledger| {
        let calls = (0..40).map(|n| {
            let ledger = ledger.clone();
            let good = create(&format!("n{n}"), State::Published);
            let call = if n % 4 == 0 {
                vec![good, publish("nobody")]
            } else {
                vec![good]
            };
            tokio::spawn(async move { ledger.commit(call).await })
        });
        let mut sequences = Vec::new();
        let mut failed = 0;
        for call in calls.collect::<Vec<_>>() {
            match call.await.unwrap() {
                Ok(receipts) => sequences.push(receipts[0].sequence),
                Err(error) => {
                    assert!(matches!(error, LedgerError::Unknown { .. }));
                    failed += 1;
                }
            }
        }
        sequences.sort_unstable();
        assert_eq!(failed, 10);
        assert_eq!(
            sequences,
            (1..=30).collect::<Vec<_>>(),
            "no gap where a call failed"
        );
        assert_eq!(
            ledger.count_heads(&HeadFilter::default()).await.unwrap(),
            30
        );
    });
}

#[test]
fn writers_at_the_same_time_share_transactions() {
    on_both(async |ledger| {
        let writers = (0..64).map(|writer| {
            let ledger = ledger.clone();
            tokio::spawn(async move {
                for n in 0..4 {
                    one(&ledger, create(&format!("w{writer}-{n}"), State::Draft))
                        .await
                        .unwrap();
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        assert_eq!(ledger.commits(), 256);
        assert_eq!(ledger.last_sequence(), 256);
        assert!(
            ledger.transactions() < 128,
            "{} transactions",
            ledger.transactions()
        );
    });
}

#[test]
fn of_two_writers_from_the_same_version_one_is_told_of_the_other() {
    on_both(async |ledger| {
        one(&ledger, create("a", State::Draft)).await.unwrap();
        let from_first = |text| NewChange {
            expected: Expected::Version(1),
            ..replace("a", State::Draft, text)
        };
        let (left, right) = tokio::join!(
            one(&ledger, from_first("left")),
            one(&ledger, from_first("right"))
        );
        assert!(left.is_ok() != right.is_ok());
        let error = left.and(right).unwrap_err();
        assert!(matches!(
            error,
            LedgerError::Conflict {
                expected: 1,
                actual: 2,
                ..
            }
        ));
    });
}

#[test]
fn lists_go_page_by_page_to_the_very_end() {
    on_both(async |ledger| {
        let states = [State::Draft, State::Published];
        let call = (0..25)
            .map(|n| create(&format!("n{n}"), states[n % 2]))
            .collect();
        ledger.commit(call).await.unwrap();
        let filter = HeadFilter {
            state: Some(State::Draft),
            owner: Some("ada".into()),
            ..HeadFilter::default()
        };
        let (mut after, mut found) = (0, 0);
        loop {
            let page = ledger.heads(&filter, after, 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.record;
            found += page.len();
        }
        assert_eq!(found, 13);
        assert_eq!(ledger.count_heads(&filter).await.unwrap(), 13);
        let first = ledger.public_now(0, 5).await.unwrap();
        let rest = ledger.public_now(first[4].record, ROWS_MAX).await.unwrap();
        assert_eq!(first.len() + rest.len(), 12);
    });
}

#[tokio::test]
async fn a_ledger_that_is_opened_again_holds_everything() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::at(folder.path().join("ledger.sqlite"));
    let ledger = Ledger::open(&settings).await.unwrap();
    let call = (0..150)
        .map(|n| create(&format!("n{n}"), State::Published))
        .collect();
    ledger.commit(call).await.unwrap();
    ledger.remember("greeting", "hello").await.unwrap();
    let before = seen(&ledger).await;
    drop(ledger);
    let ledger = Ledger::open(&settings).await.unwrap();
    assert_eq!(seen(&ledger).await, before);
    assert_eq!(before.len(), 150);
    assert_eq!(
        ledger.recall("greeting").await.unwrap().as_deref(),
        Some("hello")
    );
    assert_eq!(ledger.last_sequence(), 150);
    assert_eq!(one(&ledger, withdraw("n0")).await.unwrap().sequence, 151);
    ledger.close().await.unwrap();
    assert!(matches!(
        one(&ledger, withdraw("n1")).await,
        Err(LedgerError::Closed)
    ));
}

#[tokio::test]
async fn followers_wake_when_something_was_written() {
    let ledger = Ledger::in_memory().await.unwrap();
    let mut follower = ledger.subscribe();
    one(&ledger, create("a", State::Draft)).await.unwrap();
    follower.changed().await.unwrap();
    assert_eq!(*follower.borrow(), 1);
}

#[tokio::test]
async fn a_ledger_from_the_future_is_not_touched() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::at(folder.path().join("ledger.sqlite"));
    let ledger = Ledger::open(&settings).await.unwrap();
    sqlx::query("INSERT INTO migrations (number) VALUES (99)")
        .execute(&ledger.writer)
        .await
        .unwrap();
    drop(ledger);
    assert!(matches!(
        Ledger::open(&settings).await,
        Err(LedgerError::Newer { found: 99, .. })
    ));
}

#[test]
fn a_token_is_known_by_its_hash_until_it_ends() {
    on_both(async |ledger| {
        let token = NewToken {
            id: TokenId("t1".into()),
            name: "loader".into(),
            hash: TokenHash([7; 32]),
            role: "provider".into(),
            catalogues: vec![PARENT.into()],
            account: None,
            actions: vec!["*".into()],
            made_by: "command line".into(),
            created_at: at(10),
            expires_at: Some(at(100)),
        };
        assert!(ledger.create_token(token).await.unwrap());
        let found = ledger
            .token_by_hash(&TokenHash([7; 32]))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.catalogues, [PARENT]);
        assert!(found.is_valid(at(99)) && !found.is_valid(at(100)));
        assert_eq!(
            ledger.token_by_hash(&TokenHash([8; 32])).await.unwrap(),
            None
        );
        ledger.touch_token(&found.id, at(20));
        ledger.touch_token(&found.id, at(30));
        ledger.write_token_use().await.unwrap();
        let used = ledger.tokens().await.unwrap()[0].last_used_at;
        assert_eq!(used, Some(at(30)));
        assert!(ledger.revoke_token(&found.id, "x", at(40)).await.unwrap());
        assert!(!ledger.revoke_token(&found.id, "x", at(50)).await.unwrap());
        assert!(!ledger.tokens().await.unwrap()[0].is_valid(at(41)));
    });
}

/// The simplest thing that could be right: per record its versions, and which of them is public.
#[derive(Default)]
struct Model {
    records: BTreeMap<String, ModelRecord>,
}

#[derive(Default)]
struct ModelRecord {
    versions: Vec<String>,
    public: Option<usize>,
}

impl Model {
    fn take(&mut self, wanted: &NewChange) -> bool {
        let known = self.records.contains_key(&wanted.iri);
        let makes = match wanted.action {
            Action::Create => !known,
            // Whoever does not mind what stands there replaces nothing as well.
            Action::Replace => known || wanted.expected == Expected::Any,
            Action::Publish | Action::Withdraw | Action::Delete => known,
        };
        if !makes {
            return false;
        }
        let record = self.records.entry(wanted.iri.clone()).or_default();
        if let Some(graph) = &wanted.graph {
            record.versions.push(graph.as_str().to_owned());
        }
        match wanted.state {
            State::Draft => {}
            State::Published => record.public = Some(record.versions.len()),
            State::Withdrawn | State::Deleted => record.public = None,
        }
        true
    }

    fn public(&self) -> BTreeMap<String, (u64, String)> {
        let faces = self.records.iter().filter_map(|(iri, record)| {
            let version = record.public?;
            Some((
                iri.clone(),
                (version as u64, record.versions[version - 1].clone()),
            ))
        });
        faces.collect()
    }
}

/// What a follower has after it did all it was told.
fn followed(changes: Vec<PublicChange>) -> BTreeMap<String, (u64, String)> {
    let mut public = BTreeMap::new();
    for change in changes {
        match change.what {
            What::Put {
                version, ntriples, ..
            } => {
                public.insert(change.iri, (version, ntriples));
            }
            What::Remove { .. } => {
                assert!(
                    public.remove(&change.iri).is_some(),
                    "removed what was never put"
                );
            }
        }
    }
    public
}

fn any_change() -> impl Strategy<Value = NewChange> {
    (0..3_u8, 0..7_u8, 0..1_000_u16).prop_map(|(name, what, text)| {
        let name = ["a", "b", "c"][usize::from(name)];
        let text = format!("text {text}");
        match what {
            0 => create(name, State::Draft),
            1 => create(name, State::Published),
            2 => replace(name, State::Draft, &text),
            3 => replace(name, State::Published, &text),
            4 => publish(name),
            5 => withdraw(name),
            _ => delete(name),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn followers_hold_exactly_what_a_simple_model_calls_public(
        calls in prop::collection::vec(any_change(), 1..40),
        pause in 0..40_usize,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let ledger = Ledger::in_memory().await.unwrap();
            let mut model = Model::default();
            let mut early = Vec::new();
            for (number, wanted) in calls.into_iter().enumerate() {
                if number == pause {
                    early = seen(&ledger).await;
                }
                let taken = model.take(&wanted);
                prop_assert_eq!(one(&ledger, wanted).await.is_ok(), taken);
            }
            let reached = early.last().map_or(0, |change| change.sequence);
            early.extend(ledger.public_changes_since(reached, ROWS_MAX).await.unwrap());
            prop_assert_eq!(&followed(early), &model.public());
            let now = followed(ledger.public_now(0, ROWS_MAX).await.unwrap());
            prop_assert_eq!(&now, &model.public());
            for (iri, record) in &model.records {
                let head = ledger.head(iri).await.unwrap().unwrap();
                prop_assert_eq!(head.version, record.versions.len() as u64);
                for (index, text) in record.versions.iter().enumerate() {
                    let stored = ledger.version(iri, index as u64 + 1).await.unwrap().unwrap();
                    prop_assert_eq!(&stored.ntriples, text);
                }
            }
            Ok(())
        })?;
    }
}
