//! Which nodes does a property path lead to?
//!
//! Paths are walked here rather than by the evaluator, so that a hierarchy of thousands of concepts
//! is read once from its run, that what a walk holds is bounded, and that a path of no length
//! begins at any term, as SPARQL 1.1 §18.4 says.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::algebra::PropertyPathExpression;

use super::dataset::View;
use crate::rdf::{NamedNode, Term};
use crate::store::snapshot::{Bound, Graphs};
use crate::store::terms::Id;

/// Looking the next nodes of one up costs about as much as reading so many edges on the way.
const EDGES_PER_LOOKUP: usize = 48;
/// So many ends of paths are remembered for the next row that asks.
const REMEMBERED_MAX: usize = 1 << 21;

/// A path whose properties are numbers.
pub(super) enum Walk {
    Step(Id),
    Reverse(Box<Walk>),
    Sequence(Box<Walk>, Box<Walk>),
    Alternative(Box<Walk>, Box<Walk>),
    ZeroOrMore(Box<Walk>),
    OneOrMore(Box<Walk>),
    ZeroOrOne(Box<Walk>),
    NoneOf(Vec<Id>),
}

impl Walk {
    pub(super) fn new(path: &PropertyPathExpression, view: &View) -> Self {
        let inner = |path: &PropertyPathExpression| Box::new(Self::new(path, view));
        // A property that the store does not have leads nowhere.
        let id = |node: &NamedNode| view.find(&Term::from(node.clone())).unwrap_or(Id::MAX);
        match path {
            PropertyPathExpression::NamedNode(node) => Self::Step(id(node)),
            PropertyPathExpression::Reverse(path) => Self::Reverse(inner(path)),
            PropertyPathExpression::Sequence(a, b) => Self::Sequence(inner(a), inner(b)),
            PropertyPathExpression::Alternative(a, b) => Self::Alternative(inner(a), inner(b)),
            PropertyPathExpression::ZeroOrMore(path) => Self::ZeroOrMore(inner(path)),
            PropertyPathExpression::OneOrMore(path) => Self::OneOrMore(inner(path)),
            PropertyPathExpression::ZeroOrOne(path) => Self::ZeroOrOne(inner(path)),
            PropertyPathExpression::NegatedPropertySet(nodes) => {
                Self::NoneOf(nodes.iter().map(id).collect())
            }
        }
    }

    /// Whether it leads from a node to itself without a step.
    pub(super) fn may_be_empty(&self) -> bool {
        match self {
            Self::Step(_) | Self::NoneOf(_) => false,
            Self::Reverse(inner) | Self::OneOrMore(inner) => inner.may_be_empty(),
            Self::Sequence(a, b) => a.may_be_empty() && b.may_be_empty(),
            Self::Alternative(a, b) => a.may_be_empty() || b.may_be_empty(),
            Self::ZeroOrMore(_) | Self::ZeroOrOne(_) => true,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Direction {
    Forward,
    Backward,
}

impl Direction {
    fn turned(self) -> Self {
        match self {
            Self::Forward => Self::Backward,
            Self::Backward => Self::Forward,
        }
    }
}

/// The ends of one path, remembered from row to row.
#[derive(Default)]
pub(super) struct Paths {
    ends: FxHashMap<(Id, Direction), Rc<[Id]>>,
    remembered: usize,
    starts: Option<Rc<[Id]>>,
    edges: Edges,
}

/// Whole properties, read once when many of their edges are asked for.
#[derive(Default)]
struct Edges {
    lookups: FxHashMap<(Id, Direction), usize>,
    whole: FxHashMap<(Id, Direction), FxHashMap<Id, Vec<Id>>>,
}

impl Paths {
    /// Where a path leads to from a node.
    pub(super) fn from(
        &mut self,
        view: &View,
        graphs: &Graphs,
        path: &Walk,
        start: Id,
    ) -> Rc<[Id]> {
        self.ends(view, graphs, path, start, Direction::Forward)
    }

    /// From where a path leads to a node.
    pub(super) fn to(&mut self, view: &View, graphs: &Graphs, path: &Walk, end: Id) -> Rc<[Id]> {
        self.ends(view, graphs, path, end, Direction::Backward)
    }

    fn ends(
        &mut self,
        view: &View,
        graphs: &Graphs,
        path: &Walk,
        start: Id,
        direction: Direction,
    ) -> Rc<[Id]> {
        if let Some(known) = self.ends.get(&(start, direction)) {
            return Rc::clone(known);
        }
        let mut walker = Walker {
            view,
            graphs,
            edges: &mut self.edges,
        };
        let mut found = Vec::new();
        walker.walk(path, start, direction, &mut found);
        let found: Rc<[Id]> = found.into();
        if self.remembered > REMEMBERED_MAX {
            self.ends.clear();
            self.remembered = 0;
        }
        self.remembered += found.len() + 4;
        self.ends.insert((start, direction), Rc::clone(&found));
        found
    }

    /// Whether a term is the subject or object of something.
    pub(super) fn has_node(&mut self, view: &View, graphs: &Graphs, node: Id) -> bool {
        if self.starts.is_some() || self.ends.contains_key(&(node, Direction::Forward)) {
            return true;
        }
        let some = |s, o| {
            let bound = Bound { s, p: None, o };
            let mut quads = view
                .snapshot
                .pattern(bound, graphs, Some(Rc::clone(&view.guard)));
            quads.next().is_some()
        };
        some(Some(node), None) || some(None, Some(node))
    }

    /// Every node that a path can begin at.
    pub(super) fn starts(&mut self, view: &View, graphs: &Graphs, path: &Walk) -> Rc<[Id]> {
        let starts = self.starts.get_or_insert_with(|| {
            let everything = path.may_be_empty();
            let mut found = Vec::new();
            let scan =
                view.snapshot
                    .pattern(Bound::default(), graphs, Some(Rc::clone(&view.guard)));
            for [s, _, o, _] in scan {
                if found.last() != Some(&s) {
                    found.push(s);
                }
                // Of paths that begin backwards, too.
                if everything || begins_backwards(path) {
                    found.push(o);
                }
                if found.len() % (1 << 16) == 0 {
                    found.sort_unstable();
                    found.dedup();
                    if !view.guard.fits(found.len() * size_of::<Id>()) {
                        break;
                    }
                }
            }
            found.sort_unstable();
            found.dedup();
            found.into()
        });
        Rc::clone(starts)
    }
}

fn begins_backwards(path: &Walk) -> bool {
    match path {
        Walk::Step(_) | Walk::NoneOf(_) => false,
        Walk::Reverse(_) => true,
        Walk::Sequence(a, b) => begins_backwards(a) || (a.may_be_empty() && begins_backwards(b)),
        Walk::Alternative(a, b) => begins_backwards(a) || begins_backwards(b),
        Walk::ZeroOrMore(inner) | Walk::OneOrMore(inner) | Walk::ZeroOrOne(inner) => {
            begins_backwards(inner)
        }
    }
}

struct Walker<'a> {
    view: &'a View,
    graphs: &'a Graphs,
    edges: &'a mut Edges,
}

impl Walker<'_> {
    /// Adds where a path leads: each end as often as there are ways, but once for `*`, `+` and `?`.
    fn walk(&mut self, path: &Walk, start: Id, direction: Direction, out: &mut Vec<Id>) {
        if !self.view.guard.fits(out.len() * size_of::<Id>()) {
            return;
        }
        match path {
            Walk::Step(property) => self.step(*property, start, direction, out),
            Walk::Reverse(inner) => self.walk(inner, start, direction.turned(), out),
            Walk::Sequence(a, b) => {
                let (first, second) = match direction {
                    Direction::Forward => (a, b),
                    Direction::Backward => (b, a),
                };
                let mut middle = Vec::new();
                self.walk(first, start, direction, &mut middle);
                for node in middle {
                    if !self.view.guard.step() {
                        return;
                    }
                    self.walk(second, node, direction, out);
                }
            }
            Walk::Alternative(a, b) => {
                self.walk(a, start, direction, out);
                self.walk(b, start, direction, out);
            }
            Walk::ZeroOrMore(inner) => self.closure(inner, vec![start], direction, out),
            Walk::OneOrMore(inner) => {
                let mut first = Vec::new();
                self.walk(inner, start, direction, &mut first);
                self.closure(inner, first, direction, out);
            }
            Walk::ZeroOrOne(inner) => {
                let mut found = vec![start];
                self.walk(inner, start, direction, &mut found);
                found.sort_unstable();
                found.dedup();
                out.extend(found);
            }
            Walk::NoneOf(properties) => {
                let (s, o) = match direction {
                    Direction::Forward => (Some(start), None),
                    Direction::Backward => (None, Some(start)),
                };
                let guard = Some(Rc::clone(&self.view.guard));
                let bound = Bound { s, p: None, o };
                for [s, p, o, _] in self.view.snapshot.pattern(bound, self.graphs, guard) {
                    if !properties.contains(&p) {
                        out.push(match direction {
                            Direction::Forward => o,
                            Direction::Backward => s,
                        });
                    }
                }
            }
        }
    }

    /// Everything that can be reached, each node once. What is new goes on together, so that paths
    /// inside of paths are walked once for all of it.
    fn closure(&mut self, path: &Walk, first: Vec<Id>, direction: Direction, out: &mut Vec<Id>) {
        let mut seen = FxHashSet::default();
        let mut new: Vec<Id> = first
            .into_iter()
            .filter(|node| seen.insert(*node))
            .collect();
        while !new.is_empty() {
            out.extend_from_slice(&new);
            // A set costs about four times its numbers.
            if !self.view.guard.fits(4 * seen.len() * size_of::<Id>()) {
                return;
            }
            new = self.ends(path, new, direction);
            new.retain(|node| seen.insert(*node));
        }
    }

    /// Where a path leads to from any of some nodes, each end once.
    fn ends(&mut self, path: &Walk, nodes: Vec<Id>, direction: Direction) -> Vec<Id> {
        let mut found = Vec::new();
        match path {
            Walk::Step(_) | Walk::NoneOf(_) => {
                for node in nodes {
                    if !self.view.guard.step() {
                        break;
                    }
                    self.walk(path, node, direction, &mut found);
                }
            }
            Walk::Reverse(inner) => return self.ends(inner, nodes, direction.turned()),
            Walk::Sequence(a, b) => {
                let (first, second) = match direction {
                    Direction::Forward => (a, b),
                    Direction::Backward => (b, a),
                };
                let middle = self.ends(first, nodes, direction);
                return self.ends(second, middle, direction);
            }
            Walk::Alternative(a, b) => {
                found = self.ends(a, nodes.clone(), direction);
                found.extend(self.ends(b, nodes, direction));
            }
            Walk::ZeroOrMore(inner) => {
                self.closure(inner, nodes, direction, &mut found);
                return found;
            }
            Walk::OneOrMore(inner) => {
                let first = self.ends(inner, nodes, direction);
                self.closure(inner, first, direction, &mut found);
                return found;
            }
            Walk::ZeroOrOne(inner) => {
                found = self.ends(inner, nodes.clone(), direction);
                found.extend(nodes);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn step(&mut self, property: Id, start: Id, direction: Direction, out: &mut Vec<Id>) {
        let key = (property, direction);
        if let Some(edges) = self.edges.whole.get(&key) {
            out.extend(edges.get(&start).into_iter().flatten());
            return;
        }
        let lookups = self.edges.lookups.entry(key).or_default();
        *lookups += 1;
        if lookups.is_power_of_two() && *lookups >= 64 {
            let all = Bound {
                p: Some(property),
                ..Bound::default()
            };
            if *lookups * EDGES_PER_LOOKUP > self.view.snapshot.estimate(all) {
                let edges = self.read(property, direction);
                out.extend(edges.get(&start).into_iter().flatten());
                self.edges.whole.insert(key, edges);
                return;
            }
        }
        let (s, o) = match direction {
            Direction::Forward => (Some(start), None),
            Direction::Backward => (None, Some(start)),
        };
        let bound = Bound {
            s,
            p: Some(property),
            o,
        };
        let guard = Some(Rc::clone(&self.view.guard));
        for [s, _, o, _] in self.view.snapshot.pattern(bound, self.graphs, guard) {
            out.push(match direction {
                Direction::Forward => o,
                Direction::Backward => s,
            });
        }
    }

    fn read(&self, property: Id, direction: Direction) -> FxHashMap<Id, Vec<Id>> {
        let all = Bound {
            p: Some(property),
            ..Bound::default()
        };
        let guard = Some(Rc::clone(&self.view.guard));
        let mut edges: FxHashMap<Id, Vec<Id>> = FxHashMap::default();
        for [s, _, o, _] in self.view.snapshot.pattern(all, self.graphs, guard) {
            let (from, to) = match direction {
                Direction::Forward => (s, o),
                Direction::Backward => (o, s),
            };
            edges.entry(from).or_default().push(to);
        }
        edges
    }
}
