//! Which of the FAIR principles does a record keep, as far as the record itself can tell?

use super::evidence::{Evidence, Trait};
use super::property::Property as P;

/// A principle, whether it is kept, and the properties that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// `F1` to `R1.3`.
    pub code: &'static str,
    pub is_met: bool,
    /// The properties that were found when it is kept, that would help when it is not; empty when
    /// something else decides.
    pub because: Vec<P>,
}

/// How a principle is decided.
enum Rule {
    /// All of the properties are there.
    All(&'static [P]),
    /// One of the properties is there, in the record or its distributions.
    Any(&'static [P]),
    /// One of the values is of a kind.
    Values(&'static [(Trait, P)]),
    /// The mandatory rules of DCAT-AP are kept.
    European,
    /// Every mandatory field of the profile is filled.
    Complete,
}

const RULES: &[(&str, Rule)] = &[
    ("F1", Rule::Any(&[P::Identifier, P::OtherIdentifier])),
    (
        "F2",
        Rule::All(&[P::Title, P::Description, P::Keyword, P::Theme, P::Publisher]),
    ),
    (
        "F3",
        Rule::Any(&[P::AccessUrl, P::DownloadUrl, P::LandingPage]),
    ),
    (
        "A1",
        Rule::Values(&[
            (Trait::AccessAddress, P::AccessUrl),
            (Trait::DownloadAddress, P::DownloadUrl),
        ]),
    ),
    (
        "A1.2",
        Rule::Values(&[(Trait::AccessRightsListed, P::AccessRights)]),
    ),
    ("I1", Rule::European),
    (
        "I2",
        Rule::Values(&[
            (Trait::FormatListed, P::Format),
            (Trait::AccessRightsListed, P::AccessRights),
            (Trait::LicenceListed, P::License),
        ]),
    ),
    (
        "I3",
        Rule::Any(&[
            P::ReferencedBy,
            P::Relation,
            P::QualifiedRelation,
            P::InSeries,
            P::Source,
            P::DerivedFrom,
        ]),
    ),
    ("R1", Rule::Complete),
    ("R1.1", Rule::Any(&[P::License])),
    (
        "R1.2",
        Rule::Any(&[P::Provenance, P::GeneratedBy, P::DerivedFrom, P::Source]),
    ),
    ("R1.3", Rule::Any(&[P::ConformsTo])),
];

impl Evidence<'_> {
    /// Every principle that can be decided. Those about data have no meaning for what is no data set
    /// and no distribution, and are decided all the same: a catalogue may have a licence, too.
    pub fn fair(&self) -> Vec<Indicator> {
        let indicator = |(code, rule): &(&'static str, Rule)| self.decide(code, rule);
        RULES.iter().filter_map(indicator).collect()
    }

    fn decide(&self, code: &'static str, rule: &Rule) -> Option<Indicator> {
        let (is_met, because) = match rule {
            Rule::All(properties) => {
                let missing: Vec<P> = properties
                    .iter()
                    .copied()
                    .filter(|property| !self.has(*property))
                    .collect();
                let is_met = missing.is_empty();
                (is_met, if is_met { properties.to_vec() } else { missing })
            }
            Rule::Any(properties) => {
                let found: Vec<P> = properties
                    .iter()
                    .copied()
                    .filter(|property| self.has_anywhere(*property))
                    .collect();
                let is_met = !found.is_empty();
                (is_met, if is_met { found } else { properties.to_vec() })
            }
            Rule::Values(values) => {
                let of = |wanted: bool| {
                    let values = values
                        .iter()
                        .filter(move |(one, _)| self.is(*one) == wanted);
                    values.map(|(_, property)| *property).collect::<Vec<P>>()
                };
                let found = of(true);
                let is_met = !found.is_empty();
                (is_met, if is_met { found } else { of(false) })
            }
            Rule::European if self.kind.is_dataset => (self.is_european(), Vec::new()),
            Rule::European => return None,
            Rule::Complete => {
                let share = self.share(super::Level::Mandatory);
                (share.present == share.of, Vec::new())
            }
        };
        Some(Indicator {
            code,
            is_met,
            because,
        })
    }
}
