//! Which parts of a query are answered here instead of by the evaluator?
//!
//! A group of triple patterns, the filters on texts around it, and counts over it are taken out of
//! the algebra. In their place stand patterns over a made-up graph, whose quads are the rows of
//! the join: the evaluator goes on with them as with any other graph, so that everything above
//! (`OPTIONAL`, expressions, order, results) keeps its one meaning.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use oxrdf::{BlankNode, Variable};
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, GraphPattern, OrderExpression,
};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

use super::dataset::View;
use super::join::{Group, Pattern, Slot};
use super::table::{Column, Content, Counted, Table};
use super::text::TextFilter;
use crate::rdf::{NamedNode, Term};
use crate::store::snapshot::Graphs;
use crate::store::terms::Id;

/// Names of made-up graphs begin so; no IRI that can be written in a query does.
const MADE_UP: &str = "\0";

/// Takes what can be answered here out of a query and into the view's tables.
pub(super) fn rewrite(query: &mut Query, view: &mut View) {
    let mut rewriting = Rewriting {
        view,
        blank: HashMap::new(),
        row_variables: 0,
    };
    let (pattern, needed) = match query {
        Query::Select { pattern, .. } | Query::Describe { pattern, .. } => (pattern, Needed::All),
        Query::Ask { pattern, .. } => (pattern, Needed::Only(HashSet::new())),
        Query::Construct {
            pattern, template, ..
        } => {
            let mut used = HashSet::new();
            for triple in template.iter() {
                triple_variables(triple, &mut used);
            }
            (pattern, Needed::Only(used))
        }
    };
    count_blank_nodes(pattern, &mut rewriting.blank);
    rewriting.pattern(pattern, &needed, None);
}

/// The variables whose values somebody above looks at.
#[derive(Clone)]
enum Needed {
    All,
    Only(HashSet<Variable>),
}

impl Needed {
    fn contains(&self, variable: &Variable) -> bool {
        match self {
            Self::All => true,
            Self::Only(variables) => variables.contains(variable),
        }
    }

    fn and(&self, add: impl FnOnce(&mut HashSet<Variable>)) -> Self {
        match self {
            Self::All => Self::All,
            Self::Only(variables) => {
                let mut variables = variables.clone();
                add(&mut variables);
                Self::Only(variables)
            }
        }
    }
}

struct Rewriting<'a> {
    view: &'a mut View,
    /// In how many groups and paths a blank node stands: a shared one has to be seen by all.
    blank: HashMap<BlankNode, usize>,
    row_variables: usize,
}

impl Rewriting<'_> {
    fn pattern(&mut self, pattern: &mut GraphPattern, needed: &Needed, graph: Option<&NamedNode>) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                if patterns.len() > 1
                    && let Some(made) = self.join(patterns, Vec::new(), needed, graph)
                {
                    *pattern = made;
                }
            }
            GraphPattern::Filter { expr, inner } => {
                if let GraphPattern::Bgp { patterns } = &**inner {
                    let (texts, rest) = split(expr, patterns);
                    let above = needed.and(|set| {
                        for expression in &rest {
                            expression_variables(expression, set);
                        }
                    });
                    if (patterns.len() > 1 || !texts.is_empty())
                        && let Some(made) = self.join(patterns, texts, &above, graph)
                    {
                        let both = |a, b| Expression::And(Box::new(a), Box::new(b));
                        *pattern = match rest.into_iter().reduce(both) {
                            Some(expr) => GraphPattern::Filter {
                                expr,
                                inner: Box::new(made),
                            },
                            None => made,
                        };
                    }
                    return;
                }
                let needed = needed.and(|set| expression_variables(expr, set));
                self.pattern(inner, &needed, graph);
            }
            GraphPattern::Group {
                inner,
                variables,
                aggregates,
            } => {
                if let Some(made) = self.count(inner, variables, aggregates, graph) {
                    *pattern = made;
                    return;
                }
                let mut used: HashSet<Variable> = variables.iter().cloned().collect();
                let mut all = false;
                for (_, aggregate) in aggregates.iter() {
                    match aggregate {
                        AggregateExpression::CountSolutions { distinct } => all |= distinct,
                        AggregateExpression::FunctionCall { expr, .. } => {
                            expression_variables(expr, &mut used);
                        }
                    }
                }
                let needed = if all { Needed::All } else { Needed::Only(used) };
                self.pattern(inner, &needed, graph);
            }
            GraphPattern::Project { inner, variables } => {
                let needed = Needed::Only(variables.iter().cloned().collect());
                self.pattern(inner, &needed, graph);
            }
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Minus { left, right } => {
                let for_left = needed.and(|set| variables(right, set));
                let for_right = needed.and(|set| variables(left, set));
                self.pattern(left, &for_left, graph);
                self.pattern(right, &for_right, graph);
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => {
                let with_expression = needed.and(|set| {
                    if let Some(expression) = expression {
                        expression_variables(expression, set);
                    }
                });
                let for_left = with_expression.and(|set| variables(right, set));
                let for_right = with_expression.and(|set| variables(left, set));
                self.pattern(left, &for_left, graph);
                self.pattern(right, &for_right, graph);
            }
            GraphPattern::Union { left, right } => {
                self.pattern(left, needed, graph);
                self.pattern(right, needed, graph);
            }
            GraphPattern::Extend {
                inner, expression, ..
            } => {
                let needed = needed.and(|set| expression_variables(expression, set));
                self.pattern(inner, &needed, graph);
            }
            GraphPattern::OrderBy { inner, expression } => {
                let needed = needed.and(|set| {
                    for order in expression {
                        let (OrderExpression::Asc(e) | OrderExpression::Desc(e)) = order;
                        expression_variables(e, set);
                    }
                });
                self.pattern(inner, &needed, graph);
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, needed, graph),
            GraphPattern::Graph {
                name: NamedNodePattern::NamedNode(name),
                inner,
            } => {
                // A made-up graph names itself, so the whole must leave the real one.
                let name = name.clone();
                if matches!(
                    **inner,
                    GraphPattern::Bgp { .. } | GraphPattern::Filter { .. }
                ) {
                    let mut rewritten = (**inner).clone();
                    self.pattern(&mut rewritten, needed, Some(&name));
                    if rewritten != **inner && !has_plain_patterns(&rewritten) {
                        *pattern = rewritten;
                    }
                }
            }
            GraphPattern::Graph { .. }
            | GraphPattern::Path { .. }
            | GraphPattern::Values { .. }
            | GraphPattern::Service { .. } => (),
        }
    }

    /// The pattern over a made-up graph that stands for a join.
    fn join(
        &mut self,
        patterns: &[TriplePattern],
        texts: Vec<(Variable, TextFilter)>,
        needed: &Needed,
        graph: Option<&NamedNode>,
    ) -> Option<GraphPattern> {
        let (group, names) = self.group(patterns, texts, graph)?;
        let columns: Vec<(Variable, Column)> = names
            .iter()
            .enumerate()
            .filter_map(|(v, name)| {
                let node = is_node(&group.patterns, v);
                let name = name.as_ref().filter(|name| needed.contains(name))?;
                Some((name.clone(), Column { place: v, node }))
            })
            .collect();
        Some(self.table(group, Content::Join, &columns))
    }

    /// The pattern over a made-up graph that stands for counts over a join.
    fn count(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
        graph: Option<&NamedNode>,
    ) -> Option<GraphPattern> {
        let (patterns, texts) = match inner {
            GraphPattern::Bgp { patterns } => (patterns, Vec::new()),
            GraphPattern::Filter { expr, inner } => match &**inner {
                GraphPattern::Bgp { patterns } => {
                    let (texts, rest) = split(expr, patterns);
                    if !rest.is_empty() {
                        return None;
                    }
                    (patterns, texts)
                }
                _ => return None,
            },
            _ => return None,
        };
        if patterns.is_empty() {
            return None;
        }
        let (group, names) = self.group(patterns, texts, graph)?;
        let place = |wanted: &Variable| names.iter().position(|name| name.as_ref() == Some(wanted));
        let mut columns = Vec::new();
        let mut keys = Vec::new();
        for variable in variables {
            let v = place(variable)?;
            let column = Column {
                place: keys.len(),
                node: is_node(&group.patterns, v),
            };
            columns.push((variable.clone(), column));
            keys.push(v);
        }
        let mut counts = Vec::new();
        for (name, aggregate) in aggregates {
            counts.push(match aggregate {
                AggregateExpression::CountSolutions { distinct: false } => Counted::Rows,
                AggregateExpression::FunctionCall {
                    name: AggregateFunction::Count,
                    expr: Expression::Variable(variable),
                    distinct,
                } => match (place(variable)?, distinct) {
                    (_, false) => Counted::Rows,
                    (v, true) => Counted::Different(v),
                },
                _ => return None,
            });
            let place = keys.len() + counts.len() - 1;
            columns.push((name.clone(), Column { place, node: false }));
        }
        Some(self.table(group, Content::Counts { keys, counts }, &columns))
    }

    /// Numbers the variables of a group; `None` if it holds what only the evaluator knows.
    fn group(
        &self,
        patterns: &[TriplePattern],
        texts: Vec<(Variable, TextFilter)>,
        graph: Option<&NamedNode>,
    ) -> Option<(Group, Names)> {
        let mut names: Names = Vec::new();
        let mut blank: HashMap<BlankNode, usize> = HashMap::new();
        let mut unknown = false;
        let mut made = Vec::new();
        for TriplePattern {
            subject,
            predicate,
            object,
        } in patterns
        {
            let mut slot = |part: &TermPattern| -> Option<Slot> {
                Some(match part {
                    TermPattern::NamedNode(node) => {
                        self.constant(&node.clone().into(), &mut unknown)
                    }
                    TermPattern::Literal(literal) => {
                        self.constant(&literal.clone().into(), &mut unknown)
                    }
                    TermPattern::Variable(variable) => {
                        Slot::Variable(numbered(Some(variable), &mut names))
                    }
                    TermPattern::BlankNode(node) => {
                        if self.blank.get(node).is_some_and(|groups| *groups > 1) {
                            return None;
                        }
                        let place = blank
                            .entry(node.clone())
                            .or_insert_with(|| numbered(None, &mut names));
                        Slot::Variable(*place)
                    }
                    TermPattern::Triple(_) => return None,
                })
            };
            let predicate = match predicate {
                NamedNodePattern::NamedNode(node) => TermPattern::NamedNode(node.clone()),
                NamedNodePattern::Variable(variable) => TermPattern::Variable(variable.clone()),
            };
            made.push([slot(subject)?, slot(&predicate)?, slot(object)?]);
        }
        if names.is_empty() {
            // A row needs a number to be one.
            names.push(None);
        }
        let mut filters = Vec::new();
        for (variable, filter) in texts {
            let place = names
                .iter()
                .position(|name| name.as_ref() == Some(&variable))?;
            filters.push((place, filter));
        }
        let graphs = match graph {
            None => self.view.default.clone(),
            Some(name) => {
                let id = self.view.find(&name.clone().into());
                unknown |= id.is_none();
                Graphs::One(id.unwrap_or(Id::MAX))
            }
        };
        // What names a term that the store does not have matches nothing.
        let impossible = unknown;
        let variables = names.len();
        Some((
            Group {
                patterns: made,
                variables,
                filters,
                graphs,
                impossible,
            },
            names,
        ))
    }

    fn constant(&self, term: &Term, unknown: &mut bool) -> Slot {
        let id = self.view.find(term);
        *unknown |= id.is_none();
        Slot::Constant(id.unwrap_or(Id::MAX))
    }

    /// Gives a table its made-up graphs. One quad has room for one variable that is a node and one
    /// that can be anything; further variables take a graph each, joined by the row.
    fn table(
        &mut self,
        group: Group,
        content: Content,
        columns: &[(Variable, Column)],
    ) -> GraphPattern {
        let number = self.view.tables.len();
        let graph = |part: usize| NamedNode::new_unchecked(format!("{MADE_UP}{number}:{part}"));
        let nothing = NamedNode::new_unchecked(MADE_UP);
        let node = columns.iter().position(|(_, column)| column.node);
        let other = (0..columns.len()).find(|at| Some(*at) != node);
        let rest: Vec<usize> = (0..columns.len())
            .filter(|at| Some(*at) != node && Some(*at) != other)
            .collect();
        let variable = |at: Option<usize>| match at {
            Some(at) => TermPattern::Variable(columns[at].0.clone()),
            None => TermPattern::NamedNode(nothing.clone()),
        };
        let row = (!rest.is_empty()).then(|| {
            self.row_variables += 1;
            Variable::new_unchecked(format!("{MADE_UP}{}", self.row_variables))
        });
        let quad = |subject, predicate, object, part| GraphPattern::Graph {
            name: NamedNodePattern::NamedNode(graph(part)),
            inner: Box::new(GraphPattern::Bgp {
                patterns: vec![TriplePattern {
                    subject,
                    predicate,
                    object,
                }],
            }),
        };
        let predicate = match &row {
            Some(row) => NamedNodePattern::Variable(row.clone()),
            None => NamedNodePattern::NamedNode(nothing.clone()),
        };
        let mut made = quad(variable(node), predicate, variable(other), 0);
        if let Some(row) = &row {
            for (part, at) in rest.iter().enumerate() {
                let further = quad(
                    TermPattern::Variable(row.clone()),
                    NamedNodePattern::NamedNode(nothing.clone()),
                    variable(Some(*at)),
                    part + 1,
                );
                made = GraphPattern::Join {
                    left: Box::new(made),
                    right: Box::new(further),
                };
            }
        }
        let column = |at: usize| columns[at].1.place;
        let table = Table {
            group: Rc::new(group),
            content,
            node: node.map(column),
            other: other.map(column),
            rest: rest.into_iter().map(column).collect(),
        };
        let parts = table.rest.len() + 1;
        for part in 0..parts {
            let id = self.view.id(graph(part).into());
            Rc::make_mut(&mut self.view.made_up).insert(id, (number, part));
        }
        Rc::make_mut(&mut self.view.tables).push(Rc::new(table.into()));
        made
    }
}

/// The variable of each number; a blank node has none.
type Names = Vec<Option<Variable>>;

fn numbered(variable: Option<&Variable>, names: &mut Names) -> usize {
    let held = variable.and_then(|v| names.iter().position(|name| name.as_ref() == Some(v)));
    held.unwrap_or_else(|| {
        names.push(variable.cloned());
        names.len() - 1
    })
}

/// Whether a variable can only be an IRI or a blank node. The evaluator relies on it: it compares
/// what stands in the place of a subject without looking at values.
fn is_node(patterns: &[Pattern], variable: usize) -> bool {
    let wanted = Slot::Variable(variable);
    patterns
        .iter()
        .any(|[s, p, _]| *s == wanted || *p == wanted)
}

/// The conditions of a filter that can be asked of texts, and the others.
fn split(
    expression: &Expression,
    patterns: &[TriplePattern],
) -> (Vec<(Variable, TextFilter)>, Vec<Expression>) {
    let mut bound = HashSet::new();
    for pattern in patterns {
        triple_variables(pattern, &mut bound);
    }
    let (mut texts, mut rest) = (Vec::new(), Vec::new());
    let mut parts = vec![expression];
    while let Some(part) = parts.pop() {
        if let Expression::And(left, right) = part {
            parts.push(right);
            parts.push(left);
            continue;
        }
        match TextFilter::recognise(part) {
            Some((variable, filter)) if bound.contains(variable) => {
                texts.push((variable.clone(), filter));
            }
            _ => rest.push(part.clone()),
        }
    }
    (texts, rest)
}

/// Whether triple patterns are left that still speak of the graph around them.
fn has_plain_patterns(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Graph { .. } => false,
        GraphPattern::Join { left, right } => has_plain_patterns(left) || has_plain_patterns(right),
        // An EXISTS in the condition would leave the graph too.
        GraphPattern::Filter { expr, inner } => has_exists(expr) || has_plain_patterns(inner),
        _ => true,
    }
}

fn has_exists(expression: &Expression) -> bool {
    match expression {
        Expression::Exists(_) => true,
        other => children(other).into_iter().any(has_exists),
    }
}

/// The expressions directly inside an expression.
fn children(expression: &Expression) -> Vec<&Expression> {
    match expression {
        Expression::NamedNode(_)
        | Expression::Literal(_)
        | Expression::Variable(_)
        | Expression::Bound(_)
        | Expression::Exists(_) => Vec::new(),
        Expression::Or(a, b)
        | Expression::And(a, b)
        | Expression::Equal(a, b)
        | Expression::SameTerm(a, b)
        | Expression::Greater(a, b)
        | Expression::GreaterOrEqual(a, b)
        | Expression::Less(a, b)
        | Expression::LessOrEqual(a, b)
        | Expression::Add(a, b)
        | Expression::Subtract(a, b)
        | Expression::Multiply(a, b)
        | Expression::Divide(a, b) => vec![a, b],
        Expression::UnaryPlus(a) | Expression::UnaryMinus(a) | Expression::Not(a) => vec![a],
        Expression::In(a, list) => std::iter::once(&**a).chain(list).collect(),
        Expression::If(a, b, c) => vec![a, b, c],
        Expression::Coalesce(list) | Expression::FunctionCall(_, list) => list.iter().collect(),
    }
}

/// Every variable that an expression mentions, also inside `EXISTS`.
fn expression_variables(expression: &Expression, out: &mut HashSet<Variable>) {
    match expression {
        Expression::Variable(variable) | Expression::Bound(variable) => {
            out.insert(variable.clone());
        }
        Expression::Exists(pattern) => variables(pattern, out),
        other => {
            for child in children(other) {
                expression_variables(child, out);
            }
        }
    }
}

fn triple_variables(triple: &TriplePattern, out: &mut HashSet<Variable>) {
    term_variables(&triple.subject, out);
    if let NamedNodePattern::Variable(variable) = &triple.predicate {
        out.insert(variable.clone());
    }
    term_variables(&triple.object, out);
}

fn term_variables(term: &TermPattern, out: &mut HashSet<Variable>) {
    match term {
        TermPattern::Variable(variable) => {
            out.insert(variable.clone());
        }
        TermPattern::Triple(triple) => triple_variables(triple, out),
        TermPattern::NamedNode(_) | TermPattern::BlankNode(_) | TermPattern::Literal(_) => (),
    }
}

/// Every variable that a pattern mentions.
fn variables(pattern: &GraphPattern, out: &mut HashSet<Variable>) {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            for triple in patterns {
                triple_variables(triple, out);
            }
        }
        GraphPattern::Path {
            subject, object, ..
        } => {
            term_variables(subject, out);
            term_variables(object, out);
        }
        GraphPattern::Values { variables, .. } => out.extend(variables.iter().cloned()),
        GraphPattern::Graph { name, inner } | GraphPattern::Service { name, inner, .. } => {
            if let NamedNodePattern::Variable(variable) = name {
                out.insert(variable.clone());
            }
            variables(inner, out);
        }
        GraphPattern::Filter { expr, inner } => {
            expression_variables(expr, out);
            variables(inner, out);
        }
        GraphPattern::Extend {
            inner,
            variable,
            expression,
        } => {
            out.insert(variable.clone());
            expression_variables(expression, out);
            variables(inner, out);
        }
        GraphPattern::OrderBy { inner, expression } => {
            for order in expression {
                let (OrderExpression::Asc(e) | OrderExpression::Desc(e)) = order;
                expression_variables(e, out);
            }
            variables(inner, out);
        }
        GraphPattern::Project {
            inner,
            variables: projected,
        } => {
            out.extend(projected.iter().cloned());
            variables(inner, out);
        }
        GraphPattern::Group {
            inner,
            variables: keys,
            aggregates,
        } => {
            out.extend(keys.iter().cloned());
            for (name, aggregate) in aggregates {
                out.insert(name.clone());
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    expression_variables(expr, out);
                }
            }
            variables(inner, out);
        }
        GraphPattern::LeftJoin {
            left,
            right,
            expression,
        } => {
            if let Some(expression) = expression {
                expression_variables(expression, out);
            }
            variables(left, out);
            variables(right, out);
        }
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Minus { left, right }
        | GraphPattern::Union { left, right } => {
            variables(left, out);
            variables(right, out);
        }
        GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => variables(inner, out),
    }
}

/// Counts in how many groups and paths each blank node stands.
fn count_blank_nodes(pattern: &GraphPattern, out: &mut HashMap<BlankNode, usize>) {
    let mut add = |terms: Vec<&TermPattern>| {
        let mut seen = HashSet::new();
        for term in terms {
            if let TermPattern::BlankNode(node) = term
                && seen.insert(node)
            {
                *out.entry(node.clone()).or_default() += 1;
            }
        }
    };
    match pattern {
        GraphPattern::Bgp { patterns } => {
            add(patterns
                .iter()
                .flat_map(|t| [&t.subject, &t.object])
                .collect());
        }
        GraphPattern::Path {
            subject, object, ..
        } => add(vec![subject, object]),
        GraphPattern::Values { .. } | GraphPattern::Service { .. } => (),
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => count_blank_nodes(inner, out),
        GraphPattern::LeftJoin { left, right, .. }
        | GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Minus { left, right }
        | GraphPattern::Union { left, right } => {
            count_blank_nodes(left, out);
            count_blank_nodes(right, out);
        }
    }
}
