//! What does the interface say in each of its languages?

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

static MESSAGES: LazyLock<HashMap<String, Message>> = LazyLock::new(read);

/// A language of the interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// English, and what is used when nothing else is asked for.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Italian.
    It,
}

impl Language {
    /// All languages, in the order of the switch.
    pub const ALL: [Self; 5] = [Self::En, Self::De, Self::Fr, Self::Es, Self::It];

    /// The BCP 47 tag.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::It => "it",
        }
    }

    /// The language's own name.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Fr => "Français",
            Self::Es => "Español",
            Self::It => "Italiano",
        }
    }

    /// The language of a tag such as `de` or `de-AT`.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or(code);
        Self::ALL
            .into_iter()
            .find(|language| primary.eq_ignore_ascii_case(language.code()))
    }
}

/// The message of that key; the key itself when there is none (a test keeps this from happening).
pub fn message(language: Language, key: &str) -> &str {
    match MESSAGES.get(key) {
        Some(message) => message.text(language),
        None => key,
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    en: String,
    de: String,
    fr: String,
    es: String,
    it: String,
}

impl Message {
    fn text(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::De => &self.de,
            Language::Fr => &self.fr,
            Language::Es => &self.es,
            Language::It => &self.it,
        }
    }
}

fn read() -> HashMap<String, Message> {
    let groups: HashMap<String, HashMap<String, Message>> =
        toml::from_str(include_str!("messages.toml"))
            .expect("the messages are compiled in and read by a test");
    groups
        .into_iter()
        .flat_map(|(group, messages)| {
            messages
                .into_iter()
                .map(move |(name, message)| (format!("{group}.{name}"), message))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_key_of_a_template_has_a_message_and_no_message_is_left_over() {
        let used = used_keys();
        let known: BTreeSet<String> = MESSAGES.keys().cloned().collect();
        let missing: Vec<_> = used.difference(&known).collect();
        let idle: Vec<_> = known.difference(&used).collect();
        assert!(missing.is_empty(), "no message for {missing:?}");
        assert!(idle.is_empty(), "nobody says {idle:?}");
    }

    #[test]
    fn no_message_is_empty_and_place_holders_agree() {
        for (key, message) in MESSAGES.iter() {
            for language in Language::ALL {
                let text = message.text(language);
                assert!(!text.is_empty(), "{key} in {}", language.code());
                assert_eq!(
                    text.matches("{}").count(),
                    message.en.matches("{}").count(),
                    "{key} in {}",
                    language.code()
                );
            }
        }
    }

    #[test]
    fn a_region_does_not_hide_the_language() {
        assert_eq!(Language::from_code("de-AT"), Some(Language::De));
        assert_eq!(Language::from_code("ES"), Some(Language::Es));
        assert_eq!(Language::from_code("den"), None);
    }

    /// The keys that stand in templates and in the pages' code: `site.t("a.b")`, `counted("a", n)`.
    fn used_keys() -> BTreeSet<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/pages");
        let simple = regex::Regex::new(r#"\.(?:t|with)\(\s*"([^"]+)""#).unwrap();
        let counted = regex::Regex::new(r#"\.counted\(\s*"([^"]+)""#).unwrap();
        let errors = regex::Regex::new(r#"=> "(error\.[a-z_]+)""#).unwrap();
        let mut keys = BTreeSet::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let Ok(text) = fs::read_to_string(&path) else {
                continue;
            };
            if path.ends_with("messages.rs") {
                continue;
            }
            keys.extend(simple.captures_iter(&text).map(|found| found[1].to_owned()));
            for found in counted.captures_iter(&text) {
                keys.insert(format!("{}.one", &found[1]));
                keys.insert(format!("{}.many", &found[1]));
            }
            for found in errors.captures_iter(&text) {
                keys.extend(
                    ["title", "happened", "advice"].map(|part| format!("{}_{part}", &found[1])),
                );
            }
        }
        keys
    }
}
