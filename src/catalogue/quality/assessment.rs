//! What is told about the quality of a record to programs?

use serde_json::{Value, json};

use super::evidence::Evidence;
use super::mqa::{Dimension, Metric};
use super::words::{knows, say};
use super::{Change, Completeness, Level, Outcome, POINTS_MAX};

impl Metric {
    /// What it is called: by words of its own, else by its property.
    pub fn name(&self, evidence: &Evidence<'_>, language: &str) -> String {
        let key = format!("metric.{}", self.id);
        match self.property {
            Some(property) if !knows(&key) => evidence.name(property.term().as_str(), language),
            _ => say(&key, language).to_owned(),
        }
    }
}

impl Change<'_> {
    /// What is to be added or mended.
    pub fn name(&self, evidence: &Evidence<'_>, language: &str) -> String {
        match self.property {
            Some(property) => evidence.name(property, language),
            None => say("metric.dcatAp", language).to_owned(),
        }
    }
}

impl Evidence<'_> {
    /// Everything, with labels in a language.
    pub fn to_json(&self, language: &str) -> Value {
        let named = |property: super::Property| self.name(property.term().as_str(), language);
        let fair: Vec<Value> = self
            .fair()
            .iter()
            .map(|indicator| {
                let because: Vec<String> = indicator.because.iter().copied().map(named).collect();
                json!({
                    "code": indicator.code,
                    "label": say(&format!("fair.{}", indicator.code), language),
                    "met": indicator.is_met,
                    "because": because,
                })
            })
            .collect();
        let changes: Vec<Value> = self
            .changes()
            .iter()
            .map(|change| {
                let metrics: Vec<&str> = change.metrics.iter().map(|metric| metric.id).collect();
                json!({
                    "property": change.property,
                    "label": change.name(self, language),
                    "points": change.points,
                    "metrics": metrics,
                    "level": change.level.map(Level::as_str),
                    "fields": change.property.is_none().then(|| self.breaches(language)),
                })
            })
            .collect();
        json!({
            "mqa": self.mqa_json(language),
            "completeness": completeness_json(&self.completeness(), language),
            "ehds": self.ehds_json(language),
            "fair": fair,
            "changes": changes,
        })
    }

    fn mqa_json(&self, language: &str) -> Option<Value> {
        let mqa = self.mqa()?;
        let dimension = |dimension: Dimension| {
            json!({
                "id": dimension.as_str(),
                "label": say(&format!("dimension.{}", dimension.as_str()), language),
                "score": mqa.points(dimension),
                "max": dimension.points_max(),
            })
        };
        let metric = |(metric, outcome): (&'static Metric, Outcome)| {
            json!({
                "id": metric.id,
                "label": metric.name(self, language),
                "dimension": metric.dimension.as_str(),
                "points": if outcome == Outcome::Met { metric.points } else { 0 },
                "max": metric.points,
                "outcome": outcome.as_str(),
            })
        };
        Some(json!({
            "score": mqa.score(),
            "max": POINTS_MAX,
            "band": mqa.band().as_str(),
            "dimensions": Dimension::ALL.map(dimension),
            "metrics": mqa.metrics().map(metric).collect::<Vec<_>>(),
        }))
    }

    fn ehds_json(&self, language: &str) -> Option<Value> {
        let elements = self.ehds()?;
        let missed = elements
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Missed);
        let elements: Vec<Value> = elements
            .iter()
            .map(|(element, outcome)| {
                json!({
                    "id": element.id,
                    "label": self.name(element.property.term().as_str(), language),
                    "outcome": outcome.as_str(),
                })
            })
            .collect();
        Some(json!({ "ready": !missed, "elements": elements }))
    }
}

fn completeness_json(completeness: &Completeness<'_>, language: &str) -> Value {
    let mut body = json!({ "profile": completeness.profile });
    for level in Level::ALL {
        let share = completeness.share(level);
        body[level.as_str()] =
            json!({ "present": share.present, "of": share.of, "percent": share.percent() });
    }
    let missing = completeness.missing.iter().map(|field| {
        json!({
            "property": field.property,
            "label": field.name(language),
            "level": field.level.as_str(),
        })
    });
    body["missing"] = Value::Array(missing.collect());
    body
}
