//! How a graph is validated (SHACL §3.4): focus nodes against shapes, constraint by constraint.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::compile::Shapes;
use super::error::ValidationError;
use super::graph::{Constant, Data, Node, Terms};
use super::limits::Limits;
use super::message::Message;
use super::path::Distinct;
use super::report::{self, Report};
use super::shape::{Shape, ShapeId};
use super::target;
use crate::rdf::{NamedNode, Term, TermRef};

impl Shapes {
    /// Checks every node of the record that a shape is for.
    pub fn validate(&self, data: &Data<'_>) -> Result<Report, ValidationError> {
        self.validate_within(data, &Limits::default())
    }

    /// Checks as [`Self::validate`] does, within bounds of the caller's choice.
    pub fn validate_within(
        &self,
        data: &Data<'_>,
        limits: &Limits,
    ) -> Result<Report, ValidationError> {
        let run = Run::new(self, data, limits);
        let mut sink = Sink::collect();
        for (id, nodes) in target::focus_nodes(&run)? {
            for node in nodes {
                run.check(id, node, &mut sink)?;
            }
        }
        Ok(report::of(&run, &sink.into_findings()))
    }

    /// Checks the given nodes against every shape that is for them; other nodes are left out.
    pub fn validate_nodes<'t, T: Into<TermRef<'t>>>(
        &self,
        data: &Data<'_>,
        focus: impl IntoIterator<Item = T>,
    ) -> Result<Report, ValidationError> {
        self.validate_nodes_within(data, focus, &Limits::default())
    }

    /// Checks as [`Self::validate_nodes`] does, within bounds of the caller's choice.
    pub fn validate_nodes_within<'t, T: Into<TermRef<'t>>>(
        &self,
        data: &Data<'_>,
        focus: impl IntoIterator<Item = T>,
        limits: &Limits,
    ) -> Result<Report, ValidationError> {
        let run = Run::new(self, data, limits);
        let wanted: FxHashSet<Node> = focus
            .into_iter()
            .map(|term| run.terms.intern(term.into().into_owned()))
            .collect();
        let mut sink = Sink::collect();
        for (id, nodes) in target::focus_nodes(&run)? {
            for node in nodes.into_iter().filter(|node| wanted.contains(node)) {
                run.check(id, node, &mut sink)?;
            }
        }
        Ok(report::of(&run, &sink.into_findings()))
    }

    /// Checks the given nodes against one named shape, whatever its targets. `None` if there is no
    /// such shape.
    pub fn validate_against<'t, T: Into<TermRef<'t>>>(
        &self,
        data: &Data<'_>,
        shape: &Term,
        focus: impl IntoIterator<Item = T>,
    ) -> Option<Result<Report, ValidationError>> {
        let id = self.find(shape)?;
        let limits = Limits::default();
        let run = Run::new(self, data, &limits);
        let mut sink = Sink::collect();
        for term in focus {
            let node = run.terms.intern(term.into().into_owned());
            if let Err(error) = run.check(id, node, &mut sink) {
                return Some(Err(error));
            }
        }
        Some(Ok(report::of(&run, &sink.into_findings())))
    }
}

/// One validation: the shapes, the data, and what has been learnt on the way.
pub(super) struct Run<'r> {
    pub shapes: &'r Shapes,
    pub terms: Terms<'r>,
    limits: &'r Limits,
    fetched: RefCell<FxHashMap<Asked, Rc<[Node]>>>,
    superclasses: RefCell<FxHashMap<Node, Rc<[Node]>>>,
    instances: RefCell<FxHashMap<(Node, Node), bool>>,
    spent: Spent,
}

/// A question to the background.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Asked {
    Objects(Node, Node),
    Subjects(Node, Node),
}

#[derive(Default)]
struct Spent {
    checks: Cell<u64>,
    path_steps: Cell<u64>,
    results: Cell<u64>,
    sparql_steps: Cell<u64>,
    sparql_rows: Cell<u64>,
}

fn spend(
    spent: &Cell<u64>,
    cost: u64,
    limit: u64,
    what: &'static str,
) -> Result<(), ValidationError> {
    let total = spent.get().saturating_add(cost);
    spent.set(total);
    if total > limit {
        return Err(ValidationError::LimitExceeded { what, limit });
    }
    Ok(())
}

impl<'r> Run<'r> {
    fn new(shapes: &'r Shapes, data: &'r Data<'r>, limits: &'r Limits) -> Self {
        Self {
            shapes,
            terms: Terms::new(data, &shapes.constants),
            limits,
            fetched: RefCell::default(),
            superclasses: RefCell::default(),
            instances: RefCell::default(),
            spent: Spent::default(),
        }
    }

    pub(super) fn shape(&self, id: ShapeId) -> &'r Shape {
        &self.shapes.all[id.0 as usize]
    }

    /// Checks one node against one shape.
    pub(super) fn check(
        &self,
        id: ShapeId,
        focus: Node,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let shape = self.shape(id);
        if shape.deactivated {
            return Ok(());
        }
        spend(
            &self.spent.checks,
            1,
            self.limits.checks_max,
            "shapes tried",
        )?;
        let own = [focus];
        let values = match &shape.path {
            Some(way) => way.walk.values(self, focus)?,
            None => Cow::Borrowed(&own[..]),
        };
        for (constraint, found) in shape.constraints.iter().enumerate() {
            let check = Check {
                run: self,
                shape,
                id,
                constraint,
                focus,
                values: &values,
            };
            found.check(&check, sink)?;
            if sink.is_decided() {
                break;
            }
        }
        Ok(())
    }

    /// Whether a node conforms to a shape.
    pub(super) fn conforms(&self, id: ShapeId, node: Node) -> Result<bool, ValidationError> {
        let mut sink = Sink::verdict();
        self.check(id, node, &mut sink)?;
        Ok(!sink.is_decided())
    }

    /// The values of a property, in the record and behind it.
    pub(super) fn objects(
        &self,
        subject: Node,
        predicate: Constant,
    ) -> Result<Cow<'r, [Node]>, ValidationError> {
        self.objects_of(subject, self.terms.constant(predicate))
    }

    pub(super) fn objects_of(
        &self,
        subject: Node,
        predicate: Node,
    ) -> Result<Cow<'r, [Node]>, ValidationError> {
        let known = self.terms.data.objects(subject, predicate);
        let Some(background) = self.terms.background_of(subject) else {
            return Ok(Cow::Borrowed(known));
        };
        let more = self.fetch(Asked::Objects(subject, predicate), |predicate| {
            background.objects(&self.terms.owned(subject), predicate)
        })?;
        Ok(union(known, &more))
    }

    /// The subjects that have a value, in the record and behind it.
    pub(super) fn subjects(
        &self,
        predicate: Constant,
        object: Node,
    ) -> Result<Cow<'r, [Node]>, ValidationError> {
        self.subjects_of(self.terms.constant(predicate), object)
    }

    pub(super) fn subjects_of(
        &self,
        predicate: Node,
        object: Node,
    ) -> Result<Cow<'r, [Node]>, ValidationError> {
        let known = self.terms.data.subjects(predicate, object);
        let Some(background) = self.terms.background_of(object) else {
            return Ok(Cow::Borrowed(known));
        };
        let more = self.fetch(Asked::Subjects(predicate, object), |predicate| {
            background.subjects(predicate, &self.terms.owned(object))
        })?;
        Ok(union(known, &more))
    }

    fn fetch(
        &self,
        asked: Asked,
        answer: impl FnOnce(&NamedNode) -> Vec<Term>,
    ) -> Result<Rc<[Node]>, ValidationError> {
        if let Some(known) = self.fetched.borrow().get(&asked) {
            return Ok(Rc::clone(known));
        }
        let (Asked::Objects(_, predicate) | Asked::Subjects(predicate, _)) = asked;
        let answer = match self.terms.owned(predicate) {
            Term::NamedNode(predicate) => answer(&predicate),
            _ => Vec::new(),
        };
        self.step(answer.len() as u64)?;
        let nodes: Rc<[Node]> = answer
            .into_iter()
            .map(|term| self.terms.intern(term))
            .collect();
        self.fetched.borrow_mut().insert(asked, Rc::clone(&nodes));
        Ok(nodes)
    }

    /// One step of a closure. Where the background knows all ancestors at once, they come at once
    /// and it is not asked about them again.
    pub(super) fn climb(
        &self,
        node: Node,
        predicate: Constant,
        climbed: &mut FxHashSet<Node>,
    ) -> Result<Cow<'r, [Node]>, ValidationError> {
        let known = self
            .terms
            .data
            .objects(node, self.terms.constant(predicate));
        if climbed.contains(&node) {
            return Ok(Cow::Borrowed(known));
        }
        let iri = self.terms.constants.iri(predicate);
        let ancestors = self
            .terms
            .background_of(node)
            .zip(iri)
            .and_then(|(background, iri)| background.ancestors(&self.terms.owned(node), iri));
        let Some(ancestors) = ancestors else {
            return self.objects(node, predicate);
        };
        self.step(ancestors.len() as u64)?;
        let ancestors: Vec<Node> = ancestors
            .into_iter()
            .map(|term| self.terms.intern(term))
            .collect();
        climbed.extend(&ancestors);
        Ok(union(known, &ancestors))
    }

    /// The classes above a class, itself left out unless it stands above itself.
    pub(super) fn superclasses(&self, class: Node) -> Result<Rc<[Node]>, ValidationError> {
        if let Some(known) = self.superclasses.borrow().get(&class) {
            return Ok(Rc::clone(known));
        }
        let step = super::path::Walk::Forward(self.shapes.vocabulary.sub_class_of);
        let up = super::path::Walk::Closure {
            step: Box::new(step),
            zero: false,
        };
        let above: Rc<[Node]> = up.values(self, class)?.into();
        self.superclasses
            .borrow_mut()
            .insert(class, Rc::clone(&above));
        Ok(above)
    }

    /// Whether a node is a SHACL instance of a class (SHACL §1.1), in the record or behind it.
    pub(super) fn is_instance(&self, node: Node, class: Constant) -> Result<bool, ValidationError> {
        let key = (node, self.terms.constant(class));
        if let Some(known) = self.instances.borrow().get(&key) {
            return Ok(*known);
        }
        let found = self.find_instance(node, class)?;
        self.instances.borrow_mut().insert(key, found);
        Ok(found)
    }

    fn find_instance(&self, node: Node, class: Constant) -> Result<bool, ValidationError> {
        let wanted = self.terms.constant(class);
        let rdf_type = self.shapes.vocabulary.rdf_type;
        let answer = self
            .terms
            .background_of(node)
            .zip(self.terms.constants.iri(class))
            .and_then(|(background, iri)| background.is_a(&self.terms.owned(node), iri));
        let types = match answer {
            Some(true) => return Ok(true),
            // The background has spoken; what is left is what the record says.
            Some(false) => {
                Cow::Borrowed(self.terms.data.objects(node, self.terms.constant(rdf_type)))
            }
            None => self.objects(node, rdf_type)?,
        };
        if types.contains(&wanted) {
            return Ok(true);
        }
        for class in types.iter() {
            if self.superclasses(*class)?.contains(&wanted) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) fn step(&self, steps: u64) -> Result<(), ValidationError> {
        spend(
            &self.spent.path_steps,
            steps,
            self.limits.path_steps_max,
            "steps along paths",
        )
    }

    pub(super) fn sparql_step(&self) -> Result<(), ValidationError> {
        let limit = self.limits.sparql_steps_max;
        spend(&self.spent.sparql_steps, 1, limit, "triples read by SPARQL")
    }

    pub(super) fn sparql_row(&self) -> Result<(), ValidationError> {
        spend(
            &self.spent.sparql_rows,
            1,
            self.limits.sparql_rows_max,
            "terms made by SPARQL",
        )
    }
}

fn union<'r>(known: &'r [Node], more: &[Node]) -> Cow<'r, [Node]> {
    if more.is_empty() {
        return Cow::Borrowed(known);
    }
    let mut all = Distinct::default();
    all.extend(known);
    all.extend(more);
    Cow::Owned(all.order)
}

/// One constraint on one focus node.
pub(super) struct Check<'c, 'r> {
    pub run: &'c Run<'r>,
    pub shape: &'r Shape,
    pub id: ShapeId,
    pub constraint: usize,
    pub focus: Node,
    pub values: &'c [Node],
}

impl Check<'_, '_> {
    /// Reports that the constraint does not hold.
    pub(super) fn fail(&self, sink: &mut Sink, value: Option<Node>) -> Result<(), ValidationError> {
        self.fail_with(
            sink,
            Failure {
                value,
                ..Failure::default()
            },
        )
    }

    pub(super) fn fail_with(
        &self,
        sink: &mut Sink,
        failure: Failure,
    ) -> Result<(), ValidationError> {
        if let Some(findings) = sink.findings() {
            let limit = self.run.limits.results_max as u64;
            spend(&self.run.spent.results, 1, limit, "results")?;
            findings.push(Finding {
                focus: self.focus,
                shape: self.id,
                constraint: self.constraint,
                count: self.values.len(),
                failure,
            });
        }
        Ok(())
    }

    /// Reports every value that does not pass a test.
    pub(super) fn each(
        &self,
        sink: &mut Sink,
        passes: impl Fn(TermRef<'_>) -> bool,
    ) -> Result<(), ValidationError> {
        for value in self.values {
            if !self.run.terms.with(*value, &passes) {
                self.fail(sink, Some(*value))?;
            }
        }
        Ok(())
    }
}

/// What makes one result differ from another of the same constraint and focus node.
#[derive(Debug, Default)]
pub(super) struct Failure {
    pub value: Option<Node>,
    /// Stands in for the path of the shape.
    pub path: Option<Node>,
    /// Stand in for the messages of the shape.
    pub messages: Vec<Message>,
    /// A number that the message speaks of, if it is not that of the values.
    pub count: Option<usize>,
    pub details: Vec<Finding>,
}

#[derive(Debug)]
pub(super) struct Finding {
    pub focus: Node,
    pub shape: ShapeId,
    pub constraint: usize,
    pub count: usize,
    pub failure: Failure,
}

/// Where results go: into a report, or into a mere verdict that is decided by the first.
pub(super) enum Sink {
    Verdict { failed: bool },
    Collect { findings: Vec<Finding> },
}

impl Sink {
    pub(super) fn verdict() -> Self {
        Self::Verdict { failed: false }
    }

    pub(super) fn collect() -> Self {
        Self::Collect {
            findings: Vec::new(),
        }
    }

    /// An empty one of the same kind.
    pub(super) fn like(&self) -> Self {
        match self {
            Self::Verdict { .. } => Self::verdict(),
            Self::Collect { .. } => Self::collect(),
        }
    }

    /// Whether further checks cannot change the outcome.
    pub(super) fn is_decided(&self) -> bool {
        matches!(self, Self::Verdict { failed: true })
    }

    pub(super) fn is_clean(&self) -> bool {
        match self {
            Self::Verdict { failed } => !failed,
            Self::Collect { findings } => findings.is_empty(),
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        match self {
            Self::Verdict { .. } => Vec::new(),
            Self::Collect { findings } => findings,
        }
    }

    /// Takes note of a failure and says where to write it down, if anywhere.
    fn findings(&mut self) -> Option<&mut Vec<Finding>> {
        match self {
            Self::Verdict { failed } => {
                *failed = true;
                None
            }
            Self::Collect { findings } => Some(findings),
        }
    }
}
