//! Do the parts of the heart agree: what is kept at writing, what is built in bulk, what is played again?

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use include_dir::Dir;

use super::projection::{Making, all_graphs, graphs};
use super::*;
use crate::auth::{Grant, Person, Role};
use crate::generate::{GeneratedRecord, Generator};
use crate::ledger::{Action, Expected, NewChange};
use crate::rdf::canonical::canonical_ntriples;
use crate::rdf::vocabulary::dcat;

const BASE: &str = "https://atlas.example.org";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A catalogue whose time stands at the 15th of January 2026.
async fn catalogue(folder: &Path) -> Catalogue {
    static NOTHING: Dir<'static> = Dir::new("", &[]);
    let shapes = Path::new(env!("CARGO_MANIFEST_DIR")).join("shapes");
    let kinds = fs::read_to_string(shapes.join("kinds.toml")).unwrap();
    let ontology = Arc::new(Ontology::bundled().unwrap());
    let parts = Parts {
        base: Base::new(BASE).unwrap(),
        kinds: Kinds::parse(&kinds).unwrap(),
        profiles: Profiles::load(&NOTHING, Some(&shapes), &ontology).unwrap(),
        ontology,
        ledger: Ledger::in_memory().await.unwrap(),
        clock: Clock::fixed("2026-01-15T00:00:00Z".parse().unwrap()),
        store_folder: folder.join("triples"),
        store: store::Settings::default(),
        precondition_required: false,
    };
    Catalogue::open(parts, &|_| ()).await.unwrap()
}

fn change(catalogue: &Catalogue, record: &GeneratedRecord, action: Action) -> NewChange {
    let parent = record.kind == "dataset";
    NewChange {
        iri: record.iri.as_str().to_owned(),
        kind: record.kind.to_owned(),
        path: format!("/{}/{}", record.kind, record.id),
        parent: parent.then(|| format!("{BASE}/catalog/c1")),
        action,
        state: match action {
            Action::Withdraw => State::Withdrawn,
            _ => State::Published,
        },
        graph: (action != Action::Withdraw).then(|| canonical_ntriples(&record.triples).unwrap()),
        title: None,
        author: "tests".to_owned(),
        reason: None,
        at: catalogue.clock().now(),
        report: None,
        expected: Expected::Any,
    }
}

async fn commit(catalogue: &Catalogue, changes: Vec<NewChange>) {
    catalogue.ledger().commit(changes).await.unwrap();
    catalogue.projection().catch_up().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn graphs_that_are_made_on_all_cores_are_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = catalogue(folder.path()).await;
    let records: Vec<_> = Generator::new(100, 3, BASE).records().collect();
    let changes = records
        .iter()
        .map(|record| change(&catalogue, record, Action::Create));
    commit(&catalogue, changes.collect()).await;
    let public = catalogue.ledger().public_now(0, 1_000).await.unwrap();
    let making = Making {
        base: catalogue.base().clone(),
        kinds: catalogue.kinds().clone(),
        quality: Arc::clone(catalogue.quality()),
    };
    let together = all_graphs(&making, &public).unwrap();
    let one_by_one: Vec<_> = public
        .iter()
        .flat_map(|change| graphs(&making, change).unwrap().unwrap())
        .collect();
    assert_eq!(together.len(), 2 * records.len());
    assert!(together == one_by_one);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_months_that_have_ended_are_made_once_and_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = catalogue(folder.path()).await;
    let generator = Generator::new(20, 3, BASE);
    let (first, second) = (generator.record(0), generator.record(1));
    let view = catalogue.public();
    assert!(view.past().await.unwrap().is_complete, "nothing has ended");
    let created = |record| change(&catalogue, record, Action::Create);
    commit(&catalogue, vec![created(&first), created(&second)]).await;
    assert!(view.past().await.unwrap().months.is_empty());
    let january = view.standing().await.unwrap();
    assert_eq!(january.all.records, 2);

    catalogue.clock().advance(DAY * 31);
    let mut poorer = first.clone();
    poorer
        .triples
        .retain(|triple| triple.predicate != dcat::KEYWORD);
    commit(
        &catalogue,
        vec![change(&catalogue, &poorer, Action::Replace)],
    )
    .await;
    let february = view.standing().await.unwrap();
    assert_eq!(february.all.points + 30, january.all.points);

    catalogue.clock().advance(DAY * 31);
    commit(
        &catalogue,
        vec![change(&catalogue, &second, Action::Withdraw)],
    )
    .await;
    assert_eq!(view.standing().await.unwrap().all.records, 1);
    let past = eventually_complete(&view).await;
    let expected = [("2026-01", &january), ("2026-02", &february)];
    let expected = expected.map(|(month, overview)| (month.to_owned(), (**overview).clone()));
    assert_eq!(*past, expected);
    // What is remembered is what is made.
    let now = quality::Month::of(catalogue.clock().now());
    assert_eq!(catalogue.replay(now).await.unwrap(), expected);
    assert!(view.past().await.unwrap().is_complete);

    catalogue.clock().advance(DAY * 31);
    let past = eventually_complete(&view).await;
    assert_eq!(past.len(), 3);
    assert_eq!(past[2].1, *view.standing().await.unwrap());
}

async fn eventually_complete(view: &View) -> Arc<standing::Months> {
    for _ in 0..1_000 {
        let past = view.past().await.unwrap();
        if past.is_complete {
            return past.months;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the months that have ended are never made");
}

fn steward() -> Actor {
    Actor::Person(Person {
        author: "person-0a".to_owned(),
        account: None,
        grants: vec![Grant::everywhere(Role::Steward)],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_looked_at_for_a_year_is_due_until_somebody_does() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = catalogue(folder.path()).await;
    let generator = Generator::new(20, 3, BASE);
    let (first, second) = (generator.record(0), generator.record(1));
    commit(&catalogue, vec![change(&catalogue, &first, Action::Create)]).await;
    catalogue.clock().advance(DAY * 100);
    commit(
        &catalogue,
        vec![change(&catalogue, &second, Action::Create)],
    )
    .await;
    let path = |record: &GeneratedRecord| format!("/{}/{}", record.kind, record.id);
    let view = catalogue.view(Arc::new(steward()));
    let due = async || {
        let (due, next) = view.due(checking::START, 10).await.unwrap();
        assert!(next.is_none());
        due.iter()
            .map(|due| due.head.path.clone())
            .collect::<Vec<_>>()
    };
    catalogue.clock().advance(DAY * 264);
    assert!(due().await.is_empty());
    catalogue.clock().advance(DAY * 2);
    assert_eq!(due().await, [path(&first)]);
    assert!(
        catalogue
            .public()
            .due(checking::START, 10)
            .await
            .unwrap()
            .0
            .is_empty()
    );
    catalogue.clock().advance(DAY * 100);
    assert_eq!(due().await, [path(&first), path(&second)]);
    let (page, next) = view.due(checking::START, 1).await.unwrap();
    assert_eq!(page.len(), 1);
    let (rest, _) = view.due(next.unwrap(), 1).await.unwrap();
    assert_eq!(rest[0].head.path, path(&second));
    catalogue
        .confirm(&steward(), &path(&first), Some(1), None)
        .await
        .unwrap();
    assert_eq!(due().await, [path(&second)]);
    commit(
        &catalogue,
        vec![change(&catalogue, &second, Action::Replace)],
    )
    .await;
    assert!(
        due().await.is_empty(),
        "what was published anew was looked at"
    );
    catalogue.clock().advance(DAY * 366);
    assert_eq!(due().await.len(), 2, "every year anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_published_when_its_time_has_come() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = catalogue(folder.path()).await;
    let mut record = Generator::new(20, 3, BASE).record(0);
    record
        .triples
        .retain(|triple| triple.predicate != dct::IS_PART_OF);
    let mut root = change(&catalogue, &record, Action::Create);
    (root.state, root.parent) = (State::Draft, None);
    catalogue.ledger().commit(vec![root]).await.unwrap();
    let path = format!("/{}/{}", record.kind, record.id);
    let at = catalogue.clock().now() + jiff::SignedDuration::from_hours(1);
    catalogue
        .schedule(&steward(), &path, Some(at), None)
        .await
        .unwrap();
    assert_eq!(catalogue.publish_due().await.unwrap(), 0);
    catalogue.clock().advance(Duration::from_secs(3_600));
    let published = catalogue.publish_due().await.unwrap();
    let head = catalogue
        .ledger()
        .head(record.iri.as_str())
        .await
        .unwrap()
        .unwrap();
    let schedule = catalogue
        .ledger()
        .schedule_of(record.iri.as_str())
        .await
        .unwrap();
    assert_eq!(
        (published, head.state),
        (1, State::Published),
        "{schedule:?}"
    );
    assert!(schedule.is_none());
    assert_eq!(catalogue.publish_due().await.unwrap(), 0);
}

#[tokio::test]
async fn shapes_for_the_forms_of_clients_say_the_same_rules() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = catalogue(folder.path()).await;
    let profile = catalogue.profiles().get("eucaim-dcat-ap-2.0").unwrap();
    let told = profile.for_clients(&[dcat::DATASET.into_owned()]);
    let told = Profile::from_shapes("told", told, catalogue.ontology()).unwrap();
    let lines =
        |checked: &Checked| -> BTreeSet<String> { checked.lines("en").into_iter().collect() };
    for i in 0..4 {
        let record = Generator::new(20, 3, BASE).record(i);
        for left_out in 0..=record.triples.len() {
            let mut triples = record.triples.clone();
            if left_out < triples.len() {
                triples.remove(left_out);
            }
            let [own, client] =
                [&*profile, &told].map(|profile| catalogue.check(profile, &record.iri, &triples));
            let left_out = record.triples.get(left_out);
            // What is wrong is told in the same words, of several datatypes a client is told one, and what is wrong in
            // a description in place is told of the whole as well.
            let fits = own.fits();
            let (own, client) = (lines(&own), lines(&client));
            let lost: Vec<&String> = own.difference(&client).collect();
            let more: Vec<&String> = client.difference(&own).collect();
            assert!(
                lost.is_empty(),
                "without {left_out:?}: {lost:#?}, but {more:#?}"
            );
            let of_datatypes = more.iter().all(|line| line.contains("^^xsd:"));
            assert!(!fits || of_datatypes, "without {left_out:?}: {more:#?}");
        }
    }
}
