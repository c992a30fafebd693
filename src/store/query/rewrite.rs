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
    PropertyPathExpression,
};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern, TriplePattern};

use super::dataset::View;
use super::found::{self, Question};
use super::join::{Given, Group, PathPattern, Pattern, Slot};
use super::path::{Paths, Walk};
use super::sorted::{self, Window};
use super::table::{self, Column, Content, Counted, Table};
use super::text::TextFilter;
use super::{QueryError, QueryOptions, walk};
use crate::rdf::vocabulary::vs;
use crate::rdf::{Literal, NamedNode, Term};
use crate::store::terms::Id;

/// Names of made-up graphs begin so; no IRI that can be written in a query does.
const MADE_UP: &str = "\0";

/// Takes what can be answered here out of a query and into the view's tables.
pub(super) fn rewrite(
    query: &mut Query,
    view: &mut View,
    options: &QueryOptions,
) -> Result<(), QueryError> {
    let mut rewriting = Rewriting {
        view,
        options,
        blank: HashMap::new(),
        row_variables: 0,
        trouble: None,
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
    rewriting.top(pattern, &needed, None);
    if let Some(trouble) = rewriting.trouble {
        return Err(QueryError::Function(trouble));
    }
    for property in [vs::MATCHES, vs::WITHIN] {
        if pattern.to_string().contains(&property.to_string()) {
            return Err(QueryError::Function(format!(
                "{property} cannot be asked here: write it into the main pattern, outside of EXISTS \
                 and of GRAPH with a variable"
            )));
        }
    }
    Ok(())
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

/// Parts of a pattern that are joined with each other, in any order.
#[derive(Default)]
struct Parts {
    patterns: Vec<TriplePattern>,
    questions: Vec<Question>,
    paths: Vec<(TermPattern, PropertyPathExpression, TermPattern)>,
    values: Vec<(Vec<Variable>, Vec<Vec<Term>>)>,
    /// In how many of them each blank node stands.
    blank: HashMap<BlankNode, usize>,
}

impl Parts {
    /// Whether there is something that the evaluator would not do as well.
    fn are_worth_it(&self) -> bool {
        let joins = self.patterns.len() + self.values.len() > 1 && !self.patterns.is_empty();
        joins || !self.questions.is_empty() || !self.paths.is_empty()
    }

    fn variables(&self) -> HashSet<Variable> {
        let mut bound = HashSet::new();
        for pattern in &self.patterns {
            triple_variables(pattern, &mut bound);
        }
        for (subject, _, object) in &self.paths {
            term_variables(subject, &mut bound);
            term_variables(object, &mut bound);
        }
        for (variables, _) in &self.values {
            bound.extend(variables.iter().cloned());
        }
        for question in &self.questions {
            for term in question.terms() {
                term_variables(term, &mut bound);
            }
        }
        bound
    }
}

struct Rewriting<'a> {
    view: &'a mut View,
    options: &'a QueryOptions,
    /// In how many groups and paths a blank node stands: a shared one has to be seen by all.
    blank: HashMap<BlankNode, usize>,
    row_variables: usize,
    /// What is wrong with a question to the text index or the vocabularies.
    trouble: Option<String>,
}

impl Rewriting<'_> {
    /// The outermost patterns, which are evaluated once: here an order can be made beforehand.
    fn top(&mut self, pattern: &mut GraphPattern, needed: &Needed, window: Option<Window>) {
        match pattern {
            GraphPattern::Slice {
                inner,
                start,
                length,
            } => {
                let window = Window {
                    start: *start,
                    length: *length,
                };
                let ordered = match &mut **inner {
                    GraphPattern::Project { inner, variables } => {
                        let needed = Needed::Only(variables.iter().cloned().collect());
                        self.ordered(inner, &needed, window)
                    }
                    inner => self.ordered(inner, needed, window),
                };
                if ordered {
                    *pattern = std::mem::replace(inner, GraphPattern::Bgp { patterns: vec![] });
                } else {
                    self.top(inner, needed, None);
                }
            }
            GraphPattern::Project { inner, variables } => {
                let needed = Needed::Only(variables.iter().cloned().collect());
                self.top(inner, &needed, window);
            }
            GraphPattern::Distinct { inner } | GraphPattern::Reduced { inner } => {
                self.top(inner, needed, None);
            }
            GraphPattern::OrderBy { .. } => {
                let all = Window {
                    start: 0,
                    length: None,
                };
                if !self.ordered(pattern, needed, window.unwrap_or(all)) {
                    self.pattern(pattern, needed, None);
                }
            }
            _ => self.pattern(pattern, needed, None),
        }
    }

    /// Replaces an order by a table whose rows have it; false if that cannot be.
    fn ordered(&mut self, pattern: &mut GraphPattern, needed: &Needed, window: Window) -> bool {
        let GraphPattern::OrderBy { inner, expression } = pattern else {
            return false;
        };
        let key = |order: &OrderExpression| match order {
            OrderExpression::Asc(Expression::Variable(v)) => Some((v.clone(), false)),
            OrderExpression::Desc(Expression::Variable(v)) => Some((v.clone(), true)),
            _ => None,
        };
        let Some(keys) = expression.iter().map(key).collect::<Option<Vec<_>>>() else {
            return false;
        };
        let needed = needed.and(|set| set.extend(keys.iter().map(|(v, _)| v.clone())));
        let made = match &**inner {
            GraphPattern::Extend { .. } | GraphPattern::Group { .. } => {
                self.ordered_counts(inner, &keys, window)
            }
            _ => self.ordered_join(inner, &keys, &needed, window),
        };
        let Some(made) = made else { return false };
        *pattern = made;
        true
    }

    fn ordered_join(
        &mut self,
        inner: &GraphPattern,
        keys: &[(Variable, bool)],
        needed: &Needed,
        window: Window,
    ) -> Option<GraphPattern> {
        let (parts, texts) = self.parts_and_texts(inner)?;
        let (group, names) = self.group(parts, texts, None)?;
        let place = |wanted: &Variable| names.iter().position(|name| name.as_ref() == Some(wanted));
        let order = keys.iter().map(|(v, down)| Some((place(v)?, *down)));
        let order: Vec<sorted::Key> = order.collect::<Option<_>>()?;
        let columns = columns(&group, &names, needed);
        let group = Rc::new(group);
        let rows = sorted::join(self.view, &group, &order, window)?;
        Some(self.table(group, Content::Rows(Rc::new(rows)), &columns))
    }

    /// Counts, with names given to them, in an order.
    fn ordered_counts(
        &mut self,
        inner: &GraphPattern,
        keys: &[(Variable, bool)],
        window: Window,
    ) -> Option<GraphPattern> {
        let mut names = Vec::new();
        let mut at = inner;
        while let GraphPattern::Extend {
            inner,
            variable,
            expression: Expression::Variable(counted),
        } = at
        {
            names.push((variable.clone(), counted.clone()));
            at = inner;
        }
        let GraphPattern::Group {
            inner,
            variables,
            aggregates,
        } = at
        else {
            return None;
        };
        let (group, keys_of, counts, columns) = self.counts(inner, variables, aggregates, None)?;
        let named = |v: &Variable| {
            let alias = names.iter().find(|(name, _)| name == v);
            alias.map_or_else(|| v.clone(), |(_, counted)| counted.clone())
        };
        let place = |v: &Variable| {
            let wanted = named(v);
            let column = columns.iter().find(|(name, _)| *name == wanted)?;
            Some(column.1.place)
        };
        let order = keys.iter().map(|(v, down)| Some((place(v)?, *down)));
        let order: Vec<sorted::Key> = order.collect::<Option<_>>()?;
        let width = keys_of.len() + counts.len();
        let group = Rc::new(group);
        let rows = table::count(self.view, &group, &keys_of, &counts).concat();
        let rows = sorted::sort(self.view, &rows, width, &order, window)?;
        let group = Rc::new(Group {
            variables: width,
            ..Group::default()
        });
        let made = self.table(group, Content::Rows(Rc::new(rows)), &columns);
        let extended = names.into_iter().rev();
        Some(
            extended.fold(made, |inner, (variable, counted)| GraphPattern::Extend {
                inner: Box::new(inner),
                variable,
                expression: Expression::Variable(counted),
            }),
        )
    }

    fn pattern(&mut self, pattern: &mut GraphPattern, needed: &Needed, graph: Option<&NamedNode>) {
        if matches!(pattern, GraphPattern::Join { .. }) && self.joined(pattern, needed, graph) {
            return;
        }
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => {
                if let Some(parts) = self.parts(pattern)
                    && let Some(made) = self.join(parts, Vec::new(), needed, graph)
                {
                    *pattern = made;
                }
            }
            GraphPattern::Filter { expr, inner } => {
                if let Some(parts) = self.parts(inner) {
                    let (texts, rest) = split(expr, &parts);
                    let above = needed.and(|set| {
                        for expression in &rest {
                            expression_variables(expression, set);
                        }
                    });
                    if let Some(made) = self.join(parts, texts, &above, graph) {
                        let both = |a, b| Expression::And(Box::new(a), Box::new(b));
                        *pattern = match rest.into_iter().reduce(both) {
                            Some(expr) => GraphPattern::Filter {
                                expr,
                                inner: Box::new(made),
                            },
                            None => made,
                        };
                        return;
                    }
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
                    GraphPattern::Bgp { .. }
                        | GraphPattern::Filter { .. }
                        | GraphPattern::Join { .. }
                        | GraphPattern::Path { .. }
                ) {
                    let mut rewritten = (**inner).clone();
                    self.pattern(&mut rewritten, needed, Some(&name));
                    if rewritten != **inner && !has_plain_patterns(&rewritten) {
                        *pattern = rewritten;
                    }
                }
            }
            GraphPattern::Graph { .. }
            | GraphPattern::Values { .. }
            | GraphPattern::Service { .. } => (),
        }
    }

    /// What a pattern consists of, if that is joined here.
    fn parts(&mut self, pattern: &GraphPattern) -> Option<Parts> {
        let mut parts = Parts::default();
        self.gather(pattern, &mut parts).then_some(parts)
    }

    fn gather(&mut self, pattern: &GraphPattern, parts: &mut Parts) -> bool {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                count_blank_nodes(pattern, &mut parts.blank);
                match found::questions(patterns) {
                    Ok((patterns, questions)) => {
                        parts.patterns.extend(patterns);
                        parts.questions.extend(questions);
                        true
                    }
                    Err(trouble) => {
                        self.trouble = Some(trouble);
                        false
                    }
                }
            }
            GraphPattern::Path {
                subject,
                path,
                object,
            } => {
                count_blank_nodes(pattern, &mut parts.blank);
                parts
                    .paths
                    .push((subject.clone(), path.clone(), object.clone()));
                true
            }
            GraphPattern::Values {
                variables,
                bindings,
            } if !variables.is_empty() => {
                let term = |term: &Option<GroundTerm>| match term {
                    Some(GroundTerm::NamedNode(node)) => Some(Term::from(node.clone())),
                    Some(GroundTerm::Literal(literal)) => Some(literal.clone().into()),
                    Some(GroundTerm::Triple(_)) | None => None,
                };
                let row = |row: &Vec<Option<GroundTerm>>| row.iter().map(term).collect();
                let Some(rows) = bindings.iter().map(row).collect::<Option<Vec<_>>>() else {
                    return false;
                };
                parts.values.push((variables.clone(), rows));
                true
            }
            GraphPattern::Join { left, right } => {
                self.gather(left, parts) && self.gather(right, parts)
            }
            _ => false,
        }
    }

    /// Replaces a pattern by a join of all its parts; false if that cannot be.
    fn joined(
        &mut self,
        pattern: &mut GraphPattern,
        needed: &Needed,
        graph: Option<&NamedNode>,
    ) -> bool {
        let Some(parts) = self.parts(pattern) else {
            return false;
        };
        let Some(made) = self.join(parts, Vec::new(), needed, graph) else {
            return false;
        };
        *pattern = made;
        true
    }

    /// The pattern over a made-up graph that stands for a join.
    fn join(
        &mut self,
        parts: Parts,
        texts: Vec<(Variable, TextFilter)>,
        needed: &Needed,
        graph: Option<&NamedNode>,
    ) -> Option<GraphPattern> {
        if !parts.are_worth_it() && (texts.is_empty() || parts.patterns.is_empty()) {
            return None;
        }
        let (group, names) = self.group(parts, texts, graph)?;
        let columns = columns(&group, &names, needed);
        Some(self.table(Rc::new(group), Content::Join, &columns))
    }

    /// The pattern over a made-up graph that stands for counts over a join.
    fn count(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
        graph: Option<&NamedNode>,
    ) -> Option<GraphPattern> {
        let (group, keys, counts, columns) = self.counts(inner, variables, aggregates, graph)?;
        Some(self.table(Rc::new(group), Content::Counts { keys, counts }, &columns))
    }

    #[expect(clippy::type_complexity, reason = "what a table of counts is made of")]
    fn counts(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
        graph: Option<&NamedNode>,
    ) -> Option<(Group, Vec<usize>, Vec<Counted>, Vec<(Variable, Column)>)> {
        let (parts, texts) = self.parts_and_texts(inner)?;
        let (group, names) = self.group(parts, texts, graph)?;
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
        Some((group, keys, counts, columns))
    }

    /// The parts of a pattern with all filters around it, if these are of texts.
    fn parts_and_texts(
        &mut self,
        pattern: &GraphPattern,
    ) -> Option<(Parts, Vec<(Variable, TextFilter)>)> {
        let (parts, texts) = match pattern {
            GraphPattern::Filter { expr, inner } => {
                let parts = self.parts(inner)?;
                let (texts, rest) = split(expr, &parts);
                if !rest.is_empty() {
                    return None;
                }
                (parts, texts)
            }
            pattern => (self.parts(pattern)?, Vec::new()),
        };
        (!parts.patterns.is_empty() || parts.are_worth_it()).then_some((parts, texts))
    }

    /// Numbers the variables of a group; `None` if it holds what only the evaluator knows.
    fn group(
        &mut self,
        parts: Parts,
        texts: Vec<(Variable, TextFilter)>,
        graph: Option<&NamedNode>,
    ) -> Option<(Group, Names)> {
        let shared = |node: &BlankNode| self.blank.get(node) != parts.blank.get(node);
        if parts.blank.keys().any(shared) {
            return None;
        }
        let mut names: Names = Vec::new();
        let mut blank: HashMap<BlankNode, usize> = HashMap::new();
        let mut group = Group {
            graphs: match graph {
                None => self.view.default.clone(),
                Some(name) => self.view.graph(self.view.id(name.clone().into())),
            },
            ..Group::default()
        };
        for TriplePattern {
            subject,
            predicate,
            object,
        } in &parts.patterns
        {
            let mut slot = |part: &TermPattern| -> Option<Slot> {
                Some(match part {
                    TermPattern::NamedNode(node) => {
                        self.constant(&node.clone().into(), &mut group.impossible)
                    }
                    TermPattern::Literal(literal) => {
                        self.constant(&literal.clone().into(), &mut group.impossible)
                    }
                    part => Slot::Variable(variable(part, &mut names, &mut blank)?),
                })
            };
            let predicate = match predicate {
                NamedNodePattern::NamedNode(node) => TermPattern::NamedNode(node.clone()),
                NamedNodePattern::Variable(variable) => TermPattern::Variable(variable.clone()),
            };
            let pattern = [slot(subject)?, slot(&predicate)?, slot(object)?];
            group.patterns.push(pattern);
        }
        for (subject, path, object) in &parts.paths {
            let mut slot = |part: &TermPattern| {
                Some(match part {
                    TermPattern::NamedNode(node) => {
                        Slot::Constant(self.view.id(node.clone().into()))
                    }
                    TermPattern::Literal(literal) => {
                        Slot::Constant(self.view.id(literal.clone().into()))
                    }
                    part => Slot::Variable(variable(part, &mut names, &mut blank)?),
                })
            };
            let (subject, object) = (slot(subject)?, slot(object)?);
            let path = Walk::new(path, self.view);
            // What hangs on a known end is walked once.
            let (v, ends) = match (subject, object) {
                (Slot::Variable(v), Slot::Constant(o)) => {
                    (v, Paths::default().to(self.view, &group.graphs, &path, o))
                }
                (Slot::Constant(s), Slot::Variable(v)) => {
                    (v, Paths::default().from(self.view, &group.graphs, &path, s))
                }
                _ => {
                    group.paths.push(PathPattern {
                        subject,
                        path,
                        object,
                    });
                    continue;
                }
            };
            group.givens.push(Given {
                variables: vec![v],
                rows: ends.to_vec(),
            });
        }
        for (variables, rows) in parts.values {
            let numbers = variables.iter().map(|v| numbered(Some(v), &mut names));
            group.givens.push(Given {
                variables: numbers.collect(),
                rows: rows
                    .into_iter()
                    .flatten()
                    .map(|term| self.view.id(term))
                    .collect(),
            });
        }
        for question in &parts.questions {
            let (terms, rows) = match self.ask(question) {
                Ok(answer) => answer,
                Err(trouble) => {
                    self.trouble = Some(trouble);
                    return None;
                }
            };
            let mut variables = Vec::new();
            for term in terms {
                variables.push(variable(&term, &mut names, &mut blank)?);
            }
            group.givens.push(Given { variables, rows });
        }
        if names.is_empty() {
            // A row needs a number to be one.
            names.push(None);
        }
        for (variable, filter) in texts {
            let place = names
                .iter()
                .position(|name| name.as_ref() == Some(&variable))?;
            group.filters.push((place, filter));
        }
        group.variables = names.len();
        self.view
            .guard
            .hold(group.givens.iter().map(|g| 8 * g.rows.len()).sum());
        Some((group, names))
    }

    /// Asks the text index or the vocabularies: which terms of the pattern get the values of a row.
    fn ask(&self, question: &Question) -> Result<(Vec<TermPattern>, Vec<Id>), String> {
        match question {
            Question::Matches {
                record,
                score,
                words,
                limit,
            } => {
                let text = self.options.text.as_ref();
                let text = text.ok_or("vs:matches needs a text index, and there is none here")?;
                let TermPattern::Literal(words) = words else {
                    return Err("vs:matches needs its words as a text: vs:matches \"words\"".into());
                };
                let limit = match limit {
                    None => found::FOUND_DEFAULT,
                    Some(TermPattern::Literal(limit)) => limit
                        .value()
                        .parse()
                        .map_err(|_| "vs:matches needs a whole number behind its words")?,
                    Some(_) => return Err("vs:matches needs a number behind its words".into()),
                };
                let open = |term: &TermPattern| {
                    matches!(term, TermPattern::Variable(_) | TermPattern::BlankNode(_))
                };
                if !score.as_ref().is_none_or(open) {
                    return Err("vs:matches gives a score; put a variable in its place".into());
                }
                let mut rows = Vec::new();
                let wanted = match record {
                    TermPattern::NamedNode(node) => Some(node),
                    term if open(term) => None,
                    _ => return Err("vs:matches finds records: put a variable before it".into()),
                };
                for found in text.find(words.value(), limit.min(found::FOUND_MAX))? {
                    if !self.view.guard.step() || wanted.is_some_and(|one| *one != found.iri) {
                        continue;
                    }
                    // The index may be a moment ahead of the triples or behind them.
                    let Some(id) = self.view.find(&found.iri.into()) else {
                        continue;
                    };
                    if !self.view.snapshot.contains_graph_id(id) {
                        continue;
                    }
                    if wanted.is_none() {
                        rows.push(id);
                    }
                    if score.is_some() {
                        rows.push(self.view.id(Literal::from(found.score).into()));
                    } else if wanted.is_some() {
                        rows.push(id);
                    }
                }
                let terms = match (wanted, score) {
                    (None, Some(score)) => vec![record.clone(), score.clone()],
                    (None, None) => vec![record.clone()],
                    (Some(_), Some(score)) => vec![score.clone()],
                    (Some(_), None) => vec![TermPattern::BlankNode(BlankNode::default())],
                };
                Ok((terms, rows))
            }
            Question::Within { narrow, wide } => {
                let hierarchy = self.options.hierarchy.as_ref();
                let hierarchy =
                    hierarchy.ok_or("vs:within needs vocabularies, and there are none here")?;
                let (open, concepts) = match (narrow, wide) {
                    (open, TermPattern::NamedNode(wide)) => (open, hierarchy.below(wide)),
                    (TermPattern::NamedNode(narrow), open) => (open, hierarchy.above(narrow)),
                    _ => return Err("vs:within needs one of its concepts named".into()),
                };
                if let TermPattern::NamedNode(node) = open {
                    let holds = concepts.contains(node);
                    let rows = if holds { vec![0] } else { Vec::new() };
                    return Ok((vec![TermPattern::BlankNode(BlankNode::default())], rows));
                }
                let ids = concepts
                    .into_iter()
                    .map(|concept| self.view.id(concept.into()));
                Ok((vec![open.clone()], ids.collect()))
            }
        }
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
        group: Rc<Group>,
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
                // Row by row, so that an order stays.
                made = GraphPattern::Lateral {
                    left: Box::new(made),
                    right: Box::new(further),
                };
            }
        }
        let column = |at: usize| columns[at].1.place;
        let table = Table {
            group,
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

/// The variables of a group that somebody looks at.
fn columns(group: &Group, names: &Names, needed: &Needed) -> Vec<(Variable, Column)> {
    let numbered = names.iter().enumerate();
    numbered
        .filter_map(|(v, name)| {
            let node = is_node(&group.patterns, v);
            let name = name.as_ref().filter(|name| needed.contains(name))?;
            Some((name.clone(), Column { place: v, node }))
        })
        .collect()
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

/// The number of a variable or of a blank node; `None` for what is neither.
fn variable(
    part: &TermPattern,
    names: &mut Names,
    blank: &mut HashMap<BlankNode, usize>,
) -> Option<usize> {
    match part {
        TermPattern::Variable(variable) => Some(numbered(Some(variable), names)),
        TermPattern::BlankNode(node) => {
            let place = blank
                .entry(node.clone())
                .or_insert_with(|| numbered(None, names));
            Some(*place)
        }
        TermPattern::NamedNode(_) | TermPattern::Literal(_) | TermPattern::Triple(_) => None,
    }
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
fn split(expression: &Expression, parts: &Parts) -> (Vec<(Variable, TextFilter)>, Vec<Expression>) {
    let bound = parts.variables();
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
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            has_plain_patterns(left) || has_plain_patterns(right)
        }
        // An EXISTS in the condition would leave the graph too.
        GraphPattern::Filter { expr, inner } => has_exists(expr) || has_plain_patterns(inner),
        _ => true,
    }
}

fn has_exists(expression: &Expression) -> bool {
    match expression {
        Expression::Exists(_) => true,
        other => walk::children(other).into_iter().any(has_exists),
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
            for child in walk::children(other) {
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
pub(super) fn variables(pattern: &GraphPattern, out: &mut HashSet<Variable>) {
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
