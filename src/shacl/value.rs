//! What a literal is worth: whether its text fits its datatype, and which of two is smaller.

use std::cmp::Ordering;
use std::str::FromStr;

use oxsdatatypes::{
    Boolean, Date, DateTime, DayTimeDuration, Decimal, Double, Duration, Float, GDay, GMonth,
    GMonthDay, GYear, GYearMonth, Integer, Time, YearMonthDuration,
};

use crate::rdf::vocabulary::xsd;
use crate::rdf::{LiteralRef, TermRef};

/// A literal that has an order among its like.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Integer(Integer),
    Decimal(Decimal),
    Float(Float),
    Double(Double),
    Boolean(bool),
    String(String),
    DateTime(DateTime),
    Date(Date),
    Time(Time),
    Year(GYear),
    YearMonth(GYearMonth),
    Duration(Duration),
}

impl Value {
    /// The value of a term; `None` if it has no order or its text does not fit its datatype.
    pub(super) fn of(term: TermRef<'_>) -> Option<Self> {
        let TermRef::Literal(literal) = term else {
            return None;
        };
        if literal.language().is_some() {
            return None;
        }
        let text = literal.value();
        match local(literal)? {
            "string" | "normalizedString" | "token" => Some(Self::String(text.to_owned())),
            "boolean" => Boolean::from_str(text)
                .ok()
                .map(|value| Self::Boolean(value.into())),
            "decimal" => text.parse().ok().map(Self::Decimal),
            "float" => text.parse().ok().map(Self::Float),
            "double" => text.parse().ok().map(Self::Double),
            "dateTime" | "dateTimeStamp" => text.parse().ok().map(Self::DateTime),
            "date" => text.parse().ok().map(Self::Date),
            "time" => text.parse().ok().map(Self::Time),
            "gYear" => text.parse().ok().map(Self::Year),
            "gYearMonth" => text.parse().ok().map(Self::YearMonth),
            "duration" | "dayTimeDuration" | "yearMonthDuration" => {
                text.parse().ok().map(Self::Duration)
            }
            name if integer_range(name).is_some() => Self::integer(text),
            _ => None,
        }
    }

    /// Integers beyond 64 bits keep their order as decimals or, at last, as doubles.
    fn integer(text: &str) -> Option<Self> {
        if !is_integer(text) {
            return None;
        }
        let small = text.parse().ok().map(Self::Integer);
        let large = || text.parse().ok().map(Self::Decimal);
        small
            .or_else(large)
            .or_else(|| text.parse().ok().map(Self::Double))
    }

    /// The order of two values as SPARQL's `<` knows it; `None` where they cannot be compared.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.partial_cmp(b),
            (Self::Boolean(a), Self::Boolean(b)) => a.partial_cmp(b),
            (Self::String(a), Self::String(b)) => a.partial_cmp(b),
            (Self::DateTime(a), Self::DateTime(b)) => a.partial_cmp(b),
            (Self::Date(a), Self::Date(b)) => a.partial_cmp(b),
            (Self::Time(a), Self::Time(b)) => a.partial_cmp(b),
            (Self::Year(a), Self::Year(b)) => a.partial_cmp(b),
            (Self::YearMonth(a), Self::YearMonth(b)) => a.partial_cmp(b),
            (Self::Duration(a), Self::Duration(b)) => a.partial_cmp(b),
            _ => self.compare_numbers(other),
        }
    }

    fn compare_numbers(&self, other: &Self) -> Option<Ordering> {
        if let (Some(a), Some(b)) = (self.as_decimal(), other.as_decimal()) {
            return a.partial_cmp(&b);
        }
        if let (Self::Float(a), Self::Float(b)) = (self, other) {
            return a.partial_cmp(b);
        }
        self.as_double()?.partial_cmp(&other.as_double()?)
    }

    fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Integer(value) => Some((*value).into()),
            Self::Decimal(value) => Some(*value),
            _ => None,
        }
    }

    fn as_double(&self) -> Option<Double> {
        match self {
            Self::Integer(value) => Some((*value).into()),
            Self::Decimal(value) => Some((*value).into()),
            Self::Float(value) => Some((*value).into()),
            Self::Double(value) => Some(*value),
            _ => None,
        }
    }
}

/// Whether the text of a literal is in the lexical space of its datatype. Unknown datatypes are
/// taken on trust.
pub(super) fn is_well_formed(literal: LiteralRef<'_>) -> bool {
    let text = literal.value();
    let Some(name) = local(literal) else {
        return true;
    };
    match name {
        "boolean" => matches!(text, "true" | "false" | "1" | "0"),
        "decimal" => is_decimal(text),
        "float" => Float::from_str(text).is_ok() && is_float(text),
        "double" => Double::from_str(text).is_ok() && is_float(text),
        "dateTime" => DateTime::from_str(text).is_ok(),
        "dateTimeStamp" => {
            DateTime::from_str(text).is_ok_and(|value| value.timezone_offset().is_some())
        }
        "date" => Date::from_str(text).is_ok(),
        "time" => Time::from_str(text).is_ok(),
        "gYear" => GYear::from_str(text).is_ok(),
        "gYearMonth" => GYearMonth::from_str(text).is_ok(),
        "gMonth" => GMonth::from_str(text).is_ok(),
        "gMonthDay" => GMonthDay::from_str(text).is_ok(),
        "gDay" => GDay::from_str(text).is_ok(),
        "duration" => Duration::from_str(text).is_ok(),
        "dayTimeDuration" => DayTimeDuration::from_str(text).is_ok(),
        "yearMonthDuration" => YearMonthDuration::from_str(text).is_ok(),
        "hexBinary" => text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit()),
        "base64Binary" => is_base64(text),
        "language" => is_language(text),
        "anyURI" => !text.contains(|c: char| c.is_control() || "<>\"{}|\\^`".contains(c)),
        "token" => !has_line_breaks(text) && text.trim() == text && !text.contains("  "),
        "normalizedString" => !has_line_breaks(text),
        "Name" => is_name(text, true),
        "NCName" => is_name(text, false),
        "NMTOKEN" => !text.is_empty() && text.chars().all(is_name_char),
        _ => match integer_range(name) {
            Some((least, greatest)) => is_integer_within(text, least, greatest),
            None => true,
        },
    }
}

/// The name of an XML Schema datatype.
fn local(literal: LiteralRef<'_>) -> Option<&str> {
    literal.datatype().as_str().strip_prefix(xsd::NAMESPACE)
}

type Bound = Option<i128>;

/// The datatypes derived from `xsd:integer`, with their least and greatest values.
fn integer_range(name: &str) -> Option<(Bound, Bound)> {
    Some(match name {
        "integer" => (None, None),
        "long" => (Some(i64::MIN.into()), Some(i64::MAX.into())),
        "int" => (Some(i32::MIN.into()), Some(i32::MAX.into())),
        "short" => (Some(i16::MIN.into()), Some(i16::MAX.into())),
        "byte" => (Some(i8::MIN.into()), Some(i8::MAX.into())),
        "nonNegativeInteger" => (Some(0), None),
        "positiveInteger" => (Some(1), None),
        "nonPositiveInteger" => (None, Some(0)),
        "negativeInteger" => (None, Some(-1)),
        "unsignedLong" => (Some(0), Some(u64::MAX.into())),
        "unsignedInt" => (Some(0), Some(u32::MAX.into())),
        "unsignedShort" => (Some(0), Some(u16::MAX.into())),
        "unsignedByte" => (Some(0), Some(u8::MAX.into())),
        _ => return None,
    })
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['+', '-']).unwrap_or(text)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_integer(text: &str) -> bool {
    is_digits(unsigned(text))
}

fn is_integer_within(text: &str, least: Bound, greatest: Bound) -> bool {
    if !is_integer(text) {
        return false;
    }
    match text.parse::<i128>() {
        Ok(value) => {
            least.is_none_or(|least| value >= least)
                && greatest.is_none_or(|greatest| value <= greatest)
        }
        // Beyond 128 bits only the sign matters.
        Err(_) if text.starts_with('-') => least.is_none(),
        Err(_) => greatest.is_none(),
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = unsigned(text);
    match digits.split_once('.') {
        Some((whole, part)) => {
            let fits = |text: &str| text.is_empty() || is_digits(text);
            fits(whole) && fits(part) && !(whole.is_empty() && part.is_empty())
        }
        None => is_digits(digits),
    }
}

/// Rust reads more words for infinity and not-a-number than XML Schema knows.
fn is_float(text: &str) -> bool {
    let number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
    matches!(text, "INF" | "-INF" | "+INF" | "NaN") || text.chars().all(number)
}

fn is_base64(text: &str) -> bool {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let padding = digits.iter().rev().take_while(|b| **b == b'=').count();
    let is_digit = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    digits.len().is_multiple_of(4)
        && padding <= 2
        && digits[..digits.len() - padding].iter().all(is_digit)
}

fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let short = |part: &str| (1..=8).contains(&part.len());
    parts
        .next()
        .is_some_and(|first| short(first) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && parts.all(|part| short(part) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn has_line_breaks(text: &str) -> bool {
    text.contains(['\n', '\r', '\t'])
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || "-._:\u{b7}".contains(c)
}

fn is_name(text: &str, colon: bool) -> bool {
    let starts = text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':');
    starts && text.chars().all(is_name_char) && (colon || !text.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::{Literal, NamedNode};

    fn typed(text: &str, datatype: &str) -> Literal {
        let datatype = NamedNode::new_unchecked(format!("{}{datatype}", xsd::NAMESPACE));
        Literal::new_typed_literal(text, datatype)
    }

    #[test]
    fn texts_fit_their_datatypes_or_do_not() {
        let fits = |text, datatype| is_well_formed(typed(text, datatype).as_ref());
        for (text, datatype) in [
            ("1", "integer"),
            ("-00012345678901234567890123456789012345678901", "integer"),
            ("255", "unsignedByte"),
            ("2024-02-29", "date"),
            ("2024-01-01T00:00:00Z", "dateTimeStamp"),
            (".5", "decimal"),
            ("1e3", "double"),
            ("INF", "float"),
            ("0fA0", "hexBinary"),
            ("YQ==", "base64Binary"),
            ("de-AT", "language"),
            ("P1Y", "duration"),
        ] {
            assert!(fits(text, datatype), "{text} is a xsd:{datatype}");
        }
        for (text, datatype) in [
            ("1.0", "integer"),
            ("", "integer"),
            ("300", "unsignedByte"),
            ("-1", "nonNegativeInteger"),
            ("2023-02-29", "date"),
            ("2024-01-01T00:00:00", "dateTimeStamp"),
            (".", "decimal"),
            ("infinity", "double"),
            ("abc", "hexBinary"),
            ("deutsch-", "language"),
            ("yes", "boolean"),
        ] {
            assert!(!fits(text, datatype), "{text} is no xsd:{datatype}");
        }
    }

    #[test]
    fn numbers_compare_across_datatypes() {
        let value =
            |text: &str, datatype: &str| Value::of(typed(text, datatype).as_ref().into()).unwrap();
        let compare = |a: (&str, &str), b: (&str, &str)| value(a.0, a.1).compare(&value(b.0, b.1));
        assert_eq!(
            compare(("1", "integer"), ("1.5", "decimal")),
            Some(Ordering::Less)
        );
        assert_eq!(
            compare(("2", "byte"), ("1.5e0", "double")),
            Some(Ordering::Greater)
        );
        assert_eq!(compare(("2", "integer"), ("2", "string")), None);
        let date = ("2024-01-01", "date");
        assert_eq!(compare(date, ("2024-01-02", "date")), Some(Ordering::Less));
    }
}
