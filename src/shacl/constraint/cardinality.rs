//! Cardinality constraints (SHACL §4.2): how many values.

use super::{Facts, Found, Kind, parameter};
use crate::rdf::vocabulary::sh;
use crate::rdf::{Literal, NamedNodeRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::message::counted;
use crate::shacl::validate::{Check, Sink};

#[derive(Debug)]
pub(in crate::shacl) enum Cardinality {
    Min(u64),
    Max(u64),
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for (predicate, new) in [
        (sh::MIN_COUNT, Cardinality::Min as fn(u64) -> Cardinality),
        (sh::MAX_COUNT, Cardinality::Max),
    ] {
        if found.property_only(reader, predicate)
            && let Some(count) = reader.count(found.shape, predicate)
        {
            let value = Literal::from(count);
            found.add(Kind::Cardinality(new(count)), parameter(predicate, &value));
        }
    }
}

impl Cardinality {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let count = check.values.len() as u64;
        let holds = match self {
            Self::Min(least) => count >= *least,
            Self::Max(most) => count <= *most,
        };
        if holds {
            Ok(())
        } else {
            check.fail(sink, None)
        }
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self {
            Self::Min(_) => sh::MIN_COUNT_CONSTRAINT_COMPONENT,
            Self::Max(_) => sh::MAX_COUNT_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        let (path, has) = (facts.path(), facts.count);
        match self {
            Self::Min(least) => {
                format!(
                    "needs at least {} of {path}, has {has}",
                    counted(*least, "value")
                )
            }
            Self::Max(0) => format!("may not have any value of {path}, has {has}"),
            Self::Max(most) => {
                format!(
                    "may have at most {} of {path}, has {has}",
                    counted(*most, "value")
                )
            }
        }
    }
}
