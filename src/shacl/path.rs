//! Which nodes a property shape looks at (SHACL §2.3.1): property paths, read and walked.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;

use rustc_hash::FxHashSet;

use super::compile::Reader;
use super::error::ValidationError;
use super::graph::{Constant, Node};
use super::limits::{PATH_DEPTH_MAX, PATH_PARTS_MAX};
use super::message::short;
use super::validate::Run;
use crate::rdf::vocabulary::{rdf, sh};
use crate::rdf::{BlankNode, NamedNode, NamedOrBlankNode, Term, TermRef, Triple};

/// A property path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Path {
    Predicate(NamedNode),
    Inverse(Box<Path>),
    Sequence(Vec<Path>),
    Alternative(Vec<Path>),
    ZeroOrMore(Box<Path>),
    OneOrMore(Box<Path>),
    ZeroOrOne(Box<Path>),
}

impl Path {
    /// The property, if the path is nothing more.
    pub fn predicate(&self) -> Option<&NamedNode> {
        match self {
            Self::Predicate(predicate) => Some(predicate),
            _ => None,
        }
    }

    /// Writes the path as triples and returns its node (SHACL §2.3.1).
    pub fn to_graph(&self, triples: &mut Vec<Triple>) -> Term {
        let node = |property, value: Term, triples: &mut Vec<Triple>| {
            let node = BlankNode::default();
            triples.push(Triple::new(node.clone(), property, value));
            node.into()
        };
        match self {
            Self::Predicate(predicate) => predicate.clone().into(),
            Self::Sequence(paths) => list(paths, triples),
            Self::Alternative(paths) => {
                let members = list(paths, triples);
                node(sh::ALTERNATIVE_PATH, members, triples)
            }
            Self::Inverse(path) => {
                let inner = path.to_graph(triples);
                node(sh::INVERSE_PATH, inner, triples)
            }
            Self::ZeroOrMore(path) => {
                let inner = path.to_graph(triples);
                node(sh::ZERO_OR_MORE_PATH, inner, triples)
            }
            Self::OneOrMore(path) => {
                let inner = path.to_graph(triples);
                node(sh::ONE_OR_MORE_PATH, inner, triples)
            }
            Self::ZeroOrOne(path) => {
                let inner = path.to_graph(triples);
                node(sh::ZERO_OR_ONE_PATH, inner, triples)
            }
        }
    }

    /// The path in the syntax of SPARQL, with full IRIs: what `$PATH` stands for.
    pub fn to_sparql(&self) -> String {
        self.written(&|predicate| predicate.to_string())
    }

    fn written(&self, name: &dyn Fn(&NamedNode) -> String) -> String {
        let joined = |paths: &[Self], by: &str| {
            let parts: Vec<_> = paths.iter().map(|path| path.nested(name)).collect();
            parts.join(by)
        };
        match self {
            Self::Predicate(predicate) => name(predicate),
            Self::Inverse(path) => format!("^{}", path.nested(name)),
            Self::Sequence(paths) => joined(paths, "/"),
            Self::Alternative(paths) => joined(paths, "|"),
            Self::ZeroOrMore(path) => format!("{}*", path.nested(name)),
            Self::OneOrMore(path) => format!("{}+", path.nested(name)),
            Self::ZeroOrOne(path) => format!("{}?", path.nested(name)),
        }
    }

    fn nested(&self, name: &dyn Fn(&NamedNode) -> String) -> String {
        match self {
            Self::Predicate(predicate) => name(predicate),
            _ => format!("({})", self.written(name)),
        }
    }
}

/// The path for people, with our usual prefixes: `dct:title`, `prov:wasGeneratedBy/rdfs:label`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written(&|predicate| short(predicate.as_ref())))
    }
}

fn list(paths: &[Path], triples: &mut Vec<Triple>) -> Term {
    let mut rest: Term = rdf::NIL.into();
    for path in paths.iter().rev() {
        let first = path.to_graph(triples);
        let node = BlankNode::default();
        triples.push(Triple::new(node.clone(), rdf::FIRST, first));
        triples.push(Triple::new(node.clone(), rdf::REST, rest));
        rest = NamedOrBlankNode::from(node).into();
    }
    rest
}

/// Reads the path whose node this is, or says why it is ill-formed.
pub(super) fn read(reader: &Reader<'_>, node: Node) -> Result<Path, String> {
    let mut parts = 0;
    read_part(reader, node, 0, &mut parts)
}

fn read_part(
    reader: &Reader<'_>,
    node: Node,
    depth: usize,
    parts: &mut usize,
) -> Result<Path, String> {
    *parts += 1;
    if depth > PATH_DEPTH_MAX || *parts > PATH_PARTS_MAX {
        return Err("its path refers to itself or is too large".to_owned());
    }
    match reader.term(node) {
        TermRef::NamedNode(predicate) => return Ok(Path::Predicate(predicate.into_owned())),
        TermRef::BlankNode(_) => (),
        other => return Err(format!("its path is {other}, which is no property")),
    }
    let mut inner = |node| read_part(reader, node, depth + 1, parts).map(Box::new);
    if reader.has(node, rdf::FIRST) {
        return Ok(Path::Sequence(read_members(
            reader, node, depth, parts, "sequence",
        )?));
    }
    if let Some(path) = reader.first(node, sh::INVERSE_PATH) {
        return Ok(Path::Inverse(inner(path)?));
    }
    if let Some(path) = reader.first(node, sh::ZERO_OR_MORE_PATH) {
        return Ok(Path::ZeroOrMore(inner(path)?));
    }
    if let Some(path) = reader.first(node, sh::ONE_OR_MORE_PATH) {
        return Ok(Path::OneOrMore(inner(path)?));
    }
    if let Some(path) = reader.first(node, sh::ZERO_OR_ONE_PATH) {
        return Ok(Path::ZeroOrOne(inner(path)?));
    }
    if let Some(members) = reader.first(node, sh::ALTERNATIVE_PATH) {
        let members = read_members(reader, members, depth, parts, "alternative")?;
        return Ok(Path::Alternative(members));
    }
    Err("its path is a blank node that describes no path".to_owned())
}

fn read_members(
    reader: &Reader<'_>,
    list: Node,
    depth: usize,
    parts: &mut usize,
    kind: &str,
) -> Result<Vec<Path>, String> {
    let members = reader.list(list)?;
    if members.len() < 2 {
        return Err(format!("its {kind} path needs at least two members"));
    }
    let read = |member| read_part(reader, member, depth + 1, parts);
    members.into_iter().map(read).collect()
}

/// A path whose properties are places in the table of constants, ready to be walked.
#[derive(Debug)]
pub(super) enum Walk {
    Forward(Constant),
    Backward(Constant),
    Sequence(Vec<Walk>),
    Alternative(Vec<Walk>),
    /// One or more steps; zero steps too if `zero`.
    Closure {
        step: Box<Walk>,
        zero: bool,
    },
    ZeroOrOne(Box<Walk>),
}

impl Walk {
    pub(super) fn new(path: &Path, constant: &mut impl FnMut(&NamedNode) -> Constant) -> Self {
        Self::directed(path, false, constant)
    }

    /// An inverse path is the inner path walked from its end.
    fn directed(
        path: &Path,
        backward: bool,
        constant: &mut impl FnMut(&NamedNode) -> Constant,
    ) -> Self {
        let mut inner = |path| Self::directed(path, backward, constant);
        match path {
            Path::Predicate(predicate) if backward => Self::Backward(constant(predicate)),
            Path::Predicate(predicate) => Self::Forward(constant(predicate)),
            Path::Inverse(path) => Self::directed(path, !backward, constant),
            Path::Sequence(paths) if backward => {
                Self::Sequence(paths.iter().rev().map(inner).collect())
            }
            Path::Sequence(paths) => Self::Sequence(paths.iter().map(inner).collect()),
            Path::Alternative(paths) => Self::Alternative(paths.iter().map(inner).collect()),
            Path::ZeroOrMore(path) => Self::Closure {
                step: Box::new(inner(path)),
                zero: true,
            },
            Path::OneOrMore(path) => Self::Closure {
                step: Box::new(inner(path)),
                zero: false,
            },
            Path::ZeroOrOne(path) => Self::ZeroOrOne(Box::new(inner(path))),
        }
    }

    /// The value nodes of `from`, each once.
    pub(super) fn values<'r>(
        &self,
        run: &Run<'r>,
        from: Node,
    ) -> Result<Cow<'r, [Node]>, ValidationError> {
        match self {
            Self::Forward(predicate) => run.objects(from, *predicate),
            Self::Backward(predicate) => run.subjects(*predicate, from),
            Self::Sequence(steps) => {
                let mut now = vec![from];
                for step in steps {
                    now = reach(run, step, &now)?;
                }
                Ok(now.into())
            }
            Self::Alternative(steps) => {
                let mut found = Distinct::default();
                for step in steps {
                    found.extend(&step.values(run, from)?);
                }
                Ok(found.order.into())
            }
            Self::ZeroOrOne(step) => {
                let mut found = Distinct::default();
                found.extend(&[from]);
                found.extend(&step.values(run, from)?);
                Ok(found.order.into())
            }
            Self::Closure { step, zero } => closure(run, step, *zero, from),
        }
    }
}

/// One step from each of several nodes.
fn reach(run: &Run<'_>, step: &Walk, from: &[Node]) -> Result<Vec<Node>, ValidationError> {
    if let [only] = from {
        return Ok(step.values(run, *only)?.into_owned());
    }
    let mut found = Distinct::default();
    for node in from {
        run.step(1)?;
        found.extend(&step.values(run, *node)?);
    }
    Ok(found.order)
}

fn closure<'r>(
    run: &Run<'r>,
    step: &Walk,
    zero: bool,
    from: Node,
) -> Result<Cow<'r, [Node]>, ValidationError> {
    let mut found = Distinct::default();
    let mut waiting = VecDeque::from([from]);
    if zero {
        found.extend(&[from]);
    }
    let mut expanded = FxHashSet::default();
    // Whose ancestors in the background are already among those found.
    let mut climbed = FxHashSet::default();
    while let Some(node) = waiting.pop_front() {
        if !expanded.insert(node) {
            continue;
        }
        run.step(1)?;
        let next = match step {
            Walk::Forward(predicate) => run.climb(node, *predicate, &mut climbed)?,
            _ => step.values(run, node)?,
        };
        for node in next.iter() {
            found.extend(&[*node]);
            waiting.push_back(*node);
        }
    }
    Ok(found.order.into())
}

/// Nodes in the order in which they were found, each once.
#[derive(Default)]
pub(super) struct Distinct {
    pub order: Vec<Node>,
    seen: FxHashSet<Node>,
}

impl Distinct {
    /// Below this a look along the list is cheaper than a hash set.
    const FEW: usize = 16;

    pub(super) fn extend(&mut self, nodes: &[Node]) {
        for node in nodes {
            let new = if self.order.len() < Self::FEW {
                !self.order.contains(node)
            } else {
                if self.seen.is_empty() {
                    self.seen.extend(self.order.iter().copied());
                }
                self.seen.insert(*node)
            };
            if new {
                self.order.push(*node);
            }
        }
    }
}
