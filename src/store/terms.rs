//! How is a term written as bytes, and which small values are their own number?
//!
//! A term's number tells in its low bits what it is:
//! `…0` is the place in the dictionary, `…01` a small value held in the number itself, `…11` a
//! term that only one query knows. A value is held in its number only when its exact lexical form
//! and datatype can be written back from it: a literal is never made canonical.
#![expect(
    clippy::cast_possible_truncation,
    reason = "numbers are packed into bits; each cast follows a mask or a check"
)]

use oxrdf::vocab::xsd;
use oxsdatatypes::{Boolean, Decimal, Integer};
use spareval::ExpressionTerm;

use crate::rdf::{
    BlankNode, Literal, LiteralRef, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef,
    Triple,
};

/// The number of a term.
pub(super) type Id = u64;

const INLINE_TAG: u64 = 0b01;
const LOCAL_TAG: u64 = 0b11;
const PAYLOAD_BITS: u32 = 58;

/// The number of the term at a place in the dictionary.
pub(super) fn dictionary_id(place: u64) -> Id {
    place << 1
}

/// The number of a term that only one query knows.
pub(super) fn local_id(place: u64) -> Id {
    place << 2 | LOCAL_TAG
}

/// What a number stands for.
pub(super) enum Kind {
    Dictionary(u64),
    Inline,
    Local(u64),
}

pub(super) fn kind(id: Id) -> Kind {
    match id & 0b11 {
        INLINE_TAG => Kind::Inline,
        LOCAL_TAG => Kind::Local(id >> 2),
        _ => Kind::Dictionary(id >> 1),
    }
}

const INTEGERS: [NamedNodeRef<'static>; 6] = [
    xsd::INTEGER,
    xsd::NON_NEGATIVE_INTEGER,
    xsd::INT,
    xsd::LONG,
    xsd::POSITIVE_INTEGER,
    xsd::G_YEAR,
];
const BOOLEAN: u64 = 8;
const DATE: u64 = 9;
const DATE_TIME: u64 = 10;
const DECIMAL: u64 = 11;

fn pack(kind: u64, payload: u64) -> Option<Id> {
    (payload >> PAYLOAD_BITS == 0).then_some(payload << 6 | kind << 2 | INLINE_TAG)
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}

fn unzigzag(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -(value & 1).cast_signed()
}

/// The number of a small value, when the literal can be written back from it exactly.
pub(super) fn inline(literal: LiteralRef<'_>) -> Option<Id> {
    let value = literal.value();
    if value.len() > 20 || literal.language().is_some() {
        return None;
    }
    let datatype = literal.datatype();
    if let Some(kind) = INTEGERS.iter().position(|integer| *integer == datatype) {
        let number: i64 = value.parse().ok()?;
        return same(
            value,
            &number.to_string(),
            pack(kind as u64, zigzag(number)),
        );
    }
    match datatype {
        xsd::BOOLEAN => match value {
            "true" => pack(BOOLEAN, 1),
            "false" => pack(BOOLEAN, 0),
            _ => None,
        },
        xsd::DATE => pack(DATE, date(value)?),
        xsd::DATE_TIME => {
            let (day, rest) = value.split_at_checked(10)?;
            let (clock, zone) = match rest.strip_suffix('Z') {
                Some(clock) => (clock, 1),
                None => (rest, 0),
            };
            pack(DATE_TIME, (date(day)? << 17 | seconds(clock)?) << 1 | zone)
        }
        xsd::DECIMAL => {
            let (whole, fraction) = value.split_once('.')?;
            if whole.len() + fraction.len() > 16 || fraction.len() > 15 {
                return None;
            }
            let number: i64 = format!("{whole}{fraction}").parse().ok()?;
            let scale = fraction.len();
            let mantissa = zigzag(number);
            let packed = pack(DECIMAL, mantissa << 4 | scale as u64);
            same(value, &decimal(number, scale), packed)
        }
        _ => None,
    }
}

fn same(given: &str, written: &str, id: Option<Id>) -> Option<Id> {
    if given == written { id } else { None }
}

fn digits(text: &str) -> Option<u64> {
    let all = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

fn date(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !text.is_ascii() {
        return None;
    }
    let (year, month, day) = (
        digits(&text[..4])?,
        digits(&text[5..7])?,
        digits(&text[8..])?,
    );
    (month < 16 && day < 32).then_some((year << 4 | month) << 5 | day)
}

fn seconds(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 9 && bytes[0] == b'T' && bytes[3] == b':' && bytes[6] == b':';
    if !shaped || !text.is_ascii() {
        return None;
    }
    let (hour, minute, second) = (
        digits(&text[1..3])?,
        digits(&text[4..6])?,
        digits(&text[7..])?,
    );
    (hour < 24 && minute < 60 && second < 60).then_some((hour * 60 + minute) * 60 + second)
}

fn decimal(number: i64, scale: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

/// The literal that a small value's number stands for.
pub(super) fn inline_literal(id: Id) -> Literal {
    let (kind, payload) = (id >> 2 & 15, id >> 6);
    let typed = |value: String, datatype| Literal::new_typed_literal(value, datatype);
    match kind {
        BOOLEAN => typed((payload == 1).to_string(), xsd::BOOLEAN),
        DATE => typed(write_date(payload), xsd::DATE),
        DATE_TIME => {
            let zone = if payload & 1 == 1 { "Z" } else { "" };
            let clock = payload >> 1 & 0x1_ffff;
            let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
            let day = write_date(payload >> 18);
            typed(
                format!("{day}T{hour:02}:{minute:02}:{second:02}{zone}"),
                xsd::DATE_TIME,
            )
        }
        DECIMAL => typed(
            decimal(unzigzag(payload >> 4), (payload & 15) as usize),
            xsd::DECIMAL,
        ),
        integer => {
            let datatype = INTEGERS
                .get(integer as usize)
                .copied()
                .unwrap_or(xsd::INTEGER);
            typed(unzigzag(payload).to_string(), datatype)
        }
    }
}

fn write_date(payload: u64) -> String {
    let (year, month, day) = (payload >> 9, payload >> 5 & 15, payload & 31);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Which small values can be put in order by their numbers alone: only integers, or only dates, or
/// only times with a zone, or only times without.
pub(super) fn sort_kind(id: Id) -> Option<u64> {
    let kind = id >> 2 & 15;
    match kind {
        _ if id & 0b11 != INLINE_TAG => None,
        0 | DATE => Some(kind),
        DATE_TIME => Some(kind << 1 | id >> 6 & 1),
        _ => None,
    }
}

/// A number that stands in the order of the values of one such kind.
pub(super) fn sort_key(id: Id) -> u64 {
    let payload = id >> 6;
    match id >> 2 & 15 {
        0 => unzigzag(payload).cast_unsigned() ^ 1 << 63,
        _ => payload,
    }
}

/// The value as the evaluator computes with it, without writing and reading its lexical form.
pub(super) fn inline_expression(id: Id) -> ExpressionTerm {
    let (kind, payload) = (id >> 2 & 15, id >> 6);
    match kind {
        0 => ExpressionTerm::IntegerLiteral(Integer::from(unzigzag(payload))),
        BOOLEAN => ExpressionTerm::BooleanLiteral(Boolean::from(payload == 1)),
        DECIMAL => {
            let scale = (payload & 15) as u32;
            let scaled = i128::from(unzigzag(payload >> 4)) * 10_i128.pow(18 - scale.min(18));
            ExpressionTerm::DecimalLiteral(Decimal::from_be_bytes(scaled.to_be_bytes()))
        }
        _ => Term::from(inline_literal(id)).into(),
    }
}

/// The number of an integer that a query computed, if it is small enough.
pub(super) fn inline_integer(value: u64) -> Option<Id> {
    pack(0, zigzag(i64::try_from(value).ok()?))
}

/// Writes a term as bytes, such that two terms are the same exactly when their bytes are.
pub(super) fn encode(term: TermRef<'_>, out: &mut Vec<u8>) {
    match term {
        TermRef::NamedNode(node) => {
            out.push(b'I');
            out.extend_from_slice(node.as_str().as_bytes());
        }
        TermRef::BlankNode(node) => {
            out.push(b'B');
            out.extend_from_slice(node.as_str().as_bytes());
        }
        TermRef::Literal(literal) => encode_literal(literal, out),
        TermRef::Triple(triple) => {
            out.push(b'Q');
            let parts = [
                TermRef::from(triple.subject.as_ref()),
                triple.predicate.as_ref().into(),
                triple.object.as_ref(),
            ];
            for part in parts {
                let mut inner = Vec::new();
                encode(part, &mut inner);
                write_varint(inner.len() as u64, out);
                out.extend_from_slice(&inner);
            }
        }
    }
}

fn encode_literal(literal: LiteralRef<'_>, out: &mut Vec<u8>) {
    if let Some(language) = literal.language() {
        match literal.direction() {
            None => out.push(b'L'),
            Some(oxrdf::BaseDirection::Ltr) => out.push(b'>'),
            Some(oxrdf::BaseDirection::Rtl) => out.push(b'<'),
        }
        out.extend_from_slice(language.as_bytes());
        out.push(0);
    } else if literal.datatype() == xsd::STRING {
        out.push(b'S');
    } else {
        out.push(b'T');
        out.extend_from_slice(literal.datatype().as_str().as_bytes());
        out.push(0);
    }
    out.extend_from_slice(literal.value().as_bytes());
}

/// Reads a term back; `None` if the bytes were not written by [`encode`].
pub(super) fn decode(bytes: &[u8]) -> Option<Term> {
    let (tag, rest) = bytes.split_first()?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    let halves = || {
        let at = rest.iter().position(|c| *c == 0)?;
        Some((text(&rest[..at])?, text(&rest[at + 1..])?))
    };
    Some(match tag {
        b'I' => NamedNode::new_unchecked(text(rest)?).into(),
        b'B' => BlankNode::new_unchecked(text(rest)?).into(),
        b'S' => Literal::new_simple_literal(text(rest)?).into(),
        b'L' => {
            let (language, value) = halves()?;
            Literal::new_language_tagged_literal_unchecked(value, language).into()
        }
        b'<' | b'>' => {
            let (language, value) = halves()?;
            let direction = match tag {
                b'<' => oxrdf::BaseDirection::Rtl,
                _ => oxrdf::BaseDirection::Ltr,
            };
            Literal::new_directional_language_tagged_literal_unchecked(value, language, direction)
                .into()
        }
        b'T' => {
            let (datatype, value) = halves()?;
            Literal::new_typed_literal(value, NamedNode::new_unchecked(datatype)).into()
        }
        b'Q' => {
            let mut rest = rest;
            let mut part = || {
                let length = read_varint(&mut rest)? as usize;
                let (inner, after) = rest.split_at_checked(length)?;
                rest = after;
                decode(inner)
            };
            let subject = match part()? {
                Term::NamedNode(node) => NamedOrBlankNode::from(node),
                Term::BlankNode(node) => node.into(),
                Term::Literal(_) | Term::Triple(_) => return None,
            };
            let Term::NamedNode(predicate) = part()? else {
                return None;
            };
            Triple::new(subject, predicate, part()?).into()
        }
        _ => return None,
    })
}

/// The string that `STR()` gives for an encoded term, when it has one.
pub(super) fn lexical(bytes: &[u8]) -> Option<&str> {
    let (tag, rest) = bytes.split_first()?;
    let text = match tag {
        b'I' | b'S' => rest,
        b'L' | b'T' | b'<' | b'>' => &rest[rest.iter().position(|c| *c == 0)? + 1..],
        _ => return None,
    };
    std::str::from_utf8(text).ok()
}

/// The language tag of an encoded literal; empty for other literals; `None` if it is no literal.
pub(super) fn language(bytes: &[u8]) -> Option<&str> {
    let (tag, rest) = bytes.split_first()?;
    match tag {
        b'S' | b'T' => Some(""),
        b'L' | b'<' | b'>' => {
            let at = rest.iter().position(|c| *c == 0)?;
            std::str::from_utf8(&rest[..at]).ok()
        }
        _ => None,
    }
}

/// Writes a number in groups of seven bits, the low ones first.
pub(super) fn write_varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads what [`write_varint`] wrote and moves the slice behind it.
pub(super) fn read_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

/// A hash that stays the same for ever: dictionaries on disk are built on it.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const K: [u64; 4] = [
        0x9e37_79b9_7f4a_7c15,
        0xbf58_476d_1ce4_e5b9,
        0x94d0_49bb_1331_11eb,
        0xd6e8_feb8_6659_fd93,
    ];
    let mix = |state: u64, word: u64, k: u64| {
        let product = (state ^ word).wrapping_mul(k);
        product ^ product >> 29
    };
    let word = |chunk: &[u8]| {
        let mut buffer = [0; 8];
        buffer[..chunk.len()].copy_from_slice(chunk);
        u64::from_le_bytes(buffer)
    };
    let mut lanes = K;
    let mut wide = bytes.chunks_exact(32);
    for chunk in &mut wide {
        for (lane, part) in chunk.chunks_exact(8).enumerate() {
            lanes[lane] = mix(lanes[lane], word(part), K[lane]);
        }
    }
    let mut state = bytes.len() as u64;
    for lane in lanes {
        state = mix(state.rotate_left(23), lane, K[1]);
    }
    for chunk in wide.remainder().chunks(8) {
        state = mix(state, word(chunk), K[0]);
    }
    state = mix(state, state >> 32, K[2]);
    state ^ state >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literal(value: &str, datatype: NamedNodeRef<'_>) -> Literal {
        Literal::new_typed_literal(value, datatype)
    }

    #[test]
    fn small_values_come_back_exactly_or_are_not_inlined() {
        let values = [
            "0",
            "-0",
            "+1",
            "007",
            "42",
            "-17",
            "99999999999999999999",
            "true",
            "1",
            "false",
            "2024-02-31",
            "2024-1-1",
            "2024-12-31Z",
            "20240-12-31",
            "2024-12-31T23:59:59",
            "2024-12-31T23:59:59Z",
            "2024-12-31T24:00:00Z",
            "2024-12-31T23:59:59.5Z",
            "1.0",
            "-0.0",
            "0.5",
            "00.5",
            ".5",
            "5.",
            "-12.250",
            "123456789012345.6",
            "é-0-10-10aa",
        ];
        let mut inlined = 0;
        for value in values {
            for datatype in [
                xsd::INTEGER,
                xsd::NON_NEGATIVE_INTEGER,
                xsd::BOOLEAN,
                xsd::DATE,
                xsd::DATE_TIME,
                xsd::DECIMAL,
                xsd::G_YEAR,
                xsd::STRING,
            ] {
                let given = literal(value, datatype);
                if let Some(id) = inline(given.as_ref()) {
                    inlined += 1;
                    assert_eq!(inline_literal(id), given);
                    let expression: Term = inline_expression(id).into();
                    let expected: Term = ExpressionTerm::from(Term::from(given)).into();
                    assert_eq!(expression, expected);
                }
            }
        }
        assert!(inlined > 20, "{inlined}");
    }

    #[test]
    fn terms_come_back_from_their_bytes() {
        let name = NamedNode::new_unchecked("urn:x");
        let nested = Triple::new(name.clone(), name.clone(), Literal::from(1));
        let terms: Vec<Term> = vec![
            name.clone().into(),
            BlankNode::new_unchecked("b0").into(),
            Literal::new_simple_literal("a\0b").into(),
            Literal::new_language_tagged_literal_unchecked("x\0", "en-GB").into(),
            Literal::new_directional_language_tagged_literal_unchecked(
                "x",
                "ar",
                oxrdf::BaseDirection::Rtl,
            )
            .into(),
            literal("x\0y", NamedNodeRef::new_unchecked("urn:t")).into(),
            Triple::new(name.clone(), name, Term::from(nested)).into(),
        ];
        for term in terms {
            let mut bytes = Vec::new();
            encode(term.as_ref(), &mut bytes);
            assert_eq!(decode(&bytes), Some(term));
        }
    }
}
