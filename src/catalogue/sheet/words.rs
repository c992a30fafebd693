//! What does a sheet say to people: its fixed headings, its levels, and what is wrong in it?

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::table::{Column, Level, folded};

/// Sentence → language → template.
type Templates = BTreeMap<String, BTreeMap<String, String>>;

static TEMPLATES: LazyLock<Templates> = LazyLock::new(|| {
    toml::from_str(include_str!("words.toml")).expect("it is part of the program and tested")
});

/// Headings that are understood besides our own.
const OTHER_HEADINGS: [(&str, Column); 10] = [
    ("id", Column::Record),
    ("iri", Column::Record),
    ("uri", Column::Record),
    ("record", Column::Record),
    ("catalogue", Column::Parent),
    ("catalog", Column::Parent),
    ("dctispartof", Column::Parent),
    ("ispartof", Column::Parent),
    ("turtle", Column::Other),
    ("other", Column::Other),
];

/// A sentence in a language, else in English.
pub fn sentence(name: &str, language: &str) -> &'static str {
    let Some(template) = TEMPLATES.get(name) else {
        return "";
    };
    let primary = language.split('-').next().unwrap_or(language);
    let found = template.get(primary).or_else(|| template.get("en"));
    found.map_or("", String::as_str)
}

/// A sentence with its place holders filled.
pub fn filled(name: &str, language: &str, values: &[(&str, &str)]) -> String {
    let mut text = sentence(name, language).to_owned();
    for (place, value) in values {
        text = text.replace(&format!("{{{place}}}"), value);
    }
    text
}

/// The heading of a column that every sheet has.
pub fn heading(column: &Column, language: &str) -> &'static str {
    match column {
        Column::Record => sentence("heading-record", language),
        Column::Parent => sentence("heading-parent", language),
        Column::Other | Column::Field { .. } => sentence("heading-other", language),
    }
}

/// The column of every sheet that a folded heading means.
pub(super) fn fixed(wanted: &str) -> Option<Column> {
    let ours = [Column::Record, Column::Parent, Column::Other];
    let is_wanted = |column: &Column| {
        let languages = ["en", "de", "fr", "es", "it"];
        let mut headings = languages.iter().map(|language| heading(column, language));
        // A long text goes on in columns that are numbered.
        let name = match column {
            Column::Other => wanted.trim_end_matches(|c: char| c.is_ascii_digit()),
            _ => wanted,
        };
        headings.any(|heading| folded(heading) == name)
    };
    let own = ours.into_iter().find(is_wanted);
    own.or_else(|| {
        let mut others = OTHER_HEADINGS.iter();
        let found = others.find(|(name, _)| *name == wanted);
        found.map(|(_, column)| column.clone())
    })
}

impl Level {
    /// Must, should or may, in a word.
    pub fn word(self, language: &str) -> &'static str {
        match self {
            Self::Must => sentence("level-must", language),
            Self::Should => sentence("level-should", language),
            Self::May => sentence("level-may", language),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_said_in_every_language() {
        for (name, template) in TEMPLATES.iter() {
            for language in ["en", "de", "fr", "es", "it"] {
                let text = template.get(language).map_or("", String::as_str);
                assert!(!text.is_empty(), "{name} in {language}");
                let places = |text: &str| text.matches('{').count();
                assert_eq!(
                    places(text),
                    places(&template["en"]),
                    "{name} in {language}"
                );
            }
        }
    }
}
