//! What does a reader see, and how does it ask?

use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;

use super::dictionary::{Blocks, Dictionary};
use super::scan::{Guard, Layer, Scan, Wanted, estimate};
use super::segment::{Numbers, Order};
use super::statistics::Counted;
use super::terms::{self, Id, Kind};
use crate::rdf::{
    GraphName, NamedNode, NamedNodeRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, Term, TermRef,
    Triple,
};

/// A reader of a few records decodes few blocks; a query decodes many.
const BLOCKS_OF_A_READER: usize = 64;

/// The triples as they were after one commit. Cheap to clone; holding it holds up nobody.
#[derive(Clone)]
pub struct Snapshot {
    pub(super) state: Arc<State>,
}

pub(super) struct State {
    pub(super) sequence: u64,
    /// The oldest first.
    pub(super) layers: Vec<Layer>,
    pub(super) dictionary: Dictionary,
    /// Terms from this place on came with later commits.
    pub(super) terms_end: u64,
    pub(super) predicates: OnceLock<Vec<Id>>,
    pub(super) counted: Counted,
    /// Large sets of subjects that have a value, as queries have read them.
    pub(super) members: Mutex<Vec<Members>>,
    /// Counts that took long, the oldest first.
    pub(super) counts: Mutex<Vec<KeptCounts>>,
}

/// How many subjects have each value of a property, among those with some values of others.
pub(super) struct KeptCounts {
    pub(super) among: Vec<(Id, Id)>,
    pub(super) property: Id,
    pub(super) rows: Arc<[(Id, u64)]>,
}

/// The subjects that have one value of a property.
pub(super) struct Members {
    pub(super) property: Id,
    pub(super) value: Id,
    /// A bit for each place of the dictionary.
    pub(super) bits: Arc<[u64]>,
    pub(super) count: u64,
}

impl State {
    pub(super) fn new(
        sequence: u64,
        layers: Vec<Layer>,
        dictionary: Dictionary,
        counted: Counted,
    ) -> Arc<Self> {
        let terms_end = dictionary.tail.read().end();
        Arc::new(Self {
            sequence,
            layers,
            dictionary,
            terms_end,
            predicates: OnceLock::new(),
            counted,
            members: Mutex::default(),
            counts: Mutex::default(),
        })
    }

    /// The number of a term, if it was known at this commit.
    pub(super) fn find(
        &self,
        term: TermRef<'_>,
        bytes: &mut Vec<u8>,
        blocks: &mut Blocks,
    ) -> Option<Id> {
        find(&self.dictionary, term, bytes, blocks).filter(|id| match terms::kind(*id) {
            Kind::Dictionary(place) => place < self.terms_end,
            Kind::Inline | Kind::Local(_) => true,
        })
    }
}

/// Turns numbers into terms and back, remembering what it has decoded.
pub(super) struct Reader {
    snapshot: Snapshot,
    blocks: Blocks,
    terms: FxHashMap<Id, Term>,
    bytes: Vec<u8>,
}

impl Reader {
    pub(super) fn new(snapshot: Snapshot) -> Self {
        let blocks = Blocks::new(BLOCKS_OF_A_READER);
        Self {
            snapshot,
            blocks,
            terms: FxHashMap::default(),
            bytes: Vec::new(),
        }
    }

    pub(super) fn id(&mut self, term: TermRef<'_>) -> Option<Id> {
        self.snapshot
            .state
            .find(term, &mut self.bytes, &mut self.blocks)
    }

    fn term(&mut self, id: Id) -> Option<Term> {
        if let Some(term) = self.terms.get(&id) {
            return Some(term.clone());
        }
        let term = read(&self.snapshot.state.dictionary, id, &mut self.blocks)?;
        self.terms.insert(id, term.clone());
        Some(term)
    }

    pub(super) fn named_node(&mut self, id: Id) -> Option<NamedNode> {
        match self.term(id)? {
            Term::NamedNode(node) => Some(node),
            _ => None,
        }
    }

    fn triple(&mut self, [s, p, o, _]: Numbers) -> Option<Triple> {
        let subject = match self.term(s)? {
            Term::NamedNode(node) => NamedOrBlankNode::from(node),
            Term::BlankNode(node) => node.into(),
            _ => return None,
        };
        Some(Triple::new(subject, self.named_node(p)?, self.term(o)?))
    }

    fn quad(&mut self, numbers: Numbers) -> Option<Quad> {
        let graph = GraphName::NamedNode(self.named_node(numbers[3])?);
        Some(self.triple(numbers)?.in_graph(graph))
    }
}

/// The number of a term, if the dictionary has it.
pub(super) fn find(
    dictionary: &Dictionary,
    term: TermRef<'_>,
    bytes: &mut Vec<u8>,
    blocks: &mut Blocks,
) -> Option<Id> {
    if let TermRef::Literal(literal) = term
        && let Some(id) = terms::inline(literal)
    {
        return Some(id);
    }
    bytes.clear();
    terms::encode(term, bytes);
    dictionary.find(bytes, blocks).map(terms::dictionary_id)
}

/// The term of a number of the dictionary.
pub(super) fn read(dictionary: &Dictionary, id: Id, blocks: &mut Blocks) -> Option<Term> {
    match terms::kind(id) {
        Kind::Inline => Some(terms::inline_literal(id).into()),
        Kind::Dictionary(place) => dictionary.with(place, blocks, terms::decode)?,
        Kind::Local(_) => None,
    }
}

/// Which graphs a pattern looks into.
#[derive(Clone, Default)]
pub(super) enum Graphs {
    /// Every graph, or every one of some (sorted), each with its own quads.
    Each(Option<Rc<[Id]>>),
    /// All graphs as one: a triple comes once.
    #[default]
    Union,
    /// Some graphs (sorted) as one.
    UnionOf(Rc<[Id]>),
    /// One graph.
    One(Id),
}

/// The bound parts of a pattern.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Bound {
    pub(super) s: Option<Id>,
    pub(super) p: Option<Id>,
    pub(super) o: Option<Id>,
}

impl Snapshot {
    /// The sequence number of the last commit that is in it.
    pub fn sequence(&self) -> u64 {
        self.state.sequence
    }

    /// All triples of one named graph.
    pub fn graph(&self, name: &NamedNode) -> Option<Vec<Triple>> {
        let mut reader = Reader::new(self.clone());
        let graph = reader.id(name.as_ref().into())?;
        let quads = Scan::new(
            &self.state.layers,
            Order::Gspo,
            &[graph],
            Wanted::default(),
            None,
        );
        let triples: Vec<Triple> = quads.filter_map(|quad| reader.triple(quad)).collect();
        (!triples.is_empty()).then_some(triples)
    }

    /// Whether there is a graph of this name.
    pub fn contains_graph(&self, name: &NamedNode) -> bool {
        let id = Reader::new(self.clone()).id(name.as_ref().into());
        id.is_some_and(|id| self.contains_graph_id(id))
    }

    pub(super) fn contains_graph_id(&self, graph: Id) -> bool {
        let layers = &self.state.layers;
        Scan::new(layers, Order::Gspo, &[graph], Wanted::default(), None)
            .next()
            .is_some()
    }

    /// The quads that match the bound parts.
    pub fn quads(
        &self,
        subject: Option<NamedOrBlankNodeRef<'_>>,
        predicate: Option<NamedNodeRef<'_>>,
        object: Option<TermRef<'_>>,
        graph: Option<NamedNodeRef<'_>>,
    ) -> impl Iterator<Item = Quad> + use<> {
        let mut reader = Reader::new(self.clone());
        let mut known = true;
        let mut id = |term: Option<TermRef<'_>>| {
            let found = term.map(|term| reader.id(term));
            known &= found != Some(None);
            found.flatten()
        };
        let bound = Bound {
            s: id(subject.map(TermRef::from)),
            p: id(predicate.map(TermRef::from)),
            o: id(object),
        };
        let graphs = id(graph.map(TermRef::from)).map_or(Graphs::Each(None), Graphs::One);
        let scan = known.then(|| self.pattern(bound, &graphs, None));
        scan.into_iter()
            .flatten()
            .filter_map(move |quad| reader.quad(quad))
    }

    /// The values of a property of a subject, in any graph.
    pub fn objects(
        &self,
        subject: NamedOrBlankNodeRef<'_>,
        predicate: NamedNodeRef<'_>,
    ) -> Vec<Term> {
        let mut reader = Reader::new(self.clone());
        let (Some(s), Some(p)) = (reader.id(subject.into()), reader.id(predicate.into())) else {
            return Vec::new();
        };
        let bound = Bound {
            s: Some(s),
            p: Some(p),
            o: None,
        };
        let scan = self.pattern(bound, &Graphs::Union, None);
        scan.filter_map(|[_, _, o, _]| reader.term(o)).collect()
    }

    /// The names of all graphs.
    pub fn graphs(&self) -> impl Iterator<Item = NamedNode> + use<> {
        let mut reader = Reader::new(self.clone());
        self.graph_ids(None)
            .filter_map(move |id| reader.named_node(id))
    }

    pub(super) fn graph_ids(&self, guard: Option<Rc<Guard>>) -> impl Iterator<Item = Id> + use<> {
        let mut scan = Scan::new(
            &self.state.layers,
            Order::Gspo,
            &[],
            Wanted::default(),
            guard,
        );
        std::iter::from_fn(move || {
            let [graph, ..] = scan.next_key()?;
            scan.skip_to(&[graph + 1, 0, 0, 0]);
            Some(graph)
        })
    }

    pub(super) fn graph_size(&self, graph: Id) -> usize {
        estimate(&self.state.layers, Order::Gspo, &[graph])
    }

    /// The predicates in use, found by skipping from one to the next.
    pub(super) fn predicates(&self) -> &[Id] {
        self.state.predicates.get_or_init(|| {
            let layers = &self.state.layers;
            let mut scan = Scan::new(layers, Order::Posg, &[], Wanted::default(), None);
            let mut found = Vec::new();
            while let Some([predicate, ..]) = scan.next_key() {
                found.push(predicate);
                scan.skip_to(&[predicate + 1, 0, 0, 0]);
            }
            found
        })
    }

    /// The cheapest walk over the quads of a pattern.
    pub(super) fn pattern(&self, bound: Bound, graphs: &Graphs, guard: Option<Rc<Guard>>) -> Scan {
        let layers = &self.state.layers;
        let mut wanted = Wanted::default();
        match graphs {
            Graphs::Each(ids) => wanted.graphs.clone_from(ids),
            Graphs::Union => wanted.distinct = true,
            Graphs::UnionOf(ids) if ids.is_empty() => {
                return Scan::over(layers, Order::Spog, None, 0, wanted, guard);
            }
            Graphs::UnionOf(ids) => {
                if let [one] = **ids {
                    return self.pattern(bound, &Graphs::One(one), guard);
                }
                wanted.distinct = true;
                wanted.graphs = Some(Rc::clone(ids));
            }
            Graphs::One(graph) => {
                let whole = match bound.s {
                    Some(_) => 0,
                    None => estimate(layers, Order::Gspo, &[*graph]),
                };
                // A graph larger than what the pattern matches anywhere is not walked through.
                if whole <= 256 || bound.p.is_none() || whole <= 4 * self.estimate(bound) {
                    return self.in_graph(*graph, bound, guard);
                }
                wanted.graphs = Some(Rc::from([*graph]));
            }
        }
        match (bound.s, bound.p, bound.o) {
            (Some(s), Some(p), Some(o)) => {
                Scan::new(layers, Order::Spog, &[s, p, o], wanted, guard)
            }
            (Some(s), Some(p), None) => Scan::new(layers, Order::Spog, &[s, p], wanted, guard),
            (Some(s), None, o) => {
                wanted.object = o;
                Scan::new(layers, Order::Spog, &[s], wanted, guard)
            }
            (None, Some(p), Some(o)) => Scan::new(layers, Order::Posg, &[p, o], wanted, guard),
            (None, Some(p), None) => Scan::new(layers, Order::Posg, &[p], wanted, guard),
            (None, None, Some(o)) => {
                let prefixes = self.predicates().iter().map(|p| [*p, o, 0, 0]);
                Scan::over(layers, Order::Posg, prefixes, 2, wanted, guard)
            }
            (None, None, None) => Scan::new(layers, Order::Spog, &[], wanted, guard),
        }
    }

    fn in_graph(&self, graph: Id, bound: Bound, guard: Option<Rc<Guard>>) -> Scan {
        let mut prefix = vec![graph];
        let mut wanted = Wanted {
            predicate: bound.p,
            object: bound.o,
            ..Wanted::default()
        };
        if let Some(s) = bound.s {
            prefix.push(s);
            if let Some(p) = bound.p {
                prefix.push(p);
                wanted.predicate = None;
                if let Some(o) = bound.o {
                    prefix.push(o);
                    wanted.object = None;
                }
            }
        }
        Scan::new(&self.state.layers, Order::Gspo, &prefix, wanted, guard)
    }

    /// About how many quads match.
    pub(super) fn estimate(&self, bound: Bound) -> usize {
        let layers = &self.state.layers;
        match (bound.s, bound.p, bound.o) {
            (Some(s), Some(p), Some(o)) => estimate(layers, Order::Spog, &[s, p, o]),
            (Some(s), Some(p), None) => estimate(layers, Order::Spog, &[s, p]),
            (Some(s), None, _) => estimate(layers, Order::Spog, &[s]),
            (None, Some(p), Some(o)) => estimate(layers, Order::Posg, &[p, o]),
            (None, Some(p), None) => estimate(layers, Order::Posg, &[p]),
            (None, None, Some(o)) => {
                let each = self.predicates().iter();
                each.map(|p| estimate(layers, Order::Posg, &[*p, o])).sum()
            }
            (None, None, None) => estimate(layers, Order::Spog, &[]),
        }
    }
}
