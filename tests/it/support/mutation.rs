//! How is a valid record broken, one rule at a time? Mutants, made from what the shapes themselves demand.

use std::collections::HashMap;

use vesalius::ontology::Ontology;
use vesalius::rdf::vocabulary::{PREFIXES, eucaim, foaf, healthdcatap, rdf, sh, skos, spdx, xsd};
use vesalius::rdf::{
    BlankNode, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, TermRef, Triple,
};
use vesalius::shacl::Path;

/// A record with one thing wrong, and who must say so.
pub struct Mutant {
    /// The rule that it breaks.
    pub shape: NamedNode,
    /// The part of the rule, such as `sh:MinCountConstraintComponent`.
    pub component: String,
    /// The node at fault, and the way from it to the value at fault.
    pub focus: Term,
    pub path: Path,
    /// The way from the record to the field: `dct:publisher / foaf:name`.
    pub place: String,
    /// What was done, in words.
    pub how: &'static str,
    /// What stands there now.
    pub example: String,
    pub triples: Vec<Triple>,
}

/// What is taken away from a record and what is put there instead.
struct Edit {
    how: &'static str,
    taken: Vec<Triple>,
    given: Vec<Triple>,
}

/// A place where a rule holds: a node of the record, a property of it, and the values.
struct Place<'a> {
    shape: &'a NamedNode,
    focus: &'a Term,
    property: &'a NamedNode,
    values: Vec<&'a Term>,
}

/// A value that no field wants.
const IN_WORDS: &str = "in words";
const ELSEWHERE: &str = "https://example.org/something-else";
const LISTED: [&str; 2] = [
    "http://publications.europa.eu/resource/authority/access-right/PUBLIC",
    "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
];
/// Concepts of the hyperontology that belong to different value sets.
const CONCEPTS: [NamedNodeRef<'static>; 2] = [
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#IMG1000038"),
    NamedNodeRef::new_unchecked("https://cancerimage.eu/ontology/EUCAIM#BP1000136"),
];
const CERVICAL_CANCER: &str = "CLIN1003317";
const PROSTATE_CANCER: &str = "CLIN1000075";
const MALE: &str = "COM1001366";

/// What the shapes say that is no demand.
const REMARKS: [NamedNodeRef<'static>; 11] = [
    rdf::TYPE,
    sh::PATH,
    sh::SEVERITY,
    sh::MESSAGE,
    sh::NAME,
    sh::DESCRIPTION,
    sh::ORDER,
    sh::GROUP,
    sh::DEFAULT_VALUE,
    // These belong to `sh:pattern` and to `sh:qualifiedValueShape`.
    sh::FLAGS,
    sh::QUALIFIED_MIN_COUNT,
];

/// Every way to break every rule of the shapes, at every place of the record where it holds.
pub fn mutants(shapes: &[Triple], ontology: &Ontology, record: &[Triple]) -> Vec<Mutant> {
    let shapes = Statements::new(shapes);
    let breaker = Breaker {
        shapes: &shapes,
        ontology,
        record: &Statements::new(record),
        triples: record,
    };
    let mut found = Vec::new();
    for (node, class) in shapes.pairs(sh::TARGET_CLASS) {
        for focus in breaker.record.instances(class) {
            breaker.below(&node, &focus, "", &mut found);
        }
    }
    found
}

/// Every rule with a name: the property shapes, in the order of their files.
pub fn rules(shapes: &[Triple]) -> Vec<NamedNode> {
    let class = Term::from(sh::PROPERTY_SHAPE);
    let rules = shapes
        .iter()
        .filter(|triple| triple.predicate == rdf::TYPE && triple.object == class);
    rules
        .filter_map(|triple| match &triple.subject {
            NamedOrBlankNode::NamedNode(name) => Some(name.clone()),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect()
}

/// A term as Turtle writes it.
pub fn turtle_of(term: TermRef<'_>) -> String {
    match term {
        TermRef::NamedNode(iri) => short(iri),
        TermRef::BlankNode(_) => "[ … ]".to_owned(),
        TermRef::Literal(literal) if literal.datatype() == xsd::STRING => literal.to_string(),
        TermRef::Literal(literal) if literal.language().is_some() => literal.to_string(),
        TermRef::Literal(literal) => {
            let text = Literal::from(literal.value());
            format!("{text}^^{}", short(literal.datatype()))
        }
        other @ TermRef::Triple(_) => other.to_string(),
    }
}

/// An IRI with one of the usual prefixes, or in brackets.
pub fn short(iri: NamedNodeRef<'_>) -> String {
    let known = PREFIXES.iter().find_map(|(prefix, namespace)| {
        let local = iri.as_str().strip_prefix(namespace)?;
        let plain = !local.is_empty() && !local.contains(['/', '#', '?']);
        plain.then(|| format!("{prefix}:{local}"))
    });
    known.unwrap_or_else(|| iri.to_string())
}

struct Breaker<'a> {
    shapes: &'a Statements<'a>,
    ontology: &'a Ontology,
    record: &'a Statements<'a>,
    triples: &'a [Triple],
}

impl Breaker<'_> {
    /// The mutants of all rules of a shape at a node, and of those inside them at the nodes below.
    fn below(&self, shape: &Term, focus: &Term, above: &str, found: &mut Vec<Mutant>) {
        for rule in self.shapes.objects(shape, sh::PROPERTY) {
            let Term::NamedNode(name) = rule else {
                panic!("a rule of {shape} has no name");
            };
            let (path, property) = self.path(rule);
            let values = self.record.objects(focus, property.as_ref());
            let step = format!("{above}{}", short(property.as_ref()));
            let place = Place {
                shape: name,
                focus,
                property: &property,
                values,
            };
            for (component, edit) in self.edits(&place) {
                found.push(Mutant {
                    shape: name.clone(),
                    component,
                    focus: focus.clone(),
                    path: path.clone(),
                    place: step.clone(),
                    how: edit.how,
                    example: edit.example(),
                    triples: edit.apply(self.triples),
                });
            }
            for value in place.values {
                self.below(rule, value, &format!("{step} / "), found);
            }
        }
    }

    /// The path of a rule, and the property in it.
    fn path(&self, rule: &Term) -> (Path, NamedNode) {
        let path = self.shapes.object(rule, sh::PATH).unwrap();
        if let Term::NamedNode(property) = path {
            return (Path::Predicate(property.clone()), property.clone());
        }
        match self.shapes.object(path, sh::ZERO_OR_ONE_PATH) {
            Some(Term::NamedNode(property)) => {
                let inner = Path::Predicate(property.clone());
                (Path::ZeroOrOne(Box::new(inner)), property.clone())
            }
            _ => panic!("{rule} has a path that no mutant knows"),
        }
    }

    /// The edits that break a rule at a place, one demand after the other.
    fn edits(&self, place: &Place<'_>) -> Vec<(String, Edit)> {
        let mut edits = Vec::new();
        let rule = Term::from(place.shape.clone());
        for (demand, wanted) in self.shapes.about(&rule) {
            if !demand.as_str().starts_with(sh::NAMESPACE)
                || REMARKS.contains(&demand.as_ref())
                || demand.as_ref() == sh::PROPERTY
            {
                continue;
            }
            let found = self
                .by_hand(place, demand)
                .unwrap_or_else(|| self.derived(place, demand.as_ref(), wanted));
            assert!(
                !found.is_empty(),
                "no mutant breaks {} of {rule}",
                short(demand.as_ref())
            );
            let component = component(demand.as_ref());
            edits.extend(found.into_iter().map(|edit| (component.clone(), edit)));
        }
        edits
    }

    /// Rules that speak of more than one field.
    fn by_hand(&self, place: &Place<'_>, demand: &NamedNode) -> Option<Vec<Edit>> {
        let dataset = place.focus;
        let name = place.shape.as_str().rsplit('#').next().unwrap();
        let term = |local: &str| {
            Term::from(NamedNode::new(format!("{}{local}", eucaim::NAMESPACE)).unwrap())
        };
        let condition = |code| self.set(dataset, eucaim::HAS_CONDITION, term(code));
        let edit = match (name, demand.as_ref()) {
            ("Dataset-variables-needed", _) => {
                let property = healthdcatap::HAS_VARIABLES;
                self.without(dataset, property, "structured data, but no variables")
            }
            ("Dataset-sex-fits-male-cancer", _) => {
                condition(PROSTATE_CANCER).called("prostate cancer, but only women")
            }
            ("Dataset-sex-fits-female-cancer", _) => condition(CERVICAL_CANCER)
                .and(self.set(dataset, eucaim::HAS_BIRTH_SEX, term(MALE)))
                .called("cervical cancer, but only men"),
            ("Hdab-placeholder", _) => {
                let name = Literal::new_language_tagged_literal("To be determined", "en").unwrap();
                self.set(place.focus, foaf::NAME, name.into())
                    .called("a placeholder")
            }
            ("Distribution-checksum-length", _) => {
                let property = spdx::CHECKSUM_VALUE;
                let checksum = place.values[0];
                let value = self.record.object(checksum, property).unwrap();
                let shorter = changed(value, |text| text[2..].to_owned());
                self.set(checksum, property, shorter)
                    .called("two digits too few")
            }
            ("Checksum-value", sh::PATTERN) => {
                let capitals = changed(place.values[0], str::to_uppercase);
                self.replaced(place, capitals, "in capitals")
            }
            _ => return None,
        };
        Some(vec![edit])
    }

    /// What breaks a demand, whatever the field.
    fn derived(&self, place: &Place<'_>, demand: NamedNodeRef<'_>, wanted: &Term) -> Vec<Edit> {
        let first = *place
            .values
            .first()
            .unwrap_or_else(|| panic!("no value for {} in the record", place.shape));
        let words = |how| self.replaced(place, Literal::from(IN_WORDS).into(), how);
        match demand {
            sh::MIN_COUNT => {
                vec![self.without(place.focus, place.property.as_ref(), "left out")]
            }
            sh::MAX_COUNT => vec![self.one_more(place, first)],
            sh::NODE_KIND if *wanted == Term::from(sh::LITERAL) => {
                let link = NamedNode::new(ELSEWHERE).unwrap();
                vec![self.replaced(place, link.into(), "a link instead of a text")]
            }
            sh::NODE_KIND => vec![words("a text instead of a link")],
            sh::DATATYPE if *wanted == Term::from(rdf::LANG_STRING) => {
                let Term::Literal(literal) = first else {
                    panic!("{first} is no text");
                };
                let plain = Literal::from(literal.value());
                vec![self.replaced(place, plain.into(), "without its language")]
            }
            sh::DATATYPE => vec![
                words("a text instead of a value"),
                self.malformed(place, first),
            ],
            sh::PATTERN => vec![self.another_form(place, first, wanted)],
            sh::IN => {
                let listed = self.shapes.list(wanted);
                let foreign = LISTED
                    .iter()
                    .map(|iri| Term::from(NamedNode::new(*iri).unwrap()))
                    .find(|iri| !listed.contains(&iri))
                    .unwrap();
                let label = Literal::from("its label").into();
                vec![
                    self.replaced(place, foreign, "a code of another list"),
                    self.replaced(place, label, "a label instead of the code"),
                ]
            }
            sh::MIN_INCLUSIVE => {
                let less = Literal::new_typed_literal("-1", xsd::INTEGER);
                vec![self.replaced(place, less.into(), "below the least")]
            }
            sh::LESS_THAN_OR_EQUALS => vec![self.swapped(place, first, wanted)],
            sh::HAS_VALUE => {
                let other = self.another(place, first);
                let edit = self.set(place.focus, place.property.as_ref(), other);
                vec![edit.called("another value only")]
            }
            sh::NODE => self.outside(place, first, wanted),
            sh::OR => self.neither(place, first, wanted),
            sh::QUALIFIED_VALUE_SHAPE => vec![self.too_few(place, wanted)],
            _ => Vec::new(),
        }
    }

    /// A value beside the one that is there: another of its list or set where there is one.
    fn one_more(&self, place: &Place<'_>, first: &Term) -> Edit {
        let given = match first {
            Term::BlankNode(_) => self.copy_of(place, first),
            _ => vec![triple(
                place.focus,
                place.property,
                self.another(place, first),
            )],
        };
        Edit {
            how: "one too many",
            taken: Vec::new(),
            given,
        }
    }

    fn another(&self, place: &Place<'_>, first: &Term) -> Term {
        let rule = Term::from(place.shape.clone());
        let listed = self.shapes.object(&rule, sh::IN);
        let listed = listed
            .map(|list| self.shapes.list(list))
            .unwrap_or_default();
        if let Some(other) = listed.into_iter().find(|other| *other != first) {
            return other.clone();
        }
        if let Term::NamedNode(iri) = first
            && let Some(concept) = self.ontology.concept(iri.as_str())
        {
            let of_list = concept
                .schemes
                .iter()
                .flat_map(|list| self.ontology.members(list));
            let parents = self.ontology.parents(iri.as_str());
            let of_set = parents
                .iter()
                .flat_map(|parent| self.ontology.children(&parent.iri));
            let mut siblings = of_list.chain(of_set);
            if let Some(sibling) = siblings.find(|sibling| sibling.iri != iri.as_str()) {
                return NamedNode::new(&sibling.iri).unwrap().into();
            }
        }
        changed(first, next_digit)
    }

    /// The blank node with all that hangs below it, under other names.
    fn copy_of(&self, place: &Place<'_>, node: &Term) -> Vec<Triple> {
        let renamed = |term: &Term| match term {
            Term::BlankNode(node) => BlankNode::new(format!("{}copy", node.as_str()))
                .unwrap()
                .into(),
            other => other.clone(),
        };
        let mut given = vec![triple(place.focus, place.property, renamed(node))];
        for below in self.tree(node) {
            let subject = renamed(&below.subject.into());
            given.push(triple(&subject, &below.predicate, renamed(&below.object)));
        }
        given
    }

    /// A value of the right type whose text is none of it.
    fn malformed(&self, place: &Place<'_>, first: &Term) -> Edit {
        let Term::Literal(literal) = first else {
            panic!("{first} has no datatype");
        };
        let value = Literal::new_typed_literal(IN_WORDS, literal.datatype());
        self.replaced(place, value.into(), "ill-formed")
    }

    /// A text that the pattern does not take.
    fn another_form(&self, place: &Place<'_>, first: &Term, pattern: &Term) -> Edit {
        let anything = Term::from(Literal::from("\\S"));
        if *pattern == anything {
            return self.replaced(place, changed(first, |_| "  ".to_owned()), "blank");
        }
        let value = match first {
            Term::NamedNode(_) => NamedNode::new(ELSEWHERE).unwrap().into(),
            other => changed(other, |_| "something else".to_owned()),
        };
        self.replaced(place, value, "in another form")
    }

    /// Two values in the wrong order.
    fn swapped(&self, place: &Place<'_>, first: &Term, wanted: &Term) -> Edit {
        let Term::NamedNode(other) = wanted else {
            panic!("{wanted} is no property");
        };
        let more = self.record.object(place.focus, other.as_ref());
        let more = more
            .unwrap_or_else(|| panic!("no {other} in the record"))
            .clone();
        let edit = self.set(place.focus, place.property.as_ref(), more);
        edit.and(self.set(place.focus, other.as_ref(), first.clone()))
            .called("the two swapped")
    }

    /// Values outside a set: its root, a concept of another set; or a code that a list lacks.
    fn outside(&self, place: &Place<'_>, first: &Term, wanted: &Term) -> Vec<Edit> {
        let inner = self.shapes.object(wanted, sh::PROPERTY).unwrap();
        let set = self.shapes.object(inner, sh::HAS_VALUE).unwrap();
        if self.shapes.object(inner, sh::PATH) == Some(&skos::IN_SCHEME.into()) {
            let unknown = changed(first, |iri| {
                let start = iri.rfind('/').unwrap();
                format!("{}/QQQ", &iri[..start])
            });
            return vec![self.replaced(place, unknown, "a code that our copy of the list lacks")];
        }
        let Term::NamedNode(root) = set else {
            panic!("{set} is no root of a set");
        };
        let foreign = CONCEPTS
            .iter()
            .find(|concept| !self.ontology.is_a(concept.as_str(), root.as_str()));
        vec![
            self.replaced(place, set.clone(), "the root of the set"),
            self.replaced(
                place,
                foreign.unwrap().into_owned().into(),
                "a term of another set",
            ),
        ]
    }

    /// A value that none of the alternatives takes.
    fn neither(&self, place: &Place<'_>, first: &Term, wanted: &Term) -> Vec<Edit> {
        let members = self.shapes.list(wanted);
        let all = |demand| -> Option<Vec<&Term>> {
            members
                .iter()
                .map(|member| self.shapes.object(member, demand))
                .collect()
        };
        if let Some(datatypes) = all(sh::DATATYPE) {
            if datatypes.contains(&&xsd::STRING.into()) {
                let number = Literal::new_typed_literal("42", xsd::INTEGER);
                return vec![self.replaced(place, number.into(), "a number instead of a text")];
            }
            let words = Literal::from(IN_WORDS).into();
            return vec![
                self.replaced(place, words, "a text instead of a value"),
                self.malformed(place, first),
            ];
        }
        if let Some(fields) = all(sh::PROPERTY) {
            let mut edit = Edit::nothing("neither");
            for field in fields {
                let Some(Term::NamedNode(property)) = self.shapes.object(field, sh::PATH) else {
                    panic!("{field} has no plain path");
                };
                edit = edit.and(self.without(first, property.as_ref(), "neither"));
            }
            return vec![edit];
        }
        let foreign = NamedNode::new(ELSEWHERE).unwrap();
        vec![self.replaced(place, foreign.into(), "something else")]
    }

    /// Takes away the values of which at least one is needed.
    fn too_few(&self, place: &Place<'_>, wanted: &Term) -> Edit {
        let property = place.property.as_ref();
        if self.shapes.object(wanted, sh::LANGUAGE_IN).is_some() {
            let mut edit = Edit::nothing("in German only");
            for value in &place.values {
                let Term::Literal(literal) = value else {
                    panic!("{value} has no language");
                };
                edit.taken
                    .push(triple(place.focus, place.property, (*value).clone()));
                let german = Literal::new_language_tagged_literal(literal.value(), "de").unwrap();
                edit.given
                    .push(triple(place.focus, place.property, german.into()));
            }
            return edit;
        }
        let foreign = NamedNode::new(ELSEWHERE).unwrap();
        self.set(place.focus, property, foreign.into())
            .called("something else only")
    }

    /// All values of a property are taken away, with what hangs below them.
    fn without(&self, focus: &Term, property: NamedNodeRef<'_>, how: &'static str) -> Edit {
        let mut edit = Edit::nothing(how);
        for value in self.record.objects(focus, property) {
            edit.taken
                .push(triple(focus, &property.into_owned(), value.clone()));
            edit.taken.extend(self.tree(value));
        }
        edit
    }

    /// One value takes the place of all.
    fn set(&self, focus: &Term, property: NamedNodeRef<'_>, value: Term) -> Edit {
        let mut edit = self.without(focus, property, "replaced");
        edit.given
            .push(triple(focus, &property.into_owned(), value));
        edit
    }

    /// One value takes the place of the first.
    fn replaced(&self, place: &Place<'_>, value: Term, how: &'static str) -> Edit {
        let first = place.values[0];
        let mut edit = Edit::nothing(how);
        edit.taken
            .push(triple(place.focus, place.property, first.clone()));
        edit.taken.extend(self.tree(first));
        edit.given.push(triple(place.focus, place.property, value));
        edit
    }

    /// What hangs below a blank node.
    fn tree(&self, node: &Term) -> Vec<Triple> {
        let mut found = Vec::new();
        if !node.is_blank_node() {
            return found;
        }
        for (predicate, object) in self.record.about(node) {
            found.push(triple(node, predicate, (*object).clone()));
            found.extend(self.tree(object));
        }
        found
    }
}

impl Edit {
    fn nothing(how: &'static str) -> Self {
        Self {
            how,
            taken: Vec::new(),
            given: Vec::new(),
        }
    }

    fn called(mut self, how: &'static str) -> Self {
        self.how = how;
        self
    }

    fn and(mut self, other: Self) -> Self {
        self.taken.extend(other.taken);
        self.given.extend(other.given);
        self
    }

    fn apply(&self, record: &[Triple]) -> Vec<Triple> {
        let kept = record.iter().filter(|triple| !self.taken.contains(triple));
        kept.chain(&self.given).cloned().collect()
    }

    /// What stands there now, in Turtle; or what does not.
    fn example(&self) -> String {
        let statement = |triple: &Triple| {
            let name = short(triple.predicate.as_ref());
            format!("{name} {}", turtle_of(triple.object.as_ref()))
        };
        if let Some(first) = self.given.first() {
            if first.object.is_blank_node() {
                return format!("another {}", statement(first));
            }
            let all: Vec<String> = self.given.iter().map(statement).collect();
            return all.join(" ; ");
        }
        let subject = &self.taken[0].subject;
        let of_subject = self
            .taken
            .iter()
            .filter(|triple| triple.subject == *subject);
        let mut names: Vec<String> = of_subject
            .map(|triple| format!("no {}", short(triple.predicate.as_ref())))
            .collect();
        names.dedup();
        names.join(", ")
    }
}

/// The constraint component of a demand (SHACL §4): `sh:minCount` → `sh:MinCountConstraintComponent`.
fn component(demand: NamedNodeRef<'_>) -> String {
    if demand == sh::QUALIFIED_VALUE_SHAPE {
        return format!("{}QualifiedMinCountConstraintComponent", sh::NAMESPACE);
    }
    let local = demand.as_str().strip_prefix(sh::NAMESPACE).unwrap();
    let (first, rest) = local.split_at(1);
    let first = first.to_uppercase();
    format!("{}{first}{rest}ConstraintComponent", sh::NAMESPACE)
}

/// The same term with another text.
fn changed(term: &Term, change: impl FnOnce(&str) -> String) -> Term {
    match term {
        Term::NamedNode(iri) => NamedNode::new(change(iri.as_str())).unwrap().into(),
        Term::Literal(literal) => match literal.language() {
            Some(language) => {
                Literal::new_language_tagged_literal(change(literal.value()), language)
                    .unwrap()
                    .into()
            }
            None => Literal::new_typed_literal(change(literal.value()), literal.datatype()).into(),
        },
        other => panic!("{other} has no text"),
    }
}

/// A text like this one: its last digit is another, or it ends in a digit more.
fn next_digit(text: &str) -> String {
    match text.rfind(|c: char| c.is_ascii_digit()) {
        Some(at) => {
            let digit = if &text[at..=at] == "0" { "1" } else { "0" };
            format!("{}{digit}{}", &text[..at], &text[at + 1..])
        }
        None if text == "true" => "false".to_owned(),
        None => format!("{text}2"),
    }
}

fn triple(subject: &Term, predicate: &NamedNode, object: Term) -> Triple {
    let subject = match subject {
        Term::NamedNode(iri) => NamedOrBlankNode::from(iri.clone()),
        Term::BlankNode(node) => node.clone().into(),
        other => panic!("{other} is no subject"),
    };
    Triple::new(subject, predicate.clone(), object)
}

/// Triples by subject, in the order of their document.
struct Statements<'a> {
    triples: &'a [Triple],
    by_subject: HashMap<Term, Vec<(&'a NamedNode, &'a Term)>>,
}

impl<'a> Statements<'a> {
    fn new(triples: &'a [Triple]) -> Self {
        let mut by_subject: HashMap<Term, Vec<_>> = HashMap::new();
        for triple in triples {
            let of = by_subject.entry(triple.subject.clone().into()).or_default();
            of.push((&triple.predicate, &triple.object));
        }
        Self {
            triples,
            by_subject,
        }
    }

    fn about(&self, subject: &Term) -> &[(&'a NamedNode, &'a Term)] {
        self.by_subject.get(subject).map_or(&[], Vec::as_slice)
    }

    fn objects(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Vec<&'a Term> {
        let about = self.about(subject).iter();
        about
            .filter(|(found, _)| **found == predicate)
            .map(|(_, object)| *object)
            .collect()
    }

    fn object(&self, subject: &Term, predicate: NamedNodeRef<'_>) -> Option<&'a Term> {
        self.objects(subject, predicate).first().copied()
    }

    /// The subjects and values of a property, in the order of the document.
    fn pairs(&self, predicate: NamedNodeRef<'_>) -> Vec<(Term, &'a Term)> {
        let with = self
            .triples
            .iter()
            .filter(|triple| triple.predicate == predicate);
        with.map(|triple| (triple.subject.clone().into(), &triple.object))
            .collect()
    }

    fn instances(&self, class: &Term) -> Vec<Term> {
        let types = self.pairs(rdf::TYPE).into_iter();
        types
            .filter(|(_, found)| *found == class)
            .map(|(node, _)| node)
            .collect()
    }

    fn list(&self, list: &Term) -> Vec<&'a Term> {
        let mut members = Vec::new();
        let mut rest = list;
        while let Some(first) = self.object(rest, rdf::FIRST) {
            members.push(first);
            rest = self.object(rest, rdf::REST).unwrap();
        }
        members
    }
}
