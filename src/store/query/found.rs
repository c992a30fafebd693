//! What can a query ask of those who know more than triples: the text index and the vocabularies?
//!
//! * `?record vs:matches "words"` binds the records that a search for the words finds;
//!   `(?record ?score) vs:matches ("words" 50)` also says how well each matches, and gives the best 50.
//! * `?concept vs:within <concept>` binds the concept itself and everything below it in the
//!   vocabularies; `<concept> vs:within ?concept` what stands above.

use std::collections::HashMap;

use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

use crate::rdf::vocabulary::{rdf, vs};
use crate::rdf::{BlankNode, NamedNode};

/// So many records are found when a query does not say how many.
pub(super) const FOUND_DEFAULT: usize = 10_000;
/// The most that a query can ask for.
pub(super) const FOUND_MAX: usize = 1_000_000;

/// A record that was found, and how well it matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    pub iri: NamedNode,
    pub score: f64,
}

/// Finds records by words.
pub trait TextSearch: Send + Sync {
    /// The best so many, the best first.
    fn find(&self, words: &str, limit: usize) -> Result<Vec<Match>, String>;
}

/// Knows the order of concepts.
pub trait Hierarchy: Send + Sync {
    /// The concept itself and all that stand below it.
    fn below(&self, concept: &NamedNode) -> Vec<NamedNode>;
    /// The concept itself and all that stand above it.
    fn above(&self, concept: &NamedNode) -> Vec<NamedNode>;
}

/// A question to one of them that stands among triple patterns.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Question {
    Matches {
        record: TermPattern,
        score: Option<TermPattern>,
        words: TermPattern,
        limit: Option<TermPattern>,
    },
    Within {
        narrow: TermPattern,
        wide: TermPattern,
    },
}

impl Question {
    pub(super) fn terms(&self) -> impl Iterator<Item = &TermPattern> {
        let (one, two) = match self {
            Self::Matches { record, score, .. } => (record, score.as_ref()),
            Self::Within { narrow, wide } => (narrow, Some(wide)),
        };
        std::iter::once(one).chain(two)
    }
}

/// Takes the questions out of triple patterns, with the lists that belong to them.
pub(super) fn questions(
    patterns: &[TriplePattern],
) -> Result<(Vec<TriplePattern>, Vec<Question>), String> {
    let asks = |pattern: &TriplePattern, property| matches!(&pattern.predicate, NamedNodePattern::NamedNode(node) if node.as_ref() == property);
    let is_question =
        |pattern: &TriplePattern| asks(pattern, vs::MATCHES) || asks(pattern, vs::WITHIN);
    if !patterns.iter().any(is_question) {
        return Ok((patterns.to_vec(), Vec::new()));
    }
    let mut lists = Lists::new(patterns);
    let mut found = Vec::new();
    for pattern in patterns.iter().filter(|pattern| is_question(pattern)) {
        if asks(pattern, vs::WITHIN) {
            found.push(Question::Within {
                narrow: pattern.subject.clone(),
                wide: pattern.object.clone(),
            });
            continue;
        }
        let of = |members: Vec<TermPattern>, what: &str| match <[TermPattern; 2]>::try_from(members)
        {
            Ok([first, second]) => Ok((first, Some(second))),
            Err(mut members) if members.len() == 1 => Ok((members.remove(0), None)),
            Err(_) => Err(format!("vs:matches takes {what}")),
        };
        let (record, score) = of(
            lists.members(&pattern.subject),
            "?record or (?record ?score) before it",
        )?;
        let (words, limit) = of(
            lists.members(&pattern.object),
            "\"words\" or (\"words\" 50) behind it",
        )?;
        found.push(Question::Matches {
            record,
            score,
            words,
            limit,
        });
    }
    let rest = patterns.iter().enumerate();
    let rest = rest.filter(|(at, pattern)| !is_question(pattern) && !lists.used.contains(at));
    Ok((rest.map(|(_, pattern)| pattern.clone()).collect(), found))
}

/// The lists that a query writes in round brackets.
struct Lists<'a> {
    first: HashMap<&'a BlankNode, (usize, &'a TermPattern)>,
    rest: HashMap<&'a BlankNode, (usize, &'a TermPattern)>,
    /// The places of patterns that made up a list.
    used: Vec<usize>,
}

impl<'a> Lists<'a> {
    fn new(patterns: &'a [TriplePattern]) -> Self {
        let (mut first, mut rest) = (HashMap::new(), HashMap::new());
        for (at, pattern) in patterns.iter().enumerate() {
            let (TermPattern::BlankNode(node), NamedNodePattern::NamedNode(property)) =
                (&pattern.subject, &pattern.predicate)
            else {
                continue;
            };
            if property.as_ref() == rdf::FIRST {
                first.insert(node, (at, &pattern.object));
            } else if property.as_ref() == rdf::REST {
                rest.insert(node, (at, &pattern.object));
            }
        }
        Self {
            first,
            rest,
            used: Vec::new(),
        }
    }

    /// The members of a list, or the term itself if it is none.
    fn members(&mut self, term: &TermPattern) -> Vec<TermPattern> {
        let mut members = Vec::new();
        let mut at = term;
        while let TermPattern::BlankNode(node) = at
            && let (Some((one, first)), Some((other, rest))) =
                (self.first.get(node), self.rest.get(node))
            && !self.used.contains(one)
        {
            members.push((*first).clone());
            self.used.extend([*one, *other]);
            at = rest;
        }
        if members.is_empty() {
            members.push(term.clone());
        }
        members
    }
}
