//! How much is in the store, in total and of each property and class?
//!
//! Everything is counted once after the store was opened; from then on each commit adds what it
//! changes, so that asking costs the same whatever the size.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use super::dictionary::Blocks;
use super::scan::{Layer, Scan, Wanted};
use super::segment::{Numbers, Order};
use super::snapshot::{Reader, Snapshot, State};
use super::terms::Id;
use crate::rdf::{NamedNode, TermRef, vocabulary};

/// Names of vocabularies stand together, mostly.
const BLOCKS_OF_VOCABULARIES: usize = 4;

/// Exact counts over one snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Quads: a triple counts once in each graph that has it.
    pub quads: u64,
    /// Different triples in the union of all graphs.
    pub triples: u64,
    pub graphs: u64,
    pub subjects: u64,
    /// Different triples for each predicate, by its IRI.
    pub predicates: BTreeMap<String, u64>,
    /// Instances of each class, by its IRI.
    pub classes: BTreeMap<String, u64>,
    /// Different triples that lead from elsewhere to a term of a vocabulary, by predicate and vocabulary.
    pub links: BTreeMap<(String, String), u64>,
}

/// Counts by the numbers of terms, or what a commit changes in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    quads: i64,
    triples: i64,
    graphs: i64,
    subjects: i64,
    predicates: FxHashMap<Id, i64>,
    classes: FxHashMap<Id, i64>,
    links: FxHashMap<(Id, Id), i64>,
}

/// The terms of the vocabularies: what is said of nothing else in their graphs. Values: the graph.
#[derive(Debug, Default)]
struct Terms(FxHashMap<Id, Id>);

/// What makes a triple more than a triple.
#[derive(Clone, Copy)]
struct Known<'a> {
    /// The number of `rdf:type`.
    kind: Option<Id>,
    terms: &'a Terms,
}

/// The counts of a state: those of an earlier one, once somebody has counted, and what has changed
/// since.
#[derive(Clone, Default)]
pub(super) struct Counted {
    earlier: Arc<OnceLock<Counts>>,
    since: Arc<Counts>,
    /// The graphs of the vocabularies that links lead to.
    vocabularies: Arc<[NamedNode]>,
    /// Looked up once: when such a graph changes, everything is counted anew.
    terms: Arc<OnceLock<Terms>>,
}

/// What a commit touches.
pub(super) struct Touched<'a> {
    pub(super) before: &'a State,
    pub(super) after: &'a [Layer],
    /// The graphs that were replaced or removed.
    pub(super) graphs: &'a [Id],
    /// The quads that came.
    pub(super) quads: &'a [Numbers],
    /// The number of `rdf:type`.
    pub(super) kind: Option<Id>,
    /// Whether one of the graphs is that of a vocabulary.
    pub(super) is_vocabulary: bool,
}

impl Snapshot {
    /// How much there is of what. The first to ask after the store was opened waits for one walk.
    pub fn statistics(&self) -> Statistics {
        let counted = &self.state.counted;
        let earlier = counted.earlier.get_or_init(|| {
            let mut counts = self.count();
            counts.add(&counted.since, -1);
            counts
        });
        let mut counts = earlier.clone();
        counts.add(&counted.since, 1);
        counts.named(&mut Reader::new(self.clone()))
    }

    /// How many different triples there are, when it was counted before.
    pub(super) fn known_triples(&self) -> Option<u64> {
        let counted = &self.state.counted;
        let triples = counted.earlier.get()?.triples + counted.since.triples;
        u64::try_from(triples).ok()
    }

    fn count(&self) -> Counts {
        let known = Known {
            kind: Reader::new(self.clone()).id(TermRef::from(vocabulary::rdf::TYPE)),
            terms: self.state.counted.terms(&self.state),
        };
        let mut counts = Counts::default();
        let mut last = None;
        let layers = &self.state.layers;
        let mut scan = walk(layers, Order::Posg, &[]);
        while let Some([p, o, s, _]) = scan.next_key() {
            counts.quads += 1;
            if last != Some([p, o, s]) {
                last = Some([p, o, s]);
                counts.triple([s, p, o], known, 1);
            }
        }
        let mut scan = walk(layers, Order::Spog, &[]);
        while let Some([s, ..]) = scan.next_key() {
            counts.subjects += 1;
            scan.skip_to(&[s + 1, 0, 0, 0]);
        }
        counts.graphs = i64::try_from(self.graph_ids(None).count()).unwrap_or(i64::MAX);
        counts
    }

    /// Everything counted anew, to compare with.
    #[cfg(test)]
    pub(super) fn recounted(&self) -> Statistics {
        self.count().named(&mut Reader::new(self.clone()))
    }
}

impl Counted {
    /// Nothing is counted yet.
    pub(super) fn new(vocabularies: &[NamedNode]) -> Self {
        Self {
            vocabularies: vocabularies.into(),
            ..Self::default()
        }
    }

    /// The counts after a commit.
    pub(super) fn after(&self, touched: &Touched<'_>) -> Self {
        if touched.is_vocabulary {
            return Self::new(&self.vocabularies);
        }
        let mut since = (*self.since).clone();
        touched.change(&mut since, self.terms(touched.before));
        Self {
            since: Arc::new(since),
            ..self.clone()
        }
    }

    /// Whether a graph is that of a vocabulary.
    pub(super) fn has_vocabulary(&self, graph: &NamedNode) -> bool {
        self.vocabularies.contains(graph)
    }

    fn terms(&self, state: &State) -> &Terms {
        self.terms.get_or_init(|| {
            let mut terms = Terms::default();
            let (mut bytes, mut blocks) = (Vec::new(), Blocks::new(BLOCKS_OF_VOCABULARIES));
            for name in self.vocabularies.iter() {
                let name = TermRef::from(name.as_ref());
                if let Some(graph) = state.find(name, &mut bytes, &mut blocks) {
                    terms.add(&state.layers, graph);
                }
            }
            terms
        })
    }
}

impl Terms {
    fn add(&mut self, layers: &[Layer], graph: Id) {
        let mut scan = walk(layers, Order::Gspo, &[graph]);
        while let Some([g, s, ..]) = scan.next_key() {
            self.0.entry(s).or_insert(g);
            scan.skip_to(&[g, s + 1, 0, 0]);
        }
    }

    /// The vocabulary that a triple links something else to.
    fn linked(&self, [s, _, o]: [Id; 3]) -> Option<Id> {
        let vocabulary = self.0.get(&o)?;
        (!self.0.contains_key(&s)).then_some(*vocabulary)
    }
}

impl Touched<'_> {
    fn change(&self, counts: &mut Counts, terms: &Terms) {
        let known = Known {
            kind: self.kind,
            terms,
        };
        let gone = self.gone();
        let came: HashSet<Numbers> = self.quads.iter().copied().collect();
        counts.quads += difference(came.len(), gone.len());
        let held: FxHashSet<Id> = gone.iter().map(|quad| quad[3]).collect();
        let hold: FxHashSet<Id> = came.iter().map(|quad| quad[3]).collect();
        counts.graphs += difference(hold.len(), held.len());
        // What a graph held before and holds again changes nothing else.
        let changed = gone.symmetric_difference(&came);
        let triples: FxHashSet<[Id; 3]> = changed.map(|[s, p, o, _]| [*s, *p, *o]).collect();
        let mut subjects: FxHashMap<Id, (bool, bool)> = FxHashMap::default();
        for triple in triples {
            let (was, is) = *subjects
                .entry(triple[0])
                .or_insert_with(|| self.known(&triple[..1]));
            let was = was && holds(&self.before.layers, &triple);
            let is = is && holds(self.after, &triple);
            if was != is {
                counts.triple(triple, known, if is { 1 } else { -1 });
            }
        }
        for (was, is) in subjects.into_values() {
            counts.subjects += i64::from(is) - i64::from(was);
        }
    }

    /// The quads of the graphs that were replaced.
    fn gone(&self) -> HashSet<Numbers> {
        let mut gone = HashSet::new();
        for graph in self.graphs {
            let mut scan = walk(&self.before.layers, Order::Gspo, &[*graph]);
            while let Some(key) = scan.next_key() {
                gone.insert(Order::Gspo.quad(key));
            }
        }
        gone
    }

    fn known(&self, prefix: &[Id]) -> (bool, bool) {
        (
            holds(&self.before.layers, prefix),
            holds(self.after, prefix),
        )
    }
}

impl Counts {
    fn triple(&mut self, [s, p, o]: [Id; 3], known: Known<'_>, by: i64) {
        self.triples += by;
        *self.predicates.entry(p).or_default() += by;
        if Some(p) == known.kind {
            *self.classes.entry(o).or_default() += by;
        } else if let Some(vocabulary) = known.terms.linked([s, p, o]) {
            *self.links.entry((p, vocabulary)).or_default() += by;
        }
    }

    fn add(&mut self, other: &Self, times: i64) {
        self.quads += times * other.quads;
        self.triples += times * other.triples;
        self.graphs += times * other.graphs;
        self.subjects += times * other.subjects;
        for (id, count) in &other.predicates {
            *self.predicates.entry(*id).or_default() += times * count;
        }
        for (id, count) in &other.classes {
            *self.classes.entry(*id).or_default() += times * count;
        }
        for (ids, count) in &other.links {
            *self.links.entry(*ids).or_default() += times * count;
        }
    }

    fn named(&self, reader: &mut Reader) -> Statistics {
        let mut named = |counts: &FxHashMap<Id, i64>| -> BTreeMap<String, u64> {
            let used = counts.iter().filter(|(_, count)| **count > 0);
            used.filter_map(|(id, count)| {
                Some((reader.named_node(*id)?.into_string(), whole(*count)))
            })
            .collect()
        };
        let (predicates, classes) = (named(&self.predicates), named(&self.classes));
        let mut name = |id: Id| reader.named_node(id).map(NamedNode::into_string);
        let used = self.links.iter().filter(|(_, count)| **count > 0);
        let links = used.filter_map(|((predicate, vocabulary), count)| {
            Some(((name(*predicate)?, name(*vocabulary)?), whole(*count)))
        });
        Statistics {
            links: links.collect(),
            quads: whole(self.quads),
            triples: whole(self.triples),
            graphs: whole(self.graphs),
            subjects: whole(self.subjects),
            predicates,
            classes,
        }
    }
}

fn walk(layers: &[Layer], order: Order, prefix: &[Id]) -> Scan {
    Scan::new(layers, order, prefix, Wanted::default(), None)
}

fn holds(layers: &[Layer], prefix: &[Id]) -> bool {
    walk(layers, Order::Spog, prefix).next_key().is_some()
}

fn difference(now: usize, before: usize) -> i64 {
    let signed = |n| i64::try_from(n).unwrap_or(i64::MAX);
    signed(now) - signed(before)
}

fn whole(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}
