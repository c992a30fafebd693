//! What is told, in words, in every language of the interface.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

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

/// The words for `group.name` in a language, else in English; the key itself when there are none.
pub fn say<'k>(key: &'k str, language: &str) -> &'k str {
    let words = key
        .split_once('.')
        .and_then(|(group, name)| WORDS.get(group)?.get(name));
    words.map_or(key, |words| words.text(language))
}

/// Words with their place filled.
pub(super) fn filled(words: &str, value: &str) -> String {
    words.replacen("{}", value, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::EventKind;
    use crate::notify::Way;

    #[test]
    fn every_event_and_way_has_words_with_their_place() {
        for language in ["en", "de", "fr", "es", "it"] {
            for kind in EventKind::ALL {
                let key = format!("event.{}", kind.as_str());
                assert_eq!(
                    say(&key, language).matches("{}").count(),
                    1,
                    "{key} {language}"
                );
                let key = format!("kind.{}", kind.as_str());
                assert_ne!(say(&key, language), key, "{language}");
            }
            for way in Way::ALL {
                let key = format!("way.{}", way.as_str());
                assert_ne!(say(&key, language), key, "{language}");
            }
        }
    }
}
