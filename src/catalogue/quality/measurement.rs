//! How does the store keep what was measured? As measurements of the Data Quality Vocabulary, each with
//! an address of its own, of metrics that are described at `/quality`.

use super::evidence::Evidence;
use super::mqa::Dimension;
use super::words::{LANGUAGES, say};
use super::{Level, Share};
use crate::catalogue::identifier::Base;
use crate::rdf::vocabulary::{dqv, rdf, skos, xsd};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, Term, Triple};

/// Something that is measured of a record and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Of 405 points.
    Mqa,
    /// Points in one dimension.
    Points(Dimension),
    /// In percent.
    Completeness(Level),
}

impl Measure {
    /// Everything that is kept.
    pub const ALL: [Self; 8] = [
        Self::Mqa,
        Self::Points(Dimension::Findability),
        Self::Points(Dimension::Accessibility),
        Self::Points(Dimension::Interoperability),
        Self::Points(Dimension::Reusability),
        Self::Points(Dimension::Contextuality),
        Self::Completeness(Level::Mandatory),
        Self::Completeness(Level::Recommended),
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Mqa => "mqa",
            Self::Points(dimension) => dimension.as_str(),
            Self::Completeness(Level::Mandatory) => "completeness-mandatory",
            Self::Completeness(Level::Recommended) => "completeness-recommended",
            Self::Completeness(Level::Optional) => "completeness-optional",
        }
    }

    /// The metric.
    pub fn iri(self, base: &Base) -> NamedNode {
        base.iri(&format!("/quality#{}", self.name()))
    }

    /// The measurement of a record. It is an address of this server also when the record has the IRI
    /// of somebody else.
    pub fn of(self, base: &Base, path: &str) -> NamedNode {
        let path = if path.is_empty() { "/" } else { path };
        base.iri(&format!("{path}#quality-{}", self.name()))
    }

    /// What the metric is about.
    fn dimension(self) -> &'static str {
        match self {
            Self::Mqa => "overall",
            Self::Points(dimension) => dimension.as_str(),
            Self::Completeness(_) => "completeness",
        }
    }

    fn value(self, evidence: &Evidence<'_>) -> Option<u64> {
        match self {
            Self::Mqa => evidence.mqa().map(|mqa| mqa.score().into()),
            Self::Points(dimension) => evidence.mqa().map(|mqa| mqa.points(dimension).into()),
            Self::Completeness(level) => {
                Share::percent(evidence.share(level)).and_then(|percent| percent.try_into().ok())
            }
        }
    }
}

impl Evidence<'_> {
    /// The statements that are kept about a record: three for each measurement.
    pub fn measurements(&self, base: &Base, path: &str, iri: &NamedNode) -> Vec<Triple> {
        let mut said = Vec::with_capacity(3 * Measure::ALL.len());
        for measure in Measure::ALL {
            let Some(value) = measure.value(self) else {
                continue;
            };
            let measurement = measure.of(base, path);
            let value = Literal::new_typed_literal(value.to_string(), xsd::INTEGER);
            said.push(triple(
                iri,
                dqv::HAS_QUALITY_MEASUREMENT,
                measurement.clone(),
            ));
            let metric = measure.iri(base);
            said.push(triple(&measurement, dqv::IS_MEASUREMENT_OF, metric));
            said.push(triple(&measurement, dqv::VALUE, value));
        }
        said
    }
}

/// The graph that holds the descriptions of the metrics.
pub fn graph_of_definitions(base: &Base) -> NamedNode {
    base.iri("/quality#metrics")
}

/// What the metrics and their dimensions mean.
pub fn definitions(base: &Base) -> Vec<Triple> {
    let mut said = Vec::new();
    let mut told: Vec<&str> = Vec::new();
    for measure in Measure::ALL {
        let iri = measure.iri(base);
        let name = measure.dimension();
        let dimension = base.iri(&format!("/quality#dimension-{name}"));
        said.push(triple(&iri, rdf::TYPE, dqv::METRIC.into_owned()));
        said.push(triple(&iri, dqv::IN_DIMENSION, dimension.clone()));
        let data_type = xsd::INTEGER.into_owned();
        said.push(triple(&iri, dqv::EXPECTED_DATA_TYPE, data_type));
        let key = format!("measure.{}", measure.name());
        said.extend(in_all_languages(&iri, skos::PREF_LABEL, &key));
        let key = format!("definition.{}", measure.name());
        said.extend(in_all_languages(&iri, skos::DEFINITION, &key));
        if !told.contains(&name) {
            told.push(name);
            said.push(triple(&dimension, rdf::TYPE, dqv::DIMENSION.into_owned()));
            let key = format!("dimension.{name}");
            said.extend(in_all_languages(&dimension, skos::PREF_LABEL, &key));
        }
    }
    said
}

fn in_all_languages(
    subject: &NamedNode,
    predicate: NamedNodeRef<'static>,
    key: &str,
) -> impl Iterator<Item = Triple> {
    LANGUAGES.into_iter().map(move |language| {
        let text = Literal::new_language_tagged_literal_unchecked(say(key, language), language);
        triple(subject, predicate, text)
    })
}

fn triple(subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) -> Triple {
    Triple::new(subject.clone(), predicate.into_owned(), object)
}
