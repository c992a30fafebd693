//! One text for all isomorphic graphs (RDFC-1.0), and the digest of that text.
//!
//! The names of the functions inside are those of <https://www.w3.org/TR/rdf-canon/>. The algorithm is
//! exponential on graphs made to be hard; here it has a budget, and a graph that needs more is refused.

use std::collections::BTreeMap;
use std::fmt;

use oxrdf::{
    BlankNode, BlankNodeRef, GraphNameRef, NamedOrBlankNode, NamedOrBlankNodeRef, Quad, QuadRef,
    Term, TermRef, Triple, TripleRef,
};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest as _, Sha256, Sha384};
use thiserror::Error;

use super::format::{self, Format, SyntaxError};

/// Permutations and related nodes that one graph may cost. The standard's own hardest graphs that must
/// pass need a few thousand; a ring of indistinguishable nodes grows with a factorial.
pub const STEPS_MAX: u32 = 100_000;

/// How many indistinguishable blank nodes may stand in a chain. It bounds the depth of the recursion.
pub const DEPTH_MAX: u32 = 200;

/// The SHA-256 of a canonical text. Two graphs are isomorphic when their digests are equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Sorted lines of N-Triples or N-Quads with canonical labels, and their digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CanonicalText {
    text: String,
    digest: Digest,
}

impl CanonicalText {
    fn new(text: String) -> Self {
        let digest = digest(&text);
        Self { text, digest }
    }

    /// The lines, each with its end.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The digest of the lines.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The lines alone.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// Why a graph has no canonical form here.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CanonicalError {
    #[error(
        "too many blank nodes that cannot be told apart: name them with IRIs, or give each its own properties"
    )]
    Poison,
    #[error(
        "a blank node inside a triple term has no canonical form (RDFC-1.0 knows RDF 1.1 only)"
    )]
    BlankNodeInTripleTerm,
}

/// The hash function of RDFC-1.0. Digests of records always use SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashFunction {
    Sha256,
    Sha384,
}

/// The SHA-256 of a text.
pub fn digest(text: &str) -> Digest {
    Digest(Sha256::digest(text.as_bytes()).into())
}

/// The canonical N-Triples of a graph. Duplicates and the order of the triples do not matter.
pub fn canonical_ntriples(triples: &[Triple]) -> Result<CanonicalText, CanonicalError> {
    let quads: Vec<_> = triples
        .iter()
        .map(|triple| triple.as_ref().in_graph(GraphNameRef::DefaultGraph))
        .collect();
    canonical(&quads, HashFunction::Sha256).map(CanonicalText::new)
}

/// The canonical N-Quads of a dataset.
pub fn canonical_nquads(quads: &[Quad]) -> Result<CanonicalText, CanonicalError> {
    canonical_nquads_with(quads, HashFunction::Sha256).map(CanonicalText::new)
}

/// The canonical N-Quads of a dataset whose labels were made with another hash function.
pub fn canonical_nquads_with(quads: &[Quad], hash: HashFunction) -> Result<String, CanonicalError> {
    let quads: Vec<_> = quads.iter().map(Quad::as_ref).collect();
    canonical(&quads, hash)
}

/// The canonical label of every blank node of a dataset, by the label it has there.
pub fn canonical_labels(
    quads: &[Quad],
    hash: HashFunction,
) -> Result<BTreeMap<String, String>, CanonicalError> {
    let quads: Vec<_> = quads.iter().map(Quad::as_ref).collect();
    let labels = labels(&quads, hash)?;
    Ok(labels
        .into_iter()
        .map(|(label, number)| (label.to_owned(), format!("c14n{number}")))
        .collect())
}

/// Whether two graphs differ at most in the labels of their blank nodes.
pub fn isomorphic(left: &[Triple], right: &[Triple]) -> Result<bool, CanonicalError> {
    Ok(canonical_ntriples(left)?.text == canonical_ntriples(right)?.text)
}

/// Gives the blank nodes of a record labels that no other record has, so that many records can live in
/// one store. Canonical labels stay recognisable: `c14n3` becomes `b{hash of the record}n3`.
pub fn scope_blank_nodes(triples: Vec<Triple>, record_iri: &str) -> Vec<Triple> {
    let scope = Scope::of(record_iri);
    triples
        .into_iter()
        .map(|triple| scope.triple(triple))
        .collect()
}

/// Reads the N-Triples of a record as the ledger keeps them, with labels that are the record's own.
pub fn read_scoped(ntriples: &str, record_iri: &str) -> Result<Vec<Triple>, SyntaxError> {
    let scope = Scope::of(record_iri);
    let mut triples = Vec::with_capacity(ntriples.len() / 128);
    format::parse_each(ntriples.as_bytes(), Format::NTriples, None, |quad| {
        triples.push(scope.triple(Triple::from(quad)));
    })?;
    Ok(triples)
}

/// How the blank nodes of a record are called, so that they meet no others.
pub(super) struct Scope {
    prefix: String,
}

impl Scope {
    pub(super) fn of(record_iri: &str) -> Self {
        let hash = Sha256::digest(record_iri.as_bytes());
        Self {
            prefix: format!("b{}", hex::encode(&hash[..8])),
        }
    }

    fn triple(&self, triple: Triple) -> Triple {
        Triple {
            subject: match triple.subject {
                NamedOrBlankNode::BlankNode(node) => self.node(&node).into(),
                NamedOrBlankNode::NamedNode(node) => node.into(),
            },
            predicate: triple.predicate,
            object: match triple.object {
                Term::BlankNode(node) => self.node(&node).into(),
                Term::Triple(inner) => self.triple(*inner).into(),
                other @ (Term::NamedNode(_) | Term::Literal(_)) => other,
            },
        }
    }

    fn node(&self, node: &BlankNode) -> BlankNode {
        let mut label = String::with_capacity(self.prefix.len() + node.as_str().len());
        self.push(node.as_str(), &mut label);
        BlankNode::new_unchecked(label)
    }

    /// Writes the label that a blank node has outside of its record.
    pub(super) fn push(&self, label: &str, out: &mut String) {
        let number = label
            .strip_prefix("c14n")
            .filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
        out.push_str(&self.prefix);
        out.push(if number.is_some() { 'n' } else { 'l' });
        out.push_str(number.unwrap_or(label));
    }
}

fn canonical(quads: &[QuadRef<'_>], hash: HashFunction) -> Result<String, CanonicalError> {
    let labels = labels(quads, hash)?;
    let mut written = String::with_capacity(quads.len() * 160);
    let mut lines = Vec::with_capacity(quads.len());
    for quad in quads {
        let start = written.len();
        write_quad(&mut written, *quad, &mut |out, node| {
            write_label(out, CANONICAL, labels[node.as_str()]);
        });
        lines.push(start..written.len());
    }
    let bytes = written.as_bytes();
    lines.sort_unstable_by(|left, right| bytes[left.clone()].cmp(&bytes[right.clone()]));
    lines.dedup_by(|left, right| bytes[left.clone()] == bytes[right.clone()]);
    let mut sorted = String::with_capacity(written.len());
    for line in lines {
        sorted.push_str(&written[line]);
    }
    Ok(sorted)
}

fn labels<'a>(
    quads: &[QuadRef<'a>],
    hash: HashFunction,
) -> Result<FxHashMap<&'a str, usize>, CanonicalError> {
    match hash {
        HashFunction::Sha256 => Canonicalization::of(quads)?.run(hex_of::<Sha256>),
        HashFunction::Sha384 => Canonicalization::of(quads)?.run(hex_of::<Sha384>),
    }
}

fn hex_of<H: sha2::Digest>(text: &str) -> String {
    hex::encode(H::digest(text.as_bytes()))
}

type Hash = fn(&str) -> String;
type Node = usize;

/// The canonicalization state (§4.3): blank nodes are numbered in order of appearance.
struct Canonicalization<'a> {
    /// The quads with a blank node, each once.
    quads: Vec<QuadRef<'a>>,
    names: Vec<&'a str>,
    numbers: FxHashMap<&'a str, Node>,
    quads_of: Vec<Vec<usize>>,
    /// The hash of each node's first degree quads.
    first_degree: Vec<String>,
    canonical: Issuer,
    steps_left: u32,
}

/// An identifier issuer (§4.3): the nodes that have one, in the order in which they got it.
#[derive(Clone, Default)]
struct Issuer {
    order: Vec<Node>,
    issued: FxHashMap<Node, usize>,
}

impl Issuer {
    fn issue(&mut self, node: Node) -> usize {
        let next = self.order.len();
        let number = *self.issued.entry(node).or_insert(next);
        if number == next {
            self.order.push(node);
        }
        number
    }
}

impl<'a> Canonicalization<'a> {
    fn of(quads: &[QuadRef<'a>]) -> Result<Self, CanonicalError> {
        let mut state = Self {
            quads: Vec::new(),
            names: Vec::new(),
            numbers: FxHashMap::default(),
            quads_of: Vec::new(),
            first_degree: Vec::new(),
            canonical: Issuer::default(),
            steps_left: STEPS_MAX,
        };
        let mut seen = FxHashSet::default();
        for quad in quads {
            if let TermRef::Triple(triple) = quad.object
                && mentions_blank_node(triple.as_ref())
            {
                return Err(CanonicalError::BlankNodeInTripleTerm);
            }
            let nodes = blank_nodes(*quad);
            if nodes.iter().any(Option::is_some) && seen.insert(*quad) {
                state.add(*quad, nodes);
            }
        }
        Ok(state)
    }

    fn add(&mut self, quad: QuadRef<'a>, nodes: [Option<BlankNodeRef<'a>>; 3]) {
        let index = self.quads.len();
        self.quads.push(quad);
        for name in nodes.into_iter().flatten().map(BlankNodeRef::as_str) {
            let node = *self.numbers.entry(name).or_insert_with(|| {
                self.names.push(name);
                self.quads_of.push(Vec::new());
                self.names.len() - 1
            });
            if self.quads_of[node].last() != Some(&index) {
                self.quads_of[node].push(index);
            }
        }
    }

    /// The canonicalization algorithm, §4.4.3 steps 3 to 5.
    fn run(mut self, hash: Hash) -> Result<FxHashMap<&'a str, usize>, CanonicalError> {
        let nodes = 0..self.names.len();
        self.first_degree = nodes
            .clone()
            .map(|node| self.hash_first_degree_quads(node, hash))
            .collect();
        let mut by_hash: BTreeMap<String, Vec<Node>> = BTreeMap::new();
        for node in nodes {
            by_hash
                .entry(self.first_degree[node].clone())
                .or_default()
                .push(node);
        }
        for alike in by_hash.values().filter(|alike| alike.len() == 1) {
            self.canonical.issue(alike[0]);
        }
        for alike in by_hash.values().filter(|alike| alike.len() > 1) {
            let mut paths = Vec::with_capacity(alike.len());
            for node in alike {
                if self.canonical.issued.contains_key(node) {
                    continue;
                }
                let mut issuer = Issuer::default();
                issuer.issue(*node);
                paths.push(self.hash_n_degree_quads(*node, issuer, hash, 0)?);
            }
            paths.sort_by(|left, right| left.0.cmp(&right.0));
            for node in paths.into_iter().flat_map(|(_, issuer)| issuer.order) {
                self.canonical.issue(node);
            }
        }
        let names = &self.names;
        let issued = self.canonical.order.iter().enumerate();
        Ok(issued
            .map(|(number, node)| (names[*node], number))
            .collect())
    }

    /// §4.6.
    fn hash_first_degree_quads(&self, node: Node, hash: Hash) -> String {
        let mut lines: Vec<String> = self.quads_of[node]
            .iter()
            .map(|index| {
                let mut line = String::with_capacity(160);
                write_quad(&mut line, self.quads[*index], &mut |out, other| {
                    let itself = other.as_str() == self.names[node];
                    out.push_str(if itself { "_:a" } else { "_:z" });
                });
                line
            })
            .collect();
        lines.sort_unstable();
        hash(&lines.concat())
    }

    /// §4.7.
    fn hash_related_blank_node(
        &self,
        related: Node,
        quad: QuadRef<'_>,
        issuer: &Issuer,
        position: char,
        hash: Hash,
    ) -> String {
        let mut input = String::with_capacity(128);
        input.push(position);
        if position != 'g' {
            write_iri(&mut input, quad.predicate.as_str());
        }
        if let Some(number) = self.canonical.issued.get(&related) {
            write_label(&mut input, CANONICAL, *number);
        } else if let Some(number) = issuer.issued.get(&related) {
            write_label(&mut input, TEMPORARY, *number);
        } else {
            input.push_str(&self.first_degree[related]);
        }
        hash(&input)
    }

    /// §4.8.
    fn hash_n_degree_quads(
        &mut self,
        node: Node,
        mut issuer: Issuer,
        hash: Hash,
        depth: u32,
    ) -> Result<(String, Issuer), CanonicalError> {
        if depth > DEPTH_MAX {
            return Err(CanonicalError::Poison);
        }
        let mut data = String::new();
        for (related_hash, mut related) in self.related(node, &issuer, hash)? {
            data.push_str(&related_hash);
            related.sort_unstable();
            let mut chosen: Option<(String, Issuer)> = None;
            loop {
                let shortest = chosen.as_ref().map(|(path, _)| path.as_str());
                let found = self.path(&related, &issuer, shortest, hash, depth)?;
                chosen = found.or(chosen);
                if !next_permutation(&mut related) {
                    break;
                }
            }
            let (path, best) = chosen.expect("the first permutation always gives a path");
            data.push_str(&path);
            issuer = best;
        }
        Ok((hash(&data), issuer))
    }

    /// The blank nodes that share a quad with this one, by their hash (§4.8.3 steps 1 to 3).
    fn related(
        &mut self,
        node: Node,
        issuer: &Issuer,
        hash: Hash,
    ) -> Result<BTreeMap<String, Vec<Node>>, CanonicalError> {
        let mut related: BTreeMap<String, Vec<Node>> = BTreeMap::new();
        for position in 0..self.quads_of[node].len() {
            let quad = self.quads[self.quads_of[node][position]];
            for (other, position) in blank_nodes(quad).into_iter().zip(['s', 'o', 'g']) {
                let Some(other) = other else { continue };
                let other = self.numbers[other.as_str()];
                if other != node {
                    self.spend()?;
                    let hash = self.hash_related_blank_node(other, quad, issuer, position, hash);
                    related.entry(hash).or_default().push(other);
                }
            }
        }
        Ok(related)
    }

    /// The path of one permutation, unless it is longer or greater than the one that is known
    /// (§4.8.3 step 5.4).
    fn path(
        &mut self,
        permutation: &[Node],
        issuer: &Issuer,
        known: Option<&str>,
        hash: Hash,
        depth: u32,
    ) -> Result<Option<(String, Issuer)>, CanonicalError> {
        let is_worse = |path: &str| known.is_some_and(|k| path.len() >= k.len() && path > k);
        self.spend()?;
        let mut issuer = issuer.clone();
        let mut path = String::new();
        let mut recursion = Vec::new();
        for node in permutation {
            if let Some(number) = self.canonical.issued.get(node) {
                write_label(&mut path, CANONICAL, *number);
            } else {
                if !issuer.issued.contains_key(node) {
                    recursion.push(*node);
                }
                write_label(&mut path, TEMPORARY, issuer.issue(*node));
            }
            if is_worse(&path) {
                return Ok(None);
            }
        }
        for node in recursion {
            let (result, deeper) =
                self.hash_n_degree_quads(node, issuer.clone(), hash, depth + 1)?;
            write_label(&mut path, TEMPORARY, issuer.issue(node));
            write_iri(&mut path, &result);
            issuer = deeper;
            if is_worse(&path) {
                return Ok(None);
            }
        }
        let is_better = known.is_none_or(|known| path.as_str() < known);
        Ok(is_better.then_some((path, issuer)))
    }

    fn spend(&mut self) -> Result<(), CanonicalError> {
        self.steps_left = self
            .steps_left
            .checked_sub(1)
            .ok_or(CanonicalError::Poison)?;
        Ok(())
    }
}

/// The next permutation in the order of the numbers, or false after the last.
fn next_permutation(items: &mut [Node]) -> bool {
    let Some(pivot) = items.windows(2).rposition(|pair| pair[0] < pair[1]) else {
        return false;
    };
    let greater = items.iter().rposition(|item| *item > items[pivot]);
    items.swap(pivot, greater.expect("the item after the pivot is greater"));
    items[pivot + 1..].reverse();
    true
}

fn blank_nodes(quad: QuadRef<'_>) -> [Option<BlankNodeRef<'_>>; 3] {
    [
        match quad.subject {
            NamedOrBlankNodeRef::BlankNode(node) => Some(node),
            NamedOrBlankNodeRef::NamedNode(_) => None,
        },
        match quad.object {
            TermRef::BlankNode(node) => Some(node),
            TermRef::NamedNode(_) | TermRef::Literal(_) | TermRef::Triple(_) => None,
        },
        match quad.graph_name {
            GraphNameRef::BlankNode(node) => Some(node),
            GraphNameRef::NamedNode(_) | GraphNameRef::DefaultGraph => None,
        },
    ]
}

fn mentions_blank_node(triple: TripleRef<'_>) -> bool {
    let deeper = match triple.object {
        TermRef::BlankNode(_) => true,
        TermRef::Triple(inner) => mentions_blank_node(inner.as_ref()),
        TermRef::NamedNode(_) | TermRef::Literal(_) => false,
    };
    deeper || matches!(triple.subject, NamedOrBlankNodeRef::BlankNode(_))
}

type WriteNode<'w> = dyn FnMut(&mut String, BlankNodeRef<'_>) + 'w;

/// One line of canonical N-Quads (§5), with the labels that `node` writes.
fn write_quad(out: &mut String, quad: QuadRef<'_>, node: &mut WriteNode<'_>) {
    write_triple(
        out,
        TripleRef::new(quad.subject, quad.predicate, quad.object),
        node,
    );
    match quad.graph_name {
        GraphNameRef::NamedNode(graph) => {
            out.push(' ');
            write_iri(out, graph.as_str());
        }
        GraphNameRef::BlankNode(graph) => {
            out.push(' ');
            node(out, graph);
        }
        GraphNameRef::DefaultGraph => {}
    }
    out.push_str(" .\n");
}

fn write_triple(out: &mut String, triple: TripleRef<'_>, node: &mut WriteNode<'_>) {
    match triple.subject {
        NamedOrBlankNodeRef::NamedNode(subject) => write_iri(out, subject.as_str()),
        NamedOrBlankNodeRef::BlankNode(subject) => node(out, subject),
    }
    out.push(' ');
    write_iri(out, triple.predicate.as_str());
    out.push(' ');
    match triple.object {
        TermRef::NamedNode(object) => write_iri(out, object.as_str()),
        TermRef::BlankNode(object) => node(out, object),
        TermRef::Literal(object) => write_literal(out, object),
        TermRef::Triple(inner) => {
            out.push_str("<<( ");
            write_triple(out, inner.as_ref(), node);
            out.push_str(" )>>");
        }
    }
}

const CANONICAL: &str = "_:c14n";
const TEMPORARY: &str = "_:b";

fn write_label(out: &mut String, prefix: &str, number: usize) {
    out.push_str(prefix);
    out.push_str(&number.to_string());
}

fn write_iri(out: &mut String, iri: &str) {
    out.push('<');
    out.push_str(iri);
    out.push('>');
}

fn write_literal(out: &mut String, literal: oxrdf::LiteralRef<'_>) {
    use fmt::Write as _;
    let value = literal.value();
    // 0xEF begins the noncharacters U+FFFE and U+FFFF, which are escaped; what else it begins takes the long way.
    let is_plain = |byte: u8| byte >= 0x20 && !matches!(byte, b'"' | b'\\' | 0x7F | 0xEF);
    if value.bytes().all(is_plain) && literal.direction().is_none() {
        out.push('"');
        out.push_str(value);
        out.push('"');
        if let Some(language) = literal.language() {
            out.push('@');
            out.push_str(language);
        } else if literal.datatype() != oxrdf::vocab::xsd::STRING {
            out.push_str("^^");
            write_iri(out, literal.datatype().as_str());
        }
    } else {
        write!(out, "{literal}").expect("writing to memory does not fail");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn triples(text: &str) -> Vec<Triple> {
        let quads = format::parse(text.as_bytes(), Format::Turtle, Some("http://x/")).unwrap();
        quads.into_iter().map(Triple::from).collect()
    }

    #[test]
    fn labels_and_order_do_not_matter() {
        let left = triples("<a> <p> _:x . _:x <q> 1 . <a> <p> _:y . _:y <q> 2 .");
        let right = triples("_:b <q> 2 . <a> <p> _:b . _:c <q> 1 . <a> <p> _:c , _:c .");
        assert!(isomorphic(&left, &right).unwrap());
        assert!(!isomorphic(&left, &right[1..]).unwrap());
    }

    #[test]
    fn a_poison_graph_is_refused_in_a_bounded_number_of_steps() {
        for size in [7, 12, 60] {
            let pairs = (0..size).flat_map(|from| (0..size).map(move |to| (from, to)));
            let lines = pairs
                .filter(|(from, to)| from != to)
                .map(|(from, to)| format!("_:n{from} <p> _:n{to} . "));
            let text = lines.collect::<Vec<_>>().concat();
            assert_eq!(
                canonical_ntriples(&triples(&text)),
                Err(CanonicalError::Poison)
            );
        }
    }

    #[test]
    fn a_long_chain_of_equal_nodes_is_refused_before_the_stack_ends() {
        let line = |n| format!("_:n{n} <p> _:n{} . ", n + 1);
        let text = (0..50_000).map(line).collect::<Vec<_>>().concat();
        assert_eq!(
            canonical_ntriples(&triples(&text)),
            Err(CanonicalError::Poison)
        );
    }

    #[test]
    fn a_list_of_five_thousand_different_values_is_no_poison() {
        let line = |n| format!("_:n{n} <first> {n} ; <rest> _:n{} . ", n + 1);
        let list = (0..5_000).map(line).collect::<Vec<_>>().concat();
        assert!(canonical_ntriples(&triples(&list)).is_ok());
    }

    #[test]
    fn triple_terms_pass_when_they_hold_no_blank_node() {
        let plain = triples("<a> <p> <<( <s> <q> \"o\" )>> .");
        let text = canonical_ntriples(&plain).unwrap();
        assert_eq!(
            text.as_str(),
            "<http://x/a> <http://x/p> <<( <http://x/s> <http://x/q> \"o\" )>> .\n"
        );
        let blank = triples("<a> <p> <<( _:s <q> \"o\" )>> .");
        assert_eq!(
            canonical_ntriples(&blank),
            Err(CanonicalError::BlankNodeInTripleTerm)
        );
    }

    #[test]
    fn scoped_labels_belong_to_their_record() {
        let text = canonical_ntriples(&triples("<a> <p> [ <q> 1 ] .")).unwrap();
        let left = read_scoped(text.as_str(), "http://x/a").unwrap();
        let right = read_scoped(text.as_str(), "http://x/b").unwrap();
        assert!(left.iter().all(|triple| !right.contains(triple)));
        assert_eq!(canonical_ntriples(&left).unwrap(), text);
        assert!(left[0].to_string().contains("_:b"));
        let given = triples("<a> <p> _:mine .");
        assert!(
            scope_blank_nodes(given, "http://x/a")[0]
                .to_string()
                .contains("lmine")
        );
    }

    #[test]
    fn a_literal_is_written_as_its_display_writes_it() {
        for literal in [
            "\"a\\\"b\\n\"@en",
            "\"\\u0007\\u007F\"",
            "\"\u{FEFF}x\"",
            "\"1\"^^<urn:t>",
            "\"é\"@fr",
        ] {
            let triple = &triples(&format!("<a> <p> {literal} ."))[0];
            let text = canonical_ntriples(std::slice::from_ref(triple)).unwrap();
            assert_eq!(text.into_text(), format!("{triple} .\n"));
        }
    }

    proptest! {
        #[test]
        fn renaming_and_shuffling_never_changes_the_text(
            edges in prop::collection::vec((0..6_u8, 0..2_u8, 0..8_u8), 0..14),
            rename in Just((0..8_u8).collect::<Vec<_>>()).prop_shuffle(),
            seed in any::<u64>(),
        ) {
            let write = |edges: &[(u8, u8, u8)], name: &dyn Fn(u8) -> u8| {
                let node = |n: u8| if n < 6 { format!("_:n{}", name(n)) } else { format!("<v{n}>") };
                let lines = edges.iter().map(|(s, p, o)| format!("{} <p{p}> {} . ", node(*s), node(*o)));
                triples(&lines.collect::<String>())
            };
            let mut shuffled = edges.clone();
            shuffled.sort_by_key(|(s, p, o)| {
                (u64::from(*s) * 31 + u64::from(*p) * 17 + u64::from(*o)).wrapping_mul(seed | 1)
            });
            let left = canonical_ntriples(&write(&edges, &|n| n));
            let right = canonical_ntriples(&write(&shuffled, &|n| rename[usize::from(n)]));
            prop_assert_eq!(left, right);
        }
    }
}
