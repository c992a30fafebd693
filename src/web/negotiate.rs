//! Which representation does a client want? `Accept` (RFC 9110 §12.5.1), `?format=`, extensions
//! and languages.

use crate::rdf::Format;

/// How many alternatives of an `Accept` header are looked at.
const ALTERNATIVES_MAX: usize = 64;

/// A representation of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Representation {
    Html,
    Rdf(Format),
}

impl Representation {
    /// Every representation, the default first (FAIR Data Point: Turtle).
    pub const ALL: [Self; 8] = [
        Self::Rdf(Format::Turtle),
        Self::Rdf(Format::JsonLd),
        Self::Html,
        Self::Rdf(Format::RdfXml),
        Self::Rdf(Format::NTriples),
        Self::Rdf(Format::NQuads),
        Self::Rdf(Format::TriG),
        Self::Rdf(Format::N3),
    ];

    pub fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::Rdf(format) => format.media_types(),
        }
    }

    /// The value of `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Rdf(Format::Turtle) => "text/turtle; charset=utf-8",
            Self::Rdf(Format::N3) => "text/n3; charset=utf-8",
            Self::Rdf(format) => format.media_type(),
        }
    }

    /// The value of `Content-Type` of a whole body. The charset of Turtle is named when something else than ASCII is in it,
    /// as its registration asks; without need it is left away, since there are clients that compare the header with the
    /// bare media type.
    pub fn content_type_of(self, body: &[u8]) -> &'static str {
        match self {
            Self::Rdf(Format::Turtle) if body.is_ascii() => Format::Turtle.media_type(),
            Self::Html | Self::Rdf(_) => self.content_type(),
        }
    }

    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Rdf(format) => format.extension(),
        }
    }

    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension {
            "html" => Some(Self::Html),
            _ => Format::from_extension(extension).map(Self::Rdf),
        }
    }
}

/// The representation that an `Accept` header asks for; the default when there is none, `None`
/// when nothing that is offered is acceptable.
pub fn representation(accept: Option<&str>) -> Option<Representation> {
    let best = best_of(accept, &Representation::ALL)?;
    if !matches!(best, Representation::Rdf(Format::NQuads | Format::TriG)) {
        return Some(best);
    }
    // Some readers take graphs as well as triples and look into the default graph only (Comunica, for one). The record
    // would not be there.
    let names = |range: &&str| !range.contains('*') && !range.trim().is_empty();
    let named: Vec<&str> = accept?.split(',').filter(names).collect();
    Some(best_of(Some(&named.join(",")), &TRIPLES).unwrap_or(best))
}

/// The representations of a record in which it stands in no graph of its own.
const TRIPLES: [Representation; 5] = [
    Representation::Rdf(Format::Turtle),
    Representation::Rdf(Format::JsonLd),
    Representation::Rdf(Format::RdfXml),
    Representation::Rdf(Format::NTriples),
    Representation::Rdf(Format::N3),
];

fn best_of(accept: Option<&str>, offered: &[Representation]) -> Option<Representation> {
    let types: Vec<&[&str]> = offered.iter().map(|one| one.media_types()).collect();
    choose(accept, &types).map(|at| offered[at])
}

/// The position of the best offer, each a list of media types. Among equals the first offer wins,
/// but an offer that is named wins over one that a wildcard lets in.
pub fn choose(accept: Option<&str>, offered: &[&[&str]]) -> Option<usize> {
    let Some(accept) = accept.filter(|text| !text.trim().is_empty()) else {
        return (!offered.is_empty()).then_some(0);
    };
    let ranges: Vec<Range<'_>> = accept
        .split(',')
        .take(ALTERNATIVES_MAX)
        .filter_map(range)
        .collect();
    let quality = |types: &[&str]| {
        let of_type = |(at, media): (usize, &&str)| {
            // A wildcard means the type that we would answer with, not its old names.
            let fits = ranges
                .iter()
                .filter(|range| range.covers(media) && (at == 0 || range.specificity == NAMED));
            fits.max_by_key(|range| range.specificity)
                .map(|range| (range.thousandths, range.specificity))
        };
        types.iter().enumerate().filter_map(of_type).max()
    };
    let best = offered
        .iter()
        .enumerate()
        .filter_map(|(at, types)| Some((quality(types)?, at)))
        .filter(|((thousandths, _), _)| *thousandths > 0)
        .max_by(|(one, at_one), (other, at_other)| one.cmp(other).then(at_other.cmp(at_one)))?;
    Some(best.1)
}

/// The specificity of a range that names one media type.
const NAMED: u8 = 2;

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    specificity: u8,
    thousandths: u16,
}

impl Range<'_> {
    fn covers(&self, media_type: &str) -> bool {
        let Some((kind, subtype)) = media_type.split_once('/') else {
            return false;
        };
        (self.kind == "*" || self.kind.eq_ignore_ascii_case(kind))
            && (self.subtype == "*" || self.subtype.eq_ignore_ascii_case(subtype))
    }
}

fn range(text: &str) -> Option<Range<'_>> {
    let mut parts = text.split(';');
    let (kind, subtype) = parts.next()?.trim().split_once('/')?;
    let specificity = match (kind, subtype) {
        ("*", _) => 0,
        (_, "*") => 1,
        _ => NAMED,
    };
    let quality = parts.find_map(|part| part.trim().strip_prefix("q="));
    let thousandths = quality.map_or(Some(1000), thousandths)?;
    Some(Range {
        kind,
        subtype,
        specificity,
        thousandths,
    })
}

fn thousandths(text: &str) -> Option<u16> {
    let value: f32 = text.trim().parse().ok()?;
    let valid = (0.0..=1.0).contains(&value);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "0 to 1000"
    )]
    valid.then_some((value * 1000.0) as u16)
}

/// The interface languages.
pub const LANGUAGES: [&str; 5] = ["en", "de", "fr", "es", "it"];

/// The interface language: `?lang=` if we have it, else the best of `Accept-Language`, else
/// English.
pub fn language(asked: Option<&str>, accept_language: Option<&str>) -> &'static str {
    let known = |tag: &str| {
        let primary = tag.split('-').next().unwrap_or(tag).trim();
        LANGUAGES
            .into_iter()
            .find(|language| language.eq_ignore_ascii_case(primary))
    };
    if let Some(language) = asked.and_then(known) {
        return language;
    }
    let weighed = accept_language
        .into_iter()
        .flat_map(|text| text.split(','))
        .filter_map(|part| {
            let (tag, quality) = part.split_once(";q=").unwrap_or((part, "1"));
            Some((known(tag)?, thousandths(quality)?))
        });
    let best = weighed
        .take(ALTERNATIVES_MAX)
        .fold(None::<(&'static str, u16)>, |best, one| {
            if best.is_some_and(|best| best.1 >= one.1) {
                best
            } else {
                Some(one)
            }
        });
    best.filter(|(_, quality)| *quality > 0)
        .map_or("en", |(language, _)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(accept: &str, expected: Option<Representation>) {
        assert_eq!(representation(Some(accept)), expected, "{accept}");
    }

    #[test]
    fn accept_decides_by_quality_then_specificity_then_our_order() {
        use Format::{JsonLd, RdfXml, Turtle};
        assert_eq!(representation(None), Some(Representation::Rdf(Turtle)));
        check("*/*", Some(Representation::Rdf(Turtle)));
        check(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            Some(Representation::Html),
        );
        check("application/ld+json", Some(Representation::Rdf(JsonLd)));
        check(
            "application/rdf+xml;q=0.5, text/turtle;q=0.4",
            Some(Representation::Rdf(RdfXml)),
        );
        check("text/turtle;q=0, */*", Some(Representation::Rdf(JsonLd)));
        check(
            "application/n-quads",
            Some(Representation::Rdf(Format::NQuads)),
        );
        check(
            "application/trig, */*;q=0.1",
            Some(Representation::Rdf(Format::TriG)),
        );
        check(
            "application/n-quads, application/n-triples;q=0.8, text/turtle;q=0.6",
            Some(Representation::Rdf(Format::NTriples)),
        );
        check("image/png", None);
        check("application/json", None);
        check("nonsense", None);
    }

    #[test]
    fn languages_fall_back_to_english() {
        assert_eq!(language(None, Some("fr-CH, fr;q=0.9, en;q=0.8")), "fr");
        assert_eq!(language(None, Some("ja, de;q=0.5")), "de");
        assert_eq!(language(Some("it"), Some("de")), "it");
        assert_eq!(language(Some("xx"), None), "en");
    }
}
