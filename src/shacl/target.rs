//! Which nodes of the record a shape is for (SHACL §2.1.3).

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::compile::Reader;
use super::error::ValidationError;
use super::graph::{Constant, Node};
use super::path::Distinct;
use super::shape::{Shape, ShapeId};
use super::validate::Run;
use crate::rdf::TermRef;
use crate::rdf::vocabulary::{owl, rdfs, sh};

/// Where a shape finds its focus nodes. They are sought in the record alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// This very term (§2.1.3.1).
    Node(Constant),
    /// Instances of a class (§2.1.3.2), said or implied by a shape that is a class (§2.1.3.3).
    Class(Constant),
    /// Whatever has a property (§2.1.3.4).
    SubjectsOf(Constant),
    /// Whatever is a value of a property (§2.1.3.5).
    ObjectsOf(Constant),
}

pub(super) fn read(reader: &mut Reader<'_>, shape: Node) -> Vec<Target> {
    let mut targets = Vec::new();
    for node in reader.all(shape, sh::TARGET_NODE) {
        match reader.term(node) {
            TermRef::BlankNode(_) => reader.problem(shape, "sh:targetNode is a blank node"),
            term => targets.push(Target::Node(reader.constant(term))),
        }
    }
    for class in reader.iris(shape, sh::TARGET_CLASS) {
        targets.push(Target::Class(class));
    }
    let is_shape =
        reader.is_instance(shape, sh::NODE_SHAPE) || reader.is_instance(shape, sh::PROPERTY_SHAPE);
    // A class of OWL is a class of RDFS, whether the shapes repeat that or not.
    let is_class = reader.is_instance(shape, rdfs::CLASS) || reader.is_instance(shape, owl::CLASS);
    if is_shape
        && is_class
        && let term @ TermRef::NamedNode(_) = reader.term(shape)
    {
        targets.push(Target::Class(reader.constant(term)));
    }
    for predicate in reader.iris(shape, sh::TARGET_SUBJECTS_OF) {
        targets.push(Target::SubjectsOf(predicate));
    }
    for predicate in reader.iris(shape, sh::TARGET_OBJECTS_OF) {
        targets.push(Target::ObjectsOf(predicate));
    }
    targets
}

/// The focus nodes of every shape that has any, in the order of the shapes and of the record.
pub(super) fn focus_nodes(run: &Run<'_>) -> Result<Vec<(ShapeId, Vec<Node>)>, ValidationError> {
    let instances = instances_by_class(run)?;
    let mut found = Vec::new();
    for id in &run.shapes.targeted {
        let shape = run.shape(*id);
        let nodes = nodes_of(run, shape, &instances);
        if !nodes.is_empty() {
            found.push((*id, nodes));
        }
    }
    Ok(found)
}

fn nodes_of(run: &Run<'_>, shape: &Shape, instances: &FxHashMap<Node, Vec<Node>>) -> Vec<Node> {
    let mut nodes = Distinct::default();
    for target in &shape.targets {
        match target {
            Target::Node(node) => nodes.extend(&[run.terms.constant(*node)]),
            Target::Class(class) => {
                if let Some(instances) = instances.get(&run.terms.constant(*class)) {
                    nodes.extend(instances);
                }
            }
            Target::SubjectsOf(predicate) => {
                let predicate = run.terms.constant(*predicate);
                let having = run.terms.data.triples().filter(|row| row[1] == predicate);
                having.for_each(|row| nodes.extend(&[row[0]]));
            }
            Target::ObjectsOf(predicate) => {
                let predicate = run.terms.constant(*predicate);
                let having = run.terms.data.triples().filter(|row| row[1] == predicate);
                having.for_each(|row| nodes.extend(&[row[2]]));
            }
        }
    }
    nodes.order
}

/// What the record types, under each class that a shape aims at.
fn instances_by_class(run: &Run<'_>) -> Result<FxHashMap<Node, Vec<Node>>, ValidationError> {
    let mut wanted: FxHashMap<Node, Distinct> = FxHashMap::default();
    for class in &run.shapes.target_classes {
        wanted.insert(run.terms.constant(*class), Distinct::default());
    }
    if wanted.is_empty() {
        return Ok(FxHashMap::default());
    }
    let rdf_type = run.terms.constant(run.shapes.vocabulary.rdf_type);
    // The wanted classes above each class of the record.
    let mut above: FxHashMap<Node, Vec<Node>> = FxHashMap::default();
    for [subject, predicate, class] in run.terms.data.triples() {
        if predicate != rdf_type {
            continue;
        }
        let aims = match above.entry(class) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(aims_above(run, class, &wanted)?),
        };
        for aim in aims {
            if let Some(instances) = wanted.get_mut(aim) {
                instances.extend(&[subject]);
            }
        }
    }
    Ok(wanted
        .into_iter()
        .map(|(class, instances)| (class, instances.order))
        .collect())
}

/// The wanted ones among a class and those above it.
fn aims_above(
    run: &Run<'_>,
    class: Node,
    wanted: &FxHashMap<Node, Distinct>,
) -> Result<Vec<Node>, ValidationError> {
    let mut aims: Vec<Node> = run.superclasses(class)?.to_vec();
    aims.push(class);
    aims.retain(|class| wanted.contains_key(class));
    aims.sort_unstable();
    aims.dedup();
    Ok(aims)
}
