//! The dataset that SPARQL constraints see: the data as default graph, the shapes as a named one.

use spareval::{InternalQuad, QueryableDataset};

use super::prebinding::NODE_PROXY;
use super::query::shapes_graph;
use crate::rdf::Term;
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Node;
use crate::shacl::validate::Run;

#[derive(Clone, Copy)]
pub(super) struct SparqlData<'r> {
    run: &'r Run<'r>,
    shapes_graph: Node,
}

type Found = Result<InternalQuad<Node>, ValidationError>;

impl<'r> SparqlData<'r> {
    pub(super) fn new(run: &'r Run<'r>) -> Self {
        Self {
            run,
            shapes_graph: run.terms.intern(shapes_graph().into()),
        }
    }

    /// Triples of the record; and of what lies behind it where a subject or an object is given
    /// together with a property.
    fn data(
        &self,
        subject: Option<Node>,
        predicate: Option<Node>,
        object: Option<Node>,
    ) -> Result<Vec<[Node; 3]>, ValidationError> {
        let (run, data) = (self.run, self.run.terms.data);
        Ok(match (subject, predicate, object) {
            (Some(s), Some(p), _) => run.objects_of(s, p)?.iter().map(|o| [s, p, *o]).collect(),
            (Some(s), None, _) => data.description(s).map(|(p, o)| [s, p, o]).collect(),
            (None, Some(p), Some(o)) => run.subjects_of(p, o)?.iter().map(|s| [*s, p, o]).collect(),
            (None, None, Some(o)) => data.mentions(o).map(|(p, s)| [s, p, o]).collect(),
            (None, _, None) => data.triples().collect(),
        })
    }

    fn shapes(&self) -> Vec<[Node; 3]> {
        let intern = |term: Term| self.run.terms.intern(term);
        let triples = self.run.shapes.graph.iter();
        triples
            .map(|triple| {
                [
                    intern(triple.subject.clone().into()),
                    intern(triple.predicate.clone().into()),
                    intern(triple.object.clone()),
                ]
            })
            .collect()
    }
}

impl<'r> QueryableDataset<'r> for SparqlData<'r> {
    type InternalTerm = Node;
    type Error = ValidationError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Node>,
        predicate: Option<&Node>,
        object: Option<&Node>,
        graph_name: Option<Option<&Node>>,
    ) -> impl Iterator<Item = Found> + use<'r> {
        let run = self.run;
        let (graph_name, triples) = match graph_name {
            Some(None) => (
                None,
                self.data(subject.copied(), predicate.copied(), object.copied()),
            ),
            Some(Some(name)) if *name != self.shapes_graph => (None, Ok(Vec::new())),
            _ => (Some(self.shapes_graph), Ok(self.shapes())),
        };
        let (triples, error) = match triples {
            Ok(triples) => (triples, None),
            Err(error) => (Vec::new(), Some(Err(error))),
        };
        let wanted = [subject.copied(), predicate.copied(), object.copied()];
        let fits = move |triple: &[Node; 3]| {
            triple
                .iter()
                .zip(wanted)
                .all(|(node, wanted)| wanted.is_none_or(|w| w == *node))
        };
        let quads = triples
            .into_iter()
            .filter(fits)
            .map(move |[subject, predicate, object]| {
                run.sparql_step()?;
                Ok(InternalQuad {
                    subject,
                    predicate,
                    object,
                    graph_name,
                })
            });
        error.into_iter().chain(quads)
    }

    fn internalize_term(&self, term: Term) -> Result<Node, ValidationError> {
        if let Term::NamedNode(iri) = &term
            && let Some(number) = iri.as_str().strip_prefix(NODE_PROXY)
            && let Some(node) = number.parse().ok().and_then(|n| self.run.terms.numbered(n))
        {
            return Ok(node);
        }
        self.run.sparql_row()?;
        Ok(self.run.terms.intern(term))
    }

    fn externalize_term(&self, node: Node) -> Result<Term, ValidationError> {
        Ok(self.run.terms.owned(node))
    }
}
