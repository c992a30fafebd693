//! How does the evaluator see a snapshot?

use std::cell::RefCell;
use std::collections::HashMap;
use std::iter;
use std::rc::Rc;

use oxsdatatypes::Integer;
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};

use super::table::Held;
use crate::rdf::{NamedNode, Term};
use crate::store::dictionary::Blocks;
use crate::store::scan::{Guard, Stop};
use crate::store::snapshot::{Bound, Graphs, Snapshot, read};
use crate::store::terms::{self, Id, Kind};

/// A query decodes many terms; these blocks stay at hand (about 5 kB each).
const BLOCKS_OF_A_QUERY: usize = 512;

/// One query's eyes on a snapshot.
#[derive(Clone)]
pub(super) struct View {
    pub(super) snapshot: Snapshot,
    pub(super) guard: Rc<Guard>,
    pub(super) default: Graphs,
    /// The graphs that `GRAPH` can name (sorted), if not all.
    pub(super) named: Option<Rc<[Id]>>,
    pub(super) terms: Rc<RefCell<Terms>>,
    /// Parts of the query that are answered here, and the graphs that stand for them.
    pub(super) tables: Rc<Vec<Rc<Held>>>,
    pub(super) made_up: Rc<HashMap<Id, (usize, usize)>>,
}

/// The terms that a query has met or made.
pub(super) struct Terms {
    blocks: Blocks,
    bytes: Vec<u8>,
    local: Vec<Term>,
    local_ids: HashMap<Term, Id>,
}

#[derive(Debug, thiserror::Error)]
pub(super) enum ViewError {
    #[error("the query was stopped")]
    Stopped(Stop),
    #[error("a term cannot be read")]
    Damaged,
}

impl View {
    pub(super) fn new(snapshot: Snapshot, guard: Rc<Guard>) -> Self {
        let terms = Terms {
            blocks: Blocks::new(BLOCKS_OF_A_QUERY),
            bytes: Vec::new(),
            local: Vec::new(),
            local_ids: HashMap::new(),
        };
        let terms = Rc::new(RefCell::new(terms));
        let (tables, made_up) = (Rc::default(), Rc::default());
        Self {
            snapshot,
            guard,
            default: Graphs::Union,
            named: None,
            terms,
            tables,
            made_up,
        }
    }

    /// Sees only some graphs, even those that the store does not have.
    pub(super) fn restricted(
        mut self,
        default: Option<&[NamedNode]>,
        named: Option<&[NamedNode]>,
    ) -> Self {
        let ids = |names: &[NamedNode]| -> Rc<[Id]> {
            let mut ids: Vec<Id> = names.iter().map(|n| self.id(n.clone().into())).collect();
            ids.sort_unstable();
            ids.dedup();
            ids.into()
        };
        let default = default.map(ids);
        let named = named.map(ids);
        if let Some(default) = default {
            self.default = Graphs::UnionOf(default);
        }
        self.named = named;
        self
    }

    /// Where to look for what stands in a graph of some name.
    pub(super) fn graph(&self, id: Id) -> Graphs {
        match &self.named {
            Some(named) if named.binary_search(&id).is_err() => Graphs::UnionOf(Rc::from([])),
            _ => Graphs::One(id),
        }
    }

    /// The number of a term, if the store has it.
    pub(super) fn find(&self, term: &Term) -> Option<Id> {
        self.terms.borrow_mut().find(&self.snapshot, term)
    }

    /// The number of any term; one that the store does not have gets a number of this query.
    pub(super) fn id(&self, term: Term) -> Id {
        let terms = &mut *self.terms.borrow_mut();
        if let Some(id) = terms.local_ids.get(&term) {
            return *id;
        }
        if let Some(id) = terms.find(&self.snapshot, &term) {
            return id;
        }
        let id = terms::local_id(terms.local.len() as u64);
        self.guard.hold(weight(&term));
        terms.local.push(term.clone());
        terms.local_ids.insert(term, id);
        id
    }

    pub(super) fn term(&self, id: Id) -> Result<Term, ViewError> {
        let terms = &mut *self.terms.borrow_mut();
        match terms::kind(id) {
            Kind::Local(place) => {
                let place = usize::try_from(place).map_err(|_| ViewError::Damaged)?;
                terms.local.get(place).cloned().ok_or(ViewError::Damaged)
            }
            Kind::Dictionary(_) | Kind::Inline => {
                let dictionary = &self.snapshot.state.dictionary;
                read(dictionary, id, &mut terms.blocks).ok_or(ViewError::Damaged)
            }
        }
    }

    /// Calls back with the encoded bytes of a term of the dictionary.
    pub(super) fn with_bytes<R>(&self, place: u64, read: impl FnOnce(&[u8]) -> R) -> Option<R> {
        let terms = &mut *self.terms.borrow_mut();
        self.snapshot
            .state
            .dictionary
            .with(place, &mut terms.blocks, read)
    }

    pub(super) fn stopped(&self) -> Result<(), ViewError> {
        self.guard
            .stopped()
            .map_or(Ok(()), |stop| Err(ViewError::Stopped(stop)))
    }

    /// Counts a step that is no scan: the evaluator sorts and computes by asking for terms.
    fn step(&self) -> Result<(), ViewError> {
        self.guard.step();
        self.stopped()
    }
}

impl Terms {
    fn find(&mut self, snapshot: &Snapshot, term: &Term) -> Option<Id> {
        snapshot
            .state
            .find(term.as_ref(), &mut self.bytes, &mut self.blocks)
    }
}

/// Gives the rows of a scan, and at its end the reason if it was stopped.
pub(super) fn until_stopped<T>(
    mut rows: impl Iterator<Item = T>,
    guard: Rc<Guard>,
) -> impl Iterator<Item = Result<T, ViewError>> {
    let mut ended = false;
    iter::from_fn(move || {
        if ended {
            return None;
        }
        let row = rows.next();
        if let Some(row) = row {
            return Some(Ok(row));
        }
        ended = true;
        guard.stopped().map(|stop| Err(ViewError::Stopped(stop)))
    })
}

/// Rows of a table or quads of the store.
enum Either<R, Q> {
    Rows(R),
    Quads(Q),
}

impl<T, R: Iterator<Item = T>, Q: Iterator<Item = T>> Iterator for Either<R, Q> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self {
            Self::Rows(rows) => rows.next(),
            Self::Quads(quads) => quads.next(),
        }
    }
}

impl QueryableDataset<'static> for View {
    type InternalTerm = Id;
    type Error = ViewError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Id>,
        predicate: Option<&Id>,
        object: Option<&Id>,
        graph_name: Option<Option<&Id>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Id>, ViewError>> + use<> {
        let bound = Bound {
            s: subject.copied(),
            p: predicate.copied(),
            o: object.copied(),
        };
        let (graphs, default) = match graph_name {
            None => (Graphs::Each(self.named.clone()), false),
            Some(None) => (self.default.clone(), true),
            Some(Some(graph)) => (self.graph(*graph), false),
        };
        if let Some(Some(graph)) = graph_name
            && let Some((table, part)) = self.made_up.get(graph)
        {
            let graph = *graph;
            let rows = self.tables[*table].quads(self, *part, bound);
            let rows = until_stopped(rows, Rc::clone(&self.guard));
            return Either::Rows(rows.map(move |quad| {
                quad.map(|[subject, predicate, object, _]| InternalQuad {
                    subject,
                    predicate,
                    object,
                    graph_name: Some(graph),
                })
            }));
        }
        let scan = self
            .snapshot
            .pattern(bound, &graphs, Some(Rc::clone(&self.guard)));
        let quads = until_stopped(scan, Rc::clone(&self.guard)).map(move |quad| {
            quad.map(|[subject, predicate, object, graph]| InternalQuad {
                subject,
                predicate,
                object,
                graph_name: (!default).then_some(graph),
            })
        });
        Either::Quads(quads)
    }

    fn internal_named_graphs(&self) -> impl Iterator<Item = Result<Id, ViewError>> + use<> {
        let guard = Rc::clone(&self.guard);
        let names = match &self.named {
            Some(named) => {
                let (named, mut at) = (Rc::clone(named), 0);
                Either::Rows(iter::from_fn(move || {
                    at += 1;
                    named.get(at - 1).copied()
                }))
            }
            None => Either::Quads(self.snapshot.graph_ids(Some(Rc::clone(&guard)))),
        };
        until_stopped(names, guard)
    }

    fn contains_internal_graph_name(&self, graph_name: &Id) -> Result<bool, ViewError> {
        Ok(match &self.named {
            Some(named) => named.binary_search(graph_name).is_ok(),
            None => self.snapshot.contains_graph_id(*graph_name),
        })
    }

    fn internalize_term(&self, term: Term) -> Result<Id, ViewError> {
        Ok(self.id(term))
    }

    fn externalize_term(&self, term: Id) -> Result<Term, ViewError> {
        self.step()?;
        self.term(term)
    }

    fn externalize_expression_term(&self, term: Id) -> Result<ExpressionTerm, ViewError> {
        self.step()?;
        match terms::kind(term) {
            Kind::Inline => Ok(terms::inline_expression(term)),
            Kind::Dictionary(place) => self
                .with_bytes(place, expression)
                .flatten()
                .ok_or(ViewError::Damaged),
            Kind::Local(_) => Ok(self.term(term)?.into()),
        }
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<Id, ViewError> {
        if let ExpressionTerm::IntegerLiteral(value) = &term
            && let Some(id) = small_integer(*value)
        {
            return Ok(id);
        }
        Ok(self.id(term.into()))
    }
}

/// About how many bytes a term takes that only a query knows, with its entry in the table of them.
fn weight(term: &Term) -> usize {
    const ENTRY: usize = 160;
    let text = match term {
        Term::NamedNode(node) => node.as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Literal(literal) => literal.value().len(),
        Term::Triple(triple) => weight(&triple.object) + ENTRY,
    };
    ENTRY + 2 * text
}

fn small_integer(value: Integer) -> Option<Id> {
    terms::inline_integer(u64::try_from(i64::from(value)).ok()?)
}

/// The commonest kinds go straight from bytes to what the evaluator computes with.
fn expression(bytes: &[u8]) -> Option<ExpressionTerm> {
    match bytes.first()? {
        b'S' => Some(ExpressionTerm::StringLiteral(
            terms::lexical(bytes)?.to_owned(),
        )),
        b'L' => Some(ExpressionTerm::LangStringLiteral {
            value: terms::lexical(bytes)?.to_owned(),
            language: terms::language(bytes)?.to_owned(),
        }),
        _ => Some(terms::decode(bytes)?.into()),
    }
}
