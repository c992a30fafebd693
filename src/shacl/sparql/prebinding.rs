//! Pre-binding (SHACL appendix A): what a query may not contain, and how terms take the place of
//! its variables.

use oxrdf::Variable;
use spargebra::algebra::{
    AggregateExpression, Expression, Function, GraphPattern, OrderExpression,
    PropertyPathExpression,
};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

use crate::rdf::{Literal, NamedNode, Term};
use crate::shacl::graph::Node;
use crate::shacl::path::Path;

/// Stands for a node without IRI where a query needs a term; the number of the node follows.
pub(super) const NODE_PROXY: &str = "urn:x-shacl:node:";

/// Names that are bound before a query runs though it need not know them.
const OPTIONAL: [&str; 2] = ["shapesGraph", "currentShape"];

/// Refuses queries whose meaning pre-binding would change.
pub(super) fn judge(pattern: &GraphPattern, prebound: &[&str]) -> Result<(), String> {
    Judge { prebound }.pattern(pattern, true)
}

struct Judge<'p> {
    prebound: &'p [&'p str],
}

impl Judge<'_> {
    /// `outermost`: the projection of the query itself may still come.
    fn pattern(&self, pattern: &GraphPattern, outermost: bool) -> Result<(), String> {
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => Ok(()),
            GraphPattern::Join { left, right } | GraphPattern::Union { left, right } => {
                self.pattern(left, false)?;
                self.pattern(right, false)
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => {
                self.pattern(left, false)?;
                self.pattern(right, false)?;
                expression
                    .iter()
                    .try_for_each(|expression| self.expression(expression))
            }
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr)?;
                self.pattern(inner, false)
            }
            GraphPattern::Graph { inner, .. } => self.pattern(inner, false),
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => {
                self.not_assigned(variable)?;
                self.expression(expression)?;
                self.pattern(inner, false)
            }
            GraphPattern::OrderBy { inner, expression } => {
                for order in expression {
                    let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) =
                        order;
                    self.expression(expression)?;
                }
                self.pattern(inner, outermost)
            }
            GraphPattern::Project { inner, variables } => {
                if !outermost {
                    self.projects_all(variables)?;
                }
                self.pattern(inner, false)
            }
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner, outermost),
            GraphPattern::Group {
                inner, aggregates, ..
            } => {
                for (variable, aggregate) in aggregates {
                    self.not_assigned(variable)?;
                    if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                        self.expression(expr)?;
                    }
                }
                self.pattern(inner, false)
            }
            GraphPattern::Minus { .. } => Err("MINUS is not allowed in shapes".to_owned()),
            GraphPattern::Values { .. } => Err("VALUES is not allowed in shapes".to_owned()),
            GraphPattern::Service { .. } => Err("SERVICE is not allowed in shapes".to_owned()),
            GraphPattern::Lateral { .. } => {
                Err("an extension of SPARQL is not allowed in shapes".to_owned())
            }
        }
    }

    fn not_assigned(&self, variable: &Variable) -> Result<(), String> {
        if self.prebound.contains(&variable.as_str()) || OPTIONAL.contains(&variable.as_str()) {
            return Err(format!(
                "AS {variable} assigns a variable that has its value already"
            ));
        }
        Ok(())
    }

    fn projects_all(&self, variables: &[Variable]) -> Result<(), String> {
        for name in self.prebound {
            if !variables.iter().any(|variable| variable.as_str() == *name) {
                return Err(format!("a nested SELECT must return ${name}"));
            }
        }
        Ok(())
    }

    fn expression(&self, expression: &Expression) -> Result<(), String> {
        match expression {
            Expression::Exists(pattern) => self.pattern(pattern, false),
            other => parts(other)
                .into_iter()
                .try_for_each(|part| self.expression(part)),
        }
    }
}

fn parts(expression: &Expression) -> Vec<&Expression> {
    use Expression as E;
    match expression {
        E::NamedNode(_) | E::Literal(_) | E::Variable(_) | E::Bound(_) | E::Exists(_) => Vec::new(),
        E::Or(a, b)
        | E::And(a, b)
        | E::Equal(a, b)
        | E::SameTerm(a, b)
        | E::Greater(a, b)
        | E::GreaterOrEqual(a, b)
        | E::Less(a, b)
        | E::LessOrEqual(a, b)
        | E::Add(a, b)
        | E::Subtract(a, b)
        | E::Multiply(a, b)
        | E::Divide(a, b) => vec![a, b],
        E::UnaryPlus(a) | E::UnaryMinus(a) | E::Not(a) => vec![a],
        E::In(a, list) => std::iter::once(&**a).chain(list).collect(),
        E::If(a, b, c) => vec![a, b, c],
        E::Coalesce(list) | E::FunctionCall(_, list) => list.iter().collect(),
    }
}

/// The terms that take the place of variables.
#[derive(Clone, Debug, Default)]
pub(super) struct Bindings {
    rows: Vec<Binding>,
}

#[derive(Clone, Debug)]
struct Binding {
    name: String,
    term: Term,
    /// What stands in patterns and expressions for a node without IRI.
    proxy: Option<NamedNode>,
}

impl Bindings {
    pub(super) fn add(&mut self, name: &str, term: Term, node: Node) {
        let needs_proxy = matches!(term, Term::BlankNode(_) | Term::Triple(_));
        let proxy =
            needs_proxy.then(|| NamedNode::new_unchecked(format!("{NODE_PROXY}{}", node.number())));
        self.rows.push(Binding {
            name: name.to_owned(),
            term,
            proxy,
        });
    }

    /// A name for something that is only ever an IRI or a literal.
    pub(super) fn add_plain(&mut self, name: &str, term: Term) {
        self.rows.push(Binding {
            name: name.to_owned(),
            term,
            proxy: None,
        });
    }

    pub(super) fn get(&self, name: &str) -> Option<&Term> {
        self.find(name).map(|binding| &binding.term)
    }

    /// Functions without arguments that give what cannot be written as a constant.
    pub(super) fn functions(&self) -> impl Iterator<Item = (NamedNode, Term)> {
        self.rows
            .iter()
            .filter_map(|binding| Some((binding.proxy.clone()?, binding.term.clone())))
    }

    fn find(&self, name: &str) -> Option<&Binding> {
        self.rows.iter().find(|binding| binding.name == name)
    }

    pub(super) fn apply(&self, pattern: GraphPattern) -> GraphPattern {
        rewrite(pattern, self)
    }
}

impl Rewrite for Bindings {
    fn term(&self, variable: &Variable) -> Option<TermPattern> {
        let binding = self.find(variable.as_str())?;
        Some(match (&binding.proxy, &binding.term) {
            (Some(proxy), _) => TermPattern::NamedNode(proxy.clone()),
            (None, Term::Literal(literal)) => TermPattern::Literal(literal.clone()),
            (None, Term::NamedNode(iri)) => TermPattern::NamedNode(iri.clone()),
            // These always have a proxy, but for the name of a shape that no query can reach.
            (None, Term::BlankNode(_) | Term::Triple(_)) => return None,
        })
    }

    fn expression(&self, variable: &Variable) -> Option<Expression> {
        let binding = self.find(variable.as_str())?;
        Some(match (&binding.proxy, &binding.term) {
            (Some(proxy), _) => {
                Expression::FunctionCall(Function::Custom(proxy.clone()), Vec::new())
            }
            (None, Term::Literal(literal)) => Expression::Literal(literal.clone()),
            (None, Term::NamedNode(iri)) => Expression::NamedNode(iri.clone()),
            (None, Term::BlankNode(_) | Term::Triple(_)) => return None,
        })
    }

    fn triple(&self, pattern: TriplePattern) -> GraphPattern {
        GraphPattern::Bgp {
            patterns: vec![pattern],
        }
    }
}

/// Puts a path in the place of `$PATH`, which may only stand where a property stands.
pub(super) fn with_path(pattern: GraphPattern, path: &Path) -> GraphPattern {
    rewrite(pattern, &PathRewrite(path))
}

struct PathRewrite<'p>(&'p Path);

impl Rewrite for PathRewrite<'_> {
    fn term(&self, _: &Variable) -> Option<TermPattern> {
        None
    }

    fn expression(&self, _: &Variable) -> Option<Expression> {
        None
    }

    fn triple(&self, pattern: TriplePattern) -> GraphPattern {
        match &pattern.predicate {
            NamedNodePattern::Variable(variable) if variable.as_str() == "PATH" => match self.0 {
                Path::Predicate(predicate) => GraphPattern::Bgp {
                    patterns: vec![TriplePattern {
                        predicate: predicate.clone().into(),
                        ..pattern
                    }],
                },
                path => GraphPattern::Path {
                    subject: pattern.subject,
                    path: expression_of(path),
                    object: pattern.object,
                },
            },
            _ => GraphPattern::Bgp {
                patterns: vec![pattern],
            },
        }
    }
}

fn expression_of(path: &Path) -> PropertyPathExpression {
    use PropertyPathExpression as P;
    let inner = |path: &Path| Box::new(expression_of(path));
    let folded = |paths: &[Path], join: fn(Box<P>, Box<P>) -> P| {
        let parts = paths.iter().map(expression_of);
        let whole = parts.reduce(|a, b| join(Box::new(a), Box::new(b)));
        whole.unwrap_or_else(|| P::NegatedPropertySet(Vec::new()))
    };
    match path {
        Path::Predicate(predicate) => P::NamedNode(predicate.clone()),
        Path::Inverse(path) => P::Reverse(inner(path)),
        Path::Sequence(paths) => folded(paths, P::Sequence),
        Path::Alternative(paths) => folded(paths, P::Alternative),
        Path::ZeroOrMore(path) => P::ZeroOrMore(inner(path)),
        Path::OneOrMore(path) => P::OneOrMore(inner(path)),
        Path::ZeroOrOne(path) => P::ZeroOrOne(inner(path)),
    }
}

/// What takes the place of variables and of triples.
trait Rewrite {
    fn term(&self, variable: &Variable) -> Option<TermPattern>;
    fn expression(&self, variable: &Variable) -> Option<Expression>;
    fn triple(&self, pattern: TriplePattern) -> GraphPattern;
}

fn rewrite(pattern: GraphPattern, by: &dyn Rewrite) -> GraphPattern {
    let boxed = |pattern: Box<GraphPattern>| Box::new(rewrite(*pattern, by));
    match pattern {
        GraphPattern::Bgp { patterns } => rewrite_bgp(patterns, by),
        GraphPattern::Path {
            subject,
            path,
            object,
        } => GraphPattern::Path {
            subject: rewrite_term(subject, by),
            path,
            object: rewrite_term(object, by),
        },
        GraphPattern::Join { left, right } => GraphPattern::Join {
            left: boxed(left),
            right: boxed(right),
        },
        GraphPattern::Union { left, right } => GraphPattern::Union {
            left: boxed(left),
            right: boxed(right),
        },
        GraphPattern::LeftJoin {
            left,
            right,
            expression,
        } => GraphPattern::LeftJoin {
            left: boxed(left),
            right: boxed(right),
            expression: expression.map(|expression| rewrite_expression(expression, by)),
        },
        GraphPattern::Filter { expr, inner } => GraphPattern::Filter {
            expr: rewrite_expression(expr, by),
            inner: boxed(inner),
        },
        GraphPattern::Graph { name, inner } => GraphPattern::Graph {
            name: rewrite_name(name, by),
            inner: boxed(inner),
        },
        GraphPattern::Extend {
            inner,
            variable,
            expression,
        } => GraphPattern::Extend {
            inner: boxed(inner),
            variable,
            expression: rewrite_expression(expression, by),
        },
        GraphPattern::OrderBy { inner, expression } => GraphPattern::OrderBy {
            inner: boxed(inner),
            expression: expression
                .into_iter()
                .map(|order| rewrite_order(order, by))
                .collect(),
        },
        GraphPattern::Project { inner, variables } => GraphPattern::Project {
            inner: boxed(inner),
            variables,
        },
        GraphPattern::Distinct { inner } => GraphPattern::Distinct {
            inner: boxed(inner),
        },
        GraphPattern::Reduced { inner } => GraphPattern::Reduced {
            inner: boxed(inner),
        },
        GraphPattern::Slice {
            inner,
            start,
            length,
        } => GraphPattern::Slice {
            inner: boxed(inner),
            start,
            length,
        },
        GraphPattern::Group {
            inner,
            variables,
            aggregates,
        } => GraphPattern::Group {
            inner: boxed(inner),
            variables,
            aggregates: aggregates
                .into_iter()
                .map(|(variable, aggregate)| (variable, rewrite_aggregate(aggregate, by)))
                .collect(),
        },
        // Refused when the query was judged.
        other => other,
    }
}

/// Triples that stay triples stay together, for the sake of the optimizer.
fn rewrite_bgp(patterns: Vec<TriplePattern>, by: &dyn Rewrite) -> GraphPattern {
    let (mut triples, mut paths) = (Vec::new(), Vec::new());
    for pattern in patterns {
        match by.triple(rewrite_triple(pattern, by)) {
            GraphPattern::Bgp { patterns } => triples.extend(patterns),
            other => paths.push(other),
        }
    }
    let start = GraphPattern::Bgp { patterns: triples };
    paths
        .into_iter()
        .fold(start, |left, right| GraphPattern::Join {
            left: Box::new(left),
            right: Box::new(right),
        })
}

fn rewrite_triple(pattern: TriplePattern, by: &dyn Rewrite) -> TriplePattern {
    TriplePattern {
        subject: rewrite_term(pattern.subject, by),
        predicate: rewrite_name(pattern.predicate, by),
        object: rewrite_term(pattern.object, by),
    }
}

fn rewrite_term(term: TermPattern, by: &dyn Rewrite) -> TermPattern {
    match term {
        TermPattern::Variable(variable) => by.term(&variable).unwrap_or(variable.into()),
        TermPattern::Triple(triple) => TermPattern::Triple(Box::new(rewrite_triple(*triple, by))),
        other => other,
    }
}

fn rewrite_name(name: NamedNodePattern, by: &dyn Rewrite) -> NamedNodePattern {
    let NamedNodePattern::Variable(variable) = name else {
        return name;
    };
    match by.term(&variable) {
        Some(TermPattern::NamedNode(iri)) => iri.into(),
        // A text is no property and no graph: nothing can match.
        Some(_) => NamedNode::new_unchecked(format!("{NODE_PROXY}none")).into(),
        None => variable.into(),
    }
}

fn rewrite_order(order: OrderExpression, by: &dyn Rewrite) -> OrderExpression {
    match order {
        OrderExpression::Asc(expression) => {
            OrderExpression::Asc(rewrite_expression(expression, by))
        }
        OrderExpression::Desc(expression) => {
            OrderExpression::Desc(rewrite_expression(expression, by))
        }
    }
}

fn rewrite_aggregate(aggregate: AggregateExpression, by: &dyn Rewrite) -> AggregateExpression {
    match aggregate {
        AggregateExpression::FunctionCall {
            name,
            expr,
            distinct,
        } => {
            let expr = rewrite_expression(expr, by);
            AggregateExpression::FunctionCall {
                name,
                expr,
                distinct,
            }
        }
        count @ AggregateExpression::CountSolutions { .. } => count,
    }
}

fn rewrite_expression(expression: Expression, by: &dyn Rewrite) -> Expression {
    use Expression as E;
    let boxed = |expression: Box<E>| Box::new(rewrite_expression(*expression, by));
    let all = |list: Vec<E>| {
        list.into_iter()
            .map(|e| rewrite_expression(e, by))
            .collect()
    };
    match expression {
        E::Variable(variable) => by.expression(&variable).unwrap_or(E::Variable(variable)),
        E::Bound(variable) => match by.expression(&variable) {
            Some(_) => E::Literal(Literal::from(true)),
            None => E::Bound(variable),
        },
        E::Exists(pattern) => E::Exists(Box::new(rewrite(*pattern, by))),
        constant @ (E::NamedNode(_) | E::Literal(_)) => constant,
        E::Or(a, b) => E::Or(boxed(a), boxed(b)),
        E::And(a, b) => E::And(boxed(a), boxed(b)),
        E::Equal(a, b) => E::Equal(boxed(a), boxed(b)),
        E::SameTerm(a, b) => E::SameTerm(boxed(a), boxed(b)),
        E::Greater(a, b) => E::Greater(boxed(a), boxed(b)),
        E::GreaterOrEqual(a, b) => E::GreaterOrEqual(boxed(a), boxed(b)),
        E::Less(a, b) => E::Less(boxed(a), boxed(b)),
        E::LessOrEqual(a, b) => E::LessOrEqual(boxed(a), boxed(b)),
        E::Add(a, b) => E::Add(boxed(a), boxed(b)),
        E::Subtract(a, b) => E::Subtract(boxed(a), boxed(b)),
        E::Multiply(a, b) => E::Multiply(boxed(a), boxed(b)),
        E::Divide(a, b) => E::Divide(boxed(a), boxed(b)),
        E::UnaryPlus(a) => E::UnaryPlus(boxed(a)),
        E::UnaryMinus(a) => E::UnaryMinus(boxed(a)),
        E::Not(a) => E::Not(boxed(a)),
        E::In(a, list) => E::In(boxed(a), all(list)),
        E::If(a, b, c) => E::If(boxed(a), boxed(b), boxed(c)),
        E::Coalesce(list) => E::Coalesce(all(list)),
        E::FunctionCall(function, list) => E::FunctionCall(function, all(list)),
    }
}
