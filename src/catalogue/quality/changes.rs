//! Which changes would raise a record most? What is missing, the most points first.

use super::evidence::{Evidence, Trait};
use super::mqa::Metric;
use super::property::Property;
use super::{Level, Outcome};

/// A change that would raise the record.
#[derive(Debug, Clone)]
pub struct Change<'r> {
    /// The property to add or mend; `None` when the mandatory rules of DCAT-AP are broken.
    pub property: Option<&'r str>,
    /// How many of the 405 points it gives; 0 when only the profile asks for it.
    pub points: u16,
    /// The metrics that it would meet.
    pub metrics: Vec<&'static Metric>,
    /// How much the profile of the record wants it, when it lists it and nothing is there.
    pub level: Option<Level>,
}

impl<'r> Evidence<'r> {
    /// All changes that would raise the record: those with points, the most first, then what else its
    /// profile wants. Nobody is advised to let anyone download what is not public.
    pub fn changes(&self) -> Vec<Change<'r>> {
        let missing = self.completeness().missing;
        let level = |property: &str| {
            let field = missing.iter().find(|field| field.property == property)?;
            Some(field.level)
        };
        let mut changes: Vec<Change<'r>> = Vec::new();
        let metrics = self.mqa().into_iter().flat_map(super::Mqa::metrics);
        for (metric, _) in metrics.filter(|(_, outcome)| *outcome == Outcome::Missed) {
            if metric.property == Some(Property::DownloadUrl) && !self.is(Trait::AccessPublic) {
                continue;
            }
            let property = metric.property.map(|property| property.term().as_str());
            if let Some(known) = changes.iter_mut().find(|one| one.property == property) {
                known.points += metric.points;
                known.metrics.push(metric);
            } else {
                changes.push(Change {
                    property,
                    points: metric.points,
                    metrics: vec![metric],
                    level: property.and_then(level),
                });
            }
        }
        let listed = missing.iter().filter(|field| {
            let scored = changes
                .iter()
                .any(|one| one.property == Some(field.property.as_str()));
            field.level != Level::Optional && !scored
        });
        let mut others: Vec<Change<'r>> = listed
            .map(|field| Change {
                property: Some(field.property.as_str()),
                points: 0,
                metrics: Vec::new(),
                level: Some(field.level),
            })
            .collect();
        others.sort_by_key(|change| change.level);
        changes.sort_by_key(|change| std::cmp::Reverse(change.points));
        changes.extend(others);
        changes
    }
}
