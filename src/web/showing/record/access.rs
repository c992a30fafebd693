//! How does one get at the data? Badges, figures, distributions, conditions and contacts.

use super::facts::{Facts, literal};
use super::table::node;
use super::words::{self, say};
use crate::rdf::vocabulary::{cv, dcat, dct, eucaim, foaf, healthdcatap, vcard};
use crate::rdf::{NamedOrBlankNode, Term};
use crate::web::pages::filters::grouped;
use crate::web::pages::record::{Access, Contact, Distribution, KeyFigure, Value};
use crate::web::pages::text::{Badge, Link, Text, Tone};

/// The list of access conditions: those that are shown as badges.
const CONDITIONS: &str = "/access-conditions/";

/// The distributions of the record; itself when it is one.
pub fn nodes(facts: &Facts<'_>) -> Vec<NamedOrBlankNode> {
    facts
        .own(dcat::DISTRIBUTION)
        .into_iter()
        .filter_map(node)
        .collect()
}

/// Those whose whole description is part of this document.
pub fn own_nodes(facts: &Facts<'_>, nodes: &[NamedOrBlankNode]) -> Vec<NamedOrBlankNode> {
    let own = nodes.iter().filter(|node| {
        let is_record = matches!(node, NamedOrBlankNode::NamedNode(iri) if facts.neighbours.contains_key(iri.as_str()));
        !is_record && !facts.all(node).is_empty()
    });
    own.cloned().collect()
}

fn carriers(facts: &Facts<'_>, nodes: &[NamedOrBlankNode]) -> Vec<NamedOrBlankNode> {
    let mut carriers = vec![facts.iri.clone()];
    carriers.extend(nodes.iter().cloned());
    carriers
}

/// Values over the record and its distributions, each once.
fn gathered(facts: &Facts<'_>, nodes: &[NamedOrBlankNode]) -> Vec<Term> {
    let mut found: Vec<Term> = Vec::new();
    for carrier in carriers(facts, nodes) {
        for term in facts.of(&carrier, dct::RIGHTS) {
            if !found.contains(term) {
                found.push(term.clone());
            }
        }
    }
    found
}

pub fn badges(facts: &Facts<'_>, nodes: &[NamedOrBlankNode]) -> Vec<Badge> {
    let badge = |term: &Term, tone: Tone| {
        let value = facts.value(term);
        Badge {
            label: value.text,
            tone,
            href: value.href,
        }
    };
    let mut badges: Vec<Badge> = Vec::new();
    badges.extend(
        facts
            .own(eucaim::INTEROPERABILITY_LEVEL)
            .into_iter()
            .map(|term| badge(term, Tone::Tier)),
    );
    badges.extend(facts.own(dct::ACCESS_RIGHTS).into_iter().map(|term| {
        let is_open = matches!(term, Term::NamedNode(iri) if iri.as_str().ends_with("/PUBLIC"));
        badge(term, if is_open { Tone::Good } else { Tone::Care })
    }));
    for term in gathered(facts, nodes) {
        if matches!(&term, Term::NamedNode(iri) if iri.as_str().contains(CONDITIONS)) {
            badges.push(badge(&term, Tone::Plain));
        }
    }
    badges
}

pub fn figures(facts: &Facts<'_>) -> Vec<KeyFigure> {
    let mut figures = Vec::new();
    let mut add = |value: Option<String>, label| {
        if let Some(value) = value {
            figures.push(KeyFigure {
                value,
                label: say(label, facts.language).to_owned(),
            });
        }
    };
    add(
        facts
            .number(healthdcatap::NUMBER_OF_UNIQUE_INDIVIDUALS)
            .map(grouped),
        words::SUBJECTS,
    );
    add(
        facts.number(healthdcatap::NUMBER_OF_RECORDS).map(grouped),
        words::STUDIES,
    );
    let ages = [healthdcatap::MIN_TYPICAL_AGE, healthdcatap::MAX_TYPICAL_AGE];
    let ages = ages.map(|end| facts.number(end).map(|age| age.to_string()));
    add(span(&ages), words::AGES);
    let mut years: [Option<String>; 2] = [None, None];
    for period in facts.own(dct::TEMPORAL).into_iter().filter_map(node) {
        for (at, end) in [dcat::START_DATE, dcat::END_DATE].into_iter().enumerate() {
            let year = facts
                .of(&period, end)
                .into_iter()
                .find_map(|term| literal(term)?.get(..4));
            let year = year.map(str::to_owned);
            years[at] = match (years[at].take(), year) {
                (Some(one), Some(other)) if at == 0 => Some(one.min(other)),
                (one, other) => one.max(other),
            };
        }
    }
    add(span(&years), words::YEARS);
    add(
        facts.number(eucaim::NBR_OF_SEGMENTATIONS).map(grouped),
        words::SEGMENTATIONS,
    );
    figures
}

fn span([from, to]: &[Option<String>; 2]) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) if from == to => Some(from.clone()),
        (Some(from), Some(to)) => Some(format!("{from}–{to}")),
        (Some(from), None) => Some(format!("≥ {from}")),
        (None, Some(to)) => Some(format!("≤ {to}")),
        (None, None) => None,
    }
}

pub fn distributions(facts: &Facts<'_>, nodes: &[NamedOrBlankNode]) -> Vec<Distribution> {
    let one = |node: &NamedOrBlankNode| {
        let neighbour = match node {
            NamedOrBlankNode::NamedNode(iri) => facts.neighbours.get(iri.as_str()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let value = |property| {
            facts
                .of(node, property)
                .into_iter()
                .next()
                .map(|term| facts.value(term))
        };
        let title = neighbour.map(|neighbour| neighbour.title.clone());
        let title = title.or_else(|| facts.best(&facts.of(node, dct::TITLE)));
        let bytes = facts
            .of(node, dcat::BYTE_SIZE)
            .into_iter()
            .find_map(|term| literal(term)?.parse().ok());
        Distribution {
            title: title.unwrap_or_else(|| Text::plain(Facts::short(&node.to_string()))),
            href: neighbour.map(|neighbour| neighbour.href.clone()),
            description: facts.best(&facts.of(node, dct::DESCRIPTION)),
            access_href: facts.iri_of(node, dcat::ACCESS_URL),
            download_href: facts.iri_of(node, dcat::DOWNLOAD_URL),
            format: value(dcat::MEDIA_TYPE).or_else(|| value(dct::FORMAT)),
            size: bytes.map(size),
            licence: value(dct::LICENSE),
            rights: facts
                .of(node, dct::RIGHTS)
                .into_iter()
                .map(|term| facts.value(term))
                .collect(),
        }
    };
    nodes.iter().map(one).collect()
}

/// A number of bytes as people say it, in decimal units.
fn size(bytes: u64) -> String {
    let units = ["kB", "MB", "GB", "TB", "PB"];
    let (mut tenths, mut unit) = (bytes.saturating_mul(10), "bytes");
    for next in units {
        if tenths < 10_000 {
            break;
        }
        (tenths, unit) = (tenths / 1000, next);
    }
    match (unit, tenths % 10) {
        ("bytes", _) => format!("{bytes} bytes"),
        (_, 0) => format!("{} {unit}", tenths / 10),
        (_, tenth) => format!("{}.{tenth} {unit}", tenths / 10),
    }
}

/// The box with the way to the data.
pub fn access(facts: &Facts<'_>, nodes: &[NamedOrBlankNode], ask: &str) -> Option<Access> {
    let asked = carriers(facts, nodes)
        .iter()
        .find_map(|node| facts.iri_of(node, dcat::ACCESS_URL));
    let page = || facts.iri_of(&facts.iri, dcat::LANDING_PAGE);
    let request = match asked {
        Some(href) => Some(Link::new(ask, href)),
        None => page().map(|href| Link::new(say(words::LANDING_PAGE, facts.language), href)),
    };
    let conditions: Vec<Value> = gathered(facts, nodes)
        .iter()
        .map(|term| facts.value(term))
        .collect();
    let contacts = contacts(facts);
    let is_empty = request.is_none() && conditions.is_empty() && contacts.is_empty();
    let summary = facts
        .own(dct::ACCESS_RIGHTS)
        .first()
        .map(|term| facts.value(term).text);
    (!is_empty).then_some(Access {
        summary,
        request,
        conditions,
        contacts,
    })
}

fn contacts(facts: &Facts<'_>) -> Vec<Contact> {
    let mut contacts = Vec::new();
    for term in facts.own(dcat::CONTACT_POINT) {
        let Some(who) = node(term) else { continue };
        let name = facts.best(&facts.of(&who, vcard::FN));
        let email = email(facts, &who, vcard::HAS_EMAIL);
        let page = page(facts, &who, vcard::HAS_URL);
        contacts.push(contact(facts, words::CONTACT, name, term, (email, page)));
    }
    for term in facts.own(dct::PUBLISHER) {
        let Some(who) = node(term) else { continue };
        let name = facts.best(&facts.of(&who, foaf::NAME));
        let points: Vec<_> = facts
            .of(&who, cv::CONTACT_POINT)
            .into_iter()
            .filter_map(node)
            .collect();
        let email = points
            .iter()
            .find_map(|point| email(facts, point, cv::EMAIL));
        let page = points
            .iter()
            .find_map(|point| page(facts, point, cv::CONTACT_PAGE));
        contacts.push(contact(facts, words::PUBLISHER, name, term, (email, page)));
    }
    contacts
}

fn contact(
    facts: &Facts<'_>,
    role: words::Words,
    name: Option<Text>,
    term: &Term,
    (email, page): (Option<String>, Option<Link>),
) -> Contact {
    let value = facts.value(term);
    let href = match term {
        Term::NamedNode(iri) => facts
            .neighbours
            .get(iri.as_str())
            .map(|one| one.href.clone()),
        _ => None,
    };
    let name = name.unwrap_or_else(|| {
        if href.is_some() {
            value.text
        } else {
            Text::default()
        }
    });
    Contact {
        role: say(role, facts.language).to_owned(),
        name,
        href,
        email,
        page,
    }
}

fn email(
    facts: &Facts<'_>,
    who: &NamedOrBlankNode,
    property: crate::rdf::NamedNodeRef<'_>,
) -> Option<String> {
    facts
        .of(who, property)
        .into_iter()
        .find_map(|term| match term {
            Term::NamedNode(iri) => iri.as_str().strip_prefix("mailto:").map(str::to_owned),
            Term::Literal(literal) => {
                let text = literal.value();
                Some(text.strip_prefix("mailto:").unwrap_or(text).to_owned())
            }
            _ => None,
        })
}

fn page(
    facts: &Facts<'_>,
    who: &NamedOrBlankNode,
    property: crate::rdf::NamedNodeRef<'_>,
) -> Option<Link> {
    let href = facts.iri_of(who, property)?;
    let label = href
        .split_once("://")
        .map_or(href.as_str(), |(_, rest)| rest)
        .trim_end_matches('/');
    Some(Link::new(label.to_owned(), href.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(4096), "4 kB");
        assert_eq!(size(1_500), "1.5 kB");
        assert_eq!(size(444_047_657_984), "444 GB");
    }

    #[test]
    fn a_span_needs_one_end_only() {
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(span(&[text("24"), text("79")]), text("24–79"));
        assert_eq!(span(&[text("24"), text("24")]), text("24"));
        assert_eq!(span(&[None, text("79")]), text("≤ 79"));
        assert_eq!(span(&[None, None]), None);
    }
}
