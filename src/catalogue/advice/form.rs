//! How would this text look in the form that the field wants? Dates, numbers, addresses, languages.

use jiff::civil::Date;
use jiff::fmt::strtime;

use super::wanted::Wanted;
use super::{Proposal, Reason};
use crate::rdf::vocabulary::{rdf, xsd};
use crate::rdf::{Literal, NamedNode, Term};

/// How people write dates, the likelier reading first.
const DATE_FORMS: [&str; 12] = [
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
    "%Y%m%d",
    "%d %B %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%B %d %Y",
];
const YES: [&str; 10] = [
    "yes", "y", "true", "1", "ja", "oui", "sí", "si", "sì", "wahr",
];
const NO: [&str; 7] = ["no", "n", "false", "0", "nein", "non", "falsch"];

/// The text in the right form, if one is found that the shape accepts.
pub(super) fn of(text: &str, language: Option<&str>, wanted: &Wanted) -> Proposal {
    let tagged = wanted
        .datatypes
        .iter()
        .any(|kind| *kind == rdf::LANG_STRING);
    let only_tagged = tagged && wanted.datatypes.len() == 1;
    if language.is_none() && only_tagged {
        let text = Literal::new_language_tagged_literal_unchecked(text, "en");
        return Some((Reason::Language, Some(text.into())));
    }
    candidates(text, wanted)
        .into_iter()
        .find(|(_, value)| wanted.accepts(value))
        .map(|(reason, value)| (reason, Some(value)))
}

fn candidates(text: &str, wanted: &Wanted) -> Vec<(Reason, Term)> {
    let mut found = Vec::new();
    addresses(text, wanted, &mut found);
    for datatype in &wanted.datatypes {
        found.extend(typed(text, datatype).map(|value| (Reason::Form, value)));
    }
    let rewritten = versions(text)
        .into_iter()
        .chain([text.trim().to_owned(), text.to_lowercase()]);
    for text in rewritten {
        found.push((Reason::Form, Literal::new_simple_literal(&text).into()));
        for datatype in &wanted.datatypes {
            if *datatype == xsd::HEX_BINARY {
                let value = Literal::new_typed_literal(&text, datatype.clone());
                found.push((Reason::Form, value.into()));
            }
        }
    }
    found
}

/// Addresses that the text may stand for.
fn addresses(text: &str, wanted: &Wanted, found: &mut Vec<(Reason, Term)>) {
    let mut add = |reason, address: String| {
        if let Ok(iri) = NamedNode::new(&address)
            && wanted.is_iri()
        {
            found.push((reason, iri.into()));
        }
        found.push((reason, Literal::new_simple_literal(address).into()));
    };
    if let Some(rest) = text.strip_prefix("mailto:") {
        add(Reason::Mailto, rest.to_owned());
    } else if text.contains('@') && !text.contains("://") {
        let address = text.rsplit('/').next().unwrap_or(text);
        add(Reason::Mailto, format!("mailto:{}", address.trim()));
    }
    let identifier = text
        .strip_prefix("doi:")
        .or_else(|| text.strip_prefix("DOI:"))
        .unwrap_or(text)
        .trim();
    if identifier.starts_with("10.") && identifier.contains('/') {
        add(Reason::Address, format!("https://doi.org/{identifier}"));
    }
    if text.starts_with("www.") {
        add(Reason::Address, format!("https://{text}"));
    }
    if text.contains("://") {
        add(Reason::Address, text.trim().to_owned());
        if let Some(rest) = text.strip_prefix("http://") {
            add(Reason::Scheme, format!("https://{rest}"));
        }
    }
}

/// The text as a value of a datatype.
fn typed(text: &str, datatype: &NamedNode) -> Option<Term> {
    let lexical = match datatype.as_ref() {
        xsd::DATE => date(text)?.to_string(),
        xsd::DATE_TIME => format!("{}T00:00:00Z", date(text)?),
        xsd::G_YEAR => year(text)?,
        xsd::BOOLEAN => truth(text)?.to_owned(),
        xsd::DURATION => duration(text)?,
        xsd::NON_NEGATIVE_INTEGER | xsd::INTEGER => number(text)?,
        xsd::DECIMAL => decimal(text)?,
        _ => return None,
    };
    Some(Literal::new_typed_literal(lexical, datatype.clone()).into())
}

pub(in crate::catalogue) fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let whole = text.split_once('T').map_or(text, |(date, _)| date);
    DATE_FORMS
        .iter()
        .find_map(|form| strtime::parse(form, whole).ok()?.to_date().ok())
}

fn year(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.to_owned())
}

/// `true` or `false`, as people say them in our languages.
pub fn truth(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    if YES.contains(&text.as_str()) {
        return Some("true");
    }
    NO.contains(&text.as_str()).then_some("false")
}

/// `1 200`, `1.200`, `about 1,200 patients`: digits in groups of three.
pub(in crate::catalogue) fn number(text: &str) -> Option<String> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    if text[..start].ends_with('-') {
        return None;
    }
    let end = text.rfind(|letter: char| letter.is_ascii_digit())? + 1;
    let inside = &text[start..end];
    let groups: Vec<&str> = inside
        .split([' ', '.', ',', '\'', '’', '\u{a0}', '\u{202f}'])
        .collect();
    let grouped = groups.iter().skip(1).all(|group| group.len() == 3);
    let digits = groups.concat();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    (grouped && plain && digits.len() < 19).then_some(digits)
}

fn decimal(text: &str) -> Option<String> {
    let number = text.trim().replace(',', ".");
    let part = number.split_whitespace().next()?;
    part.parse::<f64>().ok().filter(|value| value.is_finite())?;
    let plain = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == '-';
    part.chars().all(plain).then(|| part.to_owned())
}

/// `10 years` as `P10Y`.
pub(in crate::catalogue) fn duration(text: &str) -> Option<String> {
    let (count, unit) = text.trim().split_once(' ')?;
    let count: u32 = count.parse().ok()?;
    let unit = unit.trim().to_lowercase();
    let starts = |words: &[&str]| words.iter().any(|word| unit.starts_with(word));
    if starts(&["year", "jahr", "an", "año"]) {
        return Some(format!("P{count}Y"));
    }
    if starts(&["month", "monat", "mois", "mes"]) {
        return Some(format!("P{count}M"));
    }
    if starts(&["week", "woche", "semaine", "semana", "settiman"]) {
        return Some(format!("P{}D", count * 7));
    }
    if starts(&["day", "tag", "jour", "día", "giorn"]) {
        return Some(format!("P{count}D"));
    }
    if starts(&["hour", "stunde", "heure", "hora", "or"]) {
        return Some(format!("PT{count}H"));
    }
    if starts(&["second", "sekunde"]) {
        return Some(format!("PT{count}S"));
    }
    None
}

/// Version numbers that the text may mean.
fn versions(text: &str) -> Vec<String> {
    let text = text.trim();
    let plain = text
        .trim_start_matches(|letter: char| !letter.is_ascii_digit())
        .to_owned();
    let mut found = vec![plain.clone()];
    if let Some(date) = date(text) {
        found.push(format!(
            "{}.{:02}.{}",
            date.year(),
            date.month(),
            date.day()
        ));
    }
    found.push(format!("{plain}.0"));
    found.push(format!("{plain}.0.0"));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::NamedNodeRef;

    fn shown(text: &str, datatype: NamedNodeRef<'_>) -> Option<String> {
        typed(text, &datatype.into_owned()).map(|term| match term {
            Term::Literal(literal) => literal.value().to_owned(),
            other => other.to_string(),
        })
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "3.5.2021",
            "03/05/2021",
            "2021/05/03",
            "3 May 2021",
            "May 3, 2021",
        ] {
            assert_eq!(
                shown(text, xsd::DATE).as_deref(),
                Some("2021-05-03"),
                "{text}"
            );
        }
        assert_eq!(shown("spring 2021", xsd::DATE), None);
        assert_eq!(shown("31.02.2021", xsd::DATE), None);
    }

    #[test]
    fn numbers_lose_their_decoration_but_not_their_value() {
        for text in [
            "1200",
            "1 200",
            "1.200",
            "1,200",
            "about 1,200 patients",
            "1’200",
        ] {
            assert_eq!(shown(text, xsd::INTEGER).as_deref(), Some("1200"), "{text}");
        }
        assert_eq!(shown("-5", xsd::INTEGER), None);
        assert_eq!(shown("12.5", xsd::INTEGER), None);
        assert_eq!(shown("10-20", xsd::INTEGER), None);
        assert_eq!(shown("0,5 mm", xsd::DECIMAL).as_deref(), Some("0.5"));
    }

    #[test]
    fn truth_and_duration_are_read_in_our_languages() {
        assert_eq!(shown("Ja", xsd::BOOLEAN).as_deref(), Some("true"));
        assert_eq!(shown("non", xsd::BOOLEAN).as_deref(), Some("false"));
        assert_eq!(shown("perhaps", xsd::BOOLEAN), None);
        assert_eq!(shown("10 years", xsd::DURATION).as_deref(), Some("P10Y"));
        assert_eq!(shown("2 Wochen", xsd::DURATION).as_deref(), Some("P14D"));
    }
}
