//! Does a data set say what the European Health Data Space will ask for? The elements of Annex, Part B,
//! of the draft implementing regulation to Regulation (EU) 2025/327.

use super::Outcome;
use super::evidence::{Evidence, Trait};
use super::property::Property;

/// Something that the description of a data set must have.
#[derive(Debug, PartialEq, Eq)]
pub struct Element {
    pub id: &'static str,
    pub property: Property,
}

/// In the order of the annex.
static ELEMENTS: [Element; 12] = {
    const fn element(id: &'static str, property: Property) -> Element {
        Element { id, property }
    }
    [
        element("accessRights", Property::AccessRights),
        element("applicableLegislation", Property::Legislation),
        element("codingSystem", Property::CodingSystem),
        element("custodian", Property::Custodian),
        element("distribution", Property::Distribution),
        element("geographicalCoverage", Property::Spatial),
        element("healthCategory", Property::HealthCategory),
        element("healthDataAccessBody", Property::Hdab),
        element("identifier", Property::Identifier),
        element("provenance", Property::Provenance),
        element("temporalCoverage", Property::Temporal),
        element("variables", Property::Variables),
    ]
};

impl Evidence<'_> {
    /// Each element and how it stands; `None` for what is no data set.
    pub fn ehds(&self) -> Option<Vec<(&'static Element, Outcome)>> {
        let stands = |element: &'static Element| (element, self.outcome(element.property));
        self.kind
            .is_dataset
            .then(|| ELEMENTS.iter().map(stands).collect())
    }

    fn outcome(&self, property: Property) -> Outcome {
        match property {
            // Any law is not enough: this one must be named.
            Property::Legislation => Outcome::of(self.is(Trait::HealthDataSpace)),
            Property::Variables if !self.has(property) && self.is(Trait::Unstructured) => {
                Outcome::NotNeeded
            }
            _ => Outcome::of(self.has(property)),
        }
    }
}
