//! Where does the new profile want a description of its own? Contact points, checksums, codes, access conditions.

use rustc_hash::{FxHashMap, FxHashSet};

use super::forms::{Formed, formed};
use super::graph::{At, resource};
use super::note::What;
use super::rewrite::{Rewriting, folded};
use super::rules::{Codes, Contact, Part};
use crate::rdf::vocabulary::{dct, rdf, rdfs, skos};
use crate::rdf::{Literal, NamedNode, NamedOrBlankNode, Term, Triple};

/// Adds the access condition that a statement words.
pub fn conditions(work: &mut Rewriting<'_>) {
    let rules = work.rules;
    let Some(rule) = &rules.conditions else {
        return;
    };
    let words: FxHashMap<String, &NamedNode> = rule
        .condition
        .iter()
        .flat_map(|condition| {
            condition
                .words
                .iter()
                .map(|text| (folded(text), &condition.to.0))
        })
        .collect();
    let known: FxHashSet<&NamedNode> = words.values().copied().collect();
    for subject in work.graph.all_of(&rule.class.0) {
        let places = work.graph.of(&subject, &rule.property.0);
        let values: Vec<Term> = places
            .iter()
            .filter_map(|at| Some(work.graph.get(*at)?.object.clone()))
            .collect();
        let is_given = values
            .iter()
            .any(|value| matches!(value, Term::NamedNode(iri) if known.contains(iri)));
        if is_given {
            continue;
        }
        let mut found = None;
        for node in values.iter().filter_map(resource) {
            let texts = rule
                .texts
                .iter()
                .filter_map(|text| work.graph.first(&node, &text.0));
            let mut literals = texts.filter_map(|text| match text {
                Term::Literal(text) => Some(text.clone()),
                _ => None,
            });
            found = literals.find_map(|text| Some((*words.get(&folded(text.value()))?, text)));
            if found.is_some() {
                break;
            }
        }
        if let Some((condition, text)) = found {
            let triple = Triple::new(subject, rule.property.0.clone(), condition.clone());
            let after = triple.object.clone();
            work.step(
                What::Condition,
                &triple,
                text.into(),
                Some(after),
                &rule.because,
            );
            work.graph.add(triple);
        }
    }
}

/// Gives organisations the contact point of the new profile.
pub fn contacts(work: &mut Rewriting<'_>) {
    let rules = work.rules;
    let Some(rule) = &rules.contact else { return };
    let mut agents = work.reachable.clone();
    let members: FxHashSet<NamedOrBlankNode> = agents.iter().cloned().collect();
    let authors = work.author.iter().filter(|agent| !members.contains(*agent));
    let all: Vec<NamedOrBlankNode> = agents.iter().chain(authors).cloned().collect();
    let addresses = addresses(work, rule, &all);
    for agent in &all {
        lift_name(work, rule, agent, &addresses);
    }
    carry_over(work, rule, &agents, &members);
    agents.retain(|agent| !work.graph.has(agent, &rule.to.0));
    for agent in agents {
        build(work, rule, &agent, &addresses);
    }
}

/// The addresses of each organisation that are its own alone: what stands in a shared one is nobody's.
type Addresses = FxHashMap<NamedOrBlankNode, Vec<NamedOrBlankNode>>;

fn addresses(work: &Rewriting<'_>, rule: &Contact, agents: &[NamedOrBlankNode]) -> Addresses {
    let of = |agent: &NamedOrBlankNode| -> Vec<NamedOrBlankNode> {
        let places = work.graph.of(agent, &rule.address.0).into_iter();
        let nodes = places.filter_map(|at| resource(&work.graph.get(at)?.object));
        nodes.collect()
    };
    let mut owners: FxHashMap<NamedOrBlankNode, usize> = FxHashMap::default();
    for address in agents.iter().flat_map(of) {
        *owners.entry(address).or_default() += 1;
    }
    let own = |agent: &NamedOrBlankNode| {
        let mut addresses = of(agent);
        addresses.retain(|address| owners[address] == 1);
        (agent.clone(), addresses)
    };
    agents.iter().map(own).collect()
}

/// Takes the name of an organisation out of its address.
fn lift_name(
    work: &mut Rewriting<'_>,
    rule: &Contact,
    agent: &NamedOrBlankNode,
    addresses: &Addresses,
) {
    if work.graph.has(agent, &rule.name.0) {
        return;
    }
    for address in addresses.get(agent).into_iter().flatten() {
        for at in work.graph.of(address, &rule.name.0) {
            let Some(triple) = work.graph.get(at).cloned() else {
                continue;
            };
            let new = Triple {
                subject: agent.clone(),
                ..triple
            };
            let (from, to) = (rule.address.0.clone(), rule.name.0.clone());
            work.step(
                What::Moved,
                &new,
                from.into(),
                Some(to.into()),
                &rule.because_name,
            );
            work.graph.set(at, new);
        }
    }
}

/// Turns contact points of the old kind into those of the new one. A contact point that something else points to, too,
/// keeps its old form beside the new one.
fn carry_over(
    work: &mut Rewriting<'_>,
    rule: &Contact,
    agents: &[NamedOrBlankNode],
    members: &FxHashSet<NamedOrBlankNode>,
) {
    let mut seen = FxHashSet::default();
    let mut nodes = Vec::new();
    for agent in agents {
        let is_taken = work.graph.has(agent, &rule.to.0);
        for at in work.graph.of(agent, &rule.from.0) {
            let Some(triple) = work.graph.get(at).cloned() else {
                continue;
            };
            let (from, to) = (
                Term::from(rule.from.0.clone()),
                Term::from(rule.to.0.clone()),
            );
            if is_taken {
                work.left(What::Occupied, at, from, Some(to), &rule.because);
                continue;
            }
            let Some(node) = resource(&triple.object) else {
                work.left(What::Unread, at, triple.object, None, &rule.because);
                continue;
            };
            let new = Triple {
                predicate: rule.to.0.clone(),
                ..triple
            };
            work.step(
                What::Contact,
                &new,
                from,
                Some(rule.class.0.clone().into()),
                &rule.because,
            );
            work.graph.set(at, new);
            if seen.insert(node.clone()) {
                nodes.push(node);
            }
        }
    }
    for node in nodes {
        let ours =
            |triple: &Triple| triple.predicate == rule.to.0 && members.contains(&triple.subject);
        let referring = work.graph.pointing_to(&node);
        let is_shared = referring
            .into_iter()
            .any(|at| work.graph.get(at).is_some_and(|triple| !ours(triple)));
        renew(work, rule, &node, is_shared);
    }
}

/// Gives a contact point its new properties and its new class.
fn renew(work: &mut Rewriting<'_>, rule: &Contact, node: &NamedOrBlankNode, is_shared: bool) {
    let is_described = !work.graph.about(node).is_empty();
    for part in &rule.part {
        for from in &part.from {
            for at in work.graph.of(node, &from.0) {
                put(work, part, at, node, is_shared, &rule.because);
            }
        }
    }
    if !is_described {
        return;
    }
    let class = Term::from(rule.class.0.clone());
    let old = |object: &Term| {
        rule.old_classes
            .iter()
            .any(|old| Term::from(old.0.clone()) == *object)
    };
    for at in work.graph.of(node, &rdf::TYPE.into_owned()) {
        if !is_shared && work.graph.get(at).is_some_and(|triple| old(&triple.object)) {
            work.graph.remove(at);
        }
    }
    if !work.graph.is_a(node, &rule.class.0) {
        work.graph.add(Triple::new(node.clone(), rdf::TYPE, class));
    }
}

/// Puts the value of a statement under its new property at a contact point, or beside it when the statement stays.
fn put(
    work: &mut Rewriting<'_>,
    part: &Part,
    at: At,
    node: &NamedOrBlankNode,
    stays: bool,
    because: &str,
) {
    let Some(triple) = work.graph.get(at).cloned() else {
        return;
    };
    let value = match formed(part.form, &triple.object) {
        Formed::Fits => triple.object.clone(),
        Formed::Made(term) => term,
        Formed::Unread => {
            work.left(What::Unread, at, triple.object, None, because);
            return;
        }
    };
    let new = Triple {
        subject: node.clone(),
        predicate: part.to.0.clone(),
        object: value,
    };
    let what = if stays { What::Copied } else { What::Moved };
    work.step(
        what,
        &new,
        triple.predicate.into(),
        Some(part.to.0.clone().into()),
        because,
    );
    if stays {
        work.graph.add(new);
    } else {
        work.graph.set(at, new);
    }
}

/// Builds the contact point of an organisation that has none from what stands at itself or in its address.
fn build(
    work: &mut Rewriting<'_>,
    rule: &Contact,
    agent: &NamedOrBlankNode,
    addresses: &Addresses,
) {
    let mut holders = vec![agent.clone()];
    holders.extend(addresses.get(agent).into_iter().flatten().cloned());
    let mut found: Vec<(&Part, At)> = Vec::new();
    for part in &rule.part {
        for (holder, own) in holders
            .iter()
            .flat_map(|holder| part.own.iter().map(move |own| (holder, own)))
        {
            let places = work.graph.of(holder, &own.0);
            let readable = |at: &At| {
                let object = work.graph.get(*at).map(|triple| &triple.object);
                object.is_some_and(|object| formed(part.form, object) != Formed::Unread)
            };
            found.extend(places.into_iter().filter(readable).map(|at| (part, at)));
        }
    }
    // A telephone number alone is not enough of a contact, and stays where it is.
    if !found.iter().any(|(part, _)| part.enough) {
        return;
    }
    let roles = &work.rules.parties.reachable;
    let has_other_role = work.graph.pointing_to(agent).into_iter().any(|at| {
        let role = work.graph.get(at).map(|triple| &triple.predicate);
        role.is_some_and(|role| !roles.iter().any(|known| known.0 == *role))
    });
    let node = NamedOrBlankNode::from(work.graph.new_node());
    let link = Triple::new(agent.clone(), rule.to.0.clone(), node.clone());
    let from = found[0].1;
    let from = work.graph.get(from).map(|triple| triple.predicate.clone());
    if let Some(from) = from {
        work.step(
            What::Contact,
            &link,
            from.into(),
            Some(rule.class.0.clone().into()),
            &rule.because_own,
        );
    }
    work.graph.add(link);
    work.graph
        .add(Triple::new(node.clone(), rdf::TYPE, rule.class.0.clone()));
    for (part, at) in found {
        put(
            work,
            part,
            at,
            &node,
            part.keep || has_other_role,
            &rule.because_own,
        );
    }
}

/// Gathers a checksum that stands at the distribution itself.
pub fn checksums(work: &mut Rewriting<'_>) {
    let rules = work.rules;
    let Some(rule) = &rules.checksum else { return };
    for subject in work.graph.all_of(&rule.class.0) {
        let places: Vec<At> = rule
            .parts
            .iter()
            .flat_map(|part| work.graph.of(&subject, &part.0))
            .collect();
        let Some(first) = places.first() else {
            continue;
        };
        if work.graph.has(&subject, &rule.to.0) {
            let from = rule.parts[0].0.clone().into();
            work.left(
                What::Occupied,
                *first,
                from,
                Some(rule.to.0.clone().into()),
                &rule.because,
            );
            continue;
        }
        let node = NamedOrBlankNode::from(work.graph.new_node());
        let link = Triple::new(subject, rule.to.0.clone(), node.clone());
        let from = rule.parts[0].0.clone();
        work.step(
            What::Checksum,
            &link,
            from.into(),
            Some(rule.node.0.clone().into()),
            &rule.because,
        );
        work.graph.add(link);
        work.graph
            .add(Triple::new(node.clone(), rdf::TYPE, rule.node.0.clone()));
        for at in places {
            if let Some(triple) = work.graph.get(at).cloned() {
                work.graph.set(
                    at,
                    Triple {
                        subject: node.clone(),
                        ..triple
                    },
                );
            }
        }
    }
}

/// Writes the codes of concepts as texts, and keeps the concepts beside them.
pub fn codes(work: &mut Rewriting<'_>) {
    let rules = work.rules;
    let Some(rule) = &rules.codes else { return };
    for at in work.graph.with(&rule.property.0) {
        let Some(triple) = work.graph.get(at).cloned() else {
            continue;
        };
        let Some(concept) = resource(&triple.object) else {
            continue;
        };
        let Some(text) = code_of(work, rule, &concept) else {
            work.left(What::Unread, at, triple.object, None, &rule.because);
            continue;
        };
        let new = Triple {
            object: Literal::from(text).into(),
            ..triple.clone()
        };
        let after = new.object.clone();
        work.step(
            What::Concept,
            &new,
            triple.object.clone(),
            Some(after),
            &rule.because,
        );
        work.graph.set(at, new);
        work.graph.add(Triple {
            predicate: rule.keep.0.clone(),
            ..triple
        });
    }
}

/// System and code of a concept, such as `ICD-10: C61`.
fn code_of(work: &Rewriting<'_>, rule: &Codes, concept: &NamedOrBlankNode) -> Option<String> {
    let text =
        |node: &NamedOrBlankNode, property: NamedNode| match work.graph.first(node, &property) {
            Some(Term::Literal(text)) => Some(text.value().trim().to_owned()),
            _ => None,
        };
    let notation = text(concept, skos::NOTATION.into_owned());
    let identifier = text(concept, dct::IDENTIFIER.into_owned());
    let scheme = work
        .graph
        .first(concept, &skos::IN_SCHEME.into_owned())
        .and_then(resource);
    let system = scheme.and_then(|scheme| {
        let iri = match &scheme {
            NamedOrBlankNode::NamedNode(iri) => Some(iri.as_str().to_owned()),
            NamedOrBlankNode::BlankNode(_) => None,
        };
        let named = || {
            let labels = [skos::NOTATION, skos::PREF_LABEL, dct::TITLE, rdfs::LABEL];
            labels
                .into_iter()
                .find_map(|label| text(&scheme, label.into_owned()))
        };
        let known = iri.as_deref().and_then(|iri| system_of(work, rule, iri));
        let identified = || {
            let identifier = text(&scheme, dct::IDENTIFIER.into_owned())?;
            system_of(work, rule, &identifier)
        };
        known.or_else(identified).or_else(named)
    });
    match (system, notation) {
        (Some(system), Some(code)) => Some(format!("{system}: {code}")),
        _ => identifier
            .as_deref()
            .and_then(prefixed)
            .or_else(|| by_address(rule, concept)),
    }
}

/// The name of a coding system with an IRI: of the table, or of the code list.
fn system_of(work: &Rewriting<'_>, rule: &Codes, iri: &str) -> Option<String> {
    let of_table = rule
        .system
        .iter()
        .find(|system| system.iris.iter().any(|one| one == iri));
    let name = of_table.map(|system| system.name.clone());
    name.or_else(|| {
        work.ontology
            .concept(iri)
            .map(|concept| concept.code.clone())
    })
}

/// `ICD-10:C61` as system and code; an address is none.
fn prefixed(identifier: &str) -> Option<String> {
    let (system, code) = identifier.split_once(':')?;
    let (system, code) = (system.trim(), code.trim());
    let fits = !system.is_empty() && !code.is_empty() && !code.contains('/');
    fits.then(|| format!("{system}: {code}"))
}

/// The code in the address of a concept.
fn by_address(rule: &Codes, concept: &NamedOrBlankNode) -> Option<String> {
    let NamedOrBlankNode::NamedNode(iri) = concept else {
        return None;
    };
    rule.system.iter().find_map(|system| {
        let code = system
            .namespaces
            .iter()
            .find_map(|space| iri.as_str().strip_prefix(space.as_str()))?;
        let fits = !code.is_empty() && !code.contains('/');
        fits.then(|| format!("{}: {code}", system.name))
    })
}
