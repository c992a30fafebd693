//! What is said of a concept, in RDF: the statements of its vocabulary, and SKOS for everybody.

use std::collections::BTreeSet;

use crate::ontology::{Concept, Ontology};
use crate::rdf::vocabulary::{dct, foaf, owl, rdf, skos};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use crate::store::Snapshot;

/// No more nodes without a name are followed: restrictions have a handful.
const NAMELESS_MAX: usize = 1_000;

/// The graph of a concept. `address` is its page here.
pub(super) fn of(
    ontology: &Ontology,
    concept: &Concept,
    address: &str,
    snapshot: &Snapshot,
) -> Vec<Triple> {
    let mut triples = as_published(ontology, concept, snapshot);
    triples.extend(as_skos(ontology, concept));
    let page = NamedNode::new_unchecked(address);
    let subject = NamedNode::new_unchecked(&concept.iri);
    triples.push(Triple::new(
        page.clone(),
        foaf::PRIMARY_TOPIC,
        subject.clone(),
    ));
    triples.push(Triple::new(subject, foaf::PAGE, page));
    let mut seen = BTreeSet::new();
    triples.retain(|triple| seen.insert(triple.to_string()));
    triples
}

/// The statements of the vocabularies themselves; what records say of the concept is left out.
fn as_published(ontology: &Ontology, concept: &Concept, snapshot: &Snapshot) -> Vec<Triple> {
    let mut triples = Vec::new();
    let mut open: Vec<NamedOrBlankNode> = vec![NamedNode::new_unchecked(&concept.iri).into()];
    let mut nameless = 0;
    while let Some(subject) = open.pop() {
        for graph in ontology.graph_names() {
            let said = snapshot.quads(Some(subject.as_ref()), None, None, Some(graph.as_ref()));
            for quad in said {
                if let Term::BlankNode(node) = &quad.object
                    && nameless < NAMELESS_MAX
                {
                    nameless += 1;
                    open.push(node.clone().into());
                }
                triples.push(Triple::from(quad));
            }
        }
    }
    triples
}

fn as_skos(ontology: &Ontology, concept: &Concept) -> Vec<Triple> {
    let subject = NamedNode::new_unchecked(&concept.iri);
    let mut triples = Vec::new();
    let mut say = |predicate: NamedNodeRef<'_>, object: Term| {
        triples.push(Triple::new(subject.clone(), predicate, object));
    };
    let text = |(language, text): &(String, String)| {
        Literal::new_language_tagged_literal(text, language)
            .unwrap_or_else(|_| Literal::new_simple_literal(text))
            .into()
    };
    let node = |iri: &str| Term::from(NamedNode::new_unchecked(iri));
    say(rdf::TYPE, skos::CONCEPT.into_owned().into());
    say(
        skos::NOTATION,
        Literal::new_simple_literal(&concept.code).into(),
    );
    concept
        .labels
        .iter()
        .for_each(|label| say(skos::PREF_LABEL, text(label)));
    concept
        .synonyms
        .iter()
        .for_each(|name| say(skos::ALT_LABEL, text(name)));
    if let Some(definition) = &concept.definition {
        say(
            skos::DEFINITION,
            Literal::new_simple_literal(definition).into(),
        );
    }
    for scheme in &concept.schemes {
        say(skos::IN_SCHEME, node(scheme));
    }
    for parent in ontology.parents(&concept.iri) {
        say(skos::BROADER, node(&parent.iri));
    }
    for child in ontology.children(&concept.iri) {
        say(skos::NARROWER, node(&child.iri));
    }
    for same in ontology.equivalents(&concept.iri) {
        say(skos::EXACT_MATCH, node(&same.iri));
    }
    for other in &concept.matches {
        say(skos::EXACT_MATCH, node(other));
    }
    for (iri, alone) in ontology.code_iris(concept) {
        if NamedNode::new(&iri).is_ok() {
            let close = if alone {
                skos::EXACT_MATCH
            } else {
                skos::CLOSE_MATCH
            };
            say(close, node(&iri));
        }
    }
    if concept.deprecated {
        say(owl::DEPRECATED, Literal::from(true).into());
    }
    say(dct::SOURCE, node(&concept.source));
    triples
}
