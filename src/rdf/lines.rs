//! How does the text that the ledger keeps of a record become part of a dataset, without being parsed?
//!
//! The ledger keeps canonical N-Triples: one statement a line, one space between its parts. So a graph is copied, and
//! only the labels of blank nodes are written anew.

use std::collections::HashSet;

use memchr::{memchr, memchr_iter};

use super::canonical::{Scope, read_scoped};
use super::{BlankNode, NamedNode, NamedNodeRef, NamedOrBlankNode, SyntaxError, Term, Triple};
use crate::rdf::vocabulary::rdf;

/// A syntax that a graph is copied into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    NQuads,
    /// Each graph in braces, its statements as N-Triples writes them.
    TriG,
}

/// Marks a triple inside a triple: rare enough to be parsed.
const TRIPLE_TERM: &str = "<<(";

/// How a graph is copied: under which name, and with which blank nodes.
pub struct Copying<'a> {
    pub syntax: Syntax,
    /// The graph's name in the dataset.
    pub graph: &'a str,
    /// Whose graph it is: blank nodes are named after it.
    pub record: &'a str,
    /// Blank nodes of these classes become IRIs (RDF 1.1 Concepts §3.5) that begin so.
    pub skolem: Option<Skolem<'a>>,
}

/// Which blank nodes get an IRI, and how it begins.
#[derive(Clone, Copy)]
pub struct Skolem<'a> {
    pub prefix: &'a str,
    pub classes: &'a [NamedNodeRef<'static>],
}

impl Copying<'_> {
    /// Writes the graph behind what is there already.
    pub fn write(&self, ntriples: &str, out: &mut String) -> Result<(), SyntaxError> {
        if ntriples.is_empty() {
            return Ok(());
        }
        out.reserve(ntriples.len() + ntriples.len() / 2);
        if self.syntax == Syntax::TriG {
            out.push('<');
            out.push_str(self.graph);
            out.push_str("> {\n");
        }
        if ntriples.contains(TRIPLE_TERM) {
            self.write_parsed(ntriples, out)?;
        } else {
            self.write_lines(ntriples, out);
        }
        if self.syntax == Syntax::TriG {
            out.push_str("}\n");
        }
        Ok(())
    }

    fn write_lines(&self, ntriples: &str, out: &mut String) {
        let scope = Scope::of(self.record);
        let named = self.named_nodes(ntriples);
        for line in lines(ntriples) {
            let Some((subject, predicate, object)) = parts(line) else {
                continue;
            };
            self.node(&scope, &named, subject, out);
            out.push(' ');
            out.push_str(predicate);
            out.push(' ');
            self.node(&scope, &named, object, out);
            self.end(out);
        }
    }

    fn node(&self, scope: &Scope, named: &HashSet<&str>, text: &str, out: &mut String) {
        let Some(label) = text.strip_prefix("_:") else {
            out.push_str(text);
            return;
        };
        match self.skolem.filter(|_| named.contains(label)) {
            Some(skolem) => {
                out.push('<');
                out.push_str(skolem.prefix);
                scope.push(label, out);
                out.push('>');
            }
            None => {
                out.push_str("_:");
                scope.push(label, out);
            }
        }
    }

    /// The labels of the blank nodes that become IRIs.
    fn named_nodes<'t>(&self, ntriples: &'t str) -> HashSet<&'t str> {
        let Some(skolem) = self.skolem.filter(|_| ntriples.contains("_:")) else {
            return HashSet::new();
        };
        let of_class = |line: &'t str| {
            let (subject, predicate, object) = parts(line)?;
            let label = subject.strip_prefix("_:")?;
            let is_wanted = iri(predicate) == Some(rdf::TYPE.as_str())
                && skolem
                    .classes
                    .iter()
                    .any(|class| iri(object) == Some(class.as_str()));
            is_wanted.then_some(label)
        };
        lines(ntriples).filter_map(of_class).collect()
    }

    fn end(&self, out: &mut String) {
        if self.syntax == Syntax::NQuads {
            out.push_str(" <");
            out.push_str(self.graph);
            out.push('>');
        }
        out.push_str(" .\n");
    }

    fn write_parsed(&self, ntriples: &str, out: &mut String) -> Result<(), SyntaxError> {
        let triples = read_scoped(ntriples, self.record)?;
        let named: HashSet<BlankNode> = match self.skolem {
            Some(skolem) => triples
                .iter()
                .filter(|triple| is_of_class(triple, skolem.classes))
                .filter_map(|triple| match &triple.subject {
                    NamedOrBlankNode::BlankNode(node) => Some(node.clone()),
                    NamedOrBlankNode::NamedNode(_) => None,
                })
                .collect(),
            None => HashSet::new(),
        };
        for triple in triples {
            out.push_str(&self.renamed(triple, &named).to_string());
            self.end(out);
        }
        Ok(())
    }

    fn renamed(&self, mut triple: Triple, named: &HashSet<BlankNode>) -> Triple {
        let Some(skolem) = self.skolem else {
            return triple;
        };
        let iri = |node: &BlankNode| {
            let is_named = named.contains(node);
            is_named
                .then(|| NamedNode::new_unchecked(format!("{}{}", skolem.prefix, node.as_str())))
        };
        if let NamedOrBlankNode::BlankNode(node) = &triple.subject
            && let Some(iri) = iri(node)
        {
            triple.subject = iri.into();
        }
        if let Term::BlankNode(node) = &triple.object
            && let Some(iri) = iri(node)
        {
            triple.object = iri.into();
        }
        triple
    }
}

fn is_of_class(triple: &Triple, classes: &[NamedNodeRef<'_>]) -> bool {
    triple.predicate == rdf::TYPE
        && matches!(&triple.object, Term::NamedNode(class) if classes.contains(&class.as_ref()))
}

/// Subject, predicate and object of a line of canonical N-Triples.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let (subject, rest) = at_space(line)?;
    let (predicate, rest) = at_space(rest)?;
    Some((subject, predicate, rest.strip_suffix(" .")?))
}

/// What stands before the first space, and behind it.
pub fn at_space(text: &str) -> Option<(&str, &str)> {
    let at = memchr(b' ', text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// The lines of a text, without their ends.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let open = (!text.ends_with('\n')).then_some(text.len());
    let ends = memchr_iter(b'\n', text.as_bytes()).chain(open);
    ends.map(move |end| {
        let line = &text[start..end];
        start = end + 1;
        line
    })
}

fn iri(text: &str) -> Option<&str> {
    text.strip_prefix('<')?.strip_suffix('>')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::vocabulary::foaf;
    use crate::rdf::{Format, Quad, format};

    const RECORD: &str = "https://example.org/dataset/a";

    fn canonical(turtle: &str) -> String {
        let quads = format::parse(turtle.as_bytes(), Format::Turtle, Some(RECORD)).unwrap();
        let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
        let text = crate::rdf::canonical::canonical_ntriples(&triples).unwrap();
        text.into_text()
    }

    /// Copies as text, and expects what parsing would have given.
    fn check(turtle: &str) {
        let ntriples = canonical(turtle);
        let parsed = read_scoped(&ntriples, RECORD).unwrap();
        let name = NamedNode::new_unchecked(RECORD);
        let mut expected: Vec<Quad> = parsed
            .into_iter()
            .map(|triple| triple.in_graph(name.clone()))
            .collect();
        expected.sort_by_key(ToString::to_string);
        for (syntax, format) in [
            (Syntax::NQuads, Format::NQuads),
            (Syntax::TriG, Format::TriG),
        ] {
            let copying = Copying {
                syntax,
                graph: RECORD,
                record: RECORD,
                skolem: None,
            };
            let mut out = String::new();
            copying.write(&ntriples, &mut out).unwrap();
            let mut found = format::parse(out.as_bytes(), format, None).unwrap();
            // TriG's parser gives blank nodes names of its own.
            if syntax == Syntax::NQuads {
                found.sort_by_key(ToString::to_string);
                assert_eq!(found, expected, "{turtle}");
            } else {
                let triples =
                    |quads: &[Quad]| quads.iter().cloned().map(Triple::from).collect::<Vec<_>>();
                let same = crate::rdf::canonical::isomorphic(&triples(&found), &triples(&expected));
                assert!(same.unwrap(), "{turtle}");
            }
        }
    }

    #[test]
    fn a_copied_graph_is_the_parsed_one() {
        check(
            "<> a <urn:A> ; <urn:p> 'a b . \\n \"c\" _:x'@en, 1, [ <urn:q> [] ] . [] <urn:r> <> .",
        );
        check("<> <urn:p> <<( <urn:s> <urn:q> <urn:o> )>> . _:b <urn:r> '<<( no )>>' .");
    }

    #[test]
    fn blank_nodes_of_some_classes_get_iris() {
        let text = canonical(
            "@prefix foaf: <http://xmlns.com/foaf/0.1/> .
             <> <urn:by> [ a foaf:Agent ; foaf:name 'A' ] ; <urn:at> [ a <urn:Place> ] .",
        );
        let mut out = String::new();
        let copying = Copying {
            syntax: Syntax::NQuads,
            graph: "urn:g",
            record: RECORD,
            skolem: Some(Skolem {
                prefix: "https://example.org/.well-known/genid/",
                classes: &[foaf::AGENT],
            }),
        };
        copying.write(&text, &mut out).unwrap();
        assert_eq!(out.matches("/.well-known/genid/b").count(), 3, "{out}");
        assert_eq!(out.matches("_:b").count(), 2, "{out}");
    }
}
