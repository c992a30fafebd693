//! What does a person read at the terminal?

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::LazyLock;

use anyhow::Result;
use serde::Deserialize;

use super::{FileCheck, Located, Teller, level};
use crate::catalogue::checked::{Checked, label};

/// The words around the messages, in one language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    fits: String,
    does_not_fit: String,
    mend: String,
    improve: String,
    given_up: String,
    found: String,
}

static WORDS: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).expect("it is part of the program and tested")
});

/// One paragraph for each record and profile, and a line for each result.
pub(super) struct Lines {
    language: String,
    words: &'static Words,
}

impl Lines {
    /// Without words in a language, those in English are taken.
    pub(super) fn new(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or(language);
        let words = WORDS.get(&primary.to_ascii_lowercase());
        Self {
            language: language.to_owned(),
            words: words.unwrap_or_else(|| &WORDS["en"]),
        }
    }

    fn verdict(&self, file: &str, checked: &Checked, out: &mut dyn Write) -> Result<()> {
        let words = self.words;
        let verdict = if checked.fits() {
            &words.fits
        } else {
            &words.does_not_fit
        };
        let (iri, profile) = (&checked.iri, &checked.profile);
        writeln!(out, "{file}: <{iri}> {verdict}: {profile}")?;
        let (wrong, odd) = (checked.violations(), checked.warnings());
        writeln!(out, "  {}: {wrong}; {}: {odd}", words.mend, words.improve)?;
        if let Some(reason) = &checked.given_up {
            writeln!(out, "  {}: {reason}", words.given_up)?;
        }
        Ok(())
    }

    fn result(&self, file: &str, located: &Located<'_>, out: &mut dyn Write) -> Result<()> {
        let told = located.told;
        let place = match located.place {
            Some(place) => format!("{file}:{}:{}", place.line, place.column),
            None => file.to_owned(),
        };
        let (label, message) = (
            label(told.result, &self.language),
            told.result.message(&self.language),
        );
        let level = level(&told.result.severity);
        writeln!(out, "  {place}: {level}: {label}: {message}")?;
        if let Some(value) = told.value(&self.language) {
            writeln!(out, "      {}: {value}", self.words.found)?;
        }
        if let Some(advice) = told.advice {
            writeln!(out, "      {}", advice.sentence(&self.language))?;
        }
        Ok(())
    }
}

impl Teller for Lines {
    fn tell(&mut self, check: &FileCheck, out: &mut dyn Write) -> Result<()> {
        self.verdict(&check.file, &check.checked, out)?;
        for located in check.located() {
            self.result(&check.file, &located, out)?;
        }
        Ok(())
    }

    fn end(&mut self, _: &mut dyn Write) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_there_in_five_languages() {
        let languages: Vec<&str> = WORDS.keys().map(String::as_str).collect();
        assert_eq!(languages, ["de", "en", "es", "fr", "it"]);
        assert_eq!(Lines::new("de-AT").words.found, WORDS["de"].found);
        assert_eq!(Lines::new("xx").words.found, WORDS["en"].found);
    }
}
