//! Value range constraints (SHACL §4.3): smaller and greater than a bound.

use std::cmp::Ordering;

use super::{Facts, Found, Kind, parameter};
use crate::rdf::vocabulary::sh;
use crate::rdf::{NamedNodeRef, TermRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::message::short;
use crate::shacl::validate::{Check, Sink};
use crate::shacl::value::Value;

#[derive(Debug)]
pub(in crate::shacl) struct ValueRange {
    side: Side,
    bound: Value,
}

#[derive(Clone, Copy, Debug)]
enum Side {
    MinExclusive,
    MinInclusive,
    MaxExclusive,
    MaxInclusive,
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for (predicate, side) in [
        (sh::MIN_EXCLUSIVE, Side::MinExclusive),
        (sh::MIN_INCLUSIVE, Side::MinInclusive),
        (sh::MAX_EXCLUSIVE, Side::MaxExclusive),
        (sh::MAX_INCLUSIVE, Side::MaxInclusive),
    ] {
        let Some(node) = reader.single(found.shape, predicate) else {
            continue;
        };
        let term = reader.term(node);
        if let Some(bound) = Value::of(term) {
            let constraint = ValueRange { side, bound };
            found.add(Kind::ValueRange(constraint), parameter(predicate, term));
        } else {
            let message = format!("{} is {term}, which has no order", short(predicate));
            reader.problem(found.shape, &message);
        }
    }
}

impl ValueRange {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        check.each(sink, |term| self.holds(term))
    }

    fn holds(&self, term: TermRef<'_>) -> bool {
        let order = Value::of(term).and_then(|value| value.compare(&self.bound));
        order.is_some_and(|order| match self.side {
            Side::MinExclusive => order == Ordering::Greater,
            Side::MinInclusive => order != Ordering::Less,
            Side::MaxExclusive => order == Ordering::Less,
            Side::MaxInclusive => order != Ordering::Greater,
        })
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self.side {
            Side::MinExclusive => sh::MIN_EXCLUSIVE_CONSTRAINT_COMPONENT,
            Side::MinInclusive => sh::MIN_INCLUSIVE_CONSTRAINT_COMPONENT,
            Side::MaxExclusive => sh::MAX_EXCLUSIVE_CONSTRAINT_COMPONENT,
            Side::MaxInclusive => sh::MAX_INCLUSIVE_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        let demand = match self.side {
            Side::MinExclusive => "greater than",
            Side::MinInclusive => "at least",
            Side::MaxExclusive => "less than",
            Side::MaxInclusive => "at most",
        };
        format!("{} must be {demand} {}", facts.value(), facts.wanted())
    }
}
