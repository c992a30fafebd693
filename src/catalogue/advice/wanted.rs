//! What may stand in a field? Its value sets, forms and patterns, as its shape says.

use regex::Regex;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ontology::Ontology;
use crate::rdf::vocabulary::{dash, rdf, rdfs, sh, skos, vs};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term, Triple};

/// How deep alternatives and lists inside a shape are followed.
const DEPTH_MAX: usize = 64;

/// What a shape says of the values of its field.
#[derive(Debug, Default)]
pub struct Wanted {
    /// Roots whose descendants, and code lists whose members, are values.
    pub sets: Vec<String>,
    /// Values that are listed one by one.
    pub listed: FxHashSet<Term>,
    pub datatypes: Vec<NamedNode>,
    pub node_kinds: Vec<NamedNode>,
    pub patterns: Vec<Regex>,
}

impl Wanted {
    /// What each shape of a profile wants, by the shape's node.
    pub fn of_shapes(triples: &[Triple]) -> FxHashMap<Term, Self> {
        let mut about: FxHashMap<&NamedOrBlankNode, Vec<&Triple>> = FxHashMap::default();
        for triple in triples {
            about.entry(&triple.subject).or_default().push(triple);
        }
        let mut all = FxHashMap::default();
        for subject in about.keys() {
            let mut wanted = Self::default();
            wanted.gather(subject, &about, Reach::default());
            if !wanted.is_empty() {
                all.insert(Term::from((*subject).clone()), wanted);
            }
        }
        all
    }

    /// Whether a value is one of a set of terms.
    pub fn is_value_set(&self) -> bool {
        !self.sets.is_empty() || !self.listed.is_empty()
    }

    /// Whether an IRI is a value: listed, or below a root, or in a code list.
    pub fn has_member(&self, iri: &str, ontology: &Ontology) -> bool {
        let itself = self.sets.iter().any(|set| set == iri);
        let listed = || {
            self.listed
                .contains(&Term::from(NamedNode::new_unchecked(iri)))
        };
        let in_set = || self.sets.iter().any(|set| ontology.is_member(iri, set));
        !itself && (listed() || self.listed.is_empty() && in_set())
    }

    /// The values, as IRIs.
    pub fn members<'a>(&'a self, ontology: &'a Ontology) -> impl Iterator<Item = &'a str> {
        let listed = self.listed.iter().filter_map(|term| match term {
            Term::NamedNode(iri) => Some(iri.as_str()),
            _ => None,
        });
        let sets = self.sets.iter().filter(|_| self.listed.is_empty());
        listed.chain(sets.flat_map(|set| {
            let members = ontology.members(set).into_iter();
            members.map(|concept| concept.iri.as_str())
        }))
    }

    /// Whether a value has the right form. Its membership in a list is not looked at.
    pub fn accepts(&self, value: &Term) -> bool {
        let kind = self.node_kinds.iter().all(|kind| is_of_kind(value, kind));
        let lexical = match value {
            Term::NamedNode(iri) => iri.as_str(),
            Term::Literal(literal) => literal.value(),
            Term::BlankNode(_) | Term::Triple(_) => return kind,
        };
        let datatype = match value {
            Term::Literal(literal) if !self.datatypes.is_empty() => self
                .datatypes
                .iter()
                .any(|datatype| literal.datatype() == datatype.as_ref()),
            _ => true,
        };
        let known = !self.patterns.is_empty() || !self.datatypes.is_empty() || !kind;
        known
            && kind
            && datatype
            && self
                .patterns
                .iter()
                .all(|pattern| pattern.is_match(lexical))
    }

    /// Whether values are IRIs.
    pub fn is_iri(&self) -> bool {
        self.node_kinds
            .iter()
            .any(|kind| *kind == sh::IRI || *kind == sh::BLANK_NODE_OR_IRI)
    }

    fn is_empty(&self) -> bool {
        !self.is_value_set()
            && self.datatypes.is_empty()
            && self.node_kinds.is_empty()
            && self.patterns.is_empty()
    }

    /// Looks at a shape and at the nameless shapes and lists inside it. Properties of its values
    /// are other fields, except those that lead up the hierarchy or to a code list. Of
    /// alternatives, only what they add is gathered, not what each demands.
    fn gather(
        &mut self,
        node: &NamedOrBlankNode,
        about: &FxHashMap<&NamedOrBlankNode, Vec<&Triple>>,
        reach: Reach,
    ) {
        let Some(statements) = about.get(node).filter(|_| reach.depth < DEPTH_MAX) else {
            return;
        };
        for statement in statements {
            let object = &statement.object;
            match statement.predicate.as_ref() {
                dash::ROOT_CLASS | vs::SCHEME => self.sets.extend(iri(object)),
                sh::DATATYPE => self.datatypes.extend(named(object)),
                sh::NODE_KIND if !reach.alternative => self.node_kinds.extend(named(object)),
                sh::PATTERN if !reach.alternative => self.patterns.extend(pattern(object)),
                sh::IN => self.listed.extend(list(object, about)),
                sh::PROPERTY => self.sets.extend(set_of(object, about)),
                sh::PATH | sh::NOT | sh::QUALIFIED_VALUE_SHAPE => (),
                other => {
                    if let Term::BlankNode(inner) = object {
                        let reach = Reach {
                            depth: reach.depth + 1,
                            alternative: reach.alternative || other == sh::OR || other == sh::XONE,
                        };
                        self.gather(&inner.clone().into(), about, reach);
                    }
                }
            }
        }
        self.sets.sort_unstable();
        self.sets.dedup();
    }
}

/// How far inside a shape we are.
#[derive(Clone, Copy, Default)]
struct Reach {
    depth: usize,
    /// Inside `sh:or` or `sh:xone`.
    alternative: bool,
}

fn is_of_kind(value: &Term, kind: &NamedNode) -> bool {
    match value {
        Term::NamedNode(_) => *kind != sh::LITERAL && *kind != sh::BLANK_NODE,
        Term::Literal(_) => *kind == sh::LITERAL || *kind == sh::IRI_OR_LITERAL,
        Term::BlankNode(_) => *kind == sh::BLANK_NODE || *kind == sh::BLANK_NODE_OR_IRI,
        Term::Triple(_) => false,
    }
}

/// The root or code list of `[ sh:path [ sh:oneOrMorePath rdfs:subClassOf ] ; sh:hasValue ROOT ]`.
fn set_of(property: &Term, about: &FxHashMap<&NamedOrBlankNode, Vec<&Triple>>) -> Option<String> {
    let Term::BlankNode(node) = property else {
        return None;
    };
    let statements = about.get(&NamedOrBlankNode::from(node.clone()))?;
    let object = |predicate| {
        let found = statements
            .iter()
            .find(|statement| statement.predicate == predicate);
        found.map(|statement| &statement.object)
    };
    let upwards = match object(sh::PATH)? {
        Term::NamedNode(path) => *path == skos::IN_SCHEME,
        Term::BlankNode(path) => about
            .get(&NamedOrBlankNode::from(path.clone()))?
            .iter()
            .any(|step| {
                step.predicate == sh::ONE_OR_MORE_PATH
                    && step.object == Term::from(rdfs::SUB_CLASS_OF.into_owned())
            }),
        Term::Literal(_) | Term::Triple(_) => false,
    };
    object(sh::HAS_VALUE).filter(|_| upwards).and_then(iri)
}

fn list(head: &Term, about: &FxHashMap<&NamedOrBlankNode, Vec<&Triple>>) -> Vec<Term> {
    let mut items = Vec::new();
    let mut seen = FxHashSet::default();
    let mut next = match head {
        Term::BlankNode(node) => Some(node.clone()),
        _ => None,
    };
    while let Some(node) = next.take().filter(|node| seen.insert(node.clone())) {
        for statement in about
            .get(&NamedOrBlankNode::from(node))
            .into_iter()
            .flatten()
        {
            match (statement.predicate.as_ref(), &statement.object) {
                (rdf::FIRST, item) => items.push(item.clone()),
                (rdf::REST, Term::BlankNode(rest)) => next = Some(rest.clone()),
                _ => (),
            }
        }
    }
    items
}

fn named(term: &Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone()),
        _ => None,
    }
}

fn iri(term: &Term) -> Option<String> {
    named(term).map(NamedNode::into_string)
}

fn pattern(term: &Term) -> Option<Regex> {
    match term {
        Term::Literal(literal) => Regex::new(literal.value()).ok(),
        _ => None,
    }
}
