//! What does a record say? Look-ups in the statements of one answer.

use crate::rdf::vocabulary::{ldp, rdf};
use crate::rdf::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};

/// The statements of an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph(pub Vec<Triple>);

/// A container as it is described.
pub(super) struct Container {
    pub node: NamedOrBlankNode,
    pub resources: Vec<Term>,
    pub relations: Vec<NamedNode>,
    pub members: Vec<NamedNode>,
}

impl Graph {
    pub(super) fn objects(
        &self,
        subject: &NamedOrBlankNode,
        property: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = &Term> {
        let of = self.0.iter();
        let of =
            of.filter(move |triple| triple.predicate == property && triple.subject == *subject);
        of.map(|triple| &triple.object)
    }

    /// The objects that are IRIs.
    pub(super) fn nodes(
        &self,
        subject: &NamedOrBlankNode,
        property: NamedNodeRef<'_>,
    ) -> Vec<NamedNode> {
        let node = |term: &Term| match term {
            Term::NamedNode(node) => Some(node.clone()),
            _ => None,
        };
        self.objects(subject, property).filter_map(node).collect()
    }

    pub(super) fn is_a(&self, subject: &NamedOrBlankNode, class: NamedNodeRef<'_>) -> bool {
        self.nodes(subject, rdf::TYPE)
            .iter()
            .any(|found| found.as_ref() == class)
    }

    /// The first thing with one of these types, the types tried in order.
    pub(super) fn first_of(&self, classes: &[NamedNodeRef<'_>]) -> Option<NamedOrBlankNode> {
        let of = |class: &NamedNodeRef<'_>| {
            let mut all = self.0.iter();
            let found = all.find(|triple| {
                let is_class =
                    matches!(&triple.object, Term::NamedNode(node) if node.as_ref() == *class);
                triple.predicate == rdf::TYPE && is_class
            });
            found.map(|triple| triple.subject.clone())
        };
        classes.iter().find_map(of)
    }

    pub(super) fn containers(&self) -> Vec<Container> {
        let class = Term::from(ldp::DIRECT_CONTAINER.into_owned());
        let typed = |triple: &&Triple| triple.predicate == rdf::TYPE && triple.object == class;
        let containers = self.0.iter().filter(typed).map(|triple| Container {
            resources: self
                .objects(&triple.subject, ldp::MEMBERSHIP_RESOURCE)
                .cloned()
                .collect(),
            relations: self.nodes(&triple.subject, ldp::HAS_MEMBER_RELATION),
            members: self.nodes(&triple.subject, ldp::CONTAINS),
            node: triple.subject.clone(),
        });
        containers.collect()
    }
}
