//! How much of what its profile lists does a record fill in? The shapes say what is mandatory and
//! what is recommended: `sh:minCount`, and how severe it is when the value is missing.

use super::evidence::Evidence;
use crate::catalogue::profile::Profile;
use crate::ontology::Ontology;
use crate::rdf::vocabulary::sh;
use crate::rdf::{NamedNode, Term};
use crate::shacl::{Message, PropertyShape, Severity, in_language};

/// How much a profile wants a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Mandatory,
    Recommended,
    Optional,
}

impl Level {
    pub const ALL: [Self; 3] = [Self::Mandatory, Self::Recommended, Self::Optional];

    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mandatory => "mandatory",
            Self::Recommended => "recommended",
            Self::Optional => "optional",
        }
    }
}

/// A field that a profile lists.
#[derive(Debug, Clone)]
pub struct Field {
    pub property: String,
    pub level: Level,
    names: Vec<Message>,
}

impl Field {
    /// The label in the wanted language, or in the nearest there is.
    pub fn name(&self, language: &str) -> &str {
        in_language(&self.names, language).unwrap_or(&self.property)
    }
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    pub present: usize,
    pub of: usize,
}

impl Share {
    /// In percent, rounded down: only what is whole is 100. `None` of nothing.
    pub fn percent(self) -> Option<usize> {
        (self.present * 100).checked_div(self.of)
    }
}

/// How complete a record is under its profile.
#[derive(Debug, Clone)]
pub struct Completeness<'r> {
    pub profile: &'r str,
    pub mandatory: Share,
    pub recommended: Share,
    pub optional: Share,
    /// What is not there, in the order of the profile's form.
    pub missing: Vec<&'r Field>,
}

impl Completeness<'_> {
    pub fn share(&self, level: Level) -> Share {
        match level {
            Level::Mandatory => self.mandatory,
            Level::Recommended => self.recommended,
            Level::Optional => self.optional,
        }
    }
}

impl<'r> Evidence<'r> {
    /// How many fields of a level are filled.
    pub fn share(&self, level: Level) -> Share {
        let mut share = Share::default();
        for (field, filled) in self.kind.fields.iter().zip(&self.filled) {
            if field.level == level {
                share.of += 1;
                share.present += usize::from(*filled);
            }
        }
        share
    }

    pub fn completeness(&self) -> Completeness<'r> {
        let fields = self.kind.fields.iter().zip(&self.filled);
        Completeness {
            profile: &self.kind.profile,
            mandatory: self.share(Level::Mandatory),
            recommended: self.share(Level::Recommended),
            optional: self.share(Level::Optional),
            missing: fields
                .filter(|(_, filled)| !**filled)
                .map(|(field, _)| field)
                .collect(),
        }
    }
}

/// The fields that a profile lists for a class, in the order of its form. What has a name is a field;
/// the other shapes only say how much it is wanted.
pub(super) fn fields(profile: &Profile, class: &NamedNode, ontology: &Ontology) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for shape in profile.fields_of(class) {
        let Some(path) = shape.path.predicate() else {
            continue;
        };
        let property = ontology.canonical(path.as_str());
        let level = level(&shape);
        if let Some(known) = fields.iter_mut().find(|field| field.property == property) {
            known.level = known.level.min(level);
            if known.names.is_empty() {
                known.names.clone_from(&shape.field.names);
            }
        } else {
            fields.push(Field {
                property: property.to_owned(),
                level,
                names: shape.field.names.clone(),
            });
        }
    }
    fields.retain(|field| !field.names.is_empty());
    fields
}

fn level(shape: &PropertyShape<'_>) -> Level {
    let wants = |term: &Term| match term {
        Term::Literal(count) => count.value().parse::<u64>().is_ok_and(|count| count > 0),
        _ => false,
    };
    let is_wanted = shape.parameter(sh::MIN_COUNT).iter().any(wants);
    match (is_wanted, shape.severity) {
        (true, Severity::Violation) => Level::Mandatory,
        (true, Severity::Warning) => Level::Recommended,
        (_, _) => Level::Optional,
    }
}
