//! How long may what a query makes become? Functions and aggregates that put strings together,
//! each within a bound.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use oxrdf::vocab::xsd;
use parking_lot::Mutex;
use regex::{Regex, RegexBuilder};
use spareval::{AggregateFunctionAccumulator, QueryEvaluator};
use spargebra::algebra::Function;

use crate::rdf::{BlankNode, Literal, NamedNode, Term};

/// The longest string that a query may make, in bytes.
const STRING_BYTES_MAX: usize = 4 << 20;
/// What all its concatenations may hold at once, in bytes.
const CONCATENATIONS_BYTES_MAX: usize = 256 << 20;
/// So many different patterns of `REPLACE` are kept compiled.
const PATTERNS_MAX: usize = 64;
const PATTERN_BYTES_MAX: usize = 1 << 20;

pub(super) const CONCAT: &str = "\0concat";
pub(super) const REPLACE: &str = "\0replace";
pub(super) const ENCODE: &str = "\0encode";
pub(super) const BLANK_NODE: &str = "\0blank-node";
pub(super) const ROW: &str = "\0row";

/// How the functions call themselves in the algebra.
pub(super) fn custom(name: &str) -> Function {
    Function::Custom(NamedNode::new_unchecked(name))
}

/// What a query's strings have grown to.
#[derive(Default)]
pub(super) struct Growth {
    over: AtomicBool,
    held: AtomicUsize,
}

impl Growth {
    /// Whether something became longer than it may; what was made since is not to be believed.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn allows(&self, bytes: usize) -> bool {
        if bytes > STRING_BYTES_MAX {
            self.over.store(true, Ordering::Relaxed);
        }
        !self.is_over()
    }

    fn hold(&self, bytes: usize) -> bool {
        let held = self.held.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if held > CONCATENATIONS_BYTES_MAX {
            self.over.store(true, Ordering::Relaxed);
        }
        !self.is_over()
    }
}

/// Gives an evaluator our functions.
pub(super) fn functions(evaluator: QueryEvaluator, growth: &Arc<Growth>) -> QueryEvaluator {
    let name = NamedNode::new_unchecked;
    let (of_concat, of_replace, of_encode) =
        (Arc::clone(growth), Arc::clone(growth), Arc::clone(growth));
    let patterns = Mutex::new(HashMap::new());
    let rows = AtomicU64::new(0);
    let prefix = BlankNode::default().into_string();
    evaluator
        .with_custom_function(name(CONCAT), move |parts| concat(parts, &of_concat))
        .with_custom_function(name(REPLACE), move |arguments| {
            replace(arguments, &patterns, &of_replace)
        })
        .with_custom_function(name(ENCODE), move |arguments| {
            encode(arguments.first()?, &of_encode)
        })
        .with_custom_function(name(ROW), move |_| {
            Some(Literal::from(rows.fetch_add(1, Ordering::Relaxed)).into())
        })
        .with_custom_function(name(BLANK_NODE), move |arguments| {
            let [Term::Literal(label), Term::Literal(row)] = arguments else {
                return None;
            };
            if label.datatype() != xsd::STRING {
                return None;
            }
            let mut hasher = DefaultHasher::new();
            label.value().hash(&mut hasher);
            let id = format!("{prefix}r{}h{:x}", row.value(), hasher.finish());
            Some(BlankNode::new_unchecked(id).into())
        })
}

/// Gives an evaluator a `GROUP_CONCAT` with a separator (SPARQL 1.1 §18.5.1.7): a simple literal.
pub(super) fn concatenation(
    evaluator: QueryEvaluator,
    name: NamedNode,
    separator: String,
    growth: &Arc<Growth>,
) -> QueryEvaluator {
    let growth = Arc::clone(growth);
    let separator: Arc<str> = separator.into();
    evaluator.with_custom_aggregate_function(name, move || {
        Box::new(Concatenation {
            text: Some(String::new()),
            begun: false,
            separator: Arc::clone(&separator),
            growth: Arc::clone(&growth),
        })
    })
}

struct Concatenation {
    text: Option<String>,
    begun: bool,
    separator: Arc<str>,
    growth: Arc<Growth>,
}

impl AggregateFunctionAccumulator for Concatenation {
    fn accumulate(&mut self, element: Term) {
        let Some(text) = &mut self.text else { return };
        let value = match &element {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            Term::BlankNode(_) | Term::Triple(_) => {
                self.text = None;
                return;
            }
        };
        let more = value.len() + self.separator.len();
        if !self.growth.allows(text.len() + more) || !self.growth.hold(more) {
            self.text = None;
            return;
        }
        if self.begun {
            text.push_str(&self.separator);
        }
        self.begun = true;
        text.push_str(value);
    }

    fn finish(&mut self) -> Option<Term> {
        let text = self.text.take()?;
        Some(Literal::new_simple_literal(text).into())
    }
}

/// A string with what it says about its language.
fn string(term: &Term) -> Option<&Literal> {
    match term {
        Term::Literal(literal) if literal.language().is_some() => Some(literal),
        Term::Literal(literal) if literal.datatype() == xsd::STRING => Some(literal),
        _ => None,
    }
}

fn like(value: String, example: Option<&Literal>) -> Literal {
    match example.and_then(|literal| Some((literal.language()?, literal.direction()))) {
        None => Literal::new_simple_literal(value),
        Some((language, None)) => Literal::new_language_tagged_literal_unchecked(value, language),
        Some((language, Some(direction))) => {
            Literal::new_directional_language_tagged_literal_unchecked(value, language, direction)
        }
    }
}

/// `CONCAT` (SPARQL 1.1 §17.4.3.12).
fn concat(parts: &[Term], growth: &Growth) -> Option<Term> {
    let parts: Vec<&Literal> = parts.iter().map(string).collect::<Option<_>>()?;
    if !growth.allows(parts.iter().map(|part| part.value().len()).sum()) {
        return None;
    }
    let same = |pair: &[&Literal]| {
        (pair[0].language(), pair[0].direction()) == (pair[1].language(), pair[1].direction())
    };
    let example = parts
        .first()
        .copied()
        .filter(|_| parts.windows(2).all(same));
    let whole = parts.iter().map(|part| part.value()).collect();
    Some(like(whole, example).into())
}

/// `ENCODE_FOR_URI` (SPARQL 1.1 §17.4.3.11).
fn encode(text: &Term, growth: &Growth) -> Option<Term> {
    const KEPT: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'~');
    let text = string(text)?.value();
    if !growth.allows(text.len().saturating_mul(3)) {
        return None;
    }
    let encoded = percent_encoding::utf8_percent_encode(text, KEPT).to_string();
    Some(Literal::new_simple_literal(encoded).into())
}

type Patterns = Mutex<HashMap<(String, String), Option<Regex>>>;

/// `REPLACE` (SPARQL 1.1 §17.4.3.15).
fn replace(arguments: &[Term], patterns: &Patterns, growth: &Growth) -> Option<Term> {
    let (text, pattern, replacement, flags) = match arguments {
        [text, pattern, replacement] => (text, pattern, replacement, ""),
        [text, pattern, replacement, flags] => (text, pattern, replacement, simple(flags)?),
        _ => return None,
    };
    let (text, pattern, replacement) = (string(text)?, simple(pattern)?, simple(replacement)?);
    let mut patterns = patterns.lock();
    let key = (pattern.to_owned(), flags.to_owned());
    if patterns.len() >= PATTERNS_MAX && !patterns.contains_key(&key) {
        patterns.clear();
    }
    let regex = patterns
        .entry(key)
        .or_insert_with(|| compile(pattern, flags))
        .as_ref()?;
    let mut made = String::new();
    let mut last = 0;
    for found in regex.captures_iter(text.value()) {
        let whole = found.get(0)?;
        made.push_str(&text.value()[last..whole.start()]);
        found.expand(replacement, &mut made);
        last = whole.end();
        if !growth.allows(made.len()) {
            return None;
        }
    }
    made.push_str(&text.value()[last..]);
    Some(like(made, Some(text)).into())
}

fn simple(term: &Term) -> Option<&str> {
    match term {
        Term::Literal(literal) if literal.datatype() == xsd::STRING => Some(literal.value()),
        _ => None,
    }
}

fn compile(pattern: &str, flags: &str) -> Option<Regex> {
    let escaped = flags.contains('q').then(|| regex::escape(pattern));
    let mut builder = RegexBuilder::new(escaped.as_deref().unwrap_or(pattern));
    builder.size_limit(PATTERN_BYTES_MAX);
    for flag in flags.chars() {
        match flag {
            's' => builder.dot_matches_new_line(true),
            'm' => builder.multi_line(true),
            'i' => builder.case_insensitive(true),
            'x' => builder.ignore_whitespace(true),
            'q' => &mut builder,
            _ => return None,
        };
    }
    builder.build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Term {
        Literal::new_simple_literal(value).into()
    }

    #[test]
    fn a_replacement_that_grows_too_long_is_given_up() {
        let (growth, patterns) = (Growth::default(), Patterns::default());
        let long = text(&"a".repeat(10_000));
        let made = replace(
            &[text("caab"), text("a+"), text("<$0>")],
            &patterns,
            &growth,
        );
        assert_eq!(made, Some(text("c<aa>b")));
        assert_eq!(
            replace(&[long.clone(), text("a"), long], &patterns, &growth),
            None
        );
        assert!(growth.is_over());
    }

    #[test]
    fn parts_of_one_language_keep_it() {
        let growth = Growth::default();
        let german =
            |value| Term::from(Literal::new_language_tagged_literal_unchecked(value, "de"));
        assert_eq!(
            concat(&[german("a"), german("b")], &growth),
            Some(german("ab"))
        );
        assert_eq!(concat(&[german("a"), text("b")], &growth), Some(text("ab")));
        assert_eq!(concat(&[], &growth), Some(text("")));
        assert_eq!(concat(&[Literal::from(1).into()], &growth), None);
    }
}
