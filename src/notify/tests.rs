//! Is everybody told once, and at the right time? With a clock that the tests move.

use std::fs;
use std::path::Path;
use std::time::Duration;

use include_dir::Dir;

use super::*;
use crate::catalogue::{Base, Kinds, Parts as CatalogueParts, Profiles};
use crate::clock::Clock;
use crate::generate::Generator;
use crate::ledger::{Action, Arrival, Confirmation, Expected, Ledger, NewChange, State};
use crate::ontology::Ontology;
use crate::outbound;
use crate::rdf::canonical::canonical_ntriples;
use crate::search::{self, FacetDefinitions};
use crate::store;

const BASE: &str = "https://atlas.example.org";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const SIGN_IN: &str = "claims_days = 3650\n[providers.op]\nissuer = \"https://op.example\"\nclient_id = \"us\"\n\
    [[rules]]\nrole = \"provider\"\ncatalogues = [\"https://atlas.example.org/catalog/c1\"]\ngroup = \"editors\"\n";

/// One who tells, at the 15th of January 2026, with an account for Ada, who looks after the catalogue `c1`.
async fn notify(folder: &Path) -> (Notify, AccountId) {
    static NOTHING: Dir<'static> = Dir::new("", &[]);
    let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("shapes");
    let kinds = fs::read_to_string(shapes.join("kinds.toml")).unwrap();
    let ontology = Arc::new(Ontology::bundled().unwrap());
    let parts = CatalogueParts {
        base: Base::new(BASE).unwrap(),
        kinds: Kinds::parse(&kinds).unwrap(),
        profiles: Profiles::load(&NOTHING, Some(&shapes), &ontology).unwrap(),
        ontology: Arc::clone(&ontology),
        ledger: Ledger::in_memory().await.unwrap(),
        clock: Clock::fixed("2026-01-15T00:00:00Z".parse().unwrap()),
        store_folder: folder.join("triples"),
        store: store::Settings::default(),
        precondition_required: false,
    };
    let catalogue = Catalogue::open(parts, &|_| ()).await.unwrap();
    let facets = fs::read_to_string(shapes.join("facets.toml")).unwrap();
    let facets = FacetDefinitions::parse(&facets).unwrap();
    let text = folder.join("text");
    let index = Index::open(&text, &search::Settings::default(), ontology, facets).unwrap();
    let index = Arc::new(index);
    let outbound = Outbound::new(outbound::Settings::default());
    let settings = toml::from_str(SIGN_IN).unwrap();
    let sign_in = SignIn::new(settings, BASE, &outbound).unwrap();
    let notify = Notify::new(Parts {
        follower: Follower::new(catalogue.clone(), Arc::clone(&index)),
        index,
        sign_in: Arc::new(sign_in),
        outbound,
        mail: None,
        mail_settings: crate::mail::Settings::default(),
        key: Key::open(None, folder).unwrap(),
        settings: Settings::default(),
        name: "Atlas".into(),
        catalogue,
    });
    let ada = arrive(&notify, "ada").await;
    notify.catch_up().await.unwrap();
    (notify, ada)
}

async fn arrive(notify: &Notify, name: &str) -> AccountId {
    let catalogue = &notify.parts().catalogue;
    let arrival = Arrival {
        issuer: "https://op.example".into(),
        subject: name.into(),
        name: None,
        email: None,
        claims: "{\"groups\":[\"editors\"]}".into(),
        link_to: None,
        fresh: AccountId(name.into()),
        at: catalogue.clock().now(),
    };
    catalogue.ledger().arrive(arrival).await.unwrap();
    AccountId(name.into())
}

async fn publish(notify: &Notify, number: usize, author: &str) -> String {
    let catalogue = &notify.parts().catalogue;
    let record = Generator::new(20, 3, BASE).record(number);
    let change = NewChange {
        iri: record.iri.as_str().to_owned(),
        kind: record.kind.to_owned(),
        path: format!("/{}/{}", record.kind, record.id),
        parent: Some(format!("{BASE}/catalog/c1")),
        action: Action::Create,
        state: State::Published,
        graph: Some(canonical_ntriples(&record.triples).unwrap()),
        title: Some(format!("Record {number}")),
        author: author.to_owned(),
        reason: None,
        at: catalogue.clock().now(),
        report: None,
        expected: Expected::Any,
    };
    catalogue.ledger().commit(vec![change]).await.unwrap();
    catalogue.projection().catch_up().await.unwrap();
    record.iri.into_string()
}

async fn told(notify: &Notify, account: &AccountId) -> Vec<(EventKind, String)> {
    notify.catch_up().await.unwrap();
    let ledger = notify.parts().catalogue.ledger();
    let notices = ledger.notices(account, false, None, 100).await.unwrap();
    let mut told: Vec<_> = notices.into_iter().map(|one| (one.kind, one.iri)).collect();
    told.reverse();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yearly_check_is_reminded_of_once_in_each_period() {
    let folder = tempfile::tempdir().unwrap();
    let (notify, ada) = notify(folder.path()).await;
    let grace = arrive(&notify, "grace").await;
    let hers = publish(&notify, 0, "ada").await;
    let loaded = publish(&notify, 1, "operator").await;
    let catalogue = notify.parts().catalogue.clone();
    catalogue.clock().advance(DAY * 364);
    assert_eq!(
        notify.remind().await.unwrap(),
        0,
        "nothing is due before a year"
    );
    catalogue.clock().advance(DAY * 2);
    assert_eq!(notify.remind().await.unwrap(), 2);
    assert_eq!(notify.remind().await.unwrap(), 0, "once");
    let due = |iri: &String| (EventKind::CheckDue, iri.clone());
    // Whoever made it is reminded; of what nobody made, those whose roles name its catalogue.
    assert_eq!(told(&notify, &ada).await, [due(&hers), due(&loaded)]);
    assert_eq!(told(&notify, &grace).await, [due(&loaded)]);
    let waiting = catalogue.ledger().last_words(EventKind::CheckDue, 10);
    assert_eq!(waiting.await.unwrap().len(), 2);
    catalogue.clock().advance(DAY);
    let confirmation = Confirmation {
        version: 1,
        author: "ada".into(),
        note: None,
        at: catalogue.clock().now(),
    };
    catalogue
        .ledger()
        .confirm(&hers, &confirmation)
        .await
        .unwrap();
    let waiting = catalogue.ledger().last_words(EventKind::CheckDue, 10);
    assert_eq!(
        waiting.await.unwrap().len(),
        1,
        "what was confirmed waits no longer"
    );
    catalogue.clock().advance(DAY * 364);
    assert_eq!(notify.remind().await.unwrap(), 0);
    catalogue.clock().advance(DAY * 2);
    assert_eq!(notify.remind().await.unwrap(), 1, "a new period");
    assert_eq!(told(&notify, &ada).await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn reviews_are_told_to_those_who_may_give_them_and_answers_to_who_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (notify, ada) = notify(folder.path()).await;
    let eve = arrive(&notify, "eve").await;
    let iri = publish(&notify, 0, "ada").await;
    let ledger = notify.parts().catalogue.ledger().clone();
    let now = notify.parts().catalogue.clock().now();
    let say = async |kind, author: &str| {
        let announcement = crate::ledger::Announcement {
            kind,
            iri: iri.clone(),
            author: author.into(),
            words: Some("Which scanner?".into()),
            at: now,
            key: None,
        };
        ledger.tell(announcement).await.unwrap();
    };
    assert_eq!(told(&notify, &eve).await, []);
    // A provider may not judge, so nobody here is asked.
    say(EventKind::Submitted, "eve").await;
    assert_eq!(
        told(&notify, &ada).await,
        [(EventKind::Submitted, iri.clone())],
        "her own record"
    );
    assert_eq!(told(&notify, &eve).await, []);
    say(EventKind::ChangesRequested, "somebody").await;
    let asked = (EventKind::ChangesRequested, iri.clone());
    assert_eq!(told(&notify, &eve).await, std::slice::from_ref(&asked));
    assert_eq!(told(&notify, &ada).await[1..], [asked]);
    // Without a choice it waits for the daily letter; nothing is written without a mail server.
    let waits = ledger.mail_waits_for(crate::ledger::Mailing::Daily, "", 10);
    assert_eq!(waits.await.unwrap(), [ada.clone(), eve]);
    // The daily letter has its hour.
    notify.parts().catalogue.clock().advance(DAY / 2);
    notify.post().await.unwrap();
    assert_eq!(ledger.count_to_mail().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doi_that_is_refused_is_told_to_those_who_can_mend_the_record() {
    let folder = tempfile::tempdir().unwrap();
    let (notify, ada) = notify(folder.path()).await;
    let iri = publish(&notify, 0, "loader").await;
    let catalogue = &notify.parts().catalogue;
    let refused = crate::ledger::Announcement {
        kind: EventKind::DoiRefused,
        iri: iri.clone(),
        author: "server".into(),
        words: Some("creators: can't be blank".into()),
        at: catalogue.clock().now(),
        key: Some("doi refused 1".into()),
    };
    for _ in 0..2 {
        catalogue.ledger().tell(refused.clone()).await.unwrap();
    }
    let waits = (EventKind::DoiRefused, iri);
    assert_eq!(told(&notify, &ada).await, [waits], "once");
}
