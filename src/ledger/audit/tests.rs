//! Does the chain hold, and does it tell the first event that was touched?

use super::*;
use crate::ledger::{AccountId, Action, Expected, NewChange, NewToken, State, TokenHash, TokenId};
use crate::rdf::canonical::canonical_ntriples;
use crate::rdf::{Literal, NamedNode, Triple};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn event_of(second: i64) -> NewEvent {
    NewEvent {
        at: at(second),
        actor: "ada".into(),
        deed: Deed::SignedIn,
        subject: "ada".into(),
        detail: json!({ "issuer": "https://op.example/" }),
    }
}

fn change(slug: &str, second: i64) -> NewChange {
    let iri = format!("https://example.org/dataset/{slug}");
    let name = |text: &str| NamedNode::new(text).unwrap();
    let title = name("http://purl.org/dc/terms/title");
    let triple = Triple::new(name(&iri), title, Literal::from("x"));
    NewChange {
        path: format!("/dataset/{slug}"),
        kind: "dataset".into(),
        parent: None,
        action: Action::Create,
        state: State::Draft,
        graph: Some(canonical_ntriples(&[triple]).unwrap()),
        title: None,
        author: "ada".into(),
        reason: Some("a reason".into()),
        at: at(second),
        report: None,
        expected: Expected::New,
        iri,
    }
}

/// Six events: sign-in, one change, three changes at once, a token made and ended, another sign-in.
async fn told() -> Ledger {
    let ledger = Ledger::in_memory().await.unwrap();
    ledger.note(event_of(1)).await.unwrap();
    ledger.commit(vec![change("a", 2)]).await.unwrap();
    let three = ["b", "c", "d"].map(|slug| change(slug, 3));
    ledger.commit(three.to_vec()).await.unwrap();
    let id = TokenId("t".into());
    let token = NewToken {
        id: id.clone(),
        name: "a token".into(),
        hash: TokenHash([1; 32]),
        role: "reader".into(),
        catalogues: vec![],
        account: None,
        actions: vec!["*".into()],
        made_by: "command line".into(),
        created_at: at(4),
        expires_at: None,
    };
    ledger.create_token(token).await.unwrap();
    ledger
        .revoke_token(&id, "command line", at(5))
        .await
        .unwrap();
    ledger.note(event_of(6)).await.unwrap();
    ledger
}

async fn verify(ledger: &Ledger) -> Verdict {
    ledger.verify_audit(None).await.unwrap()
}

#[tokio::test]
async fn every_deed_is_an_event_and_the_chain_holds() {
    let ledger = told().await;
    let events = ledger.audit_after(0, 100).await.unwrap();
    let deeds: Vec<&str> = events.iter().map(|event| event.deed.as_str()).collect();
    let wanted = [
        "signed-in",
        "record-changed",
        "records-changed",
        "token-made",
        "token-ended",
        "signed-in",
    ];
    assert_eq!(deeds, wanted);
    assert_eq!(events[1].subject, "https://example.org/dataset/a");
    let Verdict::Whole { events: 6, head } = verify(&ledger).await else {
        panic!("{:?}", verify(&ledger).await)
    };
    let start: Start = head.to_string().parse().unwrap();
    let from = ledger.verify_audit(Some(start)).await.unwrap();
    assert_eq!(from, Verdict::Whole { events: 0, head });
    let newest = ledger.audit(&AuditFilter::default(), 1).await.unwrap();
    assert_eq!(newest[0].number, 6);
    let filter = AuditFilter {
        actor: Some("ada".into()),
        deed: Some(Deed::SignedIn),
        before: Some(6),
        ..AuditFilter::default()
    };
    assert_eq!(ledger.audit(&filter, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_first_event_that_was_touched_is_told() {
    let altered = Flaw::Altered;
    let cases: [(&str, u64, Flaw); 8] = [
        (
            "UPDATE audit SET actor = 'grace' WHERE number = 4",
            4,
            altered,
        ),
        (
            "UPDATE audit SET detail = '{}' WHERE number = 1",
            1,
            altered,
        ),
        ("UPDATE audit SET at = at + 1 WHERE number = 6", 6, altered),
        ("DELETE FROM audit WHERE number = 4", 4, Flaw::Missing),
        ("DELETE FROM audit WHERE number = 1", 1, Flaw::Missing),
        (
            "UPDATE changes SET author = 'grace' WHERE sequence = 3",
            3,
            Flaw::Changes { first: 2, last: 4 },
        ),
        (
            "UPDATE changes SET reason = NULL WHERE sequence = 1",
            2,
            Flaw::Changes { first: 1, last: 1 },
        ),
        (
            "INSERT INTO changes SELECT 5, record, 2, action, state, effect, parent, title, digest, author, reason, \
             at, first_published_at, graph_sequence, report, graph FROM changes WHERE sequence = 1",
            7,
            Flaw::Uncovered(5),
        ),
    ];
    for (tampering, number, flaw) in cases {
        let ledger = told().await;
        sqlx::query(tampering)
            .execute(&ledger.writer)
            .await
            .unwrap();
        let wanted = Verdict::Broken { number, flaw };
        assert_eq!(verify(&ledger).await, wanted, "{tampering}");
    }
}

#[tokio::test]
async fn whoever_writes_the_chain_anew_is_told_by_a_mark_that_was_kept() {
    let ledger = told().await;
    let Verdict::Whole { head, .. } = verify(&ledger).await else {
        panic!("broken")
    };
    let events = ledger.audit_after(0, 100).await.unwrap();
    let mut mark = Mark {
        number: 0,
        hash: [0; 32],
    };
    for event in events {
        let mut told = event.as_new();
        if event.number == 4 {
            told.actor = "grace".into();
        }
        mark = mark.follow(&told, &event.detail);
        sqlx::query("UPDATE audit SET actor = ?, hash = ? WHERE number = ?")
            .bind(told.actor)
            .bind(mark.hash.to_vec())
            .bind(signed(event.number))
            .execute(&ledger.writer)
            .await
            .unwrap();
    }
    assert!(matches!(verify(&ledger).await, Verdict::Whole { .. }));
    let start = Start {
        number: head.number,
        hash: Some(head.hash),
    };
    let number = head.number;
    let flaw = Flaw::OtherThanGiven;
    let kept = ledger.verify_audit(Some(start)).await.unwrap();
    assert_eq!(kept, Verdict::Broken { number, flaw });
}

#[tokio::test]
async fn what_is_left_after_pruning_still_holds() {
    let ledger = told().await;
    assert_eq!(ledger.prune_audit(at(1), "x", at(9)).await.unwrap(), 0);
    assert_eq!(ledger.prune_audit(at(4), "x", at(9)).await.unwrap(), 3);
    assert!(matches!(
        verify(&ledger).await,
        Verdict::Whole { events: 4, .. }
    ));
    ledger.commit(vec![change("e", 10)]).await.unwrap();
    assert!(matches!(
        verify(&ledger).await,
        Verdict::Whole { events: 5, .. }
    ));
    assert_eq!(ledger.prune_audit(at(99), "x", at(99)).await.unwrap(), 5);
    let rest = ledger.audit_after(0, 9).await.unwrap();
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].deed, Deed::AuditPruned);
    assert!(matches!(
        verify(&ledger).await,
        Verdict::Whole { events: 1, .. }
    ));
}

#[test]
fn a_mark_is_read_back_and_nonsense_is_not() {
    let mark = Mark {
        number: 7,
        hash: [9; 32],
    };
    let start: Start = mark.to_string().parse().unwrap();
    assert_eq!((start.number, start.hash), (7, Some([9; 32])));
    assert_eq!("8".parse::<Start>().unwrap().hash, None);
    for bad in ["", "x", "7:", "7:zz", "-1"] {
        assert!(bad.parse::<Start>().is_err(), "{bad}");
    }
    for deed in Deed::ALL {
        assert_eq!(Deed::from_word(deed.as_str()), Some(*deed));
    }
}

#[tokio::test]
async fn an_invitation_makes_one_member() {
    use crate::ledger::{Arrival, NewInvitation};
    let ledger = Ledger::in_memory().await.unwrap();
    let ada = AccountId("ada".into());
    let arrival = Arrival {
        issuer: "i".into(),
        subject: "s".into(),
        name: Some("Ada".into()),
        email: None,
        claims: "{}".into(),
        link_to: None,
        fresh: ada.clone(),
        at: at(1),
    };
    ledger.arrive(arrival).await.unwrap();
    let invitation = |number: u8, catalogue: &str| NewInvitation {
        id: format!("i{number}"),
        hash: TokenHash([number; 32]),
        role: "provider".into(),
        catalogues: vec![catalogue.into()],
        note: "for Ada".into(),
        invited_by: "steward".into(),
        created_at: at(2),
        expires_at: at(100),
    };
    for (number, catalogue) in [(1, "c1"), (2, "c2"), (3, "c3")] {
        ledger.invite(invitation(number, catalogue)).await.unwrap();
    }
    assert_eq!(ledger.invitations(at(3)).await.unwrap().len(), 3);
    let join = |number: u8, second| {
        let (ledger, ada) = (ledger.clone(), ada.clone());
        async move {
            let hash = TokenHash([number; 32]);
            ledger.join(&hash, &ada, at(second)).await.unwrap()
        }
    };
    assert!(join(1, 3).await.is_some());
    assert!(join(1, 3).await.is_none(), "a second time");
    let both = join(2, 3).await.unwrap();
    assert_eq!(both.catalogues, ["c1", "c2"]);
    assert!(join(3, 100).await.is_none(), "too late");
    let members = ledger.members().await.unwrap();
    assert_eq!(members[0].name.as_deref(), Some("Ada"));
    assert!(
        ledger
            .remove_member(&ada, "provider", "steward", at(4))
            .await
            .unwrap()
    );
    assert!(
        !ledger
            .remove_member(&ada, "provider", "steward", at(4))
            .await
            .unwrap()
    );
    assert!(matches!(verify(&ledger).await, Verdict::Whole { .. }));
}
