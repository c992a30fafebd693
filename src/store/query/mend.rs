//! What does the evaluator get wrong, or let grow without end, and how is it said instead?
//!
//! A query is changed before it is evaluated, so that its answer is what SPARQL 1.1 says:
//! functions that make long strings out of short ones get bounded twins of ours, and patterns whose
//! graph the evaluator loses from sight are written so that it does not.

use std::sync::Arc;

use spareval::QueryEvaluator;
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, Function, GraphPattern, OrderExpression,
};
use spargebra::term::NamedNodePattern;

use std::collections::HashSet;

use oxrdf::Variable;

use super::growth::{self, Growth};
use super::rewrite::variables;
use super::{QueryError, walk};
use crate::rdf::NamedNode;

/// So many triples may be made inside each other's terms: each can double what the next one holds.
const NESTED_TRIPLES_MAX: usize = 12;

/// Changes a query, and gives the evaluator that knows our functions.
pub(super) fn mend(query: &mut Query, growth: &Arc<Growth>) -> Result<QueryEvaluator, QueryError> {
    let mut mending = Mending::default();
    let pattern = match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    };
    mending.pattern(pattern);
    if mending.triples > NESTED_TRIPLES_MAX {
        return Err(QueryError::TooComplex);
    }
    let mut evaluator = growth::functions(QueryEvaluator::new(), growth);
    for (number, separator) in mending.separators.into_iter().enumerate() {
        evaluator =
            growth::concatenation(evaluator, name(CONCATENATION, number), separator, growth);
    }
    Ok(evaluator)
}

const CONCATENATION: &str = "\0concatenation";

fn name(kind: &str, number: usize) -> NamedNode {
    NamedNode::new_unchecked(format!("{kind}{number}"))
}

#[derive(Default)]
struct Mending {
    /// Of each `GROUP_CONCAT`.
    separators: Vec<String>,
    triples: usize,
    rows: usize,
}

impl Mending {
    fn pattern(&mut self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => {
                self.pattern(left);
                self.pattern(right);
                if let Some(expression) = expression {
                    self.expression(expression, None);
                }
            }
            GraphPattern::Minus { left, right } => {
                self.pattern(left);
                self.pattern(right);
                // The name of the graph around both is no variable that they share (§18.5).
                if share_nothing(left, right) {
                    *pattern = take(left);
                }
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr, None);
                self.pattern(inner);
            }
            GraphPattern::Extend { .. } => {
                let base = self.extensions(pattern);
                self.pattern(base);
            }
            GraphPattern::OrderBy { inner, expression } => {
                for order in expression {
                    let (OrderExpression::Asc(e) | OrderExpression::Desc(e)) = order;
                    self.expression(e, None);
                }
                self.pattern(inner);
            }
            GraphPattern::Group {
                inner, aggregates, ..
            } => {
                for (_, aggregate) in aggregates {
                    self.aggregate(aggregate);
                }
                self.pattern(inner);
            }
            GraphPattern::Project { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner),
            GraphPattern::Graph { name, inner } => match name {
                NamedNodePattern::NamedNode(_) => self.pattern(inner),
                NamedNodePattern::Variable(graph) => {
                    let graph = graph.clone();
                    self.pattern(inner);
                    keep_graph(pattern, &graph);
                }
            },
            GraphPattern::Bgp { .. }
            | GraphPattern::Path { .. }
            | GraphPattern::Values { .. }
            | GraphPattern::Service { .. } => (),
        }
    }

    /// Mends a row of `BIND`s and expressions of a `SELECT`; gives what stands below them.
    ///
    /// `BNODE(text)` is one node for each text and solution, so a solution needs a number.
    fn extensions<'a>(&mut self, pattern: &'a mut GraphPattern) -> &'a mut GraphPattern {
        let mut row = None;
        let mut at = &*pattern;
        while let GraphPattern::Extend {
            inner, expression, ..
        } = at
        {
            if row.is_none() && walk::any(expression, &names_blank_node) {
                self.rows += 1;
                row = Some(Variable::new_unchecked(format!("\0row{}", self.rows)));
            }
            at = inner;
        }
        let mut at = pattern;
        while let GraphPattern::Extend {
            inner, expression, ..
        } = at
        {
            self.expression(expression, row.as_ref());
            at = inner;
        }
        if let Some(row) = row {
            *at = GraphPattern::Extend {
                inner: Box::new(take(at)),
                variable: row,
                expression: Expression::FunctionCall(growth::custom(growth::ROW), Vec::new()),
            };
            if let GraphPattern::Extend { inner, .. } = at {
                return inner;
            }
        }
        at
    }

    fn aggregate(&mut self, aggregate: &mut AggregateExpression) {
        let AggregateExpression::FunctionCall {
            name: function,
            expr,
            ..
        } = aggregate
        else {
            return;
        };
        self.expression(expr, None);
        if let AggregateFunction::GroupConcat { separator } = function {
            let number = self.separators.len();
            self.separators
                .push(separator.clone().unwrap_or_else(|| " ".to_owned()));
            *function = AggregateFunction::Custom(name(CONCATENATION, number));
        }
    }

    fn expression(&mut self, expression: &mut Expression, row: Option<&Variable>) {
        if let Expression::Exists(pattern) = expression {
            self.pattern(pattern);
            return;
        }
        for child in walk::children_mut(expression) {
            self.expression(child, row);
        }
        let Expression::FunctionCall(function, arguments) = expression else {
            return;
        };
        match function {
            Function::Concat => *function = growth::custom(growth::CONCAT),
            Function::Replace => *function = growth::custom(growth::REPLACE),
            Function::EncodeForUri => *function = growth::custom(growth::ENCODE),
            Function::Triple => self.triples += 1,
            Function::BNode if !arguments.is_empty() => {
                if let Some(row) = row {
                    *function = growth::custom(growth::BLANK_NODE);
                    arguments.push(Expression::Variable(row.clone()));
                }
            }
            _ => (),
        }
    }
}

fn names_blank_node(expression: &Expression) -> bool {
    matches!(expression, Expression::FunctionCall(Function::BNode, arguments) if !arguments.is_empty())
}

fn take(pattern: &mut GraphPattern) -> GraphPattern {
    std::mem::replace(pattern, nothing())
}

fn nothing() -> GraphPattern {
    GraphPattern::Bgp {
        patterns: Vec::new(),
    }
}

fn share_nothing(left: &GraphPattern, right: &GraphPattern) -> bool {
    let (mut one, mut other) = (HashSet::new(), HashSet::new());
    variables(left, &mut one);
    variables(right, &mut other);
    one.is_disjoint(&other)
}

/// Sees to it that each solution of `GRAPH ?g { … }` has its graph: the evaluator binds the variable
/// at triple patterns only, and forgets it at a sub-select that does not name it.
fn keep_graph(pattern: &mut GraphPattern, graph: &Variable) {
    let GraphPattern::Graph { inner, .. } = pattern else {
        return;
    };
    let apart = project_graph(inner, graph);
    if !apart && binds_graph(inner) {
        return;
    }
    let left = Box::new(GraphPattern::Graph {
        name: NamedNodePattern::Variable(graph.clone()),
        inner: Box::new(nothing()),
    });
    let right = Box::new(take(pattern));
    *pattern = if apart {
        GraphPattern::Lateral { left, right }
    } else {
        GraphPattern::Join { left, right }
    };
}

/// Lets sub-selects give the graph; true if one of them counts or cuts, so that each graph has to be
/// asked alone.
fn project_graph(pattern: &mut GraphPattern, graph: &Variable) -> bool {
    match pattern {
        GraphPattern::Project { inner, variables } => {
            // A sub-select's own variable of that name is another one: what the evaluator does then is right.
            if !variables.contains(graph) && !mentions(inner, graph) {
                variables.push(graph.clone());
                return gathers(inner) | project_graph(inner, graph);
            }
            project_graph(inner, graph)
        }
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right }
        | GraphPattern::LeftJoin { left, right, .. } => {
            project_graph(left, graph) | project_graph(right, graph)
        }
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => project_graph(inner, graph),
        GraphPattern::Bgp { .. }
        | GraphPattern::Path { .. }
        | GraphPattern::Values { .. }
        | GraphPattern::Graph { .. }
        | GraphPattern::Service { .. } => false,
    }
}

fn mentions(pattern: &GraphPattern, variable: &Variable) -> bool {
    let mut all = HashSet::new();
    variables(pattern, &mut all);
    all.contains(variable)
}

fn gathers(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Group { .. } | GraphPattern::Slice { .. } => true,
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner } => gathers(inner),
        _ => false,
    }
}

/// Whether every solution comes with the graph's name in the evaluator.
fn binds_graph(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            binds_graph(left) || binds_graph(right)
        }
        GraphPattern::Union { left, right } => binds_graph(left) && binds_graph(right),
        GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => binds_graph(left),
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => binds_graph(inner),
        GraphPattern::Group { .. }
        | GraphPattern::Values { .. }
        | GraphPattern::Graph { .. }
        | GraphPattern::Service { .. } => false,
    }
}
