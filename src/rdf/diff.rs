//! What must be taken out of one graph, and what put in, so that it becomes another?
//!
//! Blank nodes have no names that last, so those of the two graphs are paired first: those that look alike, then
//! those that the same statement leads to. Any pairing makes a right difference; a good one makes a short one.

use std::fmt::Write as _;
use std::hash::{BuildHasher, Hash};

use oxrdf::{BlankNode, NamedOrBlankNode, Term, Triple};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::format::{self, Format, SyntaxError};

/// How often the look of a blank node takes in that of its neighbours.
const ROUNDS: usize = 4;
/// How often pairs lead to further pairs, which is how deep blank nodes stand below each other.
const STEPS_MAX: usize = 32;

/// The difference of two graphs: both lists are sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Statements of the first graph that the second lacks.
    pub removed: Vec<Triple>,
    /// Statements that only the second has, with the labels that its blank nodes have in the first.
    pub added: Vec<Triple>,
}

impl Difference {
    /// Compares two graphs.
    pub fn of(from: &[Triple], to: &[Triple]) -> Self {
        let names = pair(from, to);
        let renamed: Vec<Triple> = to.iter().map(|triple| rename(triple, &names)).collect();
        let old: FxHashSet<&Triple> = from.iter().collect();
        let new: FxHashSet<&Triple> = renamed.iter().collect();
        Self {
            removed: only(&old, &new),
            added: only(&new, &old),
        }
    }

    /// Whether the graphs are the same.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }

    /// The first graph with the difference made.
    pub fn apply(&self, from: &[Triple]) -> Vec<Triple> {
        let removed: FxHashSet<&Triple> = self.removed.iter().collect();
        let kept = from.iter().filter(|triple| !removed.contains(triple));
        kept.chain(&self.added).cloned().collect()
    }

    /// The difference as RDF Patch (<https://afs.github.io/rdf-patch/>): one transaction, with headers.
    pub fn to_patch(&self, headers: &[(&str, &str)]) -> String {
        let mut text = String::new();
        for (name, iri) in headers {
            let _ = writeln!(text, "H {name} <{iri}> .");
        }
        text.push_str("TX .\n");
        for (sign, triples) in [('D', &self.removed), ('A', &self.added)] {
            for triple in triples {
                let _ = writeln!(text, "{sign} {triple} .");
            }
        }
        text.push_str("TC .\n");
        text
    }

    /// Reads what [`Difference::to_patch`] wrote.
    pub fn from_patch(text: &str) -> Result<Self, SyntaxError> {
        let mut difference = Self::default();
        for (sign, list) in [
            ("D ", &mut difference.removed),
            ("A ", &mut difference.added),
        ] {
            let lines: Vec<&str> = text
                .lines()
                .filter_map(|line| line.strip_prefix(sign))
                .collect();
            let quads = format::parse(lines.join("\n").as_bytes(), Format::NTriples, None)?;
            *list = quads.into_iter().map(Triple::from).collect();
        }
        Ok(difference)
    }
}

/// The statements of one graph that another lacks, in an order that does not change.
fn only<'a>(triples: &FxHashSet<&'a Triple>, others: &FxHashSet<&'a Triple>) -> Vec<Triple> {
    let mut only: Vec<Triple> = triples
        .difference(others)
        .map(|one| (*one).clone())
        .collect();
    only.sort_by_cached_key(ToString::to_string);
    only
}

/// The label in the first graph of every blank node of the second.
type Names = FxHashMap<BlankNode, BlankNode>;

fn pair(from: &[Triple], to: &[Triple]) -> Names {
    let (old, new) = (looks(from), looks(to));
    let mut names = Names::default();
    let mut taken: FxHashSet<BlankNode> = FxHashSet::default();
    let mut alike: FxHashMap<u64, Vec<&BlankNode>> = FxHashMap::default();
    for (node, look) in old.iter().rev() {
        alike.entry(*look).or_default().push(node);
    }
    for (node, look) in &new {
        if let Some(other) = alike.get_mut(look).and_then(Vec::pop) {
            taken.insert(other.clone());
            names.insert(node.clone(), other.clone());
        }
    }
    for _ in 0..STEPS_MAX {
        if !pair_by_what_leads_there(from, to, &mut names, &mut taken) {
            break;
        }
    }
    let known: FxHashSet<&str> = old.iter().map(|(node, _)| node.as_str()).collect();
    let mut fresh = (0_u64..)
        .map(|number| format!("new{number}"))
        .filter(|label| !known.contains(label.as_str()));
    for (node, _) in &new {
        if !names.contains_key(node)
            && let Some(label) = fresh.next()
        {
            names.insert(node.clone(), BlankNode::new_unchecked(label));
        }
    }
    names
}

/// Pairs blank nodes that are the value of the same property of the same subject. Whether there were any.
fn pair_by_what_leads_there(
    from: &[Triple],
    to: &[Triple],
    names: &mut Names,
    taken: &mut FxHashSet<BlankNode>,
) -> bool {
    let mut open: FxHashMap<(NamedOrBlankNode, &str), Vec<&BlankNode>> = FxHashMap::default();
    for triple in from.iter().rev() {
        if let Term::BlankNode(node) = &triple.object
            && !taken.contains(node)
        {
            let key = (triple.subject.clone(), triple.predicate.as_str());
            open.entry(key).or_default().push(node);
        }
    }
    let mut found = false;
    for triple in to {
        let Term::BlankNode(node) = &triple.object else {
            continue;
        };
        if names.contains_key(node) {
            continue;
        }
        let subject = match &triple.subject {
            NamedOrBlankNode::BlankNode(subject) => match names.get(subject) {
                Some(known) => known.clone().into(),
                None => continue,
            },
            NamedOrBlankNode::NamedNode(subject) => subject.clone().into(),
        };
        let candidates = open.get_mut(&(subject, triple.predicate.as_str()));
        let Some(candidates) = candidates else {
            continue;
        };
        let free = std::iter::from_fn(|| candidates.pop()).find(|one| !taken.contains(*one));
        if let Some(other) = free {
            taken.insert(other.clone());
            names.insert(node.clone(), other.clone());
            found = true;
        }
    }
    found
}

/// What every blank node looks like: its statements, with the looks of the blank nodes beside it. By label.
fn looks(triples: &[Triple]) -> Vec<(BlankNode, u64)> {
    let mut looks: FxHashMap<&BlankNode, u64> = triples
        .iter()
        .flat_map(nodes)
        .map(|node| (node, 0))
        .collect();
    for _ in 0..ROUNDS {
        let mut seen: FxHashMap<&BlankNode, Vec<u64>> = FxHashMap::default();
        for triple in triples {
            let subject = match &triple.subject {
                NamedOrBlankNode::BlankNode(node) => hash(&looks[node]),
                NamedOrBlankNode::NamedNode(node) => hash(node),
            };
            let object = match &triple.object {
                Term::BlankNode(node) => hash(&looks[node]),
                other @ (Term::NamedNode(_) | Term::Literal(_) | Term::Triple(_)) => hash(other),
            };
            if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
                let statement = hash(&(0_u8, &triple.predicate, object));
                seen.entry(node).or_default().push(statement);
            }
            if let Term::BlankNode(node) = &triple.object {
                let statement = hash(&(1_u8, &triple.predicate, subject));
                seen.entry(node).or_default().push(statement);
            }
        }
        looks = seen
            .into_iter()
            .map(|(node, mut all)| {
                all.sort_unstable();
                (node, hash(&all))
            })
            .collect();
    }
    let mut looks: Vec<(BlankNode, u64)> = looks
        .into_iter()
        .map(|(node, look)| (node.clone(), look))
        .collect();
    looks.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
    looks
}

/// The blank nodes of a statement. One inside a triple term has no canonical form, so no record has it.
fn nodes(triple: &Triple) -> impl Iterator<Item = &BlankNode> {
    let subject = match &triple.subject {
        NamedOrBlankNode::BlankNode(node) => Some(node),
        NamedOrBlankNode::NamedNode(_) => None,
    };
    let object = match &triple.object {
        Term::BlankNode(node) => Some(node),
        Term::NamedNode(_) | Term::Literal(_) | Term::Triple(_) => None,
    };
    subject.into_iter().chain(object)
}

fn rename(triple: &Triple, names: &Names) -> Triple {
    let mut triple = triple.clone();
    if let NamedOrBlankNode::BlankNode(node) = &triple.subject
        && let Some(name) = names.get(node)
    {
        triple.subject = name.clone().into();
    }
    if let Term::BlankNode(node) = &triple.object
        && let Some(name) = names.get(node)
    {
        triple.object = name.clone().into();
    }
    triple
}

fn hash(value: &impl Hash) -> u64 {
    FxBuildHasher.hash_one(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rdf::canonical::isomorphic;

    fn graph(text: &str) -> Vec<Triple> {
        let quads = format::parse(text.as_bytes(), Format::Turtle, None).unwrap();
        quads.into_iter().map(Triple::from).collect()
    }

    #[test]
    fn what_stays_the_same_is_not_told() {
        let one = graph("<urn:a> <urn:p> [ <urn:name> 'x' ; <urn:mail> 'm' ] ; <urn:n> 210 .");
        let other = graph("<urn:a> <urn:p> [ <urn:mail> 'm' ; <urn:name> 'x' ] ; <urn:n> 245 .");
        let difference = Difference::of(&one, &other);
        assert_eq!(difference.removed.len(), 1);
        assert_eq!(difference.added.len(), 1);
        assert!(Difference::of(&one, &one).is_empty());
    }

    #[test]
    fn a_change_inside_a_blank_node_is_one_statement() {
        let one = graph("<urn:a> <urn:p> [ <urn:name> 'x' ; <urn:q> [ <urn:r> 1 ] ] .");
        let other = graph("<urn:a> <urn:p> [ <urn:name> 'x' ; <urn:q> [ <urn:r> 2 ] ] .");
        let difference = Difference::of(&one, &other);
        assert_eq!((difference.removed.len(), difference.added.len()), (1, 1));
    }

    #[test]
    fn a_patch_says_the_same_as_the_difference() {
        let one = graph("<urn:a> <urn:p> 'a\\nb'@en , [ <urn:q> <urn:b> ] .");
        let other = graph("<urn:a> <urn:p> 'é' , [ <urn:q> <urn:c> ] , [ <urn:q> <urn:d> ] .");
        let difference = Difference::of(&one, &other);
        let text = difference.to_patch(&[("id", "urn:x")]);
        assert!(
            text.starts_with("H id <urn:x> .\nTX .\n") && text.ends_with("TC .\n"),
            "{text}"
        );
        assert_eq!(Difference::from_patch(&text).unwrap(), difference);
    }

    fn node() -> impl Strategy<Value = NamedOrBlankNode> {
        prop_oneof![
            (0..3_u8).prop_map(|n| NamedOrBlankNode::from(oxrdf::NamedNode::new_unchecked(
                format!("urn:n{n}")
            ))),
            (0..5_u8)
                .prop_map(|n| NamedOrBlankNode::from(BlankNode::new_unchecked(format!("c14n{n}")))),
        ]
    }

    fn triples() -> impl Strategy<Value = Vec<Triple>> {
        let term = prop_oneof![
            node().prop_map(Term::from),
            (0..3_u8).prop_map(|n| Term::from(oxrdf::Literal::from(i64::from(n)))),
        ];
        let property = (0..3_u8).prop_map(|n| oxrdf::NamedNode::new_unchecked(format!("urn:p{n}")));
        let one = (node(), property, term);
        let one =
            one.prop_map(|(subject, predicate, object)| Triple::new(subject, predicate, object));
        prop::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn made_to_the_first_graph_it_gives_the_second(one in triples(), other in triples()) {
            let difference = Difference::of(&one, &other);
            let made = difference.apply(&one);
            // A graph that is too tangled for the canonical form is kept by nobody.
            if let Ok(same) = isomorphic(&made, &other) {
                prop_assert!(same, "{:?}", difference);
            }
            let read = Difference::from_patch(&difference.to_patch(&[])).unwrap();
            prop_assert_eq!(read, difference);
        }
    }
}
