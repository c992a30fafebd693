//! How are the rules followed? Each over all statements, in an order in which each finds what it needs.

use std::collections::{HashMap, HashSet};

use super::note::{Note, Notes, What};
use super::rules::{Attribute, Identifier, Implied, LeaveOut, Names, Rules, Typed};
use super::{Ground, Rendered};
use crate::rdf::vocabulary::{rdf, short};
use crate::rdf::{BlankNode, Literal, Name, NamedNode, NamedOrBlankNode, Term, Triple};

/// Why an older name is written as a newer one.
const OLDER_NAME: &str = "an older name of the same";

/// A statement on its way.
struct Line {
    /// Predicate and object as they came, as far as no rule that told of it changed them.
    sent: Option<(NamedNode, Term)>,
    now: Triple,
}

struct Writing<'a> {
    rules: &'a Rules,
    roots: &'a [NamedNode],
    lines: Vec<Line>,
    notes: Notes,
    /// The labels of blank nodes that are taken.
    labels: HashSet<String>,
    made: usize,
}

pub fn write(rules: &Rules, triples: &[Triple], ground: &Ground<'_>) -> Rendered {
    let mut writing = Writing::begin(rules, triples, ground);
    writing.claims(ground.is_profile);
    for rule in &rules.identifier {
        writing.identify(rule);
    }
    writing.texts();
    writing.values();
    writing.renames();
    for rule in &rules.attribute {
        writing.attribute(rule);
    }
    for rule in &rules.typed {
        writing.give_class(rule);
    }
    for rule in &rules.implied {
        writing.imply(rule);
    }
    writing.leave_out();
    writing.finish()
}

/// The statement under the names of the profile.
pub fn named(rules: &Rules, triple: &Triple) -> Triple {
    let name = |iri: &str| rules.name_of(iri).map(|(name, _)| name);
    with_names(triple, &name)
}

fn with_names(triple: &Triple, name: &dyn Fn(&str) -> Option<String>) -> Triple {
    let node = |node: &NamedNode| match name(node.as_str()) {
        Some(name) => NamedNode::new_unchecked(name),
        None => node.clone(),
    };
    let subject = match &triple.subject {
        NamedOrBlankNode::NamedNode(subject) => node(subject).into(),
        NamedOrBlankNode::BlankNode(subject) => NamedOrBlankNode::from(subject.clone()),
    };
    let object = match &triple.object {
        Term::NamedNode(object) => node(object).into(),
        other => other.clone(),
    };
    Triple {
        subject,
        predicate: node(&triple.predicate),
        object,
    }
}

impl<'a> Writing<'a> {
    fn begin(rules: &'a Rules, triples: &[Triple], ground: &Ground<'a>) -> Self {
        let mut labels = HashSet::new();
        let line = |triple: &Triple| {
            if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
                labels.insert(node.as_str().to_owned());
            }
            Line {
                sent: Some((triple.predicate.clone(), triple.object.clone())),
                now: with_names(triple, ground.replacement),
            }
        };
        let lines = triples.iter().map(line).collect();
        Self {
            rules,
            roots: ground.roots,
            lines,
            notes: Notes::default(),
            labels,
            made: 0,
        }
    }

    /// Profiles of descriptions are no standards of the data.
    fn claims(&mut self, is_profile: &dyn Fn(&Term) -> bool) {
        let Some(rule) = &self.rules.claims else {
            return;
        };
        let (roots, notes) = (self.roots, &mut self.notes);
        self.lines.retain(|line| {
            let now = &line.now;
            let is_claim = now.predicate == rule.property.0
                && is_root(roots, &now.subject)
                && is_profile(&now.object);
            if is_claim {
                let before = Some(shown(&now.object));
                note(
                    notes,
                    What::LeftOut,
                    &now.predicate,
                    (before, None),
                    &rule.because,
                );
            }
            !is_claim
        });
    }

    fn identify(&mut self, rule: &Identifier) {
        for root in self.roots {
            let subject = NamedOrBlankNode::from(root.clone());
            if !self.is_a(&subject, &rule.class.0) || self.has(&subject, &rule.property.0) {
                continue;
            }
            let text = Literal::new_simple_literal(root.as_str());
            self.add(subject, &rule.property.0, text.into(), &rule.because);
        }
    }

    fn texts(&mut self) {
        let (rules, notes) = (self.rules, &mut self.notes);
        for rule in &rules.text {
            for line in &mut self.lines {
                if let Some(text) = rule.text_of(&line.now.predicate, &line.now.object) {
                    line.say(text, notes, &rule.because);
                }
            }
        }
    }

    fn values(&mut self) {
        let (rules, notes) = (self.rules, &mut self.notes);
        for rule in &rules.value {
            let from = Term::from(rule.from.0.clone());
            for line in &mut self.lines {
                if line.now.predicate == rule.property.0 && line.now.object == from {
                    line.say(rule.to.0.clone().into(), notes, &rule.because);
                }
            }
        }
    }

    fn renames(&mut self) {
        let (rules, notes) = (self.rules, &mut self.notes);
        for rule in &rules.rename {
            let of_rule = |line: &&mut Line| line.now.predicate == rule.from.0;
            for line in self.lines.iter_mut().filter(of_rule) {
                renamed(notes, &rule.from, &rule.to, &rule.because);
                line.now.predicate = rule.to.0.clone();
                if let Some(sent) = &mut line.sent {
                    sent.0 = rule.to.0.clone();
                }
            }
        }
    }

    /// A party becomes an attribution with its role.
    fn attribute(&mut self, rule: &Attribute) {
        for at in 0..self.lines.len() {
            if self.lines[at].now.predicate != rule.from.0 {
                continue;
            }
            let node = self.new_node();
            renamed(&mut self.notes, &rule.from, &rule.to, &rule.because);
            let line = &mut self.lines[at];
            line.sent = None;
            line.now.predicate = rule.to.0.clone();
            let party = std::mem::replace(&mut line.now.object, node.clone().into());
            let parts = [
                (rdf::TYPE.into_owned(), Term::from(rule.class.0.clone())),
                (rule.agent.0.clone(), party),
                (rule.role_property.0.clone(), rule.role.0.clone().into()),
            ];
            for (property, value) in parts {
                let now = Triple::new(node.clone(), property, value);
                self.lines.push(Line { sent: None, now });
            }
        }
    }

    fn give_class(&mut self, rule: &Typed) {
        let class = Term::from(rule.class.0.clone());
        let mut described = self.with(|_| true);
        for node in self.with(|line| line.is_type() && line.now.object == class) {
            described.remove(&node);
        }
        let leads = |line: &&Line| {
            let mut properties = rule.properties.iter();
            properties.any(|property| property.0 == line.now.predicate)
        };
        let led_to = self.lines.iter().filter(leads);
        let led_to: Vec<_> = led_to
            .filter_map(|line| resource(&line.now.object))
            .collect();
        for node in led_to {
            if described.remove(&node) {
                self.add(node, &rdf::TYPE.into_owned(), class.clone(), &rule.because);
            }
        }
    }

    fn imply(&mut self, rule: &Implied) {
        let class = Term::from(rule.class.0.clone());
        let follows = self.with(|line| rule.has.iter().any(|one| one.0 == line.now.predicate));
        let mut given = self.with(|line| line.now.predicate == rule.property.0);
        let of_class = |line: &&Line| line.is_type() && line.now.object == class;
        let subjects = self.lines.iter().filter(of_class);
        let subjects: Vec<_> = subjects.map(|line| line.now.subject.clone()).collect();
        for subject in subjects {
            if follows.contains(&subject) && given.insert(subject.clone()) {
                let value = rule.to.0.clone().into();
                self.add(subject, &rule.property.0, value, &rule.because);
            }
        }
    }

    /// Takes out what the profile has no place for, and what nothing leads to any more.
    fn leave_out(&mut self) {
        if self.rules.leave_out.is_empty() {
            return;
        }
        let before = self.reached();
        let (rules, notes) = (&self.rules.leave_out, &mut self.notes);
        self.lines.retain(|line| {
            let rule = rules.iter().find(|rule| line.falls_under(rule));
            if let Some(rule) = rule {
                let is_told_apart = !rule.values.is_empty() || line.is_type();
                let value = is_told_apart.then(|| shown(&line.now.object));
                let property = &line.now.predicate;
                note(notes, What::LeftOut, property, (value, None), &rule.because);
            }
            rule.is_none()
        });
        let after = self.reached();
        self.lines.retain(|line| {
            let subject = &line.now.subject;
            after.contains(subject) || !before.contains(subject)
        });
    }

    /// Everything that the roots lead to, with them.
    fn reached(&self) -> HashSet<NamedOrBlankNode> {
        let mut leads: HashMap<&NamedOrBlankNode, Vec<NamedOrBlankNode>> = HashMap::new();
        for line in &self.lines {
            if let Some(node) = resource(&line.now.object) {
                leads.entry(&line.now.subject).or_default().push(node);
            }
        }
        let mut waiting: Vec<NamedOrBlankNode> =
            self.roots.iter().map(|root| root.clone().into()).collect();
        let mut reached: HashSet<NamedOrBlankNode> = waiting.iter().cloned().collect();
        while let Some(node) = waiting.pop() {
            for next in leads.get(&node).into_iter().flatten() {
                if reached.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        reached
    }

    /// Gives everything the names of the profile, and tells what is called otherwise than it came.
    fn finish(mut self) -> Rendered {
        let mut seen = HashSet::new();
        let mut triples = Vec::with_capacity(self.lines.len());
        for line in std::mem::take(&mut self.lines) {
            let written = named(self.rules, &line.now);
            if let Some((predicate, object)) = &line.sent {
                self.renamed(None, (predicate, &written.predicate));
                if let (Term::NamedNode(sent), Term::NamedNode(now)) = (object, &written.object) {
                    self.renamed(Some(&written.predicate), (sent, now));
                }
            }
            if seen.insert(written.clone()) {
                triples.push(written);
            }
        }
        let notes = self.notes;
        Rendered { triples, notes }
    }

    fn renamed(&mut self, property: Option<&NamedNode>, (sent, now): (&NamedNode, &NamedNode)) {
        if sent == now {
            return;
        }
        let is_of_rule =
            |names: &&Names| now.as_str().starts_with(names.to.as_str()) && names.to != names.from;
        let rule = self.rules.names.iter().find(is_of_rule);
        let because = rule.map_or(OLDER_NAME, |rule| rule.because.as_str());
        let (old, new) = (parts(sent.as_str()), parts(now.as_str()));
        let (property, before, after) = if old.1 == new.1 {
            (None, old.0, new.0)
        } else {
            (property.cloned(), sent.as_str(), now.as_str())
        };
        self.notes.add(Note {
            what: What::Rewritten,
            property,
            before: Some(before.to_owned()),
            after: Some(after.to_owned()),
            count: 1,
            because: because.to_owned(),
        });
    }

    fn add(&mut self, subject: NamedOrBlankNode, property: &NamedNode, value: Term, because: &str) {
        let notes = &mut self.notes;
        note(
            notes,
            What::Added,
            property,
            (None, Some(shown(&value))),
            because,
        );
        let now = Triple::new(subject, property.clone(), value);
        self.lines.push(Line { sent: None, now });
    }

    /// The subjects of some statements.
    fn with(&self, wanted: impl Fn(&Line) -> bool) -> HashSet<NamedOrBlankNode> {
        let found = self.lines.iter().filter(|line| wanted(line));
        found.map(|line| line.now.subject.clone()).collect()
    }

    fn has(&self, subject: &NamedOrBlankNode, property: &NamedNode) -> bool {
        let mut lines = self.lines.iter();
        lines.any(|line| line.now.subject == *subject && line.now.predicate == *property)
    }

    fn is_a(&self, subject: &NamedOrBlankNode, class: &NamedNode) -> bool {
        let class = Term::from(class.clone());
        let mut lines = self.lines.iter();
        lines.any(|line| line.is_type() && line.now.subject == *subject && line.now.object == class)
    }

    /// A blank node whose label nothing else has: the same for the same record.
    fn new_node(&mut self) -> BlankNode {
        loop {
            self.made += 1;
            let label = format!("written{}", self.made);
            if self.labels.insert(label.clone()) {
                return BlankNode::new_unchecked(label);
            }
        }
    }
}

impl Line {
    fn is_type(&self) -> bool {
        self.now.predicate == rdf::TYPE
    }

    fn falls_under(&self, rule: &LeaveOut) -> bool {
        rule.means(&self.now.predicate, &self.now.object, self.is_type())
    }

    /// Gives the statement another value.
    fn say(&mut self, value: Term, notes: &mut Notes, because: &str) {
        let told = (Some(shown(&self.now.object)), Some(shown(&value)));
        note(notes, What::Rewritten, &self.now.predicate, told, because);
        if let Some(sent) = &mut self.sent {
            sent.1 = value.clone();
        }
        self.now.object = value;
    }
}

fn note(
    notes: &mut Notes,
    what: What,
    property: &NamedNode,
    (before, after): (Option<String>, Option<String>),
    because: &str,
) {
    notes.add(Note {
        what,
        property: Some(property.clone()),
        before,
        after,
        count: 1,
        because: because.to_owned(),
    });
}

/// Notes that a property is called otherwise.
fn renamed(notes: &mut Notes, from: &Name, to: &Name, because: &str) {
    let after = Some(name(&to.0));
    note(notes, What::Rewritten, &from.0, (None, after), because);
}

fn is_root(roots: &[NamedNode], subject: &NamedOrBlankNode) -> bool {
    match subject {
        NamedOrBlankNode::NamedNode(subject) => roots.contains(subject),
        NamedOrBlankNode::BlankNode(_) => false,
    }
}

fn resource(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        Term::Literal(_) | Term::Triple(_) => None,
    }
}

/// Namespace and last part of a name.
fn parts(iri: &str) -> (&str, &str) {
    let end = iri.rfind(['#', '/']).map_or(0, |at| at + 1);
    iri.split_at(end)
}

fn name(node: &NamedNode) -> String {
    short(node.as_str()).unwrap_or_else(|| node.as_str().to_owned())
}

fn shown(term: &Term) -> String {
    match term {
        Term::NamedNode(node) => name(node),
        Term::Literal(literal) => format!("\"{}\"", literal.value()),
        Term::BlankNode(_) | Term::Triple(_) => term.to_string(),
    }
}
