//! Does the store behave as a plain set of quads would?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::snapshot::{Bound, Graphs};
use super::*;
use crate::rdf::{Literal, NamedNodeRef, Quad, Term};

type Model = BTreeMap<NamedNode, BTreeSet<String>>;

fn settings() -> Settings {
    Settings {
        memory_quads_max: 40,
        background: false,
        ..Settings::default()
    }
}

fn iri(name: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:x:{name}"))
}

fn lines(quads: impl Iterator<Item = Quad>) -> Vec<String> {
    let mut lines: Vec<String> = quads.map(|quad| quad.to_string()).collect();
    lines.sort();
    lines
}

fn expected(model: &Model) -> Vec<String> {
    let mut lines: Vec<String> = model
        .iter()
        .flat_map(|(graph, triples)| {
            triples
                .iter()
                .map(move |triple| format!("{triple} {graph}"))
        })
        .collect();
    lines.sort();
    lines
}

fn compare(columns: &Columns, model: &Model) {
    let snapshot = columns.snapshot();
    assert_eq!(
        lines(snapshot.quads(None, None, None, None)),
        expected(model)
    );
    for number in 0..5 {
        let graph = iri(&format!("g{number}"));
        let held = snapshot.graph(&graph).map(|triples| {
            triples
                .iter()
                .map(ToString::to_string)
                .collect::<BTreeSet<String>>()
        });
        assert_eq!(held.as_ref(), model.get(&graph), "{graph}");
        assert_eq!(snapshot.contains_graph(&graph), model.contains_key(&graph));
    }
    for number in 0..4 {
        let (node, predicate) = (iri(&format!("s{number}")), iri(&format!("p{number}")));
        let all = expected(model);
        let with = |part: &str| -> Vec<String> {
            all.iter()
                .filter(|line| line.contains(part))
                .cloned()
                .collect()
        };
        let by_subject = lines(snapshot.quads(Some(node.as_ref().into()), None, None, None));
        let starting: Vec<String> = all
            .iter()
            .filter(|line| line.starts_with(&node.to_string()))
            .cloned()
            .collect();
        assert_eq!(by_subject, starting);
        let by_predicate = lines(snapshot.quads(None, Some(predicate.as_ref()), None, None));
        assert_eq!(by_predicate, with(&format!(" {predicate} ")));
        let object = Term::from(object(number));
        let by_object = lines(snapshot.quads(None, None, Some(object.as_ref()), None));
        assert_eq!(by_object, with(&format!(" {object} <urn:x:g")));
        let both = snapshot.quads(None, Some(predicate.as_ref()), Some(object.as_ref()), None);
        assert_eq!(lines(both), with(&format!(" {predicate} {object} ")));
    }
    let statistics = snapshot.statistics();
    assert_eq!(statistics.quads, expected(model).len() as u64);
    assert_eq!(statistics.graphs, model.len() as u64);
    assert_eq!(statistics, snapshot.recounted());
    walks_agree(&snapshot);
}

/// Quads read a block at a time are those that come one by one.
fn walks_agree(snapshot: &Snapshot) {
    let of_one = snapshot.predicates().iter().map(|p| Bound {
        p: Some(*p),
        ..Bound::default()
    });
    for bound in std::iter::once(Bound::default()).chain(of_one) {
        for graphs in [Graphs::Each(None), Graphs::Union] {
            let one_by_one: Vec<_> = snapshot.pattern(bound, &graphs, None).collect();
            let mut at_once = Vec::new();
            let scan = snapshot.pattern(bound, &graphs, None);
            scan.each(|quad| at_once.push(quad));
            assert_eq!(at_once, one_by_one, "{bound:?}");
        }
    }
}

fn object(number: usize) -> Literal {
    match number % 4 {
        0 => Literal::from(i64::try_from(number).unwrap()),
        1 => Literal::new_simple_literal(format!("text {number}")),
        2 => Literal::new_language_tagged_literal_unchecked(format!("text {number}"), "en"),
        _ => Literal::new_typed_literal("2024-01-02", oxrdf::vocab::xsd::DATE),
    }
}

#[derive(Clone, Debug)]
enum Step {
    Put(usize, Vec<(usize, usize, usize)>),
    Remove(usize),
    Maintain,
    Flush,
    Reopen,
}

fn step() -> impl Strategy<Value = Step> {
    let triples = prop::collection::vec((0..4_usize, 0..4_usize, 0..12_usize), 0..20);
    prop_oneof![
        6 => (0..5_usize, triples).prop_map(|(graph, triples)| Step::Put(graph, triples)),
        1 => (0..5_usize).prop_map(Step::Remove),
        2 => Just(Step::Maintain),
        1 => Just(Step::Flush),
        2 => Just(Step::Reopen),
    ]
}

fn triple((s, p, o): (usize, usize, usize)) -> Triple {
    if o == 11 {
        let class = iri(&format!("c{p}"));
        return Triple::new(
            iri(&format!("s{s}")),
            crate::rdf::vocabulary::rdf::TYPE,
            class,
        );
    }
    Triple::new(iri(&format!("s{s}")), iri(&format!("p{p}")), object(o))
}

/// Does a step to the store, and the same to the model.
fn take(columns: &mut Option<Columns>, folder: &Path, model: &mut Model, step: &Step) {
    let open = columns.as_ref().unwrap();
    let sequence = open.sequence() + 1;
    match step {
        Step::Put(graph, triples) => {
            let graph = iri(&format!("g{graph}"));
            let triples: Vec<Triple> = triples.iter().map(|t| triple(*t)).collect();
            let lines: BTreeSet<String> = triples.iter().map(ToString::to_string).collect();
            if lines.is_empty() {
                model.remove(&graph);
            } else {
                model.insert(graph.clone(), lines);
            }
            open.apply(&Batch {
                sequence,
                put: vec![(graph, triples)],
                remove: vec![],
            })
            .unwrap();
        }
        Step::Remove(graph) => {
            let graph = iri(&format!("g{graph}"));
            model.remove(&graph);
            open.apply(&Batch {
                sequence,
                put: vec![],
                remove: vec![graph],
            })
            .unwrap();
        }
        Step::Maintain => open.maintain().unwrap(),
        Step::Flush => open.flush().unwrap(),
        Step::Reopen => {
            *columns = None;
            *columns = Some(Columns::open(folder, &settings()).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn it_holds_what_a_plain_set_of_quads_holds(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut columns = Some(Columns::open(folder.path(), &settings()).unwrap());
        let mut model = Model::new();
        for step in &steps {
            take(&mut columns, folder.path(), &mut model, step);
        }
        compare(columns.as_ref().unwrap(), &model);
        columns.as_ref().unwrap().flush().unwrap();
        compare(columns.as_ref().unwrap(), &model);
    }

    /// Whatever is cut or changed: opening says so, or the answers are those of an earlier commit
    /// and the sequence number says of which.
    #[test]
    fn damage_is_noticed_or_harmless(
        steps in prop::collection::vec(step(), 4..30),
        which in any::<prop::sample::Index>(),
        place in any::<prop::sample::Index>(),
        harm in 0..4_usize,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut columns = Some(Columns::open(folder.path(), &settings()).unwrap());
        let mut model = Model::new();
        let mut history = BTreeMap::from([(0, Model::new())]);
        for step in &steps {
            take(&mut columns, folder.path(), &mut model, step);
            history.insert(columns.as_ref().unwrap().sequence(), model.clone());
        }
        drop(columns);
        let mut files: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| !path.ends_with("lock"))
            .collect();
        files.sort();
        let file = which.get(&files);
        let mut bytes = fs::read(file).unwrap();
        match harm {
            0 => fs::remove_file(file).unwrap(),
            1 => {
                bytes.truncate(place.index(bytes.len()));
                fs::write(file, bytes).unwrap();
            }
            2 => {
                let at = place.index(bytes.len());
                bytes[at] ^= 0x10;
                fs::write(file, bytes).unwrap();
            }
            _ => {
                bytes.extend_from_slice(b"more than there was");
                fs::write(file, bytes).unwrap();
            }
        }
        match Columns::open(folder.path(), &settings()) {
            Err(error) => prop_assert!(error.is_damage(), "{error}"),
            Ok(columns) => compare(&columns, &history[&columns.sequence()]),
        }
    }
}

#[test]
fn a_bulk_load_holds_the_same_as_commits() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let mut bulk = Columns::bulk(one.path()).unwrap();
    let columns = Columns::open(two.path(), &settings()).unwrap();
    for graph in 0..30_usize {
        let name = iri(&format!("g{graph}"));
        let triples: Vec<Triple> = (0..20)
            .map(|n| triple((n % 4, (n + graph) % 4, n * graph % 12)))
            .collect();
        bulk.add(&name, &triples).unwrap();
        let batch = Batch {
            sequence: 7,
            put: vec![(name, triples)],
            remove: vec![],
        };
        columns.apply(&batch).unwrap();
    }
    bulk.finish(7).unwrap();
    let loaded = Columns::open(one.path(), &settings()).unwrap();
    assert_eq!(loaded.sequence(), 7);
    let all = |columns: &Columns| lines(columns.snapshot().quads(None, None, None, None));
    assert_eq!(all(&loaded), all(&columns));
    walks_agree(&loaded.snapshot());
    // What came later lies in memory, before, between and behind the blocks of the file.
    for (sequence, graph) in (8..).zip([3_usize, 29, 40, 0]) {
        let triples = vec![triple((graph % 4, 1, graph)), triple((0, 2, graph))];
        let put = vec![(iri(&format!("g{graph}")), triples)];
        let batch = Batch {
            sequence,
            put,
            remove: vec![iri("g7")],
        };
        loaded.apply(&batch).unwrap();
        walks_agree(&loaded.snapshot());
    }
    assert!(matches!(
        Columns::bulk(two.path()),
        Err(StoreError::Locked(_))
    ));
    drop(loaded);
    assert!(matches!(
        Columns::bulk(one.path()),
        Err(StoreError::NotEmpty(_))
    ));
}

#[test]
fn links_to_vocabularies_are_counted_as_they_come_and_go() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        vocabularies: vec![iri("v"), iri("nowhere")],
        ..settings()
    };
    let link = |s: &str, p: &str, o: &str| Triple::new(iri(s), iri(p), iri(o));
    let put = |columns: &Columns, sequence, graph: &str, triples: Vec<Triple>| {
        let batch = Batch {
            sequence,
            put: vec![(iri(graph), triples)],
            remove: vec![],
        };
        columns.apply(&batch).unwrap();
        let statistics = columns.snapshot().statistics();
        assert_eq!(statistics, columns.snapshot().recounted());
        let links = statistics.links.into_iter();
        links
            .map(|((p, to), count)| format!("{p} {to} {count}"))
            .collect::<Vec<_>>()
    };
    let columns = Columns::open(folder.path(), &settings).unwrap();
    let none: [&str; 0] = [];
    assert_eq!(put(&columns, 1, "g1", vec![link("r1", "p", "t1")]), none);
    // A vocabulary links nothing to itself.
    let terms = vec![link("t1", "above", "t2"), link("t2", "p", "else")];
    assert_eq!(put(&columns, 2, "v", terms), ["urn:x:p urn:x:v 1"]);
    let two = vec![
        link("r2", "p", "t1"),
        link("r2", "q", "t2"),
        link("r2", "q", "r1"),
    ];
    let both = ["urn:x:p urn:x:v 2", "urn:x:q urn:x:v 1"];
    assert_eq!(put(&columns, 3, "g2", two.clone()), both);
    // A triple in two graphs is one.
    assert_eq!(put(&columns, 4, "g3", two), both);
    assert_eq!(
        put(&columns, 5, "g1", vec![]),
        ["urn:x:p urn:x:v 1", "urn:x:q urn:x:v 1"]
    );
    columns.flush().unwrap();
    drop(columns);
    let columns = Columns::open(folder.path(), &settings).unwrap();
    assert_eq!(
        put(&columns, 6, "g2", vec![]),
        ["urn:x:p urn:x:v 1", "urn:x:q urn:x:v 1"]
    );
    assert_eq!(put(&columns, 7, "g3", vec![]), none);
}

#[test]
fn a_reader_keeps_what_it_saw() {
    let folder = tempfile::tempdir().unwrap();
    let columns = Columns::open(folder.path(), &settings()).unwrap();
    let put = |sequence, object: usize| {
        let put = vec![(iri("g"), vec![triple((0, 0, object))])];
        columns
            .apply(&Batch {
                sequence,
                put,
                remove: vec![],
            })
            .unwrap();
    };
    put(1, 1);
    let before = columns.snapshot();
    put(2, 2);
    columns.flush().unwrap();
    put(3, 3);
    let s = iri("s0");
    let value = |snapshot: &Snapshot| {
        snapshot.objects(s.as_ref().into(), NamedNodeRef::new_unchecked("urn:x:p0"))
    };
    assert_eq!(value(&before), vec![Term::from(object(1))]);
    assert_eq!(value(&columns.snapshot()), vec![Term::from(object(3))]);
    assert_eq!((before.sequence(), columns.sequence()), (1, 3));
}

#[test]
fn two_processes_cannot_open_one_folder() {
    let folder = tempfile::tempdir().unwrap();
    let _open = Columns::open(folder.path(), &settings()).unwrap();
    let second = Columns::open(folder.path(), &settings());
    assert!(matches!(second, Err(StoreError::Locked(_))));
}
