//! How are the rules followed? One after the other, each over the whole document, in an order in which each finds what
//! it needs.

use rustc_hash::FxHashSet;

use super::forms::{self, Form, Formed, formed};
use super::graph::{At, Graph, resource};
use super::note::{Note, Notes, What};
use super::rules::{FormOf, Implied, Party, Rename, Replace, Rules, TermOf, When, Wrap};
use super::structure;
use crate::ontology::{Concept, Ontology};
use crate::rdf::vocabulary::rdf;
use crate::rdf::{Literal, Name, NamedNode, NamedOrBlankNode, Term, Triple};

/// The rules at work on a document.
pub struct Rewriting<'a> {
    pub graph: Graph,
    pub notes: Notes,
    pub rules: &'a Rules,
    pub ontology: &'a Ontology,
    /// The organisations that have a contact point, in the order of the document.
    pub reachable: Vec<NamedOrBlankNode>,
    pub author: Vec<NamedOrBlankNode>,
}

/// Rewrites the statements of a document. The same document gives the same result, and what is in the new form already
/// comes back as it was.
pub fn rewrite(rules: &Rules, ontology: &Ontology, triples: &[Triple]) -> (Vec<Triple>, Notes) {
    let mut rewriting = Rewriting {
        graph: Graph::new(triples),
        notes: Notes::default(),
        rules,
        ontology,
        reachable: Vec::new(),
        author: Vec::new(),
    };
    rewriting.names();
    rewriting.reachable = rewriting.led_to_by(&rules.parties.reachable);
    rewriting.author = rewriting.led_to_by(&rules.parties.author);
    for rule in &rules.rename {
        rewriting.rename(rule);
    }
    for rule in &rules.node {
        rewriting.wrap(rule);
    }
    for rule in &rules.value {
        rewriting.replace(rule);
    }
    for rule in &rules.term {
        rewriting.term(rule);
    }
    structure::conditions(&mut rewriting);
    for rule in &rules.form {
        rewriting.form(rule);
    }
    structure::contacts(&mut rewriting);
    structure::checksums(&mut rewriting);
    structure::codes(&mut rewriting);
    for rule in &rules.implied {
        rewriting.imply(rule);
    }
    for rule in &rules.superseded {
        for at in rewriting.graph.with(&rule.property.0) {
            rewriting.left(
                What::Superseded,
                at,
                rule.property.0.clone().into(),
                None,
                &rule.because,
            );
        }
    }
    if rewriting.notes.steps == 0 {
        return (triples.to_vec(), rewriting.notes);
    }
    (rewriting.graph.finish(), rewriting.notes)
}

impl Rewriting<'_> {
    /// Old names of properties, values, classes and namespaces, wherever they stand.
    fn names(&mut self) {
        for at in 0..self.graph.places() {
            let Some(triple) = self.graph.get(at) else {
                continue;
            };
            let mut new = triple.clone();
            let mut notes = Vec::new();
            let ontology = self.ontology;
            if let Some(name) = ontology.replacement(triple.predicate.as_str()) {
                new.predicate = NamedNode::new_unchecked(name);
                notes.push((
                    What::Renamed,
                    triple.predicate.clone(),
                    Some(new.predicate.clone()),
                ));
            } else if ontology.is_stranded(triple.predicate.as_str()) {
                notes.push((What::Stranded, triple.predicate.clone(), None));
            }
            if let Term::NamedNode(object) = &triple.object {
                if let Some(name) = ontology.replacement(object.as_str()) {
                    let name = NamedNode::new_unchecked(name);
                    new.object = name.clone().into();
                    notes.push((self.kind_of_name(&name), object.clone(), Some(name)));
                } else if ontology.is_stranded(object.as_str()) {
                    notes.push((What::Stranded, object.clone(), None));
                }
            }
            // A value that is described in the document keeps its description.
            if let NamedOrBlankNode::NamedNode(subject) = &triple.subject
                && let Some(name) = ontology.replacement(subject.as_str())
            {
                new.subject = NamedNode::new_unchecked(name).into();
            }
            for (what, before, after) in notes {
                self.notes.add(Note {
                    what,
                    focus: new.subject.clone(),
                    property: new.predicate.clone(),
                    before: before.into(),
                    after: after.map(Term::from),
                    because: self.rules.names.because.clone(),
                });
            }
            if self.graph.get(at) != Some(&new) {
                self.graph.set(at, new);
            }
        }
    }

    /// Whether a value got a new host, being of a code list, or another namespace.
    fn kind_of_name(&self, name: &NamedNode) -> What {
        let concept = self.ontology.concept(name.as_str());
        let is_listed = concept.is_some_and(|concept| !concept.schemes.is_empty());
        if is_listed {
            What::Host
        } else {
            What::Namespace
        }
    }

    fn led_to_by(&self, properties: &[Name]) -> Vec<NamedOrBlankNode> {
        let mut seen = FxHashSet::default();
        let places = properties
            .iter()
            .flat_map(|property| self.graph.with(&property.0));
        places
            .filter_map(|at| resource(&self.graph.get(at)?.object))
            .filter(|node| seen.insert(node.clone()))
            .collect()
    }

    fn rename(&mut self, rule: &Rename) {
        let party: Option<FxHashSet<NamedOrBlankNode>> = rule.party.map(|party| {
            let members = match party {
                Party::Reachable => &self.reachable,
                Party::Author => &self.author,
            };
            members.iter().cloned().collect()
        });
        let members = self.members(rule.class.as_ref());
        for at in self.graph.with(&rule.from.0) {
            let Some(triple) = self.graph.get(at).cloned() else {
                continue;
            };
            let of_party = holds(party.as_ref(), &triple.subject);
            let of_class = holds(members.as_ref(), &triple.subject);
            let of_kind = rule.when.is_none_or(|when| match when {
                When::Duration => forms::is_duration(&triple.object),
                When::MediaType => forms::is_media_type_term(&triple.object),
            });
            if !of_party || !of_kind || !of_class {
                continue;
            }
            let given = self.graph.first(&triple.subject, &rule.to.0);
            let is_taken = rule.single && given.is_some_and(|given| *given != triple.object);
            if is_taken {
                let (from, to) = (rule.from.0.clone().into(), rule.to.0.clone().into());
                self.left(What::Occupied, at, from, Some(to), &rule.because);
                continue;
            }
            let is_moved = rule.when.is_some();
            let what = if is_moved { What::Moved } else { What::Renamed };
            let new = Triple {
                predicate: rule.to.0.clone(),
                ..triple
            };
            self.step(
                what,
                &new,
                rule.from.0.clone().into(),
                Some(rule.to.0.clone().into()),
                &rule.because,
            );
            self.graph.set(at, new);
        }
    }

    fn wrap(&mut self, rule: &Wrap) {
        for at in self.graph.with(&rule.property.0) {
            let Some(triple) = self.graph.get(at).cloned() else {
                continue;
            };
            let Term::Literal(text) = &triple.object else {
                continue;
            };
            let node = self.graph.new_node();
            let class = Term::from(rule.class.0.clone());
            self.step(
                What::Node,
                &triple,
                triple.object.clone(),
                Some(class.clone()),
                &rule.because,
            );
            self.graph.add(Triple::new(node.clone(), rdf::TYPE, class));
            self.graph
                .add(Triple::new(node.clone(), rule.text.0.clone(), text.clone()));
            self.graph.set(
                at,
                Triple {
                    object: node.into(),
                    ..triple
                },
            );
        }
    }

    fn replace(&mut self, rule: &Replace) {
        let words: Vec<String> = rule.words.iter().map(|word| folded(word)).collect();
        let wanted = |object: &Term| match object {
            Term::NamedNode(iri) => rule.iris.iter().any(|name| name.0 == *iri),
            Term::Literal(text) => words.contains(&folded(text.value())),
            Term::BlankNode(_) | Term::Triple(_) => false,
        };
        let members = self.members(rule.class.as_ref());
        for at in self.graph.with(&rule.property.0) {
            let Some(triple) = self.graph.get(at).cloned() else {
                continue;
            };
            if wanted(&triple.object) && holds(members.as_ref(), &triple.subject) {
                self.give(
                    at,
                    What::Value,
                    triple,
                    rule.to.0.clone().into(),
                    &rule.because,
                );
            }
        }
    }

    fn term(&mut self, rule: &TermOf) {
        for at in self.graph.with(&rule.property.0) {
            let Some(triple) = self.graph.get(at).cloned() else {
                continue;
            };
            let because = &self.rules.names.because.clone();
            match &triple.object {
                Term::NamedNode(iri) => {
                    if let Some((what, term)) = self.term_of(iri, rule) {
                        self.give(at, what, triple, term.into(), because);
                    }
                }
                Term::Literal(text) => match self.term_for(text, rule) {
                    Some(term) => self.give(at, What::Word, triple, term.into(), because),
                    None => self.left(What::Unread, at, triple.object, None, because),
                },
                Term::BlankNode(_) | Term::Triple(_) => (),
            }
        }
    }

    /// The term of the set that a code or a procedure stands for.
    fn term_of(&self, iri: &NamedNode, rule: &TermOf) -> Option<(What, NamedNode)> {
        let under = rule.under.0.as_str();
        let known = self.ontology.canonical(iri.as_str());
        if self.ontology.is_member(known, under) {
            return (known != iri.as_str()).then(|| (What::Code, NamedNode::new_unchecked(known)));
        }
        let method = rule
            .method
            .then(|| self.ontology.method_of(known))
            .flatten()?;
        let fits = self.ontology.is_member(&method.iri, under);
        fits.then(|| (What::Method, NamedNode::new_unchecked(&method.iri)))
    }

    /// The one term of the set with this label or code.
    fn term_for(&self, text: &Literal, rule: &TermOf) -> Option<NamedNode> {
        let (text, under) = (text.value().trim(), rule.under.0.as_str());
        let in_set = |concept: &&Concept| {
            concept.iri != under && self.ontology.is_member(&concept.iri, under)
        };
        let named: Vec<&Concept> = self
            .ontology
            .by_label(text)
            .into_iter()
            .filter(in_set)
            .collect();
        // A number alone is a code in many systems.
        let is_code = text.chars().any(char::is_alphabetic);
        let coded: Vec<&Concept> = if named.is_empty() && is_code {
            let found = self.ontology.by_code(None, text);
            found.into_iter().filter(in_set).collect()
        } else {
            Vec::new()
        };
        match named.as_slice() {
            [only] => Some(NamedNode::new_unchecked(&only.iri)),
            [] if coded.len() == 1 => Some(NamedNode::new_unchecked(&coded[0].iri)),
            _ => None,
        }
    }

    fn form(&mut self, rule: &FormOf) {
        let members = self.members(rule.class.as_ref());
        for property in &rule.properties {
            for at in self.graph.with(&property.0) {
                let Some(triple) = self.graph.get(at).cloned() else {
                    continue;
                };
                if holds(members.as_ref(), &triple.subject) {
                    self.bring_into(rule.form, at, triple, &rule.because);
                }
            }
        }
    }

    fn bring_into(&mut self, form: Form, at: At, triple: Triple, because: &str) {
        match formed(form, &triple.object) {
            Formed::Fits => (),
            Formed::Made(term) => self.give(at, What::Form, triple, term, because),
            Formed::Unread => self.left(What::Unread, at, triple.object, None, because),
        }
    }

    fn imply(&mut self, rule: &Implied) {
        for subject in self.graph.all_of(&rule.class.0) {
            let reason = rule
                .has
                .iter()
                .find(|property| self.graph.has(&subject, &property.0));
            let Some(reason) = reason.filter(|_| !self.graph.has(&subject, &rule.property.0))
            else {
                continue;
            };
            let triple = Triple::new(subject, rule.property.0.clone(), rule.to.term());
            let after = triple.object.clone();
            self.step(
                What::Implied,
                &triple,
                reason.0.clone().into(),
                Some(after),
                &rule.because,
            );
            self.graph.add(triple);
        }
    }

    /// The subjects that a rule for a class holds for; `None` when it holds for all.
    fn members(&self, class: Option<&Name>) -> Option<FxHashSet<NamedOrBlankNode>> {
        class.map(|class| self.graph.all_of(&class.0).into_iter().collect())
    }

    /// Gives a statement another value.
    fn give(&mut self, at: At, what: What, triple: Triple, value: Term, because: &str) {
        self.step(
            what,
            &triple,
            triple.object.clone(),
            Some(value.clone()),
            because,
        );
        self.graph.set(
            at,
            Triple {
                object: value,
                ..triple
            },
        );
    }

    /// Notes a step at the subject and property of a statement.
    pub fn step(
        &mut self,
        what: What,
        triple: &Triple,
        before: Term,
        after: Option<Term>,
        because: &str,
    ) {
        self.notes.add(Note {
            what,
            focus: triple.subject.clone(),
            property: triple.predicate.clone(),
            before,
            after,
            because: because.to_owned(),
        });
    }

    /// Notes that a statement was left as it was.
    pub fn left(&mut self, what: What, at: At, before: Term, after: Option<Term>, because: &str) {
        if let Some(triple) = self.graph.get(at).cloned() {
            self.step(what, &triple, before, after, because);
        }
    }
}

fn holds(members: Option<&FxHashSet<NamedOrBlankNode>>, subject: &NamedOrBlankNode) -> bool {
    members.is_none_or(|members| members.contains(subject))
}

/// A text of which only letters and digits count, in lower case.
pub fn folded(text: &str) -> String {
    let letters = text.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}
