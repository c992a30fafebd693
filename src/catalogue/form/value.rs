//! How is a value shown as text, and which value does a text mean?

use super::entry::normal;
use super::model::Input;
use crate::catalogue::advice::{date, duration, number};
use crate::ontology::{How, Ontology};
use crate::rdf::vocabulary::xsd;
use crate::rdf::{Literal, NamedNode, NamedNodeRef, Term};

/// How many hits of a look-up are looked at for the one that is meant.
const HITS: usize = 4;
/// A text is the name of a term only if it fits about this well.
const SCORE_MIN: f32 = 0.9;

/// A value as people read and write it.
pub fn shown(term: &Term, input: &Input, ontology: &Ontology, language: &str) -> String {
    match term {
        Term::NamedNode(iri) => {
            let named = matches!(input, Input::Concept { .. } | Input::Choice(_));
            let label = named.then(|| ontology.concept(iri.as_str())).flatten();
            let label = label.and_then(|concept| concept.label(language));
            label.unwrap_or(iri.as_str()).to_owned()
        }
        Term::Literal(literal) => normal(literal.value()),
        Term::BlankNode(node) => node.to_string(),
        Term::Triple(triple) => triple.to_string(),
    }
}

/// Whether a value can stand in a control and come back as it was.
pub(super) fn survives(term: &Term, input: &Input) -> bool {
    let plain = |text: &str| {
        let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
        !text.is_empty() && !text.contains(is_odd) && !text.contains(['\u{fffe}', '\u{ffff}'])
    };
    match term {
        Term::NamedNode(iri) => plain(iri.as_str()),
        Term::Literal(literal) => {
            let has_words = matches!(
                input,
                Input::Text {
                    languages: true,
                    ..
                }
            );
            let odd = |tag: &str| has_words && tag.to_ascii_lowercase() != tag;
            let tagged = literal.language().is_some_and(odd);
            // A language that could not be chosen again, and text with a direction, stay outside.
            plain(literal.value()) && !tagged && literal.direction().is_none()
        }
        Term::BlankNode(_) | Term::Triple(_) => false,
    }
}

/// Whether a row still says what it was made from.
pub(super) fn is_unchanged(
    kept: &Term,
    text: &str,
    language: Option<&str>,
    ontology: &Ontology,
) -> bool {
    match kept {
        Term::Literal(literal) => {
            let same = language.is_none_or(|tag| tag == literal.language().unwrap_or_default());
            same && normal(literal.value()) == text
        }
        Term::NamedNode(iri) => {
            let concept = || ontology.concept(iri.as_str());
            let named =
                || concept().is_some_and(|one| one.labels.iter().any(|(_, label)| label == text));
            iri.as_str() == text || named()
        }
        Term::BlankNode(_) | Term::Triple(_) => false,
    }
}

/// The value that a text means in a field. What cannot be meant stays a text, so that the check can say so.
pub(super) fn meant(
    text: &str,
    language: Option<&str>,
    input: &Input,
    ontology: &Ontology,
) -> Option<Term> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return None;
    }
    let plain = || Term::from(Literal::new_simple_literal(text));
    Some(match input {
        Input::Text { .. } => match language.filter(|tag| !tag.is_empty()) {
            Some(tag) => {
                Literal::new_language_tagged_literal(text, tag).map_or_else(|_| plain(), Term::from)
            }
            None => plain(),
        },
        Input::Choice(options) => {
            let chosen = options.iter().find(|option| option.to_string() == trimmed);
            let chosen = chosen.cloned().or_else(|| super::entry::term(trimmed));
            let named = || option_named(trimmed, options, ontology);
            let chosen = chosen.or_else(named).or_else(|| iri(trimmed));
            chosen.unwrap_or_else(plain)
        }
        Input::Concept { sets } => concept(trimmed, sets, ontology).unwrap_or_else(plain),
        Input::Iri | Input::Node(_) => iri(trimmed).unwrap_or_else(plain),
        Input::Date => moment(trimmed).unwrap_or_else(plain),
        Input::Integer(datatype) => match number(trimmed) {
            Some(digits) => typed(&digits, datatype.as_ref()),
            None => signed(trimmed).unwrap_or_else(plain),
        },
        Input::Bytes(datatype) => match bytes(trimmed) {
            Some(count) => typed(&count.to_string(), datatype.as_ref()),
            None => plain(),
        },
        Input::Decimal => decimal(trimmed).map_or_else(plain, |text| typed(&text, xsd::DECIMAL)),
        Input::Boolean => match trimmed {
            "true" | "false" => typed(trimmed, xsd::BOOLEAN),
            _ => plain(),
        },
        Input::Duration => match duration(trimmed) {
            Some(written) => typed(&written, xsd::DURATION),
            None if trimmed.starts_with(['P', '-']) => typed(trimmed, xsd::DURATION),
            None => plain(),
        },
        Input::Typed(datatype) => typed(trimmed, datatype.as_ref()),
    })
}

/// The value that a text means in a field; `None` when the field takes no such value.
pub fn understood(
    text: &str,
    language: Option<&str>,
    input: &Input,
    ontology: &Ontology,
) -> Option<Term> {
    let value = meant(text, language, input, ontology)?;
    let is_plain = |term: &Term| match term {
        Term::Literal(literal) => literal.datatype() == xsd::STRING && literal.language().is_none(),
        Term::NamedNode(_) | Term::BlankNode(_) | Term::Triple(_) => false,
    };
    match input {
        Input::Text { .. } | Input::Typed(_) => Some(value),
        Input::Choice(options) if options.contains(&value) => Some(value),
        Input::Choice(options) => {
            let said = |option: &&Term| matches!(option, Term::Literal(literal) if literal.value() == text.trim());
            options.iter().find(said).cloned()
        }
        Input::Concept { .. }
        | Input::Iri
        | Input::Date
        | Input::Integer(_)
        | Input::Bytes(_)
        | Input::Decimal
        | Input::Boolean
        | Input::Duration
        | Input::Node(_) => (!is_plain(&value)).then_some(value),
    }
}

fn typed(text: &str, datatype: NamedNodeRef<'_>) -> Term {
    Literal::new_typed_literal(text, datatype).into()
}

/// An address: as it is, or with what people leave out.
fn iri(text: &str) -> Option<Term> {
    let inside = text
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    let text = inside.unwrap_or(text);
    if text.contains(char::is_whitespace) {
        return None;
    }
    let whole = if text.contains(':') {
        text.to_owned()
    } else if text.contains('@') {
        format!("mailto:{text}")
    } else if text.starts_with("www.") {
        format!("https://{text}")
    } else if text.starts_with("10.") && text.contains('/') {
        format!("https://doi.org/{text}")
    } else {
        return None;
    };
    let whole = match whole.strip_prefix("doi:") {
        Some(rest) => format!("https://doi.org/{rest}"),
        None => whole,
    };
    NamedNode::new(whole).ok().map(Term::from)
}

/// The option that a name in any language, or a code, means.
fn option_named(text: &str, options: &[Term], ontology: &Ontology) -> Option<Term> {
    let wanted = text.to_lowercase();
    let is_meant = |option: &&Term| {
        let Term::NamedNode(iri) = option else {
            return false;
        };
        let Some(concept) = ontology.concept(iri.as_str()) else {
            return false;
        };
        let mut names = concept.labels.iter().chain(&concept.synonyms);
        let coded = concept.codes.iter().any(|code| code.code == text);
        coded || concept.code == text || names.any(|(_, name)| name.to_lowercase() == wanted)
    };
    options.iter().find(is_meant).cloned()
}

/// A term by its address, its code or its name.
fn concept(text: &str, sets: &[String], ontology: &Ontology) -> Option<Term> {
    let term = |iri: &str| Term::from(NamedNode::new_unchecked(iri));
    if text.contains("://") {
        let Some(Term::NamedNode(found)) = iri(text) else {
            return None;
        };
        return Some(term(ontology.canonical(found.as_str())));
    }
    let hits = sets
        .iter()
        .flat_map(|set| ontology.search(text, Some(set), HITS));
    let found = hits
        .filter(|hit| hit.score >= SCORE_MIN)
        .max_by(|one, other| one.score.total_cmp(&other.score));
    let same = |label: &str| label.to_lowercase() == text.to_lowercase();
    found
        .filter(|hit| same(hit.text) || same(&hit.concept.code) || hit.how == How::Exact)
        .map(|hit| term(&hit.concept.iri))
}

/// A year, a month, a day or a moment, told by its form.
fn moment(text: &str) -> Option<Term> {
    let digits = |part: &str, count: usize| {
        part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if digits(text, 4) {
        return Some(typed(text, xsd::G_YEAR));
    }
    if let Some((year, month)) = text.split_once('-')
        && digits(year, 4)
        && digits(month, 2)
    {
        return Some(typed(text, xsd::G_YEAR_MONTH));
    }
    if text.len() > 10 && text.as_bytes().get(10) == Some(&b'T') {
        return Some(typed(text, xsd::DATE_TIME));
    }
    date(text).map(|day| typed(&day.to_string(), xsd::DATE))
}

fn signed(text: &str) -> Option<Term> {
    let number: i64 = text.parse().ok()?;
    Some(typed(&number.to_string(), xsd::INTEGER))
}

fn decimal(text: &str) -> Option<String> {
    let text = text.replace(',', ".");
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+');
    let fits = text.chars().all(plain) && text.parse::<f64>().is_ok_and(f64::is_finite);
    fits.then_some(text)
}

/// `4096`, `4 KB`, `1.5 GB`, `2 TiB`: by tens with the units of trade, by twos with those of IEC.
fn bytes(text: &str) -> Option<u64> {
    const UNITS: [&str; 6] = ["", "k", "m", "g", "t", "p"];
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let compact = compact.to_lowercase().replace(',', ".");
    let end = compact
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(compact.len());
    let (amount, unit) = compact.split_at(end);
    let unit = unit
        .strip_suffix("bytes")
        .or_else(|| unit.strip_suffix('b'))
        .unwrap_or(unit);
    let (unit, step) = match unit.strip_suffix('i') {
        Some(unit) => (unit, 1024_u64),
        None => (unit, 1000_u64),
    };
    let power = UNITS.iter().position(|known| *known == unit)?;
    let factor = step.pow(u32::try_from(power).ok()?);
    if let Ok(whole) = amount.parse::<u64>() {
        return whole.checked_mul(factor);
    }
    let (whole, part) = amount.split_once('.')?;
    let whole = whole.parse::<u64>().ok()?.checked_mul(factor)?;
    if part.is_empty() || part.len() > 9 {
        return None;
    }
    let tenths = u32::try_from(part.len()).ok()?;
    let part = part.parse::<u64>().ok()?.checked_mul(factor)? / 10_u64.pow(tenths);
    whole.checked_add(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, count) in [
            ("4096", Some(4096)),
            ("4 KB", Some(4000)),
            ("1.5 GB", Some(1_500_000_000)),
            ("1,5 GB", Some(1_500_000_000)),
            ("2 TiB", Some(2_199_023_255_552)),
            ("many", None),
            ("99999999999999 PB", None),
        ] {
            assert_eq!(bytes(text), count, "{text}");
        }
    }

    #[test]
    fn a_date_is_as_exact_as_it_was_written() {
        for (text, datatype) in [
            ("2024", xsd::G_YEAR),
            ("2024-06", xsd::G_YEAR_MONTH),
            ("2024-06-01", xsd::DATE),
            ("1.6.2024", xsd::DATE),
            ("2024-06-01T10:00:00Z", xsd::DATE_TIME),
        ] {
            let Some(Term::Literal(found)) = moment(text) else {
                panic!("{text}")
            };
            assert_eq!(found.datatype(), datatype, "{text}");
        }
        assert_eq!(moment("soon"), None);
    }

    #[test]
    fn an_address_may_lack_what_people_leave_out() {
        for (text, whole) in [
            ("www.example.org", "<https://www.example.org>"),
            ("data@example.org", "<mailto:data@example.org>"),
            ("10.5555/x", "<https://doi.org/10.5555/x>"),
            ("<https://example.org/>", "<https://example.org/>"),
        ] {
            assert_eq!(iri(text).unwrap().to_string(), whole, "{text}");
        }
        assert_eq!(iri("no address"), None);
    }
}
