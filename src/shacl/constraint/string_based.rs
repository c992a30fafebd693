//! String-based constraints (SHACL §4.4): length, pattern, languages.

use regex::{Regex, RegexBuilder};

use super::{Facts, Found, Kind, Parameter, parameter};
use crate::rdf::vocabulary::sh;
use crate::rdf::{Literal, NamedNodeRef, TermRef};
use crate::shacl::compile::Reader;
use crate::shacl::error::ValidationError;
use crate::shacl::limits::REGEX_SIZE_BYTES_MAX;
use crate::shacl::message::counted;
use crate::shacl::validate::{Check, Failure, Sink};

#[derive(Debug)]
pub(in crate::shacl) enum StringBased {
    MinLength(u64),
    MaxLength(u64),
    Pattern(Regex),
    LanguageIn(Vec<String>),
    UniqueLanguage,
}

pub(super) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    let shape = found.shape;
    for (predicate, new) in [
        (
            sh::MIN_LENGTH,
            StringBased::MinLength as fn(u64) -> StringBased,
        ),
        (sh::MAX_LENGTH, StringBased::MaxLength),
    ] {
        if let Some(length) = reader.count(shape, predicate) {
            let value = Literal::from(length);
            found.add(Kind::StringBased(new(length)), parameter(predicate, &value));
        }
    }
    read_patterns(reader, found);
    if let Some(list) = reader.single(shape, sh::LANGUAGE_IN) {
        read_languages(reader, found, list);
    }
    if found.property_only(reader, sh::UNIQUE_LANG)
        && let Some(node) = reader.single(shape, sh::UNIQUE_LANG)
        // Only the term `true` itself switches it on (SHACL §4.4.5).
        && reader.boolean(shape, sh::UNIQUE_LANG) == Some(true)
        && matches!(reader.term(node), TermRef::Literal(literal) if literal.value() == "true")
    {
        let value = Literal::from(true);
        found.add(
            Kind::StringBased(StringBased::UniqueLanguage),
            parameter(sh::UNIQUE_LANG, &value),
        );
    }
}

fn read_patterns(reader: &mut Reader<'_>, found: &mut Found) {
    let patterns = reader.all(found.shape, sh::PATTERN);
    let flags = reader.text(found.shape, sh::FLAGS);
    if patterns.len() > 1 && flags.is_some() {
        reader.problem(
            found.shape,
            "sh:flags stands beside more than one sh:pattern",
        );
    }
    for node in patterns {
        let TermRef::Literal(literal) = reader.term(node) else {
            reader.problem(found.shape, "sh:pattern is no text");
            continue;
        };
        match regex(literal.value(), flags.as_deref().unwrap_or("")) {
            Ok(regex) => {
                let mut parameters = parameter(sh::PATTERN, literal);
                if let Some(flags) = &flags {
                    parameters.extend(parameter(sh::FLAGS, &Literal::from(flags.as_str())));
                }
                found.add(Kind::StringBased(StringBased::Pattern(regex)), parameters);
            }
            Err(message) => {
                let message = format!("sh:pattern {literal} cannot be used: {message}");
                reader.problem(found.shape, &message);
            }
        }
    }
}

fn read_languages(reader: &mut Reader<'_>, found: &mut Found, list: crate::shacl::graph::Node) {
    let (mut languages, mut values) = (Vec::new(), Vec::new());
    for node in reader.members(found.shape, list, sh::LANGUAGE_IN) {
        match reader.term(node) {
            TermRef::Literal(literal) if literal.language().is_none() => {
                languages.push(literal.value().to_ascii_lowercase());
                values.push(literal.into_owned().into());
            }
            _ => reader.problem(found.shape, "sh:languageIn has a member that is no text"),
        }
    }
    let parameters = vec![Parameter {
        predicate: sh::LANGUAGE_IN.into_owned(),
        values,
    }];
    found.add(
        Kind::StringBased(StringBased::LanguageIn(languages)),
        parameters,
    );
}

/// Compiles a pattern of `XPath` for a matcher whose time is linear in the text.
fn regex(pattern: &str, flags: &str) -> Result<Regex, String> {
    let literal = flags.contains('q');
    let pattern = if literal {
        regex::escape(pattern)
    } else {
        translated(pattern)
    };
    let mut builder = RegexBuilder::new(&pattern);
    builder
        .size_limit(REGEX_SIZE_BYTES_MAX)
        .dfa_size_limit(REGEX_SIZE_BYTES_MAX);
    for flag in flags.chars() {
        match flag {
            's' => builder.dot_matches_new_line(true),
            'm' => builder.multi_line(true),
            'i' => builder.case_insensitive(true),
            'x' => builder.ignore_whitespace(true),
            'q' => &mut builder,
            other => return Err(format!("unknown flag {other}")),
        };
    }
    builder.build().map_err(|error| match error {
        regex::Error::CompiledTooBig(limit) => format!("it needs more than {limit} bytes"),
        other => last_line(&other.to_string()),
    })
}

/// The shorthands of XML Schema for the characters of names, which the matcher does not know.
fn translated(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('i') => out.push_str(r"[\p{L}_:]"),
            Some('I') => out.push_str(r"[^\p{L}_:]"),
            Some('c') => out.push_str(r"[\p{L}\p{Nd}\-._:]"),
            Some('C') => out.push_str(r"[^\p{L}\p{Nd}\-._:]"),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    out
}

fn last_line(text: &str) -> String {
    let line = text.trim_end().lines().last().unwrap_or(text);
    line.trim_start_matches("error: ").to_owned()
}

impl StringBased {
    pub(super) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        match self {
            Self::MinLength(least) => check.each(sink, |term| {
                text(term).is_some_and(|text| text.chars().count() as u64 >= *least)
            }),
            Self::MaxLength(most) => check.each(sink, |term| {
                text(term).is_some_and(|text| text.chars().count() as u64 <= *most)
            }),
            Self::Pattern(regex) => check.each(sink, |term| {
                text(term).is_some_and(|text| regex.is_match(text))
            }),
            Self::LanguageIn(ranges) => check.each(sink, |term| {
                language(term)
                    .is_some_and(|tag| ranges.iter().any(|range| matches_range(&tag, range)))
            }),
            Self::UniqueLanguage => check_unique(check, sink),
        }
    }

    pub(super) fn component(&self) -> NamedNodeRef<'static> {
        match self {
            Self::MinLength(_) => sh::MIN_LENGTH_CONSTRAINT_COMPONENT,
            Self::MaxLength(_) => sh::MAX_LENGTH_CONSTRAINT_COMPONENT,
            Self::Pattern(_) => sh::PATTERN_CONSTRAINT_COMPONENT,
            Self::LanguageIn(_) => sh::LANGUAGE_IN_CONSTRAINT_COMPONENT,
            Self::UniqueLanguage => sh::UNIQUE_LANG_CONSTRAINT_COMPONENT,
        }
    }

    pub(super) fn words(&self, facts: &Facts<'_>) -> String {
        let value = facts.value();
        match self {
            Self::MinLength(least) => {
                format!(
                    "{value} must have at least {}",
                    counted(*least, "character")
                )
            }
            Self::MaxLength(most) => {
                format!("{value} must have at most {}", counted(*most, "character"))
            }
            Self::Pattern(_) => format!("{value} must match the pattern {}", facts.wanted()),
            Self::LanguageIn(languages) => {
                format!(
                    "{value} must be in one of the languages {}",
                    languages.join(", ")
                )
            }
            Self::UniqueLanguage => {
                format!(
                    "may have only one value of {} in each language",
                    facts.path()
                )
            }
        }
    }
}

/// What `str()` of SPARQL gives; a blank node has no text.
fn text(term: TermRef<'_>) -> Option<&str> {
    match term {
        TermRef::NamedNode(iri) => Some(iri.as_str()),
        TermRef::Literal(literal) => Some(literal.value()),
        TermRef::BlankNode(_) | TermRef::Triple(_) => None,
    }
}

fn language(term: TermRef<'_>) -> Option<String> {
    match term {
        TermRef::Literal(literal) => literal.language().map(str::to_ascii_lowercase),
        _ => None,
    }
}

/// Basic filtering of RFC 4647: `de` takes `de-at`, `*` takes any tag. Both in lower case.
fn matches_range(tag: &str, range: &str) -> bool {
    range == "*"
        || tag
            .strip_prefix(range)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// One result for each language that stands more than once.
fn check_unique(check: &Check<'_, '_>, sink: &mut Sink) -> Result<(), ValidationError> {
    let tags = check
        .values
        .iter()
        .filter_map(|value| check.run.terms.with(*value, language));
    let mut tags: Vec<_> = tags.filter(|tag| !tag.is_empty()).collect();
    tags.sort_unstable();
    for same in tags.chunk_by(|a, b| a == b).filter(|same| same.len() > 1) {
        check.fail_with(
            sink,
            Failure {
                count: Some(same.len()),
                ..Failure::default()
            },
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_would_blow_up_are_refused() {
        assert!(regex("(a{1000}){1000}", "").unwrap_err().contains("bytes"));
        assert!(regex("(?=a)b", "").is_err());
        assert!(regex("a", "z").is_err());
        assert!(regex("^(a+)+$", "i").unwrap().is_match("AAAA"));
        assert!(regex("a.b", "q").unwrap().is_match("a.b"));
        assert!(!regex("a.b", "q").unwrap().is_match("axb"));
        assert!(regex(r"^\i\c*$", "").unwrap().is_match("dct:title"));
    }

    #[test]
    fn ranges_take_regions() {
        assert!(matches_range("de-at", "de"));
        assert!(!matches_range("den", "de"));
        assert!(matches_range("fr", "*"));
    }
}
