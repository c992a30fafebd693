//! How shapes become ready to use: read once from their triples, every mistake reported.

use std::collections::HashSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::constraint::{self, Constraint, Parameter};
use super::error::{Problem, ShapesError};
use super::graph::{Constant, Constants, Data, Node};
use super::limits::{LIST_LENGTH_MAX, NESTING_DEPTH_MAX};
use super::message::{Message, short};
use super::path::{self, Path, Walk};
use super::shape::{Field, Severity, Shape, ShapeId, Vocabulary, Way};
use super::sparql::component::Component;
use super::target::{self, Target};
use crate::rdf::vocabulary::{rdf, rdfs, sh, xsd};
use crate::rdf::{NamedNode, NamedNodeRef, Term, TermRef, Triple};

/// Shapes, compiled. They never change and can be shared between threads.
#[derive(Debug)]
pub struct Shapes {
    pub(super) all: Vec<Shape>,
    /// Shapes with targets, in the order of their document.
    pub(super) targeted: Vec<ShapeId>,
    pub(super) target_classes: Vec<Constant>,
    pub(super) constants: Constants,
    pub(super) vocabulary: Vocabulary,
    /// The document itself, for `$shapesGraph`.
    pub(super) graph: Vec<Triple>,
    by_node: FxHashMap<Term, ShapeId>,
    warnings: Vec<Problem>,
}

impl Shapes {
    /// Compiles every shape of a shapes graph, or lists all that is wrong with them.
    pub fn compile(triples: &[Triple]) -> Result<Self, ShapesError> {
        let graph = Data::new(triples);
        let mut reader = Reader::new(&graph);
        reader.refuse_entailment();
        reader.read_components();
        for node in reader.declared_shapes() {
            reader.shape(node);
        }
        let mut shapes = Vec::new();
        while let Some(node) = reader.waiting.get(shapes.len()).copied() {
            let shape = read_shape(&mut reader, node);
            shapes.push(shape);
        }
        refuse_recursion(&shapes, &mut reader);
        reader.finish(shapes, triples)
    }

    /// What looks wrong but does not stop anyone: unknown words of the SHACL namespace.
    pub fn warnings(&self) -> &[Problem] {
        &self.warnings
    }

    /// Whether any shape asks SPARQL queries. Their cost follows the rows between their patterns,
    /// which the bounds see only in part: take them from people you trust.
    pub fn has_sparql(&self) -> bool {
        let constraints = self.all.iter().flat_map(|shape| &shape.constraints);
        constraints.into_iter().any(Constraint::is_sparql)
    }

    /// The number of shapes.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there are no shapes.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The classes that shapes are for, said or implied.
    pub fn target_classes(&self) -> impl Iterator<Item = &NamedNode> {
        self.target_classes
            .iter()
            .filter_map(|class| self.constants.iri(*class))
    }

    /// The property shapes of all shapes that are for a class, as a form would show them: by
    /// `sh:order`, then in the order of their document. Nested node shapes are looked into.
    pub fn properties_of(&self, class: &NamedNode) -> Vec<PropertyShape<'_>> {
        let is_for = |shape: &&Shape| {
            shape.targets.iter().any(|target| {
                matches!(target, Target::Class(wanted) if self.constants.iri(*wanted) == Some(class))
            })
        };
        let mut properties = Vec::new();
        for shape in self.all.iter().filter(is_for) {
            self.gather_properties(shape, &mut properties);
        }
        let order = |property: &PropertyShape<'_>| property.field.order.unwrap_or(f64::INFINITY);
        properties.sort_by(|a, b| order(a).total_cmp(&order(b)));
        properties
    }

    fn gather_properties<'s>(&'s self, shape: &'s Shape, properties: &mut Vec<PropertyShape<'s>>) {
        if shape.deactivated {
            return;
        }
        if let Some(way) = &shape.path {
            let constraints = shape.constraints.iter();
            properties.push(PropertyShape {
                node: &shape.node,
                path: &way.path,
                field: &shape.field,
                severity: &shape.severity,
                parameters: constraints.flat_map(|c| c.parameters.iter()).collect(),
            });
            return;
        }
        for constraint in shape.constraints.iter().filter(|c| c.is_part()) {
            for id in constraint.shapes() {
                self.gather_properties(&self.all[id.0 as usize], properties);
            }
        }
    }

    pub(super) fn find(&self, shape: &Term) -> Option<ShapeId> {
        self.by_node.get(shape).copied()
    }
}

/// A property shape as a form shows it.
#[derive(Clone, Debug)]
pub struct PropertyShape<'s> {
    /// The shape itself.
    pub node: &'s Term,
    pub path: &'s Path,
    /// Label, help text, place.
    pub field: &'s Field,
    pub severity: &'s Severity,
    /// What it demands: `sh:minCount`, `sh:datatype`, `sh:in` …
    pub parameters: Vec<&'s Parameter>,
}

impl<'s> PropertyShape<'s> {
    /// The values of one demand, for example of `sh:class`.
    pub fn parameter(&self, predicate: NamedNodeRef<'_>) -> &'s [Term] {
        let found = self
            .parameters
            .iter()
            .find(|parameter| parameter.predicate == predicate);
        found.map_or(&[], |parameter| &parameter.values)
    }
}

/// The shapes graph while it is read.
pub(super) struct Reader<'s> {
    pub graph: &'s Data<'s>,
    pub constants: Constants,
    pub components: Vec<Arc<Component>>,
    vocabulary: Vocabulary,
    ids: FxHashMap<Node, ShapeId>,
    waiting: Vec<Node>,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl<'s> Reader<'s> {
    fn new(graph: &'s Data<'s>) -> Self {
        let mut constants = Constants::default();
        let vocabulary = Vocabulary::new(&mut constants);
        Self {
            graph,
            constants,
            components: Vec::new(),
            vocabulary,
            ids: FxHashMap::default(),
            waiting: Vec::new(),
            problems: Vec::new(),
            warnings: Vec::new(),
        }
    }

    pub(super) fn term(&self, node: Node) -> TermRef<'s> {
        self.graph
            .term(node)
            .expect("the reader only knows terms of its graph")
    }

    /// All values of a property.
    pub(super) fn all(&self, subject: Node, predicate: NamedNodeRef<'_>) -> Vec<Node> {
        match self.graph.predicate(predicate) {
            Some(predicate) => self.graph.objects(subject, predicate).to_vec(),
            None => Vec::new(),
        }
    }

    pub(super) fn first(&self, subject: Node, predicate: NamedNodeRef<'_>) -> Option<Node> {
        self.all(subject, predicate).first().copied()
    }

    pub(super) fn has(&self, subject: Node, predicate: NamedNodeRef<'_>) -> bool {
        self.first(subject, predicate).is_some()
    }

    /// The value of a property that may stand once.
    pub(super) fn single(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Option<Node> {
        let values = self.all(subject, predicate);
        if values.len() > 1 {
            let message = format!("{} has more than one value", short(predicate));
            self.problem(subject, &message);
        }
        values.first().copied()
    }

    /// The values of a property that must be IRIs.
    pub(super) fn iris(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Vec<Constant> {
        let mut iris = Vec::new();
        for node in self.all(subject, predicate) {
            match self.term(node) {
                term @ TermRef::NamedNode(_) => iris.push(self.constant(term)),
                other => {
                    let message = format!("{} is {other}, which is no IRI", short(predicate));
                    self.problem(subject, &message);
                }
            }
        }
        iris
    }

    pub(super) fn iri(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Option<NamedNode> {
        let node = self.single(subject, predicate)?;
        if let TermRef::NamedNode(iri) = self.term(node) {
            return Some(iri.into_owned());
        }
        let message = format!("{} is no IRI", short(predicate));
        self.problem(subject, &message);
        None
    }

    pub(super) fn boolean(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Option<bool> {
        let node = self.single(subject, predicate)?;
        if let TermRef::Literal(literal) = self.term(node)
            && literal.datatype() == xsd::BOOLEAN
        {
            match literal.value() {
                "true" | "1" => return Some(true),
                "false" | "0" => return Some(false),
                _ => (),
            }
        }
        let message = format!("{} is neither true nor false", short(predicate));
        self.problem(subject, &message);
        None
    }

    pub(super) fn count(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Option<u64> {
        let node = self.single(subject, predicate)?;
        if let TermRef::Literal(literal) = self.term(node)
            && literal.datatype() == xsd::INTEGER
            && let Ok(count) = literal.value().parse()
        {
            return Some(count);
        }
        let message = format!("{} is no whole number", short(predicate));
        self.problem(subject, &message);
        None
    }

    /// A text without language tag.
    pub(super) fn text(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Option<String> {
        let node = self.single(subject, predicate)?;
        if let TermRef::Literal(literal) = self.term(node)
            && literal.language().is_none()
        {
            return Some(literal.value().to_owned());
        }
        let message = format!("{} is no text", short(predicate));
        self.problem(subject, &message);
        None
    }

    /// Texts with or without language tags.
    pub(super) fn messages(&mut self, subject: Node, predicate: NamedNodeRef<'_>) -> Vec<Message> {
        let mut messages = Vec::new();
        for node in self.all(subject, predicate) {
            if let TermRef::Literal(literal) = self.term(node) {
                messages.push(Message::of(literal));
            } else {
                let message = format!("{} is no text", short(predicate));
                self.problem(subject, &message);
            }
        }
        messages
    }

    /// The members of a list. One that never ends, forks or breaks off is ill-formed.
    pub(super) fn list(&self, list: Node) -> Result<Vec<Node>, String> {
        let nil = self.graph.predicate(rdf::NIL);
        let mut members = Vec::new();
        let mut seen = HashSet::new();
        let mut rest = list;
        while Some(rest) != nil {
            if !seen.insert(rest) {
                return Err("a list returns to itself".to_owned());
            }
            if members.len() >= LIST_LENGTH_MAX {
                return Err(format!("a list has more than {LIST_LENGTH_MAX} members"));
            }
            let (first, next) = (self.all(rest, rdf::FIRST), self.all(rest, rdf::REST));
            match (&*first, &*next) {
                ([first], [next]) => {
                    members.push(*first);
                    rest = *next;
                }
                _ => return Err(format!("{} is no well-formed list", self.term(list))),
            }
        }
        Ok(members)
    }

    /// The members of the list that is the value of a property.
    pub(super) fn members(
        &mut self,
        shape: Node,
        list: Node,
        predicate: NamedNodeRef<'_>,
    ) -> Vec<Node> {
        self.list(list).unwrap_or_else(|message| {
            let message = format!("{}: {message}", short(predicate));
            self.problem(shape, &message);
            Vec::new()
        })
    }

    /// Whether the shapes graph makes a node an instance of a class.
    pub(super) fn is_instance(&self, node: Node, class: NamedNodeRef<'_>) -> bool {
        let mut classes = self.all(node, rdf::TYPE);
        let Some(class) = self.graph.predicate(class) else {
            return false;
        };
        let mut seen: FxHashSet<Node> = classes.iter().copied().collect();
        while let Some(next) = classes.pop() {
            if next == class {
                return true;
            }
            classes.extend(
                self.all(next, rdfs::SUB_CLASS_OF)
                    .iter()
                    .filter(|c| seen.insert(**c)),
            );
        }
        false
    }

    pub(super) fn constant(&mut self, term: TermRef<'_>) -> Constant {
        self.constants.intern(term.into_owned())
    }

    /// The shape of a node, which will be read in its turn.
    pub(super) fn shape(&mut self, node: Node) -> ShapeId {
        let next = ShapeId(u32::try_from(self.ids.len()).expect("terms are numbered in 32 bits"));
        *self.ids.entry(node).or_insert_with(|| {
            self.waiting.push(node);
            next
        })
    }

    /// A node that must be a shape. It need not be described: a shape without constraints accepts
    /// everything, but a name that nothing describes is nearly always a misspelling.
    pub(super) fn member_shape(
        &mut self,
        shape: Node,
        node: Node,
        predicate: NamedNodeRef<'_>,
    ) -> Option<ShapeId> {
        if self.term(node).is_literal() {
            let message = format!(
                "{} is {}, which is no shape",
                short(predicate),
                self.term(node)
            );
            self.problem(shape, &message);
            return None;
        }
        if self.graph.description(node).next().is_none() {
            let name = self.term(node);
            let message = format!(
                "{} refers to {name}, which is not described",
                short(predicate)
            );
            self.warning(shape, message);
        }
        Some(self.shape(node))
    }

    pub(super) fn problem(&mut self, node: Node, message: &str) {
        let shape = self.term(node).into_owned();
        self.problems.push(Problem {
            shape,
            message: message.to_owned(),
        });
    }

    pub(super) fn warning(&mut self, node: Node, message: String) {
        let shape = self.term(node).into_owned();
        self.warnings.push(Problem { shape, message });
    }

    /// Entailment that we do not have must be refused (SHACL §3.2).
    fn refuse_entailment(&mut self) {
        let Some(entailment) = self.graph.predicate(sh::ENTAILMENT) else {
            return;
        };
        let demands: Vec<_> = self
            .graph
            .triples()
            .filter(|[_, predicate, _]| *predicate == entailment)
            .collect();
        for [subject, _, regime] in demands {
            let message = format!("sh:entailment {} is not supported", self.term(regime));
            self.problem(subject, &message);
        }
    }

    fn read_components(&mut self) {
        for node in self.instances(sh::CONSTRAINT_COMPONENT) {
            if let Some(component) = Component::read(self, node) {
                self.components.push(Arc::new(component));
            }
        }
    }

    /// Everything typed in the shapes graph that is an instance of a class, in document order.
    fn instances(&self, class: NamedNodeRef<'_>) -> Vec<Node> {
        let Some(rdf_type) = self.graph.predicate(rdf::TYPE) else {
            return Vec::new();
        };
        let mut found = path::Distinct::default();
        for [subject, predicate, _] in self.graph.triples() {
            if predicate == rdf_type && self.is_instance(subject, class) {
                found.extend(&[subject]);
            }
        }
        found.order
    }

    /// What is a shape by its type or by having a target (SHACL §2.1).
    fn declared_shapes(&self) -> Vec<Node> {
        let targets = [
            sh::TARGET_CLASS,
            sh::TARGET_NODE,
            sh::TARGET_SUBJECTS_OF,
            sh::TARGET_OBJECTS_OF,
        ];
        let targets: Vec<_> = targets
            .iter()
            .filter_map(|p| self.graph.predicate(*p))
            .collect();
        let rdf_type = self.graph.predicate(rdf::TYPE);
        let mut found = path::Distinct::default();
        for [subject, predicate, _] in self.graph.triples() {
            let by_type = || {
                Some(predicate) == rdf_type
                    && (self.is_instance(subject, sh::NODE_SHAPE)
                        || self.is_instance(subject, sh::PROPERTY_SHAPE))
            };
            if targets.contains(&predicate) || by_type() {
                found.extend(&[subject]);
            }
        }
        found.order
    }

    fn finish(self, shapes: Vec<Shape>, graph: &[Triple]) -> Result<Shapes, ShapesError> {
        let mut problems = self.problems;
        problems.dedup();
        if !problems.is_empty() {
            return Err(ShapesError { problems });
        }
        let ids = (0..).map(ShapeId);
        let has_targets =
            |(_, shape): &(ShapeId, &Shape)| !shape.targets.is_empty() && !shape.deactivated;
        let targeted = ids
            .clone()
            .zip(&shapes)
            .filter(has_targets)
            .map(|(id, _)| id)
            .collect();
        let mut target_classes: Vec<Constant> = Vec::new();
        for target in shapes.iter().flat_map(|shape| &shape.targets) {
            if let Target::Class(class) = target
                && !target_classes.contains(class)
            {
                target_classes.push(*class);
            }
        }
        Ok(Shapes {
            by_node: shapes
                .iter()
                .map(|shape| shape.node.clone())
                .zip(ids)
                .collect(),
            targeted,
            target_classes,
            all: shapes,
            constants: self.constants,
            vocabulary: self.vocabulary,
            graph: graph.to_vec(),
            warnings: self.warnings,
        })
    }
}

fn read_shape(reader: &mut Reader<'_>, node: Node) -> Shape {
    let path = read_path(reader, node);
    let severity = reader.iri(node, sh::SEVERITY);
    let deactivated = reader.boolean(node, sh::DEACTIVATED).unwrap_or(false);
    warn_of_unknown_words(reader, node);
    Shape {
        targets: target::read(reader, node),
        constraints: constraint::read(reader, node, path.is_some()),
        path,
        severity: severity.map_or(Severity::Violation, |iri| Severity::of(iri.as_ref())),
        messages: reader.messages(node, sh::MESSAGE).into(),
        deactivated,
        field: Arc::new(read_field(reader, node)),
        node: reader.term(node).into_owned(),
    }
}

fn read_path(reader: &mut Reader<'_>, node: Node) -> Option<Way> {
    let Some(start) = reader.single(node, sh::PATH) else {
        if reader.is_instance(node, sh::PROPERTY_SHAPE) {
            reader.problem(node, "a property shape needs one sh:path");
        }
        return None;
    };
    match path::read(reader, start) {
        Ok(path) => {
            let walk = Walk::new(&path, &mut |predicate| reader.constant(predicate.into()));
            Some(Way {
                path: Arc::new(path),
                walk,
            })
        }
        Err(message) => {
            reader.problem(node, &message);
            None
        }
    }
}

fn read_field(reader: &mut Reader<'_>, node: Node) -> Field {
    let order = reader
        .first(node, sh::ORDER)
        .and_then(|order| match reader.term(order) {
            TermRef::Literal(literal) => literal.value().parse().ok(),
            _ => None,
        });
    Field {
        shape: Some(reader.term(node).into_owned()),
        names: reader.messages(node, sh::NAME),
        descriptions: reader.messages(node, sh::DESCRIPTION),
        order,
        group: reader
            .first(node, sh::GROUP)
            .map(|group| reader.term(group).into_owned()),
    }
}

/// A misspelt parameter would otherwise be a check that silently never happens.
fn warn_of_unknown_words(reader: &mut Reader<'_>, node: Node) {
    let predicates: Vec<_> = reader
        .graph
        .description(node)
        .map(|(predicate, _)| predicate)
        .collect();
    for predicate in predicates {
        if let TermRef::NamedNode(iri) = reader.term(predicate)
            && let Some(local) = iri.as_str().strip_prefix(sh::NAMESPACE)
            && !KNOWN_WORDS.contains(&local)
        {
            reader.warning(
                node,
                format!("sh:{local} is not understood and has no effect"),
            );
        }
    }
}

/// The words of SHACL that may stand on a shape.
const KNOWN_WORDS: &[&str] = &[
    "and",
    "ask",
    "class",
    "closed",
    "datatype",
    "deactivated",
    "declare",
    "defaultValue",
    "description",
    "disjoint",
    "equals",
    "flags",
    "group",
    "hasValue",
    "ignoredProperties",
    "in",
    "languageIn",
    "lessThan",
    "lessThanOrEquals",
    "maxCount",
    "maxExclusive",
    "maxInclusive",
    "maxLength",
    "message",
    "minCount",
    "minExclusive",
    "minInclusive",
    "minLength",
    "name",
    "node",
    "nodeKind",
    "not",
    "or",
    "order",
    "path",
    "pattern",
    "prefixes",
    "property",
    "qualifiedMaxCount",
    "qualifiedMinCount",
    "qualifiedValueShape",
    "qualifiedValueShapesDisjoint",
    "select",
    "severity",
    "sparql",
    "targetClass",
    "targetNode",
    "targetObjectsOf",
    "targetSubjectsOf",
    "uniqueLang",
    "xone",
    "namespace",
    "prefix",
];

/// SHACL leaves recursion undefined (§3.4.3); we refuse it, and nests deeper than our bound.
fn refuse_recursion(shapes: &[Shape], reader: &mut Reader<'_>) {
    let references: Vec<Vec<ShapeId>> = shapes
        .iter()
        .map(|shape| {
            shape
                .constraints
                .iter()
                .flat_map(Constraint::shapes)
                .copied()
                .collect()
        })
        .collect();
    let mut waiting_for: Vec<usize> = vec![0; shapes.len()];
    for id in references.iter().flatten() {
        waiting_for[id.0 as usize] += 1;
    }
    // Take away shapes that nothing left refers to; what cannot be taken away lies on a circle or
    // below one.
    let mut depth = vec![0; shapes.len()];
    let mut free: Vec<usize> = (0..shapes.len())
        .filter(|at| waiting_for[*at] == 0)
        .collect();
    let mut taken = 0;
    while let Some(at) = free.pop() {
        taken += 1;
        for id in &references[at] {
            let to = id.0 as usize;
            depth[to] = depth[to].max(depth[at] + 1);
            waiting_for[to] -= 1;
            if waiting_for[to] == 0 {
                free.push(to);
            }
        }
    }
    if taken < shapes.len() {
        let at = circle(&references, &waiting_for);
        reader.problem(
            reader.waiting[at],
            "it refers to itself, directly or through other shapes",
        );
    }
    if let Some(at) = depth.iter().position(|depth| *depth > NESTING_DEPTH_MAX) {
        let message = format!("shapes are nested more than {NESTING_DEPTH_MAX} deep");
        reader.problem(reader.waiting[at], &message);
    }
}

/// A shape on a circle: walk back along the shapes that are still referred to until one repeats.
fn circle(references: &[Vec<ShapeId>], waiting_for: &[usize]) -> usize {
    let mut referrer = vec![0; references.len()];
    for from in (0..references.len()).filter(|at| waiting_for[*at] > 0) {
        for to in &references[from] {
            referrer[to.0 as usize] = from;
        }
    }
    let mut at = waiting_for
        .iter()
        .position(|waiting| *waiting > 0)
        .unwrap_or(0);
    let mut seen = HashSet::new();
    while seen.insert(at) {
        at = referrer[at];
    }
    at
}
