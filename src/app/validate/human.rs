//! What does a person read at the terminal?

use std::io::Write;

use anyhow::Result;

use super::{FileCheck, Located, level};
use crate::catalogue::profile::{label, shown};

/// Writes one paragraph for each record and profile, and a line for each result.
pub(super) fn write(all: &[FileCheck], language: &str, out: &mut dyn Write) -> Result<()> {
    for check in all {
        let checked = &check.checked;
        let verdict = if checked.fits() {
            "fits"
        } else {
            "does not fit"
        };
        let (wrong, odd) = (checked.violations(), checked.warnings());
        let (file, iri, profile) = (&check.file, &checked.iri, &checked.profile);
        writeln!(out, "{file}: <{iri}> {verdict} {profile}")?;
        writeln!(out, "  to mend: {wrong}; to improve: {odd}")?;
        if let Some(reason) = &checked.given_up {
            writeln!(out, "  could not be checked: {reason}")?;
        }
        for located in check.located() {
            one(file, &located, language, out)?;
        }
    }
    Ok(())
}

fn one(file: &str, located: &Located<'_>, language: &str, out: &mut dyn Write) -> Result<()> {
    let result = located.result;
    let place = match located.place {
        Some(place) => format!("{file}:{}:{}", place.line, place.column),
        None => file.to_owned(),
    };
    let (label, message) = (label(result, language), result.message(language));
    let level = level(&result.severity);
    writeln!(out, "  {place}: {level}: {label}: {message}")?;
    if let Some(value) = &result.value {
        writeln!(out, "      found: {}", shown(value))?;
    }
    if let Some(advice) = located.advice {
        writeln!(out, "      {}", advice.sentence(language))?;
    }
    Ok(())
}
