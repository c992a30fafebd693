//! What does a SPARQL Update make of one graph? Inserts and deletes within it; everything else is refused.

use std::time::Duration;

use oxrdf::{Dataset, Quad};
use rustc_hash::FxHashSet;
use spareval::{CancellationToken, DeleteInsertQuad, QueryEvaluator};
use spargebra::term::{GraphName, GraphNamePattern, GroundQuad, GroundTerm};
use spargebra::{GraphUpdateOperation, SparqlParser};

use super::PatchError;
use crate::rdf::{NamedNode, Term, Triple};

/// The longest update, in bytes.
const TEXT_BYTES_MAX: usize = 256 * 1024;
/// How deep its brackets may be nested: the parser works by recursion.
const DEPTH_MAX: usize = 60;
/// How many operations it may have.
const OPERATIONS_MAX: usize = 1_000;
/// How many statements it may insert and delete.
const STATEMENTS_MAX: usize = 100_000;
/// How long it may compute.
const TIME_MAX: Duration = Duration::from_secs(10);

/// The statements after an update. Computes for a while.
pub fn apply(
    triples: Vec<Triple>,
    record: &NamedNode,
    text: &str,
) -> Result<Vec<Triple>, PatchError> {
    measure(text)?;
    let unreadable = |error: &dyn std::fmt::Display| PatchError::Update(error.to_string());
    let parser = SparqlParser::new()
        .with_base_iri(record.as_str())
        .map_err(|error| unreadable(&error))?;
    let update = parser
        .parse_update(text)
        .map_err(|error| unreadable(&error))?;
    if update.operations.len() > OPERATIONS_MAX {
        let (what, max) = ("operations", OPERATIONS_MAX);
        return Err(PatchError::TooMuch { what, max });
    }
    let mut graph = Graph {
        record,
        triples: triples.into_iter().collect(),
        left: STATEMENTS_MAX,
    };
    for operation in &update.operations {
        graph.change(operation)?;
    }
    let mut changed: Vec<Triple> = graph.triples.into_iter().collect();
    changed.sort_by_cached_key(ToString::to_string);
    Ok(changed)
}

fn measure(text: &str) -> Result<(), PatchError> {
    if text.len() > TEXT_BYTES_MAX {
        let (what, max) = ("bytes", TEXT_BYTES_MAX);
        return Err(PatchError::TooMuch { what, max });
    }
    let (mut depth, mut deepest) = (0_usize, 0);
    for byte in text.bytes() {
        match byte {
            b'{' | b'(' | b'[' => depth += 1,
            b'}' | b')' | b']' => depth = depth.saturating_sub(1),
            _ => (),
        }
        deepest = deepest.max(depth);
    }
    if deepest > DEPTH_MAX {
        let (what, max) = ("brackets in each other", DEPTH_MAX);
        return Err(PatchError::TooMuch { what, max });
    }
    Ok(())
}

struct Graph<'a> {
    record: &'a NamedNode,
    triples: FxHashSet<Triple>,
    /// How many statements may still be inserted and deleted.
    left: usize,
}

impl Graph<'_> {
    fn change(&mut self, operation: &GraphUpdateOperation) -> Result<(), PatchError> {
        match operation {
            GraphUpdateOperation::InsertData { data } => {
                for quad in data {
                    self.own(&quad.graph_name)?;
                    self.count()?;
                    let triple = Triple::new(
                        quad.subject.clone(),
                        quad.predicate.clone(),
                        quad.object.clone(),
                    );
                    self.triples.insert(triple);
                }
            }
            GraphUpdateOperation::DeleteData { data } => {
                for quad in data {
                    self.own(&quad.graph_name)?;
                    self.count()?;
                    self.triples.remove(&ground(quad));
                }
            }
            GraphUpdateOperation::DeleteInsert {
                delete,
                insert,
                using,
                pattern,
            } => {
                if using.is_some() {
                    return Err(PatchError::Operation("USING or WITH"));
                }
                let graphs = delete.iter().map(|quad| &quad.graph_name);
                for graph in graphs.chain(insert.iter().map(|quad| &quad.graph_name)) {
                    match graph {
                        GraphNamePattern::DefaultGraph => (),
                        GraphNamePattern::NamedNode(name) if name == self.record => (),
                        other => return Err(self.elsewhere(&other.to_string())),
                    }
                }
                self.delete_insert(delete.clone(), insert.clone(), pattern)?;
            }
            GraphUpdateOperation::Load { .. } => return Err(PatchError::Operation("LOAD")),
            GraphUpdateOperation::Clear { .. } => return Err(PatchError::Operation("CLEAR")),
            GraphUpdateOperation::Create { .. } => return Err(PatchError::Operation("CREATE")),
            GraphUpdateOperation::Drop { .. } => return Err(PatchError::Operation("DROP")),
        }
        Ok(())
    }

    fn delete_insert(
        &mut self,
        delete: Vec<spargebra::term::GroundQuadPattern>,
        insert: Vec<spargebra::term::QuadPattern>,
        pattern: &spargebra::algebra::GraphPattern,
    ) -> Result<(), PatchError> {
        let named = |triple: &Triple| triple.clone().in_graph(self.record.clone());
        let default = |triple: &Triple| triple.clone().in_graph(oxrdf::GraphName::DefaultGraph);
        let all = self.triples.iter();
        let dataset: Dataset = all
            .flat_map(|triple| [named(triple), default(triple)])
            .collect();
        let token = CancellationToken::new();
        let evaluator = QueryEvaluator::new().with_cancellation_token(token.clone());
        let alarm = Alarm::set(token);
        let failed = |error: spareval::QueryEvaluationError| PatchError::Failed(error.to_string());
        let prepared = evaluator.prepare_delete_insert(delete, insert, None, None, pattern);
        let (mut gone, mut come): (Vec<Quad>, Vec<Quad>) = (Vec::new(), Vec::new());
        for quad in prepared.execute(&dataset).map_err(failed)? {
            self.count()?;
            match quad.map_err(failed)? {
                DeleteInsertQuad::Delete(quad) => gone.push(quad),
                DeleteInsertQuad::Insert(quad) => come.push(quad),
            }
        }
        drop(alarm);
        // First all deletions, then all insertions (SPARQL Update §3.1.3).
        for quad in gone {
            self.triples.remove(&Triple::from(quad));
        }
        self.triples.extend(come.into_iter().map(Triple::from));
        Ok(())
    }

    fn own(&self, graph: &GraphName) -> Result<(), PatchError> {
        match graph {
            GraphName::DefaultGraph => Ok(()),
            GraphName::NamedNode(name) if name == self.record => Ok(()),
            GraphName::NamedNode(name) => Err(self.elsewhere(&name.to_string())),
        }
    }

    fn elsewhere(&self, graph: &str) -> PatchError {
        PatchError::Graph {
            record: self.record.as_str().to_owned(),
            graph: graph.to_owned(),
        }
    }

    fn count(&mut self) -> Result<(), PatchError> {
        let (what, max) = ("statements", STATEMENTS_MAX);
        let left = self.left.checked_sub(1);
        self.left = left.ok_or(PatchError::TooMuch { what, max })?;
        Ok(())
    }
}

fn ground(quad: &GroundQuad) -> Triple {
    Triple::new(
        quad.subject.clone(),
        quad.predicate.clone(),
        term(&quad.object),
    )
}

fn term(term: &GroundTerm) -> Term {
    match term {
        GroundTerm::NamedNode(node) => node.clone().into(),
        GroundTerm::Literal(literal) => literal.clone().into(),
        GroundTerm::Triple(triple) => Triple::new(
            triple.subject.clone(),
            triple.predicate.clone(),
            self::term(&triple.object),
        )
        .into(),
    }
}

/// Stops a computation that takes too long.
struct Alarm(std::sync::mpsc::Sender<()>);

impl Alarm {
    fn set(token: CancellationToken) -> Self {
        let (done, wait) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let ended = wait.recv_timeout(TIME_MAX);
            if ended == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                token.cancel();
            }
        });
        Self(done)
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        // Nobody waits any more when the time is over.
        self.0.send(()).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::{Format, format};

    fn after(update: &str) -> Result<Vec<String>, String> {
        let text = "<urn:r> <urn:p> \"1\" , \"2\" ; <urn:q> [ <urn:p> \"3\" ] .";
        let quads = format::parse(text.as_bytes(), Format::Turtle, None).unwrap();
        let triples = quads.into_iter().map(Triple::from).collect();
        let record = NamedNode::new_unchecked("urn:r");
        let changed = apply(triples, &record, update).map_err(|error| error.to_string())?;
        let objects = changed.iter().map(|triple| triple.object.to_string());
        Ok(objects.filter(|object| object.starts_with('"')).collect())
    }

    #[test]
    fn statements_come_and_go_within_the_graph() {
        let all =
            after("DELETE WHERE { <urn:r> <urn:p> ?v } ; INSERT DATA { <urn:r> <urn:p> \"9\" }");
        assert_eq!(all.unwrap().len(), 2);
        let nested = after(
            "DELETE { ?x <urn:p> ?v } INSERT { ?x <urn:p> \"4\" } WHERE { <urn:r> <urn:q> ?x . ?x <urn:p> ?v }",
        );
        assert!(nested.unwrap().contains(&"\"4\"".to_owned()));
        let named = after("INSERT DATA { GRAPH <urn:r> { <urn:r> <urn:p> \"5\" } }");
        assert_eq!(named.unwrap().len(), 4);
    }

    #[test]
    fn whatever_reaches_beyond_the_record_is_refused() {
        for update in [
            "CLEAR ALL",
            "DROP GRAPH <urn:r>",
            "CREATE GRAPH <urn:s>",
            "LOAD <http://127.0.0.1/>",
            "INSERT DATA { GRAPH <urn:other> { <urn:r> <urn:p> 1 } }",
            "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
            "WITH <urn:r> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
            "INSERT { <urn:r> <urn:p> ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
            "INSERT DATA {",
        ] {
            assert!(after(update).is_err(), "{update}");
        }
        let deep = format!("INSERT DATA {{ {} }}", "( ".repeat(100));
        assert!(after(&deep).is_err());
    }

    #[test]
    fn an_update_that_computes_for_long_ends() {
        let cross = "DELETE { ?a ?b ?c } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u . ?v ?w ?x . ?y ?z ?aa . ?bb ?cc ?dd }";
        assert!(after(cross).is_err());
    }
}
