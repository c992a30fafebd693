//! How do the forms of others read the shapes? The web client of the reference FAIR Data Point knows a part of SHACL and
//! DASH: nested descriptions by `sh:node`, one `sh:datatype` for a value, links by `sh:nodeKind`. The same rules can be
//! said in that part: what fits them fits the profile.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::rdf::vocabulary::{dash, rdf, rdfs, schema, sh, xsd};
use crate::rdf::{
    BlankNode, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Triple,
};

/// How deep descriptions in place are told.
const DEPTH_MAX: usize = 4;
/// What a field of a description in place is told with: nothing that only recommends.
const TOLD: [NamedNodeRef<'static>; 11] = [
    rdf::TYPE,
    sh::PATH,
    sh::NAME,
    sh::DESCRIPTION,
    sh::ORDER,
    sh::MIN_COUNT,
    sh::MAX_COUNT,
    sh::NODE_KIND,
    sh::DATATYPE,
    sh::IN,
    dash::EDITOR,
];

/// The shapes of a profile for a client's form about things of some classes, the narrowest first.
pub fn for_clients(triples: &[Triple], classes: &[NamedNode]) -> Vec<Triple> {
    let mut about: FxHashMap<TermRef<'_>, Vec<&Triple>> = FxHashMap::default();
    for triple in triples {
        let subject = TermRef::from(triple.subject.as_ref());
        about.entry(subject).or_default().push(triple);
    }
    let mut told = Told {
        about,
        dropped: FxHashSet::default(),
        added: Vec::new(),
        nodes: 0,
    };
    for triple in triples {
        let is_field = triple.predicate == dash::EDITOR;
        if let (true, Term::NamedNode(editor)) = (is_field, &triple.object) {
            told.field(&triple.subject, editor.as_ref());
        }
    }
    told.hide_twins(triples, classes);
    let Told { dropped, added, .. } = told;
    let kept = triples.iter().filter(|&triple| !dropped.contains(triple));
    kept.cloned().chain(added).collect()
}

struct Told<'a> {
    about: FxHashMap<TermRef<'a>, Vec<&'a Triple>>,
    dropped: FxHashSet<&'a Triple>,
    added: Vec<Triple>,
    nodes: usize,
}

impl<'a> Told<'a> {
    fn triples_of(&self, subject: TermRef<'_>, predicate: NamedNodeRef<'_>) -> Vec<&'a Triple> {
        let about = self.about.get(&subject).into_iter().flatten();
        about
            .filter(|triple| triple.predicate == predicate)
            .copied()
            .collect()
    }

    fn objects(&self, subject: &NamedOrBlankNode, predicate: NamedNodeRef<'_>) -> Vec<&'a Term> {
        let found = self.triples_of(subject.as_ref().into(), predicate);
        found.into_iter().map(|triple| &triple.object).collect()
    }

    fn drop_all(&mut self, subject: &NamedOrBlankNode, predicate: NamedNodeRef<'_>) {
        let found = self.triples_of(subject.as_ref().into(), predicate);
        self.dropped.extend(found);
    }

    fn add(
        &mut self,
        subject: impl Into<NamedOrBlankNode>,
        predicate: NamedNodeRef<'_>,
        object: impl Into<Term>,
    ) {
        let triple = Triple::new(subject, predicate, object);
        self.added.push(triple);
    }

    fn fresh(&mut self) -> BlankNode {
        self.nodes += 1;
        BlankNode::new_unchecked(format!("client{}", self.nodes))
    }

    fn field(&mut self, field: &NamedOrBlankNode, editor: NamedNodeRef<'_>) {
        if is_in_place(editor) {
            self.nest(field);
            return;
        }
        let nodes = self.objects(field, sh::NODE);
        if !nodes.is_empty() {
            // Such a client would take it for a nested form.
            self.drop_all(field, sh::NODE);
            let list = self.list(nodes);
            self.add(field.clone(), sh::AND, list);
        }
        if let Some((chosen, either, parts)) = self.one_datatype(field) {
            if chosen == xsd::DATE_TIME {
                self.drop_all(field, dash::EDITOR);
                self.add(field.clone(), dash::EDITOR, dash::DATE_TIME_PICKER_EDITOR);
            }
            self.dropped.insert(either);
            self.dropped.extend(parts);
            self.add(field.clone(), sh::DATATYPE, chosen);
        }
        if self.is_link(field, editor) {
            self.drop_all(field, sh::NODE_KIND);
            self.add(field.clone(), sh::NODE_KIND, sh::IRI);
        }
    }

    /// A description in place is told as a shape of its own, too. It asks for nothing that the rules do not ask for.
    fn nest(&mut self, field: &NamedOrBlankNode) {
        if !self.objects(field, sh::NODE).is_empty() {
            return;
        }
        if self.fields_of(field).is_empty() && self.has_own_shape(field) {
            // Things of this class have forms of their own.
            self.hide(field);
            return;
        }
        // Of a node without a name they would show the name.
        self.drop_all(field, dash::VIEWER);
        let shape = self.shape(field, 1);
        self.add(field.clone(), sh::NODE, shape);
    }

    /// The fields of a description in place.
    fn fields_of(&self, field: &NamedOrBlankNode) -> Vec<NamedOrBlankNode> {
        let violation = Term::from(sh::VIOLATION);
        let is_field = |shape: &NamedOrBlankNode| {
            let severities = self.objects(shape, sh::SEVERITY);
            let is_demand = severities.iter().all(|severity| **severity == violation);
            is_demand && self.editor_of(shape).is_some()
        };
        let mut inner = self.properties_of(field);
        inner.retain(is_field);
        inner
    }

    /// The property shapes of a shape.
    fn properties_of(&self, shape: &NamedOrBlankNode) -> Vec<NamedOrBlankNode> {
        let found = self.objects(shape, sh::PROPERTY).into_iter();
        let node = |property: &Term| match property {
            Term::NamedNode(node) => Some(NamedOrBlankNode::from(node.clone())),
            Term::BlankNode(node) => Some(node.clone().into()),
            _ => None,
        };
        found.filter_map(node).collect()
    }

    fn editor_of(&self, field: &NamedOrBlankNode) -> Option<&'a NamedNode> {
        let found = self.objects(field, dash::EDITOR).into_iter();
        let mut found = found.filter_map(|editor| match editor {
            Term::NamedNode(editor) => Some(editor),
            _ => None,
        });
        found.next()
    }

    /// A shape with the fields of a description, or with one for words where there are none.
    fn shape(&mut self, field: &NamedOrBlankNode, depth: usize) -> BlankNode {
        let shape = self.fresh();
        self.add(shape.clone(), rdf::TYPE, sh::NODE_SHAPE);
        let fields = self.fields_of(field);
        if fields.is_empty() {
            let words = self.fresh();
            self.add(shape.clone(), sh::PROPERTY, words.clone());
            self.add(words.clone(), rdf::TYPE, sh::PROPERTY_SHAPE);
            self.add(words.clone(), sh::PATH, rdfs::LABEL);
            let name = Literal::new_language_tagged_literal_unchecked("In words", "en");
            self.add(words.clone(), sh::NAME, name);
            self.add(words, dash::EDITOR, dash::TEXT_FIELD_EDITOR);
        }
        for inner in fields {
            let told = self.fresh();
            self.add(shape.clone(), sh::PROPERTY, told.clone());
            self.tell(&inner, &told, depth);
        }
        shape
    }

    fn tell(&mut self, field: &NamedOrBlankNode, told: &BlankNode, depth: usize) {
        for predicate in TOLD {
            for object in self.objects(field, predicate) {
                self.add(told.clone(), predicate, object.clone());
            }
        }
        let Some(editor) = self.editor_of(field) else {
            return;
        };
        if is_in_place(editor.as_ref()) && depth < DEPTH_MAX {
            let shape = self.shape(field, depth + 1);
            self.add(told.clone(), sh::NODE, shape);
        }
    }

    /// Whether the class of what stands there has a shape of its own among these.
    fn has_own_shape(&self, field: &NamedOrBlankNode) -> bool {
        let mut classes = self.objects(field, schema::RANGE_INCLUDES);
        classes.extend(self.objects(field, sh::CLASS));
        let targets = self.about.values().flatten();
        let mut targets = targets.filter(|triple| triple.predicate == sh::TARGET_CLASS);
        targets.any(|triple| classes.contains(&&triple.object))
    }

    fn hide(&mut self, field: &NamedOrBlankNode) {
        for hint in [dash::EDITOR, dash::VIEWER] {
            self.drop_all(field, hint);
        }
    }

    /// Of several numbers the whole ones from zero on are told, else the first; of several kinds of dates the one with a
    /// time. Which it is, and the statements that it stands for.
    fn one_datatype(
        &self,
        field: &NamedOrBlankNode,
    ) -> Option<(NamedNode, &'a Triple, Vec<&'a Triple>)> {
        let ors = self.triples_of(field.as_ref().into(), sh::OR);
        let [either] = ors[..] else { return None };
        if !self.objects(field, sh::DATATYPE).is_empty() {
            return None;
        }
        let (datatypes, parts) = self.datatypes(&either.object)?;
        let preferred = [xsd::DATE_TIME, xsd::DATE, xsd::NON_NEGATIVE_INTEGER].into_iter();
        let mut preferred = preferred.filter(|wanted| datatypes.iter().any(|one| one == wanted));
        let is_number = |one: &NamedNode| {
            let one = one.as_ref();
            xsd::INTEGERS.contains(&one) || [xsd::DECIMAL, xsd::DOUBLE, xsd::FLOAT].contains(&one)
        };
        let chosen = match preferred.next() {
            Some(preferred) => preferred.into_owned(),
            None if datatypes.iter().all(is_number) => datatypes[0].clone(),
            None => return None,
        };
        Some((chosen, either, parts))
    }

    /// The datatypes of a list whose members say nothing else, and the statements that make it up.
    fn datatypes(&self, list: &'a Term) -> Option<(Vec<NamedNode>, Vec<&'a Triple>)> {
        let (mut datatypes, mut parts) = (Vec::new(), Vec::new());
        for [first, rest] in self.cells(list)? {
            let [member] = self.about.get(&first.object.as_ref())?[..] else {
                return None;
            };
            let Term::NamedNode(datatype) = &member.object else {
                return None;
            };
            if member.predicate != sh::DATATYPE {
                return None;
            }
            datatypes.push(datatype.clone());
            parts.extend([first, rest, member]);
        }
        (!datatypes.is_empty()).then_some((datatypes, parts))
    }

    /// A choice among links is a link, and so is what is typed in as one.
    fn is_link(&self, field: &NamedOrBlankNode, editor: NamedNodeRef<'_>) -> bool {
        let told = self.objects(field, sh::NODE_KIND);
        let is_typed = editor == dash::URI_EDITOR && told == [&Term::from(sh::BLANK_NODE_OR_IRI)];
        is_typed
            || match self.objects(field, sh::IN)[..] {
                [list] => told.is_empty() && self.are_iris(list),
                _ => false,
            }
    }

    fn are_iris(&self, list: &'a Term) -> bool {
        let cells = self.cells(list);
        cells.is_some_and(|cells| cells.iter().all(|[first, _]| first.object.is_named_node()))
    }

    /// The statements that make up a list, its member and its rest for each cell; `None` if it is none.
    fn cells(&self, list: &'a Term) -> Option<Vec<[&'a Triple; 2]>> {
        let (mut cells, mut cell) = (Vec::new(), list);
        while *cell != Term::from(rdf::NIL) {
            let [first] = self.triples_of(cell.as_ref(), rdf::FIRST)[..] else {
                return None;
            };
            let [rest] = self.triples_of(cell.as_ref(), rdf::REST)[..] else {
                return None;
            };
            // A list that leads back to itself has no end.
            if cells.len() > self.about.len() {
                return None;
            }
            cells.push([first, rest]);
            cell = &rest.object;
        }
        Some(cells)
    }

    fn list(&mut self, members: Vec<&Term>) -> Term {
        let mut rest = Term::from(rdf::NIL);
        for member in members.into_iter().rev() {
            let cell = self.fresh();
            self.add(cell.clone(), rdf::FIRST, member.clone());
            self.add(cell.clone(), rdf::REST, rest);
            rest = cell.into();
        }
        rest
    }

    /// A field that shapes of two of the classes have is shown once.
    fn hide_twins(&mut self, triples: &'a [Triple], classes: &[NamedNode]) {
        let mut shown: FxHashSet<&Term> = FxHashSet::default();
        for class in classes {
            let class = Term::from(class.clone());
            let targets =
                |triple: &&&Triple| triple.predicate == sh::TARGET_CLASS && triple.object == class;
            let shapes: Vec<&Triple> = triples.iter().filter(|one| targets(&one)).collect();
            let mut here = Vec::new();
            for shape in shapes {
                for property in self.properties_of(&shape.subject) {
                    let [path] = self.objects(&property, sh::PATH)[..] else {
                        continue;
                    };
                    if shown.contains(path) {
                        self.hide(&property);
                    } else if !self.objects(&property, dash::EDITOR).is_empty() {
                        here.push(path);
                    }
                }
            }
            shown.extend(here);
        }
    }
}

/// Whether something is described where it stands, with fields of its own.
fn is_in_place(editor: NamedNodeRef<'_>) -> bool {
    editor == dash::BLANK_NODE_EDITOR || editor == dash::DETAILS_EDITOR
}
