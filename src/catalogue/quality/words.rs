//! What is measured, in words, in every language of the interface.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// The languages of the words.
pub(super) const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "it"];

static WORDS: LazyLock<HashMap<String, HashMap<String, Words>>> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).expect("it is compiled in and read by a test")
});

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    en: String,
    de: String,
    fr: String,
    es: String,
    it: String,
}

/// The words for `group.name` in a language, else in English; the key itself when there are none.
pub fn say<'k>(key: &'k str, language: &str) -> &'k str {
    match words(key) {
        Some(words) => words.text(language),
        None => key,
    }
}

/// Whether there are words for a key.
pub(super) fn knows(key: &str) -> bool {
    words(key).is_some()
}

fn words(key: &str) -> Option<&'static Words> {
    let (group, name) = key.split_once('.')?;
    WORDS.get(group)?.get(name)
}

impl Words {
    fn text(&self, language: &str) -> &str {
        match language {
            "de" => &self.de,
            "fr" => &self.fr,
            "es" => &self.es,
            "it" => &self.it,
            _ => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_without_words() {
        for (group, words) in WORDS.iter() {
            for (name, words) in words {
                for language in LANGUAGES {
                    assert!(
                        !words.text(language).is_empty(),
                        "{group}.{name} {language}"
                    );
                }
            }
        }
    }
}
