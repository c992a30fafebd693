//! A SPARQL query of the shapes: read and judged once, run with terms in place of variables.

use oxrdf::Variable;
use spareval::{QueryEvaluationError, QueryEvaluator, QueryResults, QuerySolution};
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser, SparqlSyntaxError};

use super::dataset::SparqlData;
use super::prebinding::{self, Bindings};
use crate::rdf::vocabulary::{owl, sh};
use crate::rdf::{NamedNode, Term, TermRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::{SparqlFailure, ValidationError};
use crate::shacl::graph::Node;
use crate::shacl::limits::{QUERY_DEPTH_MAX, QUERY_OPERATORS_MAX, QUERY_SIZE_BYTES_MAX};
use crate::shacl::path::Path;
use crate::shacl::validate::Run;

/// The graph name that `$shapesGraph` stands for.
pub(super) const SHAPES_GRAPH: &str = "urn:x-shacl:shapes-graph";

/// Which form of query stands in the shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Ask,
    Select,
}

/// A query that is allowed in shapes, without `$PATH`.
#[derive(Clone, Debug)]
pub(super) struct Template {
    pattern: GraphPattern,
}

impl Template {
    /// Reads the text of a query and refuses what pre-binding cannot have (SHACL appendix A).
    pub(super) fn read(
        reader: &Reader<'_>,
        owner: Node,
        text: &str,
        form: Form,
        prebound: &[&str],
    ) -> Result<Self, String> {
        refuse_large(text)?;
        let mut parser = SparqlParser::new();
        let prefixes = prefixes(reader, owner)?;
        for (prefix, namespace) in &prefixes {
            parser = parser
                .with_prefix(prefix, namespace)
                .map_err(|error| format!("the prefix {prefix} stands for {namespace}: {error}"))?;
        }
        let query = parser
            .parse_query(text)
            .map_err(|error| explain(text, &prefixes, &error))?;
        if query.dataset().is_some() {
            return Err("FROM is not allowed".to_owned());
        }
        let pattern = match (query, form) {
            (Query::Ask { pattern, .. }, Form::Ask)
            | (Query::Select { pattern, .. }, Form::Select) => pattern,
            (_, Form::Ask) => return Err("it is no ASK query".to_owned()),
            (_, Form::Select) => return Err("it is no SELECT query".to_owned()),
        };
        prebinding::judge(&pattern, prebound)?;
        Ok(Self { pattern })
    }

    /// Puts a path in the place of `$PATH`.
    pub(super) fn with_path(&self, path: &Path) -> Self {
        Self {
            pattern: prebinding::with_path(self.pattern.clone(), path),
        }
    }

    pub(super) fn select(
        &self,
        run: &Run<'_>,
        bindings: &Bindings,
    ) -> Result<Vec<QuerySolution>, Failed> {
        let pattern = bindings.apply(self.pattern.clone());
        let query = Query::Select {
            dataset: None,
            pattern,
            base_iri: None,
        };
        execute(run, &query, bindings)
    }

    pub(super) fn ask(&self, run: &Run<'_>, bindings: &Bindings) -> Result<bool, Failed> {
        let inner = Box::new(bindings.apply(self.pattern.clone()));
        let project = Box::new(GraphPattern::Project {
            inner,
            variables: Vec::new(),
        });
        let pattern = GraphPattern::Slice {
            inner: project,
            start: 0,
            length: Some(1),
        };
        let query = Query::Select {
            dataset: None,
            pattern,
            base_iri: None,
        };
        Ok(!execute(run, &query, bindings)?.is_empty())
    }
}

/// Why a query could not be answered.
pub(super) enum Failed {
    Limit(ValidationError),
    Query(String),
}

impl Failed {
    pub(super) fn at(self, shape: &Term, constraint: &Term) -> ValidationError {
        match self {
            Self::Limit(error) => error,
            Self::Query(message) => ValidationError::Sparql(Box::new(SparqlFailure {
                shape: shape.clone(),
                constraint: constraint.clone(),
                message,
            })),
        }
    }
}

impl From<QueryEvaluationError> for Failed {
    fn from(error: QueryEvaluationError) -> Self {
        match error {
            QueryEvaluationError::Dataset(cause) => match cause.downcast::<ValidationError>() {
                Ok(limit) => Self::Limit(*limit),
                Err(other) => Self::Query(other.to_string()),
            },
            other => Self::Query(other.to_string()),
        }
    }
}

fn execute(
    run: &Run<'_>,
    query: &Query,
    bindings: &Bindings,
) -> Result<Vec<QuerySolution>, Failed> {
    let mut evaluator = QueryEvaluator::new();
    for (name, term) in bindings.functions() {
        evaluator = evaluator.with_custom_function(name, move |_| Some(term.clone()));
    }
    let results = evaluator.prepare(query).execute(SparqlData::new(run))?;
    let QueryResults::Solutions(solutions) = results else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for solution in solutions {
        run.sparql_row().map_err(Failed::Limit)?;
        found.push(solution?);
    }
    Ok(found)
}

pub(super) fn value<'s>(solution: &'s QuerySolution, name: &str) -> Option<&'s Term> {
    solution.get(Variable::new_unchecked(name).as_ref())
}

pub(super) fn shapes_graph() -> NamedNode {
    NamedNode::new_unchecked(SHAPES_GRAPH)
}

/// The declarations that `sh:prefixes` refers to, through `owl:imports` too (SHACL §5.2.1).
fn prefixes(reader: &Reader<'_>, owner: Node) -> Result<Vec<(String, String)>, String> {
    let mut sources = reader.all(owner, sh::PREFIXES);
    let mut declared: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while let Some(source) = sources.get(at).copied() {
        at += 1;
        for next in reader.all(source, owl::IMPORTS) {
            if !sources.contains(&next) {
                sources.push(next);
            }
        }
        for declaration in reader.all(source, sh::DECLARE) {
            let text = |property| match reader.term(reader.first(declaration, property)?) {
                TermRef::Literal(literal) => Some(literal.value().to_owned()),
                _ => None,
            };
            let Some(pair) = text(sh::PREFIX).zip(text(sh::PREFIX_NAMESPACE)) else {
                return Err("sh:declare needs a sh:prefix and a sh:namespace".to_owned());
            };
            if declared
                .iter()
                .any(|known| known.0 == pair.0 && known.1 != pair.1)
            {
                return Err(format!(
                    "the prefix {} is declared twice, differently",
                    pair.0
                ));
            }
            declared.push(pair);
        }
    }
    Ok(declared)
}

/// Why a query cannot be read: nearly always an undeclared prefix.
fn explain(text: &str, declared: &[(String, String)], error: &SparqlSyntaxError) -> String {
    let skeleton = skeleton(text);
    let words: Vec<&str> = skeleton
        .split(|c: char| !(c.is_alphanumeric() || "_-.:?$".contains(c)))
        .filter(|word| !word.is_empty())
        .collect();
    let inline = words
        .windows(2)
        .filter(|pair| pair[0].eq_ignore_ascii_case("PREFIX"));
    let inline: Vec<&str> = inline
        .filter_map(|pair| pair[1].split(':').next())
        .collect();
    let prefixes = words
        .iter()
        .filter_map(|word| Some(word.split_once(':')?.0));
    let unknown = prefixes
        .filter(|prefix| !prefix.starts_with(['?', '$', '_']))
        .find(|prefix| {
            !inline.contains(prefix) && !declared.iter().any(|(known, _)| known == prefix)
        });
    if let Some(prefix) = unknown {
        return format!("its prefix {prefix}: is not among those that sh:prefixes names");
    }
    let error = error.to_string();
    error
        .split(": expected")
        .next()
        .unwrap_or(&error)
        .to_owned()
}

/// The parser and the evaluator recurse, so what nests too deep is refused before they see it.
fn refuse_large(text: &str) -> Result<(), String> {
    if text.len() > QUERY_SIZE_BYTES_MAX {
        return Err(format!("it has more than {QUERY_SIZE_BYTES_MAX} bytes"));
    }
    let (mut depth, mut operators) = (0usize, 0usize);
    for c in skeleton(text).chars() {
        match c {
            '(' | '{' | '[' | '<' => depth += 1,
            ')' | '}' | ']' | '>' => depth = depth.saturating_sub(1),
            '!' | '|' | '&' | '+' | '-' | '*' | '/' | '^' | '=' => operators += 1,
            _ => (),
        }
        if depth > QUERY_DEPTH_MAX {
            return Err(format!("it nests more than {QUERY_DEPTH_MAX} deep"));
        }
    }
    let upper = text.to_ascii_uppercase();
    for word in ["UNION", "OPTIONAL", "FILTER", "BIND", "GRAPH", "EXISTS"] {
        operators += upper.matches(word).count();
    }
    if operators > QUERY_OPERATORS_MAX {
        return Err(format!("it has more than {QUERY_OPERATORS_MAX} operators"));
    }
    Ok(())
}

/// The query without its IRIs, texts, comments and comparisons; `<<` and `>>` become one sign.
fn skeleton(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '<' if rest.starts_with("<<") => None,
            '<' => Some(iri_length(rest).unwrap_or(1)),
            '>' if !rest.starts_with(">>") => Some(1),
            '"' | '\'' => text_length(rest),
            '#' => rest.find('\n').or(Some(rest.len())),
            _ => None,
        };
        let kept = if matches!(c, '<' | '>') {
            2
        } else {
            c.len_utf8()
        };
        if skipped.is_none() {
            out.push(c);
        }
        rest = &rest[skipped.unwrap_or(kept)..];
    }
    out
}

fn iri_length(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let is_iri = !text[1..end].contains(|c: char| c.is_whitespace() || "<\"{}|^`".contains(c));
    is_iri.then_some(end + 1)
}

fn text_length(text: &str) -> Option<usize> {
    let quote = &text[..1];
    let long = quote.repeat(3);
    let delimiter = if text.starts_with(&long) {
        long.as_str()
    } else {
        quote
    };
    let mut at = delimiter.len();
    while at < text.len() {
        if text[at..].starts_with(delimiter) {
            return Some(at + delimiter.len());
        }
        let c = text[at..].chars().next()?;
        at += c.len_utf8();
        if c == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_queries_are_refused_and_texts_do_not_count() {
        let nested = format!("ASK {}{}", "{".repeat(200), "}".repeat(200));
        assert!(refuse_large(&nested).unwrap_err().contains("nests"));
        let reified = format!("ASK {{ {} }}", "<< ".repeat(5_000));
        assert!(refuse_large(&reified).unwrap_err().contains("nests"));
        let chain = format!("ASK {{ FILTER({}true) }}", "!".repeat(5_000));
        assert!(refuse_large(&chain).unwrap_err().contains("operators"));
        let harmless = format!(
            "ASK {{ FILTER(?a = \"{}\") # {}\n}}",
            "{".repeat(500),
            "!".repeat(900)
        );
        assert_eq!(refuse_large(&harmless), Ok(()));
        assert!(refuse_large(&"a".repeat(100_000)).is_err());
    }
}
