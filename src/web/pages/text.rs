//! Which values of a page write markup of their own, and how do they stay safe?

use std::fmt::{self, Write};

use askama::Template;
use askama::filters::HtmlSafe;

/// A piece of text and the language it is written in, when that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(lang) = lang %}<span lang="{{ lang }}" dir="auto">{{ value }}</span>{% else %}{{ value }}{% endif %}"#
)]
pub struct Text {
    /// The words.
    pub value: String,
    /// A BCP 47 tag; `None` when the words are in the language of the page or in none.
    pub lang: Option<String>,
}

impl HtmlSafe for Text {}

impl Text {
    /// Words in the language of the page, or in none.
    pub fn plain(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            lang: None,
        }
    }

    /// Words in a named language.
    pub fn in_language(value: impl Into<String>, lang: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            lang: Some(lang.into()),
        }
    }
}

impl From<&str> for Text {
    fn from(value: &str) -> Self {
        Self::plain(value)
    }
}

impl From<String> for Text {
    fn from(value: String) -> Self {
        Self::plain(value)
    }
}

/// A label and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Link {
    /// What the reader sees.
    pub label: Text,
    /// The finished address.
    pub href: String,
}

impl Link {
    /// A link with a label in the language of the page.
    pub fn new(label: impl Into<Text>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }
}

/// A part of a snippet: found words are marked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fragment {
    /// The words.
    pub text: String,
    /// Whether the query matched them.
    pub found: bool,
}

/// The passage of a record in which the query was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Template)]
#[template(
    ext = "html",
    source = "{% for fragment in fragments %}{% if fragment.found %}<mark>{{ fragment.text }}</mark>{% else %}{{ fragment.text }}{% endif %}{% endfor %}"
)]
pub struct Snippet {
    /// The passage in reading order.
    pub fragments: Vec<Fragment>,
}

impl HtmlSafe for Snippet {}

/// A JSON document that may stand inside `<script type="application/ld+json">`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbeddedJson(String);

impl EmbeddedJson {
    /// Takes serialised JSON and escapes what could end the script element; the JSON value stays the same.
    pub fn new(json: &str) -> Self {
        let mut safe = String::with_capacity(json.len() + 16);
        for c in json.chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    let _ = write!(safe, "\\u{:04x}", u32::from(c));
                }
                _ => safe.push(c),
            }
        }
        Self(safe)
    }
}

impl fmt::Display for EmbeddedJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for EmbeddedJson {}

/// How strongly a badge speaks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// A plain fact.
    #[default]
    Plain,
    /// Open, valid, complete.
    Good,
    /// Restricted, incomplete: look closer.
    Care,
    /// Withdrawn, invalid.
    Bad,
    /// The tier of the federation.
    Tier,
}

impl Tone {
    /// The class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Care => "care",
            Self::Bad => "bad",
            Self::Tier => "tier",
        }
    }
}

/// A short fact that stands out: tier, access, kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Badge {
    /// One or two words.
    pub label: Text,
    /// How strongly it speaks.
    pub tone: Tone,
    /// Where the fact is explained or searched for.
    pub href: Option<String>,
}

/// A file that a person may take away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Download {
    /// The name of the format: «Turtle», «CSV».
    pub label: String,
    /// The finished address.
    pub href: String,
    /// The media type.
    pub media_type: String,
}

/// One choice of a select box or a list of radio buttons.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the reader sees.
    pub label: String,
    /// Whether it is chosen now.
    pub chosen: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_escapes_its_words_and_its_language() {
        let text = Text::in_language("<b>", "\"x");
        assert_eq!(
            text.to_string(),
            "<span lang=\"&#34;x\" dir=\"auto\">&#60;b&#62;</span>"
        );
    }

    #[test]
    fn embedded_json_cannot_end_its_script_and_keeps_its_value() {
        let json = r#"{"name":"</script><!-- & é"}"#;
        let embedded = EmbeddedJson::new(json).to_string();
        assert!(!embedded.contains('<'));
        let before: serde_json::Value = serde_json::from_str(json).unwrap();
        let after: serde_json::Value = serde_json::from_str(&embedded).unwrap();
        assert_eq!(before, after);
    }
}
