//! Which properties does the page list, in which groups and in which order?

use super::facts::Facts;
use super::words::{self, say};
use crate::rdf::vocabulary::{dcat, dct};
use crate::rdf::{NamedNode, NamedOrBlankNode, Term};
use crate::web::pages::record::{Property, PropertyGroup};
use crate::web::pages::text::Text;

/// The place of what no group has.
const LAST: f64 = f64::MAX;

struct Field<'a> {
    group: (f64, String),
    order: f64,
    property: &'a str,
    terms: Vec<&'a Term>,
}

/// The groups of the profile, what it does not list, and what stands below nothing else.
pub fn groups(facts: &Facts<'_>, distributions: &[NamedOrBlankNode]) -> Vec<PropertyGroup> {
    facts.tell(&facts.iri);
    let shown = [dct::TITLE.as_str(), dct::DESCRIPTION.as_str()];
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (property, term) in facts.all(&facts.iri) {
        // Those described in the document have groups of their own.
        let is_part = property == dcat::DISTRIBUTION.as_str()
            && super::table::node(term).is_some_and(|node| distributions.contains(&node));
        if shown.contains(&property.as_str()) || is_part {
            continue;
        }
        if let Some(field) = fields.iter_mut().find(|field| field.property == property) {
            field.terms.push(term);
            continue;
        }
        let (group, order) = facts.table.place(property).map_or_else(
            || ((LAST, String::new()), LAST),
            |place| {
                let (at, _) = facts.table.group(&place.group, facts.language);
                ((at, place.group.clone()), place.order)
            },
        );
        fields.push(Field {
            group,
            order,
            property,
            terms: vec![term],
        });
    }
    fields.sort_by(|one, other| {
        let groups = one.group.0.total_cmp(&other.group.0);
        groups.then(one.order.total_cmp(&other.order))
    });
    let mut groups: Vec<(String, PropertyGroup)> = Vec::new();
    for field in fields {
        let one = property(facts, field.property, &field.terms);
        let known = groups.iter_mut().find(|(iri, _)| *iri == field.group.1);
        if let Some((_, group)) = known {
            group.properties.push(one);
        } else {
            let label = facts.table.group(&field.group.1, facts.language).1;
            let label = label
                .unwrap_or_else(|| say(words::OTHER, facts.language))
                .to_owned();
            let id = format!("p{}", groups.len() + 1);
            groups.push((
                field.group.1,
                PropertyGroup {
                    id,
                    label,
                    properties: vec![one],
                },
            ));
        }
    }
    let mut groups: Vec<PropertyGroup> = groups.into_iter().map(|(_, group)| group).collect();
    for distribution in distributions {
        groups.extend(part(facts, distribution, groups.len() + 1));
    }
    groups.extend(rest(facts, groups.len() + 1));
    groups
}

fn property(facts: &Facts<'_>, property: &str, terms: &[&Term]) -> Property {
    let mut values: Vec<_> = terms.iter().map(|term| facts.value(term)).collect();
    let is_own = |value: &crate::web::pages::record::Value| {
        value
            .text
            .lang
            .as_deref()
            .is_some_and(|tag| tag.starts_with(facts.language))
    };
    values.sort_by_key(|value| !is_own(value));
    Property {
        label: Text::plain(facts.name(property)),
        iri: property.to_owned(),
        values,
    }
}

/// What is said about a distribution beside its title and description.
fn part(facts: &Facts<'_>, node: &NamedOrBlankNode, number: usize) -> Option<PropertyGroup> {
    facts.tell(node);
    let shown = [dct::TITLE.as_str(), dct::DESCRIPTION.as_str()];
    let title = facts
        .best(&facts.of(node, dct::TITLE))
        .map_or_else(|| Facts::short(&node.to_string()), |title| title.value);
    let statements = facts
        .all(node)
        .iter()
        .filter(|(name, _)| !shown.contains(&name.as_str()));
    let properties = listed(facts, statements);
    let name = facts.name(dcat::DISTRIBUTION.as_str());
    (!properties.is_empty()).then(|| PropertyGroup {
        id: format!("p{number}"),
        label: format!("{name}: {title}"),
        properties,
    })
}

fn listed<'a>(
    facts: &Facts<'_>,
    statements: impl Iterator<Item = &'a (String, Term)>,
) -> Vec<Property> {
    let mut found: Vec<(&str, Vec<&Term>)> = Vec::new();
    for (name, term) in statements {
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, terms)) => terms.push(term),
            None => found.push((name, vec![term])),
        }
    }
    found
        .into_iter()
        .map(|(name, terms)| property(facts, name, &terms))
        .collect()
}

/// What the document says about things that nothing else on the page leads to.
fn rest(facts: &Facts<'_>, number: usize) -> Vec<PropertyGroup> {
    let mut groups = Vec::new();
    // Telling about one node may tell about others, so the list is read anew each time.
    while let Some((subject, _)) = facts.untold().first().copied() {
        let statements = facts.untold()[0].1;
        let node = match subject.strip_prefix("_:") {
            Some(name) => NamedOrBlankNode::from(crate::rdf::BlankNode::new_unchecked(name)),
            None => NamedNode::new_unchecked(subject.trim_matches(['<', '>'])).into(),
        };
        facts.tell(&node);
        let properties = listed(facts, statements.iter());
        let label = format!(
            "{}: {}",
            say(words::OTHER, facts.language),
            Facts::short(subject)
        );
        groups.push(PropertyGroup {
            id: format!("p{}", number + groups.len()),
            label,
            properties,
        });
    }
    groups
}
