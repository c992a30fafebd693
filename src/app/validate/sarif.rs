//! How do code hosts and editors show the result? As SARIF 2.1.0 (OASIS).

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use serde_json::{Value, json};

use super::{FileCheck, Located, Teller, level};
use crate::catalogue::checked::{label, shown};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// A log of one run: the results as they come, then a rule for each shape that found something.
pub(super) struct Log {
    language: String,
    rules: BTreeMap<String, Value>,
    begun: bool,
}

impl Log {
    pub(super) fn new(language: String) -> Self {
        Self {
            language,
            rules: BTreeMap::new(),
            begun: false,
        }
    }

    fn write(&mut self, result: &Value, out: &mut dyn Write) -> Result<()> {
        if self.begun {
            write!(out, ",")?;
        } else {
            self.begin(out)?;
        }
        write!(out, "\n{result}")?;
        Ok(())
    }

    fn begin(&mut self, out: &mut dyn Write) -> Result<()> {
        self.begun = true;
        let schema = json!(SCHEMA);
        writeln!(out, "{{\"$schema\": {schema}, \"version\": \"2.1.0\",")?;
        writeln!(out, "\"runs\": [{{\"columnKind\": \"unicodeCodePoints\",")?;
        write!(out, "\"results\": [")?;
        Ok(())
    }
}

impl Teller for Log {
    fn tell(&mut self, check: &FileCheck, out: &mut dyn Write) -> Result<()> {
        for located in check.located() {
            let id = rule_id(check, &located);
            if !self.rules.contains_key(&id) {
                let rule = rule(&id, &located, &self.language);
                self.rules.insert(id.clone(), rule);
            }
            self.write(&result(check, &id, &located, &self.language), out)?;
        }
        if let Some(reason) = &check.checked.given_up {
            let given_up = json!({
                "ruleId": "given-up",
                "level": "error",
                "message": { "text": reason },
                "locations": [location(check, None)],
            });
            self.write(&given_up, out)?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<()> {
        if !self.begun {
            self.begin(out)?;
        }
        let rules = std::mem::take(&mut self.rules);
        let tool = json!({ "driver": {
            "name": "Vesalius",
            "version": env!("CARGO_PKG_VERSION"),
            "rules": rules.into_values().collect::<Vec<_>>(),
        } });
        writeln!(out, "],\n\"tool\": {tool:#}}}]}}")?;
        Ok(())
    }
}

fn rule_id(check: &FileCheck, located: &Located<'_>) -> String {
    let shape = shown(&located.told.result.source_shape);
    let name = shape.rsplit(['#', '/']).next().unwrap_or(&shape);
    format!("{}/{name}", check.checked.profile)
}

fn rule(id: &str, located: &Located<'_>, language: &str) -> Value {
    let result = located.told.result;
    let help = result.field.description(language);
    json!({
        "id": id,
        "shortDescription": { "text": label(result, language) },
        "fullDescription": { "text": help.unwrap_or_else(|| result.message(language)) },
        "helpUri": shown(&result.source_shape),
    })
}

fn result(check: &FileCheck, id: &str, located: &Located<'_>, language: &str) -> Value {
    let found = located.told.result;
    let advice = located.told.advice.map(|advice| advice.sentence(language));
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
            "valueLabel": located.told.value_label(language),
            "suggestion": located.told.advice.and_then(|advice| advice.value.as_ref()).map(shown),
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
