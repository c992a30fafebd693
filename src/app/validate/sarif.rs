//! How do code hosts and editors show the result? As SARIF 2.1.0 (OASIS).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{FileCheck, Located, level};
use crate::catalogue::profile::{label, shown};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The whole log: one run, a rule for each shape that found something.
pub(super) fn log(all: &[FileCheck], language: &str) -> Value {
    let mut rules: BTreeMap<String, Value> = BTreeMap::new();
    let mut results = Vec::new();
    for check in all {
        for located in check.located() {
            let id = rule_id(check, &located);
            rules
                .entry(id.clone())
                .or_insert_with(|| rule(&id, &located, language));
            results.push(result(check, &id, &located, language));
        }
        if let Some(reason) = &check.checked.given_up {
            results.push(json!({
                "ruleId": "given-up",
                "level": "error",
                "message": { "text": reason },
                "locations": [location(check, None)],
            }));
        }
    }
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Vesalius",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule_id(check: &FileCheck, located: &Located<'_>) -> String {
    let shape = shown(&located.result.source_shape);
    let name = shape.rsplit(['#', '/']).next().unwrap_or(&shape);
    format!("{}/{name}", check.checked.profile)
}

fn rule(id: &str, located: &Located<'_>, language: &str) -> Value {
    let result = located.result;
    let help = result.field.description(language);
    json!({
        "id": id,
        "shortDescription": { "text": label(result, language) },
        "fullDescription": { "text": help.unwrap_or_else(|| result.message(language)) },
        "helpUri": shown(&result.source_shape),
    })
}

fn result(check: &FileCheck, id: &str, located: &Located<'_>, language: &str) -> Value {
    let found = located.result;
    let advice = located.advice.map(|advice| advice.sentence(language));
    let text = match &advice {
        Some(advice) => format!("{} {advice}", found.message(language)),
        None => found.message(language).to_owned(),
    };
    let level = level(&found.severity);
    json!({
        "ruleId": id,
        "level": level,
        "message": { "text": text },
        "locations": [location(check, Some(located))],
        "properties": {
            "record": check.checked.iri,
            "path": found.path.as_ref().map(ToString::to_string),
            "value": found.value.as_ref().map(shown),
            "suggestion": located.advice.and_then(|advice| advice.value.as_ref()).map(shown),
        },
    })
}

fn location(check: &FileCheck, located: Option<&Located<'_>>) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": check.file.replace('\\', "/") } });
    if let Some(place) = located.and_then(|located| located.place) {
        physical["region"] = json!({ "startLine": place.line, "startColumn": place.column });
    }
    json!({
        "physicalLocation": physical,
        "logicalLocations": [{ "fullyQualifiedName": check.checked.iri }],
    })
}
