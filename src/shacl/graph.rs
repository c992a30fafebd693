//! The data that is checked: a small indexed graph over borrowed terms, and what lies behind it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::rdf::{NamedNode, NamedNodeRef, Term, TermRef, TripleRef};

/// What is known outside the record: neighbour records, vocabularies. It is asked about single
/// terms only, so the cost of a validation follows the record and never the catalogue.
///
/// Every answer is added to what the record itself says. A background that holds an older version
/// of the record must leave it out, or the caller names the record with [`Data::with_own`].
pub trait Background: Sync {
    /// The values of a property.
    fn objects(&self, subject: &Term, predicate: &NamedNode) -> Vec<Term>;

    /// The subjects that have a value, for inverse paths. A background that cannot tell says
    /// nothing.
    fn subjects(&self, predicate: &NamedNode, object: &Term) -> Vec<Term> {
        let _ = (predicate, object);
        Vec::new()
    }

    /// Whether the background alone makes `term` an instance of `class` or of one of its
    /// subclasses. `None` means: walk the triples.
    fn is_a(&self, term: &Term, class: &NamedNode) -> Option<bool> {
        let _ = (term, class);
        None
    }

    /// All that is reached from `term` by one or more steps of `predicate` in the background
    /// alone. `None` means: walk the triples.
    fn ancestors(&self, term: &Term, predicate: &NamedNode) -> Option<Vec<Term>> {
        let _ = (term, predicate);
        None
    }
}

/// A term of one validation, as a number. Equal numbers are equal terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node(u32);

impl Node {
    /// For those who must write it down and read it again with [`Terms::numbered`].
    pub(super) fn number(self) -> u32 {
        self.0
    }

    fn at(self) -> usize {
        self.0 as usize
    }

    fn new(at: usize) -> Self {
        Self(u32::try_from(at).expect("a graph has fewer than four thousand million terms"))
    }
}

/// A graph to be checked, indexed once and good for any number of validations.
pub struct Data<'a> {
    terms: Vec<TermRef<'a>>,
    ids: HashMap<TermRef<'a>, Node>,
    forward: Index,
    backward: Index,
    background: Option<&'a dyn Background>,
    own: FxHashSet<Node>,
}

impl<'a> Data<'a> {
    /// Indexes the triples of a record. Duplicates are harmless.
    pub fn new<T: Into<TripleRef<'a>>>(triples: impl IntoIterator<Item = T>) -> Self {
        let triples = triples.into_iter();
        let mut interner = Interner::with_capacity(triples.size_hint().0);
        // Statements about one subject mostly follow each other: it is looked up once.
        let mut last: Option<(TermRef<'a>, Node)> = None;
        let mut rows: Vec<[Node; 3]> = triples
            .map(|triple| {
                let TripleRef {
                    subject,
                    predicate,
                    object,
                } = triple.into();
                let subject = TermRef::from(subject);
                let node = match last {
                    Some((known, node)) if known == subject => node,
                    _ => interner.intern(subject),
                };
                last = Some((subject, node));
                [
                    node,
                    interner.intern(predicate.into()),
                    interner.intern(object),
                ]
            })
            .collect();
        rows.sort_unstable();
        rows.dedup();
        let terms = interner.terms.len();
        let forward = Index::new(terms, &rows);
        for row in &mut rows {
            row.swap(0, 2);
        }
        rows.sort_unstable();
        let backward = Index::new(terms, &rows);
        Self {
            terms: interner.terms,
            ids: interner.ids,
            forward,
            backward,
            background: None,
            own: FxHashSet::default(),
        }
    }

    /// Adds what is known outside the record.
    #[must_use]
    pub fn with_background(mut self, background: &'a dyn Background) -> Self {
        self.background = Some(background);
        self
    }

    /// Names the subjects that this graph alone describes: the background is not asked for their
    /// values. Name the record itself here, so that an older version of it cannot speak for it.
    #[must_use]
    pub fn with_own<'t, T: Into<TermRef<'t>>>(
        mut self,
        terms: impl IntoIterator<Item = T>,
    ) -> Self {
        let own: Vec<_> = terms
            .into_iter()
            .filter_map(|term| self.node(term.into()))
            .collect();
        self.own.extend(own);
        self
    }

    /// The number of different triples.
    pub fn len(&self) -> usize {
        self.forward.values.len()
    }

    /// Whether there is no triple at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn node(&self, term: TermRef<'_>) -> Option<Node> {
        self.ids.get(&term).copied()
    }

    pub(super) fn predicate(&self, predicate: NamedNodeRef<'_>) -> Option<Node> {
        self.node(predicate.into())
    }

    pub(super) fn term(&self, node: Node) -> Option<TermRef<'a>> {
        self.terms.get(node.at()).copied()
    }

    /// The values of a property, in the order of the record.
    pub(super) fn objects(&self, subject: Node, predicate: Node) -> &[Node] {
        self.forward.values(subject, predicate)
    }

    /// The subjects that have a value.
    pub(super) fn subjects(&self, predicate: Node, object: Node) -> &[Node] {
        self.backward.values(object, predicate)
    }

    /// The properties and values of a subject.
    pub(super) fn description(&self, subject: Node) -> impl Iterator<Item = (Node, Node)> {
        self.forward.row(subject)
    }

    /// The properties that point to an object, and where from.
    pub(super) fn mentions(&self, object: Node) -> impl Iterator<Item = (Node, Node)> {
        self.backward.row(object)
    }

    /// Every triple as subject, predicate, object.
    pub(super) fn triples(&self) -> impl Iterator<Item = [Node; 3]> {
        (0..self.terms.len()).flat_map(move |at| {
            let subject = Node::new(at);
            self.forward
                .row(subject)
                .map(move |(predicate, object)| [subject, predicate, object])
        })
    }
}

/// Its hashes are seeded, so that nobody can choose terms that collide.
struct Interner<'a> {
    terms: Vec<TermRef<'a>>,
    ids: HashMap<TermRef<'a>, Node>,
}

impl<'a> Interner<'a> {
    fn with_capacity(triples: usize) -> Self {
        Self {
            terms: Vec::with_capacity(triples),
            ids: HashMap::with_capacity(triples),
        }
    }

    fn intern(&mut self, term: TermRef<'a>) -> Node {
        *self.ids.entry(term).or_insert_with(|| {
            self.terms.push(term);
            Node::new(self.terms.len() - 1)
        })
    }
}

/// For each key its (predicate, value) pairs, sorted, as columns.
struct Index {
    starts: Vec<u32>,
    predicates: Vec<Node>,
    values: Vec<Node>,
}

impl Index {
    fn new(terms: usize, rows: &[[Node; 3]]) -> Self {
        let mut starts = vec![0u32; terms + 1];
        for [key, _, _] in rows {
            starts[key.at() + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Self {
            starts,
            predicates: rows.iter().map(|row| row[1]).collect(),
            values: rows.iter().map(|row| row[2]).collect(),
        }
    }

    fn range(&self, key: Node) -> std::ops::Range<usize> {
        match self.starts.get(key.at()..key.at() + 2) {
            Some(bounds) => bounds[0] as usize..bounds[1] as usize,
            None => 0..0,
        }
    }

    fn values(&self, key: Node, predicate: Node) -> &[Node] {
        let range = self.range(key);
        let predicates = &self.predicates[range.clone()];
        let from = predicates.partition_point(|p| *p < predicate);
        let many = predicates[from..].partition_point(|p| *p == predicate);
        &self.values[range.start + from..range.start + from + many]
    }

    fn row(&self, key: Node) -> impl Iterator<Item = (Node, Node)> {
        let range = self.range(key);
        let predicates = self.predicates[range.clone()].iter().copied();
        predicates.zip(self.values[range].iter().copied())
    }
}

/// A term that shapes speak of, as a place in their table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Constant(u32);

/// The terms that a set of shapes speaks of.
#[derive(Debug, Default)]
pub(super) struct Constants {
    terms: Vec<Term>,
    /// By the hash of the term, so that a borrowed one is found as well.
    ids: FxHashMap<u64, Vec<Constant>>,
}

impl Constants {
    pub(super) fn intern(&mut self, term: Term) -> Constant {
        if let Some(known) = self.find(term.as_ref()) {
            return known;
        }
        let next = Constant(u32::try_from(self.terms.len()).expect("shapes are small"));
        let same_hash = self.ids.entry(hash(term.as_ref())).or_default();
        same_hash.push(next);
        self.terms.push(term);
        next
    }

    pub(super) fn find(&self, term: TermRef<'_>) -> Option<Constant> {
        let same_hash = self.ids.get(&hash(term))?.iter().copied();
        let mut same = same_hash.filter(|constant| self.term(*constant).as_ref() == term);
        same.next()
    }

    pub(super) fn term(&self, constant: Constant) -> &Term {
        &self.terms[constant.0 as usize]
    }

    pub(super) fn iri(&self, constant: Constant) -> Option<&NamedNode> {
        match self.term(constant) {
            Term::NamedNode(iri) => Some(iri),
            _ => None,
        }
    }
}

fn hash(term: TermRef<'_>) -> u64 {
    FxBuildHasher.hash_one(term)
}

/// The data of one validation, with the terms of the shapes and those that come up on the way.
pub(super) struct Terms<'r> {
    pub data: &'r Data<'r>,
    pub constants: &'r Constants,
    constant_nodes: Vec<Node>,
    met: RefCell<Met>,
}

#[derive(Default)]
struct Met {
    terms: Vec<Term>,
    ids: HashMap<Term, Node>,
}

impl<'r> Terms<'r> {
    pub(super) fn new(data: &'r Data<'r>, constants: &'r Constants) -> Self {
        let first = data.terms.len();
        let constant_nodes = if first < constants.terms.len() {
            // A record is smaller than the shapes: look for its terms among theirs.
            let mut nodes: Vec<Node> = (0..constants.terms.len())
                .map(|at| Node::new(first + at))
                .collect();
            for (at, term) in data.terms.iter().enumerate() {
                if let Some(constant) = constants.find(*term) {
                    nodes[constant.0 as usize] = Node::new(at);
                }
            }
            nodes
        } else {
            let number = |(at, term): (usize, &Term)| {
                data.node(term.as_ref())
                    .unwrap_or_else(|| Node::new(first + at))
            };
            constants.terms.iter().enumerate().map(number).collect()
        };
        Self {
            data,
            constants,
            constant_nodes,
            met: RefCell::default(),
        }
    }

    pub(super) fn constant(&self, constant: Constant) -> Node {
        self.constant_nodes[constant.0 as usize]
    }

    /// Looks at a term.
    pub(super) fn with<R>(&self, node: Node, look: impl FnOnce(TermRef<'_>) -> R) -> R {
        if let Some(term) = self.data.term(node) {
            return look(term);
        }
        let at = node.at() - self.data.terms.len();
        let constants = &self.constants.terms;
        match constants.get(at) {
            Some(term) => look(term.as_ref()),
            None => look(self.met.borrow().terms[at - constants.len()].as_ref()),
        }
    }

    pub(super) fn owned(&self, node: Node) -> Term {
        self.with(node, |term| Term::from(term))
    }

    /// The number of a term, new or known.
    pub(super) fn intern(&self, term: Term) -> Node {
        if let Some(node) = self.data.node(term.as_ref()) {
            return node;
        }
        if let Some(constant) = self.constants.find(term.as_ref()) {
            return self.constant(constant);
        }
        let first = self.data.terms.len() + self.constants.terms.len();
        let Met { terms, ids } = &mut *self.met.borrow_mut();
        *ids.entry(term).or_insert_with_key(|term| {
            terms.push(term.clone());
            Node::new(first + terms.len() - 1)
        })
    }

    /// The node of a number that was written down.
    pub(super) fn numbered(&self, number: u32) -> Option<Node> {
        let constants = self.constants.terms.len();
        let known = self.data.terms.len() + constants + self.met.borrow().terms.len();
        ((number as usize) < known).then_some(Node(number))
    }

    /// The background, if it may speak about this node.
    pub(super) fn background_of(&self, node: Node) -> Option<&'r dyn Background> {
        let background = self.data.background?;
        let speaks = !self.data.own.contains(&node) && self.with(node, |term| term.is_named_node());
        speaks.then_some(background)
    }
}
