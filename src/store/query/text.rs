//! Which filters on the text of a term can be asked of its bytes?

use spargebra::algebra::{Expression, Function};

use crate::rdf::Literal;
use crate::store::terms;
use oxrdf::Variable;
use oxrdf::vocab::xsd;

/// A condition on one variable; where the language would give an error, it is not fulfilled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TextFilter {
    /// `LANG(?v) = "…"`
    Language(String),
    /// `LANGMATCHES(LANG(?v), "…")`
    LanguageRange(String),
    /// `CONTAINS(?v, "…")` and its kin, with `STR` and `LCASE` or `UCASE` around the variable.
    Part {
        part: Part,
        of_any_term: bool,
        case: Case,
        wanted: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Anywhere,
    Start,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    AsIs,
    Lower,
    Upper,
}

impl TextFilter {
    /// The filter that an expression is, and on which variable.
    pub(super) fn recognise(expression: &Expression) -> Option<(&Variable, Self)> {
        match expression {
            Expression::Equal(left, right) => {
                let ((call, Expression::Literal(text)) | (Expression::Literal(text), call)) =
                    (&**left, &**right)
                else {
                    return None;
                };
                Some((language_of(call)?, Self::Language(simple(text)?)))
            }
            Expression::FunctionCall(Function::LangMatches, arguments) => {
                let [language, Expression::Literal(range)] = &arguments[..] else {
                    return None;
                };
                Some((language_of(language)?, Self::LanguageRange(simple(range)?)))
            }
            Expression::FunctionCall(function, arguments) => {
                let part = match function {
                    Function::Contains => Part::Anywhere,
                    Function::StrStarts => Part::Start,
                    Function::StrEnds => Part::End,
                    _ => return None,
                };
                let [text, Expression::Literal(wanted)] = &arguments[..] else {
                    return None;
                };
                let wanted = simple(wanted)?;
                let (text, case) = match text {
                    Expression::FunctionCall(Function::LCase, inner) => {
                        (inner.first()?, Case::Lower)
                    }
                    Expression::FunctionCall(Function::UCase, inner) => {
                        (inner.first()?, Case::Upper)
                    }
                    text => (text, Case::AsIs),
                };
                let (text, of_any_term) = match text {
                    Expression::FunctionCall(Function::Str, inner) => (inner.first()?, true),
                    text => (text, false),
                };
                let Expression::Variable(variable) = text else {
                    return None;
                };
                Some((
                    variable,
                    Self::Part {
                        part,
                        of_any_term,
                        case,
                        wanted,
                    },
                ))
            }
            _ => None,
        }
    }

    /// Whether an encoded term fulfils it.
    pub(super) fn accepts(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Language(wanted) => terms::language(bytes) == Some(wanted),
            Self::LanguageRange(range) => {
                terms::language(bytes).is_some_and(|language| language_matches(language, range))
            }
            Self::Part {
                part,
                of_any_term,
                case,
                wanted,
            } => {
                if !of_any_term && !matches!(bytes.first(), Some(b'S' | b'L' | b'<' | b'>')) {
                    return false;
                }
                let Some(text) = terms::lexical(bytes) else {
                    return false;
                };
                match case {
                    Case::AsIs => part.stands_in(wanted, text),
                    // Most texts need no new string to be compared.
                    Case::Lower if text.is_ascii() => {
                        part.stands_in_changed(wanted, text, u8::to_ascii_lowercase)
                    }
                    Case::Upper if text.is_ascii() => {
                        part.stands_in_changed(wanted, text, u8::to_ascii_uppercase)
                    }
                    Case::Lower => part.stands_in(wanted, &text.to_lowercase()),
                    Case::Upper => part.stands_in(wanted, &text.to_uppercase()),
                }
            }
        }
    }
}

impl Part {
    fn stands_in(self, wanted: &str, text: &str) -> bool {
        match self {
            Self::Anywhere => text.contains(wanted),
            Self::Start => text.starts_with(wanted),
            Self::End => text.ends_with(wanted),
        }
    }
}

impl Part {
    fn stands_in_changed(self, wanted: &str, text: &str, change: impl Fn(&u8) -> u8) -> bool {
        let (wanted, text) = (wanted.as_bytes(), text.as_bytes());
        let Some(last) = text.len().checked_sub(wanted.len()) else {
            return false;
        };
        let at = |from: usize| {
            let mut pairs = wanted.iter().zip(&text[from..]);
            pairs.all(|(wanted, found)| *wanted == change(found))
        };
        match self {
            Self::Anywhere => (0..=last).any(at),
            Self::Start => at(0),
            Self::End => at(last),
        }
    }
}

fn language_of(expression: &Expression) -> Option<&Variable> {
    match expression {
        Expression::FunctionCall(Function::Lang, arguments) => match &arguments[..] {
            [Expression::Variable(variable)] => Some(variable),
            _ => None,
        },
        _ => None,
    }
}

fn simple(literal: &Literal) -> Option<String> {
    let plain = literal.language().is_none() && literal.datatype() == xsd::STRING;
    plain.then(|| literal.value().to_owned())
}

/// Basic filtering of RFC 4647 §3.3.1.
fn language_matches(language: &str, range: &str) -> bool {
    if range == "*" {
        return !language.is_empty();
    }
    let mut parts = language.split('-');
    range.split('-').all(|wanted| {
        parts
            .next()
            .is_some_and(|part| part.eq_ignore_ascii_case(wanted))
    })
}
