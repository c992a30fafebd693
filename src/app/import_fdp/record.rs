//! What does one record say there, in which state, and what stands below it?

use serde_json::Value;

use super::source::Source;
use crate::catalogue::State;
use crate::rdf::vocabulary::{dct, fdp, ldp, rdf};
use crate::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};

/// A record as it stands there.
pub(super) struct Found {
    /// What its provider said, as far as it can be told from what the server says.
    pub triples: Vec<Triple>,
    pub state: State,
    pub children: Vec<(NamedNode, usize)>,
    /// What the history here says of where it comes from.
    pub reason: String,
}

/// Reads a record.
pub(super) fn read(source: &Source, iri: &NamedNode, definition: usize) -> Result<Found, String> {
    let address = source.address_of(iri);
    let mut triples = source.client.turtle(&address)?;
    // The root may be written with a slash at its end.
    let slashed = NamedNode::new_unchecked(format!("{}/", source.base.as_str()));
    crate::catalogue::incoming::rename_exactly(&mut triples, &slashed, &source.base);
    let itself = NamedOrBlankNode::from(iri.clone());
    if !triples.iter().any(|triple| triple.subject == itself) {
        return Err(format!("<{address}> says nothing about it"));
    }
    // Without a token there is no state: what everybody may read is published.
    let meta = source
        .client
        .json(&format!("{address}/meta"))
        .unwrap_or_default();
    let children = children(source, iri, definition, &triples, &meta);
    let reason = provenance(source, &itself, &triples);
    let ours = |triple: &Triple| is_the_servers(source, iri, definition, &children, triple);
    let containers = containers(&triples);
    triples.retain(|triple| !containers.contains(&triple.subject) && !ours(triple));
    Ok(Found {
        state: state(&meta),
        children,
        reason,
        triples,
    })
}

fn state(meta: &Value) -> State {
    match meta["state"]["current"].as_str() {
        None | Some("PUBLISHED") => State::Published,
        Some(_) => State::Draft,
    }
}

/// Everything that stands right below: by the relations of the definition, and drafts that only the state tells of.
fn children(
    source: &Source,
    iri: &NamedNode,
    definition: usize,
    triples: &[Triple],
    meta: &Value,
) -> Vec<(NamedNode, usize)> {
    let itself = NamedOrBlankNode::from(iri.clone());
    let below = &source.definitions[definition].children;
    let mut found: Vec<(NamedNode, usize)> = Vec::new();
    let mut add = |child: NamedNode, definition: usize| {
        if found.iter().all(|(known, _)| *known != child) {
            found.push((child, definition));
        }
    };
    for triple in triples {
        let Term::NamedNode(child) = &triple.object else {
            continue;
        };
        if triple.subject != itself {
            continue;
        }
        for relation in below
            .iter()
            .filter(|below| below.relation == triple.predicate)
        {
            // A relation may lead to several kinds; the address says which.
            let by_address = source.definition_of(child.as_str());
            if by_address.is_none_or(|found| found == relation.definition) && by_address.is_some() {
                add(child.clone(), relation.definition);
            }
        }
    }
    let told = meta["state"]["children"].as_object();
    for (child, _) in told.into_iter().flatten() {
        let definition = source.definition_of(child);
        if let (Ok(child), Some(definition)) = (NamedNode::new(child), definition) {
            add(child, definition);
        }
    }
    found
}

fn containers(triples: &[Triple]) -> Vec<NamedOrBlankNode> {
    let class = Term::from(ldp::DIRECT_CONTAINER.into_owned());
    let typed = triples
        .iter()
        .filter(|triple| triple.predicate == rdf::TYPE && triple.object == class);
    typed.map(|triple| triple.subject.clone()).collect()
}

/// Whether a statement is the old server's own: memberships, dates, identifier, profile, the record about the record.
fn is_the_servers(
    source: &Source,
    iri: &NamedNode,
    definition: usize,
    children: &[(NamedNode, usize)],
    triple: &Triple,
) -> bool {
    let NamedOrBlankNode::NamedNode(subject) = &triple.subject else {
        return false;
    };
    let profiles = format!("{}/profile/", source.base.as_str());
    if subject.as_str().starts_with(&profiles) {
        return true;
    }
    let hash = subject.as_str().strip_prefix(iri.as_str());
    if matches!(hash, Some("#identifier" | "#record" | "/#record")) {
        return true;
    }
    if subject != iri {
        return false;
    }
    let is_member = |object: &NamedNode| {
        let below = source.definitions[definition].children.iter();
        let mut relations = below.map(|below| &below.relation);
        relations.any(|relation| *relation == triple.predicate)
            && children.iter().any(|(child, _)| child == object)
    };
    match &triple.object {
        Term::NamedNode(object) if is_member(object) => true,
        Term::NamedNode(object) if triple.predicate == dct::CONFORMS_TO => {
            object.as_str().starts_with(&profiles)
        }
        _ => OF_THE_SERVER
            .iter()
            .any(|property| triple.predicate == *property),
    }
}

const OF_THE_SERVER: [NamedNodeRef<'static>; 5] = [
    fdp::METADATA_IDENTIFIER,
    fdp::METADATA_ISSUED,
    fdp::METADATA_MODIFIED,
    fdp::FDP_SOFTWARE_VERSION,
    fdp::CONFORMS_TO_FDP_SPEC,
];

/// Where it comes from, and the dates that it had there.
fn provenance(source: &Source, itself: &NamedOrBlankNode, triples: &[Triple]) -> String {
    let date = |property: NamedNodeRef<'_>| {
        let mut about = triples.iter().filter(|triple| triple.subject == *itself);
        let found = about.find(|triple| triple.predicate == property);
        match found.map(|triple| &triple.object) {
            Some(Term::Literal(date)) => date.value().to_owned(),
            _ => "unknown".to_owned(),
        }
    };
    format!(
        "taken over from {}; issued there {}, modified there {}",
        source.base.as_str(),
        date(fdp::METADATA_ISSUED),
        date(fdp::METADATA_MODIFIED)
    )
}
