//! Other constraints (SHACL §4.8): closed shapes, a value that must be there, a set of values.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Facts, Found, Kind, Parameter, parameter};
use crate::rdf::vocabulary::sh;
use crate::rdf::{Literal, NamedNodeRef, Term, TermRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Constant;
use crate::shacl::message::show_some;
use crate::shacl::validate::{Check, Failure, Sink};

#[derive(Debug)]
pub(in crate::shacl) enum Other {
    /// The properties that are allowed.
    Closed(Vec<Constant>),
    HasValue(Constant),
    In(TermSet),
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    let shape = found.shape;
    if reader.boolean(shape, sh::CLOSED) == Some(true) {
        read_closed(reader, found);
    }
    for node in reader.all(shape, sh::HAS_VALUE) {
        let term = reader.term(node);
        let constant = reader.constant(term);
        found.add(
            Kind::Other(Other::HasValue(constant)),
            parameter(sh::HAS_VALUE, term),
        );
    }
    if let Some(list) = reader.single(shape, sh::IN) {
        let members = reader.members(shape, list, sh::IN);
        let values: Vec<Term> = members
            .iter()
            .map(|m| reader.term(*m).into_owned())
            .collect();
        let set = TermSet::new(values.clone());
        let parameters = vec![Parameter {
            predicate: sh::IN.into_owned(),
            values,
        }];
        found.add(Kind::Other(Other::In(set)), parameters);
    }
}

fn read_closed(reader: &mut Reader<'_>, found: &mut Found) {
    let mut allowed = Vec::new();
    if let Some(list) = reader.single(found.shape, sh::IGNORED_PROPERTIES) {
        for node in reader.members(found.shape, list, sh::IGNORED_PROPERTIES) {
            match reader.term(node) {
                term @ TermRef::NamedNode(_) => allowed.push(reader.constant(term)),
                _ => reader.problem(
                    found.shape,
                    "sh:ignoredProperties has a member that is no IRI",
                ),
            }
        }
    }
    for property in reader.all(found.shape, sh::PROPERTY) {
        if let Some(path) = reader.first(property, sh::PATH)
            && let term @ TermRef::NamedNode(_) = reader.term(path)
        {
            allowed.push(reader.constant(term));
        }
    }
    let parameters = parameter(sh::CLOSED, &Literal::from(true));
    found.add(Kind::Other(Other::Closed(allowed)), parameters);
}

impl Other {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        match self {
            Self::Closed(allowed) => check_closed(check, allowed, sink),
            Self::HasValue(wanted) => {
                let wanted = check.run.terms.constant(*wanted);
                if check.values.contains(&wanted) {
                    Ok(())
                } else {
                    check.fail(sink, None)
                }
            }
            Self::In(set) => check.each(sink, |term| set.contains(term)),
        }
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self {
            Self::Closed(_) => sh::CLOSED_CONSTRAINT_COMPONENT,
            Self::HasValue(_) => sh::HAS_VALUE_CONSTRAINT_COMPONENT,
            Self::In(_) => sh::IN_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        match self {
            Self::Closed(_) => format!("the property {} is not allowed here", facts.path()),
            Self::HasValue(_) => match facts.path {
                Some(path) => format!("{path} must have the value {}", facts.wanted()),
                None => format!("must be {}", facts.wanted()),
            },
            Self::In(set) => {
                let allowed = show_some(set.terms.iter().map(Term::as_ref));
                format!(
                    "{} is not one of the allowed values: {allowed}",
                    facts.value()
                )
            }
        }
    }
}

/// Each property that is not allowed is a result with its own path.
fn check_closed(
    check: &Check<'_, '_>,
    allowed: &[Constant],
    sink: &mut Sink,
) -> Result<(), ValidationError> {
    let terms = &check.run.terms;
    for subject in check.values {
        for (predicate, value) in terms.data.description(*subject) {
            if allowed
                .iter()
                .any(|allowed| terms.constant(*allowed) == predicate)
            {
                continue;
            }
            let (path, value) = (Some(predicate), Some(value));
            check.fail_with(
                sink,
                Failure {
                    value,
                    path,
                    ..Failure::default()
                },
            )?;
        }
    }
    Ok(())
}

/// A set of terms that is asked about borrowed ones.
#[derive(Debug)]
pub(in crate::shacl) struct TermSet {
    terms: Vec<Term>,
    places: FxHashMap<u64, Vec<u32>>,
}

impl TermSet {
    fn new(terms: Vec<Term>) -> Self {
        let mut places: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for (place, term) in (0..).zip(&terms) {
            places.entry(hash(term.as_ref())).or_default().push(place);
        }
        Self { terms, places }
    }

    fn contains(&self, term: TermRef<'_>) -> bool {
        let Some(places) = self.places.get(&hash(term)) else {
            return false;
        };
        places
            .iter()
            .any(|place| self.terms[*place as usize].as_ref() == term)
    }
}

fn hash(term: TermRef<'_>) -> u64 {
    FxBuildHasher.hash_one(term)
}
