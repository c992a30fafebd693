//! What does the server itself say about a record? Dates, membership, containers: apart from what
//! the provider sent.

use jiff::Timestamp;

use super::identifier::Base;
use super::kind::{Kind, Kinds};
use crate::rdf::vocabulary::{datacite, dcat, dct, fdp, foaf, ldp, rdf, rdfs, xsd};
use crate::rdf::{Literal, NamedNode, Triple};

/// The specification that the server follows as a FAIR Data Point.
const FDP_SPECIFICATION: &str = "https://specs.fairdatapoint.org/";

/// What the server's statements about a record are made from.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    pub iri: &'a NamedNode,
    pub path: &'a str,
    pub kind: &'a str,
    /// The parent and the property that leads down from it.
    pub membership: Option<(&'a NamedNode, &'a NamedNode)>,
    pub issued: Timestamp,
    pub modified: Timestamp,
}

/// The graph that holds the server's statements about a record.
pub fn graph_name(base: &Base, path: &str) -> NamedNode {
    base.iri(&format!(
        "{}#record",
        if path.is_empty() { "/" } else { path }
    ))
}

/// The statements that stand in the store beside the provider's: a catalogue record (DCAT 3 §6.5),
/// the FAIR Data Point's dates, and the membership that leads from the parent.
pub fn statements(base: &Base, kinds: &Kinds, facts: &Facts<'_>) -> Vec<Triple> {
    let record = graph_name(base, facts.path);
    let issued = instant(facts.issued);
    let modified = instant(facts.modified);
    let iri = facts.iri;
    let mut said = vec![
        triple(&record, rdf::TYPE, dcat::CATALOG_RECORD.into_owned()),
        triple(&record, foaf::PRIMARY_TOPIC, iri.clone()),
        triple(&record, dct::ISSUED, issued.clone()),
        triple(&record, dct::MODIFIED, modified.clone()),
        triple(iri, fdp::METADATA_ISSUED, issued),
        triple(iri, fdp::METADATA_MODIFIED, modified),
    ];
    let kind = kinds.by_name(facts.kind);
    if let Some((parent, relation)) = facts.membership {
        said.push(triple(parent, relation.as_ref(), iri.clone()));
    }
    if let Some(class) = kind.and_then(|kind| kind.classes.first()) {
        said.push(triple(iri, rdf::TYPE, class.clone()));
    }
    said
}

/// The container of one kind of children (LDP §5.4; FAIR Data Point, navigation information).
pub fn container(
    base: &Base,
    iri: &NamedNode,
    (child, relation): (&Kind, &NamedNode),
    members: &[NamedNode],
) -> Vec<Triple> {
    let container = base.iri(&format!("/{}/", child.prefix));
    let mut said = vec![
        triple(&container, rdf::TYPE, ldp::DIRECT_CONTAINER.into_owned()),
        triple(
            &container,
            dct::TITLE,
            Literal::new_simple_literal(child.title("en")),
        ),
        triple(&container, ldp::MEMBERSHIP_RESOURCE, iri.clone()),
        triple(&container, ldp::HAS_MEMBER_RELATION, relation.clone()),
    ];
    for member in members {
        said.push(triple(&container, ldp::CONTAINS, member.clone()));
    }
    for member in members {
        said.push(triple(iri, relation.as_ref(), member.clone()));
    }
    said
}

/// The identifier of a record as a FAIR Data Point shows it.
pub fn identifier(iri: &NamedNode) -> Vec<Triple> {
    let identifier = NamedNode::new_unchecked(format!("{}#identifier", iri.as_str()));
    vec![
        triple(iri, fdp::METADATA_IDENTIFIER, identifier.clone()),
        triple(&identifier, rdf::TYPE, datacite::IDENTIFIER.into_owned()),
        triple(
            &identifier,
            dct::IDENTIFIER,
            Literal::new_simple_literal(iri.as_str()),
        ),
    ]
}

/// The profile of a kind, as clients of FAIR Data Points look for it.
pub fn profile(base: &Base, kind: &Kind) -> NamedNode {
    base.iri(&format!("/profile/{}", kind.definition_id()))
}

/// That a record has the form of its kind, in the reference's words. What it names itself stands beside it.
pub fn conformance(base: &Base, kind: &Kind, iri: &NamedNode) -> Vec<Triple> {
    let profile = profile(base, kind);
    let label = Literal::new_simple_literal(format!("{} profile", kind.name));
    vec![
        triple(iri, dct::CONFORMS_TO, profile.clone()),
        triple(&profile, rdfs::LABEL, label),
    ]
}

/// Statements that only a read of the root shows.
pub fn of_the_root(base: &Base) -> Vec<Triple> {
    let root = base.iri("");
    let version = concat!("Vesalius:", env!("CARGO_PKG_VERSION"));
    vec![
        triple(
            &root,
            fdp::FDP_SOFTWARE_VERSION,
            Literal::new_simple_literal(version),
        ),
        triple(&root, dcat::ENDPOINT_URL, root.clone()),
        triple(
            &root,
            fdp::CONFORMS_TO_FDP_SPEC,
            NamedNode::new_unchecked(FDP_SPECIFICATION),
        ),
    ]
}

/// A literal of an instant, to the millisecond.
pub fn instant(at: Timestamp) -> Literal {
    let text = at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
    Literal::new_typed_literal(text, xsd::DATE_TIME)
}

fn triple(
    subject: &NamedNode,
    predicate: crate::rdf::NamedNodeRef<'_>,
    object: impl Into<crate::rdf::Term>,
) -> Triple {
    Triple::new(subject.clone(), predicate.into_owned(), object)
}
