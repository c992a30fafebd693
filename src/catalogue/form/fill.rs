//! How does a record become a sheet? Field by field; what has no field stays beside it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::entry::{Node, Row, Sheet};
use super::model::{Field, Form, Input};
use super::value::{shown, survives};
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{dct, rdf};
use crate::rdf::{BlankNode, Format, NamedNode, NamedOrBlankNode, Term, Triple, format};

/// More values of one field than this stay outside of the form.
const ROWS_MAX: usize = 500;

struct Filling<'a> {
    triples: &'a [Triple],
    about: FxHashMap<&'a NamedOrBlankNode, Vec<usize>>,
    taken: Vec<bool>,
    described: FxHashSet<NamedOrBlankNode>,
    names: FxHashMap<BlankNode, BlankNode>,
    ontology: &'a Ontology,
    language: &'a str,
}

impl Form {
    /// The sheet of a record.
    pub fn fill(
        &self,
        iri: &NamedNode,
        triples: &[Triple],
        ontology: &Ontology,
        language: &str,
    ) -> Sheet {
        let mut about: FxHashMap<_, Vec<usize>> = FxHashMap::default();
        for (at, triple) in triples.iter().enumerate() {
            about.entry(&triple.subject).or_default().push(at);
        }
        let mut filling = Filling {
            triples,
            about,
            taken: vec![false; triples.len()],
            described: FxHashSet::default(),
            names: FxHashMap::default(),
            ontology,
            language,
        };
        let subject = NamedOrBlankNode::from(iri.clone());
        filling.described.insert(subject.clone());
        let parent = filling.take_parent(&subject);
        let fields: Vec<&Field> = self.fields().collect();
        let root = filling.node(&subject, &fields);
        Sheet {
            root,
            rest: filling.rest(),
            parent,
        }
    }
}

impl<'a> Filling<'a> {
    fn node(&mut self, subject: &NamedOrBlankNode, fields: &[&Field]) -> Node {
        let types = self.take_types(subject);
        let name = self.name(subject);
        let mut node = Node {
            name,
            is_old: true,
            types,
            fields: std::collections::BTreeMap::new(),
        };
        for field in fields {
            let rows = self.rows(subject, field);
            if !rows.is_empty() {
                node.fields.insert(field.key.clone(), rows);
            }
        }
        node
    }

    fn rows(&mut self, subject: &NamedOrBlankNode, field: &Field) -> Vec<Row> {
        let mut rows = Vec::new();
        for at in self.about(subject) {
            let triple: &'a Triple = &self.triples[at];
            if triple.predicate != field.path || self.taken[at] || rows.len() >= ROWS_MAX {
                continue;
            }
            if let Some(row) = self.row(&triple.object, field) {
                self.taken[at] = true;
                let number = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                rows.push(Row { number, ..row });
            }
        }
        rows
    }

    fn row(&mut self, value: &'a Term, field: &Field) -> Option<Row> {
        if let Input::Node(nested) = &field.input
            && let Some(subject) = self.describable(value)
        {
            self.described.insert(subject.clone());
            let fields: Vec<&Field> = nested.fields.iter().collect();
            return Some(Row {
                node: Some(self.node(&subject, &fields)),
                ..Row::default()
            });
        }
        survives(value, &field.input).then(|| self.text(value, &field.input))
    }

    fn text(&self, value: &Term, input: &Input) -> Row {
        let has_language = matches!(
            input,
            Input::Text {
                languages: true,
                ..
            }
        );
        let tag = match value {
            Term::Literal(literal) => literal.language().unwrap_or_default(),
            _ => "",
        };
        let text = match input {
            Input::Choice(_) => value.to_string(),
            _ => shown(value, input, self.ontology, self.language),
        };
        Row {
            text,
            kept: Some(value.clone()),
            language: has_language.then(|| tag.to_owned()),
            ..Row::default()
        }
    }

    /// A blank node, or an IRI that the record says something about; each is described in one place.
    fn describable(&self, value: &Term) -> Option<NamedOrBlankNode> {
        let subject = match value {
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::NamedNode(iri) => NamedOrBlankNode::from(iri.clone()),
            Term::Literal(_) | Term::Triple(_) => return None,
        };
        let known = self.about.contains_key(&subject) || value.is_blank_node();
        (known && !self.described.contains(&subject)).then_some(subject)
    }

    fn about(&self, subject: &NamedOrBlankNode) -> Vec<usize> {
        self.about.get(subject).cloned().unwrap_or_default()
    }

    fn take_types(&mut self, subject: &NamedOrBlankNode) -> Vec<NamedNode> {
        let mut types = Vec::new();
        for at in self.about(subject) {
            let triple = &self.triples[at];
            if triple.predicate == rdf::TYPE
                && let Term::NamedNode(class) = &triple.object
            {
                self.taken[at] = true;
                types.push(class.clone());
            }
        }
        types
    }

    fn take_parent(&mut self, subject: &NamedOrBlankNode) -> Option<String> {
        let said = self.about(subject).into_iter();
        let said: Vec<usize> = said
            .filter(|at| self.triples[*at].predicate == dct::IS_PART_OF)
            .collect();
        let [at] = said[..] else { return None };
        match &self.triples[at].object {
            Term::NamedNode(parent) => {
                self.taken[at] = true;
                Some(parent.as_str().to_owned())
            }
            _ => None,
        }
    }

    /// Things of the form are called `_:n1` and so on, those outside of it `_:r1`.
    fn name(&mut self, subject: &NamedOrBlankNode) -> String {
        match subject {
            NamedOrBlankNode::NamedNode(iri) => iri.to_string(),
            NamedOrBlankNode::BlankNode(node) => {
                let number = self.names.len() + 1;
                let name = BlankNode::new_unchecked(format!("n{number}"));
                self.names.insert(node.clone(), name.clone());
                name.to_string()
            }
        }
    }

    fn rest(&self) -> String {
        let mut others: FxHashMap<BlankNode, BlankNode> = FxHashMap::default();
        let mut renamed = |node: &BlankNode| {
            if let Some(name) = self.names.get(node) {
                return name.clone();
            }
            let number = others.len() + 1;
            let fresh = || BlankNode::new_unchecked(format!("r{number}"));
            others.entry(node.clone()).or_insert_with(fresh).clone()
        };
        let left = self
            .triples
            .iter()
            .zip(&self.taken)
            .filter(|(_, taken)| !**taken);
        let mut rest: Vec<Triple> = Vec::new();
        for (triple, _) in left {
            let mut triple = triple.clone();
            if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
                triple.subject = renamed(node).into();
            }
            if let Term::BlankNode(node) = &triple.object {
                triple.object = renamed(node).into();
            }
            rest.push(triple);
        }
        if rest.is_empty() {
            return String::new();
        }
        let turtle = format::write_triples(Format::Turtle, rest.iter().map(Triple::as_ref));
        String::from_utf8_lossy(&turtle).into_owned()
    }
}
