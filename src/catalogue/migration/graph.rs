//! How are statements found and changed while a record is rewritten? An index that follows every change.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rdf::vocabulary::rdf;
use crate::rdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, Triple};

/// The place of a statement. It stays the same as long as the statement lives.
pub type At = usize;

/// Statements that can be changed in place. An index entry may be outdated; what is read through it is compared with the
/// statement, so that an entry never has to be taken out.
pub struct Graph {
    triples: Vec<Option<Triple>>,
    by_subject: FxHashMap<NamedOrBlankNode, Vec<At>>,
    by_predicate: FxHashMap<NamedNode, Vec<At>>,
    by_both: FxHashMap<(NamedOrBlankNode, NamedNode), Vec<At>>,
    by_object: FxHashMap<NamedOrBlankNode, Vec<At>>,
    labels: FxHashSet<String>,
    made: usize,
}

impl Graph {
    pub fn new(triples: &[Triple]) -> Self {
        let mut graph = Self {
            triples: Vec::with_capacity(triples.len()),
            by_subject: FxHashMap::default(),
            by_predicate: FxHashMap::default(),
            by_both: FxHashMap::default(),
            by_object: FxHashMap::default(),
            labels: FxHashSet::default(),
            made: 0,
        };
        for triple in triples {
            graph.add(triple.clone());
        }
        graph
    }

    /// How many places there are, those of statements that were taken out too.
    pub fn places(&self) -> At {
        self.triples.len()
    }

    pub fn get(&self, at: At) -> Option<&Triple> {
        self.triples[at].as_ref()
    }

    /// The statements with a property.
    pub fn with(&self, predicate: &NamedNode) -> Vec<At> {
        let found = self.by_predicate.get(predicate);
        self.alive(found, |triple| triple.predicate == *predicate)
    }

    /// The statements of a subject with a property.
    pub fn of(&self, subject: &NamedOrBlankNode, predicate: &NamedNode) -> Vec<At> {
        let found = self.by_both.get(&(subject.clone(), predicate.clone()));
        self.alive(found, |triple| {
            triple.subject == *subject && triple.predicate == *predicate
        })
    }

    /// The statements of a subject.
    pub fn about(&self, subject: &NamedOrBlankNode) -> Vec<At> {
        let found = self.by_subject.get(subject);
        self.alive(found, |triple| triple.subject == *subject)
    }

    /// The statements that point to a node.
    pub fn pointing_to(&self, node: &NamedOrBlankNode) -> Vec<At> {
        let found = self.by_object.get(node);
        self.alive(found, |triple| {
            resource(&triple.object).as_ref() == Some(node)
        })
    }

    /// Whether a subject has a property.
    pub fn has(&self, subject: &NamedOrBlankNode, predicate: &NamedNode) -> bool {
        self.first(subject, predicate).is_some()
    }

    /// The first value of a property.
    pub fn first(&self, subject: &NamedOrBlankNode, predicate: &NamedNode) -> Option<&Term> {
        let found = self.by_both.get(&(subject.clone(), predicate.clone()))?;
        found.iter().find_map(|at| {
            let triple = self.triples[*at].as_ref()?;
            let fits = triple.subject == *subject && triple.predicate == *predicate;
            fits.then_some(&triple.object)
        })
    }

    /// Whether a subject has a type.
    pub fn is_a(&self, subject: &NamedOrBlankNode, class: &NamedNode) -> bool {
        let class = Term::from(class.clone());
        let types = self.of(subject, &rdf::TYPE.into_owned());
        types
            .into_iter()
            .any(|at| self.get(at).is_some_and(|triple| triple.object == class))
    }

    /// The subjects with a type, each once, in the order of the document.
    pub fn all_of(&self, class: &NamedNode) -> Vec<NamedOrBlankNode> {
        let class = Term::from(class.clone());
        let of_class = self
            .with(&rdf::TYPE.into_owned())
            .into_iter()
            .filter_map(|at| self.get(at))
            .filter(|triple| triple.object == class);
        let mut seen = FxHashSet::default();
        of_class
            .map(|triple| triple.subject.clone())
            .filter(|subject| seen.insert(subject.clone()))
            .collect()
    }

    pub fn add(&mut self, triple: Triple) {
        let at = self.triples.len();
        self.triples.push(None);
        self.set(at, triple);
    }

    /// Puts a statement in the place of another.
    pub fn set(&mut self, at: At, triple: Triple) {
        let (subject, predicate) = (&triple.subject, &triple.predicate);
        let old = self.triples[at].take();
        let same_subject = old.as_ref().is_some_and(|old| old.subject == *subject);
        let same_predicate = old.as_ref().is_some_and(|old| old.predicate == *predicate);
        let same_object = old.as_ref().is_some_and(|old| old.object == triple.object);
        if !same_subject {
            self.by_subject.entry(subject.clone()).or_default().push(at);
        }
        if !same_predicate {
            let entry = self.by_predicate.entry(predicate.clone());
            entry.or_default().push(at);
        }
        if !(same_subject && same_predicate) {
            let both = (subject.clone(), predicate.clone());
            self.by_both.entry(both).or_default().push(at);
        }
        if let Some(node) = resource(&triple.object).filter(|_| !same_object) {
            self.by_object.entry(node).or_default().push(at);
        }
        if let NamedOrBlankNode::BlankNode(node) = subject {
            self.labels.insert(node.as_str().to_owned());
        }
        if let Term::BlankNode(node) = &triple.object {
            self.labels.insert(node.as_str().to_owned());
        }
        self.triples[at] = Some(triple);
    }

    pub fn remove(&mut self, at: At) {
        self.triples[at] = None;
    }

    /// A blank node whose label nothing else has: the same for the same document.
    pub fn new_node(&mut self) -> BlankNode {
        loop {
            self.made += 1;
            let label = format!("migrated{}", self.made);
            if self.labels.insert(label.clone()) {
                return BlankNode::new_unchecked(label);
            }
        }
    }

    /// The statements, each once, those of a subject together, subjects in the order in which they came.
    pub fn finish(self) -> Vec<Triple> {
        let mut seen = FxHashSet::default();
        let mut ranks: FxHashMap<NamedOrBlankNode, usize> = FxHashMap::default();
        let mut triples: Vec<(usize, Triple)> = Vec::with_capacity(self.triples.len());
        for triple in self.triples.into_iter().flatten() {
            if seen.insert(triple.clone()) {
                let next = ranks.len();
                let rank = *ranks.entry(triple.subject.clone()).or_insert(next);
                triples.push((rank, triple));
            }
        }
        triples.sort_by_key(|(rank, _)| *rank);
        triples.into_iter().map(|(_, triple)| triple).collect()
    }

    /// The places in an index entry whose statements still fit, each once.
    fn alive(&self, found: Option<&Vec<At>>, fits: impl Fn(&Triple) -> bool) -> Vec<At> {
        let mut places: Vec<At> = found
            .into_iter()
            .flatten()
            .copied()
            .filter(|at| self.triples[*at].as_ref().is_some_and(&fits))
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// A term that can be the subject of statements.
pub fn resource(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) | Term::Triple(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::Literal;

    fn node(name: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("https://x.example/{name}"))
    }

    fn triple(subject: &str, predicate: &str, object: &str) -> Triple {
        Triple::new(node(subject), node(predicate), node(object))
    }

    #[test]
    fn the_index_follows_every_change() {
        let mut graph = Graph::new(&[
            triple("a", "p", "x"),
            triple("b", "p", "y"),
            triple("a", "q", "z"),
        ]);
        graph.set(0, triple("b", "q", "y"));
        graph.set(0, triple("a", "p", "w"));
        assert_eq!(graph.of(&node("a").into(), &node("p")), [0]);
        assert!(graph.of(&node("b").into(), &node("q")).is_empty());
        assert_eq!(graph.with(&node("p")), [0, 1]);
        assert_eq!(graph.pointing_to(&node("y").into()), [1]);
        graph.remove(1);
        assert!(!graph.has(&node("b").into(), &node("p")));
        assert_eq!(
            graph.finish(),
            [triple("a", "p", "w"), triple("a", "q", "z")]
        );
    }

    #[test]
    fn a_new_node_meets_no_other() {
        let taken = BlankNode::new_unchecked("migrated1");
        let mut graph = Graph::new(&[Triple::new(taken, node("p"), Literal::from("x"))]);
        assert_eq!(graph.new_node().as_str(), "migrated2");
        assert_eq!(graph.new_node().as_str(), "migrated3");
    }
}
