//! How is a value written? Brings datatypes, links, dates and versions into the form that a field wants.
//!
//! Advice may propose what it is not sure of, for a person decides. Here nobody looks: nothing is guessed.

use std::str::FromStr;
use std::sync::LazyLock;

use oxsdatatypes::{Date, DateTime, Decimal, Duration, GYear, GYearMonth};
use regex::Regex;
use serde::Deserialize;

use crate::rdf::vocabulary::xsd;
use crate::rdf::{Literal, NamedNode, Term};

/// The form of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A date, a moment, a month or a year, with its datatype.
    Date,
    /// A whole number, 0 or more.
    Count,
    Decimal,
    Duration,
    Boolean,
    /// Hexadecimal digits in lower case.
    Hex,
    /// A `mailto:` link.
    Mailto,
    /// An e-mail address as text.
    Email,
    /// A telephone number as text.
    Telephone,
    /// A web address as link.
    Link,
    /// A web address or a bare DOI as link.
    Doi,
    /// A web address as text.
    Address,
    /// `SemVer` or `CalVer`.
    Version,
    /// A link into the register of IANA.
    MediaType,
}

/// What became of a value.
#[derive(Debug, PartialEq, Eq)]
pub enum Formed {
    /// It has the form already.
    Fits,
    Made(Term),
    /// It cannot be read in this form.
    Unread,
}

const MEDIA_TYPES: &str = "https://www.iana.org/assignments/media-types/";
const DOI: &str = "https://doi.org/";
/// A number of four digits from here on may be a year, and no first part of a version.
const YEARS: std::ops::Range<u64> = 1900..2200;

/// Brings a value into a form. What can be read in more than one way is not read.
pub fn formed(form: Form, value: &Term) -> Formed {
    match value {
        Term::Literal(literal) => of_literal(form, literal),
        Term::NamedNode(node) => of_link(form, node),
        // A description of its own is beyond any form.
        Term::BlankNode(_) | Term::Triple(_) => Formed::Fits,
    }
}

fn of_literal(form: Form, literal: &Literal) -> Formed {
    let text = literal.value().trim();
    match form {
        Form::Date => typed(literal, date(literal)),
        Form::Count => count(literal),
        Form::Decimal => {
            let is_number = Decimal::from_str(text).is_ok();
            if is_number && xsd::INTEGERS.contains(&literal.datatype()) {
                return Formed::Fits;
            }
            typed(
                literal,
                is_number.then(|| Literal::new_typed_literal(text, xsd::DECIMAL)),
            )
        }
        Form::Duration => {
            let fits = Duration::from_str(text).is_ok();
            typed(
                literal,
                fits.then(|| Literal::new_typed_literal(text, xsd::DURATION)),
            )
        }
        Form::Boolean => {
            let word = text.to_ascii_lowercase();
            let fits = matches!(word.as_str(), "true" | "false" | "1" | "0");
            typed(
                literal,
                fits.then(|| Literal::new_typed_literal(word, xsd::BOOLEAN)),
            )
        }
        Form::Hex => {
            let digits = text.to_ascii_lowercase();
            let whole = !digits.is_empty() && digits.len().is_multiple_of(2);
            let fits = whole && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            typed(
                literal,
                fits.then(|| Literal::new_typed_literal(digits, xsd::HEX_BINARY)),
            )
        }
        Form::Mailto => link(email(text).map(|address| format!("mailto:{address}"))),
        Form::Email => match email(text) {
            Some(address) if address == literal.value() => Formed::Fits,
            Some(address) => Formed::Made(Literal::from(address).into()),
            None => Formed::Unread,
        },
        Form::Telephone if text.is_empty() => Formed::Unread,
        Form::Telephone => Formed::Fits,
        Form::Link => link(web_address(text)),
        Form::Doi => link(web_address(text).or_else(|| doi(text))),
        Form::Address if web_address(literal.value()).is_some() => Formed::Fits,
        Form::Address => match web_address(text) {
            Some(address) => Formed::Made(Literal::from(address).into()),
            None => Formed::Unread,
        },
        Form::Version => match version(text) {
            Some(version) if version == literal.value() => Formed::Fits,
            Some(version) => Formed::Made(Literal::from(version).into()),
            None => Formed::Unread,
        },
        Form::MediaType if is_media_type(text) => link(Some(format!("{MEDIA_TYPES}{text}"))),
        Form::MediaType => {
            link(web_address(text).filter(|address| address.starts_with(MEDIA_TYPES)))
        }
    }
}

fn of_link(form: Form, node: &NamedNode) -> Formed {
    let iri = node.as_str();
    let text = |text: Option<String>| match text {
        Some(text) => Formed::Made(Literal::from(text).into()),
        None => Formed::Unread,
    };
    match form {
        Form::Mailto if is_mailto(iri) => Formed::Fits,
        Form::Mailto => link(email(iri).map(|address| format!("mailto:{address}"))),
        Form::Email => text(email(iri)),
        Form::Telephone => text(iri.strip_prefix("tel:").map(str::to_owned)),
        Form::Address => match web_address(iri) {
            Some(address) => {
                let literal = Literal::new_typed_literal(address, xsd::ANY_URI);
                Formed::Made(literal.into())
            }
            None => Formed::Unread,
        },
        Form::Link | Form::Doi | Form::MediaType => Formed::Fits,
        Form::Date
        | Form::Count
        | Form::Decimal
        | Form::Duration
        | Form::Boolean
        | Form::Hex
        | Form::Version => Formed::Unread,
    }
}

fn typed(old: &Literal, new: Option<Literal>) -> Formed {
    match new {
        Some(new) if new == *old => Formed::Fits,
        Some(new) => Formed::Made(new.into()),
        None => Formed::Unread,
    }
}

fn link(iri: Option<String>) -> Formed {
    let node = iri.and_then(|iri| NamedNode::new(iri).ok());
    node.map_or(Formed::Unread, |node| Formed::Made(node.into()))
}

/// The literal with the datatype that its text has. A day and month in another order stay unread.
fn date(literal: &Literal) -> Option<Literal> {
    let text = literal.value().trim();
    let datatypes = [
        (xsd::DATE, Date::from_str(text).is_ok()),
        (xsd::DATE_TIME, DateTime::from_str(text).is_ok()),
        (xsd::G_YEAR_MONTH, GYearMonth::from_str(text).is_ok()),
        (xsd::G_YEAR, GYear::from_str(text).is_ok()),
    ];
    let fits = || {
        datatypes
            .into_iter()
            .filter(|(_, fits)| *fits)
            .map(|(datatype, _)| datatype)
    };
    if fits().any(|datatype| datatype == literal.datatype()) {
        return Some(literal.clone());
    }
    Some(Literal::new_typed_literal(text, fits().next()?))
}

/// A whole number: a fraction of zeros is dropped, any other is not.
fn count(literal: &Literal) -> Formed {
    let text = literal.value().trim();
    let is_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|digit| digit.is_ascii_digit());
    if xsd::INTEGERS.contains(&literal.datatype()) {
        return Formed::Fits;
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let whole = whole.strip_prefix('+').unwrap_or(whole);
    if !is_digits(whole) || fraction.bytes().any(|digit| digit != b'0') {
        return Formed::Unread;
    }
    let short = whole.trim_start_matches('0');
    let short = if short.is_empty() { "0" } else { short };
    Formed::Made(Literal::new_typed_literal(short, xsd::NON_NEGATIVE_INTEGER).into())
}

/// The address in `name@example.org`, `mailto:name@example.org` or `mailto: name@example.org`.
fn email(text: &str) -> Option<String> {
    static EMAIL: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(?i:mailto:)?\s*([^@\s:/]+@[^@\s:/]+\.[^@\s:/]+)$"));
    let found = EMAIL.captures(text)?;
    Some(found[1].to_owned())
}

fn is_mailto(iri: &str) -> bool {
    static MAILTO: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^mailto:[^@\s]+@[^@\s]+\.[^@\s]+$"));
    MAILTO.is_match(iri)
}

fn web_address(text: &str) -> Option<String> {
    static WEB: LazyLock<Regex> = LazyLock::new(|| pattern(r"^https?://\S+$"));
    WEB.is_match(text).then(|| text.to_owned())
}

fn doi(text: &str) -> Option<String> {
    static BARE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?i:doi:)?\s*(10\.\d{4,9}/\S+)$"));
    let found = BARE.captures(text)?;
    Some(format!("{DOI}{}", &found[1]))
}

pub fn is_media_type(text: &str) -> bool {
    static MEDIA_TYPE: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[a-z]+/[A-Za-z0-9][A-Za-z0-9.+_-]*$"));
    MEDIA_TYPE.is_match(text)
}

/// Whether a value of a field that takes file types is a media type.
pub fn is_media_type_term(term: &Term) -> bool {
    match term {
        Term::NamedNode(node) => node.as_str().starts_with(MEDIA_TYPES),
        Term::Literal(literal) => is_media_type(literal.value().trim()),
        Term::BlankNode(_) | Term::Triple(_) => false,
    }
}

pub fn is_duration(term: &Term) -> bool {
    matches!(term, Term::Literal(literal) if Duration::from_str(literal.value().trim()).is_ok())
}

/// The version in a form that 2.0 takes: three numbers (<https://semver.org>), or year and month (<https://calver.org>).
/// A day in one number is written with dots, and parts that are missing are 0; a year alone stays unread.
fn version(text: &str) -> Option<String> {
    static SEMVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$")
    });
    static CALVER: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^[12]\d{3}\.(0?[1-9]|1[0-2])(\.\d+)?$"));
    static DAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(\d{4})-?(\d{2})-?(\d{2})$"));
    static MONTH: LazyLock<Regex> = LazyLock::new(|| pattern(r"^([12]\d{3})-(0[1-9]|1[0-2])$"));
    static SHORT: LazyLock<Regex> =
        LazyLock::new(|| pattern(r"^(0|[1-9]\d{0,8})(?:\.(0|[1-9]\d{0,8}))?$"));
    let bare = text
        .trim_start_matches(['v', 'V'])
        .trim_start_matches('.')
        .trim();
    if SEMVER.is_match(bare) || CALVER.is_match(bare) {
        return Some(bare.to_owned());
    }
    if let Some(found) = DAY.captures(bare) {
        let (year, month, day) = (&found[1], &found[2], &found[3]);
        let is_day = Date::from_str(&format!("{year}-{month}-{day}")).is_ok();
        return is_day.then(|| format!("{year}.{month}.{day}"));
    }
    if let Some(found) = MONTH.captures(bare) {
        return Some(format!("{}.{}", &found[1], &found[2]));
    }
    let found = SHORT.captures(bare)?;
    let major = &found[1];
    let minor = found.get(2).map_or("0", |minor| minor.as_str());
    let may_be_year = major.parse().is_ok_and(|number| YEARS.contains(&number));
    (!may_be_year).then(|| format!("{major}.{minor}.0"))
}

fn pattern(regex: &str) -> Regex {
    Regex::new(regex).expect("the patterns of this file are tested")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn text(form: Form, given: &str, expected: Option<&str>) {
        literal(form, Literal::from(given), expected);
    }

    #[track_caller]
    fn literal(form: Form, given: Literal, expected: Option<&str>) {
        let found = match formed(form, &given.clone().into()) {
            Formed::Fits => Some(Term::from(given)),
            Formed::Made(term) => Some(term),
            Formed::Unread => None,
        };
        assert_eq!(found.map(|term| term.to_string()).as_deref(), expected);
    }

    #[test]
    fn versions_are_written_as_three_numbers_or_year_and_month() {
        for (given, expected) in [
            ("1.0.0", "1.0.0"),
            ("v1.2.3-rc.1", "1.2.3-rc.1"),
            ("2026.08.1", "2026.08.1"),
            ("20231122", "2023.11.22"),
            ("2023-11-22", "2023.11.22"),
            ("2023-11", "2023.11"),
            ("V1", "1.0.0"),
            ("1.0", "1.0.0"),
            ("12.3", "12.3.0"),
        ] {
            text(Form::Version, given, Some(&format!("\"{expected}\"")));
        }
        for given in ["2023", "20231322", "first", "2023.15", "1.2.3.4", "01", ""] {
            text(Form::Version, given, None);
        }
    }

    #[test]
    fn dates_get_the_datatype_of_their_text() {
        let xsd = |text: &str, name: &str| {
            format!("\"{text}\"^^<http://www.w3.org/2001/XMLSchema#{name}>")
        };
        text(Form::Date, "2022-09-10", Some(&xsd("2022-09-10", "date")));
        text(Form::Date, "2022", Some(&xsd("2022", "gYear")));
        text(Form::Date, " 2022-09 ", Some(&xsd("2022-09", "gYearMonth")));
        text(
            Form::Date,
            "2022-09-10T10:00:00Z",
            Some(&xsd("2022-09-10T10:00:00Z", "dateTime")),
        );
        let wrong = Literal::new_typed_literal("2022", xsd::DATE);
        literal(Form::Date, wrong, Some(&xsd("2022", "gYear")));
        for given in ["10/09/2022", "2022-02-30", "summer 2022", ""] {
            text(Form::Date, given, None);
        }
    }

    #[test]
    fn only_whole_numbers_are_counts() {
        let count = |text: &str| {
            format!("\"{text}\"^^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>")
        };
        text(Form::Count, "8237", Some(&count("8237")));
        let decimal = Literal::new_typed_literal("348966092800.00", xsd::DECIMAL);
        literal(Form::Count, decimal, Some(&count("348966092800")));
        literal(
            Form::Count,
            Literal::new_typed_literal("0.0", xsd::DECIMAL),
            Some(&count("0")),
        );
        let integer = Literal::from(5_i64);
        literal(Form::Count, integer.clone(), Some(&integer.to_string()));
        for given in ["325.5", "-1", "about 500", "1e3", "8,237", ".", ""] {
            text(Form::Count, given, None);
        }
    }

    #[test]
    fn addresses_become_links_and_links_become_texts() {
        text(
            Form::Mailto,
            "data@x.example",
            Some("<mailto:data@x.example>"),
        );
        text(
            Form::Mailto,
            "mailto: data@x.example",
            Some("<mailto:data@x.example>"),
        );
        text(Form::Mailto, "nobody", None);
        text(
            Form::Link,
            "https://x.example/a",
            Some("<https://x.example/a>"),
        );
        text(Form::Link, "x.example", None);
        text(
            Form::Doi,
            "doi:10.5281/zenodo.1",
            Some("<https://doi.org/10.5281/zenodo.1>"),
        );
        text(
            Form::MediaType,
            "application/dicom",
            Some(&format!("<{MEDIA_TYPES}application/dicom>")),
        );
        text(Form::Address, "ds-001", None);
        let link = |iri: &str| Term::from(NamedNode::new_unchecked(iri));
        let email = formed(Form::Email, &link("mailto:data@x.example"));
        assert_eq!(email, Formed::Made(Literal::from("data@x.example").into()));
        let telephone = formed(Form::Telephone, &link("tel:+3227930142"));
        assert_eq!(telephone, Formed::Made(Literal::from("+3227930142").into()));
        assert_eq!(
            formed(Form::Mailto, &link("https://x.example/a@b.c")),
            Formed::Unread
        );
    }

    #[test]
    fn checksums_are_in_lower_case() {
        text(
            Form::Hex,
            "ABCD12",
            Some("\"abcd12\"^^<http://www.w3.org/2001/XMLSchema#hexBinary>"),
        );
        for given in ["abc", "xyz0", ""] {
            text(Form::Hex, given, None);
        }
    }
}
