//! How a finding is put into words: templates with variables, short names, plain English.

use std::fmt::Write;

use crate::rdf::vocabulary::PREFIXES;
use crate::rdf::{LiteralRef, NamedNodeRef, Term, TermRef};

/// Longer texts are cut in messages.
const TEXT_LENGTH_MAX: usize = 120;

/// A text for people, in one language or in none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// The language tag in lower case.
    pub language: Option<String>,
    /// The text.
    pub text: String,
}

impl Message {
    pub(super) fn of(literal: LiteralRef<'_>) -> Self {
        Self {
            language: literal.language().map(str::to_ascii_lowercase),
            text: literal.value().to_owned(),
        }
    }

    /// Whether it may have variables to fill.
    pub(super) fn is_template(&self) -> bool {
        self.text.contains('{')
    }
}

/// The text in the wanted language: an exact tag, the same language with another region, English,
/// a text without a tag, or else the first.
pub fn in_language<'m>(messages: &'m [Message], language: &str) -> Option<&'m str> {
    let wanted = language.to_ascii_lowercase();
    let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_owned();
    let find = |fits: &dyn Fn(Option<&str>) -> bool| {
        messages
            .iter()
            .find(|message| fits(message.language.as_deref()))
    };
    let message = find(&|tag| tag == Some(&wanted))
        .or_else(|| find(&|tag| tag.is_some_and(|tag| primary(tag) == primary(&wanted))))
        .or_else(|| find(&|tag| tag.is_some_and(|tag| primary(tag) == "en")))
        .or_else(|| find(&|tag| tag.is_none()))
        .or_else(|| messages.first())?;
    Some(&message.text)
}

/// An IRI with one of our prefixes, or in brackets.
pub(super) fn short(iri: NamedNodeRef<'_>) -> String {
    let text = iri.as_str();
    for (prefix, namespace) in PREFIXES {
        if let Some(local) = text.strip_prefix(namespace)
            && !local.contains(['/', '#', '?'])
            && !local.is_empty()
        {
            return format!("{prefix}:{local}");
        }
    }
    format!("<{text}>")
}

/// A term for people.
pub(super) fn show(term: TermRef<'_>) -> String {
    match term {
        TermRef::NamedNode(iri) => short(iri),
        TermRef::BlankNode(_) => "the nested description".to_owned(),
        TermRef::Literal(literal) => quoted(literal),
        TermRef::Triple(triple) => triple.to_string(),
    }
}

fn quoted(literal: LiteralRef<'_>) -> String {
    let mut text = format!("«{}»", cut(literal.value()));
    if let Some(language) = literal.language() {
        write!(text, " ({language})").expect("a string takes all");
    }
    text
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT_LENGTH_MAX) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Several terms for people: the first few, and how many more.
pub(super) fn show_some<'t>(terms: impl ExactSizeIterator<Item = TermRef<'t>>) -> String {
    const SHOWN: usize = 8;
    let total = terms.len();
    let mut text = terms.take(SHOWN).map(show).collect::<Vec<_>>().join(", ");
    if total > SHOWN {
        write!(text, " and {} more", total - SHOWN).expect("a string takes all");
    }
    text
}

/// `1 value`, `2 values`.
pub(super) fn counted(count: u64, thing: &str) -> String {
    if count == 1 {
        format!("1 {thing}")
    } else {
        format!("{count} {thing}s")
    }
}

/// Fills `{?name}` and `{$name}` (SHACL §5.3.2). What has no value stays as it is.
pub(super) fn fill(template: &str, value_of: &dyn Fn(&str) -> Option<Term>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some((value, end)) = variable(rest, value_of) {
            filled.push_str(&plain(value.as_ref()));
            rest = &rest[end..];
        } else {
            filled.push('{');
            rest = &rest[1..];
        }
    }
    filled.push_str(rest);
    filled
}

/// The value of the variable with which a text begins, and where it ends.
fn variable(text: &str, value_of: &dyn Fn(&str) -> Option<Term>) -> Option<(Term, usize)> {
    let end = text.find('}')?;
    let name = text[1..end].strip_prefix(['?', '$'])?;
    Some((value_of(name)?, end + 1))
}

/// A term inside a template: only its text.
fn plain(term: TermRef<'_>) -> String {
    match term {
        TermRef::Literal(literal) => cut(literal.value()),
        other => show(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::Literal;

    #[test]
    fn templates_are_filled_and_strangers_left_alone() {
        let value_of = |name: &str| (name == "lang").then(|| Literal::from("de").into());
        assert_eq!(fill("in {?lang}, {$lang}", &value_of), "in de, de");
        assert_eq!(
            fill("{?other} {lang} { {", &value_of),
            "{?other} {lang} { {"
        );
        assert_eq!(fill("", &value_of), "");
    }

    #[test]
    fn the_wanted_language_comes_first_then_english() {
        let message = |language: &str, text: &str| Message {
            language: Some(language.to_owned()),
            text: text.to_owned(),
        };
        let messages = [
            message("de", "Titel"),
            message("en", "title"),
            message("pt-br", "título"),
        ];
        assert_eq!(in_language(&messages, "de-AT"), Some("Titel"));
        assert_eq!(in_language(&messages, "pt"), Some("título"));
        assert_eq!(in_language(&messages, "fi"), Some("title"));
        assert_eq!(in_language(&[], "fi"), None);
    }
}
